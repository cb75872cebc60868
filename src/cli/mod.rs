//! The command line: one enum, one flat match.

pub mod groups;
mod hyphens;
mod kin;
mod layout;
mod pasted;
mod quoted;
mod refusal;
mod translated;
mod unasked;

use std::collections::HashMap;
use std::ffi::OsString;

use clap::{ArgMatches, Args as _, ColorChoice, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::commands::{self, Call, Runner};
use crate::config::{Environment, Location, Pasted};
use crate::domain::{Slug, suggestion, text};
use crate::error::{Error, Result};
use crate::language;
use crate::prompt::Question;
use crate::session::{Context, Globals};
use crate::workflow::lookup;

pub use translated::IN_CHINESE;

const PROGRAM: &str = "karmada-partner";

/// Run Karmada's Commercial Support Program as an audit trail in git
#[derive(Debug, Parser)]
#[command(name = PROGRAM, bin_name = PROGRAM, version, propagate_version = false, max_term_width = 100)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub globals: Globals,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What stands for partners and is no short name as it is.
    #[arg(skip)]
    pub names: Vec<String>,
}

/// The commands, in the order of a partner's life.
#[derive(Debug, Subcommand)]
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
    Clear(commands::clear::Args),
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
    Links(commands::links::Args),
    Render(commands::render::Args),
    Publish(commands::publish::Args),
    Announce(commands::announce::Args),
    Remind(commands::remind::Args),
    Import(commands::import::Args),
    Audit(commands::audit::Args),
    Program(commands::program::Args),
    /// What program keys tells, as it was called
    #[command(hide = true)]
    Keys(commands::program::keys::Args),
    Init(commands::init::Args),
    Auth(commands::auth::Args),
    Doctor(commands::doctor::Args),
    Schema(commands::schema::Args),
    Completions(commands::completions::Args),
    Man(commands::man::Args),
}

impl Command {
    /// Whether settings that can't be used are among what it tells.
    #[must_use]
    pub const fn tells_of_settings(&self) -> bool {
        matches!(self, Self::Doctor(_))
    }
}

/// This command line, for the commands that describe or run others.
const RUNNER: Runner = Runner {
    grammar: Cli::command,
    read: |matches| {
        // How it sounds is no name of anybody's, and neither is an address.
        let unknown = |name: &&String| {
            suggestion::address(name).is_some()
                || suggestion::respelled(name).or_else(|| suggestion::of_name(name)).is_none()
        };
        if let Some(name) = names(matches).iter().find(unknown) {
            let why = tr!("{name} is no short name; name the partner by its short one", name = text::quote(name));
            return Err(clap::Error::raw(clap::error::ErrorKind::ValueValidation, why));
        }
        let Cli { globals, command, .. } = Cli::from_arg_matches(matches)?;
        Ok(Call { globals, run: Box::new(|ctx| run(ctx, command)) })
    },
    refused: refusal::in_a_line,
};

/// The call as it is meant, and what of it isn't read as it stands: values with something pasted around them.
#[must_use]
pub fn as_meant(words: Vec<OsString>, environment: &Environment) -> (Vec<OsString>, Vec<Pasted>) {
    pasted::as_meant(hyphens::joined(words, Cli::command), Cli::command, environment.home.as_deref())
}

/// Reads a call, with help for a terminal of so many columns.
///
/// # Errors
/// As clap tells a call that can't be read, help and version.
pub fn read(
    words: impl IntoIterator<Item = OsString>,
    width: usize,
    color: ColorChoice,
    environment: &Environment,
) -> Result<Cli, clap::Error> {
    let words: Vec<OsString> = words.into_iter().collect();
    let may_be_no_path = |word: &OsString| {
        word.to_str().is_some_and(|word| word.contains('~') || word.to_ascii_lowercase().contains("file:/"))
    };
    if words.iter().any(may_be_no_path)
        && let Some((why, hint)) = pasted::not_a_path(&words, Cli::command())
    {
        let mut error = clap::Error::raw(clap::error::ErrorKind::ValueValidation, why);
        let advice = clap::error::ContextValue::String(hint.to_owned());
        error.insert(clap::error::ContextKind::Custom, advice);
        return Err(error);
    }
    // Help takes long to put together, and most calls need none.
    if let Ok(matches) = of_call(&words).try_get_matches_from(&words)
        && let Ok(mut cli) = Cli::from_arg_matches(&matches)
    {
        cli.names = names(&matches);
        if !matches.subcommand_name().is_some_and(translated::speaks_chinese) {
            language::only_english();
        }
        return Ok(cli);
    }
    let mut grammar = groups::grouped(Cli::command(), width).color(color);
    let matches = grammar.try_get_matches_from_mut(&words).map_err(|e| {
        let e = kin::with_command(kin::with_flag(e, &grammar, &words), &grammar, &words);
        let e = hyphens::told(with_what_is_no_text(e, &grammar, &words), &grammar, &words);
        unasked::told(quoted::short(kin::with_usage(e, &mut grammar, &words)), &words, environment)
    })?;
    Cli::from_arg_matches(&matches).map_err(|e| quoted::short(e.format(&mut grammar)))
}

/// The same error with which value isn't UTF-8, which clap doesn't tell.
fn with_what_is_no_text(mut error: clap::Error, grammar: &clap::Command, words: &[OsString]) -> clap::Error {
    use clap::error::{ContextKind, ContextValue, ErrorKind};

    if error.kind() == ErrorKind::InvalidUtf8
        && let Some(found) = pasted::not_text(words, grammar)
    {
        error.insert(ContextKind::InvalidArg, ContextValue::String(found.argument));
        error.insert(ContextKind::InvalidValue, ContextValue::String(found.value));
        if found.is_place {
            let advice = tr!("what is called so can be named by a link to it, in UTF-8, or given another name");
            error.insert(ContextKind::Custom, ContextValue::String(advice.to_owned()));
        }
    }
    error
}

/// The command line with those commands only that a call can mean: what all commands take is copied into each.
fn of_call(words: &[OsString]) -> clap::Command {
    let whole = Cli::command();
    let named = whole.get_subcommands().filter(|c| {
        let is_called = |word: &OsString| c.get_all_aliases().chain([c.get_name()]).any(|name| *word == *name);
        words.iter().any(is_called)
    });
    Globals::augment_args(clap::Command::new(PROGRAM)).subcommands(named.cloned())
}

/// What is wrong with a call, in the language that is spoken.
#[must_use]
pub fn refused(error: &clap::Error) -> Error {
    refusal::told(error)
}

/// Answers a shell that asks what comes next on a line. Gives whether one asked.
///
/// # Errors
/// When the shell isn't known, or went away.
pub fn complete(words: &[OsString], environment: &Environment) -> Result<bool, clap::Error> {
    // What help doesn't show isn't offered either.
    let offered = || {
        let whole = Cli::command();
        let shown = whole.get_subcommands().filter(|command| !command.is_hide_set());
        Globals::augment_args(clap::Command::new(PROGRAM))
            .version(env!("CARGO_PKG_VERSION"))
            .subcommands(shown.cloned())
    };
    commands::completions::answer(words, environment, offered)
}

/// The call with short names in it, where partners are named otherwise, which is said. Nothing where all are understood as they are.
///
/// # Errors
/// When nobody has a name that gives no short one, or several have it, or the registry can't be read.
pub fn with_names(ctx: &Context, names: &[String], words: &[OsString]) -> Result<Option<Vec<OsString>>> {
    if names.is_empty() {
        return Ok(None);
    }
    let mut read: HashMap<&str, Slug> = HashMap::new();
    // Capitals alone are hardly ever another's name: nothing is fetched to see that.
    let is_here = matches!(ctx.location(), Ok(Location::Embedded | Location::Path(_)));
    let wants_registry = is_here || names.iter().any(|name| suggestion::respelled(name).is_none());
    let forge = wants_registry.then(|| ctx.open()).transpose()?;
    let snapshot = forge.as_ref().map(|forge| lookup::look(ctx, &**forge)).transpose()?;
    for name in names {
        let slug = match (suggestion::respelled(name), &snapshot) {
            (Some(slug), None) => slug,
            (Some(slug), _) if slug.is_program() => slug,
            (_, Some(snapshot)) => lookup::named(ctx, snapshot, name)?,
            (None, None) => continue,
        };
        if read.insert(name, slug.clone()).is_none() {
            ctx.ui.say(&tr!("{name} is read as {slug}", name = text::quote(name), slug));
        }
    }
    let mut named = words.to_vec();
    pasted::each_value(&mut named, &Cli::command(), &mut |given, _, arg| {
        let slug = read.get(given).filter(|_| pasted::is_of::<Slug>(arg))?;
        Some(slug.as_str().into())
    });
    // What isn't found again in the call stands as it was parsed.
    Ok((named != words).then_some(named))
}

/// The words that stand for partners and are no short names as they are.
fn names(matches: &ArgMatches) -> Vec<String> {
    let is_slug = |id: &&clap::Id| matches!(matches.try_get_many::<Slug>(id.as_str()), Ok(Some(_)));
    let raw = matches.ids().filter(is_slug).filter_map(|id| matches.get_raw(id.as_str())).flatten();
    let is_name = |word: &&str| Slug::or_program(word).is_err();
    let own = raw.filter_map(|word| word.to_str()).filter(is_name).map(str::to_owned);
    own.chain(matches.subcommand().map(|(_, below)| names(below)).unwrap_or_default()).collect()
}

/// The call with the name in it that was likely meant, where whoever made it says so.
///
/// # Errors
/// When nobody answers.
pub fn corrected(ctx: &Context, error: &Error, words: &[OsString]) -> Result<Option<Vec<OsString>>> {
    let Some((name, likely)) = error.near.as_deref().filter(|_| ctx.prompt.can_ask()) else { return Ok(None) };
    let grammar = Cli::command();
    let with = |likely: &str| {
        let mut corrected = words.to_vec();
        pasted::each_value(&mut corrected, &grammar, &mut |given, _, arg| {
            let is_named = pasted::is_of::<Slug>(arg) && commands::slug(given).is_ok_and(|slug| slug.as_str() == name);
            is_named.then(|| likely.into())
        });
        (corrected != words).then_some(corrected)
    };
    let all: Vec<(&str, Vec<OsString>)> = likely.iter().filter_map(|name| Some((&**name, with(name)?))).collect();
    let chosen = match all.as_slice() {
        [] => None,
        [(likely, _)] => {
            let asked = tr!("{what}. Do you mean {likely}?", what = error.message, likely);
            ctx.prompt.confirm(&asked, true)?.then_some(0)
        }
        // None of them is likelier than another.
        several => {
            let asked = tr!("{what}. Which one do you mean?", what = error.message);
            let question = Question { label: &asked, flag: "SLUG", default: None, optional: false };
            let items: Vec<&str> = [tr!("none of these")].into_iter().chain(several.iter().map(|(n, _)| *n)).collect();
            ctx.prompt.choose(question, &items, 0)?.checked_sub(1)
        }
    };
    Ok(chosen.and_then(|at| all.into_iter().nth(at)).map(|(_, words)| words))
}

/// Runs a command. Gives the exit code of one that ran to its end.
///
/// # Errors
/// As the command fails; the error's kind gives the exit code.
pub fn run(ctx: &Context, command: Command) -> Result<u8> {
    let code = ran(ctx, command)?;
    ctx.tell_what_was_left_out()?;
    Ok(code)
}

fn ran(ctx: &Context, command: Command) -> Result<u8> {
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
        Command::Clear(args) => commands::clear::run(ctx, &args)?,
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
        Command::Check(args) => return commands::check::run(ctx, args).map(|sound| u8::from(!sound)),
        Command::Links(args) => return commands::links::run(ctx, &args).map(|alive| u8::from(!alive)),
        Command::Render(args) => return commands::render::run(ctx, &args).map(|same| u8::from(!same)),
        Command::Publish(args) => commands::publish::run(ctx, &args)?,
        Command::Announce(args) => commands::announce::run(ctx, &args)?,
        Command::Remind(args) => commands::remind::run(ctx, &args)?,
        Command::Import(args) => commands::import::run(ctx, &args)?,
        Command::Audit(args) => return commands::audit::run(ctx, &args).map(|sound| u8::from(!sound)),
        Command::Program(args) => commands::program::run(ctx, &args)?,
        Command::Keys(args) => commands::program::keys::run(ctx, &args)?,
        Command::Auth(args) => commands::auth::run(ctx, &args)?,
        Command::Doctor(args) => return commands::doctor::run(ctx, &args).map(|well| u8::from(!well)),
        Command::Init(args) => commands::init::run(ctx, &args)?,
        Command::Schema(args) => commands::schema::run(ctx, &args)?,
        Command::Completions(args) => commands::completions::run(ctx, &args)?,
        Command::Man(args) => commands::man::run(ctx, &args, RUNNER)?,
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::domain::values::Invalid;
    use crate::prompt::{Choice, NoInput, Prompt};
    use crate::registry::SNAPSHOTS;
    use crate::registry::acquaintances::LOOKS;
    use crate::registry::partner::READ;

    const PROGRAM: &str = "schema = 1\nname = \"Test Program\"\n\n\
        [[committee]]\ngithub = \"alice\"\naffiliation = \"Umbrella\"\n\n\
        [[committee]]\ngithub = \"bob\"\naffiliation = \"Initech\"\n";

    /// Says yes to everything, and does something else meanwhile.
    struct Yes(Box<dyn Fn()>);

    impl Prompt for Yes {
        fn can_ask(&self) -> bool {
            true
        }
        fn text(&self, question: Question<'_>, check: &dyn Fn(&str) -> Result<(), Invalid>) -> Result<String> {
            NoInput.text(question, check)
        }
        fn choose(&self, question: Question<'_>, items: &[&str], default: usize) -> Result<usize> {
            NoInput.choose(question, items, default)
        }
        fn choose_or_back(&self, question: Question<'_>, items: &[&str], default: usize) -> Result<Choice> {
            NoInput.choose_or_back(question, items, default)
        }
        fn several(&self, question: Question<'_>, items: &[&str], marked: &[bool]) -> Result<Vec<usize>> {
            NoInput.several(question, items, marked)
        }
        fn key(&self, _: Question<'_>, keys: &[(char, &str)], _: char) -> Result<char> {
            (self.0)();
            Ok(keys[0].0)
        }

        fn confirm(&self, _: &str, _: bool) -> Result<bool> {
            (self.0)();
            Ok(true)
        }
    }

    /// Runs a command on the registry below `home`, and gives how many snapshots it read.
    fn reads(home: &Path, prompt: Box<dyn Prompt>, words: &str) -> usize {
        let registry = home.join("registry.git").display().to_string();
        let words = ["karmada-partner", "--quiet", "--registry", &registry].into_iter().chain(words.split(' '));
        let cli = Cli::parse_from(words);
        let environment = Environment { home: Some(home.to_owned()), ..Environment::default() };
        let mut ctx = Context::new(cli.globals, environment).unwrap();
        ctx.ui.held = true;
        ctx.prompt = prompt;
        let before = SNAPSHOTS.get();
        run(&ctx, cli.command).unwrap();
        SNAPSHOTS.get() - before
    }

    #[test]
    fn a_decision_reads_one_snapshot_an_attempt() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path().to_owned();
        let program = home.join("program.toml");
        std::fs::write(&program, PROGRAM).unwrap();
        let logo = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/example/globex.png");
        let plain = |words: &str| reads(&home, Box::new(NoInput), &format!("--yes {words}"));
        let apply = |name: &str| {
            let place = format!("--website https://{name}.example/karmada --logo {logo}");
            format!("apply --as {name}-bot --name {name} --github {name}-bot {place}")
        };
        plain(&format!("init {} --program {}", home.join("registry.git").display(), program.display()));
        plain(&apply("acme"));
        assert_eq!(plain("approve acme --as alice"), 1, "a vote");
        assert_eq!(plain("approve acme --as bob"), 1, "the decision");
        assert_eq!(plain("approve acme --as bob"), 1, "what is decided already");
        let partners_read = |words: &str| {
            let before = READ.get();
            plain(words);
            READ.get() - before
        };
        assert_eq!(partners_read("log acme"), 1, "whatever is open is held to where the partner stands");
        let of_one = partners_read("audit --head-only");

        plain(&apply("globex"));
        assert_eq!(reads(&home, Box::new(Yes(Box::new(|| {}))), "approve globex --as alice"), 1, "what is shown first");
        plain(&apply("hooli"));
        plain("approve hooli --as alice");
        let there = home.clone();
        let meanwhile = move || assert_eq!(reads(&there, Box::new(NoInput), "--yes approve hooli --as bob"), 1);
        let both = reads(&home, Box::new(Yes(Box::new(meanwhile))), "approve globex --as bob");
        assert_eq!(both, 3, "what was overtaken is planned on another one");
        assert_eq!(partners_read("audit --head-only"), of_one, "nobody is read a second time");
    }

    /// Comparisons, branches read and snapshots of a batch of so many applications, which all bring one logo.
    fn looks(rows: usize) -> (usize, usize, usize) {
        let home = tempfile::tempdir().unwrap();
        let home = home.path();
        let program = home.join("program.toml");
        std::fs::write(&program, PROGRAM).unwrap();
        let plain = |words: &str| reads(home, Box::new(NoInput), &format!("--yes {words}"));
        plain(&format!("init {} --program {}", home.join("registry.git").display(), program.display()));
        // Beside the rows, on whichever drive that is.
        std::fs::write(home.join("logo.png"), include_bytes!("../../templates/example/globex.png")).unwrap();
        let row = |n: usize| {
            format!(
                "{{\"do\": \"apply\", \"name\": \"New {n}\", \"slug\": \"new-{n}\", \"website\": \"https://new{n}.example\", \
                 \"github\": \"new-{n}\", \"logo\": \"logo.png\", \"as\": \"new-{n}\"}}\n"
            )
        };
        let file = home.join("rows.jsonl");
        std::fs::write(&file, (0..rows).map(row).collect::<String>()).unwrap();
        let before = LOOKS.get();
        let snapshots = plain(&format!("batch {}", file.display()));
        let now = LOOKS.get();
        (now.0 - before.0, now.1 - before.1, snapshots)
    }

    #[test]
    fn a_row_of_a_batch_looks_at_as_much_however_many_came_before() {
        let (few, many) = (looks(20), looks(200));
        // Of those with the very same logo a hundred are compared; each is read once, after it was written.
        assert!(many.0 <= 200 * 100, "{many:?}");
        assert_eq!((few.1, many.1), (19, 199), "branches read");
        assert_eq!(many.2 - few.2, (200 - 20) * (few.2 / 20), "snapshots");
    }
}
