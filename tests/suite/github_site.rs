//! A website on GitHub: a branch in a fork and a pull request, by few requests, and nothing twice whatever fails.

use std::collections::BTreeMap;
use std::path::Path;

use github_double::{Fault, GitHub, Permission, TokenKind};
use karmada_partner::config::{Environment, Token};
use karmada_partner::error::{Error, Kind, Result};
use karmada_partner::forge::website::{BRANCH, How, Planned, Proposed, Site, SiteOutcome, Wish};
use karmada_partner::git::Author;
use karmada_partner::session::{Context, Globals};
use serde_json::Value;

use crate::env::{TestEnv, much};
use crate::hub::{difference, side_by_side};
use crate::site::{CODE, COMMIT, FORMAT, LOGO, PAGE, author, paths, website, wish};

const SITE: &str = "karmada-io/website";
const FORK: &str = "jane/website";

/// A website on the double, and jane, who proposes.
struct Web {
    env: TestEnv,
    github: GitHub,
    tokens: BTreeMap<String, String>,
    /// For how many seconds to wait for GitHub.
    patience: &'static str,
}

impl Web {
    fn new() -> Self {
        let env = TestEnv::new();
        website(&env);
        let seed = env.path("site.git");
        Self::around(env, &seed)
    }

    /// With a website that is copied from there.
    fn around(env: TestEnv, seed: &Path) -> Self {
        let mut web = Self { env, github: GitHub::start(), tokens: BTreeMap::new(), patience: "2" };
        for login in ["jane", "bob"] {
            web.github.add_user(login);
            web.use_token(login, TokenKind::classic());
        }
        web.github.add_org("karmada-io", &["bob"]);
        web.github.add_repository(SITE, seed);
        web.github.grant(SITE, "bob", Permission::Write);
        web
    }

    fn with_fork() -> Self {
        Self::new().forked()
    }

    fn forked(self) -> Self {
        self.github.fork(SITE, "jane", None);
        self
    }

    /// With what [`wish`] proposes.
    fn with_proposal() -> Self {
        Self::with_fork().proposed()
    }

    fn proposed(self) -> Self {
        assert_eq!(self.propose(&wish(&jane())).unwrap().outcome, SiteOutcome::Opened);
        self.github.clear_traffic();
        self
    }

    fn use_token(&mut self, login: &str, kind: TokenKind) {
        let token = self.github.token(login, kind);
        self.tokens.insert(login.to_owned(), token);
    }

    fn context(&self, login: &str) -> Context {
        let token = self.tokens.get(login).map(|t| Token { secret: t.clone(), source: "KARMADA_PARTNER_TOKEN" });
        let environment = Environment {
            home: Some(self.env.path("home")),
            tokens: token.into_iter().collect(),
            api: Some(self.github.api_url()),
            max_wait: Some(self.patience.to_owned()),
            ..Environment::default()
        };
        Context::new(Globals { quiet: true, no_input: true, ..Globals::default() }, environment).unwrap()
    }

    /// The website as a new run of somebody's sees it.
    fn site_of(&self, login: &str, named: &str) -> Box<dyn Site> {
        self.context(login).site(named).unwrap()
    }

    fn site(&self) -> Box<dyn Site> {
        self.site_of("jane", SITE)
    }

    fn propose(&self, wish: &Wish<'_>) -> Result<Proposed> {
        self.harmless(self.site().propose(wish))
    }

    fn plan(&self, wish: &Wish<'_>) -> Planned {
        self.harmless(self.site().plan(wish)).unwrap()
    }

    /// The same, if no token is in it.
    fn harmless<T: std::fmt::Debug>(&self, said: Result<T>) -> Result<T> {
        let words = format!("{said:?}");
        assert!(!self.tokens.values().any(|t| words.contains(t)), "a token is shown: {words}");
        said
    }

    fn operations(&self) -> Vec<String> {
        self.github.traffic().into_iter().map(|r| r.operation).collect()
    }

    fn pulls(&self) -> Vec<Value> {
        self.github.dump()[SITE]["threads"].as_array().unwrap().clone()
    }

    fn git(&self, repository: &str, args: &[&str]) -> String {
        let path = self.github.repo_path(repository);
        self.env.git_exactly(path.to_str().unwrap(), args).trim().to_owned()
    }

    /// Somebody changes the website.
    fn commit(&self, path: &str, content: &str) {
        let site = self.github.repo_path(SITE);
        self.env.git_at(".", &["clone", "--quiet", "--no-local", site.to_str().unwrap(), "by-hand"]);
        std::fs::write(self.env.path("by-hand").join(path), content).unwrap();
        self.env.git_at("by-hand", &["add", "--all"]);
        self.env.git_at("by-hand", &["commit", "--quiet", "--message", "by hand"]);
        self.env.git_at("by-hand", &["push", "--quiet", "origin", "HEAD"]);
        std::fs::remove_dir_all(self.env.path("by-hand")).unwrap();
    }
}

fn jane() -> Author {
    author(1_790_000_000)
}

#[test]
fn a_proposal_is_a_branch_in_a_fork_and_a_pull_request() {
    let web = Web::with_fork();
    let jane = jane();
    let site = web.site();
    site.expect(BRANCH, &[PAGE, CODE, "static/img/partners"]);
    assert_eq!(site.read(CODE).unwrap().as_deref(), Some(&b"{}\n"[..]));
    assert_eq!(site.read("nothing/here").unwrap(), None);
    assert_eq!(site.list("static/img/partners").unwrap()[0].name, "old.png");
    assert_eq!(web.operations(), ["graphql:Site"]);
    // What wasn't expected is fetched, and so is what isn't text.
    assert_eq!(site.read("static/img/partners/old.png").unwrap().as_deref(), Some(&b"\0old"[..]));
    assert_eq!(site.read("README.md").unwrap().as_deref(), Some(&b"A website.\n"[..]));
    assert_eq!(web.operations()[1..], ["git/get-blob", "git/get-blob"]);
    web.github.clear_traffic();

    let before = web.github.dump();
    let planned = site.plan(&wish(&jane)).unwrap();
    assert_eq!((planned.outcome, planned.place.as_str(), planned.links.len()), (SiteOutcome::Opened, FORK, 0));
    assert_eq!(web.github.dump(), before);
    let account = site.account().unwrap().unwrap();
    assert_eq!(account.login.as_str(), "jane");
    assert!(account.email.ends_with("+jane@users.noreply.github.com"), "{account:?}");
    assert_eq!(web.operations(), [""; 0]);

    let proposed = web.harmless(site.propose(&wish(&jane))).unwrap();
    assert_eq!((proposed.outcome, proposed.replaced, proposed.place.as_str()), (SiteOutcome::Opened, None, FORK));
    assert_eq!(proposed.links[0].url, "https://github.example/karmada-io/website/pull/1");
    let wanted = [(PAGE, How::Changed), (LOGO, How::Added), ("static/img/partners/old.png", How::Removed)];
    assert_eq!(paths(&proposed.changes), wanted);
    let made = ["git/create-blob", "git/create-tree", "git/create-commit", "graphql:Begin", "graphql:Open"];
    assert_eq!(web.operations(), made);
    assert_eq!(web.git(FORK, &["rev-parse", BRANCH]), proposed.commit.unwrap().to_string());
    assert_eq!(web.git(FORK, &["rev-parse", &format!("{BRANCH}~1")]), web.git(SITE, &["rev-parse", "main"]));
    assert_eq!(web.git(FORK, &["show", FORMAT, "--name-status", BRANCH]), COMMIT);
    let pull = &web.pulls()[0];
    assert_eq!((&pull["title"], &pull["base"]), (&Value::from("Partners: Acme"), &Value::from("main")));
    assert_eq!((&pull["head"], &pull["author"]), (&format!("jane:{BRANCH}").into(), &Value::from("jane")));
    assert!(pull["body"].as_str().unwrap().starts_with("/kind documentation\n"), "{pull}");
}

/// The numbers that are promised: requests, and none more for what is read when it is expected.
#[test]
fn requests_are_few() {
    let count = |web: &Web, expected: SiteOutcome| {
        web.github.clear_traffic();
        let site = web.site();
        site.expect(BRANCH, &[PAGE, CODE, LOGO, "static/img/partners"]);
        site.read(PAGE).unwrap();
        site.read(CODE).unwrap();
        assert_eq!(site.propose(&wish(&jane())).unwrap().outcome, expected);
        web.operations().len()
    };
    // Without a fork, with one, and when all is as it shall be.
    assert_eq!(count(&Web::new(), SiteOutcome::Opened), 9);
    assert_eq!(count(&Web::with_fork(), SiteOutcome::Opened), 6);
    let web = Web::with_proposal();
    assert_eq!(count(&web, SiteOutcome::Same), 1);
    web.commit("README.md", "Somebody wrote something.\n");
    assert_eq!(count(&web, SiteOutcome::Updated), 5);
    // Nothing expected, nothing read: it is still one question.
    web.github.clear_traffic();
    assert_eq!(web.propose(&wish(&jane())).unwrap().outcome, SiteOutcome::Same);
    assert_eq!(web.operations(), ["graphql:Site"]);
}

/// As large as the real one's: it comes with the question, and goes with the tree.
#[test]
fn a_large_text_needs_no_request_of_its_own() {
    let web = Web::with_fork();
    let large: String = (0..6000).map(|n| format!("  \"key {n}\": {{\"message\": \"消息 number {n}\"}},\n")).collect();
    web.commit(CODE, &large);
    let (site, jane) = (web.site(), jane());
    site.expect(BRANCH, &[CODE]);
    assert_eq!(site.read(CODE).unwrap().unwrap(), large.as_bytes());
    let puts = vec![(CODE.to_owned(), Some(format!("{large}\n").into_bytes()))];
    assert_eq!(site.propose(&Wish { puts, ..wish(&jane) }).unwrap().outcome, SiteOutcome::Opened);
    assert_eq!(web.operations().len(), 5, "{:?}", web.operations());
}

#[test]
fn a_fork_is_made_when_there_is_none() {
    let web = Web::new();
    web.github.fork_delay(2);
    assert_eq!(web.plan(&wish(&jane())).place, "a new fork of yours");
    let proposed = web.propose(&wish(&jane())).unwrap();
    assert_eq!((proposed.outcome, proposed.place.as_str()), (SiteOutcome::Opened, FORK));
    // A fork of a fork isn't listed; it is found when one is made, with what an earlier run left in it.
    let web = Web::new();
    web.github.fork(SITE, "bob", None);
    web.github.fork("bob/website", "jane", Some("copy"));
    web.git("jane/copy", &["branch", BRANCH, "main"]);
    let proposed = web.propose(&wish(&jane())).unwrap();
    assert_eq!((proposed.outcome, proposed.place.as_str()), (SiteOutcome::Opened, "jane/copy"));
    assert_eq!(proposed.replaced.unwrap().to_string(), web.git(SITE, &["rev-parse", "main"]));
    assert_eq!(web.propose(&wish(&jane())).unwrap().outcome, SiteOutcome::Same);
}

#[test]
fn the_same_again_changes_nothing() {
    let web = Web::with_proposal();
    let before = web.github.dump();
    let later = Author { time: 1_790_099_999, ..jane() };
    let again = web.propose(&wish(&later)).unwrap();
    assert_eq!((again.outcome, again.replaced), (SiteOutcome::Same, None));
    assert_eq!(again.commit.unwrap().to_string(), web.git(FORK, &["rev-parse", BRANCH]));
    assert_eq!(again.links[0].url, "https://github.example/karmada-io/website/pull/1");
    assert_eq!(web.github.dump(), before);
}

#[test]
fn new_words_new_content_and_a_new_base_update_the_one_pull_request() {
    let web = Web::with_proposal();
    let jane = jane();
    let first = web.git(FORK, &["rev-parse", BRANCH]);
    // Only the words: the branch stays.
    let words = Wish { title: "Partners: Acme joins", body: "/kind documentation\n\nOther words.", ..wish(&jane) };
    let proposed = web.propose(&words).unwrap();
    assert_eq!((proposed.outcome, proposed.replaced), (SiteOutcome::Updated, None));
    assert_eq!(web.operations(), ["graphql:Site", "pulls/update"]);
    assert_eq!((web.pulls()[0]["title"].as_str(), web.pulls().len()), (Some("Partners: Acme joins"), 1));
    assert_eq!(web.propose(&words).unwrap().outcome, SiteOutcome::Same);
    // The content.
    let mut other = words.clone();
    other.puts[0].1 = Some(b"export default () => <Globex />;\n".to_vec());
    assert_eq!(web.plan(&other).outcome, SiteOutcome::Updated);
    let proposed = web.propose(&other).unwrap();
    assert_eq!((proposed.outcome, proposed.replaced.unwrap().to_string()), (SiteOutcome::Updated, first));
    // The base: one commit on it, and no merge.
    web.commit("README.md", "Somebody wrote something.\n");
    assert_eq!(web.propose(&other).unwrap().outcome, SiteOutcome::Updated);
    assert_eq!(web.git(FORK, &["rev-parse", &format!("{BRANCH}~1")]), web.git(SITE, &["rev-parse", "main"]));
    assert_eq!(web.pulls().len(), 1);
    assert_eq!(web.pulls()[0]["state"], "OPEN");
    assert_eq!(web.propose(&other).unwrap().outcome, SiteOutcome::Same);
}

/// As a maintainer improves a proposal in the fork that it comes from.
#[test]
fn what_others_put_onto_the_forks_branch_is_not_taken_away() {
    let web = Web::with_proposal();
    let jane = jane();
    let fork = web.github.repo_path(FORK);
    web.env.git_at(".", &["clone", "--quiet", "--no-local", "--branch", BRANCH, fork.to_str().unwrap(), "theirs"]);
    web.env.git_at("theirs", &["commit", "--quiet", "--allow-empty", "--message", "Make the logo larger"]);
    web.env.git_at("theirs", &["push", "--quiet"]);
    let there = web.git(FORK, &["rev-parse", BRANCH]);
    let other = Wish { puts: vec![(PAGE.into(), Some(b"export default () => <Globex />;\n".to_vec()))], ..wish(&jane) };
    let nothing = Wish { puts: vec![(CODE.into(), Some(b"{}\n".to_vec()))], ..wish(&jane) };
    for wish in [other.clone(), nothing] {
        let refused = web.propose(&wish).unwrap_err();
        assert!(refused.message.ends_with("Make the logo larger") && refused.kind == Kind::Refused, "{refused:?}");
        assert!(refused.message.contains(FORK), "{refused:?}");
        web.site().plan(&wish).unwrap_err();
    }
    assert_eq!(web.git(FORK, &["rev-parse", BRANCH]), there);
    assert_eq!(web.pulls()[0]["state"], "OPEN");
    web.git(FORK, &["update-ref", &format!("refs/heads/{BRANCH}"), &format!("{BRANCH}~1")]);
    assert_eq!(web.propose(&other).unwrap().outcome, SiteOutcome::Updated);
}

#[test]
fn when_nothing_is_left_the_pull_request_is_closed_with_a_word() {
    let web = Web::with_proposal();
    let jane = jane();
    let nothing = Wish { puts: vec![(CODE.into(), Some(b"{}\n".to_vec()))], ..wish(&jane) };
    let planned = web.plan(&nothing);
    assert_eq!((planned.outcome, planned.links.len()), (SiteOutcome::Closed, 1));
    assert_eq!(web.pulls()[0]["state"], "OPEN");
    let closed = web.propose(&nothing).unwrap();
    assert_eq!((closed.outcome, closed.commit), (SiteOutcome::Closed, None));
    assert_eq!(closed.links[0].url, "https://github.example/karmada-io/website/pull/1");
    let pull = &web.pulls()[0];
    assert_eq!((&pull["state"], pull["comments"].as_array().unwrap().len()), (&"CLOSED".into(), 1));
    assert!(pull["comments"][0]["body"].as_str().unwrap().starts_with("The website has all of this by now."));
    let before = web.github.dump();
    assert_eq!(web.propose(&nothing).unwrap().outcome, SiteOutcome::Nothing);
    assert_eq!(web.github.dump(), before);
    // The branch that was left is used again.
    assert_eq!(web.propose(&wish(&jane)).unwrap().outcome, SiteOutcome::Opened);
    assert_eq!(web.pulls().len(), 2);
}

#[test]
fn once_it_is_merged_nothing_is_left() {
    for method in [github_double::Method::Merge, github_double::Method::Squash, github_double::Method::Rebase] {
        let web = Web::with_proposal();
        web.github.merge_pull(SITE, 1, "bob", method);
        assert_eq!(web.propose(&wish(&jane())).unwrap().outcome, SiteOutcome::Nothing);
        let jane = jane();
        let puts = vec![(PAGE.to_owned(), Some(b"// next\n".to_vec()))];
        assert_eq!(web.propose(&Wish { puts, ..wish(&jane) }).unwrap().outcome, SiteOutcome::Opened);
        assert_eq!((web.pulls().len(), web.pulls()[1]["state"].as_str()), (2, Some("OPEN")));
    }
}

#[test]
fn only_our_own_pull_requests_are_touched() {
    let web = Web::with_proposal();
    let jane = jane();
    let bob = web.site_of("bob", "github:karmada-io/website").propose(&wish(&jane)).unwrap();
    assert_eq!((bob.outcome, bob.place.as_str()), (SiteOutcome::Opened, "bob/website"), "who may push proposes, too");
    let puts = vec![];
    assert_eq!(web.propose(&Wish { puts, ..wish(&jane) }).unwrap().outcome, SiteOutcome::Closed);
    let states: Vec<_> = web.pulls().iter().map(|p| p["state"].as_str().unwrap().to_owned()).collect();
    assert_eq!(states, ["CLOSED", "OPEN"]);
    assert_eq!(web.git(SITE, &["branch", "--list"]), "* main");
}

#[test]
fn a_fork_that_is_gone_is_replaced_with_its_pull_request() {
    let web = Web::with_proposal();
    web.github.delete(FORK);
    let proposed = web.propose(&wish(&jane())).unwrap();
    assert_eq!(proposed.outcome, SiteOutcome::Opened);
    let states: Vec<_> = web.pulls().iter().map(|p| p["state"].as_str().unwrap().to_owned()).collect();
    assert_eq!(states, ["CLOSED", "OPEN"]);
    assert_eq!(web.propose(&wish(&jane())).unwrap().outcome, SiteOutcome::Same);
}

#[test]
fn who_owns_the_website_proposes_within_it() {
    let web = Web::new();
    web.github.add_repository("jane/own", &web.env.path("site.git"));
    let (site, jane) = (|| web.site_of("jane", "jane/own"), jane());
    let proposed = site().propose(&wish(&jane)).unwrap();
    assert_eq!((proposed.outcome, proposed.place.as_str()), (SiteOutcome::Opened, "jane/own"));
    assert_eq!(site().propose(&wish(&jane)).unwrap().outcome, SiteOutcome::Same);
    assert_eq!(site().propose(&Wish { puts: vec![], ..wish(&jane) }).unwrap().outcome, SiteOutcome::Closed);
}

#[test]
fn a_renamed_website_and_a_renamed_default_branch_are_followed() {
    let web = Web::with_proposal();
    web.github.rename(SITE, "karmada-io/pages");
    web.github.rename_default_branch("karmada-io/pages", "trunk");
    assert_eq!(web.propose(&wish(&jane())).unwrap().outcome, SiteOutcome::Same);
    let jane = jane();
    let other = Wish { title: "Partners: other words", ..wish(&jane) };
    assert_eq!(web.propose(&other).unwrap().outcome, SiteOutcome::Updated);
}

#[test]
fn a_stale_fork_is_built_on_where_that_says_the_same() {
    let web = Web::with_fork();
    web.github.strict_forks(true);
    web.commit("README.md", "Somebody wrote something.\n");
    let jane = jane();
    assert_eq!(web.propose(&wish(&jane)).unwrap().outcome, SiteOutcome::Opened);
    assert_eq!(web.git(FORK, &["rev-parse", &format!("{BRANCH}~1")]), web.git(FORK, &["rev-parse", "main"]));
    let there = web.git(FORK, &["rev-parse", BRANCH]);
    let changed = web.git(SITE, &["diff", "--name-only", &format!("main...{there}")]);
    assert_eq!(changed, format!("{PAGE}\n{LOGO}\nstatic/img/partners/old.png"));
    // Run again it looks for something better, finds nothing, and leaves it.
    let commit = Author { time: 1_790_099_999, ..jane.clone() };
    assert_eq!(web.propose(&wish(&commit)).unwrap().commit.unwrap().to_string(), there);
    // What changed meanwhile can't be proposed from there without taking it back.
    web.commit(PAGE, "// theirs\n");
    let error = web.propose(&wish(&jane)).unwrap_err();
    let hint =
        format!("your fork is behind: press “Sync fork” at {}/{FORK}, and run it again", web.github.server_url());
    assert!(error.hints.contains(&hint), "{error:?}");
}

#[test]
fn what_a_token_may_not_do_is_said() {
    let failed = |kind: TokenKind, fork: bool| -> (Web, Error) {
        let mut web = if fork { Web::with_fork() } else { Web::new() };
        web.use_token("jane", kind);
        let error = web.propose(&wish(&jane())).unwrap_err();
        assert_eq!(error.kind, Kind::NotAllowed, "{error:?}");
        (web, error)
    };
    let reads = || TokenKind::Classic { scopes: vec!["read:user".into()] };
    for (fork, doing) in [(true, "upload to your fork"), (false, "fork the website's repository")] {
        let (web, error) = failed(reads(), fork);
        assert_eq!(error.message, format!("can't {doing}: the token lacks a scope"));
        assert_eq!(error.hints[0], "needed is one of: public_repo, repo; the token has: read:user");
        // Looking needs no more.
        assert_eq!(web.plan(&wish(&jane())).outcome, SiteOutcome::Opened);
    }
    let (web, error) = failed(TokenKind::FineGrained, true);
    let said = format!("the branch {BRANCH} is ready on {FORK}, but this token may not open the pull request");
    assert!(error.message.starts_with(&format!("{said}\n")), "{error}");
    let address = format!("{}/{SITE}/compare/main...jane:website:{BRANCH}?quick_pull=1", web.github.server_url());
    assert!(error.hints[0].starts_with(&format!("open it with one click: {address}&title=Partners")), "{error:?}");
    // The person clicks: then it is found, and left as it is.
    let (jane_, words) = (jane(), wish(&jane()).body.trim().to_owned());
    web.github.open_pull(SITE, "jane", &format!("jane:{BRANCH}"), "main", "Partners: Acme", &words);
    assert_eq!(web.propose(&wish(&jane_)).unwrap().outcome, SiteOutcome::Same);

    let (_, error) = failed(TokenKind::Saml { org: "karmada-io".into() }, true);
    assert!(error.message.ends_with("the organization wants the token to be authorized for single sign-on"), "{error}");
    let web = Web::with_fork();
    web.github.archive(SITE, true);
    let error = web.propose(&wish(&jane())).unwrap_err();
    assert_eq!(error.message, "karmada-io/website is archived");
    let web = Web::with_fork();
    web.github.revoke(&web.tokens["jane"]);
    assert_eq!(
        web.propose(&wish(&jane())).unwrap_err().message,
        "GitHub doesn't accept the token from KARMADA_PARTNER_TOKEN"
    );
    let error = Web::new().site_of("jane", "karmada-io/nothing").read(CODE).unwrap_err();
    assert_eq!(error.kind, Kind::NotFound, "{error:?}");
}

/// Something that is proposed, and what comes before it.
struct Scenario {
    prepare: fn(Web) -> Web,
    empty: bool,
    /// Whether every kind of fault meets every request.
    thorough: bool,
}

/// Each way to fail that isn't another one to who asks.
fn faults(creates: bool) -> Vec<Fault> {
    let reading = vec![Fault::BreakBefore, Fault::Html502Before, Fault::Truncated];
    let writing = vec![Fault::BreakAfter, Fault::Status500After { json: true }, Fault::Secondary403Bare];
    if creates { [reading, writing].concat() } else { reading }
}

/// Whatever breaks at whichever request: the run gets over it or fails, and the next one leads to the very state that an
/// undisturbed run leads to.
fn every_failure_everywhere(scenario: &Scenario) {
    let jane = jane();
    let wish = Wish { puts: if scenario.empty { vec![] } else { wish(&jane).puts }, ..wish(&jane) };
    // Made once: the cases are many.
    let home = TestEnv::new();
    website(&home);
    let seed = home.path("site.git");
    let prepare = || Web { patience: "0", ..(scenario.prepare)(Web::around(TestEnv::new(), &seed)) };
    let end = |web: &Web| serde_json::to_string_pretty(&web.github.dump()).unwrap();
    let web = prepare();
    web.github.clear_traffic();
    let told = web.propose(&wish).unwrap().outcome;
    let (wanted, requests) = (end(&web), web.github.traffic());
    // Once, all of them; else one that nothing came of, and one that something came of and nobody was told.
    let all = scenario.thorough || much(false, true);
    let kinds = |creates| {
        if all { faults(creates) } else { vec![if creates { Fault::BreakAfter } else { Fault::BreakBefore }] }
    };
    let cases: Vec<_> = (1..)
        .zip(&requests)
        .flat_map(|(k, r)| kinds(r.creates).into_iter().map(move |f| (k, &r.operation, f)))
        .collect();
    side_by_side(&cases, |(k, operation, fault)| {
        let web = prepare();
        web.github.fault(*k, fault.clone());
        let first = web.propose(&wish).map(|p| p.outcome);
        web.github.clear_faults();
        let case = format!("request {k} ({operation}), {fault:?}: the first run ended with {first:?}");
        if let Ok(outcome) = first {
            assert_eq!(outcome, told, "{case}");
        }
        let again = web.propose(&wish);
        assert!(again.is_ok(), "{again:?}\n{case}");
        assert!(end(&web) == wanted, "{}\n{case}", difference(&wanted, &end(&web)));
    });
}

#[test]
fn failures_of_the_first_proposal() {
    every_failure_everywhere(&Scenario { prepare: Web::forked, empty: false, thorough: true });
}

#[test]
fn failures_without_a_fork() {
    every_failure_everywhere(&Scenario { prepare: |web| web, empty: false, thorough: false });
}

#[test]
fn failures_of_an_update() {
    let prepare = |web: Web| {
        let web = web.forked().proposed();
        let other = jane();
        let puts = vec![(PAGE.to_owned(), Some(b"// other\n".to_vec()))];
        web.propose(&Wish { title: "Partners: others", puts, ..wish(&other) }).unwrap();
        web
    };
    every_failure_everywhere(&Scenario { prepare, empty: false, thorough: false });
}

#[test]
fn failures_of_closing() {
    every_failure_everywhere(&Scenario { prepare: |web| web.forked().proposed(), empty: true, thorough: false });
}
