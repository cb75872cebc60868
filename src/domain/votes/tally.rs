//! Counting votes: which count, which don't and why, and whether they carry a decision.

use std::cell::LazyCell;
use std::collections::BTreeMap;

use crate::domain::log::event::{Facts, Vote};
use crate::domain::log::kinds::{Ballot, Interest, Subject};
use crate::domain::names;
use crate::domain::program::organization::Tie;
use crate::domain::program::seats::Seats;
use crate::domain::program::{Decision, Member, Objection, Program, Rule};
use crate::domain::record::Record;
use crate::domain::signature::examined;
use crate::domain::signature::grade::Grade;
use crate::domain::signature::sshsig::SignatureFault;
use crate::domain::values::{Login, Sha256, Slug, Time};
use crate::domain::votes::cast::CastVote;
use crate::domain::votes::missing::Missing;
use crate::domain::votes::standing::{Heard, Outspoken, is_of_another, standing, vouched};

/// Why a vote isn't counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    NotAMember,
    Emeritus,
    /// The voter works for the applicant, or is its contact.
    Recused,
    /// The facts changed after the vote.
    Stale,
    /// Who proposes it said something else after the vote.
    Unseen,
    /// It is about leaving on other terms than those proposed.
    OtherTerms,
    /// By GitHub's word it is of another account than the one that the policy lists.
    OtherAccount,
    /// By GitHub's word it was said before the voter had a seat.
    Unseated,
    /// The voter says to have a stake.
    Interested,
    /// The voter may work for the applicant, and doesn't say.
    Unasked,
    /// The same member voted again.
    Replaced,
    /// It can't take the place of an earlier vote that its member signed.
    SpokenOver,
    /// It is signed at a time before that of the vote that stands, or is that very vote again: a copy under a later name.
    Older,
    /// It asks; it doesn't vote.
    Request,
    /// Its signature isn't by a key that the policy lists for the voter.
    Unproven,
    /// The policy counts only what is signed.
    Unsigned,
    /// It would count, and the decision doesn't name it.
    NotNamed,
}

impl LeftOut {
    #[must_use]
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::NotAMember => tr!("not a member of the committee"),
            Self::Emeritus => tr!("emeritus members don't vote"),
            Self::Recused => tr!("recused: works for the applicant or is its contact"),
            Self::OtherAccount => tr!("of another account than the one that the policy lists for the member"),
            Self::Unseated => tr!("given before the voter joined the committee, so it has to be given again"),
            Self::Interested => tr!("the voter says to have a stake in it"),
            Self::Unasked => {
                tr!(
                    "the voter may work for the applicant; vote again, and say with --interest none that it isn't so, or with --interest employer that it is"
                )
            }
            Self::Stale => tr!("stale: what was voted on has changed since"),
            Self::Unseen => tr!("stale: who proposes it has said something else since"),
            Self::OtherTerms => tr!("on other terms than those that were proposed"),
            Self::Replaced => tr!("replaced by a later vote of the same member"),
            Self::SpokenOver => tr!("not signed, and the earlier vote by the same member is"),
            Self::Older => tr!("older than the signed vote of the same member that stands"),
            Self::Request => tr!("a request, not a vote"),
            Self::Unproven => tr!("its signature isn't by a key that the policy lists for the member"),
            Self::Unsigned => tr!("not signed, and the policy asks for that"),
            Self::NotNamed => tr!("the decision doesn't name it"),
        }
    }
}

/// One voice, and whether it counts.
#[derive(Debug, Clone)]
pub struct Counted<'a> {
    /// As it lies in the round, counted or not.
    pub cast: &'a CastVote,
    /// The voter's affiliation, if on the committee.
    pub affiliation: Option<&'a str>,
    /// The same for comparing.
    pub employer: Option<&'a str>,
    /// Why it isn't counted; `None` when it is.
    pub left_out: Option<LeftOut>,
}

impl Counted<'_> {
    /// Who says what, and why it doesn't count if it doesn't.
    #[must_use]
    pub(crate) fn line(&self) -> String {
        let vote = &self.cast.vote;
        let who = match self.affiliation {
            Some(affiliation) => tr!("{who} ({affiliation})", who = vote.actor, affiliation),
            None => vote.actor.to_string(),
        };
        match self.left_out {
            None => tr!("{who}: {ballot}", who, ballot = vote.ballot.told()),
            Some(LeftOut::Request) => tr!("{who}: asks for it", who),
            Some(why) => {
                tr!("{who}: {ballot}; not counted: {why}", who, ballot = vote.ballot.told(), why = why.reason())
            }
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    pub slug: &'a Slug,
    /// Its facts, for recusal; a policy has none, and nobody is recused.
    pub record: Option<&'a Record>,
    /// Its facts in force, if others are proposed: a tie that a proposal takes away still binds.
    pub in_force: Option<&'a Record>,
    /// Its facts' hashes now, for staleness.
    pub facts: Facts,
    pub subject: Subject,
    /// The newest event of an application: what votes on it name by `KP-Log`.
    pub said: Option<Sha256>,
    /// When what an update or an exit is about changed last: see [`Fold::changed_by`](crate::domain::log::lifecycle::Fold::changed_by).
    pub changed: Option<Time>,
    /// The voice that others in the round are about: see [`proposed`].
    pub proposed: Option<&'a CastVote>,
    /// Since when who may vote has had a seat, where that is known.
    pub seats: Option<&'a Seats>,
    /// How a vote's signature is judged: `examined::of_vote`, where nobody knows better.
    pub proof: Proof<'a>,
}

/// What vouches for a vote of a member.
#[derive(Clone, Copy)]
pub struct Proof<'a>(pub &'a dyn Fn(&CastVote, &Member) -> Result<Grade, SignatureFault>);

impl std::fmt::Debug for Proof<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proof")
    }
}

impl Default for Proof<'_> {
    fn default() -> Self {
        Self(&|cast, member| examined::of_vote(&cast.vote, member))
    }
}

#[derive(Debug, Clone)]
pub struct Tally<'a> {
    /// What was counted for.
    pub decision: Decision,
    pub votes: Vec<Counted<'a>>,
    /// Votes in favor of the decision.
    pub in_favor: usize,
    /// Counted votes that are against the decision, whatever their ballot's word.
    pub against: usize,
    pub abstaining: usize,
    /// What the decision still lacks; empty when it carries.
    pub missing: Vec<Missing>,
}

impl Tally<'_> {
    #[must_use]
    pub fn carries(&self) -> bool {
        self.missing.is_empty()
    }

    /// The hashes of the counted votes: those the decision rests on.
    #[must_use]
    pub fn counted_hashes(&self) -> Vec<Sha256> {
        self.votes.iter().filter(|v| v.left_out.is_none()).map(|v| v.cast.hash).collect()
    }

    /// How many are in favor of what is proposed, against it and abstaining: the same whether it is to be granted or turned down.
    #[must_use]
    pub(crate) const fn sides(&self) -> [usize; 3] {
        match self.decision {
            Decision::Reject => [self.against, self.in_favor, self.abstaining],
            _ => [self.in_favor, self.against, self.abstaining],
        }
    }

    /// One line: how many for, against, abstaining, not counted.
    #[must_use]
    pub(crate) fn summary(&self) -> String {
        let left_out = self.votes.iter().filter(|v| v.left_out.is_some_and(|why| why != LeftOut::Request)).count();
        let [in_favor, against, abstaining] = self.sides();
        tr!(
            "{in_favor} in favor, {against} against, {abstaining} abstaining, {left_out} not counted",
            in_favor,
            against,
            abstaining,
            left_out
        )
    }
}

/// Whether what an update or an exit would change has changed since.
fn is_of_before(vote: &Vote, on: Question<'_>) -> bool {
    matches!(on.subject, Subject::Update | Subject::Exit) && on.changed.is_some_and(|changed| vote.time < changed)
}

/// Whose word a round is about: the first of its voices that names none before it.
#[must_use]
pub fn opener(votes: &[CastVote]) -> Option<&Login> {
    votes.iter().find(|c| c.vote.log.is_none()).map(|c| &c.vote.actor)
}

/// What others vote on: the word in favor of whoever opened the round that stands. Of an exit it sets the terms; of all else it is
/// the request, which a vote of its maker adds nothing to.
#[must_use]
pub fn proposed<'v>(
    program: &Program,
    votes: &'v [CastVote],
    by: Option<&Login>,
    proof: Proof<'_>,
) -> Option<&'v CastVote> {
    let by = by.or_else(|| opener(votes))?;
    let own = votes.iter().filter(|c| c.vote.actor.is(by) && proposes(&c.vote));
    let grade = |c: &'v CastVote| (c, vouched(program, &c.vote, |member| (proof.0)(c, member)).1);
    let own: Vec<_> = own.map(grade).collect();
    let asks = own.iter().copied().filter(|(c, _)| c.vote.ballot == Ballot::Request);
    let stands = standing(program, own.iter().copied())?;
    if stands.vote.terms.is_some() { Some(stands) } else { standing(program, asks).or(Some(stands)) }
}

/// Whether a voice of who opened the round could be what others vote on.
const fn proposes(vote: &Vote) -> bool {
    matches!(vote.ballot, Ballot::Request | Ballot::Approve)
}

/// What a voice has to name by `KP-Log` to be about what is proposed now.
#[must_use]
pub fn log_due(vote: &Vote, said: Option<Sha256>, proposed: Option<&CastVote>) -> Option<Sha256> {
    let Some(proposed) = proposed.filter(|_| said.is_none()) else { return said };
    // Who opened it says it anew.
    let sets = proposed.vote.ballot != Ballot::Request || vote.ballot == Ballot::Request || vote.terms.is_some();
    let anew = proposed.vote.actor.is(&vote.actor) && proposes(vote) && sets;
    (!anew).then_some(proposed.hash)
}

/// What granting or denying a proposal takes. One who may grant an update may deny it; and where the partner's own contact
/// asked to leave on these terms, one member is enough.
#[must_use]
pub fn rule_for(program: &Program, grant: bool, on: Question<'_>) -> (Decision, Rule) {
    let grants = match on.subject {
        Subject::Application => Decision::Approve,
        // Nobody votes on upkeep: a vote can't be about it.
        Subject::Update | Subject::Upkeep => Decision::Update,
        Subject::Exit => Decision::Exit,
        Subject::Policy => Decision::Policy,
    };
    let (decision, rule) = match (grant, on.subject) {
        (true, _) => (grants, program.rule(grants)),
        (false, Subject::Update) => (Decision::Reject, program.rule(Decision::Update)),
        (false, _) => (Decision::Reject, program.rule(Decision::Reject)),
    };
    let asks = |v: &Vote| {
        v.ballot == Ballot::Request && on.record.is_some_and(|r| r.contact().is(v.by())) && v.subject == on.subject
    };
    let asked = || on.proposed.is_some_and(|c| asks(&c.vote));
    // A contact has no key: where only signatures count, its request can't stand for votes.
    if decision == Decision::Exit && !program.signatures.required && asked() {
        return (decision, Rule { quorum: 1, affiliations: 1, presence: 0, ..rule.clone() });
    }
    (decision, rule.clone())
}

/// Which side of `decision` a ballot is on: for it, against it, or neither.
fn side(decision: Decision, ballot: Ballot) -> Option<bool> {
    match ballot {
        Ballot::Approve => Some(decision != Decision::Reject),
        Ballot::Reject => Some(decision == Decision::Reject),
        Ballot::Abstain | Ballot::Request => None,
    }
}

impl<'a> Tally<'a> {
    /// The votes that count for what is decided.
    pub fn favoring(&self) -> impl Iterator<Item = &Counted<'a>> {
        let for_it = |v: &&Counted<'a>| v.left_out.is_none() && side(self.decision, v.cast.vote.ballot) == Some(true);
        self.votes.iter().filter(for_it)
    }
}

/// Counts `votes` of one round, in the order in which each member's were cast, for `decision`.
#[must_use]
pub fn tally<'a>(
    program: &'a Program,
    rule: &Rule,
    decision: Decision,
    votes: &'a [CastVote],
    on: Question<'_>,
) -> Tally<'a> {
    tally_of(program, rule, decision, votes, &|_| true, on)
}

/// The same of those alone that are looked at. Which of a member's votes stands is told by all of them.
#[must_use]
pub(super) fn tally_of<'a>(
    program: &'a Program,
    rule: &Rule,
    decision: Decision,
    votes: &'a [CastVote],
    looked_at: &dyn Fn(&CastVote) -> bool,
    on: Question<'_>,
) -> Tally<'a> {
    let terms = on.proposed.and_then(|c| c.vote.terms.as_ref());
    let due = |vote: &Vote| log_due(vote, on.said, on.proposed);
    let counted: Vec<Counted<'a>> = votes
        .iter()
        .zip(places(program, votes, on.proof))
        .filter(|(cast, _)| looked_at(cast))
        .map(|(cast, (place, grade))| {
            let vote = &cast.vote;
            let member = program.member(&vote.actor);
            let tied = LazyCell::new(|| member.map_or(Tie::None, |m| tie(m, on)));
            let left_out = match member {
                _ if vote.ballot == Ballot::Request => Some(LeftOut::Request),
                None => Some(LeftOut::NotAMember),
                Some(m) if !m.votes() => Some(LeftOut::Emeritus),
                Some(m) if has_stake(program, m, on, *tied) => Some(LeftOut::Recused),
                Some(_) if place.is_some() => place,
                Some(_) if vote.interest.is_some_and(|interest| interest != Interest::None) => {
                    Some(LeftOut::Interested)
                }
                Some(_) if vote.interest.is_none() && *tied == Tie::Likely => Some(LeftOut::Unasked),
                Some(_) if vote.facts != on.facts || vote.subject != on.subject => Some(LeftOut::Stale),
                Some(_) if on.subject == Subject::Policy && vote.policy != program.hash => Some(LeftOut::Stale),
                Some(_) if vote.terms.as_ref() != terms => Some(LeftOut::OtherTerms),
                Some(_) if vote.log != due(vote) => Some(LeftOut::Unseen),
                Some(_) if is_of_before(vote, on) => Some(LeftOut::Stale),
                Some(m) if is_of_another(vote, m) => Some(LeftOut::OtherAccount),
                Some(m) if vote.attested.is_some() && on.seats.is_some_and(|seats| seats.precede(m, vote.time)) => {
                    Some(LeftOut::Unseated)
                }
                Some(_) => match grade {
                    None => Some(LeftOut::Unproven),
                    Some(grade) => (!program.signatures.allow(grade)).then_some(LeftOut::Unsigned),
                },
            };
            Counted {
                cast,
                affiliation: member.map(|m| m.affiliation.as_str()),
                employer: member.map(|m| m.employer.as_str()),
                left_out,
            }
        })
        .collect();
    let of_side =
        |wanted| counted.iter().filter(move |c| c.left_out.is_none() && side(decision, c.cast.vote.ballot) == wanted);
    let (in_favor, against, abstaining) =
        (of_side(Some(true)).count(), of_side(Some(false)).count(), of_side(None).count());
    let mut employers: Vec<_> = of_side(Some(true)).filter_map(|c| c.employer).collect();
    employers.sort_unstable();
    employers.dedup();

    let denies = decision == Decision::Reject;
    let mut missing = Vec::new();
    let (quorum, presence, affiliations) = (rule.quorum as usize, rule.presence as usize, rule.affiliations as usize);
    if in_favor < quorum {
        missing.push(Missing::InFavor { have: in_favor, need: quorum, denies });
    }
    // Where one is enough, whoever votes brings it.
    if affiliations > 1 && employers.len() < affiliations {
        missing.push(Missing::Affiliations { have: employers.len(), need: affiliations, denies });
    }
    let (voiced, present) = (in_favor + against, in_favor + against + abstaining);
    if present < presence {
        missing.push(Missing::Presence { have: present, need: presence });
    }
    if voiced > 0 && !rule.threshold.reached(in_favor, voiced) {
        missing.push(Missing::Share { have: in_favor, of: voiced, share: rule.threshold, denies });
    }
    if rule.objection == Objection::Blocks && against > 0 {
        missing.push(Missing::NoObjection { objections: against, denies });
    }
    Tally { decision, votes: counted, in_favor, against, abstaining, missing }
}

/// Of each vote, what keeps it from being the one that stands of its member, and what vouches for it.
fn places(program: &Program, votes: &[CastVote], proof: Proof<'_>) -> Vec<(Option<LeftOut>, Option<Grade>)> {
    let mut places = vec![(None, None); votes.len()];
    let mut heard: BTreeMap<String, (Option<usize>, Heard<'_>)> = BTreeMap::new();
    for (index, cast) in votes.iter().enumerate() {
        if program.member(&cast.vote.actor).is_none() || cast.vote.ballot == Ballot::Request {
            continue;
        }
        let grade = vouched(program, &cast.vote, |member| (proof.0)(cast, member)).1;
        places[index].1 = grade;
        let (stands, heard) = heard.entry(cast.vote.actor.folded()).or_default();
        match heard.hear(program, cast, grade) {
            Err(Outspoken::Unsigned) => places[index].0 = Some(LeftOut::SpokenOver),
            Err(Outspoken::Older) => places[index].0 = Some(LeftOut::Older),
            Ok(()) => {
                if let Some(earlier) = stands.replace(index) {
                    places[earlier].0 = Some(LeftOut::Replaced);
                }
            }
        }
    }
    places
}

/// Whether a member has a stake: is the contact, or is affiliated with the applicant, its parent or a former name of it.
/// A committee of one may be its own contact: nobody else could ever decide.
pub(crate) fn is_recused(program: &Program, member: &Member, on: Question<'_>) -> bool {
    has_stake(program, member, on, tie(member, on))
}

/// The same where it is known how the member's employer is tied.
fn has_stake(program: &Program, member: &Member, on: Question<'_>, tie: Tie) -> bool {
    let is_contact = |record: &Record| record.contact().is(member.identity()) && program.voters().count() > 1;
    on.subject != Subject::Policy
        && (tie == Tie::Certain || [on.record, on.in_force].into_iter().flatten().any(is_contact))
}

/// How a member's employer is tied to what is voted on, by the facts in force or by those proposed.
#[must_use]
fn tie(member: &Member, on: Question<'_>) -> Tie {
    if on.subject == Subject::Policy {
        return Tie::None;
    }
    let facts = [on.record, on.in_force].into_iter().flatten();
    let ties = facts.map(|record| member.organization.tie(on.slug, Some(record)));
    // Whom facts tie, their slug is looked at with them.
    ties.max().unwrap_or_else(|| member.organization.tie(on.slug, None))
}

/// Whether a member's employer may be who is voted on, so that it has to be asked for.
#[must_use]
pub fn is_likely_tied(member: &Member, on: Question<'_>) -> bool {
    tie(member, on) == Tie::Likely
}

/// The voters that have a stake in who has these facts, or is to have them; and those who may have one.
#[must_use]
pub(crate) fn tied<'a>(
    program: &'a Program,
    slug: &Slug,
    record: &Record,
    in_force: Option<&Record>,
) -> (Vec<&'a Member>, Vec<&'a Member>) {
    let on = Question {
        slug,
        record: Some(record),
        in_force,
        facts: Facts::of(&[], None),
        subject: Subject::Update,
        said: None,
        changed: None,
        proposed: None,
        seats: None,
        proof: Proof::default(),
    };
    let (recused, others): (Vec<_>, Vec<_>) = program.voters().partition(|member| is_recused(program, member, on));
    (recused, others.into_iter().filter(|member| is_likely_tied(member, on)).collect())
}

/// Whether a record could tie one of these members to it, told from its bytes alone: where not even the letters of a member's
/// employer, by any of its names and domains, or of the login stand in it one after another, counting finds no stake either, and
/// nobody need read it.
#[must_use]
pub(crate) fn could_tie<'m>(record: &[u8], members: impl IntoIterator<Item = &'m Member>) -> bool {
    let squeeze = |text: &[u8]| -> String {
        let mut letters = String::with_capacity(text.len());
        letters.extend(text.iter().filter(|b| b.is_ascii_alphanumeric()).map(|b| char::from(b.to_ascii_lowercase())));
        names::loose(&letters)
    };
    // Some addresses spell their host in another way than it reads.
    let in_code = record.windows(4).any(|four| four.eq_ignore_ascii_case(b"xn--"));
    let is_plain = record.is_ascii() && !record.contains(&b'\\') && !record.contains(&b'%') && !in_code;
    let letters = LazyCell::new(|| squeeze(record));
    let stands = |word: &str| word.is_empty() || letters.contains(word);
    members.into_iter().any(|member| {
        !is_plain
            || member.organization.letters().iter().any(|letters| stands(letters))
            || stands(&squeeze(member.github.as_str().as_bytes()))
            || member.id.is_some_and(|id| stands(&squeeze(id.to_string().as_bytes())))
    })
}

#[cfg(test)]
mod tests;
