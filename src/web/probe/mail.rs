//! The servers that take a domain's mail. Only names are looked up; nobody is written to.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use simple_dns::TYPE;
use simple_dns::rdata::RData;

use super::dns;
use crate::domain::text;

/// The servers for a host, the preferred one first; none if it takes no mail. Otherwise why that couldn't be known.
pub fn servers(host: &str, within: Duration) -> Result<Vec<String>, String> {
    look_up(&dns::name_servers()?, host, Instant::now() + within)
}

fn look_up(at: &[SocketAddr], host: &str, until: Instant) -> Result<Vec<String>, String> {
    let Ok(url::Host::Domain(name)) = url::Host::parse(host) else {
        return Err(format!("{} isn't a name", text::visible(host)));
    };
    let cant = |why: String| format!("names can't be looked up: {why}");
    let mut servers = dns::ask(at, &name, TYPE::MX, until, |record| match record {
        RData::MX(mx) => Some((mx.preference, text::visible(&mx.exchange.to_string()))),
        _ => None,
    })
    .map_err(cant)?;
    if servers.is_empty() {
        // Without such a record it is the host itself (RFC 5321, 5.1).
        for kind in [TYPE::A, TYPE::AAAA] {
            let address = |record: &RData<'_>| matches!(record, RData::A(_) | RData::AAAA(_)).then_some(());
            if !dns::ask(at, &name, kind, until, address).map_err(cant)?.is_empty() {
                return Ok(vec![host.to_owned()]);
            }
        }
        return Ok(Vec::new());
    }
    servers.sort();
    let shown = |name: String| if name.is_empty() { ".".to_owned() } else { name };
    Ok(servers.into_iter().map(|(_, name)| shown(name)).collect())
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
        let look_up = |host: &str| look_up(&at, host, Instant::now() + Duration::from_secs(5));
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
}
