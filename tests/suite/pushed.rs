//! What stops a push, here or where the registry is, and who is told to mend it.

use crate::env::{Output, TestEnv};

fn votes(env: &TestEnv) -> Output {
    env.output(env.by_ssh(&mut env.agreed(&["approve", "acme", "--as", "alice", "--no-input"])))
}

/// A hook's words may be anybody's: what tests print, above all.
#[test]
fn no_word_of_a_hook_on_this_machine_is_taken_for_gits() {
    let env = TestEnv::with_applicant();
    env.git_at(".", &["config", "--global", "core.hooksPath", &env.path("hooks").display().to_string()]);
    for words in [
        "FAIL test/login.test.js: shows 'Authentication failed' for a bad password",
        "FAIL test/mem.test.js: Out of memory",
        "FAIL test/agent.test.js: agent refused operation",
        "test: kex_exchange_identification: mocked ok",
        "fatal: the remote end hung up unexpectedly",
        "fatal: ref updates aborted by hook",
        "not today",
    ] {
        for to in ["", " >&2"] {
            env.script("hooks/pre-push", &format!("cat > words <<'END'\n{words}\nEND\ncat words{to}\nexit 1"));
            let told = votes(&env).fails(5);
            assert!(told.stderr.contains(words), "{told}");
            assert_eq!(
                told.hint(),
                "hint: a hook or a setting of git's on this machine stopped the push: mend what it finds fault with, then run it again"
            );
        }
    }
    // One may have pushed the same itself.
    env.script("hooks/pre-push", "read _ id name _\ngit push --no-verify --quiet \"$2\" \"$id:$name\"\nexit 1");
    votes(&env).ok().code.unwrap();
}

#[test]
fn what_the_server_cannot_do_or_refuses_is_not_laid_to_this_machine() {
    let env = TestEnv::with_applicant();
    env.script(
        "registry.git/hooks/reference-transaction",
        "[ \"$1\" != prepared ] || { echo 'change freeze until Monday' >&2; exit 1; }",
    );
    let told = votes(&env).fails(4);
    assert!(told.stderr.contains("refuses the push\n  change freeze until Monday"), "{told}");
    assert!(told.hint().contains("the server's keeper can say more"), "{told}");
    std::fs::remove_file(env.path("registry.git/hooks/reference-transaction")).unwrap();
    env.script("registry.git/hooks/pre-receive", "kill -9 $PPID");
    let told = votes(&env).fails(5);
    assert!(told.hint().contains("the other side ended it") && !told.stderr.contains("a hook or a setting"), "{told}");
    std::fs::remove_file(env.path("registry.git/hooks/pre-receive")).unwrap();
    // One branch can be moved anywhere; a decision moves several.
    env.git(&["config", "receive.advertiseAtomic", "false"]);
    votes(&env).ok().code.unwrap();
    let mut decides = env.agreed(&["approve", "acme", "--as", "bob", "--no-input"]);
    let told = env.output(env.by_ssh(&mut decides)).fails(4);
    assert!(told.stderr.contains("refuses the push\n  fatal: the receiving end does not support --atomic"), "{told}");
    assert!(told.hint().contains("receive.advertiseAtomic"), "{told}");
}

/// The server misses then what it was to take in, and says so of each reference.
#[test]
fn what_keeps_this_git_from_sending_is_laid_to_no_server() {
    let env = TestEnv::with_applicant();
    env.script(
        "bin/git",
        "case \" $* \" in *' push '*)\n\
         printf 'To ssh://git@host.example/r.git\\n!\\ta:refs/heads/apply/acme\\t[remote rejected] (unpacker error)\\n'\n\
         echo \"fatal: bad numeric config value 'abc' for 'pack.threads' in file ~/.gitconfig: invalid unit\" >&2\n\
         echo 'error: remote unpack failed: eof before pack header was fully read' >&2; exit 1;; esac\n\
         exec \"$(PATH=${PATH#*:}; command -v git)\" \"$@\"",
    );
    let told = votes(&env);
    assert!(told.code == Some(5) && told.stderr.contains("'abc' for 'pack.threads'"), "{told}");
    assert!(told.hint().contains("mend that setting of git's") && !told.stderr.contains("refuses the push"), "{told}");
}

/// By ssh git then waits for a server that waits for it.
#[test]
fn a_hook_here_that_cannot_be_run_keeps_nobody_waiting() {
    let env = TestEnv::with_applicant();
    env.script(
        "bin/git",
        "case \" $* \" in *' push '*)\n\
         echo \"fatal: cannot exec '/home/a/hooks/pre-push': No such file or directory\" >&2; exec sleep 1000;; esac\n\
         exec \"$(PATH=${PATH#*:}; command -v git)\" \"$@\"",
    );
    let told = votes(&env).fails(5);
    assert!(
        told.stderr.contains("hooks/pre-push': No such file") && told.hint().contains("a hook or a setting"),
        "{told}"
    );
}

/// Each server has words of its own for that by ssh; ssh's and git's are none of them.
#[test]
fn a_server_that_says_no_by_ssh_is_told_in_its_words() {
    let env = TestEnv::with_applicant();
    for (words, code, hint) in [
        ("FATAL: W any partners alice DENIED by fallthru", 4, "the right to push"),
        ("Gitea: Unauthorized", 4, "the right to push"),
        ("ERROR: The 'acme' organization has enforced SAML SSO: https://github.com/orgs/acme/sso", 4, "do as it says"),
        ("the disk there is full until noon", 5, "do as it says"),
        ("ssh: connect to host h.example port 22: No route to host", 5, "check the network"),
    ] {
        env.script(
            "bin/git",
            &format!(
                "case \" $* \" in *' push '*) printf '%s\\n' \"{words}\" >&2\n\
                 echo 'fatal: Could not read from remote repository.' >&2; exit 128;; esac\n\
                 exec \"$(PATH=${{PATH#*:}}; command -v git)\" \"$@\""
            ),
        );
        let told = votes(&env).fails(code);
        assert!(told.stderr.contains(words) && told.hint().contains(hint), "{told}");
        assert_eq!(told.stderr.contains("can't be pushed to"), code == 4, "{told}");
        assert!(!told.stderr.contains("a hook or a setting"), "{told}");
    }
}

/// What a server says of a 403 isn't contradicted.
#[test]
fn a_servers_own_reason_stands_for_the_status() {
    let env = TestEnv::with_applicant();
    for (words, is_of_rights) in [
        ("This repository was archived so it is read-only.", false),
        ("Your account is suspended.", false),
        ("Permission to acme/registry.git denied to alice.", true),
        ("", true),
    ] {
        let says = format!(
            "case \" $* \" in *' push '*) for line in \"{words}\"; do [ -z \"$line\" ] || echo \"remote: $line\" >&2; done\n\
             echo \"fatal: unable to access 'https://h.example/': The requested URL returned error: 403\" >&2; exit 128;; esac\n\
             exec \"$(PATH=${{PATH#*:}}; command -v git)\" \"$@\""
        );
        env.script("bin/git", &says);
        let told = votes(&env).fails(4);
        assert!(told.stderr.contains("can't be pushed to") && told.stderr.contains(words), "{told}");
        assert_eq!(told.stderr.contains("may not write there"), is_of_rights, "{told}");
        assert_eq!(told.hint().contains("the right to push"), is_of_rights, "{told}");
        let reads = says.replace("' push '", "' ls-remote '");
        env.script("bin/git", &reads);
        let told = votes(&env).fails(5);
        assert_eq!(told.hint().contains("the server says why it doesn't let you in"), !is_of_rights, "{told}");
    }
}

const TALK: [&str; 9] = ["benefit", "add", "acme", "--kind", "exposure", "--as", "alice", "--yes", "--what"];

/// As git shows it: a rule that somebody passed by, a quota. A document stays one.
#[test]
fn what_a_server_says_of_a_push_that_it_takes_is_shown() {
    for as_url in [false, true] {
        let env = TestEnv::with_partner();
        env.script("registry.git/hooks/post-receive", "echo Bypassed rule violations");
        let at = env.path("registry.git").display().to_string();
        let registry = if as_url { format!("file://{at}") } else { at };
        let talk = |more: &[&str]| env.run(&[&TALK[..], more, &["--registry", &registry]].concat()).ok();
        let told = talk(&["talk"]);
        assert!(told.stderr.contains("takes the push, and says:\n  Bypassed rule violations"), "{told}");
        let told = talk(&["panel", "--json"]);
        told.json();
        assert!(told.stderr.contains("Bypassed rule violations"), "{told}");
    }
}

/// A guard of the keeper's that lost its leave guards nothing: git says so to who pushes.
#[test]
fn a_hook_that_may_not_run_is_told_to_whoever_writes_there() {
    let env = TestEnv::with_partner();
    env.write("registry.git/hooks/pre-receive", "#!/bin/sh\nexit 1\n");
    let found = env.run(&["check"]).ok();
    assert!(found.stdout.contains("hooks/pre-receive: warning[hook-ignored]"), "{found}");
    let at = env.path("registry.git").display().to_string();
    for registry in [format!("file://{at}"), at] {
        let talk = |what: &str| env.run(&[&TALK[..], &[what, "--registry", &registry]].concat()).ok();
        let told = talk(&format!("talk {}", registry.len()));
        assert!(told.stderr.contains("pre-receive") && told.stderr.contains("execut"), "{told}");
        env.git(&["config", "advice.ignoredHook", "false"]);
        let told = talk(&format!("panel {}", registry.len()));
        assert!(!told.stderr.contains("pre-receive"), "{told}");
        env.git(&["config", "--unset", "advice.ignoredHook"]);
    }
}
