//! The domain: what a partner, its trail and the program are, and which steps are right.
//!
//! Pure: no files, no clock, no git, no command line. Everything here is decided by its arguments.

pub(crate) mod check;
mod check_voices;
pub(crate) mod days;
pub(crate) mod entities;
pub(crate) mod form;
pub(crate) mod hosts;
pub mod identity;
pub(crate) mod invalid;
pub(crate) mod json_fault;
pub(crate) mod legal_forms;
pub mod limits;
pub mod log;
pub mod logo;
pub mod names;
pub(crate) mod nearness;
pub(crate) mod paths;
pub(crate) mod peer;
mod problem;
pub mod program;
pub(crate) mod record;
mod shared_hosts;
pub(crate) mod shared_text;
pub(crate) mod shell;
pub mod signature;
mod simplified;
pub(crate) mod spoiled;
mod standing_files;
pub(crate) mod statistics;
pub(crate) mod suggestion;
pub(crate) mod table;
pub(crate) mod text;
pub(crate) mod toml;
mod toml_1_0;
pub(crate) mod upkeep;
pub(crate) mod values;
pub mod votes;

pub use log::event::{Event, Facts, Objects, Vote};
pub use log::kinds::{Kind, Subject};
pub use log::lifecycle::{Life, Logged, State};
pub use program::Program;
pub(crate) use record::draft::Draft;
pub use record::likeness::{Likeness, Traits};
pub use record::{Field, Record};
pub use signature::sshsig::{PublicKey, Signature};
pub use suggestion::suggested_slug;
pub use values::{AccountId, Date, GitId, HttpLink, Line, Login, Sha256, Slug, Time};
pub use votes::cast::CastVote;
