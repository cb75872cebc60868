//! Issues that a member brings in, on behalf of who wrote them: what can't be taken is told on the issue, as a workflow tells it, and what
//! became of it is said.

use serde_json::{Value, json};

use super::faults::{Fault, Form, is_nobody, other_contact};
use super::form::{self, Outcome};
use super::found::{AskedBy, Found};
use crate::domain::form::Language;
use crate::domain::form::filled::Remark;
use crate::domain::{Field, Login, Program, Slug, Subject};
use crate::error::Result;
use crate::forge::github::form_comment::{self, leads_to};
use crate::forge::github::texts::texts;
use crate::forge::{Forge, Published};
use crate::language;
use crate::registry::{Proposal, Snapshot};
use crate::session::Context;

/// One that was fine.
pub(super) struct Taken<'a> {
    pub(super) at: Option<&'a AskedBy>,
    pub(super) slug: &'a Slug,
    pub(super) name: &'a str,
    /// Whether it is proposed now, and wasn't before.
    pub(super) is_new: bool,
}

/// Takes out what can't be brought in, and tells that on its issue.
pub(super) fn sift(
    ctx: &Context,
    program: &Program,
    snapshot: &Snapshot<'_>,
    all: Vec<Found>,
) -> Result<(Vec<Found>, Vec<Outcome>)> {
    let (mut fine, mut outcomes) = (Vec::new(), Vec::new());
    for mut found in all {
        let Some(at) = &mut found.asked_by else {
            fine.push(found);
            continue;
        };
        let language = form_comment::language(&at.issue);
        let form = Form { program, language, filled: &at.filled, draft: &found.draft };
        let is_nobody = match other_contact(&found.draft, at.issue.by().as_ref()) {
            Some(contact) => is_nobody(&*ctx.github()?, &contact),
            None => false,
        };
        let named = found.draft.get(Field::Logo).is_some();
        let logo = named.then(|| found.logo.as_ref().map(drop));
        let (_, faults) = form.judged(is_nobody, logo);
        let remarks: Vec<String> =
            language::in_language(language.spoken(), || form.remarks().iter().map(Remark::line).collect());
        if faults.is_empty() {
            at.remarks = remarks;
            // Its file is at hand now; what is asked for is judged without it.
            found.draft.answers.remove(&Field::Logo);
            fine.push(found);
            continue;
        }
        tell_faults(ctx, program, snapshot, at, (language, &faults, remarks))?;
        let slug = found.draft.slug().ok();
        outcomes.push(Outcome::of(at.issue.number, "faulty", slug, faults, None));
    }
    Ok((fine, outcomes))
}

fn tell_faults(
    ctx: &Context,
    program: &Program,
    snapshot: &Snapshot<'_>,
    at: &AskedBy,
    (language, faults, remarks): (Language, &[Fault], Vec<String>),
) -> Result<()> {
    // A workflow keeps its own up to date.
    let kept = at.issue.comment(form_comment::MARK).is_some_and(|said| said.by.is_of_another_bot());
    // Nobody is to edit what is closed.
    if kept || !at.issue.is_open() || ctx.globals.dry_run {
        return Ok(());
    }
    let question = "Tell on the issue what is missing, for everybody to read?";
    if ctx.must_confirm() {
        if !ctx.prompt.can_ask() {
            ctx.ui.hint("--yes has it told on the issue, too");
            return Ok(());
        }
        ctx.ui.say(&form_in_words(at, faults));
        if !ctx.prompt.confirm(question, true)? {
            return Ok(());
        }
    }
    let faults: Vec<Value> = faults.iter().map(Fault::told).collect();
    let values = json!({
        "outcome": "faulty", "program": program.name_in(language == Language::Chinese), "faults": faults, "pull": null, "remarks": remarks,
    });
    say(ctx, snapshot, program, at, (language, None, &values))
}

fn form_in_words(at: &AskedBy, faults: &[Fault]) -> String {
    format!("Issue {}:{}", at.issue.number, super::faults::lines(faults))
}

/// Has the member's comment say this.
fn say(
    ctx: &Context,
    snapshot: &Snapshot<'_>,
    program: &Program,
    at: &AskedBy,
    (language, bound, values): (Language, Option<&Slug>, &Value),
) -> Result<()> {
    let texts = texts(snapshot, form_comment::template(language))?;
    let body = form_comment::composed(&texts, language, bound, values, "")?;
    form::say(ctx, &*ctx.github()?, (&at.place, program), &at.issue, &body)
}

/// What this issue asked for and is before the committee: its pull request, and the member who made it, where no bot did.
fn standing(
    snapshot: &Snapshot<'_>,
    forge: &dyn Forge,
    slug: &Slug,
    at: &AskedBy,
) -> Result<Option<(Option<String>, Option<Login>)>> {
    let made = snapshot.open(slug, Subject::Application)?.into_iter().find(|p| p.is_made_of(at.issue.id()));
    let pull = |proposal: &Proposal| forge.link(proposal).map(|link| link.to_string());
    Ok(made.map(|proposal| (pull(&proposal), proposal.on_behalf().cloned())))
}

/// Whether to tell on an issue that it is proposed: where something is said there already, it mustn't stay what was true once; where
/// nothing is, its people hear of it only so, if the member agrees.
fn may_tell(ctx: &Context, at: &AskedBy) -> Result<bool> {
    if at.issue.comment(form_comment::MARK).is_some() || !ctx.must_confirm() {
        return Ok(true);
    }
    if !ctx.prompt.can_ask() {
        ctx.ui.hint("--yes has it told on the issue, too");
        return Ok(false);
    }
    let question = format!("Tell on issue #{} where it is proposed, for everybody to read?", at.issue.number);
    ctx.prompt.confirm(&question, true)
}

/// What became of those that were fine, told on their issues by the comment that a workflow keeps; also where an earlier run broke
/// off before it did.
pub(super) fn brought_in(
    ctx: &Context,
    (snapshot, forge): (&Snapshot<'_>, &dyn Forge),
    actor: &Login,
    all: &[Taken<'_>],
    published: &Published,
) -> Result<Vec<Outcome>> {
    let pulls: Vec<&String> =
        published.links.iter().filter(|link| link.what == "pull request").map(|link| &link.url).collect();
    let known = all.iter().filter(|taken| taken.is_new).count() == pulls.len();
    let mut pulls = pulls.into_iter().filter(|_| known);
    let (program, mut outcomes) = (snapshot.program()?, Vec::new());
    for Taken { at, slug, name, is_new } in all {
        let new = if *is_new { pulls.next().cloned() } else { None };
        let Some(at) = at else { continue };
        let (word, pull, by) = match (is_new, standing(snapshot, forge, slug, at)?) {
            (true, _) => ("proposed", new, Some(actor.clone())),
            (false, Some((pull, None))) => ("unchanged", pull, None),
            (false, Some((pull, by))) => ("on-behalf", pull, by),
            (false, None) => ("left-alone", None, None),
        };
        let said = at.issue.comment(form_comment::MARK).map(|comment| comment.body.as_str());
        // What it says further is left to a workflow that keeps it.
        let says_so = |said: &str, pull: &str| form_comment::slug_in(said).is_some() && leads_to(said) == Some(pull);
        if let (Some(pull), Some(by)) = (&pull, &by)
            && !said.is_some_and(|said| says_so(said, pull))
            && !ctx.globals.dry_run
            && may_tell(ctx, at)?
        {
            let values = json!({
                "outcome": "on-behalf", "name": name, "slug": slug, "by": by, "same": true, "pull": pull,
                "program": "", "faults": [], "remarks": at.remarks,
            });
            let language = form_comment::language(&at.issue);
            say(ctx, snapshot, &program, at, (language, Some(slug), &values))?;
        }
        outcomes.push(Outcome::of(at.issue.number, word, Some((*slug).clone()), Vec::new(), pull));
    }
    Ok(outcomes)
}
