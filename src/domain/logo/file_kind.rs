//! What a file is, when it isn't the PNG that was asked for, and what to do with it.

use flate2::{Decompress, FlushDecompress};

use super::chunks::SIGNATURE;
use super::outline::header;
use super::rules::{Unfit, damaged, unfit};
use crate::domain::text;

/// What the first bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    Empty,
    /// As a copy leaves it that broke off, or a disk that lost its current.
    Zeros,
    CutOffPng,
    Png,
    /// Xcode's own, which nothing else shows.
    ApplePng,
    LfsPointer,
    Jpeg,
    Gif,
    WebP,
    Avif,
    Heic,
    Jxl,
    Bmp,
    Ico,
    Tiff,
    Photoshop,
    Svg,
    /// As `.svgz` has it.
    PackedSvg,
    Pdf,
    PostScript,
    /// Also what office programs save.
    Zip,
    Archive,
    /// One file, packed by gzip.
    Gzip,
    WebPage,
    Xml,
    /// What office programs saved before they took to ZIP.
    OldOffice,
    RichText,
    Mng,
    /// Lines' ends or letters were changed on the way, as if it were a text.
    MangledPng,
    /// The target of a link, as a checkout without links has it, or what an editor saved.
    Path,
    Text,
    Unknown,
}

/// Elements that a web page may begin with, as servers' and log-in pages do that aren't whole ones.
const OF_WEB_PAGES: [&str; 42] = [
    "html", "head", "body", "meta", "title", "script", "style", "link", "base", "noscript", "div", "p", "a", "h1",
    "h2", "h3", "h4", "h5", "h6", "center", "form", "table", "ul", "ol", "span", "img", "br", "hr", "pre", "header",
    "main", "nav", "section", "article", "iframe", "frameset", "font", "b", "strong", "em", "i", "button",
];

/// That a file is another than the PNG that was asked for.
pub(super) fn another(bytes: &[u8]) -> Unfit {
    let kind = FileKind::of(bytes);
    let why = match kind.is_disguised() {
        true => tr!("the file is {kind}, whatever its name says", kind = kind.words()),
        false => tr!("the file is {kind}", kind = kind.words()),
    };
    if kind.is_shown() { unfit(why, kind.remedy()) } else { damaged(why, kind.remedy()) }
}

impl FileKind {
    /// Whether browsers show it as the picture that it is, whatever its name says.
    const fn is_shown(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg | Self::Gif | Self::WebP | Self::Avif | Self::Bmp | Self::Ico)
    }

    pub fn of(bytes: &[u8]) -> Self {
        match bytes {
            [] => Self::Empty,
            bytes if bytes.iter().all(|byte| *byte == 0) => Self::Zeros,
            [0x89, b'P', b'N', b'G', _, _, _, _, _, _, _, _, b'C', b'g', b'B', b'I', ..] => Self::ApplePng,
            bytes if header(bytes).is_some() => Self::Png,
            bytes if bytes.starts_with(SIGNATURE) => Self::CutOffPng,
            bytes if SIGNATURE.starts_with(bytes) => Self::CutOffPng,
            [0x8a, b'M', b'N', b'G', ..] => Self::Mng,
            // What stands at a PNG's beginning is there to show it.
            [0x89, b'P', b'N', b'G', ..]
            | [0xef, 0xbf, 0xbd, b'P', b'N', b'G', ..]
            | [0xc2, 0x89, b'P', b'N', b'G', ..]
            | [0xef, 0xbb, 0xbf, 0x89, b'P', b'N', b'G', ..] => Self::MangledPng,
            bytes if bytes.starts_with(b"version https://git-lfs") => Self::LfsPointer,
            [b'%', b'P', b'D', b'F', ..] => Self::Pdf,
            [b'%', b'!', b'P', b'S', ..] | [0xc5, 0xd0, 0xd3, 0xc6, ..] => Self::PostScript,
            [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => Self::Tiff,
            [b'8', b'B', b'P', b'S', ..] => Self::Photoshop,
            [b'P', b'K', 3 | 5, 4 | 6, ..] => Self::Zip,
            [0x1f, 0x8b, ..] => Self::of_gzip(bytes),
            [b'R', b'a', b'r', b'!', ..] | [b'7', b'z', 0xbc, 0xaf, ..] => Self::Archive,
            [0xd0, 0xcf, 0x11, 0xe0, ..] => Self::OldOffice,
            [b'{', b'\\', b'r', b't', b'f', ..] => Self::RichText,
            // How many pictures are in it: a TGA has none there.
            [0, 0, 1 | 2, 0, 1..=255, ..] => Self::Ico,
            bytes if let Some(kind) = Self::of_brands(bytes) => kind,
            [0xff, 0x0a, ..] | [0, 0, 0, 0x0c, b'J', b'X', b'L', b' ', ..] => Self::Jxl,
            [0xff, 0xd8, 0xff, ..] => Self::Jpeg,
            [b'G', b'I', b'F', b'8', ..] => Self::Gif,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Self::WebP,
            [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Self::Bmp,
            bytes => Self::of_text(bytes),
        }
    }

    /// What a box of pictures holds, by the first of its brands that says how these are packed: `mif1` and its like say it of none.
    fn of_brands(bytes: &[u8]) -> Option<Self> {
        let (size, rest) = bytes.split_first_chunk::<4>()?;
        let brands = rest.strip_prefix(b"ftyp")?;
        let size = usize::try_from(u32::from_be_bytes(*size)).ok()?.saturating_sub(8);
        // Behind the first one stands its version.
        let (first, others) = brands.split_first_chunk::<4>()?;
        let others = others.get(4..size.saturating_sub(4).min(others.len())).unwrap_or_default();
        let brands = std::iter::once(first.as_slice()).chain(others.chunks_exact(4));
        let kind = |brand: &[u8]| match brand {
            b"avif" | b"avis" => Some(Self::Avif),
            [b'h', b'e', ..] => Some(Self::Heic),
            _ => None,
        };
        let is_of_pictures = matches!(first, b"mif1" | b"msf1" | b"miaf");
        brands.take(if is_of_pictures { usize::MAX } else { 1 }).find_map(kind).or(is_of_pictures.then_some(Self::Heic))
    }

    /// What gzip packed, by how that begins.
    fn of_gzip(bytes: &[u8]) -> Self {
        let mut beginning = Vec::with_capacity(4_096);
        // What came before it broke off will do.
        let _ = Decompress::new(false).decompress_vec(behind_gzips_head(bytes), &mut beginning, FlushDecompress::Sync);
        match beginning.as_slice() {
            [0x1f, 0x8b, ..] | [] => Self::Gzip,
            // How a tar says what it is.
            beginning if beginning.get(257..262) == Some(b"ustar") => Self::Archive,
            beginning if Self::of(beginning) == Self::Svg => Self::PackedSvg,
            _ => Self::Gzip,
        }
    }

    /// What a text is, by its first words, behind marks and comments.
    fn of_text(bytes: &[u8]) -> Self {
        let (plain, _) = text::without_editors_marks(bytes);
        let bytes: &[u8] = &plain;
        let beginning = String::from_utf8_lossy(&bytes[..bytes.len().min(65_536)]).to_ascii_lowercase();
        let beginning = beginning.trim_start_matches('\u{feff}').trim();
        match first_element(beginning) {
            Some("svg") => return Self::Svg,
            Some(name) if OF_WEB_PAGES.contains(&name) => return Self::WebPage,
            Some(_) if beginning.starts_with("<?xml") => return Self::Xml,
            _ => {}
        }
        let readable = std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
        match readable {
            true if !beginning.contains('\n') && beginning.strip_suffix(".png").is_some() => Self::Path,
            true => Self::Text,
            false => Self::Unknown,
        }
    }

    /// Whether it may be a text after all, in whichever encoding.
    pub const fn could_be_text(self) -> bool {
        matches!(self, Self::Text | Self::Path | Self::Unknown | Self::Empty | Self::Zeros)
    }

    /// As a clause after “the file is”.
    pub fn words(self) -> &'static str {
        match self {
            Self::Empty => tr!("empty"),
            Self::Zeros => tr!("nothing but zero bytes"),
            Self::CutOffPng => tr!("a PNG that is cut off in its header"),
            Self::Png => tr!("a PNG"),
            Self::ApplePng => tr!("a PNG for Apple's devices alone (CgBI)"),
            Self::LfsPointer => tr!("a pointer that Git LFS leaves in a file's place"),
            Self::Jpeg => tr!("a JPEG"),
            Self::Gif => tr!("a GIF"),
            Self::WebP => tr!("a WebP"),
            Self::Avif => tr!("an AVIF"),
            Self::Heic => tr!("a HEIC"),
            Self::Jxl => tr!("a JPEG XL"),
            Self::Bmp => tr!("a BMP"),
            Self::Ico => tr!("an ICO"),
            Self::Tiff => tr!("a TIFF"),
            Self::Photoshop => tr!("a Photoshop file"),
            Self::Svg => tr!("an SVG"),
            Self::PackedSvg => tr!("a compressed SVG"),
            Self::Pdf => tr!("a PDF"),
            Self::PostScript => tr!("an EPS"),
            Self::Zip => tr!("a ZIP"),
            Self::Archive => tr!("a packed archive"),
            Self::Gzip => tr!("packed by gzip"),
            Self::WebPage => tr!("a web page"),
            Self::Xml => tr!("an XML document"),
            Self::OldOffice => tr!("an old office program's file"),
            Self::RichText => tr!("an RTF"),
            Self::Mng => tr!("an MNG"),
            Self::MangledPng => tr!("a PNG that was changed on the way as if it were a text"),
            Self::Path => tr!("a text that only names another file"),
            Self::Text => tr!("a text"),
            Self::Unknown => tr!("not a PNG"),
        }
    }

    /// Whether people could have taken it for a PNG by its name.
    pub const fn is_disguised(self) -> bool {
        !matches!(self, Self::Empty | Self::Zeros | Self::CutOffPng | Self::Png | Self::MangledPng)
    }

    /// What to do, as an order.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Empty | Self::CutOffPng | Self::Png => tr!("export the logo again, as a PNG"),
            Self::Zeros => tr!("copy or download it again: that has broken off"),
            Self::MangledPng => {
                tr!("copy it again as a binary file; in a git checkout, mark *.png as binary in .gitattributes")
            }
            Self::ApplePng => tr!("export it outside of Xcode"),
            Self::LfsPointer => tr!("fetch the file itself with git lfs pull"),
            Self::WebPage | Self::Xml => tr!("link the image itself, not the page that shows it"),
            Self::Svg | Self::PackedSvg | Self::Pdf | Self::PostScript | Self::Photoshop => {
                tr!("export it as a PNG, 500 to 1,000 pixels wide")
            }
            Self::Gzip => tr!("unpack it, and name the PNG that was packed"),
            Self::Zip | Self::Archive | Self::OldOffice | Self::RichText => tr!("take the PNG out of it"),
            Self::Path => tr!("name that file itself"),
            Self::Text | Self::Unknown => tr!("name the PNG itself"),
            Self::Jpeg
            | Self::Gif
            | Self::WebP
            | Self::Avif
            | Self::Heic
            | Self::Jxl
            | Self::Bmp
            | Self::Ico
            | Self::Tiff
            | Self::Mng => tr!("save it as a PNG"),
        }
    }
}

/// What stands behind the head that gzip writes, with the name of the file or a word on it.
fn behind_gzips_head(bytes: &[u8]) -> &[u8] {
    let [_, _, _, flags, _, _, _, _, _, _, rest @ ..] = bytes else { return &[] };
    let mut rest = rest;
    if flags & 4 != 0 {
        let [low, high, behind @ ..] = rest else { return &[] };
        rest = behind.get(usize::from(u16::from_le_bytes([*low, *high]))..).unwrap_or_default();
    }
    for texts in [8, 16] {
        if flags & texts != 0 {
            let end = rest.iter().position(|byte| *byte == 0).map_or(rest.len(), |end| end + 1);
            rest = &rest[end..];
        }
    }
    if flags & 2 != 0 { rest.get(2..).unwrap_or_default() } else { rest }
}

/// The name of a document's first element, or what its type says that is; behind declarations and comments.
fn first_element(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    loop {
        let end = match rest {
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<?") => "?>",
            _ => break,
        };
        rest = rest.split_once(end)?.1.trim_start();
    }
    let name = rest.strip_prefix("<!doctype").or_else(|| rest.strip_prefix('<'))?.trim_start();
    let name = name.split([' ', '\t', '\n', '\r', '>', '/', '[']).next()?;
    Some(name.rsplit(':').next().unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_element_says_what_a_document_is() {
        let comment = format!("<!-- {} -->", "x".repeat(9_000));
        for (text, kind) in [
            ("<!DOCTYPE html><html><body><svg/>404</body></html>".to_owned(), FileKind::WebPage),
            ("\u{feff}\n<html lang=\"en\"><svg>".to_owned(), FileKind::WebPage),
            (format!("<?xml version=\"1.0\"?>\n{comment}<svg width=\"1\">"), FileKind::Svg),
            ("<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\"><svg>".to_owned(), FileKind::Svg),
            ("<svg:svg xmlns:svg=\"x\">".to_owned(), FileKind::Svg),
            ("<note>svg</note>".to_owned(), FileKind::Text),
            ("<link rel=\"stylesheet\" href=\"x.css\"><p>Sign in</p>".to_owned(), FileKind::WebPage),
            ("<center><h1>502 Bad Gateway</h1></center>".to_owned(), FileKind::WebPage),
            ("<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>".to_owned(), FileKind::Xml),
        ] {
            assert_eq!(FileKind::of(text.as_bytes()), kind, "{}", &text[..40.min(text.len())]);
            let wide: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!(FileKind::of(&wide), kind, "in UTF-16: {}", &text[..40.min(text.len())]);
        }
    }

    #[test]
    fn what_only_looks_like_another_kind_is_not_called_so() {
        // A TGA begins as an ICO does, but for how many pictures are in it.
        let tga = [&[0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 200, 0, 100, 0, 32, 8][..], &[7; 100]].concat();
        let packed = |bytes: &[u8]| {
            let head = flate2::GzBuilder::new().filename("logo.svg").extra(*b"ab\x01\x00x");
            let mut packer = head.write(Vec::new(), flate2::Compression::fast());
            std::io::Write::write_all(&mut packer, bytes).unwrap();
            packer.finish().unwrap()
        };
        let tar = [&[b'a'; 257][..], b"ustar", &[0; 250]].concat();
        for (bytes, kind) in [
            (tga.as_slice(), FileKind::Unknown),
            (&[0, 0, 1, 0, 1, 0, 16, 16], FileKind::Ico),
            (&[0; 500], FileKind::Zeros),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind::OldOffice),
            (b"{\\rtf1\\ansi do,partner}", FileKind::RichText),
            (&packed(b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>"), FileKind::PackedSvg),
            (&packed(SIGNATURE), FileKind::Gzip),
            (&packed(&tar), FileKind::Archive),
            (&packed(b"<svg/>")[..12], FileKind::Gzip),
            (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", FileKind::Avif),
            (b"\0\0\0\x18ftypmiaf\0\0\0\0miafavif", FileKind::Avif),
            (b"\0\0\0\x18ftypmsf1\0\0\0\0msf1hevc", FileKind::Heic),
            (b"\0\0\0\x10ftypmif1\0\0\0\0avif", FileKind::Heic),
            (b"\0\0\0\x18ftypmp42\0\0\0\0mp42avif", FileKind::Unknown),
        ] {
            assert_eq!(FileKind::of(bytes), kind);
        }
    }
}
