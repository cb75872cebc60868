//! The picture on the README's first screen: what a terminal shows while the first commands are run, drawn from a real run.
//! `SNAPSHOTS=overwrite cargo test --test suite recorded` draws it anew.

use std::fmt::Write as _;

use snapbox::{Data, assert_data_eq, file};

use crate::env::TestEnv;
use crate::terminal::{Piece, Terminal};

const COLUMNS: u16 = 100;
/// In pixels: a character of the font that is drawn, and a line.
const CELL: (f32, f32) = (8.4, 19.0);
const MARGIN: f32 = 18.0;
/// Where the dots of a window's frame stand.
const FRAME: f32 = 34.0;

/// A color of a terminal's as an SVG names it, readable on a dark ground.
fn color(piece: &Piece) -> &'static str {
    match piece.color {
        Some(1) => "#ff7b72",
        Some(2) => "#7ee787",
        Some(3) => "#f2cc60",
        Some(4) => "#79c0ff",
        Some(5) => "#d2a8ff",
        Some(6) => "#76e3ea",
        _ if piece.dim => "#8b949e",
        _ => "#e6edf3",
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What stands in a piece between wide gaps, each with its column: a font of other widths leaves the columns where they are.
fn parts(piece: &Piece) -> Vec<(f32, &str)> {
    let characters = |text: &str| f32::from(u16::try_from(text.chars().count()).unwrap());
    let mut column = f32::from(piece.column);
    let mut parts = Vec::new();
    for part in piece.text.split("  ") {
        let text = part.trim();
        if !text.is_empty() {
            parts.push((column + characters(part) - characters(part.trim_start()), text));
        }
        column += characters(part) + 2.0;
    }
    parts
}

fn line(y: f32, pieces: &[Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        let bold = if piece.bold { " font-weight=\"bold\"" } else { "" };
        for (column, text) in parts(piece) {
            let (x, text, color) = (MARGIN + column * CELL.0, escaped(text), color(piece));
            let _ = writeln!(out, r#"<text x="{x:.1}" y="{y:.1}" fill="{color}"{bold}>{text}</text>"#);
        }
    }
    out
}

fn picture(lines: &[Vec<Piece>]) -> String {
    let width = MARGIN.mul_add(2.0, f32::from(COLUMNS) * CELL.0).ceil();
    let height = FRAME + f32::from(u16::try_from(lines.len()).unwrap()) * CELL.1 + MARGIN;
    let mut y = FRAME;
    let mut drawn = String::new();
    for pieces in lines {
        y += CELL.1;
        drawn += &line(y, pieces);
    }
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
<title>The first commands in a terminal: an organization applies and is approved, and the history is audited</title>
<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>
<g fill="#30363d"><circle cx="20" cy="18" r="6"/><circle cx="40" cy="18" r="6"/><circle cx="60" cy="18" r="6"/></g>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">
{drawn}</g>
</svg>
"##
    )
}

/// What is typed after the prompt, as a line of its own.
fn typed(words: &str) -> Vec<Piece> {
    let piece = |column, text: &str, dim: bool| Piece { column, text: text.to_owned(), color: None, bold: !dim, dim };
    vec![piece(0, "$", true), piece(2, words, false)]
}

#[test]
fn the_first_screen_shows_what_the_first_commands_do() {
    let env = TestEnv::new();
    for file in ["globex.toml", "globex.png"] {
        std::fs::copy(format!("templates/example/{file}"), env.path(file)).unwrap();
    }
    let mut lines = Vec::new();
    for words in ["apply --from globex.toml --yes", "approve globex --yes", "list", "audit"] {
        if !lines.is_empty() {
            lines.push(Vec::new());
        }
        lines.push(typed(&format!("karmada-partner {words}")));
        let args: Vec<&str> = words.split(' ').collect();
        let mut terminal = Terminal::sized(&env.command(&args), 30, COLUMNS);
        assert_eq!(terminal.ends(), 0, "{}", terminal.text());
        let home = env.path("home").display().to_string();
        for mut pieces in terminal.pieces() {
            for piece in &mut pieces {
                piece.text = piece.text.replace(&home, "~");
            }
            lines.push(pieces);
        }
    }
    let drawn = picture(&lines);
    for words in ["Globex is approved", "every step is explained", "~/.local/share"] {
        assert!(drawn.contains(words), "{words}:\n{drawn}");
    }
    assert_data_eq!(Data::text(drawn), file!["../../docs/first-commands.svg"]);
}
