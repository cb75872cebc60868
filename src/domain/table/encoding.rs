//! What a table's bytes were saved as.

use encoding_rs::{BIG5, EUC_KR, Encoding, GBK, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};

use crate::domain::logo::file_kind::FileKind;
use crate::domain::text;
use crate::domain::values::Invalid;

/// The text of a table, whatever it was saved as; and what that was, where it isn't UTF-8.
///
/// # Errors
/// When the encoding can't be told.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Option<String>), Invalid> {
    if let Some(before) = bytes.strip_suffix(&[0x1a]) {
        let (text, told) = decode(before)?;
        let ends = "it ends with a mark by which old programs end files (U+001A), which is passed over";
        return Ok((text, Some(told.map_or_else(|| ends.to_owned(), |told| format!("{told}; {ends}")))));
    }
    // What fills a file up, as a download that broke off, or a disk that was full, leaves it.
    let filled = bytes.iter().rev().take_while(|b| **b == 0).count();
    if filled == 0 {
        return decode_whole(bytes);
    }
    // In UTF-16 one of them may belong to the last letter.
    let of_letter = usize::from((bytes.len() - filled) % 2 == 1);
    let (start, end) = (&bytes[..bytes.len() - filled], &bytes[..bytes.len() - filled + of_letter]);
    let (text, told) = decode_whole(end)?;
    let (text, told, zeros) = match (text.ends_with('\0'), filled - of_letter) {
        (true, _) => {
            let (text, told) = decode_whole(start)?;
            (text, told, filled)
        }
        (false, 0) => return Ok((text, told)),
        (false, zeros) => (text, told, zeros),
    };
    let ends = format!("it ends with {zeros} zero bytes, which are passed over");
    Ok((text, Some(told.map_or_else(|| ends.clone(), |told| format!("{told}; {ends}")))))
}

fn decode_whole(bytes: &[u8]) -> Result<(String, Option<String>), Invalid> {
    let told = |name: &str| Some(format!("it is in {name}, and read so"));
    if let Some(kind) = no_table(bytes) {
        let hint = match FileKind::of(bytes) {
            pointer @ FileKind::LfsPointer => pointer.remedy(),
            _ => "save it as CSV in UTF-8; a spreadsheet calls that “CSV UTF-8”",
        };
        return Err(Invalid::new(format!("it is {kind}"), hint));
    }
    if let Some(encoding) = text::wide(bytes) {
        let (text, wrong) = encoding.decode_with_bom_removal(bytes);
        return match wrong {
            false => Ok((text.into_owned(), told(encoding.name()))),
            true => Err(Invalid::new("it is cut off within UTF-16", "save it as UTF-8")),
        };
    }
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return utf8(rest).map(|text| (text, None));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.to_owned(), None));
    }
    let (as_gbk, wrong) = GBK.decode_without_bom_handling(bytes);
    if !wrong && is_chinese(bytes) && CHINESE.iter().any(|word| as_gbk.contains(word)) {
        return Ok((as_gbk.into_owned(), told("GBK")));
    }
    let at = std::str::from_utf8(bytes).map_or_else(|e| e.valid_up_to(), |_| 0);
    // The word in which it stands, from a letter's first byte on.
    let is_word = |byte: &u8| !byte.is_ascii() || byte.is_ascii_alphanumeric() || *byte == b' ';
    let begin = at - bytes[..at].iter().rev().take_while(|byte| is_word(byte)).count().min(12);
    let word = &bytes[begin..bytes.len().min(at + 16)];
    let reading = |encoding: &'static Encoding| {
        let is_whole = !encoding.decode_without_bom_handling(bytes).1;
        let read = encoding.decode_without_bom_handling(word).0;
        let read = read.split([',', ';', '\t', '\n', '\r']).next().unwrap_or_default();
        is_whole.then(|| {
            format!("{} in {}", text::quote(read.trim_end_matches(char::REPLACEMENT_CHARACTER).trim()), encoding.name())
        })
    };
    let readings: Vec<String> = LIKELY.into_iter().filter_map(reading).collect();
    Err(Invalid::new(
        format!("it isn't UTF-8, at byte {at}: it may be {}", readings.join(", ")),
        "save it as UTF-8; a spreadsheet calls that “CSV UTF-8”, and iconv -f ENCODING -t UTF-8 FILE makes it of any of these",
    ))
}

/// What spreadsheets save tables as on machines of the world; each may read the others' bytes, to other words.
static LIKELY: [&Encoding; 6] = [WINDOWS_1252, GBK, BIG5, SHIFT_JIS, EUC_KR, WINDOWS_1251];

/// What a file is that is no text with rows, by its first bytes.
fn no_table(bytes: &[u8]) -> Option<&'static str> {
    if text::in_utf32(bytes) {
        return Some("in UTF-32, which isn't read");
    }
    Some(match FileKind::of(bytes) {
        kind if kind.could_be_text() => return None,
        FileKind::Png | FileKind::CutOffPng | FileKind::ApplePng | FileKind::MangledPng => "a PNG",
        FileKind::Zip => "a spreadsheet's own file (such as .xlsx or .ods), or a ZIP",
        FileKind::OldOffice => "an old spreadsheet's own file (.xls)",
        kind => kind.words(),
    })
}

fn utf8(bytes: &[u8]) -> Result<String, Invalid> {
    let text = std::str::from_utf8(bytes);
    text.map(str::to_owned)
        .map_err(|e| Invalid::new(format!("it isn't UTF-8, at byte {}", e.valid_up_to()), "save it as UTF-8"))
}

/// Words of which one or the other stands in a table of Chinese organizations. Korean, Cyrillic and Greek bytes can look like
/// Chinese characters, but never all day like these.
const CHINESE: [&str; 20] = [
    "公司",
    "有限",
    "科技",
    "技术",
    "网络",
    "信息",
    "软件",
    "数据",
    "集团",
    "中国",
    "服务",
    "支持",
    "名称",
    "网址",
    "网站",
    "北京",
    "上海",
    "深圳",
    "杭州",
    "云计算",
];

/// Whether all that isn't ASCII stands in pairs of the characters that Chinese is written with. Western letters stand alone.
fn is_chinese(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|b| *b >= 0x80) {
        match rest.get(at..at + 2) {
            Some([0xa1..=0xf7, 0xa1..=0xfe]) => rest = &rest[at + 2..],
            _ => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use encoding_rs::{EUC_KR, WINDOWS_1251};

    use super::*;

    #[test]
    fn zeros_that_fill_a_file_up_are_no_encoding() {
        for zeros in [1, 2, 99, 100, 101, 5_000] {
            let bytes = [b"name,website\nAcme,https://acme.example\n".as_slice(), &vec![0; zeros]].concat();
            let (text, told) = decode(&bytes).unwrap();
            assert_eq!(text, "name,website\nAcme,https://acme.example\n", "{zeros}");
            assert_eq!(told.unwrap(), format!("it ends with {zeros} zero bytes, which are passed over"));
            let wide: Vec<u8> = "name\nAcme\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
            let (text, told) = decode(&[&wide[..], &vec![0; 2 * zeros]].concat()).unwrap();
            assert_eq!(text, "name\nAcme\n", "{zeros}");
            assert!(told.unwrap().contains("UTF-16LE"));
        }
    }

    #[test]
    fn encodings_are_told_apart_or_asked_about() {
        let table = "name,website\n华为云计算技术有限公司,https://huawei.example\n";
        let (gbk, _, _) = GBK.encode(table);
        let utf16: Vec<u8> = table.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = [0xfe, 0xff].into_iter().chain(table.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        for (bytes, told) in [
            (table.as_bytes().to_vec(), false),
            ([b"\xef\xbb\xbf", table.as_bytes()].concat(), false),
            (gbk.into_owned(), true),
            ([b"\xff\xfe".to_vec(), utf16.clone()].concat(), true),
            (utf16, true),
            (big, true),
        ] {
            let (text, remark) = decode(&bytes).unwrap();
            assert_eq!((text.as_str(), remark.is_some()), (table, told), "{remark:?}");
        }
        let (western, _, _) = WINDOWS_1252.encode("name,website\nMüller & Söhne GmbH,https://müller.example\n");
        let asked = decode(&western).unwrap_err();
        assert!(asked.why.contains("“Müller & Söhne Gm” in windows-1252") && asked.hint.contains("UTF-8"), "{asked:?}");
        // Letters of others make pairs as well, and Chinese names of them that nobody has.
        for (encoding, name) in
            [(EUC_KR, "삼성"), (WINDOWS_1251, "Яндекс"), (GBK, "网易"), (BIG5, "華為雲"), (SHIFT_JIS, "日立クラウド")]
        {
            let table = format!("name,website\nAcme {name},https://one.example\n");
            let asked = decode(&encoding.encode(&table).0).unwrap_err();
            let reading = format!("“Acme {name}” in {}", encoding.name());
            assert!(asked.why.contains(&reading) && asked.hint.contains("iconv"), "{asked:?}");
        }
    }
}
