//! What a program says about GitHub: where issues go, how decisions land, which team to compare with.

use std::fmt;
use std::str::FromStr;

use crate::domain::text::is_digits;
use crate::domain::toml::{Faults, Table};
use crate::domain::values::{Invalid, Login, words};

/// A repository on GitHub, as in `karmada-io/community`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepoName {
    /// The account or organization it belongs to.
    pub owner: Login,
    /// Its name: letters, digits, `.`, `_` and `-`.
    pub name: String,
}

impl RepoName {
    /// Whether both name the same repository; GitHub ignores case.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.owner.is(&other.owner) && self.name.eq_ignore_ascii_case(&other.name)
    }

    /// The repository that an address at `host` leads to: one that git knows it by, or any of its pages in a browser.
    #[must_use]
    pub fn at_address(address: &str, host: &str) -> Option<Self> {
        let address = address.trim();
        let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
        let scheme = scheme.to_ascii_lowercase();
        let scp_like = || rest.split_once(':').filter(|(there, _)| there.contains('@') && !there.contains('/'));
        let (authority, path) = match &*scheme {
            "https" | "http" | "ssh" | "git" => rest.split_once('/')?,
            "" => scp_like().or_else(|| rest.split_once('/'))?,
            _ => return None,
        };
        // A password is nobody's business here; a name says how git logs in, and not where.
        let there = match authority.split_once('@') {
            Some((user, _)) if user.contains(':') => return None,
            Some((_, there)) => there,
            None => authority,
        };
        let bare = |s: &str| s.split(':').next().unwrap_or_default().to_ascii_lowercase();
        let same = match &*scheme {
            "ssh" => bare(there) == bare(host),
            _ => there.to_ascii_lowercase().trim_start_matches("www.") == host.to_ascii_lowercase(),
        };
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        let (owner, name) = (parts.next()?, parts.next()?);
        format!("{owner}/{name}").parse().ok().filter(|_| same)
    }

    /// The repository that the address of a page leads to, at whatever host.
    #[must_use]
    pub fn of_page(page: &str) -> Option<Self> {
        let (_, rest) = page.split_once("://")?;
        Self::at_address(page, rest.split('/').next()?)
    }

    /// The repository and the number of the issue at an address, at whatever host.
    #[must_use]
    pub fn of_issue(page: &str) -> Option<(Self, u64)> {
        let (_, number) = page.rsplit_once("/issues/")?;
        Some((Self::of_page(page)?, number.parse().ok()?))
    }
}

/// An issue or a pull request as somebody names it: `3`, `#3`, `OWNER/REPO#3`, or the address of its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered {
    pub number: u64,
    /// Where it is, if that is named, too: a repository's address or its name.
    pub place: Option<String>,
}

impl FromStr for Numbered {
    type Err = Invalid;

    fn from_str(typed: &str) -> Result<Self, Invalid> {
        let typed = typed.trim();
        let page = ["/issues/", "/pull/"].iter().find_map(|part| typed.split_once(part));
        let (place, number) = match page {
            Some((place, rest)) => (place, rest.split(['/', '?', '#']).next().unwrap_or_default()),
            None => typed.rsplit_once('#').unwrap_or(("", typed)),
        };
        let digits = is_digits(number);
        let number = number.parse().ok().filter(|number| digits && *number > 0).ok_or_else(|| {
            Invalid::new(
                tr!("it isn't the number of an issue or a pull request"),
                tr!("write it as 3, as #3, or as the address of its page"),
            )
        })?;
        Ok(Self { number, place: Some(place.to_owned()).filter(|place| !place.is_empty()) })
    }
}

impl fmt::Display for RepoName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

impl serde::Serialize for RepoName {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl FromStr for RepoName {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        let invalid = || Invalid::new(tr!("it isn't the name of a repository on GitHub"), tr!("write OWNER/REPO"));
        let (owner, name) = s.split_once('/').ok_or_else(invalid)?;
        let name = name.strip_suffix(".git").unwrap_or(name);
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if name.is_empty() || name.len() > 100 || !name.chars().all(fits) || matches!(name, "." | "..") {
            return Err(invalid());
        }
        Ok(Self { owner: owner.parse().map_err(|_| invalid())?, name: name.to_owned() })
    }
}

/// A team of an organization, as in `karmada-io/maintainers`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TeamName {
    pub org: Login,
    pub team: String,
}

impl FromStr for TeamName {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        let RepoName { owner, name } =
            s.parse().map_err(|_| Invalid::new(tr!("it isn't the name of a team on GitHub"), tr!("write ORG/TEAM")))?;
        Ok(Self { org: owner, team: name })
    }
}

words! {
    /// How a decision comes to the default branch.
    pub enum Landing {
        /// The member who decides pushes it.
        Push = "push",
        /// A pull request brings it, for branches that nobody may push to.
        PullRequest = "pull-request",
    }
}

words! {
    /// Who writes a decision down that the votes carry.
    pub enum Deciding {
        /// A member.
        ByHand = "by-hand",
        /// A workflow does, for applications and updates.
        Auto = "auto",
    }
}

/// Where an application's issue is opened.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Issues {
    Here,
    Elsewhere(RepoName),
    Nowhere,
}

impl Issues {
    /// The repository they go to, seen from a registry; `None` for nowhere.
    #[must_use]
    pub const fn place<'a>(&'a self, registry: &'a RepoName) -> Option<&'a RepoName> {
        match self {
            Self::Here => Some(registry),
            Self::Elsewhere(name) => Some(name),
            Self::Nowhere => None,
        }
    }
}

/// `[github]` of `program.toml`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct GitHub {
    pub issues: Issues,
    pub landing: Landing,
    /// `decide`: who writes decisions down.
    pub decide: Deciding,
    /// Whether Prow merges there, which has to be held off: for it, an Approve is reason enough.
    pub prow: bool,
    /// `team`: whom the committee is compared with, never taken from.
    pub team: Option<TeamName>,
    /// `members_of`: the organization that a contact should be a member of; not asked if it doesn't say.
    pub members_of: Option<Login>,
}

impl Default for GitHub {
    fn default() -> Self {
        Self {
            issues: Issues::Here,
            landing: Landing::Push,
            decide: Deciding::ByHand,
            prow: false,
            team: None,
            members_of: None,
        }
    }
}

impl GitHub {
    pub(super) fn read(table: Option<Table<'_>>, faults: &mut Faults) -> Self {
        let default = Self::default();
        let Some(mut table) = table else { return default };
        let issues = match table.flag("issues") {
            Some(true) => Some(Issues::Here),
            Some(false) => Some(Issues::Nowhere),
            None => table.value(faults, "issues").map(Issues::Elsewhere),
        };
        let read = Self {
            issues: issues.unwrap_or(default.issues),
            landing: table.value(faults, "landing").unwrap_or(default.landing),
            decide: table.value(faults, "decide").unwrap_or(default.decide),
            prow: table.flag("prow").unwrap_or_default(),
            team: table.value(faults, "team"),
            members_of: table.value(faults, "members_of"),
        };
        table.finish(faults);
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_has_an_owner_and_a_plain_name() {
        for good in ["karmada-io/community", "a/b.c_d-e", "A/b.git"] {
            assert!(good.parse::<RepoName>().is_ok(), "{good}");
        }
        for bad in ["", "a", "a/", "/b", "a/b/c", "a/..", "a b/c", "a/b?c", "-a/b", "a/b\n"] {
            assert!(bad.parse::<RepoName>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn every_address_of_a_repository_names_it() {
        for address in [
            "https://github.com/karmada-io/partners",
            "https://github.com/karmada-io/partners/",
            "https://github.com/karmada-io/partners.git",
            "https://GitHub.com/karmada-io/partners/tree/main",
            "https://www.github.com/karmada-io/partners/blob/main/data/program.toml",
            "https://github.com/karmada-io/partners/issues",
            "https://github.com/karmada-io/partners/pull/7",
            "https://github.com/karmada-io/partners/pull/7/files?w=1#diff-1",
            "https://github.com/karmada-io/partners?tab=readme-ov-file#readme",
            "http://github.com/karmada-io/partners",
            "https://jane@github.com/karmada-io/partners.git",
            "git@github.com:karmada-io/partners.git",
            "git@github.com:karmada-io/partners",
            "ssh://git@github.com/karmada-io/partners.git",
            "ssh://git@github.com:22/karmada-io/partners.git",
            "git://github.com/karmada-io/partners.git",
            "github.com/karmada-io/partners",
            " https://github.com/karmada-io/partners ",
        ] {
            let found = RepoName::at_address(address, "github.com").map(|name| name.to_string());
            assert_eq!(found.as_deref(), Some("karmada-io/partners"), "{address}");
        }
        for address in [
            "https://github.com.evil.example/karmada-io/partners",
            "https://evil.example/github.com/karmada-io/partners",
            "https://github.com@evil.example/karmada-io/partners",
            "https://jane:secret@github.com/karmada-io/partners",
            "https://gist.github.com/karmada-io/partners",
            "https://github.com/karmada-io",
            "https://github.com/karmada-io/..",
            "https://github.com",
            "git@gitlab.com:karmada-io/partners.git",
            "file:///github.com/karmada-io/partners",
            "../github.com/karmada-io/partners",
            "karmada-io/partners",
            "",
        ] {
            assert_eq!(RepoName::at_address(address, "github.com"), None, "{address}");
        }
        let enterprise = RepoName::at_address("https://ghe.example:8443/o/r/issues", "ghe.example:8443");
        assert_eq!(enterprise.unwrap().to_string(), "o/r");
    }

    #[test]
    fn an_issue_is_named_by_its_number_or_by_its_page() {
        let page = "https://github.com/o/r";
        for (typed, place) in [
            ("12", None),
            (" #12 ", None),
            ("o/r#12", Some("o/r")),
            ("https://github.com/o/r/issues/12", Some(page)),
            ("https://github.com/o/r/issues/12#issuecomment-3", Some(page)),
            ("https://github.com/o/r/pull/12/files?w=1", Some(page)),
            ("github.com/o/r/pull/12/", Some("github.com/o/r")),
        ] {
            let wanted = Numbered { number: 12, place: place.map(str::to_owned) };
            assert_eq!(typed.parse(), Ok(wanted), "{typed}");
        }
        for typed in [
            "",
            "#",
            "0",
            "#0",
            "x",
            "-3",
            "+3",
            "3.0",
            "o/r",
            "https://github.com/o/r/issues/",
            "99999999999999999999",
        ] {
            assert!(typed.parse::<Numbered>().is_err(), "{typed}");
        }
    }

    #[test]
    fn the_issue_at_an_address_is_known_by_its_repository_and_number() {
        for host in ["https://github.com", "https://ghe.example:8443", "http://127.0.0.1:80"] {
            let (place, number) = RepoName::of_issue(&format!("{host}/o/r/issues/12")).unwrap();
            assert_eq!((place.to_string().as_str(), number), ("o/r", 12));
        }
        for address in ["https://github.com/o/r/pull/12", "https://github.com/o/r/issues/x", "/o/r/issues/12", "o/r#12"]
        {
            assert_eq!(RepoName::of_issue(address), None, "{address}");
        }
    }
}
