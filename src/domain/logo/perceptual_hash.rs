//! A logo's print: what stays the same when it is scaled, trimmed, recolored or saved anew. For finding logos that look alike.

use std::fmt;

use super::pixels::{Image, decode};
use super::rules::Unfit;

/// Cells across, one more than there are comparisons.
const ACROSS: usize = 17;
/// Cells from top to bottom.
const DOWN: usize = 8;
/// Neighbors count as different from this much on, of 255: less is noise.
const STEP: u32 = 6;
/// Fewer differences than this could be any plain shape.
const LEAST: u32 = 6;
/// How many of the 128 differences may disagree.
const NEAR: u32 = 10;
/// Farther from the ground's color than this, something is drawn upon it; nearer is a shade.
const DRAWN: u8 = 48;
/// Fainter than this isn't ink.
const FAINT: u8 = 24;

/// Where a logo's ink grows less from left to right, cell by cell, and its shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PerceptualHash {
    bits: u128,
    /// Width of the ink in percent of its height.
    shape: u32,
}

impl PerceptualHash {
    /// Whether two logos look alike, as far as that can be told so.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        let (narrow, wide) = (self.shape.min(other.shape), self.shape.max(other.shape));
        // Of few differences fewer may disagree.
        let near = NEAR.min(self.bits.count_ones().min(other.bits.count_ones()) / 3);
        (self.bits ^ other.bits).count_ones() <= near && u64::from(wide) * 4 <= u64::from(narrow) * 5
    }

    /// So many bytes it is kept in.
    pub const KEPT: usize = 20;

    /// As it is kept; zeros where there is none.
    #[must_use]
    pub fn to_bytes(print: Option<Self>) -> [u8; Self::KEPT] {
        let mut out = [0; Self::KEPT];
        if let Some(Self { bits, shape }) = print {
            out[..16].copy_from_slice(&bits.to_be_bytes());
            out[16..].copy_from_slice(&shape.to_be_bytes());
        }
        out
    }

    /// What is kept so.
    #[must_use]
    pub fn of_bytes(kept: &[u8; Self::KEPT]) -> Option<Self> {
        let (bits, shape) = kept.split_first_chunk()?;
        let (bits, shape) = (u128::from_be_bytes(*bits), u32::from_be_bytes(shape.try_into().ok()?));
        (bits != 0).then_some(Self { bits, shape })
    }
}

impl fmt::Display for PerceptualHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}-{}", self.bits, self.shape)
    }
}

/// The print of a logo; `None` if there is too little in it to tell it from others.
pub fn of(png: &[u8]) -> Result<Option<PerceptualHash>, Unfit> {
    let image = decode(png)?;
    let ink = amounts(&image);
    let width = image.width as usize;
    let rows = || ink.chunks_exact(width.max(1));
    let has = |row: &[u8]| row.iter().any(|a| *a > FAINT);
    let (Some(top), Some(bottom)) = (rows().position(has), rows().rposition(has)) else { return Ok(None) };
    let edges = |row: &[u8]| Some((row.iter().position(|a| *a > FAINT)?, row.iter().rposition(|a| *a > FAINT)?));
    let (left, right) = rows().filter_map(edges).fold((width, 0), |(l, r), (first, last)| (l.min(first), r.max(last)));
    let (across, down) = (right + 1 - left, bottom + 1 - top);
    let mut cells = [[(0_u32, 0_u32); ACROSS]; DOWN];
    // Each cell's ink; where the logo has fewer pixels than cells, some share theirs.
    for (y, line) in cells.iter_mut().enumerate() {
        let (from, to) = span(y, DOWN, down);
        for (x, cell) in line.iter_mut().enumerate() {
            let (first, last) = span(x, ACROSS, across);
            for row in rows().skip(top + from).take(to - from) {
                let sum: u32 = row[left + first..left + last].iter().map(|a| u32::from(*a)).sum();
                *cell = (cell.0 + sum, cell.1 + u32::try_from(last - first).unwrap_or(u32::MAX));
            }
        }
    }
    let mut bits = 0_u128;
    for line in &cells {
        for pair in line.windows(2) {
            let mean = |(sum, count): (u32, u32)| sum / count.max(1);
            bits = bits << 1 | u128::from(mean(pair[0]) >= mean(pair[1]) + STEP);
        }
    }
    let shape = u32::try_from(across * 100 / down).unwrap_or(u32::MAX);
    Ok((bits.count_ones() >= LEAST).then_some(PerceptualHash { bits, shape }))
}

/// The pixels of the `n`-th of `parts` cells: at least one.
fn span(n: usize, parts: usize, length: usize) -> (usize, usize) {
    let from = n * length / parts;
    (from, ((n + 1) * length / parts).max(from + 1))
}

/// How much ink each pixel has: how solid it is; where nothing is transparent, how far from the background it is, which is taken
/// to be what stands in the corner.
fn amounts(image: &Image) -> Vec<u8> {
    let pixels = || image.rows().flat_map(|row| row.as_chunks::<4>().0);
    let far = |pixel: &[u8; 4], from: [u8; 4]| (0..3).map(|c| pixel[c].abs_diff(from[c])).max().unwrap_or(0);
    if !pixels().any(|pixel| pixel[3] < 128) {
        let corner = pixels().next().copied().unwrap_or_default();
        return pixels().map(|pixel| far(pixel, corner)).collect();
    }
    // What is drawn in another color upon a badge counts as much as the badge's outline.
    let ground = commonest(pixels().filter(|pixel| pixel[3] >= 128));
    let solid = pixels().filter(|pixel| pixel[3] >= 128).count();
    let drawn = pixels().filter(|pixel| pixel[3] >= 128 && far(pixel, ground) > DRAWN).count();
    match drawn * 20 >= solid {
        true => pixels().map(|p| p[3] / 2 + if p[3] >= 128 { far(p, ground) / 2 } else { 0 }).collect(),
        false => pixels().map(|pixel| pixel[3]).collect(),
    }
}

/// The commonest color, shades apart.
fn commonest<'a>(pixels: impl Iterator<Item = &'a [u8; 4]>) -> [u8; 4] {
    let mut seen = vec![(0_u32, [0_u8; 4]); 4096];
    for pixel in pixels {
        let shade = |c: usize| usize::from(pixel[c] >> 4);
        let (count, color) = &mut seen[shade(0) << 8 | shade(1) << 4 | shade(2)];
        *count += 1;
        *color = *pixel;
    }
    seen.into_iter().max_by_key(|(count, _)| *count).map_or([0; 4], |(_, color)| color)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::logo::pixels::encode;

    /// A picture of `width` by `height`, by what is inked at a place of 60 by 20.
    fn picture(
        width: u32,
        height: u32,
        margin: u32,
        paint: impl Fn(bool) -> [u8; 4],
        ink: impl Fn(u32, u32) -> bool,
    ) -> Vec<u8> {
        let (w, h) = (width + 2 * margin, height + 2 * margin);
        let inside = |x: u32, y: u32| (margin..margin + width).contains(&x) && (margin..margin + height).contains(&y);
        let at = |x, y| inside(x, y) && ink((x - margin) * 60 / width, (y - margin) * 20 / height);
        let pixels: Vec<u8> =
            (0..h).flat_map(|y| (0..w).map(move |x| (x, y))).flat_map(|(x, y)| paint(at(x, y))).collect();
        encode((w, h), &pixels, &[], false).unwrap()
    }

    #[test]
    fn the_same_logo_is_known_again_and_others_are_not() {
        let bars = |x: u32, y: u32| x % 13 < 5 && (y + x / 3) % 9 < 6;
        let rings = |x: u32, y: u32| (x.abs_diff(30).pow(2) / 9 + y.abs_diff(10).pow(2)) % 60 < 30;
        let clear = |ink: bool| if ink { [20, 60, 200, 255] } else { [0; 4] };
        let white = |ink: bool| if ink { [255; 4] } else { [0; 4] };
        let boxed = |ink: bool| if ink { [0, 0, 0, 255] } else { [255; 4] };
        let first = of(&picture(600, 200, 0, clear, bars)).unwrap().unwrap();
        for again in [
            picture(300, 100, 0, clear, bars),
            picture(450, 150, 40, clear, bars),
            picture(600, 200, 10, white, bars),
            picture(330, 110, 25, boxed, bars),
        ] {
            assert!(of(&again).unwrap().unwrap().is_like(&first));
        }
        let torn = of(&[b"\xef\xbf\xbd".as_slice(), &picture(60, 20, 0, clear, bars)[1..]].concat()).unwrap_err();
        assert!(torn.why.contains("as if it were a text"), "{}", torn.why);
        let other = of(&picture(600, 200, 0, clear, rings)).unwrap().unwrap();
        assert!(!first.is_like(&other), "{first} {other}");
        // Two badges of one outline, with other things upon them.
        let badge = |upon: &dyn Fn(u32, u32) -> bool| {
            let pixels: Vec<u8> = (0..200_u32)
                .flat_map(|y| (0..200_u32).map(move |x| (x, y)))
                .flat_map(|(x, y)| match (x.abs_diff(100).pow(2) + y.abs_diff(100).pow(2) < 90 * 90, upon(x, y)) {
                    (false, _) => [0; 4],
                    (true, true) => [255; 4],
                    (true, false) => [20, 60, 200, 255],
                })
                .collect();
            of(&encode((200, 200), &pixels, &[], false).unwrap()).unwrap().unwrap()
        };
        let wedge = badge(&|x, y| y > 40 && y < 160 && x.abs_diff(100) * 2 < y - 40);
        let stripes = badge(&|x, y| x / 25 % 2 == 0 && y > 60 && y < 140);
        assert!(wedge.is_like(&wedge) && !wedge.is_like(&stripes), "{wedge} {stripes}");
        let squeezed = of(&picture(300, 200, 0, clear, bars)).unwrap().unwrap();
        assert!(!first.is_like(&squeezed));
        assert_eq!(PerceptualHash::of_bytes(&PerceptualHash::to_bytes(Some(first))), Some(first));
        assert_eq!(PerceptualHash::of_bytes(&PerceptualHash::to_bytes(None)), None);
    }

    #[test]
    fn plain_shapes_and_empty_canvases_have_none() {
        let clear = |ink: bool| if ink { [20, 60, 200, 255] } else { [0; 4] };
        assert_eq!(of(&picture(300, 100, 20, clear, |_, _| true)).unwrap(), None);
        assert_eq!(of(&picture(300, 100, 20, clear, |_, _| false)).unwrap(), None);
        // Fewer pixels than cells.
        assert!(of(&picture(3, 2, 0, clear, |x, y| (x + y) % 2 == 0)).is_ok());
    }
}
