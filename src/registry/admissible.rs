//! Whether what a proposal adds to a log may stand there: that each event is its actor's to say, and can be so. Judged before
//! anybody votes on it or lands it, as the audit judges it afterwards.

use std::rc::Rc;

use super::Snapshot;
use super::partner::{Partner, record_at};
use crate::domain::log::lifecycle::Fold;
use crate::domain::paths::event_path;
use crate::domain::program::admission::{admit_member, right_of};
use crate::domain::program::permit::Basis;
use crate::domain::program::policies::Policies;
use crate::domain::program::soundness::{Before, Position};
use crate::domain::signature::examined::{self, Verdict};
use crate::domain::signature::grade::Grade;
use crate::domain::votes::standing::vouched;
use crate::domain::{Event, Kind, Life, Program, Record, Sha256, Subject, Time, Vote};
use crate::error::{Error, Result};
use crate::git::Repo;

/// The registry that a proposal is made to, as it stands.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub repo: &'a Repo,
    pub program: &'a Program,
    /// Those decided; without the history, older ones aren't known.
    pub policies: Option<&'a Policies>,
    /// The hash of its founding event.
    pub registry: Sha256,
}

impl<'a> Ground<'a> {
    /// The policy that a vote names, if it is known.
    pub fn named(&self, vote: &Vote) -> Option<&'a Program> {
        let decided = self.policies.and_then(|policies| policies.get(&vote.policy));
        decided.or(Some(self.program).filter(|program| program.hash == vote.policy))
    }
}

/// What is wrong with one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Inadmissible {
    pub seq: u32,
    /// A short name that stays, for scripts.
    pub code: &'static str,
    pub why: String,
    pub hint: String,
    /// Whether a member brought it in who had a seat then, and has none any more.
    pub lapsed: bool,
}

impl Inadmissible {
    /// Which event, and what is wrong with it.
    pub fn words(&self) -> String {
        format!("log/{:04}, which can't be on record: {}", self.seq, self.why)
    }
}

fn again() -> &'static str {
    tr!("have it made again with karmada-partner")
}

impl Snapshot<'_> {
    /// Judges with what is known of this registry.
    pub(super) fn on_ground<T>(&self, judge: impl FnOnce(Ground<'_>) -> Result<T>) -> Result<T> {
        self.on_ground_with(self.policies_if(false)?.as_deref(), judge)
    }

    fn on_ground_with<T>(&self, policies: Option<&Policies>, judge: impl FnOnce(Ground<'_>) -> Result<T>) -> Result<T> {
        judge(Ground { repo: self.repo, program: &*self.shared_program()?, policies, registry: self.registry()? })
    }

    /// Every policy that was ever decided, where the history is at hand. Elsewhere each is a question by itself, and asked for only
    /// if one is `needed`.
    pub(crate) fn policies_if(&self, needed: bool) -> Result<Option<Rc<Policies>>> {
        (needed || self.repo.has_commit(self.commit)).then(|| self.policies()).transpose()
    }

    /// Whether who brought somebody in may not any more. What else can't go on record is no proposal, but where it `stands` there.
    pub(super) fn import_lapsed(&self, (branch, stands): (&str, bool), proposed: &Partner) -> Result<bool> {
        match self.inadmissible(proposed)? {
            Some(fault) if !fault.lapsed && !stands => {
                let why = fault.words();
                Err(Error::refused(tr!("the proposal {branch} has {why}", branch, why)).hint(super::again()))
            }
            fault => Ok(fault.is_some_and(|fault| fault.lapsed)),
        }
    }

    /// What of an application can't go on record, and why. An import that was merged while its member had a seat is on record in
    /// order, and is decided there.
    pub fn inadmissible(&self, proposed: &Partner) -> Result<Option<Inadmissible>> {
        let program = self.shared_program()?;
        let imports = |event: &Event| event.kind == Kind::Imported && !program.may_vote(event.by());
        let policies = self.policies_if(proposed.life.application().is_some_and(imports))?;
        self.on_ground_with(policies.as_deref(), |ground| {
            let Some(fault) = of_application(ground, proposed, self.now)? else { return Ok(None) };
            let in_order = fault.lapsed && self.stands_in_order(ground, proposed, fault.seq)?;
            Ok((!in_order).then_some(fault))
        })
    }

    /// Whether an event came to the default branch under a policy by which its application is without fault. Without the history
    /// nobody can tell when it came, and nobody decides anything.
    fn stands_in_order(&self, ground: Ground<'_>, proposed: &Partner, seq: u32) -> Result<bool> {
        let path = event_path(&proposed.slug, seq);
        if self.repo.at_path(self.tree, &path)?.is_none() {
            return Ok(false);
        }
        if !self.repo.has_commit(self.commit) {
            return Ok(true);
        }
        let then = self.policy_before(&path)?;
        let Some(program) = then.and_then(|then| ground.policies?.get(&then)) else { return Ok(false) };
        Ok(of_application(Ground { program, ..ground }, proposed, self.now)?.is_none())
    }
}

/// All that can't go on record of what `proposed` adds to a log that was `before`, with the facts `in_force`, at `written` if that
/// is known. `voices` gives those of an event's round, its opener's first.
pub(super) fn faults(
    ground: Ground<'_>,
    (before, in_force): (&Life, Option<&Record>),
    proposed: &Partner,
    written: Option<Time>,
    voices: &dyn Fn(&Event) -> Result<Vec<Vote>>,
) -> Result<Vec<Inadmissible>> {
    let new = proposed.life.log.get(before.log.len()..).unwrap_or_default();
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let Ground { repo, program, policies, registry } = ground;
    let mut life = Fold::clone(before);
    let mut out = Vec::new();
    for logged in new {
        let event = &logged.event;
        let mut fault = |code, why, hint| out.push(Inadmissible { seq: event.seq, code, why, hint, lapsed: false });
        let position = Position {
            life: &life,
            registry: Some(registry),
            in_force: Some(program.hash),
            decided: policies,
            before: Before::Unknown,
            written: written.map(Time::unix),
        };
        for broken in position.faults(event) {
            fault(broken.code, broken.why, again().into());
        }
        // Who goes on with an application is judged by what it was, not by what becomes of it.
        let goes_on = event.subject == Subject::Application && !event.kind.opens();
        let record = match life.proposed.filter(|_| goes_on) {
            Some(facts) => record_at(repo, facts)?.or_else(|| proposed.record.clone()),
            None => in_force.cloned(),
        };
        let voices = voices(event)?;
        let prove = |v| vouched(program, v, |member| examined::of_vote(v, member));
        match right_of(program, event, &life, &voices.iter().map(prove).collect::<Vec<_>>(), record.as_ref()) {
            Err(refusal) => {
                fault("author", refusal.why, refusal.hint);
                if let Some(fault) = out.last_mut() {
                    fault.lapsed = event.kind == Kind::Imported && had_a_seat(event, policies);
                }
            }
            Ok(basis) => {
                let by_seat = basis.is_some_and(Basis::is_members);
                if let Some(why) = unproven(event, program, policies, by_seat) {
                    fault("author", why, again().into());
                }
            }
        }
        life.push(&proposed.slug, logged);
    }
    Ok(out)
}

/// The first that can't go on record of an application, wherever it stands.
fn of_application(ground: Ground<'_>, proposed: &Partner, now: Time) -> Result<Option<Inadmissible>> {
    let log = &proposed.life.log;
    let opened = log.iter().rposition(|l| l.event.kind.opens()).unwrap_or_default();
    let (before, _) = Life::fold(&proposed.slug, log[..opened].iter().cloned());
    let in_force = before.landed.map(|facts| record_at(ground.repo, facts)).transpose()?.flatten();
    let faults = faults(ground, (&before, in_force.as_ref()), proposed, Some(now), &|_| Ok(Vec::new()))?;
    Ok(faults.into_iter().next())
}

/// Whether its actor is a member who had a seat under the policy that it names.
fn had_a_seat(event: &Event, policies: Option<&Policies>) -> bool {
    let then = policies.and_then(|known| known.get(&event.policy));
    then.is_some_and(|then| admit_member(then, event.by()).is_ok())
}

/// Why its actor didn't say so: its signature is by no key that is theirs. And of what somebody may only as a member: it had no seat
/// under the policy that it names, or didn't sign as it has to.
fn unproven(event: &Event, program: &Program, policies: Option<&Policies>, by_seat: bool) -> Option<String> {
    let then = policies.and_then(|known| known.get(&event.policy)).filter(|_| by_seat);
    if let Some(Err(refusal)) = then.map(|program| admit_member(program, event.by())) {
        return Some(tr!("under the policy it names, {why}", why = refusal.why));
    }
    let verdict = policies.map_or(Verdict::Unsigned, |policies| examined::verdict_of_event(event, policies));
    if let Some(fault) = examined::fault_of_event(event, &verdict, program) {
        return Some(fault.to_string());
    }
    let member = program.member(&event.actor)?;
    let grade = match policies {
        Some(_) => verdict.under(member, Grade::Unsigned),
        // Without the history the policy that it names isn't known.
        None => examined::of_event(event, member),
    };
    let grade = grade.unwrap_or(Grade::Unsigned);
    let asked = [Some(program), then].into_iter().flatten().any(|policy| !policy.signatures.allow(grade));
    (by_seat && asked).then(|| tr!("it isn't signed, and the policy asks for that").into())
}
