//! A validator for the schemas of JSON documents: every command of the suite that is run with `--json` is held to them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use karmada_partner::commands::schema::documents;
use serde_json::Value;

pub struct Known {
    of: Vec<&'static str>,
    pub schema: Value,
}

pub fn known() -> &'static BTreeMap<&'static str, Known> {
    static KNOWN: OnceLock<BTreeMap<&'static str, Known>> = OnceLock::new();
    let read = || documents().into_iter().map(|d| (d.name, Known { schema: d.schema(), of: d.of })).collect();
    KNOWN.get_or_init(read)
}

/// What in a value isn't as its schema says. Keys that the schema doesn't know are faults, too: nothing is printed that isn't described.
pub fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, schema, value, "", &mut found);
    found
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let mut wrong = |what: String| found.push(format!("{at}: {what}"));
    for key in schema.as_object().unwrap().keys() {
        let known =
            ["$schema", "$defs", "$ref", "title", "type", "items", "properties", "required", "const", "enum", "anyOf"];
        assert!(known.contains(&key.as_str()) || key == "additionalProperties", "the test doesn't know {key}");
    }
    if let Some(name) = schema["$ref"].as_str() {
        let part = &root["$defs"][name.trim_start_matches("#/$defs/")];
        assert!(part.is_object(), "{name} isn't defined");
        return check(root, part, value, at, found);
    }
    if let Some(constant) = schema.get("const").filter(|c| *c != value) {
        wrong(format!("{value} where {constant} is to be"));
    }
    if let Some(words) = schema["enum"].as_array().filter(|words| !words.contains(value)) {
        wrong(format!("{value} is none of {}", Value::from(words.clone())));
    }
    if let Some(all) = schema["anyOf"].as_array() {
        let tried: Vec<Vec<String>> = all
            .iter()
            .map(|one| {
                let mut found = Vec::new();
                check(root, one, value, at, &mut found);
                found
            })
            .collect();
        if !tried.iter().any(Vec::is_empty) {
            found.extend(tried.into_iter().min_by_key(Vec::len).unwrap_or_default());
        }
        return;
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => kind.as_str().into_iter().collect(),
    };
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(n) if n.is_i64() || n.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !kinds.is_empty() && !kinds.contains(&is) {
        return wrong(format!("{is} where {kinds:?} is to be"));
    }
    if let (Some(items), Some(schema)) = (value.as_array(), schema.get("items")) {
        for (n, item) in items.iter().enumerate() {
            check(root, schema, item, &format!("{at}[{n}]"), found);
        }
    }
    let (Some(members), Some(properties)) = (value.as_object(), schema["properties"].as_object()) else { return };
    for key in schema["required"].as_array().unwrap().iter().filter_map(Value::as_str) {
        if !members.contains_key(key) {
            found.push(format!("{at}: it lacks {key}"));
        }
    }
    for (key, member) in members {
        match properties.get(key).or_else(|| schema.get("additionalProperties")) {
            Some(schema) => check(root, schema, member, &format!("{at}.{key}"), found),
            None => found.push(format!("{at}: no schema knows {key}")),
        }
    }
}

/// Holds what a command printed with `--json` to the schemas of its documents.
#[track_caller]
pub fn hold(args: &[&str], stdout: &str) {
    let named = args.contains(&"schema");
    if !args.contains(&"--json") || named {
        return;
    }
    let batch = args.contains(&"batch");
    let texts: Vec<&str> = if batch { stdout.lines().collect() } else { vec![stdout] };
    for text in texts {
        // What breaks off is for others to find.
        let Ok(document) = serde_json::from_str::<Value>(text) else { continue };
        let fits = |known: &&Known| known.of.iter().any(|of| *of == "any" || args.contains(of));
        let tried: Vec<(Vec<String>, &str)> = known()
            .iter()
            .filter(|(_, known)| fits(known))
            .map(|(name, known)| (faults(&known.schema, &document), *name))
            .collect();
        let nearest = tried.iter().min_by_key(|(found, _)| found.len());
        let (found, name) = nearest.unwrap_or_else(|| panic!("no schema is of {args:?}"));
        assert!(found.is_empty(), "{args:?}: not as the schema {name} says:\n{}\n{document:#}", found.join("\n"));
    }
}
