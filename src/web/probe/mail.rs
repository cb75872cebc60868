//! The servers that take a domain's mail. Only names are looked up; nobody is written to.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use simple_dns::TYPE;
use simple_dns::rdata::RData;

use super::{dns, witness};
use crate::domain::text;

/// The servers for a host, the preferred one first; none if it takes no mail. Otherwise why that couldn't be known.
pub fn servers(host: &str, within: Duration) -> Result<Vec<String>, String> {
    look_up(&dns::name_servers()?, host, &witness::HOSTS, Instant::now() + within)
}

fn look_up(at: &[SocketAddr], host: &str, witnesses: &[&str], until: Instant) -> Result<Vec<String>, String> {
    let Ok(url::Host::Domain(name)) = url::Host::parse(host) else {
        return Err(tr!("{host} isn't a name", host = text::visible(host)));
    };
    let cant = |why: String| tr!("names can't be looked up: {why}", why);
    let mut servers = dns::ask(at, &name, TYPE::MX, until, |record| match record {
        RData::MX(mx) => Some((mx.preference, text::visible(&mx.exchange.to_string()))),
        _ => None,
    })
    .map_err(cant)?;
    if servers.is_empty() {
        // Without such a record it is the host itself (RFC 5321, 5.1).
        if has_address(at, &name, until).map_err(cant)? {
            return Ok(vec![host.to_owned()]);
        }
        // Name servers that know none of these know nothing of any other: so it is in networks that lead nowhere.
        for witness in witnesses {
            if has_address(at, witness, until).map_err(cant)? {
                return Ok(Vec::new());
            }
        }
        return Err(tr!("the name servers know no other host either, so it may be this machine").into());
    }
    servers.sort();
    let shown = |name: String| if name.is_empty() { ".".to_owned() } else { name };
    Ok(servers.into_iter().map(|(_, name)| shown(name)).collect())
}

/// Whether a host has an address.
fn has_address(at: &[SocketAddr], name: &str, until: Instant) -> Result<bool, String> {
    for kind in [TYPE::A, TYPE::AAAA] {
        let address = |record: &RData<'_>| matches!(record, RData::A(_) | RData::AAAA(_)).then_some(());
        if !dns::ask(at, name, kind, until, address)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use std::net::UdpSocket;

    use simple_dns::rdata::{A, MX};
    use simple_dns::{CLASS, Name, Packet, QTYPE, RCODE, ResourceRecord};

    use super::*;

    /// A name server that knows what the tests need, on its own port.
    fn name_server() -> SocketAddr {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let at = socket.local_addr().unwrap();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok((size, from)) = socket.recv_from(&mut buffer) {
                let mut answer = Packet::parse(&buffer[..size]).unwrap().into_reply();
                let name = answer.questions[0].qname.clone();
                let QTYPE::TYPE(kind) = answer.questions[0].qtype else { panic!("no such question is asked") };
                let record = |data| ResourceRecord::new(name.clone(), CLASS::IN, 60, data);
                let mx = |preference, host| record(RData::MX(MX { preference, exchange: Name::new_unchecked(host) }));
                match (name.to_string().as_str(), kind) {
                    ("acme.example", TYPE::MX) => {
                        answer.answers = vec![mx(20, "second.acme.example"), mx(10, "first.acme.example")];
                    }
                    ("nomail.example", TYPE::MX) => answer.answers = vec![mx(0, ".")],
                    ("xn--bcher-kva.example", TYPE::MX) => answer.answers = vec![mx(0, "mail.example")],
                    ("plain.example", TYPE::A) => answer.answers = vec![record(RData::A(A { address: 0xc000_0201 }))],
                    ("plain.example" | "empty.example", _) => {}
                    ("broken.example", _) => *answer.rcode_mut() = RCODE::ServerFailure,
                    _ => *answer.rcode_mut() = RCODE::NameError,
                }
                socket.send_to(&answer.build_bytes_vec_compressed().unwrap(), from).unwrap();
            }
        });
        at
    }

    #[test]
    fn servers_are_known_missing_or_unknown() {
        let at = [name_server()];
        let in_time = || Instant::now() + Duration::from_secs(5);
        let look_up = |host: &str| look_up(&at, host, &["gone.example", "plain.example"], in_time());
        let known = |names: &[&str]| Ok(names.iter().map(|n| (*n).to_owned()).collect());
        assert_eq!(look_up("acme.example"), known(&["first.acme.example", "second.acme.example"]));
        assert_eq!(look_up("bücher.example"), known(&["mail.example"]));
        assert_eq!(look_up("plain.example"), known(&["plain.example"]));
        assert_eq!(look_up("nomail.example"), known(&["."]));
        assert_eq!(look_up("gone.example"), known(&[]));
        assert_eq!(look_up("empty.example"), known(&[]));
        assert!(look_up("broken.example").unwrap_err().starts_with("names can't be looked up"));
        assert_eq!(look_up("192.0.2.1"), Err("192.0.2.1 isn't a name".to_owned()));
    }

    /// As name servers do in a network that is cut off from all others.
    #[test]
    fn who_knows_nobody_says_nothing_of_anybody() {
        let at = [name_server()];
        let look_up =
            |host: &str| super::look_up(&at, host, &["gone.example"], Instant::now() + Duration::from_secs(5));
        for host in ["other.example", "empty.example"] {
            assert!(look_up(host).unwrap_err().ends_with("so it may be this machine"), "{host}");
        }
        // What is known is known.
        assert_eq!(look_up("nomail.example"), Ok(vec![".".to_owned()]));
        assert_eq!(look_up("plain.example"), Ok(vec!["plain.example".to_owned()]));
    }
}
