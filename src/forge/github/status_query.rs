//! What our check of a pull request says: the status of its newest commit.

use serde::Deserialize;

use super::registry_query::Nodes;
use crate::forge::board::Shown;

/// The status of ours that the newest commit of a pull request has.
pub const TOLD: &str = "newest: commits(last: 1) { nodes { commit { status { context(name: \"karmada-partner/decision\") { state description } } } } }";

/// The answer to [`TOLD`].
#[derive(Debug, Clone, Deserialize)]
pub struct Told {
    #[serde(default)]
    newest: Option<Nodes<Commit>>,
}

impl Told {
    pub fn status(&self) -> Option<Shown> {
        let status = self.newest.iter().flat_map(Nodes::iter).last().and_then(|c| c.commit.status.as_ref());
        status.and_then(|s| s.context.as_ref()).map(|context| Shown {
            state: context.state.to_lowercase(),
            description: context.description.clone().unwrap_or_default(),
        })
    }

    /// What that says where it is red.
    pub fn failure(&self) -> Option<String> {
        self.status().filter(|status| status.state == "failure").map(|status| status.description)
    }

    /// Whether that says all there is to say of a commit that proposes nothing.
    pub fn is_of_no_proposal(&self) -> bool {
        self.status().is_some_and(|status| status.is_of_no_proposal())
    }
}

#[derive(Debug, Clone, Deserialize)]
struct Commit {
    commit: CommitStatus,
}

#[derive(Debug, Clone, Deserialize)]
struct CommitStatus {
    #[serde(default)]
    status: Option<Status>,
}

#[derive(Debug, Clone, Deserialize)]
struct Status {
    #[serde(default)]
    context: Option<StatusContext>,
}

#[derive(Debug, Clone, Deserialize)]
struct StatusContext {
    state: String,
    #[serde(default)]
    description: Option<String>,
}
