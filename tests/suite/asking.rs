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
    let address = format!("file://{}", logo.replace(' ', "%20"));
    let plain = [logo.replace(' ', "\\ ") + " ", format!("'{logo}' "), format!("\"{logo}\"")];
    for dropped in plain.into_iter().chain([format!("'{address}'"), format!("“{address}”"), address]) {
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

/// The question for the line in English comes first, and who writes Chinese answers that.
#[test]
fn a_chinese_line_is_kept_as_the_chinese_one() {
    let env = TestEnv::with_registry();
    let flags = ["apply", "--name", "Acme", "--name-zh", "顶点", "--slug", "acme", "--website", "https://acme.example"];
    let more = ["--github", "acme-bot", "--email", "karmada@acme.example", "--logo", "logo.png"];
    let mut terminal = Terminal::run(&env, &[&flags[..], &more].concat());
    terminal
        .answers("? One line for your card, in English", "为您运行 Karmada 集群")
        .shows("kept as the line in Chinese");
    terminal.shows_last("in English (may be empty) ›").types("Runs Karmada\r");
    terminal
        .shows("? The same in Chinese (may be empty) › 为您运行 Karmada 集群")
        .types("\r")
        .shows("? Parent")
        .types("\u{3}");
    assert_eq!(terminal.ends(), 130);
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
    let logo = env.path("logo.png").display().to_string();
    for named in [format!("'file://{logo}'"), format!("\"{logo}\"")] {
        let same = env.run(&["update", "acme", "--logo", &named, "--as", "acme-bot"]).ok();
        assert!(same.stdout.contains("says just that already"), "{same}");
        let quoted = toml_edit::value(&named).to_string();
        env.write("logo.toml", format!("schema = 1\nlogo = {quoted}\n"));
        let same = env.run(&["update", "acme", "--from", "logo.toml", "--as", "acme-bot"]).ok();
        assert!(same.stdout.contains("says just that already"), "{same}");
    }
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
    terminal.shows("You are applying");
    if !keys.is_empty() {
        terminal.shows("? Name").types(keys);
    }
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

/// Commits are in English; the person at the terminal is told in their language.
#[test]
fn what_was_sent_before_is_said_in_chinese() {
    let env = TestEnv::with_applicant();
    env.write("logo.png", crate::picture::board(1));
    env.apply("Beta").ok().code.unwrap();
    let mut terminal = Terminal::run(&env, &["review", "--as", "alice", "--offline", "--lang", "zh"]);
    terminal.shows("第 1 份").shows_last("q：结束").types("n").answers("? 备注", "").shows("投弃权票吗").types("y");
    terminal.shows("第 2 份").shows_last("q：结束").types("\u{3}");
    assert_eq!(terminal.ends(), 130);
    terminal.shows("alice 对 acme 投弃权票");
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
    terminal.shows("1 of 2").shows("? What now?").types("a").shows("Vote approve on Acme").types("y");
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
    terminal.shows("for Beta before").types("f").shows("for Acme before").types("y").shows("name: Acme").types("\u{3}");
    assert_eq!(terminal.ends(), 130);
}

/// However many applications were begun and put aside, each is offered until it is sent or forgotten.
#[test]
fn no_draft_takes_the_place_of_another() {
    let env = TestEnv::with_registry();
    let names = ["Acme", "Beta", "Cora", "Dune"];
    for (nth, name) in names.iter().enumerate() {
        let mut terminal = Terminal::run(&env, &["apply"]);
        // The newest comes first.
        for earlier in names[..nth].iter().rev() {
            terminal.shows(&format!("for {earlier} before")).types("n");
        }
        terminal.answers("? Name of the organization ›", name).shows("? Short name").types("\u{3}");
        assert_eq!(terminal.ends(), 130, "{name}");
    }
    let mut terminal = Terminal::run(&env, &["apply"]);
    terminal
        .shows("for Dune before")
        .types("n")
        .shows("for Cora before")
        .types("n")
        .shows("for Beta before")
        .types("y");
    terminal.shows("name: Beta").types("\u{3}");
    assert_eq!(terminal.ends(), 130);
    // What was gone on with is offered first from then on.
    let mut terminal = Terminal::run(&env, &["apply"]);
    for (name, key) in [("Beta", "n"), ("Dune", "n"), ("Cora", "f"), ("Acme", "y")] {
        terminal.shows(&format!("for {name} before")).types(key);
    }
    terminal.shows("name: Acme").types("\u{3}");
    assert_eq!(terminal.ends(), 130);
    // What another version wrote is in nobody's way, and kept.
    let drafts = env.path("home/.local/state/karmada-partner/drafts");
    let newest = std::fs::read_dir(&drafts).unwrap().map(|e| e.unwrap().path());
    let newest = newest.min_by_key(|path| path.as_os_str().len()).unwrap();
    std::fs::write(&newest, "schema = 9\nname = \"Ekko\"\n").unwrap();
    let mut terminal = Terminal::run(&env, &["apply"]);
    terminal.shows("answers that were kept can't be read").shows("before. Go on with it?").types("\u{3}");
    assert_eq!(terminal.ends(), 130);
    let kept = std::fs::read_dir(&drafts).unwrap().map(|e| std::fs::read_to_string(e.unwrap().path()).unwrap());
    assert!(kept.into_iter().any(|text| text.contains("Ekko")));
}

/// What was left empty on purpose was answered, too.
#[test]
fn what_was_left_out_isnt_asked_for_again() {
    let env = TestEnv::with_registry();
    let mut terminal = Terminal::run(&env, &["apply"]);
    terminal.answers("? Name of the organization", "Acme").answers("? Short name", "");
    terminal.answers("? Its name in Chinese", "").answers("? Website", "https://acme.example");
    terminal.answers("? GitHub ID", "acme-bot").answers("? E-mail", "").answers("? Logo", "logo.png");
    terminal.answers("? One line", "").shows("? The same in Chinese").types("\u{3}");
    assert_eq!(terminal.ends(), 130);
    let mut terminal = Terminal::run(&env, &["apply"]);
    terminal.shows("for Acme before").types("y").shows("name zh: –").shows("email: –");
    terminal.shows("? The same in Chinese").types("\u{3}");
    assert_eq!(terminal.ends(), 130);
    assert!(!terminal.text().contains("? E-mail"), "{}", terminal.text());
}

/// Whoever runs what the hint says is asked on the same registry again, whatever is set elsewhere.
#[test]
fn the_way_back_names_the_registry_that_was_named() {
    let env = TestEnv::with_registry();
    std::fs::rename(env.path("registry.git"), env.path("our registry.git")).unwrap();
    let args = ["apply", "--registry", "our registry.git", "--as", "someone"];
    let mut terminal = Terminal::sized(&env.command(&args), 24, 200);
    terminal.answers("? Name of the organization", "Acme").shows("? Short name").types("\u{3}");
    assert_eq!(terminal.ends(), 130);
    terminal.shows("karmada-partner apply --registry 'our registry.git'").shows("--as someone offers them again");
}

/// Whoever waits for a key takes each signal for a Ctrl-C; which one it was shows in the exit code all the same.
#[test]
fn a_signal_while_a_key_is_waited_for_keeps_its_code() {
    let env = TestEnv::with_applicant();
    for nth in 0..much(5, 60) {
        let (signal, code) = [("TERM", 143), ("HUP", 129), ("INT", 130)][nth % 3];
        let mut terminal = Terminal::run(&env, &["review", "acme", "--as", "alice", "--offline"]);
        terminal.shows("? What now?");
        match nth % 2 {
            0 => terminal.stays(),
            _ => terminal.types("j").shows("? Is the organization authentic?").stays(),
        };
        terminal.signal(signal);
        assert_eq!(terminal.ends(), code, "{signal}\n{}", terminal.text());
        assert!(terminal.text().contains("Stopped; nothing was sent."), "{}", terminal.text());
    }
    let mut terminal = Terminal::run(&env, &["review", "acme", "--as", "alice", "--offline"]);
    terminal.shows("? What now?").stays().types("\u{4}");
    assert_eq!(terminal.ends(), 130, "by Ctrl-D: {}", terminal.text());
    assert!(terminal.text().contains("Stopped; nothing was sent."), "{}", terminal.text());
}

/// What questions follow on stands there at once, however long: a pager would take their keys.
#[test]
fn a_long_queue_is_no_pagers() {
    let env = waiting(30);
    let mut command = env.command(&["review", "--as", "alice", "--offline"]);
    command.env("GIT_PAGER", "echo paged; cat; sleep 300");
    let mut terminal = Terminal::sized(&command, 24, 80);
    terminal.shows("1 of 30").shows("? What now?").types("\u{3}");
    assert_eq!(terminal.ends(), 130);
    assert!(!terminal.written().contains("paged"));
}

/// Who ends the program ends the pager that it runs, too; and Ctrl-C is the pager's.
#[test]
fn a_pager_ends_with_the_program() {
    let env = waiting(30);
    env.write(
        "pager.sh",
        "trap '' INT\necho $$ > pager.pid\ncat > /dev/null\necho reading\nwhile :; do sleep 0.05; done\n",
    );
    for (signal, code) in [("TERM", 143), ("HUP", 129)] {
        let mut command = env.command(&["list", "--proposals"]);
        command.env("GIT_PAGER", "exec sh pager.sh");
        let mut terminal = Terminal::sized(&command, 24, 80);
        terminal.shows("reading").types("\u{3}").stays_with_another();
        let pid = env.read("pager.pid");
        terminal.signal(signal);
        assert_eq!(terminal.ends(), code, "{}", terminal.text());
        let alive = std::process::Command::new("kill").args(["-0", pid.trim()]).output().unwrap().status.success();
        assert!(!alive, "{signal} left the pager behind");
    }
}

/// So many that wait, on which bob has voted.
fn waiting(many: usize) -> TestEnv {
    let env = TestEnv::with_registry();
    let mut rows = String::new();
    for nth in 0..many {
        let name =
            format!("Firm {}", ["Ada", "Bell", "Cora", "Dune", "Ekko", "Fara"][nth % 6].to_owned() + &nth.to_string());
        let slug = name.to_lowercase().replace(' ', "-");
        env.write(&format!("{slug}.png"), crate::picture::board(u64::try_from(nth).unwrap()));
        rows += &format!(
            "{{\"do\": \"apply\", \"name\": \"{name}\", \"website\": \"https://{slug}.example\", \"github\": \"{slug}\", \"email\": \"karmada@{slug}.example\", \"logo\": \"{slug}.png\"}}\n\
             {{\"do\": \"review\", \"partner\": \"{slug}\", \"vote\": \"approve\", \"authenticity\": \"met\", \"url\": \"met\", \"relevance\": \"met\", \"as\": \"bob\"}}\n"
        );
    }
    env.write("rows.jsonl", rows);
    env.run(&["batch", "rows.jsonl", "--yes", "--as", "carol"]).ok().code.unwrap();
    env
}

/// However narrow the terminal, a choice is drawn over in its own place: nothing of it is left behind, and each key stays with its words.
#[test]
fn choices_are_drawn_within_forty_columns() {
    let env = TestEnv::with_registry();
    let long = "A description that takes more than one line of forty columns";
    let args = ["apply", "--name", "Acme", "--name-zh", "顶点", "--slug", "acme", "--website", "https://acme.example"];
    let more = ["--github", "acme-bot", "--email", "karmada@acme.example", "--logo", "logo.png", "--parent", "Foo"];
    let lines = ["--description", long, "--description-zh", "为您运行 Karmada"];
    let mut terminal = Terminal::sized(&env.command(&[&args[..], &more, &lines].concat()), 60, 40);
    for label in ["What do you offer?", "Where?", "In which languages?", "What else do end users choose you by?"] {
        terminal.shows_last(label);
        for _ in 0..much(1, 3) {
            terminal.types("\u{1b}[B").stays().types("\u{1b}[A").stays();
        }
        assert_eq!(terminal.text().matches(label).count(), 1, "{}", terminal.text());
        terminal.types("\r");
    }
    terminal.shows("? Send this application?").stays();
    let shown = terminal.text();
    for item in ["Enter or y: yes", "n: no", "v: show what is written down"] {
        assert!(shown.lines().any(|line| line.contains(item)), "{item}:\n{shown}");
    }
    terminal.types("n").shows("Not sent. What now?");
    for _ in 0..9 {
        terminal.types("\u{1b}[B");
    }
    terminal.stays();
    let shown = terminal.text();
    assert_eq!(shown.matches("Change name: Acme").count(), 1, "{shown}");
    assert!(shown.lines().any(|line| line.contains("Change description: A desc") && line.contains('…')), "{shown}");
    terminal.types("\u{3}");
    assert_eq!(terminal.ends(), 130);
}

/// Ten (a few, where not all is tested) on which another member has voted, each third a dud: decided, with nothing left to run, in ten minutes and 80 keystrokes,
/// typed words of reasons aside; by what is on an ordinary screen.
fn ten_are_decided(language: &str, questions: [&str; 5], end: &str) {
    let env = TestEnv::with_registry();
    let count = much(4, 10);
    for nth in (0..10_u32).take(count) {
        let (slug, dud) = (format!("firm-{nth}"), nth % 3 == 2);
        env.write("logo.png", crate::picture::board(nth.into()));
        let mailbox = if dud { "jane.doe@gmail.com".to_owned() } else { format!("karmada@{slug}.example") };
        let (name, site) = (
            format!("Firm {}", ["Ada", "Bo", "Cy", "Di", "Ed", "Fay", "Gus", "Hal", "Ivy", "Jo"][nth as usize]),
            format!("https://{slug}.example"),
        );
        let flags = ["--slug", &slug, "--website", &site, "--github", &slug, "--email", &mailbox, "--logo", "logo.png"];
        env.run(&[&["apply", "--name", &name], &flags[..]].concat()).ok().code.unwrap();
        let judged = if dud { ["unsure", "reject"] } else { ["met", "approve"] };
        let principles = ["--authenticity", judged[0], "--url", judged[0], "--relevance", judged[0]];
        let vote = ["--vote", judged[1], "--reason", "I looked", "--as", "bob"];
        env.run(&[&["review", &slug], &principles[..], &vote].concat()).ok().code.unwrap();
    }
    let begun = std::time::Instant::now();
    let [nth_of_ten, what_now, reason, agree, decide] = questions;
    let args = ["review", "--as", "alice", "--offline", "--lang", language];
    let mut terminal = Terminal::sized(&env.command(&args), 24, 80);
    let mut keys = 0;
    for nth in 0..count {
        let dud = nth % 3 == 2;
        let mut press = |question: &str, typed: &str| {
            terminal.shows_last(question).stays().types(typed);
            keys += typed.chars().count();
        };
        press(&nth_of_ten.replace("{}", &(nth + 1).to_string()), "");
        press(what_now, if dud { "r" } else { "a" });
        if dud {
            // What failed is offered as the reason.
            press(reason, "\r");
        }
        press(agree, "\r");
        press(decide, "\r");
    }
    terminal.shows(&end.replace("{}", &count.to_string()));
    assert_eq!(terminal.ends(), 0);
    assert!(keys <= 8 * count, "{keys}");
    assert!(begun.elapsed() < std::time::Duration::from_secs(600), "{:?}", begun.elapsed());
    let states = env.run(&["list", "--state", "active", "--json"]).json();
    assert_eq!(states["partners"].as_array().unwrap().len(), count - count / 3, "{states}");
    assert!(env.run(&["review"]).ok().stdout.contains("Nothing waits"));
    let turned_down = env.run(&["log", "firm-2"]).ok().stdout;
    assert!(turned_down.contains("personal") || turned_down.contains("person's own"), "{turned_down}");
}

#[test]
fn ten_applications_are_decided_in_few_keystrokes() {
    let questions = ["q: stop", "q: stop", "? Reason", "for everybody to read?", "now? Enter or y"];
    ten_are_decided("en", questions, "You voted on {} of {}. Nothing is left.");
}

#[test]
fn ten_applications_are_decided_in_few_keystrokes_in_chinese() {
    let questions = ["q：结束", "q：结束", "? 理由", "票吗？人人可见。", "现在"];
    ten_are_decided("zh", questions, "共 {} 份，您投了 {} 份。");
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
fn a_chinese_name_stands_for_whom_the_registry_knows_by_it() {
    let env = TestEnv::with_registry();
    env.write("b.png", crate::picture::board(7));
    let apply = |name: &str, slug: &str, logo: &str| {
        let site = format!("https://{slug}.example");
        let args = ["apply", "--name", name, "--slug", slug, "--website", &site, "--github", slug, "--logo", logo];
        env.run(&args).ok().code.unwrap();
    };
    apply("华为云", "hwc", "logo.png");
    apply("浪潮", "langchao-x", "b.png");
    let shown = env.run(&["show", "华为云"]).ok();
    assert!(shown.stdout.contains("华为云 (hwc)") && shown.stderr.contains("“华为云” is read as hwc"), "{shown}");
    assert_eq!(env.run(&["approve", "华为云", "--as", "alice", "--json"]).ok().json()["partner"], "hwc");
    // Another name that sounds alike is nobody's, and a part of one is asked about.
    let unknown = env.run(&["status", "花味云"]).fails(3);
    assert!(unknown.stderr.contains("nobody in the registry is called “花味云”"), "{unknown}");
    let part = env.run(&["status", "华为"]).fails(3);
    assert!(part.stderr.contains("name it by its short name: hwc"), "{part}");
    env.write("rows.jsonl", "{\"do\": \"approve\", \"partner\": \"华为云\"}\n");
    let row = env.run(&["batch", "rows.jsonl", "--as", "bob", "--yes"]);
    assert!(row.code != Some(0) && row.to_string().contains("is no short name"), "{row}");
    let chinese = env.run(&["status", "浪潮", "--lang", "zh-CN"]).ok();
    assert!(chinese.stdout.contains("浪潮"), "{chinese}");
}

#[test]
fn a_name_stands_for_the_short_name_it_suggests_and_a_near_one_is_hinted() {
    let env = TestEnv::with_partner();
    for typed in ["Acme", "ACME", "@acme", "acme/", "Acme Inc", "acme_inc."] {
        let shown = env.run(&["show", typed]).ok();
        assert!(shown.stderr.contains(&format!("“{typed}” is read as acme\n")), "{shown}");
    }
    let near = env.run(&["show", "Acme Labs"]);
    assert!(near.code == Some(3) && near.stderr.contains("did you mean acme?"), "{near}");
    // What is said of it stays as it was said, also where it is the same word.
    let reject = ["exit", "ACME", "--kind", "breach", "--reason", "ACME", "--as", "alice"];
    assert!(env.run(&reject).ok().stderr.contains("“ACME” is read as acme\n"));
    assert!(env.git(&["log", "-1", "--format=%B", "exit/acme"]).contains("KP-Note: ACME"));
    let merged = ["exit", "acme", "--kind", "merged", "--merged-into=ACME", "--reason", "x", "--as", "bob"];
    assert!(env.run(&merged).fails(2).stderr.contains("acme can't be merged into itself"));
    let program = env.run(&["show", "Program"]).ok();
    assert!(program.stderr.contains("“Program” is read as program\n"), "{program}");
}

/// A short name of one's own is mended as one that stands there: by flag, in a file and where it is asked for.
#[test]
fn a_short_name_of_ones_own_is_mended_and_said() {
    let env = TestEnv::with_registry();
    let facts = ["--name", "华为云", "--website", "https://hw.example", "--github", "hw", "--logo", "logo.png"];
    for (typed, read) in
        [("HuaweiYun", "huaweiyun"), ("LimaCorp", "limacorp"), ("Lima Corp", "lima-corp"), ("华为", "huawei")]
    {
        let plan = env.run(&[&["apply", "--slug", typed, "--dry-run"][..], &facts].concat()).ok();
        assert!(plan.stderr.contains(&format!("short name: “{typed}” is read as {read}\n")), "{plan}");
        assert!(plan.stdout.contains(&format!("apply/{read}")), "{plan}");
    }
    let answers = "schema = 1\nslug = \"LimaCorp\"\nname = \"Lima\"\nwebsite = \"https://lima.example\"\ngithub = \"lima\"\nlogo = \"logo.png\"\n";
    env.write("a.toml", answers);
    let plan = env.run(&["apply", "--from", "a.toml", "--dry-run"]).ok();
    assert!(plan.stderr.contains("short name: “LimaCorp” is read as limacorp\n"), "{plan}");
    let mut terminal = Terminal::run(&env, &["apply", "--name", "Lima"]);
    terminal.shows("? Short name in the registry › lima").types("\u{15}Lima Corp\r");
    terminal.shows("short name: “Lima Corp” is read as lima-corp").types("\u{3}");
    assert_eq!(terminal.ends(), 130);
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
    let mut terminal = edit(&env.editor("sed s/^schema.*/schema=/"));
    terminal.shows("program.toml can't be used").shows("Not proposed. What now?").types("f");
    assert_eq!(terminal.ends(), 0);
    // Who stops is told where it is.
    let mut terminal = edit(&env.editor("sed s/^schema.*/schema=/"));
    terminal.shows("Not proposed. What now?").types("\u{3}");
    assert_eq!(terminal.ends(), 130);
    terminal.shows("It is kept; propose it with karmada-partner program propose");
    let drafts = env.path("home/.local/state/karmada-partner/drafts");
    std::fs::remove_dir_all(&drafts).unwrap();
    // So is who wrote something in an editor that ends badly; where nothing was written, nothing is left.
    let mut terminal = edit(&env.editor("trap 'exit 1' EXIT; sed s/Umbrella/Hooli/"));
    terminal.shows("It is kept; propose it with karmada-partner program propose").shows("nothing was proposed");
    assert_ne!(terminal.ends(), 0);
    std::fs::remove_dir_all(&drafts).unwrap();
    assert_ne!(edit("false").ends(), 0);
    assert!(!drafts.read_dir().unwrap().any(|_| true));
    // What an editor puts there unasked is taken off.
    let to_crlf = "{ sed s/Umbrella/Hooli/ | awk '{ printf \"%s\\r\\n\", $0 }'; }";
    let mut terminal = edit(&env.editor(to_crlf));
    terminal.shows("CRLF");
    terminal.shows("alice works for Hooli (was Umbrella)").shows("Propose this policy").types("y").shows("Proposed");
    assert_eq!(terminal.ends(), 0);
    let proposed = env.git(&["show", "policy/program:data/program.toml"]);
    assert!(proposed.contains("Hooli") && !proposed.contains('\r'), "{proposed}");
    assert!(!env.path("home/.local/state/karmada-partner/drafts").read_dir().unwrap().any(|_| true));
    let printed = env.run(&["program", "show", "--toml"]);
    assert_eq!(printed.stdout, env.git(&["show", "main:data/program.toml"]));
    let alone = env.run(&["program", "edit", "--as", "alice"]).fails(2);
    assert!(alone.stderr.contains("program show --toml"), "{alone}");
    let template = env.run(&["init", "--template", "--as", "alice"]);
    env.write("made.toml", &template.stdout);
    env.run(&["init", "made.git", "--program", "made.toml"]).ok().code.unwrap();
}

/// What may be left out is asked for last.
#[test]
fn the_logo_is_asked_for_first_where_nothing_else_is_lacking() {
    let env = TestEnv::with_registry();
    let known = [
        "apply",
        "--name",
        "Acme Cloud",
        "--slug",
        "acme",
        "--website",
        "https://acme.example",
        "--email",
        "a@acme.example",
    ];
    let mut terminal = Terminal::run(&env, &[&known[..], &["--github", "acme-bot"]].concat());
    terminal.shows("? Logo");
    assert!(!terminal.text().contains("? Its name in Chinese"), "{}", terminal.text());
    terminal.types("logo.png\r").answers("? One line", "").answers("? The same in Chinese", "");
    terminal.answers("? Parent company", "").shows("? Its name in Chinese").types("\u{3}");
    assert_eq!(terminal.ends(), 130);
}
