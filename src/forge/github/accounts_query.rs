//! The numbers of accounts, by their logins: one question for all.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::client::{Client, Repeat};
use super::fault::ApiFault;
use crate::domain::{AccountId, Login};

/// The accounts that have these logins now; who isn't there isn't on GitHub.
pub fn ask(client: &Client, logins: &[Login]) -> Result<BTreeMap<String, AccountId>, ApiFault> {
    let mut found = BTreeMap::new();
    for some in logins.chunks(50) {
        let (mut parameters, mut fields, mut variables) = (Vec::new(), String::new(), Map::new());
        for (n, login) in some.iter().enumerate() {
            parameters.push(format!("$l{n}: String!"));
            fields += &format!(" u{n}: user(login: $l{n}) {{ databaseId }}");
            variables.insert(format!("l{n}"), login.as_str().into());
        }
        let document = format!("query Accounts({}) {{{fields} }}", parameters.join(", "));
        let answer = client.graphql(
            &document,
            &Value::Object(variables),
            Repeat::Harmless,
            tr!("look up the members' accounts"),
        )?;
        for (n, login) in some.iter().enumerate() {
            let id = answer.data[format!("u{n}")]["databaseId"].as_u64().and_then(AccountId::new);
            found.extend(id.map(|id| (login.folded(), id)));
        }
    }
    Ok(found)
}

/// Whether it is clear that nobody has a login.
pub fn is_nobody(client: &Client, login: &Login) -> Result<bool, ApiFault> {
    let document = "query Account($login: String!) { contact: user(login: $login) { login } }";
    let doing = tr!("look up the contact's account");
    let answer = client.graphql(document, &json!({"login": login}), Repeat::Harmless, doing)?;
    let unknown = || answer.fault("contact", doing).is_some_and(|fault| fault.is(http::StatusCode::NOT_FOUND));
    Ok(answer.data["contact"].is_null() && unknown())
}
