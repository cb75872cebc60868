//! How much a log and a round hold: refused in time, by every door, and what ends something still has room.

use crate::env::TestEnv;
use crate::plumbing::{hash, with};
use crate::signed_work::{signed, with_key};

const ACME: &str = "data/partners/acme";

#[test]
fn an_application_is_amended_a_hundred_times() {
    let env = TestEnv::with_applicant();
    let amend = |site: &str| env.run(&["update", "acme", "--website", site, "--as", "acme-bot"]);
    amend("https://acme.example/2").ok().code.unwrap();
    env.import("apply/acme", &env.go_on("apply/acme", &format!("{ACME}/log/0002"), 101));
    let refused = amend("https://acme.example/3").fails(1);
    assert!(refused.stderr.contains("an application is amended at most 100 times"), "{refused}");
    assert!(refused.stderr.contains("karmada-partner review acme"), "{refused}");
    env.decide("acme");
    env.audit().is_clean();
    // By hand, it is no proposal any more.
    let env = TestEnv::with_applicant();
    env.run(&["update", "acme", "--website", "https://acme.example/2", "--as", "acme-bot"]).ok().code.unwrap();
    env.import("apply/acme", &env.go_on("apply/acme", &format!("{ACME}/log/0002"), 102));
    let told = env.run(&["check"]);
    assert!(told.to_string().contains("amended at most 100 times"), "{told}");
    let base = env.run(&["check", "--base", "main", "--head", "apply/acme", "--actor", "acme-bot", "--json"]).json();
    assert_eq!(base["problems"][0]["code"], "event-limit", "{base}");
    let refused = env.run(&["approve", "acme", "--as", "alice"]).fails(1);
    assert!(refused.stderr.contains("amended at most 100 times"), "{refused}");
    let merged = env.forge().take("apply/acme", ACME).commit();
    env.audit().blames(&merged, &format!("event-illegal {ACME}/log/0102"), "too often");
}

#[test]
fn a_member_has_a_hundred_votes_in_a_round() {
    let env = TestEnv::with_applicant();
    env.run(&["approve", "acme", "--note", "1", "--as", "alice"]).ok().code.unwrap();
    let vote = env.file(&format!("apply/acme:{ACME}/votes/1/alice"));
    let votes = |to: u32| -> Vec<_> {
        let said = |n: u32| (format!("{ACME}/votes/1/alice.{n}"), with(&vote, &[("Note", &n.to_string())]));
        (2..=to).map(said).collect()
    };
    env.import("apply/acme", &votes(100));
    let refused = env.run(&["reject", "acme", "--reason", "no", "--as", "alice"]).fails(1);
    assert!(refused.stderr.contains("there are 100 votes in the name of alice in this round already"), "{refused}");
    // One more by hand is none, whoever looks.
    let (path, more) = votes(101).pop().unwrap();
    let more = with(&more, &[("Vote", "v1 reject")]);
    env.import("apply/acme", &[(path.clone(), more)]);
    let base = env.run(&["check", "--base", "main", "--head", "apply/acme", "--actor", "alice", "--json"]).json();
    let codes: Vec<_> = base["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"vote-limit"), "{base}");
    env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "active", "the last of her hundred counts");
    // That it wasn't merged along is told, and no more than that.
    assert!(env.audit().findings.iter().all(|f| f.severity == "warning"));
    let merged = env.forge().put(&path, with(&vote, &[("Vote", "v1 reject")])).commit();
    env.audit().blames(&merged, &format!("vote-place {path}"), "too many");
    assert!(env.problems().contains(&format!("vote-limit {path}")), "{:?}", env.problems());
}

/// Who may push writes a hundred votes and more in a member's name: what she signs is heard all the same, by everybody who reads it.
#[test]
fn what_others_write_in_a_members_name_uses_up_none_of_hers() {
    for required in ["", "required = true\n"] {
        let env = signed(required);
        with_key(&env, "bob", "bob", &["approve", "acme"]).ok().code.unwrap();
        let vote = env.file(&format!("apply/acme:{ACME}/votes/1/bob"));
        let made_up = with(&vote, &[("Vote", "v1 reject"), ("Actor", "alice"), ("Signature", "")]);
        let name = |n: u32| if n == 1 { "alice".to_owned() } else { format!("alice.{n}") };
        let junk: Vec<_> = (1..=130).map(|n| (format!("{ACME}/votes/1/{}", name(n)), made_up.clone())).collect();
        env.import("apply/acme", &junk);
        let approved = with_key(&env, "alice", "alice", &["approve", "acme"]).ok();
        assert_eq!(env.state("acme"), "active", "{required}: {approved}");
        let own = env.file(&format!("{ACME}/votes/1/alice.101"));
        assert!(env.file(&format!("{ACME}/log/0002")).contains(&hash(&own)) && own.contains("KP-Signature: "), "{own}");
        env.audit().is_clean();
        assert_eq!(env.problems(), [""; 0], "{required}");
        let shown = env.run(&["show", "acme"]).ok();
        assert!(shown.stdout.contains("alice (Umbrella) votes approve [signed]"), "{shown}");
    }
}
