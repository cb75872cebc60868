//! The shape of the code, kept by tests where a compiler wouldn't.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use crate::imports::Imports;

/// From above to below: a file may take from its own folder and from what stands further down, never from further up.
const ORDER: [&[&str]; 18] = [
    &["main", "lib"],
    &["cli"],
    &["commands"],
    &["workflow"],
    &["session"],
    &["prompt", "ui"],
    &["forge"],
    &["config"],
    &["registry"],
    &["audit"],
    &["evidence"],
    &["web"],
    &["render"],
    &["git"],
    &["domain"],
    &["parallel", "children"],
    &["files", "error"],
    &["language"],
];

fn imports() -> &'static Imports {
    static IMPORTS: OnceLock<Imports> = OnceLock::new();
    IMPORTS.get_or_init(|| Imports::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")))
}

/// The folder or file at the top of `src/` in which a file lies.
fn room(file: &str) -> &str {
    file.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

fn told(lines: &[String]) {
    assert!(lines.is_empty(), "{} things are wrong:\n{}", lines.len(), lines.join("\n"));
}

#[test]
fn arrows_go_down_only() {
    let height = |file: &str| {
        let place = ORDER.iter().position(|floor| floor.contains(&room(file)));
        place.unwrap_or_else(|| panic!("{file} has no place in the order of folders"))
    };
    let up = |((from, to), names): (&(String, String), &BTreeSet<String>)| {
        (height(from) > height(to)).then(|| format!("{from} may not take from {to}: {names:?}"))
    };
    told(&imports().arrows.iter().filter_map(up).collect::<Vec<_>>());
}

/// What each of these may know beside itself.
#[test]
fn what_is_low_knows_little() {
    let known: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("domain", ["language"].as_slice()),
        ("git", &["domain", "files", "error", "children"]),
        ("render", &["domain", "files", "error"]),
        // What is wrong with a certificate is kept in English, and told in what is spoken.
        ("web", &["domain", "files", "error", "parallel", "language"]),
        ("error", &[]),
        ("files", &["error"]),
        // Threads speak as who begins them.
        ("parallel", &["language"]),
        ("children", &["typed_ahead"]),
        ("typed_ahead", &[]),
    ]);
    let alien = |((from, to), names): (&(String, String), &BTreeSet<String>)| {
        let allowed = known.get(room(from))?;
        let fine = room(from) == room(to) || allowed.contains(&room(to));
        (!fine).then(|| format!("{from} may not know {to}: {names:?}"))
    };
    told(&imports().arrows.iter().filter_map(alien).collect::<Vec<_>>());
}

#[test]
fn no_files_take_from_each_other_in_a_circle() {
    let arrows = &imports().arrows;
    let mut targets: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (from, to) in arrows.keys() {
        targets.entry(from).or_default().push(to);
    }
    let reached = |from: &str| {
        let mut seen = BTreeSet::new();
        let mut open = targets.get(from).cloned().unwrap_or_default();
        while let Some(file) = open.pop() {
            if seen.insert(file) {
                open.extend(targets.get(file).into_iter().flatten());
            }
        }
        seen
    };
    let reach: BTreeMap<&str, BTreeSet<&str>> = targets.keys().map(|from| (*from, reached(from))).collect();
    let back = |((from, to), names): (&(String, String), &BTreeSet<String>)| {
        let round = reach.get(to.as_str()).is_some_and(|reached| reached.contains(from.as_str()));
        round.then(|| format!("{from} takes from {to}, which leads back to it: {names:?}"))
    };
    told(&arrows.iter().filter_map(back).collect::<Vec<_>>());
}

/// The domain, the pages and the checks are worked out from values: nothing of the world is read there.
#[test]
fn what_is_pure_touches_nothing() {
    let pure = ["domain/", "render/", "evidence/", "web/links/"];
    let world = ["std::fs", "std::env", "std::net", "std::process", "git2", "clap", "dialoguer", "reqwest"];
    // Reading from bytes is no reading of files.
    let world = |path: &str| {
        world.iter().any(|w| path == *w || path.starts_with(&format!("{w}::")))
            || path.ends_with("SystemTime::now")
            || (path.starts_with("std::io") && !path.starts_with("std::io::Cursor"))
    };
    let touches = |(file, path): &(String, String)| {
        let wrong = pure.iter().any(|p| file.starts_with(p)) && world(path);
        wrong.then(|| format!("{file} is pure, and uses {path}"))
    };
    // Nor by a hand that does.
    let hands = ["files", "git", "children"];
    let reaches = |((from, to), names): (&(String, String), &BTreeSet<String>)| {
        let wrong = pure.iter().any(|p| from.starts_with(p)) && hands.contains(&room(to));
        wrong.then(|| format!("{from} is pure, and takes {names:?} from {to}"))
    };
    // Nor by asking the web: what came of that is a value.
    let answers = ["FetchedPage", "Failure", "Cut", "Knocked"];
    let asks = |((from, to), names): (&(String, String), &BTreeSet<String>)| {
        let pure =
            pure.iter().find(|p| from.starts_with(**p)).filter(|p| to.starts_with("web/") && !to.starts_with(**p));
        let wrong: Vec<_> = names.iter().filter(|name| pure.is_some() && !answers.contains(&name.as_str())).collect();
        (!wrong.is_empty()).then(|| format!("{from} is pure, and takes {wrong:?} from {to}"))
    };
    let touched = imports().foreign.iter().filter_map(touches);
    let arrows = &imports().arrows;
    told(&touched.chain(arrows.iter().filter_map(reaches)).chain(arrows.iter().filter_map(asks)).collect::<Vec<_>>());
}

#[test]
fn no_test_file_is_forgotten() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let main = fs::read_to_string(here.join("main.rs")).unwrap();
    for entry in fs::read_dir(here).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let module = name.trim_end_matches(".rs");
        assert!(module == "main" || main.contains(&format!("mod {module};")), "{name} isn't named in main.rs");
    }
}

/// Whoever opens the folder sees all of it.
#[test]
fn the_house_has_few_doors() {
    let doors = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap().count();
    assert!(doors <= 22, "{doors} entries in src/: what belongs together stands in one folder");
}

#[test]
fn no_file_grows_out_of_hand() {
    fn walk(directory: &Path) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path);
            } else {
                let lines = fs::read_to_string(&path).unwrap().lines().count();
                assert!(lines < 800, "{} has {lines} lines", path.display());
            }
        }
    }
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
}
