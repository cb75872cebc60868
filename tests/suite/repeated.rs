//! A command that is run once more says in one way that nothing is left to do, and ends well; numbers, languages and names that a call is given.

use crate::env::{Output, TestEnv};

/// It is so already, and one word says that.
#[track_caller]
fn does_nothing(output: &Output) {
    assert!(output.code == Some(0) && output.stdout.starts_with("Nothing to do"), "{output}");
}

#[test]
fn every_command_is_repeated_with_one_word_and_exit_0() {
    let env = TestEnv::with_applicant();
    let twice = |args: &[&str]| {
        env.run(args).ok().code.unwrap();
        let before = env.git(&["for-each-ref"]);
        does_nothing(&env.run(args));
        assert_eq!(env.git(&["for-each-ref"]), before, "{args:?}");
    };
    twice(&["approve", "acme", "--as", "alice"]);
    twice(&["reject", "acme", "--reason", "no", "--as", "alice"]);
    env.decide("acme");
    // Decided with alice's vote by bob: what she asked for is so.
    does_nothing(&env.run(&["approve", "acme", "--as", "bob"]));
    does_nothing(&env.run(&["approve", "acme", "--as", "alice"]));
    twice(&["update", "acme", "--description", "Runs Karmada", "--as", "acme-bot"]);
    env.run(&["approve", "acme", "--as", "carol"]).ok().code.unwrap();
    twice(&["jobs", "add", "acme", "--title", "Engineer", "--link", "https://acme.example/1", "--as", "acme-bot"]);
    // What happened since in upkeep doesn't change what was decided.
    does_nothing(&env.run(&["approve", "acme", "--as", "carol"]));
    let jobs = env.run(&["jobs", "list", "acme", "--json"]).json();
    let number = jobs["jobs"][0]["number"].to_string();
    twice(&["jobs", "close", "acme", &number, "--as", "acme-bot"]);
    twice(&["renew", "acme", "--as", "acme-bot"]);
    let given = ["benefit", "add", "acme", "--kind", "early-disclosure", "--stage", "requested", "--description", "x"];
    twice(&[&given[..], &["--as", "bob"]].concat());
    let zoe = ["program", "propose", "--add-member", "zoe", "--affiliation", "Hooli", "--as"];
    twice(&[&zoe[..], &["alice"]].concat());
    twice(&["withdraw", "program", "--as", "alice"]);
    twice(&["exit", "acme", "--kind", "inactive", "--reason", "silent", "--as", "alice"]);
    env.run(&["exit", "acme", "--kind", "inactive", "--reason", "silent", "--as", "bob"]).ok().code.unwrap();
    does_nothing(&env.run(&["exit", "acme", "--kind", "inactive", "--reason", "silent", "--as", "alice"]));
    // What a partner did is nothing that who left could do again.
    for args in [["renew", "acme"].as_slice(), &given] {
        assert_eq!(env.run(&[args, &["--as", "bob"]].concat()).code, Some(1), "{args:?}");
    }
    // But its post may be closed still, and is.
    does_nothing(&env.run(&["jobs", "close", "acme", &number, "--as", "bob"]));
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn what_turns_something_down_is_counted_as_against_it_everywhere() {
    let env = TestEnv::with_applicant();
    let said = env.run(&["reject", "acme", "--reason", "no", "--as", "alice"]).ok();
    assert!(said.stdout.contains("Votes: 0 in favor, 1 against"), "{said}");
    assert!(said.stdout.contains("1 more against (1 of 2); votes against from 2 different"), "{said}");
    let status = env.run(&["status", "acme"]).ok();
    assert!(status.stdout.contains("Votes so far: 0 in favor, 1 against"), "{status}");
    let json = env.run(&["reject", "acme", "--reason", "no", "--as", "alice", "--json"]).ok().json();
    assert_eq!(
        (&json["in_favor"], &json["against"], &json["changed"]),
        (&0.into(), &1.into(), &false.into()),
        "{json}"
    );
    let decided = env.run(&["reject", "acme", "--reason", "no", "--as", "bob"]).ok();
    assert!(decided.stdout.contains("rejected; 0 in favor, 2 against"), "{decided}");
    assert!(env.git(&["log", "-1", "--format=%B", "main"]).contains("0 in favor, 2 against"));
}

#[test]
fn who_proposes_a_policy_votes_for_it_and_is_told_so() {
    let env = TestEnv::with_registry();
    let zoe = ["program", "propose", "--add-member", "zoe", "--affiliation", "Hooli", "--as", "alice"];
    let proposed = env.run(&zoe).ok();
    assert!(proposed.stdout.contains("Recorded: your vote in favor of it."), "{proposed}");
    let status = env.run(&["status", "program"]).ok();
    assert!(status.stdout.contains("1 in favor, 0 against"), "{status}");
    // Said again of other words, it is a vote on those.
    let again = ["program", "propose", "--retire", "carol", "--as", "alice"];
    env.run(&again).ok().code.unwrap();
    assert!(env.run(&["status", "program"]).ok().stdout.contains("1 in favor, 0 against"));
    env.run(&["approve", "program", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.events("program"), ["founded", "updated"]);
    let nothing = env.run(&["status", "program"]).ok();
    assert_eq!(nothing.stdout, "No change of the policy waits for a decision.\n");
    // Who turned their own proposal down isn't made to favor it by saying it again.
    env.run(&["program", "propose", "--retire", "zoe", "--as", "alice"]).ok().code.unwrap();
    env.run(&["reject", "program", "--reason", "not yet", "--as", "alice"]).ok().code.unwrap();
    env.run(&["program", "propose", "--retire", "zoe", "--as", "alice"]).ok().code.unwrap();
    assert!(env.run(&["status", "program"]).ok().stdout.contains("0 in favor, 1 against"));
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn what_is_no_number_is_said_to_be_none() {
    let env = TestEnv::with_partner();
    let none = "it isn't a whole number";
    for (args, flag, why) in [
        (["jobs", "close", "acme", "one"].as_slice(), "[NUMBER]", none),
        (&["list", "--due", "soon"], "--due [<DAYS>]", none),
        (&["batch", "x.csv", "--threads", "many"], "--threads <N>", none),
        (&["check", "--pull-request", "last"], "--pull-request <NUMBER>", "it isn't the number of"),
    ] {
        let refused = env.run(args).fails(2);
        assert!(refused.stderr.contains(why), "{refused}");
        assert!(refused.stderr.contains(flag) && !refused.stderr.contains("digit"), "{refused}");
        // A batch's documents are of its rows.
        if args[0] != "batch" {
            let document = env.run(&[args, &["--json"]].concat()).fails(2);
            assert!(document.to_string().contains(why), "{document}");
        }
    }
}

/// What is for English readers and in Chinese is taken, and said.
#[test]
fn a_line_in_the_other_language_is_remarked() {
    let env = TestEnv::with_partner();
    let update = |flag: &str, line: &str| env.run(&["update", "acme", flag, line, "--as", "acme-bot"]).ok().stderr;
    assert!(update("--description", "为您运行 Karmada 集群").contains("the line in English is in Chinese"));
    assert!(update("--description-zh", "We run Karmada").contains("there is no Chinese in the line in Chinese"));
    assert!(!update("--description", "We run Karmada for 华为云").contains("is in Chinese"));
    assert!(!update("--description-zh", "为您运行 Karmada").contains("no Chinese"));
    assert!(
        update("--name-zh", "www.acme.example").contains("there is no Chinese in the name in Chinese; leave it out")
    );
    assert!(!update("--name-zh", "Acme 云").contains("no Chinese"));
}

#[test]
fn a_language_is_named_as_people_name_it() {
    let env = TestEnv::with_partner();
    for name in ["zh", "zh-CN", "ZH", "zh_CN", "zh-Hans", "zh_CN.UTF-8", "中文", "简体中文", "Chinese"] {
        let shown = env.run(&["status", "acme", "--lang", name]).ok();
        assert!(shown.stdout.contains("合作伙伴"), "{name}: {shown}");
        let help = env.run(&["--lang", name, "status", "--help"]).ok();
        assert!(help.stdout.contains("短名称"), "{name}: {help}");
    }
    for name in ["en", "en-US", "English", "英文"] {
        assert!(env.run(&["status", "acme", "--lang", name]).ok().stdout.contains("partner since"), "{name}");
    }
    env.run(&["status", "--lang", "klingon"]).fails(2).code.unwrap();
}
