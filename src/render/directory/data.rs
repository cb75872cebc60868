//! The directory as data: JSON and CSV.

use serde_json::{Value, json};

use super::lang::Lang;
use super::{Card, Directory};
use crate::domain::record::Name;
use crate::domain::record::tag::Tag;
use crate::error::{Error, Kind, Result};
use crate::render::csv;

/// `partners.json`: who is a partner and who left, sorted by slug; `schema` counts up when its meaning changes.
pub fn json(directory: &Directory<'_>) -> Result<String> {
    let partners: Vec<Value> = directory.entries.iter().map(|e| entry(directory, e)).collect();
    let terms = &directory.program.vocabulary;
    let as_of = directory.entries.iter().filter_map(Card::as_of).max();
    let document = json!({
        "$schema": directory.absolute(SCHEMA), "schema": 1, "program": directory.program.name, "as_of": as_of,
        "partners": partners,
        "terms": terms,
    });
    serde_json::to_string_pretty(&document).map(|s| s + "\n").map_err(|e| Error::new(Kind::Bug, e.to_string()))
}

/// Beside the data, what it is like.
pub const SCHEMA: &str = "partners.schema.json";

fn entry(directory: &Directory<'_>, entry: &Card<'_>) -> Value {
    let record = entry.record;
    let jobs: Vec<Value> = entry
        .jobs(directory.now)
        .iter()
        .map(|j| {
            json!({
                "title": j.post.title, "place": j.post.place, "link": j.address(), "closes": j.post.closes, "posted": j.on,
            })
        })
        .collect();
    let active = entry.is_active();
    json!({
        "partner": entry.slug,
        "state": if active { "active" } else { "exited" },
        "name": record.name,
        "name_zh": record.name_zh,
        "former_names": record.former_names,
        "parent": record.parent,
        "description": record.description,
        "description_zh": record.description_zh,
        "website": record.website,
        "github": entry.github().filter(|_| active),
        "email": record.email.as_ref().filter(|_| active),
        "services": record.services,
        "regions": record.regions,
        "languages": record.languages,
        "hours": record.hours,
        "response": record.response,
        "offices": record.offices,
        "story": record.story,
        "certified": record.certified,
        "since": entry.since(),
        "left_on": entry.left_on(),
        "leaving": entry.leaving,
        "approved_on": entry.trust.as_ref().map(|t| t.approved),
        "confirmed_on": entry.confirmed().filter(|_| active),
        "as_of": entry.as_of(),
        "logo": entry.logo.as_ref().map(|l| directory.absolute(&l.src)),
        "jobs": jobs,
        "url": directory.absolute(&format!("partners/{}/", entry.slug)),
    })
}

/// `partners.csv`: the partners there are now, in the English order.
pub fn csv(directory: &Directory<'_>) -> Result<String> {
    let head = [
        "partner",
        "name",
        "name_zh",
        "since",
        "website",
        "email",
        "github",
        "services",
        "regions",
        "languages",
        "hours",
        "response",
        "offices",
        "story",
        "certified",
        "description",
        "description_zh",
        "jobs",
    ];
    let tags = |tags: &[Tag]| tags.iter().map(Tag::as_str).collect::<Vec<_>>().join("; ");
    let rows = directory.active(Lang::En).map(|e| {
        let r = e.record;
        let text = |t: Option<String>| t.unwrap_or_default();
        [
            e.slug.to_string(),
            r.name.to_string(),
            text(r.name_zh.as_ref().map(ToString::to_string)),
            text(e.since().map(|d| d.to_string())),
            r.website.to_string(),
            text(r.email.as_ref().map(ToString::to_string)),
            text(e.github().map(ToString::to_string)),
            tags(&r.services),
            tags(&r.regions),
            tags(&r.languages),
            tags(&r.hours),
            tags(&r.response),
            r.offices.iter().map(Name::as_str).collect::<Vec<_>>().join("; "),
            text(r.story.as_ref().map(ToString::to_string)),
            text(r.certified.map(|number| number.to_string())),
            text(r.description.as_ref().map(ToString::to_string)),
            text(r.description_zh.as_ref().map(ToString::to_string)),
            e.jobs(directory.now).len().to_string(),
        ]
    });
    csv::csv(&head, rows)
}
