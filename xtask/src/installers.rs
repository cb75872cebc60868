//! What fetches an archive, and takes it only with the SHA-256 that it carries: installers for a shell and for PowerShell, and a formula.

use std::path::PathBuf;

use crate::{NAME, Result, TARGETS, files, packages, read, root, sha256, write};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder with the archives and their .sha256
    folder: PathBuf,
    /// The project's page, below which releases are [default: Cargo.toml's repository]
    #[arg(long, value_name = "URL")]
    from: Option<String>,
}

/// An archive, with its machine and its sum.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Archive {
    name: String,
    target: String,
    sum: String,
}

pub fn run(args: &Args) -> Result<()> {
    let program = packages::shipped(&TARGETS[..1])?.program;
    let version = &program.version;
    let archives = archives(args, version)?;
    let home = args.from.clone().or(program.repository).unwrap_or_default();
    let base = if home.is_empty() { String::new() } else { format!("{home}/releases/download/v{version}") };
    let sums: String = archives.iter().map(|a| format!("{} {} {}\n", a.target, a.name, a.sum)).collect();
    let fill = |template: &str| {
        template.replace("@VERSION@", version).replace("@BASE@", &base).replace("@SUMS@", sums.trim_end())
    };
    for name in ["install.sh", "install.ps1"] {
        let template = read(&root().join("contrib").join(name))?;
        let filled = fill(&template);
        if let Some(left) =
            filled.split('@').nth(1).filter(|word| word.chars().all(|c| c.is_ascii_uppercase()) && !word.is_empty())
        {
            return Err(format!("contrib/{name} has @{left}@, which nothing fills in"));
        }
        write(&args.folder.join(name), &filled)?;
        write(&args.folder.join(format!("{name}.sha256")), format!("{}  {name}\n", sha256(filled.as_bytes())))?;
    }
    if let Some(formula) = formula(&archives, version, &home, &base) {
        write(&args.folder.join(format!("{NAME}.rb")), formula)?;
    }
    println!("{}: {} archives", args.folder.display(), archives.len());
    Ok(())
}

/// The archives that are there; each is what its .sha256 says.
fn archives(args: &Args, version: &str) -> Result<Vec<Archive>> {
    let mut found = Vec::new();
    for (name, path) in files(&args.folder)? {
        let Some(archive) = name.strip_suffix(".sha256") else { continue };
        let target = archive.strip_prefix(&format!("{NAME}-{version}-")).and_then(|rest| rest.split('.').next());
        let Some(target) = target else { continue };
        let said = read(&path)?;
        let sum = said.split(' ').next().unwrap_or_default().to_owned();
        let bytes = std::fs::read(args.folder.join(archive)).map_err(|e| format!("can't read {archive}: {e}"))?;
        if sha256(&bytes) != sum {
            return Err(format!("{archive} isn't what its .sha256 says"));
        }
        found.push(Archive { name: archive.to_owned(), target: target.to_owned(), sum });
    }
    if found.is_empty() { Err(format!("{} has no archive of {version}", args.folder.display())) } else { Ok(found) }
}

/// For Homebrew, if all of its machines are there, and a home to fetch from.
fn formula(archives: &[Archive], version: &str, home: &str, base: &str) -> Option<String> {
    let of = |target: &str| {
        let archive = archives.iter().find(|a| a.target == target)?;
        Some(format!("      url \"{base}/{}\"\n      sha256 \"{}\"\n", archive.name, archive.sum))
    };
    let [linux_intel, linux_arm, mac_intel, mac_arm] =
        [of(TARGETS[0])?, of(TARGETS[1])?, of(TARGETS[2])?, of(TARGETS[3])?];
    (!base.is_empty()).then(|| {
        format!(
            r##"class KarmadaPartner < Formula
  desc "Run Karmada's Commercial Support Program as an audit trail in git"
  homepage "{home}"
  version "{version}"
  license "Apache-2.0"

  on_macos do
    on_arm do
{mac_arm}    end
    on_intel do
{mac_intel}    end
  end

  on_linux do
    on_arm do
{linux_arm}    end
    on_intel do
{linux_intel}    end
  end

  def install
    bin.install "karmada-partner"
    man1.install Dir["man/man1/*.1"]
    bash_completion.install "completions/karmada-partner.bash" => "karmada-partner"
    zsh_completion.install "completions/_karmada-partner"
    fish_completion.install "completions/karmada-partner.fish"
    doc.install "README.md", "CHANGELOG.md", "THIRD-PARTY-LICENSES.txt"
  end

  test do
    assert_match version.to_s, shell_output("#{{bin}}/karmada-partner --version")
  end
end
"##
        )
    })
}
