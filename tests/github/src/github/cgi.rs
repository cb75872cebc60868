//! Git over HTTP, by git itself.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use super::http::{Incoming, Outgoing};

/// Has `git http-backend` answer a request to a repository on disk. `rest` is the path within it.
#[expect(clippy::disallowed_methods, reason = "git has to be found")]
pub fn run(request: &Incoming, repository: &Path, rest: &str, user: &str) -> Outgoing {
    let mut command = crate::processes::http_backend();
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("HOME", repository)
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "safe.directory")
        .env("GIT_CONFIG_VALUE_0", "*")
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("PATH_TRANSLATED", format!("{}/{rest}", repository.display()))
        .env("REQUEST_METHOD", &request.method)
        .env("QUERY_STRING", request.query_string())
        .env("CONTENT_TYPE", request.header("content-type").unwrap_or_default())
        .env("CONTENT_LENGTH", request.body.len().to_string())
        .env("REMOTE_ADDR", "127.0.0.1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if !user.is_empty() {
        command.env("REMOTE_USER", user);
    }
    for (header, variable) in [("content-encoding", "HTTP_CONTENT_ENCODING"), ("git-protocol", "GIT_PROTOCOL")] {
        if let Some(value) = request.header(header) {
            command.env(variable, value);
        }
    }
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let body = request.body.clone();
    // Git may answer before it has read everything.
    let writer = std::thread::spawn(move || _ = input.write_all(&body));
    let output = child.wait_with_output().unwrap().stdout;
    writer.join().unwrap();
    parse(&output)
}

fn parse(output: &[u8]) -> Outgoing {
    let Some(end) = output.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Outgoing::new(500, "text/plain", "git http-backend said nothing");
    };
    let mut answer = Outgoing { status: 200, headers: Vec::new(), body: output[end + 4..].to_vec() };
    for line in String::from_utf8_lossy(&output[..end]).lines() {
        let Some((name, value)) = line.split_once(": ") else { continue };
        if name.eq_ignore_ascii_case("status") {
            answer.status = value.split(' ').next().and_then(|code| code.parse().ok()).unwrap_or(500);
        } else {
            answer = answer.with(&name.to_lowercase(), value);
        }
    }
    answer
}
