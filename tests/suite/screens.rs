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

    /// Waits until the cursor stands behind `words` on a screen that stays, and keeps that; then types.
    #[track_caller]
    fn at(&mut self, words: &str, keys: &str) -> &mut Self {
        self.terminal.shows_last(words).stays();
        self.keep(words);
        self.terminal.types(keys);
        self
    }

    /// Waits for the screen of one of the six: the question of the one before looks the same.
    #[track_caller]
    fn begins(&mut self, words: &str) -> &mut Self {
        self.terminal.shows(words);
        self
    }

    fn keep(&mut self, title: &str) {
        let shown: String = self.terminal.text().lines().fold(String::new(), |all, line| all + line.trim_end() + "\n");
        if self.terminal.is_chinese() {
            let ill_set = crate::chinese_setting::ill_set(&shown, &[]);
            assert!(ill_set.is_empty(), "ill set:\n{}", ill_set.join("\n"));
        }
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
        .at("? Its name in Chinese (may be empty) ›", "华为云\r")
        .at("? Website ›", "www.huawei.example\r")
        .at("? Short name in the registry ›", "\r")
        .at("? GitHub ID of the contact ›", "@hw-kevin\r")
        .at("? E-mail of the contact (may be empty) ›", "karmada@huawei.example\r")
        .at("? Logo, a PNG file or an https address ›", "logo.png\r")
        .at("? One line for your card, in English (may be empty) ›", "Runs Karmada for you\r")
        .at("? The same in Chinese (may be empty) ›", "为您运行 Karmada\r")
        .at("? Parent company, if you belong to one (may be empty) ›", "\r")
        .at("development", " \r")
        .at("oceania", "\r")
        .at("Russian", "\r")
        .at("People with a certificate", "\r")
        .at("show what is written down", "y");
    album.ends()
}

#[test]
fn an_application_at_80_by_24() {
    assert_data_eq!(application(24, 80), file!["screens/apply-80x24.txt"]);
}

#[test]
fn an_application_at_50_by_20() {
    assert_data_eq!(application(20, 50), file!["screens/apply-50x20.txt"]);
}

/// Three that another member is for, and three duds.
fn six_waiting() -> TestEnv {
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
    env
}

#[test]
fn a_review_of_six() {
    let env = six_waiting();
    let mut album = Album::begin(&env, &["review", "--as", "alice", "--offline"], 24, 80);
    for (nth, name) in (1..).zip(["Ada", "Bell", "Cora"]) {
        album.begins(&format!("{nth} of 6")).at("q: stop", "a");
        album.at(&format!("Vote approve on {name}"), "\r").at(&format!("Make {name} a partner now?"), "\r");
    }
    album
        .begins("4 of 6")
        .at("q: stop", "r")
        .at("? Reason, for everybody to read (empty goes back) ›", "\r")
        .at("Vote reject on Dune", "\r");
    album.begins("5 of 6").at("q: stop", "n").at("? Note, for everybody to read (may be empty) ›", "\r");
    album.at("Vote abstain on Ekko", "\r").begins("6 of 6").at("q: stop", "s");
    assert_data_eq!(album.ends(), file!["screens/review-80x24.txt"]);
}

#[test]
fn an_application_in_chinese() {
    let env = TestEnv::with_registry();
    let mut album = Album::begin(&env, &["apply", "--lang", "zh"], 24, 80);
    album
        .at("? 组织名称 ›", "数之联\r")
        .at("? 网站 ›", "ｗｗｗ．ｓｈｕｚｈｉｌｉａｎ．ｅｘａｍｐｌｅ\r")
        .at("? 在登记库里的短名称 ›", "\r")
        .at("? 联系人的 GitHub ID ›", "＠szl-bot\r")
        .at("? 联系人邮箱（可留空） ›", "karmada@shuzhilian.example\r")
        .at("? Logo：PNG 文件或 https 地址 ›", "logo.png\r")
        .at("? 卡片上的一句英文介绍（可留空） ›", "Runs Karmada for you\r")
        .at("? 同一句的中文（可留空） ›", "为您运行 Karmada，从第一个集群到上百个集群，随时有人可以找到\r")
        .at("? 所属的母公司（没有可留空） ›", "\r")
        .at("定制开发", " \r")
        .at("大洋洲", "\r")
        .at("俄语", "\r")
        .at("持证人数", "\r")
        .at("查看将写入的内容", "是");
    assert_data_eq!(album.ends(), file!["screens/apply-zh-80x24.txt"]);
}

#[test]
fn a_review_of_six_in_chinese() {
    let env = six_waiting();
    let mut album = Album::begin(&env, &["review", "--as", "alice", "--offline", "--lang", "zh"], 24, 80);
    for (nth, name) in (1..).zip(["Ada", "Bell", "Cora"]) {
        album.begins(&format!("第 {nth} 份，共 6 份")).at("q：结束", "a");
        album.at(&format!("对 {name} 投"), "\r").at(&format!("批准 {name} 成为"), "是");
    }
    album.begins("第 4 份，共 6 份").at("q：结束", "r").at("? 理由", "\r").at("对 Dune 投", "\r");
    album.begins("第 5 份，共 6 份").at("q：结束", "n").at("? 备注", "\r");
    album.at("对 Ekko 投", "\r").begins("第 6 份，共 6 份").at("q：结束", "s");
    assert_data_eq!(album.ends(), file!["screens/review-zh-80x24.txt"]);
}
