//! The domain: what a partner, its trail and the program are, and which steps are right.
//!
//! Pure: no files, no clock, no git, no command line. Everything here is decided by its arguments.

pub mod application;
pub mod audit;
pub mod block;
pub mod carried;
pub mod check;
pub mod detail;
pub mod document;
pub mod duplicates;
pub mod event;
pub mod github;
pub mod key;
pub mod ledger;
pub mod lifecycle;
pub mod place;
pub mod policy;
pub mod proof;
pub mod record;
mod ruling;
pub mod signature;
pub mod statement;
pub mod statistics;
pub mod tally;
pub mod testimony;
pub mod text;
pub mod upkeep;
pub mod values;
pub mod vocabulary;

pub use application::{Application, Draft};
pub use event::{Event, Facts, Kind, Objects, Subject, Vote};
pub use lifecycle::{Life, Logged, State};
pub use policy::Program;
pub use record::{Field, Record};
pub use signature::{PublicKey, Signature};
pub use tally::CastVote;
pub use values::{Date, GitId, Line, Login, Sha256, Slug, Time};
