//! A PNG as the decoder is given it: with its rows unpacked, so that nothing is unpacked twice to see whether its checksum holds.

use std::borrow::Cow;
use std::io::Cursor;

use super::chunks::{self, Chunk, SIGNATURE};
use super::image_data::{self, Unpacked};
use crate::domain::limits;

/// What stands for the same picture.
pub(super) struct Fed<'p> {
    png: Cow<'p, [u8]>,
    /// Where every checksum is right and the rows are as many as announced: whether nothing stands behind them.
    pub sound: Option<bool>,
}

impl<'p> Fed<'p> {
    /// What isn't sound, or is larger than usual logos are, is given as it is, for the decoder to judge.
    pub fn of(png: &'p [u8]) -> Self {
        match unpacked(png) {
            Some((png, alone)) => Self { png: Cow::Owned(png), sound: Some(alone) },
            None => Self { png: Cow::Borrowed(png), sound: None },
        }
    }

    pub fn decoder(&self) -> png::Decoder<Cursor<&[u8]>> {
        let mut options = png::DecodeOptions::default();
        options.set_ignore_crc(self.sound.is_some());
        png::Decoder::new_with_options(Cursor::new(&self.png), options)
    }
}

/// The most that a block that isn't packed holds, in bytes.
const BLOCK: usize = 0xffff;

/// The same PNG, not packed, without checksums; and whether there was nothing behind its rows.
fn unpacked(png: &[u8]) -> Option<(Vec<u8>, bool)> {
    let all: Vec<Chunk<'_>> = chunks::of(png).collect();
    let is_data = |chunk: &Chunk<'_>| chunk.kind == *b"IDAT";
    let first = all.iter().position(is_data)?;
    let count = all[first..].iter().take_while(|chunk| is_data(chunk)).count();
    let (before, after) = (&all[..first], &all[first + count..]);
    if after.iter().any(is_data) || !all.iter().all(Chunk::has_right_checksum) {
        return None;
    }
    let (header, data) = image_data::of(png);
    // Where they are larger, holding them twice would cost more than it spares.
    let Unpacked { rows, alone } = image_data::unpack(header, &data, limits::LOGO_ROOM)?;
    let blocks = rows.len().div_ceil(BLOCK);
    // The format's own two bytes in front, five before each block, and four that nobody reads at the end.
    let length = 2 + 5 * blocks + rows.len() + 4;
    let mut out = Vec::with_capacity(png.len() + length);
    out.extend(SIGNATURE);
    out.extend(before.iter().flat_map(|chunk| chunk.whole));
    out.extend(u32::try_from(length).ok()?.to_be_bytes());
    out.extend(b"IDAT\x78\x01");
    for (number, block) in (1..).zip(rows.chunks(BLOCK)) {
        let length = u16::try_from(block.len()).ok()?;
        out.push((number == blocks).into());
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    out.extend([0; 8]);
    out.extend(after.iter().flat_map(|chunk| chunk.whole));
    Some((out, alone))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture, and its image data in pieces of its own.
    fn picture(data: &[&[u8]], between: Option<[u8; 4]>) -> Vec<u8> {
        let mut png = SIGNATURE.to_vec();
        chunks::write(&mut png, *b"IHDR", &[0, 0, 0, 3, 0, 0, 0, 2, 8, 6, 0, 0, 0]);
        for (number, part) in data.iter().enumerate() {
            if let Some(kind) = between.filter(|_| number > 0) {
                chunks::write(&mut png, kind, b"");
            }
            chunks::write(&mut png, *b"IDAT", part);
        }
        chunks::write(&mut png, *b"IEND", b"");
        png
    }

    fn pixels(fed: &Fed<'_>) -> Vec<u8> {
        let mut reader = fed.decoder().read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        reader.finish().unwrap();
        pixels
    }

    #[test]
    fn what_is_sound_is_unpacked_and_says_the_same() {
        let rows: Vec<u8> =
            (0..2).flat_map(|row| [0].into_iter().chain((0..12).map(move |at| 17 * row + at))).collect();
        let data = fdeflate::compress_to_vec(&rows);
        let shown: Vec<u8> = rows.chunks(13).flat_map(|row| &row[1..]).copied().collect();
        let (one, other) = data.split_at(7);
        for parts in [&[&data[..]][..], &[one, other], &[one, other, b""]] {
            let png = picture(parts, None);
            let fed = Fed::of(&png);
            assert_eq!((fed.sound, pixels(&fed)), (Some(true), shown.clone()));
        }
        for behind in 1..20 {
            let more = [&data[..], &vec![0; behind]].concat();
            let png = picture(&[&more], None);
            let fed = Fed::of(&png);
            assert_eq!((fed.sound, pixels(&fed)), (Some(false), shown.clone()), "{behind} bytes behind");
        }
        // Everything else is for the decoder to judge.
        let mut wrong = data.clone();
        *wrong.last_mut().unwrap() ^= 1;
        let long = fdeflate::compress_to_vec(&[&rows[..], &[0]].concat());
        let mut damaged = picture(&[&data], None);
        let at = damaged.len() - 14;
        damaged[at] ^= 1;
        for png in [
            picture(&[&wrong], None),
            picture(&[&data[..data.len() - 4]], None),
            picture(&[&fdeflate::compress_to_vec(&rows[1..])], None),
            picture(&[&long], None),
            picture(&[one, other], Some(*b"teXt")),
            picture(&[b""], None),
            damaged,
        ] {
            assert_eq!(Fed::of(&png).sound, None);
        }
    }
}
