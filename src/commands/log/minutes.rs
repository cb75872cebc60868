//! The events of a period for people: minutes in Markdown, or a table.

use crate::domain::log::words::happening;
use crate::domain::votes::tally::LeftOut;
use crate::domain::{Date, text};
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

/// Minutes in Markdown, a section a day.
#[must_use]
pub fn markdown(items: &[Item<'_>]) -> String {
    use crate::domain::log::kinds::Ballot::{Abstain, Approve, Reject};
    let mut out = String::from("# Minutes\n");
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
    let head = [
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
        let text = |value: Option<String>| value.unwrap_or_default();
        [
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
            text(terms.map(|t| t.kind.to_string())),
            text(terms.map(|t| t.effective.to_string())),
            text(event.reason.as_ref().map(ToString::to_string)),
            text(event.link.as_ref().map(ToString::to_string)),
            grade(entry).to_owned(),
            text(commit.clone()),
        ]
    };
    csv::csv(&head, items.iter().map(row))
}

/// Words that mean in Markdown what they say.
fn escaped(words: &str) -> String {
    let special = |c: char| r"\`*_{}[]<>#|!~".contains(c);
    text::visible(words).chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_words() {
        assert_eq!(escaped("<b> [x](y) `z` # a_b"), r"\<b\> \[x\](y) \`z\` \# a\_b");
    }
}
