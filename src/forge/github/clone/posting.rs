//! The board of a registry on GitHub: its pull requests and issues.

use super::landing::Words;
use super::{CloneForge, Watch};
use crate::domain::{Login, Program};
use crate::error::Result;
use crate::forge::Stopped;
use crate::forge::board::{Board, Comment, Ended, Issue, Label, NoProposal, Post, Put, Wish};
use crate::forge::github::announcing;
use crate::forge::github::texts::Texts;
use crate::registry::Snapshot;

impl Board for CloneForge {
    fn watch(&self, number: Option<u64>) {
        self.watching.set(number.map_or(Watch::Open, Watch::And));
        // What was read before doesn't say.
        *self.state.borrow_mut() = None;
    }

    fn watch_issues(&self) {
        self.watching.set(Watch::Issues);
        *self.state.borrow_mut() = None;
    }

    fn posts(&self, program: &Program) -> Result<Vec<Post>> {
        let unsettled = self.last(|s| s.watched.posts.clone())?;
        let mut posts: Vec<Post> = unsettled.into_iter().map(|post| post.settled(program)).collect();
        let withheld = self.withheld.borrow();
        for post in &mut posts {
            post.withheld = withheld.get(&post.number).cloned().unwrap_or_default();
        }
        Ok(posts)
    }

    fn why_none(&self, number: u64) -> Option<NoProposal> {
        self.last(|s| s.none.get(&number).cloned()).ok()?
    }

    fn texts(&self) -> Result<Texts> {
        Self::texts(self)
    }

    fn asked_lately(&self) -> Result<Vec<Login>> {
        self.last(|s| s.watched.asked.clone())
    }

    fn hold(&self, post: &Post, put: &mut Put) -> Result<()> {
        Ok(announcing::hold(&self.client, &self.present(), post, put)?)
    }

    fn ask(&self, post: &Post, whom: &[Login], put: &mut Put) -> Result<Vec<Login>> {
        Ok(announcing::ask(&self.client, &self.present(), post, whom, put)?)
    }

    fn put_up(&self, post: &Post, wish: &Wish, put: &mut Put) -> Result<()> {
        let known = self.last(|s| s.watched.labels.clone())?;
        Ok(announcing::put_up(&self.client, &self.present(), post, wish, &known, put)?)
    }

    fn bring_words_back(&self, post: &Post, on: &Snapshot<'_>, put: &mut Put) -> Result<bool> {
        let words = self.bring_words_of_taken_back(on, post).map_err(|stopped| match stopped {
            Stopped::Raced(e) => e.into(),
            Stopped::Unclear(e) | Stopped::Failed(e) => e,
        })?;
        if words == Words::BroughtBack {
            put.changed.push("title and text");
        }
        Ok(words != Words::Others)
    }

    fn take_back(&self, promised: &Comment, put: &mut Put) -> Result<()> {
        Ok(announcing::take_back(&self.client, promised, put)?)
    }

    fn close(&self, post: &Post, put: &mut Put) -> Result<()> {
        Ok(announcing::close(&self.client, &self.present(), post, put)?)
    }

    fn tell_end(&self, post: &Post, program: &Program, how: Ended, put: &mut Put) -> Result<()> {
        Ok(announcing::tell_end(&self.client, &self.present(), &Self::texts(self)?, (post, how), program, put)?)
    }

    fn make_draft(&self, post: &Post, put: &mut Put) -> Result<bool> {
        Ok(announcing::make_draft(&self.client, post, put)?)
    }

    fn issues(&self, program: &Program) -> Result<Vec<Issue>> {
        let kept = self.last(|s| s.watched.issues.clone())?;
        Ok(kept.into_iter().filter_map(|issue| issue.settled(program)).collect())
    }

    fn open_issue(&self, title: &str, body: &str, label: Label) -> Result<Option<String>> {
        Ok(announcing::open_issue(&self.client, &self.present(), title, body, label)?)
    }

    fn change_issue(&self, issue: &Issue, body: Option<&str>, open: bool) -> Result<()> {
        Ok(announcing::change_issue(&self.client, &self.present(), issue, body, open)?)
    }
}
