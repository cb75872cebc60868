//! The fork that proposals are made from: found under whatever name it has, or made and waited for.

use std::time::{Duration, Instant};

use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::client::{Call, Client};
use super::fault::ApiFault;
use super::objects::oid;
use super::registry_query::ForkAnswer;
use crate::domain::program::github::RepoName;
use crate::error::{Error, Kind};
use crate::forge::progress::Progress;
use crate::git::{Oid, Role};

/// GitHub's documents give a fork up to five minutes.
const PATIENCE: Duration = Duration::from_secs(300);

/// A fork that can be written to.
#[derive(Debug, Clone)]
pub struct Fork {
    pub id: String,
    pub name: RepoName,
    /// The commit of its default branch and that commit's tree, where they are known.
    pub base: Option<(Oid, Oid)>,
}

impl Fork {
    /// Reads what GitHub says of a fork.
    pub fn read(answer: &ForkAnswer) -> Result<Self, ApiFault> {
        let target = answer.default_branch_ref.as_ref().and_then(|r| r.target.as_ref());
        let base = target.and_then(|t| Some((&t.oid, t.tree.as_ref()?)));
        Ok(Self {
            id: answer.id.clone(),
            name: name(&answer.name_with_owner)?,
            base: base.map(|(commit, tree)| Ok::<_, ApiFault>((oid(commit)?, tree.id()?))).transpose()?,
        })
    }

    /// Whether a refusal may be about what a commit is made on: the fork is behind, and an old fork's token may not bring
    /// changed workflows along.
    #[must_use]
    pub fn may_be_behind(&self, parents: &[Oid], fault: &ApiFault) -> bool {
        let status =
            [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::CONFLICT, StatusCode::NOT_FOUND, StatusCode::FORBIDDEN];
        status.iter().any(|s| fault.is(*s)) && self.base.is_some_and(|(commit, _)| parents != [commit])
    }
}

fn name(full: &str) -> Result<RepoName, ApiFault> {
    full.parse().map_err(|_| {
        let words = tr!("it names a repository {name}", name = crate::domain::text::quote(full));
        super::fault::of_garbled(tr!("find your fork"), &words)
    })
}

#[derive(Debug, Deserialize)]
struct Made {
    node_id: String,
    full_name: String,
    default_branch: String,
}

/// Makes a fork, or finds the one that is there, and waits until it can be written to.
pub fn make(
    client: &Client,
    registry: &RepoName,
    role: Role,
    viewer: &str,
    progress: &dyn Progress,
) -> Result<Fork, ApiFault> {
    let doing = tr!("fork the {role}", role = role.noun());
    if registry.owner.as_str().eq_ignore_ascii_case(viewer) {
        let error = Error::new(Kind::NotAllowed, tr!("{registry} is your own, and can't be forked by you", registry))
            .hint(tr!("propose with another account; or move the registry to an organization"));
        return Err(ApiFault::new(super::fault::Effect::Refused(StatusCode::FORBIDDEN), error));
    }
    progress.say(&tr!("Making a fork of {registry} for you.", registry));
    let body = json!({"default_branch_only": true});
    let path = format!("/repos/{registry}/forks");
    // Forking again gives the same fork.
    let call = Call::post(&path, &body, &doing);
    let made: Made = client.rest(call).map_err(|mut fault| {
        if fault.is_forbidden() {
            let url = format!("{}/{registry}/fork", client.endpoints.web);
            fault.error = fault.error.hint(tr!("make the fork in a browser, and run it again: {url}", url));
        }
        fault
    })?;
    let fork = Fork { id: made.node_id, name: name(&made.full_name)?, base: None };
    let _busy = progress.busy(tr!("waiting for GitHub to make your fork"));
    let path = format!("/repos/{}/git/ref/heads/{}", fork.name, made.default_branch);
    let call = Call::get(&path, tr!("see your fork"));
    let begin = Instant::now();
    let mut pause = Duration::from_millis(100);
    loop {
        match client.send(call) {
            Ok(_) => return Ok(fork),
            Err(fault) if fault.is(StatusCode::NOT_FOUND) || fault.is(StatusCode::CONFLICT) => {
                if begin.elapsed() + pause > PATIENCE {
                    let error =
                        Error::environment(tr!("the fork {name} isn't ready after five minutes", name = fork.name))
                            .hint(tr!("run it again later: nothing is done twice"));
                    return Err(ApiFault::new(super::fault::Effect::Unclear, error));
                }
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_secs(8));
            }
            Err(fault) => return Err(fault),
        }
    }
}
