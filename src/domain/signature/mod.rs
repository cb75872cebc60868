//! Signatures and the keys they are made with; how well an entry is proved.

pub mod examined;
pub(crate) mod grade;
pub(crate) mod key;
pub mod sshsig;
