//! The workflow that tells where proposals stand: what may start it, what it may do, and its scripts, run by bash on the
//! double with a workflow's token.

use crate::env::Output;
use crate::hub::Hub;
use crate::scripts::{run_beside, script};

const DECISIONS: &str = include_str!("../../templates/github/partner-decisions.yml");
const REVIEWS: &str = include_str!("../../templates/github/partner-reviews.yml");

/// GitHub's way to run one: the program is on the path, and the token in the environment.
fn run(hub: &Hub, name: &str, set: &[(&str, &str)]) -> Output {
    run_beside(&hub.in_a_job(hub.command("workflow", &[])), &hub.env, &script(DECISIONS, name), set)
}

#[test]
fn its_scripts_announce_and_remind() {
    let hub = Hub::with_applicant().with_workflow();
    let output = run(&hub, "Announce", &[]).ok();
    assert!(output.stdout.starts_with("#2 waiting: 0 of 2 in favor"), "{output}");
    assert_eq!(run(&hub, "Remind", &[]).ok().stdout, "Nobody is to be reminded.\n");
    let hostile = "x\" ; touch owned; echo \"";
    let output = run(&hub, "Announce", &[("GITHUB_REPOSITORY", hostile)]).fails(2);
    assert!(!hub.env.path("owned").exists(), "{output}");
}

#[test]
fn it_is_started_by_what_matters_and_no_word_of_that_is_passed_on() {
    for types in
        ["[opened, edited, synchronize, reopened, closed, ready_for_review]", "[partner reviews]", "[completed]"]
    {
        assert!(DECISIONS.contains(types), "{types}");
    }
    // Who reviews starts something that may do nothing; and no head of a pull request is ever checked out.
    assert!(REVIEWS.contains("name: partner reviews\n") && !REVIEWS.contains("uses:"), "{REVIEWS}");
    for workflow in [DECISIONS, REVIEWS] {
        assert!(!workflow.contains("head.") && !workflow.contains("head_"), "{workflow}");
        assert!(
            !workflow.contains("github.event.workflow_run") && !workflow.contains("github.event.review"),
            "{workflow}"
        );
    }
}

#[test]
fn only_a_workflow_that_decides_may_write() {
    let env = crate::env::TestEnv::new();
    for (more, contents) in [("", "read"), ("\n[github]\ndecide = \"auto\"\n", "write")] {
        env.write("program.toml", format!("{}{more}", crate::env::PROGRAM));
        let place = format!("{contents}.git");
        env.run(&["init", &place, "--program", "program.toml", "--github-ci", "--offline"]).ok().code.unwrap();
        let made = env.git_at(&place, &["show", "main:.github/workflows/partner-decisions.yml"]);
        assert!(made.contains(&format!("      contents: {contents} # ")), "{made}");
        assert!(!made.contains("{{contents}}") && !made.contains("{{version}}"), "{made}");
        let reviews = env.git_at(&place, &["show", "main:.github/workflows/partner-reviews.yml"]);
        assert_eq!(reviews.trim(), REVIEWS.trim());
    }
}
