//! Where git goes for an address, and by which proxy: its settings may lead elsewhere, so git itself is asked.

use std::path::PathBuf;
use std::time::Duration;

use crate::children::{self, Ended, Patience};
use crate::web;

/// Looking where branches are takes a moment; nobody waits longer, unless a person may be typing a password.
pub(super) const TO_LOOK: Duration = Duration::from_secs(60);

/// The address that stands for this one in git's configuration, `url.<base>.insteadOf`; `None` where none does, and for addresses
/// that have a scheme.
#[must_use]
pub fn address_by_git(address: &str) -> Option<String> {
    let is_short = !address.contains("://") && address.contains(':') && !address.starts_with('-');
    is_short.then_some(())?;
    let mut command = children::git();
    children::as_come_from(&mut command, address).args(["ls-remote", "--get-url", "--", address]);
    let Ok(Ended::With(output)) = children::run(&mut command, b"", Patience::of(TO_LOOK)) else { return None };
    let known = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
    (output.status.success() && !known.is_empty() && known != address).then_some(known)
}

/// The way that git takes to an address.
#[derive(Debug)]
pub(super) struct Way {
    /// Where it leads: another address may stand for the one that is named (`insteadOf`).
    pub(super) address: String,
    /// The setting of git's that names a proxy for it, and what it says; nothing, where there is to be none.
    own: Option<(String, String)>,
    /// What names the certificates that git trusts there, and where they are.
    pub(super) authorities: Vec<(&'static str, PathBuf)>,
}

/// A variable, and the setting of git's that holds where it isn't set.
const OF_AUTHORITIES: [(&str, &str); 2] = [("GIT_SSL_CAINFO", "http.sslCAInfo"), ("GIT_SSL_CAPATH", "http.sslCAPath")];

/// Where git pushes to in place of an address, by `url.<base>.pushInsteadOf`: the longest beginning counts.
fn pushed_to(named: &str, git: impl Fn(&[&str]) -> Option<String>) -> Option<String> {
    let settings = git(&["config", "--get-regexp", r"^url\..*\.pushinsteadof$"])?;
    let instead = settings.lines().filter_map(|line| {
        let (base, begin) = line.strip_prefix("url.")?.split_once(".pushinsteadof ")?;
        Some((begin.len(), format!("{base}{}", named.strip_prefix(begin)?)))
    });
    instead.max_by_key(|(length, _)| *length).map(|(_, address)| address)
}

impl Way {
    /// `git` asks the user's git, where the settings for the address hold, and gives what it prints, if it succeeds.
    pub(super) fn to(named: &str, is_push: bool, git: impl Fn(&[&str]) -> Option<String>) -> Self {
        let of_pushes = is_push.then(|| pushed_to(named, &git)).flatten();
        let found = || git(&["ls-remote", "--get-url", "--", named]).filter(|address| !address.is_empty());
        let address = of_pushes.or_else(found).unwrap_or_else(|| named.to_owned());
        let setting = |name: String, value: Option<String>| Some((name, value?.trim().to_owned()));
        // As git has it: what is set for a remote that is called by its address comes first.
        let of_remote = || {
            let value = git(&["config", "--get", &format!("remote.{named}.proxy")]);
            setting(tr!("git's remote.{named}.proxy", named = crate::domain::text::visible(named)), value)
        };
        let of_address =
            || setting(tr!("git's http.proxy").to_owned(), git(&["config", "--get-urlmatch", "http.proxy", &address]));
        let own = if address.starts_with("http") { of_remote().or_else(of_address) } else { None };
        let authority = |(variable, setting): (&'static str, &'static str)| {
            let of_variable = web::ways::gits_authorities().iter().find(|(set, _)| *set == variable).cloned();
            of_variable.or_else(|| {
                let path = git(&["config", "--type=path", "--get-urlmatch", setting, &address])?;
                (!path.is_empty()).then(|| (setting, path.into()))
            })
        };
        let is_encrypted = address.starts_with("https");
        let authorities = OF_AUTHORITIES.into_iter().filter(|_| is_encrypted).filter_map(authority).collect();
        Self { address, own, authorities }
    }

    /// The proxy that git's own settings name.
    pub(super) fn own_proxy(&self) -> Option<&str> {
        self.own.as_ref().map(|(_, proxy)| proxy.as_str())
    }

    /// How it leads past a proxy that the environment names, if it does.
    pub(super) fn past_proxy(&self) -> Option<String> {
        let is_asked = self.own.is_none() && self.address.starts_with("http");
        is_asked.then(|| web::ways::past_gits_proxy(&self.address)).flatten()
    }

    /// How it leads by a proxy, if it does: git's own settings come before the environment's.
    pub(super) fn by_proxy(&self) -> Option<String> {
        match &self.own {
            _ if !self.address.starts_with("http") => None,
            // Set to nothing, it is a direct way.
            Some((_, proxy)) if proxy.is_empty() => None,
            Some((setting, proxy)) => Some(web::ways::named(setting, proxy)),
            None => web::ways::by_gits_proxy(&self.address),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_push_goes_where_git_sends_pushes() {
        let set = "url.ssh://git@h.example/.pushinsteadof https://h.example/\nurl.ssh://git@h.example/x/.pushinsteadof https://h.example/x\n";
        let git = |args: &[&str]| match args {
            ["config", "--get-regexp", _] => Some(set.to_owned()),
            ["ls-remote", ..] => Some("https://other.example/r".to_owned()),
            _ => None,
        };
        for (named, is_push, goes) in [
            ("https://h.example/r", true, "ssh://git@h.example/r"),
            ("https://h.example/x/r", true, "ssh://git@h.example/x//r"),
            ("https://h.example/r", false, "https://other.example/r"),
            ("https://elsewhere.example/r", true, "https://other.example/r"),
        ] {
            assert_eq!(Way::to(named, is_push, git).address, goes, "{named}");
        }
    }
}
