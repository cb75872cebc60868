//! Who somebody is on GitHub. A login can change hands; the account's number can't.

use super::values::{AccountId, Login};

/// An account, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity<'a> {
    pub login: &'a Login,
    pub id: Option<AccountId>,
}

impl<'a> From<&'a Login> for Identity<'a> {
    fn from(login: &'a Login) -> Self {
        Self { login, id: None }
    }
}

impl Identity<'_> {
    /// Whether both are one account: by their numbers where both have one, and else by their logins.
    #[must_use]
    pub fn is(self, other: Identity<'_>) -> bool {
        match (self.id, other.id) {
            (Some(own), Some(other)) => own == other,
            _ => self.login.is(other.login),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_tell_where_both_are_known() {
        let (zoe, ann): (Login, Login) = ("zoe".parse().unwrap(), "ann".parse().unwrap());
        let of = |login, id| Identity { login, id: AccountId::new(id) };
        assert!(of(&zoe, 7).is(of(&ann, 7)), "renamed");
        assert!(!of(&zoe, 7).is(of(&zoe, 8)), "in other hands");
        assert!(of(&zoe, 7).is(of(&zoe, 0)));
        assert!(!of(&zoe, 0).is(of(&ann, 7)));
    }
}
