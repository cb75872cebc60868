//! Workflows and Apps: they read, check and publish. They never vote, and decide nothing on their own word.

use snapbox::str;

use crate::hub::{Hub, REGISTRY};

/// A registry with an applicant, on which a workflow and an App may act.
fn with_bots() -> Hub {
    let mut hub = Hub::with_applicant().with_workflow();
    hub.add_token("app", hub.github.app_token("partner-helper", &[REGISTRY]));
    hub
}

#[test]
fn bots_read_what_there_is() {
    let hub = with_bots();
    hub.run("alice", &["approve", "acme"]).ok().code.unwrap();
    for bot in ["workflow", "app"] {
        let waiting = hub.run(bot, &["list", "--proposals"]).ok();
        assert!(waiting.stdout.contains("1 more in favor (1 of 2)"), "{waiting}");
        for args in [&["status"][..], &["status", "acme"], &["show", "acme"], &["review", "acme"]] {
            let output = hub.run(bot, args).ok();
            assert!(output.stdout.contains("Acme"), "{output}");
        }
        // The first time there is something to say; then nothing is written, and little read.
        for args in [&["announce"][..], &["remind"]] {
            hub.run(bot, args).ok().code.unwrap();
            let before = hub.github.dump();
            hub.github.clear_traffic();
            hub.run(bot, args).ok().code.unwrap();
            assert!(hub.requests().len() <= 3, "{args:?} {:?}", hub.operations());
            assert_eq!(hub.github.dump(), before);
        }
        for args in [&["list"][..], &["check"], &["check", "--pull-request", "2"], &["audit"]] {
            hub.run(bot, args).ok().code.unwrap();
        }
    }
    // A private registry is no other.
    hub.github.set_private(REGISTRY, true);
    for bot in ["workflow", "app"] {
        hub.run(bot, &["status", "acme"]).ok().code.unwrap();
        hub.run(bot, &["list", "--proposals"]).ok().code.unwrap();
    }
}

#[test]
fn a_bot_never_votes_or_decides() {
    let hub = with_bots();
    hub.run("alice", &["approve", "acme"]).ok().code.unwrap();
    hub.run(
        "bob",
        &["review", "acme", "--authenticity", "met", "--url", "met", "--relevance", "met", "--vote", "approve"],
    )
    .ok()
    .code
    .unwrap();
    let before = hub.github.dump();
    let votes = ["review", "acme", "--authenticity", "met", "--url", "met", "--relevance", "met", "--vote", "approve"];
    for args in [&["approve", "acme"][..], &["reject", "acme", "--reason", "no"], &votes] {
        for (bot, login) in [("workflow", "github-actions"), ("app", "partner-helper")] {
            let output = hub.run(bot, args).fails(4);
            assert!(
                output.stderr.contains(&format!("{login}[bot] is a bot, and a bot never votes or decides")),
                "{output}"
            );
        }
    }
    // Nor does it apply for somebody: what it writes down is somebody's issue.
    for bot in ["workflow", "app"] {
        let apply = hub.apply_as(bot, "Globex", "jane").fails(4);
        assert!(apply.stderr.contains("is a bot, and a bot speaks for no organization"), "{apply}");
    }
    assert_eq!(hub.github.dump(), before);
    hub.run("alice", &["approve", "acme"]).ok().code.unwrap();
    let exit = hub.run("workflow", &["exit", "acme", "--kind", "breach", "--reason", "x"]).fails(4);
    assert!(exit.stderr.contains("a bot never votes or decides"), "{exit}");
    // Nor can a policy give it a seat.
    hub.env.write(
        "bots.toml",
        "schema = 1\nname = \"x\"\n\n[[committee]]\ngithub = \"dependabot[bot]\"\naffiliation = \"x\"\n",
    );
    let output = hub.env.run(&["init", "bots.git", "--program", "bots.toml"]).fails(2);
    assert!(output.stderr.contains("dependabot[bot] is a bot"), "{output}");
}

#[test]
fn auth_status_knows_a_bot() {
    let hub = with_bots();
    let output = hub.run("workflow", &["auth", "status"]);
    let port = hub.github.server_url().rsplit(':').next().unwrap().to_owned();
    snapbox::assert_data_eq!(
        output.to_string().replace(&port, "PORT"),
        str![[r#"
exit 0
--- stdout
GitHub: 127.0.0.1:PORT
Account: github-actions[bot]
Token: from KARMADA_PARTNER_TOKEN
Registry: karmada/partners
--- stderr
That is a workflow or an App: it reads, announces, reminds and publishes. A bot never votes or decides.
Where its pull requests are refused, the setting is “Allow GitHub Actions to create and approve pull requests”: Settings, Actions, General; an organization can forbid it for all its repositories.

"#]]
    );
}

/// The website is another repository, which a workflow's own token can't write to: an App's can, on a branch there.
#[test]
fn publish_takes_another_token_and_a_branch_of_the_websites_own() {
    const SITE: &str = "karmada-io/website";
    let hub = Hub::with_partner().with_workflow();
    crate::page::website(&hub.env);
    hub.github.add_org("karmada-io", &[]);
    hub.github.add_repository(SITE, &hub.env.path("site/.git"));
    let app = hub.github.app_token("partner-helper", &[SITE]);
    let publish = || {
        let mut command = hub.command("workflow", &["publish", "--repository", SITE, "--allow-mass", "1"]);
        hub.env.output(command.env("KARMADA_PARTNER_WEBSITE_TOKEN", &app))
    };
    let output = publish().ok();
    assert!(output.stdout.contains("Proposed to the website"), "{output}");
    assert!(hub.git(SITE, &["branch", "--list"]).contains("karmada-partner/partners"));
    let threads = hub.github.dump()[SITE]["threads"].clone();
    assert_eq!(
        (&threads[0]["author"], &threads[0]["head"]),
        (&"partner-helper".into(), &"karmada-io:karmada-partner/partners".into())
    );
    let commit = hub.git(SITE, &["log", "-1", "--format=%ae", "karmada-partner/partners"]);
    assert!(commit.trim().ends_with("+partner-helper[bot]@users.noreply.github.com"), "{commit}");
    let before = hub.github.dump();
    let again = publish().ok();
    assert!(again.stdout.contains("says just that"), "{again}");
    assert_eq!(hub.github.dump(), before);
    // Without that token it can't be done, and that is said.
    let refused = hub.run("workflow", &["publish", "--repository", SITE, "--allow-mass", "1"]);
    assert_ne!(refused.code, Some(70), "{refused}");
}
