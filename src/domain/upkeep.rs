//! What a program says about showing partners and keeping their entries fresh; and what their logs tell of benefits,
//! job posts, renewals, and since when they are partners.

use super::log::detail::{Benefit, BenefitKind, Detail, Origin, Post, Stage};
use super::log::event::Event;
use super::log::kinds::Kind;
use super::log::lifecycle::{Life, Logged, State};
use super::program::Program;
use super::program::organization::Tie;
use super::record::{Record, WebAddress};
use super::values::{Date, HttpLink, Login, Slug, Time};

/// A job post of a partner's, by its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job<'a> {
    /// The number of the event that posted it: what it is called by.
    pub number: u32,
    pub post: &'a Post,
    pub link: Option<&'a HttpLink>,
    pub by: &'a Login,
    pub on: Date,
    /// The day on which an event closed it, and not its own last day.
    ended: Option<Date>,
    /// The day on which its partner left or leaves.
    left: Option<Date>,
}

impl Job<'_> {
    /// The day from which on it is closed: by an event, by its own last day, or since its partner leaves.
    #[must_use]
    pub fn closed(&self) -> Option<Date> {
        self.ended.into_iter().chain(self.left).chain(self.post.closes.map(Date::next)).min()
    }

    /// Where more is told, if that is an address of the web, whoever wrote it into the log.
    #[must_use]
    pub fn address(&self) -> Option<WebAddress> {
        self.link?.as_str().parse().ok()
    }

    /// Whether somebody may still apply.
    #[must_use]
    pub fn is_open(&self, now: Time) -> bool {
        let left = self.left.is_some_and(|day| day <= now.date());
        self.ended.is_none() && !left && !self.post.closes.is_some_and(|day| is_over(day, now))
    }
}

/// Whether a post's last day is over: wherever on earth somebody might apply.
#[must_use]
pub fn is_over(last: Date, now: Time) -> bool {
    last < *now.days_on_earth().start()
}

/// All job posts that a log tells of, oldest first.
#[must_use]
pub fn jobs(log: &[Logged]) -> Vec<Job<'_>> {
    let mut jobs: Vec<Job<'_>> = Vec::new();
    for event in log.iter().map(|l| &l.event) {
        match &event.detail {
            Some(Detail::Post(post)) => jobs.push(Job {
                number: event.seq,
                post,
                link: event.link.as_ref(),
                by: &event.actor,
                on: event.time.date(),
                ended: None,
                left: None,
            }),
            Some(Detail::Closes(number)) => {
                for job in jobs.iter_mut().filter(|j| j.number == *number) {
                    job.ended.get_or_insert(event.time.date());
                }
            }
            // Who left posts nothing any more; and begins anew when it comes back.
            _ if event.kind == Kind::Exited => {
                for job in jobs.iter_mut().filter(|job| job.left.is_none()) {
                    job.left = Some(exit_day(event));
                }
            }
            _ if event.kind == Kind::Approved => {
                let day = event.time.date();
                for job in &mut jobs {
                    job.left = job.left.map(|left| left.min(day));
                }
            }
            _ => {}
        }
    }
    jobs
}

/// A benefit as a log tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given<'a> {
    pub number: u32,
    pub benefit: &'a Benefit,
    pub link: Option<&'a HttpLink>,
    pub by: &'a Login,
    /// When it was written down.
    pub written: Time,
}

/// All benefits that a log tells of, oldest first.
pub fn benefits(log: &[Logged]) -> impl Iterator<Item = Given<'_>> {
    log.iter().map(|l| &l.event).filter_map(|event| match &event.detail {
        Some(Detail::Benefit(benefit)) => {
            let (number, link, by, written) = (event.seq, event.link.as_ref(), &event.actor, event.time);
            Some(Given { number, benefit, link, by, written })
        }
        _ => None,
    })
}

/// How far early disclosure is, and since when, in the present partnership; `None` if nobody has asked for it. Who comes
/// back has to be granted it again.
#[must_use]
pub fn early_disclosure(log: &[Logged]) -> Option<(Stage, Date)> {
    last_stage(present(log))
}

/// How far early disclosure is by the whole log: what was granted and never ended has still to be ended.
#[must_use]
pub fn last_stage(log: &[Logged]) -> Option<(Stage, Date)> {
    last_step(log).and_then(|g| Some((g.benefit.stage?, g.benefit.on)))
}

/// Whether a step of early disclosure on a day, written down `now`, comes before the one that it follows: wherever both were.
#[must_use]
pub fn is_before_the_last(log: &[Logged], day: Date, now: Time) -> bool {
    let last = last_step(present(log));
    last.is_some_and(|g| now.meant_by(day).end() < g.written.meant_by(g.benefit.on).start())
}

fn last_step(log: &[Logged]) -> Option<Given<'_>> {
    benefits(log).filter(|g| g.benefit.kind == BenefitKind::EarlyDisclosure).last()
}

/// What a log tells of the present partnership.
fn present(log: &[Logged]) -> &[Logged] {
    &log[log.iter().rposition(|l| l.event.kind == Kind::Approved).unwrap_or(0)..]
}

/// Since when a partner is one, as far as its log tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    Day(Date),
    /// It was brought in from elsewhere, and is one since then at the latest.
    AtLatest(Date),
}

impl Since {
    #[must_use]
    pub const fn day(self) -> Date {
        match self {
            Self::Day(day) | Self::AtLatest(day) => day,
        }
    }

    /// The day, where more is known than the latest that it can be.
    #[must_use]
    pub const fn known(self) -> Option<Date> {
        match self {
            Self::Day(day) => Some(day),
            Self::AtLatest(_) => None,
        }
    }

    /// In few words, as in a table.
    #[must_use]
    pub fn told(self) -> String {
        match self {
            Self::Day(day) => day.to_string(),
            Self::AtLatest(day) => tr!("by {day}", day),
        }
    }
}

/// Since when who was approved last is a partner; nothing where nobody ever was.
#[must_use]
pub fn since(log: &[Logged]) -> Option<Since> {
    let approved = log.iter().rev().map(|l| &l.event).find(|e| e.kind == Kind::Approved)?;
    Some(since_approval(log, approved))
}

/// Since when who was approved by this is a partner.
#[must_use]
pub fn since_approval(log: &[Logged], approved: &Event) -> Since {
    let day = approved.time.date();
    match origin(log, approved) {
        Some(origin) => origin.since.map_or(Since::AtLatest(day), Since::Day),
        None => Since::Day(day),
    }
}

/// The day on which who was approved last became a partner, if that is known, and `day` is before it wherever both were.
#[must_use]
pub fn joined_after(log: &[Logged], day: Date) -> Option<Date> {
    let approved = log.iter().rev().map(|l| &l.event).find(|e| e.kind == Kind::Approved)?;
    let joined = since_approval(log, approved).known()?;
    (day < *approved.time.meant_by(joined).start()).then_some(joined)
}

/// What opened the round of an approval.
#[must_use]
pub fn opened<'l>(log: &'l [Logged], approved: &Event) -> Option<&'l Event> {
    log.iter().map(|l| &l.event).find(|e| e.round == approved.round && e.kind.opens())
}

/// Since when a life is where it stands: of partners as far as is known, of others since the event that led there, and of those
/// who left since their last day.
#[must_use]
pub fn stands_since(life: &Life, today: Date) -> Option<Since> {
    let partner = since(&life.log).filter(|_| life.state == State::Active);
    partner.or_else(|| life.stands_since(today).map(|time| Since::Day(time.date())))
}

/// The day on which an exit holds.
#[must_use]
pub fn exit_day(exit: &Event) -> Date {
    exit.terms.as_ref().map_or_else(|| exit.time.date(), |terms| terms.effective)
}

/// Whether an exit never came to be, since the partner was approved again before its day.
#[must_use]
pub fn is_overtaken(log: &[Logged], exit: &Event) -> bool {
    let later = log.iter().map(|l| &l.event).filter(|e| e.seq > exit.seq && e.kind == Kind::Approved);
    later.map(|e| e.time.date()).any(|day| day < exit_day(exit))
}

/// Where an approval's application was read, if it was imported.
#[must_use]
pub fn origin<'l>(log: &'l [Logged], approved: &Event) -> Option<&'l Origin> {
    match &opened(log, approved)?.detail {
        Some(Detail::Origin(origin)) => Some(origin),
        _ => None,
    }
}

/// Whether who it is reached by, by what it says now, has confirmed its entry since it was brought in or applied, the last time.
#[must_use]
pub fn is_confirmed_by(log: &[Logged], contact: &Login) -> bool {
    let mut since = log.iter().rev().map(|l| &l.event).take_while(|e| !e.kind.opens());
    since.any(|e| e.kind == Kind::Renewed && e.actor.is(contact))
}

/// The import that a partner is listed by, where it didn't apply itself.
#[must_use]
pub fn brought_in(log: &[Logged]) -> Option<&Event> {
    let approved = log.iter().rev().map(|l| &l.event).find(|e| e.kind == Kind::Approved)?;
    opened(log, approved).filter(|e| e.kind == Kind::Imported)
}

/// Why a partner's contact isn't its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandIn {
    /// It hasn't confirmed the entry, and may be the partner's own all along.
    Unconfirmed,
    /// Of a member who doesn't work there, and of who brought it in: what they confirm, they may confirm for it.
    ForIt,
}

/// A partner as its contact is judged.
#[derive(Debug, Clone, Copy)]
pub struct Reached<'a> {
    pub slug: &'a Slug,
    pub record: &'a Record,
    pub log: &'a [Logged],
    /// Whether an update named the contact that it has, after somebody else.
    pub named: bool,
}

/// Whether a partner's contact only stands in, and why. A member who brings in what others listed gives a contact of their own,
/// another member's, or one for several (`shared`, asked only where that matters), until each partner names whom it wants to be
/// asked, or that contact confirms the entry. The source of what was read says so; before it did, who stands in is known by what
/// they are.
pub fn stands_in(program: &Program, reached: Reached<'_>, shared: impl FnOnce() -> bool) -> Option<StandIn> {
    let Reached { slug, record, log, named } = reached;
    let imported = brought_in(log)?;
    if let Some(member) = program.seat_of(record.contact()) {
        return (member.organization.tie(slug, Some(record)) == Tie::None).then_some(StandIn::ForIt);
    }
    if named {
        return None;
    }
    if imported.actor.is(&record.github) {
        return Some(StandIn::ForIt);
    }
    if is_confirmed_by(log, &record.github) {
        return None;
    }
    let said = match &imported.detail {
        Some(Detail::Origin(origin)) => origin.stand_in(),
        _ => None,
    };
    (said.is_some_and(|login| record.github.is(&login)) || shared()).then_some(StandIn::Unconfirmed)
}

/// What may be said of early disclosure next.
#[must_use]
pub fn next_stages(log: &[Logged]) -> Vec<Stage> {
    let mut next = match early_disclosure(log).map(|(stage, _)| stage) {
        None | Some(Stage::Ended) => vec![Stage::Requested, Stage::Granted],
        Some(Stage::Requested) => vec![Stage::Granted],
        Some(Stage::Granted) => Vec::new(),
    };
    if matches!(last_stage(log), Some((Stage::Requested | Stage::Granted, _))) {
        next.push(Stage::Ended);
    }
    next
}

/// The day on which a partner's entry was last decided on or confirmed.
#[must_use]
pub fn confirmed(life: &Life) -> Option<Date> {
    life.log.iter().rev().map(|l| &l.event).find(|e| is_fresh(e.kind)).map(|e| e.time.date())
}

/// Whether an event decides on a partner's entry, or confirms it.
#[must_use]
pub const fn is_fresh(kind: Kind) -> bool {
    matches!(kind, Kind::Approved | Kind::Updated | Kind::Recorded | Kind::Renewed)
}
