//! Whether a document is one that GitHub would take.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::input;
use super::schema::{Schema, schema, usable};
use super::syntax::{Arguments, Directive, Document, Field, Input, Literal, Operation, Selection, Type, Variable};

/// GitHub answers no query for more nodes than this.
const MOST_NODES: u64 = 500_000;

/// Everything in a request that the schema doesn't allow.
pub fn check(document: &Document, operation: &Operation, given: &Map<String, Value>) -> Vec<String> {
    let mut check = Check {
        schema: schema(),
        document,
        variables: operation.variables.iter().map(|variable| (variable.name.as_str(), variable)).collect(),
        given: input::variables(operation, given),
        used: HashSet::new(),
        spread: HashSet::new(),
        within: Vec::new(),
        nodes: 0,
        wrong: Vec::new(),
    };
    check.variables(operation);
    let root = if operation.mutation { "Mutation" } else { "Query" };
    check.selections(root, &operation.selections, 1);
    check.conflicts(root, &[&operation.selections]);
    for variable in &operation.variables {
        if !check.used.contains(&variable.name) {
            check.wrong.push(format!("Variable ${} is declared but not used", variable.name));
        }
    }
    for fragment in document.fragments.keys() {
        if !check.spread.contains(fragment) {
            check.wrong.push(format!("Fragment {fragment} was defined, but not used"));
        }
    }
    if check.nodes > MOST_NODES {
        check.wrong.push(format!("This query requests up to {} possible nodes", check.nodes));
    }
    check.wrong
}

struct Check<'a> {
    schema: &'static Schema,
    document: &'a Document,
    variables: HashMap<&'a str, &'a Variable>,
    given: Map<String, Value>,
    used: HashSet<String>,
    spread: HashSet<String>,
    /// The fragments that we are in.
    within: Vec<String>,
    nodes: u64,
    wrong: Vec<String>,
}

impl Check<'_> {
    fn variables(&mut self, operation: &Operation) {
        for variable in &operation.variables {
            let at = format!("${}", variable.name);
            if !self.schema.is_input(variable.ty.name()) {
                self.wrong.push(format!("{at}: {} isn't a defined input type", variable.ty));
                continue;
            }
            match (self.given.get(&variable.name), &variable.ty) {
                (Some(value), ty) => input::check(self.schema, ty, value, &at, &mut self.wrong),
                (None, Type::NonNull(_)) if variable.default.is_none() => self.wrong.push(format!("{at} is missing")),
                (None, _) => {}
            }
            if let Some(default) = &variable.default {
                self.literal(&variable.ty, default, false, &at);
            }
        }
        for name in self.given.keys() {
            if !self.variables.contains_key(name.as_str()) {
                self.wrong.push(format!("${name} is given but not declared"));
            }
        }
    }

    fn selections(&mut self, parent: &str, selections: &[Selection], times: u64) {
        for selection in selections {
            match selection {
                Selection::Field(field) => self.field(parent, field, times),
                Selection::Inline(on, directives, selections) => {
                    self.directives(directives);
                    let on = on.as_deref().unwrap_or(parent);
                    self.condition(parent, on);
                    self.selections(on, selections, times);
                }
                Selection::Spread(name, directives) => {
                    self.directives(directives);
                    let Some(fragment) = self.document.fragments.get(name) else {
                        self.wrong.push(format!("Fragment {name} was used, but not defined"));
                        continue;
                    };
                    if self.within.contains(name) {
                        self.wrong.push(format!("Fragment {name} contains itself"));
                        continue;
                    }
                    self.spread.insert(name.clone());
                    self.condition(parent, &fragment.on);
                    self.within.push(name.clone());
                    self.selections(&fragment.on, &fragment.selections, times);
                    self.within.pop();
                }
            }
        }
    }

    fn condition(&mut self, parent: &str, on: &str) {
        if !self.schema.is_composite(on) {
            self.wrong.push(format!("No such type {on}, so it can't be a fragment condition"));
        } else if !self.schema.overlap(parent, on) {
            self.wrong.push(format!("A fragment on {on} can't be spread inside {parent}"));
        }
    }

    fn field(&mut self, parent: &str, field: &Field, times: u64) {
        self.directives(&field.directives);
        if field.name == "__typename" {
            return;
        }
        let Some(described) = self.schema.field(parent, &field.name) else {
            self.wrong.push(format!("Field '{}' doesn't exist on type '{parent}'", field.name));
            return;
        };
        let at = format!("{parent}.{}", field.name);
        self.arguments(&described.arguments, &field.arguments, &at);
        let times = times.saturating_mul(self.page(described.ty.name(), &described.arguments, field));
        let name = described.ty.name();
        match (self.schema.is_composite(name), field.selections.is_empty()) {
            (true, true) => self.wrong.push(format!("{at} must have selections ({name})")),
            (false, false) => self.wrong.push(format!("{at} can't have selections ({name})")),
            _ => self.selections(name, &field.selections, times),
        }
    }

    /// How many nodes a connection is asked for; GitHub wants to be told.
    fn page(&mut self, name: &str, described: &[Input], field: &Field) -> u64 {
        if !name.ends_with("Connection") || !described.iter().any(|input| input.name == "first") {
            return 1;
        }
        let asked = input::arguments(described, &field.arguments, &self.given);
        let sizes: Vec<i64> = ["first", "last"].iter().filter_map(|name| asked.get(*name)?.as_i64()).collect();
        let only_counts =
            field.selections.iter().all(|it| matches!(it, Selection::Field(it) if it.name == "totalCount"));
        if sizes.is_empty() && !only_counts {
            let said = format!(
                "You must provide a `first` or `last` value to properly paginate the `{}` connection.",
                field.name
            );
            self.wrong.push(said);
        }
        for size in &sizes {
            if !(1..=100).contains(size) {
                self.wrong.push(format!("`{size}` records on the `{}` connection: 1 to 100 are possible", field.name));
            }
        }
        let size = sizes.iter().max().map_or(1, |size| size.unsigned_abs());
        self.nodes = self.nodes.saturating_add(size);
        size
    }

    fn arguments(&mut self, described: &[Input], given: &Arguments, at: &str) {
        for (index, (name, literal)) in given.iter().enumerate() {
            let Some(input) = described.iter().find(|input| input.name == *name) else {
                self.wrong.push(format!("{at} doesn't accept argument '{name}'"));
                continue;
            };
            if given[..index].iter().any(|(other, _)| other == name) {
                self.wrong.push(format!("{at}: argument '{name}' is there twice"));
            }
            self.literal(&input.ty, literal, input.default.is_some(), &format!("{at}({name})"));
        }
        for input in described {
            let required = matches!(input.ty, Type::NonNull(_)) && input.default.is_none();
            if required && !given.iter().any(|(name, _)| *name == input.name) {
                self.wrong.push(format!("{at} is missing required argument: {}", input.name));
            }
        }
    }

    fn directives(&mut self, directives: &[Directive]) {
        for directive in directives {
            if !matches!(directive.name.as_str(), "include" | "skip") {
                self.wrong.push(format!("Directive @{} is not defined", directive.name));
                continue;
            }
            let ty = Type::NonNull(Box::new(Type::Named("Boolean".to_owned())));
            let described = [Input { name: "if".to_owned(), ty, default: None }];
            self.arguments(&described, &directive.arguments, &format!("@{}", directive.name));
        }
    }

    fn literal(&mut self, ty: &Type, literal: &Literal, has_default: bool, at: &str) {
        match (ty, literal) {
            (_, Literal::Variable(name)) => self.variable(ty, name, has_default, at),
            (Type::NonNull(_), Literal::Null) => self.wrong.push(format!("{at} must not be null")),
            (Type::NonNull(inner), literal) => self.literal(inner, literal, false, at),
            (_, Literal::Null) => {}
            (Type::List(inner), Literal::List(items)) => {
                for item in items {
                    self.literal(inner, item, false, at);
                }
            }
            (Type::List(inner), literal) => self.literal(inner, literal, false, at),
            (Type::Named(name), literal) => match (self.schema.inputs(name), literal) {
                (Some(fields), Literal::Object(given)) => self.arguments(fields, given, &format!("{at}: {name}")),
                (None, Literal::Object(_) | Literal::List(_)) | (Some(_), _) => {
                    self.wrong.push(format!("{at}: {literal:?} is no {name}"));
                }
                (None, literal) => self.leaf(name, literal, at),
            },
        }
    }

    fn leaf(&mut self, name: &str, literal: &Literal, at: &str) {
        let is_enum = matches!(self.schema.get(name), Some(super::syntax::Definition::Enum(_)));
        if is_enum != matches!(literal, Literal::Enum(_)) {
            self.wrong.push(format!("{at}: {literal:?} is no {name}"));
            return;
        }
        let value = input::value(literal, &Map::new()).unwrap_or_default();
        self.wrong.extend(self.schema.leaf(name, &value).err().map(|error| format!("{at}: {error}")));
    }

    fn variable(&mut self, wanted: &Type, name: &str, has_default: bool, at: &str) {
        self.used.insert(name.to_owned());
        let Some(variable) = self.variables.get(name) else {
            self.wrong.push(format!("{at}: variable ${name} is used but not declared"));
            return;
        };
        let with_default = variable.default.as_ref().is_some_and(|default| *default != Literal::Null) || has_default;
        let wanted = if with_default { wanted.nullable() } else { wanted };
        if !usable(&variable.ty, wanted) {
            self.wrong.push(format!("{at}: type mismatch on variable ${name} ({} / {wanted})", variable.ty));
        }
    }

    /// Whether two fields would answer under the same name.
    fn conflicts(&mut self, parent: &str, sets: &[&[Selection]]) {
        let document = self.document;
        let mut fields: Vec<(String, &Field)> = Vec::new();
        for set in sets {
            flatten(document, parent, set, &mut fields, 0);
        }
        let mut seen: Vec<(&str, Vec<(String, &Field)>)> = Vec::new();
        for (on, field) in fields {
            match seen.iter_mut().find(|(key, _)| *key == field.key()) {
                Some((_, same)) => same.push((on, field)),
                None => seen.push((field.key(), vec![(on, field)])),
            }
        }
        for (key, same) in seen {
            let (on, first) = &same[0];
            for (other, field) in &same[1..] {
                let apart = on != other && self.schema.is_object(on) && self.schema.is_object(other);
                if !apart && (first.name != field.name || first.arguments != field.arguments) {
                    self.wrong.push(format!("Field '{key}' has a field or an argument conflict"));
                }
            }
            if let Some(described) = self.schema.field(on, &first.name) {
                let sets: Vec<&[Selection]> = same.iter().map(|(_, field)| field.selections.as_slice()).collect();
                self.conflicts(described.ty.name(), &sets);
            }
        }
    }
}

fn flatten<'a>(document: &'a Document, on: &str, set: &'a [Selection], into: &mut Vec<(String, &'a Field)>, depth: u8) {
    for selection in set {
        match selection {
            Selection::Field(field) => into.push((on.to_owned(), field)),
            Selection::Inline(other, _, set) => flatten(document, other.as_deref().unwrap_or(on), set, into, depth),
            // Fragments that contain themselves are complained about elsewhere.
            Selection::Spread(name, _) if depth < 32 => {
                if let Some(fragment) = document.fragments.get(name) {
                    flatten(document, &fragment.on, &fragment.selections, into, depth + 1);
                }
            }
            Selection::Spread(..) => {}
        }
    }
}
