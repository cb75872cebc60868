//! Who may put what on record, and by which door. One rule: commands, pull requests, checks and the audit ask it.

use super::permit::{Basis, Permit};
use super::{Member, Program};
use crate::domain::identity::Identity;
use crate::domain::log::event::{Event, Vote};
use crate::domain::log::kinds::{Ballot, Kind, Subject};
use crate::domain::log::lifecycle::Fold;
use crate::domain::record::Record;
use crate::domain::values::{Login, words};
use crate::domain::votes::standing::{Vouched, another_has_voted, opens};

/// What is put on record: a step of a log, or a voice in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    Event(Kind, Subject),
    Voice(Ballot, Subject),
}

words! {
    /// By which way something comes onto the record.
    pub enum Door {
        /// A proposal whose branch only its author writes.
        Fork = "fork",
        /// A branch of the registry that a workflow wrote for the author of an issue.
        Workflow = "workflow",
        /// The default branch, by whoever may push, or by a member's pull request that brings a decision.
        Default = "default branch",
        /// A registry without a forge, on this machine or on a git server.
        Local = "local",
    }
}

words! {
    /// What somebody is to the committee.
    pub enum Seat {
        None = "none",
        Emeritus = "emeritus",
        Member = "member",
    }
}

/// What ties people to a partner: its record as it stands, and its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relation<'a> {
    /// The facts in force, or those applied with if none are; the program has none.
    pub record: Option<&'a Record>,
    /// Its log, which tells who applied.
    pub life: &'a Fold,
}

impl Relation<'_> {
    #[must_use]
    pub(crate) fn is_contact<'a>(&self, who: impl Into<Identity<'a>>) -> bool {
        self.record.is_some_and(|record| self.known(record.contact()).is(who.into()))
    }

    /// Whether `who` filed its application; nobody did, if it was imported.
    #[must_use]
    pub(crate) fn applied<'a>(&self, who: impl Into<Identity<'a>>) -> bool {
        self.applicant().is_some_and(|applicant| self.known(applicant).is(who.into()))
    }

    fn applicant(&self) -> Option<Identity<'_>> {
        let login = self.life.applied.as_ref()?.1.as_ref()?;
        Some(Identity { login, id: self.life.applied_as })
    }

    /// Who applied and the contact are one account where they have one login: what tells the number of one tells the other's.
    fn known<'i>(&'i self, one: Identity<'i>) -> Identity<'i> {
        let both = self.applicant().into_iter().chain(self.record.map(Record::contact));
        let told = both.filter(|other| other.login.is(one.login)).find_map(|other| other.id);
        Identity { id: one.id.or(told), ..one }
    }
}

/// What is open about it, if the entry is about that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Opened<'a> {
    /// Who opened it.
    pub by: Option<&'a Login>,
    /// Whether a member other than the actor has voted on it.
    pub voted: bool,
}

/// What somebody is to the entry in question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct Ties {
    pub seat: Seat,
    pub contact: bool,
    /// Whether the actor filed the application.
    pub applied: bool,
    /// Whether something is open that somebody opened.
    pub open: bool,
    /// Whether the actor opened what is open.
    pub opened: bool,
    /// Whether the partner's own side opened it.
    pub theirs: bool,
    /// Whether a member other than the actor has voted on it.
    pub voted: bool,
    /// Whether it was a partner before, under this slug.
    pub former: bool,
}

impl Ties {
    /// What `actor` is under a policy, to a partner, and to what is open about it.
    #[must_use]
    pub fn of(program: &Program, actor: Identity<'_>, relation: Relation<'_>, opened: Opened<'_>) -> Self {
        let seat = match program.seat_of(actor) {
            Some(member) if member.votes() => Seat::Member,
            Some(_) => Seat::Emeritus,
            None => Seat::None,
        };
        Self {
            seat,
            contact: relation.is_contact(actor),
            applied: relation.applied(actor),
            open: opened.by.is_some(),
            opened: opened.by.is_some_and(|by| by.is(actor.login)),
            theirs: opened
                .by
                .is_some_and(|by| relation.is_contact(by) || (relation.applied(by) && !program.may_vote(by))),
            voted: opened.voted,
            former: relation.life.landed.is_some(),
        }
    }
}

/// By what right somebody with these ties may put this on record; `None` when it may not.
#[must_use]
#[expect(clippy::match_same_arms, reason = "one arm a rule, each with its sentence")]
pub fn basis(entry: Entry, ties: Ties) -> Option<Basis> {
    use Subject::{Application, Exit, Policy, Update, Upkeep};
    let member = ties.seat == Seat::Member;
    let seat = member.then_some(Basis::Seat);
    let behalf = member.then_some(Basis::OnBehalf);
    let contact = ties.contact.then_some(Basis::Contact);
    let applied = ties.applied.then_some(Basis::Own);
    let kind = match entry {
        // Members judge, and nobody else; no vote is about what is only written down.
        Entry::Voice(Ballot::Approve | Ballot::Reject | Ballot::Abstain, Application | Update | Exit | Policy) => {
            return seat;
        }
        // A partner's own people ask for other facts, or a member on their behalf.
        Entry::Voice(Ballot::Request, Update) => return contact.or(applied).or(behalf),
        // Only its contact can ask that a partner leaves of its own will. A member who wants it to leave votes.
        Entry::Voice(Ballot::Request, Exit) => return contact,
        // The policy is the committee's.
        Entry::Voice(Ballot::Request, Policy) => return seat,
        // To apply is to ask already; and nobody asks for upkeep.
        Entry::Voice(_, Application | Upkeep) => return None,
        Entry::Event(kind, subject) => (kind, subject),
    };
    match kind {
        // Anyone may apply, and a member for an organization. A slug that was somebody's stays theirs.
        (Kind::Applied, _) if ties.former => contact.or(applied).or(behalf),
        (Kind::Applied, _) => contact.or(behalf).or(Some(Basis::Own)),
        // What was listed elsewhere is brought in by the committee.
        (Kind::Imported, _) => seat,
        // Until it is decided, an application is for its own side to change, or for a member on its behalf.
        (Kind::Amended, _) => applied.or(contact).or(behalf),
        // What nobody opened can't be taken back.
        (Kind::Withdrawn, _) if !ties.open => None,
        // The own side takes back what it opened, whoever has voted. What a member opened it takes back while no other
        // member has voted: from then on it is the committee's to turn down.
        (Kind::Withdrawn, Application) if ties.theirs => applied.or(contact),
        (Kind::Withdrawn, Application) => contact.or((ties.opened && !ties.voted).then_some(behalf).flatten()),
        (Kind::Withdrawn, Update | Exit) if ties.theirs => contact.or(applied),
        (Kind::Withdrawn, Update) if !ties.voted => contact.or(applied).or(ties.opened.then_some(behalf).flatten()),
        (Kind::Withdrawn, Exit | Policy) if ties.opened && !ties.voted => seat,
        (Kind::Withdrawn, _) => None,
        // The committee's work.
        (
            Kind::Approved
            | Kind::Rejected
            | Kind::Updated
            | Kind::Recorded
            | Kind::Exited
            | Kind::Cleared
            | Kind::Benefited,
            _,
        ) => seat,
        // A partner keeps its own entry, or a member does on its behalf.
        (Kind::Posted | Kind::Closed | Kind::Renewed, _) => contact.or(applied).or(behalf),
        // Before there is a policy nobody can say who may.
        (Kind::Founded, _) => Some(Basis::Own),
    }
}

/// Whether an entry may come by this door, by whomever it is.
#[must_use]
#[expect(clippy::match_same_arms, reason = "one arm a rule, each with its sentence")]
pub const fn comes_by(entry: Entry, door: Door) -> bool {
    use Subject::Exit;
    match (door, entry) {
        // Whoever keeps a registry without a forge puts everything there.
        (Door::Local, _) => true,
        // What lands is what was decided, with its votes; and what nobody votes on.
        (Door::Default, Entry::Event(Kind::Founded, _)) => false,
        (Door::Default, _) => true,
        // On a branch of its own, somebody says what is its own to say. Members vote by reviews; only who begins an exit has
        // nothing to review yet.
        (
            Door::Fork,
            Entry::Event(
                Kind::Applied
                | Kind::Imported
                | Kind::Amended
                | Kind::Withdrawn
                | Kind::Posted
                | Kind::Closed
                | Kind::Renewed,
                _,
            )
            | Entry::Voice(Ballot::Request, _)
            | Entry::Voice(Ballot::Approve, Exit),
        ) => true,
        (Door::Fork, _) => false,
        // A workflow writes down what an issue says: an application, and what becomes of it.
        (Door::Workflow, Entry::Event(Kind::Applied | Kind::Amended | Kind::Withdrawn, Subject::Application)) => true,
        (Door::Workflow, _) => false,
    }
}

/// That somebody may not, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Refusal {
    /// Why not, in a sentence without its point.
    pub why: String,
    /// Who may, or what to do instead.
    pub hint: String,
}

/// Whether `actor` may put an entry about nobody in particular, or about what the committee alone decides, on record: votes,
/// decisions, imports, benefits.
///
/// # Errors
/// When it may not; says who may.
pub fn admit_member<'a>(program: &Program, actor: impl Into<Identity<'a>>) -> Result<Permit, Refusal> {
    let (life, entry) = (Fold::default(), Entry::Voice(Ballot::Approve, Subject::Policy));
    admit(program, actor, entry, Relation { record: None, life: &life }, Opened::default())
}

/// Whether `actor` may put an entry on record under `program`.
///
/// # Errors
/// When it may not; says who may.
pub fn admit<'a>(
    program: &Program,
    actor: impl Into<Identity<'a>>,
    entry: Entry,
    relation: Relation<'_>,
    opened: Opened<'_>,
) -> Result<Permit, Refusal> {
    let actor = actor.into();
    let ties = Ties::of(program, actor, relation, opened);
    match basis(entry, ties) {
        Some(basis) => Ok(Permit::new(actor.login.clone(), program.hash, basis)),
        None => Err(refusal(program, actor, entry, ties, relation)),
    }
}

/// By what right its actor put an event on record after `life`, under `program`; `None` where that can't be told, since the record
/// that names the contact isn't at hand.
///
/// `record` holds the facts in force, or for what goes on with an application those applied with; `voices` are those of its
/// round, in the order they came, each with what vouches for it under `program`.
///
/// # Errors
/// When it may not; says who may.
pub fn right_of(
    program: &Program,
    event: &Event,
    life: &Fold,
    voices: &[Vouched<'_>],
    record: Option<&Record>,
) -> Result<Option<Basis>, Refusal> {
    let by = match event.subject {
        Subject::Application => life.filed.as_ref(),
        subject => {
            let of_it = voices.iter().filter(|(v, _)| v.log.is_none() && v.subject == subject);
            of_it.copied().find(|voice| opens(program, *voice)).map(|(v, _)| &v.actor)
        }
    };
    let opened = Opened { by, voted: another_has_voted(program, &event.actor, voices.iter().copied()) };
    let matter = Entry::Event(event.kind, event.subject);
    if event.attested.is_some() && event.by.is_none() && !program.may_vote(event.by()) {
        return Err(Refusal {
            why: tr!("{actor} says to speak for the author of an issue, as only members do", actor = event.actor),
            hint: tr!("leave out KP-Attested; what an issue says is written down by the workflow, or by a member")
                .into(),
        });
    }
    match admit(program, event.by(), matter, Relation { record, life }, opened) {
        Ok(permit) => Ok(Some(permit.basis)),
        // Who isn't the contact by what is known may be by what isn't.
        Err(_) if record.is_none() && event.subject != Subject::Policy && !event.kind.is_committees() => Ok(None),
        Err(refusal) => Err(refusal),
    }
}

/// By what right somebody cast a voice, under the policy in force and the one that the voice names; `None` where that can't be told,
/// since the record that names the contact isn't at hand. What has no right is no voice: it opens nothing, and counts for nothing.
///
/// # Errors
/// When it may not; says who may.
pub fn right_to_say(
    in_force: &Program,
    named: &Program,
    vote: &Vote,
    relation: Relation<'_>,
) -> Result<Option<Basis>, Refusal> {
    // Whether a vote counts is for the tally to say, under the policy in force then.
    if vote.ballot != Ballot::Request {
        return admit_member(named, vote.by()).map(|permit| Some(permit.basis));
    }
    let matter = Entry::Voice(vote.ballot, vote.subject);
    // Where no facts were ever in force, there is no contact.
    let unknown = relation.record.is_none() && relation.life.landed.is_some();
    match admit(in_force, vote.by(), matter, relation, Opened::default()) {
        // What somebody may only as a member was said by one, too.
        Ok(permit) if permit.basis.is_members() => admit_member(named, vote.by()).map(|_| Some(permit.basis)),
        Ok(permit) => Ok(Some(permit.basis)),
        Err(_) if unknown && matches!(vote.subject, Subject::Update | Subject::Exit) => Ok(None),
        Err(refusal) => Err(refusal),
    }
}

/// Why an entry is refused, and who may instead.
fn refusal(program: &Program, who: Identity<'_>, entry: Entry, ties: Ties, relation: Relation<'_>) -> Refusal {
    let actor = who.login;
    let taken_over = program.member(actor).filter(|m| !m.identity().is(who)).and_then(|m| m.id).zip(who.id);
    let contact = relation.record.map(|r| &r.github);
    // Whose account is told by GitHub can't act as another.
    let named = who.id.is_none();
    let members = || {
        let names: Vec<_> = program.voters().map(|m: &Member| m.github.as_str()).collect();
        let names = names.join(tr!("in a list" => ", "));
        match named {
            true => tr!("members: {names}; say who acts with --as LOGIN", names),
            false => tr!("members: {names}", names),
        }
    };
    let theirs = || match contact {
        Some(contact) if named => tr!("its contact is {contact}; say who acts with --as LOGIN", contact),
        Some(contact) => tr!("its contact is {contact}", contact),
        None if named => tr!("say who acts with --as LOGIN").into(),
        None => tr!("its contact may").into(),
    };
    let member = ties.seat == Seat::Member;
    // A log names members as the policy does.
    let renamed = program.member_as(who).ok().flatten().filter(|m| m.votes() && !m.github.is(actor)).zip(who.id);
    let (why, hint) = match entry {
        _ if let Some((known, id)) = renamed
            && basis(entry, Ties { seat: Seat::Member, ..ties }).is_some() =>
        {
            (
                tr!(
                    "the policy knows the account {actor}, number {id}, as the member {known}, and what it does is in that login's name",
                    actor,
                    id,
                    known = known.github
                ),
                tr!(
                    "another member has the policy say {actor}, with karmada-partner program edit; until then its Approve or Request changes on a pull request counts",
                    actor
                ),
            )
        }
        Entry::Event(Kind::Withdrawn, _) if ties.voted && (ties.opened || ties.contact || ties.applied) => (
            tr!("members have voted on it, so that one person can't take it back").into(),
            match member {
                true => tr!("you can turn it down: karmada-partner reject SLUG --reason TEXT").into(),
                false => tr!("it is for the committee to decide now").into(),
            },
        ),
        Entry::Event(Kind::Withdrawn, _) => (
            tr!("this proposal isn't {actor}'s to take back", actor),
            match contact.filter(|_| ties.theirs) {
                _ if member => {
                    tr!("who made it may; you can turn it down: karmada-partner reject SLUG --reason TEXT").into()
                }
                Some(contact) => tr!("its contact, {contact}, may, and who made it", contact),
                None => tr!("who made it may").into(),
            },
        ),
        Entry::Event(Kind::Applied, _) => (
            tr!("{actor} doesn't speak for who was here under this name", actor),
            match contact {
                Some(contact) => {
                    tr!("its last contact, {contact}, may, or a member; otherwise take another --slug", contact)
                }
                None => tr!("a member may; otherwise take another --slug").into(),
            },
        ),
        Entry::Event(Kind::Amended | Kind::Posted | Kind::Closed | Kind::Renewed | Kind::Founded, _)
        | Entry::Voice(Ballot::Request, Subject::Update | Subject::Exit | Subject::Application | Subject::Upkeep) => {
            (tr!("{actor} doesn't speak for this partner", actor), theirs())
        }
        Entry::Event(..) | Entry::Voice(..) if let Some((id, own)) = taken_over => (
            tr!(
                "the account {actor} is number {own}, and the policy knows the member {actor} as number {id}",
                actor,
                own,
                id
            ),
            tr!("the login has changed hands; the policy is changed with karmada-partner program edit").into(),
        ),
        Entry::Event(..) | Entry::Voice(..) if ties.seat == Seat::Emeritus => {
            (tr!("{actor} is an emeritus member and no longer votes", actor), members())
        }
        Entry::Event(..) | Entry::Voice(..) if actor.is_bot() => (
            tr!("{actor} is a bot, and a bot never votes or decides", actor),
            tr!("a member does, with a token of their own, or votes by Approve or Request changes on the pull request")
                .into(),
        ),
        Entry::Event(..) | Entry::Voice(..) => (tr!("{actor} isn't a member of the committee", actor), members()),
    };
    Refusal { why, hint }
}

#[cfg(test)]
mod tests;
