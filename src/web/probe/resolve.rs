//! Names into addresses, judged on the way. The connection is made to what this gives and to nothing else: between judging and
//! connecting no name is looked up again.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address;
use super::failure::Failure;
use crate::web;

/// How names are looked up, and what may come of it.
#[derive(Debug, Clone)]
pub(super) enum Resolver {
    /// As the system does; public addresses only.
    System,
    /// From a list; public addresses, and the one of the test's own server. Only tests can make this.
    #[cfg(test)]
    Listed(std::sync::Arc<super::tests::Names>),
}

impl Resolver {
    async fn look_up(&self, host: &str) -> Result<Vec<SocketAddr>, Failure> {
        match self {
            Self::System => match tokio::net::lookup_host((host, 0)).await {
                Ok(found) => Ok(found.collect()),
                Err(e) => Err(Failure::of_lookup(host, &e, web::ways::proxy())),
            },
            #[cfg(test)]
            Self::Listed(names) => names.look_up(host),
        }
    }

    /// Whether it is the test's own server.
    #[cfg_attr(not(test), expect(clippy::unused_self, reason = "only tests have a server"))]
    fn is_ours(&self, found: SocketAddr) -> bool {
        #[cfg(test)]
        if let Self::Listed(names) = self {
            return names.servers.contains(&found);
        }
        // A name server gives no ports; whatever comes with one isn't from there.
        debug_assert_eq!(found.port(), 0);
        false
    }

    /// All addresses of a host. One that isn't public is enough to leave it alone: who mixes them is up to something.
    async fn judged(&self, host: &str) -> Result<Vec<SocketAddr>, Failure> {
        let found = self.look_up(host).await?;
        for address in found.iter().filter(|a| !self.is_ours(**a)) {
            address::judge(address.ip()).map_err(|inner| Failure::NotPublic {
                host: host.to_owned(),
                address: address.ip(),
                inner,
            })?;
        }
        match found.is_empty() {
            true => Err(Failure::NoSuchHost(host.to_owned())),
            false => Ok(found),
        }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let judged = resolver.judged(name.as_str()).await?;
            Ok(Box::new(judged.into_iter()) as Addrs)
        })
    }
}
