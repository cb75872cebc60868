//! What the ledger keeps of a partner, or of the program, from one step to the next.

use std::collections::{BTreeMap, BTreeSet};

use super::document::Document;
use super::step::Changed;
use crate::domain::log::event::{Objects, Vote};
use crate::domain::log::lifecycle::{Fold, State};
use crate::domain::signature::examined::Testimony;
use crate::domain::values::{GitId, Login, Sha256, Slug};
use crate::domain::votes::cast::name_after;
use crate::domain::votes::recount::Cast;

/// What is known of a partner, or of the program.
#[derive(Debug, Clone, Default)]
pub(super) struct Standing {
    pub(super) life: Fold,
    pub(super) record: Option<GitId>,
    pub(super) logo: Option<GitId>,
    /// What stood there before the present step.
    pub(super) before: Option<Objects>,
    /// The record in force, as it is written.
    pub(super) in_force: Option<Document>,
    /// Votes of rounds that aren't decided.
    pub(super) rounds: BTreeMap<u32, Vec<Cast>>,
    /// Whose voices these rounds have, those too that may not be cast, in the order they came.
    pub(super) voices: BTreeMap<u32, Vec<String>>,
    /// Votes that came before one that their names count, by round. They are voices once it has come.
    pub(super) early: BTreeMap<u32, Vec<PlacedVote>>,
    /// The files of these rounds that stand there, evidence too, whatever they hold.
    pub(super) open: BTreeMap<u32, BTreeSet<String>>,
    /// Evidence that votes name, by round.
    pub(super) named: BTreeSet<(u32, Sha256)>,
    /// Evidence that came so far, by round.
    pub(super) seen: BTreeSet<(u32, Sha256)>,
    /// Evidence that a vote names and that didn't come with it, and the findings that tell of it.
    pub(super) missing: BTreeMap<(u32, Sha256), Vec<usize>>,
    /// Files that were changed or taken away: what they were, and the findings that tell of it.
    pub(super) lost: BTreeMap<String, (GitId, Vec<usize>)>,
    /// What is kept as a policy and no event brought: what it is, and the finding that tells of it.
    pub(super) unbrought: BTreeMap<String, (GitId, usize)>,
    /// The findings that tell that facts stand here which no event explains.
    pub(super) deviations: Vec<usize>,
    /// The finding that tells that something stands here undecided.
    pub(super) undecided: Option<usize>,
    /// An event that can't be read: nothing after it can be judged.
    pub(super) unreadable: bool,
    /// The last logo that was seen to be what an event says.
    pub(super) known_logo: Option<(GitId, Sha256)>,
}

impl Standing {
    pub(super) fn objects(&self, program: bool) -> Option<Objects> {
        let record = self.record?;
        // Who left and was cleared has no logo.
        let bare = program
            || (self.logo.is_none() && self.life.landed.is_some_and(|(facts, _)| facts.logo.is_none()))
            || (self.logo.is_none() && self.life.state.is_over());
        if bare { Some(Objects { record, logo: None }) } else { Some(Objects { record, logo: Some(self.logo?) }) }
    }

    /// Whether the facts that stand there are those of the last event that brought some.
    pub(super) fn explained(&self, slug: &Slug) -> bool {
        match self.life.landed {
            Some((_, landed)) => self.objects(slug.is_program()) == Some(landed),
            None => self.record.is_none() && self.logo.is_none(),
        }
    }

    /// A file of a round came, or went.
    pub(super) fn note(&mut self, round: u32, change: &Changed) {
        let decided = self.life.used(round) && !(self.waits() && self.life.application_round() == round);
        if !decided && change.new.is_some() {
            self.open.entry(round).or_default().insert(change.path.clone());
        } else if let Some(files) = self.open.get_mut(&round) {
            files.remove(&change.path);
        }
    }

    /// The vote that came early and is in its place now, since all before it are there.
    pub(super) fn next_of(&mut self, round: u32, actor: &Login) -> Option<PlacedVote> {
        let due = self.due(round, actor);
        let early = self.early.get_mut(&round)?;
        early.iter().position(|vote| vote.name == due).map(|place| early.swap_remove(place))
    }

    /// What the next vote of somebody is named. A voice that may not be cast takes up its name all the same.
    pub(super) fn due(&self, round: u32, actor: &Login) -> String {
        let earlier = self.voices.get(&round).into_iter().flatten();
        name_after(earlier.filter(|login| **login == actor.folded()).count(), actor)
    }

    /// Nobody counts what is said in a round any more.
    pub(super) fn settle(&mut self, round: u32) {
        self.rounds.remove(&round);
        self.voices.remove(&round);
        self.early.remove(&round);
    }

    /// Whether an application stands here that nobody decided.
    pub(super) fn waits(&self) -> bool {
        self.life.state == State::Applied
    }
}

/// A vote that can be read, in the file that holds it.
#[derive(Debug, Clone)]
pub(super) struct PlacedVote {
    pub(super) name: String,
    pub(super) path: String,
    pub(super) cast: Testimony<Vote>,
}

#[cfg(test)]
mod tests {
    use super::super::step::Item;
    use super::*;
    use crate::domain::log::event::Facts;

    fn id(text: &str) -> GitId {
        GitId::of_file(text.as_bytes())
    }

    fn landed(logo: Option<&[u8]>) -> Fold {
        let (facts, objects) = (Facts::of(b"record", logo), Objects::of(b"record", logo));
        Fold { state: State::Active, landed: Some((facts, objects)), ..Fold::default() }
    }

    fn stands(life: Fold, record: Option<&str>, logo: Option<&str>) -> Standing {
        Standing { life, record: record.map(id), logo: logo.map(id), ..Standing::default() }
    }

    /// A partner without a logo is whole only once it was cleared, or has left; the program has none.
    #[test]
    fn what_stands_somewhere_is_whole_with_its_logo() {
        let (whole, bare) = (landed(Some(b"logo")), landed(None));
        let left = Fold { state: State::Exited, ..whole.clone() };
        for (life, logo, program, expected) in [
            (&whole, Some("logo"), false, Some(Some("logo"))),
            (&whole, None, false, None),
            (&whole, None, true, Some(None)),
            (&whole, Some("logo"), true, Some(None)),
            (&bare, None, false, Some(None)),
            (&bare, Some("logo"), false, Some(Some("logo"))),
            (&left, None, false, Some(None)),
            (&left, Some("logo"), false, Some(Some("logo"))),
            (&Fold::default(), None, false, None),
        ] {
            let told = stands(life.clone(), Some("record"), logo).objects(program);
            let expected = expected.map(|logo: Option<&str>| Objects { record: id("record"), logo: logo.map(id) });
            assert_eq!(told, expected, "{:?} {logo:?} {program}", life.state);
        }
        assert_eq!(stands(whole, None, Some("logo")).objects(false), None);
    }

    #[test]
    fn what_no_event_brought_explains_itself_by_not_being_there() {
        let acme: Slug = "acme".parse().unwrap();
        for (life, record, logo, explained) in [
            (landed(Some(b"logo")), Some("record"), Some("logo"), true),
            (landed(Some(b"logo")), Some("other"), Some("logo"), false),
            (landed(Some(b"logo")), None, None, false),
            (Fold::default(), None, None, true),
            (Fold::default(), Some("record"), None, false),
            (Fold::default(), None, Some("logo"), false),
        ] {
            assert_eq!(stands(life, record, logo).explained(&acme), explained, "{record:?} {logo:?}");
        }
    }

    /// What a round has that is still open is what may be taken back whole.
    #[test]
    fn files_of_a_round_are_kept_in_mind_until_it_is_decided() {
        let file = |new: bool| {
            let item = Some(Item::File(id("vote")));
            Changed { path: "votes/1/bob".into(), old: item.filter(|_| !new), new: item.filter(|_| new) }
        };
        let rounds = |state, round| {
            let applied = Some((round, None));
            Fold { state, round, rounds: [1, round].into(), applied, ..Fold::default() }
        };
        for (life, noted) in [
            // Nothing is of that round yet.
            (Fold::default(), true),
            // An application waits in it.
            (rounds(State::Applied, 1), true),
            // It was decided.
            (rounds(State::Active, 1), false),
            // An application waits in another.
            (rounds(State::Applied, 2), false),
        ] {
            assert_eq!(stands(life.clone(), None, None).waits(), life.state == State::Applied);
            let mut standing = stands(life, None, None);
            standing.note(1, &file(true));
            let kept = |standing: &Standing| standing.open.get(&1).is_some_and(|files| !files.is_empty());
            assert_eq!(kept(&standing), noted, "{:?}", standing.life);
            standing.note(1, &file(false));
            assert!(!kept(&standing));
        }
    }
}
