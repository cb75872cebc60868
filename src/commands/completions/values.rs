//! What the registry has to offer for arguments, as far as it is on this machine.

use std::collections::BTreeSet;
use std::ffi::OsString;

use clap::{Arg, Command};
use clap_complete::{ArgValueCandidates, CompletionCandidate};

use crate::config::Environment;
use crate::domain::record::terms::Term;
use crate::domain::{Field, Slug};
use crate::error::Result;
use crate::forge::Forge as _;
use crate::registry::{Snapshot, slug_of};
use crate::session::{Context, Globals};

/// What a registry has.
#[derive(Debug, Clone, Copy)]
enum Offer {
    Partners,
    /// Whom something is proposed about.
    Proposed,
    Branches,
    Members,
    /// Words of the program's.
    Terms(Field),
    Documents,
}

/// Commands that are about what is proposed, and nothing else.
const ABOUT_PROPOSALS: [&str; 4] = ["review", "approve", "reject", "withdraw"];

/// The command line with what the registry has to offer for each argument.
pub(super) fn offered(root: Command, words: &[OsString], environment: &Environment) -> Command {
    let name = root.get_name().to_owned();
    let command = root.mut_args(|argument| match offer(&name, &argument) {
        Some(offer) => {
            let (words, environment) = (words.to_owned(), environment.clone());
            argument.add(ArgValueCandidates::new(move || candidates(offer, &words, &environment)))
        }
        None => argument,
    });
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, |c| offered(c, words, environment)))
}

fn offer(command: &str, argument: &Arg) -> Option<Offer> {
    Some(match argument.get_id().as_str() {
        // Who applies has no name there yet.
        "slug" if argument.is_positional() && ABOUT_PROPOSALS.contains(&command) => Offer::Proposed,
        "slug" if argument.is_positional() => Offer::Partners,
        "merged_into" => Offer::Partners,
        "branch" => Offer::Branches,
        "acting" | "retire" | "seen_by" | "actor" => Offer::Members,
        "name" if command == "schema" => Offer::Documents,
        id => Offer::Terms(id.parse().ok().filter(|field: &Field| field.is_of_terms())?),
    })
}

/// What can't be read is offered as nothing: a line that is typed has no place for errors.
fn candidates(offer: Offer, words: &[OsString], environment: &Environment) -> Vec<CompletionCandidate> {
    if matches!(offer, Offer::Documents) {
        return crate::commands::schema::names().map(CompletionCandidate::new).collect();
    }
    let found = context_of(words, environment).and_then(|ctx| of_registry(offer, &ctx));
    found.unwrap_or_default().into_iter().map(CompletionCandidate::new).collect()
}

/// What can be told for a line without asking the network or anybody.
pub(crate) fn context_of(words: &[OsString], environment: &Environment) -> Result<Context> {
    let registry = named(words);
    let globals = Globals { registry, offline: true, quiet: true, no_input: true, ..Globals::default() };
    Context::new(globals, environment.clone())
}

/// The registry that the line names so far.
fn named(words: &[OsString]) -> Option<String> {
    let mut words = words.iter().filter_map(|word| word.to_str());
    while let Some(word) = words.next() {
        match word.strip_prefix("--registry") {
            Some("") => return words.next().map(str::to_owned),
            Some(value) => return value.strip_prefix('=').map(str::to_owned),
            None => {}
        }
    }
    None
}

fn of_registry(offer: Offer, ctx: &Context) -> Result<BTreeSet<String>> {
    let forge = ctx.at_hand()?;
    let snapshot = Snapshot::new(forge.repo(), forge.heads()?, ctx.now)?;
    let branches = || snapshot.heads.proposals.all().into_iter().map(|(branch, _)| branch);
    let proposed = || branches().filter_map(slug_of).map(|slug: Slug| slug.to_string());
    let ids = |terms: &[Term]| terms.iter().map(|term| term.id.to_string()).collect();
    Ok(match offer {
        Offer::Partners => {
            let landed = snapshot.directories()?.into_iter().map(|entry| entry.name);
            landed.chain(proposed()).filter(|name| name != Slug::program().as_str()).collect()
        }
        Offer::Proposed => proposed().collect(),
        Offer::Branches => branches().filter(|branch| slug_of(branch).is_some()).map(str::to_owned).collect(),
        Offer::Members => snapshot.program()?.committee.iter().map(|member| member.github.to_string()).collect(),
        Offer::Terms(field) => ids(snapshot.program()?.vocabulary.of(field).unwrap_or_default()),
        Offer::Documents => BTreeSet::new(),
    })
}
