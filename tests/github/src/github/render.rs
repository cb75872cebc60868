//! Things as REST shows them.

use git2::{ObjectType, Oid};
use serde_json::{Value, json};

use super::git::{Git, Signature};
use super::graphql::Node;
use super::openapi::fill;
use super::text::stamp;
use super::world::{AccountKind, Actor, Permission, Thread, World};

/// One changed file.
pub struct Change {
    pub path: String,
    pub previous: Option<String>,
    /// As GraphQL calls it: `ADDED`, `DELETED`, `MODIFIED`, `RENAMED`.
    pub kind: &'static str,
    pub additions: usize,
    pub deletions: usize,
    pub patch: String,
    pub oid: Oid,
}

/// What a pull request changes.
pub fn changes(world: &World, repo: usize, number: u64) -> Vec<Change> {
    let git = world.git(repo);
    let tree = |oid| git.commit(oid).unwrap().tree;
    let head = world.pull(repo, number).unwrap().head_oid;
    diff(&git, Some(tree(world.pull_start(repo, number))), tree(head))
}

pub fn diff(git: &Git, old: Option<Oid>, new: Oid) -> Vec<Change> {
    let diff = git.diff(old, new);
    let mut found = Vec::new();
    for (index, delta) in diff.deltas().enumerate() {
        let path = |file: git2::DiffFile<'_>| file.path().unwrap_or("".as_ref()).to_string_lossy().into_owned();
        let mut patch = git2::Patch::from_diff(&diff, index).unwrap();
        let (additions, deletions) = patch.as_mut().map_or((0, 0), |patch| {
            let (_, additions, deletions) = patch.line_stats().unwrap();
            (additions, deletions)
        });
        let text = patch.and_then(|mut patch| patch.to_buf().ok());
        let text = text.map(|text| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default();
        let (kind, oid) = match delta.status() {
            git2::Delta::Added => ("ADDED", delta.new_file().id()),
            git2::Delta::Deleted => ("DELETED", delta.old_file().id()),
            git2::Delta::Renamed => ("RENAMED", delta.new_file().id()),
            _ => ("MODIFIED", delta.new_file().id()),
        };
        found.push(Change {
            path: path(delta.new_file()),
            previous: (kind == "RENAMED").then(|| path(delta.old_file())),
            kind,
            additions,
            deletions,
            patch: text.find("@@").map_or("", |at| &text[at..]).trim_end().to_owned(),
            oid,
        });
    }
    found
}

impl World {
    /// A user as `simple-user`, `public-user`, `team-member`…
    pub fn render_user(&self, account: usize, schema: &str) -> Value {
        let it = &self.accounts[account];
        let login = self.bot_login(account);
        let api = format!("{}/api/v3/users/{login}", self.server);
        let kind = match it.kind {
            AccountKind::User => "User",
            AccountKind::Organization => "Organization",
            AccountKind::Bot => "Bot",
        };
        let mut known = json!({
            "login": login,
            "id": it.id,
            "node_id": Node::Account(account).id(self),
            "avatar_url": format!("{}/avatars/{}", self.server, it.id),
            "url": api,
            "html_url": format!("{}/{}", self.server, it.login),
            "repos_url": format!("{api}/repos"),
            "type": kind,
        });
        if schema == "public-user" {
            known["name"] = json!(it.name);
            known["company"] = json!(it.company);
            known["created_at"] = json!(stamp(it.created));
            known["updated_at"] = json!(stamp(it.created));
            known["user_view_type"] = json!("public");
        }
        fill(schema, known)
    }

    /// A repository as `full-repository`, `minimal-repository`, `repository`.
    pub fn render_repo(&self, repo: usize, schema: &str, actor: Option<&Actor>) -> Value {
        let it = &self.repos[repo];
        let open = it.threads.values().filter(|thread| thread.open).count();
        let (full, api) = (self.full_name(repo), self.api(repo, ""));
        let mut known = json!({
            "id": it.id,
            "node_id": Node::Repo(repo).id(self),
            "name": it.name,
            "full_name": full,
            "private": it.private,
            "owner": self.render_user(it.owner, "simple-user"),
            "html_url": format!("{}/{full}", self.server),
            "clone_url": format!("{}/{full}.git", self.server),
            "url": api,
            "fork": it.parent.is_some(),
            "default_branch": it.default_branch,
            "has_issues": it.issues_enabled,
            "archived": it.archived,
            "disabled": false,
            "open_issues": open,
            "open_issues_count": open,
            "visibility": if it.private { "private" } else { "public" },
            "created_at": stamp(it.created),
            "updated_at": stamp(it.created),
            "pushed_at": stamp(it.created),
        });
        if let Some(actor) = actor {
            let mine = self.viewer_permission(actor, repo);
            known["permissions"] = json!({
                "admin": mine >= Some(Permission::Admin),
                "maintain": mine >= Some(Permission::Maintain),
                "push": mine >= Some(Permission::Write),
                "triage": mine >= Some(Permission::Triage),
                "pull": mine >= Some(Permission::Read),
            });
        }
        if let Some(parent) = it.parent.filter(|parent| schema == "full-repository" && self.sees(actor, *parent)) {
            let source = std::iter::successors(Some(parent), |repo| self.repos[*repo].parent).last().unwrap();
            known["parent"] = self.render_repo(parent, "repository", None);
            known["source"] = self.render_repo(source, "repository", None);
        }
        fill(schema, known)
    }

    fn labels(&self, repo: usize, thread: &Thread) -> Vec<Value> {
        thread.labels.iter().map(|name| self.render_label(repo, name)).collect()
    }

    pub fn render_label(&self, repo: usize, name: &str) -> Value {
        let known = self.label(repo, name);
        let (color, description) = known.map_or(("ededed", ""), |it| (&it.color, &it.description));
        let url = self.api(repo, "/labels");
        fill("label", json!({"name": name, "url": url, "color": color, "description": description}))
    }

    /// An issue as `issue` or `issue-search-result-item`; pull requests are issues too.
    pub fn render_issue(&self, repo: usize, number: u64, schema: &str) -> Value {
        let it = self.thread(repo, number);
        let url = self.api(repo, &format!("/issues/{number}"));
        let mut known = json!({
            "id": it.id,
            "node_id": Node::Thread(repo, number).id(self),
            "url": url,
            "repository_url": self.api(repo, ""),
            "comments_url": format!("{url}/comments"),
            "html_url": self.thread_url(repo, number),
            "number": number,
            "state": if it.open { "open" } else { "closed" },
            "state_reason": it.state_reason.map(str::to_lowercase),
            "title": it.title,
            "body": it.body,
            "user": self.render_user(it.author, "simple-user"),
            "labels": self.labels(repo, it),
            "assignees": [],
            "comments": it.comments.len(),
            "created_at": stamp(it.created),
            "updated_at": stamp(it.updated),
            "closed_at": it.closed.map(stamp),
            "author_association": self.association(it.author, repo),
        });
        if let Some(pull) = &it.pull {
            known["pull_request"] = json!({
                "url": self.api(repo, &format!("/pulls/{number}")),
                "html_url": self.thread_url(repo, number),
                "diff_url": format!("{}.diff", self.thread_url(repo, number)),
                "patch_url": format!("{}.patch", self.thread_url(repo, number)),
                "merged_at": pull.merged.as_ref().map(|it| stamp(it.at)),
            });
        }
        fill(schema, known)
    }

    pub fn render_comment(&self, repo: usize, number: u64, index: usize) -> Value {
        let comment = &self.thread(repo, number).comments[index];
        fill(
            "issue-comment",
            json!({
                "id": comment.id,
                "node_id": Node::Comment(repo, number, index).id(self),
                "url": self.api(repo, &format!("/issues/comments/{}", comment.id)),
                "html_url": format!("{}#issuecomment-{}", self.thread_url(repo, number), comment.id),
                "issue_url": self.api(repo, &format!("/issues/{number}")),
                "user": self.render_user(comment.author, "simple-user"),
                "body": comment.body,
                "created_at": stamp(comment.created),
                "updated_at": stamp(comment.updated),
                "author_association": self.association(comment.author, repo),
            }),
        )
    }

    /// A pull request as `pull-request` or `pull-request-simple`.
    pub fn render_pull(&self, repo: usize, number: u64, schema: &str) -> Value {
        let it = self.thread(repo, number);
        let pull = it.pull.as_ref().unwrap();
        let url = self.api(repo, &format!("/pulls/{number}"));
        let side = |owner: usize, repo: Option<usize>, branch: &str, oid: Oid| {
            json!({
                "label": format!("{}:{branch}", self.login(owner)),
                "ref": branch,
                "sha": oid.to_string(),
                "user": self.render_user(owner, "simple-user"),
                "repo": repo.map(|repo| self.render_repo(repo, "repository", None)),
            })
        };
        let head_repo = Some(pull.head_repo).filter(|head| !self.repos[*head].deleted);
        let owner = self.repos[repo].owner;
        let link = |address: String| json!({"href": address});
        let mut known = json!({
            "id": it.id,
            "node_id": Node::Thread(repo, number).id(self),
            "url": url,
            "html_url": self.thread_url(repo, number),
            "diff_url": format!("{}.diff", self.thread_url(repo, number)),
            "patch_url": format!("{}.patch", self.thread_url(repo, number)),
            "issue_url": self.api(repo, &format!("/issues/{number}")),
            "number": number,
            "state": if it.open { "open" } else { "closed" },
            "locked": it.locked,
            "draft": pull.draft,
            "title": it.title,
            "body": it.body,
            "user": self.render_user(it.author, "simple-user"),
            "labels": self.labels(repo, it),
            "created_at": stamp(it.created),
            "updated_at": stamp(it.updated),
            "closed_at": it.closed.map(stamp),
            "merged_at": pull.merged.as_ref().map(|it| stamp(it.at)),
            "merge_commit_sha": pull.merged.as_ref().map(|it| it.commit.to_string()),
            "author_association": self.association(it.author, repo),
            "head": side(pull.head_owner, head_repo, &pull.head, pull.head_oid),
            "base": side(owner, Some(repo), &pull.base, pull.base_oid),
            "_links": {
                "self": link(url.clone()),
                "html": link(self.thread_url(repo, number)),
                "issue": link(self.api(repo, &format!("/issues/{number}"))),
                "comments": link(self.api(repo, &format!("/issues/{number}/comments"))),
                "review_comments": link(format!("{url}/comments")),
                "review_comment": link(self.api(repo, "/pulls/comments{/number}")),
                "commits": link(format!("{url}/commits")),
                "statuses": link(self.api(repo, &format!("/statuses/{}", pull.head_oid))),
            },
        });
        if schema == "pull-request" {
            let changes = changes(self, repo, number);
            known["merged"] = json!(pull.merged.is_some());
            known["merged_by"] = json!(pull.merged.as_ref().map(|it| self.render_user(it.by, "simple-user")));
            known["mergeable"] = if it.open { json!(self.is_mergeable(repo, number)) } else { Value::Null };
            known["mergeable_state"] =
                json!(if it.open && self.is_mergeable(repo, number) { "clean" } else { "unknown" });
            known["comments"] = json!(it.comments.len());
            known["commits"] = json!(self.pull_commits(repo, number).len());
            known["changed_files"] = json!(changes.len());
            known["additions"] = json!(changes.iter().map(|change| change.additions).sum::<usize>());
            known["deletions"] = json!(changes.iter().map(|change| change.deletions).sum::<usize>());
            known["maintainer_can_modify"] = json!(pull.maintainer_can_modify);
        }
        fill(schema, known)
    }

    pub fn render_review(&self, repo: usize, number: u64, index: usize) -> Value {
        let review = &self.pull(repo, number).unwrap().reviews[index];
        let html = format!("{}#pullrequestreview-{}", self.thread_url(repo, number), review.id);
        let pull = self.api(repo, &format!("/pulls/{number}"));
        fill(
            "pull-request-review",
            json!({
                "id": review.id,
                "node_id": Node::Review(repo, number, index).id(self),
                "user": self.render_user(review.author, "simple-user"),
                "body": review.body,
                "state": review.state,
                "html_url": html,
                "pull_request_url": pull,
                "_links": {"html": {"href": html}, "pull_request": {"href": pull}},
                "submitted_at": stamp(review.submitted),
                "commit_id": review.commit.to_string(),
                "author_association": self.association(review.author, repo),
            }),
        )
    }

    fn parents(&self, repo: usize, parents: &[Oid]) -> Vec<Value> {
        let full = self.full_name(repo);
        let parent = |oid: &Oid| {
            json!({
                "sha": oid.to_string(),
                "url": self.api(repo, &format!("/commits/{oid}")),
                "html_url": format!("{}/{full}/commit/{oid}", self.server),
            })
        };
        parents.iter().map(parent).collect()
    }

    /// A commit as git has it.
    pub fn render_git_commit(&self, repo: usize, oid: Oid) -> Value {
        let commit = self.git(repo).commit(oid).unwrap();
        fill(
            "git-commit",
            json!({
                "sha": oid.to_string(),
                "node_id": Node::Object(repo, ObjectType::Commit, oid).id(self),
                "url": self.api(repo, &format!("/git/commits/{oid}")),
                "html_url": format!("{}/{}/commit/{oid}", self.server, self.full_name(repo)),
                "author": person(&commit.author),
                "committer": person(&commit.committer),
                "message": commit.message,
                "tree": {
                    "sha": commit.tree.to_string(),
                    "url": self.api(repo, &format!("/git/trees/{}", commit.tree)),
                },
                "parents": self.parents(repo, &commit.parents),
                "verification": unsigned(),
            }),
        )
    }

    /// A commit as GitHub knows it.
    pub fn render_commit(&self, repo: usize, oid: Oid) -> Value {
        let commit = self.git(repo).commit(oid).unwrap();
        let url = self.api(repo, &format!("/commits/{oid}"));
        let account = |by: &Signature| {
            let login = by.email.strip_suffix("@users.noreply.github.com").and_then(|it| it.split_once('+'));
            login.and_then(|(_, login)| self.account(login)).map(|account| self.render_user(account, "simple-user"))
        };
        fill(
            "commit",
            json!({
                "sha": oid.to_string(),
                "node_id": Node::Object(repo, ObjectType::Commit, oid).id(self),
                "url": url,
                "html_url": format!("{}/{}/commit/{oid}", self.server, self.full_name(repo)),
                "comments_url": format!("{url}/comments"),
                "commit": {
                    "url": self.api(repo, &format!("/git/commits/{oid}")),
                    "author": person(&commit.author),
                    "committer": person(&commit.committer),
                    "message": commit.message,
                    "comment_count": 0,
                    "tree": {
                        "sha": commit.tree.to_string(),
                        "url": self.api(repo, &format!("/git/trees/{}", commit.tree)),
                    },
                    "verification": unsigned(),
                },
                "author": account(&commit.author),
                "committer": account(&commit.committer),
                "parents": self.parents(repo, &commit.parents),
            }),
        )
    }

    pub fn render_change(&self, repo: usize, commit: Oid, change: &Change) -> Value {
        let full = self.full_name(repo);
        let status = match change.kind {
            "DELETED" => "removed".to_owned(),
            kind => kind.to_lowercase(),
        };
        let mut known = json!({
            "sha": change.oid.to_string(),
            "filename": change.path,
            "status": status,
            "additions": change.additions,
            "deletions": change.deletions,
            "changes": change.additions + change.deletions,
            "blob_url": format!("{}/{full}/blob/{commit}/{}", self.server, change.path),
            "raw_url": format!("{}/{full}/raw/{commit}/{}", self.server, change.path),
            "contents_url": self.api(repo, &format!("/contents/{}?ref={commit}", change.path)),
        });
        if !change.patch.is_empty() {
            known["patch"] = json!(change.patch);
        }
        if let Some(previous) = &change.previous {
            known["previous_filename"] = json!(previous);
        }
        known
    }
}

fn person(by: &Signature) -> Value {
    json!({"name": by.name, "email": by.email, "date": stamp(by.seconds)})
}

fn unsigned() -> Value {
    json!({"verified": false, "reason": "unsigned", "signature": null, "payload": null, "verified_at": null})
}
