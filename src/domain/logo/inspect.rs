//! A logo judged: decoded within bounds, measured, and remarked upon.

use super::damage;
use super::file_kind;
use super::finding::in_words;
use super::hidden;
use super::metadata;
use super::outline::header;
use super::pixels::{self, Image, find_ink};
use super::rules::{Limits, Measures, Unfit, damaged, unfit};

/// Judges a logo: its measures and remarks, or why it can't be one. Reads the header first and decodes only what is
/// within the limits, so that a small file can't ask for much memory.
///
/// # Errors
/// When it isn't a whole PNG, is outside the limits, or shows nothing.
pub fn inspect(bytes: &[u8], limits: &Limits) -> Result<(Measures, Vec<String>), Unfit> {
    let Some((width, height)) = header(bytes) else { return Err(file_kind::another(bytes)) };
    if bytes.len() > limits.max_bytes as usize {
        return Err(unfit(
            tr!("it has {bytes} bytes, more than {max_bytes}", bytes = bytes.len(), max_bytes = limits.max_bytes),
            tr!("make it smaller or compress it, for example with oxipng or pngquant"),
        ));
    }
    let size = tr!("it is {width}×{height} pixels", width, height);
    let (short, long) = (width.min(height), width.max(height));
    if long > limits.max_side {
        return Err(unfit(
            tr!("{size}, and no side may be over {max_side}", size, max_side = limits.max_side),
            tr!("scale it down; 500 to 1,000 pixels look good"),
        ));
    }
    if short < limits.min_side {
        return Err(unfit(
            tr!("{size}, and no side may be under {min_side}", size, min_side = limits.min_side),
            tr!("export it larger; 500 to 1,000 pixels look good"),
        ));
    }
    let pixels = u64::from(width) * u64::from(height);
    if pixels > u64::from(limits.max_pixels) {
        return Err(unfit(
            tr!("{size}, and may have {max_pixels} in all", size, max_pixels = limits.max_pixels),
            tr!("scale it down; 500 to 1,000 pixels look good"),
        ));
    }
    let times = |side: u32, by: u32| u64::from(side) * u64::from(by);
    if u64::from(height) > times(width, limits.max_tall_ratio) || u64::from(width) > times(height, limits.max_ratio) {
        let why = tr!(
            "{size}, outside 1:{max_tall_ratio} to {max_ratio}:1",
            size,
            max_tall_ratio = limits.max_tall_ratio,
            max_ratio = limits.max_ratio
        );
        return Err(unfit(why, tr!("trim or pad it")));
    }
    let image = pixels::decode(bytes)?;
    if let Some(behind) = damage::behind_the_end(bytes) {
        let why = tr!("the picture is whole, and one byte stands behind its end"
            | "the picture is whole, and {n} bytes stand behind its end" % behind);
        return Err(damaged(why, tr!("save it again with an image editor, which leaves them out")));
    }
    if let Some(why) = damage::of_chunks(bytes) {
        return Err(damaged(tr!("the PNG is damaged: {why}", why), tr!("export it again")));
    }
    let ink = find_ink(&image)?;
    let ink_pixels = u64::from(ink.width) * u64::from(ink.height);
    let ink_percent = u32::try_from((ink_pixels * 100 + pixels / 2) / pixels).unwrap_or(100);
    let Seen { transparent, pale } = look_at(&image);
    let measures = Measures { width, height, bytes: bytes.len(), ink_percent, transparent };
    let mut remarks = remarks(&measures, limits);
    if pale {
        remarks.push(
            tr!("nearly all of its ink is nearly white: it can't be seen on a white card; use the dark variant").into(),
        );
    }
    if transparent && let Some(pixels) = hidden::count(&image) {
        remarks.push(tr!(
            "one wholly transparent pixel still holds its color, which everybody can bring back: oxipng --alpha empties it"
            | "{n} wholly transparent pixels still hold a picture, which everybody can bring back: oxipng --alpha empties them" % pixels
        ));
    }
    if let Some(stripped) = metadata::strip_of(bytes, image.alone) {
        let held = in_words(&stripped.found);
        remarks.push(tr!("its file holds more than the picture, for everybody to read: {held}", held));
    }
    Ok((measures, remarks))
}

fn remarks(m: &Measures, limits: &Limits) -> Vec<String> {
    let mut out = Vec::new();
    let (short, long) = (m.width.min(m.height), m.width.max(m.height));
    if long > limits.warn_max_side {
        out.push(tr!(
            "a side is over {warn_max_side} pixels: larger than any page shows",
            warn_max_side = limits.warn_max_side
        ));
    }
    if short < limits.warn_min_side {
        out.push(tr!(
            "a side is under {warn_min_side} pixels: it may look blurred",
            warn_min_side = limits.warn_min_side
        ));
    }
    if u64::from(m.width) * 2 > u64::from(m.height) * 7 {
        out.push(tr!("it is wider than 3.5:1: it will look small on a card").into());
    }
    if !m.transparent {
        out.push(tr!("it has no transparency: it will show as a box in dark mode").into());
    }
    if m.ink_percent < limits.min_ink_percent {
        out.push(tr!(
            "its ink takes only {ink_percent} % of the canvas: trim the empty margin",
            ink_percent = m.ink_percent
        ));
    }
    out
}

/// What is seen of a logo once it is decoded.
struct Seen {
    /// Whether any pixel is.
    transparent: bool,
    /// Whether it shows on dark grounds only.
    pale: bool,
}

/// From this value on a channel is nearly white.
const NEARLY_WHITE: u8 = 235;

fn look_at(image: &Image) -> Seen {
    let mut transparent = false;
    let (mut inked, mut white) = (0, 0);
    for ([red, green, blue, alpha], pixels) in image.runs() {
        transparent |= alpha < u8::MAX;
        if pixels::is_ink(alpha) {
            inked += pixels;
            white += if red.min(green).min(blue) >= NEARLY_WHITE { pixels } else { 0 };
        }
    }
    // One in twenty may be an edge or a speck.
    Seen { transparent, pale: transparent && inked > 0 && white * 20 >= inked * 19 }
}
