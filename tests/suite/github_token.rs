//! Tokens: where they are found, what they may do, and that they are never shown.

use github_double::TokenKind;
use snapbox::str;

use crate::hub::{Hub, REGISTRY};

#[test]
fn auth_status_tells_account_source_and_scopes() {
    let mut hub = Hub::with_fork();
    snapbox::assert_data_eq!(
        hub.run("jane", &["auth", "status"]).to_string().replace(&port(&hub), "PORT"),
        str![[r#"
exit 0
--- stdout
GitHub: 127.0.0.1:PORT
Account: jane
Token: from KARMADA_PARTNER_TOKEN
Scopes: repo, read:org
Requests left this hour: 4999
Registry: karmada/partners
Your fork of it: jane/partners

"#]]
    );
    hub.use_token("jane", TokenKind::FineGrained);
    let output = hub.run("jane", &["auth", "status"]).ok();
    assert!(output.stdout.contains("it is a fine-grained or an app's token"), "{output}");
    let json = hub.run("jane", &["auth", "status", "--json"]).json();
    assert_eq!((json["account"].as_str(), json["registry"]["fork"].as_str()), (Some("jane"), Some("jane/partners")));
}

fn port(hub: &Hub) -> String {
    hub.github.server_url().rsplit(':').next().unwrap().to_owned()
}

#[test]
fn without_a_token_partners_can_be_read_and_nothing_proposed() {
    let hub = Hub::with_applicant();
    let anonymous = |args: &[&str]| {
        let mut command = hub.command("jane", args);
        hub.env.output(command.env_remove("KARMADA_PARTNER_TOKEN"))
    };
    snapbox::assert_data_eq!(
        anonymous(&["list"]).to_string(),
        str![[r#"
exit 0
--- stdout
There are no partners yet.
--- stderr
Without a token, open proposals can't be seen; see karmada-partner auth.
hint: karmada-partner apply starts an application

"#]]
    );
    snapbox::assert_data_eq!(
        anonymous(&["status", "acme"]).to_string(),
        str![[r#"
exit 3
--- stderr
Without a token, open proposals can't be seen; see karmada-partner auth.
error: acme isn't in the registry
hint: karmada-partner list shows who is

"#]]
    );
    snapbox::assert_data_eq!(
        anonymous(&["auth", "status"]).to_string().replace(&port(&hub), "PORT"),
        str![[r#"
exit 4
--- stderr
error: there is no token for 127.0.0.1:PORT
hint: make one at https://github.com/settings/tokens with the scope public_repo, and put it into KARMADA_PARTNER_TOKEN; or log in with gh auth login

"#]]
    );
    assert_eq!(anonymous(&["approve", "acme"]).code, Some(4));
}

#[test]
fn the_first_of_three_variables_counts_and_git_is_asked_last() {
    let hub = Hub::with_fork();
    let mut command = hub.command("jane", &["auth", "status"]);
    let alices = hub.github.token("alice", TokenKind::classic());
    let output = hub.env.output(command.env("GH_TOKEN", &alices).env("GITHUB_TOKEN", &alices)).ok();
    assert!(output.stdout.contains("Account: jane\nToken: from KARMADA_PARTNER_TOKEN"), "{output}");
    let mut command = hub.command("jane", &["auth", "status"]);
    let output = hub.env.output(command.env_remove("KARMADA_PARTNER_TOKEN").env("GITHUB_TOKEN", &alices)).ok();
    assert!(output.stdout.contains("Account: alice\nToken: from GITHUB_TOKEN"), "{output}");
    let helper = format!("[credential]\n\thelper = \"!f() {{ echo username=alice; echo password={alices}; }}; f\"\n");
    hub.env.write("home/.gitconfig", helper);
    let mut command = hub.command("jane", &["auth", "status"]);
    let output = hub.env.output(command.env_remove("KARMADA_PARTNER_TOKEN")).ok();
    assert!(output.stdout.contains("Account: alice\nToken: from git's credential helper"), "{output}");
}

#[test]
fn a_token_that_github_does_not_know_is_told() {
    let mut hub = Hub::with_fork();
    hub.use_token("jane", TokenKind::classic());
    hub.revoke("jane");
    snapbox::assert_data_eq!(
        hub.apply("jane", "Acme").to_string(),
        str![[r#"
exit 4
--- stderr
error: GitHub doesn't accept the token from KARMADA_PARTNER_TOKEN
hint: make one at https://github.com/settings/tokens with the scope public_repo, and put it into KARMADA_PARTNER_TOKEN; or log in with gh auth login

"#]]
    );
}

#[test]
fn a_fine_grained_token_leaves_one_click_to_the_person() {
    let mut hub = Hub::with_fork();
    hub.use_token("jane", TokenKind::FineGrained);
    let output = hub.apply("jane", "Acme").fails(4);
    snapbox::assert_data_eq!(
        output.stderr.replace(&port(&hub), "PORT"),
        str![[r#"
Logo: 300×200 pixels, 762 bytes, ink across 100 % of the canvas
error: the branch apply/acme is ready on jane/partners, but this token may not open the pull request
  can't open the pull request: GitHub doesn't allow it (Resource not accessible by personal access token)
hint: open it with one click: $HUB/karmada/partners/compare/main...jane:partners:apply/acme?quick_pull=1&title=acme%3A+Acme+applies+to+the+program&body=%2Fkind+documentation
hint: and the issue: $HUB/karmada/partners/issues/new/choose
hint: a fine-grained token reaches only its owner's repositories; a classic one with the scope public_repo reaches public ones
hint: karmada-partner status acme will find it

"#]]
    );
    assert!(hub.git("jane/partners", &["branch", "--list"]).contains("apply/acme"));
    // The person clicks.
    hub.github.open_pull(REGISTRY, "jane", "jane:apply/acme", "main", "acme: Acme applies", "");
    let found = hub.apply("jane", "Acme").ok();
    assert!(found.stdout.contains("Nothing to do: Acme (acme) is applied already"), "{found}");
    hub.approve();
}

#[test]
fn scopes_restrictions_and_single_sign_on_have_words_of_their_own() {
    let said = |kind: TokenKind| {
        let mut hub = Hub::with_fork();
        hub.use_token("jane", kind);
        let output = hub.apply("jane", "Acme").fails(4);
        output.stderr.replace(&port(&hub), "PORT")
    };
    snapbox::assert_data_eq!(
        said(TokenKind::Classic { scopes: vec!["read:user".into()] }),
        str![[r#"
Logo: 300×200 pixels, 762 bytes, ink across 100 % of the canvas
error: can't upload to your fork: the token lacks a scope
hint: needed is one of: public_repo, repo; the token has: read:user

"#]]
    );
    snapbox::assert_data_eq!(
        said(TokenKind::OrgRestricted { org: "karmada".into(), reads_too: false }),
        str![[r#"
Logo: 300×200 pixels, 762 bytes, ink across 100 % of the canvas
error: the branch apply/acme is ready on jane/partners, but this token may not open the pull request
  can't open the pull request: the organization doesn't let this app's tokens in
hint: open it with one click: $HUB/karmada/partners/compare/main...jane:partners:apply/acme?quick_pull=1&title=acme%3A+Acme+applies+to+the+program&body=%2Fkind+documentation
hint: and the issue: $HUB/karmada/partners/issues/new/choose
hint: use a personal access token (classic) in KARMADA_PARTNER_TOKEN
hint: karmada-partner status acme will find it

"#]]
    );
    snapbox::assert_data_eq!(
        said(TokenKind::Saml { org: "karmada".into() }),
        str![[r#"
error: can't read the registry: the organization wants the token to be authorized for single sign-on
hint: authorize it at https://github.com/orgs/karmada/sso?authorization_request=x

"#]]
    );
}

#[test]
fn a_token_never_travels_in_the_clear_nor_by_command_line() {
    let hub = Hub::with_fork();
    let output = hub.env.output(hub.command("jane", &["list"]).env("GITHUB_API_URL", "http://github.example/api/v3"));
    assert!(output.stderr.contains("it isn't https"), "{output}");
    // What git is run with: a stand-in writes down its arguments.
    let real = std::process::Command::new("sh").args(["-c", "command -v git"]).output().unwrap();
    let real = String::from_utf8(real.stdout).unwrap();
    std::fs::create_dir(hub.env.path("bin")).unwrap();
    let log = hub.env.path("arguments");
    let script = format!("#!/bin/sh\necho \"$@\" >> {}\nexec {} \"$@\"\n", log.display(), real.trim());
    github_double::program(&hub.env.path("bin/git"), script.as_bytes());
    let mut command = hub.command("alice", &["list", "--verbose"]);
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", hub.env.path("bin").display());
    hub.env.output(command.env("PATH", path)).ok().code.unwrap();
    let arguments = std::fs::read_to_string(log).unwrap();
    assert!(arguments.contains("fetch"), "{arguments}");
    assert!(!arguments.contains("ghp_") && !arguments.to_lowercase().contains("authorization"), "{arguments}");
}

/// Answers lack what GitHub may leave out: it works, or says what is missing; it never does half a thing silently.
#[test]
fn answers_may_lack_fields() {
    for seed in 0..crate::env::much(2, 12) {
        let hub = Hub::with_applicant();
        hub.github.drop_fields(seed);
        let output = hub.run("alice", &["approve", "acme"]);
        assert!(matches!(output.code, Some(0 | 1 | 3 | 4 | 5)), "{seed}: {output}");
        let output = hub.apply("jane", "Globex");
        assert!(matches!(output.code, Some(0..=5)), "{seed}: {output}");
        hub.github.keep_fields();
        // It may have voted already.
        let _ = hub.run("alice", &["approve", "acme"]);
        hub.run("bob", &["approve", "acme"]).ok().code.unwrap();
        hub.apply("jane", "Globex").ok().code.unwrap();
        hub.run("bob", &["check"]).ok().code.unwrap();
        let pulls = hub.threads().iter().filter(|t| t["kind"] == "pull request").count();
        assert_eq!(pulls, 2, "{seed}: nothing is there twice");
    }
}
