//! The chunks of a PNG, as they stand in the file.

pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// One chunk of a PNG.
#[derive(Clone, Copy)]
pub(super) struct Chunk<'a> {
    pub kind: [u8; 4],
    pub data: &'a [u8],
    /// With its length, kind and checksum.
    pub whole: &'a [u8],
}

impl Chunk<'_> {
    /// Whether the picture can be drawn without it.
    pub fn is_ancillary(&self) -> bool {
        // A bit of the letter, and of whatever stands in a letter's place.
        self.kind[0] & 0x20 != 0
    }

    pub fn has_right_checksum(&self) -> bool {
        self.whole.ends_with(&checksum(self.kind, self.data))
    }

    /// What it is called, harmless to show.
    pub fn name(&self) -> String {
        self.kind.escape_ascii().to_string()
    }
}

/// The chunks of a PNG in their order, up to its end or to where it is cut off; none if it isn't one.
#[derive(Clone)]
pub(super) struct Chunks<'a> {
    /// What wasn't read yet.
    pub rest: &'a [u8],
    /// Whether the chunk that ends the picture was read.
    pub ended: bool,
}

pub(super) fn of(png: &[u8]) -> Chunks<'_> {
    Chunks { rest: png.strip_prefix(SIGNATURE).unwrap_or_default(), ended: false }
}

/// Whether there is more than one picture, or one that isn't where pictures stand.
pub(super) fn is_animation(png: &[u8]) -> bool {
    of(png).any(|chunk| match (&chunk.kind, chunk.data) {
        (b"fdAT", _) => true,
        (b"acTL", [a, b, c, d, _, _, _, _]) => u32::from_be_bytes([*a, *b, *c, *d]) > 1,
        _ => false,
    })
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let head = self.rest.first_chunk::<8>().filter(|_| !self.ended)?;
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let kind = [head[4], head[5], head[6], head[7]];
        let (whole, rest) = self.rest.split_at_checked(length.checked_add(12)?)?;
        self.rest = rest;
        self.ended = kind == *b"IEND";
        Some(Chunk { kind, data: &whole[8..8 + length], whole })
    }
}

/// Puts a chunk behind what was written so far.
pub(super) fn write(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    out.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend(kind);
    out.extend(data);
    out.extend(checksum(kind, data));
}

fn checksum(kind: [u8; 4], data: &[u8]) -> [u8; 4] {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&kind);
    sum.update(data);
    sum.finalize().to_be_bytes()
}
