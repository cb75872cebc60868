//! The policy is decided like everything else.

use snapbox::{assert_data_eq, str};

use crate::env::TestEnv;
use crate::hub::Hub;

const ZOE: [&str; 7] = ["program", "propose", "--add-member", "zoe", "--affiliation", "Hooli", "--as"];

fn propose(env: &TestEnv, by: &str) -> crate::env::Output {
    env.run(&[ZOE.as_slice(), &[by]].concat())
}

#[test]
fn a_member_proposes_and_the_quorum_decides() {
    let env = TestEnv::with_registry();
    propose(&env, "alice").ok().code.unwrap();
    assert_data_eq!(
        env.run(&["review", "program", "--as", "bob"]).to_string(),
        str![[r#"
exit 0
--- stdout
Test Program (program): policy, since 2026-09-21, by alice
What changes:
  zoe (Hooli) joins the committee as member
Changes to data/program.toml:
  +
  + [[committee]]
  + github = "zoe"
  + affiliation = "Hooli"
Votes:
  alice (Umbrella): asks for it
  alice (Umbrella): approve
  1 in favor, 0 against, 0 abstaining, 0 not counted. Still missing: 1 more in favor (1 of 2); votes in favor from 2 different affiliations (now 1).

"#]]
    );
    let again = env.run(&["approve", "program", "--as", "alice"]).ok();
    assert!(again.stdout.starts_with("Nothing to do: your vote"), "who proposes it has voted: {again}");
    assert!(!env.git(&["show", "main:data/program.toml"]).contains("zoe"), "one member alone changes nothing");
    env.run(&["approve", "program", "--as", "bob"]).ok().code.unwrap();
    assert!(env.git(&["show", "main:data/program.toml"]).contains("zoe"));
    assert_eq!(
        env.git(&["show", "main:data/program/policies/0002.toml"]),
        env.git(&["show", "main:data/program.toml"])
    );
    assert_eq!(env.events("program"), ["founded", "updated"]);
    assert_eq!(env.problems(), [""; 0]);
    // Who has a seat now, has a vote.
    env.apply("Acme").ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "zoe"]).ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "active");
    assert_eq!(env.problems(), [""; 0]);
}

/// To say something of who no longer votes isn't yet to bring them back.
#[test]
fn who_retired_comes_back_only_where_that_is_said() {
    let env = TestEnv::with_registry();
    env.run(&["program", "propose", "--retire", "carol", "--as", "alice"]).ok().code.unwrap();
    env.decide("program");
    let again = ["program", "propose", "--add-member", "carol", "--affiliation", "Globex", "--as", "alice"];
    let unclear = env.run(&again).fails(2);
    assert!(unclear.stderr.contains("--role member takes carol into the committee again"), "{unclear}");
    // Who works elsewhere since isn't brought back by that, either.
    let elsewhere = ["program", "propose", "--add-member", "carol", "--affiliation", "Hooli", "--as", "alice"];
    let stays = "carol stays an emeritus member; --role member takes carol into the committee again";
    assert!(env.run(&elsewhere).ok().stderr.contains(stays));
    assert!(!env.run(&[&again[..], &["--role", "member"]].concat()).ok().stderr.contains(stays));
    let told = env.run(&["review", "program", "--as", "bob"]).ok();
    assert!(told.stdout.contains("carol"), "{told}");
}

/// Whose employer the policy lists is named by any of its names; whose it doesn't is listed in the same call, with its domains.
#[test]
fn with_listed_organizations_an_employer_is_named_by_what_people_call_it() {
    let env = TestEnv::with_registry();
    env.write("program.toml", include_str!("../../data/program.toml"));
    env.run(&["init", "real.git", "--program", "program.toml", "--offline"]).ok().code.unwrap();
    let propose = |args: &[&str]| {
        let begin = ["program", "propose", "--registry", "real.git", "--as", "jabellard", "--add-member", "zoe"];
        env.run(&[&begin, args].concat())
    };
    let seat = || {
        let shown = env.git_at("real.git", &["show", "policy/program:data/program.toml"]);
        shown.split_once("github = \"zoe\"\n").unwrap().1.lines().next().unwrap().to_owned()
    };
    for name in ["huawei", "Huawei", "华为", "Huawei Technologies Co., Ltd."] {
        propose(&["--affiliation", name, "--reason", name]).ok().code.unwrap();
        assert_eq!(seat(), "affiliation = \"huawei\"", "{name}");
    }
    propose(&["--affiliation", "Trip.com"]).ok().code.unwrap();
    assert_eq!(seat(), "affiliation = \"trip\"");
    let unknown = propose(&["--affiliation", "Hooli"]).fails(2);
    assert!(unknown.stderr.contains("the policy lists no organization that is called “Hooli”"), "{unknown}");
    assert!(
        unknown.stderr.contains("huawei, bloomberg") && unknown.stderr.contains("--add-organization ID"),
        "{unknown}"
    );
    let nameless = propose(&["--affiliation", "hooli", "--add-organization", "hooli"]).fails(2);
    assert!(nameless.stderr.contains("give it with --name"), "{nameless}");
    let listed = ["--add-organization", "hooli", "--name", "Hooli", "--domain", "hooli.com", "--domain", "hooli.xyz"];
    propose(&[&listed[..], &["--alias", "胡利", "--affiliation", "Hooli"]].concat()).ok().code.unwrap();
    assert_eq!(seat(), "affiliation = \"hooli\"");
    let text = env.git_at("real.git", &["show", "policy/program:data/program.toml"]);
    let entry = "[[organization]]\nid = \"hooli\"\nname = \"Hooli\"\naliases = [\"胡利\"]\n\
                 domains = [\"hooli.com\", \"hooli.xyz\"]\n";
    assert!(text.contains(entry), "{text}");
    // What is said of one that is listed is added to.
    let more = ["program", "propose", "--registry", "real.git", "--as", "jabellard", "--add-organization", "trip"];
    env.run(&[&more[..], &["--domain", "trip.example"]].concat()).ok().code.unwrap();
    let text = env.git_at("real.git", &["show", "policy/program:data/program.toml"]);
    assert!(text.contains("domains = [\"trip.com\", \"ctrip.com\", \"trip.example\"]"), "{text}");
    // Before anybody has a key, what is missing is keys.
    env.write("signed.toml", text + "\n[signatures]\nrequired = true\n");
    let keyless =
        env.run(&["program", "propose", "signed.toml", "--registry", "real.git", "--as", "jabellard"]).fails(1);
    assert!(keyless.stderr.contains("have members give their keys first"), "{keyless}");
}

#[test]
fn it_is_for_members_to_propose_and_the_old_policy_counts() {
    let env = TestEnv::with_registry();
    propose(&env, "mallory").fails(4).code.unwrap();
    propose(&env, "erin").fails(4).code.unwrap();
    // A policy of one vote is carried by the two that the old one asks for.
    let present = env.git(&["show", "main:data/program.toml"]);
    env.write("easy.toml", present + "[decisions.policy]\nquorum = 1\naffiliations = 1\n");
    env.run(&["program", "propose", "easy.toml", "--as", "alice"]).ok().code.unwrap();
    let output = env.run(&["approve", "program", "--as", "alice", "--json"]).ok().json();
    assert_eq!(output["decided"], false);
    env.run(&["approve", "program", "--as", "bob"]).ok().code.unwrap();
    // From now on one is enough.
    env.run(&["program", "propose", "--retire", "carol", "--as", "bob"]).ok().code.unwrap();
    let output = env.run(&["approve", "program", "--as", "bob", "--json"]).ok().json();
    assert_eq!(output["decided"], true);
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn a_proposal_can_be_changed_turned_down_and_taken_back() {
    let env = TestEnv::with_registry();
    propose(&env, "alice").ok().code.unwrap();
    assert!(propose(&env, "alice").ok().stdout.contains("Nothing to do"));
    env.run(&["review", "program", "--vote", "abstain", "--as", "bob"]).ok().code.unwrap();
    let again = env.run(&["program", "propose", "--retire", "carol", "--as", "alice"]).ok();
    assert!(again.stderr.contains("votes cast before: 1"), "{again}");
    for member in ["alice", "bob"] {
        env.run(&["reject", "program", "--reason", "not now", "--as", member]).ok().code.unwrap();
    }
    assert_eq!(env.events("program"), ["founded", "rejected"]);
    propose(&env, "carol").ok().code.unwrap();
    env.run(&["withdraw", "program", "--as", "carol"]).ok().code.unwrap();
    assert_eq!(env.events("program"), ["founded", "rejected", "withdrawn"]);
    assert_eq!(env.problems(), [""; 0]);
    env.run(&["approve", "program", "--as", "alice"]).fails(1).code.unwrap();
}

#[test]
fn a_policy_that_nobody_could_work_with_is_refused() {
    let env = TestEnv::with_registry();
    env.write("bad.toml", "schema = 1\n");
    env.run(&["program", "propose", "bad.toml", "--as", "alice"]).fails(2).code.unwrap();
    let lonely = ["program", "propose", "--retire", "bob", "--retire", "carol", "--as", "alice"];
    let output = env.run(&lonely).fails(1);
    assert!(output.stderr.contains("could never be carried"), "{output}");
    env.run(&["program", "propose", "--as", "alice"]).fails(2).code.unwrap();
    env.run(&["program", "propose", "--retire", "nobody", "--as", "alice"]).fails(3).code.unwrap();
}

/// Who edits the file by hand decides nothing, and stops everything until it is put right.
#[test]
fn a_hand_edit_is_refused_until_it_is_owned_up_to() {
    let env = TestEnv::with_applicant();
    env.edit("I want a seat", |c| {
        let file = c.join("data/program.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(file, text + "\n[[committee]]\ngithub = \"mallory\"\naffiliation = \"Evil\"\n").unwrap();
    });
    assert_eq!(env.problems(), ["hash-mismatch data/program.toml"]);
    for command in [["approve", "acme", "--as", "alice"], ["approve", "acme", "--as", "mallory"]] {
        let output = env.run(&command).fails(1);
        assert!(output.stderr.contains("nobody decided so"), "{output}");
    }
    let record = |who| env.run(&["record", "program", "--reason", "she was elected", "--as", who]);
    record("mallory").fails(4).code.unwrap();
    record("alice").ok().code.unwrap();
    assert_eq!(env.problems(), ["hash-mismatch data/program.toml"]);
    record("bob").ok().code.unwrap();
    assert_eq!(env.events("program"), ["founded", "recorded"]);
    assert_eq!(env.problems(), [""; 0]);
    env.run(&["approve", "acme", "--as", "mallory"]).ok().code.unwrap();
}

#[test]
fn facts_changed_by_hand_are_owned_up_to_as_well() {
    let env = TestEnv::with_partner();
    env.run(&["record", "acme", "--reason", "x", "--as", "alice"]).fails(1).code.unwrap();
    env.edit("a better address", |c| {
        let file = c.join("data/partners/acme/partner.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(file, text.replace("/karmada\"", "/support\"")).unwrap();
    });
    env.run(&["record", "acme", "--reason", "they asked by phone", "--as", "alice"]).ok().code.unwrap();
    assert_eq!(env.events("acme"), ["applied", "approved", "recorded"]);
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn a_registry_without_a_beginning_gets_one() {
    let env = TestEnv::with_registry();
    env.edit("as before there was a founding event", |c| std::fs::remove_dir_all(c.join("data/program")).unwrap());
    let output = env.apply("Acme").fails(1);
    assert!(output.stderr.contains("has no founding event"), "{output}");
    env.run(&["init", "registry.git", "--as", "alice"]).ok().code.unwrap();
    env.apply("Acme").ok().code.unwrap();
    assert_eq!(env.problems(), [""; 0]);
}

/// On GitHub a change of the policy is a pull request of a member's, and votes are reviews.
#[test]
fn on_github_the_policy_is_a_pull_request() {
    let hub = Hub::new();
    hub.run("alice", &ZOE[..6]).ok().code.unwrap();
    let output = hub.run("bob", &["review", "program"]).ok();
    assert!(output.stdout.contains("+ github = \"zoe\""), "{output}");
    assert!(output.stdout.contains("alice (Umbrella): approve"), "her vote came as a review of her own: {output}");
    // What broke off before its vote is gone on with there.
    hub.run("alice", &ZOE[..6]).ok().code.unwrap();
    let output = hub.run("bob", &["approve", "program"]).ok();
    assert!(output.stdout.contains("Decided"), "{output}");
    let list = hub.run("carol", &["log", "program", "--json"]).ok().json();
    assert_eq!(list["events"][1]["event"], "updated");
    hub.run("carol", &["check"]).ok().code.unwrap();
    assert_eq!(hub.threads()[0]["state"], "MERGED");
}

/// In the sandbox the program is told in the real one's words, beside the sandbox's rules; all channels of its page are there.
#[test]
fn the_sandbox_tells_the_real_programs_words() {
    let real: toml_edit::DocumentMut = include_str!("../../data/program.toml").parse().unwrap();
    let told = TestEnv::new().run(&["program"]).ok().stdout;
    for key in ["definition", "scope", "exit"] {
        assert!(told.contains(real[key].as_str().unwrap()), "{key}: {told}");
    }
    for key in ["privileges", "contact"] {
        for line in real[key].as_array().unwrap() {
            assert!(told.contains(line.as_str().unwrap()), "{key}: {told}");
        }
    }
    for channel in ["@lists.cncf.io", "Slack", "/issues", "Community Governance Committee", "(sandbox)"] {
        assert!(told.contains(channel), "{channel}");
    }
}

/// A filter for what isn't there would find everybody who lies in it, under no name.
#[test]
fn a_term_lies_in_one_that_is_listed() {
    let env = TestEnv::with_registry();
    let program = env.git(&["show", "main:data/program.toml"]);
    env.write("p.toml", format!("{program}\n[[terms.regions]]\nid = \"rome\"\nen = \"Rome\"\nwithin = \"italy\"\n"));
    let refused = env.run(&["program", "propose", "p.toml", "--as", "alice"]).fails(2);
    assert!(refused.stderr.contains("rome lies in italy, which isn't listed"), "{refused}");
}

/// At a domain of everybody's, everybody would be tied to whoever lists it; at one that nobody can have, nobody.
#[test]
fn a_domain_that_is_everybodys_or_nobodys_is_no_organizations() {
    let env = TestEnv::new();
    for (domain, told) in [
        ("co.uk", "anybody can be at co.uk"),
        ("github.io", "anybody can be at github.io"),
        ("github.com", "anybody can be at github.com"),
        ("umbrella.local", "a host that ends in .local is known in one network only"),
        ("xn--a-ecp.example", "nobody can have xn--a-ecp.example: invalid international domain name"),
        ("xn--a.example", "nobody can have xn--a.example"),
        ("faß.example", "write it as networks know it: xn--fa-hia.example"),
        ("Umbrella.COM", "write it as networks know it: umbrella.com"),
        ("https://umbrella.com/", "write it as networks know it: umbrella.com"),
        ("umbrella", "write it as networks know it, such as acme.com"),
        ("umbrella.co.uk", ""),
        ("aliyun.com", ""),
        ("xn--fa-hia.example", ""),
    ] {
        let policy = format!(
            "schema = 1\nname = \"P\"\n\n[[organization]]\nid = \"umbrella\"\nname = \"Umbrella\"\ndomains = [\"{domain}\"]\n\n\
             [[committee]]\ngithub = \"alice\"\naffiliation = \"umbrella\"\n"
        );
        env.write("program.toml", policy);
        let output = env.run(&["init", "r.git", "--program", "program.toml", "--dry-run"]);
        assert!(output.stderr.contains(told), "{output}");
        assert_eq!(output.code, Some(if told.is_empty() { 0 } else { 2 }), "{domain}: {output}");
    }
}
