//! Branches beside which git has no room for a proposal's: the words say which, and what to do.

use crate::env::TestEnv;

/// Each with the branch that it keeps from being made.
const BRANCHES: [(&str, &str); 3] = [("apply", "apply/…"), ("apply/acme/x", "apply/acme"), ("exit", "exit/…")];

#[test]
fn what_stands_in_the_way_of_a_proposal_is_named() {
    for (branch, of) in BRANCHES {
        let env = TestEnv::with_registry();
        env.git(&["branch", branch, "main"]);
        let url = format!("file://{}", env.path("registry.git").display());
        let registry = env.path("registry.git").display().to_string();
        for place in [registry.as_str(), url.as_str()] {
            let apply = ["apply", "--slug", "acme", "--name", "Acme", "--website", "https://acme.example/karmada"];
            let rest = ["--github", "acme-bot", "--logo", "logo.png", "--as", "acme-bot", "--registry", place];
            let refused = env.run(&[&apply[..], &rest].concat()).fails(1);
            let told = format!("error: the branch {branch} stands in the way of ");
            assert!(refused.stderr.contains(&told), "{place}: {refused}");
            assert!(refused.stderr.contains("hint: have it renamed where the registry is: git branch -m"), "{refused}");
        }
        // Before anybody meets it.
        let checked = env.run(&["check"]).ok();
        let told = format!("{branch}: warning[branch-in-the-way]: this branch stands in the way of {of}");
        assert!(checked.stdout.contains(&told), "{checked}");
        env.git(&["branch", "-m", branch, "other"]);
        env.apply("acme").ok().code.unwrap();
        assert!(!env.run(&["check"]).ok().stdout.contains("branch-in-the-way"));
    }
}
