//! A registry behind a git URL, by way of the user's own git.

use crate::env::{SERVES, TestEnv, until};
use crate::hub::Hub;
use crate::signed_work::make_key;

/// Serves the registry over git's own protocol, on a port of the loopback.
struct Daemon(std::process::Child, u16);

impl Daemon {
    fn serve(env: &TestEnv) -> Self {
        // The daemon proper, not `git daemon`, which would leave it behind when it is killed.
        let path = env.git_at(".", &["--exec-path"]);
        let program = std::path::Path::new(path.trim()).join("git-daemon");
        for _ in 0..20 {
            // Free now; whoever takes it before the daemon does, keeps it.
            let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let child = std::process::Command::new(&program)
                .args(["--reuseaddr", "--export-all", "--enable=receive-pack", "--listen=127.0.0.1"])
                .arg(format!("--port={port}"))
                .arg(format!("--base-path={}", env.path("").display()))
                .stderr(std::process::Stdio::null())
                .spawn()
                .unwrap();
            let mut daemon = Self(child, port);
            let mut ended = false;
            until("the daemon", || {
                ended = daemon.0.try_wait().unwrap().is_some();
                ended || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
            });
            if !ended {
                return daemon;
            }
        }
        panic!("no port was left to the daemon");
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_whole_life_over_a_url() {
    let env = TestEnv::with_registry();
    let daemon = Daemon::serve(&env);
    let url = format!("git://127.0.0.1:{}/registry.git", daemon.1);
    let run = |args: &[&str]| {
        let mut all = args.to_vec();
        all.extend(["--registry", &url]);
        env.run(&all)
    };
    run(&[
        "apply",
        "--name",
        "Acme",
        "--website",
        "https://acme.example",
        "--github",
        "acme-bot",
        "--logo",
        "logo.png",
    ])
    .ok()
    .code
    .unwrap();
    run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    // Somebody else writes meanwhile, straight to the repository: what is seen is always what is there.
    env.apply("Beta").ok().code.unwrap();
    run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "active");
    assert_eq!(run(&["list", "--json"]).json()["partners"].as_array().unwrap().len(), 2);
    run(&["reject", "beta", "--reason", "x", "--as", "alice"]).ok().code.unwrap();
    run(&["reject", "beta", "--reason", "x", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.problems(), [""; 0]);
    assert_eq!(env.git(&["branch", "--list"]), "  closed/beta/1\n* main\n");
    run(&["list", "--offline"]).fails(2).code.unwrap();
}

/// Several runs over one URL at once, with one cache between them.
#[test]
fn many_writers_over_a_url_lose_nothing() {
    let env = TestEnv::with_registry();
    let daemon = Daemon::serve(&env);
    let url = format!("git://127.0.0.1:{}/registry.git", daemon.1);
    let children: Vec<_> = (0..5)
        .map(|n| {
            let (name, site, contact) = (format!("Org{n}"), format!("https://org{n}.example"), format!("org{n}"));
            let fields = ["--name", &name, "--website", &site, "--github", &contact, "--logo", "logo.png"];
            let mut command = env.command(&["apply", "--registry", &url, "-q", "--yes"]);
            command.args(fields).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped());
            command.spawn().unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(env.run(&["review", "--json"]).json()["waiting"].as_array().unwrap().len(), 5);
}

#[test]
fn a_url_that_does_not_answer_is_said_with_gits_words() {
    let env = TestEnv::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let output = env.run(&["list", "--registry", &format!("git://127.0.0.1:{port}/x.git")]).fails(5);
    assert!(
        output.stderr.contains("git ls-remote of") && output.stderr.contains("hint: check the address"),
        "{output}"
    );
}

/// Settings of somebody who has two accounts: those of `work` hold for what comes from such an address.
fn two_accounts(env: &TestEnv, addresses: &str) {
    make_key(env, "alice");
    let (key, ssh) = (env.path("alice.pub"), env.path("work-ssh"));
    env.script("work-ssh", SERVES);
    env.write("settings", format!("[includeIf \"hasconfig:remote.*.url:{addresses}\"]\n\tpath = work\n"));
    let who = "[user]\n\tname = Alice At Work\n\temail = alice@work.example\n[github]\n\tuser = alice\n";
    let key = format!("\tsigningkey = {}\n[gpg]\n\tformat = ssh\n[commit]\n\tgpgsign = true\n", key.display());
    let way = format!("[core]\n\tsshCommand = {}\n", ssh.display());
    env.write("work", who.replace("[github]", &(key + "[github]")) + &way);
}

/// They hold where only the address is named, as they do in a clone of it: for the way there, for who votes, and for the signature.
#[test]
fn settings_for_where_a_registry_comes_from_hold_as_in_a_clone() {
    let env = TestEnv::with_applicant();
    two_accounts(&env, "ssh://git@host.example/**");
    let run = |args: &[&str]| {
        let mut command = env.agreed(args);
        env.over_ssh(&mut command, "exit 1").env("GIT_CONFIG_GLOBAL", env.path("settings"));
        env.output(&mut command)
    };
    run(&["approve", "acme"]).ok().code.unwrap();
    assert!(env.git(&["show", "apply/acme:data/partners/acme/votes/1/alice"]).contains("KP-Signature"));
    let commit = env.git(&["cat-file", "commit", "apply/acme"]);
    assert!(commit.contains("\nauthor Alice At Work <alice@work.example>") && commit.contains("\ngpgsig "), "{commit}");
}

/// A registry on GitHub has several addresses, and people's settings are for the one that they clone it by.
#[test]
fn settings_for_what_is_on_github_hold_whichever_its_address_is() {
    let hub = Hub::with_applicant();
    let url = hub.github.server_url();
    let host = url.split_once("://").unwrap().1;
    for addresses in [format!("{url}/karmada/**"), format!("git@{host}:karmada/**")] {
        two_accounts(&hub.env, &addresses);
        let mut command = hub.command("alice", &["doctor"]);
        let told = hub.env.output(command.env("GIT_CONFIG_GLOBAL", hub.env.path("settings"))).to_string();
        assert!(told.contains("SHA256:"), "{addresses}: {told}");
        std::fs::remove_file(hub.env.path("alice")).unwrap();
    }
}
