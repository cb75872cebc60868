//! Whoever has no token is led to the form, or to an issue that is read as it is, with what they gave.

use crate::hub::{Hub, REGISTRY, put};

const GIVEN: [&str; 19] = [
    "apply",
    "--name",
    "Acme & Co",
    "--website",
    "https://acme.example",
    "--github",
    "jane",
    "--email",
    "k@acme.example",
    "--logo",
    "logo.png",
    "--service",
    "Technical support",
    "--service",
    "training",
    "--hours",
    "24/7",
    "--office",
    "Berlin, Germany",
];

/// What somebody without a token is told.
fn told(hub: &Hub, language: &str) -> String {
    let mut command = hub.command("jane", &GIVEN);
    command.env_remove("KARMADA_PARTNER_TOKEN").env("KARMADA_PARTNER_LANG", language);
    hub.env.output(&mut command).fails(4).stderr
}

/// What the address in it writes into a box, or into the issue.
fn carried(told: &str, key: &str) -> Option<String> {
    let address = told.split_whitespace().find(|word| word.contains("/issues/new?"))?;
    let query = address.split_once('?')?.1;
    url::form_urlencoded::parse(query.as_bytes()).find(|(known, _)| known == key).map(|(_, value)| value.into_owned())
}

const FORMS: [&str; 2] =
    [".github/ISSUE_TEMPLATE/partner-application.yml", ".github/ISSUE_TEMPLATE/partner-application-zh.yml"];

#[test]
fn the_form_is_filled_in_and_what_no_address_carries_is_said() {
    let hub = Hub::new();
    for path in FORMS {
        hub.commit(path, "name: Apply\n");
    }
    let english = told(&hub, "en");
    for (key, value) in [
        ("template", "partner-application.yml"),
        ("org_name", "Acme & Co"),
        ("website_url", "https://acme.example"),
        ("contact", "GitHub ID: jane\nE-mail: k@acme.example"),
        ("offices", "Berlin, Germany"),
    ] {
        assert_eq!(carried(&english, key).as_deref(), Some(value), "{english}");
    }
    assert_eq!(carried(&english, "services"), None, "an address that chooses has GitHub show no form at all");
    let rest = "fill in there yourself: “Org or company logo”: logo.png; “Services”: Technical support, Training; \
                “Hours of support”: Around the clock\n";
    assert!(english.contains(rest), "{english}");
    let chinese = told(&hub, "zh");
    assert_eq!(carried(&chinese, "template").as_deref(), Some("partner-application-zh.yml"), "{chinese}");
    assert!(chinese.contains("“服务”：技术支持, 培训"), "{chinese}");
}

/// Once its boxes are ticked it is a form like any other.
#[test]
fn where_there_is_no_form_an_issue_has_its_headings() {
    for language in ["en", "zh"] {
        let mut hub = Hub::new();
        hub.use_token("github-actions", github_double::TokenKind::Actions { repository: REGISTRY.to_owned() });
        let said = told(&hub, language);
        assert_eq!(
            (carried(&said, "template"), carried(&said, "title").as_deref()),
            (None, Some("Acme & Co")),
            "{said}"
        );
        assert!(said.contains("logo.png") && said.contains(&format!("/{REGISTRY}/issues/new?")), "{said}");
        let says = "the registry has no form, so a member of the committee brings that issue in";
        assert_eq!(said.contains(says), language == "en", "{said}");
        let body = carried(&said, "body").unwrap();
        assert_eq!((body.matches("### ").count(), body.matches("- [ ] ").count()), (18, 3), "{body}");
        let taken = |body: &str| {
            let number = hub.github.open_issue(REGISTRY, "jane", "Acme & Co", body).to_string();
            hub.run("github-actions", &["import", "issue", "--number", &number, "--logo", "logo.png", "--json"])
                .ok()
                .json()
        };
        let unticked = taken(&body);
        assert_eq!(
            (&unticked["outcome"], unticked["faults"].as_array().unwrap().len()),
            (&"faulty".into(), 3),
            "{unticked}"
        );
        hub.github.close_issue(REGISTRY, unticked["number"].as_u64().unwrap(), "jane");
        let told = taken(&body.replace("- [ ] ", "- [x] "));
        assert_eq!((&told["outcome"], &told["partner"]), (&"proposed".into(), &"acme-co".into()), "{told}");
        let record = hub.git(REGISTRY, &["show", "apply/acme-co:data/partners/acme-co/partner.toml"]);
        for line in [
            "name = \"Acme & Co\"",
            "website = \"https://acme.example\"",
            "github = \"jane\"",
            "email = \"k@acme.example\"",
            "services = [\"support\", \"training\"]",
            "hours = [\"around-the-clock\"]",
            "offices = [\"Berlin, Germany\"]",
        ] {
            assert!(record.contains(line), "{line} isn't in {record}");
        }
        hub.github.assert_clean();
    }
}

/// What is longer than any address leaves its box empty, and is said.
#[test]
fn what_is_too_long_for_an_address_is_said() {
    let hub = Hub::new();
    let long = "云".repeat(400);
    let mut args = GIVEN.to_vec();
    args.extend(["--description-zh", &long, "--description", &long, "--name-zh", "顶点"]);
    let mut command = hub.command("jane", &args);
    let said = hub.env.output(command.env_remove("KARMADA_PARTNER_TOKEN")).fails(4).stderr;
    let body = carried(&said, "body").unwrap();
    assert!(body.matches(&long).count() == 1 && body.contains("顶点"), "{body}");
    assert!(said.contains("“Description in Chinese”: 云"), "{said}");
    assert_eq!(body.matches("### ").count(), 18, "{body}");
}

/// Issues may be kept in another repository than the registry, and so may the form.
#[test]
fn the_form_is_looked_for_where_issues_are_kept() {
    let hub = Hub::with_program("\n[github]\nissues = \"karmada/community\"\n");
    hub.github.add_repository("karmada/community", &hub.env.path("seed.git"));
    for path in FORMS {
        hub.commit(path, "name: Apply\n");
    }
    let said = told(&hub, "en");
    assert!(said.contains("/karmada/community/issues/new?title=") && carried(&said, "template").is_none(), "{said}");
    hub.github.grant("karmada/community", "alice", github_double::Permission::Write);
    hub.by_hand_in("karmada/community", "alice", "main", "a form", |checkout| {
        put(checkout, FORMS[0], "name: Apply\n");
    });
    let said = told(&hub, "en");
    assert!(said.contains("/karmada/community/issues/new?template=partner-application.yml"), "{said}");
}
