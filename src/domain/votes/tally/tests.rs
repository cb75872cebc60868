//! Each rule of counting, with committees as they are.

use super::*;
use LeftOut::{Emeritus, NotAMember, Recused, Replaced, Request, Stale};

use crate::domain::log::event::{Attested, Principles, Terms};
use crate::domain::log::kinds::{ExitKind, Finding};
use crate::domain::program::organization::Organization;
use crate::domain::values::AccountId;
use crate::domain::votes::sample;

fn program(rule: &str) -> Program {
    let member = |login: &str, affiliation: &str, role: &str| {
        format!("[[committee]]\ngithub = \"{login}\"\naffiliation = \"{affiliation}\"\nrole = \"{role}\"\n")
    };
    let text = format!(
        "schema = 1\nname = \"P\"\n{}{}{}{}{}[decisions.approve]\n{rule}\n",
        member("alice", "Umbrella", "chair"),
        member("bob", "Initech", "member"),
        member("carol", "Umbrella Inc.", "member"),
        member("dave", "Globex", "member"),
        member("erin", "Initech", "emeritus"),
    );
    Program::parse(text.as_bytes()).unwrap()
}

fn record() -> Record {
    Record::parse(b"schema = 1\nname = \"Globex GmbH\"\nwebsite = \"https://globex.example\"\ngithub = \"globex\"\n")
        .unwrap()
}

const FACTS: fn() -> Facts = || Facts::of(b"r", Some(b"l"));

fn cast(actor: &str, ballot: Ballot) -> CastVote {
    sample::cast(Vote {
        principles: Some(Principles::all(Finding::Met)),
        time: Time::from_unix(0),
        facts: FACTS(),
        log: Some(Sha256::of(b"applied")),
        ..sample::voice(actor, ballot, Subject::Application)
    })
}

fn applied<'a>(slug: &'a Slug, record: Option<&'a Record>, proof: Proof<'a>) -> Question<'a> {
    Question { record, facts: FACTS(), said: Some(Sha256::of(b"applied")), proof, ..sample::question(slug) }
}

fn count(program: &Program, decision: Decision, votes: &[CastVote]) -> (Vec<Option<LeftOut>>, Vec<String>) {
    let slug = "globex-gmbh".parse().unwrap();
    let record = record();
    let on = applied(&slug, Some(&record), Proof::default());
    let tally = tally(program, program.rule(decision), decision, votes, on);
    (tally.votes.iter().map(|v| v.left_out).collect(), tally.missing.iter().map(ToString::to_string).collect())
}

#[test]
fn two_members_of_two_affiliations_carry() {
    let program = program("quorum = 2\naffiliations = 2");
    assert_eq!(
        count(&program, Decision::Approve, &[cast("alice", Ballot::Approve), cast("BOB", Ballot::Approve)]).1,
        [""; 0]
    );
    let same = count(&program, Decision::Approve, &[cast("alice", Ballot::Approve), cast("carol", Ballot::Approve)]).1;
    assert_eq!(same, ["votes in favor from 2 different affiliations (now 1)"]);
}

/// Votes of bob, each as well proved as it says; why each doesn't count.
fn of_bob(policy: &str, grades: &[Option<Grade>]) -> Vec<Option<LeftOut>> {
    let program = program(&format!("quorum = 1\n{policy}"));
    let mut votes: Vec<_> = grades.iter().map(|_| cast("bob", Ballot::Approve)).collect();
    for (index, vote) in votes.iter_mut().enumerate() {
        vote.hash = Sha256::of(&[u8::try_from(index).unwrap()]);
    }
    let grade = |c: &CastVote| grades[votes.iter().position(|v| v.hash == c.hash).unwrap()];
    let prove = |c: &CastVote, _: &Member| grade(c).ok_or(SignatureFault::Wrong);
    let slug = "initrode".parse().unwrap();
    let on = applied(&slug, None, Proof(&prove));
    let tally = tally(&program, program.rule(Decision::Approve), Decision::Approve, &votes, on);
    tally.votes.iter().map(|v| v.left_out).collect()
}

#[test]
fn what_a_member_signed_gives_way_to_nothing_that_counts_for_less() {
    const SIGNED: Option<Grade> = Some(Grade::Signed);
    const CLICKED: Option<Grade> = Some(Grade::Attested);
    const UNSIGNED: Option<Grade> = Some(Grade::Unsigned);
    let over = Some(LeftOut::SpokenOver);
    let strict = "[signatures]\nrequired = true";
    let clicks = "[signatures]\nrequired = true\nattested = true";
    for policy in ["", strict, clicks] {
        assert_eq!(of_bob(policy, &[SIGNED, UNSIGNED, None]), [None, over, over], "{policy}");
        assert_eq!(of_bob(policy, &[SIGNED, UNSIGNED, SIGNED]), [Some(Replaced), over, None], "{policy}");
        assert_eq!(of_bob(policy, &[UNSIGNED, None, SIGNED]), [Some(Replaced), Some(Replaced), None], "{policy}");
    }
    assert_eq!(of_bob("", &[UNSIGNED, CLICKED, UNSIGNED]), [Some(Replaced), Some(Replaced), None]);
    for policy in ["", clicks] {
        assert_eq!(of_bob(policy, &[SIGNED, CLICKED]), [Some(Replaced), None], "{policy}");
    }
    assert_eq!(of_bob(strict, &[SIGNED, CLICKED]), [None, over]);
}

/// Where counting finds a stake, a glance at the bytes alone must not say that there is none.
#[test]
fn what_ties_somebody_is_never_passed_over_for_the_letters_of_a_record() {
    let text = "schema = 1\nname = \"P\"\n[[organization]]\nid = \"umbrella\"\nname = \"Umbrella\"\naliases = [\"雨伞\"]\n\
         domains = [\"umbrella.example\", \"xn--mnchen-3ya.example\"]\n\
         [[organization]]\nid = \"initech\"\nname = \"Initech\"\n[[committee]]\ngithub = \"alice\"\nid = 1070\n\
         affiliation = \"umbrella\"\n[[committee]]\ngithub = \"bob\"\naffiliation = \"initech\"\n";
    let program = Program::parse(text.as_bytes()).unwrap();
    let alice = program.member(&"alice".parse().unwrap()).unwrap();
    let slug: Slug = "globex".parse().unwrap();
    for (website, more) in [
        ("https://umbrell%61.example/", ""),
        ("https://UMBRELLA.example./", ""),
        ("https://xn--9kq3mx15p.example/", ""),
        ("https://XN--9KQ3MX15P.example/", ""),
        ("https://雨伞云.example/", ""),
        ("https://münchen.example/", ""),
        ("https://a.xn--mnchen-3ya.example/", ""),
        ("https://globex.example/", "github_id = 1070\n"),
        ("https://globex.example/", "parent = \"U M B R E L L A\"\n"),
        ("https://globex.example/", "email = \"karmada@mail.umbrella.example\"\n"),
    ] {
        let toml = format!("schema = 1\nname = \"Globex\"\nwebsite = \"{website}\"\ngithub = \"globex-bot\"\n{more}");
        let record = Record::parse(toml.as_bytes()).unwrap();
        let on = applied(&slug, Some(&record), Proof::default());
        let tied = is_recused(&program, alice, on) || is_likely_tied(alice, on);
        assert!(tied && could_tie(toml.as_bytes(), [alice]), "{toml}: {tied}");
    }
}

/// What a slug alone ties somebody by is told at a glance, and by the same slug beside facts that tie nobody it is read.
#[test]
fn what_ties_somebody_is_never_passed_over_for_the_letters_of_a_slug() {
    let toml = b"schema = 1\nname = \"Zzz\"\nwebsite = \"https://zzz.example/\"\ngithub = \"zzz\"\n";
    let nobodys = Record::parse(toml).unwrap();
    let mut tied = 0;
    for name in ["Umbrella", "Acme, Inc.", "3M", "Open AI", "云", "O2", "I/O", "Cloud", "A", "Ümbrella GmbH"] {
        let organization = Organization::named(&name.parse().unwrap());
        for slug in "umbrella umbrella-cloud umbre11a acme acme-inc my-acme-labs 3m 3m-cloud open-ai openai o2 02 io l-o cloud a u-m-b-rella \
                     xn-umbrella globex"
            .split_whitespace()
        {
            let slug: Slug = slug.parse().unwrap();
            let told = organization.tie(&slug, None);
            assert_eq!(told, organization.tie(&slug, Some(&nobodys)), "{name} {slug}");
            tied += usize::from(told != Tie::None);
        }
    }
    assert!(tied > 10, "{tied}");
}

#[test]
fn a_vote_of_another_account_counts_for_nobody() {
    let text = "schema = 1\nname = \"P\"\n[[committee]]\ngithub = \"bob\"\nid = 7\naffiliation = \"Initech\"\n";
    let program = Program::parse(text.as_bytes()).unwrap();
    for (account, clicked, counts) in
        [(7, false, true), (8, false, false), (0, false, true), (7, true, true), (8, true, false), (0, true, false)]
    {
        let mut vote = cast("bob", Ballot::Approve);
        vote.vote.account = AccountId::new(account);
        vote.vote.attested = clicked.then(attested);
        let (left_out, _) = count(&program, Decision::Approve, &[vote]);
        assert_eq!(left_out, [(!counts).then_some(LeftOut::OtherAccount)], "{account} {clicked}");
    }
}

#[test]
fn votes_that_do_not_count_say_why() {
    let mut stale = cast("bob", Ballot::Approve);
    stale.vote.facts.logo = Some(Sha256::of(b"other"));
    let votes = [
        cast("dave", Ballot::Approve),
        cast("erin", Ballot::Approve),
        cast("mallory", Ballot::Approve),
        cast("alice", Ballot::Reject),
        cast("Alice", Ballot::Approve),
        stale,
        cast("globex", Ballot::Request),
    ];
    let (left_out, missing) = count(&program("quorum = 1\naffiliations = 1"), Decision::Approve, &votes);
    assert_eq!(
        left_out,
        [Some(Recused), Some(Emeritus), Some(NotAMember), Some(Replaced), None, Some(Stale), Some(Request)]
    );
    assert_eq!(missing, [""; 0]);
}

#[test]
fn abstaining_is_being_present_and_not_against() {
    let votes = [cast("alice", Ballot::Approve), cast("bob", Ballot::Abstain), cast("carol", Ballot::Abstain)];
    let rule = "quorum = 1\naffiliations = 1\nthreshold = \"1/1\"\nobjection = \"blocks\"\npresence = 3";
    assert_eq!(count(&program(rule), Decision::Approve, &votes).1, [""; 0]);
    assert_eq!(count(&program(rule), Decision::Approve, &votes[..2]).1, ["3 votes of any kind (now 2)"]);
}

/// Whoever turns something down votes against it, whatever is counted.
#[test]
fn the_sides_are_those_of_what_is_proposed() {
    let votes = [cast("alice", Ballot::Reject), cast("bob", Ballot::Abstain), cast("carol", Ballot::Approve)];
    let program = program(
        "quorum = 1\n[decisions.reject]\nquorum = 2\naffiliations = 2\nthreshold = \"3/4\"\nobjection = \"blocks\"",
    );
    let (slug, record) = ("globex-gmbh".parse().unwrap(), record());
    let on = applied(&slug, Some(&record), Proof::default());
    for decision in [Decision::Approve, Decision::Reject] {
        let tally = tally(&program, program.rule(decision), decision, &votes, on);
        assert_eq!(tally.sides(), [1, 1, 1]);
        assert_eq!(tally.summary(), "1 in favor, 1 against, 1 abstaining, 0 not counted");
    }
    assert_eq!(
        count(&program, Decision::Reject, &votes).1,
        [
            "1 more against (1 of 2)",
            "votes against from 2 different affiliations (now 1)",
            "a share of 3/4 against (now 1 of 2)",
            "no vote in favor (now 1)",
        ]
    );
}

#[test]
fn an_objection_counts_or_blocks() {
    let votes = [cast("alice", Ballot::Approve), cast("bob", Ballot::Approve), cast("carol", Ballot::Reject)];
    assert_eq!(count(&program("quorum = 2"), Decision::Approve, &votes).1, [""; 0]);
    let blocked = count(&program("quorum = 2\nobjection = \"blocks\""), Decision::Approve, &votes).1;
    assert_eq!(blocked, ["no objection (1 against)"]);
    let short = count(&program("quorum = 2\nthreshold = \"3/4\""), Decision::Approve, &votes).1;
    assert_eq!(short, ["a share of 3/4 in favor (now 2 of 3)"]);
}

#[test]
fn a_rejection_is_carried_by_votes_to_reject() {
    let votes = [cast("alice", Ballot::Reject), cast("bob", Ballot::Reject)];
    assert_eq!(count(&program(""), Decision::Reject, &votes).1, [""; 0]);
    assert!(!count(&program(""), Decision::Approve, &votes).1.is_empty());
}

#[test]
fn each_reason_for_not_counting_has_words_of_its_own() {
    use LeftOut::{
        Interested, NotNamed, Older, OtherAccount, OtherTerms, SpokenOver, Unasked, Unproven, Unseated, Unseen,
        Unsigned,
    };
    let all = [
        NotAMember,
        Emeritus,
        Recused,
        Stale,
        Unseen,
        OtherTerms,
        OtherAccount,
        Unseated,
        Interested,
        Unasked,
        Replaced,
        SpokenOver,
        Older,
        Request,
        Unproven,
        Unsigned,
        NotNamed,
    ];
    let words: std::collections::BTreeSet<_> = all.iter().map(|why| why.reason()).collect();
    assert_eq!(words.len(), all.len());
    let (slug, program) = ("acme".parse().unwrap(), program(""));
    let votes = [cast("bob", Ballot::Approve), cast("erin", Ballot::Approve), cast("contact", Ballot::Request)];
    let rule = program.rule(Decision::Approve);
    let tally = tally(&program, rule, Decision::Approve, &votes, applied(&slug, None, Proof::default()));
    let lines: Vec<_> = tally.votes.iter().map(Counted::line).collect();
    assert_eq!(
        lines,
        [
            "bob (Initech): approve",
            "erin (Initech): approve; not counted: emeritus members don't vote",
            "contact: asks for it",
        ]
    );
}

/// Of one vote in a round about `slug`, why it doesn't count.
fn left_out<'q>(cast: &CastVote, slug: &'q Slug, ask: impl FnOnce(Question<'q>) -> Question<'q>) -> Option<LeftOut> {
    let (program, on) = (program("quorum = 1"), ask(applied(slug, None, Proof::default())));
    tally(&program, program.rule(Decision::Approve), Decision::Approve, std::slice::from_ref(cast), on).votes[0]
        .left_out
}

fn terms(kind: ExitKind) -> Terms {
    Terms { kind, effective: "2026-12-01".parse().unwrap(), merged_into: None }
}

fn attested() -> Attested {
    Attested {
        link: "https://example.com/1".parse().unwrap(),
        head: "1111111111111111111111111111111111111111".parse().unwrap(),
    }
}

/// Bob's vote in favor, with something of it changed.
fn of_bobs(change: impl FnOnce(&mut Vote)) -> CastVote {
    let mut cast = cast("bob", Ballot::Approve);
    change(&mut cast.vote);
    cast.hash = Sha256::of(cast.vote.to_string().as_bytes());
    cast
}

#[test]
fn a_vote_binds_what_it_is_about_and_nothing_else() {
    use LeftOut::{OtherTerms, Unseen};
    let acme: Slug = "acme".parse().unwrap();
    let leaving = terms(ExitKind::Breach);
    let word = of_bobs(|v| v.terms = Some(leaving.clone()));
    let later = Some(Time::from_unix(1));
    for (told, expected) in [
        (left_out(&of_bobs(|_| ()), &acme, |on| on), None),
        (left_out(&of_bobs(|v| v.log = Some(Sha256::of(b"other"))), &acme, |on| on), Some(Unseen)),
        (left_out(&of_bobs(|v| v.facts.logo = None), &acme, |on| on), Some(Stale)),
        (left_out(&of_bobs(|_| ()), &acme, |on| Question { subject: Subject::Update, ..on }), Some(Stale)),
        // On terms where none are proposed.
        (left_out(&word, &acme, |on| on), Some(OtherTerms)),
        // An application is about nothing that stood there before.
        (left_out(&of_bobs(|_| ()), &acme, |on| Question { changed: later, ..on }), None),
    ] {
        assert_eq!(told, expected);
    }
    let update = |changed: i64| {
        let vote = of_bobs(|v| (v.subject, v.log) = (Subject::Update, None));
        let changed = Some(Time::from_unix(changed));
        left_out(&vote, &acme, |on| Question { subject: Subject::Update, said: None, changed, ..on })
    };
    assert_eq!([-1, 0, 1].map(update), [None, None, Some(Stale)], "before, in and after the second of the vote");
    let policy = |policy: Sha256| {
        let vote = of_bobs(|v| (v.subject, v.log, v.policy) = (Subject::Policy, None, policy));
        left_out(&vote, &Slug::program(), |on| Question { subject: Subject::Policy, said: None, ..on })
    };
    assert_eq!(policy(program("quorum = 1").hash), None);
    assert_eq!(policy(Sha256::of(b"before")), Some(Stale));
}

#[test]
fn who_may_have_a_stake_says_whether_it_is_so() {
    let says = |who: &str, slug: &str, interest: Option<Interest>| {
        let mut cast = cast(who, Ballot::Approve);
        cast.vote.interest = interest;
        left_out(&cast, &slug.parse().unwrap(), |on| on)
    };
    for (who, slug, interest, expected) in [
        ("bob", "acme", None, None),
        ("bob", "acme", Some(Interest::None), None),
        ("bob", "acme", Some(Interest::Employer), Some(LeftOut::Interested)),
        ("bob", "acme", Some(Interest::Other), Some(LeftOut::Interested)),
        ("alice", "umbrella-cloud", None, Some(LeftOut::Unasked)),
        ("alice", "umbrella-cloud", Some(Interest::None), None),
        ("alice", "umbrella", Some(Interest::None), Some(Recused)),
    ] {
        assert_eq!(says(who, slug, interest), expected, "{who} on {slug}: {interest:?}");
    }
}

/// What GitHub says was said at that time is held to when the seat was given; a signature has the policy that it names.
#[test]
fn a_click_from_before_the_seat_does_not_count() {
    for (time, clicked, expected) in [(0, true, Some(LeftOut::Unseated)), (9, true, None), (0, false, None)] {
        let vote = of_bobs(|v| {
            v.time = Time::from_unix(time);
            v.attested = clicked.then(attested);
        });
        let acme: Slug = "acme".parse().unwrap();
        let mut seats = Seats::default();
        seats.follow(&program("quorum = 1"), Some(Time::from_unix(9)));
        assert_eq!(left_out(&vote, &acme, |on| Question { seats: Some(&seats), ..on }), expected, "{time} {clicked}");
    }
}

#[test]
fn what_does_not_prove_who_voted_does_not_count() {
    let strict = "[signatures]\nrequired = true";
    assert_eq!(of_bob("", &[None]), [Some(LeftOut::Unproven)]);
    assert_eq!(of_bob("", &[Some(Grade::Unsigned)]), [None]);
    assert_eq!(of_bob(strict, &[Some(Grade::Unsigned)]), [Some(LeftOut::Unsigned)]);
    assert_eq!(of_bob(strict, &[Some(Grade::Signed)]), [None]);
}

#[test]
fn who_asks_after_voting_has_voted_all_the_same() {
    let votes = [cast("bob", Ballot::Approve), cast("bob", Ballot::Request)];
    let (left_out, missing) = count(&program("quorum = 1\naffiliations = 1"), Decision::Approve, &votes);
    assert_eq!((left_out, missing), (vec![None, Some(Request)], vec![]));
}

#[test]
fn where_nobody_voted_only_votes_are_missing() {
    let missing = count(&program("quorum = 1\naffiliations = 1"), Decision::Approve, &[]).1;
    assert_eq!(missing, ["1 more in favor (0 of 1)"]);
}

#[test]
fn the_sides_are_counted_and_what_counts_not_is_told_apart() {
    let votes = [
        cast("alice", Ballot::Reject),
        cast("carol", Ballot::Reject),
        cast("bob", Ballot::Approve),
        cast("erin", Ballot::Approve),
        cast("mallory", Ballot::Approve),
        cast("contact", Ballot::Request),
    ];
    let (slug, program) = ("acme".parse().unwrap(), program("quorum = 1"));
    for (decision, favoring) in [(Decision::Approve, vec!["bob"]), (Decision::Reject, vec!["alice", "carol"])] {
        let on = applied(&slug, None, Proof::default());
        let tally = tally(&program, program.rule(decision), decision, &votes, on);
        assert_eq!(tally.sides(), [1, 2, 0]);
        assert_eq!(tally.summary(), "1 in favor, 2 against, 0 abstaining, 2 not counted");
        assert_eq!(tally.favoring().map(|v| v.cast.vote.actor.as_str()).collect::<Vec<_>>(), favoring);
    }
}

/// A voice of an exit or an update, which names another or none.
fn voice(actor: &str, ballot: Ballot, names: Option<&CastVote>, terms: Option<Terms>) -> CastVote {
    let mut cast = cast(actor, ballot);
    cast.vote.subject = if terms.is_some() { Subject::Exit } else { Subject::Update };
    (cast.vote.log, cast.vote.terms) = (names.map(|c| c.hash), terms);
    cast.hash = Sha256::of(cast.vote.to_string().as_bytes());
    cast
}

#[test]
fn who_says_something_on_nothing_before_it_opens_the_round() {
    let first = voice("bob", Ballot::Approve, None, None);
    let votes =
        [voice("alice", Ballot::Approve, Some(&first), None), first, voice("carol", Ballot::Request, None, None)];
    assert_eq!(opener(&votes).map(Login::as_str), Some("bob"));
    assert_eq!(opener(&votes[..1]), None);
}

#[test]
fn others_vote_on_the_newest_word_in_favor_of_who_opened_it() {
    use Ballot::{Approve, Reject, Request};
    let (first, second) = (Some(terms(ExitKind::Breach)), Some(terms(ExitKind::Inactive)));
    let program = program("quorum = 1");
    for (said, expected) in [
        // Of an update it is the request, whatever who made it votes then.
        (vec![(Request, None)], Some(0)),
        (vec![(Request, None), (Approve, None)], Some(0)),
        (vec![(Approve, None)], Some(0)),
        // Of an exit it sets the terms.
        (vec![(Approve, first.clone()), (Approve, second.clone())], Some(1)),
        (vec![(Request, first.clone()), (Approve, second)], Some(1)),
        // Who is against it now takes no word back.
        (vec![(Approve, first.clone()), (Reject, first)], Some(0)),
        (vec![(Reject, None)], None),
    ] {
        let votes: Vec<_> = said.iter().map(|(ballot, terms)| voice("bob", *ballot, None, terms.clone())).collect();
        let found = proposed(&program, &votes, None, Proof::default());
        assert_eq!(found, expected.map(|place: usize| &votes[place]), "{said:?}");
    }
}

#[test]
fn a_voice_names_the_word_it_is_about_and_who_opened_it_says_it_anew() {
    use Ballot::{Approve, Reject, Request};
    let leaving = Some(terms(ExitKind::Breach));
    let asked = voice("bob", Request, None, None);
    let opened = voice("bob", Approve, None, None);
    for (proposed, vote, anew) in [
        (&asked, voice("alice", Approve, None, None), false),
        (&asked, voice("alice", Request, None, None), false),
        // To favor one's own request adds nothing to it.
        (&asked, voice("bob", Approve, None, None), false),
        (&asked, voice("bob", Request, None, None), true),
        (&asked, voice("bob", Approve, None, leaving.clone()), true),
        (&opened, voice("bob", Approve, None, None), true),
        (&opened, voice("bob", Reject, None, None), false),
        (&opened, voice("alice", Approve, None, leaving), false),
    ] {
        let due = log_due(&vote.vote, None, Some(proposed));
        assert_eq!(due, (!anew).then_some(proposed.hash), "{} {}", vote.vote.actor, vote.vote.ballot);
        // Of an application it is its newest event, whatever else is said.
        let said = Some(Sha256::of(b"applied"));
        assert_eq!(log_due(&vote.vote, said, Some(proposed)), said);
    }
    assert_eq!(log_due(&opened.vote, None, None), None);
}

#[test]
fn one_member_is_enough_where_the_contact_asks_to_leave() {
    use Ballot::{Approve, Request};
    let leaving = Some(terms(ExitKind::Voluntary));
    let asked = voice("globex", Request, None, leaving.clone());
    let (slug, record): (Slug, _) = ("globex".parse().unwrap(), record());
    let quorum = |policy: &str, grant: bool, subject: Subject, proposed: &CastVote| {
        let rules = "[decisions.exit]\nquorum = 5\n[decisions.update]\nquorum = 4\n[decisions.reject]\nquorum = 3\n";
        let program = program(&format!("quorum = 2\n{rules}{policy}"));
        let on = Question { subject, proposed: Some(proposed), ..applied(&slug, Some(&record), Proof::default()) };
        rule_for(&program, grant, on).1.quorum
    };
    assert_eq!(quorum("", true, Subject::Exit, &asked), 1);
    // A contact has no key.
    assert_eq!(quorum("[signatures]\nrequired = true\n", true, Subject::Exit, &asked), 5);
    assert_eq!(quorum("", false, Subject::Exit, &asked), 3);
    assert_eq!(quorum("", true, Subject::Exit, &voice("mallory", Request, None, leaving.clone())), 5);
    assert_eq!(quorum("", true, Subject::Exit, &voice("globex", Approve, None, leaving)), 5);
    let update = voice("globex", Request, None, None);
    assert_eq!(quorum("", true, Subject::Exit, &update), 5, "it asked for something else");
    assert_eq!(quorum("", true, Subject::Update, &update), 4);
    assert_eq!(quorum("", false, Subject::Update, &update), 4, "who may grant an update may deny it");
}

#[test]
fn who_has_a_stake_and_who_may_have_one_is_told() {
    let told = |slug: &str, name: &str| {
        let toml = format!("schema = 1\nname = \"{name}\"\nwebsite = \"https://x.example\"\ngithub = \"contact\"\n");
        let (program, slug) = (program(""), slug.parse().unwrap());
        let (recused, likely) = tied(&program, &slug, &Record::parse(toml.as_bytes()).unwrap(), None);
        [recused, likely].map(|members| members.iter().map(|m| m.github.to_string()).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(told("globex", "Globex GmbH"), ["dave", ""]);
    assert_eq!(told("umbrella-cloud", "Umbrella Cloud"), ["", "alice carol"]);
    assert_eq!(told("acme", "Acme"), ["", ""]);
}

#[test]
fn what_ties_nobody_need_not_be_read() {
    let text = "schema = 1\nname = \"P\"\n[[committee]]\ngithub = \"zoe\"\nid = 1070\naffiliation = \"Umbrella\"\n";
    let program = Program::parse(text.as_bytes()).unwrap();
    for (record, could) in [
        ("name = \"Globex\"", false),
        ("name = \"Um-brella\"", true),
        ("github = \"ZOE\"", true),
        ("github_id = 1070", true),
        // What stands for other letters has to be read.
        ("website = \"https://x%2e.example\"", true),
        ("name = \"x\\u0061\"", true),
        ("name = \"é\"", true),
        ("website = \"https://xn--a.example\"", true),
    ] {
        assert_eq!(could_tie(record.as_bytes(), &program.committee), could, "{record}");
    }
}
