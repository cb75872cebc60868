//! What spreadsheets write into a file that is no value: the separator of columns, failures, and marks that a cell is text.

use crate::domain::days::MONTHS;

/// The separators that spreadsheets write, by country and by choice.
const SEPARATORS: [(u8, &str); 4] = [(b',', "commas"), (b';', "semicolons"), (b'\t', "tabs"), (b'|', "vertical bars")];

/// By what the columns are parted: what stands most often in the first line, outside of quotes.
pub(super) fn separator(line: &str) -> (u8, &'static str) {
    let mut quoted = false;
    let plain: String = line
        .chars()
        .filter(|c| {
            quoted ^= *c == '"';
            !quoted
        })
        .collect();
    let often = |by: u8| plain.matches(char::from(by)).count();
    let mut best = SEPARATORS[0];
    for candidate in SEPARATORS {
        if often(candidate.0) > often(best.0) {
            best = candidate;
        }
    }
    best
}

/// The separator that a first line tells, as Excel writes it for itself; and whether a spreadsheet shows, and counts, that line: what
/// didn't know it took it for a row, and saved it as long as the others.
pub(super) fn told_separator(line: &str) -> Option<(u8, bool)> {
    let (begin, behind) = line.split_at_checked(line.find('=')? + 1)?;
    let (begin, behind) = match begin.strip_prefix('"') {
        Some(begin) => (begin, behind.replacen('"', "", 1)),
        None => (begin, behind.to_owned()),
    };
    let (by, row) = behind.as_bytes().split_first().filter(|_| begin.eq_ignore_ascii_case("sep="))?;
    let known = |by: &u8| SEPARATORS.iter().any(|(known, _)| known == by);
    match row.first() {
        None => Some((*by, false)),
        Some(wrote) => (known(wrote) && row.iter().all(|b| b == wrote)).then_some((*wrote, true)),
    }
}

/// What spreadsheets put into a cell in place of a value that isn't there, in the languages that they have: not available, and what has no
/// sign of its own at the end.
const NOT_THERE: [&str; 17] = [
    "#名前?",
    "#N/A",
    "#N/B",
    "#N/D",
    "#N/DISP",
    "#NV",
    "#ND",
    "#I/T",
    "#N/Z",
    "#NEDOSTUPNÝ",
    "#PUUTTUU!",
    "#Н/Д",
    "#Н/Д!",
    "#YOK",
    "#ΔΥ",
    "#GETTING_DATA",
    "#N/A!",
];

/// Whether a cell is what a spreadsheet guesses of an ID that looks like a day or a number: `10-Mar` of `mar10`, `1.00E+05` of `1e5`.
pub(super) fn is_guessed(cell: &str) -> bool {
    let is_day = |day: &str| (1..=2).contains(&day.len()) && day.bytes().all(|b| b.is_ascii_digit());
    let is_month = |month: &str| MONTHS.iter().any(|known| known[..3] == *month);
    let is_date = cell.split_once('-').is_some_and(|(a, b)| (is_day(a) && is_month(b)) || (is_month(a) && is_day(b)));
    let is_number = |part: &str| part.starts_with(|c: char| c.is_ascii_digit()) && part.parse::<f64>().is_ok();
    is_date || cell.split_once("E+").is_some_and(|(number, power)| is_number(number) && is_day(power))
}

/// Whether a cell is what a spreadsheet puts in place of a value that it can't have: `#REF!`, `#BEZUG!`, `#¡REF!`, `#NAME?`, `Err:502`.
pub(super) fn has_failed(cell: &str) -> bool {
    let inside = cell.strip_prefix('#').and_then(|rest| rest.strip_suffix(['!', '?']));
    let is_word = |word: &str| {
        word.chars().any(char::is_alphabetic)
            && word.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || "/_¡¿".contains(c))
    };
    let number = cell.strip_prefix("Err:").or_else(|| cell.strip_prefix("Fehler:"));
    inside.is_some_and(is_word)
        || NOT_THERE.contains(&cell)
        || number.is_some_and(|number| number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit()))
}

/// A cell by which a spreadsheet is told that it is text, `="…"` or with an apostrophe before what would be a formula, as that text.
pub(super) fn unwrapped(cell: &str) -> Option<String> {
    let formula = |text: &str| text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    match cell.strip_prefix('\'') {
        Some(text) if formula(text) => Some(text.trim().to_owned()),
        _ => {
            let text = cell.strip_prefix("=\"")?.strip_suffix('"')?.replace("\"\"", "\u{0}");
            (!text.contains('"')).then(|| text.replace('\u{0}', "\"").trim().to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_puts_where_it_fails_is_no_value() {
        for cell in [
            "#REF!",
            "#N/A",
            "#NAME?",
            "#VALUE!",
            "#DIV/0!",
            "#NULL!",
            "#NUM!",
            "#SPILL!",
            "#名前?",
            "#N/B",
            "#NV",
            "#BEZUG!",
            "#¡REF!",
            "#¿NOMBRE?",
            "#DĚLENÍ_NULOU!",
            "#ССЫЛКА!",
            "#Н/Д",
            "#ERROR!",
            "#GETTING_DATA",
            "Err:502",
            "Fehler:508",
        ] {
            assert!(has_failed(cell), "{cell}");
        }
        for cell in
            ["#", "#!", "#1", "#1!", "#Karmada!", "#go?", "C#", "Acme!", "Err: 502", "Err:5020", "# ACME!", "#华为!"]
        {
            assert!(!has_failed(cell), "{cell}");
        }
    }
}
