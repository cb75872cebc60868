//! Where the last row of a picture ends within a PNG's image data. What stands behind it, packed or not, no viewer shows.

use fdeflate::Decompressor;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use super::chunks;
use super::rules::Limits;

/// Image data with nothing but rows in it.
pub(super) struct Rows {
    pub data: Vec<u8>,
    /// How many bytes of the file stood behind them; at least one.
    pub behind: usize,
}

/// What image data holds.
pub(super) enum Found {
    Garbled,
    /// Every row, and behind them a checksum that isn't theirs.
    Unproved,
    /// Every row, and no checksum behind them.
    Unended,
    /// Fewer rows than the header announces.
    Short,
    /// These and nothing else.
    Whole,
    More(Rows),
}

/// The header of a PNG; empty where that doesn't begin with one.
pub(super) fn header(png: &[u8]) -> &[u8] {
    chunks::of(png).next().filter(|c| c.kind == *b"IHDR").map_or(&[], |c| c.data)
}

/// The header of a PNG, and its image data in one piece.
pub(super) fn of(png: &[u8]) -> (&[u8], Vec<u8>) {
    (header(png), chunks::of(png).filter(|c| c.kind == *b"IDAT").flat_map(|c| c.data).copied().collect())
}

/// The rows of sound image data.
pub(super) struct Unpacked {
    pub rows: Vec<u8>,
    /// Whether nothing stands behind them.
    pub alone: bool,
}

/// The rows of image data that holds as many as a header announces, and their checksum; nothing of any other, or of more bytes than
/// `most`. Faster than to look what else it holds.
pub(super) fn unpack(header: &[u8], data: &[u8], most: usize) -> Option<Unpacked> {
    let size = usize::try_from(size(header)?).ok().filter(|size| *size <= most)?;
    // With room for one byte more, it goes on to the checksum.
    let mut rows = vec![0; size + 1];
    let (before, _) = data.split_at_checked(data.len().checked_sub(1)?)?;
    let mut state = Decompressor::new();
    let (mut read, mut written) = (0, 0);
    // What ends before its last byte has something behind it.
    for input in [before, data] {
        while !state.is_done() {
            let (taken, made) = state.read(&input[read..], &mut rows, written, false).ok()?;
            (read, written) = (read + taken, written + made);
            if (taken, made) == (0, 0) {
                break;
            }
        }
        if state.is_done() {
            rows.truncate(size);
            return (written == size).then_some(Unpacked { rows, alone: input.len() == data.len() });
        }
        if read < input.len() {
            return None;
        }
    }
    None
}

/// Image data held to the rows that a header announces; `None` where that announces none.
pub(super) fn look(header: &[u8], data: &[u8]) -> Option<Found> {
    let size = size(header)?;
    let mut state = Decompress::new(true);
    let mut room = vec![0; 1 << 16];
    loop {
        let before = (state.total_in(), state.total_out());
        // One byte more than there may be, so that it shows.
        let most = usize::try_from(size + 1 - before.1).map_or(room.len(), |most| most.min(room.len()));
        let rest = data.get(usize::try_from(before.0).ok()?..)?;
        let Ok(status) = state.decompress(rest, &mut room[..most], FlushDecompress::None) else {
            // What is unpacked comes in pieces, and where a checksum is wrong the last ones don't.
            let is_proved_by_none = state.total_out() == size || unpacks_to_its_end(data, size);
            return Some(if is_proved_by_none { Found::Unproved } else { Found::Garbled });
        };
        let behind = data.len().checked_sub(usize::try_from(state.total_in()).ok()?)?;
        if state.total_out() > size {
            return Some(Found::More(Rows { data: packed_anew(data, size)?, behind: behind.max(1) }));
        }
        if status == Status::StreamEnd {
            return Some(match behind {
                _ if state.total_out() < size => Found::Short,
                0 => Found::Whole,
                _ => Found::More(Rows { data: data[..data.len() - behind].to_vec(), behind }),
            });
        }
        if (state.total_in(), state.total_out()) == before {
            return Some(if state.total_out() == size { Found::Unended } else { Found::Short });
        }
    }
}

/// Whether all rows come out of what is packed, and its end with them or behind them, whatever its checksum says.
fn unpacks_to_its_end(data: &[u8], size: u64) -> bool {
    // Behind zlib's own head.
    let Some(packed) = data.get(2..) else { return false };
    let mut state = Decompress::new(false);
    let mut room = vec![0; 1 << 16];
    while let Some(rest) = usize::try_from(state.total_in()).ok().and_then(|read| packed.get(read..)) {
        let before = (state.total_in(), state.total_out());
        match state.decompress(rest, &mut room, FlushDecompress::None) {
            Ok(Status::StreamEnd) => return state.total_out() >= size,
            // Far more than a picture's rows is no picture's.
            Ok(_) if (state.total_in(), state.total_out()) != before && state.total_out() <= size + (1 << 24) => {}
            _ => return false,
        }
    }
    false
}

/// So many bytes of what is packed, in a packing of their own.
fn packed_anew(data: &[u8], size: u64) -> Option<Vec<u8>> {
    let mut rows = Vec::with_capacity(usize::try_from(size).ok()?);
    let status = Decompress::new(true).decompress_vec(data, &mut rows, FlushDecompress::None);
    rows.truncate(usize::try_from(size).ok()?);
    status.ok().filter(|_| rows.len() as u64 == size)?;
    // What can't be packed grows by less than this.
    let mut packed = Vec::with_capacity(rows.len() + rows.len() / 100 + 1_024);
    let status = Compress::new(Compression::best(), true).compress_vec(&rows, &mut packed, FlushCompress::Finish);
    (status.ok()? == Status::StreamEnd).then_some(packed)
}

/// The first row whose filter PNG doesn't have, counted from 1 as the rows stand in the file; and which that is.
pub(super) fn odd_filter(header: &[u8], data: &[u8]) -> Option<(usize, u8)> {
    let mut rows = Vec::with_capacity(usize::try_from(size(header)?).ok()?);
    // What breaks off has rows before.
    let _ = Decompress::new(true).decompress_vec(data, &mut rows, FlushDecompress::None);
    let mut rest = &rows[..];
    let mut number = 0;
    for (length, count) in passes(header)? {
        for _ in 0..count {
            let (row, behind) = rest.split_at_checked(usize::try_from(length).ok()?)?;
            number += 1;
            if row[0] > 4 {
                return Some((number, row[0]));
            }
            rest = behind;
        }
    }
    None
}

/// How many bytes all rows have.
fn size(header: &[u8]) -> Option<u64> {
    Some(passes(header)?.into_iter().map(|(length, count)| length * count).sum())
}

/// How many bytes a row has in each pass, with the one that says how it is filtered; and how many rows.
fn passes(header: &[u8]) -> Option<Vec<(u64, u64)>> {
    let number = |at: usize| Some(u64::from(u32::from_be_bytes(*header.get(at..)?.first_chunk()?)));
    let (width, height) = (number(0)?, number(4)?);
    let [depth, color, _, _, interlaced] = header.get(8..)?.first_chunk::<5>()?;
    let channels = match color {
        0 | 3 => 1,
        4 => 2,
        2 => 3,
        6 => 4,
        _ => return None,
    };
    // Whatever is larger is refused before anybody asks.
    if width.checked_mul(height)? > u64::from(Limits::ANY.max_pixels) {
        return None;
    }
    let bits = channels * u64::from(*depth);
    let of = |(width, height): (u64, u64)| (1 + (width * bits).div_ceil(8), if width == 0 { 0 } else { height });
    Some(match interlaced {
        0 => vec![of((width, height))],
        // Where each of the seven passes begins, and how far its pixels are apart.
        _ => [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
            .map(|(x, y, across, down)| {
                (width.saturating_sub(x).div_ceil(across), height.saturating_sub(y).div_ceil(down))
            })
            .map(of)
            .to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands behind the rows doesn't hide that the checksum is wrong, nor the other way round.
    #[test]
    fn a_wrong_checksum_is_seen_behind_whatever_stands_there() {
        let header = [0, 0, 0, 40, 0, 0, 0, 30, 8, 2, 0, 0, 0];
        let rows = vec![0_u8; 30 * (1 + 40 * 3)];
        for more in [Vec::new(), b"Elm Street 5".to_vec(), vec![7; 40_000]] {
            let all = [&rows[..], &more].concat();
            let mut raw = Vec::with_capacity(all.len() + 1_024);
            Compress::new(Compression::none(), false).compress_vec(&all, &mut raw, FlushCompress::Finish).unwrap();
            let data = [&[0x78, 0x01][..], &raw, &[0, 0, 0, 1]].concat();
            let found = look(&header, &data);
            assert!(matches!(found, Some(Found::Unproved | Found::More(_))), "{}", more.len());
        }
        assert!(matches!(look(&header, &[0x78, 0x01, 0xff, 0xff]), Some(Found::Garbled)));
    }
}
