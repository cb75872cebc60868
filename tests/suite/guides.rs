//! The guides of an organization and of a member, followed: what their blocks and tables run, on the double.

use github_double::Method;

use crate::documented_commands::{commands, spans, words};
use crate::hub::{Hub, REGISTRY};
use crate::signed_work::make_key;

const ORGANIZATION: &str = include_str!("../../docs/guide-organization.md");
const MEMBER: &str = include_str!("../../docs/guide-member.md");

/// Lines with what somebody puts there.
pub fn filled(lines: Vec<Vec<String>>, places: &[(&str, &str)]) -> Vec<Vec<String>> {
    let put = |word: String| places.iter().fold(word, |word, (place, value)| word.replace(place, value));
    lines.into_iter().map(|line| line.into_iter().map(put).collect()).collect()
}

#[track_caller]
pub fn run(hub: &Hub, login: &str, line: &[String]) -> String {
    let output = hub.run(login, &line.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(output.code, Some(0), "{line:?}: {output}");
    output.stdout
}

/// A guide's lines that run the program, each to be followed once.
struct Followed(Vec<Vec<String>>);

impl Followed {
    fn of(page: &str) -> Self {
        let lines = commands(page).into_iter().chain(spans(page));
        Self(lines.filter_map(|line| line.strip_prefix("karmada-partner ").map(words)).collect())
    }

    #[track_caller]
    fn take(&mut self, begin: &str) -> Vec<String> {
        let at = self.0.iter().position(|line| line.join(" ").starts_with(begin));
        self.0.remove(at.unwrap_or_else(|| panic!("the guide has no {begin}: {:?}", self.0)))
    }

    /// Does as the line says that begins so, with what is to be put in its places.
    #[track_caller]
    fn by(&mut self, hub: &Hub, login: &str, begin: &str, places: &[(&str, &str)]) -> String {
        let line = self.take(begin);
        run(hub, login, &filled(vec![line], places)[0])
    }

    /// The same where it asks for the facts: they are given as flags.
    #[track_caller]
    fn with(&mut self, hub: &Hub, login: &str, begin: &str, facts: &[&str]) {
        let line = filled(vec![self.take(begin)], &[("SLUG", "acme")]).remove(0);
        run(hub, login, &[line, facts.iter().map(|&fact| fact.to_owned()).collect()].concat());
    }

    #[track_caller]
    fn end(self) {
        assert!(self.0.is_empty(), "not followed: {:?}", self.0);
    }
}

/// A member merges what a partner says that needs no decision.
fn merged(hub: &Hub) {
    let number = u64::try_from(hub.threads().len()).unwrap();
    hub.github.merge_pull(REGISTRY, number, "alice", Method::Merge);
}

fn facts_of(name: &'static str, contact: &'static str) -> [&'static str; 8] {
    let website = if name == "Acme" { "https://acme.example/" } else { "https://gamma.example/" };
    ["--name", name, "--website", website, "--logo", "logo.png", "--github", contact]
}

#[test]
fn an_organization_is_led_from_its_application_to_the_clearing_of_its_mailbox() {
    let hub = Hub::new();
    let mut guide = Followed::of(ORGANIZATION);
    let acme = ("SLUG", "acme");

    // Whoever applies by questions is seen in terminal.rs.
    assert!(guide.by(&hub, "jane", "doctor", &[]).contains("karmada/partners"));
    guide.with(&hub, "jane", "apply", &facts_of("Acme", "jane"));
    assert!(guide.by(&hub, "jane", "status", &[acme]).contains("Acme"));
    guide.by(&hub, "jane", "update SLUG --website", &[acme, ("…", "https://acme.example/karmada-support")]);

    guide.by(&hub, "jane", "update SLUG --service", &[acme]);
    assert!(guide.by(&hub, "jane", "program", &[]).contains("around-the-clock"));

    let template = guide.by(&hub, "mallory", "apply --template", &[]);
    let facts = [("name", "Beta"), ("website", "https://beta.example/karmada"), ("github", "mallory")];
    let fill = |page: String, (key, value): (&str, &str)| {
        page.replacen(&format!("\n{key} = \"\""), &format!("\n{key} = \"{value}\""), 1)
    };
    let file = facts.into_iter().chain([("logo", "logo.png")]).fold(template, fill);
    hub.env.write("beta.toml", file);
    guide.by(&hub, "mallory", "apply --from FILE", &[("FILE", "beta.toml")]);
    guide.by(&hub, "mallory", "withdraw SLUG", &[("SLUG", "beta")]);

    hub.approve();
    guide.by(&hub, "jane", "jobs add", &[acme, ("https://…", "https://acme.example/jobs/1"), ("…", "Engineer")]);
    merged(&hub);
    assert!(guide.by(&hub, "jane", "jobs list", &[acme]).contains("5   acme     Engineer"));
    guide.by(&hub, "jane", "jobs close", &[acme, ("NUMBER", "5")]);
    merged(&hub);
    guide.by(&hub, "jane", "renew", &[acme]);
    merged(&hub);
    guide.by(&hub, "jane", "update SLUG --github", &[acme, ("…", "mallory")]);
    run(&hub, "alice", &words("approve acme"));
    guide.by(&hub, "mallory", "exit", &[acme, ("…", "We no longer offer it.")]);
    run(&hub, "alice", &words("exit acme"));
    guide.by(&hub, "mallory", "clear", &[acme]);
    run(&hub, "alice", &words("approve acme"));
    guide.end();
    run(&hub, "alice", &words("audit"));
    run(&hub, "alice", &words("check"));
}

#[test]
fn a_member_is_led_through_all_that_comes_up() {
    let hub = Hub::with_applicant();
    let mut guide = Followed::of(MEMBER);
    let (acme, said) = (("SLUG", "acme"), ("…", "Nobody answers any more."));
    make_key(&hub.env, "alice");
    let key = hub.env.path("alice.pub").display().to_string();

    assert!(guide.by(&hub, "alice", "doctor", &[]).contains("alice"));
    assert!(guide.by(&hub, "alice", "review", &[]).contains("acme"));
    guide.by(&hub, "alice", "review SLUG", &[acme]);
    assert!(guide.by(&hub, "alice", "evidence", &[acme]).contains("authenticity"));
    guide.by(&hub, "alice", "approve SLUG", &[acme]);
    run(&hub, "bob", &words("approve acme"));
    hub.apply("mallory", "Beta").ok().code.unwrap();
    guide.by(&hub, "alice", "reject", &[("SLUG", "beta"), said]);

    guide.by(&hub, "alice", "program propose --add-key", &[("LOGIN", "alice"), ("~/.ssh/id_ed25519.pub", &key)]);
    guide.by(&hub, "alice", "approve program", &[]);
    run(&hub, "bob", &words("approve program"));
    assert!(guide.by(&hub, "alice", "program keys", &[]).contains("SHA256:"));

    guide.with(&hub, "alice", "update SLUG", &["--email", "karmada@acme.example"]);
    run(&hub, "bob", &words("approve acme"));
    guide.with(&hub, "alice", "apply", &facts_of("Gamma", "mallory"));
    guide.by(&hub, "alice", "benefit add", &[acme, ("…", "A booth at KubeCon")]);
    guide.by(&hub, "alice", "benefit list", &[]);
    guide.by(&hub, "alice", "contacts", &[]);
    guide.by(&hub, "alice", "program propose --add-member", &[("LOGIN", "erin"), ("NAME", "Vandelay")]);
    for member in ["alice", "bob"] {
        run(&hub, member, &words("approve program"));
    }
    guide.by(&hub, "alice", "program propose --retire", &[("LOGIN", "erin")]);
    guide.by(&hub, "alice", "exit", &[acme, said]);
    for member in ["alice", "bob"] {
        run(&hub, member, &words("approve gamma"));
    }
    run(&hub, "mallory", &words("exit gamma --kind voluntary --reason \"We stop.\""));
    assert!(guide.by(&hub, "alice", "exit SLUG", &[("SLUG", "gamma")]).contains("vote"));
    guide.by(&hub, "alice", "check", &[]);
    guide.by(&hub, "alice", "audit", &[]);
    guide.end();
}
