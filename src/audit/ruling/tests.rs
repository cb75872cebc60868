//! Each rule broken once, by files as somebody with a text editor would make them, and held to with a key that nobody has: what
//! a signature comes to is said here, not worked out.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::finding::Severity;
use super::super::step::{Changed, Item, Start, Step};
use super::*;
use crate::domain::log::detail::{Benefit, BenefitKind, Detail, Stage};
use crate::domain::log::event::{Facts as Named, Objects, Principles, Said, Terms};
use crate::domain::log::kinds::{ExitKind, Finding};
use crate::domain::signature::examined::{EventFile, VoteFile};
use crate::domain::signature::sshsig::SignatureFault;
use crate::domain::values::Time;
use crate::git::People;

mod unusual;

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFTjtTdn7C5DWWlZ6UW4fdpRwXseMy2i3fBUU+rJwHzh";
const ACME: &str = "data/partners/acme";

fn policy(more: &str) -> String {
    format!(
        "schema = 1\n[[committee]]\ngithub = \"alice\"\naffiliation = \"A\"\nkeys = [\"{KEY}\"]\n\
         [[committee]]\ngithub = \"bob\"\naffiliation = \"B\"\n\
         [[committee]]\ngithub = \"erin\"\naffiliation = \"E\"\nrole = \"emeritus\"\n{more}"
    )
}

fn record(more: &str) -> Vec<u8> {
    format!("schema = 1\nname = \"Acme\"\nwebsite = \"https://acme.example/\"\ngithub = \"contact\"\n{more}")
        .into_bytes()
}

/// What files hold, and what their signatures come to.
#[derive(Default)]
struct Store {
    bytes: HashMap<GitId, Vec<u8>>,
    verdicts: HashMap<GitId, Verdict>,
    /// What isn't here, though it stands somewhere.
    gone: HashSet<GitId>,
}

impl Store {
    fn verdict(&self, id: GitId) -> Verdict {
        self.verdicts.get(&id).cloned().unwrap_or(Verdict::Unsigned)
    }
}

impl Source for Store {
    fn event(&self, id: GitId) -> Option<EventFile> {
        let bytes = self.bytes.get(&id)?;
        let told = |said| Testimony { said, hash: Sha256::of(bytes), verdict: self.verdict(id) };
        Some(Event::parse(bytes).map(told))
    }

    fn vote(&self, id: GitId) -> Option<VoteFile> {
        let bytes = self.bytes.get(&id)?;
        let told = |said| Testimony { said, hash: Sha256::of(bytes), verdict: self.verdict(id) };
        Some(Vote::parse(bytes).map(told))
    }

    fn bytes(&self, id: GitId) -> Option<Vec<u8>> {
        self.bytes.get(&id).filter(|_| !self.gone.contains(&id)).cloned()
    }

    fn start(&self, _: &Slug) -> std::result::Result<Option<Start>, GitId> {
        Ok(None)
    }
}

/// A file that a step brings.
type Put = (String, Vec<u8>);

/// A registry in the making.
#[derive(Default)]
struct World {
    ledger: Ledger,
    store: Store,
    files: BTreeMap<String, GitId>,
    time: i64,
    /// Whether its steps are merges.
    merge: bool,
}

impl World {
    fn founded(more: &str) -> Self {
        let mut world = Self { time: 1_790_000_000, ..Self::default() };
        let bytes = policy(more).into_bytes();
        let event = Event::founding(&bytes, &login("alice"), world.now());
        let puts = [
            ("data/program/log/0001".to_owned(), event.to_string().into_bytes()),
            ("data/program/policies/0001.toml".to_owned(), bytes.clone()),
            ("data/program.toml".to_owned(), bytes),
        ];
        assert_eq!(world.step(puts), [""; 0]);
        world
    }

    /// With acme, which `applicant` applied for.
    fn approved(more: &str) -> Self {
        let mut world = Self::founded(more);
        let applied = world.applied();
        world.assert_clean([applied]);
        let votes = world.approvals("acme", 1, Subject::Application);
        let approved = world.decided(Kind::Approved, Subject::Application, 1, &votes);
        world.assert_clean(votes.into_iter().chain([approved]).chain(facts("")));
        world
    }

    fn now(&self) -> Time {
        Time::from_unix(self.time)
    }

    /// What is found in a step that brings these files; without what is only odd.
    fn step(&mut self, puts: impl IntoIterator<Item = Put>) -> Vec<String> {
        let from = self.ledger.findings.len();
        let put = |(path, bytes): Put| {
            let id = GitId::of_file(&bytes);
            self.store.bytes.insert(id, bytes);
            let old = self.files.insert(path.clone(), id).map(Item::File);
            (path, old, Some(Item::File(id)))
        };
        let changes: Vec<_> = puts.into_iter().map(put).collect();
        let changes = changes.into_iter().map(|(path, old, new)| Changed { path, old, new }).collect();
        let commit = GitId::of_file(self.time.to_string().as_bytes());
        self.ledger.step(
            Step { commit, time: Some(self.time), who: People::BOTH, message: "", merge: self.merge, changes },
            &self.store,
        );
        self.time += 60;
        let found = self.ledger.findings[from.min(self.ledger.findings.len())..].iter();
        let told = |f: &super::super::finding::Finding| format!("{}: {}", f.code, f.message);
        found.filter(|f| f.severity == Severity::Error).map(told).collect()
    }

    fn assert_clean(&mut self, puts: impl IntoIterator<Item = Put>) {
        assert_eq!(self.step(puts), [""; 0]);
    }

    fn blob(&self, path: &str) -> Option<&[u8]> {
        Some(self.store.bytes.get(self.files.get(path)?)?)
    }

    /// The last event of a log, with its hash.
    fn last(&self, slug: &str) -> Option<(Event, Sha256)> {
        let root = root(slug);
        let path = (1..=9_999)
            .map(|n| format!("{root}/log/{n:04}"))
            .take_while(|path| self.files.contains_key(path))
            .last()?;
        let bytes = self.blob(&path)?;
        Some((Event::parse(bytes).unwrap(), Sha256::of(bytes)))
    }

    fn policy(&self) -> Sha256 {
        Sha256::of(self.blob("data/program.toml").unwrap())
    }

    fn registry(&self) -> Sha256 {
        Sha256::of(self.blob("data/program/log/0001").unwrap())
    }

    /// What could come next in a log.
    fn event(&self, slug: &str, kind: Kind, subject: Subject, actor: &str) -> Event {
        let last = self.last(slug);
        let (record, logo) = (record(""), b"logo".to_vec());
        let (facts, objects) = match &last {
            Some((last, _)) => (last.facts, last.objects),
            None => (Named::of(&record, Some(&logo)), Objects::of(&record, Some(&logo))),
        };
        Event {
            kind,
            subject,
            registry: Some(self.registry()),
            partner: Slug::or_program(slug).unwrap(),
            seq: last.as_ref().map_or(1, |(last, _)| last.seq + 1),
            round: 1,
            policy: self.policy(),
            facts,
            objects,
            prev: last.map(|(_, hash)| hash),
            ..Event::founding(b"", &login(actor), self.now())
        }
    }

    fn applied(&self) -> Put {
        put(&self.event("acme", Kind::Applied, Subject::Application, "applicant"))
    }

    fn vote(&self, slug: &str, round: u32, subject: Subject, ballot: Ballot, actor: &str) -> Vote {
        let last = self.last(slug);
        let facts = last.as_ref().map_or_else(|| Named::of(b"", None), |(last, _)| last.facts);
        let said = Said {
            registry: self.registry(),
            partner: &Slug::or_program(slug).unwrap(),
            round,
            subject,
            actor: &login(actor),
            time: self.now(),
            policy: self.policy(),
            facts,
            log: last.map(|(_, hash)| hash).filter(|_| subject == Subject::Application),
        };
        let judges = subject == Subject::Application && ballot != Ballot::Request;
        Vote { principles: judges.then(|| Principles::all(Finding::Met)), ..Vote::new(ballot, said) }
    }

    /// What alice opens and bob is for.
    fn approvals(&self, slug: &str, round: u32, subject: Subject) -> Vec<Put> {
        let first = self.vote(slug, round, subject, Ballot::Approve, "alice");
        let word = first.log.unwrap_or_else(|| Sha256::of(first.to_string().as_bytes()));
        let second = Vote { log: Some(word), ..self.vote(slug, round, subject, Ballot::Approve, "bob") };
        vec![cast(&first), cast(&second)]
    }

    fn exits(&self, round: u32) -> Vec<Put> {
        let first = Vote { terms: Some(terms()), ..self.vote("acme", round, Subject::Exit, Ballot::Approve, "alice") };
        let log = Some(Sha256::of(first.to_string().as_bytes()));
        let bob = self.vote("acme", round, Subject::Exit, Ballot::Approve, "bob");
        vec![cast(&first), cast(&Vote { log, terms: Some(terms()), ..bob })]
    }

    fn decides(&self, kind: Kind, subject: Subject, round: u32, votes: &[Put]) -> Event {
        let slug = if subject == Subject::Policy { "program" } else { "acme" };
        let votes = votes.iter().map(|(_, bytes)| Sha256::of(bytes)).collect();
        let terms = (kind == Kind::Exited).then(terms);
        Event { round, votes, terms, ..self.event(slug, kind, subject, "bob") }
    }

    fn decided(&self, kind: Kind, subject: Subject, round: u32, votes: &[Put]) -> Put {
        put(&self.decides(kind, subject, round, votes))
    }

    /// Says what a file's signature comes to.
    fn examined(&mut self, (path, bytes): Put, verdict: Verdict) -> Put {
        self.store.verdicts.insert(GitId::of_file(&bytes), verdict);
        (path, bytes)
    }

    /// Bob decides another policy with alice, in a round of the program's.
    fn changes_policy(&mut self, to: &str, round: u32) {
        let named = Named::of(to.as_bytes(), None);
        let of = |vote: Vote| Vote { facts: named, ..vote };
        let first = of(self.vote("program", round, Subject::Policy, Ballot::Approve, "alice"));
        let log = Some(Sha256::of(first.to_string().as_bytes()));
        let second = Vote { log, ..of(self.vote("program", round, Subject::Policy, Ballot::Approve, "bob")) };
        let votes = vec![cast(&first), cast(&second)];
        let objects = Objects::of(to.as_bytes(), None);
        let event = Event { facts: named, objects, ..self.decides(Kind::Updated, Subject::Policy, round, &votes) };
        let copy = (format!("data/program/policies/{:04}.toml", event.seq), to.as_bytes().to_vec());
        let current = ("data/program.toml".to_owned(), to.as_bytes().to_vec());
        self.assert_clean(votes.into_iter().chain([put(&event), copy, current]));
    }
}

fn login(name: &str) -> crate::domain::values::Login {
    name.parse().unwrap()
}

fn root(slug: &str) -> String {
    if slug == "program" { "data/program".into() } else { format!("data/partners/{slug}") }
}

fn terms() -> Terms {
    Terms { kind: ExitKind::Breach, effective: "2026-12-01".parse().unwrap(), merged_into: None }
}

fn facts(more: &str) -> [Put; 2] {
    [(format!("{ACME}/partner.toml"), record(more)), (format!("{ACME}/logo.png"), b"logo".to_vec())]
}

fn put(event: &Event) -> Put {
    let root = root(event.partner.as_str());
    (format!("{root}/log/{:04}", event.seq), event.to_string().into_bytes())
}

fn cast(vote: &Vote) -> Put {
    cast_as(vote, &vote.actor.folded())
}

fn cast_as(vote: &Vote, name: &str) -> Put {
    (format!("{}/votes/{}/{name}", root(vote.partner.as_str()), vote.round), vote.to_string().into_bytes())
}

fn by_alice() -> Verdict {
    let program = Program::parse(policy("").as_bytes()).unwrap();
    Verdict::By(Box::new(program.committee[0].keys[0].clone()))
}

/// That just this is found, each by the beginning of how it is told.
#[track_caller]
fn are(found: &[String], expected: &[&str]) {
    let fits = found.len() == expected.len() && found.iter().zip(expected).all(|(f, e)| f.starts_with(e));
    assert!(fits, "{found:#?} isn't {expected:#?}");
}

#[test]
fn a_vote_stands_where_it_says() {
    let mut world = World::founded("");
    let applied = world.applied();
    world.assert_clean([applied]);
    let vote = world.vote("acme", 1, Subject::Application, Ballot::Approve, "alice");
    for (put, expected) in [
        ((format!("{ACME}/votes/1/alice"), b"KP-Vote: v1 approve\n".to_vec()), "vote-format"),
        (cast_as(&vote, "bob"), "vote-place: a vote by alice here is named alice"),
        (cast_as(&vote, "alice.2"), "vote-place: a vote by alice here is named alice"),
        ((format!("{ACME}/votes/2/alice"), vote.to_string().into_bytes()), "vote-place: the vote is of round 1"),
        (
            ("data/partners/beta/votes/1/alice".into(), vote.to_string().into_bytes()),
            "vote-place: the vote is about acme",
        ),
        (
            cast(&Vote { registry: Sha256::of(b"x"), ..vote.clone() }),
            "vote-place: the vote belongs to another registry",
        ),
        (cast_as(&vote, "alice.101"), "vote-place: a vote by alice here is named alice"),
    ] {
        let mut world = World::founded("");
        let applied = world.applied();
        world.assert_clean([applied]);
        let found = world.step([put]);
        are(&found[found.len() - 1..], &[expected]);
    }
}

/// What came before others of its name is a voice once they are there; the later one stands.
#[test]
fn a_vote_that_came_early_is_heard_in_its_turn() {
    let mut world = World::founded("");
    let applied = world.applied();
    world.assert_clean([applied]);
    let votes = world.approvals("acme", 1, Subject::Application);
    let against = world.vote("acme", 1, Subject::Application, Ballot::Reject, "bob");
    are(&world.step([cast_as(&against, "bob.2")]), &["vote-place"]);
    let approved = world.decided(Kind::Approved, Subject::Application, 1, &votes);
    let found = world.step(votes.into_iter().chain([approved]).chain(facts("")));
    are(&found, &["event-votes: its votes don't carry it"]);
}

#[test]
fn the_hundred_and_first_vote_has_to_be_signed() {
    for signed in [false, true] {
        let mut world = World::founded("");
        let applied = world.applied();
        world.assert_clean([applied]);
        let against = world.vote("acme", 1, Subject::Application, Ballot::Reject, "alice");
        let name = |n: u32| if n == 1 { "alice".to_owned() } else { format!("alice.{n}") };
        world.assert_clean((1..=100).map(|n| cast_as(&against, &name(n))));
        let [first, second] = <[Put; 2]>::try_from(world.approvals("acme", 1, Subject::Application)).unwrap();
        let last = (format!("{ACME}/votes/1/alice.101"), first.1);
        let last = if signed { world.examined(last, by_alice()) } else { last };
        let votes = vec![last, second];
        let approved = world.decided(Kind::Approved, Subject::Application, 1, &votes);
        let found = world.step(votes.into_iter().chain([approved]).chain(facts("")));
        match signed {
            true => are(&found, &[]),
            false => are(&found, &["vote-place: from the 101st vote", "event-votes: it rests on a vote"]),
        }
    }
}

#[test]
fn a_vote_is_by_who_has_a_seat_and_a_request_by_who_may_ask() {
    use Ballot::{Approve, Request};
    use Subject::{Exit, Update};
    for (actor, ballot, subject, expected) in [
        ("alice", Approve, Exit, &[][..]),
        ("erin", Approve, Exit, &["vote-policy: under the policy it names, erin is an emeritus"]),
        ("mallory", Approve, Exit, &["vote-policy: under the policy it names, mallory isn't a member"]),
        ("contact", Request, Update, &[]),
        ("applicant", Request, Update, &[]),
        ("bob", Request, Update, &[]),
        ("mallory", Request, Update, &["vote-actor: mallory doesn't speak"]),
        ("bob", Request, Exit, &["vote-actor: bob doesn't speak"]),
        ("contact", Request, Exit, &[]),
    ] {
        let mut world = World::approved("");
        let vote = world.vote("acme", 2, subject, ballot, actor);
        let vote = Vote { terms: (subject == Exit).then(terms), ..vote };
        are(&world.step([cast(&vote)]), expected);
    }
    let mut world = World::approved("");
    let vote = world.vote("acme", 2, Update, Approve, "alice");
    let unknown = Vote { policy: Sha256::of(b"another"), ..vote };
    are(&world.step([cast(&unknown)]), &["vote-policy: it names a policy"]);
}

/// What nobody could cast is no vote: with alice's that is none, bob alone doesn't carry it.
#[test]
fn what_may_not_be_cast_is_not_counted() {
    let decide = |spoil: &dyn Fn(&mut World, Put) -> Put| {
        let mut world = World::approved("");
        let [first, second] = <[Put; 2]>::try_from(world.exits(2)).unwrap();
        let votes = vec![spoil(&mut world, first), second];
        let exited = world.decided(Kind::Exited, Subject::Exit, 2, &votes);
        world.step(votes.into_iter().chain([exited]))
    };
    are(&decide(&|_, vote| vote), &[]);
    let broken = |world: &mut World, vote| world.examined(vote, Verdict::Broken(SignatureFault::Wrong));
    are(&decide(&broken), &["vote-signature", "event-votes: its terms"]);
    let other = |_: &mut World, (path, bytes): Put| {
        (path, Vote { policy: Sha256::of(b"x"), ..Vote::parse(&bytes).unwrap() }.to_string().into_bytes())
    };
    are(&decide(&other), &["vote-policy", "event-votes: it rests on a vote"]);
}

/// Where signatures are required, a member's request for others is signed; who speaks for itself has no key.
#[test]
fn who_may_ask_only_as_a_member_signs_it() {
    for (actor, expected) in [("bob", &["vote-signature"][..]), ("contact", &[])] {
        let mut world = World::approved("");
        world.changes_policy(&policy("[signatures]\nrequired = true\n"), 2);
        let asks = world.vote("acme", 2, Subject::Update, Ballot::Request, actor);
        are(&world.step([cast(&asks)]), expected);
    }
}

#[test]
fn votes_come_before_what_settles_their_round() {
    let mut world = World::approved("[[committee]]\ngithub = \"dave\"\naffiliation = \"D\"\n");
    let word = world.vote("acme", 1, Subject::Application, Ballot::Approve, "dave");
    are(&world.step([cast(&word)]), &["vote-late: round 1 was decided before"]);
    let mut world = World::approved("");
    let mut votes = world.exits(2);
    let ahead = Vote { time: Time::from_unix(world.time + 2 * 86_400), ..Vote::parse(&votes[1].1).unwrap() };
    votes[1] = cast(&ahead);
    let exited = world.decided(Kind::Exited, Subject::Exit, 2, &votes);
    are(&world.step(votes.into_iter().chain([exited])), &["vote-late: it is dated more than a day after"]);
}

#[test]
fn what_a_voter_saw_comes_with_the_vote() {
    let mut world = World::approved("");
    let seen = b"{}".to_vec();
    let vote = world.vote("acme", 2, Subject::Update, Ballot::Approve, "alice");
    let vote = Vote { evidence: Some(Sha256::of(&seen)), ..vote };
    are(&world.step([cast(&vote)]), &["vote-evidence: what it names as seen"]);
    let mut world = World::approved("");
    let beside = (format!("{ACME}/votes/2/{}.json", &Sha256::of(&seen).to_string()[7..]), seen);
    are(&world.step([cast(&vote), beside]), &[]);
}

#[test]
fn who_writes_an_event_down_may() {
    use Subject::Upkeep;
    let benefit = || {
        Detail::Benefit(Benefit {
            kind: BenefitKind::Exposure,
            stage: None::<Stage>,
            on: "2026-09-21".parse().unwrap(),
            criteria: crate::domain::log::detail::Answers::default(),
            what: "A talk".parse().unwrap(),
        })
    };
    for (kind, actor, expected) in [
        (Kind::Renewed, "contact", &[][..]),
        (Kind::Renewed, "bob", &[]),
        (Kind::Renewed, "mallory", &["event-actor: mallory doesn't speak"]),
        (Kind::Benefited, "bob", &[]),
        (Kind::Benefited, "contact", &["event-actor: contact isn't a member"]),
        (Kind::Benefited, "erin", &["event-actor: erin is an emeritus"]),
    ] {
        let mut world = World::approved("");
        let detail = (kind == Kind::Benefited).then(benefit);
        let event = Event { detail, ..world.event("acme", kind, Upkeep, actor) };
        are(&world.step([put(&event)]), expected);
    }
}

/// Who speaks only as a member was one under the policy that is named, too, and signs where either asks for that.
#[test]
fn a_member_is_held_to_both_policies() {
    let renewed = |first: &str, then: &str, actor: &str, verdict: Verdict, old: bool| {
        let mut world = World::approved(first);
        let before = world.policy();
        world.changes_policy(then, 2);
        let named = if old { before } else { world.policy() };
        let event = Event { policy: named, ..world.event("acme", Kind::Renewed, Subject::Upkeep, actor) };
        let file = world.examined(put(&event), verdict);
        world.step([file])
    };
    let zoe = "[[committee]]\ngithub = \"zoe\"\naffiliation = \"Z\"\n";
    let required = "[signatures]\nrequired = true\n";
    let none = || Verdict::Unsigned;
    are(&renewed("", &policy(zoe), "zoe", none(), false), &[]);
    are(&renewed("", &policy(zoe), "zoe", none(), true), &["event-actor: under the policy it names"]);
    are(&renewed("", &policy(required), "bob", none(), false), &["event-unsigned"]);
    are(&renewed("", &policy(required), "bob", none(), true), &["event-unsigned"]);
    are(&renewed("", &policy(required), "alice", by_alice(), false), &[]);
    are(&renewed("", &policy(required), "contact", none(), false), &[]);
    // A key that was taken from its member signs nothing, whatever policy is named; nor does a broken signature.
    let taken = policy("").replace(&format!("keys = [\"{KEY}\"]\n"), "");
    are(&renewed("", &taken, "alice", by_alice(), true), &["event-signature"]);
    are(&renewed("", &policy(zoe), "alice", Verdict::Broken(SignatureFault::Wrong), false), &["event-signature"]);
}

#[test]
fn a_decision_is_what_its_votes_carry() {
    let exit = |change: &dyn Fn(Event) -> Event| {
        let mut world = World::approved("");
        let votes = world.exits(2);
        let exited = put(&change(world.decides(Kind::Exited, Subject::Exit, 2, &votes)));
        world.step(votes.into_iter().chain([exited]))
    };
    are(&exit(&|e| e), &[]);
    are(&exit(&|e| Event { votes: vec![e.votes[0]], ..e }), &["event-votes"]);
    are(&exit(&|e| Event { votes: vec![Sha256::of(b"x")], ..e }), &["event-votes: it rests on a vote"]);
    are(&exit(&|e| Event { actor: login("mallory"), ..e }), &["event-actor"]);
    are(&exit(&|e| Event { policy: Sha256::of(b"x"), ..e }), &["event-policy"]);
    are(&exit(&|e| Event { registry: Some(Sha256::of(b"x")), ..e }), &["event-registry"]);
    are(&exit(&|e| Event { prev: Some(Sha256::of(b"x")), ..e }), &["event-chain"]);
    are(&exit(&|e| Event { round: 1, ..e }), &["event-votes", "event-illegal"]);
    let into = Terms { kind: ExitKind::Merged, merged_into: Some("beta".parse().unwrap()), ..terms() };
    let merged = exit(&|e| Event { terms: Some(into.clone()), ..e });
    are(&merged, &["event-votes: its terms", "event-illegal: it became part of beta, which has never been a partner"]);
}

/// What was voted on before the facts in force changed never saw what it would change.
#[test]
fn a_vote_from_before_the_facts_changed_does_not_count_on_an_update() {
    for anew in [false, true] {
        let mut world = World::approved("");
        let theirs = record("description = \"theirs\"\n");
        let facts_of = |bytes: &[u8]| (Named::of(bytes, Some(b"logo")), Objects::of(bytes, Some(b"logo")));
        let wish = |world: &World, round, bytes: &[u8]| {
            let asks = Vote {
                facts: facts_of(bytes).0,
                ..world.vote("acme", round, Subject::Update, Ballot::Request, "contact")
            };
            let log = Some(Sha256::of(asks.to_string().as_bytes()));
            let vote =
                Vote { facts: asks.facts, log, ..world.vote("acme", round, Subject::Update, Ballot::Approve, "alice") };
            [cast(&asks), cast(&vote)]
        };
        let land = |world: &World, round, bytes: &[u8], votes: &[Put]| {
            let (facts, objects) = facts_of(bytes);
            let updated = Event { facts, objects, ..world.decides(Kind::Updated, Subject::Update, round, &votes[1..]) };
            [put(&updated), (format!("{ACME}/partner.toml"), bytes.to_vec())]
        };
        let mut early = wish(&world, 9, &theirs);
        world.time += 60;
        let other = record("description = \"other\"\n");
        let votes = wish(&world, 2, &other);
        let landed = land(&world, 2, &other, &votes);
        world.assert_clean(votes.into_iter().chain(landed));
        if anew {
            early = wish(&world, 9, &theirs);
        }
        // An application's round isn't among those that wait for others.
        let landed = land(&world, 9, &theirs, &early);
        let found = world.step(early.into_iter().chain(landed));
        are(&found, if anew { &[] } else { &["event-votes: its votes don't carry it"] });
    }
}

#[test]
fn what_is_brought_is_what_is_named() {
    let approve = |change: &dyn Fn(Event) -> Event, files: Vec<Put>| {
        let mut world = World::founded("");
        let applied = world.event("acme", Kind::Applied, Subject::Application, "applicant");
        let applied = change(applied);
        let mut found = world.step([put(&applied)]);
        let votes = world.approvals("acme", 1, Subject::Application);
        let approved = world.decided(Kind::Approved, Subject::Application, 1, &votes);
        found.extend(world.step(votes.into_iter().chain([approved]).chain(files)));
        found
    };
    let of = |bytes: &[u8]| {
        let (facts, objects) = (Named::of(bytes, Some(b"logo")), Objects::of(bytes, Some(b"logo")));
        move |e: Event| Event { facts, objects, ..e }
    };
    are(&approve(&|e| e, facts("").into()), &[]);
    // The objects aren't those of the hashes.
    let swapped = |e: Event| Event { objects: Objects::of(&record("description = \"x\"\n"), Some(b"logo")), ..e };
    are(
        &approve(&swapped, facts("description = \"x\"\n").into()),
        &["event-facts: the record isn't the one that its hash names"],
    );
    let swapped = |e: Event| Event { objects: Objects::of(&record(""), Some(b"other")), ..e };
    let files = vec![facts("")[0].clone(), (format!("{ACME}/logo.png"), b"other".to_vec())];
    are(&approve(&swapped, files), &["event-facts: the logo isn't the one that its hash names"]);
    // Nobody can read it.
    let garbage = b"schema = 2\n".to_vec();
    let files = vec![(format!("{ACME}/partner.toml"), garbage.clone()), facts("")[1].clone()];
    are(
        &approve(&of(&garbage), files),
        &["event-facts: who has a stake can't be told", "event-facts: it brings a partner.toml that can't be read"],
    );
    // It isn't here.
    let found = approve(&of(b"gone"), Vec::new());
    assert!(found.iter().any(|f| f.starts_with("object-missing: its record can't be read")), "{found:#?}");
}

/// A partner that left, and votes and the event that clear it.
fn clear(then: &str, logo: Option<&[u8]>) -> Vec<String> {
    let mut world = World::founded("");
    let with_mailbox = record("email = \"a@acme.example\"\n");
    let named = (Named::of(&with_mailbox, Some(b"logo")), Objects::of(&with_mailbox, Some(b"logo")));
    let applied = world.event("acme", Kind::Applied, Subject::Application, "applicant");
    world.assert_clean([put(&Event { facts: named.0, objects: named.1, ..applied })]);
    let votes = world.approvals("acme", 1, Subject::Application);
    let approved = world.decided(Kind::Approved, Subject::Application, 1, &votes);
    let files = [(format!("{ACME}/partner.toml"), with_mailbox), (format!("{ACME}/logo.png"), b"logo".to_vec())];
    world.assert_clean(votes.into_iter().chain([approved]).chain(files));
    let votes = world.exits(2);
    let exited = world.decided(Kind::Exited, Subject::Exit, 2, &votes);
    world.assert_clean(votes.into_iter().chain([exited]));
    let bytes = record(then);
    let (facts, objects) = (Named::of(&bytes, logo), Objects::of(&bytes, logo));
    let asks = Vote { facts, ..world.vote("acme", 3, Subject::Update, Ballot::Request, "contact") };
    let log = Some(Sha256::of(asks.to_string().as_bytes()));
    let vote = cast(&Vote { facts, log, ..world.vote("acme", 3, Subject::Update, Ballot::Approve, "alice") });
    let cleared = world.decides(Kind::Cleared, Subject::Update, 3, std::slice::from_ref(&vote));
    let cleared = put(&Event { facts, objects, ..cleared });
    let from = world.ledger.findings.len();
    let put_logo = world.files.remove(&format!("{ACME}/logo.png")).map(Item::File);
    let mut changes = vec![Changed { path: format!("{ACME}/logo.png"), old: put_logo, new: None }];
    for (path, bytes) in [cast(&asks), vote, cleared, (format!("{ACME}/partner.toml"), bytes)] {
        let id = GitId::of_file(&bytes);
        world.store.bytes.insert(id, bytes);
        let old = world.files.insert(path.clone(), id).map(Item::File);
        changes.push(Changed { path, old, new: Some(Item::File(id)) });
    }
    let step = Step {
        commit: GitId::of_file(b"last"),
        time: Some(world.time),
        who: People::BOTH,
        message: "",
        merge: false,
        changes,
    };
    world.ledger.step(step, &world.store);
    world.ledger.findings[from..].iter().map(|f| format!("{}: {}", f.code, f.message)).collect()
}

#[test]
fn who_left_loses_its_mailbox_and_its_logo_and_nothing_else() {
    are(&clear("", None), &[]);
    are(&clear("email = \"a@acme.example\"\n", None), &["event-facts: it clears a partner and keeps its mailbox"]);
    are(&clear("description = \"x\"\n", None), &["event-facts: it changes more of who left"]);
}

#[test]
fn a_policy_is_kept_beside_its_event_and_nothing_else_is() {
    let change = |copy: Option<&str>, to: &str| {
        let mut world = World::approved("");
        let named = (Named::of(to.as_bytes(), None), Objects::of(to.as_bytes(), None));
        let first = Vote { facts: named.0, ..world.vote("program", 2, Subject::Policy, Ballot::Approve, "alice") };
        let log = Some(Sha256::of(first.to_string().as_bytes()));
        let bob = world.vote("program", 2, Subject::Policy, Ballot::Approve, "bob");
        let votes = vec![cast(&first), cast(&Vote { facts: named.0, log, ..bob })];
        let event = world.decides(Kind::Updated, Subject::Policy, 2, &votes);
        let event = put(&Event { facts: named.0, objects: named.1, ..event });
        let copy = copy.map(|copy| ("data/program/policies/0002.toml".to_owned(), copy.as_bytes().to_vec()));
        let current = ("data/program.toml".to_owned(), to.as_bytes().to_vec());
        world.step(votes.into_iter().chain([event, current]).chain(copy))
    };
    let next = policy("[decisions.update]\nquorum = 2\n");
    are(&change(Some(&next), &next), &[]);
    are(&change(None, &next), &["policy-file: the policy that was decided isn't kept there"]);
    are(&change(Some("x"), &next), &["policy-file: the policy that was decided isn't kept there"]);
    are(&change(Some("schema = 2\n"), "schema = 2\n"), &["event-facts: it brings a policy that can't be read"]);
}

/// Who amends is judged by what was applied with, not by what becomes of it.
#[test]
fn nobody_makes_themselves_the_contact_by_amending() {
    for (actor, expected) in [("contact", &[][..]), ("mallory", &["event-actor"])] {
        let mut world = World::founded("");
        let applied = world.applied();
        world.assert_clean([applied].into_iter().chain(facts("")));
        let theirs = String::from_utf8(record("")).unwrap().replace("\"contact\"", "\"mallory\"").into_bytes();
        let (facts, objects) = (Named::of(&theirs, Some(b"logo")), Objects::of(&theirs, Some(b"logo")));
        let amended = world.event("acme", Kind::Amended, Subject::Application, actor);
        let amended = put(&Event { facts, objects, ..amended });
        are(&world.step([amended, (format!("{ACME}/partner.toml"), theirs)]), expected);
    }
}

/// By the order of the commits, also where all say one second.
#[test]
fn what_was_decided_after_it_was_merged_is_told_whatever_clocks_say() {
    for (merge, voted, later, told) in
        [(true, false, 0, true), (false, true, 0, true), (false, false, 1, true), (false, false, 0, false)]
    {
        let mut world = World { merge, ..World::founded("") };
        let applied = world.applied();
        let log = Some(Sha256::of(&applied.1));
        let facts_of = world.event("acme", Kind::Applied, Subject::Application, "applicant").facts;
        let against = world.vote("acme", 1, Subject::Application, Ballot::Abstain, "bob");
        let against = Vote { log, facts: facts_of, ..against };
        let against = Some(against).filter(|_| voted);
        world.assert_clean([applied].into_iter().chain(facts("")).chain(against.iter().map(cast)));
        world.time += later - 60;
        let mut votes = world.approvals("acme", 1, Subject::Application);
        if voted {
            votes[1].0 += ".2";
        }
        let approved = world.decided(Kind::Approved, Subject::Application, 1, &votes);
        world.assert_clean(votes.into_iter().chain([approved]));
        let repaired =
            |f: &super::super::finding::Finding| f.severity == Severity::Repaired && f.code == Rule::Undecided;
        let found: Vec<_> = world.ledger.findings.iter().filter(|f| repaired(f)).collect();
        assert_eq!(found.iter().any(|f| f.message.contains("; decided after it was merged, by ")), told, "{found:?}");
    }
}

/// Each fault that a log or a position tells is a rule of the audit's, and no two are mixed up.
#[test]
fn each_fault_is_the_rule_that_it_breaks() {
    for (code, rule) in [
        ("not-founded", Rule::NotFounded),
        ("event-registry", Rule::EventRegistry),
        ("event-policy", Rule::EventPolicy),
        ("event-votes", Rule::EventVotes),
        ("event-ahead", Rule::EventTime),
        ("event-illegal", Rule::EventIllegal),
        ("event-round", Rule::EventIllegal),
        ("event-job", Rule::EventIllegal),
        ("event-effective", Rule::EventIllegal),
        ("event-date", Rule::EventIllegal),
        ("event-merged", Rule::EventIllegal),
        ("event-limit", Rule::EventIllegal),
        ("event-objects", Rule::EventFacts),
        ("event-facts", Rule::EventFacts),
        ("event-chain", Rule::EventChain),
        ("event-seq", Rule::EventChain),
        ("event-partner", Rule::EventChain),
        ("event-time", Rule::EventChain),
    ] {
        let told: Vec<_> = broken_rules(vec![Broken { code, why: "x".into() }]).collect();
        assert_eq!(told, [(rule, "x".to_owned())], "{code}");
    }
}
