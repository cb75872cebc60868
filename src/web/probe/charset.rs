//! Bytes into text, by what the server and the page say about their charset.

use encoding_rs::{Encoding, UTF_8};

/// How far into a page its charset may be named; browsers look no further.
const HEAD: usize = 1_024;

/// The text of a page. What can't be read is replaced, never refused.
pub(super) fn decode(bytes: &[u8], content_type: Option<&str>) -> String {
    let named = content_type.and_then(|kind| label(kind.as_bytes())).or_else(|| label(&bytes[..bytes.len().min(HEAD)]));
    // A byte order mark wins over both.
    let (text, ..) = named.unwrap_or(UTF_8).decode(bytes);
    text.into_owned()
}

/// The charset that `charset=…` names, in a header or in a `meta` element.
fn label(text: &[u8]) -> Option<&'static Encoding> {
    const KEY: &[u8] = b"charset=";
    let lower = text.to_ascii_lowercase();
    let rest = &lower[memchr::memmem::find(&lower, KEY)? + KEY.len()..];
    let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
    let end =
        rest.iter().position(|b| matches!(b, b'"' | b'\'' | b';' | b'>' | b'/' | b' ' | b'\t')).unwrap_or(rest.len());
    Encoding::for_label(&rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charsets_are_found_where_they_are_named() {
        let gbk = [0xbb, 0xaa, 0xce, 0xaa];
        assert_eq!(decode(&gbk, Some("text/html; charset=GBK")), "华为");
        assert_eq!(decode(&gbk, Some("text/html; charset=\"gb2312\"")), "华为");
        let page = |meta: &str| [meta.as_bytes(), &gbk].concat();
        assert!(decode(&page("<meta charset=\"gb18030\">"), Some("text/html")).ends_with("华为"));
        assert!(
            decode(&page("<meta http-equiv=Content-Type content='text/html; charset=gbk'>"), None).ends_with("华为")
        );
        assert_eq!(decode("华为".as_bytes(), None), "华为");
        assert_eq!(decode("\u{feff}华为".as_bytes(), Some("text/html; charset=gbk")), "华为");
        assert_eq!(decode("华为".as_bytes(), Some("text/html; charset=nonsense")), "华为");
        assert_eq!(decode(&[b'a', 0xff], None), "a\u{fffd}");
        assert_eq!(decode(b"", Some("charset=")), "");
    }
}
