//! Logos as pixels: decoded within bounds, searched for ink, encoded.

use std::hint::black_box;
use std::sync::Once;

use super::chunks::{self, Chunk};
use super::outline::header;
use super::rules::{Limits, Unfit, damaged, unfit};
use super::unpacked::Fed;
use super::{damage, display, file_kind, metadata};
use crate::domain::limits;

/// Up to this alpha, a pixel is shadow or dust.
const FAINT: u8 = 8;

/// More than the pixels of any logo take, with what is needed to decode them. In bytes.
const DECODER: usize = 8 * Limits::ANY.max_pixels as usize;

/// Has the memory of one logo kept for the next one. glibc's allocator gives back to the system what exceeds twice the largest piece
/// ever freed, and getting it anew costs as much as unpacking.
fn keep_room() {
    static KEPT: Once = Once::new();
    KEPT.call_once(|| drop(black_box(Vec::<u8>::with_capacity(limits::LOGO_ROOM))));
}

/// Whether a pixel of this alpha is more than a shadow, or dust.
pub(super) const fn is_ink(alpha: u8) -> bool {
    alpha > FAINT
}

/// An image as it is shown, four bytes a pixel: red, green, blue, alpha.
pub(super) struct Image {
    pub width: u32,
    pixels: Vec<u8>,
    /// Whether it is stored in shades of gray.
    pub gray: bool,
    /// Whether its file is known to hold nothing behind its rows.
    pub alone: bool,
}

impl Image {
    /// Its rows, from the top.
    pub fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.pixels.chunks_exact(self.width.max(1) as usize * 4)
    }

    /// Its pixels in the order of its rows, those that are alike at once: how many of them there are.
    pub fn runs(&self) -> impl Iterator<Item = ([u8; 4], usize)> {
        self.pixels.as_chunks().0.chunk_by(|one, next| one == next).map(|run| (run[0], run.len()))
    }
}

/// Decodes within bounds, checksums included, and turns it as it says it is to be shown.
pub(super) fn decode(bytes: &[u8]) -> Result<Image, Unfit> {
    keep_room();
    if header(bytes).is_none() {
        return Err(file_kind::another(bytes));
    }
    let broken = |why: &str| damaged(tr!("the PNG is damaged: {why}", why), tr!("export it again"));
    let undecoded = |e: png::DecodingError| broken(&damage::told(bytes, &e));
    // The decoder panics on it (image-png's issue 694).
    if chunks::of(bytes).any(|c| c.kind == *b"PLTE" && c.data.len() % 3 != 0) {
        return Err(broken(tr!("its palette isn't of whole colors")));
    }
    let seen = metadata::as_viewers_see(bytes);
    let fed = Fed::of(&seen);
    let mut decoder = fed.decoder();
    decoder.set_transformations(
        png::Transformations::EXPAND | png::Transformations::STRIP_16 | png::Transformations::ALPHA,
    );
    decoder.set_limits(png::Limits { bytes: DECODER });
    decoder.set_ignore_text_chunk(true);
    let mut reader = decoder.read_info().map_err(undecoded)?;
    let (width, height) = reader.info().size();
    if u64::from(width) * u64::from(height) > u64::from(Limits::ANY.max_pixels) {
        return Err(unfit(
            tr!(
                "it is {width}×{height} pixels, and may have {max_pixels} in all",
                width,
                height,
                max_pixels = Limits::ANY.max_pixels
            ),
            tr!("scale it down"),
        ));
    }
    // One picture in an animation's clothes is a picture.
    let frames = reader.info().animation_control().map_or(1, |control| control.num_frames);
    if frames > 1 || chunks::is_animation(bytes) {
        return Err(unfit(tr!("it is an animated PNG"), tr!("save a single still image")));
    }
    let size = reader.output_buffer_size().ok_or_else(|| broken(tr!("it is too large")))?;
    let mut pixels = vec![0; size];
    let frame = reader.next_frame(&mut pixels).map_err(undecoded)?;
    reader.finish().map_err(undecoded)?;
    if let Some(why) = damage::of_pixels(&seen, &fed) {
        return Err(broken(&why));
    }
    let alone = fed.sound == Some(true);
    let gray = frame.color_type == png::ColorType::GrayscaleAlpha;
    if gray {
        pixels = pixels.as_chunks().0.iter().flat_map(|[gray, alpha]| [*gray, *gray, *gray, *alpha]).collect();
    }
    if let Some(orientation) = display::orientation(bytes) {
        pixels = orientation.apply(&pixels, (width, height));
        return Ok(Image { width: orientation.shown((width, height)).0, pixels, gray, alone });
    }
    Ok(Image { width, pixels, gray, alone })
}

/// Whether two files show one picture: what a tool that makes files smaller leaves as it was. It may take away what the colors
/// mean, too.
#[must_use]
pub fn show_the_same(written: &[u8], there: &[u8]) -> bool {
    if written == there {
        return true;
    }
    let meant = |file| display::colors(file).iter().map(|chunk| chunk.whole.to_vec()).collect::<Vec<_>>();
    let colors = meant(there);
    if !colors.is_empty() && colors != meant(written) {
        return false;
    }
    let (Ok(one), Ok(other)) = (decode(written), decode(there)) else { return false };
    let mut pixels = one.pixels.as_chunks::<4>().0.iter().zip(other.pixels.as_chunks::<4>().0);
    one.width == other.width
        && one.pixels.len() == other.pixels.len()
        && pixels.all(|(one, other)| one == other || (one[3], other[3]) == (0, 0))
}

/// The smallest box around all that isn't faint.
pub(super) fn find_ink(image: &Image) -> Result<InkBox, Unfit> {
    let is_ink = |pixel: &[u8]| is_ink(pixel[3]);
    let has_ink = |row: &[u8]| row.chunks_exact(4).any(is_ink);
    let none = || unfit(tr!("it has no ink: all of it is transparent"), tr!("export it again"));
    let top = image.rows().position(has_ink).ok_or_else(none)?;
    let rows = image.rows().count();
    // From both ends only as far as the box isn't known to reach.
    let (mut left, mut right) = (image.width as usize, 0);
    let mut bottom = top;
    for (y, row) in image.rows().enumerate().skip(top) {
        let first = row[..left * 4].chunks_exact(4).position(is_ink);
        let last = row[right * 4..].chunks_exact(4).rposition(is_ink);
        left = first.unwrap_or(left);
        right = last.map_or(right, |last| right + last + 1);
        if first.is_some() || last.is_some() || has_ink(&row[left.min(right) * 4..right * 4]) {
            bottom = y;
        }
    }
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(InkBox {
        left: number(left),
        top: number(top),
        width: number(right - left),
        height: number(bottom - top + 1),
        canvas_width: image.width,
        canvas_height: number(rows),
    })
}

/// A PNG of an image of this size, given as four bytes a pixel, whose numbers mean the colors that these chunks say.
pub(super) fn encode(
    (width, height): (u32, u32),
    pixels: &[u8],
    colors: &[Chunk<'_>],
    gray: bool,
) -> Result<Vec<u8>, Unfit> {
    let failed = |e: png::EncodingError| unfit(tr!("it can't be written: {e}", e), tr!("report this as a defect"));
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    // Profiles for shades of gray mean nothing in a picture of three colors, even where all of them are gray.
    let gray = gray && colors.iter().any(|c| c.kind == *b"iCCP");
    encoder.set_color(if gray { png::ColorType::GrayscaleAlpha } else { png::ColorType::Rgba });
    encoder.set_depth(png::BitDepth::Eight);
    // The others go through a zlib whose output may differ by processor. This one's files are up to twice as large.
    encoder.set_compression(png::Compression::Fast);
    encoder.set_filter(png::Filter::Adaptive);
    let mut writer = encoder.write_header().map_err(failed)?;
    for chunk in colors {
        writer.write_chunk(png::chunk::ChunkType(chunk.kind), chunk.data).map_err(failed)?;
    }
    match gray {
        true => {
            let pairs: Vec<u8> = pixels.as_chunks().0.iter().flat_map(|[gray, _, _, alpha]| [*gray, *alpha]).collect();
            writer.write_image_data(&pairs)
        }
        false => writer.write_image_data(pixels),
    }
    .map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(out)
}

/// The smallest box around a logo's ink, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InkBox {
    /// Columns left of the ink.
    pub left: u32,
    /// Rows above the ink.
    pub top: u32,
    /// Of the ink.
    pub width: u32,
    /// Of the ink.
    pub height: u32,
    /// Of the whole image.
    pub canvas_width: u32,
    /// Of the whole image.
    pub canvas_height: u32,
}

#[cfg(test)]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod tests {
    use super::*;

    /// How often this thread got memory from the system.
    fn faults() -> u64 {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
        stat.rsplit(')').next().unwrap().split_whitespace().nth(7).unwrap().parse().unwrap()
    }

    #[test]
    fn a_logo_is_judged_in_the_memory_of_the_one_before() {
        let logo = encode((800, 600), &vec![128; 800 * 600 * 4], &[], false).unwrap();
        let judge = || super::super::inspect(&logo, &Limits::ANY).unwrap();
        // A thread of its own, whose memory no other test takes.
        let (first, later) = std::thread::scope(|scope| {
            let counted = scope.spawn(|| {
                let begun = faults();
                judge();
                let first = faults();
                (0..8).for_each(|_| drop(judge()));
                (first - begun, faults() - first)
            });
            counted.join().unwrap()
        });
        assert!(later < first, "{first} the first time, then {later} for eight");
    }
}
