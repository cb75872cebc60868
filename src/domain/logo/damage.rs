//! What is wrong with a damaged PNG, in words: the decoder's own are those of whoever writes decoders.

use super::unpacked::Fed;
use super::{chunks, image_data};

/// What stands behind the image could be anything; nothing may. And every chunk's checksum must be right: decoders skip
/// those of chunks they don't use.
pub(super) fn of_chunks(bytes: &[u8]) -> Option<String> {
    let mut chunks = chunks::of(bytes);
    for chunk in chunks.by_ref() {
        // Viewers that can do without it refuse the file nevertheless.
        if !chunk.kind.iter().all(u8::is_ascii_alphabetic) {
            return Some(tr!("its chunk {name} has a name that no chunk of a PNG has", name = chunk.name()));
        }
        if !chunk.has_right_checksum() {
            return Some(tr!("the checksum of its chunk {name} is wrong", name = chunk.name()));
        }
    }
    match (chunks.ended, chunks.rest.len()) {
        (false, _) => Some(tr!("it is cut off").into()),
        (true, 0) => None,
        (true, behind) => Some(tr!("one byte stands behind its end" | "{n} bytes stand behind its end" % behind)),
    }
}

/// How many bytes stand behind the end of a file in which nothing else is wrong.
pub(super) fn behind_the_end(bytes: &[u8]) -> Option<usize> {
    let mut chunks = chunks::of(bytes);
    chunks.by_ref().for_each(drop);
    let (ended, behind) = (chunks.ended, chunks.rest.len());
    (ended && behind > 0 && of_chunks(&bytes[..bytes.len() - behind]).is_none()).then_some(behind)
}

/// What is wrong with the pixels of a file that can be decoded nevertheless: decoders are kind, and show what one of them guesses.
pub(super) fn of_pixels(bytes: &[u8], fed: &Fed<'_>) -> Option<String> {
    if fed.sound.is_none() {
        let (header, data) = image_data::of(bytes);
        if image_data::unpack(header, &data, usize::MAX).is_none()
            && let Some(why) = of_checksum(image_data::look(header, &data).as_ref())
        {
            return Some(why);
        }
    }
    let header = image_data::header(bytes);
    let colors = chunks::of(bytes).find(|c| c.kind == *b"PLTE").map(|palette| palette.data.len() / 3);
    let (&depth, colors) = header.get(8).zip(colors.filter(|_| header.get(9) == Some(&3)))?;
    // Where the palette has every color that can be asked for, none is beyond it.
    let highest = (colors >> depth == 0).then(|| highest_color(fed, depth)).flatten()?;
    (usize::from(highest) >= colors)
        .then(|| tr!("a pixel has color {number} of a palette of {colors}", number = usize::from(highest) + 1, colors))
}

fn of_checksum(found: Option<&image_data::Found>) -> Option<String> {
    match found {
        Some(image_data::Found::Unended) => Some(tr!("its image data ends without a checksum").into()),
        Some(image_data::Found::Unproved) => Some(tr!("the checksum of its image data is wrong").into()),
        _ => None,
    }
}

/// The highest number of a color that a pixel has.
fn highest_color(fed: &Fed<'_>, depth: u8) -> Option<u8> {
    let mut decoder = fed.decoder();
    decoder.set_transformations(png::Transformations::IDENTITY);
    let mut reader = decoder.read_info().ok()?;
    let mut rows = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut rows).ok()?;
    let of_row = |row: &[u8]| {
        let number = |at: usize| {
            let bit = at * usize::from(depth);
            row[bit / 8] >> (8 - usize::from(depth) - bit % 8) & (u8::MAX >> (8 - depth))
        };
        (0..frame.width as usize).map(number).max()
    };
    rows.chunks_exact(frame.line_size).filter_map(of_row).max()
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
    if let Some(why) = of_order(bytes) {
        return why;
    }
    if let Some((row, filter)) = image_data::odd_filter(header, &data) {
        return tr!("row {row} of its image data is filtered by {filter}, which PNG doesn't have", row, filter);
    }
    match image_data::look(header, &data) {
        Some(image_data::Found::Garbled) => tr!("its image data can't be unpacked").into(),
        Some(image_data::Found::Short) => tr!("its last rows are missing").into(),
        found => of_checksum(found.as_ref()).unwrap_or_else(|| tr!("its chunks aren't as PNG has them").into()),
    }
}

/// What is wrong with the chunks that make the picture: which they are, how often they stand there, where, and how long they are.
fn of_order(bytes: &[u8]) -> Option<String> {
    let all: Vec<chunks::Chunk<'_>> = chunks::of(bytes).collect();
    let of =
        |kind: &[u8; 4]| all.iter().enumerate().filter(|(_, c)| c.kind == *kind).map(|(at, _)| at).collect::<Vec<_>>();
    let (palettes, data) = (of(b"PLTE"), of(b"IDAT"));
    for chunk in all.iter().filter(|c| !c.is_ancillary()) {
        let fits = match &chunk.kind {
            b"IHDR" => chunk.data.len() == 13,
            b"IEND" => chunk.data.is_empty(),
            b"PLTE" => (1..=768).contains(&chunk.data.len()),
            b"IDAT" => true,
            _ => return Some(tr!("its chunk {name} is none that PNG has", name = chunk.name())),
        };
        if !fits {
            return Some(tr!("its chunk {name} is too long or too short", name = chunk.name()));
        }
    }
    for (name, found) in [("IHDR", of(b"IHDR")), ("PLTE", palettes.clone())] {
        if found.len() > 1 {
            return Some(tr!("its chunk {name} stands there twice", name));
        }
    }
    let (Some(first), Some(last)) = (data.first(), data.last()) else {
        return Some(tr!("it has no image data").into());
    };
    if last - first >= data.len() {
        return Some(tr!("another chunk stands within its image data").into());
    }
    palettes.iter().any(|at| at > first).then(|| tr!("its palette stands behind its image data").into())
}
