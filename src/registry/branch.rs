//! The names of proposals' branches: whom each is about, and what.

use std::fmt::Display;

use crate::domain::{Slug, Subject};

/// The beginnings of the names of proposals' branches.
pub(crate) const PROPOSALS: [&str; 3] = ["apply/", "exit/", "policy/"];

/// The beginning of the names under which proposals are kept once they are closed.
pub(crate) const CLOSED: &str = "closed/";

/// The name under which a proposal about somebody is kept once it is closed: that of a round.
#[must_use]
pub(crate) fn closed(about: impl Display, round: impl Display) -> String {
    format!("{CLOSED}{about}/{round}")
}

/// Whom a closed proposal's branch is about, by its name.
#[must_use]
pub(super) fn slug_of_closed(branch: &str) -> Option<Slug> {
    branch.strip_prefix(CLOSED)?.split_once('/')?.0.parse().ok()
}

/// What is kept below a branch's name once it is closed, where no branch may stand then.
#[must_use]
pub(super) fn kept_below(branch: &str) -> Option<String> {
    let mut parts = branch.strip_prefix(CLOSED)?.splitn(3, '/');
    let slug = Slug::or_program(parts.next()?).ok()?;
    match (parts.next(), parts.next()) {
        (None, _) => Some(closed(slug, "…")),
        (Some(round), Some(_)) => round.parse::<u32>().ok().map(|round| closed(slug, round)),
        (Some(_), None) => None,
    }
}

/// The proposal's name that a branch has but for its case, or for what a file system, or somebody who pushed it, put in front; of
/// those that begin as proposals do each is known.
#[must_use]
pub(super) fn meant_by(branch: &str) -> Option<String> {
    if branch.contains(':') || PROPOSALS.iter().any(|begin| branch.starts_with(begin)) {
        return None;
    }
    let lower = branch.to_ascii_lowercase();
    let begins = ["refs/heads/", "refs/remotes/", "heads/", "origin/", "upstream/"];
    let mut bare = lower.as_str();
    while let Some(rest) = begins.iter().find_map(|begin| bare.strip_prefix(begin)) {
        bare = rest;
    }
    (bare != branch && slug_of(bare).is_some()).then(|| bare.to_owned())
}

/// The branch that is called nearly as a proposal about somebody, among the full names of branches.
pub(crate) fn nearly_about<'n>(slug: &Slug, full_names: &'n [String]) -> Option<&'n str> {
    let about = |branch: &str| meant_by(branch).and_then(|meant| slug_of(&meant));
    full_names
        .iter()
        .filter_map(|name| name.strip_prefix("refs/heads/"))
        .find(|branch| about(branch).as_ref() == Some(slug))
}

/// What to do about a branch that stands in the way of a proposal's.
pub(crate) fn rename() -> &'static str {
    tr!("have it renamed where the registry is: git branch -m OLD NEW, or on GitHub among its branches")
}

/// So many applications for one name may be open at once.
pub(crate) const MOST_CLAIMS: u32 = 99;

/// The name of the branch that a proposal lives on.
#[must_use]
pub(crate) fn branch_for(slug: &Slug, subject: Subject) -> String {
    match subject {
        Subject::Application | Subject::Update => format!("apply/{slug}"),
        Subject::Exit => format!("exit/{slug}"),
        Subject::Policy => format!("policy/{slug}"),
        Subject::Upkeep => format!("upkeep/{slug}"),
    }
}

/// The branch of the `nth` to apply under a name that others ask for, too: `apply/<slug>`, then `apply/<slug>.2`. No slug
/// has a dot.
#[must_use]
pub(crate) fn claim(slug: &Slug, nth: u32) -> String {
    let first = branch_for(slug, Subject::Application);
    if nth < 2 { first } else { format!("{first}.{nth}") }
}

/// Whom a proposal's branch is about, by its name.
#[must_use]
pub(crate) fn slug_of(branch: &str) -> Option<Slug> {
    let (kind, name) = without_owner(branch).split_once('/')?;
    match (kind, name.split_once('.')) {
        ("apply", Some((name, nth))) => {
            name.parse().ok().filter(|slug| nth_of(nth).is_some_and(|n| claim(slug, n) == without_owner(branch)))
        }
        ("apply" | "exit", None) => name.parse().ok(),
        ("policy", None) => Some(Slug::program()).filter(|s| s.as_str() == name),
        _ => None,
    }
}

fn nth_of(written: &str) -> Option<u32> {
    written.parse().ok().filter(|n| *n >= 2)
}

/// Whether a branch asks for what the `first` of its name does.
#[must_use]
pub(super) fn asks_for(first: &str, branch: &str) -> bool {
    let rest = without_owner(branch).strip_prefix(first);
    rest.is_some_and(|rest| rest.is_empty() || (rest.starts_with('.') && slug_of(branch).is_some()))
}

/// Whether a branch proposes an exit.
#[must_use]
pub(crate) fn is_exit(branch: &str) -> bool {
    without_owner(branch).starts_with("exit/")
}

/// A branch's own name, without what tells it from others' of the same name: `owner:branch`. No branch has a colon.
#[must_use]
pub(crate) fn without_owner(branch: &str) -> &str {
    branch.split_once(':').map_or(branch, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_called_nearly_as_a_proposal_is_known() {
        for (branch, meant) in [
            ("Apply/hooli", Some("apply/hooli")),
            ("EXIT/acme", Some("exit/acme")),
            ("Policy/program", Some("policy/program")),
            ("origin/apply/hooli", Some("apply/hooli")),
            ("refs/heads/apply/hooli", Some("apply/hooli")),
            ("refs/remotes/origin/Apply/hooli", Some("apply/hooli")),
            ("apply/hooli", None),
            ("feature/apply/hooli", None),
            ("Apply/two words", None),
            ("main", None),
        ] {
            assert_eq!(meant_by(branch).as_deref(), meant, "{branch}");
        }
        for (branch, below) in [
            ("closed/hooli", Some("closed/hooli/…")),
            ("closed/hooli/1/x", Some("closed/hooli/1")),
            ("closed/hooli/1", None),
            ("closed/program", Some("closed/program/…")),
            ("main", None),
        ] {
            assert_eq!(kept_below(branch).as_deref(), below, "{branch}");
        }
    }

    #[test]
    fn a_branch_names_whom_it_is_about() {
        let slug = |branch: &str| slug_of(branch).map(|slug| slug.to_string());
        for (branch, of) in [
            ("apply/acme", Some("acme")),
            ("apply/acme.2", Some("acme")),
            ("apply/acme.10", Some("acme")),
            ("jane:apply/acme.2", Some("acme")),
            ("exit/acme", Some("acme")),
            ("policy/program", Some("program")),
            ("apply/acme.1", None),
            ("apply/acme.02", None),
            ("apply/acme.+2", None),
            ("apply/acme.2.2", None),
            ("apply/acme.", None),
            ("apply/.2", None),
            ("exit/acme.2", None),
            ("policy/acme", None),
            ("policy/program.2", None),
            ("docs/acme", None),
        ] {
            assert_eq!(slug(branch).as_deref(), of, "{branch}");
        }
        let acme: Slug = "acme".parse().unwrap();
        assert_eq!(slug_of_closed(&closed(&acme, 1)), Some(acme.clone()));
        assert!(slug_of_closed("closed/acme").is_none() && slug_of_closed("apply/acme/1").is_none());
        assert_eq!([1, 2, 99].map(|n| slug_of(&claim(&acme, n))), [(); 3].map(|()| Some(acme.clone())));
        let like = |branch: &str| asks_for("apply/acme", branch);
        assert!(["apply/acme", "apply/acme.2", "jane:apply/acme"].into_iter().all(like));
        assert!(!["apply/acme.x", "apply/acme-2", "exit/acme", "apply/acm"].into_iter().any(like));
        assert!(is_exit("jane:exit/acme") && !is_exit("apply/exit"));
    }
}
