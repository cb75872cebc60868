//! Logos that were judged already. To decode one takes longer than all else about a row of a batch; it can be done ahead,
//! on several threads, since what is found depends on nothing but the file and the limits.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;

use crate::domain::Sha256;
use crate::domain::logo::{self, Limits, Measures, Unfit};
use crate::files;

type Verdict = Result<(Measures, Vec<String>), Unfit>;

/// What was found, by the hash of the file.
#[derive(Debug, Default)]
pub struct Judged(Mutex<HashMap<Sha256, (Limits, Verdict)>>);

impl Judged {
    /// Judges a logo, if that hasn't been done.
    pub fn inspect(&self, bytes: &[u8], limits: &Limits) -> Verdict {
        let hash = Sha256::of(bytes);
        if let Ok(known) = self.0.lock()
            && let Some((_, verdict)) = known.get(&hash).filter(|(then, _)| then == limits)
        {
            return verdict.clone();
        }
        let verdict = logo::inspect(bytes, limits);
        if let Ok(mut known) = self.0.lock() {
            known.insert(hash, (*limits, verdict.clone()));
        }
        verdict
    }

    /// Judges files on several threads. What can't be read is told when it is needed.
    pub fn look_ahead(&self, paths: &[&Path], limits: &Limits, jobs: u32) {
        in_parallel(paths, jobs, |path| {
            if let Ok(bytes) = files::read(path, limits.max_bytes as usize, "logo") {
                let _ = self.inspect(&bytes, limits);
            }
        });
    }
}

/// Does `work` on every item, on so many threads; the order stays.
pub fn in_parallel<T: Sync, R: Send>(items: &[T], jobs: u32, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let size = items.len().div_ceil(jobs.max(1) as usize).max(1);
    if size >= items.len() {
        return items.iter().map(work).collect();
    }
    std::thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> =
            items.chunks(size).map(|chunk| scope.spawn(move || chunk.iter().map(work).collect::<Vec<R>>())).collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, _>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        running.into_iter().flat_map(join).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_stays_whatever_the_number_of_threads() {
        let items: Vec<u32> = (0..37).collect();
        for jobs in [1, 2, 3, 36, 37, 64] {
            assert_eq!(in_parallel(&items, jobs, |n| n * 2), items.iter().map(|n| n * 2).collect::<Vec<_>>(), "{jobs}");
        }
        assert_eq!(in_parallel(&[], 4, |n: &u32| *n), [0; 0]);
    }

    #[test]
    fn another_limit_is_another_question() {
        let logo = include_bytes!("../../templates/example/globex.png");
        let judged = Judged::default();
        let wide = Limits::default();
        let narrow = Limits { max_bytes: 10, ..wide };
        for limits in [wide, narrow, wide] {
            assert_eq!(judged.inspect(logo, &limits), logo::inspect(logo, &limits));
        }
    }
}
