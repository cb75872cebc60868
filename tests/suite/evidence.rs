//! What there is to know before a vote: gathered, shown, and kept beside the vote.

use snapbox::{assert_data_eq, str};

use crate::env::TestEnv;
use crate::hub::{Hub, REGISTRY};
use crate::terminal::Terminal;

const VOTE: [&str; 10] =
    ["--authenticity", "met", "--url", "met", "--relevance", "met", "--vote", "approve", "--evidence", "seen.json"];

/// Keeps what `evidence` says of acme in `seen.json`.
fn gather(env: &TestEnv) -> serde_json::Value {
    let said = env.run(&["evidence", "acme", "--offline", "--json"]).ok();
    env.write("seen.json", &said.stdout);
    said.json()
}

fn vote(env: &TestEnv, who: &str) -> crate::env::Output {
    let mut args = vec!["review", "acme", "--as", who];
    args.extend(VOTE);
    env.run(&args)
}

/// The one file of evidence beside the votes, at a revision.
fn kept(env: &TestEnv, revision: &str) -> String {
    let votes = env.git(&["ls-tree", "--name-only", revision, "data/partners/acme/votes/1/"]);
    let mut files = votes.lines().filter(|l| l.contains(".json"));
    let file = files.next().unwrap_or_else(|| panic!("no evidence in {votes}")).to_owned();
    assert_eq!(files.next(), None, "{votes}");
    file
}

#[test]
fn what_is_known_without_asking_anybody() {
    let env = TestEnv::with_applicant();
    assert_data_eq!(
        env.run(&["evidence", "acme", "--offline"]).ok().stdout,
        str![[r#"
Evidence about Acme (acme): application, round 1, https://acme.example/karmada
authenticity
  – exempt  mailbox at the site's domain: no mailbox is given, and the program doesn't ask for one
  – exempt  mailbox of a role: no mailbox is given, and the program doesn't ask for one
  – exempt  domain takes mail: no mailbox is given, and the program doesn't ask for one
  ? unknown GitHub account: it isn't asked with --offline
  – exempt  member of the project on GitHub: the program doesn't ask for it
  ✔ passed  logo unlike all other partners' (compared 0)
  ✔ passed  unlike all other partners (compared 0)
address
  ? unknown site answers: it isn't asked with --offline
  ? unknown page has a title: it isn't asked with --offline
  ? unknown page names the organization: it isn't asked with --offline
  ? unknown page of its own: it isn't asked with --offline
relevance
  ? unknown page mentions Karmada: it isn't asked with --offline
  ? unknown page links to the project: it isn't asked with --offline
besides
  ✔ passed  logo within limits (width 300; height 200; ink percent 100; transparent true; bytes 762)
  ✔ passed  no earlier rejection or exit (applications 1)
  ✔ passed  as it was voted on
  ✔ passed  nobody has a stake
6 passed, 0 failed, 4 exempt, 7 unknown. Checks inform; people decide.

"#]]
    );
}

/// By principle, and of each what failed first.
#[test]
fn what_failed_is_told_first_of_its_principle() {
    let env = TestEnv::with_registry();
    let facts = ["--website", "https://acme.example/karmada", "--github", "acme-bot", "--logo", "logo.png"];
    let mailbox = ["apply", "--name", "Acme", "--email", "jane.doe@gmail.com"];
    env.run(&[&mailbox[..], &facts].concat()).ok().code.unwrap();
    let told = env.run(&["evidence", "acme", "--offline"]).ok().stdout;
    let (_, first) = told.split_once("authenticity\n").unwrap();
    assert!(first.starts_with("  ✘ failed"), "{told}");
    let outcomes = |group: &str| group.lines().map(|line| line.contains("✘")).collect::<Vec<_>>();
    let group = first.split("address\n").next().unwrap();
    assert!(outcomes(group).is_sorted_by(|one, next| one >= next), "{told}");
}

#[test]
fn each_check_is_known_failed_exempt_or_unknown() {
    let env = TestEnv::with_applicant();
    env.run(&[
        "apply",
        "--name",
        "ACME",
        "--slug",
        "acme-inc",
        "--website",
        "https://acme.example/other",
        "--github",
        "alice",
        "--email",
        "jane.doe@gmail.com",
        "--logo",
        "logo.png",
    ])
    .ok()
    .code
    .unwrap();
    let told = env.run(&["evidence", "acme-inc", "--offline", "--json"]).ok().json();
    let outcome = |id: &str| {
        let check = told["checks"].as_array().unwrap().iter().find(|c| c["check"] == id).unwrap();
        (check["outcome"].as_str().unwrap().to_owned(), check["why"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(outcome("site-reached"), ("unknown".into(), "it isn't asked with --offline".into()));
    assert_eq!(outcome("contact-domain").1, "the mailbox is at gmail.com, the site at acme.example");
    assert_eq!(outcome("contact-mailbox").1, "it looks like a person's own mailbox");
    assert_eq!(outcome("github-membership").0, "exempt");
    assert_eq!(outcome("logo-likeness"), ("failed".into(), "it looks like the logo of acme".into()));
    assert_eq!(outcome("duplicates").1, "Acme (acme) has the same name");
    assert_eq!(outcome("history").0, "passed");
    assert_eq!(outcome("stake").1, "alice (Umbrella) works for it or is its contact, and will be recused");
    assert_eq!(told["checks"].as_array().unwrap().len(), 17);
}

#[test]
fn earlier_rounds_and_changes_since_a_vote_are_told() {
    let env = TestEnv::with_applicant();
    for who in ["alice", "bob"] {
        env.run(&["reject", "acme", "--as", who, "--reason", "the page is empty"]).ok().code.unwrap();
    }
    env.apply("Acme").ok().code.unwrap();
    gather(&env);
    vote(&env, "alice").ok().code.unwrap();
    env.run(&["update", "acme", "--website", "https://acme.example/better", "--as", "acme-bot"]).ok().code.unwrap();
    let told = gather(&env);
    let why = |id: &str| {
        let checks = told["checks"].as_array().unwrap();
        checks.iter().find(|c| c["check"] == id).unwrap()["why"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(why("history"), "rejected on 2026-09-21: the page is empty");
    assert_eq!(why("changes-since-vote"), "Changed since alice voted on 2026-09-21: website");
    // Who votes again has seen it.
    vote(&env, "alice").ok().code.unwrap();
    let told = gather(&env);
    let checks = told["checks"].as_array().unwrap();
    assert_eq!(checks.iter().find(|c| c["check"] == "changes-since-vote").unwrap()["outcome"], "passed");
}

#[test]
fn what_a_voter_saw_stands_beside_the_vote_for_ever() {
    let env = TestEnv::with_applicant();
    gather(&env);
    vote(&env, "alice").ok().code.unwrap();
    let file = kept(&env, "apply/acme");
    assert_eq!(env.git(&["show", &format!("apply/acme:{file}")]), env.read("seen.json"));
    let block = env.git(&["show", "apply/acme:data/partners/acme/votes/1/alice"]);
    let hash = file.rsplit('/').next().unwrap().trim_end_matches(".json").to_owned();
    assert!(block.contains(&format!("KP-Evidence: sha256:{hash}\n")), "{block}");
    // Said again it is nothing new; said by another it is the same file.
    assert!(vote(&env, "alice").ok().stdout.starts_with("Nothing to do"));
    vote(&env, "bob").ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(kept(&env, "main"), file);
    assert_eq!(env.run(&["evidence", "acme", "--seen-by", "alice", "--json"]).ok().stdout, env.read("seen.json"));
    let told = env.run(&["evidence", "acme", "--seen-by", "bob"]).ok().stdout;
    assert!(
        told.starts_with(
            "Seen by bob before the vote of 2026-09-21 (approve):\nauthenticity\n  – exempt  mailbox at the site"
        ),
        "{told}"
    );
    env.run(&["evidence", "acme", "--seen-by", "carol"]).fails(3).code.unwrap();
    let shown = env.run(&["show", "acme", "--json"]).ok().json();
    assert_eq!(shown["votes"][0]["evidence"], format!("sha256:{hash}"));
    env.run(&["check"]).ok().code.unwrap();
    env.run(&["audit"]).ok().code.unwrap();
}

#[test]
fn evidence_that_was_touched_is_found() {
    let decided = || {
        let env = TestEnv::with_applicant();
        gather(&env);
        vote(&env, "alice").ok().code.unwrap();
        env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
        let file = kept(&env, "main");
        (env, file)
    };
    let found = |env: &TestEnv| {
        let audit = env.run(&["audit", "--json"]).fails(1).json();
        let codes: Vec<_> =
            audit["findings"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap().to_owned()).collect();
        (env.problems(), codes)
    };
    let (env, file) = decided();
    env.edit("edited", |root| std::fs::write(root.join(&file), "{}\n").unwrap());
    let (problems, codes) = found(&env);
    assert!(problems.iter().any(|p| p.contains("vote-evidence")), "{problems:?}");
    assert_eq!(codes, ["vote-changed"]);

    let (env, file) = decided();
    env.edit("lost", |root| std::fs::remove_file(root.join(&file)).unwrap());
    let (problems, codes) = found(&env);
    assert!(problems.iter().any(|p| p.contains("vote-evidence")), "{problems:?}");
    assert_eq!(codes, ["vote-changed"]);

    let (env, file) = decided();
    let stray = file.rsplit_once('/').unwrap().0.to_owned() + "/" + &"0".repeat(64) + ".json";
    env.edit("made up", |root| std::fs::write(root.join(&stray), "{}\n").unwrap());
    let (problems, codes) = found(&env);
    assert!(problems.iter().any(|p| p.contains("vote-evidence")), "{problems:?}");
    assert_eq!(codes, ["vote-evidence", "vote-evidence"]);
}

/// Whoever may push to the branch can take a vote's evidence away or change it. Then the vote isn't whole, and doesn't count.
#[test]
fn a_vote_whose_evidence_was_touched_before_the_decision_does_not_count() {
    for change in [None, Some("{}\n")] {
        let env = TestEnv::with_applicant();
        gather(&env);
        vote(&env, "alice").ok().code.unwrap();
        let file = kept(&env, "apply/acme");
        env.git_at(".", &["clone", "--quiet", "--branch", "apply/acme", "registry.git", "work"]);
        match change {
            Some(text) => env.write(&format!("work/{file}"), text),
            None => std::fs::remove_file(env.path(&format!("work/{file}"))).unwrap(),
        }
        env.git_at("work", &["commit", "--quiet", "--all", "--message", "tidied up"]);
        env.git_at("work", &["push", "--quiet"]);
        assert!(env.run(&["approve", "acme", "--as", "bob"]).ok().stdout.contains("Still missing: 1 more in favor"));
        env.run(&["approve", "acme", "--as", "carol"]).ok().code.unwrap();
        env.run(&["audit"]).ok().code.unwrap();
        env.run(&["check"]).ok().code.unwrap();
    }
}

#[test]
fn what_was_lost_and_comes_back_is_repaired() {
    let env = TestEnv::with_applicant();
    gather(&env);
    vote(&env, "alice").ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    let file = kept(&env, "main");
    let bytes = env.git(&["show", &format!("main:{file}")]);
    env.edit("lost", |root| std::fs::remove_file(root.join(&file)).unwrap());
    env.edit("brought back", |root| std::fs::write(root.join(&file), &bytes).unwrap());
    let audit = env.run(&["audit", "--json"]).ok().json();
    assert_eq!(audit["findings"].as_array().unwrap().len(), 1, "{audit}");
    assert_eq!(audit["findings"][0]["severity"], "repaired");
    assert_eq!(audit["votes"], 2);
    env.run(&["audit", "--write-anchor", "anchor.txt", "--as", "alice"]).ok().code.unwrap();
    assert!(env.read("anchor.txt").contains("\nKP-Votes: 2\n"));
}

#[test]
fn a_tie_that_an_update_hides_is_still_seen() {
    let env = TestEnv::with_registry();
    let args = ["apply", "--name", "Acme", "--website", "https://acme.example/karmada", "--github", "acme-bot"];
    env.run(&[&args[..], &["--former-name", "Initech", "--logo", "logo.png"]].concat()).ok().code.unwrap();
    for who in ["alice", "carol"] {
        env.run(&["approve", "acme", "--as", who]).ok().code.unwrap();
    }
    env.run(&["update", "acme", "--former-name", "Other", "--as", "acme-bot"]).ok().code.unwrap();
    env.run(&["exit", "acme", "--kind", "voluntary", "--reason", "over", "--as", "acme-bot"]).ok().code.unwrap();
    // Both are open: which one is meant has to be said.
    env.run(&["evidence", "acme", "--offline"]).fails(2).code.unwrap();
    for proposal in ["update", "exit"] {
        let told = env.run(&["evidence", "acme", "--offline", "--json", "--proposal", proposal]).ok().json();
        let check = |id: &str| told["checks"].as_array().unwrap().iter().find(|c| c["check"] == id).unwrap().clone();
        assert_eq!(check("stake")["facts"]["recused"], serde_json::json!(["bob"]), "{proposal}");
        assert_eq!(check("changes-since-vote")["outcome"], "passed", "{proposal}: nobody voted");
    }
}

#[test]
fn only_evidence_about_what_is_voted_on_is_kept() {
    let env = TestEnv::with_applicant();
    env.apply("Beta").ok().code.unwrap();
    env.write("seen.json", "not evidence");
    assert!(vote(&env, "alice").fails(2).stderr.contains("can't be read as evidence"));
    let other = env.run(&["evidence", "beta", "--offline", "--json"]).ok().stdout;
    env.write("seen.json", other);
    assert!(vote(&env, "alice").fails(2).stderr.contains("isn't evidence about acme"));
    gather(&env);
    env.run(&["update", "acme", "--website", "https://acme.example/new", "--as", "acme-bot"]).ok().code.unwrap();
    assert!(vote(&env, "alice").fails(1).stderr.contains("acme changed since seen.json was written"));
    env.write("seen.json", vec![b' '; 60_000]);
    assert!(vote(&env, "alice").fails(2).stderr.contains("can't be read as evidence"));
    env.run(&["evidence", "nobody", "--offline"]).fails(3).code.unwrap();
}

#[test]
fn review_shows_it_and_keeps_it() {
    let env = TestEnv::with_applicant();
    let mut terminal = Terminal::run(&env, &["review", "acme", "--as", "alice", "--offline"]);
    terminal.shows("Acme (acme) · application").shows("? What now?").types("v").shows("nobody has a stake");
    terminal.stays().types("a").shows("Vote approve on Acme").types("y").shows("Recorded: your vote");
    assert_eq!(terminal.ends(), 0);
    kept(&env, "apply/acme");
    assert!(env.run(&["evidence", "acme", "--seen-by", "alice"]).ok().stdout.contains("✔ passed  nobody has a stake"));
}

#[test]
fn on_github_the_contact_is_looked_up_and_evidence_stands_in_the_review() {
    let hub = Hub::with_program("[github]\nmembers_of = \"karmada\"\n");
    hub.github.fork(REGISTRY, "jane", None);
    hub.apply("jane", "Acme").ok().code.unwrap();
    let said = hub.run("alice", &["evidence", "acme", "--json"]).ok();
    let told = said.json();
    let check = |id: &str| told["checks"].as_array().unwrap().iter().find(|c| c["check"] == id).unwrap().clone();
    assert_eq!(check("github-account")["facts"]["login"], "jane");
    assert_eq!(check("github-membership")["outcome"], "failed", "alice sees all members: {told}");
    assert_eq!(check("site-reached")["outcome"], "unknown", "nothing asks the world: {told}");
    // As a shell of another system writes it.
    hub.env.write("seen.json", said.stdout.replace('\n', "\r\n").trim_end());
    let mut args = vec!["review", "acme"];
    args.extend(VOTE);
    hub.run("alice", &args).ok().code.unwrap();
    let body = hub.threads()[1]["reviews"][0]["body"].as_str().unwrap().to_owned();
    assert!(body.contains("<summary>What was seen before</summary>") && body.contains("\"github-account\""), "{body}");
    hub.run("bob", &["approve", "acme"]).ok().code.unwrap();
    assert_eq!(hub.run("bob", &["evidence", "acme", "--seen-by", "alice", "--json"]).ok().stdout, said.stdout);
    hub.run("bob", &["audit"]).ok().code.unwrap();
}
