//! Programs that tests start.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// Git, by its path: where a command has a `PATH` of its own and its program only a name, the standard library forks, and copying
/// what a test maps costs more than most that git does.
#[expect(clippy::disallowed_methods, reason = "git has to be found")]
pub fn git() -> Command {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut places = std::env::split_paths(&path).map(|directory| directory.join("git"));
        places.find(|git| git.is_file()).expect("no git on the PATH")
    });
    Command::new(found)
}

/// Git's own program for HTTP, without the git that would only start it.
pub fn http_backend() -> Command {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        let told = git().arg("--exec-path").output().unwrap();
        PathBuf::from(String::from_utf8(told.stdout).unwrap().trim_end()).join("git-http-backend")
    });
    Command::new(found)
}
