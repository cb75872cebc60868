use snapbox::{assert_data_eq, str};

use crate::env::TestEnv;
use crate::plumbing::with;
use crate::terminal::Terminal;

#[test]
fn the_committee_makes_a_partner_leave() {
    let env = TestEnv::with_partner();
    let args = |who| ["exit", "acme", "--kind", "inactive", "--reason", "no answer for a year", "--as", who];
    assert_data_eq!(
        env.run(&args("alice")).to_string(),
        str![[r#"
exit 0
--- stdout
Recorded: your vote on the exit of Acme: approve.
Terms of the exit: inactive, effective 2026-09-21; no answer for a year.
Votes: 1 in favor, 0 against, 0 abstaining, 0 not counted.
Still missing: 1 more in favor (1 of 2); votes in favor from 2 different affiliations (now 1).

"#]]
    );
    assert_eq!(env.state("acme"), "active");
    assert_data_eq!(
        env.run(&["status", "acme"]).ok().stdout,
        str![[r#"
Acme (acme) has been a partner since 2026-09-21.
An exit of Acme (acme) waits for a decision, since 2026-09-21 (today).
Votes so far: 1 in favor, 0 against, 0 abstaining, 0 not counted.
It is the committee's turn. Still missing: 1 more in favor (1 of 2); votes in favor from 2 different affiliations (now 1).

"#]]
    );
    assert_data_eq!(
        env.run(&args("bob")).to_string(),
        str![[r#"
exit 0
--- stdout
Recorded: your vote on the exit of Acme: approve.
Terms of the exit: inactive, effective 2026-09-21; no answer for a year.
Decided: Acme leaves the program; 2 in favor, 0 against, 0 abstaining, 0 not counted.
Commit: [COMMIT]
--- stderr
hint: take its card off the website: karmada-partner publish
hint: if it is on the list for early disclosure, take it off; the log doesn't say that it is

"#]]
    );
    assert_eq!(env.state("acme"), "exited");
    assert_data_eq!(
        env.git(&["show", "main:data/partners/acme/log/0003"]),
        str![[r#"
KP-Event: v1 exited
KP-Registry: sha256:8b6ae9f241e243243ed54cd08b12f3388c74b2efc74c540024914162b2832614
KP-Partner: acme
KP-Seq: 3
KP-Round: 2
KP-Subject: exit
KP-Actor: bob
KP-Time: 2026-09-21T14:21:20Z
KP-Policy: sha256:f6ff1b5f07104a88ec44450ccd53bedca3eaa8c347227c8ba640089939407275
KP-Record: sha256:e86137c1d26bbc6f086bfd24a569f32145090b46f70f0ec3a365762c6a005c55
KP-Logo: sha256:56454c55da559ddad65df86de209b1510b93fe4e36e60272df84774a2ec0517a
KP-Objects: [COMMIT] [COMMIT]
KP-Prev: sha256:0eef33d3ff4dca8caa78e0d234a06782a63d792eba0615544d0ec1f8c95b43b9
KP-Votes: sha256:5a034b92d5efff2246170d74bc714da0559ecef17e8d48c1456f490d29fdc0a4 sha256:bd3aecf62d0228e3b546c29a78f62e931fa8cebf8655c6b986b0396ba8854db1
KP-Exit-Kind: inactive
KP-Effective: 2026-09-21
KP-Reason: no answer for a year

"#]]
    );
    assert_data_eq!(
        env.run(&["status", "acme"]).ok().stdout,
        str![[r#"
Acme (acme) left the program on 2026-09-21 (inactive, effective 2026-09-21). Reason: no answer for a year

"#]]
    );
    env.run(&args("bob")).ok().code.unwrap();
    // It rests on her vote, too.
    assert!(env.run(&args("alice")).ok().stdout.starts_with("Nothing to do: "));
    assert_eq!(env.events("acme"), ["applied", "approved", "exited"]);
    assert_eq!(env.problems(), [""; 0]);
}

/// Nobody votes on a day that they weren't told, whatever they said of the rest, and whether or not they are asked.
#[test]
fn the_terms_that_are_voted_on_are_told_whatever_was_said() {
    let begun = || {
        let env = TestEnv::with_partner();
        let opened = ["exit", "acme", "--kind", "inactive", "--reason", "silent", "--effective", "2027-03-01"];
        let opened = env.run(&[&opened[..], &["--as", "alice", "--json"]].concat()).ok().json();
        assert_eq!(opened["terms"]["effective"], "2027-03-01");
        assert_eq!(opened["reason"], "silent");
        env
    };
    let whole = "Terms of the exit: inactive, effective 2027-03-01; silent.\n";
    let said: [&[&str]; 4] = [
        &["exit", "acme"],
        &["exit", "acme", "--kind", "inactive"],
        &["exit", "acme", "--kind", "inactive", "--reason", "as they say"],
        &["reject", "acme", "--reason", "they answered"],
    ];
    for words in said {
        let words = [words, &["--as", "bob", "--yes"]].concat();
        let told = begun().run(&words).ok();
        assert!(told.stdout.contains(whole), "{words:?}: {told}");
        let json = begun().run(&[&words[..], &["--json"]].concat()).ok().json();
        let terms = serde_json::json!({"kind": "inactive", "effective": "2027-03-01", "merged_into": null});
        assert_eq!((&json["terms"], &json["reason"]), (&terms, &"silent".into()), "{words:?}");
    }
}

#[test]
fn a_partner_that_wants_to_leave_needs_one_member() {
    let env = TestEnv::with_partner();
    let args =
        ["exit", "acme", "--kind", "voluntary", "--reason", "we changed our business", "--effective", "2026-12-31"];
    let with = |who| args.iter().copied().chain(["--as", who]).collect::<Vec<_>>();
    assert_data_eq!(
        env.run(&with("acme-bot")).to_string(),
        str![[r#"
exit 0
--- stdout
Sent: Acme asks to leave.
Terms of the exit: voluntary, effective 2026-12-31; we changed our business.
Commit: [COMMIT] on exit/acme
--- stderr
Next: one member of the committee confirms it.

"#]]
    );
    assert_data_eq!(
        env.run(&with("acme-bot")).to_string(),
        str![[r#"
exit 0
--- stdout
Nothing to do: this request is there already.

"#]]
    );
    assert_data_eq!(
        env.run(&["review", "acme"]).ok().stdout,
        str![[r#"
Acme (acme): exit, since 2026-09-21, by acme-bot
  name            Acme
  website         https://acme.example/karmada
  github          acme-bot
  logo            300×200 pixels, 762 bytes, ink across 100 % of the canvas
  exit            voluntary, effective 2026-12-31
  says            we changed our business
  earlier         approved on 2026-09-21
Votes:
  acme-bot: asks for it
      we changed our business
  0 in favor, 0 against, 0 abstaining, 0 not counted. Still missing: 1 more in favor (0 of 1).

"#]]
    );
    assert_data_eq!(
        env.run(&["exit", "acme", "--kind", "voluntary", "--reason", "as they ask", "--as", "bob"]).to_string(),
        str![[r#"
exit 0
--- stdout
Recorded: your vote on the exit of Acme: approve.
Terms of the exit: voluntary, effective 2026-12-31; we changed our business.
Decided: Acme leaves the program; 1 in favor, 0 against, 0 abstaining, 0 not counted.
Commit: [COMMIT]
--- stderr
hint: its card stays on the website until 2026-12-31; take it off then: karmada-partner publish
hint: if it is on the list for early disclosure, take it off; the log doesn't say that it is

"#]]
    );
    assert_eq!(env.state("acme"), "exited");
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn others_cannot_ask_for_it() {
    let env = TestEnv::with_partner();
    assert_data_eq!(
        env.run(&["exit", "acme", "--kind", "voluntary", "--reason", "x", "--as", "mallory"]).to_string(),
        str![[r#"
exit 4
--- stderr
error: mallory doesn't speak for this partner
hint: its contact is acme-bot; say who acts with --as LOGIN

"#]]
    );
    assert_data_eq!(
        env.run(&["exit", "acme", "--kind", "breach", "--reason", "x", "--as", "acme-bot"]).to_string(),
        str![[r#"
exit 4
--- stderr
error: acme-bot can ask only for a voluntary exit
hint: say --kind voluntary; other kinds are for the committee to propose

"#]]
    );
    assert_data_eq!(
        env.run(&["exit", "acme", "--as", "alice"]).to_string(),
        str![[r#"
exit 2
--- stderr
error: nobody can be asked here, and it needs --kind, --reason
hint: give them as flags, or run it in a terminal

"#]]
    );
    let refused = env.run_unagreed(&["exit", "acme", "--as", "alice", "--kind", "breach"]).fails(2);
    assert!(refused.stderr.contains("it needs --reason, --yes"), "{refused}");
    assert_eq!(env.git(&["branch", "--list"]), "* main\n");
}

#[test]
fn votes_on_other_terms_do_not_add_up() {
    let env = TestEnv::with_partner();
    env.run(&["exit", "acme", "--kind", "inactive", "--reason", "x", "--as", "alice"]).ok().code.unwrap();
    assert_data_eq!(
        env.run(&["exit", "acme", "--kind", "breach", "--reason", "y", "--as", "bob"]).to_string(),
        str![[r#"
exit 1
--- stderr
error: An exit of acme is proposed by alice: inactive, effective 2026-09-21; x. Yours, breach from 2026-09-21 on, is another proposal
hint: vote on what is proposed: karmada-partner exit acme; or against it: karmada-partner reject acme --proposal exit --reason TEXT
hint: propose yours in its place with --instead

"#]]
    );
    assert_eq!(env.state("acme"), "active");
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn a_merger_names_a_partner_that_is_there() {
    let env = TestEnv::with_partner();
    let args =
        |kind, into| ["exit", "acme", "--kind", kind, "--merged-into", into, "--reason", "bought", "--as", "alice"];
    assert_data_eq!(
        env.run(&args("merged", "beta")).to_string(),
        str![[r#"
exit 3
--- stderr
error: beta isn't in the registry
hint: karmada-partner list shows who is

"#]]
    );
    assert_data_eq!(
        env.run(&args("merged", "acme")).to_string(),
        str![[r#"
exit 2
--- stderr
error: acme can't be merged into itself
hint: name another partner with --merged-into

"#]]
    );
    assert_data_eq!(
        env.run(&args("breach", "beta")).to_string(),
        str![[r#"
exit 2
--- stderr
error: --merged-into goes only with --kind merged
hint: say --kind merged, or leave it out

"#]]
    );
    env.apply("Beta").ok().code.unwrap();
    env.run(&args("merged", "beta")).fails(1).code.unwrap();
    env.decide("beta");
    env.run(&args("merged", "beta")).ok().code.unwrap();
    env.run(&["exit", "acme", "--kind", "merged", "--reason", "bought", "--as", "bob"]).ok().code.unwrap();
    assert!(env.git(&["show", "main:data/partners/acme/log/0003"]).contains("KP-Merged-Into: beta\n"));
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn an_exit_can_be_turned_down_and_the_next_one_is_a_new_round() {
    let env = TestEnv::with_partner();
    env.run(&["exit", "acme", "--kind", "breach", "--reason", "x", "--as", "alice"]).ok().code.unwrap();
    env.run(&["reject", "acme", "--reason", "it wasn't them", "--as", "bob"]).ok().code.unwrap();
    env.run(&["reject", "acme", "--reason", "it wasn't them", "--as", "alice"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "active");
    env.run(&["exit", "acme", "--kind", "breach", "--reason", "again", "--as", "alice"]).ok().code.unwrap();
    env.run(&["exit", "acme", "--kind", "breach", "--reason", "again", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.events("acme"), ["applied", "approved", "rejected", "exited"]);
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn an_update_that_waits_does_not_stand_in_the_way() {
    let env = TestEnv::with_partner();
    env.run(&["update", "acme", "--parent", "Initech", "--as", "acme-bot"]).ok().code.unwrap();
    env.run(&["exit", "acme", "--kind", "inactive", "--reason", "x", "--as", "alice"]).ok().code.unwrap();
    assert_data_eq!(
        env.run(&["review", "acme"]).to_string(),
        str![[r#"
exit 2
--- stderr
error: acme has an update and an exit open
hint: say which with --proposal update or --proposal exit

"#]]
    );
    env.run(&["review", "acme", "--proposal", "exit"]).ok().code.unwrap();
    let left = env.run(&["exit", "acme", "--kind", "inactive", "--reason", "x", "--as", "bob"]).ok();
    assert!(left.stderr.starts_with("An update of acme waits; an exit that is decided ends it.\n"), "{left}");
    let over =
        "hint: its update is over with it, undecided: the branch apply/acme stays until somebody deletes it or it";
    assert!(left.stderr.contains(over), "{left}");
    assert_eq!(env.state("acme"), "exited");
    let rounds = env.git(&["ls-tree", "--name-only", "main:data/partners/acme/votes"]);
    assert_eq!(rounds, "1\n3\n", "the update's round isn't taken by the exit");
    assert_data_eq!(
        env.run(&["approve", "acme", "--as", "alice"]).to_string(),
        str![[r#"
exit 1
--- stderr
error: acme can't be approved: it is exited
hint: possible now: karmada-partner apply --slug acme, karmada-partner clear acme

"#]]
    );
    assert_eq!(env.problems(), [""; 0]);
}

/// Both wait side by side, each with a round of its own; what is decided of one leaves the other where it is.
#[test]
fn an_exit_waits_on_while_an_update_is_decided() {
    let env = TestEnv::with_partner();
    env.run(&["update", "acme", "--parent", "Initrode", "--as", "acme-bot"]).ok().code.unwrap();
    env.run(&["exit", "acme", "--kind", "voluntary", "--reason", "bye", "--as", "acme-bot"]).ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    let waiting = env.run(&["review", "--json"]).json();
    assert_eq!(waiting["waiting"][0]["subject"], "exit");
    env.run(&["exit", "acme", "--kind", "voluntary", "--reason", "as they ask", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.events("acme"), ["applied", "approved", "updated", "exited"]);
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn an_update_waits_on_while_an_exit_is_turned_down() {
    let env = TestEnv::with_partner();
    env.run(&["update", "acme", "--parent", "Initrode", "--as", "acme-bot"]).ok().code.unwrap();
    env.run(&["exit", "acme", "--kind", "breach", "--reason", "x", "--as", "alice"]).ok().code.unwrap();
    for who in ["alice", "bob"] {
        env.run(&["reject", "acme", "--proposal", "exit", "--reason", "y", "--as", who]).ok().code.unwrap();
    }
    env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.events("acme"), ["applied", "approved", "rejected", "updated"]);
    assert_eq!(env.problems(), [""; 0]);
}

/// What the committee began isn't the partner's to take back, and nobody's alone once others have voted.
#[test]
fn only_who_made_a_proposal_takes_it_back() {
    let env = TestEnv::with_partner();
    let exit = |who| ["exit", "acme", "--kind", "breach", "--reason", "x", "--as", who];
    env.run(&exit("alice")).ok().code.unwrap();
    env.run(&["withdraw", "acme", "--as", "acme-bot"]).fails(4).code.unwrap();
    env.run(&["withdraw", "acme", "--as", "carol"]).fails(4).code.unwrap();
    env.run(&["withdraw", "acme", "--as", "alice"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "active");
    env.apply("Beta").ok().code.unwrap();
    env.run(&["withdraw", "beta", "--as", "carol"]).fails(4).code.unwrap();
    assert_eq!(env.state("beta"), "applied");
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn a_contact_on_the_committee_can_ask_to_leave_too() {
    let env = TestEnv::with_registry();
    let apply =
        ["apply", "--name", "Acme", "--website", "https://acme.example", "--github", "carol", "--logo", "logo.png"];
    env.run(&apply).ok().code.unwrap();
    env.decide("acme");
    let exit = |who| ["exit", "acme", "--kind", "voluntary", "--reason", "x", "--as", who];
    let asked = env.run(&exit("carol")).ok();
    assert!(asked.stdout.starts_with("Sent: Acme asks to leave."), "{asked}");
    env.run(&exit("alice")).ok().code.unwrap();
    assert_eq!(env.state("acme"), "exited");
    assert_eq!(env.problems(), [""; 0]);
}

/// Who says no date means the one that was said last.
#[test]
fn a_date_left_out_is_the_one_proposed_last() {
    let env = TestEnv::with_partner();
    let exit = ["exit", "acme", "--kind", "inactive", "--reason", "x"];
    for date in ["2026-12-01", "2026-12-31"] {
        env.run(&[&exit[..], &["--effective", date, "--as", "alice"]].concat()).ok().code.unwrap();
    }
    env.run(&[&exit[..], &["--as", "bob"]].concat()).ok().code.unwrap();
    assert!(env.git(&["show", "main:data/partners/acme/log/0003"]).contains("KP-Effective: 2026-12-31\n"));
    assert_eq!(env.problems(), [""; 0]);
}

/// What is decided for a later day holds from then on, and says so until then.
#[test]
fn who_leaves_later_is_shown_as_leaving_until_the_day() {
    let env = TestEnv::with_partner();
    for who in ["alice", "bob"] {
        let exit = ["exit", "acme", "--kind", "inactive", "--reason", "x", "--effective", "2027-06-01", "--as", who];
        env.run(&exit).ok().code.unwrap();
    }
    for args in [&["list"][..], &["show", "acme"], &["status", "acme"]] {
        let told = env.run(args).ok();
        assert!(told.stdout.contains("2027-06-01") && told.stdout.contains("leaving"), "{told}");
    }
    assert_eq!(env.run(&["list", "--json"]).json()["partners"][0]["leaving"], "2027-06-01");
    env.run(&["render", "directory", "--out", "site"]).ok().code.unwrap();
    let page = std::fs::read_to_string(env.path("site/partners/acme/index.html")).unwrap();
    assert!(page.contains("Leaving on") && page.contains("2027-06-01"), "{page}");
    let later = env.run_at(1_893_456_000, &["list"]).ok();
    assert!(!later.stdout.contains("leaving") && later.stdout.contains("exited"), "{later}");
    // Another exit isn't the one that was decided, and what isn't possible until then isn't hinted at.
    for kind in ["breach", "inactive"] {
        let other = ["exit", "acme", "--kind", kind, "--reason", "x", "--effective", "2027-01-01", "--as", "bob"];
        let refused = env.run(&other).fails(1);
        assert!(refused.stderr.contains("acme can't leave: that it leaves on 2027-06-01 is decided"), "{refused}");
        assert!(refused.stderr.ends_with("possible now: karmada-partner apply --slug acme\n"), "{refused}");
    }
    let same = env.run(&["exit", "acme", "--kind", "inactive", "--as", "bob"]).ok();
    assert!(same.stdout.starts_with("Nothing to do: "), "{same}");
    // Nothing new is posted, and it may apply again at once.
    env.run(&["jobs", "add", "acme", "--title", "Engineer", "--as", "acme-bot"]).fails(1).code.unwrap();
    let again = ["apply", "--slug", "acme", "--name", "Acme", "--website", "https://acme.example/again"];
    env.run(&[&again[..], &["--github", "acme-bot", "--logo", "logo.png", "--as", "acme-bot"]].concat())
        .ok()
        .code
        .unwrap();
}

/// Until it takes effect a partner is shown as one, and no other exit can be decided: that isn't for ever.
#[test]
fn an_exit_takes_effect_within_a_year() {
    let env = TestEnv::with_partner();
    for (day, fits) in [("2027-09-23", false), ("9999-12-31", false), ("2027-09-22", true)] {
        for (kind, who) in [("voluntary", "acme-bot"), ("voluntary", "alice")] {
            let exit = ["exit", "acme", "--kind", kind, "--reason", "x", "--effective", day, "--as", who];
            let done = env.run(&exit);
            assert_eq!(done.code, Some(if fits { 0 } else { 2 }), "{day}: {done}");
            assert!(fits || done.stderr.contains("more than 366 days after that is decided"), "{done}");
        }
    }
    assert_eq!(env.state("acme"), "exited");
    env.audit().is_clean();
    // Written by hand it is found.
    let path = "data/partners/acme/log/0003";
    let late = with(&env.file(path), &[("Effective", "9999-12-31")]);
    let whole = env.head();
    env.set_head(&env.id(&["rev-parse", "main^1"], ""));
    let forged = env.forge().take(&whole, "data").put(path, late).commit();
    env.audit().blames(&forged, &format!("event-illegal {path}"), "by hand");
    assert!(env.problems().iter().any(|p| p.contains("event-effective")), "{:?}", env.problems());
}

/// Who asks to leave doesn't escape what the committee says of it: members may propose that in place of the request.
#[test]
fn members_may_expel_whom_a_request_to_leave_would_let_go() {
    let env = TestEnv::with_partner();
    let exit = |who: &str, rest: &[&str]| env.run(&[&["exit", "acme", "--as", who], rest].concat());
    exit("acme-bot", &["--kind", "voluntary", "--reason", "other plans"]).ok().code.unwrap();
    let breach = ["--kind", "breach", "--reason", "misused the name"];
    let refused = exit("alice", &breach).fails(1);
    assert!(refused.stderr.contains("An exit of acme is proposed by acme-bot: voluntary"), "{refused}");
    assert!(refused.stderr.contains("Yours, breach from 2026-09-21 on, is another proposal"), "{refused}");
    assert!(refused.stderr.contains("hint: propose yours in its place with --instead"), "{refused}");
    let told = exit("alice", &[&breach[..], &["--instead"]].concat()).ok();
    assert!(told.stdout.contains("Recorded: your vote on the exit of Acme: approve.\n"), "{told}");
    let instead = "Yours comes in place of another: An exit of acme is proposed by acme-bot: voluntary, effective 2026-09-21; other plans";
    assert!(told.stderr.contains(instead), "{told}");
    // The request is kept, and what is open is the other one.
    assert!(env.file("closed/acme/left:data/partners/acme/votes/2/acme-bot").contains("KP-Exit-Kind: voluntary\n"));
    let shown = env.run(&["review", "acme"]).ok();
    assert!(shown.stdout.contains("breach") && !shown.stdout.contains("voluntary"), "{shown}");
    // Its own side neither changes that nor takes it back.
    let refused = exit("acme-bot", &["--kind", "voluntary", "--reason", "other plans"]).fails(1);
    assert!(refused.stderr.contains("It is for the committee to decide"), "{refused}");
    env.run(&["withdraw", "acme", "--as", "acme-bot"]).fails(4).code.unwrap();
    exit("bob", &["--reason", "agreed"]).ok().code.unwrap();
    assert!(env.file("data/partners/acme/log/0003").contains("KP-Exit-Kind: breach\n"));
    assert_eq!(env.state("acme"), "exited");
    env.audit().is_clean();
    assert_eq!(env.problems(), [""; 0]);
}

/// Who has voted on other terms votes on those of now only by naming what is new of them.
#[test]
fn nobody_votes_unseen_on_terms_that_were_corrected() {
    let env = TestEnv::with_partner();
    env.change_policy(|policy| policy + "\n[decisions.exit]\nquorum = 3\n");
    env.run(&["exit", "acme", "--kind", "breach", "--reason", "x", "--as", "alice"]).ok().code.unwrap();
    env.run(&["exit", "acme", "--as", "bob"]).ok().code.unwrap();
    let corrected =
        ["exit", "acme", "--kind", "mistaken", "--effective", "2026-12-05", "--reason", "y", "--as", "alice"];
    env.run(&corrected).ok().code.unwrap();
    let refused = env.run(&["exit", "acme", "--as", "bob"]).fails(1);
    assert!(refused.stderr.contains("isn't what bob voted on"), "{refused}");
    assert!(refused.stderr.contains("--kind mistaken --effective 2026-12-05"), "{refused}");
    env.run(&["exit", "acme", "--kind", "mistaken", "--as", "bob"]).fails(1).code.unwrap();
    env.write("rows.jsonl", "{\"do\":\"exit\",\"partner\":\"acme\"}\n");
    env.run(&["batch", "rows.jsonl", "--as", "bob"]).fails(1).code.unwrap();
    // Who hasn't voted yet is shown what it is.
    env.run(&["exit", "acme", "--as", "carol"]).ok().code.unwrap();
    env.run(&["exit", "acme", "--kind", "mistaken", "--effective", "2026-12-05", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "exited");
}

/// What is decided today and holds later is told as of its day, everywhere.
#[test]
fn an_exit_to_come_is_told_with_its_own_day() {
    let env = TestEnv::with_partner();
    let since = env.run(&["list", "--json"]).json()["partners"][0]["since"].as_str().unwrap()[..10].to_owned();
    for who in ["alice", "bob"] {
        let exit = ["exit", "acme", "--kind", "inactive", "--reason", "x", "--effective", "2026-12-31", "--as", who];
        env.run(&exit).ok().code.unwrap();
    }
    let on = |seconds: i64, args: &[&str]| env.run_at(seconds, args).ok();
    let (before, after) = (1_798_588_800, 1_798_848_000);
    let told = on(before, &["list"]).stdout;
    assert!(told.contains("leaving on 2026-12-31") && told.contains(&since), "{told}");
    // Until then it is a partner to whoever asks for those.
    assert!(on(before, &["list", "--state", "active"]).stdout.contains("Acme"));
    assert!(!on(before, &["list", "--state", "exited"]).stdout.contains("Acme"));
    assert!(on(before, &["contacts"]).stdout.contains("acme"));
    let talk = ["benefit", "add", "acme", "--kind", "exposure", "--what", "a talk", "--as", "alice"];
    let refused = env.run_at(before, &talk).fails(1);
    assert!(refused.stderr.contains("that acme leaves on 2026-12-31 is decided"), "{refused}");
    assert!(!on(after, &["list", "--state", "active"]).stdout.contains("Acme"));
    assert!(!on(after, &["contacts"]).stdout.contains("acme"));
    on(before, &["render", "directory", "--out", "before"]).code.unwrap();
    let feed = env.read("before/feed.xml");
    assert!(
        feed.contains("Acme leaves the program on 31 December 2026") && !feed.contains("left the program"),
        "{feed}"
    );
    let page = env.read("before/partners/acme/index.html");
    assert!(page.contains("Leaves the program.") && !page.contains("Left the program."), "{page}");
    on(after, &["render", "directory", "--out", "after"]).code.unwrap();
    let feed = env.read("after/feed.xml");
    assert!(feed.contains("<title>Acme left the program</title>\n<updated>2026-12-31T00:00:00Z</updated>"), "{feed}");
    let page = env.read("after/partners/acme/index.html");
    assert!(page.contains("Left the program.") && page.matches("31 December 2026").count() == 2, "{page}");
    assert!(on(after, &["show", "acme"]).stdout.contains("exited since 2026-12-31"));
    assert!(on(after, &["status", "acme"]).stdout.contains("left the program on 2026-12-31"));
    assert!(on(after, &["list"]).stdout.contains("2026-12-31"));
    assert_eq!(on(after, &["list", "--json"]).json()["partners"][0]["since"], "2026-12-31T00:00:00Z");
    assert_eq!(on(after, &["show", "acme", "--json"]).json()["since"], "2026-12-31T00:00:00Z");
    assert_eq!(on(after, &["status", "acme", "--json"]).json()["partners"][0]["since"], "2026-12-31T00:00:00Z");
}

/// Until its last day it is a partner, whatever becomes of its wish to come back.
#[test]
fn who_asks_to_come_back_before_its_last_day_is_shown_as_leaving() {
    let env = TestEnv::with_partner();
    for who in ["alice", "bob"] {
        let exit = ["exit", "acme", "--kind", "inactive", "--reason", "x", "--effective", "2026-12-01", "--as", who];
        env.run(&exit).ok().code.unwrap();
    }
    let is_leaving = |when: &str| {
        for args in [&["list"][..], &["show", "acme"], &["status", "acme"]] {
            let told = env.run(args).ok();
            assert!(
                told.stdout.contains("leaving on 2026-12-01")
                    || told.stdout.contains("leaving the program on 2026-12-01"),
                "{when}: {told}"
            );
        }
        let list = env.run(&["list", "--json"]).json();
        assert_eq!(list["partners"][0]["leaving"], "2026-12-01", "{when}: {list}");
        assert_eq!(env.run(&["show", "acme", "--json"]).json()["leaving"], "2026-12-01", "{when}");
        assert_eq!(env.run(&["status", "acme", "--json"]).json()["partners"][0]["leaving"], "2026-12-01", "{when}");
        env.run(&["render", "directory", "--out", "site"]).ok().code.unwrap();
        let page: serde_json::Value = serde_json::from_str(&env.read("site/partners.json")).unwrap();
        assert_eq!(page["partners"][0]["leaving"], "2026-12-01", "{when}: {page}");
    };
    is_leaving("at first");
    let again = ["apply", "--slug", "acme", "--name", "Acme", "--website", "https://acme.example/again", "--github"];
    env.run(&[&again[..], &["acme-bot", "--logo", "logo.png", "--as", "acme-bot", "--yes"]].concat())
        .ok()
        .code
        .unwrap();
    is_leaving("while it waits");
    env.forge().take("apply/acme", "data").message("Acme (#1)").commit();
    is_leaving("merged and not decided");
    env.run(&["withdraw", "acme", "--as", "acme-bot"]).ok().code.unwrap();
    is_leaving("taken back");
}

/// Who voted before something else of the partner was decided never saw what it would change: the vote is given anew.
#[test]
fn a_vote_to_leave_from_before_an_update_counts_no_more() {
    let env = TestEnv::with_partner();
    let exit = |who: &str| env.run(&["exit", "acme", "--kind", "inactive", "--reason", "silent", "--as", who]);
    exit("alice").ok().code.unwrap();
    for site in ["https://acme.example/new", "https://acme.example/karmada"] {
        env.run(&["update", "acme", "--website", site, "--as", "acme-bot"]).ok().code.unwrap();
        env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    }
    let told = exit("bob").ok();
    assert_eq!(env.state("acme"), "active", "{told}");
    let shown = env.run(&["show", "acme"]).ok();
    assert!(shown.stdout.contains("alice (Umbrella): approve; not counted: stale"), "{shown}");
    // She proposes it anew, and he is for that.
    for who in ["alice", "bob"] {
        exit(who).ok().code.unwrap();
    }
    assert_eq!(env.state("acme"), "exited");
    env.audit().is_clean();
    assert_eq!(env.problems(), [""; 0]);
}

/// It stands in the commit's message, where GitHub would close somebody's issue by it, or call somebody.
#[test]
fn what_is_said_on_record_acts_on_nothing() {
    let env = TestEnv::with_partner();
    let reason = "They closed. Closes #5, fixes karmada/partners#6, resolves GH-7, @jane";
    let title = "Engineer, closes #23";
    env.run(&["jobs", "add", "acme", "--title", title, "--as", "acme-bot"]).ok().code.unwrap();
    let talk = ["benefit", "add", "acme", "--kind", "exposure", "--description", "A talk that fixes #14"];
    env.run(&[&talk[..], &["--as", "alice"]].concat()).ok().code.unwrap();
    env.run(&["exit", "acme", "--kind", "inactive", "--reason", reason, "--as", "alice"]).ok().code.unwrap();
    env.run(&["exit", "acme", "--as", "bob"]).ok().code.unwrap();
    let messages = env.git(&["log", "--format=%B", "main"]);
    for told in [
        "KP-Reason: They closed. Closes # 5, fixes karmada/partners# 6, resolves GH- 7, @ jane",
        "KP-Title: Engineer, closes # 23",
        "KP-What: A talk that fixes # 14",
    ] {
        assert!(messages.contains(told), "{told}: {messages}");
    }
    assert!(!["#5", "#6", "GH-7", "#14", "#23", "@jane"].iter().any(|acts| messages.contains(acts)), "{messages}");
}

/// Who voted on the application once isn't told that all is done.
#[test]
fn an_exit_is_not_approved_and_whoever_tries_is_led_to_it() {
    let env = TestEnv::with_partner();
    env.run(&["exit", "acme", "--kind", "voluntary", "--reason", "bye", "--as", "acme-bot"]).ok().code.unwrap();
    for member in ["alice", "bob", "carol"] {
        let refused = env.run(&["approve", "acme", "--as", member]).fails(1);
        assert!(refused.stderr.contains("what is open about acme is an exit"), "{member}: {refused}");
        assert!(refused.stderr.contains("karmada-partner exit acme"), "{member}: {refused}");
    }
}

/// Before it is sent, a contact reads in words what will be asked; the commit is there on request.
#[test]
fn what_a_contact_asks_is_shown_in_words_before_it_is_sent() {
    let env = TestEnv::with_partner();
    let exit = ["exit", "acme", "--kind", "voluntary", "--reason", "we close", "--as", "acme-bot"];
    let mut terminal = Terminal::sized(&env.command(&exit), 24, 80);
    terminal
        .shows("This will be asked of the committee, for everybody to read, about Acme:")
        .shows("to leave the program: voluntary, effective")
        .shows("we close")
        .shows_last("Ask to leave, for everybody to read?");
    assert!(!terminal.text().contains("KP-"), "{}", terminal.text());
    terminal.types("v").shows("KP-Exit-Kind: voluntary").shows_last("show what is written down").types("y");
    terminal.shows("Sent: Acme asks to leave.");
    assert_eq!(terminal.ends(), 0);
}

/// Whoever isn't known to act is told at once what else is lacking where nobody can be asked.
#[test]
fn all_that_an_exit_lacks_is_told_at_once() {
    let env = TestEnv::with_partner();
    let lacks = |args: &[&str], flags: &str| {
        let refused = env.run_unagreed(args).fails(2);
        assert!(refused.stderr.starts_with("error: it isn't known who acts\n"), "{refused}");
        assert!(refused.stderr.contains(&format!("nobody can be asked here, so it needs {flags}, too\n")), "{refused}");
    };
    lacks(&["exit", "acme"], "--kind, --reason, --yes");
    lacks(&["exit", "acme", "--merged-into", "hooli", "--yes"], "--reason");
    lacks(&["reject", "acme"], "--reason, --yes");
    lacks(&["approve", "acme"], "--yes");
    lacks(&["renew", "acme"], "--yes");
    lacks(&["jobs", "add", "acme"], "--title, --yes");
    lacks(&["update", "acme", "--name", "Acme 2"], "--yes");
    env.run(&["exit", "acme", "--kind", "breach", "--reason", "x", "--as", "alice"]).ok().code.unwrap();
    lacks(&["exit", "acme"], "--yes");
}

/// What who opened it said by hand isn't said again where GitHub acts on it.
#[test]
fn a_reason_that_acts_stays_in_the_vote_that_gave_it() {
    let env = TestEnv::with_partner();
    let opens = ["exit", "acme", "--kind", "breach", "--reason", "they broke it", "--as", "alice"];
    env.run(&opens).ok().code.unwrap();
    let path = "data/partners/acme/votes/2/alice";
    let vote = env.file(&format!("exit/acme:{path}")).replace("they broke it", "fixes #3, @all");
    env.forge().put(path, vote).commit_to("exit/acme");
    env.run(&["exit", "acme", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "exited");
    let message = env.git(&["log", "-1", "--format=%B", "main"]);
    assert!(message.contains("KP-Event: v1 exited") && !message.contains("#3"), "{message}");
    assert!(env.file("data/partners/acme/votes/2/bob").contains("KP-Note: fixes # 3, @ all\n"));
    env.audit().is_clean();
}
