//! Headings of a form that somebody typed otherwise, as a workflow reads them.

use crate::github_issues::{Bench, FORM};
use crate::hub::REGISTRY;

const WEBSITE: &str = "### Org or company Website\n\nhttps://acme.example/karmada";

#[test]
fn no_heading_that_was_typed_otherwise_swallows_its_box() {
    for (typed, outcome, told) in [
        (
            "### Website:\n\nhttps://acme.example/karmada",
            "proposed",
            "`“### Website:” was read as the heading “Org or company Website”`",
        ),
        (
            "### 网站\n\nhttps://acme.example/karmada",
            "proposed",
            "`“### 网站” was read as the heading “Org or company Website”`",
        ),
        (
            "**Website**: https://acme.example/karmada",
            "faulty",
            "was read as words of an answer, and not as a heading of the form",
        ),
        (
            "### Find us at\n\nhttps://acme.example/karmada",
            "faulty",
            "`“### Find us at” was read as words of an answer",
        ),
    ] {
        let bench = Bench::new();
        let number = bench.open("jane", &FORM.replace(WEBSITE, typed));
        let found = bench.outcome(number);
        assert_eq!(found["outcome"], outcome, "{typed}: {found}");
        let comment = &bench.comments(number)[0];
        assert!(comment.contains(told), "{typed}: {comment}");
        if outcome == "proposed" {
            let record = bench.record();
            assert!(record.contains("website = \"https://acme.example/karmada\""), "{record}");
            assert!(record.contains("We run Karmada.\""), "{record}");
            bench.edit(number, "jane", FORM);
            assert_ne!(bench.outcome(number)["outcome"], "faulty");
            assert!(!bench.comments(number)[0].contains("was read as"), "{:?}", bench.comments(number));
        }
        bench.hub.github.assert_clean();
    }
}

/// Who takes the heading for the name away has no issue that vanishes.
#[test]
fn a_form_without_the_heading_for_the_name_is_answered() {
    let bench = Bench::new();
    let number = bench.open("jane", &FORM.replace("### Org or company name\n\n", ""));
    let told = bench.outcome(number);
    assert_eq!((&told["outcome"], told["faults"].as_array().unwrap().len()), (&"faulty".into(), 1), "{told}");
    assert!(bench.comments(number)[0].contains("the heading “### Org or company name” isn't there"), "{told}");
    bench.edit(number, "jane", FORM);
    assert_eq!(bench.outcome(number)["outcome"], "proposed");
    // An issue about something else stays one.
    let other = bench.open("erin", "### Name\n\nx\n\n### Description\n\ny\n\n### Website\n\nz\n\n### Contact\n\n@a");
    assert_eq!(bench.outcome(other)["outcome"], "other");
    assert_eq!(bench.comments(other), [""; 0]);
    assert!(bench.hub.git(REGISTRY, &["branch", "--list", "apply/*"]).contains("acme-cloud"));
}
