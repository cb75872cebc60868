//! `docs/guide-setup.md`, followed from nothing on: its own lines, on the double.

use github_double::Permission;

use crate::documented_commands::{commands, spans, words};
use crate::env::{PROGRAM, TestEnv};
use crate::guides::{filled, run};
use crate::hub::Hub;
use crate::page;
use crate::signed_work::make_key;

const GUIDE: &str = include_str!("../../docs/guide-setup.md");

/// The lines of a step that run the program.
fn step(number: u32) -> Vec<Vec<String>> {
    let (_, rest) = GUIDE.split_once(&format!("\n## {number}. ")).unwrap();
    let step = rest.split("\n## ").next().unwrap();
    let lines = commands(step).into_iter().filter_map(|line| line.strip_prefix("karmada-partner ").map(words));
    lines.collect()
}

/// What is pushed brings workflows, so the right token comes first; and every line of the file that says what they run is named.
#[test]
fn what_a_step_needs_is_told_before_it() {
    let at = |words: &str| GUIDE.find(words).unwrap_or_else(|| panic!("it doesn't say {words}"));
    assert!(at("gh auth login --scopes workflow") < at("git push https://"));
    for who in ["git config --global user.name", "git config --global user.email"] {
        assert!(at(who) < at("git commit"));
    }
    let (asset, release) = (at("`asset`"), at("release.txt"));
    assert!(release < asset && asset < at("git commit"));
}

/// The policy that the guide names is one, and a registry begins with it.
#[test]
fn karmadas_own_policy_founds_a_registry() {
    let env = TestEnv::new();
    let (_, added) = GUIDE.split_once("```toml\n").unwrap();
    let added = added.split("```").next().unwrap();
    env.write("program.toml", format!("{}\n{added}", include_str!("../../data/program.toml")));
    for line in filled(step(2), &[("YOU", "RainbowMango")]) {
        let line: Vec<&str> = line.iter().map(String::as_str).chain(["--offline"]).collect();
        env.run(&line).ok().code.unwrap();
    }
    // What step 6 goes by.
    let program = env.run(&["program", "show", "--toml", "--registry", "partners.git", "--offline"]).ok().stdout;
    assert!(program.contains("repository = \"karmada-io/website\""), "{program}");
    let output = env.run(&["publish", "--dry-run", "--registry", "partners.git"]);
    assert!(!output.stderr.contains("it isn't known where the website is"), "{output}");
    // 8: one member comes, of an employer that is listed or isn't.
    let places = [("LOGIN", "zoe"), ("NAME", "Trip.com"), ("ID", "hooli"), ("DOMAIN", "hooli.com")];
    for line in filled(step(8), &places).into_iter().filter(|line| line.contains(&"--add-member".to_owned())) {
        let line: Vec<&str> = line.iter().map(String::as_str).collect();
        env.run(&[&line[..], &["--registry", "partners.git", "--offline", "--as", "wawa0210"]].concat())
            .ok()
            .code
            .unwrap();
    }
    // 9: in a clone.
    env.git_at(".", &["clone", "--quiet", "partners.git", "partners"]);
    for line in filled(every_now_and_then(), &[("FILE", "anchor.txt"), ("LOGIN", "wawa0210")]) {
        let mut command = env.agreed(&line.iter().map(String::as_str).collect::<Vec<_>>());
        let told = env.output(command.current_dir(env.path("partners")).env("KARMADA_PARTNER_REGISTRY", "."));
        assert_eq!(told.code, Some(0), "{line:?}: {told}");
    }
    assert!(env.read("partners/anchor.txt").contains("KP-"), "{}", env.read("partners/anchor.txt"));
}

/// What step 9's table runs.
fn every_now_and_then() -> Vec<Vec<String>> {
    let (_, rest) = GUIDE.split_once("\n## 9. ").unwrap();
    spans(rest).into_iter().filter_map(|line| line.strip_prefix("karmada-partner ").map(words)).collect()
}

#[test]
fn the_guide_leads_from_nothing_to_the_committee() {
    let mut hub = Hub::new();
    hub.env.write("program.toml", format!("{PROGRAM}\n[website]\nrepository = \"karmada/website\"\n"));
    // 2: the registry, and which program its workflows run.
    for line in filled(step(2), &[("YOU", "alice")]) {
        run(&hub, "alice", &line);
    }
    hub.env.git_at(".", &["clone", "--quiet", "partners.git", "partners"]);
    let release = "partners/.github/actions/karmada-partner/release.txt";
    let version = env!("CARGO_PKG_VERSION");
    hub.env.write(release, format!("repository=karmada/tool\nversion={version}\nasset=a.tar.gz\nsha256=00\n"));
    hub.env.git_at(
        "partners",
        &["commit", "--quiet", "--all", "--signoff", "--message", "ci: run a release of karmada-partner"],
    );
    hub.env.git_at("partners", &["push", "--quiet", "origin", "HEAD"]);

    // 3: on GitHub, with the rights and settings of the table.
    hub.github.add_repository("karmada/programme", &hub.env.path("partners.git"));
    for (login, permission) in [("alice", Permission::Admin), ("bob", Permission::Write), ("carol", Permission::Write)]
    {
        hub.github.grant("karmada/programme", login, permission);
    }
    hub.github.let_workflows_propose(true);
    hub.registry = "karmada/programme".to_owned();

    // 4: everything is there.
    for line in step(4) {
        assert!(run(&hub, "alice", &line).ends_with("Nothing has to be mended.\n"));
    }

    // 5: those who are partners already are decided on like all others.
    page::website(&hub.env);
    hub.env.git_at(".", &["clone", "--quiet", "--bare", "site", "site.git"]);
    hub.github.add_repository("karmada/website", &hub.env.path("site.git"));
    // Whose contact isn't known yet gets one that has no seat.
    hub.env.write("contacts.csv", "partner,github,email\nzeta,jane,\n");
    let row = GUIDE.lines().find(|line| line.starts_with("{\"do\"")).unwrap();
    hub.env.write("votes.jsonl", ["zeta", "acme"].map(|slug| row.replace("huawei", slug) + "\n").concat());
    for line in filled(step(5), &[("CHECKOUT", "site"), ("KEEPER", "mallory")]) {
        run(&hub, "alice", &line);
    }
    for slug in ["zeta", "acme"] {
        run(&hub, "bob", &["approve".to_owned(), slug.to_owned()]);
    }
    // 6: the page.
    for line in step(6).into_iter().filter(|line| line[0] == "publish") {
        run(&hub, "alice", &line);
    }

    // 7: a key, and 8: other members, each decided under the policy before.
    make_key(&hub.env, "alice");
    let key = hub.env.path("alice.pub").display().to_string();
    let places = [("LOGIN", "alice"), ("~/.ssh/id_ed25519.pub", key.as_str())];
    decided(&hub, filled(step(7), &places), "alice", "bob");
    assert!(run(&hub, "alice", &["keys".to_owned()]).contains("SHA256:"));

    let next = hub
        .env
        .git_exactly(hub.github.repo_path("karmada/programme").to_str().unwrap(), &["show", "main:data/program.toml"]);
    let (alice, jane) =
        ("github = \"alice\"", "[[committee]]\ngithub = \"jane\"\naffiliation = \"Vandelay\"\n\n[[committee]]\n");
    let next = next.replacen("[[committee]]\n", jane, 1);
    assert!(next.contains(alice), "{next}");
    hub.env.write("program.toml", next.replace("role = \"chair\"", "role = \"emeritus\""));
    let handed_over = step(8).into_iter().filter(|line| !line.contains(&"--add-member".to_owned())).collect();
    decided(&hub, handed_over, "alice", "bob");
    let members = hub.run("alice", &["keys", "--json"]).ok().json();
    let role = |login: &str| {
        members["members"].as_array().unwrap().iter().find(|m| m["github"] == login).unwrap()["role"].clone()
    };
    assert_eq!((role("alice"), role("jane")), ("emeritus".into(), "member".into()));
    run(&hub, "bob", &["audit".to_owned()]);
    run(&hub, "bob", &["check".to_owned()]);
}

/// The first proposes, looks and votes; then the second decides.
fn decided(hub: &Hub, lines: Vec<Vec<String>>, first: &str, second: &str) {
    for line in lines {
        if line[0] == "keys" {
            continue;
        }
        run(hub, first, &line);
        if line[0] == "approve" {
            run(hub, second, &line);
        }
    }
}
