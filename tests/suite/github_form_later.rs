//! What is said on a form later than what is proposed of it: it is opened again, becomes another organization's, or is saved between
//! the votes.

use serde_json::Value;

use crate::github_issues::{Bench, FORM, form_of, number_of};
use crate::hub::REGISTRY;

fn is_told(told: &Value, words: &str) {
    assert_eq!(told["outcome"], "faulty", "{told}");
    assert!(told.to_string().contains(words), "{told}");
}

#[test]
fn who_opens_a_form_again_comes_later_than_what_is_proposed() {
    let bench = Bench::new();
    let first = bench.proposed("jane", &form_of("Tyrell"));
    let second = bench.open("jane", &form_of("Hooli"));
    is_told(&bench.outcome(second), &format!("you have another form open, #{first}"));
    bench.hub.github.close_issue(REGISTRY, first, "jane");
    assert_eq!(bench.outcome(first)["outcome"], "withdrawn");
    assert_eq!(bench.outcome(second)["outcome"], "proposed");
    bench.hub.github.reopen(REGISTRY, first, "jane");
    is_told(&bench.outcome(first), &format!("you have another form open, #{second}"));
    assert_eq!(bench.outcome(second)["outcome"], "unchanged");
    bench.hub.github.close_issue(REGISTRY, second, "jane");
    assert_eq!(bench.outcome(second)["outcome"], "withdrawn");
    assert_eq!(bench.outcome(first)["outcome"], "proposed");
}

/// The same of another's organization, in whatever order the two were opened.
#[test]
fn who_opens_a_form_again_for_anothers_organization_comes_later_too() {
    let bench = Bench::new();
    let first = bench.proposed("jane", &form_of("Tyrell"));
    bench.hub.github.close_issue(REGISTRY, first, "jane");
    assert_eq!(bench.outcome(first)["outcome"], "withdrawn");
    let second = bench.proposed("mallory", &form_of("Tyrell Corp"));
    bench.hub.github.reopen(REGISTRY, first, "jane");
    is_told(&bench.outcome(first), &format!("issue #{second} asks for the same organization already"));
}

#[test]
fn what_is_proposed_cannot_become_anothers_organization() {
    for later in [false, true] {
        let bench = Bench::new();
        let (hooli, tyrell) = (form_of("Hooli"), form_of("Tyrell"));
        let [own, other] = match later {
            true => {
                let other = bench.proposed("mallory", &tyrell);
                [bench.proposed("jane", &hooli), other]
            }
            false => [bench.proposed("jane", &hooli), bench.proposed("mallory", &tyrell)],
        };
        bench.edit(own, "jane", &tyrell);
        is_told(&bench.outcome(own), &format!("issue #{other} asks for the same organization already"));
        let proposed = || bench.hub.git(REGISTRY, &["show", "apply/hooli:data/partners/hooli/partner.toml"]);
        assert!(proposed().contains("name = \"Hooli\""), "{}", proposed());
        assert!(bench.comments(own)[0].contains("/pull/"), "{:?}", bench.comments(own));
        // Nobody stops another by what they write into their own form.
        bench.edit(other, "mallory", &tyrell.replace("We run Karmada.", "We run it."));
        assert_eq!(bench.outcome(other)["outcome"], "amended");
        bench.edit(own, "jane", &hooli.replace("We run Karmada.", "So do we."));
        assert_eq!(bench.outcome(own)["outcome"], "amended");
        assert!(proposed().contains("So do we."), "{}", proposed());
    }
}

/// What its author saves there, and no run has read yet, gives the name to nobody else.
#[test]
fn what_is_proposed_becomes_no_others_while_theirs_is_edited() {
    let bench = Bench::new();
    let (hooli, tyrell) = (form_of("Hooli"), form_of("Tyrell"));
    let (own, other) = (bench.proposed("jane", &hooli), bench.proposed("mallory", &tyrell));
    bench.edit(other, "mallory", &tyrell.replace("We run Karmada.", "We run it."));
    bench.edit(own, "jane", &tyrell);
    is_told(&bench.outcome(own), &format!("issue #{other} asks for the same organization already"));
    assert_eq!(bench.outcome(other)["outcome"], "amended");
}

fn standing(bench: &Bench) -> Value {
    bench.hub.run("github-actions", &["announce", "--json"]).ok().json()["pull_requests"][0].clone()
}

/// What its author saves as long as nobody has decided is proposed instead, also where the other workflow hasn't run yet.
#[test]
fn a_workflow_decides_nothing_whose_author_saved_what_no_run_has_read() {
    let bench = Bench::deciding();
    let number = bench.proposed("jane", FORM);
    let pull = number + 1;
    let vote = |member: &str| bench.hub.github.review(REGISTRY, pull, member, "APPROVED", "");
    vote("alice");
    bench.edit(number, "jane", &FORM.replace("We run Karmada.", "We run it for banks."));
    vote("bob");
    let told = standing(&bench);
    // Nobody is asked to decide on what was there before.
    assert_eq!(told["standing"], "waiting", "{told}");
    let status = "the votes carry it; its author saved the form since, and a workflow reads that first";
    assert_eq!((&told["status"], &told["refused"]), (&status.into(), &Value::Array(Vec::new())), "{told}");
    let tally = &bench.comments(pull)[0];
    assert!(
        tally.contains("### The votes carry it\n") && tally.contains("\n- Nothing yet: the workflow “partner issues”"),
        "{tally}"
    );
    assert!(!tally.contains("karmada-partner approve") && !tally.contains("was refused"), "{tally}");
    let shown = bench.hub.run("alice", &["status", "acme-cloud"]).ok().stdout;
    assert!(
        shown.contains("The votes are enough for a decision. Its author saved the issue that asks for it on "),
        "{shown}"
    );
    assert!(!shown.contains("a member writes"), "{shown}");
    let before = bench.hub.github.dump();
    standing(&bench);
    assert_eq!(bench.hub.github.dump(), before);
    // A member may know what was saved.
    let shown = bench.hub.run("alice", &["approve", "acme-cloud", "--dry-run"]).ok();
    assert!(shown.stderr.contains("no workflow has read that yet"), "{shown}");
    assert_eq!(bench.outcome(number)["outcome"], "amended");
    assert_eq!(standing(&bench)["standing"], "waiting", "the votes were on what was there before");
    vote("alice");
    vote("bob");
    assert_eq!(standing(&bench)["standing"], "decided");
    let shown = bench.hub.run("alice", &["show", "acme-cloud"]).ok();
    assert!(shown.stdout.contains("We run it for banks."), "{shown}");
}

/// Where members write decisions down, nobody is asked to, either.
#[test]
fn no_member_is_asked_to_decide_what_its_author_saved_and_no_run_has_read() {
    let bench = Bench::new();
    let number = bench.proposed("jane", FORM);
    bench.edit(number, "jane", &FORM.replace("We run Karmada.", "We run it for banks."));
    bench.hub.click(number + 1);
    let told = standing(&bench);
    assert!(
        told["standing"] == "waiting" && told["status"].as_str().unwrap().contains("saved the form since"),
        "{told}"
    );
    assert_eq!(bench.outcome(number)["outcome"], "amended");
    bench.hub.click(number + 1);
    assert_eq!(standing(&bench)["standing"], "ready");
}

/// What a run has read and couldn't take holds up nothing, and what others write there neither.
#[test]
fn what_was_read_and_what_others_saved_holds_up_no_decision() {
    for (who, from, to, outcome) in [
        ("jane", "https://acme.example/karmada", "acme", "faulty"),
        ("jane", "### Agreement", "### Agreement\n", "unchanged"),
        ("alice", "We run Karmada.", "acme", ""),
    ] {
        let bench = Bench::deciding();
        let number = bench.proposed("jane", FORM);
        bench.edit(number, who, &FORM.replace(from, to));
        if !outcome.is_empty() {
            assert_eq!(bench.outcome(number)["outcome"], outcome);
        }
        bench.hub.click(number + 1);
        assert_eq!(standing(&bench)["standing"], "decided", "{outcome}");
    }
}

/// Nothing that is saved in a closed issue counts, so that nobody waits for it.
#[test]
fn what_is_saved_in_a_form_that_somebody_closed_holds_up_no_decision() {
    for (review, becomes) in [("APPROVED", "active"), ("CHANGES_REQUESTED", "rejected")] {
        let bench = Bench::deciding();
        let number = bench.proposed("jane", FORM);
        bench.hub.github.close_issue(REGISTRY, number, "carol");
        bench.edit(number, "jane", &FORM.replace("We run Karmada.", "We run it for banks."));
        for member in ["alice", "bob"] {
            bench.hub.github.review(REGISTRY, number + 1, member, review, "So I judge.");
        }
        assert_eq!(standing(&bench)["standing"], "decided");
        let shown = bench.hub.run("alice", &["show", "acme-cloud", "--json"]).ok().json();
        assert_eq!(shown["state"], becomes, "{shown}");
    }
}

/// Merged by a button, and then changed by its author: people who look at the one find the other.
#[test]
fn what_was_merged_undecided_leads_to_where_it_goes_on() {
    let bench = Bench::new();
    let number = bench.proposed("jane", FORM);
    bench.announce();
    let pull = number + 1;
    bench.hub.github.merge_pull(REGISTRY, pull, "carol", github_double::Method::Squash);
    assert_eq!(bench.outcome(number)["outcome"], "undecided");
    bench.hub.github.reopen(REGISTRY, number, "jane");
    bench.edit(number, "jane", &FORM.replace("We run Karmada.", "We run it for banks."));
    let told = bench.outcome(number);
    let new = number_of(&told);
    assert_ne!(new, pull, "{told}");
    bench.announce();
    let said = bench.comments(pull).remove(0);
    assert!(said.contains("What it asks for is decided in <") && said.contains(&format!("/pull/{new}>")), "{said}");
}
