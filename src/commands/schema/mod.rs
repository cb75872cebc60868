//! `schema`: what JSON documents and files look like, for scripts and editors.

mod notation;

pub use notation::{Document, documents};

use serde_json::json;

use crate::domain::text;
use crate::error::{Error, Result};
use crate::session::Context;
use crate::ui::{self, Cell};

/// Print the JSON Schema of a document, or list those there are
///
/// Documents are what commands print with --json, and the files partner.toml, program.toml and the rows of a batch.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner schema
  karmada-partner schema list")]
pub struct Args {
    /// The document's name, as schema lists it [default: all, by name]
    name: Option<String>,
}

/// The documents that have one.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    documents().into_iter().map(|document| document.name)
}

/// # Errors
/// When no document has this name.
pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let all = documents();
    let Some(name) = &args.name else {
        if ctx.globals.json {
            let schemas: Vec<_> = all.iter().map(|d| json!({"name": d.name, "of": d.of})).collect();
            return ctx.ui.document(&json!({"schema": 1, "schemas": schemas}));
        }
        let rows: Vec<_> = all.iter().map(|d| vec![Cell::plain(d.name), Cell::plain(d.of.join(", "))]).collect();
        return ctx.ui.data(&ui::table(&["NAME", "COMMANDS"], &rows, ctx.ui.width(), &[1]));
    };
    match all.iter().find(|d| d.name == name) {
        Some(document) => ctx.ui.document(&document.schema()),
        None => {
            let names: Vec<&str> = all.iter().map(|d| d.name).collect();
            let error = Error::not_found(format!("there is no schema {}", text::quote(name)));
            let near = text::nearest(name, &names).map(|n| format!("did you mean {n}?"));
            Err(error.hint(near.unwrap_or_else(|| "karmada-partner schema lists them".to_owned())))
        }
    }
}
