//! What takes an application back: who is told that one click puts it on record, and who only says so.

use std::path::Path;

use github_double::Method;
use serde_json::{Value, json};

use crate::env::some;
use crate::github_issues::{Bench, FORM};
use crate::hub::{Hub, REGISTRY, put};

const TAKEN_BACK: &str = "nothing to decide: it was taken back, and merging this puts that on record";

fn announce(hub: &Hub) -> Vec<Value> {
    hub.run("workflow", &["announce", "--all", "--json"]).ok().json()["pull_requests"].as_array().unwrap().clone()
}

/// What is told of one pull request, with its labels.
fn told(hub: &Hub, number: u64) -> (String, Value) {
    let rows = announce(hub);
    let row = rows.iter().find(|row| row["number"] == number).unwrap_or_else(|| panic!("{number} isn't in {rows:?}"));
    let thread = hub.thread(number);
    (row["status"].as_str().unwrap().to_owned(), thread["labels"].clone())
}

/// Of whoever has a log, anybody may open a pull request of the right name; nothing was taken back there.
#[test]
fn what_only_has_the_name_of_a_proposal_was_not_taken_back() {
    let hub = Hub::with_partner().with_workflow();
    // Another has left nothing but a withdrawal.
    hub.apply("jane", "Globex").ok().code.unwrap();
    hub.run("jane", &["withdraw", "globex"]).ok().code.unwrap();
    let number = hub.threads().iter().filter_map(|t| t["number"].as_u64()).max().unwrap();
    hub.github.merge_pull(REGISTRY, number, "alice", Method::Merge);
    hub.github.fork(REGISTRY, "mallory", None);
    let mut pulls = Vec::new();
    for (branch, root) in [
        ("policy/program", "data/program"),
        ("apply/acme", "data/partners/acme"),
        ("exit/acme", "data/partners/acme"),
        ("apply/globex", "data/partners/globex"),
        ("exit/globex", "data/partners/globex"),
    ] {
        hub.by_hand_of("mallory", branch, "junk", |checkout| {
            put(checkout, &format!("{root}/votes/alice"), "KP");
            put(checkout, "data/program.toml", "x = 1\n");
        });
        let number = hub.github.open_pull(REGISTRY, "mallory", &format!("mallory:{branch}"), "main", "A proposal", "");
        pulls.push((branch, number));
    }
    for (branch, number) in pulls {
        let (status, labels) = told(&hub, number);
        assert!(status.starts_with("no proposal: "), "{branch}: {status}");
        assert_eq!(labels, json!([]), "{branch}");
        hub.run("alice", &["check", "--pull-request", &number.to_string()]).fails(1).code.unwrap();
    }
    let successes = hub.statuses().into_iter().filter(|(state, words)| state == "success" && words == TAKEN_BACK);
    assert_eq!(successes.count(), 0);
}

/// A true withdrawal with anything beside it, in whatever commit, needs more than a click.
#[test]
fn a_withdrawal_that_brings_more_is_not_to_be_merged() {
    type Change = fn(&Path);
    let policy: Change = |c| put(c, "data/program.toml", "x = 1\n");
    let workflow: Change = |c| put(c, ".github/workflows/x.yml", "on: push\n");
    let other: Change = |c| put(c, "data/partners/globex/partner.toml", "name = \"Globex\"\n");
    let readme: Change = |c| put(c, "README.md", "Ours.\n");
    let facts: Change = |c| put(c, "data/partners/acme/partner.toml", "name = \"Other\"\n");
    let vote: Change = |c| put(c, "data/partners/acme/votes/1/alice", "KP");
    for (change, named) in some(
        3,
        [
            (policy, "data/program.toml"),
            (workflow, ".github/workflows/x.yml"),
            (other, "data/partners/globex/partner.toml"),
            (readme, "README.md"),
            (facts, "partner.toml"),
            (vote, "votes/1/alice"),
        ],
    ) {
        for undone in [false, true] {
            let hub = Hub::with_applicant().with_workflow();
            hub.run("jane", &["withdraw", "acme"]).ok().code.unwrap();
            assert_eq!(told(&hub, 2), (TAKEN_BACK.to_owned(), json!(["partner/taken-back"])));
            hub.by_hand_of("jane", "apply/acme", "more", change);
            if undone {
                hub.by_hand_of("jane", "apply/acme", "less", |checkout| {
                    hub.env.git_at(checkout.to_str().unwrap(), &["rm", "-r", "--quiet", "."]);
                    hub.env.git_at(checkout.to_str().unwrap(), &["checkout", "HEAD~1", "--", "."]);
                });
            }
            let (status, labels) = told(&hub, 2);
            let wanted = "no proposal: it was taken back, and brings more: ";
            assert!(status.starts_with(wanted) && status.contains(named), "{named}, {undone}: {status}");
            assert_eq!(labels, json!([]), "{named}, {undone}");
            assert_eq!(hub.statuses().last().unwrap().0, "failure");
            // Nor is its author told that it only has to be merged.
            if named == "README.md" {
                for command in ["status", "withdraw"] {
                    let own = hub.run("jane", &[command, "acme"]).ok();
                    assert!(own.stdout.contains(&format!("its check says “{wanted}")), "{command}: {own}");
                    assert!(!own.to_string().contains("on record when"), "{command}: {own}");
                }
            }
        }
    }
}

/// A member may bring much, and by another pull request than this.
#[test]
fn a_members_withdrawal_brings_nothing_else_either() {
    let hub = Hub::new().with_workflow();
    hub.github.fork(REGISTRY, "alice", None);
    hub.apply("alice", "Acme").ok().code.unwrap();
    hub.run("alice", &["withdraw", "acme"]).ok().code.unwrap();
    let pull = hub.threads().into_iter().find(|t| t["kind"] == "pull request").unwrap();
    let number = pull["number"].as_u64().unwrap();
    assert_eq!(told(&hub, number).0, TAKEN_BACK);
    let head = pull["head"].as_str().unwrap().to_owned();
    let repository = if head.contains(':') { "alice/partners" } else { REGISTRY };
    hub.by_hand_in(repository, "alice", "apply/acme", "more", |c| put(c, ".github/workflows/x.yml", "on: push\n"));
    assert!(told(&hub, number).0.contains("brings more: it changes .github/workflows/x.yml"));
}

/// Whoever took another's application from its branch can't take it back for them.
#[test]
fn nobody_takes_back_what_is_anothers() {
    let hub = Hub::with_applicant().with_workflow();
    hub.run("jane", &["withdraw", "acme"]).ok().code.unwrap();
    hub.github.fork(REGISTRY, "mallory", None);
    hub.push_branch("mallory", "jane", "apply/acme");
    let number = hub.github.open_pull(REGISTRY, "mallory", "mallory:apply/acme", "main", "Acme", "");
    let (status, labels) = told(&hub, number);
    assert!(status.starts_with("no proposal: it was taken back, and brings more: "), "{status}");
    assert_eq!(labels, json!([]));
    assert_eq!(told(&hub, 2).0, TAKEN_BACK);
}

/// The newest default branch is merged in a checkout, and nothing is committed yet.
fn merges_newest(hub: &Hub, checkout: &std::path::Path) {
    let (at, registry) = (checkout.to_str().unwrap(), hub.github.repo_path(REGISTRY));
    hub.env.git_at(at, &["fetch", "--quiet", registry.to_str().unwrap(), "main"]);
    hub.env.git_at(at, &["merge", "--quiet", "--no-commit", "--no-ff", "FETCH_HEAD"]);
}

/// The default branch moves on, and its author merges it in.
#[test]
fn a_withdrawal_that_has_the_newest_default_branch_in_it_is_one_still() {
    let hub = Hub::with_applicant().with_workflow();
    hub.run("jane", &["withdraw", "acme"]).ok().code.unwrap();
    hub.land_something("alice");
    assert_eq!(told(&hub, 2).0, TAKEN_BACK);
    hub.by_hand_of("jane", "apply/acme", "Merge branch 'main' into apply/acme", |checkout| {
        merges_newest(&hub, checkout);
    });
    assert_eq!(told(&hub, 2).0, TAKEN_BACK);
    // What only the merge brings is its own.
    hub.commit("README.md", "Somebody wrote more.\n");
    hub.by_hand_of("jane", "apply/acme", "with more", |checkout| {
        merges_newest(&hub, checkout);
        put(checkout, "x.md", "Ours.\n");
    });
    assert!(told(&hub, 2).0.contains("brings more: it changes x.md, too"));
}

/// GitHub acts on words, without any file: an issue of somebody else's would be closed by the click.
#[test]
fn what_others_wrote_into_a_withdrawal_is_not_merged_by_a_click() {
    for message in ["Fixes #3", "Merge all of it", "with the newest"] {
        let hub = Hub::with_applicant().with_workflow();
        hub.github.open_issue(REGISTRY, "mallory", "A question", "Why?");
        hub.run("jane", &["withdraw", "acme"]).ok().code.unwrap();
        assert_eq!(told(&hub, 2).0, TAKEN_BACK);
        hub.land_something("alice");
        hub.by_hand_of("jane", "apply/acme", message, |checkout| {
            if message == "with the newest" {
                merges_newest(&hub, checkout);
            }
        });
        let (status, labels) = told(&hub, 2);
        let wanted = "no proposal: it was taken back, and brings more: ";
        assert!(
            status.starts_with(wanted) && status.contains("isn't a commit that karmada-partner writes"),
            "{status}"
        );
        assert_eq!(labels, json!([]), "{message}");
        assert_eq!(hub.statuses().last().unwrap().0, "failure");
        let comments = hub.thread(2)["comments"].clone();
        assert!(comments.to_string().contains("Whoever proposed it takes that off the branch again"), "{comments}");
    }
}

#[test]
fn the_text_of_a_withdrawal_is_put_right_before_a_click_is_asked_for() {
    let hub = Hub::with_applicant().with_workflow();
    let question = hub.github.open_issue(REGISTRY, "mallory", "A question", "Why?");
    hub.run("jane", &["withdraw", "acme"]).ok().code.unwrap();
    let own = hub.body(2);
    let (title, body) = (format!("Resolves #{question}"), format!("{own}\n\nFixes #{question}\n"));
    hub.github.edit(REGISTRY, 2, "jane", Some(&title), Some(&body));
    let changed = |rows: Vec<Value>| rows.iter().find(|row| row["number"] == 2).unwrap()["changed"].clone();
    assert_eq!(changed(announce(&hub))[0], "title and text");
    assert_eq!(told(&hub, 2), (TAKEN_BACK.to_owned(), json!(["partner/taken-back"])));
    assert_eq!(hub.body(2), own);
    assert!(!hub.thread(2)["title"].to_string().contains('#'), "{}", hub.thread(2));
    // Whatever is written there later is put right by the next run, which is started by that.
    hub.github.edit(REGISTRY, 2, "jane", None, Some(&format!("Fixes #{question}")));
    assert_eq!(changed(announce(&hub)), json!(["title and text"]));
    assert_eq!(hub.body(2), own);
    let before = hub.github.dump();
    hub.github.clear_traffic();
    announce(&hub);
    assert_eq!(hub.github.dump(), before);
    assert!(hub.operations().len() <= 3, "{:?}", hub.operations());
    hub.github.merge_pull(REGISTRY, 2, "alice", Method::Merge);
    assert_eq!(hub.thread(question)["state"], "OPEN", "{}", hub.thread(question));
    let audit = hub.run("alice", &["audit"]).ok();
    assert!(!audit.stdout.contains("foreign-commit"), "{audit}");
}

/// By whichever button, and whether or not anybody looked before.
#[test]
fn what_became_of_a_withdrawal_is_told_on_the_pull_request_and_the_issue() {
    for method in some(1, [Method::Merge, Method::Squash, Method::Rebase]) {
        for looked in [true, false] {
            let bench = Bench::new();
            let number = bench.proposed("jane", FORM);
            bench.announce();
            bench.hub.github.close_issue(REGISTRY, number, "jane");
            assert_eq!(bench.outcome(number)["outcome"], "withdrawn");
            if looked {
                bench.announce();
            }
            bench.hub.github.merge_pull(REGISTRY, number + 1, "alice", method);
            bench.announce();
            let tally = bench.comments(number + 1).swap_remove(0);
            assert!(tally.contains("### It was taken back\n\nThat is on record."), "{tally}");
            let on_record = ("success".to_owned(), "it was taken back, and that is on record".to_owned());
            assert_eq!(bench.hub.statuses().last(), Some(&on_record), "{looked}");
            let said = bench.comments(number);
            assert!(said[0].contains("Decided: `Acme Cloud` has taken its application back"), "{said:?}");
            assert!(!said[0].contains("It is on record when"), "{said:?}");
            // The issue, looked at again, says the same.
            let before = bench.hub.github.dump();
            assert_eq!(bench.outcome(number)["outcome"], "decided");
            bench.announce();
            assert_eq!(bench.hub.github.dump(), before);
            bench.hub.run("alice", &["audit"]).ok().code.unwrap();
            bench.hub.github.assert_clean();
        }
    }
}

/// Closed by `announce` or by somebody's hand, before anything was told of it.
#[test]
fn a_withdrawal_that_is_not_put_on_record_is_told_as_that_on_its_issue() {
    let bench = Bench::new();
    let pulls = bench.taken_back_thrice(|| ());
    bench.announce();
    let (first, waits) = pulls[0];
    // What waits for a click says so, whether or not anybody was told before.
    assert!(bench.comments(waits)[0].contains("**Merge this**"), "{:?}", bench.comments(waits));
    assert!(bench.comments(first)[0].contains("It is on record when"), "{:?}", bench.comments(first));
    for (number, pull) in &pulls[1..] {
        let told = &bench.comments(*pull)[0];
        assert!(told.contains(&format!("not put on record: #{waits}, which the same account took back")), "{told}");
        let said = &bench.comments(*number)[0];
        assert!(said.contains(&format!("It isn't put on record: {REGISTRY}#{waits}, which")), "{said}");
        assert!(!said.contains("It is on record when"), "{said}");
    }
    bench.hub.github.close_pull(REGISTRY, waits, "alice");
    bench.announce();
    let said = &bench.comments(first)[0];
    assert!(said.contains("It isn't put on record, since its pull request was closed"), "{said}");
    let before = bench.hub.github.dump();
    for (number, _) in pulls {
        assert_eq!(bench.outcome(number)["outcome"], "closed");
    }
    bench.announce();
    assert_eq!(bench.hub.github.dump(), before);
    bench.hub.github.assert_clean();
}
