//! What our page of threats claims is shown: each line names a test that exists.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Against this nothing helps, as its line says.
const NOTHING_HELPS: &str = "anything the rules let them";

/// The names of all functions in our code and its tests.
fn functions() -> BTreeSet<String> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut open, mut names) = (vec![home.join("src"), home.join("tests")], BTreeSet::new());
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let text = fs::read_to_string(path).unwrap();
            let name = |line: &str| Some(line.trim().strip_prefix("fn ")?.split_once('(')?.0.to_owned());
            names.extend(text.lines().filter_map(name));
        }
    }
    names
}

#[test]
fn each_line_of_the_page_names_a_test_that_there_is() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/threats.md")).unwrap();
    let known = functions();
    let is_test = |word: &&str| word.matches('_').count() > 1 && word.chars().all(|c| c == '_' || c.is_alphanumeric());
    let lines = page.lines().filter(|line| line.starts_with("| "));
    for line in lines.skip(1) {
        let named: Vec<&str> = line.split('`').skip(1).step_by(2).filter(is_test).collect();
        assert_eq!(named.is_empty(), line.contains(NOTHING_HELPS), "it names no test: {line}");
        let unknown: Vec<_> = named.into_iter().filter(|name| !known.contains(*name)).collect();
        assert!(unknown.is_empty(), "there is no test {unknown:?}: {line}");
    }
}
