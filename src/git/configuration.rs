//! git's configuration as git itself reads it: from every place that it knows, what the environment says included. libgit2 knows
//! fewer, so git is asked, once; where there is no git, libgit2 is.

use std::collections::BTreeMap;
use std::time::Duration;

use git2::Repository;

use crate::children::{self, Ended, Patience};
use crate::git::signing::GitSigning;

const TO_ANSWER: Patience<'static> = Patience::of(Duration::from_secs(20));

/// Each setting by its name, whose first and last part are in small letters; the last value counts.
#[derive(Debug, Default)]
pub(super) struct Configuration(BTreeMap<String, String>);

impl Configuration {
    pub(super) fn of(git: &Repository) -> Self {
        Self::by_git(git).or_else(|| Self::by_libgit2(git)).unwrap_or_default()
    }

    fn by_git(git: &Repository) -> Option<Self> {
        let mut command = children::git();
        command.arg("--git-dir").arg(git.path()).args(["config", "--null", "--list"]);
        let Ok(Ended::With(output)) = children::run(&mut command, b"", TO_ANSWER) else { return None };
        output.status.success().then_some(())?;
        let said = String::from_utf8_lossy(&output.stdout);
        // A setting without a value is a yes.
        let setting = |entry: &str| {
            let (name, value) = entry.split_once('\n').unwrap_or((entry, "true"));
            (name.to_owned(), value.to_owned())
        };
        Some(Self(said.split_terminator('\0').map(setting).collect()))
    }

    fn by_libgit2(git: &Repository) -> Option<Self> {
        let config = git.config().ok()?;
        let mut found = BTreeMap::new();
        let mut entries = config.entries(None).ok()?;
        while let Some(Ok(entry)) = entries.next() {
            if let Ok(name) = entry.name() {
                let value = if entry.has_value() { entry.value().unwrap_or_default() } else { "true" };
                found.insert(name.to_owned(), value.to_owned());
            }
        }
        Some(Self(found))
    }

    /// A setting that says anything.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.trim().is_empty())
    }

    pub(super) fn is_on(&self, name: &str) -> bool {
        let value = self.get(name).unwrap_or_default().to_ascii_lowercase();
        matches!(value.as_str(), "true" | "yes" | "on") || value.parse::<i64>().is_ok_and(|number| number != 0)
    }

    /// What it says about signing.
    pub(super) fn signing(&self, git: &Repository) -> GitSigning {
        let get = |name| self.get(name).map(str::to_owned);
        let path = |name| self.get(name).map(|value| path_of(git, name, value));
        GitSigning {
            format: get("gpg.format"),
            key: path("user.signingkey"),
            openpgp_program: path("gpg.openpgp.program").or_else(|| path("gpg.program")),
            x509_program: path("gpg.x509.program"),
            ssh_program: path("gpg.ssh.program"),
            default_key_command: get("gpg.ssh.defaultkeycommand"),
            sign_commits: self.is_on("commit.gpgsign"),
        }
    }
}

/// Programs and keys may begin with somebody's home directory, which git knows to name.
fn path_of(git: &Repository, name: &str, value: &str) -> String {
    if !value.starts_with(['~', '%']) {
        return value.to_owned();
    }
    let mut command = children::git();
    command.arg("--git-dir").arg(git.path()).args(["config", "--type=path", "--get", name]);
    match children::run(&mut command, b"", TO_ANSWER) {
        Ok(Ended::With(output)) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).trim_end_matches(['\n', '\r']).to_owned()
        }
        _ => {
            let known = git.config().and_then(|config| config.get_path(name));
            known.map_or_else(|_| value.to_owned(), |path| path.to_string_lossy().into_owned())
        }
    }
}
