//! What people do on the web.

use super::Handle;
use super::pulls::{Merging, Method, Proposal};
use super::threads::Change;
use super::world::{Actor, Thread, World};

impl World {
    #[track_caller]
    fn person(&self, login: &str) -> Actor {
        Actor { user: self.must_account(login), token: None }
    }

    #[track_caller]
    fn person_at(&self, login: &str, repo: &str) -> (Actor, usize) {
        (self.person(login), self.must(repo))
    }
}

impl Handle {
    /// Opens an issue. Gives its number.
    pub fn open_issue(&self, repo: &str, login: &str, title: &str, body: &str) -> u64 {
        let mut world = self.0.world();
        let (actor, repo) = world.person_at(login, repo);
        world.create_issue(&actor, repo, title, body).unwrap()
    }

    /// Closes an issue, or a pull request.
    pub fn close_issue(&self, repo: &str, number: u64, login: &str) {
        self.change(repo, number, login, Change { open: Some(false), ..Change::default() });
    }

    /// Deletes an issue, as who administers a repository can.
    pub fn delete_issue(&self, repo: &str, number: u64) {
        let mut world = self.0.world();
        let repo = world.must(repo);
        world.repos[repo].threads.remove(&number);
        world.gone.insert((repo, number), None);
    }

    /// Transfers an issue to another repository: it has another number there, and is another to whoever asks for numbers. Gives its
    /// new one.
    pub fn transfer_issue(&self, repo: &str, number: u64, to: &str) -> u64 {
        let mut world = self.0.world();
        let (repo, to) = (world.must(repo), world.must(to));
        let thread = world.repos[repo].threads.remove(&number).unwrap();
        let (id, new) = (world.new_id(), world.next_number(to));
        world.repos[to].threads.insert(new, Thread { id, number: new, ..thread });
        world.gone.insert((repo, number), Some((to, new)));
        new
    }

    /// Opens an issue or a pull request again.
    pub fn reopen(&self, repo: &str, number: u64, login: &str) {
        self.change(repo, number, login, Change { open: Some(true), ..Change::default() });
    }

    /// Changes the title and the body of an issue or a pull request.
    pub fn edit(&self, repo: &str, number: u64, login: &str, title: Option<&str>, body: Option<&str>) {
        let (title, body) = (title.map(str::to_owned), body.map(str::to_owned));
        self.change(repo, number, login, Change { title, body, ..Change::default() });
    }

    fn change(&self, repo: &str, number: u64, login: &str, change: Change) {
        let mut world = self.0.world();
        let (actor, repo) = world.person_at(login, repo);
        world.change_thread(&actor, repo, number, change).unwrap();
    }

    /// Comments on an issue or a pull request.
    pub fn comment(&self, repo: &str, number: u64, login: &str, body: &str) {
        let mut world = self.0.world();
        let (actor, repo) = world.person_at(login, repo);
        world.comment(&actor, repo, number, body).unwrap();
    }

    /// Opens a pull request from `branch` or `owner:branch`. Gives its number.
    pub fn open_pull(&self, repo: &str, login: &str, head: &str, base: &str, title: &str, body: &str) -> u64 {
        let mut world = self.0.world();
        let (actor, repo) = world.person_at(login, repo);
        let proposal = Proposal {
            title: title.to_owned(),
            body: body.to_owned(),
            base: base.to_owned(),
            head: head.to_owned(),
            head_repo: None,
            draft: false,
            maintainer_can_modify: true,
        };
        world.open_pull(&actor, repo, &proposal).unwrap()
    }

    /// Makes a pull request a draft, or ready.
    pub fn set_draft(&self, repo: &str, number: u64, draft: bool) {
        let mut world = self.0.world();
        let repo = world.must(repo);
        world.pull_mut(repo, number).draft = draft;
    }

    /// Puts a label on an issue or a pull request.
    pub fn add_label(&self, repo: &str, number: u64, login: &str, label: &str) {
        let mut world = self.0.world();
        let (actor, repo) = world.person_at(login, repo);
        world.add_labels(&actor, repo, number, vec![label.to_owned()]).unwrap();
    }

    /// Changes somebody's comment, which whoever may write there can.
    pub fn edit_comment(&self, repo: &str, number: u64, index: usize, by: &str, change: &dyn Fn(&str) -> String) {
        let mut world = self.0.world();
        let (actor, repo) = world.person_at(by, repo);
        let body = change(&world.thread(repo, number).comments[index].body);
        world.edit_comment(&actor, (repo, number, index), &body).unwrap();
    }

    /// Somebody takes their name off those that are asked for a review.
    pub fn unrequest(&self, repo: &str, number: u64, login: &str) {
        let mut world = self.0.world();
        let (user, repo) = (world.must_account(login), world.must(repo));
        world.pull_mut(repo, number).requested.retain(|asked| *asked != user);
    }

    /// Closes a pull request.
    pub fn close_pull(&self, repo: &str, number: u64, login: &str) {
        self.close_issue(repo, number, login);
    }

    /// Merges a pull request as GitHub does; of a draft “Ready for review” is pressed before. Gives the base's new commit.
    pub fn merge_pull(&self, repo: &str, number: u64, login: &str, method: Method) -> String {
        let mut world = self.0.world();
        let (actor, repo) = world.person_at(login, repo);
        world.pull_mut(repo, number).draft = false;
        let how = Merging { method, title: None, message: None, sha: None };
        world.merge(&actor, repo, number, &how).unwrap().to_string()
    }

    /// Reviews a pull request's head: `APPROVED`, `CHANGES_REQUESTED`, `COMMENTED`. Gives the review's index, from 0.
    pub fn review(&self, repo: &str, number: u64, login: &str, state: &'static str, body: &str) -> usize {
        let mut world = self.0.world();
        let (actor, repo) = world.person_at(login, repo);
        world.review(&actor, (repo, number), state, body, None).unwrap()
    }

    /// Changes a review's text; people with write access may change anybody's.
    pub fn edit_review(&self, repo: &str, number: u64, index: usize, editor: &str, body: &str) {
        let mut world = self.0.world();
        let (actor, repo) = world.person_at(editor, repo);
        let now = world.tick();
        let review = &mut world.pull_mut(repo, number).reviews[index];
        body.clone_into(&mut review.body);
        review.edited = Some((now, actor.user));
    }

    /// Dismisses a review, which keeps its text.
    pub fn dismiss_review(&self, repo: &str, number: u64, index: usize) {
        let mut world = self.0.world();
        let repo = world.must(repo);
        world.tick();
        world.pull_mut(repo, number).reviews[index].state = "DISMISSED";
    }
}
