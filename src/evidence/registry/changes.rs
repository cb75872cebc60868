//! Is it still what was voted on?

use serde_json::{Map, json};

use crate::domain::Field;
use crate::evidence::{Check, Id, Outcome};

pub(super) fn check(since: &Since) -> Check {
    let (since, changes) = match since {
        Since::Nothing => return Check::new(Id::Changes, Outcome::Passed),
        Since::Gone(since) => {
            return Check::unknown(Id::Changes, tr!("{since}, and what it was then isn't there any more", since));
        }
        Since::Differs(since, changes) => (since, changes),
    };
    let fields: Vec<&str> = changes.iter().map(|(field, ..)| field.told()).collect();
    let what = if fields.is_empty() {
        tr!("only how the file is written").to_owned()
    } else {
        fields.join(tr!("in a list" => ", "))
    };
    let each: Map<_, _> =
        changes.iter().map(|(f, new, old)| (f.word().to_owned(), json!({"old": old, "new": new}))).collect();
    Check::new(Id::Changes, Outcome::Failed(tr!("{since}: {what}", since, what))).fact("fields", each)
}

/// How a proposal stands to what somebody voted on, with words that say who and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    /// It is what everybody voted on.
    Nothing,
    Differs(String, Changes),
    /// It differs, and what it was then isn't there any more.
    Gone(String),
}

/// What differs from what somebody voted on: the field, value now, value then.
pub type Changes = Vec<(Field, Option<String>, Option<String>)>;
