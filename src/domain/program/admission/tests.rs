//! Each rule once with people as they are. What the rule is the page's table says, which the code prints.

use super::*;
use crate::domain::log::event::{Facts, Issue, Objects};
use crate::domain::log::lifecycle::State;
use crate::domain::values::{AccountId, Sha256};
use crate::domain::votes::sample::voice;

const SEATS: &str = "schema = 1\nname = \"P\"\n\
    [[committee]]\ngithub = \"alice\"\naffiliation = \"A\"\n\
    [[committee]]\ngithub = \"bob\"\nid = 7\naffiliation = \"B\"\n\
    [[committee]]\ngithub = \"erin\"\nid = 9\naffiliation = \"E\"\nrole = \"emeritus\"\n";

fn program() -> Program {
    Program::parse(SEATS.as_bytes()).unwrap()
}

fn record() -> Record {
    Record::parse(b"schema = 1\nname = \"Acme\"\nwebsite = \"https://acme.example/\"\ngithub = \"contact\"\n").unwrap()
}

fn login(name: &str) -> Login {
    name.parse().unwrap()
}

fn facts() -> (Facts, Objects) {
    (Facts::of(b"x", None), Objects::of(b"x", None))
}

/// Of a partner, which `applicant` applied for.
fn partner() -> Fold {
    Fold { applied: Some((1, Some(login("applicant")))), landed: Some(facts()), ..Fold::default() }
}

/// Who somebody says to be; with a number after `#`, as GitHub tells it.
fn ties(actor: &str, life: &Fold, opened: Option<&str>, voted: bool) -> Ties {
    let (actor, id) = actor.split_once('#').unwrap_or((actor, "0"));
    let (actor, by, record) = (login(actor), opened.map(login), record());
    let who = Identity { login: &actor, id: AccountId::new(id.parse().unwrap()) };
    Ties::of(&program(), who, Relation { record: Some(&record), life }, Opened { by: by.as_ref(), voted })
}

/// Who may put what on record, as `docs/log-format.md` shows it.
fn table() -> String {
    let nobody = Ties {
        seat: Seat::None,
        contact: false,
        applied: false,
        open: true,
        opened: false,
        theirs: false,
        voted: false,
        former: false,
    };
    let people = [
        ("contact", Ties { contact: true, ..nobody }),
        ("who applied", Ties { applied: true, ..nobody }),
        ("member", Ties { seat: Seat::Member, ..nobody }),
        ("member who opened it", Ties { seat: Seat::Member, opened: true, ..nobody }),
        ("emeritus", Ties { seat: Seat::Emeritus, ..nobody }),
        ("anybody else", nobody),
    ];
    let mut out = String::from("| entry |");
    for (who, _) in people {
        out += &format!(" {who} |");
    }
    for door in Door::ALL {
        out += &format!(" {door} |");
    }
    out += "\n|---|";
    out += &"---|".repeat(people.len() + Door::ALL.len());
    let mut row = |name: &str, entry: Entry, situation: &dyn Fn(Ties) -> Ties| {
        let cells = people.map(|(_, ties)| basis(entry, situation(ties)).map_or("·", Basis::word));
        if cells == ["·"; 6] && matches!(entry, Entry::Voice(..)) {
            return;
        }
        out += &format!("\n| {name} |");
        out.extend(cells.iter().map(|cell| format!(" {cell} |")));
        out.extend(Door::ALL.iter().map(|door| if comes_by(entry, *door) { " yes |" } else { " · |" }));
    };
    let legal = |kind, subject| State::ALL.iter().any(|state| state.after(kind, subject).is_some());
    for kind in Kind::ALL {
        for subject in Subject::ALL.iter().filter(|subject| legal(*kind, **subject)) {
            let (entry, name) = (Entry::Event(*kind, *subject), format!("{kind} ({subject})"));
            match kind {
                Kind::Applied => {
                    row(&name, entry, &|ties| ties);
                    row(&format!("{name}, by who was a partner"), entry, &|ties| Ties { former: true, ..ties });
                }
                Kind::Withdrawn => {
                    if *subject != Subject::Policy {
                        row(&format!("{name}, opened by its side"), entry, &|ties| Ties { theirs: true, ..ties });
                    }
                    row(&format!("{name}, opened by a member"), entry, &|ties| ties);
                    row(&format!("{name}, opened by a member, another has voted"), entry, &|ties| Ties {
                        voted: true,
                        ..ties
                    });
                }
                _ => row(&name, entry, &|ties| ties),
            }
        }
    }
    for ballot in Ballot::ALL {
        for subject in Subject::ALL {
            row(&format!("{ballot} ({subject})"), Entry::Voice(*ballot, *subject), &|ties| ties);
        }
    }
    out + "\n"
}

#[test]
fn the_table_of_who_may_on_the_page_is_the_rule() {
    let (page, table) = (include_str!("../../../../docs/log-format.md"), table());
    assert!(table.starts_with("| entry |") && page.contains(&table), "put this into docs/log-format.md:\n{table}");
}

#[test]
fn what_somebody_is_to_a_partner_its_record_log_and_policy_tell() {
    let life = partner();
    let nobody = Ties {
        seat: Seat::None,
        contact: false,
        applied: false,
        open: false,
        opened: false,
        theirs: false,
        voted: false,
        former: true,
    };
    for (actor, expected) in [
        ("stranger", nobody),
        ("contact", Ties { contact: true, ..nobody }),
        ("Contact", Ties { contact: true, ..nobody }),
        ("applicant", Ties { applied: true, ..nobody }),
        ("alice", Ties { seat: Seat::Member, ..nobody }),
        ("bob", Ties { seat: Seat::Member, ..nobody }),
        ("bob#7", Ties { seat: Seat::Member, ..nobody }),
        // Who took over the login.
        ("bob#8", nobody),
        ("erin", Ties { seat: Seat::Emeritus, ..nobody }),
    ] {
        assert_eq!(ties(actor, &life, None, false), expected, "{actor}");
    }
    assert!(!ties("contact", &Fold::default(), None, false).former);
    assert!(!ties("applicant", &Fold { applied: Some((1, None)), ..partner() }, None, false).applied, "imported");
    let by_number = Fold { applied_as: AccountId::new(5), ..partner() };
    assert!(ties("renamed#5", &by_number, None, false).applied);
    assert!(!ties("applicant#6", &by_number, None, false).applied);
    // Who applied is the contact of the facts, which tell no number.
    let contact = Fold { applied: Some((1, Some(login("contact")))), ..by_number };
    for (who, is) in [("contact", true), ("contact#5", true), ("contact#6", false)] {
        assert_eq!(
            (ties(who, &contact, None, false).contact, ties(who, &contact, None, false).applied),
            (is, is),
            "{who}"
        );
    }
}

#[test]
fn whose_side_opened_something_is_told_by_who_opened_it() {
    let open = |by: &str, life: &Fold| {
        let of = ties("stranger", life, Some(by), false);
        (of.open, of.theirs)
    };
    for (by, theirs) in [("contact", true), ("applicant", true), ("alice", false), ("stranger", false)] {
        assert_eq!(open(by, &partner()), (true, theirs), "{by}");
    }
    // A member who filed the application of others is no side of theirs.
    let filed_by_a_member = Fold { applied: Some((1, Some(login("alice")))), ..partner() };
    assert_eq!(open("alice", &filed_by_a_member), (true, false));
    let opener = ties("Alice", &partner(), Some("alice"), true);
    assert!(opener.opened && opener.voted);
    assert!(!ties("bob", &partner(), Some("alice"), false).opened);
}

fn event(kind: Kind, subject: Subject, actor: &str) -> Event {
    let time = "2026-09-21T14:00:00Z".parse().unwrap();
    Event { kind, subject, partner: "acme".parse().unwrap(), ..Event::founding(b"x", &login(actor), time) }
}

/// By what right somebody takes back what is open in its round.
fn takes_back(subject: Subject, actor: &str, life: &Fold, voices: &[Vote]) -> Option<Basis> {
    let voices: Vec<Vouched<'_>> =
        voices.iter().map(|v| (v, Some(crate::domain::signature::grade::Grade::Unsigned))).collect();
    let taken = event(Kind::Withdrawn, subject, actor);
    right_of(&program(), &taken, life, &voices, Some(&record())).ok().flatten()
}

#[test]
fn who_opened_a_round_is_who_said_something_on_nothing_before_it() {
    let asks = |actor| voice(actor, Ballot::Request, Subject::Update);
    let follows = |vote: Vote| Vote { log: Some(Sha256::of(b"word")), ..vote };
    let life = partner();
    let by = |actor, voices: &[Vote]| takes_back(Subject::Update, actor, &life, voices);
    assert_eq!(by("alice", &[asks("alice")]), Some(Basis::OnBehalf));
    assert_eq!(by("bob", &[asks("alice")]), None);
    for actor in ["alice", "contact", "applicant"] {
        assert_eq!(by(actor, &[]), None, "{actor}: nothing is open");
    }
    assert_eq!(by("bob", &[follows(voice("bob", Ballot::Approve, Subject::Update)), asks("alice")]), None);
    assert_eq!(
        by("alice", &[follows(voice("erin", Ballot::Approve, Subject::Update)), asks("alice")]),
        Some(Basis::OnBehalf)
    );
    // Who votes without a seat opens nothing.
    assert_eq!(by("alice", &[voice("erin", Ballot::Approve, Subject::Update), asks("alice")]), Some(Basis::OnBehalf));
    // Another matter's voice opens nothing.
    assert_eq!(by("alice", &[voice("alice", Ballot::Approve, Subject::Exit)]), None);
    assert_eq!(by("alice", &[voice("bob", Ballot::Approve, Subject::Exit), asks("alice")]), None, "bob has voted");
    assert_eq!(by("contact", &[asks("contact"), voice("bob", Ballot::Reject, Subject::Update)]), Some(Basis::Contact));
    // An application is opened by its event.
    let filed = Fold { filed: Some(login("alice")), ..Fold::default() };
    assert_eq!(takes_back(Subject::Application, "alice", &filed, &[]), Some(Basis::OnBehalf));
    assert_eq!(takes_back(Subject::Application, "bob", &filed, &[]), None);
}

#[test]
fn for_the_author_of_an_issue_a_member_speaks_or_who_wrote_it_down() {
    let issue = Issue {
        address: "https://example.com/7".parse().unwrap(),
        id: AccountId::new(7).unwrap(),
        body: Sha256::of(b"x"),
    };
    let (life, record) = (Fold::default(), record());
    let applies = |actor: &str, by: Option<&str>, attested: bool| {
        let applied = Event {
            attested: attested.then(|| issue.clone()),
            by: by.map(login),
            ..event(Kind::Applied, Subject::Application, actor)
        };
        right_of(&program(), &applied, &life, &[], Some(&record)).map_err(|refusal| refusal.why)
    };
    assert_eq!(applies("stranger", None, false), Ok(Some(Basis::Own)));
    assert_eq!(applies("stranger", Some("workflow"), true), Ok(Some(Basis::Own)));
    assert_eq!(applies("alice", None, true), Ok(Some(Basis::OnBehalf)));
    assert!(applies("stranger", None, true).unwrap_err().contains("as only members do"));
    assert!(applies("erin", None, true).is_err());
}

/// Who isn't the contact by what is known may be by what isn't.
#[test]
fn where_the_record_is_not_at_hand_nobody_is_refused_for_it() {
    let of = |kind, subject, record: Option<&Record>| {
        right_of(&program(), &event(kind, subject, "stranger"), &partner(), &[], record).map_err(drop)
    };
    let record = record();
    assert_eq!(of(Kind::Posted, Subject::Upkeep, None), Ok(None));
    assert_eq!(of(Kind::Posted, Subject::Upkeep, Some(&record)), Err(()));
    assert_eq!(of(Kind::Withdrawn, Subject::Update, None), Ok(None));
    // Neither the policy nor the committee's work is the contact's.
    assert_eq!(of(Kind::Withdrawn, Subject::Policy, None), Err(()));
    assert_eq!(of(Kind::Exited, Subject::Exit, None), Err(()));
}

#[test]
fn a_voice_is_held_to_the_policy_in_force_and_to_the_one_it_names() {
    use Ballot::{Approve, Request};
    use Subject::{Application, Exit, Policy, Update};
    let now = program();
    let before_alice = Program::parse(SEATS.replace("\"alice\"", "\"zoe\"").as_bytes()).unwrap();
    let (record, life, never) = (record(), partner(), Fold::default());
    let says = |actor, ballot, subject, named: &Program, record: Option<&Record>, life: &Fold| {
        right_to_say(&now, named, &voice(actor, ballot, subject), Relation { record, life }).map_err(drop)
    };
    let known = Some(&record);
    for (actor, ballot, subject, named, record, life, right) in [
        ("alice", Approve, Update, &now, known, &life, Ok(Some(Basis::Seat))),
        ("alice", Approve, Update, &before_alice, known, &life, Err(())),
        // A vote counts under the policy in force, which the tally asks.
        ("zoe", Approve, Update, &before_alice, known, &life, Ok(Some(Basis::Seat))),
        ("contact", Approve, Update, &now, known, &life, Err(())),
        ("contact", Request, Update, &now, known, &life, Ok(Some(Basis::Contact))),
        ("contact", Request, Update, &before_alice, known, &life, Ok(Some(Basis::Contact))),
        ("alice", Request, Update, &now, known, &life, Ok(Some(Basis::OnBehalf))),
        ("alice", Request, Update, &before_alice, known, &life, Err(())),
        ("zoe", Request, Update, &before_alice, known, &life, Err(())),
        ("alice", Request, Policy, &now, None, &life, Ok(Some(Basis::Seat))),
        ("alice", Request, Policy, &before_alice, None, &life, Err(())),
        ("stranger", Request, Update, &now, known, &life, Err(())),
        ("stranger", Request, Update, &now, None, &life, Ok(None)),
        ("stranger", Request, Exit, &now, None, &life, Ok(None)),
        ("stranger", Request, Policy, &now, None, &life, Err(())),
        ("stranger", Request, Application, &now, None, &life, Err(())),
        // There never was a contact.
        ("stranger", Request, Update, &now, None, &never, Err(())),
        ("stranger", Request, Update, &now, known, &never, Err(())),
    ] {
        let told = says(actor, ballot, subject, named, record, life);
        assert_eq!(told, right, "{actor} {ballot} {subject}, record {}", record.is_some());
    }
}

/// What somebody is told who may not put something on record: why, and who may.
fn refused(actor: &str, entry: Entry, record: Option<&Record>, opened: Option<(&str, bool)>) -> String {
    let (actor, id) = actor.split_once('#').unwrap_or((actor, "0"));
    let (actor, by) = (login(actor), opened.map(|(by, _)| login(by)));
    let who = Identity { login: &actor, id: AccountId::new(id.parse().unwrap()) };
    let opened = Opened { by: by.as_ref(), voted: opened.is_some_and(|(_, voted)| voted) };
    let refusal = admit(&program(), who, entry, Relation { record, life: &partner() }, opened).unwrap_err();
    format!("{}; {}", refusal.why, refusal.hint)
}

#[test]
fn who_does_not_speak_for_a_partner_is_told_who_does() {
    let posts = |actor, record| refused(actor, Entry::Event(Kind::Posted, Subject::Upkeep), record, None);
    let applies = |record| refused("stranger", Entry::Event(Kind::Applied, Subject::Application), record, None);
    let record = record();
    // Whose account GitHub tells can't act as another.
    for (told, tail) in [
        (posts("stranger", Some(&record)), "its contact is contact; say who acts with --as LOGIN"),
        (posts("stranger#9", Some(&record)), "its contact is contact"),
        (posts("stranger", None), "say who acts with --as LOGIN"),
        (posts("stranger#9", None), "its contact may"),
    ] {
        assert_eq!(told, format!("stranger doesn't speak for this partner; {tail}"));
    }
    for (told, tail) in [
        (applies(Some(&record)), "its last contact, contact, may, or a member; otherwise take another --slug"),
        (applies(None), "a member may; otherwise take another --slug"),
    ] {
        assert_eq!(told, format!("stranger doesn't speak for who was here under this name; {tail}"));
    }
}

#[test]
fn who_cannot_take_something_back_is_told_who_can() {
    use Subject::{Exit, Policy, Update};
    let record = record();
    let told = |actor, subject, by, voted| {
        refused(actor, Entry::Event(Kind::Withdrawn, subject), Some(&record), Some((by, voted)))
    };
    let voted = "members have voted on it, so that one person can't take it back";
    for (actor, tail) in [
        ("alice", "you can turn it down: karmada-partner reject SLUG --reason TEXT"),
        ("contact", "it is for the committee to decide now"),
        ("applicant", "it is for the committee to decide now"),
    ] {
        assert_eq!(told(actor, Exit, "alice", true), format!("{voted}; {tail}"));
    }
    for (actor, subject, by, voted, tail) in [
        ("contact", Exit, "alice", false, "who made it may"),
        (
            "bob",
            Exit,
            "alice",
            true,
            "who made it may; you can turn it down: karmada-partner reject SLUG --reason TEXT",
        ),
        ("stranger", Update, "contact", false, "its contact, contact, may, and who made it"),
        ("stranger", Update, "contact", true, "its contact, contact, may, and who made it"),
        ("stranger", Policy, "alice", false, "who made it may"),
    ] {
        assert_eq!(told(actor, subject, by, voted), format!("this proposal isn't {actor}'s to take back; {tail}"));
    }
}

#[test]
fn who_has_no_seat_is_told_who_has() {
    let told = |actor| refused(actor, Entry::Voice(Ballot::Approve, Subject::Update), Some(&record()), None);
    for (actor, says) in [
        ("stranger", "stranger isn't a member of the committee; members: alice, bob; say who acts with --as LOGIN"),
        ("stranger#9", "stranger isn't a member of the committee; members: alice, bob"),
        ("erin", "erin is an emeritus member and no longer votes; members: alice, bob; say who acts with --as LOGIN"),
        ("erin#9", "erin is an emeritus member and no longer votes; members: alice, bob"),
        (
            "bob#8",
            "the account bob is number 8, and the policy knows the member bob as number 7; \
             the login has changed hands; the policy is changed with karmada-partner program edit",
        ),
        (
            "robert#7",
            "the policy knows the account robert, number 7, as the member bob, and what it does is in that login's name; \
             another member has the policy say robert, with karmada-partner program edit; \
             until then its Approve or Request changes on a pull request counts",
        ),
        (
            "helper[bot]",
            "helper[bot] is a bot, and a bot never votes or decides; a member does, with a token of their own, \
             or votes by Approve or Request changes on the pull request",
        ),
    ] {
        assert_eq!(told(actor), says);
    }
}
