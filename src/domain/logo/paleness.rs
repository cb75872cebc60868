//! Logos made for dark pages: of white letters on nothing, a white page shows nothing.

use super::pixels::{Image, is_ink};

/// From this brightness on, hardly anything is seen on white. Of 255, as the eye weighs the colors.
const PALE: u32 = 200;
/// Up to this one, hardly anything is seen on the dark plate.
const DARK: u32 = 90;

/// Whether most of a logo's ink would be lost on white, and hardly any on dark. Whole numbers, so that every machine agrees.
pub(super) fn is_pale(image: &Image) -> bool {
    let (mut all, mut pale, mut dark, mut inked, mut pixels) = (0_u64, 0_u64, 0_u64, 0_u64, 0_u64);
    for ([red, green, blue, alpha], alike) in image.runs() {
        let alike = alike as u64;
        pixels += alike;
        if !is_ink(alpha) {
            continue;
        }
        let brightness = (299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue)) / 1000;
        let weight = u64::from(alpha) * alike;
        inked += alike;
        all += weight;
        pale += if brightness >= PALE { weight } else { 0 };
        dark += if brightness <= DARK { weight } else { 0 };
    }
    // What covers all of it brings a ground of its own.
    let has_ground = inked * 100 >= pixels * 95;
    !has_ground && pale * 10 >= all * 6 && dark * 10 < all * 2
}
