//! `program keys`: whose signatures count.

use std::path::{Path, PathBuf};

use console::Style;
use serde_json::json;

use crate::domain::signature::sshsig::{NAMESPACE, PublicKey};
use crate::domain::{Program, shell, text};
use crate::error::Result;
use crate::files;
use crate::session::Context;
use crate::ui::{Cell, table};
use crate::workflow::lookup::look;

/// Show the members' SSH keys, or write them as a file that git verifies signatures with
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Write the keys of those who vote as a file for git's `gpg.ssh.allowedSignersFile`; - prints it
    #[arg(long, value_name = "FILE")]
    allowed_signers: Option<PathBuf>,
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let forge = ctx.open()?;
    let program = look(ctx, &*forge)?.program()?;
    match args.allowed_signers.as_deref() {
        Some(path) if path == Path::new("-") => ctx.ui.text(&allowed_signers(&program)),
        Some(path) => write(ctx, path, &program),
        None if ctx.globals.json => ctx.ui.document(&document(&program)),
        None => ctx.ui.data(&shown(&program, ctx.ui.width())),
    }
}

fn document(program: &Program) -> serde_json::Value {
    let key = |key: &PublicKey| {
        json!({
            "algorithm": key.algorithm(), "fingerprint": key.fingerprint(), "comment": key.comment(), "key": key,
        })
    };
    let members = program.committee.iter().map(|member| {
        json!({"github": member.github, "role": member.role, "keys": member.keys.iter().map(key).collect::<Vec<_>>()})
    });
    json!({"schema": 1, "members": members.collect::<Vec<_>>()})
}

fn shown(program: &Program, width: usize) -> String {
    let mut rows = Vec::new();
    for member in &program.committee {
        let who = || vec![Cell::plain(member.github.as_str()), Cell::plain(member.role.told())];
        if member.keys.is_empty() {
            let none = Cell::styled(tr!("no key"), Style::new().dim());
            rows.push([who(), vec![none, Cell::plain(""), Cell::plain("")]].concat());
        }
        for key in &member.keys {
            let what = [key.algorithm().word(), &key.fingerprint(), key.comment()].map(Cell::plain);
            rows.push([who(), what.to_vec()].concat());
        }
    }
    table(&[tr!("Member"), tr!("Role"), tr!("Algorithm"), tr!("Fingerprint"), tr!("Comment")], &rows, width, &[4])
}

/// A line for each key of each member who votes. Git looks for the key and then shows the first of its names, so the
/// login comes first; the mailbox is the one that GitHub lends.
fn allowed_signers(program: &Program) -> String {
    let mut out = String::new();
    for member in program.voters() {
        let (login, folded) = (member.github.as_str(), member.github.folded());
        let mut names = vec![login.to_owned(), format!("{login}@users.noreply.github.com")];
        if folded != login {
            names.extend([folded.clone(), format!("{folded}@users.noreply.github.com")]);
        }
        for key in &member.keys {
            out += &format!("{} namespaces=\"git,{NAMESPACE}\" {key}\n", names.join(","));
        }
    }
    out
}

fn write(ctx: &Context, path: &Path, program: &Program) -> Result<()> {
    let file = allowed_signers(program);
    let keys = file.lines().count();
    let name = text::visible(&path.display().to_string());
    let there = path.is_file().then(|| files::read_plain(path).ok()).flatten();
    let changed = !ctx.globals.dry_run && there.as_deref() != Some(file.as_bytes());
    if changed {
        files::publish_at(path, file.as_bytes())?;
    }
    if ctx.globals.json {
        return ctx.ui.document(&json!({"schema": 1, "path": name, "keys": keys, "changed": changed}));
    }
    ctx.ui.data(&match ctx.globals.dry_run {
        true => tr!("Would write 1 key into {name}.\n" | "Would write {n} keys into {name}.\n" % keys, name),
        false => tr!("Wrote 1 key into {name}.\n" | "Wrote {n} keys into {name}.\n" % keys, name),
    })?;
    if changed {
        // Git looks for a relative path from wherever it runs.
        let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        ctx.ui.hint(&format!("git config gpg.ssh.allowedSignersFile {}", shell::path(&whole)));
    }
    Ok(())
}
