//! benefit, jobs, renew, contacts, stats: what happens while somebody is a partner.

use base64::Engine as _;

use crate::env::TestEnv;
use crate::terminal::Terminal;

#[test]
fn a_partner_posts_jobs_and_they_are_open_until_they_are_closed_or_over() {
    let env = TestEnv::with_partner();
    let add = |title: &str, more: &[&str]| {
        let mut words = vec!["jobs", "add", "acme", "--title", title, "--as", "acme-bot"];
        words.extend(more);
        env.run(&words)
    };
    snapbox::assert_data_eq!(
        add("Karmada engineer", &["--place", "Milan", "--link", "https://acme.example/jobs", "--closes", "2026-12-31"])
            .ok()
            .stdout,
        snapbox::str![[r#"
Recorded: Acme posts a job: Karmada engineer.
Commit: [COMMIT]

"#]]
    );
    assert!(
        add("Karmada engineer", &["--place", "Milan", "--link", "https://acme.example/jobs", "--closes", "2026-12-31"])
            .ok()
            .stdout
            .starts_with("Nothing to do")
    );
    // The last day still counts.
    add("Trainer", &["--closes", "2026-09-21"]).ok().code.unwrap();
    add("Writer", &[]).ok().code.unwrap();
    env.run(&["jobs", "close", "acme", "5", "--as", "acme-bot"]).ok().code.unwrap();
    assert!(env.run(&["jobs", "close", "acme", "5", "--as", "acme-bot"]).ok().stdout.starts_with("Nothing to do"));
    snapbox::assert_data_eq!(
        env.run(&["jobs", "list"]).ok().stdout,
        snapbox::str![[r#"
NO  PARTNER  TITLE             PLACE  STATE                  LINK
3   acme     Karmada engineer  Milan  open until 2026-12-31  https://acme.example/jobs
4   acme     Trainer                  open until 2026-09-21

"#]]
    );
    let open = env.run_at(1_790_086_400, &["jobs", "list", "--json"]).json();
    assert_eq!(open["jobs"].as_array().unwrap().len(), 1, "{open:#}");
    assert_eq!(env.run(&["jobs", "list", "acme", "--all", "--json"]).json()["jobs"].as_array().unwrap().len(), 3);

    let refused = |words: &[&str]| env.run(words);
    assert_eq!(refused(&["jobs", "close", "acme", "1", "--as", "acme-bot"]).code, Some(3));
    assert_eq!(refused(&["jobs", "add", "acme", "--title", "X", "--as", "mallory"]).code, Some(4));
    assert_eq!(refused(&["jobs", "add", "acme", "--title", "X", "--closes", "2026-01-01"]).code, Some(2));
    assert_eq!(refused(&["jobs", "add", "acme", "--title", "X", "--link", "javascript:alert(1)"]).code, Some(2));
    assert_eq!(refused(&["jobs", "add", "acme", "--title", &"x".repeat(121)]).code, Some(2));
    assert_eq!(refused(&["jobs", "add", "nobody", "--title", "X"]).code, Some(3));
    assert_eq!(env.problems(), [""; 0]);
    env.audit().is_clean();
}

/// Until its day a partner is one wherever that is read.
#[test]
fn who_leaves_later_keeps_its_jobs_and_its_place_on_lists_until_the_day() {
    let env = TestEnv::with_partner();
    env.run(&["jobs", "add", "acme", "--title", "Engineer", "--as", "alice"]).ok().code.unwrap();
    for member in ["alice", "bob"] {
        let leave =
            ["exit", "acme", "--kind", "voluntary", "--effective", "2026-12-31", "--reason", "r", "--as", member];
        env.run(&leave).ok().code.unwrap();
    }
    assert_eq!(env.state("acme"), "exited");
    let december_30: i64 = 1_798_588_800;
    let add = env.run(&["jobs", "add", "acme", "--title", "Writer", "--as", "acme-bot"]).fails(1);
    assert!(add.stderr.contains("acme can't post a job: that it leaves on 2026-12-31 is decided"), "{add}");
    for (at, is) in [(december_30, true), (december_30 + 86_400, false)] {
        let run = |args: &[&str]| env.run_at(at, args).ok();
        assert_eq!(run(&["jobs", "list"]).stdout.contains("Engineer"), is);
        assert_eq!(run(&["jobs", "list", "--all", "--json"]).json()["jobs"][0]["open"], is);
        assert_eq!(run(&["contacts", "--for", "opportunity"]).stdout.contains("acme"), is);
        assert_eq!(run(&["render", "directory", "--out", "dir"]).code, Some(0));
        assert_eq!(env.read("dir/jobs/index.html").contains("Engineer"), is);
    }
    let all = env.run_at(december_30 + 86_400, &["jobs", "list", "--all"]).ok().stdout;
    assert!(all.contains("closed 2026-12-31"), "{all}");
    let over = env.run_at(december_30 + 86_400, &["jobs", "close", "acme", "3", "--as", "alice"]).ok().stdout;
    assert!(over.contains("Nothing to do: job post 3 of acme is closed since 2026-12-31"), "{over}");
    let told = env.run_at(december_30 + 86_400, &["jobs", "close", "acme", "3", "--as", "alice", "--json"]).ok().json();
    let told = [&told["event"], &told["seq"], &told["changed"]].map(ToString::to_string);
    assert_eq!(told, ["\"closed\"", "null", "false"]);
    // Until then a post may be filled.
    env.run(&["jobs", "close", "acme", "3", "--as", "acme-bot"]).ok().code.unwrap();
    assert_eq!(env.run(&["jobs", "list", "--json"]).json()["jobs"], serde_json::json!([]));
    assert_eq!(env.problems(), [""; 0]);
    env.audit().is_clean();
}

#[test]
fn who_left_has_no_jobs_and_gets_no_benefits() {
    let env = TestEnv::with_partner();
    env.run(&["jobs", "add", "acme", "--title", "Engineer", "--as", "alice"]).ok().code.unwrap();
    let early = |stage: &str, more: &[&str]| {
        let mut words = vec![
            "benefit",
            "add",
            "acme",
            "--kind",
            "early-disclosure",
            "--stage",
            stage,
            "--what",
            "the distributors list",
            "--as",
            "alice",
        ];
        words.extend(more);
        env.run(&words)
    };
    early("requested", &[]).ok().code.unwrap();
    // What can't be is refused before anything is asked.
    let before = early("granted", &["--on", "2026-09-01"]).fails(2);
    assert!(before.stderr.contains("--on 2026-09-01 is before early disclosure was requested"), "{before}");
    let missing = early("granted", &["--criterion", "role-mailbox=met"]);
    assert_eq!(missing.code, Some(2));
    assert!(missing.stderr.contains("--criterion users-outside=met"), "{missing}");
    let all = [
        "role-mailbox",
        "users-outside",
        "security-record",
        "not-downstream",
        "active-contributor",
        "accepts-embargo",
        "contributes-back",
        "vouched-for",
    ];
    let answers: Vec<String> =
        all.iter().map(|c| format!("{c}={}", if *c == "not-downstream" { "unsure" } else { "met" })).collect();
    let flags: Vec<&str> = answers.iter().flat_map(|a| ["--criterion", a]).collect();
    early("granted", &flags).ok().code.unwrap();
    assert!(
        env.git(&["show", "main:data/partners/acme/log/0005"])
            .contains("KP-Criteria: role-mailbox=met users-outside=met")
    );
    assert_eq!(early("requested", &[]).code, Some(1), "it is granted already");
    let again = env.run(&[
        "benefit",
        "add",
        "acme",
        "--kind",
        "early-disclosure",
        "--stage",
        "requested",
        "--what",
        "again",
        "--as",
        "alice",
    ]);
    assert_eq!(again.code, Some(1));

    let leave = |who: &str| env.run(&["exit", "acme", "--kind", "inactive", "--reason", "silence", "--as", who]);
    leave("alice").ok().code.unwrap();
    let left = leave("bob").ok();
    snapbox::assert_data_eq!(
        left.stderr.clone(),
        snapbox::str![[r#"
hint: take its card off the website: karmada-partner publish
hint: it has had early disclosure since 2026-09-21: take it off that list, then karmada-partner benefit add acme --kind early-disclosure --stage ended --description …

"#]]
    );
    assert_eq!(env.run(&["jobs", "list", "--json"]).json()["jobs"], serde_json::json!([]));
    assert_eq!(env.run(&["jobs", "add", "acme", "--title", "X", "--as", "alice"]).code, Some(1));
    let talk = |slug| ["benefit", "add", slug, "--kind", "exposure", "--what", "a talk", "--as", "alice"];
    let refused = env.run(&talk("acme")).fails(1);
    assert!(
        refused.stderr.contains("acme is a partner no longer, and gets no benefits\nhint: only the end"),
        "{refused}"
    );
    env.apply("Globex").ok().code.unwrap();
    let refused = env.run(&talk("globex")).fails(1);
    assert!(
        refused.stderr.contains(
            "globex isn't a partner, and gets no benefits\nhint: karmada-partner list --state active lists the partners"
        ),
        "{refused}"
    );
    early("ended", &[]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "exited");
    assert_eq!(env.problems(), [""; 0]);
    env.audit().is_clean();
}

/// Seven in the evening on 20 November in Los Angeles is the 21st by UTC, and ten in Tokyo is the day before.
#[test]
fn a_step_on_the_day_of_the_one_before_is_taken_wherever_that_day_is() {
    let env = TestEnv::with_partner();
    env.apply("Globex").ok().code.unwrap();
    let at = 1_795_230_000;
    let step = |minutes: i64, slug: &str, stage: &str, more: &[&str]| {
        let words =
            ["benefit", "add", slug, "--kind", "early-disclosure", "--stage", stage, "--what", "x", "--as", "alice"];
        env.run_at(at + 60 * minutes, &[&words, more].concat())
    };
    step(0, "acme", "requested", &[]).ok().code.unwrap();
    let two_days_before = step(1, "acme", "ended", &["--on", "2026-11-19"]).fails(2);
    assert!(
        two_days_before.stderr.contains("is before early disclosure was requested, on 2026-11-21"),
        "{two_days_before}"
    );
    step(2, "acme", "ended", &["--on", "2026-11-20"]).ok().code.unwrap();
    // A day that was given is that day; one that wasn't is today, wherever whoever wrote it was.
    step(3, "acme", "requested", &["--on", "2026-11-21"]).ok().code.unwrap();
    step(4, "acme", "ended", &["--on", "2026-11-19"]).fails(2).code.unwrap();
    step(13 * 60, "acme", "ended", &["--on", "2026-11-22"]).ok().code.unwrap();
    step(13 * 60 + 1, "acme", "requested", &[]).ok().code.unwrap();

    for who in ["alice", "bob"] {
        env.run_at(at, &["approve", "globex", "--as", who]).ok().code.unwrap();
    }
    let talk = |on: &str| {
        env.run_at(
            at + 600,
            &["benefit", "add", "globex", "--kind", "exposure", "--what", on, "--on", on, "--as", "bob"],
        )
        .ok()
    };
    assert_eq!(talk("2026-11-20").stderr, "");
    assert!(talk("2026-11-19").stderr.contains("is before globex joined, on 2026-11-21"));
}

#[test]
fn benefits_are_counted_so_that_chances_are_shared_fairly() {
    let env = TestEnv::with_partner();
    env.apply("Hooli").ok().code.unwrap();
    env.decide("hooli");
    let add = |slug: &str, kind: &str, what: &str, on: &str| {
        env.run(&["benefit", "add", slug, "--kind", kind, "--what", what, "--on", on, "--as", "alice"])
    };
    let early = add("acme", "exposure", "Booth at KubeCon", "2025-11-12").ok();
    assert!(early.stderr.contains("--on 2025-11-12 is before acme joined, on 2026-09-2"), "{early}");
    add("acme", "opportunity", "A bank in Milan", "2026-02-01").ok().code.unwrap();
    assert!(add("acme", "exposure", "Booth at KubeCon", "2025-11-12").ok().stdout.starts_with("Nothing to do"));
    snapbox::assert_data_eq!(
        env.run(&["benefit", "list"]).ok().stdout,
        snapbox::str![[r#"
ON          PARTNER  KIND         WHAT              BY
2026-02-01  acme     opportunity  A bank in Milan   alice
2025-11-12  acme     exposure     Booth at KubeCon  alice

"#]]
    );
    // Who got least stands first.
    snapbox::assert_data_eq!(
        env.run(&["benefit", "list", "--by", "partner"]).ok().stdout,
        snapbox::str![[r#"
PARTNER  EXPOSURE  OPPORTUNITY  EARLY-DISCLOSURE  OTHER  TOTAL  LAST
hooli    0         0            0                 0      0
acme     1         1            0                 0      2      2026-02-01

"#]]
    );
    snapbox::assert_data_eq!(
        env.run(&["benefit", "list", "--by", "year"]).ok().stdout,
        snapbox::str![[r#"
YEAR  EXPOSURE  OPPORTUNITY  EARLY-DISCLOSURE  OTHER  TOTAL  LAST
2025  1         0            0                 0      1      2025-11-12
2026  0         1            0                 0      1      2026-02-01

"#]]
    );
    let only_members = env.run(&["benefit", "add", "acme", "--kind", "other", "--what", "x", "--as", "acme-bot"]);
    assert_eq!(only_members.code, Some(4));
    let embargoed = env.run(&[
        "benefit",
        "add",
        "acme",
        "--kind",
        "early-disclosure",
        "--stage",
        "requested",
        "--what",
        "cve-2026-1",
        "--as",
        "alice",
    ]);
    assert_eq!(embargoed.code, Some(1), "nothing embargoed is stored");
    env.audit().is_clean();
}

#[test]
fn entries_are_confirmed_once_in_so_many_months() {
    let env = TestEnv::with_partner();
    assert_eq!(env.run(&["list", "--due"]).code, Some(1), "off by default");
    env.change_policy(|p| p + "\n[renewal]\nmonths = 1\n");
    let due = |day: &str, days: &str| {
        let time: karmada_partner::domain::Date = day.parse().unwrap();
        let listed = env.run_at(time.start().unix(), &["list", "--due", days, "--json"]);
        listed.json()["partners"].as_array().unwrap().len()
    };
    assert_eq!((due("2026-10-20", "0"), due("2026-10-20", "1"), due("2026-10-21", "0")), (0, 1, 1));
    let renewed = env.run_at(1_792_600_000, &["renew", "acme", "--as", "acme-bot"]);
    assert!(renewed.ok().stdout.starts_with("Recorded: Acme confirms its entry"));
    assert_eq!(due("2026-11-20", "0"), 0);
    assert_eq!(due("2026-11-21", "0"), 1);
    assert_eq!(env.state("acme"), "active", "nobody is removed by silence");
    assert_eq!(env.run(&["renew", "acme", "--as", "mallory"]).code, Some(4));
}

#[test]
fn contacts_are_those_of_active_partners() {
    let env = TestEnv::with_partner();
    env.run(&["update", "acme", "--email", "karmada@acme.example", "--name", "=Acme()", "--as", "acme-bot"])
        .ok()
        .code
        .unwrap();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    env.apply("Waiting").ok().code.unwrap();
    snapbox::assert_data_eq!(
        env.run(&["contacts"]).ok().stdout,
        snapbox::str![[r#"
partner,name,email,github,website
acme,'=Acme(),karmada@acme.example,acme-bot,https://acme.example/karmada

"#]]
    );
    assert_eq!(env.run(&["contacts", "--for", "security", "--json"]).json()["contacts"], serde_json::json!([]));
    assert_eq!(env.run(&["contacts", "--for", "security", "--format", "eml"]).code, Some(3));
    let draft = env.run(&["contacts", "--for", "opportunity", "--format", "eml"]).ok().stdout;
    assert!(draft.contains("\r\nBcc: karmada@acme.example\r\nSubject: =?utf-8?B?"), "{draft}");
    // English first, then the same in Chinese.
    let (_, body) = draft.split_once("\r\n\r\n").unwrap();
    let body: String = body.split_whitespace().collect();
    let body = String::from_utf8(base64::engine::general_purpose::STANDARD.decode(body).unwrap()).unwrap();
    let (english, chinese) = body.split_once("\r\n---\r\n").unwrap();
    assert!(english.contains("All partners of the Test Program get this") && english.is_ascii(), "{english}");
    assert!(chinese.contains("Test Program 的全体合作伙伴同时收到这封邮件"), "{chinese}");
    // A registry's own words win.
    env.edit("words", |checkout| {
        std::fs::create_dir_all(checkout.join("templates/mail")).unwrap();
        std::fs::write(checkout.join("templates/mail/all.txt"), "你好 {{ program }}\n\nbody\n").unwrap();
    });
    let own = env.run(&["contacts", "--format", "eml"]).ok().stdout;
    assert!(own.contains("\r\nSubject: =?utf-8?B?5L2g5aW9IFRlc3QgUHJvZ3JhbQ==?=\r\n"), "{own}");
    // What is wrong with them is told by their name.
    for (bytes, why) in [
        (b"Hi\n{{ program | nof }}".as_slice(), ", line 2: unknown filter: filter nof is unknown"),
        (b"Hi {{ program", ", line 1: "),
        (b"M\xe4rz", " isn't UTF-8"),
    ] {
        env.edit("words", |checkout| std::fs::write(checkout.join("templates/mail/all.txt"), bytes).unwrap());
        let broken = env.run(&["contacts", "--format", "eml"]).fails(2).stderr;
        assert!(broken.contains(&format!("templates/mail/all.txt of the registry{why}")), "{broken}");
        assert!(!broken.contains("<string>") && !broken.contains("(in "), "{broken}");
    }
}

#[test]
fn stats_tell_where_the_time_went() {
    let env = TestEnv::with_partner();
    let at = |day: &str, words: &[&str]| {
        let time: karmada_partner::domain::Date = day.parse().unwrap();
        env.run_at(time.start().unix() + 3_600, words)
    };
    let apply =
        ["apply", "--name", "Late", "--website", "https://late.example", "--github", "late-bot", "--logo", "logo.png"];
    at("2026-10-01", &apply).ok().code.unwrap();
    at("2026-10-11", &["approve", "late", "--as", "alice"]).ok().code.unwrap();
    at("2026-10-31", &["approve", "late", "--as", "bob"]).ok().code.unwrap();
    at(
        "2026-11-01",
        &[
            "apply",
            "--name",
            "Waits",
            "--website",
            "https://waits.example",
            "--github",
            "waits-bot",
            "--logo",
            "logo.png",
        ],
    )
    .ok()
    .code
    .unwrap();
    snapbox::assert_data_eq!(
        at("2026-11-21", &["stats", "--svg", "stats.svg"]).ok().stdout,
        snapbox::str![[r#"
Partners at the end of each month
  2026-09      1  ██████████████████████████████
  2026-10      2  ████████████████████████████████████████████████████████████
  2026-11      2  ████████████████████████████████████████████████████████████

Applications, and the days from application to decision
  OUTCOME    NUMBER  DAYS, MEDIAN  DAYS, LONGEST
  approved   2       15            30
  rejected   0
  withdrawn  0
  waiting    1       20            20

Where the time went, days, medians
  until the first vote                    5  ███████████████
  from the first vote to the last        10  ██████████████████████████████
  from the last vote to the decision      0

"#]]
    );
    let svg = env.read("stats.svg");
    assert!(svg.contains("<title id=\"t\">Test Program: partners over time</title>"), "{svg}");
    assert!(svg.contains("1 in 2026-09, 2 in 2026-11, at most 2."), "{svg}");
    let json = at("2026-11-21", &["stats", "--json"]).json();
    assert_eq!(json["applications"][0]["days_longest"], 30);
    assert_eq!(json["applications"][3]["days_median"], 20);
}

#[test]
fn what_nobody_may_write_down_is_found() {
    let env = TestEnv::with_partner();
    // A contact who can push gives itself a benefit.
    env.run(&["benefit", "add", "acme", "--kind", "exposure", "--what", "a talk", "--as", "alice"]).ok().code.unwrap();
    let event = env.git_exactly("registry.git", &["show", "main:data/partners/acme/log/0003"]);
    env.set_head("main~1");
    env.edit("mine", |checkout| {
        std::fs::write(
            checkout.join("data/partners/acme/log/0003"),
            event.replace("KP-Actor: alice", "KP-Actor: acme-bot"),
        )
        .unwrap();
    });
    assert!(env.problems().iter().any(|p| p.starts_with("event-actor ")), "{:?}", env.problems());
    let audit = env.run(&["audit", "--json", "--full"]);
    assert_eq!(audit.code, Some(1));
    assert!(audit.stdout.contains("event-actor"), "{audit}");
}

#[test]
fn who_comes_back_has_to_be_granted_early_disclosure_again() {
    let env = TestEnv::with_partner();
    env.change_policy(|p| p + "\n[early_disclosure]\ncriteria = [\"role-mailbox\"]\n");
    let early = |stage: &str, more: &[&str]| {
        let words = [
            "benefit",
            "add",
            "acme",
            "--kind",
            "early-disclosure",
            "--what",
            "the list",
            "--as",
            "alice",
            "--stage",
            stage,
        ];
        env.run(&words.iter().chain(more).copied().collect::<Vec<_>>())
    };
    let listed = || env.run(&["contacts", "--for", "security", "--json"]).json()["contacts"].as_array().unwrap().len();
    let unmet = early("granted", &["--criterion", "role-mailbox=not-met"]);
    assert!(unmet.stderr.contains("can't be granted: not met: role-mailbox"), "{unmet}");
    early("granted", &["--criterion", "role-mailbox=met"]).ok().code.unwrap();
    assert_eq!(listed(), 1);
    for member in ["alice", "bob"] {
        env.run(&["exit", "acme", "--kind", "inactive", "--reason", "silence", "--as", member]).ok().code.unwrap();
    }
    env.apply("Acme").ok().code.unwrap();
    // Both would be the next event of its log.
    let waits = early("ended", &[]);
    assert!(waits.stderr.contains("acme has applied again, and that isn't decided yet"), "{waits}");
    env.decide("acme");
    assert_eq!(listed(), 0);
    early("ended", &[]).ok().code.unwrap();
    early("requested", &[]).ok().code.unwrap();
    assert_eq!(early("ended", &[]).code, Some(0), "said again, since it was requested again");
    env.audit().is_clean();
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn who_imported_an_entry_doesnt_speak_for_it() {
    let env = TestEnv::with_registry();
    env.write("t.toml", "[[partner]]\nname = \"Acme\"\nwebsite = \"https://acme.example\"\ngithub = \"acme-bot\"\nlogo = \"logo.png\"\n");
    env.run(&["import", "table", "t.toml", "--as", "carol"]).ok().code.unwrap();
    env.decide("acme");
    env.run(&["program", "propose", "--retire", "carol", "--as", "alice"]).ok().code.unwrap();
    env.decide("program");
    assert_eq!(env.run(&["renew", "acme", "--as", "carol"]).code, Some(4));
    assert_eq!(env.run(&["renew", "acme", "--as", "acme-bot"]).code, Some(0));
    env.audit().is_clean();
}

#[test]
fn a_job_post_carries_no_other_facts_along() {
    let env = TestEnv::with_partner();
    // The contact makes a change by hand and lets an event name it.
    env.run(&["renew", "acme", "--as", "acme-bot"]).ok().code.unwrap();
    let base = env.git_exactly("registry.git", &["rev-parse", "main~1"]);
    let event = env.git_exactly("registry.git", &["show", "main:data/partners/acme/log/0003"]);
    let toml = env
        .git_exactly("registry.git", &["show", "main:data/partners/acme/partner.toml"])
        .replace("acme.example", "evil.example");
    let record = karmada_partner::domain::Sha256::of(toml.as_bytes()).to_string();
    let line = event.lines().find(|l| l.starts_with("KP-Record: ")).unwrap().to_owned();
    env.set_head(base.trim());
    env.edit("mine", |checkout| {
        let root = checkout.join("data/partners/acme");
        std::fs::write(root.join("partner.toml"), &toml).unwrap();
        std::fs::write(root.join("log/0003"), event.replace(&line, &format!("KP-Record: {record}"))).unwrap();
    });
    let judged = env.run(&["check", "--base", base.trim(), "--head", "main", "--actor", "acme-bot"]);
    assert_eq!(judged.code, Some(1), "{judged}");
    assert!(judged.stdout.contains("[event-facts]") && judged.stdout.contains("[file-unexplained]"), "{judged}");
}

/// A day is what people have it for, wherever they are: it begins fourteen hours before UTC's and ends twelve after.
#[test]
fn today_is_today_wherever_one_is() {
    let env = TestEnv::with_partner();
    let at = |time: &str, args: &[&str]| {
        let time: jiff::Timestamp = time.parse().unwrap();
        env.run_at(time.as_second(), args).code
    };
    let benefit = |time: &str, on: &str| {
        at(time, &["benefit", "add", "acme", "--kind", "exposure", "--what", time, "--on", on, "--as", "alice"])
    };
    assert_eq!(benefit("2026-11-27T23:00:00Z", "2026-11-28"), Some(0), "seven in the morning in Shanghai");
    assert_eq!(benefit("2026-11-28T09:59:59Z", "2026-11-29"), Some(2), "nowhere yet");
    let job = |time: &str, closes: &str| {
        at(time, &["jobs", "add", "acme", "--title", time, "--closes", closes, "--as", "acme-bot"])
    };
    assert_eq!(job("2026-11-29T02:00:00Z", "2026-11-28"), Some(0), "six in the evening in Los Angeles");
    assert_eq!(job("2026-11-29T12:00:00Z", "2026-11-28"), Some(2), "over everywhere");
}

/// Whoever tells of a job post asks one rule whether somebody may still apply.
#[test]
fn a_job_post_is_open_everywhere_or_nowhere() {
    let env = TestEnv::with_partner();
    let at = |time: &str, args: &[&str]| {
        let time: jiff::Timestamp = time.parse().unwrap();
        env.run_at(time.as_second(), args).ok()
    };
    let post = ["jobs", "add", "acme", "--title", "Kubewright", "--closes", "2026-10-19", "--as", "acme-bot"];
    at("2026-10-01T12:00:00Z", &post).code.unwrap();
    at("2026-10-01T13:00:00Z", &["jobs", "add", "acme", "--title", "Writer", "--as", "acme-bot"]).code.unwrap();
    let open = |time: &str, title: &str| {
        let listed = at(time, &["jobs", "list"]).stdout.contains(title);
        let posts = at(time, &["jobs", "list", "--all", "--json"]).json();
        let posts = posts["jobs"].as_array().unwrap();
        let told = posts.iter().any(|job| job["title"] == title && job["open"] == true);
        at(time, &["render", "directory", "--out", "site"]).code.unwrap();
        let data: serde_json::Value = serde_json::from_str(&env.read("site/partners.json")).unwrap();
        let pages = ["site/jobs/index.html", "site/zh/jobs/index.html", "site/partners/acme/index.html"];
        let shown: Vec<bool> = pages.iter().map(|page| env.read(page).contains(title)).collect();
        let all = [listed, told, data.to_string().contains(title)].into_iter().chain(shown).collect::<Vec<_>>();
        assert!(all.iter().all(|one| *one == all[0]), "{time}, {title}: {all:?}");
        all[0]
    };
    assert!(open("2026-10-19T23:00:00Z", "Kubewright"));
    assert!(open("2026-10-20T05:00:00Z", "Kubewright"), "still the nineteenth in Hawaii");
    assert!(!open("2026-10-20T12:00:00Z", "Kubewright"));
    // What an event has closed is closed at once.
    assert!(open("2026-10-20T12:00:00Z", "Writer"));
    at("2026-10-20T13:00:00Z", &["jobs", "close", "acme", "4", "--as", "acme-bot"]).code.unwrap();
    assert!(!open("2026-10-20T13:00:01Z", "Writer"));
    at("2026-10-21T01:00:00Z", &["jobs", "add", "acme", "--title", "Poet", "--as", "acme-bot"]).code.unwrap();
    at("2026-10-21T02:00:00Z", &["jobs", "close", "acme", "6.0", "--as", "acme-bot"]).code.unwrap();
    assert!(!open("2026-10-21T03:00:00Z", "Poet"), "in the night, too");
}

/// What isn't given is asked for, and read as people type it.
#[test]
fn a_job_is_asked_for_as_everything_else() {
    let env = TestEnv::with_partner();
    let mut terminal = Terminal::sized(&env.command(&["jobs", "add", "acme", "--as", "acme-bot"]), 24, 80);
    terminal
        .answers("? Title of the job", "Karmada engineer")
        .answers("? Where the work is", "Milan")
        .answers("? Address where people apply", "ｗｗｗ．acme．example／jobs")
        .shows("is read as https://www.acme.example/jobs")
        .answers("? Last day to apply", "2001-01-01")
        .shows("that doesn't do: it is over")
        .types("\u{15}２０２７年１月３１日\r")
        .shows("place           Milan")
        .shows("link            https://www.acme.example/jobs")
        .shows("open until      2027-01-31")
        .shows("? Post this job")
        .types("y");
    assert_eq!(terminal.ends(), 0, "{}", terminal.text());
    let flags = ["--title", "SRE", "--link", "www.acme.example/sre", "--closes", "2027/2/1"];
    let posted = env.run(&[&["jobs", "add", "acme", "--as", "acme-bot"], &flags[..]].concat()).ok();
    for said in ["“www.acme.example/sre” is read as https://www.acme.example/sre", "is read as 2027-02-01"] {
        assert!(posted.stderr.contains(said), "{posted}");
    }
    let nobody = env.run_unagreed(&["jobs", "add", "acme", "--as", "acme-bot"]).fails(2);
    assert!(nobody.stderr.contains("--title") && nobody.stderr.contains("--yes"), "{nobody}");
    let mut terminal = Terminal::sized(&env.command(&["jobs", "close", "acme", "--as", "acme-bot"]), 24, 80);
    terminal
        .shows("? Which one?")
        .shows("Karmada engineer")
        .shows("SRE")
        .types("\u{1b}[B\r")
        .shows("? Close this job")
        .types("y");
    assert_eq!(terminal.ends(), 0);
    let open = env.run(&["jobs", "list", "acme"]).ok().stdout;
    assert!(open.contains("Karmada engineer  Milan  open until 2027-01-31  https://www.acme.example/jobs"), "{open}");
    assert!(!open.contains("SRE"), "{open}");
    let exposure = ["benefit", "add", "acme", "--kind", "exposure", "--description", "Talk", "--as", "alice"];
    let read = env.run(&[&exposure[..], &["--link", "karmada.io／blog"]].concat()).ok();
    assert!(read.stderr.contains("is read as https://karmada.io/blog"), "{read}");
}

/// What is published leads somewhere for everybody; where the committee talks to a partner may be within a network.
#[test]
fn a_jobs_address_is_one_that_people_elsewhere_can_open() {
    let env = TestEnv::with_partner();
    let add = |link: &str| {
        env.run(&["jobs", "add", "acme", "--title", "SRE", "--place", "Milan", "--link", link, "--as", "acme-bot"])
    };
    for host in ["jobs.corp.local", "127.0.0.1", "0x7f.1", "[::1]", "localhost", "router", "co.uk", "acme.example:0"] {
        let refused = add(&format!("https://{host}/j")).fails(2);
        assert!(refused.stderr.contains("--link: "), "{refused}");
    }
    add("https://jobs.acme.example:8443/j").ok().code.unwrap();
    let given = ["--kind", "other", "--description", "a talk", "--link", "https://talks.corp.local/7"];
    env.run(&[&["benefit", "add", "acme", "--as", "alice"], &given[..]].concat()).ok().code.unwrap();
}

/// One judge of addresses: what a website's is mended by, and refused for, a link's is.
#[test]
fn links_are_read_and_refused_as_websites_are() {
    let env = TestEnv::with_partner();
    let job =
        |link: &str| env.run(&["jobs", "add", "acme", "--title", "T", "--link", link, "--as", "acme-bot", "--dry-run"]);
    let benefit = |link: &str| {
        let call = ["benefit", "add", "acme", "--kind", "other", "--description", "D", "--link", link];
        env.run(&[&call[..], &["--as", "alice", "--dry-run"]].concat())
    };
    let story = |link: &str| env.run(&["update", "acme", "--story", link, "--as", "acme-bot", "--dry-run"]);
    let website = |link: &str| env.run(&["update", "acme", "--website", link, "--as", "acme-bot", "--dry-run"]);
    for (typed, read) in [("HTTPS://a.example/j", "//a.example/j"), ("https://a.example,", "https://a.example")] {
        for told in [job(typed), benefit(typed), story(typed), website(typed)] {
            let told = told.ok();
            assert!(told.stdout.contains(read) && !told.stdout.contains("example,"), "{typed}: {told}");
        }
    }
    assert!(job("HTTPS://a.example/j").stdout.contains("KP-Link: https://a.example/j\n"));
    for typed in ["https://a.example)", "https://a,b.example/j", "https://a!.example"] {
        for told in [job(typed), benefit(typed), story(typed), website(typed)] {
            assert!(told.fails(2).stderr.contains("can't stand in a host's name"), "{typed}");
        }
    }
    assert!(job("HTTPS://www.a.corp/j").fails(2).stderr.contains("known in one network only"));
}
