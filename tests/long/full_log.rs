//! A log that is full: refused in time, by every door, and what ends something still has room.

use crate::env::{TestEnv, much};

const ACME: &str = "data/partners/acme";

#[test]
fn a_full_log_takes_only_what_ends_something() {
    let env = TestEnv::with_partner();
    env.run(&["renew", "acme", "--as", "acme-bot"]).ok().code.unwrap();
    env.import("main", &env.go_on("main", &format!("{ACME}/log/0003"), 9_897));
    env.run(&["jobs", "add", "acme", "--title", "Engineer", "--as", "acme-bot"]).ok().code.unwrap();
    env.run(&["benefit", "add", "acme", "--kind", "exposure", "--what", "a talk", "--as", "alice"]).ok().code.unwrap();
    assert_eq!(env.problems(), [""; 0]);
    let before = env.head();
    let refused = [
        &["jobs", "add", "acme", "--title", "Writer", "--as", "acme-bot"][..],
        &["benefit", "add", "acme", "--kind", "exposure", "--what", "more", "--as", "alice"],
        &["update", "acme", "--website", "https://acme.example/new", "--as", "acme-bot"],
    ];
    // Each reads the whole log.
    for refused in &refused[..much(1, refused.len())] {
        let output = env.run(refused).fails(1);
        assert!(output.stderr.contains("from event 9900 on a log takes only what ends something"), "{output}");
        assert!(output.stderr.contains("karmada-partner exit acme"), "{output}");
    }
    assert_eq!(env.head(), before);
    // Written by hand all the same, everybody says so.
    let path = format!("{ACME}/log/9900");
    let over = env.go_on("main", &format!("{ACME}/log/9899"), 9_900).remove(0).1;
    env.forge().put(&path, over).commit_to("apply/acme");
    let base = env.run(&["check", "--base", "main", "--head", "apply/acme", "--actor", "alice", "--json"]).json();
    assert_eq!(base["problems"][0]["code"], "event-limit", "{base}");
    env.plumb(&["update-ref", "-d", "refs/heads/apply/acme"], "");
    let (_, over) = env.go_on("main", &format!("{ACME}/log/9899"), 9_900).remove(0);
    let commit = env.forge().put(&path, over).commit();
    env.audit().blames(&commit, &format!("event-illegal {path}"), "too late");
    assert!(env.problems().contains(&format!("event-limit {path}:4")), "{:?}", env.problems());
    env.set_head(&before);
    // What ends something has room: a post, and, where there is the time for it, the partnership.
    env.run(&["jobs", "close", "acme", "9898", "--as", "acme-bot"]).ok().code.unwrap();
    if !much(false, true) {
        return;
    }
    for member in ["alice", "bob"] {
        env.run(&["exit", "acme", "--kind", "inactive", "--reason", "no answer", "--as", member]).ok().code.unwrap();
    }
    assert_eq!(env.state("acme"), "exited");
    let again =
        ["apply", "--slug", "acme", "--name", "Acme", "--website", "https://acme.example", "--github", "acme-bot"];
    let refused = env.run(&[&again[..], &["--logo", "logo.png", "--as", "acme-bot", "--yes"]].concat()).fails(1);
    assert!(refused.stderr.contains("under another slug"), "{refused}");
    assert_eq!(env.problems(), [""; 0]);
    env.audit().is_clean();
}
