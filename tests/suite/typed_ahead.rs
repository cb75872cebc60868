//! What is typed where nothing is asked: it isn't shown, and it answers no question.

use std::net::TcpListener;
use std::time::Duration;

use crate::env::{TestEnv, much};
use crate::terminal::Terminal;

/// Long enough for whatever would take a key to have done so.
const MOMENT: Duration = Duration::from_millis(400);

/// Before the first question as between two.
#[test]
fn what_was_typed_before_a_question_of_keys_does_not_answer_it() {
    for (command, question) in [
        (["withdraw", "acme", "--as", "acme-bot"].as_slice(), "? Withdraw it?"),
        (&["review", "acme", "--as", "alice", "--offline"], "? What now?"),
        (&["exit", "acme", "--as", "alice"], "? Why does it leave?"),
    ] {
        let env = if command[0] == "exit" { TestEnv::with_partner() } else { TestEnv::with_applicant() };
        let mut terminal = Terminal::run(&env, command);
        // On a busy machine as on an idle one the program begins later than this is typed.
        terminal.types_ahead("n").types_ahead("y").types_ahead("\r").shows(question);
        std::thread::sleep(MOMENT);
        assert!(!terminal.text().contains(&format!("{question} ·")), "{}", terminal.text());
        terminal.types("\u{3}");
        assert_eq!(terminal.ends(), 130);
        let (_, keys) = terminal.before();
        assert_eq!(terminal.state().1, keys);
    }
}

#[test]
fn a_pasted_line_of_one_letter_is_no_key() {
    let env = TestEnv::with_applicant();
    let mut terminal = Terminal::run(&env, &["review", "acme", "--as", "alice", "--offline"]);
    terminal.shows("q: stop").types("r\r").stays();
    terminal.types("a\ny\ny\n").stays();
    terminal.types("\r\r\r").stays();
    let shown = terminal.text();
    assert!(!shown.contains("What now? ·"), "{shown}");
    // A key is.
    terminal.types("q").shows("What now? · stop");
    assert_eq!(terminal.ends(), 0);
    assert_eq!(env.git(&["ls-tree", "-r", "--name-only", "apply/acme", "data/partners/acme/votes"]), "");
}

/// While the program works; and where it ends, the terminal is as it was.
#[test]
fn keys_between_questions_are_not_shown() {
    let env = TestEnv::with_registry();
    // It takes every call, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let given =
        ["apply", "--name", "Acme", "--slug", "acme", "--website", "https://acme.example", "--github", "acme-bot"];
    let mut command = env.command(&[&given[..], &["--name-zh", "", "--email", "karmada@acme.example"]].concat());
    command.env("https_proxy", format!("http://{}", silent.local_addr().unwrap()));
    let mut terminal = Terminal::sized(&command, 24, 80);
    terminal.answers("? Logo", "https://acme.example/logo.png");
    let held = silent.accept().unwrap();
    terminal.types_ahead("zq\r");
    std::thread::sleep(MOMENT);
    assert!(!terminal.text().contains("zq"), "{}", terminal.text());
    // Nor is it put behind what is to be mended.
    drop((held, silent));
    terminal.shows("can't fetch").shows_last("acme.example/logo.png").types("\u{3}");
    assert!(!terminal.text().contains("zq"), "{}", terminal.text());
    assert_eq!(terminal.ends(), 130);
    let (_, keys) = terminal.before();
    assert_eq!(terminal.state(), (false, keys));
}

/// A terminal forgets at Ctrl-C what was written to it and isn't shown yet. Lines would be drawn over that nobody meant.
#[test]
fn ctrl_c_takes_nothing_away_of_what_was_written() {
    for (command, question) in
        [(["apply"].as_slice(), "? Name"), (&["review", "acme", "--as", "alice", "--offline"], "q: stop")]
    {
        let env = TestEnv::with_applicant();
        let mut terminal = Terminal::run(&env, command);
        let (_, before) = terminal.before();
        terminal.shows(question).stays();
        assert!(!before.contains("NOFLSH") && terminal.state().1.contains("NOFLSH"), "{:?}", terminal.state());
        terminal.types("\u{3}");
        assert_eq!(terminal.ends(), 130);
        assert_eq!(terminal.state().1, before);
    }
}

/// Right behind an answer, however far the program is with it: before a line as before a question of keys.
#[test]
fn ctrl_c_right_behind_an_answer_stops_it() {
    for (command, before, question) in
        [(["apply"].as_slice(), "", "? Name"), (&["review", "acme", "--as", "alice", "--offline"], "r", "? Reason")]
    {
        for nth in 0..much(8, 125) {
            let env = TestEnv::with_applicant();
            let mut terminal = Terminal::sized(&env.command(command), 40, 80);
            if !before.is_empty() {
                terminal.shows("q: stop").types(before);
            }
            terminal.shows(question).types("Beta\r");
            // Within this time the answer is taken, and what it led to is shown.
            std::thread::sleep(Duration::from_micros(nth % 8 * 1500));
            terminal.types("\u{3}");
            assert_eq!(terminal.ends(), 130, "{}", terminal.text());
            // Neither is it written over by what the answer leads to.
            let shown = terminal.text();
            let last = shown.lines().skip_while(|line| !line.starts_with("Stopped; nothing was sent.")).nth(1);
            let is_last = last.is_none_or(|last| last.starts_with("hint: ")) && shown.contains("\nStopped");
            assert!(is_last, "{shown}\n{:?}", terminal.written());
        }
    }
}
