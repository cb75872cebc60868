//! Texts that something on their way here spoiled: letters read in a wrong encoding, characters spelled as web pages spell them.

use encoding_rs::WINDOWS_1252;

use super::invalid::Invalid;
use super::{entities, text};

/// Whether a text can be what was meant by it.
///
/// # Errors
/// When whatever wrote it down spoiled it: with how, and what to write.
pub(crate) fn judge(given: &str) -> Result<(), Invalid> {
    Err(match of(given) {
        None => return Ok(()),
        Some(Spoiled::Misread(meant)) => {
            let why = tr!("it is {meant}, read in a wrong encoding", meant = text::quote(&meant));
            Invalid::new(why, to_write(given))
        }
        Some(Spoiled::Spelled(sign)) => {
            Invalid::new(tr!("{sign} is how web pages spell a character", sign = text::quote(sign)), to_write(given))
        }
    })
}

/// The same of a cell, which a program wrote that can write it otherwise.
pub(super) fn judge_cell(given: &str) -> Result<(), Invalid> {
    judge(given).map_err(|e| match of(given) {
        Some(Spoiled::Misread(_)) => Invalid::new(e.why, tr!("import it as UTF-8")),
        _ => e,
    })
}

enum Spoiled<'t> {
    /// What it was before.
    Misread(String),
    /// The first of the spellings in it.
    Spelled(&'t str),
}

fn of(given: &str) -> Option<Spoiled<'_>> {
    let misread = before_misreading(given).map(Spoiled::Misread);
    misread.or_else(|| entities::first_in(given).map(Spoiled::Spelled))
}

/// What would be taken in its place, where it can be said on a line.
fn to_write(given: &str) -> String {
    // A program that spells what is spelled already writes `&amp;amp;`.
    const LAYERS: usize = 4;
    let mut meant = given.trim().to_owned();
    for _ in 0..LAYERS {
        meant = match of(&meant) {
            None => break,
            Some(Spoiled::Misread(before)) => before,
            Some(Spoiled::Spelled(_)) => entities::read(&meant),
        };
    }
    let quoted = text::quote(&meant);
    match of(&meant).is_none() && text::fault(&meant).is_none() && quoted.contains(&meant) {
        true => tr!("write {text}", text = quoted),
        false => tr!("write the characters themselves, such as & and ü").into(),
    }
}

/// What a text was before it was read in Windows-1252 instead of UTF-8, as it happens to tables: `Müller` of `MÃ¼ller`.
fn before_misreading(text: &str) -> Option<String> {
    // A letter with an accent before a sign, as in `CAFÉ™`, could be one; what is meant begins so.
    let begins_so = |c: char| matches!(c, 'Ã' | 'Â' | 'à'..='ï');
    if !text.chars().any(begins_so) {
        return None;
    }
    let (bytes, _, lost) = WINDOWS_1252.encode(text);
    let meant = std::str::from_utf8(&bytes).ok().filter(|_| !lost)?;
    let is_of_two = |c: char| (0x100..0x800).contains(&u32::from(c));
    let is_of_three = |c: &char| u32::from(*c) >= 0x800;
    // A letter with an accent and two signs behind it, as in `Café™®`, would be one such character amid a word of others.
    let letters: Vec<char> = meant.chars().chain([' ']).collect();
    let is_amid_others = |three: &[char]| match three {
        [before, letter, behind] => before.is_ascii_alphabetic() && is_of_three(letter) && !is_of_three(behind),
        _ => false,
    };
    (!meant.chars().any(is_of_two) && !letters.windows(3).any(is_amid_others)).then(|| meant.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_spoiled_is_told_with_what_to_write() {
        for (given, why, hint) in [
            ("Ernst &amp; Young", "“&amp;” is how web pages spell a character", "write “Ernst & Young”"),
            ("M&uuml;ller &#8211; IT", "“&uuml;” is how web pages spell a character", "write “Müller – IT”"),
            ("Q&amp;amp;A", "“&amp;” is how web pages spell a character", "write “Q&A”"),
            ("CafÃ©", "it is “Café”, read in a wrong encoding", "write “Café”"),
            ("ITæœ\u{8d}åŠ¡", "it is “IT服务”, read in a wrong encoding", "write “IT服务”"),
            ("CafÃ© M&uuml;ller", "it is “Café M&uuml;ller”, read in a wrong encoding", "write “Café Müller”"),
            (
                "&Lstrok;odz",
                "“&Lstrok;” is how web pages spell a character",
                "write the characters themselves, such as & and ü",
            ),
            (
                "A&#8203;B",
                "“&#8203;” is how web pages spell a character",
                "write the characters themselves, such as & and ü",
            ),
            (
                "https://x.example/?a=1&amp;b=2",
                "“&amp;” is how web pages spell a character",
                "write “https://x.example/?a=1&b=2”",
            ),
        ] {
            let told = judge(given).unwrap_err();
            assert_eq!((told.why.as_str(), told.hint.as_str()), (why, hint), "{given}");
        }
        let long = format!("{} &amp; more", "support ".repeat(20));
        assert_eq!(judge(&long).unwrap_err().hint, "write the characters themselves, such as & and ü");
    }

    #[test]
    fn what_somebody_meant_stays() {
        for given in [
            "AT&T",
            "Café™®",
            "café…”",
            "R&D; Sales",
            "Café",
            "São Paulo",
            "CAFÉ™",
            "Ñandú",
            "华为 & Co.",
            "https://x.example/?a=1&b=2;c",
        ] {
            assert_eq!(judge(given), Ok(()), "{given}");
        }
    }
}
