//! What releases are made with: `cargo xtask`. Each command does one thing on any machine; `release.yml` calls them in order.

#![expect(clippy::print_stdout, reason = "what a command gives goes there")]
#![expect(clippy::print_stderr, reason = "what a person is told goes there")]
#![expect(clippy::disallowed_methods, reason = "what Cargo says to its commands stands in the environment")]

mod archive;
mod dist;
mod installers;
mod licences;
mod links;
mod notes;
mod packages;
mod sbom;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::Parser as _;

/// What went wrong, in words.
type Result<T, E = String> = std::result::Result<T, E>;

/// Makes what a release of karmada-partner consists of
#[derive(Debug, clap::Parser)]
#[command(name = "cargo xtask")]
enum Xtask {
    /// Make the archive for a machine: the program, manual pages, completions, licences; and its .sha256
    Dist(dist::Args),
    /// Write a bill of materials, in `CycloneDX`: what the program is made of, on all machines that it is released for
    Sbom(sbom::Args),
    /// Write the installers and the formula for the archives of a folder
    Installers(installers::Args),
    /// Print what the changelog says of a version
    Notes(notes::Args),
}

fn main() -> ExitCode {
    let done = match Xtask::parse() {
        Xtask::Dist(args) => dist::run(&args),
        Xtask::Sbom(args) => sbom::run(&args),
        Xtask::Installers(args) => installers::run(&args),
        Xtask::Notes(args) => notes::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

/// For which machines the program is released.
const TARGETS: [&str; 5] = [
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
];

const NAME: &str = "karmada-partner";

/// Where the project is.
fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| format!("can't read {}: {e}", path.display()))
}

fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    std::fs::write(path, content).map_err(|e| format!("can't write {}: {e}", path.display()))
}

fn make_folder(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).map_err(|e| format!("can't make {}: {e}", path.display()))
}

/// The files of a folder by their names, in their order.
fn files(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let cant = |e: std::io::Error| format!("can't read {}: {e}", folder.display());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(cant)? {
        let path = entry.map_err(cant)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_file() {
            files.push((name, path));
        }
    }
    files.sort();
    Ok(files)
}

/// Runs a program to its end, and gives what it printed.
fn output(command: &mut Command) -> Result<Vec<u8>> {
    let shown = format!("{command:?}");
    let said =
        command.stderr(std::process::Stdio::inherit()).output().map_err(|e| format!("can't run {shown}: {e}"))?;
    if said.status.success() { Ok(said.stdout) } else { Err(format!("{shown} ends with {}", said.status)) }
}

fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    // What Cargo says of this crate, ring's build script would take for a reason to build anew.
    for (name, _) in std::env::vars_os() {
        if ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|of_ours| name.to_string_lossy().starts_with(of_ours)) {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// The SHA-256 of something, in hex.
fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(bytes);
    digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
