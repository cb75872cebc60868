//! Pull requests and reviews.

use serde_json::json;

use super::super::access::Need;
use super::super::failure::Failure;
use super::super::pulls::{Merging, Method, Proposal};
use super::super::render::changes;
use super::super::threads::Change;
use super::git_data::full_oid;
use super::{Answer, Answered, Call};

impl Call<'_> {
    pub fn pulls(&mut self) -> Answered {
        match self.operation.id {
            "pulls/list" => self.list_pulls(),
            "pulls/create" => self.create_pull(),
            "pulls/get" => {
                let (repo, number) = self.pull(Need::Read)?;
                Ok(Answer::json(200, self.world.render_pull(repo, number, "pull-request")))
            }
            "pulls/update" => {
                let actor = self.somebody()?;
                let (repo, number) = self.pull(Need::Interact)?;
                let change = Change {
                    title: self.text("title").map(str::to_owned),
                    body: self.text("body").map(str::to_owned),
                    open: self.text("state").map(|state| state == "open"),
                    reason: None,
                    base: self.text("base").map(str::to_owned),
                    maintainer_can_modify: self.body["maintainer_can_modify"].as_bool(),
                };
                self.world.change_thread(&actor, repo, number, change)?;
                Ok(Answer::json(200, self.world.render_pull(repo, number, "pull-request")))
            }
            "pulls/list-reviews" => {
                let (repo, number) = self.pull(Need::Read)?;
                let indices = 0..self.world.pull(repo, number).unwrap().reviews.len();
                let reviews = indices.map(|index| self.world.render_review(repo, number, index));
                Ok(self.page(&reviews.collect::<Vec<_>>()))
            }
            "pulls/create-review" => self.create_review(),
            "pulls/list-files" => {
                let (repo, number) = self.pull(Need::Read)?;
                let head = self.world.pull(repo, number).unwrap().head_oid;
                let files = changes(self.world, repo, number);
                let files = files.iter().map(|change| self.world.render_change(repo, head, change));
                Ok(self.page(&files.collect::<Vec<_>>()))
            }
            "pulls/list-commits" => {
                let (repo, number) = self.pull(Need::Read)?;
                let commits = self.world.pull_commits(repo, number);
                let commits = commits.into_iter().map(|oid| self.world.render_commit(repo, oid));
                Ok(self.page(&commits.collect::<Vec<_>>()))
            }
            "pulls/merge" => self.merge_pull(),
            "pulls/request-reviewers" => self.request_reviewers(),
            other => Err(Failure::refused(format!("DOUBLE: {other} isn't there yet"))),
        }
    }

    fn pull(&self, need: Need) -> Result<(usize, u64), Failure> {
        let (repo, number) = (self.repo(need)?, self.number("pull_number"));
        self.world.pull(repo, number).ok_or_else(Failure::not_found)?;
        Ok((repo, number))
    }

    fn list_pulls(&self) -> Answered {
        let repo = self.repo(Need::Read)?;
        let state = self.param("state").unwrap_or("open");
        // Without an owner, GitHub doesn't filter at all.
        let head = self.param("head").and_then(|head| head.split_once(':'));
        let mut numbers = Vec::new();
        for thread in self.world.repos[repo].threads.values() {
            let Some(pull) = &thread.pull else { continue };
            let owner = self.world.login(pull.head_owner);
            let of_head = head.is_none_or(|(login, branch)| login.eq_ignore_ascii_case(owner) && branch == pull.head);
            let of_base = self.param("base").is_none_or(|base| base == pull.base);
            if of_head && of_base && (state == "all" || thread.open == (state == "open")) {
                numbers.push((thread.updated, thread.number));
            }
        }
        if self.param("sort") == Some("updated") {
            numbers.sort_unstable();
        }
        let default = if self.param("sort").is_none_or(|sort| sort == "created") { "desc" } else { "asc" };
        if self.param("direction").unwrap_or(default) == "desc" {
            numbers.reverse();
        }
        let pulls = numbers.iter().map(|(_, number)| self.world.render_pull(repo, *number, "pull-request-simple"));
        Ok(self.page(&pulls.collect::<Vec<_>>()))
    }

    fn create_pull(&mut self) -> Answered {
        let (actor, repo) = (self.somebody()?, self.repo(Need::Interact)?);
        let text = |name: &str| self.text(name).unwrap_or_default().to_owned();
        let head = text("head");
        let head_repo = match (self.text("head_repo"), head.split_once(':')) {
            (Some(name), Some((owner, _))) => {
                let name = name.split('/').next_back().unwrap_or_default();
                let found = self.world.repo_named(owner, name);
                Some(found.ok_or_else(|| Failure::field("PullRequest", "head_repo", "invalid"))?)
            }
            _ => None,
        };
        let proposal = Proposal {
            title: text("title"),
            body: text("body"),
            base: text("base"),
            head,
            head_repo,
            draft: self.body["draft"] == true,
            maintainer_can_modify: self.body["maintainer_can_modify"] != false,
        };
        let number = self.world.open_pull(&actor, repo, &proposal)?;
        let url = self.world.api(repo, &format!("/pulls/{number}"));
        Ok(Answer::json(201, self.world.render_pull(repo, number, "pull-request")).with("location", url))
    }

    fn create_review(&mut self) -> Answered {
        let actor = self.somebody()?;
        let at = self.pull(Need::Interact)?;
        let state = match self.text("event") {
            Some("APPROVE") => "APPROVED",
            Some("REQUEST_CHANGES") => "CHANGES_REQUESTED",
            Some("COMMENT") => "COMMENTED",
            _ => return Err(Failure::refused("DOUBLE: there are no pending reviews here")),
        };
        let body = self.text("body").unwrap_or_default().to_owned();
        let commit = self.text("commit_id").and_then(full_oid);
        let index = self.world.review(&actor, at, state, &body, commit)?;
        Ok(Answer::json(200, self.world.render_review(at.0, at.1, index)))
    }

    fn merge_pull(&mut self) -> Answered {
        let actor = self.somebody()?;
        let (repo, number) = self.pull(Need::Read)?;
        let how = Merging {
            method: match self.text("merge_method") {
                Some("squash") => Method::Squash,
                Some("rebase") => Method::Rebase,
                _ => Method::Merge,
            },
            title: self.body["commit_title"].as_str(),
            message: self.body["commit_message"].as_str(),
            sha: self.body["sha"].as_str(),
        };
        let oid = self.world.merge(&actor, repo, number, &how)?;
        let said = "Pull Request successfully merged";
        Ok(Answer::json(200, json!({"sha": oid.to_string(), "merged": true, "message": said})))
    }
}
