//! The committee's workplace: one proposal after the other, decided by single keys.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::judging::{gather, in_full, refuse_changed};
use super::one_by_one::{self, Led};
use super::opinion::Opinion;
use super::screen;
use crate::commands::evidence::gathering::{Gathered, Gathering, bytes_of};
use crate::config::UserDirectory;
use crate::domain::log::event::Principles;
use crate::domain::log::kinds::{Ballot, Finding, Interest};
use crate::domain::program::admission::admit_member;
use crate::domain::votes::tally;
use crate::domain::{Line, Login, Program, Subject, Vote, text};
use crate::error::{Error, Kind, Result};
use crate::forge::Forge;
use crate::prompt::Question;
use crate::registry::{Proposal, Snapshot};
use crate::session::publish::say_above_a_question;
use crate::session::{Context, identity};
use crate::workflow::contested::{Choosing, Which};
use crate::workflow::counting::{Wish, count};
use crate::workflow::deciding::{Sitting, Voice, refuse_at_once};
use crate::workflow::described;
use crate::workflow::lookup::look;
use crate::workflow::stakes;
use crate::{children, files, ui};

/// One walk through what waits.
pub(super) struct Workplace<'a> {
    ctx: &'a Context,
    forge: &'a dyn Forge,
    /// What was said of a stake beforehand.
    said: Option<Interest>,
    actor: Login,
    /// What came of each, by its place.
    done: BTreeMap<usize, String>,
    /// Whether something was decided since the registry was looked at.
    decided: bool,
}

/// What the last questions of a vote take of the screen, with the keys before them; what answers one by one do; and what is
/// told of a vote.
const QUESTION: usize = 8;
const ANSWERS: usize = 8;
const TOLD: usize = 8;

/// What is on the screen above a vote.
#[derive(Clone, Copy)]
struct Asked<'a> {
    shown: &'a str,
    /// The lines of answers below it.
    answers: usize,
}

/// What a key leads to.
enum Next {
    /// What is on the screen stays there: below it comes the question alone.
    Stay,
    /// The same once more from its beginning.
    Anew,
    Back,
    On,
    Undo,
    Stop,
}

/// What of all that waits is a member's to judge, and of how much more the member has said so already.
pub(super) struct Share {
    todo: Vec<Proposal>,
    voted: usize,
}

fn is_recused(program: &Program, actor: &Login, p: &Proposal) -> bool {
    program.member(actor).is_some_and(|member| tally::is_recused(program, member, p.question(&p.votes)))
}

/// What somebody last said, if it was said of just what is proposed now.
fn standing_vote<'p>(p: &'p Proposal, actor: &Login) -> Option<&'p Vote> {
    p.last_vote_of(actor).filter(|vote| vote.facts == p.facts && vote.log == p.log_due(vote))
}

/// Whether the votes carry it, and who is in favor of it only has to write that down. Nobody else is led to: to grant is a vote in
/// favor.
fn is_left_to_write(
    ctx: &Context,
    snapshot: &Snapshot<'_>,
    program: &Program,
    p: &Proposal,
    actor: &Login,
) -> Result<bool> {
    let favors = standing_vote(p, actor).is_some_and(|vote| vote.ballot == Ballot::Approve);
    Ok(favors
        && count(program, p, &p.votes, Wish::Grant).carries()
        && described::hindrance(ctx, snapshot, program, p)?.is_none())
}

impl<'a> Workplace<'a> {
    /// Who acts, and may.
    pub(super) fn open(
        ctx: &'a Context,
        forge: &'a dyn Forge,
        snapshot: &Snapshot<'_>,
        said: Option<Interest>,
    ) -> Result<Self> {
        let actor = ctx.actor(forge, None)?;
        let program = snapshot.program()?;
        admit_member(&program, identity(forge, &actor)?)?;
        let who = match program.member(&actor) {
            Some(m) => tr!("{who} ({affiliation})", who = actor, affiliation = m.affiliation),
            None => actor.to_string(),
        };
        ctx.ui.say(&tr!("You act as {who}, a member of the committee.", who));
        Ok(Self { ctx, forge, said, actor, done: BTreeMap::new(), decided: false })
    }

    /// What of all that waits is this member's to judge, oldest first. What the member is recused from is said before it is read.
    pub(super) fn share(&self, snapshot: &Snapshot<'_>, proposals: &[Proposal]) -> Result<Share> {
        let program = snapshot.program()?;
        let (mut todo, mut recused, mut voted) = (Vec::new(), Vec::new(), 0);
        for p in proposals {
            let name = format!("{} ({})", text::visible(p.name()), p.partner.slug);
            if is_recused(&program, &self.actor, p) {
                recused.push(name);
            } else if standing_vote(p, &self.actor).is_none()
                || is_left_to_write(self.ctx, snapshot, &program, p, &self.actor)?
            {
                todo.push(p.clone());
            } else {
                voted += 1;
            }
        }
        if !recused.is_empty() {
            self.ctx.ui.say(&tr!("You are recused from {names}.", names = recused.join(tr!("in a list" => ", "))));
        }
        Ok(Share { todo, voted })
    }

    /// One after the other.
    pub(super) fn queue(self, snapshot: &Snapshot<'_>, Share { todo, voted }: Share) -> Result<()> {
        let mut words = vec![tr!("Yours to judge: {n}.", n = todo.len())];
        if voted > 0 {
            words.push(tr!("You have voted on {voted} more, and nothing about them has changed since.", voted));
        }
        self.ctx.ui.say(&words.join(tr!("between sentences" => " ")));
        self.walk(snapshot, todo)
    }

    /// One that was named, whoever has voted on it.
    pub(super) fn one(self, snapshot: &Snapshot<'_>, proposal: Proposal) -> Result<()> {
        if is_recused(&snapshot.program()?, &self.actor, &proposal) {
            self.ctx.ui.warn(tr!("you are recused from this one: what you say is kept, and doesn't count"));
        }
        self.walk(snapshot, vec![proposal])
    }

    fn walk(mut self, snapshot: &Snapshot<'_>, mut todo: Vec<Proposal>) -> Result<()> {
        let ctx = self.ctx;
        let mut gathered: BTreeMap<usize, Option<Gathered>> = BTreeMap::new();
        let mut ahead = BTreeMap::new();
        let (mut at, mut voted, mut is_shown) = (0, None, false);
        let mut fresh: Option<Snapshot<'_>> = None;
        while at < todo.len() {
            // Whoever was decided on isn't what others are compared with any more.
            if std::mem::take(&mut self.decided) {
                fresh = Some(look(ctx, self.forge)?);
                gathered.clear();
                ahead.clear();
            }
            let snapshot = fresh.as_ref().unwrap_or(snapshot);
            if let Entry::Vacant(place) = gathered.entry(at) {
                let begun = ahead.remove(&at).unwrap_or_else(|| gather(ctx, snapshot, &todo[at]));
                place.insert(finished(ctx, begun)?);
            }
            // While the member thinks about this one, the next is looked into.
            let next = at + 1;
            if let Some(p) = todo.get(next).filter(|_| !gathered.contains_key(&next) && !ahead.contains_key(&next)) {
                ahead.insert(next, gather(ctx, snapshot, p));
            }
            let evidence = gathered.get(&at).and_then(Option::as_ref);
            if todo.len() > 1 && !is_shown {
                ctx.ui.say(&tr!("\n{nth} of {all}", nth = at + 1, all = todo.len()));
            }
            let (mut back, mut undone) = (false, false);
            match self.judge(snapshot, (at, std::mem::take(&mut is_shown)), &todo[at], evidence)? {
                Next::Stay => is_shown = true,
                Next::Anew => {}
                Next::On => {
                    if self.done.contains_key(&at) {
                        voted = Some(at);
                    }
                    at += 1;
                    continue;
                }
                Next::Back => (at, back) = (at.saturating_sub(1), true),
                Next::Undo => match voted.take() {
                    Some(last) => (at, undone) = (last, true),
                    None => ctx.ui.say(tr!("There is no vote of yours in this run to undo.")),
                },
                Next::Stop => break,
            }
            // What was decided meanwhile is led past, on the way that the member goes.
            while let Some(p) = todo.get(at) {
                if let Some(now) = self.again(p)? {
                    if undone {
                        ctx.ui.say(tr!("A vote stays on record; vote again, and only the new one counts."));
                    }
                    if now.facts != p.facts {
                        // What was seen was seen of other facts.
                        gathered.remove(&at);
                        ahead.remove(&at);
                    }
                    is_shown &= now.head == p.head;
                    todo[at] = now;
                    break;
                }
                is_shown = false;
                let (name, slug) = (text::visible(p.name()), &p.partner.slug);
                ctx.ui.say(&tr!(
                    "{name} isn't open any more, and votes change nothing of it; karmada-partner show {slug} tells how it stands.",
                    name,
                    slug
                ));
                (back, undone) = (back && at > 0, false);
                at = if back { at - 1 } else { at + 1 };
            }
        }
        self.sum_up(todo.len());
        Ok(())
    }

    /// The same as it is now; nothing where it was decided meanwhile.
    fn again(&self, p: &Proposal) -> Result<Option<Proposal>> {
        self.again_in(&look(self.ctx, self.forge)?, p)
    }

    /// The same as a snapshot has it.
    fn again_in(&self, snapshot: &Snapshot<'_>, p: &Proposal) -> Result<Option<Proposal>> {
        let which = Which::this(p);
        let choosing = Choosing::new(self.ctx, self.forge, &which);
        match crate::commands::reject::open(&choosing, snapshot, &p.partner.slug, Some(p.subject)) {
            Ok(now) => Ok(Some(now)),
            Err(e) if e.kind == Kind::Refused => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// Shows one, and does what is said about it.
    fn judge(
        &mut self,
        snapshot: &Snapshot<'_>,
        (at, is_shown): (usize, bool),
        p: &Proposal,
        evidence: Option<&Gathered>,
    ) -> Result<Next> {
        let Self { ctx, forge, .. } = *self;
        let program = snapshot.program()?;
        let changed = described::differences(snapshot, p, &self.actor)?;
        let about = described::about(p);
        let shown = match is_shown {
            true => about.clone(),
            false => screen::of(ctx, snapshot, &program, p, (&self.actor, self.said), &changed, evidence)?,
        };
        say_above_a_question(ctx, shown.trim_end(), &about);
        let opinion = Opinion::of(evidence.map(|gathered| &gathered.document));
        let judged = p.subject == Subject::Application;
        let mut keys: Vec<(char, &str)> = Vec::new();
        if is_left_to_write(ctx, snapshot, &program, p, &self.actor)? {
            keys.push(('d', tr!("write the decision down")));
        }
        let (all_met, one_by_one) = (('a', tr!("all met, approve")), ('j', tr!("judge one by one")));
        match judged {
            true if opinion.is_met() => keys.extend([all_met, one_by_one]),
            // Who has looked elsewhere may know more than what was seen here.
            true if opinion.is_clean() => keys.extend([one_by_one, all_met]),
            true => keys.push(one_by_one),
            false => keys.push(('a', Ballot::Approve.told())),
        }
        keys.extend([
            ('r', Ballot::Reject.told()),
            ('n', Ballot::Abstain.told()),
            ('o', tr!("open the site")),
            ('l', tr!("see the logo")),
            ('v', tr!("all of it")),
            ('b', tr!("back")),
            ('s', tr!("skip")),
            ('u', tr!("undo my last vote")),
            ('q', tr!("stop")),
        ]);
        let first = keys[0].0;
        let default = if changed.is_empty() { first } else { 's' };
        let question = Question { label: tr!("What now?"), flag: "--vote", default: None, optional: false };
        let key = ctx.prompt.key(question, &keys, default)?;
        if matches!(key, 'a' | 'j' | 'r' | 'n')
            && let Err(e) = refuse_at_once(forge, snapshot, p, &self.actor)
        {
            ctx.ui.error(&e);
            return Ok(Next::Stay);
        }
        let voice = match key {
            'd' if !ctx.globals.yes && !ctx.prompt.confirm(&decides(Wish::Grant, p), true)? => return Ok(Next::Stay),
            'd' => return self.decide(at, p, Wish::Grant).map(|()| Next::On),
            'a' => (Ballot::Approve, Principles::all(Finding::Met), None),
            'j' => match one_by_one::ask(ctx, &opinion)? {
                Led::To(ballot, principles, note) => (ballot, principles, note),
                Led::Back => return Ok(Next::Stay),
                Led::Stop => return Ok(Next::Stop),
            },
            // Nobody said of any principle that it is met.
            'r' => match one_by_one::reason(ctx, &opinion)? {
                Some(reason) => (Ballot::Reject, Principles::all(Finding::Unsure), Some(reason)),
                None => return Ok(Next::Stay),
            },
            'n' => (Ballot::Abstain, Principles::all(Finding::Unsure), one_by_one::note(ctx, &opinion.reason())?),
            'o' => {
                self.open_site(p);
                return Ok(Next::Stay);
            }
            'l' => return self.show_logo(snapshot, p).map(|()| Next::Stay),
            'v' => return self.show_all(snapshot, p, evidence).map(|()| Next::Stay),
            'b' => return Ok(Next::Back),
            's' => return Ok(Next::On),
            'u' => return Ok(Next::Undo),
            _ => return Ok(Next::Stop),
        };
        let asked = Asked { shown: &shown, answers: if key == 'a' { 0 } else { ANSWERS } };
        match self.vote(at, snapshot, p, voice, evidence, asked) {
            Ok(true) => Ok(Next::On),
            Ok(false) => Ok(Next::Anew),
            Err(e) if matches!(e.kind, Kind::Refused | Kind::NotAllowed | Kind::Usage) => {
                ctx.ui.error(&e);
                Ok(Next::Anew)
            }
            Err(e) => Err(e),
        }
    }

    /// Votes, and where that carries it, asks to decide. Gives whether it was done.
    fn vote(
        &mut self,
        at: usize,
        snapshot: &Snapshot<'_>,
        seen: &Proposal,
        (ballot, principles, note): (Ballot, Principles, Option<Line>),
        evidence: Option<&Gathered>,
        asked: Asked<'_>,
    ) -> Result<bool> {
        let Self { ctx, forge, said, .. } = *self;
        let program = snapshot.program()?;
        let interest = stakes::ask(ctx, said, &program, seen, &self.actor)?;
        let name = text::visible(seen.name());
        // Typed, and read back.
        let said_why = note.as_ref().map(|note| format!("{note}\n{note}\n")).unwrap_or_default();
        let mut read = format!("{}\n{said_why}", asked.shown) + &"\n".repeat(asked.answers);
        let remind = |read: &mut String, more: usize| {
            if !ctx.ui.holds(read, QUESTION + more) {
                *read = described::about(seen);
                ctx.ui.say(read);
            }
        };
        if seen.subject == Subject::Application {
            ctx.ui.say(&tr!(
                "Authenticity {authenticity}, address {url}, relevance {relevance}.",
                authenticity = principles.authenticity.told(),
                url = principles.url.told(),
                relevance = principles.relevance.told()
            ));
        }
        if !ctx.globals.yes {
            // One line on any terminal: a question that is broken can't be taken back from the screen.
            let words = tr!("Vote {ballot} on {name}, for everybody to read?", ballot = ballot.told(), name);
            remind(&mut read, 0);
            if !ctx.prompt.confirm(&words, true)? {
                return Ok(false);
            }
        }
        let evidence = evidence.map(|gathered| bytes_of(&gathered.document)).transpose()?;
        let slug = seen.partner.slug.clone();
        let voice = |open: &Proposal| {
            refuse_changed(seen, open)?;
            let terms = open.terms().filter(|_| open.subject == Subject::Exit).cloned();
            Ok(Voice { ballot, principles, note: note.clone(), interest, terms, evidence: evidence.clone() })
        };
        let which = Which::this(seen);
        let choosing = Choosing::new(ctx, forge, &which);
        let choose = |s: &Snapshot<'_>| crate::commands::reject::open(&choosing, s, &slug, Some(seen.subject));
        let sitting = Sitting { ctx, forge, actor: self.actor.clone(), snapshot: look(ctx, forge)? };
        ctx.agreed(|| sitting.decide(Wish::Vote, &voice, &choose))?;
        if ctx.globals.dry_run {
            return Ok(true);
        }
        self.done.insert(at, tr!("{name}: {done}", name, done = ballot.told()));
        let wish = match ballot {
            Ballot::Approve => Wish::Grant,
            Ballot::Reject => Wish::Deny,
            _ => return Ok(true),
        };
        let snapshot = look(ctx, forge)?;
        let (program, now) = (snapshot.program()?, self.again_in(&snapshot, seen)?);
        let Some(now) = now else { return Ok(true) };
        if is_recused(&program, &self.actor, &now) || !count(&program, &now, &now.votes, wish).carries() {
            return Ok(true);
        }
        let question = decides(wish, &now);
        if !ctx.globals.yes {
            remind(&mut read, TOLD);
        }
        if ctx.globals.yes || ctx.prompt.confirm(&question, true)? {
            self.decide(at, &now, wish)?;
        }
        Ok(true)
    }

    /// Writes down what the votes carry.
    fn decide(&mut self, at: usize, p: &Proposal, wish: Wish) -> Result<()> {
        let Self { ctx, forge, .. } = *self;
        let (slug, actor) = (&p.partner.slug, self.actor.clone());
        let own = p.last_vote_of(&actor);
        let judged = own.and_then(|v| v.principles);
        let voice = |open: &Proposal| {
            refuse_changed(p, open)?;
            let terms = open.terms().filter(|_| open.subject == Subject::Exit).cloned();
            let note = own.and_then(|v| v.note.clone());
            Ok(match wish {
                Wish::Deny => Voice {
                    ballot: Ballot::Reject,
                    principles: judged.unwrap_or(Principles::all(Finding::Unsure)),
                    terms,
                    ..Voice::in_favor(note)
                },
                _ => Voice { terms, ..Voice::in_favor(None) },
            })
        };
        let which = Which::this(p);
        let choosing = Choosing::new(ctx, forge, &which);
        let choose = |s: &Snapshot<'_>| crate::commands::reject::open(&choosing, s, slug, Some(p.subject));
        let sitting = Sitting { ctx, forge, actor: self.actor.clone(), snapshot: look(ctx, forge)? };
        match ctx.agreed(|| sitting.decide(wish, &voice, &choose)) {
            Ok(()) if ctx.globals.dry_run => {}
            Ok(()) => {
                self.decided = true;
                let what = if wish == Wish::Deny { tr!("rejected") } else { tr!("decided") };
                let name = text::visible(p.name());
                self.done
                    .entry(at)
                    .and_modify(|done| *done = tr!("{done}, {what}", done, what))
                    .or_insert_with(|| tr!("{name}: {done}", name, done = what));
            }
            // The vote is there all the same.
            Err(e) if matches!(e.kind, Kind::Refused | Kind::NotAllowed) => ctx.ui.error(&e),
            Err(e) => return Err(e),
        }
        Ok(())
    }

    fn open_site(&self, p: &Proposal) {
        let Some(record) = p.record() else {
            self.ctx.ui.say(tr!("It has no site."));
            return;
        };
        let address = record.website.as_str();
        self.ctx.ui.say(&tr!("Site: {address}", address = text::visible(address)));
        self.open_with_system(address);
    }

    fn open_with_system(&self, what: &str) {
        if let Err(e) = children::open(what) {
            self.ctx.ui.say(&tr!("It can't be opened from here: {e}", e = text::visible(&e.to_string())));
        }
    }

    fn show_logo(&self, snapshot: &Snapshot<'_>, p: &Proposal) -> Result<()> {
        let ctx = self.ctx;
        let Some(oid) = p.partner.directory.logo else {
            ctx.ui.say(tr!("It has no logo."));
            return Ok(());
        };
        let bytes = snapshot.repo.blob(oid)?;
        if let Some(picture) = ui::picture(&ctx.environment.terminal, &bytes) {
            ctx.ui.say(&picture);
            return Ok(());
        }
        let path = ctx.environment.folder(UserDirectory::Cache)?.join("seen").join(format!("{}.png", p.partner.slug));
        files::write(&path, &bytes).map_err(|e| Error::environment(e.to_string()))?;
        ctx.ui.say(&tr!("Logo: {path}", path = text::visible(&path.display().to_string())));
        self.open_with_system(&path.display().to_string());
        Ok(())
    }

    /// Everything there is to read, beyond one screen.
    fn show_all(&self, snapshot: &Snapshot<'_>, p: &Proposal, evidence: Option<&Gathered>) -> Result<()> {
        let all = in_full(self.ctx, snapshot, p, Some(&self.actor))?;
        self.ctx.show_aside(&(all + &evidence.map(Gathered::lines).unwrap_or_default()))
    }

    fn sum_up(&self, all: usize) {
        if all < 2 {
            return;
        }
        let lines: String = self.done.values().map(|line| format!("\n  {line}")).collect();
        let left = all - self.done.len();
        let rest = match left {
            0 => tr!("Nothing is left.").to_owned(),
            left => tr!("Left for later: {left}.", left),
        };
        let voted = self.done.len();
        self.ctx.ui.say(&tr!("\nYou voted on {voted} of {all}. {rest}{lines}", voted, all, rest, lines));
        if !self.done.is_empty() {
            self.ctx.ui.hint(tr!("to change a vote, review it again by its short name; the newest vote counts"));
        }
    }
}

/// What is asked where the votes are there and a decision isn't.
fn decides(wish: Wish, p: &Proposal) -> String {
    let name = text::visible(p.name());
    match (wish, p.subject) {
        (Wish::Deny, _) => tr!("The votes turn it down. Reject {name} now?", name),
        (_, Subject::Application) => tr!("The votes carry it. Make {name} a partner now?", name),
        (_, subject) => {
            tr!("The votes carry it. Write the {subject} of {name} down now?", subject = subject.told(), name)
        }
    }
}

/// What was gathered. Where that fails the member can vote all the same.
fn finished(ctx: &Context, begun: Result<Option<Gathering>>) -> Result<Option<Gathered>> {
    match begun {
        Ok(gathering) => gathering.map(|gathering| gathering.finish_unseen(ctx)).transpose(),
        Err(e) => {
            ctx.ui.warn(&tr!("no evidence could be gathered: {why}", why = text::visible_lines(&e.message)));
            Ok(None)
        }
    }
}
