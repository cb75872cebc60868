//! A reader for GraphQL documents and schemas.

use std::collections::HashMap;

use super::syntax::{
    Arguments, Definition, Definitions, Directive, Document, Field, FieldType, Fragment, Input, Literal, Operation,
    Selection, Type, Variable,
};

type Read<T> = Result<T, String>;

/// Reads what a client asks.
pub fn document(text: &str) -> Read<Document> {
    let mut reader = Reader { text, at: 0 };
    let mut document = Document::default();
    while !reader.ended() {
        if reader.peek() == Some(b'{') {
            let selections = reader.selections()?;
            document.operations.push(Operation { mutation: false, name: None, variables: Vec::new(), selections });
        } else if reader.word("fragment") {
            let name = reader.name()?;
            reader.expect_word("on")?;
            let on = reader.name()?;
            reader.directives()?;
            let fragment = Fragment { on, selections: reader.selections()? };
            if document.fragments.insert(name.clone(), fragment).is_some() {
                return Err(format!("fragment {name} is there twice"));
            }
        } else {
            let operation = reader.operation()?;
            document.operations.push(operation);
        }
    }
    Ok(document)
}

/// Reads a schema.
pub fn schema(text: &str) -> Read<Definitions> {
    let mut reader = Reader { text, at: 0 };
    let mut found = HashMap::new();
    while !reader.ended() {
        let keyword = reader.name()?;
        if keyword == "directive" {
            reader.skip_directive_definition()?;
            continue;
        }
        let name = reader.name()?;
        let definition = match keyword.as_str() {
            "scalar" => {
                reader.directives()?;
                Definition::Scalar
            }
            "type" | "interface" => {
                let interfaces = if reader.word("implements") { reader.names(b'&')? } else { Vec::new() };
                reader.directives()?;
                let fields = reader.field_types()?;
                match keyword.as_str() {
                    "type" => Definition::Object { fields, interfaces },
                    _ => Definition::Interface { fields },
                }
            }
            "union" => {
                reader.directives()?;
                reader.expect(b'=')?;
                Definition::Union(reader.names(b'|')?)
            }
            "enum" => {
                reader.directives()?;
                Definition::Enum(reader.between(b'{', b'}', |reader| {
                    let value = reader.name()?;
                    reader.directives()?;
                    Ok(value)
                })?)
            }
            "input" => {
                reader.directives()?;
                Definition::Input(reader.between(b'{', b'}', Reader::input)?)
            }
            other => return Err(format!("what is a {other}?")),
        };
        found.insert(name, definition);
    }
    Ok(found)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    fn skip(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b',' => self.at += 1,
                b'#' => {
                    let rest = &bytes[self.at..];
                    self.at += rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
                }
                // A byte order mark.
                0xef if bytes[self.at..].starts_with(b"\xef\xbb\xbf") => self.at += 3,
                _ => return,
            }
        }
    }

    fn ended(&mut self) -> bool {
        self.peek().is_none()
    }

    fn peek(&mut self) -> Option<u8> {
        self.skip();
        self.bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, byte: u8) -> Read<()> {
        if self.eat(byte) { Ok(()) } else { self.wrong(&format!("expected `{}`", char::from(byte))) }
    }

    fn wrong<T>(&self, what: &str) -> Read<T> {
        let (line, column) = self.place(self.at);
        Err(format!("Parse error at [{line}, {column}]: {what}"))
    }

    fn place(&self, at: usize) -> (usize, usize) {
        let before = &self.text[..at];
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, at - start + 1)
    }

    fn peek_name(&mut self) -> &str {
        self.skip();
        let rest = &self.bytes()[self.at..];
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let length = match rest.first() {
            Some(first) if !first.is_ascii_digit() => rest.iter().take_while(|byte| is_name(byte)).count(),
            _ => 0,
        };
        &self.text[self.at..self.at + length]
    }

    fn name(&mut self) -> Read<String> {
        let name = self.peek_name().to_owned();
        if name.is_empty() {
            return self.wrong("expected a name");
        }
        self.at += name.len();
        Ok(name)
    }

    fn word(&mut self, word: &str) -> bool {
        let there = self.peek_name() == word;
        if there {
            self.at += word.len();
        }
        there
    }

    fn expect_word(&mut self, word: &str) -> Read<()> {
        if self.word(word) { Ok(()) } else { self.wrong(&format!("expected `{word}`")) }
    }

    fn names(&mut self, separator: u8) -> Read<Vec<String>> {
        self.eat(separator);
        let mut names = vec![self.name()?];
        while self.eat(separator) {
            names.push(self.name()?);
        }
        Ok(names)
    }

    /// A list in brackets that isn't empty.
    fn between<T>(&mut self, open: u8, close: u8, mut item: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        self.expect(open)?;
        let mut items = Vec::new();
        while items.is_empty() || self.peek() != Some(close) {
            items.push(item(self)?);
        }
        self.expect(close)?;
        Ok(items)
    }

    fn operation(&mut self) -> Read<Operation> {
        let mutation = self.word("mutation");
        if !mutation {
            self.expect_word("query")?;
        }
        let name = (!self.peek_name().is_empty()).then(|| self.name()).transpose()?;
        let variables = if self.peek() == Some(b'(') { self.between(b'(', b')', Self::variable)? } else { Vec::new() };
        self.directives()?;
        Ok(Operation { mutation, name, variables, selections: self.selections()? })
    }

    fn variable(&mut self) -> Read<Variable> {
        self.expect(b'$')?;
        let name = self.name()?;
        self.expect(b':')?;
        let ty = self.ty()?;
        let default = if self.eat(b'=') { Some(self.literal()?) } else { None };
        Ok(Variable { name, ty, default })
    }

    fn ty(&mut self) -> Read<Type> {
        let ty = if self.eat(b'[') {
            let inner = self.ty()?;
            self.expect(b']')?;
            Type::List(Box::new(inner))
        } else {
            Type::Named(self.name()?)
        };
        Ok(if self.eat(b'!') { Type::NonNull(Box::new(ty)) } else { ty })
    }

    fn selections(&mut self) -> Read<Vec<Selection>> {
        self.between(b'{', b'}', Self::selection)
    }

    fn selection(&mut self) -> Read<Selection> {
        self.skip();
        if self.bytes()[self.at..].starts_with(b"...") {
            self.at += 3;
            let on = if self.word("on") { Some(self.name()?) } else { None };
            if on.is_none() && !self.peek_name().is_empty() {
                return Ok(Selection::Spread(self.name()?, self.directives()?));
            }
            return Ok(Selection::Inline(on, self.directives()?, self.selections()?));
        }
        let (line, column) = self.place(self.at);
        let first = self.name()?;
        let (alias, name) = if self.eat(b':') { (Some(first), self.name()?) } else { (None, first) };
        let arguments = self.arguments()?;
        let directives = self.directives()?;
        let selections = if self.peek() == Some(b'{') { self.selections()? } else { Vec::new() };
        Ok(Selection::Field(Field { alias, name, arguments, directives, selections, line, column }))
    }

    fn arguments(&mut self) -> Read<Arguments> {
        if self.peek() == Some(b'(') { self.between(b'(', b')', Self::argument) } else { Ok(Vec::new()) }
    }

    fn argument(&mut self) -> Read<(String, Literal)> {
        let name = self.name()?;
        self.expect(b':')?;
        Ok((name, self.literal()?))
    }

    fn directives(&mut self) -> Read<Vec<Directive>> {
        let mut found = Vec::new();
        while self.eat(b'@') {
            found.push(Directive { name: self.name()?, arguments: self.arguments()? });
        }
        Ok(found)
    }

    fn literal(&mut self) -> Read<Literal> {
        match self.peek() {
            Some(b'$') => {
                self.at += 1;
                Ok(Literal::Variable(self.name()?))
            }
            Some(b'"') => self.string().map(Literal::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'[') => {
                self.at += 1;
                let mut items = Vec::new();
                while !self.eat(b']') {
                    items.push(self.literal()?);
                }
                Ok(Literal::List(items))
            }
            Some(b'{') => {
                self.at += 1;
                let mut fields = Vec::new();
                while !self.eat(b'}') {
                    fields.push(self.argument()?);
                }
                Ok(Literal::Object(fields))
            }
            _ => Ok(match self.name()?.as_str() {
                "true" => Literal::Boolean(true),
                "false" => Literal::Boolean(false),
                "null" => Literal::Null,
                other => Literal::Enum(other.to_owned()),
            }),
        }
    }

    fn number(&mut self) -> Read<Literal> {
        let rest = &self.text[self.at..];
        let is_part = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E');
        let text = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
        self.at += text.len();
        if let Ok(number) = text.parse() {
            return Ok(Literal::Int(number));
        }
        text.parse().map(Literal::Float).map_err(|_| format!("{text} is no number"))
    }

    fn string(&mut self) -> Read<String> {
        let rest = &self.text[self.at..];
        if let Some(block) = rest.strip_prefix("\"\"\"") {
            let Some(end) = block.find("\"\"\"") else { return self.wrong("the string has no end") };
            self.at += end + 6;
            return Ok(block[..end].trim().to_owned());
        }
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                '"' if !escaped => {
                    self.at += at + 1;
                    // The same escapes as JSON's.
                    return serde_json::from_str(&rest[..=at]).map_err(|error| format!("{error}: {}", &rest[..=at]));
                }
                '\n' => break,
                _ => escaped = c == '\\' && !escaped,
            }
        }
        self.wrong("the string has no end")
    }

    fn input(&mut self) -> Read<Input> {
        let name = self.name()?;
        self.expect(b':')?;
        let ty = self.ty()?;
        let default = if self.eat(b'=') { Some(self.literal()?) } else { None };
        self.directives()?;
        Ok(Input { name, ty, default })
    }

    fn field_types(&mut self) -> Read<HashMap<String, FieldType>> {
        let fields = self.between(b'{', b'}', |reader| {
            let name = reader.name()?;
            let arguments =
                if reader.peek() == Some(b'(') { reader.between(b'(', b')', Self::input)? } else { Vec::new() };
            reader.expect(b':')?;
            let ty = reader.ty()?;
            reader.directives()?;
            Ok((name, FieldType { ty, arguments }))
        })?;
        Ok(fields.into_iter().collect())
    }

    fn skip_directive_definition(&mut self) -> Read<()> {
        self.expect(b'@')?;
        self.name()?;
        if self.peek() == Some(b'(') {
            self.between(b'(', b')', Self::input)?;
        }
        self.word("repeatable");
        self.expect_word("on")?;
        self.names(b'|')?;
        Ok(())
    }
}
