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

/// An https server on the loopback that answers every request on `path` with the bytes given for it.
fn serve(env: &TestEnv, answers: Vec<(&'static str, Vec<u8>)>) -> u16 {
    let config = tls(env, vec!["localhost".to_owned()]);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut tls =
                rustls::StreamOwned::new(rustls::ServerConnection::new(config.clone()).unwrap(), stream.unwrap());
            let mut request = [0; 4096];
            let Ok(read) = tls.read(&mut request) else { continue };
            let request = String::from_utf8_lossy(&request[..read]).into_owned();
            assert!(!request.to_lowercase().contains("authorization"), "no credentials: {request}");
            let answer = answers.iter().find(|(path, _)| request.starts_with(&format!("GET {path} ")));
            let _ = tls.write_all(answer.map_or(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", |(_, a)| a));
            tls.conn.send_close_notify();
            let _ = tls.flush();
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
    let logo = format!("https://localhost:{port}{path}");
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
            ("/huge", ok(&vec![0; 3_000_000])),
            ("/down", redirect("http://localhost:1/logo.png")),
            ("/round", redirect("/round")),
        ],
    );
    let said = |path, code, words: &str| {
        let output = apply(&env, port, path).fails(code);
        assert!(output.stderr.contains(words), "{output}");
    };
    said("/page", 2, "the file is not a PNG");
    said("/huge", 2, "has more than 204800 bytes");
    said("/down", 5, "can't fetch");
    said("/round", 5, "redirect");
    said("/nowhere", 5, "404");
    // A certificate that nobody vouches for.
    let logo = format!("https://localhost:{port}/page");
    let args = ["apply", "--name", "Acme", "--website", "https://acme.example", "--github", "a", "--logo", &logo];
    let output = env.run(&args).fails(5);
    assert!(output.stderr.to_lowercase().contains("certificate"), "{output}");
    let offline: Vec<_> = args.iter().copied().chain(["--offline"]).collect();
    env.run(&offline).fails(2).code.unwrap();
    assert_eq!(env.git(&["branch", "--list"]), "* main\n");
}
