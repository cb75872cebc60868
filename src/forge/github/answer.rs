//! What GitHub answers, read as far as every answer is alike.

use http::{HeaderMap, StatusCode};

/// An answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// Whether its headers say that another page follows; `None` where they say nothing of pages.
    #[must_use]
    pub fn has_next(&self) -> Option<bool> {
        let said: Vec<_> =
            self.headers.get_all(http::header::LINK).iter().filter_map(|value| value.to_str().ok()).collect();
        let links = said.iter().flat_map(|value| value.split('<').skip(1)).filter_map(|link| link.split_once('>'));
        let mut relations = links.flat_map(|(_, about)| about.split([';', ','])).filter_map(|part| {
            let (name, value) = part.split_once('=')?;
            name.trim().eq_ignore_ascii_case("rel").then(|| value.trim().trim_matches('"'))
        });
        let is_next = |value: &str| value.split_whitespace().any(|word| word.eq_ignore_ascii_case("next"));
        (!said.is_empty()).then(|| relations.any(is_next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_page_follows_where_a_link_says_so() {
        let says = |links: &[&str]| {
            let mut headers = HeaderMap::new();
            for link in links {
                headers.append("link", link.parse().unwrap());
            }
            Answer { status: StatusCode::OK, headers, body: Vec::new() }.has_next()
        };
        let to = |relation: &str| format!("<https://api.example/x?a=1,2&page=2>; {relation}");
        assert_eq!(says(&[]), None);
        assert_eq!(says(&[&to("rel=\"prev\""), &to("rel=\"first\"")]), Some(false));
        for one in ["rel=\"next\"", "rel=next", "title=\"x\"; Rel=\"last NEXT\""] {
            assert_eq!(says(&[&to(one)]), Some(true), "{one}");
        }
        assert_eq!(says(&[&format!("{}, {}", to("rel=\"prev\""), to("rel=\"next\""))]), Some(true));
        assert_eq!(says(&["<https://api.example/?rel=\"next\">; rel=\"prev\""]), Some(false));
    }
}
