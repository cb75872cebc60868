//! Words that other tools or plain English have for a command here, and what it is called.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};

use super::pasted;
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
    (&["user", "login", "actor", "who", "by"], "as"),
    (&["repo", "repository", "remote"], "registry"),
    (&["force", "confirm"], "yes"),
    (&["non-interactive", "no-prompt"], "no-input"),
    (&["language", "locale"], "lang"),
    (&["url", "site", "homepage"], "website"),
    (&["url", "address", "website"], "link"),
    (&["file", "input"], "from"),
];

/// The error with the flag that is meant by one that isn't there: clap looks at its letters alone.
pub(super) fn with_flag(mut error: clap::Error, grammar: &Command, words: &[OsString]) -> clap::Error {
    if error.kind() != ErrorKind::UnknownArgument {
        return error;
    }
    let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidArg) else { return error };
    let word = unknown.trim_start_matches('-').to_owned();
    let known = known_arguments(grammar, words);
    let has = |flag: &str| known.iter().any(|arg| pasted::is_called(arg, flag));
    let meant = FLAGS.iter().find(|(words, flag)| words.contains(&word.as_str()) && has(flag));
    if let Some((_, flag)) = meant {
        error.insert(ContextKind::SuggestedArg, ContextValue::String(format!("--{flag}")));
    }
    error
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
    for word in words.iter().skip(1).filter_map(|word| word.to_str()) {
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

/// The error without proposals that aren't near, or that help doesn't show: a former spelling of a flag becomes the flag.
pub(super) fn with_what_is_shown(mut error: clap::Error, grammar: &Command, words: &[OsString]) -> clap::Error {
    let path = named(grammar, words);
    let command = path.into_iter().try_fold(grammar, Command::find_subcommand).unwrap_or(grammar);
    if let Some(ContextValue::String(flag)) = error.remove(ContextKind::SuggestedArg) {
        let name = flag.trim_start_matches('-');
        let known = command.get_arguments().chain(grammar.get_arguments()).find(|arg| pasted::is_called(arg, name));
        if let Some(long) = known.filter(|arg| !arg.is_hide_set()).and_then(Arg::get_long) {
            error.insert(ContextKind::SuggestedArg, ContextValue::String(format!("--{long}")));
        }
    }
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
    let path = named(grammar, words);
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
