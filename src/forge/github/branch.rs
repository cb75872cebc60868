//! Our branch in a fork: pointed at a commit, whatever it held before.

use serde_json::{Value, json};

use super::client::{Client, Data, Repeat};
use super::fault::{ApiFault, Effect};
use super::fork::Fork;
use super::registry_query::RefAnswer;
use crate::forge::Stopped;
use crate::git::{Oid, RepoError, Trouble};

fn doing() -> &'static str {
    tr!("make your branch")
}

/// The part of a mutation that points a branch at a commit.
#[derive(Debug)]
pub struct Pointing {
    /// The type of its input, which the document calls `$ref`.
    pub declares: &'static str,
    pub part: &'static str,
    pub input: Value,
}

impl Pointing {
    /// What points `branch` at a commit, from how an earlier run left it; `None` when it is there.
    #[must_use]
    pub fn to(commit: Oid, fork: &Fork, branch: &str, left: Option<&RefAnswer>) -> Option<Self> {
        let commit = commit.to_string();
        match left {
            Some(left) if left.target.as_ref().is_some_and(|t| t.oid == commit) => None,
            // What an older attempt left there is ours to replace; its pull request keeps it.
            Some(left) => Some(Self {
                declares: "$ref: UpdateRefInput!",
                part: "updateRef(input: $ref) { clientMutationId }",
                input: json!({"refId": left.id, "oid": commit, "force": true}),
            }),
            None => Some(Self {
                declares: "$ref: CreateRefInput!",
                part: "createRef(input: $ref) { clientMutationId }",
                input: json!({"repositoryId": fork.id, "name": format!("refs/heads/{branch}"), "oid": commit}),
            }),
        }
    }

    fn fault(&self, data: &Data) -> Option<ApiFault> {
        let part = self.part.split('(').next().unwrap_or_default();
        data.fault(part, doing()).filter(|_| data.data[part].is_null())
    }

    /// What became of it: done, refused, or to be looked at again. Where GitHub doesn't see the commit yet, it is pointed
    /// again, and by itself.
    pub fn result(&self, client: &Client, data: &Data) -> Result<Result<(), ApiFault>, Stopped> {
        let fault = match self.fault(data) {
            Some(fault) if fault.is_not_seen() => {
                let again = || {
                    let data = send(client, &[self.declares], &[self.part], &json!({"ref": self.input}))?;
                    self.fault(&data).map_or(Ok(()), Err)
                };
                client.once_seen(again).err()
            }
            fault => fault,
        };
        match fault {
            None => Ok(Ok(())),
            Some(fault) if fault.effect == Effect::Unclear => Err(fault.into()),
            Some(fault) if fault.error.message.contains("already exists") => {
                Err(Stopped::Raced(RepoError::new(Trouble::Moved, "your branch is there already", None)))
            }
            Some(fault) => Ok(Err(fault)),
        }
    }
}

/// Sends a mutation that, perhaps among other things, points a branch.
pub fn send(client: &Client, declares: &[&str], parts: &[&str], variables: &Value) -> Result<Data, ApiFault> {
    let document = format!("mutation Begin({}) {{ {} }}", declares.join(", "), parts.join(" "));
    client.graphql(&document, variables, Repeat::Creates, doing())
}
