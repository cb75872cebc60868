//! What people do with pull requests: open, review, merge.

use git2::Oid;

use super::access::{Area, Need};
use super::failure::Failure;
use super::git::{Git, Signature};
use super::settling::Made;
use super::world::{Actor, Merged, Permission, Pull, Review, TokenKind, World};

/// How a pull request is merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// With a merge commit.
    Merge,
    /// As one commit on top of the base.
    Squash,
    /// Each commit made again on top of the base.
    Rebase,
}

/// A pull request to be.
#[derive(Debug)]
pub struct Proposal {
    pub title: String,
    pub body: String,
    pub base: String,
    /// `branch` or `owner:branch`
    pub head: String,
    pub head_repo: Option<usize>,
    pub draft: bool,
    pub maintainer_can_modify: bool,
}

/// A merge to be.
#[derive(Debug)]
pub struct Merging<'a> {
    pub method: Method,
    pub title: Option<&'a str>,
    pub message: Option<&'a str>,
    pub sha: Option<&'a str>,
}

impl World {
    pub fn open_pull(&mut self, actor: &Actor, repo: usize, proposal: &Proposal) -> Result<u64, Failure> {
        self.may(Some(actor), repo, Need::Interact)?;
        self.is_granted(actor, Area::PullRequests)?;
        if matches!(actor.token, Some(TokenKind::Actions { .. })) && !self.workflows_may_propose {
            let said = "GitHub Actions is not permitted to create or approve pull requests.";
            return Err(Failure::forbidden(said));
        }
        if proposal.title.trim().is_empty() {
            return Err(Failure::field("PullRequest", "title", "missing_field").in_graphql("Title can't be blank"));
        }
        let (head_repo, branch) = self.find_head(repo, proposal)?;
        let (git, base) = (self.git(repo), &proposal.base);
        let missing = |field: &str, words: &str| {
            let said = format!("{words} sha can't be blank, No commits between {base} and {branch}");
            Failure::field("PullRequest", field, "invalid").in_graphql(said)
        };
        let seen = self.sees_made(head_repo, Made::Ref(format!("refs/heads/{branch}")));
        let head_oid = self.git(head_repo).branch(&branch).filter(|_| seen).ok_or_else(|| missing("head", "Head"))?;
        let base_oid = git.branch(base).ok_or_else(|| missing("base", "Base"))?;
        // Nobody may propose what others are still working on in their own repositories.
        if head_repo != repo {
            self.may(Some(actor), head_repo, Need::Push)?;
        }
        let owner = self.repos[head_repo].owner;
        let label = format!("{}:{branch}", self.login(owner));
        let same = |pull: &Pull| pull.head_repo == head_repo && pull.head == branch && pull.base == *base;
        if self.repos[repo].threads.values().any(|it| it.open && it.pull.as_ref().is_some_and(same)) {
            return Err(Failure::invalid("PullRequest", format!("A pull request already exists for {label}.")));
        }
        if git.contains(base_oid, head_oid) {
            let said = match head_repo == repo {
                true => format!("No commits between {base} and {branch}"),
                false => format!("No commits between {}:{base} and {label}", self.login(self.repos[repo].owner)),
            };
            return Err(Failure::invalid("PullRequest", said));
        }
        if git.merge_base(base_oid, head_oid).is_none() {
            let said = format!("The {base} branch has no history in common with {label}");
            return Err(Failure::invalid("PullRequest", said));
        }
        self.may_be_draft(repo, proposal.draft)?;
        let mut thread = self.new_thread(repo, actor.user, &proposal.title, &proposal.body);
        thread.pull = Some(Pull {
            base: base.clone(),
            base_oid,
            head_repo,
            head_owner: owner,
            head: branch,
            head_oid,
            draft: proposal.draft,
            maintainer_can_modify: proposal.maintainer_can_modify && head_repo != repo,
            merged: None,
            reviews: Vec::new(),
            requested: Vec::new(),
            asks: Vec::new(),
        });
        let number = thread.number;
        git.set(&format!("refs/pull/{number}/head"), head_oid);
        self.repos[repo].threads.insert(number, thread);
        Ok(number)
    }

    fn find_head(&self, repo: usize, proposal: &Proposal) -> Result<(usize, String), Failure> {
        let invalid = || Failure::field("PullRequest", "head", "invalid").in_graphql("Head sha can't be blank");
        let (owner, branch) =
            proposal.head.split_once(':').map_or((None, proposal.head.as_str()), |(o, b)| (Some(o), b));
        if let Some(head_repo) = proposal.head_repo {
            return Ok((head_repo, branch.to_owned()));
        }
        let Some(owner) = owner else { return Ok((repo, branch.to_owned())) };
        let owner = self.account(owner).ok_or_else(invalid)?;
        let network = self.repos[repo].network;
        let found = self.repos.iter().position(|it| {
            it.network == network && it.owner == owner && !it.deleted && Git::open(&it.path).branch(branch).is_some()
        });
        Ok((found.ok_or_else(invalid)?, branch.to_owned()))
    }

    /// Reviews a pull request. `state` is as it will be: `APPROVED`, `CHANGES_REQUESTED`, `COMMENTED`.
    pub fn review(
        &mut self,
        actor: &Actor,
        at: (usize, u64),
        state: &'static str,
        body: &str,
        commit: Option<Oid>,
    ) -> Result<usize, Failure> {
        let (repo, number) = at;
        self.may(Some(actor), repo, Need::Interact)?;
        let pull = self.pull(repo, number).ok_or_else(Failure::not_found)?;
        self.check_lock(actor, at, || Failure::sentence("lock prevents review"))?;
        if self.thread(repo, number).author == actor.user && state != "COMMENTED" {
            let what = if state == "APPROVED" { "approve" } else { "request changes on" };
            return Err(Failure::sentence(format!("Review Can not {what} your own pull request")));
        }
        if body.trim().is_empty() && state != "APPROVED" {
            return Err(Failure::sentence("Review Body can't be blank"));
        }
        let commit = commit.unwrap_or(pull.head_oid);
        if !self.git(repo).contains(pull.head_oid, commit) {
            return Err(Failure::sentence("Review Commit is not part of the pull request"));
        }
        let (submitted, id) = (self.tick(), self.new_id());
        let review = Review { id, author: actor.user, state, body: body.to_owned(), submitted, commit, edited: None };
        self.thread_mut(repo, number).updated = submitted;
        let pull = self.pull_mut(repo, number);
        // Who was asked has answered.
        pull.requested.retain(|user| *user != actor.user);
        let reviews = &mut pull.reviews;
        reviews.push(review);
        Ok(reviews.len() - 1)
    }

    /// What a pull request would bring: its commits, oldest first.
    pub fn pull_commits(&self, repo: usize, number: u64) -> Vec<Oid> {
        let pull = self.pull(repo, number).unwrap();
        let git = self.git(repo);
        let tip = if self.thread(repo, number).open { git.branch(&pull.base) } else { None };
        git.between(tip.unwrap_or(pull.base_oid), pull.head_oid)
    }

    /// Where a pull request's changes begin.
    pub fn pull_start(&self, repo: usize, number: u64) -> Oid {
        let pull = self.pull(repo, number).unwrap();
        let git = self.git(repo);
        let tip = if self.thread(repo, number).open { git.branch(&pull.base) } else { None };
        git.merge_base(tip.unwrap_or(pull.base_oid), pull.head_oid).unwrap_or(pull.base_oid)
    }

    pub fn is_mergeable(&self, repo: usize, number: u64) -> bool {
        let pull = self.pull(repo, number).unwrap();
        let git = self.git(repo);
        git.branch(&pull.base).is_some_and(|base| git.merged_tree(base, pull.head_oid).is_some())
    }

    /// Merges a pull request. Gives the base's new commit.
    pub fn merge(&mut self, actor: &Actor, repo: usize, number: u64, how: &Merging<'_>) -> Result<Oid, Failure> {
        self.may(Some(actor), repo, Need::Read)?;
        let pull = self.pull(repo, number).ok_or_else(Failure::not_found)?;
        self.may(Some(actor), repo, Need::Push).map_err(|failure| match failure.status {
            404 => Failure::forbidden("Must have push access to merge this pull request."),
            _ => failure,
        })?;
        let cannot = |said: &str| Failure::new(405, "UNPROCESSABLE", said);
        if !self.thread(repo, number).open {
            return Err(cannot("Pull Request is not mergeable"));
        }
        if pull.draft {
            return Err(cannot("Pull Request is still a draft"));
        }
        if how.sha.is_some_and(|sha| sha != pull.head_oid.to_string()) {
            let said = "Head branch was modified. Review and try the merge again.";
            return Err(Failure::new(409, "UNPROCESSABLE", said));
        }
        let git = self.git(repo);
        let name = format!("refs/heads/{}", pull.base);
        let (base, head) = (git.get(&name).ok_or_else(|| cannot("Base branch was modified"))?, pull.head_oid);
        let now = self.tick();
        let tree = git.merged_tree(base, head).ok_or_else(|| cannot("Pull Request is not mergeable"))?;
        let (me, web) = (self.signature(actor.user, now), web_flow(now));
        let commit = match how.method {
            Method::Rebase => self.rebase(&git, base, repo, number, &me)?,
            Method::Merge => {
                git.write_commit(&self.merge_message(repo, number, how), tree, &[base, head], [&me, &web], None)
            }
            Method::Squash => {
                let author = self.signature(self.thread(repo, number).author, now);
                git.write_commit(&self.squash_message(repo, number, how), tree, &[base], [&author, &web], None)
            }
        };
        self.pull_mut(repo, number).base_oid = base;
        git.set(&name, commit);
        self.pull_mut(repo, number).merged = Some(Merged { at: now, by: actor.user, commit });
        self.close(repo, number, None);
        self.close_fixed(repo, number);
        self.sync(actor.user);
        Ok(commit)
    }

    fn rebase(&self, git: &Git, base: Oid, repo: usize, number: u64, me: &Signature) -> Result<Oid, Failure> {
        let mut tip = base;
        for oid in self.pull_commits(repo, number) {
            let commit = git.commit(oid).unwrap();
            if commit.parents.len() > 1 {
                return Err(Failure::new(405, "UNPROCESSABLE", "This branch can't be rebased"));
            }
            let tree = git.picked_tree(oid, tip);
            let tree = tree.ok_or_else(|| Failure::new(405, "UNPROCESSABLE", "This branch can't be rebased"))?;
            tip = git.write_commit(&commit.message, tree, &[tip], [&commit.author, me], None);
        }
        Ok(tip)
    }

    fn merge_message(&self, repo: usize, number: u64, how: &Merging<'_>) -> String {
        let thread = self.thread(repo, number);
        let pull = thread.pull.as_ref().unwrap();
        let from = format!("{}/{}", self.login(pull.head_owner), pull.head);
        let title = how.title.map_or_else(|| format!("Merge pull request #{number} from {from}"), str::to_owned);
        format!("{title}\n\n{}", how.message.unwrap_or(&thread.title))
    }

    fn squash_message(&self, repo: usize, number: u64, how: &Merging<'_>) -> String {
        let thread = self.thread(repo, number);
        let git = self.git(repo);
        let messages = self.pull_commits(repo, number).into_iter().map(|oid| git.commit(oid).unwrap().message);
        let messages: Vec<(String, String)> = messages
            .map(|message| {
                let (subject, body) = message.split_once('\n').unwrap_or((&message, ""));
                (subject.to_owned(), body.trim().to_owned())
            })
            .collect();
        let (title, body) = match messages.as_slice() {
            [(subject, body)] => (subject.clone(), body.clone()),
            many => {
                let item = |(subject, body): &(String, String)| format!("* {subject}\n\n{body}").trim_end().to_owned();
                (thread.title.clone(), many.iter().map(item).collect::<Vec<_>>().join("\n\n"))
            }
        };
        let title = how.title.map_or_else(|| format!("{title} (#{number})"), str::to_owned);
        let body = how.message.map_or(body, str::to_owned);
        if body.is_empty() { title } else { format!("{title}\n\n{body}") }
    }

    /// A person as GitHub's own commits name them.
    pub fn signature(&self, user: usize, seconds: i64) -> Signature {
        let account = &self.accounts[user];
        let name = account.name.clone().unwrap_or_else(|| account.login.clone());
        let email = format!("{}+{}@users.noreply.github.com", account.id, account.login);
        Signature { name, email, seconds, offset: 0 }
    }

    pub fn can_push(&self, user: usize, repo: usize) -> bool {
        self.permission(user, repo) >= Some(Permission::Write)
    }
}

/// Who commits what is done on the web.
pub fn web_flow(seconds: i64) -> Signature {
    Signature { name: "GitHub".to_owned(), email: "noreply@github.com".to_owned(), seconds, offset: 0 }
}
