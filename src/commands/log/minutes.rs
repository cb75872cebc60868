//! The events of a period for people: minutes in Markdown, or a table.

use crate::domain::log::detail::Detail;
use crate::domain::log::words::happening;
use crate::domain::votes::tally::LeftOut;
use crate::domain::{Date, Event, text};
use crate::error::Result;
use crate::registry::trail::{Told, TrailEntry};
use crate::render::csv;

/// An event and the name of whom it is about.
#[derive(Debug)]
pub struct Item<'a> {
    /// The organization, or the program.
    pub name: &'a str,
    pub entry: &'a TrailEntry,
    /// The commit that brought it, where it is known.
    pub commit: Option<String>,
}

fn who(told: &Told) -> String {
    match &told.affiliation {
        Some(affiliation) => format!("{} ({affiliation})", told.vote.actor),
        None => told.vote.actor.to_string(),
    }
}

/// Who said this among those who counted.
fn said(entry: &TrailEntry, ballot: crate::domain::log::kinds::Ballot) -> Vec<String> {
    let counted = entry.votes.iter().filter(|v| v.left_out.is_none() && v.vote.ballot == ballot);
    counted.map(who).collect()
}

/// Whose votes didn't count, and why.
fn left_out(entry: &TrailEntry) -> Vec<String> {
    let why = |told: &Told| told.left_out.filter(|why| *why != LeftOut::Request).map(|why| (who(told), why.reason()));
    entry.votes.iter().filter_map(why).map(|(who, why)| format!("{who}: {why}")).collect()
}

/// What events say beyond what all say, by the columns that have it; minutes name it so, too.
const PARTICULARS: [&str; 10] =
    ["merged_into", "stage", "on", "criteria", "what", "place", "closes", "job", "source", "since"];

/// The same of one event.
fn particulars(event: &Event) -> Vec<(&'static str, String)> {
    let into = event.terms.as_ref().and_then(|terms| terms.merged_into.as_ref()).map(ToString::to_string);
    let told = match &event.detail {
        Some(Detail::Benefit(b)) => vec![
            ("stage", b.stage.map(|stage| stage.to_string())),
            ("on", Some(b.on.to_string())),
            ("criteria", Some(b.criteria.to_string()).filter(|answers| !answers.is_empty())),
            ("what", Some(b.what.to_string())),
        ],
        Some(Detail::Post(p)) => vec![
            ("what", Some(p.title.to_string())),
            ("place", p.place.as_ref().map(ToString::to_string)),
            ("closes", p.closes.map(|day| day.to_string())),
        ],
        Some(Detail::Closes(number)) => vec![("job", Some(number.to_string()))],
        Some(Detail::Origin(o)) => {
            vec![("source", Some(o.source.to_string())), ("since", o.since.map(|day| day.to_string()))]
        }
        None => Vec::new(),
    };
    told.into_iter().chain([("merged_into", into)]).filter_map(|(name, value)| Some((name, value?))).collect()
}

/// Minutes in Markdown, a section a day.
#[must_use]
pub fn markdown(items: &[Item<'_>]) -> String {
    use crate::domain::log::kinds::Ballot::{Abstain, Approve, Reject};
    let mut out = String::from("# Minutes\n");
    if items.is_empty() {
        out += "\nNothing happened that fits.\n";
    }
    let mut day: Option<Date> = None;
    for Item { name, entry, commit } in items {
        let event = &entry.event;
        let date = event.time.date();
        if day.replace(date) != Some(date) {
            out += &format!("\n## {date}\n\n");
        }
        let happened = happening(event, name);
        out += &format!("- **{}** ({})\n", escaped(&happened), event.partner);
        let mut line = |label: &str, words: String| out += &format!("  - {label}: {}\n", escaped(&words));
        line("By", event.actor.to_string());
        for (label, who) in [
            ("In favor", said(entry, Approve)),
            ("Against", said(entry, Reject)),
            ("Abstaining", said(entry, Abstain)),
            ("Not counted", left_out(entry)),
        ] {
            if !who.is_empty() {
                line(label, who.join("; "));
            }
        }
        if let Some(terms) = &event.terms {
            line("Terms", format!("{}, effective {}", terms.kind, terms.effective));
        }
        // What the heading says isn't said again.
        let is_new = |(name, value): &(&str, String)| {
            !matches!(*name, "stage" | "what" | "job") || !happened.contains(value.as_str())
        };
        for (name, value) in particulars(event).into_iter().filter(is_new) {
            line(&capitalized(name), value);
        }
        if let Some(reason) = &event.reason {
            line("Reason", reason.to_string());
        }
        if let Some(link) = &event.link {
            line("Discussed at", link.to_string());
        }
        line("Evidence", grade(entry).to_owned());
        if let Some(commit) = commit {
            line("Commit", commit.clone());
        }
    }
    out
}

/// How well an event is proved, in a word.
#[must_use]
pub fn grade(entry: &TrailEntry) -> &'static str {
    entry.grade.map_or("broken signature", crate::domain::signature::grade::Grade::word)
}

/// A table, a row an event.
pub fn csv(items: &[Item<'_>]) -> Result<String> {
    use crate::domain::log::kinds::Ballot::{Abstain, Approve, Reject};
    let first = [
        "time",
        "partner",
        "name",
        "seq",
        "event",
        "subject",
        "actor",
        "in_favor",
        "against",
        "abstaining",
        "not_counted",
        "kind",
        "effective",
        "reason",
        "link",
        "evidence",
        "commit",
    ];
    let row = |Item { name, entry, commit }: &Item<'_>| {
        let event = &entry.event;
        let terms = event.terms.as_ref();
        let kind = match &event.detail {
            Some(Detail::Benefit(benefit)) => Some(benefit.kind.to_string()),
            _ => terms.map(|t| t.kind.to_string()),
        };
        let text = |value: Option<String>| value.unwrap_or_default();
        let mut cells = vec![
            event.time.to_string(),
            event.partner.to_string(),
            (*name).to_owned(),
            event.seq.to_string(),
            event.kind.to_string(),
            event.subject.to_string(),
            event.actor.to_string(),
            said(entry, Approve).join("; "),
            said(entry, Reject).join("; "),
            said(entry, Abstain).join("; "),
            left_out(entry).join("; "),
            text(kind),
            text(terms.map(|t| t.effective.to_string())),
            text(event.reason.as_ref().map(ToString::to_string)),
            text(event.link.as_ref().map(ToString::to_string)),
            grade(entry).to_owned(),
            text(commit.clone()),
        ];
        let told = particulars(event);
        let cell = |column: &&str| told.iter().find(|(name, _)| name == column).map(|(_, value)| value.clone());
        cells.extend(PARTICULARS.iter().map(|column| text(cell(column))));
        cells
    };
    let head = [first.as_slice(), &PARTICULARS].concat();
    csv::csv(&head, items.iter().map(row))
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    let rest = |letters: std::str::Chars<'_>| letters.as_str().replace('_', " ");
    letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_ascii_uppercase(), rest(letters)))
}

/// Words that mean in Markdown what they say, and reach nobody where that is pasted. An address leads where it did.
fn escaped(words: &str) -> String {
    let special = |c: char| r"\`*_{}[]<>#|!~".contains(c);
    let is_address = ["https://", "http://"].iter().any(|begin| words.starts_with(begin)) && !words.contains(' ');
    let shown = text::visible(words);
    let shown = if is_address { shown } else { text::inert(&shown) };
    shown.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What one form of the log tells of an event, every other does.
    #[test]
    fn all_forms_tell_the_same_facts() {
        let hash = format!("sha256:{}", "0".repeat(64));
        let mut seen = std::collections::BTreeSet::new();
        for (kind, lines) in [
            ("applied", ""),
            ("imported", "KP-Source: the website's page\nKP-Since: 2025-03-04\n"),
            ("benefited", "KP-Benefit: opportunity\nKP-On: 2026-02-03\nKP-What: Case study\n"),
            ("benefited", "KP-Benefit: early-disclosure\nKP-Stage: requested\nKP-On: 2026-02-03\nKP-What: The list\n"),
            (
                "benefited",
                "KP-Benefit: early-disclosure\nKP-Stage: granted\nKP-On: 2026-02-03\nKP-Criteria: users=met fixes=not-met\nKP-What: The list\n",
            ),
            ("posted", "KP-Title: Engineer\nKP-Place: Rome\nKP-Closes: 2027-01-02\n"),
            ("closed", "KP-Job: 7\n"),
            ("exited", "KP-Exit-Kind: merged\nKP-Effective: 2026-03-04\nKP-Merged-Into: globex\nKP-Reason: One now\n"),
            ("exited", "KP-Exit-Kind: breach\nKP-Effective: 2026-03-04\nKP-Link: https://a.example/7\n"),
        ] {
            let (subject, seq, prev) = match kind {
                "applied" | "imported" => ("application", 1, "none"),
                "exited" => ("exit", 3, hash.as_str()),
                _ => ("upkeep", 3, hash.as_str()),
            };
            let votes = if kind == "exited" { &hash } else { "none" };
            let object = "0".repeat(40);
            let text = format!(
                "KP-Event: v1 {kind}\nKP-Registry: {hash}\nKP-Partner: acme\nKP-Seq: {seq}\nKP-Round: 1\nKP-Subject: {subject}\n\
                 KP-Actor: alice\nKP-Time: 2026-02-05T00:00:00Z\nKP-Policy: {hash}\nKP-Record: {hash}\nKP-Logo: {hash}\n\
                 KP-Objects: {object} {object}\nKP-Prev: {prev}\nKP-Votes: {votes}\n{lines}"
            );
            let event = Event::parse(text.as_bytes()).unwrap_or_else(|e| panic!("{e:?} in {text}"));
            seen.insert(event.kind.word());
            let entry = TrailEntry { event: event.clone(), grade: None, votes: Vec::new() };
            let item = [Item { name: "Acme", entry: &entry, commit: None }];
            let (minutes, table) = (markdown(&item), csv(&item).unwrap());
            let in_text = super::super::line(&event);
            let json = super::super::as_json(&event, None, None);
            let mut facts = Vec::new();
            for key in ["detail", "terms", "reason", "link"] {
                leaves(&json[key], &mut facts);
            }
            for fact in &facts {
                let plain = minutes.replace('\\', "");
                assert!(plain.contains(fact.as_str()) || plain.contains(&fact.replace('-', " ")), "{fact}: {minutes}");
                assert!(table.contains(fact.as_str()), "{fact}: {table}");
            }
            // A line of text leaves out what a list of its own has: of posts, of benefits, of imports.
            let told = facts
                .iter()
                .filter(|fact| in_text.contains(fact.as_str()) || in_text.contains(&fact.replace('-', " ")));

            assert!(told.count() > 0 || facts.is_empty(), "{in_text}");
        }
        let with_detail = ["imported", "benefited", "posted", "closed", "exited"];
        assert!(with_detail.iter().all(|kind| seen.contains(kind)), "{seen:?}");
    }

    fn leaves(value: &serde_json::Value, out: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(map) => map.values().for_each(|value| leaves(value, out)),
            serde_json::Value::Array(list) => list.iter().for_each(|value| leaves(value, out)),
            serde_json::Value::Null => {}
            serde_json::Value::String(text) => out.push(text.clone()),
            other => out.push(other.to_string()),
        }
    }

    #[test]
    fn words_stay_words() {
        assert_eq!(escaped("<b> [x](y) `z` # a_b"), r"\<b\> \[x\](y) \`z\` \# a\_b");
        // Nobody is notified, and no issue is linked or closed.
        assert_eq!(escaped("Org @torvalds fixes #3, GH-9"), "Org @\u{200b}torvalds fixes \\#\u{200b}3, GH-\u{200b}9");
        assert_eq!(escaped("https://a.example/@fixes/#3"), r"https://a.example/@fixes/\#3");
    }
}
