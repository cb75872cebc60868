//! Faults, hooks, what goes over the wire.

use std::time::Duration;

use github_double::Fault;
use serde_json::json;

use crate::common::Bench;

/// Opens an issue under a fault; what came back, and how many issues there are then.
fn under(fault: Fault) -> (Option<u16>, usize) {
    let bench = Bench::new();
    bench.hub.fault(1, fault);
    let url = format!("{}/repos/alice/registry/issues", bench.hub.api_url());
    let answer = bench.try_send("POST", &url, &bench.bob, Some(&json!({"title": "x"})));
    let count = bench.get("/repos/alice/registry/issues").as_array().unwrap().len();
    (answer.ok().map(|answer| answer.status), count)
}

#[test]
fn before_and_after() {
    assert_eq!(under(Fault::BreakBefore), (None, 0));
    assert_eq!(under(Fault::BreakAfter), (None, 1));
    assert_eq!(under(Fault::Html502Before), (Some(502), 0));
    assert_eq!(under(Fault::Html502After), (Some(502), 1));
    assert_eq!(under(Fault::Status500Before), (Some(500), 0));
    assert_eq!(under(Fault::Status500After { json: true }), (Some(500), 1));
    assert_eq!(under(Fault::Secondary403 { retry_after: Some(3) }), (Some(403), 0));
    assert_eq!(under(Fault::Secondary403Bare), (Some(403), 0));
    assert_eq!(under(Fault::PrimaryExhausted { reset_in: 60 }), (Some(403), 0));
    assert_eq!(under(Fault::TooMany429 { retry_after: None }), (Some(429), 0));
    assert_eq!(under(Fault::GraphQlRateLimited), (Some(200), 0));
    assert_eq!(under(Fault::Truncated), (None, 1));
    assert_eq!(under(Fault::Slow(20)), (Some(201), 1));
}

#[test]
fn holding() {
    let bench = Bench::new();
    assert!(!bench.hub.wait_held(Duration::from_millis(10)));
    bench.hub.fault(1, Fault::HoldAfter);
    let url = format!("{}/repos/alice/registry/issues", bench.hub.api_url());
    std::thread::scope(|scope| {
        let client = scope.spawn(|| bench.try_send("POST", &url, &bench.bob, Some(&json!({"title": "x"}))).is_err());
        assert!(bench.hub.wait_held(Duration::from_secs(120)));
        assert_eq!(bench.get("/repos/alice/registry/issues").as_array().unwrap().len(), 1);
        bench.hub.release();
        assert!(client.join().unwrap());
    });
}

#[test]
fn only_the_kth() {
    let bench = Bench::new();
    bench.get("/user");
    bench.hub.fault(2, Fault::Status500Before);
    bench.git(".", &["ls-remote", &bench.remote("", "alice/registry")]);
    bench.get("/user");
    bench.send("GET", "/user", &bench.alice, None).is(500);
    bench.get("/user");
}

#[test]
fn two_people_at_once() {
    let bench = Bench::new();
    bench.hub.on_request(2, Box::new(|hub| _ = hub.open_issue("alice/registry", "bob", "first", "")));
    bench.get("/user");
    let mine = bench.post("/repos/alice/registry/issues", &bench.alice, &json!({"title": "second"})).is(201);
    assert_eq!(mine["number"], 2);
}

#[test]
fn properties_get_lost() {
    let bench = Bench::new();
    bench.hub.drop_fields(7);
    let repo = bench.get("/repos/alice/registry");
    assert!(repo.as_object().unwrap().len() < 80, "{repo}");
    assert!(repo["id"].is_number() && repo["node_id"].is_string());
    let query = "{viewer {company name databaseId id}}";
    for _ in 0..40 {
        let viewer = bench.graphql(&bench.alice, query, &json!({})).is(200)["data"]["viewer"].clone();
        assert!(viewer["id"].is_string());
        if viewer["databaseId"].is_null() {
            return;
        }
    }
    panic!("nothing got lost");
}

#[test]
fn bytes_are_counted_compressed() {
    let bench = Bench::new();
    bench.get("/repos/alice/registry");
    let request = bench.hub.traffic().pop().unwrap();
    assert_eq!((request.operation.as_str(), request.status), ("repos/get", 200));
    assert!(request.body_down < 3000 && request.total_down > request.body_down, "{request:?}");
    assert!(request.total_up > 50 && request.body_up == 0 && !request.creates);
    bench.hub.clear_traffic();
    assert!(bench.hub.traffic().is_empty());
}

#[test]
#[should_panic(expected = "not as GitHub describes it")]
fn a_violation_fails_the_test() {
    let bench = Bench::new();
    bench.send("GET", "/nonsense", &bench.bob, None);
}
