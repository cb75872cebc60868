//! The log of a partner: what stands in it, how it is written, and which step may follow which.

pub mod block;
pub mod bounds;
pub mod detail;
pub mod event;
pub mod kinds;
pub mod lifecycle;
pub mod message;
pub(crate) mod statement;
pub mod words;
