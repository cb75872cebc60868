//! The servers that take a domain's mail. Only names are looked up; nobody is written to.

use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::proto::rr::{Name, RData};

use crate::domain::text;
use crate::web;

/// The servers for a host, the preferred one first; none if it takes no mail. Otherwise why that couldn't be known.
pub fn servers(host: &str, within: Duration) -> Result<Vec<String>, String> {
    let resolver = TokioResolver::builder_tokio().and_then(|mut builder| {
        builder.options_mut().attempts = 1;
        builder.build()
    });
    let resolver = resolver.map_err(|e| format!("names can't be looked up here: {}", web::reason(&e)))?;
    let asked = web::wait(async { Ok(tokio::time::timeout(within, ask(&resolver, host)).await) });
    match asked {
        Ok(Ok(found)) => found,
        Ok(Err(_)) => Err(format!("no name server answered within {} s", within.as_secs())),
        Err(e) => Err(e.message),
    }
}

async fn ask(resolver: &TokioResolver, host: &str) -> Result<Vec<String>, String> {
    let mut name = Name::from_utf8(host).map_err(|e| format!("{} isn't a name: {e}", text::visible(host)))?;
    // As it is, and in no domain of our own.
    name.set_fqdn(true);
    let mut servers: Vec<(u16, String)> = match resolver.mx_lookup(name.clone()).await {
        Ok(found) => found
            .answers()
            .iter()
            .filter_map(|record| match &record.data {
                RData::MX(mx) => Some((mx.preference, text::visible(&mx.exchange.to_utf8()))),
                _ => None,
            })
            .collect(),
        Err(e) if e.is_no_records_found() => Vec::new(),
        Err(e) => return Err(format!("names can't be looked up: {}", web::reason(&e))),
    };
    if servers.is_empty() {
        // Without such a record it is the host itself (RFC 5321, 5.1).
        return match resolver.lookup_ip(name).await {
            Ok(_) => Ok(vec![host.to_owned()]),
            Err(e) if e.is_no_records_found() => Ok(Vec::new()),
            Err(e) => Err(format!("names can't be looked up: {}", web::reason(&e))),
        };
    }
    servers.sort();
    let shown = |name: String| if name == "." { name } else { name.trim_end_matches('.').to_owned() };
    Ok(servers.into_iter().map(|(_, name)| shown(name)).collect())
}

#[cfg(test)]
mod tests {
    use std::net::UdpSocket;

    use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
    use hickory_resolver::net::runtime::TokioRuntimeProvider;
    use hickory_resolver::proto::op::{Message, ResponseCode};
    use hickory_resolver::proto::rr::rdata::{A, MX};
    use hickory_resolver::proto::rr::{Record, RecordType};

    use super::*;

    /// A name server that knows what the tests need, on its own port.
    fn name_server() -> u16 {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok((size, from)) = socket.recv_from(&mut buffer) {
                let asked = Message::from_vec(&buffer[..size]).unwrap();
                let mut answer = Message::response(asked.metadata.id, asked.metadata.op_code);
                let query = asked.queries[0].clone();
                let (name, kind) = (query.name().clone(), query.query_type());
                let mx = |preference, host: &str| {
                    let data = MX::new(preference, Name::from_utf8(host).unwrap());
                    Record::from_rdata(name.clone(), 60, RData::MX(data))
                };
                match (name.to_utf8().as_str(), kind) {
                    ("acme.example.", RecordType::MX) => {
                        answer.add_answer(mx(20, "second.acme.example."));
                        answer.add_answer(mx(10, "first.acme.example."));
                    }
                    ("nomail.example.", RecordType::MX) => drop(answer.add_answer(mx(0, "."))),
                    ("plain.example.", RecordType::A) => {
                        let address = RData::A(A::new(192, 0, 2, 1));
                        answer.add_answer(Record::from_rdata(name, 60, address));
                    }
                    ("plain.example.", _) => {}
                    ("broken.example.", _) => answer.metadata.response_code = ResponseCode::ServFail,
                    _ => answer.metadata.response_code = ResponseCode::NXDomain,
                }
                answer.add_query(query);
                socket.send_to(&answer.to_vec().unwrap(), from).unwrap();
            }
        });
        port
    }

    #[test]
    fn servers_are_known_missing_or_unknown() {
        let mut at = ConnectionConfig::udp();
        at.port = name_server();
        let server = NameServerConfig::new("127.0.0.1".parse().unwrap(), true, vec![at]);
        let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
        let look_up = |host: &str| {
            let builder = TokioResolver::builder_with_config(config.clone(), TokioRuntimeProvider::default());
            web::wait(async { Ok(ask(&builder.build().unwrap(), host).await) }).unwrap()
        };
        let known = |names: &[&str]| Ok(names.iter().map(|n| (*n).to_owned()).collect());
        assert_eq!(look_up("acme.example"), known(&["first.acme.example", "second.acme.example"]));
        assert_eq!(look_up("plain.example"), known(&["plain.example"]));
        assert_eq!(look_up("nomail.example"), known(&["."]));
        assert_eq!(look_up("gone.example"), known(&[]));
        assert!(look_up("broken.example").unwrap_err().starts_with("names can't be looked up"));
    }
}
