//! What `imports.rs` reads of small trees: a way by which a name came along unseen is a test here.

use std::fs;

use crate::imports::Imports;

/// Reads a tree of these files below `src/`.
fn read(files: &[(&str, &str)]) -> Imports {
    let root = tempfile::tempdir().unwrap();
    for (path, code) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, code).unwrap();
    }
    Imports::of(root.path())
}

/// Who takes what from whom, where `low.rs` has this code and `high.rs` what somebody could want of it.
fn arrows(low: &str) -> Vec<String> {
    let lib = "mod high; mod low; mod git;";
    let git = "pub use foreign::Oid; kinds! { A \"a\" }";
    told(&[
        ("lib.rs", lib),
        ("main.rs", ""),
        ("git.rs", git),
        ("high.rs", "pub struct Context; pub fn yes() {}"),
        ("low.rs", low),
    ])
}

fn told(files: &[(&str, &str)]) -> Vec<String> {
    let told = |((from, to), names): (&(String, String), &std::collections::BTreeSet<String>)| {
        format!("{from} -> {to}: {}", names.iter().cloned().collect::<Vec<_>>().join(" "))
    };
    read(files).arrows.iter().map(told).collect()
}

const TAKES: &str = "low.rs -> high.rs: Context";

#[test]
fn a_path_counts_wherever_it_stands() {
    assert_eq!(arrows("use crate::high::Context;"), [TAKES]);
    assert_eq!(arrows("fn f(context: &super::high::Context) {}"), [TAKES]);
    assert_eq!(arrows("fn f() { println!(\"{}\", crate::high::Context); }"), [TAKES]);
    assert_eq!(arrows("#[cfg(test)] use crate::high::Context;"), [""; 0]);
}

#[test]
fn what_is_handed_on_from_another_library_is_taken_from_who_hands_it_on() {
    assert_eq!(arrows("use crate::git::Oid;"), ["low.rs -> git.rs: Oid"]);
    assert_eq!(arrows("fn f() { crate::git::Oid::zero(); }"), ["low.rs -> git.rs: Oid"]);
    let (from, path) = ("low.rs".to_owned(), "foreign::Oid".to_owned());
    let tree = [("lib.rs", "mod low; mod git;"), ("main.rs", ""), ("git.rs", "pub use foreign::Oid;")];
    let low = [("low.rs", "use crate::git::Oid;")];
    assert!(read(&[tree.as_slice(), &low].concat()).foreign.contains(&(from, path)));
}

/// Such as what a macro defines there.
#[test]
fn what_a_module_does_not_show_is_taken_from_that_module() {
    assert_eq!(arrows("use crate::git::Kinds;"), ["low.rs -> git.rs: Kinds"]);
    assert_eq!(arrows("use super::git; fn f() { git::Kinds::all(); }"), ["low.rs -> git.rs: Kinds git"]);
}

#[test]
fn what_is_handed_on_is_taken_where_it_stands_bare_too() {
    assert_eq!(arrows("pub(crate) use crate::high::Context;"), [""; 0]);
    assert_eq!(arrows("pub(crate) use crate::high::Context; fn f(_: &Context) {}"), [TAKES]);
    assert_eq!(arrows("pub(crate) use crate::high::Context; fn f() { vec![Context]; }"), [TAKES]);
}

#[test]
fn what_somebody_else_hands_on_is_taken_through_a_star_too() {
    let low = "mod inner; pub use crate::high::Context;";
    let tree = [("lib.rs", "mod high; mod low;"), ("main.rs", ""), ("high.rs", "pub struct Context;"), ("low.rs", low)];
    let inner = [("low/inner.rs", "use super::*; fn f(_: Context) {}")];
    assert_eq!(
        told(&[tree.as_slice(), &inner].concat()),
        ["low/inner.rs -> high.rs: Context", "low/inner.rs -> low.rs: low"]
    );
}

#[test]
fn a_star_of_a_type_hides_no_other_path() {
    let imports = read(&[("lib.rs", "enum Kind {} use Kind::*; fn f() { std::fs::read(); }"), ("main.rs", "")]);
    assert!(imports.foreign.contains(&("lib.rs".to_owned(), "std::fs::read".to_owned())));
}

#[test]
fn a_module_by_another_name_is_that_module() {
    assert_eq!(arrows("use crate::high::{self as up}; fn f(_: up::Context) {}"), ["low.rs -> high.rs: Context high"]);
}

#[test]
fn a_library_by_another_name_is_that_library() {
    let imports = read(&[("lib.rs", "use std::{self as s}; fn f() { s::fs::read(); }"), ("main.rs", "")]);
    assert!(imports.foreign.contains(&("lib.rs".to_owned(), "std::fs::read".to_owned())));
}

#[test]
fn two_uses_of_one_name_are_two() {
    let both = ["low.rs -> git.rs: Context", "low.rs -> high.rs: Context"];
    assert_eq!(arrows("fn f() { use crate::high::Context; } fn g() { use crate::git::Context; }"), both);
    assert_eq!(arrows("#[cfg(unix)] use crate::git::Context; #[cfg(not(unix))] use crate::high::Context;"), both);
    // Whoever takes it from there takes both.
    let handing = "#[cfg(unix)] pub use crate::git::Kinds as K; #[cfg(not(unix))] pub use crate::high::Context as K;";
    let lib = "mod high; mod low; mod git; mod last;";
    let tree = [("lib.rs", lib), ("main.rs", ""), ("git.rs", "kinds! {}"), ("high.rs", "pub struct Context;")];
    let low = [("low.rs", handing), ("last.rs", "use crate::low::K;")];
    let both = ["last.rs -> git.rs: Kinds", "last.rs -> high.rs: Context"];
    assert_eq!(told(&[tree.as_slice(), &low].concat()), both);
}

#[test]
fn two_modules_of_one_name_are_both_read() {
    let low = "#[cfg(unix)] mod os { use crate::high::Context; } #[cfg(not(unix))] mod os {}";
    assert_eq!(arrows(low), [TAKES]);
}

#[test]
fn only_what_is_never_shipped_is_for_tests() {
    let taking = |when: &str| arrows(&format!("#[cfg({when})] mod inner {{ use crate::high::Context; }}"));
    for when in ["test", "all(test, unix)", "all(unix, test)"] {
        assert_eq!(taking(when), [""; 0], "{when}");
    }
    for when in
        ["any(test, unix)", "not(test)", "all(unix, not(test))", "all(unix, any(test, windows))", "feature = \"test\""]
    {
        assert_eq!(taking(when), [TAKES], "{when}");
    }
}

#[test]
fn a_path_in_the_words_of_an_attribute_counts() {
    let low = "#[derive(Deserialize)] struct Low { #[serde(default = \"crate::high::yes\")] field: bool }";
    assert_eq!(arrows(low), ["low.rs -> high.rs: yes"]);
    assert_eq!(arrows("#[serde(try_from = \"Vec<crate::high::Context>\")] struct Low;"), [TAKES]);
    assert_eq!(arrows("#[arg(help = \"see crate::high::yes\")] struct Low;"), [""; 0]);
}

#[test]
fn the_program_itself_is_read() {
    let main = "use karmada_partner::high::{self, Context}; fn main() { high::yes(); crate::stop(); } fn stop() {}";
    let tree = [("lib.rs", "pub mod high;"), ("high.rs", "pub struct Context; pub fn yes() {}"), ("main.rs", main)];
    assert_eq!(told(&tree), ["main.rs -> high.rs: Context high yes"]);
}
