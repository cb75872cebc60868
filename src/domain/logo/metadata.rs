//! What a logo's file holds beside its picture, and the same file without it.
//!
//! Programs and phones write places, names, paths and earlier pictures into files whose owners mean to publish a picture. What
//! is kept is listed, and all else goes: chunks without which the pixels or their colors would be others. Their bytes stay.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::chunks::{self, Chunk, SIGNATURE};
use super::finding::Finding;
use super::profile::{Becomes, Traces};
use super::{display, exif, image_data, profile};
use crate::domain::{limits, text};

/// A logo that held more than its picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stripped {
    /// The file with nothing but the picture in it.
    pub bytes: Vec<u8>,
    /// What isn't in it any more; what matters most comes first.
    pub found: Vec<Finding>,
}

/// The same picture without anything else: the chunks that are kept stay byte by byte, but for a color profile that says more
/// than colors, and image data that holds more than the picture's rows. `None` where there is nothing else in the file, and where
/// it isn't a PNG up to its end.
///
/// Which way up the picture is said to be stays, as EXIF that says nothing more.
#[must_use]
pub fn strip(png: &[u8]) -> Option<Stripped> {
    let (header, data) = image_data::of(png);
    let rows = image_data::unpack(header, &data, limits::LOGO_ROOM);
    strip_of(png, rows.is_some_and(|rows| rows.alone))
}

/// The same of a file that is `alone` known to hold nothing behind its rows.
pub(super) fn strip_of(png: &[u8], alone: bool) -> Option<Stripped> {
    let mut chunks = chunks::of(png);
    let all: Vec<Chunk<'_>> = chunks.by_ref().collect();
    let (true, behind) = (chunks.ended, chunks.rest) else { return None };
    let pixels = all.iter().position(|c| c.kind == *b"IDAT").unwrap_or(all.len());
    let (header, data) = image_data::of(png);
    // What isn't whole is for the decoder to judge.
    let rows = match (!alone).then(|| image_data::look(header, &data)).flatten() {
        Some(image_data::Found::More(rows)) => Some(rows),
        _ => None,
    };
    let is_animation = chunks::is_animation(png);
    let keeps = |at: usize, chunk: &Chunk<'_>| match &chunk.kind {
        // An animation is refused as what it is; a single picture needs none of its clothes.
        b"acTL" | b"fcTL" | b"fdAT" => is_animation,
        b"tRNS" => {
            all.iter().position(|c| c.kind == chunk.kind) == Some(at) && is_of_length(chunk, &all[..at], header.get(9))
        }
        // Where each pixel has its own color it only advises.
        b"PLTE" => header.get(9) == Some(&3),
        b"eXIf" => exif::is_only_orientation(chunk.data) && first(&all, chunk) == Some(at),
        _ if !chunk.is_ancillary() => true,
        _ => at < pixels && display::is_about_display(chunk) && first(&all, chunk) == Some(at),
    };
    let mut kept: Vec<bool> = all.iter().enumerate().map(|(at, chunk)| keeps(at, chunk)).collect();
    let mut gone = Gone::default();
    let mut cleaned: Option<Vec<u8>> = None;
    if let Some(at) = all.iter().zip(&kept).position(|(chunk, kept)| *kept && chunk.kind == *b"iCCP") {
        let (becomes, traces) = profile::cleaned(all[at].data);
        match becomes {
            Becomes::Same => {}
            Becomes::Other(data) => cleaned = Some(data),
            Becomes::Nothing => kept[at] = false,
        }
        gone.take_traces(traces);
    }
    if behind.is_empty() && rows.is_none() && cleaned.is_none() && kept.iter().all(|kept| *kept) {
        return None;
    }
    // It stays where it stood: some viewers read it there, some don't.
    let exif = all.iter().position(|c| c.kind == *b"eXIf").filter(|at| !kept[*at]);
    let turned = exif.and_then(|at| Some((at, exif::orientation(all[at].data)?)));
    let mut bytes = Vec::with_capacity(png.len());
    bytes.extend(SIGNATURE);
    for (at, (chunk, kept)) in all.iter().zip(kept).enumerate() {
        if let Some((_, orientation)) = turned.filter(|(place, _)| *place == at) {
            chunks::write(&mut bytes, *b"eXIf", &exif::only(orientation));
        }
        match (kept, &rows) {
            (true, _) if chunk.kind == *b"iCCP" => match &cleaned {
                Some(data) => chunks::write(&mut bytes, *b"iCCP", data),
                None => bytes.extend(chunk.whole),
            },
            // It is taken already.
            (false, _) if chunk.kind == *b"iCCP" && first(&all, chunk) == Some(at) && at < pixels => {}
            (true, Some(rows)) if at == pixels => chunks::write(&mut bytes, *b"IDAT", &rows.data),
            (true, Some(_)) if chunk.kind == *b"IDAT" => {}
            (true, _) => bytes.extend(chunk.whole),
            (false, _) => gone.take(chunk),
        }
    }
    let behind = behind.len() + rows.map_or(0, |rows| rows.behind);
    Some(Stripped { bytes, found: gone.findings(behind) })
}

/// Where the first chunk of this kind stands, of those that are as long as they can be.
fn first(all: &[Chunk<'_>], like: &Chunk<'_>) -> Option<usize> {
    all.iter().position(|c| c.kind == like.kind && (c.kind == *b"eXIf" || display::is_about_display(c)))
}

/// Whether what is transparent is said in as many bytes as the kind of picture has: viewers pass over anything else. A palette
/// stands before.
fn is_of_length(transparent: &Chunk<'_>, before: &[Chunk<'_>], color: Option<&u8>) -> bool {
    let colors = before.iter().find(|c| c.kind == *b"PLTE").map_or(0, |palette| palette.data.len() / 3);
    match (color, transparent.data.len()) {
        (Some(0), length) => length == 2,
        (Some(2), length) => length == 6,
        (Some(3), length) => (1..=colors).contains(&length),
        _ => false,
    }
}

/// The file with what is transparent as viewers see it, and the decoder wouldn't: they pass over a chunk that isn't as long as that has
/// to be, and of a gray over bits that pixels don't have.
pub(super) fn as_viewers_see(png: &[u8]) -> Cow<'_, [u8]> {
    let all: Vec<Chunk<'_>> = chunks::of(png).collect();
    let header = |at| all.first().and_then(|header| header.data.get(at)).copied();
    let (depth, color) = (header(8), header(9));
    let seen = |at: usize| -> Option<Cow<'_, [u8]>> {
        let chunk = &all[at];
        let gray = match (&chunk.kind, depth, color) {
            (b"tRNS", ..) if !is_of_length(chunk, &all[..at], color.as_ref()) => return None,
            (b"tRNS", Some(depth @ (1 | 2 | 4)), Some(0)) => chunk.data.get(1).map(|gray| gray & ((1 << depth) - 1)),
            _ => None,
        };
        let Some(gray) = gray.filter(|gray| chunk.data != [0, *gray]) else { return Some(chunk.whole.into()) };
        let mut masked = Vec::new();
        chunks::write(&mut masked, chunk.kind, &[0, gray]);
        Some(masked.into())
    };
    let seen: Vec<_> = (0..all.len()).map(seen).collect();
    if seen.iter().all(|chunk| matches!(chunk, Some(Cow::Borrowed(_)))) {
        return Cow::Borrowed(png);
    }
    Cow::Owned([SIGNATURE, &seen.into_iter().flatten().collect::<Vec<_>>().concat()].concat())
}

/// Of what one color profile says, so much is told: it may say the same in forty languages.
const MOST_WORDS: usize = 4;

/// What was taken out so far.
#[derive(Default)]
struct Gone {
    found: BTreeSet<Finding>,
    text: usize,
    /// Whether there is more text than was looked at.
    more: bool,
    kinds: BTreeSet<String>,
    other: usize,
}

impl Gone {
    fn take(&mut self, chunk: &Chunk<'_>) {
        match &chunk.kind {
            b"eXIf" => self.found.extend(exif::findings(chunk.data)),
            b"tIME" => drop(self.found.insert(Finding::Time)),
            b"tEXt" | b"zTXt" | b"iTXt" => self.take_text(chunk),
            _ => {
                self.kinds.insert(chunk.name());
                self.other += chunk.data.len();
            }
        }
    }

    /// What a color profile told.
    fn take_traces(&mut self, traces: Traces) {
        for words in &traces.words {
            self.found.extend(path_in(words).map(Finding::Path));
        }
        self.found.extend(traces.words.into_iter().take(MOST_WORDS).map(Finding::Profile));
        self.found.extend(traces.dated.then_some(Finding::Time));
        self.kinds.extend(traces.kinds);
        self.other += traces.other;
    }

    fn take_text(&mut self, chunk: &Chunk<'_>) {
        let (key, rest) = split(chunk.data);
        let key = String::from_utf8_lossy(key).trim().to_lowercase();
        let value = match (&chunk.kind, rest) {
            (b"zTXt", [_, packed @ ..]) => self.unpacked(packed),
            (b"iTXt", [packed, _, rest @ ..]) => {
                let (_, rest) = split(rest);
                let (_, rest) = split(rest);
                if *packed == 1 { self.unpacked(rest) } else { rest.to_vec() }
            }
            _ => rest.to_vec(),
        };
        // What can't be unpacked is there all the same.
        let length = if value.is_empty() { rest.len() } else { value.len() };
        let text = match std::str::from_utf8(&value) {
            Ok(text) => text.to_owned(),
            // Latin-1, as the format has it.
            Err(_) => value.iter().map(|byte| char::from(*byte)).collect(),
        };
        let short = || shown(&text);
        match key.as_str() {
            "author" | "artist" | "copyright" | "creator" | "owner" | "by-line" => {
                self.found.insert(Finding::Name(short()));
            }
            "software" => drop(self.found.insert(Finding::Software(short()))),
            "creation time" | "modification time" | "create-date" | "modify-date" | "timestamp" => {
                self.found.insert(Finding::Time);
            }
            key if key.starts_with("date:") => drop(self.found.insert(Finding::Time)),
            key if key.starts_with("raw profile type") => {
                self.text += length;
                self.take_profile(&text);
            }
            key => {
                self.text += length;
                if key.contains("gps") || key == "location" {
                    self.found.insert(Finding::Place);
                }
                self.take_xmp(&text);
            }
        }
        self.found.extend(path_in(&text).map(Finding::Path));
    }

    /// At most as much as is looked at; a file of a few bytes can unpack to any number.
    fn unpacked(&mut self, packed: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(limits::LOGO_TEXT + 1);
        let _ = flate2::Decompress::new(true).decompress_vec(packed, &mut out, flate2::FlushDecompress::Finish);
        self.more |= out.len() > limits::LOGO_TEXT;
        out.truncate(limits::LOGO_TEXT);
        out
    }

    /// EXIF as hexadecimal digits in a text, as some programs keep it.
    fn take_profile(&mut self, text: &str) {
        let digits: Vec<u8> = text.lines().skip(3).flat_map(str::bytes).filter(u8::is_ascii_hexdigit).collect();
        let value = |digit: u8| char::from(digit).to_digit(16).and_then(|d| u8::try_from(d).ok()).unwrap_or_default();
        let bytes: Vec<u8> =
            digits.as_chunks::<2>().0.iter().map(|[high, low]| value(*high) << 4 | value(*low)).collect();
        if bytes.starts_with(b"Exif\0\0") {
            self.found.extend(exif::findings(&bytes));
        }
        self.take_xmp(&String::from_utf8_lossy(&bytes));
    }

    fn take_xmp(&mut self, text: &str) {
        if text.contains("GPSLatitude") || text.contains("GPSCoordinates") {
            self.found.insert(Finding::Place);
        }
        for tag in ["dc:creator", "dc:rights", "photoshop:Credit", "xmpRights:Owner", "pdf:Author"] {
            self.found.extend(xmp_value(text, tag).map(Finding::Name));
        }
        self.found.extend(xmp_value(text, "xmp:CreatorTool").map(Finding::Software));
        if text.contains("xmp:CreateDate") || text.contains("xmp:ModifyDate") {
            self.found.insert(Finding::Time);
        }
    }

    fn findings(mut self, behind: usize) -> Vec<Finding> {
        self.found.extend((self.text > 0).then_some(Finding::Text(self.text, self.more)));
        self.found.extend((!self.kinds.is_empty()).then_some(Finding::Other(self.kinds, self.other)));
        self.found.extend((behind > 0).then_some(Finding::Behind(behind)));
        let tidy = |finding: Finding| match finding {
            Finding::Name(words) => Finding::Name(shown(&words)),
            Finding::Device(words) => Finding::Device(shown(&words)),
            Finding::Software(words) => Finding::Software(shown(&words)),
            Finding::Profile(words) => Finding::Profile(shown(&words)),
            other => other,
        };
        let says = |finding: &Finding| !matches!(finding, Finding::Name(w) | Finding::Profile(w) | Finding::Device(w) | Finding::Software(w) if w.is_empty());
        let told: BTreeSet<Finding> = self.found.into_iter().map(tidy).filter(says).collect();
        let mut found: Vec<Finding> = told.into_iter().collect();
        if found.is_empty() {
            // Such as a text that says nothing.
            found.push(Finding::Text(0, false));
        }
        found
    }
}

/// What stands before the first zero, and behind it.
fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    let at = memchr::memchr(0, bytes);
    at.map_or((bytes, &[]), |at| (&bytes[..at], &bytes[at + 1..]))
}

/// Harmless, and no longer than a line has room for.
fn shown(words: &str) -> String {
    const MOST: usize = 60;
    let line = text::one_line(words);
    let line = line.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    let mut out = text::visible(text::beginning(line, MOST));
    if line.chars().count() > MOST {
        out.push('…');
    }
    out
}

/// The first value of a property in XMP, as an element or as an attribute.
fn xmp_value(text: &str, property: &str) -> Option<String> {
    let (_, behind) = text.split_once(property)?;
    let value = match behind.trim_start().strip_prefix('=') {
        Some(quoted) => {
            let quote = quoted.trim_start().chars().next()?;
            quoted.trim_start().get(1..)?.split(quote).next()?
        }
        None => {
            let element = behind.split(&format!("</{property}")).next()?;
            element
                .split('>')
                .skip(1)
                .map(|part| part.split('<').next().unwrap_or_default().trim())
                .find(|v| !v.is_empty())?
        }
    };
    Some(shown(value)).filter(|value| !value.is_empty())
}

/// A path on somebody's machine.
fn path_in(text: &str) -> Option<String> {
    let windows = text.match_indices(":\\").filter_map(|(at, _)| {
        let drive = text[..at].char_indices().next_back().filter(|(_, c)| c.is_ascii_alphabetic())?;
        Some(drive.0)
    });
    let shares = text.match_indices("\\\\").map(|(at, _)| at);
    let others = ["/Users/", "/home/", "file:///"].into_iter().filter_map(|start| text.find(start));
    let at = windows.chain(others).min().or_else(|| shares.min())?;
    let path = text[at..].split(['"', '\'', '<', '>', '|', '\n', '\r', '\0', ';', '&']).next()?;
    Some(shown(path))
}
