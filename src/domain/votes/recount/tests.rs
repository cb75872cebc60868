//! What a decision has to be to rest on its votes, where other voices lie beside them.

use super::*;
use crate::domain::log::event::{Facts, Terms, Vote};
use crate::domain::log::kinds::ExitKind;
use crate::domain::values::{Line, Login};
use crate::domain::votes::sample;

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFTjtTdn7C5DWWlZ6UW4fdpRwXseMy2i3fBUU+rJwHzh";

fn program(rules: &str) -> Program {
    let seats = ["alice", "bob", "carol", "zoe"].map(|login| {
        let key = if login == "alice" { format!("keys = [\"{KEY}\"]\n") } else { String::new() };
        format!("[[committee]]\ngithub = \"{login}\"\naffiliation = \"{login} Inc\"\n{key}")
    });
    Program::parse(format!("schema = 1\nname = \"P\"\n{}{rules}", seats.concat()).as_bytes()).unwrap()
}

fn login(name: &str) -> Login {
    name.parse().unwrap()
}

fn line(text: &str) -> Line {
    text.parse().unwrap()
}

fn facts() -> Facts {
    Facts::of(b"x", Some(b"y"))
}

fn leaving(kind: ExitKind) -> Terms {
    Terms { kind, effective: "2026-12-01".parse().unwrap(), merged_into: None }
}

/// A voice in the second round of acme; of an application it names the event.
fn voice(actor: &str, ballot: Ballot, subject: Subject, change: impl FnOnce(&mut Vote)) -> Cast {
    let log = (subject == Subject::Application).then(|| Sha256::of(b"applied"));
    let time = Time::from_unix(0);
    let mut vote = Vote { round: 2, time, facts: facts(), log, ..sample::voice(actor, ballot, subject) };
    change(&mut vote);
    (sample::cast(vote), Verdict::Unsigned)
}

/// What `actor` decides, on these votes.
fn decides(kind: Kind, subject: Subject, actor: &str, votes: &[&Cast]) -> Event {
    Event {
        kind,
        subject,
        partner: "acme".parse().unwrap(),
        round: 2,
        facts: facts(),
        votes: votes.iter().map(|(c, _)| c.hash).collect(),
        ..Event::founding(b"x", &login(actor), Time::from_unix(0))
    }
}

const WHOLE: Stakes<'_> = Stakes { record: None, in_force: None, whole: true, said: None, changed: None, seats: None };

fn stakes<'a>() -> Stakes<'a> {
    Stakes { said: Some(Sha256::of(b"applied")), ..WHOLE }
}

/// Two approve, of whom one has said something to it; one has asked only, one is nobody.
fn approved() -> [Cast; 4] {
    use Ballot::{Approve, Request};
    [
        voice("alice", Approve, Subject::Application, |v| v.note = Some(line("well known"))),
        voice("bob", Approve, Subject::Application, |v| v.note = Some(line("fine"))),
        voice("contact", Request, Subject::Application, |_| ()),
        voice("mallory", Approve, Subject::Application, |v| v.note = Some(line("mine"))),
    ]
}

#[test]
fn a_decision_rests_on_votes_that_carry_it() {
    let (program, all) = (program(""), approved());
    let carried = |votes: &[&Cast]| {
        carried(&decides(Kind::Approved, Subject::Application, "bob", votes), &all, &program, stakes())
    };
    assert_eq!(carried(&[&all[0], &all[1]]), Ok(vec![Grade::Unsigned; 2]));
    let elsewhere = voice("zoe", Ballot::Approve, Subject::Application, |_| ());
    let why = carried(&[&all[0], &elsewhere]).unwrap_err();
    assert!(why.starts_with("it rests on a vote (") && why.ends_with(") that isn't in its round"), "{why}");
    let unordered = "it doesn't name just the votes that count, in order";
    assert_eq!(carried(&[&all[1], &all[0]]), Err(unordered.into()));
    assert_eq!(carried(&[&all[0]]), Err(unordered.into()));
}

/// Whose votes aren't counted is told with why; who only asked isn't among them.
#[test]
fn what_is_missing_is_told_with_what_was_left_out() {
    let (program, all) = (program(""), approved());
    let event = decides(Kind::Approved, Subject::Application, "alice", &[&all[0]]);
    let of = |beside: &[Cast]| carried(&event, &[&all[..1], beside].concat(), &program, stakes()).unwrap_err();
    let missing = "its votes don't carry it; missing: 1 more in favor (1 of 2); \
                   votes in favor from 2 different affiliations (now 1)";
    assert_eq!(of(&all[2..3]), missing);
    assert_eq!(of(&all[2..]), format!("{missing} (mallory: approve; not counted: not a member of the committee)"));
}

/// Each vote is as well proved as its own signature.
#[test]
fn each_vote_is_told_with_what_vouches_for_it() {
    let program = program("");
    let mut all = approved().to_vec();
    all[0].1 = Verdict::By(Box::new(program.committee[0].keys[0].clone()));
    let event = decides(Kind::Approved, Subject::Application, "bob", &[&all[0], &all[1]]);
    assert_eq!(carried(&event, &all, &program, stakes()), Ok(vec![Grade::Signed, Grade::Unsigned]));
    let told = |cast: &[Cast]| -> Vec<_> {
        recount(&event, cast, &program, stakes()).into_iter().map(|r| (r.grade, r.left_out)).collect()
    };
    let unsigned = Some(Grade::Unsigned);
    assert_eq!(
        told(&all),
        [
            (Some(Grade::Signed), None),
            (unsigned, None),
            (unsigned, Some(LeftOut::Request)),
            (unsigned, Some(LeftOut::NotAMember)),
        ]
    );
    all[1].1 = Verdict::Broken(SignatureFault::Wrong);
    assert_eq!(told(&all)[1], (None, Some(LeftOut::Unproven)));
}

/// Where nobody can tell who had a stake, those alone are counted that the decision names.
#[test]
fn where_facts_are_gone_only_what_is_named_is_counted() {
    let (program, all) = (program(""), approved());
    let more = [all[0].clone(), all[1].clone(), voice("zoe", Ballot::Approve, Subject::Application, |_| ())];
    let event = decides(Kind::Approved, Subject::Application, "bob", &[&all[0], &all[1]]);
    assert!(carried(&event, &more, &program, Stakes { whole: false, ..stakes() }).is_ok());
    assert!(carried(&event, &more, &program, stakes()).is_err());
}

#[test]
fn a_reason_is_what_who_decided_said_in_a_vote_that_counts() {
    let (program, all) = (program(""), approved());
    let gives = |actor: &str, reason: &str| {
        let event = decides(Kind::Approved, Subject::Application, actor, &[&all[0], &all[1]]);
        carried(&Event { reason: Some(line(reason)), ..event }, &all, &program, stakes())
    };
    assert!(gives("bob", "fine").is_ok());
    for (actor, reason) in [("bob", "well known"), ("bob", "made up"), ("mallory", "mine"), ("carol", "fine")] {
        assert_eq!(gives(actor, reason), Err("its reason is nobody's whom it rests on".into()), "{actor}: {reason}");
    }
}

/// Of an exit it is what who opened it said, and the terms are, too.
#[test]
fn the_reason_and_the_terms_of_an_exit_are_those_of_who_opened_it() {
    let program = program("");
    let terms = Some(leaving(ExitKind::Breach));
    let opens = voice("bob", Ballot::Approve, Subject::Exit, |v| {
        (v.terms, v.note) = (terms.clone(), Some(line("they broke it")));
    });
    let follows = voice("alice", Ballot::Approve, Subject::Exit, |v| {
        (v.log, v.terms, v.note) = (Some(opens.0.hash), terms.clone(), Some(line("I agree")));
    });
    let all = [follows, opens];
    let exits = |reason: &str, terms: &Option<Terms>| {
        let event = decides(Kind::Exited, Subject::Exit, "alice", &[&all[0], &all[1]]);
        carried(&Event { reason: Some(line(reason)), terms: terms.clone(), ..event }, &all, &program, WHOLE)
    };
    assert!(exits("they broke it", &terms).is_ok());
    assert_eq!(exits("I agree", &terms), Err("its reason is nobody's whom it rests on".into()));
    let other = exits("they broke it", &Some(leaving(ExitKind::Inactive)));
    assert_eq!(other, Err("its terms aren't those that were proposed".into()));
}

/// Whose word a decision is about is said by the votes that it rests on, whatever lies beside them.
#[test]
fn what_lies_beside_the_votes_changes_not_what_they_are_about() {
    let program = program("[decisions.exit]\nquorum = 1\naffiliations = 1\n");
    let opens = |who: &str, kind| voice(who, Ballot::Approve, Subject::Exit, |v| v.terms = Some(leaving(kind)));
    let follows = |who: &str, word: &Cast| {
        voice(who, Ballot::Approve, Subject::Exit, |v| {
            (v.log, v.terms) = (Some(word.0.hash), word.0.vote.terms.clone());
        })
    };
    let exits = |all: &[Cast], votes: &[&Cast]| {
        let event =
            Event { terms: Some(leaving(ExitKind::Breach)), ..decides(Kind::Exited, Subject::Exit, "bob", votes) };
        carried(&event, all, &program, WHOLE).map(|grades| grades.len())
    };
    let (other, word) = (opens("alice", ExitKind::Inactive), opens("bob", ExitKind::Breach));
    let (against, with) = (follows("carol", &other), follows("zoe", &word));
    // One alone is its own word, though another was there first.
    assert_eq!(exits(&[other.clone(), word.clone()], &[&word]), Ok(1));
    // Others follow it, and what follows another word isn't among them.
    let all = [other, against, word, with];
    assert_eq!(exits(&all, &[&all[2], &all[3]]), Ok(2));
    // Two that name no word are on nobody's.
    let twice = [opens("bob", ExitKind::Breach), opens("carol", ExitKind::Breach)];
    assert_eq!(exits(&twice, &[&twice[0], &twice[1]]), Err("its terms aren't those that were proposed".into()));
    assert_eq!(exits(&twice[..1], &[&twice[0]]), Ok(1));
}
