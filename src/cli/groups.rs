//! The commands grouped by who runs them, as the help of the whole program shows them.

use clap::builder::StyledStr;
use clap::{Arg, Command};

use super::layout::{entry, filled, heading, said};
use super::translated;
use crate::commands::examples;
use crate::language;

/// A heading that says who somebody is, and the commands that are theirs.
type Group = (fn() -> &'static str, &'static [&'static str]);

/// Who somebody is, and the commands that are theirs, in the order in which they come up.
pub const GROUPS: [Group; 5] = [
    (|| tr!("An organization:"), &["apply", "status", "update", "withdraw", "jobs", "renew", "exit", "clear"]),
    (|| tr!("The committee:"), &["review", "evidence", "approve", "reject", "benefit", "record", "program"]),
    (|| tr!("Everybody:"), &["list", "show", "log", "stats", "auth", "doctor"]),
    (
        || tr!("A registry's keeper:"),
        &["init", "check", "audit", "links", "publish", "render", "import", "contacts", "announce", "remind"],
    ),
    (|| tr!("Scripts:"), &["batch", "schema", "completions", "man"]),
];

/// What a command's help shows of what all commands take.
const FURTHER: &str = "Also --registry, --as, --json, --yes, --dry-run and more: see karmada-partner -h";

/// The command line with its help as people read it: the commands in groups, and the global options in one place.
pub(super) fn grouped(mut root: Command, width: usize) -> Command {
    let help = overview(&root, width);
    let paths: Vec<String> = root.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    let mut built = root.clone();
    if language::is_chinese() {
        // Only then it knows each call's usage.
        built.build();
    }
    for name in paths {
        let built =
            built.find_subcommand_mut(&name).filter(|_| language::is_chinese() && translated::speaks_chinese(&name));
        root = root.mut_subcommand(name, |command| match built {
            Some(built) => translated::helped(command, built, "karmada-partner", &[], width),
            None => with_examples(command, "karmada-partner", &[]),
        });
    }
    // They are told once, at the top.
    let hidden = |a: Arg| if a.is_global_set() { a.hide_short_help(true).hide_long_help(true) } else { a };
    root.mut_args(hidden).override_help(help)
}

/// A command's examples, and its subcommands', under a heading as clap's own are; and where the global options are told.
fn with_examples(mut command: Command, call: &str, of_above: &[String]) -> Command {
    let call = format!("{call} {}", command.get_name());
    let examples = examples::of(&command, &call, of_above);
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(name, |below| with_examples(below, &call, &examples));
    }
    let mut out = String::new();
    if !examples.is_empty() {
        let lines: String = examples.iter().map(|line| format!("  {line}\n")).collect();
        out += &format!("{}\n{lines}\n", heading("Examples:"));
    }
    command.after_help(StyledStr::from(out + FURTHER))
}

/// The help of the whole program.
fn overview(root: &Command, width: usize) -> StyledStr {
    let about = |c: &Command| said(&c.get_about().map(ToString::to_string).unwrap_or_default()).to_owned();
    let mut out = format!("{}\n\n", filled(&about(root), "", "", width));
    let usage = "karmada-partner [OPTIONS] COMMAND";
    let gap = if language::is_chinese() { "" } else { " " };
    out += &format!("{}{gap}{usage}\n", heading(tr!("Usage:")));
    let commands = || root.get_subcommands();
    for (who, names) in GROUPS {
        out += &format!("\n{}\n", heading(who()));
        for command in names.iter().filter_map(|name| commands().find(|c| c.get_name() == *name)) {
            out += &entry(command.get_name(), 11, &about(command), width);
        }
    }
    out += &format!("\n{}\n", heading(tr!("Global options:")));
    for argument in root.get_arguments().filter(|a| !a.is_hide_set()) {
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        out += &entry(&spelled(argument), 18, said(&help), width);
    }
    out += &entry("-h, --help", 18, tr!("Print help, or COMMAND's"), width);
    out += &entry("-V, --version", 18, tr!("Print version"), width);
    let more = tr!("karmada-partner help COMMAND tells more, with examples.");
    out += &format!("\n{}", filled(more, "", "", width));
    out.into()
}

/// A flag as it is typed.
fn spelled(argument: &Arg) -> String {
    let long = argument.get_long().map(|long| format!("--{long}")).unwrap_or_default();
    let value = argument.get_value_names().filter(|_| argument.get_action().takes_values());
    let value = value.and_then(<[_]>::first).map(|name| format!(" {name}")).unwrap_or_default();
    let short = argument.get_short().map_or_else(String::new, |short| format!("-{short}, "));
    format!("{short}{long}{value}")
}
