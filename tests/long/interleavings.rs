//! Members, applicants and people with a merge button or a push right, in any order: what lands as decided was voted on by enough
//! members who saw exactly that; and `audit`, `check` and `status` say the same of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::env::TestEnv;
use crate::random_lives::{Dice, here};

const SLUGS: [&str; 2] = ["acme", "globex"];
const MEMBERS: [&str; 3] = ["alice", "bob", "carol"];

struct Life {
    env: TestEnv,
    dice: Dice,
    now: i64,
    /// The website that each member was shown when it last voted, by partner.
    saw: BTreeMap<(String, String), String>,
    /// The events on the default branch that were looked at, by partner.
    seen: BTreeMap<String, usize>,
    /// What somebody did to the default branch that nothing makes good.
    spoiled: bool,
    /// Who stands on the default branch undecided, and whether what was merged last is all of that.
    standing: BTreeMap<String, bool>,
    /// Whose branch has what can't be decided.
    tainted: BTreeSet<String>,
    done: Vec<String>,
}

impl Life {
    fn new(seed: u64) -> Self {
        Self {
            env: TestEnv::with_registry(),
            dice: Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            now: 1_790_000_000,
            saw: BTreeMap::new(),
            seen: BTreeMap::new(),
            spoiled: false,
            standing: BTreeMap::new(),
            tainted: BTreeSet::new(),
            done: Vec::new(),
        }
    }

    fn run(&mut self, words: &[&str]) -> (u8, String) {
        self.now += 60;
        let _ = std::fs::remove_dir_all(self.env.path("home/.local/state/karmada-partner/audits"));
        here(&self.env, self.now, words).unwrap_or_else(|e| (e.kind.exit_code(), e.to_string()))
    }

    /// The same, told when something goes wrong.
    fn does(&mut self, words: &[&str]) -> (u8, String) {
        let (code, said) = self.run(words);
        self.done.push(format!("{} -> {code}", words.join(" ")));
        assert!(code <= 4, "{code}: {said}");
        (code, said)
    }

    fn object(&self, at: &str) -> Option<String> {
        let listed = self.env.id(&["for-each-ref", "--format=%(refname:short)"], "");
        let branch = at.split(':').next().unwrap();
        if !listed.lines().any(|b| b == branch) {
            return None;
        }
        let (branch, path) = at.split_once(':').unwrap();
        let found = self.env.id(&["ls-tree", branch, "--", path], "");
        found.split_whitespace().nth(2).map(str::to_owned)
    }

    /// What the program shows of what is proposed about somebody: the website, by which proposals differ here.
    fn sight(&mut self, slug: &str) -> Option<String> {
        let (_, said) = self.run(&["review", slug, "--json"]);
        let said: Value = serde_json::from_str(&said).ok()?;
        let proposed = said["waiting"].as_array()?.iter().find(|p| p["partner"] == slug && p["subject"] != "exit")?;
        proposed["record"]["website"].as_str().map(str::to_owned)
    }

    fn step(&mut self) {
        let slug = self.dice.pick(&SLUGS).to_owned();
        match self.dice.roll(20) {
            0..12 => self.command(&slug),
            12..15 => self.button(&slug),
            15 => self.revert(),
            _ => self.push(&slug),
        }
    }

    fn command(&mut self, slug: &str) {
        let (contact, logo) = (format!("{slug}-bot"), self.env.path("logo.png").to_str().unwrap().to_owned());
        let member = self.dice.pick(&MEMBERS);
        let anybody = if self.dice.roll(4) == 0 { member } else { &contact };
        let site = format!("https://{slug}{}.example", self.dice.roll(3));
        let words: Vec<&str> = match self.dice.roll(16) {
            0..3 => vec![
                "apply",
                "--name",
                slug,
                "--slug",
                slug,
                "--website",
                &site,
                "--github",
                &contact,
                "--logo",
                &logo,
                "--as",
                anybody,
            ],
            3..5 => vec!["update", slug, "--website", &site, "--as", anybody],
            5..11 => vec!["approve", slug, "--as", member],
            11 => vec!["reject", slug, "--reason", "no", "--as", member],
            12 => vec!["withdraw", slug, "--as", anybody],
            13 => vec!["exit", slug, "--kind", "inactive", "--reason", "so it is", "--as", member],
            _ => vec![
                "review",
                slug,
                "--authenticity",
                "met",
                "--url",
                "met",
                "--relevance",
                "met",
                "--vote",
                "approve",
                "--as",
                member,
            ],
        };
        let votes = if matches!(words[0], "approve" | "review") { self.sight(slug) } else { None };
        let (code, _) = self.does(&words);
        if let (Some(sight), 0) = (votes, code) {
            self.saw.insert((slug.to_owned(), member.to_owned()), sight);
        }
    }

    /// A proposal is merged, in one of the ways that buttons and bots know.
    fn button(&mut self, slug: &str) {
        let branch = format!("apply/{slug}");
        let root = format!("data/partners/{slug}");
        if self.object(&format!("{branch}:{root}")).is_none() {
            return;
        }
        let env = &self.env;
        let (main, head) = (env.head(), env.id(&["rev-parse", &branch], ""));
        let forked = env.id(&["merge-base", "main", &branch], "");
        let here = env.id(&["ls-tree", &main, "--", &root], "");
        let before = env.id(&["ls-tree", &forked, "--", &root], "");
        if here != before || forked == head {
            return; // a conflict, or nothing to merge
        }
        self.spoiled |= self.tainted.contains(slug);
        let first = !self.standing.contains_key(slug);
        self.standing.insert(slug.to_owned(), first);
        let how = self.dice.pick(&["merge", "squash"]);
        let message = if how == "merge" { "Merge pull request #1" } else { "It applies (#1)" };
        let mut forged = env.forge().take(&branch, &root).message(message);
        for path in env.id(&["diff-tree", "-r", "--name-only", "--diff-filter=D", &forked, &head], "").lines() {
            forged = forged.gone(path);
        }
        if how == "merge" {
            forged = forged.parents(&[&main, &head]);
        }
        forged.commit();
        if self.dice.roll(2) == 0 {
            self.env.plumb(&["update-ref", "-d", &format!("refs/heads/{branch}")], "");
        }
        self.done.push(format!("{slug} is merged: {how}"));
    }

    /// GitHub's Revert of what was merged last. What takes back less than all that stands undecided is no mend.
    fn revert(&mut self) {
        let env = &self.env;
        let subject = env.id(&["log", "-1", "--format=%s", "main"], "");
        if subject != "Merge pull request #1" && subject != "It applies (#1)" {
            return;
        }
        let changed = env.id(&["diff-tree", "-r", "--name-only", "main^1", "main"], "");
        let Some(slug) = SLUGS.iter().find(|slug| changed.starts_with(&format!("data/partners/{slug}/"))) else {
            return;
        };
        if self.standing.get(*slug) != Some(&true) {
            return;
        }
        let tree = env.id(&["rev-parse", "main^1^{tree}"], "");
        let commit = env.id(&["commit-tree", &tree, "-p", "main", "-m", &format!("Revert \"{subject}\"")], "");
        env.set_head(&commit);
        self.standing.remove(*slug);
        self.done.push("it is reverted".into());
    }

    /// Somebody who may push does something to a branch by hand.
    fn push(&mut self, slug: &str) {
        let branch = format!("apply/{slug}");
        let root = format!("data/partners/{slug}");
        if self.object(&format!("{branch}:{root}/partner.toml")).is_none() {
            self.tainted.remove(slug);
            return;
        }
        let env = &self.env;
        let what = self.dice.pick(&["facts", "file", "back", "vote", "event"]);
        match what {
            "facts" => {
                let record = env.file(&format!("{branch}:{root}/partner.toml"));
                let other = record.replace(".example", ".casino.example");
                env.forge_on(&branch).put(&format!("{root}/partner.toml"), other).commit_to(&branch);
            }
            "file" => drop(env.forge_on(&branch).put("CONTRIBUTORS.md", "me\n").commit_to(&branch)),
            "back" => {
                let Some(parent) =
                    env.id(&["rev-list", "--parents", "-1", &branch], "").split(' ').nth(1).map(str::to_owned)
                else {
                    return;
                };
                if parent == env.id(&["merge-base", "main", &branch], "") {
                    return;
                }
                env.plumb(&["update-ref", &format!("refs/heads/{branch}"), &parent], "");
            }
            "vote" => {
                let votes = env.id(&["ls-tree", "-r", "--name-only", &branch, "--", &format!("{root}/votes/")], "");
                let Some(vote) = votes.lines().last().map(str::to_owned) else { return };
                env.forge_on(&branch).gone(&vote).commit_to(&branch);
            }
            _ => {
                let listed = env.id(&["ls-tree", "--name-only", &branch, "--", &format!("{root}/log/")], "");
                let Some(last) = listed.lines().last().map(str::to_owned) else { return };
                let block = env.file(&format!("{branch}:{last}"));
                let seq = listed.lines().count() + 1;
                let amended: String = block
                    .lines()
                    .filter(|l| !l.starts_with("KP-Signature") && !l.starts_with("KP-Link"))
                    .map(|line| match line.split_once(": ").unwrap() {
                        ("KP-Event", _) => "KP-Event: v1 amended\n".to_owned(),
                        ("KP-Seq", _) => format!("KP-Seq: {seq}\n"),
                        ("KP-Actor", _) => "KP-Actor: mallory\n".to_owned(),
                        ("KP-Prev", _) => format!("KP-Prev: sha256:{}\n", crate::hub::sha256(block.as_bytes())),
                        _ => format!("{line}\n"),
                    })
                    .collect();
                env.forge_on(&branch).put(&format!("{root}/log/{seq:04}"), amended).commit_to(&branch);
            }
        }
        // What is gone from the branch is on the default one already.
        if matches!(what, "facts" | "event") || self.standing.contains_key(slug) {
            self.tainted.insert(slug.to_owned());
        }
        self.done.push(format!("somebody pushes to {branch}: {what}"));
    }

    /// The new events on the default branch: those that are decisions rest on votes of members who saw just that.
    fn look(&mut self) {
        for slug in SLUGS {
            let root = format!("data/partners/{slug}");
            let listed = self.env.id(&["ls-tree", "--name-only", "main", "--", &format!("{root}/log/")], "");
            let events: Vec<String> = listed.lines().map(str::to_owned).collect();
            let known = self.seen.insert(slug.to_owned(), events.len()).unwrap_or_default();
            for path in events.iter().skip(known) {
                let event = self.env.file(path);
                let value = |key: &str| {
                    event.lines().find_map(|l| l.strip_prefix(&format!("KP-{key}: "))).unwrap_or_default().to_owned()
                };
                if !matches!(value("Event").as_str(), "v1 applied" | "v1 imported" | "v1 amended") {
                    self.standing.remove(slug);
                }
                if !matches!(value("Event").as_str(), "v1 approved" | "v1 updated" | "v1 recorded") {
                    continue;
                }
                let objects = value("Objects");
                let record = self.env.id(&["cat-file", "blob", objects.split(' ').next().unwrap()], "");
                let votes = self.env.id(
                    &["ls-tree", "-r", "--name-only", "main", "--", &format!("{root}/votes/{}", value("Round"))],
                    "",
                );
                let mut in_favor = Vec::new();
                for vote in votes.lines().map(|path| self.env.file(path)) {
                    let hash = format!("sha256:{}", crate::hub::sha256(vote.as_bytes()));
                    if !value("Votes").split(' ').any(|v| v == hash) || !vote.starts_with("KP-Vote: v1 approve") {
                        continue;
                    }
                    let actor = vote.lines().find_map(|l| l.strip_prefix("KP-Actor: ")).unwrap();
                    let saw = &self.saw[&(slug.to_owned(), actor.to_owned())];
                    assert!(
                        record.contains(&format!("website = \"{saw}\"")),
                        "{actor} was shown {saw}\n{event}\n{record}"
                    );
                    in_favor.push(actor.to_owned());
                }
                in_favor.sort();
                in_favor.dedup();
                let due = if value("Subject") == "application" { 2 } else { 1 };
                assert!(in_favor.len() >= due, "{in_favor:?}\n{event}");
            }
        }
    }

    fn findings(&mut self, words: &[&str], list: &str) -> Vec<String> {
        let (code, said) = self.run(words);
        assert!(code <= 1, "{words:?}: {code}: {said}");
        let said: Value = serde_json::from_str(&said).unwrap();
        let errors = said[list].as_array().unwrap().iter().filter(|f| f["severity"] == "error");
        let found: Vec<String> = errors.map(|f| f["code"].as_str().unwrap().to_owned()).collect();
        assert_eq!(found.is_empty(), code == 0, "{said}");
        found
    }

    /// What the audit of the history and the check of what stands there say, and what the people concerned are told.
    fn agree(&mut self) {
        let audit = self.findings(&["audit", "--full", "--json"], "findings");
        let check = self.findings(&["check", "--no-cache", "--json"], "problems");
        let waits = |found: &[String]| found.iter().all(|code| code == "undecided");
        assert!(self.spoiled || waits(&audit), "{audit:?}");
        if audit.is_empty() {
            assert!(check.is_empty(), "the audit is content, and check isn't: {check:?}");
        }
        for slug in SLUGS {
            let (code, said) = self.run(&["status", slug, "--json"]);
            assert!(matches!(code, 0 | 1 | 3), "{code}: {said}");
        }
    }
}

#[test]
fn whatever_people_and_buttons_do_what_is_decided_was_seen() {
    for seed in 1..=crate::env::much(1, 30) {
        let mut life = Life::new(seed);
        let lived = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for _ in 0..30 {
                life.step();
                life.look();
                life.agree();
                if life.spoiled {
                    break;
                }
            }
        }));
        assert!(lived.is_ok(), "seed {seed}:\n{}", life.done.join("\n"));
    }
}
