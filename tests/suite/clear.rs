//! Who left takes its mailbox and its logo along.

use snapbox::{assert_data_eq, str};

use crate::env::TestEnv;

/// A partner with a mailbox that has left.
fn left() -> TestEnv {
    let env = TestEnv::with_registry();
    let apply =
        ["apply", "--name", "Acme", "--website", "https://acme.example/karmada", "--github", "acme-bot", "--logo"];
    env.run(&[&apply[..], &["logo.png", "--email", "karmada@acme.example", "--yes"]].concat()).ok().code.unwrap();
    env.decide("acme");
    for member in ["alice", "bob"] {
        let exit = ["exit", "acme", "--kind", "inactive", "--reason", "no answer", "--as", member];
        env.run(&exit).ok().code.unwrap();
    }
    env
}

fn is_at_head(env: &TestEnv, what: &str) -> bool {
    let files = env.git(&["ls-tree", "-r", "--name-only", "main"]);
    files.contains(what) || env.file("data/partners/acme/partner.toml").contains(what)
}

#[test]
fn from_approval_to_exit_to_cleared() {
    let env = left();
    assert!(is_at_head(&env, "karmada@acme.example") && is_at_head(&env, "logo.png"));
    assert_data_eq!(
        env.run(&["clear", "acme", "--as", "acme-bot", "--note", "as agreed"]).ok().to_string(),
        str![[r#"
exit 0
--- stdout
Sent: Acme (acme) asks that its mailbox and its logo be taken away.
Commit: [COMMIT] on apply/acme
--- stderr
Next: the committee decides it: karmada-partner review acme

"#]]
    );
    assert!(env.run(&["clear", "acme", "--as", "alice"]).ok().stdout.contains("waits for the committee already"));
    assert!(is_at_head(&env, "karmada@acme.example"), "nobody has decided it");
    assert_data_eq!(
        env.run(&["review", "acme", "--as", "alice"]).ok().stdout,
        str![[r#"
Acme (acme): update, since 2026-09-21, by acme-bot
  name            Acme
  website         https://acme.example/karmada
  github          acme-bot
  logo            to be taken away
  says            as agreed
  earlier         approved on 2026-09-21
  earlier         exited on 2026-09-21: no answer
Changes to the facts in force:
  email: karmada@acme.example → (none)
  logo: 300×200 px, 762 bytes → (none)
Votes:
  acme-bot: asks for it
      as agreed
  0 in favor, 0 against, 0 abstaining, 0 not counted. Still missing: 1 more in favor (0 of 1).

"#]]
    );
    env.audit().is_clean();
    let decided = env.run(&["approve", "acme", "--as", "alice"]).ok();
    assert!(decided.stdout.contains("Decided: mailbox and logo of Acme are taken away"), "{decided}");
    assert_eq!(env.events("acme"), ["applied", "approved", "exited", "cleared"]);
    assert!(!is_at_head(&env, "karmada@acme.example") && !is_at_head(&env, "logo.png"));
    assert!(env.file("data/partners/acme/log/0004").contains("KP-Logo: none\n"));
    assert_eq!(env.problems(), [""; 0]);
    env.audit().is_clean();
    env.run(&["audit", "--head"]).ok().code.unwrap();
    // Whoever looks at it finds who left, without what it took along.
    let shown = env.run(&["show", "acme"]).ok();
    assert!(shown.stdout.contains("exited") && !shown.stdout.contains("karmada@"), "{shown}");
    assert_eq!(env.state("acme"), "exited");
    env.run(&["render", "directory", "--out", "site"]).ok().code.unwrap();
    let page = env.read("site/partners/acme/index.html");
    assert!(!page.contains("karmada@acme.example") && !page.contains("logos/acme"), "{page}");
    // Said again, it is no error; and it may come back.
    assert!(env.run(&["clear", "acme", "--as", "alice"]).ok().stdout.contains("neither mailbox nor logo"));
    assert!(env.run(&["approve", "acme", "--as", "alice"]).ok().stdout.contains("Nothing to do"));
    let again = ["apply", "--slug", "acme", "--name", "Acme", "--website", "https://acme.example/karmada", "--github"];
    env.run(&[&again[..], &["acme-bot", "--logo", "logo.png", "--as", "acme-bot", "--yes"]].concat())
        .ok()
        .code
        .unwrap();
    env.decide("acme");
    assert_eq!(env.state("acme"), "active");
    assert_eq!(env.problems(), [""; 0]);
    env.audit().is_clean();
}

#[test]
fn it_is_for_who_left_and_its_own_side_or_a_member_asks() {
    let env = TestEnv::with_partner();
    let refused = env.run(&["clear", "acme", "--as", "acme-bot"]).fails(1);
    assert!(refused.stderr.contains("acme can't be cleared: it is active"), "{refused}");
    let env = left();
    env.run(&["clear", "acme", "--as", "mallory"]).fails(4).code.unwrap();
    // A member may, and the committee may turn it down; its side may take it back.
    env.run(&["clear", "acme", "--as", "alice"]).ok().code.unwrap();
    env.run(&["reject", "acme", "--reason", "not yet", "--as", "bob"]).ok().code.unwrap();
    assert!(is_at_head(&env, "karmada@acme.example"));
    env.run(&["clear", "acme", "--as", "acme-bot"]).ok().code.unwrap();
    env.run(&["withdraw", "acme", "--as", "acme-bot"]).ok().code.unwrap();
    assert_eq!(env.events("acme"), ["applied", "approved", "exited", "rejected", "withdrawn"]);
    assert_eq!(env.problems(), [""; 0]);
    env.audit().is_clean();
}

/// What an applicant's check says of it, and what else who left can't ask for.
#[test]
fn a_proposal_to_be_cleared_passes_the_check_and_no_other_update_does() {
    let env = left();
    env.run(&["clear", "acme", "--as", "acme-bot"]).ok().code.unwrap();
    let check = || env.run(&["check", "--base", "main", "--head", "apply/acme", "--actor", "acme-bot"]);
    check().ok().code.unwrap();
    let other = env.file("apply/acme:data/partners/acme/votes/3/acme-bot");
    let record = env.file("main:data/partners/acme/partner.toml").replace("/karmada\"", "/casino\"");
    let request = crate::plumbing::with(
        &other,
        &[
            ("Record", &crate::plumbing::hash(&record)),
            ("Logo", crate::plumbing::value(&env.file("data/partners/acme/log/0003"), "Logo")),
        ],
    );
    env.forge()
        .put("data/partners/acme/partner.toml", record)
        .put("data/partners/acme/votes/3/acme-bot", request)
        .commit_to("apply/acme");
    let refused = check().fails(1);
    assert!(refused.stdout.contains("nothing can be asked for in this round"), "{refused}");
    assert!(env.run(&["approve", "acme", "--as", "alice"]).fails(1).stderr.contains("can't be approved"));
}

/// What was made of the facts before goes, too.
#[test]
fn neither_directory_nor_website_keeps_what_was_cleared() {
    let env = left();
    let files = |folder: &str| -> Vec<String> {
        let mut all = Vec::new();
        let mut folders = vec![env.path(folder)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { all.push(path.to_str().unwrap().to_owned()) }
            }
        }
        all
    };
    let mentions = |folder: &str| {
        let all = files(folder).into_iter().filter(|path| !path.contains("/.git/"));
        let holds =
            |path: &String| String::from_utf8_lossy(&std::fs::read(path).unwrap()).contains("karmada@acme.example");
        all.filter(holds).collect::<Vec<_>>()
    };
    env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
    env.apply("Beta").ok().code.unwrap();
    env.decide("beta");
    crate::page::website(&env);
    env.run(&["render", "website", "--out", "site", "--allow-mass", "2"]).ok().code.unwrap();
    env.run(&["clear", "acme", "--as", "acme-bot"]).ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
    env.run(&["render", "website", "--out", "site", "--yes"]).ok().code.unwrap();
    assert_eq!(mentions("dir"), [""; 0]);
    assert_eq!(mentions("site"), [""; 0]);
    assert!(!env.read("site/src/data/partnersData.tsx").contains("Acme"));
    assert!(env.run(&["render", "website", "--out", "site"]).ok().stdout.starts_with("Nothing to do"));
}

/// A logo that was taken away is none that is damaged.
#[test]
fn evidence_looks_at_no_logo_where_none_is() {
    let env = left();
    env.run(&["clear", "acme", "--as", "acme-bot"]).ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    let told = env.run(&["evidence", "acme", "--offline"]).ok();
    assert_eq!(told.stdout.matches("no logo of it is on record").count(), 2, "{told}");
    assert!(!told.stdout.contains("PNG") && !told.stdout.contains("empty"), "{told}");
}

/// What is cleared loses mailbox and logo, and is nobody else for it.
#[test]
fn nothing_else_of_who_left_changes() {
    let env = left();
    let text = |path: &str| env.file(&format!("data/partners/acme/{path}"));
    env.run(&["clear", "acme", "--as", "acme-bot"]).ok().code.unwrap();
    let record = env.file("apply/acme:data/partners/acme/partner.toml").replace("acme-bot", "mallory");
    let request = env.file("apply/acme:data/partners/acme/votes/3/acme-bot");
    let request = crate::plumbing::with(&request, &[("Record", &crate::plumbing::hash(&record))]);
    let forged = env.forge().put("data/partners/acme/partner.toml", &record).gone("data/partners/acme/logo.png");
    forged.put("data/partners/acme/votes/3/acme-bot", &request).commit_to("apply/acme");
    let refused = env.run(&["approve", "acme", "--as", "alice"]).fails(1);
    assert!(refused.stderr.contains("changes more of who left than its mailbox and its logo"), "{refused}");
    // The same landed by hand.
    let of = |key: &str, block: &str| crate::plumbing::value(block, key).to_owned();
    let vote = crate::plumbing::with(
        &request,
        &[("Vote", "v1 approve"), ("Actor", "alice"), ("Log", &crate::plumbing::hash(&request))],
    );
    let last = text("log/0003");
    let lines = [
        ("Event", "v1 cleared"),
        ("Seq", "4"),
        ("Round", "3"),
        ("Subject", "update"),
        ("Actor", "alice"),
        ("Time", "2026-09-22T15:00:00Z"),
        ("Record", &of("Record", &request)),
        ("Logo", "none"),
        ("Objects", &env.id(&["hash-object", "-w", "--stdin"], &record)),
        ("Prev", &crate::plumbing::hash(&last)),
        ("Votes", &crate::plumbing::hash(&vote)),
        ("Exit-Kind", ""),
        ("Effective", ""),
        ("Reason", ""),
    ];
    let event = crate::plumbing::with(&last, &lines);
    let honest = env.head();
    let commit = env
        .forge()
        .put("data/partners/acme/partner.toml", &record)
        .gone("data/partners/acme/logo.png")
        .put("data/partners/acme/votes/3/acme-bot", &request)
        .put("data/partners/acme/votes/3/alice", &vote)
        .put("data/partners/acme/log/0004", &event)
        .commit();
    env.audit().blames(&commit, "event-facts data/partners/acme/log/0004", "cleared");
    let base = env.run(&["check", "--base", &honest, "--head", &commit, "--actor", "alice", "--json"]).json();
    assert!(base.to_string().contains("changes more of who left"), "{base}");
}

fn applies_again(env: &TestEnv) {
    let again = ["apply", "--slug", "acme", "--name", "Acme", "--website", "https://acme.example/again", "--github"];
    env.run(&[&again[..], &["acme-bot", "--logo", "logo.png", "--as", "acme-bot", "--yes"]].concat())
        .ok()
        .code
        .unwrap();
}

#[test]
fn who_asked_in_vain_to_come_back_is_cleared_all_the_same() {
    for (state, ends) in [
        (
            "rejected",
            &[
                &["reject", "acme", "--reason", "no", "--as", "alice"][..],
                &["reject", "acme", "--reason", "no", "--as", "bob"],
            ][..],
        ),
        ("withdrawn", &[&["withdraw", "acme", "--as", "acme-bot"][..]]),
    ] {
        let env = left();
        applies_again(&env);
        for end in ends {
            drop(env.run(end).ok());
        }
        assert_eq!(env.state("acme"), state);
        env.run(&["clear", "acme", "--as", "acme-bot"]).ok().code.unwrap();
        env.run(&["check", "--base", "main", "--head", "apply/acme", "--actor", "acme-bot"]).ok().code.unwrap();
        env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
        assert_eq!(env.events("acme").last().unwrap(), "cleared");
        assert!(!is_at_head(&env, "karmada@acme.example") && !is_at_head(&env, "logo.png"));
        assert_eq!(env.state("acme"), state);
        assert_eq!(env.problems(), [""; 0]);
        env.audit().is_clean();
        env.run(&["audit", "--head"]).ok().code.unwrap();
        let status = env.run(&["status", "acme"]).ok();
        assert!(status.stdout.contains(&format!("was {state} on 2026-09-21")), "{status}");
        // It may still come back.
        applies_again(&env);
        env.decide("acme");
        assert_eq!(env.state("acme"), "active");
        env.audit().is_clean();
    }
}

/// What members vote on isn't passed over by who comes back meanwhile; what nobody has voted on is told to be set aside.
#[test]
fn who_comes_back_sets_no_votes_aside() {
    let env = left();
    env.run(&["clear", "acme", "--as", "alice"]).ok().code.unwrap();
    let again = ["apply", "--slug", "acme", "--name", "Acme", "--website", "https://acme.example/again", "--github"];
    let again = [&again[..], &["acme-bot", "--logo", "logo.png", "--as", "acme-bot", "--yes"]].concat();
    let told = env.run(&[&again[..], &["--dry-run"]].concat()).ok();
    assert!(
        told.stderr.contains("the update of acme that was asked for on apply/acme is set aside, undecided"),
        "{told}"
    );
    env.run(&["review", "acme", "--vote", "reject", "--as", "bob"]).ok().code.unwrap();
    let before = env.git(&["rev-parse", "apply/acme"]);
    let told = env.run(&again).fails(1);
    assert!(told.stderr.contains("members vote on the update of acme on apply/acme"), "{told}");
    assert_eq!(env.git(&["rev-parse", "apply/acme"]), before);
}

#[test]
fn who_was_never_a_partner_has_nothing_to_clear() {
    let env = TestEnv::with_applicant();
    env.run(&["withdraw", "acme", "--as", "acme-bot"]).ok().code.unwrap();
    let refused = env.run(&["clear", "acme", "--as", "acme-bot"]).fails(1);
    assert!(refused.stderr.contains("acme can't be cleared: it is withdrawn"), "{refused}");
}
