//! What could still come of a proposal: whose vote can carry it, who has a stake, and who is asked first.

use super::missing::Missing;
use super::tally::{self, Question, Tally};
use super::voters::{Voters, voters};
use crate::domain::program::{Member, Program, Rule};
use crate::domain::values::{Login, Sha256, Time};

/// The voters of a committee, as they stand to one proposal; each is in one of these, in the policy's order.
#[derive(Debug)]
pub struct Outlook<'a> {
    /// Whose vote counts already.
    pub counted: Vec<&'a Member>,
    /// Whose vote wouldn't count.
    pub recused: Vec<&'a Member>,
    /// Who may work for who is voted on, and hasn't said: a vote that says so counts.
    pub unasked: Vec<&'a Member>,
    /// All others.
    pub open: Vec<&'a Member>,
}

impl<'a> Outlook<'a> {
    #[must_use]
    pub fn of(program: &'a Program, on: Question<'_>, tally: &Tally<'_>) -> Self {
        let Voters { counted, may_vote, recused } = voters(program, tally, on);
        let (unasked, open) = may_vote.into_iter().partition(|member| tally::is_likely_tied(member, on));
        Self { counted, recused, unasked, open }
    }

    /// The same where some said to have a stake without a vote.
    #[must_use]
    pub fn without(mut self, have_said: impl Fn(&Member) -> bool) -> Self {
        for may_vote in [&mut self.unasked, &mut self.open] {
            self.recused.extend(may_vote.extract_if(.., |member| have_said(member)));
        }
        self
    }

    /// Those without a tie whose vote in favor brings nearer what is still missing.
    #[must_use]
    pub fn helpful(&self, rule: &Rule, tally: &Tally<'_>) -> Vec<&'a Member> {
        // What only somebody's taking back would bring, no further vote does.
        let settled = |missing: &Missing| match *missing {
            Missing::NoObjection { .. } => true,
            Missing::Share { have, of, share, .. } => share.lacks(have, of).is_none(),
            _ => false,
        };
        if !tally.missing.is_empty() && tally.missing.iter().all(settled) {
            return Vec::new();
        }
        let in_favor: Vec<&str> = tally.favoring().filter_map(|v| v.employer).collect();
        let known = |member: &&&Member| in_favor.contains(&member.employer.as_str());
        // Where enough are in favor, and only other affiliations are missing, only those help.
        let by_number = lacking(rule, tally) > 0;
        let others = tally.missing.is_empty() || (!by_number && distinct(&in_favor) < rule.affiliations as usize);
        self.open.iter().filter(|member| !others || !known(member)).copied().collect()
    }

    /// Whom to ask for a vote, so that those asked could carry it: from other affiliations than those who are in favor or were
    /// asked, who has least to do first.
    #[must_use]
    pub fn to_ask(&self, rule: &Rule, tally: &Tally<'_>, asking: &Asking<'_>) -> Vec<&'a Member> {
        let helpful = self.helpful(rule, tally);
        let (pending, rest): (Vec<&Member>, Vec<&Member>) =
            helpful.into_iter().partition(|member| (asking.asked)(&member.github));
        let mut employers: Vec<&str> = tally.favoring().filter_map(|v| v.employer).collect();
        employers.extend(pending.iter().map(|m| m.employer.as_str()));
        let mut lacking = lacking(rule, tally).saturating_sub(pending.len());
        let mut rest: Vec<&Member> =
            rest.into_iter().filter(|m| (asking.able)(&m.github) && !m.is_away(asking.now)).collect();
        let seeded = |m: &Member| Sha256::of(format!("{} {}", asking.seed, m.github.folded()).as_bytes());
        rest.sort_by_cached_key(|m| ((asking.busy)(&m.github), seeded(m)));
        let mut chosen: Vec<&Member> = Vec::new();
        while !rest.is_empty() {
            let other = rest.iter().position(|m| !employers.contains(&m.employer.as_str()));
            let too_few = distinct(&employers) < rule.affiliations as usize;
            if lacking == 0 && !too_few {
                break;
            }
            // When all affiliations are there, more of one of them will do.
            if other.is_none() && too_few {
                break;
            }
            let member = rest.remove(other.unwrap_or(0));
            employers.push(&member.employer);
            chosen.push(member);
            lacking = lacking.saturating_sub(1);
        }
        chosen
    }
}

/// What is known of members when some are to be asked.
#[derive(Clone, Copy)]
pub struct Asking<'f> {
    pub now: Time,
    /// Who was asked already, and is waited for.
    pub asked: &'f dyn Fn(&Login) -> bool,
    /// Whether somebody can be asked at all.
    pub able: &'f dyn Fn(&Login) -> bool,
    /// How often somebody was asked of late.
    pub busy: &'f dyn Fn(&Login) -> usize,
    /// Settles who of those that are equal, each time another.
    pub seed: &'f str,
}

impl std::fmt::Debug for Asking<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asking").field("seed", &self.seed).finish_non_exhaustive()
    }
}

/// How many more votes in favor it takes, whoever gives them: for the quorum, for enough voices, and to outweigh those against,
/// where they can be outweighed.
fn lacking(rule: &Rule, tally: &Tally<'_>) -> usize {
    let voiced = tally.in_favor + tally.against;
    let quorum = (rule.quorum as usize).saturating_sub(tally.in_favor);
    let presence = (rule.presence as usize).saturating_sub(voiced + tally.abstaining);
    quorum.max(presence).max(rule.threshold.lacks(tally.in_favor, voiced).unwrap_or_default())
}

fn distinct(employers: &[&str]) -> usize {
    employers.iter().collect::<std::collections::BTreeSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::log::event::Vote;
    use crate::domain::log::kinds::{Ballot, Subject};
    use crate::domain::program::Decision;
    use crate::domain::votes::cast::CastVote;
    use crate::domain::votes::sample;
    use crate::domain::votes::tally::{rule_for, tally};

    const PROGRAM: &str = "schema = 1\nname = \"Test\"\n\n\
        [[committee]]\ngithub = \"alice\"\naffiliation = \"Umbrella\"\n\n\
        [[committee]]\ngithub = \"ann\"\naffiliation = \"Umbrella\"\n\n\
        [[committee]]\ngithub = \"bob\"\naffiliation = \"Initech\"\n\n\
        [[committee]]\ngithub = \"carol\"\naffiliation = \"Globex\"\naway_until = 2026-12-31\n\n\
        [[committee]]\ngithub = \"erin\"\naffiliation = \"Hooli\"\nrole = \"emeritus\"\n";

    /// Whose vote helps, and who is asked, when these have approved an application of `slug`, and those rejected it.
    fn outlook(
        program: &str,
        slug: &str,
        (in_favor, against): (&[&str], &[&str]),
        asked: &[&str],
        unable: &[&str],
        today: &str,
    ) -> (Vec<String>, Vec<String>) {
        let program = Program::parse(program.as_bytes()).unwrap();
        let slug = slug.parse().unwrap();
        let cast = |(who, ballot): (&&str, Ballot)| {
            let vote = sample::voice(who, ballot, Subject::Application);
            sample::cast(Vote { partner: Clone::clone(&slug), ..vote })
        };
        let approve = in_favor.iter().map(|who| (who, Ballot::Approve));
        let votes: Vec<CastVote> = approve.chain(against.iter().map(|who| (who, Ballot::Reject))).map(cast).collect();
        let on = sample::question(&slug);
        let rule = rule_for(&program, true, on).1;
        let counted = tally(&program, &rule, Decision::Approve, &votes, on);
        let outlook = Outlook::of(&program, on, &counted);
        let names = |members: Vec<&Member>| members.iter().map(|m| m.github.to_string()).collect::<Vec<_>>();
        let asking = Asking {
            now: format!("{today}T12:00:00Z").parse().unwrap(),
            asked: &|who| asked.contains(&who.as_str()),
            able: &|who| !unable.contains(&who.as_str()),
            busy: &|who| usize::from(who.as_str() == "ann"),
            seed: "seed",
        };
        (names(outlook.helpful(&rule, &counted)), names(outlook.to_ask(&rule, &counted, &asking)))
    }

    fn told(slug: &str, in_favor: &[&str], asked: &[&str], today: &str) -> (Vec<String>, Vec<String>) {
        outlook(PROGRAM, slug, (in_favor, &[]), asked, &[], today)
    }

    /// Eight voters of as many affiliations.
    fn eight() -> String {
        let seat = |n| format!("\n[[committee]]\ngithub = \"m{n}\"\naffiliation = \"Org {n}\"\n");
        format!("schema = 1\nname = \"Test\"\n{}", (1..=8).map(seat).collect::<String>())
    }

    #[test]
    fn so_many_are_asked_that_those_against_are_outweighed() {
        let program = eight();
        let voted: Vec<String> = (1..=8).map(|n| format!("m{n}")).collect();
        let voted: Vec<&str> = voted.iter().map(String::as_str).collect();
        for (in_favor, against) in (0..=3).flat_map(|f| (0..=3).map(move |a| (f, a))) {
            let (yes, rest) = voted.split_at(in_favor);
            let (no, open) = rest.split_at(against);
            let (_, asked) = outlook(&program, "acme", (yes, no), &[], &[], "2026-10-01");
            // Two thirds, and two at least.
            let enough =
                |more: &usize| in_favor + more >= 2 && 3 * (in_favor + more) >= 2 * (in_favor + against + more);
            let least = (0..=open.len()).find(enough).unwrap_or(open.len());
            assert_eq!(asked.len(), least, "{in_favor} for, {against} against: {asked:?}");
        }
        // Where all must agree, nobody's vote outweighs one against it.
        let strict = program + "\n[decisions.approve]\nthreshold = \"1/1\"\n";
        assert_eq!(outlook(&strict, "acme", (&["m1", "m2"], &["m3"]), &[], &[], "2026-10-01"), (vec![], vec![]));
    }

    #[test]
    fn in_place_of_one_who_cannot_be_asked_another_is() {
        for unable in ["bob", "alice", "carol"] {
            let asked = outlook(PROGRAM, "acme", (&[], &[]), &[], &[unable], "2027-01-01").1;
            assert!(asked.len() == 2 && !asked.contains(&unable.to_owned()), "{unable}: {asked:?}");
        }
        assert_eq!(outlook(PROGRAM, "acme", (&["alice"], &[]), &[], &["bob", "carol"], "2027-01-01").1, [""; 0]);
    }

    #[test]
    fn who_was_asked_without_need_counts_for_no_affiliation_that_is_missing() {
        // Both of one affiliation were asked by hand: another one is needed all the same.
        let asked = told("acme", &[], &["alice", "ann"], "2026-10-01").1;
        assert_eq!(asked, ["bob"]);
    }

    #[test]
    fn only_other_affiliations_help_where_only_those_are_missing() {
        assert_eq!(told("acme", &[], &[], "2027-01-01").0, ["alice", "ann", "bob", "carol"]);
        assert_eq!(told("acme", &["alice", "ann"], &[], "2027-01-01").0, ["bob", "carol"]);
        // Who works for it helps nobody.
        assert_eq!(told("globex", &["alice"], &[], "2027-01-01").0, ["ann", "bob"]);
    }

    #[test]
    fn two_affiliations_are_asked_who_has_least_to_do_first_and_nobody_who_is_away() {
        let away = told("acme", &[], &[], "2026-10-01").1;
        assert!(away.contains(&"bob".to_owned()) && away.contains(&"alice".to_owned()), "{away:?}");
        let one = told("acme", &["alice"], &[], "2026-10-01").1;
        assert_eq!(one, ["bob"], "one more is enough, of another affiliation");
        assert_eq!(told("acme", &["alice"], &["bob"], "2026-10-01").1, [""; 0], "who was asked is waited for");
        assert_eq!(told("initech", &["alice"], &[], "2026-12-31").1, [""; 0], "of those left one is away");
        assert_eq!(told("initech", &["alice"], &[], "2027-01-01").1, ["carol"]);
    }

    #[test]
    fn who_is_away_until_a_day_is_so_as_long_as_it_is_that_day_somewhere() {
        let program = Program::parse(PROGRAM.as_bytes()).unwrap();
        let carol = program.committee.iter().find(|m| m.github.as_str() == "carol").unwrap();
        for (now, away) in
            [("2026-12-31T23:00:00Z", true), ("2027-01-01T11:59:59Z", true), ("2027-01-01T12:00:00Z", false)]
        {
            assert_eq!(carol.is_away(now.parse().unwrap()), away, "{now}");
        }
    }

    #[test]
    fn who_works_where_others_are_in_favor_already_helps_no_more() {
        let one = PROGRAM.to_owned() + "\n[decisions.approve]\nquorum = 1\naffiliations = 2\n";
        assert_eq!(outlook(&one, "acme", (&["alice"], &[]), &[], &[], "2027-01-01").0, ["bob", "carol"]);
        let two = PROGRAM.to_owned() + "\n[decisions.approve]\nquorum = 2\naffiliations = 2\n";
        assert_eq!(outlook(&two, "acme", (&["alice"], &[]), &[], &[], "2027-01-01").0, ["ann", "bob", "carol"]);
    }

    #[test]
    fn where_one_objection_blocks_nobody_else_is_asked() {
        let program = eight() + "\n[decisions.approve]\nobjection = \"blocks\"\n";
        assert_eq!(outlook(&program, "acme", (&["m1", "m2"], &["m3"]), &[], &[], "2026-10-01"), (vec![], vec![]));
    }

    #[test]
    fn who_abstains_is_heard_too() {
        let program = Program::parse(PROGRAM.as_bytes()).unwrap();
        let rule = Rule { quorum: 1, presence: 6, ..program.rule(Decision::Approve).clone() };
        let tally = Tally {
            decision: Decision::Approve,
            votes: vec![],
            in_favor: 2,
            against: 1,
            abstaining: 2,
            missing: vec![],
        };
        assert_eq!(lacking(&rule, &tally), 1);
    }
}
