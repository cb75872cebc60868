//! Is the stored logo one that the program takes?

use super::{Check, Id, Outcome, Subject};
use crate::domain::Sha256;
use crate::domain::logo;

pub(super) fn check(subject: &Subject) -> Check {
    let hash = Sha256::of(&subject.logo).to_string();
    match logo::inspect(&subject.logo, &subject.program.logo) {
        Err(e) => Check::new(Id::LogoMeasures, Outcome::Failed(e.why)),
        Ok((measures, remarks)) => Check::new(Id::LogoMeasures, Outcome::Passed)
            .fact("width", measures.width)
            .fact("height", measures.height)
            .fact("ink_percent", measures.ink_percent)
            .fact("transparent", measures.transparent)
            .fact("remarks", remarks),
    }
    .fact("bytes", subject.logo.len())
    .fact("hash", hash)
}
