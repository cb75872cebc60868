//! What GitHub answers, read as far as every answer is alike.

use http::{HeaderMap, StatusCode};

/// An answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}
