//! What a logo's file holds beside the picture: told, taken out where that is agreed to, and never a pixel or a color with it.

use std::io::Write as _;

use karmada_partner::domain::logo::finding::in_words;
use karmada_partner::domain::logo::metadata::strip;
use proptest::prelude::*;

use crate::env::TestEnv;
use crate::picture::png;
use crate::terminal::Terminal;

type Chunk = ([u8; 4], Vec<u8>);

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

fn written(chunks: &[Chunk]) -> Vec<u8> {
    let mut out = SIGNATURE.to_vec();
    for (kind, data) in chunks {
        out.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        let chunk = [&kind[..], data].concat();
        out.extend(&chunk);
        out.extend(crc32fast::hash(&chunk).to_be_bytes());
    }
    out
}

fn chunks(png: &[u8]) -> Vec<Chunk> {
    let mut rest = png.strip_prefix(SIGNATURE).unwrap();
    let mut out = Vec::new();
    while !rest.is_empty() {
        let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
        out.push((rest[4..8].try_into().unwrap(), rest[8..8 + length].to_vec()));
        rest = &rest[length + 12..];
    }
    out
}

/// A picture with these chunks before its pixels, and these behind them.
pub fn holding(picture: &[u8], before: &[(&[u8; 4], &[u8])], behind: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let own = |list: &[(&[u8; 4], &[u8])]| list.iter().map(|(kind, data)| (**kind, data.to_vec())).collect::<Vec<_>>();
    let mut all = chunks(picture);
    let end = all.len() - 1;
    all.splice(end..end, own(behind));
    all.splice(1..1, own(before));
    written(&all)
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// EXIF with a place, a name, a camera, a small picture of before; and turned, if a number says how.
pub fn exif(turned: u16) -> Vec<u8> {
    let mut out = b"MM\0*\0\0\0\x08\0\x04".to_vec();
    let entry = |out: &mut Vec<u8>, tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        out.extend([&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat());
    };
    // The first directory ends at 62.
    entry(&mut out, 0x010f, 2, 5, 62_u32.to_be_bytes());
    entry(&mut out, 0x0112, 3, 1, [turned.to_be_bytes()[0], turned.to_be_bytes()[1], 0, 0]);
    entry(&mut out, 0x013b, 2, 9, 67_u32.to_be_bytes());
    entry(&mut out, 0x8825, 4, 1, 76_u32.to_be_bytes());
    out.extend(94_u32.to_be_bytes());
    out.extend(b"Acme\0Jane Doe\0\0\x01\0\x02\0\x05\0\0\0\x03\0\0\0\0\0\0\0\0");
    out.extend(b"\0\x01\x02\x01\0\x04\0\0\0\x01\0\0\0\0\0\0\0\0");
    out
}

const XMP: &[u8] = b"XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta><rdf:Description xmp:CreatorTool=\"Draw 9\">\
    <dc:creator><rdf:Seq><rdf:li>Joe Bloggs</rdf:li></rdf:Seq></dc:creator>\
    <xmpMM:from>C:\\Users\\joe\\logo.psd</xmpMM:from></rdf:Description></x:xmpmeta>";

/// A logo as a phone and three programs leave it.
fn telling() -> Vec<u8> {
    let long = [b"Comment\0\0".to_vec(), zlib(&vec![b'x'; 147_000])].concat();
    holding(
        &png(300, 200),
        &[
            (b"gAMA", &45_455_u32.to_be_bytes()),
            (b"eXIf", &exif(1)),
            (b"iTXt", XMP),
            (b"zTXt", &long),
            (b"iDOT", &[7; 28]),
        ],
        &[(b"tIME", &[7, 234, 1, 2, 3, 4, 5]), (b"tEXt", b"Author\0M\xfcller")],
    )
}

fn said(png: &[u8]) -> String {
    strip(png).map(|stripped| in_words(&stripped.found)).unwrap_or_default()
}

#[test]
fn what_a_file_tells_is_said_in_words() {
    assert_eq!(
        said(&telling()),
        "a place (GPS), a name: Jane Doe, a name: Joe Bloggs, a name: Müller, a path: C:\\Users\\joe\\logo.psd, \
         the device: Acme, a small picture of how it was before, when it was made, the program: Draw 9, 148 kB of text, \
         112 bytes of EXIF, 28 bytes that no viewer shows (iDOT)"
    );
    let plain = png(300, 200);
    assert_eq!(strip(&plain), None);
    // An earlier, larger file that was written over from its beginning.
    let behind = [plain.clone(), vec![9; 31_000]].concat();
    assert_eq!(said(&behind), "31 kB behind the picture's end");
    assert_eq!(strip(&behind).unwrap().bytes, plain);
    let bomb = [b"Comment\0\0".to_vec(), zlib(&vec![b'x'; 3_000_000])].concat();
    assert_eq!(said(&holding(&plain, &[(b"zTXt", &bomb)], &[])), "over 1049 kB of text");
    // As ImageMagick keeps EXIF.
    let mut raw = b"Raw profile type exif\0\0".to_vec();
    let hexadecimal: String =
        [b"Exif\0\0".to_vec(), exif(1)].concat().iter().map(|byte| format!("{byte:02x}")).collect();
    raw.extend(zlib(format!("\nexif\n     118\n{hexadecimal}\n").as_bytes()));
    assert!(said(&holding(&plain, &[(b"zTXt", &raw)], &[])).starts_with("a place (GPS), a name: Jane Doe, "));
    let broken = b"XML:com.adobe.xmp\0\x01\0\0\0no packed text".as_slice();
    assert_eq!(said(&holding(&plain, &[(b"iTXt", broken)], &[])), format!("{} bytes of text", broken.len() - 18));
    // What no viewer can take for anything it draws, by its name or its length; and a single picture in an animation's clothes.
    let frame = [0_u32.to_be_bytes(), 300_u32.to_be_bytes(), 200_u32.to_be_bytes(), [0; 4], [0; 4]].concat();
    let frame = [frame, vec![0, 1, 0, 10, 0, 0]].concat();
    let one = [1_u32.to_be_bytes(), [0; 4]].concat();
    for hidden in [
        &[(b"1234", b"secret".as_slice())][..],
        &[(b"acTL", b"secret")],
        &[(b"acTL", &one), (b"fcTL", &frame)],
        &[(b"fcTL", &frame)],
    ] {
        let held = holding(&plain, hidden, &[]);
        assert_eq!(strip(&held).map(|stripped| stripped.bytes), Some(plain.clone()), "{hidden:?}");
    }
    // What a terminal must not be sent isn't.
    let hostile = holding(&plain, &[(b"tEXt", b"Author\0\x1b[2JJane\x07")], &[]);
    assert_eq!(said(&hostile), "a name: <U+001B>[2JJane<U+0007>");
}

#[test]
fn which_way_up_it_is_stays_and_nothing_else_of_exif() {
    let minimal = |number: u8| {
        let mut exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([number, 0, 0, 0, 0, 0, 0]);
        exif
    };
    for (number, kept) in [(1, None), (6, Some(minimal(6))), (9, None)] {
        for late in [false, true] {
            let exif = exif(number);
            let chunk: &[(&[u8; 4], &[u8])] = &[(b"eXIf", &exif)];
            let logo = if late { holding(&png(300, 200), &[], chunk) } else { holding(&png(300, 200), chunk, &[]) };
            let bytes = strip(&logo).unwrap().bytes;
            let all = chunks(&bytes);
            let place = all.iter().position(|(kind, _)| kind == b"eXIf");
            assert_eq!(place.map(|at| all[at].1.clone()), kept, "{number}");
            // Browsers read it before the pixels only: it stays on its side of them, and no viewer shows it otherwise.
            assert!(place.is_none_or(|at| late != (at < all.iter().position(|(kind, _)| kind == b"IDAT").unwrap())));
            assert_eq!(strip(&bytes), None);
        }
    }
}

/// The picture's own decoder passes over it, and everybody can read it.
#[test]
fn what_stands_behind_the_last_row_goes() {
    let secret = vec![b's'; 12_000];
    for laced in [0, 1] {
        let (width, height) = (300_usize, 200);
        let header = [&300_u32.to_be_bytes()[..], &200_u32.to_be_bytes(), &[8, 6, 0, 0, laced]].concat();
        let sizes = match laced {
            0 => vec![(width, height)],
            _ => vec![(38, 25), (37, 25), (75, 25), (75, 50), (150, 50), (150, 100), (300, 100)],
        };
        let rows: Vec<u8> = sizes
            .iter()
            .flat_map(|(width, height)| {
                std::iter::repeat_n([vec![0], [9, 120, 60, 255].repeat(*width)].concat(), *height)
            })
            .flatten()
            .collect();
        let file = |data: &[&[u8]]| {
            let mut all: Vec<Chunk> = vec![(*b"IHDR", header.clone())];
            all.extend(data.iter().map(|data| (*b"IDAT", data.to_vec())));
            all.push((*b"IEND", Vec::new()));
            written(&all)
        };
        let plain = zlib(&rows);
        let whole = file(&[&plain]);
        assert_eq!(strip(&whole), None, "{laced}");
        assert_eq!(strip(&file(&[&plain[..20], &[], &plain[20..]])), None, "in pieces");
        let more_rows = zlib(&[&rows[..], &secret].concat());
        let kinds: [(&str, Vec<&[u8]>); 4] = [
            ("in the same chunk", vec![&plain, &secret]),
            ("one byte", vec![&plain, &secret[..1]]),
            ("in one of its own", vec![&plain[..20], &plain[20..], &secret]),
            ("as further rows", vec![&more_rows]),
        ];
        for (kind, data) in kinds {
            let joined = if kind == "in the same chunk" { file(&[&data.concat()]) } else { file(&data) };
            assert!(said(&joined).contains("behind the picture's end"), "{kind}: {}", said(&joined));
            let stripped = strip(&joined).unwrap().bytes;
            assert_eq!(decoded(&stripped), decoded(&whole), "{kind}");
            assert_eq!(strip(&stripped), None, "{kind}");
            assert!(stripped.len() < whole.len() + 100, "{kind}: {} bytes", stripped.len());
        }
    }
    // A palette where no pixel asks for one.
    let advises = holding(&png(300, 200), &[(b"PLTE", &[b's'; 600])], &[]);
    assert_eq!(said(&advises), "600 bytes that no viewer shows (PLTE)");
}

/// Viewers pass over what is transparent where it is said in another length than the kind of picture has; anything fits in there.
#[test]
fn what_is_transparent_hides_nothing() {
    let picture = |color: u8, depth: u8, palette: usize, transparent: &[u8]| {
        let row = if color == 6 { 4 } else { 1 };
        let header = [&1_u32.to_be_bytes()[..], &1_u32.to_be_bytes(), &[depth, color, 0, 0, 0]].concat();
        let mut all: Vec<Chunk> = vec![(*b"IHDR", header)];
        if palette > 0 {
            all.push((*b"PLTE", vec![7; 3 * palette]));
        }
        all.push((*b"tRNS", transparent.to_vec()));
        all.push((*b"IDAT", zlib(&vec![0; 1 + row])));
        all.push((*b"IEND", Vec::new()));
        written(&all)
    };
    let says = |png: &[u8]| chunks(png).iter().any(|(kind, _)| kind == b"tRNS");
    for (color, palette, length) in [(6, 0, 2), (4, 0, 2), (0, 0, 8), (2, 0, 8), (3, 2, 3), (3, 2, 0)] {
        let told = strip(&picture(color, 8, palette, &vec![b'J'; length])).expect("it is taken out");
        assert!(!says(&told.bytes), "{color} {palette} {length}");
    }
    for (color, palette, length) in [(0, 0, 2), (3, 2, 1), (3, 2, 2)] {
        assert_eq!(strip(&picture(color, 8, palette, &vec![0; length])), None, "{color} {palette} {length}");
    }
}

#[test]
fn a_file_that_isnt_whole_is_left_to_be_judged() {
    let whole = telling();
    for end in (0..whole.len()).step_by(7) {
        assert_eq!(strip(&whole[..end]), None);
    }
}

/// Kind of colors, depth, whether interlaced, width, height.
fn forms() -> impl Strategy<Value = (u8, u8, bool, u32, u32)> {
    let kinds = prop_oneof![
        (Just(0_u8), prop::sample::select(vec![1_u8, 2, 4, 8, 16])),
        (Just(2_u8), prop::sample::select(vec![8_u8, 16])),
        (Just(3_u8), prop::sample::select(vec![1_u8, 2, 4, 8])),
        (Just(4_u8), prop::sample::select(vec![8_u8, 16])),
        (Just(6_u8), prop::sample::select(vec![8_u8, 16])),
    ];
    (kinds, any::<bool>(), 1_u32..20, 1_u32..20).prop_map(|((kind, depth), laced, w, h)| (kind, depth, laced, w, h))
}

/// How many bytes the rows take, each with its filter byte in front.
fn rows((kind, depth, laced, width, height): (u8, u8, bool, u32, u32)) -> Vec<usize> {
    let channels = match kind {
        2 => 3,
        4 => 2,
        6 => 4,
        _ => 1,
    };
    let row = |width: u32| (width as usize * channels * usize::from(depth)).div_ceil(8);
    let passes: &[(u32, u32, u32, u32)] = match laced {
        true => &[(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)],
        false => &[(0, 0, 1, 1)],
    };
    let pass = |(x, y, right, down): &(u32, u32, u32, u32)| {
        let (across, lines) = (width.saturating_sub(*x).div_ceil(*right), height.saturating_sub(*y).div_ceil(*down));
        let lines = if across == 0 { 0 } else { lines };
        vec![row(across); lines as usize]
    };
    passes.iter().flat_map(pass).collect()
}

/// As profiles before the fourth version have words.
fn desc(words: &str) -> Vec<u8> {
    let count = u32::try_from(words.len() + 1).unwrap().to_be_bytes();
    [&b"desc\0\0\0\0"[..], &count, words.as_bytes(), &[0; 79]].concat()
}

/// As those of the fourth do, in two languages.
fn mluc(words: &str) -> Vec<u8> {
    let letters: Vec<u8> = words.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let length = u32::try_from(letters.len()).unwrap().to_be_bytes();
    let row = |language: &[u8; 4]| [&language[..], &length, &40_u32.to_be_bytes()].concat();
    [&b"mluc\0\0\0\0\0\0\0\x02\0\0\0\x0c"[..], &row(b"enUS"), &row(b"deDE"), &letters].concat()
}

/// A profile with the numbers of one, and these tags between them.
fn profile(more: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let number = |name: &str, value: u8| (name.to_owned(), [&b"XYZ \0\0\0\0"[..], &[value; 12]].concat());
    let mut tags = vec![number("rXYZ", 1), number("gXYZ", 2)];
    tags.extend(more.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.clone())));
    tags.extend([number("bXYZ", 3), number("wtpt", 4), ("rTRC".into(), b"curv\0\0\0\0\0\0\0\x01\x02\x33".to_vec())]);
    let mut out = vec![0; 128];
    out[4..24].copy_from_slice(b"appl\x02\x40\0\0mntrRGB XYZ ");
    out[24..36].copy_from_slice(&[7, 230, 0, 5, 0, 6, 0, 7, 0, 8, 0, 9]);
    out[36..40].copy_from_slice(b"acsp");
    out[48..56].copy_from_slice(b"APPLc0de");
    out[84..100].copy_from_slice(&[0xaa; 16]);
    out.extend(u32::try_from(tags.len()).unwrap().to_be_bytes());
    let mut at = 132 + 12 * tags.len();
    for (name, bytes) in &tags {
        out.extend(name.as_bytes());
        out.extend([at, bytes.len()].iter().flat_map(|number| u32::try_from(*number).unwrap().to_be_bytes()));
        at += bytes.len().next_multiple_of(4);
    }
    for (_, bytes) in &tags {
        out.extend(bytes);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    let length = u32::try_from(out.len()).unwrap().to_be_bytes();
    out[..4].copy_from_slice(&length);
    out
}

fn profile_chunk(name: &str, profile: &[u8]) -> Vec<u8> {
    [name.as_bytes(), &[0, 0], &zlib(profile)].concat()
}

/// The tags of a profile; none where it is none.
fn tags(profile: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let number = |at: usize| u32::from_be_bytes(profile[at..at + 4].try_into().unwrap()) as usize;
    if profile.get(36..40) != Some(b"acsp") || number(0) != profile.len() {
        return None;
    }
    let tag = |index: usize| {
        let at = 132 + 12 * index;
        let (from, size) = (number(at + 4), number(at + 8));
        (String::from_utf8_lossy(&profile[at..at + 4]).into_owned(), profile[from..from + size].to_vec())
    };
    Some((0..number(128)).map(tag).collect())
}

/// Its numbers by their tags, and of its head what counts.
type Meant = (Vec<(String, Vec<u8>)>, Vec<u8>);

/// What a profile says of colors: the numbers, the space, how it is used.
fn meant(profile: &[u8]) -> Option<Meant> {
    let numbers =
        tags(profile)?.into_iter().filter(|(_, bytes)| bytes.starts_with(b"XYZ ") || bytes.starts_with(b"curv"));
    Some((numbers.collect(), [&profile[4..24], &profile[36..48], &profile[56..84]].concat()))
}

/// What stands in the one profile of a file: its name, and itself.
fn profile_in(png: &[u8]) -> Option<(String, Vec<u8>)> {
    let (_, data) = chunks(png).into_iter().find(|(kind, _)| kind == b"iCCP")?;
    let name = data.iter().position(|byte| *byte == 0).unwrap();
    let mut out = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::ZlibDecoder::new(&data[name + 2..]), &mut out).unwrap();
    Some((String::from_utf8_lossy(&data[..name]).into_owned(), out))
}

/// A profile says which colors are meant, and whose screen it was made for: the one stays, the other goes.
#[test]
fn a_profiles_words_go_and_its_colors_stay() {
    let with = |name: &str, profile: &[u8]| holding(&png(300, 200), &[(b"iCCP", &profile_chunk(name, profile))], &[]);
    let standard = profile(&[
        ("cprt", b"text\0\0\0\0Copyright (c) 1998 Hewlett-Packard Company\0".to_vec()),
        ("desc", desc("sRGB IEC61966-2.1")),
        ("dmnd", desc("IEC http://www.iec.ch")),
        ("dscm", mluc("Display P3")),
    ]);
    // What everybody has stays byte by byte.
    for name in ["ICC Profile", "icc", "Photoshop ICC profile", "sRGB IEC61966-2.1", "kCGColorSpaceDisplayP3", "_"] {
        assert_eq!(strip(&with(name, &standard)), None, "{name}");
    }
    let named = strip(&with("Jane Doe's MacBook", &standard)).unwrap();
    assert_eq!(in_words(&named.found), "words of its color profile: Jane Doe's MacBook");
    assert_eq!(profile_in(&named.bytes), Some(("icc".to_owned(), standard.clone())));

    let own = profile(&[
        ("desc", desc("/Users/jane MacBook Air")),
        ("dscm", mluc("Jane Doe's screen")),
        ("cprt", b"text\0\0\0\0Copyright Apple Inc., 2026\0".to_vec()),
        ("dmnd", mluc("Jane & Co")),
        ("mmod", b"mmod\0\0\0\0C02XK1ZZJG5H".to_vec()),
        ("note", b"text\0\0\0\0Joe was here\0".to_vec()),
        // Words where numbers belong.
        ("lumi", b"text\0\0\0\0Room 12\0".to_vec()),
    ]);
    let stripped = strip(&with("ICC Profile", &own)).unwrap();
    assert_eq!(
        in_words(&stripped.found),
        "words of its color profile: /Users/jane MacBook Air, words of its color profile: Jane & Co, words of its color profile: \
         Jane Doe's screen, words of its color profile: Joe was here, a path: /Users/jane MacBook Air, when it was made, 20 bytes that \
         no viewer shows (iCCP mmod)"
    );
    let (name, clean) = profile_in(&stripped.bytes).unwrap();
    assert_eq!((name.as_str(), clean.len()), ("ICC Profile", own.len()));
    assert_eq!(meant(&clean), meant(&own));
    let left = String::from_utf8_lossy(&clean).replace('\0', "").to_lowercase();
    for gone in ["jane", "macbook", "c02xk", "joe", "room", "c0de"] {
        assert!(!left.contains(gone), "{gone}: {left}");
    }
    assert!(left.contains("copyright apple") && clean[84..100] == [0; 16], "{left}");
    let names: Vec<String> = tags(&clean).unwrap().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["rXYZ", "gXYZ", "desc", "cprt", "bXYZ", "wtpt", "rTRC"]);
    assert_eq!(strip(&stripped.bytes), None, "stripped twice is the same");
    assert_eq!(decoded(&stripped.bytes), decoded(&with("ICC Profile", &own)));
}

/// What stands where a profile does and is none, no viewer heeds; and what stands beside one, neither.
#[test]
fn what_is_no_profile_goes() {
    let sound = profile(&[("desc", desc("sRGB"))]);
    let file = |data: &[u8]| holding(&png(300, 200), &[(b"iCCP", data)], &[]);
    let other = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut profile = sound.clone();
        change(&mut profile);
        profile_chunk("icc", &profile)
    };
    assert_eq!(strip(&file(&other(&|_| ()))), None);
    for (what, data) in [
        ("zeros", profile_chunk("icc", &[0; 128])),
        ("no mark", other(&|p| p[36] = b'x')),
        ("shorter", other(&|p| p.truncate(p.len() - 1))),
        ("a tag outside", other(&|p| p[136] = 1)),
        ("more tags than fit", other(&|p| p[130] = 1)),
        ("nothing packed", b"icc\0\0".to_vec()),
        ("not packed", [&b"icc\0\0"[..], &sound].concat()),
        ("another packing", [&b"icc\0\x01"[..], &zlib(&sound)].concat()),
        ("cut off", other(&|_| ()).split_last_chunk::<9>().unwrap().0.to_vec()),
        ("more than anybody reads", profile_chunk("icc", &vec![0; 9_000_000])),
    ] {
        let stripped = strip(&file(&data)).unwrap_or_else(|| panic!("{what}"));
        assert_eq!(stripped.bytes, png(300, 200), "{what}");
        assert!(in_words(&stripped.found).ends_with("that no viewer shows (iCCP)"), "{what}: {:?}", stripped.found);
    }
    for (what, data) in [
        ("behind what is packed", [other(&|_| ()), b"Jane Doe".to_vec()].concat()),
        ("in reserved bytes", other(&|p| p[100..108].copy_from_slice(b"Jane Doe"))),
        ("longer than it says", other(&|p| p.extend(b"Jane Doe"))),
        (
            "between the tags",
            other(&|p| {
                p.extend(b"Jane Doe");
                let length = u32::try_from(p.len()).unwrap().to_be_bytes();
                p[..4].copy_from_slice(&length);
            }),
        ),
    ] {
        let stripped = strip(&file(&data)).unwrap_or_else(|| panic!("{what}"));
        assert!(
            in_words(&stripped.found).ends_with("8 bytes that no viewer shows (iCCP)"),
            "{what}: {:?}",
            stripped.found
        );
        let (_, clean) = profile_in(&stripped.bytes).unwrap();
        assert_eq!(meant(&clean), meant(&sound), "{what}");
        assert!(
            !String::from_utf8_lossy(&stripped.bytes).contains("Jane") && !clean.windows(4).any(|w| w == b"Jane"),
            "{what}"
        );
        assert_eq!(strip(&stripped.bytes), None, "{what}");
    }
    // By its sum no reader of profiles knows it; what can't be its sum goes.
    let (rest, sum) = other(&|_| ()).split_last_chunk::<4>().map(|(rest, sum)| (rest.to_vec(), *sum)).unwrap();
    assert_eq!(strip(&file(&rest)), None, "without a sum nothing else is there");
    let stripped = strip(&file(&[rest, sum.map(|byte| !byte).to_vec()].concat())).unwrap();
    assert_eq!(in_words(&stripped.found), "4 bytes that no viewer shows (iCCP)");
    assert_eq!(profile_in(&stripped.bytes), Some(("icc".to_owned(), sound.clone())));
    // What shares its place with numbers leaves them be.
    let mut shared = profile(&[("desc", desc("Jane Doe's screen"))]);
    let (desc, blue) = (132 + 12 * 2 + 4, 132 + 12 * 3 + 4);
    shared.copy_within(blue..blue + 8, desc);
    let stripped = strip(&file(&profile_chunk("icc", &shared))).unwrap();
    let (_, clean) = profile_in(&stripped.bytes).unwrap();
    let colors =
        |profile: &[u8]| tags(profile).unwrap().into_iter().filter(|(name, _)| name != "desc").collect::<Vec<_>>();
    assert_eq!(colors(&clean), colors(&shared));
    assert!(!clean.windows(4).any(|w| w == b"Jane") && strip(&stripped.bytes).is_none());
}

/// A chunk that may stand anywhere and isn't the picture.
fn litter() -> impl Strategy<Value = Chunk> {
    let bytes = || prop::collection::vec(any::<u8>(), 0..60);
    prop_oneof![
        bytes().prop_map(|text| (*b"tEXt", [b"Author\0".to_vec(), text].concat())),
        bytes().prop_map(|text| (*b"zTXt", [b"Comment\0\0".to_vec(), zlib(&text)].concat())),
        bytes().prop_map(|text| (*b"iTXt", [b"XML:com.adobe.xmp\0\0\0\0\0".to_vec(), text].concat())),
        bytes().prop_map(|data| (*b"prVt", data)),
        bytes().prop_map(|data| (*b"caBX", data)),
        Just((*b"tIME", vec![7, 234, 1, 2, 3, 4, 5])),
        (0_u16..10).prop_map(|number| (*b"eXIf", exif(number))),
        bytes().prop_map(|data| (*b"eXIf", data)),
    ]
}

/// Chunks that say which colors the numbers mean.
fn colors() -> impl Strategy<Value = Vec<Chunk>> {
    let all: Vec<Chunk> = vec![
        (*b"gAMA", 45_455_u32.to_be_bytes().to_vec()),
        (*b"cHRM", [31_270_u32, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000].map(u32::to_be_bytes).concat()),
        (*b"sRGB", vec![0]),
        (*b"cICP", vec![12, 13, 0, 1]),
        (*b"iCCP", profile_chunk("icc", &profile(&[("desc", desc("sRGB IEC61966-2.1"))]))),
        (
            *b"iCCP",
            profile_chunk(
                "Jane's MacBook",
                &profile(&[("desc", desc("/Users/jane")), ("mmod", b"mmod\0\0\0\0S/N".to_vec())]),
            ),
        ),
        (*b"iCCP", profile_chunk("icc", &[5; 200])),
    ];
    // One profile at most: of two, decoders heed none.
    let most = all.len();
    prop::sample::subsequence(all, 0..=most).prop_shuffle().prop_map(|mut chosen| {
        let mut profiles = 0;
        chosen.retain(|(kind, _)| {
            profiles += usize::from(kind == b"iCCP");
            kind != b"iCCP" || profiles == 1
        });
        chosen
    })
}

/// A whole PNG with any of them, and where its data are split.
fn pngs() -> impl Strategy<Value = Vec<u8>> {
    let more = || prop::collection::vec(litter(), 0..4);
    (
        forms(),
        any::<u64>(),
        (colors(), more(), more(), more()),
        any::<bool>(),
        1_usize..40,
        prop::collection::vec(any::<u8>(), 0..9),
    )
        .prop_map(|(form, seed, (colors, first, second, last), clear, split, behind)| {
            let (kind, depth, laced, width, height) = form;
            let mut noise = seed | 1;
            let mut next = move || {
                noise ^= noise << 13;
                noise ^= noise >> 7;
                noise ^= noise << 17;
                noise.to_le_bytes()[3]
            };
            let mut all: Vec<Chunk> = Vec::new();
            let header =
                [&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, kind, 0, 0, u8::from(laced)]].concat();
            all.push((*b"IHDR", header));
            all.extend(colors);
            all.extend(first);
            if kind == 3 {
                all.push((*b"PLTE", (0..3 << depth).map(|_| next()).collect()));
            }
            match (kind, clear) {
                (0, true) => all.push((*b"tRNS", vec![0, 1])),
                (2, true) => all.push((*b"tRNS", vec![0, 1, 0, 1, 0, 1])),
                (3, true) => all.push((*b"tRNS", vec![next(), next()])),
                _ => {}
            }
            all.push((*b"pHYs", vec![0, 0, 11, 18, 0, 0, 11, 18, 1]));
            all.extend(second);
            let mut data = Vec::new();
            for length in rows(form) {
                data.push(0);
                data.extend((0..length).map(|_| next()));
            }
            all.extend(zlib(&data).chunks(split).map(|part| (*b"IDAT", part.to_vec())));
            all.extend(last);
            all.push((*b"IEND", Vec::new()));
            [written(&all), behind].concat()
        })
}

/// Pixels as they are stored, and all that says how they are shown.
fn decoded(png: &[u8]) -> (Vec<u8>, String) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let info = reader.info();
    let shown = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        info.size(),
        info.palette,
        info.trns,
        info.gama_chunk,
        info.chrm_chunk,
        info.srgb,
        info.coding_independent_code_points,
        info.icc_profile.as_ref().and_then(|profile| meant(profile)),
        info.pixel_dims
    );
    (pixels, shown)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::env::much(200, 5_000)))]

    /// Whatever stands where: the pixels and their colors are what they were, the data byte by byte, and nothing else is left.
    #[test]
    fn no_pixel_and_no_color_goes_with_it(png in pngs()) {
        let stripped = strip(&png);
        let bytes = stripped.as_ref().map_or(&png, |stripped| &stripped.bytes);
        prop_assert_eq!(decoded(bytes), decoded(&png));
        prop_assert!(stripped.as_ref().is_none_or(|stripped| !stripped.found.is_empty()));
        prop_assert_eq!(strip(bytes), None, "stripped twice is the same");
        let before = {
            let end = png.windows(4).rposition(|four| four == b"IEND").unwrap();
            chunks(&png[..end + 8])
        };
        let after = chunks(bytes);
        for (kind, data) in &after {
            let known: &[&[u8; 4]] = &[
                b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"cICP", b"iCCP", b"pHYs", b"eXIf",
            ];
            prop_assert!(known.contains(&kind));
            prop_assert!(kind == b"eXIf" && data.len() == 26 || kind == b"iCCP" && data.starts_with(b"icc\0") || before.contains(&(*kind, data.clone())));
        }
        let only = |all: &[Chunk], wanted: &[u8; 4]| all.iter().filter(|(kind, _)| kind == wanted).cloned().collect::<Vec<_>>();
        prop_assert_eq!(only(&before, b"IDAT"), only(&after, b"IDAT"));
        // The first that says which way up it is counts.
        let turned = |all: &[Chunk]| only(all, b"eXIf").first().map(|(_, data)| data.clone()).filter(|d| d.starts_with(b"MM\0*")).map_or(0, |d| d[31]);
        let kept = only(&after, b"eXIf").first().map_or(0, |(_, data)| data[19]);
        let first = turned(&before);
        prop_assert_eq!(kept, if (2..=8).contains(&first) { first } else { 0 });
    }
}

const APPLY: [&str; 9] = [
    "apply",
    "--name",
    "Acme",
    "--website",
    "https://acme.example/karmada",
    "--github",
    "acme-bot",
    "--logo",
    "told.png",
];

fn stored(env: &TestEnv, branch: &str) -> Vec<u8> {
    env.plumb(&["show", &format!("{branch}:data/partners/acme/logo.png")], b"")
}

#[test]
fn apply_takes_it_out_and_says_so_and_keeps_it_when_told() {
    let env = TestEnv::with_registry();
    env.write("told.png", telling());
    let told = env.run(&[&APPLY[..], &["--yes"]].concat()).ok().stderr;
    assert!(
        told.contains("warning: logo: taken out of its file") && told.contains("a place (GPS), a name: Jane Doe"),
        "{told}"
    );
    let clean = strip(&telling()).unwrap().bytes;
    assert!(stored(&env, "apply/acme") == clean);
    // The same once more is nothing new: what is compared is what was published.
    assert!(env.run(&APPLY).ok().stdout.starts_with("Nothing to do"));

    let env = TestEnv::with_registry();
    env.write("told.png", telling());
    let told = env.run(&[&APPLY[..], &["--yes", "--keep-metadata"]].concat()).ok().stderr;
    assert!(told.contains("holds more than the picture, for everybody to read: a place (GPS)"), "{told}");
    assert!(stored(&env, "apply/acme") == telling());
    // Whoever decides sees it, too.
    let shown = env.run(&["review", "acme", "--as", "alice"]);
    assert!(shown.stdout.contains("a place (GPS)"), "{shown}");
    // What stands behind the end can't be kept.
    env.write("told.png", [png(300, 200), b"PK\x03\x04".to_vec()].concat());
    let refused = env.run(&["update", "acme", "--logo", "told.png", "--keep-metadata", "--as", "acme-bot"]).fails(2);
    assert!(refused.stderr.contains("4 bytes stand behind its end"), "{refused}");
    env.run(&["update", "acme", "--logo", "told.png", "--as", "acme-bot"]).ok().code.unwrap();
    assert!(stored(&env, "apply/acme") == png(300, 200));
}

#[test]
fn update_strips_and_judges_as_apply_does() {
    let env = TestEnv::with_partner();
    env.write("told.png", telling());
    let update = ["update", "acme", "--logo", "told.png", "--as", "acme-bot"];
    let told = env.run(&update).ok().stderr;
    assert!(told.contains("Logo: 300×200 pixels") && told.contains("taken out of its file"), "{told}");
    assert!(stored(&env, "apply/acme") == strip(&telling()).unwrap().bytes);
    // Larger than the program allows only by what goes.
    let heavy = holding(&png(300, 210), &[(b"prVt", &vec![1; 300_000])], &[]);
    env.write("told.png", &heavy);
    let told = env.run(&update).ok().stderr;
    assert!(told.contains("300 kB that no viewer shows (prVt)"), "{told}");
    let refused = env.run(&[&update[..], &["--keep-metadata"]].concat()).fails(2).stderr;
    assert!(refused.contains("more than 204800") && refused.contains("oxipng"), "{refused}");
    env.write("told.png", crate::picture::inked([255, 255, 255]));
    assert!(env.run(&update).ok().stderr.contains("can't be seen on a white card"));
}

#[test]
fn who_can_be_asked_is() {
    for (key, kept) in [("y", false), ("n", true)] {
        let env = TestEnv::with_registry();
        env.write("told.png", telling());
        env.write(
            "answers.toml",
            "schema = 1\nname = \"Acme\"\nwebsite = \"https://acme.example/karmada\"\ngithub = \"acme-bot\"\nlogo = \"told.png\"\n",
        );
        let mut terminal = Terminal::run(&env, &["apply", "--from", "answers.toml"]);
        terminal
            .shows("the logo's file holds: a place (GPS)")
            .shows("? Take that out before it is published?")
            .types(key);
        terminal.shows("? Send this application?").types("y").shows("Sent: Acme");
        assert_eq!(terminal.ends(), 0);
        let clean = strip(&telling()).unwrap().bytes;
        assert!(stored(&env, "apply/acme") == if kept { telling() } else { clean });
    }
}

#[test]
fn an_update_asks_once_and_keeps_what_was_answered() {
    let env = TestEnv::with_partner();
    env.write("told.png", telling());
    let mut terminal = Terminal::run(&env, &["update", "acme", "--as", "acme-bot"]);
    for label in [
        "? Name of the organization ›",
        "? Its name in Chinese",
        "? Website",
        "? GitHub ID",
        "? E-mail",
        "? One line",
        "? The same",
        "? Parent",
        "? Former",
        "? What do you offer?",
        "? Where?",
        "? In which languages?",
        "? What else",
    ] {
        terminal.answers(label, "");
    }
    terminal.answers("? Another logo", "told.png").shows("? Take that out before it is published?").types("n");
    terminal.shows("? Propose this change?").types("y");
    assert_eq!(terminal.ends(), 0);
    // The question, and the line that it leaves.
    assert_eq!(terminal.text().matches("Take that out").count(), 2, "{}", terminal.text());
    assert!(stored(&env, "apply/acme") == telling());

    let env = TestEnv::with_partner();
    env.write("told.png", telling());
    env.write("answers.toml", "schema = 1\nlogo = \"told.png\"\nkeep_metadata = true\n");
    env.run(&["update", "acme", "--from", "answers.toml", "--as", "acme-bot"]).ok().code.unwrap();
    assert!(stored(&env, "apply/acme") == telling());
}

#[test]
fn a_trial_asks_nobody() {
    let env = TestEnv::with_registry();
    env.write("told.png", telling());
    let tried = env.run_unagreed(&[&APPLY[..], &["--dry-run"]].concat()).ok();
    assert!(tried.stderr.contains("taken out of its file"), "{tried}");
}

#[test]
fn a_batch_tells_it_of_the_row() {
    let env = TestEnv::with_registry();
    env.write("told.png", telling());
    let row = r#"{"do": "apply", "name": "Acme", "website": "https://acme.example", "github": "acme-bot", "logo": "told.png", "as": "acme-bot"}"#;
    env.write("rows.jsonl", row);
    let done = env.run(&["batch", "rows.jsonl", "--yes"]).ok();
    assert!(done.stdout.contains("taken out of its file"), "{done}");
    assert!(stored(&env, "apply/acme") == strip(&telling()).unwrap().bytes);
    let env = TestEnv::with_registry();
    env.write("told.png", telling());
    env.write("rows.jsonl", row.replace("\"as\"", "\"keep_metadata\": true, \"as\""));
    env.run(&["batch", "rows.jsonl", "--yes"]).ok().code.unwrap();
    assert!(stored(&env, "apply/acme") == telling());
}

#[test]
fn imports_keep_their_bytes_and_tell_and_an_issue_is_an_application() {
    let env = TestEnv::with_registry();
    env.write("told.png", telling());
    env.write("partners.csv", "name,website,logo,github\nAcme,https://acme.example/,told.png,acme-bot\n");
    let told = env.run(&["import", "table", "partners.csv", "--as", "alice"]).ok().stderr;
    assert!(told.contains("stays as it is") && told.contains("karmada-partner update acme --logo FILE"), "{told}");
    assert!(stored(&env, "apply/acme") == telling());

    let env = TestEnv::with_registry();
    env.write("told.png", telling());
    let form = "### Org or company name\n\nAcme\n\n### Org or company Website\n\nhttps://acme.example/\n\n\
                ### Org or company logo\n\n_No response_\n\n### Contact me\n\nacme-bot";
    env.write("issue.md", form);
    let import = ["import", "issue", "issue.md", "--logo", "told.png", "--github", "acme-bot", "--as", "alice"];
    let told = env.run(&import).ok().stderr;
    assert!(told.contains("taken out of its file"), "{told}");
    assert!(stored(&env, "apply/acme") == strip(&telling()).unwrap().bytes);
}
