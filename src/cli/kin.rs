//! Words that other tools or plain English have for a command here, and what it is called.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};

use super::pasted;
use crate::config::flag_values;
use crate::domain::text;

/// Words, and the commands that may be meant, each with what it does.
type Kin = (&'static [&'static str], &'static [(&'static str, fn() -> &'static str)]);

/// What somebody may type, and the command that does it, with what it is.
const KIN: &[Kin] = &[
    (
        &["new", "create", "add", "register", "join", "submit", "signup", "request", "申请"],
        &[("apply", || tr!("applies for an organization"))],
    ),
    (
        &["edit", "change", "set", "modify", "amend", "rename", "correct", "修改", "更新"],
        &[
            ("update", || tr!("changes an application, or a partner's facts")),
            ("program edit", || tr!("changes the policy")),
        ],
    ),
    (
        &["remove", "rm", "delete", "del", "expel", "terminate", "end"],
        &[("exit", || tr!("lets a partner leave")), ("withdraw", || tr!("takes an application back"))],
    ),
    (&["leave", "quit", "resign", "part", "退出"], &[("exit", || tr!("lets a partner leave"))]),
    (
        &["cancel", "retract", "revoke", "undo", "abort", "close", "recall", "撤回"],
        &[
            ("withdraw", || tr!("takes back what was proposed")),
            ("review", || tr!("changes your vote: the newest one counts")),
        ],
    ),
    (
        &["vote", "judge", "ballot", "abstain", "decide", "投票", "审核"],
        &[
            ("review", || tr!("judges what waits, and votes")),
            ("approve", || tr!("votes in favor")),
            ("reject", || tr!("votes against")),
        ],
    ),
    (
        &["accept", "merge", "grant", "lgtm", "批准"],
        &[("approve", || tr!("votes in favor, and decides when the votes carry it"))],
    ),
    (
        &["confirm", "确认"],
        &[
            ("approve", || tr!("votes in favor, and decides when the votes carry it")),
            ("renew", || tr!("confirms that an entry still holds")),
        ],
    ),
    (&["deny", "decline", "refuse", "veto", "dismiss", "驳回"], &[("reject", || tr!("votes against, with a reason"))]),
    (
        &["queue", "pending", "waiting", "todo", "inbox", "proposals", "st", "状态"],
        &[("status", || tr!("lists what waits for a decision")), ("review", || tr!("walks through it"))],
    ),
    (&["ls", "partners", "dir", "find", "search", "列表"], &[("list", || tr!("lists partners and applicants"))]),
    (&["view", "info", "get", "cat", "describe", "inspect", "open", "查看"], &[("show", || tr!("shows a partner"))]),
    (&["history", "events", "blame", "minutes"], &[("log", || tr!("shows what happened"))]),
    (
        &["verify", "prove", "fsck"],
        &[("audit", || tr!("proves who decided what")), ("check", || tr!("tells what is wrong with the files"))],
    ),
    (&["validate", "lint", "test"], &[("check", || tr!("tells what is wrong with the files"))]),
    (
        &["login", "whoami", "token", "logout"],
        &[("auth", || tr!("tells who you are to GitHub, and what your token may do"))],
    ),
    (
        &["policy", "committee", "members", "rules", "about"],
        &[("program", || tr!("tells what the program is, and who decides"))],
    ),
    (&["job", "hire", "vacancy", "post"], &[("jobs add", || tr!("posts a job")), ("jobs list", || tr!("lists them"))]),
    (&["link", "urls", "websites", "ping"], &[("links", || tr!("asks the partners' websites whether they answer"))]),
    (
        &["export", "site", "website", "directory", "html"],
        &[
            ("render", || tr!("writes the website's page, or a directory")),
            ("publish", || tr!("proposes the page to the website")),
        ],
    ),
    (&["mail", "email", "contact", "emails"], &[("contacts", || tr!("gets the partners' contacts"))]),
    (&["bulk", "run", "apply-all"], &[("batch", || tr!("runs many commands from a file"))]),
    (&["setup", "found", "start", "initialize"], &[("init", || tr!("makes a registry"))]),
    (
        &["diagnose", "health", "config", "configure", "settings", "sign", "signing"],
        &[("doctor", || tr!("says whether everything is there"))],
    ),
    (&["statistics", "report", "metrics"], &[("stats", || tr!("shows how the program fares"))]),
    (&["completion", "complete"], &[("completions", || tr!("prints completions for a shell"))]),
    (&["manual", "manpage"], &[("man", || tr!("prints the manual page"))]),
    (&["version"], &[("--version", || tr!("prints the version"))]),
    (&["extend", "reconfirm", "refresh"], &[("renew", || tr!("confirms that an entry still holds"))]),
    (&["forget", "erase", "anonymize", "gdpr"], &[("clear", || tr!("has mailbox and logo of who left taken away"))]),
];

/// The commands that somebody may mean by a word, each with what it does.
fn tips(word: &str) -> Option<Vec<String>> {
    among(KIN, word)
}

fn among(kin: &[Kin], word: &str) -> Option<Vec<String>> {
    let word = word.to_lowercase();
    let (_, right) = kin.iter().find(|(words, _)| words.contains(&word.as_str()))?;
    Some(right.iter().map(|(command, what)| format!("karmada-partner {command} {}", what())).collect())
}

/// The same within `jobs`, where the words are about posts.
const OF_JOBS: &[Kin] = &[
    (
        &["remove", "rm", "delete", "del", "cancel", "withdraw", "end", "exit", "retract", "fill", "filled"],
        &[("jobs close", || tr!("closes a job post"))],
    ),
    (&["post", "new", "create", "open", "publish"], &[("jobs add", || tr!("posts a job"))]),
    (&["show", "ls", "status"], &[("jobs list", || tr!("lists them"))]),
];

/// The command that an error is about, word by word. It stands in the usage, or in the help.
pub(super) fn command(error: &clap::Error) -> Vec<String> {
    let usage = match error.get(ContextKind::Usage) {
        Some(usage) => usage.to_string(),
        // Where a command is missing, it is the help that is told.
        None => error.to_string().lines().find(|line| line.ends_with("COMMAND>")).unwrap_or_default().to_owned(),
    };
    let rest = usage.split("karmada-partner ").nth(1).unwrap_or_default();
    let is_name = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-');
    rest.split_whitespace().take_while(is_name).map(str::to_owned).collect()
}

/// Words that other tools or plain English have for a flag; the first one that a command has is meant.
const FLAGS: &[(&[&str], &str)] = &[
    (&["note", "comment", "message", "because", "why"], "reason"),
    (&["what", "text", "summary"], "description"),
    (&["plan", "preview", "simulate", "trial", "dry"], "dry-run"),
    (&["user", "login", "author", "who", "by"], "actor"),
    (&["user", "login", "author", "actor", "who", "by"], "as"),
    (&["repo", "repository", "remote"], "registry"),
    (&["force", "confirm"], "yes"),
    (&["non-interactive", "no-prompt"], "no-input"),
    (&["language", "locale"], "lang"),
    (&["url", "site", "homepage"], "website"),
    (&["url", "address", "website"], "link"),
    (&["file", "input"], "from"),
    (&["after", "from", "start", "begin"], "since"),
    (&["before", "to", "end"], "until"),
    (&["output", "destination", "target"], "out"),
    (&["member"], "add-member"),
];

/// How programs are asked for JSON elsewhere.
const FORMS: [&str; 2] = ["format", "output"];

/// The error with the flags that are meant by one that isn't there, and with no others: clap takes a few letters in common for a
/// likeness.
pub(super) fn with_flag(mut error: clap::Error, grammar: &Command, words: &[OsString]) -> clap::Error {
    error.remove(ContextKind::SuggestedArg);
    if error.kind() != ErrorKind::UnknownArgument {
        return error;
    }
    let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidArg) else { return error };
    let Some(word) = unknown.strip_prefix("--") else { return error };
    let known = known_arguments(grammar, words);
    let shown = |flag: &str| {
        known.iter().find(|arg| !arg.is_hide_set() && pasted::is_called(arg, flag)).and_then(|arg| arg.get_long())
    };
    let is_json = FORMS.contains(&word) && flag_values(words, unknown).any(|value| value.eq_ignore_ascii_case("json"));
    let meant = FLAGS.iter().filter(|(words, _)| words.contains(&word)).find_map(|(_, flag)| shown(flag));
    let likely: Vec<String> = match meant.or_else(|| shown("json").filter(|_| is_json)) {
        Some(flag) => vec![format!("--{flag}")],
        // What is a flag elsewhere isn't mistyped.
        None if is_flag_of(grammar, word) => Vec::new(),
        None => slips_of(word, &known).into_iter().map(|flag| format!("--{flag}")).collect(),
    };
    if !likely.is_empty() {
        error.insert(ContextKind::SuggestedArg, ContextValue::Strings(likely));
    }
    error
}

/// Whether some command has a flag that is called so.
fn is_flag_of(command: &Command, word: &str) -> bool {
    command.get_arguments().any(|arg| pasted::is_called(arg, word))
        || command.get_subcommands().any(|below| is_flag_of(below, word))
}

/// The flags that help shows and of which a word may be the beginning, or a slip or two away, as near as each other. A former
/// spelling leads to the flag.
fn slips_of<'g>(word: &str, known: &[&'g Arg]) -> Vec<&'g str> {
    let letters = |text: &str| text.chars().count();
    let shown = || known.iter().filter(|arg| !arg.is_hide_set()).filter_map(|arg| Some((*arg, arg.get_long()?)));
    let mut begun: Vec<&str> = shown().map(|(_, long)| long).filter(|long| long.starts_with(word)).collect();
    if letters(word) < 3 || begun.is_empty() {
        let near = shown().filter_map(|(arg, long)| {
            let names = arg.get_all_aliases().unwrap_or_default().into_iter().chain([long]);
            let away = names.filter_map(|name| {
                let (away, longer) = (strsim::damerau_levenshtein(word, name), letters(word).max(letters(name)));
                (away <= if longer > 5 { 2 } else { 1 } && 2 * away < longer).then_some(away)
            });
            Some((away.min()?, long))
        });
        let near: Vec<(usize, &str)> = near.collect();
        let least = near.iter().map(|(away, _)| *away).min();
        begun = near.into_iter().filter(|(away, _)| Some(*away) == least).map(|(_, long)| long).collect();
    }
    begun.sort_unstable();
    begun.dedup();
    begun
}

/// The arguments that a call may have, from the outermost command that it names on.
pub(super) fn known_arguments<'g>(grammar: &'g Command, words: &[OsString]) -> Vec<&'g Arg> {
    let below = named(grammar, words).into_iter().scan(grammar, |at, name| {
        *at = at.find_subcommand(name)?;
        Some(*at)
    });
    std::iter::once(grammar).chain(below).flat_map(Command::get_arguments).collect()
}

/// The command that a call names, word by word.
pub(super) fn named<'w>(grammar: &Command, words: &'w [OsString]) -> Vec<&'w str> {
    let (mut command, mut path, mut before) = (grammar, Vec::new(), "");
    // `help jobs add` asks about `jobs add`.
    for word in words.iter().skip(1).filter_map(|word| word.to_str()).filter(|word| *word != "help") {
        let takes = |name: &str| {
            command.get_arguments().any(|arg| arg.get_action().takes_values() && pasted::is_called(arg, name))
        };
        let is_value = before.strip_prefix("--").is_some_and(takes);
        before = word;
        if let Some(below) = command.find_subcommand(word).filter(|_| !is_value) {
            command = below;
            path.push(word);
        }
    }
    path
}

/// The words of a call up to a command that isn't there: what follows is behind no command.
fn up_to_unknown<'w>(error: &clap::Error, words: &'w [OsString]) -> &'w [OsString] {
    let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidSubcommand) else { return words };
    let end = words.iter().skip(1).position(|word| word == unknown.as_str()).map_or(words.len(), |at| at + 1);
    &words[..end]
}

/// The error without commands that aren't near, or that help doesn't show.
pub(super) fn with_command(mut error: clap::Error, grammar: &Command, words: &[OsString]) -> clap::Error {
    let path = named(grammar, up_to_unknown(&error, words));
    let command = path.into_iter().try_fold(grammar, Command::find_subcommand).unwrap_or(grammar);
    if let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) {
        let shown: Vec<&str> =
            command.get_subcommands().filter(|known| !known.is_hide_set()).map(Command::get_name).collect();
        let likely: Vec<String> = text::likely(word, &shown).into_iter().map(str::to_owned).collect();
        error.remove(ContextKind::SuggestedSubcommand);
        if !likely.is_empty() {
            error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(likely));
        }
    }
    error
}

/// The error with how its command is called: clap puts what it guesses there, and of a value that doesn't do nothing.
pub(super) fn with_usage(mut error: clap::Error, grammar: &mut Command, words: &[OsString]) -> clap::Error {
    let is_told = error.get(ContextKind::Usage).is_some() || error.get(ContextKind::InvalidArg).is_some();
    if !error.use_stderr() || !is_told {
        return error;
    }
    let path = named(grammar, up_to_unknown(&error, words));
    // Whom `help` is asked about isn't told yet what it is called in full.
    grammar.build();
    let command = path.into_iter().try_fold(grammar, |command, word| command.find_subcommand_mut(word));
    if let Some(command) = command {
        error.insert(ContextKind::Usage, ContextValue::StyledStr(command.render_usage()));
    }
    error
}

/// The commands that somebody may mean by one that isn't there, where it was looked for.
pub(super) fn meant(error: &clap::Error) -> Option<Vec<String>> {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else { return None };
    match command(error).first().map(String::as_str).unwrap_or_default() {
        "" => tips(word),
        "jobs" => among(OF_JOBS, word),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::{Cli, groups};

    fn every_command(command: &Command, path: &[String], out: &mut Vec<Vec<String>>) {
        for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
            let path = [path, &[below.get_name().to_owned()]].concat();
            every_command(below, &path, out);
            out.push(path);
        }
    }

    /// What is proposed for a flag, and whether that would be a flag of this command.
    fn proposed(grammar: &mut Command, path: &[String], flag: &str, value: Option<&str>) -> Vec<String> {
        let call = [&["karmada-partner".to_owned()], path, &[flag.to_owned()]].concat();
        let words: Vec<OsString> = call.into_iter().chain(value.map(str::to_owned)).map(Into::into).collect();
        let Err(error) = grammar.try_get_matches_from_mut(&words) else { return Vec::new() };
        match with_flag(error, grammar, &words).get(ContextKind::SuggestedArg) {
            Some(ContextValue::Strings(flags)) => flags.clone(),
            _ => Vec::new(),
        }
    }

    /// What is proposed for a flag is one that the command takes, and one that is near or known to be meant.
    #[test]
    fn what_is_proposed_for_a_flag_is_taken_and_near_or_known() {
        let mut grammar = groups::grouped(Cli::command(), 100);
        let mut paths = Vec::new();
        every_command(&grammar, &[], &mut paths);
        assert!(paths.len() > 30, "{paths:?}");
        for path in paths {
            let words: Vec<OsString> = path.iter().map(Into::into).collect();
            let words = [&["karmada-partner".into()], words.as_slice()].concat();
            let known: Vec<String> = known_arguments(&grammar, &words)
                .into_iter()
                .filter(|arg| !arg.is_hide_set())
                .filter_map(|arg| arg.get_long().map(str::to_owned))
                .collect();
            // A command with commands of its own takes what follows for one.
            for flag in &known {
                let (first, rest) = flag.split_at(2);
                let slip = if rest.is_empty() { continue } else { format!("{first}{}", &rest[1..]) };
                if slip.len() < 4 || is_flag_of(&grammar, &slip) {
                    continue;
                }
                let told = proposed(&mut grammar, &path, &format!("--{slip}"), None);
                assert!(told.contains(&format!("--{flag}")), "{path:?} --{slip}: {told:?}");
            }
            let elsewhere =
                ["output", "format", "from", "after", "to", "author", "vote", "file", "note", "no-verify", "domain"];
            for word in elsewhere {
                for told in proposed(&mut grammar, &path, &format!("--{word}"), Some("json")) {
                    let told = told.trim_start_matches('-');
                    assert!(known.iter().any(|flag| flag == told), "{path:?} --{word}: {told}");
                    let arg = known_arguments(&grammar, &words).into_iter().find(|arg| arg.get_long() == Some(told));
                    let meant = |flag: &str| arg.is_some_and(|arg| pasted::is_called(arg, flag));
                    let is_meant = FLAGS.iter().any(|(words, flag)| words.contains(&word) && meant(flag));
                    let is_meant = is_meant || told == "json" && FORMS.contains(&word);
                    assert!(is_meant || strsim::damerau_levenshtein(word, told) < 3, "{path:?} --{word}: {told}");
                }
            }
        }
    }

    #[test]
    fn what_people_mean_by_a_flag_is_known() {
        let mut grammar = groups::grouped(Cli::command(), 100);
        for (command, flag, value, meant) in [
            ("list", "--output", "json", Some("--json")),
            ("list", "--format", "json", Some("--json")),
            ("list", "--format", "yaml", None),
            ("log", "--from", "2026-01-01", Some("--since")),
            ("log", "--after", "2026-01-01", Some("--since")),
            ("log", "--to", "2026-01-01", Some("--until")),
            ("log", "--author", "alice", Some("--actor")),
            ("apply", "--author", "alice", Some("--as")),
            ("apply", "--to", "x", None),
            ("apply", "--since", "2026-01-01", None),
            ("apply", "--domain", "x.example", None),
            ("apply", "--mail", "a@x.example", Some("--email")),
            ("apply", "--sulg", "x", Some("--slug")),
            ("approve", "--vote", "approve", None),
            ("approve", "--nte", "x", Some("--reason")),
            ("list", "--note", "x", None),
            ("list", "--no-verify", "x", None),
            ("apply", "--nmae", "x", Some("--name")),
        ] {
            let told = proposed(&mut grammar, &[command.to_owned()], flag, Some(value));
            assert_eq!(told, meant.into_iter().collect::<Vec<_>>(), "{command} {flag} {value}");
        }
    }
}
