//! Tables that fit a terminal of any width from 40 columns on.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};

use console::Style;
use unicode_segmentation::UnicodeSegmentation as _;

use super::breaking;
use crate::domain::text;

/// What a column that gives way keeps at least.
const LEAST: usize = 12;

/// Whether the terminal makes links of what is marked as one.
static LINKS: AtomicBool = AtomicBool::new(false);

pub(super) fn show_links(shown: bool) {
    LINKS.store(shown, Ordering::SeqCst);
}

#[derive(Debug, Clone)]
pub struct Cell {
    text: String,
    style: Option<Style>,
    link: bool,
}

impl Cell {
    /// Plain text, made harmless.
    #[must_use]
    pub fn plain(words: impl AsRef<str>) -> Self {
        Self { text: text::visible(words.as_ref()), style: None, link: false }
    }

    /// Text in a style.
    #[must_use]
    pub fn styled(words: impl AsRef<str>, style: Style) -> Self {
        Self { style: Some(style), ..Self::plain(words) }
    }

    /// An address, which leads there where the terminal can, also where it is cut short.
    #[must_use]
    pub fn link(address: impl AsRef<str>) -> Self {
        Self { link: true, ..Self::plain(address) }
    }

    /// Adds a part of it, as it is shown.
    fn show(&self, part: &str, out: &mut String) {
        let leads = self.link && !part.is_empty() && LINKS.load(Ordering::SeqCst);
        if leads {
            out.extend(["\u{1b}]8;;", &self.text, "\u{1b}\\"]);
        }
        match &self.style {
            Some(style) => drop(write!(out, "{}", style.apply_to(part))),
            None => *out += part,
        }
        if leads {
            *out += "\u{1b}]8;;\u{1b}\\";
        }
    }
}

/// How many columns a terminal gives to text that is harmless already.
fn columns(text: &str) -> usize {
    // Nearly all cells are plain ASCII, and tables can be long.
    if text.is_ascii() { text.len() } else { console::measure_text_width(text) }
}

/// A table whose columns line up by what a terminal shows, wide characters included. Cells are made harmless. When the
/// rows are wider than `width`, the columns named in `shrink` give way, and their cells go on in further lines, broken between
/// words; where even that doesn't do, each row becomes a list of its cells.
#[must_use]
pub fn table(head: &[&str], rows: &[Vec<Cell>], width: usize, shrink: &[usize]) -> String {
    let mut widths: Vec<usize> = head.iter().map(|h| columns(h)).collect();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            widths[column] = widths[column].max(columns(&cell.text));
        }
    }
    let gaps = 2 * (widths.len().saturating_sub(1));
    while widths.iter().sum::<usize>() + gaps > width {
        let Some(widest) = shrink.iter().copied().filter(|c| widths[*c] > LEAST).max_by_key(|c| widths[*c]) else {
            return stacked(head, rows, width);
        };
        widths[widest] -= 1;
    }
    let bold = Style::new().bold();
    let head: Vec<Cell> = head.iter().map(|h| Cell::styled(h, bold.clone())).collect();
    let mut out = String::new();
    for row in std::iter::once(&head).chain(rows) {
        // Where a line has room for all, nothing is broken.
        if row.iter().zip(&widths).all(|(cell, width)| columns(&cell.text) <= *width) {
            show_line(&mut out, row, &widths, |column| &row[column].text);
            continue;
        }
        let parts: Vec<Vec<Cow<'_, str>>> =
            row.iter().zip(&widths).map(|(cell, width)| broken(&cell.text, *width)).collect();
        for nth in 0..parts.iter().map(Vec::len).max().unwrap_or_default() {
            show_line(&mut out, row, &widths, |column| parts[column].get(nth).map_or("", |part| part));
        }
    }
    out
}

/// Adds a line with a part of each cell.
fn show_line<'p>(out: &mut String, row: &[Cell], widths: &[usize], part: impl Fn(usize) -> &'p str) {
    let begin = out.len();
    for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
        let part = part(column);
        cell.show(part, out);
        out.extend(std::iter::repeat_n(' ', width.saturating_sub(columns(part)) + 2));
    }
    out.truncate(begin + out[begin..].trim_end().len());
    out.push('\n');
}

/// Every row as a list of its cells, each with its column's name.
fn stacked(head: &[&str], rows: &[Vec<Cell>], width: usize) -> String {
    let names = head.iter().map(|h| columns(h)).max().unwrap_or_default();
    let one = |row: &Vec<Cell>| {
        let mut out = String::new();
        for (name, cell) in head.iter().zip(row).filter(|(_, cell)| !cell.text.is_empty()) {
            for (nth, part) in broken(&cell.text, width.saturating_sub(names + 2)).iter().enumerate() {
                let name = if nth == 0 { *name } else { "" };
                let fill = " ".repeat(names - columns(name));
                out += &format!("{}{fill}  ", Style::new().bold().apply_to(name));
                cell.show(part, &mut out);
                out.push('\n');
            }
        }
        out
    };
    rows.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// Lines of so many columns, broken between words; a word that is longer is cut.
fn broken(words: &str, width: usize) -> Vec<Cow<'_, str>> {
    if columns(words) <= width {
        return vec![words.into()];
    }
    // An address, mostly: one word, which is cut.
    if words.bytes().all(|b| b.is_ascii_graphic()) && width > 0 {
        return vec![format!("{}…", &words[..width - 1]).into()];
    }
    let lines = textwrap::wrap(words, breaking::options(width));
    let fitted = |line: &Cow<'_, str>| -> Vec<Cow<'_, str>> {
        match (columns(line) <= width, textwrap::core::display_width(line) <= width) {
            (true, _) => vec![line.clone().into_owned().into()],
            // Whoever broke the lines took each character for itself, and signs that are made of several for narrower.
            (false, true) => pieces(line, width),
            (false, false) => {
                let kept =
                    pieces(line, width.saturating_sub(1)).into_iter().next().filter(|kept| columns(kept) < width);
                vec![format!("{}…", kept.unwrap_or_default()).into()]
            }
        }
    };
    lines.iter().flat_map(fitted).collect()
}

/// A line in pieces of so many columns: no sign is taken apart, with its marks or what joins it to others.
fn pieces<'w>(line: &str, width: usize) -> Vec<Cow<'w, str>> {
    let mut out = vec![String::new()];
    for sign in line.graphemes(true) {
        if let Some(last) = out.last_mut() {
            match last.is_empty() || columns(&format!("{last}{sign}")) <= width {
                true => last.push_str(sign),
                false => out.push(sign.to_owned()),
            }
        }
    }
    out.into_iter().map(Cow::Owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(width: usize) -> String {
        let rows = [
            [
                "华为云计算技术有限公司",
                "huawei",
                "active",
                "2026-09-21",
                "https://huaweicloud.com/intl/karmada/support",
            ],
            ["Acme", "acme", "leaving on 2027-01-01", "2026-09-21", "https://acme.example"],
        ];
        let rows: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(Cell::plain).collect()).collect();
        table(&["NAME", "PARTNER", "STATE", "SINCE", "WEBSITE"], &rows, width, &[4, 0])
    }

    /// As terminals draw them: half a flag is another sign, and a tone mark has no place of its own.
    #[test]
    fn no_sign_is_taken_apart_where_room_is_short() {
        for (name, signs) in [
            ("Q🇰🇷🇩🇪🇫🇷🇰🇷🇩🇪🇫🇷🇰🇷🇩🇪🇫🇷🇰🇷🇩🇪🇫🇷", ["🇰🇷", "🇩🇪", "🇫🇷", "Q"].as_slice()),
            ("Q❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️", &["❤️", "Q"]),
            ("👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻", &["👩‍💻"]),
            ("กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่กี่", &["กี่"]),
        ] {
            for width in 2..40 {
                for line in broken(name, width) {
                    assert!(columns(&line) <= width, "{width}: {line}");
                    let left = signs.iter().fold(line.replace('…', ""), |left, sign| left.replace(sign, ""));
                    assert_eq!(left, "", "{width}: {line}");
                }
            }
        }
    }

    #[test]
    fn a_table_fits_any_width_from_40_on_and_breaks_no_word() {
        for width in 40..=200 {
            let shown = shown(width);
            for line in shown.lines() {
                assert!(columns(line) <= width, "{width}: {line}");
            }
            // What is no address stays whole.
            for word in ["2026-09-21", "2027-01-01", "leaving on", "huawei", "active", "SINCE"] {
                assert!(shown.contains(word), "{width}: {word}\n{shown}");
            }
        }
        assert_eq!(shown(200).lines().count(), 3);
    }

    /// Chinese has no spaces: it is broken between its characters, and nothing of it is cut off.
    #[test]
    fn chinese_goes_on_below_between_its_characters() {
        let rows = [vec![Cell::plain("acme"), Cell::plain("还差两张赞成票，并且赞成票要来自两个不同的单位")]];
        let shown = table(&["合作伙伴", "还缺"], &rows, 40, &[1]);
        assert!(!shown.contains('…') && shown.lines().all(|line| columns(line) <= 40), "{shown}");
        assert!(shown.replace(['\n', ' '], "").contains("还差两张赞成票，并且赞成票要来自两个不同的单位"), "{shown}");
    }

    #[test]
    fn words_that_are_too_many_go_on_below() {
        let rows = [vec![Cell::plain("acme"), Cell::plain("2 more in favor; votes from 2 affiliations")]];
        assert_eq!(
            table(&["PARTNER", "STILL MISSING"], &rows, 40, &[1]),
            "PARTNER  STILL MISSING\nacme     2 more in favor; votes from 2\n         affiliations\n"
        );
    }
}
