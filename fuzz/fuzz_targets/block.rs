//! Events and votes: whatever is accepted has one spelling, and what its signature is over is its beginning.

#![no_main]

use karmada_partner::domain::log::block::signed_part;
use karmada_partner::domain::{Event, Vote};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(event) = Event::parse(bytes) {
        let unsigned = Event { signature: None, ..event.clone() };
        judge(bytes, &event.to_string(), &unsigned.to_string());
    }
    if let Ok(vote) = Vote::parse(bytes) {
        let unsigned = Vote { signature: None, ..vote.clone() };
        judge(bytes, &vote.to_string(), &unsigned.to_string());
    }
});

fn judge(bytes: &[u8], printed: &str, unsigned: &str) {
    assert_eq!(printed.as_bytes(), bytes, "two spellings");
    let signed = signed_part(printed);
    assert!(printed.starts_with(signed));
    assert_eq!(signed, unsigned, "the signature is over something else than what is said");
}
