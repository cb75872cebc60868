//! The command line: one enum, one flat match.

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::commands::{self, Call, Runner};
use crate::error::Result;
use crate::session::{Context, Globals};

/// Run Karmada's Commercial Support Program as an audit trail in git
#[derive(Debug, Parser)]
#[command(
    name = "karmada-partner",
    version,
    propagate_version = false,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub globals: Globals,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands, in the order of a partner's life.
#[derive(Debug, Subcommand)]
#[expect(missing_docs, reason = "each is documented where its flags are")]
pub enum Command {
    Apply(Box<commands::apply::Args>),
    Status(commands::status::Args),
    Update(Box<commands::update::Args>),
    Withdraw(commands::withdraw::Args),
    Evidence(commands::evidence::Args),
    Review(commands::review::Args),
    Approve(commands::approve::Args),
    Reject(commands::reject::Args),
    Exit(commands::exit::Args),
    Record(commands::record::Args),
    Benefit(commands::benefit::Args),
    Jobs(commands::jobs::Args),
    Renew(commands::renew::Args),
    Batch(commands::batch::Args),
    List(commands::list::Args),
    Show(commands::show::Args),
    Contacts(commands::contacts::Args),
    Stats(commands::stats::Args),
    Log(commands::log::Args),
    Check(commands::check::Args),
    Render(commands::render::Args),
    Publish(commands::publish::Args),
    Import(commands::import::Args),
    Audit(commands::audit::Args),
    Program(commands::program::Args),
    Keys(commands::keys::Args),
    Init(commands::init::Args),
    Auth(commands::auth::Args),
    Completions(commands::completions::Args),
    Man(commands::man::Args),
}

/// This command line, for the commands that describe or run others.
const RUNNER: Runner = Runner {
    grammar: Cli::command,
    read: |matches| {
        let Cli { globals, command } = Cli::from_arg_matches(matches)?;
        Ok(Call { globals, run: Box::new(|ctx| run(ctx, command)) })
    },
};

/// Runs a command. Gives the exit code of one that ran to its end.
pub fn run(ctx: &Context, command: Command) -> Result<u8> {
    match command {
        Command::Apply(args) => commands::apply::run(ctx, *args)?,
        Command::Status(args) => commands::status::run(ctx, &args)?,
        Command::Update(args) => commands::update::run(ctx, *args)?,
        Command::Withdraw(args) => commands::withdraw::run(ctx, &args)?,
        Command::Evidence(args) => commands::evidence::run(ctx, &args)?,
        Command::Review(args) => commands::review::run(ctx, &args)?,
        Command::Approve(args) => commands::approve::run(ctx, &args)?,
        Command::Reject(args) => commands::reject::run(ctx, &args)?,
        Command::Exit(args) => commands::exit::run(ctx, &args)?,
        Command::Record(args) => commands::record::run(ctx, &args)?,
        Command::Benefit(args) => commands::benefit::run(ctx, &args)?,
        Command::Jobs(args) => commands::jobs::run(ctx, &args)?,
        Command::Renew(args) => commands::renew::run(ctx, &args)?,
        Command::Batch(args) => return commands::batch::run(ctx, &args, RUNNER).map(|well| u8::from(!well)),
        Command::List(args) => commands::list::run(ctx, &args)?,
        Command::Contacts(args) => commands::contacts::run(ctx, &args)?,
        Command::Stats(args) => commands::stats::run(ctx, &args)?,
        Command::Show(args) => commands::show::run(ctx, &args)?,
        Command::Log(args) => commands::log::run(ctx, &args)?,
        Command::Check(args) => return commands::check::run(ctx, &args).map(|sound| u8::from(!sound)),
        Command::Render(args) => return commands::render::run(ctx, &args).map(|same| u8::from(!same)),
        Command::Publish(args) => commands::publish::run(ctx, &args)?,
        Command::Import(args) => commands::import::run(ctx, &args)?,
        Command::Audit(args) => return commands::audit::run(ctx, &args).map(|sound| u8::from(!sound)),
        Command::Program(args) => commands::program::run(ctx, &args)?,
        Command::Keys(args) => commands::keys::run(ctx, &args)?,
        Command::Auth(args) => commands::auth::run(ctx, &args)?,
        Command::Init(args) => commands::init::run(ctx, &args)?,
        Command::Completions(args) => commands::completions::run(ctx, &args, RUNNER)?,
        Command::Man(args) => commands::man::run(ctx, &args, RUNNER)?,
    }
    Ok(0)
}
