//! What every command has in common.

use snapbox::{assert_data_eq, str};

use crate::env::{TestEnv, beside, some};

#[test]
fn help_begins_with_what_it_is() {
    assert_data_eq!(
        TestEnv::new().run(&["--help"]).to_string(),
        str![[r#"
exit 0
--- stdout
Run Karmada's Commercial Support Program as an audit trail in git

Usage: karmada-partner [OPTIONS] COMMAND

An organization:
  apply        Apply to the program for an organization
  status       Tell where an application stands, since when, and whose turn it is
  update       Change an application that waits, or propose a change of a partner's facts
  withdraw     Take back an application, or a proposed update or exit
  jobs         Post jobs, close them, list them
  renew        Confirm that a partner's entry still holds
  exit         Let a partner leave, with a reason
  clear        Ask that mailbox and logo of who left be taken away

The committee:
  review       Judge an application by the three principles, and vote
  evidence     Gather what there is to know about an applicant or a partner
  approve      Approve an application or an update, or a change of the policy (program)
  reject       Turn down an application, an update or an exit
  benefit      Record the benefits that partners get, and see who got how much
  record       Put on record what was changed by hand, with a reason
  program      Tell what the program is: scope, principles, privileges, exit, whom to ask

Everybody:
  list         List partners and applicants
  show         Show a partner: its facts, its log, who voted how
  log          Show what happened: all events, or those of one partner
  stats        Show how the program fares: partners over time, what became of applications, how long
               decisions take
  auth         Tell who you are to GitHub, and what your token may do
  doctor       Say whether everything is there that the program needs, and what to do where it isn't

A registry's keeper:
  init         Make a registry: a bare git repository with a program in it
  check        Check a registry: every file, log and vote on its default branch
  audit        Prove from the history who decided what: every commit, event, vote and signature
  links        Ask the partners' websites whether they still answer
  publish      Propose the page of partners to the website's repository, or bring that proposal up
               to date
  render       Write partners as a page of Karmada's website, or as a directory of their own
  import       Bring in partners from the website's page, a table or an issue
  contacts     Get the contacts of the active partners, as a table or as the draft of a mail
  announce     Tell on the pull requests where proposals stand: a commit status, one comment, a
               label, whom is asked for a vote
  remind       Remind people of what waits, in one issue; and ask partners to confirm their entry

Scripts:
  batch        Run many commands at once, from a file
  schema       Print the JSON Schema of a document, or list those there are
  completions  Print completions for a shell
  man          Print the manual page of all or of a command, or write one a command into a directory

Global options:
  --registry WHERE    The registry: a path, a git URL or github:OWNER/REPO [default: an embedded one
                      to try things on]
  --as LOGIN          Who acts, as a GitHub login
  --json              Print one JSON document
  -y, --yes           Agree to what is asked
  --dry-run           Show what would happen, and change nothing
  --no-input          Never ask; what is missing is an error
  --offline           Use no network
  -q, --quiet         Say only what was asked for, and errors
  -v, --verbose       Say what is being done
  --no-pager          Show long output at once
  --color WHEN        When to color
  --lang LANG         Which language to speak [default: the machine's]
  -h, --help          Print help, or COMMAND's
  -V, --version       Print version

karmada-partner help COMMAND tells more, with examples.

"#]]
    );
}

#[test]
fn a_failing_command_says_it_as_json_too() {
    let env = TestEnv::with_registry();
    assert_data_eq!(
        env.run(&["show", "acme", "--json"]).to_string(),
        str![[r#"
exit 3
--- stdout
{
  "schema": 1,
  "error": {
    "kind": "not_found",
    "message": "acme isn't in the registry",
    "hints": [
      "karmada-partner list shows who is"
    ]
  }
}
--- stderr
error: acme isn't in the registry
hint: karmada-partner list shows who is

"#]]
    );
    assert_data_eq!(
        env.run(&["approve", "--json"]).fails(2).stdout,
        str![[r#"
{
  "schema": 1,
  "error": {
    "kind": "usage",
    "message": "still missing: <SLUG>",
    "hints": [
      "nobody can be asked here, so it needs --as, too",
      "usage: karmada-partner approve [OPTIONS] <SLUG>",
      "karmada-partner approve --help tells more"
    ]
  }
}

"#]]
    );
    assert_eq!(env.run(&["list", "--json", "--registry", "nowhere"]).fails(3).json()["error"]["kind"], "not_found");
    let error = env.run(&["jobs", "--json"]).fails(2).json()["error"].take();
    assert_eq!(error["message"], "karmada-partner jobs needs a command behind it");
    assert_eq!(error["hints"][0], "possible commands: add, close, list, help");
    assert_eq!(error["hints"][1], "usage: karmada-partner jobs [OPTIONS] <COMMAND>");
}

/// What people say may begin with a hyphen, as an item of a list does; what could be a flag is one.
#[test]
fn a_text_may_begin_with_a_hyphen() {
    let env = TestEnv::with_applicant();
    let reject = |rest: &[&str]| env.run_unagreed(&[&["reject", "acme", "--as", "alice", "--dry-run"], rest].concat());
    for text in ["- no site", "-- see above", "-3 of 5", "--- ", "-> other program", "--yes, but later", "-"] {
        let told = reject(&["--reason", text]).ok();
        assert!(told.to_string().contains(&format!("KP-Note: {}\n", text.trim_end())), "{text}: {told}");
    }
    for (args, says, hint) in [
        (
            &["--reason", "--yes"][..],
            "--reason <TEXT> needs a value",
            "hint: where --yes is a text, write --reason=\"--yes\"",
        ),
        (
            &["--reason", "-unsure"],
            "unexpected argument -u",
            "hint: where -unsure is a text, write --reason=\"-unsure\"",
        ),
        (
            &["--reason", "--none"],
            "unexpected argument --none",
            "hint: where --none is a text, write --reason=\"--none\"",
        ),
        // It ends the flags: mostly somebody's variable was empty.
        (&["--reason", "--"], "--reason <TEXT> needs a value", "hint: where -- is a text, write --reason=\"--\""),
    ] {
        let told = reject(args).fails(2);
        assert!(told.stderr.contains(says) && told.stderr.contains(hint), "{told}");
        let written = format!("{}={}", args[0], args[1]);
        let told = reject(&[&written]).ok();
        assert!(told.to_string().contains(&format!("KP-Note: {}\n", args[1])), "{written}: {told}");
    }
    let told = env.run(&["reject", "acme", "--reason", "--", "--as", "alice"]).fails(2);
    assert!(told.stderr.contains("where -- is a text, write --reason=\"--\""), "{told}");
    let told = reject(&["--reason", "- no site", "-- see above"]).fails(2);
    assert!(told.stderr.contains("unexpected argument"), "{told}");
}

/// What is wrong with a call is told as every other error; clap would have -3 after a --, where it is no command either.
#[test]
fn a_wrong_call_ends_with_hints() {
    let env = TestEnv::with_registry();
    for (args, says) in [
        (
            &["list", "-3"][..],
            "error: unexpected argument -3\nhint: usage: karmada-partner list [OPTIONS]\nhint: karmada-partner list --help tells more\n",
        ),
        (
            &["--", "-3"],
            "error: there is no command -3\nhint: usage: karmada-partner [OPTIONS] <COMMAND>\nhint: karmada-partner --help tells more\n",
        ),
        (
            &["jobs", "close"],
            "error: still missing: <SLUG>\nhint: nobody can be asked here, so it needs --as, --yes, too\nhint: usage: karmada-partner jobs close [OPTIONS] <SLUG> [NUMBER]\n",
        ),
        // Nobody is asked whether a registry is to be made, nor whether to look.
        (&["init"], "error: still missing: <PATH>\nhint: usage: karmada-partner init [OPTIONS] [PATH]\n"),
        (&["jobs", "list", "--state"], "error: unexpected argument --state\nhint: usage"),
        (
            &["--as", "list", "jobs", "close", "acme", "one"],
            "error: [NUMBER] doesn't take one: it isn't a whole number\nhint: usage: karmada-partner jobs close [OPTIONS] <SLUG> [NUMBER]\nhint: karmada-partner jobs close --help tells more\n",
        ),
    ] {
        let refused = env.run_unagreed(args).fails(2);
        assert!(refused.stderr.starts_with(says), "{args:?}: {refused}");
    }
    let group = env.run_unagreed(&["jobs"]).fails(2);
    assert!(group.stderr.starts_with("Post jobs, close them, list them\n"), "{group}");
}

/// As on Windows, where its file has an ending: what is said of a call names the command all the same.
#[cfg(unix)]
#[test]
fn it_may_be_called_by_another_name() {
    let env = TestEnv::with_partner();
    std::os::unix::fs::symlink(env.command(&[]).get_program(), env.path("kp.exe")).unwrap();
    let mut command = beside(env.path("kp.exe"), &env.command(&[]));
    let refused = env.told(command.args(["jobs", "close", "acme", "one"])).fails(2);
    assert!(refused.stderr.contains("hint: usage: karmada-partner jobs close "), "{refused}");
    assert!(refused.stderr.contains("hint: karmada-partner jobs close --help tells more"), "{refused}");
}

#[test]
fn who_acts_must_be_known() {
    let env = TestEnv::with_applicant();
    assert_data_eq!(
        env.run(&["approve", "acme"]).to_string(),
        str![[r#"
exit 2
--- stderr
error: it isn't known who acts
hint: say it with --as LOGIN, or set github.user in git's configuration

"#]]
    );
    let mut command = env.command(&["approve", "acme"]);
    env.output(command.env("KARMADA_PARTNER_AS", "alice")).ok().code.unwrap();
    std::fs::create_dir_all(env.path("home/.config/karmada-partner")).unwrap();
    env.write("home/.config/karmada-partner/config.toml", "as = \"bob\"\nregistry = \"../../../registry.git\"\n");
    let mut command = env.command(&["approve", "acme"]);
    env.output(command.env_remove("KARMADA_PARTNER_REGISTRY")).ok().code.unwrap();
    assert_eq!(env.state("acme"), "active");
    // What never ends isn't read to its end.
    #[cfg(unix)]
    {
        let config = env.path("home/.config/karmada-partner/config.toml");
        std::fs::remove_file(&config).unwrap();
        std::os::unix::fs::symlink("/dev/zero", &config).unwrap();
        let output = env.run(&["list"]).fails(2);
        assert!(output.stderr.contains("config.toml is not a plain file"), "{output}");
        std::fs::remove_file(&config).unwrap();
    }
    env.write("home/.config/karmada-partner/config.toml", "regitsry = \"x\"\n");
    assert_data_eq!(
        env.run(&["list"]).to_string(),
        str![[r#"
exit 2
--- stderr
error: $TEST/home/.config/karmada-partner/config.toml can't be used:
  line 1: unknown key “regitsry”
hint: regitsry: did you mean registry?

"#]]
    );
}

#[test]
fn quiet_says_only_what_was_asked_for() {
    let env = TestEnv::with_registry();
    let output = env
        .run(&["apply", "--name", "A", "--website", "https://a.example", "--github", "a", "--logo", "logo.png", "-q"])
        .ok();
    assert_eq!(output.stderr, "");
}

#[test]
fn a_wrong_clock_setting_is_an_error() {
    let env = TestEnv::with_registry();
    let mut command = env.command(&["list"]);
    assert_data_eq!(
        env.output(command.env("SOURCE_DATE_EPOCH", "soon")).to_string(),
        str![[r#"
exit 2
--- stderr
error: SOURCE_DATE_EPOCH isn't a number of seconds since 1970
hint: unset it, or set it to a whole number

"#]]
    );
}

/// What git can't write, or what we couldn't read again, is no time to write at.
#[test]
fn a_time_that_nobody_could_read_again_is_refused() {
    let env = TestEnv::with_registry();
    let at = |epoch: &str| env.output(env.command(&["list"]).env("SOURCE_DATE_EPOCH", epoch));
    for epoch in ["-1", "-99999999999999", "1.5", "now"] {
        let told = at(epoch).fails(2);
        assert!(told.stderr.contains("SOURCE_DATE_EPOCH isn't a number of seconds since 1970"), "{epoch}: {told}");
    }
    // Thousandths of a second, most often.
    for epoch in ["253370764800", "253402300800", "9223372036854775807", "1790000000000", "99999999999999999999"] {
        let told = at(epoch).fails(2);
        assert!(told.stderr.contains("too late to be written") && told.hint().contains("three digits"), "{told}");
    }
    for epoch in ["0", "253370764799"] {
        at(epoch).ok().code.unwrap();
    }
}

#[test]
fn a_reader_that_stops_reading_is_no_error() {
    let env = TestEnv::with_registry();
    let mut command = env.command(&["completions", "bash"]);
    let mut child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn completions_and_manual_pages_name_every_command() {
    let env = TestEnv::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(env.run(&["completions", shell]).ok().stdout.contains("COMPLETE"), "{shell}");
        assert!(completed(&env, shell, &["with"]).contains("withdraw"), "{shell}");
    }
    assert!(env.run(&["man"]).ok().stdout.starts_with(".ie"));
    env.run(&["man", "pages"]).ok().code.unwrap();
    assert!(env.read("pages/karmada-partner-apply.1").contains("logo"));
    assert_eq!(env.run(&["man", "jobs-add"]).ok().stdout, env.read("pages/karmada-partner-jobs-add.1"));
    let mistyped = env.run(&["man", "aply"]).fails(2);
    assert!(mistyped.stderr.contains("hint: did you mean karmada-partner man apply?"), "{mistyped}");
    assert!(!env.path("aply").exists() && !env.path("jobs-add").exists());
    let refused = env.run(&["man", "pages/karmada-partner.1/x"]).fails(5);
    assert!(refused.stderr.contains("into pages/karmada-partner.1/x: Not a directory"), "{refused}");
}

/// What a shell is offered where a line stands so.
fn completed(env: &TestEnv, shell: &str, words: &[&str]) -> String {
    let mut command = env.command(&["--", "karmada-partner"]);
    command.args(words).env("COMPLETE", shell).env("_CLAP_COMPLETE_INDEX", words.len().to_string());
    command.env("_CLAP_IFS", "\n").env("_CLAP_COMPLETE_SPACE", "false");
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

/// What the registry has is completed, of the registry that the line names; nothing is made, and nothing is told where it can't be read.
#[test]
fn what_the_registry_has_is_completed() {
    let env = TestEnv::with_partner();
    env.apply("Globex").ok().code.unwrap();
    let offered = |words: &[&str]| completed(&env, "bash", words).lines().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(offered(&["show", ""])[..2], ["acme", "globex"]);
    assert_eq!(offered(&["show", "ac"]), ["acme"]);
    assert_eq!(offered(&["approve", ""])[0], "globex");
    assert!(!offered(&["approve", ""]).contains(&"acme".to_owned()));
    assert_eq!(offered(&["show", "globex", "--branch", ""]), ["apply/globex"]);
    assert_eq!(offered(&["--as", "al"]), ["alice"]);
    assert_eq!(offered(&["jobs", "add", "ac"]), ["acme"]);
    assert!(offered(&["update", "acme", "--region", ""]).contains(&"europe".to_owned()));
    assert_eq!(offered(&["schema", "list"]), ["list", "list-due"]);
    assert!(!offered(&["--registry", "nowhere", "show", "a"]).contains(&"acme".to_owned()));
    assert!(!env.path("nowhere").exists());
}

/// The pages name every exit code and every variable that the page for scripts does, and the examples of the help.
#[test]
fn manual_pages_tell_exit_codes_variables_and_examples() {
    let env = TestEnv::new();
    env.run(&["man", "pages"]).ok().code.unwrap();
    let page = env.read("pages/karmada-partner-jobs-add.1").replace("\\-", "-");
    for section in ["EXIT STATUS", "ENVIRONMENT", "EXAMPLES"] {
        assert!(page.contains(section), "{section}");
    }
    assert!(page.contains("karmada-partner jobs add globex"), "{page}");
    assert!(!page.contains("karmada-partner jobs list"), "{page}");
    let scripts = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/scripts.md")).unwrap();
    let rows = scripts.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    for name in rows.flat_map(|cell| cell.split(", ")).map(|name| name.trim_matches('`')) {
        let told = name.chars().all(|c| c.is_ascii_digit()) || name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
        assert!(!told || page.contains(name), "{name}");
    }
}

#[test]
fn a_dry_run_makes_not_even_a_sandbox() {
    let env = TestEnv::new();
    env.write("logo.png", crate::picture::png(300, 200));
    let args =
        ["apply", "--name", "A", "--website", "https://a.example", "--github", "a", "--logo", "logo.png", "--dry-run"];
    assert!(env.run(&args).ok().stdout.ends_with("Dry run: nothing was changed.\n"));
    assert_eq!(std::fs::read_dir(env.path("home")).unwrap().count(), 0);
}

/// A password in an address would stand in process lists, logs and messages.
#[test]
fn an_address_with_a_password_is_refused_and_not_repeated() {
    let env = TestEnv::new();
    let output = env.run(&["list", "--registry", "https://user:s3cret@127.0.0.1:1/x.git", "--json"]).fails(2);
    assert!(output.stderr.contains("it carries a password") && !output.to_string().contains("s3cret"), "{output}");
}

#[test]
fn texts_come_as_json_too() {
    let env = TestEnv::with_registry();
    for args in [&["completions", "bash", "--json"][..], &["man", "--json"], &["apply", "--template", "--json"]] {
        assert!(env.run(args).ok().json()["text"].as_str().unwrap().len() > 100, "{args:?}");
    }
    assert_eq!(env.run(&["man", "pages", "--dry-run", "--json"]).ok().json()["changed"], false);
    assert!(!env.path("pages").exists());
}

/// Arguments can hold anything, and come back harmless.
#[test]
fn paths_with_escapes_are_shown_harmless() {
    let env = TestEnv::new();
    let name = "\u{1b}[31mred";
    for args in [&["init", name][..], &["list", "--registry", name], &["man", name], &["apply", "--from", name]] {
        assert!(!env.run(args).to_string().contains('\u{1b}'), "{args:?}");
    }
}

/// Whoever names none is told each way to name one.
#[test]
fn an_issue_is_named_in_one_of_three_ways() {
    let env = TestEnv::with_registry();
    for (args, says) in [
        (&["import", "issue"][..], "<FILE|--number <NUMBER>|--all-open>"),
        (&["import", "issue", "--number", "1", "--all-open"], "--number <NUMBER> can't be given together with"),
        (&["import", "issue", "--all-open", "a.md"], "--all-open can't be given together with"),
    ] {
        let refused = env.run(args).fails(2);
        assert!(refused.stderr.contains(says), "{refused}");
    }
}

/// What is quoted of a call is short, and shows what can't be seen.
#[test]
fn what_is_quoted_of_a_call_is_short_and_can_be_seen() {
    let env = TestEnv::with_partner();
    let long = "x".repeat(100_000);
    let option = format!("--{long}");
    let address = format!("ssh://{long}/x");
    for args in some(
        6,
        [
            &[long.as_str()][..],
            &["list", &option],
            &["list", "--lang", &long],
            &["list", "--state", &long],
            &["list", "--registry", &long],
            &["list", "--registry", &address],
            &["render", &long],
            &["completions", &long],
            &["log", "--since", &long],
            &["show", &long],
            &["apply", "--logo", &long, "--slug", "x"],
            &["apply", "--from", &long],
            &["jobs", "add", "acme", "--title", "x", "--link", &long],
            &["exit", "acme", "--kind", &long],
            &["program", "propose", "--add-member", &long],
        ],
    ) {
        for more in [&[][..], &["--lang", "zh"]] {
            let told = env.run(&[args, more].concat());
            assert!(told.code != Some(0) && told.stderr.len() < 3_000, "{}: {} bytes", args[0], told.stderr.len());
        }
    }
    for args in [&["li\u{200b}st"][..], &["list", "--la\u{200b}ng"], &["list", "--lang", "z\u{200b}h"]] {
        let told = env.run(args).fails(2);
        assert!(told.stderr.contains("<U+200B>") && !told.stderr.contains('\u{200b}'), "{told}");
    }
    for dash in ["—registry", "–-registry", "−−registry"] {
        let told = env.run(&["list", dash]).fails(2);
        assert!(told.stderr.contains("it begins with another dash: write --registry"), "{told}");
        let told = env.run(&["list", "--lang", "zh", dash]).fails(2);
        assert!(told.stderr.contains("请写 --registry"), "{told}");
    }
}

/// Whatever is given in place of a text is called what it is.
#[test]
fn what_is_no_toml_is_called_what_it_is() {
    let env = TestEnv::new();
    for (bytes, what) in [
        (b"PK\x03\x04xxxx".as_slice(), "a ZIP"),
        (b"<!DOCTYPE html><title>Sign in</title>", "a web page"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old office program's file"),
    ] {
        env.write("answers.toml", bytes);
        let told = env.run(&["apply", "--from", "answers.toml"]).fails(2);
        assert!(told.stderr.contains(&format!("the file is {what}, and no TOML")), "{told}");
        assert!(!told.stderr.contains("is missing"), "{told}");
    }
}
