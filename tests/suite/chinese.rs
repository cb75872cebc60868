//! What a person reads in Chinese holds no English sentence.

use clap::CommandFactory as _;
use karmada_partner::cli::{Cli, IN_CHINESE};
use regex::Regex;

use crate::chinese_catalogue::{is_han, told};
use crate::env::{Output, TestEnv, some};
use crate::terminal::Terminal;

/// English sentences in what a person was shown: three words in a row, apart from what is data, a command or a path.
pub fn english_in(shown: &str, data: &[&str]) -> Vec<String> {
    let mut text = shown.to_owned();
    for known in data {
        text = text.replace(known, "·");
    }
    let taken = [
        "“[^”]*”",
        r"karmada-partner( [a-zA-Z<>0-9/.:_#…'-]+)*",
        r"\$TEST\S*",
        r"\S*://\S*",
        r"--[a-z-]+( [A-Z][A-Z|]+)?",
        r"\S*[@/_]\S*",
        r"\b(git|gh) [a-z][a-z -]*",
        r"pull requests?|Approve|Request changes|GitHub ID|Git LFS",
    ];
    for pattern in taken {
        text = Regex::new(pattern).unwrap().replace_all(&text, "·").into_owned();
    }
    let sentence = Regex::new(r"[A-Za-z][A-Za-z'’]*[,;:]? [a-zA-Z'’]+[,;:]? [A-Za-z'’]+").unwrap();
    text.lines().filter(|line| sentence.is_match(line)).map(str::to_owned).collect()
}

#[test]
fn the_checker_tells_english_from_data() {
    assert_eq!(english_in("错误：登记库里没有 acme", &[]), Vec::<String>::new());
    assert_eq!(english_in("提示：karmada-partner list shows", &[]), Vec::<String>::new());
    assert_eq!(english_in("  英文简介 Runs Karmada for you", &["Runs Karmada for you"]), Vec::<String>::new());
    assert_eq!(english_in("error: it is empty", &[]).len(), 1);
    assert_eq!(english_in("错误：there is no account", &[]).len(), 1);
}

/// A person who reads Chinese; what of it was English is gathered.
pub struct Reader<'a> {
    env: &'a TestEnv,
    english: Vec<String>,
}

impl<'a> Reader<'a> {
    pub const fn of(env: &'a TestEnv) -> Self {
        Self { env, english: Vec::new() }
    }

    /// Runs a command, and reads all it says.
    pub fn reads(&mut self, args: &[&str]) -> Output {
        let output = self.env.run(&[args, &["--lang", "zh"]].concat());
        self.looks(args, output)
    }

    /// The same, where nobody agrees.
    pub fn reads_unagreed(&mut self, args: &[&str]) -> Output {
        let output = self.env.run_unagreed(&[args, &["--lang", "zh"]].concat());
        self.looks(args, output)
    }

    fn looks(&mut self, args: &[&str], output: Output) -> Output {
        let data: Vec<&str> = args.iter().copied().chain(DATA).collect();
        for line in english_in(&format!("{}\n{}", output.stdout, output.stderr), &data) {
            self.english.push(format!("{}: {line}", args.join(" ")));
        }
        output
    }

    pub fn sees(&mut self, terminal: &Terminal) {
        for line in english_in(&terminal.text(), &DATA) {
            self.english.push(format!("at the terminal: {line}"));
        }
    }

    #[track_caller]
    pub fn done(self) {
        let known = |line: &String| REMAINS.iter().any(|remains| line.contains(remains));
        let wrong: Vec<_> = self.english.into_iter().filter(|line| !known(line)).collect();
        told(&wrong);
    }
}

/// What is still in English. This list only grows shorter.
const REMAINS: [&str; 9] = [
    // What the libraries say that reach the network, and read TOML and JSON.
    "error sending request",
    "unclosed array",
    "expected value at line",
    // The title of a commit to be, as a dry run shows it: what is written down is in English.
    "applies to the program",
    "votes · on the application",
    "votes approve on the update",
    "votes approve on the policy",
    "asks for another policy",
    "what was changed by hand in Acme",
];

/// What stands in the registries of these tests, and was typed there.
const DATA: [&str; 3] = ["Test Program", "Runs Karmada", "Acme Cloud Services Limited"];

#[test]
fn help_is_chinese() {
    fn below(path: &str, command: &clap::Command, out: &mut Vec<String>) {
        out.push(path.to_owned());
        for sub in command.get_subcommands().filter(|c| !c.is_hide_set()) {
            below(&format!("{path} {}", sub.get_name()), sub, out);
        }
    }
    let env = TestEnv::new();
    let mut paths = Vec::new();
    let root = Cli::command();
    for name in IN_CHINESE {
        below(name, root.find_subcommand(name).unwrap(), &mut paths);
    }
    assert!(paths.contains(&String::from("jobs add")), "{paths:?}");
    let mut calls = vec![String::from("help"), String::from("-h"), String::from("--help")];
    calls
        .extend(paths.iter().flat_map(|path| [format!("{path} -h"), format!("{path} --help"), format!("help {path}")]));
    let mut wrong = Vec::new();
    let example = Regex::new("\"[^\"]*\"").unwrap();
    for call in &calls {
        let args: Vec<&str> = ["--lang", "zh"].into_iter().chain(call.split(' ')).collect();
        let shown = env.run_unagreed(&args).ok().stdout;
        assert!(shown.contains("\n用法：karmada-partner"), "{call}: {shown}");
        let words = example.replace_all(&shown, "·");
        wrong.extend(english_in(&words, &[]).into_iter().map(|line| format!("{call}: {line}")));
        for heading in ["Usage:", "Options:", "Arguments:", "Commands:", "Examples:", "Print ", "default", "possible"] {
            if shown.contains(heading) {
                wrong.push(format!("{call}: {heading}"));
            }
        }
    }
    // What isn't there in Chinese is English as a whole.
    let english = env.run_unagreed(&["--lang", "zh", "audit", "--help"]).ok().stdout;
    assert!(!english.chars().any(is_han), "{english}");
    assert_eq!(english, env.run_unagreed(&["audit", "--help"]).ok().stdout);
    for command in [["man"].as_slice(), &["completions", "bash"]] {
        let printed = |lang: &str| env.run(&[command, &["--lang", lang]].concat()).ok().stdout;
        assert_eq!(printed("zh"), printed("en"), "{command:?}");
    }
    told(&wrong);
}

#[test]
fn a_call_that_cannot_be_read_is_told_in_chinese() {
    let env = TestEnv::with_registry();
    let mut reader = Reader::of(&env);
    for (args, says) in [
        (["apply", "--nonsense"].as_slice(), "错误：这里没有 --nonsense 这个参数"),
        (&["apply", "--websit", "x"], "提示：是想用 --website 吗？"),
        (&["apply", "--website"], "错误：--website <URL> 缺少值"),
        (&["list", "--state", "activ"], "提示：是想用 active 吗？"),
        (&["list", "--state", "gone"], "错误：--state <STATE> 不接受 gone"),
        (&["list", "--due", "soon"], "错误：--due [<DAYS>] 不接受 soon：不是整数"),
        (&["show"], "错误：还缺：<SLUG>"),
        (&["jobs", "add", "acme"], "还需要 --title"),
        (&["list", "--sort", "name", "--sort", "slug"], "错误：--sort <BY> 给了不止一次"),
        (&["show", "acme", "globex"], "错误：这里没有 globex 这个参数"),
        (&["aprove", "acme"], "提示：是想用 approve 吗？"),
        (&["remove", "acme"], "提示：karmada-partner exit 让合作伙伴退出"),
        (&["frobnicate"], "错误：没有 frobnicate 这个命令"),
        (&["jobs", "frobnicate"], "错误：没有 frobnicate 这个命令"),
        (&["jobs", "remove", "acme", "4", "--reason", "x"], "提示：karmada-partner jobs close 关闭招聘信息"),
        (&["show", "a/b"], "错误：<SLUG> 不接受 a/b：短名称"),
    ] {
        let refused = reader.reads(args).fails(2);
        assert!(refused.stderr.contains(says), "{args:?}: {}", refused.stderr);
        assert!(refused.stderr.contains("用法：karmada-partner") || !refused.stderr.contains("Usage"), "{refused}");
    }
    reader.done();
    // Programs are told as ever.
    let document = env.run(&["list", "--state", "gone", "--json", "--lang", "zh"]).fails(2);
    assert!(document.stdout.contains("--state <STATE> doesn't take gone"), "{document}");
}

#[test]
fn an_application_is_guided_in_chinese() {
    let env = TestEnv::with_registry();
    let mut reader = Reader::of(&env);
    let mut terminal = Terminal::sized(&env.command(&["apply", "--lang", "zh"]), 60, 100);
    terminal.shows("您填的内容会公开");
    env.write("photo.png", b"\xff\xd8\xff\xe0 a photo");
    terminal
        .answers("? 组织名称", "华为云")
        .answers("? 网站", "www.huawei.example")
        .answers("? 在登记库里的短名称 › huawei", "")
        .answers("? 联系人的 GitHub ID", "@hw-kevin");
    reader.sees(&terminal);
    terminal.answers("? 联系人邮箱", "jane@gmail.com").shows("看起来是个人邮箱").types("\r");
    terminal.answers("? 联系人邮箱（可留空） ›", "karmada@huawei.example");
    terminal
        .answers("? Logo", "photo.png")
        .shows("它其实是 JPEG")
        .stays()
        .types(&"\u{8}".repeat(9))
        .types("logo.png\r");
    reader.sees(&terminal);
    terminal
        .shows("300×200 像素")
        .answers("? 卡片上的一句英文简介", "Runs Karmada")
        .answers("? 同一句的中文", "为您运行 Karmada")
        .answers("? 所属的母公司", "")
        .shows("? 您提供什么服务？")
        .shows("技术支持")
        .types(" \r")
        .answers("? 在哪些地区？", "")
        .answers("? 用哪些语言？", "")
        .answers("? 用户还会凭什么选您？", "");
    terminal.shows("将递交以下内容").shows("? 递交这份申请吗？");
    reader.sees(&terminal);
    terminal.types("否").shows("还没有递交").stays().types("\r").shows("什么都没有递交");
    assert_eq!(terminal.ends(), 0);
    reader.sees(&terminal);
    let mut again = Terminal::run(&env, &["apply", "--lang", "zh"]);
    again.shows("您之前已开始为华为云填写申请").types("是").shows("母公司：–").shows("地区：–");
    again.answers("? 用户还会凭什么选您？", "").shows("? 递交这份申请吗？").types("是");
    again.shows("已递交：华为云（huawei）申请加入");
    assert_eq!(again.ends(), 0);
    reader.sees(&again);
    reader.done();
}

#[test]
fn what_is_wrong_with_an_application_is_told_in_chinese() {
    let env = TestEnv::with_applicant();
    let mut reader = Reader::of(&env);
    let good = [
        ("--name", "Globex"),
        ("--website", "https://globex.example/karmada"),
        ("--github", "globex-bot"),
        ("--logo", "logo.png"),
    ];
    let with = |flag: &'static str, value: &'static str| {
        let mut all: Vec<&str> = vec!["apply"];
        all.extend(good.iter().filter(|(f, _)| *f != flag).flat_map(|(f, v)| [*f, *v]));
        all.extend([flag, value]);
        all
    };
    for (flag, values) in [
        ("--name", ["", "🎉", "a\u{202e}b", "[x](https://x.example)", "a\tb\u{7}"].as_slice()),
        (
            "--website",
            &[
                "",
                "x y",
                "https:globex.example",
                "ftp://globex.example",
                "https://",
                "https://1.2.3.4",
                "https://localhost",
                "https://a@globex.example",
                "https://globex.example:0",
                "https://x.test",
                "https://co.uk",
                "https://x.lan",
                "https://x.example/<",
            ],
        ),
        ("--github", &["", "a b", "-a", "https://github.com/a/b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]),
        ("--email", &["x", "@x.example", "a b@x.example", "x@y", "支持@x.example", "x@localhost", "jane@gmail.com"]),
        ("--logo", &["", "nowhere.png", "program.toml", ".", "http://x.example/l.png", "https://x.example/l.png"]),
        ("--description", &["🎉", "a <!-- b --> c"]),
        ("--service", &["delivery", "supprt", "Not One"]),
        ("--region", &["mars"]),
        ("--language", &["klingon"]),
        ("--slug", &["A B", "-", "program", "con", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]),
    ] {
        for value in some(3, values) {
            drop(reader.reads(&with(flag, value)));
            drop(reader.reads(&[with(flag, value), vec!["--offline"]].concat()));
        }
    }
    drop(reader.reads(&["apply"]).fails(2));
    drop(reader.reads_unagreed(&["apply"]).fails(2));
    drop(reader.reads_unagreed(&with("--name", "Initech")));
    drop(reader.reads(&[with("--name", "Initech"), vec!["--dry-run"]].concat()).ok());
    drop(reader.reads(&with("--name", "Acme")));
    drop(reader.reads(&[with("--name", "Acme"), vec!["--as", "alice"]].concat()));
    drop(reader.reads(&[with("--name", "Acmee"), vec!["--as", "nobody"]].concat()));
    drop(reader.reads(&[with("--name", "Initech"), vec!["--registry", "nowhere.git"]].concat()));
    drop(reader.reads(&[with("--name", "Initech"), vec!["--registry", "ftp://x.example/y"]].concat()));
    drop(reader.reads(&[with("--name", "Initech"), vec!["--registry", "github:a"]].concat()));
    drop(reader.reads(&[with("--name", "Initech"), vec!["--registry", "github:a/b", "--offline"]].concat()));
    drop(reader.reads(&[with("--name", "Initech"), vec!["--registry", "https://x.example/y", "--offline"]].concat()));
    env.write("bad.toml", "name = 3\nwebsite = \"x y\"\nfoo = 1\nservices = \"x\"\nslug = [");
    drop(reader.reads(&["apply", "--from", "bad.toml"]).fails(2));
    env.write("bad.toml", "schema = 2\nname = 3\nwebsite = \"x y\"\nfoo = 1\nservices = \"x\"\nslug = \"A\"\r\n");
    drop(reader.reads(&["apply", "--from", "bad.toml"]).fails(2));
    drop(reader.reads(&["apply", "--from", "nowhere.toml"]).fails(3));
    reader.done();
}

/// What git, GitHub and the network refuse.
#[test]
fn what_cannot_be_reached_or_read_is_told_in_chinese() {
    let env = TestEnv::with_applicant();
    env.git_at(".", &["init", "--quiet", "--bare", "empty.git"]);
    env.write("file", "x");
    let mut reader = Reader::of(&env);
    for (registry, code, says) in
        [("empty.git", 3, "是空的"), ("home", 2, "不是 git 仓库"), ("nowhere.git", 3, "没有登记库")]
    {
        let refused = reader.reads(&["list", "--registry", registry]).fails(code);
        assert!(refused.stderr.contains(says), "{registry}: {refused}");
    }
    let mut look = |variables: &[(&str, &str)], args: &[&str], says: &str| {
        let mut command = env.agreed(&[args, &["--lang", "zh"]].concat());
        command.envs(variables.iter().copied());
        let output = env.told(&mut command);
        assert!(output.stderr.contains(says), "{args:?}: {output}");
        reader.looks(args, output)
    };
    let github = ["status", "acme", "--registry", "github:acme/partners"];
    let closed = [("GITHUB_API_URL", "https://127.0.0.1:1/api/v3"), ("KARMADA_PARTNER_TOKEN", "x")];
    drop(look(&closed, &github, "连不上 GitHub").fails(5));
    drop(look(&[("GITHUB_API_URL", "http://x.example")], &github, "它不是 https").fails(2));
    let approve = ["approve", "acme", "--as", "alice"];
    drop(look(&[("KARMADA_PARTNER_SIGNING_KEY", "/nowhere/key")], &approve, "签名密钥"));
    reader.done();
}

#[test]
fn a_partners_life_is_told_in_chinese() {
    let env = TestEnv::with_applicant();
    let mut reader = Reader::of(&env);
    let bot = ["--as", "acme-bot"];
    let own = |args: &[&'static str]| [args, bot.as_slice()].concat();
    for waits in
        [["status"].as_slice(), &["status", "acme"], &["show", "acme"], &["list"], &["list", "--state", "exited"]]
    {
        drop(reader.reads(waits).ok());
    }
    drop(reader.reads(&own(&["update", "acme", "--website", "https://acme.example/support"])).ok());
    drop(reader.reads(&own(&["update", "acme", "--website", "https://acme.example/support"])).ok());
    drop(reader.reads(&own(&["update", "acme", "--website", "x y"])).fails(2));
    drop(reader.reads_unagreed(&own(&["update", "acme"])).fails(2));
    drop(reader.reads_unagreed(&own(&["update", "acme", "--website", "https://acme.example/a"])).fails(2));
    drop(reader.reads(&["update", "acme", "--website", "https://acme.example/b", "--as", "mallory"]).fails(4));
    drop(reader.reads(&["status", "acmee"]).fails(3));
    drop(reader.reads(&["show", "nobody"]).fails(3));
    drop(reader.reads(&["withdraw", "acme", "--as", "mallory"]).fails(4));
    drop(reader.reads(&own(&["withdraw", "acme", "--branch", "apply/nothing"])).fails(1));
    drop(reader.reads(&own(&["renew", "acme"])).fails(1));
    drop(reader.reads(&own(&["jobs", "add", "acme", "--title", "Engineer"])).fails(1));
    drop(env.run(&["approve", "acme", "--as", "alice"]).ok());
    drop(reader.reads(&["status"]).ok());
    drop(reader.reads(&["status", "acme"]).ok());
    drop(reader.reads_unagreed(&own(&["withdraw", "acme"])).fails(2));
    drop(reader.reads(&own(&["withdraw", "acme"])));
    drop(env.run(&["approve", "acme", "--as", "bob"]));
    drop(env.apply("Globex").ok());
    drop(env.run(&["approve", "globex", "--as", "alice"]).ok());
    drop(env.run(&["approve", "globex", "--as", "bob"]).ok());
    let theirs = |args: &[&'static str]| [args, ["--as", "globex-bot"].as_slice()].concat();
    drop(reader.reads(&theirs(&["renew", "globex"])).ok());
    drop(reader.reads(&theirs(&["renew", "globex"])).ok());
    drop(reader.reads(&theirs(&["jobs", "add", "globex", "--title", "Engineer", "--closes", "2027-01-01"])).ok());
    drop(reader.reads(&theirs(&["jobs", "add", "globex", "--title", "Engineer", "--closes", "2020-01-01"])).fails(2));
    drop(reader.reads(&["jobs", "list"]).ok());
    drop(reader.reads(&theirs(&["jobs", "close", "globex", "99"])).fails(3));
    drop(reader.reads(&theirs(&["jobs", "close", "globex", "4"])));
    drop(reader.reads(&theirs(&["jobs", "close", "globex", "4"])));
    drop(reader.reads(&["jobs", "list", "--all"]).ok());
    drop(reader.reads(&["list", "--due", "30"]).fails(1));
    drop(reader.reads(&theirs(&["update", "globex", "--email", "karmada@globex.example"])).ok());
    drop(reader.reads(&["status", "globex"]).ok());
    drop(reader.reads(&["show", "globex"]).ok());
    drop(reader.reads(&theirs(&["withdraw", "globex", "--proposal", "exit"])).fails(1));
    drop(reader.reads(&theirs(&["withdraw", "globex"])).ok());
    drop(reader.reads(&theirs(&["withdraw", "globex"])).ok());
    drop(env.run(&["exit", "globex", "--kind", "voluntary", "--reason", "Bye", "--as", "globex-bot"]).ok());
    drop(reader.reads(&["show", "globex"]).ok());
    drop(env.run(&["exit", "globex", "--as", "alice"]));
    drop(reader.reads(&["status", "globex"]).ok());
    drop(reader.reads(&["show", "globex"]).ok());
    drop(reader.reads(&["list"]).ok());
    drop(reader.reads(&["auth"]));
    drop(reader.reads(&["auth", "--offline"]));
    reader.done();
}

#[test]
fn the_committee_is_spoken_to_in_chinese() {
    let env = TestEnv::with_applicant();
    let dud = ["--website", "https://globex.example", "--github", "g", "--email", "jane.doe@gmail.com"];
    drop(env.run(&[&["apply", "--name", "Globex", "--logo", "logo.png"], dud.as_slice()].concat()).ok());
    let mut reader = Reader::of(&env);
    let mut terminal =
        Terminal::sized(&env.command(&["review", "--as", "alice", "--offline", "--lang", "zh"]), 80, 100);
    terminal
        .shows("您以委员 alice")
        .shows("第 1 份，共 2 份")
        .shows("? 怎么处理？")
        .types("v")
        .shows("票：")
        .shows_last("q：结束");
    terminal
        .types("j")
        .shows("? 组织是真实的吗？")
        .types("\r")
        .shows("? 网址")
        .types("\r")
        .shows("? 与 Karmada")
        .types("\r");
    terminal.shows("? 您的票").types("\r").answers("? 备注", "\u{15}").shows("对 Acme 投").types("是");
    terminal.shows("已记录：您对 Acme 的申请投了").shows("第 2 份，共 2 份").shows("✘ 邮箱在网站域名下").shows("？");
    terminal.stays();
    reader.sees(&terminal);
    terminal.types("u").shows("只有新的一票计入").stays().types("q").shows("您投了");
    assert_eq!(terminal.ends(), 0);
    reader.sees(&terminal);
    let met = ["--authenticity", "met", "--url", "met", "--relevance", "met", "--vote", "approve"];
    let review = |slug: &'static str, who: &'static str| [&["review", slug, "--as", who], met.as_slice()].concat();
    for args in [
        ["review"].as_slice(),
        &["review", "acme"],
        &["review", "nobody"],
        &["review", "--vote", "approve"],
        &["review", "acme", "--vote", "approve"],
        &["review", "acme", "--as", "mallory", "--vote", "approve"],
        &["review", "acme", "--as", "bob", "--vote", "abstain", "--evidence", "program.toml"],
        &["approve", "program"],
        &["reject", "program", "--reason", "No"],
        &["reject", "acme"],
        &["approve", "acme", "--as", "mallory"],
        &["exit", "acme", "--kind", "inactive", "--reason", "Gone", "--as", "alice"],
        &review("globex", "bob"),
        &["approve", "acme", "--as", "bob", "--dry-run"],
        &["approve", "acme", "--as", "bob"],
        &["approve", "acme", "--as", "bob"],
        &["approve", "acme", "--as", "alice"],
        &["approve", "acme", "--as", "alice"],
        &["approve", "acme", "--as", "carol"],
        &["reject", "acme", "--reason", "No", "--as", "bob"],
        &["reject", "globex", "--reason", "No", "--as", "bob"],
        &["reject", "globex", "--reason", "No", "--as", "bob"],
        &["exit", "acme", "--as", "alice"],
        &["exit", "acme", "--kind", "voluntary", "--reason", "Bye", "--merged-into", "globex", "--as", "acme-bot"],
        &["exit", "acme", "--kind", "merged", "--reason", "Bye", "--merged-into", "acme", "--as", "alice"],
        &["exit", "acme", "--kind", "merged", "--reason", "Bye", "--merged-into", "globex", "--as", "alice"],
        &["exit", "acme", "--kind", "breach", "--reason", "Bye", "--as", "acme-bot"],
        &["exit", "acme", "--kind", "inactive", "--reason", "Gone", "--effective", "2020-01-01", "--as", "alice"],
        &["exit", "acme", "--kind", "voluntary", "--reason", "Bye", "--as", "acme-bot"],
        &["exit", "acme", "--kind", "voluntary", "--reason", "Bye", "--as", "acme-bot"],
        &["exit", "acme", "--kind", "breach", "--reason", "Bye", "--as", "alice"],
        &["approve", "acme", "--as", "alice"],
        &["reject", "acme", "--proposal", "update", "--reason", "No", "--as", "alice"],
        &["exit", "acme", "--as", "alice"],
        &["exit", "acme", "--as", "alice"],
        &["review", "acme", "--as", "alice"],
    ] {
        drop(reader.reads(args));
        drop(reader.reads_unagreed(args));
    }
    reader.done();
}

/// The policy: proposed by flags and files, edited, and what is wrong with either.
#[test]
fn the_policy_is_changed_in_chinese() {
    let env = TestEnv::with_registry();
    let mut reader = Reader::of(&env);
    let propose = |args: &[&'static str]| [&["program", "propose"], args].concat();
    for (name, from, to) in [
        ("twice.toml", "github = \"bob\"", "github = \"alice\""),
        ("bot.toml", "github = \"bob\"", "github = \"helper[bot]\""),
        ("nameless.toml", "affiliation = \"Initech\"", ""),
        ("share.toml", "", "\n[decisions.approve]\nthreshold = \"3/2\"\n"),
        ("high.toml", "", "\n[decisions.approve]\nquorum = 9\naffiliations = 9\n"),
        ("keys.toml", "github = \"bob\"", "github = \"bob\"\nkeys = [\"ssh-rsa x\", \"none\"]\nid = 0"),
        ("logo.toml", "", "\n[logo]\nmin_side = 900\nmax_side = 90\n\n[github]\nteam = \"x\"\nnonsense = 1\n"),
        ("list.toml", "", "\n[[organization]]\nid = \"acme\"\ndomains = [\"ACME\"]\n"),
    ] {
        let program = env.git(&["show", "main:data/program.toml"]);
        assert!(program.contains(from), "{program}");
        env.write(name, if from.is_empty() { program + to } else { program.replacen(from, to, 1) });
        let refused = reader.reads(&["program", "propose", name, "--as", "alice"]);
        assert_ne!(refused.code, Some(0), "{name}: {refused}");
    }
    for args in [
        propose(&[]),
        propose(&["gone.toml"]),
        propose(&["--add-member", "dave"]),
        propose(&["--add-member", "-", "--affiliation", "Hooli"]),
        propose(&["--add-key", "alice"]),
        propose(&["--add-key", "alice=gone.pub"]),
        propose(&["--add-key", "alice=ssh-ed25519 AAAA"]),
        propose(&["--add-key", "nobody=ssh-ed25519 AAAA"]),
        propose(&["--remove-key", "SHA256:x"]),
        propose(&["--retire", "nobody"]),
        propose(&["--retire", "bob", "--retire", "carol", "--retire", "alice"]),
        propose(&["high.toml"]),
        propose(&["--add-member", "dave", "--affiliation", "Hooli", "--as", "mallory"]),
        vec!["program", "edit"],
        vec!["program", "keys"],
        vec!["program", "keys", "--allowed-signers", "gone/signers"],
    ] {
        drop(reader.reads(&args));
        drop(reader.reads_unagreed(&args));
        drop(reader.reads(&[&args[..], &["--as", "alice"]].concat()));
    }
    let add = ["--add-member", "dave", "--affiliation", "Hooli", "--reason", "x", "--as", "alice"];
    let proposed = reader.reads(&propose(&add)).ok();
    assert!(proposed.stdout.starts_with("已提出新的政策，等待委员会决定。\n已记录：您投了赞成票。\n"), "{proposed}");
    drop(reader.reads(&propose(&add)).ok());
    drop(reader.reads(&propose(&["--retire", "carol", "--as", "bob"])).fails(1));
    drop(reader.reads(&propose(&["--retire", "dave", "--as", "alice"])).ok());
    let edit = |editor: &str| {
        let mut command = env.command(&["program", "edit", "--as", "alice", "--lang", "zh"]);
        command.env("EDITOR", editor);
        Terminal::sized(&command, 40, 100)
    };
    let mut terminal = edit("true");
    terminal.shows("没有改动。");
    assert_eq!(terminal.ends(), 0);
    reader.sees(&terminal);
    let mut terminal = edit(&env.editor("sed s/^schema.*/schema=/"));
    terminal.shows("? 没有提出。怎么处理？").types("k").shows("文件已保留");
    assert_eq!(terminal.ends(), 0);
    reader.sees(&terminal);
    let mut terminal = edit(&env.editor("sed s/Umbrella/Hooli/"));
    terminal.shows("? 提出这项政策吗？人人可见。").types("v").shows("alice.5").stays().types("y").shows("已提出");
    assert_eq!(terminal.ends(), 0);
    reader.sees(&terminal);
    let mut terminal = edit("false");
    terminal.shows("编辑器 false");
    assert_ne!(terminal.ends(), 0);
    reader.sees(&terminal);
    reader.done();
}

/// What evidence is beside a vote is what everybody reads later.
#[test]
fn what_is_seen_at_the_terminal_is_kept_in_english() {
    let kept = |lang: &str, words: [&str; 3]| {
        let env = TestEnv::with_registry();
        let facts = ["--github", "g", "--email", "jane.doe@gmail.com", "--website", "https://globex.example"];
        drop(env.run(&[&["apply", "--name", "Globex", "--logo", "logo.png"], facts.as_slice()].concat()).ok());
        let review = ["review", "globex", "--as", "alice", "--offline", "--lang", lang];
        let mut terminal = Terminal::sized(&env.command(&review), 60, 100);
        let [now, reason, vote] = words;
        terminal.shows(now).types("r").shows(reason).types("\r").shows(vote).types("y");
        assert_eq!(terminal.ends(), 0);
        let vote = env.git(&["show", "apply/globex:data/partners/globex/votes/1/alice"]);
        assert!(vote.contains("KP-Note: mailbox at the site's domain: the mailbox is at gmail.com"), "{vote}");
        env.git(&["ls-tree", "-r", "apply/globex:data/partners/globex/votes"])
    };
    let english = kept("en", ["? What now?", "? Reason", "Vote reject on Globex"]);
    assert_eq!(kept("zh", ["? 怎么处理？", "? 理由", "对 Globex 投反对票吗"]), english);
}

#[test]
fn what_is_written_is_the_same_in_any_language() {
    let written = |lang: &str| {
        let env = TestEnv::with_registry();
        let facts = ["--github", "globex-bot", "--logo", "logo.png", "--website", "https://globex.example"];
        let run = |args: &[&str]| drop(env.run(&[args, &["--lang", lang]].concat()).ok());
        run(&[&["apply", "--name", "Globex"], facts.as_slice()].concat());
        run(&["update", "globex", "--website", "https://globex.example/karmada", "--as", "globex-bot"]);
        run(&["approve", "globex", "--as", "alice", "--reason", "Good"]);
        let met = ["--authenticity", "met", "--url", "met", "--relevance", "unsure", "--vote", "approve"];
        run(&[&["review", "globex", "--as", "bob"], met.as_slice()].concat());
        run(&["approve", "globex", "--as", "bob"]);
        run(&["jobs", "add", "globex", "--title", "Engineer", "--as", "globex-bot"]);
        run(&["renew", "globex", "--as", "globex-bot"]);
        run(&["update", "globex", "--email", "karmada@globex.example", "--as", "globex-bot"]);
        run(&["withdraw", "globex", "--as", "globex-bot"]);
        run(&["exit", "globex", "--kind", "voluntary", "--reason", "We stop", "--as", "globex-bot"]);
        run(&["reject", "globex", "--reason", "Not so", "--as", "alice"]);
        run(&["reject", "globex", "--reason", "Not so", "--as", "bob"]);
        run(&["exit", "globex", "--kind", "inactive", "--reason", "Gone", "--as", "alice"]);
        run(&["exit", "globex", "--as", "bob"]);
        env.git_exactly("registry.git", &["for-each-ref", "--format=%(refname) %(objectname)"])
    };
    assert_eq!(written("zh"), written("en"));
}

#[test]
fn the_language_is_the_call_s_or_the_settings_or_the_machine_s() {
    let env = TestEnv::with_registry();
    let says = |variables: &[(&str, &str)], args: &[&str]| {
        let mut command = env.agreed(&[&["status", "nobody"], args].concat());
        command.envs(variables.iter().copied());
        let told = env.told(&mut command).stderr;
        if told.starts_with("错误：") { "zh" } else { "en" }
    };
    assert_eq!(says(&[], &[]), "en");
    assert_eq!(says(&[("LANG", "zh_CN.UTF-8")], &[]), "zh");
    // Of other letters than UTF-8's, a terminal shows nobody's Chinese.
    for (locale, language) in [("zh_CN.utf8", "zh"), ("zh_CN", "zh"), ("zh_CN.GB18030", "en"), ("zh_TW.Big5@x", "en")] {
        assert_eq!(says(&[("LC_ALL", locale)], &[]), language, "{locale}");
    }
    assert_eq!(says(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")], &[]), "en");
    assert_eq!(says(&[("LC_MESSAGES", "zh_CN.UTF-8"), ("LANG", "C")], &[]), "zh");
    assert_eq!(says(&[("KARMADA_PARTNER_LANG", "zh"), ("LC_ALL", "C")], &[]), "zh");
    assert_eq!(says(&[("KARMADA_PARTNER_LANG", "zh")], &["--lang", "en"]), "en");
    assert_eq!(says(&[("LANG", "zh_CN.UTF-8")], &["--json"]), "en");
    std::fs::create_dir_all(env.path("home/.config/karmada-partner")).unwrap();
    env.write("home/.config/karmada-partner/config.toml", "lang = \"zh\"\n");
    assert_eq!(says(&[("LANG", "C")], &[]), "zh");
    assert_eq!(says(&[("KARMADA_PARTNER_LANG", "en")], &[]), "en");
    env.write("home/.config/karmada-partner/config.toml", "lang = \"fr\"\n");
    let said = env.told(&mut env.agreed(&["list"])).ok().stderr;
    assert!(
        said.contains("warning: lang in config.toml is “fr”, which isn't spoken here\nhint: set it to en or zh"),
        "{said}"
    );
    std::fs::remove_file(env.path("home/.config/karmada-partner/config.toml")).unwrap();
    // What names no language that is spoken is said, and not passed over.
    let warns = |named: &str| {
        let mut command = env.agreed(&["list"]);
        let said = env.told(command.env("KARMADA_PARTNER_LANG", named)).ok().stderr;
        said.lines().filter(|line| !line.contains("apply")).fold(String::new(), |all, line| all + line + "\n")
    };
    assert_eq!(
        warns("xx"),
        "warning: KARMADA_PARTNER_LANG is “xx”, which isn't spoken here\nhint: set it to en or zh, or unset it\n"
    );
    assert_eq!(warns("en_US.UTF-8") + &warns("C") + &warns("zh-Hans"), "");
}

/// The file to fill in asks for the same, in the same order, and is taken as it stands once it is filled in.
#[test]
fn the_file_to_fill_in_is_chinese_and_asks_for_the_same() {
    let env = TestEnv::with_registry();
    let printed = |lang: &str| env.run(&["apply", "--template", "--lang", lang]).ok().stdout;
    let (english, chinese) = (printed("en"), printed("zh"));
    let keys = |text: &str| -> Vec<String> {
        let set = |line: &&str| line.contains(" = ");
        let key = |line: &str| line.trim_start_matches("# ").split(" = ").next().unwrap().to_owned();
        text.lines().filter(set).map(key).filter(|key| !key.contains(' ') && key.is_ascii()).collect()
    };
    assert_eq!(keys(&chinese), keys(&english));
    assert!(keys(&chinese).len() > 18, "{:?}", keys(&chinese));
    assert!(chinese.lines().filter(|line| line.starts_with("# ")).all(|line| !line.is_ascii() || line.contains(" = ")));
    let filled =
        [("name", "数之联"), ("website", "https://acme.example"), ("github", "acme-bot"), ("logo", "logo.png")]
            .iter()
            .fold(chinese, |text, (key, value)| {
                text.replacen(&format!("\n{key} = \"\""), &format!("\n{key} = \"{value}\""), 1)
            });
    env.write("a.toml", filled);
    env.run(&["apply", "--from", "a.toml", "--as", "acme-bot", "--yes"]).ok().code.unwrap();
}
