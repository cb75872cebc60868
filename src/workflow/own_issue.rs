//! A proposal that a workflow made of an issue is changed and taken back there: whoever wrote the issue has no right to the
//! branch, and needs none.

use std::collections::BTreeMap;

use crate::config::Location;
use crate::domain::form;
use crate::domain::form::filled::{contact_of, question_of};
use crate::domain::identity::Identity;
use crate::domain::log::event::Issue as Attested;
use crate::domain::program::Member;
use crate::domain::program::admission::{Entry, admit};
use crate::domain::program::github::RepoName;
use crate::domain::values::CLOCKS_DIFFER;
use crate::domain::{Date, Draft, Field, HttpLink, Kind as LogKind, Login, Program, Slug, State, Subject, text};
use crate::error::{Error, Kind, Result};
use crate::forge::github::form_comment;
use crate::forge::github::issue_query::{self, Issue};
use crate::forge::github::set_aside_query::{self, SetAside};
use crate::forge::github::threads;
use crate::registry::{Proposal, Snapshot};
use crate::session::Context;
use crate::ui::stopping::Sending;

/// The issue that a proposal was made of, if its author acts.
pub fn of<'p>(proposal: &'p Proposal, actor: &Login) -> Option<&'p Attested> {
    proposal.form().filter(|_| proposal.made_of_issue().is_some_and(|event| event.actor.is(actor)))
}

/// Refuses to grant what its author takes back, though nobody has put that on record yet.
pub fn refuse_taken_back(snapshot: &Snapshot<'_>, program: &Program, proposal: &Proposal) -> Result<()> {
    let Some(issue) = proposal.asking().filter(|issue| snapshot.heads.askers.taken_back.contains(&issue.id)) else {
        return Ok(());
    };
    let (slug, address) = (&proposal.partner.slug, text::visible(issue.address.as_str()));
    let refused =
        Error::refused(tr!("its author takes it back, by closing the issue that asks for it: {address}", address))
            .hint(tr!("its author can open that again"));
    let refused = match may_withdraw(program, proposal) {
        Some(by) => refused.hint(tr!("or {by} takes it back for them: karmada-partner withdraw {slug}", by, slug)),
        None => refused,
    };
    Err(refused.hint(tr!("or turn it down: karmada-partner reject {slug} --reason TEXT", slug)))
}

/// The member who brought it in on behalf of its author, if they may still take it back for them: not once others have voted.
pub fn may_withdraw<'p>(program: &Program, proposal: &'p Proposal) -> Option<&'p Login> {
    let withdraws = Entry::Event(LogKind::Withdrawn, Subject::Application);
    let may = |by: &&Login| {
        let identity = program.member(by).map_or_else(|| Identity { login: by, id: None }, Member::identity);
        admit(program, identity, withdraws, proposal.relation(), proposal.opened(by)).is_ok()
    };
    proposal.on_behalf().filter(may)
}

/// When the author of the issue that a member brought in saved it after what is proposed was written, and where that is: no
/// workflow writes to that member's fork.
pub fn saved_since<'p>(snapshot: &Snapshot<'_>, proposal: &'p Proposal) -> Option<(Date, &'p Attested)> {
    let issue = proposal.on_behalf().and(proposal.asking())?;
    let written = proposal.partner.life.applied_last()?.time;
    let saved = snapshot.heads.askers.saved.get(&issue.id).filter(|saved| **saved > written)?;
    Some((saved.date(), issue))
}

/// When the author of the issue that a workflow made a proposal of saved it, where no run has read that yet; and where. What is
/// decided then isn't what they say by now. Where our comment isn't there, nobody can tell.
pub fn unread<'p>(
    ctx: &Context,
    snapshot: &Snapshot<'_>,
    program: &Program,
    proposal: &'p Proposal,
) -> Result<Option<(Date, &'p Attested)>> {
    let Some(saved) = proposal.form().and_then(|issue| snapshot.heads.askers.saved.get(&issue.id)) else {
        return Ok(None);
    };
    // It was read before that was written down, and clocks differ.
    if proposal.partner.life.applied_last().is_some_and(|event| saved.unix() + CLOCKS_DIFFER < event.time.unix()) {
        return Ok(None);
    }
    unread_there(ctx, program, proposal)
}

/// The same, asked at the issue itself, where that wasn't listed.
pub fn unread_there<'p>(
    ctx: &Context,
    program: &Program,
    proposal: &'p Proposal,
) -> Result<Option<(Date, &'p Attested)>> {
    let Some(issue) = proposal.form() else { return Ok(None) };
    let Some((place, number)) = RepoName::of_issue(issue.address.as_str()) else { return Ok(None) };
    let there = issue_query::ask(&*ctx.github()?, &place, program, number)?;
    let is_news = |there: &Issue| {
        let (text, said) = (there.text(), there.comment(form_comment::MARK));
        // While it is closed, nothing that is saved there counts.
        let is_it = there.id() == Some(issue.id) && there.is_open() && there.is_authors_own();
        is_it && text != issue.body && said.is_some_and(|said| !form_comment::is_of(&said.body, text))
    };
    Ok(there.filter(is_news).and_then(|there| Some((there.saved()?.date(), issue))))
}

/// Says so to a member, who may know what was saved.
pub fn tell_of_unread(ctx: &Context, snapshot: &Snapshot<'_>, program: &Program, proposal: &Proposal) -> Result<()> {
    if let Some((on, issue)) = unread(ctx, snapshot, program, proposal)? {
        ctx.ui.warn(&saved_unread(on, issue));
        ctx.ui.hint(tr!(
            "wait until it is read, or have it read: run the workflow “partner issues” with the issue's number"
        ));
    }
    Ok(())
}

fn saved_unread(on: Date, issue: &Attested) -> String {
    let address = text::visible(issue.address.as_str());
    tr!(
        "its author saved the issue that asks for it on {on}, and no workflow has read that yet: {address}",
        on,
        address
    )
}

/// What somebody can do whose own application another brought in, where only that other can change it.
pub fn at_the_issue(refused: Error, proposal: Option<&Proposal>, actor: &Login) -> Error {
    let by = proposal.and_then(Proposal::on_behalf).filter(|by| !by.is(actor));
    match (by, proposal.and_then(Proposal::asking)) {
        (Some(by), Some(issue)) if refused.kind == Kind::NotAllowed => {
            let address = text::visible(issue.address.as_str());
            refused.hint(tr!(
                "or its author closes the issue that asks for it, and then it isn't granted; what is saved there {by} is told to bring along: {address}",
                by,
                address
            ))
        }
        _ => refused,
    }
}

/// What an open issue asked for under a name, where that was set aside, or waits for the click that proposes it, and nothing else is
/// open; nothing where nobody can tell.
pub fn set_aside(ctx: &Context, snapshot: &Snapshot<'_>, slug: &Slug) -> Option<SetAside> {
    let Ok(Location::GitHub(registry)) = ctx.location() else { return None };
    let client = ctx.github().ok().filter(|client| client.token_source().is_some())?;
    let landed = snapshot.landed(slug).ok()?;
    if slug.is_program() || landed.life.state == State::Active || !snapshot.proposals_of(slug).ok()?.is_empty() {
        return None;
    }
    set_aside_query::ask(&client, &registry, &snapshot.program().ok()?, slug).ok()?
}

/// Refuses to change or take back what isn't proposed, with what its author can do `instead` at its issue.
pub fn refuse_set_aside(
    ctx: &Context,
    snapshot: &Snapshot<'_>,
    slug: &Slug,
    instead: fn(&str) -> String,
) -> Result<()> {
    let Some(SetAside { pull_request, issue }) = set_aside(ctx, snapshot, slug) else { return Ok(()) };
    let why = match pull_request {
        Some(pull) => tr!(
            "nothing is proposed for {slug} any more: {pull} was closed, and nothing was decided",
            slug,
            pull = text::visible(&pull)
        ),
        None => tr!("the application for {slug} is ready, and its pull request isn't opened yet", slug),
    };
    Err(Error::refused(why).hint(instead(&text::visible(&issue))))
}

/// Whether it is to be done: shown only, where nothing is to change, or asked for.
pub fn agreed(ctx: &Context, question: &str, at: &Attested) -> Result<bool> {
    let shown = text::visible(at.address.as_str());
    if ctx.globals.dry_run {
        match ctx.globals.json {
            true => ctx.ui.document(&serde_json::json!({"schema": 1, "dry_run": true, "changes": []}))?,
            false => ctx.ui.data(
                &(tr!("Would change the issue {shown}.", shown) + "\n" + tr!("Dry run: nothing was changed.") + "\n"),
            )?,
        }
        return Ok(false);
    }
    ctx.refuse_unasked(question)?;
    if ctx.must_confirm() {
        ctx.ui.say(&tr!("Issue: {shown}", shown));
        if !ctx.prompt.confirm(question, true)? {
            ctx.ui.say(tr!("Nothing was changed."));
            return Ok(false);
        }
    }
    Ok(true)
}

/// Has the issue say other things of some fields, as a draft has them; gives whether that changed it.
///
/// # Errors
/// When the form has no box for one of them, or the issue can't be changed.
pub fn change(
    ctx: &Context,
    at: &Attested,
    program: &Program,
    (draft, fields): (&Draft, &[Field]),
    proposed_in: Option<&HttpLink>,
) -> Result<bool> {
    let (place, issue) = read(ctx, at, program, proposed_in)?;
    if !issue.is_open() {
        return Err(is_closed(&issue, at, proposed_in));
    }
    let mut answers = BTreeMap::new();
    for field in fields {
        let question = question_of(*field).ok_or_else(|| no_box(at))?;
        let answer = match field {
            Field::Github | Field::Email => contact_of(draft),
            Field::Logo if !draft.get(Field::Logo).is_some_and(|l| text::has_scheme(l, "https")) => {
                return Err(Error::usage(tr!("an issue can't carry a file from here"))
                    .hint(tr!("drop the logo into the issue's box: {address}", address = at.address))
                    .hint(tr!("or give --logo an https address")));
            }
            field @ (Field::Offices | Field::FormerNames) => draft.get(*field).unwrap_or_default().replace("; ", "\n"),
            field if field.is_list() => draft.get(*field).unwrap_or_default().replace("; ", ", "),
            field => draft.get(*field).unwrap_or_default().to_owned(),
        };
        answers.insert(question, answer);
    }
    let body = form::answered(&issue.body, &answers).map_err(|_| no_box(at))?;
    if body == issue.body {
        return Ok(false);
    }
    let content = serde_json::json!({"body": body});
    let sending = Sending::begin();
    threads::change(&*ctx.github()?, &place, issue.number, &content, "change your issue")?;
    sending.arrived([tr!("the change of your issue, {address}", address = at.address)]);
    Ok(true)
}

/// Closes it; gives whether it was open.
pub fn close(ctx: &Context, at: &Attested, program: &Program, proposed_in: Option<&HttpLink>) -> Result<bool> {
    let (place, issue) = read(ctx, at, program, proposed_in)?;
    if !issue.is_open() {
        // Nobody else's closing takes it back.
        return if issue.is_taken_back() { Ok(false) } else { Err(is_closed(&issue, at, proposed_in)) };
    }
    let content = serde_json::json!({"state": "closed"});
    let sending = Sending::begin();
    threads::change(&*ctx.github()?, &place, issue.number, &content, "close your issue")?;
    sending.arrived([tr!("the end of your issue, {address}", address = at.address)]);
    Ok(true)
}

/// Why nothing can be changed there: a workflow takes what is closed for nothing that is asked for.
fn is_closed(issue: &Issue, at: &Attested, proposed_in: Option<&HttpLink>) -> Error {
    let address = text::visible(at.address.as_str());
    if issue.is_closed_by_author() {
        return Error::refused(tr!("you closed the issue that asks for it: {address}", address))
            .hint(tr!("open it again, and then run this once more"));
    }
    let who = text::visible(&issue.closed_by());
    let error = Error::refused(tr!(
        "{who} closed the issue that asks for it, and that takes nothing back: {address}",
        who,
        address
    ))
    .hint(tr!("ask for it to be opened again, and then run this once more"));
    match proposed_in {
        Some(pull) => error.hint(on_the_pull_request(pull)),
        None => error,
    }
}

/// Without the issue, its author has no right to what a workflow proposed; the committee has.
fn on_the_pull_request(pull: &HttpLink) -> String {
    let pull = text::visible(pull.as_str());
    tr!("say on the pull request what is to become of it, and the committee can reject it: {pull}", pull)
}

fn no_box(at: &Attested) -> Error {
    Error::usage(tr!("the form that you filled in has no box for that"))
        .hint(tr!("edit the issue: {address}", address = text::visible(at.address.as_str())))
}

fn read(ctx: &Context, at: &Attested, program: &Program, proposed_in: Option<&HttpLink>) -> Result<(RepoName, Issue)> {
    let address = at.address.as_str();
    let elsewhere = |e: Error| match proposed_in {
        Some(pull) => e.hint(on_the_pull_request(pull)),
        None => e,
    };
    let unread =
        || elsewhere(Error::not_found(tr!("the issue {address} isn't there", address = text::visible(address))));
    let (place, number) = RepoName::of_issue(address).ok_or_else(unread)?;
    match issue_query::ask(&*ctx.github()?, &place, program, number)? {
        Some(issue) if issue.id() == Some(at.id) => Ok((place, issue)),
        Some(_) => {
            let other = tr!("{address} is another issue now", address = text::visible(address));
            Err(elsewhere(Error::new(Kind::Refused, other)))
        }
        None => Err(unread()),
    }
}
