//! What a call changes of the policy: seats, keys and organizations, by flags. All else stays as it was written.

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, value};

use crate::domain::paths::PROGRAM;
use crate::domain::program::Role;
use crate::domain::program::organization::Organization;
use crate::domain::signature::sshsig::PublicKey;
use crate::domain::{Line, Login, Program, Slug, limits, text};
use crate::error::{Error, Result};
use crate::session::Context;
use crate::workflow::logo_files::home_expanded;
use crate::workflow::own_files;

/// What is to be changed of the policy.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Amendments {
    /// Take somebody into the committee, or change what is said of a member
    #[arg(long, value_name = "LOGIN", value_parser = crate::commands::value::<Login>)]
    add_member: Vec<Login>,
    /// Employer of whom --add-member names: an organization of the policy, by its id or any of its names, where it lists some
    #[arg(long, value_name = "TEXT", requires = "add_member", value_parser = crate::commands::value::<Line>)]
    affiliation: Option<Line>,
    /// Role of whom --add-member names
    #[arg(long, value_name = "ROLE", requires = "add_member", value_parser = clap::builder::PossibleValuesParser::new(Role::WORDS))]
    role: Option<String>,
    /// List an organization that members work for, by a short id, or change what is said of it
    #[arg(long, value_name = "ID", value_parser = crate::commands::value::<Slug>)]
    add_organization: Option<Slug>,
    /// Name of the organization that --add-organization lists
    #[arg(long, value_name = "TEXT", requires = "add_organization", value_parser = crate::commands::value::<Line>)]
    name: Option<Line>,
    /// Another name of it
    #[arg(long, value_name = "TEXT", requires = "add_organization", value_parser = crate::commands::value::<Line>)]
    alias: Vec<Line>,
    /// A domain of it, such as acme.com: its members have a stake in who is below that
    #[arg(long, value_name = "DOMAIN", requires = "add_organization", value_parser = crate::commands::value::<Line>)]
    domain: Vec<Line>,
    /// Make somebody an emeritus member, who no longer votes
    #[arg(long, value_name = "LOGIN", value_parser = crate::commands::value::<Login>)]
    retire: Vec<Login>,
    /// An SSH public key of a member: LOGIN=FILE, or LOGIN=KEY
    #[arg(long, value_name = "LOGIN=KEY")]
    add_key: Vec<String>,
    /// A key that counts no longer: the key itself, or its fingerprint
    #[arg(long, value_name = "KEY")]
    remove_key: Vec<String>,
}

impl Amendments {
    pub(super) fn are_there(&self) -> bool {
        let seats = [&self.add_member, &self.retire].into_iter().any(|logins| !logins.is_empty());
        let keys = [&self.add_key, &self.remove_key].into_iter().any(|keys| !keys.is_empty());
        seats || keys || self.add_organization.is_some()
    }

    /// That somebody works elsewhere now doesn't take them into the committee again.
    pub(super) fn say_who_stays_retired(&self, ctx: &Context, proposed: &Program) {
        let retired = |login: &&Login| proposed.member(login).is_some_and(|member| !member.votes());
        for login in self.add_member.iter().filter(|_| self.role.is_none()).filter(retired) {
            ctx.ui.say(&tr!(
                "{login} stays an emeritus member; --role member takes {login} into the committee again",
                login
            ));
        }
    }
}

/// A policy with the changes that the flags ask for; all else stays as it was written.
pub(super) fn amended(ctx: &Context, text: &str, args: &Amendments) -> Result<String> {
    if !args.are_there() {
        return Ok(text.to_owned());
    }
    let mut document: DocumentMut = text.parse().map_err(|e: toml_edit::TomlError| {
        Error::refused(tr!("the policy can't be read: {why}", why = text::visible(e.message())))
            .hint(tr!("propose a whole file: karmada-partner program propose FILE"))
    })?;
    if let Some(id) = &args.add_organization {
        list(&mut document, id, args)?;
    }
    let listed =
        Program::parse(document.to_string().as_bytes()).map(|program| program.organizations).unwrap_or_default();
    for login in &args.add_member {
        let new = member(&mut document, login)?.is_none();
        let affiliation = args.affiliation.as_ref().map(|given| affiliation(&listed, given)).transpose()?;
        if new && affiliation.is_none() {
            return Err(Error::usage(tr!("the affiliation of {login} is missing", login)).hint(match &*ids(&listed) {
                "" => tr!("give it with --affiliation; “Independent” will do").to_owned(),
                ids => tr!("give it with --affiliation, one of: {ids}", ids),
            }));
        }
        if new {
            let mut table = Table::new();
            table.insert("github", value(login.as_str()));
            committee(&mut document)?.push(table);
        }
        let Some(seat) = member(&mut document, login)? else { continue };
        let said = |key: &str| seat.get(key).and_then(Item::as_str);
        let says_more = args.role.is_some() || affiliation.is_some_and(|new| said("affiliation") != Some(new));
        if said("role") == Some(Role::Emeritus.word()) && !says_more {
            return Err(Error::usage(tr!(
                "{login} is an emeritus member, and it isn't clear whether to be one again",
                login
            ))
            .hint(tr!("--role member takes {login} into the committee again; --role emeritus doesn't", login)));
        }
        if let Some(affiliation) = affiliation {
            seat.insert("affiliation", value(affiliation));
        }
        if let Some(role) = &args.role {
            seat.insert("role", value(role.as_str()));
        }
    }
    for login in &args.retire {
        seat_of(&mut document, login)?.insert("role", value(Role::Emeritus.word()));
    }
    for given in &args.add_key {
        let (login, key) = given.split_once('=').ok_or_else(|| {
            Error::usage(tr!("--add-key: it isn't clear whose key it is"))
                .hint(tr!("write it as LOGIN=FILE or LOGIN=KEY"))
        })?;
        let login: Login =
            login.parse().map_err(|e: crate::domain::values::Invalid| Error::usage(e.why).hint(e.hint))?;
        let key = match key.contains(' ') {
            true => key.to_owned(),
            false => own_files::text(ctx, &home_expanded(ctx, key), "--add-key", limits::DOCUMENT)?,
        };
        let keys = seat_of(&mut document, &login)?.entry("keys").or_insert(value(Array::new()));
        match keys.as_array_mut() {
            Some(keys) => keys.push(key.trim()),
            None => return Err(Error::refused(tr!("the keys of {login} aren't a list", login))),
        }
    }
    for given in &args.remove_key {
        let mut found = false;
        for seat in committee(&mut document)?.iter_mut() {
            if let Some(keys) = seat.get_mut("keys").and_then(Item::as_array_mut) {
                let before = keys.len();
                keys.retain(|key| !key.as_str().is_some_and(|key| is_key(key, given)));
                found |= keys.len() != before;
            }
        }
        if !found {
            return Err(Error::not_found(tr!("no member has the key {key}", key = text::quote(given)))
                .hint(tr!("karmada-partner program keys shows them, with their fingerprints")));
        }
    }
    Ok(document.to_string())
}

/// What a seat names its employer by. Where the policy lists organizations, that is the id of the one that is meant, by any of its names.
fn affiliation<'a>(listed: &'a [Organization], given: &'a Line) -> Result<&'a str> {
    if listed.is_empty() {
        return Ok(given.as_str());
    }
    let meant: Vec<&str> = listed.iter().filter(|o| o.is_called(given.as_str())).map(|o| o.id.as_str()).collect();
    let why = match meant.as_slice() {
        [one] => return Ok(one),
        [] => tr!("the policy lists no organization that is called {name}", name = text::quote(given.as_str())),
        several => {
            let several = several.join(tr!("in a list" => ", "));
            let name = text::quote(given.as_str());
            return Err(Error::usage(tr!("several organizations of the policy are called {name}", name))
                .hint(tr!("name the one that is meant: {several}", several)));
        }
    };
    Err(Error::usage(why).hint(tr!("it lists: {ids}", ids = ids(listed))).hint(tr!(
        "or list it in the same call: --add-organization ID --name NAME --domain DOMAIN, with --affiliation ID"
    )))
}

fn ids(listed: &[Organization]) -> String {
    listed.iter().map(|o| o.id.as_str()).collect::<Vec<_>>().join(tr!("in a list" => ", "))
}

/// Lists an organization, or adds to what is said of it.
fn list(document: &mut DocumentMut, id: &Slug, args: &Amendments) -> Result<()> {
    let all = document.entry("organization").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    let all = all.as_array_of_tables_mut().ok_or_else(|| {
        Error::refused(tr!("the organizations in {path} aren't written as [[organization]]", path = PROGRAM))
            .hint(tr!("propose a whole file: karmada-partner program propose FILE"))
    })?;
    let is_it = |entry: &Table| entry.get("id").and_then(Item::as_str) == Some(id.as_str());
    if !all.iter().any(is_it) {
        let mut table = Table::new();
        table.insert("id", value(id.as_str()));
        all.push(table);
    }
    let Some(entry) = all.iter_mut().find(|entry| is_it(entry)) else { return Ok(()) };
    match &args.name {
        Some(name) => drop(entry.insert("name", value(name.as_str()))),
        None if entry.contains_key("name") => {}
        None => {
            return Err(
                Error::usage(tr!("the name of the organization {id} is missing", id)).hint(tr!("give it with --name"))
            );
        }
    }
    for (key, given) in [("aliases", &args.alias), ("domains", &args.domain)] {
        let given = given.iter().map(Line::as_str);
        for word in given {
            let words = entry.entry(key).or_insert(value(Array::new())).as_array_mut();
            let words =
                words.ok_or_else(|| Error::refused(tr!("{key} of the organization {id} aren't a list", key, id)))?;
            if !words.iter().any(|there| there.as_str() == Some(word)) {
                words.push(word);
            }
        }
    }
    Ok(())
}

/// Whether a key is the one that is meant: by itself, comment apart, or by its fingerprint.
fn is_key(key: &str, given: &str) -> bool {
    let Ok(key) = key.parse::<PublicKey>() else { return key == given };
    key.fingerprint() == given || given.parse().is_ok_and(|given: PublicKey| given == key)
}

fn committee(document: &mut DocumentMut) -> Result<&mut toml_edit::ArrayOfTables> {
    document.get_mut("committee").and_then(Item::as_array_of_tables_mut).ok_or_else(|| {
        Error::refused(tr!("the committee in {path} isn't written as [[committee]]", path = PROGRAM))
            .hint(tr!("propose a whole file: karmada-partner program propose FILE"))
    })
}

/// What the policy says of a member.
fn member<'d>(document: &'d mut DocumentMut, login: &Login) -> Result<Option<&'d mut Table>> {
    let named = |seat: &&mut Table| {
        seat.get("github").and_then(Item::as_str).is_some_and(|s| s.eq_ignore_ascii_case(login.as_str()))
    };
    Ok(committee(document)?.iter_mut().find(named))
}

fn seat_of<'d>(document: &'d mut DocumentMut, login: &Login) -> Result<&'d mut Table> {
    member(document, login)?.ok_or_else(|| {
        Error::not_found(tr!("{login} isn't on the committee", login))
            .hint(tr!("karmada-partner program shows who is; --add-member takes somebody in"))
    })
}
