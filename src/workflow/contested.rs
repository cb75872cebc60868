//! Several proposals that ask for one thing under one name: which one a command means.

use std::cell::Cell;

use super::counting::{Wish, count};
use super::lookup::find;
use super::possible::Finding;
use crate::domain::program::github::Numbered;
use crate::domain::{HttpLink, Login, Program, Slug, Subject, Time, text};
use crate::error::{Error, Result};
use crate::forge::Forge;
use crate::registry::{Partner, Proposal, Snapshot, is_exit};
use crate::session::Context;

// A comment of its own would become the text of the commands that it is part of.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Which {
    /// Which pull request, where several propose something about it
    #[arg(long, value_name = "NUMBER", value_parser = crate::session::numbered, conflicts_with = "branch")]
    pull_request: Option<Numbered>,
    /// Which one by its branch, where several propose something about it
    #[arg(long, value_name = "BRANCH")]
    branch: Option<String>,
}

impl Which {
    /// The one that is shown.
    #[must_use]
    pub fn this(proposal: &Proposal) -> Self {
        Self { pull_request: None, branch: Some(proposal.branch.clone()) }
    }

    #[must_use]
    pub const fn is_named(&self) -> bool {
        self.pull_request.is_some() || self.branch.is_some()
    }

    /// Those of several that it names.
    fn named(&self, ctx: &Context, forge: &dyn Forge, open: Vec<Proposal>) -> Result<Vec<Proposal>> {
        let wanted = self.pull_request.as_ref().map(|named| ctx.pull_number(named)).transpose()?;
        let is_it = |p: &Proposal| match wanted {
            Some(wanted) => number(forge, p) == Some(wanted),
            None => self.branch.as_ref().is_some_and(|branch| *branch == p.branch),
        };
        Ok(open.into_iter().filter(is_it).collect())
    }

    /// That nothing open has what was said for a name.
    fn refusal(&self, slug: &Slug) -> Error {
        let what = match (&self.branch, &self.pull_request) {
            (Some(branch), _) => tr!("the branch {branch}", branch = text::quote(branch)),
            (None, named) => tr!("pull request #{number}", number = named.as_ref().map_or(0, |named| named.number)),
        };
        Error::refused(tr!("{what} proposes nothing about {slug}", what, slug))
            .hint(tr!("karmada-partner review tells what waits"))
    }
}

/// The number of a proposal's pull request.
pub fn number(forge: &dyn Forge, proposal: &Proposal) -> Option<u64> {
    pull_number(&forge.link(proposal)?)
}

/// The number of the pull request at an address.
pub fn pull_number(link: &HttpLink) -> Option<u64> {
    link.as_str().rsplit_once("/pull/")?.1.parse().ok()
}

/// How a command finds what it is about.
pub struct Choosing<'a> {
    pub ctx: &'a Context,
    pub forge: &'a dyn Forge,
    which: &'a Which,
    /// Whether it is to be turned down: what speaks for one of several says nothing of which one is not wanted.
    against: bool,
    /// Whether those that weren't chosen are told already: plans are made anew.
    told: Cell<bool>,
}

impl std::fmt::Debug for Choosing<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Choosing").field("which", self.which).finish_non_exhaustive()
    }
}

impl<'a> Choosing<'a> {
    #[must_use]
    pub const fn new(ctx: &'a Context, forge: &'a dyn Forge, which: &'a Which) -> Self {
        Self { ctx, forge, which, against: false, told: Cell::new(false) }
    }

    /// The same for who is against what is found.
    #[must_use]
    pub const fn against(self, against: bool) -> Self {
        Self { against, ..self }
    }

    /// What is found, for what can be done about it.
    #[must_use]
    pub const fn finding<'b>(
        &'b self,
        snapshot: &'b Snapshot<'b>,
        partner: &'b Partner,
        open: &'b [Proposal],
    ) -> Finding<'b> {
        Finding { ctx: self.ctx, forge: self.forge, snapshot, partner, open }
    }

    /// The partner that a command names, with what is open about it: one of a kind.
    ///
    /// # Errors
    /// When there is nobody of that name, nobody could tell which of several proposals is meant, or none is the one that was
    /// named.
    pub fn find(&self, snapshot: &Snapshot<'_>, slug: &Slug) -> Result<(Partner, Vec<Proposal>)> {
        let (partner, open) = self.find_or_done(snapshot, slug)?;
        self.must_be_open(slug, &open)?;
        Ok((partner, open))
    }

    /// The same, where nothing may be open any more, as it was decided before.
    ///
    /// # Errors
    /// As [`Choosing::find`], but for that.
    pub fn find_or_done(&self, snapshot: &Snapshot<'_>, slug: &Slug) -> Result<(Partner, Vec<Proposal>)> {
        let (partner, open) = find(snapshot, slug)?;
        Ok((partner, self.one_of_each(snapshot, slug, open)?))
    }

    /// Refuses a name of a proposal where nothing is open.
    pub fn must_be_open(&self, slug: &Slug, open: &[Proposal]) -> Result<()> {
        if self.which.is_named() && open.is_empty() { Err(self.which.refusal(slug)) } else { Ok(()) }
    }

    /// The same for somebody whose own proposal goes before others'.
    ///
    /// # Errors
    /// As [`Choosing::find_or_done`].
    pub fn find_own(&self, snapshot: &Snapshot<'_>, slug: &Slug, who: &Login) -> Result<(Partner, Vec<Proposal>)> {
        let (partner, mut open) = find(snapshot, slug)?;
        let theirs = |p: &Proposal| p.subject == Subject::Application && is_of(p, who);
        if !self.which.is_named() && open.iter().any(theirs) {
            open.retain(|p| p.subject != Subject::Application || theirs(p));
        }
        Ok((partner, self.one_of_each(snapshot, slug, open)?))
    }

    /// The exit that is open, if one is.
    ///
    /// # Errors
    /// As [`Choosing::find`].
    pub fn exit(&self, snapshot: &Snapshot<'_>, slug: &Slug) -> Result<Option<Proposal>> {
        let open = snapshot.open(slug, Subject::Exit)?;
        self.must_be_open(slug, &open)?;
        Ok(self.one_of_each(snapshot, slug, open)?.into_iter().next())
    }

    /// Of what is open about a partner, one of a kind: what was named, else the only one with votes that count, if some are in
    /// favor, else the only one. A vote against one must not make it the one that the next is in favor of. Votes never move from one to another.
    fn one_of_each(&self, snapshot: &Snapshot<'_>, slug: &Slug, open: Vec<Proposal>) -> Result<Vec<Proposal>> {
        let Self { ctx, forge, which, against, told } = self;
        if which.is_named() && !open.is_empty() {
            let named = which.named(ctx, *forge, open)?;
            return if named.is_empty() { Err(which.refusal(slug)) } else { Ok(named) };
        }
        if open.len() < 2 {
            return Ok(open);
        }
        let program = snapshot.program()?;
        let (exits, others): (Vec<_>, Vec<_>) = open.into_iter().partition(|p| is_exit(&p.branch));
        let mut chosen = Vec::new();
        for mut alike in [others, exits] {
            // On what has lapsed nobody decides: beside another it isn't meant.
            if alike.iter().any(|p| !p.lapsed) {
                alike.retain(|p| !p.lapsed);
            }
            let tallies: Vec<_> = alike.iter().map(|p| count(&program, p, &p.votes, Wish::Grant)).collect();
            let voted: Vec<usize> = (0..alike.len()).filter(|at| !tallies[*at].counted_hashes().is_empty()).collect();
            let at = match (voted.as_slice(), alike.len()) {
                (_, 0) => continue,
                (_, 1) => 0,
                ([at], _) if !*against && tallies[*at].in_favor > 0 => *at,
                _ => return Err(refusal(*forge, &program, slug, &alike)),
            };
            drop(tallies);
            chosen.push(alike.remove(at));
            for other in alike.iter().filter(|_| !told.get()) {
                ctx.ui.warn(&tr!(
                    "not this one, which asks under the same name: {other}",
                    other = in_words(*forge, &program, other)
                ));
            }
        }
        told.set(true);
        Ok(chosen)
    }
}

/// Nobody votes or decides on one of several proposals without saying which.
fn refusal(forge: &dyn Forge, program: &Program, slug: &Slug, alike: &[Proposal]) -> Error {
    let listed: String = alike.iter().map(|p| format!("\n  {}", in_words(forge, program, p))).collect();
    let numbered = alike.iter().all(|p| number(forge, p).is_some());
    let flag = if numbered { "--pull-request NUMBER" } else { "--branch BRANCH" };
    let refused = Error::refused(tr!("several propose something about {slug}:{listed}", slug, listed))
        .hint(tr!("say which one is meant with {flag}", flag));
    match alike.iter().any(|p| p.subject == Subject::Application) {
        true => refused.hint(tr!(
            "approve one, and the others can only be closed; reject one, and the others have to apply again"
        )),
        false => refused,
    }
}

/// Which one it is, who proposes what, since when, and how many votes on it count.
fn in_words(forge: &dyn Forge, program: &Program, proposal: &Proposal) -> String {
    let tally = count(program, proposal, &proposal.votes, Wish::Grant);
    let label = label(forge, proposal);
    let (ayes, nays) = (tally.in_favor, tally.against);
    text::visible(&tr!(
        "{label}: {proposal}; votes that count: {ayes} in favor, {nays} against",
        label,
        proposal = claim(proposal),
        ayes,
        nays
    ))
}

/// What tells a proposal from others under its name: its pull request, or its branch.
#[must_use]
pub fn label(forge: &dyn Forge, proposal: &Proposal) -> String {
    match (number(forge, proposal), forge.link(proposal)) {
        (Some(number), Some(link)) => format!("#{number} {link}"),
        _ => proposal.branch.clone(),
    }
}

/// Who proposes what, since when.
#[must_use]
pub fn claim(proposal: &Proposal) -> String {
    let (name, subject) = (proposal.name(), proposal.subject.told());
    let what = match proposal.record() {
        Some(record) => tr!("{subject}, {website}", subject, website = record.website),
        None => subject.to_owned(),
    };
    match (proposal.opener(), proposal.since().map(Time::date)) {
        (Some(by), Some(since)) => tr!("{name} ({what}) by {by}, since {since}", name, what, by, since),
        (Some(by), None) => tr!("{name} ({what}) by {by}", name, what, by),
        (None, Some(since)) => tr!("{name} ({what}), since {since}", name, what, since),
        (None, None) => format!("{name} ({what})"),
    }
}

/// Whether somebody speaks for a proposal: opened it, or is whom it is for.
#[must_use]
pub fn is_of(proposal: &Proposal, who: &Login) -> bool {
    proposal.is_opened_by(who) || proposal.relation().is_contact(who)
}
