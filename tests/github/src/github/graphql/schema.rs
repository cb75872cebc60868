//! GitHub's GraphQL schema, with what follows from it.

use std::sync::OnceLock;

use super::read;
use super::syntax::{Definition, Definitions, FieldType, Input, Type};

pub struct Schema(Definitions);

/// The schema, read once.
pub fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema(read::schema(include_str!("../../../fixtures/github/schema.graphql")).unwrap()))
}

impl Schema {
    pub fn get(&self, name: &str) -> Option<&Definition> {
        if matches!(name, "Int" | "Float" | "String" | "Boolean" | "ID") {
            return Some(&Definition::Scalar);
        }
        self.0.get(name)
    }

    pub fn field(&self, parent: &str, name: &str) -> Option<&FieldType> {
        match self.get(parent)? {
            Definition::Object { fields, .. } | Definition::Interface { fields } => fields.get(name),
            _ => None,
        }
    }

    pub fn inputs(&self, name: &str) -> Option<&[Input]> {
        match self.get(name)? {
            Definition::Input(fields) => Some(fields),
            _ => None,
        }
    }

    pub fn is_composite(&self, name: &str) -> bool {
        let found = self.get(name);
        matches!(found, Some(Definition::Object { .. } | Definition::Interface { .. } | Definition::Union(_)))
    }

    pub fn is_input(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Definition::Scalar | Definition::Enum(_) | Definition::Input(_)))
    }

    pub fn is_object(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Definition::Object { .. }))
    }

    /// Whether an object of one type can be taken for another.
    pub fn is_a(&self, object: &str, wanted: &str) -> bool {
        if object == wanted {
            return true;
        }
        match (self.get(object), self.get(wanted)) {
            (Some(Definition::Object { interfaces, .. }), Some(Definition::Interface { .. })) => {
                interfaces.iter().any(|name| name == wanted)
            }
            (_, Some(Definition::Union(members))) => members.iter().any(|name| name == object),
            _ => false,
        }
    }

    /// Whether some object can be of both types.
    pub fn overlap(&self, one: &str, two: &str) -> bool {
        if self.is_object(one) || self.is_object(two) {
            return self.is_a(one, two) || self.is_a(two, one);
        }
        self.0.keys().any(|name| self.is_object(name) && self.is_a(name, one) && self.is_a(name, two))
    }

    /// Why a scalar or an enum's value doesn't fit its type, as it comes in and goes out.
    pub fn leaf(&self, name: &str, value: &serde_json::Value) -> Result<(), String> {
        let text = value.as_str();
        let fits = match (self.get(name), name) {
            (Some(Definition::Enum(values)), _) => text.is_some_and(|text| values.iter().any(|known| known == text)),
            (_, "Int") => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            (_, "Float") => value.is_number(),
            (_, "Boolean") => value.is_boolean(),
            (_, "ID") => value.is_string() || value.is_i64(),
            (_, "BigInt") => text.is_some_and(|text| text.parse::<i64>().is_ok()) || value.is_i64(),
            (_, "GitObjectID") => {
                text.is_some_and(|text| text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit()))
            }
            (_, "DateTime" | "GitTimestamp" | "PreciseDateTime") => {
                text.is_some_and(|text| super::super::text::parse_stamp(text).is_some())
            }
            (_, "URI") => text.is_some_and(|text| text.starts_with('/') || url::Url::parse(text).is_ok()),
            (_, "Base64String") => text.is_some_and(|text| super::super::text::unbase64(text).is_some()),
            (Some(Definition::Scalar), _) => value.is_string(),
            _ => false,
        };
        if fits { Ok(()) } else { Err(format!("{value} is no {name}")) }
    }
}

/// Whether a variable of one type may stand where another type is wanted.
pub fn usable(variable: &Type, wanted: &Type) -> bool {
    match (variable, wanted) {
        (Type::NonNull(variable), Type::NonNull(wanted)) | (Type::List(variable), Type::List(wanted)) => {
            usable(variable, wanted)
        }
        (_, Type::NonNull(_)) => false,
        (Type::NonNull(variable), wanted) => usable(variable, wanted),
        (Type::Named(variable), Type::Named(wanted)) => variable == wanted,
        _ => false,
    }
}
