//! Is it a page about what is offered, or just somebody's home page?

use url::Url;

use super::seen::Seen;
use super::{Check, Id, Outcome, Subject};

pub(super) fn check(subject: &Subject, seen: &Seen<'_>) -> Check {
    let asked = Url::parse(subject.record.website.as_str()).is_ok_and(|url| is_home(&url));
    let outcome = match (asked, is_home(&seen.page.address)) {
        (_, false) => Outcome::Passed,
        // What isn't there any more is often answered so.
        (false, true) => Outcome::Failed(tr!("it leads to the home page").into()),
        // A home page that speaks of Karmada does.
        (true, true) if seen.reading.words.count("karmada") > 0 => Outcome::Passed,
        (true, true) => seen.missing(tr!("it is a home page, and Karmada isn't mentioned")),
    };
    Check::new(Id::SitePage, outcome).fact("path", seen.page.address.path())
}

/// Whether an address is a site's first page, in whatever language.
fn is_home(url: &Url) -> bool {
    let mut path = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty());
    let (first, more) = (path.next().unwrap_or_default().to_ascii_lowercase(), path.next().is_some());
    let is_index = first.split('.').next() == Some("index") || first.split('.').next() == Some("home");
    let known = |word: &str| {
        matches!(word, "en" | "zh" | "cn" | "de" | "fr" | "es" | "it" | "ja" | "ko" | "pt" | "ru" | "nl" | "pl" | "tr")
    };
    let is_language = match first.split_once(['-', '_']) {
        Some((language, place)) => known(language) && (place.len() == 2 || matches!(place, "hans" | "hant")),
        None => known(&first),
    };
    // Pages that are told apart by a query or a fragment only.
    let has_more = more || url.query().is_some() || url.fragment().is_some_and(|f| f.len() > 1);
    !has_more && (first.is_empty() || is_index || is_language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_pages_are_known() {
        let home = |path: &str| is_home(&Url::parse(&format!("https://acme.example{path}")).unwrap());
        for path in ["", "/", "/#", "/index.html", "/en/", "/zh-cn", "/zh-hans/", "/home"] {
            assert!(home(path), "{path}");
        }
        for path in [
            "/karmada",
            "/en/karmada",
            "/?p=12",
            "/#/karmada",
            "/support/",
            "/indexes/",
            "/products",
            "/my-blog",
            "/ai-labs",
        ] {
            assert!(!home(path), "{path}");
        }
    }
}
