//! What of a proposal becomes history: commits that this program would have written, and nothing else, whichever way it
//! lands.

use std::sync::OnceLock;

use github_double::Method;

use crate::env::{Made, TestEnv, some};
use crate::hub::{Hub, REGISTRY};

/// Rewrites a commit, byte for byte as `change` says.
fn rewritten(env: &TestEnv, commit: &str, change: impl FnOnce(&str) -> String) -> String {
    let raw = String::from_utf8(env.plumb(&["cat-file", "commit", commit], "")).unwrap();
    let changed = change(&raw);
    assert_ne!(raw, changed, "nothing changes");
    env.id(&["hash-object", "-t", "commit", "-w", "--literally", "--stdin"], changed)
}

/// With an application that somebody filed who isn't the contact.
fn with_application() -> TestEnv {
    static MADE: OnceLock<Made> = OnceLock::new();
    TestEnv::once(&MADE, || {
        let env = TestEnv::with_registry();
        let args = ["apply", "--name", "Acme", "--website", "https://acme.example/karmada", "--github", "acme-bot"];
        env.run(&[args.as_slice(), &["--logo", "logo.png", "--as", "jane"]].concat()).ok().code.unwrap();
        env
    })
}

fn move_to(env: &TestEnv, branch: &str, commit: &str) {
    env.plumb(&["update-ref", &format!("refs/heads/{branch}"), commit], "");
}

/// Back to before the decision, with another commit proposed.
fn reset(env: &TestEnv, head: &str, tip: &str) {
    env.set_head(head);
    move_to(env, "apply/acme", tip);
    let kept = env.git(&["for-each-ref", "--format=%(refname)", "refs/heads/closed"]);
    kept.lines().for_each(|name| drop(env.plumb(&["update-ref", "-d", name], "")));
}

fn parents(env: &TestEnv, commit: &str) -> usize {
    env.id(&["rev-list", "--parents", "--max-count=1", commit], "").split(' ').count() - 1
}

const SIGN_OFF: &str = "Signed-off-by: jane <jane@users.noreply.github.com>\n";

/// A case, and what it makes of the bytes of a commit.
type Edit = (&'static str, fn(&str) -> String);

/// What somebody makes of the message or the head of the commit that applies.
const EDITS: [Edit; 17] = [
    ("a mention in the sign-off", |c| c.replace("Signed-off-by: jane", "Signed-off-by: @karmada-io/maintainers")),
    ("closing words in the sign-off", |c| c.replace(SIGN_OFF, "Signed-off-by: x <fixes #1 closes #2>\n")),
    ("a trailer more", |c| format!("{c}Co-authored-by: alice <alice@users.noreply.github.com>\n")),
    ("no sign-off", |c| c.replace(SIGN_OFF, "")),
    ("another title", |c| c.replace("acme: Acme applies", "huawei: Huawei leaves the program")),
    ("a line more", |c| c.replace("Website: ", "Fixes: all\nWebsite: ")),
    ("a note less", |c| c.replace("Filed by jane on its behalf.\n", "")),
    ("a block that is nobody's file", |c| c.replace("KP-Seq: 1\n", "KP-Seq: 2\n")),
    ("the same block twice", |c| c.replace(SIGN_OFF, &format!("KP-Event: v1 applied\n{SIGN_OFF}"))),
    ("an enormous message", |c| format!("{c}\n{}\n", "spam and more spam\n".repeat(100_000))),
    ("white space before it", |c| c.replace("\n\nacme", "\n\n\nacme")),
    ("somebody else's name", |c| c.replace("jane <jane@", "alice <alice@")),
    ("a member's name and a mailbox of one's own", |c| {
        c.replace("jane <jane@users.noreply.github.com>", "Alice <a@example.com>")
    }),
    ("another author", |c| c.replace("author jane", "author alice")),
    ("another date", |c| c.replace(" 17", " 18")),
    ("a payload in its head", |c| {
        let line = format!("\ngpgsig {}\n\n", "A".repeat(100_000));
        c.replacen("\n\n", &line, 1)
    }),
    ("a header that git doesn't know", |c| c.replacen("\n\n", "\nencoding payload\n\n", 1)),
];

/// Decides the application of Acme, and gives the commit that does.
#[track_caller]
fn approved(env: &TestEnv) -> String {
    env.decide("acme");
    assert_eq!(env.state("acme"), "active");
    env.head()
}

#[test]
fn commits_of_ours_become_history_and_others_do_not() {
    let env = with_application();
    let before = env.head();
    let applied = env.id(&["rev-parse", "apply/acme"], "");
    let again = |tip: &str| reset(&env, &before, tip);
    // The one before, and what only differs by white space at its end.
    let padded = rewritten(&env, &applied, |c| format!("{c}\n \n"));
    for own in [&applied, &padded] {
        again(own);
        let landed = approved(&env);
        assert_eq!(parents(&env, &landed), 2, "{own}");
        env.audit().is_clean();
        assert_eq!(env.git(&["branch", "--list", "closed/*", "apply/*"]), "");
    }
    for (case, edit) in some(4, EDITS) {
        let odd = rewritten(&env, &applied, edit);
        again(&odd);
        let landed = approved(&env);
        assert_eq!(parents(&env, &landed), 1, "{case}");
        env.audit().is_clean();
        let tip = env.id(&["rev-parse", "closed/acme/1"], "");
        assert!(env.id(&["rev-list", &tip], "").contains(&odd), "{case}: it isn't kept");
        assert_eq!(env.git(&["branch", "--list", "apply/*"]), "", "{case}");
    }
}

/// What somebody pushes to the branch of a proposal beside what this program wrote there: gives the commit.
fn additions(env: &TestEnv) -> Vec<(&'static str, String)> {
    let tip = "apply/acme";
    let root = "data/partners/acme";
    let applied = env.id(&["rev-parse", tip], "");
    let hidden = env.forge_on(&applied).put(&format!("{root}/payload"), "x".repeat(3_000_000)).aside();
    let gone = env.forge_on(&hidden).gone(&format!("{root}/payload")).aside();
    let elsewhere = env.forge_on(&applied).put("README.md", "spam").aside();
    let back = env.forge_on(&elsewhere).gone("README.md").aside();
    let logo = env.forge_on(&applied).put(&format!("{root}/logo.png"), "no picture").aside();
    let restored = env.forge_on(&logo).take(&applied, root).aside();
    vec![
        ("a payload that comes and goes", gone),
        ("a file elsewhere that comes and goes", back),
        ("a logo that comes and goes", restored),
        ("nothing, with words", env.forge_on(&applied).message("fixes #1, @karmada-io/maintainers").aside()),
    ]
}

#[test]
fn whatever_else_is_on_the_branch_stays_there() {
    let env = with_application();
    env.edit("docs: more", |checkout| std::fs::write(checkout.join("README.md"), "more\n").unwrap());
    let (before, mut made) = (env.head(), additions(&env));
    made.push(("the default branch", {
        let parents = ["apply/acme", "main"];
        env.forge_on("apply/acme").parents(&parents).take("main", "README.md").message("Merge branch 'main'").aside()
    }));
    for (case, tip) in &made {
        reset(&env, &before, tip);
        env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
        let decided = env.run(&["approve", "acme", "--as", "bob"]).ok();
        assert!(decided.stderr.contains("the proposal's commits don't become history"), "{case}: {decided}");
        assert_eq!(parents(&env, "main"), 1, "{case}");
        assert!(!env.id(&["rev-list", "main"], "").contains(tip.as_str()), "{case}");
        env.audit().is_clean();
    }
}

/// What is amended, asked for, voted on and decided by our commands is merged with all its commits, and no audit says a word.
#[test]
fn all_that_commands_write_becomes_history() {
    let env = with_application();
    let ours = |what: &str| {
        assert_eq!(parents(&env, "main"), 2, "{what}");
        env.audit().is_clean();
    };
    env.write("other.png", crate::picture::png(320, 200));
    env.run(&["update", "acme", "--website", "https://acme.example/new", "--as", "jane"]).ok().code.unwrap();
    env.run(&["update", "acme", "--logo", "other.png", "--description", "We do", "--as", "jane"]).ok().code.unwrap();
    let judged = ["--authenticity", "unsure", "--url", "met", "--relevance", "met", "--note", "fixes #1 @all"];
    let review = ["review", "acme", "--as", "carol", "--vote", "abstain"];
    env.run(&[review.as_slice(), &judged].concat()).ok().code.unwrap();
    approved(&env);
    ours("an application");
    env.run(&["update", "acme", "--name", "Acme @all", "--as", "acme-bot"]).ok().code.unwrap();
    env.run(&["update", "acme", "--logo", "logo.png", "--as", "acme-bot"]).ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    ours("an update");
    let policy = env.git(&["show", "main:data/program.toml"]) + "# fixes #1\n";
    env.write("next.toml", policy.trim_start());
    env.run(&["program", "propose", "next.toml", "--note", "closes #1", "--as", "alice"]).ok().code.unwrap();
    env.run(&["approve", "program", "--as", "bob"]).ok().code.unwrap();
    ours("a policy");
    let exit = ["exit", "acme", "--kind", "voluntary", "--reason", "we close #1", "--as", "acme-bot"];
    env.run(&exit).ok().code.unwrap();
    env.run(&["exit", "acme", "--reason", "we close #1", "--as", "alice"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "exited");
    ours("an exit");
}

/// An entry that was made by hand, with its block in the message, as the tool would put it together but for what it says.
fn applied_with(env: &TestEnv, reason: &str) -> String {
    let (tip, path) = ("apply/acme", "data/partners/acme/log/0001");
    let block = env.file(&format!("{tip}:{path}"));
    let spoken = format!("{block}KP-Reason: {reason}\n");
    let message = env.id(&["log", "-1", "--format=%B", tip], "").replace(&block, &spoken);
    let made = env.forge_on(tip).put(path, &spoken).aside();
    let tree = env.id(&["rev-parse", &format!("{made}^{{tree}}")], "");
    let raw = String::from_utf8(env.plumb(&["cat-file", "commit", tip], "")).unwrap();
    let (head, _) = raw.split_once("\n\n").unwrap();
    let head: Vec<_> =
        head.lines().map(|l| if l.starts_with("tree ") { format!("tree {tree}") } else { l.into() }).collect();
    env.id(&["hash-object", "-t", "commit", "-w", "--stdin"], format!("{}\n\n{message}\n", head.join("\n")))
}

/// GitHub acts on what stands in a message of the default branch, in an entry's block, too.
#[test]
fn words_that_act_in_an_entry_stay_out_of_the_history() {
    let env = with_application();
    let before = env.head();
    let cases = [
        ("we fix it", 2),
        ("fixes #1", 1),
        ("ask @karmada-io/all", 1),
        ("see GH-1", 1),
        ("closes https://x.example/1", 1),
    ];
    let made = cases.map(|(reason, parents)| (reason, parents, applied_with(&env, reason)));
    for (reason, expected, tip) in &made {
        reset(&env, &before, tip);
        let landed = approved(&env);
        assert_eq!(parents(&env, &landed), *expected, "{reason}");
        env.audit().is_clean();
    }
}

/// By a button it comes along all the same: that is told, and which commits they are.
#[test]
fn what_a_button_brings_is_told() {
    let env = with_application();
    let before = env.head();
    let applied = env.id(&["rev-parse", "apply/acme"], "");
    let button = |tip: &str| {
        env.set_head(&before);
        let merge =
            env.forge().parents(&["main", tip]).take(tip, "data").message("Merge pull request #1 from jane/acme");
        merge.commit()
    };
    let decided = || {
        env.plumb(&["update-ref", "-d", "refs/heads/apply/acme"], "");
        approved(&env);
        env.audit()
    };
    button(&applied);
    assert!(!decided().words.contains("foreign-commit"));
    let mut odd: Vec<(&str, String)> =
        EDITS.iter().map(|(case, edit)| (*case, rewritten(&env, &applied, *edit))).collect();
    env.set_head(&before);
    move_to(&env, "apply/acme", &applied);
    odd.extend(additions(&env));
    for (case, tip) in &odd {
        let merge = button(tip);
        let audit = decided();
        audit.tells("warning", &merge, "foreign-commit", case);
        assert!(audit.words.contains(tip.as_str()), "{case}: {}", audit.words);
    }
}

#[test]
fn on_github_it_is_closed_with_a_word_and_nothing_comes_along() {
    let hub = Hub::with_applicant();
    hub.push_to_fork("apply/acme", "data/partners/acme/payload", "x\n");
    hub.drop_from_fork("apply/acme", "data/partners/acme/payload", "huawei: Huawei leaves the program");
    hub.approve();
    let log = hub.git(REGISTRY, &["log", "-m", "--name-only", "--format=%s", "main"]);
    assert!(log.contains("acme: Acme is approved") && !log.contains("huawei") && !log.contains("payload"), "{log}");
    let threads = hub.threads();
    assert_eq!(threads[1]["state"], "CLOSED");
    let said = threads[1].to_string();
    assert!(said.contains("closed, and not merged"), "{said}");
    hub.run("bob", &["audit"]).ok().code.unwrap();
}

/// GitHub closes what the text of a merged pull request says it fixes, and buttons make messages of it.
#[test]
fn the_words_of_what_is_merged_are_ours() {
    for way in 0..4 {
        let hub = Hub::with_applicant();
        let other = hub.github.open_issue(REGISTRY, "carol", "Roadmap", "What comes next");
        let ours = hub.body(2);
        let (title, body) = match way {
            0 => (Some("@all: fixes #3"), None),
            1 => (None, Some(format!("Fixes #{other}"))),
            2 => (None, Some(format!("{}\n\nFixes #{other}\n", ours.replace("Fixes #1", "")))),
            _ => (Some("x"), Some(format!("Fixes #{other}\nFixes #1\nCloses #{other}"))),
        };
        hub.github.edit(REGISTRY, 2, "jane", title, body.as_deref());
        hub.approve();
        let threads = hub.threads();
        assert_eq!(threads[1]["state"], "MERGED", "{way}");
        assert_eq!(threads[2]["state"], "OPEN", "{way}: somebody else's issue");
        assert_eq!(threads[1]["title"], "acme: Acme applies to the program", "{way}");
        if way == 0 || way == 3 {
            assert_eq!(threads[0]["state"], "CLOSED", "{way}: its own issue");
            assert_eq!(hub.body(2), ours, "{way}");
        }
    }
}

/// Text that nobody changed costs no request that changes anything.
#[test]
fn words_that_are_ours_are_left_alone() {
    let hub = Hub::with_applicant();
    hub.approve();
    assert!(
        !hub.operations().iter().any(|o| o.starts_with("PATCH") && o.contains("/pulls/")),
        "{:?}",
        hub.operations()
    );
}

/// Whichever button puts a withdrawal on record, no facts and no logo become part of the default branch or its history.
#[test]
fn what_is_taken_back_never_brings_facts() {
    for method in some(1, [Method::Merge, Method::Squash, Method::Rebase]) {
        for amended in [false, true] {
            let hub = Hub::with_applicant();
            if amended {
                hub.run("jane", &["update", "acme", "--website", "https://acme.example/new"]).ok().code.unwrap();
            }
            hub.commit("README.md", "The registry has moved on.\n");
            hub.run("jane", &["withdraw", "acme"]).ok().code.unwrap();
            hub.run("bob", &["check", "--pull-request", "2"]).ok().code.unwrap();
            hub.github.merge_pull(REGISTRY, 2, "bob", method);
            let history = hub.git(REGISTRY, &["log", "-m", "--name-only", "--format=", "main"]);
            assert!(!history.contains("partner.toml") && !history.contains("logo.png"), "{method:?}: {history}");
            let audit = hub.run("bob", &["audit"]).ok();
            assert!(!audit.stdout.contains("warning"), "{method:?}: {audit}");
            hub.run("bob", &["check"]).ok().code.unwrap();
        }
        // An update, too, leaves the facts as they were.
        let hub = Hub::with_partner();
        let before = hub.git(REGISTRY, &["rev-parse", "main:data/partners/acme/partner.toml"]);
        hub.run("jane", &["update", "acme", "--website", "https://acme.example/new"]).ok().code.unwrap();
        hub.run("jane", &["withdraw", "acme"]).ok().code.unwrap();
        hub.run("bob", &["check", "--pull-request", "3"]).ok().code.unwrap();
        hub.github.merge_pull(REGISTRY, 3, "bob", method);
        let facts = hub.git(REGISTRY, &["log", "-m", "--format=%s", "main", "--", "data/partners/acme/partner.toml"]);
        assert!(!facts.contains("asks for an update"), "{method:?}: {facts}");
        assert_eq!(hub.git(REGISTRY, &["rev-parse", "main:data/partners/acme/partner.toml"]), before);
        let audit = hub.run("bob", &["audit"]).ok();
        assert!(!audit.stdout.contains("warning"), "{method:?}: {audit}");
        hub.run("bob", &["check"]).ok().code.unwrap();
    }
}
