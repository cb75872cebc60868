//! In a clone, what GitHub runs for a registry is written into the working tree, to be looked at and committed like any other change.

use std::path::Path;

use serde_json::json;

use crate::domain::paths::PROGRAM;
use crate::domain::{Program, limits, text};
use crate::error::{Error, Result};
use crate::files;
use crate::git::WorkTree;
use crate::session::Context;
use crate::workflow::github_ci;

/// The working tree at a path, if that is the top of one.
pub(super) fn at(path: &Path) -> Option<WorkTree> {
    WorkTree::around(path).ok().flatten().filter(WorkTree::is_top)
}

/// Writes the files that a clone lacks, or has otherwise.
pub(super) fn bring_up_to_date(ctx: &Context, tree: &WorkTree, program: &str) -> Result<()> {
    let top = tree.top();
    let program = Program::parse(program.as_bytes()).map_err(|faults| Error::document(PROGRAM, &faults))?;
    let (mut due, mut uncommitted) = (Vec::new(), Vec::new());
    for (path, content) in github_ci::files(&program) {
        let is_there = files::is_plain_below(top, Path::new(&path))?;
        if is_there && (github_ci::is_theirs(&path) || is_the_same(&top.join(&path), &path, &content)?) {
            continue;
        }
        if is_there && tree.is_uncommitted(&path)? {
            uncommitted.push(path.clone());
        }
        due.push((path, content));
    }
    if !uncommitted.is_empty() {
        let names = uncommitted.join(", ");
        return Err(Error::refused(format!("what isn't committed would be written over: {names}"))
            .hint("commit it, or put it aside with git stash --include-untracked"));
    }
    let shown = text::visible(&top.display().to_string());
    if !ctx.globals.dry_run {
        for (path, content) in &due {
            files::publish(&top.join(path), content.as_bytes())?;
        }
    }
    tell(ctx, &shown, &due.into_iter().map(|(path, _)| path).collect::<Vec<_>>())
}

/// Whether a file says the same, however git ends its lines here.
fn is_the_same(file: &Path, path: &str, content: &str) -> Result<bool> {
    let there = files::read(file, limits::DOCUMENT, path)?;
    Ok(String::from_utf8_lossy(&there).replace("\r\n", "\n") == content)
}

fn tell(ctx: &Context, shown: &str, written: &[String]) -> Result<()> {
    let dry = ctx.globals.dry_run;
    if ctx.globals.json {
        return ctx.ui.document(&match dry {
            true => json!({"schema": 1, "dry_run": true, "path": shown}),
            false => json!({"schema": 1, "path": shown, "changed": !written.is_empty()}),
        });
    }
    if written.is_empty() {
        return ctx.ui.data(&format!("Nothing to do: the workflows and forms in {shown} are those of this version.\n"));
    }
    let list: String = written.iter().map(|path| format!("  {path}\n")).collect();
    if dry {
        return ctx.ui.data(&format!("Would write in {shown}:\n{list}Dry run: nothing was changed.\n"));
    }
    ctx.ui.data(&format!("Wrote in {shown}:\n{list}"))?;
    if written.iter().any(|path| path == github_ci::RELEASE) {
        ctx.ui.hint(&github_ci::left_to_say());
    }
    ctx.ui.hint(
        "look at it with git diff, then commit it and push: git add --all .github PRIVACY.md && git commit --signoff",
    );
    Ok(())
}
