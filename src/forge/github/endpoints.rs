//! Where GitHub is: its API, its GraphQL, its git.

use url::Url;

use crate::domain::program::github::RepoName;
use crate::domain::text;
use crate::error::{Error, Result};

#[derive(Debug, Clone)]
pub struct Endpoints {
    /// Of the REST API, without a slash at its end.
    pub rest: String,
    pub graphql: String,
    /// Of the pages for people and of git, without a slash at its end.
    pub web: String,
    /// The host that tokens are kept for.
    pub host: String,
}

impl Endpoints {
    /// Whether nothing names another server.
    #[must_use]
    pub fn is_github_com(&self) -> bool {
        self.rest == Self::github_com().rest
    }

    /// Those of github.com, or of the Enterprise server that `GITHUB_API_URL` names. A token never travels in the clear,
    /// except to this very machine.
    pub fn of(api: Option<&str>) -> Result<Self> {
        let Some(api) = api else { return Ok(Self::github_com()) };
        let wrong = |why: &str| {
            // Without what may be a password in it.
            Error::usage(tr!("GITHUB_API_URL {api}: {why}", why, api = text::quote(text::past_user(api))))
                .hint(tr!("for GitHub Enterprise, set it to https://HOST/api/v3"))
        };
        let url = Url::parse(api).map_err(|e| wrong(&e.to_string()))?;
        let host = url.host_str().ok_or_else(|| wrong(tr!("it names no host")))?;
        let loopback = match url.host() {
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            _ => host == "localhost",
        };
        if url.scheme() != "https" && !(url.scheme() == "http" && loopback) {
            return Err(wrong(tr!("it isn't https")));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong(tr!("it carries a name or a password")));
        }
        if host == "api.github.com" {
            return Ok(Self::github_com());
        }
        if let Some(tenant) = host.strip_prefix("api.").filter(|h| h.ends_with(".ghe.com")) {
            let rest = format!("https://{host}");
            let (graphql, web) = (format!("{rest}/graphql"), format!("https://{tenant}"));
            return Ok(Self { rest, graphql, web, host: tenant.to_owned() });
        }
        let authority = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        let origin = format!("{}://{authority}", url.scheme());
        let rest = format!("{origin}{}", url.path().trim_end_matches('/'));
        let graphql = match rest.strip_suffix("/v3") {
            Some(api) => format!("{api}/graphql"),
            None => format!("{rest}/graphql"),
        };
        Ok(Self { rest, graphql, web: origin, host: authority })
    }

    fn github_com() -> Self {
        Self {
            rest: "https://api.github.com".into(),
            graphql: "https://api.github.com/graphql".into(),
            web: "https://github.com".into(),
            host: "github.com".into(),
        }
    }

    /// The address that git reaches a repository by.
    #[must_use]
    pub fn git(&self, repository: &RepoName) -> String {
        format!("{}/{repository}.git", self.web)
    }

    /// The addresses that people clone it by: whichever of them their settings are for.
    #[must_use]
    pub(crate) fn addresses(&self, repository: &RepoName) -> Vec<String> {
        vec![self.git(repository), format!("git@{}:{repository}.git", self.host)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_follow_from_the_api() {
        let of = |api| Endpoints::of(Some(api)).map(|e| (e.rest, e.graphql, e.web));
        let enterprise = of("https://ghe.example/api/v3/").unwrap();
        assert_eq!(enterprise.1, "https://ghe.example/api/graphql");
        assert_eq!(
            (enterprise.0.as_str(), enterprise.2.as_str()),
            ("https://ghe.example/api/v3", "https://ghe.example")
        );
        assert_eq!(of("https://api.corp.ghe.com").unwrap().2, "https://corp.ghe.com");
        assert_eq!(of("https://api.github.com").unwrap().2, "https://github.com");
        assert_eq!(of("http://127.0.0.1:80/api/v3").unwrap().1, "http://127.0.0.1/api/graphql");
        for bad in
            ["http://ghe.example/api/v3", "ftp://x", "x", "https://u:p@ghe.example", "http://127.0.0.1.evil.example"]
        {
            assert!(of(bad).is_err(), "{bad}");
        }
    }
}
