//! How much an audit reads: each commit of a merged side as often in a long history as in a short one.

use karmada_partner::audit::chain::Scope;
use karmada_partner::audit::{self, ledger::Ledger};
use karmada_partner::git::Repo;

use crate::env::TestEnv;

#[path = "../../examples/history.rs"]
#[expect(dead_code, reason = "an example has a main of its own")]
pub mod history;

/// Commits that an audit reads of a history of merges.
fn commits_read(events: u32) -> u64 {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("history.git");
    let args = history::Args {
        events,
        partners: 5,
        unsigned: true,
        merges: true,
        policies: 0,
        repack: false,
        path: path.display().to_string(),
    };
    let _ = history::generate(&args);
    let repo = Repo::open(&path).unwrap();
    let scope = Scope {
        head: std::fs::read_to_string(path.join("refs/heads/main")).unwrap().trim().parse().unwrap(),
        since: None,
        known: std::collections::BTreeMap::default(),
        seen: Vec::new(),
        signatures: true,
        deep: false,
        around: 0,
    };
    let audited = audit::audit(&repo, &scope, Ledger::default(), |_| Box::new(|| ())).unwrap();
    assert_eq!(audited.ledger.findings, Vec::new());
    assert_eq!(audited.ledger.counts.events, u64::from(events));
    repo.commits_read()
}

#[test]
fn a_merged_side_is_walked_once_however_long_the_history() {
    let (short, long) = (commits_read(40), commits_read(160));
    // On the default branch a commit is read once, with its message; of a side, once to walk it and once to judge it. Whether
    // the help reads ahead or this does is chance.
    let grown = (long - short).checked_div(160 - 40);
    assert!(grown <= Some(8), "{short} and {long} commits were read: {grown:?} an event");
}

/// The branch goes on from far behind the commit that the audit goes on from.
#[test]
fn a_side_that_began_earlier_is_judged_alike() {
    let env = TestEnv::with_partner();
    env.apply("Globex").ok().code.unwrap();
    env.run(&["update", "acme", "--website", "https://acme.example/new", "--as", "acme-bot"]).ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    env.audit().is_clean();
    env.decide("globex");
    let since = env.id(&["rev-parse", "main~1"], "");
    // Its own commits: the application and two votes.
    assert_eq!(env.git(&["rev-list", "--count", "main~1..main^2"]).trim(), "3");
    for how in [&["--since", &since][..], &[], &["--full"]] {
        let told = env.run(&[&["audit"], how].concat()).ok();
        assert!(told.stdout.contains("Nothing was found"), "{how:?}: {told}");
    }
    // Merged once more, it is told, however far an audit reaches back.
    let again = env.id(&["commit-tree", "-p", "main", "-p", "main^2", "-m", "again", "main^{tree}"], "");
    env.set_head(&again);
    let [since, full] = [&["--since", &since][..], &["--full"]].map(|how| {
        let told = env.run(&[&["audit", "--json"], how].concat());
        told.json()["findings"].as_array().unwrap().iter().map(|f| f["code"].to_string()).collect::<Vec<_>>()
    });
    assert_eq!(since, full);
    assert!(full.contains(&"\"merged-twice\"".to_owned()), "{full:?}");
}
