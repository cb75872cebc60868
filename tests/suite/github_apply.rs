//! `apply` on GitHub: no clone, few requests, nothing twice.

use snapbox::str;

use crate::hub::{Hub, REGISTRY};

#[test]
fn an_application_is_a_branch_an_issue_and_a_pull_request() {
    let hub = Hub::with_fork();
    let output = hub.apply("jane", "Acme");
    snapbox::assert_data_eq!(
        output.to_string(),
        str![[r#"
exit 0
--- stdout
Sent: Acme (acme) applies to the program.
Commit: [COMMIT] on apply/acme
Issue: https://github.example/karmada/partners/issues/1
Pull request: https://github.example/karmada/partners/pull/2
--- stderr
Logo: 300×200 pixels, 762 bytes, ink across 100 % of the canvas
Next: the committee reviews it. Votes in favor needed: 2, from different affiliations: 2.
See how it stands with: karmada-partner status acme

"#]]
    );
    snapbox::assert_data_eq!(
        hub.operations().join("\n"),
        str![[r#"
graphql:Registry
graphql:Partner
git/create-blob
git/create-tree
git/create-commit
graphql:Begin
graphql:Open
"#]]
    );
    assert_eq!(hub.git(REGISTRY, &["branch", "--list"]), "* main\n");
    snapbox::assert_data_eq!(
        hub.git("jane/partners", &["show", "--stat", "--format=%an <%ae>%n%B", "apply/acme"]),
        str![[r#"
jane <583222+jane@users.noreply.github.com>
acme: Acme applies to the program

Website: https://acme.example/karmada
Contact: jane

KP-Event: v1 applied
KP-Registry: sha256:8b6ae9f241e243243ed54cd08b12f3388c74b2efc74c540024914162b2832614
KP-Partner: acme
KP-Seq: 1
KP-Round: 1
KP-Subject: application
KP-Actor: jane
KP-Account: 583222
KP-Time: 2026-09-21T14:15:20Z
KP-Policy: sha256:f6ff1b5f07104a88ec44450ccd53bedca3eaa8c347227c8ba640089939407275
KP-Record: sha256:4fd4f70baa18b103b3bd58008a27d6d2cad5e9c08a93aa62a7cfe6ef5afd4b1c
KP-Logo: sha256:56454c55da559ddad65df86de209b1510b93fe4e36e60272df84774a2ec0517a
KP-Objects: [COMMIT] [COMMIT]
KP-Prev: none
KP-Votes: none
Signed-off-by: jane <583222+jane@users.noreply.github.com>


 data/partners/acme/log/0001     |  15 +++++++++++++++
 data/partners/acme/logo.png     | Bin 0 -> 762 bytes
 data/partners/acme/partner.toml |   5 +++++
 3 files changed, 20 insertions(+)

"#]]
    );
    let threads = hub.threads();
    assert_eq!(
        threads[0]["title"],
        "REQUEST: Organization Acme that provides commercial support to Karmada New Commercial Support"
    );
    snapbox::assert_data_eq!(
        hub.body(1),
        str![[r#"
### Org or company name

`Acme`

### Org or company description

_No response_

### Org or company Website

<https://acme.example/karmada>

### Org or company logo

![Acme]($HUB/jane/partners/raw/[COMMIT]/data/partners/acme/logo.png)

### Contact me

GitHub ID: `jane`
E-mail: _No response_

---

Sent with `karmada-partner apply` as `acme`. The entry itself is proposed in a pull request; comments are welcome here.

<!-- karmada-partner: karmada/partners apply/acme round 1 -->

"#]]
    );
    snapbox::assert_data_eq!(
        hub.body(2),
        str![[r#"
**What type of PR is this?**

/kind documentation

**What this PR does / why we need it**:

`Acme` asks to join the Test Program.

| | |
|---|---|
| Name | `Acme` |
| Website | <https://acme.example/karmada> |
| GitHub ID | `jane` |
| E-mail | – |
| Description | – |
| Parent company | – |

![Acme]($HUB/jane/partners/raw/[COMMIT]/data/partners/acme/logo.png)

**Which issue(s) this PR fixes**:

Fixes #1

**For the committee**: judge it with `karmada-partner review acme`, or with Approve or Request changes here. **Approve is a vote; nobody merges this by hand**: when the votes carry it, the decision does that, and until then it is a draft where GitHub has drafts. Votes bind to what they saw: when this pull request changes, they have to be given again.

**Does this PR introduce a user-facing change?**:

```release-note
NONE
```

"#]]
    );
}

/// What will be published in Chinese stands in the issue as in the pull request, and so do services and all else.
#[test]
fn all_that_is_proposed_stands_in_the_issue_and_the_pull_request() {
    let hub = Hub::with_fork();
    let facts =
        ["--name", "Acme", "--website", "https://acme.example/karmada", "--github", "jane", "--logo", "logo.png"];
    let further = ["--name-zh", "极致", "--description-zh", "提供商业支持", "--service", "咨询"];
    hub.run("jane", &[&["apply"][..], &facts, &further].concat()).ok().code.unwrap();
    for number in [1, 2] {
        let body = hub.body(number);
        for words in ["极致", "提供商业支持", "| Services | "] {
            assert!(body.contains(words), "{words}: {body}");
        }
    }
}

#[test]
fn applying_again_asks_twice_and_makes_nothing() {
    let hub = Hub::with_applicant();
    let before = hub.github.dump();
    hub.github.clear_traffic();
    let output = hub.apply("jane", "Acme").ok();
    assert!(output.stdout.contains("Nothing to do"), "{output}");
    assert_eq!(hub.operations(), ["graphql:Registry", "graphql:Partner"]);
    assert_eq!(hub.github.dump(), before);
}

/// The numbers that the performance page shows, held: requests, and bytes of bodies and heads.
#[test]
fn the_budget_holds_and_does_not_grow_with_the_registry() {
    let budget = |hub: &Hub| {
        hub.github.clear_traffic();
        hub.apply("jane", "Acme").ok().code.unwrap();
        let requests = hub.requests();
        let up: usize = requests.iter().map(|r| r.total_up).sum();
        let down: usize = requests.iter().map(|r| r.total_down).sum();
        assert!(requests.len() <= 7, "{:?}", hub.operations());
        let logo = std::fs::read(hub.env.path("logo.png")).unwrap().len();
        assert!(up <= logo * 14 / 10 + 12_000, "{up} bytes up");
        assert!(down <= 40_000, "{down} bytes down");
        requests.len()
    };
    let hub = Hub::with_fork();
    hub.env.write("logo.png", crate::picture::png(600, 400));
    assert_eq!(budget(&hub), 7);
    let many = Hub::among(300);
    assert_eq!(budget(&many), 7);
}

#[test]
fn the_own_fork_is_found_under_any_name_and_an_organizations_one_too() {
    let hub = Hub::new();
    hub.github.fork(REGISTRY, "jane", Some("my-copy"));
    hub.apply("jane", "Acme").ok().code.unwrap();
    assert!(hub.git("jane/my-copy", &["branch", "--list"]).contains("apply/acme"));

    let hub = Hub::new();
    hub.github.add_org("globex", &["jane"]);
    hub.github.fork(REGISTRY, "globex", None);
    hub.github.grant("globex/partners", "jane", github_double::Permission::Write);
    hub.apply("jane", "Acme").ok().code.unwrap();
    assert!(hub.git("globex/partners", &["branch", "--list"]).contains("apply/acme"));
    assert_eq!(hub.threads()[1]["head"], "globex:apply/acme");
}

#[test]
fn a_fork_of_a_fork_does() {
    let hub = Hub::new();
    hub.github.fork(REGISTRY, "bob", None);
    hub.github.fork("bob/partners", "jane", None);
    hub.apply("jane", "Acme").ok().code.unwrap();
    assert_eq!(hub.threads()[1]["head"], "jane:apply/acme");
    assert!(hub.git("jane/partners", &["branch", "--list"]).contains("apply/acme"));
}

#[test]
fn a_deleted_fork_is_made_anew() {
    let hub = Hub::with_fork();
    hub.github.delete("jane/partners");
    let output = hub.apply("jane", "Acme").ok();
    assert!(output.stderr.contains("Making a fork of karmada/partners for you."), "{output}");
}

#[test]
fn a_stale_fork_is_not_synced_but_built_on() {
    let hub = Hub::with_fork();
    hub.land_something("bob");
    hub.github.strict_forks(true);
    hub.apply("jane", "Acme").ok().code.unwrap();
    let parent = hub.git("jane/partners", &["rev-parse", "apply/acme~1"]);
    assert_eq!(parent, hub.git("jane/partners", &["rev-parse", "main"]));
    assert_eq!(hub.threads().last().unwrap()["state"], "OPEN");
    hub.approve();
    hub.run("bob", &["check"]).ok().code.unwrap();
}

#[test]
fn a_renamed_default_branch_and_a_renamed_registry_are_followed() {
    let hub = Hub::with_fork();
    hub.github.rename_default_branch(REGISTRY, "trunk");
    hub.apply("jane", "Acme").ok().code.unwrap();
    assert_eq!(hub.threads()[1]["base"], "trunk");
    hub.approve();
    assert!(hub.git(REGISTRY, &["log", "--format=%s", "trunk"]).contains("Acme is approved"));
}

#[test]
fn an_archived_registry_takes_nothing() {
    let hub = Hub::with_fork();
    hub.github.archive(REGISTRY, true);
    let before = hub.github.dump();
    let output = hub.apply("jane", "Acme").fails(4);
    assert!(output.stderr.contains("error: karmada/partners is archived"), "{output}");
    assert_eq!(hub.github.dump(), before);
}

#[test]
fn after_a_closed_pull_request_one_can_apply_again() {
    let hub = Hub::with_applicant();
    hub.github.close_pull(REGISTRY, 2, "bob");
    let output = hub.apply("jane", "Acme").ok();
    // The branch is there, the issue is still open: only the pull request is new.
    assert!(output.stdout.contains("/pull/3"), "{output}");
    assert_eq!(hub.threads().len(), 3);
    hub.run("alice", &["approve", "acme"]).ok().code.unwrap();
}

#[test]
fn a_branch_left_by_an_older_attempt_is_replaced() {
    let hub = Hub::with_fork();
    hub.git("jane/partners", &["branch", "apply/acme", "main"]);
    hub.apply("jane", "Acme").ok().code.unwrap();
    assert_eq!(hub.threads()[1]["state"], "OPEN");
}

#[test]
fn a_name_that_waits_for_somebody_else_is_told_and_each_goes_on_with_its_own() {
    let hub = Hub::with_applicant();
    let output = hub.apply("mallory", "Acme").ok();
    let told =
        "another application for acme is open: Acme (application, https://acme.example/karmada) by jane, since 2026-";
    assert_eq!(output.stderr.matches(told).count(), 1, "{output}");
    assert!(output.stdout.contains("/pull/4"), "{output}");
    assert!(hub.apply("mallory", "Acme").ok().stdout.starts_with("Nothing to do"));
    let mine = |login: &str| hub.git_raw(&format!("{login}/partners"), "apply/acme:data/partners/acme/partner.toml");
    for login in ["mallory", "jane"] {
        let website = format!("https://{login}.example");
        hub.run(login, &["update", "acme", "--website", &website]).ok().code.unwrap();
        assert!(mine(login).contains(&website), "{}", mine(login));
        let status = hub.run(login, &["status", "acme"]).ok();
        assert!(status.stdout.contains("by mallory") && status.stdout.contains("by jane"), "{status}");
    }
    // Who has none of its own changes neither in passing.
    hub.run("erin", &["withdraw", "acme"]).fails(1).code.unwrap();
    let refused = hub.run("mallory", &["withdraw", "acme"]).fails(1);
    assert!(refused.stderr.contains("taking yours back would end that one, too"), "{refused}");
    assert!(
        refused.stderr.contains("hint: close https://github.example/karmada/partners/pull/4: that ends yours alone"),
        "{refused}"
    );
    hub.github.close_pull(REGISTRY, 4, "mallory");
    let status = hub.run("jane", &["status", "acme"]).ok();
    assert!(status.stdout.contains("waits for a decision") && !status.stdout.contains("by mallory"), "{status}");
}

#[test]
fn a_contact_that_does_not_exist_is_told() {
    let hub = Hub::with_fork();
    let args =
        ["apply", "--name", "Acme", "--website", "https://acme.example", "--github", "nobody", "--logo", "logo.png"];
    let output = hub.run("jane", &args).fails(2);
    snapbox::assert_data_eq!(
        output.stderr,
        str![[r#"
error: nobody on GitHub has the ID nobody
hint: --github: give a person's GitHub ID, as in github.com/ID; an organization's doesn't do

"#]]
    );
    assert_eq!(hub.threads().len(), 0);
}

#[test]
fn who_owns_the_registry_cannot_fork_it() {
    let mut hub = Hub::new();
    hub.github.add_repository("jane/own", &hub.env.path("seed.git"));
    hub.registry = "jane/own".into();
    let output = hub.apply("jane", "Acme").fails(4);
    assert!(output.stderr.contains("jane/own is your own, and can't be forked by you"), "{output}");
}

#[test]
fn as_somebody_else_is_refused() {
    let hub = Hub::with_fork();
    let output = hub.run("jane", &["status", "acme", "--as", "alice"]);
    assert_eq!(output.code, Some(3), "reading is nobody's act: {output}");
    let output = hub.run("alice", &["approve", "acme", "--as", "bob"]).fails(2);
    assert!(output.stderr.contains("on GitHub you act as the token's account, alice, and not as bob"), "{output}");
}

#[test]
fn issues_go_where_the_program_says() {
    let hub = Hub::with_program("\n[github]\nissues = \"karmada/community\"\n");
    hub.github.add_repository("karmada/community", &hub.env.path("seed.git"));
    hub.apply("jane", "Acme").ok().code.unwrap();
    let dump = hub.github.dump();
    assert_eq!(dump["karmada/community"]["threads"].as_array().unwrap().len(), 1);
    assert!(hub.body(1).contains("Fixes karmada/community#1"), "{}", hub.body(1));

    let hub = Hub::with_program("\n[github]\nissues = false\n");
    hub.apply("jane", "Acme").ok().code.unwrap();
    assert_eq!(hub.threads().len(), 1);
    assert!(hub.body(1).contains("**Which issue(s) this PR fixes**:\n\nNone"), "{}", hub.body(1));
}

#[test]
fn a_registrys_own_templates_win_and_a_broken_one_says_where() {
    let hub = Hub::with_fork();
    hub.commit("templates/github/issue.md", "# Please let {{ name|plain }} in\n\nSays {{ name }}.\n");
    hub.apply("jane", "Acme").ok().code.unwrap();
    assert_eq!(hub.threads()[0]["title"], "Please let Acme in");
    hub.commit("templates/github/pull-request.md", "# {{ title }}\n\n{% if %}\n");
    let args = ["update", "acme", "--website", "https://acme.example/other"];
    let output = hub.run("jane", &args).fails(2);
    assert!(
        output.stderr.contains("error: templates/github/pull-request.md:3 of the registry can't be used"),
        "{output}"
    );
}

#[test]
fn nothing_an_applicant_wrote_acts() {
    let hub = Hub::with_fork();
    let name = "Fixes #12 @karmada/all <img src=x> ![x](y) [a](b) `c` | d";
    let args = ["apply", "--name", name, "--slug", "acme", "--website", "https://acme.example/a", "--github", "jane"];
    let says = "closes https://github.com/karmada/partners/issues/1 **x** $1$";
    let more = ["--logo", "logo.png", "--description", says];
    hub.run("jane", &[&args[..], &more[..]].concat()).ok().code.unwrap();
    for number in [1, 2] {
        let thread = &hub.threads()[number - 1];
        let title = thread["title"].as_str().unwrap();
        assert!(!title.contains("#12") && !title.contains("@karmada"), "{title}");
        // Everything is in code spans: outside of them nothing is left of it.
        let written = hub.body(number);
        // A pull request's text may become a commit's message, where not even those keep anything from acting.
        let plain = written.replace("Fixes #1\n", "");
        assert!(number == 1 || !plain.contains("#1") && !plain.contains("@karmada"), "{written}");
        let body = written.replace('\u{200b}', "");
        let outside =
            body.replace(&format!("``{}``", name.replace('|', "\u{2502}")), "").replace(&format!("`{says}`"), "");
        assert_ne!(outside, body);
        for hostile in ["#12", "@karmada", "<img", "[a]", "closes https", "**x**", "$1$"] {
            assert!(!outside.contains(hostile), "{hostile} in {body}");
        }
    }
    let message = hub.git("jane/partners", &["log", "-1", "--format=%s%n%n%b", "apply/acme"]);
    assert!(!message.contains("Fixes #12") && !message.contains("@karmada"), "{message}");
}

/// At most five requests are felt: the questions, and the logo's upload, run while the person still types.
#[test]
fn a_person_waits_for_little() {
    let hub = Hub::with_fork();
    let mut terminal = crate::terminal::Terminal::start(&hub.command("jane", &["apply"]));
    terminal
        .shows("What you answer becomes public")
        .answers("? Name of the organization", "Acme")
        .answers("? Short name", "")
        .answers("? Its name in Chinese", "")
        .answers("? Website", "https://acme.example")
        .answers("? GitHub ID of the contact › jane", "")
        .answers("? E-mail", "")
        .answers("? Logo", "logo.png")
        .answers("? One line for your card", "")
        .answers("? The same in Chinese", "")
        .answers("? Parent company", "")
        .answers("? What do you offer?", "")
        .answers("? Where?", "")
        .answers("? In which languages?", "")
        .answers("? What else do end users choose you by?", "")
        .shows("? Send this application?");
    // They come by themselves, side by side, in any order.
    crate::env::until("what is asked meanwhile", || hub.operations().len() == 3);
    let before = hub.operations().into_iter().collect::<std::collections::BTreeSet<_>>();
    assert_eq!(before, ["graphql:Registry", "graphql:Partner", "git/create-blob"].map(str::to_owned).into());
    terminal.types("y").shows("Pull request: ");
    assert_eq!(terminal.ends(), 0);
    assert_eq!(hub.operations()[3..], ["git/create-tree", "git/create-commit", "graphql:Begin", "graphql:Open"]);
}

#[test]
fn a_name_that_is_taken_is_told_when_it_is_typed() {
    let hub = Hub::with_applicant();
    let mut terminal = crate::terminal::Terminal::start(&hub.command("mallory", &["apply"]));
    terminal.answers("? Name of the organization", "Acme").answers("? Short name", "");
    terminal
        .shows("a pull request from a branch apply/acme is open already")
        .shows("? Its name in Chinese")
        .types("\u{3}");
    assert_eq!(terminal.ends(), 130);
}

#[test]
fn a_fork_that_is_gone_is_replaced_with_its_pull_request() {
    let hub = Hub::with_applicant();
    hub.github.delete("jane/partners");
    let output = hub.run("jane", &["update", "acme", "--website", "https://acme.example/new"]).ok();
    assert!(output.stdout.contains("/pull/3"), "{output}");
    assert_eq!(hub.threads()[1]["state"], "CLOSED");
    hub.approve();
    hub.run("bob", &["check"]).ok().code.unwrap();
}

#[test]
fn a_renamed_registry_is_still_found_and_written_to() {
    let hub = Hub::with_applicant();
    hub.github.rename(REGISTRY, "karmada/registry");
    hub.run("jane", &["update", "acme", "--website", "https://acme.example/new"]).ok().code.unwrap();
    hub.approve();
}

#[test]
fn switched_off_issues_do_not_hold_a_proposal_up() {
    let hub = Hub::with_fork();
    hub.github.enable_issues(REGISTRY, false);
    let output = hub.apply("jane", "Acme").ok();
    assert!(output.stderr.contains("warning: there will be no issue"), "{output}");
}

#[test]
fn one_broken_log_does_not_hide_the_others() {
    let hub = Hub::with_applicant();
    hub.commit("data/partners/globex/log/0001", "nonsense\n");
    hub.push_to_fork("apply/globex", "data/partners/globex/log/0001", "other nonsense\n");
    hub.github.open_pull(REGISTRY, "jane", "jane:apply/globex", "main", "globex", "");
    let output = hub.run("alice", &["review"]).ok();
    assert!(output.stdout.contains("acme"), "{output}");
    hub.run("alice", &["approve", "acme"]).ok().code.unwrap();
    hub.run("alice", &["check"]).fails(1).code.unwrap();
}

/// Pull requests from branches of the same name, however many, hide nobody's own.
#[test]
fn junk_of_the_same_name_hides_nothing() {
    let hub = Hub::new();
    hub.github.fork(crate::hub::REGISTRY, "mallory", None);
    hub.by_hand_of("mallory", "apply/acme", "docs: fix a typo", |checkout| {
        std::fs::write(checkout.join("README.md"), "a typo less\n").unwrap();
    });
    for n in 0..12 {
        hub.github.add_user(&format!("junk{n}"));
        hub.github.fork(crate::hub::REGISTRY, &format!("junk{n}"), None);
        hub.push_branch(&format!("junk{n}"), "mallory", "apply/acme");
        let head = format!("junk{n}:apply/acme");
        hub.github.open_pull(crate::hub::REGISTRY, &format!("junk{n}"), &head, "main", "docs: fix a typo", "");
    }
    hub.github.fork(crate::hub::REGISTRY, "jane", None);
    hub.apply("jane", "Acme").ok().code.unwrap();
    hub.apply("jane", "Acme").ok().code.unwrap();
    let status = hub.run("jane", &["status", "acme"]).ok();
    assert!(status.stdout.contains("waits for a decision"), "{status}");
    hub.run("jane", &["update", "acme", "--website", "https://acme.example/new"]).ok().code.unwrap();
    let waiting = hub.run("bob", &["review"]).ok();
    assert!(waiting.stderr.contains("12 pull requests from branches called"), "{waiting}");
    assert_eq!(waiting.stderr.lines().filter(|l| l.contains("no proposal")).count(), 1, "{waiting}");
    hub.run("jane", &["withdraw", "acme"]).ok().code.unwrap();
}

/// The text of a pull request is its author's to write over; the issue has a mark, and is the same author's.
#[test]
fn the_issue_is_settled_also_where_the_pull_request_names_none_any_more() {
    let hub = Hub::with_applicant();
    // Whose mark is copied by somebody else asks for nothing.
    let copied = hub.github.open_issue(REGISTRY, "mallory", "x", &hub.body(1));
    hub.github.edit(REGISTRY, 2, "jane", None, Some("Looks nice."));
    hub.approve();
    let state = |number: u64| hub.thread(number)["state"].clone();
    assert_eq!((state(1), state(copied)), ("CLOSED".into(), "OPEN".into()));
    assert!(hub.body(2).contains("Fixes #1"), "{}", hub.body(2));
    hub.github.assert_clean();
}
