//! GraphQL documents and schemas, read.

use std::collections::HashMap;

/// A type as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    Named(String),
    List(Box<Type>),
    NonNull(Box<Type>),
}

impl Type {
    /// The name without lists and exclamation marks.
    pub fn name(&self) -> &str {
        match self {
            Self::Named(name) => name,
            Self::List(inner) | Self::NonNull(inner) => inner.name(),
        }
    }

    pub fn nullable(&self) -> &Self {
        match self {
            Self::NonNull(inner) => inner,
            other => other,
        }
    }
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::List(inner) => write!(f, "[{inner}]"),
            Self::NonNull(inner) => write!(f, "{inner}!"),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Variable(String),
    Int(i64),
    Float(f64),
    Text(String),
    Boolean(bool),
    Null,
    Enum(String),
    List(Vec<Literal>),
    Object(Vec<(String, Literal)>),
}

pub type Arguments = Vec<(String, Literal)>;

#[derive(Clone, Debug)]
pub struct Directive {
    pub name: String,
    pub arguments: Arguments,
}

#[derive(Clone, Debug)]
pub struct Field {
    pub alias: Option<String>,
    pub name: String,
    pub arguments: Arguments,
    pub directives: Vec<Directive>,
    pub selections: Vec<Selection>,
    pub line: usize,
    pub column: usize,
}

impl Field {
    /// What it is called in the answer.
    pub fn key(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }
}

#[derive(Clone, Debug)]
pub enum Selection {
    Field(Field),
    Spread(String, Vec<Directive>),
    Inline(Option<String>, Vec<Directive>, Vec<Selection>),
}

#[derive(Clone, Debug)]
pub struct Variable {
    pub name: String,
    pub ty: Type,
    pub default: Option<Literal>,
}

#[derive(Clone, Debug)]
pub struct Operation {
    pub mutation: bool,
    pub name: Option<String>,
    pub variables: Vec<Variable>,
    pub selections: Vec<Selection>,
}

#[derive(Clone, Debug)]
pub struct Fragment {
    pub on: String,
    pub selections: Vec<Selection>,
}

#[derive(Clone, Debug, Default)]
pub struct Document {
    pub operations: Vec<Operation>,
    pub fragments: HashMap<String, Fragment>,
}

/// An argument or a field of an input object.
#[derive(Debug)]
pub struct Input {
    pub name: String,
    pub ty: Type,
    pub default: Option<Literal>,
}

#[derive(Debug)]
pub struct FieldType {
    pub ty: Type,
    pub arguments: Vec<Input>,
}

#[derive(Debug)]
pub enum Definition {
    Scalar,
    Object { fields: HashMap<String, FieldType>, interfaces: Vec<String> },
    Interface { fields: HashMap<String, FieldType> },
    Union(Vec<String>),
    Enum(Vec<String>),
    Input(Vec<Input>),
}

pub type Definitions = HashMap<String, Definition>;
