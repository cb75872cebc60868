//! Issues and comments.

use serde_json::Value;

use super::super::access::Need;
use super::super::failure::Failure;
use super::super::graphql::reason_of;
use super::super::threads::Change;
use super::{Answer, Answered, Call};

impl Call<'_> {
    pub fn issues(&mut self) -> Answered {
        match self.operation.id {
            "issues/list-for-repo" => self.list_issues(),
            "issues/create" => {
                let (actor, repo) = (self.somebody()?, self.repo(Need::Interact)?);
                let title = self.body["title"].as_str().map_or_else(|| self.body["title"].to_string(), str::to_owned);
                let body = self.text("body").unwrap_or_default().to_owned();
                let number = self.world.create_issue(&actor, repo, &title, &body)?;
                // Labels of those who may not set them are ignored, silently.
                let labels = names(&self.body["labels"]);
                if !labels.is_empty() {
                    _ = self.world.add_labels(&actor, repo, number, labels);
                }
                let url = self.world.api(repo, &format!("/issues/{number}"));
                Ok(Answer::json(201, self.world.render_issue(repo, number, "issue")).with("location", url))
            }
            "issues/get" => {
                let (repo, number) = self.issue(Need::Read)?;
                Ok(Answer::json(200, self.world.render_issue(repo, number, "issue")))
            }
            "issues/update" => self.update_issue(),
            "issues/list-comments" => {
                let (repo, number) = self.issue(Need::Read)?;
                let indices = 0..self.world.thread(repo, number).comments.len();
                let comments = indices.map(|index| self.world.render_comment(repo, number, index));
                Ok(self.page(&comments.collect::<Vec<_>>()))
            }
            "issues/create-comment" => {
                let actor = self.somebody()?;
                let (repo, number) = self.issue(Need::Interact)?;
                let body = self.text("body").unwrap_or_default().to_owned();
                let index = self.world.comment(&actor, repo, number, &body)?;
                let comment = self.world.render_comment(repo, number, index);
                let url = comment["url"].as_str().unwrap_or_default().to_owned();
                Ok(Answer::json(201, comment).with("location", url))
            }
            "issues/update-comment" => self.update_comment(),
            "issues/add-labels" => {
                let actor = self.somebody()?;
                let (repo, number) = self.issue(Need::Interact)?;
                self.world.add_labels(&actor, repo, number, names(&self.body["labels"]))?;
                let labels = self.world.thread(repo, number).labels.iter();
                Ok(Answer::json(200, labels.map(|name| self.world.render_label(repo, name)).collect()))
            }
            "issues/list-labels-for-repo" | "issues/create-label" | "issues/remove-label" => self.labels(),
            other => Err(Failure::refused(format!("DOUBLE: {other} isn't there yet"))),
        }
    }

    /// The issue or pull request of the path.
    fn issue(&self, need: Need) -> Result<(usize, u64), Failure> {
        let (repo, number) = (self.repo(need)?, self.number("issue_number"));
        if self.world.gone.get(&(repo, number)) == Some(&None) {
            return Err(Failure::new(410, "NOT_FOUND", "This issue was deleted"));
        }
        let thread = self.world.repos[repo].threads.get(&number).ok_or_else(Failure::not_found)?;
        if thread.pull.is_none() && !self.world.repos[repo].issues_enabled {
            return Err(Failure::new(410, "UNPROCESSABLE", "Issues has been disabled in this repository."));
        }
        Ok((repo, number))
    }

    fn list_issues(&self) -> Answered {
        let repo = self.repo(Need::Read)?;
        let (state, creator) = (self.param("state").unwrap_or("open"), self.param("creator"));
        let labels: Vec<&str> = self.param("labels").map_or(Vec::new(), |labels| labels.split(',').collect());
        let it = &self.world.repos[repo];
        let mut threads: Vec<_> = it
            .threads
            .values()
            .filter(|thread| it.issues_enabled || thread.pull.is_some())
            .filter(|thread| state == "all" || thread.open == (state == "open"))
            .filter(|thread| creator.is_none_or(|login| self.world.account(login) == Some(thread.author)))
            .filter(|thread| labels.iter().all(|label| thread.labels.iter().any(|known| known == label)))
            .collect();
        if self.param("sort") == Some("updated") {
            threads.sort_by_key(|thread| thread.updated);
        }
        if self.param("direction") != Some("asc") {
            threads.reverse();
        }
        let issues = threads.iter().map(|thread| self.world.render_issue(repo, thread.number, "issue"));
        Ok(self.page(&issues.collect::<Vec<_>>()))
    }

    fn update_issue(&mut self) -> Answered {
        let actor = self.somebody()?;
        let (repo, number) = self.issue(Need::Interact)?;
        let change = Change {
            title: self.text("title").map(str::to_owned),
            body: self.text("body").map(str::to_owned),
            open: self.text("state").map(|state| state == "open"),
            reason: self.text("state_reason").map(reason_of),
            ..Change::default()
        };
        self.world.change_thread(&actor, repo, number, change)?;
        Ok(Answer::json(200, self.world.render_issue(repo, number, "issue")))
    }

    fn update_comment(&mut self) -> Answered {
        let (actor, repo, id) = (self.somebody()?, self.repo(Need::Read)?, self.number("comment_id"));
        let threads = self.world.repos[repo].threads.values();
        let mut comments =
            threads.flat_map(|it| it.comments.iter().enumerate().map(|(at, it2)| (it.number, at, it2.id)));
        let (number, index, _) = comments.find(|(.., known)| *known == id).ok_or_else(Failure::not_found)?;
        let body = self.text("body").unwrap_or_default().to_owned();
        self.world.edit_comment(&actor, (repo, number, index), &body)?;
        Ok(Answer::json(200, self.world.render_comment(repo, number, index)))
    }
}

/// Labels are given by their names or as objects.
fn names(labels: &Value) -> Vec<String> {
    let name = |label: &Value| label.as_str().or(label["name"].as_str()).map(str::to_owned);
    labels.as_array().into_iter().flatten().filter_map(name).collect()
}
