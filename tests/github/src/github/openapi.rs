//! GitHub's description of its REST API: which operations there are, and what may be said in them.

use std::sync::OnceLock;

use serde_json::{Map, Value, json};

use super::text::percent_decode;

/// The description, read once.
pub fn description() -> &'static Value {
    static DESCRIPTION: OnceLock<Value> = OnceLock::new();
    DESCRIPTION.get_or_init(|| serde_json::from_str(include_str!("../../fixtures/github/openapi-subset.json")).unwrap())
}

/// An operation that a request asks for, with what its path says.
#[derive(Clone, Debug)]
pub struct Operation {
    pub id: &'static str,
    /// The path with its parameters' names in braces.
    pub template: &'static str,
    pub path: Map<String, Value>,
    described: &'static Value,
}

/// Finds the operation of a method and a path below `/api/v3`.
pub fn route(method: &str, path: &str) -> Option<Operation> {
    let method = method.to_lowercase();
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let mut best: Option<(usize, Operation)> = None;
    for (template, methods) in description()["paths"].as_object().unwrap() {
        let Some(described) = methods.get(&method) else { continue };
        let pattern: Vec<&str> = template.trim_matches('/').split('/').collect();
        let literals = pattern.iter().filter(|part| !part.starts_with('{')).count();
        if best.as_ref().is_some_and(|(most, _)| *most >= literals) {
            continue;
        }
        if let Some(path) = matches(&pattern, &segments) {
            let id = described["operationId"].as_str().unwrap();
            best = Some((literals, Operation { id, template, path, described }));
        }
    }
    best.map(|(_, operation)| operation)
}

fn matches(pattern: &[&str], segments: &[&str]) -> Option<Map<String, Value>> {
    let Some((first, rest)) = pattern.split_first() else {
        return segments.is_empty().then(Map::new);
    };
    let Some(name) = first.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else {
        return if segments.first() == Some(first) { matches(rest, &segments[1..]) } else { None };
    };
    // Branches and paths have slashes of their own; the root of a repository is the empty path.
    let most = if matches!(name, "ref" | "path" | "branch" | "basehead") { segments.len() } else { 1 };
    let least = usize::from(name != "path");
    for taken in (least..=most.min(segments.len())).rev() {
        if let Some(mut found) = matches(rest, &segments[taken..]) {
            found.insert(name.to_owned(), json!(percent_decode(&segments[..taken].join("/"))));
            return Some(found);
        }
    }
    None
}

impl Operation {
    fn parameters(&self) -> impl Iterator<Item = &'static Value> {
        self.described["parameters"].as_array().into_iter().flatten().map(resolve)
    }

    /// Everything in a request that isn't as described.
    pub fn check_request(&self, query: &[(String, String)], body: Option<&Value>) -> Vec<String> {
        let mut wrong = Vec::new();
        for parameter in self.parameters() {
            let name = parameter["name"].as_str().unwrap();
            let given = match parameter["in"].as_str() {
                Some("path") => self.path.get(name).and_then(Value::as_str),
                _ => query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()),
            };
            match given {
                None if parameter["required"] == true => wrong.push(format!("parameter {name} is missing")),
                None => {}
                Some(text) => {
                    let value = match parameter["schema"]["type"].as_str() {
                        Some("integer") => text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number)),
                        _ => json!(text),
                    };
                    check(&parameter["schema"], &value, &format!("parameter {name}"), &mut wrong);
                }
            }
        }
        for (at, (key, value)) in query.iter().enumerate() {
            if !self.parameters().any(|parameter| parameter["in"] == "query" && parameter["name"] == key.as_str()) {
                wrong.push(format!("query parameter {key} is not described"));
            } else if query[..at].iter().any(|(other, _)| other == key) {
                wrong.push(format!("query parameter {key} is given twice"));
            }
            let in_range =
                |range: std::ops::RangeInclusive<i64>| value.parse().is_ok_and(|value| range.contains(&value));
            if key == "per_page" && !in_range(1..=100) || key == "page" && !in_range(1..=i64::MAX) {
                wrong.push(format!("query parameter {key} is out of range"));
            }
        }
        let described = &self.described["requestBody"];
        match body {
            Some(_) if described.is_null() => wrong.push("a body where none is described".to_owned()),
            Some(body) => check(&described["content"]["application/json"]["schema"], body, "body", &mut wrong),
            None if described["required"] == true => wrong.push("the body is missing".to_owned()),
            None => {}
        }
        wrong
    }

    /// Everything in an answer that isn't as described. `media` is its type without parameters.
    pub fn check_answer(&self, status: u16, media: &str, body: Option<&Value>) -> Vec<String> {
        let mut wrong = Vec::new();
        let answer = resolve(&self.described["responses"][status.to_string()]);
        let content = &answer["content"];
        // Any operation can be refused in these ways, described or not.
        let basic = &description()["components"]["schemas"]["basic-error"];
        if answer.is_null() && !matches!(status, 301 | 307 | 400 | 401 | 403 | 404 | 410 | 415 | 422 | 429) {
            wrong.push(format!("status {status} is not described"));
        }
        if let Some(body) = body {
            let schema = if content[media]["schema"].is_null() {
                &content["application/json"]["schema"]
            } else {
                &content[media]["schema"]
            };
            match schema {
                Value::Null if status >= 300 => check(basic, body, "answer", &mut wrong),
                Value::Null => wrong.push("an answer where none is described".to_owned()),
                // An error is a plain one, or one with a list of what is wrong; GitHub adds its status to both.
                schema if status >= 400 && body.get("errors").is_some() => {
                    let mut plain = body.clone();
                    plain.as_object_mut().unwrap().shift_remove("status");
                    check(schema, &plain, "answer", &mut wrong);
                }
                _ if status >= 400 => check(basic, body, "answer", &mut wrong),
                schema => check(schema, body, "answer", &mut wrong),
            }
        } else if !content.is_null() && status < 300 && media == "application/json" {
            wrong.push("the answer has no body".to_owned());
        }
        wrong
    }
}

/// Follows a `$ref`.
fn resolve(value: &Value) -> &Value {
    match value["$ref"].as_str() {
        Some(reference) => resolve(description().pointer(&reference[1..]).unwrap()),
        None => value,
    }
}

/// Checks a value; what isn't described is wrong.
pub fn check(schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
    let schema = resolve(schema);
    if value.is_null() && (schema["nullable"] == true || schema.as_object().is_some_and(Map::is_empty)) {
        return;
    }
    for choice in ["oneOf", "anyOf"] {
        let Some(choices) = schema[choice].as_array() else { continue };
        let mut fewest: Option<Vec<String>> = None;
        for choice in choices {
            let mut these = Vec::new();
            check(choice, value, at, &mut these);
            if fewest.as_ref().is_none_or(|fewest| these.len() < fewest.len()) {
                fewest = Some(these);
            }
        }
        wrong.extend(fewest.unwrap_or_default());
    }
    if let Some(parts) = schema["allOf"].as_array() {
        check_object(&parts.iter().map(resolve).collect::<Vec<_>>(), value, at, wrong);
    }
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.contains(value)
    {
        wrong.push(format!("{at}: {value} is none of {}", schema["enum"]));
    }
    match schema["type"].as_str() {
        Some("object") => check_object(&[schema], value, at, wrong),
        Some("array") => check_array(schema, value, at, wrong),
        Some("string") => check_string(schema, value, at, wrong),
        Some("integer") if !value.is_i64() && !value.is_u64() => wrong.push(format!("{at}: {value} is no integer")),
        Some("number") if !value.is_number() => wrong.push(format!("{at}: {value} is no number")),
        Some("boolean") if !value.is_boolean() => wrong.push(format!("{at}: {value} is no boolean")),
        _ => {}
    }
}

fn check_object(schemas: &[&Value], value: &Value, at: &str, wrong: &mut Vec<String>) {
    let Some(object) = value.as_object() else {
        wrong.push(format!("{at}: {value} is no object"));
        return;
    };
    for name in schemas.iter().filter_map(|schema| schema["required"].as_array()).flatten() {
        if !object.contains_key(name.as_str().unwrap()) {
            wrong.push(format!("{at}: {name} is missing"));
        }
    }
    let closed = schemas.iter().any(|schema| schema.get("properties").is_some());
    for (name, value) in object {
        let at = format!("{at}.{name}");
        let property = schemas.iter().find_map(|schema| schema["properties"].get(name));
        let other = schemas.iter().find_map(|schema| schema.get("additionalProperties"));
        match (property, other) {
            (Some(schema), _) | (None, Some(schema @ Value::Object(_))) => check(schema, value, &at, wrong),
            (None, Some(Value::Bool(true))) => {}
            (None, Some(_)) => wrong.push(format!("{at} is not described")),
            (None, None) if closed => wrong.push(format!("{at} is not described")),
            (None, None) => {}
        }
    }
}

fn check_array(schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
    let Some(items) = value.as_array() else {
        wrong.push(format!("{at}: {value} is no array"));
        return;
    };
    if schema["minItems"].as_u64().is_some_and(|least| (items.len() as u64) < least) {
        wrong.push(format!("{at}: too few items"));
    }
    for (index, item) in items.iter().enumerate() {
        check(&schema["items"], item, &format!("{at}[{index}]"), wrong);
    }
}

fn check_string(schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
    let Some(text) = value.as_str() else {
        wrong.push(format!("{at}: {value} is no string"));
        return;
    };
    let length = text.chars().count() as u64;
    let long_enough = schema["minLength"].as_u64().is_none_or(|least| length >= least);
    if !long_enough || schema["maxLength"].as_u64().is_some_and(|most| length > most) {
        wrong.push(format!("{at}: {value} has the wrong length"));
    }
    let fits = match schema["format"].as_str() {
        Some("date-time") => super::text::parse_stamp(text).is_some(),
        Some("uri") => url::Url::parse(text).is_ok(),
        Some("email") => text.contains('@'),
        Some("repo.nwo") => text.split('/').count() <= 2,
        _ => true,
    };
    if !fits {
        wrong.push(format!("{at}: {value} is no {}", schema["format"]));
    }
}

/// A value of a named schema: these properties, and every other required one with something plausible.
pub fn fill(name: &str, known: Value) -> Value {
    let schema = &description()["components"]["schemas"][name];
    let Value::Object(known) = known else { return known };
    let mut filled = something(schema).as_object().unwrap().clone();
    filled.extend(known);
    Value::Object(filled)
}

fn plausible(schema: &Value) -> Value {
    let schema = resolve(schema);
    if schema["nullable"] == true { Value::Null } else { something(schema) }
}

/// What fits a schema, but isn't null.
fn something(schema: &Value) -> Value {
    if let Some(first) = schema["enum"].get(0).or(schema.get("default")) {
        return first.clone();
    }
    if let Some(choice) = schema["oneOf"].get(0).or(schema["anyOf"].get(0)) {
        return plausible(choice);
    }
    match schema["type"].as_str() {
        Some("object") => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            Value::Object(required.map(|name| (name.to_owned(), plausible(&schema["properties"][name]))).collect())
        }
        Some("array") => json!([]),
        Some("integer" | "number") => json!(0),
        Some("boolean") => json!(false),
        _ => match schema["format"].as_str() {
            Some("date-time") => json!("2025-09-21T13:46:40Z"),
            Some("uri") => json!("https://example.com/"),
            Some("email") => json!("someone@example.com"),
            _ if schema["minLength"] == 40 => json!("0".repeat(40)),
            _ => json!(""),
        },
    }
}
