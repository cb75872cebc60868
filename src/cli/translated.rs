//! A command's help in Chinese. Clap has its own words in its layout, and breaks lines at spaces only; so the page is made here.

use clap::builder::StyledStr;
use clap::{Arg, Command};

use super::layout::{entry, filled, heading, said};
use crate::commands::examples;

/// The commands all of whose words are there in Chinese: nobody is to read half of each. What others do goes where anybody reads
/// it, or is for who keeps a registry.
pub const IN_CHINESE: [&str; 19] = [
    "apply", "status", "update", "withdraw", "review", "approve", "reject", "exit", "renew", "jobs", "show", "list",
    "auth", "clear", "benefit", "record", "log", "program", "doctor",
];

/// Whether a command is there in Chinese.
pub(super) fn speaks_chinese(command: &str) -> bool {
    IN_CHINESE.contains(&command)
}

/// A command with its help, and its subcommands with theirs. `built` is the same one as clap completes it.
pub(super) fn helped(command: Command, built: &mut Command, call: &str, of_above: &[String], width: usize) -> Command {
    let name = command.get_name().to_owned();
    let call = format!("{call} {name}");
    let examples = examples::of(&command, &call, of_above);
    let command = command.override_help(page(built, &examples, width));
    command.mut_subcommands(|below| match built.find_subcommand_mut(below.get_name()) {
        Some(built) => helped(below, built, &call, &examples, width),
        None => below,
    })
}

fn page(command: &mut Command, examples: &[String], width: usize) -> StyledStr {
    let mut out = String::new();
    let about = command.get_long_about().or_else(|| command.get_about()).map(ToString::to_string);
    for paragraph in about.unwrap_or_default().split("\n\n") {
        out += &format!("{}\n\n", filled(said(paragraph), "", "", width));
    }
    let usage = command.render_usage().to_string();
    out += &format!("{}{}\n", heading(tr!("Usage:")), usage.trim_start_matches("Usage: "));
    let below: String = command
        .get_subcommands()
        .filter(|c| !c.is_hide_set() && c.get_name() != "help")
        .map(|c| entry(c.get_name(), 11, said(&c.get_about().map(ToString::to_string).unwrap_or_default()), width))
        .collect();
    let shown = || command.get_arguments().filter(|a| !a.is_hide_set() && !a.is_global_set() && a.get_id() != "help");
    let of = |positional: bool| -> String {
        shown().filter(|a| a.is_positional() == positional).map(|argument| explained(argument, width)).collect()
    };
    let options = of(false) + &option("-h, --help", tr!("Print help"), width);
    let examples: String = examples.iter().map(|line| example(line)).collect();
    for (head, entries) in [
        (tr!("Commands:"), below),
        (tr!("Arguments:"), of(true)),
        (tr!("Options:"), options),
        (tr!("Examples:"), examples),
    ] {
        if !entries.is_empty() {
            out += &format!("\n{}\n{entries}", heading(head));
        }
    }
    let further = tr!("Also --registry, --as, --json, --yes, --dry-run and more: see karmada-partner -h");
    out += &format!("\n{}", filled(further, "", "", width));
    out.into()
}

/// An argument, and below it what it is and takes.
fn explained(argument: &Arg, width: usize) -> String {
    let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let mut words = said(&help).to_owned();
    if argument.get_action().takes_values() {
        let list = |values: Vec<String>| values.join(tr!("in a list" => ", "));
        let default: Vec<String> =
            argument.get_default_values().iter().map(|v| v.to_string_lossy().into_owned()).collect();
        let possible = argument.get_possible_values();
        let possible: Vec<String> =
            possible.iter().filter(|v| !v.is_hide_set()).map(|v| v.get_name().to_owned()).collect();
        if !default.is_empty() {
            words += &format!(" {}", tr!("[default: {values}]", values = list(default)));
        }
        if !possible.is_empty() {
            words += &format!(" {}", tr!("[possible values: {values}]", values = list(possible)));
        }
    }
    let short = argument.get_short().map_or_else(String::new, |short| format!("-{short}, "));
    option(&format!("{short}{argument}"), &words, width)
}

fn option(name: &str, words: &str, width: usize) -> String {
    let indent = " ".repeat(10);
    format!("  {name}\n{}\n", filled(words, &indent, &indent, width))
}

/// A line of a shell, its comment in Chinese.
fn example(line: &str) -> String {
    match line.split_once("  # ") {
        Some((call, comment)) => format!("  {call}  # {}\n", said(comment)),
        None => format!("  {line}\n"),
    }
}
