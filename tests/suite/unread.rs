//! What stands there and can't be read: told, never waited for, and never denied. And what is remembered, damaged or gone.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::env::{TestEnv, by_shell};

fn pipe(path: &Path) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn a_pipe_where_git_reads_is_told_and_not_waited_for() {
    let env = TestEnv::with_partner();
    let apply = env.path("registry.git/refs/heads/apply/x");
    pipe(&apply);
    let listed = env.run(&["list"]).fails(5);
    assert!(listed.stdout.contains("Acme"), "one reference hides no other\n{listed}");
    assert!(listed.stderr.contains("refs/heads/apply/x isn't a plain file"), "{listed}");
    let checked = env.run(&["check"]);
    assert!(checked.to_string().contains("refs/heads/apply/x isn't a plain file"), "{checked}");
    std::fs::remove_file(apply).unwrap();
    for name in ["HEAD", "config", "packed-refs", "objects/info/alternates", "shallow", "objects/pack/pack-1.idx"] {
        let (place, kept) = (env.path("registry.git").join(name), env.path("kept"));
        let was = std::fs::rename(&place, &kept).is_ok();
        pipe(&place);
        for command in ["list", "check"] {
            let output = env.run(&[command]);
            assert_ne!(output.code, Some(0), "{name}: {output}");
            assert!(output.stderr.contains(&format!("{name} isn't a plain file")), "{name}: {output}");
        }
        std::fs::remove_file(&place).unwrap();
        if was {
            std::fs::rename(&kept, &place).unwrap();
        }
    }
    let settings = env.path("home/.gitconfig");
    let _ = std::fs::remove_file(&settings);
    pipe(&settings);
    let output = env.run(&["list"]);
    assert!(output.stderr.contains(".gitconfig isn't a plain file"), "{output}");
    std::fs::remove_file(&settings).unwrap();
    env.write("home/.gitconfig", "[include]\n\tpath = more\n");
    pipe(&env.path("home/more"));
    let output = env.run(&["list"]);
    assert!(output.stderr.contains("home/more isn't a plain file"), "{output}");
    std::fs::remove_file(&settings).unwrap();
    symlink("/dev/null", &settings).unwrap();
    env.run(&["list"]).ok().code.unwrap();
}

#[test]
fn what_stands_in_the_place_of_a_partner_is_told_and_not_denied() {
    let env = TestEnv::with_partner();
    let main = env.head();
    let as_it_was = || env.set_head(&main);
    env.edit("a link in a partner's place", |top| {
        std::fs::remove_dir_all(top.join("data/partners/acme")).unwrap();
        symlink("../program", top.join("data/partners/acme")).unwrap();
    });
    let told = "a symbolic link can't stand in a registry";
    for command in [&["list"][..], &["stats"]] {
        let output = env.run(command).ok();
        assert!(
            output.stderr.contains("the directory of acme can't be read") && output.stderr.contains(told),
            "{output}"
        );
    }
    for command in [&["show", "acme"][..], &["status", "acme"], &["log", "acme"]] {
        let output = env.run(command);
        assert!(output.stderr.contains("data/partners/acme can't be read"), "{output}");
        assert!(!output.stderr.contains("isn't in the registry"), "{output}");
    }
    as_it_was();
    env.edit("a link in all partners' place", |top| {
        std::fs::remove_dir_all(top.join("data/partners")).unwrap();
        symlink("program", top.join("data/partners")).unwrap();
    });
    for command in [&["list"][..], &["show", "acme"]] {
        let output = env.run(command);
        assert!(output.stderr.contains("data/partners can't be read"), "{output}");
    }
    assert!(env.run(&["check"]).to_string().contains("data/partners: error[stray]"));
    as_it_was();
    // What stands there in letters of another case; a system that knows no case has made it so.
    for (from, to, told) in [
        (
            "data/partners/acme",
            "data/partners/ACME",
            "data/partners/acme can't be read: it stands there as data/partners/ACME",
        ),
        ("data/partners", "data/Partners", "data/partners can't be read: it stands there as data/Partners"),
        ("data", "Data", "data can't be read: it stands there as Data"),
    ] {
        env.edit("letters of another case", |top| std::fs::rename(top.join(from), top.join(to)).unwrap());
        for command in [
            &["show", "acme"][..],
            &["show", "ACME"],
            &["status", "acme"],
            &["log", "acme"],
            &["evidence", "acme", "--offline"],
            &["exit", "acme", "--as", "acme-bot", "--reason", "no", "--yes"],
            &["benefit", "list", "acme"],
        ] {
            let output = env.run(command);
            assert_ne!(output.code, Some(0), "{command:?}: {output}");
            assert!(output.stderr.contains(told) && !output.stderr.contains("isn't in the"), "{command:?}: {output}");
        }
        for command in [&["list"][..], &["stats"], &["contacts"], &["render", "directory", "--out", "site"]] {
            let output = env.run(command);
            assert!(output.stderr.contains(to.rsplit('/').next().unwrap()), "{command:?}: {output}");
        }
        as_it_was();
    }
    env.edit("a link in the policy's place", |top| {
        std::fs::remove_file(top.join("data/program.toml")).unwrap();
        symlink("elsewhere", top.join("data/program.toml")).unwrap();
    });
    let output = env.run(&["list"]);
    assert!(output.stderr.contains("data/program.toml can't be read") && !output.stderr.contains("init"), "{output}");
    as_it_was();
    let logo = |change: &dyn Fn(&Path)| {
        env.edit("another logo", |top| change(&top.join("data/partners/acme/logo.png")));
        let output = env.run(&["show", "acme"]).ok();
        assert!(output.stderr.contains("the logo of acme can't be read"), "{output}");
    };
    logo(&|file| {
        std::fs::remove_file(file).unwrap();
        symlink("partner.toml", file).unwrap();
    });
    let output = env.run(&["evidence", "acme", "--offline"]);
    assert!(output.stdout.contains("what stands in its place can't be read"), "{output}");
    assert!(!output.stdout.contains("no logo of it is on record"), "{output}");
    as_it_was();
    logo(&|file| {
        let whole = std::fs::read(file).unwrap();
        std::fs::write(file, &whole[..100]).unwrap();
    });
}

#[test]
fn what_stands_in_the_place_of_git_is_called_what_it_is() {
    let env = TestEnv::new();
    std::fs::create_dir_all(env.path("empty/.git")).unwrap();
    std::fs::create_dir_all(env.path("blank")).unwrap();
    env.write("blank/.git", "");
    std::fs::create_dir_all(env.path("link")).unwrap();
    symlink("/nowhere", env.path("link/.git")).unwrap();
    std::fs::create_dir_all(env.path("other/.git/things")).unwrap();
    for (place, told, hint) in [
        ("empty", "empty/.git is empty, and no git repository", "may have broken off there"),
        ("other", "other/.git isn't a git repository", "may have broken off there"),
        ("blank", "blank/.git is a file that names no repository", "git worktree repair"),
        ("link", "link/.git is a link that leads nowhere", "mend that link"),
    ] {
        let output = env.run(&["list", "--registry", place]).fails(2);
        assert!(output.stderr.contains(told) && output.stderr.contains(hint), "{output}");
        assert!(!output.stderr.contains("it stands within"), "{output}");
    }
}

#[test]
fn no_file_too_many_is_told_as_damage() {
    let env = TestEnv::with_applicant();
    let mut told = 0;
    for most in 4..12 {
        let limit = format!("ulimit -n {most}; exec \"$@\"");
        let output = env.output(&mut by_shell(&limit, &env.command(&["check"])));
        if output.stderr.contains("Too many open files") && output.stderr.contains("hint") {
            told += 1;
            assert!(output.stderr.contains("ulimit -n 1024"), "{most}: {output}");
            assert!(!output.stderr.contains("git fsck"), "{most}: {output}");
        }
    }
    assert!(told > 0, "no limit was met");
}

pub fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path().is_dir() {
            true => out.extend(all_files(&entry.path())),
            false => out.push(entry.path()),
        }
    }
    out
}

#[test]
fn an_audit_that_cannot_be_read_any_more_is_told() {
    let env = TestEnv::with_partner();
    env.run(&["audit"]).ok().code.unwrap();
    let file = all_files(&env.path("home/.local/state/karmada-partner/audits")).pop().unwrap();
    let whole = std::fs::read(&file).unwrap();
    let main = env.head();
    env.set_head("main~1");
    assert!(env.run(&["audit"]).fails(1).stdout.contains("error[rewritten]"));
    for damaged in [&b""[..], &whole[..50], &whole[..whole.len() - 1], &[&b"x"[..], &whole[1..]].concat()] {
        std::fs::write(&file, damaged).unwrap();
        let output = env.run(&["audit"]).ok();
        let told = "whether what was verified before is still part of the history isn't known this time";
        assert!(output.stderr.contains(told) && output.stderr.contains("--anchor"), "{output}");
        assert_eq!(std::fs::read(file.with_extension("unread")).unwrap(), damaged, "it is kept");
        assert!(!env.run(&["audit"]).ok().stderr.contains(told), "and told once");
    }
    env.set_head(&main);
    let output = env.run(&["audit"]).ok();
    assert!(output.stderr.is_empty(), "{output}");
    // What another version wrote is whole.
    let kept = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, kept.replacen("audit 1", "audit 2", 1)).unwrap();
    let output = env.run(&["audit"]).ok();
    assert!(output.stderr.contains("written by another version") && !output.stderr.contains("damaged"), "{output}");
}

/// Of each file that is remembered a byte goes: what is said is the same.
#[test]
fn what_is_remembered_and_damaged_changes_no_answer() {
    let env = TestEnv::with_partner();
    env.apply("Beta").ok().code.unwrap();
    let ask = || -> Vec<String> {
        let all: [&[&str]; 4] =
            [&["list"], &["check"], &["stats"], &["evidence", "beta", "--offline", "--as", "alice"]];
        let said = all.iter().map(|args| env.output(&mut env.at_once(args)).stdout);
        let said: Vec<String> = said.collect();
        let rendered = env.output(&mut env.at_once(&["render", "directory", "--out", "site"])).ok();
        assert!(rendered.stderr.is_empty(), "{rendered}");
        let mut pages = all_files(&env.path("site"));
        pages.retain(|page| page.extension().is_some_and(|kind| kind == "html"));
        pages.sort();
        said.into_iter().chain(pages.iter().map(|page| std::fs::read_to_string(page).unwrap())).collect()
    };
    let first = ask();
    assert!(first[3].contains("logo unlike all other partners'"), "{}", first[3]);
    let cache = env.path("home/.cache/karmada-partner");
    let remembered: Vec<PathBuf> = all_files(&cache);
    let folders: Vec<String> = remembered
        .iter()
        .map(|file| file.strip_prefix(&cache).unwrap().iter().next().unwrap().to_string_lossy().into_owned())
        .collect();
    for folder in ["logos", "ink"] {
        assert!(folders.iter().any(|known| known == folder), "{folders:?}");
    }
    for file in remembered {
        let whole = std::fs::read(&file).unwrap();
        // From the end, where no version stands: the last letter of a value, and half.
        for at in [whole.len() - 4, whole.len() / 2] {
            let damaged = [&whole[..at], &whole[at + 1..]].concat();
            std::fs::write(&file, &damaged).unwrap();
            let again = ask();
            assert_eq!(again, first, "{} without byte {at}", file.display());
        }
    }
}

#[test]
fn a_copy_that_goes_while_it_is_used_is_told_as_that() {
    let env = TestEnv::with_partner();
    let cache = env.path("home/.cache");
    let count = env.path("count");
    let list = |clears_at: usize, after: bool| {
        let _ = std::fs::remove_dir_all(&cache);
        let _ = std::fs::remove_file(&count);
        let clear =
            format!("[ $(wc -l < {count}) = {clears_at} ] && rm -rf {}", cache.display(), count = count.display());
        let (before, behind) = if after { ("", clear.as_str()) } else { (clear.as_str(), "") };
        let lines = format!(
            "for word; do last=$word; done\necho x >> {}\n{before}\neval \"$last\"; code=$?\n{behind}\nexit $code",
            count.display()
        );
        env.output(env.over_ssh(&mut env.command(&["list"]), &lines))
    };
    let mut told = 0;
    for (clears_at, after) in [(1, false), (1, true), (2, false), (2, true)] {
        let output = list(clears_at, after);
        if output.code != Some(0) {
            told += 1;
            assert!(output.stderr.contains("was removed while it was used"), "{clears_at} {after}: {output}");
            assert!(output.stderr.contains("run it again: it is made anew"), "{output}");
        }
    }
    assert!(told > 0);
    assert!(list(9, false).ok().stdout.contains("Acme"));
}
