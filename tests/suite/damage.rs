//! Objects that are cut short, garbled or gone, and clones that were made without some: each command ends, with what
//! it would have said anyway or with the object's name, and nobody is blamed.

use std::io::Read as _;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::env::{PATIENCE, TestEnv, some};
use crate::hub::put;

/// Commands that read, each another part.
const COMMANDS: [&[&str]; 11] = [
    &["list"],
    &["list", "--proposals"],
    &["show", "acme"],
    &["log"],
    &["log", "acme"],
    &["check", "--no-cache"],
    &["audit", "--full"],
    &["audit", "--head"],
    &["status"],
    &["review", "--as", "alice"],
    &["approve", "globex", "--as", "alice", "--dry-run"],
];

/// A partner that has been decided on, and an application with a vote.
fn registry() -> TestEnv {
    let env = TestEnv::with_partner();
    env.apply("Globex").ok().code.unwrap();
    let met = ["--authenticity", "met", "--url", "met", "--relevance", "met", "--vote", "approve", "--as", "bob"];
    env.run(&[["review", "globex"].as_slice(), &met].concat()).ok().code.unwrap();
    env
}

struct Ended {
    code: Option<i32>,
    text: String,
}

/// Runs a command at a moment that is always the same; one that doesn't end is killed.
#[track_caller]
fn run(env: &TestEnv, args: &[&str]) -> Ended {
    let seen = env.path("home/.local/state/karmada-partner/audits");
    let _ = std::fs::remove_dir_all(seen);
    let mut command = env.command(args);
    command.env("SOURCE_DATE_EPOCH", "1795000000").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        out.read_to_string(&mut text).unwrap();
        err.read_to_string(&mut text).unwrap();
        text
    });
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break Some(status);
        }
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            child.wait().unwrap();
            break None;
        }
        std::thread::sleep(Duration::from_millis(3));
    };
    let text = reader.join().unwrap();
    let status = status.unwrap_or_else(|| panic!("{args:?} doesn't end: {text}"));
    Ended { code: status.code(), text }
}

/// Every command ends with 5, and says these words; `about` tells in which world.
#[track_caller]
fn all_tell(env: &TestEnv, words: &[&str], about: &str) {
    for args in COMMANDS {
        let now = run(env, args);
        assert_eq!(now.code, Some(5), "{about}: {args:?}: {}", now.text);
        assert!(words.iter().all(|words| now.text.contains(words)), "{about}: {args:?}: {}", now.text);
    }
}

fn file_of(env: &TestEnv, id: &str) -> PathBuf {
    env.path(&format!("registry.git/objects/{}/{}", &id[..2], &id[2..]))
}

/// What may happen to the file of an object.
#[derive(Debug, Clone, Copy)]
enum Harm {
    Cut(usize),
    Half,
    LastByte,
    Garbage,
    Directory,
    Another,
    Gone,
}

fn harm(env: &TestEnv, id: &str, how: Harm) {
    let file = file_of(env, id);
    let bytes = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let kept = match how {
        Harm::Cut(length) => bytes[..length.min(bytes.len() - 1)].to_vec(),
        Harm::Half => bytes[..bytes.len() / 2].to_vec(),
        Harm::LastByte => bytes[..bytes.len() - 1].to_vec(),
        Harm::Garbage => b"\x78\x9cgarbage".repeat(20),
        Harm::Another => std::fs::read(file_of(env, &env.id(&["hash-object", "-w", "--stdin"], "another"))).unwrap(),
        Harm::Directory => return std::fs::create_dir(&file).unwrap(),
        Harm::Gone => return,
    };
    std::fs::write(&file, kept).unwrap();
}

/// One object of each kind, and what it is.
fn objects(env: &TestEnv) -> Vec<(&'static str, String)> {
    let of = |rev: &str| env.id(&["rev-parse", rev], "");
    vec![
        ("the head", of("main")),
        ("its parent", of("main^1")),
        ("what it merges", of("main^2")),
        ("the root", of("main^{tree}")),
        ("all partners", of("main:data/partners")),
        ("a partner", of("main:data/partners/acme")),
        ("a log", of("main:data/partners/acme/log")),
        ("an event", of("main:data/partners/acme/log/0001")),
        ("a decision", of("main:data/partners/acme/log/0002")),
        ("a vote", of("main:data/partners/acme/votes/1/alice")),
        ("a record", of("main:data/partners/acme/partner.toml")),
        ("a logo", of("main:data/partners/acme/logo.png")),
        ("the policy", of("main:data/program.toml")),
        ("the founding", of("main:data/program/log/0001")),
        ("a proposal", of("apply/globex")),
        ("its event", of("apply/globex:data/partners/globex/log/0001")),
        ("its vote", of("apply/globex:data/partners/globex/votes/1/bob")),
    ]
}

/// Whatever is wrong with an object: what needs it says so, and what doesn't says what it always says.
#[track_caller]
fn told_or_not_needed(env: &TestEnv, sound: &[Ended], commands: &[usize], id: &str, case: &str) {
    for index in commands {
        let (args, before) = (COMMANDS[*index], &sound[*index]);
        let now = run(env, args);
        let same = now.code == before.code && now.text == before.text;
        assert!(!matches!(now.code, None | Some(70 | 101 | 134)), "{case}: {args:?}: {:?} {}", now.code, now.text);
        assert!(same || now.code != Some(0), "{case}: {args:?} is content: {}", now.text);
        assert!(same || now.text.contains(id), "{case}: {args:?} doesn't name {id}: {}", now.text);
        // Who judges tells it among what there is to find; the other partners are judged all the same.
        let judges = matches!(args[0], "audit" | "check");
        assert!(same || now.code == Some(5) || (judges && now.code == Some(1)), "{case}: {args:?}: {:?}", now.code);
        let of_acme = ["a partner", "a log", "an event", "a decision", "a vote", "a record", "a logo"];
        if judges && !same && of_acme.iter().any(|what| case.starts_with(&format!("{what},"))) {
            assert_eq!(now.code, Some(1), "{case}: {args:?}: {}", now.text);
        }
        assert!(same || now.text.contains("git fsck"), "{case}: {args:?} doesn't say what helps: {}", now.text);
        if judges && now.code == Some(1) {
            let found: Vec<_> = now.text.lines().filter(|l| l.contains("error[") || l.contains("warning[")).collect();
            assert!(found.len() == 1 && found[0].contains("error[object-missing]"), "{case}: {args:?}: {}", now.text);
        }
    }
}

#[test]
fn an_object_that_is_cut_short_is_told_and_nobody_is_blamed() {
    let env = registry();
    let sound: Vec<Ended> = COMMANDS.iter().map(|args| run(&env, args)).collect();
    let all: Vec<usize> = (0..COMMANDS.len()).collect();
    let audited = env.id(&["rev-list", "--objects", "main"], "");
    for (what, id) in some(4, objects(&env)) {
        let file = file_of(&env, &id);
        let whole = std::fs::read(&file).unwrap();
        let others = [Harm::Cut(0), Harm::Cut(40), Harm::LastByte, Harm::Garbage, Harm::Another, Harm::Directory];
        let others = crate::env::much(&others[..1], &others[..]).iter().copied();
        for how in others.chain([Harm::Half, Harm::Gone]) {
            harm(&env, &id, how);
            let commands = if matches!(how, Harm::Half) { &all[..] } else { &[0, 6] };
            // What is read in bulk isn't hashed again: another object is told by its contents, or by `audit --deep`.
            if matches!(how, Harm::Another) {
                let now = run(&env, &["audit", "--deep"]);
                let fine = matches!(now.code, Some(1 | 5)) || (now.code == Some(0) && !audited.contains(&id));
                assert!(fine, "{what}: {:?} {}", now.code, now.text);
            } else {
                told_or_not_needed(&env, &sound, commands, &id, &format!("{what}, {how:?}"));
            }
            let _ = std::fs::remove_file(&file);
            let _ = std::fs::remove_dir(&file);
            std::fs::write(&file, &whole).unwrap();
        }
    }
    assert!(COMMANDS.iter().zip(&sound).all(|(args, before)| run(&env, args).text == before.text), "all is back");
}

/// Nothing that a run before the damage remembers is the answer of one after it; and what is mended is as before.
#[test]
fn damage_that_came_after_a_check_is_told_by_the_next() {
    let env = registry();
    let healthy = |when: &str| {
        for args in [["check"].as_slice(), &["audit"], &["doctor", "--json"]] {
            let told = env.run(args);
            assert_eq!(told.code, Some(0), "{when}: {told}");
        }
    };
    healthy("at first");
    let listed = env.id(&["ls-tree", "-r", "-t", "--object-only", "main", "data/partners", "data/program.toml"], "");
    let loose = listed.lines().filter(|id| file_of(&env, id).exists());
    let cases = loose.flat_map(|id| [Harm::Gone, Harm::Cut(0), Harm::Half].map(|how| (id, how)));
    let cases: Vec<_> = cases.collect();
    assert!(cases.len() > 20, "{listed}");
    for (id, how) in some(6, cases) {
        let file = file_of(&env, id);
        let whole = std::fs::read(&file).unwrap();
        harm(&env, id, how);
        for args in [["check"].as_slice(), &["audit"], &["doctor", "--json"]] {
            let told = env.run(args);
            let text = told.to_string();
            let says = text.contains("can't be read") || text.contains("karmada-partner check shows them");
            assert!(matches!(told.code, Some(1 | 5)) && says, "{args:?}, {id} {how:?}: {told}");
        }
        std::fs::remove_file(&file).unwrap_or_default();
        std::fs::write(&file, whole).unwrap();
        healthy("mended");
    }
    env.git(&["gc", "--quiet", "--prune=now"]);
    healthy("packed");
}

/// One sentence, from whatever needs what isn't here; and no finding.
#[test]
fn a_partial_clone_is_told_in_one_sentence() {
    let env = registry();
    env.git(&["config", "uploadpack.allowFilter", "true"]);
    let sound: Vec<Ended> = COMMANDS.iter().map(|args| run(&env, args)).collect();
    std::fs::rename(env.path("registry.git"), env.path("whole.git")).unwrap();
    let from = format!("file://{}", env.path("whole.git").display());
    for filter in ["blob:none", "tree:0"] {
        let filter = format!("--filter={filter}");
        env.git_at(".", &["clone", "--quiet", "--bare", &filter, &from, "registry.git"]);
        for args in COMMANDS {
            let now = run(&env, args);
            assert_eq!(now.code, Some(5), "{args:?}: {}", now.text);
            let lines: Vec<&str> = now.text.lines().filter(|l| !l.trim().is_empty()).collect();
            assert!(lines.len() == 2 && lines[0].contains("is a partial clone"), "{args:?}: {}", now.text);
            assert_eq!(lines[1].trim(), "hint: clone it again whole, without --filter", "{args:?}");
        }
        std::fs::remove_dir_all(env.path("registry.git")).unwrap();
    }
    // What is said to do is what helps; and a partial clone that has all is one like others.
    std::fs::rename(env.path("whole.git"), env.path("registry.git")).unwrap();
    env.git(&["config", "remote.origin.promisor", "true"]);
    for (args, before) in COMMANDS.iter().zip(&sound) {
        let now = run(&env, args);
        assert_eq!((now.code, &now.text), (before.code, &before.text), "{args:?}");
    }
}

/// The facts that an event of long ago brought, too: they may be elsewhere, and nobody is blamed for that.
#[test]
fn a_partial_clone_that_lacks_old_facts_is_told_likewise() {
    let env = TestEnv::with_partner();
    env.run(&["update", "acme", "--website", "https://acme.example/support", "--as", "acme-bot"]).ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    let event = env.file("data/partners/acme/log/0002");
    let old = crate::plumbing::value(&event, "Objects").split(' ').next().unwrap().to_owned();
    assert_ne!(old, env.id(&["rev-parse", "main:data/partners/acme/partner.toml"], ""));
    harm(&env, &old, Harm::Gone);
    let whole = run(&env, &["audit", "--full"]);
    assert!(whole.text.contains("error[object-missing]"), "{}", whole.text);
    env.git(&["config", "remote.origin.promisor", "true"]);
    let now = run(&env, &["audit", "--full"]);
    assert!(now.code == Some(5) && now.text.contains("is a partial clone"), "{}", now.text);
}

/// Without a policy nothing that was done under it can be judged; and nobody is blamed for it.
#[test]
fn a_policy_that_is_gone_leads_to_no_accusation() {
    let env = TestEnv::with_partner();
    for name in ["zoe", "yan"] {
        env.change_policy(|text| text + &format!("\n[[committee]]\ngithub = \"{name}\"\naffiliation = \"{name}\"\n"));
    }
    let event = env.file("data/program/log/0002");
    harm(&env, crate::plumbing::value(&event, "Objects"), Harm::Gone);
    let told = run(&env, &["audit", "--full"]);
    let errors: Vec<_> = told.text.lines().filter(|l| l.contains("error[")).collect();
    assert!(errors.len() == 1 && errors[0].contains("error[object-missing]"), "{}", told.text);
}

/// What no proposal is needed for.
const NEED_NO_PROPOSAL: [&[&str]; 4] =
    [&["show", "acme"], &["log", "acme"], &["audit", "--full"], &["audit", "--head"]];

/// Every command that needs a proposal says these words, and shows what else there is; all others go on.
#[track_caller]
fn who_needs_it_tells(env: &TestEnv, words: &[&str], about: &str) {
    for args in COMMANDS {
        let now = run(env, args);
        let told = words.iter().all(|words| now.text.contains(words));
        let code = match args {
            _ if NEED_NO_PROPOSAL.contains(&args) => 0,
            ["check", ..] => 1,
            _ => 5,
        };
        assert_eq!((now.code, told), (Some(code), code != 0), "{about}: {args:?}: {}", now.text);
        assert!(!matches!(args, ["list"]) || now.text.contains("Acme"), "{about}: {args:?}: {}", now.text);
    }
}

/// What a power cut leaves of a branch is told by whatever lists branches; also where an older place of it is packed.
#[test]
fn a_branch_that_cant_be_read_is_not_passed_over() {
    let env = registry();
    for (branch, is_packed) in [("apply/globex", false), ("apply/globex", true), ("main", false)] {
        let file = env.path(&format!("registry.git/refs/heads/{branch}"));
        let whole = std::fs::read(&file).unwrap();
        if is_packed {
            env.git(&["pack-refs", "--all", "--no-prune"]);
        }
        let broken: Vec<&[u8]> = some(2, [b"".as_slice(), &[0; 41], b"garbage\n", &whole[..20]]).collect();
        for left in &broken {
            std::fs::write(&file, left).unwrap();
            let about = format!("{branch} {left:?}");
            match branch {
                "main" => all_tell(&env, &[branch, "git fsck"], &about),
                _ => who_needs_it_tells(&env, &[branch, "git fsck"], &about),
            }
        }
        if branch != "main" {
            // Nothing else waits for it, and nothing is written over it.
            env.run(&["benefit", "add", "acme", "--kind", "exposure", "--what", "talk", "--as", "alice"])
                .ok()
                .code
                .unwrap();
            let vote = ["review", "globex", "--authenticity", "met", "--vote", "approve", "--as", "alice", "--yes"];
            env.run(&vote).fails(5).code.unwrap();
            assert_eq!(std::fs::read(&file).unwrap(), *broken[broken.len() - 1]);
        }
        // Somebody is writing.
        std::fs::write(file.with_extension("lock"), "").unwrap();
        std::fs::write(&file, &whole).unwrap();
        assert_eq!(run(&env, &["list"]).code, Some(0));
    }
}

/// Objects may be borrowed from another repository.
#[test]
fn a_borrowed_object_that_is_cut_short_is_told_too() {
    let env = registry();
    let sound = run(&env, &["list"]);
    std::fs::rename(env.path("registry.git"), env.path("lender.git")).unwrap();
    env.git_at(".", &["clone", "--quiet", "--bare", "--shared", "lender.git", "registry.git"]);
    let now = run(&env, &["list"]);
    assert_eq!((now.code, now.text), (sound.code, sound.text));
    let id = env.id(&["rev-parse", "main:data/partners/acme/log/0002"], "");
    let file = env.path(&format!("lender.git/objects/{}/{}", &id[..2], &id[2..]));
    let bytes = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    std::fs::write(&file, &bytes[..40]).unwrap();
    let now = run(&env, &["list"]);
    assert!(now.code == Some(5) && now.text.contains(&id), "{:?} {}", now.code, now.text);
}

/// A branch may stand for another, as git has it; where the other is gone, that is told.
#[test]
fn a_branch_that_stands_for_another_is_read_and_one_that_leads_nowhere_is_told() {
    let env = registry();
    let sound = run(&env, &["show", "globex"]);
    env.git(&["branch", "--move", "apply/globex", "elsewhere"]);
    env.git(&["symbolic-ref", "refs/heads/apply/globex", "refs/heads/elsewhere"]);
    let now = run(&env, &["show", "globex"]);
    assert_eq!((now.code, &now.text), (sound.code, &sound.text));
    env.git(&["update-ref", "--no-deref", "-d", "refs/heads/elsewhere"]);
    who_needs_it_tells(&env, &["refs/heads/apply/globex stands for another"], "");
}

/// As `core.preferSymlinkRefs` has git write them: what it stands for is there.
#[cfg(unix)]
#[test]
fn a_link_that_git_takes_for_a_symbolic_reference_is_called_what_it_is() {
    let env = registry();
    env.git(&["branch", "--move", "apply/globex", "elsewhere"]);
    let link = env.path("registry.git/refs/heads/apply/globex");
    std::fs::create_dir_all(link.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink("refs/heads/elsewhere", &link).unwrap();
    let told = run(&env, &["list", "--proposals"]).text;
    assert!(told.contains("refs/heads/apply/globex is a symbolic link"), "{told}");
    assert!(told.contains("refs/heads/elsewhere") && !told.contains("isn't there"), "{told}");
    env.git(&["-c", "core.preferSymlinkRefs=false", "symbolic-ref", "refs/heads/apply/globex", "refs/heads/elsewhere"]);
    assert_eq!(run(&env, &["show", "globex"]).code, Some(0));
}

/// By its id alone nobody knows whose it is.
#[test]
fn what_cant_be_read_of_a_partner_is_told_with_its_name() {
    for path in ["partner.toml", "log/0001", "log"] {
        let env = registry();
        let id = env.id(&["rev-parse", &format!("main:data/partners/acme/{path}")], "");
        harm(&env, &id, Harm::Gone);
        let told = run(&env, &["list"]);
        let line = format!("data/partners/acme/{path}: object {id} can't be read");
        assert!(told.code == Some(5) && told.text.contains(&line), "{path}: {}", told.text);
    }
}

/// Nor is it a reason to pass over the others: whatever lists them shows them, and then ends with what it couldn't read.
#[test]
fn what_git_has_lost_of_a_partner_hides_no_other() {
    for path in ["/partner.toml", "/log/0001", "/log", ""] {
        let env = with_two_and_an_applicant();
        env.run(&["render", "directory", "--out", "site"]).ok().code.unwrap();
        let page = env.read("site/partners/acme/index.html");
        let id = env.id(&["rev-parse", &format!("main:data/partners/acme{path}")], "");
        let file = file_of(&env, &id);
        let bytes = std::fs::read(&file).unwrap();
        harm(&env, &id, Harm::Gone);
        let lost = format!("error: data/partners/acme{path}: object {id} can't be read");
        for (args, shows) in [
            (&["list"][..], "Globex"),
            (&["contacts"], "Globex"),
            (&["stats"], "approved   1"),
            (&["log"], "globex"),
            (&["jobs", "list"], ""),
            (&["benefit", "list"], ""),
        ] {
            let told = run(&env, args);
            assert!(told.code == Some(5) && told.text.contains(&lost), "{path} {args:?}: {}", told.text);
            assert!(told.text.contains(shows), "{path} {args:?}: {}", told.text);
        }
        // Where a directory is lost, nobody knows what is gone from the record, and nothing is decided.
        let is_file = path.contains('.') || path.contains("0001");
        let told = run(&env, &["evidence", "hooli", "--offline"]).text;
        assert!(told.contains("the record of acme can't be read") || told.contains(&id), "{path}: {told}");
        if is_file {
            env.decide("hooli");
        }
        // A site is made without it, and its own pages stay.
        let told = run(&env, &["render", "directory", "--out", "site"]);
        assert!(told.code == Some(5) && told.text.contains("its pages stay as they were"), "{path}: {}", told.text);
        assert_eq!(env.read("site/index.html").contains("Hooli"), is_file, "{path}: {}", told.text);
        assert_eq!(env.read("site/partners/acme/index.html"), page, "{path}");
        if !path.is_empty() {
            let told = run(&env, &["check"]).text;
            assert!(told.contains(&format!("data/partners/acme{path}: error[object-missing]")), "{path}: {told}");
        }
        // Nothing of it is remembered: once it is back, it is shown.
        std::fs::write(file, bytes).unwrap();
        assert!(env.run(&["list"]).ok().stdout.contains("https://acme.example"), "{path}");
    }
}

/// Whose votes, or whose logo, git has lost is shown as what else is known of it.
#[test]
fn what_is_known_of_a_partner_is_shown_without_what_git_has_lost() {
    for path in ["votes", "votes/1", "logo.png"] {
        let env = with_two_and_an_applicant();
        let id = env.id(&["rev-parse", &format!("main:data/partners/acme/{path}")], "");
        harm(&env, &id, Harm::Gone);
        for args in [&["list"][..], &["contacts"], &["log"], &["render", "directory", "--out", "site"]] {
            let told = run(&env, args).text;
            let shows = if args[0] == "render" { env.read("site/index.html") } else { told.clone() };
            assert!(shows.to_lowercase().contains("acme") && shows.contains("lobex"), "{path} {args:?}: {told}");
        }
        let told = run(&env, &["evidence", "hooli", "--offline"]).text;
        let is_told = told.contains("logos that can't be read weren't compared: acme");
        assert_eq!(is_told, path == "logo.png", "{path}: {told}");
        let told = run(&env, &["check"]).text;
        assert!(told.contains(&format!("data/partners/acme/{path}: error[object-missing]")), "{path}: {told}");
    }
}

fn with_two_and_an_applicant() -> TestEnv {
    let env = TestEnv::with_partner();
    env.write("logo.png", crate::picture::png(640, 220));
    env.apply("Globex").ok().code.unwrap();
    env.decide("globex");
    env.write("logo.png", crate::picture::board(1));
    env.apply("Hooli").ok().code.unwrap();
    env
}

/// A directory of branches that can't be read isn't one without any.
/// What was closed is kept on a branch, too.
#[test]
fn a_closed_proposal_that_cant_be_read_is_told_by_all() {
    let env = TestEnv::with_partner();
    env.apply("Globex").ok().code.unwrap();
    env.run(&["withdraw", "globex", "--as", "globex-bot"]).ok().code.unwrap();
    env.run(&["check", "--no-cache"]).ok().code.unwrap();
    let branch = "registry.git/refs/heads/closed/globex/1";
    let nothing = "0123456789012345678901234567890123456789\n";
    for (stands, said) in [
        ("", "closed/globex/1"),
        ("1234\n", "closed/globex/1"),
        (nothing, "closed/globex/1"),
        ("ref: refs/heads/none\n", "closed/globex/1 stands for another reference, which isn't there"),
    ] {
        env.write(branch, stands);
        for args in [&["list"][..], &["status", "globex"], &["show", "globex"]] {
            let told = run(&env, args);
            assert!(told.code == Some(5) && told.text.contains(said), "{stands}: {args:?}: {}", told.text);
        }
        let told = env.run(&["check", "--no-cache"]).fails(1);
        assert!(told.stdout.contains("closed/globex/1: error[object-missing]") && told.stdout.contains(said), "{told}");
    }
}

#[test]
fn directories_of_branches_that_cant_be_read_are_told() {
    let env = registry();
    let apply = env.path("registry.git/refs/heads/apply");
    std::fs::rename(&apply, env.path("apply")).unwrap();
    for target in ["nowhere", "apply", "."] {
        std::os::unix::fs::symlink(target, &apply).unwrap();
        all_tell(&env, &["refs/heads/apply"], target);
        std::fs::remove_file(&apply).unwrap();
    }
    // One that leads somewhere does.
    std::os::unix::fs::symlink(env.path("apply"), &apply).unwrap();
    assert!(run(&env, &["show", "globex"]).code == Some(0));
}

/// A registry whose references are packed; the file that holds them, and what stands in it.
fn packed() -> (TestEnv, PathBuf, String) {
    let env = registry();
    env.git(&["pack-refs", "--all", "--prune"]);
    let packed = env.path("registry.git/packed-refs");
    let whole = std::fs::read_to_string(&packed).unwrap();
    (env, packed, whole)
}

#[test]
fn packed_references_that_cant_be_read_are_told_with_what_to_do() {
    let (env, packed, whole) = packed();
    let garbled = whole.replacen('\n', "\nzz", 1);
    for left in [garbled, whole[..whole.len() - 50].to_owned()] {
        std::fs::write(&packed, left).unwrap();
        all_tell(&env, &["git fsck"], "");
    }
    // To have git write it anew would lose all that it can't read.
    std::fs::write(&packed, whole.replace('\n', "\r\n")).unwrap();
    all_tell(&env, &["ends as on Windows", "sed -i 's/\\r$//' "], "");
    assert!(!run(&env, &["list"]).text.contains("pack-refs"), "that would lose them");
    // Somebody edited it by hand: git looks where a name would stand, and not everywhere.
    let (first, rest) = whole.split_once('\n').unwrap();
    let turned: String = rest.lines().rev().filter(|l| !l.starts_with('^')).map(|l| format!("{l}\n")).collect();
    std::fs::write(&packed, format!("{first}\n{turned}")).unwrap();
    assert!(first.contains("sorted"), "{first}");
    all_tell(&env, &["isn't in the order that its first line promises", "pack-refs --all"], "");
    std::fs::write(&packed, format!("{}\n{turned}", first.replace("sorted", ""))).unwrap();
    env.git(&["pack-refs", "--all"]);
    assert_eq!(std::fs::read_to_string(&packed).unwrap(), whole);
}

/// git takes the first of two places, what this is built with the last; and passes over a name whose line ends as on Windows.
#[test]
fn a_packed_reference_that_git_reads_otherwise_is_told_by_its_name() {
    let (env, packed, whole) = packed();
    let told = |words: &[&str]| {
        for args in [["list"].as_slice(), &["check"], &["show", "globex"], &["status", "globex"]] {
            let now = run(&env, args);
            assert!(words.iter().all(|words| now.text.contains(words)), "{args:?}: {}", now.text);
        }
    };
    let line =
        |name: &str| whole.lines().find(|line| line.ends_with(&format!(" refs/heads/{name}"))).unwrap().to_owned();
    let id = |name: &str| line(name)[..40].to_owned();
    for (name, other) in [("apply/globex", "main"), ("main", "apply/globex")] {
        let (own, elsewhere) = (line(name), line(name).replace(&id(name), &id(other)));
        for two in [format!("{own}\n{elsewhere}"), format!("{elsewhere}\n{own}")] {
            std::fs::write(&packed, whole.replace(&own, &two)).unwrap();
            told(&[&format!("refs/heads/{name} stands twice"), &own[..9], &elsewhere[..9], "take the line"]);
        }
        std::fs::write(&packed, whole.replace(&own, &format!("{own}\n{own}"))).unwrap();
        assert!(run(&env, &["list"]).code == Some(0), "where both are the same, neither is wrong");
        std::fs::write(&packed, whole.replace(&own, &format!("{own}\r"))).unwrap();
        told(&[&format!("the line of refs/heads/{name} in the packed-refs"), "sed -i"]);
    }
    // A file of its own stands above what is packed, there and here.
    let (own, elsewhere) = (line("apply/globex"), line("apply/globex").replace(&id("apply/globex"), &id("main")));
    std::fs::write(&packed, whole.replace(&own, &format!("{own}\n{elsewhere}"))).unwrap();
    std::fs::create_dir_all(env.path("registry.git/refs/heads/apply")).unwrap();
    env.write("registry.git/refs/heads/apply/globex", id("apply/globex") + "\n");
    assert!(run(&env, &["check"]).code == Some(0), "{}", run(&env, &["check"]).text);
}

/// As `git init --bare` has left `HEAD` where the branch that was pushed is called otherwise.
#[test]
fn a_registry_whose_head_names_no_branch_isnt_called_empty() {
    let env = registry();
    env.git(&["symbolic-ref", "HEAD", "refs/heads/master"]);
    let now = run(&env, &["list"]);
    assert_eq!(now.code, Some(3), "{}", now.text);
    assert!(now.text.contains("has no refs/heads/master") && now.text.contains("has refs/heads/main"), "{}", now.text);
    assert!(now.text.contains("symbolic-ref HEAD refs/heads/main") && !now.text.contains("init"), "{}", now.text);
}

#[test]
fn a_branch_among_proposals_that_nobody_would_hear_of_is_told() {
    let env = registry();
    env.git(&["branch", "apply/GLOBEX", "apply/globex"]);
    env.git(&["branch", "policy/other", "apply/globex"]);
    let now = run(&env, &["check"]);
    for branch in ["apply/GLOBEX", "policy/other"] {
        assert!(now.text.contains(&format!("{branch}: warning[branch-unknown]")), "{}", now.text);
    }
    assert!(!now.text.contains("apply/globex"), "{}", now.text);
    // Beside them, too.
    env.git(&["branch", "origin/apply/globex", "main"]);
    let now = run(&env, &["check"]).text;
    assert!(now.contains("origin/apply/globex: warning[branch-unknown]"), "{now}");
    env.git(&["branch", "--delete", "origin/apply/globex"]);
    // Whoever asks about one hears of it, too.
    env.git(&["branch", "Apply/zed", "apply/globex"]);
    let now = run(&env, &["status", "zed"]);
    assert!(
        now.code == Some(3) && now.text.contains("Apply/zed is called nearly as a proposal about it"),
        "{}",
        now.text
    );
    env.git(&["branch", "--delete", "--force", "Apply/zed"]);
    // One that is about somebody else, or about nobody, is told; one that is left over since it landed isn't.
    env.git(&["branch", "apply/hooli", "apply/globex"]);
    env.git(&["branch", "apply/initech", "main"]);
    let now = run(&env, &["check"]);
    let told =
        "apply/hooli: warning[branch-unknown]: this branch is called as a proposal about hooli, and changes nothing";
    assert!(now.text.contains(told) && !now.text.contains("initech"), "{}", now.text);
}

/// Objects that are here and can't be read aren't called absent: what keeps them from being read is.
#[test]
fn what_keeps_objects_from_being_read_is_named() {
    let env = registry();
    env.git(&["repack", "-a", "-d", "--quiet"]);
    let packs = env.path("registry.git/objects/pack");
    let of = |kind: &str| {
        let mut files = std::fs::read_dir(&packs).unwrap().map(|entry| entry.unwrap().path());
        files.find(|path| path.extension().is_some_and(|found| found == kind)).unwrap()
    };
    for file in [of("idx"), of("pack")] {
        let bytes = std::fs::read(&file).unwrap();
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        for left in [None, Some(0), Some(40), Some(bytes.len() / 2), Some(bytes.len() - 30)] {
            std::fs::remove_file(&file).unwrap();
            if let Some(length) = left {
                std::fs::write(&file, &bytes[..length]).unwrap();
            }
            let now = run(&env, &["list"]);
            let stem = name.split('.').next().unwrap();
            assert!(now.code == Some(5) && now.text.contains(stem), "{name} {left:?}: {:?} {}", now.code, now.text);
            assert!(!now.text.contains("it isn't here"), "{name} {left:?}: {}", now.text);
            let indexes = now.text.contains("git index-pack");
            assert_eq!(indexes, name.ends_with("idx"), "{name} {left:?}: {}", now.text);
            std::fs::write(&file, &bytes).unwrap();
        }
    }
    assert_eq!(run(&env, &["list"]).code, Some(0));
    // git's first kind of index is whole, too, where an object isn't here.
    let id = env.id(&["rev-parse", "main:data/partners/acme/log/0001"], "");
    let all = env.id(&["rev-list", "--objects", "--all"], "");
    let others: String = all.lines().filter(|l| !l.starts_with(&id)).map(|l| format!("{}\n", &l[..40])).collect();
    let kept = env.path("kept");
    std::fs::create_dir(env.path("few")).unwrap();
    let few = env.path("few/pack").display().to_string();
    env.id(&["-c", "pack.indexVersion=1", "pack-objects", "--quiet", &few], &others);
    std::fs::rename(&packs, &kept).unwrap();
    std::fs::rename(env.path("few"), &packs).unwrap();
    let now = run(&env, &["list"]);
    assert!(now.text.contains(&format!("object {id} can't be read: it isn't here")), "{}", now.text);
    std::fs::remove_dir_all(&packs).unwrap();
    std::fs::rename(&kept, &packs).unwrap();
    // A folder that can't be gone into is no folder that isn't there.
    std::fs::rename(env.path("registry.git/objects"), &kept).unwrap();
    std::os::unix::fs::symlink("objects", env.path("registry.git/objects")).unwrap();
    let now = run(&env, &["list"]);
    let told = now.text.contains("can't look at registry.git/objects") && !now.text.contains("isn't a git repository");
    assert!(told, "{}", now.text);
    std::fs::remove_file(env.path("registry.git/objects")).unwrap();
    std::fs::rename(&kept, env.path("registry.git/objects")).unwrap();
    std::fs::rename(env.path("registry.git"), env.path("lender.git")).unwrap();
    env.git_at(".", &["clone", "--quiet", "--bare", "--shared", "lender.git", "registry.git"]);
    std::fs::rename(env.path("lender.git"), env.path("elsewhere.git")).unwrap();
    let now = run(&env, &["list"]);
    assert!(now.code == Some(5) && now.text.contains("borrows from it"), "{:?} {}", now.code, now.text);
    assert!(now.text.contains("info/alternates") && !now.text.contains("it isn't here"), "{}", now.text);
}

/// Whatever a branch leads to that is no commit, it is the branch that somebody has to look at.
#[test]
fn a_branch_that_leads_to_no_commit_is_named() {
    let env = registry();
    env.git(&["tag", "-a", "-m", "a tag", "v1", "main"]);
    for leads_to in ["v1", "main^{tree}"] {
        let id = env.id(&["rev-parse", leads_to], "");
        env.write("registry.git/refs/heads/apply/umbra", id.clone());
        for args in
            [&["list", "--proposals"][..], &["check", "--no-cache"], &["status", "umbra"], &["review", "--as", "alice"]]
        {
            let ended = run(&env, args);
            let told = format!("can't read apply/umbra: object {} can't be read: it isn't a commit", id.trim());
            assert!(ended.text.contains(&told), "{leads_to}: {args:?}: {}", ended.text);
            let names_a_clone = ended.text.contains("another clone");
            assert!(ended.text.contains("git update-ref") && !names_a_clone, "{leads_to}: {args:?}: {}", ended.text);
        }
    }
}

/// One branch that can't be read is told, and hides nobody else.
#[test]
fn one_proposal_that_cant_be_read_leaves_all_others_to_be_shown() {
    let env = registry();
    env.apply("Hooli").ok().code.unwrap();
    env.run(&["reject", "hooli", "--reason", "no", "--as", "alice"]).ok().code.unwrap();
    env.run(&["reject", "hooli", "--reason", "no", "--as", "bob"]).ok().code.unwrap();
    let tree = env.id(&["rev-parse", "main^{tree}"], "");
    let cut = env.id(&["hash-object", "-t", "commit", "-w", "--literally", "--stdin"], "no commit");
    let gone = env.id(&["commit-tree", &tree, "-m", "gone"], "");
    let readers: [&[&str]; 9] = [
        &["list"],
        &["list", "--proposals"],
        &["list", "--json"],
        &["status"],
        &["status", "--json"],
        &["stats"],
        &["log"],
        &["review", "--as", "alice"],
        &["review", "--as", "alice", "--json"],
    ];
    let sound: Vec<Ended> = readers.iter().map(|args| run(&env, args)).collect();
    assert!(sound.iter().all(|ended| ended.code == Some(0)));
    harm(&env, &gone, Harm::Gone);
    for branch in ["apply/umbra", "apply/acme", "exit/acme", "policy/program", "apply/globex.2"] {
        for id in some(1, [&tree, &cut, &gone]) {
            put(&env.path("registry.git/refs/heads"), branch, format!("{id}\n"));
            let told = format!("error: can't read {branch}: object {id} can't be read");
            for (args, before) in readers.iter().zip(&sound) {
                let now = run(&env, args);
                assert_eq!(now.code, Some(5), "{branch}: {args:?}: {}", now.text);
                let rest = now.text.strip_prefix(&before.text).unwrap_or_else(|| panic!("{args:?}: {}", now.text));
                let lines: Vec<&str> = rest.lines().collect();
                assert!(lines.len() == 2 && lines[0].starts_with(&told), "{branch}: {args:?}: {rest}");
                assert!(lines[1].starts_with("hint: "), "{branch}: {args:?}: {rest}");
            }
            let checked = run(&env, &["check", "--no-cache"]);
            let errors: Vec<&str> = checked.text.lines().filter(|l| l.contains("error[")).collect();
            let line = format!("{branch}: error[object-missing]: {}", &told["error: ".len()..]);
            assert!(errors.len() == 1 && errors[0].contains(&line), "{branch}: {}", checked.text);
            assert!(env.run(&["doctor"]).stdout.contains(branch), "{branch}");
            // Who is called so may be whom it is about.
            let named = run(&env, &["show", "伞"]);
            assert!(named.code == Some(5) && named.text.contains(branch), "{branch}: {}", named.text);
            if branch == "apply/umbra" {
                let others: [&[&str]; 4] =
                    [&["show", "globex"], &["log", "acme"], &["contacts", "--for", "security"], &["audit", "--full"]];
                for args in others {
                    assert_eq!(run(&env, args).code, Some(0), "{args:?}");
                }
                for args in [["show", "umbra"], ["status", "umbra"], ["log", "umbra"]] {
                    let now = run(&env, &args);
                    assert!(now.code == Some(5) && now.text.contains(&told), "{args:?}: {}", now.text);
                }
                // Whoever applies isn't compared with it, and that is said.
                let applied = run(&env, &["approve", "globex", "--as", "alice", "--dry-run"]);
                assert!(applied.code == Some(0) && !applied.text.contains("can't read"), "{}", applied.text);
                let applied = run(
                    &env,
                    &[
                        "apply",
                        "--name",
                        "Newco",
                        "--website",
                        "https://newco.example/karmada",
                        "--github",
                        "newco-bot",
                        "--logo",
                        "logo.png",
                        "--dry-run",
                    ],
                );
                assert_eq!(applied.code, Some(0), "{}", applied.text);
                assert_eq!(applied.text.matches("the record of umbra can't be read").count(), 1, "{}", applied.text);
            }
            std::fs::remove_file(env.path(&format!("registry.git/refs/heads/{branch}"))).unwrap();
        }
    }
    let closed = env.id(&["rev-parse", "closed/hooli/1"], "");
    for id in some(1, [&tree, &cut, &gone]) {
        env.git(&["update-ref", "-d", "refs/heads/closed/hooli/1"]);
        std::fs::create_dir_all(env.path("registry.git/refs/heads/closed/hooli")).unwrap();
        env.write("registry.git/refs/heads/closed/hooli/1", format!("{id}\n"));
        for args in [["list", "--sort=name"], ["log", "--no-pager"]] {
            let now = run(&env, &args);
            assert!(now.code == Some(5) && now.text.contains("acme") && now.text.contains("globex"), "{}", now.text);
            assert_eq!(now.text.matches(&format!("object {id} can't be read")).count(), 1, "{}", now.text);
        }
        std::fs::remove_file(env.path("registry.git/refs/heads/closed/hooli/1")).unwrap();
    }
    env.git(&["update-ref", "refs/heads/closed/hooli/1", &closed]);
    for (args, before) in readers.iter().zip(&sound) {
        assert_eq!(run(&env, args).text, before.text, "{args:?}");
    }
}

/// What syncs and shows folders leaves its own files in them, and copies of others'.
#[test]
fn what_syncs_folders_leaves_among_references_is_told() {
    let env = registry();
    let stray = "registry.git/refs/heads/apply/desktop.ini";
    env.write(stray, "[.ShellClassInfo]\r\nIconResource=x\r\n");
    for args in COMMANDS {
        let ended = run(&env, args);
        assert!(
            ended.text.contains("apply/desktop.ini is no reference") || !ended.text.contains("can't read"),
            "{}",
            ended.text
        );
    }
    assert!(run(&env, &["list", "--proposals"]).text.contains("remove it, if it is one"));
    std::fs::remove_file(env.path(stray)).unwrap();
    // A reference that was one stays damage.
    env.write("registry.git/refs/heads/apply/umbra", "0123456789abcdef\n");
    assert!(run(&env, &["list", "--proposals"]).text.contains("can't read refs/heads/apply/umbra"));
    std::fs::remove_file(env.path("registry.git/refs/heads/apply/umbra")).unwrap();
    let main = env.head();
    for copy in ["main (Jane's conflicted copy 2026-01-01)", "apply/globex (1)", "apply/globex~"] {
        env.write(&format!("registry.git/refs/heads/{copy}"), main.clone());
        let told = run(&env, &["check", "--no-cache"]);
        assert_eq!(told.code, Some(0), "{}", told.text);
        let line = format!("{copy}: warning[branch-unknown]: git takes this for no branch");
        assert_eq!(told.text.matches(&line).count(), 1, "{}", told.text);
        assert_eq!(told.text.matches("branch-unknown").count(), 1, "{}", told.text);
        std::fs::remove_file(env.path(&format!("registry.git/refs/heads/{copy}"))).unwrap();
    }
}

/// git reads a `HEAD` that is a link; what can't be read here isn't called no repository.
#[test]
fn a_head_that_is_a_link_or_garbled_is_told_with_what_mends_it() {
    let env = registry();
    let head = env.path("registry.git/HEAD");
    // Where its branch is a file it is followed; packed, only git knows what it names.
    env.git(&["pack-refs", "--all"]);
    std::fs::remove_file(&head).unwrap();
    std::os::unix::fs::symlink("refs/heads/main", &head).unwrap();
    let told = run(&env, &["list"]);
    assert!(told.text.contains("is a link, which can't be read here"), "{}", told.text);
    let mends =
        told.text.lines().find_map(|line| line.split_once("make it a file: git ")).expect("a hint").1.to_owned();
    let args: Vec<&str> = mends.split(' ').collect();
    env.git_at(".", &args);
    assert!(run(&env, &["list"]).text.contains("Acme"));
    std::fs::write(&head, "\u{feff}ref: refs/heads/main\n").unwrap();
    let told = run(&env, &["list"]);
    assert!(told.text.contains("can't read HEAD") && told.text.contains("git symbolic-ref HEAD"), "{}", told.text);
}
