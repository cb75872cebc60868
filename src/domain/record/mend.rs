//! What somebody typed, read as the one thing it can mean.

use std::collections::BTreeSet;

use super::Field;
use crate::domain::Login;
use crate::domain::text::{self, narrowed, unquoted};
use crate::domain::values::Invalid;

/// An answer that was read as another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    pub field: Field,
    pub typed: String,
    pub read: String,
}

impl Field {
    /// What `typed` can only mean, where it doesn't do as it stands. A logo is a path: whoever can look says whether it leads
    /// anywhere as it stands.
    #[must_use]
    pub fn mended(self, typed: &str) -> Option<String> {
        if self == Self::Logo {
            return path(typed, cfg!(windows)).filter(|path| path != typed);
        }
        // Of an address each byte counts.
        if !matches!(self, Self::Website | Self::Story)
            && let Some(composed) = text::composed(typed)
        {
            return Some(self.mended(&composed).unwrap_or(composed));
        }
        if self.check(typed).is_ok() {
            return if self.is_free_list() { once(typed) } else { None };
        }
        let plain = unquoted(&narrowed(typed)).to_owned();
        let read = match self {
            Self::Website | Self::Story => website(&plain)?,
            Self::Github => login(&plain)?,
            Self::Email => mailbox(&plain),
            Self::Certified => {
                let number = plain.trim_end_matches(['人', '名', '位']).trim();
                // As programs write a column of numbers in which one is missing.
                number.strip_suffix(".0").unwrap_or(number).to_owned()
            }
            _ if self.is_list() => {
                let parted = typed.replace(['；', '、'], ";");
                if self.is_free_list() { once(&parted).unwrap_or(parted) } else { parted }
            }
            _ => return None,
        };
        self.check(&read).is_ok().then_some(read)
    }
}

/// A list in which nothing stands a second time, in whatever letters and spaces; `None` where nothing does.
fn once(list: &str) -> Option<String> {
    let items: Vec<&str> = list.split(';').map(str::trim).filter(|item| !item.is_empty()).collect();
    let mut seen = BTreeSet::new();
    let first: Vec<&str> = items.iter().copied().filter(|item| seen.insert(folded(item))).collect();
    (first.len() < items.len()).then(|| first.join("; "))
}

/// By what two names in a list are the same.
pub(super) fn folded(item: &str) -> String {
    item.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An address, as somebody writes one: without its scheme, within brackets or quotes, with an input method's signs.
#[must_use]
pub fn address(typed: &str) -> Option<String> {
    website(unquoted(&narrowed(typed)))
}

/// A GitHub ID, as somebody writes one: with the @ in front, or as the address of its page.
#[must_use]
pub fn login(typed: &str) -> Option<String> {
    let typed = narrowed(typed);
    let mut rest = linked(unquoted(&typed));
    let lower = rest.to_ascii_lowercase();
    for start in
        ["https://github.com/", "http://github.com/", "https://www.github.com/", "www.github.com/", "github.com/"]
    {
        if lower.starts_with(start) {
            rest = &rest[start.len()..];
            break;
        }
    }
    // A tab of that page, or a place on it.
    let rest = rest.split(['?', '#']).next()?.trim_end_matches('/');
    let rest = rest.strip_prefix("orgs/").and_then(|rest| rest.split('/').next()).unwrap_or(rest);
    let login = rest.strip_prefix('@').unwrap_or(rest).trim();
    (!login.is_empty() && !login.contains('/')).then(|| login.to_owned())
}

/// A GitHub ID as people write one.
///
/// # Errors
/// When it can be none.
pub(crate) fn read_login(typed: &str) -> Result<Login, Invalid> {
    let read = |s: &str| s.parse::<Login>();
    read(typed).or_else(|e| login(typed).and_then(|login| read(&login).ok()).ok_or(e))
}

/// What a link leads to that is written as Markdown has it; anything else stays.
fn linked(typed: &str) -> &str {
    let inner = typed.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(')')?.split_once("]("));
    inner.map_or(typed, |(_, address)| address.trim())
}

/// A mailbox as programs for mail write one: behind a name, in brackets, as an address.
fn mailbox(typed: &str) -> String {
    let typed = linked(typed);
    let bare = match typed.rsplit_once('<').and_then(|(name, rest)| Some((name, rest.split_once('>')?))) {
        // Another one before it may be meant as well.
        Some((name, (inside, behind)))
            if !name.contains('@') && behind.trim_matches([',', ';', '.', ' ']).is_empty() =>
        {
            inside
        }
        _ => typed.trim_matches(['<', '>', '(', ')']),
    };
    // What it is called, as in `E-mail: karmada@x.com`.
    let bare = match bare.split_once(": ") {
        Some((label, rest)) if !label.contains('@') => rest,
        _ => bare,
    };
    let bare = bare.trim().trim_end_matches([',', ';', '.', '、']);
    let address = bare.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")).map(|_| &bare[7..]);
    let mailbox = address.map_or(bare, |address| address.split('?').next().unwrap_or(address));
    mailbox.split('@').map(str::trim).collect::<Vec<_>>().join("@")
}

/// An address that lacks its scheme or a part of that, and is one nevertheless.
fn website(typed: &str) -> Option<String> {
    let bare = typed.trim_matches(['<', '>']).trim().trim_end_matches([',', ';', '、']);
    let bare = linked(bare);
    let lower = bare.to_ascii_lowercase();
    for scheme in ["https", "http"] {
        let Some(rest) = lower.strip_prefix(scheme).map(|rest| &bare[bare.len() - rest.len()..]) else { continue };
        let address = rest.trim_start_matches([':', '/', '\\']);
        let between = &rest[..rest.len() - address.len()];
        // `HTTPS://x`, `https:x`, `https:/x`, `https//x`: nothing else begins so.
        if between.starts_with(':') || between.starts_with("//") {
            return Some(format!("{scheme}://{address}"));
        }
        break;
    }
    let bare = bare.strip_prefix("//").unwrap_or(bare);
    if bare.contains("://") {
        return Some(bare.to_owned());
    }
    let authority = bare.split(['/', '?', '#']).next()?;
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    // A dot behind it stands for the root of all names.
    let (host, behind) = (host.strip_suffix('.').unwrap_or(host), &bare[host.len()..]);
    let top = host.rsplit_once('.')?.1;
    let is_host = top.chars().count() > 1 && top.chars().all(char::is_alphabetic) && !host.contains('@');
    (is_host && text::is_digits(port)).then(|| format!("https://{host}{behind}"))
}

/// A path as terminals write one that is dropped on them: in quotes, with backslashes, as a file's address. On Windows a backslash
/// is a part of it, and in an address a slash stands before the drive.
fn path(typed: &str, windows: bool) -> Option<String> {
    let typed = typed.trim();
    // As an input method writes what a path begins with.
    let narrow = typed.starts_with(['／', '～']).then(|| narrowed(typed));
    let typed = narrow.as_deref().unwrap_or(typed);
    if let Some(rest) = below_file(typed) {
        // Without a host, or with this machine's.
        let named = rest.strip_prefix("//").unwrap_or(rest);
        let local = named.get(..9).filter(|host| host.eq_ignore_ascii_case("localhost")).filter(|_| named != rest);
        let named = local.map_or(named, |host| &named[host.len()..]);
        let decoded = named.starts_with('/').then(|| percent_decoded(named)).flatten()?;
        let below_drive = decoded.strip_prefix('/').filter(|rest| windows && rest.get(1..2) == Some(":"));
        return Some(below_drive.map_or(decoded.clone(), str::to_owned));
    }
    let inner = unquoted(typed);
    if below_file(inner.trim()).is_some() {
        return path(inner, windows);
    }
    if typed.contains("://") {
        // The address of a picture, with something around it.
        let bare = inner.trim_matches(['<', '>']);
        return (bare != typed).then(|| bare.to_owned());
    }
    if inner != typed {
        return Some(inner.replace("'\\''", "'"));
    }
    if windows || !typed.contains('\\') {
        return Some(typed.to_owned());
    }
    let mut out = String::new();
    let mut chars = typed.chars();
    while let Some(c) = chars.next() {
        out.push(if c == '\\' { chars.next()? } else { c });
    }
    Some(out)
}

/// What stands behind the scheme of a file's address.
fn below_file(address: &str) -> Option<&str> {
    let scheme = address.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("file:"))?;
    address.strip_prefix(scheme).filter(|rest| rest.starts_with('/'))
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let decoded = match byte {
            b'%' => {
                let digits = [bytes.next()?, bytes.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            byte => byte,
        };
        out.push(decoded);
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_only_be_one_thing_is_read_as_that() {
        for (field, typed, read) in [
            (Field::Website, "www.x.com", "https://www.x.com"),
            (Field::Website, "x.com/karmada?a=b", "https://x.com/karmada?a=b"),
            (Field::Website, "x.com:8443", "https://x.com:8443"),
            (Field::Website, "//x.com", "https://x.com"),
            (Field::Website, "x.com./karmada", "https://x.com/karmada"),
            (Field::Website, "https://x.com,", "https://x.com"),
            (Field::Website, "https://x.com;", "https://x.com"),
            (Field::Offices, "Berlin, Germany; Rome; berlin,  GERMANY", "Berlin, Germany; Rome"),
            (Field::FormerNames, "Old; old ;Older", "Old; Older"),
            (Field::Website, "https：／／ｗｗｗ．x．com／karmada", "https://www.x.com/karmada"),
            (Field::Website, "www。x。com", "https://www.x.com"),
            (Field::Website, "<https://x.com>", "https://x.com"),
            (Field::Website, "“www.x.com”", "https://www.x.com"),
            (Field::Website, "华为云.中国", "https://华为云.中国"),
            (Field::Website, "https:x.com", "https://x.com"),
            (Field::Website, "https:/x.com/a", "https://x.com/a"),
            (Field::Website, "http//x.com", "http://x.com"),
            (Field::Website, "https:///x.com", "https://x.com"),
            (Field::Website, "[Acme](https://x.com/karmada)", "https://x.com/karmada"),
            (Field::Website, "「https：//x.com」", "https://x.com"),
            (Field::Website, "”www.x.com”", "https://www.x.com"),
            (Field::Github, "https://github.com/login?tab=repositories", "login"),
            (Field::Github, "github.com/login/#readme", "login"),
            (Field::Github, "https://github.com/orgs/login/people", "login"),
            (Field::Github, "@login", "login"),
            (Field::Github, "＠login", "login"),
            (Field::Github, "https://github.com/login", "login"),
            (Field::Github, "https://GitHub.com/login/", "login"),
            (Field::Github, "github.com/login", "login"),
            (Field::Email, "karmada＠x．com", "karmada@x.com"),
            (Field::Email, "mailto:karmada@x.com", "karmada@x.com"),
            (Field::Email, "<karmada@x.com>", "karmada@x.com"),
            (Field::Email, "Karmada Team <karmada@x.com>", "karmada@x.com"),
            (Field::Email, "\"Team, Karmada\" <karmada@x.com>;", "karmada@x.com"),
            (Field::Email, "技术支持＜karmada＠x.com＞", "karmada@x.com"),
            (Field::Email, "MAILTO:karmada@x.com?subject=Karmada", "karmada@x.com"),
            (Field::Email, "karmada @ x.com", "karmada@x.com"),
            (Field::Email, "(karmada@x.com)", "karmada@x.com"),
            (Field::Email, "E-mail: karmada@x.com", "karmada@x.com"),
            (Field::Email, "邮箱： karmada@x.com", "karmada@x.com"),
            (Field::Email, "karmada@x.com。", "karmada@x.com"),
            (Field::Email, "[karmada@x.com](mailto:karmada@x.com)", "karmada@x.com"),
            (Field::Github, "[@login](https://github.com/login)", "login"),
            (Field::Certified, "１２人", "12"),
            (Field::Certified, "12.0", "12"),
            (Field::Logo, "“/a b/Logo.png”", "/a b/Logo.png"),
            (Field::Logo, "”/a b/Logo.png”", "/a b/Logo.png"),
            (Field::Logo, "「/a b/标志.png」", "/a b/标志.png"),
            (Field::Logo, "～／标志.png", "~/标志.png"),
            (Field::Email, "\"Team, Karmada\" <mailto:karmada@x.com>", "karmada@x.com"),
            (Field::Logo, "'/a b/Logo.png' ", "/a b/Logo.png"),
            (Field::Logo, "\"/a b/Logo.png\"", "/a b/Logo.png"),
            (Field::Logo, "'/it'\\''s/l.png'", "/it's/l.png"),
            (Field::Logo, "file:///a%20b/%E5%8D%8E.png", "/a b/华.png"),
            (Field::Logo, "'file:///a%20b/logo.png' ", "/a b/logo.png"),
            (Field::Logo, "“file:///a%20b/logo.png”", "/a b/logo.png"),
            (Field::Logo, "file://localhost/l.png", "/l.png"),
            (Field::Logo, "FILE://LocalHost/a%23b#c?d/l.png", "/a#b#c?d/l.png"),
            (Field::Logo, "file:/a%20b/l.png", "/a b/l.png"),
            (Field::Services, "support；training", "support;training"),
        ] {
            assert_eq!(field.mended(typed).as_deref(), Some(read), "{typed}");
        }
    }

    #[test]
    fn letters_and_their_marks_are_one() {
        for (field, typed, read) in [
            (Field::Name, "Zu\u{308}rich Cloud", Some("Zürich Cloud")),
            (Field::Parent, "Cafe\u{301}", Some("Café")),
            (Field::Offices, "Zu\u{308}rich, Switzerland", Some("Zürich, Switzerland")),
            (Field::Email, "„karmada@mu\u{308}ller.example“", Some("karmada@müller.example")),
            (Field::Name, "Zürich 华为 Ｇ", None),
            // A server may have the one and not the other.
            (Field::Website, "https://x.com/Zu\u{308}rich", None),
        ] {
            assert_eq!(field.mended(typed).as_deref(), read, "{typed}");
        }
    }

    #[test]
    fn a_path_of_windows_keeps_its_backslashes() {
        assert_eq!(path("/a\\ b/\\(1\\).png ", false).as_deref(), Some("/a b/(1).png"));
        for (typed, read) in [
            ("C:\\Users\\jane\\logo.png ", "C:\\Users\\jane\\logo.png"),
            ("\"C:\\Program Files\\l.png\"", "C:\\Program Files\\l.png"),
            ("file:///C:/a%20b/l.png", "C:/a b/l.png"),
        ] {
            assert_eq!(path(typed, true).as_deref(), Some(read), "{typed}");
        }
    }

    #[test]
    fn what_does_or_could_be_several_things_stays() {
        for (field, typed) in [
            (Field::Website, "https://x.com"),
            (Field::Website, "HTTPS://x.com"),
            (Field::Website, "https://x.com)"),
            (Field::Offices, "Berlin; Rome ;Bern"),
            (Field::Website, "x"),
            (Field::Website, "karmada@x.com"),
            (Field::Website, "ftp://x.com"),
            (Field::Website, "we have none."),
            (Field::Github, "login"),
            (Field::Github, "https://github.com/login/repo"),
            (Field::Github, "https://gitlab.com/login"),
            (Field::Github, "two words"),
            (Field::Github, "https://github.com/?tab=x"),
            (Field::Email, "a@x.com, b@x.com"),
            (Field::Email, "A <a@x.com>, B <b@x.com>"),
            (Field::Website, "https"),
            (Field::Certified, "a dozen"),
            (Field::Certified, "1.2"),
            (Field::Email, "nobody"),
            (Field::Name, "“Acme”"),
            (Field::Logo, "logo.png"),
            (Field::Logo, "https://x.com/l.png"),
            (Field::Logo, "file://elsewhere/l.png"),
        ] {
            assert_eq!(field.mended(typed), None, "{typed}");
        }
    }
}
