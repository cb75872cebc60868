//! What `[logo]` asks for, what is measured, and what is said where that doesn't fit.

use std::fmt;

use crate::domain::limits;

/// What `[logo]` in `program.toml` asks for. Lengths in pixels, sizes in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Limits {
    /// A larger file is refused.
    pub max_bytes: u32,
    /// A logo with a shorter side is refused.
    pub min_side: u32,
    /// A logo with a longer side is refused.
    pub max_side: u32,
    /// A logo of more pixels is refused.
    pub max_pixels: u32,
    /// A logo that is more than so many times as wide as high is refused.
    pub max_ratio: u32,
    /// A logo that is more than so many times as high as wide is refused.
    pub max_tall_ratio: u32,
    /// A side below this is remarked upon.
    pub warn_min_side: u32,
    /// A side above this is remarked upon.
    pub warn_max_side: u32,
    /// Ink across less than this share of the canvas is remarked upon.
    pub min_ink_percent: u32,
}

impl Limits {
    /// The widest that any program may set: every part draws what is within, and what is outside isn't decoded at all.
    pub const ANY: Self = Self {
        max_bytes: limits::LOGO_BYTES,
        min_side: 1,
        max_side: limits::LOGO_SIDE,
        max_pixels: limits::LOGO_PIXELS,
        max_ratio: limits::LOGO_RATIO,
        max_tall_ratio: limits::LOGO_TALL_RATIO,
        warn_min_side: 1,
        warn_max_side: limits::LOGO_SIDE,
        min_ink_percent: 0,
    };
}

impl Limits {
    /// Where no logo could be within all of these, or each would be remarked upon; with what to do.
    #[must_use]
    pub(crate) fn contradictions(&self) -> Vec<(&'static str, &'static str)> {
        let square = u64::from(self.min_side).pow(2);
        let mut out = Vec::new();
        if self.min_side > self.max_side {
            out.push((tr!("min_side is greater than max_side"), tr!("swap them")));
        } else if square > u64::from(self.max_pixels) {
            out.push((tr!("max_pixels is less than min_side times min_side"), tr!("raise max_pixels")));
        }
        if self.max_bytes < limits::LEAST_LOGO_BYTES {
            out.push((tr!("max_bytes is less than 1,024, and hardly a logo has so few"), tr!("raise max_bytes")));
        }
        if self.warn_min_side > self.warn_max_side {
            out.push((tr!("warn_min_side is greater than warn_max_side"), tr!("swap them")));
        } else if self.warn_min_side > self.max_side {
            out.push((
                tr!("warn_min_side is greater than max_side: every logo would be remarked upon"),
                tr!("lower warn_min_side"),
            ));
        } else if self.warn_max_side < self.min_side {
            out.push((
                tr!("warn_max_side is less than min_side: every logo would be remarked upon"),
                tr!("raise warn_max_side"),
            ));
        }
        out
    }

    /// What a logo has to be, as whoever gives one reads it.
    #[must_use]
    pub fn in_words(&self) -> String {
        tr!(
            "{min_side} to {max_side} pixels a side, at most {max_bytes} KiB",
            min_side = self.min_side,
            max_side = self.max_side,
            max_bytes = self.max_bytes / 1024
        )
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: limits::USUAL_LOGO_BYTES,
            min_side: 64,
            max_side: 2_500,
            max_pixels: 2_500 * 2_500,
            max_ratio: 5,
            max_tall_ratio: 2,
            warn_min_side: 200,
            warn_max_side: 1_024,
            min_ink_percent: 15,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Measures {
    /// In pixels, as it is shown.
    pub width: u32,
    /// In pixels, as it is shown.
    pub height: u32,
    /// Of the file, compressed as it is.
    pub bytes: usize,
    /// Share of the canvas that the smallest box around all ink takes, in percent, rounded.
    pub ink_percent: u32,
    pub transparent: bool,
}

impl fmt::Display for Measures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { width, height, bytes, ink_percent, .. } = self;
        f.write_str(&tr!(
            "{width}×{height} pixels, {bytes} bytes, ink across {ink_percent} % of the canvas",
            width,
            height,
            bytes,
            ink_percent
        ))
    }
}

/// Why a file can't be a partner's logo.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Unfit {
    /// What is wrong with it, as a clause.
    pub why: String,
    /// What to do about it, as an order.
    pub hint: String,
    /// Whether it is a picture all the same, which viewers show.
    pub is_shown: bool,
}

pub(super) fn unfit(why: impl Into<String>, hint: impl Into<String>) -> Unfit {
    Unfit { why: why.into(), hint: hint.into(), is_shown: true }
}

/// The same of what no viewer shows, or not whole.
pub(super) fn damaged(why: impl Into<String>, hint: impl Into<String>) -> Unfit {
    Unfit { is_shown: false, ..unfit(why, hint) }
}
