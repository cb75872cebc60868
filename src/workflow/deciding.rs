//! Voting and deciding: what review, approve, reject and exit share.

use super::counting::{self, Wish, count};
use super::decision_report::{DecisionReport, decided, in_short, on_the_page, tell};
use super::landing::{Closing, close, refuse_foreign_votes, refuse_other_facts, refuse_unfit, stands_already};
use super::lapsed::refuse_lapsed;
use super::lookup::look;
use super::since_vote::since_vote;
use super::webpage::Decided;
use super::{contested, described, own_issue, stakes, upkeep, webpage};
use crate::domain::log::bounds;
use crate::domain::log::event::{Principles, Terms};
use crate::domain::log::kinds::{Ballot, Finding, Interest};
use crate::domain::log::lifecycle::Step;
use crate::domain::log::message::{About, Message};
use crate::domain::log::words::happening;
use crate::domain::paths::{evidence_path, vote_path};
use crate::domain::program::admission::{Entry, admit, admit_member};
use crate::domain::program::upkeep_rules::Website;
use crate::domain::votes::cast::{is_beyond, vote_name};
use crate::domain::votes::missing::{self, Missing};
use crate::domain::votes::tally::{self, LeftOut, Tally};
use crate::domain::votes::voters::{last_of, stake_of};
use crate::domain::{CastVote, Event, Facts, Kind, Line, Login, Program, Sha256, Subject, Vote, text};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::evidence::registry::changes::Since;
use crate::forge::{Forge, Link, People, Published, Words};
use crate::git::{Put, Repo};
use crate::language;
use crate::registry::change::{Change, Target};
use crate::registry::{Content, Partner, Proposal, Snapshot, Speaker, branch_for};
use crate::session::publish::{self, Plan, Shown};
use crate::session::{Context, identity};

#[derive(Debug, Clone)]
pub struct Voice {
    pub ballot: Ballot,
    /// On the three principles; for applications only.
    pub principles: Principles,
    pub note: Option<Line>,
    /// Whether the member has a stake, as it says.
    pub interest: Option<Interest>,
    /// The terms of an exit; for exits only.
    pub terms: Option<Terms>,
    /// What the member saw before.
    pub evidence: Option<Vec<u8>>,
}

impl Voice {
    /// For it, as all principles are met.
    #[must_use]
    pub const fn in_favor(note: Option<Line>) -> Self {
        let principles = Principles::all(Finding::Met);
        Self { ballot: Ballot::Approve, principles, note, interest: None, terms: None, evidence: None }
    }
}

/// A proposal that nobody has made yet, about the facts as they stand: a member begins it by voting for it.
pub fn begin(snapshot: &Snapshot<'_>, partner: &Partner, subject: Subject) -> Result<Proposal> {
    let content = match subject {
        Subject::Policy => Some(Content::Policy(Box::new(snapshot.program_as_it_stands()?))),
        _ => {
            let record = partner.record.clone().map(Box::new);
            record.map(|record| Content::Partner { in_force: Some(record.clone()), record })
        }
    };
    let (Some(content), Some((facts, objects))) = (content, partner.facts(snapshot.repo)?) else {
        return Err(Error::refused(tr!("{slug} has no readable partner.toml and logo.png", slug = partner.slug))
            .hint(tr!("karmada-partner check tells what is wrong with it")));
    };
    Ok(Proposal {
        subject,
        branch: branch_for(&partner.slug, subject),
        head: snapshot.commit,
        round: snapshot.next_round(partner)?,
        content,
        under: snapshot.shared_program()?,
        facts,
        objects,
        changed: partner.life.changed_by(snapshot.now),
        votes: Vec::new(),
        seats: None,
        opener: None,
        lapsed: false,
        former: None,
        stands: None,
        partner: partner.clone(),
    })
}

/// What needs no answer to be refused: who may not vote isn't asked how, nor on what nobody can.
pub fn refuse_at_once(forge: &dyn Forge, snapshot: &Snapshot<'_>, proposal: &Proposal, actor: &Login) -> Result<()> {
    admit_member(&snapshot.program_for(proposal.subject)?, identity(forge, actor)?)?;
    refuse_lapsed(proposal)?;
    refuse_foreign_votes(snapshot, proposal)?;
    refuse_other_facts(proposal)
}

/// What came of what the votes carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    Out,
    /// It waits to be merged, as it did before.
    Stood,
    /// They don't carry it any more.
    Nothing,
}

/// A member, and the registry as it was read last.
pub struct Sitting<'a> {
    pub ctx: &'a Context,
    pub forge: &'a dyn Forge,
    pub actor: Login,
    /// What both are made on.
    pub snapshot: Snapshot<'a>,
}

impl std::fmt::Debug for Sitting<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sitting").field("actor", &self.actor).finish_non_exhaustive()
    }
}

impl<'a> Sitting<'a> {
    /// Reads the registry, and tells of decisions that nobody has told of. What of `answers` isn't given is named where it isn't
    /// known who acts.
    pub fn begin(ctx: &'a Context, forge: &'a dyn Forge, answers: &[(&str, bool)]) -> Result<Self> {
        let actor = ctx.acting(forge, None, answers)?;
        let snapshot = look(ctx, forge)?;
        catch_up(ctx, forge, &snapshot)?;
        Ok(Self { ctx, forge, actor, snapshot })
    }

    /// Whether the member may vote on a proposal, and what the member says of a stake in it: asked for where that has to be known.
    pub fn stake(&self, proposal: &Proposal, said: Option<Interest>) -> Result<Option<Interest>> {
        refuse_at_once(self.forge, &self.snapshot, proposal, &self.actor)?;
        stakes::ask(self.ctx, said, &self.snapshot.program()?, proposal, &self.actor)
    }

    /// Votes, and decides if the votes carry what is wished. `choose` picks the proposal, whenever it is planned anew.
    pub fn decide(
        mut self,
        wish: Wish,
        voice: &dyn Fn(&Proposal) -> Result<Voice>,
        choose: &dyn Fn(&Snapshot<'_>) -> Result<Proposal>,
    ) -> Result<()> {
        let question = match wish {
            Wish::Vote => tr!("Vote so, for everybody to read?"),
            _ => tr!("Write this down, for everybody to read?"),
        };
        let Self { ctx, forge, ref actor, ref mut snapshot } = self;
        // What was agreed to is what was there when it was asked; an answer to that is none to something else.
        let mut asked: Option<(Facts, Option<Sha256>)> = None;
        let outcome = publish::publish(ctx, forge, snapshot, question, |snapshot| {
            let proposal = &choose(snapshot)?;
            let now = (proposal.facts, proposal.word());
            if asked.is_none() && wish != Wish::Deny {
                own_issue::tell_of_unread(ctx, snapshot, &snapshot.program()?, proposal)?;
            }
            let first = asked.get_or_insert(now);
            // What this very run has begun has its own word.
            let begun = first.1.is_none() && first.0 == now.0;
            if *first != now && !begun {
                let slug = &proposal.partner.slug;
                return Err(Error::refused(tr!("{slug} changed meanwhile; nothing was decided", slug))
                    .hint(tr!("look at it again: karmada-partner review {slug}", slug)));
            }
            Motion { ctx, forge, snapshot, proposal, actor, by: None, wish, voice: &voice(proposal)? }.plan()
        })?;
        match outcome.settled(ctx) {
            Some((report, published)) => self.conclude(&report, published),
            None => Ok(()),
        }
    }

    /// Decides what the votes carry already, with no vote of one's own: it is written down for who voted last, and nothing is where
    /// they don't carry it any more. `choose` picks the proposal, whenever it is planned anew; `is_told` tells whether those
    /// concerned know of the pull request that brings it.
    pub fn carry_out(
        mut self,
        choose: &dyn Fn(&Snapshot<'_>) -> Result<Option<Proposal>>,
        is_told: &dyn Fn(&str) -> bool,
    ) -> Result<Carried> {
        let Self { ctx, forge, ref actor, ref mut snapshot } = self;
        let question = tr!("Write this down, for everybody to read?");
        let outcome = publish::publish(ctx, forge, snapshot, question, |snapshot| match choose(snapshot)? {
            Some(proposal) => carried(ctx, forge, snapshot, &proposal, actor),
            None => Ok(Plan::new(Vec::new(), None)),
        })?;
        let Some((Some(report), published)) = outcome.settled(ctx) else { return Ok(Carried::Nothing) };
        if published.stood && published.links.iter().all(|link| is_told(&link.url)) {
            return Ok(Carried::Stood);
        }
        let links = self.inform(&report, &published)?;
        if let Some(event) = &report.event {
            ctx.ui.say(&in_short(event, &text::visible(&report.name), &report.summary));
        }
        for link in published.links.iter().chain(&links) {
            ctx.ui.detail(&text::visible(&link.url));
        }
        Ok(Carried::Out)
    }

    /// Whether what was decided last is of one of these kinds, and the member's: written down by it, or resting on its vote. Then it
    /// says so: a run again is no error.
    pub fn repeats(&self, partner: &Partner, kinds: &[Kind]) -> Result<bool> {
        let Some(last) = last_decided(partner).filter(|e| kinds.contains(&e.kind)) else {
            return Ok(false);
        };
        let mut own = last.actor.is(&self.actor);
        if !own {
            let cast = |v: &Vote| v.actor.is(&self.actor);
            let cast = partner.directory.votes(self.snapshot.repo, &partner.slug, last.round, &cast)?;
            own = cast.iter().any(|c| last.votes.contains(&c.hash));
        }
        if own {
            self.repeat(partner)?;
        }
        Ok(own)
    }

    /// Says that the last decision was made already, to whoever is concerned, too: they may not have been told yet.
    pub fn repeat(&self, partner: &Partner) -> Result<()> {
        let program = self.snapshot.program()?;
        match last_decided(partner).map(|event| decided(&self.snapshot, &program, partner, event)).transpose()? {
            Some(report) => self.conclude(&report, Published::default()),
            None => Ok(()),
        }
    }

    /// Tells those concerned of a decision.
    fn inform(&self, report: &DecisionReport, published: &Published) -> Result<Vec<Link>> {
        let Some((event, people)) = report.event.as_ref().zip(self.forge.people()) else { return Ok(Vec::new()) };
        let mut pulls = published.links.iter().filter(|l| l.what == "pull request").map(|l| l.url.clone());
        // The last one brings the decision, if it waits for one; the first may have been opened by this very vote.
        let waits = if published.waits { pulls.next_back() } else { None };
        let (waits, discussed) = (waits.as_deref(), pulls.next());
        let words = Words { name: &report.name, votes: &report.votes, waits, discussed: discussed.as_deref() };
        language::in_english(|| people.announce(&self.snapshot, event, &words))
    }

    /// Tells those concerned of a decision, and whoever ran this of everything.
    fn conclude(&self, report: &DecisionReport, mut published: Published) -> Result<()> {
        let failed = match self.inform(report, &published) {
            Ok(links) => {
                published.links.extend(links);
                None
            }
            Err(e) => Some(e),
        };
        // One document: that it failed says that it is decided, too.
        if failed.is_none() || !self.ctx.globals.json {
            tell(self.ctx, report, &published)?;
        }
        failed.map_or(Ok(()), Err)
    }
}

/// The last event about a partner that isn't upkeep.
fn last_decided(partner: &Partner) -> Option<&Event> {
    partner.life.log.iter().map(|l| &l.event).rfind(|event| event.subject != Subject::Upkeep)
}

/// Tells of decisions that took effect without anybody telling: by a pull request that was merged, or in a run that broke.
pub fn catch_up(ctx: &Context, forge: &dyn Forge, now: &Snapshot<'_>) -> Result<()> {
    let Some(people) = forge.people() else { return Ok(()) };
    let untold = people.untold(now)?;
    if untold.is_empty() || ctx.globals.dry_run {
        return Ok(());
    }
    let program = now.program()?;
    let actor = ctx.actor(forge, None)?;
    if admit_member(&program, &actor).is_err() && !actor.is_bot() {
        return Ok(());
    }
    for slug in untold {
        let partner = now.landed(&slug)?;
        let Some(last) = partner.life.log.last() else { continue };
        // What can't be told now mustn't hold up what is to be decided.
        if let Err(e) = tell_of(ctx, people, now, &partner, &last.event) {
            ctx.ui.warn(&text::visible_lines(&e.message));
        }
    }
    Ok(())
}

/// Tells of a decision about a partner, where that isn't told yet.
pub fn tell_of(ctx: &Context, people: &dyn People, now: &Snapshot<'_>, partner: &Partner, event: &Event) -> Result<()> {
    let (slug, report) = (&partner.slug, decided(now, &now.program()?, partner, event)?);
    let name = name_then(people, now, partner, event)?;
    let words = Words { name: &name, votes: &report.votes, waits: None, discussed: None };
    for link in language::in_english(|| people.announce(now, event, &words))? {
        ctx.ui.say(&tr!("Told what was decided about {slug}: {url}", slug, url = text::visible(&link.url)));
    }
    Ok(())
}

/// What a partner was called when something was decided about it: of who was turned down no facts are on record, and those that were
/// proposed say it.
///
/// # Errors
/// When GitHub can't be asked: the short name isn't what it was called.
pub fn name_then(people: &dyn People, now: &Snapshot<'_>, partner: &Partner, event: &Event) -> Result<String> {
    let own = || partner.name().to_owned();
    let Some(number) = event.link.as_ref().and_then(contested::pull_number).filter(|_| partner.record.is_none()) else {
        return Ok(own());
    };
    let head = match people.pull_request(number) {
        Ok((head, ..)) => head,
        // It brings too much, or is gone.
        Err(e) if matches!(e.kind, ErrorKind::Refused | ErrorKind::NotFound) => return Ok(own()),
        Err(e) => return Err(e),
    };
    Ok(now.partner_in(now.repo.commit_itself(head)?.tree, &partner.slug)?.name().to_owned())
}

/// The decision that the votes carry, for who voted last, written down by `by`.
fn carried(
    ctx: &Context,
    forge: &dyn Forge,
    snapshot: &Snapshot<'_>,
    proposal: &Proposal,
    by: &Login,
) -> Result<Plan<Option<DecisionReport>>> {
    let program = snapshot.program_for(proposal.subject)?;
    refuse_lapsed(proposal)?;
    refuse_foreign_votes(snapshot, proposal)?;
    refuse_other_facts(proposal)?;
    let left = counting::carried(&program, proposal).filter(|_| program.is_left_to_a_workflow(proposal.subject));
    let last = |tally: &Tally<'_>| {
        let newest = tally.favoring().max_by_key(|v| v.cast.vote.time);
        newest.map(|v| v.cast.vote.actor.clone())
    };
    let Some((wish, tally, actor)) = left.and_then(|(wish, tally)| last(&tally).map(|actor| (wish, tally, actor)))
    else {
        return Ok(Plan::new(Vec::new(), None));
    };
    let ballot = if wish == Wish::Deny { Ballot::Reject } else { Ballot::Approve };
    let voice = &Voice { ballot, ..Voice::in_favor(None) };
    let motion = Motion { ctx, forge, snapshot, proposal, actor: &actor, by: Some(by), wish, voice };
    let (Closing { change, plain, page }, event) = motion.land(&program, &tally, Vec::new())?;
    let report = DecisionReport { event: Some(event), plain, page, ..DecisionReport::of(proposal, &tally) };
    Ok(Plan::new(vec![change], Some(report)))
}

/// What a member moves, on what was read.
#[derive(Clone, Copy)]
struct Motion<'a> {
    ctx: &'a Context,
    forge: &'a dyn Forge,
    snapshot: &'a Snapshot<'a>,
    proposal: &'a Proposal,
    actor: &'a Login,
    /// Who writes it down for the actor, if another does.
    by: Option<&'a Login>,
    wish: Wish,
    voice: &'a Voice,
}

impl Motion<'_> {
    /// The vote, if it adds something; and the decision, if the votes carry it.
    fn plan(self) -> Result<Plan<DecisionReport>> {
        let Self { ctx, forge, snapshot, proposal, actor, wish, voice, .. } = self;
        let program = snapshot.program_for(proposal.subject)?;
        let slug = &proposal.partner.slug;
        refuse_at_once(forge, snapshot, proposal, actor)?;
        if voice.ballot == Ballot::Approve {
            refuse_contradiction(voice)?;
        }
        let by = Speaker { actor, time: ctx.time_after(proposal.last_time(actor))?, policy: program.hash };
        let mut vote = Vote {
            principles: (proposal.subject == Subject::Application).then_some(voice.principles),
            interest: voice.interest.or_else(|| stake_of(proposal.votes.iter().map(|c| &c.vote), actor)),
            evidence: voice.evidence.as_deref().map(Sha256::of),
            note: voice.note.clone(),
            ..proposal.say(snapshot.registry()?, voice.ballot, by, voice.terms.clone())
        };
        self.refuse_unseen(&vote)?;
        let mut votes = proposal.votes.clone();
        let mut changes = Vec::new();
        let evidence = voice
            .evidence
            .as_ref()
            .zip(vote.evidence)
            .map(|(bytes, hash)| (evidence_path(slug, proposal.round, hash), Put::Bytes(bytes.clone())));
        // What doesn't count for want of a signature, or since something changed, can be said again.
        let unproven = |v: &tally::Counted<'_>| {
            matches!(v.left_out, Some(LeftOut::Unproven | LeftOut::Unsigned | LeftOut::SpokenOver | LeftOut::Stale))
        };
        let said = count(&program, proposal, &proposal.votes, wish);
        let own = |v: &&tally::Counted<'_>| v.cast.vote.actor.is(actor) && v.left_out != Some(LeftOut::Older);
        let in_vain = said.votes.iter().rfind(own).is_some_and(unproven);
        if !in_vain && adds_nothing(&votes, &vote, wish) {
            ctx.ui.detail(tr!("the same vote is there already"));
        } else {
            ctx.sign_vote(forge, &program, &mut vote)?;
            let block = vote.to_string();
            let name = next_vote(ctx, forge.repo(), &program, &proposal.votes, actor)?;
            let file = vote_path(slug, proposal.round, &name);
            votes.push(CastVote { hash: Sha256::of(block.as_bytes()), vote: vote.clone(), file: name });
            // As their files are named; a member's own stay in the order they were cast.
            votes.sort_by_key(|v| v.vote.actor.folded());
            let Message { title, notes } = Message::of_vote(&vote, About::named(proposal.name()));
            changes.push(Change {
                title,
                notes,
                puts: [(file, Put::Bytes(block.clone().into_bytes()))].into_iter().chain(evidence).collect(),
                block,
                // A vote on a proposal that has no branch yet makes one.
                target: Target::Proposal { branch: proposal.branch.clone(), fresh: proposal.is_fresh() },
                author: ctx.author(forge, actor)?,
            });
        }
        let voted = changes.first().map(|_| voice.ballot);
        let tally = count(&program, proposal, &votes, wish);
        let own = tally.votes.iter().rev().find(|v| v.cast.vote.actor.is(actor)).and_then(|v| v.left_out);
        let mut missing = tally.missing.clone();
        // Who has a stake may speak, and doesn't decide.
        if own == Some(LeftOut::Recused) && wish != Wish::Vote && missing.is_empty() {
            missing.push(Missing::Writer);
        }
        // What decides is refused for it; of a vote it is told.
        let hindrance = match wish {
            Wish::Vote if missing.is_empty() => described::hindrance(ctx, snapshot, &program, proposal)?,
            Wish::Grant | Wish::Deny if !missing.is_empty() => described::silenced(ctx, snapshot, &program, proposal)?,
            _ => None,
        };
        let updates = match proposal.subject {
            Subject::Exit => snapshot.open(slug, Subject::Update)?,
            _ => Vec::new(),
        };
        let updates: Vec<_> = updates.iter().map(|update| (update, forge.link(update))).collect();
        let leaves = voice.terms.as_ref().map(|terms| terms.effective).filter(|day| *day > ctx.now.date());
        let mut report = DecisionReport {
            voted: voted.map(|ballot| (ballot, own)),
            in_vain: own.filter(|why| voted.is_none() && *why != LeftOut::Request),
            terms: voice.terms.clone().filter(|_| proposal.subject == Subject::Exit),
            missing,
            hindrance,
            to_end: upkeep::to_end(&program, &proposal.partner, &updates, leaves),
            page_elsewhere: matches!(program.upkeep.website, Some(Website::Elsewhere(_))),
            ..DecisionReport::of(proposal, &tally)
        };
        if report.terms.is_some() {
            report.reason = proposal.proposed(&votes).and_then(|c| c.vote.note.clone());
        }
        if wish != Wish::Vote && report.missing.is_empty() {
            // The decision brings the vote along that completes it.
            let new_vote = changes.first().map(|vote| vote.puts.clone()).unwrap_or_default();
            let (Closing { change, plain, page }, event) = self.land(&program, &tally, new_vote)?;
            changes.push(change);
            (report.plain, report.page) = (plain, page);
            report.event = Some(event);
        }
        let shown = if ctx.must_confirm() && ctx.prompt.can_ask() {
            Some(self.shown(&program, &report, &changes)?)
        } else {
            None
        };
        Ok(Plan { changes, report, shown })
    }

    /// What is agreed to, in words: the facts, the votes, what becomes of them, and the commit.
    fn shown(self, program: &Program, report: &DecisionReport, changes: &[Change]) -> Result<Shown> {
        let Self { ctx, snapshot, proposal, actor, .. } = self;
        let changed = since_vote(snapshot, proposal, None)? != Since::Nothing;
        let mut words = described::facts(snapshot, program, proposal, Some(actor))?;
        if report.voted.is_some() {
            words += &described::stake(program, proposal, actor, self.voice.interest);
        }
        words += &described::votes(ctx, snapshot, program, proposal)?;
        if let Some((ballot, _)) = report.voted {
            words += &self.said(ballot);
        }
        words += &match &report.event {
            Some(event) => {
                let what = happening(event, &text::visible(&report.name));
                tr!("That decides it: {what}.\n", what) + &on_the_page(&report.page)
            }
            None if report.missing.is_empty() => String::new(),
            None => tr!("Then still missing: {missing}.\n", missing = missing::told(&report.missing)),
        };
        if let Some(last) = changes.last() {
            let (branch, title) = (last.destination(), text::visible(&last.title));
            words += &tr!("Commit on {branch}: {title}\n", branch, title);
        }
        Ok(Shown { words, about: described::about(proposal), wary: changed })
    }

    /// What the member says, on which terms and why.
    fn said(self, ballot: Ballot) -> String {
        let ballot = match &self.voice.terms {
            Some(terms) => tr!("{ballot}, {terms}", ballot = ballot.told(), terms = described::terms(terms, None)),
            None => ballot.told().to_owned(),
        };
        match &self.voice.note {
            Some(note) => tr!("You say: {ballot}: {note}\n", ballot, note = text::visible(note.as_str())),
            None => tr!("You say: {ballot}\n", ballot),
        }
    }

    /// To approve is an answer to what was looked at before: who has voted on something else looks again first.
    fn refuse_unseen(self, vote: &Vote) -> Result<()> {
        let Self { snapshot, proposal, actor, wish, .. } = self;
        if wish != Wish::Grant || proposal.subject == Subject::Exit {
            return Ok(());
        }
        let Some(last) = proposal.last_vote_of(actor) else { return Ok(()) };
        if last.facts == vote.facts && last.log == vote.log {
            return Ok(());
        }
        let slug = &proposal.partner.slug;
        let changed = described::changed_since(snapshot, proposal, actor)?;
        Err(Error::refused(tr!(
            "the {subject} of {slug} isn't what {actor} voted on, on {day}: {changed}",
            subject = proposal.subject.told(),
            slug,
            actor,
            day = last.time.date(),
            changed = changed.join(tr!("between clauses" => "; "))
        ))
        .hint(tr!("look at it again, and vote: karmada-partner review {slug}", slug)))
    }

    /// The decision, with the vote that completes it.
    fn land(self, program: &Program, tally: &Tally<'_>, new_vote: Vec<(String, Put)>) -> Result<(Closing, Event)> {
        let Self { ctx, forge, snapshot, proposal, actor, by, wish, voice } = self;
        let kind = match (wish, proposal.subject) {
            (Wish::Deny, _) => Kind::Rejected,
            (_, Subject::Application) => Kind::Approved,
            (_, Subject::Exit) => Kind::Exited,
            (_, Subject::Update) if proposal.partner.life.state.is_over() => Kind::Cleared,
            // What stands there already, and nobody decided on, isn't changed: it is owned up to.
            (_, Subject::Update | Subject::Policy | Subject::Upkeep) => match stands_already(snapshot, proposal)? {
                true => Kind::Recorded,
                false => Kind::Updated,
            },
        };
        refuse_unfit(ctx, snapshot, program, proposal, wish == Wish::Grant)?;
        let matter = Entry::Event(kind, proposal.subject);
        let permit = admit(program, actor, matter, proposal.relation(), proposal.opened(actor))?;
        let slug = &proposal.partner.slug;
        let step = Step {
            votes: tally.counted_hashes(),
            terms: voice.terms.clone().filter(|_| kind == Kind::Exited),
            reason: bound_reason(kind, proposal, tally, actor),
            ..Step::new(kind, proposal.subject, proposal.round, proposal.facts, proposal.objects)
        };
        // A decision follows on the last event, and on the votes that it rests on.
        let voted = tally.votes.iter().filter(|v| v.left_out.is_none()).map(|v| v.cast.vote.time);
        let time = ctx.time_after(voted.chain(proposal.partner.life.last_time()).max())?;
        let mut event = proposal.partner.life.record(snapshot.registry()?, slug, permit, time, step)?;
        event.link = forge.link(proposal);
        match by {
            // What somebody else writes down isn't signed by its actor.
            Some(by) => {
                let own = |v: &&tally::Counted<'_>| v.left_out.is_none() && v.cast.vote.actor.is(actor);
                event.account = tally.votes.iter().rfind(own).and_then(|v| v.cast.vote.account);
                event.by = Some(by.clone());
            }
            None => ctx.sign_event(forge, program, &mut event)?,
        }
        let mut notes = language::in_english(|| {
            let votes = tally.votes.iter().map(|v| format!("- {}", v.line()));
            [format!("{}.", tally.summary())].into_iter().chain(votes).collect::<Vec<_>>()
        });
        notes.extend(event.reason.iter().map(|r| format!("Reason: {r}")));
        let mut closing = close(ctx, forge, snapshot, proposal, &event, by.unwrap_or(actor))?;
        let landing = &mut closing.change;
        landing.notes = notes;
        landing.puts.extend(new_vote);
        if program.upkeep.website == Some(Website::Same) {
            // Nobody's page holds up a decision.
            let decided = Decided { kind, terms: event.terms.as_ref() };
            match webpage::after(ctx, snapshot, program, proposal, decided) {
                Ok(None) => {}
                Ok(Some(page)) => {
                    landing.puts.extend(page.files.into_iter().map(|(path, bytes)| (path, Put::Bytes(bytes))));
                    closing.page = page.differences;
                }
                Err(e) => {
                    let why = text::visible_lines(&e.message);
                    ctx.ui.warn(&tr!("decided without the website's page: {why}", why));
                    ctx.ui.hint(tr!("mend the page, and bring it up to date with karmada-partner publish"));
                }
            }
        }
        Ok((closing, event))
    }
}

/// The reason of a decision is what was voted on: of an exit that of who proposes it, of all else the decider's own note.
fn bound_reason(kind: Kind, proposal: &Proposal, tally: &Tally<'_>, actor: &Login) -> Option<Line> {
    let votes: Vec<CastVote> = tally.votes.iter().map(|v| v.cast.clone()).collect();
    let own = |v: &&tally::Counted<'_>| v.left_out.is_none() && v.cast.vote.actor.is(actor);
    let note = match kind {
        Kind::Exited => proposal.proposed(&votes).and_then(|c| c.vote.note.clone()),
        _ => tally.votes.iter().rfind(own).and_then(|v| v.cast.vote.note.clone()),
    };
    // A vote that was made by hand may say what GitHub acts on; it can't be put in other words, and stays in the vote.
    note.filter(Line::is_at_rest)
}

fn refuse_contradiction(voice: &Voice) -> Result<()> {
    use crate::domain::log::kinds::Finding::NotMet;
    let p = voice.principles;
    match [("authenticity", p.authenticity), ("url", p.url), ("relevance", p.relevance)]
        .iter()
        .find(|(_, f)| *f == NotMet)
    {
        Some((principle, _)) => {
            Err(Error::usage(tr!("a vote to approve can't stand beside --{principle} not-met", principle))
                .hint(tr!("vote reject or abstain, or judge the principle again")))
        }
        None => Ok(()),
    }
}

/// Whether the member's last vote says the same on the same content already. A decision needs no more than the side;
/// a review that says something new is added.
fn adds_nothing(votes: &[CastVote], new: &Vote, wish: Wish) -> bool {
    last_of(votes, &new.actor).is_some_and(|old| {
        old.ballot == new.ballot
            && old.facts == new.facts
            && (new.subject != Subject::Policy || old.policy == new.policy)
            && old.log == new.log
            && old.terms == new.terms
            && old.interest == new.interest
            && (old.evidence.is_some() || new.evidence.is_none())
            && (new.note.is_none() || old.note == new.note)
            && (wish != Wish::Vote || (old.principles == new.principles && old.note == new.note))
    })
}

/// The name of the file for the next vote of `actor` in a round.
///
/// # Errors
/// When there are so many in its name that the next counts only if it is signed, and it wouldn't be.
pub fn next_vote(ctx: &Context, repo: &Repo, program: &Program, earlier: &[CastVote], actor: &Login) -> Result<String> {
    let due = vote_name(earlier.iter().map(|v| &v.vote), actor);
    if !is_beyond(&due) || ctx.signs_for(repo, program, actor)? {
        return Ok(due);
    }
    Err(Error::refused(tr!(
        "there are {most} votes in the name of {actor} in this round already, and from there on only what is signed counts",
        actor,
        most = bounds::VOTES
    ))
    .hint(tr!("sign with a key that the policy lists for you; karmada-partner doctor tells which key is yours"))
    .hint(tr!("if you don't know them, whoever may push has written them: take those files off the branch")))
}
