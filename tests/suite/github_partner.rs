//! What a partner does on GitHub after it applied: update, withdraw, exit, status. No clone, no git.

use github_double::Method;
use snapbox::str;

use crate::hub::{Hub, REGISTRY};

/// Runs it without any `git` in reach.
fn without_git(hub: &Hub, who: &str, args: &[&str]) -> crate::env::Output {
    hub.env.output(hub.command(who, args).env("PATH", "/nowhere"))
}

#[test]
fn all_of_an_applicants_commands_do_without_git() {
    let hub = Hub::with_fork();
    let apply =
        ["apply", "--name", "Acme", "--website", "https://acme.example", "--github", "jane", "--logo", "logo.png"];
    without_git(&hub, "jane", &apply).ok().code.unwrap();
    without_git(&hub, "jane", &["update", "acme", "--website", "https://acme.example/karmada"]).ok().code.unwrap();
    without_git(&hub, "jane", &["status", "acme"]).ok().code.unwrap();
    without_git(&hub, "jane", &["withdraw", "acme"]).ok().code.unwrap();
    let needs = without_git(&hub, "jane", &["list"]).fails(5);
    assert!(needs.stderr.contains("can't run git"), "{needs}");
}

#[test]
fn an_application_is_amended_in_place() {
    let hub = Hub::with_applicant();
    let output = hub.run("jane", &["update", "acme", "--name", "Acme Systems"]);
    snapbox::assert_data_eq!(
        output.to_string(),
        str![[r#"
exit 0
--- stdout
Sent: Acme Systems (acme), the application is amended.
Changed: name
Commit: [COMMIT] on apply/acme
Pull request: https://github.example/karmada/partners/pull/2

"#]]
    );
    assert_eq!(hub.threads().len(), 2);
    assert_eq!(hub.threads()[1]["title"], "acme: Acme Systems amends its application");
    assert!(hub.body(2).contains("Fixes #1"));
    let before = hub.github.dump();
    let again = hub.run("jane", &["update", "acme", "--name", "Acme Systems"]).ok();
    assert!(again.stdout.contains("Nothing to do"), "{again}");
    assert_eq!(hub.github.dump(), before);
}

#[test]
fn only_its_author_changes_a_proposal() {
    let hub = Hub::with_applicant();
    let output = hub.run("bob", &["update", "acme", "--name", "Acme Systems"]).fails(4);
    snapbox::assert_data_eq!(
        output.stderr,
        str![[r#"
error: the proposal about acme is a pull request by jane, and only its author can change it
hint: say it there: https://github.example/karmada/partners/pull/2

"#]]
    );
}

#[test]
fn a_partner_updates_its_entry_and_one_member_agrees() {
    let hub = Hub::with_partner();
    hub.run("jane", &["update", "acme", "--website", "https://acme.example/new"]).ok().code.unwrap();
    hub.github.clear_traffic();
    hub.run("bob", &["approve", "acme"]).ok().code.unwrap();
    assert!(!hub.operations().contains(&"graphql:Opened".to_owned()), "{:?}", hub.operations());
    assert!(hub.git(REGISTRY, &["show", "main:data/partners/acme/partner.toml"]).contains("acme.example/new"));
    assert_eq!(hub.threads()[2]["state"], "MERGED");
    hub.run("bob", &["check"]).ok().code.unwrap();
    // And again, on the branch that is there still.
    hub.run("jane", &["update", "acme", "--website", "https://acme.example/newer"]).ok().code.unwrap();
    hub.run("bob", &["approve", "acme"]).ok().code.unwrap();
    hub.run("bob", &["check"]).ok().code.unwrap();
}

#[test]
fn an_application_is_taken_back_and_any_merge_puts_that_on_record() {
    let hub = Hub::with_applicant();
    hub.commit("README.md", "The registry has moved on.\n");
    let output = hub.run("jane", &["withdraw", "acme", "--reason", "Too early"]);
    snapbox::assert_data_eq!(
        output.to_string(),
        str![[r#"
exit 0
--- stdout
Recorded: the application of Acme is withdrawn.
Commit: [COMMIT]
Pull request: https://github.example/karmada/partners/pull/2
--- stderr
A member of the committee merges the pull request, so that the record says so.

"#]]
    );
    let again = hub.run("jane", &["withdraw", "acme"]).ok();
    assert!(again.stdout.contains("Nothing to do: it is taken back"), "{again}");
    let status = hub.run("jane", &["status", "acme"]).ok();
    assert!(status.stdout.contains("The application for acme is taken back"), "{status}");
    let listed = hub.run("bob", &["review"]).ok();
    assert!(listed.stdout.contains("Nothing waits for a decision."), "{listed}");
    // Nobody is warned of it: it is what it was, and over.
    assert!(!listed.stderr.contains("no proposal"), "{listed}");
    let checked = hub.run("bob", &["check", "--pull-request", "2"]).ok();
    assert!(checked.stdout.contains("No problems found."), "{checked}");
    hub.github.merge_pull(REGISTRY, 2, "bob", Method::Squash);
    assert_eq!(hub.git(REGISTRY, &["ls-tree", "--name-only", "main:data/partners/acme"]), "log\n");
    hub.run("bob", &["check"]).ok().code.unwrap();
    assert!(hub.run("jane", &["status", "acme"]).ok().stdout.contains("was withdrawn on"));
    // Again, after that.
    hub.apply("jane", "Acme").ok().code.unwrap();
    hub.approve();
    hub.run("bob", &["check"]).ok().code.unwrap();
}

#[test]
fn a_partner_asks_to_leave_and_one_member_confirms() {
    let hub = Hub::with_partner();
    let args = ["exit", "acme", "--kind", "voluntary", "--reason", "We close down"];
    let output = hub.run("jane", &args);
    snapbox::assert_data_eq!(
        output.to_string(),
        str![[r#"
exit 0
--- stdout
Sent: Acme asks to leave.
Terms of the exit: voluntary, effective 2026-09-21; We close down.
Commit: [COMMIT] on exit/acme
Pull request: https://github.example/karmada/partners/pull/3
--- stderr
Next: one member of the committee confirms it.

"#]]
    );
    let again = hub.run("jane", &args).ok();
    assert!(again.stdout.contains("Nothing to do"), "{again}");
    let decided = hub.run("bob", &args).ok();
    assert!(decided.stdout.contains("Decided: Acme leaves the program"), "{decided}");
    assert_eq!(hub.threads()[2]["state"], "MERGED");
    hub.run("bob", &["check"]).ok().code.unwrap();
    assert!(hub.run("jane", &["status", "acme"]).ok().stdout.contains("left the program on"));
}

#[test]
fn who_left_is_cleared_as_its_contact_asks_and_a_member_clicks() {
    let hub = Hub::with_partner();
    hub.run("jane", &["update", "acme", "--email", "karmada@acme.example"]).ok().code.unwrap();
    hub.run("bob", &["approve", "acme"]).ok().code.unwrap();
    let exit = ["exit", "acme", "--kind", "voluntary", "--reason", "We close down"];
    hub.run("jane", &exit).ok().code.unwrap();
    hub.run("bob", &exit).ok().code.unwrap();
    let clear = ["clear", "acme", "--note", "as agreed"];
    hub.run("mallory", &clear).fails(4).code.unwrap();
    let asked = without_git(&hub, "jane", &clear).ok();
    let number = hub.threads().len();
    assert!(asked.stdout.contains(&format!("/karmada/partners/pull/{number}")), "{asked}");
    assert_eq!(hub.threads()[number - 1]["title"], "acme: Acme asks to be cleared");
    assert!(hub.run("jane", &clear).ok().stdout.contains("waits for the committee already"));
    let head = || {
        let files = hub.git(REGISTRY, &["ls-tree", "-r", "--name-only", "main:data/partners/acme"]);
        files + &hub.git(REGISTRY, &["show", "main:data/partners/acme/partner.toml"])
    };
    assert!(head().contains("logo.png") && head().contains("karmada@acme.example"), "nobody has decided it");
    hub.github.review(REGISTRY, number.try_into().unwrap(), "alice", "APPROVED", "");
    let decided = hub.run("bob", &["approve", "acme"]).ok();
    assert!(decided.stdout.contains("Decided: mailbox and logo of Acme are taken away"), "{decided}");
    assert!(!head().contains("logo.png") && !head().contains("karmada@acme.example"), "{}", head());
    assert!(head().contains("votes/4/alice"), "the click counts: {}", head());
    assert_eq!(hub.threads()[number - 1]["state"], "MERGED");
    hub.run("bob", &["check"]).ok().code.unwrap();
    let audited = hub.run("bob", &["audit", "--full"]).ok();
    assert!(!audited.to_string().contains("foreign-commit"), "{audited}");
    assert!(hub.run("jane", &clear).ok().stdout.contains("neither mailbox nor logo"));
}

#[test]
fn the_committee_ends_a_partnership_in_the_open() {
    let hub = Hub::with_partner();
    let args = ["exit", "acme", "--kind", "inactive", "--reason", "No answer since spring"];
    let begun = hub.run("alice", &args).ok();
    assert!(begun.stdout.contains("Still missing: 1 more in favor"), "{begun}");
    let decided = hub.run("bob", &args).ok();
    assert!(decided.stdout.contains("Decided: Acme leaves the program"), "{decided}");
    assert_eq!(hub.git(REGISTRY, &["ls-tree", "--name-only", "main:data/partners/acme/votes/2"]), "alice\nbob\n");
    hub.run("bob", &["check"]).ok().code.unwrap();
}

#[test]
fn what_waits_is_listed_and_status_says_whose_turn_it_is() {
    let hub = Hub::with_applicant();
    snapbox::assert_data_eq!(
        hub.run("jane", &["status", "acme"]).to_string(),
        str![[r#"
exit 0
--- stdout
The application of Acme (acme) waits for a decision, since 2026-09-21 (today).
Votes so far: 0 in favor, 0 against, 0 abstaining, 0 not counted.
It is the committee's turn. Still missing: 2 more in favor (0 of 2); votes in favor from 2 different affiliations (now 0).

"#]]
    );
    snapbox::assert_data_eq!(
        hub.run("alice", &["list", "--proposals"]).to_string(),
        str![[r#"
exit 0
--- stdout
PARTNER  NAME  ASKS FOR     WAITS  STILL MISSING
acme     Acme  application  today  2 more in favor (0 of 2); votes in favor from 2 different
                                   affiliations (now 0)

"#]]
    );
    let listed = hub.run("alice", &["list", "--json"]).json();
    assert_eq!(listed["partners"][0]["state"], "applied");
}

#[test]
fn a_change_that_came_too_late_takes_the_place_of_what_it_changed() {
    let hub = Hub::with_applicant();
    // Something is pushed onto a branch that has been decided meanwhile.
    hub.approve();
    hub.push_to_fork("apply/acme", "data/partners/acme/log/0003", "KP-nonsense\n");
    hub.github.open_pull(REGISTRY, "jane", "jane:apply/acme", "main", "late", "");
    let output = hub.run("jane", &["update", "acme", "--website", "https://acme.example/b"]).ok();
    assert!(output.stdout.contains("/pull/3"), "{output}");
    hub.run("bob", &["approve", "acme"]).ok().code.unwrap();
    hub.run("bob", &["check"]).ok().code.unwrap();
}

/// A contact is its account: renamed, it goes on; whoever takes the login speaks for nobody.
#[test]
fn a_renamed_contact_is_still_the_contact_and_who_takes_the_login_is_not() {
    let mut hub = Hub::with_partner();
    let id = hub.github.account_id("jane");
    let facts = hub.git(REGISTRY, &["show", "main:data/partners/acme/partner.toml"]);
    assert!(facts.contains(&format!("github_id = {id}\n")), "{facts}");
    hub.github.rename_user("jane", "jane-now");
    hub.github.add_user("jane");
    for login in ["jane", "jane-now"] {
        hub.use_token(login, github_double::TokenKind::classic());
    }
    let update = ["update", "acme", "--website", "https://acme.example/new"];
    for said in [
        &update[..],
        &["jobs", "add", "acme", "--title", "Engineer"],
        &["exit", "acme", "--kind", "voluntary", "--reason", "bye"],
    ] {
        let refused = hub.run("jane", said).fails(4);
        assert!(refused.stderr.contains("doesn't speak for this partner"), "{refused}");
    }
    hub.run("jane-now", &update).ok().code.unwrap();
    let decided = hub.run("alice", &["approve", "acme"]).ok();
    assert!(decided.stdout.contains("Decided: "), "{decided}");
    let facts = hub.git(REGISTRY, &["show", "main:data/partners/acme/partner.toml"]);
    assert!(facts.contains(&format!("github_id = {id}\n")), "{facts}");
    for command in ["check", "audit"] {
        hub.run("bob", &[command]).ok().code.unwrap();
    }
}
