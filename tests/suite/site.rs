//! A website in a plain git repository: a proposal is one commit on one branch, made in memory and pushed at once.

use std::collections::BTreeMap;

use karmada_partner::config::Environment;
use karmada_partner::error::Kind;
use karmada_partner::forge::website::plain::GitSite;
use karmada_partner::forge::website::{BRANCH, How, Proposed, Site, SiteOutcome, Wish};
use karmada_partner::git::Author;
use karmada_partner::session::{Context, Globals};

use crate::env::TestEnv;
use crate::hub::put;

pub const PAGE: &str = "src/pages/partners.tsx";
pub const LOGO: &str = "static/img/partners/acme.png";
pub const CODE: &str = "i18n/zh/code.json";

/// A website as small as can be, as a bare repository at `site.git`.
pub fn website(env: &TestEnv) {
    let files = [
        ("README.md", "A website.\n"),
        (PAGE, "export default () => null;\n"),
        (CODE, "{}\n"),
        ("static/img/partners/old.png", "\u{0}old"),
    ];
    env.git_at(".", &["init", "--quiet", "--initial-branch", "main", "draft"]);
    for (path, content) in files {
        put(&env.path("draft"), path, content);
    }
    env.git_at("draft", &["add", "--all"]);
    env.git_at("draft", &["commit", "--quiet", "--message", "begin"]);
    env.git_at(".", &["clone", "--quiet", "--bare", "draft", "site.git"]);
}

/// A commit as [`COMMIT`] shows it.
pub const FORMAT: &str = "--format=%an <%ae>%n%cn%n%B";
/// What comes of [`wish`].
pub const COMMIT: &str = "Jane <jane@example.com>
Jane
Partners: Acme

Signed-off-by: Jane <jane@example.com>


M\tsrc/pages/partners.tsx
A\tstatic/img/partners/acme.png
D\tstatic/img/partners/old.png";

pub fn author(time: i64) -> Author {
    Author { name: "Jane".into(), email: "jane@example.com".into(), time, own: false, may_ask: false }
}

/// The page as the partners of today would have it: a text, a picture, and one file less.
pub fn wish(author: &Author) -> Wish<'_> {
    Wish {
        branch: BRANCH,
        title: "Partners: Acme",
        body: "/kind documentation\n\nBrings the page up to date.\n",
        message: "Partners: Acme\n\nSigned-off-by: Jane <jane@example.com>\n",
        author,
        about: "",
        again: false,
        puts: vec![
            (PAGE.into(), Some(b"export default () => <Acme />;\n".to_vec())),
            (LOGO.into(), Some(b"\x89PNG\x00\xff".to_vec())),
            ("static/img/partners/old.png".into(), None),
            (CODE.into(), Some(b"{}\n".to_vec())),
        ],
    }
}

pub fn paths(proposed: &[karmada_partner::forge::website::Changed]) -> Vec<(&str, How)> {
    proposed.iter().map(|c| (c.path.as_str(), c.how)).collect()
}

fn open(env: &TestEnv) -> GitSite {
    GitSite::at(&env.path("site.git")).unwrap()
}

fn with_site() -> TestEnv {
    let env = TestEnv::new();
    website(&env);
    env
}

fn propose(env: &TestEnv, wish: &Wish<'_>) -> Proposed {
    open(env).propose(wish).unwrap()
}

/// All branches, and where they are.
fn branches(env: &TestEnv) -> BTreeMap<String, String> {
    let listing = env.git_exactly("site.git", &["for-each-ref", "--format=%(refname) %(objectname)"]);
    listing.lines().filter_map(|l| l.split_once(' ')).map(|(n, o)| (n.to_owned(), o.to_owned())).collect()
}

/// All objects; nothing may come of looking.
fn objects(env: &TestEnv, at: &str) -> String {
    env.git_exactly(at, &["cat-file", "--batch-check", "--batch-all-objects"])
}

/// Somebody changes the default branch.
fn commit(env: &TestEnv, path: &str, content: &str) {
    let checkout = env.path("by-hand");
    env.git_at(".", &["clone", "--quiet", "site.git", "by-hand"]);
    std::fs::write(checkout.join(path), content).unwrap();
    env.git_at("by-hand", &["add", "--all"]);
    env.git_at("by-hand", &["commit", "--quiet", "--message", "by hand"]);
    env.git_at("by-hand", &["push", "--quiet", "origin", "HEAD"]);
    std::fs::remove_dir_all(checkout).unwrap();
}

#[test]
fn a_proposal_is_one_commit_on_the_default_branch() {
    let env = with_site();
    let jane = author(1_790_000_000);
    let site = open(&env);
    assert_eq!(site.read(CODE).unwrap().as_deref(), Some(&b"{}\n"[..]));
    assert_eq!(site.read("nothing/here").unwrap(), None);
    assert_eq!(site.read("static").unwrap(), None, "a directory is no file");
    let names = |d: &str| site.list(d).unwrap().into_iter().map(|e| e.name).collect::<Vec<_>>();
    assert_eq!(names("static/img/partners/"), ["old.png"]);
    assert_eq!(names(""), ["README.md", "i18n", "src", "static"]);
    assert_eq!(names("nowhere"), [""; 0]);
    assert_eq!(names(CODE), [""; 0]);

    let (before, had) = (branches(&env), objects(&env, "site.git"));
    let planned = site.plan(&wish(&jane)).unwrap();
    assert_eq!((planned.outcome, planned.replaces), (SiteOutcome::Opened, None));
    assert_eq!((branches(&env), objects(&env, "site.git")), (before.clone(), had), "a plan writes nothing");

    let proposed = site.propose(&wish(&jane)).unwrap();
    assert_eq!((proposed.outcome, proposed.replaced), (SiteOutcome::Opened, None));
    assert_eq!(proposed.changes, planned.changes);
    let wanted = [(PAGE, How::Changed), (LOGO, How::Added), ("static/img/partners/old.png", How::Removed)];
    assert_eq!(paths(&proposed.changes), wanted);
    let full = format!("refs/heads/{BRANCH}");
    assert_eq!(branches(&env)[&full], proposed.commit.unwrap().to_string());
    assert_eq!(branches(&env)["refs/heads/main"], before["refs/heads/main"]);
    assert_eq!(env.git_at("site.git", &["show", FORMAT, "--name-status", BRANCH]).trim(), COMMIT);
    env.git_at("site.git", &["fsck", "--strict"]);
}

#[test]
fn the_same_again_writes_nothing() {
    let env = with_site();
    let first = propose(&env, &wish(&author(1_790_000_000)));
    let (before, had) = (branches(&env), objects(&env, "site.git"));
    // Another day, and another person.
    let later = Author { name: "Bob".into(), ..author(1_790_099_999) };
    let bobs = Wish { message: "Partners: Acme\n\nSigned-off-by: Bob <jane@example.com>\n", ..wish(&later) };
    let again = propose(&env, &bobs);
    assert_eq!((again.outcome, again.commit, again.replaced), (SiteOutcome::Same, first.commit, None));
    assert_eq!((branches(&env), objects(&env, "site.git")), (before, had));
}

#[test]
fn another_content_or_another_base_replaces_the_commit() {
    let env = with_site();
    let jane = author(1_790_000_000);
    let first = propose(&env, &wish(&jane));
    let mut other = wish(&jane);
    other.puts[0].1 = Some(b"export default () => <Globex />;\n".to_vec());
    let second = propose(&env, &other);
    assert_eq!((second.outcome, second.replaced), (SiteOutcome::Updated, first.commit));
    commit(&env, "README.md", "Somebody wrote something.\n");
    let planned = open(&env).plan(&other).unwrap();
    assert_eq!((planned.outcome, planned.replaces), (SiteOutcome::Updated, second.commit));
    let third = propose(&env, &other);
    assert_eq!((third.outcome, third.replaced), (SiteOutcome::Updated, second.commit));
    let count = env.git_at("site.git", &["rev-list", "--count", &format!("main..{BRANCH}")]);
    assert_eq!(count.trim(), "1");
    let parent = env.git_exactly("site.git", &["rev-parse", &format!("{BRANCH}~1")]);
    assert_eq!(parent.trim(), branches(&env)["refs/heads/main"]);
    assert_eq!(propose(&env, &other).outcome, SiteOutcome::Same);
}

/// As a maintainer improves a proposal before merging it.
#[test]
fn what_others_put_onto_the_branch_is_not_taken_away() {
    let env = with_site();
    let jane = author(1_790_000_000);
    propose(&env, &wish(&jane));
    env.git_at(".", &["clone", "--quiet", "--branch", BRANCH, "site.git", "theirs"]);
    env.git_at("theirs", &["commit", "--quiet", "--allow-empty", "--message", "Make the logo larger"]);
    env.git_at("theirs", &["push", "--quiet"]);
    let before = branches(&env);
    let other = Wish { puts: vec![(PAGE.into(), Some(b"export default () => <Globex />;\n".to_vec()))], ..wish(&jane) };
    let nothing = Wish { puts: vec![("gone".into(), None)], ..wish(&jane) };
    for wish in [other, nothing] {
        let refused = open(&env).propose(&wish).unwrap_err();
        assert!(refused.message.ends_with("Make the logo larger") && refused.kind == Kind::Refused, "{refused:?}");
        open(&env).plan(&wish).unwrap_err();
    }
    assert_eq!(branches(&env), before);
}

/// A merge that only brings the default branch along, as a button of GitHub's does, is nobody's work to lose.
#[test]
fn a_branch_that_was_brought_up_to_date_by_a_merge_is_written_anew() {
    let env = with_site();
    let jane = author(1_790_000_000);
    propose(&env, &wish(&jane));
    env.git_at(".", &["clone", "--quiet", "site.git", "theirs"]);
    env.git_at("theirs", &["commit", "--quiet", "--allow-empty", "--message", "Something else"]);
    env.git_at("theirs", &["push", "--quiet"]);
    env.git_at("theirs", &["switch", "--quiet", BRANCH]);
    let title = format!("Merge branch 'main' into {BRANCH}");
    env.git_at("theirs", &["merge", "--quiet", "--no-ff", "--message", &title, "main"]);
    env.git_at("theirs", &["push", "--quiet"]);
    let open = GitSite::at(&env.path("site.git")).unwrap().proposed(BRANCH).unwrap();
    assert_eq!(open.as_deref(), Some(wish(&jane).message), "what it says is still that");
    assert_eq!(propose(&env, &wish(&jane)).outcome, SiteOutcome::Updated);
}

#[test]
fn what_is_there_already_is_not_proposed_and_what_was_open_is_closed() {
    let env = with_site();
    let jane = author(1_790_000_000);
    let nothing = Wish { puts: vec![(CODE.into(), Some(b"{}\n".to_vec())), ("gone".into(), None)], ..wish(&jane) };
    let had = objects(&env, "site.git");
    let none = propose(&env, &nothing);
    assert_eq!((none.outcome, none.commit), (SiteOutcome::Nothing, None));
    assert_eq!(objects(&env, "site.git"), had);
    let open = propose(&env, &wish(&jane));
    let closed = propose(&env, &nothing);
    assert_eq!((closed.outcome, closed.commit, closed.replaced), (SiteOutcome::Closed, None, open.commit));
    assert_eq!(branches(&env).len(), 1);
    assert_eq!(propose(&env, &nothing).outcome, SiteOutcome::Nothing);
    // Merged as it is.
    let open = propose(&env, &wish(&jane)).commit.unwrap().to_string();
    env.git_at("site.git", &["update-ref", "refs/heads/main", &open]);
    assert_eq!(propose(&env, &wish(&jane)).outcome, SiteOutcome::Closed);
}

#[test]
fn a_directory_goes_with_its_last_file() {
    let env = with_site();
    let jane = author(1_790_000_000);
    let puts = vec![("static/img/partners/old.png".into(), None), ("a/b/c.txt".into(), None)];
    propose(&env, &Wish { puts, ..wish(&jane) });
    let listing = env.git_at("site.git", &["ls-tree", "-r", "-t", "--name-only", BRANCH]);
    assert_eq!(listing, "README.md\ni18n\ni18n/zh\ni18n/zh/code.json\nsrc\nsrc/pages\nsrc/pages/partners.tsx\n");
}

#[test]
fn what_was_read_is_what_is_changed() {
    let env = with_site();
    let jane = author(1_790_000_000);
    let site = open(&env);
    let read = site.read(CODE).unwrap().unwrap();
    commit(&env, CODE, "{\"theirs\": 1}\n");
    assert_eq!(site.read(CODE).unwrap().unwrap(), read);
    let puts = vec![(CODE.into(), Some(b"{\"ours\": 1}\n".to_vec()))];
    site.propose(&Wish { puts, ..wish(&jane) }).unwrap();
    // It is seen as a conflict by whoever merges it; theirs isn't silently taken back.
    let base = env.git_exactly("site.git", &["merge-base", "main", BRANCH]);
    assert_ne!(base.trim(), branches(&env)["refs/heads/main"]);
}

#[test]
fn of_many_writers_one_is_first_and_none_is_silently_lost() {
    let env = with_site();
    let authors: Vec<_> = (0..6).map(|n| author(1_790_000_000 + n)).collect();
    // All look before any of them writes.
    let ready = std::sync::Barrier::new(authors.len());
    let ended: Vec<_> = std::thread::scope(|threads| {
        let all: Vec<_> = authors
            .iter()
            .enumerate()
            .map(|(n, author)| {
                let (env, ready) = (env.path("site.git"), &ready);
                threads.spawn(move || {
                    let site = GitSite::at(&env).unwrap();
                    let mut wish = wish(author);
                    wish.puts[0].1 = Some(format!("// {n}\n").into_bytes());
                    site.plan(&wish).unwrap();
                    ready.wait();
                    site.propose(&wish)
                })
            })
            .collect();
        all.into_iter().map(|t| t.join().unwrap()).collect()
    });
    let mut made: Vec<_> = ended.iter().flatten().collect();
    assert!(!made.is_empty());
    for error in ended.iter().filter_map(|e| e.as_ref().err()) {
        assert_eq!(error.kind, Kind::Environment);
        assert_eq!(error.message, format!("somebody else changed the branch {BRANCH} meanwhile"));
        assert_eq!(error.hints, ["run it again: it looks at what is there, and nothing is done twice"]);
    }
    // Each that got through knew which one it replaced: a chain, from the first to the branch as it is.
    let mut at = Some(branches(&env)[&format!("refs/heads/{BRANCH}")].clone());
    while let Some(commit) = at {
        let place = made.iter().position(|p| p.commit.is_some_and(|c| c.to_string() == commit)).unwrap();
        at = made.remove(place).replaced.map(|c| c.to_string());
    }
    assert!(made.is_empty(), "{made:?}");
}

/// A pre-receive hook lets somebody in, right before a push arrives; git then refuses the push.
#[test]
fn a_lost_race_over_a_url_is_told_or_was_the_same() {
    for same in [true, false] {
        let env = with_site();
        let url = format!("file://{}", env.path("site.git").display());
        let site = GitSite::behind(&url, &env.path("caches"), false).unwrap();
        let jane = author(1_790_000_000);
        let mut theirs = wish(&jane);
        if !same {
            theirs.puts[0].1 = Some(b"theirs\n".to_vec());
        }
        // They are first, and aren't seen yet: made, and put back.
        let made = propose(&env, &theirs).commit.unwrap();
        env.git_at("site.git", &["update-ref", "-d", &format!("refs/heads/{BRANCH}")]);
        let hook = format!(
            "#!/bin/sh\nunset GIT_QUARANTINE_PATH\nrm hooks/pre-receive\ngit update-ref refs/heads/{BRANCH} {made}\n"
        );
        std::fs::create_dir_all(env.path("site.git/hooks")).unwrap();
        github_double::program(&env.path("site.git/hooks/pre-receive"), hook.as_bytes());
        let later = author(1_790_000_060);
        let ended = site.propose(&wish(&later));
        assert_eq!(branches(&env)[&format!("refs/heads/{BRANCH}")], made.to_string());
        match ended {
            Ok(proposed) if same => assert_eq!((proposed.outcome, proposed.commit), (SiteOutcome::Same, Some(made))),
            Err(error) if !same => assert!(error.message.starts_with("somebody else changed"), "{error}"),
            other => panic!("{same}: {other:?}"),
        }
    }
}

#[test]
fn a_working_tree_is_never_touched() {
    let env = with_site();
    let jane = author(1_790_000_000);
    let site = |name: &str| GitSite::at(&env.path(name)).unwrap();
    env.git_at(".", &["clone", "--quiet", "site.git", "checkout"]);
    assert_eq!(site("checkout").propose(&wish(&jane)).unwrap().outcome, SiteOutcome::Opened);
    assert_eq!(env.git_at("checkout", &["status", "--porcelain"]), "");
    assert!(!env.path("checkout").join(LOGO).exists());
    // What somebody looks at isn't moved away under them, there or in a working tree beside.
    let mut other = wish(&jane);
    other.puts.truncate(1);
    env.git_at("checkout", &["worktree", "add", "--quiet", "../beside", BRANCH]);
    let error = site("checkout").propose(&other).unwrap_err();
    let said = format!("the branch {BRANCH} of {} is checked out", env.path("checkout").display());
    assert_eq!((error.kind, error.message), (Kind::NotAllowed, said));
    assert!(site("checkout").plan(&other).is_err());
    env.git_at("checkout", &["worktree", "remove", "../beside"]);
    assert_eq!(site("checkout").propose(&other).unwrap().outcome, SiteOutcome::Updated);
    env.git_at("checkout", &["switch", "--quiet", BRANCH]);
    assert!(site("checkout").propose(&wish(&jane)).is_err());
    // As continuous integration checks out: no branch, and no history.
    let url = format!("file://{}", env.path("site.git").display());
    env.git_at(".", &["clone", "--quiet", "--depth=1", &url, "shallow"]);
    env.git_at("shallow", &["checkout", "--quiet", "--detach"]);
    assert_eq!(site("shallow").propose(&wish(&jane)).unwrap().outcome, SiteOutcome::Opened);
    assert_eq!(site("shallow").propose(&wish(&jane)).unwrap().outcome, SiteOutcome::Same);
    // What is proposed is told there, too; what stands on the default branch isn't proposed any more.
    assert_eq!(site("shallow").proposed(BRANCH).unwrap().as_deref(), Some(wish(&jane).message));
    let url = format!("file://{}", env.path("shallow").display());
    env.git_at(".", &["clone", "--quiet", "--bare", "--depth=1", "--branch", BRANCH, &url, "cut"]);
    assert_eq!(site("cut").proposed(BRANCH).unwrap(), None);
    assert_eq!(site("site.git").proposed(BRANCH).unwrap(), None, "nothing is proposed there");
}

#[test]
fn over_a_url_all_is_the_same() {
    let env = with_site();
    let jane = author(1_790_000_000);
    let url = format!("file://{}", env.path("site.git").display());
    // A new look each time, as each run has.
    let site = || GitSite::behind(&url, &env.path("caches"), false).unwrap();
    assert_eq!(site().read(CODE).unwrap().as_deref(), Some(&b"{}\n"[..]));
    let before = branches(&env);
    assert_eq!(site().plan(&wish(&jane)).unwrap().outcome, SiteOutcome::Opened);
    assert_eq!(branches(&env), before);
    let first = site().propose(&wish(&jane)).unwrap();
    assert_eq!((first.outcome, first.place.as_str()), (SiteOutcome::Opened, url.as_str()));
    assert_eq!(branches(&env)[&format!("refs/heads/{BRANCH}")], first.commit.unwrap().to_string());
    assert_eq!(site().propose(&wish(&jane)).unwrap().outcome, SiteOutcome::Same);
    commit(&env, "README.md", "More.\n");
    let second = site().propose(&wish(&jane)).unwrap();
    assert_eq!((second.outcome, second.replaced), (SiteOutcome::Updated, first.commit));
    let nothing = Wish { puts: vec![], ..wish(&jane) };
    assert_eq!(site().propose(&nothing).unwrap().outcome, SiteOutcome::Closed);
    assert_eq!(branches(&env).len(), 1);
    // Somebody removed the branch: it is opened again.
    assert_eq!(site().propose(&wish(&jane)).unwrap().outcome, SiteOutcome::Opened);
    env.git_at("site.git", &["branch", "--quiet", "-D", BRANCH]);
    assert_eq!(site().propose(&wish(&jane)).unwrap().outcome, SiteOutcome::Opened);
}

#[test]
fn what_is_no_plain_file_is_not_replaced() {
    let env = with_site();
    let jane = author(1_790_000_000);
    env.git_at(".", &["clone", "--quiet", "site.git", "links"]);
    std::os::unix::fs::symlink("README.md", env.path("links/link")).unwrap();
    std::os::unix::fs::symlink("static", env.path("links/assets")).unwrap();
    env.git_at("links", &["add", "--all"]);
    env.git_at("links", &["commit", "--quiet", "--message", "links"]);
    env.git_at("links", &["push", "--quiet", "origin", "HEAD"]);
    let put = |path: &str, content: Option<&[u8]>| {
        let puts = vec![(path.to_owned(), content.map(<[u8]>::to_vec))];
        open(&env).propose(&Wish { puts, ..wish(&jane) }).map_err(|e| (e.kind, e.message))
    };
    let refused = |path: &str, at: &str, what: &str| {
        let said = format!("{at} is {what} on the website, and isn't replaced");
        assert_eq!(put(path, Some(b"x")).unwrap_err(), (Kind::Refused, said));
    };
    refused("link", "link", "a symbolic link");
    refused("assets/img/a.png", "assets", "a symbolic link");
    refused("static/img", "static/img", "a directory");
    refused("README.md/a", "README.md", "a file");
    assert_eq!(put("static/img", None).unwrap_err().0, Kind::Refused, "nor is a whole directory removed");
    assert_eq!(put("README.md/a", None).unwrap().outcome, SiteOutcome::Nothing);
    for bad in ["", "/etc/passwd", "a/../b", "a//b", ".git/config", "a/.GIT/b", "./a", "a/", "a\\b", "a\nb"] {
        assert_eq!(put(bad, Some(b"x")).unwrap_err().0, Kind::Usage, "{bad:?}");
    }
    let error = open(&env).propose(&Wish { branch: "main", ..wish(&jane) }).unwrap_err();
    assert_eq!(error.message, "main is the default branch, and no proposal's");
    let error = open(&env).propose(&Wish { message: "Partners: Acme\n", ..wish(&jane) }).unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (Kind::Bug, "the commit isn't signed off by its author"));
    assert_eq!(branches(&env).len(), 1);
}

#[test]
fn what_is_not_there_is_told() {
    let env = TestEnv::new();
    let environment = Environment { home: Some(env.path("home")), ..Environment::default() };
    let ctx = Context::new(Globals { quiet: true, no_input: true, ..Globals::default() }, environment.clone()).unwrap();
    let failed = |named: &str| ctx.site(named).map(drop).unwrap_err();
    let path = |name: &str| env.path(name).display().to_string();
    let error = failed(&path("nowhere"));
    assert_eq!((error.kind, error.message), (Kind::NotFound, format!("there is no repository at {}", path("nowhere"))));
    assert_eq!(error.hints, ["check the path; a clone of the website's repository does"]);
    env.write("file", "x");
    let error = failed(&path("file"));
    assert_eq!(error.hints, ["name the top of a clone of the website's repository, or a bare one"]);
    assert_eq!(failed("").kind, Kind::Usage);
    assert!(failed("ftp://a.example/b").message.starts_with("the website's repository “ftp://a.example/b”: "));
    env.git_at(".", &["init", "--quiet", "--bare", "empty.git"]);
    let error = ctx.site(&path("empty.git")).unwrap().read("a").unwrap_err();
    assert!(error.message.ends_with("is empty") && error.kind == Kind::NotFound, "{error}");
    let offline = Globals { quiet: true, offline: true, ..Globals::default() };
    let offline = Context::new(offline, environment).unwrap();
    for named in ["https://a.example/b", "github:karmada-io/website"] {
        let error = offline.site(named).map(drop).unwrap_err();
        assert!(error.kind == Kind::Usage && error.message.contains("--offline"), "{error}");
    }
    // A file:// address is the path it names.
    website(&env);
    let site = ctx.site(&format!("file://{}", path("site.git"))).unwrap();
    assert!(site.account().unwrap().is_none());
    assert_eq!(site.propose(&wish(&author(1_790_000_000))).unwrap().outcome, SiteOutcome::Opened);
}
