//! Values that come in: variables and arguments, checked and completed with their defaults.

use serde_json::{Map, Value, json};

use super::schema::{Schema, schema};
use super::syntax::{Arguments, Input, Literal, Operation, Type};

/// A literal as JSON. Variables that aren't given leave nothing behind.
pub fn value(literal: &Literal, variables: &Map<String, Value>) -> Option<Value> {
    Some(match literal {
        Literal::Variable(name) => variables.get(name)?.clone(),
        Literal::Int(number) => json!(number),
        Literal::Float(number) => json!(number),
        Literal::Text(text) | Literal::Enum(text) => json!(text),
        Literal::Boolean(yes) => json!(yes),
        Literal::Null => Value::Null,
        Literal::List(items) => items.iter().filter_map(|item| value(item, variables)).collect(),
        Literal::Object(fields) => {
            let field = |(name, literal): &(String, Literal)| Some((name.clone(), value(literal, variables)?));
            Value::Object(fields.iter().filter_map(field).collect())
        }
    })
}

/// What is given, and the defaults of what isn't.
pub fn variables(operation: &Operation, given: &Map<String, Value>) -> Map<String, Value> {
    let mut all = given.clone();
    for variable in &operation.variables {
        let default = variable.default.as_ref().and_then(|default| value(default, &Map::new()));
        if let Some(default) = default.filter(|_| !given.contains_key(&variable.name)) {
            all.insert(variable.name.clone(), default);
        }
    }
    all
}

/// Arguments as their field takes them, with defaults.
pub fn arguments(described: &[Input], given: &Arguments, variables: &Map<String, Value>) -> Map<String, Value> {
    let mut found = Map::new();
    for input in described {
        let literal = given.iter().find(|(name, _)| *name == input.name).and_then(|(_, it)| value(it, variables));
        let default = || input.default.as_ref().and_then(|default| value(default, &Map::new()));
        if let Some(value) = literal.or_else(default) {
            found.insert(input.name.clone(), complete(&input.ty, value));
        }
    }
    found
}

/// Puts in the defaults of input objects, and makes lists of what stands alone.
fn complete(ty: &Type, value: Value) -> Value {
    match (ty.nullable(), value) {
        (_, Value::Null) => Value::Null,
        (Type::List(inner), Value::Array(items)) => items.into_iter().map(|item| complete(inner, item)).collect(),
        (Type::List(inner), value) => json!([complete(inner, value)]),
        (Type::Named(name), Value::Object(mut object)) => {
            for field in schema().inputs(name).unwrap_or_default() {
                if let Some(value) = object.get_mut(&field.name) {
                    *value = complete(&field.ty, value.take());
                } else if let Some(default) = &field.default {
                    object.insert(field.name.clone(), self::value(default, &Map::new()).unwrap_or_default());
                }
            }
            Value::Object(object)
        }
        (_, value) => value,
    }
}

/// Everything that is wrong with a variable's value.
pub fn check(schema: &Schema, ty: &Type, value: &Value, at: &str, wrong: &mut Vec<String>) {
    match (ty, value) {
        (Type::NonNull(_), Value::Null) => wrong.push(format!("{at} must not be null")),
        (Type::NonNull(inner), value) => check(schema, inner, value, at, wrong),
        (_, Value::Null) => {}
        (Type::List(inner), Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                check(schema, inner, item, &format!("{at}[{index}]"), wrong);
            }
        }
        (Type::List(inner), value) => check(schema, inner, value, at, wrong),
        (Type::Named(name), value) => match (schema.inputs(name), value) {
            (Some(fields), Value::Object(object)) => check_object(schema, fields, object, at, wrong),
            (Some(_), value) => wrong.push(format!("{at}: {value} is no {name}")),
            (None, value) => wrong.extend(schema.leaf(name, value).err().map(|error| format!("{at}: {error}"))),
        },
    }
}

fn check_object(schema: &Schema, fields: &[Input], object: &Map<String, Value>, at: &str, wrong: &mut Vec<String>) {
    for name in object.keys() {
        if !fields.iter().any(|field| field.name == *name) {
            wrong.push(format!("{at}.{name} is not defined"));
        }
    }
    for field in fields {
        let at = format!("{at}.{}", field.name);
        match object.get(&field.name) {
            Some(value) => check(schema, &field.ty, value, &at, wrong),
            None if matches!(field.ty, Type::NonNull(_)) && field.default.is_none() => {
                wrong.push(format!("{at} is missing"));
            }
            None => {}
        }
    }
}
