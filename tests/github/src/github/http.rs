//! HTTP/1.1 on a socket.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::text::percent_decode;

/// A request as it came in. Header names are in lower case.
#[derive(Clone, Debug, Default)]
pub struct Incoming {
    pub method: String,
    /// The path and the query, as sent.
    pub target: String,
    pub headers: Vec<(String, String)>,
    /// The body without its transfer encoding, but still compressed.
    pub body: Vec<u8>,
    /// Everything that went over the wire.
    pub bytes: usize,
}

impl Incoming {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub fn query_string(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    pub fn query(&self) -> Vec<(String, String)> {
        let parts = self.query_string().split('&').filter(|part| !part.is_empty());
        parts
            .map(|part| {
                let (key, value) = part.split_once('=').unwrap_or((part, ""));
                (percent_decode(&key.replace('+', " ")), percent_decode(&value.replace('+', " ")))
            })
            .collect()
    }

    /// The body, unpacked if it is compressed.
    pub fn content(&self) -> io::Result<Vec<u8>> {
        if self.header("content-encoding") != Some("gzip") {
            return Ok(self.body.clone());
        }
        let mut content = Vec::new();
        GzDecoder::new(self.body.as_slice()).read_to_end(&mut content)?;
        Ok(content)
    }
}

/// An answer.
#[derive(Clone, Debug, Default)]
pub struct Outgoing {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Outgoing {
    pub fn new(status: u16, media: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into() }.with("content-type", media)
    }

    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::new(status, "application/json; charset=utf-8", body.to_string())
    }

    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub fn compress(&mut self) {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&self.body).unwrap();
        self.body = packed.finish().unwrap();
        self.headers.push(("content-encoding".to_owned(), "gzip".to_owned()));
        self.headers.push(("vary".to_owned(), "Accept-Encoding".to_owned()));
    }

    /// The status line and the headers.
    pub fn head(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.status != 204 && self.status != 304 {
            head.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        head.push_str("\r\n");
        head.into_bytes()
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        307 => "Temporary Redirect",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        409 => "Conflict",
        410 => "Gone",
        422 => "Unprocessable Entity",
        429 => "Too Many Requests",
        502 => "Bad Gateway",
        status if status >= 500 => "Internal Server Error",
        _ => "Bad Request",
    }
}

/// A connection, with what was read ahead.
pub struct Connection {
    pub stream: TcpStream,
    ahead: Vec<u8>,
}

impl Connection {
    pub fn new(stream: TcpStream) -> Self {
        Self { stream, ahead: Vec::new() }
    }

    fn more(&mut self) -> io::Result<usize> {
        let mut chunk = [0; 16_384];
        let count = self.stream.read(&mut chunk)?;
        self.ahead.extend_from_slice(&chunk[..count]);
        Ok(count)
    }

    /// The next request, or nothing if the client has closed the connection.
    pub fn read(&mut self) -> io::Result<Option<Incoming>> {
        let bad = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        let (length, mut request) = loop {
            let mut headers = [httparse::EMPTY_HEADER; 96];
            let mut head = httparse::Request::new(&mut headers);
            let parsed = head.parse(&self.ahead).map_err(|error| bad(&error.to_string()))?;
            if let httparse::Status::Complete(length) = parsed {
                let owned = |header: &httparse::Header<'_>| {
                    (header.name.to_lowercase(), String::from_utf8_lossy(header.value).into_owned())
                };
                let headers = head.headers.iter().map(owned).collect();
                let (method, target) = (head.method.unwrap_or_default(), head.path.unwrap_or_default());
                let request =
                    Incoming { method: method.to_owned(), target: target.to_owned(), headers, ..Incoming::default() };
                break (length, request);
            }
            if self.more()? == 0 {
                return Ok(None);
            }
        };
        self.ahead.drain(..length);
        request.bytes = length;
        if request.header("expect").is_some_and(|expected| expected.eq_ignore_ascii_case("100-continue")) {
            self.stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        if request.header("transfer-encoding").is_some_and(|encoding| encoding.eq_ignore_ascii_case("chunked")) {
            self.read_chunks(&mut request)?;
        } else if let Some(length) = request.header("content-length") {
            let length = length.parse().map_err(|_| bad("content-length"))?;
            request.body = self.take(length)?;
            request.bytes += length;
        }
        Ok(Some(request))
    }

    fn take(&mut self, length: usize) -> io::Result<Vec<u8>> {
        while self.ahead.len() < length {
            if self.more()? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(self.ahead.drain(..length).collect())
    }

    fn take_line(&mut self) -> io::Result<String> {
        loop {
            if let Some(end) = self.ahead.windows(2).position(|pair| pair == b"\r\n") {
                let line = self.take(end + 2)?;
                return Ok(String::from_utf8_lossy(&line[..end]).into_owned());
            }
            if self.more()? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    fn read_chunks(&mut self, request: &mut Incoming) -> io::Result<()> {
        loop {
            let line = self.take_line()?;
            let size = line.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(size, 16).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
            request.bytes += line.len() + 2 + size + 2;
            if size == 0 {
                while !self.take_line()?.is_empty() {}
                return Ok(());
            }
            let chunk = self.take(size)?;
            request.body.extend_from_slice(&chunk);
            self.take(2)?;
        }
    }
}
