//! Parse, build the context, run, exit code.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::process::ExitCode;

use clap::ColorChoice;
use clap::error::ErrorKind as WrongCall;
use karmada_partner::cli;
use karmada_partner::config::Environment;
use karmada_partner::error::{Error, Kind};
use karmada_partner::language;
use karmada_partner::session::{self, Context};
use karmada_partner::ui::stopping;
use karmada_partner::ui::{self, Color, Ui};

#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    end_panics_in_order();
    ExitCode::from(run())
}

/// A panic, on whichever thread, says its words and ends the program with 70. What is shipped doesn't unwind.
fn end_panics_in_order() {
    let words = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let bug = match has_no_threads(panic) {
            true => Error::environment("this machine lets no further thread begin")
                .hint("allow more of them (ulimit -u, or what bounds its container), or run less beside it"),
            false => {
                words(panic);
                Error::new(Kind::Bug, "this is a bug in karmada-partner").hint("please report it with the words above")
            }
        };
        // Chinese words may be what it failed at.
        language::in_english(|| Ui::default().error(&bug));
        // Nothing is dropped on this way out.
        stopping::restore_terminal(false);
        #[expect(clippy::exit, reason = "nobody is left to return to")]
        std::process::exit(i32::from(bug.kind.exit_code()));
    }));
}

/// Whether the system refused a thread. Rust's own library and tokio tell that by a panic alone, the one as `failed to spawn
/// thread`, the other as `OS can't spawn worker thread`.
fn has_no_threads(panic: &std::panic::PanicHookInfo<'_>) -> bool {
    let said = panic.payload();
    let said = said.downcast_ref::<String>().map(String::as_str).or_else(|| said.downcast_ref::<&str>().copied());
    said.is_some_and(|said| said.contains("spawn") && said.contains("thread"))
}

fn run() -> u8 {
    let environment = Environment::read();
    let mut words: Vec<OsString> = std::env::args_os().collect();
    match cli::complete(&words, &environment) {
        Ok(true) => return 0,
        Ok(false) => {}
        Err(e) => return misuse(&e),
    }
    let (meant, pasted) = cli::as_meant(words, &environment);
    words = meant;
    language::speak(environment.spoken(&words));
    let color = Color::wanted(&words);
    Ui::set_color(color, &environment);
    let color = match color.decided(&environment) {
        Some(true) => ColorChoice::Always,
        Some(false) => ColorChoice::Never,
        None => ColorChoice::Auto,
    };
    let mut is_first = true;
    loop {
        let cli = match cli::read(words.clone(), Ui::default().width().min(100), color, &environment) {
            Ok(cli) => cli,
            Err(e) => return misuse(&e),
        };
        let ui = Ui { quiet: cli.globals.quiet, verbose: cli.globals.verbose, json: cli.globals.json, held: false };
        if is_first {
            stopping::handle(ui);
            ui.tell_of_waiting();
            ui::tell_what_is_done_by(stopping::sent);
            for pasted in pasted.iter().chain(&environment.pasted) {
                session::say_pasted(ui, pasted);
            }
        }
        let ctx = match cli.command.tells_of_settings() {
            true => Ok(Context::despite_settings(cli.globals, environment.clone())),
            false => Context::new(cli.globals, environment.clone()),
        };
        let ctx = match ctx {
            Ok(ctx) => ctx,
            Err(error) => return stopping::tell(ui, session::in_a_lost_folder(error)),
        };
        if std::mem::take(&mut is_first) {
            ctx.tell_of_settings();
        }
        let named = match cli::with_names(&ctx, &cli.names, &words) {
            Ok(Some(named)) => {
                words = named;
                continue;
            }
            named => named,
        };
        let error = match named.and_then(|_| cli::run(&ctx, cli.command)) {
            Ok(code) => return code,
            Err(error) => error,
        };
        words = match cli::corrected(&ctx, &error, &words) {
            Ok(Some(words)) => words,
            Ok(None) => return stopping::tell(ui, session::in_a_lost_folder(error)),
            Err(stopped) => return stopping::tell(ui, stopped),
        };
    }
}

/// Help and version go to standard output; a wrong call is told as all errors are, and as a document where one is wanted.
fn misuse(e: &clap::Error) -> u8 {
    if !e.use_stderr() {
        return match e.print() {
            Err(e) if e.kind() != ErrorKind::BrokenPipe => stopping::tell(Ui::default(), ui::cant_write(&e)),
            _ => 0,
        };
    }
    if std::env::args_os().any(|arg| arg == "--json") {
        language::in_english(|| Ui { json: true, ..Ui::default() }.error(&cli::refused(e)));
    } else if e.kind() == WrongCall::DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = e.print();
    } else {
        Ui::default().error(&cli::refused(e));
    }
    Kind::Usage.exit_code()
}
