//! Whatever stands on the default branch undecided, and however it came there: every command says something, and what it hints
//! at is accepted.

use std::collections::BTreeSet;

use crate::env::{Made, Output, TestEnv};

/// What waits: its name, who it is about, its branch, what makes it wait, and who opened it.
struct Case {
    name: &'static str,
    slug: &'static str,
    branch: &'static str,
    make: fn() -> TestEnv,
    opener: &'static str,
}

const CASES: [Case; 4] = [
    Case { name: "application", slug: "acme", branch: "apply/acme", make: TestEnv::with_applicant, opener: "acme-bot" },
    Case {
        name: "update",
        slug: "acme",
        branch: "apply/acme",
        make: || {
            let env = TestEnv::with_partner();
            env.run(&["update", "acme", "--website", "https://casino.example", "--as", "acme-bot"]).ok().code.unwrap();
            env
        },
        opener: "acme-bot",
    },
    Case {
        name: "exit",
        slug: "acme",
        branch: "exit/acme",
        make: || {
            let env = TestEnv::with_partner();
            env.run(&["exit", "acme", "--kind", "breach", "--reason", "x", "--as", "alice"]).ok().code.unwrap();
            env
        },
        opener: "alice",
    },
    Case {
        name: "policy",
        slug: "program",
        branch: "policy/program",
        make: || {
            let env = TestEnv::with_partner();
            env.write("next.toml", env.file("data/program.toml").replace("Test Program", "Another Program"));
            env.run(&["program", "propose", "next.toml", "--as", "alice"]).ok().code.unwrap();
            env
        },
        opener: "alice",
    },
];

/// How it comes to the default branch: what is merged is left, or its branch is deleted; or its files are committed.
const HOWS: [&str; 5] = ["merged", "merged, its branch kept", "squashed", "rebased", "by hand"];

fn landed(case: &Case, how: &str) -> TestEnv {
    let env = (case.make)();
    let side = env.id(&["rev-parse", case.branch], "");
    let whole = env.forge().take(case.branch, "data");
    match how {
        "merged" | "merged, its branch kept" => {
            whole.parents(&["main", &side]).message("Merge pull request #1").commit()
        }
        "rebased" => {
            env.set_head(&side);
            side
        }
        _ => whole.message("Acme (#1)").commit(),
    };
    if how != "merged, its branch kept" {
        env.plumb(&["update-ref", "-d", &format!("refs/heads/{}", case.branch)], "");
    }
    env
}

/// The commands that a hint names, as somebody runs them who may.
fn hinted(case: &Case, output: &Output) -> Vec<Vec<&'static str>> {
    let mut out = Vec::new();
    for hint in output.stderr.lines().filter_map(|l| l.strip_prefix("hint: ")) {
        for words in hint.split("karmada-partner ").skip(1) {
            let words: Vec<&str> = words.split([' ', ',', ';', ':']).collect();
            out.push(as_run(case, words[0], hint));
        }
    }
    out
}

fn as_run(case: &Case, command: &str, hint: &str) -> Vec<&'static str> {
    let slug = case.slug;
    match command {
        "approve" => vec!["approve", slug, "--as", "bob"],
        "reject" => vec!["reject", slug, "--reason", "no", "--as", "bob"],
        "update" => vec!["update", slug, "--website", "https://acme.example/other", "--as", "acme-bot"],
        "withdraw" => vec!["withdraw", slug, "--as", case.opener],
        "exit" if case.name == "exit" => vec!["exit", slug, "--as", "bob"],
        "exit" => vec!["exit", slug, "--kind", "breach", "--reason", "x", "--as", "bob"],
        "jobs" => {
            vec!["jobs", "add", slug, "--title", "Engineer", "--link", "https://x.example/job", "--as", "acme-bot"]
        }
        "renew" => vec!["renew", slug, "--as", "acme-bot"],
        "record" => vec!["record", slug, "--reason", "so it is", "--as", "bob"],
        "review" => vec!["review", slug],
        "status" => vec!["status", slug],
        "show" => vec!["show", slug],
        // What is about the website isn't here to be tried.
        "list" | "publish" => vec!["list"],
        "check" => vec!["check"],
        "audit" => vec!["audit"],
        "program" => vec!["program", "propose", "next.toml", "--as", "alice"],
        "apply" => APPLY.to_vec(),
        other => panic!("{}: a hint at {other}: {hint}", case.name),
    }
}

/// An application for `acme`; who acts is still to be said.
pub const APPLY: [&str; 11] = [
    "apply",
    "--slug",
    "acme",
    "--name",
    "Acme",
    "--website",
    "https://acme.example/karmada",
    "--github",
    "acme-bot",
    "--logo",
    "logo.png",
];

/// Somebody else applies under the same name.
const OTHERS: [&str; 11] = [
    "apply",
    "--slug",
    "acme",
    "--name",
    "Acme Two",
    "--website",
    "https://acme.example/two",
    "--github",
    "mallory",
    "--logo",
    "logo.png",
];

/// What people try, each by who may want to.
fn tried(case: &Case) -> Vec<Vec<&'static str>> {
    let slug = case.slug;
    let mut out = vec![
        vec!["status", slug],
        vec!["status"],
        vec!["show", slug],
        vec!["list"],
        vec!["list", "--proposals"],
        vec!["review", slug],
        vec!["review"],
        vec![
            "review",
            slug,
            "--vote",
            "abstain",
            "--authenticity",
            "met",
            "--url",
            "met",
            "--relevance",
            "met",
            "--as",
            "carol",
        ],
        vec!["approve", slug, "--as", "bob"],
        vec!["reject", slug, "--reason", "no", "--as", "bob"],
        vec!["withdraw", slug, "--as", case.opener],
        vec!["withdraw", slug, "--as", "mallory"],
        vec!["record", slug, "--reason", "so it is", "--as", "bob"],
        vec!["check"],
        vec!["audit"],
        vec!["log", slug],
        vec!["stats"],
    ];
    match slug {
        "program" => {
            out.push(vec!["program"]);
            out.push(vec!["program", "propose", "next.toml", "--as", "bob"]);
            out.push(vec!["approve", "acme", "--as", "bob"]);
            out.push(vec!["renew", "acme", "--as", "acme-bot"]);
        }
        _ => {
            out.push(APPLY.to_vec());
            out.push(OTHERS.to_vec());
            out.push(vec!["update", slug, "--website", "https://acme.example/other", "--as", "acme-bot"]);
            out.push(vec!["update", slug, "--website", "https://acme.example/other", "--as", "bob"]);
            out.push(vec!["exit", slug, "--kind", "breach", "--reason", "x", "--as", "bob"]);
            out.push(vec!["exit", slug, "--kind", "voluntary", "--reason", "x", "--as", "acme-bot"]);
            out.push(vec!["renew", slug, "--as", "acme-bot"]);
        }
    }
    out
}

/// The ways for the case of this number: all of them, or so few that each comes up with some case.
fn ways(all: &[&'static str], case: usize, few: usize) -> Vec<&'static str> {
    let few = all.iter().cycle().skip(case).step_by(2).take(few).copied().collect();
    crate::env::much(few, all.to_vec())
}

#[test]
fn what_is_hinted_at_is_accepted() {
    let mut wrong = BTreeSet::new();
    // The others leave the same behind.
    let all = [HOWS[0], HOWS[1], HOWS[4]];
    for (at, case) in CASES.iter().enumerate() {
        for how in ways(&all, at, 1) {
            let made: Made = landed(case, how).made();
            let mut known = BTreeSet::new();
            for args in tried(case) {
                let env = TestEnv::of(&made);
                let output = env.run(&args);
                let what = format!("{} {how}: {}", case.name, args.join(" "));
                if output.stdout.is_empty() && output.stderr.is_empty() {
                    wrong.insert(format!("{what}: says nothing"));
                }
                if !matches!(output.code, Some(0..=4)) {
                    wrong.insert(format!("{what}: {output}"));
                }
                for hint in hinted(case, &output) {
                    if !known.insert(hint.clone()) {
                        continue;
                    }
                    let env = TestEnv::of(&made);
                    let followed = env.run(&hint);
                    let fine = matches!(hint[0], "check" | "audit") || followed.code == Some(0);
                    if !fine {
                        wrong.insert(format!("{what}: {output}  leads to {}: {followed}", hint.join(" ")));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n\n"));
}

/// Whichever way it is settled, nothing is wrong afterwards.
#[test]
fn however_it_is_settled_nothing_is_wrong_afterwards() {
    let mut wrong = BTreeSet::new();
    for (at, case) in CASES.iter().enumerate() {
        for how in ways(&HOWS, at, 1) {
            let made: Made = landed(case, how).made();
            let grant: &[&[&str]] = match case.name {
                "exit" => &[&["exit", "acme", "--as", "bob"]],
                "update" => &[&["approve", "acme", "--as", "bob"]],
                "policy" => &[&["approve", "program", "--as", "alice"], &["approve", "program", "--as", "bob"]],
                _ => &[&["approve", "acme", "--as", "alice"], &["approve", "acme", "--as", "bob"]],
            };
            let deny: [Vec<&str>; 2] =
                ["carol", "bob"].map(|who| vec!["reject", case.slug, "--reason", "no", "--as", who]);
            let deny: Vec<&[&str]> = deny.iter().map(Vec::as_slice).collect();
            let record = ["alice", "bob"].map(|who| vec!["record", case.slug, "--reason", "so it is", "--as", who]);
            let record: Vec<&[&str]> = record.iter().map(Vec::as_slice).collect();
            let withdraw = [&["withdraw", case.slug, "--as", case.opener][..]];
            let mut ways = vec![("granted", grant), ("turned down", &deny[..]), ("taken back", &withdraw[..])];
            if case.name == "policy" {
                ways.push(("recorded", &record[..]));
            }
            for (way, runs) in ways {
                let env = TestEnv::of(&made);
                let between = way != "taken back";
                if between {
                    env.forge().put("README.md", "x").commit();
                }
                let what = format!("{} {how}, {way}", case.name);
                for run in runs {
                    let output = env.run(run);
                    // An update takes one vote, and is decided before the second.
                    let over = case.name == "update" && way == "turned down" && output.code == Some(1);
                    if output.code != Some(0) && !over {
                        wrong.insert(format!("{what}: {}: {output}", run.join(" ")));
                    }
                }
                let audit = env.audit();
                if audit.findings.iter().any(|f| f.severity == "error") {
                    wrong.insert(format!("{what}: {}", audit.words));
                }
                if between && way != "taken back" && !audit.words.contains("; decided after it was merged, by ") {
                    wrong.insert(format!("{what}: no detour\n{}", audit.words));
                }
                let problems = env.problems();
                if !problems.is_empty() {
                    wrong.insert(format!("{what}: {problems:?}"));
                }
                let waits = env.run(&["list", "--proposals"]).ok();
                if waits.stdout != "Nothing waits for a decision.\n" {
                    wrong.insert(format!("{what}: {waits}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n\n"));
}
