//! How a program fares, by its logs: partners over time, what became of applications, and where the time went.

use serde::{Deserialize, Serialize};

use super::log::event::Event;
use super::log::kinds::{Kind, Subject};
use super::log::lifecycle::{Logged, State};
use super::values::{Date, Time, words};

words! {
    pub enum Outcome {
        Approved = "approved",
        Rejected = "rejected",
        Withdrawn = "withdrawn",
        Waiting = "waiting",
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// When it was made, as its maker claims.
    pub applied: Time,
    pub round: u32,
    pub outcome: Outcome,
    pub decided: Option<Time>,
    /// When the first and the last vote of its round were cast.
    pub votes: Option<(Time, Time)>,
}

/// The applications that a log tells of. `votes` gives when the first and the last vote of a round were cast.
pub fn cases(log: &[Logged], votes: &dyn Fn(u32) -> Option<(Time, Time)>) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for event in log.iter().map(|l| &l.event).filter(|e| e.subject == Subject::Application) {
        if event.kind.opens() {
            let (applied, round) = (event.time, event.round);
            cases.push(Case { applied, round, outcome: Outcome::Waiting, decided: None, votes: votes(round) });
        }
        let outcome = match event.kind {
            Kind::Approved => Outcome::Approved,
            Kind::Rejected => Outcome::Rejected,
            Kind::Withdrawn => Outcome::Withdrawn,
            _ => continue,
        };
        if let Some(case) = cases.last_mut() {
            (case.outcome, case.decided) = (outcome, Some(event.time));
        }
    }
    cases
}

/// When a partner was active: from each approval to the next exit, or on.
#[must_use]
pub fn spells(log: &[Logged]) -> Vec<(Date, Option<Date>)> {
    let mut spells: Vec<(Date, Option<Date>)> = Vec::new();
    let mut state = State::Absent;
    for Event { kind, subject, time, .. } in log.iter().map(|l| &l.event) {
        let Some(next) = state.after(*kind, *subject) else { continue };
        match (state, next) {
            (State::Active, State::Active) => {}
            (_, State::Active) => spells.push((time.date(), None)),
            (State::Active, _) => {
                if let Some(last) = spells.last_mut() {
                    last.1 = Some(time.date());
                }
            }
            _ => {}
        }
        state = next;
    }
    spells
}

/// How many partners there were at the end of each month, from the first one's to `today`'s: the month's first day and
/// the number.
#[must_use]
pub fn over_time(spells: &[(Date, Option<Date>)], today: Date) -> Vec<(Date, usize)> {
    let Some(first) = spells.iter().map(|(begin, _)| *begin).min() else { return Vec::new() };
    let mut out = Vec::new();
    let mut month = first.first_of_month();
    while month <= today && out.len() < 1_200 {
        let next = month.plus_months(1);
        let there = |(begin, end): &&(Date, Option<Date>)| *begin < next && end.is_none_or(|end| end >= next);
        out.push((month, spells.iter().filter(there).count()));
        month = next;
    }
    out
}

/// The middle one of some numbers of days; between two, rounded up.
#[must_use]
pub fn median(mut days: Vec<i64>) -> Option<i64> {
    days.sort_unstable();
    let (lower, upper) = (days.get(days.len().checked_sub(1)? / 2)?, days.get(days.len() / 2)?);
    Some((lower + upper + 1) / 2)
}

/// Where the days of decided applications went, each a median: until the first vote, from it to the last, and from there
/// to the decision.
#[must_use]
pub fn stages(cases: &[Case]) -> [(&'static str, Option<i64>); 3] {
    let mut parts = [const { Vec::new() }; 3];
    for case in cases {
        let (Some(decided), Some((first, last))) = (case.decided, case.votes) else { continue };
        for (part, (from, to)) in parts.iter_mut().zip([(case.applied, first), (first, last), (last, decided)]) {
            part.push(from.date().days_until(to.date()).max(0));
        }
    }
    let [first, votes, decision] = parts.map(median);
    [
        ("until the first vote", first),
        ("from the first vote to the last", votes),
        ("from the last vote to the decision", decision),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_without_change_are_counted_too() {
        let day = |s: &str| s.parse::<Date>().unwrap();
        let spells = [(day("2026-01-31"), None), (day("2026-02-01"), Some(day("2026-03-31")))];
        let counted: Vec<_> = over_time(&spells, day("2026-04-02")).into_iter().map(|(_, n)| n).collect();
        assert_eq!(counted, [1, 2, 1, 1]);
        assert_eq!(median(vec![5, 1, 9, 8]), Some(7));
        assert_eq!(median(vec![]), None);
    }
}
