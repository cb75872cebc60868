use snapbox::{assert_data_eq, str};

use crate::env::TestEnv;

#[test]
fn the_committee_makes_a_partner_leave() {
    let env = TestEnv::with_partner();
    let args = |who| ["exit", "acme", "--kind", "inactive", "--reason", "no answer for a year", "--as", who];
    assert_data_eq!(env.run(&args("alice")).to_string(), str![]);
    assert_eq!(env.state("acme"), "active");
    assert_data_eq!(env.run(&["status", "acme"]).ok().stdout, str![]);
    assert_data_eq!(env.run(&args("bob")).to_string(), str![]);
    assert_eq!(env.state("acme"), "exited");
    assert_data_eq!(env.git(&["show", "main:data/partners/acme/log/0003"]), str![]);
    assert_data_eq!(env.run(&["status", "acme"]).ok().stdout, str![]);
    env.run(&args("bob")).ok().code.unwrap();
    env.run(&args("alice")).fails(1).code.unwrap();
    assert_eq!(env.events("acme"), ["applied", "approved", "exited"]);
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn a_partner_that_wants_to_leave_needs_one_member() {
    let env = TestEnv::with_partner();
    let args =
        ["exit", "acme", "--kind", "voluntary", "--reason", "we changed our business", "--effective", "2026-12-31"];
    let with = |who| args.iter().copied().chain(["--as", who]).collect::<Vec<_>>();
    assert_data_eq!(env.run(&with("acme-bot")).to_string(), str![]);
    assert_data_eq!(env.run(&with("acme-bot")).to_string(), str![]);
    assert_data_eq!(env.run(&["review", "acme"]).ok().stdout, str![]);
    assert_data_eq!(
        env.run(&["exit", "acme", "--kind", "voluntary", "--reason", "as they ask", "--as", "bob"]).to_string(),
        str![]
    );
    assert_eq!(env.state("acme"), "exited");
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn others_cannot_ask_for_it() {
    let env = TestEnv::with_partner();
    assert_data_eq!(
        env.run(&["exit", "acme", "--kind", "voluntary", "--reason", "x", "--as", "mallory"]).to_string(),
        str![]
    );
    assert_data_eq!(
        env.run(&["exit", "acme", "--kind", "breach", "--reason", "x", "--as", "acme-bot"]).to_string(),
        str![]
    );
    assert_data_eq!(env.run(&["exit", "acme", "--as", "alice"]).to_string(), str![]);
    assert_eq!(env.git(&["branch", "--list"]), "* main\n");
}

#[test]
fn votes_on_other_terms_do_not_add_up() {
    let env = TestEnv::with_partner();
    env.run(&["exit", "acme", "--kind", "inactive", "--reason", "x", "--as", "alice"]).ok().code.unwrap();
    assert_data_eq!(env.run(&["exit", "acme", "--kind", "breach", "--reason", "y", "--as", "bob"]).to_string(), str![]);
    assert_eq!(env.state("acme"), "active");
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn a_merger_names_a_partner_that_is_there() {
    let env = TestEnv::with_partner();
    let args =
        |kind, into| ["exit", "acme", "--kind", kind, "--merged-into", into, "--reason", "bought", "--as", "alice"];
    assert_data_eq!(env.run(&args("merged", "beta")).to_string(), str![]);
    assert_data_eq!(env.run(&args("merged", "acme")).to_string(), str![]);
    assert_data_eq!(env.run(&args("breach", "beta")).to_string(), str![]);
    env.apply("Beta").ok().code.unwrap();
    env.run(&args("merged", "beta")).ok().code.unwrap();
}

#[test]
fn an_exit_can_be_turned_down_and_the_next_one_is_a_new_round() {
    let env = TestEnv::with_partner();
    env.run(&["exit", "acme", "--kind", "breach", "--reason", "x", "--as", "alice"]).ok().code.unwrap();
    env.run(&["reject", "acme", "--reason", "it wasn't them", "--as", "bob"]).ok().code.unwrap();
    env.run(&["reject", "acme", "--reason", "it wasn't them", "--as", "alice"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "active");
    env.run(&["exit", "acme", "--kind", "breach", "--reason", "again", "--as", "alice"]).ok().code.unwrap();
    env.run(&["exit", "acme", "--kind", "breach", "--reason", "again", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.events("acme"), ["applied", "approved", "rejected", "exited"]);
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn an_update_that_waits_does_not_stand_in_the_way() {
    let env = TestEnv::with_partner();
    env.run(&["update", "acme", "--parent", "Initech", "--as", "acme-bot"]).ok().code.unwrap();
    env.run(&["exit", "acme", "--kind", "inactive", "--reason", "x", "--as", "alice"]).ok().code.unwrap();
    assert_data_eq!(env.run(&["review", "acme"]).to_string(), str![]);
    env.run(&["review", "acme", "--proposal", "exit"]).ok().code.unwrap();
    env.run(&["exit", "acme", "--kind", "inactive", "--reason", "x", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "exited");
    assert_data_eq!(env.run(&["approve", "acme", "--as", "alice"]).to_string(), str![]);
    assert_eq!(env.problems(), [""; 0]);
}
