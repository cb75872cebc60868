//! TOML that people edit by hand: every fault at once, each with its line.

use karmada_partner::domain::{Program, Record};
use proptest::prelude::*;
use snapbox::{assert_data_eq, str};

use crate::env::TestEnv;
use crate::plumbing::{hash, with};

#[test]
fn faults_come_with_their_lines_in_order() {
    let text = "schema = 1\nname = \"P\"\n\n[[committee]]\ngithub = \"a\"\naffiliation = \"A\"\nrole = \"boss\"\n\n[[committee]]\ngithub = \"A\"\naffiliation = \"B\"\nkeys = [\"x\"]\n[fields]\nrequired = [\"phone\"]\n[logo]\nmax_sid = 7\nmin_side = -1\n";
    let faults = Program::parse_strictly(text.as_bytes()).unwrap_err();
    let told: String = faults.iter().map(|f| format!("{f}; {}\n", f.hint)).collect();
    assert_data_eq!(
        told,
        str![[r#"
line 7: role “boss”: “boss” isn't known here; one of: member, chair, emeritus
line 9: A is listed twice; keep one of them
line 12: keys “x”: it isn't an SSH public key; copy the line from a .pub file, such as ~/.ssh/id_ed25519.pub
line 14: required “phone”: “phone” isn't known here; one of: name, website, github, email, logo, description, description_zh, parent, former_names, name_zh, services, regions, languages, hours, response, offices, story, certified
line 16: unknown key “max_sid”; did you mean max_side?
line 17: min_side is -1; from 1 to 10000

"#]]
    );
}

/// What the parser put in place of what it couldn't read is nobody's word, and what is there isn't said to be missing.
#[test]
fn a_broken_value_is_told_once_with_what_mends_it() {
    let told = |bytes: &str| {
        let faults = Program::parse_strictly(bytes.as_bytes()).unwrap_err();
        faults.iter().map(|f| format!("{f}; {}\n", f.hint)).collect::<String>()
    };
    let policy = "schema = 1\nname = \"P\"\n[[committee]]\ngithub = \"a\"\naffiliation = \"A\"\n";
    for path in ["C:\\Users\\jane", "a\\qb", "\\uD800", "\\u12"] {
        assert_eq!(
            told(&policy.replace("\"A\"", &format!("\"{path}\""))),
            "line 5: a backslash stands there with what is no escape of TOML's; \
             write the backslash twice, or the text between two '\n",
            "{path}"
        );
    }
    assert!(told(&format!("{policy}[signatures]\nrequired = True\n")).contains("write true or false in small letters"));
    assert!(told(&format!("{policy}role = \"chair\"\nrole = \"member\"\n")).ends_with("; keep one of them\n"));
    assert!(told(&policy.replace("\"A\"", "A")).contains("values stand in quotes"));
    // What other programs write is named.
    assert!(told("{\n  \"schema\": 1\n}\n").contains("it looks like JSON, and this is TOML"));
    assert!(told("schema: 1\nname: x\n").contains("it looks like YAML, and this is TOML"));
}

#[test]
fn what_is_left_out_has_a_default() {
    use karmada_partner::domain::program::{Decision, Objection};
    let program =
        Program::parse(b"schema = 1\nname = \"P\"\n[[committee]]\ngithub = \"a\"\naffiliation = \"A\"\n").unwrap();
    let rule = program.rule(Decision::Approve);
    assert_eq!((rule.quorum, rule.affiliations, rule.objection), (2, 2, Objection::Counts));
    assert_eq!(program.rule(Decision::Update).quorum, 1);
}

/// What no decision rests on is no verifier's business, known or not.
#[test]
fn a_policy_of_a_newer_program_is_one_for_whoever_judges_by_it() {
    let who = "[[committee]]\ngithub = \"a\"\naffiliation = \"A\"\n";
    for more in
        ["[websit]\nx = 1\n", "[website]\nrepository = 7\n", "[logo]\nmax_sides = 1\n", "[github]\nlanding = \"x\"\n"]
    {
        for top in ["name = \"P\"", "name = \"P\"\nmotto = \"x\"", "name = \"P\"\nexit = 7", ""] {
            let text = format!("schema = 1\n{top}\n{who}{more}");
            let program = Program::parse(text.as_bytes()).unwrap();
            assert!(!program.asides.is_empty(), "{text}");
            assert_eq!(Program::parse_strictly(text.as_bytes()).unwrap_err(), program.asides);
        }
    }
    // What decisions rest on is.
    for more in [
        "role = \"boss\"",
        "seat = 1",
        "[[organization]]\nid = \"a\"",
        "[decisions.expel]",
        "[decisions]\napprove = 1",
        "[signatures]\nsha1 = true",
    ] {
        let text = format!("schema = 1\nname = \"P\"\n{who}{more}\n");
        assert!(Program::parse(text.as_bytes()).is_err(), "{text}");
    }
    let newer = format!("schema = 2\nname = \"P\"\n{who}");
    assert!(Program::parse(newer.as_bytes()).unwrap_err()[0].message.contains("newer than this program"));
}

/// The same on the command line: it is told to who keeps the policy, and no fault of the history.
#[test]
fn a_newer_policy_is_warned_of_and_proposed_by_nobody_who_does_not_know_it() {
    let env = TestEnv::with_registry();
    let newer = env.file("data/program.toml") + "\n[newer]\nmotto = \"x\"\n";
    let object = env.id(&["hash-object", "-w", "--stdin"], &newer);
    let named = hash(&newer);
    let founded = with(
        &env.file("data/program/log/0001"),
        &[("Policy", named.as_str()), ("Record", named.as_str()), ("Objects", object.as_str())],
    );
    let root = env.forge().parents(&[]).put("data/program.toml", &newer);
    let root = root.put("data/program/policies/0001.toml", &newer).put("data/program/log/0001", founded);
    env.set_head(&root.aside());
    let checked = env.run(&["check"]).ok();
    assert!(checked.to_string().contains("newer") && checked.to_string().contains("warning"), "{checked}");
    env.audit().is_clean();
    env.apply("Acme").ok().code.unwrap();
    env.decide("acme");
    env.audit().is_clean();
    env.write("next.toml", newer + "[newest]\n");
    let refused = env.run(&["program", "propose", "next.toml", "--as", "alice"]).fails(2);
    assert!(refused.stderr.contains("newer") && refused.stderr.contains("newest"), "{refused}");
}

proptest! {
    /// Whatever the bytes, there is an answer and no panic; and what is read is written and read again the same.
    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Record::parse(&bytes);
        let _ = Program::parse(&bytes);
    }

    #[test]
    fn a_record_survives_being_written(name in "[a-zA-Z0-9\"'\\\\ #=华]{0,30}x", path in "[a-z0-9/?=%&#.-]{0,40}", description in proptest::option::of("[ -~]{0,40}y")) {
        let mut text = format!("schema = 1\nname = {}\nwebsite = {}\ngithub = \"a-b\"\n", toml_edit::value(name.trim()), toml_edit::value(format!("https://a.example/{path}")));
        if let Some(description) = description {
            text += &format!("description = {}\n", toml_edit::value(description.trim()));
        }
        let record = Record::parse(text.as_bytes()).unwrap();
        prop_assert_eq!(Record::parse(record.to_toml().as_bytes()).unwrap(), record.clone());
        prop_assert_eq!(record.to_toml_like(record.to_toml().as_bytes()), record.to_toml());
    }
}
