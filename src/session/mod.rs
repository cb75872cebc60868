//! What a command is given: settings, a way to talk and to ask, the time, and who acts.

mod again;
mod author;
pub(crate) mod logo_cache;
mod missing;
mod moment;
mod numbered;
mod pager;
mod pasted;
pub(crate) mod publish;
pub(crate) mod sign_once;
mod signing;
mod who;

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::config::{Environment, File, Location, Token, UserDirectory};
use crate::domain::identity::Identity;
use crate::domain::paths::place_of;
use crate::domain::program::github::RepoName;
use crate::domain::text::is_digits;
use crate::domain::{Login, Sha256, Time};
use crate::error::{Error, Kind, Result};
use crate::forge::Forge;
use crate::forge::git::GitForge;
use crate::forge::github::api::ApiForge;
use crate::forge::github::client::Client;
use crate::forge::github::clone::CloneForge;
use crate::forge::github::endpoints::Endpoints;
use crate::forge::github::token;
use crate::forge::mirror::Mirror;
use crate::forge::website::github::GitHubSite;
use crate::forge::website::plain::GitSite;
use crate::forge::website::{self, Site};
use crate::git::Repo;
use crate::git::signing::Signer;
use crate::language::{Language, NamedLanguage};
use crate::prompt::{self, NoInput, Prompt, Terminal};
use crate::registry::acquaintances::Acquaintances;
use crate::registry::change::Change;
use crate::registry::founding;
use crate::registry::gone::Lost;
use crate::registry::lost::{self, Gone, Look};
use crate::registry::newest::Newest;
use crate::registry::{Heads, Snapshot};
use crate::session::logo_cache::LogoCache;
use crate::session::sign_once::SignOnce;
use crate::ui::{Color, Ui};

pub(crate) use numbered::numbered;
pub use pasted::say_pasted;

/// Before an address: the repository is reached by git alone, wherever it is.
const PLAIN_GIT: &str = "git+";

/// In seconds.
const A_YEAR: u64 = 31_536_000;

/// Whether it was said that the registry is the person's own sandbox.
static SANDBOX_SAID: AtomicBool = AtomicBool::new(false);

/// The directory of the embedded registry, in the user's data directory.
const SANDBOX: &str = "registry.git";

#[derive(Debug, Clone, Default, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Globals {
    /// The registry: a path, a git URL or github:OWNER/REPO [default: an embedded one to try things on]
    #[arg(long, global = true, value_name = "WHERE", help_heading = "Global options")]
    pub registry: Option<String>,
    /// Who acts, as a GitHub login
    #[arg(id = "acting", long = "as", global = true, value_name = "LOGIN", value_parser = who::login, help_heading = "Global options")]
    pub actor: Option<Login>,
    /// Print one JSON document
    #[arg(long, global = true, help_heading = "Global options")]
    pub json: bool,
    /// Agree to what is asked
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub yes: bool,
    /// Show what would happen, and change nothing
    #[arg(long, global = true, help_heading = "Global options")]
    pub dry_run: bool,
    /// Never ask; what is missing is an error
    #[arg(long, global = true, help_heading = "Global options")]
    pub no_input: bool,
    /// Use no network
    #[arg(long, global = true, help_heading = "Global options")]
    pub offline: bool,
    /// Say only what was asked for, and errors
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub quiet: bool,
    /// Say what is being done
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub verbose: bool,
    /// Show long output at once
    #[arg(long, global = true, help_heading = "Global options")]
    pub no_pager: bool,
    /// When to color
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN", help_heading = "Global options")]
    pub color: Color,
    /// Which language to speak [default: the machine's]
    #[arg(long, global = true, value_parser = NamedLanguage, value_name = "LANG", help_heading = "Global options")]
    pub lang: Option<Language>,
}

pub struct Context {
    pub globals: Globals,
    pub environment: Environment,
    pub ui: Ui,
    pub prompt: Box<dyn Prompt>,
    /// The time of everything that is written.
    pub now: Time,
    /// When what is written is said to be written.
    moment: Cell<Time>,
    file: File,
    unusable: Vec<Error>,
    scratch: std::cell::OnceCell<tempfile::TempDir>,
    client: std::cell::OnceCell<Arc<Client>>,
    pub pen: Rc<SignOnce>,
    signer: std::cell::OnceCell<Option<Signer>>,
    /// The registry, where a batch runs several commands on it.
    held: Option<Rc<dyn Forge>>,
    /// Who was read already to be compared with.
    pub(crate) acquaintances: Rc<Acquaintances>,
    /// What was told already, however often it is looked at.
    pub(crate) told: Rc<Told>,
    /// Logos that were judged already.
    pub logos: Rc<LogoCache>,
    /// What was found to be gone from the record, at which commit.
    lost: Rc<RefCell<Option<Look>>>,
    /// Whether the person agreed already to what is done now.
    agreed: Cell<bool>,
    /// Why some of what was to be shown isn't.
    left_out: RefCell<Vec<Error>>,
}

/// What is told once a run of what doesn't belong where it stands.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Among the partners.
    pub directories: Cell<bool>,
    /// Among the copies of policies.
    pub policies: Cell<bool>,
    /// In git's settings of who commits.
    pub author: Cell<bool>,
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("globals", &self.globals).finish_non_exhaustive()
    }
}

/// What can be used; or nothing, with why kept.
fn usable<T: Default>(read: Result<T>, unusable: &mut Vec<Error>) -> T {
    read.unwrap_or_else(|e| {
        unusable.push(e);
        T::default()
    })
}

impl Context {
    /// Puts everything together.
    ///
    /// # Errors
    /// When a variable or the configuration file says what can't be.
    pub fn new(globals: Globals, environment: Environment) -> Result<Self> {
        let mut ctx = Self::despite_settings(globals, environment);
        match ctx.unusable.is_empty() {
            true => Ok(ctx),
            false => Err(ctx.unusable.remove(0)),
        }
    }

    /// The same without what can't be used of variables and the configuration file, which is kept to be told.
    #[must_use]
    pub fn despite_settings(mut globals: Globals, environment: Environment) -> Self {
        let mut unusable = Vec::new();
        globals.actor = usable(who::acts(globals.actor.take(), &environment), &mut unusable);
        unusable.extend(environment.unreadable.iter().map(|variable| {
            Error::usage(tr!("{variable} isn't UTF-8", variable)).hint(tr!("unset it, or set it to plain text"))
        }));
        let ui = Ui { quiet: globals.quiet, verbose: globals.verbose, json: globals.json, held: false };
        let asks = !globals.no_input && !globals.json && prompt::is_anybody_there();
        let prompt: Box<dyn Prompt> = match asks {
            true => Box::new(Terminal::new(ui, environment.terminal.1 == "dumb")),
            false => Box::new(NoInput),
        };
        let fixed = environment.epoch.as_ref().map(|epoch| {
            let seconds = epoch.trim();
            // What git couldn't read again isn't written, either.
            seconds.parse().ok().and_then(Time::written_at).ok_or_else(|| match is_digits(seconds) {
                true => Error::usage(tr!("SOURCE_DATE_EPOCH names a time that is too late to be written down")).hint(
                    tr!("unset it, or set it to seconds since 1970: of thousandths leave out the last three digits"),
                ),
                false => Error::usage(tr!("SOURCE_DATE_EPOCH isn't a number of seconds since 1970"))
                    .hint(tr!("unset it, or set it to a whole number")),
            })
        });
        let now = usable(fixed.transpose(), &mut unusable).unwrap_or_else(clock);
        crate::web::ways::are(environment.ways.clone());
        crate::children::asked_by(environment.askpass.clone());
        crate::git::are_borrowed_by_variable(environment.borrows_objects);
        let file = match environment.directory(UserDirectory::Config) {
            Ok(directory) => usable(File::read(&directory), &mut unusable),
            Err(_) => File::default(),
        };
        Self {
            globals,
            environment,
            ui,
            prompt,
            now,
            moment: Cell::new(now),
            file,
            unusable,
            scratch: std::cell::OnceCell::new(),
            client: std::cell::OnceCell::new(),
            pen: Rc::default(),
            signer: std::cell::OnceCell::new(),
            held: None,
            acquaintances: Rc::default(),
            told: Rc::default(),
            logos: Rc::default(),
            lost: Rc::default(),
            agreed: Cell::new(false),
            left_out: RefCell::default(),
        }
    }

    /// Says what of the settings isn't read as it stands; what of them can't be used is an error.
    pub fn tell_of_settings(&self) {
        if let Some(named) = self.environment.unknown_language() {
            self.ui.warn(&tr!(
                "KARMADA_PARTNER_LANG is {named}, which isn't spoken here",
                named = crate::domain::text::quote(named)
            ));
            self.ui.hint(tr!("set it to en or zh, or unset it"));
        }
        if let Some(named) = self.file.unknown_language() {
            self.ui.warn(&tr!(
                "lang in config.toml is {named}, which isn't spoken here",
                named = crate::domain::text::quote(named)
            ));
            self.ui.hint(tr!("set it to en or zh, or take it out"));
        }
        for (name, near) in self.environment.unknown() {
            let name = crate::domain::text::visible(name);
            match near {
                Some(likely) => self.ui.warn(&tr!("{name} means nothing here; did you mean {likely}?", name, likely)),
                None => self.ui.warn(&tr!("{name} means nothing here", name)),
            }
        }
        if let Some(what) = self.file.passed_over {
            self.ui.warn(&tr!("config.toml has {what}, which is passed over", what));
        }
        for pasted in &self.file.pasted {
            say_pasted(self.ui, pasted);
        }
    }

    /// Why variables or the configuration file can't be used.
    pub(crate) fn unusable_settings(&self) -> &[Error] {
        &self.unusable
    }

    /// Keeps why something isn't shown, until all else is.
    pub(crate) fn leave_out(&self, why: &Error) {
        let mut all = self.left_out.borrow_mut();
        if !all.iter().any(|told| told.message.ends_with(&why.message)) {
            all.push(why.clone());
        }
    }

    /// Says that there is nothing of what was asked for, and what leads to some; where something couldn't be read, that is told in
    /// its place.
    ///
    /// # Errors
    /// When it can't be written.
    pub(crate) fn say_of_none(&self, words: &str, hint: impl Into<Option<&'static str>>) -> Result<()> {
        if !self.left_out.borrow().is_empty() {
            return Ok(());
        }
        hint.into().into_iter().for_each(|hint| self.ui.hint(hint));
        self.ui.data(words)
    }

    /// What was left out, as one error.
    ///
    /// # Errors
    /// When anything was.
    pub(crate) fn tell_what_was_left_out(&self) -> Result<()> {
        let all = self.left_out.take().into_iter().reduce(|mut all, next| {
            all.message += &format!("\n{}", next.message);
            all.hints.extend(next.hints);
            all.hints.dedup();
            all
        });
        all.map_or(Ok(()), Err)
    }

    /// What a command within a batch is given: the same registry, its own flags, and nobody to ask. What it says is held
    /// back.
    #[must_use]
    pub(crate) fn within(&self, forge: Rc<dyn Forge>, own: &Globals) -> Self {
        let globals = Globals {
            registry: self.globals.registry.clone(),
            actor: own.actor.clone().or_else(|| self.globals.actor.clone()),
            json: true,
            yes: true,
            dry_run: false,
            no_input: true,
            offline: self.globals.offline,
            quiet: true,
            verbose: false,
            no_pager: true,
            color: self.globals.color,
            lang: None,
        };
        Self {
            ui: Ui { quiet: true, verbose: false, json: true, held: true },
            prompt: Box::new(NoInput),
            now: self.now,
            moment: self.moment.clone(),
            file: self.file.clone(),
            unusable: Vec::new(),
            environment: self.environment.clone(),
            scratch: std::cell::OnceCell::new(),
            client: self.client.clone(),
            // What was signed when it was judged is signed.
            pen: self.pen.clone(),
            signer: std::cell::OnceCell::new(),
            held: Some(forge),
            acquaintances: self.acquaintances.clone(),
            told: self.told.clone(),
            logos: self.logos.clone(),
            lost: self.lost.clone(),
            agreed: Cell::new(false),
            left_out: RefCell::default(),
            globals,
        }
    }

    /// Whether it is one of many commands.
    #[must_use]
    pub(crate) const fn is_within(&self) -> bool {
        self.held.is_some()
    }

    /// Whether the person is to be asked before something is written.
    #[must_use]
    pub(crate) fn must_confirm(&self) -> bool {
        // A trial that nobody watches asks nobody.
        !self.globals.yes && !self.agreed.get() && (!self.globals.dry_run || self.prompt.can_ask())
    }

    /// Whether somebody agreed just before.
    #[must_use]
    pub(crate) const fn is_agreed(&self) -> bool {
        self.agreed.get()
    }

    /// Does what the person has just agreed to, without asking again.
    pub(crate) fn agreed<T>(&self, act: impl FnOnce() -> T) -> T {
        self.agreed.set(true);
        let done = act();
        self.agreed.set(false);
        done
    }

    /// Whether nobody agreed, and nobody can be asked.
    #[must_use]
    pub(crate) fn lacks_consent(&self) -> bool {
        self.must_confirm() && !self.globals.dry_run && !self.prompt.can_ask()
    }

    /// Refuses what nobody agreed to, where nobody can be asked: `question` is what would be asked.
    ///
    /// # Errors
    /// Then, with the flag that agrees.
    pub(crate) fn refuse_unasked(&self, question: &str) -> Result<()> {
        if self.lacks_consent() { self.prompt.confirm(question, false).map(drop) } else { Ok(()) }
    }

    /// Whether the configuration file alone names the registry.
    fn is_registry_of_file(&self) -> bool {
        self.globals.registry.is_none() && self.environment.registry.is_none() && self.file.registry.is_some()
    }

    /// The registry in a folder; where none is there, who named it is told.
    fn registry_at(&self, path: &Path) -> Result<GitForge> {
        GitForge::at(path).map_err(|e| match self.is_registry_of_file() && e.kind == Kind::NotFound {
            true => e.hint(tr!(
                "it is named as registry in {file}; a relative path there leads from its folder",
                file = self.file.path().display()
            )),
            false => e,
        })
    }

    pub(crate) fn location(&self) -> Result<Location> {
        let places = [
            ("--registry", &self.globals.registry),
            ("KARMADA_PARTNER_REGISTRY", &self.environment.registry),
            (tr!("registry in config.toml"), &self.file.registry),
        ];
        match places.into_iter().find_map(|(place, named)| Some((place, named.as_ref()?))) {
            Some((place, named)) => {
                if let Some(name) = self.at_github(named) {
                    return Ok(Location::GitHub(name));
                }
                let named = named.strip_prefix(PLAIN_GIT).unwrap_or(named);
                let home = self.environment.home.as_deref();
                let location = Location::parse(named, home).map(|location| match location {
                    Location::Path(path) if self.is_registry_of_file() => Location::Path(self.file.folder.join(path)),
                    other => other,
                });
                location.map_err(|e| {
                    let error = Error::usage(tr!("{field}: {why}", field = place, why = e.why)).hint(e.hint);
                    match self.is_registry_of_file() && named.contains(char::is_control) {
                        true => error.hint(tr!(
                            "between \" a backslash changes what follows it: write a path of Windows between '"
                        )),
                        false => error,
                    }
                })
            }
            None => Ok(Location::Embedded),
        }
    }

    /// What an address that git knows stands for.
    pub(crate) fn location_of(&self, address: &str) -> Option<Location> {
        let github = self.at_github(address).map(Location::GitHub);
        github.or_else(|| Location::parse(address, self.environment.home.as_deref()).ok())
    }

    /// The repository that an address on GitHub leads to, whichever of its addresses a person has at hand.
    fn at_github(&self, address: &str) -> Option<RepoName> {
        let host = Endpoints::of(self.environment.api.as_deref()).map_or_else(|_| "github.com".to_owned(), |e| e.host);
        if !address.contains("://") && !crate::files::is_absent(Path::new(address)) {
            return None;
        }
        RepoName::at_address(address, &host).or_else(|| {
            // Said in full; `github:` alone may stand for something in git's configuration.
            if let Ok(Location::GitHub(name)) = Location::parse(address, None) {
                return Some(name);
            }
            let stands_for = crate::forge::address_by_git(address)?;
            RepoName::at_address(&stands_for, &host)
        })
    }

    /// Opens the registry as far as one partner needs it: one on GitHub without a clone.
    pub(crate) fn open_near(&self) -> Result<Rc<dyn Forge>> {
        if self.held.is_some() {
            return self.open();
        }
        match self.location()? {
            // Only who says who they are can ask single questions; all others can still have it all.
            Location::GitHub(name) => {
                let client = self.github()?;
                match client.token_source() {
                    Some(_) => Ok(Rc::new(ApiForge::new(client, name, Arc::new(self.ui))?)),
                    None => self.whole(client, name),
                }
            }
            _ => self.open(),
        }
    }

    fn whole(&self, client: Arc<Client>, name: RepoName) -> Result<Rc<dyn Forge>> {
        Ok(Rc::new(CloneForge::new(
            client,
            name,
            &self.environment.folder(UserDirectory::Cache)?,
            self.environment.git_settings,
            Arc::new(self.ui),
        )?))
    }

    /// A way to GitHub; one a run, since a token may have to be asked for.
    pub(crate) fn github(&self) -> Result<Arc<Client>> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        if self.globals.offline {
            return Err(Error::usage(tr!("GitHub can't be reached with --offline")).hint(tr!("leave --offline out")));
        }
        let endpoints = Endpoints::of(self.environment.api.as_deref())?;
        let token = token::find(&self.environment.tokens, &endpoints.host, self.prompt.can_ask(), &self.ui);
        let client = self.client_with(endpoints, token)?;
        Ok(self.client.get_or_init(|| client).clone())
    }

    fn client_with(&self, endpoints: Endpoints, token: Option<Token>) -> Result<Arc<Client>> {
        let max_wait = match self.environment.max_wait.as_deref().map(str::trim) {
            None => 300,
            // Nobody waits for a year.
            Some(seconds) if is_digits(seconds) => seconds.parse().map_or(A_YEAR, |seconds: u64| seconds.min(A_YEAR)),
            Some(_) => {
                return Err(Error::usage(tr!("KARMADA_PARTNER_MAX_WAIT isn't a number of seconds"))
                    .hint(tr!("unset it, or set it to a whole number")));
            }
        };
        Client::new(
            endpoints,
            token,
            Arc::new(self.ui),
            (self.now.unix(), self.clock().unix()),
            Duration::from_secs(max_wait),
        )
    }

    /// A way to the website's repository: a workflow's own token reaches no other than the registry's.
    fn github_for_website(&self) -> Result<Arc<Client>> {
        match (&self.environment.website_token, self.globals.offline) {
            (Some(token), false) => {
                self.client_with(Endpoints::of(self.environment.api.as_deref())?, Some(token.clone()))
            }
            _ => self.github(),
        }
    }

    /// Opens a website's repository, as a person names it: a path, a git URL, `github:OWNER/REPO` or `OWNER/REPO`.
    ///
    /// # Errors
    /// When `named` is no repository's name, or it can't be reached.
    pub fn site(&self, named: &str) -> Result<Box<dyn Site>> {
        let location = website::locate(named, self.environment.home.as_deref()).map_err(|e| {
            Error::usage(tr!(
                "the website's repository {named}: {why}",
                named = crate::domain::text::quote(named),
                why = e.why
            ))
            .hint(e.hint)
        })?;
        Ok(match location {
            Location::GitHub(name) => Box::new(GitHubSite::new(self.github_for_website()?, name, Arc::new(self.ui))?),
            Location::Path(path) => Box::new(GitSite::at(&path)?),
            Location::Url(url) if self.globals.offline => {
                return Err(Error::usage(tr!("the website's repository {url} can't be reached with --offline", url))
                    .hint(tr!("name a local path")));
            }
            Location::Url(url) => {
                let caches = self.environment.folder(UserDirectory::Cache)?;
                Box::new(GitSite::behind(&url, &caches, self.prompt.can_ask())?)
            }
            Location::Embedded => {
                return Err(Error::new(Kind::Bug, tr!("a website's repository is always named")));
            }
        })
    }

    /// The same with the registry opened once, for many commands in one process. What they say is held back.
    ///
    /// # Errors
    /// When there is no registry at that place, or it can't be reached or read.
    pub fn opened(&self, own: &Globals) -> Result<Self> {
        Ok(self.within(self.open()?, own))
    }

    /// Opens the registry. The embedded one is made on first use, and said so.
    pub(crate) fn open(&self) -> Result<Rc<dyn Forge>> {
        if let Some(held) = &self.held {
            return Ok(held.clone());
        }
        Ok(Rc::new(match self.location()? {
            Location::GitHub(name) => return self.whole(self.github()?, name),
            Location::Embedded => GitForge::at(&self.embedded()?)?,
            Location::Path(path) => self.registry_at(&path)?,
            Location::Url(url) if self.globals.offline => {
                return Err(Error::usage(tr!("the registry {url} can't be reached with --offline", url))
                    .hint(tr!("name a local path")));
            }
            Location::Url(url) => {
                let _busy = self.ui.spinner(tr!("fetching the registry"));
                GitForge::behind(&url, &self.environment.folder(UserDirectory::Cache)?, self.prompt.can_ask())?
            }
        }))
    }

    /// The registry as this machine has it already: nothing is made, fetched or asked.
    pub(crate) fn at_hand(&self) -> Result<GitForge> {
        let caches = || self.environment.directory(UserDirectory::Cache);
        let path = match self.location()? {
            Location::Embedded => self.environment.directory(UserDirectory::Data)?.join(SANDBOX),
            Location::Path(path) => path,
            Location::Url(url) => Mirror::place(&url, &caches()?),
            Location::GitHub(name) => {
                let endpoints = Endpoints::of(self.environment.api.as_deref())?;
                Mirror::place(&endpoints.git(&name), &caches()?)
            }
        };
        GitForge::at(&path)
    }

    fn embedded(&self) -> Result<PathBuf> {
        let path = self.environment.folder(UserDirectory::Data)?.join(SANDBOX);
        if !path.exists() && self.globals.dry_run {
            // Not even a sandbox is made by a dry run, only a passing one to show things on.
            let scratch = crate::files::passing_folder()?;
            let passing = scratch.path().join("registry.git");
            self.found_sandbox(&passing)?;
            let _ = self.scratch.set(scratch);
            return Ok(passing);
        }
        // A run may open it more than once, and say so once.
        let is_said = SANDBOX_SAID.swap(true, Ordering::Relaxed);
        if path.exists() {
            if !is_said {
                self.ui
                    .say(tr!("This is your sandbox registry: nothing is published. Name a real one with --registry."));
            }
        } else {
            self.refuse_the_future(|| Newest::Founding)?;
            self.found_sandbox(&path)?;
            self.ui.say(&tr!("Made a sandbox registry at {path}.\nIt is yours alone: you are its committee, and nothing is published. Name a real one with --registry.", path = path.display()));
        }
        Ok(path)
    }

    /// Whether the registry is the embedded one.
    #[must_use]
    pub(crate) fn in_sandbox(&self) -> bool {
        matches!(self.location(), Ok(Location::Embedded))
    }

    fn found_sandbox(&self, path: &Path) -> Result<()> {
        let you = self.sandbox_login();
        // Whoever only looks around is asked to sign nothing.
        let author = |_: &Repo| Ok(founding::by_login(&you, self.now));
        founding::create(path, &founding::sandbox_program(&you), &you, self.now, &[], (&author, &|_, _| Ok(())))
    }

    /// The login that stands for the person at the keyboard in a sandbox of their own: what they have set, or what the
    /// machine calls them. Not `--as`: that may be any of the roles they try.
    #[must_use]
    pub(crate) fn sandbox_login(&self) -> Login {
        let set = || self.environment.actor.as_ref().and_then(|a| a.parse().ok()).or_else(|| self.file.actor.clone());
        let of_machine = || {
            let user = self.environment.user.as_deref().unwrap_or_default();
            let name: String = user.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
            name.trim_matches('-').replace("--", "-").parse().ok()
        };
        set().or_else(of_machine).unwrap_or_else(|| Login::from_word("you"))
    }

    /// Whom a sandbox belongs to: its only member.
    fn sandbox_owner(&self, repo: &Repo) -> Option<Login> {
        let main = repo.default_branch().and_then(|branch| repo.reference(&branch)).ok()??;
        let heads = Heads { branch: String::new(), main: Some(main), ..Heads::default() };
        let program = Snapshot::new(repo, heads, self.now).and_then(|s| s.program()).ok()?;
        program.voters().next().map(|m| m.github.clone())
    }

    /// Who acts, if anything says so: the flag, the environment, the configuration file.
    #[must_use]
    pub(crate) fn known_actor(&self) -> Option<Login> {
        self.globals.actor.clone().or_else(|| self.file.actor.clone())
    }

    /// Who acts; `otherwise` is asked last.
    pub(crate) fn actor(&self, forge: &dyn Forge, otherwise: Option<&Login>) -> Result<Login> {
        if let Some(account) = forge.account()? {
            return match &self.globals.actor {
                Some(named) if !named.is(&account.login) => Err(Error::usage(tr!(
                    "on GitHub you act as the token's account, {login}, and not as {named}",
                    login = account.login,
                    named
                ))
                .hint(tr!("leave --as out, or use a token of that account"))),
                _ => Ok(account.login),
            };
        }
        self.actor_here(forge.repo(), otherwise)
    }

    /// Who acts where no account at GitHub tells it.
    pub(crate) fn actor_here(&self, repo: &Repo, otherwise: Option<&Login>) -> Result<Login> {
        let said = self.known_actor().or_else(|| otherwise.cloned().filter(|_| self.in_sandbox()));
        let own = match self.in_sandbox() {
            _ if said.is_some() => None,
            true => self.sandbox_owner(repo),
            false => repo.user()?.2.and_then(|login| login.parse().ok()),
        };
        said.or(own).or_else(|| otherwise.cloned()).ok_or_else(|| {
            Error::usage(tr!("it isn't known who acts"))
                .hint(tr!("say it with --as LOGIN, or set github.user in git's configuration"))
        })
    }

    /// Refuses to add to what somebody took decisions away from.
    ///
    /// # Errors
    /// When events of a partner that is changed, or of the policy, were on record and are gone.
    pub(crate) fn refuse_lost(&self, snapshot: &Snapshot<'_>, changes: &[Change]) -> Result<()> {
        let paths = || changes.iter().flat_map(|c| &c.puts).filter_map(|(path, _)| place_of(path));
        let concerned = |l: &&Lost| l.slug.is_program() || paths().any(|(slug, _)| slug == l.slug);
        let hint = |l: &Lost| if snapshot.heads.gone.contains(l) { l.hint_to_others() } else { l.hint() };
        let refused = |l: &Lost| Error::refused(l.words()).hint(hint(l));
        self.gone(snapshot)?.events.iter().find(concerned).map(refused).map_or(Ok(()), Err)
    }

    /// What was on record and is gone.
    ///
    /// # Errors
    /// When an object isn't here or can't be read.
    pub(crate) fn gone(&self, snapshot: &Snapshot<'_>) -> Result<Gone> {
        let known = self.lost.borrow_mut().take();
        let file = remembered(self, UserDirectory::Cache, LOST, snapshot.repo.path());
        let gone = lost::since(snapshot, known, file.as_deref())?;
        *self.lost.borrow_mut() = Some((snapshot.commit, gone.clone()));
        Ok(gone)
    }
}

/// Who acts, with the account's number where GitHub tells it.
pub(crate) fn identity<'a>(forge: &dyn Forge, actor: &'a Login) -> Result<Identity<'a>> {
    let account = forge.account()?.filter(|account| account.login.is(actor));
    Ok(Identity { login: actor, id: account.and_then(|account| account.id) })
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
fn clock() -> Time {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Time::from_unix(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// Under which name it is remembered up to where nothing is gone from the record.
pub(crate) const LOST: &str = "lost";
/// Whose decisions aren't what their votes say.
pub(crate) const UNFOUNDED: &str = "unfounded";

/// Where something about a registry is remembered on this machine, apart from all other registries. Without a place it just
/// takes longer.
#[must_use]
pub(crate) fn remembered(ctx: &Context, place: UserDirectory, what: &str, registry: &Path) -> Option<PathBuf> {
    let full = registry.canonicalize().ok()?;
    let name = Sha256::of(full.as_os_str().as_encoded_bytes()).short();
    Some(ctx.environment.directory(place).ok()?.join(what).join(format!("{name}.json")))
}
/// What went wrong; where the folder in which this runs is gone, nothing is found that isn't named from the root.
#[must_use]
pub fn in_a_lost_folder(error: Error) -> Error {
    let is_gone = std::env::current_dir().is_err_and(|e| e.kind() == std::io::ErrorKind::NotFound);
    match is_gone && matches!(error.kind, Kind::NotFound | Kind::Usage | Kind::Environment) {
        true => error.hint(tr!("the folder in which this runs was removed: go to one that is there")),
        false => error,
    }
}
