//! `program edit`: the policy in an editor, and what became of it proposed.

use std::path::{Path, PathBuf};

use super::propose;
use crate::config::UserDirectory;
use crate::domain::limits;
use crate::domain::{Line, Program, shell};
use crate::error::{Error, Result};
use crate::prompt::Question;
use crate::session::Context;
use crate::ui::stopping::{self, Lent};
use crate::workflow::lookup::look;
use crate::workflow::own_files;
use crate::{children, files};

/// Change the policy in your editor, and propose it
///
/// Opens what is in force, or what waits already, in $VISUAL or $EDITOR; checks it, shows what changes, and proposes it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Why, for everybody to read
    #[arg(long, alias = "note", value_name = "TEXT", value_parser = crate::commands::said)]
    reason: Option<Line>,
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    if !ctx.prompt.can_ask() {
        return Err(Error::usage(tr!("an editor needs a terminal"))
            .hint(tr!("print the policy with karmada-partner program show --toml, and propose the changed file: karmada-partner program propose FILE")));
    }
    let Some(editor) = ctx.environment.editor.clone() else {
        return Err(Error::usage(tr!("it isn't known which editor to open")).hint(tr!("set VISUAL or EDITOR")));
    };
    let forge = ctx.open()?;
    let before = propose::base(ctx, &*forge, &look(ctx, &*forge)?)?;
    let path = place(ctx)?;
    files::write(&path, before.as_bytes()).map_err(|e| Error::environment(e.to_string()))?;
    loop {
        open(&editor, &path).inspect_err(|_| keep_what_is_new(ctx, &path, &before))?;
        let text = own_files::text(ctx, &path, "program", limits::DOCUMENT)?;
        if text == before {
            remove(&path);
            ctx.ui.say(tr!("Nothing was changed."));
            return Ok(());
        }
        stopping::keep(kept(&path), || Ok(()))?;
        let done = match Program::parse_strictly(text.as_bytes()) {
            Ok(_) => propose::text(ctx, args.reason.clone(), &text),
            Err(faults) => Err(Error::document("program.toml", &faults)),
        };
        match done {
            Ok(true) => {
                remove(&path);
                return Ok(());
            }
            Ok(false) => {}
            Err(e) if e.kind == crate::error::Kind::Interrupted => return Err(e),
            Err(e) => ctx.ui.error(&e),
        }
        let keys = [('e', tr!("edit it again")), ('k', tr!("stop, and keep the file")), ('f', tr!("forget it"))];
        let question = Question { label: tr!("Not proposed. What now?"), flag: "FILE", default: None, optional: false };
        match ctx.prompt.key(question, &keys, 'e')? {
            'e' => {}
            'f' => {
                remove(&path);
                return Ok(());
            }
            _ => {
                ctx.ui.say(&kept(&path));
                return Ok(());
            }
        }
    }
}

/// Where the file lies while it is edited.
fn place(ctx: &Context) -> Result<PathBuf> {
    let name = format!("program-{}.toml", std::process::id());
    Ok(ctx.environment.folder(UserDirectory::State)?.join("drafts").join(name))
}

fn kept(path: &Path) -> String {
    tr!("It is kept; propose it with karmada-partner program propose {path}", path = shell::path(path))
}

/// Says where the file is, if something was written in it; it is taken away otherwise.
fn keep_what_is_new(ctx: &Context, path: &Path, before: &str) {
    let is_new = |text: &Vec<u8>| !text.is_empty() && text != before.as_bytes();
    match files::read(path, limits::DOCUMENT, "program").ok().filter(is_new) {
        Some(_) => ctx.ui.say(&kept(path)),
        None => remove(path),
    }
}

fn remove(path: &Path) {
    stopping::forget(|| {
        // One that stays is in nobody's way.
        let _ = std::fs::remove_file(path);
    });
}

/// Opens the file, and waits.
fn open(editor: &str, path: &Path) -> Result<()> {
    let fail = |why: String| {
        Error::environment(tr!("the editor {editor}: {why}", editor, why)).hint(tr!("set VISUAL or EDITOR to another"))
    };
    match children::edit(editor, path, Lent::to) {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(fail(tr!("it ended with {status}; nothing was proposed", status))),
        Err(e) => Err(fail(e.to_string())),
    }
}
