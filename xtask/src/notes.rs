//! What the changelog says of a version; and whether tag, version and changelog agree.

use crate::{Result, links, packages, read, root};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The tag of the release; without one, what isn't released yet
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// The project's page, below which releases are [default: Cargo.toml's repository]
    #[arg(long, value_name = "URL")]
    from: Option<String>,
}

pub fn run(args: &Args) -> Result<()> {
    let program = packages::shipped(&["x86_64-unknown-linux-musl"])?.program;
    let changelog = read(&root().join("CHANGELOG.md"))?;
    let notes = match &args.tag {
        None => section(&changelog, "Unreleased").ok_or("CHANGELOG.md has no “Unreleased”")?,
        Some(tag) => {
            let version = &program.version;
            if *tag != format!("v{version}") {
                return Err(format!("the tag is {tag}, and Cargo.toml's version {version}: it should be v{version}"));
            }
            section(&changelog, version)
                .ok_or_else(|| format!("CHANGELOG.md has no heading “## [{version}] - YYYY-MM-DD”"))?
        }
    };
    let home = args.from.clone().or(program.repository).filter(|home| !home.is_empty());
    let mut text = told(notes, home.as_deref(), args.tag.as_deref().unwrap_or("HEAD"));
    if let (Some(tag), Some(home)) = (&args.tag, home) {
        text += "\n\n";
        text += &installation(&format!("{home}/releases/download/{tag}"));
    }
    println!("{}", bounded(text)?);
    Ok(())
}

/// What GitHub takes as the text of a release, in characters.
const MOST: usize = 125_000;

fn bounded(text: String) -> Result<String> {
    match text.chars().count() {
        all if all > MOST => {
            Err(format!("the notes have {all} characters, and GitHub takes {MOST}: tell it shorter in CHANGELOG.md"))
        }
        _ => Ok(text),
    }
}

/// The notes as they stand apart from the changelog: no file is beside them.
fn told(notes: &str, home: Option<&str>, revision: &str) -> String {
    links::mended(&links::without_definitions(notes), "", home, revision, &|_| false).trim().to_owned()
}

/// One line for each system; each takes the archive only with the SHA-256 that it carries.
fn installation(base: &str) -> String {
    format!(
        r#"### Install

Linux and macOS:

```sh
curl --proto '=https' --tlsv1.2 -sSfL {base}/install.sh | sh
```

Windows:

```powershell
powershell -ExecutionPolicy Bypass -Command "irm {base}/install.ps1 | iex"
```

Or fetch an archive below, and hold it to its `.sha256`, or to `gh attestation verify`."#
    )
}

/// What stands below the heading of a version; one that is released has a day.
fn section<'c>(changelog: &'c str, version: &str) -> Option<&'c str> {
    let begin = format!("## [{version}]");
    let at =
        changelog.match_indices(&begin).map(|(at, _)| at).find(|at| *at == 0 || changelog[..*at].ends_with('\n'))?;
    let (heading, rest) = changelog[at + begin.len()..].split_once('\n')?;
    let dated = heading
        .strip_prefix(" - ")
        .is_some_and(|day| day.trim().len() == 10 && day.trim().chars().all(|c| c.is_ascii_digit() || c == '-'));
    (dated || version == "Unreleased").then(|| rest.split("\n## ").next().unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_installs_it_is_fetched_from_the_release() {
        let lines = installation("https://github.com/o/r/releases/download/v1.0.0");
        for installer in ["install.sh | sh", "install.ps1 | iex"] {
            assert!(lines.contains(&format!("https://github.com/o/r/releases/download/v1.0.0/{installer}")), "{lines}");
        }
    }

    #[test]
    fn headings_of_the_changelog_are_links() -> Result<()> {
        let changelog = read(&root().join("CHANGELOG.md"))?;
        for heading in changelog.lines().filter_map(|line| line.strip_prefix("## [")) {
            let name = heading.split(']').next().unwrap_or_default();
            assert!(changelog.contains(&format!("\n[{name}]: ../../")), "{name}");
        }
        assert!(!told(section(&changelog, "Unreleased").unwrap_or_default(), None, "HEAD").contains("../"));
        Ok(())
    }

    #[test]
    fn notes_are_as_long_as_github_takes_them() {
        assert!(bounded("é".repeat(MOST)).is_ok());
        assert!(bounded("é".repeat(MOST + 1)).is_err());
    }

    #[test]
    fn links_of_the_notes_lead_somewhere() {
        let notes = "\n- [Guide](docs/guide.md)\n\n[1.0.0]: ../../releases/tag/v1.0.0\n";
        assert_eq!(told(notes, None, "v1.0.0"), "- Guide");
        let home = Some("https://g.example/o/r");
        assert_eq!(told(notes, home, "v1.0.0"), "- [Guide](https://g.example/o/r/blob/v1.0.0/docs/guide.md)");
    }

    #[test]
    fn a_released_version_has_a_day() {
        let changelog =
            "# Changelog\n\n## [Unreleased]\n\nnew\n\n## [1.0.0] - 2026-01-02\n\nold\n\n## [0.9.0]\n\nno day\n";
        assert_eq!(section(changelog, "Unreleased"), Some("\nnew\n"));
        assert_eq!(section(changelog, "1.0.0"), Some("\nold\n"));
        assert_eq!((section(changelog, "0.9.0"), section(changelog, "1.0")), (None, None));
    }
}
