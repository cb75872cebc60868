//! Runs a document, and checks each value of the answer against the schema.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::super::failure::Failure;
use super::super::text::Random;
use super::super::world::{Actor, World};
use super::input;
use super::nodes::{Node, Out};
use super::schema::schema;
use super::syntax::{Directive, Document, Field, Operation, Selection, Type};
use super::{mutate, resolve};

/// Why a field has no value.
#[derive(Debug)]
pub enum Trouble {
    /// GitHub refuses, and says so among the errors.
    Refused(Failure),
    /// The double doesn't know this field.
    Unknown,
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Refused(failure)
    }
}

/// What resolvers work with.
pub struct Context<'a> {
    pub world: &'a mut World,
    pub actor: Actor,
}

pub struct Execution<'a> {
    pub context: Context<'a>,
    pub document: &'a Document,
    pub variables: Map<String, Value>,
    pub errors: Vec<Value>,
    pub violations: Vec<String>,
    /// Makes nothing of nullable fields, at random.
    pub drop: Option<&'a mut Random>,
    /// Set by a failure that has something to say in the answer's head.
    pub headers: Vec<(String, String)>,
}

/// A null where none may be: it takes the place of what is around it.
struct Nulled;

impl<'a> Execution<'a> {
    /// The answer's `data`.
    pub fn run(&mut self, operation: &'a Operation) -> Value {
        let root = if operation.mutation { Node::Mutation } else { Node::Query };
        let mut path = Vec::new();
        self.object(&root, &[&operation.selections], &mut path).unwrap_or(Value::Null)
    }

    fn object(&mut self, node: &Node, sets: &[&'a [Selection]], path: &mut Vec<Value>) -> Result<Value, Nulled> {
        let name = node.typename(self.context.world);
        let mut fields: Vec<(&'a str, Vec<&'a Field>)> = Vec::new();
        for set in sets {
            self.collect(&name, set, &mut fields);
        }
        let mut object = Map::new();
        let mut nulled = false;
        for (key, fields) in fields {
            path.push(json!(key));
            match self.field(node, &name, &fields, path) {
                Ok(value) => _ = object.insert(key.to_owned(), value),
                Err(Nulled) => nulled = true,
            }
            path.pop();
        }
        if nulled { Err(Nulled) } else { Ok(Value::Object(object)) }
    }

    fn collect(&self, name: &str, set: &'a [Selection], into: &mut Vec<(&'a str, Vec<&'a Field>)>) {
        for selection in set {
            match selection {
                Selection::Field(field) if self.wanted(&field.directives) => {
                    match into.iter_mut().find(|(key, _)| *key == field.key()) {
                        Some((_, same)) => same.push(field),
                        None => into.push((field.key(), vec![field])),
                    }
                }
                Selection::Inline(on, directives, set)
                    if self.wanted(directives) && on.as_deref().is_none_or(|on| schema().is_a(name, on)) =>
                {
                    self.collect(name, set, into);
                }
                Selection::Spread(fragment, directives) if self.wanted(directives) => {
                    let fragment = &self.document.fragments[fragment];
                    if schema().is_a(name, &fragment.on) {
                        self.collect(name, &fragment.selections, into);
                    }
                }
                _ => {}
            }
        }
    }

    fn wanted(&self, directives: &[Directive]) -> bool {
        directives.iter().all(|directive| {
            let value = input::value(&directive.arguments[0].1, &self.variables);
            value == Some(json!(directive.name == "include"))
        })
    }

    fn field(&mut self, node: &Node, on: &str, fields: &[&'a Field], path: &mut Vec<Value>) -> Result<Value, Nulled> {
        let field = fields[0];
        if field.name == "__typename" {
            return Ok(json!(on));
        }
        let described = schema().field(on, &field.name).unwrap();
        let arguments = input::arguments(&described.arguments, &field.arguments, &self.variables);
        let resolved = match node {
            Node::Mutation => mutate::field(&mut self.context, &field.name, &arguments),
            _ => resolve::field(&mut self.context, node, &field.name, &arguments, &described.ty),
        };
        let nullable = !matches!(described.ty, Type::NonNull(_));
        match resolved {
            Ok(out) => {
                let sets: Vec<&[Selection]> = fields.iter().map(|field| field.selections.as_slice()).collect();
                let value = self.complete(&described.ty, out, &sets, path)?;
                let keeps = matches!(field.key(), "number" | "oid" | "id");
                if nullable && !keeps && self.drop.as_mut().is_some_and(|random| random.once_in(8)) {
                    return Ok(Value::Null);
                }
                Ok(value)
            }
            Err(trouble) => {
                self.complain(trouble, on, field, path);
                if nullable { Ok(Value::Null) } else { Err(Nulled) }
            }
        }
    }

    fn complain(&mut self, trouble: Trouble, on: &str, field: &Field, path: &[Value]) {
        match trouble {
            Trouble::Unknown => self.violations.push(format!("the double has no {on}.{}", field.name)),
            Trouble::Refused(failure) => {
                self.violations.extend(failure.of_double());
                let message =
                    failure.in_words().replace("The field requires", &format!("The '{}' field requires", field.name));
                self.errors.push(json!({
                    "type": failure.kind,
                    "path": path,
                    "extensions": {"saml_failure": failure.message.contains("SAML")},
                    "locations": [{"line": field.line, "column": field.column}],
                    "message": message,
                }));
                self.headers.extend_from_slice(failure.headers());
            }
        }
    }

    /// Whether an organization's rules keep this token from a repository, which is said then.
    fn keeps_out(&mut self, repo: usize, path: &[Value]) -> bool {
        let (world, actor) = (&*self.context.world, &self.context.actor);
        let owner = world.repos[repo].owner;
        let Some(Err(failure)) = actor.token.as_ref().map(|kind| world.org_lets_in(kind, owner, true)) else {
            return false;
        };
        self.errors.push(json!({
            "type": failure.kind,
            "path": path,
            "extensions": {"saml_failure": failure.message.contains("SAML")},
            "locations": [{"line": 1, "column": 1}],
            "message": failure.in_words(),
        }));
        self.headers.extend_from_slice(failure.headers());
        true
    }

    fn complete(
        &mut self,
        ty: &Type,
        out: Out,
        sets: &[&'a [Selection]],
        path: &mut Vec<Value>,
    ) -> Result<Value, Nulled> {
        match (ty, out) {
            (Type::NonNull(inner), out) => {
                let (errors, violations) = (self.errors.len(), self.violations.len());
                let value = self.complete(inner, out, sets, path)?;
                if value.is_null() && errors == self.errors.len() && violations == self.violations.len() {
                    self.violations.push(format!("null where there must be {ty}, at {}", json!(path)));
                }
                if value.is_null() { Err(Nulled) } else { Ok(value) }
            }
            (_, Out::Null) => Ok(Value::Null),
            (Type::List(inner), Out::List(items)) => {
                let mut list = Vec::new();
                for (index, item) in items.into_iter().enumerate() {
                    path.push(json!(index));
                    let value = self.complete(inner, item, sets, path);
                    path.pop();
                    match value {
                        Ok(value) => list.push(value),
                        Err(Nulled) => return Ok(Value::Null),
                    }
                }
                Ok(Value::Array(list))
            }
            (Type::Named(_), Out::Node(Node::Repo(repo))) if self.keeps_out(repo, path) => Ok(Value::Null),
            (Type::Named(name), Out::Node(node)) => {
                let actual = node.typename(self.context.world);
                if !schema().is_a(&actual, name) {
                    self.violations.push(format!("{actual} where there must be {name}, at {}", json!(path)));
                }
                Ok(self.object(&node, sets, path).unwrap_or(Value::Null))
            }
            (Type::Named(name), Out::Leaf(value)) => {
                if value.is_null() {
                    return Ok(value);
                }
                self.violations
                    .extend(schema().leaf(name, &value).err().map(|error| format!("{error}, at {}", json!(path))));
                Ok(value)
            }
            (ty, out) => {
                self.violations.push(format!("{out:?} where there must be {ty}, at {}", json!(path)));
                Ok(Value::Null)
            }
        }
    }
}

/// The values of an object that is made up on the spot.
pub type Plain = HashMap<&'static str, Out>;
