//! The slug that an organization's name suggests; or, where a name gives none, the host of its website.

use pinyin::ToPinyin as _;

use super::hosts::in_letters;
use super::names::fold;
use super::record::{WebAddress, mend};
use super::shared_hosts::own_domain;
use super::values::Slug;

/// What stands in a name and isn't of it.
const MARKS: [char; 5] = ['™', '®', '©', '℠', '℗'];

/// Words that are left out first where a name is too long.
const SMALL: [&str; 26] = [
    "a", "and", "at", "da", "de", "del", "della", "der", "des", "di", "do", "dos", "du", "e", "el", "et", "for", "in",
    "la", "le", "of", "the", "to", "und", "von", "y",
];

/// The slug that a name suggests, by its Latin letters; `None` where it has others, or none (华为, Яндекс).
#[must_use]
pub(crate) fn of_name(name: &str) -> Option<Slug> {
    let words = words(name)?;
    cut(&words, Slug::MAX).parse().ok()
}

/// The slug that a website's host suggests: `huawei` of `www.huawei.com`. None of a host that many share.
#[must_use]
pub(crate) fn of_website(website: &WebAddress) -> Option<Slug> {
    let domain = own_domain(&website.host())?;
    of_name(in_letters(&domain).split('.').next()?)
}

/// The slug for an organization that gives none: by its name, or else by its website, or else by how its name sounds.
#[must_use]
pub fn suggested_slug(name: &str, website: &str) -> Option<Slug> {
    of_name(name).or_else(|| of_website(&website.parse().ok()?)).or_else(|| of_pinyin(name))
}

/// The slug that a Chinese name suggests by its sounds, without tones: `huawei` of 华为. A character that is read in several ways
/// is read in the commonest.
#[must_use]
pub(crate) fn of_pinyin(name: &str) -> Option<Slug> {
    let read: String = name
        .chars()
        .map(|c| c.to_pinyin().map_or_else(|| c.to_string(), |read| read.plain().replace('ü', "v")))
        .collect();
    of_name(&read)
}

/// The address of a page that somebody types in place of a name.
#[must_use]
pub(crate) fn address(typed: &str) -> Option<WebAddress> {
    let typed = mend::address(typed).filter(|_| typed.contains('/'))?;
    let rest = typed.strip_prefix("http://").map(|rest| format!("https://{rest}"));
    rest.unwrap_or(typed).parse().ok()
}

/// The short name that somebody can only mean who types another thing in place of one: by its letters, by how a Chinese name
/// sounds, or by the address of its website. `None` where it is one already; and a path means none.
#[must_use]
pub(crate) fn meant(typed: &str) -> Option<Slug> {
    if let Some(address) = address(typed) {
        return of_website(&address).or_else(|| of_name(&address.host()));
    }
    let name = bare(typed).filter(|_| Slug::or_program(typed).is_err())?;
    respelled(typed).or_else(|| of_name(name)).or_else(|| of_pinyin(name))
}

/// What stands for a name that gives no short one, until it is looked up who is called so: its letters by their numbers, which is
/// nobody's short name.
#[must_use]
pub(crate) fn stand_in(name: &str) -> Option<Slug> {
    let name = bare(name).filter(|name| name.chars().any(|c| c.is_alphabetic() && !c.is_ascii()))?;
    let spelled: String = name.chars().filter(|c| c.is_alphabetic()).map(|c| format!("u{:x}", u32::from(c))).collect();
    spelled.chars().take(Slug::MAX).collect::<String>().parse().ok()
}

/// The same as [`meant`], where nothing but capitals and signs around it are in the way.
#[must_use]
pub(crate) fn respelled(typed: &str) -> Option<Slug> {
    Slug::or_program(&bare(typed)?.to_lowercase()).ok()
}

/// A name without what is written around it: as an account, or as a directory.
fn bare(typed: &str) -> Option<&str> {
    let bare = typed.trim().trim_start_matches('@').trim_end_matches('/');
    (bare.starts_with(char::is_alphanumeric) && !bare.contains(['/', '\\'])).then_some(bare)
}

/// The words of a name in a-z and digits; `None` where a letter is none of the Latin ones.
fn words(name: &str) -> Option<Vec<String>> {
    let mut words = vec![String::new()];
    let bare: Vec<char> = name.chars().filter(|c| !MARKS.contains(c)).collect();
    let (mut before, mut at) = (' ', 0);
    while let Some(&c) = bare.get(at) {
        let next = bare.get(at + 1).copied().unwrap_or(' ');
        at += 1;
        let word = words.last_mut()?;
        let joins = before.is_alphanumeric() && next.is_alphanumeric();
        let are_digits = before.is_numeric() && next.is_numeric();
        match c {
            // C++, Notepad++; Disney+.
            '+' if before.is_alphabetic() && next == '+' => {
                word.push_str("pp");
                at += 1;
            }
            '+' if before.is_alphabetic() && !next.is_alphanumeric() => word.push_str("plus"),
            // C#, F#.
            '#' if before.is_alphabetic() && !next.is_alphanumeric() => word.push_str("sharp"),
            // .NET
            '.' if !before.is_alphanumeric() && next.is_alphabetic() => word.push_str("dot"),
            // AT&T, R&D: one word, and not Johnson&Johnson.
            '&' if joins && !are_digits && is_short_around(&bare, at - 1) => {}
            // 5.8 and 1&1 aren't 58 and 11.
            '.' | '&' if are_digits => words.push(String::new()),
            '.' | '\'' | '’' | '‘' | 'ʼ' | 'ʻ' | '`' | '´' | '·' => {}
            c if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) => {
                word.push_str(&latin(c)?);
            }
            _ if word.is_empty() => {}
            _ => words.push(String::new()),
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    Some(words)
}

/// Whether what stands around a sign has at most three letters on both sides.
fn is_short_around(name: &[char], sign: usize) -> bool {
    let letters = |side: &mut dyn Iterator<Item = &char>| side.take_while(|c| c.is_alphanumeric()).count() <= 3;
    letters(&mut name[..sign].iter().rev()) && letters(&mut name[sign + 1..].iter())
}

/// A Latin letter of any language in a-z, its marks dropped; a digit as it is. `None` for letters of other scripts.
fn latin(c: char) -> Option<String> {
    let mut out = String::new();
    for c in fold(&c.to_string()).chars() {
        match c {
            'a'..='z' | '0'..='9' => out.push(c),
            'ŋ' | 'ɲ' | 'ƞ' => out.push('n'),
            'ĸ' | 'ƙ' => out.push('k'),
            'ə' | 'ɛ' | 'ǝ' | 'ɇ' => out.push('e'),
            'ɔ' | 'ɵ' => out.push('o'),
            'ⱥ' | 'ɑ' => out.push('a'),
            'ɓ' | 'ƀ' => out.push('b'),
            'ȼ' | 'ƈ' => out.push('c'),
            'ɖ' | 'ɗ' | 'ȡ' => out.push('d'),
            'ƒ' => out.push('f'),
            'ǥ' | 'ɠ' | 'ɣ' => out.push('g'),
            'ƕ' => out.push_str("hv"),
            'ɦ' => out.push('h'),
            'ɨ' | 'ɩ' | 'ɪ' => out.push('i'),
            'ɉ' | 'ȷ' => out.push('j'),
            'ƚ' | 'ɫ' | 'ɬ' => out.push('l'),
            'ƥ' | 'ᵽ' => out.push('p'),
            'ɍ' | 'ɽ' => out.push('r'),
            'ſ' | 'ʃ' | 'ȿ' => out.push('s'),
            'ƭ' | 'ʈ' | 'ⱦ' => out.push('t'),
            'ʉ' | 'ʊ' => out.push('u'),
            'ʋ' => out.push('v'),
            'ƿ' => out.push('w'),
            'ƴ' | 'ɏ' => out.push('y'),
            'ƶ' | 'ʒ' | 'ȥ' => out.push('z'),
            'ƣ' => out.push_str("oi"),
            // Signs of a stop or a stress; and what ŀ and ŉ come apart into.
            'ʾ' | 'ʿ' | 'ˈ' | 'ꞌ' | '·' | 'ʼ' => {}
            c if unicode_normalization::char::is_combining_mark(c) => {}
            _ => return None,
        }
    }
    Some(out)
}

/// How words begin that say what kind of organization it is, and not which.
const KINDS: [&str; 18] = [
    "academ",
    "college",
    "compan",
    "ecole",
    "escola",
    "escuela",
    "fachhochschul",
    "facult",
    "fakult",
    "fundac",
    "group",
    "hochschul",
    "institut",
    "international",
    "national",
    "nacional",
    "school",
    "universi",
];

/// Words with hyphens between, at most so many letters. Small words are left out first, then those of a kind, then those before the
/// last: by their first and their last, names of one kind differ. A word is cut only where it is too long alone.
fn cut(words: &[String], most: usize) -> String {
    let mut kept: Vec<&str> = words.iter().map(String::as_str).collect();
    let fits = |kept: &[&str]| kept.join("-").len() <= most;
    if !fits(&kept) && kept.iter().any(|word| !SMALL.contains(word)) {
        kept.retain(|word| !SMALL.contains(word));
    }
    let is_kind = |word: &&str| KINDS.iter().any(|kind| word.starts_with(kind));
    while !fits(&kept)
        && kept.len() > 2
        && let Some(at) = kept.iter().rposition(is_kind)
    {
        kept.remove(at);
    }
    while !fits(&kept) && kept.len() > 2 {
        kept.remove(kept.len() - 2);
    }
    if !fits(&kept) {
        kept.truncate(1);
    }
    kept.join("-").chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_suggests_its_slug() {
        let of = |name: &str| of_name(name).map(|slug| slug.to_string()).unwrap_or_default();
        for (name, slug) in [
            ("Neen S.p.A", "neen-spa"),
            ("  Crédit & Fils, Inc.", "credit-fils-inc"),
            ("Strauß ẞ", "strauss-ss"),
            ("Ørsted Łódź Đorđe Ægir Œuvre", "orsted-lodz-dorde-aegir-oeuvre"),
            ("Þór Eiður Ŧŧ Ŋŋ Ħal ĸ", "thor-eidur-tt-nn-hal-k"),
            ("Işık İstanbul Çağrı", "isik-istanbul-cagri"),
            ("Đại học Việt Nam", "dai-hoc-viet-nam"),
            ("Cafe\u{301} Mu\u{308}ller", "cafe-muller"),
            ("Azərbaycan", "azerbaycan"),
            ("initializ™", "initializ"),
            ("Acme® Cloud© ℠", "acme-cloud"),
            ("C", "c"),
            ("C++", "cpp"),
            ("C#", "csharp"),
            (".NET Foundation", "dotnet-foundation"),
            ("ASP.NET", "aspnet"),
            ("Disney+", "disneyplus"),
            ("#1 Hosting", "1-hosting"),
            ("A+B", "a-b"),
            ("AT&T", "att"),
            ("1&1", "1-1"),
            ("Web 2.0 Labs", "web-2-0-labs"),
            ("Acme v.2.A", "acme-v2a"),
            ("Ⱥwek ꞋȻ", "awek-c"),
            ("Johnson&Johnson", "johnson-johnson"),
            ("L'Oréal", "loreal"),
            ("Sant Cugat Intel·ligència", "sant-cugat-intelligencia"),
            ("ＤａｏＣｌｏｕｄ", "daocloud"),
            ("Coŀlegi de Metges", "collegi-de-metges"),
            ("Paraŀlel Iŀlusió", "parallel-illusio"),
            ("ŉ Afrika", "n-afrika"),
            ("华为", ""),
            ("华为 Cloud", ""),
            ("Яндекс", ""),
            ("شركة", ""),
            ("CON", ""),
        ] {
            assert_eq!(of(name), slug, "{name}");
        }
    }

    /// Latin-1, Latin Extended-A and what was added to them for Vietnamese, Romanian and the capital ß.
    #[test]
    fn each_latin_letter_of_europe_gives_one() {
        let europe = ('\u{c0}'..='\u{17f}').chain('\u{1cd}'..='\u{21b}');
        let all = europe.chain('\u{1e00}'..='\u{1e9b}').chain('\u{1ea0}'..='\u{1ef9}').chain("ẞƠơƯư".chars());
        for letter in all.filter(|c| c.is_alphabetic()) {
            assert!(latin(letter).is_some_and(|read| !read.is_empty()), "{letter} U+{:04X}", u32::from(letter));
        }
    }

    #[test]
    fn a_long_name_is_cut_between_words_and_keeps_the_last() {
        let of = |name: &str| of_name(name).map(|slug| slug.to_string()).unwrap_or_default();
        let (one, other) = (
            of("Indian Institute of Information Technology Allahabad"),
            of("Indian Institute of Information Technology Sonepat"),
        );
        assert_eq!(one, "indian-information-technology-allahabad");
        assert_ne!(one, other);
        assert_eq!(of("Novosibirsk State Agricultural University"), "novosibirsk-state-agricultural");
        assert_eq!(of(&"a".repeat(80)), "a".repeat(40));
        assert_eq!(of(&format!("acme {}", "b".repeat(60))), "acme");
    }

    #[test]
    fn a_chinese_name_suggests_its_sounds_where_the_host_gives_none() {
        let of = |name: &str, site: &str| suggested_slug(name, site).map(|slug| slug.to_string()).unwrap_or_default();
        assert_eq!(of("华为", "https://www.huaweicloud.com"), "huaweicloud");
        assert_eq!(of("数之联", "https://github.com/acme"), "shuzhilian");
        assert_eq!(of("绿色 Cloud 云", "https://例子.中国/"), "lvse-cloud-yun");
        assert_eq!(of("Яндекс", "https://github.com/acme"), "");
    }

    #[test]
    fn a_host_suggests_what_a_name_cannot() {
        let of = |site: &str| of_website(&site.parse().unwrap()).map(|slug| slug.to_string());
        assert_eq!(of("https://www.huawei.com/cn/").as_deref(), Some("huawei"));
        assert_eq!(of("https://cloud.acme.co.uk").as_deref(), Some("acme"));
        assert_eq!(of("https://münchen.example").as_deref(), Some("munchen"));
        assert_eq!(of("https://acme.github.io/x").as_deref(), Some("acme"));
        assert_eq!(of("https://github.com/acme"), None);
        assert_eq!(of("https://例子.中国/"), None);
    }
}
