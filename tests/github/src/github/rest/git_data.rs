//! Git's refs and objects.

use git2::{ObjectType, Oid};
use serde_json::{Value, json};

use super::super::access::{Area, Need};
use super::super::failure::Failure;
use super::super::git::{Edit, Entry, Git, Signature};
use super::super::graphql::Node;
use super::super::settling::Made;
use super::super::text::{base64_lines, parse_stamp, unbase64};
use super::{Answer, Answered, Call};

impl Call<'_> {
    pub fn git_data(&mut self) -> Answered {
        let need = if self.operation.id.starts_with("git/get") { Need::Read } else { Need::Push };
        if need == Need::Push {
            self.world.is_granted(&self.somebody()?, Area::Contents)?;
        }
        let repo = self.repo(need)?;
        if self.world.git(repo).refs().is_empty() {
            return Err(Failure::new(409, "UNPROCESSABLE", "Git Repository is empty."));
        }
        if self.operation.id.starts_with("git/create") {
            self.world.must_see(repo, Made::Fork, Failure::not_found)?;
        }
        match self.operation.id {
            "git/get-ref" => {
                let name = format!("refs/{}", self.path("ref"));
                self.world.must_see(repo, Made::Ref(name.clone()), Failure::not_found)?;
                let oid = self.world.git(repo).get(&name).ok_or_else(Failure::not_found)?;
                Ok(Answer::json(200, self.render_ref(repo, &name, oid)))
            }
            "git/create-ref" => {
                let oid = self.oid("sha")?;
                let (actor, name) = (self.somebody()?, self.text("ref").unwrap_or_default().to_owned());
                self.world.create_ref(&actor, repo, &name, oid)?;
                Ok(created(self.render_ref(repo, &name, oid)))
            }
            "git/update-ref" => {
                let oid = self.oid("sha")?;
                let (actor, name) = (self.somebody()?, format!("refs/{}", self.path("ref")));
                self.world.update_ref(&actor, repo, &name, oid, self.body["force"] == true)?;
                Ok(Answer::json(200, self.render_ref(repo, &name, oid)))
            }
            "git/delete-ref" => {
                let (actor, name) = (self.somebody()?, format!("refs/{}", self.path("ref")));
                self.world.delete_ref(&actor, repo, &name)?;
                Ok(Answer::nothing(204))
            }
            "git/create-blob" => self.create_blob(repo),
            "git/get-blob" => self.get_blob(repo),
            "git/create-tree" => self.create_tree(repo),
            "git/get-tree" => self.get_tree(repo),
            "git/create-commit" => self.create_commit(repo),
            "git/get-commit" => {
                let oid = self.object_of_path(repo, "commit_sha", ObjectType::Commit)?;
                Ok(Answer::json(200, self.world.render_git_commit(repo, oid)))
            }
            other => Err(Failure::refused(format!("DOUBLE: {other} isn't there yet"))),
        }
    }

    /// An object's id in the body.
    fn oid(&self, name: &str) -> Result<Oid, Failure> {
        let text = self.text(name).unwrap_or_default();
        let said = format!("The {name} parameter must be exactly 40 characters and contain only [0-9a-f].");
        full_oid(text).ok_or_else(|| Failure::refused(said))
    }

    fn object_of_path(&self, repo: usize, name: &str, kind: ObjectType) -> Result<Oid, Failure> {
        let oid = full_oid(self.path(name)).ok_or_else(Failure::not_found)?;
        if self.world.git(repo).kind(oid) == Some(kind) { Ok(oid) } else { Err(Failure::not_found()) }
    }

    fn render_ref(&self, repo: usize, name: &str, oid: Oid) -> Value {
        let kind = self.world.git(repo).kind(oid).unwrap_or(ObjectType::Commit);
        json!({
            "ref": name,
            "node_id": Node::Ref(repo, name.to_owned()).id(self.world),
            "url": self.world.api(repo, &format!("/git/{name}")),
            "object": {
                "type": kind.str(),
                "sha": oid.to_string(),
                "url": self.world.api(repo, &format!("/git/{}s/{oid}", kind.str())),
            },
        })
    }

    fn make(&mut self, repo: usize, oid: Oid) {
        self.world.tick();
        self.world.repos[repo].made.insert(oid);
        self.world.settles(repo, Made::Object(oid));
    }

    fn create_blob(&mut self, repo: usize) -> Answered {
        let content = self.text("content").unwrap_or_default();
        let bytes = match self.text("encoding") {
            Some("base64") => unbase64(content).ok_or_else(|| Failure::refused("content is not valid Base64"))?,
            None | Some("utf-8") => content.as_bytes().to_vec(),
            Some(_) => return Err(Failure::field("Blob", "encoding", "invalid")),
        };
        let oid = self.world.git(repo).write(ObjectType::Blob, &bytes);
        self.make(repo, oid);
        let url = self.world.api(repo, &format!("/git/blobs/{oid}"));
        Ok(created(json!({"sha": oid.to_string(), "url": url})))
    }

    fn get_blob(&self, repo: usize) -> Answered {
        let oid = self.object_of_path(repo, "file_sha", ObjectType::Blob)?;
        let bytes = self.world.git(repo).blob(oid).unwrap();
        if self.accept.contains("raw") {
            return Ok(Answer { body: super::Body::Raw("application/vnd.github.raw", bytes), ..Answer::nothing(200) });
        }
        let blob = json!({
            "sha": oid.to_string(),
            "node_id": Node::Object(repo, ObjectType::Blob, oid).id(self.world),
            "size": bytes.len(),
            "url": self.world.api(repo, &format!("/git/blobs/{oid}")),
            "content": base64_lines(&bytes),
            "encoding": "base64",
        });
        Ok(Answer::json(200, blob))
    }

    fn create_tree(&mut self, repo: usize) -> Answered {
        let git = self.world.git(repo);
        let base = match self.text("base_tree") {
            None => None,
            Some(text) => Some(
                full_oid(text)
                    .and_then(|_| tree_of(&git, text))
                    .filter(|oid| self.world.has_object(repo, *oid))
                    .ok_or_else(|| Failure::refused("base_tree is not a valid tree oid"))?,
            ),
        };
        let entries = self.body["tree"].as_array().cloned().unwrap_or_default();
        if entries.is_empty() {
            return Err(Failure::refused("Invalid tree info"));
        }
        let mut edits = Vec::new();
        for entry in &entries {
            edits.push(self.tree_edit(repo, &git, entry)?);
        }
        let refused = || Failure::refused("GitRPC::BadObjectState");
        let oid = git.write_tree(base, &edits).ok_or_else(refused)?;
        self.make(repo, oid);
        let tree = self.render_tree(repo, oid, git.tree(oid).unwrap_or_default());
        Ok(created(tree))
    }

    fn tree_edit(&mut self, repo: usize, git: &Git, entry: &Value) -> Result<Edit, Failure> {
        let path = entry["path"].as_str().unwrap_or_default();
        let is_bad = |part: &str| matches!(part, "" | "." | "..") || part.eq_ignore_ascii_case(".git");
        if path.split('/').any(is_bad) {
            return Err(Failure::refused("tree.path contains a malformed path component"));
        }
        if entry.get("sha").is_some_and(Value::is_null) {
            return Ok((path.to_owned(), None));
        }
        let mode = entry["mode"].as_str().unwrap_or("100644");
        let bits = i32::from_str_radix(mode, 8).unwrap_or_default();
        let kind = match mode {
            "040000" => ObjectType::Tree,
            "160000" => ObjectType::Commit,
            _ => ObjectType::Blob,
        };
        if entry["type"].as_str().is_some_and(|ty| ty != kind.str()) {
            return Err(Failure::refused(format!("tree.mode {mode} does not match the type {}", entry["type"])));
        }
        let oid = match (entry["sha"].as_str(), entry["content"].as_str()) {
            (Some(_), Some(_)) => {
                return Err(Failure::refused("Must supply either tree.sha or tree.content, not both"));
            }
            (None, Some(content)) => git.write(ObjectType::Blob, content.as_bytes()),
            (Some(sha), None) => {
                let said = || Failure::refused(format!("tree.sha {sha} is not a valid {}", kind.str()));
                let oid = full_oid(sha).ok_or_else(said)?;
                let seen = self.world.sees_made(repo, Made::Object(oid));
                let there = seen
                    && (kind == ObjectType::Commit || git.kind(oid) == Some(kind) && self.world.has_object(repo, oid));
                if !there {
                    return Err(said());
                }
                oid
            }
            (None, None) => return Err(Failure::refused("Must supply tree.sha or tree.content")),
        };
        Ok((path.to_owned(), Some((bits, oid))))
    }

    fn render_tree(&self, repo: usize, oid: Oid, entries: Vec<Entry>) -> Value {
        let git = self.world.git(repo);
        let entry = |entry: Entry| {
            let mut shown = json!({
                "path": entry.name,
                "mode": format!("{:06o}", entry.mode),
                "type": entry.kind.str(),
                "sha": entry.oid.to_string(),
                "url": self.world.api(repo, &format!("/git/{}s/{}", entry.kind.str(), entry.oid)),
            });
            if entry.kind == ObjectType::Blob {
                shown["size"] = json!(git.size(entry.oid));
            }
            shown
        };
        json!({
            "sha": oid.to_string(),
            "url": self.world.api(repo, &format!("/git/trees/{oid}")),
            "tree": entries.into_iter().map(entry).collect::<Vec<_>>(),
            "truncated": false,
        })
    }

    fn get_tree(&self, repo: usize) -> Answered {
        let git = self.world.git(repo);
        let oid = tree_of(&git, self.path("tree_sha")).ok_or_else(Failure::not_found)?;
        let mut entries = Vec::new();
        list(&git, oid, "", self.param("recursive").is_some(), &mut entries);
        Ok(Answer::json(200, self.render_tree(repo, oid, entries)))
    }

    fn create_commit(&mut self, repo: usize) -> Answered {
        let actor = self.somebody()?;
        let git = self.world.git(repo);
        let tree = self.oid("tree")?;
        let no_tree = || Failure::refused("Tree SHA does not exist");
        if git.kind(tree) != Some(ObjectType::Tree) || !self.world.has_object(repo, tree) {
            return Err(no_tree());
        }
        self.world.must_see(repo, Made::Object(tree), no_tree)?;
        let mut parents = Vec::new();
        for parent in self.body["parents"].as_array().into_iter().flatten() {
            let said = || Failure::refused("Parent SHA does not exist or is not a commit object");
            let oid = parent.as_str().and_then(full_oid).filter(|oid| git.kind(*oid) == Some(ObjectType::Commit));
            let oid = oid.filter(|oid| self.world.has_object(repo, *oid));
            parents.push(oid.ok_or_else(said)?);
        }
        let now = self.world.tick();
        let author = match self.body["author"].as_object() {
            Some(_) => person(&self.body["author"], None, now)?,
            None => self.world.signature(actor.user, now),
        };
        let committer = match self.body["committer"].as_object() {
            Some(_) => person(&self.body["committer"], Some(&author), now)?,
            None => author.clone(),
        };
        let message = self.text("message").unwrap_or_default();
        let message = if self.world.habits.trims_messages { message.trim_end() } else { message };
        let oid = git.write_commit(message, tree, &parents, [&author, &committer], self.text("signature"));
        self.make(repo, oid);
        Ok(created(self.world.render_git_commit(repo, oid)))
    }
}

fn created(value: Value) -> Answer {
    let url = value["url"].as_str().unwrap_or_default().to_owned();
    Answer::json(201, value).with("location", url)
}

/// A complete object id.
pub fn full_oid(text: &str) -> Option<Oid> {
    if text.len() == 40 { Oid::from_str(text).ok() } else { None }
}

/// The tree of a tree's id, a commit's id, or a branch.
fn tree_of(git: &Git, text: &str) -> Option<Oid> {
    if let Some(oid) = full_oid(text).filter(|oid| git.kind(*oid) == Some(ObjectType::Tree)) {
        return Some(oid);
    }
    git.commit_of(text).map(|commit| commit.tree)
}

fn list(git: &Git, tree: Oid, prefix: &str, recursive: bool, into: &mut Vec<Entry>) {
    for mut entry in git.tree(tree).unwrap_or_default() {
        entry.name = format!("{prefix}{}", entry.name);
        let below = (recursive && entry.kind == ObjectType::Tree).then(|| (entry.oid, format!("{}/", entry.name)));
        into.push(entry);
        if let Some((oid, prefix)) = below {
            list(git, oid, &prefix, true, into);
        }
    }
}

fn person(given: &Value, default: Option<&Signature>, now: i64) -> Result<Signature, Failure> {
    let text =
        |name: &str, default: Option<&String>| given[name].as_str().or(default.map(String::as_str)).map(str::to_owned);
    let name = text("name", default.map(|it| &it.name)).unwrap_or_default();
    let email = text("email", default.map(|it| &it.email)).unwrap_or_default();
    let (seconds, offset) = match given["date"].as_str() {
        Some(date) => parse_stamp(date).ok_or_else(|| Failure::field("Commit", "date", "invalid"))?,
        None => default.map_or((now, 0), |it| (it.seconds, it.offset)),
    };
    Ok(Signature { name, email, seconds, offset })
}
