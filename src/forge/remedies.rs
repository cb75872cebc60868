//! What helps where git failed with a repository that is elsewhere, by what it said.

use std::path::Path;
use std::process::ExitStatus;

use super::way::{TO_LOOK, Way};
use super::{push_report, ssh_words};
use crate::children::{self, Ended, Patience};
use crate::domain::text;
use crate::web;

/// How git says that somebody else writes just now, whatever the address is called.
const LOCKED: [&str; 2] = ["cannot lock ref", ".lock': File exists"];

/// How git says that objects of a copy can't be read.
const OF_DAMAGE: [&str; 8] = [
    " is corrupt",
    "inflate: ",
    "failed to unpack",
    "bad object ",
    ".pack is far too short",
    "object file ",
    "multi-pack-index",
    "bad pack-int-id: ",
];

/// Whether any line says one of these that isn't the server's.
fn is_said_here(said: &str, known: &[&str]) -> bool {
    let is_own = |line: &str| !line.trim_start().starts_with("remote:");
    said.lines().any(|line| is_own(line) && known.iter().any(|words| line.contains(words)))
}

/// Whether one of these is why git ended: what a hook prints may be anybody's words.
fn is_said_by_gits_end(said: &str, known: &[&str]) -> bool {
    let is_gits = |line: &str| ["fatal: ", "error: "].iter().any(|begin| line.starts_with(begin));
    said.lines().any(|line| is_gits(line) && known.iter().any(|words| line.contains(words)))
}

pub(super) fn is_locked(said: &str) -> bool {
    is_said_here(said, &LOCKED)
}

pub(super) fn is_of_damage(said: &str) -> bool {
    is_said_here(said, &OF_DAMAGE)
}

/// Whether git reaches an address by ssh: `ssh://…`, or `user@host:path`.
pub(super) fn is_by_ssh(url: &str) -> bool {
    url.starts_with("ssh://") || !url.contains("://")
}

/// How git, and what it has TLS from, say that a certificate isn't taken, or that those to trust can't be read.
const OF_CERTIFICATES: [&str; 4] =
    ["server certificate verification failed", "SSL certificate problem", "SSL CA cert", "error setting certificate"];

/// How they say that it isn't valid at this time.
const OF_TIMES: [&str; 2] = ["certificate has expired", "certificate is not yet valid"];

/// How they say that the certificate by which git is to be known can't be read.
const OF_OWN_CERTIFICATES: [&str; 5] = [
    "could not load PEM client certificate",
    "unable to set private key file",
    "unable to use client certificate",
    "unable to load client key",
    "error reading X.509 key or certificate file",
];

/// How git, and what it has addresses from, say that a proxy's can't be read.
const OF_PROXIES: [&str; 2] = ["Invalid proxy URL", "Unsupported proxy syntax"];

/// How git says that it can't make anything of its own settings.
const OF_SETTINGS: [&str; 16] = [
    "bad fetch.",
    "bad push.",
    "unknown fetch negotiation algorithm",
    "cannot be negative",
    "failed to expand user dir in",
    "could not expand include path",
    "unable to parse command-line config",
    "unable to parse '",
    "unknown value for config",
    "malformed value for",
    "invalid value for '",
    "bad numeric config value",
    "bad boolean config value",
    "bad config",
    "bad zlib compression level",
    "bad pack compression level",
];

/// How git says that it isn't to go by such a transport, and which.
fn barred(stderr: &str) -> Option<String> {
    let named = |line: &str| Some(line.split_once("transport '")?.1.split_once("' not allowed")?.0.to_owned());
    stderr.lines().find_map(named).map(|transport| text::visible(&transport))
}

/// What to do about settings that git's words don't name.
fn unnamed_setting(stderr: &str) -> Option<String> {
    if let Some(transport) = barred(stderr) {
        return Some(tr!(
            "git isn't to go by {transport} here: GIT_ALLOW_PROTOCOL, where it is set, says by what it may; otherwise protocol.{transport}.allow and protocol.allow do, and GIT_PROTOCOL_FROM_USER; git config --show-origin --get-regexp protocol shows where they stand",
            transport
        ));
    }
    let is_of = |words: &str| stderr.contains(words);
    if is_of("ssh variant '") {
        return Some(tr!("mend git's ssh.variant, or GIT_SSH_VARIANT where it is set; then run it again").to_owned());
    }
    is_of("Unsupported SSL backend").then(|| tr!("mend git's http.sslBackend, then run it again").to_owned())
}

/// How git says that it was set to check what comes, and finds fault with it.
const OF_CHECKS: &str = "fsck error in ";

/// What helps then. `error: object ID: nameOfTheFault: words` says which fault it is; one in capitals git lets nobody pass over.
fn checked(stderr: &str) -> String {
    let fault = stderr.lines().find_map(|line| line.strip_prefix("error: object ")?.split(": ").nth(1));
    match fault.filter(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric())) {
        Some(fault) => tr!(
            "git is set to check what comes, by fetch.fsckObjects or transfer.fsckObjects; if that fault is known and does no harm: git config --global fetch.fsck.{fault} warn",
            fault
        ),
        None => tr!(
            "git is set to check what comes, by fetch.fsckObjects or transfer.fsckObjects: have that history mended"
        )
        .to_owned(),
    }
}

/// What helps where a server answered: by its status, by where it sent git, or by what it asked. Where git was given a token,
/// nobody else is to say who they are.
fn of_answer(stderr: &str, has_no_token: bool) -> Option<&'static str> {
    let elsewhere = [
        "unable to update url base from redirection",
        "redirects followed",
        "not valid: is this a git repository?",
        "invalid server response",
        "invalid content-type",
    ];
    let elsewhere = elsewhere.iter().any(|words| stderr.contains(words));
    let asked = has_no_token && is_said_here(stderr, &OF_RIGHTS);
    Some(match push_report::http_status(stderr) {
        _ if elsewhere => another_page(),
        _ if asked => who_are_you(stderr),
        Some(300..=399) => tr!(
            "the repository is elsewhere now: open the address in a browser, and name the one that it leads to; where it leads on for pages alone, git's http.followRedirects keeps git from following"
        ),
        Some(401 | 403) if push_report::has_another_reason(stderr) => {
            tr!("the server says why it doesn't let you in: do as it says, or ask whoever keeps it")
        }
        Some(401 | 403) if !has_no_token => tr!("karmada-partner auth tells what the token may do"),
        Some(401 | 403) => tr!(
            "the server doesn't let you in: have git's credential helper say who you are, or name the address by ssh"
        ),
        Some(404 | 410) => {
            tr!(
                "check the address, and your access: the server answers, and nothing is there, or nothing that you are shown"
            )
        }
        Some(413) => tr!(
            "what stands before the server lets no more through at once: ask whoever keeps it, or name the address by ssh"
        ),
        Some(429) => tr!("the server asks to wait: run it again in some minutes"),
        Some(400..=499) => {
            tr!("the server answers, and refuses that: check the address; whoever keeps it can say more")
        }
        Some(511) => another_page(),
        Some(500..=599) => tr!("the server has trouble of its own: run it again later, or ask whoever keeps it"),
        _ => return None,
    })
}

/// What helps where the server asked, and nobody answered or the answer was refused; some ask so of what isn't there.
fn who_are_you(stderr: &str) -> &'static str {
    match stderr.contains("Authentication failed") {
        true => tr!(
            "the server refused what git's credential helper, or the address, said: mend that, or make a new token; and check the address"
        ),
        false => tr!(
            "the server asks who you are, as some do of what isn't there: check the address, have git's credential helper answer, or name the address by ssh"
        ),
    }
}

pub(super) fn another_page() -> &'static str {
    tr!("open the address in a browser: it may be another's page, and some networks want a log-in first")
}

pub(super) fn as_it_says() -> &'static str {
    tr!("the server says why: do as it says, or ask whoever keeps it")
}

/// How git says that somebody spoke before the server's git did.
const OF_GREETINGS: &str = "bad line length character";

/// How the server's git says that what it keeps can't be read.
const OF_THEIR_DAMAGE: [&str; 3] = [
    "possible repository corruption on the remote side",
    "remote: error: object file ",
    "remote: fatal: loose object ",
];

/// How our own git says that what came isn't whole.
const OF_GAPS: [&str; 2] = ["did not send all necessary objects", "Failed to traverse parents of commit"];

/// How systems say that nothing more can be written where the copy is.
const OF_DISKS: [&str; 3] = ["No space left on device", "Disk quota exceeded", "Read-only file system"];

/// How git says that what it reaches an address with isn't there.
const OF_PROGRAMS: [&str; 3] = ["is not a git command", "cannot run ", "cannot exec '"];

/// How git and ssh say that the way to a server broke off, or isn't there.
const OF_THE_WAY: [&str; 10] = [
    "fatal: unable to access ",
    "error: RPC failed",
    "ssh: connect to host ",
    "ssh: Could not resolve hostname ",
    "client_loop: ",
    "packet_write_wait: ",
    "Connection closed by ",
    " closed by remote host",
    "Connection reset by ",
    " not responding.",
];

/// How git says that it was let in nowhere, or had to ask somebody who they are.
const OF_RIGHTS: [&str; 3] = ["Authentication failed", "could not read Username", "could not read Password"];

/// The program of a credential helper that git didn't find.
fn lacking_helper(stderr: &str) -> Option<String> {
    let named =
        |line: &str| Some(line.split_once("git: 'credential-")?.1.split_once("' is not a git command")?.0.to_owned());
    stderr.lines().find_map(named).map(|name| text::visible(&name))
}

/// Whether the shell didn't find what is named in ssh's place; the server's shell may say so of its git.
fn has_no_ssh(stderr: &str) -> bool {
    let of_shells = [": not found", "command not found", "bad interpreter", "cannot execute", "Exec format error"];
    let is_shells = of_shells.iter().any(|words| stderr.contains(words));
    // What `env` looks for is named by a first line.
    let is_envs = |line: &str| {
        let by = line.split(": ").next().unwrap_or_default();
        (by == "env" || by.ends_with("/env")) && line.ends_with("No such file or directory")
    };
    (is_shells || stderr.lines().any(is_envs))
        && !["git-upload-pack", "git-receive-pack"].iter().any(|git| stderr.contains(git))
}

/// Whether the server's shell doesn't find the git that ssh has it run.
fn lacks_git(stderr: &str) -> bool {
    let is_its = |line: &str| line.contains("git-upload-pack") || line.contains("git-receive-pack");
    stderr.lines().any(|line| is_its(line) && (line.contains("not found") || line.contains("No such file")))
}

/// Programs that git runs where a repository is: what is read of it they send, and what is pushed they take in.
const TO_SEND: [&str; 3] = ["pack-objects", "upload-pack", "upload-archive"];
const TO_TAKE: [&str; 4] = ["unpack-objects", "index-pack", "receive-pack", "rev-list"];

/// How systems say that there is no memory, or no room for another program.
const OF_MEMORY: [&str; 6] = [
    "Out of memory",
    "Cannot allocate memory",
    "mmap failed",
    "unable to create thread",
    "cannot fork",
    "fork: Resource temporarily unavailable",
];

/// What helps where git says that a program was ended, or that there was no room for it: here, or where the registry is.
fn of_ended(stderr: &str, is_push: bool) -> Option<&'static str> {
    let others = tr!(
        "it was ended where the registry is, often for want of memory: run it again later, or ask whoever keeps it"
    );
    let ended = stderr.lines().find_map(|line| line.split_once(" died of signal "));
    if let Some((before, signal)) = ended {
        let program = before.rsplit(' ').next().unwrap_or_default();
        let theirs: &[&str] = if is_push { &TO_TAKE } else { &TO_SEND };
        let is_hook = is_push && program.contains("hooks/") && !program.ends_with("/pre-push");
        let is_theirs =
            is_hook || before.starts_with("remote:") || theirs.contains(&program.trim_start_matches("git-"));
        let number: String = signal.chars().take_while(char::is_ascii_digit).collect();
        return Some(if is_theirs { others } else { children::of_signal(number.parse().unwrap_or_default()) });
    }
    let is_of_memory = |line: &str| OF_MEMORY.iter().any(|words| line.contains(words));
    let line = stderr.lines().find(|line| is_of_memory(line))?;
    Some(match line.starts_with("remote:") {
        true => others,
        false => tr!(
            "there was no room for a program that git needs, here or where the registry is: run it again when less runs"
        ),
    })
}

/// Whether it is git that is too old for what it is given here.
fn has_old_git() -> bool {
    let said = children::run(children::git().arg("--version"), b"", Patience::of(TO_LOOK));
    matches!(said, Ok(Ended::With(said)) if children::is_old_git(&String::from_utf8_lossy(&said.stdout)))
}

/// A git that failed, and what is known of it besides its words.
#[derive(Debug)]
pub(super) struct Failed<'a> {
    pub(super) stderr: &'a str,
    pub(super) how: ExitStatus,
    pub(super) is_push: bool,
    /// Where git went, and how.
    pub(super) way: &'a Way,
    /// Whether somebody could be asked.
    pub(super) may_ask: bool,
    /// Whether git was given a token.
    pub(super) has_token: bool,
    pub(super) cache: &'a Path,
}

impl Failed<'_> {
    pub(super) fn remedy(&self) -> String {
        let stderr = self.stderr;
        let is_said = |known: &[&str]| known.iter().any(|words| stderr.contains(words));
        // What git names by its path is a file of this machine's.
        let is_copy = Path::new(&self.way.address) != self.cache;
        let is_of_cache = is_copy && stderr.contains(&*self.cache.to_string_lossy());
        let answered = || of_answer(stderr, !self.has_token);
        match self.way.by_proxy() {
            _ if let Some(hint) = children::much_newer_git(stderr) => hint,
            _ if !self.is_push && is_said(&OF_DISKS) => tr!(
                "git couldn't write its copy in {path}: free space there, or set XDG_CACHE_HOME to a folder that can be written to; then run it again",
                path = self.cache.display()
            ),
            _ if is_of_cache && is_locked(stderr) => tr!(
                "another run may be writing there; if none is, remove {path}: it is a copy, and made again",
                path = self.cache.display()
            ),
            _ if is_of_cache => tr!(
                "check the permissions of {path}, or remove it: it is a copy, and made again; or set XDG_CACHE_HOME to a folder that can be written to",
                path = self.cache.display()
            ),
            _ if is_said_here(stderr, &OF_RIGHTS) && self.has_token && has_old_git() => children::newer_git(),
            _ if let Some(hint) = of_ended(stderr, self.is_push) => hint.to_owned(),
            // git's own says what it knows by 128.
            _ if stderr.trim().is_empty() && let Some(hint) = children::why_ended(self.how) => hint.to_owned(),
            _ if is_said(&OF_THEIR_DAMAGE) => {
                tr!("the repository there is damaged: whoever keeps it finds out more with git fsck").to_owned()
            }
            _ if is_said_here(stderr, &OF_GAPS) => tr!(
                "the server left out what belongs to its history: whoever keeps it finds out more with git fsck; grafts there (info/grafts) do that, too"
            )
            .to_owned(),
            // What isn't git's talk comes by HTTP as a page.
            _ if is_said(&[OF_GREETINGS]) && self.way.address.starts_with("http") => another_page().to_owned(),
            _ if is_said(&[OF_GREETINGS]) => tr!(
                "the server's shell says something before git does: whoever keeps it has it say nothing where nobody sits at a terminal"
            )
            .to_owned(),
            _ if is_by_ssh(&self.way.address) && lacks_git(stderr) => tr!(
                "the server's shell doesn't find git: whoever keeps it installs git there, or puts it on the path of those who come by ssh"
            )
            .to_owned(),
            _ if let Some(hint) = ssh_words::remedy(stderr, self.may_ask) => hint,
            _ if is_by_ssh(&self.way.address) && ssh_words::is_silent(stderr) => tr!(
                "ssh ended without a word, here or where the registry is: with GIT_SSH_COMMAND='ssh -v' it says how far it came"
            )
            .to_owned(),
            _ if let Some(helper) = lacking_helper(stderr) => tr!(
                "git's credential.helper names {helper}, and there is no git-credential-{helper} here: install it, or mend that setting; git config --show-origin --get-all credential.helper shows where it stands",
                helper
            ),
            _ if let Some(hint) = unnamed_setting(stderr) => hint,
            // Whatever the way there was, it led there.
            _ if is_said_here(stderr, &OF_RIGHTS) && !self.has_token && !self.is_push => who_are_you(stderr).to_owned(),
            _ if is_said_by_gits_end(stderr, &OF_SETTINGS) => {
                tr!("mend that setting of git's, then run it again").to_owned()
            }
            // The way there was good a moment ago.
            _ if self.is_push => answered()
                .unwrap_or_else(|| match push_report::http_status(stderr) {
                    Some(_) => tr!("the server's keeper can say more: nothing was changed"),
                    None if is_said(&OF_THE_WAY) => tr!("check the network, then run it again: nothing is done twice"),
                    // What it was asked by a setting here, and can't do, git says before it hangs up.
                    None if is_said(&push_report::OF_HANG_UPS) && !is_said(&[push_report::OF_LACKS]) => tr!(
                        "the other side ended it, or the way there broke off: run it again; if it ends so once more, whoever keeps the server can say why"
                    ),
                    None if !push_report::said_there(stderr, is_by_ssh(&self.way.address)).is_empty() => {
                        as_it_says()
                    }
                    None => tr!(
                        "a hook or a setting of git's on this machine can stop a push; otherwise check the network, and run it again"
                    ),
                })
                .to_owned(),
            _ if is_said(&OF_PROGRAMS) || (is_by_ssh(&self.way.address) && has_no_ssh(stderr)) => tr!(
                "git can't run what it reaches such an address with: install that (OpenSSH, or git with its programs for https), or mend GIT_SSH, GIT_SSH_COMMAND, core.sshCommand or GIT_EXEC_PATH where they are set"
            )
            .to_owned(),
            _ if is_said(&OF_OWN_CERTIFICATES) => tr!(
                "mend git's http.sslCert and http.sslKey, or GIT_SSL_CERT and GIT_SSL_KEY: they name the certificate by which the server knows you"
            )
            .to_owned(),
            _ if is_said(&OF_TIMES) => web::ways::dated().to_owned(),
            _ if is_said(&OF_CERTIFICATES) => self.unvouched(),
            _ if is_said(&OF_PROXIES) => web::ways::spelled().to_owned(),
            _ if is_said(&[OF_CHECKS]) => checked(stderr),
            // Through a tunnel it is the server that answers.
            _ if self.way.address.starts_with("https:") && let Some(hint) = answered() => hint.to_owned(),
            Some(way) => tr!("{way}; then run it again", way = web::ways::by_it(&way)),
            None if let Some(hint) = answered() => hint.to_owned(),
            None => {
                let check = tr!("check the address, your access and the network, then run it again").to_owned();
                self.way.past_proxy().into_iter().chain([check]).collect::<Vec<_>>().join("\n")
            }
        }
    }

    /// What to say of the certificates that git was told to trust, and what helps.
    fn unvouched(&self) -> String {
        let otherwise = tr!(
            "behind a company's own authority, name the file with its certificates in GIT_SSL_CAINFO, or in git's http.sslCAInfo"
        );
        let of_own = self.way.authorities.iter().map(web::ways::unvouching);
        of_own.chain([otherwise.to_owned()]).chain(self.way.by_proxy()).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_that_broke_off_is_no_hooks_doing() {
        let helps = |stderr: &str| {
            let (how, cache) = (ExitStatus::default(), Path::new("/copy"));
            let way = Way::to("ssh://git@h.example/r.git", true, |_| None);
            Failed { stderr, how, is_push: true, way: &way, may_ask: false, has_token: false, cache }.remedy()
        };
        let gits = "fatal: Could not read from remote repository.\n";
        for said in [
            "ssh: connect to host h port 22: Connection refused\n",
            "client_loop: send disconnect: Broken pipe\n",
            "Connection to h closed by remote host.\n",
        ] {
            let told = helps(&format!("{said}{gits}"));
            assert!(told.contains("check the network") && !told.contains("hook"), "{said}: {told}");
        }
        assert!(helps("not today\n").contains("a hook"));
        for shell in ["bash: line 1: git-receive-pack: command not found\n", "sh: 1: git-upload-pack: not found\n"] {
            assert!(helps(&format!("{shell}{gits}")).contains("doesn't find git"), "{shell}");
        }
        assert!(
            !is_of_damage("  remote: error: object file ./objects/6b/11 is empty")
                && is_of_damage("  error: object file x is empty")
        );
        assert!(helps("error: pack-objects died of signal 9\n").contains("the system ended it"));
        assert!(helps("error: unpack-objects died of signal 9\n").contains("where the registry is"));
        assert!(
            helps("fatal: Authentication failed for 'https://h.example/r/'\n")
                .contains("refused what git's credential")
        );
    }
}
