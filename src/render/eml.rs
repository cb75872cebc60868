//! The draft of a mail, as a file that mail programs open (RFC 5322, MIME).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::domain::record::Mailbox;
use crate::domain::text;

#[derive(Debug)]
pub struct Draft<'a> {
    /// One line.
    pub subject: &'a str,
    /// Who gets it; none sees the others.
    pub bcc: &'a [Mailbox],
    pub body: &'a str,
}

impl Draft<'_> {
    /// The file: CRLF line ends, ASCII only.
    #[must_use]
    pub fn to_eml(&self) -> String {
        // Mailboxes are ASCII, and can't hold what would end a line or an address.
        let bcc = self.bcc.iter().map(Mailbox::as_str).collect::<Vec<_>>().join(",\r\n ");
        let body = self.body.replace("\r\n", "\n").replace('\n', "\r\n");
        let encoded = STANDARD.encode(format!("{body}\r\n"));
        let lines: Vec<&str> =
            encoded.as_bytes().chunks(76).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        format!(
            "X-Unsent: 1\r\nTo: undisclosed-recipients:;\r\nBcc: {bcc}\r\nSubject: {}\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            header(self.subject),
            lines.join("\r\n")
        )
    }
}

/// Words in a header: as they are where they are plain, encoded where they aren't (RFC 2047).
fn header(words: &str) -> String {
    let words = text::one_line(&text::visible(words));
    if words.is_ascii() && words.len() <= 60 {
        return words;
    }
    // An encoded word may have 75 characters, and must not cut a letter.
    let mut parts: Vec<String> = vec![String::new()];
    for c in words.chars() {
        match parts.last_mut() {
            Some(last) if last.len() + c.len_utf8() <= 42 => last.push(c),
            _ => parts.push(c.to_string()),
        }
    }
    let encoded: Vec<_> = parts.iter().map(|part| format!("=?utf-8?B?{}?=", STANDARD.encode(part))).collect();
    encoded.join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_draft_breaks_out_of_its_line() {
        let mailbox: Mailbox = "karmada@acme.example".parse().unwrap();
        let draft = Draft { subject: "合作\r\nBcc: eve@evil.example", bcc: &[mailbox], body: "a\nb" }.to_eml();
        let lines: Vec<_> = draft.split("\r\n").collect();
        assert_eq!(lines[2], "Bcc: karmada@acme.example");
        assert!(lines[3].starts_with("Subject: =?utf-8?B?"));
        assert_eq!(lines.iter().filter(|l| l.contains("Bcc")).count(), 1);
        assert!(draft.is_ascii());
        assert!(draft.split("\r\n").all(|l| l.len() <= 78 && !l.contains(['\r', '\n'])));
    }
}
