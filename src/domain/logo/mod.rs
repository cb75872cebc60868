//! Logos: what a PNG must be like, judged by its content. Bounded before it is decoded.

mod chunks;
mod damage;
mod display;
mod downscale;
mod exif;
pub(crate) mod file_kind;
pub mod finding;
mod hidden;
mod image_data;
mod inspect;
pub mod metadata;
pub(crate) mod normalize;
mod orientation;
pub(crate) mod outline;
mod paleness;
pub(crate) mod perceptual_hash;
pub(crate) mod pixels;
mod profile;
mod profile_words;
mod rules;
mod unpacked;

pub use self::inspect::inspect;
pub use self::rules::{Limits, Measures, Unfit};
