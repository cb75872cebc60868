//! The copy of a registry behind a URL: made again where it is damaged, and held up by nothing that an earlier run left.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::env::{TestEnv, much, some};
use crate::unread::all_files;

type Damage<'a> = Box<dyn Fn() + 'a>;

fn copy_of(env: &TestEnv) -> PathBuf {
    let caches = env.path("home/.cache/karmada-partner/registries");
    std::fs::read_dir(caches).unwrap().next().unwrap().unwrap().path()
}

#[test]
fn a_copy_that_was_damaged_is_made_again() {
    let env = TestEnv::with_partner();
    let list = || env.output(env.by_ssh(&mut env.command(&["list"])));
    let whole = list().ok().stdout;
    let cache = copy_of(&env);
    let empty = |path: &Path| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap();
        std::fs::write(path, "").unwrap();
    };
    let damages: [(&str, Damage<'_>); 8] = [
        ("config", Box::new(|| empty(&cache.join("config")))),
        ("config of zeros", Box::new(|| std::fs::write(cache.join("config"), [0; 60]).unwrap())),
        ("shallow of nothing", Box::new(|| std::fs::write(cache.join("shallow"), "zzz\n").unwrap())),
        ("shallow", Box::new(|| std::fs::write(cache.join("shallow"), env.head() + "\n").unwrap())),
        ("HEAD", Box::new(|| empty(&cache.join("HEAD")))),
        ("refs", Box::new(|| std::fs::remove_dir_all(cache.join("refs")).unwrap())),
        ("the default branch", Box::new(|| empty(&cache.join("refs/heads/main")))),
        ("objects", Box::new(|| all_files(&cache.join("objects")).iter().for_each(|path| empty(path)))),
    ];
    for (what, damage) in damages {
        damage();
        let output = list();
        assert_eq!((output.code, output.stdout.as_str()), (Some(0), whole.as_str()), "{what}: {output}");
    }
    let left: Vec<_> = std::fs::read_dir(cache.parent().unwrap()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 1, "nothing is left behind: {left:?}");
}

/// A reference that leads to no object keeps git from bringing anything; whatever it is called, and wherever it stands.
#[test]
fn a_copy_whose_references_lead_nowhere_is_mended() {
    let env = TestEnv::with_partner();
    env.apply("Globex").ok().code.unwrap();
    let list = || env.output(env.by_ssh(&mut env.command(&["list", "--proposals"]))).ok().to_string();
    let whole = list();
    let copy = copy_of(&env);
    let (none, gone) = ("0".repeat(40), "12".repeat(20));
    for name in ["refs/heads/apply/globex", "refs/heads/main", "refs/tags/v1", "refs/stash"] {
        for id in [&none, &gone] {
            std::fs::create_dir_all(copy.join(name).parent().unwrap()).unwrap();
            std::fs::write(copy.join(name), format!("{id}\n")).unwrap();
            assert_eq!(list(), whole, "{name} {id}");
        }
        std::fs::write(copy.join("packed-refs"), format!("# pack-refs with: peeled \n{gone} {name}\n")).unwrap();
        assert_eq!(list(), whole, "{name}, packed");
    }
}

/// Neither its settings nor the copy itself are there, and a link stands in its place.
#[test]
fn a_copy_of_which_little_is_left_is_made_again() {
    let env = TestEnv::with_partner();
    let list = || env.output(env.by_ssh(&mut env.command(&["list"]))).ok().to_string();
    let whole = list();
    let copy = copy_of(&env);
    std::fs::remove_file(copy.join("config")).unwrap();
    assert_eq!(list(), whole);
    std::fs::remove_dir_all(&copy).unwrap();
    std::os::unix::fs::symlink("/nonexistent/copy", &copy).unwrap();
    assert_eq!(list(), whole);
}

/// Each file of objects in turn is gone, or holds other bytes: what is said of the registry is the same.
#[test]
fn a_copy_that_is_damaged_behind_its_tip_is_mended() {
    let env = TestEnv::with_partner();
    env.apply("Globex").ok().code.unwrap();
    let ask = || -> Vec<String> {
        let all: [&[&str]; 3] = [&["check", "--no-cache"], &["audit", "--full"], &["show", "acme"]];
        all.iter().map(|args| env.output(env.by_ssh(&mut env.command(args))).to_string()).collect()
    };
    let whole = ask();
    assert!(whole[0].contains("No problems found"), "{whole:#?}");
    let copy = copy_of(&env);
    let is_object = |file: &PathBuf| file.parent().unwrap().file_name().unwrap().len() == 2;
    let objects: Vec<PathBuf> = all_files(&copy.join("objects")).into_iter().filter(is_object).collect();
    for (nth, file) in objects.iter().enumerate().step_by(much(9, 3)) {
        std::fs::remove_file(file).unwrap();
        if nth % 2 == 0 {
            std::fs::write(file, "").unwrap();
        }
        assert_eq!(ask(), whole, "{}", file.display());
    }
    let is_pack = |file: &PathBuf| file.extension().is_some_and(|kind| kind == "pack");
    let pack = |copy: &PathBuf| all_files(&copy.join("objects/pack")).into_iter().find(is_pack).unwrap();
    for part in (1..6).step_by(much(2, 1)) {
        // What is made anew whole has few objects, and each a file of its own.
        env.git_at(copy.to_str().unwrap(), &["repack", "-a", "-d", "-q"]);
        let pack = pack(&copy);
        std::fs::set_permissions(&pack, std::fs::Permissions::from_mode(0o644)).unwrap();
        let mut bytes = std::fs::read(&pack).unwrap();
        let at = bytes.len() * part / 6;
        bytes[at..at + 3].copy_from_slice(&[0xff, 0, 0xff]);
        std::fs::write(&pack, bytes).unwrap();
        assert_eq!(ask(), whole, "at {at}");
    }
    let left = std::fs::read_dir(copy.parent().unwrap()).unwrap().count();
    assert_eq!(left, 1, "nothing is left beside it");
}

/// Where git is set to tend repositories bit by bit, it keeps an index over all packs of one. It may be damaged itself, and names
/// packs that are taken out for theirs.
#[test]
fn a_copy_with_an_index_over_its_packs_is_mended() {
    let env = TestEnv::with_partner();
    env.apply("Globex").ok().code.unwrap();
    let ask = || -> Vec<String> {
        let all: [&[&str]; 2] = [&["list", "--proposals"], &["audit", "--full"]];
        all.iter().map(|args| env.output(env.by_ssh(&mut env.command(args))).ok().to_string()).collect()
    };
    let whole = ask();
    let copy = copy_of(&env);
    let packs = copy.join("objects/pack");
    let write_over = |file: &Path, part: usize, bytes: &[u8]| {
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o644)).unwrap();
        let mut held = std::fs::read(file).unwrap();
        let at = held.len() * part / 6;
        held[at..at + bytes.len()].copy_from_slice(bytes);
        std::fs::write(file, held).unwrap();
    };
    let has_end = |file: &PathBuf, end: &str| file.to_string_lossy().ends_with(end);
    for what in ["multi-pack-index", ".pack"] {
        for part in (0..6).step_by(much(2, 1)) {
            env.git_at(copy.to_str().unwrap(), &["repack", "-a", "-d", "-q"]);
            env.git_at(copy.to_str().unwrap(), &["multi-pack-index", "write", "--bitmap"]);
            let file = all_files(&packs).into_iter().find(|file| has_end(file, what)).unwrap();
            write_over(&file, part, &[0xaa, 0x81, 0x38, 0x33]);
            assert_eq!(ask(), whole, "{what} at {part} of 6");
        }
    }
}

/// A run that is killed leaves git's locks; nothing runs as long as these are old.
#[test]
fn locks_that_a_killed_run_left_in_a_copy_hold_up_nobody() {
    let env = TestEnv::with_partner();
    let list = || env.output(env.by_ssh(&mut env.command(&["list"])));
    list().ok().code.unwrap();
    let cache = copy_of(&env);
    // A clock may have been behind, or ahead.
    let late = std::time::UNIX_EPOCH + std::time::Duration::from_secs(4_070_908_800);
    // Git holds a reference for a moment.
    let just_now = std::fs::metadata(&cache).unwrap().modified().unwrap() - std::time::Duration::from_secs(300);
    for (name, time, company) in some(
        2,
        [
            ("refs/heads/main.lock", std::time::UNIX_EPOCH, "Beta"),
            ("packed-refs.lock", std::time::UNIX_EPOCH, "Gamma"),
            ("refs/heads/main.lock", just_now, "Epsilon"),
            ("refs/heads/main.lock", late, "Delta"),
        ],
    ) {
        let lock = std::fs::File::create(cache.join(name)).unwrap();
        lock.set_modified(time).unwrap();
        env.apply(company).ok().code.unwrap();
        env.decide(&company.to_lowercase());
        assert!(list().ok().stdout.contains(company));
    }
}
