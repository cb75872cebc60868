//! The committee on GitHub: votes are reviews, decisions are pushed or brought by a pull request.

use snapbox::str;

use crate::hub::{Hub, REGISTRY};

#[test]
fn two_members_approve_and_the_merge_is_pushed() {
    let hub = Hub::with_applicant();
    snapbox::assert_data_eq!(
        hub.run("alice", &["review"]).to_string(),
        str![[r#"
exit 0
--- stdout
PARTNER  NAME  ASKS FOR     WAITS  STILL MISSING
acme     Acme  application  today  2 more in favor (0 of 2); votes in favor from 2 different affili…

"#]]
    );
    let voted = hub.run(
        "alice",
        &[
            "review",
            "acme",
            "--authenticity",
            "met",
            "--url",
            "met",
            "--relevance",
            "unsure",
            "--vote",
            "approve",
            "--note",
            "Fixes #1 @all",
        ],
    );
    snapbox::assert_data_eq!(
        voted.to_string(),
        str![[r#"
exit 0
--- stdout
Recorded: your vote on the application of Acme: approve.
Votes: 1 in favor, 0 against, 0 abstaining, 0 not counted.
Still missing: 1 more in favor (1 of 2); votes in favor from 2 different affiliations (now 1).
Review: $HUB/karmada/partners/pull/2#pullrequestreview-583481

"#]]
    );
    snapbox::assert_data_eq!(
        hub.threads()[1]["reviews"][0]["body"].as_str().unwrap().to_owned(),
        str![[r#"
**Approve.**

| principle | finding |
|---|---|
| The organization is authentic | met |
| The address is relevant to it | met |
| It is relevant to commercial support for Karmada | unsure |

`Fixes #1 @all`

<details><summary>The vote as it is recorded</summary>

```text
KP-Vote: v1 approve
KP-Partner: acme
KP-Round: 1
KP-Subject: application
KP-Actor: alice
KP-Time: 2026-09-21T14:17:20Z
KP-Policy: sha256:f6ff1b5f07104a88ec44450ccd53bedca3eaa8c347227c8ba640089939407275
KP-Record: sha256:5e920c7b79831a471adcc794765b3c8392f384104db7964c188213618efab4ab
KP-Logo: sha256:56454c55da559ddad65df86de209b1510b93fe4e36e60272df84774a2ec0517a
KP-Authenticity: met
KP-URL: met
KP-Relevance: unsure
KP-Note: Fixes #1 @all
```

</details>

"#]]
    );
    let decided = hub.run("bob", &["approve", "acme"]);
    snapbox::assert_data_eq!(
        decided.to_string(),
        str![[r#"
exit 0
--- stdout
Recorded: your vote on the application of Acme: approve.
Decided: Acme is approved; 2 in favor, 0 against, 0 abstaining, 0 not counted.
Commit: [COMMIT]
Review: $HUB/karmada/partners/pull/2#pullrequestreview-583518
Comment: $HUB/karmada/partners/pull/2#issuecomment-583555

"#]]
    );
    snapbox::assert_data_eq!(
        hub.git(REGISTRY, &["log", "--graph", "--format=%s", "main"]),
        str![[r#"
*   acme: Acme is approved
|/  
| * acme: Acme applies to the program
|/  
* program: the registry begins

"#]]
    );
    snapbox::assert_data_eq!(
        hub.git(REGISTRY, &["ls-tree", "-r", "--name-only", "main"]),
        str![[r#"
data/partners/acme/log/0001
data/partners/acme/log/0002
data/partners/acme/logo.png
data/partners/acme/partner.toml
data/partners/acme/votes/1/alice
data/partners/acme/votes/1/bob
data/program.toml

"#]]
    );
    let threads = hub.threads();
    assert_eq!((threads[0]["state"].as_str(), threads[1]["state"].as_str()), (Some("CLOSED"), Some("MERGED")));
    snapbox::assert_data_eq!(
        threads[1]["comments"][0]["body"].as_str().unwrap().to_owned(),
        str![[r#"
Decided: Acme is approved.

- alice (Umbrella): approve
- bob (Initech): approve

Welcome! To change the entry later: `karmada-partner update acme`. To leave: `karmada-partner exit acme --kind voluntary`.

<!-- karmada-partner: acme event 2 is made -->

"#]]
    );
    hub.run("alice", &["check"]).ok().code.unwrap();
    assert!(hub.run("jane", &["status", "acme"]).ok().stdout.contains("has been a partner since"));
}
