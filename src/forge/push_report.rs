//! What git says of a push, reference by reference: `git push --porcelain`.

use crate::domain::text;

/// One reference, and what became of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pushed<'a> {
    /// Its full name there.
    pub name: &'a str,
    pub outcome: Outcome<'a>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome<'a> {
    Done,
    /// Our own git didn't send it: the reference isn't where it was expected.
    Moved,
    /// Our own git didn't send it, for another reason: that of another reference, mostly.
    Held(&'a str),
    /// The server took it and said no, in a few words of its own or of its git's.
    Refused(&'a str),
}

/// The lines about references; all others are somebody's words.
pub(super) fn read(stdout: &str) -> Vec<Pushed<'_>> {
    parted(stdout).1.lines().filter_map(line).collect()
}

/// What a hook said on this machine, which git lets it print before its own report.
pub(super) fn hooks_words(stdout: &str) -> String {
    let (before, report) = parted(stdout);
    let is_gits = |text: &str| text == "Done" || text.starts_with("To ") || line(text).is_some();
    let beside = report.lines().filter(|text| !is_gits(text));
    before.lines().chain(beside).map(|text| format!("{text}\n")).collect()
}

/// What stands before git's own report, and that: it begins with where it pushed to, and a hook that pushes elsewhere has one of its
/// own before it.
fn parted(stdout: &str) -> (&str, &str) {
    let begins = stdout.rmatch_indices("To ").map(|(at, _)| at).find(|at| *at == 0 || stdout[..*at].ends_with('\n'));
    stdout.split_at(begins.unwrap_or(stdout.len()))
}

/// Whether something on this machine stopped it before anything was sent, as a hook does: git reports of no reference, and ends with
/// this line. What broke off on the way says so by `fatal:`, which ends git itself, but for what it goes through for HTTP.
pub(super) fn is_stopped_here(stdout: &str, stderr: &str, url: &str) -> bool {
    let is_reported = !parted(stdout).1.is_empty();
    let last = stderr.lines().rev().find(|text| !text.trim().is_empty());
    let is_ended = last.is_some_and(|text| text.starts_with("error: failed to push some refs to "));
    let is_gits = |text: &str| text.starts_with("fatal: ") || text.starts_with("error: RPC failed");
    is_ended && !is_reported && !(url.starts_with("http") && stderr.lines().any(is_gits))
}

/// Whether git couldn't run the hook that pushes run here: by ssh it then waits for a server that waits for it.
pub(super) fn is_without_its_hook(stderr: &str) -> bool {
    stderr.lines().any(|text| text.starts_with("fatal: cannot exec '") && text.contains("pre-push'"))
}

/// How git says that a server can't do what it was asked for.
pub(super) const OF_LACKS: &str = "fatal: the receiving end does not support ";

/// The same where several references were to move at once.
pub(super) const NOT_ATOMIC: &str = "fatal: the receiving end does not support --atomic push";

/// What the server's git says where a hook there refuses all of it in the end, and it ends with that.
const OF_HOOKS: &str = "fatal: ref updates aborted by hook";

/// How our own git says that the other side ended.
pub(super) const OF_HANG_UPS: [&str; 2] =
    ["fatal: the remote end hung up unexpectedly", "send-pack: unexpected disconnect"];

/// What was said where the server takes nothing, and reports of no reference.
pub(super) fn refused_as_a_whole(stderr: &str) -> Option<Vec<String>> {
    let said = stderr.lines().map(|text| text.strip_prefix("remote:").unwrap_or(text).trim());
    let said: Vec<_> =
        said.filter(|text| !text.is_empty() && !OF_HANG_UPS.iter().any(|own| text.starts_with(own))).collect();
    let is_refused = said.iter().any(|text| [NOT_ATOMIC, OF_HOOKS].contains(text));
    is_refused.then(|| said.into_iter().map(text::visible).collect())
}

/// Whether it was our own git that ended before it had sent anything: the server's then misses the beginning of what it was to take
/// in, and says so of each reference.
pub(super) fn sent_nothing(stderr: &str) -> bool {
    let is_ours = |line: &str| line.starts_with("fatal: ") || line.starts_with("error: pack-objects");
    stderr.contains("eof before pack header was fully read") && stderr.lines().any(is_ours)
}

/// Where git sent a push, if that is elsewhere than at this address. git names it without who logs in there.
pub(super) fn sent_to<'a>(stdout: &'a str, address: &str) -> Option<&'a str> {
    let bare = |address: &str| {
        let (scheme, rest) = address.split_once("://").map_or(("", address), |(scheme, rest)| (scheme, rest));
        let (host, path) = rest.split_at(rest.find(['/', ':']).unwrap_or(rest.len()));
        let host = text::past_user(host);
        format!("{scheme}://{host}{path}").trim_end_matches('/').to_owned()
    };
    let named = stdout.lines().find_map(|line| line.strip_prefix("To "))?;
    (bare(named) != bare(address)).then_some(named)
}

/// A line is `flag TAB from:to TAB summary (reason)`.
fn line(line: &str) -> Option<Pushed<'_>> {
    let mut columns = line.splitn(3, '\t');
    let (flag, names, summary) = (columns.next()?, columns.next()?, columns.next()?);
    let (_, name) = names.rsplit_once(':')?;
    let reason = summary.split_once('(').map_or("", |(_, rest)| rest.strip_suffix(')').unwrap_or(rest));
    let outcome = match (flag, summary) {
        ("!", summary) if summary.starts_with("[rejected]") => match reason {
            "stale info"
            | "non-fast-forward"
            | "fetch first"
            | "already exists"
            | "remote ref updated since checkout" => Outcome::Moved,
            other => Outcome::Held(other),
        },
        ("!", _) => Outcome::Refused(reason),
        (" " | "+" | "-" | "*" | "=", _) => Outcome::Done,
        _ => return None,
    };
    Some(Pushed { name, outcome })
}

/// What the server said besides, on the lines that git marks as its words.
pub(super) fn servers_words(stderr: &str) -> Vec<String> {
    let words = stderr.lines().filter_map(|line| line.strip_prefix("remote:"));
    words.map(|line| text::visible(line.trim())).filter(|line| !line.is_empty()).collect()
}

/// What is said beside a push that comes through: the server's words, as on rules that somebody may pass by, and git's advice, as on
/// hooks that it passed over.
pub(super) fn said_beside(stderr: &str) -> Vec<String> {
    let is_advice = |line: &&str| line.starts_with("hint: ");
    let words = stderr.lines().filter_map(|line| line.strip_prefix("remote:").or(Some(line).filter(is_advice)));
    words.map(|line| text::visible(line.trim())).filter(|line| !line.is_empty()).collect()
}

/// What git says itself where whoever it reached a repository by ended.
pub(super) const OF_ENDS: [&str; 4] = [
    "fatal: Could not read from remote repository.",
    "Please make sure you have the correct access rights",
    "and the repository exists.",
    "fatal: the remote end hung up unexpectedly",
];

/// How lines of ssh's own begin, and of our git's.
const OF_OTHERS: [&str; 19] = [
    "ssh: ",
    "ssh_",
    "kex_",
    "Warning: ",
    "** ",
    "@",
    "debug1: ",
    "debug2: ",
    "debug3: ",
    "Connection ",
    "client_loop: ",
    "packet_write_wait: ",
    "Timeout, server ",
    "Received disconnect ",
    "Disconnected ",
    "Load key ",
    "sign_and_send_pubkey: ",
    "hint: ",
    "error: failed to push some refs to ",
];

/// How servers say that somebody may not, in small letters.
const OF_RIGHTS: [&str; 8] =
    ["denied", "not allowed", "unauthorized", "not authorized", "forbidden", "permission", "read-only", "saml"];

/// What the server said instead of git's talk, line by line. By ssh all comes from there that is neither ssh's nor git's own; what
/// git's own protocol has a place for is marked by git.
pub(super) fn said_there(stderr: &str, is_by_ssh: bool) -> Vec<String> {
    let marked = |line: &str| line.strip_prefix("fatal: remote error: ").map(text::visible);
    if let Some(said) = stderr.lines().find_map(marked) {
        return vec![said];
    }
    if !is_by_ssh || !stderr.contains(OF_ENDS[0]) {
        return Vec::new();
    }
    // GitLab puts it among the words that git passes on, within lines of signs.
    let said = stderr.lines().map(|line| line.strip_prefix("remote:").unwrap_or(line).trim());
    let is_theirs = |line: &&str| {
        line.contains(char::is_alphanumeric)
            && !OF_ENDS.contains(line)
            && !OF_OTHERS.iter().any(|begin| line.starts_with(begin))
    };
    said.filter(is_theirs).map(text::visible).collect()
}

/// Whether what it said is that somebody may not.
pub(super) fn is_of_rights(said: &[String]) -> bool {
    let is_it = |line: &String| {
        let lower = line.to_lowercase();
        line.starts_with("ERROR: ") || OF_RIGHTS.iter().any(|words| lower.contains(words))
    };
    said.iter().any(is_it)
}

/// Whether it says where to go on, as on single sign-on: that isn't a right that somebody gives.
pub(super) fn leads_on(said: &[String]) -> bool {
    said.iter().any(|line| line.contains("https://") || line.to_lowercase().contains("saml"))
}

/// What git itself says of it besides, where it says what went wrong: that the server couldn't take in what was sent, and why, it
/// reports otherwise than in the server's lines.
pub(super) fn gits_words(stderr: &str) -> Vec<String> {
    let said = stderr.lines().filter(|line| ["error: ", "fatal: "].iter().any(|begin| line.starts_with(begin)));
    // That something wasn't pushed is said already.
    let said = said.filter(|line| !line.starts_with("error: failed to push some refs to"));
    said.map(|line| text::visible(line.trim_end())).collect()
}

/// Whether the server names one of GitHub's own codes for a refusal, where GitHub puts it.
pub(super) fn has_code(stderr: &str, codes: &[&str]) -> bool {
    let named = servers_words(stderr);
    let mut said = named.iter().filter_map(|line| line.strip_prefix("error: ")?.split_once(':'));
    said.any(|(code, _)| codes.contains(&code))
}

/// Whether a server that lets nobody in says why, and that it isn't who may do what.
pub(super) fn has_another_reason(stderr: &str) -> bool {
    !servers_words(stderr).is_empty() && !server_says(stderr, &[" denied to ", "not granted"])
}

/// Whether a server says any of these words, in small letters.
fn server_says(stderr: &str, words: &[&str]) -> bool {
    let said = servers_words(stderr).join("\n").to_lowercase();
    words.iter().any(|words| said.contains(words))
}

/// Whether all that GitHub's rules find fault with is what is pushed, and nobody's right to push there.
pub(super) fn is_of_content(stderr: &str) -> bool {
    let of_content =
        ["push protection", "secret", "verified signatures", "must match", "must not match", "file size", "file path"];
    let of_rights = ["protected ref", "restricted", "through a pull request", "status check", "force-push"];
    server_says(stderr, &of_content) && !server_says(stderr, &of_rights)
}

/// How those who limit how often they are asked say so.
const LIMITS: [&str; 4] = ["rate limit", "retry later", "too many requests", "abuse detection"];

/// The status that an HTTP server answered with instead of git's own talk: git's words, at the beginning of a line of its own. A
/// refusal for having asked too often is 429, whatever it was sent as.
pub(super) fn http_status(stderr: &str) -> Option<u16> {
    let status = sent_status(stderr)?;
    Some(if status == 403 && server_says(stderr, &LIMITS) { 429 } else { status })
}

fn sent_status(stderr: &str) -> Option<u16> {
    let is_gits =
        |line: &&str| ["fatal: unable to access ", "error: RPC failed"].iter().any(|own| line.starts_with(own));
    // For this one it has words of its own.
    let is_absent =
        |line: &str| line.starts_with("fatal: repository 'http") && line.trim_end().ends_with("' not found");
    if stderr.lines().any(is_absent) {
        return Some(404);
    }
    let mut said = stderr.lines().filter(is_gits);
    let before = ["The requested URL returned error: ", "RPC failed; HTTP ", "HTTP code = "];
    let named = |line: &str| before.iter().find_map(|words| line.rsplit_once(words)?.1.get(..3)?.parse().ok());
    said.find_map(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reference_is_told_apart_and_words_are_no_references() {
        let said = "To ssh://git@host.example/r.git\n!\tabc:refs/heads/apply/a\t[rejected] (stale info)\n\
            !\tabc:refs/heads/main\t[remote rejected] (pre-receive hook declined)\n\
            !\tabc:refs/heads/x\t[rejected] (atomic push failed)\n\
            =\tabc:refs/heads/y\t[up to date]\nsays: it already exists\nDone\n";
        let told: Vec<_> = read(said).into_iter().map(|p| (p.name, p.outcome)).collect();
        assert_eq!(
            told,
            [
                ("refs/heads/apply/a", Outcome::Moved),
                ("refs/heads/main", Outcome::Refused("pre-receive hook declined")),
                ("refs/heads/x", Outcome::Held("atomic push failed")),
                ("refs/heads/y", Outcome::Done),
            ]
        );
        assert_eq!(hooks_words(said), "says: it already exists\n");
    }

    /// As a hook here that pushes to a mirror prints them, before git's own begins, or where nothing was pushed.
    #[test]
    fn a_hooks_report_of_another_push_is_its_words() {
        let hooks = "To ssh://git@mirror.example/r.git\n!\ta:refs/heads/apply/a\t[rejected] (stale info)\nDone\n";
        let own = "To ssh://git@host.example/r.git\n*\ta:refs/heads/apply/a\t[new reference]\nDone\n";
        let both = format!("{hooks}{own}");
        let told: Vec<_> = read(&both).into_iter().map(|p| p.outcome).collect();
        assert_eq!(told, [Outcome::Done]);
        let line = "!\ta:refs/heads/apply/a\t[rejected] (stale info)\n";
        assert!(read(line).is_empty() && hooks_words(line) == line);
        assert!(is_stopped_here(line, "error: failed to push some refs to 'x'\n", "ssh://h.example/r"));
    }

    #[test]
    fn what_stops_a_push_here_leaves_no_report() {
        let (ends, ssh) = ("error: failed to push some refs to 'x'\n", "ssh://h.example/r.git");
        assert!(
            is_stopped_here("a hook's words\n", ends, ssh) && is_stopped_here("", &format!("fatal: no\n{ends}"), ssh)
        );
        assert!(!is_stopped_here(
            "",
            &format!("fatal: the remote end hung up unexpectedly\n{ends}"),
            "https://h.example/r"
        ));
        assert!(!is_stopped_here("To x\n!\ta:b\t[rejected] (stale info)\nDone\n", ends, ssh));
        assert!(!is_stopped_here("", "fatal: the receiving end does not support --signed push\n", ssh));
    }

    #[test]
    fn what_git_reports_of_a_refusal_is_told() {
        let stderr = "remote: fatal: no room\nerror: remote unpack failed: unable to create temporary object directory\n\
            To ssh://git@host.example/r.git\nhint: pull first\nerror: failed to push some refs to 'ssh://git@host.example/r.git'\n";
        assert_eq!(gits_words(stderr), ["error: remote unpack failed: unable to create temporary object directory"]);
    }

    #[test]
    fn a_server_says_no_before_git_begins() {
        let ends = "fatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.\n";
        for (said, told, of_rights, leads) in [
            ("ERROR: Permission to acme/partners.git denied to alice.", 1, true, false),
            (
                "remote: \nremote: =====\nremote: ERROR: You are not allowed to push code to this project.\nremote: \nremote: =====",
                1,
                true,
                false,
            ),
            ("FATAL: W any partners alice DENIED by fallthru\n(or you mis-spelled the reponame)", 2, true, false),
            (
                "Gitea: Unauthorized\nUser: 3:alice with Key: 4:laptop is not authorized to write to acme/partners.",
                2,
                true,
                false,
            ),
            ("Forgejo: User permission denied for writing.", 1, true, false),
            (
                "ERROR: The 'acme' organization has enabled or enforced SAML SSO.\nVisit https://github.com/orgs/acme/sso to authorize it.",
                2,
                true,
                true,
            ),
            ("fatal: '/srv/r.git' is being moved, come back at nine", 1, false, false),
            ("ssh: connect to host x: timed out", 0, false, false),
            (
                "Warning: Permanently added 'h' (ED25519) to the list of known hosts.\nConnection closed by 10.0.0.1 port 22",
                0,
                false,
                false,
            ),
        ] {
            let words = said_there(&format!("{said}\n{ends}"), true);
            assert_eq!((words.len(), is_of_rights(&words), leads_on(&words)), (told, of_rights, leads), "{words:?}");
        }
        assert!(said_there("ERROR: a word of a hook on this machine\n", true).is_empty());
        let by_git = "fatal: remote error: access denied or repository not exported: /r.git\n";
        assert_eq!(said_there(by_git, false), ["access denied or repository not exported: /r.git"]);
    }

    #[test]
    fn a_push_that_went_elsewhere_is_known_by_where_git_says() {
        let to = |said: &str, address| sent_to(&format!("To {said}\n"), address).map(str::to_owned);
        for (said, address) in [
            ("ssh://host.example/r.git", "ssh://git@host.example/r.git"),
            ("host.example:r.git", "git@host.example:r.git"),
            ("https://host.example/r/", "https://host.example/r"),
            ("/srv/r.git", "/srv/r.git"),
        ] {
            assert_eq!(to(said, address), None, "{address}");
        }
        assert_eq!(to("ssh://push.example/r.git", "ssh://git@read.example/r.git").unwrap(), "ssh://push.example/r.git");
        assert_eq!(sent_to("", "x"), None);
    }

    #[test]
    fn what_is_pushed_is_told_from_who_may_push() {
        let of = |rule: &str| {
            is_of_content(&format!(
                "remote: error: GH013: Repository rule violations found for refs/heads/x.\nremote: {rule}\n"
            ))
        };
        assert!(of("- GITHUB PUSH PROTECTION") && of("- Commits must have verified signatures."));
        assert!(!of("- Cannot update this protected ref.") && !of("- Changes must be made through a pull request."));
        assert!(!of(""), "who doesn't say why may mean either");
        assert!(!of("- Commits must have verified signatures.\nremote: - Cannot update this protected ref."));
    }

    #[test]
    fn who_asked_too_often_isnt_shut_out() {
        let gits = "fatal: unable to access 'https://host.example/r/': The requested URL returned error: 403\n";
        let said = format!("remote: You have exceeded a secondary rate limit.\n{gits}");
        assert_eq!(http_status(&said), Some(429));
        assert_eq!(http_status(&format!("remote: Permission to r denied to alice.\n{gits}")), Some(403));
    }

    #[test]
    fn a_servers_words_are_no_status_of_http() {
        let stderr =
            "remote: fatal: unable to access 'x': The requested URL returned error: 403\nremote: \u{1b}[1mno\n";
        assert_eq!(http_status(stderr), None);
        assert_eq!(servers_words(stderr).len(), 2);
        assert!(!servers_words(stderr)[1].contains('\u{1b}'));
        let stderr = "fatal: unable to access 'https://host.example/r/': The requested URL returned error: 403\n";
        assert_eq!(http_status(stderr), Some(403));
        let stderr = "error: RPC failed; HTTP 503 curl 22 The requested URL returned error: 503\nfatal: early EOF\n";
        assert_eq!(http_status(stderr), Some(503));
        for stderr in ["error: RPC failed; HTTP 307 curl 22", "error: RPC failed; result=22, HTTP code = 307\n"] {
            assert_eq!(http_status(stderr), Some(307));
        }
    }
}
