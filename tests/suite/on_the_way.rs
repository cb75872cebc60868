//! Who answers in somebody else's place: networks that want a log-in first, filters, proxies, servers with certificates that nobody
//! trusts. What is told is what was seen.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::Command;
use std::sync::Arc;

use crate::env::{Output, TestEnv, some};

const PAGE: &str = "<!DOCTYPE html><html><head><title>Hotel WiFi</title></head><body>Log in</body></html>";

fn read_head(stream: &mut impl Read) {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
        head.push(byte[0]);
    }
}

/// A server that gives everybody the same answer: a status with headers, and a page.
pub fn answering(head: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            read_head(&mut stream);
            let length = PAGE.len();
            let _ = write!(
                stream,
                "HTTP/1.1 {head}\r\ncontent-type: text/html\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{PAGE}"
            );
        }
    });
    address
}

fn list(env: &TestEnv, api: &str, set: impl FnOnce(&mut Command)) -> Output {
    let mut command = env.command(&["list"]);
    command.env("KARMADA_PARTNER_REGISTRY", "github:acme/registry").env("GH_TOKEN", "x").env("GITHUB_API_URL", api);
    set(&mut command);
    env.output(&mut command)
}

#[test]
fn a_page_in_githubs_place_is_told_as_one() {
    let env = TestEnv::new();
    for (head, told) in some(
        3,
        [
            ("200 OK", "a web page answers in GitHub's place: “Hotel WiFi”"),
            ("403 Forbidden", "a web page answers in GitHub's place: “Hotel WiFi”"),
            // It doesn't say that something isn't there.
            ("404 Not Found", "a web page answers in GitHub's place: “Hotel WiFi”"),
            ("511 Network Authentication Required", "the network wants a log-in first (511): “Hotel WiFi”"),
            (
                "302 Found\r\nlocation: http://login.hotel.example/?u=1",
                "leads away from GitHub, to “http://login.hotel.example",
            ),
            ("407 Proxy Authentication Required", "a proxy wants a name and a password (407)"),
            // Whose fault it is, nothing says.
            ("502 Bad Gateway", "the answer is 502, and nothing in it shows that it is GitHub's: “Hotel WiFi”"),
        ],
    ) {
        let api = format!("http://{}", answering(head));
        let output = list(&env, &api, |_| {}).fails(5);
        assert!(output.stderr.contains(told), "{output}");
        let doctor = {
            let mut command = env.command(&["auth", "status", "--registry", "github:acme/registry"]);
            env.output(command.env("GH_TOKEN", "x").env("GITHUB_API_URL", &api))
        };
        assert!(doctor.stderr.contains(told) || doctor.stdout.contains(told), "{doctor}");
    }
}

/// What a server of somebody's own answers git decides what helps.
#[test]
fn what_a_server_answers_git_decides_what_helps() {
    let env = TestEnv::new();
    for (head, helps) in [
        ("401 Unauthorized\r\nwww-authenticate: Basic realm=\"x\"", "the server asks who you are"),
        ("403 Forbidden", "the server doesn't let you in"),
        ("404 Not Found", "check the address, and your access: the server answers"),
        ("405 Method Not Allowed", "the server answers, and refuses that"),
        ("429 Too Many Requests", "the server asks to wait"),
        ("503 Service Unavailable", "the server has trouble of its own"),
        ("511 Network Authentication Required", "some networks want a log-in first"),
        ("302 Found\r\nlocation: /login", "some networks want a log-in first"),
    ] {
        let registry = format!("http://{}/r.git", answering(head));
        let told = env.run(&["list", "--no-input", "--registry", &registry]).fails(5);
        assert!(told.hint().contains(helps), "{head}: {told}");
    }
    // Where git doesn't follow, as some machines are set up; what is sent it never follows.
    env.git_at(".", &["config", "--global", "http.followRedirects", "false"]);
    for status in [
        "301 Moved Permanently\r\nlocation: /new/r.git",
        "302 Found\r\nlocation: /new/r.git",
        "307 Temporary Redirect\r\nlocation: /new/r.git",
        "308 Permanent Redirect\r\nlocation: /new/r.git",
    ] {
        let registry = format!("http://{}/r.git", answering(status));
        let told = env.run(&["list", "--no-input", "--registry", &registry]).fails(5);
        assert!(told.hint().contains("the repository is elsewhere now"), "{status}: {told}");
    }
}

#[test]
fn a_proxy_that_lets_nobody_through_is_told_with_its_variable() {
    let env = TestEnv::new();
    for (head, told) in [
        ("407 Proxy Authentication Required", "the proxy wants a name and a password (407)"),
        ("403 Forbidden", "the proxy doesn't let it through"),
    ] {
        let proxy = format!("http://jane:secret@{}", answering(head));
        let set = |command: &mut Command| {
            command.env_remove("https_proxy").env_remove("no_proxy").env_remove("NO_PROXY").env("HTTPS_PROXY", &proxy);
        };
        let output = list(&env, "https://github.example/api/v3", set).fails(5);
        assert!(output.stderr.contains(told) && output.stderr.contains("HTTPS_PROXY"), "{output}");
        assert!(!output.stderr.contains("secret"), "{output}");
        // And where git goes that way.
        let mut command = env.command(&["list"]);
        set(command.env("KARMADA_PARTNER_REGISTRY", "https://git.example/registry.git"));
        let output = env.output(&mut command).fails(5);
        assert!(output.stderr.contains("HTTPS_PROXY") && !output.stderr.contains("secret"), "{output}");
        // git's own setting comes first.
        env.write("settings", format!("[http]\n\tproxy = {proxy}\n"));
        let output = env.output(command.env("GIT_CONFIG_GLOBAL", "settings")).fails(5);
        assert!(output.stderr.contains("git's http.proxy") && !output.stderr.contains("secret"), "{output}");
    }
}

/// A proxy is judged by the address to which git goes, and none is blamed where that leads past it. Nobody listens on port 9.
#[test]
fn which_proxy_it_is_depends_on_where_git_really_goes() {
    let env = TestEnv::new();
    env.script("bin/ssh", "echo 'ssh: connect to host git.example port 22: Connection refused' >&2; exit 255");
    let dead = "http://127.0.0.1:9";
    let instead = |of: &str, base: &str| format!("[url \"{base}\"]\n\tinsteadOf = {of}\n");
    let named = "http://partners/";
    for (settings, no_proxy, told) in [
        // Straight there, past the variable.
        (instead(named, "http://127.0.0.1:9/"), "127.0.0.1", ""),
        (instead(named, "http://127.0.0.1:9/") + &format!("[http \"{named}\"]\n\tproxy = {dead}\n"), "127.0.0.1", ""),
        (instead(named, "ssh://git@git.example/"), "", ""),
        (instead(named, "/nowhere/"), "", ""),
        // By one that is for where it leads.
        (instead(named, "http://git.example/"), "partners", "http_proxy"),
        (
            instead(named, "http://git.example/") + &format!("[http \"http://git.example\"]\n\tproxy = {dead}\n"),
            "git.example",
            "git's http.proxy",
        ),
        // What is set for a remote of that name comes first.
        (
            format!("[remote \"{named}r.git\"]\n\tproxy = {dead}\n[http]\n\tproxy = http://127.0.0.1:8\n"),
            "",
            "git's remote.http://partners/r.git.proxy",
        ),
    ] {
        env.write("settings", &settings);
        let mut command = env.command(&["list", "--no-input", "--registry", "http://partners/r.git"]);
        command.env("GIT_CONFIG_GLOBAL", env.path("settings")).env("http_proxy", dead).env("no_proxy", no_proxy);
        let output = env.output(env.with_programs(&mut command)).fails(5);
        let hint = output.hint();
        assert_eq!(hint.contains("the way there is by the proxy"), !told.is_empty(), "{settings}: {output}");
        let is_past = no_proxy == "127.0.0.1" && told.is_empty();
        assert_eq!(hint.contains("NO_PROXY keeps the proxy that http_proxy names"), is_past, "{settings}: {output}");
        assert!(hint.contains(told), "{settings}: {output}");
    }
}

#[test]
fn a_proxy_that_is_not_there_is_told_apart_from_one_that_refuses() {
    let env = TestEnv::new();
    let set = |command: &mut Command| {
        command.env_remove("https_proxy").env_remove("no_proxy").env_remove("NO_PROXY");
        command.env("HTTPS_PROXY", "http://127.0.0.1:9");
    };
    let output = list(&env, "https://github.example/api/v3", set).fails(5);
    assert!(output.stderr.contains("the proxy can't be reached: Connection refused"), "{output}");
    assert!(output.stderr.contains("HTTPS_PROXY") && !output.stderr.contains("let it through"), "{output}");
}

/// Somebody who says this where TLS should be agreed on, and hangs up; a proxy that lets everybody through to them.
fn saying(said: &'static [u8], is_by_proxy: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            if is_by_proxy {
                read_head(&mut stream);
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            }
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(said);
        }
    });
    address
}

/// As filters do, and proxies that decrypt: what the library calls it, is nobody's word.
#[test]
fn an_encrypted_connection_that_does_not_come_about_is_told_in_words() {
    let env = TestEnv::with_partner();
    for (said, told) in [
        (&b""[..], "it hung up before an encrypted connection was agreed on"),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "what answers there doesn't speak TLS"),
        (b"\x15\x03\x03\x00\x02\x02\x28", "it refuses the encrypted connection (TLS alert 40)"),
        (b"\x15\x03\x03\x00\x02\x02\x46", "it speaks no version of TLS that is used today"),
    ] {
        let proxy = format!("http://{}", saying(said, true));
        let behind = |args: &[&str]| {
            let mut command = env.command(args);
            command.env_remove("https_proxy").env_remove("no_proxy").env("HTTPS_PROXY", &proxy);
            env.output(&mut command)
        };
        let logo = "https://acme.example/logo.png";
        for args in
            [["check", "--links"].as_slice(), &["evidence", "acme"], &["update", "acme", "--as", "bob", "--logo", logo]]
        {
            let output = behind(args);
            let line = format!("by the proxy that HTTPS_PROXY names: {told}");
            assert!(format!("{}{}", output.stdout, output.stderr).contains(&line), "{args:?}: {output}");
        }
        let output = list(&env, "https://github.example/api/v3", |command| {
            command.env_remove("https_proxy").env_remove("no_proxy").env("HTTPS_PROXY", &proxy);
        });
        let output = output.fails(5);
        assert!(output.stderr.contains(&format!("GitHub can't be reached: {told}")), "{output}");
        assert!(output.stderr.contains("HTTPS_PROXY"), "{output}");
    }
    // Where no proxy stands between.
    let api = format!("https://{}", saying(b"SSH-2.0-OpenSSH_9.9\r\n", false));
    let output = list(&env, &api, |_| {}).fails(5);
    assert!(output.stderr.contains("GitHub can't be reached: what answers there doesn't speak TLS"), "{output}");
}

/// A variable was empty, mostly: nothing after it is taken for a host.
#[test]
fn an_address_without_a_host_is_told_as_that() {
    let env = TestEnv::with_partner();
    for registry in ["https:///r.git", "https://", "ssh:///srv/r.git", "ssh://git@/r.git", "git@:r.git", "http://:80/r"]
    {
        let refused = env.run(&["list", "--registry", registry]).fails(2);
        assert!(refused.stderr.contains("it has no host"), "{registry}: {refused}");
    }
    for logo in ["https:///l.png", "https://"] {
        let refused = env.run(&["update", "acme", "--as", "acme-bot", "--logo", logo]);
        assert!(refused.code != Some(0) && refused.stderr.contains("it has no host"), "{logo}: {refused}");
    }
}

/// A proxy of this kind is given addresses alone; it isn't to blame where this machine knows none.
#[test]
fn a_proxy_that_is_given_addresses_needs_names_to_be_known_here() {
    let env = TestEnv::with_partner();
    let behind = |scheme: &str| {
        let mut command = env.command(&["check", "--links"]);
        command.env_remove("https_proxy").env_remove("no_proxy");
        env.output(command.env("HTTPS_PROXY", format!("{scheme}://{}", saying(b"", false)))).to_string()
    };
    let told = behind("socks5");
    assert!(told.contains("socks5h:// leaves them to the proxy") || !told.contains("failed to lookup"), "{told}");
    assert!(!behind("socks5h").contains("socks5h:// leaves"));
}

/// However a password is written into a proxy's address, nobody reads it.
#[test]
fn passwords_are_not_printed() {
    let env = TestEnv::new();
    for proxy in [
        "http://jane:s3/cr3t@127.0.0.1:1",
        "http://jane:s3#cr3t@127.0.0.1:1",
        "http://jane:s3?cr3t@127.0.0.1:1",
        "http:/jane:s3cr3t@127.0.0.1:1",
        "jane:s3cr3t@http://127.0.0.1:1",
    ] {
        for registry in ["https://git.example/registry.git", "github:acme/registry"] {
            for args in [["list"].as_slice(), &["doctor"]] {
                let mut command = env.command(args);
                command.env_remove("https_proxy").env_remove("no_proxy").env("HTTPS_PROXY", proxy).env("GH_TOKEN", "x");
                let output = env.output(command.env("KARMADA_PARTNER_REGISTRY", registry));
                assert!(!format!("{output}").contains("cr3t"), "{proxy}: {output}");
            }
        }
    }
    for api in ["http://jane:s3cr3t@ghe.example/", "https://jane:s3cr3t@ghe.example/", "jane:s3cr3t@ghe.example"] {
        let output = list(&env, api, |_| {}).fails(2);
        assert!(output.stderr.contains("GITHUB_API_URL") && !output.stderr.contains("s3cr3t"), "{output}");
    }
}

/// A proxy that can't be used isn't passed over: what it was named for would be asked directly.
#[test]
fn a_proxy_that_cannot_be_used_is_refused() {
    let env = TestEnv::with_partner();
    for (variable, proxy, told) in [
        ("HTTPS_PROXY", "ftp://127.0.0.1:1", "of a kind that can't be used: “ftp”"),
        ("HTTPS_PROXY", " http://127.0.0.1:1", "a space before or behind it"),
        ("HTTPS_PROXY", "http:/127.0.0.1:1", "can't be read as its address"),
        ("HTTPS_PROXY", "jane:x@http://127.0.0.1:1", "can't be read as its address"),
        ("HTTP_PROXY", "ftp://127.0.0.1:1", "of a kind that can't be used: “ftp”"),
        ("HTTPS_PROXY", "http://127.0.0.1:99999", "can't be read as its address"),
        ("HTTPS_PROXY", "socks5h://127.0.0.1:", "can't be read as its address"),
        ("HTTPS_PROXY", "proxy.example:port", "can't be read as its address"),
        ("ALL_PROXY", "http://[::1]:0", "can't be read as its address"),
    ] {
        let mut command = env.command(&["links"]);
        for unset in ["https_proxy", "http_proxy", "all_proxy", "no_proxy"] {
            command.env_remove(unset);
        }
        let output = env.output(command.env(variable, proxy)).fails(2);
        assert!(output.stderr.contains(variable) && output.stderr.contains(told), "{output}");
        assert!(!output.stdout.contains("there is no host"), "{output}");
    }
}

#[test]
fn a_machine_without_certificates_is_told_what_to_do() {
    let env = TestEnv::with_partner();
    std::fs::create_dir(env.path("empty")).unwrap();
    for (variable, path, told) in [
        ("SSL_CERT_DIR", "/nonexistent", "can't be read"),
        ("SSL_CERT_DIR", "empty", "no certificate is found there"),
        ("SSL_CERT_FILE", "", "SSL_CERT_FILE is set, and names nothing: unset it"),
    ] {
        let set = |command: &mut Command| {
            command.env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR").env(variable, path);
        };
        let mut links = env.command(&["links"]);
        set(&mut links);
        for output in [env.output(&mut links).fails(5), list(&env, "https://ghe.example/api/v3", set).fails(5)] {
            assert!(output.stderr.contains("no certificate here to trust"), "{output}");
            assert!(output.stderr.contains(variable) && output.stderr.contains(told), "{output}");
            assert!(output.stderr.contains("ca-certificates") && !output.stderr.contains("builder"), "{output}");
        }
    }
}

/// A logo may be where it is said to be; who isn't there is the proxy.
#[test]
fn a_logo_behind_a_dead_proxy_names_the_proxy() {
    let env = TestEnv::with_partner();
    let mut command = env.command(&["update", "acme", "--as", "bob", "--logo", "https://acme.example/logo.png"]);
    let output = env.output(
        command.env_remove("no_proxy").env_remove("https_proxy").env("HTTPS_PROXY", "http://u:s3cr3t@127.0.0.1:9"),
    );
    assert!(output.stderr.contains("HTTPS_PROXY") && output.stderr.contains("127.0.0.1:9"), "{output}");
    assert!(!output.stderr.contains("in a browser") && !output.stderr.contains("s3cr3t"), "{output}");
}

/// A page where a repository should be isn't an empty repository.
#[test]
fn what_isnt_a_repository_isnt_an_empty_one() {
    let env = TestEnv::new();
    let mut command = env.command(&["list"]);
    command.env("KARMADA_PARTNER_REGISTRY", format!("http://{}/registry.git", answering("200 OK")));
    let output = env.output(&mut command).fails(5);
    assert!(output.stderr.contains("isn't a git repository") && !output.stderr.contains("empty"), "{output}");
}

/// A server that shows a certificate of these years and this name, issued by an authority, or by nobody.
fn showing(env: &TestEnv, years: [i32; 2], name: &str) -> SocketAddr {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
    // By its name it is found among those that the machine knows.
    authority.distinguished_name.push(rcgen::DnType::CommonName, format!("an authority of {}", env.path("").display()));
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    env.write("authority.pem", authority.self_signed(&key).unwrap().pem());
    let authority = rcgen::Issuer::new(authority, key);
    let own = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
    [params.not_before, params.not_after] = years.map(|year| rcgen::date_time_ymd(year, 1, 1));
    let shown = params.signed_by(&own, &authority).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(own.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![shown.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut connection = rustls::ServerConnection::new(config.clone()).unwrap();
            read_head(&mut rustls::Stream::new(&mut connection, &mut stream));
        }
    });
    address
}

#[test]
fn a_certificate_is_told_by_what_is_wrong_with_it() {
    let env = TestEnv::new();
    for (years, name, trusted, told, hint) in some(
        2,
        [
            ([2020, 2021], "127.0.0.1", true, "it has expired", "check the date of this machine"),
            ([2090, 2091], "127.0.0.1", true, "it isn't valid yet", "check the date of this machine"),
            ([2020, 2090], "other.example", true, "it is for another name", ""),
            ([2020, 2090], "127.0.0.1", false, "nobody known has issued it", "SSL_CERT_FILE"),
        ],
    ) {
        let api = format!("https://{}/api/v3", showing(&env, years, name));
        let output = list(&env, &api, |command| {
            if trusted {
                command.env("SSL_CERT_FILE", env.path("authority.pem"));
            }
        })
        .fails(5);
        assert!(output.stderr.contains(&format!("its certificate isn't trusted: {told}")), "{output}");
        assert!(output.stderr.contains(hint), "{output}");
        assert!(output.stderr.contains(&format!("GITHUB_API_URL says that GitHub is at {api}")), "{output}");
    }
    // The very authority, in another form.
    let api = format!("https://{}/api/v3", showing(&env, [2020, 2090], "127.0.0.1"));
    std::fs::write(env.path("authority.der"), [0x30, 0x82, 1, 2]).unwrap();
    let output = list(&env, &api, |command| {
        command.env("SSL_CERT_FILE", env.path("authority.der"));
    })
    .fails(5);
    assert!(output.stderr.contains("in which no certificate stands as text (PEM)"), "{output}");
}
