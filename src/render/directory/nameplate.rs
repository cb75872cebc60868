//! A name as a picture, where a logo would be.

use crate::render::escaped;

/// Of the picture, in pixels: as logos are shown.
pub const SIZE: (u32, u32) = (300, 200);

/// What the text may fill of it.
const ROOM: (u32, u32) = (264, 150);

const LARGEST: u32 = 44;

/// How far lines are apart, in hundredths of the size of their letters.
const LEADING: u32 = 120;

/// An SVG that shows a name as large as it fits, on up to three lines.
#[must_use]
pub fn svg(name: &str) -> String {
    let laid_out = |lines: Vec<String>| (size(&lines), lines);
    let (size, lines) = (1..=3)
        .map(|count| laid_out(broken(name, count)))
        // The fewest lines of those that are read as well.
        .max_by_key(|(size, lines)| (*size, std::cmp::Reverse(lines.len())))
        .unwrap_or_default();
    let (width, height) = SIZE;
    let apart = size * LEADING / 100;
    let count = u32::try_from(lines.len()).unwrap_or(1);
    // A third of a letter is above the middle of its line.
    let first = (height + size * 7 / 10).saturating_sub(apart * (count - count.min(1))) / 2;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\"><g fill=\"#17223b\" \
         font-family=\"system-ui,sans-serif\" font-weight=\"600\" font-size=\"{size}\" text-anchor=\"middle\">"
    );
    for (y, line) in (0..).map(|number| first + number * apart).zip(&lines) {
        out += &format!("<text x=\"{}\" y=\"{y}\">{}</text>", width / 2, escaped(line));
    }
    out + "</g></svg>\n"
}

/// In hundredths of the size of its letters, about: Chinese ones are as wide as they are high.
fn width(text: &str) -> u32 {
    text.chars().map(|c| if c < '\u{1100}' { 60 } else { 100 }).sum()
}

/// How large letters may be.
fn size(lines: &[String]) -> u32 {
    let widest = lines.iter().map(|line| width(line)).max().unwrap_or_default().max(1);
    let count = u32::try_from(lines.len()).unwrap_or(1).max(1);
    (ROOM.0 * 100 / widest).min(ROOM.1 * 100 / (count * LEADING)).min(LARGEST)
}

/// A name on at most so many lines of about the same width, broken between words; Chinese ones anywhere.
fn broken(name: &str, lines: u32) -> Vec<String> {
    let pieces: Vec<&str> = match name.contains(' ') || name.is_ascii() {
        true => name.split_inclusive(' ').collect(),
        false => name.char_indices().map(|(at, c)| &name[at..at + c.len_utf8()]).collect(),
    };
    let share = width(name).div_ceil(lines);
    let mut out: Vec<String> = vec![String::new()];
    for piece in pieces {
        let last = out.len() - 1;
        let goes_on = width(&out[last]) + width(piece.trim_end()) / 2 < share || out.len() >= lines as usize;
        match goes_on {
            true => out[last] += piece,
            false => out.push(piece.to_owned()),
        }
    }
    out.iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit() {
        for (name, lines) in [
            ("Acme", vec!["Acme"]),
            ("A & B", vec!["A & B"]),
            ("Shanghai DaoCloud Network Technology", vec!["Shanghai DaoCloud", "Network Technology"]),
            ("中国联合网络通信集团有限公司", vec!["中国联合网", "络通信集团", "有限公司"]),
        ] {
            let svg = svg(name);
            let shown: Vec<String> = svg
                .split("<text ")
                .skip(1)
                .map(|text| text.split_once('>').unwrap().1.split('<').next().unwrap().replace("&amp;", "&"))
                .collect();
            assert_eq!(shown, lines, "{svg}");
            assert!(size(&shown) >= 24, "{svg}");
        }
        assert_eq!(size(&broken(&"x".repeat(80), 3)), 5, "small, and whole");
        assert!(svg("").contains("</svg>"));
    }
}
