//! All checks at once, within a time: what isn't done by then couldn't be known.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::{Check, Id, in_both};
use crate::language;

/// How long gathering evidence may take.
pub const LIMIT: Duration = Duration::from_secs(10);

/// Checks that are done together, on a thread of their own.
pub struct Job {
    pub ids: Vec<Id>,
    pub work: Box<dyn FnOnce() -> Vec<Check> + Send>,
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Job").field("ids", &self.ids).finish_non_exhaustive()
    }
}

impl Job {
    pub fn new(ids: &[Id], work: impl FnOnce() -> Vec<Check> + Send + 'static) -> Self {
        Self { ids: ids.to_vec(), work: Box::new(work) }
    }
}

#[derive(Debug)]
pub struct Running {
    waiting: Vec<Id>,
    receiver: Receiver<Vec<Check>>,
    until: Instant,
    limit: Duration,
}

/// Begins all jobs at once. One that isn't done within `limit` is left behind.
#[must_use]
pub fn begin(jobs: Vec<Job>, limit: Duration) -> Running {
    let waiting = jobs.iter().flat_map(|job| job.ids.iter().copied()).collect();
    let (sender, receiver) = mpsc::channel();
    for job in jobs {
        let (sender, spoken) = (sender.clone(), language::spoken());
        // Whoever gave up listening doesn't want to hear it.
        std::thread::spawn(move || drop(sender.send(language::speaking(spoken, job.work))));
    }
    Running { waiting, receiver, until: Instant::now() + limit, limit }
}

impl Running {
    /// Waits for all, and gives them in their order.
    #[must_use]
    pub fn finish(mut self) -> Vec<Check> {
        let mut done: Vec<Check> = Vec::new();
        let mut in_time = true;
        while !self.waiting.is_empty() {
            match self.receiver.recv_timeout(self.until.saturating_duration_since(Instant::now())) {
                Ok(checks) => {
                    for check in checks {
                        let Some(place) = self.waiting.iter().position(|id| *id == check.id) else { continue };
                        self.waiting.swap_remove(place);
                        done.push(check);
                    }
                }
                // All have ended, and some without an answer.
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    in_time = false;
                    break;
                }
            }
        }
        let unknown = |id| match in_time {
            true => Check::unknown(id, tr!("the check broke off; report this as a defect")),
            false => Check::unknown(id, tr!("it wasn't known within {seconds} s", seconds = self.limit.as_secs())),
        };
        done.extend(in_both(|| self.waiting.iter().map(|id| unknown(*id)).collect()));
        done.sort_by_key(|check| check.id);
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Outcome;

    fn passed(id: Id) -> Vec<Check> {
        vec![Check::new(id, Outcome::Passed)]
    }

    #[test]
    fn what_breaks_is_unknown_and_the_others_are_told_in_order() {
        let (go, wait) = mpsc::channel();
        let jobs = vec![
            Job::new(&[Id::History], || panic!("a defect")),
            Job::new(&[Id::Stake], move || {
                wait.recv().unwrap();
                passed(Id::Stake)
            }),
            Job::new(&[Id::SiteTitle, Id::Duplicates], move || {
                go.send(()).unwrap();
                passed(Id::Duplicates)
            }),
        ];
        let done = begin(jobs, Duration::from_secs(600)).finish();
        let told: Vec<_> = done.into_iter().map(|c| (c.id, c.outcome.word())).collect();
        let wanted =
            [(Id::SiteTitle, "unknown"), (Id::Duplicates, "passed"), (Id::History, "unknown"), (Id::Stake, "passed")];
        assert_eq!(told, wanted);
    }

    /// Who waited for it would wait for ever.
    #[test]
    fn what_takes_too_long_is_unknown() {
        let job = Job::new(&[Id::SiteReached], || {
            loop {
                std::thread::park();
            }
        });
        let done = begin(vec![job], Duration::from_millis(1)).finish();
        assert_eq!(done[0].outcome.word(), "unknown");
    }

    #[test]
    fn what_was_done_in_time_is_known_however_late_it_is_asked_for() {
        let (sender, receiver) = mpsc::channel();
        sender.send(passed(Id::Stake)).unwrap();
        let running = Running { waiting: vec![Id::Stake], receiver, until: Instant::now(), limit: Duration::ZERO };
        assert_eq!(running.finish()[0].outcome, Outcome::Passed);
    }
}
