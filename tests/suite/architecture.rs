//! The shape of the code, kept by tests where a compiler wouldn't.

use std::fs;
use std::path::Path;

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

/// The domain is pure: it names no module of ours but itself and the logo's limits, and nothing of the world.
#[test]
fn the_domain_stands_alone() {
    stands_alone("src/domain", &["crate::domain"]);
}

/// What pages say and how they look is worked out from values, too; files are written elsewhere.
#[test]
fn rendering_touches_no_files() {
    let known = ["crate::domain", "crate::error", "crate::render"];
    stands_alone("src/render", &known);
}

/// Checks judge what was gathered; they gather nothing themselves.
#[test]
fn evidence_is_judged_from_values() {
    stands_alone("src/evidence", &["crate::domain", "crate::evidence", "crate::probe::{"]);
}

/// What an answer means is worked out from values; who asks is given.
#[test]
fn links_are_judged_from_values() {
    let known = ["crate::domain", "crate::web::probe::Failure", "crate::evidence::contact::registrable"];
    stands_alone("src/web/links", &known);
}

/// A folder that names no modules of ours but its own and those that are known, and nothing of the world.
fn stands_alone(folder: &str, known: &[&str]) {
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let code = fs::read_to_string(&path).unwrap();
            // Tests may look at files.
            let code = code.split("#[cfg(test)]").next().unwrap_or_default();
            for (number, line) in code.lines().enumerate() {
                let alien =
                    ["std::fs", "std::env", "std::net", "std::process", "git2", "clap", "dialoguer", "SystemTime"];
                // Reading from bytes is no reading of files.
                let reads = line.contains("std::io") && !line.contains("std::io::Cursor");
                let foreign = line.contains("crate::") && !known.iter().any(|k| line.contains(k));
                let forbidden = alien.iter().any(|a| line.contains(a)) || reads || foreign;
                assert!(!forbidden || line.contains("$crate"), "{}:{}: {line}", path.display(), number + 1);
            }
        }
    }
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
