//! An event or a vote as a file has it, with all that can be told of it alone: its hash, and whose key it is signed with.
//! Nothing here depends on where it stands, so it can be worked out ahead, in any order, on any thread.

use std::cell::RefCell;
use std::fmt::Display;

use super::grade::Grade;
use super::sshsig::{Batch, NAMESPACE, PublicKey, Signature, SignatureFault};
use crate::domain::log::block::{BlockError, signed_part};
use crate::domain::log::event::{Event, Vote};
use crate::domain::log::kinds::Ballot;
use crate::domain::program::permit::Basis;
use crate::domain::program::policies::Policies;
use crate::domain::program::{Member, Program};
use crate::domain::values::{Login, Sha256};

/// What a signature comes to under the policy that the block names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// There is none, or none that a policy could know.
    Unsigned,
    /// It is there, and nobody looked: signatures weren't asked for.
    NotLookedAt,
    /// It is right, and by this key of the actor's.
    By(Box<PublicKey>),
    /// There is one, and it doesn't hold.
    Broken(SignatureFault),
}

impl Verdict {
    /// Whether somebody signed it with a key of theirs, as far as anybody looked.
    #[must_use]
    pub(crate) const fn is_signed(&self) -> bool {
        matches!(self, Self::By(_) | Self::NotLookedAt)
    }

    /// What it is worth under another policy than the one it was worked out for: the key must still be the actor's.
    pub(crate) fn under(&self, member: &Member, otherwise: Grade) -> Result<Grade, SignatureFault> {
        match self {
            Self::Unsigned => Ok(otherwise),
            Self::NotLookedAt => Ok(Grade::Signed),
            Self::By(key) if member.keys.contains(key) => Ok(Grade::Signed),
            Self::By(key) => Err(SignatureFault::UnknownKey { fingerprint: key.fingerprint() }),
            Self::Broken(fault) => Err(fault.clone()),
        }
    }
}

/// An event or a vote as its file has it, with what its signature is worth.
#[derive(Debug, Clone)]
pub struct Testimony<T> {
    /// Spells back to the very bytes that were read.
    pub said: T,
    /// The SHA-256 of the file.
    pub hash: Sha256,
    /// Whose key it is signed with.
    pub verdict: Verdict,
}

pub(crate) type EventFile = Result<Testimony<Event>, BlockError>;
pub(crate) type VoteFile = Result<Testimony<Vote>, BlockError>;

/// Reads blocks, and verifies them by the policies that they name.
#[derive(Debug)]
pub struct Examiner<'p> {
    policies: &'p Policies,
    signatures: bool,
}

thread_local! {
    /// Whoever signs often is known again wherever else this thread looks.
    static BATCH: RefCell<Batch> = RefCell::default();
}

impl<'p> Examiner<'p> {
    /// With all policies that were ever decided; `signatures`: whether to verify them.
    #[must_use]
    pub const fn new(policies: &'p Policies, signatures: bool) -> Self {
        Self { policies, signatures }
    }

    /// Reads an event's file, and verifies its signature by the policy that it names.
    ///
    /// # Errors
    /// As [`Event::parse`]; a signature that doesn't hold is a verdict.
    pub fn event(&self, bytes: &[u8]) -> EventFile {
        let said = Event::parse(bytes)?;
        let verdict = self.verdict(said.signature.as_ref(), bytes, said.policy, &said.actor);
        Ok(Testimony { hash: Sha256::of(bytes), verdict, said })
    }

    /// Reads a vote's file, and verifies its signature by the policy that it names.
    ///
    /// # Errors
    /// As [`Vote::parse`]; a signature that doesn't hold is a verdict.
    pub fn vote(&self, bytes: &[u8]) -> VoteFile {
        let said = Vote::parse(bytes)?;
        let verdict = self.verdict(said.signature.as_ref(), bytes, said.policy, &said.actor);
        Ok(Testimony { hash: Sha256::of(bytes), verdict, said })
    }

    fn verdict(&self, signature: Option<&Signature>, bytes: &[u8], policy: Sha256, actor: &Login) -> Verdict {
        let Some(signature) = signature else { return Verdict::Unsigned };
        let program: Option<&Program> = self.policies.get(&policy);
        // Who has no seat, or no key, has nothing to be compared with.
        let Some(keys) = program.and_then(|p| p.member(actor)).map(|m| &m.keys).filter(|keys| !keys.is_empty()) else {
            return Verdict::Unsigned;
        };
        if !self.signatures {
            return Verdict::NotLookedAt;
        }
        let message = std::str::from_utf8(bytes).map(signed_part).unwrap_or_default();
        match BATCH.with_borrow_mut(|batch| batch.verify(signature, message.as_bytes(), NAMESPACE, keys)) {
            Ok(key) => Verdict::By(Box::new(key.clone())),
            Err(fault) => Verdict::Broken(fault),
        }
    }
}

/// What the signature of an event at hand comes to under the policy that it names.
pub(crate) fn verdict_of_event(event: &Event, policies: &Policies) -> Verdict {
    let bytes = event.to_string().into_bytes();
    Examiner::new(policies, true).verdict(event.signature.as_ref(), &bytes, event.policy, &event.actor)
}

/// The same of a vote.
pub(crate) fn verdict_of_vote(vote: &Vote, policies: &Policies) -> Verdict {
    let bytes = vote.to_string().into_bytes();
    Examiner::new(policies, true).verdict(vote.signature.as_ref(), &bytes, vote.policy, &vote.actor)
}

/// Why the signature of an event doesn't hold where it comes to stand, under the policy in force there.
pub(crate) fn fault_of_event(event: &Event, verdict: &Verdict, in_force: &Program) -> Option<SignatureFault> {
    fault_under(verdict, event.signature.as_ref(), event, in_force.member(&event.actor))
}

/// The same of a request, under the policy that it names and the one in force, if that is known: it opens something now, and nobody
/// counts it. What somebody may only as a member has to be signed where a policy asks for that.
pub(crate) fn fault_of_request(
    vote: &Vote,
    verdict: &Verdict,
    basis: Option<Basis>,
    (named, in_force): (&Program, Option<&Program>),
) -> Option<SignatureFault> {
    let fault = match (verdict, in_force) {
        (_, Some(now)) => fault_under(verdict, vote.signature.as_ref(), vote, now.member(&vote.actor)),
        (Verdict::Broken(fault), None) => Some(fault.clone()),
        (_, None) => None,
    };
    fault.or_else(|| {
        basis.filter(|basis| basis.is_members())?;
        let grade = match verdict {
            verdict if verdict.is_signed() => Grade::Signed,
            _ => without_signature(vote),
        };
        let asked = [Some(named), in_force].into_iter().flatten().any(|policy| !policy.signatures.allow(grade));
        asked.then_some(SignatureFault::Missing)
    })
}

/// Why the signature of a voice doesn't hold. Whether a vote counts is for the tally to say.
pub(crate) fn fault_of_voice(
    vote: &Vote,
    verdict: &Verdict,
    basis: Option<Basis>,
    policies: (&Program, Option<&Program>),
) -> Option<SignatureFault> {
    match verdict {
        _ if vote.ballot == Ballot::Request => fault_of_request(vote, verdict, basis, policies),
        Verdict::Broken(fault) => Some(fault.clone()),
        _ => None,
    }
}

/// Whatever policy a block names: a key that is its actor's no more signs nothing. `member` is the actor under the one in force.
fn fault_under(
    verdict: &Verdict,
    signature: Option<&Signature>,
    block: &dyn Display,
    member: Option<&Member>,
) -> Option<SignatureFault> {
    match verdict {
        // The policy that is named lists no key of theirs, and this one may.
        Verdict::Unsigned => member.and_then(|member| under_keys(signature, block, member, Grade::Unsigned).err()),
        Verdict::NotLookedAt => None,
        Verdict::By(key) if member.is_some_and(|member| member.keys.contains(key)) => None,
        Verdict::By(key) => Some(SignatureFault::UnknownKey { fingerprint: key.fingerprint() }),
        Verdict::Broken(fault) => Some(fault.clone()),
    }
}

/// What vouches for a vote, by the keys that a policy lists for its actor.
pub(crate) fn of_vote(vote: &Vote, member: &Member) -> Result<Grade, SignatureFault> {
    under_keys(vote.signature.as_ref(), vote, member, without_signature(vote))
}

/// Whether a vote is signed by a key that the policy it names lists for its actor.
pub(crate) fn is_signed(vote: &Vote, named: Option<&Program>) -> bool {
    let member = named.and_then(|program| program.member(&vote.actor));
    member.is_some_and(|member| of_vote(vote, member) == Ok(Grade::Signed))
}

/// What vouches for an event that rests on no votes, by the keys that a policy lists for its actor.
pub(crate) fn of_event(event: &Event, member: &Member) -> Result<Grade, SignatureFault> {
    under_keys(event.signature.as_ref(), event, member, Grade::Unsigned)
}

fn under_keys(
    signature: Option<&Signature>,
    block: &dyn Display,
    member: &Member,
    otherwise: Grade,
) -> Result<Grade, SignatureFault> {
    match signature {
        // A key that no policy knows proves nothing.
        Some(signature) if !member.keys.is_empty() => {
            signature.verify(signed_part(&block.to_string()).as_bytes(), NAMESPACE, &member.keys).map(|_| Grade::Signed)
        }
        _ => Ok(otherwise),
    }
}

/// The grade of a vote that has no signature that counts.
#[must_use]
pub(crate) const fn without_signature(vote: &Vote) -> Grade {
    if vote.attested.is_some() { Grade::Attested } else { Grade::Unsigned }
}

/// The grade of a decision: its own, or GitHub's word where that stands behind every vote it rests on.
#[must_use]
pub(crate) fn with_votes(own: Grade, votes: impl IntoIterator<Item = Grade>) -> Grade {
    let mut votes = votes.into_iter().peekable();
    match own {
        Grade::Unsigned if votes.peek().is_some() && votes.all(|grade| grade != Grade::Unsigned) => Grade::Attested,
        own => own,
    }
}
