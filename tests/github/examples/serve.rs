//! Serves a double with a registry on it, to try commands on by hand: `cargo run -p github-double --example serve --
//! registry.git`. Prints what to set; ends with its input.

#![expect(clippy::unwrap_used, reason = "a tool for one's own hands")]
#![expect(clippy::print_stdout, reason = "what it prints is what it is for")]

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use github_double::{GitHub, Permission, TokenKind};

fn main() {
    let registry = std::env::args().nth(1).expect("the path of a bare registry");
    let github = GitHub::start();
    // Commands have the machine's time, and what is older than what it is about doesn't count.
    let now = || jiff::Timestamp::now().as_second();
    github.pass_until(now());
    for login in ["alice", "bob", "carol", "jane"] {
        github.add_user(login);
    }
    github.add_org("karmada", &["alice", "bob", "carol"]);
    github.add_repository("karmada/partners", registry.as_ref());
    println!("export GITHUB_API_URL={} KARMADA_PARTNER_REGISTRY=github:karmada/partners", github.api_url());
    for login in ["alice", "bob", "carol", "jane"] {
        if login != "jane" {
            github.grant("karmada/partners", login, Permission::Write);
        }
        println!("export KARMADA_PARTNER_TOKEN={}  # {login}", github.token(login, TokenKind::classic()));
    }
    let (ends, ended) = channel();
    std::thread::spawn(move || {
        std::io::stdin().read_line(&mut String::new()).unwrap();
        let _ = ends.send(());
    });
    while ended.recv_timeout(Duration::from_millis(200)) == Err(RecvTimeoutError::Timeout) {
        github.pass_until(now());
    }
}
