//! The archive for one machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::archive::Files;
use crate::{NAME, Result, cargo, files, licences, make_folder, output, packages, root, sha256, write};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// For which machine [default: this one]
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
    /// With which of Cargo's profiles
    #[arg(long, default_value = "dist")]
    profile: String,
    /// Where to put it
    #[arg(long, value_name = "FOLDER", default_value = "target/archives")]
    out: PathBuf,
}

/// Each shell's word, and what its file is called.
const SHELLS: [(&str, &str); 5] = [
    ("bash", "karmada-partner.bash"),
    ("zsh", "_karmada-partner"),
    ("fish", "karmada-partner.fish"),
    ("powershell", "_karmada-partner.ps1"),
    ("elvish", "karmada-partner.elv"),
];

/// What people who have only the archive read, and what the README shows.
const PAGES: [&str; 12] = [
    "LICENSE",
    "README.md",
    "README.zh.md",
    "CHANGELOG.md",
    "docs/first-commands.svg",
    "docs/guide-member.md",
    "docs/guide-member.zh.md",
    "docs/guide-organization.md",
    "docs/guide-organization.zh.md",
    "docs/guide-setup.md",
    "docs/privacy.md",
    "docs/scripts.md",
];

pub fn run(args: &Args) -> Result<()> {
    let host = host()?;
    let target = args.target.as_deref().unwrap_or(&host);
    let program = build(args, target)?;
    let shipped = packages::shipped(&[target])?;
    let mut all = Files::default();
    let is_windows = target.contains("windows");
    all.add_program(if is_windows { "karmada-partner.exe" } else { NAME }, bytes(&program)?);
    for name in PAGES {
        all.add(name, bytes(&root().join(name))?);
    }
    // What the first command tries it with.
    for name in ["globex.toml", "globex.png"] {
        all.add(format!("example/{name}"), bytes(&root().join("templates/example").join(name))?);
    }
    all.add("THIRD-PARTY-LICENSES.txt", licences::text(&shipped)?.into_bytes());
    describe(&program, &mut all)?;
    let home = shipped.program.repository.as_deref().filter(|home| !home.is_empty());
    all.mend_links(home, &format!("v{}", shipped.program.version));
    let folder = format!("{NAME}-{}-{target}", shipped.program.version);
    let (name, packed) = match is_windows {
        true => (format!("{folder}.zip"), all.zip(&folder)?),
        false => (format!("{folder}.tar.gz"), all.tar_gz(&folder, time())?),
    };
    make_folder(&args.out)?;
    write(&args.out.join(&name), &packed)?;
    let sum = sha256(&packed);
    write(&args.out.join(format!("{name}.sha256")), format!("{sum}  {name}\n"))?;
    println!("{sum}  {}", args.out.join(&name).display());
    Ok(())
}

/// Builds the program; gives where it is.
fn build(args: &Args, target: &str) -> Result<PathBuf> {
    let mut command = cargo();
    command.args(["build", "--locked", "--package", NAME, "--profile", &args.profile]);
    if let Some(target) = &args.target {
        command.args(["--target", target]);
    }
    if target.ends_with("windows-msvc") {
        // Nobody has to install a C library first.
        command.env("RUSTFLAGS", "-C target-feature=+crt-static");
    }
    output(&mut command)?;
    let folder = if args.profile == "dev" { "debug" } else { &args.profile };
    let targets = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let built = args.target.as_ref().map_or(targets.clone(), |target| targets.join(target)).join(folder);
    Ok(built.join(if target.contains("windows") { "karmada-partner.exe" } else { NAME }))
}

/// What the program says of itself: manual pages and completions.
fn describe(program: &Path, all: &mut Files) -> Result<()> {
    let made = tempfile::tempdir().map_err(|e| format!("can't make a folder: {e}"))?;
    let run = || {
        let mut command = Command::new(program);
        command.env("HOME", made.path()).env_remove("KARMADA_PARTNER_REGISTRY").env_remove("KARMADA_PARTNER_AS");
        command
    };
    let pages = made.path().join("man1");
    output(run().arg("--quiet").arg("man").arg(&pages))?;
    for (name, page) in files(&pages)? {
        all.add(format!("man/man1/{name}"), bytes(&page)?);
    }
    for (shell, name) in SHELLS {
        all.add(format!("completions/{name}"), output(run().args(["completions", shell]))?);
    }
    Ok(())
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|e| format!("can't read {}: {e}", path.display()))
}

/// This machine.
fn host() -> Result<String> {
    let said = output(Command::new("rustc").arg("-vV"))?;
    let said = String::from_utf8_lossy(&said);
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc -vV doesn't say which machine this is".to_owned())
}

/// The time of everything in the archive: that of the commit it is made of, in seconds since 1970.
fn time() -> u64 {
    let set = std::env::var("SOURCE_DATE_EPOCH").ok();
    let of_commit = || {
        let said = Command::new("git").args(["log", "-1", "--format=%ct"]).current_dir(root()).output().ok()?;
        String::from_utf8(said.stdout).ok()
    };
    set.or_else(of_commit).and_then(|time| time.trim().parse().ok()).unwrap_or_default()
}
