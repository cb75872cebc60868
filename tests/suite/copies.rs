//! The copy of a registry behind a URL: made again where it is damaged, and held up by nothing that an earlier run left.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::env::TestEnv;
use crate::surroundings::by_ssh;

type Damage<'a> = Box<dyn Fn() + 'a>;

#[test]
fn a_copy_that_was_damaged_is_made_again() {
    let env = TestEnv::with_partner();
    let list = || env.output(by_ssh(&env, &mut env.command(&["list"])));
    let whole = list().ok().stdout;
    let caches = env.path("home/.cache/karmada-partner/registries");
    let cache = std::fs::read_dir(&caches).unwrap().next().unwrap().unwrap().path();
    let empty = |path: &Path| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap();
        std::fs::write(path, "").unwrap();
    };
    let objects = |cache: &Path| {
        let of = |dir: std::path::PathBuf| std::fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path());
        let directories: Vec<_> = of(cache.join("objects")).collect();
        directories.into_iter().flat_map(of).filter(|p| p.is_file()).collect::<Vec<_>>()
    };
    let damages: [(&str, Damage<'_>); 8] = [
        ("config", Box::new(|| empty(&cache.join("config")))),
        ("config of zeros", Box::new(|| std::fs::write(cache.join("config"), [0; 60]).unwrap())),
        ("shallow of nothing", Box::new(|| std::fs::write(cache.join("shallow"), "zzz\n").unwrap())),
        (
            "shallow",
            Box::new(|| std::fs::write(cache.join("shallow"), env.id(&["rev-parse", "main"], "") + "\n").unwrap()),
        ),
        ("HEAD", Box::new(|| empty(&cache.join("HEAD")))),
        ("refs", Box::new(|| std::fs::remove_dir_all(cache.join("refs")).unwrap())),
        ("the default branch", Box::new(|| empty(&cache.join("refs/heads/main")))),
        ("objects", Box::new(|| objects(&cache).iter().for_each(|path| empty(path)))),
    ];
    for (what, damage) in damages {
        damage();
        let output = list();
        assert_eq!((output.code, output.stdout.as_str()), (Some(0), whole.as_str()), "{what}: {output}");
    }
    let left: Vec<_> = std::fs::read_dir(&caches).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 1, "nothing is left behind: {left:?}");
}

/// A run that is killed leaves git's locks; nothing runs as long as these are old.
#[test]
fn locks_that_a_killed_run_left_in_a_copy_hold_up_nobody() {
    let env = TestEnv::with_partner();
    let list = || env.output(by_ssh(&env, &mut env.command(&["list"])));
    list().ok().code.unwrap();
    let caches = env.path("home/.cache/karmada-partner/registries");
    let cache = std::fs::read_dir(&caches).unwrap().next().unwrap().unwrap().path();
    // A clock may have been behind, or ahead.
    let late = std::time::UNIX_EPOCH + std::time::Duration::from_secs(4_070_908_800);
    for (name, time, company) in [
        ("refs/heads/main.lock", std::time::UNIX_EPOCH, "Beta"),
        ("packed-refs.lock", std::time::UNIX_EPOCH, "Gamma"),
        ("refs/heads/main.lock", late, "Delta"),
    ] {
        let lock = std::fs::File::create(cache.join(name)).unwrap();
        lock.set_modified(time).unwrap();
        env.apply(company).ok().code.unwrap();
        env.decide(&company.to_lowercase());
        assert!(list().ok().stdout.contains(company));
    }
}
