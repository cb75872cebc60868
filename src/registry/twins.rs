//! What stands in letters of another case where something is looked for: systems that know no case take the one for the other, and git
//! doesn't.

use std::rc::Rc;

use super::{Snapshot, once};
use crate::domain::paths::PARTNERS;
use crate::domain::{Slug, text};
use crate::error::{Error, Result};

impl Snapshot<'_> {
    /// Refuses to call nothing what stands at a path in letters of another case.
    pub(super) fn refuse_twin(&self, path: &str) -> Result<()> {
        let mut above = self.tree;
        for (at, name) in path.split('/').scan(0, |end, name| {
            let begin = *end;
            *end += name.len() + 1;
            Some((begin, name))
        }) {
            if let Some(entry) = self.repo.at_path(above, name)? {
                above = entry.oid;
                continue;
            }
            let is_twin = |other: &String| other.eq_ignore_ascii_case(name);
            // Applicants are many, and none of them is there.
            let twin = match path[..at].trim_end_matches('/') {
                PARTNERS => self.displaced()?.iter().find(|other| is_twin(other)).cloned(),
                _ => self.repo.entries(above)?.into_iter().map(|entry| entry.name).find(is_twin),
            };
            let Some(twin) = twin else { return Ok(()) };
            let place = &path[..at + name.len()];
            let there = text::visible(&format!("{}{twin}", &path[..at]));
            return Err(Error::refused(tr!("{place} can't be read: it stands there as {there}", place, there))
                .hint(tr!("karmada-partner check tells all that is wrong with the registry")));
        }
        Ok(())
    }

    /// The names of those among partners that no partner can have.
    fn displaced(&self) -> Result<Rc<Vec<String>>> {
        once(&self.read.displaced, || {
            let all = self.directories()?.into_iter().filter(|entry| entry.name.parse::<Slug>().is_err());
            Ok(Rc::new(all.map(|entry| entry.name).collect()))
        })
    }
}
