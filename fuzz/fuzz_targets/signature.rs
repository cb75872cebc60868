//! Signatures and keys: each has one spelling, verifying never panics, and both ways of verifying agree. An input is a
//! signature, a line feed, and a key; each stands there as text, and where its first byte is zero, as what base64 makes of
//! the rest, so that the fuzzer gets through to what is inside.

#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use karmada_partner::domain::signature::sshsig::{Batch, NAMESPACE};
use karmada_partner::domain::{PublicKey, Signature};
use libfuzzer_sys::fuzz_target;

const MESSAGE: &[u8] = b"KP-Event: v1 updated\n";
/// As often as a key has to come up before there is a table for it, and once more.
const OFTEN: usize = 66;

fuzz_target!(|bytes: &[u8]| {
    let at = bytes.windows(2).position(|pair| pair == b"\n\n");
    let (signature, key) = at.map_or((bytes, &bytes[..0]), |at| (&bytes[..at], &bytes[at + 2..]));
    let key = match key {
        [0, inside @ ..] => {
            let kind = inside.get(4..).and_then(|rest| rest.get(..usize::from(inside[3])));
            format!("{} {}", String::from_utf8_lossy(kind.unwrap_or_default()), STANDARD.encode(inside))
        }
        text => String::from_utf8_lossy(text).into_owned(),
    };
    let key = key.parse::<PublicKey>().ok();
    if let Some(key) = &key {
        assert_eq!(key.to_string().parse().as_ref(), Ok(key));
        assert_eq!(key.to_string().parse::<PublicKey>().map(|k| k.to_string()), Ok(key.to_string()));
        assert_eq!(key.bare().parse::<PublicKey>().map(|k| k.bare()), Ok(key.bare()));
        assert!(key.fingerprint().starts_with("SHA256:"));
    }
    let text = match signature {
        [0, inside @ ..] => STANDARD.encode(inside),
        text => String::from_utf8_lossy(text).into_owned(),
    };
    let Ok(signature) = text.parse::<Signature>() else { return };
    assert_eq!(signature.to_string(), text, "two spellings");
    assert_eq!(Signature::from_armored(&signature.to_armored()).as_ref(), Ok(&signature));
    let keys: Vec<PublicKey> = key.into_iter().collect();
    let alone = signature.verify(MESSAGE, NAMESPACE, &keys);
    assert!(signature.verify(b"something else", NAMESPACE, &keys).is_err(), "it is over two messages");
    assert!(signature.verify(MESSAGE, "git", &keys).is_err() || alone.is_err(), "it is for two purposes");
    let mut batch = Batch::default();
    // It fails at once, or tells in the end.
    let said = (0..OFTEN).try_for_each(|id| batch.add(id, &signature, MESSAGE, NAMESPACE, &keys));
    match said {
        Err(fault) => assert_eq!(Err(fault), alone.map(drop)),
        Ok(()) => {
            let wrong = batch.finish();
            assert!(wrong.is_empty() || wrong.len() == OFTEN, "it depends on the company");
            assert_eq!(wrong.is_empty(), alone.is_ok());
        }
    }
});
