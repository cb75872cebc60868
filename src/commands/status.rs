//! `status`: where an application stands, in plain words.

use serde_json::json;

use crate::domain::upkeep::Since;
use crate::domain::votes::missing;
use crate::domain::votes::tally::Tally;
use crate::domain::{Date, Line, Program, Slug, State, Subject, text, upkeep};
use crate::error::Result;
use crate::forge::github::set_aside_query::SetAside;
use crate::forge::{Forge, ReadingAhead, Waiting};
use crate::registry::{Partner, Proposal, Snapshot};
use crate::session::Context;
use crate::workflow::contested::{claim, label};
use crate::workflow::counting::{Wish, count, turns_down};
use crate::workflow::lookup::{find, look, readable, standing, tell, warn_of_record};
use crate::workflow::words::{age, warn_of_the_future};
use crate::workflow::{described, document, own_issue, queue};

/// Tell where an application stands, since when, and whose turn it is
///
/// Without a name, lists all that waits for a decision, oldest first: since when, and what it still lacks.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner status  # all that waits for a decision
  karmada-partner status globex  # one application")]
pub struct Args {
    /// The partner's short name, as list shows it, or program [default: all]
    #[arg(value_parser = super::about)]
    slug: Option<Slug>,
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    // One partner's standing needs no clone.
    let forge = match &args.slug {
        Some(slug) if !slug.is_program() => {
            let near = ctx.open_near()?;
            if let Some(ahead) = near.reading_ahead() {
                ahead.expect(slug, None);
            }
            near
        }
        // A policy is the committee's, who has the clone.
        _ => ctx.open()?,
    };
    let snapshot = look(ctx, &*forge)?;
    // What was merged undecided is counted with the reviews of its pull request, which takes the history.
    let whole = match &args.slug {
        Some(slug) if forge.reading_ahead().is_some() && stands_undecided(&snapshot, slug) => Some(ctx.open()?),
        _ => None,
    };
    let (forge, snapshot) = match &whole {
        Some(whole) => (whole, look(ctx, &**whole)?),
        None => (&forge, snapshot),
    };
    if args.slug.is_none() && !ctx.globals.json {
        return queue::all(ctx, &**forge, &snapshot);
    }
    let program = snapshot.program()?;
    if let (Some(waiting), Some(slug)) = (forge.reading_ahead().and_then(ReadingAhead::taken_back), &args.slug) {
        let landed = snapshot.landed(slug)?;
        if landed.life.state == State::Absent {
            return taken_back(ctx, slug, &waiting);
        }
        let url = text::visible(&waiting.url);
        ctx.ui.say(&match &waiting.why_red {
            None => tr!("What was proposed is taken back, and on record when {url} is merged.", url),
            Some(why) => tr!(
                "What was proposed is taken back, but {url} isn't to be merged as it is: its check says “{why}”. Take what else it brings out of its branch.",
                url,
                why = text::visible(why)
            ),
        });
    }
    let set_aside = args.slug.as_ref().and_then(|slug| own_issue::set_aside(ctx, &snapshot, slug));
    if let (Some(aside), Some(slug)) = (&set_aside, &args.slug)
        && snapshot.landed(slug)?.life.state == State::Absent
    {
        return only_set_aside(ctx, slug, aside);
    }
    let found: Vec<(Partner, Vec<Proposal>)> = match &args.slug {
        Some(slug) => vec![find(&snapshot, slug)?],
        None => {
            let mut found: Vec<(Partner, Vec<Proposal>)> = Vec::new();
            for open in readable(ctx, &snapshot)? {
                match found.iter_mut().find(|(partner, _)| partner.slug == open.partner.slug) {
                    Some((_, proposals)) => proposals.push(open),
                    None => found.push((snapshot.landed(&open.partner.slug)?, vec![open])),
                }
            }
            found
        }
    };
    for (partner, _) in &found {
        if args.slug.is_some() {
            tell(ctx, &snapshot.unfit_of(&partner.slug)?);
        }
        warn_of_the_future(ctx, &partner.slug, partner.life.last_time());
        warn_of_record(ctx, &partner.slug, partner.has_unreadable_record());
    }
    if ctx.globals.json {
        let mut all: Vec<_> = found
            .iter()
            .map(|(partner, proposals)| as_json(ctx, (&**forge, &snapshot), &program, partner, proposals))
            .collect::<Result<_>>()?;
        if let (Some(aside), Some(one)) = (&set_aside, all.first_mut()) {
            one["set_aside"] = json!(aside);
        }
        return ctx.ui.document(&json!({"schema": 1, "partners": all}));
    }
    let texts = found
        .iter()
        .map(|(partner, proposals)| words(ctx, &**forge, &snapshot, &program, (partner, proposals)))
        .collect::<Result<Vec<_>>>()?;
    let aside = set_aside.as_ref().zip(args.slug.as_ref()).map(|(aside, slug)| in_words(slug, aside));
    ctx.page(&(texts.join("\n") + &aside.unwrap_or_default()))
}

/// An application of which nothing is on record, and nothing waits any more.
fn only_set_aside(ctx: &Context, slug: &Slug, aside: &SetAside) -> Result<()> {
    if ctx.globals.json {
        let turn = if aside.pull_request.is_some() { "nobody" } else { "committee" };
        let partner = json!({
            "partner": slug, "state": "absent", "since": null, "turn": turn, "proposals": [], "set_aside": aside,
        });
        return ctx.ui.document(&json!({"schema": 1, "partners": [partner]}));
    }
    ctx.ui.data(&in_words(slug, aside))
}

fn in_words(slug: &Slug, aside: &SetAside) -> String {
    let issue = text::visible(&aside.issue);
    match &aside.pull_request {
        Some(pull) => tr!(
            "The application for {slug} was set aside: {pull} was closed, and nothing was decided.\nWhat its author saves in the issue is proposed anew: {issue}\n",
            slug,
            issue,
            pull = text::visible(pull)
        ),
        None => tr!(
            "The application for {slug} is ready. It is the committee's turn: a member opens its pull request with one click, which the issue links.\nWhat its author saves there until then is taken instead: {issue}\n",
            slug,
            issue
        ),
    }
}

/// An application that was taken back before anything of it was on record.
fn taken_back(ctx: &Context, slug: &Slug, Waiting { url, why_red }: &Waiting) -> Result<()> {
    if ctx.globals.json {
        let partner =
            json!({"partner": slug, "state": State::Withdrawn, "since": null, "turn": "committee", "proposals": []});
        return ctx.ui.document(&json!({"schema": 1, "partners": [partner]}));
    }
    if let Some(why) = why_red {
        return ctx.ui.data(&tr!(
            "The application for {slug} is taken back, but {url} isn't to be merged as it is: its check says “{why}”. Take what else it brings out of its branch.\n",
            slug,
            url = text::visible(url),
            why = text::visible(why)
        ));
    }
    ctx.ui.data(&tr!("The application for {slug} is taken back; it is on record when {url} is merged.\nYou can apply again: karmada-partner apply\n", slug, url = text::visible(url)))
}

fn turn(proposals: &[Proposal]) -> &'static str {
    if proposals.is_empty() { "nobody" } else { "committee" }
}

fn as_json(
    ctx: &Context,
    (forge, snapshot): (&dyn Forge, &Snapshot<'_>),
    program: &Program,
    partner: &Partner,
    proposals: &[Proposal],
) -> Result<serde_json::Value> {
    let open: Vec<_> =
        proposals.iter().map(|p| document::proposal(forge, snapshot, program, p)).collect::<Result<_>>()?;
    let state = standing(partner, proposals);
    let since = proposals
        .iter()
        .find(|p| p.subject == Subject::Application)
        .map_or_else(|| partner.life.stands_since(ctx.now.date()), Proposal::since);
    Ok(json!({
        "partner": partner.slug, "state": state, "leaving": partner.life.leaving(ctx.now.date()), "since": since,
        "turn": turn(proposals), "proposals": open,
    }))
}

/// How it stands on the default branch, if it does.
fn stands(snapshot: &Snapshot<'_>, proposal: &Proposal) -> Result<String> {
    let how = described::standing(snapshot, proposal)?;
    Ok(how.map(|how| tr!("It stands {how}.\n", how)).unwrap_or_default())
}

fn stands_undecided(snapshot: &Snapshot<'_>, slug: &Slug) -> bool {
    find(snapshot, slug).is_ok_and(|(_, proposals)| proposals.iter().any(|p| p.stands.is_some()))
}

/// A reason behind another sentence.
fn because(reason: &Line) -> String {
    tr!("between sentences" => " ").to_owned() + &tr!("Reason: {reason}", reason = text::visible(reason.as_str()))
}

/// That somebody is a partner, and since when as far as that is known.
fn of_partner(name: &str, partner: &Partner, today: Date) -> String {
    let slug = &partner.slug;
    match upkeep::stands_since(&partner.life, today) {
        Some(Since::AtLatest(day)) => {
            tr!("{name} ({slug}) has been a partner since {day} at the latest.\n", name, slug, day)
        }
        Some(Since::Day(since)) => tr!("{name} ({slug}) has been a partner since {since}.\n", name, slug, since),
        None => String::new(),
    }
}

/// How its votes stand, and what is missing.
fn votes(
    ctx: &Context,
    (forge, snapshot): (&dyn Forge, &Snapshot<'_>),
    program: &Program,
    (proposal, tally): (&Proposal, &Tally<'_>),
) -> Result<String> {
    let so_far = tr!("Votes so far: {summary}.\n", summary = tally.summary());
    let denied = turns_down(program, proposal, tally);
    let unread = || match denied || tally.carries() {
        // Without a clone no issue is listed; and one that can't be asked keeps nobody from what is known.
        true if forge.reading_ahead().is_some() => own_issue::unread_there(ctx, program, proposal).or_else(|e| {
            ctx.ui.warn_of(&e);
            Ok(None)
        }),
        true => own_issue::unread(ctx, snapshot, program, proposal),
        false => Ok(None),
    };
    let turn = if let Some(why) = described::hindrance(ctx, snapshot, program, proposal)? {
        described::hindered(&why)
    } else if let Some((on, issue)) = unread()? {
        tr!(
            "The votes are enough for a decision. Its author saved the issue that asks for it on {on}, and a workflow reads that first: {address}\n",
            on,
            address = text::visible(issue.address.as_str())
        )
    } else if tally.carries() {
        tr!("The votes carry it. It is the committee's turn: a member writes the decision down.\n").to_owned()
    } else if denied {
        tr!("The votes turn it down. It is the committee's turn: a member writes that down.\n").to_owned()
    } else {
        tr!("It is the committee's turn. Still missing: {missing}.\n", missing = missing::told(&tally.missing))
    };
    Ok(so_far + &turn)
}

fn words(
    ctx: &Context,
    forge: &dyn Forge,
    snapshot: &Snapshot<'_>,
    program: &Program,
    (partner, proposals): (&Partner, &[Proposal]),
) -> Result<String> {
    let slug = &partner.slug;
    let closed = if partner.record.is_none() { snapshot.closed_record(slug, partner.life.round)? } else { None };
    let record = proposals.first().and_then(Proposal::record).or(partner.record.as_ref()).or(closed.as_ref());
    let name = text::visible(record.map_or(slug.as_str(), |r| r.name.as_str()));
    let since = partner.life.stands_since(ctx.now.date()).map(|t| t.date().to_string()).unwrap_or_default();
    let mut events = partner.life.log.iter().rev().map(|l| &l.event);
    let last = events.find(|e| matches!(e.subject, Subject::Application | Subject::Exit));
    let reason = last.and_then(|e| e.reason.as_ref()).map(because).unwrap_or_default();
    let (shown, leaving) = (standing(partner, proposals), partner.life.leaving(ctx.now.date()));
    let mut out = match shown {
        State::Active if slug.is_program() => String::new(),
        State::Active => of_partner(name.as_ref(), partner, ctx.now.date()),
        State::Rejected => tr!(
            "The application of {name} ({slug}) was rejected on {since}.{reason}\nYou can apply again: karmada-partner apply\n",
            name,
            slug,
            since,
            reason
        ),
        State::Withdrawn => tr!(
            "The application of {name} ({slug}) was withdrawn on {since}.{reason}\nYou can apply again: karmada-partner apply\n",
            name,
            slug,
            since,
            reason
        ),
        State::Exited if leaving.is_some() => String::new(),
        State::Exited => match last.and_then(|e| e.terms.as_ref()).map(|t| (t.kind.told(), t.effective)) {
            Some((kind, day)) => tr!(
                "{name} ({slug}) left the program on {since} ({kind}, effective {day}).{reason}\n",
                name,
                slug,
                since,
                kind,
                day,
                reason
            ),
            None => tr!("{name} ({slug}) left the program on {since}.{reason}\n", name, slug, since, reason),
        },
        State::Applied | State::Absent => String::new(),
    };
    if let Some(day) = leaving {
        // Who has applied again meanwhile gave its last reason for something else.
        let reason = if shown == State::Exited { reason.as_str() } else { "" };
        out += &tr!("{name} ({slug}) is leaving the program on {day}.{reason}\n", name, slug, day, reason);
    }
    for proposal in proposals {
        let name = text::visible(proposal.name());
        let tally = count(program, proposal, &proposal.votes, Wish::Grant);
        let day = proposal.since().map(|t| t.date().to_string()).unwrap_or_default();
        let waits = proposal.since().map(|t| age(ctx, t)).unwrap_or_default();
        out += &match proposal.subject {
            Subject::Application => {
                tr!(
                    "The application of {name} ({slug}) waits for a decision, since {day} ({waits}).\n",
                    name,
                    slug,
                    day,
                    waits
                )
            }
            Subject::Update => tr!(
                "An update of {name} ({slug}) waits for a decision, since {day} ({waits}).\n",
                name,
                slug,
                day,
                waits
            ),
            Subject::Exit => {
                tr!("An exit of {name} ({slug}) waits for a decision, since {day} ({waits}).\n", name, slug, day, waits)
            }
            // It isn't proposed, but written down.
            Subject::Upkeep => String::new(),
            Subject::Policy => tr!("A change of the policy waits for a decision, since {day} ({waits}).\n", day, waits),
        };
        out += &stands(snapshot, proposal)?;
        if proposals.iter().filter(|p| p.subject == proposal.subject).count() > 1 {
            out += &text::visible(&tr!(
                "It is {label}: {claim}.",
                label = label(forge, proposal),
                claim = claim(proposal)
            ));
            out.push('\n');
        }
        out += &votes(ctx, (forge, snapshot), program, (proposal, &tally))?;
    }
    if proposals.is_empty() && slug.is_program() {
        out += tr!("No change of the policy waits for a decision.\n");
    }
    Ok(out)
}
