//! The GraphQL API: the way in and out.

mod execute;
mod input;
mod mutate;
mod nodes;
mod read;
mod resolve;
mod resolve_git;
mod resolve_repo;
mod resolve_threads;
mod schema;
mod syntax;
mod validate;

pub use mutate::reason_of;
pub use nodes::Node;
pub use resolve_repo::state;

use serde_json::{Map, Value, json};

use super::http::{Incoming, Outgoing};
use super::text::Random;
use super::world::{Actor, World};
use execute::{Context, Execution};

/// What came of a request, and everything that was wrong with it.
pub struct Handled {
    /// `graphql:` and the operation's name.
    pub operation: String,
    pub mutation: bool,
    pub answer: Outgoing,
    pub violations: Vec<String>,
}

impl Handled {
    fn wrong(operation: &str, violation: &str) -> Self {
        let violations = vec![format!("{operation}: {violation}")];
        Self { operation: operation.to_owned(), mutation: false, answer: Outgoing::default(), violations }
    }
}

/// Answers a request to `/api/graphql`.
pub fn handle(world: &mut World, actor: Actor, request: &Incoming, random: Option<&mut Random>) -> Handled {
    let content = request.content().unwrap_or_default();
    let body: Value = match serde_json::from_slice(&content) {
        Ok(body) => body,
        Err(error) => return Handled::wrong("graphql", &format!("the body is no JSON: {error}")),
    };
    if let Some(other) = body
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .find(|name| !matches!(*name, "query" | "variables" | "operationName"))
    {
        return Handled::wrong("graphql", &format!("what is {other} in the body?"));
    }
    let document = match read::document(body["query"].as_str().unwrap_or_default()) {
        Ok(document) => document,
        Err(error) => return Handled::wrong("graphql", &error),
    };
    let wanted = body["operationName"].as_str();
    let mut fitting = document.operations.iter().filter(|it| wanted.is_none() || it.name.as_deref() == wanted);
    let (Some(operation), None) = (fitting.next(), fitting.next()) else {
        return Handled::wrong("graphql", "an operation name is required, and there must be one such operation");
    };
    let first = || match operation.selections.first() {
        Some(syntax::Selection::Field(field)) => field.name.clone(),
        _ => String::new(),
    };
    let name = format!("graphql:{}", operation.name.clone().unwrap_or_else(first));
    let given = match &body["variables"] {
        Value::Object(given) => given.clone(),
        Value::Null => Map::new(),
        _ => return Handled::wrong(&name, "variables must be an object"),
    };
    let mut violations = Vec::new();
    for operation in &document.operations {
        let given = if operation.name.as_deref() == wanted || wanted.is_none() { &given } else { &Map::new() };
        violations.extend(validate::check(&document, operation, given));
    }
    let mutation = operation.mutation;
    let mut answer = Outgoing::default();
    if violations.is_empty() {
        let variables = input::variables(operation, &given);
        let context = Context { world, actor };
        let (errors, headers) = (Vec::new(), Vec::new());
        let mut execution =
            Execution { context, document: &document, variables, errors, violations, drop: random, headers };
        let data = execution.run(operation);
        let mut body = json!({"data": data});
        if !execution.errors.is_empty() {
            body["errors"] = Value::Array(execution.errors);
        }
        answer = Outgoing::json(200, &body);
        answer.headers.extend(execution.headers);
        violations = execution.violations;
    }
    let violations = violations.into_iter().map(|violation| format!("{name}: {violation}")).collect();
    Handled { operation: name, mutation, answer, violations }
}
