//! Help as people find their way by it: groups, examples, wrong words, and one word for one thing over all commands.

use std::collections::{BTreeMap, BTreeSet};

use clap::{Command, CommandFactory as _, Parser as _};
use karmada_partner::cli::{Cli, groups};
use snapbox::{assert_data_eq, str};

use crate::documented_commands::words;
use crate::env::TestEnv;

/// All commands that are shown, with their paths.
fn shown() -> Vec<(String, Command)> {
    fn below(path: &str, command: &Command, out: &mut Vec<(String, Command)>) {
        for sub in command.get_subcommands().filter(|c| !c.is_hide_set()) {
            let path = format!("{path} {}", sub.get_name()).trim().to_owned();
            out.push((path.clone(), sub.clone()));
            below(&path, sub, out);
        }
    }
    let mut out = Vec::new();
    below("", &Cli::command(), &mut out);
    out
}

#[test]
fn every_command_is_in_one_group() {
    let mut grouped: Vec<&str> = groups::GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    grouped.sort_unstable();
    let mut all: Vec<String> = shown().into_iter().map(|(path, _)| path).filter(|path| !path.contains(' ')).collect();
    all.sort_unstable();
    assert_eq!(grouped, all);
}

/// Each example is a call that is taken, of the command whose help it stands in; so are those after a pipe.
#[test]
fn every_help_has_examples_that_are_taken() {
    let env = TestEnv::new();
    for (path, _) in shown() {
        let args: Vec<&str> = ["help"].into_iter().chain(path.split(' ')).collect();
        let help = env.run_unagreed(&args).ok().stdout;
        assert_eq!(help, env.run(&[&args[1..], &["--help"]].concat()).ok().stdout, "{path}");
        let (_, after) = help.split_once("Examples:\n").unwrap_or_else(|| panic!("{path} has no examples"));
        let examples: Vec<&str> = after.lines().map_while(|line| line.strip_prefix("  ")).collect();
        assert!(examples.iter().any(|line| line.starts_with(&format!("karmada-partner {path}"))), "{path}");
        for line in examples {
            assert!(line.len() < 77, "{path}: it doesn't fit a terminal: {line}");
            let call = line.split(" # ").next().unwrap().split(" >").next().unwrap().split(" | ").next().unwrap();
            if let Err(e) = Cli::try_parse_from(words(call.trim())) {
                panic!("{path}: {call}: {e}");
            }
        }
    }
}

/// What all commands take is told in one place, and each help says where.
#[test]
fn global_options_are_told_once() {
    let env = TestEnv::new();
    assert!(env.run(&["--help"]).ok().stdout.contains("--no-input"));
    for (path, _) in shown() {
        let help = env.run(&[&path.split(' ').collect::<Vec<_>>()[..], &["--help"]].concat()).ok().stdout;
        assert!(!help.contains("--no-input") && !help.contains("--offline"), "{path}: {help}");
        assert!(help.trim_end().ends_with("see karmada-partner -h"), "{path}: {help}");
    }
}

#[test]
fn arguments_are_explained() {
    for (path, command) in shown() {
        for argument in command.get_positionals() {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.split(' ').count() > 3, "{path} {}: {help:?}", argument.get_id());
        }
    }
}

#[test]
fn wrong_words_find_right_ones() {
    let env = TestEnv::new();
    for (word, right) in [
        ("edit", "update"),
        ("remove", "exit"),
        ("delete", "exit"),
        ("leave", "exit"),
        ("vote", "review"),
        ("accept", "approve"),
        ("deny", "reject"),
        ("ls", "list"),
        ("whoami", "auth"),
        ("undo", "withdraw"),
        ("committee", "program"),
        ("queue", "status"),
    ] {
        let refused = env.run(&[word, "globex"]).fails(2);
        assert!(refused.stderr.contains(&format!("hint: karmada-partner {right} ")), "{word}: {refused}");
        assert!(!refused.stderr.contains("similar"), "{refused}");
    }
    // Who mistypes is still told by letters.
    assert!(env.run(&["aprove", "globex"]).fails(2).stderr.contains("hint: do you mean approve?"));
    // The first word that isn't there is told, whatever follows it.
    for (call, meant) in [
        (["benefits", "list"].as_slice(), "benefit"),
        (&["progam", "show"], "program"),
        (&["help", "aply"], "apply"),
        (&["help", "jobs", "ad"], "add"),
    ] {
        let refused = env.run(call).fails(2);
        assert!(refused.stderr.contains(&format!("hint: do you mean {meant}?")), "{call:?}: {refused}");
        assert!(refused.stderr.contains("hint: usage: karmada-partner "), "{call:?}: {refused}");
    }
}

/// A flag that isn't there leads to the one that does it, not to one with the same letters.
#[test]
fn words_for_flags_lead_to_the_flag() {
    let env = TestEnv::with_partner();
    for (args, right) in [
        (["exit", "acme", "--message", "x"].as_slice(), "--reason"),
        (&["reject", "acme", "--why", "x"], "--reason"),
        (&["import", "table", "t.csv", "--plan"], "--dry-run"),
        (&["jobs", "add", "acme", "--url", "x"], "--link"),
        (&["apply", "--url", "x"], "--website"),
        (&["list", "--repo", "x"], "--registry"),
        (&["update", "acme", "--force"], "--yes"),
        (&["list", "--language", "zh"], "--lang"),
    ] {
        let refused = env.run(args).fails(2);
        assert!(refused.stderr.contains(&format!("hint: do you mean {right}?")), "{args:?}: {refused}");
        assert_eq!(refused.stderr.matches("do you mean").count(), 1, "{args:?}: {refused}");
    }
    for command in ["exit", "reject", "withdraw", "record", "approve"] {
        let told = env.run(&[command, "nobody", "--note", "x", "--as", "alice"]).fails(3);
        assert!(told.stderr.contains("nobody isn't in the registry"), "{command}: {told}");
    }
}

/// A flag is called so in all commands that have it, and takes the same everywhere; old spellings are hidden, and still taken.
#[test]
fn one_word_stands_for_one_thing() {
    let mut table: BTreeMap<String, (BTreeSet<String>, Vec<String>)> = BTreeMap::new();
    let mut former = BTreeSet::new();
    for (path, command) in shown() {
        for argument in command.get_arguments().filter(|a| !a.is_hide_set()) {
            let Some(long) = argument.get_long() else { continue };
            let takes = argument.get_action().takes_values();
            let value = argument.get_value_names().filter(|_| takes).map(|names| names[0].to_string());
            let (values, paths) = table.entry(long.to_owned()).or_default();
            values.insert(value.unwrap_or_default());
            paths.push(path.clone());
            former.extend(argument.get_all_aliases().unwrap_or_default().into_iter().map(str::to_owned));
        }
    }
    let told: String = table
        .iter()
        .map(|(long, (values, paths))| {
            let values: Vec<_> = values.iter().filter(|v| !v.is_empty()).cloned().collect();
            format!("{}: {}\n", format!("--{long} {}", values.join("|")).trim(), paths.join(", "))
        })
        .collect();
    for (long, (values, _)) in &table {
        assert_eq!(values.len(), 1, "--{long} takes {values:?}");
    }
    // `--since` was a commit where it is a day elsewhere, `--head` a switch, `--description` is what `--what` was.
    let names: BTreeSet<String> = table.keys().cloned().collect();
    let both: Vec<_> = former.intersection(&names).collect();
    assert_eq!(both, ["head", "since"]);
    let commands: BTreeSet<String> = shown().into_iter().map(|(path, _)| path).collect();
    let clash: Vec<_> = names.iter().filter(|name| commands.contains(*name)).collect();
    // What a command prints or is about, as a file; and a page that is looked at, not written, as a registry is by `check`.
    assert_eq!(clash, ["check", "contacts", "evidence", "program"]);
    assert_data_eq!(
        told,
        str![[r#"
--actor LOGIN: log, check
--actor-id NUMBER: check
--add-key LOGIN=KEY: program propose
--add-member LOGIN: program propose
--add-organization ID: program propose
--affiliation TEXT: program propose
--after REV: audit
--again: publish
--alias TEXT: program propose
--all: jobs list, announce
--all-open: import issue
--allow-dirty: render website
--allow-mass N: batch, render website, publish
--allowed-signers FILE: program keys
--anchor FILE: audit
--authenticity FINDING: review
--base REV: check
--branch BRANCH: update, withdraw, evidence, review, approve, reject, exit, show
--by WHAT: benefit list
--certified NUMBER: apply, update, import issue
--check: render website
--closes DATE: jobs add
--commits: log
--contact LOGIN: import
--contacts FILE: import
--continue: batch
--criterion NAME=ANSWER: benefit add
--deep: audit
--description TEXT: apply, update, benefit add, import issue
--description-zh TEXT: apply, update, import issue
--domain DOMAIN: program propose
--due DAYS: list
--effective DATE: exit
--email MAILBOX: apply, update, import issue
--event EVENT: log
--evidence FILE: review
--for WHAT: contacts
--format FORMAT: contacts, log
--former-name NAME: apply, update, import issue
--from FILE: apply, update
--full: audit
--github LOGIN: apply, update, import issue
--github-ci: init
--head REV: check
--head-only: audit
--hours WORD: apply, update, import issue
--instead: update, exit, clear, import, program propose
--interest STAKE: review, approve, reject, exit, record
--keep-metadata: apply, update, import issue
--kind KIND: exit, benefit add
--language WORD: apply, update, import issue
--link URL: benefit add, jobs add
--logo PATH|URL: apply, update, import issue
--memory FILE: links
--merge FILE: links
--merged-into SLUG: exit
--name TEXT: apply, update, import issue, program propose
--name-zh NAME: apply, update, import issue
--no-cache: check
--no-signatures: audit
--number NUMBER: import issue
--office PLACE: apply, update, import issue
--on DATE: benefit add
--out DIR: render website, render directory
--parent NAME: apply, update, import issue
--place TEXT: jobs add
--program FILE: init
--proposal WHICH: withdraw, evidence, review, reject
--pull-request NUMBER: update, withdraw, evidence, review, approve, reject, exit, show, check, announce
--reason TEXT: withdraw, review, approve, reject, exit, clear, record, program propose, program edit
--region WORD: apply, update, import issue
--relevance FINDING: review
--remove-key KEY: program propose
--report FILE: links
--repository WHERE: publish
--response WORD: apply, update, import issue
--retire LOGIN: program propose
--role ROLE: program propose
--seen-by LOGIN: evidence
--service WORD: apply, update, import issue
--shard I/N: links
--since DATE: log, import
--slug SLUG: apply, import issue
--sort BY: list
--stage STAGE: benefit add
--state STATE: list
--story URL: apply, update, import issue
--svg FILE: stats
--template: apply, init
--threads N: batch
--title TEXT: jobs add
--toml: program show
--unattended: publish
--until DATE: log
--url FINDING: review
--vote VOTE: review
--website URL: apply, update, import issue
--write-anchor FILE: audit

"#]]
    );
}

/// What had another name is still taken by it, and shown nowhere.
#[test]
fn old_spellings_are_taken() {
    let env = TestEnv::with_applicant();
    for call in [
        "approve acme --note x",
        "review acme --vote approve --note x",
        "clear acme --note x",
        "program propose f --note x",
        "program edit --note x",
        "benefit add acme --kind exposure --what x",
        "audit --since main",
        "audit --head",
        "batch f --plan --jobs 2",
        "check --links --shard 1/2 --memory f --report g",
        "keys --allowed-signers -",
        "auth status",
        "list --proposals",
    ] {
        if let Err(e) = Cli::try_parse_from(words(&format!("karmada-partner {call}"))) {
            panic!("{call}: {e}");
        }
    }
    assert_eq!(env.run(&["list", "--proposals"]).ok().stdout, env.run(&["status"]).ok().stdout);
    assert_eq!(env.run(&["keys", "--json"]).ok().stdout, env.run(&["program", "keys", "--json"]).ok().stdout);
    for (path, _) in shown() {
        let help = env.run(&[&path.split(' ').collect::<Vec<_>>()[..], &["--help"]].concat()).ok().stdout;
        for gone in ["--note", "--what", "--plan", "--links", "--proposals"] {
            assert!(!help.contains(&format!("{gone} ")) && !help.contains(&format!("{gone}\n")), "{path} {gone}");
        }
    }
}
