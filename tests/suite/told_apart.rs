//! Causes that look alike, each told as what it is.

use std::os::unix::fs::symlink;

use crate::env::TestEnv;
use crate::terminal::Terminal;

/// What answers git by itself is kept, as in CI; what an editor set to open its window asks nobody where nobody may be asked.
#[test]
fn an_editors_window_asks_nobody_and_what_answers_does() {
    let env = TestEnv::with_partner();
    env.script("bin/answers", "echo \"$1\" >> \"$HOME/asked\"; echo x");
    let server = crate::on_the_way::answering("401 Unauthorized\r\nwww-authenticate: Basic realm=\"x\"");
    let list = |editors: bool| {
        let _ = std::fs::remove_file(env.path("home/asked"));
        let mut command = env.command(&["list", "--no-input", "--registry", &format!("http://{server}/r.git")]);
        command.env("GIT_ASKPASS", env.path("bin/answers"));
        if editors {
            command.env("VSCODE_GIT_ASKPASS_MAIN", "/usr/share/code/askpass-main.js");
        }
        env.output(&mut command).fails(5).code.unwrap();
        env.path("home/asked").exists()
    };
    assert!(list(false) && !list(true));
}

/// As curl has it; whoever asks here by a library is told so before.
#[test]
fn no_proxy_at_all_is_none_for_addresses_that_are_numbers_either() {
    let env = TestEnv::new();
    let api = format!("http://{}", crate::on_the_way::answering("200 OK"));
    for (hosts, told) in [("*", "Hotel WiFi"), ("other.example, *", "Hotel WiFi"), ("other.example", "HTTP_PROXY")] {
        let mut command = env.command(&["list", "--registry", "github:acme/registry"]);
        command.env_remove("http_proxy").env_remove("no_proxy").env("NO_PROXY", hosts);
        command.env("HTTP_PROXY", "http://127.0.0.1:9").env("GH_TOKEN", "x").env("GITHUB_API_URL", &api);
        let output = env.output(&mut command).fails(5);
        assert!(output.stderr.contains(told), "{hosts}: {output}");
    }
}

#[test]
fn a_folder_that_is_none_is_told_with_what_names_it() {
    let env = TestEnv::with_partner();
    let list = |variables: &[(&str, &str)], registry: bool| {
        let mut command = env.command(&["list"]);
        if registry {
            env.by_ssh(&mut command);
        } else {
            command.env_remove("KARMADA_PARTNER_REGISTRY");
        }
        env.output(command.envs(variables.iter().copied())).fails(5).stderr
    };
    let told = list(&[("XDG_CACHE_HOME", "/dev/null")], true);
    assert!(told.contains("/dev/null isn't a folder") && told.contains("written to in XDG_CACHE_HOME"), "{told}");
    let told = list(&[("XDG_DATA_HOME", "/dev/null")], false);
    assert!(told.contains("/dev/null isn't a folder") && told.contains("written to in XDG_DATA_HOME"), "{told}");
}

/// Stores that git borrows from, and that aren't read here.
#[test]
fn what_only_git_borrows_is_told() {
    let env = TestEnv::with_partner();
    std::fs::rename(env.path("registry.git/objects"), env.path("lent")).unwrap();
    std::fs::create_dir_all(env.path("registry.git/objects/info")).unwrap();
    let lent = env.path("lent").display().to_string();
    let mut command = env.command(&["list"]);
    let output = env.output(command.env("GIT_ALTERNATE_OBJECT_DIRECTORIES", &lent)).fails(5);
    assert!(output.stderr.contains("GIT_ALTERNATE_OBJECT_DIRECTORIES isn't read"), "{output}");
    assert!(output.stderr.contains("registry.git/objects/info/alternates"), "{output}");
    // A hook's own is another repository's.
    let output = env.output(command.env("GIT_DIR", "elsewhere.git")).fails(5);
    assert!(!output.stderr.contains("GIT_ALTERNATE_OBJECT_DIRECTORIES"), "{output}");
    env.write("registry.git/objects/info/alternates", format!("\"{lent}\"\n"));
    let output = env.run(&["list"]).fails(5);
    assert!(output.stderr.contains("between quotation marks") && output.stderr.contains("without them"), "{output}");
    env.write("registry.git/objects/info/alternates", format!("{lent}\n"));
    env.run(&["list"]).ok().code.unwrap();
}

/// A clone without its history denies nothing by what it hasn't got.
#[test]
fn a_history_that_is_cut_off_is_told_and_judges_nothing() {
    let env = TestEnv::with_partner();
    env.apply("Globex").ok().code.unwrap();
    env.run(&["benefit", "add", "acme", "--kind", "exposure", "--what", "a talk", "--as", "alice"]).ok().code.unwrap();
    let url = format!("file://{}", env.path("registry.git").display());
    env.git_at(".", &["clone", "-q", "--bare", "--depth", "1", "--no-single-branch", &url, "shallow.git"]);
    // What is cut off stands in the repository that the working tree belongs to.
    env.git_at("shallow.git", &["worktree", "add", "--quiet", "--detach", "../linked"]);
    for registry in ["shallow.git", "linked"] {
        let run = |args: &[&str]| env.run(&[args, &["--registry", registry]].concat());
        for args in [["status", "globex"], ["show", "globex"]] {
            let output = run(&args).ok();
            assert!(!output.to_string().contains("can't be granted as it is"), "{output}");
            assert!(output.stderr.contains("isn't known here") && output.stderr.contains("--unshallow"), "{output}");
        }
        let output = run(&["check"]).ok();
        assert!(output.stderr.contains("the history of this clone is cut off"), "{output}");
        let output = run(&["check", "--base", "main", "--head", "apply/globex", "--actor", "globex-bot"]).fails(5);
        assert!(output.stderr.contains("cut off before"), "{output}");
        let output = run(&["audit"]).ok();
        assert!(output.stderr.contains("cut off"), "{output}");
        let refused = run(&["update", "acme", "--name", "Acme Cloud", "--as", "acme-bot"]).fails(2);
        assert!(refused.stderr.contains("is a shallow clone"), "{refused}");
    }
}

#[test]
fn what_cannot_be_looked_at_is_no_missing_file() {
    let env = TestEnv::with_partner();
    std::fs::create_dir_all(env.path("home/.config/karmada-partner")).unwrap();
    let settings = env.path("home/.config/karmada-partner/config.toml");
    symlink("/nowhere/config.toml", &settings).unwrap();
    let output = env.run(&["list"]).fails(5);
    assert!(output.stderr.contains("config.toml is a link that leads nowhere"), "{output}");
    std::fs::remove_file(&settings).unwrap();
    symlink("round", env.path("round")).unwrap();
    let output = env.run(&["render", "website", "--out", "round"]).fails(5);
    assert!(output.stderr.contains("can't look at round: Too many levels"), "{output}");
    symlink("nowhere.png", env.path("gone.png")).unwrap();
    let output = env.run(&["apply", "--logo", "gone.png", "--name", "Zeta", "--as", "zeta-dev"]);
    assert!(output.stderr.contains("gone.png is a link that leads nowhere"), "{output}");
}

/// What git was set to tell of itself is none of its words.
#[test]
fn what_git_traces_changes_no_cause() {
    let env = TestEnv::new();
    let hint = |trace: Option<&str>| {
        let mut command = env.command(&["list", "--registry", "ssh://git@host.example/nosuch.git"]);
        env.script("bin/ssh", "echo \"fatal: '/nosuch.git' does not appear to be a git repository\" >&2; exit 128");
        env.with_programs(&mut command).envs(trace.map(|name| (name, "1")));
        env.output(&mut command).fails(5).hint().to_owned()
    };
    let plain = hint(None);
    for trace in ["GIT_TRACE", "GIT_TRACE2", "GIT_TRACE_SETUP", "GIT_TRACE2_PERF", "GIT_TRACE2_EVENT"] {
        assert_eq!(hint(Some(trace)), plain, "{trace}");
    }
}

/// What names the authorities that git trusts there is named, as git has it: the variable first, then its settings.
#[test]
fn what_names_gits_authorities_is_named() {
    let env = TestEnv::new();
    env.write("said", "fatal: unable to access: SSL certificate problem: self-signed certificate\n");
    env.script("bin/git-remote-https", "cat said >&2; exit 128");
    env.write("own.pem", "-----BEGIN CERTIFICATE-----\n");
    env.write("own.der", "\u{1}");
    let hints = |settings: &[(&str, &str)], variables: &[(&str, &str)]| {
        let mut command = env.command(&["list", "--registry", "https://git.example/r.git"]);
        env.with_programs(&mut command).env("GIT_EXEC_PATH", env.path("bin")).envs(variables.iter().copied());
        command.env("GIT_CONFIG_COUNT", settings.len().to_string());
        for (nth, (key, value)) in settings.iter().enumerate() {
            command.env(format!("GIT_CONFIG_KEY_{nth}"), key).env(format!("GIT_CONFIG_VALUE_{nth}"), value);
        }
        env.output(&mut command).fails(5).stderr
    };
    let setting = ("http.https://git.example/.sslCAInfo", "own.pem");
    let told = hints(&[setting], &[]);
    assert!(told.contains("hint: http.sslCAInfo names own.pem, and nothing in it vouches for that server"), "{told}");
    assert!(told.contains("hint: behind a company's own authority"), "{told}");
    let told = hints(&[setting, ("http.sslCAPath", "there")], &[("GIT_SSL_CAINFO", "gone.pem")]);
    assert!(told.contains("hint: GIT_SSL_CAINFO names gone.pem, which can't be read"), "{told}");
    assert!(told.contains("hint: http.sslCAPath names there, which can't be read"), "{told}");
    assert!(!told.contains("own.pem"), "{told}");
    let told = hints(&[], &[("GIT_SSL_CAINFO", "own.der"), ("HTTPS_PROXY", "http://p.example:3128")]);
    assert!(told.contains("no certificate stands as text (PEM)"), "{told}");
    assert!(told.contains("hint: the way there is by the proxy that HTTPS_PROXY names"), "{told}");
}

/// Files, certificates and helpers of this machine's, by what ssh and git say of them.
#[test]
fn what_is_wrong_on_this_machine_is_told_with_what_mends_it() {
    let env = TestEnv::new();
    let hint = |scheme: &str, said: &str| {
        env.write("said", said);
        env.script("bin/ssh", "cat said >&2; exit 255");
        env.script("bin/git-remote-https", "cat said >&2; exit 128");
        let mut command = env.command(&["list", "--no-input", "--registry", &format!("{scheme}://git.example/r.git")]);
        env.with_programs(&mut command)
            .env("GIT_EXEC_PATH", env.path("bin"))
            .env("GIT_SSH_COMMAND", "cat said >&2; exit 255; :");
        env.output(&mut command).fails(5).hint().to_owned()
    };
    for (scheme, said, helps) in [
        ("ssh", "Permissions 0644 for '/k/id' are too open.\nLoad key \"/k/id\": bad permissions\n", "chmod 600 /k/id"),
        ("ssh", "Bad owner or permissions on /k/config\n", "chmod 600 /k/config"),
        ("ssh", "git@git.example: Permission denied (publickey).\n", "ssh-add"),
        (
            "https",
            "fatal: unable to access: SSL certificate problem: certificate has expired\n",
            "check the date of this machine",
        ),
        (
            "https",
            "fatal: unable to access: SSL certificate problem: certificate is not yet valid\n",
            "check the date of this machine",
        ),
        ("https", "fatal: unable to access: SSL certificate problem: self-signed certificate\n", "GIT_SSL_CAINFO"),
        ("https", "fatal: unknown fetch negotiation algorithm 'bogus'\n", "mend that setting of git's"),
        ("https", "fatal: failed to expand user dir in: '~nouser/x'\n", "mend that setting of git's"),
        ("https", "fatal: protocol error: bad line length character: <htm\n", "open the address in a browser"),
        ("https", "fatal: unable to access: could not load PEM client certificate from /gone.pem\n", "http.sslCert"),
        (
            "https",
            "git: 'credential-osxkeychain' is not a git command. See 'git --help'.\nfatal: could not read Username for 'https://git.example': terminal prompts disabled\n",
            "no git-credential-osxkeychain here",
        ),
        (
            "https",
            "fatal: could not read Password for 'https://bob@git.example': terminal prompts disabled\n",
            "the server asks who you are",
        ),
        (
            "https",
            "fatal: Authentication failed for 'https://git.example/r.git/'\n",
            "refused what git's credential helper",
        ),
        (
            "https",
            "remote: error: object file ./objects/6b/11 is empty\n",
            "whoever keeps it finds out more with git fsck",
        ),
        (
            "https",
            "error: https://git.example/r.git/ did not send all necessary objects\n",
            "the server left out what belongs to its history",
        ),
        ("https", "git: 'remote-https' is not a git command. See 'git --help'.\n", "GIT_EXEC_PATH"),
        ("ssh", "/h/.ssh/config: terminating, 1 bad configuration options\n", "a setting of ssh's own"),
        ("ssh", "Unable to negotiate with 10.0.0.1 port 22: no matching cipher found.\n", "know no way in common"),
        ("ssh", "", "ssh ended without a word"),
        ("ssh", "/usr/bin/env: 'python9': No such file or directory\n", "git can't run what it reaches"),
        ("ssh", "Could not chdir to home directory /home/git: No such file or directory\n", "check the address"),
        ("ssh", "error: unpack-objects died of signal 9\nfatal: unpack-objects failed\n", "the system ended it"),
        ("ssh", "error: index-pack died of signal 11\n", "it broke down on this machine"),
        (
            "ssh",
            "error: pack-objects died of signal 9\nremote: aborting due to possible repository corruption on the remote side.\n",
            "ended where the registry is",
        ),
        ("ssh", "fatal: Out of memory, malloc failed (tried to allocate 9 bytes)\n", "no room for a program"),
    ] {
        let told = hint(scheme, said);
        assert!(told.contains(helps), "{said}: {told}");
    }
}

#[test]
fn a_git_that_is_too_old_is_told_as_that() {
    let env = TestEnv::with_partner();
    for (option, url, args) in [
        ("symref", true, &["list"][..]),
        ("porcelain", true, &["benefit", "add", "acme", "--kind", "exposure", "--what", "x", "--as", "alice"]),
        ("show-origin", false, &["benefit", "add", "acme", "--kind", "exposure", "--what", "x", "--as", "alice"]),
    ] {
        let old = format!(
            "case \" $* \" in *\" --{option} \"*) echo \"error: unknown option \\`{option}'\" >&2; echo 'usage: git x' >&2; exit 129;; esac\n\
             exec \"$(PATH=${{PATH#*:}}; command -v git)\" \"$@\""
        );
        env.script("bin/git", &old);
        let mut command = env.agreed(args);
        if url {
            env.by_ssh(&mut command);
        } else {
            env.with_programs(&mut command);
        }
        let output = env.output(&mut command).fails(5);
        assert!(
            output.stderr.contains("that git is too old: install 2.31") && !output.stderr.contains("usage"),
            "{output}"
        );
    }
}

/// Who refused a push is named, where git's settings send pushes elsewhere.
#[test]
fn a_push_that_is_refused_names_where_it_went() {
    let env = TestEnv::with_applicant();
    env.script("registry.git/hooks/pre-receive", "echo no; exit 1");
    env.git_at(".", &["config", "--global", "url.ssh://git@push.example/.pushInsteadOf", "ssh://git@host.example/"]);
    let mut command = env.agreed(&["approve", "acme", "--as", "alice"]);
    let output = env.output(env.by_ssh(&mut command)).fails(4);
    assert!(output.stderr.contains("ssh://push.example") && output.stderr.contains("refuses the push"), "{output}");
}

/// What is pushed may be against a rule where whoever pushes has every right.
#[test]
fn a_rule_about_what_is_pushed_protects_no_branch() {
    let env = TestEnv::with_applicant();
    for (rule, protected) in [("- GITHUB PUSH PROTECTION", false), ("- Cannot update this protected ref.", true)] {
        let says = format!(
            "echo 'error: GH013: Repository rule violations found for refs/heads/apply/acme.' >&2; echo '{rule}' >&2; exit 1"
        );
        env.script("registry.git/hooks/pre-receive", &says);
        let mut command = env.agreed(&["approve", "acme", "--as", "alice"]);
        let output = env.output(env.by_ssh(&mut command)).fails(4);
        assert_eq!(output.stderr.contains("is protected"), protected, "{output}");
        assert_eq!(output.stderr.contains("refuses the push"), !protected, "{output}");
    }
}

/// Where nobody is to be asked, nobody presses a key, either.
#[test]
fn no_pager_waits_where_nobody_may_be_asked() {
    let env = TestEnv::with_partner();
    for (more, variable) in [(&["--no-input"][..], None), (&[], Some(("CI", "true")))] {
        let mut command = env.command(&[&["program"], more].concat());
        command.env("GIT_PAGER", "sed s/^/paged:/").envs(variable);
        let mut terminal = Terminal::sized(&command, 10, 80);
        assert_eq!(terminal.ends(), 0, "{}", terminal.text());
        assert!(!terminal.text().contains("paged:"), "{}", terminal.text());
    }
}

#[test]
fn what_cannot_be_counted_is_told_by_a_batch() {
    let env = TestEnv::with_partner();
    env.edit("a link in a partner's place", |top| {
        symlink("acme", top.join("data/partners/hooli")).unwrap();
    });
    env.write("rows.csv", "do,partner,kind,reason,as\nexit,acme,inactive,x,alice\nexit,acme,inactive,x,bob\n");
    let output = env.run(&["batch", "rows.csv", "--plan"]);
    let told = output.stderr.matches("the directory of hooli can't be read").count();
    assert_eq!(told, 1, "{output}");
}

#[test]
fn the_name_of_a_folder_is_shown_without_its_signs() {
    let env = TestEnv::with_partner();
    for _ in 0..2 {
        let output = env.run(&["render", "directory", "--out", "a\u{1b}[31mRED"]).ok();
        assert!(output.stdout.contains("a<U+001B>[31mRED") && !output.stdout.contains('\u{1b}'), "{output}");
    }
}

/// A link is a name for what it leads to.
#[test]
fn what_is_written_where_a_link_leads_leaves_the_link() {
    let env = TestEnv::with_partner();
    std::fs::create_dir(env.path("empty")).unwrap();
    symlink("empty", env.path("link")).unwrap();
    env.write("program.toml", crate::env::PROGRAM);
    env.run(&["init", "link", "--program", "program.toml"]).ok().code.unwrap();
    assert!(env.path("link").is_symlink() && env.path("empty/HEAD").exists());
}
