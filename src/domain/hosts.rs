//! Hosts of websites and mailboxes: which can't be public, which are many organizations', and how they read.

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization as _;
use unicode_security::MixedScript as _;
use unicode_security::confusable_detection::skeleton;

use super::names::registrable;
use super::shared_hosts::is_shared;
use super::text;

/// What the names of one network's own hosts end in.
const INNER: [&str; 10] =
    ["arpa", "corp", "home", "internal", "intranet", "lan", "local", "localdomain", "localhost", "private"];

/// What no host that a browser finds ends in: RFC 2606, RFC 7686, RFC 9476, and what other lists of names than the world's have.
/// `example` isn't among them: examples use it, and it is nobody's.
const NOBODYS: [&str; 7] = ["alt", "bit", "eth", "i2p", "invalid", "onion", "test"];

fn top_of(host: &str) -> String {
    host.strip_suffix('.').unwrap_or(host).rsplit('.').next().unwrap_or_default().to_ascii_lowercase()
}

/// Whether a host, by its name, is of one network only.
#[must_use]
pub(crate) fn is_inner(host: &str) -> bool {
    !host.strip_suffix('.').unwrap_or(host).contains('.') || INNER.contains(&top_of(host).as_str())
}

/// Why nobody elsewhere could reach a host; `None` where somebody may.
#[must_use]
pub(crate) fn why_not_public(host: &str) -> Option<String> {
    let top = top_of(host);
    if is_inner(host) {
        return Some(tr!("a host that ends in .{top} is known in one network only", top));
    }
    if NOBODYS.contains(&top.as_str()) {
        return Some(tr!("no browser finds a host that ends in .{top}", top));
    }
    let bare = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    let suffix = psl::suffix(bare.as_bytes()).filter(|suffix| suffix.typ() == Some(psl::Type::Icann));
    let is_suffix = suffix.is_some_and(|suffix| suffix.as_bytes() == bare.as_bytes());
    is_suffix.then(|| tr!("others register their domains under {bare}; it is nobody's website", bare))
}

/// What a public host ends in that the list of all endings hasn't: a slip, mostly, or newer than the list. Examples' own is no slip.
#[must_use]
pub(crate) fn unknown_ending(host: &str) -> Option<String> {
    let (bare, top) = (host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase(), top_of(host));
    let is_known = psl::suffix(bare.as_bytes()).is_some_and(|suffix| suffix.is_known());
    (!is_known && top != "example").then(|| in_letters(&top))
}

/// Providers at which anybody has a mailbox. Of those that have a domain in many countries, the name before the suffix.
const FREE_MAIL: [&str; 66] = [
    "126.com",
    "139.com",
    "163.com",
    "189.cn",
    "21cn.com",
    "aliyun.com",
    "bk.ru",
    "bol.com.br",
    "daum.net",
    "fastmail.com",
    "foxmail.com",
    "free.fr",
    "freenet.de",
    "googlemail.com",
    "hanmail.net",
    "hey.com",
    "hushmail.com",
    "icloud.com",
    "inbox.ru",
    "interia.pl",
    "kakao.com",
    "laposte.net",
    "libero.it",
    "list.ru",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "nate.com",
    "naver.com",
    "o2.pl",
    "onet.pl",
    "orange.fr",
    "pm.me",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rambler.ru",
    "rediffmail.com",
    "riseup.net",
    "rocketmail.com",
    "seznam.cz",
    "sfr.fr",
    "sina.cn",
    "sina.com",
    "sohu.com",
    "t-online.de",
    "terra.com.br",
    "tiscali.it",
    "tom.com",
    "tuta.io",
    "tutanota.com",
    "ukr.net",
    "uol.com.br",
    "virgilio.it",
    "wanadoo.fr",
    "web.de",
    "wo.cn",
    "wp.pl",
    "yandex.com",
    "yandex.ru",
    "yeah.net",
    "ymail.com",
    "zoho.com",
    "users.noreply.github.com",
];
const FREE_MAIL_EVERYWHERE: [&str; 8] = ["aol", "gmail", "gmx", "hotmail", "live", "msn", "outlook", "yahoo"];

/// Whether anybody can have a mailbox at a host.
#[must_use]
pub(crate) fn is_free_mail(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let domain = registrable(&host);
    let name = domain.split('.').next().unwrap_or_default();
    FREE_MAIL.contains(&host.as_str()) || FREE_MAIL.contains(&domain.as_str()) || FREE_MAIL_EVERYWHERE.contains(&name)
}

/// Whether anybody has a name or a page below a domain, so that it tells of nobody who is there. Where anybody has a mailbox, the
/// provider may be meant.
#[must_use]
pub(crate) fn is_anybodys(domain: &str) -> bool {
    is_shared(domain) || psl::suffix_str(domain) == Some(domain)
}

/// A host as verifiers read it, so that all tie the same people by it: what browsers make of it, as far as that fits on a page.
#[must_use]
pub(crate) fn read(host: &str) -> String {
    let decoded = percent_decode_str(host).decode_utf8_lossy();
    let shown = decoded.nfkc().filter(|c| !text::deceives(*c) && !text::joins(*c));
    let lower: String = shown.flat_map(char::to_lowercase).map(|c| if c == '。' { '.' } else { c }).collect();
    let spelled = |label: &str| label.strip_prefix("xn--").and_then(idna::punycode::decode_to_string);
    let labels = lower.split('.').map(|label| spelled(label).unwrap_or_else(|| label.to_owned()));
    labels.collect::<Vec<_>>().join(".")
}

/// Whether a host is a number, as networks have it, and no name.
#[must_use]
pub(crate) fn is_number(host: &str) -> bool {
    let last = host.strip_suffix('.').unwrap_or(host).rsplit('.').next().unwrap_or_default();
    let hex = last.strip_prefix("0x").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_hexdigit()));
    hex || text::is_digits(last)
}

/// Whether a host can be a public name: of two labels at least, none of them empty or too long.
#[must_use]
pub(crate) fn is_name(host: &str) -> bool {
    let bare = host.strip_suffix('.').unwrap_or(host);
    let label = |l: &str| (1..=63).contains(&l.chars().count()) && !l.starts_with('-') && !l.ends_with('-');
    let odd = |c: char| {
        c.is_whitespace() || c.is_control() || c == char::REPLACEMENT_CHARACTER || "#%/:<>?@[\\]^|".contains(c)
    };
    bare.contains('.') && bare.chars().count() <= 253 && bare.split('.').all(label) && !bare.contains(odd)
}

/// What stands in a host, as browsers read it, that no name has. Browsers look it up nevertheless, and find nobody.
#[must_use]
pub(crate) fn odd_sign(host: &str) -> Option<char> {
    host.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.'))
}

/// A host as its owner writes it: `münchen.example` of `xn--mnchen-3ya.example`.
#[must_use]
pub(crate) fn in_letters(host: &str) -> String {
    if !host.contains("xn--") {
        return host.to_owned();
    }
    idna::domain_to_unicode(host).0
}

/// A host for people: with letters that aren't ASCII's, both as they are and as networks know it.
#[must_use]
pub(crate) fn shown(host: &str) -> String {
    let letters = in_letters(host);
    if letters == host { letters } else { format!("{} ({host})", text::visible(&letters)) }
}

/// Whether one label of a host mixes scripts that no language writes together, as only a host that poses as another does.
#[must_use]
pub(crate) fn mixes_scripts(host: &str) -> bool {
    in_letters(host).split('.').any(|label| !label.is_single_script())
}

/// What the domains of countries end in whose own letters look like Latin ones: there a host in them is read as what it is.
const OF_OTHER_LETTERS: [&str; 17] =
    ["am", "bg", "by", "cy", "ge", "gr", "kg", "kz", "md", "mk", "mn", "rs", "ru", "su", "tj", "ua", "uz"];

/// What people read a host as that has a label wholly of letters of another script, each of which looks like a Latin one:
/// `apple.com` of `аррӏе.com`, in Cyrillic. `None` of all others.
#[must_use]
pub(crate) fn read_as_latin(host: &str) -> Option<String> {
    let letters = in_letters(host);
    let top = top_of(&letters);
    if !top.is_ascii() || OF_OTHER_LETTERS.contains(&top.as_str()) {
        return None;
    }
    let latin = |label: &str| {
        let is_other = !label.is_ascii() && !label.bytes().any(|b| b.is_ascii_alphabetic());
        let look: String = skeleton(label).filter(|_| is_other).collect();
        (look.bytes().any(|b| b.is_ascii_alphabetic()) && look.is_ascii()).then(|| look.to_ascii_lowercase())
    };
    let labels: Vec<(&str, Option<String>)> = letters.split('.').map(|label| (label, latin(label))).collect();
    labels.iter().any(|(_, look)| look.is_some()).then(|| {
        labels.into_iter().map(|(label, look)| look.unwrap_or_else(|| label.to_owned())).collect::<Vec<_>>().join(".")
    })
}

/// Whether people who read a host in its letters may take it for another.
#[must_use]
pub(crate) fn misleads(host: &str) -> bool {
    mixes_scripts(host) || read_as_latin(host).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_that_nobody_reaches_are_told() {
        for host in [
            "acme.local",
            "acme.internal",
            "acme.invalid",
            "acme.onion",
            "acme.test",
            "a.localhost",
            "acme.home.arpa",
            "printer.lan",
            "Api.Corp.",
            "acme.private",
            "acme.eth",
            "co.uk",
            "com.cn",
            "com",
        ] {
            assert!(why_not_public(host).is_some(), "{host}");
        }
        for host in
            ["acme.example", "acme.co.uk", "acme.github.io", "github.io", "华为.example", "xn--mnchen-3ya.example"]
        {
            assert_eq!(why_not_public(host), None, "{host}");
        }
    }

    #[test]
    fn endings_that_nobody_registers_under_are_told() {
        for (host, ending) in [
            ("acme.con", Some("con")),
            ("www.acme.c0m.", Some("c0m")),
            ("acme.exmaple", Some("exmaple")),
            ("acme.com", None),
            ("ACME.COM", None),
            ("acme.github.io", None),
            ("acme.xn--p1ai", None),
            ("acme.cloud", None),
            ("acme.example", None),
        ] {
            assert_eq!(unknown_ending(host).as_deref(), ending, "{host}");
        }
    }

    #[test]
    fn letters_of_a_host_are_read() {
        assert_eq!(in_letters("xn--mnchen-3ya.example"), "münchen.example");
        assert!(mixes_scripts("xn--cme-5cd.example"), "{}", in_letters("xn--cme-5cd.example"));
        assert!(!mixes_scripts("xn--mnchen-3ya.example"));
    }

    #[test]
    fn a_host_in_letters_that_all_look_like_others_is_read_as_those() {
        for (host, read) in [
            ("www.xn--80ak6aa92e.com", Some("www.apple.com")),
            ("www.аррӏе.com", Some("www.apple.com")),
            ("сахар.example", Some("caxap.example")),
            // Read as what they are, where they are at home.
            ("сахар.рф", None),
            ("сахар.ru", None),
            ("москва.com", None),
            ("müller.example", None),
            ("kapı.example", None),
            ("华为.example", None),
            ("apple.com", None),
        ] {
            assert_eq!(read_as_latin(host).as_deref(), read, "{host}");
        }
    }

    #[test]
    fn mailboxes_for_anybody_are_known() {
        for host in ["gmail.com", "Yahoo.co.jp", "gmx.at", "163.com", "vip.163.com", "qq.com"] {
            assert!(is_free_mail(host), "{host}");
        }
        for host in ["acme.example", "mail.acme.co.uk", "tencent.com"] {
            assert!(!is_free_mail(host), "{host}");
        }
    }
}
