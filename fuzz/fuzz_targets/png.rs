//! Logos: what is accepted is within bounds, and no file asks for much memory. Most of what a fuzzer makes fails by its
//! checksums, so each is tried a second time with those mended.

#![no_main]

use karmada_partner::domain::logo::metadata::strip;
use karmada_partner::domain::logo::{Limits, Measures, inspect};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    judge(bytes);
    judge(&mended(bytes));
});

fn judge(bytes: &[u8]) {
    let (any, usual) = (inspect(bytes, &Limits::ANY), inspect(bytes, &Limits::default()));
    if let Ok((measures, _)) = &any {
        assert!(measures.width.max(measures.height) <= Limits::ANY.max_side);
        assert!(measures.ink_percent <= 100);
        assert_eq!(measures.bytes, bytes.len());
    }
    if let Some(stripped) = strip(bytes) {
        assert!(!stripped.found.is_empty());
        assert_eq!(strip(&stripped.bytes), None, "stripped twice is the same");
        if let Ok((measures, _)) = &any {
            let (clean, _) = inspect(&stripped.bytes, &Limits::ANY).expect("it is the same picture");
            let seen = |m: &Measures| (m.width, m.height, m.ink_percent, m.transparent);
            assert_eq!(seen(&clean), seen(measures));
        }
    }
    if let Ok((measures, _)) = usual {
        assert_eq!(any.map(|(m, _)| m), Ok(measures), "it is fit for few, and not for all");
    }
}

/// The same chunks, each with the checksum that it should have.
fn mended(bytes: &[u8]) -> Vec<u8> {
    let Some((signature, mut rest)) = bytes.split_at_checked(8) else { return Vec::new() };
    let mut out = signature.to_vec();
    while let Some((head, tail)) = rest.split_at_checked(8) {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
        let Some((data, tail)) = tail.split_at_checked(length as usize) else { break };
        let mut sum = crc32fast::Hasher::new();
        sum.update(&head[4..]);
        sum.update(data);
        out.extend(head);
        out.extend(data);
        out.extend(sum.finalize().to_be_bytes());
        rest = tail.get(4..).unwrap_or_default();
    }
    out.extend(rest);
    out
}
