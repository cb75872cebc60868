//! Days as people write them.

use crate::domain::days::MONTHS;

/// A day such as `2024-03-13`, as readers of a language write it. What isn't one stays as it is.
#[must_use]
pub fn day(date: &str, lang: &str) -> String {
    let parts: Vec<usize> = date.split('-').filter_map(|part| part.parse().ok()).collect();
    match parts.as_slice() {
        [year, month @ 1..=12, day] if lang.starts_with("zh") => format!("{year}年{month}月{day}日"),
        [year, month @ 1..=12, day] => format!("{day} {} {year}", MONTHS[month - 1]),
        _ => date.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn days_are_written_as_people_do() {
        assert_eq!(day("2024-03-09", "en"), "9 March 2024");
        assert_eq!(day("2024-03-09", "zh-CN"), "2024年3月9日");
        for odd in ["", "soon", "2024-13-01", "2024-03"] {
            assert_eq!(day(odd, "en"), odd);
        }
    }
}
