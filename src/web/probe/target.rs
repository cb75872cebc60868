//! Addresses before anything is sent: which of them are asked at all.

use std::net::IpAddr;

use url::{Host, Url};

use super::address;
use super::failure::Failure;
use crate::domain::{hosts, text};

/// Reads an address and judges what can be judged without looking up its name.
pub(super) fn read(address: &str) -> Result<Url, Failure> {
    // What reads it would take the path's first part for one.
    let behind = ["http", "https"]
        .iter()
        .find(|scheme| text::has_scheme(address, scheme))
        .map(|scheme| &address[scheme.len() + 3..]);
    if behind.is_some_and(|behind| behind.is_empty() || behind.starts_with(['/', '?', '#'])) {
        return Err(Failure::NoAddress(tr!("it has no host").to_owned()));
    }
    let url = Url::parse(address).map_err(|e| Failure::NoAddress(e.to_string()))?;
    judge(&url)?;
    Ok(url)
}

pub(super) fn judge(url: &Url) -> Result<(), Failure> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Failure::Scheme(text::visible(url.scheme())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Failure::Credentials);
    }
    match url.port_or_known_default() {
        Some(80 | 443) => {}
        other => return Err(Failure::Port(other.unwrap_or(0))),
    }
    match url.host() {
        None => Err(Failure::NoAddress(tr!("it has no host").to_owned())),
        // The parser has made one address of decimal, octal and hexadecimal spellings.
        Some(Host::Ipv4(ip)) => public(ip.into(), url),
        Some(Host::Ipv6(ip)) => public(ip.into(), url),
        Some(Host::Domain(name)) => outer(name),
    }
}

fn public(ip: IpAddr, url: &Url) -> Result<(), Failure> {
    let host = url.host_str().unwrap_or_default().to_owned();
    address::judge(ip).map_err(|inner| Failure::NotPublic { host, address: ip, inner })
}

/// Names that no public server has. They would be seen through after look-up; behind a proxy nobody here looks them up.
fn outer(name: &str) -> Result<(), Failure> {
    match hosts::is_inner(name) {
        true => Err(Failure::InnerName(text::visible(name))),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_addresses_pass() {
        for address in [
            "https://acme.example/karmada",
            "http://acme.example:80/",
            "http://acme.example:443/",
            "https://acme.example.",
            "https://华为.example/",
            "https://8.8.8.8/",
            "https://[2606:4700:4700::1111]/",
        ] {
            assert_eq!(read(address).err(), None, "{address}");
        }
    }

    #[test]
    fn hosts_in_disguise_are_seen_through() {
        for address in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0x7f000001/",
            "http://0177.0.0.01/",
            "http://127.1/",
            "http://127.0.0.1./",
            "http://1２7.0.0.1/",
            "http://①②⑦.0.0.1/",
            "http://%31%32%37.0.0.1/",
            "http://2852039166/latest/meta-data/",
            "http://169.254.169.254/latest/meta-data/",
            "http://0/",
            "http://10.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[::127.0.0.1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[fd00:ec2::254]/",
            "http://[fe80::1]/",
        ] {
            assert!(matches!(read(address), Err(Failure::NotPublic { .. })), "{address}: {:?}", read(address));
        }
        for address in [
            "http://localhost/",
            "http://localhost./",
            "http://LOCALHOST/",
            "http://foo.localhost/",
            "http://foo.localhost./",
            "http://metadata.google.internal/",
            "http://printer.local/",
            "http://router/",
            "http://1.0.0.127.in-addr.arpa/",
        ] {
            assert!(matches!(read(address), Err(Failure::InnerName(_))), "{address}: {:?}", read(address));
        }
    }

    #[test]
    fn other_schemes_ports_and_credentials_are_refused() {
        for (address, why) in [
            ("ftp://acme.example/", Failure::Scheme("ftp".into())),
            ("file:///etc/passwd", Failure::Scheme("file".into())),
            ("javascript:alert(1)", Failure::Scheme("javascript".into())),
            ("data:text/html,hello", Failure::Scheme("data".into())),
            ("gopher://acme.example/", Failure::Scheme("gopher".into())),
            ("http://acme.example:22/", Failure::Port(22)),
            ("https://acme.example:8443/", Failure::Port(8443)),
            ("http://acme.example:0/", Failure::Port(0)),
            ("https://user@acme.example/", Failure::Credentials),
            ("https://:secret@acme.example/", Failure::Credentials),
            ("https:///acme.example/", Failure::NoAddress("it has no host".into())),
        ] {
            assert_eq!(read(address).err(), Some(why), "{address}");
        }
        for address in
            ["", "acme", "//acme.example", "http://", "http://[::1", "http://1.2.3.4.5/", "http://256.1.1.1/"]
        {
            assert!(matches!(read(address), Err(Failure::NoAddress(_))), "{address}: {:?}", read(address));
        }
    }
}
