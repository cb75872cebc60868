//! Forms as people fill them in, and what else happens to their issues, as a workflow takes them.

use serde_json::Value;

use crate::env::some;
use crate::github_issues::{Bench, FORM, number_of};
use crate::hub::REGISTRY;

/// Karmada's own form, from before there was anything to agree to.
const OLD: &str = "### Org or company name\n\n[Acme Cloud](https://acme.example)\n\n### Org or company description\n\n\
    <!-- tell us -->**We** run Karmada.\n\n### What we also do\n\nConsulting.\n\n### Org or company Website\n\n\
    See <https://acme.example/karmada>。\n\n### Org or company logo\n\n\
    <img width=\"300\" alt=\"logo\" src=\"https://acme.example/logo.png\" />\n\n### Contact me\n\n\
    GitHub：jane，邮箱：karmada@acme.example\n";

/// Nobody agreed to be named as its author: the commit is the workflow's, on behalf.
#[test]
fn an_old_form_is_committed_on_behalf_with_all_that_stands_around_answers_left_out() {
    let bench = Bench::new();
    let number = bench.open("jane", &OLD.replace('\n', "\r\n"));
    let told = bench.outcome(number);
    assert_eq!(told["outcome"], "proposed", "{told}");
    let record = bench.record();
    for line in [
        "name = \"Acme Cloud\"",
        "website = \"https://acme.example/karmada\"",
        "github = \"jane\"",
        "email = \"karmada@acme.example\"",
    ] {
        assert!(record.contains(line), "{line} isn't in {record}");
    }
    let comment = &bench.comments(number)[0];
    for words in ["name: left out a link to", "description: left out a comment, Markdown", "Website: only the address"]
    {
        assert!(comment.contains(words), "{words} isn't in {comment}");
    }
    let commit = bench.hub.git(REGISTRY, &["log", "-1", "--format=%an %cn%n%B", "apply/acme-cloud"]);
    assert!(commit.starts_with("github-actions[bot] github-actions[bot]\n"), "{commit}");
    assert!(
        commit.contains("Signed-off-by: github-actions[bot] <") && !commit.contains("Signed-off-by: jane"),
        "{commit}"
    );
    let pull = bench.hub.threads().len().to_string();
    bench.hub.run("alice", &["check", "--pull-request", &pull]).ok().code.unwrap();
    bench.hub.github.assert_clean();
}

#[test]
fn a_long_description_is_shortened_and_a_better_one_is_asked_for() {
    let bench = Bench::new();
    let long = "We run Karmada for banks and for others who can't go down. ".repeat(12);
    let number = bench.proposed("jane", &FORM.replace("We run Karmada.", &long));
    let comment = &bench.comments(number)[0];
    assert!(
        comment.contains("description: shortened from ") && comment.contains("a better one is welcome"),
        "{comment}"
    );
    assert!(bench.record().contains("who can't go down.\""), "{}", bench.record());
    bench.edit(number, "jane", &FORM.replace("We run Karmada.", "We run it for banks."));
    assert_eq!(bench.outcome(number)["outcome"], "amended");
    assert!(!bench.comments(number)[0].contains("shortened"), "{:?}", bench.comments(number));
}

/// Whoever takes an application back and thinks better of it opens the issue again.
#[test]
fn an_issue_that_its_author_opens_again_applies_again() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    bench.outcome(number);
    bench.hub.github.close_issue(REGISTRY, number, "jane");
    assert_eq!(bench.outcome(number)["outcome"], "withdrawn");
    let again = bench.outcome(number);
    assert_ne!(again["outcome"], "proposed", "{again}");
    bench.hub.github.reopen(REGISTRY, number, "jane");
    let told = bench.outcome(number);
    assert_eq!(told["outcome"], "proposed", "{told}\n{:?}", bench.comments(number));
    bench.hub.run("bob", &["list", "--proposals"]).ok().code.unwrap();
    let pull = bench.hub.threads().len().to_string();
    bench.hub.run("alice", &["check", "--pull-request", &pull]).ok().code.unwrap();
}

/// It is closed, and its one comment leads to the reason.
#[test]
fn a_rejection_is_told_on_the_issue_and_closes_it() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    bench.outcome(number);
    let reject = ["reject", "acme-cloud", "--reason", "The page doesn't mention Karmada."];
    for member in ["alice", "bob"] {
        bench.hub.run(member, &reject).ok().code.unwrap();
    }
    let threads = bench.hub.threads();
    let issue = threads.iter().find(|t| t["number"] == number).unwrap();
    assert_eq!(issue["state"], "CLOSED", "{issue}");
    let pull = threads.iter().find(|t| t["number"] != number).unwrap()["number"].as_u64().unwrap();
    assert!(bench.comments(pull).iter().any(|c| c.contains("doesn't mention Karmada")), "{:?}", bench.comments(pull));
    let told = bench.outcome(number);
    assert_eq!(told["outcome"], "decided", "{told}");
    assert!(
        bench.comments(number)[0]
            .contains(&format!("isn't taken; https://github.example/karmada/partners/pull/{pull} says why")),
        "{:?}",
        bench.comments(number)
    );
    bench.hub.run("alice", &["audit"]).ok().code.unwrap();
    bench.hub.github.assert_clean();
}

/// Whoever writes the pull request's text over doesn't cut its issue off.
#[test]
fn the_issue_is_closed_by_what_the_log_says_of_it() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    bench.outcome(number);
    let pull = bench.hub.threads().iter().find(|t| t["number"] != number).unwrap()["number"].as_u64().unwrap();
    bench.hub.github.edit(REGISTRY, pull, "alice", None, Some("Looks nice."));
    bench.hub.decide("acme-cloud");
    let threads = bench.hub.threads();
    let issue = threads.iter().find(|t| t["number"] == number).unwrap();
    assert_eq!(issue["state"], "CLOSED", "{issue}");
    assert_eq!(bench.outcome(number)["outcome"], "decided");
}

/// What nobody means to say is told, and what can only mean one thing is taken so.
#[test]
fn wrong_answers_are_taken_for_what_they_can_only_mean_or_asked_about() {
    let fake = "We.\n\n## Org or company Website\n\nhttps://evil.example\n\n### Contact me\n\n@mallory";
    for (typed, instead, outcome, told) in some(
        10,
        [
            ("Acme Cloud", "@karmada-io/all fixes #1 <img src=x>", "proposed", "name = \"@karmada-io/all fixes #1\""),
            ("Acme Cloud", "[](https://x.example)", "faulty", "it is missing"),
            ("Acme Cloud", "https://acme.example", "faulty", "there is a web address in it"),
            ("Acme Cloud", "| Acme Cloud |\n|---|", "proposed", "name = \"Acme Cloud\""),
            ("Acme Cloud", "Acme\u{202e}\nCloud", "proposed", "name = \"Acme Cloud\""),
            ("We run Karmada.", fake, "proposed", "website = \"https://acme.example/karmada\""),
            ("We run Karmada.", "N/A", "proposed", "`Org or company description: “N/A” was read as no answer`"),
            (
                "https://acme.example/karmada",
                "acme.example/karmada",
                "proposed",
                "website = \"https://acme.example/karmada\"",
            ),
            ("https://acme.example/karmada", "javascript:alert(1)", "faulty", "only http and https addresses"),
            (
                "https://acme.example/karmada",
                "https://xn--fsqu00a.xn--fiqs8s/karmada",
                "proposed",
                "`Org or company Website: people read its host as 例子.中国 (xn--fsqu00a.xn--fiqs8s)`",
            ),
            ("We run Karmada.", "我们运维 Karmada。", "proposed", "description: the line in English is in Chinese"),
            ("https://acme.example/karmada", "https://10.0.0.1/", "faulty", "a bare IP address"),
            (
                "https://acme.example/karmada",
                "[us][1]\n\n[1]: https://acme.example/k",
                "proposed",
                "website = \"https://acme.example/k\"",
            ),
            (
                "https://acme.example/karmada",
                "[Acme](acme.example/karmada)",
                "proposed",
                "website = \"https://acme.example/karmada\"",
            ),
            ("karmada@acme.example", "@bob", "proposed", "the contact is bob, and not whoever wrote the issue"),
            ("Technical support", "- Technical support\n- 培训", "proposed", "services = [\"support\", \"training\"]"),
            ("Technical support", "everything", "faulty", "not among what can be chosen: “everything”"),
            ("English", "中文，英文、Deutsch", "proposed", "languages = [\"zh\", \"en\", \"de\"]"),
            ("karmada@acme.example", "+49 30 1234567", "proposed", "no GitHub ID and no e-mail was found in it"),
            ("karmada@acme.example", "@nobody-here", "faulty", "nobody on GitHub has the ID nobody-here"),
            ("English", "Englisch", "faulty", "did you mean English?"),
            (
                "karmada@acme.example",
                "@jane, karmada (at) acme.example",
                "proposed",
                "email = \"karmada@acme.example\"",
            ),
            ("Acme Cloud", "[](https://x.example)", "faulty", "fill in the box “Org or company name”"),
            ("- [x] ", "* [X] ", "proposed", "name = \"Acme Cloud\""),
            ("- [x] I may", "- [ ] I may", "faulty", "a box isn't ticked: I may speak for this organization."),
            (
                "- [x] I agree",
                "- [ ] I agree",
                "faulty",
                "a box isn't ticked: I agree to the Developer Certificate of Origin",
            ),
            ("We run Karmada.", "We run our customers&#39; Karmada.", "proposed", "We run our customers' Karmada."),
            ("### Org or company name", "###\u{a0}Org or company name：", "proposed", "name = \"Acme Cloud\""),
            ("### Name in Chinese\n\n_No response_", "### Name in Chinese\n\n无", "proposed", "name = \"Acme Cloud\""),
        ],
    ) {
        let bench = Bench::new();
        let number = bench.open("jane", &FORM.replace(typed, instead));
        let found = bench.outcome(number);
        assert_eq!(found["outcome"], outcome, "{instead}: {found}");
        let comments = bench.comments(number);
        let record = match found["partner"].as_str().filter(|_| outcome == "proposed") {
            Some(slug) => {
                bench.hub.git(REGISTRY, &["show", &format!("apply/{slug}:data/partners/{slug}/partner.toml")])
            }
            None => String::new(),
        };
        assert!(format!("{record}{comments:?}").contains(told), "{instead}: {record}{comments:?}");
        assert!(!record.contains("name_zh") && !record.contains("github = \"mallory"), "{record}");
        // Nothing of it acts in the comment: all of it stands as code.
        let seen: String = comments.concat().split('`').step_by(2).collect();
        assert!(comments.len() == 1 && !seen.contains(['@', '#']) && !seen.contains("<img"), "{comments:?}");
        bench.hub.github.assert_clean();
    }
}

/// Whoever may not be asked, or isn't where a logo can be, is told what the form takes.
#[test]
fn a_logo_by_a_wrong_address_is_asked_for_as_the_form_takes_it() {
    let bench = Bench::new();
    for (logo, why) in [
        ("http://acme.example/l.png", "only https addresses are fetched"),
        ("https://127.0.0.1/l.png", "not on the internet"),
        ("https://localhost/l.png", "not on the internet"),
        ("file:///etc/passwd", "no web address stands there"),
        ("/etc/passwd", "no web address stands there"),
        ("n/a", "it is missing"),
        ("https://a.example/1.png https://b.example/2.png", "several addresses stand there"),
    ] {
        let number = bench.open("jane", &FORM.replace("soon", logo));
        let args = ["import", "issue", "--number", &number.to_string(), "--json"];
        let told = bench.hub.run("github-actions", &args).ok().json();
        let fault = &told["faults"][0];
        assert!(fault["why"].as_str().unwrap().contains(why), "{logo}: {told}");
        assert!(!fault["hint"].as_str().unwrap().contains("machine"), "{logo}: {told}");
        bench.hub.github.close_issue(REGISTRY, number, "jane");
    }
}

/// Where nothing can be reached from the machine that reads it, nothing is wrong with what the applicant wrote.
#[test]
fn a_machine_that_is_cut_off_is_no_fault_of_a_form() {
    let bench = Bench::new();
    let number = bench.open("jane", &FORM.replace("soon", "https://github.com/user-attachments/assets/1.png"));
    let args = ["import", "issue", "--number", &number.to_string(), "--json", "--yes"];
    let env = &bench.hub.env;
    let run = || env.output(bench.hub.command("github-actions", &args).env("HTTPS_PROXY", "http://127.0.0.1:9"));
    let told = run().fails(5);
    assert!(told.to_string().contains("so it may be this machine"), "{told}");
    assert!(bench.comments(number).is_empty(), "{told}");
}

/// The newer of two forms goes on once the older is closed, under its own number.
#[test]
fn the_second_of_two_forms_takes_the_place_of_the_first() {
    let bench = Bench::new();
    let first = bench.open("jane", FORM);
    let second = bench.open("jane", &FORM.replace("We run Karmada.", "We run it well."));
    assert_eq!(bench.outcome(first)["outcome"], "proposed");
    let told = bench.outcome(second);
    assert!(told["outcome"] == "faulty" && told.to_string().contains("and then edit the other"), "{told}");
    bench.hub.github.close_issue(REGISTRY, first, "jane");
    assert_eq!(bench.outcome(first)["outcome"], "withdrawn");
    let told = bench.outcome(second);
    assert_eq!(told["outcome"], "proposed", "{told}");
    let pull = usize::try_from(number_of(&told)).unwrap();
    let body = bench.hub.body(pull);
    assert!(body.contains(&format!("Fixes #{second}")) && !body.contains(&format!("Fixes #{first}")), "{body}");
    bench.hub.github.clear_traffic();
    assert_eq!(bench.outcome(second)["outcome"], "unchanged");
    assert_eq!(bench.hub.operations().len(), 3);
    bench.hub.decide("acme-cloud");
    let state = |number| bench.hub.threads()[usize::try_from(number).unwrap() - 1]["state"].clone();
    assert_eq!((state(first), state(second)), ("CLOSED".into(), "CLOSED".into()));
    bench.hub.run("alice", &["audit"]).ok().code.unwrap();
}

/// What is decided stays so, whatever is typed, opened or closed afterwards; and a new form is told the one thing that helps.
#[test]
fn what_is_decided_is_not_asked_for_again() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    bench.outcome(number);
    bench.hub.decide("acme-cloud");
    assert_eq!(bench.outcome(number)["outcome"], "decided");
    bench.edit(number, "jane", &FORM.replace("We run Karmada.", "We run it."));
    bench.hub.github.reopen(REGISTRY, number, "jane");
    for closed in [false, true] {
        if closed {
            bench.hub.github.close_issue(REGISTRY, number, "jane");
        }
        let before = bench.hub.github.dump();
        bench.hub.github.clear_traffic();
        assert_eq!(bench.outcome(number)["outcome"], "decided");
        assert_eq!(bench.hub.operations(), ["graphql:Registry", "graphql:Issue", "graphql:Partner"]);
        assert_eq!(bench.hub.github.dump(), before);
    }
    bench.hub.run("jane", &["update", "acme-cloud", "--description", "We."]).ok().code.unwrap();
    let told = bench.outcome(bench.open("erin", FORM));
    let whys: Vec<&Value> = told["faults"].as_array().unwrap().iter().map(|f| &f["why"]).collect();
    assert_eq!(whys, ["acme-cloud is a partner already"], "{told}");
}

/// Whoever proposes for it, GitHub is asked once who that is.
#[test]
fn a_member_asks_no_question_twice() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM).to_string();
    bench.hub.github.fork(REGISTRY, "alice", None);
    let import = ["import", "issue", "--number", &number, "--logo", "logo.png"];
    bench.hub.github.clear_traffic();
    bench.hub.run("alice", &[&import[..], &["--dry-run"]].concat()).ok().code.unwrap();
    assert_eq!(bench.hub.operations(), ["graphql:Waiting", "graphql:Issue"]);
    bench.hub.run("alice", &import).ok().code.unwrap();
    let before = bench.hub.github.dump();
    bench.hub.github.clear_traffic();
    let again = bench.hub.run("alice", &import).ok();
    assert!(again.stdout.contains("waits already"), "{again}");
    assert_eq!(bench.hub.operations(), ["graphql:Waiting", "graphql:Reviews", "graphql:Issue"]);
    assert_eq!(bench.hub.github.dump(), before);
}

/// Older servers' tokens don't tell whether a workflow has them.
#[test]
fn a_workflow_is_known_by_its_account_where_its_token_doesnt_tell() {
    let mut bench = Bench::new();
    let number = bench.open("jane", FORM);
    let token = bench.hub.github.actions_token(REGISTRY);
    let plain = bench.hub.github.without_prefix(&token);
    bench.hub.add_token("github-actions", plain);
    assert_eq!(bench.outcome(number)["outcome"], "proposed");
    assert!(bench.comments(number)[0].contains("is proposed in"), "{:?}", bench.comments(number));
    bench.hub.github.assert_clean();
}

/// A conversation that is locked holds nothing up; and no bot takes anything back.
#[test]
fn a_form_that_is_locked_is_read_and_no_bot_takes_it_back() {
    let bench = Bench::new();
    let _ = bench.hub.github.app_token("partner-helper", &[REGISTRY]);
    let number = bench.open("jane", FORM);
    bench.hub.github.lock(REGISTRY, number, true);
    assert_eq!(bench.outcome(number)["outcome"], "proposed");
    bench.hub.github.lock(REGISTRY, number, false);
    assert_eq!(bench.outcome(number)["outcome"], "unchanged");
    assert_eq!(bench.comments(number).len(), 1);
    // Who tidies up, with a button or as a bot, takes nothing back.
    bench.hub.github.grant(REGISTRY, "partner-helper", github_double::Permission::Write);
    bench.hub.github.close_issue(REGISTRY, number, "partner-helper");
    assert_eq!(bench.outcome(number)["outcome"], "closed");
    let told = &bench.comments(number)[0];
    assert!(told.contains("`partner-helper[bot]` closed this issue. That takes nothing back"), "{told}");
    bench.hub.github.reopen(REGISTRY, number, "alice");
    assert_eq!(bench.outcome(number)["outcome"], "unchanged");
    bench.hub.github.assert_clean();
}

/// A form from before there were these boxes gets them where they are wanted.
#[test]
fn an_update_brings_boxes_that_the_form_lacked() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    bench.outcome(number);
    let update = ["update", "acme-cloud", "--office", "Berlin, Germany", "--office", "上海", "--certified", "12"];
    bench.hub.run("jane", &[&update[..], &["--hours", "business-hours"]].concat()).ok().code.unwrap();
    assert_eq!(bench.outcome(number)["outcome"], "amended");
    let record = bench.record();
    for line in ["offices = [\"Berlin, Germany\", \"上海\"]", "certified = 12", "hours = [\"business-hours\"]"] {
        assert!(record.contains(line), "{line} isn't in {record}");
    }
    bench.hub.github.assert_clean();
}

/// Punctuation as Chinese has it, in each box.
#[test]
fn a_chinese_form_is_read_with_its_own_punctuation() {
    let zh = "### 组织或公司名称\n\n【青云科技】\n\n\
    ### 中文名称\n\n青云\n\n\
    ### 英文简介\n\n_No response_\n\n\
    ### 中文简介\n\n我们提供Karmada支持；欢迎联系！\n\n\
    ### 网站\n\n官网：https：//acme.example/karmada。\n\n\
    ### 标志\n\n![标志](https://acme.example/l.png)\n\n\
    ### 母公司\n\n（无）\n\n\
    ### 服务\n\n技术支持、培训；咨询\n\n\
    ### 地区\n\n中国，亚洲\n\n\
    ### 语言\n\n中文,英文\n\n\
    ### 支持时间\n\n7×24小时\n\n\
    ### 首次答复时间\n\n1小时内\n\n\
    ### 有人员的地方\n\n北京、上海；深圳\n\n\
    ### 客户案例\n\n案例：https://acme.example/story；\n\n\
    ### 持证人数\n\n约１２人\n\n\
    ### 联系方式\n\nGitHub：＠jane，邮箱：karmada＠acme.example\n\n\
    ### 确认\n\n- [x] 我知道这里填写的内容将会公开，并永久保留在无法删除的历史记录中。\n- [x] 我有权代表该组织。\n- [x] 我同意开发者原创声明（DCO，https://developercertificate.org）：包含这些内容的提交以我为作者，并以我的名义签署。\n";
    let bench = Bench::new();
    let number = bench.open("jane", zh);
    let told = bench.outcome(number);
    assert_eq!((&told["outcome"], &told["partner"]), (&"proposed".into(), &"acme".into()), "{told}");
    let record = bench.hub.git(REGISTRY, &["show", "apply/acme:data/partners/acme/partner.toml"]);
    snapbox::assert_data_eq!(
        record,
        snapbox::str![[r#"
schema = 1
github_id = 583222
name = "青云科技"
website = "https://acme.example/karmada"
github = "jane"
email = "karmada@acme.example"
description_zh = "我们提供Karmada支持；欢迎联系！"
name_zh = "青云"
services = ["support", "training", "consulting"]
regions = ["china", "asia"]
languages = ["zh", "en"]
hours = ["around-the-clock"]
response = ["1-hour"]
offices = ["北京", "上海", "深圳"]
story = "https://acme.example/story"
certified = 12

"#]]
    );
    let by = bench.hub.git(REGISTRY, &["log", "-1", "--format=%an", "apply/acme"]);
    assert_eq!(by.trim(), "jane", "whoever agreed to the DCO is the author");
}

/// Who administers the repository deleted the issue: its author can't close it any more, and is told who can end it.
#[test]
fn who_applied_by_an_issue_that_is_deleted_is_told_who_can_end_it() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    let pull = bench.outcome(number)["pull_request"].as_str().unwrap().to_owned();
    bench.hub.github.delete_issue(REGISTRY, number);
    for args in [&["withdraw", "acme-cloud"][..], &["update", "acme-cloud", "--description", "We."]] {
        let refused = bench.hub.run("jane", args).fails(3);
        assert!(refused.stderr.contains(&format!("the committee can reject it: {pull}")), "{refused}");
    }
    let again = bench.outcome(bench.open("jane", FORM));
    let hint = again["faults"][0]["hint"].as_str().unwrap();
    assert!(hint.contains(&format!("ask the committee to reject what it proposed: {pull}")), "{again}");
    for member in ["alice", "bob"] {
        bench.hub.run(member, &["reject", "acme-cloud", "--reason", "Its issue is gone."]).ok().code.unwrap();
    }
    assert_eq!(bench.outcome(number)["outcome"], "gone");
    bench.hub.run("alice", &["audit"]).ok().code.unwrap();
    bench.hub.github.assert_clean();
}

/// A maintainer pressed "Close pull request": that decides nothing, and is told on the issue by whatever runs first.
#[test]
fn a_pull_request_that_is_closed_by_button_is_told_on_the_issue_and_proposed_anew_by_an_edit_alone() {
    for by_announce in [true, false] {
        let bench = Bench::new();
        let number = bench.open("jane", FORM);
        let pull = number_of(&bench.outcome(number));
        bench.announce();
        bench.hub.github.close_pull(REGISTRY, pull, "alice");
        if by_announce {
            bench.announce();
        } else {
            assert_eq!(bench.outcome(number)["outcome"], "set-aside");
        }
        let comments = bench.comments(number);
        let told = format!("/pull/{pull}, in which this was proposed, was closed, and nothing was decided");
        assert!(comments.len() == 1 && comments[0].contains(&told), "{comments:?}");
        let before = bench.hub.threads();
        bench.hub.github.clear_traffic();
        let again = bench.outcome(number);
        assert_eq!((&again["outcome"], &again["pull_request"]), (&"set-aside".into(), &Value::Null), "{again}");
        assert!(bench.hub.operations().len() <= 3, "{:?}", bench.hub.operations());
        bench.announce();
        assert_eq!(
            bench.hub.threads()[usize::try_from(number).unwrap() - 1],
            before[usize::try_from(number).unwrap() - 1]
        );
        if by_announce {
            // Whoever closed it thinks better of it.
            bench.hub.github.reopen(REGISTRY, pull, "alice");
            assert_eq!(bench.outcome(number)["outcome"], "unchanged");
            assert!(bench.comments(number)[0].contains("where the committee decides"), "{:?}", bench.comments(number));
            bench.hub.github.close_pull(REGISTRY, pull, "alice");
            assert_eq!(bench.outcome(number)["outcome"], "set-aside");
        }
        bench.edit(number, "alice", &FORM.replace("We run Karmada.", "They run it."));
        assert_eq!(bench.outcome(number)["outcome"], "meddled");
        bench.edit(number, "jane", &FORM.replace("We run Karmada.", "We run it for banks."));
        let anew = bench.outcome(number);
        assert_eq!(anew["outcome"], "proposed", "{anew}");
        let new = number_of(&anew).to_string();
        bench.hub.run("alice", &["check", "--pull-request", &new]).ok().code.unwrap();
        bench.hub.github.assert_clean();
    }
}

/// Nothing happens to the second form by itself, so the run for the first looks at it.
#[test]
fn closing_the_first_of_two_forms_has_the_second_looked_at() {
    let bench = Bench::new();
    let first = bench.proposed("jane", FORM);
    let [second, third, _] = [("jane", "Acme Two"), ("jane", "Acme Three"), ("erin", "Globex")]
        .map(|(who, name)| bench.open(who, &FORM.replace("Acme Cloud", name)));
    for number in [second, third] {
        assert!(bench.outcome(number).to_string().contains("you have another form open"));
    }
    bench.hub.github.clear_traffic();
    assert_eq!(bench.outcome(first)["next"], Value::Null);
    bench.hub.github.close_issue(REGISTRY, first, "jane");
    let told = bench.outcome(first);
    assert_eq!((&told["outcome"], &told["next"]["number"]), (&"withdrawn".into(), &second.into()), "{told}");
    let whys: Vec<&Value> = told["next"]["faults"].as_array().unwrap().iter().map(|f| &f["about"]).collect();
    // A flag is for the one issue, so that this has no logo.
    assert_eq!(whys, ["Org or company logo"], "{told}");
    assert!(!bench.comments(second)[0].contains("another form"), "{:?}", bench.comments(second));
    assert!(bench.comments(third)[0].contains("another form"), "{:?}", bench.comments(third));
    // What was never proposed holds up the next just so.
    bench.hub.github.close_issue(REGISTRY, second, "jane");
    bench.hub.github.clear_traffic();
    let told = bench.outcome(second);
    assert_eq!((&told["outcome"], &told["next"]["number"]), (&"closed".into(), &third.into()), "{told}");
    assert!(bench.hub.operations().len() <= 8, "{:?}", bench.hub.operations());
    bench.hub.github.assert_clean();
}

/// Each box that can't be taken says what would do in it, in the language of the form.
#[test]
fn every_fault_of_a_box_has_an_example() {
    let english = FORM
        .replace("Acme Cloud", "https://acme.example")
        .replace("https://acme.example/karmada", "https://10.0.0.1/")
        .replace("Technical support", "everything")
        .replace("English", "Klingon")
        .replace("karmada@acme.example", "@one or @two")
        .replace("- [x] I may", "- [ ] I may");
    let chinese = "### 组织或公司名称\n\nhttps://acme.example\n\n### 网站\n\nhttps://10.0.0.1/\n\n### 服务\n\n全部\n\n\
        ### 持证人数\n\n很多\n\n### 联系方式\n\n@one @two\n\n### 确认\n\n_No response_\n";
    for (form, says, service) in
        [(english.as_str(), " For example: ", "Technical support"), (chinese, "例如：", "技术支持")]
    {
        let bench = Bench::new();
        let number = bench.open("jane", form);
        let told = bench.outcome(number);
        let faults = told["faults"].as_array().unwrap();
        assert!(told["outcome"] == "faulty" && faults.len() >= 6, "{told}");
        assert!(faults.iter().all(|fault| fault["example"].is_string()), "{told}");
        let comment = &bench.comments(number)[0];
        assert_eq!(comment.matches(&format!("{says}`")).count(), faults.len(), "{comment}");
        assert!(comment.contains(&format!("{says}`{service}`")), "{comment}");
        // Of a box to tick, it is that box.
        let unticked = faults.iter().filter(|fault| fault["example"].as_str().unwrap().starts_with("- [x]"));
        for fault in unticked {
            let words = fault["example"].as_str().unwrap().trim_start_matches("- [x] ");
            assert!(fault["why"].as_str().unwrap().contains(words), "{fault}");
        }
    }
}

/// Whoever typed the headings anew is understood; what only looks like one is told to be text.
#[test]
fn headings_at_another_level_are_taken_and_those_that_are_too_many_are_told() {
    let bench = Bench::new();
    let dressed = FORM.replace("### Org or company Website", "## **Org or company Website:**");
    let number = bench.proposed("jane", &dressed.replace("### Contact me", "#### Contact me"));
    assert!(bench.record().contains("website = \"https://acme.example/karmada\""), "{}", bench.record());
    assert!(!bench.comments(number)[0].contains("headings:"), "{:?}", bench.comments(number));
    bench.edit(number, "jane", &FORM.replace("We run Karmada.", "We run it.\n\n**Contact me**"));
    assert_eq!(bench.outcome(number)["outcome"], "amended");
    let told = "`“**Contact me**” was read as words of an answer, and not as a heading of the form`";
    assert!(bench.comments(number)[0].contains(told), "{:?}", bench.comments(number));
}

/// Whoever edits a form may take anything away, or bring anything along: nothing is agreed to by that, and no comment is too long.
#[test]
fn a_form_with_parts_taken_away_or_far_too_much_in_it_is_answered() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM.split("### Agreement").next().unwrap());
    let told = bench.outcome(number);
    assert_eq!(told["outcome"], "faulty", "{told}");
    let faults = told["faults"].as_array().unwrap();
    assert!(faults.len() == 3 && faults.iter().all(|f| f["about"] == "Agreement"), "{told}");
    let links: String = (0..300).map(|n| format!("[x](https://acme.example/{n}) ")).collect();
    let boxes: String = (0..2_000).map(|n| format!("\n**Services**\n## Regions {n}\n")).collect();
    for typed in [links, boxes.chars().take(15_000).collect()] {
        bench.edit(number, "jane", &FORM.replace("We run Karmada.", &format!("We run it. {typed}")));
        let told = bench.outcome(number);
        assert!(["proposed", "amended", "unchanged"].contains(&told["outcome"].as_str().unwrap()), "{told}");
        let comments = bench.comments(number);
        assert!(comments.len() == 1 && comments[0].len() < 8_000, "{}", comments[0].len());
    }
    bench.hub.github.assert_clean();
}

/// GitHub closes and locks an issue that somebody makes a discussion; on other servers it is gone.
#[test]
fn an_issue_that_became_a_discussion_takes_nothing_back() {
    for gone in [false, true] {
        let bench = Bench::new();
        let number = bench.proposed("jane", FORM);
        if gone {
            bench.hub.github.delete_issue(REGISTRY, number);
        } else {
            bench.hub.github.close_issue(REGISTRY, number, "alice");
            bench.hub.github.lock(REGISTRY, number, true);
        }
        assert_eq!(bench.outcome(number)["outcome"], if gone { "gone" } else { "closed" });
        bench.hub.decide("acme-cloud");
        assert_eq!(bench.outcome(number)["outcome"], if gone { "gone" } else { "decided" });
        bench.hub.run("alice", &["audit"]).ok().code.unwrap();
        bench.hub.github.assert_clean();
    }
}

/// The account is the same one, by its number.
#[test]
fn whoever_gets_another_login_goes_on_with_the_form() {
    let bench = Bench::new();
    let number = bench.proposed("jane", FORM);
    bench.hub.github.rename_user("jane", "jane-doe");
    assert_eq!(bench.outcome(number)["outcome"], "unchanged");
    bench.edit(number, "jane-doe", &FORM.replace("We run Karmada.", "We run it."));
    let told = bench.outcome(number);
    assert_eq!(told["outcome"], "amended", "{told}\n{:?}", bench.comments(number));
    assert!(bench.record().contains("github = \"jane-doe\""), "{}", bench.record());
    let pull = number_of(&told).to_string();
    bench.hub.run("alice", &["check", "--pull-request", &pull]).ok().code.unwrap();
    bench.hub.github.close_issue(REGISTRY, number, "jane-doe");
    assert_eq!(bench.outcome(number)["outcome"], "withdrawn");
    bench.hub.github.assert_clean();
}

/// Most of what is open where a registry is also somebody's project is no form: the list tells enough of that.
#[test]
fn issues_that_are_no_forms_are_not_asked_about() {
    let bench = Bench::new();
    for n in 0..30 {
        bench.open("erin", &format!("It doesn't build, {n}.\n\n### What happened?\n\nx"));
    }
    let form = bench.open("jane", FORM);
    let taken_away = bench.open("erin", &FORM.replace("Acme Cloud", "Globex").replace("- [x] I may", "- [ ] I may"));
    assert_eq!(bench.outcome(taken_away)["outcome"], "faulty");
    bench.edit(taken_away, "erin", "Never mind.");
    bench.hub.github.clear_traffic();
    let args = ["import", "issue", "--all-open", "--logo", "logo.png", "--json"];
    let all = bench.hub.run("github-actions", &args).ok().json();
    let word = |number: u64| {
        let all = all["issues"].as_array().unwrap();
        all.iter().find(|issue| issue["number"] == number).unwrap()["outcome"].clone()
    };
    assert_eq!((word(1), word(form), word(taken_away)), ("other".into(), "proposed".into(), "faulty".into()), "{all}");
    let asked = bench.hub.operations().iter().filter(|asked| *asked == "graphql:Issue").count();
    assert_eq!(asked, 2, "{:?}", bench.hub.operations());
}
