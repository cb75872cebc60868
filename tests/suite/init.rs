use snapbox::{assert_data_eq, str};

use crate::env::TestEnv;

#[test]
fn makes_a_registry_and_says_how_to_use_it() {
    let env = TestEnv::new();
    assert_data_eq!(env.run(&["init", "r.git"]).to_string(), str![]);
    assert_eq!(env.git_at("r.git", &["ls-tree", "-r", "--name-only", "HEAD"]), "data/program.toml\n");
    assert_data_eq!(env.git_at("r.git", &["log", "--format=%an <%ae>%n%B", "main"]), str![]);
}

#[test]
fn again_it_changes_nothing() {
    let env = TestEnv::with_registry();
    let head = env.git(&["rev-parse", "HEAD"]);
    assert_data_eq!(env.run(&["init", "registry.git", "--program", "program.toml"]).ok().stdout, str![]);
    assert_eq!(env.git(&["rev-parse", "HEAD"]), head);
}

#[test]
fn a_place_that_is_taken_is_left_alone() {
    let env = TestEnv::with_registry();
    std::fs::create_dir(env.path("full")).unwrap();
    env.write("full/file", "x");
    assert_data_eq!(env.run(&["init", "full"]).to_string(), str![]);
    assert_data_eq!(env.run(&["init", "registry.git"]).to_string(), str![]);
    assert_data_eq!(env.run(&["init", "logo.png"]).to_string(), str![]);
}

#[test]
fn every_fault_of_a_program_is_told_at_once() {
    let env = TestEnv::new();
    env.write(
        "bad.toml",
        "schema = 1\nnam = \"P\"\n[[committee]]\ngithub = \"al ice\"\naffiliation = 3\n[decisions.approve]\nqorum = 2\nthreshold = \"3/2\"\nobjection = \"maybe\"\n[decisions.expell]\n",
    );
    assert_data_eq!(env.run(&["init", "r.git", "--program", "bad.toml"]).to_string(), str![]);
    assert!(!env.path("r.git").exists());
}

#[test]
fn a_policy_that_nobody_could_carry_is_warned_of() {
    let env = TestEnv::new();
    env.write("p.toml", "schema = 1\nname = \"P\"\n[[committee]]\ngithub = \"a\"\naffiliation = \"A\"\n[decisions.update]\nquorum = 3\n");
    assert_data_eq!(env.run(&["init", "r.git", "--program", "p.toml"]).ok().stderr, str![]);
}

#[test]
fn the_embedded_registry_is_made_on_first_use_and_said_so() {
    let env = TestEnv::new();
    assert_data_eq!(env.run(&["list"]).to_string(), str![]);
    assert_data_eq!(env.run(&["list"]).to_string(), str![]);
    assert!(env.path("home/.local/share/karmada-partner/registry.git/HEAD").exists());
}
