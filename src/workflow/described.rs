//! A proposal in words: the facts that are judged, what changed since somebody voted, and the votes.

use super::counting::{Wish, count, turns_down};
use super::landing::refuse_unfit;
use super::lapsed::refuse_lapsed;
use super::policy_changes;
use super::since_vote::{since_in_force, since_vote, voted_on};
use super::stakes;
use super::vanished::refuse_vanished;
use super::words::short;
use crate::domain::log::event::Terms;
use crate::domain::log::kinds::Interest;
use crate::domain::record::terms::Vocabulary;
use crate::domain::votes::missing;
use crate::domain::{Field, Line, Login, Program, Record, Slug, Subject, logo, text};
use crate::error::{Error, Kind, Result};
use crate::evidence::registry::changes::{Changes, Since};
use crate::registry::undecided::Merged;
use crate::registry::{Proposal, Snapshot};
use crate::session::Context;
use crate::ui::padded;

/// What there is to judge: the facts, the terms of an exit, former rounds, and what changed since the reader voted.
pub fn facts(snapshot: &Snapshot<'_>, program: &Program, p: &Proposal, reader: Option<&Login>) -> Result<String> {
    let slug = &p.partner.slug;
    let (name, subject) = (text::visible(p.name()), p.subject.told());
    let since = p.since().map(|t| t.date().to_string()).unwrap_or_default();
    let mut out = match p.opener() {
        Some(by) => tr!("{name} ({slug}): {subject}, since {since}, by {by}", name, slug, subject, since, by),
        None => tr!("{name} ({slug}): {subject}, since {since}", name, slug, subject, since),
    };
    out.push('\n');
    if let Some(how) = standing(snapshot, p)? {
        out += &format!("  {}\n", tr!("It stands {how}.", how));
    }
    for (field, value) in p.record().iter().flat_map(|r| r.fields()) {
        let value = p.record().filter(|_| field == Field::Github).map_or(value, Record::contact_in_words);
        out += &line(field.told(), &text::visible(&program.vocabulary.told(field, &value)));
    }
    match p.subject {
        Subject::Policy => {
            let proposed = p.partner.directory.record.map(|oid| snapshot.repo.blob(oid)).transpose()?;
            out += &policy_changes::changes(&snapshot.last_decided_bytes()?, &proposed.unwrap_or_default())?;
        }
        _ => out += &logo_line(snapshot, program, p)?,
    }
    if let Some(on) = p.terms() {
        out += &line(Subject::Exit.told(), &terms(on, None));
    }
    if let Some(said) = word(p) {
        out += &line(tr!("says"), &text::visible(said.as_str()));
    }
    out += &earlier(p);
    if let Some((since, changes)) = changes(snapshot, p, reader)? {
        out += &(tr!("{since}:", since) + "\n");
        out.extend(changes.into_iter().map(|change| changed(&program.vocabulary, change)));
    }
    Ok(out)
}

/// The terms of an exit: its kind, its day, whom it is merged into, and why.
#[must_use]
pub fn terms(terms: &Terms, why: Option<&Line>) -> String {
    let (kind, day) = (terms.kind.told(), terms.effective);
    let words = match &terms.merged_into {
        Some(into) => tr!("{kind}, effective {day}, merged into {into}", kind, day, into),
        None => tr!("{kind}, effective {day}", kind, day),
    };
    match why {
        Some(why) => tr!("{words}; {why}", words, why = text::visible(why.as_str())),
        None => words,
    }
}

/// Who it is about, in a line to stand above a question.
#[must_use]
pub fn about(p: &Proposal) -> String {
    about_entry(&p.partner.slug, p.name(), p.record())
}

/// The same of what isn't proposed.
#[must_use]
pub fn about_entry(slug: &Slug, name: &str, record: Option<&Record>) -> String {
    let name = text::visible(name);
    match record {
        Some(record) => {
            let site = record.website.in_short();
            tr!("About {name} ({slug}) · {site}", name, slug, site)
        }
        None => tr!("About {name} ({slug})", name, slug),
    }
}

/// What a voter is told of a stake, as a line.
#[must_use]
pub fn stake(program: &Program, p: &Proposal, voter: &Login, said: Option<Interest>) -> String {
    stakes::told(program, p, voter, said).map(|told| line(tr!("stake"), &told)).unwrap_or_default()
}

/// A line about one field, by what it is now and what it was.
fn changed(terms: &Vocabulary, (field, new, old): (Field, Option<String>, Option<String>)) -> String {
    let told = |value: Option<String>| or_none(terms, field, value.as_deref());
    format!("  {} → {}\n", tr!("{field}: {answer}", field = field.told(), answer = told(old)), told(new))
}

/// What something is, with its value, as one of many lines.
fn line(label: &str, value: &str) -> String {
    format!("  {} {value}\n", padded(label, 15))
}

/// What a field says, for people, or that it says nothing.
#[must_use]
pub fn or_none(terms: &Vocabulary, field: Field, value: Option<&str>) -> String {
    value.map_or_else(|| tr!("(none)").to_owned(), |value| text::visible(&terms.told(field, value)))
}

/// What changed since the reader voted, a line each with what it was; nothing, where the reader hasn't or nothing did.
pub fn differences(snapshot: &Snapshot<'_>, p: &Proposal, reader: &Login) -> Result<Vec<String>> {
    Ok(match since_vote(snapshot, p, Some(reader))? {
        // The same facts, in other words.
        Since::Nothing => match p.last_vote_of(reader).filter(|vote| vote.log != p.log_due(vote)) {
            Some(vote) => vec![tr!("{since}:", since = voted_on(vote)) + "\n", format!("  {}\n", said_anew(p))],
            None => Vec::new(),
        },
        Since::Gone(since) => vec![tr!("{since}, and what it was then isn't there any more", since) + "\n"],
        Since::Differs(since, changes) => {
            let program = snapshot.shared_program()?;
            let lines = changes.into_iter().map(|change| changed(&program.vocabulary, change));
            [tr!("{since}:", since) + "\n"].into_iter().chain(lines).collect()
        }
    })
}

/// That it stands on the default branch undecided, and who brought it there.
pub fn standing(snapshot: &Snapshot<'_>, p: &Proposal) -> Result<Option<String>> {
    if p.stands.is_none() {
        return Ok(None);
    }
    let by = snapshot.merged_by(p)?.map(|Merged { commit, by }| {
        let commit = short(commit);
        match by.filter(|by| !by.is_empty()) {
            Some(by) => tr!(
                "on the default branch, and not decided: merged by {by} in commit {commit}",
                by = text::visible(&by),
                commit
            ),
            None => tr!("on the default branch, and not decided: merged as commit {commit}", commit),
        }
    });
    Ok(Some(by.unwrap_or_else(|| tr!("on the default branch, and not decided").to_owned())))
}

/// What whoever proposes it says, newest first: the reason of an application's last event, or the note of a request.
#[must_use]
pub fn word(p: &Proposal) -> Option<&Line> {
    match p.subject {
        Subject::Application => p.partner.life.applied_last()?.reason.as_ref(),
        _ => p.proposed(&p.votes).and_then(|c| c.vote.note.as_ref()),
    }
}

/// What changed since a member's vote on something else, each thing with what it is now.
pub fn changed_since(snapshot: &Snapshot<'_>, p: &Proposal, reader: &Login) -> Result<Vec<String>> {
    let none = || tr!("(none)").to_owned();
    let mut out: Vec<String> = match since_vote(snapshot, p, Some(reader))? {
        Since::Differs(_, changes) => changes
            .into_iter()
            .map(|(field, new, _)| {
                tr!(
                    "{field} is now {value}",
                    field = field.told(),
                    value = new.map_or_else(none, |v| text::visible(&v))
                )
            })
            .collect(),
        Since::Gone(_) | Since::Nothing => Vec::new(),
    };
    if out.is_empty() {
        out.push(said_anew(p));
    }
    Ok(out)
}

/// What is new where the facts aren't.
fn said_anew(p: &Proposal) -> String {
    match word(p) {
        _ if p.subject == Subject::Policy => tr!("it is another policy").to_owned(),
        Some(said) => tr!("whoever proposes it now says: {said}", said = text::visible(said.as_str())),
        None => tr!("whoever proposes it has written it anew").to_owned(),
    }
}

fn logo_line(snapshot: &Snapshot<'_>, program: &Program, p: &Proposal) -> Result<String> {
    if p.facts.logo.is_none() {
        return Ok(line(Field::Logo.told(), tr!("to be taken away")));
    }
    let bytes = p.partner.logo(snapshot.repo)?.unwrap_or_default();
    Ok(match logo::inspect(&bytes, &program.logo) {
        Ok((measures, remarks)) => {
            let remarks: String = remarks.iter().map(|remark| line("", &tr!("note: {remark}", remark))).collect();
            line(Field::Logo.told(), &measures.to_string()) + &remarks
        }
        Err(e) => line(Field::Logo.told(), &tr!("can't be accepted: {why}", why = e.why)),
    })
}

/// Former rounds: what became of earlier applications.
fn earlier(p: &Proposal) -> String {
    let ends = p.partner.life.log.iter().map(|l| &l.event).filter(|e| e.round < p.round && !e.votes.is_empty());
    ends.map(|e| {
        let (kind, day) = (e.kind.told(), e.time.date());
        let words = match &e.reason {
            Some(reason) => tr!("{kind} on {day}: {reason}", kind, day, reason),
            None => tr!("{kind} on {day}", kind, day),
        };
        line(tr!("earlier"), &words)
    })
    .collect()
}

/// What changed since the reader's last vote, or anybody's; and for an update, since the facts in force.
fn changes(snapshot: &Snapshot<'_>, p: &Proposal, reader: Option<&Login>) -> Result<Option<(String, Changes)>> {
    if p.subject == Subject::Update
        && let Some(changes) = since_in_force(snapshot, p)?
    {
        return Ok(Some((tr!("Changes to the facts in force").into(), changes)));
    }
    Ok(match since_vote(snapshot, p, reader)? {
        Since::Nothing => None,
        Since::Differs(since, changes) => Some((since, changes)),
        Since::Gone(since) => Some((tr!("{since}, and what it was then isn't there any more", since), Vec::new())),
    })
}

/// Why a proposal can't be granted as it is, whatever the votes say. Nothing, where its history isn't at hand to tell.
pub fn hindrance(ctx: &Context, snapshot: &Snapshot<'_>, program: &Program, p: &Proposal) -> Result<Option<Error>> {
    match told(snapshot, p, || refuse_unfit(ctx, snapshot, program, p, true)) {
        // Who reads here shouldn't hear that it can't, either.
        Err(e) if snapshot.repo.is_shallow() => {
            let branch = text::visible(&p.branch);
            let message = tr!("whether {branch} can be granted isn't known here: {why}", branch, why = e.message);
            ctx.ui.warn_of(&Error { message, ..e });
            Ok(None)
        }
        known => known,
    }
}

/// Why what the votes carry can't be done with it as it is: nothing hinders that it is turned down.
pub fn hindrance_to(
    ctx: &Context,
    snapshot: &Snapshot<'_>,
    program: &Program,
    p: &Proposal,
    wish: Wish,
) -> Result<Option<Error>> {
    if wish == Wish::Deny { Ok(None) } else { hindrance(ctx, snapshot, program, p) }
}

/// Why nothing can be decided on a proposal, whichever way: a member's vote is gone. Nothing, where its history isn't at hand to
/// tell.
pub fn silenced(ctx: &Context, snapshot: &Snapshot<'_>, program: &Program, p: &Proposal) -> Result<Option<Error>> {
    told(snapshot, p, || refuse_vanished(ctx, snapshot, program, p))
}

fn told(snapshot: &Snapshot<'_>, p: &Proposal, judge: impl FnOnce() -> Result<()>) -> Result<Option<Error>> {
    if let Err(e) = refuse_lapsed(p) {
        return Ok(Some(e));
    }
    if ![snapshot.commit, p.head].iter().all(|at| snapshot.repo.has_commit(*at)) {
        return Ok(None);
    }
    match judge() {
        Err(e) if e.kind == Kind::Refused => Ok(Some(e)),
        fit => fit.map(|()| None),
    }
}

/// The same in a line.
#[must_use]
pub fn hindered(why: &Error) -> String {
    tr!("It can't be granted as it is: {why}.", why = with_hints(why)) + "\n"
}

/// The same of what can't be decided either way.
#[must_use]
pub fn stopped(why: &Error) -> String {
    tr!("Nothing can be decided on it as it is: {why}.", why = with_hints(why)) + "\n"
}

fn with_hints(why: &Error) -> String {
    let all: Vec<String> = [text::visible_lines(&why.message)].into_iter().chain(why.hints.iter().cloned()).collect();
    all.join(tr!("between clauses" => "; "))
}

/// The votes so far and what they come to.
pub fn votes(ctx: &Context, snapshot: &Snapshot<'_>, program: &Program, p: &Proposal) -> Result<String> {
    let tally = count(program, p, &p.votes, Wish::Grant);
    let mut out = tr!("Votes:").to_owned() + "\n";
    for counted in &tally.votes {
        let vote = &counted.cast.vote;
        let judged = vote
            .principles
            .map(|f| {
                let (authenticity, url, relevance) = (f.authenticity.told(), f.url.told(), f.relevance.told());
                let told = tr!(
                    "[authenticity {authenticity}, address {url}, relevance {relevance}]",
                    authenticity,
                    url,
                    relevance
                );
                format!(" {told}")
            })
            .unwrap_or_default();
        let note = vote.note.as_ref().map(|n| format!("\n      {n}")).unwrap_or_default();
        out += &format!("  {}{judged}{note}\n", counted.line());
    }
    if tally.votes.is_empty() {
        out += &format!("  {}\n", tr!("none yet"));
    }
    let missing = if tally.carries() {
        tr!("The votes carry it.").to_owned()
    } else if turns_down(program, p, &tally) {
        tr!("The votes turn it down.").to_owned()
    } else {
        tr!("Still missing: {missing}.", missing = missing::told(&tally.missing))
    };
    out += &format!("  {}\n", tr!("{summary}. {missing}", summary = tally.summary(), missing));
    out.extend(hindrance(ctx, snapshot, program, p)?.map(|why| format!("  {}", hindered(&why))));
    Ok(out)
}
