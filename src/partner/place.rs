//! Where files of a registry belong, told from their paths alone.

use super::values::Slug;

/// What a path below `data/` is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// `partner.toml`, or `program.toml`.
    Record,
    /// `logo.png`.
    Logo,
    /// A file of `log/`, by name.
    Event(String),
    /// A file of `votes/<round>/`.
    Vote(u32, String),
    /// A file of `policies/`, by name.
    Policy(String),
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
        Some(("log", name)) if !name.contains('/') => Place::Event(name.to_owned()),
        Some(("policies", name)) if slug.is_program() && !name.contains('/') => Place::Policy(name.to_owned()),
        Some(("votes", rest)) => {
            let (round, name) = rest.split_once('/')?;
            let number: u32 = round.parse().ok()?;
            (number.to_string() == round && !name.contains('/')).then(|| Place::Vote(number, name.to_owned()))?
        }
        _ => return None,
    };
    Some((slug, place))
}

/// Where a partner's record stands.
#[must_use]
pub fn record_of(slug: &Slug) -> String {
    format!("data/partners/{slug}/partner.toml")
}
