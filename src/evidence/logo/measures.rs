//! Is the stored logo one that the program takes?

use super::{Check, Id, Outcome, Subject};
use crate::domain::Sha256;
use crate::domain::logo;

pub(super) fn check(subject: &Subject) -> Check {
    let Some(bytes) = &subject.logo else { return Check::without_logo(Id::LogoMeasures, subject) };
    match logo::inspect(bytes, &subject.program.logo) {
        Err(e) => Check::new(Id::LogoMeasures, Outcome::Failed(e.why)),
        Ok((measures, remarks)) => Check::new(Id::LogoMeasures, Outcome::Passed)
            .fact("width", measures.width)
            .fact("height", measures.height)
            .fact("ink_percent", measures.ink_percent)
            .fact("transparent", measures.transparent)
            .fact("remarks", remarks),
    }
    .fact("bytes", bytes.len())
    .fact("hash", Sha256::of(bytes).to_string())
}
