//! Reviews of a pull request, read as votes. The pull request's commit is shown with the votes in place, as on a plain
//! registry they stand on the branch; whatever its author put there in another's name is left out.

use std::collections::BTreeMap;

use super::fault::Fault;
use super::objects::oid;
use super::partner_query::{Pull, Review};
use crate::error::Result;
use crate::partner::event::{Attested, Ballot, Terms};
use crate::partner::{CastVote, Facts, Login, Sha256, Slug, Subject, Vote};
use crate::registry::{Heads, PARTNERS, Proposal, Snapshot, vote_name, vote_order};
use crate::repo::{Commit, Entry, Mode, Oid, Put, Repo};

/// A pull request with what is known of its content.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The pull request.
    pub pull: &'a Pull,
    /// Whose partner's it is.
    pub slug: &'a Slug,
    /// The tree of its commit, or as much as is known of it.
    pub tree: Oid,
    /// The parents of its commit, where they are known.
    pub parents: &'a [Oid],
}

/// What somebody who just clicks is taken to vote on.
struct Asked {
    round: u32,
    subject: Subject,
    facts: Facts,
    terms: Option<Terms>,
    policy: Sha256,
}

/// Shows a pull request's commit with its votes. Gives whether it reads as an open proposal. `facts_at` finds the facts
/// at an earlier commit that somebody reviewed.
pub fn show(repo: &Repo, main: &Heads, seen: Seen<'_>, facts_at: &dyn Fn(Oid) -> Option<Facts>) -> Result<bool> {
    let head = oid(&seen.pull.head_ref_oid).map_err(Fault::into_error)?;
    let stand_in = |tree| {
        repo.stand_in(Commit { oid: head, tree, parents: seen.parents.to_vec(), message: String::new() });
    };
    stand_in(with_votes(repo, main, seen, None, facts_at)?);
    let branch = seen.pull.head_ref_name.clone();
    let exit = branch.starts_with("exit/");
    let heads = Heads { proposals: vec![(branch, head)], ..main.clone() };
    let snapshot = Snapshot::new(repo, heads)?;
    let subject = if exit { Subject::Exit } else { Subject::Application };
    let Some(proposal) = snapshot.proposal(seen.slug, subject)? else { return Ok(false) };
    let Proposal { round, subject, facts, .. } = proposal;
    let terms = proposal.terms().cloned().filter(|_| subject == Subject::Exit);
    let policy = Sha256::of(&snapshot.program_bytes()?);
    let asked = Asked { round, subject, facts, terms, policy };
    stand_in(with_votes(repo, main, seen, Some(&asked), facts_at)?);
    Ok(true)
}

/// The votes of one proposal, round by round, as they are collected.
struct Votes<'r> {
    repo: &'r Repo,
    landed: Vec<Entry>,
    cast: BTreeMap<u32, Vec<CastVote>>,
    puts: Vec<(String, Put)>,
}

impl Votes<'_> {
    fn decided(&self, round: u32) -> bool {
        self.landed.iter().any(|e| e.name == round.to_string())
    }

    fn add(&mut self, vote: Vote) {
        if self.decided(vote.round) {
            return;
        }
        let block = vote.to_string().into_bytes();
        let earlier = self.cast.entry(vote.round).or_default();
        let file = vote_name(earlier, &vote.actor);
        self.puts.push((format!("{}/{file}", vote.round), Put::Bytes(block.clone())));
        earlier.push(CastVote { hash: Sha256::of(&block), vote, file });
    }

    /// What the author of the pull request wrote into it, speaking for itself.
    fn add_files(&mut self, votes: Oid, slug: &Slug, author: &Login) -> Result<()> {
        for round in self.repo.entries(votes)?.into_iter().filter(|e| e.mode == Mode::Tree) {
            let Ok(number) = round.name.parse::<u32>() else { continue };
            if self.decided(number) {
                continue;
            }
            let mut files = self.repo.entries(round.oid)?;
            files.sort_by_key(|f| vote_order(&f.name));
            for file in files.into_iter().filter(|f| f.mode == Mode::File) {
                let Ok(vote) = Vote::parse(&self.repo.blob(file.oid)?) else { continue };
                if vote.actor.is(author) && vote.partner == *slug && vote.round == number {
                    self.add(vote);
                }
            }
        }
        Ok(())
    }
}

fn with_votes(
    repo: &Repo,
    main: &Heads,
    seen: Seen<'_>,
    asked: Option<&Asked>,
    facts_at: &dyn Fn(Oid) -> Option<Facts>,
) -> Result<Oid> {
    let root = format!("{PARTNERS}/{}", seen.slug);
    if repo.at_path(seen.tree, &root)?.is_none_or(|e| e.mode != Mode::Tree) {
        return Ok(seen.tree);
    }
    let path = format!("{root}/votes");
    let votes_in = |tree: Oid| -> Result<Option<Oid>> {
        Ok(repo.at_path(tree, &path)?.filter(|e| e.mode == Mode::Tree).map(|e| e.oid))
    };
    let landed = match main.main {
        Some(commit) => votes_in(repo.commit(commit)?.tree)?.map(|v| repo.entries(v)).transpose()?.unwrap_or_default(),
        None => Vec::new(),
    };
    let kept = landed.iter().map(|e| (e.name.clone(), Put::Object(e.mode, e.oid))).collect();
    let mut votes = Votes { repo, landed, cast: BTreeMap::new(), puts: kept };
    if let (Some(own), Some(author)) = (votes_in(seen.tree)?, seen.pull.by()) {
        votes.add_files(own, seen.slug, &author)?;
    }
    for review in seen.pull.reviews() {
        if let Some(vote) = vote_of(review, seen, asked, facts_at) {
            votes.add(vote);
        }
    }
    let tree = repo.tree_with(None, &votes.puts)?;
    Ok(repo.tree_with(Some(seen.tree), &[(path, Put::Object(Mode::Tree, tree))])?)
}

/// The vote that a review is, if it is one: by the block in it, or as a plain click.
fn vote_of(
    review: &Review,
    seen: Seen<'_>,
    asked: Option<&Asked>,
    facts_at: &dyn Fn(Oid) -> Option<Facts>,
) -> Option<Vote> {
    let author: Login = review.author.as_ref()?.login.parse().ok()?;
    if matches!(review.state.as_str(), "DISMISSED" | "PENDING") {
        return None;
    }
    if let Some(block) = block_in(&review.body) {
        // Who can write to a repository can change the words of others.
        if review.editor.as_ref().is_some_and(|e| !e.login.eq_ignore_ascii_case(author.as_str())) {
            return None;
        }
        let vote = Vote::parse(block.as_bytes()).ok()?;
        let own = vote.actor.is(&author) && vote.partner == *seen.slug && vote.attested.is_none();
        return own.then_some(vote);
    }
    let asked = asked?;
    let ballot = match review.state.as_str() {
        "APPROVED" => Ballot::Approve,
        "CHANGES_REQUESTED" => Ballot::Reject,
        _ => return None,
    };
    let reviewed = &review.commit.as_ref()?.oid;
    let facts = if *reviewed == seen.pull.head_ref_oid { Some(asked.facts) } else { facts_at(reviewed.parse().ok()?) }?;
    Some(Vote {
        ballot,
        partner: seen.slug.clone(),
        round: asked.round,
        subject: asked.subject,
        actor: author,
        time: review.submitted_at.as_ref()?.parse().ok()?,
        policy: asked.policy,
        facts,
        principles: None,
        terms: asked.terms.clone(),
        note: None,
        attested: Some(Attested { link: review.url.parse().ok()?, head: reviewed.parse().ok()? }),
        signature: None,
    })
}

/// The facts of a partner in a tree.
#[must_use]
pub fn facts_in(repo: &Repo, tree: Oid, slug: &Slug) -> Option<Facts> {
    let hash = |name: &str| {
        let entry = repo.at_path(tree, &format!("{PARTNERS}/{slug}/{name}")).ok()??;
        Some(Sha256::of(&repo.blob(entry.oid).ok()?))
    };
    Some(Facts { record: hash("partner.toml")?, logo: hash("logo.png")? })
}

/// The one vote block in a text; none when there are several.
fn block_in(body: &str) -> Option<String> {
    let lines: Vec<&str> = body.lines().map(|l| l.trim_end_matches('\r')).collect();
    let mut begins = lines.iter().enumerate().filter(|(_, l)| l.starts_with("KP-Vote: "));
    let (begin, _) = begins.next()?;
    if begins.next().is_some() {
        return None;
    }
    let block: String = lines[begin..].iter().take_while(|l| l.starts_with("KP-")).map(|l| format!("{l}\n")).collect();
    Some(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_found_among_words_and_only_alone() {
        let body = "**Approve.**\r\n\r\n```text\r\nKP-Vote: v1 approve\r\nKP-Partner: a\r\n```\r\n";
        assert_eq!(block_in(body).unwrap(), "KP-Vote: v1 approve\nKP-Partner: a\n");
        assert_eq!(block_in(&format!("{body}{body}")), None);
        assert_eq!(block_in("LGTM"), None);
    }
}
