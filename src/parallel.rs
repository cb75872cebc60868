//! Work on several threads, where there is enough of it.

use crate::language;

/// A thread a core, and eight at most: beyond that, what is read waits for the disk.
#[must_use]
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(8)
}

/// Cuts the items into as many parts as there are threads: `here` does the first on this thread, `elsewhere` each of the
/// others on one of its own. The answers come in the order of the items; a panic in a thread goes on in this one.
pub fn in_parts<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    here: impl FnOnce(&[T]) -> R,
    elsewhere: impl Fn(&[T]) -> R + Sync,
) -> Vec<R> {
    let size = items.len().div_ceil(threads.max(1)).max(1);
    let (first, rest) = items.split_at(size.min(items.len()));
    std::thread::scope(|scope| {
        let (elsewhere, spoken) = (&elsewhere, language::spoken());
        let running: Vec<_> =
            rest.chunks(size).map(|part| scope.spawn(move || language::speaking(spoken, || elsewhere(part)))).collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, R>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        std::iter::once(here(first)).chain(running.into_iter().map(join)).collect()
    })
}

/// Does `work` on every item; the order stays.
pub fn map<T: Sync, R: Send>(items: &[T], threads: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let part = |part: &[T]| part.iter().map(&work).collect::<Vec<R>>();
    in_parts(items, threads, part, part).into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_stays_whatever_the_number_of_threads() {
        let items: Vec<u32> = (0..37).collect();
        for threads in [0, 1, 2, 3, 36, 37, 64] {
            assert_eq!(map(&items, threads, |n| n * 2), items.iter().map(|n| n * 2).collect::<Vec<_>>(), "{threads}");
        }
        assert_eq!(map(&[], 4, |n: &u32| *n), [0; 0]);
    }
}
