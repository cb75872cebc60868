//! The block: one spelling, and nothing else is accepted. The page that specifies it is tested too.

use std::collections::BTreeSet;

use base64::Engine as _;
use karmada_partner::domain::log::detail::{Answers, Benefit, BenefitKind, Detail, Origin, Post, Stage};
use karmada_partner::domain::log::event::{Facts, Issue, Objects, Principles, Terms};
use karmada_partner::domain::log::kinds::{Ballot, ExitKind, Finding, Interest};
use karmada_partner::domain::log::lifecycle;
use karmada_partner::domain::signature::examined::{Examiner, Verdict};
use karmada_partner::domain::signature::sshsig::Signature;
use karmada_partner::domain::{
    AccountId, Event, Field, HttpLink, Kind, Life, Line, Logged, Program, Sha256, Slug, State, Subject, Time, Vote,
};
use proptest::prelude::*;

use crate::env::much;

fn hash() -> impl Strategy<Value = Sha256> {
    any::<[u8; 8]>().prop_map(|b| Sha256::of(&b))
}

fn time() -> impl Strategy<Value = Time> {
    (0..4_000_000_000_i64).prop_map(Time::from_unix)
}

fn text() -> impl Strategy<Value = Option<karmada_partner::domain::Line>> {
    proptest::option::of("[ -~华é🎉]{0,40}").prop_map(|s| s.and_then(|s| s.parse().ok()))
}

fn link() -> impl Strategy<Value = Option<HttpLink>> {
    proptest::option::of("https?://[a-z]{1,9}\\.example(/[a-zé0-9?#=&-]{0,20})?")
        .prop_map(|s| s.map(|s| s.parse().unwrap()))
}

fn account() -> impl Strategy<Value = Option<AccountId>> {
    any::<u64>().prop_map(AccountId::new)
}

/// Somebody else writes down what an issue says.
fn issue() -> impl Strategy<Value = Option<Issue>> {
    (link(), account(), hash()).prop_map(|(address, id, body)| Some(Issue { address: address?, id: id?, body }))
}

fn terms() -> impl Strategy<Value = Terms> {
    (0..ExitKind::ALL.len(), time(), any::<bool>()).prop_map(|(kind, time, into)| {
        let kind = ExitKind::ALL[kind];
        let merged_into = (into && kind == ExitKind::Merged).then(|| "other".parse().unwrap());
        Terms { kind, effective: time.date(), merged_into }
    })
}

fn facts() -> impl Strategy<Value = Facts> {
    (hash(), hash()).prop_map(|(record, logo)| Facts { record, logo: Some(logo) })
}

/// Something of the shape of a signature; nobody made it.
fn signature() -> impl Strategy<Value = Option<Signature>> {
    proptest::option::of(any::<[u8; 32]>()).prop_map(|bytes| {
        let string = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat();
        let key = [string(b"ssh-ed25519"), string(&bytes?)].concat();
        let made = [string(b"ssh-ed25519"), string(&[7; 64])].concat();
        let parts = [string(&key), string(b"karmada-partner"), string(b""), string(b"sha512"), string(&made)];
        let whole = [b"SSHSIG".as_slice(), &1_u32.to_be_bytes(), &parts.concat()].concat();
        Some(base64::engine::general_purpose::STANDARD.encode(whole).parse().unwrap())
    })
}

/// The policy goes by the name of the program, and has no logo; nor has who is cleared.
fn about(subject: Subject, kind: Option<Kind>, facts: &mut Facts) -> Slug {
    if kind == Some(Kind::Cleared) {
        facts.logo = None;
    }
    if subject == Subject::Policy {
        facts.logo = None;
        return Slug::program();
    }
    "acme".parse().unwrap()
}

prop_compose! {
    fn event()(
        kind in 0..Kind::ALL.len(), subject in 0..Subject::ALL.len(), seq in 1..9_999_u32, round in 1..99_u32,
        registry in hash(), actor in "[a-zA-Z0-9]{1,20}", time in time(), policy in hash(), mut facts in facts(), prev in proptest::option::of(hash()),
        votes in proptest::collection::vec(hash(), 0..4), terms in terms(), reason in text(), link in link(), signature in signature(),
        account in account(), continues in proptest::option::of(hash()), attested in issue(), by in any::<bool>(),
    ) -> Event {
        let kind = Kind::ALL[kind];
        let stage = Stage::ALL.get(round as usize % 4).copied();
        let subject = match kind {
            Kind::Exited => Subject::Exit,
            Kind::Founded => Subject::Policy,
            Kind::Cleared => Subject::Update,
            _ => Subject::ALL[subject],
        };
        let partner = about(subject, Some(kind), &mut facts);
        let by = by.then(|| "some-bot".parse().unwrap());
        let objects = Objects::of(&[1], facts.logo.map(|_| [2].as_slice()));
        Event {
            kind, registry: (kind != Kind::Founded).then_some(registry), partner, objects, seq, round, subject, actor: actor.parse().unwrap(), account, signature: signature.filter(|_| by.is_none()), by, time, policy, facts, prev, votes,
            terms: (kind == Kind::Exited).then_some(terms), detail: detail(kind, stage), reason, link,
            continues: continues.filter(|_| kind == Kind::Founded), attested,
        }
    }
}

/// What an event of this kind says beyond the common lines.
fn detail(kind: Kind, stage: Option<Stage>) -> Option<Detail> {
    let line = |s: &str| s.parse::<Line>().unwrap();
    let day = "2026-11-22".parse().unwrap();
    Some(match kind {
        Kind::Benefited => Detail::Benefit(Benefit {
            kind: if stage.is_some() { BenefitKind::EarlyDisclosure } else { BenefitKind::Exposure },
            stage,
            on: day,
            criteria: match stage {
                Some(Stage::Granted) => "role-mailbox=met vouched-for=unsure".parse().unwrap(),
                _ => Answers::default(),
            },
            what: line("a talk"),
        }),
        Kind::Posted => Detail::Post(Post { title: line("Engineer"), place: None, closes: stage.map(|_| day) }),
        Kind::Closed => Detail::Closes(3),
        Kind::Imported => Detail::Origin(Origin { source: line("partners.toml"), since: stage.map(|_| day) }),
        _ => return None,
    })
}

prop_compose! {
    fn vote()(
        registry in hash(), ballot in 0..Ballot::ALL.len(), subject in 0..Subject::ALL.len() - 1, round in 1..99_u32, actor in "[a-zA-Z0-9]{1,20}",
        time in time(), policy in hash(), mut facts in facts(), terms in terms(), note in text(), signature in signature(),
        evidence in prop::option::of(hash()), log in prop::option::of(hash()), account in account(), interest in 0..4_usize,
    ) -> Vote {
        let (ballot, subject) = (Ballot::ALL[ballot], Subject::ALL[subject]);
        let judges = subject == Subject::Application && ballot != Ballot::Request;
        let partner = about(subject, None, &mut facts);
        Vote {
            ballot, registry, partner, round, subject, actor: actor.parse().unwrap(), account, time, policy, facts,
            log: log.or((subject == Subject::Application).then_some(registry)), interest: Interest::ALL.get(interest).copied(),
            principles: judges.then_some(Principles::all(Finding::Met)), terms: (subject == Subject::Exit).then_some(terms), evidence: evidence.filter(|_| ballot != Ballot::Request), note,
            attested: None,
            signature,
        }
    }
}

proptest! {
    #[test]
    fn an_event_is_read_as_it_was_written(event in event()) {
        prop_assert_eq!(Event::parse(event.to_string().as_bytes()), Ok(event));
    }

    #[test]
    fn a_vote_is_read_as_it_was_written(vote in vote()) {
        prop_assert_eq!(Vote::parse(vote.to_string().as_bytes()), Ok(vote));
    }

    /// Whatever one byte is changed to, what is still accepted says something else: no two spellings mean the same.
    #[test]
    fn no_other_spelling_is_accepted(event in event(), at in any::<prop::sample::Index>(), byte in any::<u8>(), how in 0..3) {
        let bytes = event.to_string().into_bytes();
        let at = at.index(bytes.len());
        let mut other = bytes.clone();
        match how {
            0 => other[at] = byte,
            1 => other.insert(at, byte),
            _ => drop(other.remove(at)),
        }
        prop_assume!(other != bytes);
        if let Ok(read) = Event::parse(&other) {
            prop_assert_ne!(read, event);
        }
    }

    #[test]
    fn lines_cannot_be_swapped_repeated_or_added(event in event(), a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let text = event.to_string();
        let lines: Vec<&str> = text.lines().collect();
        let (a, b) = (a.index(lines.len()), b.index(lines.len()));
        let joined = |lines: Vec<&str>| lines.iter().map(|l| format!("{l}\n")).collect::<String>();
        let mut swapped = lines.clone();
        swapped.swap(a, b);
        prop_assert_eq!(Event::parse(joined(swapped).as_bytes()).is_ok(), a == b);
        let mut repeated = lines.clone();
        repeated.insert(a, lines[b]);
        prop_assert!(Event::parse(joined(repeated).as_bytes()).is_err());
        for extra in ["KP-Extra: x", "# x", "", " KP-Reason: x", "Signed-off-by: a <b>"] {
            let mut more = lines.clone();
            more.insert(a, extra);
            prop_assert!(Event::parse(joined(more).as_bytes()).is_err());
        }
    }

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Event::parse(&bytes).is_err());
        prop_assert!(Vote::parse(&bytes).is_err());
    }

    /// Folding any events never panics, and a state is only ever reached by a step that is legal.
    #[test]
    fn folding_takes_only_legal_steps(events in proptest::collection::vec(event(), 0..12)) {
        let slug = "acme".parse().unwrap();
        let mut life = Life::default();
        for event in events {
            let (before, kind, subject) = (life.state, event.kind, event.subject);
            life.push(&slug, Logged { hash: Sha256::of(b""), event });
            prop_assert_eq!(life.state, before.after(kind, subject).unwrap_or(before));
        }
    }
}

#[test]
fn endings_marks_and_encodings_are_refused() {
    let event = "KP-Event: v1 applied\nKP-Partner: acme\n";
    for bad in [
        event.replace('\n', "\r\n"),
        format!("\u{feff}{event}"),
        event.trim_end().to_owned(),
        format!("{event}\n"),
        event.replace("v1", "v2"),
        event.replace(": ", ":"),
        String::new(),
    ] {
        assert!(Event::parse(bad.as_bytes()).is_err(), "{bad:?}");
    }
}

#[test]
fn every_state_can_be_reached_and_hints_lead_on() {
    for state in State::ALL.iter().filter(|s| **s != State::Absent) {
        assert!(
            State::ALL.iter().any(|from| from.next_steps().iter().any(|(k, s)| from.after(*k, *s) == Some(*state))),
            "{state}"
        );
    }
}

/// The page shows the machine as it is: printed by the code, not by hand.
#[test]
fn the_table_in_the_docs_is_the_machine() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/log-format.md")).unwrap();
    let table = lifecycle::table();
    assert!(table.starts_with('|') && page.contains(&table), "put this into docs/log-format.md:\n{table}");
}

/// What a record may hold stands there, so that others can tell which can be read.
#[test]
fn the_page_names_every_key_of_a_record() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/log-format.md")).unwrap();
    let section = page.split("## partner.toml\n").nth(1).unwrap().split("\n## ").next().unwrap();
    for field in Field::ALL.iter().filter(|field| **field != Field::Logo) {
        assert!(section.contains(&format!("`{field}`")), "{field}");
    }
}

/// The page's examples are real: they parse, and their hashes chain.
#[test]
fn the_examples_in_the_docs_are_real() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/log-format.md")).unwrap();
    let blocks: Vec<&str> = page.split("```text\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    let (votes, events): (Vec<&str>, Vec<&str>) =
        blocks.into_iter().filter(|b| b.starts_with("KP-")).partition(|b| b.starts_with("KP-Vote"));
    let bytes = |toml: &str| {
        let found = page.split("```toml\n").skip(1).find(|rest| rest.contains(toml));
        found.and_then(|rest| rest.split("```").next()).unwrap().to_owned()
    };
    assert_eq!((events.len(), votes.len()), (3, 2));
    let founded = Event::parse(events[0].as_bytes()).unwrap();
    let policy = bytes("[[committee]]");
    assert_eq!(
        (founded.facts, founded.objects),
        (Facts::of(policy.as_bytes(), None), Objects::of(policy.as_bytes(), None))
    );
    let registry = Sha256::of(events[0].as_bytes());
    let cast: Vec<_> = votes.iter().map(|v| (Vote::parse(v.as_bytes()).unwrap(), Sha256::of(v.as_bytes()))).collect();
    let (life, broken) = Life::fold(
        &"globex".parse().unwrap(),
        events[1..]
            .iter()
            .map(|e| Logged { event: Event::parse(e.as_bytes()).unwrap(), hash: Sha256::of(e.as_bytes()) }),
    );
    assert_eq!(broken, []);
    assert_eq!(life.state, State::Active);
    assert_eq!(life.log[1].event.votes, cast.iter().map(|(_, hash)| *hash).collect::<Vec<_>>());
    let record = bytes("website");
    let facts = Facts::of(record.as_bytes(), Some(b"PNG"));
    for logged in &life.log {
        assert_eq!(logged.event.registry, Some(registry));
        assert_eq!(logged.event.policy, founded.facts.record);
        assert_eq!(logged.event.facts, facts);
        assert_eq!(logged.event.objects, Objects::of(record.as_bytes(), Some(b"PNG")));
    }
    for (vote, _) in &cast {
        assert_eq!((vote.registry, vote.policy, vote.facts), (registry, founded.facts.record, facts));
        assert_eq!(vote.log, Some(life.log[0].hash));
    }
    // Who has a key there has signed.
    let mut policies = karmada_partner::domain::program::policies::Policies::default();
    policies.take_in(Program::parse(policy.as_bytes()).unwrap(), None);
    let examiner = Examiner::new(&policies, true);
    let by_key = |verdict: Verdict| matches!(verdict, Verdict::By(_));
    let events: Vec<_> = events.iter().map(|e| by_key(examiner.event(e.as_bytes()).unwrap().verdict)).collect();
    assert_eq!(events, [true, false, true]);
    assert!(votes.iter().all(|v| by_key(examiner.vote(v.as_bytes()).unwrap().verdict)));
}

/// The page, the program and the second verifier take the same characters.
#[test]
fn characters_that_show_nothing_are_listed() {
    let home = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let number = |hex: &str| u32::from_str_radix(hex, 16).unwrap();
    let page = std::fs::read_to_string(home.join("docs/log-format.md")).unwrap();
    let (_, list) = page.split_once("or show nothing: U+").unwrap();
    let (list, _) = list.split_once('.').unwrap();
    let named: Vec<(u32, u32)> = list
        .split(',')
        .map(|range| range.trim().split_once('–').unwrap_or((range.trim(), range.trim())))
        .map(|(first, last)| (number(first), number(last)))
        .collect();
    let script = std::fs::read_to_string(home.join("contrib/verify.py")).unwrap();
    let (_, list) = script.split_once("HIDDEN = [").unwrap();
    let (list, _) = list.split_once(']').unwrap();
    let mut known: Vec<(u32, u32)> = list
        .split('(')
        .skip(1)
        .map(|range| range.split([',', ')']).map(|hex| hex.trim().trim_start_matches("0x")).take(2).collect::<Vec<_>>())
        .map(|range| (number(range[0]), number(range[1])))
        .collect();
    // Which the page calls noncharacters.
    known.retain(|range| *range != (0xfdd0, 0xfdef));
    let inside = |ranges: &[(u32, u32)], code: u32| ranges.iter().any(|(first, last)| (*first..=*last).contains(&code));
    // Where what is listed begins and ends, and some between.
    let ends: BTreeSet<u32> =
        named.iter().chain(&known).flat_map(|(first, last)| [first - 1, *first, *last, last + 1]).collect();
    for c in ('\0'..=char::MAX).filter(|c| !c.is_control()) {
        let code = u32::from(c);
        if !much(code % 64 == 0 || ends.contains(&code), true) {
            continue;
        }
        let noncharacter = code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code);
        let refused = format!("华{c}华").parse::<Line>().is_err() && !noncharacter;
        assert_eq!(refused, inside(&named, code), "docs/log-format.md: U+{code:04X}");
        assert_eq!(refused, inside(&known, code), "contrib/verify.py: U+{code:04X}");
    }
}
