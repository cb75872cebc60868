//! Applications by issues: read by a workflow, proposed, changed by edits, taken back, and told about in one comment.

use github_double::TokenKind;
use serde_json::Value;

use crate::env::Output;
use crate::hub::{Hub, REGISTRY};

pub const FORM: &str = "### Org or company name\n\nAcme Cloud\n\n### Name in Chinese\n\n_No response_\n\n\
    ### Org or company description\n\nWe run Karmada.\n\n### Description in Chinese\n\n_No response_\n\n\
    ### Org or company Website\n\nhttps://acme.example/karmada\n\n### Org or company logo\n\nsoon\n\n\
    ### Parent company\n\n_No response_\n\n### Services\n\nTechnical support\n\n### Regions\n\n_No response_\n\n\
    ### Languages\n\nEnglish\n\n### Contact me\n\nkarmada@acme.example\n\n### Agreement\n\n\
    - [x] What I write here becomes public, and stays in a history that nobody can make forget.\n\
    - [x] I may speak for this organization.\n\
    - [x] I agree to the Developer Certificate of Origin (https://developercertificate.org): commits with these answers name me as their author, and are signed off in my name.\n";

/// The same of another name, at a host of its own.
pub fn form_of(name: &str) -> String {
    let host = name.split(' ').next().unwrap().to_lowercase();
    FORM.replace("Acme Cloud", name).replace("acme.example", &format!("{host}.example"))
}

/// The number of the pull request that an outcome names.
pub fn number_of(told: &Value) -> u64 {
    told["pull_request"].as_str().unwrap().rsplit('/').next().unwrap().parse().unwrap()
}

pub struct Bench {
    pub hub: Hub,
}

impl Bench {
    pub fn new() -> Self {
        Self::of(Hub::new())
    }

    /// Where a workflow decides what the votes carry.
    pub fn deciding() -> Self {
        Self::with_program("\n[github]\ndecide = \"auto\"\n")
    }

    /// With more of a policy than who is on the committee.
    pub fn with_program(more: &str) -> Self {
        Self::of(Hub::with_program(more))
    }

    pub fn of(mut hub: Hub) -> Self {
        hub.use_token("github-actions", TokenKind::Actions { repository: REGISTRY.to_owned() });
        Self { hub }
    }

    pub fn open(&self, login: &str, body: &str) -> u64 {
        self.hub.github.open_issue(REGISTRY, login, "REQUEST: Organization [name]", body)
    }

    /// A form that is opened, and proposed.
    #[track_caller]
    pub fn proposed(&self, login: &str, body: &str) -> u64 {
        let number = self.open(login, body);
        let told = self.outcome(number);
        assert_eq!(told["outcome"], "proposed", "{told}");
        number
    }

    /// What the workflow runs. Nothing can be fetched here, so the logo is given.
    pub fn take(&self, number: u64) -> Output {
        self.hub.run(
            "github-actions",
            &["import", "issue", "--number", &number.to_string(), "--logo", "logo.png", "--json"],
        )
    }

    pub fn outcome(&self, number: u64) -> Value {
        let output = self.take(number).ok();
        serde_json::from_str(&output.stdout).unwrap()
    }

    pub fn comments(&self, number: u64) -> Vec<String> {
        let thread = self.hub.thread(number);
        let comments = thread["comments"].as_array().unwrap().iter();
        comments.map(|c| c["body"].as_str().unwrap().replace(&self.hub.github.server_url(), "$HUB")).collect()
    }

    /// What the other workflow runs.
    #[track_caller]
    pub fn announce(&self) {
        self.hub.run("github-actions", &["announce", "--all"]).ok().code.unwrap();
    }

    /// Jane asks for three names and closes each form again: the numbers of the issues and their pull requests.
    pub fn taken_back_thrice(&self, look: impl Fn()) -> [(u64, u64); 3] {
        ["Acme Cloud", "Globex", "Initech"].map(|name| {
            let number = self.proposed("jane", &form_of(name));
            let pull = self.hub.threads().len() as u64;
            look();
            self.hub.github.close_issue(REGISTRY, number, "jane");
            assert_eq!(self.outcome(number)["outcome"], "withdrawn");
            look();
            (number, pull)
        })
    }

    pub fn edit(&self, number: u64, login: &str, body: &str) {
        self.hub.github.edit(REGISTRY, number, login, None, Some(body));
    }

    pub fn record(&self) -> String {
        self.hub.git(REGISTRY, &["show", "apply/acme-cloud:data/partners/acme-cloud/partner.toml"])
    }
}

#[test]
fn a_form_becomes_a_proposal_in_its_authors_name() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    let first = bench.outcome(number);
    assert_eq!((&first["outcome"], &first["partner"]), (&"proposed".into(), &"acme-cloud".into()), "{first}");
    let event = bench.hub.git(REGISTRY, &["show", "apply/acme-cloud:data/partners/acme-cloud/log/0001"]);
    let id = bench.hub.github.account_id("jane");
    for line in [
        "KP-Event: v1 applied".to_owned(),
        "KP-Actor: jane".to_owned(),
        format!("KP-Account: {id}"),
        "KP-By: github-actions[bot]".to_owned(),
        format!("KP-Link: https://github.example/karmada/partners/issues/{number}"),
        format!("KP-Attested: https://github.example/karmada/partners/issues/{number}"),
        format!("KP-Attested-Body: sha256:{}", crate::hub::sha256(FORM.as_bytes())),
    ] {
        assert!(event.lines().any(|l| l == line), "{line} isn't in {event}");
    }
    let who =
        bench.hub.git(REGISTRY, &["log", "-1", "--format=%ae %ce%n%(trailers:key=Signed-off-by)", "apply/acme-cloud"]);
    let jane = format!("{id}+jane@users.noreply.github.com");
    assert!(who.starts_with(&format!("{jane} ")) && who.contains("github-actions[bot]@users"), "{who}");
    assert!(who.contains(&format!("Signed-off-by: jane <{jane}>")), "{who}");
    assert!(bench.record().contains("github = \"jane\""), "{}", bench.record());
    let pull = bench.hub.threads().len();
    assert!(bench.hub.body(pull).contains(&format!("Fixes #{number}")), "{}", bench.hub.body(pull));
    let comments = bench.comments(number);
    assert_eq!(comments.len(), 1);
    assert!(comments[0].contains("is proposed in https://github.example/karmada/partners/pull/"), "{comments:?}");

    // Again: at most three questions, and nothing is written.
    bench.hub.github.clear_traffic();
    assert_eq!(bench.outcome(number)["outcome"], "unchanged");
    assert_eq!(bench.hub.operations(), ["graphql:Registry", "graphql:Issue", "graphql:Partner"]);
    assert_eq!(bench.comments(number), comments);

    // The committee sees it, checks it, and decides it by clicks.
    let hub = &bench.hub;
    let check = ["check", "--pull-request", &pull.to_string()];
    hub.run("alice", &check).ok().code.unwrap();
    hub.click(pull as u64);
    hub.run("alice", &["approve", "acme-cloud"]).ok().code.unwrap();
    // The commits of the proposal become history, its author's among them.
    let parents = hub.git(REGISTRY, &["log", "-1", "--format=%P", "main"]);
    assert_eq!(parents.split_whitespace().count(), 2, "{parents}");
    hub.run("alice", &["audit"]).ok().code.unwrap();
    let decided = bench.outcome(number);
    assert_eq!(decided["outcome"], "decided", "{decided}");
    assert!(bench.comments(number)[0].contains("Welcome!"), "{:?}", bench.comments(number));
    hub.github.assert_clean();
}

#[test]
fn what_is_wrong_is_told_at_once_and_mended_by_an_edit() {
    let bench = Bench::new();
    let bad = FORM
        .replace("https://acme.example/karmada", "ftp://acme.example @karmada/all")
        .replace("- [x] I may", "- [ ] I may")
        .replace("Technical support", "Dancing");
    let number = bench.open("jane", &bad);
    let told = bench.outcome(number);
    assert_eq!((&told["outcome"], told["faults"].as_array().unwrap().len()), (&"faulty".into(), 3), "{told}");
    let comments = bench.comments(number);
    assert!(comments.len() == 1 && comments[0].contains("**Edit this issue**"), "{comments:?}");
    assert!(!comments[0].replace('`', "").is_empty() && comments[0].contains("Website**: `“ftp"), "{comments:?}");
    assert_eq!(bench.hub.git(REGISTRY, &["branch", "--list", "apply/*"]), "");
    bench.hub.github.clear_traffic();
    assert_eq!(bench.outcome(number)["outcome"], "faulty");
    assert_eq!(bench.hub.operations(), ["graphql:Registry", "graphql:Issue", "graphql:Partner"]);
    bench.edit(number, "jane", FORM);
    assert_eq!(bench.outcome(number)["outcome"], "proposed");
    let comments = bench.comments(number);
    assert!(comments.len() == 1 && comments[0].contains("is proposed in"), "{comments:?}");
    bench.hub.github.assert_clean();
}

#[test]
fn only_the_authors_own_edits_amend() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    bench.outcome(number);
    bench.edit(number, "alice", &FORM.replace("We run Karmada.", "We run nothing."));
    assert_eq!(bench.outcome(number)["outcome"], "meddled");
    assert!(bench.record().contains("We run Karmada."), "{}", bench.record());
    assert!(bench.comments(number)[0].contains("`alice` changed the text"), "{:?}", bench.comments(number));
    bench.edit(number, "jane", &FORM.replace("We run Karmada.", "We run it."));
    assert_eq!(bench.outcome(number)["outcome"], "amended");
    assert!(bench.record().contains("We run it."), "{}", bench.record());
    let pulls = bench.hub.threads().iter().filter(|t| t["kind"] == "pull request").count();
    assert_eq!((pulls, bench.comments(number).len()), (1, 1));
    let pull = bench.hub.threads().len().to_string();
    bench.hub.run("alice", &["check", "--pull-request", &pull]).ok().code.unwrap();
    // A name that changes stays with its proposal.
    bench.edit(number, "jane", &FORM.replace("Acme Cloud", "Acme Clouds"));
    assert_eq!(bench.outcome(number)["partner"], "acme-cloud");
    bench.hub.github.assert_clean();
}

/// The author's own saving makes the whole text theirs, and what others had changed in it before is said.
#[test]
fn what_others_changed_before_the_author_is_told() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    let swapped = FORM.replace("acme.example", "evil.example");
    bench.edit(number, "alice", &swapped);
    assert_eq!(bench.outcome(number)["outcome"], "meddled");
    bench.edit(number, "jane", &swapped.replace("We run Karmada.", "We run it."));
    assert_eq!(bench.outcome(number)["outcome"], "proposed");
    let told = &bench.comments(number)[0];
    assert!(told.contains("text: alice changed it on 2026-09-21, before its author saved it"), "{told}");
    bench.hub.github.clear_traffic();
    assert_eq!(bench.outcome(number)["outcome"], "unchanged");
    assert_eq!(bench.hub.operations().len(), 3);
    assert_eq!(&bench.comments(number)[0], told);
}

/// One form is open for an organization, whatever it calls itself there and whoever asks.
#[test]
fn one_form_is_open_for_an_organization() {
    let bench = Bench::new();
    bench.proposed("jane", FORM);
    for (who, other) in [
        ("mallory", FORM.replace("Acme Cloud", "ACME Cloud, Inc.").replace("acme.example", "other.example")),
        ("erin", FORM.replace("Acme Cloud", "Partners").replace("https://acme", "https://www.acme")),
    ] {
        let told = bench.outcome(bench.open(who, &other));
        let text = told.to_string();
        assert!(told["outcome"] == "faulty" && text.contains("asks for the same organization already"), "{told}");
    }
    let another = FORM.replace("Acme Cloud", "Globex").replace("acme.example", "globex.example");
    bench.proposed("bob", &another);
}

#[test]
fn only_the_authors_own_closing_withdraws() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    bench.outcome(number);
    bench.hub.github.close_issue(REGISTRY, number, "alice");
    assert_eq!(bench.outcome(number)["outcome"], "closed");
    let last = || bench.hub.git(REGISTRY, &["log", "-1", "--format=%B", "apply/acme-cloud"]);
    assert!(last().contains("KP-Event: v1 applied"), "{}", last());
    bench.hub.github.reopen(REGISTRY, number, "alice");
    bench.hub.github.close_issue(REGISTRY, number, "jane");
    assert_eq!(bench.outcome(number)["outcome"], "withdrawn");
    assert!(last().contains("KP-Event: v1 withdrawn") && last().contains("KP-By: github-actions[bot]"), "{}", last());
    assert!(bench.comments(number)[0].contains("takes its application back"), "{:?}", bench.comments(number));
    bench.hub.github.assert_clean();
}

#[test]
fn other_issues_are_left_alone_and_one_form_is_enough() {
    let bench = Bench::new();
    let other = bench.open("jane", "It doesn't build.");
    assert_eq!(bench.outcome(other)["outcome"], "other");
    assert_eq!(bench.comments(other).len(), 0);
    bench.proposed("jane", FORM);
    let again = bench.open("jane", &FORM.replace("Acme Cloud", "Acme Two"));
    let told = bench.outcome(again);
    assert!(told["outcome"] == "faulty" && told.to_string().contains("you have another form open"), "{told}");
    let rival = bench.open("mallory", FORM);
    let told = bench.outcome(rival);
    assert!(told["outcome"] == "faulty" && told.to_string().contains("another issue asks for acme-cloud"), "{told}");
    // What apply opens has its proposal already.
    bench.hub.apply("erin", "Globex").ok().code.unwrap();
    let all = bench.hub.run("github-actions", &["import", "issue", "--all-open", "--logo", "logo.png", "--json"]).ok();
    let all: Value = serde_json::from_str(&all.stdout).unwrap();
    let words: Vec<_> = all["issues"].as_array().unwrap().iter().map(|i| i["outcome"].as_str().unwrap()).collect();
    assert_eq!(words, ["other", "unchanged", "faulty", "faulty", "other"]);
    // What concerns all of them is asked once, and who changes nothing is asked nothing anew.
    bench.hub.github.clear_traffic();
    let before = bench.hub.github.dump();
    bench.hub.run("github-actions", &["import", "issue", "--all-open", "--logo", "logo.png"]).ok().code.unwrap();
    let registry = bench.hub.operations().iter().filter(|asked| *asked == "graphql:Registry").count();
    assert_eq!((registry, bench.hub.github.dump()), (1, before));
    bench.hub.github.assert_clean();
}

#[test]
fn a_member_takes_an_issue_on_behalf() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM).to_string();
    bench.hub.github.fork(REGISTRY, "alice", None);
    bench.hub.run("alice", &["import", "issue", "--number", &number, "--logo", "logo.png"]).ok().code.unwrap();
    let event = bench.hub.git("alice/partners", &["show", "apply/acme-cloud:data/partners/acme-cloud/log/0001"]);
    for line in ["KP-Event: v1 applied", "KP-Actor: alice"] {
        assert!(event.lines().any(|l| l == line), "{line}: {event}");
    }
    let issue = format!("https://github.example/karmada/partners/issues/{number}");
    let body = crate::hub::sha256(FORM.as_bytes());
    for line in
        [format!("KP-Link: {issue}"), format!("KP-Attested: {issue}"), format!("KP-Attested-Body: sha256:{body}")]
    {
        assert!(event.contains(&format!("{line}\n")), "{line}: {event}");
    }
    assert!(!event.contains("KP-By"), "{event}");
    let log = ["log", "-1", "--format=%an %cn%n%B", "apply/acme-cloud"];
    let commit = bench.hub.git("alice/partners", &log);
    assert!(commit.starts_with("alice alice\n") && commit.contains("Signed-off-by: alice <"), "{commit}");
    assert!(commit.contains("Filed by alice on its behalf."), "{commit}");
    let pull = bench.hub.threads().len();
    assert!(bench.hub.body(pull).contains(&format!("Fixes #{number}")), "{}", bench.hub.body(pull));
    let check = ["check", "--pull-request", &pull.to_string()];
    bench.hub.run("bob", &check).ok().code.unwrap();
    // The workflow finds it, and makes no second one of an edit; the member brings that.
    let number: u64 = number.parse().unwrap();
    assert_eq!(bench.outcome(number)["outcome"], "on-behalf");
    assert!(bench.comments(number)[0].contains("`alice` has proposed `Acme Cloud`"), "{:?}", bench.comments(number));
    bench.edit(number, "jane", &FORM.replace("We run Karmada.", "We run it."));
    assert_eq!(bench.outcome(number)["outcome"], "on-behalf");
    assert!(bench.comments(number)[0].contains("ask `alice` to bring it up to date"), "{:?}", bench.comments(number));
    let text = ["update", "acme-cloud", "--description", "We run it."];
    bench.hub.run("alice", &text).ok().code.unwrap();
    assert_eq!(bench.hub.threads().iter().filter(|t| t["kind"] == "pull request").count(), 1);
    bench.hub.decide("acme-cloud");
    bench.hub.run("bob", &["audit"]).ok().code.unwrap();
    assert_eq!(bench.outcome(number)["outcome"], "decided");
    bench.hub.github.assert_clean();
}

#[test]
fn where_workflows_may_not_propose_a_person_clicks_once() {
    let bench = Bench::new();
    bench.hub.github.let_workflows_propose(false);
    let number = bench.open("jane", FORM);
    assert_eq!(bench.outcome(number)["outcome"], "ready");
    let comments = bench.comments(number);
    assert!(comments[0].contains("Allow GitHub Actions to create and approve pull requests"), "{comments:?}");
    assert!(
        comments[0].contains("/karmada/partners/compare/main...karmada:partners:apply/acme-cloud?"),
        "{comments:?}"
    );
    // Nobody has clicked: nothing is done anew.
    bench.hub.github.clear_traffic();
    let before = bench.hub.github.dump();
    assert_eq!(bench.outcome(number)["outcome"], "ready");
    assert_eq!(bench.hub.operations(), ["graphql:Registry", "graphql:Issue", "graphql:Partner"]);
    assert_eq!(bench.hub.github.dump(), before);
    let status = bench.hub.run("github-actions", &["auth", "status"]).ok();
    assert!(status.stdout.contains("Account: github-actions[bot]\n"), "{status}");
    assert!(status.stderr.contains("Allow GitHub Actions to create and approve pull requests"), "{status}");
    // Alice clicks; the proposal is jane's all the same.
    let title = "acme-cloud: Acme Cloud applies";
    let pull =
        bench.hub.github.open_pull(REGISTRY, "alice", "apply/acme-cloud", "main", title, &format!("Fixes #{number}"));
    assert_eq!(bench.outcome(number)["outcome"], "unchanged");
    let shown = bench.hub.run("bob", &["list", "--proposals"]).ok();
    assert!(shown.stdout.contains("acme-cloud"), "{shown}");
    bench.edit(number, "jane", &FORM.replace("We run Karmada.", "We run it."));
    assert_eq!(bench.outcome(number)["outcome"], "amended");
    bench.hub.run("bob", &["check", "--pull-request", &pull.to_string()]).ok().code.unwrap();
    bench.hub.github.assert_clean();
}

#[test]
fn update_and_withdraw_go_by_the_issue() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    bench.outcome(number);
    let told =
        bench.hub.run("jane", &["update", "acme-cloud", "--website", "https://acme.example/new", "--email", ""]).ok();
    assert!(told.stdout.contains("Changed: website, email\n"), "{told}");
    assert!(!bench.hub.github.exists("jane/partners"), "no fork is needed");
    assert_eq!(bench.outcome(number)["outcome"], "amended");
    let record = bench.record();
    assert!(record.contains("website = \"https://acme.example/new\"") && !record.contains("email"), "{record}");
    bench.hub.run("jane", &["withdraw", "acme-cloud"]).ok().code.unwrap();
    assert_eq!(bench.outcome(number)["outcome"], "withdrawn");
    let pulls = bench.hub.threads().iter().filter(|t| t["kind"] == "pull request").count();
    assert_eq!(pulls, 1);
    bench.hub.github.assert_clean();
}

/// A member's update goes to the proposal that a workflow made, on behalf; the issue's author may go on from there.
#[test]
fn a_member_updates_what_a_workflow_proposed() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    bench.outcome(number);
    let pull = bench.hub.threads().len();
    let update = ["update", "acme-cloud", "--description", "We run it for you."];
    let told = bench.hub.run("alice", &update).ok();
    assert!(told.stdout.contains("Changed: description\n"), "{told}");
    assert!(!bench.hub.github.exists("alice/partners"), "no fork is needed");
    assert!(bench.record().contains("We run it for you."), "{}", bench.record());
    let log = bench.hub.git(REGISTRY, &["show", "apply/acme-cloud:data/partners/acme-cloud/log/0002"]);
    assert!(log.contains("KP-Event: v1 amended\n") && log.contains("KP-Actor: alice\n"), "{log}");
    let check = ["check", "--pull-request", &pull.to_string()];
    bench.hub.run("bob", &check).ok().code.unwrap();
    assert_eq!(bench.outcome(number)["outcome"], "unchanged");
    bench.edit(number, "jane", &FORM.replace("We run Karmada.", "We run it ourselves."));
    assert_eq!(bench.outcome(number)["outcome"], "amended");
    assert_eq!(bench.hub.threads().iter().filter(|t| t["kind"] == "pull request").count(), 1);
    bench.hub.run("bob", &check).ok().code.unwrap();
    bench.hub.click(pull as u64);
    bench.hub.run("alice", &["approve", "acme-cloud"]).ok().code.unwrap();
    bench.hub.run("alice", &["audit"]).ok().code.unwrap();
    // Nobody else goes on with it.
    bench.proposed("erin", &FORM.replace("Acme Cloud", "Globex").replace("acme.example", "globex.example"));
    let told = bench.hub.run("jane", &["update", "globex", "--description", "Mine"]);
    assert_ne!(told.code, Some(0), "{told}");
    bench.hub.github.assert_clean();
}

#[test]
fn what_reads_in_two_ways_is_asked_about_and_nothing_else() {
    let bench = Bench::new();
    let fake = "### Description in Chinese\n\nx\n\n### Org or company Website\n\nhttps://other.example";
    let doubtful = FORM.replace("### Description in Chinese\n\n_No response_", fake);
    let number = bench.open("jane", &doubtful);
    let told = bench.outcome(number);
    assert_eq!((&told["outcome"], told["faults"].as_array().unwrap().len()), (&"faulty".into(), 1), "{told}");
    // What could be better is said, and doesn't hold anything up.
    bench.edit(number, "jane", &FORM.replace("karmada@acme.example", "jane.doe@gmail.com"));
    assert_eq!(bench.outcome(number)["outcome"], "proposed");
    assert!(
        bench.comments(number)[0].contains("jane.doe@gmail.com looks like a person's own mailbox"),
        "{:?}",
        bench.comments(number)
    );
    bench.hub.github.clear_traffic();
    assert_eq!(bench.outcome(number)["outcome"], "unchanged");
    assert_eq!(bench.hub.operations().len(), 3);
}

#[test]
fn an_issue_that_is_gone_fails_no_job() {
    let bench = Bench::new();
    let told = bench.outcome(4_711);
    assert_eq!((&told["outcome"], &told["number"]), (&"gone".into(), &4_711.into()), "{told}");
    // A member who mistypes a number is told.
    bench.hub.run("alice", &["import", "issue", "--number", "4711"]).fails(3).code.unwrap();
}

/// However much others say, our comment stays one.
#[test]
fn our_comment_is_found_behind_many() {
    let bench = Bench::new();
    let number = bench.open("jane", &FORM.replace("https://acme.example/karmada", "acme"));
    for n in 0..105 {
        bench.hub.github.comment(REGISTRY, number, "mallory", &format!("me too {n}"));
    }
    assert_eq!(bench.outcome(number)["outcome"], "faulty");
    bench.edit(number, "jane", FORM);
    assert_eq!(bench.outcome(number)["outcome"], "proposed");
    let own = bench.comments(number).into_iter().filter(|c| c.starts_with("<!-- karmada-partner: form"));
    assert_eq!(own.count(), 1);
}

/// Nobody runs anything: workflows do, after an organization's issue, its edit, and two clicks.
#[test]
fn from_a_faulty_form_to_the_page_of_partners_by_clicks_alone() {
    const SITE: &str = "karmada-io/website";
    let more = format!("\n[github]\ndecide = \"auto\"\n\n[website]\nrepository = \"{SITE}\"\n");
    let hub = Hub::with_program(&more);
    crate::page::website_without_cards(&hub.env);
    hub.github.add_org("karmada-io", &[]);
    hub.github.add_repository(SITE, &hub.env.path("site/.git"));
    let app = hub.github.app_token("partner-helper", &[SITE]);
    let bench = Bench::of(hub);
    let number = bench.open("jane", &FORM.replace("https://acme.example/karmada", "acme"));
    assert_eq!(bench.outcome(number)["outcome"], "faulty");
    bench.edit(number, "jane", FORM);
    assert_eq!(bench.outcome(number)["outcome"], "proposed");
    let pull = bench.hub.threads().len() as u64;
    let announce = || bench.hub.run("github-actions", &["announce", "--json"]).ok().json();
    assert_eq!(announce()["pull_requests"][0]["standing"], "waiting");
    assert!(bench.comments(pull)[0].contains("0 of 2 in favor"), "{:?}", bench.comments(pull));
    for (member, standing) in [("alice", "waiting"), ("bob", "decided")] {
        bench.hub.github.review(REGISTRY, pull, member, "APPROVED", "");
        assert_eq!(announce()["pull_requests"][0]["standing"], standing, "{member}");
    }
    // GitHub starts no workflow for what another did: the one that decided says it on the issue, too.
    let told = bench.comments(number);
    assert!(told[0].contains("Welcome!") && told.len() == 1, "{told:?}");
    assert_eq!(bench.outcome(number)["outcome"], "decided");
    assert_eq!(bench.comments(number), told, "once");
    let list = bench.hub.run("github-actions", &["list", "--json"]).ok().json();
    let first = &list["partners"][0];
    assert_eq!((&first["partner"], &first["state"]), (&"acme-cloud".into(), &"active".into()));
    let publish = || {
        let mut command = bench.hub.command("github-actions", &["publish"]);
        bench.hub.env.output(command.env("KARMADA_PARTNER_WEBSITE_TOKEN", &app))
    };
    publish().ok().code.unwrap();
    let page = |path: &str| bench.hub.git(SITE, &["show", &format!("karmada-partner/partners:{path}")]);
    let cards = page("src/data/partnersData.tsx");
    assert!(cards.contains("title: \"Acme Cloud\"") && cards.contains("We run Karmada."), "{cards}");
    let site = bench.hub.github.dump()[SITE]["threads"][0].clone();
    assert_eq!(site["title"], "Partners: add Acme Cloud", "{site}");
    assert!(publish().ok().stdout.contains("says just that"), "again");
    bench.hub.run("alice", &["audit"]).ok().code.unwrap();
    bench.hub.run("alice", &["check"]).ok().code.unwrap();
    bench.hub.github.assert_clean();
}

/// The text is its author's: a flag that comes too late is told as that, where it was dropped without a word.
#[test]
fn a_flag_changes_nothing_of_what_is_proposed_already_and_that_is_said() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM).to_string();
    let args = ["import", "issue", "--number", &number, "--logo", "logo.png", "--description", "We run it."];
    let first = bench.hub.run("github-actions", &args).ok();
    assert!(!first.stderr.contains("changes nothing") && bench.record().contains("We run it."), "{first}");
    let late = [&args[..args.len() - 1], &["We do."]].concat();
    let told = bench.hub.run("github-actions", &late).ok();
    assert!(told.stderr.contains("what is given as a flag changes nothing of what is proposed already"), "{told}");
    assert!(told.stderr.contains("karmada-partner update acme-cloud"), "{told}");
    assert!(bench.record().contains("We run it."), "{}", bench.record());
}

/// Whoever takes the boxes to tick out of an issue has agreed to nothing.
#[test]
fn what_there_was_to_agree_to_cant_be_taken_away() {
    let bench = Bench::new();
    let end = FORM.find("- [x]").unwrap();
    let told = bench.outcome(bench.open("jane", &FORM[..end]));
    assert_eq!(told["outcome"], "faulty", "{told}");
    assert_eq!(told["faults"].as_array().unwrap().len(), 3, "of three things none: {told}");
}

/// What is typed stays as it is typed; only lists are written as the form lists them.
#[test]
fn an_update_changes_no_word_of_an_answer() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    bench.outcome(number);
    let text = "We run Karmada; we support it.";
    bench.hub.run("jane", &["update", "acme-cloud", "--description", text]).ok().code.unwrap();
    assert_eq!(bench.outcome(number)["outcome"], "amended");
    assert!(bench.record().contains(&format!("description = \"{text}\"")), "{}", bench.record());
}

/// Who fills in a form has somebody else's program take the logo: it is told what was in the file.
#[test]
fn what_a_logos_file_holds_beside_the_picture_goes_out_and_is_told() {
    let bench = Bench::new();
    let (picture, exif) = (crate::picture::png(300, 200), crate::logo_metadata::exif(1));
    bench.hub.env.write("clean.png", &picture);
    bench.hub.env.write("logo.png", crate::logo_metadata::holding(&picture, &[(b"eXIf", &exif)], &[]));
    let number = bench.proposed("jane", FORM);
    let comments = bench.comments(number);
    assert!(comments.iter().any(|c| c.contains("a place (GPS), a name: Jane Doe")), "{comments:?}");
    // Whatever its address holds by now: what is proposed already is told as it was.
    bench.hub.env.write("logo.png", "gone");
    assert_eq!(bench.outcome(number)["outcome"], "unchanged");
    assert_eq!(bench.comments(number), comments);
    let stored = bench.hub.git(REGISTRY, &["rev-parse", "apply/acme-cloud:data/partners/acme-cloud/logo.png"]);
    assert_eq!(stored, bench.hub.env.git_at(".", &["hash-object", "clean.png"]));
}
