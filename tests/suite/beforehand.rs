//! What is known at the start is judged before the first question: nobody answers for nothing.

use crate::env::TestEnv;
use crate::terminal::Terminal;

/// Runs a command at a terminal, and sees that it refuses without having asked anything.
#[track_caller]
fn asks_nothing(env: &TestEnv, args: &[&str], code: u32, why: &str) {
    let mut terminal = Terminal::sized(&env.command(args), 24, 80);
    assert_eq!(terminal.ends(), code, "{args:?}: {}", terminal.text());
    let shown = terminal.text();
    let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains(why), "{args:?}: {shown}");
    assert!(!shown.lines().any(|line| line.starts_with("? ")), "{args:?}: {shown}");
}

#[test]
fn who_may_not_is_asked_nothing() {
    let env = TestEnv::with_partner();
    env.apply("Beta").ok().code.unwrap();
    let stranger = "mallory doesn't speak for this partner";
    for args in [["update", "acme"].as_slice(), &["exit", "acme"], &["jobs", "add", "acme"], &["update", "beta"]] {
        asks_nothing(&env, &[args, &["--as", "mallory"]].concat(), 4, stranger);
    }
    env.run(&["jobs", "add", "acme", "--title", "Engineer", "--as", "alice"]).ok().code.unwrap();
    asks_nothing(&env, &["jobs", "close", "acme", "--as", "mallory"], 4, stranger);
    for args in [["reject", "beta"].as_slice(), &["approve", "beta"], &["review", "beta", "--vote", "reject"]] {
        asks_nothing(&env, &[args, &["--as", "mallory"]].concat(), 4, "mallory isn't a member of the committee");
    }
    let granted =
        ["benefit", "add", "acme", "--kind", "early-disclosure", "--description", "asked", "--stage", "granted"];
    asks_nothing(&env, &[&granted[..], &["--as", "mallory"]].concat(), 4, "mallory isn't a member");
    let mut edit = env.command(&["program", "edit", "--as", "mallory"]);
    edit.env("EDITOR", "touch opened; true");
    let mut terminal = Terminal::sized(&edit, 24, 80);
    assert_eq!(terminal.ends(), 4);
    assert!(!env.path("opened").exists() && terminal.text().contains("mallory isn't a member"), "{}", terminal.text());
    asks_nothing(&env, &["apply", "--as", "some-app[bot]"], 4, "a bot speaks for no organization");
}

#[test]
fn what_stands_in_the_way_is_told_before_anything_is_typed() {
    let env = TestEnv::with_partner();
    asks_nothing(&env, &["apply", "--slug", "acme", "--as", "acme-bot"], 2, "acme is a partner already");
    env.apply("Beta").ok().code.unwrap();
    asks_nothing(&env, &["apply", "--slug", "beta", "--as", "beta-bot"], 1, "an application for beta waits already");
    let to = ["update", "acme", "--website", "https://acme.example/new", "--as", "alice"];
    env.run(&to).ok().code.unwrap();
    asks_nothing(&env, &["update", "acme", "--as", "acme-bot"], 1, "an update of acme by alice waits");
    for (flags, why) in [
        (["--effective", "2001-01-01"], "acme: "),
        (["--merged-into", "acme"], "can't be merged into itself"),
        (["--merged-into", "beta"], "beta isn't an active partner"),
    ] {
        let mut terminal =
            Terminal::sized(&env.command(&[&["exit", "acme", "--as", "alice"][..], &flags].concat()), 24, 80);
        assert_ne!(terminal.ends(), 0);
        assert!(terminal.text().contains(why) && !terminal.text().contains("? Why"), "{}", terminal.text());
    }
    env.run(&["exit", "acme", "--kind", "inactive", "--reason", "silent", "--as", "alice"]).ok().code.unwrap();
    asks_nothing(&env, &["exit", "acme", "--as", "acme-bot"], 1, "It is for the committee to decide");
}
