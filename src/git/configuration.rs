//! git's configuration as git itself reads it: from every place that it knows, what the environment says included. libgit2 knows
//! fewer, so git is asked, once; where there is no git, libgit2 is.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use git2::{Config, ErrorClass, Repository};

use super::failure::{Explain as _, RepoError, Result, Trouble};
use super::plain;
use super::sharing::Sharing;
use crate::children::{self, Ended, Patience};
use crate::domain::text;
use crate::files;
use crate::git::signing::GitSigning;

/// Each setting by its name, whose first and last part are in small letters, with where it stands; the last value counts.
#[derive(Debug, Default)]
pub(super) struct Configuration(BTreeMap<String, Setting>);

#[derive(Debug)]
struct Setting {
    value: String,
    /// As git names it: `file:…`, `command line:`.
    place: Option<String>,
}

impl Configuration {
    /// Of a repository, which `came_from` such addresses where it has no remotes.
    ///
    /// # Errors
    /// When git refuses it. What it asks for isn't known then, and isn't nothing: votes may have to be signed.
    pub(super) fn of(git: &Repository, came_from: &[String]) -> Result<Self> {
        if let Some(e) = unread() {
            return Err(e);
        }
        match asked(git, came_from, &["--show-origin", "--null", "--list"])? {
            Some(output) => Ok(Self::listed(&String::from_utf8_lossy(&output.stdout))),
            None => Self::by_libgit2(git),
        }
    }

    fn listed(said: &str) -> Self {
        let mut found = BTreeMap::new();
        let mut fields = said.split_terminator('\0');
        while let (Some(place), Some(entry)) = (fields.next(), fields.next()) {
            // A setting without a value is a yes.
            let (name, value) = entry.split_once('\n').unwrap_or((entry, "true"));
            found.insert(name.to_owned(), Setting { value: value.to_owned(), place: Some(place.to_owned()) });
        }
        Self(found)
    }

    fn by_libgit2(git: &Repository) -> Result<Self> {
        let cant = || tr!("git's configuration can't be read").to_owned();
        let config = git.config().explain(cant)?;
        let mut found = BTreeMap::new();
        let mut entries = config.entries(None).explain(cant)?;
        while let Some(entry) = entries.next() {
            let entry = entry.explain(cant)?;
            if let Ok(name) = entry.name() {
                let value = if entry.has_value() { entry.value().unwrap_or_default() } else { "true" };
                found.insert(name.to_owned(), Setting { value: value.to_owned(), place: None });
            }
        }
        Ok(Self(found))
    }

    /// A setting that says anything.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|setting| setting.value.as_str()).filter(|value| !value.trim().is_empty())
    }

    /// Whether there is any setting whose name begins so.
    pub(super) fn has_any(&self, beginnings: &[&str]) -> bool {
        self.0.keys().any(|name| beginnings.iter().any(|begin| name.starts_with(begin)))
    }

    /// # Errors
    /// When it says neither yes nor no.
    pub(super) fn is_on(&self, name: &str) -> Result<bool> {
        let Some(value) = self.get(name) else { return Ok(false) };
        truth(value).ok_or_else(|| self.meaningless(name, value, tr!("write true or false there")))
    }

    /// # Errors
    /// When it names no way to share that git has.
    pub(super) fn sharing(&self) -> Result<Option<Sharing>> {
        let Some(value) = self.get("core.sharedrepository") else { return Ok(None) };
        let hint = tr!("write group, all, umask, or permissions such as 0660 there");
        Sharing::parse(value).map_err(|()| self.meaningless("core.sharedrepository", value, hint))
    }

    /// Whether git writes down where references were; `checked_out`: whether there is a working tree, where nothing says so.
    pub(super) fn keeps_logs(&self, checked_out: bool) -> bool {
        self.get("core.logallrefupdates").map_or(checked_out, |value| truth(value) != Some(false))
    }

    fn meaningless(&self, name: &str, value: &str, hint: &'static str) -> RepoError {
        let value = text::quote(value);
        let message = match self.0.get(name).and_then(|setting| setting.place.as_deref()) {
            Some("command line:") => {
                tr!("git's {name} is {value} in the environment, which means nothing to git", name, value)
            }
            Some(place) => {
                let place = text::visible(place.strip_prefix("file:").unwrap_or(place));
                tr!("git's {name} is {value} in {place}, which means nothing to git", name, value, place)
            }
            None => tr!("git's {name} is {value}, which means nothing to git", name, value),
        };
        RepoError::new(Trouble::Environment, message, hint)
    }

    /// What it says about signing.
    pub(super) fn signing(&self, git: &Repository, came_from: &[String]) -> Result<GitSigning> {
        let get = |name| self.get(name).map(str::to_owned);
        let path = |name| self.get(name).map(|value| path_of(git, came_from, name, value)).transpose();
        // The older name of the same.
        let openpgp_program = match path("gpg.openpgp.program")? {
            None => path("gpg.program")?,
            named => named,
        };
        Ok(GitSigning {
            format: get("gpg.format"),
            key: path("user.signingkey")?,
            openpgp_program,
            x509_program: path("gpg.x509.program")?,
            ssh_program: path("gpg.ssh.program")?,
            default_key_command: get("gpg.ssh.defaultkeycommand"),
            sign_commits: self.is_on("commit.gpgsign")?,
        })
    }
}

/// The person's login on GitHub where there is no repository yet, as git's configuration has it for all of them.
#[must_use]
pub fn github_user() -> Option<String> {
    let mut command = children::git();
    command.current_dir(std::env::temp_dir()).args(["config", "--get", "github.user"]);
    match children::run(&mut command, b"", Patience::TO_ANSWER) {
        Ok(Ended::With(output)) if output.status.success() => {
            Some(String::from_utf8_lossy(&output.stdout).trim().to_owned()).filter(|login| !login.is_empty())
        }
        _ => None,
    }
}

/// That this user's own settings may not be read, which git passes over.
fn unread() -> Option<RepoError> {
    let found = [Config::find_global(), Config::find_xdg()].into_iter().flatten();
    let (file, e) = found.into_iter().find_map(|file| {
        let e = files::open_plain(&file).err().filter(|e| e.kind() == std::io::ErrorKind::PermissionDenied)?;
        Some((file, e))
    })?;
    // Another may be named in its place; a git that can't say so is an old one.
    let mut command = children::git();
    let named = children::run(command.args(["var", "GIT_CONFIG_GLOBAL"]), b"", Patience::TO_ANSWER);
    if let Ok(Ended::With(output)) = named
        && output.status.success()
        && !String::from_utf8_lossy(&output.stdout).lines().any(|line| Path::new(line) == file)
    {
        return None;
    }
    Some(plain::cant_read(&file, &e))
}

/// Why libgit2 can't do something. Where the settings keep it from that, of a repository or of the person, git says in which file.
pub(super) fn why(what: &str, error: &git2::Error, folder: Option<&Path>) -> RepoError {
    let refused = (error.class() == ErrorClass::Config).then(|| {
        let mut command = children::git();
        match folder {
            Some(folder) => command.arg("--git-dir").arg(folder),
            None => command.current_dir(std::env::temp_dir()),
        };
        of_git(command.args(["config", "--list"])).err()
    });
    refused.flatten().unwrap_or_else(|| RepoError::from_git(what, error))
}

/// What `git config` says, if there is a git to ask.
fn asked(git: &Repository, came_from: &[String], args: &[&str]) -> Result<Option<Output>> {
    let mut command = children::git();
    for address in came_from {
        children::as_come_from(&mut command, address);
    }
    of_git(command.arg("--git-dir").arg(git.path()).arg("config").args(args))
}

fn of_git(command: &mut Command) -> Result<Option<Output>> {
    let refused = |said: &str| {
        let message = tr!("git can't read its configuration:").to_owned() + "\n  " + said;
        RepoError::new(Trouble::Environment, message, tr!("git config --list --show-origin shows where it stands"))
    };
    match children::run(command, b"", Patience::TO_ANSWER) {
        Err(_) => Ok(None),
        Ok(Ended::With(output)) if output.status.success() => Ok(Some(output)),
        Ok(Ended::With(output)) => {
            let said = children::without_traces(&String::from_utf8_lossy(&output.stderr));
            if let Some(hint) = children::much_newer_git(&said) {
                return Err(RepoError {
                    hint: Some(hint),
                    ..refused(&text::visible(said.lines().next().unwrap_or_default()))
                });
            }
            let lines: Vec<_> = said.lines().map(text::visible).filter(|line| !line.trim().is_empty()).collect();
            let told = refused(&if lines.is_empty() { children::how(output.status) } else { lines.join("\n  ") });
            let named = || (!lines.is_empty()).then(children::mend_what_git_names);
            let hint = children::why_ended(output.status).or_else(named).map(Into::into);
            Err(RepoError { hint: hint.or(told.hint.clone()), ..told })
        }
        Ok(Ended::Late | Ended::Stopped) => Err(refused(tr!("it took too long, and was ended"))),
    }
}

/// Yes or no, as git reads it; numbers may have a unit.
fn truth(value: &str) -> Option<bool> {
    let number = || Config::parse_i64(value).map(|number| number != 0);
    Config::parse_bool(value).or_else(|_| number()).ok()
}

/// Programs and keys may begin with somebody's home directory, which git knows to name.
pub(super) fn path_of(git: &Repository, came_from: &[String], name: &str, value: &str) -> Result<String> {
    if !value.starts_with(['~', '%']) {
        return Ok(value.to_owned());
    }
    if let Some(output) = asked(git, came_from, &["--type=path", "--get", name])? {
        return Ok(String::from_utf8_lossy(&output.stdout).trim_end_matches(['\n', '\r']).to_owned());
    }
    let known = git.config().and_then(|config| config.get_path(name));
    Ok(known.map_or_else(|_| value.to_owned(), |path| path.to_string_lossy().into_owned()))
}

#[cfg(test)]
mod tests {
    use super::truth;

    #[test]
    fn yes_and_no_are_gits() {
        for yes in ["true", "Yes", "ON", "1", "-1", "1k", "2G", "0x1", "010"] {
            assert_eq!(truth(yes), Some(true), "{yes}");
        }
        for no in ["false", "NO", "off", "0", "0k", "0x0", "00"] {
            assert_eq!(truth(no), Some(false), "{no}");
        }
        for neither in ["maybe", "treu", "1x", "k", "-", "--1", "0x", "08", "1 k", "yes please"] {
            assert_eq!(truth(neither), None, "{neither}");
        }
    }
}
