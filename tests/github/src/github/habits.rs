//! What GitHub may do or leave: its description doesn't promise otherwise.

use super::Handle;

/// All as it was always seen, unless said otherwise.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a habit of its own")]
pub struct Habits {
    /// `Commit.file` knows no directories.
    pub only_files: bool,
    /// The messages of commits that are made lose white space at their end.
    pub trims_messages: bool,
    /// Reviews don't tell which commit they are about.
    pub forgets_commits: bool,
    /// GraphQL doesn't know a transferred issue by its old number, where otherwise it gives the one that it became.
    pub forgets_transfers: bool,
    /// Lists have no more than two on a page, however many are asked for.
    pub short_pages: bool,
}

impl Handle {
    pub fn has_habits(&self, habits: Habits) {
        self.0.world().habits = habits;
    }
}
