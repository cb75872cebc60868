//! Refusals in GitHub's words, for REST and for GraphQL.

use serde_json::{Value, json};

/// Why a request is refused.
#[derive(Clone, Debug)]
pub struct Failure {
    pub status: u16,
    pub message: String,
    /// `type` of a GraphQL error.
    pub kind: &'static str,
    more: Box<More>,
}

#[derive(Clone, Debug, Default)]
struct More {
    /// `errors` of a REST answer.
    errors: Value,
    /// GraphQL says it in other words than REST.
    graphql: Option<String>,
    headers: Vec<(String, String)>,
}

impl Failure {
    pub fn new(status: u16, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), kind, more: Box::default() }
    }

    pub fn not_found() -> Self {
        Self::new(404, "NOT_FOUND", "Not Found")
    }

    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(403, "FORBIDDEN", message)
    }

    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(422, "UNPROCESSABLE", message)
    }

    pub fn archived() -> Self {
        Self::new(403, "UNPROCESSABLE", "Repository was archived so is read-only.")
    }

    /// 422 with an `errors` list of one custom entry, whose message is what GraphQL says.
    pub fn invalid(resource: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let errors = json!([{"resource": resource, "code": "custom", "message": message}]);
        Self::refused("Validation Failed").with_errors(errors).in_graphql(message)
    }

    /// 422 for one field that is missing or wrong.
    pub fn field(resource: &str, field: &str, code: &str) -> Self {
        let errors = json!([{"resource": resource, "field": field, "code": code}]);
        Self::refused("Validation Failed").with_errors(errors).in_graphql(format!("{field} is {code}"))
    }

    /// 422 as `pulls/create-review` words it, with a list of sentences.
    pub fn sentence(message: impl Into<String>) -> Self {
        let message = message.into();
        Self::refused("Unprocessable Entity").with_errors(json!([message])).in_graphql(message)
    }

    /// As another `type` of GraphQL error.
    pub fn of_kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    fn with_errors(mut self, errors: Value) -> Self {
        self.more.errors = errors;
        self
    }

    pub fn in_graphql(mut self, message: impl Into<String>) -> Self {
        self.more.graphql = Some(message.into());
        self
    }

    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.more.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The body of the REST answer.
    pub fn body(&self) -> Value {
        let mut body = json!({"message": self.message});
        if !self.more.errors.is_null() {
            body["errors"] = self.more.errors.clone();
        }
        body["documentation_url"] = json!("https://docs.github.com/rest");
        body["status"] = json!(self.status.to_string());
        body
    }

    /// What GraphQL says.
    pub fn in_words(&self) -> &str {
        self.more.graphql.as_deref().unwrap_or(&self.message)
    }

    /// What isn't a refusal of GitHub's, but something that the double can't do.
    pub fn of_double(&self) -> Option<String> {
        self.message.strip_prefix("DOUBLE: ").map(str::to_owned)
    }

    pub fn headers(&self) -> &[(String, String)] {
        &self.more.headers
    }
}
