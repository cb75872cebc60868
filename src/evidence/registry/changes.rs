//! Is it still what was voted on?

use serde_json::{Map, json};

use super::{Changes, Check, Id, Outcome};

pub(super) fn check(changed: Option<&(String, Changes)>) -> Check {
    let Some((since, changes)) = changed.filter(|(_, changes)| !changes.is_empty()) else {
        return Check::new(Id::Changes, Outcome::Passed);
    };
    let fields: Vec<&str> = changes.iter().map(|(field, ..)| field.word()).collect();
    let each: Map<_, _> =
        changes.iter().map(|(f, new, old)| (f.word().to_owned(), json!({"old": old, "new": new}))).collect();
    Check::new(Id::Changes, Outcome::Failed(format!("{since}: {}", fields.join(", ")))).fact("fields", each)
}
