//! Logos that were judged already. To decode one takes longer than all else about a row of a batch; it can be done ahead,
//! on several threads, since what is found depends on nothing but the file and the limits.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;

use crate::domain::logo::{self, Limits, Measures, Unfit};
use crate::domain::{Sha256, limits};
use crate::language::{self, Language};
use crate::{files, parallel};

type LogoVerdict = Result<(Measures, Vec<String>), Unfit>;

/// What was found, by the hash of the file and the language in which it is told.
#[derive(Debug, Default)]
pub struct LogoCache(Mutex<HashMap<(Sha256, Language), (Limits, LogoVerdict)>>);

impl LogoCache {
    /// Judges a logo, if that hasn't been done.
    pub fn inspect(&self, bytes: &[u8], limits: &Limits) -> LogoVerdict {
        let which = (Sha256::of(bytes), language::current());
        if let Ok(known) = self.0.lock()
            && let Some((_, verdict)) = known.get(&which).filter(|(then, _)| then == limits)
        {
            return verdict.clone();
        }
        let verdict = logo::inspect(bytes, limits);
        if let Ok(mut known) = self.0.lock() {
            known.insert(which, (*limits, verdict.clone()));
        }
        verdict
    }

    /// Judges files on several threads. What can't be read is told when it is needed.
    pub fn look_ahead(&self, paths: &[&Path], limits: &Limits, jobs: u32) {
        parallel::map(paths, jobs as usize, |path| {
            if let Ok(bytes) = files::read(path, limits::LOGO_FILE, "logo") {
                let stripped = logo::metadata::strip(&bytes);
                let _ = self.inspect(stripped.as_ref().map_or(&bytes, |stripped| &stripped.bytes), limits);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_limit_is_another_question() {
        let logo = include_bytes!("../../templates/example/globex.png");
        let judged = LogoCache::default();
        let wide = Limits::default();
        let narrow = Limits { max_bytes: 10, ..wide };
        for limits in [wide, narrow, wide] {
            assert_eq!(judged.inspect(logo, &limits), logo::inspect(logo, &limits));
        }
    }
}
