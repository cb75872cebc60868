//! Charts as SVG: for a page or a report, in light and in dark, readable aloud.

use crate::domain::{Date, text};
use crate::render::escaped;

const WIDTH: usize = 720;
const HEIGHT: usize = 260;
const LEFT: usize = 44;
const TOP: usize = 44;
const BOTTOM: usize = 36;

/// Partners at the end of each month, as bars.
#[must_use]
pub fn partners(program: &str, months: &[(Date, usize)]) -> String {
    let program = escaped(&text::visible(program));
    let most = months.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let told = match (months.first(), months.last()) {
        (Some((first, begin)), Some((last, end))) => format!(
            "Partners at the end of each month: {begin} in {}, {end} in {}, at most {most}.",
            first.month(),
            last.month()
        ),
        _ => "There are no partners yet.".to_owned(),
    };
    let (width, height) = (WIDTH - LEFT - 12, HEIGHT - TOP - BOTTOM);
    let mut bars = String::new();
    for (index, (month, count)) in months.iter().enumerate() {
        // In hundredths, so that nothing depends on how floats are printed.
        let left = LEFT * 100 + index * width * 100 / months.len();
        let wide = (width * 100 / months.len() * 4 / 5).clamp(20, 4_000);
        let tall = count * height * 100 / most;
        let top = (TOP + height) * 100 - tall;
        bars += &format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>{}: {count}</title></rect>\n",
            hundredths(left),
            hundredths(top),
            hundredths(wide),
            hundredths(tall),
            month.month()
        );
    }
    let mut labels = String::new();
    for (at, value) in [(TOP + height, 0), (TOP, most)] {
        labels += &format!("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{value}</text>\n", LEFT - 8, at + 4);
        labels += &format!("<path d=\"M{LEFT} {at}H{}\"/>\n", WIDTH - 12);
    }
    if let (Some((first, _)), Some((last, _))) = (months.first(), months.last()) {
        let y = HEIGHT - 14;
        labels += &format!("<text x=\"{LEFT}\" y=\"{y}\">{}</text>\n", first.month());
        if first != last {
            labels += &format!("<text x=\"{}\" y=\"{y}\" text-anchor=\"end\">{}</text>\n", WIDTH - 12, last.month());
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"t d\">\n\
         <title id=\"t\">{program}: partners over time</title>\n<desc id=\"d\">{told}</desc>\n\
         <style>text{{font:12px system-ui,sans-serif;fill:#57606a}}.h{{font-size:15px;font-weight:600;fill:#24292f}}\
         rect{{fill:#2a5cdb}}path{{stroke:#d0d7de;fill:none}}@media(prefers-color-scheme:dark){{text{{fill:#9da7b3}}\
         .h{{fill:#e6edf3}}rect{{fill:#7aa2ff}}path{{stroke:#3d444d}}}}</style>\n\
         <text class=\"h\" x=\"12\" y=\"24\">{program}: partners over time</text>\n{labels}{bars}</svg>\n"
    )
}

fn hundredths(n: usize) -> String {
    format!("{}.{:02}", n / 100, n % 100)
}
