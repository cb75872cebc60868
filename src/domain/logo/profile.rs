//! A color profile in a PNG: the numbers that say which colors are meant stay, and what tells whose machine it was made on goes.

use std::collections::BTreeSet;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use super::profile_words::is_standard;
use crate::domain::limits;

/// What a chunk is called whose own name says something.
const NAME: &[u8] = b"icc";
/// Header and number of tags.
const HEAD: usize = 132;
/// Signature, offset and size of one.
const ROW: usize = 12;
/// What stands behind packed bytes, to see whether they are whole.
const SUM: usize = 4;

/// Tags by which colors are computed.
const COLORS: [&[u8; 4]; 36] = [
    b"wtpt", b"bkpt", b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"chad", b"chrm", b"lumi",
    b"meas", b"tech", b"view", b"cicp", b"gamt", b"pre0", b"pre1", b"pre2", b"A2B0", b"A2B1", b"A2B2", b"A2B3",
    b"B2A0", b"B2A1", b"B2A2", b"B2A3", b"D2B0", b"D2B1", b"D2B2", b"D2B3", b"B2D0", b"B2D1", b"B2D2", b"B2D3",
];
/// What such a tag is made of.
const NUMBERS: [&[u8; 4]; 15] = [
    b"XYZ ", b"curv", b"para", b"sf32", b"uf32", b"mft1", b"mft2", b"mAB ", b"mBA ", b"mpet", b"chrm", b"meas",
    b"view", b"sig ", b"cicp",
];
/// Tags in which standard profiles have words.
const TEXTS: [&[u8; 4]; 6] = [b"desc", b"dscm", b"cprt", b"dmnd", b"dmdd", b"vued"];

/// What a chunk with a profile becomes.
pub(super) enum Becomes {
    Same,
    Other(Vec<u8>),
    /// It holds no profile, so no viewer heeds it.
    Nothing,
}

/// What a profile tells beside colors.
#[derive(Debug, Default)]
pub(super) struct Traces {
    pub words: BTreeSet<String>,
    /// Tags that no color depends on.
    pub kinds: BTreeSet<String>,
    /// How many bytes they have.
    pub other: usize,
    pub dated: bool,
}

/// Whether a chunk holds a profile.
pub(super) fn is_whole(chunk: &[u8]) -> bool {
    Packed::of(chunk).is_some()
}

/// A chunk without what no color depends on. The words of standard profiles stay, and a profile that has nothing else stays
/// byte by byte.
pub(super) fn cleaned(chunk: &[u8]) -> (Becomes, Traces) {
    let mut traces = Traces::default();
    let (name, _) = chunk.split_at(chunk.iter().position(|byte| *byte == 0).unwrap_or(chunk.len()));
    let named = latin(name);
    let is_named = !is_standard(&named);
    if is_named {
        traces.words.insert(named);
    }
    let Some(packed) = Packed::of(chunk) else {
        traces.kinds.insert("iCCP".into());
        traces.other = chunk.len();
        return (Becomes::Nothing, traces);
    };
    let profile = without_traces(&packed.profile, &mut traces);
    if packed.behind > 0 {
        traces.kinds.insert("iCCP".into());
        traces.other += packed.behind;
    }
    if !is_named && profile.is_none() && packed.behind == 0 {
        return (Becomes::Same, traces);
    }
    let data = match (profile, packed.alone) {
        (None, Some(data)) => data.to_vec(),
        (profile, _) => match pack(&profile.unwrap_or(packed.profile)) {
            Some(data) => data,
            None => return (Becomes::Nothing, traces),
        },
    };
    let name = if is_named { NAME } else { name };
    (Becomes::Other([name, &[0, 0], &data].concat()), traces)
}

/// A profile as a chunk holds it.
struct Packed<'a> {
    /// Compressed, where that holds nothing else.
    alone: Option<&'a [u8]>,
    /// As long as it says.
    profile: Vec<u8>,
    /// How many bytes stand behind it, packed with it or not; its sum, where it is another's.
    behind: usize,
}

impl<'a> Packed<'a> {
    /// `None` where a reader of profiles would take it for none. They read as much as the profile says that it has, and what comes
    /// behind that, its sum too, they don't look at.
    fn of(chunk: &'a [u8]) -> Option<Self> {
        let name = chunk.iter().position(|byte| *byte == 0)?;
        let [0, 0, data @ ..] = &chunk[name..] else { return None };
        let mut profile = Vec::with_capacity(limits::PROFILE.min(data.len().saturating_mul(8)).max(1));
        let mut state = Decompress::new(true);
        let is_faulty = loop {
            let read = usize::try_from(state.total_in()).ok()?;
            match state.decompress_vec(data.get(read..)?, &mut profile, FlushDecompress::Finish) {
                Ok(Status::StreamEnd) => break false,
                // With another's sum, at best.
                Err(_) => break true,
                // Cut off before its sum, at best.
                Ok(_) if profile.len() < profile.capacity() => break false,
                Ok(_) if profile.len() > limits::PROFILE => break true,
                Ok(_) => profile.reserve(profile.len()),
            }
        };
        let length = number(&profile, 0).filter(|length| (HEAD..=limits::PROFILE).contains(length))?;
        let more = profile.len().checked_sub(length)?;
        profile.truncate(length);
        if profile.get(36..40)? != b"acsp" || tags(&profile).is_none() {
            return None;
        }
        let (packed, rest) = data.split_at_checked(usize::try_from(state.total_in()).ok()?)?;
        let sum = if more == 0 && is_faulty { SUM } else { 0 };
        let alone = (more + sum == 0).then_some(packed);
        Some(Self { alone, profile, behind: more + rest.len() + sum })
    }
}

fn pack(profile: &[u8]) -> Option<Vec<u8>> {
    // What can't be packed grows by less than this.
    let mut packed = Vec::with_capacity(profile.len() + profile.len() / 100 + 1_024);
    let status = Compress::new(Compression::best(), true).compress_vec(profile, &mut packed, FlushCompress::Finish);
    (status.ok()? == Status::StreamEnd).then_some(packed)
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?)).ok()
}

/// One row of the table of tags, and where it leads.
#[derive(Clone, Copy)]
struct Tag {
    name: [u8; 4],
    from: usize,
    to: usize,
}

/// All of them; `None` where one leads out of the profile, and where they are more than any has.
fn tags(profile: &[u8]) -> Option<Vec<Tag>> {
    let count = number(profile, HEAD - 4).filter(|count| *count <= limits::PROFILE_TAGS)?;
    let rows = profile.get(HEAD..HEAD.checked_add(count.checked_mul(ROW)?)?)?;
    let tag = |row: &[u8]| {
        let (name, from) = (*row.first_chunk()?, number(row, 4)?);
        let to = from.checked_add(number(row, 8)?).filter(|to| *to <= profile.len())?;
        Some(Tag { name, from, to })
    };
    rows.chunks_exact(ROW).map(tag).collect()
}

/// What becomes of a tag.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Stays,
    /// Profiles have to have one.
    Blank,
    Goes,
}

/// The same profile with numbers and the words of standard profiles only; `None` where it has nothing else. What stays stands
/// where it stood.
fn without_traces(profile: &[u8], traces: &mut Traces) -> Option<Vec<u8>> {
    let tags = tags(profile)?;
    let table = HEAD + tags.len() * ROW;
    let fates: Vec<Fate> = tags.iter().map(|tag| fate(profile, tag, traces)).collect();
    let mut stays = vec![false; profile.len()];
    stays[..table].fill(true);
    for (tag, _) in tags.iter().zip(&fates).filter(|(_, fate)| **fate == Fate::Stays) {
        stays[tag.from..tag.to].fill(true);
    }
    let mut known = stays.clone();
    for tag in &tags {
        known[tag.from..tag.to].fill(true);
    }
    let between = between(profile, &known);
    // Reserved, but for profiles of spectra.
    let reserved = if profile[8] < 5 { 100..128 } else { 0..0 };
    let hidden = profile[reserved.clone()].iter().filter(|byte| **byte != 0).count() + between;
    if hidden > 0 {
        traces.kinds.insert("iCCP".into());
        traces.other += hidden;
    }
    if hidden == 0 && fates.iter().all(|fate| *fate == Fate::Stays) {
        return None;
    }
    traces.dated |= profile[24..36].iter().any(|byte| *byte != 0);
    let mut out: Vec<u8> = profile.iter().zip(&stays).map(|(byte, stays)| if *stays { *byte } else { 0 }).collect();
    // When, by whose device, and the sum of what was.
    for range in [24..36, 48..56, 84..100, reserved] {
        out[range].fill(0);
    }
    let mut rows: Vec<u8> = Vec::new();
    for (tag, fate) in tags.iter().zip(&fates) {
        match fate {
            Fate::Stays => {}
            // What it shares with numbers stays theirs.
            Fate::Blank if !stays[tag.from..tag.to].contains(&true) => {
                let Some(empty) = blank(&profile[tag.from..tag.to]) else { continue };
                out[tag.from..tag.from + empty.len()].copy_from_slice(empty);
            }
            Fate::Blank | Fate::Goes => continue,
        }
        let row = [tag.name.as_slice(), &word(tag.from), &word(tag.to - tag.from)].concat();
        rows.extend(row);
    }
    out[HEAD - 4..HEAD].copy_from_slice(&word(rows.len() / ROW));
    rows.resize(tags.len() * ROW, 0);
    out[HEAD..table].copy_from_slice(&rows);
    Some(out)
}

/// A number as profiles have it; what was read from one fits.
fn word(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes()
}

/// How many bytes stand between the tags. Up to three in a row only fill it up to a whole word.
fn between(profile: &[u8], known: &[bool]) -> usize {
    let (mut found, mut at) = (0, 0);
    for run in known.chunk_by(|one, next| one == next) {
        let bytes = &profile[at..at + run.len()];
        at += run.len();
        if run.len() > 3 && run.first() == Some(&false) {
            found += bytes.iter().filter(|byte| **byte != 0).count();
        }
    }
    found
}

fn fate(profile: &[u8], tag: &Tag, traces: &mut Traces) -> Fate {
    let bytes = &profile[tag.from..tag.to];
    let made_of = |kinds: &[&[u8; 4]]| bytes.first_chunk::<4>().is_some_and(|kind| kinds.contains(&kind));
    if COLORS.contains(&&tag.name) && made_of(&NUMBERS) {
        return Fate::Stays;
    }
    let words = words(bytes);
    let unknown: Vec<&String> = words.iter().flatten().filter(|words| !is_standard(words)).collect();
    if TEXTS.contains(&&tag.name) && words.is_some() && unknown.is_empty() {
        return Fate::Stays;
    }
    let tells = !unknown.is_empty();
    traces.words.extend(unknown.into_iter().cloned());
    if !tells {
        traces.kinds.insert(format!("iCCP {}", tag.name.escape_ascii()));
        traces.other += bytes.len();
    }
    if matches!(&tag.name, b"desc" | b"cprt") { Fate::Blank } else { Fate::Goes }
}

/// The words of a tag; `None` where it isn't a text, or holds more.
fn words(tag: &[u8]) -> Option<Vec<String>> {
    let (kind, body) = (tag.first_chunk::<4>()?, tag.get(8..).filter(|body| body.len() <= limits::PROFILE_WORDS)?);
    match kind {
        b"text" => Some(vec![latin(body)]),
        b"desc" => {
            let (ascii, rest) = body.get(4..)?.split_at_checked(number(body, 0)?)?;
            let wide = number(rest, 4).and_then(|letters| rest.get(8..)?.get(..letters.checked_mul(2)?));
            let behind = rest.get(8 + wide.map_or(0, <[u8]>::len)..).unwrap_or_default();
            // A code, a length, then words of the old Macintosh.
            Some(vec![latin(ascii), utf16(wide.unwrap_or_default()), latin(behind.get(3..).unwrap_or_default())])
        }
        b"mluc" => {
            let (records, size) = (number(body, 0)?, number(body, 4)?);
            let table = body.get(8..8_usize.checked_add(records.checked_mul(12)?)?).filter(|_| size == 12)?;
            let mut rest = tag.to_vec();
            rest[..16 + table.len()].fill(0);
            let mut all = Vec::new();
            for row in table.chunks_exact(12) {
                let (length, from) = (number(row, 4)?, number(row, 8)?);
                let range = from..from.checked_add(length)?;
                all.push(utf16(tag.get(range.clone())?));
                rest[range].fill(0);
            }
            rest.iter().all(|byte| *byte == 0).then_some(all)
        }
        _ => None,
    }
}

/// A text of the same kind that says nothing, no longer than this tag.
fn blank(tag: &[u8]) -> Option<&'static [u8]> {
    let empty: &[u8] = match tag.first_chunk::<4>()? {
        b"desc" => b"desc\0\0\0\0\0\0\0\x01\0",
        b"mluc" => b"mluc\0\0\0\0\0\0\0\0\0\0\0\x0c",
        _ => b"text\0\0\0\0\0",
    };
    Some(empty).filter(|empty| empty.len() <= tag.len())
}

fn latin(bytes: &[u8]) -> String {
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    text.trim_matches('\0').to_owned()
}

fn utf16(bytes: &[u8]) -> String {
    let letters = bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair));
    let text: String =
        char::decode_utf16(letters).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    text.trim_matches('\0').to_owned()
}
