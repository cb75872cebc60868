//! The form on GitHub, filled in as far as its address can carry it: for who has no token to apply with. Where there is no form, a new
//! issue with the same headings, which is read as well.

use crate::config::Location;
use crate::domain::form::filled::{contact_of, field_of};
use crate::domain::form::options::option;
use crate::domain::form::promise::Promise;
use crate::domain::form::{Language, Question};
use crate::domain::program::github::RepoName;
use crate::domain::record::terms::Vocabulary;
use crate::domain::{Draft, Field, text};
use crate::error::Error;
use crate::forge::Forge;
use crate::forge::github::client::{Call, Client};
use crate::render::issue_form;
use crate::session::Context;
use crate::workflow::lookup::look;

/// No address that browsers and GitHub take is longer.
const LONGEST: usize = 6_000;

/// Says where the form is, to who can't be told from anybody else.
pub fn hinted(ctx: &Context, forge: &dyn Forge, draft: &Draft, error: Error) -> Error {
    let Some(Begun { address, is_form, left }) = begun(ctx, forge, draft) else { return error };
    let error = match is_form {
        true => error.hint(tr!("or apply in a browser, by the form: {link}", link = address)),
        false => error
            .hint(tr!("or apply in a browser, by an issue in which the boxes are ticked: {link}", link = address))
            .hint(tr!("the registry has no form, so a member of the committee brings that issue in")),
    };
    match left.is_empty() {
        true => error,
        false => error.hint(tr!(
            "an address can't carry all of it; fill in there yourself: {what}",
            what = left.join(tr!("between clauses" => "; "))
        )),
    }
}

/// An issue to be.
struct Begun {
    address: String,
    /// Whether it is begun at the form.
    is_form: bool,
    /// What was given and isn't in the address: boxes with their answers.
    left: Vec<String>,
}

/// Where the registry is on GitHub and there is no token.
fn begun(ctx: &Context, forge: &dyn Forge, draft: &Draft) -> Option<Begun> {
    let Ok(Location::GitHub(registry)) = ctx.location() else { return None };
    let client = ctx.github().ok().filter(|client| client.token_source().is_none())?;
    let language = Language::current();
    let snapshot = look(ctx, forge).ok();
    let program = snapshot.as_ref().and_then(|snapshot| snapshot.program().ok());
    let place = program.as_ref().and_then(|program| program.github.issues.place(&registry).cloned());
    let place = place.unwrap_or_else(|| registry.clone());
    let path = issue_form::path(language);
    let is_form = match &snapshot {
        Some(there) if place.is(&registry) => !matches!(there.repo.at_path(there.tree, path), Ok(None)),
        _ => has_file(&client, &place, path),
    };
    let vocabulary = program.map(|program| program.vocabulary).unwrap_or_default();
    let mut draft = draft.clone();
    draft.mend_terms(&vocabulary);
    let begin = format!("{}/{place}/issues/new", client.endpoints.web);
    Some(match is_form {
        true => {
            of_form(&format!("{begin}?template={}", issue_form::file_name(language)), &draft, language, &vocabulary)
        }
        false => of_body(&begin, &draft, language, &vocabulary),
    })
}

/// Whether a repository that everybody may read has a file; where that isn't clear, it has.
fn has_file(client: &Client, place: &RepoName, path: &str) -> bool {
    let call = format!("/repos/{place}/contents/{path}");
    let asked = client.without_waiting().send(Call::get(&call, tr!("look for the form")));
    !asked.is_err_and(|fault| fault.is(http::StatusCode::NOT_FOUND))
}

/// An address that fills in the form's boxes, and what it can't: an address chooses nothing in a drop-down.
fn of_form(begin: &str, draft: &Draft, language: Language, vocabulary: &Vocabulary) -> Begun {
    let (mut address, mut left) = (begin.to_owned(), Vec::new());
    for question in Question::ALL {
        let Some((answer, can_be_carried)) = answer(draft, question, language, vocabulary) else { continue };
        let part = format!("&{}={}", question.id(), encoded(&answer));
        let is_chosen = field_of(question).is_some_and(Field::is_of_terms);
        if can_be_carried && !is_chosen && address.len() + part.len() < LONGEST {
            address += &part;
        } else {
            left.push(boxed(question, &answer, language));
        }
    }
    Begun { address, is_form: true, left }
}

/// An address that writes the same headings and answers into a new issue, with the boxes to tick.
fn of_body(begin: &str, draft: &Draft, language: Language, vocabulary: &Vocabulary) -> Begun {
    let promises: Vec<String> = Promise::ALL.map(|promise| format!("- [ ] {}", promise.words(language))).into();
    let (mut left, mut answers) = (Vec::new(), Vec::new());
    for question in Question::ALL {
        let answer = match question {
            Question::Agreement => Some((promises.join("\n"), true)),
            _ => answer(draft, question, language, vocabulary),
        };
        answers.push((question, answer));
    }
    let title = draft.get(Field::Name).map(|name| format!("title={}&", encoded(name))).unwrap_or_default();
    let begin = format!("{begin}?{title}body=");
    // Headings first: an answer that finds no room leaves its box empty.
    let part = |question: Question, answer: &str| encoded(&format!("### {}\n\n{answer}\n\n", question.label(language)));
    let mut length = begin.len() + Question::ALL.iter().map(|question| part(*question, "").len()).sum::<usize>();
    let mut address = begin;
    for (question, answer) in answers {
        let typed = answer.filter(|(typed, can_be_carried)| {
            let fits = *can_be_carried && length + encoded(typed).len() < LONGEST;
            if fits {
                length += encoded(typed).len();
            } else {
                left.push(boxed(question, typed, language));
            }
            fits
        });
        address += &part(question, &typed.map(|(typed, _)| typed).unwrap_or_default());
    }
    Begun { address: address.trim_end_matches("%0A").to_owned(), is_form: false, left }
}

/// What was answered to a question, as its box takes it, and whether that means anything elsewhere: a file on this machine doesn't.
fn answer(draft: &Draft, question: Question, language: Language, vocabulary: &Vocabulary) -> Option<(String, bool)> {
    let field = field_of(question)?;
    let typed = draft.get(field).map(str::to_owned);
    Some(match (field, vocabulary.of(field)) {
        (Field::Github, _) => (Some(contact_of(draft)).filter(|contact| !contact.is_empty())?, true),
        (Field::Logo, _) => {
            let logo = typed?;
            let is_https = text::has_scheme(&logo, "https");
            (logo, is_https)
        }
        // One a line, as the box asks for them.
        (Field::Offices | Field::FormerNames, _) => (typed?.replace("; ", "\n"), true),
        (_, Some(terms)) => {
            let of = |word: &str| {
                let term = terms.iter().find(|term| term.id.as_str() == word);
                term.map_or_else(|| word.to_owned(), |term| option(field, term, terms, language))
            };
            (typed?.split(';').map(|word| of(word.trim())).collect::<Vec<_>>().join(", "), true)
        }
        _ => (typed?, true),
    })
}

fn boxed(question: Question, answer: &str, language: Language) -> String {
    let (label, answer) = (question.label(language), text::visible(&text::one_line(answer)));
    tr!("“{label}”: {answer}", label, answer)
}

fn encoded(typed: &str) -> String {
    url::form_urlencoded::byte_serialize(typed.as_bytes()).collect()
}
