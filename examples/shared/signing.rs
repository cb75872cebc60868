//! Keys that anybody can make again, and signatures by them as `ssh-keygen -Y sign` makes them: for generated registries
//! and for measurements, never for anything that should be kept from others.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{Ed25519KeyPair, KeyPair as _};

/// An Ed25519 key.
pub struct Key {
    pair: Ed25519KeyPair,
    /// The public half, in SSH's binary form.
    blob: Vec<u8>,
}

/// SSH's binary form of a string: its length stands before it.
fn string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).expect("it is short").to_be_bytes()[..], bytes].concat()
}

impl Key {
    /// The key of a seed: always the same one.
    pub fn of_seed(seed: u8) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("a seed has 32 bytes");
        let blob = [string(b"ssh-ed25519"), string(pair.public_key().as_ref())].concat();
        Self { pair, blob }
    }

    /// The public half, as it stands in a `.pub` file.
    pub fn public(&self) -> String {
        format!("ssh-ed25519 {}", STANDARD.encode(&self.blob))
    }

    /// A signature over `message`, as one line.
    pub fn sign(&self, message: &[u8], namespace: &str) -> String {
        let about = [string(namespace.as_bytes()), string(b""), string(b"sha512")].concat();
        let hash = ring::digest::digest(&ring::digest::SHA512, message);
        let signature = self.pair.sign(&[b"SSHSIG", &about[..], &string(hash.as_ref())].concat());
        let inside = [string(b"ssh-ed25519"), string(signature.as_ref())].concat();
        STANDARD.encode([b"SSHSIG\0\0\0\x01", &string(&self.blob)[..], &about, &string(&inside)].concat())
    }
}
