//! What the changelog says of a version; and whether tag, version and changelog agree.

use crate::{Result, packages, read, root};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The tag of the release; without one, what isn't released yet
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
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
    println!("{}", notes.trim());
    Ok(())
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
    fn a_released_version_has_a_day() {
        let changelog =
            "# Changelog\n\n## [Unreleased]\n\nnew\n\n## [1.0.0] - 2026-01-02\n\nold\n\n## [0.9.0]\n\nno day\n";
        assert_eq!(section(changelog, "Unreleased"), Some("\nnew\n"));
        assert_eq!(section(changelog, "1.0.0"), Some("\nold\n"));
        assert_eq!((section(changelog, "0.9.0"), section(changelog, "1.0")), (None, None));
    }
}
