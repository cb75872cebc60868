//! Pull requests from branches of a proposal's name that are no proposals, however many and however large they are.

use std::path::Path;

use github_double::Fault;

use crate::hub::{Hub, REGISTRY, put};

/// More than any proposal may bring, and nothing that could be packed.
fn large() -> Vec<u8> {
    let mut state = 1_u64;
    let mut bytes = Vec::with_capacity(9 << 20);
    while bytes.len() < 9 << 20 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes
}

/// What `list --proposals` of a member brings from git, in bytes, and how often it asks the API; with what it says.
fn looked(hub: &Hub, login: &str) -> (usize, usize, crate::env::Output) {
    hub.github.clear_traffic();
    let said = hub.run(login, &["list", "--proposals"]).ok();
    let git = hub.github.traffic().iter().filter(|r| r.operation.starts_with("git:")).map(|r| r.body_down).sum();
    (git, hub.requests().len(), said)
}

fn fork_of_mallory(hub: &Hub) {
    hub.github.fork(REGISTRY, "mallory", None);
}

fn opens(hub: &Hub, branch: &str) {
    hub.github.open_pull(REGISTRY, "mallory", &format!("mallory:{branch}"), "main", "docs: fix a typo", "");
}

#[test]
fn junk_is_one_line_is_not_fetched_and_costs_little() {
    let hub = Hub::with_applicant();
    fork_of_mallory(&hub);
    let (_, without, _) = looked(&hub, "bob");
    hub.by_hand_of("mallory", "apply/junk", "docs: fix a typo", |checkout| {
        put(checkout, "large.bin", large());
    });
    let much = 120;
    let junk = hub.git_exactly("mallory/partners", &["rev-parse", "apply/junk"]);
    let branches: Vec<String> = (0..much).map(|n| format!("{}:refs/heads/apply/junk-{n}", junk.trim())).collect();
    let branches = branches.iter().map(String::as_str);
    hub.git("mallory/partners", &["push", "--quiet", "."].into_iter().chain(branches).collect::<Vec<_>>());
    for n in 0..much {
        opens(&hub, &format!("apply/junk-{n}"));
    }
    let (git, requests, said) = looked(&hub, "alice");
    assert!(said.stdout.contains("acme"), "{said}");
    assert!(git < 1 << 20, "git brought {git} bytes");
    // One more page of a hundred, and three times fifty that are asked what they could bring.
    assert!(requests <= without + 1 + 3, "{requests} requests, and {without} without junk");
    let told = format!(
        "warning: {much} pull requests from branches called apply/…, exit/… or policy/… are no proposals; -v lists them\n"
    );
    assert_eq!(said.stderr, told);
    hub.run("alice", &["approve", "acme"]).ok().code.unwrap();
}

/// What looks like a proposal is fetched only as long as it is as small as one, wherever it hides its weight.
#[test]
fn what_is_too_large_is_not_fetched() {
    let hub = Hub::with_applicant();
    fork_of_mallory(&hub);
    let of = |slug: &str, path: &str| format!("data/partners/{slug}/{path}");
    hub.by_hand_of("mallory", "apply/initech", "we apply", |checkout| {
        put(checkout, &of("initech", "log/0001"), b"KP-Event: v1 applied\n");
        put(checkout, &of("initech", "logo.png"), large());
    });
    opens(&hub, "apply/initech");
    let (git, _, said) = looked(&hub, "alice");
    assert!(git < 1 << 20, "git brought {git} bytes");
    assert!(said.stderr.contains("is no proposal: its files are too large"), "{said}");

    hub.by_hand_of("mallory", "apply/hooli", "we apply", |checkout| {
        put(checkout, &of("hooli", "log/0001"), b"KP-Event: v1 applied\n");
        put(checkout, &of("hooli", "large.bin"), large());
    });
    hub.by_hand_of("mallory", "apply/hooli", "nothing was there", |checkout| {
        std::fs::remove_file(checkout.join(of("hooli", "large.bin"))).unwrap();
    });
    opens(&hub, "apply/hooli");
    let said = hub.run("alice", &["list", "--proposals", "-v"]).ok();
    assert!(said.stderr.contains("is no proposal: what it brings is too large"), "{said}");
    assert!(said.stdout.contains("acme"), "{said}");
    // It isn't tried again; and whoever judges just this one is told.
    let (git, ..) = looked(&hub, "alice");
    assert_eq!(git, 0, "git brought {git} bytes once more");
    let refused = hub.run("alice", &["check", "--pull-request", "4"]).fails(1);
    assert!(refused.stderr.contains("pull request 4 brings more than any proposal does"), "{refused}");
    // Nothing of it stays, and it takes nothing else along.
    let kept = walked(&hub.env.path("home")).into_iter().filter(|size| *size > 1 << 20).count();
    assert_eq!(kept, 0);
    hub.approve();
}

/// The sizes of all files below a directory.
fn walked(directory: &Path) -> Vec<u64> {
    let entries = std::fs::read_dir(directory).unwrap().map(Result::unwrap);
    let sizes = entries.flat_map(|entry| match entry.file_type().unwrap().is_dir() {
        true => walked(&entry.path()),
        false => vec![entry.metadata().unwrap().len()],
    });
    sizes.collect()
}

/// An applicant isn't kept from its own by what others bring under its name, even if no answer can hold that.
#[test]
fn nobody_is_held_up_by_how_much_others_bring() {
    let hub = Hub::with_applicant();
    fork_of_mallory(&hub);
    hub.by_hand_of("mallory", "apply/acme", "we apply, too", |checkout| {
        put(checkout, "data/partners/acme/log/0001", b"KP-Event: v1 applied\n");
    });
    opens(&hub, "apply/acme");
    hub.github.clear_traffic();
    // What the registry is comes first; then, however often it is asked, the answer breaks off.
    for k in 2..6 {
        hub.github.fault(k, Fault::Truncated);
    }
    let status = hub.run("jane", &["status", "acme"]).ok();
    assert!(status.stdout.contains("The application of Acme (acme) waits for a decision"), "{status}");
    assert_eq!(hub.operations().iter().filter(|o| *o == "graphql:Content").count(), 2);
}
