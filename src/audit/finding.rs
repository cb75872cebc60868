//! What an audit finds, and what it counts.

use crate::domain::values::{GitId, Slug, words};

words! {
    pub enum Severity {
        /// A rule is broken: the trail doesn't prove what stands there.
        Error = "error",
        /// Odd, and nothing is lost by it.
        Warning = "warning",
        /// A rule was broken, and it was put right since.
        Repaired = "repaired",
    }
}

/// A rule that the history or a file breaks.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// Written as the rule's fixed word.
    pub code: Rule,
    pub severity: Severity,
    /// The commit that broke it, where the history was read.
    pub commit: Option<GitId>,
    /// The file, from the top of the repository.
    pub path: Option<String>,
    /// `program` for the policy; none where it is about the registry as a whole.
    pub partner: Option<Slug>,
    /// What happened, for people; scripts go by the code.
    pub message: String,
}

macro_rules! rules {
    ($($(#[doc = $rule:literal])+ $variant:ident = $word:literal, $honest:literal;)+) => {
        words! {
            /// The rules of the log format that an audit holds a registry to.
            pub enum Rule { $($(#[doc = $rule])+ $variant = $word),+ }
        }

        impl Rule {
            /// What an honest explanation could be, and what to do then.
            #[must_use]
            pub const fn honest(self) -> &'static str {
                match self { $(Self::$variant => $honest),+ }
            }

            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => concat!($($rule),+)),+ }
            }
        }
    };
}

rules! {
    /// A commit that was verified before stays part of the history.
    Rewritten = "rewritten", "somebody restored a backup, or the default branch was forced back; compare with the clones that others have";
    /// What a statement published elsewhere says of the registry is true.
    Anchor = "anchor", "the statement is of another registry, or was edited; ask who published it";
    /// A registry begins with one founding event.
    NotFounded = "not-founded", "the registry is older than the rule; write the event with karmada-partner init PATH";
    /// Event files are only ever added.
    LogChanged = "log-changed", "somebody tidied up by hand; restore the file from the commit before";
    /// Vote files are only ever added.
    VoteChanged = "vote-changed", "somebody tidied up by hand; restore the file from the commit before";
    /// What a vote names as seen stands beside it, as it was; and nothing else does.
    VoteEvidence = "vote-evidence", "a merge lost the file, or it was edited; restore it from the proposal's branch";
    /// Every policy that was decided is kept as it was.
    PolicyFile = "policy-file", "somebody tidied up by hand; restore the file from its commit";
    /// Below data/ stand only plain files, each where it belongs.
    Stray = "stray", "an editor's file slipped in; remove it";
    /// Events are numbered without gaps.
    EventName = "event-name", "a merge went wrong; restore the log as it was";
    /// An event file is one canonical block.
    EventFormat = "event-format", "it was edited, or a later version of the program wrote it";
    /// An event says which registry it belongs to.
    EventRegistry = "event-registry", "the directory was copied from another registry";
    /// An event belongs to the partner, the place and the event before it that it names.
    EventChain = "event-chain", "the log was put together by hand; restore it as it was";
    /// An event is a step that the state before it allows.
    EventIllegal = "event-illegal", "two decisions were merged that exclude each other; restore the log before the second";
    /// An event names the policy in force on the first parent of its commit.
    EventPolicy = "event-policy", "it was made before the policy changed and landed after; decide it anew";
    /// Who writes an event down may do so.
    EventActor = "event-actor", "the committee changed meanwhile, or the wrong --as was given";
    /// A decision rests on votes that carry it.
    EventVotes = "event-votes", "votes were added or lost while it was merged; decide it anew";
    /// The facts that an event names are those that it brings.
    EventFacts = "event-facts", "a file was converted on its way, as by line endings; bring the right one back";
    /// A signature is by a key that the policy lists for its maker.
    EventSignature = "event-signature", "the key was replaced before this was merged; sign it again";
    /// Where the policy asks for signatures, the committee's work is signed.
    EventUnsigned = "event-unsigned", "somebody worked without the key; have it decided again";
    /// Times don't run backwards, nor ahead of the commit they came with, by more than a day.
    EventTime = "event-time", "a clock was wrong";
    /// Nothing is of a time that hasn't come, by the reader's clock.
    DatedAhead = "dated-ahead", "a clock was wrong, this machine's or its writer's; nobody is held to it, and whoever writes next is told how";
    /// Commits don't run backwards in time by more than a day.
    CommitTime = "commit-time", "a clock was wrong; or, where it says no time, the program that made it wrote that line wrong: git fsck tells how";
    /// Commits say who wrote and who made them, as `git fsck` asks for.
    CommitPeople = "commit-people", "the program that made it wrote that line wrong: git fsck tells how, and whoever lets git check what it fetches doesn't get it";
    /// A vote file is one canonical block.
    VoteFormat = "vote-format", "it was edited, or a later version of the program wrote it";
    /// A vote belongs to the registry, the partner and the round it names, and its file is named after who cast it.
    VotePlace = "vote-place", "the file was copied or renamed by hand; remove the copy";
    /// What ends a round is what members vote on in it.
    VoteRound = "vote-round", "two proposals were merged that had one round; have begun anew what nobody decided";
    /// A vote names a policy that was decided before, under which its maker had a seat.
    VotePolicy = "vote-policy", "the member voted on a branch that had another policy";
    /// Who asks for a change may ask for it.
    VoteActor = "vote-actor", "somebody asked on a branch for what isn't theirs to ask; leave it out";
    /// A vote's signature is by a key that its policy lists for the voter.
    VoteSignature = "vote-signature", "it was signed with a key that was never listed";
    /// Votes come before or with the decision of their round.
    VoteLate = "vote-late", "somebody voted on a branch that was decided already, and merged it";
    /// Facts change only together with an event that names them.
    Facts = "facts-unexplained", "somebody edited the file by hand; own up to it with karmada-partner record, or restore it";
    /// The policy changes only together with an event that names it.
    Policy = "policy-unexplained", "somebody edited the file by hand; own up to it with karmada-partner record program, or restore it";
    /// What is proposed doesn't stand on the default branch before it is decided.
    Undecided = "undecided", "a proposal was merged, as by its merge button, instead of decided; decide it with karmada-partner approve or reject";
    /// What nobody decided is taken back whole, by one commit.
    TakenBack = "taken-back", "somebody reverted the merge of a proposal; whoever lost a vote with it votes again when it is proposed again";
    /// A block in a commit message is the block of a file that the commit brings.
    Message = "message-differs", "a message was copied to another commit";
    /// A merge keeps the events of both sides.
    EvilMerge = "evil-merge", "a conflict was resolved by taking one side; merge again";
    /// The default branch goes on from where it was by first parents.
    TurnedAround = "turned-around", "git pull merged it into somebody's own commits; put it back to the second parent, and bring those along";
    /// A branch is merged once.
    MergedTwice = "merged-twice", "the merge button was pressed after the decision had landed";
    /// A branch of a proposal that is merged has no commits but those that this program writes.
    ForeignCommit = "foreign-commit", "a button merged the branch with whatever was on it; it stays so, and karmada-partner approve merges no such commits";
    /// Objects are what their ids say, and there.
    Object = "object-missing", "the clone is damaged, or a file of it may not be read by whom this runs as: git fsck tells which";
    /// What `check` finds at the head.
    Head = "head", "karmada-partner check tells it with the mend";
}
