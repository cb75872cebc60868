//! What was asked, and how much went over the wire.

/// One request and its answer.
#[derive(Clone, Debug)]
pub struct Request {
    /// The REST operation's id, or `graphql:` and the operation's name, or `git:` and the service.
    pub operation: String,
    /// The HTTP method.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The status of the answer; 0 if there was none.
    pub status: u16,
    /// Bytes of the request's body, as sent.
    pub body_up: usize,
    /// Bytes of the answer's body, after compression.
    pub body_down: usize,
    /// Bytes of the request, with its head.
    pub total_up: usize,
    /// Bytes of the answer, with its head.
    pub total_down: usize,
    /// Whether it asks for a change: a REST request that isn't a GET, a GraphQL mutation, a push.
    pub creates: bool,
    /// The request's headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The request's body as text, unpacked; empty for git.
    pub body: String,
}
