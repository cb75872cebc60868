//! A server that does what hostile ones do, on the loopback; and the only way to a prober that may ask it.

use std::collections::{HashMap, VecDeque};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::*;

/// Names for tests: each gives its answers in turn, and the last one ever after.
#[derive(Debug, Default)]
pub(crate) struct Names {
    list: Mutex<HashMap<String, VecDeque<Vec<SocketAddr>>>>,
    /// What is allowed besides public addresses.
    pub(super) servers: Vec<SocketAddr>,
    asked: AtomicUsize,
}

impl Names {
    pub(super) fn look_up(&self, host: &str) -> Result<Vec<SocketAddr>, Failure> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut list = self.list.lock().unwrap();
        let answers = list.get_mut(host).ok_or_else(|| Failure::NoSuchHost(host.to_owned()))?;
        Ok(if answers.len() > 1 { answers.pop_front().unwrap() } else { answers[0].clone() })
    }
}

/// A prober for which these names lead to these servers of the test's own.
pub(crate) fn prober(servers: &[(&str, SocketAddr)]) -> Prober {
    let mut names = Names::default();
    for (name, server) in servers {
        names.list.lock().unwrap().insert((*name).to_owned(), [vec![*server]].into());
        names.servers.push(*server);
    }
    with(names, plain)
}

fn with(
    names: impl Into<Arc<Names>>,
    client: impl Fn(&Resolver) -> Result<ClientBuilder, crate::error::Error>,
) -> Prober {
    let resolver = Resolver::Listed(names.into());
    Prober { direct: client(&resolver).unwrap().build().unwrap(), proxies: None, longest: Duration::from_secs(60) }
}

fn fetch(prober: &Prober, address: &str) -> Result<FetchedPage, Failure> {
    crate::web::runtime().unwrap().block_on(prober.fetch(address))
}

/// A server; `answer` is given the request's head and writes what it likes.
pub(crate) fn serve(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, answer) = (stream.unwrap(), answer.clone());
            std::thread::spawn(move || {
                let head = head(&mut stream);
                answer(&head, &mut stream);
            });
        }
    });
    address
}

fn head(stream: &mut impl Read) -> String {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
        head.push(byte[0]);
    }
    String::from_utf8_lossy(&head).into_owned()
}

pub(crate) fn ok(headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn moved(to: &str) -> Vec<u8> {
    let head = "HTTP/1.1 302 Found\r\nconnection: close\r\ncontent-length: 0\r\nset-cookie: a=b; Path=/\r\n";
    format!("{head}location: {to}\r\n\r\n").into_bytes()
}

fn always(answer: Vec<u8>) -> SocketAddr {
    serve(move |_, stream| drop(stream.write_all(&answer)))
}

#[test]
fn a_page_is_fetched_without_cookies_or_credentials() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hear = heard.clone();
    let server = serve(move |head, stream| {
        hear.lock().unwrap().push(head.to_lowercase());
        let gbk = [0xbb, 0xaa, 0xce, 0xaa];
        let answer = if head.starts_with("GET /a ") {
            moved("/b?c#d")
        } else {
            ok("content-type: text/html; charset=gbk\r\n", &gbk)
        };
        let _ = stream.write_all(&answer);
    });
    let page = fetch(&prober(&[("acme.test", server)]), "http://acme.test/a").unwrap();
    assert_eq!((page.status, page.body.as_str(), page.cut), (200, "华为", None));
    assert_eq!(page.address.as_str(), "http://acme.test/b?c#d");
    assert_eq!(page.content_type.as_deref(), Some("text/html; charset=gbk"));
    assert_eq!(page.hops, [Hop { status: 302, to: "http://acme.test/b?c#d".into(), downgrade: false }]);
    assert_eq!((page.proxy, page.certificate), (None, None));
    let heard = heard.lock().unwrap();
    assert_eq!(heard.len(), 2);
    for head in heard.iter() {
        assert!(head.contains(&format!("user-agent: {}", crate::web::USER_AGENT)), "{head}");
        for never in ["cookie:", "authorization:", "referer:"] {
            assert!(!head.contains(never), "{head}");
        }
    }
}

#[test]
fn as_many_redirects_are_followed_as_browsers_follow() {
    let server = serve(|head, stream| {
        let left: u32 = head["GET /".len()..].split(' ').next().unwrap().parse().unwrap();
        let answer = if left == 0 { ok("", b"there") } else { moved(&format!("/{}", left - 1)) };
        let _ = stream.write_all(&answer);
    });
    let prober = prober(&[("acme.test", server)]);
    assert_eq!(fetch(&prober, "http://acme.test/20").unwrap().hops.len(), 20);
    assert!(!Failure::TooManyRedirects(20).is_certain(), "a site may want its cookie back");
    assert_eq!(fetch(&prober, "http://acme.test/21"), Err(Failure::TooManyRedirects(20)));
}

#[test]
fn redirects_are_judged_like_the_first_address() {
    for (to, why) in [
        ("http://127.0.0.1/", "127.0.0.1: this machine itself"),
        ("http://2130706433/", "127.0.0.1: this machine itself"),
        ("http://[::ffff:7f00:1]/", "this machine itself"),
        ("//169.254.169.254/latest/meta-data/", "169.254.169.254: a cloud's metadata service"),
        ("http://localhost./", "localhost. is a name within a network"),
        ("http://acme.test:22/", "port 22 isn't asked"),
        ("file:///etc/passwd", "file isn't fetched"),
        ("https://user:secret@acme.test/", "a user name or password stands in the address"),
        ("http://inside.test/", "inside.test is at 10.0.0.7: a private network"),
        ("http://[", "it isn't an address"),
    ] {
        let server = always(moved(to));
        let names = Names { servers: vec![server], ..Names::default() };
        let inside = vec!["10.0.0.7:0".parse().unwrap()];
        names
            .list
            .lock()
            .unwrap()
            .extend([("acme.test".into(), [vec![server]].into()), ("inside.test".into(), [inside].into())]);
        let failure = fetch(&with(names, plain), "http://acme.test/").unwrap_err();
        assert!(failure.to_string().contains(why), "{to}: {failure}");
        // By its name it may be inside only as seen from here.
        assert_eq!(failure.is_certain(), !to.contains("inside.test"), "{to}");
    }
}

#[test]
fn names_that_lead_inside_are_never_connected_to() {
    let connected = Arc::new(AtomicUsize::new(0));
    let count = connected.clone();
    let server = serve(move |_, stream| {
        count.fetch_add(1, Ordering::SeqCst);
        let _ = stream.write_all(&ok("", b"inside"));
    });
    // The server isn't on the list of those allowed: it stands for something inside.
    let public: SocketAddr = "8.8.8.8:0".parse().unwrap();
    for addresses in [vec![server], vec![public, server], vec!["[::ffff:127.0.0.1]:0".parse().unwrap()]] {
        let names = Names::default();
        names.list.lock().unwrap().insert("acme.test".into(), [addresses].into());
        let failure = fetch(&with(names, plain), "http://acme.test/").unwrap_err();
        assert!(matches!(failure, Failure::NotPublic { inner: address::Inner::Loopback, .. }), "{failure:?}");
    }
    assert_eq!(connected.load(Ordering::SeqCst), 0);
}

#[test]
fn a_name_that_changes_its_mind_is_judged_again_each_time_it_is_looked_up() {
    let server = always(moved("/again"));
    let names = Names { servers: vec![server], ..Names::default() };
    let metadata = vec!["169.254.169.254:0".parse().unwrap()];
    names.list.lock().unwrap().insert("acme.test".into(), [vec![server], metadata].into());
    let names = Arc::new(names);
    let failure = fetch(&with(names.clone(), plain), "http://acme.test/").unwrap_err();
    assert!(matches!(failure, Failure::NotPublic { inner: address::Inner::Metadata, .. }), "{failure:?}");
    // Once for each connection: what was judged is what is connected to.
    assert_eq!(names.asked.load(Ordering::SeqCst), 2);
}

#[test]
fn bombs_and_endless_pages_are_cut() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..100 {
        packer.write_all(&vec![b'0'; 1024 * 1024]).unwrap();
    }
    let bomb = packer.finish().unwrap();
    assert!(bomb.len() < 200_000);
    let packed = always(ok("content-encoding: gzip\r\n", &bomb));
    let endless = serve(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(&[b'0'; 8_192]).is_ok() {}
    });
    let exact = always(ok("", &vec![b'0'; LARGEST]));
    let prober = prober(&[("packed.test", packed), ("endless.test", endless), ("exact.test", exact)]);
    for (address, cut) in [
        ("http://packed.test/", Some(Cut::Size)),
        ("http://endless.test/", Some(Cut::Size)),
        ("http://exact.test/", None),
    ] {
        let page = fetch(&prober, address).unwrap();
        assert_eq!((page.body.len(), page.cut), (LARGEST, cut), "{address}");
    }
}

fn forever() -> ! {
    loop {
        std::thread::park();
    }
}

/// What is never cut would be waited for here for ever.
#[test]
fn slow_senders_are_cut() {
    let silent = serve(|_, _| forever());
    let drip = |first: &'static [u8]| {
        serve(move |_, stream| {
            let _ = stream.write_all(first);
            while stream.write_all(b"x").is_ok() {
                std::thread::sleep(Duration::from_millis(50));
            }
        })
    };
    let (head, body) = (drip(b"HTTP/1.1 200 OK\r\na: "), drip(b"HTTP/1.1 200 OK\r\n\r\n"));
    let slow = serve(|_, stream| {
        std::thread::sleep(Duration::from_millis(1_200));
        let _ = stream.write_all(&moved("/"));
    });
    let servers = [("silent.test", silent), ("head.test", head), ("body.test", body), ("slow.test", slow)];
    let prober = Prober { longest: Duration::from_secs(3), ..prober(&servers) };
    std::thread::scope(|scope| {
        // The limit is on all redirects together.
        for address in ["http://silent.test/", "http://head.test/", "http://slow.test/"] {
            let prober = &prober;
            scope.spawn(move || assert_eq!(fetch(prober, address), Err(Failure::TooSlow(3)), "{address}"));
        }
        let page = fetch(&prober, "http://body.test/").unwrap();
        assert_eq!(page.cut, Some(Cut::Time));
        assert!(page.body.starts_with('x'));
    });
}

#[test]
fn what_fails_says_why() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nonsense = always(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec());
    let hangs_up = serve(|_, _| ());
    let headers = serve(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        while stream.write_all(format!("a: {}\r\n", "b".repeat(8_000)).as_bytes()).is_ok() {}
    });
    let broken = always(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhello".to_vec());
    let damaged = always(ok("content-encoding: gzip\r\n", b"not packed at all"));
    let prober = prober(&[
        ("closed.test", closed),
        ("nonsense.test", nonsense),
        ("hangs-up.test", hangs_up),
        ("headers.test", headers),
        ("broken.test", broken),
        ("damaged.test", damaged),
    ]);
    assert_eq!(fetch(&prober, "http://closed.test/"), Err(Failure::Refused));
    assert_eq!(fetch(&prober, "http://nobody.test/"), Err(Failure::NoSuchHost("nobody.test".into())));
    for garbled in ["http://nonsense.test/", "http://hangs-up.test/", "http://headers.test/"] {
        assert!(
            matches!(fetch(&prober, garbled), Err(Failure::Garbled(_))),
            "{garbled}: {:?}",
            fetch(&prober, garbled)
        );
    }
    let page = fetch(&prober, "http://broken.test/").unwrap();
    assert_eq!((page.body.as_str(), page.cut), ("hello", Some(Cut::Broken)));
    assert_eq!(fetch(&prober, "http://damaged.test/").unwrap().cut, Some(Cut::Broken));
}

#[test]
fn a_knock_tells_whether_a_page_is_there_and_reads_none_of_it() {
    let answer = |status: u16| format!("HTTP/1.1 {status} X\r\nconnection: close\r\n\r\n").into_bytes();
    let server = serve(move |head, stream| {
        match head.split(' ').nth(1).unwrap().rsplit('/').next().unwrap().parse() {
            Ok(200) => {
                let _ = stream.write_all(&answer(200));
                // Whoever read on would wait for this.
                std::thread::sleep(Duration::from_secs(60));
            }
            Ok(302) => drop(stream.write_all(&moved("/404"))),
            Ok(status) => drop(stream.write_all(&answer(status))),
            Err(_) => drop(stream.write_all(&moved("http://localhost/"))),
        }
    });
    let mut prober = prober(&[("acme.test", server)]);
    let knock = |prober: &Prober, path: &str| {
        crate::web::runtime().unwrap().block_on(prober.knock(&format!("http://acme.test/{path}")))
    };
    assert_eq!(knock(&prober, "200").reached, Ok(()));
    for (path, why, certain) in [
        ("404", "the server answers 404", true),
        ("500", "the server answers 500", true),
        ("302", "the server answers 404", true),
        ("in", "it redirects to http://localhost/: localhost is a name within a network, not on the internet", true),
        ("403", "the server answers 403: it may keep programs out", false),
        ("503", "the server answers 503: it may keep programs out", false),
    ] {
        let failure = knock(&prober, path).reached.unwrap_err();
        assert_eq!((failure.to_string().as_str(), failure.is_certain()), (why, certain), "{path}");
    }
    prober.proxies = Some(Matcher::builder().all(format!("http://{server}")).build());
    let by_proxy = |url: &str| crate::web::runtime().unwrap().block_on(prober.knock(url)).reached.unwrap_err();
    for gateway in ["502", "504"] {
        let address = format!("http://acme.test/{gateway}");
        assert!(!by_proxy(&address).is_certain());
        assert!(!fetch(&prober, &address).unwrap_err().is_certain());
    }
}

/// A TLS server for a name, and its certificate.
fn serve_tls(name: &str, answer: Vec<u8>) -> (SocketAddr, reqwest::Certificate) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder().with_no_client_auth();
    let config = Arc::new(config.with_single_cert(vec![made.cert.der().clone()], key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut tls =
                rustls::StreamOwned::new(rustls::ServerConnection::new(config.clone()).unwrap(), stream.unwrap());
            if head(&mut tls).is_empty() {
                continue;
            }
            let _ = tls.write_all(&answer);
            tls.conn.send_close_notify();
            let _ = tls.flush();
        }
    });
    (address, reqwest::Certificate::from_der(made.cert.der()).unwrap())
}

#[test]
fn certificates_are_verified_and_read() {
    let (server, certificate) = serve_tls("acme.test", moved("http://plain.test/"));
    let clear = always(ok("", b"in the clear"));
    let (strange, _) = serve_tls("strange.test", ok("", b""));
    let (good, good_certificate) = serve_tls("good.test", ok("", b"hello"));
    let servers = [
        ("acme.test", server),
        ("plain.test", clear),
        ("strange.test", strange),
        ("other.test", good),
        ("good.test", good),
    ];
    let names = Names { servers: servers.iter().map(|(_, s)| *s).collect(), ..Names::default() };
    names.list.lock().unwrap().extend(servers.iter().map(|(name, s)| ((*name).to_owned(), [vec![*s]].into())));
    let trusted = [certificate, good_certificate];
    let prober = with(names, |resolver| Ok(plain(resolver)?.tls_certs_only(trusted.clone())));
    let page = fetch(&prober, "https://good.test/").unwrap();
    let certificate = page.certificate.unwrap();
    assert_eq!(certificate.names, ["good.test"]);
    assert_eq!(certificate.issuer, "rcgen self signed cert");
    assert_eq!(certificate.not_after.date().year(), 4096);
    let page = fetch(&prober, "https://acme.test/").unwrap();
    assert!(page.hops[0].downgrade && page.certificate.is_none(), "{page:?}");
    for bad in ["https://strange.test/", "https://other.test/"] {
        let failure = fetch(&prober, bad).unwrap_err();
        assert!(matches!(failure, Failure::Certificate(_)), "{bad}: {failure:?}");
    }
}

#[test]
fn a_proxy_is_asked_and_told_and_addresses_still_judged() {
    let heard = Arc::new(Mutex::new(String::new()));
    let hear = heard.clone();
    let server = serve(move |head, stream| {
        *hear.lock().unwrap() = head.to_lowercase();
        let _ = stream.write_all(&ok("", b"by way of a proxy"));
    });
    let mut prober = prober(&[("direct.test", server)]);
    let proxy = format!("http://jane:secret@{server}");
    prober.proxies = Some(Matcher::builder().all(proxy).no("direct.test").build());
    let page = fetch(&prober, "http://acme.test/").unwrap();
    assert_eq!((page.body.as_str(), page.proxy), ("by way of a proxy", Some(server.to_string())));
    let told = heard.lock().unwrap().clone();
    assert!(
        told.starts_with("get http://acme.test/ http/1.1") && told.contains("proxy-authorization: basic "),
        "{told}"
    );
    assert_eq!(fetch(&prober, "http://direct.test/").unwrap().proxy, None);
    for inside in ["http://169.254.169.254/", "http://metadata.google.internal/", "http://localhost/"] {
        assert!(fetch(&prober, inside).unwrap_err().is_certain(), "{inside}");
    }
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    prober.proxies = Some(Matcher::builder().all(format!("http://jane:secret@{closed}")).build());
    let failure = fetch(&prober, "http://acme.test/").unwrap_err();
    assert!(matches!(failure, Failure::Proxy { .. }) && !failure.is_certain(), "{failure:?}");
    assert!(!failure.to_string().contains("secret"), "{failure}");
}

/// Where nobody else answers either, it may be this machine that is cut off, and nothing is said about the page.
#[test]
fn a_machine_that_is_cut_off_knows_nothing_of_a_page() {
    let server = serve(|_, stream| drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")));
    let told = |prober: &Prober, address: &str| {
        let witnesses = ["http://witness.test/", "http://other.test/"];
        crate::web::runtime().unwrap().block_on(prober.fetch_with_witnesses(address, &witnesses)).unwrap_err()
    };
    let alone = prober(&[]);
    assert!(!told(&alone, "http://nobody.test/").is_certain());
    let connected = prober(&[("other.test", server)]);
    assert_eq!(told(&connected, "http://nobody.test/"), Failure::NoSuchHost("nobody.test".into()));
    // What could be no fault of ours needs no witness.
    assert!(told(&alone, "http://localhost/").is_certain());
}

/// Whose host it is that isn't there nobody would know.
#[test]
fn what_fails_behind_a_redirect_is_told_with_where_that_led() {
    let server = serve(|_, stream| drop(stream.write_all(&moved("http://gone.test/x"))));
    let failure = fetch(&prober(&[("acme.test", server)]), "http://acme.test/").unwrap_err();
    assert_eq!(failure.to_string(), "it redirects to http://gone.test/x: there is no host gone.test");
    assert!(failure.is_certain() && failure.may_be_ours());
}

/// As where a network answers everybody itself, until its users have logged in.
#[test]
fn what_comes_in_the_clear_needs_a_witness() {
    let server = serve(|head, stream| {
        let _ = stream.write_all(&match head.split(' ').nth(1) {
            Some("/portal") => moved("http://192.0.2.1/login"),
            Some("/away") => moved("http://login.test/"),
            Some("/gone") => b"HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n".to_vec(),
            _ => ok("", b"please log in"),
        });
    });
    let names = [("acme.test", server), ("login.test", server)];
    let (cut_off, connected) = (prober(&names), prober(&[&names[..], &[("witness.test", server)]].concat()));
    let fetched = |prober: &Prober, path: &str| {
        crate::web::runtime().unwrap().block_on(prober.fetch_with_witnesses(path, &["http://witness.test/"]))
    };
    // However its scheme is written.
    for path in ["http://acme.test/", "HTTP://acme.test/", "Http://acme.test/portal", "HTTP://acme.test/gone"] {
        assert!(matches!(fetched(&cut_off, path), Err(Failure::CutOff(_))), "{path}");
    }
    let fetched = |prober: &Prober, path: &str| fetched(prober, &format!("http://acme.test/{path}"));
    for path in ["", "portal", "away", "gone"] {
        assert!(matches!(fetched(&cut_off, path), Err(Failure::CutOff(_))), "{path}");
    }
    assert_eq!(fetched(&connected, "").unwrap().body, "please log in");
    assert!(fetched(&connected, "portal").unwrap_err().is_certain());
    assert_eq!(fetched(&connected, "gone").unwrap().status, 404);
}
