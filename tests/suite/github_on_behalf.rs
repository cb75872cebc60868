//! Forms that a member brings in, where no workflow does: what can't be taken is told on the issue, and the run goes well.

use serde_json::Value;

use crate::github_issues::{Bench, FORM};
use crate::hub::REGISTRY;

fn import(bench: &Bench, number: u64, more: &[&str]) -> crate::env::Output {
    let number = number.to_string();
    bench.hub.run("alice", &[&["import", "issue", "--number", &number, "--logo", "logo.png"], more].concat())
}

fn bad() -> String {
    FORM.replace("https://acme.example/karmada", "ftp://acme.example").replace("Technical support", "Dancing")
}

#[test]
fn a_faulty_form_is_told_on_the_issue_and_brought_in_once_it_is_mended() {
    let bench = Bench::new();
    bench.hub.github.fork(REGISTRY, "alice", None);
    let number = bench.open("jane", &bad());
    let told = import(&bench, number, &["--json", "--yes"]).ok().json();
    let issue = &told["issues"][0];
    assert_eq!((&issue["number"], &issue["outcome"]), (&number.into(), &"faulty".into()), "{told}");
    let about: Vec<&Value> = issue["faults"].as_array().unwrap().iter().map(|f| &f["about"]).collect();
    assert_eq!(about, ["Org or company Website", "Services"], "{told}");
    assert_eq!(told["partners"], serde_json::json!([]));
    let comments = bench.comments(number);
    assert!(comments.len() == 1 && comments[0].contains("**Edit this issue**"), "{comments:?}");
    // Again: the same, and nothing is written.
    let before = bench.hub.github.dump();
    let shown = import(&bench, number, &["--yes"]).ok();
    assert!(shown.stdout.contains("faulty") && shown.stdout.contains("Services: not among"), "{shown}");
    assert_eq!(bench.hub.github.dump(), before);
    bench.edit(number, "jane", FORM);
    let told = import(&bench, number, &["--json", "--yes"]).ok().json();
    assert_eq!(told["issues"][0]["outcome"], "proposed", "{told}");
    let pull = told["issues"][0]["pull_request"].as_str().unwrap();
    let comments = bench.comments(number);
    assert!(
        comments.len() == 1 && comments[0].contains("has proposed") && comments[0].contains("/pull/"),
        "{comments:?}"
    );
    let again = import(&bench, number, &["--json", "--yes"]).ok().json();
    assert_eq!(again["issues"][0]["outcome"], "on-behalf", "{again}");
    assert_eq!(again["issues"][0]["pull_request"], pull);
    let rival = bench.open("erin", FORM);
    let left = import(&bench, rival, &["--json", "--yes"]).ok().json();
    assert_eq!(left["issues"][0]["outcome"], "left-alone", "{left}");
    bench.hub.run("bob", &["check", "--pull-request", pull.rsplit('/').next().unwrap()]).ok().code.unwrap();
    bench.hub.github.assert_clean();
}

/// Nobody is written to whom nobody agreed to write to; and one comment is enough.
#[test]
fn a_member_writes_only_what_was_agreed_to_and_what_no_workflow_says() {
    let bench = Bench::new();
    let number = bench.open("jane", &bad());
    let args = ["import", "issue", "--number", &number.to_string(), "--logo", "logo.png"];
    let unagreed = bench.hub.env.told(&mut bench.hub.command("alice", &args)).ok();
    let tried = import(&bench, number, &["--dry-run"]).ok();
    for (shown, hints) in [(unagreed, true), (tried, false)] {
        assert_eq!(shown.stderr.contains("--yes has it told on the issue"), hints, "{shown}");
        assert_eq!(bench.comments(number), [""; 0]);
    }
    assert_eq!(bench.outcome(number)["outcome"], "faulty");
    import(&bench, number, &["--yes"]).ok().code.unwrap();
    assert_eq!(bench.comments(number).len(), 1);
    // What is given as a flag is wrong no more.
    let given = ["--website", "https://acme.example", "--service", "training", "--dry-run"];
    let shown = import(&bench, number, &given).ok();
    assert!(shown.stdout.contains("apply/acme-cloud") && !shown.stdout.contains("faulty"), "{shown}");
    bench.hub.github.assert_clean();
}

/// Of several, those that are fine are brought in all the same.
#[test]
fn one_faulty_form_holds_up_no_other() {
    let bench = Bench::new();
    bench.hub.github.fork(REGISTRY, "alice", None);
    let faulty = bench.open("jane", &bad().replace("Acme Cloud", "Globex"));
    let fine = bench.open("erin", &FORM.replace("karmada@acme", "@nobody-here, karmada@acme"));
    let args = ["import", "issue", "--all-open", "--logo", "logo.png", "--json", "--yes"];
    let told = bench.hub.run("alice", &args).ok().json();
    let word = |told: &Value, number: u64| {
        told["issues"].as_array().unwrap().iter().find(|i| i["number"] == number).unwrap()["outcome"].clone()
    };
    assert_eq!((word(&told, faulty), word(&told, fine)), ("faulty".into(), "faulty".into()), "{told}");
    assert!(bench.comments(fine)[0].contains("nobody on GitHub has the ID nobody-here"), "{:?}", bench.comments(fine));
    // That it isn't who wrote the issue is the same fact.
    assert!(!bench.comments(fine)[0].contains("not whoever wrote the issue"), "{:?}", bench.comments(fine));
    bench.edit(fine, "erin", FORM);
    let told = bench.hub.run("alice", &args).ok().json();
    assert_eq!((word(&told, faulty), word(&told, fine)), ("faulty".into(), "proposed".into()), "{told}");
    bench.hub.github.assert_clean();
}

/// Also where there is no name yet, and so nothing to ask the registry about.
#[test]
fn the_contact_of_a_form_without_a_name_is_looked_up_all_the_same() {
    let bench = Bench::new();
    let nameless = FORM.replace("Acme Cloud", "_No response_");
    for (contact, whys) in [
        ("@nobody-here", &["it is missing", "nobody on GitHub has the ID nobody-here"][..]),
        ("@karmada", &["it is missing", "nobody on GitHub has the ID karmada"]),
        ("@erin", &["it is missing"]),
    ] {
        let number = bench.open("jane", &nameless.replace("karmada@acme.example", contact));
        let told = bench.outcome(number);
        let found: Vec<&Value> = told["faults"].as_array().unwrap().iter().map(|f| &f["why"]).collect();
        assert_eq!(found, whys, "{contact}: {told}");
        bench.hub.github.clear_traffic();
        bench.outcome(number);
        assert!(bench.hub.operations().len() <= 3, "{:?}", bench.hub.operations());
        bench.hub.github.close_issue(REGISTRY, number, "jane");
    }
    bench.hub.github.assert_clean();
}

/// Whatever is wrong, wherever it was found: as the form has its boxes.
#[test]
fn faults_and_remarks_are_told_in_the_forms_order_and_under_the_boxes_names() {
    let bench = Bench::new();
    let wrong = FORM
        .replace("Acme Cloud", "https://acme.example")
        .replace("We run Karmada.", "We **run** Karmada.")
        .replace("https://acme.example/karmada", "ftp://acme.example")
        .replace("Technical support", "Dancing")
        .replace("karmada@acme.example", "@nobody-here, karmada@localhost")
        .replace("- [x] I may", "- [ ] I may");
    let number = bench.open(
        "jane",
        &wrong
            .replace("### Languages\n\nEnglish\n\n", "")
            .replace("### Org or company logo", "### Languages\n\nEnglish\n\n### Org or company logo"),
    );
    let told = bench.outcome(number);
    let about: Vec<&Value> = told["faults"].as_array().unwrap().iter().map(|f| &f["about"]).collect();
    assert_eq!(
        about,
        ["Org or company name", "Org or company Website", "Services", "Languages", "Contact me", "Agreement"],
        "{told}"
    );
    let why = |n: usize| told["faults"][n]["why"].as_str().unwrap().to_owned();
    assert!(why(1).starts_with("“ftp:") && why(3).contains("stands below “Org or company Website”"), "{told}");
    let comment = &bench.comments(number)[0];
    assert!(comment.contains("`Org or company description: left out Markdown`"), "{comment}");
    assert!(!comment.contains("name: ") && !comment.contains("website "), "{comment}");
}

/// Nobody speaks for who has taken it back; what somebody else closed, a member may bring in, and is told.
#[test]
fn what_its_author_has_closed_is_not_brought_in() {
    let bench = Bench::new();
    bench.hub.github.fork(REGISTRY, "alice", None);
    let number = bench.open("jane", FORM);
    bench.hub.github.close_issue(REGISTRY, number, "jane");
    let told = import(&bench, number, &["--yes"]).ok();
    assert!(told.stderr.contains("has closed it, and takes back what it asks for"), "{told}");
    assert_eq!(told.stdout, format!("Issue {number}: closed\n"));
    let json = import(&bench, number, &["--yes", "--json"]).ok().json();
    assert_eq!(
        (&json["issues"][0]["outcome"], &json["partners"]),
        (&"closed".into(), &serde_json::json!([])),
        "{json}"
    );
    // Somebody else who opens it again says nothing in jane's name.
    bench.hub.github.reopen(REGISTRY, number, "bob");
    let args = ["import", "issue", "--all-open", "--logo", "logo.png", "--yes"];
    let left = bench.hub.run("alice", &args).ok();
    assert!(left.stderr.contains("takes back what it asks for"), "{left}");
    assert_eq!(left.stdout, format!("Issue {number}: reopened\n"));
    assert_eq!(bench.hub.git(REGISTRY, &["branch", "--list", "apply/*"]), "");
    bench.hub.github.reopen(REGISTRY, number, "jane");
    bench.edit(number, "jane", &FORM.replace("We run Karmada.", "We run it."));
    bench.hub.github.close_issue(REGISTRY, number, "bob");
    let told = import(&bench, number, &["--yes"]).ok();
    assert!(told.stderr.contains("bob closed issue"), "{told}");
    assert!(told.stdout.contains("Imported: Acme Cloud"), "{told}");
    // What is wrong with a closed one is told to the member alone; and where none is open, nothing is wrong.
    let faulty = bench.open("erin", &bad());
    bench.hub.github.close_issue(REGISTRY, faulty, "bob");
    let told = import(&bench, faulty, &["--yes"]).ok();
    assert!(told.stdout.contains(&format!("Issue {faulty}: faulty")), "{told}");
    assert_eq!(bench.comments(faulty), [""; 0]);
    let none = bench.hub.run("alice", &args).ok();
    assert_eq!(none.stdout, "Nothing to do: no issue that is open is the form.\n");
    bench.hub.github.assert_clean();
}

/// What its author asked for stays theirs to take back, whoever proposed it: nobody grants it then, by hand or by a workflow.
#[test]
fn what_a_member_brought_in_is_not_granted_once_its_author_closes_the_form() {
    let bench = Bench::deciding();
    bench.hub.github.fork(REGISTRY, "alice", None);
    let number = bench.open("jane", FORM);
    import(&bench, number, &["--yes"]).ok().code.unwrap();
    let pull = bench.hub.threads().len() as u64;
    let announce = || bench.hub.run("github-actions", &["--yes", "announce", "--all", "--json"]).ok().json();
    announce();
    // Nobody has to look at GitHub's fork button before being told whose it is.
    for args in [&["update", "acme-cloud", "--description", "We."][..], &["withdraw", "acme-cloud"]] {
        let refused = bench.hub.run("jane", args).fails(4);
        assert!(refused.stderr.contains("only its author can change it"), "{refused}");
        assert!(refused.stderr.contains("closes the issue that asks for it"), "{refused}");
        assert!(!refused.stderr.contains("Making a fork"), "{refused}");
    }
    bench.edit(number, "jane", &FORM.replace("We run Karmada.", "We run it."));
    for member in ["alice", "bob"] {
        let args = ["import", "issue", "--number", &number.to_string(), "--logo", "logo.png", "--yes"];
        let again = bench.hub.run(member, &args).ok();
        let wanted = "saved the form since; alice brings that along: karmada-partner update acme-cloud";
        assert!(again.stdout.contains(wanted), "{again}");
    }
    announce();
    let tally = || bench.comments(pull).into_iter().find(|c| c.contains("Who may still vote")).unwrap();
    assert!(tally().contains("it may say something else by now. `alice` brings that here"), "{}", tally());
    bench.hub.run("alice", &["update", "acme-cloud", "--description", "We run it."]).ok().code.unwrap();
    let args = ["import", "issue", "--number", &number.to_string(), "--logo", "logo.png", "--yes"];
    let again = bench.hub.run("alice", &args).ok();
    assert!(again.stdout.contains("an application of this name waits already"), "{again}");
    announce();
    assert!(!tally().contains("something else by now"), "{}", tally());
    bench.hub.github.close_issue(REGISTRY, number, "jane");
    assert_eq!(bench.outcome(number)["outcome"], "on-behalf");
    assert!(bench.comments(number)[0].contains("so it isn't granted: `alice` takes it back there, or the committee"));
    announce();
    assert!(tally().contains("karmada-partner withdraw acme-cloud"), "{}", tally());
    for member in ["bob", "carol"] {
        bench.hub.github.review(REGISTRY, pull, member, "APPROVED", "");
    }
    let told = announce();
    let row = &told["pull_requests"].as_array().unwrap().iter().find(|row| row["number"] == pull).unwrap();
    assert!(row["status"].as_str().unwrap().contains("its author takes it back"), "{told}");
    let states = |state: &str| {
        bench.hub.run("alice", &["list", "--json"]).ok().stdout.contains(&format!("\"state\": \"{state}\""))
    };
    assert!(!states("active"), "{told}");
    // Now that members have voted, she can't, and nobody is told so.
    bench.hub.run("alice", &["withdraw", "acme-cloud"]).fails(4).code.unwrap();
    assert!(!tally().contains("karmada-partner withdraw"), "{}", tally());
    let refused = bench.hub.run("alice", &["approve", "acme-cloud"]).fails(1);
    assert!(refused.stderr.contains("its author takes it back") && !refused.stderr.contains("withdraw"), "{refused}");
    assert_eq!(bench.outcome(number)["outcome"], "on-behalf");
    assert!(bench.comments(number)[0].contains("so it isn't granted: the committee turns it down"));
    // Its author thinks better of it.
    bench.hub.github.reopen(REGISTRY, number, "jane");
    announce();
    assert!(states("active"));
    bench.hub.run("alice", &["audit"]).ok().code.unwrap();
}

/// Each step is to be read on the issue, also where no workflow runs.
#[test]
fn a_form_that_was_fine_at_once_says_where_it_is_proposed() {
    let bench = Bench::new();
    bench.hub.github.fork(REGISTRY, "alice", None);
    let number = bench.open("jane", &FORM.replace("We run Karmada.", "We **run** Karmada."));
    let told = import(&bench, number, &["--json", "--yes"]).ok().json();
    let pull = told["issues"][0]["pull_request"].as_str().unwrap();
    let comments = bench.comments(number);
    assert_eq!(comments.len(), 1, "{comments:?}");
    for says in ["`alice` has proposed `Acme Cloud` on your behalf in ", pull, "left out Markdown"] {
        assert!(comments[0].contains(says), "{says}: {comments:?}");
    }
    // Again, by another member, and by the workflow: the same one comment.
    let before = bench.hub.github.dump();
    bench
        .hub
        .run("bob", &["import", "issue", "--number", &number.to_string(), "--logo", "logo.png", "--yes"])
        .ok()
        .code
        .unwrap();
    assert_eq!(bench.hub.github.dump(), before);
    assert_eq!(bench.outcome(number)["outcome"], "on-behalf");
    assert_eq!(bench.comments(number).len(), 1);
    bench.hub.github.assert_clean();
}

/// As people have it at hand.
#[test]
fn an_issue_is_named_as_its_page_names_it_and_only_one_of_here_is_taken() {
    let bench = Bench::new();
    bench.hub.github.fork(REGISTRY, "alice", None);
    let number = bench.open("jane", &bad());
    let named = |name: &str| {
        bench.hub.run("alice", &["import", "issue", "--number", name, "--logo", "logo.png", "--json", "--yes"])
    };
    let server = bench.hub.github.server_url();
    let page = format!("{server}/{REGISTRY}/issues/{number}#issuecomment-1");
    for name in [format!("#{number}"), format!("{REGISTRY}#{number}"), page] {
        let told = named(&name).ok().json();
        assert_eq!(told["issues"][0]["outcome"], "faulty", "{name}: {told}");
    }
    for name in [format!("{server}/globex/partners/issues/1"), "globex/partners#1".to_owned()] {
        let refused = named(&name).fails(2);
        assert!(refused.stderr.contains(&format!("isn't one of {REGISTRY}")), "{refused}");
    }
    assert!(named("first").fails(2).stderr.contains("as the address of its page"));
    bench.edit(number, "jane", FORM);
    let told = named(&number.to_string()).ok().json();
    let pull = told["issues"][0]["pull_request"].as_str().unwrap();
    let short = format!("#{}", pull.rsplit('/').next().unwrap());
    for name in [&*pull.replace("https://github.example", &server), &short] {
        let told =
            bench.hub.run("github-actions", &["--yes", "announce", "--pull-request", name, "--json"]).ok().json();
        assert_eq!(told["pull_requests"][0]["pull_request"], pull, "{told}");
        bench.hub.run("bob", &["check", "--pull-request", name]).ok().code.unwrap();
        bench.hub.run("bob", &["show", "acme-cloud", "--pull-request", name]).ok().code.unwrap();
    }
    let other = &*format!("{server}/globex/partners/pull/2");
    for args in [&["check", "--pull-request", other][..], &["show", "acme-cloud", "--pull-request", other]] {
        assert!(bench.hub.run("bob", args).fails(2).stderr.contains("isn't one of"), "{args:?}");
    }
}
