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
    let domain = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/partner");
    for entry in fs::read_dir(domain).unwrap() {
        let path = entry.unwrap().path();
        let code = fs::read_to_string(&path).unwrap();
        for (number, line) in code.lines().enumerate() {
            let alien = [
                "std::fs",
                "std::env",
                "std::io",
                "std::net",
                "std::process",
                "git2",
                "clap",
                "dialoguer",
                "SystemTime",
            ];
            let foreign = line.contains("crate::") && !line.contains("crate::partner") && !line.contains("crate::logo");
            let forbidden = alien.iter().any(|a| line.contains(a)) || foreign;
            assert!(!forbidden || line.contains("$crate"), "{}:{}: {line}", path.display(), number + 1);
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
