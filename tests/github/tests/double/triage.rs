//! Labels, statuses, requests for reviews, drafts; and those who keep them: workflows and Apps.

use serde_json::json;

use crate::common::Bench;

const STANDS: &str = "query ($number: Int!) {repository(owner: \"alice\", name: \"registry\") {
    labels(first: 10, query: \"partner/\") {nodes {name}}
    pullRequest(number: $number) {
        id isDraft labels(first: 10) {nodes {name color}}
        reviewRequests(first: 10) {nodes {requestedReviewer {... on User {login}}}}
        commits(last: 1) {nodes {commit {status {context(name: \"kp\") {state description targetUrl}}}}}
    }
}}";

fn stands(bench: &Bench, number: u64) -> serde_json::Value {
    bench.graphql(&bench.alice, STANDS, &json!({"number": number})).is(200)["data"]["repository"].clone()
}

fn pull(bench: &Bench, draft: bool) -> (u64, String) {
    bench.branch("alice/registry", &bench.alice, "topic", "x");
    let body = json!({"title": "x", "head": "topic", "base": "main", "draft": draft});
    let made = bench.post("/repos/alice/registry/pulls", &bench.alice, &body).is(201);
    (made["number"].as_u64().unwrap(), made["head"]["sha"].as_str().unwrap().to_owned())
}

#[test]
fn labels_are_made_once_and_by_the_way() {
    let bench = Bench::new();
    let (number, _) = pull(&bench, false);
    let bot = bench.hub.actions_token("alice/registry");
    let label = json!({"name": "partner/ready", "color": "0e8a16", "description": "x"});
    bench.post("/repos/alice/registry/labels", &bot, &label).is(201);
    let again = bench.post("/repos/alice/registry/labels", &bot, &label).is(422);
    assert_eq!(again["errors"][0]["code"], "already_exists");
    bench.post("/repos/alice/registry/labels", &bench.bob, &json!({"name": "mine"})).is(404);
    let both = json!({"labels": ["partner/ready", "partner/other"]});
    bench.post(&format!("/repos/alice/registry/issues/{number}/labels"), &bot, &both).is(200);
    let on = stands(&bench, number);
    assert_eq!(on["labels"]["nodes"], json!([{"name": "partner/ready"}, {"name": "partner/other"}]));
    let grey = json!([{"name": "partner/ready", "color": "0e8a16"}, {"name": "partner/other", "color": "ededed"}]);
    assert_eq!(on["pullRequest"]["labels"]["nodes"], grey);
    let path = format!("/repos/alice/registry/issues/{number}/labels/partner%2Fother");
    bench.send("DELETE", &path, &bot, None).is(200);
    bench.send("DELETE", &path, &bot, None).is(404);
}

#[test]
fn the_newest_status_of_a_context_counts() {
    let bench = Bench::new();
    let (number, sha) = pull(&bench, false);
    let bot = bench.hub.actions_token("alice/registry");
    let path = format!("/repos/alice/registry/statuses/{sha}");
    for (state, description) in [("pending", "0 of 2"), ("success", "decided")] {
        let said = json!({"state": state, "description": description, "context": "kp", "target_url": "https://a.b/c"});
        bench.post(&path, &bot, &said).is(201);
    }
    let status = stands(&bench, number)["pullRequest"]["commits"]["nodes"][0]["commit"]["status"]["context"].clone();
    assert_eq!(status, json!({"state": "SUCCESS", "description": "decided", "targetUrl": "https://a.b/c"}));
    let long = json!({"state": "pending", "description": "x".repeat(141), "context": "kp"});
    bench.post(&path, &bot, &long).is(422);
    bench.post(&path, &bench.bob, &json!({"state": "success", "context": "kp"})).is(404);
    let nobody = format!("/repos/alice/registry/statuses/{}", "0".repeat(40));
    bench.post(&nobody, &bot, &json!({"state": "success"})).is(422);
}

#[test]
fn who_is_asked_for_a_review_has_to_belong_there_and_answers_once() {
    let bench = Bench::new();
    let (number, _) = pull(&bench, false);
    let path = format!("/repos/alice/registry/pulls/{number}/requested_reviewers");
    let ask = |login: &str| bench.post(&path, &bench.alice, &json!({"reviewers": [login]}));
    ask("bob").is(422);
    ask("alice").is(422);
    bench.hub.grant("alice/registry", "bob", github_double::Permission::Read);
    ask("bob").is(201);
    let asked = |number| stands(&bench, number)["pullRequest"]["reviewRequests"]["nodes"].clone();
    assert_eq!(asked(number), json!([{"requestedReviewer": {"login": "bob"}}]));
    let review = json!({"event": "APPROVE"});
    bench.post(&format!("/repos/alice/registry/pulls/{number}/reviews"), &bench.bob, &review).is(200);
    assert_eq!(asked(number), json!([]));
}

#[test]
fn drafts_become_ready_and_not_every_plan_has_them() {
    let bench = Bench::new();
    let (number, _) = pull(&bench, true);
    let id = stands(&bench, number)["pullRequest"]["id"].clone();
    let merge = format!("/repos/alice/registry/pulls/{number}/merge");
    bench.send("PUT", &merge, &bench.alice, Some(&json!({}))).is(405);
    let ready = "mutation ($id: ID!) {markPullRequestReadyForReview(input: {pullRequestId: $id}) {
        pullRequest {isDraft}
    }}";
    let refused = bench.graphql(&bench.bob, ready, &json!({"id": id})).is(200);
    assert_eq!(refused["errors"][0]["type"], "FORBIDDEN");
    let bot = bench.hub.actions_token("alice/registry");
    let done = bench.graphql(&bot, ready, &json!({"id": id})).is(200);
    assert_eq!(done["data"]["markPullRequestReadyForReview"]["pullRequest"]["isDraft"], false);
    bench.hub.allow_drafts("alice/registry", false);
    let draft = "mutation ($id: ID!) {convertPullRequestToDraft(input: {pullRequestId: $id}) {clientMutationId}}";
    let refused = bench.graphql(&bot, draft, &json!({"id": id})).is(200);
    assert!(refused["errors"][0]["message"].as_str().unwrap().starts_with("Draft pull requests are not supported"));
}

#[test]
fn an_app_works_where_it_is_installed_and_is_no_person() {
    let bench = Bench::new();
    bench.hub.set_private("alice/registry", true);
    let app = bench.hub.app_token("partner-helper", &["alice/registry"]);
    bench.branch("alice/registry", &app, "topic", "x");
    let refused = bench.send("GET", "/user", &app, None).is(403);
    assert_eq!(refused["message"], "Resource not accessible by integration");
    let viewer = bench.graphql(&app, "{viewer {login}}", &json!({})).is(200);
    assert_eq!(viewer["data"]["viewer"]["login"], "partner-helper[bot]");
    let elsewhere = bench.hub.app_token("partner-helper", &["alice/other"]);
    bench.send("GET", "/repos/alice/registry", &elsewhere, None).is(404);
}
