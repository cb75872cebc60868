//! Texts are built into the program: they are the same bytes wherever git writes them out.

use std::process::Command;

#[test]
fn no_system_checks_the_sources_out_with_other_line_ends() {
    let root = env!("CARGO_MANIFEST_DIR");
    let listed = Command::new("git").args(["-C", root, "ls-files", "--eol"]).output().unwrap();
    // A package of the sources is no repository.
    if !std::path::Path::new(root).join(".git").exists() {
        return;
    }
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert!(listed.lines().count() > 500, "{listed}");
    let other = |line: &&str| {
        let (said, _) = line.split_once('\t').unwrap();
        !said.contains("eol=lf") && !said.contains("attr/-text")
            || said.starts_with("i/crlf") && !said.contains("-text")
    };
    let others: Vec<&str> = listed.lines().filter(other).collect();
    assert!(others.is_empty(), "{others:#?}");
}
