//! Logos: what a PNG must be like, judged by its content. Bounded before it is decoded.

mod downscale;
pub(crate) mod normalize;
pub(crate) mod perceptual_hash;
pub(crate) mod pixels;

use std::fmt;

/// What `[logo]` in `program.toml` asks for. Lengths in pixels, sizes in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Limits {
    /// A larger file is refused.
    pub max_bytes: u32,
    /// A logo with a shorter side is refused.
    pub min_side: u32,
    /// A logo with a longer side is refused.
    pub max_side: u32,
    /// A side below this is remarked upon.
    pub warn_min_side: u32,
    /// A side above this is remarked upon.
    pub warn_max_side: u32,
    /// Ink across less than this share of the canvas is remarked upon.
    pub min_ink_percent: u32,
}

impl Limits {
    /// The widest that any program may set: what is outside isn't decoded at all.
    pub const ANY: Self = Self {
        max_bytes: 10 * 1024 * 1024,
        min_side: 1,
        max_side: 2_500,
        warn_min_side: 1,
        warn_max_side: 2_500,
        min_ink_percent: 0,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 200 * 1024,
            min_side: 64,
            max_side: 2_500,
            warn_min_side: 200,
            warn_max_side: 1_024,
            min_ink_percent: 15,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Measures {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Of the file, compressed as it is.
    pub bytes: usize,
    /// Share of the canvas that the smallest box around all ink takes, in percent, rounded.
    pub ink_percent: u32,
    pub transparent: bool,
}

impl fmt::Display for Measures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}×{} pixels, {} bytes, ink across {} % of the canvas",
            self.width, self.height, self.bytes, self.ink_percent
        )
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
}

fn unfit(why: impl Into<String>, hint: impl Into<String>) -> Unfit {
    Unfit { why: why.into(), hint: hint.into() }
}

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// What the first bytes say a file is, when it isn't a PNG.
fn kind_of(bytes: &[u8]) -> &'static str {
    match bytes {
        [] => "empty",
        // Xcode's own, which nothing else shows.
        [0x89, b'P', b'N', b'G', _, _, _, _, _, _, _, _, b'C', b'g', b'B', b'I', ..] => {
            "a PNG for Apple's devices alone (CgBI)"
        }
        bytes if bytes.starts_with(SIGNATURE) => "a PNG that is cut off in its header",
        bytes if bytes.starts_with(b"version https://git-lfs") => "a pointer that Git LFS leaves in a file's place",
        [b'%', b'P', b'D', b'F', ..] => "a PDF",
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => "a TIFF",
        [b'8', b'B', b'P', b'S', ..] => "a Photoshop file",
        [b'P', b'K', 3, 4, ..] => "a ZIP",
        [0, 0, 1, 0, ..] => "an ICO",
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', b'f' | b's', ..] => "an AVIF",
        [_, _, _, _, b'f', b't', b'y', b'p', b'h', b'e', ..]
        | [_, _, _, _, b'f', b't', b'y', b'p', b'm', b'i', b'f', b'1', ..] => "a HEIC",
        [0xff, 0xd8, 0xff, ..] => "a JPEG",
        [b'G', b'I', b'F', b'8', ..] => "a GIF",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "a WebP",
        [b'B', b'M', ..] => "a BMP",
        bytes => kind_of_text(bytes).unwrap_or("not a PNG"),
    }
}

/// What a text is, by its first words, behind marks and comments.
fn kind_of_text(bytes: &[u8]) -> Option<&'static str> {
    let beginning = String::from_utf8_lossy(&bytes[..bytes.len().min(4_096)]).to_ascii_lowercase();
    let beginning = beginning.trim_start_matches('\u{feff}').trim_start();
    beginning.starts_with('<').then_some(())?;
    if beginning.contains("<svg") || beginning.contains("<!doctype svg") {
        Some("an SVG")
    } else {
        (beginning.contains("<html") || beginning.contains("<!doctype html")).then_some("a web page")
    }
}

/// What to do with a file that isn't a PNG.
fn remedy(kind: &str) -> &'static str {
    match kind {
        "empty" | "a PNG that is cut off in its header" => "export the logo again, as a PNG",
        "a pointer that Git LFS leaves in a file's place" => "fetch the file itself with git lfs pull",
        "a PNG for Apple's devices alone (CgBI)" => "export it outside of Xcode",
        "a web page" => "link the image itself, not the page that shows it",
        "an SVG" | "a PDF" | "a Photoshop file" => "export it as a PNG, 500 to 1,000 pixels wide",
        "a ZIP" => "take the PNG out of it",
        _ => "save it as a PNG",
    }
}

/// The width and height that a PNG's header claims.
fn header(bytes: &[u8]) -> Option<(u32, u32)> {
    let rest = bytes.strip_prefix(SIGNATURE)?.get(4..)?.strip_prefix(b"IHDR")?;
    let number = |at: usize| Some(u32::from_be_bytes(rest.get(at..at + 4)?.try_into().ok()?));
    Some((number(0)?, number(4)?))
}

/// A logo in a few words: `300×120 px, 12 kB`, by what its header claims.
#[must_use]
pub(crate) fn in_short(bytes: &[u8]) -> String {
    let size = match bytes.len() {
        few @ 0..1_000 => format!("{few} bytes"),
        many => format!("{} kB", many.div_ceil(1_000)),
    };
    match header(bytes) {
        Some((width, height)) => format!("{width}×{height} px, {size}"),
        None => format!("no PNG, {size}"),
    }
}

/// Two logos that differ, each in a few words.
#[must_use]
pub(crate) fn differing(old: &[u8], new: &[u8]) -> (String, String) {
    let (old, new) = (in_short(old), in_short(new));
    let alike = old == new;
    (old, if alike { format!("another picture, {new}") } else { new })
}

/// Judges a logo: its measures and remarks, or why it can't be one. Reads the header first and decodes only what is
/// within the limits, so that a small file can't ask for much memory.
///
/// # Errors
/// When it isn't a whole PNG, or is outside the limits.
pub fn inspect(bytes: &[u8], limits: &Limits) -> Result<(Measures, Vec<String>), Unfit> {
    let Some((width, height)) = header(bytes) else {
        let kind = kind_of(bytes);
        return Err(match kind {
            "empty" | "a PNG that is cut off in its header" => unfit(format!("the file is {kind}"), remedy(kind)),
            kind => unfit(format!("the file is {kind}, whatever its name says"), remedy(kind)),
        });
    };
    if bytes.len() > limits.max_bytes as usize {
        return Err(unfit(
            format!("it has {} bytes, more than {}", bytes.len(), limits.max_bytes),
            "make it smaller or compress it, for example with oxipng or pngquant",
        ));
    }
    let (short, long) = (width.min(height), width.max(height));
    if long > limits.max_side {
        return Err(unfit(
            format!("it is {width}×{height} pixels, and no side may be over {}", limits.max_side),
            "scale it down; 500 to 1,000 pixels look good",
        ));
    }
    if short < limits.min_side {
        return Err(unfit(
            format!("it is {width}×{height} pixels, and no side may be under {}", limits.min_side),
            "export it larger; 500 to 1,000 pixels look good",
        ));
    }
    if height > 2 * width || width > 5 * height {
        return Err(unfit(format!("it is {width}×{height} pixels, outside 1:2 to 5:1"), "trim or pad it"));
    }
    let Seen { ink, transparent, pale } = decode(bytes)?;
    let pixels = u64::from(width) * u64::from(height);
    let ink_percent = u32::try_from((ink * 100 + pixels / 2) / pixels).unwrap_or(100);
    let measures = Measures { width, height, bytes: bytes.len(), ink_percent, transparent };
    let mut remarks = remarks(&measures, limits);
    if pale {
        remarks.push(
            "nearly all of its ink is nearly white: it can't be seen on a white card; use the dark variant".into(),
        );
    }
    Ok((measures, remarks))
}

fn remarks(m: &Measures, limits: &Limits) -> Vec<String> {
    let mut out = Vec::new();
    let (short, long) = (m.width.min(m.height), m.width.max(m.height));
    if long > limits.warn_max_side {
        out.push(format!("a side is over {} pixels: larger than any page shows", limits.warn_max_side));
    }
    if short < limits.warn_min_side {
        out.push(format!("a side is under {} pixels: it may look blurred", limits.warn_min_side));
    }
    if u64::from(m.width) * 2 > u64::from(m.height) * 7 {
        out.push("it is wider than 3.5:1: it will look small on a card".into());
    }
    if !m.transparent {
        out.push("it has no transparency: it will show as a box in dark mode".into());
    }
    if m.ink_percent < limits.min_ink_percent {
        out.push(format!("its ink takes only {} % of the canvas: trim the empty margin", m.ink_percent));
    }
    out
}

/// What is seen of a logo once it is decoded.
struct Seen {
    /// How many pixels the smallest box around all ink has.
    ink: u64,
    /// Whether any pixel is.
    transparent: bool,
    /// Whether it shows on dark grounds only.
    pale: bool,
}

/// From this value on a channel is nearly white.
const NEARLY_WHITE: u8 = 235;

/// Decodes the whole image, checksums included.
fn decode(bytes: &[u8]) -> Result<Seen, Unfit> {
    let broken = |e: &dyn fmt::Display| unfit(format!("the PNG is damaged: {e}"), "export it again");
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(
        png::Transformations::EXPAND | png::Transformations::STRIP_16 | png::Transformations::ALPHA,
    );
    decoder.set_limits(png::Limits { bytes: 64 * 1024 * 1024 });
    decoder.set_ignore_text_chunk(true);
    if has_broken_palette(bytes) {
        return Err(broken(&"its palette isn't of whole colors"));
    }
    let mut reader = decoder.read_info().map_err(|e| broken(&e))?;
    if reader.info().animation_control().is_some() {
        return Err(unfit("it is an animated PNG", "save a single still image"));
    }
    let size = reader.output_buffer_size().ok_or_else(|| broken(&"it is too large"))?;
    let mut pixels = vec![0; size];
    let frame = reader.next_frame(&mut pixels).map_err(|e| broken(&e))?;
    reader.finish().map_err(|e| broken(&e))?;
    if let Some(why) = chunk_fault(bytes) {
        return Err(unfit(format!("the PNG is damaged: {why}"), "export it again"));
    }
    let channels = frame.color_type.samples();
    let mut transparent = false;
    let (mut inked, mut white) = (0_u64, 0_u64);
    let (mut left, mut right, mut top, mut bottom) = (usize::MAX, 0, usize::MAX, 0);
    for (y, row) in pixels.chunks_exact(frame.line_size).take(frame.height as usize).enumerate() {
        for (x, pixel) in row.chunks_exact(channels).enumerate() {
            let alpha = pixel[channels - 1];
            transparent |= alpha < u8::MAX;
            // Faint shadows and anti-aliased dust aren't ink.
            if alpha > 8 {
                inked += 1;
                white += u64::from(pixel[..channels - 1].iter().all(|channel| *channel >= NEARLY_WHITE));
                (left, right, top, bottom) = (left.min(x), right.max(x), top.min(y), y);
            }
        }
    }
    let ink = if left > right { 0 } else { (right - left + 1) as u64 * (bottom - top + 1) as u64 };
    // One in twenty may be an edge or a speck.
    Ok(Seen { ink, transparent, pale: transparent && inked > 0 && white * 20 >= inked * 19 })
}

/// Takes the first chunk off: its kind, what is in it, and its checksum. `None` where it is cut off.
fn take_chunk<'a>(rest: &mut &'a [u8]) -> Option<(&'a [u8], &'a [u8], &'a [u8])> {
    let (head, tail) = rest.split_at_checked(8)?;
    let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
    let (data, tail) = tail.split_at_checked(length)?;
    let (crc, tail) = tail.split_at_checked(4)?;
    *rest = tail;
    Some((&head[4..], data, crc))
}

/// Whether a palette isn't of whole colors: the decoder panics on that (image-png's issue 694).
fn has_broken_palette(bytes: &[u8]) -> bool {
    let mut rest = bytes.strip_prefix(SIGNATURE).unwrap_or_default();
    let mut chunks = std::iter::from_fn(|| take_chunk(&mut rest));
    chunks.any(|(kind, data, _)| kind == b"PLTE" && data.len() % 3 != 0)
}

/// What stands behind the image could be anything; nothing may. And every chunk's checksum must be right: decoders skip
/// those of chunks they don't use.
fn chunk_fault(bytes: &[u8]) -> Option<String> {
    let mut rest = bytes.strip_prefix(SIGNATURE)?;
    loop {
        let Some((kind, data, crc)) = take_chunk(&mut rest) else { return Some("it is cut off".into()) };
        let mut sum = crc32fast::Hasher::new();
        sum.update(kind);
        sum.update(data);
        if sum.finalize().to_be_bytes() != crc {
            let kind = String::from_utf8_lossy(kind);
            return Some(format!("the checksum of a {} chunk is wrong", kind.escape_default()));
        }
        if kind == b"acTL" {
            return Some("it is animated".into());
        }
        if kind == b"IEND" {
            return (!rest.is_empty()).then(|| format!("{} bytes stand behind its end", rest.len()));
        }
    }
}
