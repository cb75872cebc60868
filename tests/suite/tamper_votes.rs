//! Tampering with who said what: votes that are changed, copied or made up, and decisions that rest on votes which don't
//! carry them. Signatures, too.

use crate::env::{Output, PROGRAM, TestEnv};
use crate::plumbing::{Forged, hash, value, with};
use crate::signature::keygen;
use crate::signed_work::{signed, with_key};
use crate::tamper_log::{doing, each, registry};

const ACME: &str = "data/partners/acme";

#[test]
fn votes_are_only_ever_added() {
    let env = registry();
    let vote = env.file(&format!("{ACME}/votes/1/alice"));
    let policy_vote = env.file("data/program/votes/2/bob");
    let edited = with(&vote, &[("Vote", "v1 reject")]);
    each(
        &env,
        &[
            (
                "edited",
                &|c| c.put("data/partners/acme/votes/1/alice", &edited),
                "vote-changed data/partners/acme/votes/1/alice",
            ),
            (
                "deleted",
                &|c| c.gone("data/partners/acme/votes/1/alice"),
                "vote-changed data/partners/acme/votes/1/alice",
            ),
            (
                "renamed",
                &|c| c.moved("data/partners/acme/votes/1/alice", "data/partners/acme/votes/1/zoe"),
                "vote-changed data/partners/acme/votes/1/alice",
            ),
            (
                "two swapped",
                &|c| {
                    let bob = env.file("data/partners/acme/votes/1/bob");
                    c.put("data/partners/acme/votes/1/alice", bob).put("data/partners/acme/votes/1/bob", &vote)
                },
                "vote-changed data/partners/acme/votes/1/bob",
            ),
            (
                "of the program, deleted",
                &|c| c.gone("data/program/votes/2/bob"),
                "vote-changed data/program/votes/2/bob",
            ),
            (
                "copied under the member's next name",
                &|c| c.put("data/partners/acme/votes/1/alice.2", &vote),
                "vote-place data/partners/acme/votes/1/alice.2",
            ),
            (
                "copied under somebody else's name",
                &|c| c.put("data/partners/acme/votes/1/carol", &vote),
                "vote-place data/partners/acme/votes/1/carol",
            ),
            (
                "copied in another spelling",
                &|c| c.put("data/partners/acme/votes/3/Alice", with(&vote, &[("Round", "3")])),
                "stray data/partners/acme/votes/3/Alice",
            ),
            (
                "copied to another partner",
                &|c| c.put("data/partners/umbra/votes/2/alice", &vote),
                "vote-place data/partners/umbra/votes/2/alice",
            ),
            (
                "copied to another round",
                &|c| c.put("data/partners/acme/votes/3/alice", &vote),
                "vote-place data/partners/acme/votes/3/alice",
            ),
            (
                "a round in another spelling",
                &|c| c.put("data/partners/acme/votes/03/alice", with(&vote, &[("Round", "3")])),
                "stray data/partners/acme/votes/03",
            ),
            (
                "added after the decision",
                &|c| c.put("data/partners/acme/votes/1/carol", with(&vote, &[("Actor", "carol")])),
                "vote-late data/partners/acme/votes/1/carol",
            ),
            (
                "added to the policy after the decision",
                &|c| c.put("data/program/votes/2/carol", with(&policy_vote, &[("Actor", "carol")])),
                "vote-late data/program/votes/2/carol",
            ),
            (
                "not a block",
                &|c| c.put("data/partners/acme/votes/3/alice", format!("{vote}\n")),
                "vote-format data/partners/acme/votes/3/alice",
            ),
            (
                "left lying about, undecided",
                &|c| c.put("data/partners/acme/votes/3/alice", with(&vote, &[("Round", "3")])),
                "undecided",
            ),
        ],
    );
}

/// An application that waits on its branch, and what it takes to decide it by hand.
struct Waiting<'e> {
    env: &'e TestEnv,
    branch: &'static str,
    root: &'static str,
}

impl Waiting<'_> {
    fn event(&self) -> String {
        self.env.file(&format!("{}:{}/log/0001", self.branch, self.root))
    }

    /// A vote by somebody, well-formed, about what waits; with other lines.
    fn vote(&self, actor: &str, lines: &[(&str, &str)]) -> String {
        let (event, template) = (self.event(), self.env.file(&format!("{ACME}/votes/1/alice")));
        let same = ["Registry", "Partner", "Round", "Policy", "Record", "Logo"].map(|key| (key, value(&event, key)));
        with(&with(&with(&template, &same), &[("Actor", actor), ("Log", &hash(&event))]), lines)
    }

    /// The commit that approves it on these votes, each with the name of its file.
    fn approved<'e>(&self, commit: Forged<'e>, actor: &str, votes: &[(&str, String)]) -> Forged<'e> {
        let event = self.event();
        let template = self.env.file(&format!("{ACME}/log/0002"));
        let last = self.env.id(&["ls-tree", "--name-only", &format!("{}:{}/log", self.branch, self.root)], "");
        let last = last.lines().last().unwrap();
        let applied = self.env.file(&format!("{}:{}/log/{last}", self.branch, self.root));
        let seq = last.parse::<u32>().unwrap() + 1;
        let same = ["Partner", "Time", "Record", "Logo", "Objects"].map(|key| (key, value(&applied, key)));
        let hashes: Vec<String> = votes.iter().map(|(_, vote)| hash(vote)).collect();
        let decision = with(
            &with(&template, &same),
            &[
                ("Seq", &seq.to_string()),
                ("Actor", actor),
                ("Policy", value(&event, "Policy")),
                ("Prev", &hash(&applied)),
                ("Votes", &hashes.join(" ")),
            ],
        );
        let commit = commit.take(self.branch, self.root).put(&format!("{}/log/{seq:04}", self.root), decision);
        votes.iter().fold(commit, |c, (name, vote)| c.put(&format!("{}/votes/1/{name}", self.root), vote))
    }
}

/// Decisions that are well-formed in every other way.
#[test]
fn a_decision_rests_on_votes_that_carry_it() {
    let env = registry();
    env.apply("Newco").ok().code.unwrap();
    let newco = Waiting { env: &env, branch: "apply/newco", root: "data/partners/newco" };
    // Carol works for Globex, and alice is the contact of Amity.
    env.apply("Globex").ok().code.unwrap();
    let globex = Waiting { env: &env, branch: "apply/globex", root: "data/partners/globex" };
    let amity = "apply --name Amity --website https://amity.example/k --github alice --logo logo.png --as alice";
    env.run(&amity.split(' ').collect::<Vec<_>>()).ok().code.unwrap();
    let amity = Waiting { env: &env, branch: "apply/amity", root: "data/partners/amity" };
    let on = |waiting: &Waiting<'_>, actors: &[&'static str]| -> Vec<(&'static str, String)> {
        actors.iter().map(|actor| (*actor, waiting.vote(actor, &[]))).collect()
    };
    let newco_votes = on(&newco, &["alice", "bob"]);
    let honest = env.head();
    newco.approved(env.forge(), "bob", &newco_votes).commit();
    // The forger's hand is good: with votes that carry, nothing is wrong.
    env.audit().is_clean();
    env.set_head(&honest);

    let stale = with(&newco.vote("alice", &[]), &[("Record", &hash("other facts"))]);
    // Zoe has had her seat since the policy that brought her: a click of hers counts from then on, and none before.
    let seated = env.file("data/program/log/0002");
    let seated = value(&seated, "Time");
    let clicked = |time: &str| {
        let vote = newco.vote("zoe", &[("Authenticity", ""), ("URL", ""), ("Relevance", ""), ("Time", time)]);
        format!("{vote}KP-Attested: https://github.com/x/y/pull/1\nKP-Head: {}\n", "1".repeat(40))
    };
    let with_zoe = |time| vec![newco_votes[0].clone(), ("zoe", clicked(time))];
    newco.approved(env.forge(), "alice", &with_zoe(seated)).commit();
    env.audit().is_clean();
    env.set_head(&honest);
    let early = with_zoe("2026-09-21T14:16:00Z");
    assert!("2026-09-21T14:16:00Z" < seated);
    let twice = vec![("alice", newco.vote("alice", &[])), ("alice.2", newco.vote("ALICE", &[]))];
    let against = vec![newco_votes[0].clone(), ("bob", newco.vote("bob", &[("Vote", "v1 reject")]))];
    let event = |root: &str| format!("event-votes {root}/log/0002");
    each(
        &env,
        &[
            ("nobody", &|c| newco.approved(c, "bob", &[]).message("x"), "event-format data/partners/newco/log/0002"),
            ("one alone", &|c| newco.approved(c, "alice", &newco_votes[..1]), &event(newco.root)),
            ("the same twice", &|c| newco.approved(c, "alice", &twice), &event(newco.root)),
            ("a click from before its maker had a seat", &|c| newco.approved(c, "alice", &early), &event(newco.root)),
            ("one against", &|c| newco.approved(c, "alice", &against), &event(newco.root)),
            (
                "a stale one",
                &|c| newco.approved(c, "bob", &[("alice", stale.clone()), newco_votes[1].clone()]),
                &event(newco.root),
            ),
            (
                "no member",
                &|c| newco.approved(c, "alice", &on(&newco, &["alice", "mallory"])),
                "vote-policy data/partners/newco/votes/1/mallory",
            ),
            (
                "no member counts",
                &|c| newco.approved(c, "alice", &on(&newco, &["alice", "mallory"])),
                &event(newco.root),
            ),
            (
                "an emeritus",
                &|c| newco.approved(c, "alice", &on(&newco, &["alice", "erin"])),
                "vote-policy data/partners/newco/votes/1/erin",
            ),
            (
                "who works there",
                &|c| globex.approved(c, "alice", &on(&globex, &["alice", "carol"])),
                &event(globex.root),
            ),
            ("the contact", &|c| amity.approved(c, "bob", &on(&amity, &["alice", "bob"])), &event(amity.root)),
            (
                "a stranger writes it down",
                &|c| newco.approved(c, "mallory", &newco_votes),
                "event-actor data/partners/newco/log/0002",
            ),
            (
                "a vote that is not there",
                &|c| newco.approved(c, "bob", &newco_votes).gone("data/partners/newco/votes/1/alice"),
                &event(newco.root),
            ),
            (
                "one too many is not named",
                &|c| {
                    let carol = newco.vote("carol", &[("Vote", "v1 reject")]);
                    newco.approved(c, "bob", &newco_votes).put("data/partners/newco/votes/1/carol", carol)
                },
                &event(newco.root),
            ),
        ],
    );
}

#[test]
fn a_vote_belongs_to_one_registry() {
    let env = registry();
    let other = TestEnv::new();
    other.write("program.toml", PROGRAM);
    done(other.run(&["init", "registry.git", "--program", "program.toml", "--as", "carol"]));
    env.apply("Newco").ok().code.unwrap();
    let newco = Waiting { env: &env, branch: "apply/newco", root: "data/partners/newco" };
    let founded = hash(&other.file("data/program/log/0001"));
    assert_ne!(founded, hash(&env.file("data/program/log/0001")), "the same people, and another registry");
    let foreign = newco.vote("alice", &[("Registry", &founded)]);
    let votes = [("alice", foreign), ("bob", newco.vote("bob", &[]))];
    let decided = doing(|c| newco.approved(c, "bob", &votes));
    each(
        &env,
        &[
            ("its place", &decided, "vote-place data/partners/newco/votes/1/alice"),
            ("its count", &decided, "event-votes data/partners/newco/log/0002"),
        ],
    );
}

/// Signs as a person would who has the key and no program of ours.
pub fn sign(env: &TestEnv, key: &str, block: &str) -> String {
    let unsigned = block.split_inclusive('\n').filter(|l| !l.starts_with("KP-Signature: ")).collect::<String>();
    let args = ["-Y", "sign", "-f", key, "-n", "karmada-partner"];
    let armored = keygen(&env.path("."), &args, unsigned.as_bytes()).unwrap();
    let body: String = armored.lines().filter(|l| !l.starts_with("-----")).collect();
    format!("{unsigned}KP-Signature: {body}\n")
}

#[track_caller]
fn done(output: Output) {
    output.ok().code.unwrap();
}

/// Acme is approved, with signatures; newco waits.
fn signed_registry(required: &str) -> TestEnv {
    let env = signed(required);
    for who in ["alice", "bob"] {
        done(with_key(&env, who, who, &["approve", "acme"]));
    }
    done(env.apply("Newco"));
    env.audit().is_clean();
    env
}

#[test]
fn a_signature_is_its_makers_and_over_these_words() {
    let env = signed_registry("required = true");
    let newco = Waiting { env: &env, branch: "apply/newco", root: "data/partners/newco" };
    let vote = |who| newco.vote(who, &[]);
    let (alice, bob) = (sign(&env, "alice", &vote("alice")), sign(&env, "bob", &vote("bob")));
    let decided = |c, alice: &str| {
        // The event is signed in its file only when it is complete.
        let votes = [("alice", alice.to_owned()), ("bob", bob.clone())];
        let unsigned = newco.approved(c, "bob", &votes).aside();
        let event = env.file(&format!("{unsigned}:data/partners/newco/log/0002"));
        (unsigned, event)
    };
    let commit = |alice: &str, event: &dyn Fn(&str) -> String| {
        let (unsigned, block) = decided(env.forge(), alice);
        env.forge().take(&unsigned, newco.root).put("data/partners/newco/log/0002", event(&block))
    };
    let by_bob = |block: &str| sign(&env, "bob", block);
    let honest = env.head();
    commit(&alice, &by_bob).commit();
    env.audit().is_clean();
    env.set_head(&honest);

    let flipped = {
        let signature = value(&alice, "Signature");
        let at = signature.len() - 20;
        let other = if signature.as_bytes()[at] == b'A' { "B" } else { "A" };
        with(&alice, &[("Signature", &format!("{}{other}{}", &signature[..at], &signature[at + 1..]))])
    };
    let copied = with(&env.file(&format!("{ACME}/votes/1/alice")), &[]);
    let on_other_words =
        format!("{}KP-Signature: {}\n", with(&alice, &[("Signature", "")]), value(&copied, "Signature"));
    let of_another = sign(&env, "bob", &vote("alice"));
    let (vote_path, event_path) = ("data/partners/newco/votes/1/alice", "data/partners/newco/log/0002");
    let wrong_vote = format!("vote-signature {vote_path}");
    let tampered = with(&alice, &[("Authenticity", "unsure")]);
    for (name, commit, finding) in [
        ("bits flipped", commit(&flipped, &by_bob), wrong_vote.as_str()),
        ("a signature from another vote", commit(&on_other_words, &by_bob), &wrong_vote),
        ("other words under it", commit(&tampered, &by_bob), &wrong_vote),
        ("another member's key", commit(&of_another, &by_bob), &wrong_vote),
        ("a stranger's key", commit(&sign(&env, "mallory", &vote("alice")), &by_bob), &wrong_vote),
        ("a vote that isn't signed", commit(&vote("alice"), &by_bob), &format!("event-votes {event_path}")),
        (
            "a decision that isn't signed",
            commit(&alice, &|b| with(b, &[("Signature", "")])),
            &format!("event-unsigned {event_path}"),
        ),
        (
            "a decision by another's key",
            commit(&alice, &|b| sign(&env, "alice", b)),
            &format!("event-signature {event_path}"),
        ),
    ] {
        let made = commit.commit();
        env.audit().blames(&made, finding, name);
        env.set_head(&honest);
    }
    env.audit().is_clean();
}

/// Authority comes from position: no date, on the block or on the commit, brings a key back.
#[test]
fn a_key_that_was_removed_proves_nothing_more() {
    let env = signed_registry("required = true");
    let before = value(&env.file(&format!("{ACME}/log/0002")), "Policy").to_owned();
    let past = value(&env.file("data/program/log/0001"), "Time").to_owned();
    // Alice loses her key, and mallory has it.
    std::fs::copy(env.path("alice"), env.path("stolen")).unwrap();
    let key = env.read("alice.pub");
    let swap = ["program", "propose", "--remove-key", key.trim(), "--add-key", "alice=mallory.pub"];
    done(with_key(&env, "bob", "bob", &swap));
    done(with_key(&env, "bob", "bob", &["approve", "program"]));
    done(with_key(&env, "alice", "alice", &["approve", "program"]));
    assert_eq!(env.events("program").len(), 4);
    env.audit().is_clean();
    let (now, honest) = (hash(&env.file("data/program.toml")), env.head());

    let newco = Waiting { env: &env, branch: "apply/newco", root: "data/partners/newco" };
    let bob = ("bob", sign(&env, "bob", &newco.vote("bob", &[("Policy", &now)])));
    let path = "data/partners/newco/log/0002";
    for (name, vote_policy, event_policy, finding) in [
        ("under the policy of then", &before, &before, format!("event-policy {path}")),
        ("its vote under the policy of then", &before, &now, format!("event-votes {path}")),
        ("its vote under that of now", &now, &now, "vote-signature data/partners/newco/votes/1/alice".to_owned()),
        ("the decision under that of now", &now, &now, format!("event-signature {path}")),
    ] {
        let vote = newco.vote("alice", &[("Policy", vote_policy), ("Time", &past)]);
        let votes = [("alice", sign(&env, "stolen", &vote)), bob.clone()];
        let unsigned = newco.approved(env.forge(), "alice", &votes).aside();
        let event = with(&env.file(&format!("{unsigned}:{path}")), &[("Policy", event_policy), ("Time", &past)]);
        let commit = env.forge().take(&unsigned, newco.root).put(path, sign(&env, "stolen", &event));
        let time = env.id(&["log", "-1", "--format=%ct", "main~3"], "");
        let made = commit.dated(&format!("{time} +0000")).commit();
        env.audit().blames(&made, &finding, name);
        env.set_head(&honest);
    }
}

/// Which policy was in force when a decision came is told by commits, where its own time leaves that open.
#[test]
fn a_decision_under_the_policy_of_before_is_told_by_all() {
    let env = registry();
    done(env.apply("Newco"));
    let (newco, path) =
        (Waiting { env: &env, branch: "apply/newco", root: "data/partners/newco" }, "data/partners/newco/log/0002");
    let honest = env.head();
    env.change_policy(|text| text.replace("Vandelay", "Vandelay Industries"));
    let (changed, time) = (env.head(), value(&env.file("data/program/log/0003"), "Time").to_owned());
    let votes = ["alice", "bob"].map(|who| (who, newco.vote(who, &[])));
    let decide = || {
        let undated = newco.approved(env.forge(), "bob", &votes).aside();
        let event = with(&env.file(&format!("{undated}:{path}")), &[("Time", &time)]);
        env.forge().take(&undated, newco.root).put(path, event).commit()
    };
    let late = decide();
    env.audit().blames(&late, &format!("event-policy {path}"), "after another policy");
    assert_eq!(env.problems(), [format!("event-policy {path}:9")]);
    assert_eq!(env.problems(), [format!("event-policy {path}:9")], "and it is not remembered as right");

    // Its clock goes ahead; nothing else is wrong with it.
    env.set_head(&honest);
    decide();
    env.forge().take(&changed, "data/program").take(&changed, "data/program.toml").commit();
    env.audit().is_clean();
    assert_eq!(env.problems(), [""; 0]);
}

/// Whoever decides lands the votes, and could leave one out that is against.
#[test]
fn a_vote_against_is_not_lost_on_the_way() {
    let env = registry();
    done(env.apply("Newco"));
    let against = ["review", "newco", "--vote", "reject", "--authenticity", "not-met", "--as", "carol"];
    done(env.run(&[against.as_slice(), &["--url", "met", "--relevance", "met"]].concat()));
    let newco = Waiting { env: &env, branch: "apply/newco", root: "data/partners/newco" };
    let votes = ["alice", "bob"].map(|who| (who, newco.vote(who, &[])));
    let lost = "data/partners/newco/votes/1/carol";
    let merge = newco.approved(env.forge(), "bob", &votes).gone(lost).parents(&["main", "apply/newco"]).commit();
    env.audit().tells("warning", &merge, &format!("evil-merge {lost}"), "dropped, and nobody had signed it");
}

/// A merge may have the default branch as its second parent: then all that happened there comes after what is merged into.
#[test]
fn nobody_gets_back_to_a_time_before_they_were_retired() {
    let env = registry();
    done(env.apply("Newco"));
    let before = env.head();
    env.change_policy(|text| text.replacen("Globex\"\n", "Globex\"\nrole = \"emeritus\"\n", 1));
    let now = env.head();
    env.audit().is_clean();
    env.set_head(&before);
    let newco = Waiting { env: &env, branch: "apply/newco", root: "data/partners/newco" };
    let votes = ["alice", "carol"].map(|who| (who, newco.vote(who, &[])));
    let past = newco.approved(env.forge(), "carol", &votes).commit();
    env.forge().parents(&[&past, &now]).take(&now, "data/program").take(&now, "data/program.toml").commit();
    assert!(env.audit_again().findings.iter().any(|f| f.rule == "rewritten"), "who audited before sees it");
}

/// A member's signed vote against it was on the branch, a later commit there took it away, and the branch is merged: from the
/// branch's first to its last commit, nothing shows it.
#[test]
fn a_signed_vote_that_was_there_and_is_gone_is_found() {
    let env = signed_registry("");
    let newco = Waiting { env: &env, branch: "apply/newco", root: "data/partners/newco" };
    let path = "data/partners/newco/votes/1/bob";
    let unsigned = newco.vote("bob", &[("Vote", "v1 reject"), ("Signature", "")]);
    let signed = sign(&env, "bob", &unsigned);
    let votes = ["alice", "bob"].map(|who| (who, sign(&env, who, &newco.vote(who, &[]))));
    let (honest, branch) = (env.head(), env.id(&["rev-parse", "apply/newco"], ""));
    for (severity, cast, how) in [
        ("error", &signed, "in a row"),
        ("error", &signed, "with the default branch"),
        ("error", &signed, "merged into it"),
        ("warning", &unsigned, "in a row"),
        ("warning", &unsigned, "merged into it"),
    ] {
        let aside = env.forge_on("apply/newco").put(path, cast);
        let mut gone = if how == "merged into it" {
            // It comes on a branch of its own, and isn't there after that was merged.
            let own = aside.aside();
            env.forge().parents(&["apply/newco", &own]).commit_to("apply/newco")
        } else {
            aside.commit_to("apply/newco");
            env.forge_on("apply/newco").gone(path).commit_to("apply/newco")
        };
        if how == "with the default branch" {
            // The default branch, merged in since, is no place to hide behind.
            gone = env.forge().parents(&[&gone, "main"]).commit_to("apply/newco");
        }
        let commit = newco.approved(env.forge().parents(&["main", &gone]), "carol", &votes).commit();
        env.audit().tells(severity, &commit, &format!("evil-merge {path}"), how);
        env.set_head(&honest);
        env.plumb(&["update-ref", "refs/heads/apply/newco", &branch], "");
    }
}

/// Who may push to a proposal's branch may silence nobody: a signed vote that a commit there takes away, or writes over, stops
/// every decision until it is back.
#[test]
fn nothing_is_decided_while_a_signed_vote_is_gone() {
    let env = signed_registry("");
    let newco = Waiting { env: &env, branch: "apply/newco", root: "data/partners/newco" };
    let path = "data/partners/newco/votes/1/bob";
    let against =
        |lines: &[(&str, &str)]| newco.vote("bob", &[&[("Vote", "v1 reject"), ("Signature", "")], lines].concat());
    let (signed, mild) = (sign(&env, "bob", &against(&[])), against(&[("Vote", "v1 abstain")]));
    let branch = env.id(&["rev-parse", "apply/newco"], "");
    let back = || env.plumb(&["update-ref", "refs/heads/apply/newco", &branch], "");
    let decide = |word: &str| {
        let more = if word == "reject" { ["--reason", "no"].as_slice() } else { &[] };
        let said = |who: &'static str| env.run(&[&[word, "newco", "--as", who], more].concat());
        said("alice").ok().code.unwrap();
        said("carol")
    };
    for word in ["approve", "reject"] {
        for over in [None, Some(&mild)] {
            env.forge_on("apply/newco").put(path, &signed).commit_to("apply/newco");
            let forged = env.forge_on("apply/newco");
            let forged = over.map_or_else(|| env.forge_on("apply/newco").gone(path), |vote| forged.put(path, vote));
            let by = forged.commit_to("apply/newco");
            // What comes later, as the default branch merged in, hides nothing.
            env.forge_on("apply/newco").parents(&["apply/newco", "main"]).commit_to("apply/newco");
            let refused = decide(word).fails(1);
            assert!(refused.stderr.contains("a vote by bob is gone from apply/newco"), "{refused}");
            assert!(refused.stderr.contains(path), "{refused}");
            assert_eq!(env.events("newco"), ["applied"], "{by}");
            // Brought back, it counts, and what it stops is decided by the rules.
            env.forge_on("apply/newco").put(path, &signed).commit_to("apply/newco");
            let heard = env.run(&["show", "newco"]).ok();
            assert!(heard.stdout.contains("bob (Initech): reject"), "{heard}");
            back();
        }
    }
    // What nobody signed could be anybody's, and stops nothing.
    env.forge_on("apply/newco").put(path, against(&[])).commit_to("apply/newco");
    env.forge_on("apply/newco").gone(path).commit_to("apply/newco");
    decide("approve").ok().code.unwrap();
}

/// Where the facts of an application are gone, only what its decision names is counted; and none of that which its member replaced.
#[test]
fn a_vote_that_was_replaced_carries_nothing_where_facts_are_gone() {
    const BETA: &str = "data/partners/beta";
    let env = TestEnv::with_partner();
    let gone = hash("nowhere");
    let facts = [
        ("Partner", "beta"),
        ("Record", gone.as_str()),
        ("Objects", &format!("{} {}", "1".repeat(40), "2".repeat(40))),
    ];
    let applied = with(&env.file(&format!("{ACME}/log/0001")), &facts);
    let like = with(&env.file(&format!("{ACME}/votes/1/alice")), &facts[..2]);
    let vote = |ballot: &str, who: &str| {
        with(&like, &[("Vote", &format!("v1 {ballot}")), ("Actor", who), ("Log", &hash(&applied))])
    };
    let (alice, bob, again) = (vote("reject", "alice"), vote("reject", "bob"), vote("approve", "alice"));
    let votes = format!("{} {}", hash(&alice), hash(&bob));
    let rejected = with(&env.file(&format!("{ACME}/log/0002")), &facts);
    let rejected = with(&rejected, &[("Event", "v1 rejected"), ("Prev", &hash(&applied)), ("Votes", &votes)]);
    let honest = env.head();
    for replaced in [false, true] {
        let commit = env
            .forge()
            .put(&format!("{BETA}/log/0001"), &applied)
            .put(&format!("{BETA}/log/0002"), &rejected)
            .put(&format!("{BETA}/votes/1/alice"), &alice)
            .put(&format!("{BETA}/votes/1/bob"), &bob);
        let commit = if replaced { commit.put(&format!("{BETA}/votes/1/alice.2"), &again) } else { commit };
        let commit = commit.commit();
        if replaced {
            env.audit().blames(&commit, &format!("event-votes {BETA}/log/0002"), "replaced");
            assert_eq!(env.problems(), [format!("event-quorum {BETA}/log/0002:14")]);
        } else {
            env.audit().is_clean();
            assert_eq!(env.problems(), [""; 0]);
        }
        env.set_head(&honest);
    }
}
