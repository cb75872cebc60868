//! Labels, statuses, requests for reviews.

use git2::Oid;
use serde_json::{Value, json};

use super::super::access::Need;
use super::super::failure::Failure;
use super::super::openapi::fill;
use super::super::text::stamp;
use super::super::world::{Label, Status};
use super::{Answer, Answered, Call};

impl Call<'_> {
    pub fn labels(&mut self) -> Answered {
        match self.operation.id {
            "issues/list-labels-for-repo" => {
                let repo = self.repo(Need::Read)?;
                let names: Vec<String> = self.world.repos[repo].labels.iter().map(|it| it.name.clone()).collect();
                let labels: Vec<Value> = names.iter().map(|name| self.world.render_label(repo, name)).collect();
                Ok(self.page(&labels))
            }
            "issues/create-label" => {
                let (actor, repo) = (self.somebody()?, self.repo(Need::Read)?);
                let text = |name: &str, default: &str| self.text(name).unwrap_or(default).to_owned();
                let label = Label {
                    name: text("name", ""),
                    color: text("color", "ededed"),
                    description: text("description", ""),
                };
                let name = label.name.clone();
                self.world.create_label(&actor, repo, label)?;
                Ok(Answer::json(201, self.world.render_label(repo, &name)))
            }
            _ => {
                let (actor, repo, number) = (self.somebody()?, self.repo(Need::Read)?, self.number("issue_number"));
                let name = self.path("name").to_owned();
                self.world.remove_label(&actor, repo, number, &name)?;
                let left = self.world.thread(repo, number).labels.iter();
                Ok(Answer::json(200, left.map(|name| self.world.render_label(repo, name)).collect()))
            }
        }
    }

    pub fn create_status(&mut self) -> Answered {
        let (actor, repo) = (self.somebody()?, self.repo(Need::Read)?);
        let sha = self.path("sha").to_owned();
        let unknown = || Failure::refused(format!("No commit found for SHA: {sha}"));
        let text = |name: &str| self.text(name).unwrap_or_default().to_owned();
        let status = Status {
            sha: Oid::from_str(&sha).map_err(|_| unknown())?,
            context: self.text("context").unwrap_or("default").to_owned(),
            state: text("state"),
            description: text("description"),
            target_url: text("target_url"),
            creator: actor.user,
        };
        self.world.set_status(&actor, repo, status.clone())?;
        let id = self.world.new_id();
        let now = stamp(self.world.clock);
        let known = json!({
            "id": id, "state": status.state, "description": status.description, "target_url": status.target_url,
            "context": status.context, "creator": self.world.render_user(actor.user, "simple-user"),
            "created_at": now, "updated_at": now, "url": self.world.api(repo, &format!("/statuses/{sha}")),
        });
        Ok(Answer::json(201, fill("status", known)))
    }

    pub fn request_reviewers(&mut self) -> Answered {
        let (actor, repo, number) = (self.somebody()?, self.repo(Need::Read)?, self.number("pull_number"));
        let logins = self.body["reviewers"].as_array().into_iter().flatten();
        let logins: Vec<String> = logins.filter_map(|it| it.as_str().map(str::to_owned)).collect();
        self.world.request_reviews(&actor, repo, number, &logins)?;
        Ok(Answer::json(201, self.world.render_pull(repo, number, "pull-request-simple")))
    }
}
