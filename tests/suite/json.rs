//! What `--json` prints, across commands: one name for one thing.

use serde_json::{Value, json};

use crate::env::TestEnv;

/// The keys of a document at every depth, with where they stand.
fn keys(value: &Value, at: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                out.push(format!("{at}.{key}"));
                keys(value, &format!("{at}.{key}"), out);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, at, out)),
        _ => {}
    }
}

/// Carol works for Globex; bob has a stake that nothing shows but his word; erin is emeritus.
#[test]
fn proposals_are_told_alike_with_who_is_still_to_be_heard() {
    let env = TestEnv::with_registry();
    env.apply("Globex").ok().code.unwrap();
    let proposal = || env.run(&["status", "globex", "--json"]).ok().json()["partners"][0]["proposals"][0].clone();
    let told = proposal();
    assert_eq!(told["may_vote"], json!(["alice", "bob"]));
    assert_eq!(told["recused"], json!(["carol"]));
    env.run(&["approve", "globex", "--as", "carol"]).ok().code.unwrap();
    env.run(&["approve", "globex", "--interest", "other", "--as", "bob"]).ok().code.unwrap();
    let voted = env.run(&["approve", "globex", "--as", "alice", "--json"]).ok().json();
    let missing = json!([
        {"kind": "in_favor", "have": 1, "need": 2, "words": "1 more in favor (1 of 2)"},
        {"kind": "affiliations", "have": 1, "need": 2, "words": "votes in favor from 2 different affiliations (now 1)"},
    ]);
    assert_eq!((&voted["in_favor"], &voted["missing"]), (&json!(1), &missing));
    let told = proposal();
    assert_eq!(told["may_vote"], json!([]));
    assert_eq!(told["recused"], json!(["bob", "carol"]));
    assert_eq!([&told["in_favor"], &told["against"], &told["abstaining"]], [&json!(1), &json!(0), &json!(0)]);
    assert_eq!(told["missing"], missing);
    // Every document that tells of it says the same.
    let shown = env.run(&["show", "globex", "--json"]).ok().json()["proposals"][0].clone();
    assert_eq!(shown, told);
    for args in [&["review", "--json"][..], &["review", "globex", "--json"], &["list", "--proposals", "--json"]] {
        let waiting = env.run(args).ok().json()["waiting"][0].clone();
        for (key, value) in told.as_object().unwrap() {
            assert_eq!(waiting[key], *value, "{args:?}: {key}");
        }
    }
}

#[test]
fn a_slug_is_called_partner_everywhere() {
    let env = TestEnv::with_partner();
    env.apply("Beta").ok().code.unwrap();
    for command in ["list", "show acme", "show beta", "status", "status acme", "review", "list --proposals", "log"] {
        let words: Vec<&str> = command.split(' ').chain(["--json"]).collect();
        let mut found = Vec::new();
        keys(&env.run(&words).ok().json(), "", &mut found);
        assert!(found.iter().any(|key| key.ends_with(".partner")), "{command}: {found:?}");
        let other = |key: &&String| [".slug", ".favor", ".abstained"].iter().any(|old| key.ends_with(old));
        assert_eq!(found.iter().find(other), None, "{command}");
    }
}
