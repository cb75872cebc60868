//! What is wrong with a damaged PNG, in words: the decoder's own are those of whoever writes decoders.

use super::{chunks, image_data};

/// What stands behind the image could be anything; nothing may. And every chunk's checksum must be right: decoders skip
/// those of chunks they don't use.
pub(super) fn of_chunks(bytes: &[u8]) -> Option<String> {
    let mut chunks = chunks::of(bytes);
    for chunk in chunks.by_ref() {
        if !chunk.has_right_checksum() {
            return Some(tr!("the checksum of its chunk {name} is wrong", name = chunk.name()));
        }
    }
    match (chunks.ended, chunks.rest.len()) {
        (false, _) => Some(tr!("it is cut off").into()),
        (true, 0) => None,
        (true, behind) => Some(tr!("{behind} bytes stand behind its end", behind)),
    }
}

/// Why it can't be decoded.
pub(super) fn told(bytes: &[u8], error: &png::DecodingError) -> String {
    if let Some(why) = of_chunks(bytes) {
        return why;
    }
    if matches!(error, png::DecodingError::LimitsExceeded) {
        return tr!("it is too large").into();
    }
    let (header, data) = image_data::of(bytes);
    if let Some([depth, color, packing, filter, lacing, ..]) = header.get(8..) {
        let pairs = matches!((color, depth), (0, 1 | 2 | 4 | 8 | 16) | (3, 1 | 2 | 4 | 8) | (2 | 4 | 6, 8 | 16));
        if !pairs || *packing != 0 || *filter != 0 || *lacing > 1 {
            return tr!("its header asks for a kind of picture that PNG doesn't have").into();
        }
        if *color == 3 && !chunks::of(bytes).any(|c| c.kind == *b"PLTE") {
            return tr!("it lacks its palette").into();
        }
    }
    match image_data::look(header, &data) {
        Some(image_data::Found::Garbled) => tr!("its image data can't be unpacked").into(),
        Some(image_data::Found::Short) => tr!("its last rows are missing").into(),
        _ => tr!("its chunks aren't as PNG has them").into(),
    }
}
