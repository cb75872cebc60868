//! The licences of what is linked in, as one text. Each says that it has to come along.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::packages::{Package, Shipped};

/// How deep below a package its vendored sources have theirs, as libgit2 and zlib do.
const DEPTH: u32 = 3;

/// What isn't a package of Cargo's.
const BESIDES: &str = "The Rust standard library, MIT OR Apache-2.0, is linked in: https://github.com/rust-lang/rust.
Builds for musl have musl's C library linked in, MIT: Copyright © 2005-2020 Rich Felker, et al. https://musl.libc.org
";

/// The text of all licences, each once, with whom it is for.
pub fn text(shipped: &Shipped) -> Result<String> {
    let mut by_text: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut list = String::new();
    let mut without = Vec::new();
    for package in shipped.packages.values() {
        let licence = package.license.as_deref().unwrap_or("see its text");
        list += &format!(
            "{} {}, {licence}: {}\n",
            package.name,
            package.version,
            package.repository.as_deref().unwrap_or("-")
        );
        let found = texts(package);
        if found.is_empty() {
            without.push(format!("{} {}", package.name, package.version));
        }
        for (name, text) in found {
            by_text.entry(text).or_default().push(format!("{} {}, {name}", package.name, package.version));
        }
    }
    if by_text.is_empty() {
        return Err("no licence was found: are the packages' sources there? cargo fetch gets them".to_owned());
    }
    let mut out = format!(
        "karmada-partner is under the Apache License 2.0 (see LICENSE), and has linked in:\n\n{list}\n{BESIDES}"
    );
    if !without.is_empty() {
        out += &format!("\nThese bring no text of their licence, which is named above: {}.\n", without.join(", "));
    }
    let mut texts: Vec<_> = by_text.into_iter().map(|(text, whose)| (whose, text)).collect();
    texts.sort();
    for (whose, text) in texts {
        out += &format!("\n{}\n{}\n\n{text}\n", "=".repeat(80), whose.join("\n"));
    }
    Ok(out)
}

/// The files with licences in a package, with their names.
fn texts(package: &Package) -> Vec<(String, String)> {
    let folder = package.folder();
    let mut found = Vec::new();
    look(&folder, DEPTH, &mut found);
    found.extend(package.license_file.as_ref().map(|file| folder.join(file)));
    found.sort();
    found.dedup();
    let named = |path: &PathBuf| path.strip_prefix(&folder).unwrap_or(path).display().to_string().replace('\\', "/");
    let read = |path: &PathBuf| std::fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).replace('\r', ""));
    found.iter().filter_map(|path| Some((named(path), read(path)?.trim_end().to_owned()))).collect()
}

fn look(folder: &Path, depth: u32, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().to_lowercase();
        if path.is_dir() {
            let is_shipped =
                !["tests", "test", "examples", "benches", "fuzz", "ci", "docs", "target"].contains(&name.as_str());
            if depth > 0 && is_shipped && !name.starts_with('.') {
                look(&path, depth - 1, found);
            }
        } else if is_licence(&name) {
            found.push(path);
        }
    }
}

fn is_licence(name: &str) -> bool {
    let begins =
        ["license", "licence", "copying", "notice", "copyright", "unlicense"].iter().any(|word| name.starts_with(word));
    let is_code = [".rs", ".c", ".h", ".py", ".toml", ".json"].iter().any(|end| name.ends_with(end));
    begins && !is_code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_known_by_their_names() {
        for name in ["license", "license-mit", "copying", "notice.md", "copyright.txt"] {
            assert!(is_licence(name), "{name}");
        }
        for name in ["readme.md", "license.rs", "copy.c"] {
            assert!(!is_licence(name), "{name}");
        }
    }
}
