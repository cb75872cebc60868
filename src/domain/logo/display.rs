//! What a PNG says of how its pixels are to be shown: in which colors, how large, which way up.

use super::chunks::{self, Chunk};
use super::exif;
use super::orientation::Orientation;
use super::profile;

/// Which colors the numbers mean, by a chunk as long as it can be.
fn is_color(chunk: &Chunk<'_>) -> bool {
    let length = chunk.data.len();
    match &chunk.kind {
        b"iCCP" => chunk.data.iter().position(|byte| *byte == 0).is_some_and(|name| (1..80).contains(&name)),
        b"sRGB" => length == 1,
        b"gAMA" | b"cICP" => length == 4,
        b"cHRM" => length == 32,
        b"mDCV" => length == 24,
        b"cLLI" => length == 8,
        _ => false,
    }
}

/// Whether a chunk says how pixels are shown, and is as long as such a chunk can be.
pub(super) fn is_about_display(chunk: &Chunk<'_>) -> bool {
    let length = chunk.data.len();
    match &chunk.kind {
        b"sBIT" => (1..=4).contains(&length),
        b"bKGD" => matches!(length, 1 | 2 | 6),
        b"pHYs" => length == 9,
        _ => is_color(chunk),
    }
}

/// The chunks that say which colors the numbers mean. The first of a kind counts, and it stands before the pixels.
pub(super) fn colors(png: &[u8]) -> Vec<Chunk<'_>> {
    let mut found: Vec<Chunk<'_>> = Vec::new();
    for chunk in chunks::of(png).take_while(|c| c.kind != *b"IDAT").filter(is_color) {
        if !found.iter().any(|known| known.kind == chunk.kind) {
            found.push(chunk);
        }
    }
    // No viewer looks for another where the first is none.
    found.retain(|chunk| chunk.kind != *b"iCCP" || profile::is_whole(chunk.data));
    found
}

/// How the picture is turned before it is shown, if it is. Browsers read no EXIF behind the pixels.
pub(super) fn orientation(png: &[u8]) -> Option<Orientation> {
    chunks::of(png)
        .take_while(|c| c.kind != *b"IDAT")
        .find(|c| c.kind == *b"eXIf")
        .and_then(|c| exif::orientation(c.data))
}
