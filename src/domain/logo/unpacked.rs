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
    before.iter().for_each(|chunk| out.extend(chunk.whole));
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
    after.iter().for_each(|chunk| out.extend(chunk.whole));
    Some((out, alone))
}
