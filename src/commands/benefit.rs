//! `benefit`: what partners got of what the program promises.

use std::collections::BTreeMap;

use serde_json::json;

use crate::domain::log::detail::{Answers, Benefit, BenefitKind, Detail, Stage};
use crate::domain::log::kinds::Finding;
use crate::domain::record::tag::Tag;
use crate::domain::upkeep::{self, Given};
use crate::domain::values::{Invalid, words};
use crate::domain::{Date, Event, Kind, Line, Program, Slug, State, Time, text};
use crate::error::{Error, Result};
use crate::git::Repo;
use crate::prompt::Question;
use crate::registry::Partner;
use crate::session::Context;
use crate::ui::{self, Cell};
use crate::workflow::links::For;
use crate::workflow::lookup::{everybody, find, look, one};
use crate::workflow::upkeep::{Note, note_on, refuse_at_once};

/// Record the benefits that partners get, and see who got how much
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner benefit add globex --kind exposure --description \"Booth\"
  karmada-partner benefit list --by partner")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Add(Add),
    List(List),
}

/// Record a benefit
///
/// Early disclosure is recorded as requested, granted and ended. Never write what is under embargo: what stands here is
/// public at once, and for ever.
#[derive(Debug, clap::Args)]
struct Add {
    /// The partner's short name, as list shows it
    #[arg(value_parser = super::slug)]
    slug: Slug,
    /// Of which kind
    #[arg(long, value_name = "KIND", value_parser = clap::builder::PossibleValuesParser::new(BenefitKind::WORDS))]
    kind: String,
    /// What it is, in a sentence, for everybody to read
    #[arg(long, alias = "what", value_name = "TEXT", value_parser = super::said)]
    description: Line,
    /// Where more is told
    #[arg(long, value_name = "URL")]
    link: Option<String>,
    /// On which day [default: today]
    #[arg(long, value_name = "DATE", value_parser = super::value::<Date>)]
    on: Option<Date>,
    /// How far it is; with --kind early-disclosure
    #[arg(long, value_name = "STAGE", value_parser = super::value::<Stage>)]
    stage: Option<Stage>,
    /// A criterion with its answer, such as role-mailbox=met; with --stage granted, one for each
    #[arg(long = "criterion", value_name = "NAME=ANSWER")]
    criteria: Vec<String>,
}

words! {
    enum By {
        Partner = "partner",
        Kind = "kind",
        Year = "year",
    }
}

/// List benefits; counted, with --by
#[derive(Debug, clap::Args)]
struct List {
    /// The partner's short name, as list shows it [default: all]
    #[arg(value_parser = super::slug)]
    slug: Option<Slug>,
    /// Count them: by partner those who got nothing are there, too
    #[arg(long, value_name = "WHAT", value_parser = super::value::<By>)]
    by: Option<By>,
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    match &args.command {
        Command::Add(args) => add(ctx, args),
        Command::List(args) => list(ctx, args),
    }
}

fn add(ctx: &Context, args: &Add) -> Result<()> {
    let kind: BenefitKind = args.kind.parse().map_err(|e: Invalid| Error::usage(e.why).hint(e.hint))?;
    match (kind, args.stage) {
        (BenefitKind::EarlyDisclosure, None) => {
            let lacking = Error::usage(tr!("early disclosure needs a stage"))
                .hint(tr!("give it with --stage: {stages}", stages = Stage::WORDS.join(tr!("in a list" => ", "))));
            return Err(ctx.besides_who_acts(lacking));
        }
        (BenefitKind::EarlyDisclosure, Some(_)) | (_, None) => {}
        (_, Some(_)) => {
            return Err(Error::usage(tr!("--stage goes only with --kind early-disclosure")).hint(tr!("leave it out")));
        }
    }
    let link = For::Concerned.given(ctx, "--link", args.link.as_deref())?;
    let names_one = |s: &str| {
        let s = s.to_ascii_uppercase();
        s.contains("CVE-") || s.contains("GHSA-")
    };
    if names_one(args.description.as_str()) || link.as_ref().is_some_and(|l| names_one(l.as_str())) {
        if kind == BenefitKind::EarlyDisclosure {
            return Err(Error::refused(tr!("it names a vulnerability, and that may be under embargo"))
                .hint(tr!("say that early disclosure was requested, granted or ended; never of what")));
        }
        ctx.ui.warn(tr!("it names a vulnerability: is that public already? What is written here can't be taken back"));
    }
    if let Some(day) = args.on.filter(|day| day > ctx.now.days_on_earth().end()) {
        return Err(Error::usage(tr!("--on {day} is still to come", day)).hint(tr!("record it when it has happened")));
    }
    if !args.criteria.is_empty() && args.stage != Some(Stage::Granted) {
        return Err(Error::usage(tr!("--criterion goes only with --stage granted")).hint(tr!("leave it out")));
    }
    let forge = ctx.open()?;
    let seen = look(ctx, &*forge)?;
    let criteria = match args.stage {
        Some(Stage::Granted) => {
            refuse_others(&find(&seen, &args.slug)?.0, args.stage, ctx.now.date())?;
            let partner = refuse_at_once(ctx, &*forge, &seen, &args.slug, Kind::Benefited)?;
            // Granted twice it says nothing new.
            if upkeep::early_disclosure(&partner.life.log).is_none_or(|(stage, _)| stage != Stage::Granted) {
                follows(&partner, args.stage, args.on, ctx.now)?;
            }
            answers(ctx, &seen.program()?, &args.criteria)?
        }
        _ => Answers::default(),
    };
    if let (Some(day), Ok(partner)) = (args.on, seen.landed(&args.slug)) {
        doubt(ctx, &partner, day);
    }
    let benefit = Benefit {
        kind,
        stage: args.stage,
        on: args.on.unwrap_or_else(|| ctx.now.date()),
        criteria,
        what: args.description.clone(),
    };
    let question = tr!("Write this down, for everybody to read?");
    note_on(ctx, &*forge, seen, &args.slug, question, &|_, partner| {
        refuse_others(partner, benefit.stage, ctx.now.date())?;
        let detail = Some(Detail::Benefit(benefit.clone()));
        let same = |e: &&Event| e.detail == detail && e.link == link;
        let mut events = partner.life.log.iter().map(|l| &l.event);
        let already = match benefit.kind {
            // A stage may come again; only the last one counts.
            BenefitKind::EarlyDisclosure => {
                let stage = |e: &&Event| matches!(&e.detail, Some(Detail::Benefit(b)) if b.stage.is_some());
                events.rfind(stage).filter(|e| same(e))
            }
            _ => events.rfind(same),
        };
        if let Some(already) = already {
            return Ok(Err(already.clone().into()));
        }
        follows(partner, benefit.stage, Some(benefit.on), ctx.now)?;
        Ok(Ok(Note { kind: Kind::Benefited, detail, link: link.clone(), shown: None }))
    })
}

/// Refuses a benefit for who isn't a partner, or isn't any more.
fn refuse_others(partner: &Partner, stage: Option<Stage>, today: Date) -> Result<()> {
    let slug = &partner.slug;
    match partner.life.state {
        State::Active => Ok(()),
        State::Exited if stage == Some(Stage::Ended) => Ok(()),
        State::Exited => {
            let why = match partner.life.leaving(today) {
                Some(day) => tr!("that {slug} leaves on {day} is decided, and it gets no more benefits", slug, day),
                None => tr!("{slug} is a partner no longer, and gets no benefits", slug),
            };
            Err(Error::refused(why)
                .hint(tr!("only the end of early disclosure is still recorded: --kind early-disclosure --stage ended")))
        }
        _ => Err(Error::refused(tr!("{slug} isn't a partner, and gets no benefits", slug))
            .hint(tr!("karmada-partner list --state active lists the partners"))),
    }
}

/// Tells of a day before a partner was one: a slip in it would stand there for ever. Who was one elsewhere before may have had it.
fn doubt(ctx: &Context, partner: &Partner, day: Date) {
    let slug = &partner.slug;
    if let Some(joined) = upkeep::joined_after(&partner.life.log, day) {
        ctx.ui.warn(&tr!("--on {day} is before {slug} joined, on {joined}", day, slug, joined));
    }
}

/// Whether a benefit can come now, on a day that is given: early disclosure goes step by step.
fn follows(partner: &Partner, stage: Option<Stage>, on: Option<Date>, now: Time) -> Result<()> {
    let slug = &partner.slug;
    let Some(stage) = stage else { return Ok(()) };
    let early = upkeep::early_disclosure(&partner.life.log);
    let next = upkeep::next_stages(&partner.life.log);
    if next.contains(&stage) {
        return match (on, early) {
            (Some(day), Some((stage, before))) if upkeep::is_before_the_last(&partner.life.log, day, now) => {
                let stage = stage.told();
                let why = tr!("--on {day} is before early disclosure was {stage}, on {before}", day, stage, before);
                Err(Error::usage(why).hint(tr!("give the day on which it happened")))
            }
            _ => Ok(()),
        };
    }
    let reached = early.map(|(stage, _)| stage);
    let next: Vec<_> = next.iter().map(|s| format!("--stage {s}")).collect();
    let now = reached.map_or(tr!("not requested"), Stage::told);
    let error = Error::refused(tr!(
        "early disclosure for {slug} can't be {stage} now: it is {now}",
        slug,
        stage = stage.told(),
        now
    ));
    Err(if next.is_empty() {
        error
    } else {
        error.hint(tr!("possible now: {possible}", possible = next.join(tr!("in a list" => ", "))))
    })
}

/// An answer to each of the program's criteria: by flags, or asked for.
fn answers(ctx: &Context, program: &Program, given: &[String]) -> Result<Answers> {
    let named: Answers = match given {
        [] => Answers::default(),
        given => given
            .join(" ")
            .parse()
            .map_err(|e: Invalid| Error::usage(tr!("--criterion: {why}", why = e.why)).hint(e.hint))?,
    };
    let known = &program.upkeep.criteria;
    if let Some((tag, _)) = named.0.iter().find(|(tag, _)| !known.contains(tag)) {
        let known: Vec<_> = known.iter().map(Tag::as_str).collect();
        return Err(Error::usage(tr!("--criterion: {tag} isn't one of the program's criteria", tag))
            .hint(tr!("one of: {words}", words = known.join(tr!("in a list" => ", ")))));
    }
    let answered = |tag: &Tag| named.0.iter().find(|(t, _)| t == tag).map(|(_, finding)| *finding);
    let missing: Vec<_> = known.iter().filter(|tag| answered(tag).is_none()).map(Tag::as_str).collect();
    if !missing.is_empty() && !ctx.prompt.can_ask() {
        let mut flags: Vec<_> = missing.iter().map(|tag| format!("--criterion {tag}=met")).collect();
        flags.extend(ctx.lacks_consent().then(|| "--yes".to_owned()));
        return Err(Error::usage(tr!("early disclosure is granted only with every criterion answered"))
            .hint(tr!("answer with met, not-met or unsure: {flags}", flags = flags.join(" "))));
    }
    // Nothing was looked at: no answer is likelier than another.
    let findings: Vec<&str> = Finding::ALL.iter().map(|finding| finding.told()).collect();
    let unsure = Finding::ALL.iter().position(|finding| *finding == Finding::Unsure).unwrap_or_default();
    let mut out = Vec::new();
    for tag in known {
        let finding = match answered(tag) {
            Some(finding) => finding,
            None => {
                let label = tr!("Criterion {tag}", tag);
                let question = Question { label: &label, flag: "--criterion", default: None, optional: false };
                Finding::ALL[ctx.prompt.choose(question, &findings, unsure)?]
            }
        };
        out.push((tag.clone(), finding));
    }
    let unmet: Vec<_> =
        out.iter().filter(|(_, finding)| *finding == Finding::NotMet).map(|(tag, _)| tag.as_str()).collect();
    if !unmet.is_empty() {
        return Err(Error::refused(tr!(
            "early disclosure can't be granted: not met: {unmet}",
            unmet = unmet.join(tr!("in a list" => ", "))
        ))
        .hint(tr!("grant it when all are met; until then it is requested")));
    }
    Ok(Answers(out))
}

fn list(ctx: &Context, args: &List) -> Result<()> {
    Repo::read_in_bulk();
    let forge = ctx.open()?;
    let snapshot = look(ctx, &*forge)?;
    let partners: Vec<Partner> = match &args.slug {
        Some(slug) => vec![one(ctx, &snapshot, slug)?],
        None => everybody(ctx, &snapshot)?,
    };
    match args.by {
        Some(by) => counted(ctx, &partners, by),
        None => listed(ctx, &partners),
    }
}

fn listed(ctx: &Context, partners: &[Partner]) -> Result<()> {
    let mut rows: Vec<(&Partner, Given<'_>)> =
        partners.iter().flat_map(|p| upkeep::benefits(&p.life.log).map(move |given| (p, given))).collect();
    rows.sort_by_key(|(_, given)| std::cmp::Reverse(given.benefit.on));
    if ctx.globals.json {
        let benefits: Vec<_> = rows
            .iter()
            .map(|(p, g)| {
                json!({
                    "partner": p.slug, "number": g.number, "kind": g.benefit.kind, "stage": g.benefit.stage,
                    "on": g.benefit.on, "what": g.benefit.what, "criteria": g.benefit.criteria, "link": g.link,
                    "by": g.by,
                })
            })
            .collect();
        return ctx.ui.document(&json!({"schema": 1, "benefits": benefits}));
    }
    if rows.is_empty() {
        ctx.ui.hint(tr!("karmada-partner benefit add records one"));
        return ctx.ui.data(tr!("There are no benefits on record.\n"));
    }
    let cells: Vec<Vec<Cell>> = rows
        .iter()
        .map(|(p, g)| {
            let kind = match g.benefit.stage {
                Some(stage) => tr!("{kind} ({stage})", kind = g.benefit.kind.told(), stage = stage.told()),
                None => g.benefit.kind.told().to_owned(),
            };
            let by = Cell::plain(g.by.as_str());
            vec![
                Cell::plain(g.benefit.on.to_string()),
                Cell::plain(p.slug.as_str()),
                Cell::plain(kind),
                Cell::plain(g.benefit.what.as_str()),
                by,
            ]
        })
        .collect();
    ctx.ui.data(&ui::table(
        &[tr!("ON"), tr!("PARTNER"), tr!("KIND"), tr!("WHAT"), tr!("BY")],
        &cells,
        ctx.ui.width(),
        &[3],
    ))
}

/// How often each kind, for each of what they are counted by. Early disclosure counts once it is granted.
fn counted(ctx: &Context, partners: &[Partner], by: By) -> Result<()> {
    type Counts = BTreeMap<BenefitKind, usize>;
    let mut rows: BTreeMap<String, (Counts, Option<Date>)> = BTreeMap::new();
    if by == By::Partner {
        // Who got nothing is what fairness is about.
        let active = partners.iter().filter(|p| p.life.state == State::Active);
        rows.extend(active.map(|p| (p.slug.to_string(), Default::default())));
    }
    for partner in partners {
        let counts = |g: &Given<'_>| !matches!(g.benefit.stage, Some(Stage::Requested | Stage::Ended));
        for given in upkeep::benefits(&partner.life.log).filter(counts) {
            let key = match by {
                By::Partner => partner.slug.to_string(),
                By::Kind if ctx.globals.json => given.benefit.kind.to_string(),
                By::Kind => given.benefit.kind.told().to_owned(),
                By::Year => given.benefit.on.year().to_string(),
            };
            let (counts, last) = rows.entry(key).or_default();
            *counts.entry(given.benefit.kind).or_default() += 1;
            *last = (*last).max(Some(given.benefit.on));
        }
    }
    let sum = |counts: &Counts| counts.values().sum::<usize>();
    if ctx.globals.json {
        let rows: Vec<_> = rows
            .iter()
            .map(|(key, (counts, last))| json!({"key": key, "total": sum(counts), "kinds": counts, "last": last}))
            .collect();
        return ctx.ui.document(&json!({"schema": 1, "by": by, "counts": rows}));
    }
    if rows.is_empty() {
        return ctx.ui.data(tr!("There are no benefits on record.\n"));
    }
    let mut rows: Vec<_> = rows.into_iter().collect();
    if by == By::Partner {
        // Whose turn it is stands on top.
        rows.sort_by_key(|(key, (counts, last))| (sum(counts), *last, key.clone()));
    }
    let mut head = vec![by.told().to_uppercase()];
    head.extend(BenefitKind::ALL.iter().map(|kind| kind.told().to_uppercase()));
    head.extend([tr!("TOTAL").to_owned(), tr!("LAST").to_owned()]);
    let cells: Vec<Vec<Cell>> = rows
        .iter()
        .map(|(key, (counts, last))| {
            let mut row = vec![Cell::plain(text::visible(key))];
            row.extend(
                BenefitKind::ALL.iter().map(|kind| Cell::plain(counts.get(kind).copied().unwrap_or(0).to_string())),
            );
            row.push(Cell::plain(sum(counts).to_string()));
            row.push(Cell::plain(last.map(|d| d.to_string()).unwrap_or_default()));
            row
        })
        .collect();
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    ctx.ui.data(&ui::table(&head, &cells, ctx.ui.width(), &[0]))
}
