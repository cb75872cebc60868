//! A proposal for scripts: the same keys in every document that tells of one.

use serde_json::{Value, json};

use super::counting::{Wish, count};
use crate::domain::Program;
use crate::domain::program::Member;
use crate::domain::votes::voters::voters;
use crate::error::Result;
use crate::forge::Forge;
use crate::registry::{Proposal, Snapshot, without_owner};

/// What is proposed, where, by whom and since when, and how its votes stand.
pub fn proposal(forge: &dyn Forge, snapshot: &Snapshot<'_>, program: &Program, p: &Proposal) -> Result<Value> {
    let tally = count(program, p, &p.votes, Wish::Grant);
    let voters = voters(program, &tally, p.question(&p.votes));
    // Nobody's vote helps where nothing can be decided.
    let may_vote = if p.lapsed { Vec::new() } else { voters.may_vote };
    let logins = |members: &[&Member]| members.iter().map(|m| m.github.clone()).collect::<Vec<_>>();
    Ok(json!({
        "partner": p.partner.slug, "subject": p.subject, "since": p.since(), "by": p.opener(),
        "branch": branch(snapshot, p), "pull_request": forge.link(p),
        "in_favor": tally.in_favor, "against": tally.against, "abstaining": tally.abstaining,
        "missing": tally.missing, "may_vote": logins(&may_vote), "recused": logins(&voters.recused),
        "lapsed": p.why_lapsed(), "merged": merged(snapshot, p)?,
    }))
}

/// The name of its branch; with whose it is only where another proposal has one of the same name, whoever looks.
fn branch<'p>(snapshot: &Snapshot<'_>, p: &'p Proposal) -> &'p str {
    let own = without_owner(&p.branch);
    let alike = snapshot.heads.proposals.of(&p.partner.slug).filter(|(other, _)| without_owner(other) == own).count();
    if alike > 1 { &p.branch } else { own }
}

/// Who brought it to the default branch undecided; `null` where it waits on a branch.
fn merged(snapshot: &Snapshot<'_>, p: &Proposal) -> Result<Value> {
    if p.stands.is_none() {
        return Ok(Value::Null);
    }
    let merged = snapshot.merged_by(p)?;
    Ok(json!({
        "commit": merged.as_ref().map(|m| m.commit.to_string()),
        "by": merged.as_ref().and_then(|m| m.by.as_ref()),
    }))
}
