//! What the form and its boxes are called, to people.

use crate::domain::Field;
use crate::domain::form::filled::question_of;
use crate::domain::form::{Language, Question, Unread};
use crate::error::Error;

/// The question of the form that asks for a field.
pub fn asking_for(field: Field) -> Question {
    question_of(field).unwrap_or(Question::Contact)
}

/// What the form calls a field.
pub fn label_of(field: Field) -> &'static str {
    asking_for(field).label(Language::English)
}

/// Why an issue can't be read as the form.
pub fn unread(why: Unread) -> Error {
    match why {
        Unread::Other => Error::usage("the issue isn't one that the form made: it has no box for the name").hint(
            "it has sections such as “### Org or company name”; or apply on its behalf with karmada-partner apply",
        ),
        Unread::Twice(question, language) => Error::usage(format!(
            "the issue can be read in two ways: the heading “### {}” stands there more than once",
            question.label(language)
        ))
        .hint("write what isn't the form's own heading in another way, such as without “###”"),
    }
}
