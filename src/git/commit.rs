//! Commits, read leniently: what was pushed is there, whatever git itself would say to it.

use std::borrow::Cow;

use encoding_rs::Encoding;
use git2::Oid;

use crate::domain::GitId;

/// A commit, as far as an audit reads it.
#[derive(Debug, Clone)]
pub(crate) struct RawCommit {
    pub tree: GitId,
    pub parents: Vec<Oid>,
    /// When it was committed, in seconds since 1970; `None` where it doesn't say so.
    pub time: Option<i64>,
    pub who: People,
}

/// Whether a commit names who wrote it and who made it, in lines that `git fsck` lets pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct People {
    pub author: bool,
    pub committer: bool,
}

impl People {
    #[cfg(test)]
    pub(crate) const BOTH: Self = Self { author: true, committer: true };
}

/// Whether this is `name <mailbox> seconds zone`, as git writes it. Without a name there is still its space.
fn names_somebody(line: &str) -> bool {
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let Some((name, rest)) = line.split_once('<') else { return false };
    let Some((mailbox, rest)) = rest.split_once("> ") else { return false };
    let Some((time, zone)) = rest.split_once(' ') else { return false };
    let is_time = (1..=18).contains(&time.len()) && digits(time) && (time == "0" || !time.starts_with('0'));
    let is_zone = zone.len() == 5 && zone.starts_with(['+', '-']) && digits(&zone[1..]);
    name.ends_with(' ') && !name.contains('>') && !mailbox.contains(['<', '>']) && is_time && is_zone
}

/// A commit to the byte: who says to have made it, and all that it carries.
#[derive(Debug, Clone)]
pub(crate) struct WholeCommit {
    pub tree: Oid,
    pub parents: Vec<Oid>,
    /// The line `Name <mailbox> seconds zone`.
    pub author: String,
    pub committer: String,
    /// What else stands in its head: keys, and how long it is, in bytes.
    pub more: Vec<(String, usize)>,
    pub message: String,
}

impl WholeCommit {
    /// `None` where it isn't UTF-8, or has another shape than git writes.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let (head, message) = std::str::from_utf8(bytes).ok()?.split_once("\n\n")?;
        let (mut tree, mut parents, mut who, mut more) = (None, Vec::new(), [None, None], Vec::new());
        for line in head.split('\n') {
            let (key, value) = line.split_once(' ')?;
            match (key, more.last_mut()) {
                ("", Some((_, size))) => *size += line.len(),
                ("tree", None) if tree.is_none() => tree = value.parse().ok(),
                ("parent", None) if who[0].is_none() => parents.push(value.parse().ok()?),
                ("author", None) if who[0].is_none() => who[0] = Some(value.to_owned()),
                ("committer", None) if who[1].is_none() => who[1] = Some(value.to_owned()),
                _ => more.push((key.to_owned(), line.len())),
            }
        }
        let [author, committer] = who;
        let (tree, author, committer) = (tree?, author?, committer?);
        Some(Self { tree, parents, author, committer, more, message: message.to_owned() })
    }
}

/// Where its message begins.
fn end_of_head(commit: &[u8]) -> usize {
    memchr::memmem::find(commit, b"\n\n").map_or(commit.len(), |at| at + 2)
}

/// Text; bytes that aren't UTF-8, of which there are hardly any, are replaced.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// The message of a commit, by the bytes that git keeps of it; bytes that aren't UTF-8 are replaced.
pub(super) fn message_of(commit: &[u8]) -> String {
    text(&commit[end_of_head(commit)..]).into_owned()
}

/// The head of a commit as text, for people: in the encoding that it names, where that is known, as git shows it.
fn shown_head(commit: &[u8]) -> Cow<'_, str> {
    let head = &commit[..end_of_head(commit)];
    let named = head.split(|b| *b == b'\n').find_map(|line| line.strip_prefix(b"encoding "));
    match named.and_then(encoding_named) {
        // Whoever sets one may still write UTF-8; hardly anything else looks like it.
        Some(encoding) if std::str::from_utf8(head).is_err() => encoding.decode_without_bom_handling(head).0,
        _ => text(head),
    }
}

/// The encoding of a name, as iconv takes it. None in which a letter of a head could be two bytes.
fn encoding_named(name: &[u8]) -> Option<&'static Encoding> {
    let name = String::from_utf8_lossy(name).trim().to_ascii_lowercase().replace('_', "-");
    let known = |name: &str| Encoding::for_label_no_replacement(name.as_bytes());
    let number = name.strip_prefix("cp").or_else(|| name.strip_prefix("ibm")).map(|rest| rest.trim_start_matches('-'));
    let found = known(&name).or_else(|| match number {
        Some("932" | "943") => known("shift_jis"),
        Some("936") => known("gbk"),
        Some("949") => known("euc-kr"),
        Some("950") => known("big5"),
        Some(number) => known(&format!("windows-{number}")).or_else(|| known(&format!("ibm{number}"))),
        None if name.starts_with("euc") && name.ends_with("cn") => known("gbk"),
        None => name.strip_prefix("euc").and_then(|rest| known(&format!("euc-{rest}"))),
    });
    found.filter(|encoding| encoding.is_ascii_compatible())
}

/// The name of its author; empty where it doesn't say.
pub(super) fn author_of(commit: &[u8]) -> String {
    let head = shown_head(commit);
    let author = head.lines().find_map(|line| line.strip_prefix("author "));
    author.and_then(|line| line.split_once('<')).map_or_else(String::new, |(name, _)| name.trim().to_owned())
}

impl RawCommit {
    /// `None` where it doesn't say what it is a commit of, or on what it stands.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let head = text(&bytes[..end_of_head(bytes)]);
        let mut lines = head.split('\n');
        let tree = lines.next()?.strip_prefix("tree ")?.parse().ok()?;
        let who = People { author: false, committer: false };
        let mut out = Self { tree, parents: Vec::new(), time: None, who };
        let mut authors = 0;
        for line in lines {
            if let Some(parent) = line.strip_prefix("parent ") {
                out.parents.push(parent.parse().ok()?);
            } else if let Some(author) = line.strip_prefix("author ") {
                authors += 1;
                out.who.author = authors == 1 && names_somebody(author);
            } else if let Some(committer) = line.strip_prefix("committer ") {
                out.who.committer = names_somebody(committer);
                out.time = committer.rsplit(' ').nth(1).and_then(|time| time.parse().ok());
                break;
            }
        }
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_commit_hides_nothing() {
        let tree = "1".repeat(40);
        let who = "A <a@b> 5 +0000";
        let head = format!("tree {tree}\nparent {tree}\nauthor {who}\ncommitter {who}\n");
        let read = |more: &str| WholeCommit::parse(format!("{head}{more}\nhello\n").as_bytes());
        let plain = read("").unwrap();
        assert_eq!((plain.parents.len(), plain.author.as_str(), plain.committer.as_str()), (1, who, who));
        assert!(plain.more.is_empty() && plain.message == "hello\n");
        let signed = read("gpgsig -----BEGIN\n abc\n -----END\n").unwrap();
        assert_eq!(signed.more, [("gpgsig".to_owned(), 17 + 4 + 9)]);
        assert_eq!(read("author B <b@c> 5 +0000\n").unwrap().more.len(), 1, "a second author");
        assert!(WholeCommit::parse(b"tree x\n\nhello").is_none());
        assert!(WholeCommit::parse(&[head.as_bytes(), b"\n\xff"].concat()).is_none());
    }

    #[test]
    fn an_author_is_read_in_the_encoding_that_the_commit_names() {
        let by = |name: &[u8], encoding: &str| {
            let head = format!("tree {}\nauthor ", "1".repeat(40));
            let rest = format!(" <a@b> 5 +0000\ncommitter C <a@b> 5 +0000\n{encoding}\nhello\n");
            author_of(&[head.as_bytes(), name, rest.as_bytes()].concat())
        };
        for (name, encoding, shown) in [
            (b"J\xfcrgen".as_slice(), "encoding ISO-8859-1\n", "Jürgen"),
            (b"J\xfcrgen", "encoding latin1\n", "Jürgen"),
            (b"J\xfcrgen", "encoding CP1252\n", "Jürgen"),
            (b"\xbb\xaa\xce\xaa", "encoding GBK\n", "华为"),
            (b"\xbb\xaa\xce\xaa", "encoding cp936\n", "华为"),
            (b"\xbb\xaa\xce\xaa", "encoding eucCN\n", "华为"),
            (b"\xc6\xfc", "encoding eucJP\n", "日"),
            (b"\xcf\xd2", "encoding KOI8-R\n", "ор"),
            // What is UTF-8 all the same, and what nobody can read.
            ("Jürgen".as_bytes(), "encoding ISO-8859-1\n", "Jürgen"),
            ("Jürgen".as_bytes(), "", "Jürgen"),
            (b"J\xfcrgen", "", "J\u{fffd}rgen"),
            (b"J\xfcrgen", "encoding UTF-16\n", "J\u{fffd}rgen"),
            (b"J\xfcrgen", "encoding nonsense\n", "J\u{fffd}rgen"),
        ] {
            assert_eq!(by(name, encoding), shown, "{encoding}");
        }
    }

    #[test]
    fn what_a_commit_lacks_is_no_reason_not_to_read_it() {
        let tree = format!("tree {}\n", "1".repeat(40));
        let parent = format!("parent {}\n", "2".repeat(40));
        let read = |rest: &str| {
            let bytes = format!("{tree}{parent}{rest}");
            RawCommit::parse(bytes.as_bytes()).map(|c| (c.parents.len(), c.time, message_of(bytes.as_bytes())))
        };
        let whole = "author A <a@b> 5 +0000\ncommitter A <a@b> 7 +0000\n";
        assert_eq!(read(&format!("{whole}\nhello\n")), Some((1, Some(7), "hello\n".into())));
        assert_eq!(read("committer A <a@b> 7 +0000\n\nhello"), Some((1, Some(7), "hello".into())), "no author");
        assert_eq!(read("author A\ncommitter A\n\nhello"), Some((1, None, "hello".into())), "no mailbox");
        assert_eq!(read("committer A <a@b> soon +0000\n\nx"), Some((1, None, "x".into())), "an unreadable time");
        assert_eq!(read(whole), Some((1, Some(7), String::new())), "no blank line");
        assert_eq!(read(""), Some((1, None, String::new())));
        assert!(RawCommit::parse(b"parent x\n\n").is_none());
        assert!(RawCommit::parse(format!("{tree}parent x\n\n").as_bytes()).is_none());
        assert!(RawCommit::parse(b"").is_none());
    }
}
