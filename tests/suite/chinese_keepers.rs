//! Chinese for whoever keeps a registry, and for whoever looks what became of it.

use crate::chinese::Reader;
use crate::env::TestEnv;

#[test]
fn doctor_speaks_chinese() {
    for env in [TestEnv::new(), TestEnv::with_registry(), TestEnv::with_partner()] {
        let mut reader = Reader::of(&env);
        let told = reader.reads(&["doctor"]);
        assert!(told.stdout.contains("正常  version：karmada-partner"), "{told}");
        drop(reader.reads(&["doctor", "--as", "alice"]));
        drop(reader.reads(&["doctor", "--offline", "--registry", "github:karmada-io/partners"]));
        drop(reader.reads(&["doctor", "--registry", "nowhere"]));
        reader.done();
        // What programs read stays as it is.
        let json = |lang: &str| env.run(&["doctor", "--json", "--lang", lang]).stdout;
        assert_eq!(json("zh"), json("en"));
    }
    let env = TestEnv::with_registry();
    let mut reader = Reader::of(&env);
    env.edit("Ask for too much", |checkout| {
        let path = checkout.join("data/program.toml");
        let text = std::fs::read_to_string(&path).unwrap() + "\n[decisions.exit]\nquorum = 9\n";
        std::fs::write(path, text).unwrap();
    });
    let told = reader.reads(&["doctor", "--as", "alice"]);
    assert!(told.stdout.contains("要修  check：") && told.stdout.contains("有 1 处要修。"), "{told}");
    drop(reader.reads(&["program"]));
    reader.done();
}

#[test]
fn the_program_and_its_log_are_told_in_chinese() {
    let env = TestEnv::with_partner();
    env.run(&["exit", "acme", "--kind", "inactive", "--reason", "Gone", "--as", "alice"]).ok().code.unwrap();
    let mut reader = Reader::of(&env);
    let told = reader.reads(&["program"]).ok();
    assert!(told.stdout.contains("作出决定的条件") && told.stdout.contains("批准申请：赞成票"), "{told}");
    drop(reader.reads(&["program", "show"]).ok());
    drop(reader.reads(&["program", "keys"]).ok());
    drop(reader.reads(&["program", "keys", "--allowed-signers", "signers"]).ok());
    drop(reader.reads(&["program", "keys", "--allowed-signers", "signers", "--dry-run"]).ok());
    drop(reader.reads(&["program", "keys", "--allowed-signers", "no/such/place"]));
    let told = reader.reads(&["log"]).ok();
    assert!(told.stdout.contains("已批准"), "{told}");
    for args in [
        ["log", "acme"].as_slice(),
        &["log", "program"],
        &["log", "nobody"],
        &["log", "--event", "cleared"],
        &["log", "--since", "yesterday"],
        &["log", "--commits"],
    ] {
        drop(reader.reads(args));
    }
    reader.done();
    // Minutes are kept, and read by everybody.
    for format in ["md", "csv"] {
        let minutes = |lang: &str| env.run(&["log", "--format", format, "--lang", lang]).ok().stdout;
        assert_eq!(minutes("zh"), minutes("en"));
    }
    let toml = |lang: &str| env.run(&["program", "show", "--toml", "--lang", lang]).ok().stdout;
    assert_eq!(toml("zh"), toml("en"));
}

#[test]
fn benefits_and_what_is_owned_up_to_are_told_in_chinese() {
    let env = TestEnv::with_partner();
    env.change_policy(|p| p + "\n[early_disclosure]\ncriteria = [\"role-mailbox\"]\n");
    let add = |more: &[&'static str]| [&["benefit", "add", "acme", "--as", "alice"], more].concat();
    let early = ["--kind", "early-disclosure", "--description", "List"];
    let mut reader = Reader::of(&env);
    for args in [
        vec!["benefit", "list"],
        vec!["benefit", "list", "--by", "kind"],
        vec!["benefit", "list", "nobody"],
        add(&["--kind", "exposure", "--description", "Booth"]),
        add(&["--kind", "exposure", "--description", "Booth"]),
        add(&["--kind", "exposure", "--description", "Booth", "--stage", "granted"]),
        add(&["--kind", "exposure", "--description", "Booth", "--on", "2099-01-01"]),
        add(&["--kind", "exposure", "--description", "Booth", "--criterion", "x=met"]),
        add(&["--kind", "exposure", "--description", "CVE-2026-1234"]),
        add(&["--kind", "nonsense", "--description", "Booth"]),
        add(&early),
        add(&[&early[..], &["--stage", "granted"]].concat()),
        add(&[&early[..], &["--stage", "ended"]].concat()),
        add(&[&early[..], &["--stage", "requested"]].concat()),
        add(&[&early[..], &["--stage", "granted", "--criterion", "other=met"]].concat()),
        add(&[&early[..], &["--stage", "granted", "--criterion", "nonsense"]].concat()),
        add(&[&early[..], &["--stage", "granted", "--criterion", "role-mailbox=not-met"]].concat()),
        add(&[&early[..], &["--stage", "granted", "--criterion", "role-mailbox=met"]].concat()),
        add(&["--kind", "early-disclosure", "--description", "CVE-2026-1234", "--stage", "ended"]),
        vec!["benefit", "list"],
        vec!["benefit", "list", "--by", "partner"],
        vec!["benefit", "list", "--by", "kind"],
        vec!["benefit", "list", "--by", "year"],
        vec!["log", "acme"],
        vec!["show", "acme"],
        vec!["record", "acme", "--as", "alice", "--reason", "Moved"],
        vec!["record", "acme", "--as", "alice"],
        vec!["record", "nobody", "--as", "alice", "--reason", "Moved"],
    ] {
        drop(reader.reads(&args));
        drop(reader.reads_unagreed(&args));
    }
    env.edit("Move", |checkout| {
        let path = checkout.join("data/partners/acme/partner.toml");
        let text = std::fs::read_to_string(&path).unwrap().replace("acme.example/karmada", "acme.example/moved");
        std::fs::write(path, text).unwrap();
    });
    for who in ["mallory", "alice", "bob", "bob"] {
        drop(reader.reads_unagreed(&["record", "acme", "--as", who]));
        drop(reader.reads(&["record", "acme", "--as", who, "--reason", "Moved", "--dry-run"]));
        drop(reader.reads(&["record", "acme", "--as", who, "--reason", "Moved"]));
    }
    reader.done();
}
