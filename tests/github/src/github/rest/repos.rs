//! Repositories, forks, branches, contents.

use git2::{ObjectType, Oid};
use serde_json::{Value, json};

use super::super::access::Need;
use super::super::failure::Failure;
use super::super::git::Entry;
use super::super::openapi::fill;
use super::super::pulls::web_flow;
use super::super::render::diff;
use super::super::text::{base64_lines, unbase64};
use super::super::world::Permission;
use super::{Answer, Answered, Body, Call};

impl Call<'_> {
    pub fn repos(&mut self) -> Answered {
        match self.operation.id {
            "repos/get" => {
                let repo = self.repo(Need::Read)?;
                Ok(Answer::json(200, self.world.render_repo(repo, "full-repository", self.actor.as_ref())))
            }
            "repos/list-forks" => {
                let repo = self.repo(Need::Read)?;
                let mut forks: Vec<usize> = (0..self.world.repos.len()).collect();
                forks.retain(|it| {
                    self.world.repos[*it].parent == Some(repo) && self.world.sees(self.actor.as_ref(), *it)
                });
                if self.param("sort") != Some("oldest") {
                    forks.reverse();
                }
                let forks = forks.iter().map(|fork| self.world.render_repo(*fork, "minimal-repository", None));
                Ok(self.page(&forks.collect::<Vec<_>>()))
            }
            "repos/create-fork" => {
                let (actor, repo) = (self.somebody()?, self.repo(Need::Read)?);
                let organization = self.text("organization").map(str::to_owned);
                let name = self.text("name").map(str::to_owned);
                let only_default = self.body["default_branch_only"] == true;
                let fork = self.world.fork(&actor, repo, organization.as_deref(), name.as_deref(), only_default)?;
                Ok(Answer::json(202, self.world.render_repo(fork, "full-repository", Some(&actor))))
            }
            "repos/merge-upstream" => self.merge_upstream(),
            "repos/get-content" => self.get_content(),
            "repos/create-or-update-file-contents" => self.put_content(),
            "repos/compare-commits-with-basehead" => self.compare(),
            "repos/get-commit" => {
                let repo = self.repo(Need::Read)?;
                let said = format!("No commit found for SHA: {}", self.path("ref"));
                let commit = self.world.git(repo).commit_of(self.path("ref")).ok_or_else(|| Failure::refused(said))?;
                if self.accept.contains("github.sha") || self.accept.contains("v3.sha") {
                    let sha = commit.oid.to_string().into_bytes();
                    return Ok(Answer { body: Body::Raw("application/vnd.github.sha", sha), ..Answer::nothing(200) });
                }
                Ok(Answer::json(200, self.full_commit(repo, commit.oid)))
            }
            "repos/get-branch" => self.branch(),
            "repos/create-commit-status" => self.create_status(),
            "repos/get-collaborator-permission-level" => {
                let repo = self.repo(Need::Read)?;
                let user = self.world.account(self.path("username")).ok_or_else(Failure::not_found)?;
                let level = self.world.permission(user, repo);
                let role = level.map_or("none".to_owned(), |level| level.name().to_lowercase());
                let permission = match level {
                    Some(Permission::Maintain) => "write",
                    Some(Permission::Triage) => "read",
                    _ => &role,
                };
                let mut user = self.world.render_user(user, "nullable-collaborator");
                user["role_name"] = json!(role);
                Ok(Answer::json(200, json!({"permission": permission, "role_name": role, "user": user})))
            }
            "checks/list-for-ref" => {
                self.repo(Need::Read)?;
                Ok(Answer::json(200, json!({"total_count": 0, "check_runs": []})))
            }
            "repos/get-combined-status-for-ref" => {
                let repo = self.repo(Need::Read)?;
                let commit = self.world.git(repo).commit_of(self.path("ref")).ok_or_else(Failure::not_found)?;
                let url = self.world.api(repo, &format!("/commits/{}/status", commit.oid));
                let status = json!({
                    "state": "pending", "statuses": [], "sha": commit.oid.to_string(), "total_count": 0,
                    "repository": self.world.render_repo(repo, "minimal-repository", None),
                    "commit_url": url, "url": url,
                });
                Ok(Answer::json(200, status))
            }
            other => Err(Failure::refused(format!("DOUBLE: {other} isn't there yet"))),
        }
    }

    fn full_commit(&self, repo: usize, oid: Oid) -> Value {
        let git = self.world.git(repo);
        let commit = git.commit(oid).unwrap();
        let before = commit.parents.first().map(|oid| git.commit(*oid).unwrap().tree);
        let files = diff(&git, before, commit.tree);
        let mut shown = self.world.render_commit(repo, oid);
        shown["files"] = files.iter().map(|change| self.world.render_change(repo, oid, change)).collect();
        shown
    }

    fn branch(&self) -> Answered {
        let repo = self.repo(Need::Read)?;
        let name = self.path("branch");
        let missing = || Failure::new(404, "NOT_FOUND", "Branch not found");
        let oid = self.world.git(repo).branch(name).ok_or_else(missing)?;
        let protected = self.world.repos[repo].protected.contains(name);
        let url = self.world.api(repo, &format!("/branches/{name}"));
        let branch = json!({
            "name": name,
            "commit": self.world.render_commit(repo, oid),
            "_links": {"html": format!("{}/{}/tree/{name}", self.world.server, self.world.full_name(repo)), "self": url},
            "protected": protected,
            "protection": {"enabled": protected},
            "protection_url": format!("{url}/protection"),
        });
        Ok(Answer::json(200, branch))
    }

    fn merge_upstream(&mut self) -> Answered {
        let (actor, repo) = (self.somebody()?, self.repo(Need::Push)?);
        let branch = self.text("branch").unwrap_or_default().to_owned();
        let parent = self.world.repos[repo].parent.ok_or_else(|| Failure::refused("Repository is not a fork"))?;
        let name = format!("refs/heads/{branch}");
        let git = self.world.git(repo);
        let (Some(ours), Some(theirs)) = (git.get(&name), self.world.git(parent).get(&name)) else {
            return Err(Failure::refused(format!("Could not resolve branch {branch}")));
        };
        let upstream = format!("{}:{branch}", self.world.login(self.world.repos[parent].owner));
        let (kind, message) = if git.contains(ours, theirs) {
            ("none", format!("This branch is not behind the upstream {upstream}."))
        } else if git.contains(theirs, ours) {
            git.set(&name, theirs);
            ("fast-forward", format!("Successfully fetched and fast-forwarded from upstream {upstream}."))
        } else {
            let conflict = || Failure::new(409, "UNPROCESSABLE", "There are merge conflicts");
            let tree = git.merged_tree(ours, theirs).ok_or_else(conflict)?;
            let by = self.world.signature(actor.user, self.world.clock);
            let text = format!("Merge branch '{upstream}' into {branch}");
            let made = git.write_commit(&text, tree, &[ours, theirs], [&by, &web_flow(self.world.clock)], None);
            git.set(&name, made);
            ("merge", format!("Successfully fetched and merged from upstream {upstream}."))
        };
        self.world.tick();
        self.world.sync(actor.user);
        Ok(Answer::json(200, json!({"message": message, "merge_type": kind, "base_branch": upstream})))
    }

    fn content(&self, repo: usize, path: &str, entry: &Entry, revision: &str) -> Value {
        let url = self.world.api(repo, &format!("/contents/{path}?ref={revision}"));
        let (server, full) = (&self.world.server, self.world.full_name(repo));
        let kind = match entry.kind {
            ObjectType::Tree => "dir",
            ObjectType::Commit => "submodule",
            _ if entry.mode == 0o120_000 => "symlink",
            _ => "file",
        };
        let page = format!("{server}/{full}/{}/{revision}/{path}", if kind == "dir" { "tree" } else { "blob" });
        let git_url = self.world.api(repo, &format!("/git/{}s/{}", entry.kind.str(), entry.oid));
        let raw = (kind == "file").then(|| format!("{server}/raw/{full}/{revision}/{path}"));
        json!({
            "name": path.rsplit('/').next().unwrap_or_default(),
            "path": path,
            "sha": entry.oid.to_string(),
            "size": if entry.kind == ObjectType::Blob { self.world.git(repo).size(entry.oid) } else { 0 },
            "url": url,
            "html_url": page,
            "git_url": git_url,
            "download_url": raw,
            "type": kind,
            "_links": {"self": url, "git": git_url, "html": page},
        })
    }

    fn get_content(&self) -> Answered {
        let repo = self.repo(Need::Read)?;
        let git = self.world.git(repo);
        let default = &self.world.repos[repo].default_branch;
        let (path, revision) = (self.path("path").trim_matches('/'), self.param("ref").unwrap_or(default));
        let said = format!("No commit found for the ref {revision}");
        let commit = git.commit_of(revision).ok_or_else(|| Failure::new(404, "NOT_FOUND", said))?;
        let entry = git.at(commit.tree, path).ok_or_else(Failure::not_found)?;
        if self.accept.contains("raw") && entry.kind == ObjectType::Blob {
            let bytes = git.blob(entry.oid).unwrap();
            return Ok(Answer { body: Body::Raw("application/vnd.github.raw", bytes), ..Answer::nothing(200) });
        }
        let mut shown = self.content(repo, path, &entry, revision);
        if entry.kind != ObjectType::Tree {
            if entry.kind == ObjectType::Blob {
                shown["content"] = json!(base64_lines(&git.blob(entry.oid).unwrap()));
                shown["encoding"] = json!("base64");
            }
            return Ok(Answer::json(200, shown));
        }
        let entries = git.tree(entry.oid).unwrap().into_iter().map(|entry| {
            let path = format!("{path}/{}", entry.name);
            self.content(repo, path.trim_start_matches('/'), &entry, revision)
        });
        let entries = entries.collect::<Vec<_>>();
        if !self.accept.contains("object") {
            return Ok(Answer::json(200, Value::Array(entries)));
        }
        shown["entries"] = json!(entries);
        Ok(Answer::json(200, shown))
    }

    fn put_content(&mut self) -> Answered {
        let (actor, repo) = (self.somebody()?, self.repo(Need::Push)?);
        let default = self.world.repos[repo].default_branch.clone();
        let (path, branch) = (self.path("path").to_owned(), self.text("branch").unwrap_or(&default).to_owned());
        let name = format!("refs/heads/{branch}");
        self.world.check_protection(repo, &name)?;
        let git = self.world.git(repo);
        let said = format!("Branch {branch} not found");
        let tip = git.get(&name).ok_or_else(|| Failure::new(404, "NOT_FOUND", said))?;
        let tree = git.commit(tip).unwrap().tree;
        let old = git.at(tree, &path).map(|entry| entry.oid.to_string());
        match (&old, self.text("sha")) {
            (Some(old), Some(sha)) if old == sha => {}
            (Some(_), Some(sha)) => {
                return Err(Failure::new(409, "UNPROCESSABLE", format!("{path} does not match {sha}")));
            }
            (Some(_), None) => return Err(Failure::refused("Invalid request.\n\n\"sha\" wasn't supplied.")),
            (None, _) => {}
        }
        let bytes = unbase64(self.text("content").unwrap_or_default());
        let bytes = bytes.ok_or_else(|| Failure::refused("content is not valid Base64"))?;
        let blob = git.write(ObjectType::Blob, &bytes);
        let tree = git.write_tree(Some(tree), &[(path.clone(), Some((0o100_644, blob)))]);
        let tree = tree.ok_or_else(|| Failure::refused("path contains a malformed path component"))?;
        let now = self.world.tick();
        let author = self.world.signature(actor.user, now);
        let message = self.text("message").unwrap_or_default();
        let made = git.write_commit(message, tree, &[tip], [&author, &web_flow(now)], None);
        git.set(&name, made);
        self.world.sync(actor.user);
        let entry = git.at(tree, &path).unwrap();
        let content = self.content(repo, &path, &entry, &branch);
        let commit = self.world.render_git_commit(repo, made);
        let status = if old.is_some() { 200 } else { 201 };
        Ok(Answer::json(status, json!({"content": content, "commit": commit})))
    }

    fn compare(&self) -> Answered {
        let repo = self.repo(Need::Read)?;
        let git = self.world.git(repo);
        let (base, head) = self.path("basehead").split_once("...").ok_or_else(Failure::not_found)?;
        let find = |text: &str| match text.split_once(':') {
            Some((owner, branch)) => {
                let owner = self.world.account(owner)?;
                let network = self.world.repos[repo].network;
                let mut them =
                    self.world.repos.iter().filter(|it| it.network == network && it.owner == owner && !it.deleted);
                them.find_map(|it| super::super::git::Git::open(&it.path).commit_of(branch))
            }
            None => git.commit_of(text),
        };
        let (base, head) = find(base).zip(find(head)).ok_or_else(Failure::not_found)?;
        let said = "No common ancestor between the two commits.";
        let start = git.merge_base(base.oid, head.oid).ok_or_else(|| Failure::new(404, "NOT_FOUND", said))?;
        let (ahead, behind) = (git.between(base.oid, head.oid), git.between(head.oid, base.oid).len());
        let status = match (ahead.len(), behind) {
            (0, 0) => "identical",
            (_, 0) => "ahead",
            (0, _) => "behind",
            _ => "diverged",
        };
        let files = diff(&git, Some(git.commit(start).unwrap().tree), head.tree);
        let page = format!("{}/{}/compare/{}", self.world.server, self.world.full_name(repo), self.path("basehead"));
        let known = json!({
            "url": self.world.api(repo, &format!("/compare/{}", self.path("basehead"))),
            "html_url": page,
            "permalink_url": page,
            "diff_url": format!("{page}.diff"),
            "patch_url": format!("{page}.patch"),
            "base_commit": self.world.render_commit(repo, base.oid),
            "merge_base_commit": self.world.render_commit(repo, start),
            "status": status,
            "ahead_by": ahead.len(),
            "behind_by": behind,
            "total_commits": ahead.len(),
            "commits": ahead.iter().map(|oid| self.world.render_commit(repo, *oid)).collect::<Vec<_>>(),
            "files": files.iter().map(|change| self.world.render_change(repo, head.oid, change)).collect::<Vec<_>>(),
        });
        Ok(Answer::json(200, fill("commit-comparison", known)))
    }
}
