//! Where files of a registry belong, told from their paths alone.

use super::limits;
use super::values::{Login, Sha256, Slug};

/// Where partners live in the tree.
pub const PARTNERS: &str = "data/partners";
/// Where the policy lives in the tree.
pub const PROGRAM: &str = "data/program.toml";
/// Where the events of the program are.
pub const PROGRAM_LOG: &str = "data/program/log";
/// Where every policy that was decided is kept, by the number of the event that decided it.
pub const POLICIES: &str = "data/program/policies";

/// The directory of what is decided on: a partner, or the program itself.
#[must_use]
pub fn root_of(slug: &Slug) -> String {
    if slug.is_program() { "data/program".into() } else { format!("{PARTNERS}/{slug}") }
}

/// The files that its facts stand in: the record, and the logo where there is one.
#[must_use]
pub fn fact_paths(slug: &Slug) -> (String, Option<String>) {
    match slug.is_program() {
        true => (PROGRAM.into(), None),
        false => (format!("{PARTNERS}/{slug}/partner.toml"), Some(format!("{PARTNERS}/{slug}/logo.png"))),
    }
}

/// Whether a path belongs to what is decided on.
#[must_use]
pub fn is_of(slug: &Slug, path: &str) -> bool {
    (slug.is_program() && path == PROGRAM) || path.strip_prefix(&root_of(slug)).is_some_and(|p| p.starts_with('/'))
}

#[must_use]
pub fn policy_path(seq: u32) -> String {
    format!("{POLICIES}/{seq:04}.toml")
}

#[must_use]
pub fn event_path(slug: &Slug, seq: u32) -> String {
    format!("{}/log/{seq:04}", root_of(slug))
}

#[must_use]
pub fn vote_path(slug: &Slug, round: u32, name: &str) -> String {
    format!("{}/votes/{round}/{name}", root_of(slug))
}

/// No evidence is larger: GitHub takes it only as part of a comment.
pub const LARGEST_EVIDENCE: usize = limits::EVIDENCE;

/// The name of a file of evidence, beside the votes.
#[must_use]
pub fn evidence_name(hash: Sha256) -> String {
    format!("{}.json", hash.hex())
}

/// What is wrong with a file of evidence that this hash names.
#[must_use]
pub fn evidence_fault(hash: Sha256, bytes: &[u8]) -> Option<&'static str> {
    if Sha256::of(bytes) != hash {
        Some("its bytes aren't those of its name")
    } else if bytes.len() > LARGEST_EVIDENCE {
        Some("it is larger than evidence may be")
    } else {
        None
    }
}

#[must_use]
pub fn evidence_path(slug: &Slug, round: u32, hash: Sha256) -> String {
    format!("{}/votes/{round}/{}", root_of(slug), evidence_name(hash))
}

/// The hash by which a file beside the votes is named, if it is evidence. No login has a dot and letters behind it.
#[must_use]
pub fn evidence_in(name: &str) -> Option<Sha256> {
    Sha256::from_hex(name.strip_suffix(".json")?)
}

impl Place {
    /// The most bytes that are read again.
    #[must_use]
    pub const fn most_bytes(&self) -> usize {
        match self {
            Self::Record | Self::Policy(_) => limits::DOCUMENT,
            Self::Logo => limits::LOGO_BYTES as usize,
            Self::Event(_) | Self::Vote(..) => limits::BLOCK,
            Self::Evidence(..) => limits::EVIDENCE,
        }
    }
}

/// What a path below `data/` is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Record,
    Logo,
    /// A file of `log/`, by name.
    Event(String),
    /// A file of `votes/<round>/`.
    Vote(u32, String),
    /// A file of `votes/<round>/` that isn't a vote but what a voter saw, by its hash.
    Evidence(u32, Sha256),
    /// A file of `policies/`, by name.
    Policy(String),
}

/// Whether an event, or the policy that it brings, is named so: by four digits, from 0001 on.
#[must_use]
pub fn is_event_name(name: &str) -> bool {
    name.len() == 4 && name.bytes().all(|b| b.is_ascii_digit()) && name != "0000"
}

/// The name of the event whose policy a file of `policies/` keeps, if it is named as one that does.
#[must_use]
pub fn kept_for(name: &str) -> Option<&str> {
    name.strip_suffix(".toml").filter(|event| is_event_name(event))
}

/// The number that a round, an event or a job is called by, as it is spelled: from 1, of at most nine digits.
#[must_use]
pub fn ordinal(s: &str) -> Option<u32> {
    let plain = s.len() <= 9 && s.bytes().all(|b| b.is_ascii_digit()) && !s.starts_with('0');
    s.parse().ok().filter(|_| plain)
}

/// Whose vote a file beside the votes is by its name, and which of theirs, as it is spelled: `bob`, `bob.2`. `bob.02` is nobody's.
#[must_use]
pub fn vote_named(name: &str) -> Option<(&str, u32)> {
    let (login, number) = match name.split_once('.') {
        None => (name, 1),
        Some((login, number)) => (login, ordinal(number).filter(|n| (2..=99_999).contains(n))?),
    };
    let known: Login = login.parse().ok()?;
    (known.folded() == login).then_some((login, number))
}

/// Whom a path is about, and what it is for; `None` when nothing belongs there.
#[must_use]
pub fn place_of(path: &str) -> Option<(Slug, Place)> {
    let below = path.strip_prefix("data/")?;
    if below == "program.toml" {
        return Some((Slug::program(), Place::Record));
    }
    let (slug, rest) = match below.strip_prefix("program/") {
        Some(rest) => (Slug::program(), rest),
        None => {
            let (name, rest) = below.strip_prefix("partners/")?.split_once('/')?;
            (name.parse().ok()?, rest)
        }
    };
    let place = match rest.split_once('/') {
        None if rest == "partner.toml" && !slug.is_program() => Place::Record,
        None if rest == "logo.png" && !slug.is_program() => Place::Logo,
        Some(("log", name)) if is_event_name(name) => Place::Event(name.to_owned()),
        Some(("policies", name)) if slug.is_program() && kept_for(name).is_some() => Place::Policy(name.to_owned()),
        Some(("votes", rest)) => {
            let (round, name) = rest.split_once('/')?;
            let number = ordinal(round)?;
            let here = !name.contains('/');
            match evidence_in(name).filter(|_| here) {
                // What somebody saw of a website is about a partner.
                Some(_) if slug.is_program() => return None,
                Some(hash) => Place::Evidence(number, hash),
                None => vote_named(name).map(|_| Place::Vote(number, name.to_owned()))?,
            }
        }
        _ => return None,
    };
    Some((slug, place))
}
