//! Settings: defaults, then the configuration file, then the environment, then flags. The later wins.

mod folders;

use std::cell::RefCell;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::children::Askpass;
use crate::domain::program::github::RepoName;
use crate::domain::record::mend;
use crate::domain::toml::{Faults, Table, without_editors_marks};
use crate::domain::values::Invalid;
use crate::domain::{Login, limits, text};
use crate::error::{Error, Result};
use crate::files;
use crate::language::Language;
use crate::web::ways::Ways;

use self::folders::Folders;

/// What the environment says. Read once, here; nothing else asks it.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// `HOME`, or `USERPROFILE`.
    pub home: Option<PathBuf>,
    /// `XDG_DATA_HOME`, `XDG_STATE_HOME`, `XDG_CACHE_HOME`, `XDG_CONFIG_HOME`, in this order.
    pub xdg: [Option<PathBuf>; 4],
    /// The system's own folders for what belongs to this program, where it has its own idea of them.
    pub folders: Option<Folders>,
    /// `KARMADA_PARTNER_REGISTRY`.
    pub registry: Option<String>,
    /// `KARMADA_PARTNER_AS`.
    pub actor: Option<String>,
    /// `KARMADA_PARTNER_SIGNING_KEY`: what to sign events and votes with; `none` for nothing.
    pub signing_key: Option<String>,
    /// Whether to color, as `NO_COLOR`, `CLICOLOR_FORCE`, `CLICOLOR` and `TERM` say it, in this order.
    pub color: Option<bool>,
    /// `KARMADA_PARTNER_LANG`: a language, or a locale.
    pub language: Option<String>,
    /// The first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set.
    pub locale: Option<String>,
    /// `CI` is set and not empty.
    pub ci: bool,
    /// `SOURCE_DATE_EPOCH`, seconds since 1970.
    pub epoch: Option<String>,
    /// `USER`, `LOGNAME` or `USERNAME`.
    pub user: Option<String>,
    /// `VISUAL`, or else `EDITOR`: the command that opens a file.
    pub editor: Option<String>,
    /// `TERM_PROGRAM` and `TERM`, and whether `KITTY_WINDOW_ID` is set: what the terminal can show.
    pub terminal: (String, String, bool),
    /// Whether the terminal is known to make links of what is marked as one (OSC 8).
    pub shows_links: bool,
    /// `LESS`, `LV` and `LESSCHARSET`, where they are set: how pagers are to behave.
    pub pager_settings: Vec<&'static str>,
    /// The tokens for GitHub, each with the variable it stands in; the first one counts.
    pub tokens: Vec<Token>,
    /// `KARMADA_PARTNER_WEBSITE_TOKEN`: the token for the website's repository, where it is another.
    pub website_token: Option<Token>,
    /// `GIT_CONFIG_COUNT`: how many settings git is given through the environment already.
    pub git_settings: usize,
    /// Whether somebody, and no hook of git's, set `GIT_ALTERNATE_OBJECT_DIRECTORIES`.
    pub borrows_objects: bool,
    /// `GIT_ASKPASS`, and whether VS Code, or what was made of it, set that.
    pub askpass: Askpass,
    /// The variables that choose the way into the network.
    pub ways: Ways,
    /// `GITHUB_API_URL`.
    pub api: Option<String>,
    /// `KARMADA_PARTNER_MAX_WAIT`: for how many seconds to wait for a limit of GitHub's before giving up.
    pub max_wait: Option<String>,
    /// Variables of this program and its tokens that are set, and not to UTF-8.
    pub unreadable: Vec<&'static str>,
    /// What is set and called as if it were this program's, which it isn't.
    pub of_own_name: Vec<String>,
    /// What was given with something pasted around it.
    pub pasted: Vec<Pasted>,
}

/// A value that was given with something pasted around it, and is read without.
#[derive(Debug, Clone)]
pub struct Pasted {
    /// The flag, variable or key.
    pub name: String,
    /// As it was given, and as it is read; nothing where nobody may see it.
    pub shown: Option<(String, String)>,
}

impl Pasted {
    /// What is meant by a value; that it isn't the value itself is `told`. A file that is there is meant as it is called.
    pub(crate) fn taken(name: &str, given: &str, told: &mut Vec<Self>) -> String {
        let Some(meant) = text::as_meant(given).filter(|_| !Path::new(given).exists()) else { return given.to_owned() };
        let hide = |words: &str| text::without_secrets(words, std::iter::empty());
        // What has several lines may be a private key.
        let shown = (!meant.contains('\n')).then(|| (hide(given), hide(meant)));
        told.push(Self { name: name.to_owned(), shown });
        meant.to_owned()
    }

    /// What is meant by a secret: neither that nor how it was given is shown.
    fn secret(name: &str, given: &str, told: &mut Vec<Self>) -> String {
        let Some(meant) = text::as_meant(given) else { return given.to_owned() };
        told.push(Self { name: name.to_owned(), shown: None });
        meant.to_owned()
    }
}

/// A token, and where it was found. It is shown nowhere.
#[derive(Clone)]
pub struct Token {
    /// As it is sent; `Debug` leaves it out.
    pub secret: String,
    /// Where it comes from, in words.
    pub source: &'static str,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token").field("source", &self.source).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum UserDirectory {
    Data,
    State,
    /// What can be made again.
    Cache,
    Config,
}

impl UserDirectory {
    /// What names each, in their order.
    const VARIABLES: [&str; 4] = ["XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"];
}

/// Variables by which somebody means something of this program: none is passed over for how it is written.
const MEANT: [&str; 11] = [
    "KARMADA_PARTNER_LANG",
    "KARMADA_PARTNER_REGISTRY",
    "KARMADA_PARTNER_AS",
    "KARMADA_PARTNER_SIGNING_KEY",
    "KARMADA_PARTNER_TOKEN",
    "KARMADA_PARTNER_WEBSITE_TOKEN",
    "KARMADA_PARTNER_MAX_WAIT",
    "GH_TOKEN",
    "GITHUB_TOKEN",
    "GITHUB_API_URL",
    "SOURCE_DATE_EPOCH",
];

/// How all begin that are this program's alone.
const OWN: &str = "KARMADA_PARTNER_";

/// Those of them that others read: the installers, and the tests.
const OF_OTHERS: [&str; 2] = ["KARMADA_PARTNER_DOWNLOAD", "KARMADA_PARTNER_TESTS"];

impl Environment {
    /// Variables that are called as this program's and that it doesn't know, each with the one that is likely meant.
    pub(crate) fn unknown(&self) -> impl Iterator<Item = (&str, Option<String>)> {
        let known: Vec<String> = MEANT.iter().filter_map(|own| Some(own.strip_prefix(OWN)?.to_lowercase())).collect();
        self.of_own_name.iter().map(move |name| {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let near = text::nearest(&name[OWN.len()..].to_lowercase(), &known).map(str::to_uppercase);
            (name.as_str(), near.map(|near| format!("{OWN}{near}")))
        })
    }

    /// Reads this process's; an empty variable counts as unset, and one of a terminal's that isn't UTF-8.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn read() -> Self {
        let get = |key: &str| std::env::var_os(key).filter(|v| !v.is_empty());
        let word = |key: &str| get(key).and_then(|v| v.into_string().ok());
        let words = |keys: &[&'static str]| keys.iter().filter_map(|key| Some((*key, word(key)?))).collect();
        let path = |key: &str| get(key).map(PathBuf::from);
        let paths = |keys: &[&'static str]| keys.iter().filter_map(|key| Some((*key, path(key)?))).collect();
        // Whoever reads certificates takes a name that is empty for one.
        let certificates = |key: &'static str| Some((key, PathBuf::from(std::env::var_os(key)?)));
        let pasted = RefCell::new(Vec::new());
        let meant = |key: &'static str| Some(Pasted::taken(key, &word(key)?, &mut pasted.borrow_mut()));
        let token = |key: &'static str| {
            let secret = Pasted::secret(key, word(key)?.trim(), &mut pasted.borrow_mut());
            Some(Token { secret, source: key })
        };
        let absolute = |key: &str| path(key).filter(|p| p.is_absolute());
        Self {
            home: path("HOME").or_else(|| path("USERPROFILE")),
            xdg: UserDirectory::VARIABLES.map(absolute),
            folders: Folders::of_this_system(),
            registry: meant("KARMADA_PARTNER_REGISTRY"),
            actor: meant("KARMADA_PARTNER_AS"),
            signing_key: meant("KARMADA_PARTNER_SIGNING_KEY"),
            color: match () {
                () if get("NO_COLOR").is_some() => Some(false),
                () if word("CLICOLOR_FORCE").is_some_and(|force| force != "0") => Some(true),
                () if word("CLICOLOR").is_some_and(|color| color == "0") => Some(false),
                () if word("TERM").is_some_and(|term| term == "dumb") => Some(false),
                () => None,
            },
            language: meant("KARMADA_PARTNER_LANG"),
            locale: word("LC_ALL").or_else(|| word("LC_MESSAGES")).or_else(|| word("LANG")),
            ci: get("CI").is_some(),
            epoch: word("SOURCE_DATE_EPOCH"),
            editor: word("VISUAL").or_else(|| word("EDITOR")),
            user: word("USER").or_else(|| word("LOGNAME")).or_else(|| word("USERNAME")),
            terminal: (
                word("TERM_PROGRAM").unwrap_or_default(),
                word("TERM").unwrap_or_default(),
                get("KITTY_WINDOW_ID").is_some(),
            ),
            pager_settings: ["LESS", "LV", "LESSCHARSET"].into_iter().filter(|key| get(key).is_some()).collect(),
            shows_links: ["VTE_VERSION", "WT_SESSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID", "DOMTERM"]
                .iter()
                .any(|key| get(key).is_some())
                || word("TERM_PROGRAM").is_some_and(|p| ["iTerm.app", "WezTerm", "vscode", "ghostty"].contains(&&*p))
                || word("TERM").is_some_and(|t| ["alacritty", "foot", "xterm-kitty", "xterm-ghostty"].contains(&&*t)),
            tokens: ["KARMADA_PARTNER_TOKEN", "GH_TOKEN", "GITHUB_TOKEN"].into_iter().filter_map(token).collect(),
            website_token: token("KARMADA_PARTNER_WEBSITE_TOKEN"),
            git_settings: word("GIT_CONFIG_COUNT").and_then(|n| n.parse().ok()).unwrap_or_default(),
            borrows_objects: get("GIT_ALTERNATE_OBJECT_DIRECTORIES").is_some()
                && ["GIT_DIR", "GIT_OBJECT_DIRECTORY", "GIT_QUARANTINE_PATH"].iter().all(|key| get(key).is_none()),
            askpass: Askpass { program: word("GIT_ASKPASS"), is_editors: get("VSCODE_GIT_ASKPASS_MAIN").is_some() },
            ways: Ways {
                proxies: words(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]),
                plain_proxies: words(&["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]),
                authorities: certificates("SSL_CERT_FILE")
                    .into_iter()
                    .chain(path("SSL_CERT_DIR").map(|path| ("SSL_CERT_DIR", path)))
                    .collect(),
                gits_authorities: paths(&["GIT_SSL_CAINFO", "GIT_SSL_CAPATH"]),
                direct: (word("NO_PROXY").or_else(|| word("no_proxy")))
                    .is_some_and(|hosts| hosts.split(',').any(|host| host.trim() == "*")),
            },
            api: meant("GITHUB_API_URL"),
            max_wait: meant("KARMADA_PARTNER_MAX_WAIT"),
            of_own_name: std::env::vars_os()
                .filter(|(_, value)| !value.is_empty())
                .filter_map(|(name, _)| name.into_string().ok())
                .filter(|name| name.starts_with(OWN) && ![&MEANT[..], &OF_OTHERS].concat().contains(&name.as_str()))
                .collect(),
            unreadable: MEANT.into_iter().filter(|key| get(key).is_some() && word(key).is_none()).collect(),
            // The last: all others are read by now.
            pasted: pasted.take(),
        }
    }

    /// The language to speak: as the call says, however little of it can be read, or this program's own settings, or else the
    /// machine's. A document is for programs, and stays as it is.
    #[must_use]
    pub fn spoken(&self, words: &[OsString]) -> Language {
        if words.iter().any(|word| word == "--json") {
            return Language::English;
        }
        let of_file = || File::read(&self.directory(UserDirectory::Config).ok()?).ok()?.language;
        flag_values(words, "--lang")
            .last()
            .map(str::to_owned)
            .or_else(|| self.language.clone())
            .or_else(of_file)
            .or_else(|| self.locale.clone().filter(|locale| is_in_utf8(locale)))
            .and_then(|named| Language::named(&named))
            .unwrap_or(Language::English)
    }

    /// What this program's own variable names, where it is no language of its.
    #[must_use]
    pub fn unknown_language(&self) -> Option<&str> {
        self.language.as_deref().filter(|named| !Language::is_spoken(named))
    }

    pub(crate) fn directory(&self, place: UserDirectory) -> Result<PathBuf> {
        let own = self.folders.as_ref();
        let (own, below_home) = match place {
            UserDirectory::Data => (own.map(|own| &own.data), ".local/share"),
            UserDirectory::State => (own.map(|own| &own.state), ".local/state"),
            UserDirectory::Cache => (own.map(|own| &own.cache), ".cache"),
            UserDirectory::Config => (own.map(|own| &own.config), ".config"),
        };
        match (&self.xdg[place as usize], own, &self.home) {
            (Some(set), ..) => Ok(set.join("karmada-partner")),
            (None, Some(own), _) => Ok(own.clone()),
            (None, None, Some(home)) => Ok(home.join(below_home).join("karmada-partner")),
            (None, None, None) => Err(Error::environment(tr!("there is no home directory: HOME isn't set"))
                .hint(tr!("set HOME, or name a registry with --registry PATH"))),
        }
    }

    /// The same, where something has to be kept there.
    ///
    /// # Errors
    /// When no folder can be there.
    pub(crate) fn folder(&self, place: UserDirectory) -> Result<PathBuf> {
        let folder = self.directory(place)?;
        let there = folder.ancestors().find(|above| above.symlink_metadata().is_ok());
        let Some(there) = there.filter(|there| !there.is_dir()) else { return Ok(folder) };
        let by_home = self.xdg[place as usize].is_none() && self.folders.is_none();
        let message = tr!(
            "{there} isn't a folder, and {folder} would be in it",
            there = there.display(),
            folder = folder.display()
        );
        let variable = if by_home { "HOME" } else { UserDirectory::VARIABLES[place as usize] };
        Err(Error::environment(message).hint(tr!("name a folder that can be written to in {variable}", variable)))
    }
}

/// Whether a locale is one of UTF-8, by what it says: what is written here is, and elsewhere nobody could read its Chinese.
fn is_in_utf8(locale: &str) -> bool {
    let letters = locale.split_once('.').map(|(_, letters)| letters.split('@').next().unwrap_or_default());
    letters.is_none_or(|letters| letters.eq_ignore_ascii_case("utf-8") || letters.eq_ignore_ascii_case("utf8"))
}

/// The values that a call gives a flag, however little else of it can be read.
pub(crate) fn flag_values<'a>(words: &'a [OsString], flag: &'a str) -> impl Iterator<Item = &'a str> {
    words.iter().enumerate().filter_map(move |(n, word)| match word.to_str()?.strip_prefix(flag)? {
        "" => words.get(n + 1)?.to_str(),
        value => value.strip_prefix('='),
    })
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Location {
    /// The embedded one, to try things on.
    Embedded,
    Path(PathBuf),
    /// A repository that git reaches by a URL.
    Url(String),
    /// A repository on GitHub, with issues, pull requests and reviews.
    GitHub(RepoName),
}

/// How the tokens of GitHub and GitLab begin, which people put where a user's name stands.
const TOKENS: [&str; 7] = ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-"];

impl Location {
    /// As a person names it. `home` is what `~/` stands for: no shell has read what comes from a file or a variable.
    pub(crate) fn parse(s: &str, home: Option<&Path>) -> Result<Self, Invalid> {
        if let Some(path) = files::below_home(s, home) {
            return Ok(Self::Path(path));
        }
        if let Some((_, rest)) = s.split_once(':').filter(|(before, _)| before.eq_ignore_ascii_case("github")) {
            let name = rest.parse().map_err(|e: Invalid| Invalid::new(e.why, tr!("write github:OWNER/REPO")))?;
            return Ok(Self::GitHub(name));
        }
        if s.trim().is_empty() {
            return Err(Invalid::new(tr!("it is empty"), tr!("name a path, a git URL or github:OWNER/REPO")));
        }
        if let Some((why, hint)) = files::names_none(s) {
            return Err(Invalid::new(why, hint));
        }
        if let Some(Ok(path)) = files::at_address(s) {
            return Ok(Self::Path(path));
        }
        if s.starts_with('-') {
            return Err(Invalid::new(tr!("it isn't a path or a git URL"), tr!("name a path or a git URL")));
        }
        if let Some(why) = text::fault(s) {
            return Err(Invalid::new(why, tr!("name a path or a git URL")));
        }
        let authority = s.split_once("://").and_then(|(_, rest)| rest.split('/').next()).unwrap_or_default();
        let user = authority.split_once('@').map(|(user, _)| user);
        if user.is_some_and(|user| TOKENS.iter().any(|begins| user.starts_with(begins))) {
            return Err(Invalid::new(
                tr!("it carries a token"),
                tr!(
                    "leave it out; git asks its credential helper for it, and KARMADA_PARTNER_TOKEN is for github:OWNER/REPO"
                ),
            ));
        }
        if user.is_some_and(|user| user.contains(':')) {
            return Err(Invalid::new(
                tr!("it carries a password"),
                tr!("leave it out; git asks its credential helper for it"),
            ));
        }
        // As git has it, `host:path` is behind ssh unless there is such a file; one letter is a drive. What begins so may also
        // stand for another address in git's configuration.
        let is_host = |host: &str| host.len() > 1 && !host.contains(['/', '\\']);
        let is_by_number = s.starts_with('[') && s.split_once("]:").is_some_and(|(host, _)| !host.contains('/'));
        let is_short = !s.contains("://") && (is_by_number || s.split_once(':').is_some_and(|(host, _)| is_host(host)));
        let scp_like = is_short && !Path::new(s).exists();
        if s.contains("://") || scp_like {
            let (scheme, rest) = s.split_once("://").unwrap_or((s, ""));
            let host = match scp_like {
                true => s.split_once(':').map_or("", |(host, _)| text::past_user(host)),
                false => text::past_user(authority).split(':').next().unwrap_or_default(),
            };
            return match scheme.to_ascii_lowercase() {
                _ if host.is_empty() => {
                    Err(Invalid::new(tr!("it has no host"), tr!("name a path, a git URL or github:OWNER/REPO")))
                }
                // git takes another spelling for the name of a program.
                plain if matches!(&*plain, "https" | "ssh" | "http" | "git") => {
                    Ok(Self::Url(format!("{plain}://{rest}")))
                }
                _ if scp_like => Ok(Self::Url(s.to_owned())),
                _ => Err(Invalid::new(
                    tr!("{scheme} isn't a way to reach a registry", scheme = text::quote(scheme)),
                    tr!("use https:// or ssh://"),
                )),
            };
        }
        Ok(Self::Path(PathBuf::from(s)))
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct File {
    pub registry: Option<String>,
    pub actor: Option<Login>,
    pub signing_key: Option<String>,
    /// A language, or a locale.
    pub language: Option<String>,
    /// What an editor has put there and is passed over, in words.
    pub passed_over: Option<&'static str>,
    pub pasted: Vec<Pasted>,
    /// The folder it stands in: from there its relative paths lead.
    pub folder: PathBuf,
}

impl File {
    const NAME: &str = "config.toml";

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join(Self::NAME)
    }

    /// What it names in place of a language that is spoken.
    pub(crate) fn unknown_language(&self) -> Option<&str> {
        self.language.as_deref().filter(|named| !Language::is_spoken(named))
    }

    /// Reads `config.toml` in the user's configuration directory, if there is one.
    pub(crate) fn read(directory: &Path) -> Result<Self> {
        let path = directory.join(Self::NAME);
        // Where its directory is none, as with HOME=/dev/null, there is no file either.
        let there = files::seen(&path).map_err(|e| match files::broken_link(&path) {
            Some(_) => e,
            None if files::seen(directory).is_err() => Error { hints: vec![files::enterable().into()], ..e },
            None => Error { hints: vec![tr!("check its permissions, or remove it: it only saves typing").into()], ..e },
        })?;
        let Some(_) = there else { return Ok(Self::default()) };
        let bytes = files::read(&path, limits::DOCUMENT, Self::NAME)?;
        let (bytes, passed_over) = without_editors_marks(&bytes);
        let (mut table, mut faults) = Table::parse(&bytes);
        let mut pasted = Vec::new();
        let mut meant =
            |key: &'static str, faults: &mut Faults| Some(Pasted::taken(key, &table.string(faults, key)?, &mut pasted));
        let registry = meant("registry", &mut faults);
        let signing_key = meant("signing_key", &mut faults);
        let language = meant("lang", &mut faults);
        let actor = table.parsed(&mut faults, "as", |given| mend::read_login(&Pasted::taken("as", given, &mut pasted)));
        let folder = directory.to_owned();
        let file = Self { registry, actor, signing_key, language, passed_over, pasted, folder };
        table.finish(&mut faults);
        faults.or(Some(file)).map_err(|faults| Error::document(&path.display().to_string(), &faults))
    }
}
