//! Names of organizations, compared as people do.

use unicode_normalization::UnicodeNormalization as _;

/// A company's name for comparing: lower case, letters and digits only, without its legal form.
#[must_use]
pub fn company(name: &str) -> String {
    const FORMS: [&str; 25] = [
        "inc",
        "incorporated",
        "ltd",
        "limited",
        "llc",
        "llp",
        "corp",
        "corporation",
        "co",
        "company",
        "gmbh",
        "ag",
        "se",
        "sa",
        "spa",
        "srl",
        "bv",
        "nv",
        "oy",
        "ab",
        "plc",
        "pty",
        "kg",
        "kk",
        "sas",
    ];
    let folded: String = name.nfkc().flat_map(char::to_lowercase).collect();
    let mut words: Vec<String> = folded
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '_' | '/' | '(' | ')'))
        .map(|word| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect();
    while words.len() > 1 && words.last().is_some_and(|last| FORMS.contains(&last.as_str())) {
        words.pop();
    }
    words.concat()
}

/// The domain that somebody registered to have this host: `acme.co.uk` of `www.acme.co.uk`. The host itself where there is
/// none.
#[must_use]
pub(crate) fn registrable(host: &str) -> String {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    psl::domain_str(&host).unwrap_or(&host).to_owned()
}
