//! Each line of a workflow that runs the program, as `init --github-ci` writes it, where there is something to do. Nobody agrees
//! to anything for it, as most tests do: what it has to say itself, it says.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use github_double::TokenKind;

use crate::env::Output;
use crate::github_issues::FORM;
use crate::hub::{Hub, REGISTRY};
use crate::scripts::{run_beside, script, scripts};

const SITE: &str = "karmada-io/website";

struct Runner {
    hub: Hub,
    workflows: BTreeMap<String, String>,
    /// The port of the way out.
    proxy: u16,
    ran: RefCell<BTreeSet<(String, String)>>,
}

impl Runner {
    fn new() -> Self {
        let more = format!(
            "\n[decisions.approve]\ndue = 3\nremind = 2\n\n[github]\ndecide = \"auto\"\n\n[website]\nrepository = \"{SITE}\"\n"
        );
        let mut hub = Hub::with_program(&more);
        let env = &hub.env;
        crate::page::website_without_cards(env);
        hub.github.add_org("karmada-io", &[]);
        hub.github.add_repository(SITE, &env.path("site/.git"));
        let written = ["init", "written.git", "--program", "program.toml", "--github-ci", "--offline"];
        env.run(&written).ok().code.unwrap();
        let place = ".github/workflows/";
        let names = env.git_exactly("written.git", &["ls-tree", "--name-only", "main", place]);
        let text = |path: &str| env.git_exactly("written.git", &["show", &format!("main:{path}")]);
        let workflows: BTreeMap<_, _> = names.lines().map(|path| (path.replace(place, ""), text(path))).collect();
        env.script("bin/gh", "echo \"$*\" >> calls");
        let proxy = crate::fetch::logo_at(env, "acme.example");
        hub.use_token("github-actions", TokenKind::Actions { repository: REGISTRY.to_owned() });
        Self { hub, workflows, proxy, ran: RefCell::default() }
    }

    /// GitHub's way to run a step, so many days from now; `first` comes before its lines.
    fn step(&self, days: i64, workflow: &str, name: &str, first: &str, set: &[(&str, &str)]) -> Output {
        self.ran.borrow_mut().insert((workflow.to_owned(), name.to_owned()));
        let mut ours = self.hub.in_a_job(self.hub.later(86_400 * days, "github-actions", &[]));
        ours.env("GITHUB_OUTPUT", self.hub.env.path("output"));
        ours.env("HTTPS_PROXY", format!("http://127.0.0.1:{}", self.proxy))
            .env("SSL_CERT_FILE", self.hub.env.path("ca.pem"));
        run_beside(&ours, &self.hub.env, &format!("{first}{}", script(&self.workflows[workflow], name)), set)
    }
}

#[test]
fn a_workflow_says_itself_what_somebody_has_to_agree_to() {
    let runner = Runner::new();
    let (hub, at_once) = (&runner.hub, 0);
    let form = FORM.replace("\nsoon\n", "\nhttps://acme.example/logo.png\n");
    let number = hub.github.open_issue(REGISTRY, "jane", "REQUEST: Organization [name]", &form);
    let (issues, decisions, checks) = ("partner-issues.yml", "partner-decisions.yml", "registry-ci.yml");
    runner.step(at_once, issues, "Start a run for each", "", &[("GH_REPO", REGISTRY)]).ok().code.unwrap();
    assert_eq!(hub.env.read("calls"), format!("workflow run partner-issues.yml -f number={number}\n"));
    let read = runner.step(at_once, issues, "Read the issue", "", &[("NUMBER", &number.to_string())]).ok();
    assert!(read.stdout.contains("\"outcome\": \"proposed\""), "{read}");
    runner.step(at_once, issues, "Check what is proposed", "", &[]).ok().code.unwrap();
    let pull = number + 1;
    runner.step(at_once, checks, "Check the pull request", "", &[("NUMBER", &pull.to_string())]).ok().code.unwrap();
    let told = runner.step(at_once, decisions, "Announce", "", &[]).ok();
    assert!(told.stdout.starts_with(&format!("#{pull} waiting: 0 of 2 in favor")), "{told}");
    let reminded = runner.step(20, decisions, "Remind", "", &[]).ok();
    assert!(reminded.stdout.starts_with("Issue opened: "), "{reminded}");
    hub.click(pull);
    let decided = runner.step(21, decisions, "Announce", "", &[]).ok();
    assert!(decided.stdout.contains(&format!("#{pull} decided: ")), "{decided}");
    let token = hub.github.app_token("partner-helper", &[SITE]);
    let published = runner.step(21, decisions, "Publish", "", &[("KARMADA_PARTNER_WEBSITE_TOKEN", &token)]).ok();
    assert!(published.stdout.starts_with("Proposed to the website"), "{published}");
    assert_eq!(hub.github.dump()[SITE]["threads"][0]["title"], "Partners: add Acme Cloud");
    // What runs on what is checked out.
    let registry = hub.github.repo_path(REGISTRY);
    hub.env.git_at(".", &["clone", "--quiet", "--no-local", registry.to_str().unwrap(), "checkout"]);
    let (links, there) = ("partner-links.yml", "cd checkout\n");
    let shard = [("SHARD", "1"), ("SHARDS", "1")];
    for (workflow, name, first) in [
        (checks, "Check what stands there", there.to_owned()),
        (checks, "Audit how it came there", there.to_owned()),
        (links, "Ask this share of them", there.to_owned()),
        (links, "Put together what was heard", format!("{there}mkdir shards\nmv links-1.json shards\n")),
    ] {
        runner.step(21, workflow, name, &first, &shard).ok().code.unwrap();
    }
    let runs = |script: &str| script.lines().any(|line| line.trim_start().starts_with("karmada-partner "));
    let of = |(file, text): (&String, &String)| {
        let own = scripts(text).into_iter().filter(|(_, script)| runs(script));
        own.map(|(name, _)| (file.clone(), name)).collect::<Vec<_>>()
    };
    let all: BTreeSet<_> = runner.workflows.iter().flat_map(of).collect();
    assert_eq!(*runner.ran.borrow(), all, "each that runs the program");
}
