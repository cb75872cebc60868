//! `clear`: mailbox and logo of who left go off the default branch.

use serde_json::json;

use crate::domain::log::kinds::Ballot;
use crate::domain::log::message::{About, Message};
use crate::domain::paths::fact_paths;
use crate::domain::program::admission::{Entry, Opened, Relation, admit};
use crate::domain::{Facts, Field, Kind, Line, Record, Slug, Subject, text};
use crate::error::{Error, Result};
use crate::forge::Forge;
use crate::git::Put;
use crate::registry::change::{Change, Target};
use crate::registry::{Snapshot, branch_for};
use crate::session::publish::{self, Plan, Shown};
use crate::session::{Context, identity};
use crate::ui::padded;
use crate::workflow::described::about_entry;
use crate::workflow::lapsed::refuse_lapsed;
use crate::workflow::lookup::{find, look};
use crate::workflow::possible::Finding;
use crate::workflow::requests::{self, Request};
use crate::workflow::words::{links, short};

/// Ask that mailbox and logo of who left be taken away
///
/// Its contact asks, or a member on its behalf; the committee decides it like an update. What stood there once, the history
/// keeps: it can't be taken back from everybody who has a copy.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner clear globex --reason \"we left in 2026\"")]
pub struct Args {
    /// The partner's short name, as list shows it
    #[arg(value_parser = super::slug)]
    slug: Slug,
    /// Why, for everybody to read
    #[arg(long, alias = "note", value_name = "TEXT", value_parser = super::said)]
    reason: Option<Line>,
    /// Ask for it in place of what is open, whose opener may no longer ask for it
    #[arg(long)]
    instead: bool,
}

struct ClearReport {
    name: String,
    branch: String,
    /// Whether it has neither mailbox nor logo any more.
    done: bool,
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let forge = ctx.open_near()?;
    forge.account()?;
    let slug = &args.slug;
    if let Some(ahead) = forge.reading_ahead() {
        ahead.expect(slug, None);
    }
    let mut snapshot = look(ctx, &*forge)?;
    let question = tr!("Ask for this, for everybody to read?");
    let outcome = publish::publish(ctx, &*forge, &mut snapshot, question, |s| plan(ctx, &*forge, s, args))?;
    let Some((report, published)) = outcome.settled(ctx) else { return Ok(()) };
    let commit = published.commits.last();
    if ctx.globals.json {
        return ctx.ui.document(&json!({
            "schema": 1, "partner": slug, "subject": Subject::Update, "changed": commit.is_some(), "cleared": report.done,
            "branch": report.branch, "commit": commit.map(ToString::to_string), "links": published.links,
        }));
    }
    let name = text::visible(&report.name);
    let Some(commit) = commit else {
        return ctx.ui.data(&match report.done {
            true => tr!("Nothing to do: {name} ({slug}) has neither mailbox nor logo here any more.\n", name, slug),
            false => tr!("Nothing to do: what {name} ({slug}) asks for waits for the committee already.\n", name, slug),
        });
    };
    ctx.ui.data(&tr!(
        "Sent: {name} ({slug}) asks that its mailbox and its logo be taken away.\nCommit: {commit} on {branch}\n{links}",
        name,
        slug,
        commit = short(*commit),
        branch = report.branch,
        links = links(&published)
    ))?;
    ctx.ui.say(&tr!("Next: the committee decides it: karmada-partner review {slug}", slug));
    Ok(())
}

/// What is asked for, as people read it before it is sent.
fn asked_for(present: &Record, reason: Option<&Line>) -> String {
    let name = text::visible(present.name.as_str());
    let mut out = tr!("This will be asked of the committee, for everybody to read, about {name}:", name) + "\n";
    let mut line = |label: &str, words: &str| out += &format!("  {} {words}\n", padded(label, 18));
    if let Some(email) = &present.email {
        line(&Field::Email.label(), &format!("{} → {}", text::visible(&email.to_string()), tr!("(none)")));
    }
    line(tr!("word" => "logo"), tr!("to be taken away"));
    if let Some(why) = reason {
        line(tr!("word" => "reason"), &text::visible(why.as_str()));
    }
    out
}

fn plan(ctx: &Context, forge: &dyn Forge, snapshot: &Snapshot<'_>, args: &Args) -> Result<Plan<ClearReport>> {
    let slug = &args.slug;
    let (partner, open) = find(snapshot, slug)?;
    if !partner.life.may_clear() || open.iter().any(|p| p.subject == Subject::Application) {
        let finding = Finding { ctx, forge, snapshot, partner: &partner, open: &open };
        return Err(finding.illegal_for_anybody(Kind::Cleared));
    }
    if let Some(day) = partner.life.leaving(ctx.now.date()) {
        return Err(Error::refused(tr!("{slug} is a partner until {day}, and shown as one", slug, day))
            .hint(tr!("ask for it from then on")));
    }
    let present = partner.record.as_ref().ok_or_else(|| {
        Error::refused(tr!("{slug} has no readable partner.toml", slug))
            .hint(tr!("karmada-partner check tells what is wrong with it"))
    })?;
    let branch = branch_for(slug, Subject::Update);
    let done = present.email.is_none() && partner.directory.logo.is_none();
    let report = ClearReport { name: present.name.to_string(), branch: branch.clone(), done };
    let waiting = open.iter().filter(|p| !p.gives_way(args.instead));
    waiting.clone().try_for_each(refuse_lapsed)?;
    if done || waiting.count() > 0 {
        return Ok(Plan::new(Vec::new(), report));
    }
    let program = snapshot.decided_program()?;
    let actor = ctx.acting(forge, None, &[])?;
    let relation = Relation { record: Some(present), life: &partner.life };
    admit(
        &program,
        identity(forge, &actor)?,
        Entry::Voice(Ballot::Request, Subject::Update),
        relation,
        Opened::default(),
    )?;
    let record = Record { email: None, ..present.clone() };
    let previous = partner.directory.record.map(|oid| snapshot.repo.blob(oid)).transpose()?.unwrap_or_default();
    let toml = record.to_toml_like(&previous);
    let facts = Facts::of(toml.as_bytes(), None);
    let note = args.reason.as_ref();
    let request = Request { slug, partner: &partner, open: None, actor: &actor, program: &program, facts, note };
    let asked = requests::update(ctx, forge, snapshot, Kind::Cleared, request)?;
    let block = asked.vote.to_string();
    let (record_path, logo_path) = fact_paths(slug);
    let mut puts = vec![(record_path, Put::Bytes(toml.into_bytes()))];
    puts.extend(logo_path.map(|path| (path, Put::Nothing)));
    puts.push((asked.path, Put::Bytes(block.clone().into_bytes())));
    let Message { title, notes } = Message::of_vote(&asked.vote, About::named(record.name.as_str()));
    let change = Change {
        title,
        notes,
        block,
        puts,
        target: Target::Proposal { branch, fresh: true },
        author: ctx.author(forge, &actor)?,
    };
    let shown = Shown {
        words: asked_for(present, args.reason.as_ref()),
        about: about_entry(slug, present.name.as_str(), Some(present)),
        wary: false,
    };
    Ok(Plan { changes: vec![change], report, shown: Some(shown) })
}
