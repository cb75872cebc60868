//! Writing to issues and pull requests, each of which is an issue to GitHub: their words, whether they are open, comments.

use serde_json::{Value, json};

use super::client::{Call, Client, Repeat};
use super::fault::ApiFault;
use crate::domain::program::github::RepoName;

/// Has an issue or a pull request be so: `body`, `state`, and what else GitHub takes.
pub fn change(client: &Client, place: &RepoName, number: u64, be: &Value, doing: &str) -> Result<(), ApiFault> {
    client.send(Call::patch(&format!("/repos/{place}/issues/{number}"), be, doing)).map(drop)
}

/// Comments, and gives where.
pub fn comment(
    client: &Client,
    place: &RepoName,
    number: u64,
    body: &str,
    doing: &str,
) -> Result<Option<String>, ApiFault> {
    let path = format!("/repos/{place}/issues/{number}/comments");
    let body = json!({"body": body});
    let made: Value = client.rest(Call::create(&path, &body, doing))?;
    Ok(made["html_url"].as_str().map(str::to_owned))
}

/// Has a comment say something else.
pub fn edit(client: &Client, id: &str, body: &str, doing: &str) -> Result<(), ApiFault> {
    let document = "mutation Edit($input: UpdateIssueCommentInput!) {
        updateIssueComment(input: $input) { clientMutationId }
    }";
    mutate(client, document, "updateIssueComment", &json!({"id": id, "body": body}), doing)
}

/// A mutation that says the same however often it is said.
pub fn mutate(client: &Client, document: &str, part: &str, input: &Value, doing: &str) -> Result<(), ApiFault> {
    let data = client.graphql(document, &json!({"input": input}), Repeat::Harmless, doing)?;
    data.fault(part, doing).map_or(Ok(()), Err)
}
