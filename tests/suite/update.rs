use snapbox::{assert_data_eq, str};

use crate::env::TestEnv;

#[test]
fn a_partners_update_is_a_proposal_that_one_member_lands() {
    let env = TestEnv::with_partner();
    assert_data_eq!(
        env.run(&["update", "acme", "--email", "karmada@acme.example", "--as", "acme-bot"]).to_string(),
        str![[r#"
exit 0
--- stdout
Sent: Acme (acme), the update waits for the committee.
Changed: email
Commit: [COMMIT] on apply/acme

"#]]
    );
    assert_data_eq!(
        env.run(&["status", "acme"]).ok().stdout,
        str![[r#"
Acme (acme) has been a partner since 2026-09-21.
An update of Acme (acme) waits for a decision, since 2026-09-21 (today).
Votes so far: 0 in favor, 0 against, 0 abstaining, 0 not counted.
It is the committee's turn. Still missing: 1 more in favor (0 of 1).

"#]]
    );
    assert_data_eq!(
        env.run(&["review", "acme"]).ok().stdout,
        str![[r#"
Acme (acme): update, since 2026-09-21, by acme-bot
  name            Acme
  website         https://acme.example/karmada
  github          acme-bot
  email           karmada@acme.example
  logo            300×200 pixels, 762 bytes, ink across 100 % of the canvas
  earlier         approved on 2026-09-21
Changes to the facts in force:
  email: (none) → karmada@acme.example
Votes:
  acme-bot: asks for it
  0 in favor, 0 against, 0 abstaining, 0 not counted. Still missing: 1 more in favor (0 of 1).

"#]]
    );
    assert_data_eq!(
        env.run(&["approve", "acme", "--as", "alice"]).to_string(),
        str![[r#"
exit 0
--- stdout
Recorded: your vote on the update of Acme: approve.
Decided: Acme is updated; 1 in favor, 0 against, 0 abstaining, 0 not counted.
Commit: [COMMIT]

"#]]
    );
    assert_data_eq!(
        env.git(&["show", "main:data/partners/acme/partner.toml"]),
        str![[r#"
schema = 1
name = "Acme"
website = "https://acme.example/karmada"
github = "acme-bot"
email = "karmada@acme.example"

"#]]
    );
    assert_eq!(env.events("acme"), ["applied", "approved", "updated"]);
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn an_update_can_be_turned_down_or_taken_back() {
    let env = TestEnv::with_partner();
    env.run(&["update", "acme", "--parent", "Umbrella", "--as", "acme-bot"]).ok().code.unwrap();
    assert_data_eq!(
        env.run(&["reject", "acme", "--reason", "no proof", "--as", "bob"]).to_string(),
        str![[r#"
exit 0
--- stdout
Recorded: your vote on the update of Acme: reject.
Decided: the update of Acme is rejected; 0 in favor, 1 against, 0 abstaining, 0 not counted.
Commit: [COMMIT]

"#]]
    );
    env.run(&["update", "acme", "--parent", "Initech", "--as", "acme-bot"]).ok().code.unwrap();
    env.run(&["withdraw", "acme", "--as", "acme-bot"]).ok().code.unwrap();
    assert_eq!(env.events("acme"), ["applied", "approved", "rejected", "withdrawn"]);
    assert_eq!(env.state("acme"), "active");
    assert!(!env.git(&["show", "main:data/partners/acme/partner.toml"]).contains("parent"));
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn comments_and_order_of_a_hand_edited_file_stay() {
    let env = TestEnv::with_registry();
    env.apply("Acme").ok().code.unwrap();
    env.git_at(".", &["clone", "--quiet", "--branch", "apply/acme", "registry.git", "checkout"]);
    let edited = "# ours\ngithub = \"acme-bot\" # the team\nschema = 1\nname = \"Acme\"\nwebsite = \"https://acme.example/karmada\"\n";
    env.write("checkout/data/partners/acme/partner.toml", edited);
    env.git_at("checkout", &["commit", "--quiet", "--all", "--message", "edit"]);
    env.git_at("checkout", &["push", "--quiet", "origin", "HEAD"]);
    env.run(&["update", "acme", "--website", "https://acme.example/k", "--github", "acme-team", "--as", "acme-bot"])
        .ok()
        .code
        .unwrap();
    assert_data_eq!(
        env.git(&["show", "apply/acme:data/partners/acme/partner.toml"]),
        str![[r##"
# ours
github = "acme-team" # the team
schema = 1
name = "Acme"
website = "https://acme.example/k"

"##]]
    );
}

#[test]
fn nothing_new_changes_nothing() {
    let env = TestEnv::with_partner();
    let before = env.git(&["for-each-ref"]);
    assert_data_eq!(
        env.run(&["update", "acme", "--name", "Acme", "--as", "acme-bot"]).to_string(),
        str![[r#"
exit 0
--- stdout
Nothing to do: Acme (acme) says just that already.

"#]]
    );
    assert_data_eq!(
        env.run(&["update", "acme", "--as", "acme-bot"]).to_string(),
        str![[r#"
exit 2
--- stderr
error: nothing to change was given
hint: give at least one of --name, --website, --github, --email, --logo, --description, --description-zh, --parent, --former-name, --name-zh, --service, --region, --language, --hours, --response, --office, --story, --certified

"#]]
    );
    assert_data_eq!(
        env.run(&["update", "acme", "--name", "Evil", "--as", "mallory"]).to_string(),
        str![[r#"
exit 4
--- stderr
error: mallory doesn't speak for this partner
hint: its contact is acme-bot; say who acts with --as LOGIN

"#]]
    );
    assert_eq!(env.git(&["for-each-ref"]), before);
}

#[test]
fn who_is_not_a_partner_has_nothing_to_update() {
    let env = TestEnv::with_applicant();
    env.run(&["withdraw", "acme", "--as", "acme-bot"]).ok().code.unwrap();
    assert_data_eq!(
        env.run(&["update", "acme", "--name", "X", "--as", "acme-bot"]).to_string(),
        str![[r#"
exit 1
--- stderr
error: acme can't be updated: it is withdrawn
hint: possible now: karmada-partner apply --slug acme

"#]]
    );
}

/// A tie that an update takes away still binds while it is voted on, and a new contact has no say yet.
#[test]
fn an_update_changes_nobodys_rights_before_it_lands() {
    let env = TestEnv::with_registry();
    let args =
        ["--website", "https://acme.example", "--github", "acme-bot", "--parent", "Umbrella", "--logo", "logo.png"];
    env.run(&[&["apply", "--name", "Acme"][..], &args].concat()).ok().code.unwrap();
    for who in ["bob", "carol"] {
        env.run(&["approve", "acme", "--as", who]).ok().code.unwrap();
    }
    env.run(&["update", "acme", "--parent", "", "--github", "mallory", "--as", "acme-bot"]).ok().code.unwrap();
    let own = env.run(&["approve", "acme", "--as", "alice"]).ok();
    assert!(own.stdout.contains("It isn't counted: recused"), "{own}");
    env.run(&["withdraw", "acme", "--as", "mallory"]).fails(4).code.unwrap();
    env.run(&["withdraw", "acme", "--as", "acme-bot"]).ok().code.unwrap();
    assert_eq!(env.problems(), [""; 0]);
}

/// What the policy asks for by now is asked of what changes, never of what stands.
#[test]
fn a_policy_that_asks_for_more_locks_up_nobodys_other_facts() {
    let env = TestEnv::with_partner();
    let more = "\n[logo]\nmax_side = 250\n[fields]\nrequired = [\"email\"]\n";
    env.change_policy(|policy| policy + more);
    let told = env.run(&["update", "acme", "--description", "Runs Karmada", "--as", "acme-bot"]).ok();
    assert!(told.stderr.contains("the logo on record isn't within the program's limits any more"), "{told}");
    assert!(told.stderr.contains("email is missing; it stays as it is on record"), "{told}");
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    assert_eq!(env.events("acme"), ["applied", "approved", "updated"]);
    // It landed as any other does.
    assert!(env.git(&["log", "-1", "--format=%P", "main"]).contains(' '));
    env.write("logo.png", crate::picture::png(300, 202));
    let refused = env.run(&["update", "acme", "--logo", "logo.png", "--as", "acme-bot"]).fails(2);
    assert!(refused.stderr.contains("no side may be over 250"), "{refused}");
    env.run(&["update", "acme", "--email", "karmada@acme.example", "--as", "acme-bot"]).ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    let refused = env.run(&["update", "acme", "--email", "", "--as", "acme-bot"]).fails(2);
    assert!(refused.stderr.contains("email"), "{refused}");
}
