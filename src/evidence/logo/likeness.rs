//! Does another partner's logo look the same?

use crate::domain::Slug;
use crate::domain::logo::perceptual_hash::{self, PerceptualHash};
use crate::evidence::{Check, Id, Outcome, Subject};

pub(super) fn check(subject: &Subject, others: &Others) -> Check {
    let id = Id::LogoLikeness;
    let Some(bytes) = &subject.logo else { return Check::without_logo(id, subject) };
    let mine = match others.own.map_or_else(|| perceptual_hash::of(bytes), |own| Ok(Some(own))) {
        Ok(Some(mine)) => mine,
        Ok(None) => return Check::unknown(id, tr!("the logo has too little in it to be told apart")),
        Err(e) => return Check::unknown(id, e.why),
    };
    let alike: Vec<&str> = others
        .prints
        .iter()
        .filter(|(slug, print)| *slug != subject.slug && mine.is_like(print))
        .map(|(slug, _)| slug.as_str())
        .collect();
    let in_a_list = |slugs: &[&str]| slugs.join(tr!("in a list" => ", "));
    let unread: Vec<&str> = others.unread.iter().filter(|slug| **slug != subject.slug).map(Slug::as_str).collect();
    let outcome = match others.left {
        _ if !alike.is_empty() => Outcome::Failed(tr!("it looks like the logo of {alike}", alike = in_a_list(&alike))),
        0 if unread.is_empty() => Outcome::Passed,
        0 => Outcome::Unknown(tr!("logos that can't be read weren't compared: {slugs}", slugs = in_a_list(&unread))),
        left => Outcome::Unknown(tr!(
            "1 logo couldn't be compared in time" | "{n} logos couldn't be compared in time" % left
        )),
    };
    Check::new(id, outcome).fact("alike", alike).fact("compared", others.prints.len()).fact("print", mine.to_string())
}

/// What is known of partners' logos.
#[derive(Debug, Clone, Default)]
pub struct Others {
    pub prints: Vec<(Slug, PerceptualHash)>,
    /// That of the logo that is looked at, where it is known already.
    pub own: Option<PerceptualHash>,
    /// Those that git has lost.
    pub unread: Vec<Slug>,
    /// How many there was no time for.
    pub left: usize,
}
