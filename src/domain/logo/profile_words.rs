//! The words of color profiles that everybody has: they tell of nobody.

/// What programs call the chunk, and what standard profiles say of themselves and of who may copy them. Years and signs don't
/// count.
const STANDARD: [&str; 74] = [
    "icc",
    "icc profile",
    "icc color profile",
    "color profile",
    "colour profile",
    "profile",
    "embedded profile",
    "Photoshop ICC profile",
    "Skia",
    "kCGColorSpaceICCBased",
    "kCGColorSpaceSRGB",
    "kCGColorSpaceExtendedSRGB",
    "kCGColorSpaceLinearSRGB",
    "kCGColorSpaceDisplayP3",
    "kCGColorSpaceAdobeRGB1998",
    "kCGColorSpaceGenericRGB",
    "kCGColorSpaceGenericGray",
    "kCGColorSpaceGenericGrayGamma2_2",
    "kCGColorSpaceDeviceRGB",
    "kCGColorSpaceDeviceGray",
    "sRGB",
    "sRGB profile",
    "sRGB IEC61966-2.1",
    "sRGB IEC61966-2-1 black scaled",
    "sRGB IEC61966-2-1 no black scaling",
    "IEC 61966-2.1 Default RGB colour space - sRGB",
    "IEC http://www.iec.ch",
    "Reference Viewing Condition in IEC61966-2.1",
    "sRGB v4 ICC preference",
    "sRGB built-in",
    "sRGB2014",
    "sRGBz",
    "nRGB",
    "uRGB",
    "c2",
    "FB",
    "sGry",
    "sGray",
    "sP3C",
    "RGB built-in",
    "GIMP built-in sRGB",
    "GIMP built-in Linear sRGB",
    "GIMP built-in D65 Grayscale with sRGB TRC",
    "GIMP built-in D65 Linear Grayscale",
    "GIMP",
    "Artifex Software sRGB ICC Profile",
    "Display P3",
    "Display P3 Gamut with sRGB Transfer",
    "P3",
    "DCI-P3",
    "Adobe RGB (1998)",
    "Apple RGB",
    "ColorMatch RGB",
    "ProPhoto RGB",
    "ROMM RGB",
    "Wide Gamut RGB",
    "Rec. 709",
    "Rec. 2020",
    "Rec2020",
    "ITU-R BT.709",
    "eciRGB v2",
    "Generic RGB Profile",
    "Generic Gray Profile",
    "Generic Gray Gamma 2.2 Profile",
    "Gray Gamma 2.2",
    "Dot Gain 20%",
    "Copyright (c) 1998 Hewlett-Packard Company",
    "Copyright Apple Inc., 2017",
    "Copyright Apple Computer, Inc., 2005",
    "Copyright 2000 Adobe Systems Incorporated",
    "Copyright International Color Consortium, 2015",
    "Copyright Artifex Software 2011",
    "Google Inc. 2016",
    "Public Domain",
];

/// More that is said of who may copy one.
const FREE: [&str; 5] = ["CC0", "No copyright, use freely", "no copyright", "none", "IEC"];

/// Whether a standard profile says so, or nothing is said.
pub(super) fn is_standard(words: &str) -> bool {
    let plain = plain(words);
    // Skia names a profile by the sum of its numbers.
    let by_sum = plain.strip_prefix("google skia ").is_some_and(|sum| sum.bytes().all(|b| b.is_ascii_hexdigit()));
    by_sum
        || words.chars().all(|c| c == '_' || c == ' ')
        || STANDARD.iter().chain(&FREE).any(|known| plain == self::plain(known))
}

/// The words alone, small. What isn't ASCII counts, whatever it is, but for the sign of a copyright.
fn plain(words: &str) -> String {
    let is_sign = |c: char| c.is_ascii() && !c.is_ascii_alphanumeric() || c == '©';
    let is_year = |word: &str| {
        word.len() == 4
            && (word.starts_with("19") || word.starts_with("20"))
            && word.bytes().all(|b| b.is_ascii_digit())
    };
    let counts = |word: &&str| !word.is_empty() && !is_year(word) && !word.eq_ignore_ascii_case("c");
    words.split(is_sign).filter(counts).collect::<Vec<_>>().join(" ").to_ascii_lowercase()
}
