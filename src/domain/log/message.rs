//! What a commit says that brings an entry. All of it follows from the entry and the facts that stand beside it, so that
//! whoever reads a commit can make its message again, and see whether this program would have written it.

use super::detail::Detail;
use super::event::{Event, Vote};
use super::kinds::{Ballot, Kind, Subject};
use super::words::title;
use crate::domain::record::{Field, Record};
use crate::domain::text;

/// What an entry is about, as far as its commit tells of it.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The organization's name, or the program's.
    pub name: &'a str,
    /// The facts it brings or names, where it tells of them.
    pub record: Option<&'a Record>,
    /// What these change, in the order of the fields, the logo last.
    pub changed: &'a [Field],
}

impl<'a> About<'a> {
    /// Of an entry whose commit tells no more than a name.
    #[must_use]
    pub const fn named(name: &'a str) -> Self {
        Self { name, record: None, changed: &[] }
    }
}

/// The part of a message that is for people: its first line, and those below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub title: String,
    pub notes: Vec<String>,
}

impl Message {
    /// Of an event; the tally, which a decision's message has besides, isn't part of it.
    #[must_use]
    pub fn of_event(event: &Event, about: About<'_>) -> Self {
        let mut notes = Vec::new();
        match event.kind {
            Kind::Applied | Kind::Imported => {
                if let Some(Detail::Origin(origin)) = &event.detail {
                    notes.push(format!("Read from {}.", origin.source));
                }
                if let Some(record) = about.record {
                    notes.push(format!("Website: {}", record.website));
                    notes.push(format!("Contact: {}", record.github));
                    if event.kind == Kind::Applied && !event.actor.is(&record.github) {
                        notes.push(format!("Filed by {} on its behalf.", event.actor));
                    }
                }
            }
            Kind::Amended => notes.push(changed(about.changed)),
            _ => notes.extend(event.reason.iter().map(|r| format!("Reason: {r}"))),
        }
        Self { title: title(event, about.name), notes }
    }

    #[must_use]
    pub fn of_vote(vote: &Vote, about: About<'_>) -> Self {
        let (slug, actor, name) = (&vote.partner, &vote.actor, about.name);
        let noted = |word: &str| vote.note.iter().map(|note| format!("{word}: {note}")).collect();
        match (vote.ballot, vote.subject) {
            (Ballot::Request, Subject::Exit) => {
                Self { title: format!("{slug}: {name} asks to leave the program"), notes: noted("Reason") }
            }
            (Ballot::Request, Subject::Policy) => {
                Self { title: format!("{slug}: {actor} asks for another policy"), notes: noted("Note") }
            }
            // Nobody else is without a logo.
            (Ballot::Request, _) if vote.facts.logo.is_none() => {
                Self { title: format!("{slug}: {name} asks to be cleared"), notes: noted("Note") }
            }
            (Ballot::Request, _) => {
                Self { title: format!("{slug}: {name} asks for an update"), notes: vec![changed(about.changed)] }
            }
            (ballot, subject) => {
                Self { title: format!("{slug}: {actor} votes {ballot} on the {subject}"), notes: noted("Note") }
            }
        }
    }
}

fn changed(fields: &[Field]) -> String {
    format!("Changed: {}.", fields.iter().map(|f| f.word()).collect::<Vec<_>>().join(", "))
}

/// The whole message: title, notes, and the block with its sign-off as the last paragraph. Nothing in the words of others
/// acts.
#[must_use]
pub fn whole(title: &str, notes: &[String], block: &str, (name, mailbox): (&str, &str)) -> String {
    let mut out = format!("{}\n\n", text::inert(title));
    if !notes.is_empty() {
        out += &notes.iter().map(|note| text::inert(note)).collect::<Vec<_>>().join("\n");
        out += "\n\n";
    }
    out + block + &format!("Signed-off-by: {name} <{mailbox}>\n")
}

/// What one record changes of another, in the order of the fields, with the logo last.
#[must_use]
pub fn changed_fields(new: &Record, old: &Record, other_logo: bool) -> Vec<Field> {
    let fields = new.differences(old).into_iter().map(|(field, ..)| field);
    fields.chain(other_logo.then_some(Field::Logo)).collect()
}
