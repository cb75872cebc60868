//! Pull requests that propose nothing, beside those that do: a branch that asks for the status of all that is merged into it has
//! to be told that the committee has nothing to decide there; and not of what comes near `data/`, however that is hidden.

use std::path::Path;

use serde_json::Value;

use crate::hub::{Hub, REGISTRY, put};

/// A workflow, and a fork of jane's.
fn hub() -> Hub {
    Hub::with_fork().with_workflow()
}

/// Jane changes something on a branch of her fork, and opens a pull request.
fn opens(hub: &Hub, branch: &str, changes: impl FnOnce(&Path)) -> u64 {
    hub.by_hand_of("jane", branch, "by hand", changes);
    hub.github.open_pull(REGISTRY, "jane", &format!("jane:{branch}"), "main", "A change", "")
}

fn writes(path: &'static str, content: &'static str) -> impl Fn(&Path) {
    move |checkout| put(checkout, path, content)
}

fn announce(hub: &Hub) -> Vec<Value> {
    hub.run("workflow", &["announce", "--json"]).ok().json()["pull_requests"].as_array().unwrap().clone()
}

const CLEAR: &str = "no proposal: nothing for the committee to decide";
const CONCERN: &str = "not to be merged like this: it changes data/, as only a proposal or a decision does";

#[test]
fn what_changes_a_document_may_be_merged_without_the_committee() {
    let hub = hub();
    let number = opens(&hub, "docs", writes("README.md", "Say it better.\n"));
    let told = announce(&hub);
    assert_eq!((&told[0]["number"], &told[0]["standing"]), (&number.into(), &"other".into()), "{told:?}");
    assert_eq!(hub.statuses(), [("success".to_owned(), CLEAR.to_owned())]);
    let thread = hub.thread(number);
    assert_eq!((thread["comments"].as_array().unwrap().len(), &thread["labels"]), (0, &serde_json::json!([])));
    assert_eq!(thread["draft"], false, "{thread}");
    // Once told, it costs nothing more.
    hub.github.clear_traffic();
    let before = hub.github.dump();
    assert_eq!(announce(&hub), [] as [Value; 0]);
    assert_eq!(hub.github.dump(), before);
    assert!(hub.requests().len() <= 3, "{:?}", hub.operations());
    // What is pushed to it later is another commit, and looked at anew.
    hub.push_to_fork("docs", "data/partners/acme/partner.toml", "name = \"Acme\"\n");
    announce(&hub);
    assert_eq!(hub.statuses().last().unwrap(), &("failure".to_owned(), CONCERN.to_owned()));
    hub.github.assert_clean();
}

/// By its number, too; and of another branch's nothing is said.
#[test]
fn one_is_told_of_by_its_number() {
    let hub = hub();
    let number = opens(&hub, "docs", writes("README.md", "Say it better.\n")).to_string();
    let told = hub.run("workflow", &["announce", "--pull-request", &number]).ok();
    assert!(told.stdout.contains(CLEAR), "{told}");
    hub.git(REGISTRY, &["branch", "release", "main"]);
    hub.by_hand_of("jane", "fix", "by hand", writes("README.md", "Once more.\n"));
    let other = hub.github.open_pull(REGISTRY, "jane", "jane:fix", "release", "A change", "").to_string();
    let told = hub.run("workflow", &["announce", "--pull-request", &other]).ok();
    assert!(told.stdout.contains("There are no proposals"), "{told}");
    assert_eq!(hub.statuses().len(), 1);
}

#[test]
fn what_comes_near_the_data_is_no_such_thing_however_it_is_hidden() {
    let policy = |checkout: &Path| {
        let file = checkout.join("data/program.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(file, text + "# harmless\n").unwrap();
    };
    let moves = |checkout: &Path| std::fs::rename(checkout.join("data"), checkout.join("old")).unwrap();
    let links = |checkout: &Path| {
        std::fs::remove_dir_all(checkout.join("data")).unwrap();
        std::os::unix::fs::symlink("docs", checkout.join("data")).unwrap();
    };
    for changes in [&policy as &dyn Fn(&Path), &moves, &links, &writes("data/new.txt", "x")] {
        let hub = hub();
        opens(&hub, "docs", changes);
        announce(&hub);
        assert_eq!(hub.statuses(), [("failure".to_owned(), CONCERN.to_owned())]);
        hub.github.assert_clean();
    }
    // A rebase brings each commit, whatever the last of them took away again.
    let hub = hub();
    hub.push_to_fork("docs", "data/partners/acme/log/0001", "x\n");
    hub.drop_from_fork("docs", "data/partners/acme/log/0001", "by hand");
    hub.push_to_fork("docs", "README.md", "Say it better.\n");
    hub.github.open_pull(REGISTRY, "jane", "jane:docs", "main", "A change", "");
    announce(&hub);
    assert_eq!(hub.statuses(), [("failure".to_owned(), CONCERN.to_owned())]);
}

/// A merge that keeps what the data was before takes away what came to the default branch since; one that goes along doesn't.
#[test]
fn what_merges_the_default_branch_keeps_its_data() {
    for (how, state) in [("ours", "failure"), ("theirs", "success")] {
        let hub = hub();
        hub.push_to_fork("docs", "README.md", "Say it better.\n");
        hub.commit("data/partners/hooli/note", "something\n");
        let upstream = hub.github.repo_path(REGISTRY);
        hub.by_hand_of("jane", "docs", "and so on", |checkout| {
            let place = checkout.file_name().unwrap().to_str().unwrap();
            hub.env.git_at(place, &["pull", "--quiet", "--no-rebase", "--no-edit", upstream.to_str().unwrap(), "main"]);
            if how == "ours" {
                std::fs::remove_dir_all(checkout.join("data/partners/hooli")).unwrap();
                hub.env.git_at(place, &["add", "--all"]);
                hub.env.git_at(place, &["commit", "--quiet", "--amend", "--no-edit"]);
            }
            std::fs::write(checkout.join("CONTRIBUTING.md"), "Welcome.\n").unwrap();
        });
        hub.github.open_pull(REGISTRY, "jane", "jane:docs", "main", "A change", "");
        announce(&hub);
        assert_eq!(hub.statuses()[0].0, state, "{:?}", hub.statuses());
    }
}

/// A commit has one status: whoever opens it a second time, from a branch of another name, gets no other.
#[test]
fn a_proposal_that_is_opened_under_another_name_says_that_it_waits() {
    let hub = Hub::with_applicant().with_workflow();
    hub.git("jane/partners", &["branch", "docs", "apply/acme"]);
    let number = hub.github.open_pull(REGISTRY, "jane", "jane:docs", "main", "A change", "");
    for _ in 0..2 {
        let told = announce(&hub);
        assert!(told.iter().all(|row| row["number"] != number), "{told:?}");
    }
    assert!(hub.statuses().iter().all(|(state, _)| state == "pending"), "{:?}", hub.statuses());
}

/// A decision that was right once is on its commit's status; under another name it is judged by what it brings.
#[test]
fn a_decision_that_was_closed_gets_no_second_door() {
    let hub = Hub::with_applicant_by_pull_request().with_workflow();
    hub.approve();
    announce(&hub);
    let decision =
        hub.threads().into_iter().find(|t| t["head"].as_str().unwrap_or_default().contains("decision/")).unwrap();
    let (fork, branch) = decision["head"].as_str().unwrap().split_once(':').unwrap();
    assert!(
        hub.statuses()
            .contains(&("success".to_owned(), "it brings a decision, which takes effect when it is merged".to_owned()))
    );
    hub.git(&format!("{fork}/partners"), &["branch", "docs", branch]);
    let other = hub.github.open_pull(REGISTRY, fork, &format!("{fork}:docs"), "main", "A change", "");
    announce(&hub);
    assert!(hub.statuses().iter().all(|(state, _)| state != "failure"), "{:?}", hub.statuses());
    hub.github.close_pull(REGISTRY, decision["number"].as_u64().unwrap(), "alice");
    let told = announce(&hub);
    let row = told.iter().find(|row| row["number"] == other).unwrap();
    assert_eq!(row["status"], CONCERN, "{row}");
    assert!(hub.statuses().contains(&("failure".to_owned(), CONCERN.to_owned())), "{:?}", hub.statuses());
}
