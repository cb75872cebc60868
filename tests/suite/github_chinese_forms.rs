//! The one comment on a Chinese form is Chinese, whatever it has to say; what is written to git is what an English form brings.

use crate::chinese::english_in;
use crate::env::some;
use crate::github_issues::{Bench, FORM, number_of};
use crate::hub::REGISTRY;

/// What [`FORM`] says, by the Chinese form.
pub const CHINESE: &str = "### 组织或公司名称\n\nAcme Cloud\n\n### 中文名称\n\n_No response_\n\n### 英文简介\n\nWe run Karmada.\n\n\
    ### 中文简介\n\n_No response_\n\n### 网站\n\nhttps://acme.example/karmada\n\n### 组织或公司 logo\n\nsoon\n\n### 母公司\n\n_No response_\n\n\
    ### 服务\n\n技术支持\n\n### 地区\n\n_No response_\n\n### 语言\n\n英文\n\n### 联系方式\n\nkarmada@acme.example\n\n### 确认\n\n\
    - [x] 我知道这里填写的内容将会公开，并永久保留在无法删除的历史记录中。\n- [x] 我有权代表该组织。\n\
    - [x] 我同意开发者原创声明（DCO，https://developercertificate.org）：包含这些内容的提交以我为作者，并以我的名义签署。\n";

/// What was typed, or is a name of GitHub's own.
const DATA: [&str; 4] = [
    "We run Karmada",
    "Allow GitHub Actions to create and approve pull requests",
    "Organizations that offer support",
    "Acme Cloud",
];

/// Our one comment, which has no English in it.
#[track_caller]
fn told(bench: &Bench, number: u64) -> String {
    let mut comments = bench.comments(number);
    let told = comments.pop().unwrap();
    assert!(comments.is_empty(), "{comments:?}");
    let shown: String = told.split("<!--").filter_map(|part| part.split("-->").last()).collect();
    let english = english_in(&shown, &DATA);
    assert!(english.is_empty() && told.chars().any(|c| ('一'..='鿿').contains(&c)), "{english:?}\n{told}");
    told
}

#[test]
fn every_fault_is_told_in_the_language_of_the_form() {
    let bench = Bench::new();
    let long = "[".repeat(60_000);
    for (typed, instead, says) in some(
        5,
        [
            ("Acme Cloud", "_No response_", "**组织或公司名称**：`还没有填写`。怎样才行：`请填写“组织或公司名称”`"),
            ("Acme Cloud", "https://acme.example", "里面有网址"),
            ("Acme Cloud", "🎉", "**组织或公司名称**"),
            ("https://acme.example/karmada", "javascript:alert(1)", "例如：`https://acme.example/karmada`"),
            ("https://acme.example/karmada", "https://10.0.0.1/", "**网站**"),
            ("https://acme.example/karmada", "https://a.example https://b.example", "里面有好几个网址"),
            ("We run Karmada.", long.as_str(), "答案有 60000 字节"),
            ("技术支持", "全部", "例如：`技术支持`"),
            ("英文", "Klingon", "**语言**"),
            ("karmada@acme.example", "@one @two", "里面有好几个 GitHub ID：“one”、“two”"),
            ("karmada@acme.example", "@nobody-here", "GitHub 上没有哪个人使用 nobody-here 这个 ID"),
            (
                "- [x] 我有权",
                "- [ ] 我有权",
                "有一项没有勾选：我有权代表该组织。`。怎样才行：`如果属实，请由写这个 issue 的人勾选`",
            ),
            ("### 语言\n\n英文", "### 持证人数\n\n很多", "**持证人数**"),
            (
                "### 中文简介\n\n_No response_",
                "### 中文简介\n\n好\n\n### 网站\n\nhttps://other.example",
                "这个 issue 有两种读法",
            ),
            ("### 组织或公司名称", "### 谁", "没有标题“### 组织或公司名称”"),
        ],
    ) {
        let number = bench.open("jane", CHINESE);
        assert_ne!(bench.outcome(number)["outcome"], "faulty");
        bench.edit(number, "jane", &CHINESE.replace(typed, instead));
        assert_eq!(bench.outcome(number)["outcome"], "faulty", "{instead}");
        let told = told(&bench, number);
        assert!(told.contains(says) && told.contains("**请编辑这个 issue**"), "{instead:.60}: {told}");
        bench.hub.github.close_issue(REGISTRY, number, "jane");
        assert_eq!(bench.outcome(number)["outcome"], "withdrawn", "{instead:.60}");
    }
    for logo in some(2, ["http://acme.example/l.png", "https://127.0.0.1/l.png", "file:///etc/passwd", "无", "soon"]) {
        let number = bench.open("jane", &CHINESE.replace("soon", logo));
        bench.hub.run("github-actions", &["import", "issue", "--number", &number.to_string()]).ok().code.unwrap();
        assert!(told(&bench, number).contains("**组织或公司 logo**："), "{logo}");
        bench.hub.github.close_issue(REGISTRY, number, "jane");
    }
    bench.hub.github.assert_clean();
}

#[test]
fn what_is_read_otherwise_than_typed_is_told_in_the_language_of_the_form() {
    let bench = Bench::new();
    let (picture, exif) = (crate::picture::png(300, 200), crate::logo_metadata::exif(1));
    bench.hub.env.write("logo.png", crate::logo_metadata::holding(&picture, &[(b"eXIf", &exif)], &[]));
    let long = "We run Karmada for banks. ".repeat(30);
    let typed = CHINESE
        .replace("Acme Cloud", "**[Acme Cloud](https://acme.example)**<!-- x -->\u{200b}<b>!</b>")
        .replace("We run Karmada.", &format!("{long}\n\n**联系方式**"))
        .replace("https://acme.example/karmada", "见 https://acme.example/karmada 。")
        .replace("### 母公司\n\n_No response_", "### 母公司\n\n无")
        .replace("karmada@acme.example", "jane.doe@gmail.com 或 jane.roe@gmail.com")
        .replace("### 语言", "### 持证人数\n\n约 12 人\n\n### 语言");
    let number = bench.proposed("jane", &CHINESE.replace("We run Karmada.", "We run nothing."));
    bench.edit(number, "alice", &CHINESE.replace("We run Karmada.", "They run it."));
    assert_eq!(bench.outcome(number)["outcome"], "meddled");
    assert!(told(&bench, number).contains("`alice` 改了这个 issue 的正文"), "{:?}", bench.comments(number));
    bench.edit(number, "jane", &typed.replace("### 持证人数\n\n约 12 人\n\n", ""));
    assert_eq!(bench.outcome(number)["outcome"], "amended");
    let told = told(&bench, number);
    for says in [
        "`组织或公司名称：去掉了注释、指向 https://acme.example 的链接、HTML、Markdown 标记、不可见字符`",
        "`英文简介：从 ",
        "`网站：只采用了网址 https://acme.example/karmada`",
        "`“**联系方式**” 当作答案的内容",
        "`母公司：“无” 当作没有填写`",
        "`联系方式：只采用了 jane.doe@gmail.com`",
        "看起来是个人邮箱",
        "`正文：alice 在 2026-09-21 改过",
        "`组织或公司 logo：从文件里去掉了以下信息，图片不变：",
    ] {
        assert!(told.contains(says), "{says} isn't in {told}");
    }
    bench.hub.github.clear_traffic();
    assert_eq!(bench.outcome(number)["outcome"], "unchanged");
    assert_eq!(bench.hub.operations().len(), 3);
}

/// Of an application that is taken, and of one that isn't.
#[test]
fn every_outcome_is_told_in_the_language_of_the_form() {
    let bench = Bench::new();
    let number = bench.open("jane", CHINESE);
    let outcome = |word: &str, says: &str| {
        let found = bench.outcome(number);
        assert_eq!(found["outcome"], word, "{found}");
        let told = told(&bench, number);
        assert!(told.contains(says), "{says} isn't in {told}");
        found
    };
    let pull = number_of(&outcome("proposed", "的申请已在 https://github.example/"));
    outcome("unchanged", "想撤回申请，请关闭这个 issue");
    bench.edit(number, "jane", &CHINESE.replace("https://acme.example/karmada", "没有网站"));
    outcome("faulty", "里的提案保持原样");
    // Whoever takes all headings out is still answered so.
    bench.edit(number, "jane", "x");
    outcome("faulty", "表单里有“### 组织或公司名称”这样的标题");
    bench.edit(number, "jane", &CHINESE.replace("We run Karmada.", "We run Karmada well."));
    outcome("amended", "的申请已在");
    for by_announce in [true, false] {
        bench.announce();
        bench.hub.github.close_pull(REGISTRY, pull, "alice");
        if by_announce {
            bench.announce();
            let told = told(&bench, number);
            assert!(told.contains("已被关闭，没有作出决定"), "{told}");
        }
        outcome("set-aside", "想重新提出，请编辑这个 issue");
        bench.hub.github.reopen(REGISTRY, pull, "alice");
        outcome("unchanged", "的申请已在");
    }
    for other in [CHINESE.replace("Acme Cloud", "Acme Two"), CHINESE.to_owned()] {
        let rival = bench.open("jane", &other);
        assert_eq!(bench.outcome(rival)["outcome"], "faulty");
        assert!(told(&bench, rival).contains("您还有一份打开的表单"), "{:?}", bench.comments(rival));
        bench.hub.github.close_issue(REGISTRY, rival, "jane");
        let rival = bench.open("erin", &other);
        assert_eq!(bench.outcome(rival)["outcome"], "faulty");
        assert!(told(&bench, rival).contains("`申请`") || told(&bench, rival).contains("**申请**："));
        bench.hub.github.close_issue(REGISTRY, rival, "erin");
    }
    bench.hub.github.close_issue(REGISTRY, number, "jane");
    outcome("withdrawn", "撤回申请");
    bench.hub.github.reopen(REGISTRY, number, "jane");
    let again = number_of(&outcome("proposed", "的申请已在"));
    bench.hub.click(again);
    bench.hub.run("alice", &["approve", "acme-cloud"]).ok().code.unwrap();
    outcome("decided", "成为合作伙伴。欢迎！");
    let other = bench.open("erin", CHINESE);
    assert_eq!(bench.outcome(other)["outcome"], "faulty");
    assert!(told(&bench, other).contains("acme-cloud 已经是合作伙伴"), "{:?}", bench.comments(other));
    bench.hub.run("alice", &["audit"]).ok().code.unwrap();
    bench.hub.github.assert_clean();
}

#[test]
fn what_members_do_is_told_in_the_language_of_the_form() {
    let bench = Bench::new();
    let number = bench.open("jane", CHINESE);
    bench.hub.github.fork(REGISTRY, "alice", None);
    let import = ["import", "issue", "--number", &number.to_string(), "--logo", "logo.png"];
    bench.hub.run("alice", &import).ok().code.unwrap();
    assert_eq!(bench.outcome(number)["outcome"], "on-behalf");
    assert!(told(&bench, number).contains("`alice` 已代您在"), "{:?}", bench.comments(number));
    bench.edit(number, "jane", &CHINESE.replace("We run Karmada.", "We run Karmada well."));
    assert_eq!(bench.outcome(number)["outcome"], "on-behalf");
    assert!(told(&bench, number).contains("请让 `alice` 更新提案"), "{:?}", bench.comments(number));
    for member in ["alice", "bob"] {
        bench.hub.run(member, &["reject", "acme-cloud", "--reason", "It isn't so."]).ok().code.unwrap();
    }
    assert_eq!(bench.outcome(number)["outcome"], "decided");
    assert!(
        told(&bench, number).contains("的申请未通过，原因写在 https://github.example/karmada/partners/pull/"),
        "{:?}",
        bench.comments(number)
    );

    let bench = Bench::new();
    bench.hub.github.let_workflows_propose(false);
    let number = bench.open("jane", CHINESE);
    assert_eq!(bench.outcome(number)["outcome"], "ready");
    assert!(told(&bench, number).contains("请委员会的委员[点一下打开它]("), "{:?}", bench.comments(number));
}

/// The workflow that decides says it on the form, too.
#[test]
fn what_a_workflow_decides_is_told_in_the_language_of_the_form() {
    let bench = Bench::deciding();
    let number = bench.open("jane", CHINESE);
    let pull = number_of(&bench.outcome(number));
    bench.hub.click(pull);
    bench.hub.run("github-actions", &["--yes", "announce", "--all"]).ok().code.unwrap();
    assert!(told(&bench, number).contains("成为合作伙伴。欢迎！"), "{:?}", bench.comments(number));
}

/// Whatever the workflow's machine speaks: an English form is answered in English, and git gets the same of both.
#[test]
fn what_is_written_is_the_same_and_an_english_form_is_answered_in_english() {
    let written = |form: &str, lang: &str| {
        let bench = Bench::new();
        let number = bench.open("jane", form);
        let number_word = number.to_string();
        let args = ["import", "issue", "--number", &number_word, "--logo", "logo.png", "--lang", lang];
        bench.hub.run("github-actions", &args).ok().code.unwrap();
        let comment = bench.comments(number)[0].clone();
        bench.edit(number, "jane", &form.replace("We run Karmada.", "We run Karmada well."));
        bench.hub.run("github-actions", &args).ok().code.unwrap();
        bench.hub.github.close_issue(REGISTRY, number, "jane");
        let log = bench.hub.git(REGISTRY, &["log", "-2", "--format=%an %ae %B", "apply/acme-cloud"]);
        bench.hub.run("github-actions", &args).ok().code.unwrap();
        let end = bench.hub.git(REGISTRY, &["log", "-1", "--format=%an %ae %B", "apply/acme-cloud"]);
        let body = |typed: &str| crate::hub::sha256(typed.as_bytes());
        let all = (log + &end)
            .replace(&body(form), "$FIRST")
            .replace(&body(&form.replace("We run Karmada.", "We run Karmada well.")), "$SECOND");
        let all: String = all.lines().filter(|l| !l.starts_with("KP-Prev: ")).map(|l| format!("{l}\n")).collect();
        (all, comment)
    };
    let (english, comment) = written(FORM, "en");
    assert_eq!(written(FORM, "zh"), (english.clone(), comment.clone()));
    assert!(comment.contains("is proposed in"), "{comment}");
    for lang in ["en", "zh"] {
        let (chinese, comment) = written(CHINESE, lang);
        assert_eq!(chinese, english, "{lang}");
        assert!(comment.contains("的申请已在"), "{comment}");
    }
}
