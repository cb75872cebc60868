//! Why a repository can't be opened, in words that fit what it is to the person.

use std::path::Path;

use git2::ErrorCode;

use super::failure::{RepoError, Trouble};

/// What a repository is to the person, for words about one that can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It keeps a registry.
    Registry,
    Site,
}

impl Role {
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::Site => "website's repository",
        }
    }
}

/// Why a repository can't be opened, and what to do about it.
pub(super) fn explain(path: &Path, error: &git2::Error, role: Role) -> RepoError {
    let at = path.display();
    let message = error.message();
    let unusable = |what: &str, hint| RepoError::new(Trouble::Unusable, format!("the repository at {at} {what}"), hint);
    if error.code() == ErrorCode::Owner {
        let mut e =
            RepoError::new(Trouble::NotAllowed, format!("the repository at {at} belongs to another user"), None);
        e.hint = Some(format!(
            "if you trust it: git config --global --add safe.directory {}",
            dunce::canonicalize(path).unwrap_or_else(|_| path.to_owned()).display()
        ));
        return e;
    }
    if message.contains("refstorage") || message.contains("reftable") {
        return unusable(
            "stores its references as reftable, which can't be read here",
            "git refs migrate --ref-format=files",
        );
    }
    if message.contains("objectformat") || message.contains("object format") || message.contains("sha256") {
        return unusable(
            "uses SHA-256 object names, which can't be read here",
            "use a repository made with --object-format=sha1",
        );
    }
    if message.contains("partialclone") {
        let message = format!("the repository at {at} is a partial clone, which can't be read here");
        return RepoError::new(Trouble::Partial, message, "clone it again whole, without --filter");
    }
    if message.contains("extension") {
        return unusable("uses an extension of git that can't be read here", "use a plain bare repository");
    }
    match path.symlink_metadata() {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            let (what, hint) = match role {
                Role::Registry => (
                    tr!("there is no registry at {at}", at),
                    tr!("check the path, or make one there with karmada-partner init"),
                ),
                Role::Site => (
                    tr!("there is no repository at {at}", at),
                    tr!("check the path; a clone of the website's repository does"),
                ),
            };
            RepoError::new(Trouble::NotFound, what, hint)
        }
        Err(e) => RepoError::new(Trouble::NotAllowed, format!("can't look at {at}: {e}"), "check its permissions"),
        Ok(_) if error.code() == ErrorCode::NotFound => RepoError::new(
            Trouble::Unusable,
            format!("{at} isn't a git repository"),
            match role {
                Role::Registry => "make a registry with karmada-partner init PATH",
                Role::Site => "name the top of a clone of the website's repository, or a bare one",
            },
        ),
        Ok(_) => RepoError::from_git(&format!("can't open {at}"), error),
    }
}
