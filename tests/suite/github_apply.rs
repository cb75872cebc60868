//! `apply` on GitHub: no clone, few requests, nothing twice.

use snapbox::str;

use crate::hub::{Hub, REGISTRY};

#[test]
fn an_application_is_a_branch_an_issue_and_a_pull_request() {
    let hub = Hub::with_fork();
    let output = hub.apply("jane", "Acme");
    snapbox::assert_data_eq!(
        output.to_string(),
        str![[r#"
exit 0
--- stdout
Sent: Acme (acme) applies to the program.
Commit: [COMMIT] on apply/acme
Issue: $HUB/karmada/partners/issues/1
Pull request: $HUB/karmada/partners/pull/2
--- stderr
Logo: 300×200 pixels, 762 bytes, ink across 100 % of the canvas
Next: the committee reviews it. Votes in favor needed: 2, from different affiliations: 2.
See how it stands with: karmada-partner status acme

"#]]
    );
    snapbox::assert_data_eq!(
        hub.operations().join("\n"),
        str![[r#"
graphql:Registry
graphql:Partner
git/create-blob
git/create-tree
git/create-commit
graphql:Begin
graphql:Propose
"#]]
    );
    assert_eq!(hub.git(REGISTRY, &["branch", "--list"]), "* main\n");
    snapbox::assert_data_eq!(
        hub.git("jane/partners", &["show", "--stat", "--format=%an <%ae>%n%B", "apply/acme"]),
        str![[r#"
jane <583222+jane@users.noreply.github.com>
acme: Acme applies to the program

Website: https://acme.example/karmada
Contact: jane

KP-Event: v1 applied
KP-Partner: acme
KP-Seq: 1
KP-Round: 1
KP-Subject: application
KP-Actor: jane
KP-Time: 2026-09-21T14:15:20Z
KP-Policy: sha256:f6ff1b5f07104a88ec44450ccd53bedca3eaa8c347227c8ba640089939407275
KP-Record: sha256:5e920c7b79831a471adcc794765b3c8392f384104db7964c188213618efab4ab
KP-Logo: sha256:56454c55da559ddad65df86de209b1510b93fe4e36e60272df84774a2ec0517a
KP-Prev: none
KP-Votes: none
Signed-off-by: jane <583222+jane@users.noreply.github.com>


 data/partners/acme/log/0001     |  12 ++++++++++++
 data/partners/acme/logo.png     | Bin 0 -> 762 bytes
 data/partners/acme/partner.toml |   4 ++++
 3 files changed, 16 insertions(+)

"#]]
    );
    let threads = hub.threads();
    assert_eq!(
        threads[0]["title"],
        "REQUEST: Organization Acme that provides commercial support to Karmada New Commercial Support"
    );
    snapbox::assert_data_eq!(
        hub.body(1),
        str![[r#"
### Org or company name

`Acme`

### Org or company description

_No response_

### Org or company Website

<https://acme.example/karmada>

### Org or company logo

![Acme]($HUB/jane/partners/raw/[COMMIT]/data/partners/acme/logo.png)

### Contact me

GitHub ID: `jane`
E-mail: _No response_

---

Sent with `karmada-partner apply` as `acme`. The entry itself is proposed in a pull request; comments are welcome here.

<!-- karmada-partner: karmada/partners apply/acme round 1 -->

"#]]
    );
    snapbox::assert_data_eq!(
        hub.body(2),
        str![[r#"
**What type of PR is this?**

/kind documentation

**What this PR does / why we need it**:

`Acme` asks to join the Test Program.

| | |
|---|---|
| Name | `Acme` |
| Website | <https://acme.example/karmada> |
| GitHub ID | `jane` |
| E-mail | – |
| Description | – |
| Parent company | – |

![Acme]($HUB/jane/partners/raw/[COMMIT]/data/partners/acme/logo.png)

**Which issue(s) this PR fixes**:

Fixes #1

**For the committee**: judge it with `karmada-partner review acme`, or with Approve or Request changes here. Votes bind to what they saw: when this pull request changes, they have to be given again.

**Does this PR introduce a user-facing change?**:

```release-note
NONE
```

"#]]
    );
}

#[test]
fn applying_again_asks_twice_and_makes_nothing() {
    let hub = Hub::with_applicant();
    let before = hub.github.dump();
    hub.github.clear_traffic();
    let output = hub.apply("jane", "Acme").ok();
    assert!(output.stdout.contains("Nothing to do"), "{output}");
    assert_eq!(hub.operations(), ["graphql:Registry", "graphql:Partner"]);
    assert_eq!(hub.github.dump(), before);
}
