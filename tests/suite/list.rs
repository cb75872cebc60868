//! list, show, log, program: what a registry says.

use snapbox::{assert_data_eq, str};

use crate::env::TestEnv;

fn three() -> TestEnv {
    let env = TestEnv::with_partner();
    let site =
        "https://huawei.example/a/very/long/address/that/no/terminal/of/eighty/columns/could/ever/hold/beside/the/rest";
    env.run(&[
        "apply",
        "--name",
        "华为云",
        "--slug",
        "huawei",
        "--website",
        site,
        "--github",
        "hw",
        "--logo",
        "logo.png",
    ])
    .ok()
    .code
    .unwrap();
    env.apply("Beta").ok().code.unwrap();
    env.run(&["withdraw", "beta", "--as", "beta-bot"]).ok().code.unwrap();
    env
}

#[test]
fn columns_line_up_wide_names_included() {
    assert_data_eq!(
        three().run(&["list"]).ok().stdout,
        str![[r#"
NAME    PARTNER  STATE      SINCE       WEBSITE
Acme    acme     active     2026-09-21  https://acme.example/karmada
Beta    beta     withdrawn  2026-09-21  https://beta.example/karmada
华为云  huawei   applied    2026-09-21  https://huawei.example/a/very/long/address/that/no/terminal…

"#]]
    );
}

#[test]
fn it_can_be_filtered_and_sorted() {
    let env = three();
    assert_data_eq!(
        env.run(&["list", "--state", "active"]).ok().stdout,
        str![[r#"
NAME  PARTNER  STATE   SINCE       WEBSITE
Acme  acme     active  2026-09-21  https://acme.example/karmada

"#]]
    );
    assert_data_eq!(
        env.run(&["list", "--state", "exited"]).ok().stdout,
        str![[r#"
Nobody is in that state.

"#]]
    );
    let order = |by| {
        let list = env.run(&["list", "--sort", by, "--json"]).json();
        list["partners"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| p["partner"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(order("name"), ["acme", "beta", "huawei"]);
    assert_eq!(order("since"), ["beta", "huawei", "acme"]);
    assert_eq!(order("state"), ["huawei", "acme", "beta"]);
    for (name, slug) in [("Étoile", "etoile"), ("ábaco", "abaco")] {
        let site = format!("https://{slug}.example/k");
        let apply =
            ["apply", "--name", name, "--slug", slug, "--website", &site, "--github", slug, "--logo", "logo.png"];
        env.run(&apply).ok().code.unwrap();
    }
    // As the directory has them, an accent beside its letter.
    assert_eq!(order("name"), ["abaco", "acme", "beta", "etoile", "huawei"]);
    env.run(&["list", "--state", "gone"]).fails(2).code.unwrap();
}

#[test]
fn as_json_it_is_documented_and_kept() {
    assert_data_eq!(
        three().run(&["list", "--state", "active", "--json"]).ok().stdout,
        str![[r#"
{
  "schema": 1,
  "partners": [
    {
      "partner": "acme",
      "name": "Acme",
      "website": "https://acme.example/karmada",
      "state": "active",
      "undecided": null,
      "unfounded": null,
      "leaving": null,
      "since": "2026-09-21T14:17:20Z",
      "github": "acme-bot",
      "email": null,
      "description": null,
      "description_zh": null
    }
  ]
}

"#]]
    );
}

#[test]
fn an_empty_registry_says_what_to_do() {
    assert_data_eq!(
        TestEnv::with_registry().run(&["list"]).to_string(),
        str![[r#"
exit 0
--- stdout
There are no partners yet.
--- stderr
hint: karmada-partner apply starts an application

"#]]
    );
}

#[test]
fn color_means_something_and_can_be_had_without() {
    let env = TestEnv::with_partner();
    assert!(env.run(&["list", "--color", "always"]).ok().stdout.contains("\u{1b}[32mactive"));
    assert!(!env.run(&["list", "--color", "never"]).ok().stdout.contains('\u{1b}'));
}

/// A sandbox begins in the second in which somebody first applies.
#[test]
fn the_log_begins_with_the_founding() {
    let env = TestEnv::new();
    env.write("logo.png", crate::picture::png(300, 200));
    let applies = ["apply", "--name", "Acme", "--website", "https://acme.example", "--github", "acme-bot"];
    env.run(&[&applies[..], &["--logo", "logo.png", "--yes"]].concat()).ok().code.unwrap();
    let told = env.run(&["log"]).ok().stdout;
    let times: Vec<&str> = told.lines().map(|line| line.split_whitespace().nth(2).unwrap()).collect();
    assert!(times[0] == times[1] && told.lines().next().unwrap().contains("founded"), "{told}");
}

#[test]
fn the_log_tells_what_happened_in_order() {
    let env = three();
    assert_data_eq!(
        env.run(&["log"]).ok().stdout,
        str![[r#"
[COMMIT]  program                  2026-09-21T14:14:20Z  founded by jane [unsigned]
[COMMIT]  acme                     2026-09-21T14:15:20Z  applied by acme-bot [unsigned]
[COMMIT]  acme                     2026-09-21T14:17:20Z  approved by bob [unsigned]
[COMMIT]  huawei                   2026-09-21T14:18:20Z  applied by hw [unsigned]
[COMMIT]  beta                     2026-09-21T14:19:20Z  applied by beta-bot [unsigned]
[COMMIT]  beta                     2026-09-21T14:20:20Z  withdrawn (application) by beta-bot [unsigned]

"#]]
    );
    assert_data_eq!(
        env.run(&["log", "acme"]).ok().stdout,
        str![[r#"
[COMMIT]  acme                     2026-09-21T14:15:20Z  applied by acme-bot [unsigned]
[COMMIT]  acme                     2026-09-21T14:17:20Z  approved by bob [unsigned]

"#]]
    );
    assert_data_eq!(
        env.run(&["log", "--event", "applied", "--actor", "HW"]).ok().stdout,
        str![[r#"
[COMMIT]  huawei                   2026-09-21T14:18:20Z  applied by hw [unsigned]

"#]]
    );
    assert_data_eq!(
        env.run(&["log", "--since", "2026-09-22"]).ok().stdout,
        str![[r#"
Nothing happened that fits.

"#]]
    );
    assert_eq!(env.run(&["log", "--until", "2026-09-21", "--json"]).json()["events"].as_array().unwrap().len(), 6);
    env.run(&["log", "--since", "yesterday"]).fails(2).code.unwrap();
}

#[test]
fn every_event_of_the_log_names_the_commit_that_says_it() {
    let env = three();
    let log = std::process::Command::new(env!("CARGO_BIN_EXE_karmada-partner"))
        .args(["log", "--json", "--registry"])
        .arg(env.path("registry.git"))
        .env("HOME", env.path("home"))
        .output()
        .unwrap();
    let log: serde_json::Value = serde_json::from_slice(&log.stdout).unwrap();
    for event in log["events"].as_array().unwrap() {
        let message = env.git(&["log", "-1", "--format=%B", event["commit"].as_str().unwrap()]);
        assert!(message.contains(&format!("KP-Partner: {}", event["partner"].as_str().unwrap())), "{message}");
    }
    assert_eq!(log["events"][1]["partner"], "acme");
    assert_eq!(log["events"][1]["seq"], 1);
}

/// A proposal's branch can say what it likes; for another partner it doesn't speak.
#[test]
fn a_branch_cannot_pass_for_the_commit_of_anothers_event() {
    let env = three();
    let log = || {
        let mut command = env.command(&["log", "acme", "--json"]);
        let output = command.output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let before = log();
    env.git_at(".", &["clone", "--quiet", "--branch", "apply/huawei", "registry.git", "forged"]);
    let message = "x\n\nKP-Event: v1 applied\nKP-Partner: acme\nKP-Seq: 1\n";
    env.git_at("forged", &["commit", "--quiet", "--allow-empty", "--message", message]);
    env.git_at("forged", &["push", "--quiet", "origin", "HEAD"]);
    assert_eq!(log(), before);
}

#[test]
fn show_tells_all_of_one() {
    let env = three();
    assert_data_eq!(
        env.run(&["show", "huawei"]).ok().stdout,
        str![[r#"
华为云 (huawei): applied since 2026-09-21
  name            华为云
  website         https://huawei.example/a/very/long/address/that/no/terminal/of/eighty/columns/could/ever/hold/beside/the/rest
  github          hw
  logo            300×200 pixels, 762 bytes, ink across 100 % of the canvas
Log:
  2026-09-21T14:18:20Z  applied by hw [unsigned]
Open: application, since 2026-09-21
Votes:
  none yet
  0 in favor, 0 against, 0 abstaining, 0 not counted. Still missing: 2 more in favor (0 of 2); votes in favor from 2 different affiliations (now 0).

"#]]
    );
    let shown = env.run(&["show", "acme", "--json"]).ok().json();
    assert_eq!(shown["state"], "active");
    assert_eq!(shown["votes"].as_array().unwrap().len(), 2);
}

#[test]
fn status_without_a_name_tells_all_that_waits() {
    let env = three();
    assert_data_eq!(
        env.run(&["status"]).ok().stdout,
        str![[r#"
PARTNER  NAME    ASKS FOR     WAITS  STILL MISSING
huawei   华为云  application  today  2 more in favor (0 of 2); votes in favor from 2 different
                                     affiliations (now 0)

"#]]
    );
    let status = env.run(&["status", "huawei", "--json"]).ok().json();
    assert_eq!(status["partners"][0]["turn"], "committee");
    assert_data_eq!(
        TestEnv::with_partner().run(&["status"]).ok().stdout,
        str![[r#"
Nothing waits for a decision.

"#]]
    );
}

#[test]
fn the_program_in_words() {
    assert_data_eq!(
        TestEnv::with_registry().run(&["program"]).ok().stdout,
        str![[r#"
Test Program

Principles of the review
  - Enterprise and organization authenticity
  - Relevance of the provided URL to the enterprise
  - Relevance to Karmada commercial support

Exit
  The committee may end a partnership with a reason; a partner may leave at any time.

What a decision takes
  - approve: 2 in favor, 2/3 of those for and against, from 2 affiliations; an objection counts
  - reject: 2 in favor, 2/3 of those for and against, from 2 affiliations; an objection counts
  - update: 1 in favor, 2/3 of those for and against, from 1 affiliation; an objection counts
  - exit: 2 in favor, 2/3 of those for and against, from 2 affiliations; an objection counts
  - policy: 2 in favor, 2/3 of those for and against, from 2 affiliations; an objection counts

Committee
  - alice (Umbrella), chair
  - bob (Initech)
  - carol (Globex)
  - erin (Hooli), emeritus

Words by which partners are found
  - services: support (Technical support), consulting (Consulting), training (Training), managed-service (Managed service), distribution (Distribution), development (Custom development)
  - regions: worldwide (Worldwide), africa (Africa), asia (Asia), china (China), europe (Europe), latin-america (Latin America), middle-east (Middle East), north-america (North America), oceania (Oceania)
  - languages: en (English), zh (Chinese), de (German), es (Spanish), fr (French), it (Italian), ja (Japanese), ko (Korean), pt (Portuguese), ru (Russian)
  - hours: business-hours (Business hours), extended-hours (Evenings and weekends, too), around-the-clock (Around the clock)
  - response: 1-hour (Within an hour), 4-hours (Within 4 hours), 1-day (Within a day), 3-days (Within 3 days)

"#]]
    );
    let env = TestEnv::with_registry();
    let program = env.run(&["program", "--json"]).ok().json();
    assert_eq!(program["decisions"]["approve"]["threshold"], "2/3");
    assert_eq!(program["principles"][2]["key"], "relevance");
}

/// What an applicant typed never reaches a terminal as it is.
#[test]
fn hostile_bytes_in_a_registry_are_shown_harmless() {
    let env = TestEnv::with_partner();
    env.edit("hostile", |checkout| {
        let file = checkout.join("data/partners/acme/partner.toml");
        std::fs::write(
            file,
            "schema = 1\nname = \"\\u001b[2Jx\\u202e\"\nwebsite = \"javascript:alert(1)\"\ngithub = \"a\"\n",
        )
        .unwrap();
        std::fs::create_dir_all(checkout.join("data/partners/\u{1b}[31m")).unwrap();
        std::fs::write(checkout.join("data/partners/\u{1b}[31m/x"), "").unwrap();
    });
    for args in [&["list"][..], &["show", "acme"], &["check"], &["log"]] {
        let output = env.run(args);
        let all = format!("{}{}", output.stdout, output.stderr);
        assert!(!all.contains('\u{1b}') && !all.contains('\u{202e}'), "{all:?}");
    }
}
