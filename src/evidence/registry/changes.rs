//! Is it still what was voted on?

use serde_json::{Map, json};

use super::{Check, Id, Outcome, Since};

pub(super) fn check(since: &Since) -> Check {
    let (since, changes) = match since {
        Since::Nothing => return Check::new(Id::Changes, Outcome::Passed),
        Since::Gone(since) => {
            return Check::unknown(Id::Changes, format!("{since}, and what it was then isn't there any more"));
        }
        Since::Differs(since, changes) => (since, changes),
    };
    let fields: Vec<&str> = changes.iter().map(|(field, ..)| field.word()).collect();
    let what = if fields.is_empty() { "only how the file is written".to_owned() } else { fields.join(", ") };
    let each: Map<_, _> =
        changes.iter().map(|(f, new, old)| (f.word().to_owned(), json!({"old": old, "new": new}))).collect();
    Check::new(Id::Changes, Outcome::Failed(format!("{since}: {what}"))).fact("fields", each)
}
