//! What is wrong with a template, without the words by which its engine tells where.

use minijinja::{Error, ErrorKind};

/// The innermost cause: a page that takes in another one isn't at fault for that.
#[derive(Debug)]
pub struct TemplateFault<'e> {
    /// The file, where the engine knows it.
    pub name: Option<&'e str>,
    pub line: Option<usize>,
    pub why: String,
}

impl<'e> TemplateFault<'e> {
    #[must_use]
    pub fn of(error: &'e Error) -> Self {
        let mut cause = error;
        while let Some(inner) = std::error::Error::source(cause).and_then(|e| e.downcast_ref::<Error>()) {
            cause = inner;
        }
        let why = match (cause.kind(), cause.detail()) {
            (ErrorKind::SyntaxError, Some(detail)) => detail.to_owned(),
            (kind, Some(detail)) => format!("{kind}: {detail}"),
            (kind, None) => kind.to_string(),
        };
        Self { name: cause.name(), line: cause.line(), why: crate::domain::text::visible(&why) }
    }

    /// The same of a file of the registry's, in a sentence without its point.
    #[must_use]
    pub fn told(&self, path: &str) -> String {
        let line = self.line.map(|line| format!(", line {line}")).unwrap_or_default();
        format!("{path} of the registry{line}: {}", self.why)
    }
}
