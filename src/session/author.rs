//! Under which name and mailbox commits are written.

use super::Context;
use crate::domain::Login;
use crate::error::Result;
use crate::forge::{Account, Forge};
use crate::git::{self, Author, Repo};

impl Context {
    /// The author of a commit by `actor`. Git's own name and mailbox stand only for the person they belong to; where one of them
    /// can't stand in a commit, that is told once.
    pub(crate) fn author(&self, forge: &dyn Forge, actor: &Login) -> Result<Author> {
        self.author_in(forge.repo(), || forge.account().ok().flatten(), actor)
    }

    /// The same of a commit in a repository; `account` is theirs where it is.
    pub(crate) fn author_in(
        &self,
        repo: &Repo,
        account: impl FnOnce() -> Option<Account>,
        actor: &Login,
    ) -> Result<Author> {
        let (name, email, login) = repo.user()?;
        let own = login.and_then(|l| l.parse::<Login>().ok()).is_some_and(|l| l.is(actor));
        let by = |name: String, email: String| {
            Author { name, email, time: self.moment.get().unix(), own, may_ask: self.prompt.can_ask() }.tidied()
        };
        let is_set = [name.is_some(), email.is_some()];
        let set = by(name.unwrap_or_default(), email.unwrap_or_default());
        let unfit = unfit(&set, is_set);
        if own && unfit.is_none() {
            return Ok(set);
        }
        let author = match account() {
            Some(account) if account.login.is(actor) => by(account.name, account.email),
            _ => by(actor.to_string(), format!("{}@users.noreply.github.com", actor.folded())),
        };
        // Who set nothing up expects nothing else.
        if own
            && is_set.contains(&true)
            && let Some((setting, why)) = unfit
            && !self.told.author.replace(true)
        {
            let Author { name, email, .. } = &author;
            self.ui.warn(&tr!("git's {setting} can't stand in a commit: {why}", setting, why));
            self.ui.hint(&tr!("until it is set otherwise, commits here are by {name} <{email}>", name, email));
        }
        Ok(author)
    }
}

/// Which of the two settings can't stand in a commit, and why.
fn unfit(set: &Author, [name, email]: [bool; 2]) -> Option<(&'static str, String)> {
    [("user.name", name, &set.name), ("user.email", email, &set.email)].into_iter().find_map(
        |(setting, is_set, value)| {
            let why = if is_set { git::unfit_for_author(value)? } else { tr!("it has no value").to_owned() };
            Some((setting, why))
        },
    )
}
