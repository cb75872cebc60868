//! In each state, for each of those who may want something: what a refusal hints at is accepted as it stands, or asks for no more
//! than what it has in capitals.

use std::collections::BTreeSet;

use crate::env::{Made, TestEnv, some};
use crate::hints::APPLY;

type State = (&'static str, fn() -> TestEnv);

fn ran(env: TestEnv, runs: &[&[&str]]) -> TestEnv {
    for run in runs {
        env.run(run).ok().code.unwrap();
    }
    env
}

const EXIT: [&str; 7] = ["exit", "acme", "--kind", "breach", "--reason", "x", "--as"];

fn left() -> TestEnv {
    let env = TestEnv::with_partner();
    ran(env, &[&[&EXIT[..], &["alice"]].concat(), &["exit", "acme", "--as", "bob"]])
}

fn policy() -> TestEnv {
    let env = TestEnv::with_partner();
    env.write("next.toml", env.file("data/program.toml").replace("Test Program", "Another Program"));
    ran(env, &[&["program", "propose", "next.toml", "--as", "alice"]])
}

const STATES: [State; 11] = [
    ("applied", TestEnv::with_applicant),
    ("applied and voted on", || ran(TestEnv::with_applicant(), &[&["approve", "acme", "--as", "alice"]])),
    ("active", TestEnv::with_partner),
    ("an update is open", || {
        ran(TestEnv::with_partner(), &[&["update", "acme", "--website", "https://a.example/x", "--as", "acme-bot"]])
    }),
    ("an exit is open", || ran(TestEnv::with_partner(), &[&[&EXIT[..], &["alice"]].concat()])),
    ("an update and an exit are open", || {
        let update = ["update", "acme", "--website", "https://a.example/x", "--as", "acme-bot"];
        ran(TestEnv::with_partner(), &[&update, &[&EXIT[..], &["alice"]].concat()])
    }),
    ("exited", left),
    ("exited and applied again", || ran(left(), &[&[&APPLY[..], &["--as", "acme-bot"]].concat()])),
    ("rejected", || {
        let reject = |who| ["reject", "acme", "--reason", "no", "--as", who];
        ran(TestEnv::with_applicant(), &[&reject("alice"), &reject("bob")])
    }),
    ("withdrawn", || ran(TestEnv::with_applicant(), &[&["withdraw", "acme", "--as", "acme-bot"]])),
    ("a policy is proposed", policy),
];

/// A member who may have begun it, one who hasn't, the contact, and a stranger.
const WHO: [&str; 4] = ["alice", "carol", "acme-bot", "mallory"];

const TRIED: [&[&str]; 19] = [
    &["approve", "acme"],
    &["reject", "acme", "--reason", "no"],
    &["reject", "acme", "--reason", "no", "--proposal", "exit"],
    &["withdraw", "acme"],
    &["update", "acme", "--website", "https://acme.example/other"],
    &["exit", "acme", "--kind", "breach", "--reason", "x"],
    &["exit", "acme", "--kind", "inactive", "--reason", "x"],
    &["exit", "acme", "--kind", "voluntary", "--reason", "x"],
    &["exit", "acme"],
    &["clear", "acme"],
    &["renew", "acme"],
    &["jobs", "add", "acme", "--title", "Engineer", "--link", "https://x.example/job"],
    &["review", "acme", "--vote", "abstain", "--authenticity", "met", "--url", "met", "--relevance", "met"],
    &["review", "acme"],
    &["approve", "program"],
    &["reject", "program", "--reason", "no"],
    &["withdraw", "program"],
    &["show", "acme"],
    &APPLY,
];

/// The commands that a hint names, as they stand, with what stands in capitals filled in.
fn hinted(hint: &str) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    for words in hint.split("karmada-partner ").skip(1) {
        let line = words.split([',', ';', ':', '(']).next().unwrap_or_default();
        let mut command = Vec::new();
        for word in line.split(' ').filter(|w| !w.is_empty()) {
            match word.trim_end_matches('.') {
                "tells" | "shows" | "and" | "or" | "from" | "to" => break,
                "KIND" => command.push("inactive".to_owned()),
                "TEXT" => command.push("x".to_owned()),
                "URL" => command.push("https://acme.example/elsewhere".to_owned()),
                "FILE" => command.push("other.toml".to_owned()),
                "SLUG" => command.push("acme".to_owned()),
                word => command.push(word.to_owned()),
            }
        }
        out.push(command);
    }
    out
}

#[test]
fn what_a_refusal_hints_at_is_accepted_of_whoever_reads_it() {
    let (mut wrong, mut followed) = (BTreeSet::new(), 0);
    let all: Vec<usize> = (0..STATES.len()).collect();
    for at in some(3, all) {
        let (state, make) = STATES[at];
        let made = {
            let env = make();
            env.write("other.toml", env.file("data/program.toml").replace("Test Program", "Yet Another Program"));
            env.made()
        };
        let made: Made = made;
        let mut known = BTreeSet::new();
        for who in WHO {
            for words in TRIED {
                let refused = TestEnv::of(&made).run(&[words, &["--as", who]].concat());
                if refused.code == Some(0) {
                    continue;
                }
                for hint in refused.stderr.lines().filter_map(|l| l.strip_prefix("hint: ")) {
                    // What is for others to do is done by one of them.
                    let by = if hint.contains("members can") { "bob" } else { who };
                    for command in hinted(hint) {
                        if !known.insert((by, command.clone())) {
                            continue;
                        }
                        followed += 1;
                        let mut args: Vec<&str> = command.iter().map(String::as_str).collect();
                        args.extend(["--as", by]);
                        let output = TestEnv::of(&made).run(&args);
                        if !matches!(output.code, Some(0 | 2)) {
                            wrong.insert(format!(
                                "{state}: {who}: {}: {refused}  leads to {}: {output}",
                                words.join(" "),
                                args.join(" ")
                            ));
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n\n"));
    assert!(followed > 30, "{followed}");
}
