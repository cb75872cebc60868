//! Days as people, programs and spreadsheets write them.

use jiff::civil;

use super::invalid::Invalid;
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

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A day, as somebody writes one of which only one can be meant, in the calendar's own spelling: the year in front, between
/// whichever signs, or none; the month by its name; or a day behind which no month can stand. The day of the week may stand in front.
/// The time of day is passed over.
#[must_use]
pub fn read(typed: &str) -> Option<String> {
    match Typed::of(typed).meant().as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
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
    Typed::of(typed).meant().try_into().ok()
}

/// Why what somebody wrote isn't read as a day, and what to write.
#[must_use]
pub(super) fn why_unread(typed: &str) -> Invalid {
    if let Some([one, other]) = either(typed) {
        let hint = tr!("write the one that is meant: year, month and day");
        return Invalid::new(tr!("it may be {one} or {other}", one, other), hint);
    }
    let is_day = |day: &str| day.parse::<civil::Date>().is_ok();
    // With a time behind it, whose zone may have another day.
    if typed.split_at_checked(10).is_some_and(|(day, rest)| rest.starts_with(['T', 't', ' ']) && is_day(day)) {
        return Invalid::new(tr!("a time stands behind the day"), tr!("write the day alone, as 2026-11-22"));
    }
    let typed = Typed::of(typed);
    let (any, hint) = (typed.spelled(), tr!("write it as 2026-11-22"));
    Invalid::new(
        match any.as_slice() {
            [] if typed.has_a_short_year() => {
                return Invalid::new(tr!("its year has two digits"), tr!("write the whole year, as in 2026-11-22"));
            }
            [] => tr!("it isn't a day as days are read here"),
            any if any.iter().any(|day| is_day(day)) => tr!("that day is on another day of the week"),
            _ => tr!("it isn't a day of the calendar"),
        },
        hint,
    )
}

/// What somebody wrote for a day, without what stands around it.
struct Typed {
    day: String,
    /// By its number: Monday's is 0.
    weekday: Option<usize>,
}

impl Typed {
    fn of(typed: &str) -> Self {
        // As programs that set texts make them of hyphens.
        let hyphen = |c| if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}') { '-' } else { c };
        let typed: String = narrowed(typed).chars().map(hyphen).collect();
        let plain = without_time(unquoted(&typed));
        let (first, rest) = plain.split_once([' ', ',']).unwrap_or((plain, ""));
        let first = first.trim_end_matches('.').to_lowercase();
        let is_it = |day: &str| first.len() > 2 && day.to_lowercase().starts_with(&first);
        let weekday = WEEKDAYS.iter().position(|day| is_it(day) && !rest.is_empty());
        let day = if weekday.is_some() { rest.trim_start_matches([' ', ',']) } else { plain };
        Self { day: day.to_owned(), weekday }
    }

    /// The days that it spells, whether the calendar has them or not.
    fn spelled(&self) -> Vec<String> {
        match year_in_front(&self.day).or_else(|| by_name(&self.day)) {
            Some(day) => vec![day],
            None => year_behind(&self.day),
        }
    }

    /// The days that may be meant. One alone may be none of the calendar's, which whoever reads it tells.
    fn meant(&self) -> Vec<String> {
        let mut days = self.spelled();
        let parsed = |day: &String| day.parse::<civil::Date>().ok();
        if days.len() > 1 {
            days.retain(|day| parsed(day).is_some());
        }
        if let Some(weekday) = self.weekday {
            let number = |day: civil::Date| day.weekday().to_monday_zero_offset();
            days.retain(|day| parsed(day).is_some_and(|day| usize::try_from(number(day)).is_ok_and(|n| n == weekday)));
        }
        days.dedup();
        days
    }

    /// Whether its year, wherever that stands, has two digits only.
    fn has_a_short_year(&self) -> bool {
        let parts: Vec<&str> = self.day.split(SIGNS).filter(|part| !part.is_empty()).collect();
        let is_short = |part: &&&str| part.len() <= 2 && is_number(part);
        let short = parts.iter().filter(is_short).count();
        parts.len() == 3
            && (short == 3 || (short == 2 && parts.iter().any(|part| month_of(&part.to_lowercase()).is_some())))
    }
}

/// As databases write a day that they keep as a moment, and spreadsheets one with a time.
fn without_time(typed: &str) -> &str {
    let is_time = |rest: &str| {
        let lower = rest.to_ascii_lowercase();
        let half = ["am", "pm"].iter().find_map(|half| lower.strip_suffix(half)).map(str::trim_end);
        let mut parts = half.unwrap_or(lower.trim_end_matches('z')).split(':');
        let fits = |part: Option<&str>, least| part.is_some_and(|p| (least..=2).contains(&p.len()) && is_number(p));
        fits(parts.next(), 1) && fits(parts.next(), 2) && parts.all(|p| p.bytes().all(|b| b"0123456789.+".contains(&b)))
    };
    let ends = typed.match_indices(['T', ' ']).find(|(at, _)| is_time(&typed[at + 1..]));
    ends.map_or(typed, |(at, _)| &typed[..at])
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

/// What may stand between the parts of a day that names its month.
const SIGNS: [char; 5] = [' ', ',', '-', '/', '.'];

/// The number of the month that has this name, in small letters.
fn month_of(part: &str) -> Option<String> {
    let is_named = |month: &str| month.starts_with(part) && (part.len() == 3 || part == month || part == "sept");
    MONTHS.iter().position(|month| is_named(&month.to_lowercase())).map(|at| (at + 1).to_string())
}

/// With the month's English name, whole or its first three letters.
fn by_name(plain: &str) -> Option<String> {
    let lower = plain.to_lowercase();
    let parts: Vec<&str> = lower.split(SIGNS).filter(|part| !part.is_empty()).collect();
    if parts.len() != 3 {
        return None;
    }
    let month = parts.iter().find_map(|part| month_of(part))?;
    let year = parts.iter().find(|part| part.len() == 4 && is_number(part))?;
    let day = parts.iter().find_map(|part| {
        let number = ["st", "nd", "rd", "th"].iter().find_map(|end| part.strip_suffix(end)).unwrap_or(part);
        (number.len() <= 2 && is_number(number)).then_some(number)
    })?;
    spelled(year, &month, day)
}

/// What the parts may be where the year stands behind: some peoples put the month first.
fn year_behind(plain: &str) -> Vec<String> {
    let parts: Vec<&str> = plain.split(['-', '/', '.']).map(str::trim).collect();
    let [one, other, year] = parts.as_slice() else { return Vec::new() };
    [spelled(year, other, one), spelled(year, one, other)].into_iter().flatten().collect()
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
            "9/13/2026 0:00",
            "2026/9/13 0:00",
            "09/13/2026 12:00:00 AM",
            "9/13/2026 3:05 pm",
            "Sun, 13 Sep 2026",
            "Sunday, September 13, 2026",
            "Sun 13 Sep 2026 0:00",
            "Sun, 2026-09-13",
            "2026\u{2010}09\u{2010}13",
            "2026\u{2011}09\u{2011}13",
            "2026\u{2013}09\u{2013}13",
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
            "Mon, 13 Sep 2026",
            "Sun",
            "2026-09-13 1",
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
    fn why_a_day_is_none_is_what_was_seen() {
        for (typed, why) in [
            ("1/1/16", "its year has two digits"),
            ("13.09.26", "its year has two digits"),
            ("12/12/26 0:00", "its year has two digits"),
            ("1 Jan 26", "its year has two digits"),
            ("31/4/2026", "it isn't a day of the calendar"),
            ("2026-02-30", "it isn't a day of the calendar"),
            ("Sun, 31 Apr 2026", "it isn't a day of the calendar"),
            ("Mon, 13 Sep 2026", "that day is on another day of the week"),
            ("1. Januar 2026", "it isn't a day as days are read here"),
            ("24 août 2026", "it isn't a day as days are read here"),
            ("46000", "it isn't a day as days are read here"),
            ("2026-8", "it isn't a day as days are read here"),
            ("today", "it isn't a day as days are read here"),
            ("3/9/2026", "it may be 2026-09-03 or 2026-03-09"),
        ] {
            assert_eq!(why_unread(typed).why, why, "{typed}");
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
