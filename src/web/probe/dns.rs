//! Asks the machine's name servers. Packets are written and read by simple-dns; what is here is asking one server after
//! the other until one answers.

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use simple_dns::rdata::RData;
use simple_dns::{CLASS, Name, Packet, PacketFlag, Question, RCODE, TYPE, header_buffer};

use crate::web;

/// How often a question is sent to one server; packets get lost.
const SENDINGS: u32 = 2;

/// The machine's name servers, in its order.
pub fn name_servers() -> Result<Vec<SocketAddr>, String> {
    let found = configured().map_err(|e| tr!("names can't be looked up here: {why}", why = web::reason(&e)))?;
    match found.is_empty() {
        true => Err(tr!("names can't be looked up here: no name server is set").to_owned()),
        false => Ok(found.into_iter().map(|ip| SocketAddr::new(ip, 53)).collect()),
    }
}

#[cfg(not(windows))]
fn configured() -> io::Result<Vec<IpAddr>> {
    let text = std::fs::read("/etc/resolv.conf")?;
    // A line that can't be read is no reason to give up on the others.
    let (config, _) = resolv_conf::Config::parse_with_errors(&text);
    Ok(config.nameservers.iter().map(IpAddr::from).collect())
}

#[cfg(windows)]
fn configured() -> io::Result<Vec<IpAddr>> {
    let adapters = ipconfig::get_adapters().map_err(io::Error::other)?;
    let up = adapters.iter().filter(|adapter| adapter.oper_status() == ipconfig::OperStatus::IfOperStatusUp);
    // Windows lists site-local addresses where nothing is set; nobody answers there (RFC 3879).
    let useless = |ip: &IpAddr| matches!(ip, IpAddr::V6(ip) if ip.segments()[0] == 0xfec0);
    Ok(up.flat_map(ipconfig::Adapter::dns_servers).filter(|ip| !useless(ip)).copied().collect())
}

/// What the servers know of a name: the records of one kind, each read by `pick`. None if there is no such name, or
/// none of that kind. `name` is in ASCII.
pub fn ask<T>(
    servers: &[SocketAddr],
    name: &str,
    kind: TYPE,
    until: Instant,
    pick: impl Fn(&RData<'_>) -> Option<T>,
) -> Result<Vec<T>, String> {
    let mut id = [0; 2];
    getrandom::fill(&mut id).map_err(|e| web::reason(&e))?;
    let mut query = Packet::new_query(u16::from_be_bytes(id));
    query.set_flags(PacketFlag::RECURSION_DESIRED);
    let name = Name::new(name).map_err(|e| web::reason(&e))?;
    query.questions.push(Question::new(name, kind.into(), CLASS::IN.into(), false));
    let sent = query.build_bytes_vec().map_err(|e| web::reason(&e))?;
    let mut why = tr!("no name server answered").to_owned();
    for (number, server) in servers.iter().enumerate() {
        let left = until.saturating_duration_since(Instant::now());
        let share = left / u32::try_from(servers.len() - number).unwrap_or(1);
        if share.is_zero() {
            break;
        }
        let answer = match exchange(*server, &query, &sent, share) {
            Ok(answer) => answer,
            // Silence is what is told if no other server says more.
            Err(e) if matches!(e.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock) => continue,
            Err(e) => {
                why = web::reason(&e);
                continue;
            }
        };
        match Packet::parse(&answer) {
            Ok(answer) if matches!(answer.rcode(), RCODE::NoError | RCODE::NameError) => {
                return Ok(answer.answers.iter().filter_map(|record| pick(&record.rdata)).collect());
            }
            Ok(answer) => refusal(answer.rcode()).clone_into(&mut why),
            Err(e) => why = web::reason(&e),
        }
    }
    Err(why)
}

/// What a name server does that doesn't answer.
fn refusal(code: RCODE) -> &'static str {
    match code {
        RCODE::ServerFailure => tr!("the name server failed itself (SERVFAIL)"),
        RCODE::Refused => tr!("the name server refuses to answer (REFUSED)"),
        RCODE::FormatError => tr!("the name server doesn't understand the question (FORMERR)"),
        RCODE::NotImplemented => tr!("the name server doesn't know such questions (NOTIMP)"),
        _ => tr!("the name server answers with an error"),
    }
}

/// Sends the question by UDP, and by TCP if the answer is too long for that.
fn exchange(server: SocketAddr, query: &Packet<'_>, sent: &[u8], within: Duration) -> io::Result<Vec<u8>> {
    let until = Instant::now() + within;
    let any = match server {
        SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    // A port that the system picks at random, and answers from that server alone.
    let socket = UdpSocket::bind((any, 0))?;
    socket.connect(server)?;
    let mut buffer = [0; 4096];
    for sending in 0..SENDINGS {
        socket.send(sent)?;
        let next = Instant::now() + left(until)? / (SENDINGS - sending);
        while let Ok(wait) = left(next) {
            socket.set_read_timeout(Some(wait))?;
            let size = match socket.recv(&mut buffer) {
                Ok(size) => size,
                Err(e) if matches!(e.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock) => break,
                Err(e) => return Err(e),
            };
            let answer = &buffer[..size];
            // A packet may be cut anywhere, so that it can't be read.
            if header_buffer::id(answer) == Ok(query.id()) && flagged(answer, PacketFlag::TRUNCATION) {
                return by_tcp(server, query, sent, until);
            }
            // What isn't to be read, or answers something else, may have been sent by somebody else.
            if answers(answer, query) {
                return Ok(answer.to_vec());
            }
        }
    }
    Err(io::ErrorKind::TimedOut.into())
}

fn by_tcp(server: SocketAddr, query: &Packet<'_>, sent: &[u8], until: Instant) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(&server, left(until)?)?;
    stream.set_write_timeout(Some(left(until)?))?;
    let length = u16::try_from(sent.len()).map_err(io::Error::other)?;
    stream.write_all(&[&length.to_be_bytes(), sent].concat())?;
    let mut length = [0; 2];
    stream.set_read_timeout(Some(left(until)?))?;
    stream.read_exact(&mut length)?;
    let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
    let mut known = 0;
    // Each read is bounded, so that slow drops don't go on for ever.
    while known < answer.len() {
        stream.set_read_timeout(Some(left(until)?))?;
        match stream.read(&mut answer[known..])? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            more => known += more,
        }
    }
    match answers(&answer, query) {
        true => Ok(answer),
        false => Err(io::Error::other("the name server's answer can't be read")),
    }
}

/// What is left until then; an error once nothing is.
fn left(until: Instant) -> io::Result<Duration> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}

/// Is it an answer to this question?
fn answers(answer: &[u8], query: &Packet<'_>) -> bool {
    let Ok(answer) = Packet::parse(answer) else { return false };
    let same = |one: &Question<'_>, other: &Question<'_>| one.qname == other.qname && one.qtype == other.qtype;
    let repeated = match answer.questions.as_slice() {
        // A server that refuses or can't read the question need not repeat it.
        [] => answer.rcode() != RCODE::NoError,
        [one] => query.questions.iter().all(|asked| same(asked, one)),
        _ => false,
    };
    repeated && answer.id() == query.id() && answer.has_flags(PacketFlag::RESPONSE)
}

fn flagged(packet: &[u8], flag: PacketFlag) -> bool {
    header_buffer::has_flags(packet, PacketFlag::RESPONSE | flag).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use simple_dns::ResourceRecord;
    use simple_dns::rdata::A;

    use super::*;

    fn addresses(servers: &[SocketAddr]) -> Result<Vec<u32>, String> {
        let until = Instant::now() + Duration::from_secs(3);
        ask(servers, "acme.example", TYPE::A, until, |record| match record {
            RData::A(a) => Some(a.address),
            _ => None,
        })
    }

    /// A server on the same port by UDP and TCP; `answer` is given what was asked, and whether it was by TCP.
    fn server(answer: impl Fn(Packet<'_>, bool) -> Vec<Vec<u8>> + Send + Sync + 'static) -> SocketAddr {
        let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = tcp.local_addr().unwrap();
        let udp = UdpSocket::bind(at).unwrap();
        let answer = std::sync::Arc::new(answer);
        let again = answer.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok((size, from)) = udp.recv_from(&mut buffer) {
                for packet in answer(Packet::parse(&buffer[..size]).unwrap(), false) {
                    udp.send_to(&packet, from).unwrap();
                }
            }
        });
        std::thread::spawn(move || {
            while let Ok((mut stream, _)) = tcp.accept() {
                let mut buffer = [0; 4096];
                let size = stream.read(&mut buffer).unwrap();
                for packet in again(Packet::parse(&buffer[2..size]).unwrap(), true) {
                    stream.write_all(&u16::try_from(packet.len()).unwrap().to_be_bytes()).unwrap();
                    stream.write_all(&packet).unwrap();
                }
            }
        });
        at
    }

    fn found(query: Packet<'_>, address: u32) -> Packet<'_> {
        let mut answer = query.into_reply();
        let name = answer.questions[0].qname.clone();
        answer.answers.push(ResourceRecord::new(name, CLASS::IN, 60, RData::A(A { address })));
        answer
    }

    #[test]
    fn what_is_too_long_comes_by_tcp() {
        let at = server(|query, tcp| {
            let mut answer = found(query, 7).build_bytes_vec().unwrap();
            if !tcp {
                answer[2] |= 2;
                answer.truncate(40);
            }
            vec![answer]
        });
        assert_eq!(addresses(&[at]), Ok(vec![7]));
    }

    #[test]
    fn answers_to_other_questions_are_passed_over() {
        let at = server(|query, _| {
            let mut other = found(query.clone(), 1);
            other.set_id(query.id().wrapping_add(1));
            let mut asked = found(query.clone(), 2);
            asked.questions[0].qname = Name::new_unchecked("other.example");
            let right = found(query, 3);
            let packets = [&other, &asked, &right].map(|packet| packet.build_bytes_vec().unwrap());
            [vec![b"nonsense".to_vec()], packets.to_vec()].concat()
        });
        assert_eq!(addresses(&[at]), Ok(vec![3]));
    }

    #[test]
    fn another_server_is_asked_where_one_is_silent_or_fails() {
        let silent = server(|_, _| Vec::new());
        let failing = server(|query, _| {
            let mut answer = query.into_reply();
            *answer.rcode_mut() = RCODE::Refused;
            answer.questions.clear();
            vec![answer.build_bytes_vec().unwrap()]
        });
        let knows = server(|query, _| vec![found(query, 9).build_bytes_vec().unwrap()]);
        assert_eq!(addresses(&[silent, failing, knows]), Ok(vec![9]));
        assert_eq!(addresses(&[silent]), Err("no name server answered".to_owned()));
        assert_eq!(addresses(&[failing]), Err("the name server refuses to answer (REFUSED)".to_owned()));
    }
}
