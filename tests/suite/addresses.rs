//! The addresses by which people name a registry on GitHub.

use crate::env::TestEnv;
use crate::hub::Hub;

#[test]
fn an_applicant_proposes_from_a_fork_whatever_address_is_given() {
    let hub = Hub::with_fork();
    let page = format!("{}/karmada/partners/tree/main", hub.github.server_url());
    let apply =
        ["apply", "--name", "Acme", "--website", "https://acme.example/k", "--github", "jane", "--logo", "logo.png"];
    let sent = hub.run("jane", &[&apply[..], &["--registry", &page]].concat()).ok();
    assert!(sent.stdout.contains("/pull/2") && hub.threads().len() == 2, "{sent}");
    // By the environment and by the configuration, too.
    let git = format!("{}/karmada/partners.git", hub.github.server_url());
    let status = hub.env.output(hub.command("jane", &["status", "acme"]).env("KARMADA_PARTNER_REGISTRY", &git)).ok();
    assert!(status.stdout.contains("The application of Acme (acme) waits"), "{status}");
    std::fs::create_dir_all(hub.env.path("home/.config/karmada-partner")).unwrap();
    hub.env.write("home/.config/karmada-partner/config.toml", format!("registry = \"{page}\"\n"));
    let status = hub.env.output(hub.command("jane", &["status", "acme"]).env_remove("KARMADA_PARTNER_REGISTRY")).ok();
    assert!(status.stdout.contains("The application of Acme (acme) waits"), "{status}");
    // Who means git alone says so: there are no pull requests then, and nobody is asked who they are.
    let plain = format!("git+{git}");
    let listed = hub.run("jane", &["status", "--registry", &plain]).ok();
    assert_eq!(listed.stdout, "Nothing waits for a decision.\n");
}

#[test]
fn a_directory_that_looks_like_an_address_is_a_directory() {
    let env = TestEnv::new();
    env.write("program.toml", crate::env::PROGRAM);
    let init = ["init", "github.com/karmada-io/partners", "--program", "program.toml"];
    env.run(&init).ok().code.unwrap();
    let listed = env.run(&["list", "--registry", "github.com/karmada-io/partners"]).ok();
    assert_eq!(listed.stdout, "There are no partners yet.\n");
    let refused = env.run(&["list", "--registry", "https://jane:secret@github.com/karmada-io/partners"]).fails(2);
    assert!(refused.stderr.contains("it carries a password"), "{refused}");
}
