//! `init`: make a registry.

mod checkout;

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::config::Location;
use crate::domain::paths::PROGRAM;
use crate::domain::values::Invalid;
use crate::domain::{Event, Login, Program, shell, text};
use crate::error::{Error, Result};
use crate::forge::Forge as _;
use crate::forge::git::GitForge;
use crate::git::{Put, Repo};
use crate::prompt::Question;
use crate::registry::change::{Change, Target};
use crate::registry::founding::{create, found, founding, sandbox_program};
use crate::session::Context;
use crate::session::publish::{self, Plan, Publication};
use crate::workflow::github_ci;
use crate::workflow::lookup;
use crate::workflow::member_accounts::MemberAccounts;
use crate::workflow::own_files;

/// Make a registry: a bare git repository with a program in it
///
/// Without --program, you alone are its committee: good for trying things out. A registry that is there gets what it
/// lacks: its founding event, and with --github-ci the checks. A repository of something else, such as the website that
/// shows the partners, becomes a registry by --program: one commit on its default branch, which leaves all else as it is.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner init --template > program.toml  # a policy to fill in
  karmada-partner init partners.git --program program.toml
  karmada-partner init partners.git --program program.toml --github-ci
  karmada-partner init . --github-ci  # in a clone: this version's workflows
  karmada-partner init website.git --program program.toml  # beside a website")]
pub struct Args {
    /// Where to make it: where nothing is yet, or in a bare git repository
    #[arg(required_unless_present = "template")]
    path: Option<PathBuf>,
    /// Print a commented file for --program, and stop
    #[arg(long, conflicts_with_all = ["path", "program", "github_ci"])]
    template: bool,
    /// The program: committee, rules, limits
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// Bring along what GitHub Actions needs to check proposals, and daily the websites; into a registry that is there, too: in a
    /// clone its files are written, for you to commit
    #[arg(long)]
    github_ci: bool,
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let Some(path) = args.path.as_deref().filter(|_| !args.template) else {
        let you = known(ctx, None)?.unwrap_or_else(|| ctx.sandbox_login());
        return ctx.ui.text(&include_str!("../../templates/program.toml").replace("{{you}}", you.as_str()));
    };
    refuse_address(ctx, path)?;
    let (you, is_guessed) = founder(ctx, path)?;
    let program = match &args.program {
        Some(path) => {
            let bytes = own_files::document(ctx, path, "--program")?;
            Program::parse_strictly(&bytes).map_err(|faults| Error::document(&path.display().to_string(), &faults))?;
            String::from_utf8(bytes).map_err(|_| Error::usage(format!("{} isn't UTF-8", path.display())))?
        }
        None => sandbox_program(&you),
    };
    let parsed = Program::parse_strictly(program.as_bytes()).map_err(|faults| Error::document(PROGRAM, &faults))?;
    let program = if args.github_ci && args.program.is_some() { with_accounts(ctx, program, &parsed) } else { program };
    for why in parsed.unreachable() {
        ctx.ui.warn(&format!("{why}: it could never be carried"));
    }
    let shown = text::visible(&path.display().to_string());
    // Whether it is governed by the program given here, and not by one that it had.
    let (words, made, as_given) = match already(ctx, path)? {
        There::Nothing | There::Empty(_) if ctx.globals.dry_run => {
            return match ctx.globals.json {
                true => ctx.ui.document(&json!({"schema": 1, "dry_run": true, "path": shown})),
                false => ctx.ui.data(&format!("Would make a registry at {shown}.\nDry run: nothing was changed.\n")),
            };
        }
        there @ (There::Nothing | There::Empty(_)) => {
            ctx.refuse_the_future(|| crate::registry::newest::Newest::Founding)?;
            let besides = if args.github_ci { github_ci::files(&parsed) } else { Vec::new() };
            let sign = |repo: &Repo, event: &mut Event| {
                ctx.pen.begin();
                ctx.sign_founding(repo, &parsed, event)
            };
            let author = |repo: &Repo| ctx.author_in(repo, || None, &you);
            match &there {
                There::Empty(forge) => found(forge.repo(), &program, &you, ctx.now, &besides, (&author, &sign))?,
                _ => create(path, &program, &you, ctx.now, &besides, (&author, &sign))?,
            }
            ("Made a registry at", true, true)
        }
        There::Repository if args.program.is_none() => {
            return Err(Error::refused(format!("{shown} is a repository of something else"))
                .hint("give --program FILE to make it a registry, too; karmada-partner init --template prints one")
                .hint("or name a path where nothing is yet"));
        }
        There::Repository => match add_missing(ctx, path, &you, Some(&program), args.github_ci)? {
            true => ("Made a registry in the repository at", true, true),
            // The plan was told.
            false => return Ok(()),
        },
        There::Registry { program: other, founded } => {
            let lacks = args.github_ci || !founded;
            let is_as_given = other == program;
            if !is_as_given && (args.program.is_some() || !lacks) {
                return Err(Error::refused(format!("{shown} is a registry already, with another program"))
                    .hint("choose another path"));
            }
            if founded
                && args.github_ci
                && let Some(tree) = checkout::at(path)
            {
                return checkout::bring_up_to_date(ctx, &tree, &other);
            }
            match lacks && add_missing(ctx, path, &you, None, args.github_ci)? {
                true => ("Added what was missing to the registry at", true, false),
                // The plan was told.
                false if ctx.globals.dry_run && lacks => return Ok(()),
                false => ("There is already such a registry at", false, is_as_given),
            }
        }
    };
    if made && is_guessed {
        ctx.ui.warn(&format!(
            "it isn't known who you are: on record stands {you}, as this machine calls you; --as LOGIN says it, or github.user \
             in git's configuration"
        ));
    }
    if ctx.globals.json {
        return ctx.ui.document(&json!({"schema": 1, "path": shown, "changed": made}));
    }
    ctx.ui.data(&format!("{words} {shown}.\n"))?;
    if args.program.is_none() && as_given {
        ctx.ui.say(&format!("Its committee: {you} alone. For a real one, give --program FILE."));
    }
    ctx.ui.hint(&format!("use it with --registry {}, or set KARMADA_PARTNER_REGISTRY", shell::path(path)));
    if args.github_ci && made {
        ctx.ui.hint(&github_ci::left_to_say());
    }
    Ok(())
}

/// Who acts, as anything says that a person has set: as everywhere, git's `github.user` comes last.
fn known(ctx: &Context, path: Option<&Path>) -> Result<Option<Login>> {
    if let Some(actor) = ctx.known_actor() {
        return Ok(Some(actor));
    }
    let set = match path.and_then(|path| GitForge::at(path).ok()) {
        Some(forge) => forge.repo().user()?.2,
        None => crate::git::github_user(),
    };
    Ok(set.and_then(|login| login.parse().ok()))
}

/// In whose name a registry begins, and whether only this machine calls them so, which nobody was asked about.
fn founder(ctx: &Context, path: &Path) -> Result<(Login, bool)> {
    if let Some(known) = known(ctx, Some(path))? {
        return Ok((known, false));
    }
    let you = ctx.sandbox_login();
    if !ctx.prompt.can_ask() || ctx.globals.yes || ctx.globals.dry_run {
        return Ok((you, true));
    }
    let question = Question {
        label: "Your GitHub ID, as it goes on record",
        flag: "--as",
        default: Some(you.as_str()),
        optional: false,
    };
    let answer = ctx.prompt.text(question, &|typed| typed.parse::<Login>().map(drop))?;
    Ok((answer.parse().map_err(|e: Invalid| Error::usage(e.why).hint(e.hint))?, false))
}

/// The policy with the numbers of its members' accounts, where GitHub can be asked for them.
fn with_accounts(ctx: &Context, program: String, parsed: &Program) -> String {
    if ctx.globals.offline {
        return program;
    }
    MemberAccounts::default().fill_in(ctx, program.clone(), parsed).unwrap_or_else(|e| {
        ctx.ui.warn(&format!("the policy stays without the numbers of its members' accounts: {}", e.message));
        program
    })
}

/// An address would become the name of a directory here, and be taken for the address by all other commands.
fn refuse_address(ctx: &Context, path: &Path) -> Result<()> {
    let named = path.to_str().filter(|_| !path.exists());
    let is_address = |named: &str| match Location::parse(named, ctx.environment.home.as_deref()) {
        Ok(location) => !matches!(location, Location::Path(_) | Location::Embedded),
        Err(_) => named.contains("://"),
    };
    if !named.is_some_and(is_address) {
        return Ok(());
    }
    let shown = text::without_secrets(&text::visible(&path.display().to_string()), std::iter::empty());
    Err(Error::usage(format!("{shown} is an address, and init makes registries on this machine"))
        .hint("name a path, such as registry.git; then git push --mirror brings it to an empty repository there"))
}

/// What stands where a registry is to be.
enum There {
    Nothing,
    /// A bare repository without a branch.
    Empty(Box<GitForge>),
    /// Of something else.
    Repository,
    Registry {
        program: String,
        founded: bool,
    },
}

/// The registry at a path, or the repository that may become one. Anything else there but an empty directory is an error.
fn already(ctx: &Context, path: &Path) -> Result<There> {
    let shown = path.display();
    match std::fs::read_dir(path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(There::Nothing),
        Err(e) => {
            let cant = format!("can't make a registry at {shown}: {e}");
            return Err(match e.kind() {
                std::io::ErrorKind::NotADirectory | std::io::ErrorKind::InvalidFilename => {
                    Error::usage(cant).hint("name a path where nothing is yet")
                }
                _ => Error::environment(cant).hint(crate::files::remedy(&e)),
            });
        }
        Ok(mut entries) => {
            if entries.next().is_none() {
                return Ok(There::Nothing);
            }
        }
    }
    let taken = || Error::refused(format!("{shown} isn't empty")).hint("name a path where nothing is yet");
    // Whose kind can't be read is a repository all the same.
    let is_repository = [path.join("HEAD"), path.join(".git")].iter().any(|part| part.exists());
    let forge = GitForge::at(path).map_err(|e| if is_repository { e } else { taken() })?;
    if !forge.repo().has_worktree() && forge.repo().branches("refs/heads/*")?.is_empty() {
        return Ok(There::Empty(Box::new(forge)));
    }
    let snapshot = lookup::look_at_any(ctx, &forge).map_err(|e| {
        Error::refused(format!("{shown} is a repository whose default branch can't be read: {}", e.message))
            .hint("if nothing is in it yet, remove it and run this again: init makes the repository itself")
    })?;
    if snapshot.repo.at_path(snapshot.tree, "data")?.is_none() {
        return Ok(There::Repository);
    }
    let bytes = snapshot.program_bytes().map_err(|_| {
        Error::refused(format!("{shown} has a directory data/ of its own, and a registry's stands there"))
            .hint("name a path where nothing is yet")
    })?;
    let founded = snapshot.registry().is_ok();
    Ok(There::Registry { program: String::from_utf8_lossy(&bytes).into_owned(), founded })
}

/// Adds to a registry what it lacks: its founding event, and the files for GitHub Actions if they are wanted; to a repository of
/// something else the `program`, too. Gives whether something was to be added.
fn add_missing(ctx: &Context, path: &Path, by: &Login, program: Option<&str>, ci: bool) -> Result<bool> {
    let forge = GitForge::at(path)?;
    let mut seen = lookup::look_at_any(ctx, &forge)?;
    let outcome = publish::publish(ctx, &forge, &mut seen, "Add what is missing to this registry?", |snapshot| {
        let mut puts = Vec::new();
        let (mut title, mut block) = ("ci: check proposals on GitHub", String::new());
        let policy = match program {
            Some(program) => program.as_bytes().to_vec(),
            None => snapshot.program_bytes()?,
        };
        let parsed = Program::parse(&policy).map_err(|faults| Error::document(PROGRAM, &faults))?;
        if snapshot.registry().is_err() {
            let sign = |repo: &Repo, event: &mut Event| ctx.sign_founding(repo, &parsed, event);
            let (event, files) = founding(snapshot.repo, &policy, by, ctx.now, &sign)?;
            (title, block) = ("program: the registry begins", event.to_string());
            puts.extend(files);
            if program.is_some() {
                puts.push((PROGRAM.to_owned(), Put::Bytes(policy.clone())));
            }
        }
        for (path, content) in if ci { github_ci::files(&parsed) } else { Vec::new() } {
            let there = snapshot.repo.at_path(snapshot.tree, &path)?.map(|e| snapshot.repo.blob(e.oid)).transpose()?;
            let kept = github_ci::is_theirs(&path) && there.is_some();
            if !kept && there.as_deref() != Some(content.as_bytes()) {
                puts.push((path, Put::Bytes(content.into_bytes())));
            }
        }
        let change = Change {
            title: title.into(),
            notes: Vec::new(),
            block,
            puts,
            target: Target::Direct,
            author: ctx.author(&forge, by)?,
        };
        let changes = if change.puts.is_empty() { Vec::new() } else { vec![change] };
        Ok(Plan::new(changes, ()))
    })?;
    Ok(matches!(outcome, Publication::Done((), published) if !published.commits.is_empty()))
}
