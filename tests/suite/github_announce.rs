//! `announce`: what people see on a pull request, by a workflow's token. Nothing is written twice.

use github_double::{Fault, Method, Permission};
use serde_json::{Value, json};
use snapbox::str;

use crate::hub::{Hub, REGISTRY};

/// With more in the program, an application by jane, and a workflow.
fn hub(more: &str) -> Hub {
    let hub = if more.is_empty() { Hub::with_applicant() } else { applied(Hub::with_program(more)) };
    hub.with_workflow()
}

fn applied(hub: Hub) -> Hub {
    hub.github.fork(REGISTRY, "jane", None);
    hub.apply("jane", "Acme").ok().code.unwrap();
    hub
}

/// The pull request, as everybody sees it.
fn pull(hub: &Hub) -> Value {
    hub.threads().into_iter().find(|t| t["kind"] == "pull request").unwrap()
}

/// The comments by the workflow.
fn comments(hub: &Hub) -> Vec<String> {
    let pull = pull(hub);
    let own = pull["comments"].as_array().unwrap().iter().filter(|c| c["author"] == "github-actions");
    own.map(|c| hub.env.redact(c["body"].as_str().unwrap().replace(&hub.github.server_url(), "$HUB").as_bytes()))
        .collect()
}

fn announce(hub: &Hub) -> String {
    hub.run("workflow", &["announce"]).ok().to_string()
}

/// What of it may have been written, by its operation.
fn writes(hub: &Hub) -> Vec<String> {
    hub.requests().into_iter().filter(|r| r.creates).map(|r| r.operation).collect()
}

const JUDGED: &[&str] = &["--authenticity", "met", "--url", "met", "--relevance", "met", "--vote"];

fn review(hub: &Hub, who: &str, vote: &str) {
    hub.run(who, &[&["review", "acme"], JUDGED, &[vote]].concat()).ok().code.unwrap();
}

#[test]
fn the_first_look_says_all_there_is_to_know() {
    let hub = hub("");
    let output = announce(&hub);
    snapbox::assert_data_eq!(
        output,
        str![[r#"
exit 0
--- stdout
#2 waiting: 0 of 2 in favor; waiting for alice, bob, carol (reviewers, labels, comment, status)

"#]]
    );
    snapbox::assert_data_eq!(
        comments(&hub)[0].clone(),
        str![[r#"
<!-- karmada-partner: the tally -->
### 0 of 2 in favor, from 0 of 2 affiliations

The application of `Acme` (acme): proposed by `jane` on 2026-09-21, a decision is expected by 2026-10-05.

Still missing: 2 more in favor (0 of 2); votes in favor from 2 different affiliations (now 0).

**Who may still vote**: `alice` (`Umbrella`), `bob` (`Initech`), `carol` (`Globex`).

#### What to do

- Members vote here: *Files changed*, *Review changes*, then **Approve** or **Request changes**. Or on the command line: `karmada-partner review acme`.
- **Request changes is a vote against it**: say why there. To ask for something to be mended, choose **Comment**.
- Who has a stake that no name shows says so in the review's text, on a line of its own: `Interest: employer` or `Interest: other`. Who has none may say `Interest: none`.
- **Approve is a vote. Nobody merges this by hand**: the decision does that.

#### The card, as the page will show it

![Acme]($HUB/karmada/partners/raw/[COMMIT]/data/partners/acme/logo.png)

**`Acme`** – <https://acme.example/karmada>

_No text._

<!-- seen of [COMMIT] -->
<details><summary>What was seen on 2026-09-21: 7 passed, 0 failed, 6 unknown</summary>

- unknown: site answers: `by the proxy that https_proxy names: the proxy can't be reached: Connection refused`
- unknown: page has a title: `the page couldn't be fetched`
- unknown: page names the organization: `the page couldn't be fetched`
- unknown: page mentions Karmada: `the page couldn't be fetched`
- unknown: page links to the project: `the page couldn't be fetched`
- unknown: page of its own: `the page couldn't be fetched`
- exempt: mailbox at the site's domain: `no mailbox is given, and the program doesn't ask for one`
- exempt: mailbox of a role: `no mailbox is given, and the program doesn't ask for one`
- exempt: domain takes mail: `no mailbox is given, and the program doesn't ask for one`
- passed: GitHub account
- exempt: member of the project on GitHub: `the program doesn't ask for it`
- passed: logo within limits
- passed: logo unlike all other partners'
- passed: unlike all other partners
- passed: no earlier rejection or exit
- passed: as it was voted on
- passed: nobody has a stake

Checks inform; people decide. `karmada-partner evidence acme` asks again.

</details>
<!-- end of what was seen -->
<!-- asked: carol bob -->

"#]]
    );
    let pull = pull(&hub);
    assert_eq!(pull["labels"], json!(["partner/waiting"]));
    assert_eq!(pull["draft"], true);
    assert_eq!(pull["requested"].as_array().unwrap().len(), 2);
    assert_eq!(hub.statuses(), [("pending".to_owned(), "0 of 2 in favor; waiting for alice, bob, carol".to_owned())]);
}

#[test]
fn a_run_that_changes_nothing_reads_little_and_writes_nothing() {
    let hub = hub("");
    announce(&hub);
    let before = hub.github.dump();
    // On a runner that never saw the registry, too.
    for cold in [false, true] {
        if cold {
            std::fs::remove_dir_all(hub.env.path("home/.cache")).unwrap();
        }
        hub.github.clear_traffic();
        let output = announce(&hub);
        assert!(output.contains("(nothing to do)"), "{output}");
        let requests = hub.requests();
        assert!(requests.len() <= 3, "{:?}", hub.operations());
        assert_eq!(requests.iter().filter(|r| r.operation.starts_with("graphql:")).count(), requests.len());
    }
    assert_eq!(hub.github.dump(), before);
    // Nor does one whose comment came back with other line ends.
    hub.github.edit_comment(REGISTRY, 2, 0, "alice", &|body| body.replace('\n', "\r\n"));
    hub.github.clear_traffic();
    announce(&hub);
    assert_eq!(writes(&hub), [""; 0]);
}

#[test]
fn it_follows_what_happens_and_stays_one_comment() {
    let hub = hub("");
    announce(&hub);
    review(&hub, "alice", "approve");
    announce(&hub);
    assert_eq!(hub.statuses()[0].1, "1 of 2 in favor; waiting for bob, carol");
    // A click, and what somebody takes for one.
    hub.github.comment(REGISTRY, 2, "carol", "Fine with me.\n\n/approve");
    announce(&hub);
    let said = &comments(&hub)[0];
    assert!(said.contains("`carol` wrote `/approve` on "), "{said}");
    assert!(said.contains("| `alice` | `Umbrella` | approve, "), "{said}");
    hub.github.review(REGISTRY, 2, "bob", "APPROVED", "");
    announce(&hub);
    assert_eq!(
        hub.statuses()[0],
        ("pending".to_owned(), "the votes carry it; a member writes the decision down".to_owned())
    );
    assert_eq!(pull(&hub)["labels"], json!(["partner/ready"]));
    let said = &comments(&hub)[0];
    assert!(
        said.contains(
            "| `bob` | `Initech` | [approve](<https://github.example/karmada/partners/pull/2#pullrequestreview-"
        ),
        "{said}"
    );
    hub.run("alice", &["approve", "acme"]).ok().code.unwrap();
    announce(&hub);
    assert_eq!(hub.statuses()[0].0, "success");
    assert!(hub.statuses()[0].1.starts_with("decided on 2026-"), "{:?}", hub.statuses());
    let pull = pull(&hub);
    assert_eq!((&pull["labels"], &pull["state"], &pull["draft"]), (&json!([]), &json!("MERGED"), &json!(false)));
    let all = comments(&hub);
    assert_eq!(all.len(), 1);
    assert!(all[0].contains("### Decided: "), "{}", all[0]);
    // And it is over: nobody asks again.
    hub.github.clear_traffic();
    announce(&hub);
    assert_eq!(writes(&hub), [""; 0]);
    hub.run("alice", &["audit"]).ok().code.unwrap();
}

#[test]
fn what_does_not_count_is_told_with_why_and_who_is_recused() {
    let hub = hub("");
    hub.apply("jane", "Globex").ok().code.unwrap();
    hub.github.review(REGISTRY, 4, "carol", "APPROVED", "");
    hub.github.review(REGISTRY, 4, "alice", "APPROVED", "");
    hub.run("jane", &["update", "globex", "--description", "Another text"]).ok().code.unwrap();
    let output = hub.run("workflow", &["announce", "--pull-request", "4", "--json"]).ok().json();
    assert_eq!(output["pull_requests"].as_array().unwrap().len(), 1);
    assert_eq!(output["pull_requests"][0]["partner"], "globex");
    let threads = hub.threads();
    let said = threads[3]["comments"][0]["body"].as_str().unwrap();
    assert!(said.contains("| `carol` | `Globex` | [approve]"), "{said}");
    assert!(said.contains("no: recused: works for the applicant or is its contact"), "{said}");
    assert!(said.contains("no: stale"), "{said}");
    assert!(said.contains("**Recused**") && said.contains("`carol` (`Globex`)"), "{said}");
    // Who is recused is asked by nobody.
    assert!(!threads[3]["requested"].as_array().unwrap().contains(&json!("carol")), "{}", threads[3]);
    assert_eq!(threads[1]["comments"], json!([]), "only the one that was named");
}

#[test]
fn whoever_may_work_for_it_is_told_how_to_say_so() {
    let hub = hub("");
    let website = "https://cloud.example/karmada";
    let named = ["--name", "Umbrella Cloud", "--website", website, "--github", "jane", "--logo", "logo.png"];
    hub.run("jane", &[&["apply"][..], &named].concat()).ok().code.unwrap();
    announce(&hub);
    let threads = hub.threads();
    let said = threads[3]["comments"][0]["body"].as_str().unwrap();
    assert!(said.contains("**Who has to say first whether they work for it**: `alice` (`Umbrella`)"), "{said}");
    assert!(said.contains("`Interest: none`"), "{said}");
    hub.github.review(REGISTRY, 4, "alice", "APPROVED", "Interest: none");
    announce(&hub);
    assert!(hub.threads()[3]["comments"][0]["body"].as_str().unwrap().contains("| `alice` | `Umbrella` | [approve]"));
}

/// A text without its code spans, each ended by as many backticks as began it.
fn without_code(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(begin) = rest.find('`') {
        out += &rest[..begin];
        let inside = rest[begin..].trim_start_matches('`');
        let fence = &rest[begin..rest.len() - inside.len()];
        let ends = |at: &usize| !inside[at + fence.len()..].starts_with('`') && !inside[..*at].ends_with('`');
        let end = inside.match_indices(fence).map(|(at, _)| at).find(ends).unwrap();
        rest = &inside[end + fence.len()..];
    }
    out + rest
}

#[test]
fn hostile_words_act_nowhere() {
    let hub = Hub::new();
    hub.github.fork(REGISTRY, "jane", None);
    let name = "Acme @karmada/all #1 | a";
    let text = "Fixes #1 @alice /approve";
    let website = "https://acme.example/karmada";
    let args =
        ["apply", "--name", name, "--slug", "acme", "--website", website, "--github", "jane", "--logo", "logo.png"];
    hub.run("jane", &[&args[..], &["--description", text]].concat()).ok().code.unwrap();
    let hub = hub.with_workflow();
    announce(&hub);
    let said = comments(&hub).remove(0);
    // Outside of code spans nothing of it is left.
    let plain = without_code(&said);
    for acts in ["@", "#1", "Fixes"] {
        assert!(!plain.contains(acts), "{acts}: {said}");
    }
    assert!(!said.lines().any(|line| line.starts_with('/')), "{said}");
    // Nor does it end what is kept of a commit.
    hub.github.clear_traffic();
    announce(&hub);
    assert_eq!(writes(&hub), [""; 0]);
}

/// What a stranger wrote nobody could change: it would be read long after it was true.
#[test]
fn a_stranger_tells_nobody_anything() {
    let hub = hub("\n[github]\nprow = true\n");
    let before = hub.github.dump();
    for args in [&["--yes", "announce", "--all"][..], &["--yes", "remind"]] {
        let refused = hub.run("jane", args).fails(4);
        assert!(refused.stderr.contains("jane isn't a member of the committee"), "{refused}");
        hub.run("jane", &[&["--dry-run"], &args[1..]].concat()).ok().code.unwrap();
    }
    assert_eq!(hub.github.dump(), before);
}

#[test]
fn a_mark_by_somebody_else_is_left_alone() {
    let hub = hub("");
    hub.github.comment(REGISTRY, 2, "mallory", "<!-- karmada-partner: the tally -->\nDecided: approved");
    announce(&hub);
    announce(&hub);
    let pull = pull(&hub);
    let all = pull["comments"].as_array().unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(all[0]["edited"], false);
    // Ours is put right where somebody changed it.
    hub.github.edit_comment(REGISTRY, 2, 1, "alice", &|_| "<!-- karmada-partner: the tally -->\nDecided".to_owned());
    announce(&hub);
    assert!(comments(&hub)[0].contains("0 of 2 in favor"));
}

#[test]
fn only_labels_of_ours_are_touched_and_the_applicant_is_told_what_to_mend() {
    let hub = hub("");
    hub.github.add_label(REGISTRY, 2, "alice", "good first partner");
    announce(&hub);
    hub.push_to_fork("apply/acme", "data/partners/acme/partner.toml", &{
        let there = hub.git("jane/partners", &["show", "apply/acme:data/partners/acme/partner.toml"]);
        there.replace("name = \"Acme\"", "name = \"Acme Inc\"") + "\n"
    });
    announce(&hub);
    assert_eq!(pull(&hub)["labels"], json!(["good first partner", "partner/needs-applicant"]));
    let newest = hub.statuses().pop().unwrap();
    assert_eq!(newest.0, "failure");
    assert!(newest.1.starts_with("to be mended first: the facts on "), "{newest:?}");
    assert!(comments(&hub)[0].contains("@jane: "), "{}", comments(&hub)[0]);
}

#[test]
fn what_is_no_proposal_fails_and_what_is_taken_back_may_be_merged() {
    let hub = hub("");
    hub.push_to_fork("apply/initrode", "data/partners/initrode/notes.md", "hello");
    hub.github.open_pull(REGISTRY, "jane", "jane:apply/initrode", "main", "x", "");
    announce(&hub);
    let threads = hub.threads();
    let junk = threads.iter().find(|t| t["head"] == "jane:apply/initrode").unwrap();
    assert_eq!((&junk["comments"], &junk["labels"]), (&json!([]), &json!([])));
    assert!(hub.statuses().iter().any(|(state, words)| state == "failure" && words.starts_with("no proposal: ")));
    // Taken back, it waits no more.
    hub.run("jane", &["withdraw", "acme"]).ok().code.unwrap();
    hub.run("workflow", &["announce"]).ok().code.unwrap();
    assert_eq!(pull(&hub)["labels"], json!(["partner/taken-back"]));
    let told =
        ("success".to_owned(), "nothing to decide: it was taken back, and merging this puts that on record".to_owned());
    assert!(hub.statuses().contains(&told), "{:?}", hub.statuses());
    let tally = comments(&hub).swap_remove(0);
    assert!(tally.contains("### It was taken back\n") && !tally.contains("no proposal"), "{tally}");
    assert!(tally.contains("**Merge this**"), "{tally}");
    hub.github.merge_pull(REGISTRY, 2, "alice", Method::Merge);
    hub.run("workflow", &["announce"]).ok().code.unwrap();
    assert_eq!(pull(&hub)["labels"], json!([]));
    let tally = comments(&hub).swap_remove(0);
    assert!(tally.contains("### It was taken back\n\nThat is on record."), "{tally}");
    hub.run("alice", &["audit"]).ok().code.unwrap();
}

#[test]
fn a_plan_without_drafts_has_the_label_only() {
    let hub = Hub::new();
    hub.github.allow_drafts(REGISTRY, false);
    let hub = applied(hub).with_workflow();
    let output = announce(&hub);
    assert!(!output.contains("raft"), "{output}");
    assert_eq!(pull(&hub)["draft"], false);
    hub.github.clear_traffic();
    announce(&hub);
    assert_eq!(writes(&hub), [""; 0]);
    hub.approve();
    assert_eq!(pull(&hub)["state"], "MERGED");
}

#[test]
fn a_pull_request_that_was_made_ready_is_a_draft_again() {
    let hub = hub("");
    hub.github.set_draft(REGISTRY, 2, false);
    announce(&hub);
    assert_eq!(pull(&hub)["draft"], true);
}

#[test]
fn who_was_asked_least_is_asked_and_nobody_twice() {
    let hub = hub("");
    announce(&hub);
    let first: Vec<Value> = pull(&hub)["requested"].as_array().unwrap().clone();
    hub.apply("jane", "Initrode").ok().code.unwrap();
    announce(&hub);
    let threads = hub.threads();
    let second = threads[3]["requested"].as_array().unwrap();
    let third = ["alice", "bob", "carol"].iter().find(|who| !first.contains(&json!(who))).unwrap();
    assert!(second.contains(&json!(third)), "{first:?} {second:?}");
    // Who takes their name off isn't asked again.
    hub.github.unrequest(REGISTRY, 2, first[0].as_str().unwrap());
    announce(&hub);
    assert!(!pull(&hub)["requested"].as_array().unwrap().contains(&first[0]));
}

/// Somebody does something so many days later.
fn on(hub: &Hub, day: i64, who: &str, args: &[&str]) {
    hub.env.output(&mut hub.later(86_400 * day, who, args)).ok().code.unwrap();
}

/// Those who are asked on the last pull request.
fn asked_last(hub: &Hub) -> Vec<String> {
    let threads = hub.threads();
    let last = threads.iter().rev().find(|t| t["kind"] == "pull request").unwrap();
    last["requested"].as_array().unwrap().iter().map(|who| who.as_str().unwrap().to_owned()).collect()
}

/// What was asked counts for 90 days, whatever has become of it; before that it counts no more.
#[test]
fn who_was_asked_for_what_is_over_is_asked_less() {
    for (day, is_long_ago) in [(60, false), (91, true)] {
        let hub = hub("");
        announce(&hub);
        let first = asked_last(&hub);
        let rested = ["alice", "bob", "carol"].into_iter().find(|who| !first.contains(&(*who).to_owned())).unwrap();
        hub.run("jane", &["withdraw", "acme"]).ok().code.unwrap();
        hub.github.close_pull(REGISTRY, 2, "jane");
        announce(&hub);
        // Of three equals the seed chooses; so it is tried with several.
        let mut without = 0;
        for (n, name) in ["Initrode", "Hooli", "Piedpiper", "Vandelay", "Wonka", "Tyrell"].into_iter().enumerate() {
            hub.apply("jane", name).ok().code.unwrap();
            hub.github.clear_traffic();
            on(&hub, day, "workflow", &["announce"]);
            without += usize::from(!asked_last(&hub).contains(&rested.to_owned()));
            if n == 0 && !is_long_ago {
                assert_eq!(without, 0, "{first:?} {:?}", asked_last(&hub));
                break;
            }
            let number = u64::try_from(hub.threads().len()).unwrap();
            hub.run("jane", &["withdraw", &name.to_lowercase()]).ok().code.unwrap();
            hub.github.close_pull(REGISTRY, number, "jane");
        }
        assert_eq!(without > 0, is_long_ago);
    }
}

/// Who can't be asked is told of once, isn't waited for, and is tried again when a week is over.
#[test]
fn who_cannot_be_asked_is_tried_again_after_a_week() {
    let hub = hub("");
    hub.github.revoke_grant(REGISTRY, "bob");
    hub.github.revoke_grant(REGISTRY, "carol");
    hub.github.leave_org("karmada", &["bob", "carol"]);
    announce(&hub);
    assert_eq!(asked_last(&hub), ["alice"]);
    assert!(comments(&hub)[0].contains(" can't be asked on 2026-09-21: "), "{}", comments(&hub)[0]);
    hub.github.clear_traffic();
    announce(&hub);
    assert_eq!(writes(&hub), [""; 0]);
    hub.github.grant(REGISTRY, "bob", Permission::Write);
    on(&hub, 6, "workflow", &["announce"]);
    assert_eq!(asked_last(&hub), ["alice"]);
    on(&hub, 7, "workflow", &["announce"]);
    assert_eq!(asked_last(&hub), ["alice", "bob"]);
}

/// Whoever opened a pull request isn't asked, and isn't waited for either.
#[test]
fn a_member_who_proposes_is_not_counted_as_asked() {
    let hub = Hub::with_partner().with_workflow();
    hub.github.fork(REGISTRY, "alice", None);
    hub.run("alice", &["exit", "acme", "--kind", "inactive", "--reason", "gone"]).ok().code.unwrap();
    announce(&hub);
    let asked = asked_last(&hub);
    assert!(!asked.contains(&"alice".to_owned()) && !asked.is_empty(), "{asked:?}");
}

/// GitHub gives whoever opened a pull request nothing to press.
#[test]
fn a_member_who_opened_it_is_told_where_to_vote() {
    let hub = Hub::with_partner().with_workflow();
    hub.github.fork(REGISTRY, "alice", None);
    hub.run("alice", &["update", "acme", "--description", "Another text"]).ok().code.unwrap();
    announce(&hub);
    let threads = hub.threads();
    let tally = threads.last().unwrap()["comments"][0]["body"].as_str().unwrap();
    assert!(tally.contains("`alice` opened this pull request, and GitHub gives its author no **Approve**"), "{tally}");
}

#[test]
fn prow_is_held_off_until_the_decision() {
    let hub = hub("\n[github]\nprow = true\n");
    assert!(pull(&hub)["body"].as_str().unwrap().lines().any(|line| line == "/hold"));
    announce(&hub);
    hub.approve();
    let pull = pull(&hub);
    let said: Vec<&str> = pull["comments"].as_array().unwrap().iter().filter_map(|c| c["body"].as_str()).collect();
    assert!(said.iter().any(|body| body.lines().any(|line| line == "/hold cancel")), "{said:?}");
}

/// Prow reads what is opened and what is said, and nothing that is edited: what isn't held is held by a comment, once.
#[test]
fn what_prow_does_not_hold_is_held_by_a_comment() {
    let hub = hub("\n[github]\nprow = true\n");
    announce(&hub);
    announce(&hub);
    let held = |hub: &Hub| comments(hub).iter().filter(|c| c.lines().any(|line| line == "/hold")).count();
    assert_eq!(held(&hub), 1);
    let other = self::hub("\n[github]\nprow = true\n");
    other.github.add_label(REGISTRY, 2, "alice", "do-not-merge/hold");
    announce(&other);
    assert_eq!(held(&other), 0, "Prow has heard already");
}

/// A branch's name makes nothing a decision.
#[test]
fn what_only_has_the_name_of_a_decision_fails() {
    let hub = hub("");
    hub.push_to_fork("decision/acme/0002", "data/partners/acme/log/0002", "hello");
    hub.github.open_pull(REGISTRY, "jane", "jane:decision/acme/0002", "main", "x", "");
    announce(&hub);
    assert!(
        hub.statuses().iter().any(|(state, words)| state == "failure" && words.starts_with("it can't be merged: ")),
        "{:?}",
        hub.statuses()
    );
    hub.github.clear_traffic();
    announce(&hub);
    assert_eq!(writes(&hub), [""; 0]);
}

#[test]
fn a_workflow_decides_where_the_policy_leaves_it_to_it() {
    let hub = hub("\n[github]\ndecide = \"auto\"\n");
    hub.github.review(REGISTRY, 2, "alice", "APPROVED", "");
    let output = announce(&hub);
    assert!(output.contains("waiting: 1 of 2"), "{output}");
    hub.github.review(REGISTRY, 2, "bob", "APPROVED", "");
    let output = announce(&hub);
    assert!(output.contains("decided: decided on"), "{output}");
    assert_eq!(pull(&hub)["state"], "MERGED");
    let event = hub.git(REGISTRY, &["show", "main:data/partners/acme/log/0002"]);
    assert!(event.contains("KP-Actor: bob\n") && event.contains("KP-By: github-actions[bot]\n"), "{event}");
    let told = comments(&hub);
    assert!(told.iter().any(|c| c.starts_with("Decided: `Acme` is approved.")), "{told:?}");
    hub.run("alice", &["audit"]).ok().code.unwrap();
    hub.run("alice", &["check"]).ok().code.unwrap();
    // An update as well; an exit is people's.
    hub.run("jane", &["update", "acme", "--description", "Another text"]).ok().code.unwrap();
    let number = u64::try_from(hub.threads().len()).unwrap();
    hub.github.review(REGISTRY, number, "alice", "APPROVED", "");
    announce(&hub);
    assert!(hub.run("alice", &["status", "acme"]).ok().stdout.contains("has been a partner"), "decided");
    hub.github.fork(REGISTRY, "alice", None);
    hub.run("alice", &["exit", "acme", "--kind", "inactive", "--reason", "gone"]).ok().code.unwrap();
    let number = u64::try_from(hub.threads().len()).unwrap();
    hub.github.review(REGISTRY, number, "bob", "APPROVED", "");
    let output = announce(&hub);
    assert!(output.contains("the votes carry it; a member writes the decision down"), "{output}");
    hub.run("alice", &["audit"]).ok().code.unwrap();
}

#[test]
fn what_the_votes_turn_down_is_told_and_a_member_writes_it_down() {
    let by_hand = hub("");
    // What asks for one name beside it has people decide in any case.
    let contested = hub("\n[github]\ndecide = \"auto\"\n");
    contested.github.fork(REGISTRY, "erin", None);
    contested.apply("erin", "Acme").ok().code.unwrap();
    for (hub, which) in [(by_hand, &[][..]), (contested, &["--pull-request", "2"])] {
        hub.github.review(REGISTRY, 2, "alice", "CHANGES_REQUESTED", "Nothing of Karmada there.");
        let first = announce(&hub);
        hub.github.review(REGISTRY, 2, "bob", "CHANGES_REQUESTED", "Nor did I find any.");
        let output = announce(&hub);
        let told = "ready: the votes turn it down; a member writes the rejection down";
        assert!(!first.contains("turn it down") && output.contains(told), "{first}{output}");
        let tally = comments(&hub).swap_remove(0);
        assert!(tally.contains("### The votes turn it down\n"), "{tally}");
        assert!(
            tally.contains("`karmada-partner reject acme --reason \"…\"`") && !tally.contains("Still missing"),
            "{tally}"
        );
        assert!(!tally.contains("Members vote here") && !tally.contains("written down by a workflow"), "{tally}");
        assert_eq!(pull(&hub)["state"], "OPEN");
        assert!(hub.run("jane", &["status", "acme"]).ok().stdout.contains("The votes turn it down."));
        assert!(hub.run("alice", &["status"]).ok().stdout.contains("rejection"));
        let remind = hub.run("alice", &["remind", "--dry-run"]);
        assert!(!remind.stdout.contains("Still missing"), "{remind}");
        let reject = ["reject", "acme", "--reason", "nothing of Karmada there"];
        hub.run("alice", &[&reject, which].concat()).ok().code.unwrap();
        assert_eq!(pull(&hub)["state"], "CLOSED");
        hub.run("alice", &["audit"]).ok().code.unwrap();
    }
}

#[test]
fn by_hand_a_workflow_decides_nothing_nor_does_a_person_by_announcing() {
    let by_hand = hub("");
    let auto = hub("\n[github]\ndecide = \"auto\"\n");
    for (hub, who) in [(&by_hand, "workflow"), (&auto, "alice")] {
        hub.github.review(REGISTRY, 2, "alice", "APPROVED", "");
        hub.github.review(REGISTRY, 2, "bob", "APPROVED", "");
        hub.run(who, &["announce"]).ok().code.unwrap();
        assert_eq!(pull(hub)["state"], "OPEN");
    }
}

#[test]
fn what_was_merged_all_the_same_is_told_and_decided_from_there() {
    let hub = hub("\n[github]\ndecide = \"auto\"\n");
    announce(&hub);
    hub.github.merge_pull(REGISTRY, 2, "carol", Method::Merge);
    let output = announce(&hub);
    assert!(output.contains("waiting: 0 of 2"), "{output}");
    assert!(
        comments(&hub)[0].contains("It stands `on the default branch, and not decided: merged by "),
        "{:?}",
        comments(&hub)
    );
    hub.github.review(REGISTRY, 2, "alice", "APPROVED", "");
    hub.github.review(REGISTRY, 2, "bob", "APPROVED", "");
    announce(&hub);
    assert!(hub.run("alice", &["status", "acme"]).ok().stdout.contains("has been a partner"));
    hub.run("alice", &["check"]).ok().code.unwrap();
}

#[test]
fn refusals_are_told_and_hold_up_nothing() {
    let hub = hub("");
    // Nobody of them belongs to the organization any more.
    for member in ["alice", "bob", "carol"] {
        hub.github.revoke_grant(REGISTRY, member);
    }
    hub.github.leave_org("karmada", &["alice", "bob", "carol"]);
    let output = announce(&hub);
    assert!(output.contains("Reviews may only be requested from collaborators"), "{output}");
    assert_eq!(hub.statuses().len(), 1);
    hub.github.clear_traffic();
    announce(&hub);
    assert_eq!(writes(&hub), [""; 0]);
    hub.github.grant(REGISTRY, "alice", Permission::Write);
    hub.github.fault(1, Fault::Status500Before);
    hub.run("workflow", &["announce"]).ok().code.unwrap();
}

/// GitHub fails at one of them, however often it is asked.
#[test]
fn one_pull_request_that_fails_holds_up_no_other() {
    let hub = hub("");
    hub.apply("erin", "Globex").ok().code.unwrap();
    hub.github.clear_traffic();
    hub.run("workflow", &["announce", "--dry-run"]).ok().code.unwrap();
    let reads = u64::try_from(hub.operations().len()).unwrap();
    hub.github.fault(reads + 1, Fault::Html502Before);
    let output = hub.run("workflow", &["announce"]).fails(5);
    assert!(output.stderr.contains("warning: #2: can't comment"), "{output}");
    assert!(output.stdout.starts_with("#4 waiting: ") && !output.stdout.contains("#2"), "{output}");
    let told = |number: u64| hub.threads()[usize::try_from(number).unwrap() - 1]["comments"].as_array().unwrap().len();
    assert_eq!((told(2), told(4)), (0, 1));
    announce(&hub);
    assert_eq!((told(2), told(4)), (1, 1));
    hub.github.assert_clean();
}

/// One who can't be asked keeps nobody else from being asked.
#[test]
fn who_can_be_asked_is_asked() {
    for gone in ["alice", "bob", "carol"] {
        let hub = hub("");
        hub.github.revoke_grant(REGISTRY, gone);
        hub.github.leave_org("karmada", &[gone]);
        announce(&hub);
        let requested = pull(&hub)["requested"].as_array().unwrap().clone();
        assert!(!requested.is_empty() && !requested.contains(&json!(gone)), "{gone}: {requested:?}");
    }
}

#[test]
fn elsewhere_there_is_nobody_to_tell() {
    let env = crate::env::TestEnv::with_applicant();
    let output = env.run(&["announce"]).fails(2);
    assert!(output.stderr.contains("only where the registry is on GitHub"), "{output}");
}

#[test]
fn the_comment_says_what_else_on_the_websites_page_would_change() {
    let hub = hub("\n[website]\nrepository = \"karmada-io/website\"\n");
    crate::page::website(&hub.env);
    hub.github.add_org("karmada-io", &[]);
    hub.github.add_repository("karmada-io/website", &hub.env.path("site/.git"));
    announce(&hub);
    let said = &comments(&hub)[0];
    assert!(said.contains("\nWhat else on the page would change: \n- `Zeta & Sons: its card goes; "), "{said}");
    // It is looked at once a commit, and costs nothing after that.
    hub.github.clear_traffic();
    announce(&hub);
    assert_eq!(writes(&hub), [""; 0]);
    assert!(hub.requests().len() <= 3, "{:?}", hub.operations());
}

#[test]
fn a_workflow_that_may_not_push_proposes_its_decision() {
    let hub = hub("\n[github]\ndecide = \"auto\"\nlanding = \"pull-request\"\n");
    hub.github.protect(REGISTRY, "main");
    hub.github.review(REGISTRY, 2, "alice", "APPROVED", "");
    hub.github.review(REGISTRY, 2, "bob", "APPROVED", "");
    announce(&hub);
    let threads = hub.threads();
    let brings = threads.iter().find(|t| t["head"] == "karmada:decision/acme/0002").unwrap();
    assert_eq!((&brings["author"], &brings["draft"]), (&json!("github-actions"), &json!(false)));
    // The check that the branch may ask for is there, too.
    assert!(
        hub.statuses()
            .contains(&("success".to_owned(), "it brings a decision, which takes effect when it is merged".to_owned())),
        "{:?}",
        hub.statuses()
    );
    let number = u64::try_from(threads.len()).unwrap().to_string();
    hub.run("carol", &["check", "--pull-request", &number]).ok().code.unwrap();
    // It waits, and nothing is there twice.
    hub.github.clear_traffic();
    announce(&hub);
    assert_eq!(writes(&hub), [""; 0]);
    hub.github.unprotect(REGISTRY, "main");
    hub.github.merge_pull(REGISTRY, u64::try_from(threads.len()).unwrap(), "carol", Method::Squash);
    announce(&hub);
    assert!(hub.run("alice", &["status", "acme"]).ok().stdout.contains("has been a partner"));
    assert_eq!(pull(&hub)["state"], "CLOSED");
    assert!(comments(&hub).iter().any(|c| c.contains("### Decided: ")), "{:?}", comments(&hub));
    hub.run("alice", &["audit"]).ok().code.unwrap();
}

#[test]
fn who_is_away_is_not_waited_for() {
    let hub = hub("\n[[committee]]\ngithub = \"dora\"\naffiliation = \"Stark\"\naway_until = 2099-12-31\n");
    announce(&hub);
    assert_eq!(hub.statuses()[0].1, "0 of 2 in favor; waiting for alice, bob, carol");
    let told = comments(&hub).concat();
    assert!(told.contains("`dora` (`Stark`, away until 2099-12-31)"), "its vote counts: {told}");
}
