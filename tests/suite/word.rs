//! A vote binds the word of whoever proposes: reasons, notes, terms. Nothing can be slipped in after it.

use snapbox::{assert_data_eq, str};

use crate::env::{Output, TestEnv};
use crate::plumbing::{hash, value, with};
use crate::terminal::Terminal;

fn review(env: &TestEnv, who: &str) {
    let args = ["review", "acme", "--authenticity", "met", "--url", "met", "--relevance", "met", "--vote", "approve"];
    env.run(&[&args[..], &["--as", who]].concat()).ok().code.unwrap();
}

/// Somebody who may push the branch adds an event that says something about others, and changes nothing else.
fn amend_with_reason(env: &TestEnv, reason: &str) {
    let applied = env.file("apply/acme:data/partners/acme/log/0001");
    let next = [("Event", "v1 amended"), ("Seq", "2"), ("Prev", &hash(&applied))];
    let amended = format!("{}KP-Reason: {reason}\n", with(&applied, &next));
    env.forge_on("apply/acme").put("data/partners/acme/log/0002", amended).commit_to("apply/acme");
}

#[test]
fn a_reason_that_comes_after_the_votes_makes_them_stale() {
    let env = TestEnv::with_applicant();
    review(&env, "alice");
    amend_with_reason(&env, "Globex is a fraud");
    assert_data_eq!(
        env.run(&["approve", "acme", "--as", "alice"]).to_string(),
        str![[r#"
exit 1
--- stderr
error: the application of acme isn't what alice voted on, on 2026-09-21: whoever proposes it now says: Globex is a fraud
hint: look at it again, and vote: karmada-partner review acme

"#]]
    );
    let voted = env.run(&["approve", "acme", "--as", "bob", "--json"]).ok().json();
    assert_eq!(voted["decided"], false);
    let shown = env.run(&["review", "acme"]).ok();
    assert!(shown.stdout.contains("  says            Globex is a fraud\n"), "{shown}");
    assert!(shown.stdout.contains("stale: who proposes it has said something else since"), "{shown}");
    // On the first screen, too, for those who haven't voted as for those who have; and these aren't led to say the same again.
    for (member, led) in [("alice", "Enter or s"), ("carol", "Enter or j")] {
        let mut terminal = Terminal::sized(&env.command(&["review", "acme", "--as", member, "--offline"]), 24, 80);
        terminal.shows("? What now?").shows(led).types("q");
        assert_eq!(terminal.ends(), 0);
        let shown = terminal.text();
        assert!(shown.contains("in its words  Globex is a fraud"), "{shown}");
        assert_eq!(shown.contains("Changed since alice voted on 2026-09-21:"), member == "alice", "{shown}");
        assert_eq!(shown.contains("whoever proposes it now says: Globex is a fraud"), member == "alice", "{shown}");
    }
    review(&env, "alice");
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    assert_eq!(env.problems(), [""; 0]);
    env.audit().is_clean();
}

/// The same, decided by hand in spite of that: the audit counts as `approve` does.
#[test]
fn who_decides_on_votes_that_saw_something_else_is_told() {
    let env = TestEnv::with_applicant();
    review(&env, "alice");
    review(&env, "bob");
    let applied = env.file("apply/acme:data/partners/acme/log/0001");
    amend_with_reason(&env, "Globex is a fraud");
    let amended = env.file("apply/acme:data/partners/acme/log/0002");
    let votes = ["alice", "bob"].map(|who| env.file(&format!("apply/acme:data/partners/acme/votes/1/{who}")));
    let hashes = votes.iter().map(|vote| hash(vote)).collect::<Vec<_>>().join(" ");
    let decision = [
        ("Event", "v1 approved"),
        ("Seq", "3"),
        ("Actor", "bob"),
        ("Prev", &hash(&amended)),
        ("Votes", &hashes),
        ("Policy", value(&applied, "Policy")),
    ];
    let commit = env
        .forge()
        .take("apply/acme", "data/partners/acme")
        .put("data/partners/acme/log/0003", with(&applied, &decision))
        .commit();
    env.audit().blames(&commit, "event-votes data/partners/acme/log/0003", "votes on another word");
    assert_eq!(env.problems(), ["event-quorum data/partners/acme/log/0003:14"]);
}

#[test]
fn the_opener_corrects_the_terms_of_an_exit_and_others_vote_on_them() {
    let env = TestEnv::with_partner();
    let exit = |who: &str, rest: &[&str]| env.run(&[&["exit", "acme", "--as", who], rest].concat());
    exit("bob", &["--kind", "breach", "--reason", "x"]).ok().code.unwrap();
    exit("bob", &["--kind", "inactive", "--reason", "no answer for a year"]).ok().code.unwrap();
    // Alice takes what is proposed, and says so with the same words.
    let decided = exit("alice", &[]).ok();
    assert!(decided.stderr.contains("by bob: inactive, effective 2026-09-21; no answer for a year"), "{decided}");
    assert_eq!(env.state("acme"), "exited");
    assert!(env.file("data/partners/acme/log/0003").contains("KP-Exit-Kind: inactive\n"));
    env.audit().is_clean();
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn another_exit_needs_to_be_meant_and_takes_nothing_away_that_others_voted_on() {
    let env = TestEnv::with_partner();
    let exit = |who: &str, rest: &[&str]| env.run(&[&["exit", "acme", "--as", who, "--reason", "x"], rest].concat());
    exit("alice", &["--kind", "inactive"]).ok().code.unwrap();
    let refused = exit("bob", &["--kind", "breach"]).fails(1);
    assert!(refused.stderr.contains("propose yours in its place with --instead"), "{refused}");
    exit("bob", &["--kind", "inactive", "--effective", "2027-03-01"]).fails(1).code.unwrap();
    exit("bob", &["--kind", "breach", "--instead"]).ok().code.unwrap();
    // Alice's voice is kept.
    assert!(env.file("closed/acme/left:data/partners/acme/votes/2/alice").contains("KP-Exit-Kind: inactive\n"));
    exit("alice", &["--kind", "inactive", "--instead"]).ok().code.unwrap();
    exit("carol", &["--kind", "inactive"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "exited");
    assert!(env.file("data/partners/acme/log/0003").contains("KP-Exit-Kind: inactive\n"));
    env.audit().is_clean();
    assert_eq!(env.problems(), [""; 0]);
}

/// A member's clock runs behind: the contact's request still came first, and stays the contact's.
#[test]
fn who_opened_an_exit_is_told_by_git_and_not_by_clocks() {
    let env = TestEnv::with_partner();
    let ask = ["exit", "acme", "--kind", "voluntary", "--reason", "we change", "--as", "acme-bot"];
    env.run(&ask).ok().code.unwrap();
    let request = env.file("exit/acme:data/partners/acme/votes/2/acme-bot");
    let early = [("Vote", "v1 approve"), ("Actor", "alice"), ("Time", "2026-01-01T00:00:00Z"), ("Exit-Kind", "breach")];
    env.forge_on("exit/acme").put("data/partners/acme/votes/2/alice", with(&request, &early)).commit_to("exit/acme");
    let shown = env.run(&["review", "acme"]).ok();
    assert!(shown.stdout.contains("exit, since 2026-09-21, by acme-bot"), "{shown}");
    assert!(shown.stdout.contains("voluntary, effective"), "{shown}");
    assert!(shown.stdout.contains("on other terms than those that were proposed"), "{shown}");
    env.run(&["withdraw", "acme", "--as", "acme-bot"]).ok().code.unwrap();
    env.audit().is_clean();
}

#[test]
fn nobody_leaves_before_it_joined() {
    let env = TestEnv::with_partner();
    let args = ["exit", "acme", "--kind", "inactive", "--reason", "x", "--as", "alice", "--effective", "2020-01-01"];
    assert_data_eq!(
        env.run(&args).to_string(),
        str![[r#"
exit 2
--- stderr
error: acme: it leaves on 2020-01-01, before it joined on 2026-09-21
hint: give the day from which on it is no partner with --effective

"#]]
    );
}

/// A clock that lags is told of and lifted by a day at most; what the environment fixed is never lifted.
#[test]
fn no_entry_is_dated_before_the_one_it_follows_on() {
    let env = TestEnv::with_partner();
    let ahead = |seconds: i64| {
        let now = jiff::Timestamp::now().as_second() + seconds;
        let posted = env.file("data/partners/acme/log/0002");
        let time = jiff::Timestamp::from_second(now).unwrap().to_string();
        let lines =
            [("Event", "v1 renewed"), ("Subject", "upkeep"), ("Seq", "3"), ("Actor", "acme-bot"), ("Time", &time)];
        let event = with(&with(&posted, &lines), &[("Prev", &hash(&posted)), ("Votes", "none")]);
        env.forge().put("data/partners/acme/log/0003", event).commit();
        time
    };
    let honest = env.head();
    let post = ["jobs", "add", "acme", "--title", "Engineer", "--as", "acme-bot"];
    let by_the_clock = |env: &TestEnv| env.output(env.command(&post).env_remove("SOURCE_DATE_EPOCH"));
    let later = ahead(3_600);
    let lifted = by_the_clock(&env).ok();
    assert!(lifted.stderr.contains("this machine's clock lags"), "{lifted}");
    assert_eq!(value(&env.file("data/partners/acme/log/0004"), "Time"), later);
    env.set_head(&honest);
    ahead(3 * 86_400);
    let refused = by_the_clock(&env).fails(5);
    assert!(refused.stderr.contains("by this machine's clock"), "{refused}");
    let refused = env.run(&post).fails(1);
    assert!(refused.stderr.contains("SOURCE_DATE_EPOCH is 2026-"), "{refused}");
    assert_eq!(env.events("acme").len(), 3);
}

/// A time that hasn't come holds up all that follows it: it isn't written, whoever fixed it. Who founds a registry may choose; there
/// it goes on from that time, and no further.
#[test]
fn nothing_is_written_for_later() {
    let env = TestEnv::with_applicant();
    let later = |args: &[&str]| env.run_at(4_070_908_800, args);
    let before = env.git(&["for-each-ref"]);
    let refused = later(&["approve", "acme", "--as", "alice"]).fails(1);
    assert!(
        refused.stderr.contains("SOURCE_DATE_EPOCH is 2099-01-01T00:00:00Z, and by this machine's clock"),
        "{refused}"
    );
    assert_eq!(env.git(&["for-each-ref"]), before);
    let founded = later(&["init", "later.git", "--program", "program.toml"]).ok();
    assert!(founded.stderr.contains("warning: SOURCE_DATE_EPOCH is 2099-01-01T00:00:00Z, and"), "{founded}");
    let apply = |name: &str, epoch: &str| {
        let apply = [
            "apply",
            "--name",
            name,
            "--website",
            "https://acme.example",
            "--github",
            "acme-bot",
            "--logo",
            "logo.png",
        ];
        let mut command = env.command(&apply);
        env.output(command.args(["--registry", "later.git"]).env("SOURCE_DATE_EPOCH", epoch))
    };
    apply("Acme", "4070912400").ok().code.unwrap();
    let refused = apply("Globex", "4071081600").fails(1);
    assert!(refused.stderr.contains("SOURCE_DATE_EPOCH is 2099-01-03"), "{refused}");
    apply("Globex", "4070916000").ok().code.unwrap();
    // To read is no harm.
    later(&["list"]).ok().code.unwrap();
}

/// Whoever may push to a branch says something of 2099: that is no proposal, and holds up nobody.
#[test]
fn what_is_dated_in_the_future_is_no_proposal() {
    const LATER: &str = "2099-01-01T00:00:00Z";
    let env = TestEnv::with_applicant();
    let in_the_way = |refused: Output| {
        assert!(refused.stderr.contains("apply/acme is dated in the future"), "{refused}");
        assert!(refused.code == Some(0) || refused.stderr.contains("have it made again"), "{refused}");
    };
    // An application, in a commit of that time.
    let path = "data/partners/acme/log/0001";
    let applied = with(&env.file(&format!("apply/acme:{path}")), &[("Time", LATER)]);
    env.forge_on("apply/acme").put(path, &applied).dated("4070908800 +0000").commit_to("apply/acme");
    in_the_way(env.run(&["list", "--proposals"]).ok());
    for word in ["approve", "show"] {
        in_the_way(env.run(&[word, "acme", "--as", "alice"]).fails(1));
    }
    let judged = ["check", "--base", "main", "--head", "apply/acme", "--actor", "acme-bot"];
    assert!(env.run(&judged).fails(1).stdout.contains("it is dated more than a day after it was written down"));
    // It is made again, and goes its way.
    env.apply("Acme").ok().code.unwrap();
    env.decide("acme");
    assert_eq!(env.state("acme"), "active");
    // A vote in a member's name says nothing, and its maker can say it again.
    env.run(&["update", "acme", "--website", "https://acme.example/new", "--as", "acme-bot"]).ok().code.unwrap();
    let asks = env.file("apply/acme:data/partners/acme/votes/2/acme-bot");
    let said = with(&asks, &[("Vote", "v1 reject"), ("Actor", "bob"), ("Time", LATER), ("Log", &hash(&asks))]);
    env.forge_on("apply/acme").put("data/partners/acme/votes/2/bob", said).commit_to("apply/acme");
    // So does a request.
    let honest = env.id(&["rev-parse", "apply/acme"], "");
    let asks = with(&asks, &[("Time", LATER)]);
    env.forge_on("apply/acme").put("data/partners/acme/votes/2/acme-bot", asks).commit_to("apply/acme");
    in_the_way(env.run(&["list", "--proposals"]).ok());
    in_the_way(env.run(&["approve", "acme", "--as", "bob"]).fails(1));
    in_the_way(env.run(&["reject", "acme", "--reason", "no", "--as", "bob"]).fails(1));
    assert!(env.run(&judged).fails(1).stdout.contains("it is dated in the future, 2099"));
    env.plumb(&["update-ref", "refs/heads/apply/acme", &honest], "");
    env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.events("acme"), ["applied", "approved", "updated"]);
    // What was made up in his name is gone, and the audit says so much.
    env.run(&["audit"]).ok().code.unwrap();
}

/// Nobody's reason lands but what was voted on: an exit's is its opener's, and a decider's is its own note.
#[test]
fn the_reason_of_a_decision_is_one_that_was_voted_on() {
    let env = TestEnv::with_partner();
    let exit = |who: &str, reason: &str| {
        env.run(&["exit", "acme", "--kind", "inactive", "--reason", reason, "--as", who]).ok().code.unwrap();
    };
    exit("alice", "no answer for a year");
    exit("bob", "Acme are thieves");
    let exited = env.file("data/partners/acme/log/0003");
    assert_eq!(value(&exited, "Reason"), "no answer for a year");
    assert_eq!(value(&env.file("data/partners/acme/votes/2/bob"), "Note"), "Acme are thieves");
    env.audit().is_clean();
}
