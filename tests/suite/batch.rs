//! batch: many commands at once, judged before anything is written.

use crate::env::{Output, TestEnv};

fn batch(env: &TestEnv, rows: &str, more: &[&str]) -> Output {
    env.write("batch.jsonl", rows);
    let words: Vec<&str> = ["batch", "batch.jsonl"].into_iter().chain(more.iter().copied()).collect();
    env.run(&words)
}

const TWO: &str = r#"{"do": "apply", "name": "Acme", "website": "https://acme.example", "github": "acme-bot", "logo": "logo.png", "service": ["support", "training"], "as": "acme-bot"}
{"do": "apply", "name": "Hooli", "slug": "hooli", "website": "https://hooli.example", "github": "hooli-bot", "logo": "logo.png", "as": "hooli-bot"}
{"do": "review", "partner": "acme", "authenticity": "met", "url": "met", "relevance": "met", "vote": "approve", "as": "alice"}
{"do": "approve", "partner": "acme", "as": "bob"}
"#;

#[test]
fn rows_are_judged_in_order_and_land_in_one_push() {
    let env = TestEnv::with_registry();
    let plan = batch(&env, TWO, &["--plan"]).ok();
    snapbox::assert_data_eq!(
        plan.stdout,
        snapbox::str![[r#"
Row 1: apply acme: applied
Row 2: apply hooli: applied
  warning: Acme (acme) has the very same logo file
Row 3: review acme: votes approve
Row 4: approve acme: approved
To be done: 4 (rows 1-4)
Nothing was written.

"#]]
    );
    assert_eq!(env.git(&["branch", "--list"]), "* main\n", "a plan writes nothing");
    let done = batch(&env, TWO, &["--yes"]).ok();
    snapbox::assert_data_eq!(
        done.stdout,
        snapbox::str![[r#"
Row 2: apply hooli: applied
  warning: Acme (acme) has the very same logo file
Done: 4 (rows 1-4)

"#]]
    );
    assert_eq!((env.state("acme"), env.state("hooli")), ("active".into(), "applied".into()));
    // What a batch writes can't be told from what single commands write.
    snapbox::assert_data_eq!(
        env.git(&["log", "--format=%s%n%(trailers:key=Signed-off-by)", "main", "-2"]),
        snapbox::str![[r#"
acme: Acme is approved
Signed-off-by: bob <bob@users.noreply.github.com>

acme: bob votes approve on the application
Signed-off-by: bob <bob@users.noreply.github.com>


"#]]
    );
    env.audit().is_clean();
    assert_eq!(env.problems(), [""; 0]);
    // Again: nothing is there twice.
    let head = env.git_exactly("registry.git", &["rev-parse", "main", "apply/hooli"]);
    let again = batch(&env, TWO, &["--yes", "--json"]).ok().stdout;
    assert_eq!(env.git_exactly("registry.git", &["rev-parse", "main", "apply/hooli"]), head);
    for line in again.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(row["outcome"], "unchanged", "{line}");
    }
}

#[test]
fn one_row_that_cant_be_done_stops_all() {
    let env = TestEnv::with_partner();
    let head = env.git_exactly("registry.git", &["for-each-ref"]);
    let rows = r#"{"do": "benefit add", "partner": "acme", "kind": "exposure", "what": "a talk", "as": "alice"}
{"do": "approve", "partner": "nobody", "as": "alice"}
{"do": "exit", "partner": "acme", "kind": "breach", "reason": "x", "as": "mallory"}
{"do": "jobs close", "partner": "acme", "number": 9, "as": "alice"}
"#;
    let refused = batch(&env, rows, &["--yes"]);
    snapbox::assert_data_eq!(
        refused.stderr.clone(),
        snapbox::str![[r#"
error: nothing was written; rows that can't be done:
  row 2 (approve): nobody isn't in the registry
  row 3 (exit): mallory isn't a member of the committee
  row 4 (jobs close): acme has no job post 9
hint: karmada-partner list shows who is
hint: members: alice, bob, carol; say who acts with --as LOGIN
hint: karmada-partner jobs list acme --all tells its numbers

"#]]
    );
    assert_eq!(refused.code, Some(3));
    assert_eq!(env.git_exactly("registry.git", &["for-each-ref"]), head);
}

#[test]
fn every_row_that_cant_be_read_is_told_with_its_number() {
    let env = TestEnv::with_partner();
    let rows = r#"{"do": "aprove", "partner": "acme"}
{"do": "approve", "partner": "acme", "vot": "x"}
{"do": "review", "partner": "acme", "authenticity": "met"}
{"do": "approve"}
not json
{"do": "exit", "partner": "Acme!", "kind": "gone", "reason": "x"}
{"do": "list"}
"#;
    let wrong = batch(&env, rows, &["--yes"]);
    snapbox::assert_data_eq!(
        wrong.stderr.clone(),
        snapbox::str![[r#"
error: the batch can't be run; nothing was written:
  row 1: “aprove” isn't a command of a batch; did you mean approve? (there are apply, update, withdraw, review, approve, reject, exit, record, benefit add, jobs add, jobs close, renew)
  row 2: “approve” has no flag “vot”; did you mean note?
  row 3: a review in a batch needs “vote”: approve, reject or abstain
  row 4: “approve” needs to know “partner”
  row 5: it isn't a JSON object: expected ident at line 1 column 2
  row 6: invalid value 'gone' for '--kind <KIND>' [possible values: voluntary, inactive, merged, criteria-not-met, breach] For more information, try '--help'.
  row 7: “list” isn't a command of a batch (there are apply, update, withdraw, review, approve, reject, exit, record, benefit add, jobs add, jobs close, renew)
hint: each row has “do”, a command that writes, and its flags by their long names

"#]]
    );
    assert_eq!(wrong.code, Some(2));
    assert_eq!(batch(&env, "", &[]).code, Some(2));
    assert_eq!(env.run(&["batch", "missing.toml"]).code, Some(3));
}

#[test]
fn toml_and_csv_say_the_same_as_json_lines() {
    let env = TestEnv::with_partner();
    env.write("b.toml", "[[row]]\ndo = \"jobs add\"\npartner = \"acme\"\ntitle = \"Engineer, Karmada\"\ncloses = 2027-01-31\nas = \"acme-bot\"\n\n[[row]]\ndo = \"renew\"\npartner = \"acme\"\nas = \"alice\"\n");
    env.run(&["batch", "b.toml", "--yes"]).ok().code.unwrap();
    env.write("b.csv", "do,partner,kind,what,on,as\nbenefit add,acme,exposure,\"a talk, in Paris\",2026-01-01,alice\nrenew,acme,,,,bob\n");
    env.run(&["batch", "b.csv", "--yes"]).ok().code.unwrap();
    assert_eq!(env.events("acme"), ["applied", "approved", "posted", "renewed", "benefited"]);
    env.audit().is_clean();
}

#[test]
fn a_brake_holds_back_what_would_turn_out_many() {
    let env = TestEnv::with_registry();
    let names = ["Acme", "Hooli", "Initrode", "Wonka", "Stark"];
    for name in names {
        env.apply(name).ok().code.unwrap();
        for member in ["alice", "bob"] {
            env.run(&["approve", &name.to_lowercase(), "--as", member]).ok().code.unwrap();
        }
    }
    let exits = |slugs: &[&str]| -> String {
        let row = |slug: &&str, who: &str| {
            format!(
                "{{\"do\": \"exit\", \"partner\": \"{slug}\", \"kind\": \"inactive\", \"reason\": \"silence\", \"as\": \"{who}\"}}\n"
            )
        };
        slugs.iter().flat_map(|s| [row(s, "alice"), row(s, "bob")]).collect()
    };
    let held = batch(&env, &exits(&["acme", "hooli"]), &["--yes"]);
    assert_eq!(held.code, Some(1));
    assert!(held.stderr.contains("2 would leave or be turned down at once, and there are 5 active partners"), "{held}");
    assert!(held.stderr.contains("--allow-mass 2"), "{held}");
    assert_eq!(env.state("acme"), "active");
    batch(&env, &exits(&["stark"]), &["--yes"]).ok().code.unwrap();
    batch(&env, &exits(&["acme", "hooli"]), &["--yes", "--allow-mass", "2"]).ok().code.unwrap();
    assert_eq!(
        (env.state("acme"), env.state("hooli"), env.state("stark")),
        ("exited".into(), "exited".into(), "exited".into())
    );
    env.audit().is_clean();
}

/// On GitHub rows go one by one, with a journal: killed at any of them, `--continue` finishes with nothing twice.
#[test]
fn on_github_a_batch_that_was_killed_is_gone_on_with() {
    use std::time::{Duration, Instant};

    let hub = crate::hub::Hub::with_partner();
    let rows: String = (1..=6)
        .map(|n| {
            format!(
                "{{\"do\": \"benefit add\", \"partner\": \"acme\", \"kind\": \"exposure\", \"what\": \"talk {n}\"}}\n"
            )
        })
        .collect();
    hub.env.write("batch.jsonl", rows);
    let events = || {
        hub.git(crate::hub::REGISTRY, &["ls-tree", "--name-only", "main", "data/partners/acme/log/"]).lines().count()
    };
    let before = events();
    // From before the first row to after the last, when only the journal is left to be done with.
    for kill_at in 0..=6 {
        let mut run = hub.command("alice", &["batch", "batch.jsonl", "--yes", "--continue"]);
        let mut child = run.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        // Killed as soon as a row more is on the registry, wherever the run is by then.
        while events() < before + kill_at && child.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < Duration::from_secs(60), "it never came to row {kill_at}");
            std::thread::sleep(Duration::from_millis(2));
        }
        let _ = child.kill();
        child.wait().unwrap();
    }
    hub.run("alice", &["batch", "batch.jsonl", "--yes", "--continue"]).ok().code.unwrap();
    assert_eq!(events(), before + 6, "nothing twice, nothing lost");
    let listed = hub.run("alice", &["benefit", "list", "--json"]).json();
    let mut said: Vec<_> =
        listed["benefits"].as_array().unwrap().iter().map(|b| b["what"].as_str().unwrap().to_owned()).collect();
    said.sort();
    assert_eq!(said, ["talk 1", "talk 2", "talk 3", "talk 4", "talk 5", "talk 6"]);
    hub.run("alice", &["audit"]).ok().code.unwrap();
}

#[test]
fn a_batch_is_judged_anew_when_somebody_else_was_faster() {
    let env = TestEnv::with_partner();
    let rows = |who: &str| -> String {
        let row = |n| {
            format!(
                "{{\"do\": \"benefit add\", \"partner\": \"acme\", \"kind\": \"other\", \"what\": \"{who} {n}\", \"as\": \"{who}\"}}\n"
            )
        };
        (0..20).map(row).collect()
    };
    env.write("a.jsonl", rows("alice"));
    env.write("b.jsonl", rows("bob"));
    let spawn =
        |file: &str| env.command(&["batch", file, "--yes"]).stdout(std::process::Stdio::null()).spawn().unwrap();
    let (mut a, mut b) = (spawn("a.jsonl"), spawn("b.jsonl"));
    assert!(a.wait().unwrap().success() && b.wait().unwrap().success());
    assert_eq!(env.events("acme").len(), 2 + 40);
    env.audit().is_clean();
}

/// Who looks like whom is told before anybody agrees, within the batch too; and nothing depends on the number of threads.
#[test]
fn threads_change_nothing_and_likenesses_are_told() {
    let env = TestEnv::with_partner();
    let row = |n: usize| {
        format!(
            "{{\"do\": \"apply\", \"name\": \"Hooli {n}\", \"website\": \"https://hooli{n}.example\", \"github\": \"hooli-{n}\", \"logo\": \"logo.png\", \"as\": \"hooli-{n}\"}}\n\
             {{\"do\": \"review\", \"partner\": \"hooli-{n}\", \"authenticity\": \"met\", \"url\": \"met\", \"relevance\": \"met\", \"vote\": \"approve\", \"as\": \"alice\"}}\n\
             {{\"do\": \"approve\", \"partner\": \"hooli-{n}\", \"as\": \"bob\"}}\n"
        )
    };
    let alike = r#"{"do": "apply", "name": "Hooli 3 Inc.", "slug": "hooli-three", "website": "https://three.example", "github": "three", "logo": "logo.png", "as": "three"}"#;
    let rows = (0..20).map(row).collect::<String>() + alike + "\n";
    let plan = batch(&env, &rows, &["--plan"]).ok().stdout;
    let (_, last) = plan.split_once("Row 61: ").unwrap();
    assert!(last.starts_with("apply hooli-three: applied\n  warning: Hooli 3 (hooli-3) has the same name\n"), "{plan}");
    assert!(
        plan.contains("Row 4: apply hooli-1: applied\n  warning: Acme (acme) has the very same logo file"),
        "{plan}"
    );
    assert_eq!(env.git(&["branch", "--list"]), "* main\n", "a plan writes nothing");
    let before = env.git_exactly("registry.git", &["for-each-ref", "--format=%(refname) %(objectname)"]);
    let mut ends = Vec::new();
    for jobs in ["1", "2", "7"] {
        let copy = format!("jobs-{jobs}.git");
        env.git_exactly("registry.git", &["clone", "--quiet", "--mirror", ".", &format!("../{copy}")]);
        let loose = env.git_exactly(&copy, &["count-objects"]);
        let mut run = env.command(&["batch", "batch.jsonl", "--yes", "--jobs", jobs, "--registry", &copy]);
        env.output(run.env("SOURCE_DATE_EPOCH", "1790080000")).ok().code.unwrap();
        ends.push(env.git_exactly(&copy, &["for-each-ref", "--format=%(refname) %(objectname)"]));
        assert_eq!(env.git_exactly(&copy, &["count-objects"]), loose, "what is much comes as packs");
        env.git_exactly(&copy, &["fsck", "--strict"]);
    }
    assert!(ends[0] != before && ends.iter().all(|end| *end == ends[0]), "{ends:?}");
    assert_eq!(batch(&env, &rows, &["--jobs", "0"]).code, Some(2));
}

/// A vote that is there already and doesn't decide yet is no fault in a batch: a run that is gone on with says it again.
#[test]
fn what_was_said_before_is_unchanged() {
    let env = TestEnv::with_applicant();
    let rows = "{\"do\": \"approve\", \"partner\": \"acme\", \"as\": \"alice\"}\n";
    assert!(batch(&env, rows, &["--yes"]).ok().stdout.contains("Done: 1 (row 1)"));
    assert!(batch(&env, rows, &["--yes"]).ok().stdout.contains("Unchanged: 1 (row 1)"));
    // Nor when it was decided with it since.
    let both = rows.to_owned() + &rows.replace("alice", "bob");
    batch(&env, &both, &["--yes"]).ok().code.unwrap();
    assert!(batch(&env, &both, &["--yes"]).ok().stdout.contains("Unchanged: 2 (rows 1-2)"));
    // Who had no part in it is told so.
    assert!(batch(&env, &rows.replace("alice", "carol"), &["--yes"]).fails(1).stderr.contains("is active already"));
}

#[test]
fn no_value_of_a_row_is_passed_over() {
    let env = TestEnv::with_applicant();
    let refused = |row: &str, why: &str| {
        let said = batch(&env, row, &["--yes"]).fails(2);
        assert!(said.stderr.contains(why), "{said}");
    };
    refused("{\"do\": \"approve\", \"partner\": [\"acme\", \"other\"]}", "“partner” has several values");
    refused("{\"do\": [\"approve\", \"reject\"], \"partner\": \"acme\"}", "“do” has several values");
    refused("{\"do\": \"apply\", \"partner\": \"a\", \"slug\": \"b\"}", "are the same; say one");
    refused("{\"do\": \"apply\", \"slug\": \"b\", \"template\": true}", "no place in a batch");
    refused("do,partner,do\napprove,acme,reject\n", "two columns");
    env.write("rows.toml", "[[row]]\ndo = \"approve\"\npartner = \"acme\"\n[[rows]]\ndo = \"approve\"\n");
    assert!(env.run(&["batch", "rows.toml", "--yes"]).fails(2).stderr.contains("stands beside [[row]]"));
    assert_eq!(env.events("acme"), ["applied"], "nothing was written");
}

/// Killed while branches move, at whatever moment: what was proposed is there, and what is on the default branch is whole.
#[cfg(unix)]
#[test]
fn killed_while_it_lands_nothing_is_lost() {
    use std::time::{Duration, Instant};

    let env = TestEnv::with_registry();
    let slugs: Vec<String> = (0..40).map(|n| format!("org-{n}")).collect();
    let apply = |slug: &String| {
        format!(
            "{{\"do\": \"apply\", \"slug\": \"{slug}\", \"name\": \"Org {slug}\", \"website\": \"https://{slug}.example\", \"github\": \"{slug}\", \"logo\": \"logo.png\"}}\n"
        )
    };
    batch(&env, &slugs.iter().map(apply).collect::<String>(), &["--yes"]).ok().code.unwrap();
    let approve = |slug: &String| {
        let row = |who: &str| format!("{{\"do\": \"approve\", \"partner\": \"{slug}\", \"as\": \"{who}\"}}\n");
        row("alice") + &row("bob")
    };
    env.write("rows.jsonl", slugs.iter().map(approve).collect::<String>());
    let locks = |registry: &std::path::Path| -> Vec<std::path::PathBuf> {
        let below = ["refs/heads/apply", "refs/heads/exit", "refs/heads/closed", "refs/heads", "."];
        let found = below.iter().flat_map(|d| std::fs::read_dir(registry.join(d)).into_iter().flatten());
        found.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.extension().is_some_and(|e| e == "lock")).collect()
    };
    let mut midway = 0;
    for attempt in 0..4_u64 {
        let copy = format!("copy-{attempt}.git");
        let registry = env.path(&copy);
        let cp = std::process::Command::new("cp").arg("-r").arg(env.path("registry.git")).arg(&registry).status();
        assert!(cp.unwrap().success());
        let mut command = env.command(&["--registry", &copy, "batch", "rows.jsonl", "--yes"]);
        let mut child =
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        while locks(&registry).is_empty() && child.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < Duration::from_secs(60));
        }
        std::thread::sleep(Duration::from_millis(attempt * 3));
        let _ = child.kill();
        child.wait().unwrap();
        let left = locks(&registry);
        midway += usize::from(!left.is_empty());
        for lock in left {
            std::fs::remove_file(lock).unwrap();
        }
        let at = ["--registry", copy.as_str()];
        let list = env.run(&[&at[..], &["list", "--json"]].concat()).ok().json();
        let active = list["partners"].as_array().unwrap().iter().filter(|p| p["state"] == "active").count();
        assert!(active == 0 || active == 40, "{active} of 40 are partners");
        // Gone on with, all of them are.
        env.run(&[&at[..], &["batch", "rows.jsonl", "--yes"]].concat()).ok().code.unwrap();
        let list = env.run(&[&at[..], &["list", "--json"]].concat()).ok().json();
        assert_eq!(list["partners"].as_array().unwrap().len(), 40);
        env.run(&[&at[..], &["audit"]].concat()).ok().code.unwrap();
    }
    assert!(midway > 0, "it was never killed midway");
}
