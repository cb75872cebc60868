//! What became of a vote or a decision, told to whoever ran it.

use serde_json::json;

use super::described;
use super::words::{links, short};
use crate::domain::log::event::Terms;
use crate::domain::log::kinds::Ballot;
use crate::domain::log::words::happening;
use crate::domain::votes::missing::{self, Missing};
use crate::domain::votes::tally::{self, LeftOut, Tally};
use crate::domain::{Event, Kind, Line, Program, Slug, Subject, text};
use crate::error::{Error, Result};
use crate::forge::Published;
use crate::language;
use crate::registry::{Partner, Proposal, Snapshot};
use crate::session::Context;
#[derive(Debug)]
pub struct DecisionReport {
    pub(super) slug: Slug,
    pub(super) name: String,
    pub(super) subject: Subject,
    /// Whether a vote was added.
    pub(super) voted: Option<(Ballot, Option<LeftOut>)>,
    /// Why the vote that is there already doesn't count, where none was added.
    pub(super) in_vain: Option<LeftOut>,
    /// The event, if it was decided.
    pub(super) event: Option<Event>,
    /// The terms of an exit, and its reason: those that were voted on, or decided.
    pub(super) terms: Option<Terms>,
    pub(super) reason: Option<Line>,
    pub(super) summary: String,
    /// How many are in favor of what is proposed, against it and abstaining; `None` of what was decided before.
    pub(super) sides: Option<[usize; 3]>,
    /// Who of those counted voted how, a line each, in English: it is told to everybody.
    pub(super) votes: Vec<String>,
    pub(super) missing: Vec<Missing>,
    /// Why it can't be granted, where a vote is all that was wished and nothing is missing.
    pub(super) hindrance: Option<Error>,
    /// What an exit leaves to be ended by hand.
    pub(super) to_end: Vec<String>,
    /// Whether the website's page is kept elsewhere, so that no decision brings it along.
    pub(super) page_elsewhere: bool,
    pub(super) already: bool,
    /// Why the proposal's own commits don't become history, where they don't.
    pub(super) plain: Option<String>,
    /// How the website's page differs before it, a line each, where that is kept in the same repository.
    pub(super) page: Vec<String>,
}

impl DecisionReport {
    /// How the votes on a proposal stand, with nothing voted or decided yet.
    pub(super) fn of(proposal: &Proposal, tally: &Tally<'_>) -> Self {
        Self {
            slug: proposal.partner.slug.clone(),
            name: proposal.name().to_owned(),
            subject: proposal.subject,
            voted: None,
            in_vain: None,
            event: None,
            terms: None,
            reason: None,
            summary: tally.summary(),
            sides: Some(tally.sides()),
            votes: language::in_english(|| {
                tally.votes.iter().filter(|v| v.left_out.is_none()).map(tally::Counted::line).collect()
            }),
            missing: Vec::new(),
            hindrance: None,
            to_end: Vec::new(),
            page_elsewhere: false,
            already: false,
            plain: None,
            page: Vec::new(),
        }
    }
}

/// A decision about a partner, as it was made.
pub(super) fn decided(
    now: &Snapshot<'_>,
    program: &Program,
    partner: &Partner,
    event: &Event,
) -> Result<DecisionReport> {
    let cast = partner.directory.votes(now.repo, &partner.slug, event.round, &|_| true)?;
    let counted = cast.iter().filter(|v| event.votes.contains(&v.hash)).map(|cast| {
        let member = program.member(&cast.vote.actor);
        let affiliation = member.map(|m| m.affiliation.as_str());
        let employer = member.map(|m| m.employer.as_str());
        tally::Counted { cast, affiliation, employer, left_out: None }.line()
    });
    Ok(DecisionReport {
        slug: partner.slug.clone(),
        name: partner.name().to_owned(),
        subject: event.subject,
        voted: None,
        in_vain: None,
        event: Some(event.clone()),
        terms: event.terms.clone(),
        reason: event.terms.is_some().then(|| event.reason.clone()).flatten(),
        summary: String::new(),
        sides: None,
        votes: language::in_english(|| counted.collect()),
        missing: Vec::new(),
        hindrance: None,
        to_end: Vec::new(),
        page_elsewhere: false,
        already: true,
        plain: None,
        page: Vec::new(),
    })
}

pub(super) fn tell(ctx: &Context, report: &DecisionReport, published: &Published) -> Result<()> {
    let commits = &published.commits;
    let decided = report.event.is_some();
    if let Some(why) = &report.plain {
        ctx.ui.warn(&tr!(
            "the proposal's commits don't become history; {why}. What was decided lands as one commit",
            why
        ));
    }
    if ctx.globals.json {
        let (ballot, left_out) = report.voted.map_or((None, None), |(b, l)| (Some(b), l));
        return ctx.ui.document(&json!({
            "schema": 1,
            "partner": report.slug,
            "subject": report.subject,
            "changed": !commits.is_empty() || !published.links.is_empty(),
            "vote": ballot,
            "vote_left_out": left_out,
            "decided": decided,
            "event": report.event.as_ref().map(|e| e.kind),
            "terms": report.terms, "reason": report.reason,
            "in_favor": report.sides.map(|s| s[0]),
            "against": report.sides.map(|s| s[1]),
            "abstaining": report.sides.map(|s| s[2]),
            "missing": report.missing,
            "hindrance": report.hindrance.as_ref().map(|e| &e.message),
            "to_end": report.event.iter().filter(|e| e.kind == Kind::Exited).flat_map(|_| &report.to_end).collect::<Vec<_>>(),
            "commit": commits.last().map(ToString::to_string),
            "waits": published.waits,
            "links": published.links,
            "page": report.page,
        }));
    }
    let mut out = String::new();
    let name = text::visible(&report.name);
    if let Some((ballot, left_out)) = report.voted {
        let (subject, ballot) = (report.subject.told(), ballot.told());
        out += &tr!("Recorded: your vote on the {subject} of {name}: {ballot}.\n", subject, name, ballot);
        if let Some(why) = left_out {
            out += &tr!("It isn't counted: {why}.\n", why = why.reason());
        }
    }
    let terms = || {
        let terms = report.terms.as_ref().filter(|_| !report.already);
        terms.map(|terms| terms_told(terms, report.reason.as_ref())).unwrap_or_default()
    };
    if report.voted.is_some() || decided {
        out += &terms();
    }
    match &report.event {
        Some(event) if report.already => {
            let (what, day) = (happening(event, &name), event.time.date());
            out += &tr!("Nothing to do: {what}, on {day}.\n", what, day);
        }
        Some(event) => {
            out += &(in_short(event, &name, &report.summary) + "\n");
            if published.waits {
                out += tr!("It takes effect when its pull request is merged.\n");
            }
            out += &on_the_page(&report.page);
            out += &tr!("Commit: {commit}", commit = commits.last().map(|c| short(*c)).unwrap_or_default());
            out.push('\n');
        }
        None if report.voted.is_none() => {
            out += &tr!("Nothing to do: your vote on {name} is there already.\n", name);
            out += &terms();
        }
        None => {}
    }
    if !decided {
        out += &tr!("Votes: {summary}.\n", summary = report.summary);
        if !report.missing.is_empty() {
            out += &(tr!("Still missing: {missing}.", missing = missing::told(&report.missing)) + "\n");
        }
        out.extend(report.hindrance.as_ref().map(|why| match report.missing.is_empty() {
            true => described::hindered(why),
            false => described::stopped(why),
        }));
    }
    out += &links(published);
    ctx.ui.data(&out)?;
    hint_at_the_next(ctx, report, published.waits);
    Ok(())
}

/// What is to be done now, and by whom. `waits`: whether what was decided isn't in effect yet.
fn hint_at_the_next(ctx: &Context, report: &DecisionReport, waits: bool) {
    match &report.event {
        Some(event) if event.kind == Kind::Exited && !report.already => {
            report.to_end.iter().for_each(|what| ctx.ui.hint(what));
        }
        Some(event)
            if matches!(event.kind, Kind::Approved | Kind::Updated)
                && event.subject != Subject::Policy
                && report.page_elsewhere
                && !waits =>
        {
            ctx.ui.hint(tr!("bring the website's page up to date: karmada-partner publish"));
        }
        None if report.voted.is_none() && !report.missing.is_empty() => {
            let slug = &report.slug;
            ctx.ui.hint(&match report.in_vain {
                Some(why) => tr!("your own vote is there already, and doesn't count: {why}", why = why.reason()),
                None => tr!("other members vote with karmada-partner review").to_owned(),
            });
            ctx.ui.hint(&tr!("karmada-partner show {slug} tells who voted how, and which votes don't count", slug));
        }
        // Whoever can be asked is asked.
        None if report.missing.is_empty() && report.hindrance.is_none() && !ctx.is_agreed() => {
            let command = if report.subject == Subject::Exit { "exit" } else { "approve" };
            let slug = &report.slug;
            ctx.ui.hint(&tr!("the votes carry it: decide with karmada-partner {command} {slug}", command, slug));
        }
        _ => {}
    }
}

/// What was decided, and by which votes.
pub(super) fn in_short(event: &Event, name: &str, summary: &str) -> String {
    tr!("Decided: {what}; {summary}.", what = happening(event, name), summary)
}

/// The terms of an exit, in a line.
#[must_use]
pub fn terms_told(terms: &Terms, why: Option<&Line>) -> String {
    tr!("Terms of the exit: {terms}.", terms = described::terms(terms, why)) + "\n"
}

/// How the website's page differs from what a decision makes of it.
pub(super) fn on_the_page(differences: &[String]) -> String {
    match differences {
        [] => String::new(),
        all => {
            let lines: String = all.iter().map(|line| format!("  {}\n", text::visible(line))).collect();
            tr!("The website's page is brought up to date with it:\n{lines}", lines)
        }
    }
}
