//! A proposal on one screen: what it says, the evidence by principle with what failed first, and the votes.

use console::Style;
use serde_json::Value;

use crate::commands::evidence::gathering::Gathered;
use crate::commands::evidence::lines;
use crate::domain::log::kinds::Interest;
use crate::domain::votes::missing;
use crate::domain::{Field, Login, Program, Subject, text};
use crate::error::Result;
use crate::evidence::Id;
use crate::registry::{Proposal, Snapshot};
use crate::session::Context;
use crate::ui::{breaking, padded};
use crate::workflow::counting::{Wish, count};
use crate::workflow::described;
use crate::workflow::stakes;
use crate::workflow::words::age;

/// Columns before what a line says.
const INDENT: usize = 16;

/// A line that is broken between words, with what it is about in front.
fn line(ctx: &Context, label: &str, words: &str) -> String {
    let width = ctx.ui.width().min(100);
    let first = format!("  {}", padded(label, INDENT - 2));
    let next = " ".repeat(INDENT);
    breaking::filled(words, width, &first, &next) + "\n"
}

/// What there is to judge.
pub(super) fn of(
    ctx: &Context,
    snapshot: &Snapshot<'_>,
    program: &Program,
    p: &Proposal,
    (reader, said): (&Login, Option<Interest>),
    changed: &[String],
    evidence: Option<&Gathered>,
) -> Result<String> {
    let waits = p.since().map(|t| age(ctx, t)).unwrap_or_default();
    let slug = &p.partner.slug;
    let (name, subject) = (text::visible(p.name()), p.subject.told());
    let title = tr!("{name} ({slug}) · {subject} · waits: {waits}", name, slug, subject, waits);
    let mut out = format!("{}\n", Style::new().for_stderr().bold().apply_to(title));
    match p.subject {
        Subject::Application => {
            out += &facts(ctx, snapshot, program, p)?;
            if let Some(said) = described::word(p) {
                out += &line(ctx, tr!("in its words"), &text::visible(said.as_str()));
            }
            out.extend(changed.iter().map(String::as_str));
        }
        // What changes is what is judged.
        _ => {
            let all = described::facts(snapshot, program, p, Some(reader))?;
            out += all.split_once('\n').map_or("", |(_, rest)| rest);
        }
    }
    if let Some(evidence) = evidence {
        out += &checks(ctx, evidence);
    }
    out.extend(stakes::told(program, p, reader, said).map(|told| line(ctx, tr!("stake"), &told)));
    out += &votes(ctx, snapshot, program, p)?;
    Ok(out)
}

fn facts(ctx: &Context, snapshot: &Snapshot<'_>, program: &Program, p: &Proposal) -> Result<String> {
    let mut out = String::new();
    let Some(record) = p.record() else { return Ok(out) };
    let fields = record.fields();
    let said = |field: Field| fields.get(&field).map(|value| text::visible(&program.vocabulary.told(field, value)));
    out += &line(ctx, tr!("website"), &record.website.in_short());
    let mut add = |label: &str, fields: &[Field]| {
        let words: Vec<_> = fields.iter().filter_map(|f| said(*f)).collect();
        if !words.is_empty() {
            out += &line(ctx, label, &words.join(" · "));
        }
    };
    add(tr!("contact"), &[Field::Github, Field::Email]);
    add(tr!("says"), &[Field::Description, Field::DescriptionZh, Field::NameZh]);
    add(tr!("offers"), &[Field::Services, Field::Regions, Field::Languages]);
    add(tr!("answers"), &[Field::Hours, Field::Response]);
    add(tr!("has people in"), &[Field::Offices]);
    add(tr!("tells of"), &[Field::Story]);
    add(tr!("certified"), &[Field::Certified]);
    add(tr!("belongs to"), &[Field::Parent]);
    add(tr!("was called"), &[Field::FormerNames]);
    let bytes = p.partner.logo(snapshot.repo)?.unwrap_or_default();
    out += &match ctx.logos.inspect(&bytes, &program.logo) {
        Ok((measures, _)) => line(ctx, Field::Logo.told(), &measures.to_string()),
        Err(e) => line(ctx, Field::Logo.told(), &tr!("can't be accepted: {why}", why = e.why)),
    };
    Ok(out)
}

/// The checks by principle, in a fixed order: what failed first and each by itself, the rest by numbers; `v` tells all.
fn checks(ctx: &Context, evidence: &Gathered) -> String {
    let checks = evidence.document["checks"].as_array().into_iter().flatten();
    let id = |check: &Value| check["check"].as_str().and_then(|id| id.parse::<Id>().ok());
    let mut out = String::new();
    for (label, of_it) in lines::by_principle(checks) {
        let mut label = label;
        for check in of_it.iter().filter(|check| check["outcome"] == "failed") {
            let unknown = || text::visible(check["check"].as_str().unwrap_or_default());
            let name = id(check).map_or_else(unknown, |id| id.label().to_owned());
            let words = tr!("{check}: {why}", check = name, why = evidence.why(check).unwrap_or_default());
            // Of a member's stake nothing is to be held against it.
            let mark = if id(check) == Some(Id::Stake) { "!" } else { "✘" };
            out += &line(ctx, label, &format!("{mark} {words}"));
            label = "";
        }
        let count = |outcome: &str| of_it.iter().filter(|check| check["outcome"] == outcome).count();
        let (passed, unknown, exempt) = (count("passed"), count("unknown"), count("exempt"));
        // Where nothing is known of it, that is told with why.
        let none_known = unknown > 0 && count("failed") + passed == 0;
        let first = of_it.iter().find(|check| none_known && check["outcome"] == "unknown");
        let not_known = match first.and_then(|check| evidence.why(check)) {
            Some(why) => tr!("? {unknown} not known: {why}", unknown, why),
            None => tr!("? {unknown} not known", unknown),
        };
        let counted = [
            (passed, tr!("✔ {passed} passed", passed)),
            (exempt, tr!("– {exempt} not asked for", exempt)),
            (unknown, not_known),
        ];
        let words: Vec<_> = counted.into_iter().filter(|(n, _)| *n > 0).map(|(_, words)| words).collect();
        if !words.is_empty() {
            out += &line(ctx, label, &words.join(" · "));
        }
    }
    out
}

fn votes(ctx: &Context, snapshot: &Snapshot<'_>, program: &Program, p: &Proposal) -> Result<String> {
    let tally = count(program, p, &p.votes, Wish::Grant);
    let mut out = String::new();
    for (nth, counted) in tally.votes.iter().enumerate() {
        let said = text::visible(&counted.line());
        let words = match &counted.cast.vote.note {
            Some(note) => tr!("{said}: {note}", said, note = text::visible(note.as_str())),
            None => said,
        };
        out += &line(ctx, if nth == 0 { tr!("votes") } else { "" }, &words);
    }
    let lacks = match described::hindrance(ctx, snapshot, program, p)? {
        _ if !tally.carries() => tr!("still missing: {missing}", missing = missing::told(&tally.missing)),
        Some(why) => described::hindered(&why),
        None => tr!("they carry it").to_owned(),
    };
    out += &line(ctx, tr!("so far"), &tr!("{summary}; {lacks}", summary = tally.summary(), lacks));
    Ok(out)
}
