//! What every command has in common.

use snapbox::{assert_data_eq, str};

use crate::env::TestEnv;

#[test]
fn help_begins_with_what_it_is() {
    assert_data_eq!(
        TestEnv::new().run(&["--help"]).to_string(),
        str![[r#"
exit 0
--- stdout
Run Karmada's Commercial Support Program as an audit trail in git

Usage: karmada-partner [OPTIONS] <COMMAND>

Commands:
  apply        Apply to the program for an organization
  status       Tell where an application stands, since when, and whose turn it is
  update       Change an application that waits, or propose a change of a partner's facts
  withdraw     Take back an application, or a proposed update or exit
  evidence     Gather what there is to know about an applicant or a partner
  review       Judge an application by the three principles, and vote
  approve      Approve an application or an update, or a change of the policy (program)
  reject       Turn down an application, an update or an exit
  exit         Let a partner leave, with a reason
  clear        Ask that mailbox and logo of who left be taken away
  record       Put on record what was changed by hand, with a reason
  benefit      Record the benefits that partners get, and see who got how much
  jobs         Post jobs, close them, list them
  renew        Confirm that a partner's entry still holds
  batch        Run many commands at once, from a file
  list         List partners and applicants
  show         Show a partner: its facts, its log, who voted how
  contacts     Get the contacts of the active partners, as a table or as the draft of a mail
  stats        Show how the program fares: partners over time, what became of applications, how long
               decisions take
  log          Show what happened: all events, or those of one partner
  check        Check a registry: every file, log and vote on its default branch
  render       Write partners as a page of Karmada's website, or as a directory of their own
  publish      Propose the page of partners to the website's repository, or bring that proposal up
               to date
  announce     Tell on the pull requests where proposals stand: a commit status, one comment, a
               label, whom is asked for a vote
  remind       Remind people of what waits, in one issue; and ask partners to confirm their entry
  import       Bring in partners from the website's page, a table or an issue
  audit        Prove from the history who decided what: every commit, event, vote and signature
  program      Tell what the program is: scope, principles, privileges, exit, whom to ask
  keys         Show the members' SSH keys, or write them as a file that git verifies signatures with
  init         Make a registry: a bare git repository with a program in it
  auth         Tell who you are to GitHub, and what your token may do
  doctor       Say whether everything is there that the program needs, and what to do where it isn't
  schema       Print the JSON Schema of a document, or list those there are
  completions  Print completions for a shell
  man          Print the manual page, or write one a command into a directory

Options:
  -h, --help
          Print help (see a summary with '-h')

  -V, --version
          Print version

Global options:
      --registry <WHERE>
          The registry: a path, a git URL or github:OWNER/REPO [default: an embedded one to try
          things on]

      --as <LOGIN>
          Who acts, as a GitHub login

      --json
          Print one JSON document

  -y, --yes
          Agree to what is asked

      --dry-run
          Show what would happen, and change nothing

      --no-input
          Never ask; what is missing is an error

      --offline
          Use no network

  -q, --quiet
          Say only what was asked for, and errors

  -v, --verbose
          Say what is being done

      --color <WHEN>
          When to color

          Possible values:
          - auto:   Where a terminal shows it
          - always: Even into files
          - never:  Nowhere
          
          [default: auto]

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
    "message": "the following required arguments were not provided: <SLUG>",
    "hints": [
      "karmada-partner --help"
    ]
  }
}

"#]]
    );
    assert_eq!(env.run(&["list", "--json", "--registry", "nowhere"]).fails(3).json()["error"]["kind"], "not_found");
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
    env.write("home/.config/karmada-partner/config.toml", "as = \"bob\"\nregistry = \"registry.git\"\n");
    let mut command = env.command(&["approve", "acme"]);
    env.output(command.env_remove("KARMADA_PARTNER_REGISTRY")).ok().code.unwrap();
    assert_eq!(env.state("acme"), "active");
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
        assert!(env.run(&["completions", shell]).ok().stdout.contains("withdraw"), "{shell}");
    }
    assert!(env.run(&["man"]).ok().stdout.starts_with(".ie"));
    env.run(&["man", "pages"]).ok().code.unwrap();
    assert!(env.read("pages/karmada-partner-apply.1").contains("logo"));
}

/// Every prompt has a flag, and every command the common ones.
#[test]
fn every_command_takes_the_global_flags() {
    let env = TestEnv::new();
    let all =
        "apply status update withdraw review approve reject exit list show log check program keys init completions man";
    for command in all.split(' ') {
        let help = env.run(&[command, "--help"]).ok().stdout;
        for flag in
            ["--registry", "--as", "--json", "--yes", "--dry-run", "--no-input", "--offline", "--quiet", "--color"]
        {
            assert!(help.contains(flag), "{command} {flag}");
        }
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
