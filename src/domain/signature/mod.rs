//! Signatures and the keys they are made with; how well an entry is proved.

pub mod examined;
pub mod grade;
pub mod key;
pub mod sshsig;
