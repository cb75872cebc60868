//! What a person sees, screen by screen: the whole of an application, and a review of six.

use std::fmt::Write as _;

use snapbox::{assert_data_eq, file};

use crate::env::TestEnv;
use crate::terminal::Terminal;

/// The screens so far, each under what was typed to get there.
struct Album<'a> {
    env: &'a TestEnv,
    terminal: Terminal,
    screens: String,
}

impl<'a> Album<'a> {
    fn begin(env: &'a TestEnv, args: &[&str], rows: u16, cols: u16) -> Self {
        Self { env, terminal: Terminal::sized(&env.command(args), rows, cols), screens: String::new() }
    }

    /// Waits until the cursor stands behind `words`, and keeps the screen; then types.
    #[track_caller]
    fn at(&mut self, words: &str, keys: &str) -> &mut Self {
        self.terminal.shows_last(words);
        self.keep(words);
        self.terminal.types(keys);
        self
    }

    /// Waits for the screen of one of the six: the question of the one before looks the same.
    #[track_caller]
    fn begins(&mut self, nth: usize) -> &mut Self {
        self.terminal.shows(&format!("{nth} of 6"));
        self
    }

    fn keep(&mut self, title: &str) {
        let shown: String = self.terminal.text().lines().fold(String::new(), |all, line| all + line.trim_end() + "\n");
        let _ = write!(self.screens, "━━━ {title}\n{}\n", self.env.redact(shown.trim_end().as_bytes()));
    }

    #[track_caller]
    fn ends(mut self) -> String {
        assert_eq!(self.terminal.ends(), 0, "{}", self.terminal.text());
        self.keep("the end");
        self.screens
    }
}

#[track_caller]
fn application(rows: u16, cols: u16) -> String {
    let env = TestEnv::with_registry();
    let mut album = Album::begin(&env, &["apply"], rows, cols);
    album
        .at("? Name of the organization ›", "华为云 Huawei Cloud\r")
        .at("? Short name in the registry ›", "huawei\r")
        .at("? Website ›", "www.huawei.example\r")
        .at("? GitHub ID of the contact ›", "@hw-kevin\r")
        .at("? E-mail of the contact (may be empty) ›", "karmada@huawei.example\r")
        .at("? Logo, a PNG file or an https address ›", "logo.png\r")
        .at("? One line for your card, in English (may be empty) ›", "Runs Karmada for you\r")
        .at("? The same in Chinese (may be empty) ›", "为您运行 Karmada\r")
        .at("? Parent company, if you belong to one (may be empty) ›", "\r")
        .at("? Its name in Chinese (may be empty) ›", "华为云\r")
        .at("development", " \r")
        .at("oceania", "\r")
        .at("Russian", "\r")
        .at("show what is written down", "y");
    album.ends()
}

#[test]
#[ignore = "on a busy machine a screen is caught while it is still drawn"]
fn an_application_at_80_by_24() {
    assert_data_eq!(application(24, 80), file!["screens/apply-80x24.txt"]);
}

#[test]
#[ignore = "on a busy machine a screen is caught while it is still drawn"]
fn an_application_at_50_by_20() {
    assert_data_eq!(application(20, 50), file!["screens/apply-50x20.txt"]);
}

#[test]
#[ignore = "on a busy machine a screen is caught while it is still drawn"]
fn a_review_of_six() {
    let env = TestEnv::with_registry();
    for (nth, name) in (0..).zip(["Ada", "Bell", "Cora"]) {
        env.write("logo.png", crate::picture::board(nth));
        env.apply(name).ok().code.unwrap();
        let met = ["--authenticity", "met", "--url", "met", "--relevance", "met", "--vote", "approve", "--as", "bob"];
        env.run(&[&["review", &name.to_lowercase()], met.as_slice()].concat()).ok().code.unwrap();
    }
    let duds = [("Dune", "jane.doe@gmail.com"), ("Ekko", "info@elsewhere.example"), ("Ada Labs", "a@ada.example")];
    for (nth, (name, email)) in (3..).zip(duds) {
        env.write("logo.png", crate::picture::board(nth));
        let site = format!("https://{}.example", name.replace(' ', "").to_lowercase());
        let args = ["--website", &site, "--github", "someone", "--email", email, "--logo", "logo.png"];
        env.run(&[&["apply", "--name", name], args.as_slice()].concat()).ok().code.unwrap();
    }
    let mut album = Album::begin(&env, &["review", "--as", "alice", "--offline"], 24, 80);
    for (nth, name) in (1..).zip(["Ada", "Bell", "Cora"]) {
        album.begins(nth).at("q: stop", "\r");
        album.at(&format!("Vote approve on {name}"), "\r").at(&format!("Make {name} a partner now?"), "\r");
    }
    album.begins(4).at("q: stop", "r").at("? Reason, for everybody to read ›", "\r").at("Vote reject on Dune", "\r");
    album.begins(5).at("q: stop", "n").at("? Note, for everybody to read (may be empty) ›", "\r");
    album.at("Vote abstain on Ekko", "\r").begins(6).at("q: stop", "s");
    assert_data_eq!(album.ends(), file!["screens/review-80x24.txt"]);
}
