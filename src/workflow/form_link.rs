//! The form on GitHub, filled in as far as its address can carry it: for who has no token to apply with.

use crate::config::Location;
use crate::domain::form::filled::{contact_of, field_of};
use crate::domain::form::{Language, Question};
use crate::domain::{Draft, Field, text};
use crate::error::Error;
use crate::forge::Forge;
use crate::render::issue_form;
use crate::session::Context;
use crate::workflow::lookup::look;

/// No address that browsers and GitHub take is longer.
const LONGEST: usize = 6_000;

/// Says where the form is, to who can't be told from anybody else.
pub fn hinted(ctx: &Context, forge: &dyn Forge, draft: &Draft, error: Error) -> Error {
    match link(ctx, forge, draft) {
        Some(link) => error.hint(tr!("or apply in a browser, by the form: {link}", link)),
        None => error,
    }
}

/// The form's address, where the registry is on GitHub and there is no token.
fn link(ctx: &Context, forge: &dyn Forge, draft: &Draft) -> Option<String> {
    let Ok(Location::GitHub(registry)) = ctx.location() else { return None };
    let client = ctx.github().ok().filter(|client| client.token_source().is_none())?;
    let program = look(ctx, forge).and_then(|snapshot| snapshot.program()).ok();
    let place = program.and_then(|program| program.github.issues.place(&registry).cloned()).unwrap_or(registry);
    let form = issue_form::file_name(Language::current());
    let mut address = format!("{}/{place}/issues/new?template={form}", client.endpoints.web);
    for question in Question::ALL {
        let Some(field) = field_of(question).filter(|f| !f.is_of_terms()) else { continue };
        let answer = match field {
            Field::Github => Some(contact_of(draft)).filter(|contact| !contact.is_empty()),
            // A file on this machine is nobody else's.
            Field::Logo => draft.get(field).filter(|l| text::has_scheme(l, "https")).map(str::to_owned),
            // One a line, as the box asks for them.
            Field::Offices | Field::FormerNames => draft.get(field).map(|places| places.replace("; ", "\n")),
            _ => draft.get(field).map(str::to_owned),
        };
        let Some(answer) = answer else { continue };
        let part: String = url::form_urlencoded::byte_serialize(answer.as_bytes()).collect();
        if address.len() + part.len() < LONGEST {
            address += &format!("&{}={part}", question.id());
        }
    }
    Some(address)
}
