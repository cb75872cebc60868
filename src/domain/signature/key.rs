//! SSH public keys, as they stand in `~/.ssh/id_ed25519.pub` and in `program.toml`.
//!
//! SSH's binary form is a row of strings with their lengths before them, so it is read here and not by a library that
//! knows certificates, ciphers and private keys too.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use curve25519_dalek::edwards::CompressedEdwardsY;
use sha2::Digest as _;

use crate::domain::text;
use crate::domain::values::{Invalid, words};

/// Reads SSH's binary form. What is left over is for the caller to refuse.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wire<'a>(pub &'a [u8]);

impl<'a> Wire<'a> {
    pub(crate) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(head)
    }

    pub(crate) fn number(&mut self) -> Option<u32> {
        self.bytes(4)?.try_into().ok().map(u32::from_be_bytes)
    }

    pub(crate) fn string(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.bytes(usize::try_from(length).ok()?)
    }

    pub(crate) fn word(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.string()?).ok()
    }

    /// A whole number above zero, without the zero byte that keeps it from being negative. It has one spelling.
    pub(crate) fn positive(&mut self) -> Option<&'a [u8]> {
        match self.string()? {
            [0, rest @ ..] if rest.first().is_some_and(|b| *b >= 0x80) => Some(rest),
            all if all.first().is_some_and(|b| (1..0x80).contains(b)) => Some(all),
            _ => None,
        }
    }

    /// What was read, if it was all.
    pub(crate) fn end<T>(self, read: T) -> Option<T> {
        self.0.is_empty().then_some(read)
    }
}

words! {
    /// The kinds of keys that can be used here.
    pub enum Algorithm {
        Ed25519 = "ssh-ed25519",
        /// The same on a security key.
        SkEd25519 = "sk-ssh-ed25519@openssh.com",
        /// NIST's curve of 256 bits.
        EcdsaP256 = "ecdsa-sha2-nistp256",
        /// NIST's curve of 384 bits.
        EcdsaP384 = "ecdsa-sha2-nistp384",
        /// NIST's curve of 256 bits on a security key.
        SkEcdsaP256 = "sk-ecdsa-sha2-nistp256@openssh.com",
        /// RSA with SHA-2; old, and still around.
        Rsa = "ssh-rsa",
    }
}

impl Algorithm {
    /// Whether the key lives on a security key, which is touched for each signature.
    #[must_use]
    pub(crate) const fn is_touched(self) -> bool {
        matches!(self, Self::SkEd25519 | Self::SkEcdsaP256)
    }
}

/// What signatures are verified with.
#[derive(Debug, Clone)]
pub(super) enum Material {
    /// A point, and on a security key what it is for.
    Ed25519([u8; 32], Option<String>),
    Ecdsa(Vec<u8>, Option<String>),
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
}

/// An SSH public key. Two are equal when they are the same key, whatever the comments say.
#[derive(Debug, Clone)]
pub struct PublicKey {
    algorithm: Algorithm,
    blob: Vec<u8>,
    comment: String,
    material: Material,
}

impl PublicKey {
    /// What kind of key it is.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// What its owner calls it; may be empty.
    #[must_use]
    pub fn comment(&self) -> &str {
        &self.comment
    }

    /// `SHA256:…`, as `ssh-keygen -l` prints it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.blob)
    }

    /// The key without its comment.
    #[must_use]
    pub fn bare(&self) -> String {
        format!("{} {}", self.algorithm, STANDARD.encode(&self.blob))
    }

    /// The public part of a private key as OpenSSH keeps it, which no passphrase hides; `None` if it is something else.
    #[must_use]
    pub fn of_private(file: &str) -> Option<Result<Self, Invalid>> {
        let inside = file.trim().strip_prefix("-----BEGIN OPENSSH PRIVATE KEY-----")?;
        let inside: String = inside.strip_suffix("-----END OPENSSH PRIVATE KEY-----")?.split_whitespace().collect();
        let bytes = STANDARD.decode(inside).ok()?;
        let mut wire = Wire(bytes.strip_prefix(b"openssh-key-v1\0")?);
        let (_cipher, _derivation, _options) = (wire.string()?, wire.string()?, wire.string()?);
        (wire.number()? == 1).then_some(())?;
        Some(Self::read(wire.string()?, ""))
    }

    pub(super) fn blob(&self) -> &[u8] {
        &self.blob
    }

    pub(super) const fn material(&self) -> &Material {
        &self.material
    }

    fn read(blob: &[u8], comment: &str) -> Result<Self, Invalid> {
        let garbled = || Invalid::new(tr!("it isn't an SSH public key"), copy());
        let mut wire = Wire(blob);
        let name = wire.word().ok_or_else(garbled)?;
        let algorithm = Algorithm::from_str(name).map_err(|_| {
            Invalid::new(
                tr!("a key of the kind {kind} can't be used here", kind = text::quote(name)),
                tr!("make one with: ssh-keygen -t ed25519"),
            )
        })?;
        let read = |mut wire: Wire<'_>| {
            let material = match algorithm {
                Algorithm::Ed25519 => Material::Ed25519(wire.string()?.try_into().ok()?, None),
                Algorithm::SkEd25519 => {
                    Material::Ed25519(wire.string()?.try_into().ok()?, Some(wire.word()?.to_owned()))
                }
                Algorithm::EcdsaP256 => Material::Ecdsa(point(&mut wire, "nistp256", 65)?, None),
                Algorithm::EcdsaP384 => Material::Ecdsa(point(&mut wire, "nistp384", 97)?, None),
                Algorithm::SkEcdsaP256 => {
                    Material::Ecdsa(point(&mut wire, "nistp256", 65)?, Some(wire.word()?.to_owned()))
                }
                Algorithm::Rsa => {
                    let e = wire.positive()?.to_vec();
                    Material::Rsa { n: wire.positive()?.to_vec(), e }
                }
            };
            wire.end(material)
        };
        let material = read(wire).ok_or_else(garbled)?;
        if let Some(why) = weakness(&material) {
            return Err(Invalid::new(why, tr!("make one with: ssh-keygen -t ed25519")));
        }
        Ok(Self { algorithm, blob: blob.to_owned(), comment: comment.to_owned(), material })
    }
}

fn copy() -> &'static str {
    tr!("copy the line from a .pub file, such as ~/.ssh/id_ed25519.pub")
}

fn point(wire: &mut Wire<'_>, curve: &str, length: usize) -> Option<Vec<u8>> {
    (wire.word()? == curve).then_some(())?;
    let point = wire.string()?;
    (point.len() == length && point[0] == 4).then(|| point.to_vec())
}

/// Keys that anybody could sign for, or that verifiers could disagree about.
fn weakness(material: &Material) -> Option<String> {
    match material {
        Material::Ed25519(bytes, _) => {
            let point = CompressedEdwardsY(*bytes).decompress();
            let sound = point.is_some_and(|p| p.compress().0 == *bytes && !p.is_small_order() && p.is_torsion_free());
            (!sound).then(|| tr!("it isn't a key that ssh-keygen makes: its point on the curve is weak").to_owned())
        }
        Material::Ecdsa(..) => None,
        Material::Rsa { n, e } => {
            let bits = n.len() * 8 - n.first().map_or(0, |b| b.leading_zeros() as usize);
            let odd = |number: &[u8]| number.last().is_some_and(|b| b % 2 == 1);
            match bits {
                ..2048 => Some(tr!("an RSA key of {bits} bits is too weak; 2048 is the least", bits)),
                8193.. => Some(tr!("an RSA key of {bits} bits is too large; 8192 is the most", bits)),
                _ if !odd(n) || !odd(e) || e.len() > 4 || *e == [1] => {
                    Some(tr!("it isn't an RSA key that ssh-keygen makes").to_owned())
                }
                _ => None,
            }
        }
    }
}

pub(super) fn fingerprint(blob: &[u8]) -> String {
    format!("SHA256:{}", STANDARD_NO_PAD.encode(sha2::Sha256::digest(blob)))
}

impl FromStr for PublicKey {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        if s.contains("PRIVATE KEY") {
            return Err(Invalid::new(tr!("it is a private key, which nobody else may see"), copy()));
        }
        if let Some(why) = text::fault(s) {
            return Err(Invalid::new(why, copy()));
        }
        let mut parts = s.splitn(3, ' ');
        let (name, code) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let comment = parts.next().unwrap_or_default().trim_start();
        let known = Algorithm::from_str(name).is_ok();
        let Some(blob) = STANDARD.decode(code).ok().filter(|blob| !blob.is_empty()) else {
            let why = match known {
                true => tr!("it isn't an SSH public key: what follows the kind isn't whole"),
                false => tr!("it isn't an SSH public key"),
            };
            return Err(Invalid::new(why, copy()));
        };
        let key = Self::read(&blob, comment)?;
        match key.algorithm.word() == name {
            true => Ok(key),
            false => Err(Invalid::new(
                tr!("it says {name}, and is {kind}", name = text::quote(name), kind = key.algorithm),
                copy(),
            )),
        }
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.bare())?;
        if self.comment.is_empty() { Ok(()) } else { write!(f, " {}", self.comment) }
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.blob == other.blob
    }
}

impl Eq for PublicKey {}

impl serde::Serialize for PublicKey {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
