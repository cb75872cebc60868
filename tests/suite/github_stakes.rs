//! What members say of a stake in a review, and reviews that somebody else changed or dismissed: nothing of that makes a vote count.

use crate::hub::{Hub, REGISTRY};

struct Tally(Hub);

impl Tally {
    fn new() -> Self {
        let hub = Hub::with_applicant().with_workflow();
        Self(hub)
    }

    fn click(&self, who: &str, state: &'static str, words: &str) -> usize {
        self.0.github.review(REGISTRY, 2, who, state, words)
    }

    fn edit(&self, index: usize, editor: &str, words: &str) {
        self.0.github.edit_review(REGISTRY, 2, index, editor, words);
    }

    /// How many are in favor, and the row of a member.
    fn of(&self, who: &str) -> (u64, String) {
        self.0.run("workflow", &["announce"]).ok().code.unwrap();
        let threads = self.0.threads();
        let comments = threads[1]["comments"].as_array().unwrap();
        let own = comments.iter().find(|c| c["body"].as_str().unwrap().contains("the tally")).unwrap();
        let begins = format!("| `{who}`");
        let rows: Vec<&str> = own["body"].as_str().unwrap().lines().filter(|l| l.starts_with(&begins)).collect();
        let counted = rows.join("\n").rsplit('|').nth(1).unwrap_or_default().trim().to_owned();
        let told = self.0.run("bob", &["status", "--json"]).ok();
        (told.json()["partners"][0]["proposals"][0]["in_favor"].as_u64().unwrap(), counted)
    }
}

const STAKE: &str = "no: the voter says to have a stake in it";
const CHANGED: &str =
    "no: changed by alice; press Approve again, with a line Interest: none, Interest: employer or Interest: other";

#[test]
fn a_review_that_somebody_else_changed_never_gets_better() {
    let tally = Tally::new();
    tally.click("bob", "APPROVED", "");
    assert_eq!(tally.of("bob"), (1, "yes".into()));
    let stake = tally.click("bob", "APPROVED", "Interest: employer");
    assert_eq!(tally.of("bob"), (0, STAKE.into()));
    // Neither that review counts, nor the one before it, to which it said otherwise.
    for words in ["Interest: employer.", "Fine.", "Interest: none", ""] {
        tally.edit(stake, "alice", words);
        assert_eq!(tally.of("bob"), (0, CHANGED.into()), "{words}");
    }
    // What is left there of a stake stands on.
    tally.edit(stake, "alice", "Interest: employer!");
    tally.click("bob", "APPROVED", "");
    assert_eq!(tally.of("bob"), (0, STAKE.into()));
    let own = tally.click("bob", "APPROVED", "Interest: none");
    assert_eq!(tally.of("bob"), (1, "yes".into()));
    // Who says otherwise of themselves may.
    tally.edit(own, "bob", "Interest: other");
    assert_eq!(tally.of("bob"), (0, STAKE.into()));
}

/// Whoever edits a line away, or all of it, makes no vote count: not even the next that says nothing of it.
#[test]
fn what_somebody_else_took_away_of_a_stake_has_to_be_said_again() {
    let tally = Tally::new();
    for said in ["Interest: employer\nFine.", "Fine."] {
        let stake = tally.click("bob", "APPROVED", said);
        tally.edit(stake, "alice", "Fine!");
        assert_eq!(tally.of("bob"), (0, CHANGED.into()), "{said}");
        tally.click("bob", "APPROVED", "As before.");
        let lost = "no: somebody else changed what they said before, perhaps of a stake; press the button again, with a line Interest: none, Interest: employer or Interest: other";
        assert_eq!(tally.of("bob"), (0, lost.into()), "{said}");
        tally.click("bob", "APPROVED", "Interest: none");
        assert_eq!(tally.of("bob"), (1, "yes".into()), "{said}");
    }
    // What a member said before of a stake stays known.
    tally.click("carol", "APPROVED", "Interest: other");
    let later = tally.click("carol", "APPROVED", "Well.");
    tally.edit(later, "alice", "");
    tally.click("carol", "APPROVED", "");
    assert_eq!(tally.of("carol"), (1, STAKE.into()));
}

/// A comment is no vote, and its member's word all the same.
#[test]
fn a_stake_that_a_member_tells_in_a_comment_stands() {
    let tally = Tally::new();
    tally.click("bob", "COMMENTED", "Nice logo.");
    tally.click("bob", "APPROVED", "");
    assert_eq!(tally.of("bob"), (1, "yes".into()));
    let comment = tally.click("bob", "COMMENTED", "Interest: employer");
    let (_, row) = tally.of("bob");
    assert_eq!(row, STAKE);
    let said = tally.0.threads()[1]["comments"].to_string();
    let line = |begin: &str| said.split("\\n").find(|l| l.starts_with(begin)).unwrap_or_default().to_owned();
    assert!(line("**Recused**").contains("bob") && !line("**Who may still vote**").contains("bob"), "{said}");
    let status = tally.0.statuses().pop().unwrap().1;
    assert!(status.contains("waiting for") && !status.contains("bob"), "{status}");
    assert_eq!(tally.of("bob"), (0, STAKE.into()));
    tally.click("bob", "APPROVED", "");
    assert_eq!(tally.of("bob"), (0, STAKE.into()));
    tally.click("bob", "APPROVED", "Interest: none");
    assert_eq!(tally.of("bob"), (1, "yes".into()));
    // Edited away, it may have said anything.
    tally.edit(comment, "alice", "Nice logo.");
    assert_eq!(tally.of("bob"), (1, "yes".into()), "what its member said since stands");
    let last = tally.click("bob", "COMMENTED", "Interest: other");
    tally.edit(last, "alice", "Nice logo.");
    let counted = tally.of("bob");
    assert!(counted.0 == 0 && counted.1.contains("changed by alice; vote again, with a line Interest:"), "{counted:?}");
}

/// As it was said without a vote, so it is taken back; and nothing counts by that alone.
#[test]
fn a_stake_is_taken_back_in_a_comment_too() {
    let tally = Tally::new();
    let again = (0, "no: took back what was said of a stake; press the button again".to_owned());
    tally.click("bob", "COMMENTED", "Interest: none");
    tally.click("bob", "APPROVED", "");
    assert_eq!(tally.of("bob"), (1, "yes".into()));
    for state in ["COMMENTED", "APPROVED"] {
        tally.click("bob", state, "Interest: employer");
        assert_eq!(tally.of("bob"), (0, STAKE.into()), "{state}");
        let none = tally.click("bob", "COMMENTED", "Interest: none");
        assert_eq!(tally.of("bob"), again, "{state}");
        let said = tally.0.threads()[1]["comments"].to_string();
        assert!(said.split("\\n").any(|l| l.starts_with("**Who may still vote**") && l.contains("bob")), "{said}");
        tally.click("bob", "APPROVED", "");
        assert_eq!(tally.of("bob"), (1, "yes".into()), "{state}");
        // Whoever else writes that says nothing for bob.
        tally.click("bob", "COMMENTED", "Interest: other");
        tally.edit(none, "alice", "Interest: none.");
        assert_eq!(tally.of("bob"), (0, STAKE.into()), "{state}");
        let others = tally.click("bob", "COMMENTED", "Fine.");
        tally.edit(others, "alice", "Interest: none");
        tally.click("bob", "APPROVED", "");
        assert_eq!(tally.of("bob").0, 0, "{state}");
        tally.click("bob", "APPROVED", "Interest: none");
        assert_eq!(tally.of("bob"), (1, "yes".into()), "{state}");
    }
}

#[test]
fn a_stake_in_a_vote_with_a_text_of_its_own_stays_whoever_changes_that() {
    let tally = Tally::new();
    tally.0.run("bob", &["approve", "acme", "--interest", "other"]).ok().code.unwrap();
    assert_eq!(tally.of("bob"), (0, STAKE.into()));
    let words = tally.0.threads()[1]["reviews"][0]["body"].as_str().unwrap().to_owned();
    assert!(words.contains("KP-Interest: other"), "{words}");
    tally.edit(0, "alice", &words.replace("KP-Interest: other\n", ""));
    assert_eq!(tally.of("bob"), (0, CHANGED.into()));
}

#[test]
fn a_stake_is_read_as_people_write_it_and_what_cannot_be_read_does_not_count() {
    let tally = Tally::new();
    let unclear = "no: its line about a stake can't be read; press the button again, with a line Interest: none, Interest: employer or Interest: other";
    for (words, counted) in [
        ("Fine.\n\n- **Interest**：`employer`.", (0, STAKE)),
        ("Interest: NONE", (1, "yes")),
        ("Interest: employr", (0, unclear)),
        // It stands until something else is said.
        ("Fine.", (0, unclear)),
        ("利益关系：雇主", (0, STAKE)),
        ("Interest: none\nInterest: other (customer of ours)", (0, STAKE)),
        ("Interesting!", (0, STAKE)),
        ("Interest: none.", (1, "yes")),
    ] {
        tally.click("bob", "APPROVED", words);
        assert_eq!(tally.of("bob"), (counted.0, counted.1.to_owned()), "{words}");
    }
}

#[test]
fn a_stake_stands_after_a_change_until_its_member_says_otherwise() {
    let tally = Tally::new();
    tally.click("bob", "APPROVED", "Interest: other");
    assert_eq!(tally.of("bob"), (0, STAKE.into()));
    tally.0.run("jane", &["update", "acme", "--website", "https://acme.example/elsewhere"]).ok().code.unwrap();
    tally.click("bob", "APPROVED", "");
    assert_eq!(tally.of("bob"), (0, STAKE.into()));
    tally.click("alice", "APPROVED", "");
    tally.click("carol", "APPROVED", "");
    assert_eq!(tally.of("carol"), (2, "yes".into()));
    tally.0.run("carol", &["approve", "acme"]).ok().code.unwrap();
    let written = tally.0.git(REGISTRY, &["ls-tree", "-r", "--name-only", "main", "data/partners/acme/votes/1"]);
    assert!(written.contains("/bob"), "{written}");
    let vote = tally.0.git(REGISTRY, &["show", "main:data/partners/acme/votes/1/bob.2"]);
    assert!(vote.contains("KP-Interest: other"), "{vote}");
    tally.0.run("bob", &["check"]).ok().code.unwrap();
    tally.0.run("bob", &["audit"]).ok().code.unwrap();
}

#[test]
fn a_review_that_was_dismissed_stays_in_the_tally_and_none_before_it_takes_its_place() {
    let tally = Tally::new();
    let dismissed = "no: dismissed; press the button again";
    tally.click("carol", "APPROVED", "Interest: other");
    let second = tally.click("carol", "CHANGES_REQUESTED", "Fraud.");
    assert_eq!(tally.of("carol"), (0, STAKE.into()));
    tally.0.github.dismiss_review(REGISTRY, 2, second);
    assert_eq!(tally.of("carol"), (0, dismissed.into()));
    tally.click("carol", "APPROVED", "");
    assert_eq!(tally.of("carol"), (0, STAKE.into()));
    let first = tally.click("bob", "APPROVED", "Fine.");
    assert_eq!(tally.of("bob"), (1, "yes".into()));
    tally.0.github.dismiss_review(REGISTRY, 2, first);
    assert_eq!(tally.of("bob"), (0, dismissed.into()));
    tally.click("bob", "APPROVED", "");
    assert_eq!(tally.of("bob"), (1, "yes".into()));
}
