//! What GitHub closes by itself: issues that a pull request or a commit says it fixes, once that is on the default branch.

use super::world::{Permission, World};

impl World {
    /// Closes what the commits say they fix that came to the default branch since this was last done.
    pub fn close_by_commits(&mut self, repo: usize, by: usize) {
        let it = &self.repos[repo];
        if it.deleted || it.threads.values().all(|thread| !thread.open || thread.pull.is_some()) {
            return;
        }
        let git = self.git(repo);
        let Some(tip) = git.branch(&it.default_branch) else { return };
        let Some(before) = self.repos[repo].closed_up_to.replace(tip).filter(|before| *before != tip) else { return };
        for oid in git.between(before, tip) {
            let message = git.commit(oid).map(|commit| commit.message).unwrap_or_default();
            for (other, fixed) in self.issues_in(repo, &message) {
                // In another repository whoever pushes must be one who could close it by hand.
                let may = other == repo || self.permission(by, other) >= Some(Permission::Triage);
                if may && self.thread(other, fixed).open {
                    self.close(other, fixed, Some("COMPLETED"));
                    self.thread_mut(other, fixed).closer = (Some(by), None);
                }
            }
        }
    }

    /// Closes what a merged pull request says it fixes.
    pub fn close_fixed(&mut self, repo: usize, number: u64) {
        for (other, fixed) in self.fixes(repo, number) {
            if self.thread(other, fixed).open {
                self.close(other, fixed, Some("COMPLETED"));
                let by = self.pull(repo, number).and_then(|pull| pull.merged.as_ref()).map(|merged| merged.by);
                self.thread_mut(other, fixed).closer = (by, Some((repo, number)));
            }
        }
    }

    /// The issues that a pull request into the default branch says it fixes.
    pub fn fixes(&self, repo: usize, number: u64) -> Vec<(usize, u64)> {
        let thread = self.thread(repo, number);
        if thread.pull.as_ref().is_none_or(|pull| pull.base != self.repos[repo].default_branch) {
            return Vec::new();
        }
        self.issues_in(repo, &prose(&thread.body))
    }

    /// The issues that a text says it fixes.
    fn issues_in(&self, repo: usize, text: &str) -> Vec<(usize, u64)> {
        let mut found = Vec::new();
        for (name, fixed) in closing(text, super::world::PAGES) {
            let other = match name.split_once('/') {
                Some((owner, name)) => self.repo_named(owner, name).or_else(|| self.redirect(owner, name)),
                None => Some(repo),
            };
            let Some(other) = other else { continue };
            let is_issue = self.repos[other].threads.get(&fixed).is_some_and(|thread| thread.pull.is_none());
            if is_issue && !found.contains(&(other, fixed)) {
                found.push((other, fixed));
            }
        }
        found
    }
}

/// A text without its code: what stands there means nothing to GitHub. Commits' messages have none.
fn prose(text: &str) -> String {
    let ticks = |text: &str| text.len() - text.trim_start_matches('`').len();
    let mut out = String::new();
    let mut rest = text;
    while let Some(begin) = rest.find('`') {
        out.push_str(&rest[..begin]);
        let (fence, inside) = rest[begin..].split_at(ticks(&rest[begin..]));
        // It ends at as many of them; where there are none, they stand for themselves.
        let mut at = 0;
        rest = loop {
            let Some(found) = inside[at..].find('`').map(|found| at + found) else { break inside };
            let run = ticks(&inside[found..]);
            at = found + run;
            if run == fence.len() {
                out.push(' ');
                break &inside[at..];
            }
        };
    }
    out + rest
}

/// Each `Fixes #1` of a text, with the repository if it is named.
fn closing(text: &str, server: &str) -> Vec<(String, u64)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut found = Vec::new();
    for pair in words.windows(2) {
        let keyword = pair[0].trim_start_matches(|c: char| !c.is_alphanumeric()).trim_end_matches(':').to_lowercase();
        let keywords = ["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"];
        if !keywords.contains(&keyword.as_str()) {
            continue;
        }
        let target = pair[1].trim_end_matches(|c: char| !c.is_alphanumeric());
        let target =
            target.strip_prefix(&format!("{server}/")).map_or(target.to_owned(), |it| it.replace("/issues/", "#"));
        if let Some((name, number)) = target.split_once('#')
            && let Ok(number) = number.parse()
        {
            found.push((name.to_owned(), number));
        }
    }
    found
}
