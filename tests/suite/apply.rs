use snapbox::{assert_data_eq, str};

use crate::env::TestEnv;

const ANSWERS: [&str; 9] = [
    "apply",
    "--name",
    "Acme",
    "--website",
    "https://acme.example/karmada",
    "--github",
    "acme-bot",
    "--logo",
    "logo.png",
];

#[test]
fn proposes_record_logo_and_event_on_a_branch() {
    let env = TestEnv::with_registry();
    assert_data_eq!(env.run(&ANSWERS).to_string(), str![]);
    assert_data_eq!(env.git(&["ls-tree", "-r", "--name-only", "apply/acme"]), str![]);
    assert_data_eq!(env.git(&["show", "apply/acme:data/partners/acme/partner.toml"]), str![]);
    assert_data_eq!(env.git(&["log", "-1", "--format=%an <%ae>%n%n%B", "apply/acme"]), str![]);
    assert_eq!(env.git(&["ls-tree", "-r", "--name-only", "main"]), "data/program.toml\n", "nothing has landed");
}

#[test]
fn again_it_changes_nothing() {
    let env = TestEnv::with_registry();
    env.run(&ANSWERS).ok().code.unwrap();
    let before = env.git(&["for-each-ref"]);
    assert_data_eq!(env.run(&ANSWERS).to_string(), str![]);
    assert_eq!(env.git(&["for-each-ref"]), before);
}

#[test]
fn a_second_application_for_a_slug_is_refused() {
    let env = TestEnv::with_applicant();
    let args = ["apply", "--name", "Acme", "--website", "https://other.example", "--github", "x", "--logo", "logo.png"];
    assert_data_eq!(env.run(&args).to_string(), str![]);
}

#[test]
fn a_partner_is_told_to_update_instead() {
    let env = TestEnv::with_partner();
    let args = ["apply", "--name", "Acme", "--website", "https://other.example", "--github", "x", "--logo", "logo.png"];
    assert_data_eq!(env.run(&args).to_string(), str![]);
}

#[test]
fn a_dry_run_shows_the_exact_commit_and_makes_none() {
    let env = TestEnv::with_registry();
    let mut args = ANSWERS.to_vec();
    args.push("--dry-run");
    assert_data_eq!(env.run(&args).to_string(), str![]);
    assert_eq!(env.git(&["branch", "--list"]), "* main\n");
    args.push("--json");
    let shown = env.run(&args).ok().json();
    assert_eq!(shown["changes"][0]["destination"], "apply/acme");
}

#[test]
fn as_json_it_names_branch_and_commit() {
    let env = TestEnv::with_registry();
    let mut args = ANSWERS.to_vec();
    args.push("--json");
    assert_data_eq!(env.run(&args).ok().stdout, str![]);
}

#[test]
fn answers_can_come_from_a_file_and_flags_win() {
    let env = TestEnv::with_registry();
    env.write("a.toml", "schema = 1\nname = \"华为\"\nslug = \"huawei\"\nwebsite = \"https://a.example\"\ngithub = \"hw\"\nlogo = \"logo.png\"\nformer_names = [\"Old\"]\nemail = \"\"\n");
    env.run(&["apply", "--from", "a.toml", "--website", "https://b.example", "--email", "karmada@b.example"])
        .ok()
        .code
        .unwrap();
    assert_data_eq!(env.git(&["show", "apply/huawei:data/partners/huawei/partner.toml"]), str![]);
}

#[test]
fn the_template_is_what_from_reads() {
    let env = TestEnv::with_registry();
    let template = env.run(&["apply", "--template"]).ok().stdout;
    let filled = template
        .replace("name = \"\"", "name = \"Acme\"")
        .replace("website = \"\"", "website = \"https://acme.example\"")
        .replace("github = \"\"", "github = \"acme-bot\"")
        .replace("logo = \"\"", "logo = \"logo.png\"");
    env.write("filled.toml", filled);
    env.run(&["apply", "--from", "filled.toml"]).ok().code.unwrap();
    env.write("template.toml", template);
    assert_data_eq!(env.run(&["apply", "--from", "template.toml"]).to_string(), str![]);
}

#[test]
fn what_looks_like_somebody_else_is_shown() {
    let env = TestEnv::with_applicant();
    env.write("other.png", crate::logo::png(301, 200));
    let args = |name, site| {
        [
            "apply",
            "--name",
            name,
            "--slug",
            "new",
            "--website",
            site,
            "--github",
            "n",
            "--logo",
            "other.png",
            "--dry-run",
            "-v",
        ]
    };
    assert_data_eq!(env.run(&args("ACME, Inc.", "https://new.example")).ok().stderr, str![]);
    assert_data_eq!(env.run(&args("\u{410}cme", "https://new.example")).ok().stderr, str![]);
    assert_data_eq!(env.run(&args("Other", "https://www.acme.example")).ok().stderr, str![]);
}

#[test]
fn a_personal_mailbox_is_warned_of() {
    let env = TestEnv::with_registry();
    let mut args = ANSWERS.to_vec();
    args.extend(["--email", "jane.doe@gmail.com"]);
    assert_data_eq!(env.run(&args).ok().stderr, str![]);
}

#[test]
fn a_member_may_file_it_and_the_trail_says_so() {
    let env = TestEnv::with_registry();
    let mut args = ANSWERS.to_vec();
    args.extend(["--as", "alice"]);
    env.run(&args).ok().code.unwrap();
    let message = env.git(&["log", "-1", "--format=%B", "apply/acme"]);
    assert!(message.contains("Filed by alice on its behalf.") && message.contains("KP-Actor: alice"), "{message}");
}

#[test]
fn who_was_turned_down_or_left_may_apply_again_in_a_new_round() {
    let env = TestEnv::with_applicant();
    env.run(&["reject", "acme", "--reason", "no page yet", "--as", "alice"]).ok().code.unwrap();
    env.run(&["reject", "acme", "--reason", "no page yet", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "rejected");
    env.apply("Acme").ok().code.unwrap();
    assert_eq!(env.state("acme"), "applied");
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.events("acme"), ["applied", "rejected", "applied", "approved"]);
    assert_data_eq!(env.git(&["ls-tree", "-r", "--name-only", "main", "data/partners"]), str![]);
    assert_eq!(env.problems(), [""; 0]);
}

/// Git's own name and mailbox are used for the person they belong to, and only then.
#[test]
fn the_author_is_the_actor() {
    let env = TestEnv::with_registry();
    env.write("home/.gitconfig", "[user]\nname = Alice A\nemail = alice@umbrella.example\n[github]\nuser = alice\n");
    env.apply("Acme").ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    let authors = env.git(&["log", "--format=%an <%ae> %(trailers:key=Signed-off-by)", "main..apply/acme"]);
    assert_data_eq!(authors, str![]);
}
