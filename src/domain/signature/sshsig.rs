//! SSH signatures over blocks: read from their one spelling, and verified with the keys that count.
//!
//! The format is OpenSSH's (`PROTOCOL.sshsig`), so that `ssh-keygen -Y verify` can check the same.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsBasepointTable, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::BasepointTable as _;
use ring::signature as ring;
use sha2::Digest as _;

pub use super::key::{Algorithm, PublicKey};
use super::key::{Material, Wire, fingerprint};
use crate::domain::values::Invalid;

/// What signatures over blocks are made for. One made for something else, such as a commit, doesn't count.
pub const NAMESPACE: &str = "karmada-partner";

const MAGIC: &[u8] = b"SSHSIG";
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";

/// The signature among what a program said, which may greet somebody as well.
pub(crate) fn armor_in(said: &str) -> &str {
    let begin = said.find(BEGIN).unwrap_or_default();
    let end = said[begin..].find(END).map_or(said.len(), |end| begin + end + END.len());
    &said[begin..end]
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// It isn't of a kind that is known, or garbled.
    #[error("the signature is of a kind that isn't known here, or garbled")]
    Unreadable,
    /// It was made for another purpose.
    #[error("the signature was made for something else")]
    Namespace,
    /// It was made with a key that isn't one of those that count.
    #[error("the signature is by the key {fingerprint}, which isn't one of the signer's keys")]
    UnknownKey {
        /// Of the key it was made with.
        fingerprint: String,
    },
    /// It is over other bytes, or was never made with that key.
    #[error("the signature doesn't belong to these words")]
    Wrong,
    /// There is none, and the policy asks members for one.
    #[error("it isn't signed, and the policy asks members for that")]
    Missing,
}

/// An SSH signature as one line: the base64 that stands between the lines `-----BEGIN SSH SIGNATURE-----` and
/// `-----END SSH SIGNATURE-----`. It has one spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature(Box<str>);

struct Parts<'a> {
    key: &'a [u8],
    namespace: &'a [u8],
    hash: &'a str,
    signature: Wire<'a>,
}

impl<'a> Parts<'a> {
    /// Nothing of it may be longer than it has to be: whoever has a signature could else make others of it.
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut wire = Wire(bytes.strip_prefix(MAGIC)?);
        let version = wire.number()?;
        let (key, namespace) = (wire.string()?, wire.string()?);
        let (reserved, hash, signature) = (wire.string()?, wire.word()?, wire.string()?);
        let known = version == 1 && reserved.is_empty() && matches!(hash, "sha256" | "sha512");
        wire.end(Self { key, namespace, hash, signature: Wire(signature) }).filter(|_| known)
    }

    /// The bytes that were signed, in place of the message.
    fn signed(&self, message: &[u8]) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        let mut string = |bytes: &[u8]| {
            // All of it fits: a name, a word and a hash.
            out.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
            out.extend(bytes);
        };
        string(self.namespace);
        string(b"");
        string(self.hash.as_bytes());
        match self.hash {
            "sha256" => string(&sha2::Sha256::digest(message)),
            _ => string(&sha2::Sha512::digest(message)),
        }
        out
    }
}

/// What is left to be done: the arithmetic.
struct Task<'a> {
    key: &'a PublicKey,
    signed: Vec<u8>,
    how: How,
    signature: Vec<u8>,
}

/// Which arithmetic.
enum How {
    Curve(&'static dyn ring::VerificationAlgorithm),
    Rsa(&'static ring::RsaParameters),
}

impl Task<'_> {
    fn verify(&self) -> Result<(), SignatureFault> {
        let right = match (self.key.material(), &self.how) {
            (Material::Ed25519(point, _), How::Curve(how)) => {
                ring::UnparsedPublicKey::new(*how, point).verify(&self.signed, &self.signature)
            }
            (Material::Ecdsa(point, _), How::Curve(how)) => {
                ring::UnparsedPublicKey::new(*how, point).verify(&self.signed, &self.signature)
            }
            (Material::Rsa { n, e }, How::Rsa(how)) => {
                ring::RsaPublicKeyComponents { n, e }.verify(how, &self.signed, &self.signature)
            }
            _ => return Err(SignatureFault::Unreadable),
        };
        right.map_err(|_| SignatureFault::Wrong)
    }
}

impl Signature {
    /// The longest signature, in characters: that of the largest RSA key has about 2,900.
    pub const MAX: usize = crate::domain::limits::SIGNATURE;

    /// Reads what `ssh-keygen -Y sign` prints.
    ///
    /// # Errors
    /// When the armor or what is inside isn't an SSH signature's, or is longer than [`Self::MAX`].
    pub fn from_armored(armored: &str) -> Result<Self, Invalid> {
        let inside = armored.trim().strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(END));
        let inside =
            inside.ok_or_else(|| Invalid::new("it isn't an SSH signature", "make it with ssh-keygen -Y sign"))?;
        inside.split_ascii_whitespace().collect::<String>().parse()
    }

    /// As `ssh-keygen -Y verify` reads it.
    #[must_use]
    pub fn to_armored(&self) -> String {
        let mut out = format!("{BEGIN}\n");
        let mut rest = &*self.0;
        while !rest.is_empty() {
            let (line, more) = rest.split_at(rest.len().min(70));
            out += line;
            out.push('\n');
            rest = more;
        }
        out + END + "\n"
    }

    /// Whether it is over `message`, for `namespace`, by one of `keys`: by which.
    ///
    /// # Errors
    /// When it is over something else, for another purpose, or by none of the keys.
    pub fn verify<'a>(
        &self,
        message: &[u8],
        namespace: &str,
        keys: &'a [PublicKey],
    ) -> Result<&'a PublicKey, SignatureFault> {
        let task = self.task(message, namespace, keys)?;
        task.verify()?;
        Ok(task.key)
    }

    fn task<'a>(&self, message: &[u8], namespace: &str, keys: &'a [PublicKey]) -> Result<Task<'a>, SignatureFault> {
        let bytes = STANDARD.decode(self.0.as_bytes()).map_err(|_| SignatureFault::Unreadable)?;
        let parts = Parts::read(&bytes).ok_or(SignatureFault::Unreadable)?;
        if parts.namespace != namespace.as_bytes() {
            return Err(SignatureFault::Namespace);
        }
        let unknown = || SignatureFault::UnknownKey { fingerprint: fingerprint(parts.key) };
        let key = keys.iter().find(|k| k.blob() == parts.key).ok_or_else(unknown)?;
        Self::with_key(&parts, message, key).ok_or(SignatureFault::Unreadable)?
    }

    /// `None` when the signature isn't of the key's kind.
    fn with_key<'a>(parts: &Parts<'_>, message: &[u8], key: &'a PublicKey) -> Option<Result<Task<'a>, SignatureFault>> {
        let mut wire = parts.signature;
        let name = wire.word()?;
        let rsa = key.algorithm() == Algorithm::Rsa;
        // A signature under the name ssh-rsa is one with SHA-1.
        let named = if rsa { matches!(name, "rsa-sha2-256" | "rsa-sha2-512") } else { name == key.algorithm().word() };
        named.then_some(())?;
        let inside = wire.string()?;
        let (how, signature) = match key.algorithm() {
            Algorithm::Ed25519 | Algorithm::SkEd25519 => {
                (How::Curve(&ring::ED25519), (inside.len() == 64).then(|| inside.to_vec())?)
            }
            Algorithm::EcdsaP256 | Algorithm::SkEcdsaP256 => {
                (How::Curve(&ring::ECDSA_P256_SHA256_FIXED), pair(inside, 32)?)
            }
            Algorithm::EcdsaP384 => (How::Curve(&ring::ECDSA_P384_SHA384_FIXED), pair(inside, 48)?),
            Algorithm::Rsa if name == "rsa-sha2-256" => (How::Rsa(&ring::RSA_PKCS1_2048_8192_SHA256), inside.to_vec()),
            Algorithm::Rsa => (How::Rsa(&ring::RSA_PKCS1_2048_8192_SHA512), inside.to_vec()),
        };
        let signed = match key.material() {
            Material::Ed25519(_, Some(application)) | Material::Ecdsa(_, Some(application)) => {
                // What a security key signs: for whom, whether it was touched, a counter, and the hash of the rest.
                let said = wire.bytes(5)?;
                if said[0] & 1 == 0 {
                    return wire.end(Err(SignatureFault::Wrong));
                }
                let mut out = sha2::Sha256::digest(application.as_bytes()).to_vec();
                out.extend(said);
                out.extend(sha2::Sha256::digest(parts.signed(message)));
                out
            }
            _ => parts.signed(message),
        };
        wire.end(Ok(Task { key, signed, how, signature }))
    }
}

/// The two numbers of an ECDSA signature, each filled up to `size` bytes.
fn pair(inside: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut wire = Wire(inside);
    let mut out = Vec::with_capacity(2 * size);
    for _ in 0..2 {
        let number = wire.positive()?;
        out.extend(std::iter::repeat_n(0, size.checked_sub(number.len())?));
        out.extend(number);
    }
    wire.end(out)
}

impl FromStr for Signature {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        let hint = "make it with ssh-keygen -Y sign, and take the lines between the first and the last as one";
        if s.len() > Self::MAX {
            return Err(Invalid::new(format!("it has {} characters, more than {}", s.len(), Self::MAX), hint));
        }
        // Only the one spelling is decoded: no line breaks, no missing padding, no stray bits.
        let sound = STANDARD.decode(s).is_ok_and(|bytes| Parts::read(&bytes).is_some());
        match sound {
            true => Ok(Self(s.into())),
            false => Err(Invalid::new("it isn't an SSH signature in its one spelling", hint)),
        }
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl serde::Serialize for Signature {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

/// Verifies very many signatures by few keys. Each thread has its own.
///
/// It does exactly what [`Signature::verify`] does, only faster: for an Ed25519 key that has come up often, the
/// multiples of its point are kept. Checking many signatures with one equation would be faster still, but then a key's
/// owner can make signatures which hold or not by the company they are in; nobody could say what is on record.
#[derive(Debug, Default)]
pub struct Batch {
    known: Vec<KnownKey>,
}

#[derive(Debug)]
struct KnownKey {
    key: [u8; 32],
    seen: u32,
    /// Multiples of the point's opposite: 30 KB.
    table: Option<Box<EdwardsBasepointTable>>,
}

impl Batch {
    /// A table costs as much as is gained on this many signatures.
    const OFTEN: u32 = 64;
    /// Bounds the memory; a committee with more keys is verified more slowly.
    const MOST: usize = 256;

    /// Whether a signature is over `message`, for `namespace`, by one of `keys`: by which.
    ///
    /// # Errors
    /// As [`Signature::verify`].
    pub fn verify<'a>(
        &mut self,
        signature: &Signature,
        message: &[u8],
        namespace: &str,
        keys: &'a [PublicKey],
    ) -> Result<&'a PublicKey, SignatureFault> {
        let task = signature.task(message, namespace, keys)?;
        let right = match task.key.material() {
            Material::Ed25519(point, _) => match self.table(point) {
                Some(table) => holds(table, point, &task.signed, &task.signature),
                None => task.verify().is_ok(),
            },
            _ => task.verify().is_ok(),
        };
        if right { Ok(task.key) } else { Err(SignatureFault::Wrong) }
    }

    fn table(&mut self, point: &[u8; 32]) -> Option<&EdwardsBasepointTable> {
        let at = match self.known.iter().position(|k| k.key == *point) {
            Some(at) => at,
            None if self.known.len() == Self::MOST => return None,
            None => {
                self.known.push(KnownKey { key: *point, seen: 0, table: None });
                self.known.len() - 1
            }
        };
        let known = &mut self.known[at];
        known.seen = known.seen.saturating_add(1);
        if known.table.is_none() && known.seen > Self::OFTEN {
            let opposite = -CompressedEdwardsY(*point).decompress()?;
            known.table = Some(Box::new(EdwardsBasepointTable::create(&opposite)));
        }
        known.table.as_deref()
    }
}

/// RFC 8032's equation without the cofactor, compared as bytes: what OpenSSH and ring do.
fn holds(opposite: &EdwardsBasepointTable, key: &[u8; 32], signed: &[u8], signature: &[u8]) -> bool {
    let read = || {
        let (commitment, answer) = signature.split_first_chunk::<32>()?;
        Some((commitment, Scalar::from_canonical_bytes(answer.try_into().ok()?).into_option()?))
    };
    let Some((commitment, answer)) = read() else { return false };
    let hash = sha2::Sha512::new().chain_update(commitment).chain_update(key).chain_update(signed).finalize();
    let challenge = Scalar::from_bytes_mod_order_wide(&hash.into());
    (EdwardsPoint::mul_base(&answer) + opposite * &challenge).compress().as_bytes() == commitment
}
