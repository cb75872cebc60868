//! What comes of a choice.

/// What somebody says who is asked for one of several things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The one at this place.
    Of(usize),
    /// To what was asked before.
    Back,
    Stop,
}
