//! `publish` to a website on GitHub, as a workflow runs it each hour: what it leaves to people, and that it doesn't ask twice.

use serde_json::Value;

use crate::env::Output;
use crate::hub::{Hub, REGISTRY};

const SITE: &str = "karmada-io/website";

/// A partner, a website with or without cards, and a bot that may write there; bob keeps the website.
struct Site {
    hub: Hub,
    token: String,
}

impl Site {
    fn new(website: fn(&crate::env::TestEnv)) -> Self {
        let hub = Hub::with_partner().with_workflow();
        website(&hub.env);
        hub.github.add_org("karmada-io", &["bob"]);
        hub.github.add_repository(SITE, &hub.env.path("site/.git"));
        hub.github.grant(SITE, "bob", github_double::Permission::Write);
        let token = hub.github.app_token("partner-helper", &[SITE]);
        Self { hub, token }
    }

    /// The workflow's hourly run.
    fn hourly(&self, more: &[&str]) -> Output {
        let args = [&["publish", "--repository", SITE, "--yes"], more].concat();
        let mut command = self.hub.command("workflow", &args);
        self.hub.env.told(command.env("KARMADA_PARTNER_WEBSITE_TOKEN", &self.token))
    }

    fn outcome(&self, more: &[&str]) -> Value {
        self.hourly(&[more, &["--json"]].concat()).ok().json()
    }

    fn pulls(&self) -> Vec<Value> {
        self.hub.github.dump()[SITE]["threads"].as_array().unwrap().clone()
    }
}

#[test]
fn what_a_person_has_to_agree_to_stays_and_holds_up_nobody_elses_card() {
    let site = Site::new(crate::page::website);
    let told = site.hourly(&[]).ok();
    assert!(told.stderr.contains("Zeta & Sons: no record says that it has left"), "{told}");
    assert!(told.stderr.contains("they stay until a person agrees"), "{told}");
    let cards = site.hub.git(SITE, &["show", "karmada-partner/partners:src/data/partnersData.tsx"]);
    assert!(cards.contains("Zeta & Sons") && cards.contains("https://acme.example/karmada"), "{cards}");
    let pulls = site.pulls();
    assert!(pulls[0]["body"].as_str().unwrap().contains("\n- Zeta & Sons\n"), "{pulls:?}");
    let again = site.outcome(&[]);
    assert_eq!((&again["outcome"], &again["stay"][0]), (&"same".into(), &"Zeta & Sons".into()), "{again}");
    // A person is there to agree, but for a job that has a person's token.
    site.hub.run("alice", &["publish", "--repository", SITE]).fails(1).code.unwrap();
    assert_eq!(site.pulls().len(), 1);
    let job = site.hub.run("bob", &["publish", "--repository", SITE, "--unattended"]).ok();
    assert!(job.stderr.contains("they stay until a person agrees"), "{job}");
    assert_eq!(site.outcome(&["--allow-mass", "1"])["outcome"], "updated");
    assert!(!site.hub.git(SITE, &["show", "karmada-partner/partners:src/data/partnersData.tsx"]).contains("Zeta"));
    // What was agreed to stays so, also where another commit is made of it.
    site.hub.by_hand_in(SITE, "bob", "main", "Another word", |checkout| {
        std::fs::write(checkout.join("README.md"), "Mine.\n").unwrap();
    });
    let told = site.hourly(&[]).ok();
    assert!(told.stdout.contains("brought up to date") && !told.stderr.contains("would go"), "{told}");
    let cards = || site.hub.git(SITE, &["show", "karmada-partner/partners:src/data/partnersData.tsx"]);
    assert!(!cards().contains("Zeta"));
    assert_eq!(site.outcome(&[])["outcome"], "same");
    // Nobody has agreed to what somebody adds since.
    site.hub.by_hand_in(SITE, "bob", "main", "Another card", |checkout| {
        let path = checkout.join("src/data/partnersData.tsx");
        let cards = std::fs::read_to_string(&path).unwrap();
        let card = "  { image: acme, title: 'Hooli', webURL: 'https://hooli.example/', description: 'Helps.' },\n";
        std::fs::write(&path, cards.replace("  // Add more", &format!("{card}  // Add more"))).unwrap();
    });
    // Though two pages are made then, what is said of a partner is said once.
    site.hub.by_hand_in(REGISTRY, "alice", "main", "Broken", |checkout| {
        std::fs::write(checkout.join("data/partners/acme/partner.toml"), "broken").unwrap();
    });
    let told = site.hourly(&[]).ok().stderr;
    assert!(told.contains("1 of 3 cards would go:\n  Hooli: no record says that it has left\n"), "{told}");
    assert!(
        told.contains("say --allow-mass 2, counting those that go already\nhint: they stay until a person agrees"),
        "{told}"
    );
    assert!(cards().contains("Hooli") && !cards().contains("Zeta"), "{}", cards());
    assert_eq!(told.matches("its card stays as it is").count(), 1, "{told}");
}

/// A keeper of the website mends what is proposed, on its branch: until that is merged there is nothing to be done.
#[test]
fn what_somebody_put_onto_its_branch_is_no_fault_each_hour() {
    let site = Site::new(crate::page::website_without_cards);
    assert_eq!(site.outcome(&[])["outcome"], "opened");
    site.hub.by_hand_in(SITE, "bob", "karmada-partner/partners", "Another word", |checkout| {
        std::fs::write(checkout.join("README.md"), "Mine.\n").unwrap();
    });
    let before = site.hub.github.dump();
    let told = site.hourly(&[]).ok();
    assert!(told.stderr.contains("what this program didn't write") && told.stdout.contains("for now"), "{told}");
    assert_eq!(site.outcome(&[])["outcome"], "waits");
    assert_eq!(site.hub.github.dump(), before);
}

#[test]
fn what_somebody_closed_is_proposed_again_when_it_changes_or_is_asked_for() {
    let site = Site::new(crate::page::website_without_cards);
    assert_eq!(site.outcome(&[])["outcome"], "opened");
    let first = site.pulls()[0]["number"].as_u64().unwrap();
    site.hub.github.close_pull(SITE, first, "bob");
    // What else is written there is no matter.
    site.hub.by_hand_in(SITE, "bob", "main", "Another word", |checkout| {
        std::fs::write(checkout.join("README.md"), "Mine.\n").unwrap();
    });
    let before = site.hub.github.dump();
    let told = site.hourly(&[]).ok();
    assert!(told.stdout.starts_with("Nothing to do: somebody closed at "), "{told}");
    assert!(told.stdout.contains(&format!("/{SITE}/pull/{first}\n")) && told.stderr.contains("--again"), "{told}");
    assert_eq!(site.outcome(&["--dry-run"])["outcome"], "set_aside");
    assert_eq!(site.hub.github.dump(), before);
    let hub = &site.hub;
    hub.run("jane", &["update", "acme", "--description", "We run it."]).ok().code.unwrap();
    hub.run("alice", &["approve", "acme"]).ok().code.unwrap();
    assert_eq!(site.outcome(&[])["outcome"], "opened");
    let second = site.pulls()[1]["number"].as_u64().unwrap();
    site.hub.github.close_pull(SITE, second, "bob");
    assert_eq!(site.outcome(&[])["outcome"], "set_aside");
    assert_eq!(site.outcome(&["--again"])["outcome"], "opened");
    assert_eq!(site.outcome(&[])["outcome"], "same");
    assert_eq!(site.pulls().len(), 3);
}

#[test]
fn nothing_is_proposed_beside_a_workflows_proposal_that_says_the_same() {
    let site = Site::new(crate::page::website_without_cards);
    assert_eq!(site.outcome(&[])["outcome"], "opened");
    let before = site.hub.github.dump();
    let told = site.hub.run("alice", &["publish", "--repository", SITE]).ok();
    assert!(told.stdout.contains(&format!("{SITE} has a proposal that says just that")), "{told}");
    assert!(told.stdout.contains("/pull/1\n"), "{told}");
    assert_eq!(site.hub.github.dump(), before);
    // It is said once, also where nobody agreed: there is nothing to agree to.
    let unagreed = site.hub.env.told(&mut site.hub.command("alice", &["publish", "--repository", SITE])).ok();
    assert_eq!(unagreed.to_string().matches("says just that").count(), 1, "{unagreed}");
    // From elsewhere anybody could say so.
    site.hub.github.close_pull(SITE, 1, "bob");
    site.hub.run("jane", &["publish", "--repository", SITE]).ok().code.unwrap();
    let told = site.hub.run("alice", &["publish", "--repository", SITE]).ok();
    assert!(told.stdout.starts_with("Proposed to the website"), "{told}");
}
