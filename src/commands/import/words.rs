//! Why an issue can't be read as the form, to people.

use crate::domain::form::{Language, Question, Unread};
use crate::error::Error;

/// Why an issue can't be read as the form.
pub fn unread(why: Unread) -> Error {
    match why {
        Unread::Other => {
            Error::usage(tr!("the issue isn't one that the form made: it has no box for the name")).hint(tr!(
                "it has sections such as “### {label}”; or apply on its behalf with karmada-partner apply",
                label = Question::Name.label(Language::current())
            ))
        }
        Unread::Nameless(language) => Error::usage(tr!(
            "the heading “### {label}” isn't there, and headings of other boxes are",
            label = Question::Name.label(language)
        ))
        .hint(tr!("write that heading above all others, and the name below it")),
        Unread::Beside(language) => {
            Error::usage(tr!("the answers stand behind the headings, on the same lines")).hint(tr!(
                "write each heading on a line of its own, as in “### {label}”, and its answer below it",
                label = Question::Name.label(language)
            ))
        }
        Unread::Twice(question, language) => Error::usage(tr!(
            "the issue can be read in two ways: the heading “### {label}” stands there more than once",
            label = question.label(language)
        ))
        .hint(tr!("write what isn't the form's own heading in another way, such as without “###”")),
        Unread::Below(question, language) => Error::usage(tr!(
            "the heading “### {name}” isn't the first: it stands below “### {below}”, out of the form's order",
            name = Question::Name.label(language),
            below = question.label(language)
        ))
        .hint(tr!("move that heading and its answer above all others")),
        Unread::Hidden(question, language) => Error::usage(tr!(
            "nobody sees the heading “### {label}”: it stands between {begin} and {end}, which make a comment of it",
            label = question.label(language),
            begin = "<!--",
            end = "-->"
        ))
        .hint(tr!("take these two marks away")),
    }
}
