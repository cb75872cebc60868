//! batch: many commands at once, judged before anything is written.

use crate::env::{Output, TestEnv, by_shell};
use crate::picture::png;

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
  row 1: “aprove” isn't a command of a batch; did you mean approve? (there are apply, update, withdraw, review, approve, reject, exit, clear, record, benefit add, jobs add, jobs close, renew)
  row 2: “approve” has no flag “vot”
  row 3: a review in a batch needs “vote”: approve, reject or abstain
  row 4: “approve” needs to know “partner”
  row 5: it can't be read as JSON from character 2 on
  row 6: --kind <KIND> doesn't take gone; possible values: voluntary, inactive, merged, criteria-not-met, breach, mistaken
  row 7: “list” isn't a command of a batch (there are apply, update, withdraw, review, approve, reject, exit, clear, record, benefit add, jobs add, jobs close, renew)
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
        env.decide(&name.to_lowercase());
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
        |file: &str| env.at_once(&["batch", file, "--yes"]).stdout(std::process::Stdio::null()).spawn().unwrap();
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
    let rows = (0..10).map(row).collect::<String>() + alike + "\n";
    let plan = batch(&env, &rows, &["--plan"]).ok().stdout;
    let (_, last) = plan.split_once("Row 31: ").unwrap();
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

/// What isn't read as it stands is told of its row, as it is where a person types it.
#[test]
fn what_is_read_otherwise_in_a_row_is_told() {
    let env = TestEnv::with_partner();
    let told = |row: &str, words: &str| {
        let planned = batch(&env, row, &["--plan"]).ok();
        assert!(planned.stdout.contains(words), "{planned}");
        let document = batch(&env, row, &["--plan", "--json"]).ok();
        assert!(document.stdout.contains("is read as"), "{document}");
    };
    told(
        "do,partner,website,as\nupdate,acme,acme.example/help,acme-bot\n",
        "warning: website: “acme.example/help” is read as https://acme.example/help",
    );
    told(
        "do,partner,email,as\nupdate,acme,mailto:help@acme.example,acme-bot\n",
        "warning: email: “mailto:help@acme.example” is read as help@acme.example",
    );
    env.write("logo.png", png(640, 220));
    let application = "do,name,website,github,email,logo,as\n\
        apply,北京云,https://q.example,bq,info@bücher.example,logo.png,bq\n";
    let planned = batch(&env, application, &["--plan"]).ok();
    for words in ["by the website's host it is q", "info@xn--bcher-kva.example"] {
        assert!(planned.stdout.contains(words), "{planned}");
    }
    told(
        "do,partner,kind,reason,effective,as\nexit,acme,inactive,gone,46357,alice\n",
        "warning: effective: “46357” is read as 2026-12-01",
    );
}

/// What spreadsheets and editors write is taken for what it is, and what was passed over is said.
#[test]
fn tables_are_read_as_people_have_them() {
    let env = TestEnv::with_partner();
    let plan = |name: &str, bytes: &[u8]| {
        env.write(name, bytes);
        env.run(&["batch", name, "--plan"]).ok()
    };
    let row = "benefit add,acme,exposure,Booth,alice";
    let head = "Do,Partner,KIND,what,as";
    let told = |name: &str, table: &str, word: &str| {
        let output = plan(name, table.as_bytes());
        assert!(output.stderr.contains(word), "{output}");
    };
    told("semicolons.csv", &format!("{head}\r\n{row}\r\n").replace(',', ";"), "parted by semicolons");
    told("tabs.csv", &format!("{head}\n{row}\n").replace(',', "\t"), "parted by tabs");
    told("rows.csv", &format!("{head}\n{row}\n,,,,\n,,,,\n"), "2 empty rows are passed over");
    told("columns.csv", &format!("{head},,\n{row},,\n"), "columns without a name");
    let object = r#"{"do": "benefit add", "partner": "acme", "kind": "exposure", "what": "Booth", "as": "alice"}"#;
    for (name, json) in [("list.json", format!("[{object}]")), ("one.json", object.replace(", ", ",\n"))] {
        assert!(plan(name, json.as_bytes()).stdout.contains("benefit add"), "{name}");
    }
    let utf16: Vec<u8> = format!("\u{feff}{head}\n{row}\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(plan("utf16.csv", &utf16).stderr.contains("UTF-16"));
    // Rows are counted as the spreadsheet counts them, and what is given twice is nothing's.
    env.write("wrong.csv", format!("{head}\n{row}\n\n\"aprove\",acme,,,\n"));
    assert!(env.run(&["batch", "wrong.csv", "--plan"]).fails(2).stderr.contains("row 4: “aprove”"));
    let twice = env.path("twice.jsonl");
    std::fs::write(&twice, r#"{"do": "renew", "do": "exit", "partner": "acme", "as": "alice"}"#).unwrap();
    assert!(env.run(&["batch", "twice.jsonl", "--plan"]).fails(2).stderr.contains("“do” is given twice"));
}

/// Each branch that moves is a lock, and so an open file, until all of them move.
#[cfg(unix)]
#[test]
fn more_branches_move_at_once_than_files_may_be_open() {
    let env = TestEnv::with_registry();
    let row = |n: u32| {
        format!(
            "{{\"do\": \"apply\", \"name\": \"New {n}\", \"slug\": \"new-{n}\", \"website\": \"https://new{n}.example\", \
             \"github\": \"new-{n}\", \"logo\": \"logo.png\", \"as\": \"new-{n}\"}}\n"
        )
    };
    env.write("many.jsonl", (0..80).map(row).collect::<String>());
    let ours = env.command(&["batch", "many.jsonl", "--yes"]);
    let mut shell = by_shell("ulimit -S -n 100; exec \"$@\"", &ours);
    env.output(&mut shell).ok().code.unwrap();
    assert_eq!(env.git(&["for-each-ref", "refs/heads/apply/"]).lines().count(), 80);
}

/// Days and numbers are read as everywhere else.
#[test]
fn days_and_numbers_of_a_row_are_read_as_they_are_meant() {
    let env = TestEnv::with_partner();
    let days = ["2027-01-31", "31.1.2027", "2027/1/31", "31 January 2027", "46418"];
    let rows: String = days.iter().map(|day| format!("jobs add,acme,Job of {day},{day},\n")).collect();
    env.write("rows.csv", format!("do,partner,title,closes,number\n{rows}jobs close,acme,,,3.0\n"));
    env.run(&["batch", "rows.csv", "--as", "acme-bot"]).ok().code.unwrap();
    let jobs = env.run(&["jobs", "list", "--all", "--json"]).ok().json();
    let jobs = jobs["jobs"].as_array().unwrap();
    assert!(jobs.len() == days.len() && jobs.iter().all(|job| job["closes"] == "2027-01-31"), "{jobs:#?}");
    assert_eq!(jobs.iter().filter(|job| job["open"] == false).count(), 1);
}
