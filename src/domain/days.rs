//! Days as people, programs and spreadsheets write them.

use jiff::civil;

use super::invalid::Invalid;
use super::text::{is_digits, narrowed, unquoted};

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

/// The same in one character each: as Chinese counts them, as Japanese and as Korean name them.
const WEEKDAYS_IN_ONE: [&str; 4] = ["一二三四五六日", "一二三四五六天", "月火水木金土日", "월화수목금토일"];

/// What stands before such a character, or behind it, where it isn't in brackets.
const OF_WEEKDAYS: [&str; 7] = ["星期", "礼拜", "禮拜", "周", "週", "曜日", "요일"];

/// A day, as somebody writes one of which only one can be meant, in the calendar's own spelling: the year in front, between
/// whichever signs, or none; the month by its name; or a day behind which no month can stand. The day of the week may stand in front
/// of it or behind. The time of day is passed over.
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
    let alone = tr!("write the day alone, as 2026-11-22");
    let behind = typed.split_at_checked(10).filter(|(day, rest)| is_day(day) && !rest.is_empty()).map(|(_, rest)| rest);
    let begins_a_time = |rest: &str| {
        rest.strip_prefix(['T', 't', ' '])
            .is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
    };
    // Its zone may have another day.
    if behind.is_some_and(begins_a_time) {
        return Invalid::new(tr!("a time stands behind the day"), alone);
    }
    let typed = Typed::of(typed);
    let (any, hint) = (typed.spelled(), tr!("write it as 2026-11-22"));
    Invalid::new(
        match any.as_slice() {
            [] if typed.has_a_short_year() => {
                return Invalid::new(tr!("its year has two digits"), tr!("write the whole year, as in 2026-11-22"));
            }
            [] if behind.is_some_and(|rest| rest.starts_with(['T', 't', ' ', '('])) => {
                return Invalid::new(tr!("something stands behind the day"), alone);
            }
            [] => tr!("it isn't a day as days are read here"),
            any if !any.iter().any(|day| is_day(day)) => tr!("it isn't a day of the calendar"),
            _ if typed.weekday.is_some() => tr!("that day is on another day of the week"),
            _ => tr!("it isn't a day as days are read here"),
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
        let plain = without_time(unquoted(&typed)).trim_end_matches([' ', ',', ';', '。']);
        let (weekday, day) = parted(plain).map_or((None, plain), |(weekday, day)| (Some(weekday), day));
        Self { day: day.trim_end_matches('.').to_owned(), weekday }
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
        let is_short = |part: &&&str| part.len() <= 2 && is_digits(part);
        let short = parts.iter().filter(is_short).count();
        parts.len() == 3
            && (short == 3 || (short == 2 && parts.iter().any(|part| month_of(&part.to_lowercase()).is_some())))
    }
}

/// The day of the week that a word is, by its number.
fn weekday(word: &str) -> Option<usize> {
    let word = word.trim_end_matches('.').to_lowercase();
    let in_one = |one: &str| {
        let mut chars = one.chars();
        let (only, None) = (chars.next()?, chars.next()) else { return None };
        WEEKDAYS_IN_ONE.into_iter().find_map(|all| all.chars().position(|c| c == only))
    };
    let named = OF_WEEKDAYS.into_iter().find_map(|of| word.strip_prefix(of).or_else(|| word.strip_suffix(of)));
    match word.strip_prefix('(').and_then(|word| word.strip_suffix(')')) {
        Some(inner) => in_one(inner).or_else(|| weekday(inner)),
        None if let Some(one) = named => in_one(one),
        None => WEEKDAYS.into_iter().position(|day| word.len() > 2 && day.to_lowercase().starts_with(&word)),
    }
}

/// The day of the week that stands in front of a day or behind it, and the day.
fn parted(plain: &str) -> Option<(usize, &str)> {
    const BETWEEN: [char; 2] = [' ', ','];
    if let Some((first, rest)) = plain.split_once(BETWEEN)
        && let Some(weekday) = weekday(first)
    {
        return Some((weekday, rest.trim_start_matches(BETWEEN)));
    }
    // No space is needed behind a character for a day.
    let behind = |at: usize| weekday(plain[at..].trim_start_matches(BETWEEN));
    let (at, weekday) = plain.char_indices().skip(1).find_map(|(at, _)| Some((at, behind(at)?)))?;
    Some((weekday, plain[..at].trim_end_matches(BETWEEN)))
}

/// Without the time of day behind it, as databases write a day that they keep as a moment, and spreadsheets one with a time.
fn without_time(typed: &str) -> &str {
    let begins = |(at, _): &(usize, &str)| is_time(typed[*at..].strip_prefix(['T', ' ']).unwrap_or(&typed[*at..]));
    let ends = typed.match_indices(['T', ' ', '上', '下']).find(begins);
    ends.map_or(typed, |(at, _)| typed[..at].trim_end_matches([' ', ',']))
}

/// Whether a text is a time of day: hours and minutes, and what may stand around them, such as a half of the day and a zone.
fn is_time(text: &str) -> bool {
    let lower = text.trim().to_ascii_lowercase();
    let half = ["上午", "下午"].iter().find_map(|half| lower.strip_prefix(half)).unwrap_or(&lower).trim_start();
    let zone =
        ["utc", "gmt", "z"].iter().find_map(|zone| half.strip_suffix(zone)).unwrap_or_else(|| without_offset(half));
    let time = ["am", "pm", "a.m.", "p.m."]
        .iter()
        .find_map(|half| zone.trim_end().strip_suffix(half))
        .unwrap_or(zone)
        .trim_end();
    let mut parts = time.split(':');
    let fits = |part: Option<&str>, least| part.is_some_and(|p| (least..=2).contains(&p.len()) && is_digits(p));
    let is_seconds = |part: &str| {
        let (whole, fraction) = part.split_once(['.', ',']).unwrap_or((part, "0"));
        fits(Some(whole), 2) && is_digits(fraction)
    };
    fits(parts.next(), 1) && fits(parts.next(), 2) && parts.next().is_none_or(is_seconds) && parts.next().is_none()
}

/// A time without how far its zone is from Greenwich's: `+08:00`, `-0800`, `+08`.
fn without_offset(time: &str) -> &str {
    let at = time.rfind(['+', '-']).filter(|at| {
        let digits = time[at + 1..].replace(':', "");
        is_digits(&digits) && matches!(digits.len(), 2 | 4)
    });
    at.map_or(time, |at| &time[..at])
}

fn spelled(year: &str, month: &str, day: &str) -> Option<String> {
    let fits = |part: &str| part.len() <= 2 && is_digits(part);
    (year.len() == 4 && is_digits(year) && fits(month) && fits(day)).then(|| format!("{year}-{month:0>2}-{day:0>2}"))
}

fn year_in_front(plain: &str) -> Option<String> {
    // No spreadsheet counts so far.
    if plain.len() == 8 && is_digits(plain) {
        let century = ["19", "20"].iter().any(|century| plain.starts_with(century));
        return if century { spelled(&plain[..4], &plain[4..6], &plain[6..]) } else { None };
    }
    let ended = plain.trim_end_matches(['日', '号', '號', '일']);
    let parts: Vec<&str> = ended.split(['-', '/', '.', '年', '月', '년', '월']).map(str::trim).collect();
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

/// What stands together, as in `13sep2026`, where a month stands between numbers.
fn glued(part: &str) -> Vec<&str> {
    let is_letter = |c: char| c.is_ascii_alphabetic();
    let apart = || {
        let (first, last) = (part.find(is_letter)?, part.rfind(is_letter)? + 1);
        (first > 0 && last < part.len()).then(|| vec![&part[..first], &part[first..last], &part[last..]])
    };
    apart().unwrap_or_else(|| vec![part])
}

/// With the month's English name, whole or its first three letters.
fn by_name(plain: &str) -> Option<String> {
    let lower = plain.to_lowercase();
    let parts: Vec<&str> =
        lower.split(SIGNS).filter(|part| !part.is_empty() && *part != "of").flat_map(glued).collect();
    if parts.len() != 3 {
        return None;
    }
    let month = parts.iter().find_map(|part| month_of(part))?;
    let year = parts.iter().find(|part| part.len() == 4 && is_digits(part))?;
    let day = parts.iter().find_map(|part| {
        let number = ["st", "nd", "rd", "th"].iter().find_map(|end| part.strip_suffix(end)).unwrap_or(part);
        (number.len() <= 2 && is_digits(number)).then_some(number)
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
            "2026-09-13T23:30:00-08:00",
            "2026-09-13T23:30:00+08",
            "2026-09-13 23:30:00 +0800",
            "2026-09-13T00:00:00,000Z",
            "2026-09-13 23:30 UTC",
            "9/13/2026, 2:30:00 PM",
            "13.09.2026, 14:30",
            "2026-09-13 (Sun)",
            "2026-09-13 Sunday",
            "2026-09-13 星期日",
            "2026-09-13 周日",
            "星期日 2026/9/13",
            "2026年9月13日星期日",
            "2026年9月13日 星期天",
            "2026年9月13号",
            "2026年9月13日(日)",
            "2026年9月13日（日） 14:30",
            "2026年9月13日日曜日",
            "2026年9月13日 下午3:05",
            "2026年9月13日下午3:05",
            "2026. 9. 13.",
            "2026년 9월 13일",
            "2026년 9월 13일 (일)",
            "13.9.2026.",
            "2026-09-13,",
            "13Sep2026",
            "13th of September, 2026",
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
            "2026-09-13 (Mon)",
            "2026年9月13日星期一",
            "2026-09-13 booth",
            "2026-09-13 25:99:1",
            "2026-09-13 10:00 - 12:00",
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
            ("2026-09-13 (Mon)", "that day is on another day of the week"),
            ("2026-09-13 booth", "something stands behind the day"),
            ("2026-09-13 \u{2013} 2026-09-15", "something stands behind the day"),
            ("2026-09-13 10:00 - 12:00", "a time stands behind the day"),
            ("2026-09-13T1", "a time stands behind the day"),
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
