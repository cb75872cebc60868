//! Whether an event can be so where it comes to stand. Its own log is held to by [`Fold::push`]; what lies around that is said
//! here, once: the audit, checks and the reading of proposals ask it.

use super::policies::Policies;
use crate::domain::log::event::{Event, Objects};
use crate::domain::log::kinds::{Kind, Subject};
use crate::domain::log::lifecycle::{Broken, Fold};
use crate::domain::values::{CLOCKS_DIFFER, Sha256, Time};

/// The files that stood where an event's facts belong, before it came.
#[derive(Debug, Clone, Copy)]
pub enum Before {
    Unknown,
    Nothing,
    Stood(Objects),
}

/// Where an event comes to stand. What isn't known is held to nothing.
#[derive(Debug, Clone, Copy)]
pub struct Position<'a> {
    /// The log before it.
    pub life: &'a Fold,
    /// The hash of the founding event, if the registry has one by then.
    pub registry: Option<Sha256>,
    /// The hash of the policy in force there.
    pub in_force: Option<Sha256>,
    /// The policies decided by then.
    pub decided: Option<&'a Policies>,
    pub before: Before,
    /// When it was written down, in seconds since 1970.
    pub written: Option<i64>,
}

impl Position<'_> {
    /// All that can't be so about an event here.
    #[must_use]
    pub fn faults(&self, event: &Event) -> Vec<Broken> {
        let founds = event.kind == Kind::Founded;
        let named = (event.facts, event.objects);
        let registry = match self.registry {
            _ if founds => None,
            None => Some(("not-founded", "the registry has no founding event before it".to_owned())),
            own => (event.registry != own).then(|| ("event-registry", "it belongs to another registry".to_owned())),
        };
        let fact = |holds: bool, why: &str| (!holds).then(|| ("event-facts", why.to_owned()));
        let applied = self.life.proposed.map(|(facts, _)| facts).filter(|_| event.subject == Subject::Application);
        let settles = !event.kind.applies() && applied.is_some();
        let of_the_present = event.kind == Kind::Exited || event.subject == Subject::Upkeep;
        let stood = match self.before {
            _ if event.kind != Kind::Recorded => true,
            Before::Unknown => true,
            Before::Nothing => false,
            Before::Stood(objects) => objects == event.objects,
        };
        let late = self.written.is_some_and(|at| event.time.unix() > at.saturating_add(CLOCKS_DIFFER));
        let written = self.written.map(Time::from_unix);
        let before = written.and_then(|at| self.life.not_before(at)).filter(|before| *before > event.time);
        let votes = !event.kind.decides() && !event.votes.is_empty();
        [
            registry,
            self.policy_fault(event).map(|why| ("event-policy", why)),
            fact(!settles || applied == Some(event.facts), "it is about other facts than those that were applied with"),
            fact(stood, "what it owns up to didn't stand there before"),
            fact(!of_the_present || self.life.landed == Some(named), "it names other facts than those in force"),
            before.map(|before| ("event-time", format!("it is of a time before that of an event before it, {before}"))),
            late.then(|| ("event-ahead", "it is dated more than a day after it was written down".into())),
            votes.then(|| ("event-votes", "only decisions rest on votes".into())),
        ]
        .into_iter()
        .flatten()
        .map(|(code, why)| Broken { code, why })
        .collect()
    }

    /// Committee work is done under the policy in force, all else under one that was decided.
    fn policy_fault(&self, event: &Event) -> Option<String> {
        if event.kind == Kind::Founded {
            let own = event.policy == event.facts.record;
            return (!own).then(|| "it doesn't begin under the policy that it brings".into());
        }
        let known = self.decided.is_none_or(|decided| decided.contains_key(&event.policy));
        let named = event.policy.short();
        match self.in_force {
            Some(policy) if known && event.kind.decides() && event.policy != policy => {
                Some(format!("it names an older policy ({named})"))
            }
            _ if known => None,
            _ => Some(format!("it names a policy ({named}) that wasn't decided")),
        }
    }
}
