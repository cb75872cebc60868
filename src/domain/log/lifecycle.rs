//! A partner's state is the fold of its log. The whole machine is one `match`.

use std::collections::BTreeSet;

use super::bounds;
use super::detail::{Detail, Stage};
use super::event::{Event, Facts, Objects, Terms};
use super::kinds::{Kind, Subject};
use crate::domain::program::permit::Permit;
use crate::domain::values::{AccountId, Date, Line, Login, Sha256, Slug, Time, words};

words! {
    pub enum State {
        /// Nothing is known of it.
        Absent = "none",
        Applied = "applied",
        Active = "active",
        Rejected = "rejected",
        Withdrawn = "withdrawn",
        Exited = "exited",
    }
}

impl State {
    /// The state that a step leads to; `None` when it is illegal.
    #[must_use]
    #[expect(clippy::match_same_arms, reason = "one arm a rule, in the order of a partner's life")]
    pub fn after(self, kind: Kind, subject: Subject) -> Option<Self> {
        use Kind::{
            Amended, Applied, Approved, Benefited, Cleared, Closed, Exited, Founded, Imported, Posted, Recorded,
            Rejected, Renewed, Updated, Withdrawn,
        };
        use Subject::{Application, Exit, Policy, Update, Upkeep};
        Some(match (self, kind, subject) {
            // Who isn't a partner may ask to become one, again too.
            (Self::Absent | Self::Rejected | Self::Withdrawn | Self::Exited, Applied | Imported, Application) => {
                Self::Applied
            }
            // An application may change until it is decided.
            (Self::Applied, Amended, Application) => Self::Applied,
            (Self::Applied, Approved, Application) => Self::Active,
            (Self::Applied, Rejected, Application) => Self::Rejected,
            (Self::Applied, Withdrawn, Application) => Self::Withdrawn,
            // A partner may change its facts, and leave; what was changed behind the log's back may be owned up to.
            (Self::Active, Updated | Recorded, Update) => Self::Active,
            (Self::Active, Exited, Exit) => Self::Exited,
            // A proposed update or exit that comes to nothing leaves it where it is.
            (Self::Active, Rejected | Withdrawn, Update | Exit) => Self::Active,
            // Who left may have its mailbox and logo taken off the head, or not; also where it asked in vain to come back.
            (Self::Exited | Self::Rejected | Self::Withdrawn, Cleared | Rejected | Withdrawn, Update) => self,
            // What is written down of a partner leaves it where it is. Some benefits end only after it has left, and posts may be
            // filled between the decision that it leaves and its day.
            (Self::Active, Benefited | Posted | Closed | Renewed, Upkeep) => Self::Active,
            (Self::Exited | Self::Rejected | Self::Withdrawn, Benefited | Closed, Upkeep) => self,
            // The policy begins once, and changes like facts do.
            (Self::Absent, Founded, Policy) => Self::Active,
            (Self::Active, Updated | Recorded | Rejected | Withdrawn, Policy) => Self::Active,
            _ => return None,
        })
    }

    /// Whether it is no partner, and doesn't ask to be one: what stands there, if anything, is of who left.
    #[must_use]
    pub(crate) const fn is_over(self) -> bool {
        matches!(self, Self::Exited | Self::Rejected | Self::Withdrawn)
    }

    /// The steps that are legal from here.
    #[must_use]
    pub fn next_steps(self) -> Vec<(Kind, Subject)> {
        let all = Kind::ALL.iter().flat_map(|k| Subject::ALL.iter().map(|s| (*k, *s)));
        all.filter(|(kind, subject)| self.after(*kind, *subject).is_some()).collect()
    }
}

/// An event together with the hash of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    pub event: Event,
    /// The SHA-256 of the file.
    pub hash: Sha256,
}

/// All that later steps depend on of the log so far. It grows with the rounds, not with the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    pub state: State,
    /// The time of the event that led there; none before the first.
    pub since: Option<Time>,
    /// The number of the last round; 0 when there was none.
    pub round: u32,
    pub events: u32,
    /// The hash of the last event's file, and its time.
    pub last: Option<(Sha256, Time)>,
    /// When the events are of, as they say.
    pub times: BTreeSet<Time>,
    /// When the facts in force, or whether it is a partner, changed, as these events say.
    pub changes: BTreeSet<Time>,
    /// The rounds that events are of.
    pub rounds: BTreeSet<u32>,
    /// The round of the present or last application, and who made it; nobody, if it was imported.
    pub applied: Option<(u32, Option<Login>)>,
    /// GitHub's number of who made it, if that is told.
    pub applied_as: Option<AccountId>,
    /// How often that was amended.
    pub amended: u32,
    /// Who wrote its first event down, for whomever.
    pub filed: Option<Login>,
    /// What the present or last application is about.
    pub proposed: Option<(Facts, Objects)>,
    /// The newest event of the present or last application, as who applies wrote it: what votes on it name.
    pub said: Option<Sha256>,
    /// What stands on the default branch: the facts of the last event that brought some.
    pub landed: Option<(Facts, Objects)>,
    /// Since when it has been a partner, the last time: here, or where it is imported from.
    pub joined: Option<Date>,
    /// The numbers of the posts that nobody closed.
    pub posts: BTreeSet<u32>,
    /// What it was before the application that waits: what it is again where that is taken back whole.
    pub before: Option<Box<Self>>,
}

/// A partner's log, folded, with the events themselves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Life {
    fold: Fold,
    pub log: Vec<Logged>,
}

impl std::ops::Deref for Life {
    type Target = Fold;

    fn deref(&self) -> &Fold {
        &self.fold
    }
}

/// An event that can't follow the ones before it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Broken {
    /// A short name for the rule, for `check`.
    pub code: &'static str,
    /// Which rule is broken, and how.
    pub why: String,
}

/// A step that the present state doesn't allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.told())]
pub struct Illegal {
    pub partner: Slug,
    pub kind: Kind,
    pub state: State,
    /// The day on which it leaves, where it is exited and that is still to come.
    pub leaving: Option<Date>,
}

impl Illegal {
    fn told(&self) -> String {
        tr!("{partner} {refused}: {why}", partner = self.partner, refused = refused(self.kind), why = self.stands())
    }

    fn stands(&self) -> String {
        match self.leaving {
            Some(day) => tr!("that it leaves on {day} is decided", day),
            None => tr!("it is {state}", state = self.state.told()),
        }
    }
}

/// A log that has no room for a step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.told())]
pub struct Full {
    pub partner: Slug,
    /// The bound, in a sentence.
    pub why: String,
    pub state: State,
}

impl Full {
    fn told(&self) -> String {
        tr!("{partner}: {why}", partner = self.partner, why = self.why)
    }
}

/// Why nothing is recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unrecorded {
    #[error(transparent)]
    Illegal(#[from] Illegal),
    #[error(transparent)]
    Full(#[from] Full),
}

/// A step that isn't possible, in words.
fn refused(kind: Kind) -> &'static str {
    match kind {
        Kind::Applied | Kind::Imported => tr!("can't apply"),
        Kind::Amended => tr!("has no application to amend"),
        Kind::Approved => tr!("can't be approved"),
        Kind::Rejected => tr!("has nothing to reject"),
        Kind::Withdrawn => tr!("has nothing to withdraw"),
        Kind::Updated => tr!("can't be updated"),
        Kind::Recorded => tr!("has no change by hand to put on record"),
        Kind::Founded => tr!("can't be founded"),
        Kind::Exited => tr!("can't leave"),
        Kind::Cleared => tr!("can't be cleared"),
        Kind::Benefited => tr!("gets no benefits"),
        Kind::Posted => tr!("can't post a job"),
        Kind::Closed => tr!("has no job post to close"),
        Kind::Renewed => tr!("has no entry to confirm"),
    }
}

/// How far past the last round an update or an exit may be: proposals that came to nothing leave gaps.
pub(crate) const AHEAD: u32 = 1_000;

/// What a new event says, apart from what follows from the log and the permit.
#[derive(Debug, Clone)]
pub struct Step {
    /// Has to be right in the present state.
    pub kind: Kind,
    pub subject: Subject,
    /// From 1; that of the proposal it belongs to.
    pub round: u32,
    pub facts: Facts,
    /// Where git keeps them.
    pub objects: Objects,
    pub votes: Vec<Sha256>,
    pub terms: Option<Terms>,
    pub detail: Option<Detail>,
    /// As the actor words it, on one line.
    pub reason: Option<Line>,
}

impl Step {
    /// One that rests on no votes and says no more than what it does.
    pub(crate) const fn new(kind: Kind, subject: Subject, round: u32, facts: Facts, objects: Objects) -> Self {
        Self { kind, subject, round, facts, objects, votes: Vec::new(), terms: None, detail: None, reason: None }
    }
}

impl Default for Fold {
    fn default() -> Self {
        Self {
            state: State::Absent,
            since: None,
            round: 0,
            events: 0,
            last: None,
            times: BTreeSet::new(),
            changes: BTreeSet::new(),
            rounds: BTreeSet::new(),
            applied: None,
            applied_as: None,
            amended: 0,
            filed: None,
            proposed: None,
            said: None,
            landed: None,
            joined: None,
            posts: BTreeSet::new(),
            before: None,
        }
    }
}

/// Since when somebody stands where it does: who left does so since its last day, whenever that was decided.
pub(crate) fn stands_since(state: State, since: Option<Time>, last_day: Option<Date>, today: Date) -> Option<Time> {
    match last_day.filter(|day| state == State::Exited && *day <= today) {
        Some(day) if since.is_none_or(|time| time.date() != day) => Some(day.start()),
        _ => since,
    }
}

/// The newest of these times that isn't ahead of one.
fn newest(of: &BTreeSet<Time>, one: Time) -> Option<Time> {
    of.iter().rev().find(|time| !time.is_ahead_of(one)).copied()
}

impl Fold {
    /// Adds one event. All rules are checked, and the event is taken even when it breaks some, so that what follows it
    /// is judged too.
    pub(crate) fn push(&mut self, slug: &Slug, logged: &Logged) -> Vec<Broken> {
        let event = &logged.event;
        let mut broken = Vec::new();
        let mut rule = |code, why: String| broken.push(Broken { code, why });
        if event.partner != *slug {
            rule("event-partner", format!("the event is about {}, not {slug}", event.partner));
        }
        let seq = self.next_seq();
        if event.seq != seq {
            rule("event-seq", format!("the event says it is number {}, and its place is {seq}", event.seq));
        }
        if event.prev != self.last.map(|(hash, _)| hash) {
            rule("event-chain", "the event doesn't name the hash of the event before it".into());
        }
        if let Err(why) = self.fits_round(event.kind, event.subject, event.round) {
            rule("event-round", why);
        }
        for (code, why) in self.unsound(event) {
            rule(code, why);
        }
        if event.terms.as_ref().and_then(|terms| terms.merged_into.as_ref()) == Some(slug) {
            rule("event-merged", "it became part of itself".into());
        }
        if event.kind.opens() && self.state != State::Applied {
            self.before = Some(Box::new(self.clone()));
        }
        match self.state.after(event.kind, event.subject) {
            Some(state) => {
                if state != self.state || event.kind.opens() {
                    self.since = Some(event.time);
                }
                self.state = state;
            }
            None => rule(
                "event-illegal",
                format!("“{}” ({}) can't follow in state {}", event.kind, event.subject, self.state),
            ),
        }
        self.before.take_if(|_| self.state != State::Applied);
        self.round = self.round.max(event.round);
        self.events = seq;
        self.last = Some((logged.hash, event.time));
        self.times.insert(event.time);
        self.rounds.insert(event.round);
        self.remember(event, logged.hash);
        broken
    }

    fn remember(&mut self, event: &Event, hash: Sha256) {
        if event.kind.opens() {
            // Who imports an entry doesn't speak for it.
            let by = (event.kind == Kind::Applied).then(|| event.actor.clone());
            self.applied = Some((event.round, by));
            self.applied_as = event.account.filter(|_| event.kind == Kind::Applied);
            self.filed = Some(event.actor.clone());
            self.amended = 0;
        }
        if event.kind.applies() {
            self.proposed = Some((event.facts, event.objects));
            self.said = Some(hash);
        }
        if event.kind.lands() {
            self.changes.insert(event.time);
        }
        if event.kind.brings() {
            self.landed = Some((event.facts, event.objects));
        }
        match event.kind {
            Kind::Amended => self.amended += 1,
            Kind::Applied => self.joined = None,
            Kind::Approved => {
                self.joined = self.joined.or(Some(event.time.date()));
                // Who comes back begins anew.
                self.posts.clear();
            }
            _ => {}
        }
        match &event.detail {
            Some(Detail::Origin(origin)) => self.joined = origin.since,
            Some(Detail::Post(_)) => drop(self.posts.insert(event.seq)),
            Some(Detail::Closes(post)) => drop(self.posts.remove(post)),
            _ => {}
        }
    }

    /// What an event says that can't be so after the events before it.
    fn unsound(&self, event: &Event) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        wrong.extend(self.no_room(event.kind, event.detail.as_ref()).map(|why| ("event-limit", why)));
        if let Some(Detail::Closes(post)) = &event.detail
            && !self.posts.contains(post)
        {
            wrong.push(("event-job", format!("no open post has the number {post}")));
        }
        let unfit = event.terms.as_ref().and_then(|terms| self.unfit_day(terms.effective, event.time.date()));
        wrong.extend(unfit.map(|why| ("event-effective", why)));
        let far = event.detail.as_ref().and_then(|detail| bounds::unfit_day(detail, event.time.date()));
        wrong.extend(far.map(|why| ("event-date", why)));
        if let Some(Detail::Benefit(benefit)) = &event.detail
            && self.state != State::Active
            && benefit.stage != Some(Stage::Ended)
        {
            wrong.push(("event-illegal", "who is no partner gets no benefit; only what went on can end".into()));
        }
        if event.subject == Subject::Update && self.state.is_over() && !self.may_clear() {
            wrong.push(("event-illegal", "who was never a partner has nothing to change".into()));
        }
        // One hash names one file, and git has one id for that.
        for (facts, objects) in [self.proposed, self.landed].into_iter().flatten() {
            let record = facts.record == event.facts.record && objects.record != event.objects.record;
            let logo = facts.logo.is_some() && facts.logo == event.facts.logo && objects.logo != event.objects.logo;
            if record || logo {
                wrong.push(("event-objects", "its objects aren't those that the same facts had before".into()));
                break;
            }
        }
        wrong
    }

    /// Whether its mailbox and logo may be taken off the head: it is no partner, and was one.
    #[must_use]
    pub(crate) fn may_clear(&self) -> bool {
        self.state.is_over() && self.landed.is_some()
    }

    /// Why there is no room for such an event.
    fn no_room(&self, kind: Kind, detail: Option<&Detail>) -> Option<String> {
        if kind == Kind::Amended && self.amended >= bounds::AMENDMENTS {
            return Some(format!("an application is amended at most {} times", bounds::AMENDMENTS));
        }
        bounds::no_room(kind, detail, self.next_seq())
    }

    /// The number of the event to come.
    #[must_use]
    pub(crate) const fn next_seq(&self) -> u32 {
        self.events.saturating_add(1)
    }

    /// Whether an event of this log is of that round.
    #[must_use]
    pub(crate) fn used(&self, round: u32) -> bool {
        self.rounds.contains(&round)
    }

    /// The round of the present or last application; 0 when there was none.
    #[must_use]
    pub fn application_round(&self) -> u32 {
        self.applied.as_ref().map_or(0, |(round, _)| *round)
    }

    /// An application opens the next round and what decides it stays there. Updates and exits may wait side by side, so
    /// theirs are decided in any order, but each in a round of its own.
    fn fits_round(&self, kind: Kind, subject: Subject, round: u32) -> Result<(), String> {
        let expected = match (subject, kind) {
            (Subject::Application, Kind::Applied | Kind::Imported) | (_, Kind::Founded) => self.round.saturating_add(1),
            // What is only written down has no round of its own.
            (Subject::Application | Subject::Upkeep, _) => self.application_round(),
            _ if round > self.round.saturating_add(AHEAD) => {
                return Err(format!("the event says round {round}, and the last one is {}", self.round));
            }
            _ if round > 0 && !self.used(round) => round,
            _ => return Err(format!("the event says round {round}, and that was decided before")),
        };
        if round == expected {
            Ok(())
        } else {
            Err(format!("the event says round {round}, and this is round {expected}"))
        }
    }

    /// Why an exit that is decided `today` can't take effect on a day.
    #[must_use]
    pub(crate) fn unfit_day(&self, day: Date, today: Date) -> Option<String> {
        // Whatever a log says of that, nobody joins after having left.
        if let Some(joined) = self.joined.map(|joined| joined.min(today)).filter(|joined| day < *joined) {
            return Some(tr!("it leaves on {day}, before it joined on {joined}", day, joined));
        }
        let far = today.days_until(day) > bounds::DAYS_AHEAD;
        far.then(|| {
            tr!("it leaves on {day}, more than {most} days after that is decided", day, most = bounds::DAYS_AHEAD)
        })
    }

    /// The newest time of its events.
    #[must_use]
    pub fn last_time(&self) -> Option<Time> {
        self.times.last().copied()
    }

    /// The time that an event can't be before which is written down at `written`: that of the newest event which isn't ahead of
    /// that. Who dates something into the future binds nobody else.
    #[must_use]
    pub(crate) fn not_before(&self, written: Time) -> Option<Time> {
        newest(&self.times, written)
    }

    /// When what updates and exits are about changed last before a decision of that time. Who votes on one has to have seen that.
    #[must_use]
    pub fn changed_by(&self, decided: Time) -> Option<Time> {
        newest(&self.changes, decided)
    }

    /// Whether an event of this kind could follow, as far as there is room.
    ///
    /// # Errors
    /// When there is none.
    pub fn room_for(&self, slug: &Slug, kind: Kind) -> Result<(), Full> {
        match self.no_room(kind, None) {
            Some(why) => Err(Full { partner: slug.clone(), why, state: self.state }),
            None => Ok(()),
        }
    }

    /// As much of it as tells who is who: it doesn't grow with the log.
    #[must_use]
    pub(crate) fn who(&self) -> Self {
        let Self { state, applied, applied_as, filed, proposed, landed, .. } = self;
        Self {
            state: *state,
            applied: applied.clone(),
            applied_as: *applied_as,
            filed: filed.clone(),
            proposed: *proposed,
            landed: *landed,
            ..Self::default()
        }
    }

    /// The facts that stand on the default branch: those of the last event that brought some.
    #[must_use]
    pub(crate) fn landed_facts(&self) -> Option<Facts> {
        self.landed.map(|(facts, _)| facts)
    }
}

impl Life {
    /// Whether the last that is said is that something was taken back.
    #[must_use]
    pub fn is_taken_back(&self) -> bool {
        self.log.last().is_some_and(|logged| logged.event.kind == Kind::Withdrawn)
    }

    /// Folds a log. On an event that can't follow, gives what stood before it, and the rule it breaks.
    pub fn fold(slug: &Slug, log: impl IntoIterator<Item = Logged>) -> (Self, Vec<Broken>) {
        let mut life = Self::default();
        let mut broken = Vec::new();
        for logged in log {
            broken.extend(life.push(slug, logged));
        }
        (life, broken)
    }

    /// Adds one event, as `Fold::push` does.
    pub fn push(&mut self, slug: &Slug, logged: Logged) -> Vec<Broken> {
        let broken = self.fold.push(slug, &logged);
        self.log.push(logged);
        broken
    }

    /// The event that opened the present or last application.
    #[must_use]
    pub(crate) fn application(&self) -> Option<&Event> {
        self.log.iter().rev().map(|l| &l.event).find(|e| e.kind.opens())
    }

    /// The last event that says what an application is about.
    #[must_use]
    pub(crate) fn applied_last(&self) -> Option<&Event> {
        self.log.iter().rev().map(|l| &l.event).find(|event| event.kind.applies())
    }

    /// What votes on the application had to name before the event `seq`: see [`Fold::said`].
    #[must_use]
    pub(crate) fn said_before(&self, seq: u32) -> Option<Sha256> {
        self.log.iter().rev().find(|l| l.event.seq < seq && l.event.kind.applies()).map(|l| l.hash)
    }

    /// The same as [`Fold::changed_by`] of the log before an event.
    #[must_use]
    pub(crate) fn changed_before(&self, event: &Event) -> Option<Time> {
        let earlier = self.log.iter().map(|l| &l.event).filter(|e| e.seq < event.seq && e.kind.lands());
        earlier.map(|e| e.time).filter(|time| !time.is_ahead_of(event.time)).max()
    }

    /// The day on which it leaves, where that is decided and still to come.
    #[must_use]
    pub fn leaving(&self, today: Date) -> Option<Date> {
        // It may have applied again meanwhile, in vain or not decided yet.
        self.last_day().filter(|day| self.state != State::Active && *day > today)
    }

    /// The day on which it left or leaves by its last exit, whatever came after it.
    #[must_use]
    pub(crate) fn last_day(&self) -> Option<Date> {
        let last = self.log.iter().rev().map(|l| &l.event).find(|e| e.kind == Kind::Exited)?;
        last.terms.as_ref().map(|terms| terms.effective)
    }

    /// Since when it stands as it does.
    #[must_use]
    pub fn stands_since(&self, today: Date) -> Option<Time> {
        stands_since(self.state, self.since, self.last_day(), today)
    }

    /// That a step can't be taken, today.
    #[must_use]
    pub fn illegal(&self, slug: &Slug, kind: Kind, today: Date) -> Illegal {
        Illegal {
            partner: slug.clone(),
            kind,
            state: self.state,
            leaving: self.leaving(today).filter(|_| self.state == State::Exited),
        }
    }

    /// Whether it is a partner on that day.
    #[must_use]
    pub(crate) fn is_partner(&self, today: Date) -> bool {
        self.state == State::Active || self.leaving(today).is_some()
    }

    /// The facts named last, landed or not.
    #[must_use]
    pub(crate) fn named_facts(&self) -> Option<Facts> {
        self.log.last().map(|l| l.event.facts)
    }

    /// The event to write for `step`, in the registry that the founding event's hash names. Takes a [`Permit`]: nothing is
    /// recorded that nobody was allowed to do.
    ///
    /// # Errors
    /// When the present state doesn't allow the step, or the log has no room for it.
    pub fn record(
        &self,
        registry: Sha256,
        slug: &Slug,
        permit: Permit,
        time: Time,
        step: Step,
    ) -> Result<Event, Unrecorded> {
        let never = step.kind == Kind::Cleared && !self.may_clear();
        if never || self.state.after(step.kind, step.subject).is_none() {
            return Err(self.illegal(slug, step.kind, time.date()).into());
        }
        if let Some(why) = self.no_room(step.kind, step.detail.as_ref()) {
            return Err(Full { partner: slug.clone(), why, state: self.state }.into());
        }
        // Beside what is dated ahead, there may be what a clock that lags has to follow.
        let time = self.not_before(time).map_or(time, |before| before.max(time));
        let (actor, policy) = permit.into_parts();
        Ok(Event {
            kind: step.kind,
            registry: Some(registry),
            partner: slug.clone(),
            seq: self.next_seq(),
            round: step.round,
            subject: step.subject,
            actor,
            account: None,
            by: None,
            time,
            policy,
            facts: step.facts,
            objects: step.objects,
            prev: self.log.last().map(|l| l.hash),
            votes: step.votes,
            terms: step.terms,
            detail: step.detail,
            reason: step.reason,
            link: None,
            continues: None,
            attested: None,
            signature: None,
        })
    }
}

/// The states × events table, as `docs/log-format.md` shows it.
#[must_use]
pub fn table() -> String {
    let mut out = String::from("| event (subject) |");
    for state in State::ALL {
        out += &format!(" {state} |");
    }
    out += "\n|---|";
    out += &"---|".repeat(State::ALL.len());
    for kind in Kind::ALL {
        for subject in Subject::ALL {
            let cells: Vec<_> = State::ALL.iter().map(|s| s.after(*kind, *subject)).collect();
            if cells.iter().any(Option::is_some) {
                out += &format!("\n| {kind} ({subject}) |");
                out.extend(cells.iter().map(|c| format!(" {} |", c.map_or("·", State::word))));
            }
        }
    }
    out + "\n"
}
