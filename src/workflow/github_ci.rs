//! What makes GitHub check a registry's proposals and links, tell where they stand, and take applications by a form: files in the registry.

use crate::domain::form::Language;
use crate::domain::program::github::Deciding;
use crate::domain::{Program, text};
use crate::error::Result;
use crate::registry::Snapshot;
use crate::render::issue_form;

/// Which program the workflows run. It is filled in by hand, and so is never written over.
pub const RELEASE: &str = ".github/actions/karmada-partner/release.txt";

/// What is left to say by hand where [`RELEASE`] is new.
#[must_use]
pub fn left_to_say() -> String {
    format!("say in {RELEASE} which release of the program the workflows run; the file tells how")
}

/// What is kept of organizations, and by whom. Whoever keeps the registry may write in it.
const PRIVACY: &str = "PRIVACY.md";

/// Whether a file is as people left it, once it is there.
#[must_use]
pub fn is_theirs(path: &str) -> bool {
    [RELEASE, PRIVACY].contains(&path)
}

/// What releases and their files are called by.
const NAME: &str = env!("CARGO_PKG_NAME");

/// The project's home on GitHub: Cargo.toml's `repository`. Empty as long as there is none.
const HOME: &str = env!("CARGO_PKG_REPOSITORY");

/// The same as OWNER/REPO.
fn home() -> &'static str {
    HOME.trim_start_matches("https://github.com/")
}

/// The files for a program, with this very version: each with its path.
#[must_use]
pub fn files(program: &Program) -> Vec<(String, String)> {
    let files = [
        (".github/workflows/partner-issues.yml", include_str!("../../templates/github/partner-issues.yml")),
        (".github/workflows/registry-ci.yml", include_str!("../../templates/github/registry-ci.yml")),
        (".github/workflows/partner-links.yml", include_str!("../../templates/github/partner-links.yml")),
        (".github/workflows/partner-decisions.yml", include_str!("../../templates/github/partner-decisions.yml")),
        (".github/workflows/partner-clock.yml", include_str!("../../templates/github/partner-clock.yml")),
        (".github/workflows/partner-queue.yml", include_str!("../../templates/github/partner-queue.yml")),
        (".github/workflows/partner-reviews.yml", include_str!("../../templates/github/partner-reviews.yml")),
        (".github/actions/karmada-partner/action.yml", include_str!("../../templates/github/action.yml")),
        (RELEASE, include_str!("../../templates/github/release.txt")),
        (PRIVACY, include_str!("../../docs/privacy.md")),
    ];
    let version = env!("CARGO_PKG_VERSION");
    let home = home();
    // Only a workflow that decides has to write.
    let contents = if program.github.decide == Deciding::Auto { "write" } else { "read" };
    let filled = |content: &str| {
        content.replace("{{version}}", version).replace("{{contents}}", contents).replace("{{repository}}", home)
    };
    let files = files.map(|(path, content)| (path.to_owned(), filled(content)));
    let forms = [Language::English, Language::Chinese]
        .map(|l| (issue_form::path(l).to_owned(), issue_form::issue_form(program, l)));
    files.into_iter().chain(forms).collect()
}

/// How what stands in a registry compares with the files of this version.
#[derive(Debug, Default)]
pub struct Comparison {
    pub missing: Vec<String>,
    pub different: Vec<String>,
    /// What `release.txt` says, where it is there.
    pub release: Option<Release>,
}

/// Which program the workflows run, as `release.txt` has it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Release {
    pub version: String,
    /// The lines that are still empty.
    pub unsaid: Vec<&'static str>,
    /// Why no job can run what it names.
    pub wrong: Option<String>,
}

impl Release {
    fn read(text: &str) -> Self {
        let said = |key: &str| {
            let value = text.lines().rev().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
            value.unwrap_or_default().trim().to_owned()
        };
        let unsaid = ["repository", "version", "asset", "sha256"].into_iter().filter(|key| said(key).is_empty());
        let version = said("version");
        let wrong = unfit_asset(&said("asset"), &version, said("repository") == home());
        Self { unsaid: unsaid.collect(), wrong, version }
    }
}

/// Why a file of a release isn't one that a job can run: it is fetched by its name, and runs on x86-64 Linux.
fn unfit_asset(asset: &str, version: &str, is_ours: bool) -> Option<String> {
    let archive = format!("{NAME}-{version}-x86_64-unknown-linux-musl.tar.gz");
    let has = |parts: &[&str]| parts.iter().any(|part| asset.contains(part));
    if asset.is_empty() {
        return None;
    }
    if asset.contains(|c: char| c.is_whitespace() || "/\\*?[]".contains(c)) {
        return Some(format!("asset {} is no file's name", text::quote(asset)));
    }
    let ending = |ending: &str| asset.to_ascii_lowercase().ends_with(ending);
    if [".zip", ".exe", ".sha256", ".json", ".sh", ".ps1", ".rb", ".tar", ".xz"].into_iter().any(ending) {
        return Some(format!("asset {} is neither the program nor a .tar.gz with it", text::quote(asset)));
    }
    if has(&["aarch64", "apple-darwin", "windows"]) {
        return Some(format!("asset {} isn't for x86-64 Linux, which jobs have", text::quote(asset)));
    }
    let names_version = asset.strip_prefix(NAME).and_then(|rest| rest.strip_prefix('-'));
    if names_version.is_some_and(|rest| !rest.starts_with(&format!("{version}-")) && rest.ends_with(".tar.gz")) {
        return Some(format!("asset {} isn't of version {}", text::quote(asset), text::quote(version)));
    }
    (is_ours && asset != archive).then(|| format!("a release has no {}, but {archive}", text::quote(asset)))
}

/// Compares the files on the default branch with this version's.
///
/// # Errors
/// When the registry can't be read.
pub fn compare(snapshot: &Snapshot<'_>, program: &Program) -> Result<Comparison> {
    let mut comparison = Comparison::default();
    for (path, content) in files(program) {
        let there = snapshot.repo.at_path(snapshot.tree, &path)?.map(|e| snapshot.repo.blob(e.oid)).transpose()?;
        match there {
            None => comparison.missing.push(path),
            Some(bytes) if path == RELEASE => {
                comparison.release = Some(Release::read(&String::from_utf8_lossy(&bytes)));
            }
            Some(bytes) if !is_theirs(&path) && bytes != content.as_bytes() => comparison.different.push(path),
            Some(_) => {}
        }
    }
    Ok(comparison)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_says_what_is_not_filled_in() {
        let text = "# sha256=no\nrepository=karmada-io/partner\r\nversion=0.1.0\nasset=a.tar.gz\nsha256=\n";
        let read = Release { version: "0.1.0".to_owned(), unsaid: vec!["sha256"], wrong: None };
        assert_eq!(Release::read(text), read);
        assert_eq!(Release::read("").unsaid.len(), 4);
    }

    #[test]
    fn an_asset_is_one_that_a_job_can_run() {
        let archive = "karmada-partner-0.1.0-x86_64-unknown-linux-musl.tar.gz";
        for asset in
            ["", "karmada-partner", "a.tar.gz", "karmada-partner-0.1.0-x86_64-unknown-linux-gnu.tar.gz", archive]
        {
            assert_eq!(unfit_asset(asset, "0.1.0", false), None, "{asset}");
        }
        for (asset, version, is_ours, why) in [
            (archive, "0.2.0", false, "isn't of version"),
            ("karmada-partner", "0.1.0", true, archive),
            ("karmada-partner-0.1.0-x86_64-pc-windows-msvc.zip", "0.1.0", false, "neither the program nor"),
            (
                "karmada-partner-0.1.0-x86_64-unknown-linux-musl.tar.gz.sha256",
                "0.1.0",
                false,
                "neither the program nor",
            ),
            ("karmada-partner-0.1.0-aarch64-unknown-linux-musl.tar.gz", "0.1.0", false, "isn't for x86-64 Linux"),
            ("target/dist/karmada-partner", "0.1.0", false, "no file's name"),
            ("*.tar.gz", "0.1.0", false, "no file's name"),
        ] {
            let wrong = unfit_asset(asset, version, is_ours).unwrap_or_default();
            assert!(wrong.contains(why), "{asset}: {wrong}");
        }
        assert_eq!(unfit_asset(archive, "0.1.0", true), None);
    }
}
