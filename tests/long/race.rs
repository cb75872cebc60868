//! Two writers at once: nothing is lost, nothing is done twice.

use crate::env::TestEnv;

/// Again and again, two members decide about two applicants at the same moment.
#[test]
fn two_processes_race_and_nothing_is_lost() {
    let env = TestEnv::with_registry();
    let count = crate::env::much(10, 50);
    let names: Vec<String> = (0..count).map(|n| format!("Org{n}")).collect();
    let spawn = |args: &[&str]| {
        env.agreed(args).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped()).spawn().unwrap()
    };
    for pair in names.chunks(2) {
        for name in pair {
            env.apply(name).ok().code.unwrap();
            env.run(&["approve", &name.to_lowercase(), "--as", "alice", "-q"]).ok().code.unwrap();
        }
        // Both land on the same default branch.
        let racing: Vec<_> =
            pair.iter().map(|name| spawn(&["approve", &name.to_lowercase(), "--as", "bob", "-q"])).collect();
        for child in racing {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }
    let list = env.run(&["list", "--state", "active", "--json"]).json();
    assert_eq!(list["partners"].as_array().unwrap().len(), count);
    assert_eq!(env.problems(), [""; 0]);
    env.git(&["fsck", "--strict"]);
}

/// The same decision by two members at once is made once.
#[test]
fn two_members_deciding_the_same_decide_it_once() {
    for _ in 0..crate::env::much(3, 10) {
        let env = TestEnv::with_applicant();
        let spawn = |who: &str| {
            env.at_once(&["approve", "acme", "--as", who, "--yes"])
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .spawn()
                .unwrap()
        };
        let (a, b) = (spawn("alice"), spawn("bob"));
        for child in [a, b] {
            child.wait_with_output().unwrap();
        }
        assert_eq!(env.events("acme"), ["applied", "approved"]);
        assert_eq!(env.problems(), [""; 0]);
    }
}

/// The embedded registry is made once, whoever comes first.
#[test]
fn many_first_uses_at_once_make_one_registry() {
    let env = TestEnv::new();
    let children: Vec<_> = (0..6)
        .map(|_| {
            env.command(&["list"])
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let left: Vec<_> = std::fs::read_dir(env.path("home/.local/share/karmada-partner"))
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(left, ["registry.git"]);
}

/// An amendment and the decision at once: whoever comes second acts on what the first one left, and nothing is lost.
#[test]
fn an_amendment_and_a_decision_at_once_are_both_kept_or_refused() {
    for _ in 0..crate::env::much(3, 12) {
        let env = TestEnv::with_applicant();
        env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
        let spawn = |args: &[&str]| {
            env.at_once(&[args, &["--yes"]].concat())
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .spawn()
                .unwrap()
        };
        let mut update = spawn(&["update", "acme", "--website", "https://new.example", "--as", "acme-bot"]);
        let mut approve = spawn(&["approve", "acme", "--as", "bob"]);
        let (updated, approved) = (update.wait().unwrap().success(), approve.wait().unwrap().success());
        let site = env.run(&["show", "acme", "--json"]).json()["record"]["website"].clone();
        let open = env.run(&["review", "--json"]).json()["waiting"].as_array().unwrap().len();
        // Amended first: alice's vote is stale and it still waits; bob may have been told that it changed under his hands.
        // Decided first: the change is an update that waits.
        assert!(updated);
        match env.state("acme").as_str() {
            "active" if !approved => panic!("it was decided, and said not to be"),
            "applied" => assert_eq!((site.as_str(), open), (Some("https://new.example"), 1)),
            "active" => assert_eq!((site.as_str(), open), (Some("https://acme.example/karmada"), 1)),
            other => panic!("{other}"),
        }
        assert_eq!(env.problems(), [""; 0]);
    }
}

/// An update and an exit proposed at the same moment get a round each, and both are decided.
#[test]
fn an_update_and_an_exit_proposed_at_once_get_a_round_each() {
    for _ in 0..crate::env::much(3, 12) {
        let env = TestEnv::with_partner();
        let spawn = |args: &[&str]| {
            env.at_once(&[args, &["--yes"]].concat())
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .spawn()
                .unwrap()
        };
        let mut update = spawn(&["update", "acme", "--website", "https://new.example", "--as", "acme-bot"]);
        let mut exit = spawn(&["exit", "acme", "--kind", "inactive", "--reason", "x", "--as", "alice"]);
        assert!(update.wait().unwrap().success() && exit.wait().unwrap().success());
        env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
        let waiting = env.run(&["review", "--json"]).json();
        assert_eq!(waiting["waiting"][0]["subject"], "exit");
        assert_eq!(env.problems(), [""; 0]);
    }
}

/// Where one branch is held by somebody else, none moves.
#[test]
fn branches_move_together_or_not_at_all() {
    let env = TestEnv::with_applicant();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    let before = env.git(&["for-each-ref"]);
    let lock = env.path("registry.git/refs/heads/apply/acme.lock");
    std::fs::write(&lock, "").unwrap();
    let refused = env.run(&["approve", "acme", "--as", "bob"]).fails(5);
    assert!(refused.stderr.contains("remove the .lock file"), "{refused}");
    assert_eq!(env.git(&["for-each-ref"]), before);
    std::fs::remove_file(lock).unwrap();
    env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.problems(), [""; 0]);
}
