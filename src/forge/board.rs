//! Where people look: what stands on a pull request besides its commits, and what shall stand there.

use serde::Deserialize;

use crate::domain::{Date, HttpLink, Login, Program};
use crate::error::Result;
use crate::forge::github::texts::Texts;
use crate::registry::Snapshot;

/// A mark of ours, by which what we wrote is found again; and how all of them begin.
macro_rules! mark {
    ($($rest:literal)?) => {
        concat!("<!-- karmada-partner: ", $($rest)?)
    };
}
pub(crate) use mark;

/// Whether a text carries a mark of ours.
#[must_use]
pub fn is_marked(text: &str) -> bool {
    text.contains(mark!())
}

/// The command that keeps Prow from merging, on a line of its own. It is read where something is opened or said, and not where
/// that is edited.
pub const HOLD: &str = "/hold";

/// The label by which Prow remembers it.
pub const HELD: &str = "do-not-merge/hold";

/// A label, as it is made where it isn't there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    pub name: &'static str,
    /// In hex, without `#`.
    pub color: &'static str,
    pub description: &'static str,
}

pub const WAITING: Label =
    Label { name: "partner/waiting", color: "fbca04", description: "Waits for votes of the committee" };
pub const READY: Label =
    Label { name: "partner/ready", color: "0e8a16", description: "The votes carry it; it is to be written down" };
pub const NEEDS_APPLICANT: Label = Label {
    name: "partner/needs-applicant",
    color: "d93f0b",
    description: "Whoever proposed it has to mend something",
};

pub const TAKEN_BACK: Label = Label {
    name: "partner/taken-back",
    color: "bfdadc",
    description: "Nothing to decide; merging it with one click puts on record that it was taken back",
};

/// The labels that are ours; no other is touched. A pull request has one of them, as long as it waits.
pub const LABELS: [Label; 4] = [WAITING, READY, NEEDS_APPLICANT, TAKEN_BACK];

/// By what our words are found again.
#[derive(Debug, Clone, Copy)]
pub struct Signs {
    /// The name of the commit status.
    pub context: &'static str,
    /// How our one comment begins.
    pub mark: &'static str,
}

pub const STATUS: Signs = Signs { context: "karmada-partner/decision", mark: mark!("the tally -->") };

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    Open,
    Closed,
    Merged,
}

/// So many days back it matters who was asked for a review.
pub const LATELY: u32 = 90;

/// A commit status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// `pending`, `success`, `failure` or `error`.
    pub state: String,
    /// At most 140 characters.
    pub description: String,
}

/// What the status says of a commit that proposes nothing, where the committee has nothing to decide.
pub const NO_PROPOSAL: &str = "no proposal: nothing for the committee to decide";

impl Shown {
    /// Whether it says all there is to say of a commit that proposes nothing. That something was decided once, which the same commit
    /// may bring under another name, is no such word.
    #[must_use]
    pub fn is_of_no_proposal(&self) -> bool {
        self.state == "failure" || (self.state == "success" && self.description == NO_PROPOSAL)
    }
}

/// Our comment.
#[derive(Debug, Clone)]
pub struct Comment {
    pub id: String,
    pub url: String,
    pub body: String,
    /// Whether nobody else has changed it.
    pub untouched: bool,
    /// Whose it is, where that isn't the account that acts, which may not change it.
    pub keeper: Option<String>,
}

/// How the line of our comment is that remembers that a workflow tried to write down what the votes carry, and wasn't let.
pub const REFUSED: &str = "<!-- refused -->";

/// How the last line of our comment ends that says which pull request brings a decision when it is merged.
pub const WAITS: &str = " waits -->";

/// What somebody wrote as if it was a command: a line that begins with a slash.
#[derive(Debug, Clone)]
pub struct Said {
    pub by: Login,
    /// The day, in UTC.
    pub on: String,
    pub word: String,
}

/// A member's review that isn't counted, and isn't among the votes either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    pub who: Login,
    /// What the review says, in a word.
    pub said: &'static str,
    pub on: Date,
    pub link: Option<HttpLink>,
    /// Why, and what its member can do.
    pub why: String,
    /// Whether they said to have a stake, by what they said last of it.
    pub has_stake: bool,
}

/// What stands on a pull request now.
#[derive(Debug, Clone)]
pub struct Post {
    pub id: String,
    pub number: u64,
    pub url: String,
    pub state: State,
    pub is_draft: bool,
    pub branch: String,
    /// The commit that it proposes.
    pub head: String,
    /// The branch that it is to be merged into.
    pub base: String,
    pub title: String,
    pub body: String,
    /// Who opened it, where that is a person.
    pub author: Option<Login>,
    /// Whether a workflow or an App did.
    pub by_bot: bool,
    pub labels: Vec<String>,
    /// Who is asked for a review, and hasn't given it.
    pub asked: Vec<Login>,
    pub status: Option<Shown>,
    /// Our one comment.
    pub own: Option<Comment>,
    /// What of ours says that a decision waits to be merged.
    pub promised: Vec<Comment>,
    /// What else of ours stands there, from before all kept one.
    pub seconds: Vec<Comment>,
    /// How many comments were looked through for ours, where there are more than that.
    pub drowned: Option<usize>,
    pub said: Vec<Said>,
    /// Reviews by members that aren't among the votes, as far as they are their newest words.
    pub withheld: Vec<Withheld>,
    /// Whether we said that Prow shall not merge it.
    pub held: bool,
}

impl Post {
    /// Whether it says that it was taken back.
    #[must_use]
    pub fn says_taken_back(&self) -> bool {
        self.labels.iter().any(|name| name.eq_ignore_ascii_case(TAKEN_BACK.name))
    }

    /// Whether it still says that it waits.
    #[must_use]
    pub fn has_label(&self) -> bool {
        self.labels.iter().any(|name| LABELS.iter().any(|label| name.eq_ignore_ascii_case(label.name)))
    }
}

/// What shall stand there.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Which of our labels; none when it doesn't wait any more.
    pub label: Option<Label>,
    pub status: Option<Shown>,
    /// The text of our comment; `None` leaves it as it is.
    pub comment: Option<String>,
}

/// What is there on a pull request, and what came of a wish.
#[derive(Debug, Default)]
pub struct Put {
    /// What was changed, a word each.
    pub changed: Vec<&'static str>,
    /// What GitHub refused, and why, a line each.
    pub refused: Vec<String>,
}

/// The label of the issues that are kept: see [`Board::issues`].
pub const REMINDER: Label = Label {
    name: "partner/reminder",
    color: "c5def5",
    description: "What waits, and entries to confirm; kept by a workflow",
};

/// An issue of ours.
#[derive(Debug, Clone)]
pub struct Issue {
    pub number: u64,
    pub url: String,
    pub open: bool,
    pub body: String,
}

/// Why an open pull request that has the name of a proposal is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoProposal {
    /// Its author took it back, and it brings nothing else.
    TakenBack,
    /// The same, and more comes along: why it may not land.
    TakenBackWith(String),
    Unfit(String),
}

/// How a pull request ended, or is about to, where nobody has decided on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Closed,
    /// What it takes back is on record.
    OnRecord,
    /// What it takes back isn't to be put on record: another of the same account's waits for that, by its number.
    Surplus(u64),
}

/// A registry where people look at pull requests and issues.
pub trait Board {
    /// Says, before anything is read, that posts will be asked for: of everything that is open, and of this one.
    fn watch(&self, number: Option<u64>);

    /// The same of our issues alone, whatever is said on pull requests.
    fn watch_issues(&self);

    /// What stands on the pull requests that are open, or still say that they wait; and on the one that was named.
    fn posts(&self, program: &Program) -> Result<Vec<Post>>;

    /// Why an open pull request is no proposal, where it has the name of one.
    fn why_none(&self, number: u64) -> Option<NoProposal>;

    fn texts(&self) -> Result<Texts>;

    /// Who was asked for a review of a proposal within [`LATELY`] days: as often as they were, each proposal counting once.
    fn asked_lately(&self) -> Result<Vec<Login>>;

    /// Says that Prow shall not merge it.
    fn hold(&self, post: &Post, put: &mut Put) -> Result<()>;

    /// Asks for reviews; gives whom GitHub doesn't let be asked.
    fn ask(&self, post: &Post, whom: &[Login], put: &mut Put) -> Result<Vec<Login>>;

    /// Has a pull request show what is wished, as far as it doesn't.
    fn put_up(&self, post: &Post, wish: &Wish, put: &mut Put) -> Result<()>;

    /// Has a pull request that takes something back say again what we wrote, since GitHub acts on its text when somebody merges it;
    /// gives whether it does.
    fn bring_words_back(&self, post: &Post, on: &Snapshot<'_>, put: &mut Put) -> Result<bool>;

    /// Says in the comment that told of it that no decision waits to be merged any more.
    fn take_back(&self, promised: &Comment, put: &mut Put) -> Result<()>;

    /// Closes a pull request of a workflow's.
    fn close(&self, post: &Post, put: &mut Put) -> Result<()>;

    /// Says on the form that a pull request names how that ended, where nobody has decided.
    fn tell_end(&self, post: &Post, program: &Program, how: Ended, put: &mut Put) -> Result<()>;

    /// Makes a pull request a draft; gives whether that can be done there.
    fn make_draft(&self, post: &Post, put: &mut Put) -> Result<bool>;

    /// Our issues that remind of something, newest first, open or not.
    fn issues(&self, program: &Program) -> Result<Vec<Issue>>;

    /// Gives its address; nothing where issues are switched off.
    fn open_issue(&self, title: &str, body: &str, label: Label) -> Result<Option<String>>;

    /// Has an issue of ours say this, and be open or closed.
    fn change_issue(&self, issue: &Issue, body: Option<&str>, open: bool) -> Result<()>;
}
