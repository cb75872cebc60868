//! The schemas of JSON documents and files.

use serde_json::Value;

use crate::env::TestEnv;
use crate::schema_check::{faults, known};

/// A file in TOML as a value.
fn toml(text: &str) -> Value {
    serde_json::to_value(text.parse::<toml::Table>().unwrap()).unwrap()
}

#[test]
fn the_validator_finds_what_is_wrong() {
    let schema = &known()["status"].schema;
    let good = TestEnv::with_applicant().run(&["status", "--json"]).ok().json();
    assert_eq!(faults(schema, &good), [""; 0]);
    let spoiled = |spoil: &dyn Fn(&mut Value)| {
        let mut document = good.clone();
        spoil(&mut document);
        faults(schema, &document)
    };
    assert_eq!(spoiled(&|d| d["more"] = 1.into()), [": no schema knows more"]);
    assert_eq!(spoiled(&|d| d["partners"][0]["state"] = "lost".into()).len(), 1);
    assert_eq!(spoiled(&|d| d["partners"][0]["turn"] = 1.into()).len(), 1);
    let lacking = |d: &mut Value| drop(d["partners"][0]["proposals"][0].as_object_mut().unwrap().remove("missing"));
    assert_eq!(spoiled(&lacking), [".partners[0].proposals[0]: it lacks missing"]);
    let kind = |d: &mut Value| d["partners"][0]["proposals"][0]["missing"][0]["kind"] = "luck".into();
    assert!(spoiled(&kind)[0].starts_with(".partners[0].proposals[0].missing[0].kind: \"luck\" is none of"));
}

#[test]
fn the_files_are_as_their_schemas_say() {
    let env = TestEnv::with_partner();
    let record = env.git(&["show", "main:data/partners/acme/partner.toml"]);
    assert_eq!(faults(&known()["partner.toml"].schema, &toml(&record)), [""; 0]);
    let shipped = include_str!("../../data/program.toml");
    for program in [crate::env::PROGRAM, shipped, include_str!("../../templates/sandbox-program.toml")] {
        let program = program.replace("{{you}}", "you");
        assert_eq!(faults(&known()["program.toml"].schema, &toml(&program)), [""; 0], "{program}");
    }
    let rows = [
        "{\"do\": \"approve\", \"partner\": \"acme\", \"as\": \"bob\"}",
        "{\"do\": \"apply\", \"slug\": \"a\", \"services\": [\"support\"], \"yes\": true}",
    ];
    for row in rows {
        assert_eq!(faults(&known()["batch-row"].schema, &serde_json::from_str(row).unwrap()), [""; 0], "{row}");
    }
    assert!(!faults(&known()["batch-row"].schema, &serde_json::json!({"do": "dance"})).is_empty());
    env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
    let partners = serde_json::from_str(&env.read("dir/partners.json")).unwrap();
    assert_eq!(faults(&known()["partners.json"].schema, &partners), [""; 0]);
}

#[test]
fn schemas_are_listed_and_printed() {
    let env = TestEnv::new();
    let listed = env.run(&["schema"]).ok().stdout;
    let named = env.run(&["schema", "--json"]).ok().json();
    assert_eq!(faults(&known()["schemas"].schema, &named), [""; 0]);
    assert_eq!(named["schemas"].as_array().unwrap().len(), known().len());
    for (name, known) in known() {
        assert!(listed.contains(name), "{name}: {listed}");
        let printed = env.run(&["schema", name]).ok().json();
        assert_eq!((&printed, &printed["title"]), (&known.schema, &Value::from(*name)));
        assert_eq!(printed["$schema"], "https://json-schema.org/draft/2020-12/schema");
    }
    let told = env.run(&["schema", "stotus"]).fails(3);
    assert!(told.stderr.contains("did you mean status?"), "{told}");
}

/// The page names each schema in a row, and each of its keys there.
#[test]
fn the_page_describes_what_the_schemas_do() {
    let page = include_str!("../../docs/json.md");
    for (name, known) in known() {
        let row = page.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
        let row = row.unwrap_or_else(|| panic!("docs/json.md has no row of {name}"));
        let keys = known.schema["properties"].as_object().unwrap().keys();
        for key in keys.filter(|key| !matches!(key.as_str(), "schema" | "kind")) {
            assert!(row.contains(&format!("`{key}`")), "{name}: {key} isn't in {row}");
        }
    }
}
