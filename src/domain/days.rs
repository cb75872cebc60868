//! Days as people, programs and spreadsheets write them.

use jiff::civil;

use super::text::{narrowed, unquoted};

pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day, as somebody writes one of which only one can be meant, in the calendar's own spelling: the year in front, between
/// whichever signs, or none; the month by its name; or a day behind which no month can stand. The time of day is passed over.
#[must_use]
pub fn read(typed: &str) -> Option<String> {
    let typed = narrowed(typed);
    let plain = without_time(unquoted(&typed));
    year_in_front(plain).or_else(|| by_name(plain)).or_else(|| match year_behind(plain)?.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    })
}

/// The same in a table: spreadsheets show a day, and hand over how many days after the end of 1899 it is.
#[must_use]
pub fn read_in_table(typed: &str) -> Option<String> {
    read(typed).or_else(|| {
        let number = typed.strip_suffix(".0").unwrap_or(typed);
        let days =
            number.parse::<i32>().ok().filter(|_| number.len() == 5 && number.starts_with(['2', '3', '4', '5']))?;
        Some(civil::date(1899, 12, 30).checked_add(jiff::Span::new().days(days)).ok()?.to_string())
    })
}

/// The two days that may be meant, where day and month could be either.
#[must_use]
pub fn either(typed: &str) -> Option<[String; 2]> {
    let typed = narrowed(typed);
    year_behind(without_time(unquoted(&typed)))?.try_into().ok()
}

/// As databases write a day that they keep as a moment.
fn without_time(typed: &str) -> &str {
    let is_time = |rest: &&str| {
        let mut parts = rest.trim_end_matches('Z').split(':');
        let has_two = |part: Option<&str>| part.is_some_and(|p| p.len() == 2 && is_number(p));
        has_two(parts.next()) && has_two(parts.next()) && parts.all(|p| p.bytes().all(|b| b"0123456789.+".contains(&b)))
    };
    match typed.split_once(['T', ' ']).filter(|(_, time)| is_time(time)) {
        Some((day, _)) => day,
        None => typed,
    }
}

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())
}

fn spelled(year: &str, month: &str, day: &str) -> Option<String> {
    let fits = |part: &str| part.len() <= 2 && is_number(part);
    (year.len() == 4 && is_number(year) && fits(month) && fits(day)).then(|| format!("{year}-{month:0>2}-{day:0>2}"))
}

fn year_in_front(plain: &str) -> Option<String> {
    // No spreadsheet counts so far.
    if plain.len() == 8 && is_number(plain) {
        let century = ["19", "20"].iter().any(|century| plain.starts_with(century));
        return if century { spelled(&plain[..4], &plain[4..6], &plain[6..]) } else { None };
    }
    let parts: Vec<&str> = plain.trim_end_matches('日').split(['-', '/', '.', '年', '月']).map(str::trim).collect();
    let [year, month, day] = parts.as_slice() else { return None };
    spelled(year, month, day)
}

/// With the month's English name, whole or its first three letters.
fn by_name(plain: &str) -> Option<String> {
    let lower = plain.to_lowercase();
    let parts: Vec<&str> = lower.split([' ', ',', '-', '/', '.']).filter(|part| !part.is_empty()).collect();
    if parts.len() != 3 {
        return None;
    }
    let month_of = |part: &str| {
        let is_named = |month: &str| month.starts_with(part) && (part.len() == 3 || part == month || part == "sept");
        MONTHS.iter().position(|month| is_named(&month.to_lowercase())).map(|at| (at + 1).to_string())
    };
    let month = parts.iter().find_map(|part| month_of(part))?;
    let year = parts.iter().find(|part| part.len() == 4 && is_number(part))?;
    let day = parts.iter().find_map(|part| {
        let number = ["st", "nd", "rd", "th"].iter().find_map(|end| part.strip_suffix(end)).unwrap_or(part);
        (number.len() <= 2 && is_number(number)).then_some(number)
    })?;
    spelled(year, &month, day)
}

/// The days that may be meant where the year stands behind: some peoples put the month first.
fn year_behind(plain: &str) -> Option<Vec<String>> {
    let parts: Vec<&str> = plain.split(['-', '/', '.']).map(str::trim).collect();
    let [one, other, year] = parts.as_slice() else { return None };
    let all = [spelled(year, other, one)?, spelled(year, one, other)?];
    let mut days: Vec<String> = all.into_iter().filter(|day| day.parse::<civil::Date>().is_ok()).collect();
    days.dedup();
    Some(days).filter(|days| !days.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_can_only_be_one_is_read_however_it_is_written() {
        for typed in [
            "2026-09-13",
            "2026/9/13",
            "2026.09.13",
            "2026年9月13日",
            "２０２６－９－１３",
            "“2026-9-13”",
            " 2026 / 9 / 13 ",
            "20260913",
            "2026-09-13 00:00:00",
            "2026-09-13T00:00:00.000Z",
            "2026/9/13 00:00",
            "13.09.2026",
            "13/9/2026",
            "9/13/2026",
            "13-09-2026 00:00",
            "13 September 2026",
            "Sep 13, 2026",
            "13-Sep-2026",
            "Sept. 13th, 2026",
            "2026-sep-13",
        ] {
            assert_eq!(read(typed).as_deref(), Some("2026-09-13"), "{typed}");
        }
        assert_eq!(read("09.09.2026").as_deref(), Some("2026-09-09"));
    }

    #[test]
    fn a_day_that_may_be_two_or_none_stays() {
        for typed in [
            "3/9/2026",
            "03.09.2026",
            "26-9-3",
            "13.09.26",
            "2026-9",
            "2026-9-3-1",
            "tomorrow",
            "2026",
            "45364",
            "13/13/2026",
            "99990101",
            "ma 3 2026",
        ] {
            assert_eq!(read(typed), None, "{typed}");
        }
        let both = ["2026-09-03".to_owned(), "2026-03-09".to_owned()];
        assert_eq!(either("3/9/2026"), Some(both.clone()));
        assert_eq!(either("03.09.2026"), Some(both));
        for typed in ["13.09.2026", "9.9.2026", "2026-09-03", "soon"] {
            assert_eq!(either(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_spreadsheets_number_is_its_day() {
        for (number, day) in [("45364", "2024-03-13"), ("45364.0", "2024-03-13"), ("43831", "2020-01-01")] {
            assert_eq!(read_in_table(number).as_deref(), Some(day));
        }
        for typed in ["4536", "453640", "75364", "45364.5", "-4536", "+4536"] {
            assert_eq!(read_in_table(typed), None, "{typed}");
        }
    }
}
