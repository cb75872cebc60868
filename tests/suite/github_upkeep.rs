//! On GitHub: job posts and renewals by a contact who can't push, imported entries, and the website's pull request.

use github_double::Method;

use crate::hub::{Hub, REGISTRY};
use crate::page;

const JOB: [&str; 7] = ["jobs", "add", "acme", "--title", "Engineer", "--closes", "2027-01-31"];

#[test]
fn a_contact_posts_a_job_by_a_pull_request() {
    let hub = Hub::with_partner();
    let posted = hub.run("jane", &JOB).ok();
    snapbox::assert_data_eq!(
        posted.stdout,
        snapbox::str![[r#"
Proposed: Acme posts a job: Engineer.
Commit: [COMMIT]
Pull request: https://github.example/karmada/partners/pull/3

"#]]
    );
    let waiting = hub.threads().len();
    // Run again, it finds what is there.
    hub.run("jane", &JOB).ok().code.unwrap();
    assert_eq!(hub.threads().len(), waiting, "nothing is there twice");
    // Another one would be the same event of the log: what was said before isn't lost for it.
    let other = hub.run("jane", &["jobs", "add", "acme", "--title", "Trainer"]);
    assert_eq!(other.code, Some(1), "{other}");
    assert!(other.stderr.contains("what you said of acme before waits to be merged"), "{other}");
    assert!(hub.body(waiting).contains("/kind documentation"), "{}", hub.body(waiting));
    // Whoever checks proposals sees that jane may say so; somebody else may not.
    let number = waiting.to_string();
    assert!(hub.run("alice", &["check", "--pull-request", &number]).ok().stdout.starts_with("No problems"));
    assert_eq!(hub.run("mallory", &["jobs", "add", "acme", "--title", "X"]).code, Some(4));
    hub.github.merge_pull(REGISTRY, u64::try_from(waiting).unwrap(), "alice", Method::Squash);
    let jobs = hub.run("jane", &["jobs", "list", "--json"]).ok().json();
    assert_eq!(jobs["jobs"][0]["by"], "jane");
    assert!(hub.run("jane", &JOB).ok().stdout.starts_with("Nothing to do"));
    hub.run("alice", &["audit"]).ok().code.unwrap();
}

/// The tool puts such words at rest; an entry made by hand is refused before a button brings it, with its block in the message.
#[test]
fn an_entry_by_hand_whose_words_act_is_refused() {
    let hub = Hub::with_partner();
    hub.run("jane", &JOB).ok().code.unwrap();
    let number = hub.threads().len().to_string();
    let (path, branch) = ("data/partners/acme/log/0003", "decision/acme/0003");
    let post = hub.git_raw("jane/partners", &format!("{branch}:{path}"));
    assert!(post.contains("Engineer"), "{post}");
    for (title, acts) in [("Fixes #1", true), ("for @karmada-io/all", true), ("Fixes, and C#", false)] {
        hub.push_to_fork(branch, path, &post.replace("Engineer", title));
        let found = hub.run("alice", &["check", "--pull-request", &number]);
        assert_eq!(found.stdout.contains(&format!("{path}: error[event-words]")), acts, "{found}");
        assert_eq!(found.code, Some(i32::from(acts)), "{found}");
    }
}

#[test]
fn a_member_writes_it_down_at_once() {
    let hub = Hub::with_partner();
    let before = hub.threads().len();
    hub.run("alice", &["benefit", "add", "acme", "--kind", "exposure", "--what", "a talk"]).ok().code.unwrap();
    hub.run("alice", &["renew", "acme"]).ok().code.unwrap();
    assert_eq!(hub.threads().len(), before, "nobody has to merge anything");
    assert_eq!(hub.run("jane", &["benefit", "add", "acme", "--kind", "other", "--what", "x"]).code, Some(4));
    hub.run("bob", &["audit"]).ok().code.unwrap();
}

#[test]
fn entries_are_imported_as_pull_requests_and_the_page_is_proposed() {
    let hub = Hub::with_program("\n[website]\nrepository = \"karmada/website\"\n");
    page::website(&hub.env);
    hub.env.git_at(".", &["clone", "--quiet", "--bare", "site", "site.git"]);
    hub.github.add_repository("karmada/website", &hub.env.path("site.git"));
    hub.env.write("contacts.csv", "partner,github,email\nzeta,jane,\nacme,mallory,\n");
    let import = ["import", "website", "site", "--contacts", "contacts.csv"];
    hub.run("alice", &import).ok().code.unwrap();
    let made = hub.threads().len();
    assert_eq!(made, 2, "a pull request each, and no issue");
    assert!(hub.body(1).contains("asks to join"), "{}", hub.body(1));
    assert!(hub.run("alice", &import).ok().stdout.contains("waits already"));
    for member in ["alice", "bob"] {
        for slug in ["zeta", "acme"] {
            let said = hub.run(member, &["approve", slug]).ok();
            // Where the page is somebody else's, no decision brings it along.
            let led = said.stderr.contains("hint: bring the website's page up to date: karmada-partner publish\n");
            assert_eq!(led, member == "bob", "{said}");
        }
    }
    assert_eq!(
        hub.run("alice", &["list", "--state", "active", "--json"]).json()["partners"].as_array().unwrap().len(),
        2
    );
    hub.run("alice", &["audit"]).ok().code.unwrap();

    snapbox::assert_data_eq!(
        hub.run("alice", &["publish"]).ok().stdout,
        snapbox::str![[r#"
Proposed to the website, at alice/website:
  the order becomes Acme, Zeta & Sons; it was Zeta & Sons, Acme
Files:
  src/data/partnersData.tsx (changed)
Commit: [COMMIT] on karmada-partner/partners
Pull request: https://github.example/karmada/website/pull/1

"#]]
    );
    let website = || hub.github.dump()["karmada/website"]["threads"].as_array().unwrap().clone();
    assert_eq!(website().len(), 1);
    let body = website()[0]["body"].as_str().unwrap().to_owned();
    assert!(body.contains("/kind documentation") && body.contains("- `the order becomes Acme, Zeta & Sons"), "{body}");
    assert!(hub.run("alice", &["publish"]).ok().stdout.starts_with("Nothing to do"));
    assert_eq!(website().len(), 1, "nothing is there twice");
}

/// The website's other pages are looked through by a few requests: what they show is neither written over nor taken away.
#[test]
fn what_other_pages_of_a_website_on_github_show_is_kept() {
    let hub = Hub::with_program("\n[website]\nrepository = \"karmada/website\"\n");
    page::website(&hub.env);
    std::fs::create_dir_all(hub.env.path("site/src/pages")).unwrap();
    hub.env.write("site/src/pages/index.tsx", "<Translate id=\"partners.zeta.description\">Runs Karmada.</Translate>");
    hub.env.git_at("site", &["add", "--all"]);
    hub.env.git_at("site", &["commit", "--quiet", "--message", "other pages"]);
    hub.env.git_at(".", &["clone", "--quiet", "--bare", "site", "site.git"]);
    hub.github.add_repository("karmada/website", &hub.env.path("site.git"));
    hub.env.write("contacts.csv", "partner,github,email\nzeta,jane,\nacme,mallory,\n");
    hub.run("alice", &["import", "website", "site", "--contacts", "contacts.csv"]).ok().code.unwrap();
    hub.env.write("new.png", crate::picture::png(500, 200));
    for slug in ["zeta", "acme"] {
        hub.decide(slug);
    }
    hub.run("mallory", &["update", "acme", "--logo", "new.png"]).ok().code.unwrap();
    for member in ["alice", "bob"] {
        let _ = hub.run(member, &["approve", "acme"]);
        hub.run(member, &["exit", "zeta", "--kind", "inactive", "--reason", "silence"]).ok().code.unwrap();
    }
    hub.github.clear_traffic();
    snapbox::assert_data_eq!(
        hub.run("alice", &["publish", "--dry-run"]).ok().stdout,
        snapbox::str![[r#"
To be proposed to the website, at a new fork of yours:
  acme: its logo's file becomes partner-acme.png; acme.png stays, since others may show it
  acme: its logo, static/img/supporters/partner-acme.png, comes
  Zeta & Sons: its card goes; it has left
  Zeta & Sons: its Chinese text stays: src/pages/index.tsx shows it, too, or may
Files:
  src/data/partnersData.tsx (changed)
  static/img/supporters/partner-acme.png (added)
Dry run: nothing was changed.

"#]]
    );
    let asked: Vec<String> = hub.github.traffic().into_iter().map(|request| request.operation).collect();
    let searches = |operation: &str| asked.iter().filter(|asked| *asked == operation).count();
    assert_eq!((searches("git/get-tree"), searches("graphql:Search")), (1, 1), "{asked:?}");
}
