//! Names of organizations, compared as people do.

use unicode_normalization::UnicodeNormalization as _;

/// Words that say what form of company it is, and not which. `docs/log-format.md` has the same list.
const FORMS: [&str; 48] = [
    "ab",
    "ag",
    "aps",
    "as",
    "asa",
    "bhd",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "doo",
    "eirl",
    "gk",
    "gmbh",
    "inc",
    "incorporated",
    "jsc",
    "kft",
    "kg",
    "kgaa",
    "kk",
    "limited",
    "llc",
    "llp",
    "lp",
    "ltd",
    "ltda",
    "nv",
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
    "spa",
    "sro",
    "srl",
    "ug",
    "zrt",
];

/// The same in Chinese, where they end a name without a space before them; the longest first.
const CHINESE_FORMS: [&str; 4] = ["股份有限公司", "有限责任公司", "有限公司", "公司"];

/// Words that many names have: alone they tie nobody to anybody.
const GENERIC: [&str; 40] = [
    "and",
    "china",
    "cloud",
    "computing",
    "data",
    "digital",
    "electronics",
    "enterprise",
    "for",
    "global",
    "group",
    "holding",
    "holdings",
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
    "platform",
    "service",
    "services",
    "software",
    "solution",
    "solutions",
    "source",
    "system",
    "systems",
    "tech",
    "technologies",
    "technology",
    "the",
    "中国",
    "云",
    "科技",
    "集团",
];

/// The words of a name for comparing: lower case, letters and digits only, without its legal form.
#[must_use]
pub fn words(name: &str) -> Vec<String> {
    let folded: String = name.nfkc().flat_map(char::to_lowercase).collect();
    let mut words: Vec<String> = folded
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '_' | '/' | '(' | ')'))
        .map(|word| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect();
    while words.len() > 1 && words.last().is_some_and(|last| FORMS.contains(&last.as_str())) {
        words.pop();
    }
    if let Some(last) = words.last_mut()
        && let Some(short) = CHINESE_FORMS.iter().find_map(|form| last.strip_suffix(form)).filter(|s| !s.is_empty())
    {
        *last = short.to_owned();
    }
    words
}

/// A company's name for comparing: its words, put together.
#[must_use]
pub fn company(name: &str) -> String {
    words(name).concat()
}

/// Whether all words of one name stand in a row among these; where they are Chinese, as a part of one of them. Words that
/// many names have say nothing alone.
#[must_use]
pub(crate) fn stands_in(name: &[String], among: &[String]) -> bool {
    if name.is_empty() || name.iter().all(|word| GENERIC.contains(&word.as_str())) {
        return false;
    }
    let in_a_row = among.windows(name.len()).any(|row| row == name);
    let whole = name.concat();
    in_a_row || among.contains(&whole) || (!whole.is_ascii() && among.iter().any(|word| word.contains(&whole)))
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
    fn legal_forms_are_taken_off() {
        for (one, other) in [
            ("Neen S.p.A", "neen"),
            ("Globex, Inc.", "Globex"),
            ("Bloomberg L.P.", "Bloomberg"),
            ("ByteDance Pte. Ltd.", "ByteDance"),
            ("Alibaba Cloud Private Limited", "Alibaba Cloud"),
            ("华为技术有限公司", "华为技术"),
            ("ＤａｏＣｌｏｕｄ", "daocloud"),
        ] {
            assert_eq!(company(one), company(other), "{one}");
        }
        assert_eq!(company("Co"), "co");
        assert_eq!(company("有限公司"), "有限公司");
    }

    #[test]
    fn a_name_stands_in_another_word_by_word() {
        let stands = |name: &str, among: &str| stands_in(&words(name), &words(among));
        assert!(stands("Huawei", "Huawei Technologies Co., Ltd."));
        assert!(stands("DaoCloud", "Shanghai DaoCloud Network Technology Co., Ltd."));
        assert!(stands("Trip.com", "Trip.com Group"));
        assert!(stands("华为", "华为技术有限公司"));
        assert!(!stands("Cloud", "Acme Cloud"));
        assert!(!stands("Acme", "Acmeister"));
        assert!(!stands("Alibaba Cloud", "Cloud Alibaba"));
    }
}
