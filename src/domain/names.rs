//! Names of organizations, compared as people do; what ties rest on is a part of the log's format.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::domain::text::joins;

/// Words that say what form of company it is, and not which; `docs/log-format.md` has the same lists.
pub(super) const FORMS: &[&str] = &[
    "ab",
    "ag",
    "aps",
    "as",
    "asa",
    "bhd",
    "bv",
    "bvba",
    "co",
    "company",
    "corp",
    "corporation",
    "doo",
    "eirl",
    "eood",
    "gesmbh",
    "gk",
    "gmbh",
    "inc",
    "incorporated",
    "jsc",
    "kabushikikaisha",
    "kft",
    "kg",
    "kgaa",
    "kk",
    "lda",
    "limited",
    "limitedliabilitycompany",
    "llc",
    "llp",
    "lp",
    "ltd",
    "ltda",
    "mbh",
    "nv",
    "nyrt",
    "oao",
    "ood",
    "ooo",
    "oy",
    "oyj",
    "plc",
    "pllc",
    "private",
    "pte",
    "pty",
    "pvt",
    "sa",
    "sarl",
    "sas",
    "sdn",
    "se",
    "sl",
    "slu",
    "spa",
    "spzoo",
    "srl",
    "sro",
    "sti",
    "tbk",
    "uab",
    "ug",
    "zao",
    "zrt",
];

/// The same in Chinese, Japanese and Korean, where they end or begin a name without a space.
pub(super) const NATIVE_FORMS: &[&str] = &[
    "股份有限公司",
    "有限责任公司",
    "有限責任公司",
    "株式会社",
    "合同会社",
    "주식회사",
    "유한회사",
    "有限公司",
    "公司",
];

/// Words that many names have: alone they tie nobody to anybody.
const GENERIC: &[&str] = &[
    "ai",
    "and",
    "app",
    "apps",
    "china",
    "cloud",
    "com",
    "computing",
    "consulting",
    "data",
    "dev",
    "digital",
    "edge",
    "electronics",
    "enterprise",
    "for",
    "global",
    "group",
    "holding",
    "holdings",
    "hub",
    "industries",
    "information",
    "international",
    "internet",
    "it",
    "lab",
    "labs",
    "network",
    "networks",
    "of",
    "open",
    "pay",
    "platform",
    "research",
    "security",
    "service",
    "services",
    "soft",
    "software",
    "solution",
    "solutions",
    "source",
    "studio",
    "support",
    "system",
    "systems",
    "team",
    "tech",
    "technologies",
    "technology",
    "the",
    "web",
    "中国",
    "云",
    "科技",
    "集团",
];

/// Letters that look like those of ASCII, one of these a line with the code points of those.
const LOOKALIKES: &str = include_str!("lookalikes.txt");

/// How many words a legal form is written in at most: `Sp. z o.o.`
const FORM_WORDS: usize = 4;

/// Shorter names than this stand in other words by chance.
const LEAST: usize = 3;

/// A name, or the host of an address, as one reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Its words put together.
    whole: String,
    /// The same, its words and the parts of these, with what is mixed up within ASCII made one.
    loose: String,
    words: Vec<String>,
    parts: Vec<String>,
    /// All its words are such as many names have.
    generic: bool,
}

impl Reading {
    /// How a name is read: letter by letter; and as it looks, if it has letters that look like others.
    pub(crate) fn all(name: &str) -> Vec<Self> {
        let plain = bare(name);
        let seen: String = plain.chars().map(looks_like).collect();
        let as_seen = (seen != plain).then(|| Self::of(&seen));
        [Self::of(&plain)].into_iter().chain(as_seen).collect()
    }

    fn of(name: &str) -> Self {
        let spelled = spelled_words(name);
        let words: Vec<String> = spelled.iter().map(|word| lower(word)).collect();
        let generic = words.iter().all(|word| GENERIC.contains(&word.as_str()));
        let parts = spelled.iter().flat_map(|word| parts(word)).map(|part| loose(&lower(part))).collect();
        let whole = words.concat();
        Self { loose: loose(&whole), words: words.iter().map(|w| loose(w)).collect(), parts, whole, generic }
    }

    /// Of a host, in lower case.
    pub(crate) fn of_host(host: &str) -> Self {
        let words: Vec<String> = host.split(['.', '-']).map(loose).collect();
        Self { whole: String::new(), loose: words.concat(), parts: words.clone(), words, generic: false }
    }

    /// Whether it is the same name.
    pub(crate) fn is(&self, other: &Self) -> bool {
        !self.whole.is_empty() && self.whole == other.whole
    }

    /// Whether this name stands in another: as words in a row, however these are spaced; in one word with such as many names
    /// have; or anywhere, where it is written in letters that no others would be joined with by chance.
    pub(crate) fn stands_in(&self, other: &Self) -> bool {
        let name = self.loose.as_str();
        if self.generic || name.is_empty() {
            return false;
        }
        in_a_row(name, &other.parts)
            || (!name.is_ascii() && other.loose.contains(name))
            || (name.chars().count() >= LEAST && other.words.iter().any(|word| is_joined(name, word)))
    }

    /// By what it is found in the bytes of a record, if these are ASCII.
    pub(crate) fn ascii(&self) -> Option<&str> {
        Some(self.loose.as_str()).filter(|letters| letters.is_ascii())
    }
}

/// What is mixed up within ASCII, made one.
#[must_use]
pub(crate) fn loose(lower: &str) -> String {
    let one = |c| match c {
        'i' | '1' => 'l',
        '0' => 'o',
        c => c,
    };
    let mut out = String::with_capacity(lower.len());
    out.extend(lower.chars().map(one));
    out
}

/// Whether some of these in a row, put together, are the name.
fn in_a_row(name: &str, among: &[String]) -> bool {
    (0..among.len()).any(|from| {
        let mut rest = name;
        for word in &among[from..] {
            match rest.strip_prefix(word.as_str()) {
                Some("") => return true,
                Some(more) => rest = more,
                None => return false,
            }
        }
        false
    })
}

/// Whether a word is the name with nothing before and behind it but words that many names have.
fn is_joined(name: &str, word: &str) -> bool {
    let around = |(at, _): (usize, char)| Some((&word[..at], word[at..].strip_prefix(name)?));
    word.char_indices().filter_map(around).any(|(before, behind)| is_common(before) && is_common(behind))
}

/// Whether this is made of words that many names have, and of legal forms.
fn is_common(joined: &str) -> bool {
    static COMMON: LazyLock<Vec<String>> =
        LazyLock::new(|| [GENERIC, FORMS, NATIVE_FORMS].concat().into_iter().map(loose).collect());
    let mut ends = vec![false; joined.len() + 1];
    ends[0] = true;
    for at in 0..joined.len() {
        if ends[at] {
            for word in COMMON.iter().filter(|word| joined[at..].starts_with(word.as_str())) {
                ends[at + word.len()] = true;
            }
        }
    }
    ends[joined.len()]
}

/// A name in its own letters, without the accents on them; case stays.
pub(super) fn bare(name: &str) -> String {
    if name.is_ascii() {
        return name.to_owned();
    }
    let shows = |c: &char| !('\u{300}'..='\u{36f}').contains(c) && !joins(*c);
    name.nfkd().filter(shows).map(unboxed).nfkc().collect()
}

/// Letters in circles and squares that Unicode doesn't take out of them.
fn unboxed(c: char) -> char {
    let from = match c {
        '\u{1f150}'..='\u{1f169}' => 0x1f150,
        '\u{1f170}'..='\u{1f189}' => 0x1f170,
        _ => return c,
    };
    char::from_u32(c as u32 - from + u32::from(b'A')).unwrap_or(c)
}

/// Lower case, with what lower case has several spellings for in one of them.
pub(super) fn lower(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'ħ' => out.push('h'),
            'ŧ' => out.push('t'),
            'ı' => out.push('i'),
            'ς' => out.push('σ'),
            c => out.push(c),
        }
    }
    out
}

/// What a letter looks like: one of ASCII's, or itself.
fn looks_like(c: char) -> char {
    static SEEN: LazyLock<BTreeMap<char, char>> = LazyLock::new(|| {
        let points = |line: &'static str| {
            let (letter, points) = line.split_once(' ')?;
            let points = points.split(' ').filter_map(|p| char::from_u32(u32::from_str_radix(p, 16).ok()?));
            Some((letter.chars().next()?, points))
        };
        let lines = LOOKALIKES.lines().filter_map(points);
        lines.flat_map(|(letter, points)| points.map(move |point| (point, letter))).collect()
    });
    if c.is_ascii() { c } else { SEEN.get(&c).copied().unwrap_or(c) }
}

/// The words of a name without its legal form: runs of letters and digits.
fn spelled_words(name: &str) -> Vec<&str> {
    let mut words: Vec<&str> =
        name.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c)).filter(|word| !word.is_empty()).collect();
    let is_form = |tail: &[&str]| FORMS.contains(&lower(&tail.concat()).as_str());
    while let Some(from) =
        (1.max(words.len().saturating_sub(FORM_WORDS))..words.len()).find(|from| is_form(&words[*from..]))
    {
        words.truncate(from);
    }
    let shorter = |word: &&str| !word.is_empty();
    if let Some(last) = words.last_mut() {
        *last = NATIVE_FORMS.iter().find_map(|form| last.strip_suffix(form)).filter(shorter).unwrap_or(last);
    }
    if let Some(first) = words.first_mut() {
        *first = NATIVE_FORMS.iter().find_map(|form| first.strip_prefix(form)).filter(shorter).unwrap_or(first);
    }
    words
}

/// A word where its case tells that it was several, and where ASCII meets other letters: `HuaweiCloud`, `ABCSoft`.
fn parts(word: &str) -> Vec<&str> {
    let chars: Vec<(usize, char)> = word.char_indices().collect();
    let begins = |n: &usize| {
        let ((_, before), (_, c)) = (chars[*n - 1], chars[*n]);
        let ends_a_run = chars.get(*n + 1).is_some_and(|(_, next)| next.is_lowercase());
        (c.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && ends_a_run)))
            || before.is_ascii() != c.is_ascii()
    };
    let mut parts = Vec::new();
    let mut rest = 0;
    for at in (1..chars.len()).filter(begins).map(|n| chars[n].0) {
        parts.push(&word[rest..at]);
        rest = at;
    }
    parts.push(&word[rest..]);
    parts
}

/// A name as it is written where letters with marks can't be typed, as hosts are: `Mueller`; `None` where it has none of them.
pub(super) fn spelled_out(name: &str) -> Option<String> {
    let (mut out, composed) = (String::with_capacity(name.len() + 2), name.nfc().collect::<String>());
    for c in composed.chars() {
        match c {
            'ä' => out.push_str("ae"),
            'Ä' => out.push_str("Ae"),
            'ö' | 'ø' => out.push_str("oe"),
            'Ö' | 'Ø' => out.push_str("Oe"),
            'ü' => out.push_str("ue"),
            'Ü' => out.push_str("Ue"),
            'å' => out.push_str("aa"),
            'Å' => out.push_str("Aa"),
            c => out.push(c),
        }
    }
    (out != composed).then_some(out)
}

/// A text for looking names up in: lower case, without accents.
pub(crate) fn fold(text: &str) -> String {
    lower(&bare(text))
}

/// A company's name for comparing: its words, put together, without its legal form.
#[must_use]
pub fn company(name: &str) -> String {
    lower(&spelled_words(&bare(name)).concat())
}

/// What stands behind words of a name and tells it from another: the `++` of `C++`, the `#` of `C#`.
#[must_use]
pub(crate) fn signs(name: &str) -> String {
    let bare = bare(name);
    let mut signs = String::new();
    for (at, _) in bare.match_indices(['+', '#']) {
        let (before, sign) = bare.split_at(at);
        let is_behind = before.chars().next_back().is_some_and(char::is_alphanumeric);
        let sign = ["++", "#"].into_iter().find(|known| sign.starts_with(known));
        let ends = sign.is_some_and(|s| !bare[at + s.len()..].starts_with(char::is_alphanumeric));
        signs.push_str(sign.filter(|_| is_behind && ends).unwrap_or_default());
    }
    signs
}

/// The domain that somebody registered to have this host: `acme.co.uk` of `www.acme.co.uk`. The host itself where there is
/// none.
#[must_use]
pub(crate) fn registrable(host: &str) -> String {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    psl::domain_str(&host).unwrap_or(&host).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legal_forms_and_accents_are_taken_off() {
        for (one, other) in [
            ("Neen S.p.A", "neen"),
            ("Globex, Inc.", "Globex"),
            ("Bloomberg L. P.", "Bloomberg"),
            ("ByteDance Pte. Ltd.", "ByteDance"),
            ("Alibaba Cloud Private Limited", "Alibaba Cloud"),
            ("Gazeta Sp. z o.o.", "Gazeta"),
            ("华为技术有限公司", "华为技术"),
            ("株式会社日立", "日立"),
            ("ＤａｏＣｌｏｕｄ", "daocloud"),
            ("Café Müller GmbH & Co. KG", "cafe muller"),
            ("Strauß ApS", "STRAUSS"),
            ("Ørsted A/S", "Orsted"),
            ("ΟΔΟΣ", "οδος"),
            ("🅰cme", "Acme"),
        ] {
            assert_eq!(company(one), company(other), "{one}");
        }
        assert_eq!(company("Co"), "co");
        assert_eq!(company("有限公司"), "有限公司");
        assert_ne!(company("バス"), company("ハス"));
    }

    /// A second verifier reads them there.
    #[test]
    fn the_page_has_the_same_lists() {
        let page = include_str!("../../docs/log-format.md");
        assert!(page.contains(&format!("```text\n{LOOKALIKES}```\n")));
        for list in [FORMS, NATIVE_FORMS, GENERIC] {
            let list = format!("`{}`", list.join(" "));
            assert!(page.contains(&list), "{list}");
        }
    }

    #[test]
    fn a_name_is_read_as_it_looks_too() {
        let is = |one: &str, other: &str| Reading::all(one).iter().any(|a| Reading::all(other).iter().any(|b| a.is(b)));
        assert!(is("\u{410}cme", "Acme"));
        assert!(is("DАОСLOUD", "DaoCloud"));
        assert!(is("Νeen", "Neen"));
        assert!(is("Восток", "ВОСТОК"));
        assert!(!is("BIoomberg", "Bloomberg"));
    }

    #[test]
    fn a_name_stands_in_another() {
        let stands = |name: &str, among: &str| {
            Reading::all(name).iter().any(|a| Reading::all(among).iter().any(|b| a.stands_in(b)))
        };
        for (name, among) in [
            ("Huawei", "Huawei Technologies Brasil"),
            ("Huawei", "HuaweiCloud"),
            ("Huawei", "HUAWEICLOUD"),
            ("Huawei", "huawei–brasil"),
            ("Huawei", "Hua-Wei Brasil"),
            ("Huawei", "BrasilHuawei"),
            ("ByteDance", "bytedancecloud"),
            ("DaoCloud", "上海DaoCloud网络"),
            ("DaoCloud", "Shanghai Dao Cloud Network"),
            ("Trip.com", "Trip.com Travel Group"),
            ("华为", "华为技术"),
            ("华为", "华 为 技术"),
            ("Bloomberg", "BIoomberg Labs"),
            ("IBM", "IBMCloud"),
        ] {
            assert!(stands(name, among), "{name} in {among}");
        }
        for (name, among) in [
            ("Cloud", "Acme Cloud"),
            ("Acme", "Acmeister"),
            ("Acme", "Macmeo"),
            ("Alibaba Cloud", "Cloud Alibaba"),
            ("Trip", "Stripe"),
            ("Neen", "Sweeneen Works"),
            ("Initech", "Init Technologies"),
        ] {
            assert!(!stands(name, among), "{name} in {among}");
        }
    }
}
