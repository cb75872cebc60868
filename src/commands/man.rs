//! `man`: manual pages.

use std::io;
use std::path::PathBuf;

use clap::Command;

use super::{Runner, examples};
use crate::domain::{shell, text};
use crate::error::{Error, Result};
use crate::files::remedy;
use crate::session::Context;

/// Print the manual page of all or of a command, or write one a command into a directory
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner man | man -l -
  karmada-partner man apply | man -l -
  karmada-partner man ~/.local/share/man/man1")]
pub struct Args {
    /// The command whose page to print, or a directory to write the pages into [default: print the one of the whole program]
    #[arg(value_name = "COMMAND|DIRECTORY")]
    directory: Option<PathBuf>,
}

/// What the exit code tells.
const EXIT_STATUS: [(&str, &str); 9] = [
    ("0", "done"),
    ("1", "findings, or refused by the policy or the state of things"),
    ("2", "wrong call, or input that doesn't do"),
    ("3", "not found"),
    ("4", "not authenticated, or not allowed"),
    ("5", "network, disk or another writer; trying again may help"),
    ("70", "a bug in this program"),
    ("130", "stopped by Ctrl-C; what was sent before is said"),
    ("143, 129", "stopped by SIGTERM, by a terminal that was closed"),
];

/// The variables that are read.
const ENVIRONMENT: [(&str, &str); 13] = [
    ("KARMADA_PARTNER_REGISTRY", "the registry, as --registry"),
    ("KARMADA_PARTNER_AS", "who acts, as --as"),
    (
        "KARMADA_PARTNER_TOKEN, GH_TOKEN, GITHUB_TOKEN",
        "a token for GitHub; the first one counts, then gh auth token, then git's credential helper",
    ),
    ("KARMADA_PARTNER_SIGNING_KEY", "the SSH key to sign events and votes with; none signs nothing"),
    ("KARMADA_PARTNER_LANG", "the language, en or zh; else LC_ALL, LC_MESSAGES and LANG, the first that is set"),
    ("KARMADA_PARTNER_MAX_WAIT", "for how many seconds to wait when GitHub asks to slow down; 300 by default"),
    ("GITHUB_API_URL", "GitHub Enterprise: https://HOST/api/v3"),
    ("HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE", "as everywhere"),
    ("SOURCE_DATE_EPOCH", "the time of what is written, in seconds since 1970"),
    ("VISUAL, EDITOR", "the editor for program edit"),
    ("GIT_PAGER, PAGER", "what shows long output in a terminal, after git's core.pager; cat shows all at once"),
    ("NO_COLOR", "no color, where it isn't empty; CLICOLOR_FORCE colors even into files"),
    ("TERM", "dumb for a terminal without cursor and color"),
];

pub fn run(ctx: &Context, args: &Args, runner: Runner) -> Result<()> {
    let place = args.directory.as_ref().map(|place| format!(" into {}", place.display())).unwrap_or_default();
    let cant = |e: std::io::Error| Error::environment(format!("can't write manual pages{place}: {e}")).hint(remedy(&e));
    let mut command = (runner.grammar)().disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    below(&command, "", &[], &mut pages).map_err(cant)?;
    let page_of = |word: &str| pages.iter().find(|(name, _)| *name == format!("karmada-partner-{word}.1"));
    let word = args.directory.as_ref().filter(|place| !place.exists()).and_then(|place| place.to_str());
    if let Some((_, page)) = word.and_then(page_of) {
        return ctx.ui.text(&String::from_utf8_lossy(page));
    }
    let commands: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
    if let Some((word, likely)) = word.and_then(|word| Some((word, text::nearest(word, &commands)?))) {
        return Err(Error::usage(format!("there is no command {}, and no such directory", text::quote(word)))
            .hint(format!("did you mean karmada-partner man {likely}?"))
            .hint(format!(
                "a directory that is to be made is written as one: karmada-partner man {}",
                shell::quoted(&format!("./{word}"))
            )));
    }
    match &args.directory {
        Some(directory) => {
            if !ctx.globals.dry_run {
                std::fs::create_dir_all(directory).map_err(cant)?;
                for (name, page) in &pages {
                    std::fs::write(directory.join(name), page).map_err(cant)?;
                }
            }
            let changed = !ctx.globals.dry_run;
            let directory = text::visible(&directory.display().to_string());
            match ctx.globals.json {
                true => ctx.ui.document(&serde_json::json!({"schema": 1, "path": directory, "changed": changed})),
                false => ctx.ui.data(&format!(
                    "{} manual pages into {directory}.\n",
                    if changed { "Wrote" } else { "Would write" }
                )),
            }
        }
        None => ctx.ui.text(&pages.first().map(|(_, page)| String::from_utf8_lossy(page)).unwrap_or_default()),
    }
}

/// The page of a command and those of its subcommands, each with its file's name.
fn below(command: &Command, above: &str, of_above: &[String], pages: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    let call = format!("{above} {}", command.get_name()).trim().to_owned();
    let examples = examples::of(command, &call, of_above);
    let man = clap_mangen::Man::new(command.clone());
    pages.push((man.get_filename(), page(&man, command, &examples)?));
    command.get_subcommands().filter(|sub| !sub.is_hide_set()).try_for_each(|sub| below(sub, &call, &examples, pages))
}

fn page(man: &clap_mangen::Man, command: &Command, examples: &[String]) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    man.render_synopsis_section(&mut out)?;
    man.render_description_section(&mut out)?;
    man.render_options_section(&mut out)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut out)?;
    }
    out.extend_from_slice(list("EXIT STATUS", &EXIT_STATUS).as_bytes());
    out.extend_from_slice(list("ENVIRONMENT", &ENVIRONMENT).as_bytes());
    if !examples.is_empty() {
        let lines: String = examples.iter().map(|line| format!("{}\n", roff(line))).collect();
        out.extend_from_slice(format!(".SH EXAMPLES\n.nf\n{lines}.fi\n").as_bytes());
    }
    Ok(out)
}

/// A section of terms, each with what it means.
fn list(title: &str, terms: &[(&str, &str)]) -> String {
    let terms = terms.iter().map(|(term, words)| format!(".TP\n\\fB{}\\fR\n{}\n", roff(term), roff(words)));
    format!(".SH \"{title}\"\n{}", terms.collect::<String>())
}

/// A line as roff takes it literally.
fn roff(line: &str) -> String {
    let line = line.replace('\\', "\\e").replace('-', "\\-");
    if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line }
}
