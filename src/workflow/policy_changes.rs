//! What a new policy would change, in words.

use crate::domain::paths::PROGRAM;
use crate::domain::program::{Decision, Member};
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
    let words = if words.is_empty() { words } else { format!("What changes:\n{words}") };
    Ok(format!("{words}Changes to {PROGRAM}:\n{}", lines.collect::<String>()))
}

/// Who comes and who goes, and what decisions take; the rest is for the lines to say.
fn in_words(present: &Program, proposed: &Program) -> Vec<String> {
    let mut out = Vec::new();
    let same = |a: &Member, b: &Member| a.github.is(&b.github);
    for new in &proposed.committee {
        let who = &new.github;
        match present.committee.iter().find(|old| same(old, new)) {
            None => out.push(format!("{who} ({}) joins the committee as {}", new.affiliation, new.role)),
            Some(old) => {
                if old.role != new.role {
                    out.push(format!("{who} becomes {} (was {})", new.role, old.role));
                }
                if old.affiliation != new.affiliation {
                    out.push(format!("{who} works for {} (was {})", new.affiliation, old.affiliation));
                }
                if old.keys != new.keys {
                    out.push(format!("{who} has other keys"));
                }
            }
        }
    }
    let gone = present.committee.iter().filter(|old| !proposed.committee.iter().any(|new| same(old, new)));
    out.extend(gone.map(|old| format!("{} ({}) leaves the committee", old.github, old.affiliation)));
    for decision in Decision::ALL {
        let (old, new) = (present.rule(*decision), proposed.rule(*decision));
        if old.quorum != new.quorum {
            out.push(format!("to {decision}: votes in favor needed: {} (was {})", new.quorum, old.quorum));
        }
        if old.affiliations != new.affiliations {
            out.push(format!(
                "to {decision}: employers of those in favor: {} (was {})",
                new.affiliations, old.affiliations
            ));
        }
        if old.threshold != new.threshold {
            out.push(format!("to {decision}: share in favor: {} (was {})", new.threshold, old.threshold));
        }
        if old.objection != new.objection {
            out.push(format!("to {decision}: a vote against {} (was: {})", new.objection, old.objection));
        }
        if old.presence != new.presence {
            out.push(format!("to {decision}: votes of any kind needed: {} (was {})", new.presence, old.presence));
        }
    }
    out
}
