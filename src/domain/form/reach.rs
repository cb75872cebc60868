//! Addresses, GitHub IDs and mailboxes in what somebody typed: in Markdown, in HTML, or in the middle of a Chinese sentence.

use url::Url;

use super::plain;
use crate::domain::record::Mailbox;
use crate::domain::text;
use crate::domain::values::Login;

/// What ends an address or parts words in Chinese and Japanese, where no space stands.
const fn is_punctuation(c: char) -> bool {
    matches!(c,
        '\u{3000}'..='\u{303f}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff5f}'..='\u{ff65}' | '！' | '＂' | '＇' | '（' | '）' | '，' | '：'
        | '；' | '＜' | '＞' | '？' | '［' | '］' | '｛' | '｝' | '｜' | '“' | '”' | '‘' | '’' | '«' | '»' | '…' | '·')
}

/// Han, Kana and Hangul.
const fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fff}' | '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}')
}

/// A character of an address as it is meant, where somebody typed its full-width form.
fn narrow(c: char) -> char {
    match c {
        '／' | '．' | '＠' | '－' | '＿' | '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => text::narrow(c),
        _ => c,
    }
}

/// The web addresses in a text, each once, as they stand there.
#[must_use]
pub fn addresses(typed: &str) -> Vec<String> {
    let text = plain::uncommented(typed);
    let mut found: Vec<String> = Vec::new();
    let mut rest = text.as_str();
    while let Some((at, scheme, length)) = scheme_in(rest) {
        let behind = &rest[at + length..];
        let end = end_of_address(behind);
        let address: String = scheme.chars().chain(behind[..end].chars().map(narrow)).collect();
        let address = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~']);
        if address.len() > scheme.len() && !found.iter().any(|known| is_same(known, address)) {
            found.push(address.to_owned());
        }
        rest = &behind[end..];
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// So many addresses are looked for: where several stand, nobody knows which one is meant.
const MOST: usize = 10;

/// The address of a file that is all of a text, and lacks its `https://`.
#[must_use]
pub fn without_scheme(typed: &str) -> Option<String> {
    let word: String = plain::uncommented(typed).trim().chars().map(narrow).collect();
    let (host, file) = word.split_once('/')?;
    let is_host =
        host.rsplit_once('.').is_some_and(|(_, last)| last.len() > 1 && last.bytes().all(|b| b.is_ascii_alphabetic()));
    let is_plain =
        !word.contains(|c: char| c.is_whitespace() || matches!(c, ':' | '@' | '<' | '>' | '(' | ')' | '`' | '"'));
    let address = format!("https://{word}");
    (is_host && is_plain && !file.is_empty() && Url::parse(&address).is_ok()).then_some(address)
}

/// The addresses of the pictures in a text, each once.
#[must_use]
pub fn pictures(typed: &str) -> Vec<String> {
    let text = plain::uncommented(typed);
    let of_markdown = text.match_indices("![").filter_map(|(at, _)| {
        let (_, target) = text[at..].split_once("](")?;
        addresses(target.split([')', ' ', '\n']).next()?).into_iter().next()
    });
    let lower = text.to_ascii_lowercase();
    let of_html = lower.match_indices("<img").filter_map(|(at, _)| {
        let tag = text[at..].split('>').next()?;
        addresses(&tag[tag.to_ascii_lowercase().find("src")?..]).into_iter().next()
    });
    let mut found: Vec<String> = Vec::new();
    for address in of_markdown.chain(of_html).take(MOST) {
        if !found.iter().any(|known| is_same(known, &address)) {
            found.push(address);
        }
    }
    found
}

/// Where the next `http://` or `https://` stands, which of them, and how many bytes it has.
fn scheme_in(text: &str) -> Option<(usize, &'static str, usize)> {
    let lower = text.to_ascii_lowercase();
    lower.match_indices("http").find_map(|(at, _)| {
        let mut chars = lower[at + 4..].char_indices().peekable();
        let secure = chars.next_if(|(_, c)| *c == 's').is_some();
        chars.next_if(|(_, c)| matches!(c, ':' | '：'))?;
        chars.next_if(|(_, c)| matches!(c, '/' | '／'))?;
        let (last, slash) = chars.next_if(|(_, c)| matches!(c, '/' | '／'))?;
        Some((at, if secure { "https://" } else { "http://" }, 4 + last + slash.len_utf8()))
    })
}

/// How far an address goes, behind its scheme.
fn end_of_address(text: &str) -> usize {
    let (mut round, mut square, mut in_host, mut before) = (0_i32, 0_i32, true, ' ');
    for (at, c) in text.char_indices() {
        let mark = matches!(c, '<' | '>' | '"' | '`' | '{' | '}' | '|' | '\\' | '^');
        if c.is_whitespace() || c.is_control() || mark || is_punctuation(c) {
            return at;
        }
        match c {
            '/' | '／' => in_host = false,
            '(' => round += 1,
            ')' => round -= 1,
            '[' => square += 1,
            ']' => square -= 1,
            // No host mixes them in one label: there the sentence goes on.
            _ if in_host && is_cjk(c) && before.is_ascii_alphanumeric() => return at,
            _ => {}
        }
        if round < 0 || square < 0 {
            return at;
        }
        before = c;
    }
    text.len()
}

fn is_same(one: &str, other: &str) -> bool {
    match (Url::parse(one), Url::parse(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// Whom a text names to be reached, in the order they stand there, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    pub github: Vec<String>,
    pub email: Vec<String>,
    /// Mailboxes among those that were spelled out, such as “karmada (at) acme.example”: as they stood there, and as they were read.
    pub rewritten: Vec<(String, String)>,
    /// Whether it names other ways, too: a phone, an account elsewhere, a mailbox that is none.
    pub others: bool,
    /// Whether words stand there that are none of these, and don't only say what these are.
    pub words: bool,
}

/// Words that only say what stands beside them.
const SAYS_WHAT: [&str; 36] = [
    "github",
    "id",
    "ids",
    "account",
    "handle",
    "username",
    "user",
    "login",
    "name",
    "email",
    "e-mail",
    "mail",
    "mailbox",
    "mailto",
    "contact",
    "contacts",
    "me",
    "us",
    "our",
    "my",
    "is",
    "or",
    "and",
    "via",
    "by",
    "at",
    "账号",
    "账户",
    "用户名",
    "用户",
    "邮箱",
    "邮件",
    "电子邮箱",
    "电子邮件",
    "联系人",
    "联系方式",
];

/// Where people have names that GitHub doesn't know.
const ELSEWHERE: [&str; 14] = [
    "twitter", "x", "slack", "wechat", "weixin", "weibo", "telegram", "linkedin", "mastodon", "bluesky", "qq", "微信",
    "微博", "discord",
];

#[must_use]
pub fn reach(typed: &str) -> Reach {
    let mut found = Reach::default();
    let text: String = plain::uncommented(typed).chars().map(narrow).collect();
    let mut spelled = Vec::new();
    let text: String = text.lines().map(|line| as_one(line, &mut spelled) + "\n").collect();
    let parts = text.split(|c: char| matches!(c, '\n' | '\r' | ',' | ';' | '|') || (is_punctuation(c) && c != '：'));
    for part in parts {
        let label = part.split([':', '：']).next().unwrap_or_default().trim().to_lowercase();
        let elsewhere = part.contains([':', '：']) && ELSEWHERE.contains(&label.trim_matches(['*', '-', ' ', '`']));
        let words = part
            .split(|c: char| {
                c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | '[' | ']' | '：' | '"' | '`' | '*')
            })
            .flat_map(|word| word.strip_prefix("mailto:").unwrap_or(word).split(": "))
            .map(|word| word.trim_matches([':', '.', '!', '?', '\'']))
            .filter(|word| !word.is_empty());
        let mut named = false;
        for word in words {
            // Behind a colon without a space: "GitHub:name".
            let (word, behind) = match word.split_once(':') {
                Some((label, rest)) if label.eq_ignore_ascii_case("github") => (rest, true),
                Some((label, rest)) if label.chars().all(char::is_alphabetic) && rest.contains('@') => (rest, false),
                _ => (word, false),
            };
            if Mailbox::mended(word).is_ok() {
                keep(&mut found.email, word);
            } else if !elsewhere && let Some(login) = login_in(word, named || behind) {
                keep(&mut found.github, login);
            } else {
                let digits = word.chars().filter(char::is_ascii_digit).count();
                let name_elsewhere = elsewhere && !word.to_lowercase().starts_with(&label);
                let is_address =
                    word.contains("://") || (word.contains('@') && word.len() > 1) || is_like_a_mailbox(word);
                found.others |= name_elsewhere || digits >= 5 || is_address;
                let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
                found.words |= !bare.is_empty() && !SAYS_WHAT.contains(&bare.as_str()) && !bare.starts_with("github");
            }
            let lower = word.to_lowercase();
            let of_label =
                ["id", "account", "handle", "username", "user", "login", "name", "账号", "账户", "用户名", "用户"];
            named = lower == "github"
                || lower.starts_with("github") && of_label.iter().any(|l| lower.ends_with(l))
                || (named && of_label.contains(&lower.as_str()));
        }
    }
    found.rewritten = spelled.into_iter().filter(|(_, read)| found.email.contains(read)).collect();
    found
}

/// Whether a mailbox is meant, with something else in the place of its `@`.
fn is_like_a_mailbox(word: &str) -> bool {
    let parts = word.split_once(['#', '＃']).or_else(|| word.split_once("[at]"));
    parts.is_some_and(|(local, host)| !local.is_empty() && host.contains('.'))
}

/// A line in which mailboxes that were spelled out stand as such: `karmada (at) acme (dot) example`, `karmada at acme dot example`.
fn as_one(line: &str, spelled: &mut Vec<(String, String)>) -> String {
    let open = ['(', '[', '{', '<', '（', '［', '｛', '【', '＜'];
    let close = [')', ']', '}', '>', '）', '］', '｝', '】', '＞'];
    // Brackets around either word become words of their own.
    let mut words: Vec<(String, bool)> = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find(open) {
        let bracket = rest[at..].chars().next().map_or(0, char::len_utf8);
        let inside = &rest[at + bracket..];
        let end = inside.find(close).filter(|end| is_at(inside[..*end].trim()) || is_dot(inside[..*end].trim()));
        let Some(end) = end else {
            // What stands before may go on behind this bracket, as in an address.
            words.push((rest[..at + bracket].to_owned(), false));
            rest = inside;
            continue;
        };
        words.push((rest[..at].to_owned(), false));
        words.push((inside[..end].trim().to_owned(), true));
        rest = &inside[end + inside[end..].chars().next().map_or(0, char::len_utf8)..];
    }
    words.push((rest.to_owned(), false));
    if !words.iter().any(|(word, alone)| *alone && is_at(word)) {
        return with_bare_words(line, spelled);
    }
    let mut out = String::new();
    for (word, alone) in words {
        match alone {
            true => out = out.trim_end().to_owned() + if is_at(&word) { "@" } else { "." },
            false if out.ends_with(['@', '.']) => out += word.trim_start(),
            false => out += &word,
        }
    }
    let out = with_bare_dots(&out);
    let edge = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '，' | '；' | '：' | '<' | '>' | '(' | ')');
    let made = out.split(edge).map(|word| word.trim_matches(['.', ':'])).filter(|word| Mailbox::mended(word).is_ok());
    spelled.extend(made.filter(|word| !line.contains(word)).map(|word| (line.trim().to_owned(), word.to_owned())));
    out
}

fn is_at(word: &str) -> bool {
    word.eq_ignore_ascii_case("at") || word == "@"
}

fn is_dot(word: &str) -> bool {
    word.eq_ignore_ascii_case("dot") || matches!(word, "." | "点")
}

/// A line in which “dot” stands for one behind an `@` that stood in brackets: `karmada@acme dot example`.
fn with_bare_dots(line: &str) -> String {
    let says_dot = |word: &&str| word.eq_ignore_ascii_case("dot") || *word == "点";
    let mut words = line.split_whitespace().peekable();
    let mut out: Vec<String> = Vec::new();
    while let Some(word) = words.next() {
        let mut word = word.to_owned();
        if word.split_once('@').is_some_and(|(_, host)| !host.is_empty() && !host.contains('.')) {
            while words.next_if(says_dot).is_some() {
                word = format!("{word}.{}", words.next().unwrap_or_default());
            }
        }
        out.push(word);
    }
    out.join(" ")
}

/// The same of words without brackets, where both are there: “at” alone may stand in any sentence.
fn with_bare_words(line: &str, spelled: &mut Vec<(String, String)>) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    let mut out: Vec<String> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let mut end = at + 3;
        let mut read = String::new();
        if words.len() > at + 4 && is_at(words[at + 1]) && is_dot(words[at + 3]) {
            read = format!("{}@{}", words[at], words[at + 2]);
            while words.len() > end + 1 && is_dot(words[end]) {
                read += &format!(".{}", words[end + 1].trim_end_matches(['.', ',', ';']));
                end += 2;
            }
        }
        if Mailbox::mended(&read).is_ok() {
            spelled.push((words[at..end].join(" "), read.clone()));
            out.push(read);
            at = end;
        } else {
            out.push(words[at].to_owned());
            at += 1;
        }
    }
    if out.len() == words.len() { line.to_owned() } else { out.join(" ") }
}

fn keep(found: &mut Vec<String>, one: &str) {
    if !found.iter().any(|known| known.eq_ignore_ascii_case(one)) {
        found.push(one.to_owned());
    }
}

/// The GitHub ID that a word is: `@name`, a profile's address, or any name behind the word GitHub.
fn login_in(word: &str, named: bool) -> Option<&str> {
    let bare = word.strip_prefix("https://").or_else(|| word.strip_prefix("http://")).unwrap_or(word);
    let bare = bare.strip_prefix("www.").unwrap_or(bare);
    let of_profile = bare.strip_prefix("github.com/").map(|rest| {
        let path = rest.split(['?', '#']).next().unwrap_or_default();
        path.trim_end_matches('/').trim_start_matches('@')
    });
    let of_label = ["id", "account", "handle", "username", "user", "login", "name"];
    let login = word
        .strip_prefix('@')
        .or(of_profile)
        .or_else(|| (named && !of_label.contains(&word.to_lowercase().as_str())).then_some(word))?;
    login.parse::<Login>().is_ok().then_some(login)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_ends_where_a_person_sees_its_end() {
        let home = "https://acme.example/karmada";
        for typed in [
            "https://acme.example/karmada",
            "See <https://acme.example/karmada>.",
            "官网：https://acme.example/karmada（支持）",
            "https://acme.example/karmada）",
            "https://acme.example/karmada；",
            "https://acme.example/karmada”",
            "https：／／acme．example／karmada。",
            "[Acme](https://acme.example/karmada)",
            "[https://acme.example/karmada](https://acme.example/karmada)",
            "<a href=\"https://acme.example/karmada\">us</a>",
            "**https://acme.example/karmada**",
            "<!-- https://example.com --> https://acme.example/karmada!",
            "(https://acme.example/karmada)",
        ] {
            assert_eq!(addresses(typed), [home], "{typed}");
        }
        assert_eq!(addresses("https://acme.example请联系"), ["https://acme.example"]);
        assert_eq!(addresses("https://例子.中国/支持"), ["https://例子.中国/支持"]);
        assert_eq!(addresses("https://a.example/x_(y)"), ["https://a.example/x_(y)"]);
        assert_eq!(addresses("https://a.example https://a.example/"), ["https://a.example"]);
        assert_eq!(addresses("https://a.example、https://b.example").len(), 2);
        assert_eq!(addresses("https://, http:/x, nohttp"), [""; 0]);
    }

    #[test]
    fn a_file_may_lack_its_https() {
        assert_eq!(without_scheme(" acme.example/logo.png\n").as_deref(), Some("https://acme.example/logo.png"));
        for none in [
            "logo.png",
            "assets/logo.png",
            "see acme.example/logo.png",
            "data:image/png;base64,x",
            "/etc/passwd",
            "n/a",
            "file:///x.y/z",
            "acme.example/",
            "a@acme.example/x",
        ] {
            assert_eq!(without_scheme(none), None, "{none}");
        }
    }

    #[test]
    fn whom_to_reach_is_found_however_it_is_written() {
        let both = |typed: &str| {
            let Reach { github, email, .. } = reach(typed);
            (github.join(" "), email.join(" "))
        };
        for typed in [
            "GitHub: @acme-bot, karmada@acme.example",
            "@acme-bot、karmada@acme.example",
            "GitHub：acme-bot；邮箱：karmada@acme.example",
            "github id: acme-bot\nEmail: karmada@acme.example",
            "GitHub ID: `acme-bot`\nE-mail: `karmada@acme.example`",
            "https://github.com/acme-bot [karmada@acme.example](mailto:karmada@acme.example)",
            "<karmada@acme.example> GitHub acme-bot",
            "GitHub账号：acme-bot，邮箱:karmada＠acme.example",
            "- GitHub: acme-bot\n- Email: karmada@acme.example.\n- Twitter: @acme",
            "<!-- @karmada-bot --> GitHub:acme-bot mail:karmada@acme.example",
        ] {
            assert_eq!(both(typed), ("acme-bot".into(), "karmada@acme.example".into()), "{typed}");
        }
        assert_eq!(both("@karmada-io/maintainers"), (String::new(), String::new()));
        assert_eq!(both("https://github.com/acme/karmada"), (String::new(), String::new()));
        assert_eq!(both("Jane Doe"), (String::new(), String::new()));
        assert_eq!(reach("@a @b @A").github, ["a", "b"]);
    }

    #[test]
    fn a_mailbox_that_is_spelled_out_is_read_and_told() {
        for typed in [
            "karmada (at) acme.example",
            "karmada[at]acme.example",
            "karmada {AT} acme (dot) example",
            "karmada (at) acme dot example",
            "karmada（at）acme.example",
            "邮箱：karmada【at】acme【点】example",
            "Email: karmada at acme dot example",
            "GitHub: acme-bot, mail: karmada (at) acme.example.",
            "karmada (@) acme.example",
        ] {
            let found = reach(typed);
            assert_eq!(found.email, ["karmada@acme.example"], "{typed}");
            assert_eq!((found.rewritten.len(), found.others), (1, false), "{typed}: {found:?}");
            assert_eq!(found.github.is_empty(), !typed.contains("acme-bot"), "{typed}: {found:?}");
        }
        for typed in ["karmada#acme.example", "karmada＃acme.example"] {
            let found = reach(typed);
            assert!(found.email.is_empty() && found.others && found.words, "{typed}: {found:?}");
        }
        let two = reach("Karmada at Acme, see (at) https://acme.example, karmada@acme.example");
        assert_eq!((two.email, two.rewritten), (vec!["karmada@acme.example".to_owned()], Vec::new()));
    }

    #[test]
    fn words_that_name_somebody_are_seen() {
        for (typed, words) in [
            ("karmada@acme.example", false),
            ("GitHub ID: acme-bot\nE-mail: karmada@acme.example", false),
            ("GitHub账号：acme-bot，邮箱：karmada@acme.example", false),
            ("Jane Doe <karmada@acme.example>", true),
            ("张三，邮箱：karmada@acme.example", true),
        ] {
            assert_eq!(reach(typed).words, words, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn no_address_holds_what_ends_one(typed in "(https?[:：]//|[a-z./（），。；”>)\\] 支]){0,12}") {
            for address in addresses(&typed) {
                prop_assert!(!address.chars().any(|c| c.is_whitespace() || is_punctuation(c) || c == '>'), "{typed:?} {address:?}");
            }
        }
    }
}
