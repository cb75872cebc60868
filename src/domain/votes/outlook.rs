//! What could still come of a proposal: whose vote can carry it, who has a stake, and who is asked first.

use super::missing::Missing;
use super::tally::{self, Question, Tally};
use super::voters::{Voters, voters};
use crate::domain::program::{Member, Program, Rule};
use crate::domain::values::{Date, Login, Sha256};

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

    /// Those without a tie whose vote in favor brings nearer what is still missing.
    #[must_use]
    pub fn helpful(&self, rule: &Rule, tally: &Tally<'_>) -> Vec<&'a Member> {
        // What only somebody's taking back would bring, no further vote does.
        if !tally.missing.is_empty() && tally.missing.iter().all(|m| matches!(m, Missing::NoObjection { .. })) {
            return Vec::new();
        }
        let in_favor: Vec<&str> = tally.favoring().filter_map(|v| v.employer).collect();
        let known = |member: &&&Member| in_favor.contains(&member.employer.as_str());
        let present = tally.in_favor + tally.against + tally.abstaining;
        // Where enough are in favor, and only other affiliations are missing, only those help.
        let by_number = tally.in_favor < rule.quorum as usize || present < rule.presence as usize;
        let others = tally.missing.is_empty() || (!by_number && distinct(&in_favor) < rule.affiliations as usize);
        self.open.iter().filter(|member| !others || !known(member)).copied().collect()
    }

    /// Whom to ask for a vote, so that enough are asked: from other affiliations than those who are in favor or were asked,
    /// who has least to do first. `busy` tells how much somebody has to do, `asked` who was asked already; `seed` settles
    /// who of those that are equal, each time another.
    #[must_use]
    pub fn to_ask(
        &self,
        rule: &Rule,
        tally: &Tally<'_>,
        today: Date,
        asked: &dyn Fn(&Login) -> bool,
        busy: &dyn Fn(&Login) -> usize,
        seed: &str,
    ) -> Vec<&'a Member> {
        let helpful = self.helpful(rule, tally);
        let pending = helpful.iter().filter(|m| asked(&m.github));
        let mut employers: Vec<&str> = tally.favoring().filter_map(|v| v.employer).collect();
        employers.extend(pending.clone().map(|m| m.employer.as_str()));
        let wanted = rule.quorum.max(rule.affiliations).max(rule.presence) as usize;
        let mut lacking = wanted.saturating_sub(tally.in_favor + pending.count());
        let mut rest: Vec<&Member> =
            helpful.iter().filter(|m| !asked(&m.github) && !m.is_away(today)).copied().collect();
        let order = |m: &&Member| (busy(&m.github), Sha256::of(format!("{seed} {}", m.github.folded()).as_bytes()));
        rest.sort_by_cached_key(order);
        let mut chosen: Vec<&Member> = Vec::new();
        while lacking > 0 && !rest.is_empty() {
            let other = rest.iter().position(|m| !employers.contains(&m.employer.as_str()));
            // When all affiliations are there, more of one of them will do.
            if other.is_none() && distinct(&employers) < rule.affiliations as usize {
                break;
            }
            let member = rest.remove(other.unwrap_or(0));
            employers.push(&member.employer);
            chosen.push(member);
            lacking -= 1;
        }
        chosen
    }
}

fn distinct(employers: &[&str]) -> usize {
    employers.iter().collect::<std::collections::BTreeSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::log::event::{Facts, Said, Vote};
    use crate::domain::log::kinds::{Ballot, Subject};
    use crate::domain::program::Decision;
    use crate::domain::votes::tally::{CastVote, Proof, rule_for, tally};

    const PROGRAM: &str = "schema = 1\nname = \"Test\"\n\n\
        [[committee]]\ngithub = \"alice\"\naffiliation = \"Umbrella\"\n\n\
        [[committee]]\ngithub = \"ann\"\naffiliation = \"Umbrella\"\n\n\
        [[committee]]\ngithub = \"bob\"\naffiliation = \"Initech\"\n\n\
        [[committee]]\ngithub = \"carol\"\naffiliation = \"Globex\"\naway_until = 2026-12-31\n\n\
        [[committee]]\ngithub = \"erin\"\naffiliation = \"Hooli\"\nrole = \"emeritus\"\n";

    /// Whose vote helps, and who is asked, when these have approved an application of `slug`.
    fn told(slug: &str, in_favor: &[&str], asked: &[&str], today: &str) -> (Vec<String>, Vec<String>) {
        let program = Program::parse(PROGRAM.as_bytes()).unwrap();
        let slug = slug.parse().unwrap();
        let facts = Facts::of(b"record", None);
        let hash = Sha256::of(b"x");
        let cast = |who: &&str| {
            let said = Said {
                registry: hash,
                partner: &slug,
                round: 1,
                subject: Subject::Application,
                actor: &who.parse().unwrap(),
                time: "2026-09-21T10:00:00Z".parse().unwrap(),
                policy: program.hash,
                facts,
                log: Some(hash),
            };
            let vote = Vote::new(Ballot::Approve, said);
            CastVote { hash: Sha256::of(vote.to_string().as_bytes()), vote, file: (*who).to_owned() }
        };
        let votes: Vec<CastVote> = in_favor.iter().map(cast).collect();
        let on = Question {
            slug: &slug,
            record: None,
            in_force: None,
            facts,
            subject: Subject::Application,
            said: Some(hash),
            proposed: None,
            seats: None,
            proof: Proof::default(),
        };
        let rule = rule_for(&program, true, on).1;
        let counted = tally(&program, &rule, Decision::Approve, &votes, on);
        let outlook = Outlook::of(&program, on, &counted);
        let names = |members: Vec<&Member>| members.iter().map(|m| m.github.to_string()).collect::<Vec<_>>();
        let asked = |who: &Login| asked.contains(&who.as_str());
        let busy = |who: &Login| usize::from(who.as_str() == "ann");
        let to_ask = outlook.to_ask(&rule, &counted, today.parse().unwrap(), &asked, &busy, "seed");
        (names(outlook.helpful(&rule, &counted)), names(to_ask))
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
}
