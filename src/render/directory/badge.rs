//! What a partner shows elsewhere of its being one.

use crate::domain::Date;

/// A partner's badge, to be shown elsewhere.
pub(super) fn badge(has_left: bool, since: Option<Date>) -> String {
    let words = match since {
        _ if has_left => "former partner".to_owned(),
        Some(since) => format!("partner since {}", &since.to_string()[..4]),
        None => "partner".to_owned(),
    };
    let label = "Karmada commercial support";
    // Wide enough for any font: what is narrower is stretched.
    let (left, right) = (196, 16 + 7 * words.len());
    let (middle, width) = (left + right / 2, left + right);
    let (label_length, words_length) = (156, right - 16);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"24\" role=\"img\" aria-label=\"{label}: {words}\">\
         <title>{label}: {words}</title>\
         <clipPath id=\"r\"><rect width=\"{width}\" height=\"24\" rx=\"4\"/></clipPath>\
         <g clip-path=\"url(#r)\"><path fill=\"#17223b\" d=\"M0 0h{left}v24H0z\"/><path fill=\"#0476b6\" d=\"M{left} 0h{right}v24H{left}z\"/></g>\
         <g fill=\"#fff\"><path d=\"M14 5v11H6.500z\"/><path d=\"M16 8v8h5z\" opacity=\".75\"/><path d=\"M6 17.500h16l-2 2.500H8z\"/></g>\
         <g fill=\"#fff\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\">\
         <text x=\"30\" y=\"16\" textLength=\"{label_length}\">{label}</text>\
         <text x=\"{middle}\" y=\"16\" text-anchor=\"middle\" textLength=\"{words_length}\">{words}</text></g></svg>\n"
    )
}
