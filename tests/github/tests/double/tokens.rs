//! What tokens may.

use github_double::TokenKind;
use serde_json::{Value, json};

use crate::common::Bench;

fn issue_twice(bench: &Bench, token: &str) -> (Value, Value) {
    let rest = bench.post("/repos/acme/registry/issues", token, &json!({"title": "x"}));
    assert!(matches!(rest.status, 403 | 404), "{rest:?}");
    let get = "{repository(owner: \"acme\", name: \"registry\") {id}}";
    let id = bench.query(get)["repository"]["id"].clone();
    let create = "mutation ($id: ID!) {createIssue(input: {repositoryId: $id, title: \"x\"}) {issue {id}}}";
    let graphql = bench.graphql(token, create, &json!({"id": id})).is(200);
    (rest.json(), graphql["errors"][0].clone())
}

#[test]
fn kinds() {
    let bench = Bench::new();
    bench.hub.rename("alice/registry", "acme/registry");
    let org = || "acme".to_owned();
    let cases = [
        (TokenKind::Classic { scopes: vec![] }, "Not Found", "INSUFFICIENT_SCOPES", "Your token has not been granted"),
        (
            TokenKind::FineGrained,
            "Resource not accessible by personal",
            "FORBIDDEN",
            "Resource not accessible by personal",
        ),
        (
            TokenKind::OrgRestricted { org: org(), reads_too: false },
            "Although you appear",
            "FORBIDDEN",
            "Although you appear",
        ),
        (TokenKind::Saml { org: org() }, "Resource protected by", "FORBIDDEN", "Resource protected by"),
        (
            TokenKind::Actions { repository: "bob/x".to_owned() },
            "Resource not accessible by int",
            "FORBIDDEN",
            "Resource not",
        ),
    ];
    for (kind, rest_says, graphql_type, graphql_says) in cases {
        let token = bench.hub.token("bob", kind);
        let (rest, graphql) = issue_twice(&bench, &token);
        assert!(rest["message"].as_str().unwrap().starts_with(rest_says), "{rest}");
        assert_eq!(graphql["type"], graphql_type);
        assert!(graphql["message"].as_str().unwrap().starts_with(graphql_says), "{graphql}");
    }
}

#[test]
fn sso_says_where_to_go() {
    let bench = Bench::new();
    bench.hub.rename("alice/registry", "acme/registry");
    let token = bench.hub.token("bob", TokenKind::Saml { org: "acme".to_owned() });
    let answer = bench.send("GET", "/repos/acme/registry", &token, None);
    answer.is(403);
    assert_eq!(answer.header("x-github-sso"), "required; url=https://github.com/orgs/acme/sso?authorization_request=x");
}

#[test]
fn fine_grained_tokens_work_at_home() {
    let bench = Bench::new();
    let token = bench.hub.token("alice", TokenKind::FineGrained);
    bench.branch("alice/registry", &token, "topic", "x");
    let token = bench.hub.token("bob", TokenKind::FineGrained);
    bench.post("/repos/alice/registry/forks", &token, &json!({})).is(403);
    bench.post("/repos/alice/registry/forks", "", &json!({})).is(401);
}

#[test]
fn a_workflow_works_in_its_own_repository() {
    let bench = Bench::new();
    let token = bench.hub.actions_token("alice/registry");
    bench.branch("alice/registry", &token, "topic", "x");
    bench.send("GET", "/user", &token, None).is(403);
    let viewer = bench.graphql(&token, "{viewer {login}}", &json!({})).is(200);
    assert_eq!(viewer["data"]["viewer"]["login"], "github-actions[bot]");
}

#[test]
fn private_repositories_hide() {
    let bench = Bench::new();
    bench.hub.set_private("alice/registry", true);
    bench.send("GET", "/repos/alice/registry", &bench.bob, None).is(404);
    bench.send("GET", "/repos/alice/registry", "", None).is(404);
    bench.send("GET", "/repos/alice/registry", &bench.alice, None).is(200);
}
