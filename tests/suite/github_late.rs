//! GitHub doesn't see at once what was made just now: it is asked again, a bounded number of times.

use crate::hub::Hub;

#[test]
fn what_is_not_seen_yet_is_asked_for_again() {
    // Files, trees, commits and branches; and of the first, the fork itself.
    for (hub, late) in [(Hub::new(), 1), (Hub::with_fork(), 2)] {
        hub.github.settle_after(late);
        hub.apply("jane", "Acme").ok().code.unwrap();
        assert_eq!(hub.threads().len(), 2, "one issue, one pull request");
        hub.run("jane", &["update", "acme", "--website", "https://acme.example/new"]).ok().code.unwrap();
        hub.github.settle_after(0);
        assert_eq!(hub.threads().len(), 2, "the same");
        hub.approve();
    }
}

#[test]
fn what_is_never_seen_ends_in_words_and_is_gone_on_with() {
    let hub = Hub::with_fork();
    hub.github.settle_after(99);
    let output = hub.apply("jane", "Acme").fails(1);
    assert!(output.stderr.contains("can't upload to your fork: GitHub refuses it"), "{output}");
    let asked = hub.operations().iter().filter(|o| *o == "git/create-tree").count();
    assert!((2..=4).contains(&asked), "{:?}", hub.operations());
    hub.github.settle_after(0);
    hub.apply("jane", "Acme").ok().code.unwrap();
    assert_eq!(hub.threads().len(), 2, "one issue, one pull request");
}
