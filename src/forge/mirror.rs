//! A repository behind a URL, by way of a bare cache and the user's own `git`.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Output};
use std::time::Duration;

use base64::Engine as _;

use super::push_report::{self, Outcome};
use crate::children::{self, Ended, Patience};
use crate::config::Token;
use crate::domain::{Sha256, shell, text};
use crate::error::{Error, Result};
use crate::files;
use crate::git::copies;
use crate::git::{Oid, RefMove, Repo, RepoError, Role, Trouble};
use crate::web;

/// Looking where branches are takes a moment; nobody waits longer, unless a person may be typing a password.
const TO_LOOK: Duration = Duration::from_secs(60);

/// For whatever a large registry and a slow line need.
const TO_CARRY: Duration = Duration::from_secs(20 * 60);

/// How much longer it may take where a person is asked.
const WITH_A_PERSON: u32 = 10;

/// Nothing of ours runs as long as this: what still holds a lock was killed.
const KILLED: Duration = Duration::from_secs(TO_CARRY.as_secs() * WITH_A_PERSON as u64 * 2);

/// How often to try again when the server's git is busy with a reference that nobody has moved.
const WHILE_BUSY: u32 = 5;

/// A repository behind a URL. Fetching and pushing run the user's own `git`: it knows their credential helpers, keys,
/// ssh configuration and proxies.
#[derive(Clone)]
pub struct Mirror {
    url: String,
    role: Role,
    cache: PathBuf,
    may_ask: bool,
    /// What git is given through its environment: settings that no command line may show.
    secrets: Vec<(String, String)>,
    /// How many such settings there are without ours.
    earlier: usize,
}

/// The address that stands for this one in git's configuration, `url.<base>.insteadOf`; `None` where none does, and for addresses
/// that have a scheme.
#[must_use]
pub fn address_by_git(address: &str) -> Option<String> {
    let is_short = !address.contains("://") && address.contains(':') && !address.starts_with('-');
    is_short.then_some(())?;
    let mut command = children::git();
    command.args(["ls-remote", "--get-url", "--", address]);
    let Ok(Ended::With(output)) = children::run(&mut command, b"", Patience::of(TO_LOOK)) else { return None };
    let known = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
    (output.status.success() && !known.is_empty() && known != address).then_some(known)
}

/// Whether it is git that is too old for what it is given here.
fn has_old_git() -> bool {
    let said = children::run(children::git().arg("--version"), b"", Patience::of(TO_LOOK));
    matches!(said, Ok(Ended::With(said)) if children::is_old_git(&String::from_utf8_lossy(&said.stdout)))
}

impl std::fmt::Debug for Mirror {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remote").field("url", &self.url).finish_non_exhaustive()
    }
}

/// How git says that somebody else writes just now, whatever the address is called.
const LOCKED: [&str; 2] = ["cannot lock ref", ".lock': File exists"];

/// How git, and what it has TLS from, say that a certificate isn't taken, or that those to trust can't be read.
const OF_CERTIFICATES: [&str; 4] =
    ["server certificate verification failed", "SSL certificate problem", "SSL CA cert", "error setting certificate"];

/// How git, and what it has addresses from, say that a proxy's can't be read.
const OF_PROXIES: [&str; 2] = ["Invalid proxy URL", "Unsupported proxy syntax"];

/// How git says that it can't make anything of its own settings.
const OF_SETTINGS: [&str; 9] = [
    "unknown value for config",
    "malformed value for",
    "invalid value for '",
    "bad numeric config value",
    "bad boolean config value",
    "bad config",
    "Unsupported SSL backend",
    "' not allowed",
    "ssh variant '",
];

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
    let elsewhere = ["unable to update url base from redirection", "redirects followed"];
    let elsewhere = elsewhere.iter().any(|words| stderr.contains(words));
    let asked = has_no_token && OF_RIGHTS.iter().any(|words| stderr.contains(words));
    Some(match push_report::http_status(stderr) {
        _ if elsewhere => another_page(),
        _ if asked => {
            tr!("the server asks who you are: have git's credential helper answer, or name the address by ssh")
        }
        Some(401 | 403) if has_no_token => tr!(
            "the server doesn't let you in: have git's credential helper say who you are, or name the address by ssh"
        ),
        Some(413) => tr!(
            "what stands before the server lets no more through at once: ask whoever keeps it, or name the address by ssh"
        ),
        Some(429) => tr!("the server asks to wait: run it again in some minutes"),
        Some(511) => another_page(),
        Some(500..=599) => tr!("the server has trouble of its own: run it again later, or ask whoever keeps it"),
        _ => return None,
    })
}

fn another_page() -> &'static str {
    tr!("open the address in a browser: it may be another's page, and some networks want a log-in first")
}

/// How git says that somebody spoke before the server's git did.
const OF_GREETINGS: &str = "protocol error: bad line length character";

/// How systems say that nothing more can be written where the copy is.
const OF_DISKS: [&str; 3] = ["No space left on device", "Disk quota exceeded", "Read-only file system"];

/// How git says that what it reaches an address with isn't there.
const OF_PROGRAMS: [&str; 3] = ["is not a git command", "cannot run ", "cannot exec '"];

/// How git says that it was let in nowhere, or had to ask somebody who they are.
const OF_RIGHTS: [&str; 2] = ["Authentication failed", "could not read Username"];

/// The host of which ssh says that it has another key than before.
fn changed_key(stderr: &str) -> Option<String> {
    if !stderr.contains("REMOTE HOST IDENTIFICATION HAS CHANGED") {
        return None;
    }
    let named = |line: &str| line.strip_prefix("Host key for ")?.split(" has changed").next().map(text::visible);
    Some(shell::quoted(&stderr.lines().find_map(named).unwrap_or_else(|| "HOST".to_owned())))
}

/// How ssh says that it would have had to ask somebody.
const WITHOUT_A_KEY: [&str; 2] = ["Permission denied (", "Host key verification failed"];

/// Whether the shell didn't find what is named in ssh's place; the server's shell may say so of its git.
fn has_no_ssh(stderr: &str) -> bool {
    let is_shells = [": not found", "command not found"].iter().any(|words| stderr.contains(words));
    is_shells && !["git-upload-pack", "git-receive-pack"].iter().any(|git| stderr.contains(git))
}

impl Mirror {
    /// The repository behind a URL, with a cache in `caches`. Whether git may ask the person for a password; and a token
    /// to give instead, with how many settings git is given through the environment already.
    pub fn new(url: &str, caches: &Path, may_ask: bool, token: Option<(&Token, usize)>) -> Result<Self> {
        let cache = Self::place(url, caches);
        // Only what is damaged is made again: where it can't be opened for want of rights or room, that is told.
        let is_damaged = |e: RepoError| matches!(e.trouble, Trouble::Damaged | Trouble::Unusable);
        let looked = || Repo::open(&cache)?.can_be_gone_on_with();
        if cache.exists() && (!copies::is_as_made(&cache) || looked().is_err_and(is_damaged)) {
            files::set_aside(&cache)?;
        }
        if !cache.exists() {
            files::place_repository(&cache, |inside| Ok(Repo::init_bare(inside).map(drop)?))?;
        }
        let header = token.map(|(token, _)| {
            let basic = base64::engine::general_purpose::STANDARD.encode(format!("x-access-token:{}", token.secret));
            let origin: Vec<_> = url.splitn(4, '/').take(3).collect();
            vec![
                (format!("http.{}/.extraHeader", origin.join("/")), format!("Authorization: Basic {basic}")),
                // No helper needs to be asked then, nor told.
                ("credential.helper".to_owned(), String::new()),
            ]
        });
        Ok(Self {
            url: url.to_owned(),
            role: Role::Registry,
            cache,
            may_ask,
            secrets: header.unwrap_or_default(),
            earlier: token.map_or(0, |(_, n)| n),
        })
    }

    /// Moves branches of a repository of this machine's, all or none. Where a push runs hooks, they are pushed: what its keeper has
    /// set up for those who push holds for what is written here.
    ///
    /// # Errors
    /// When git refuses its configuration, or the move; as [`Mirror::push`] does.
    pub fn move_here(repo: &Repo, role: Role, moves: &[RefMove], title: &str) -> Result<(), RepoError> {
        if !repo.has_hooks_of_pushes()? {
            return repo.move_references(moves, title);
        }
        let place = repo.git_directory();
        let itself = Self {
            url: place.to_string_lossy().trim_end_matches('/').to_owned(),
            role,
            cache: place.to_owned(),
            may_ask: false,
            secrets: Vec::new(),
            earlier: 0,
        };
        itself.push(moves)
    }

    /// Where the cache of a repository is, or would be.
    #[must_use]
    pub fn place(url: &str, caches: &Path) -> PathBuf {
        caches.join("registries").join(format!("{}.git", Sha256::of(url.as_bytes()).short()))
    }

    /// The cache, opened.
    pub fn cache(&self) -> Result<Repo, RepoError> {
        Ok(self.unless_gone(Repo::open(&self.cache))?.that_can_be_made_again())
    }

    /// What came of something, unless the copy went meanwhile: then nothing that was said is about the repository.
    fn unless_gone<T, E: From<RepoError>>(&self, outcome: Result<T, E>) -> Result<T, E> {
        let is_copy = Path::new(&self.url) != self.cache.as_path();
        outcome.map_err(|e| is_copy.then(|| copies::why_gone(&self.cache)).flatten().map_or(e, E::from))
    }

    /// The same, for words about what it is to the person.
    #[must_use]
    pub fn of(self, role: Role) -> Self {
        Self { role, ..self }
    }

    /// The same cache in front of another repository, for pushing there.
    #[must_use]
    pub fn towards(&self, url: String) -> Self {
        Self { url, ..self.clone() }
    }

    /// The user's git on the cache, as it has to be run.
    fn command(&self, args: &[&str]) -> Command {
        let mut command = children::git_that(self.may_ask);
        if !self.secrets.is_empty() {
            command.env("GIT_TERMINAL_PROMPT", "0");
            command.env("GIT_CONFIG_COUNT", (self.earlier + self.secrets.len()).to_string());
        }
        for (index, (key, value)) in (self.earlier..).zip(&self.secrets) {
            command.env(format!("GIT_CONFIG_KEY_{index}"), key).env(format!("GIT_CONFIG_VALUE_{index}"), value);
        }
        // Its words are read here, the server's among them.
        command.args(["-c", "color.ui=false", "-c", "color.remote=false"]);
        // What comes into a copy of our own is nobody's work, for which hooks are.
        if args.first() != Some(&"push") {
            command.args(["-c", "core.hooksPath=/dev/null"]);
        }
        command
            .arg("--git-dir")
            .arg(&self.cache)
            .args(args)
            // A connection that has gone silent is given up.
            .env("GIT_HTTP_LOW_SPEED_LIMIT", "100")
            .env("GIT_HTTP_LOW_SPEED_TIME", "60");
        command
    }

    fn git(&self, args: &[&str]) -> Result<String, RepoError> {
        let (status, stdout, stderr) = self.run(args)?;
        if status.success() { Ok(stdout) } else { Err(self.failed(args[0], status, &stderr)) }
    }

    /// How git ended, and what it said on both of its outputs.
    fn run(&self, args: &[&str]) -> Result<(ExitStatus, String, String), RepoError> {
        let limit = self.limit(args[0]);
        let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let output = self.ended(self.command(args), args[0], limit, &|| true)?;
        let output = output.ok_or_else(|| self.late(args[0], limit))?;
        Ok((output.status, words(&output.stdout), words(&output.stderr)))
    }

    /// What git said; `None` where it wasn't to go on.
    fn ended(
        &self,
        mut git: Command,
        subcommand: &str,
        limit: Duration,
        may_go_on: &dyn Fn() -> bool,
    ) -> Result<Option<Output>, RepoError> {
        let waiting = |said: &str| self.tell_of(subcommand, said);
        let patience = Patience { waiting: &waiting, may_go_on, ..Patience::of(limit).at_length() };
        match children::run(&mut git, b"", patience).map_err(|e| no_git(&e))? {
            Ended::With(output) => Ok(Some(output)),
            Ended::Stopped => Ok(None),
            Ended::Late => Err(self.late(subcommand, limit)),
        }
    }

    /// Tells whoever waits for what; a hook's question nobody sees otherwise.
    fn tell_of(&self, subcommand: &str, said: &str) {
        let url = text::visible(&self.url);
        let what = match subcommand {
            "push" => tr!("Waiting for git push to {url}, which runs hooks, too …", url),
            _ => tr!("Waiting for git {subcommand} of {url} …", subcommand, url),
        };
        let said = text::visible(&web::ways::without_secrets(said, &[]));
        children::tell(&match said.is_empty() {
            true => what,
            false => what + "\n  " + &said,
        });
    }

    fn limit(&self, subcommand: &str) -> Duration {
        let limit = if subcommand == "ls-remote" { TO_LOOK } else { TO_CARRY };
        if self.may_ask { limit * WITH_A_PERSON } else { limit }
    }

    fn late(&self, subcommand: &str, limit: Duration) -> RepoError {
        let message = tr!(
            "git {subcommand} of {url} wasn't done after {seconds} s, and was ended",
            subcommand,
            url = text::visible(&self.url),
            seconds = limit.as_secs()
        );
        RepoError::new(
            Trouble::Environment,
            message,
            tr!("check the network, then run it again: nothing is done twice"),
        )
    }

    /// What went wrong with a subcommand, in git's words.
    fn failed(&self, subcommand: &str, how: ExitStatus, stderr: &str) -> RepoError {
        let own = self.own_proxy();
        let said = web::ways::without_secrets(stderr, own.as_deref().as_slice());
        let lines = said.lines().map(|line| text::visible(&line.replace('\t', " ")));
        let mut said: Vec<_> = lines.filter(|l| !l.trim().is_empty()).collect();
        if said.is_empty() {
            said.push(children::how(how));
        }
        let message = tr!("git {subcommand} of {url} failed:", subcommand, url = text::visible(&self.url))
            + "\n  "
            + &said.join("\n  ");
        let is_said = |known: &[&str]| known.iter().any(|words| stderr.contains(words));
        let wants_a_key = is_said(&WITHOUT_A_KEY);
        // What git names by its path is a file of this machine's.
        let is_of_cache = Path::new(&self.url) != self.cache.as_path()
            && said.iter().any(|line| line.contains(&*self.cache.to_string_lossy()));
        let hint = match (self.way(own), self.by_ssh() && !self.may_ask && wants_a_key) {
            _ if is_of_cache && is_said(&LOCKED) => tr!(
                "another run may be writing there; if none is, remove {path}: it is a copy, and made again",
                path = self.cache.display()
            ),
            _ if is_of_cache => tr!(
                "check the permissions of {path}, or remove it: it is a copy, and made again",
                path = self.cache.display()
            ),
            _ if is_said(&OF_RIGHTS) && !self.secrets.is_empty() && has_old_git() => children::newer_git(),
            _ if subcommand != "push" && is_said(&OF_DISKS) => tr!(
                "git couldn't write its copy in {path}: free space there, then run it again",
                path = self.cache.display()
            ),
            _ if is_said(&[OF_GREETINGS]) => tr!(
                "the server's shell says something before git does: whoever keeps it has it say nothing where nobody sits at a terminal"
            )
            .to_owned(),
            _ if let Some(host) = changed_key(stderr) => tr!(
                "the server's key is another than before: ask whoever keeps it; if it was changed: ssh-keygen -R {host}",
                host
            ),
            // The way there was good a moment ago.
            _ if subcommand == "push" => match push_report::http_status(stderr) {
                Some(_) => of_answer(stderr, self.secrets.is_empty())
                    .unwrap_or_else(|| tr!("the server's keeper can say more: nothing was changed")),
                None => tr!(
                    "a hook or a setting of git's on this machine can stop a push; otherwise check the network, and run it again"
                ),
            }
            .to_owned(),
            _ if is_said(&OF_PROGRAMS) || (self.by_ssh() && has_no_ssh(stderr)) => tr!(
                "git can't run what it reaches such an address with: install that (OpenSSH, or git with its programs for https), or mend GIT_SSH, GIT_SSH_COMMAND, core.sshCommand or GIT_EXEC_PATH where they are set"
            )
            .to_owned(),
            _ if is_said(&OF_CERTIFICATES) => tr!(
                "behind a company's own authority, name the file with its certificates in GIT_SSL_CAINFO, or in git's http.sslCAInfo"
            )
            .to_owned(),
            _ if is_said(&OF_PROXIES) => web::ways::spelled().to_owned(),
            _ if is_said(&[OF_CHECKS]) => checked(stderr),
            _ if is_said(&OF_SETTINGS) => tr!("mend that setting of git's, then run it again").to_owned(),
            (Some(way), _) => tr!("{way}; then run it again", way = web::ways::by_it(&way)),
            (None, false) => of_answer(stderr, self.secrets.is_empty())
                .unwrap_or_else(|| tr!("check the address, your access and the network, then run it again"))
                .to_owned(),
            // Whatever ssh would have asked, it was told that nobody answers.
            (None, true) => tr!(
                "ssh can't ask anything here: give it the key by ssh-add, and the host's key by connecting once by hand"
            )
            .to_owned(),
        };
        RepoError { hint: Some(hint), ..RepoError::new(Trouble::Environment, message, None) }
    }

    /// The proxy that git's own settings name for it; nothing, where they say that there is none.
    fn own_proxy(&self) -> Option<String> {
        if !self.url.starts_with("http") {
            return None;
        }
        let (status, proxy, _) = self.run(&["config", "--get-urlmatch", "http.proxy", &self.url]).ok()?;
        status.success().then(|| proxy.trim().to_owned())
    }

    /// How the way there leads by a proxy, if it does: git's own settings come before the environment's.
    fn way(&self, own: Option<String>) -> Option<String> {
        if !self.url.starts_with("http") {
            return None;
        }
        match own {
            // Set to nothing, it is a direct way.
            Some(proxy) if proxy.is_empty() => None,
            Some(proxy) => Some(web::ways::named(tr!("git's http.proxy"), &proxy)),
            None => web::ways::by_gits_proxy(&self.url),
        }
    }

    /// Why there is no default branch: nothing is there, `HEAD` names what isn't there, or what answers isn't git.
    fn without_a_head(&self, detached: bool) -> Result<Error> {
        let there = tr!("the {role} at {url}", role = self.role.noun(), url = text::visible(&self.url));
        let branches = self.git(&["ls-remote", "--heads", "--", &self.url])?;
        let mut names = branches.lines().filter_map(|line| line.split_once('\t')?.1.strip_prefix("refs/heads/"));
        if let Some(first) = names.find(|name| !name.contains('/')) {
            let first = text::visible(first);
            let message = match detached {
                true => tr!("{there} has no default branch: its HEAD names a commit; it has {first}", there, first),
                false => {
                    tr!(
                        "{there} has no default branch: its HEAD names one that isn't there; it has {first}",
                        there,
                        first
                    )
                }
            };
            let hint = tr!(
                "have it set where it is: git symbolic-ref HEAD refs/heads/{first}, or among its settings",
                first = shell::quoted(&first)
            );
            return Ok(Error::not_found(message).hint(hint));
        }
        if self.url.starts_with("http") && !self.speaks_git()? {
            let message = tr!("what answers at {url} isn't a git repository", url = text::visible(&self.url));
            return Ok(Error::environment(message).hint(another_page()));
        }
        Ok(Error::not_found(tr!("{there} is empty", there)).hint(match self.role {
            Role::Registry => tr!("push a registry made with karmada-partner init PATH there"),
            Role::Site => tr!("push the website there first"),
        }))
    }

    /// Whether a server talks as git's does: then it says so first, also of a repository in which there is nothing.
    fn speaks_git(&self) -> Result<bool, RepoError> {
        let mut command = self.command(&["ls-remote", "--", &self.url]);
        command.env("GIT_TRACE_PACKET", "1");
        let output = self.ended(command, "ls-remote", TO_LOOK, &|| true)?;
        Ok(output.is_some_and(|output| String::from_utf8_lossy(&output.stderr).contains("packet:")))
    }

    /// Whether git reaches it by ssh: `ssh://…`, or `user@host:path`.
    fn by_ssh(&self) -> bool {
        self.url.starts_with("ssh://") || !self.url.contains("://")
    }

    /// What to do where nothing can be pushed.
    fn may_not_push(&self) -> &'static str {
        match self.role {
            Role::Registry => tr!("ask whoever keeps it for the right to push there"),
            Role::Site => {
                tr!("name it as github:OWNER/REPO to propose from a fork of yours; or ask for the right to push")
            }
        }
    }

    /// Brings the cache up to date: the default branch's name, and what the refspecs name. `{HEAD}` in them stands for
    /// the default branch.
    pub fn fetch(&self, repo: &Repo, specs: &[String]) -> Result<()> {
        self.unless_gone(self.fetched(repo, specs))
    }

    fn fetched(&self, repo: &Repo, specs: &[String]) -> Result<()> {
        let listing = self.git(&["ls-remote", "--symref", "--", &self.url, "HEAD"])?;
        let Some(branch) = listing.lines().find_map(|l| l.strip_prefix("ref: ")?.strip_suffix("\tHEAD")) else {
            return Err(self.without_a_head(listing.lines().any(|l| l.ends_with("\tHEAD")))?);
        };
        let is_long = |line: &str| line.split_once('\t').is_some_and(|(id, _)| id.len() == 64);
        if listing.lines().any(is_long) {
            let there = tr!("the {role} at {url}", role = self.role.noun(), url = text::visible(&self.url));
            let message = format!("{there} {}", tr!("uses SHA-256 object names, which can't be read here"));
            return Err(Error::usage(message).hint(tr!("use a repository made with --object-format=sha1")));
        }
        let has_come = |repo: &Repo| -> Result<()> {
            let all = specs.iter().any(|spec| spec.starts_with("+refs/heads/*:"));
            match all && repo.reference(branch)?.is_none() {
                true => Err(self.not_brought(branch)),
                false => Ok(()),
            }
        };
        if repo.default_branch()? != branch {
            copies::remove_old_locks(&self.cache, KILLED);
            repo.set_default_branch(branch)?;
        }
        // Another run may be filling the same cache.
        let specs: Vec<_> = specs.iter().map(|spec| spec.replace("{HEAD}", branch)).collect();
        let mut fetch = vec!["fetch", "--quiet", "--prune", "--no-tags", "--", &self.url];
        fetch.extend(specs.iter().map(String::as_str));
        for _ in 0..20 {
            match self.git(&fetch) {
                Err(e) if LOCKED.iter().any(|words| e.message.contains(words)) => {
                    std::thread::sleep(Duration::from_millis(50));
                }
                other => {
                    other?;
                    return has_come(repo);
                }
            }
        }
        copies::remove_old_locks(&self.cache, KILLED);
        self.git(&fetch)?;
        has_come(repo)
    }

    /// What to say where git has brought everything, and that branch isn't among it: what is cut off it passes over.
    fn not_brought(&self, branch: &str) -> Error {
        let (url, branch) = (text::visible(&self.url), text::visible(branch));
        Error::environment(tr!("{url} has {branch}, and git doesn't bring it", url, branch))
            .hint(tr!("if that is a shallow clone, complete it where it is: git fetch --unshallow"))
    }

    /// Brings references' commits into the cache, under no name, if all that comes along has no more than `most` bytes; says
    /// whether it was. Of what is too large nothing stays, however it was wrapped up.
    pub fn fetch_at_most(&self, names: &[String], most: u64) -> Result<bool> {
        self.unless_gone(self.fetched_at_most(names, most))
    }

    fn fetched_at_most(&self, names: &[String], most: u64) -> Result<bool> {
        let objects = self.cache.join("objects");
        let cant =
            |e: std::io::Error| Error::environment(tr!("can't write to {cache}: {e}", e, cache = self.cache.display()));
        // A name by which git clears away what a broken run has left.
        let aside = tempfile::Builder::new().prefix("tmp_objdir-fetch-").tempdir_in(&objects).map_err(cant)?;
        let mut args = vec!["-c", "fetch.unpackLimit=1", "fetch", "--quiet", "--no-tags", "--no-auto-gc", "--"];
        args.push(&self.url);
        args.extend(names.iter().map(String::as_str));
        let limit = self.limit("fetch");
        let packs = aside.path().join("pack");
        let mut git = self.command(&args);
        git.env("GIT_OBJECT_DIRECTORY", aside.path()).env("GIT_ALTERNATE_OBJECT_DIRECTORIES", &objects);
        let fits = || size_of(&packs) <= most;
        let Some(output) = self.ended(git, "fetch", limit, &fits)? else { return Ok(false) };
        if !output.status.success() {
            return Err(self.failed("fetch", output.status, &String::from_utf8_lossy(&output.stderr)).into());
        }
        if !fits() {
            return Ok(false);
        }
        let mut files = files_in(&packs);
        // A pack is there for others when its index is.
        files.sort_by_key(|file| file.extension().is_some_and(|kind| kind == "idx"));
        std::fs::create_dir_all(objects.join("pack")).map_err(cant)?;
        for file in files {
            if let Some(name) = file.file_name() {
                std::fs::rename(&file, objects.join("pack").join(name)).map_err(cant)?;
            }
        }
        Ok(true)
    }

    pub fn position(&self, full_name: &str) -> Result<Option<Oid>, RepoError> {
        Ok(self.unless_gone(self.positions(&[full_name]))?.pop().map(|(_, oid)| oid))
    }

    /// Moves branches there, all or none, if they are where they are expected.
    pub fn push(&self, moves: &[RefMove]) -> Result<(), RepoError> {
        self.unless_gone(self.pushed(moves))
    }

    fn pushed(&self, moves: &[RefMove]) -> Result<(), RepoError> {
        // What isn't there can't be pushed to where it isn't.
        let moves: Vec<_> = moves.iter().filter(|m| m.old.is_some() || m.new.is_some()).collect();
        let leases: Vec<_> = moves
            .iter()
            .map(|m| format!("--force-with-lease={}:{}", m.name, m.old.map(|o| o.to_string()).unwrap_or_default()))
            .collect();
        let specs: Vec<_> =
            moves.iter().map(|m| format!("{}:{}", m.new.map(|o| o.to_string()).unwrap_or_default(), m.name)).collect();
        let mut args = vec!["push", "--porcelain", "--atomic"];
        args.extend(leases.iter().map(String::as_str));
        args.extend(["--", &self.url]);
        args.extend(specs.iter().map(String::as_str));
        let mut again = 1;
        loop {
            let (done, stdout, stderr) = self.run(&args)?;
            if done.success() {
                return Ok(());
            }
            let refused = self.refused(&moves, done, &stdout, &stderr)?;
            // The server's own git was busy there, by its own words; whoever holds a lock is soon done.
            if refused.trouble != Trouble::Locked || again == WHILE_BUSY {
                return Err(refused);
            }
            std::thread::sleep(Duration::from_millis(50) * again);
            again += 1;
        }
    }

    /// Why a push came to nothing. A race is a reference that is elsewhere now; everything else is a refusal, whose reason is
    /// the server's.
    fn refused(&self, moves: &[&RefMove], how: ExitStatus, stdout: &str, stderr: &str) -> Result<RepoError, RepoError> {
        let report = push_report::read(stdout);
        let faster = || RepoError::new(Trouble::Moved, tr!("somebody else was faster"), None);
        if report.iter().any(|pushed| pushed.outcome == Outcome::Moved) {
            return Ok(faster());
        }
        let refusals: Vec<_> = report
            .iter()
            .filter_map(|pushed| match pushed.outcome {
                Outcome::Refused(why) => Some((pushed.name, why)),
                _ => None,
            })
            .collect();
        let url = text::visible(&self.url);
        if refusals.is_empty() {
            let mut words = push_report::servers_words(stderr);
            let refused_by_ssh = if self.by_ssh() { push_report::refused_before(stderr) } else { Vec::new() };
            let not_allowed = !refused_by_ssh.is_empty();
            words.extend(refused_by_ssh);
            return Ok(match push_report::http_status(stderr) {
                None if not_allowed => {
                    let mut message = tr!("{url} can't be pushed to", url);
                    message.extend(words.iter().map(|line| format!("\n  {line}")));
                    RepoError::new(Trouble::NotAllowed, message, self.may_not_push())
                }
                Some(401 | 403) => {
                    let mut message =
                        tr!("{url} can't be pushed to: the account or its token may not write there", url);
                    message.extend(words.iter().map(|line| format!("\n  {line}")));
                    RepoError::new(Trouble::NotAllowed, message, self.may_not_push())
                }
                _ => self.failed("push", how, &(push_report::hooks_words(stdout) + stderr)),
            });
        }
        let names: Vec<&str> = moves.iter().map(|m| m.name.as_str()).collect();
        let now = self.positions(&names)?;
        let moved = |m: &&RefMove| now.iter().find(|(name, _)| *name == m.name).map(|(_, oid)| *oid) != m.old;
        if moves.iter().any(moved) {
            return Ok(faster());
        }
        let mut message = tr!("{url} refuses the push", url);
        for (name, why) in &refusals {
            message.push_str(&format!("\n  {}: {}", text::visible(name), text::visible(why)));
        }
        let own = self.own_proxy();
        let gits = push_report::gits_words(&web::ways::without_secrets(stderr, own.as_deref().as_slice()));
        let words = push_report::servers_words(stderr).into_iter().chain(gits);
        message.extend(words.map(|line| format!("\n  {line}")));
        // How GitHub's rules and protected branches say no; the words of git's own server for a lock that is held.
        let is = |known: &[&str]| refusals.iter().any(|(_, why)| known.contains(why));
        let protected = is(&["protected branch hook declined", "push declined due to repository rule violations"])
            || push_report::has_code(stderr, &["GH006", "GH013"]);
        Ok(if protected {
            // Of the names with which something is proposed or decided each is told; others are the default branch's.
            let named =
                refusals.iter().find_map(|(name, _)| name.strip_prefix("refs/heads/").filter(|b| b.contains('/')));
            let branch = match self.role {
                Role::Registry => named.map_or(tr!("the default branch").to_owned(), text::visible),
                Role::Site => tr!("the branch").to_owned(),
            };
            let (_, said) = message.split_once('\n').unwrap_or_default();
            let message = tr!("{branch} is protected, and can't be pushed to", branch) + "\n" + said;
            RepoError::new(Trouble::Protected, message, self.may_not_push())
        } else if is(&["failed to update ref", "failed to lock", "unable to lock"]) {
            RepoError::new(Trouble::Locked, message, tr!("another program may be writing there; run it again"))
        } else {
            RepoError::new(Trouble::Declined, message, tr!("the server's keeper can say more: nothing was changed"))
        })
    }

    /// Where references are, those that exist.
    fn positions(&self, full_names: &[&str]) -> Result<Vec<(String, Oid)>, RepoError> {
        let mut args = vec!["ls-remote", "--", &self.url];
        args.extend(full_names);
        let listing = self.git(&args)?;
        let lines = listing.lines().filter_map(|line| line.split_once('\t'));
        let known = lines.filter(|(_, name)| full_names.contains(name));
        Ok(known.filter_map(|(hex, name)| Some((name.to_owned(), hex.parse().ok()?))).collect())
    }
}

fn no_git(e: &std::io::Error) -> RepoError {
    let hint = files::why_not_begun(e).unwrap_or_else(|| tr!("install git; registries behind a URL need it"));
    RepoError::new(Trouble::Environment, tr!("can't run git: {e}", e), hint)
}

fn files_in(directory: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

/// Of the files in a directory, in bytes; what is gone meanwhile counts for nothing.
fn size_of(directory: &Path) -> u64 {
    files_in(directory).iter().filter_map(|file| std::fs::metadata(file).ok()).map(|file| file.len()).sum()
}
