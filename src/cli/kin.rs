//! Words that other tools or plain English have for a command here, and what it is called.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Words, and the commands that may be meant, each with what it does.
type Kin = (&'static [&'static str], &'static [(&'static str, &'static str)]);

/// What somebody may type, and the command that does it, with what it is.
const KIN: &[Kin] = &[
    (
        &["new", "create", "add", "register", "join", "submit", "signup", "request"],
        &[("apply", "applies for an organization")],
    ),
    (
        &["edit", "change", "set", "modify", "amend", "rename", "correct"],
        &[("update", "changes an application, or a partner's facts"), ("program edit", "changes the policy")],
    ),
    (
        &["remove", "rm", "delete", "del", "expel", "terminate", "end"],
        &[("exit", "lets a partner leave"), ("withdraw", "takes an application back")],
    ),
    (&["leave", "quit", "resign", "part"], &[("exit", "lets a partner leave")]),
    (
        &["cancel", "retract", "revoke", "undo", "abort", "close", "recall"],
        &[("withdraw", "takes back what was proposed"), ("review", "changes your vote: the newest one counts")],
    ),
    (
        &["vote", "judge", "ballot", "abstain", "decide"],
        &[("review", "judges what waits, and votes"), ("approve", "votes in favor"), ("reject", "votes against")],
    ),
    (
        &["accept", "merge", "confirm", "grant", "lgtm"],
        &[
            ("approve", "votes in favor, and decides when the votes carry it"),
            ("renew", "confirms that an entry still holds"),
        ],
    ),
    (&["deny", "decline", "refuse", "veto", "dismiss"], &[("reject", "votes against, with a reason")]),
    (
        &["queue", "pending", "waiting", "todo", "inbox", "proposals", "st"],
        &[("status", "lists what waits for a decision"), ("review", "walks through it")],
    ),
    (&["ls", "partners", "dir", "find", "search"], &[("list", "lists partners and applicants")]),
    (&["view", "info", "get", "cat", "describe", "inspect"], &[("show", "shows a partner")]),
    (&["history", "events", "blame", "minutes"], &[("log", "shows what happened")]),
    (
        &["verify", "prove", "fsck"],
        &[("audit", "proves who decided what"), ("check", "tells what is wrong with the files")],
    ),
    (&["validate", "lint", "test"], &[("check", "tells what is wrong with the files")]),
    (&["login", "whoami", "token", "logout"], &[("auth", "tells who you are to GitHub, and what your token may do")]),
    (
        &["policy", "committee", "members", "rules", "about"],
        &[("program", "tells what the program is, and who decides")],
    ),
    (&["job", "hire", "vacancy", "post"], &[("jobs add", "posts a job"), ("jobs list", "lists them")]),
    (&["link", "urls", "websites", "ping"], &[("links", "asks the partners' websites whether they answer")]),
    (
        &["export", "site", "website", "directory", "html"],
        &[("render", "writes the website's page, or a directory"), ("publish", "proposes the page to the website")],
    ),
    (&["mail", "email", "contact", "emails"], &[("contacts", "gets the partners' contacts")]),
    (&["bulk", "run", "apply-all"], &[("batch", "runs many commands from a file")]),
    (&["setup", "found", "start", "initialize"], &[("init", "makes a registry")]),
    (&["diagnose", "health"], &[("doctor", "says whether everything is there")]),
    (&["statistics", "report", "metrics"], &[("stats", "shows how the program fares")]),
    (&["completion", "complete"], &[("completions", "prints completions for a shell")]),
    (&["manual", "manpage"], &[("man", "prints the manual page")]),
    (&["version"], &[("--version", "prints the version")]),
    (&["extend", "reconfirm", "refresh"], &[("renew", "confirms that an entry still holds")]),
    (&["forget", "erase", "anonymize", "gdpr"], &[("clear", "has mailbox and logo of who left taken away")]),
];

/// An error about a command that isn't there, with the one that is meant where the word tells.
pub(super) fn led(mut error: clap::Error) -> clap::Error {
    if error.kind() != ErrorKind::InvalidSubcommand {
        return error;
    }
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else { return error };
    let word = word.to_lowercase();
    let Some((_, right)) = KIN.iter().find(|(words, _)| words.contains(&word.as_str())) else { return error };
    let tips = right.iter().map(|(command, what)| StyledStr::from(format!("karmada-partner {command} {what}")));
    error.remove(ContextKind::SuggestedSubcommand);
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips.collect()));
    error
}
