//! Wherever our words name a command, in a message, a hint or a template, it is one that the command line takes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory as _};
use karmada_partner::cli::Cli;
use proc_macro2::{TokenStream, TokenTree};

/// What follows on the program's name where it does something, or is something's, in a sentence.
const PROSE: [&str; 9] = ["didn't", "from", "on", "onto", "the", "wrote", "writes", "links", "help"];

/// What follows on each mention of the program in a text.
fn mentions(text: &str) -> impl Iterator<Item = &str> {
    let begins = |rest: &&str| rest.starts_with(|c: char| c.is_ascii_lowercase());
    text.split("karmada-partner ").skip(1).filter(begins)
}

/// All texts within code: string literals, and what documents it, which is help.
fn texts(code: TokenStream, out: &mut Vec<String>) {
    for token in code {
        match token {
            TokenTree::Group(group) => texts(group.stream(), out),
            TokenTree::Literal(literal) => {
                let parsed = syn::parse_str::<syn::Lit>(&literal.to_string());
                if let Ok(syn::Lit::Str(text)) = parsed {
                    out.push(text.value());
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

/// A word that stands for what somebody puts there.
fn is_placeholder(word: &str) -> bool {
    word.starts_with('{') || (word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase() || c == '-'))
}

/// What is wrong with a mention, read by the grammar as far as it is a command.
fn fault(root: &Command, mention: &str) -> Option<String> {
    let ends = |c: char| {
        matches!(c, '\n' | ';' | ':' | '`' | '(' | ')' | '"' | '；' | '：' | '（' | '）' | '，' | '、' | '。' | '”')
    };
    let line = mention.split(ends).next().unwrap_or_default();
    let mut words =
        line.split(' ').map(|word| word.trim_end_matches(['.', ',', '\''])).filter(|w| !w.is_empty()).peekable();
    let first = *words.peek()?;
    if PROSE.contains(&first) {
        return None;
    }
    let mut command = root;
    while let Some(below) = words.peek().and_then(|word| command.find_subcommand(word)) {
        if below.is_hide_set() {
            return Some(format!("{} is a former name", below.get_name()));
        }
        command = below;
        words.next();
        if line.split(' ').any(|word| word.trim_end_matches(',') == below.get_name() && word.ends_with(',')) {
            break;
        }
    }
    if command.is_subcommand_required_set() {
        return Some(format!("{} needs a subcommand", command.get_name()));
    }
    let mut places = command.get_positionals().count();
    while let Some(word) = words.next() {
        if let Some(flag) = word.strip_prefix("--") {
            let known =
                |c: &Command| c.get_arguments().find(|a| a.get_long() == Some(flag) && !a.is_hide_set()).cloned();
            let Some(flag) = known(command).or_else(|| known(root)) else {
                return Some(format!("{} has no flag --{flag}", command.get_name()));
            };
            if flag.get_action().takes_values() {
                words.next();
            }
        } else if is_placeholder(word) {
            if places == 0 {
                return Some(format!("{} takes no {word}", command.get_name()));
            }
            places -= 1;
        } else {
            break;
        }
    }
    None
}

fn files(directory: &Path, out: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(directory).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => files(&entry.path(), out),
            false => out.push(entry.path()),
        }
    }
}

#[test]
fn every_command_that_is_named_is_one() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut root = Cli::command();
    root.build();
    let (mut wrong, mut named) = (BTreeSet::new(), 0);
    let mut all = Vec::new();
    files(&home.join("src"), &mut all);
    files(&home.join("templates"), &mut all);
    files(&home.join(".github"), &mut all);
    all.extend(crate::documented_commands::pages());
    for path in all {
        let Ok(content) = fs::read_to_string(&path) else { continue };
        let mut found = vec![content];
        if path.extension().is_some_and(|kind| kind == "rs") {
            let code = found.remove(0).parse().unwrap();
            texts(code, &mut found);
        }
        if path.ends_with("words.zh.toml") {
            let words: std::collections::BTreeMap<String, String> = toml::from_str(&found.remove(0)).unwrap();
            found.extend(words.into_iter().flat_map(|(english, chinese)| [english, chinese]));
        }
        for mention in found.iter().flat_map(|text| mentions(text)) {
            named += 1;
            let shown = path.strip_prefix(home).unwrap().display();
            wrong.extend(
                fault(&root, mention).map(|why| {
                    format!("{shown}: {why}: karmada-partner {}", mention.lines().next().unwrap_or_default())
                }),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
    assert!(named > 100, "{named}");
}

#[test]
fn what_is_no_command_is_found() {
    let mut root = Cli::command();
    root.build();
    for wrong in [
        "jobs SLUG",
        "jobs {slug}",
        "frobnicate acme",
        "show {slug} --nope",
        "audit SLUG",
        "benefit",
        "keys",
        "check --links",
    ] {
        assert!(fault(&root, wrong).is_some(), "{wrong}");
    }
    for right in ["jobs add SLUG", "show {slug} tells more", "apply and approve", "links --report x", "audit tells all"]
    {
        assert_eq!(fault(&root, right), None, "{right}");
    }
}
