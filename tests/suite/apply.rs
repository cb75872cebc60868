use snapbox::{assert_data_eq, str};

use crate::env::TestEnv;

const ANSWERS: [&str; 9] = [
    "apply",
    "--name",
    "Acme",
    "--website",
    "https://acme.example/karmada",
    "--github",
    "acme-bot",
    "--logo",
    "logo.png",
];

#[test]
fn proposes_record_logo_and_event_on_a_branch() {
    let env = TestEnv::with_registry();
    assert_data_eq!(
        env.run(&ANSWERS).to_string(),
        str![[r#"
exit 0
--- stdout
Sent: Acme (acme) applies to the program.
Commit: [COMMIT] on apply/acme
--- stderr
Logo: 300×200 pixels, 762 bytes, ink across 100 % of the canvas
Next: the committee reviews it. Votes in favor needed: 2, from different affiliations: 2.
See how it stands with: karmada-partner status acme

"#]]
    );
    assert_data_eq!(
        env.git(&["ls-tree", "-r", "--name-only", "apply/acme"]),
        str![[r#"
data/partners/acme/log/0001
data/partners/acme/logo.png
data/partners/acme/partner.toml
data/program.toml
data/program/log/0001
data/program/policies/0001.toml

"#]]
    );
    assert_data_eq!(
        env.git(&["show", "apply/acme:data/partners/acme/partner.toml"]),
        str![[r#"
schema = 1
name = "Acme"
website = "https://acme.example/karmada"
github = "acme-bot"

"#]]
    );
    assert_data_eq!(
        env.git(&["log", "-1", "--format=%an <%ae>%n%n%B", "apply/acme"]),
        str![[r#"
acme-bot <acme-bot@users.noreply.github.com>

acme: Acme applies to the program

Website: https://acme.example/karmada
Contact: acme-bot

KP-Event: v1 applied
KP-Registry: sha256:8b6ae9f241e243243ed54cd08b12f3388c74b2efc74c540024914162b2832614
KP-Partner: acme
KP-Seq: 1
KP-Round: 1
KP-Subject: application
KP-Actor: acme-bot
KP-Time: 2026-09-21T14:15:20Z
KP-Policy: sha256:f6ff1b5f07104a88ec44450ccd53bedca3eaa8c347227c8ba640089939407275
KP-Record: sha256:e86137c1d26bbc6f086bfd24a569f32145090b46f70f0ec3a365762c6a005c55
KP-Logo: sha256:56454c55da559ddad65df86de209b1510b93fe4e36e60272df84774a2ec0517a
KP-Objects: [COMMIT] [COMMIT]
KP-Prev: none
KP-Votes: none
Signed-off-by: acme-bot <acme-bot@users.noreply.github.com>


"#]]
    );
    assert_eq!(
        env.git(&["ls-tree", "--name-only", "main", "data/"]),
        "data/program.toml\ndata/program\n",
        "nothing has landed"
    );
}

#[test]
fn again_it_changes_nothing() {
    let env = TestEnv::with_registry();
    env.run(&ANSWERS).ok().code.unwrap();
    let before = env.git(&["for-each-ref"]);
    assert_data_eq!(
        env.run(&ANSWERS).to_string(),
        str![[r#"
exit 0
--- stdout
Nothing to do: Acme (acme) is applied already, with these very answers.
--- stderr
Logo: 300×200 pixels, 762 bytes, ink across 100 % of the canvas

"#]]
    );
    assert_eq!(env.git(&["for-each-ref"]), before);
}

#[test]
fn a_partner_is_told_to_update_instead() {
    let env = TestEnv::with_partner();
    let args = ["apply", "--name", "Acme", "--website", "https://other.example", "--github", "x", "--logo", "logo.png"];
    assert_data_eq!(
        env.run(&args).to_string(),
        str![[r#"
exit 1
--- stderr
Logo: 300×200 pixels, 762 bytes, ink across 100 % of the canvas
error: acme can't apply: it is active
hint: karmada-partner show acme tells how it stands

"#]]
    );
}

#[test]
fn a_dry_run_shows_the_exact_commit_and_makes_none() {
    let env = TestEnv::with_registry();
    let mut args = ANSWERS.to_vec();
    args.push("--dry-run");
    assert_data_eq!(
        env.run(&args).to_string(),
        str![[r#"
exit 0
--- stdout
Commit on apply/acme:
  + data/partners/acme/partner.toml
      schema = 1
      name = "Acme"
      website = "https://acme.example/karmada"
      github = "acme-bot"
  + data/partners/acme/logo.png (762 bytes)
  + data/partners/acme/log/0001 (588 bytes)
  message:
      acme: Acme applies to the program
      
      Website: https://acme.example/karmada
      Contact: acme-bot
      
      KP-Event: v1 applied
      KP-Registry: sha256:8b6ae9f241e243243ed54cd08b12f3388c74b2efc74c540024914162b2832614
      KP-Partner: acme
      KP-Seq: 1
      KP-Round: 1
      KP-Subject: application
      KP-Actor: acme-bot
      KP-Time: 2026-09-21T14:15:20Z
      KP-Policy: sha256:f6ff1b5f07104a88ec44450ccd53bedca3eaa8c347227c8ba640089939407275
      KP-Record: sha256:e86137c1d26bbc6f086bfd24a569f32145090b46f70f0ec3a365762c6a005c55
      KP-Logo: sha256:56454c55da559ddad65df86de209b1510b93fe4e36e60272df84774a2ec0517a
      KP-Objects: [COMMIT] [COMMIT]
      KP-Prev: none
      KP-Votes: none
      Signed-off-by: acme-bot <acme-bot@users.noreply.github.com>

Dry run: nothing was changed.
--- stderr
Logo: 300×200 pixels, 762 bytes, ink across 100 % of the canvas

"#]]
    );
    assert_eq!(env.git(&["branch", "--list"]), "* main\n");
    args.push("--json");
    let shown = env.run(&args).ok().json();
    assert_eq!(shown["changes"][0]["destination"], "apply/acme");
}

#[test]
fn as_json_it_names_branch_and_commit() {
    let env = TestEnv::with_registry();
    let mut args = ANSWERS.to_vec();
    args.push("--json");
    assert_data_eq!(
        env.run(&args).ok().stdout,
        str![[r#"
{
  "schema": 1,
  "partner": "acme",
  "state": "applied",
  "changed": true,
  "branch": "apply/acme",
  "commit": "[COMMIT]",
  "event": "applied",
  "links": []
}

"#]]
    );
}

#[test]
fn answers_can_come_from_a_file_and_flags_win() {
    let env = TestEnv::with_registry();
    env.write("a.toml", "schema = 1\nname = \"华为\"\nslug = \"huawei\"\nwebsite = \"https://a.example\"\ngithub = \"hw\"\nlogo = \"logo.png\"\nformer_names = [\"Old\"]\nemail = \"\"\n");
    env.run(&["apply", "--from", "a.toml", "--website", "https://b.example", "--email", "karmada@b.example"])
        .ok()
        .code
        .unwrap();
    assert_data_eq!(
        env.git(&["show", "apply/huawei:data/partners/huawei/partner.toml"]),
        str![[r#"
schema = 1
name = "华为"
website = "https://b.example"
github = "hw"
email = "karmada@b.example"
former_names = ["Old"]

"#]]
    );
}

#[test]
fn the_template_is_what_from_reads() {
    let env = TestEnv::with_registry();
    let template = env.run(&["apply", "--template"]).ok().stdout;
    let filled = template
        .replace("name = \"\"", "name = \"Acme\"")
        .replace("website = \"\"", "website = \"https://acme.example\"")
        .replace("github = \"\"", "github = \"acme-bot\"")
        .replace("logo = \"\"", "logo = \"logo.png\"");
    env.write("filled.toml", filled);
    env.run(&["apply", "--from", "filled.toml"]).ok().code.unwrap();
    env.write("template.toml", template);
    assert_data_eq!(
        env.run(&["apply", "--from", "template.toml"]).to_string(),
        str![[r#"
exit 2
--- stderr
error: the answers don't do yet:
  name is missing
  website is missing
  github is missing
  logo is missing
hint: give --name, --website, --github, --logo

"#]]
    );
}

#[test]
fn what_looks_like_somebody_else_is_shown() {
    let env = TestEnv::with_applicant();
    env.write("other.png", crate::picture::png(301, 200));
    let args = |name, site| {
        [
            "apply",
            "--name",
            name,
            "--slug",
            "new",
            "--website",
            site,
            "--github",
            "n",
            "--logo",
            "other.png",
            "--dry-run",
            "-v",
        ]
    };
    assert_data_eq!(
        env.run(&args("ACME, Inc.", "https://new.example")).ok().stderr,
        str![[r#"
warning: Acme (acme) has the same name
Logo: 301×200 pixels, 762 bytes, ink across 100 % of the canvas

"#]]
    );
    assert_data_eq!(
        env.run(&args("\u{410}cme", "https://new.example")).ok().stderr,
        str![[r#"
warning: Acme (acme) has a name that looks the same
Logo: 301×200 pixels, 762 bytes, ink across 100 % of the canvas

"#]]
    );
    assert_data_eq!(
        env.run(&args("Other", "https://www.acme.example")).ok().stderr,
        str![[r#"
Note: Acme (acme) has its website on the same host
Logo: 301×200 pixels, 762 bytes, ink across 100 % of the canvas

"#]]
    );
}

#[test]
fn a_personal_mailbox_is_warned_of() {
    let env = TestEnv::with_registry();
    let mut args = ANSWERS.to_vec();
    args.extend(["--email", "jane.doe@gmail.com"]);
    assert_data_eq!(
        env.run(&args).ok().stderr,
        str![[r#"
warning: jane.doe@gmail.com looks like a person's own mailbox, and becomes public for ever; leave it out, or give a role's
Logo: 300×200 pixels, 762 bytes, ink across 100 % of the canvas
Next: the committee reviews it. Votes in favor needed: 2, from different affiliations: 2.
See how it stands with: karmada-partner status acme

"#]]
    );
}

#[test]
fn a_member_may_file_it_and_the_trail_says_so() {
    let env = TestEnv::with_registry();
    let mut args = ANSWERS.to_vec();
    args.extend(["--as", "alice"]);
    env.run(&args).ok().code.unwrap();
    let message = env.git(&["log", "-1", "--format=%B", "apply/acme"]);
    assert!(message.contains("Filed by alice on its behalf.") && message.contains("KP-Actor: alice"), "{message}");
}

#[test]
fn who_was_turned_down_or_left_may_apply_again_in_a_new_round() {
    let env = TestEnv::with_applicant();
    env.run(&["reject", "acme", "--reason", "no page yet", "--as", "alice"]).ok().code.unwrap();
    env.run(&["reject", "acme", "--reason", "no page yet", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "rejected");
    env.apply("Acme").ok().code.unwrap();
    assert_eq!(env.state("acme"), "applied");
    env.decide("acme");
    assert_eq!(env.events("acme"), ["applied", "rejected", "applied", "approved"]);
    assert_data_eq!(
        env.git(&["ls-tree", "-r", "--name-only", "main", "data/partners"]),
        str![[r#"
data/partners/acme/log/0001
data/partners/acme/log/0002
data/partners/acme/log/0003
data/partners/acme/log/0004
data/partners/acme/logo.png
data/partners/acme/partner.toml
data/partners/acme/votes/1/alice
data/partners/acme/votes/1/bob
data/partners/acme/votes/2/alice
data/partners/acme/votes/2/bob

"#]]
    );
    assert_eq!(env.problems(), [""; 0]);
}

/// Git's own name and mailbox are used for the person they belong to, and only then.
#[test]
fn the_author_is_the_actor() {
    let env = TestEnv::with_registry();
    env.write("home/.gitconfig", "[user]\nname = Alice A\nemail = alice@umbrella.example\n[github]\nuser = alice\n");
    env.apply("Acme").ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    let authors = env.git(&["log", "--format=%an <%ae> %(trailers:key=Signed-off-by)", "main..apply/acme"]);
    assert_data_eq!(
        authors,
        str![[r#"
bob <bob@users.noreply.github.com> Signed-off-by: bob <bob@users.noreply.github.com>

Alice A <alice@umbrella.example> Signed-off-by: Alice A <alice@umbrella.example>


"#]]
    );
}

/// A mailbox at a host of the world has a spelling that servers understand, and it is told.
#[test]
fn a_mailbox_at_an_international_host_is_written_as_servers_do() {
    let env = TestEnv::with_registry();
    let apply = |email: &str| {
        env.run(&[
            "apply",
            "--name",
            "Müller",
            "--slug",
            "mueller",
            "--website",
            "https://müller.example/karmada",
            "--github",
            "acme-bot",
            "--email",
            email,
            "--logo",
            "logo.png",
        ])
    };
    let said = apply("karmada@müller.example").ok().stderr;
    assert!(said.contains("is written as karmada@xn--mller-kva.example"), "{said}");
    let facts = env.git(&["show", "apply/mueller:data/partners/mueller/partner.toml"]);
    assert!(facts.contains("\"karmada@xn--mller-kva.example\""), "{facts}");
    let again = apply("karmada@xn--mller-kva.example").ok();
    assert!(again.stdout.starts_with("Nothing to do"), "{again}");
}

#[test]
fn a_name_in_other_letters_is_called_as_its_host() {
    let env = TestEnv::with_registry();
    let apply = |name: &str, website: &str, email: &str| {
        let email = format!("{email}@acme.example");
        env.run(&[
            "apply",
            "--name",
            name,
            "--website",
            website,
            "--github",
            "acme-bot",
            "--email",
            &email,
            "--logo",
            "logo.png",
        ])
    };
    let sent = apply("华为", "https://www.huawei.example/cn", "jane+karmada").ok();
    assert!(sent.stdout.starts_with("Sent: 华为 (huawei)"), "{sent}");
    assert!(sent.stderr.contains("by the website's host it is huawei"), "{sent}");
    assert!(sent.stderr.contains("is a person's own mailbox with a tag"), "{sent}");
    let sent = apply("Яндекс", "https://github.com/yandex", "noreply").fails(2);
    assert!(sent.stderr.contains("suggests no slug"), "{sent}");
    let posed = apply("Acme", "https://\u{430}cme.example", "noreply").ok();
    assert!(
        posed.stderr.contains("mixes letters that look alike: \u{430}cme.example (xn--cme-5cd.example)"),
        "{posed}"
    );
    let apple = |site: &str| {
        env.run(&["apply", "--name", "Apple", "--website", site, "--github", "x", "--logo", "logo.png"]).ok()
    };
    let cyrillic = apple("https://www.\u{430}\u{440}\u{440}\u{4cf}\u{435}.com").stderr;
    assert!(
        cyrillic.contains(
            "host reads as apple.com, and is another: \u{430}\u{440}\u{440}\u{4cf}\u{435}.com (xn--80ak6aa92e.com)"
        ),
        "{cyrillic}"
    );
    assert!(posed.stderr.contains("nobody reads"), "{posed}");
    let besides = [
        ("--email", "info@\u{430}cme.example", "email: its host mixes letters that look alike: \u{430}cme.example"),
        ("--email", "info@acme.con", "email: no host is known to end in .con"),
        ("--story", "https://acme.example%2eevil.com/", "story: browsers read its host as acme.example.evil.com"),
        ("--story", "https://\u{430}\u{440}\u{440}\u{4cf}\u{435}.com/x", "story: its host reads as apple.com"),
    ];
    for (flag, value, told) in besides {
        let apply = ["apply", "--name", "Globex", "--website", "https://globex.example", "--github", "x"];
        let sent = env.run(&[&apply[..], &["--logo", "logo.png", "--dry-run", flag, value]].concat());
        assert!(sent.stderr.contains(told), "{sent}");
    }
}

#[test]
fn what_nobody_elsewhere_can_reach_is_refused() {
    let env = TestEnv::with_registry();
    for (website, email) in [
        ("https://acme.local/", "karmada@acme.example"),
        ("https://acme.onion/", "karmada@acme.example"),
        ("https://co.uk/", "karmada@acme.example"),
        ("https://acme.example:0/", "karmada@acme.example"),
        ("https://192.168.0.1/", "karmada@acme.example"),
        ("https://acme.example/", "karmada@acme.internal"),
    ] {
        let refused = env.run(&[
            "apply",
            "--name",
            "Acme",
            "--website",
            website,
            "--github",
            "acme-bot",
            "--email",
            email,
            "--logo",
            "logo.png",
        ]);
        assert_eq!(refused.code, Some(2), "{website} {email}: {refused}");
    }
}

/// As an Apple gives names: the same name has one spelling on record, and whoever wrote it otherwise is told.
#[test]
fn letters_and_marks_are_recorded_as_one() {
    let env = TestEnv::with_registry();
    let call = ["apply", "--website", "https://zurich.example/k", "--github", "zurich-bot", "--logo", "logo.png"];
    let words: Vec<&str> =
        call.into_iter().chain(["--name", "Zu\u{308}rich Cloud", "--parent", "Cafe\u{301}"]).collect();
    let told = env.run(&words).ok();
    for field in ["name", "parent"] {
        let says = format!("{field}: marks that stand apart from their letters are joined to them (NFC)\n");
        assert_eq!(told.stderr.matches(&says).count(), 1, "{told}");
    }
    let record = env.git(&["show", "apply/zurich-cloud:data/partners/zurich-cloud/partner.toml"]);
    assert!(record.contains("name = \"Zürich Cloud\"") && record.contains("parent = \"Café\""), "{record}");
}

/// Of whom a change waits, too, stands there twice.
#[test]
fn one_twin_is_told_once() {
    let env = TestEnv::with_partner();
    let update = ["update", "acme", "--website", "https://new.acme.example", "--as", "acme-bot", "--yes"];
    env.run(&update).ok().code.unwrap();
    let apply =
        ["apply", "--name", "Kilo", "--website", "https://kilo.example", "--github", "kilo-bot", "--logo", "logo.png"];
    let plan = env.run(&[&apply[..], &["--as", "kilo-bot", "--dry-run"]].concat()).ok();
    assert_eq!(plan.stderr.matches("has the very same logo file").count(), 1, "{plan}");
    env.run(&[&apply[..], &["--as", "kilo-bot", "--yes"]].concat()).ok().code.unwrap();
    let evidence = env.run(&["evidence", "kilo", "--offline"]);
    assert_eq!(evidence.stdout.matches("has the very same logo file").count(), 1, "{evidence}");
}

#[test]
fn a_backslash_in_an_address_is_no_character_to_encode() {
    let env = TestEnv::with_registry();
    let website = "https://acme.example\\karmada";
    let apply = ["apply", "--name", "Acme", "--website", website, "--github", "g", "--logo", "logo.png", "--yes"];
    let refused = env.run(&apply).fails(2);
    assert!(refused.stderr.contains("write / in its place"), "{refused}");
}

/// The Developer Certificate is signed in the name that somebody set up, as git writes it; or they hear why not.
#[test]
fn commits_are_by_whom_git_was_told() {
    let env = TestEnv::with_registry();
    let by = |number: usize, name: &[u8], email: &str| {
        let quoted =
            [b"[github]\n\tuser = jd\n[user]\n\tname = \"", name, b"\"\n\temail = \"", email.as_bytes(), b"\"\n"];
        env.write("settings", quoted.concat());
        let (name, site) = (format!("Acme {number}"), format!("https://acme{number}.example"));
        let mut command = env.command(&["apply", "--name", &name, "--website", &site, "--github", "jd", "--yes"]);
        command.args(["--logo", "logo.png"]).env("GIT_CONFIG_GLOBAL", "settings");
        let told = env.output(&mut command).ok().stderr;
        let commit = env.git(&[
            "log",
            "-1",
            "--format=%an <%ae>%n%(trailers:key=Signed-off-by,valueonly)",
            &format!("apply/acme-{number}"),
        ]);
        let (author, signed_off) = commit.trim_end().split_once('\n').unwrap();
        assert_eq!(author, signed_off.trim());
        (author.to_owned(), told)
    };
    for (number, (name, email)) in [
        (&b"Jane Doe"[..], "jane@x.example"),
        (b"Jane <Doe>", "<jane@x.example>"),
        (b" Jane\\n Doe, ", "jane@x.example"),
        ("\u{a0}Jane Doe\u{a0}".as_bytes(), " jane@x.example "),
    ]
    .into_iter()
    .enumerate()
    {
        let (author, told) = by(number, name, email);
        assert_eq!(author, "Jane Doe <jane@x.example>", "{told}");
        assert!(!told.contains("git's"), "{told}");
    }
    assert_eq!(by(10, b"Jane Doe <jane@x.example>", "jane@x.example").0, "Jane Doe jane@x.example <jane@x.example>");
    for (number, (name, email, why)) in [
        (
            &b"Jane\\tDoe"[..],
            "jane@x.example",
            "user.name can't stand in a commit: it has the control character U+0009",
        ),
        (b"J\xe9r\xf4me", "j@x.example", "user.name can't stand in a commit: a letter of it was lost"),
        (b"", "jane@x.example", "user.name can't stand in a commit: it has no value"),
        (b"Jane Doe", "<>", "user.email can't stand in a commit: it is empty"),
        (b",;", "jane@x.example", "user.name can't stand in a commit: it is empty"),
        (b"Jane Doe", "\\\"", "user.email can't stand in a commit: it is empty"),
    ]
    .into_iter()
    .enumerate()
    {
        let (author, told) = by(20 + number, name, email);
        assert_eq!(author, "jd <jd@users.noreply.github.com>", "{told}");
        let hint = "until it is set otherwise, commits here are by jd <jd@users.noreply.github.com>";
        assert_eq!(told.matches(why).count(), 1, "{told}");
        assert!(told.contains(hint), "{told}");
    }
}

/// What was copied out of a page's source, or read in a wrong encoding: tables refuse it, and so does whatever else is given a fact.
#[test]
fn what_was_spoiled_on_its_way_is_refused_wherever_facts_are_given() {
    let env = TestEnv::with_partner();
    let spelled = "“&amp;” is how web pages spell a character";
    let misread = "it is “Café”, read in a wrong encoding";
    let apply = ["apply", "--website", "https://b.example", "--github", "b-bot", "--logo", "logo.png"];
    env.write(
        "facts.toml",
        "schema = 1\nname = \"B\"\nwebsite = \"https://b.example/?a=1&amp;b=2\"\ngithub = \"b-bot\"\nlogo = \"logo.png\"\n",
    );
    let benefit = ["benefit", "add", "acme", "--kind", "exposure", "--description"];
    for (words, why, hint) in [
        ([&apply[..], &["--name", "Ernst &amp; Young"]].concat(), spelled, "write “Ernst & Young”"),
        ([&apply[..], &["--name", "B", "--office", "CafÃ©"]].concat(), misread, "write “Café”"),
        (vec!["apply", "--from", "facts.toml"], spelled, "write “https://b.example/?a=1&b=2”"),
        (vec!["update", "acme", "--as", "acme-bot", "--description", "Q&amp;A"], spelled, "write “Q&A”"),
        ([&benefit[..], &["Q&amp;A"]].concat(), spelled, "write “Q&A”"),
        (
            [&benefit[..], &["Booth", "--link", "https://b.example/?a=1&amp;b=2"]].concat(),
            spelled,
            "write “https://b.example/?a=1&b=2”",
        ),
        (vec!["jobs", "add", "acme", "--title", "R&amp;D"], spelled, "write “R&D”"),
        (vec!["exit", "acme", "--kind", "voluntary", "--reason", "CafÃ©"], misread, "write “Café”"),
        (vec!["reject", "acme", "--reason", "Q&amp;A"], spelled, "write “Q&A”"),
    ] {
        let told = env.run(&words);
        assert_eq!(told.code, Some(2), "{words:?}: {told}");
        assert!(told.stderr.contains(why) && told.stderr.contains(hint), "{words:?}: {told}");
    }
    // What came on record before stays readable, and is told.
    env.edit("Spell it as web pages do", |directory| {
        let record = directory.join("data/partners/acme/partner.toml");
        let facts = std::fs::read_to_string(&record).unwrap().replace("name = \"Acme\"", "name = \"Acme &amp; Co\"");
        std::fs::write(record, facts).unwrap();
    });
    let told = env.problems();
    assert!(told.iter().any(|problem| problem.starts_with("spoiled-text")), "{told:?}");
    let shown = env.run(&["list"]).ok();
    assert!(shown.stdout.contains("Acme &amp; Co"), "{shown}");
}
