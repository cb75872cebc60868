use snapbox::{assert_data_eq, str};

use crate::env::TestEnv;

#[test]
fn a_partners_update_is_a_proposal_that_one_member_lands() {
    let env = TestEnv::with_partner();
    assert_data_eq!(
        env.run(&["update", "acme", "--email", "karmada@acme.example", "--as", "acme-bot"]).to_string(),
        str![]
    );
    assert_data_eq!(env.run(&["status", "acme"]).ok().stdout, str![]);
    assert_data_eq!(env.run(&["review", "acme"]).ok().stdout, str![]);
    assert_data_eq!(env.run(&["approve", "acme", "--as", "alice"]).to_string(), str![]);
    assert_data_eq!(env.git(&["show", "main:data/partners/acme/partner.toml"]), str![]);
    assert_eq!(env.events("acme"), ["applied", "approved", "updated"]);
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn an_update_can_be_turned_down_or_taken_back() {
    let env = TestEnv::with_partner();
    env.run(&["update", "acme", "--parent", "Umbrella", "--as", "acme-bot"]).ok().code.unwrap();
    assert_data_eq!(env.run(&["reject", "acme", "--reason", "no proof", "--as", "bob"]).to_string(), str![]);
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
    assert_data_eq!(env.git(&["show", "apply/acme:data/partners/acme/partner.toml"]), str![]);
}

#[test]
fn nothing_new_changes_nothing() {
    let env = TestEnv::with_partner();
    let before = env.git(&["for-each-ref"]);
    assert_data_eq!(env.run(&["update", "acme", "--name", "Acme", "--as", "acme-bot"]).to_string(), str![]);
    assert_data_eq!(env.run(&["update", "acme", "--as", "acme-bot"]).to_string(), str![]);
    assert_data_eq!(env.run(&["update", "acme", "--name", "Evil", "--as", "mallory"]).to_string(), str![]);
    assert_eq!(env.git(&["for-each-ref"]), before);
}

#[test]
fn who_is_not_a_partner_has_nothing_to_update() {
    let env = TestEnv::with_applicant();
    env.run(&["withdraw", "acme", "--as", "acme-bot"]).ok().code.unwrap();
    assert_data_eq!(env.run(&["update", "acme", "--name", "X", "--as", "acme-bot"]).to_string(), str![]);
}
