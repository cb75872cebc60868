//! `program`: the program in words, and changing it.

mod amend;
mod edit;
pub(crate) mod keys;
mod propose;

use serde_json::json;

use crate::domain::program::{Decision, Role};
use crate::domain::record::terms::Term;
use crate::domain::{Field, Program};
use crate::error::Result;
use crate::language;
use crate::session::Context;
use crate::workflow::lookup::look;

/// Tell what the program is: scope, principles, privileges, exit, whom to ask
///
/// The policy is changed like everything else: propose it (program edit, or program propose), then review program, and approve
/// program. A change that was wrong is mended by another.
#[derive(Debug, clap::Args)]
#[command(subcommand_negates_reqs = true, args_conflicts_with_subcommands = true)]
#[command(after_help = "Examples:
  karmada-partner program  # what the program is
  karmada-partner program edit --reason \"a quorum of three\"
  karmada-partner program propose --add-member zoe --affiliation Hooli
  karmada-partner program show --toml > program.toml
  karmada-partner program keys")]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Propose(Box<propose::Args>),
    Edit(edit::Args),
    Show(Show),
    Keys(keys::Args),
}

/// Tell what the program is; with --toml its file
#[derive(Debug, clap::Args)]
struct Show {
    /// Print program.toml as it is in force, to be changed and proposed
    #[arg(long)]
    toml: bool,
}

/// The three principles, each with what documents call it. They are fixed: reviews answer them one by one.
fn principles() -> [(&'static str, &'static str); 3] {
    [
        ("authenticity", tr!("Enterprise and organization authenticity")),
        ("url", tr!("Relevance of the provided URL to the enterprise")),
        ("relevance", tr!("Relevance to Karmada commercial support")),
    ]
}

pub(crate) fn run(ctx: &Context, args: &Args) -> Result<()> {
    let toml = match &args.command {
        Some(Command::Propose(args)) => return propose::run(ctx, args),
        Some(Command::Edit(args)) => return edit::run(ctx, args),
        Some(Command::Keys(args)) => return keys::run(ctx, args),
        Some(Command::Show(show)) => show.toml,
        None => false,
    };
    let forge = ctx.open()?;
    let snapshot = look(ctx, &*forge)?;
    if toml {
        return ctx.ui.text(&String::from_utf8_lossy(&snapshot.last_decided_bytes()?));
    }
    let program = snapshot.program()?;
    if let Err(e) = snapshot.decided_program() {
        ctx.ui.warn_of(&e);
    }
    if ctx.globals.json {
        let decisions: serde_json::Map<String, serde_json::Value> =
            Decision::ALL.iter().map(|d| (d.word().to_owned(), json!(program.rule(*d)))).collect();
        let principles: Vec<_> = principles().iter().map(|(key, words)| json!({"key": key, "text": words})).collect();
        return ctx.ui.document(&json!({
            "schema": 1, "program": program, "decisions": decisions, "principles": principles,
        }));
    }
    ctx.page(&words(&program))
}

fn words(program: &Program) -> String {
    let mut out = format!("{}\n", program.name_in(language::is_chinese()));
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            out += &format!("\n{title}\n");
            out.extend(lines.iter().map(|l| format!("  {l}\n")));
        }
    };
    let list = |items: &[crate::domain::Line]| items.iter().map(|i| format!("- {i}")).collect::<Vec<_>>();
    section(tr!("What it is"), program.definition.iter().map(ToString::to_string).collect());
    section(tr!("Scope"), program.scope.iter().map(ToString::to_string).collect());
    section(tr!("Principles of the review"), principles().iter().map(|(_, words)| format!("- {words}")).collect());
    section(tr!("What partners receive"), list(&program.privileges));
    let exit = tr!("The committee may end a partnership with a reason; a partner may leave at any time.").to_owned();
    section(tr!("Exit"), vec![program.exit.as_ref().map_or(exit, ToString::to_string)]);
    let decisions = Decision::ALL.iter().map(|d| {
        let rule = program.rule(*d);
        let words = tr!(
            "{decision}: {quorum} in favor, {threshold} of those for and against, from 1 affiliation; an objection {objection}"
                | "{decision}: {quorum} in favor, {threshold} of those for and against, from {n} affiliations; an objection {objection}"
                % rule.affiliations,
            decision = d.matter(),
            quorum = rule.quorum,
            threshold = rule.threshold,
            objection = rule.objection.told()
        );
        format!("- {words}")
    });
    section(tr!("What a decision takes"), decisions.collect());
    let members = program.committee.iter().map(|m| match m.role {
        Role::Member => format!("- {}", tr!("{who} ({affiliation})", who = m.github, affiliation = m.affiliation)),
        role => {
            let (affiliation, role) = (&m.affiliation, role.told());
            format!("- {}", tr!("{who} ({affiliation}), {role}", who = m.github, affiliation, role))
        }
    });
    section(tr!("Committee"), members.collect());
    let terms = &program.vocabulary;
    let words = Field::ALL.iter().filter_map(|field| Some((field, terms.of(*field)?)));
    let words = words.map(|(what, terms)| {
        let known = |t: &Term| tr!("{term} ({label})", term = t.id, label = t.label());
        let terms: Vec<_> = terms.iter().map(known).collect();
        let terms = terms.join(tr!("in a list" => ", "));
        format!("- {}", tr!("{what}: {terms}", what = what.told(), terms))
    });
    section(tr!("Words by which partners are found"), words.collect());
    section(tr!("Contact"), list(&program.contact));
    out
}
