//! Logos: each case is a file that the test draws itself.

use karmada_partner::domain::logo::{Limits, inspect};

use crate::env::TestEnv;
use crate::picture::{animated, png};

/// A PNG header that claims a size, and nothing behind it.
fn header(width: u32, height: u32) -> Vec<u8> {
    let mut chunk = b"IHDR".to_vec();
    chunk.extend(width.to_be_bytes());
    chunk.extend(height.to_be_bytes());
    chunk.extend([8, 6, 0, 0, 0]);
    let mut out = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    out.extend(&chunk);
    out.extend(crc32fast::hash(&chunk).to_be_bytes());
    out
}

/// What `inspect` says against a file.
pub fn verdict(bytes: &[u8]) -> String {
    match inspect(bytes, &Limits::default()) {
        Ok((measures, remarks)) => format!("fits: {measures}; {}", remarks.join("; ")),
        Err(e) => e.why,
    }
}

#[test]
fn a_plain_png_fits_without_a_remark() {
    assert_eq!(
        verdict(&png(300, 200)),
        "fits: 300×200 pixels, 1000 bytes, ink across 100 % of the canvas; "
            .replace("1000", &png(300, 200).len().to_string())
    );
}

#[test]
fn what_is_no_png_is_named() {
    assert_eq!(verdict(b""), "the file is empty");
    assert_eq!(verdict(b"\xff\xd8\xff\xe1 a photo"), "the file is a JPEG, whatever its name says");
    assert_eq!(verdict(b"<svg xmlns='x'/>"), "the file is an SVG, whatever its name says");
    assert_eq!(verdict(b"hello"), "the file is a text, whatever its name says");
    assert_eq!(verdict(b"\x89PNG\r\n\x1a\n"), "the file is a PNG that is cut off in its header");
}

#[test]
fn sizes_are_judged_by_the_header_before_anything_is_decoded() {
    assert_eq!(verdict(&header(60_000, 60_000)), "it is 60000×60000 pixels, and no side may be over 2500");
    assert_eq!(verdict(&header(0, 300)), "it is 0×300 pixels, and no side may be under 64");
    assert_eq!(verdict(&header(64, 129)), "it is 64×129 pixels, outside 1:2 to 5:1");
    assert_eq!(verdict(&header(400, 64)), "it is 400×64 pixels, outside 1:2 to 5:1");
    let mut heavy = png(300, 300);
    heavy.resize(210_000, 0);
    assert_eq!(verdict(&heavy), "it has 210000 bytes, more than 204800");
}

#[test]
fn animation_and_damage_are_refused() {
    assert_eq!(verdict(&animated()), "it is an animated PNG");
    let whole = png(300, 300);
    assert!(
        verdict(&whole[..whole.len() - 30]).starts_with("the PNG is damaged"),
        "{}",
        verdict(&whole[..whole.len() - 30])
    );
    let mut wrong_sum = whole.clone();
    let data = wrong_sum.len() - 20;
    wrong_sum[data] ^= 1;
    assert!(verdict(&wrong_sum).starts_with("the PNG is damaged"), "{}", verdict(&wrong_sum));
    let mut trailing = whole;
    trailing.extend(b"<script>");
    assert_eq!(verdict(&trailing), "the picture is whole, and 8 bytes stand behind its end");
}

#[test]
fn every_single_byte_of_damage_is_survived() {
    let whole = png(64, 64);
    for at in 0..whole.len() {
        for bit in [1, 0x80] {
            let mut damaged = whole.clone();
            damaged[at] ^= bit;
            assert!(!verdict(&damaged).starts_with("fits"), "byte {at}");
        }
        assert!(!verdict(&whole[..at]).starts_with("fits"), "cut at {at}");
    }
}

/// A PNG of these chunks.
fn made_of(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in chunks {
        out.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        let whole = [&kind[..], data].concat();
        out.extend(&whole);
        out.extend(crc32fast::hash(&whole).to_be_bytes());
    }
    out
}

fn packed(rows: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows.len() + 1_000);
    let mut state = flate2::Compress::new(flate2::Compression::default(), true);
    state.compress_vec(rows, &mut out, flate2::FlushCompress::Finish).unwrap();
    out
}

/// What is wrong with a picture's data is told as what it is: by what decodes it, for whatever judges and whatever draws.
#[test]
fn each_damage_of_image_data_is_told_as_what_it_is() {
    const SIDE: usize = 80;
    let header = |interlaced: u8| [&[0, 0, 0, 80, 0, 0, 0, 80, 8, 6, 0, 0][..], &[interlaced]].concat();
    let row: Vec<u8> = std::iter::once(0).chain([30, 90, 200, 255].repeat(SIDE)).collect();
    let rows = row.repeat(SIDE);
    let of = |rows: &[u8], interlaced: u8| {
        made_of(&[(b"IHDR", &header(interlaced)), (b"IDAT", &packed(rows)), (b"IEND", b"")])
    };
    let says = |png: &[u8], why: &str| {
        let told = verdict(png);
        assert!(told.contains(why), "{told}: {why}");
    };
    assert!(verdict(&of(&rows, 0)).starts_with("fits"), "{}", verdict(&of(&rows, 0)));
    for filter in [5, 6, 127, 255] {
        let mut odd = rows.clone();
        odd[row.len() * 37] = filter;
        says(&of(&odd, 0), &format!("row 38 of its image data is filtered by {filter}, which PNG doesn't have"));
    }
    // 100 pixels in the first pass, ten rows of ten.
    let mut laced: Vec<u8> = Vec::new();
    for (across, down) in [(10, 10), (10, 10), (20, 10), (20, 20), (40, 20), (40, 40), (80, 40)] {
        let row: Vec<u8> = std::iter::once(0).chain([30, 90, 200, 255].repeat(across)).collect();
        laced.extend(row.repeat(down));
    }
    assert!(verdict(&of(&laced, 1)).starts_with("fits"), "{}", verdict(&of(&laced, 1)));
    laced[10 * 41] = 9;
    says(&of(&laced, 1), "row 11 of its image data is filtered by 9");
    says(&of(&rows[..row.len() * 79], 0), "its last rows are missing");
    says(&of(&rows[..rows.len() - 3], 0), "its last rows are missing");
    let mut unproved = packed(&rows);
    *unproved.last_mut().unwrap() ^= 1;
    let head = header(0);
    says(
        &made_of(&[(b"IHDR", &head), (b"IDAT", &unproved), (b"IEND", b"")]),
        "the checksum of its image data is wrong",
    );
    let whole = packed(&rows);
    for cut in 1..=4 {
        let data = &whole[..whole.len() - cut];
        says(&made_of(&[(b"IHDR", &head), (b"IDAT", data), (b"IEND", b"")]), "its image data ends without a checksum");
    }
    // In a chunk of its own, as encoders put it there where the one before is full.
    let (data, sum) = whole.split_at(whole.len() - 4);
    let parted = |sum: &[u8]| made_of(&[(b"IHDR", &head), (b"IDAT", data), (b"IDAT", sum), (b"IEND", b"")]);
    says(&parted(sum), "fits");
    says(&parted(&[1, 2, 3, 4]), "the checksum of its image data is wrong");
    let (start, end) = whole.split_at(50);
    for (chunks, why) in [
        (
            &[(b"IHDR", &head[..]), (b"IDAT", start), (b"tEXt", b"a\0b"), (b"IDAT", end), (b"IEND", b"")][..],
            "another chunk stands within its image data",
        ),
        (&[(b"IHDR", &head), (b"IHDR", &head), (b"IDAT", &whole), (b"IEND", b"")], "its chunk IHDR stands there twice"),
        (
            &[(b"IHDR", &head), (b"ABCD", b"x"), (b"IDAT", &whole), (b"IEND", b"")],
            "its chunk ABCD is none that PNG has",
        ),
        (&[(b"IHDR", &head), (b"IDAT", &whole), (b"IEND", b"x")], "its chunk IEND is too long or too short"),
        (&[(b"IHDR", &head), (b"IEND", b"")], "it has no image data"),
    ] {
        says(&made_of(chunks), why);
    }
}

/// Viewers pass over a word of what is transparent that has another length than the picture's kind asks for: so does all that
/// draws here.
#[test]
fn transparency_that_viewers_pass_over_is_none_here_either() {
    let head = [0, 0, 0, 80, 0, 0, 0, 80, 8, 2, 0, 0, 0];
    let row: Vec<u8> = std::iter::once(0).chain([30, 90, 200].repeat(40)).chain([255, 255, 255].repeat(40)).collect();
    let data = packed(&row.repeat(80));
    for (says, opaque) in [
        (&[0, 255, 0, 255, 0, 255][..], false),
        (&[0, 255, 0, 255, 0, 255, 0, 255], true),
        (&[0, 255], true),
        (&[], true),
    ] {
        let told = verdict(&made_of(&[(b"IHDR", &head), (b"tRNS", says), (b"IDAT", &data), (b"IEND", b"")]));
        assert!(told.starts_with("fits") && told.contains("it has no transparency") == opaque, "{says:?}: {told}");
    }
    // Of a gray they look at no more bits than a pixel has.
    for (depth, white) in [(1, 0b1), (2, 0b11), (4, 0b1111)] {
        let head = [0, 0, 0, 80, 0, 0, 0, 80, depth, 0, 0, 0, 0];
        let row = [&[0][..], &vec![0; usize::from(depth) * 5], &vec![255; usize::from(depth) * 5]].concat();
        let data = packed(&row.repeat(80));
        for (gray, opaque) in [
            ([0, white], false),
            ([0, 1 << depth | white], false),
            ([1, white], false),
            ([0, 0xf0 & !white | 1], depth > 1),
        ] {
            let told = verdict(&made_of(&[(b"IHDR", &head), (b"tRNS", &gray), (b"IDAT", &data), (b"IEND", b"")]));
            let is_right = told.starts_with("fits") && told.contains("it has no transparency") == opaque;
            assert!(is_right, "{depth} {gray:?}: {told}");
        }
    }
}

#[test]
fn a_palette_is_of_whole_colors() {
    // The encoder writes whatever palette it is given.
    let with = |palette: Vec<u8>| {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, 64, 64);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::One);
        encoder.set_palette(palette);
        encoder.write_header().unwrap().write_image_data(&[0; 8 * 64]).unwrap();
        verdict(&out)
    };
    assert!(with(vec![7; 6]).starts_with("fits"), "{}", with(vec![7; 6]));
    for length in [1, 4, 5, 7, 767, 1_024] {
        assert_eq!(with(vec![7; length]), "the PNG is damaged: its palette isn't of whole colors", "{length}");
    }
    assert!(with(vec![7; 771]).starts_with("the PNG is damaged"), "{}", with(vec![7; 771]));
}

/// Decoders draw a color that isn't there as they like, or not at all.
#[test]
fn a_pixel_has_a_color_of_its_palette() {
    for (depth, color, bad) in [(8, 1, 2), (8, 1, 255), (4, 1, 15), (2, 1, 3), (1, 0, 1)] {
        let colors = usize::from(color) + 1;
        let head = [0, 0, 0, 80, 0, 0, 0, 80, depth, 3, 0, 0, 0];
        let bytes = 80 * usize::from(depth) / 8;
        let all = |number: u8| (0..8 / depth).fold(0_u8, |byte, at| byte | number << (at * depth));
        let row: Vec<u8> = std::iter::once(0).chain(vec![all(color); bytes]).collect();
        let mut rows = row.repeat(80);
        let of = |rows: &[u8]| {
            let palette = [30, 90, 200].repeat(colors);
            verdict(&made_of(&[(b"IHDR", &head), (b"PLTE", &palette), (b"IDAT", &packed(rows)), (b"IEND", b"")]))
        };
        assert!(of(&rows).starts_with("fits"), "{depth}: {}", of(&rows));
        // The last pixel of all.
        *rows.last_mut().unwrap() = all(color) & !(u8::MAX >> (8 - depth)) | bad;
        let told = format!("the PNG is damaged: a pixel has color {} of a palette of {colors}", usize::from(bad) + 1);
        assert_eq!(of(&rows), told, "{depth}");
    }
}

#[test]
fn what_could_look_better_is_remarked_upon() {
    let small = verdict(&png(64, 64));
    assert!(small.ends_with("a side is under 200 pixels: it may look blurred"), "{small}");
    let wide = verdict(&png(1_100, 300));
    assert!(wide.contains("a side is over 1024 pixels") && wide.contains("wider than 3.5:1"), "{wide}");
}

#[test]
fn gray_and_opaque_pictures_are_measured_too() {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, 200, 200);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Sixteen);
    encoder.write_header().unwrap().write_image_data(&vec![7; 200 * 200 * 2]).unwrap();
    assert!(
        verdict(&out).contains("ink across 100 %") && verdict(&out).contains("no transparency"),
        "{}",
        verdict(&out)
    );
}

/// A file is called what it is, and each has its own way out.
#[test]
fn what_isnt_a_usable_png_is_named() {
    let env = TestEnv::with_registry();
    let mut cgbi = std::fs::read(env.path("logo.png")).unwrap();
    cgbi.splice(8..8, *b"\0\0\0\x04CgBI\x50\0\x20\x02\x2b\xd5\xb3\x7f");
    for (bytes, name, hint) in [
        (cgbi.as_slice(), "a PNG for Apple's devices alone (CgBI)", "outside of Xcode"),
        (b"\x89PNG\r\n\x1a\n", "a PNG that is cut off in its header", "export the logo again"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "a pointer that Git LFS", "git lfs pull"),
        (b"\xef\xbb\xbf <!-- by hand -->\n<svg xmlns='x'/>", "an SVG", "export it as a PNG"),
        (b"<?xml version='1.0'?><!DOCTYPE svg PUBLIC 'x'>", "an SVG", "export it as a PNG"),
        (b"\n<!DOCTYPE HTML><p>404", "a web page", "link the image itself"),
        (b"%PDF-1.7", "a PDF", "export it as a PNG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "a HEIC", "save it as a PNG"),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "an AVIF", "save it as a PNG"),
        (b"II*\0", "a TIFF", "save it as a PNG"),
        (b"MM\0*", "a TIFF", "save it as a PNG"),
        (b"GIF89a", "a GIF", "save it as a PNG"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "a WebP", "save it as a PNG"),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0", "a BMP", "save it as a PNG"),
        (b"\0\0\x01\0\x01\0", "an ICO", "save it as a PNG"),
        (b"\xff\x0a\xfa", "a JPEG XL", "save it as a PNG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "an EPS", "export it as a PNG"),
        (b"\xc5\xd0\xd3\xc6\x1e", "an EPS", "export it as a PNG"),
        (b"8BPS\0\x01", "a Photoshop file", "export it as a PNG"),
        (b"PK\x03\x04\x14", "a ZIP", "take the PNG out of it"),
        (b"\x1f\x8b\x08", "packed by gzip", "unpack it, and name the PNG that was packed"),
        (b"../brand/logo.png\n", "a text that only names another file", "name that file itself"),
        (b"hello", "a text", "name the PNG itself"),
        (b"\xfe\xdc\xba\x98", "not a PNG", "name the PNG itself"),
        (b"\x89PNG", "a PNG that is cut off in its header", "export the logo again"),
        (b"", "empty", "export the logo again"),
    ] {
        env.write("logo.png", bytes);
        let said = env.apply("Acme").fails(2).stderr;
        assert!(said.contains(name) && said.contains(hint), "{name}: {said}");
    }
    std::fs::remove_file(env.path("logo.png")).unwrap();
    std::fs::create_dir(env.path("logo.png")).unwrap();
    let said = env.apply("Acme").fails(2).stderr;
    assert!(said.contains("logo.png is a directory"), "{said}");
}

/// `[logo]` says how wide and how high a logo may be, and how many pixels it may have; within what every part can draw.
#[test]
fn the_program_says_which_shapes_it_takes() {
    let limits = |toml: &str| -> Result<Limits, String> {
        let whole = format!("{}\n[logo]\n{toml}\n", crate::env::PROGRAM);
        let program = karmada_partner::domain::Program::parse_strictly(whole.as_bytes());
        program.map(|p| p.logo).map_err(|faults| format!("{faults:?}"))
    };
    let wide = limits("max_ratio = 8\nmax_tall_ratio = 3").unwrap();
    assert!(inspect(&png(640, 80), &wide).is_ok() && inspect(&png(80, 240), &wide).is_ok());
    let why = |bytes: &[u8], limits: &Limits| inspect(bytes, limits).unwrap_err().why;
    assert_eq!(why(&png(720, 80), &wide), "it is 720×80 pixels, outside 1:3 to 8:1");
    let few = limits("max_pixels = 50000").unwrap();
    assert_eq!(why(&png(300, 200), &few), "it is 300×200 pixels, and may have 50000 in all");
    for (key, value) in [
        ("max_ratio", 11),
        ("max_tall_ratio", 5),
        ("max_pixels", 12_500_001),
        ("max_side", 10_001),
        ("max_bytes", 10_485_761),
        ("max_ratio", 0),
    ] {
        let refused = limits(&format!("{key} = {value}")).unwrap_err();
        assert!(refused.contains(&format!("{key} is {value}")), "{refused}");
    }
    assert!(limits("min_side = 2000\nmax_pixels = 1000").unwrap_err().contains("raise max_pixels"));
    // No bound contradicts another, and what isn't said contradicts nothing.
    for (toml, why) in [
        ("min_side = 200\nmax_side = 100", "min_side is greater than max_side"),
        ("warn_min_side = 2000\nwarn_max_side = 100", "warn_min_side is greater than warn_max_side"),
        ("max_side = 300\nwarn_min_side = 400", "every logo would be remarked upon"),
        ("min_side = 300\nwarn_max_side = 200", "every logo would be remarked upon"),
        ("max_bytes = 10", "raise max_bytes"),
    ] {
        assert!(limits(toml).unwrap_err().contains(why), "{toml}");
    }
    for (toml, from, to) in [("max_side = 100", 100, 1_024), ("min_side = 2000", 200, 2_000)] {
        let limits = limits(toml).unwrap();
        assert_eq!((limits.warn_min_side, limits.warn_max_side), (from, to), "{toml}");
    }
    // The widest that is allowed is bounded in memory: what is over it isn't decoded.
    let any = Limits::ANY;
    assert_eq!(why(&header(9_999, 9_999), &any), "it is 9999×9999 pixels, and may have 12500000 in all");
}

/// What an upload may turn is measured as it is shown, and one frame in an animation's clothes is a picture.
#[test]
fn a_logo_is_measured_as_it_is_shown() {
    let turned = |sides: (u32, u32)| {
        crate::logo_metadata::holding(&png(sides.0, sides.1), &[(b"eXIf", &crate::logo_metadata::exif(6))], &[])
    };
    assert!(verdict(&turned((200, 300))).starts_with("fits: 300×200 pixels"), "{}", verdict(&turned((200, 300))));
    assert_eq!(verdict(&turned((400, 100))), "it is 100×400 pixels, outside 1:2 to 5:1");
    let still = crate::picture::png_with(300, 300, |encoder| encoder.set_animated(1, 0).unwrap());
    assert!(verdict(&still).starts_with("fits: 300×300 pixels"), "{}", verdict(&still));
    let empty = crate::picture::clear(300, 200);
    assert_eq!(verdict(&empty), "it has no ink: all of it is transparent");
}

#[test]
fn what_nobody_can_see_on_a_card_is_remarked_upon() {
    let remark = |color: [u8; 3]| {
        let png = crate::picture::inked(color);
        inspect(&png, &Limits::default()).unwrap().1.iter().any(|r| r.contains("white card"))
    };
    assert!(remark([255, 255, 255]) && remark([240, 245, 250]));
    assert!(!remark([20, 20, 60]) && !remark([220, 220, 220]));
}

/// Damage is told in words, and never in those of whoever writes decoders.
#[test]
fn damage_is_told_in_plain_words() {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let body = [&kind[..], data].concat();
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&length[..], &body, &crc32fast::hash(&body).to_be_bytes()].concat()
    };
    let zlib = |bytes: &[u8]| {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, bytes).unwrap();
        encoder.finish().unwrap()
    };
    let file = |depth_and_color: [u8; 2], data: &[u8]| {
        let header = [&[0, 0, 0, 100, 0, 0, 0, 100][..], &depth_and_color, &[0; 3]].concat();
        let chunks = [chunk(b"IHDR", &header), chunk(b"IDAT", data), chunk(b"IEND", &[])].concat();
        [&b"\x89PNG\r\n\x1a\n"[..], &chunks].concat()
    };
    let rows = |count: usize| zlib(&[vec![0; 401]].concat().repeat(count));
    let whole = file([8, 6], &rows(100));
    for (png, why) in [
        (file([8, 6], b"\x78\x9c\xff\xff\xff\xff\xff\xff"), "its image data can't be unpacked"),
        (file([8, 6], &[7; 90]), "its image data can't be unpacked"),
        (file([8, 6], &rows(60)), "its last rows are missing"),
        (file([8, 6], &rows(100)[..20]), "its last rows are missing"),
        (file([1, 6], &rows(100)), "its header asks for a kind of picture that PNG doesn't have"),
        (file([8, 5], &rows(100)), "its header asks for a kind of picture that PNG doesn't have"),
        (file([8, 3], &rows(100)), "it lacks its palette"),
        (whole[..whole.len() - 15].to_vec(), "it is cut off"),
        ([&whole[..33], &chunk(b"ABCD", b"x"), &whole[33..]].concat(), "its chunk ABCD is none that PNG has"),
        (
            [&whole[..33], &chunk(b"s\xffIT", b"x"), &whole[33..]].concat(),
            "its chunk s\\xffIT has a name that no chunk of a PNG has",
        ),
    ] {
        assert_eq!(verdict(&png), format!("the PNG is damaged: {why}"));
    }
}

/// A logo of 300 by 200 pixels, pixel by pixel.
fn painted(pixel: impl Fn(i32, i32) -> [u8; 4]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, 300, 200);
    encoder.set_color(png::ColorType::Rgba);
    let pixels: Vec<u8> = (0..200).flat_map(|y| (0..300).map(move |x| (x, y))).flat_map(|(x, y)| pixel(x, y)).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    out
}

/// What stands under full transparency is told where it is a picture, and not where programs leave colors as a rule.
#[test]
fn a_picture_under_transparency_is_told() {
    const RED: [u8; 3] = [200, 40, 90];
    const GRAY: [u8; 3] = [170, 162, 150];
    const ORANGE: [u8; 3] = [238, 125, 12];
    let byte = |value: i32| u8::try_from(value.rem_euclid(256)).unwrap();
    let noise =
        |x: i32, y: i32, of: i32| (x.wrapping_mul(7919) ^ y.wrapping_mul(104_729)).wrapping_mul(2_654_435) / 97 % of;
    let mixed = |from: [u8; 3], to: [u8; 3], part: i32, whole: i32| {
        [0, 1, 2].map(|c| byte((i32::from(from[c]) * (whole - part) + i32::from(to[c]) * part) / whole))
    };
    let seen = |x: i32, y: i32| (x / 40 + y / 40) % 3 == 0;
    // Seen in red, and gray and orange; under the rest of it, something.
    let logo = |under: &dyn Fn(i32, i32) -> [u8; 3]| {
        painted(|x, y| {
            let (color, alpha) = match seen(x, y) {
                true => (
                    if y < 100 {
                        RED
                    } else if x < 150 {
                        GRAY
                    } else {
                        ORANGE
                    },
                    255,
                ),
                false => (under(x, y), 0),
            };
            [color[0], color[1], color[2], alpha]
        })
    };
    let told = |png: &[u8]| verdict(png).contains("wholly transparent pixels still hold a picture");
    for (what, under) in [
        ("a sky", &(|x, y| [byte(x), byte(y), 77_u8]) as &dyn Fn(i32, i32) -> [u8; 3]),
        ("a photograph", &|x, y| [byte(noise(x, y, 256)), byte(noise(y, x, 200)), byte(noise(x + 9, y, 256))]),
    ] {
        let png = logo(under);
        assert!(told(&png), "{what}: {}", verdict(&png));
    }
    for (what, under) in [
        ("nothing", &(|_, _| [0_u8; 3]) as &dyn Fn(i32, i32) -> [u8; 3]),
        ("a ground", &|_, _| [255; 3]),
        ("a ground that was compressed", &|x, y| [byte(240 + noise(x, y, 15).abs()); 3]),
        ("the color of each row's end", &|_, y| mixed(RED, GRAY, y, 200)),
        ("colors spread", &|x, _| mixed(GRAY, ORANGE, x, 300)),
        ("colors spread from two sides", &|x, y| if y < 100 { RED } else { mixed(GRAY, ORANGE, x, 300) }),
        // As scaling leaves them.
        ("edges", &|x, y| {
            let is_near = (-3..=3).any(|by| (-3..=3).any(|down| seen(x + by, y + down)));
            if is_near { [byte(x * 37), byte(y * 91), byte(x * y)] } else { [0; 3] }
        }),
    ] {
        let png = logo(under);
        assert!(!told(&png), "{what}: {}", verdict(&png));
    }
    // Of which a part is seen: in the same colors, and rough.
    let cut = painted(|x, y| {
        let channel = |by: i32| byte(noise(x + by, y - by, 256));
        [channel(0), channel(50), channel(90), if seen(x, y) { 255 } else { 0 }]
    });
    assert!(told(&cut), "{}", verdict(&cut));
    // All of it is seen.
    let opaque = painted(|x, y| [byte(x), byte(y), 77, 255]);
    assert!(!told(&opaque));
    // Who sends it is told, and no pixel changes.
    let env = TestEnv::with_registry();
    let png = logo(&|x, y| [byte(x), byte(y), 77]);
    env.write("sky.png", &png);
    let args = ["apply", "--name", "Acme", "--website", "https://acme.example/karmada", "--github", "acme-bot"];
    let sent = env.run(&[&args[..], &["--logo", "sky.png", "--yes"]].concat()).ok().stderr;
    assert!(sent.contains("still hold a picture, which everybody can bring back: oxipng --alpha"), "{sent}");
    assert!(env.plumb(&["show", "apply/acme:data/partners/acme/logo.png"], b"") == png);
}
