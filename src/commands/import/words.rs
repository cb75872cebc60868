//! What the form and its boxes are called, to people.

use crate::domain::Field;
use crate::domain::form::filled::question_of;
use crate::domain::form::{Language, Question, Unread};
use crate::error::Error;

/// The question of the form that asks for a field.
pub fn asking_for(field: Field) -> Question {
    question_of(field).unwrap_or(Question::Contact)
}

/// Why an issue can't be read as the form.
pub fn unread(why: Unread) -> Error {
    match why {
        Unread::Other => {
            Error::usage(tr!("the issue isn't one that the form made: it has no box for the name")).hint(tr!(
                "it has sections such as “### {label}”; or apply on its behalf with karmada-partner apply",
                label = Question::Name.label(Language::current())
            ))
        }
        Unread::Twice(question, language) => Error::usage(tr!(
            "the issue can be read in two ways: the heading “### {label}” stands there more than once",
            label = question.label(language)
        ))
        .hint(tr!("write what isn't the form's own heading in another way, such as without “###”")),
    }
}
