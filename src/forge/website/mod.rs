//! A website's repository: what stands on its default branch is read, and changes to it are proposed from one branch.
//!
//! - [`plain`]: a git repository at a path or behind a URL; the branch is the proposal.
//! - `github`: no clone; a branch in a fork of ours, and a pull request.
//! - `content` turns a wish into a tree; both kinds share it.
//! - `search` looks through what stands on GitHub.
//!
//! What was read is what is changed: the default branch is looked at once, and a proposal is one commit on exactly that.
//! So nothing that others wrote meanwhile can be taken back by a file that was made from an older one.

pub(crate) mod content;
pub(crate) mod github;
pub mod plain;
pub(crate) mod question;
pub(crate) mod search;

use std::path::Path;

use super::{Account, Link};
use crate::config::Location;
use crate::domain::program::github::RepoName;
use crate::domain::values::{Invalid, words};
use crate::error::{Error, Result};
use crate::git::{Author, Entry, Oid};
use crate::render::website::mentions::Part;

/// The branch that the partners page is proposed from.
pub const BRANCH: &str = "karmada-partner/partners";

/// How the titles of its commits begin.
pub const TITLES: [&str; 2] = ["Partners: ", "Bring the partners page up to date"];

/// Whether a commit is this program's, by its title; or brings only the default branch into one, by the title of its first parent,
/// as GitHub's “Update branch” does: what somebody else has put there isn't taken away.
pub(crate) fn is_ours(title: &str, parents: &[&str]) -> bool {
    let begins = |title: &str| TITLES.iter().any(|ours| title.starts_with(ours));
    begins(title) || matches!(parents, [first, _] if title.starts_with("Merge branch ") && begins(first))
}

/// What to say where the branch holds what others have put there.
pub(crate) fn holds_others(branch: &str, place: &str, tip: &str, title: &str) -> Error {
    let (short, title) = (tip.get(..10).unwrap_or(tip), crate::domain::text::visible(title));
    Error::refused(format!("the branch {branch} of {place} holds what this program didn't write: {short} {title}"))
}

/// A website's repository. Every verb can be run again after any failure, and nothing is there twice.
///
/// # Errors
/// All fail alike: where the repository can't be reached, read or, by [`Site::propose`], written.
#[expect(clippy::missing_errors_doc, reason = "all of them fail alike")]
pub trait Site: std::fmt::Debug {
    /// Says early what the run will be about: the branch of its proposal, files and directories that will be read or
    /// changed. Then one question does where each of them would ask its own. Nothing depends on it.
    fn expect(&self, branch: &str, paths: &[&str]);

    /// The plain file at a path on the default branch.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>>;

    /// What lies in a directory of the default branch, with git's ids, in git's order; nothing where there is none.
    fn list(&self, directory: &str) -> Result<Vec<Entry>>;

    /// Shows a part of the default branch's sources, as far as few requests bring them; gives how many files that leaves out, and
    /// one at least where nobody knows.
    fn show(&self, part: Part, see: &mut dyn FnMut(&str, &[u8])) -> Result<usize>;

    /// Who the site knows us as; `None` where people say themselves who they are.
    fn account(&self) -> Result<Option<Account>>;

    /// What the commit of the open proposal on a branch says; nothing where this program has none there.
    fn proposed(&self, branch: &str) -> Result<Option<String>>;

    /// What [`Site::propose`] would do now. Changes nothing.
    fn plan(&self, wish: &Wish<'_>) -> Result<Planned>;

    /// Opens, brings up to date or closes the one proposal on a branch.
    fn propose(&self, wish: &Wish<'_>) -> Result<Proposed>;
}

#[derive(Debug, Clone)]
pub struct Wish<'a> {
    /// The branch of the proposal, without `refs/heads/`: see [`BRANCH`]. What it holds of this program's is replaced.
    pub branch: &'a str,
    /// The title of the pull request.
    pub title: &'a str,
    pub body: &'a str,
    /// The whole message of the commit, with `Signed-off-by` for its author.
    pub message: &'a str,
    pub author: &'a Author,
    /// By what it is known again when somebody has closed it; empty where it isn't to be.
    pub about: &'a str,
    /// Whether it is proposed once more where somebody has closed just that.
    pub again: bool,
    /// What is to stand at each path; `None`: nothing. What isn't named stays as it is.
    pub puts: Vec<(String, Option<Vec<u8>>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteOutcome {
    /// The default branch has it all, and nothing is open.
    Nothing,
    /// The default branch has it all; what was still open is closed.
    Closed,
    /// It is proposed for the first time, or again after an earlier proposal ended.
    Opened,
    /// The open proposal is brought up to date.
    Updated,
    /// An open proposal says just that already.
    Same,
    /// Somebody there has closed a proposal that said just that.
    SetAside,
}

impl SiteOutcome {
    /// Whether it changes nothing.
    #[must_use]
    pub const fn is_idle(self) -> bool {
        matches!(self, Self::Nothing | Self::Same | Self::SetAside)
    }
}

words! {
    pub enum How {
        Added = "added",
        Changed = "changed",
        Removed = "removed",
    }
}

/// A file that differs from the default branch's.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Changed {
    /// From the top of the website's repository.
    pub path: String,
    /// What a merge would do to it.
    pub how: How,
}

#[derive(Debug, Clone)]
pub struct Planned {
    pub outcome: SiteOutcome,
    /// The files that a proposal would bring; none with [`SiteOutcome::Nothing`] and [`SiteOutcome::Closed`].
    pub changes: Vec<Changed>,
    /// Where the branch is or will be, for people: a path, a URL, a fork's name.
    pub place: String,
    /// The commit that the branch points at now, and no longer would.
    pub replaces: Option<Oid>,
    /// What is open already.
    pub links: Vec<Link>,
}

/// What was done, of what [`Planned`] told.
#[derive(Debug, Clone)]
pub struct Proposed {
    pub outcome: SiteOutcome,
    /// The commit that is proposed; none with [`SiteOutcome::Nothing`] and [`SiteOutcome::Closed`].
    pub commit: Option<Oid>,
    pub changes: Vec<Changed>,
    pub place: String,
    /// The commit that the branch pointed at before, if that was moved or removed: whatever somebody added there by hand
    /// is still in it.
    pub replaced: Option<Oid>,
    /// What to look at in a browser.
    pub links: Vec<Link>,
}

/// Where a website's repository is, as a person names it: a path, a git URL, `github:OWNER/REPO`, or `OWNER/REPO`, which
/// is on GitHub unless there is such a path here.
pub(crate) fn locate(named: &str, home: Option<&Path>) -> Result<Location, Invalid> {
    let location = Location::parse(named, home).map_err(|e| match named.starts_with("github:") {
        true => e,
        false => Invalid::new(e.why, "name a path, a git URL or github:OWNER/REPO"),
    })?;
    Ok(match location {
        Location::Path(path) if !named.contains("://") && crate::files::is_absent(Path::new(named)) => {
            named.parse::<RepoName>().map_or(Location::Path(path), Location::GitHub)
        }
        other => other,
    })
}

/// That the proposal's branch isn't where it was, and doesn't hold what is wanted either.
fn raced(branch: &str) -> Error {
    Error::environment(format!("somebody else changed the branch {branch} meanwhile"))
        .hint("run it again: it looks at what is there, and nothing is done twice")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_named_by_path_url_or_owner_and_name() {
        let github = |s: &str| Location::GitHub(s.parse().unwrap());
        assert_eq!(locate("github:karmada-io/website", None).unwrap(), github("karmada-io/website"));
        assert_eq!(locate("karmada-io/website", None).unwrap(), github("karmada-io/website"));
        assert_eq!(locate("src/forge", None).unwrap(), Location::Path("src/forge".into()), "there is such a directory");
        for path in ["./karmada-io/website", "/karmada-io/website", "website", "a/b/c", "../website"] {
            assert_eq!(locate(path, None).unwrap(), Location::Path(path.into()));
        }
        let (address, path) = match cfg!(windows) {
            true => ("file:///C:/srv/site.git", "C:\\srv\\site.git"),
            false => ("file:///srv/site.git", "/srv/site.git"),
        };
        assert_eq!(locate(address, None).unwrap(), Location::Path(path.into()));
        let url = "https://github.com/karmada-io/website";
        assert_eq!(locate(url, None).unwrap(), Location::Url(url.into()));
        for bad in ["", "github:website", "https://a:b@c.example/d", "ftp://c.example/d", "-x"] {
            assert!(locate(bad, None).is_err(), "{bad}");
        }
    }
}
