//! A logo behind an address: https only, bounded, and judged like any file.

use std::io::{Read as _, Write as _};
use std::sync::Arc;

use crate::env::{Output, TestEnv};

/// What a server needs for TLS, with a certificate for these names that `ca.pem` vouches for.
pub fn tls(env: &TestEnv, names: Vec<String>) -> Arc<rustls::ServerConfig> {
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    env.write("ca.pem", made.cert.pem());
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    Arc::new(config)
}

/// A proxy that leads to these hosts, which all show one page, and to nobody else.
pub fn sites(env: &TestEnv, hosts: &[String], page: String) -> u16 {
    proxy(env, hosts, move |_| ok(page.as_bytes()))
}

/// The same of one host, which shows a logo wherever one looks.
pub fn logo_at(env: &TestEnv, host: &str) -> u16 {
    proxy(env, &[host.to_owned()], |_| ok(&crate::picture::png(300, 200)))
}

/// A proxy that leads to one https server, which answers every request on `path` with the bytes given for it. Nothing on the
/// loopback is fetched otherwise.
fn serve(env: &TestEnv, answers: Vec<(&'static str, Vec<u8>)>) -> u16 {
    proxy(env, &["logos.example".to_owned()], move |request| {
        assert!(!request.to_lowercase().contains("authorization"), "no credentials: {request}");
        let answer = answers.iter().find(|(path, _)| request.starts_with(&format!("GET {path} ")));
        answer.map_or(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".into(), |(_, bytes)| bytes.clone())
    })
}

/// A proxy that leads to these hosts, each an https server with this answer to a request.
fn proxy(env: &TestEnv, hosts: &[String], answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> u16 {
    let (config, hosts, answer) = (tls(env, hosts.to_vec()), hosts.to_vec(), Arc::new(answer));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (mut head, mut byte) = (Vec::new(), [0]);
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
                head.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            if !hosts.iter().any(|host| head.starts_with(&format!("CONNECT {host}:443 "))) {
                let _ = stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n");
                continue;
            }
            let (config, answer) = (config.clone(), answer.clone());
            std::thread::spawn(move || {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
                let mut tls = rustls::StreamOwned::new(rustls::ServerConnection::new(config).unwrap(), stream);
                let mut request = [0; 4096];
                if let Ok(read) = tls.read(&mut request) {
                    let _ = tls.write_all(&answer(&String::from_utf8_lossy(&request[..read])));
                    tls.conn.send_close_notify();
                    let _ = tls.flush();
                }
            });
        }
    });
    port
}

fn ok(body: &[u8]) -> Vec<u8> {
    let mut out =
        format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len()).into_bytes();
    out.extend(body);
    out
}

fn redirect(to: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nconnection: close\r\ncontent-length: 0\r\nlocation: {to}\r\n\r\n").into_bytes()
}

fn apply(env: &TestEnv, port: u16, path: &str) -> Output {
    let logo = format!("https://logos.example{path}");
    let mut command = env.command(&[
        "apply",
        "--name",
        "Acme",
        "--website",
        "https://acme.example",
        "--github",
        "acme-bot",
        "--logo",
        &logo,
    ]);
    command.env("https_proxy", format!("http://127.0.0.1:{port}"));
    env.output(command.env("SSL_CERT_FILE", env.path("ca.pem")))
}

#[test]
fn a_logo_is_fetched_over_https() {
    let env = TestEnv::with_registry();
    let logo = crate::picture::png(300, 200);
    let port = serve(&env, vec![("/logo.png", ok(&logo)), ("/moved.png", redirect("/logo.png"))]);
    apply(&env, port, "/moved.png").ok().code.unwrap();
    let size = env.git(&["cat-file", "-s", "apply/acme:data/partners/acme/logo.png"]);
    assert_eq!(size.trim(), logo.len().to_string());
}

#[test]
fn what_is_no_logo_too_large_or_elsewhere_is_refused() {
    let env = TestEnv::with_registry();
    let port = serve(
        &env,
        vec![
            ("/page", ok(b"<html>hello</html>")),
            ("/huge", ok(&vec![0; 11_000_000])),
            ("/down", redirect("http://logos.example/logo.png")),
            ("/inside", redirect("https://127.0.0.1/logo.png")),
            ("/round", redirect("/round")),
        ],
    );
    let said = |path, code, words: &str| {
        let output = apply(&env, port, path).fails(code);
        assert!(output.stderr.contains(words), "{output}");
    };
    said("/page", 2, "the file is a web page");
    said("/huge", 2, "has more than 10485760 bytes");
    said("/down", 5, "can't fetch");
    said("/inside", 5, "not on the internet");
    said("/round", 5, "redirect");
    said("/nowhere", 5, "404");
    // A certificate that nobody vouches for.
    let logo = "https://logos.example/page";
    let args = ["apply", "--name", "Acme", "--website", "https://acme.example", "--github", "a", "--logo", logo];
    let output = env.output(env.command(&args).env("https_proxy", format!("http://127.0.0.1:{port}"))).fails(5);
    assert!(output.stderr.to_lowercase().contains("certificate"), "{output}");
    let offline: Vec<_> = args.iter().copied().chain(["--offline"]).collect();
    env.run(&offline).fails(2).code.unwrap();
    assert_eq!(env.git(&["branch", "--list"]), "* main\n");
}

/// Whoever writes an address must not have this machine ask its own network, wherever a logo comes by address.
#[test]
fn no_logo_is_fetched_from_the_inside() {
    let env = TestEnv::with_registry();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let form = |logo: &str| {
        format!("### Org or company name\n\nAcme\n\n### Org or company logo\n\n{logo}\n\n### Contact me\n\n@acme-bot\n")
    };
    for host in ["127.0.0.1", "localhost", "[::1]", "2130706433", "169.254.169.254", "metadata.google.internal"] {
        for port in [String::new(), format!(":{port}")] {
            let logo = format!("https://{host}{port}/logo.png");
            env.write("issue.md", form(&logo));
            env.write("table.csv", format!("name,website,github,logo\nAcme,https://acme.example,acme-bot,{logo}\n"));
            let fields = ["--name", "Acme", "--website", "https://acme.example", "--github", "a", "--logo"];
            let apply: Vec<&str> = ["apply"].into_iter().chain(fields).chain([logo.as_str()]).collect();
            let commands: [&[&str]; 3] = [
                &apply,
                &["import", "table", "table.csv", "--as", "alice"],
                &["import", "issue", "issue.md", "--website", "https://acme.example", "--as", "alice"],
            ];
            for args in commands {
                let output = env.run(args);
                assert!(output.code != Some(0) && output.stderr.contains("can't fetch"), "{args:?}: {output}");
            }
        }
    }
    assert!(listener.accept().is_err(), "somebody came");
}
