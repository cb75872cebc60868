//! The committee's workplace, as a member sees it and by the keys it takes.

use crate::env::{Output, TestEnv};
use crate::terminal::Terminal;

fn approves(env: &TestEnv, slug: &str, who: &str) -> Output {
    let met = ["--authenticity", "met", "--url", "met", "--relevance", "met", "--vote", "approve"];
    env.run(&[&["review", slug, "--as", who], met.as_slice()].concat())
}

/// Ten that another member has voted on, three of them duds: Return does for what is clean, and what failed is the reason that is offered.
#[test]
fn ten_with_three_duds_take_fewer_than_eighty_keys_and_leave_nothing() {
    let env = TestEnv::with_registry();
    let names = ["Ada", "Bell", "Cora", "Dune", "Ekko", "Fern", "Gaia", "Hops", "Iris", "Juno"];
    let duds = ["Bell", "Fern", "Juno"];
    for (nth, name) in (0..).zip(names) {
        env.write("logo.png", crate::picture::board(nth));
        let slug = name.to_lowercase();
        if duds.contains(&name) {
            let site = format!("https://{slug}.example/karmada");
            let facts =
                ["--website", &site, "--github", "someone", "--email", "jane.doe@gmail.com", "--logo", "logo.png"];
            env.run(&[&["apply", "--name", name][..], &facts].concat()).ok().code.unwrap();
            env.run(&["reject", &slug, "--reason", "nobody's mailbox", "--as", "bob"]).ok().code.unwrap();
        } else {
            env.apply(name).ok().code.unwrap();
            approves(&env, &slug, "bob").ok().code.unwrap();
        }
    }
    let hosts: Vec<String> = names.iter().map(|name| format!("{}.example", name.to_lowercase())).collect();
    let page = format!(
        "<html lang=\"en\"><title>Support</title><p>{} support <a href=\"https://karmada.io/\">Karmada</a>.</p></html>",
        names.join(", ")
    );
    let port = crate::fetch::sites(&env, &hosts, page);
    let mut command = env.command(&["review", "--as", "alice"]);
    command.env("https_proxy", format!("http://127.0.0.1:{port}")).env("SSL_CERT_FILE", env.path("ca.pem"));
    let mut terminal = Terminal::sized(&command, 24, 80);
    let begun = std::time::Instant::now();
    let mut keys = 0;
    let mut press = |terminal: &mut Terminal, key: &str| {
        terminal.types(key);
        keys += 1;
    };
    terminal.shows("Yours to judge: 10");
    for (at, name) in names.iter().enumerate() {
        terminal.shows(&format!("{} of 10", at + 1));
        if duds.contains(name) {
            terminal.shows("✘ mailbox").shows_last("? What now? Enter or j");
            press(&mut terminal, "r");
            terminal.shows("? Reason, for everybody to read (empty goes back) › mailbox");
            press(&mut terminal, "\r");
            terminal.shows(&format!("Vote reject on {name}"));
            press(&mut terminal, "\r");
            terminal.shows(&format!("The votes turn it down. Reject {name} now?"));
        } else {
            terminal.shows_last("? What now? Enter or a");
            press(&mut terminal, "\r");
            terminal.shows(&format!("Vote approve on {name}"));
            press(&mut terminal, "\r");
            terminal.shows(&format!("Make {name} a partner now?"));
        }
        press(&mut terminal, "\r");
    }
    terminal.shows("Nothing is left.").shows("Juno: reject, rejected");
    assert_eq!(terminal.ends(), 0);
    assert!(keys < 80 && begun.elapsed().as_secs() < 600, "{keys} keys in {:?}", begun.elapsed());
    assert!(env.run(&["review"]).stdout.contains("Nothing waits"));
    assert_eq!(env.run(&["audit"]).code, Some(0));
}

/// What couldn't be looked at is no reason for a yes on Return, all at once or one by one.
#[test]
fn what_is_not_known_is_never_met_by_default() {
    let env = TestEnv::with_applicant();
    let mut terminal = Terminal::sized(&env.command(&["review", "acme", "--as", "alice", "--offline"]), 40, 80);
    terminal.shows("? 4 not known").shows("? What now? Enter or j: judge one by one · a: all met, approve").types("\r");
    terminal.shows("Is the organization authentic?").shows("❯ met").types("\r");
    terminal.shows("Is the address").shows("❯ unsure").types("\r");
    terminal.shows("commercial support").shows("❯ unsure").types("\r");
    terminal.shows("? Your vote").shows("❯ abstain").types("\r").answers("? Note", "");
    terminal.shows("Vote abstain on Acme").types("n").shows_last("q: stop").types("q");
    assert_eq!(terminal.ends(), 0);
    // Nor where some of it is said by flags, and nothing was looked at.
    let mut terminal = Terminal::sized(&env.command(&["review", "acme", "--as", "alice", "--url", "met"]), 40, 80);
    terminal.shows("Is the organization authentic?").shows("❯ unsure").types("\r");
    terminal.shows("commercial support").shows("❯ unsure").types("\r");
    terminal.shows("? Your vote").shows("❯ abstain").types("\u{3}");
    assert_eq!(terminal.ends(), 130);
}

#[test]
fn what_failed_is_never_met_by_default_and_is_offered_as_a_reason() {
    let env = TestEnv::with_registry();
    let flags =
        ["--website", "https://beta.example", "--github", "b", "--email", "jane.doe@gmail.com", "--logo", "logo.png"];
    env.run(&[&["apply", "--name", "Beta"], flags.as_slice()].concat()).ok().code.unwrap();
    let mut terminal = Terminal::sized(&env.command(&["review", "beta", "--as", "alice", "--offline"]), 40, 80);
    terminal.shows("✘ mailbox").shows("? What now? Enter or j: judge one by one").types("\r");
    terminal.shows("Is the organization authentic?").shows("❯ unsure").types("\r");
    terminal.shows("Is the address").types("\r").shows("commercial support").types("\r");
    // Not a yes over what nobody is sure of.
    terminal.shows("? Your vote").shows("❯ abstain").types("\u{1b}[A\r");
    terminal
        .shows("? Reason, for everybody to read (empty goes back) › mailbox")
        .types("\r")
        .shows("Vote reject on Beta")
        .types("y");
    assert_eq!(terminal.ends(), 0);
    let vote = env.git(&["show", "apply/beta:data/partners/beta/votes/1/alice"]);
    assert!(vote.contains("KP-Authenticity: unsure") && vote.contains("KP-Note: mailbox"), "{vote}");
}

/// What is asked for besides goes through the pager where it is longer than the screen, and the question is there again behind it, with
/// whom it is about, and without all that stood above it before.
#[test]
fn details_leave_the_question_on_the_screen() {
    let env = TestEnv::with_applicant();
    let mut command = env.command(&["review", "acme", "--as", "alice", "--offline"]);
    command.env("GIT_PAGER", "sed s/^/paged:/");
    let mut terminal = Terminal::sized(&command, 24, 80);
    terminal.shows("Acme (acme) · application").shows("? What now?").types("v");
    terminal.shows("paged:").shows("About Acme (acme) · https://acme.example/karmada\n? What now?").stays();
    assert!(!terminal.text().contains("· waits:"), "{}", terminal.text());
    terminal.types("o").shows("Site: https://acme.example/karmada").stays();
    assert!(terminal.text().ends_with("q: stop"), "{}", terminal.text());
    // The card comes again where it has gone from the screen for an answer.
    terminal.types("n").answers("? Note", "").shows("Vote abstain on Acme").types("n").shows("· waits:").types("q");
    assert_eq!(terminal.ends(), 0);
    let env = TestEnv::with_registry();
    let facts = ["--name", "Acme", "--website", "https://acme.example", "--github", "acme-bot", "--logo", "logo.png"];
    env.write("acme.toml", "schema = 1\n");
    let mut command = env.command(&[&["apply", "--from", "acme.toml", "--as", "acme-bot"][..], &facts].concat());
    command.env("GIT_PAGER", "sed s/^/paged:/");
    let mut terminal = Terminal::sized(&command, 20, 50);
    terminal
        .shows("? Send this application?")
        .types("v")
        .shows("KP-Subject: application")
        .shows_last("show what is written down")
        .types("n");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn who_may_not_is_told_before_anything_is_read() {
    let env = TestEnv::with_applicant();
    for (who, words) in [("mallory", "mallory"), ("alice", "You act as alice")] {
        let mut terminal = Terminal::run(&env, &["review", "--as", who, "--offline"]);
        terminal.shows(words);
        if who == "mallory" {
            assert_eq!(terminal.ends(), 4);
            assert!(!terminal.text().contains("Evidence"), "{}", terminal.text());
        } else {
            terminal.shows("? What now?").types("q");
            assert_eq!(terminal.ends(), 0);
        }
    }
}

/// Who acts, and what isn't theirs to judge, stands above what there is to read; who may not vote reads no queue first.
#[test]
fn who_acts_stands_above_the_queue() {
    let env = TestEnv::with_applicant();
    let mut terminal = Terminal::run(&env, &["review", "--as", "alice", "--offline"]);
    terminal.shows("? What now?").types("q");
    assert_eq!(terminal.ends(), 0);
    let shown = terminal.text();
    let at = |words: &str| shown.find(words).unwrap_or_else(|| panic!("{words}: {shown}"));
    assert!(at("You act as alice") < at("STILL MISSING") && at("STILL MISSING") < at("Yours to judge: 1."), "{shown}");
    let mut terminal = Terminal::run(&env, &["review", "--as", "mallory", "--offline"]);
    assert_eq!(terminal.ends(), 4);
    assert!(!terminal.text().contains("STILL MISSING"), "{}", terminal.text());
}

/// Whoever pressed a key by a slip takes the reason out, and is back at the question.
#[test]
fn an_empty_reason_goes_back() {
    let env = TestEnv::with_applicant();
    let mut terminal = Terminal::run(&env, &["review", "acme", "--as", "alice", "--offline"]);
    terminal.shows_last("q: stop").types("r").shows("? Reason, for everybody to read (empty goes back) ›");
    terminal.leads_again_to("\u{15}\r", ": stop").shows("(empty goes back) · –").types("q");
    assert_eq!(terminal.ends(), 0);
    assert!(!env.git(&["log", "-1", "--format=%B", "apply/acme"]).contains("alice"));
}

#[test]
fn what_was_voted_on_comes_again_only_when_it_changed() {
    let env = TestEnv::with_applicant();
    approves(&env, "acme", "alice").ok().code.unwrap();
    let review = ["review", "--as", "alice", "--offline"];
    let mut terminal = Terminal::run(&env, &review);
    terminal.shows("Yours to judge: 0. You have voted on 1 more");
    assert_eq!(terminal.ends(), 0);
    env.run(&["update", "acme", "--website", "https://acme.example/new", "--as", "acme-bot"]).ok().code.unwrap();
    let mut terminal = Terminal::run(&env, &review);
    terminal
        .shows("Yours to judge: 1.")
        .shows("Changed since alice voted")
        .shows("→ https://acme.example/new")
        .shows("q: stop")
        .types("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn who_did_not_vote_for_it_is_not_led_to_decide_it() {
    let env = TestEnv::with_applicant();
    approves(&env, "acme", "bob").ok().code.unwrap();
    approves(&env, "acme", "carol").ok().code.unwrap();
    let met = ["--authenticity", "met", "--url", "met", "--relevance", "met"];
    for vote in ["abstain", "reject"] {
        let args = [&["review", "acme", "--as", "alice", "--vote", vote], met.as_slice()].concat();
        env.run(&args).ok().code.unwrap();
        let mut terminal = Terminal::run(&env, &["review", "--as", "alice", "--offline"]);
        terminal.shows("Yours to judge: 0. You have voted on 1 more");
        assert_eq!(terminal.ends(), 0);
        let mut terminal = Terminal::run(&env, &["review", "acme", "--as", "alice", "--offline"]);
        terminal.shows("? What now?").types("q");
        assert_eq!(terminal.ends(), 0);
        assert!(!terminal.text().contains("write the decision down"), "{vote}: {}", terminal.text());
    }
}

#[test]
fn what_changes_while_it_is_read_is_looked_into_again() {
    let env = TestEnv::with_applicant();
    let mut terminal = Terminal::run(&env, &["review", "acme", "--as", "alice", "--offline"]);
    terminal.shows("✔ 2 passed").shows("? What now?").types("a").shows("Vote approve on Acme");
    // At the same moment: the member's command has begun.
    let update = ["update", "acme", "--email", "jane.doe@gmail.com", "--as", "acme-bot"];
    env.output(&mut env.at_once(&update)).ok().code.unwrap();
    terminal.types("y").shows("acme changed while you were reading").shows("✘ mailbox").shows_last("q: stop");
    terminal.types("n").answers("? Note", "").shows("Vote abstain on Acme").types("y").shows("Recorded: your vote");
    assert_eq!(terminal.ends(), 0);
    let seen = env.run(&["evidence", "acme", "--seen-by", "alice"]).ok().stdout;
    assert!(seen.contains("the mailbox is at gmail.com"), "{seen}");
}

/// Back leads past what was decided to what comes before it.
#[test]
fn back_leads_past_what_was_decided() {
    let env = TestEnv::with_applicant();
    for (picture, name) in [(1, "Beta"), (2, "Gamma")] {
        env.write("logo.png", crate::picture::board(picture));
        env.apply(name).ok().code.unwrap();
    }
    env.run(&["approve", "beta", "--as", "bob"]).ok().code.unwrap();
    let mut terminal = Terminal::run(&env, &["review", "--as", "alice", "--offline"]);
    terminal.shows("1 of 3").shows("? What now?").types("s").shows("2 of 3").stays().types("a");
    terminal.shows("Vote approve on Beta").types("y").shows("Make Beta a partner now?").types("y");
    terminal.shows("3 of 3").stays().types("b").shows("Beta isn't open any more").shows("1 of 3").stays().types("q");
    assert_eq!(terminal.ends(), 0);
}

/// What was decided, by the member in this run or by others meanwhile, is led past.
#[test]
fn what_was_decided_meanwhile_is_not_shown_as_waiting() {
    let env = TestEnv::with_applicant();
    env.write("logo.png", crate::picture::board(1));
    env.apply("Beta").ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    let mut terminal = Terminal::run(&env, &["review", "--as", "alice", "--offline"]);
    terminal.shows("1 of 2").shows("? What now?").types("a").shows("Vote approve on Acme").types("y");
    terminal.shows("Make Acme a partner now?").types("y").shows("2 of 2").stays().types("u");
    terminal.shows("Acme isn't open any more").shows("2 of 2").stays();
    for who in ["bob", "carol"] {
        env.run(&["approve", "beta", "--as", who]).ok().code.unwrap();
    }
    terminal.types("a").shows("Vote approve on Beta").types("y");
    terminal.shows("Beta isn't open any more");
    assert_eq!(terminal.ends(), 0);
    assert_eq!((env.state("acme"), env.state("beta")), ("active".into(), "active".into()));
}

#[test]
fn keys_lead_back_undo_and_skip() {
    let env = TestEnv::with_applicant();
    env.write("logo.png", crate::picture::board(1));
    env.apply("Beta").ok().code.unwrap();
    let mut terminal = Terminal::run(&env, &["review", "--as", "alice", "--offline"]);
    terminal
        .shows("1 of 2")
        .shows("? What now?")
        .types("s")
        .shows("2 of 2")
        .stays()
        .types("b")
        .shows("· back")
        .stays()
        .types("u");
    terminal
        .shows("There is no vote of yours in this run to undo.")
        .stays()
        .types("a")
        .shows("Vote approve on Acme")
        .types("y");
    terminal.shows("Recorded: your vote").stays().types("u").shows("vote again, and only the new one counts");
    terminal.stays().types("n");
    terminal.answers("? Note", "").shows("Vote abstain on Acme").types("y");
    terminal.shows("application of Acme: abstain").stays().types("q").shows("You voted on 1 of 2");
    assert_eq!(terminal.ends(), 0);
    assert!(env.git(&["show", "apply/acme:data/partners/acme/votes/1/alice.2"]).contains("abstain"));
}

/// However long an address is, its host is on the screen where it is asked for a vote.
#[test]
fn a_long_address_does_not_scroll_its_host_away() {
    let env = TestEnv::with_registry();
    let site = format!("https://www.casino.example/{}", "a".repeat(1_900));
    let flags = ["--name", "Beta", "--website", &site, "--github", "beta-bot", "--logo", "logo.png"];
    env.run(&[&["apply"][..], &flags].concat()).ok().code.unwrap();
    let seen = |terminal: &Terminal| {
        let screen = terminal.text();
        for words in ["Beta (beta)", " casino.example ·", "https://www.casino.example/aaa"] {
            assert!(screen.contains(words), "{words}:\n{screen}");
        }
    };
    let mut terminal = Terminal::sized(&env.command(&["review", "beta", "--as", "alice", "--offline"]), 24, 80);
    seen(terminal.shows_last("q: stop"));
    seen(terminal.types("a").shows("Vote approve on Beta"));
    terminal.types("\u{3}");
    assert_eq!(terminal.ends(), 130);
}

/// Each question leads back to the one before, with what was answered; the first one to what can be done now.
#[test]
fn judging_one_by_one_goes_back_and_stops_with_a_summary() {
    let env = TestEnv::with_registry();
    for (nth, name) in (0..).zip(["Ada", "Bell"]) {
        env.write("logo.png", crate::picture::board(nth));
        env.apply(name).ok().code.unwrap();
    }
    let mut terminal = Terminal::sized(&env.command(&["review", "--as", "bob", "--offline"]), 60, 100);
    let (authentic, address, relevant) =
        ("? Is the organization authentic?", "? Is the address relevant to it?", "? Is it relevant to commercial");
    terminal.shows("1 of 2").shows_last("q: stop").types("n").answers("? Note", "").shows("Vote abstain").types("y");
    terminal.shows("2 of 2").shows_last("q: stop").types("j").shows("(b goes back, q stops)");
    for back in ["b", "\u{1b}[D", "\u{1b}"] {
        terminal.shows_last(authentic).stays().types("\r").shows_last(address).stays().types(back);
    }
    terminal.shows_last(authentic).stays().types("\r").shows_last(address).stays().types("\r").shows_last(relevant);
    terminal.stays().types("\r").shows_last("? Your vote").stays().types("b").shows_last(relevant).stays();
    terminal.types("b").shows_last(address).stays().types("b").shows_last(authentic).stays();
    terminal.leads_again_to("b", ": stop").types("j").shows_last(authentic).stays().types("q");
    terminal.shows("You voted on 1 of 2. Left for later: 1.");
    assert_eq!(terminal.ends(), 0);
}
