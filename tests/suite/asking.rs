//! How a person is asked: keys, what is mended, stopping at any moment, and what nobody agreed to.

use crate::env::{TestEnv, much};
use crate::terminal::Terminal;

/// Every line of the screen that says what was answered to a question.
fn answers(terminal: &Terminal, label: &str) -> Vec<String> {
    let shown = terminal.text();
    shown.lines().filter_map(|line| Some(line.split_once(&format!("{label} · "))?.1.trim().to_owned())).collect()
}

#[test]
fn a_line_is_edited_as_everywhere_and_what_is_shown_is_sent() {
    const LABEL: &str = "Name of the organization";
    for (keys, answer) in [
        ("华为云计算\u{7f}\u{7f}xy", "华为云xy"),
        ("华为云\u{1b}[D\u{1b}[D为", "华为为云"),
        ("cme\u{1b}[HA", "Acme"),
        ("cme\u{1b}OHA", "Acme"),
        ("cme\u{1}A\u{5}!", "Acme!"),
        ("Beta\u{15}Acme", "Acme"),
        ("Acme Cloud\u{17}Inc", "Acme Inc"),
        ("Acme Cloud\u{1}\u{1b}[3~\u{1b}[3~", "me Cloud"),
        ("Acme\u{1}\u{b}Beta", "Beta"),
        ("Acme Cloud\u{1b}[1;5D\u{1b}[15~\u{1b}[1;3C\u{1b}[5~", "Acme Cloud"),
        ("Acme\u{1b}[F Inc", "Acme Inc"),
        ("\u{1b}[200~Acme\tCloud\r\n\u{1b}[201~", "Acme Cloud"),
    ] {
        let env = TestEnv::with_registry();
        let mut terminal = Terminal::sized(&env.command(&["apply"]), 24, 80);
        // Where the name gives no short one, the website comes first; one that is Chinese already needs no other.
        let next = match answer.chars().any(|c| c.is_ascii_alphabetic()) {
            true if answer.is_ascii() => "? Short name",
            true => "? Its name in Chinese",
            false => "? Website",
        };
        terminal.shows(&format!("? {LABEL} ›")).types(keys).types("\r").shows(next);
        assert_eq!(answers(&terminal, LABEL), [answer], "{keys:?}");
        terminal.types("\u{3}");
        assert_eq!(terminal.ends(), 130);
    }
}

#[test]
fn what_can_only_be_one_thing_is_mended_and_said() {
    let env = TestEnv::with_registry();
    std::fs::create_dir(env.path("my logos")).unwrap();
    env.write("my logos/Acme Logo.png", crate::picture::png(300, 200));
    let logo = env.path("my logos/Acme Logo.png").display().to_string();
    let flags = ["apply", "--name", "Acme", "--slug", "acme", "--email", "karmada＠acme.example"];
    for dropped in [logo.replace(' ', "\\ ") + " ", format!("'{logo}' "), format!("\"{logo}\"")] {
        let mut terminal = Terminal::run(&env, &flags);
        terminal
            .shows("email: “karmada＠acme.example” is read as karmada@acme.example")
            .answers("? Its name in Chinese", "")
            .answers("? Website", "www.acme.example")
            .shows("website: “www.acme.example” is read as https://www.acme.example")
            .answers("? GitHub ID", "https://github.com/acme-bot")
            .shows("is read as acme-bot")
            .answers("? Logo", &dropped)
            .shows("300×200 pixels")
            .shows("? One line")
            .types("\u{3}");
        assert_eq!(terminal.ends(), 130);
        std::fs::remove_dir_all(env.path("home/.local")).unwrap();
    }
}

#[test]
fn flags_and_files_are_mended_by_the_same_rule() {
    let env = TestEnv::with_registry();
    let sent = env.run(&[
        "apply",
        "--name",
        "Acme",
        "--website",
        "www.acme.example",
        "--github",
        "@acme-bot",
        "--logo",
        "'logo.png'",
        "--as",
        "@acme-bot",
    ]);
    assert_eq!(sent.code, Some(0), "{sent}");
    assert!(sent.stderr.contains("website: “www.acme.example” is read as https://www.acme.example"), "{sent}");
    let record = env.git(&["show", "apply/acme:data/partners/acme/partner.toml"]);
    assert!(record.contains("website = \"https://www.acme.example\"") && record.contains("\"acme-bot\""), "{record}");
    env.write(
        "beta.toml",
        "schema = 1\nname = \"Beta\"\nwebsite = \"beta．example\"\ngithub = \"＠beta-bot\"\nlogo = \"logo.png\"\n",
    );
    let sent = env.run(&["apply", "--from", "beta.toml"]);
    assert_eq!(sent.code, Some(0), "{sent}");
    assert!(env.git(&["show", "apply/beta:data/partners/beta/partner.toml"]).contains("\"https://beta.example\""));
    env.write("rows.jsonl", "{\"do\": \"update\", \"partner\": \"Beta\", \"website\": \"www.beta.example\"}\n");
    let done = env.run(&["batch", "rows.jsonl", "--as", "beta-bot"]);
    assert_eq!(done.code, Some(0), "{done}");
    assert!(env.git(&["show", "apply/beta:data/partners/beta/partner.toml"]).contains("\"https://www.beta.example\""));
}

#[test]
fn terms_are_taken_by_what_people_read_for_them() {
    let env = TestEnv::with_registry();
    let facts = ["--website", "https://acme.example", "--github", "acme-bot", "--logo", "logo.png", "--as", "acme-bot"];
    let words = ["--service", "技术支持", "--service", "Training", "--region", "中国", "--language", "zh-CN,英文"];
    let sent = env.run(&[&["apply", "--name", "Acme"][..], &facts, &words].concat());
    assert_eq!(sent.code, Some(0), "{sent}");
    assert!(sent.stderr.contains("languages: “zh-CN,英文” is read as zh; en"), "{sent}");
    let stands = || env.git(&["show", "apply/acme:data/partners/acme/partner.toml"]);
    let first = "services = [\"support\", \"training\"]\nregions = [\"china\"]\nlanguages = [\"zh\", \"en\"]\n";
    assert!(stands().contains(first), "{}", stands());

    env.write("change.toml", "schema = 1\nservices = [\"咨询\"]\nlanguages = [\"中文\", \"PT-br\"]\n");
    let sent = env.run(&["update", "acme", "--from", "change.toml", "--as", "acme-bot"]);
    assert_eq!(sent.code, Some(0), "{sent}");
    let second = "services = [\"consulting\"]\nregions = [\"china\"]\nlanguages = [\"zh\", \"pt\"]\n";
    assert!(stands().contains(second), "{}", stands());

    let unknown = env.run(&["update", "acme", "--language", "火星文", "--as", "acme-bot"]);
    assert_eq!(unknown.code, Some(2), "{unknown}");
    assert_eq!(unknown.stderr.matches("火星文").count(), 1, "one answer, one error: {unknown}");
}

#[test]
fn yes_and_no_are_taken_from_an_input_method() {
    for (key, sent) in [("是", true), ("ｙ", true), ("否", false), ("ｎ", false)] {
        let env = TestEnv::with_registry();
        let flags =
            ["--name", "Acme", "--website", "https://acme.example", "--github", "acme-bot", "--logo", "logo.png"];
        env.write("acme.toml", "schema = 1\n");
        let words = [&["apply", "--from", "acme.toml", "--as", "acme-bot"][..], &flags].concat();
        let mut terminal = Terminal::run(&env, &words);
        terminal.shows("? Send this application?").types(key);
        if sent {
            terminal.shows("Sent: Acme (acme)");
        }
        let _ = terminal.ends();
        assert_eq!(env.git(&["branch", "--list", "apply/acme"]).contains("acme"), sent, "{key}");
    }
}

#[test]
fn nobody_agrees_by_being_away() {
    let env = TestEnv::with_partner();
    let before = env.git(&["for-each-ref"]);
    for args in [
        ["exit", "acme", "--kind", "breach", "--reason", "x", "--as", "alice"].as_slice(),
        &["renew", "acme", "--as", "acme-bot"],
        &["update", "acme", "--website", "https://other.example", "--as", "acme-bot", "--no-input"],
        &["apply", "--name", "Beta", "--website", "https://b.example", "--github", "b", "--logo", "logo.png"],
        &["benefit", "add", "acme", "--kind", "exposure", "--what", "Booth", "--as", "alice"],
    ] {
        let refused = env.run_unagreed(args);
        assert_eq!(refused.code, Some(2), "{args:?}: {refused}");
        assert!(refused.stderr.contains("--yes"), "{args:?}: {refused}");
        let tried = env.run_unagreed(&[args, &["--dry-run"]].concat());
        assert_eq!(tried.code, Some(0), "{args:?}: {tried}");
    }
    assert_eq!(env.git(&["for-each-ref"]), before);
    // What is missing besides is named with it.
    for args in [["apply", "--name", "Beta"].as_slice(), &["review", "acme", "--vote", "approve", "--as", "alice"]] {
        let env = TestEnv::with_applicant();
        let refused = env.run_unagreed(args);
        assert!(refused.stderr.contains("--yes") && refused.stderr.matches("--").count() > 2, "{args:?}: {refused}");
    }
    // Only looking, and writing where one said, need nobody.
    assert_eq!(env.run_unagreed(&["list"]).code, Some(0));
    assert_eq!(env.run_unagreed(&["render", "directory", "--out", "site"]).code, Some(0));
}

/// Stops an application at some moment of it, and looks at what the person is left with.
#[track_caller]
fn stop_at(env: &TestEnv, moment: usize, signal: &str, code: u32) {
    let keys = "Acme\r\rhttps://acme.example\racme-bot\rkarmada@acme.example\rlogo.png\rRuns Karmada\r\r\r\r \r";
    let keys = &keys[..moment % (keys.len() + 1)];
    let drafts = env.path("home/.local/state/karmada-partner/drafts");
    let _ = std::fs::remove_dir_all(&drafts);
    let mut terminal = Terminal::sized(&env.command(&["apply"]), 24, 80);
    let before = terminal.before();
    // From here on it is ready to be stopped; how far it comes with the keys by then is chance.
    terminal.shows("You are applying").types(keys);
    terminal.signal(signal);
    let ended = terminal.ends();
    let shown = terminal.text();
    assert_eq!(ended, code, "{signal} after {keys:?}\n{shown}");
    assert_eq!(terminal.state(), before, "{signal} after {keys:?}\n{shown}");
    assert!(shown.contains("Stopped; nothing was sent."), "{signal} after {keys:?}\n{shown}");
    assert_eq!(shown.matches("Stopped").count(), 1, "{signal} after {keys:?}\n{shown}");
    let stopped = shown.lines().find(|line| line.contains("Stopped")).unwrap();
    assert!(stopped.starts_with("Stopped"), "on a line of its own: {shown}");
    let kept = drafts.exists() && drafts.read_dir().unwrap().any(|_| true);
    let unfolded = shown.replace('\n', " ");
    assert_eq!(kept, unfolded.contains("hint: your answers are kept"), "{signal} after {keys:?}\n{shown}");
}

fn stop_often(times: usize) {
    let env = TestEnv::with_registry();
    for nth in 0..times {
        let (signal, code) = [("INT", 130), ("TERM", 143), ("HUP", 129)][nth % 3];
        // All moments come up, in no order that the program could follow.
        stop_at(&env, nth * 37 + nth / 3, signal, code);
    }
}

#[test]
fn stopped_at_any_moment_it_leaves_the_terminal_and_says_what_is_kept() {
    stop_often(much(12, 200));
}

#[test]
fn what_was_sent_before_is_said_when_it_is_stopped() {
    let env = TestEnv::with_applicant();
    env.write("logo.png", crate::picture::board(1));
    env.apply("Beta").ok().code.unwrap();
    let mut terminal = Terminal::run(&env, &["review", "--as", "alice", "--offline"]);
    vote(&mut terminal);
    terminal.shows("2 of 2").types("\u{3}");
    assert_eq!(terminal.ends(), 130);
    terminal.shows("This was sent before, and stays:");
    let shown = terminal.text();
    assert!(!shown.contains("nothing was sent"), "{shown}");
}

#[test]
fn what_was_only_judged_was_not_sent() {
    let env = TestEnv::with_partner();
    env.write("rows.jsonl", "{\"do\": \"update\", \"partner\": \"acme\", \"website\": \"https://acme.example/new\"}\n");
    let mut terminal = Terminal::run(&env, &["batch", "rows.jsonl", "--as", "acme-bot"]);
    terminal.shows("? Do all this").types("\u{3}");
    assert_eq!(terminal.ends(), 130);
    terminal.shows("Stopped; nothing was sent.");
}

fn vote(terminal: &mut Terminal) {
    terminal.shows("1 of 2").shows("? What now?").types("\r").shows("Vote approve on Acme").types("y");
}

#[test]
fn a_draft_that_is_declined_is_kept_unless_it_is_to_be_forgotten() {
    let env = TestEnv::with_registry();
    let begin = |name: &str| {
        let mut terminal = Terminal::run(&env, &["apply"]);
        terminal.answers("? Name of the organization ›", name).shows("? Short name").types("\u{3}");
        assert_eq!(terminal.ends(), 130);
    };
    begin("Acme");
    let mut terminal = Terminal::run(&env, &["apply"]);
    terminal.shows("for Acme before").types("n").answers("? Name of the organization ›", "Beta");
    terminal.shows("? Short name").types("\u{3}");
    assert_eq!(terminal.ends(), 130);
    let mut terminal = Terminal::run(&env, &["apply"]);
    terminal.shows("for Beta before").types("f").shows("? Name of the organization ›").types("\u{3}");
    assert_eq!(terminal.ends(), 130);
    let mut terminal = Terminal::run(&env, &["apply"]);
    terminal.shows("for Acme before").types("y").shows("name: Acme").types("\u{3}");
    assert_eq!(terminal.ends(), 130);
}

#[test]
fn in_the_sandbox_everybody_may_be_played_and_the_end_says_that_nothing_was_published() {
    let env = TestEnv::new();
    env.write("logo.png", crate::picture::png(300, 200));
    let flags =
        ["apply", "--name", "Acme", "--website", "https://acme.example", "--github", "acme-bot", "--logo", "logo.png"];
    let sent = env.run(&flags);
    assert_eq!(sent.code, Some(0), "{sent}");
    assert!(sent.stderr.contains("nothing was published") && sent.stderr.contains("--registry github:"), "{sent}");
    let changed = env.run(&["update", "acme", "--website", "https://acme.example/karmada"]);
    assert_eq!(changed.code, Some(0), "{changed}");
    let back = env.run(&["withdraw", "acme"]);
    assert_eq!(back.code, Some(0), "{back}");
    // What is the partner's is done as the partner, what is the committee's as a member.
    env.run(&flags).ok().code.unwrap();
    let me =
        env.run(&["program", "--json"]).ok().json()["program"]["committee"][0]["github"].as_str().unwrap().to_owned();
    env.run(&["approve", "acme"]).ok().code.unwrap();
    env.run(&["renew", "acme"]).ok().code.unwrap();
    env.run(&["jobs", "add", "acme", "--title", "Engineer"]).ok().code.unwrap();
    let asked = env.run(&["exit", "acme", "--kind", "voluntary", "--reason", "we stop"]).ok();
    assert!(asked.stdout.contains("Acme asks to leave"), "{asked}");
    env.run(&["exit", "acme"]).ok().code.unwrap();
    let events = env.run(&["show", "acme", "--json"]).ok().json()["events"].clone();
    let who = |event: &str| {
        let of = |e: &&serde_json::Value| e["event"] == event;
        events.as_array().unwrap().iter().rev().find(of).unwrap()["actor"].as_str().unwrap().to_owned()
    };
    for (event, actor) in
        [("approved", &*me), ("renewed", "acme-bot"), ("posted", "acme-bot"), ("exited", &*me), ("applied", "acme-bot")]
    {
        assert_eq!(who(event), actor, "{event}");
    }
}

/// A near-miss is asked about where somebody can be asked, before anything else; no leaves it as it was said.
#[test]
fn a_near_miss_is_asked_about() {
    let env = TestEnv::with_partner();
    let mut terminal = Terminal::run(&env, &["show", "acmee"]);
    terminal.shows("acmee isn't in the registry. Do you mean acme?").types("y").shows("acme.example");
    assert_eq!(terminal.ends(), 0);
    let mut terminal = Terminal::run(&env, &["show", "acmee"]);
    terminal.shows("Do you mean acme?").types("n");
    assert_eq!(terminal.ends(), 3);
    let asked = env.run_unagreed(&["show", "acmee"]);
    assert!(asked.code == Some(3) && !asked.to_string().contains("Do you mean"), "{asked}");
}

#[test]
fn a_name_stands_for_the_short_name_it_suggests_and_a_near_one_is_hinted() {
    let env = TestEnv::with_partner();
    assert_eq!(env.run(&["show", "Acme"]).code, Some(0));
    let near = env.run(&["show", "Acme Inc"]);
    assert!(near.code == Some(3) && near.stderr.contains("did you mean acme?"), "{near}");
}

#[test]
fn the_policy_is_edited_checked_told_in_words_and_proposed() {
    let env = TestEnv::with_registry();
    let edit = |editor: &str| {
        let mut command = env.command(&["program", "edit", "--as", "alice"]);
        command.env("EDITOR", editor);
        Terminal::start(&command)
    };
    let mut terminal = edit("true");
    terminal.shows("Nothing was changed.");
    assert_eq!(terminal.ends(), 0);
    // A fault is told, and the file is there to be mended.
    let mut terminal = edit("sed -i s/^schema.*/schema=/");
    terminal.shows("program.toml can't be used").shows("Not proposed. What now?").types("f");
    assert_eq!(terminal.ends(), 0);
    let mut terminal = edit("sed -i s/Umbrella/Hooli/");
    terminal.shows("alice works for Hooli (was Umbrella)").shows("Propose this policy").types("y").shows("Proposed");
    assert_eq!(terminal.ends(), 0);
    assert!(env.git(&["show", "policy/program:data/program.toml"]).contains("Hooli"));
    assert!(!env.path("home/.local/state/karmada-partner/drafts").read_dir().unwrap().any(|_| true));
    let printed = env.run(&["program", "show", "--toml"]);
    assert_eq!(printed.stdout, env.git(&["show", "main:data/program.toml"]));
    let alone = env.run(&["program", "edit", "--as", "alice"]).fails(2);
    assert!(alone.stderr.contains("program show --toml"), "{alone}");
    let template = env.run(&["init", "--template", "--as", "alice"]);
    env.write("made.toml", &template.stdout);
    env.run(&["init", "made.git", "--program", "made.toml"]).ok().code.unwrap();
}
