//! What a new policy would change, in words.

use crate::domain::paths::PROGRAM;
use crate::domain::program::{Decision, Member};
use crate::domain::signature::grade::Signatures;
use crate::domain::{Program, text};
use crate::error::Result;
use crate::git::changed_lines;

/// How a proposed policy differs from the present one, line by line.
///
/// # Errors
/// When git can't compare them.
pub fn changes(present: &[u8], proposed: &[u8]) -> Result<String> {
    let lines = changed_lines(present, proposed)?.into_iter().map(|line| {
        let line = format!("  {} {}", line.sign, text::visible(line.text.trim_end()));
        format!("{}\n", line.trim_end())
    });
    let words = match (Program::parse(present), Program::parse(proposed)) {
        (Ok(present), Ok(proposed)) => in_words(&present, &proposed),
        _ => Vec::new(),
    };
    let words: String = words.iter().map(|line| format!("  {line}\n")).collect();
    let words = if words.is_empty() { words } else { tr!("What changes:\n{words}", words) };
    Ok(words + &tr!("Changes to {file}:\n{lines}", file = PROGRAM, lines = lines.collect::<String>()))
}

/// What is counted unsigned, or no more.
fn signatures(present: &Program, proposed: &Program) -> Option<String> {
    let (old, new) = (present.signatures, proposed.signatures);
    let told = |signatures: Signatures| match (signatures.required, signatures.attested) {
        (false, _) => tr!("votes and decisions count unsigned"),
        (true, true) => tr!("votes and decisions count only if they are signed, or clicked on GitHub"),
        (true, false) => tr!("votes and decisions count only if they are signed"),
    };
    // Where nothing has to be signed, what counts in its place changes nothing.
    (told(old) != told(new)).then(|| tr!("{now} (was: {before})", now = told(new), before = told(old)))
}

/// Who comes and who goes, and what decisions take; the rest is for the lines to say.
fn in_words(present: &Program, proposed: &Program) -> Vec<String> {
    let mut out = Vec::new();
    let same = |a: &Member, b: &Member| a.github.is(&b.github);
    for new in &proposed.committee {
        let who = &new.github;
        match present.committee.iter().find(|old| same(old, new)) {
            None => out.push(tr!(
                "{who} ({affiliation}) joins the committee as {role}",
                who,
                affiliation = new.affiliation,
                role = new.role.told()
            )),
            Some(old) => {
                if old.role != new.role {
                    out.push(tr!(
                        "{who} becomes {role} (was {before})",
                        who,
                        role = new.role.told(),
                        before = old.role.told()
                    ));
                }
                if old.affiliation != new.affiliation {
                    out.push(tr!(
                        "{who} works for {affiliation} (was {before})",
                        who,
                        affiliation = new.affiliation,
                        before = old.affiliation
                    ));
                }
                if old.keys != new.keys {
                    out.push(tr!("{who} has other keys", who));
                }
            }
        }
    }
    let gone = present.committee.iter().filter(|old| !proposed.committee.iter().any(|new| same(old, new)));
    out.extend(
        gone.map(|old| {
            tr!("{who} ({affiliation}) leaves the committee", who = old.github, affiliation = old.affiliation)
        }),
    );
    out.extend(signatures(present, proposed));
    for decision in Decision::ALL {
        let (old, new) = (present.rule(*decision), proposed.rule(*decision));
        let decision = decision.matter();
        if old.quorum != new.quorum {
            out.push(tr!(
                "to {decision}: votes in favor needed: {now} (was {before})",
                decision,
                now = new.quorum,
                before = old.quorum
            ));
        }
        if old.affiliations != new.affiliations {
            out.push(tr!(
                "to {decision}: employers of those in favor: {now} (was {before})",
                decision,
                now = new.affiliations,
                before = old.affiliations
            ));
        }
        if old.threshold != new.threshold {
            out.push(tr!(
                "to {decision}: share in favor: {now} (was {before})",
                decision,
                now = new.threshold,
                before = old.threshold
            ));
        }
        if old.objection != new.objection {
            out.push(tr!(
                "to {decision}: a vote against {now} (was: {before})",
                decision,
                now = new.objection.told(),
                before = old.objection.told()
            ));
        }
        if old.presence != new.presence {
            out.push(tr!(
                "to {decision}: votes of any kind needed: {now} (was {before})",
                decision,
                now = new.presence,
                before = old.presence
            ));
        }
    }
    out
}
