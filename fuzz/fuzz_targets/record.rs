//! Facts and policies: written again they say the same, and hand-edited files keep what is said.

#![no_main]

use karmada_partner::domain::{Program, Record};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(record) = Record::parse(bytes) {
        let written = record.to_toml();
        assert_eq!(Record::parse(written.as_bytes()).as_ref(), Ok(&record), "{written}");
        assert_eq!(record.to_toml_like(written.as_bytes()), written);
        let kept = record.to_toml_like(bytes);
        assert_eq!(Record::parse(kept.as_bytes()).as_ref(), Ok(&record), "{kept}");
    }
    if let Ok(program) = Program::parse(bytes) {
        // What others do with one must not panic either.
        let _ = program.unreachable();
        for member in &program.committee {
            assert!(program.member(&member.github).is_some());
        }
    }
});
