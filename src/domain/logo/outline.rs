//! A logo in a few words, by what its header claims.

use super::display;
use super::finding::size_in_words;
use super::image_data;

/// The width and height that a PNG's header claims, as they are shown.
pub(super) fn header(bytes: &[u8]) -> Option<(u32, u32)> {
    let first = image_data::header(bytes);
    let number = |at: usize| Some(u32::from_be_bytes(*first.get(at..)?.first_chunk()?));
    let stored = (number(0)?, number(4)?);
    Some(display::orientation(bytes).map_or(stored, |orientation| orientation.shown(stored)))
}

/// A logo in a few words: `300×120 px, 12 kB`, by what its header claims.
#[must_use]
pub(crate) fn in_short(bytes: &[u8]) -> String {
    let size = size_in_words(bytes.len());
    match header(bytes) {
        Some((width, height)) => format!("{width}×{height} px, {size}"),
        None => tr!("no PNG, {size}", size),
    }
}

/// Two logos that differ, each in a few words.
#[must_use]
pub(crate) fn differing(old: &[u8], new: &[u8]) -> (String, String) {
    let (old, new) = (in_short(old), in_short(new));
    let alike = old == new;
    (old, if alike { tr!("another picture, {new}", new) } else { new })
}
