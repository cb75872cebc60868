use url::Url;

use super::*;
use crate::evidence::tests::subject;
use crate::web::probe::{Cut, Hop};

const ACME: &str = "name = \"Acme Cloud, Inc.\"\nname_zh = \"顶峰云\"\nformer_names = [\"Peak\"]\ngithub = \"jane\"\n";

fn page(address: &str, body: &str) -> FetchedPage {
    FetchedPage {
        address: Url::parse(address).unwrap(),
        hops: Vec::new(),
        status: 200,
        content_type: Some("text/html; charset=utf-8".into()),
        body: body.into(),
        cut: None,
        certificate: None,
        proxy: None,
    }
}

fn judge(website: &str, fetched: &Result<FetchedPage, Failure>) -> Vec<(&'static str, String)> {
    let checks = checks(&subject(&format!("{ACME}website = \"{website}\"\n")), fetched);
    assert_eq!(checks.iter().map(|c| c.id).collect::<Vec<_>>(), IDS);
    checks.iter().map(|c| (c.outcome.word(), c.outcome.why().unwrap_or_default().to_owned())).collect()
}

fn words(website: &str, fetched: &Result<FetchedPage, Failure>) -> String {
    judge(website, fetched).iter().map(|(word, _)| &word[..1]).collect()
}

const SITE: &str = "https://www.acme.example/karmada";
const GOOD: &str = r#"<!doctype html><html lang=en><title>Support &amp; more</title>
<h1>Acme <b>Clo</b>ud</h1><p>We support Karmada.</p><a href="//github.com/Karmada-IO/karmada">see</a>"#;

#[test]
fn a_good_page_passes_everything() {
    assert_eq!(words(SITE, &Ok(page(SITE, GOOD))), "pppppp");
    let checks = checks(&subject(&format!("{ACME}website = \"{SITE}\"\n")), &Ok(page(SITE, GOOD)));
    assert_eq!(checks[1].facts["title"], "Support & more");
    assert_eq!(checks[1].facts["language"], "en");
    assert_eq!(checks[2].facts["found"], serde_json::json!(["Acme Cloud, Inc."]));
    assert_eq!(checks[4].facts["link"], "https://github.com/Karmada-IO/karmada");
}

#[test]
fn other_names_do_as_well() {
    for body in [
        "欢迎来到顶峰云官网",
        "Formerly known as PEAK",
        "<meta property=og:site_name content='Acme Cloud'>",
        "<img alt='Acme Cloud'>",
        "<ul><li><a>Globex</a><a>Acme</a><a>Cloud</a></ul>",
    ] {
        assert_eq!(judge(SITE, &Ok(page(SITE, body)))[2].0, "passed", "{body}");
    }
    for body in [
        "Acme",
        "<script>var x = 'Acme Cloud'; // enough</script> Peaks",
        "<!-- Acme Cloud -->",
        "<style>.peak{}</style>",
    ] {
        assert_ne!(judge(SITE, &Ok(page(SITE, body)))[2].0, "passed", "{body}");
    }
}

#[test]
fn what_is_not_there_fails_and_what_may_be_there_is_unknown() {
    let long = format!("<title>x</title>{}", "nothing to see here ".repeat(30));
    assert_eq!(words(SITE, &Ok(page(SITE, &long))), "ppfffp");
    let cut = FetchedPage { cut: Some(Cut::Size), ..page(SITE, &long) };
    assert_eq!(words(SITE, &Ok(cut)), "ppuuup");
    let script = "<title>x</title><div id=root></div><script src=app.js></script>";
    let told = judge(SITE, &Ok(page(SITE, script)));
    assert_eq!(
        told[3],
        (
            "unknown",
            "Karmada isn't mentioned in what was read: the page is put together by JavaScript, which isn't run".into()
        )
    );
    let pdf = FetchedPage { content_type: Some("application/pdf".into()), ..page(SITE, "") };
    assert_eq!(words(SITE, &Ok(pdf)), "puuuuu");
}

#[test]
fn links_count_by_where_they_lead() {
    let links = |href: &str| judge(SITE, &Ok(page(SITE, &format!("<a href=\"{href}\">x</a>"))))[4].0;
    for href in [
        "https://karmada.io",
        "http://www.karmada.io/docs",
        "https://sub.karmada.io",
        "https://github.com/karmada-io",
        " https://GitHub.com/karmada-io/karmada ",
    ] {
        assert_eq!(links(href), "passed", "{href}");
    }
    for href in [
        "https://karmada.io.evil.example",
        "https://notkarmada.io",
        "https://github.com/karmada-io-fake",
        "https://evil.example/karmada.io",
        "/karmada.io",
        "javascript:'karmada.io'",
    ] {
        assert_eq!(links(href), "failed", "{href}");
    }
}

#[test]
fn failures_are_told_apart_from_what_could_not_be_known() {
    let reached = |fetched: &Result<FetchedPage, Failure>| {
        let told = judge(SITE, fetched);
        assert!(fetched.as_ref().is_ok_and(|p| p.status < 300) || told[1..].iter().all(|(word, _)| *word == "unknown"));
        told[0].0
    };
    for (status, word) in [(403, "unknown"), (404, "failed"), (429, "unknown"), (500, "failed"), (503, "unknown")] {
        assert_eq!(reached(&Ok(FetchedPage { status, ..page(SITE, GOOD) })), word, "{status}");
    }
    assert_eq!(reached(&Err(Failure::NoSuchHost("x".into()))), "failed");
    assert_eq!(reached(&Err(Failure::Certificate("expired".into()))), "failed");
    assert_eq!(reached(&Err(Failure::TooSlow(10))), "unknown");
    assert_eq!(reached(&Err(Failure::Unresolved("x".into()))), "unknown");
    let downgrade = Hop { status: 302, to: "http://www.acme.example/".into(), downgrade: true };
    assert_eq!(reached(&Ok(FetchedPage { hops: vec![downgrade], ..page(SITE, GOOD) })), "failed");
    assert_eq!(reached(&Ok(page("https://parking.example/karmada", GOOD))), "failed");
    assert_eq!(reached(&Ok(page("https://support.acme.example/karmada", GOOD))), "passed");
}

#[test]
fn home_pages_are_seen() {
    let home = "https://acme.example/";
    let long = "nothing to see here ".repeat(30);
    let told = |website: &str, address: &str, body: &str| judge(website, &Ok(page(address, body)))[5].clone();
    assert_eq!(told(home, home, &long).0, "failed");
    assert_eq!(told(home, home, "Karmada").0, "passed");
    assert_eq!(told(SITE, home, GOOD), ("failed", "it leads to the home page".into()));
    assert_eq!(told(home, "https://acme.example/en/", &long).0, "failed");
}

#[test]
fn hostile_pages_are_read_without_harm() {
    let title = format!("<title>\u{1b}[2J\u{202e}{}</title>", "a".repeat(5_000));
    let checks = checks(&subject(&format!("{ACME}website = \"{SITE}\"\n")), &Ok(page(SITE, &title)));
    let shown = checks[1].facts["title"].as_str().unwrap();
    assert!(shown.starts_with("<U+001B>[2J<U+202E>a") && shown.len() < 300, "{shown}");
    for body in [
        "<".repeat(100_000),
        "<a ".repeat(100_000),
        "<a href=".repeat(100_000),
        "&".repeat(100_000),
        "<a b=c ".repeat(50_000),
        "<title>".into(),
    ] {
        assert_eq!(judge(SITE, &Ok(page(SITE, &body))).len(), 6);
    }
}

#[test]
fn words_end_where_elements_do() {
    let karmada = |body: &str| judge(SITE, &Ok(page(SITE, body)))[3].0;
    assert_eq!(karmada("<nav><a>Volcano</a><a>Karmada</a><a>Istio</a></nav>"), "passed");
    assert_eq!(karmada("<p>Karmadanet</p>"), "failed");
    // What a script says isn't on the page.
    assert_eq!(karmada("<script src=x />Karmada</script>"), "unknown");
}

#[test]
fn a_page_put_together_in_the_browser_is_unknown() {
    let body = format!(
        "<title>{0}</title><meta name=description content='{0}'><div id=root></div><script src=app.js></script>",
        "We sell clouds of every kind. ".repeat(10)
    );
    assert_eq!(judge(SITE, &Ok(page(SITE, &body)))[3].0, "unknown");
}
