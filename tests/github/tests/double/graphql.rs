//! The GraphQL API.

use serde_json::json;

use crate::common::Bench;

const EVERYTHING: &str = r#"
query Everything($owner: String!, $name: String!, $n: Int = 10) {
  viewer { login id databaseId __typename }
  rateLimit { remaining resetAt cost }
  user(login: "bob") { name company createdAt }
  organization(login: "acme") { login }
  repository(owner: $owner, name: $name) {
    ...Repo
    ref(qualifiedName: "refs/heads/topic") { id name prefix target { oid ... on Commit { message tree { oid } } }
      associatedPullRequests(first: 5, states: [OPEN]) { nodes { number } } }
    refs(refPrefix: "refs/heads/", first: $n, query: "to") { totalCount nodes { name } }
    file: object(expression: "HEAD:dir/a.txt") { ... on Blob { text isBinary byteSize isTruncated oid } }
    root: object(expression: "main:") { ... on Tree { entries { name mode type oid path object { oid __typename } } } }
    head: object(expression: "topic") { ... on Commit { oid file(path: "new.txt") { oid }
      parents(first: 1) { nodes { oid } } author { name email date user { login } } } }
    forks(first: 5, affiliations: [OWNER], orderBy: {field: CREATED_AT, direction: DESC}) { nodes { nameWithOwner } }
    pullRequests(last: 5, states: OPEN, headRefName: "topic") { edges { cursor node { ...Pull } } pageInfo { hasNextPage endCursor hasPreviousPage startCursor } }
    pullRequest(number: 2) { ...Pull }
    issue(number: 1) { ...Issue }
    issues(first: 5, filterBy: {createdBy: "bob", states: [OPEN]}, orderBy: {field: CREATED_AT, direction: DESC}) { nodes { number } }
  }
}
fragment Repo on Repository { id name nameWithOwner url owner { login __typename } isArchived isFork isPrivate isDisabled
  hasIssuesEnabled viewerPermission viewerCanAdminister parent { nameWithOwner } defaultBranchRef { name } }
fragment Issue on Issue { id number url title body state stateReason author { login } createdAt
  comments(first: 5) { nodes { id databaseId url body author { login } createdAt viewerDidAuthor } } }
fragment Pull on PullRequest { id number url title body state isDraft merged mergedAt closed closedAt createdAt updatedAt
  author { login } authorAssociation baseRefName baseRefOid headRefName headRefOid headRef { name }
  headRepository { nameWithOwner } headRepositoryOwner { login } isCrossRepository maintainerCanModify viewerDidAuthor
  reviews(first: 5) { nodes { id databaseId author { login } authorAssociation authorCanPushToRepository state body url
    submittedAt commit { oid } editor { login } lastEditedAt viewerDidAuthor } }
  comments(first: 1) { totalCount } commits(first: 3) { nodes { commit { oid } } } files(first: 3) { nodes { path changeType } }
  changedFiles mergeCommit { oid } closingIssuesReferences(first: 3) { nodes { number } } mergeable }
"#;

#[test]
fn everything_that_is_listed() {
    let bench = Bench::new();
    bench.hub.open_issue("alice/registry", "bob", "Issue", "text");
    bench.hub.comment("alice/registry", 1, "alice", "yes?");
    bench.branch("alice/registry", &bench.alice, "topic", "new.txt");
    bench.hub.open_pull("alice/registry", "alice", "topic", "main", "Pull", "Fixes #1");
    bench.hub.review("alice/registry", 2, "bob", "CHANGES_REQUESTED", "no");
    let variables = json!({"owner": "alice", "name": "registry"});
    let answer = bench.graphql(&bench.alice, EVERYTHING, &variables).is(200);
    assert!(answer["errors"].is_null(), "{answer}");
    let repo = &answer["data"]["repository"];
    assert_eq!(repo["file"]["text"], "a\n");
    assert_eq!(repo["viewerPermission"], "ADMIN");
    assert_eq!(repo["pullRequest"]["closingIssuesReferences"]["nodes"][0]["number"], 1);
    assert_eq!(repo["pullRequest"]["reviews"]["nodes"][0]["state"], "CHANGES_REQUESTED");
    assert_eq!(repo["pullRequests"]["edges"][0]["node"], repo["pullRequest"]);
    assert_eq!(repo["refs"]["nodes"], json!([{"name": "topic"}]));
    assert_eq!(bench.hub.traffic().last().unwrap().operation, "graphql:Everything");
}

#[test]
fn several_mutations_with_one_failing() {
    let bench = Bench::new();
    let oid = bench.branch("alice/registry", &bench.alice, "topic", "new.txt");
    let id = bench.query(r#"{repository(owner: "alice", name: "registry") {id}}"#)["repository"]["id"].clone();
    let query = "mutation Both($repo: ID!, $oid: GitObjectID!, $pull: CreatePullRequestInput!) {
      again: createRef(input: {repositoryId: $repo, name: \"refs/heads/topic\", oid: $oid}) { ref { id } }
      other: createRef(input: {repositoryId: $repo, name: \"refs/heads/other\", oid: $oid}) { ref { name } }
      pull: createPullRequest(input: $pull) { pullRequest { number id } clientMutationId }
    }";
    let pull = json!({"repositoryId": id, "baseRefName": "main", "headRefName": "topic", "title": "T"});
    let answer = bench.graphql(&bench.alice, query, &json!({"repo": id, "oid": oid, "pull": pull})).is(200);
    assert_eq!(answer["data"]["again"], json!(null));
    assert_eq!(answer["data"]["other"]["ref"]["name"], "other");
    assert_eq!(answer["data"]["pull"]["pullRequest"]["number"], 1);
    assert_eq!(answer["errors"][0]["type"], "UNPROCESSABLE");
    assert_eq!(answer["errors"][0]["path"], json!(["again"]));
    assert_eq!(answer["errors"][0]["message"], "A ref named \"refs/heads/topic\" already exists in the repository.");
    assert!(bench.hub.traffic().last().unwrap().creates);
}

#[test]
fn the_life_of_a_pull_request() {
    let bench = Bench::new();
    bench.branch("alice/registry", &bench.alice, "topic", "new.txt");
    let number = bench.hub.open_pull("alice/registry", "alice", "topic", "main", "T", "");
    let get =
        "{repository(owner: \"alice\", name: \"registry\") {pullRequest(number: 1) {id headRef {id} headRefOid}}}";
    let pull = bench.query(get)["repository"]["pullRequest"].clone();
    let run = |token: &str, query: &str| bench.graphql(token, query, &json!({"id": pull["id"]})).is(200);
    let own = run(
        &bench.alice,
        "mutation ($id: ID!) {addPullRequestReview(input: {pullRequestId: $id, event: APPROVE}) {clientMutationId}}",
    );
    assert_eq!(own["errors"][0]["message"], "Review Can not approve your own pull request");
    let good = run(
        &bench.bob,
        "mutation ($id: ID!) {addPullRequestReview(input: {pullRequestId: $id, event: APPROVE}) {pullRequestReview {state author {login}}}}",
    );
    assert_eq!(good["data"]["addPullRequestReview"]["pullRequestReview"]["state"], "APPROVED");
    run(
        &bench.bob,
        "mutation ($id: ID!) {addComment(input: {subjectId: $id, body: \"x\"}) {commentEdge {node {body}}}}",
    );
    let not_mine = run(
        &bench.bob,
        "mutation ($id: ID!) {updatePullRequest(input: {pullRequestId: $id, title: \"x\"}) {pullRequest {title}}}",
    );
    assert_eq!(not_mine["errors"][0]["type"], "FORBIDDEN");
    run(
        &bench.alice,
        "mutation ($id: ID!) {updatePullRequest(input: {pullRequestId: $id, title: \"x\"}) {pullRequest {title}}}",
    );
    let head = json!({"ref": pull["headRef"]["id"], "oid": pull["headRefOid"]});
    let commit = "mutation ($ref: ID!, $oid: GitObjectID!) {createCommitOnBranch(input: {branch: {id: $ref}, expectedHeadOid: $oid, message: {headline: \"h\"}, fileChanges: {additions: [{path: \"z\", contents: \"eg==\"}]}}) {commit {oid message}}}";
    assert_eq!(bench.graphql(&bench.alice, commit, &head).is(200)["errors"], json!(null));
    assert_eq!(bench.graphql(&bench.alice, commit, &head).is(200)["errors"][0]["type"], "STALE_DATA");
    let closed = run(
        &bench.alice,
        "mutation ($id: ID!) {closePullRequest(input: {pullRequestId: $id}) {pullRequest {state commits(first: 5) {totalCount}}}}",
    );
    assert_eq!(
        closed["data"]["closePullRequest"]["pullRequest"],
        json!({"state": "CLOSED", "commits": {"totalCount": 2}})
    );
    assert_eq!(number, 1);
}

#[test]
fn what_is_not_there() {
    let bench = Bench::new();
    let answer =
        bench.graphql(&bench.alice, "{repository(owner: \"x\", name: \"y\") {id} viewer {login}}", &json!({})).is(200);
    assert_eq!(answer["data"], json!({"repository": null, "viewer": {"login": "alice"}}));
    assert_eq!(answer["errors"][0]["type"], "NOT_FOUND");
    assert_eq!(answer["errors"][0]["message"], "Could not resolve to a Repository with the name 'x/y'.");
    let answer = bench.graphql(&bench.alice, "{user(login: \"acme\") {id}}", &json!({})).is(200);
    assert_eq!(answer["errors"][0]["message"], "Could not resolve to a User with the login of 'acme'.");
    bench.hub.rename("alice/registry", "alice/other");
    assert_eq!(bench.query("{repository(owner: \"alice\", name: \"registry\") {name}}")["repository"]["name"], "other");
    assert_eq!(bench.graphql("", "{viewer {login}}", &json!({})).status, 401);
}

#[test]
fn aliases_directives_and_pages() {
    let bench = Bench::new();
    for n in 0..3 {
        bench.hub.open_issue("alice/registry", "bob", &format!("{n}"), "");
    }
    let query = "query ($no: Boolean!, $after: String) {
      repository(owner: \"alice\", name: \"registry\") { name @skip(if: $no) id @include(if: $no)
        issues(first: 2, after: $after) { nodes { ... on Issue { n: number } } pageInfo { hasNextPage endCursor } totalCount } } }";
    let first = bench.graphql(&bench.alice, query, &json!({"no": true})).is(200)["data"]["repository"].clone();
    assert!(first.get("name").is_none());
    let after = &first["issues"]["pageInfo"]["endCursor"];
    let second = bench.graphql(&bench.alice, query, &json!({"no": true, "after": after})).is(200);
    assert_eq!(second["data"]["repository"]["issues"]["nodes"], json!([{"n": 3}]));
}

#[test]
fn what_the_schema_does_not_know_is_a_violation() {
    let bench = Bench::new();
    let wrong = [
        "{viewer {nonsense}}",
        "{viewer}",
        "{viewer {login {x}}}",
        "{user {login}}",
        "{user(login: 1) {login}}",
        "{user(login: \"x\", colour: 1) {login}}",
        "{repository(owner: \"alice\", name: \"registry\") {issues {nodes {id}}}}",
        "{repository(owner: \"alice\", name: \"registry\") {issues(first: 101) {nodes {id}}}}",
        "{repository(owner: \"alice\", name: \"registry\") {issues(first: 1, states: [MERGED]) {nodes {id}}}}",
        "{repository(owner: \"alice\", name: \"registry\") {issues(first: 1, orderBy: {by: 1}) {nodes {id}}}}",
        "query ($x: Int) {user(login: $x) {login}}",
        "query ($x: String!) {user(login: $x) {login}}",
        "query ($x: Int) {viewer {login}}",
        "query {viewer {...F}}",
        "query {viewer {login}} fragment F on User {login}",
        "query {viewer {... on Issue {id}}}",
        "query {viewer {a: login a: id}}",
        "query {viewer {login}",
        "query {viewer {login @upper}}",
        "query {node(id: \"x\") {login}}",
    ];
    for (at, query) in wrong.iter().enumerate() {
        let answer = bench.graphql(&bench.alice, query, &json!({}));
        assert!(answer.is(500)["message"].as_str().unwrap().starts_with("DOUBLE: "));
        assert!(!bench.hub.take_violations().is_empty(), "{at}: {query}");
    }
    bench.graphql(&bench.alice, "query ($x: Int) {viewer {login}}", &json!({"x": "one"})).is(500);
    bench.graphql(&bench.alice, "{viewer {login}}", &json!({"x": "one"})).is(500);
    assert!(!bench.hub.take_violations().is_empty());
}
