//! What git has lost of one partner, told apart from all others.

use crate::domain::Slug;
use crate::error::{Error, Kind, Result};
use crate::git::{Repo, RepoError, Trouble};

/// A partner that can't be read, and why: git has lost an object of it.
#[derive(Debug, Clone)]
pub(crate) struct Unread {
    pub slug: Slug,
    pub why: Error,
}

/// Whether an object that isn't here or can't be read hides only what needs it: of a clone that was made without some, all is to
/// be said at once.
pub(super) fn hides_one(repo: &Repo, e: &Error) -> bool {
    e.kind == Kind::Environment && !repo.is_partial()
}

/// Reads something of one partner; what git has lost of it is no reason to pass over the others.
pub(crate) fn unless_unread<T>(
    repo: &Repo,
    slug: &Slug,
    read: impl FnOnce() -> Result<T>,
) -> Result<Result<T, Unread>> {
    match read() {
        Err(why) if hides_one(repo, &why) => Ok(Err(Unread { slug: slug.clone(), why })),
        read => read.map(Ok),
    }
}

/// Those who were read, and those who couldn't be. Where nobody could, and nobody is `known` besides, it is the repository that is
/// damaged.
pub(super) fn told_apart<T>(read: Vec<Result<T, Unread>>, known: bool) -> Result<(Vec<T>, Vec<Unread>)> {
    let (mut here, mut unread) = (Vec::with_capacity(read.len()), Vec::new());
    for one in read {
        match one {
            Ok(one) => here.push(one),
            Err(one) => unread.push(one),
        }
    }
    match unread.first() {
        Some(first) if here.is_empty() && !known => Err(first.why.clone()),
        _ => Ok((here, unread)),
    }
}

/// Names what of a directory can't be read: by its id alone nobody knows whose it is.
pub(super) fn named(path: &str, e: RepoError) -> RepoError {
    match e.trouble {
        Trouble::NotFound | Trouble::Unusable => e,
        _ => RepoError { message: format!("{path}: {}", e.message), ..e },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever is known besides, from an earlier look, is as little hidden as who was read now.
    #[test]
    fn who_cannot_be_read_hides_nobody_who_is_known() {
        let unread = || Unread { slug: "acme".parse().unwrap(), why: Error::environment("gone") };
        let (here, left) = told_apart::<u8>(vec![Err(unread())], true).unwrap();
        assert_eq!((here.len(), left.len()), (0, 1));
        assert_eq!(told_apart(vec![Ok(1), Err(unread())], false).unwrap().0, [1]);
        assert_eq!(told_apart::<u8>(vec![Err(unread())], false).unwrap_err().message, "gone");
    }
}
