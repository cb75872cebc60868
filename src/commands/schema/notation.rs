//! The short notation of `templates/schemas.txt`, read and made into JSON Schemas. Its first lines explain it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

const SCHEMAS: &str = include_str!("../../../templates/schemas.txt");

/// A document that has a schema.
#[derive(Debug)]
pub struct Document {
    pub name: &'static str,
    /// The commands that print or take it.
    pub of: Vec<&'static str>,
    shape: &'static str,
}

/// All documents, in the order of the file.
#[must_use]
pub fn documents() -> Vec<Document> {
    lines().filter(|(head, _)| !is_part(head)).map(|(head, shape)| Document::read(head, shape)).collect()
}

impl Document {
    fn read(head: &'static str, shape: &'static str) -> Self {
        let (name, of) = head.split_once(" (").unwrap_or((head, ""));
        let of = of.trim_end_matches(')').split(", ").filter(|command| !command.is_empty());
        Self { name, of: of.collect(), shape }
    }

    /// Its JSON Schema, with the parts that it is made of.
    #[must_use]
    pub fn schema(&self) -> Value {
        let parts: BTreeMap<&str, &str> = lines().filter(|(head, _)| is_part(head)).collect();
        let mut reading = Reading { parts: &parts, rest: self.shape, used: BTreeSet::new() };
        let mut schema = reading.alternatives();
        if !schema["properties"]["schema"].is_object() && !self.name.contains(['.']) && self.name != "batch-row" {
            schema["properties"]["schema"] = json!({"const": 1});
            if let Some(required) = schema["required"].as_array_mut() {
                required.insert(0, "schema".into());
            }
        }
        let mut definitions = Map::new();
        let mut open = reading.used;
        while let Some(name) = open.pop_first() {
            if !definitions.contains_key(name) {
                let shape = parts.get(name).copied().unwrap_or("any");
                let mut part = Reading { parts: &parts, rest: shape, used: BTreeSet::new() };
                definitions.insert(name.to_owned(), part.alternatives());
                open.append(&mut part.used);
            }
        }
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
        schema["title"] = self.name.into();
        if !definitions.is_empty() {
            schema["$defs"] = definitions.into();
        }
        schema
    }
}

fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    SCHEMAS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "))
}

fn is_part(head: &str) -> bool {
    head.starts_with(|c: char| c.is_ascii_uppercase())
}

struct Reading<'p> {
    parts: &'p BTreeMap<&'static str, &'static str>,
    rest: &'static str,
    /// The parts that are named.
    used: BTreeSet<&'static str>,
}

impl Reading<'_> {
    fn take(&mut self, mark: &str) -> bool {
        let rest = self.rest.trim_start();
        let found = rest.strip_prefix(mark);
        self.rest = found.unwrap_or(rest);
        found.is_some()
    }

    fn word(&mut self) -> &'static str {
        let rest = self.rest.trim_start();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '$')).unwrap_or(rest.len());
        let (word, rest) = rest.split_at(end);
        self.rest = rest;
        word
    }

    fn alternatives(&mut self) -> Value {
        let mut all = vec![self.single()];
        while self.take("|") {
            all.push(self.single());
        }
        let words: Vec<&Value> = all.iter().filter_map(|one| one.get("const")).collect();
        let or_null = self.take("?");
        match (words.len() == all.len(), or_null) {
            // Only words.
            (true, false) => json!({"enum": words}),
            (true, true) => json!({"enum": words.into_iter().cloned().chain([Value::Null]).collect::<Vec<_>>()}),
            (false, _) if all.len() > 1 => json!({"anyOf": all}),
            (false, _) => all.remove(0),
        }
    }

    fn single(&mut self) -> Value {
        let read = if self.take("[") {
            let items = self.alternatives();
            self.take("]");
            json!({"type": "array", "items": items})
        } else if self.take("{") {
            self.object()
        } else if self.take("\"") {
            let (word, rest) = self.rest.split_once('"').unwrap_or((self.rest, ""));
            self.rest = rest;
            return json!({"const": word});
        } else {
            match self.word() {
                "text" => json!({"type": "string"}),
                "whole" => json!({"type": "integer"}),
                "flag" => json!({"type": "boolean"}),
                "any" => json!({}),
                part => {
                    self.used.insert(part);
                    json!({"$ref": format!("#/$defs/{part}")})
                }
            }
        };
        if !self.take("?") {
            return read;
        }
        match read["type"].as_str() {
            Some(kind) if !read["items"].is_object() && !read["properties"].is_object() => {
                json!({"type": [kind, "null"]})
            }
            _ => json!({"anyOf": [read, {"type": "null"}]}),
        }
    }

    fn object(&mut self) -> Value {
        let (mut properties, mut required) = (Map::new(), Vec::new());
        let mut others = None;
        while !self.take("}") {
            if self.take("...") {
                let name = self.word();
                let shape = self.parts.get(name).copied().unwrap_or("{}");
                let mut part = Reading { parts: self.parts, rest: shape, used: BTreeSet::new() };
                let part_of = part.alternatives();
                self.used.append(&mut part.used);
                properties.extend(part_of["properties"].as_object().cloned().unwrap_or_default());
                required.extend(part_of["required"].as_array().cloned().unwrap_or_default());
            } else if self.take("*") {
                self.take(":");
                others = Some(self.alternatives());
            } else {
                let key = self.word();
                let may_lack = self.take("?");
                self.take(":");
                let value = self.alternatives();
                properties.insert(key.to_owned(), value);
                required.extend((!may_lack).then(|| Value::from(key)));
            }
            self.take(",");
        }
        let mut object = json!({"type": "object", "properties": properties, "required": required});
        if let Some(others) = others {
            object["additionalProperties"] = others;
        }
        object
    }
}
