//! Where a registry is kept. One trait, for what ships in more than one kind.

pub(crate) mod board;
pub(crate) mod branch_moves;
pub(crate) mod git;
pub(crate) mod github;
pub(crate) mod mirror;
pub(crate) mod progress;
mod push_report;
mod remedies;
mod ssh_words;
pub(crate) mod trial;
mod way;
pub mod website;

pub use way::address_by_git;

use std::time::Duration;

use crate::domain::check::Problem;
use crate::domain::{AccountId, Event, HttpLink, Login, Program, Slug};
use crate::error::{Error, Result};
use crate::forge::board::Board;
use crate::git::{Oid, RefMove, Repo, RepoError, Trouble};
use crate::registry::change::Change;
use crate::registry::{Heads, Proposal, Snapshot};

/// A place that keeps a registry. Every verb can be run again after any failure, with the same result. Nothing here has
/// a body of its own: what stands in front of a registry has to say what it makes of each.
pub(crate) trait Forge {
    fn repo(&self) -> &Repo;

    fn heads(&self) -> Result<Heads>;

    /// How often a lost race is run again, and how long a pause grows with each.
    fn patience(&self) -> (u32, Duration);

    /// Publishes changes in order, if the branches are still where `on` has them. After a failure in the middle, planning
    /// and publishing again goes on from there.
    fn publish(&self, on: &Snapshot<'_>, changes: &[Change]) -> Result<Published, Stopped>;

    /// Whether what is published here is only tried out, and reaches nobody.
    fn is_trial(&self) -> bool;

    /// What publishing a change will do, for people.
    fn preview(&self, change: &Change) -> Result<String>;

    /// Who the forge knows us as; `None` where people say themselves who they are.
    fn account(&self) -> Result<Option<Account>>;

    fn link(&self, proposal: &Proposal) -> Option<HttpLink>;

    /// `None` where branches move one by one.
    fn at_once(&self) -> Option<&dyn AtOnce>;

    /// `None` where all of the registry can be read. Otherwise only what was expected is at hand.
    fn reading_ahead(&self) -> Option<&dyn ReadingAhead>;

    /// `None` where there is nobody to ask or to tell.
    fn people(&self) -> Option<&dyn People>;
}

/// A registry whose branches can be moved at once, however many they are.
pub(crate) trait AtOnce {
    /// Moves branches to commits that were made before, all or none, if they are where `moves` says.
    fn move_all(&self, moves: &[RefMove], title: &str) -> Result<(), Stopped>;
}

/// A registry of which an applicant reads no more than is asked for.
pub(crate) trait ReadingAhead {
    /// Says early what the run will be about, so that it can be read while a person still types.
    fn expect(&self, slug: &Slug, contact: Option<&Login>);

    /// Says early that a file will be part of what is published; `ahead`: while a person still types, so that it can be
    /// on its way already.
    fn expect_file(&self, bytes: &[u8], ahead: bool);

    /// Whether the contact that was expected has an account; `None` where nobody can tell.
    fn contact_exists(&self) -> Result<Option<bool>>;

    /// Whether a proposal of this branch name waits, as far as is known without asking.
    fn has_waiting(&self, branch: &str) -> bool;

    /// Where we took something of the expected partner's back that nobody has put on record yet.
    fn taken_back(&self) -> Option<Waiting>;
}

/// A pull request by which something is taken back, once it is merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub url: String,
    /// Why our check of it is red, as where it brings more than that: nobody is to merge it then.
    pub why_red: Option<String>,
}

/// What GitHub knows of the people around a registry, and tells them.
pub(crate) trait People {
    /// Where these people look.
    fn board(&self) -> &dyn Board;

    /// The commit of a pull request, fetched, and its author.
    fn pull_request(&self, number: u64) -> Result<(Oid, String, Option<AccountId>)>;

    /// Fetches the commit of a pull request; says whether it brings no more than `most` bytes, and is here.
    fn fetch(&self, number: u64, most: u64) -> Result<bool>;

    /// How the committee differs from the team that the program names to compare with.
    fn committee_problems(&self, program: &Program) -> Result<Vec<Problem>>;

    /// Partners whose last decision has landed, and isn't told yet where it was proposed.
    fn untold(&self, now: &Snapshot<'_>) -> Result<Vec<Slug>>;

    /// Tells people of a decision that has landed, once, and closes what it decided.
    fn announce(&self, now: &Snapshot<'_>, event: &Event, words: &Words<'_>) -> Result<Vec<Link>>;
}

/// How patient to be where a race is over in no time.
const AT_HAND: (u32, Duration) = (40, Duration::from_millis(3));

/// How patient to be with GitHub.
const FAR_AWAY: (u32, Duration) = (6, Duration::from_millis(200));

#[derive(Debug, Clone, Copy)]
pub(crate) struct Words<'a> {
    pub name: &'a str,
    pub votes: &'a [String],
    /// The pull request that it waits for, if it hasn't taken effect.
    pub waits: Option<&'a str>,
    /// The pull request that proposed it, where the event doesn't say.
    pub discussed: Option<&'a str>,
}

/// Who a forge knows us as.
#[derive(Debug, Clone)]
pub struct Account {
    /// In the forge's spelling.
    pub login: Login,
    /// What it stays when the login changes.
    pub id: Option<AccountId>,
    pub name: String,
    pub email: String,
}

/// Something on the web that a run made or found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Link {
    /// What it is: "issue", "pull request", "review", "comment".
    pub what: &'static str,
    /// For a browser, not for an API.
    pub url: String,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Published {
    /// The commit of each change; none for what isn't a commit.
    pub commits: Vec<Oid>,
    pub links: Vec<Link>,
    /// Whether a decision waits for its pull request to be merged.
    pub waits: bool,
    /// Whether it waited there before, just so, and nothing was written.
    pub stood: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum Stopped {
    /// Somebody else was faster, or is writing right now: plan again.
    Raced(RepoError),
    /// It isn't known whether the last step took effect: look, and plan again.
    Unclear(Error),
    Failed(Error),
}

impl From<RepoError> for Stopped {
    fn from(e: RepoError) -> Self {
        match e.trouble {
            Trouble::Moved | Trouble::Locked => Self::Raced(e),
            _ => Self::Failed(e.into()),
        }
    }
}

impl From<Error> for Stopped {
    fn from(e: Error) -> Self {
        Self::Failed(e)
    }
}
