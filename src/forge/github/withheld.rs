//! What members said in reviews of a proposal that is withheld from its votes, and why; and what they said there of a stake.

use std::collections::BTreeMap;

use super::partner_query::{Person, Review};
use super::review_blocks::block_in;
use super::shown_text::without_comments;
use super::stake_in_words::Told;
use crate::domain::log::kinds::{Ballot, Interest};
use crate::domain::votes::voters::stake_of;
use crate::domain::{CastVote, Login, Time, Vote};
use crate::forge::board::Withheld;

/// A vote, and the evidence that it names.
pub(super) type Said = (Vote, Option<Vec<u8>>);

/// What members said in reviews that is no vote in the commit's tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unread {
    /// Why, a line each.
    pub told: Vec<String>,
    /// The same where it is a member's newest word, for the tally.
    pub withheld: Vec<Withheld>,
}

/// Why a member's review is no vote.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) told: String,
    /// The same in the tally, beside the name of the member.
    pub(super) why: Option<String>,
    /// Whether it takes the place of what they said before, though it can't be counted itself.
    pub(super) withdraws: bool,
    /// What it says of a stake, as far as that can be relied on.
    pub(super) stake: Told,
}

impl From<String> for Fault {
    fn from(told: String) -> Self {
        Self { told, why: None, withdraws: false, stake: Told::Nothing }
    }
}

/// What a member's review says.
#[derive(Debug)]
pub(super) enum Word {
    Nothing,
    Vote(Box<Said>),
    /// That this member has no stake in it, and no vote.
    NoStake(Login),
}

/// The reviews of one proposal, in the order in which they were given.
pub(super) struct Reviews<'p> {
    /// What was said in files, before any of them.
    pub(super) files: &'p [CastVote],
    pub(super) said: Vec<Said>,
    pub(super) unread: Unread,
    /// What those said of a stake whose newest word is withheld.
    pub(super) stakes: BTreeMap<String, Told>,
}

impl Reviews<'_> {
    /// What a member said of a stake so far.
    fn stake(&self, who: &Login) -> Told {
        let before = self.files.iter().map(|c| &c.vote).chain(self.said.iter().map(|(vote, _)| vote));
        let withheld = self.stakes.get(&who.folded()).filter(|told| **told != Told::Nothing);
        withheld.cloned().unwrap_or_else(|| stake_of(before, who).map_or(Told::Nothing, Told::Said))
    }

    pub(super) fn take(&mut self, (mut vote, evidence): Said, review: &Review) {
        if vote.interest.is_none() {
            match self.stake(&vote.actor) {
                Told::Nothing => {}
                Told::Said(interest) if vote.attested.is_some() || interest == Interest::None => {
                    // A vote with a text of its own is as its voter wrote it.
                    vote.interest = vote.attested.as_ref().map(|_| interest);
                }
                stake => return self.withhold(unclear(&vote.actor, stake), Some(&vote.actor), review),
            }
        }
        self.stakes.remove(&vote.actor.folded());
        self.unread.withheld.retain(|w| !w.who.is(&vote.actor));
        self.said.push((vote, evidence));
    }

    /// A stake that was said is taken back without a vote. What was said with it never counted, and doesn't by this.
    pub(super) fn take_stake_back(&mut self, who: &Login, review: &Review) {
        if matches!(self.stake(who), Told::Nothing | Told::Said(Interest::None)) {
            return;
        }
        let told = format!("a review by {who} takes back what {who} said of a stake, and is no vote");
        let why = "took back what was said of a stake; press the button again".to_owned();
        let fault = Fault { told, why: Some(why), withdraws: true, stake: Told::Said(Interest::None) };
        self.withhold(fault, Some(who), review);
    }

    pub(super) fn withhold(&mut self, fault: Fault, who: Option<&Login>, review: &Review) {
        if let Some(who) = who {
            let stake = match (fault.stake, self.stake(who)) {
                // What is known of a stake, no change of another text makes unknown.
                (Told::Nothing, before) | (Told::Lost, before @ Told::Said(Interest::Employer | Interest::Other)) => {
                    before
                }
                (said, _) => said,
            };
            if fault.withdraws {
                // What isn't signed never takes the place of what is.
                let block = block_in(&without_comments(&review.body)).is_some();
                self.said.retain(|(vote, _)| !vote.actor.is(who) || (vote.signature.is_some() && !block));
            }
            let has_stake = matches!(stake, Told::Said(Interest::Employer | Interest::Other));
            self.stakes.insert(who.folded(), stake);
            self.unread.withheld.retain(|w| !w.who.is(who));
            let why = fault.why.unwrap_or_else(|| {
                let begins = format!("a review by {who} ");
                fault.told.strip_prefix(&begins).unwrap_or(&fault.told).to_owned()
            });
            self.unread.withheld.extend(withheld(who, review, (why, has_stake)));
        }
        self.unread.told.push(fault.told);
    }
}

/// A review as the tally lists it.
fn withheld(who: &Login, review: &Review, (why, has_stake): (String, bool)) -> Option<Withheld> {
    let said = match review.state.as_str() {
        "APPROVED" => "approve",
        "CHANGES_REQUESTED" => "reject",
        "DISMISSED" => "dismissed",
        _ => "comment",
    };
    let on = review.submitted_at.as_ref()?.parse::<Time>().ok()?.date();
    Some(Withheld { who: who.clone(), said, on, link: review.url.parse().ok(), why, has_stake })
}

/// What takes the place of what was said of a stake.
const WITH_A_LINE: &str = "with a line Interest: none, Interest: employer or Interest: other";

/// What a review says that is no vote, and yet its member's word: a stake takes away what they voted before.
pub(super) fn without_a_vote(author: Login, stake: Told) -> Result<Word, Fault> {
    match stake {
        Told::Nothing => Ok(Word::Nothing),
        Told::Said(Interest::None) => Ok(Word::NoStake(author)),
        Told::Unclear | Told::Lost => Err(unclear(&author, stake)),
        Told::Said(_) => {
            let told = format!("a review by {author} says to have a stake in it, and is no vote");
            Err(Fault { told, why: Some("the voter says to have a stake in it".into()), withdraws: true, stake })
        }
    }
}

/// Why a review doesn't count beside what its member says of a stake.
pub(super) fn unclear(author: &Login, stake: Told) -> Fault {
    let again = format!("press the button again, {WITH_A_LINE}");
    let why = match stake {
        Told::Said(_) => format!("said before to have a stake in it, and not here; {again}"),
        Told::Lost => format!("somebody else changed what they said before, perhaps of a stake; {again}"),
        _ => format!("its line about a stake can't be read; {again}"),
    };
    Fault { told: format!("a review by {author} doesn't count: {why}"), why: Some(why), withdraws: true, stake }
}

/// Why a review that another person changed doesn't count.
pub(super) fn changed(review: &Review, author: &Login, ballot: Option<Ballot>, stake: Told) -> Fault {
    let by = review.editor.as_ref().and_then(Person::login).map_or_else(|| "somebody else".into(), |by| by.to_string());
    let again = match ballot {
        Some(Ballot::Reject) => "press Request changes again",
        Some(_) => "press Approve again",
        None => "vote again",
    };
    let why = format!("changed by {by}; {again}, {WITH_A_LINE}");
    let told = format!("a review by {author} was changed by {by}, and doesn't count; {author} has to {again}");
    Fault { told, why: Some(why), withdraws: true, stake }
}
