//! Commits, read leniently: what was pushed is there, whatever git itself would say to it.

use git2::Oid;

use crate::domain::GitId;

/// A commit, as far as an audit reads it.
#[derive(Debug, Clone)]
pub(crate) struct RawCommit {
    pub tree: GitId,
    pub parents: Vec<Oid>,
    /// When it was committed, in seconds since 1970; `None` where it doesn't say so.
    pub time: Option<i64>,
}

/// Where its message begins.
fn end_of_head(commit: &[u8]) -> usize {
    commit.windows(2).position(|w| w == b"\n\n").map_or(commit.len(), |at| at + 2)
}

/// The message of a commit, by the bytes that git keeps of it; bytes that aren't UTF-8 are replaced.
pub(super) fn message_of(commit: &[u8]) -> String {
    String::from_utf8_lossy(&commit[end_of_head(commit)..]).into_owned()
}

impl RawCommit {
    /// `None` where it doesn't say what it is a commit of, or on what it stands.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let head = String::from_utf8_lossy(&bytes[..end_of_head(bytes)]);
        let mut lines = head.lines();
        let tree = lines.next()?.strip_prefix("tree ")?.parse().ok()?;
        let mut out = Self { tree, parents: Vec::new(), time: None };
        for line in lines {
            if let Some(parent) = line.strip_prefix("parent ") {
                out.parents.push(parent.parse().ok()?);
            } else if let Some(committer) = line.strip_prefix("committer ") {
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
