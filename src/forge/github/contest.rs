//! Several pull requests that propose something under one name: which one a member means.

use std::collections::BTreeMap;

use super::partner_query::Pull;
use crate::domain::votes::tally;
use crate::domain::{Time, text};
use crate::error::{Error, Result};
use crate::git::{Oid, Repo};
use crate::registry::{Heads, Snapshot};

/// A pull request with a proposal that holds.
#[derive(Debug)]
pub struct Contender {
    pub pull: Pull,
    /// How many votes on it count.
    votes: usize,
    /// Who proposes what, since when, for people.
    pub words: String,
}

impl Contender {
    /// Reads what a pull request proposes; its commit stands in with its votes.
    pub fn read(repo: &Repo, main: &Heads, pull: Pull, head: Oid, now: Time) -> Result<Self> {
        let heads = Heads { proposals: vec![(pull.head_ref_name.clone(), head)], ..main.clone() };
        let snapshot = Snapshot::new(repo, heads, now)?;
        let (open, _) = snapshot.on_branches()?;
        let mut words = format!("#{} {}", pull.number, pull.url);
        let mut votes = 0;
        if let Some(proposal) = open.first() {
            let program = snapshot.program()?;
            let on = proposal.question(&proposal.votes);
            let (decision, rule) = tally::rule_for(&program, true, on);
            votes = tally::tally(&program, &rule, decision, &proposal.votes, on).counted_hashes().len();
            let by = pull.by().map(|by| format!(" by {by}")).unwrap_or_default();
            let since = proposal.since().map(|t| format!(", since {}", t.date())).unwrap_or_default();
            let site = proposal.record().map(|r| format!(", {}", r.website)).unwrap_or_default();
            words +=
                &format!(": {} ({}{site}){by}{since}; votes that count: {votes}", proposal.name(), proposal.subject);
        }
        Ok(Self { pull, votes, words: text::visible(&words) })
    }
}

/// The pull requests that are taken, by branch; and what couldn't be told apart.
#[derive(Debug, Default)]
pub struct Settled {
    pub taken: BTreeMap<String, Pull>,
    /// Who else asks, a line each, of those that nobody has chosen between.
    pub contested: BTreeMap<String, Vec<String>>,
    /// What is to be told of those that weren't taken.
    pub told: Vec<String>,
}

/// Takes the one that was named, else the only one with votes that count, else the only one. Votes never move from one to
/// another.
pub fn settle(contenders: Vec<Contender>, named: Option<u64>) -> Result<Settled> {
    let mut by_branch: BTreeMap<String, Vec<Contender>> = BTreeMap::new();
    for contender in contenders {
        by_branch.entry(contender.pull.head_ref_name.clone()).or_default().push(contender);
    }
    let mut out = Settled::default();
    let mut found = named.is_none();
    for (branch, all) in by_branch {
        let by_name = all.iter().position(|c| Some(c.pull.number) == named);
        found |= by_name.is_some();
        let voted: Vec<usize> = (0..all.len()).filter(|at| all[*at].votes > 0).collect();
        let chosen = match (by_name, voted.as_slice(), all.len()) {
            (Some(at), _, _) => Some(at),
            (None, [at], _) => Some(*at),
            (None, _, 1) => Some(0),
            _ => None,
        };
        match chosen {
            None => drop(out.contested.insert(branch.clone(), all.iter().map(|c| c.words.clone()).collect())),
            Some(at) => {
                let others = all.iter().enumerate().filter(|(other, _)| *other != at);
                out.told.extend(others.map(|(_, c)| format!("{} asks under the same name, {branch}", c.pull.url)));
            }
        }
        let taken = all.into_iter().nth(chosen.unwrap_or(0)).map(|c| c.pull);
        out.taken.extend(taken.map(|pull| (branch, pull)));
    }
    match found {
        true => Ok(out),
        false => Err(Error::refused(format!("pull request #{} proposes nothing here", named.unwrap_or_default()))
            .hint("karmada-partner review tells what waits")),
    }
}
