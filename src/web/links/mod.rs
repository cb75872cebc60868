//! Do the partners' pages still answer? What an answer means, after all that was heard before.
//!
//! Pure but for [`round`], which asks by a function that it is given. A page that doesn't answer today may answer tomorrow: only
//! what fails again and again over days is called dead, what couldn't be known counts for nothing, and whatever comes of it,
//! nobody is removed by it.

pub mod memory;
pub mod report;
pub mod round;
pub mod shard;
pub mod verdict;

pub use memory::{Memory, TO_BEGIN_ANEW, TO_TAKE_IN};
pub use shard::Shard;
pub use verdict::{LinkRecord, Verdict};
