//! What a repository lets its workflows do.

use serde_json::json;

use super::super::access::Need;
use super::super::failure::Failure;
use super::super::world::Permission;
use super::{Answer, Answered, Call};

impl Call<'_> {
    pub fn actions(&mut self) -> Answered {
        match self.operation.id {
            "actions/get-github-actions-default-workflow-permissions-repository" => {
                let (actor, repo) = (self.somebody()?, self.repo(Need::Read)?);
                if self.world.permission(actor.user, repo) != Some(Permission::Admin) {
                    return Err(Failure::forbidden("Must have admin rights to Repository."));
                }
                Ok(Answer::json(
                    200,
                    json!({
                        "default_workflow_permissions": "read",
                        "can_approve_pull_request_reviews": self.world.workflows_may_propose,
                    }),
                ))
            }
            other => panic!("{other} is described, and not done here"),
        }
    }
}
