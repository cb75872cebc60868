//! What is nearly right in a call: a name, a command, a flag; and what it lacks.

use crate::env::{Output, TestEnv};
use crate::terminal::Terminal;

fn registry() -> TestEnv {
    let env = TestEnv::with_registry();
    for (nth, name) in (0..).zip(["Ada Labs", "Gaia", "Initech", "Iris"]) {
        env.write("logo.png", crate::picture::board(nth));
        let slug = name.to_lowercase().replace(' ', "-");
        let site = format!("https://{slug}.example/karmada");
        let contact = format!("someone{nth}");
        env.run(&["apply", "--name", name, "--website", &site, "--github", &contact, "--logo", "logo.png"])
            .ok()
            .code
            .unwrap();
    }
    env
}

fn said(output: &Output, words: &str) -> bool {
    output.to_string().contains(words)
}

/// Whoever is begun with goes before whoever is mistyped; where several are, nobody is offered before the others.
#[test]
fn a_name_that_is_begun_is_the_one_that_is_meant() {
    let env = registry();
    for (typed, meant) in [("ada", "ada-labs"), ("ini", "initech"), ("someone1", "gaia"), ("@someone3", "iris")] {
        let refused = env.run(&["show", typed]).fails(3);
        assert!(said(&refused, &format!("did you mean {meant}?")), "{typed}: {refused}");
    }
    let several = env.run(&["show", "i"]).fails(3);
    assert!(said(&several, "did you mean initech, iris?"), "{several}");
    let mut terminal = Terminal::run(&env, &["show", "ada"]);
    terminal.shows("Do you mean ada-labs?").types("\r").shows("https://ada-labs.example/karmada");
    assert_eq!(terminal.ends(), 0);
    let mut terminal = Terminal::run(&env, &["show", "i"]);
    terminal.shows("Which one do you mean?").shows("iris").stays().types("\u{1b}[B\u{1b}[B\r");
    terminal.shows("https://iris.example/karmada");
    assert_eq!(terminal.ends(), 0);
    let mut terminal = Terminal::run(&env, &["show", "i"]);
    terminal.shows("Which one do you mean?").stays().types("\r");
    assert_eq!(terminal.ends(), 3);
}

/// In whatever letters, and of one word, too: by the name that somebody is registered under, where nobody has the short one that it
/// suggests.
#[test]
fn a_name_stands_for_who_has_it() {
    let env = registry();
    for (name, slug) in [
        ("トヨタ", "toyota"),
        ("Ромашка Облако", "rus"),
        ("Ελλάδα Cloud", "el"),
        ("주식회사 한빛", "han"),
        ("Globex", "gx"),
    ] {
        let site = format!("https://{slug}.example/k");
        let apply =
            ["apply", "--name", name, "--slug", slug, "--website", &site, "--github", slug, "--logo", "logo.png"];
        env.run(&apply).ok().code.unwrap();
    }
    for (typed, slug) in [
        ("トヨタ", "toyota"),
        ("ромашка облако", "rus"),
        ("Ελλάδα Cloud", "el"),
        ("한빛", "han"),
        ("Globex", "gx"),
        ("Globex Inc.", "gx"),
        ("Gaia", "gaia"),
    ] {
        for command in ["show", "status", "log", "evidence"] {
            let told = env.run(&[command, typed]);
            assert!(
                said(&told, &format!("“{typed}” is read as {slug}\n")) && told.code != Some(3),
                "{command}: {told}"
            );
        }
    }
    let near = env.run(&["show", "globex"]).fails(3);
    assert!(said(&near, "did you mean gx?"), "{near}");
    let nobody = env.run(&["show", "ソニー"]).fails(3);
    assert!(said(&nobody, "nobody in the registry is called “ソニー”"), "{nobody}");
    for none in ["🎉", "CON", "a/トヨタ"] {
        let refused = env.run(&["show", none]).fails(2);
        assert!(said(&refused, "<SLUG> doesn't take"), "{refused}");
    }
    // A batch is read as it stands.
    env.write("b.csv", "do,partner\nrenew,トヨタ\n");
    let refused = env.run(&["batch", "b.csv", "--as", "toyota", "--dry-run"]);
    assert!(refused.code != Some(0) && said(&refused, "is no short name"), "{refused}");
}

/// As it is copied from a list.
#[test]
fn an_address_stands_for_whose_website_is_there() {
    let env = registry();
    for address in ["https://ada-labs.example/karmada", "http://www.ada-labs.example", "ada-labs.example/"] {
        let shown = env.run(&["show", address]).ok();
        assert!(said(&shown, "is read as ada-labs"), "{address}: {shown}");
    }
    let refused = env.run(&["show", "https://nobody.example/"]).fails(3);
    assert!(said(&refused, "nobody in the registry is called"), "{refused}");
}

/// Former spellings are taken, and neither proposed nor completed.
#[test]
fn what_help_does_not_show_is_not_proposed() {
    let env = TestEnv::with_registry();
    for (call, proposed) in [
        (&["approve", "fern", "--nte", "x"][..], Some("do you mean --reason?")),
        (&["key"], None),
        (&["yes"], None),
        (&["check", "--link"], None),
        (&["install"], None),
        (&["nosuch"], None),
        (&["aprove", "fern"], Some("do you mean approve?")),
    ] {
        let refused = env.run(call).fails(2);
        let told = refused.stderr.lines().find_map(|line| line.strip_prefix("hint: ").filter(|l| l.contains("mean")));
        assert_eq!(told, proposed, "{refused}");
    }
    let completed = |word: &str| {
        let mut command = env.command(&["--", "karmada-partner", word]);
        command.env("COMPLETE", "bash").env("_CLAP_COMPLETE_INDEX", "1");
        command.env("_CLAP_IFS", "\n").env("_CLAP_COMPLETE_SPACE", "false");
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert_eq!(completed("ke"), "");
    assert_eq!(completed("appl"), "apply");
}

#[test]
fn words_of_other_tools_and_of_chinese_lead_to_commands() {
    let env = TestEnv::with_registry();
    for (word, meant) in [
        ("open", "karmada-partner show"),
        ("config", "karmada-partner doctor"),
        ("sign", "karmada-partner doctor"),
        ("申请", "karmada-partner apply"),
    ] {
        let refused = env.run(&[word]).fails(2);
        assert!(said(&refused, meant), "{word}: {refused}");
    }
    let accept = env.run(&["accept", "acme"]).fails(2);
    assert!(said(&accept, "karmada-partner approve") && !said(&accept, "renew"), "{accept}");
}

/// Not what clap guesses of it.
#[test]
fn a_wrong_call_is_told_how_its_command_is_called() {
    let env = TestEnv::with_registry();
    for (call, usage) in [
        (&["list", "--plan"][..], "usage: karmada-partner list [OPTIONS]"),
        (&["publish", "--plan"], "usage: karmada-partner publish [OPTIONS]"),
        (&["links", "--job", "3"], "usage: karmada-partner links [OPTIONS]"),
        (&["jobs", "add"], "usage: karmada-partner jobs add [OPTIONS] <SLUG>"),
    ] {
        let refused = env.run(call).fails(2);
        assert!(refused.stderr.lines().any(|line| line.strip_prefix("hint: ") == Some(usage)), "{refused}");
    }
    let empty = env.run(&["reject", "fern", "--reason", ""]).fails(2);
    assert!(said(&empty, "error: --reason <TEXT> needs a value"), "{empty}");
}

#[test]
fn all_that_is_missing_is_named_at_once_where_nobody_can_be_asked() {
    let env = TestEnv::with_registry();
    for (call, missing) in [
        (&["benefit", "add", "--no-input"][..], &["--kind", "--description", "<SLUG>", "--as", "--yes"][..]),
        (&["approve"], &["<SLUG>", "--as", "--yes"]),
        (&["jobs", "add"], &["<SLUG>", "--title", "--as", "--yes"]),
        (&["withdraw"], &["<SLUG>", "--as", "--yes"]),
        (&["record"], &["<SLUG>", "--reason", "--as", "--yes"]),
        (&["program", "propose", "--no-input"], &["--add-member", "--as", "--yes"]),
    ] {
        let refused = env.run_unagreed(call).fails(2);
        let told = refused.stderr.split("hint: usage").next().unwrap();
        assert!(missing.iter().all(|flag| told.contains(flag)), "{call:?}: {refused}");
    }
    // What is known isn't asked for.
    let refused = env.run_unagreed(&["approve", "--as", "alice"]).fails(2);
    assert!(!refused.stderr.contains("needs --as"), "{refused}");
}

#[test]
fn who_lets_an_applicant_leave_is_led_to_turning_it_down() {
    let env = TestEnv::with_applicant();
    let exit = ["exit", "acme", "--kind", "breach", "--reason", "x", "--as"];
    let refused = env.run(&[&exit[..], &["alice"]].concat());
    assert!(said(&refused, "karmada-partner reject acme --reason TEXT"), "{refused}");
}

/// Numbers out of bounds and days turned around are told in plain words; a program's number is read as it is meant.
#[test]
fn numbers_and_days_out_of_bounds_are_told_in_words() {
    let env = TestEnv::with_partner();
    for (args, why) in [
        (["list", "--due", "100000"].as_slice(), "a number from 0 to 3650 does"),
        (&["list", "--due", "soon"], "it isn't a whole number"),
        (&["jobs", "close", "acme", "4294967296"], "no event has so large a number"),
        (&["batch", "x.csv", "--allow-mass", "99999999999999999999"], "it is too large a number"),
        (&["batch", "x.csv", "--threads", "0"], "a number from 1 to 64 does"),
        (&["import", "issue", "--number", "0"], "it isn't the number of an issue or a pull request; write it as 3"),
        (&["log", "--since", "2026-10-02", "--until", "2026-10-01"], "--since 2026-10-02 is after --until 2026-10-01"),
    ] {
        let refused = env.run(args).fails(2).stderr;
        assert!(refused.contains(why) && !refused.contains("..="), "{refused}");
    }
    env.run(&["log", "--since", "2026-10-01", "--until", "2026-10-01"]).ok().code.unwrap();
    assert_eq!(env.run(&["list", "--due", "30.0"]).code, Some(1), "nobody is asked to confirm here");
}
