//! The dead, for an issue that people read. What is said of each changes only when something happened, not from day to day.

use serde_json::{Value, json};

use super::verdict::{LEAST_DAYS, LEAST_FAILURES, LinkRecord};
use crate::domain::{Time, text};

pub const TEMPLATE: &str = "links.md";
/// How many are listed, and how many characters of an address or a reason are shown: an issue holds 65,536 characters.
const MOST: usize = 60;
const LONGEST: usize = 160;

#[derive(Debug, Clone, Copy)]
pub struct Dead<'a> {
    pub slug: &'a str,
    pub name: &'a str,
    pub entry: &'a LinkRecord,
}

#[must_use]
pub fn values(program: &str, dead: &[Dead<'_>]) -> Value {
    let row = |d: &Dead<'_>| {
        json!({
            "partner": d.slug, "name": d.name, "website": cut(&d.entry.address),
            "since": d.entry.failing.as_ref().map(|f| f.since), "last_alive": d.entry.last_alive.map(Time::date),
            "why": cut(d.entry.why().unwrap_or_default()),
        })
    };
    json!({
        "program": program, "days": LEAST_DAYS, "failures": LEAST_FAILURES,
        "dead": dead.iter().take(MOST).map(row).collect::<Vec<_>>(), "more": dead.len().saturating_sub(MOST),
    })
}

fn cut(words: &str) -> String {
    let words = text::visible(words);
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forge::github::texts::Texts;
    use crate::web::links::verdict::Answer;

    fn filled(name: &str, why: &str, how_many: usize) -> String {
        let address = format!("https://acme.example/{}", "x".repeat(1_900));
        let failed = |before: Option<&LinkRecord>, day: i64| {
            let answer = Answer::Failed(why.to_owned());
            LinkRecord::after(before, &address, answer, Time::from_unix(1_790_000_000 + 86_400 * day))
        };
        let entry = failed(Some(&failed(Some(&failed(None, 0)), 1)), 8);
        let dead = vec![Dead { slug: "acme", name, entry: &entry }; how_many];
        Texts::new(&[]).unwrap().fill(TEMPLATE, &values("Test", &dead)).unwrap()
    }

    #[test]
    fn what_others_wrote_cannot_act() {
        let hostile = "@all `fixes #1` | <img src=x onerror=alert(1)> [x](https://evil.example)";
        let report = filled(hostile, "it redirects to \u{1b}[2J\u{202e}@all | ``<script>", 1);
        let row = report.lines().find(|line| line.contains("onerror")).unwrap();
        let pad = "`` @all `fixes #1` \u{2502} <img src=x onerror=alert(1)> [x](https://evil.example) ``";
        assert!(row.starts_with("| ") && row.contains(hostile.replace('|', "\u{2502}").as_str()), "{row}");
        assert!(row.contains(&pad.replace("`` ", "``").replace(" ``", "``")), "{row}");
        assert!(row.contains("```it redirects to <U+001B>[2J<U+202E>@all \u{2502} ``<script>```"), "{row}");
        assert_eq!(row.matches('|').count(), 6, "{row}");
    }

    #[test]
    fn however_many_there_are_it_fits_into_an_issue() {
        let report = filled(&"`".repeat(80), &"`".repeat(5_000), 3_000);
        assert!(report.chars().count() < 65_536, "{}", report.chars().count());
        assert!(report.contains("2940 more"), "{report}");
    }
}
