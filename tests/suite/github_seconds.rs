//! Comments and issues of ours that stand twice, from before all who tell kept one.

use github_double::{Permission, TokenKind};

use crate::github_chinese_forms::CHINESE;
use crate::github_issues::{Bench, FORM};
use crate::hub::{Hub, REGISTRY};

const TOLD: &str = "What becomes of this is told in one comment: https://github.example/karmada/partners/";

/// The oldest goes on, the others lead there; anybody else's stays as it is.
#[test]
fn of_several_comments_on_a_form_one_goes_on_and_the_others_lead_there() {
    for form in [FORM, CHINESE] {
        let mut bench = Bench::new();
        bench.hub.add_token("app", bench.hub.github.app_token("partner-helper", &[REGISTRY]));
        let number = bench.open("jane", &form.replace("https://acme.example/karmada", "ftp://acme.example"));
        assert_eq!(bench.outcome(number)["outcome"], "faulty");
        let said = bench.comments(number)[0].clone();
        for who in ["alice", "partner-helper", "mallory"] {
            bench.hub.github.comment(REGISTRY, number, who, &said);
        }
        bench.edit(number, "jane", form);
        assert_eq!(bench.outcome(number)["outcome"], "proposed");
        let comments = bench.comments(number);
        assert!(comments[0].contains("/pull/"), "{comments:?}");
        let lead = |comment: &String| comment.contains(&format!("/issues/{number}#issuecomment-"));
        assert!(lead(&comments[1]) && lead(&comments[2]) && !comments[1].contains("ftp"), "{comments:?}");
        assert_eq!((comments[1].starts_with(TOLD), &comments[3]), (form == FORM, &said), "{comments:?}");
        let before = bench.hub.github.dump();
        bench.hub.github.clear_traffic();
        assert_eq!(bench.outcome(number)["outcome"], "unchanged");
        assert_eq!(bench.hub.operations().len(), 3);
        assert_eq!(bench.hub.github.dump(), before);
        bench.hub.github.assert_clean();
    }
}

/// Also where there is nothing new to say.
#[test]
fn a_second_comment_leads_to_the_first_though_nothing_changed() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    bench.outcome(number);
    let said = bench.comments(number)[0].clone();
    bench.hub.github.comment(REGISTRY, number, "alice", &said);
    assert_eq!(bench.outcome(number)["outcome"], "unchanged");
    let comments = bench.comments(number);
    assert_eq!(comments[0], said);
    assert!(comments[1].starts_with(TOLD), "{comments:?}");
}

#[test]
fn of_several_tallies_one_goes_on_and_the_others_lead_there() {
    let mut hub = Hub::with_applicant();
    hub.use_token("github-actions", TokenKind::Actions { repository: REGISTRY.to_owned() });
    let announce = |who: &str| hub.run(who, &["--yes", "announce", "--json"]).ok().json();
    announce("github-actions");
    let comments = || {
        let all = hub.threads()[1]["comments"].as_array().unwrap().clone();
        all.iter().map(|c| c["body"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    hub.github.comment(REGISTRY, 2, "alice", &comments()[0]);
    hub.github.review(REGISTRY, 2, "carol", "APPROVED", "");
    // Who may not change it says so, and nothing a third time.
    hub.github.grant(REGISTRY, "bob", Permission::Read);
    let told = announce("bob").to_string();
    assert!(told.contains("it is alice's, and this account may not change it"), "{told}");
    assert_eq!(comments().len(), 2);
    announce("github-actions");
    let now = comments();
    assert!(now[0].contains("1 of 2 in favor") && now[1].starts_with(TOLD), "{now:?}");
    let before = hub.github.dump();
    announce("github-actions");
    assert_eq!(hub.github.dump(), before);
    hub.github.assert_clean();
}

/// The oldest is the one, as `docs/form.md` says; the others are closed, and nobody is mentioned in them any more.
#[test]
fn of_several_issues_about_what_waits_the_oldest_goes_on() {
    let hub = Hub::with_applicant().with_workflow();
    let on = |day: i64| hub.env.output(&mut hub.later(86_400 * day, "workflow", &["remind"])).ok().stdout;
    on(8);
    let second = hub.github.open_issue(REGISTRY, "alice", "What waits for the committee", &hub.body(3));
    hub.github.add_label(REGISTRY, second, "alice", "partner/reminder");
    on(9);
    let threads = hub.threads();
    assert_eq!((&threads[2]["state"], &threads[3]["state"]), (&"OPEN".into(), &"CLOSED".into()));
    let body = hub.body(4);
    assert!(body.contains("/issues/3") && !body.contains('@'), "{body}");
    assert!(on(16).contains("brought up to date"));
    assert!(hub.body(3).contains("told 2026-10-07"), "{}", hub.body(3));
    let before = hub.github.dump();
    on(17);
    assert_eq!(hub.github.dump(), before);
    hub.github.assert_clean();
}

/// Whatever was said before, our comment is found, and stays one; where nobody can look so far, none is made each time.
#[test]
fn behind_two_thousand_comments_ours_is_found_or_nothing_is_said() {
    let bench = Bench::new();
    let faulty = FORM.replace("https://acme.example/karmada", "acme");
    let crowd = |number: u64, count: usize| {
        for n in 0..count {
            bench.hub.github.comment(REGISTRY, number, "mallory", &format!("me too {n}"));
        }
    };
    let number = bench.open("jane", &faulty);
    crowd(number, 1_950);
    assert_eq!(bench.outcome(number)["outcome"], "faulty");
    crowd(number, 100);
    bench.edit(number, "jane", FORM);
    assert_eq!(bench.outcome(number)["outcome"], "proposed");
    let comments = bench.comments(number);
    assert!(comments.len() == 2_051 && comments[1_950].contains("is proposed in"), "{}", comments.len());
    let other = bench.open("erin", &faulty.replace("Acme Cloud", "Globex").replace("acme", "globex"));
    crowd(other, 2_001);
    for _ in 0..2 {
        let told = bench.take(other).ok();
        assert!(told.stderr.contains("nothing is said there: more than 2000 comments stand there"), "{told}");
        assert_eq!(bench.comments(other).len(), 2_001);
    }
    bench.hub.github.assert_clean();
}

/// The same of the tally, and of what holds Prow.
#[test]
fn behind_three_thousand_comments_no_tally_is_made_each_hour() {
    let hub = Hub::with_program("\n[github]\nprow = true\n").with_workflow();
    hub.github.fork(REGISTRY, "jane", None);
    hub.apply("jane", "Acme").ok().code.unwrap();
    for n in 0..3_001 {
        hub.github.comment(REGISTRY, 2, "mallory", &format!("me too {n}"));
    }
    for _ in 0..2 {
        let told = hub.run("workflow", &["announce", "--json"]).ok().json();
        assert!(told.to_string().contains("nothing is said there: more than 3000 comments"), "{told}");
        assert_eq!(hub.threads()[1]["comments"].as_array().unwrap().len(), 3_001);
    }
    hub.github.assert_clean();
}
