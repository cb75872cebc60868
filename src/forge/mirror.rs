//! A repository behind a URL, by way of a bare cache and the user's own `git`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Output};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;

use super::push_report::{self, Outcome};
use super::remedies::{Failed, another_page, as_it_says, is_by_ssh, is_locked, is_of_damage};
use super::ssh_words;
use super::way::{TO_LOOK, Way};
use crate::children::{self, Ended, Patience};
use crate::config::Token;
use crate::domain::{Sha256, shell, text};
use crate::error::{Error, Result};
use crate::files;
use crate::git::copies;
use crate::git::{Oid, RefMove, Repo, RepoError, Role, Trouble};
use crate::web;

/// For whatever a large registry and a slow line need.
const TO_CARRY: Duration = Duration::from_secs(20 * 60);

/// How much longer it may take where a person is asked.
const WITH_A_PERSON: u32 = 10;

/// Nothing of ours is brought for as long as this: what still holds a lock was killed.
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
    /// What was fetched in this run, as git was told.
    fetched: Arc<Mutex<BTreeSet<String>>>,
}

impl std::fmt::Debug for Mirror {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remote").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Mirror {
    /// The repository behind a URL, with a cache in `caches`. Whether git may ask the person for a password; and a token
    /// to give instead, with how many settings git is given through the environment already.
    pub fn new(url: &str, caches: &Path, may_ask: bool, token: Option<(&Token, usize)>) -> Result<Self> {
        let cache = Self::place(url, caches);
        // Only what is damaged is made again: where it can't be opened for want of rights or room, that is told.
        let is_damaged = |e: RepoError| matches!(e.trouble, Trouble::Damaged | Trouble::Unusable);
        let looked = || Repo::open(&cache)?.can_be_gone_on_with();
        let is_no_copy = match cache.exists() {
            true => !copies::is_as_made(&cache) || looked().is_err_and(is_damaged),
            // A link that leads nowhere is in the place of one.
            false => cache.is_symlink(),
        };
        if is_no_copy {
            files::set_aside(&cache)?;
        }
        if !cache.exists() {
            files::place_repository(&cache, |inside| Ok(Repo::init_bare(inside).map(drop)?)).map_err(|e| {
                e.hint(tr!("set XDG_CACHE_HOME to a folder that can be written to: copies are kept there"))
            })?;
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
            fetched: Arc::default(),
        })
    }

    /// Moves branches of a repository of this machine's, all or none. Where its keeper has set up anything for those who push,
    /// they are pushed: that holds for what is written here, too.
    ///
    /// # Errors
    /// When git refuses its configuration, or the move; as [`Mirror::push`] does.
    pub fn move_here(repo: &Repo, role: Role, moves: &[RefMove], title: &str) -> Result<(), RepoError> {
        if !repo.has_rules_for_pushes()? {
            repo.move_references(moves, title)?;
            if let Ok(Some(hook)) = repo.hook_that_may_not_run() {
                children::tell(&tr!(
                    "the hook {hook} was passed over: it may not be executed; chmod +x lets it run",
                    hook = hook.display()
                ));
            }
            return Ok(());
        }
        let place = repo.git_directory();
        let itself = Self {
            url: place.to_string_lossy().trim_end_matches('/').to_owned(),
            role,
            cache: place.to_owned(),
            may_ask: false,
            secrets: Vec::new(),
            earlier: 0,
            fetched: Arc::default(),
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
        let again = self.clone();
        copies::mended_by(&self.cache, move || again.bring_again().is_ok());
        let opened = self.unless_gone(Repo::open(&self.cache))?;
        Ok(opened.that_can_be_made_again().come_from(vec![self.url.clone()]))
    }

    fn fetched_so_far(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.fetched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings into the copy once more what was fetched, whatever of it seems to be there; and takes out of it what is damaged.
    fn bring_again(&self) -> Result<()> {
        let specs: Vec<String> = self.fetched_so_far().iter().cloned().collect();
        let parent = self.cache.parent().unwrap_or(&self.cache);
        let aside = tempfile::Builder::new().prefix(".mending-").tempdir_in(parent).map_err(|e| self.cant_write(&e))?;
        let place = aside.path().join("registry.git");
        Repo::init_bare(&place)?;
        let fresh = Self { cache: place.clone(), ..self.clone() };
        let fetch = |specs: &[&String]| {
            let mut args =
                vec!["-c", "fetch.unpackLimit=1", "fetch", "--quiet", "--no-tags", "--no-auto-gc", "--", &self.url];
            args.extend(specs.iter().map(|spec| spec.as_str()));
            fresh.git(&args).map(drop)
        };
        // Of what is gone there meanwhile nothing is needed.
        let mut came = fetch(&specs.iter().collect::<Vec<_>>()).is_ok();
        if !came {
            for spec in &specs {
                came |= fetch(&[spec]).is_ok();
            }
        }
        copies::remove_damaged_objects(&self.cache);
        copies::remove_indexes_of_several_packs(&self.cache);
        let before = files_in(&self.cache.join("objects/pack"));
        for index in before.iter().filter(|file| has_ending(file, "idx")) {
            let mut verify = self.command(&["verify-pack"]);
            verify.arg("--").arg(index);
            if !self.ended(verify, "verify-pack", TO_CARRY, &|| true)?.is_some_and(|output| output.status.success()) {
                for ending in ["idx", "pack", "rev", "bitmap"] {
                    let _ = std::fs::remove_file(index.with_extension(ending));
                }
            }
        }
        let packs = place.join("objects/pack");
        for file in files_in(&packs) {
            // Whoever has one open that is called so would go on reading that.
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if let Some((id, ending)) = name.strip_prefix("pack-").and_then(|name| name.split_once('.')) {
                let named = |nth: usize| format!("pack-{}", Sha256::of(format!("{id} {nth}").as_bytes()).hex());
                let is_free =
                    |name: &String| !before.iter().any(|file| file.file_stem().is_some_and(|stem| *stem == **name));
                let name = (0..=before.len()).map(named).find(is_free).unwrap_or_default();
                std::fs::rename(&file, packs.join(format!("{name}.{ending}"))).map_err(|e| self.cant_write(&e))?;
            }
        }
        self.take_in(&packs)?;
        // Where nothing could be brought, what they lead to may still come.
        if came {
            copies::remove_dangling_references(&self.cache);
        }
        Ok(())
    }

    /// Moves packs into the copy.
    fn take_in(&self, packs: &Path) -> Result<()> {
        let place = self.cache.join("objects/pack");
        let mut files = files_in(packs);
        // A pack is there for others when its index is.
        files.sort_by_key(|file| has_ending(file, "idx"));
        std::fs::create_dir_all(&place).map_err(|e| self.cant_write(&e))?;
        for file in files {
            if let Some(name) = file.file_name() {
                std::fs::rename(&file, place.join(name)).map_err(|e| self.cant_write(&e))?;
            }
        }
        Ok(())
    }

    fn cant_write(&self, e: &std::io::Error) -> Error {
        Error::environment(tr!("can't write to {cache}: {e}", e, cache = self.cache.display())).hint(files::remedy(e))
    }

    /// Whether it is a copy that is in front of the repository, and not that itself.
    fn is_of_a_copy(&self) -> bool {
        Path::new(&self.url) != self.cache.as_path()
    }

    /// What came of something, unless the copy went meanwhile: then nothing that was said is about the repository.
    fn unless_gone<T, E: From<RepoError>>(&self, outcome: Result<T, E>) -> Result<T, E> {
        outcome.map_err(|e| self.is_of_a_copy().then(|| copies::why_gone(&self.cache)).flatten().map_or(e, E::from))
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
        if self.is_of_a_copy() {
            children::as_come_from(&mut command, &self.url);
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
        Ok((output.status, words(&output.stdout), children::without_traces(&words(&output.stderr))))
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
        let is_over = |said: &[u8]| push_report::is_without_its_hook(&String::from_utf8_lossy(said));
        let patience = Patience { waiting: &waiting, may_go_on, is_over: &is_over, ..Patience::of(limit).at_length() };
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

    /// Tells what was said beside a push that came through.
    fn pass_on(&self, said: &[String]) {
        if !said.is_empty() {
            let words =
                tr!("{url} takes the push, and says:", url = text::visible(&self.url)) + "\n  " + &said.join("\n  ");
            children::tell(&web::ways::without_secrets(&words, &[]));
        }
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
        let asks = self.url.starts_with("http") && self.secrets.is_empty();
        let hint = match children::askpass(self.may_ask) {
            Some(program) if asks => tr!(
                "{program}, which GIT_ASKPASS names, may be waiting for somebody: have it answer by itself, or unset that; otherwise check the network",
                program = text::visible(program)
            ),
            _ if asks => tr!(
                "git's credential helper may be waiting for somebody, where one is set; otherwise check the network, then run it again: nothing is done twice"
            )
            .to_owned(),
            _ => tr!("check the network, then run it again: nothing is done twice").to_owned(),
        };
        let way = self.way(subcommand == "push");
        let by_proxy = way.by_proxy().map(|by| web::ways::by_it(&by)).or_else(|| way.past_proxy());
        let hints: Vec<String> = [hint].into_iter().chain(by_proxy).collect();
        RepoError::hinted(Trouble::Environment, message, &hints)
    }

    /// What went wrong with a subcommand, in git's words.
    fn failed(&self, subcommand: &str, how: ExitStatus, stderr: &str) -> RepoError {
        let way = self.way(subcommand == "push");
        let said = web::ways::without_secrets(stderr, way.own_proxy().as_slice());
        let lines = said.lines().map(|line| text::visible(&line.replace('\t', " ")));
        let mut said: Vec<_> = lines.filter(|l| !l.trim().is_empty()).collect();
        if children::much_newer_git(stderr).is_some() {
            // All that an option could be follows.
            said.truncate(1);
        }
        if said.is_empty() {
            said.push(children::how(how));
        }
        let message = tr!("git {subcommand} of {url} failed:", subcommand, url = text::visible(&self.url))
            + "\n  "
            + &said.join("\n  ");
        let failed = Failed {
            stderr,
            how,
            is_push: subcommand == "push",
            way: &way,
            may_ask: self.may_ask,
            has_token: !self.secrets.is_empty(),
            cache: &self.cache,
        };
        let hint = failed.remedy();
        RepoError { hint: Some(hint), ..RepoError::new(Trouble::Environment, message, None) }
    }

    /// The way that git takes there.
    fn way(&self, is_push: bool) -> Way {
        let asked = |args: &[&str]| {
            let (status, said, _) = self.run(args).ok()?;
            status.success().then(|| said.trim_end_matches('\n').to_owned())
        };
        Way::to(&self.url, is_push, asked)
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
        self.fetched_so_far().extend(specs.iter().cloned());
        let mut fetch = vec!["fetch", "--quiet", "--prune", "--no-tags", "--", &self.url];
        fetch.extend(specs.iter().map(String::as_str));
        let mut mended = false;
        for _ in 0..20 {
            match self.git(&fetch) {
                Err(e) if is_locked(&e.message) => {
                    std::thread::sleep(Duration::from_millis(50));
                }
                Err(e) if !mended && is_of_damage(&e.message) => {
                    mended = true;
                    self.bring_again()?;
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
        // A name by which git clears away what a broken run has left.
        let aside = tempfile::Builder::new()
            .prefix("tmp_objdir-fetch-")
            .tempdir_in(&objects)
            .map_err(|e| self.cant_write(&e))?;
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
            let said = children::without_traces(&String::from_utf8_lossy(&output.stderr));
            return Err(self.failed("fetch", output.status, &said).into());
        }
        if !fits() {
            return Ok(false);
        }
        self.fetched_so_far().extend(names.iter().cloned());
        self.take_in(&packs)?;
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
        let mut args = vec!["push", "--porcelain"];
        // One alone needs nothing that servers may not have.
        args.extend((moves.len() > 1).then_some("--atomic"));
        args.extend(leases.iter().map(String::as_str));
        args.extend(["--", &self.url]);
        args.extend(specs.iter().map(String::as_str));
        let mut again = 1;
        loop {
            let (done, stdout, stderr) = self.run(&args)?;
            // A hook that pushed the same itself may stop what is left to do.
            let has_come =
                || push_report::is_stopped_here(&stdout, &stderr, &self.url) && self.have_come(&moves).unwrap_or(false);
            if done.success() || has_come() {
                self.pass_on(&push_report::said_beside(&stderr));
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
        let held: Vec<_> = report.iter().filter(|p| p.outcome == Outcome::Moved).map(|p| p.name).collect();
        if !held.is_empty() {
            let moves: Vec<_> = moves.iter().copied().filter(|to| held.contains(&to.name.as_str())).collect();
            return Ok(if self.have_moved(&moves)? { faster() } else { self.hidden(stdout, &held) });
        }
        let refusals: Vec<_> = report
            .iter()
            .filter_map(|pushed| match pushed.outcome {
                Outcome::Refused(why) => Some((pushed.name, why)),
                _ => None,
            })
            .collect();
        // Where git sends pushes elsewhere (`pushInsteadOf`), that is who refuses them.
        let url = text::visible(push_report::sent_to(stdout, &self.url).unwrap_or(&self.url));
        if refusals.is_empty() {
            let failed = || self.failed("push", how, &(push_report::hooks_words(stdout) + stderr));
            if push_report::is_stopped_here(stdout, stderr, &self.url) {
                let hint = tr!(
                    "a hook or a setting of git's on this machine stopped the push: mend what it finds fault with, then run it again"
                );
                return Ok(RepoError { hint: Some(hint.to_owned()), ..failed() });
            }
            if let Some(said) = push_report::refused_as_a_whole(stderr) {
                let hint = match said.iter().any(|line| line == push_report::NOT_ATOMIC) {
                    true => tr!(
                        "it can't move several branches all at once or not at all, as a decision needs it: ask whoever keeps it about receive.advertiseAtomic"
                    ),
                    false => tr!("the server's keeper can say more: nothing was changed"),
                };
                let message = tr!("{url} refuses the push", url) + "\n  " + &said.join("\n  ");
                return Ok(RepoError::new(Trouble::Declined, message, hint));
            }
            let (words, way) = (push_report::servers_words(stderr), self.way(true));
            let said = push_report::said_there(stderr, is_by_ssh(&way.address));
            let is_refused = push_report::is_of_rights(&said) && ssh_words::remedy(stderr, self.may_ask).is_none();
            return Ok(match push_report::http_status(stderr) {
                None if is_refused => {
                    let message = tr!("{url} can't be pushed to", url) + "\n  " + &said.join("\n  ");
                    let hint = if push_report::leads_on(&said) { as_it_says() } else { self.may_not_push() };
                    RepoError::new(Trouble::NotAllowed, message, hint)
                }
                Some(401 | 403) if push_report::has_another_reason(stderr) => {
                    let message = tr!("{url} can't be pushed to", url) + "\n  " + &words.join("\n  ");
                    RepoError::new(Trouble::NotAllowed, message, as_it_says())
                }
                Some(401 | 403) => {
                    let mut message =
                        tr!("{url} can't be pushed to: the account or its token may not write there", url);
                    message.extend(words.iter().map(|line| format!("\n  {line}")));
                    RepoError::new(Trouble::NotAllowed, message, self.may_not_push())
                }
                _ => failed(),
            });
        }
        if push_report::sent_nothing(stderr) {
            return Ok(self.failed("push", how, stderr));
        }
        if self.have_moved(moves)? {
            return Ok(faster());
        }
        let mut message = tr!("{url} refuses the push", url);
        for (name, why) in &refusals {
            message.push_str(&format!("\n  {}: {}", text::visible(name), text::visible(why)));
        }
        let way = self.way(true);
        let gits = push_report::gits_words(&web::ways::without_secrets(stderr, way.own_proxy().as_slice()));
        let words = push_report::servers_words(stderr).into_iter().chain(gits);
        message.extend(words.map(|line| format!("\n  {line}")));
        // The words of git's own server for a lock that is held.
        let is = |known: &[&str]| refusals.iter().any(|(_, why)| known.contains(why));
        let protected = is(&["protected branch hook declined"])
            || push_report::has_code(stderr, &["GH006"])
            || ((is(&["push declined due to repository rule violations"])
                || push_report::has_code(stderr, &["GH013"]))
                && !push_report::is_of_content(stderr));
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

    /// Whether any of these references isn't where it was expected any more.
    fn have_moved(&self, moves: &[&RefMove]) -> Result<bool, RepoError> {
        Ok(!self.all_stand(moves, |to| to.old)?)
    }

    /// Whether all of these references are where they were to go.
    fn have_come(&self, moves: &[&RefMove]) -> Result<bool, RepoError> {
        self.all_stand(moves, |to| to.new)
    }

    fn all_stand(&self, moves: &[&RefMove], at: impl Fn(&RefMove) -> Option<Oid>) -> Result<bool, RepoError> {
        let names: Vec<&str> = moves.iter().map(|m| m.name.as_str()).collect();
        let now = self.positions(&names)?;
        Ok(moves.iter().all(|m| now.iter().find(|(name, _)| *name == m.name).map(|(_, oid)| *oid) == at(m)))
    }

    /// What to say of references that stand where they were expected, and that git calls stale: whoever pushes is shown others.
    fn hidden(&self, stdout: &str, names: &[&str]) -> RepoError {
        let elsewhere = push_report::sent_to(stdout, &self.url);
        let url = text::visible(elsewhere.unwrap_or(&self.url));
        let short = |name: &&str| text::visible(name.trim_start_matches("refs/heads/"));
        let names = names.iter().map(short).collect::<Vec<_>>().join(tr!("in a list" => ", "));
        let message = tr!("{url} shows those who push something else than those who read: {names}", url, names);
        let hint = match elsewhere {
            Some(_) => {
                tr!("git sends pushes there by its pushInsteadOf: name that one with --registry, or have them agree")
            }
            None => tr!("ask whoever keeps it: receive.hideRefs or transfer.hideRefs may hide that there"),
        };
        // A page in place of git's answer shows nothing, too.
        let by_http = self.url.starts_with("http").then(another_page);
        let hints: Vec<String> = [hint].into_iter().chain(by_http).map(str::to_owned).collect();
        RepoError::hinted(Trouble::Declined, message, &hints)
    }

    /// Where references are, those that exist.
    fn positions(&self, full_names: &[&str]) -> Result<Vec<(String, Oid)>, RepoError> {
        if !self.is_of_a_copy() {
            // What is hidden from others is there all the same.
            let itself = Repo::open(&self.cache)?;
            let found = |name: &&str| Ok(itself.reference(name)?.map(|oid| ((*name).to_owned(), oid)));
            return full_names.iter().filter_map(|name| found(name).transpose()).collect();
        }
        let mut args = vec!["ls-remote", "--", &self.url];
        args.extend(full_names);
        let listing = self.git(&args)?;
        let lines = listing.lines().filter_map(|line| line.split_once('\t'));
        let known = lines.filter(|(_, name)| full_names.contains(name));
        Ok(known.filter_map(|(hex, name)| Some((name.to_owned(), hex.parse().ok()?))).collect())
    }
}

fn no_git(e: &std::io::Error) -> RepoError {
    let (e, hint) = files::programs::not_begun("git", e);
    let hint = hint.unwrap_or_else(|| tr!("install git; registries behind a URL need it").to_owned());
    RepoError { hint: Some(hint), ..RepoError::new(Trouble::Environment, tr!("can't run git: {e}", e), None) }
}

fn files_in(directory: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

fn has_ending(file: &Path, ending: &str) -> bool {
    file.extension().is_some_and(|kind| kind == ending)
}

/// Of the files in a directory, in bytes; what is gone meanwhile counts for nothing.
fn size_of(directory: &Path) -> u64 {
    files_in(directory).iter().filter_map(|file| std::fs::metadata(file).ok()).map(|file| file.len()).sum()
}
