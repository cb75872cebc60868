//! Logos made equally large: trimmed to their ink and padded, or shown so by CSS.
//!
//! Whole numbers only, and a compressor that doesn't ask what the processor can do, so that the same logo gives the same
//! bytes on every machine.

use super::display;
use super::paleness::is_pale;
use super::pixels::{InkBox, decode, encode, find_ink};
use super::rules::Unfit;

/// The share of a 3:2 box that the box around a logo's ink takes, in percent: as much as the usual shapes can have.
const SHARE: u64 = 28;
/// The most of the box's width that ink may take, in percent.
const MAX_WIDTH: u64 = 88;
/// The most of the box's height that ink may take, in percent.
const MAX_HEIGHT: u64 = 78;
/// A wider canvas is scaled down: no page shows it larger.
const MAX_CANVAS: u32 = 1_500;

/// How CSS shows an untouched logo with as much ink as any other, in a 3:2 box.
///
/// The image fills the box with `object-fit: contain`, and then gets `transform: translate(x%, y%) scale(z)` about its
/// centre. In coarse steps, so that a few classes do for any logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "each says its unit")]
pub struct Fit {
    /// In steps of 4, from 4 to 400.
    pub scale_percent: u16,
    /// Of the box's width, in steps of 2.
    pub x_percent: i16,
    /// Of the box's height, in steps of 2.
    pub y_percent: i16,
}

/// Where a logo's ink is, and whether it is one for dark pages.
pub fn ink(png: &[u8]) -> Result<(InkBox, bool), Unfit> {
    let image = decode(png)?;
    Ok((find_ink(&image)?, is_pale(&image)))
}

/// The logo as a new PNG: trimmed to its ink and padded with transparency to 3:2, so that drawn in boxes of that shape,
/// all logos' ink looks equally large. Its pixels stay as they are, unless it is far larger than any page shows; its colors stay
/// those that it names, and it is turned the way it says.
pub fn even(png: &[u8]) -> Result<Vec<u8>, Unfit> {
    let image = decode(png)?;
    let ink = find_ink(&image)?;
    let full = canvas_width(&ink);
    let width = full.min(MAX_CANVAS);
    let height = width / 3 * 2;
    let scaled = |side: u32| ((side * width + full / 2) / full).max(1);
    let (ink_width, ink_height) = (scaled(ink.width), scaled(ink.height));
    let mut canvas = vec![0; width as usize * height as usize * 4];
    let left = (width - ink_width) as usize / 2 * 4;
    let top = (height - ink_height) as usize / 2;
    let places = canvas.chunks_exact_mut(width as usize * 4).skip(top);
    let (from, to) = (ink.left as usize * 4, (ink.left + ink.width) as usize * 4);
    let rows = image.rows().skip(ink.top as usize).take(ink.height as usize).map(|row| &row[from..to]);
    if full == width {
        for (place, row) in places.zip(rows) {
            place[left..left + row.len()].copy_from_slice(row);
        }
    } else {
        for (place, row) in places.zip(super::downscale::shrink(rows, (ink.width, ink.height), (ink_width, ink_height)))
        {
            place[left..left + row.len()].copy_from_slice(&row);
        }
    }
    encode((width, height), &canvas, &display::colors(png), image.gray)
}

/// How to show the logo as it is.
#[must_use]
pub fn fit(ink: &InkBox) -> Fit {
    let full = i64::from(canvas_width(ink));
    let (width, height) = (i64::from(ink.canvas_width).max(1), i64::from(ink.canvas_height).max(1));
    // The canvas fills the box across or from top to bottom: the box's sides in the canvas' pixels, times six.
    let wide = (6 * width).max(9 * height);
    let steps = |value: i64, unit: i64, step: i64| {
        let unit = unit * step;
        (2 * value + unit).div_euclid(2 * unit) * step
    };
    let scale = steps(100 * wide, 6 * full, 4).clamp(4, 400);
    // From the ink's centre to the canvas', in half pixels.
    let x = width - 2 * i64::from(ink.left) - i64::from(ink.width);
    let y = height - 2 * i64::from(ink.top) - i64::from(ink.height);
    let shift = |half: i64, side: i64| i16::try_from(steps(half * 3 * scale, side, 2)).unwrap_or(0);
    let scale_percent = u16::try_from(scale).unwrap_or(100);
    Fit { scale_percent, x_percent: shift(x, wide), y_percent: shift(3 * y, 2 * wide) }
}

/// The width of the 3:2 canvas in which this ink takes its share: a multiple of 3.
fn canvas_width(ink: &InkBox) -> u32 {
    let (width, height) = (u64::from(ink.width), u64::from(ink.height));
    let by_area = (width.saturating_mul(height).saturating_mul(150) / SHARE).isqrt();
    let by_width = (width * 100).div_ceil(MAX_WIDTH);
    let by_height = (height * 150).div_ceil(MAX_HEIGHT);
    let wanted = by_area.max(by_width).max(by_height).max(3);
    u32::try_from(wanted.next_multiple_of(3)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CLEAR: [u8; 4] = [0; 4];
    const INK: [u8; 4] = [200, 30, 40, 255];

    #[test]
    fn a_logo_for_dark_pages_is_one_that_white_hides() {
        const WHITE: [u8; 4] = [255; 4];
        const BLACK: [u8; 4] = [0, 0, 0, 255];
        let drawn = |ink: [u8; 4], ground: [u8; 4]| {
            let pixels: Vec<u8> = (0..64 * 64).flat_map(|n| if n % 64 < 20 { ink } else { ground }).collect();
            ink_of(&write(64, 64, png::ColorType::Rgba, png::BitDepth::Eight, &pixels))
        };
        for pale in [WHITE, [240, 240, 210, 255], [255, 255, 255, 120]] {
            assert!(drawn(pale, CLEAR), "{pale:?}");
            assert!(!drawn(pale, INK) && !drawn(pale, WHITE), "{pale:?}: it has a ground");
        }
        for seen in [INK, BLACK, [120, 160, 60, 255]] {
            assert!(!drawn(seen, CLEAR), "{seen:?}");
        }
        // Black letters beside as much white would be lost on dark.
        let both: Vec<u8> = (0..64 * 64).flat_map(|n| [WHITE, BLACK, CLEAR, CLEAR][n % 64 / 16]).collect();
        assert!(!ink_of(&write(64, 64, png::ColorType::Rgba, png::BitDepth::Eight, &both)));
    }

    fn ink_box(png: &[u8]) -> Result<InkBox, Unfit> {
        ink(png).map(|(ink, _)| ink)
    }

    fn ink_of(png: &[u8]) -> bool {
        ink(png).unwrap().1
    }

    fn low(number: u32) -> u8 {
        number.to_le_bytes()[0]
    }

    fn write(width: u32, height: u32, kind: png::ColorType, depth: png::BitDepth, data: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, width, height);
        encoder.set_color(kind);
        encoder.set_depth(depth);
        if kind == png::ColorType::Indexed {
            encoder.set_palette(vec![0, 0, 0, 200, 30, 40]);
            encoder.set_trns(vec![0, 255]);
        }
        encoder.add_text_chunk("Comment".into(), "drawn".into()).unwrap();
        encoder.write_header().unwrap().write_image_data(data).unwrap();
        out
    }

    fn draw(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 4]) -> Vec<u8> {
        let pixels: Vec<u8> =
            (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).flat_map(|(x, y)| pixel(x, y)).collect();
        write(width, height, png::ColorType::Rgba, png::BitDepth::Eight, &pixels)
    }

    /// A logo whose ink fills a box.
    fn block(canvas: (u32, u32), at: (u32, u32), size: (u32, u32)) -> Vec<u8> {
        let inside = |x: u32, y: u32| (at.0..at.0 + size.0).contains(&x) && (at.1..at.1 + size.1).contains(&y);
        draw(canvas.0, canvas.1, |x, y| if inside(x, y) { INK } else { CLEAR })
    }

    #[test]
    fn ink_takes_its_share_as_far_as_its_shape_allows() {
        for (canvas, at, size, share, across, down) in [
            ((300, 300), (30, 50), (200, 200), 28, 43, 65),
            ((300, 200), (0, 0), (300, 200), 28, 53, 53),
            ((640, 128), (0, 0), (640, 128), 23, 88, 26),
            ((100, 200), (0, 0), (100, 200), 20, 26, 78),
            ((900, 900), (880, 3), (12, 12), 28, 43, 65),
            ((820, 820), (0, 0), (820, 820), 28, 43, 65),
            ((9, 9), (4, 4), (1, 1), 28, 43, 65),
        ] {
            let png = block(canvas, at, size);
            let even = even(&png).unwrap();
            let ink = ink_box(&even).unwrap();
            assert_eq!(ink.canvas_width * 2, ink.canvas_height * 3);
            assert!(ink.canvas_width <= MAX_CANVAS);
            if canvas != (820, 820) {
                assert_eq!((ink.width, ink.height), size);
            }
            if size.0 > 9 {
                let near = |value: u32, wanted: u32| value.abs_diff(wanted) <= 1;
                let measured = (
                    100 * ink.width * ink.height / (ink.canvas_width * ink.canvas_height),
                    100 * ink.width / ink.canvas_width,
                    100 * ink.height / ink.canvas_height,
                );
                assert!(near(measured.0, share) && near(measured.1, across) && near(measured.2, down), "{measured:?}");
            }
            assert!((ink.left * 2 + ink.width).abs_diff(ink.canvas_width) <= 1);
            assert!((ink.top * 2 + ink.height).abs_diff(ink.canvas_height) <= 1);
        }
    }

    #[test]
    fn ink_is_kept_as_it_is() {
        let pattern = |x: u32, y: u32| [low(x), low(y), low(x * y), if x == 70 { 9 } else { low(130 + x) }];
        // Faint shadows around it aren't ink, and go.
        let logo = draw(200, 90, |x, y| match (x, y) {
            (20..=70, 31..60) => pattern(x, y),
            (10..100, 25..80) => [1, 2, 3, 8],
            _ => CLEAR,
        });
        let place = InkBox { left: 20, top: 31, width: 51, height: 29, canvas_width: 200, canvas_height: 90 };
        assert_eq!(ink_box(&logo), Ok(place));
        let even = decode(&even(&logo).unwrap()).unwrap();
        let ink = find_ink(&even).unwrap();
        for (y, row) in (0_u32..).zip(even.rows()) {
            for (x, pixel) in (0_u32..).zip(row.chunks_exact(4)) {
                let inside = (ink.left..ink.left + 51).contains(&x) && (ink.top..ink.top + 29).contains(&y);
                let wanted = if inside { pattern(x - ink.left + 20, y - ink.top + 31) } else { CLEAR };
                assert_eq!(pixel, wanted, "{x} {y}");
            }
        }
    }

    #[test]
    fn ink_is_found_whatever_its_form() {
        // A ring, a diagonal and single dots: the box isn't known by its first row or column.
        let dots = |wanted: &'static [(u32, u32)]| {
            draw(40, 30, move |x, y| if wanted.contains(&(x, y)) { INK } else { CLEAR })
        };
        for (points, left, top, width, height) in [
            (&[(5, 3), (20, 9), (7, 25)][..], 5, 3, 16, 23),
            (&[(39, 0), (0, 29)][..], 0, 0, 40, 30),
            (&[(9, 2), (30, 2), (20, 8)][..], 9, 2, 22, 7),
            (&[(39, 29)][..], 39, 29, 1, 1),
        ] {
            let ink = InkBox { left, top, width, height, canvas_width: 40, canvas_height: 30 };
            assert_eq!(ink_box(&dots(points)), Ok(ink));
        }
    }

    #[test]
    fn every_kind_of_png_gives_the_same_bytes() {
        use png::{BitDepth, ColorType};
        let is_ink = |x: usize, y: usize| (10..30).contains(&x) && (3..9).contains(&y);
        let each = |ink: &[u8], clear: &[u8]| -> Vec<u8> {
            (0..16 * 40).flat_map(|i| if is_ink(i % 40, i / 40) { ink.to_vec() } else { clear.to_vec() }).collect()
        };
        let rgba = even(&write(40, 16, ColorType::Rgba, BitDepth::Eight, &each(&INK, &CLEAR))).unwrap();
        let sixteen = each(&[200, 9, 30, 9, 40, 9, 255, 255], &[0; 8]);
        assert_eq!(even(&write(40, 16, ColorType::Rgba, BitDepth::Sixteen, &sixteen)).unwrap(), rgba);
        assert_eq!(even(&write(40, 16, ColorType::Indexed, BitDepth::Eight, &each(&[1], &[0]))).unwrap(), rgba);
        let interlaced = interlaced(40, 16, |x, y| if is_ink(x, y) { INK } else { CLEAR });
        assert_eq!(even(&interlaced).unwrap(), rgba);
        let gray = even(&write(40, 16, ColorType::GrayscaleAlpha, BitDepth::Eight, &each(&[7, 255], &[0, 0]))).unwrap();
        let colored = each(&[7, 7, 7, 255], &CLEAR);
        assert_eq!(gray, even(&write(40, 16, ColorType::Rgba, BitDepth::Eight, &colored)).unwrap());
        // Without transparency, all is ink.
        let opaque = even(&write(40, 16, ColorType::Grayscale, BitDepth::Eight, &each(&[7], &[255]))).unwrap();
        assert_eq!(opaque, even(&write(40, 16, ColorType::Rgb, BitDepth::Eight, &each(&[7; 3], &[255; 3]))).unwrap());
        let ink = ink_box(&opaque).unwrap();
        assert_eq!((ink.width, ink.height), (40, 16));
    }

    /// A wide-gamut red stays the same red: what says so comes along, byte by byte.
    #[test]
    fn colors_come_along() {
        // The least that is one: its length, its mark, and no tag.
        let mut profile = [0; 132];
        profile[3] = 132;
        profile[36..40].copy_from_slice(b"acsp");
        let mut packed = Vec::with_capacity(400);
        flate2::Compress::new(flate2::Compression::fast(), true)
            .compress_vec(&profile, &mut packed, flate2::FlushCompress::Finish)
            .unwrap();
        let named = [b"gray\0\0".to_vec(), packed].concat();
        let chromaticities = [7; 32];
        let colors: [(&[u8; 4], &[u8]); 5] = [
            (b"cICP", &[12, 13, 0, 1]),
            (b"iCCP", &named),
            (b"sRGB", &[0]),
            (b"gAMA", &[0, 0, 177, 143]),
            (b"cHRM", &chromaticities),
        ];
        let with = |kind: u8, data: &[u8]| {
            let others: [(&[u8; 4], &[u8]); 3] = [(b"gAMA", &[1; 4]), (b"sRGB", &[0; 9]), (b"pHYs", &[1; 9])];
            let all: Vec<_> = colors.iter().chain(&others).copied().collect();
            assemble(2, 1, kind, &all, data)
        };
        let carried = |png: &[u8]| -> Vec<([u8; 4], Vec<u8>)> {
            super::super::chunks::of(png)
                .filter(|c| !matches!(&c.kind, b"IHDR" | b"IDAT" | b"IEND"))
                .map(|c| (c.kind, c.data.to_vec()))
                .collect()
        };
        let wanted: Vec<_> = colors.iter().map(|(kind, data)| (**kind, data.to_vec())).collect();
        let even_red = even(&with(2, &[0, 255, 0, 0, 255, 0, 0])).unwrap();
        assert_eq!(carried(&even_red), wanted);
        // A profile for shades of gray needs a picture of shades of gray.
        let even_gray = even(&with(0, &[0, 7, 9])).unwrap();
        assert_eq!(carried(&even_gray), wanted);
        assert_eq!((even_red[25], even_gray[25]), (6, 4), "colors, and shades, with alpha");
        assert_eq!(even(&even_gray).unwrap(), even_gray);
    }

    /// What EXIF turns is turned, and says so no more.
    #[test]
    fn turned_pictures_are_turned() {
        let upright = block((90, 40), (10, 5), (60, 20));
        let pixels = |at: &dyn Fn(u32, u32) -> bool, (width, height): (u32, u32)| {
            draw(width, height, |x, y| if at(x, y) { INK } else { CLEAR })
        };
        let inside = |x: u32, y: u32| (10..70).contains(&x) && (5..25).contains(&y);
        // As a camera held upright stores it: rotated by a quarter to the left.
        let stored = pixels(&|x, y| inside(89 - y, x), (40, 90));
        let mut turned = stored[..33].to_vec();
        let six = super::super::orientation::Orientation::new(6).unwrap();
        super::super::chunks::write(&mut turned, *b"eXIf", &super::super::exif::only(six));
        turned.extend(&stored[33..]);
        let eight = super::super::orientation::Orientation::new(8).unwrap();
        let other = [
            &stored[..33],
            &{
                let mut chunk = Vec::new();
                super::super::chunks::write(&mut chunk, *b"eXIf", &super::super::exif::only(eight));
                chunk
            },
            &stored[33..],
        ]
        .concat();
        assert_ne!(ink_box(&turned), ink_box(&stored));
        assert_ne!(ink_box(&turned), ink_box(&other));
        assert_eq!(ink_box(&turned), ink_box(&upright));
        assert_eq!(even(&turned).unwrap(), even(&upright).unwrap());
    }

    #[test]
    fn the_bytes_are_the_same_everywhere() {
        let logo = |side: u32| draw(side, side / 2, move |x, y| [low(x), low(x ^ y), low(y), low(x * 255 / side)]);
        // The first is scaled down, the other isn't. A new version of the encoder may change them; then all logos change once.
        let sums: Vec<u32> = [920, 90].map(|side| crc32fast::hash(&even(&logo(side)).unwrap())).to_vec();
        assert_eq!(sums, [1_899_430_158, 3_116_380_835]);
        let png = even(&logo(90)).unwrap();
        assert_eq!(png.len(), 8 + kinds(&png).iter().map(|(_, length)| 12 + length).sum::<usize>());
        assert_eq!(kinds(&png).iter().map(|(kind, _)| kind.as_str()).collect::<Vec<_>>(), ["IHDR", "IDAT", "IEND"]);
    }

    fn kinds(png: &[u8]) -> Vec<(String, usize)> {
        let mut rest = &png[8..];
        let mut out = Vec::new();
        while rest.len() >= 12 {
            let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
            out.push((String::from_utf8_lossy(&rest[4..8]).into_owned(), length));
            rest = &rest[length + 12..];
        }
        out
    }

    #[test]
    fn what_is_no_logo_is_refused() {
        let clear = draw(20, 20, |_, _| [90, 90, 90, 8]);
        let mut cut = block((20, 20), (3, 3), (9, 9));
        cut.truncate(90);
        let palette = assemble(2, 1, 3, &[(b"PLTE", &[0, 0, 0, 1])], &[0, 0, 1]);
        let mut wide = block((20, 10), (3, 3), (9, 4));
        wide[16..24].copy_from_slice(&[0, 0, 0x10, 0, 0, 0, 0x10, 0]);
        for png in [clear, cut, palette, wide, Vec::new(), b"GIF89a".to_vec()] {
            assert!(even(&png).is_err());
            assert!(ink_box(&png).is_err());
        }
    }

    #[test]
    fn css_shows_an_untouched_logo_as_large() {
        for (canvas, at, size, scale, x, y) in [
            // Its ink fills it: smaller, and in the middle.
            ((300, 200), (0, 0), (300, 200), 52, 0, 0),
            ((500, 100), (0, 0), (500, 100), 88, 0, 0),
            ((100, 200), (0, 0), (100, 200), 76, 0, 0),
            // In a corner: moved, then enlarged.
            ((300, 200), (0, 0), (75, 50), 212, 80, 80),
            ((200, 200), (150, 150), (50, 50), 256, -64, -96),
            // As far as it goes.
            ((2000, 2000), (0, 1999), (1, 1), 400, 134, -200),
        ] {
            let (left, top, width, height) = (at.0, at.1, size.0, size.1);
            let ink = InkBox { left, top, width, height, canvas_width: canvas.0, canvas_height: canvas.1 };
            assert_eq!(fit(&ink), Fit { scale_percent: scale, x_percent: x, y_percent: y }, "{ink:?}");
        }
    }

    /// A PNG put together by hand, its data not compressed.
    fn assemble(width: u32, height: u32, kind: u8, more: &[(&[u8; 4], &[u8])], data: &[u8]) -> Vec<u8> {
        assemble_as(width, height, [8, kind, 0, 0, 0], more, data)
    }

    fn assemble_as(width: u32, height: u32, form: [u8; 5], more: &[(&[u8; 4], &[u8])], data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap();
        let (mut a, mut b) = (1_u32, 0_u32);
        for byte in data {
            a = (a + u32::from(*byte)) % 65_521;
            b = (b + a) % 65_521;
        }
        let sum = (b << 16 | a).to_be_bytes();
        let stream = [&[0x78, 1, 1], &length.to_le_bytes()[..], &(!length).to_le_bytes(), data, &sum].concat();
        let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &form].concat();
        let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
        let first = [(b"IHDR", header.as_slice())];
        let last = [(b"IDAT", stream.as_slice()), (b"IEND", &[][..])];
        for (kind, data) in first.iter().chain(more).chain(&last) {
            out.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
            let chunk = [&kind[..], data].concat();
            out.extend(&chunk);
            out.extend(crc32fast::hash(&chunk).to_be_bytes());
        }
        out
    }

    fn interlaced(width: usize, height: usize, pixel: impl Fn(usize, usize) -> [u8; 4]) -> Vec<u8> {
        let mut data = Vec::new();
        for (x, y, right, down) in
            [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
        {
            for y in (y..height).step_by(down) {
                data.push(0);
                data.extend((x..width).step_by(right).flat_map(|x| pixel(x, y)));
            }
        }
        assemble_as(u32::try_from(width).unwrap(), u32::try_from(height).unwrap(), [8, 6, 0, 0, 1], &[], &data)
    }

    proptest! {
        /// What CSS shows is what the even file shows, but for the coarse steps.
        #[test]
        fn css_and_file_agree(canvas in (64_u32..2_500, 64_u32..2_500), part in (1_u32..=100, 1_u32..=100, 0_u32..=100, 0_u32..=100)) {
            let (canvas_width, canvas_height) = canvas;
            let (width, height) = ((canvas_width * part.0 / 100).max(1), (canvas_height * part.1 / 100).max(1));
            let (left, top) = ((canvas_width - width) * part.2 / 100, (canvas_height - height) * part.3 / 100);
            let ink = InkBox { left, top, width, height, canvas_width, canvas_height };
            let fit = fit(&ink);
            prop_assert!(fit.scale_percent.is_multiple_of(4) && fit.x_percent % 2 == 0 && fit.y_percent % 2 == 0);
            prop_assert!((4..=400).contains(&fit.scale_percent));
            // In units of the box's sides.
            let box_width = f64::from(canvas_width).max(f64::from(canvas_height) * 1.5);
            let scale = f64::from(fit.scale_percent) / 100.0;
            let shown = f64::from(width) / box_width * scale;
            let wanted = f64::from(width) / f64::from(super::canvas_width(&ink));
            if fit.scale_percent < 400 {
                prop_assert!((shown - wanted).abs() <= 0.021 * f64::from(width) / box_width, "{} {}", shown, wanted);
            }
            let middle = |from: u32, size: u32, canvas: u32| f64::from(from) + f64::from(size) / 2.0 - f64::from(canvas) / 2.0;
            let x = middle(left, width, canvas_width) / box_width * scale + f64::from(fit.x_percent) / 100.0;
            let y = middle(top, height, canvas_height) / box_width * 1.5 * scale + f64::from(fit.y_percent) / 100.0;
            prop_assert!(x.abs() <= 0.011 && y.abs() <= 0.011, "{} {}", x, y);
        }

        #[test]
        fn bytes_never_panic(at in 0_usize..200, byte in any::<u8>()) {
            let mut png = block((20, 10), (3, 3), (9, 4));
            let at = at % png.len();
            png[at] = byte;
            let _ = even(&png);
        }
    }
}
