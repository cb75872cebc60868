//! Does the page link to the project?

use url::Url;

use super::seen::Seen;
use super::{Check, Id, Outcome};

pub(super) fn check(seen: &Seen<'_>) -> Check {
    let found = seen.reading.targets(&seen.page.address).find(is_ours);
    let outcome = match found {
        None => seen.missing(tr!("no link to karmada.io or github.com/karmada-io")),
        Some(_) => Outcome::Passed,
    };
    Check::new(Id::SiteLink, outcome).fact("link", found.map(String::from))
}

/// Whether an address is the project's.
fn is_ours(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    let first = url.path_segments().and_then(|mut path| path.next()).unwrap_or_default();
    match host.strip_prefix("www.").unwrap_or(host) {
        "karmada.io" => true,
        "github.com" => first.eq_ignore_ascii_case("karmada-io"),
        host => host.ends_with(".karmada.io"),
    }
}
