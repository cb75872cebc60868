//! What waits for a decision, with its voices: what it is about, who opened it, and what a vote on it has to name.

use std::rc::Rc;

use super::partner::Partner;
use crate::domain::log::event::{Issue, Said, Terms};
use crate::domain::log::kinds::{self, Ballot};
use crate::domain::paths::{event_path, root_of};
use crate::domain::program::admission::{Entry, Opened, Relation, admit};
use crate::domain::program::seats::Seats;
use crate::domain::signature::examined;
use crate::domain::votes::standing::{another_has_voted, vouched};
use crate::domain::votes::tally::{self, Proof, Question};
use crate::domain::votes::voters;
use crate::domain::{AccountId, CastVote, Event, Facts, Login, Objects, Program, Record, Sha256, Subject, Time, Vote};
use crate::error::{Error, Kind};
use crate::git::Oid;

#[derive(Debug, Clone)]
pub(crate) enum Content {
    Partner {
        record: Box<Record>,
        /// Those in force, for an update or an exit.
        in_force: Option<Box<Record>>,
    },
    Policy(Box<Program>),
}

#[derive(Debug, Clone)]
pub(crate) struct Proposal {
    pub subject: Subject,
    /// Its branch, without `refs/heads/`.
    pub branch: String,
    pub head: Oid,
    /// The partner as the branch has it. For an update, facts are the proposed ones, and the log is the landed one.
    pub partner: Partner,
    pub content: Content,
    /// Of an application by who was a partner: the facts of that life, whose ties still bind.
    pub former: Option<Box<Record>>,
    /// The policy in force.
    pub under: Rc<Program>,
    pub facts: Facts,
    pub objects: Objects,
    pub round: u32,
    /// When what it is about changed last.
    pub changed: Option<Time>,
    /// The voices of that round, each member's in order.
    pub votes: Vec<CastVote>,
    /// Since when members have had their seats, where that is known.
    pub seats: Option<Seats>,
    /// Who opened the round, by the order of its voices in git; nobody, where nobody has yet.
    pub opener: Option<Login>,
    /// Whether who opened it might ask for it then, and may not any more: so nothing can be decided on it.
    pub lapsed: bool,
    /// Whether it stands on the default branch already, where somebody merged it undecided.
    pub stands: Option<Stands>,
}

/// A branch that is called as proposals are, and can't be one.
#[derive(Debug, Clone)]
pub(crate) struct Unfit {
    /// Without `refs/heads/`.
    pub branch: String,
    pub why: Error,
}

impl Unfit {
    /// Whether nobody knows what is there: an object isn't here, or can't be read.
    #[must_use]
    pub fn is_unread(&self) -> bool {
        self.why.kind == Kind::Environment
    }
}

impl std::fmt::Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.branch, self.why)
    }
}

/// How something stands on the default branch that nobody decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stands {
    /// It has no branch any more.
    Alone,
    /// What is said of it since waits on its branch.
    BesideItsBranch,
}

/// A round with its voices.
#[derive(Debug, Default)]
pub(super) struct Round {
    pub number: u32,
    pub votes: Vec<CastVote>,
    /// Whether who opened it might ask for it then, and may not any more.
    pub lapsed: bool,
}

/// Who says something, when, under which policy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Speaker<'a> {
    pub actor: &'a Login,
    pub time: Time,
    pub policy: Sha256,
}

impl Proposal {
    /// When it was opened, as its opener claims.
    #[must_use]
    pub fn since(&self) -> Option<Time> {
        let by = |c: &&CastVote| self.is_opened_by(&c.vote.actor);
        match self.subject {
            Subject::Application => self.partner.life.application().map(|e| e.time),
            _ => self.votes.iter().find(by).map(|v| v.vote.time),
        }
    }

    #[must_use]
    pub fn opener(&self) -> Option<&Login> {
        match self.subject {
            Subject::Application => self.partner.life.application().map(|e| &e.actor),
            _ => self.opener.as_ref(),
        }
    }

    /// What an application says last of the issue that it was made of.
    #[must_use]
    pub fn made_of_issue(&self) -> Option<&Event> {
        // Of an update, and of an application after another, the log tells of earlier issues, too.
        let is_its = |e: &&Event| self.subject == Subject::Application && e.round == self.round && e.attested.is_some();
        self.partner.life.log.iter().rev().map(|l| &l.event).find(is_its)
    }

    /// Whether it was made of this issue.
    #[must_use]
    pub fn is_made_of(&self, issue: Option<AccountId>) -> bool {
        self.asking().is_some_and(|made_of| Some(made_of.id) == issue)
    }

    /// The text of the issue that was read last for it.
    #[must_use]
    pub fn read_last(&self) -> Option<Sha256> {
        self.asking().map(|issue| issue.body)
    }

    /// The member who made it of an issue, where no workflow did.
    #[must_use]
    pub fn on_behalf(&self) -> Option<&Login> {
        self.made_of_issue().filter(|event| event.by.is_none()).map(|event| &event.actor)
    }

    /// The issue of which a workflow made it: what a member made on behalf is the member's.
    #[must_use]
    pub fn form(&self) -> Option<&Issue> {
        self.made_of_issue().filter(|event| event.by.is_some())?.attested.as_ref()
    }

    /// The issue by which somebody asks for it, whoever made it of that.
    #[must_use]
    pub fn asking(&self) -> Option<&Issue> {
        self.made_of_issue()?.attested.as_ref()
    }

    /// Why nothing can be decided on it, where who opened it may no longer ask for it.
    #[must_use]
    pub fn why_lapsed(&self) -> Option<String> {
        let (by, slug) = (self.opener().filter(|_| self.lapsed)?, &self.partner.slug);
        let asked = self.proposed(&self.votes).is_some_and(|c| c.vote.ballot == Ballot::Request);
        let relation = self.relation();
        let speaks = match self.subject {
            Subject::Exit if asked => relation.is_contact(by),
            Subject::Update => relation.is_contact(by) || relation.applied(by) || self.under.may_vote(by),
            _ => self.under.may_vote(by),
        };
        let opening = self.votes.iter().find(|c| c.vote.log.is_none() && c.vote.actor.is(by));
        if speaks && opening.is_some_and(|c| c.vote.signature.is_none()) {
            return Some(tr!("{by}, who opened it, didn't sign that, and the policy asks members for it", by));
        }
        if speaks {
            return Some(tr!("{by}, who opened it, signed that with a key that is no longer theirs", by));
        }
        Some(match (self.subject, asked) {
            // Who applied for somebody needs no seat; who brought somebody in does.
            (Subject::Policy | Subject::Application, _) | (Subject::Exit, false) => {
                tr!("{by}, who opened it, no longer votes on the committee", by)
            }
            _ => tr!("{by}, who opened it, no longer speaks for {slug}", by, slug),
        })
    }

    /// Who opened it, if nothing could be decided on it any more under another policy, since they did so as a member.
    #[must_use]
    pub fn lapses_under(&self, next: &Program) -> Option<&Login> {
        let by = self.opener().filter(|_| !self.lapsed)?;
        let imported = || self.partner.life.application().is_some_and(|event| event.kind == kinds::Kind::Imported);
        let asked = || self.proposed(&self.votes).is_some_and(|c| c.vote.ballot == Ballot::Request);
        let entry = match self.subject {
            Subject::Application if imported() => Entry::Event(kinds::Kind::Imported, self.subject),
            Subject::Exit if !asked() => Entry::Voice(Ballot::Approve, self.subject),
            Subject::Update => Entry::Voice(Ballot::Request, self.subject),
            _ => return None,
        };
        admit(next, by, entry, self.relation(), Opened::default()).is_err().then_some(by)
    }

    /// The path of what stands wherever it does: the event of an application, or else the votes of its round.
    #[must_use]
    pub fn anchor(&self) -> String {
        let slug = &self.partner.slug;
        match self.partner.life.application().filter(|_| self.subject == Subject::Application) {
            Some(event) => event_path(slug, event.seq),
            None => format!("{}/votes/{}", root_of(slug), self.round),
        }
    }

    /// Whether another may come in its place, where that is asked for.
    #[must_use]
    pub const fn gives_way(&self, instead: bool) -> bool {
        instead && self.lapsed
    }

    /// The voice that others are about; of an application it is its newest event, and none of the voices.
    #[must_use]
    pub fn proposed<'v>(&self, votes: &'v [CastVote]) -> Option<&'v CastVote> {
        tally::proposed(&self.under, votes, self.opener.as_ref(), Proof::default())
            .filter(|_| self.subject != Subject::Application)
    }

    /// Whether its branch begins with what is said next.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.stands == Some(Stands::Alone) || (self.votes.is_empty() && self.subject != Subject::Application)
    }

    /// The time of the entry that a voice by `actor` follows on: of what it is about, or its own last one.
    #[must_use]
    pub fn last_time(&self, actor: &Login) -> Option<Time> {
        let own = self.votes.iter().filter(|c| c.vote.actor.is(actor)).map(|c| c.vote.time);
        let proposed = || self.proposed(&self.votes).map(|c| c.vote.time);
        let word = match self.subject {
            Subject::Application => self.partner.life.last_time(),
            Subject::Update | Subject::Exit => proposed().max(self.changed),
            Subject::Policy | Subject::Upkeep => proposed(),
        };
        own.chain(word).max()
    }

    /// Whether it is somebody's to set, correct and take back.
    #[must_use]
    pub fn is_opened_by(&self, who: &Login) -> bool {
        self.opener().is_some_and(|opener| opener.is(who))
    }

    /// What somebody said last; who only asked has said nothing.
    #[must_use]
    pub fn last_vote_of(&self, who: &Login) -> Option<&Vote> {
        voters::last_of(&self.votes, who)
    }

    /// What is open, as `actor` finds it.
    #[must_use]
    pub fn opened(&self, actor: &Login) -> Opened<'_> {
        let votes = self.votes.iter().map(|c| &c.vote);
        let vouched = votes.map(|vote| vouched(&self.under, vote, |member| examined::of_vote(vote, member)));
        let voted = another_has_voted(&self.under, actor, vouched);
        Opened { by: self.opener(), voted }
    }

    /// The hash of what votes are about: the newest event of an application, or the voice that proposes.
    #[must_use]
    pub fn word(&self) -> Option<Sha256> {
        self.said().or_else(|| self.proposed(&self.votes).map(|c| c.hash))
    }

    /// What a voice has to name by `KP-Log`, to be about what is proposed now.
    #[must_use]
    pub fn log_due(&self, vote: &Vote) -> Option<Sha256> {
        tally::log_due(vote, self.said(), self.proposed(&self.votes))
    }

    /// A voice on what is proposed now, on these terms of an exit.
    #[must_use]
    pub fn say(&self, registry: Sha256, ballot: Ballot, by: Speaker<'_>, terms: Option<Terms>) -> Vote {
        let Speaker { actor, time, policy } = by;
        let (partner, round, subject, facts) = (&self.partner.slug, self.round, self.subject, self.facts);
        let said = Said { registry, partner, round, subject, actor, time, policy, facts, log: None };
        let vote = Vote { terms, ..Vote::new(ballot, said) };
        Vote { log: self.log_due(&vote), ..vote }
    }

    fn said(&self) -> Option<Sha256> {
        self.partner.life.said.filter(|_| self.subject == Subject::Application)
    }

    /// The terms proposed for an exit: those that whoever opened it said last.
    #[must_use]
    pub fn terms(&self) -> Option<&Terms> {
        self.proposed(&self.votes).and_then(|c| c.vote.terms.as_ref())
    }

    /// What ties people to the partner: by the facts in force, where there are any. Proposed ones give nobody a say yet.
    #[must_use]
    pub fn relation(&self) -> Relation<'_> {
        Relation { record: self.in_force().or(self.record()), life: &self.partner.life }
    }

    /// The proposed facts; those of a partner.
    #[must_use]
    pub fn record(&self) -> Option<&Record> {
        match &self.content {
            Content::Partner { record, .. } => Some(record),
            Content::Policy(_) => None,
        }
    }

    /// The facts in force, where a partner's are to change.
    #[must_use]
    pub fn in_force(&self) -> Option<&Record> {
        match &self.content {
            Content::Partner { in_force, .. } => in_force.as_deref(),
            Content::Policy(_) => None,
        }
    }

    #[must_use]
    pub fn policy(&self) -> Option<&Program> {
        match &self.content {
            Content::Partner { .. } => None,
            Content::Policy(program) => Some(program),
        }
    }

    /// The name to show: the organization's, or the program's.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.content {
            Content::Partner { record, .. } => record.name.as_str(),
            Content::Policy(program) => program.name.as_str(),
        }
    }

    /// What is voted on, by these voices.
    #[must_use]
    pub fn question<'a>(&'a self, votes: &'a [CastVote]) -> Question<'a> {
        Question {
            slug: &self.partner.slug,
            record: self.record(),
            in_force: self.in_force().or(self.former.as_deref()),
            facts: self.facts,
            subject: self.subject,
            said: self.said(),
            changed: self.changed,
            proposed: self.proposed(votes),
            seats: self.seats.as_ref(),
            proof: Proof::default(),
        }
    }
}
