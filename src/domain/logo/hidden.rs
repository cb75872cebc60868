//! Another picture in the colors of pixels that are wholly transparent: no viewer shows it, and everybody can bring it back.
//!
//! What programs leave there as a rule is told from that: a few flat colors; a blur's colors close to the edges; the colors of what is
//! seen, spread over all the rest, with mixtures where two of them meet.

use super::pixels::Image;

/// So far from what is seen, in pixels, its own colors spread when a picture is scaled.
const EDGE: u8 = 4;
/// Up to so many shades are no picture.
const FEW: usize = 15;
/// How many of the colors that are seen most are taken to be mixed.
const MIXED: usize = 8;

/// How many wholly transparent pixels hold colors that nothing explains, where that makes a picture.
pub(super) fn count(image: &Image) -> Option<usize> {
    let (mut seen, mut clear) = (vec![0_usize; SHADES], Shades::default());
    for (pixel, pixels) in image.runs() {
        match pixel[3] {
            0 => clear.add(shade(pixel)),
            _ => seen[shade(pixel)] += pixels,
        }
    }
    if clear.count <= FEW {
        return None;
    }
    let explained = explained(&seen);
    let far = far(image);
    let (mut shades, mut strange) = (Shades::default(), Shades::default());
    let (mut pixels, mut all, mut rough) = (0, 0, 0);
    let width = image.width as usize;
    let mut above: Option<&[[u8; 4]]> = None;
    for (y, row) in image.rows().enumerate() {
        let row = row.as_chunks::<4>().0;
        for (x, pixel) in row.iter().enumerate().filter(|(x, _)| far[y * width + x]) {
            let shade = shade(*pixel);
            all += 1;
            shades.add(shade);
            if !explained[shade] {
                strange.add(shade);
                pixels += 1;
            }
            let differs = |from: usize, other: Option<&[u8; 4]>| {
                far[from] && other.is_some_and(|other| (0..3).any(|c| pixel[c].abs_diff(other[c]) > 24))
            };
            let left = x > 0 && differs(y * width + x - 1, row.get(x.wrapping_sub(1)));
            let up = y > 0 && differs((y - 1) * width + x, above.and_then(|above| above.get(x)));
            rough += usize::from(left && up);
        }
        above = Some(row);
    }
    // One in a hundred may be where mixtures meet; of what is spread, no more than a few in a hundred differ from both neighbours.
    let other_colors = strange.count > FEW && pixels >= 64 && pixels * 100 >= all;
    let same_colors = shades.count > 2 * FEW && rough * 20 >= all && rough > 0;
    match (other_colors, same_colors) {
        (_, true) => Some(all),
        (true, false) => Some(pixels),
        (false, false) => None,
    }
}

/// Shades are told apart by four bits a channel.
const SHADES: usize = 1 << 12;

/// Which of them there are.
struct Shades {
    there: Vec<bool>,
    count: usize,
}

impl Default for Shades {
    fn default() -> Self {
        Self { there: vec![false; SHADES], count: 0 }
    }
}

impl Shades {
    fn add(&mut self, shade: usize) {
        self.count += usize::from(!std::mem::replace(&mut self.there[shade], true));
    }
}

fn shade([red, green, blue, _]: [u8; 4]) -> usize {
    usize::from(red >> 4) << 8 | usize::from(green >> 4) << 4 | usize::from(blue >> 4)
}

fn channels(shade: usize) -> [f32; 3] {
    [shade >> 8, shade >> 4 & 15, shade & 15].map(|channel| u8::try_from(channel).map_or(0.0, f32::from))
}

/// Which shades are like one that is seen, or like a mixture of two.
fn explained(seen: &[usize]) -> Vec<bool> {
    let mut most: Vec<usize> = (0..SHADES).filter(|shade| seen[*shade] > 0).collect();
    let all: Vec<[f32; 3]> = most.iter().map(|shade| channels(*shade)).collect();
    most.sort_by_key(|shade| std::cmp::Reverse(seen[*shade]));
    let main: Vec<[f32; 3]> = most.into_iter().take(MIXED).chain([0, SHADES - 1]).map(channels).collect();
    let is_near = |one: [f32; 3], other: [f32; 3], by: f32| (0..3).all(|c| (one[c] - other[c]).abs() <= by);
    let is_mixed = |shade: [f32; 3], from: [f32; 3], to: [f32; 3]| {
        let (mut along, mut length) = (0.0, 0.0);
        for c in 0..3 {
            along += (shade[c] - from[c]) * (to[c] - from[c]);
            length += (to[c] - from[c]) * (to[c] - from[c]);
        }
        let part = if length > 0.0 { (along / length).clamp(0.0, 1.0) } else { 0.0 };
        is_near(shade, [0, 1, 2].map(|c| from[c] + part * (to[c] - from[c])), 1.5)
    };
    (0..SHADES)
        .map(channels)
        .map(|shade| {
            all.iter().any(|other| is_near(shade, *other, 1.0))
                || main.iter().any(|from| main.iter().any(|to| is_mixed(shade, *from, *to)))
        })
        .collect()
}

/// Which pixels lie farther from what is seen than its colors spread.
fn far(image: &Image) -> Vec<bool> {
    let width = image.width as usize;
    let mut steps: Vec<u8> = image
        .rows()
        .flat_map(|row| row.as_chunks::<4>().0)
        .map(|pixel| if pixel[3] == 0 { EDGE + 1 } else { 0 })
        .collect();
    let height = steps.len() / width.max(1);
    // To the right and down, then back: each pixel learns from the neighbours that were visited before it.
    for y in 0..height {
        for x in 0..width {
            let above = (y > 0).then(|| (y - 1) * width);
            let before = (x > 0).then(|| steps[y * width + x - 1]);
            nearer(&mut steps, y * width, x, width, (above, before));
        }
    }
    for y in (0..height).rev() {
        for x in (0..width).rev() {
            let below = (y + 1 < height).then(|| (y + 1) * width);
            let behind = (x + 1 < width).then(|| steps[y * width + x + 1]);
            nearer(&mut steps, y * width, x, width, (below, behind));
        }
    }
    steps.into_iter().map(|steps| steps > EDGE).collect()
}

/// One step from the nearest of a pixel's neighbours in another row and of one beside it.
fn nearer(steps: &mut [u8], row: usize, x: usize, width: usize, (other, beside): (Option<usize>, Option<u8>)) {
    let around = |row: usize| steps[row + x.saturating_sub(1)..row + (x + 2).min(width)].iter().min().copied();
    let least = other.and_then(around).into_iter().chain(beside).min();
    if let Some(least) = least {
        steps[row + x] = steps[row + x].min(least + 1);
    }
}
