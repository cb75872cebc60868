//! EXIF, as far as it matters here: which way up a picture is, and what it tells about people. Nothing is believed: offsets
//! and counts are a stranger's.

use super::finding::Finding;
use super::orientation::Orientation;

/// More entries than any camera writes aren't read.
const MOST_ENTRIES: usize = 512;

mod tag {
    pub(super) const MAKE: u16 = 0x010f;
    pub(super) const MODEL: u16 = 0x0110;
    pub(super) const ORIENTATION: u16 = 0x0112;
    pub(super) const SOFTWARE: u16 = 0x0131;
    pub(super) const DATE_TIME: u16 = 0x0132;
    pub(super) const ARTIST: u16 = 0x013b;
    pub(super) const HOST: u16 = 0x013c;
    pub(super) const COPYRIGHT: u16 = 0x8298;
    pub(super) const EXIF: u16 = 0x8769;
    pub(super) const GPS: u16 = 0x8825;
    pub(super) const DATE_TIME_ORIGINAL: u16 = 0x9003;
    pub(super) const XP_AUTHOR: u16 = 0x9c9d;
    pub(super) const OWNER: u16 = 0xa430;
    pub(super) const SERIAL: u16 = 0xa431;
}

/// A directory entry: what it is, and its value's bytes.
struct Entry<'a> {
    tag: u16,
    kind: u16,
    count: u32,
    value: &'a [u8],
}

struct Tiff<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl<'a> Tiff<'a> {
    fn new(bytes: &'a [u8]) -> Option<Self> {
        let little = bytes.starts_with(b"II*\0");
        (little || bytes.starts_with(b"MM\0*")).then_some(Self { bytes, little })
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let two = self.bytes.get(at..)?.first_chunk()?;
        Some(if self.little { u16::from_le_bytes(*two) } else { u16::from_be_bytes(*two) })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let four = self.bytes.get(at..)?.first_chunk()?;
        Some(if self.little { u32::from_le_bytes(*four) } else { u32::from_be_bytes(*four) })
    }

    /// The entries of a directory, and where the next one stands.
    fn directory(&self, at: usize) -> (Vec<Entry<'a>>, usize) {
        let count = usize::from(self.u16(at).unwrap_or_default());
        let entries = (0..count.min(MOST_ENTRIES)).map_while(|n| self.entry(at.checked_add(2 + n * 12)?)).collect();
        let next = at.checked_add(2 + count * 12).and_then(|at| self.u32(at)).unwrap_or_default();
        (entries, next as usize)
    }

    fn entry(&self, at: usize) -> Option<Entry<'a>> {
        let (tag, kind, count) = (self.u16(at)?, self.u16(at + 2)?, self.u32(at + 4)?);
        let size = match kind {
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => 1,
        };
        let length = (count as usize).saturating_mul(size);
        let from = if length <= 4 { at + 8 } else { self.u32(at + 8)? as usize };
        let value = self.bytes.get(from..from.saturating_add(length)).unwrap_or_default();
        Some(Entry { tag, kind, count, value })
    }

    fn pointer(&self, entry: &Entry<'_>) -> Option<usize> {
        let four = entry.value.first_chunk()?;
        Some(if self.little { u32::from_le_bytes(*four) } else { u32::from_be_bytes(*four) } as usize)
    }
}

/// How EXIF turns the picture, if it does.
pub(super) fn orientation(bytes: &[u8]) -> Option<Orientation> {
    let tiff = Tiff::new(bytes)?;
    let (entries, _) = tiff.directory(tiff.u32(4)? as usize);
    let entry = entries.iter().find(|e| e.tag == tag::ORIENTATION && e.kind == 3 && e.count == 1)?;
    let two = entry.value.first_chunk()?;
    Orientation::new(if tiff.little { u16::from_le_bytes(*two) } else { u16::from_be_bytes(*two) })
}

/// EXIF that says nothing but this.
pub(super) fn only(orientation: Orientation) -> Vec<u8> {
    let mut out = b"MM\0*\0\0\0\x08\0\x01".to_vec();
    out.extend(tag::ORIENTATION.to_be_bytes());
    out.extend([0, 3, 0, 0, 0, 1, 0, orientation.number(), 0, 0, 0, 0, 0, 0]);
    out
}

/// Whether EXIF says nothing but which way up the picture is.
pub(super) fn is_only_orientation(bytes: &[u8]) -> bool {
    let Some(orientation) = orientation(bytes) else { return false };
    let big = only(orientation);
    let little = || {
        let mut out = b"II*\0\x08\0\0\0\x01\0".to_vec();
        out.extend(tag::ORIENTATION.to_le_bytes());
        out.extend([3, 0, 1, 0, 0, 0, orientation.number(), 0, 0, 0, 0, 0, 0, 0]);
        out
    };
    bytes == big || bytes == little()
}

/// What EXIF tells that isn't the picture.
pub(super) fn findings(bytes: &[u8]) -> Vec<Finding> {
    let mut found = vec![Finding::Exif(bytes.len())];
    // Some write the mark of a JPEG's EXIF before it.
    let bytes = bytes.strip_prefix(b"Exif\0\0").unwrap_or(bytes);
    let Some(tiff) = Tiff::new(bytes) else { return found };
    let (mut entries, next) = tiff.directory(tiff.u32(4).unwrap_or_default() as usize);
    let below = entries.iter().find(|e| e.tag == tag::EXIF).and_then(|e| tiff.pointer(e));
    entries.extend(below.into_iter().flat_map(|at| tiff.directory(at).0));
    if let Some(place) = entries.iter().find(|e| e.tag == tag::GPS).and_then(|e| tiff.pointer(e)) {
        // Some cameras leave a directory of nothing but its version.
        let says_where = tiff.directory(place).0.iter().any(|e| e.tag != 0);
        found.extend(says_where.then_some(Finding::Place));
    }
    let latin = |value: &[u8]| String::from_utf8_lossy(value).trim_matches(['\0', ' ']).to_owned();
    let utf16 = |value: &[u8]| {
        let units: Vec<u16> = value.as_chunks::<2>().0.iter().map(|two| u16::from_le_bytes(*two)).collect();
        String::from_utf16_lossy(&units).trim_matches(['\0', ' ']).to_owned()
    };
    let text = |wanted: u16| entries.iter().find(|e| e.tag == wanted).map(|e| latin(e.value)).unwrap_or_default();
    for name in [tag::ARTIST, tag::COPYRIGHT, tag::OWNER, tag::HOST] {
        found.push(Finding::Name(text(name)));
    }
    let author = entries.iter().find(|e| e.tag == tag::XP_AUTHOR).map(|e| utf16(e.value));
    found.extend(author.map(Finding::Name));
    found.push(Finding::Device([tag::MAKE, tag::MODEL, tag::SERIAL].map(text).join(" ").trim().to_owned()));
    found.push(Finding::Software(text(tag::SOFTWARE)));
    let dated = [tag::DATE_TIME, tag::DATE_TIME_ORIGINAL].into_iter().any(|tag| !text(tag).is_empty());
    found.extend(dated.then_some(Finding::Time));
    // A second directory is of a picture as it was when the camera took it.
    let second = next > 0 && !tiff.directory(next).0.is_empty();
    found.extend(second.then_some(Finding::Preview));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_orientation_is_read_again() {
        for number in 2..=8 {
            let orientation = Orientation::new(number).unwrap();
            let exif = only(orientation);
            assert_eq!(super::orientation(&exif), Some(orientation));
            assert!(is_only_orientation(&exif));
            assert!(!is_only_orientation(&[exif, vec![0]].concat()));
        }
    }

    #[test]
    fn a_stranger_who_lies_about_offsets_is_survived() {
        let base = only(Orientation::new(6).unwrap());
        for at in 0..base.len() {
            for byte in [0, 1, 0x7f, 0xff] {
                let mut lies = base.clone();
                lies[at] = byte;
                let _ = (orientation(&lies), findings(&lies));
                let _ = (orientation(&base[..at]), findings(&base[..at]));
            }
        }
    }
}
