//! What somebody asked for who may no longer stays to be seen, with why nothing can be decided on it: it doesn't vanish, nor give way
//! unasked to something else.

use crate::env::TestEnv;
use crate::hub::{Hub, REGISTRY};
use crate::plumbing::hash;

/// The contact asks that its partner leaves; a member votes for that where `voted`, and the partner gets another contact.
fn exit_of_a_former_contact(voted: bool) -> TestEnv {
    let env = TestEnv::with_partner();
    let ask = ["exit", "acme", "--kind", "voluntary", "--reason", "we stop", "--as", "acme-bot"];
    env.run(&ask).ok().code.unwrap();
    if voted {
        let args = ["review", "acme", "--proposal", "exit", "--vote", "reject", "--note", "no", "--as", "bob"];
        env.run(&args).ok().code.unwrap();
    }
    env.run(&["update", "acme", "--github", "acme-two", "--as", "alice"]).ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    env
}

/// A member proposes an update on a partner's behalf, another votes on it, and the first leaves the committee.
fn update_of_a_former_member(retired: bool) -> TestEnv {
    let env = TestEnv::with_partner();
    env.run(&["update", "acme", "--website", "https://acme.example/new", "--as", "carol"]).ok().code.unwrap();
    env.run(&["review", "acme", "--vote", "approve", "--as", "bob"]).ok().code.unwrap();
    env.change_policy(|text| match retired {
        true => text.replace("github = \"carol\"", "github = \"carol\"\nrole = \"emeritus\""),
        false => {
            text.split("[[committee]]").filter(|seat| !seat.contains("carol")).collect::<Vec<_>>().join("[[committee]]")
        }
    });
    env
}

fn told(env: &TestEnv, args: &[&str], code: i32, words: &[&str]) {
    let out = env.run(args);
    let said = format!("{out}");
    assert_eq!(out.code, Some(code), "{args:?}\n{said}");
    for word in words {
        assert!(said.contains(word), "{args:?} doesn't say {word:?}:\n{said}");
    }
}

#[test]
fn an_exit_whose_opener_is_no_contact_any_more_is_told_and_decided_no_more() {
    for voted in [false, true] {
        let env = exit_of_a_former_contact(voted);
        let why = "acme-bot, who opened it, no longer speaks for acme";
        told(&env, &["status"], 0, &[why, "today"]);
        told(&env, &["status", "acme"], 0, &["An exit of Acme (acme) waits", why]);
        told(&env, &["show", "acme"], 0, &[why]);
        told(&env, &["check"], 0, &[why, "exit/acme"]);
        let before = env.id(&["rev-parse", "exit/acme"], "");
        told(&env, &["exit", "acme", "--as", "bob"], 1, &[why, "--instead"]);
        told(&env, &["reject", "acme", "--reason", "no", "--as", "bob"], 1, &[why]);
        told(&env, &["review", "acme", "--proposal", "exit", "--vote", "approve", "--as", "bob"], 1, &[why]);
        told(&env, &["withdraw", "acme", "--as", "acme-two"], 1, &[why]);
        told(&env, &["exit", "acme", "--kind", "inactive", "--reason", "gone", "--as", "bob"], 1, &[why]);
        told(&env, &["exit", "acme", "--kind", "voluntary", "--reason", "we go", "--as", "acme-two"], 1, &[why]);
        assert_eq!(env.id(&["rev-parse", "exit/acme"], ""), before);
        // Asked for, another comes in its place; and what was there is kept.
        let anew = ["exit", "acme", "--kind", "voluntary", "--reason", "we go", "--instead", "--as", "acme-two"];
        told(&env, &anew, 0, &[]);
        told(&env, &["status", "acme"], 0, &["An exit of Acme (acme) waits", "It is the committee's turn"]);
        told(&env, &["exit", "acme", "--as", "bob"], 0, &["Decided: Acme leaves the program"]);
        assert!(env.git(&["branch", "--list", "closed/*"]).contains("closed/acme/"), "{voted}");
        assert_eq!(env.problems(), [""; 0]);
        assert_eq!(env.audit().findings, []);
    }
}

#[test]
fn an_update_whose_opener_left_the_committee_is_told_and_decided_no_more() {
    for retired in [false, true] {
        let env = update_of_a_former_member(retired);
        let why = "carol, who opened it, no longer speaks for acme";
        told(&env, &["status"], 0, &[why, "today"]);
        told(&env, &["list", "--json"], 0, &["\"partner\": \"acme\""]);
        told(&env, &["show", "acme"], 0, &[why]);
        told(&env, &["check"], 0, &[why, "apply/acme"]);
        let before = env.id(&["rev-parse", "apply/acme"], "");
        told(&env, &["approve", "acme", "--as", "alice"], 1, &[why, "--instead"]);
        let update = ["update", "acme", "--website", "https://acme.example/other", "--as", "alice"];
        told(&env, &update, 1, &[why, "--instead"]);
        assert_eq!(env.id(&["rev-parse", "apply/acme"], ""), before);
        told(&env, &[&update[..], &["--instead"]].concat(), 0, &["Sent: Acme"]);
        told(&env, &["approve", "acme", "--as", "alice"], 0, &["Decided: Acme is updated"]);
        assert_eq!(env.problems(), [""; 0]);
        assert_eq!(env.audit().findings, []);
        assert_eq!(env.events("acme"), ["applied", "approved", "updated"]);
    }
}

#[test]
fn a_policy_whose_proposer_left_the_committee_gives_way_only_when_asked() {
    let env = TestEnv::with_partner();
    let present = env.git(&["show", "main:data/program.toml"]);
    env.write("carols.toml", present.replace("name = \"", "name = \"New "));
    env.run(&["program", "propose", "carols.toml", "--reason", "a name", "--as", "carol"]).ok().code.unwrap();
    let open = env.id(&["rev-parse", "policy/program"], "");
    // Two policies are decided at once only by hand: one waits on another machine.
    env.git(&["branch", "-D", "policy/program"]);
    env.change_policy(|text| text.replace("github = \"carol\"", "github = \"carol\"\nrole = \"emeritus\""));
    let on = env.file(&format!("{}:data/program/votes/2/carol", open.trim()));
    let later = crate::plumbing::with(&on, &[("Round", "3")]);
    let text = env.file("main:data/program.toml").replace("name = \"", "name = \"New ");
    let later = crate::plumbing::with(&later, &[("Record", &hash(&text))]);
    env.forge().put("data/program.toml", &text).put("data/program/votes/3/carol", &later).commit_to("policy/program");
    let why = "carol, who opened it, no longer votes on the committee";
    told(&env, &["status"], 0, &[why]);
    told(&env, &["approve", "program", "--as", "alice"], 1, &[why, "--instead"]);
    let propose = ["program", "propose", "--add-member", "zoe", "--affiliation", "Vandelay", "--as", "alice"];
    told(&env, &propose, 1, &[why, "--instead"]);
    told(&env, &[&propose[..], &["--instead"]].concat(), 0, &["Proposed: another policy"]);
    told(&env, &["approve", "program", "--as", "alice"], 0, &[]);
    told(&env, &["approve", "program", "--as", "bob"], 0, &["Decided"]);
    assert!(!env.file("main:data/program.toml").contains("name = \"New "));
    assert_eq!(env.audit().findings, []);
}

#[test]
fn an_exit_that_a_former_member_began_is_told_and_decided_no_more() {
    let env = TestEnv::with_partner();
    let exit = ["exit", "acme", "--kind", "breach", "--reason", "fraud", "--as"];
    env.run(&[&exit[..], &["carol"]].concat()).ok().code.unwrap();
    let seat = "github = \"carol\"";
    env.change_policy(|text| text.replace(seat, &format!("{seat}\nrole = \"emeritus\"")));
    let why = "carol, who opened it, no longer votes on the committee";
    told(&env, &["status"], 0, &[why, "today"]);
    told(&env, &["check"], 0, &[why, "exit/acme"]);
    told(&env, &["exit", "acme", "--as", "alice"], 1, &[why, "--instead"]);
    told(&env, &["reject", "acme", "--proposal", "exit", "--reason", "no", "--as", "alice"], 1, &[why]);
    for who in ["alice", "bob"] {
        let instead: &[&str] = if who == "alice" { &["--instead"] } else { &[] };
        told(&env, &[&exit[..], &[who], instead].concat(), 0, &["Recorded"]);
    }
    assert_eq!(env.state("acme"), "exited");
    assert_eq!(env.audit().findings, []);
}

#[test]
fn on_github_an_exit_that_a_former_member_began_stays_to_be_seen() {
    let hub = Hub::with_partner();
    let exit = ["exit", "acme", "--kind", "breach", "--reason", "fraud"];
    hub.run("carol", &exit).ok().code.unwrap();
    hub.run("alice", &["program", "propose", "--retire", "carol"]).ok().code.unwrap();
    hub.decide("program");
    let why = "carol, who opened it, no longer votes on the committee";
    for args in [&["status"][..], &["show", "acme"]] {
        let said = hub.run("bob", args).ok().to_string();
        assert!(said.contains(why), "{args:?}: {said}");
    }
    let refused = hub.run("bob", &exit).fails(1);
    assert!(refused.stderr.contains(why), "{refused}");
    // What it is to be done with is what is meant: the pull request of the former member stays theirs.
    for (who, instead) in [("bob", &["--instead"][..]), ("alice", &[])] {
        hub.run(who, &[&exit[..], instead].concat()).ok().code.unwrap();
    }
    hub.run("bob", &["audit"]).ok().code.unwrap();
}

/// What takes the place of another's proposal is one of its own: no click on the other is about it.
#[test]
fn on_github_what_is_proposed_instead_is_no_word_on_the_other() {
    let hub = Hub::with_partner();
    let reviews =
        |hub: &Hub| hub.requests().iter().filter(|r| r.path.ends_with("/reviews") && r.method == "POST").count();
    let (asked, before) = (hub.threads().len(), reviews(&hub));
    hub.run("jane", &["exit", "acme", "--kind", "voluntary", "--reason", "bye"]).ok().code.unwrap();
    let breach = ["exit", "acme", "--kind", "breach", "--reason", "they lied"];
    let refused = hub.run("alice", &breach).fails(1);
    assert!(refused.stderr.contains("is another proposal"), "{refused}");
    let told = hub.run("alice", &[&breach[..], &["--instead"]].concat()).ok();
    assert!(told.stdout.contains("Terms of the exit: breach"), "{told}");
    let (own, theirs) = (asked + 2, asked + 1);
    assert_eq!(hub.threads().len(), own, "{told}");
    assert_eq!(reviews(&hub), before, "her word is no review");
    let shown = hub.run("bob", &["show", "acme"]).ok();
    assert!(shown.stdout.contains("they lied") && !shown.stderr.contains("doesn't say what it is about"), "{shown}");
    // A click on hers is about hers.
    hub.github.review(REGISTRY, theirs as u64, "bob", "APPROVED", "");
    let number = own.to_string();
    let decided = hub.run("carol", &["exit", "acme", "--pull-request", &number]).ok();
    assert!(decided.stdout.contains("Decided") && decided.stdout.contains("breach"), "{decided}");
    let votes = hub.git(REGISTRY, &["ls-tree", "--name-only", "main:data/partners/acme/votes/3"]);
    assert_eq!(votes, "alice\ncarol\n");
    hub.run("bob", &["audit"]).ok().code.unwrap();
}

/// Merged by a button while another exit is open, it isn't passed over: its votes would count for nothing.
#[test]
fn on_github_an_exit_that_was_merged_undecided_is_not_hidden_by_another() {
    for closed in [true, false] {
        let hub = Hub::with_partner();
        hub.run("jane", &["exit", "acme", "--kind", "voluntary", "--reason", "bye"]).ok().code.unwrap();
        let breach = ["exit", "acme", "--kind", "breach", "--reason", "they lied", "--instead"];
        hub.run("alice", &breach).ok().code.unwrap();
        let number = hub.threads().len() as u64;
        hub.github.merge_pull(crate::hub::REGISTRY, number, "bob", github_double::Method::Squash);
        let told = hub.run("carol", &["show", "acme"]).ok();
        assert!(told.to_string().contains("stands on the default branch, merged by somebody"), "{told}");
        let refused = hub.run("carol", &["exit", "acme"]).fails(1);
        assert!(refused.stderr.contains("take back that merge"), "{refused}");
        // Closed, or taken back as is told, it hides nothing any more: what was merged is decided.
        if closed {
            hub.github.close_pull(crate::hub::REGISTRY, number - 1, "jane");
        } else {
            assert!(refused.stderr.contains("karmada-partner withdraw acme"), "{refused}");
            hub.run("jane", &["withdraw", "acme"]).ok().code.unwrap();
        }
        let decided = hub.run("carol", &["exit", "acme"]).ok();
        assert!(decided.stdout.contains("Terms of the exit: breach"), "{decided}");
        assert!(decided.stdout.contains("Decided"), "{decided}");
        hub.run("bob", &["audit"]).ok().code.unwrap();
    }
}

/// Once others have voted, no one member takes it back, and nobody is told to.
#[test]
fn on_github_only_the_merge_is_taken_back_where_the_other_exit_has_votes() {
    let hub = Hub::with_partner();
    hub.run("alice", &["exit", "acme", "--kind", "breach", "--reason", "they lied"]).ok().code.unwrap();
    let number = hub.threads().len() as u64;
    let instead = ["exit", "acme", "--kind", "inactive", "--reason", "no answer", "--instead"];
    hub.run("carol", &instead).ok().code.unwrap();
    hub.github.review(crate::hub::REGISTRY, number, "bob", "CHANGES_REQUESTED", "They are fine.");
    hub.github.merge_pull(crate::hub::REGISTRY, number + 1, "bob", github_double::Method::Squash);
    let refused = hub.run("bob", &["exit", "acme"]).fails(1);
    assert!(refused.stderr.contains("hint: take back that merge, as with GitHub's Revert\n"), "{refused}");
    hub.run("alice", &["withdraw", "acme"]).fails(4).code.unwrap();
}

#[test]
fn on_github_a_former_contacts_pull_request_stays_to_be_seen() {
    let hub = Hub::with_partner();
    hub.run("jane", &["exit", "acme", "--kind", "voluntary", "--reason", "we stop"]).ok().code.unwrap();
    hub.run("alice", &["update", "acme", "--github", "erin"]).ok().code.unwrap();
    hub.run("alice", &["approve", "acme"]).ok().code.unwrap();
    let why = "jane, who opened it, no longer speaks for acme";
    for args in [&["status"][..], &["status", "acme"], &["show", "acme"]] {
        let said = hub.run("bob", args).ok().to_string();
        assert!(said.contains(why), "{args:?}: {said}");
    }
    let refused = hub.run("bob", &["exit", "acme"]).fails(1);
    assert!(refused.stderr.contains(why) && refused.stderr.contains("its pull request"), "{refused}");
    hub.run("bob", &["audit"]).ok().code.unwrap();
}

const NEEN: &str =
    "[[partner]]\nname = \"Neen\"\nwebsite = \"https://neen.example\"\ngithub = \"mallory\"\nlogo = \"logo.png\"\n";

/// Who hands the committee over is told before what of theirs would end; and nobody is said to have written something by hand.
#[test]
fn an_import_whose_member_left_the_committee_is_told_and_brought_in_anew() {
    let env = TestEnv::with_registry();
    env.write("neen.toml", NEEN);
    env.run(&["import", "table", "neen.toml", "--as", "carol"]).ok().code.unwrap();
    // What somebody applies with on another's behalf needs no seat to go on.
    env.write("acme.png", crate::picture::png(200, 300));
    let facts = ["--name", "Acme", "--website", "https://acme.example", "--github", "acme-bot", "--logo", "acme.png"];
    env.run(&[&["apply"], &facts[..], &["--as", "carol"]].concat()).ok().code.unwrap();
    let retire = env.run(&["program", "propose", "--retire", "carol", "--as", "alice"]).ok();
    assert!(retire.stderr.contains("what carol proposed about neen can't be decided any more"), "{retire}");
    assert!(!retire.stderr.contains("acme") && retire.stderr.contains("decide that before this policy"), "{retire}");
    env.decide("program");
    let why = "carol, who opened it, no longer votes on the committee";
    told(&env, &["status"], 0, &[why, "Acme"]);
    told(&env, &["status", "neen"], 0, &[why]);
    told(&env, &["list", "--json"], 0, &["\"partner\": \"neen\""]);
    told(&env, &["check"], 0, &[why, "apply/neen"]);
    told(&env, &["approve", "neen", "--as", "alice"], 1, &[why, "import … --instead"]);
    told(&env, &["update", "neen", "--website", "https://neen.example/new", "--as", "mallory"], 1, &[why]);
    let import = ["import", "table", "neen.toml", "--as", "bob"];
    told(&env, &import, 0, &["Left alone", why, "--instead"]);
    told(&env, &[&import[..], &["--instead"]].concat(), 0, &["Imported: Neen"]);
    for slug in ["neen", "acme"] {
        env.decide(slug);
        assert_eq!(env.state(slug), "active");
    }
    assert_eq!(env.problems(), [""; 0]);
    assert_eq!(env.audit().findings, []);
}

#[test]
fn on_github_an_import_of_a_former_member_stays_to_be_seen() {
    let hub = Hub::new();
    hub.env.write("neen.toml", NEEN);
    hub.run("carol", &["import", "table", "neen.toml"]).ok().code.unwrap();
    hub.run("alice", &["program", "propose", "--retire", "carol"]).ok().code.unwrap();
    hub.decide("program");
    let why = "carol, who opened it, no longer votes on the committee";
    for args in [&["status"][..], &["status", "neen"], &["show", "neen"]] {
        let said = hub.run("bob", args).ok().to_string();
        assert!(said.contains(why) && !said.contains("no proposal"), "{args:?}: {said}");
    }
    hub.run("bob", &["announce"]).ok().code.unwrap();
    assert!(hub.threads()[0].to_string().contains("no longer votes on the committee"), "{}", hub.threads()[0]);
    let refused = hub.run("bob", &["approve", "neen"]).fails(1);
    assert!(refused.stderr.contains(why) && refused.stderr.contains("import … --instead"), "{refused}");
    hub.run("bob", &["import", "table", "neen.toml", "--instead"]).ok().code.unwrap();
    hub.decide("neen");
    hub.run("bob", &["audit"]).ok().code.unwrap();
}

/// Somebody merges carol's import of Neen, before she leaves the committee or after, and it waits undecided.
fn merged_import(in_time: bool) -> TestEnv {
    let env = TestEnv::with_registry();
    env.write("neen.toml", NEEN);
    env.run(&["import", "table", "neen.toml", "--as", "carol"]).ok().code.unwrap();
    env.git_at(".", &["clone", "--quiet", "registry.git", "checkout"]);
    let merge = || {
        env.git_at("checkout", &["pull", "--quiet"]);
        env.git_at("checkout", &["merge", "--quiet", "--no-ff", "--message", "Merge it", "origin/apply/neen"]);
        env.git_at("checkout", &["push", "--quiet", "origin", "HEAD", ":apply/neen"]);
    };
    if in_time {
        merge();
    }
    env.run(&["program", "propose", "--retire", "carol", "--as", "alice"]).ok().code.unwrap();
    env.decide("program");
    if !in_time {
        merge();
    }
    env
}

/// What came on record while its member had a seat is in order there, whoever sits on the committee by now.
#[test]
fn an_import_that_was_merged_in_time_is_decided_where_it_stands() {
    for approve in [true, false] {
        let env = merged_import(true);
        told(
            &env,
            &["status", "neen"],
            0,
            &["It stands on the default branch, and not decided", "the committee's turn"],
        );
        let (decide, state): (&[&str], _) = match approve {
            true => (&["approve", "neen"], "active"),
            false => (&["reject", "neen", "--reason", "no"], "rejected"),
        };
        for who in ["alice", "bob"] {
            env.run(&[decide, &["--as", who]].concat()).ok().code.unwrap();
        }
        assert_eq!(env.state("neen"), state);
        assert_eq!(env.problems(), [""; 0]);
        let audit = env.audit();
        assert!(audit.findings.iter().all(|f| f.severity != "error"), "{}", audit.words);
    }
}

/// What came on record after that can't say by what right it did; turned down, it would still stand there.
#[test]
fn an_import_that_was_merged_too_late_is_taken_back_whole() {
    let env = merged_import(false);
    let why = "carol, who opened it, no longer votes on the committee";
    told(&env, &["status", "neen"], 0, &[why]);
    for decide in [&["approve", "neen"][..], &["reject", "neen", "--reason", "no"]] {
        told(&env, &[decide, &["--as", "alice"]].concat(), 1, &[why, "take back the whole merge"]);
    }
    env.git_at("checkout", &["revert", "--no-edit", "--mainline", "1", "HEAD"]);
    env.git_at("checkout", &["push", "--quiet", "origin", "HEAD"]);
    env.run(&["import", "table", "neen.toml", "--as", "bob"]).ok().code.unwrap();
    env.decide("neen");
    assert_eq!(env.state("neen"), "active");
    assert_eq!(env.problems(), [""; 0]);
}

/// Without a clone, too: who isn't named any more by the policy in force was by one from before.
#[test]
fn what_a_member_opened_whom_the_policy_leaves_out_stays_to_be_seen_on_github() {
    let exit = ["exit", "acme", "--kind", "breach", "--reason", "fraud"];
    let update = ["update", "acme", "--website", "https://acme.example/new"];
    let import = ["import", "table", "neen.toml"];
    let cases: [(&[&str], &str, &str); 3] = [
        (&exit, "acme", "no longer votes on the committee"),
        (&update, "acme", "no longer speaks for acme"),
        (&import, "neen", "no longer votes on the committee"),
    ];
    for (ask, slug, why) in cases {
        let hub = if slug == "acme" { Hub::with_partner() } else { Hub::new() };
        hub.env.write("neen.toml", NEEN);
        hub.run("carol", ask).ok().code.unwrap();
        let policy = hub.git_raw(REGISTRY, "main:data/program.toml");
        let seats: Vec<&str> = policy.split("[[committee]]").filter(|seat| !seat.contains("\"carol\"")).collect();
        hub.env.write("next.toml", seats.join("[[committee]]"));
        hub.run("alice", &["program", "propose", "next.toml"]).ok().code.unwrap();
        hub.decide("program");
        for args in [&["status"][..], &["status", slug], &["show", slug]] {
            let said = hub.run("bob", args).ok().to_string();
            assert!(said.contains(why), "{ask:?} {args:?}: {said}");
        }
    }
}

/// What was never anybody's to ask is no proposal still.
#[test]
fn what_a_stranger_asks_for_by_hand_is_no_proposal() {
    let env = exit_of_a_former_contact(false);
    let asked = env.file("exit/acme:data/partners/acme/votes/2/acme-bot");
    let forged = crate::plumbing::with(&asked, &[("Actor", "mallory")]);
    env.forge().put("data/partners/acme/votes/2/mallory", forged).commit_to("exit/acme");
    let status = env.run(&["status"]).ok().to_string();
    assert!(status.contains("Nothing waits for a decision."), "{status}");
}
