//! Where something lies in a wrong place, comes twice, is gone, or was never there.

use super::*;

/// Alice's vote to turn an update down which is asked for, and bob's; the request first.
fn turns_down(world: &World, asks: &Vote) -> [Put; 3] {
    let log = Some(Sha256::of(asks.to_string().as_bytes()));
    let [alice, bob] = ["alice", "bob"].map(|who| {
        let vote = world.vote("acme", asks.round, Subject::Update, Ballot::Reject, who);
        cast(&Vote { log, facts: asks.facts, ..vote })
    });
    [cast(asks), alice, bob]
}

#[test]
fn what_lies_in_a_wrong_place_is_no_voice_later_either() {
    let mut world = World::approved("");
    let elsewhere = world.vote("acme", 9, Subject::Exit, Ballot::Reject, "bob");
    let elsewhere = Vote { terms: Some(terms()), ..elsewhere };
    are(&world.step([cast_as(&elsewhere, "bob.2")].map(|(path, b)| (path.replace("/9/", "/2/"), b))), &["vote-place"]);
    let votes = world.exits(2);
    let exited = world.decided(Kind::Exited, Subject::Exit, 2, &votes);
    world.assert_clean(votes.into_iter().chain([exited]));
}

/// However much is wrong with it.
#[test]
fn a_vote_of_another_registry_does_not_count_for_its_broken_signature() {
    let mut world = World::approved("");
    let [first, second] = <[Put; 2]>::try_from(world.exits(2)).unwrap();
    let foreign = Vote { registry: Sha256::of(b"x"), ..Vote::parse(&first.1).unwrap() };
    let votes = vec![world.examined(cast(&foreign), Verdict::Broken(SignatureFault::Wrong)), second];
    let exited = world.decided(Kind::Exited, Subject::Exit, 2, &votes);
    let found = world.step(votes.into_iter().chain([exited]));
    are(&found, &["vote-place", "vote-signature", "event-votes: it rests on a vote"]);
}

#[test]
fn a_request_whose_signature_is_asked_for_opens_nothing_without() {
    for (actor, expected) in [("contact", &[][..]), ("bob", &["vote-signature", "event-votes"])] {
        let mut world = World::approved("");
        world.changes_policy(&policy("[signatures]\nrequired = true\n"), 2);
        let asks = world.vote("acme", 3, Subject::Update, Ballot::Request, actor);
        let [asks, alices, _] = turns_down(&world, &asks);
        let alices = world.examined(alices, by_alice());
        let rejected = world.decides(Kind::Rejected, Subject::Update, 3, std::slice::from_ref(&alices));
        let rejected = world.examined(put(&Event { actor: login("alice"), ..rejected }), by_alice());
        are(&world.step([asks, alices, rejected]), expected);
    }
}

#[test]
fn only_its_founding_begins_a_registry_and_only_once() {
    let mut world = World { time: 1_790_000_000, ..World::default() };
    let before = Event {
        kind: Kind::Applied,
        subject: Subject::Application,
        registry: Some(Sha256::of(b"x")),
        partner: "acme".parse().unwrap(),
        facts: Named::of(&record(""), Some(b"logo")),
        objects: Objects::of(&record(""), Some(b"logo")),
        ..Event::founding(b"p", &login("applicant"), world.now())
    };
    are(&world.step([put(&before)])[..1], &["not-founded"]);
    assert_eq!(world.ledger.registry, None);

    let mut world = World::founded("");
    let own = world.registry();
    let (last, hash) = world.last("program").unwrap();
    let again = Event { seq: 2, prev: Some(hash), time: world.now(), ..last };
    let found = world.step([put(&again)]);
    assert!(found.iter().any(|f| f.starts_with("event-illegal")), "{found:#?}");
    assert_eq!((world.ledger.registry, world.ledger.counts.events), (Some(own), 2));
}

/// By the policy that it brings: there is none before.
#[test]
fn the_founding_is_held_to_the_key_of_who_founds() {
    let found = |verdict: Verdict| {
        let mut world = World { time: 1_790_000_000, ..World::default() };
        let bytes = policy("").into_bytes();
        let event = put(&Event::founding(&bytes, &login("alice"), world.now()));
        let copy = ("data/program/policies/0001.toml".to_owned(), bytes.clone());
        let event = world.examined(event, verdict);
        let found = world.step([event, copy, ("data/program.toml".to_owned(), bytes)]);
        (found, world.ledger.counts.grades.signed)
    };
    assert_eq!(found(by_alice()), (vec![], 1));
    assert_eq!(found(Verdict::Unsigned), (vec![], 0));
    are(&found(Verdict::Broken(SignatureFault::Wrong)).0, &["event-signature"]);
}

/// What changes the policy, and the files that come with it.
fn policy_change(world: &World, to: &str, actor: &str) -> Vec<Put> {
    let named = Named::of(to.as_bytes(), None);
    let first = Vote { facts: named, ..world.vote("program", 2, Subject::Policy, Ballot::Approve, "alice") };
    let log = Some(Sha256::of(first.to_string().as_bytes()));
    let bob = world.vote("program", 2, Subject::Policy, Ballot::Approve, "bob");
    let mut puts = vec![cast(&first), cast(&Vote { facts: named, log, ..bob })];
    let event = world.decides(Kind::Updated, Subject::Policy, 2, &puts);
    let objects = Objects::of(to.as_bytes(), None);
    puts.push(put(&Event { facts: named, objects, actor: login(actor), ..event }));
    puts.push(("data/program/policies/0002.toml".to_owned(), to.as_bytes().to_vec()));
    puts.push(("data/program.toml".to_owned(), to.as_bytes().to_vec()));
    puts
}

#[test]
fn who_changes_the_policy_signs_by_the_one_before() {
    let mut world = World::approved("");
    let taken = policy("").replace(&format!("keys = [\"{KEY}\"]\n"), "");
    let mut puts = policy_change(&world, &taken, "alice");
    puts[2] = world.examined(puts[2].clone(), by_alice());
    world.assert_clean(puts);
}

/// One sentence, and no accusation.
#[test]
fn what_is_not_here_is_told_and_nothing_after_it_is_judged() {
    let next = policy("[decisions.update]\nquorum = 2\n");
    // Whether it stands there, or only its event came.
    for files in [2, 0] {
        let mut world = World::approved("");
        let mut puts = policy_change(&world, &next, "bob");
        puts.truncate(3 + files);
        world.store.gone.insert(GitId::of_file(next.as_bytes()));
        are(&world.step(puts), &["object-missing: object "]);
    }

    for gone in [record(""), b"logo".to_vec()] {
        let mut world = World::founded("");
        let applied = world.applied();
        world.assert_clean([applied]);
        let votes = world.approvals("acme", 1, Subject::Application);
        let approved = world.decided(Kind::Approved, Subject::Application, 1, &votes);
        world.store.gone.insert(GitId::of_file(&gone));
        are(&world.step(votes.into_iter().chain([approved]).chain(facts(""))), &["object-missing: object "]);
    }
}

#[test]
fn where_its_contact_asks_to_leave_one_vote_carries_it() {
    for (who, expected) in [("contact", &[][..]), ("applicant", &["vote-actor", "event-votes"])] {
        let mut world = World::approved("");
        let leaving = Some(Terms { kind: ExitKind::Voluntary, ..terms() });
        let asks = Vote { terms: leaving.clone(), ..world.vote("acme", 2, Subject::Exit, Ballot::Request, who) };
        let log = Some(Sha256::of(asks.to_string().as_bytes()));
        let bobs = world.vote("acme", 2, Subject::Exit, Ballot::Approve, "bob");
        let bobs = cast(&Vote { log, terms: leaving.clone(), ..bobs });
        let exited = world.decides(Kind::Exited, Subject::Exit, 2, std::slice::from_ref(&bobs));
        are(&world.step([cast(&asks), bobs, put(&Event { terms: leaving, ..exited })]), expected);
    }
}

#[test]
fn a_record_that_could_tie_nobody_is_not_asked_who_has_a_stake() {
    let mut world = World::founded("");
    let (facts, objects) = (Named::of(b"0", Some(b"logo")), Objects::of(b"0", Some(b"logo")));
    let applied = world.event("acme", Kind::Applied, Subject::Application, "applicant");
    world.assert_clean([put(&Event { facts, objects, ..applied })]);
    let votes = world.approvals("acme", 1, Subject::Application);
    let approved = world.decided(Kind::Approved, Subject::Application, 1, &votes);
    let files = [(format!("{ACME}/partner.toml"), b"0".to_vec()), (format!("{ACME}/logo.png"), b"logo".to_vec())];
    let found = world.step(votes.into_iter().chain([approved]).chain(files));
    are(&found, &["event-facts: it brings a partner.toml that can't be read"]);
}

/// Where the facts are gone, nobody can say which other votes would count.
#[test]
fn a_decision_names_all_votes_that_count_where_that_can_be_told() {
    let mut world = World::approved("");
    let asks = world.vote("acme", 2, Subject::Update, Ballot::Request, "contact");
    let puts = turns_down(&world, &asks);
    let rejected = world.decided(Kind::Rejected, Subject::Update, 2, &puts[1..2]);
    are(&world.step(puts.into_iter().chain([rejected])), &["event-votes: it doesn't name just the votes"]);

    for (gone, expected) in [(true, &[][..]), (false, &["event-votes: it doesn't name just the votes"])] {
        let mut world = World::founded("[[committee]]\ngithub = \"zoe\"\naffiliation = \"Z\"\n");
        let applied = world.applied();
        world.store.bytes.insert(GitId::of_file(&record("")), record(""));
        world.store.gone.extend(gone.then(|| GitId::of_file(&record(""))));
        world.assert_clean([applied]);
        let votes =
            ["alice", "bob", "zoe"].map(|who| cast(&world.vote("acme", 1, Subject::Application, Ballot::Reject, who)));
        let rejected = world.decided(Kind::Rejected, Subject::Application, 1, &votes[..2]);
        are(&world.step(votes.into_iter().chain([rejected])), expected);
    }
}

#[test]
fn a_partner_becomes_part_of_another_that_is_one() {
    let mut world = World::approved("");
    let applied = world.event("beta", Kind::Applied, Subject::Application, "applicant");
    world.assert_clean([put(&applied)]);
    let votes = world.approvals("beta", 1, Subject::Application);
    let named = votes.iter().map(|(_, bytes)| Sha256::of(bytes)).collect();
    let approved = Event { votes: named, ..world.event("beta", Kind::Approved, Subject::Application, "bob") };
    let files = facts("").map(|(path, bytes)| (path.replace("acme", "beta"), bytes));
    world.assert_clean(votes.into_iter().chain([put(&approved)]).chain(files));
    let into = Some(Terms { kind: ExitKind::Merged, merged_into: Some("beta".parse().unwrap()), ..terms() });
    let first = Vote { terms: into.clone(), ..world.vote("acme", 2, Subject::Exit, Ballot::Approve, "alice") };
    let log = Some(Sha256::of(first.to_string().as_bytes()));
    let bob = world.vote("acme", 2, Subject::Exit, Ballot::Approve, "bob");
    let votes = vec![cast(&first), cast(&Vote { log, terms: into.clone(), ..bob })];
    let exited = Event { terms: into, ..world.decides(Kind::Exited, Subject::Exit, 2, &votes) };
    world.assert_clean(votes.into_iter().chain([put(&exited)]));
}

/// It is the same files that stood there, and nothing else.
#[test]
fn only_what_stood_there_is_owned_up_to() {
    let recorded = |owned: &str| {
        let mut world = World::approved("");
        let changed = facts("description = \"x\"\n")[0].clone();
        are(&world.step([changed]), &["facts-unexplained"]);
        let renewed = put(&world.event("acme", Kind::Renewed, Subject::Upkeep, "contact"));
        world.assert_clean([renewed]);
        let told = |world: &World| {
            let found = world.ledger.findings.iter().find(|f| f.code == Rule::Facts).unwrap();
            (found.severity == Severity::Repaired, found.message.contains("owns up to it"))
        };
        assert_eq!(told(&world), (false, false));
        let bytes = record(owned);
        let (facts, objects) = (Named::of(&bytes, Some(b"logo")), Objects::of(&bytes, Some(b"logo")));
        let vote = cast(&Vote { facts, ..world.vote("acme", 2, Subject::Update, Ballot::Approve, "bob") });
        let event = world.decides(Kind::Recorded, Subject::Update, 2, std::slice::from_ref(&vote));
        let found =
            world.step([vote, put(&Event { facts, objects, ..event }), (format!("{ACME}/partner.toml"), bytes)]);
        (found, told(&world))
    };
    assert_eq!(recorded("description = \"x\"\n"), (vec![], (true, true)));
    let (found, told) = recorded("description = \"y\"\n");
    are(&found, &["event-facts: what it owns up to didn't stand there before"]);
    assert_eq!(told, (true, false));
}

/// By who was its contact, and not by whom the application names.
#[test]
fn nobody_makes_themselves_the_contact_of_who_left() {
    for (actor, expected) in [("contact", &[][..]), ("mallory", &["event-actor"])] {
        let mut world = World::approved("");
        let votes = world.exits(2);
        let exited = world.decided(Kind::Exited, Subject::Exit, 2, &votes);
        world.assert_clean(votes.into_iter().chain([exited]));
        let theirs = String::from_utf8(record("")).unwrap().replace("\"contact\"", "\"mallory\"").into_bytes();
        world.store.bytes.insert(GitId::of_file(&theirs), theirs.clone());
        let (facts, objects) = (Named::of(&theirs, Some(b"logo")), Objects::of(&theirs, Some(b"logo")));
        let applied = world.event("acme", Kind::Applied, Subject::Application, actor);
        are(&world.step([put(&Event { facts, objects, round: 3, ..applied })]), expected);
    }
}
