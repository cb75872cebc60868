//! The numbers of members' accounts, which a policy is to know: logins change hands.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use toml_edit::{DocumentMut, Item, value};

use crate::domain::identity::Identity;
use crate::domain::{AccountId, Login, Program};
use crate::error::Result;
use crate::forge::github::accounts_query;
use crate::session::Context;

/// What GitHub says of members' accounts, asked for once.
#[derive(Debug, Default)]
pub struct MemberAccounts(OnceCell<BTreeMap<String, AccountId>>);

impl MemberAccounts {
    /// The policy with the numbers that it lacks. Tells whose login is somebody else's now. Without a token nothing is asked.
    ///
    /// # Errors
    /// When GitHub can't be asked.
    pub fn fill_in(&self, ctx: &Context, text: String, program: &Program) -> Result<String> {
        let first = self.0.get().is_none();
        let known = match self.0.get() {
            Some(known) => known,
            None => {
                let client = ctx.github()?;
                let logins: Vec<Login> = program.committee.iter().map(|m| m.github.clone()).collect();
                let known = match client.token_source() {
                    Some(_) => accounts_query::ask(&client, &logins)?,
                    None => return Ok(text),
                };
                self.0.get_or_init(|| known)
            }
        };
        for member in &program.committee {
            let now = known.get(&member.github.folded()).copied();
            let login = &member.github;
            match (member.id, now) {
                (Some(listed), Some(id)) if first && !member.identity().is(Identity { login, id: now }) => {
                    ctx.ui.warn(&tr!(
                        "the login {login} is account number {id} on GitHub, and the policy knows the member as number {listed}: it has changed hands",
                        login,
                        id,
                        listed
                    ));
                    ctx.ui.hint(tr!("give the member's new login as github, and leave the id as it is"));
                }
                (_, None) if first && !login.is_bot() => {
                    ctx.ui.warn(&tr!("nobody on GitHub has the ID {github}", github = login));
                }
                _ => {}
            }
        }
        let Ok(mut document) = text.parse::<DocumentMut>() else { return Ok(text) };
        let Some(seats) = document.get_mut("committee").and_then(Item::as_array_of_tables_mut) else { return Ok(text) };
        for seat in seats.iter_mut().filter(|seat| !seat.contains_key("id")) {
            let login = seat.get("github").and_then(Item::as_str).unwrap_or_default().to_ascii_lowercase();
            if let Some(id) = known.get(&login).and_then(|id| i64::try_from(id.get()).ok()) {
                seat.insert("id", value(id));
            }
        }
        Ok(document.to_string())
    }
}
