//! Keys that are known from the start, and signatures by them without a program.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use karmada_partner::domain::Signature;
use karmada_partner::domain::signature::sshsig::NAMESPACE;
use ring::digest::{SHA512, digest};
use ring::signature::{Ed25519KeyPair, KeyPair as _};

fn string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
}

fn pair(login: &str, number: u64) -> Ed25519KeyPair {
    let seed = digest(&SHA512, format!("{login} {number}").as_bytes());
    Ed25519KeyPair::from_seed_unchecked(&seed.as_ref()[..32]).unwrap()
}

fn public_half(pair: &Ed25519KeyPair) -> Vec<u8> {
    [string(b"ssh-ed25519"), string(pair.public_key().as_ref())].concat()
}

/// As it stands in a policy.
pub fn public(login: &str, number: u64) -> String {
    format!("ssh-ed25519 {}", STANDARD.encode(public_half(&pair(login, number))))
}

/// As `ssh-keygen -Y sign` does.
pub fn sign(login: &str, number: u64, words: &str) -> Signature {
    let pair = pair(login, number);
    let about = [string(NAMESPACE.as_bytes()), string(b""), string(b"sha512")].concat();
    let hash = string(digest(&SHA512, words.as_bytes()).as_ref());
    let inside = pair.sign(&[b"SSHSIG", &about[..], &hash].concat());
    let inside = string(&[string(b"ssh-ed25519"), string(inside.as_ref())].concat());
    let whole = [b"SSHSIG\0\0\0\x01", &string(&public_half(&pair))[..], &about, &inside].concat();
    STANDARD.encode(whole).parse().unwrap()
}
