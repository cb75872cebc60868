//! `check --links`: websites on a proxy of the test's own, which stands for the whole internet; and the memory between runs.

use std::collections::BTreeMap;
use std::io::{Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use snapbox::{assert_data_eq, str};

use crate::env::{Output, TestEnv, until};

/// The first day, in seconds since 1970: 2027-01-15T08:00:00Z.
const BEGIN: i64 = 1_800_000_000;

/// What a site does: answer with a status, or never.
#[derive(Clone, Copy)]
pub enum Does {
    Answers(u16),
    Hangs,
}

/// The internet: what each host does; what isn't listed, the proxy refuses to connect to.
pub struct Internet {
    pub env: TestEnv,
    hosts: Hosts,
    answered: Arc<AtomicUsize>,
    port: u16,
}

type Hosts = Arc<Mutex<BTreeMap<String, Does>>>;

impl Internet {
    /// With these partners active, each at its own host.
    pub fn with(names: &[&str]) -> Self {
        let env = TestEnv::with_registry();
        for name in names {
            env.apply(name).ok().code.unwrap();
            env.decide(&name.to_lowercase());
        }
        let all: Vec<String> = names.iter().map(|n| format!("{}.example", n.to_lowercase())).collect();
        let hosts = Hosts::new(Mutex::new(all.iter().map(|h| (h.clone(), Does::Answers(200))).collect()));
        let answered = Arc::new(AtomicUsize::new(0));
        let port = serve(&env, all, hosts.clone(), answered.clone());
        Self { env, hosts, answered, port }
    }

    pub fn does(&self, host: &str, does: Option<Does>) {
        let mut hosts = self.hosts.lock().unwrap();
        match does {
            Some(does) => hosts.insert(host.to_owned(), does),
            None => hosts.remove(host),
        };
    }

    /// The program, so many days after the first.
    pub fn command(&self, day: i64, args: &[&str]) -> Command {
        let mut command = self.env.command(args);
        command
            .env("SOURCE_DATE_EPOCH", (BEGIN + 86_400 * day).to_string())
            .env("HTTPS_PROXY", format!("http://127.0.0.1:{}", self.port))
            .env("SSL_CERT_FILE", self.env.path("ca.pem"));
        command
    }

    pub fn links(&self, day: i64, more: &[&str]) -> Output {
        let args = [&["check", "--links", "--memory", "links.json"], more].concat();
        self.env.output(&mut self.command(day, &args))
    }

    fn memory(&self, name: &str) -> Value {
        serde_json::from_str(&self.env.read(name)).unwrap()
    }
}

/// A proxy that leads to all sites by itself. TLS ends here, with a certificate for all of them.
fn serve(env: &TestEnv, names: Vec<String>, hosts: Hosts, answered: Arc<AtomicUsize>) -> u16 {
    let config = crate::fetch::tls(env, names);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, config) = (stream.unwrap(), config.clone());
            let (hosts, answered) = (hosts.clone(), answered.clone());
            std::thread::spawn(move || {
                let head = head(&mut stream);
                let host = head.split([' ', ':']).nth(1).unwrap_or_default();
                let does = hosts.lock().unwrap().get(host).copied();
                match does {
                    None => drop(stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n")),
                    Some(Does::Hangs) => std::thread::sleep(Duration::from_secs(60)),
                    Some(Does::Answers(status)) => {
                        answer(stream, config, status);
                        answered.fetch_add(1, Ordering::SeqCst);
                    }
                }
            });
        }
    });
    port
}

fn answer(mut stream: TcpStream, config: Arc<rustls::ServerConfig>, status: u16) {
    let _ = stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n");
    let mut tls = rustls::StreamOwned::new(rustls::ServerConnection::new(config).unwrap(), stream);
    if !head(&mut tls).is_empty() {
        let said = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
        let _ = tls.write_all(said.as_bytes());
        tls.conn.send_close_notify();
        let _ = tls.flush();
    }
}

fn head(stream: &mut impl Read) -> String {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
        head.push(byte[0]);
    }
    String::from_utf8_lossy(&head).into_owned()
}

#[test]
fn only_what_fails_for_days_is_dead_and_nobody_is_removed() {
    let net = Internet::with(&["Acme", "Globex", "Hooli", "Soylent"]);
    net.links(0, &[]).ok().code.unwrap();
    net.does("acme.example", Some(Does::Answers(404)));
    net.does("globex.example", Some(Does::Answers(503)));
    net.does("hooli.example", None);
    net.links(1, &[]).ok().code.unwrap();
    let failing = net.links(2, &[]).ok();
    assert_data_eq!(
        failing.stdout.replace(&net.port.to_string(), "PORT"),
        str![[r#"
! failing acme https://acme.example/karmada: the server answers 404; failing since 2027-01-16; last alive 2027-01-15
? unknown globex https://globex.example/karmada: the server answers 503: it may keep programs out; last alive 2027-01-15
? unknown hooli https://hooli.example/karmada: by the proxy that HTTPS_PROXY names: the proxy doesn't let it through; last alive 2027-01-15
Alive: 1. Failing: 1. Dead: 0. Unknown: 2.

"#]]
    );
    let dead = net.links(8, &["--report", "report.md"]).fails(1);
    assert!(dead.stdout.starts_with("✘ dead    acme https://acme.example/karmada: the server answers 404;"), "{dead}");
    assert!(dead.stdout.ends_with("Alive: 1. Failing: 0. Dead: 1. Unknown: 2.\n"), "{dead}");
    assert!(dead.stderr.contains("hint: nobody is removed by it"), "{dead}");
    assert_eq!(net.env.state("acme"), "active");
    assert!(
        net.env.read("report.md").contains(
            "| `Acme` (acme) | `https://acme.example/karmada` | 2027-01-16 | 2027-01-15 | `the server answers 404` |"
        ),
        "{}",
        net.env.read("report.md")
    );
    // The proxy is gone: that says nothing of anybody, and brings nobody back.
    net.does("acme.example", None);
    net.links(9, &[]).fails(1).code.unwrap();
    net.does("acme.example", Some(Does::Answers(200)));
    let alive = net.links(10, &["--report", "report.md"]).ok();
    assert!(alive.stdout.ends_with("Alive: 2. Failing: 0. Dead: 0. Unknown: 2.\n"), "{alive}");
    assert_eq!(net.env.read("report.md"), "");
}

#[test]
fn as_a_document_and_as_a_file() {
    let net = Internet::with(&["Acme", "Globex"]);
    net.does("acme.example", Some(Does::Answers(410)));
    for day in [0, 3, 7] {
        let _ = net.links(day, &[]);
    }
    let told = net.links(7, &["--json"]).fails(1).json();
    assert_data_eq!(
        serde_json::to_string_pretty(&told).unwrap(),
        str![[r#"
{
  "schema": 1,
  "dry_run": false,
  "shard": null,
  "memory": "links.json",
  "links": [
    {
      "partner": "acme",
      "name": "Acme",
      "website": "https://acme.example/karmada",
      "verdict": "dead",
      "why": "the server answers 410",
      "checked": "2027-01-22T08:00:00Z",
      "last_alive": null,
      "failing": {
        "since": "2027-01-15",
        "last": "2027-01-22",
        "days": 3
      }
    },
    {
      "partner": "globex",
      "name": "Globex",
      "website": "https://globex.example/karmada",
      "verdict": "alive",
      "why": null,
      "checked": "2027-01-22T08:00:00Z",
      "last_alive": "2027-01-22T08:00:00Z",
      "failing": null
    }
  ],
  "alive": 1,
  "failing": 0,
  "dead": 1,
  "unknown": 0
}
"#]]
    );
    let kept = net.memory("links.json");
    assert_eq!((&kept["kind"], &kept["schema"]), (&"karmada-partner links".into(), &1.into()));
    assert_eq!(kept["partners"][0]["failing"]["since"], "2027-01-15");
    // A dry run remembers nothing.
    let before = net.env.read("links.json");
    let dry = net.links(20, &["--dry-run", "--report", "none.md"]).fails(1);
    assert!(dry.stdout.ends_with("Dry run: nothing is remembered of it.\n"), "{dry}");
    assert!(net.env.read("links.json") == before && !net.env.path("none.md").exists());
}

#[test]
fn who_moves_begins_anew_and_who_left_is_forgotten() {
    let net = Internet::with(&["Acme", "Globex"]);
    net.does("acme.example", Some(Does::Answers(404)));
    for day in [0, 3, 7] {
        let _ = net.links(day, &[]);
    }
    net.env.run(&["update", "acme", "--website", "https://acme.example/new", "--as", "alice"]).ok().code.unwrap();
    net.env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    for member in ["alice", "bob"] {
        let exit = ["exit", "globex", "--kind", "inactive", "--reason", "gone", "--as", member];
        net.env.run(&exit).ok().code.unwrap();
    }
    // Before it was asked, nothing is known of the new address.
    let told = net.links(8, &["--merge", "links.json"]).ok();
    assert_eq!(
        told.stdout,
        "? unknown acme https://acme.example/new: it wasn't asked yet\nAlive: 0. Failing: 0. Dead: 0. Unknown: 1.\n"
    );
    let told = net.links(8, &[]).ok();
    assert!(
        told.stdout
            .starts_with("! failing acme https://acme.example/new: the server answers 404; failing since 2027-01-23\n"),
        "{told}"
    );
    let kept = net.memory("links.json");
    assert_eq!(kept["partners"].as_array().unwrap().len(), 1);
    assert_eq!(kept["partners"][0]["failing"]["days"], 1);
}

#[test]
fn shards_ask_everybody_once_and_are_merged() {
    let names = ["Acme", "Globex", "Hooli", "Initrode", "Soylent"];
    let net = Internet::with(&names);
    net.does("acme.example", Some(Does::Answers(404)));
    for day in [0, 3, 7] {
        let mut asked = Vec::new();
        for part in 1..=3 {
            let (shard, memory) = (format!("{part}/3"), format!("links-{part}.json"));
            let args = ["check", "--links", "--json", "--shard", &shard, "--memory", &memory];
            let told = net.env.output(&mut net.command(day, &args)).json();
            assert_eq!(told["shard"], *shard);
            asked.extend(told["links"].as_array().unwrap().iter().map(|l| l["partner"].as_str().unwrap().to_owned()));
        }
        asked.sort();
        assert_eq!(asked, ["acme", "globex", "hooli", "initrode", "soylent"]);
    }
    let merge = ["--merge", "links-1.json", "links-2.json", "links-3.json", "--report", "report.md", "--offline"];
    let told = net.links(7, &merge).fails(1);
    assert!(told.stdout.ends_with("Alive: 4. Failing: 0. Dead: 1. Unknown: 0.\n"), "{told}");
    assert!(net.env.read("report.md").contains("`Acme` (acme)"));
    // A shard that is given everybody's memory leaves the others' alone; however many there are next time, nothing is lost.
    let before = net.memory("links.json");
    let args = ["check", "--links", "--shard", "1/2", "--memory", "links.json"];
    let _ = net.env.output(&mut net.command(9, &args));
    let after = net.memory("links.json");
    let newer = |p: &Value| p["checked"].as_str().unwrap().starts_with("2027-01-24");
    let (old, new) = (before["partners"].as_array().unwrap(), after["partners"].as_array().unwrap());
    assert_eq!(new.len(), 5);
    assert!(new.iter().any(newer) && new.iter().zip(old).all(|(n, o)| newer(n) || n == o));
}

#[test]
fn a_memory_that_can_not_be_read_is_never_written_over() {
    let net = Internet::with(&["Acme"]);
    net.links(0, &[]).ok().code.unwrap();
    let good = net.env.read("links.json");
    for (bad, why) in [
        (good[..good.len() / 2].to_owned(), "it can't be read: it ends in the middle"),
        ("{\"name\": \"package\"}".to_owned(), "it isn't a memory of links"),
        (good.replace("\"schema\": 1", "\"schema\": 7"), "another version of the program wrote it"),
        (good.replacen("sha256:", "sha256:0", 1), "it is of another registry"),
    ] {
        net.env.write("links.json", &bad);
        let output = net.links(1, &[]).fails(2);
        assert!(output.stderr.contains(&format!("error: --memory: links.json: {why}")), "{output}");
        assert!(output.stderr.contains("hint: move it away to begin anew"), "{output}");
        assert_eq!(net.env.read("links.json"), bad);
        // Of one that is taken in nothing begins anew.
        net.env.write("links.json", &good);
        net.env.write("other.json", &bad);
        let output = net.links(1, &["--merge", "other.json"]).fails(2);
        assert!(output.stderr.contains(&format!("error: --merge: other.json: {why}")), "{output}");
        assert!(output.hint().contains("leave it out") && !output.hint().contains("anew"), "{output}");
    }
    net.env.write("links.json", &good);
    net.links(1, &["--merge", "nowhere.json"]).fails(3).code.unwrap();
    assert_eq!(net.env.read("links.json"), good);
}

#[test]
fn without_a_file_it_is_remembered_outside_the_registry() {
    let net = Internet::with(&["Acme"]);
    let head = net.env.git(&["rev-parse", "main"]);
    let told = net.env.output(&mut net.command(0, &["check", "--links", "--json"])).ok().json();
    let place = told["memory"].as_str().unwrap();
    assert!(place.starts_with("$TEST/home/.local/state/karmada-partner/links/"), "{place}");
    assert!(net.env.path(place.strip_prefix("$TEST/").unwrap()).exists());
    assert_eq!(net.env.git(&["rev-parse", "main"]), head);
    // Elsewhere the system knows a home that no variable names.
    if cfg!(target_os = "linux") {
        let output = net.env.output(crate::env::at_home(&mut net.command(0, &["check", "--links"]), None)).fails(5);
        assert!(output.stderr.contains("hint: name a file with --memory FILE"), "{output}");
    }
}

#[test]
fn wrong_calls_are_told() {
    let net = Internet::with(&[]);
    for (args, words) in [
        (&["check", "--links", "--offline"][..], "websites can't be asked with --offline"),
        (&["check", "--shard", "1/2"], "--links"),
        (&["check", "--links", "--shard", "3/2"], "there is no such part; write which part of how many, such as 2/5"),
        (&["check", "--links", "--pull-request", "1"], "can't be given together with"),
        (&["check", "--links", "--shard", "1/2", "--merge", "a.json"], "can't be given together with"),
    ] {
        let output = net.env.run(args).fails(2);
        assert!(output.stderr.contains(words), "{output}");
    }
    let nobody = net.links(0, &[]).ok();
    assert_eq!(nobody.stdout, "Alive: 0. Failing: 0. Dead: 0. Unknown: 0.\n");
}

/// However busy the machine is: stopped a second after Acme has answered, or later where that was too early to hear it.
#[test]
fn stopped_it_remembers_what_it_heard() {
    let heard = [1, 2, 4, 8].into_iter().any(|pause| {
        let net = Internet::with(&["Acme", "Globex"]);
        net.does("globex.example", Some(Does::Hangs));
        let mut command = net.command(0, &["check", "--links", "--memory", "links.json"]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        until("an answer of Acme's", || net.answered.load(Ordering::SeqCst) > 0);
        std::thread::sleep(Duration::from_secs(pause));
        let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(interrupt.success());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        // Globex would have been heard of, as being too slow.
        assert_eq!(output.status.code(), Some(130), "{said}");
        let kept = net.env.path("links.json");
        if !kept.exists() {
            return false;
        }
        let kept = net.memory("links.json");
        let heard: Vec<&str> =
            kept["partners"].as_array().unwrap().iter().filter_map(|p| p["partner"].as_str()).collect();
        if heard.is_empty() {
            return false;
        }
        assert!(said.contains("hint: what was heard is remembered in links.json"), "{said}");
        assert_eq!(heard, ["acme"]);
        true
    });
    assert!(heard, "Acme was never heard");
}

/// A network's own page answers for everybody, until its users have logged in: in the clear, or by a certificate that nobody trusts.
#[test]
fn a_network_that_wants_a_log_in_buries_nobody() {
    let env = TestEnv::with_registry();
    for (name, website) in [("Acme", "https://acme.example/karmada"), ("Globex", "http://globex.example/karmada")] {
        let contact = format!("{name}-bot");
        let args = ["apply", "--name", name, "--website", website, "--github", &contact, "--logo", "logo.png"];
        env.run(&args).ok().code.unwrap();
        env.decide(&name.to_lowercase());
    }
    let config = crate::fetch::tls(&env, vec!["login.example".to_owned()]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let portal = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, config) = (stream.unwrap(), config.clone());
            match head(&mut stream).starts_with("CONNECT ") {
                true => answer(stream, config, 200),
                false => {
                    drop(stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 6\r\n\r\nlog in"));
                }
            }
        }
    });
    for day in [0, 4, 8] {
        let mut command = env.command(&["check", "--links", "--memory", "links.json"]);
        command.env("SOURCE_DATE_EPOCH", (BEGIN + 86_400 * day).to_string());
        let told = env.output(command.env("http_proxy", &portal).env("https_proxy", &portal)).ok();
        assert!(told.stdout.contains("Alive: 0. Failing: 0. Dead: 0. Unknown: 2."), "{told}");
        assert_eq!(told.stdout.matches("nothing else can be reached from here either").count(), 2, "{told}");
    }
}
