//! Signatures and keys, against what the real `ssh-keygen` makes and accepts.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use karmada_partner::domain::signature::sshsig::{Batch, NAMESPACE, PublicKey, Signature, SignatureFault};
use proptest::prelude::*;
use tempfile::TempDir;

const MESSAGE: &[u8] = b"KP-Vote: v1 approve\nKP-Partner: acme\n";

pub fn keygen(directory: &Path, args: &[&str], input: &[u8]) -> Result<String, String> {
    use std::io::Write as _;
    let mut child = Command::new("ssh-keygen")
        .current_dir(directory)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    match output.status.success() {
        true => Ok(said),
        false => Err(format!("{said}{}", String::from_utf8_lossy(&output.stderr))),
    }
}

/// Makes a key `name` and gives its public half.
pub fn make(directory: &Path, name: &str, kind: &str, bits: &str) -> PublicKey {
    let bits = if bits.is_empty() { vec![] } else { vec!["-b", bits] };
    let args = [&["-q", "-N", "", "-t", kind, "-C", name, "-f", name][..], &bits].concat();
    keygen(directory, &args, b"").unwrap();
    std::fs::read_to_string(directory.join(format!("{name}.pub"))).unwrap().trim().parse().unwrap()
}

fn sign(directory: &Path, key: &str, namespace: &str, more: &[&str]) -> Signature {
    let armored = keygen(directory, &[&["-Y", "sign", "-f", key, "-n", namespace][..], more].concat(), MESSAGE);
    let armored = armored.unwrap();
    let signature = Signature::from_armored(&armored).unwrap();
    assert_eq!(signature.to_armored(), armored, "the armor is ssh-keygen's own");
    signature
}

/// One key of each kind, made once; RSA takes its time.
fn keys() -> &'static (TempDir, Vec<(&'static str, PublicKey)>) {
    static KEYS: OnceLock<(TempDir, Vec<(&'static str, PublicKey)>)> = OnceLock::new();
    KEYS.get_or_init(|| {
        let root = tempfile::tempdir().unwrap();
        let kinds = [("ed", "ed25519", ""), ("p256", "ecdsa", "256"), ("p384", "ecdsa", "384"), ("rsa", "rsa", "3072")];
        let keys = kinds.map(|(name, kind, bits)| (name, make(root.path(), name, kind, bits))).to_vec();
        (root, keys)
    })
}

#[test]
fn what_ssh_keygen_signs_is_verified() {
    let (root, keys) = keys();
    let all: Vec<_> = keys.iter().map(|(_, key)| key.clone()).collect();
    for (name, key) in keys {
        for more in [&[][..], &["-Ohashalg=sha256"]] {
            let signature = sign(root.path(), name, NAMESPACE, more);
            assert_eq!(signature.to_string().parse().as_ref(), Ok(&signature));
            assert_eq!(signature.verify(MESSAGE, NAMESPACE, &all), Ok(key), "{name} {more:?}");
            assert_eq!(signature.verify(b"else", NAMESPACE, &all), Err(SignatureFault::Wrong), "{name}");
            assert_eq!(signature.verify(MESSAGE, "git", &all), Err(SignatureFault::Namespace), "{name}");
            let others: Vec<_> = all.iter().filter(|k| *k != key).cloned().collect();
            let unknown = SignatureFault::UnknownKey { fingerprint: key.fingerprint() };
            assert_eq!(signature.verify(MESSAGE, NAMESPACE, &others), Err(unknown), "{name}");
            assert!(ssh_keygen_accepts(root.path(), key, &signature, MESSAGE));
            assert!(!ssh_keygen_accepts(root.path(), key, &signature, b"else"));
        }
        let elsewhere = sign(root.path(), name, "file", &[]);
        assert_eq!(elsewhere.verify(MESSAGE, NAMESPACE, &all), Err(SignatureFault::Namespace));
    }
}

fn ssh_keygen_accepts(directory: &Path, key: &PublicKey, signature: &Signature, message: &[u8]) -> bool {
    let scratch = tempfile::tempdir_in(directory).unwrap();
    let (signers, file) = (scratch.path().join("signers"), scratch.path().join("signature"));
    std::fs::write(&signers, format!("alice {key}\n")).unwrap();
    std::fs::write(&file, signature.to_armored()).unwrap();
    let (signers, file) = (signers.to_str().unwrap(), file.to_str().unwrap());
    let args = ["-Y", "verify", "-f", signers, "-I", "alice", "-n", NAMESPACE, "-s", file];
    keygen(directory, &args, message).is_ok()
}

#[test]
fn keys_are_read_as_ssh_keygen_reads_them() {
    let (root, keys) = keys();
    for (name, key) in keys {
        let line = std::fs::read_to_string(root.path().join(format!("{name}.pub"))).unwrap();
        assert_eq!(key.to_string(), line.trim());
        assert_eq!((key.comment(), key.to_string().split(' ').next().unwrap()), (*name, key.algorithm().word()));
        let told = keygen(root.path(), &["-l", "-f", name], b"").unwrap();
        assert_eq!(told.split(' ').nth(1), Some(key.fingerprint().as_str()));
        assert_eq!(key.bare().parse().as_ref(), Ok(key), "a comment makes no other key");
        let private = std::fs::read_to_string(root.path().join(name)).unwrap();
        assert_eq!(PublicKey::of_private(&private), Some(Ok(key.clone())));
    }
    assert!(keys[0].1 != keys[1].1);
}

#[test]
fn keys_that_will_not_do_say_why() {
    let root = tempfile::tempdir().unwrap();
    let why = |line: &str| line.parse::<PublicKey>().unwrap_err().why;
    let made = |kind, bits| {
        keygen(root.path(), &["-q", "-N", "", "-t", kind, "-b", bits, "-f", bits], b"").unwrap();
        std::fs::read_to_string(root.path().join(format!("{bits}.pub"))).unwrap()
    };
    assert_eq!(why(made("rsa", "1024").trim()), "an RSA key of 1024 bits is too weak; 2048 is the least");
    let p521 = made("ecdsa", "521");
    assert_eq!(why(p521.trim()), "a key of the kind “ecdsa-sha2-nistp521” can't be used here");
    let private = std::fs::read_to_string(root.path().join("1024")).unwrap();
    assert_eq!(why(&private), "it is a private key, which nobody else may see");
    let good = keys().1[0].1.bare();
    for bad in ["", "ssh-ed25519", "ssh-rsa", "alice", "ssh-ed25519 AAAA", &good[..good.len() - 1]] {
        assert!(why(bad).starts_with("it isn't an SSH public key"), "{bad}");
    }
    assert_eq!(why(&good.replace("ssh-ed25519 ", "ssh-rsa ")), "it says “ssh-rsa”, and is ssh-ed25519");
    assert!(why(&format!("{good} a\u{202e}b")).contains("direction-changing"));
    // Points of small order: anybody could sign for some of them. And points that have two spellings.
    let (mut zero, mut one, mut top) = ([0; 32], [0; 32], [0xff; 32]);
    (zero[0], one[0], top[31]) = (0, 1, 0x7f);
    for point in [zero, one, top] {
        assert!(why(&ed25519_line(&point)).contains("weak"), "{point:?}");
    }
}

fn string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn ed25519_line(point: &[u8; 32]) -> String {
    format!("ssh-ed25519 {}", base64(&[string(b"ssh-ed25519"), string(point)].concat()))
}

/// A signature put together by hand, as no ssh-keygen would.
struct Forged<'a> {
    key: Vec<u8>,
    reserved: &'a [u8],
    version: u32,
    hash: &'a [u8],
    signature: Vec<u8>,
}

impl Forged<'_> {
    fn text(&self) -> String {
        let parts = [
            b"SSHSIG".to_vec(),
            self.version.to_be_bytes().to_vec(),
            string(&self.key),
            string(NAMESPACE.as_bytes()),
            string(self.reserved),
            string(self.hash),
            string(&self.signature),
        ];
        base64(&parts.concat())
    }
}

fn to_be_signed() -> Vec<u8> {
    let hash = ring::digest::digest(&ring::digest::SHA512, MESSAGE);
    let parts =
        [b"SSHSIG".to_vec(), string(NAMESPACE.as_bytes()), string(b""), string(b"sha512"), string(hash.as_ref())];
    parts.concat()
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    ring::digest::digest(&ring::digest::SHA256, bytes).as_ref().to_vec()
}

/// Security keys can't be had in a test; what they sign can.
#[test]
fn security_keys_must_have_been_touched() {
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};
    let root = tempfile::tempdir().unwrap();
    let random = ring::rand::SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let p256 = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap();
    let ed = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
    for curve in ["ed25519", "nistp256"] {
        let (name, key) = match curve {
            "ed25519" => ("sk-ssh-ed25519@openssh.com", string(ed.public_key().as_ref())),
            _ => (
                "sk-ecdsa-sha2-nistp256@openssh.com",
                [string(b"nistp256"), string(p256.public_key().as_ref())].concat(),
            ),
        };
        let blob = [string(name.as_bytes()), key, string(b"ssh:")].concat();
        let key: PublicKey = format!("{name} {}", base64(&blob)).parse().unwrap();
        for touched in [true, false] {
            let said = [u8::from(touched), 0, 0, 0, 9];
            let signed = [sha256(b"ssh:"), said.to_vec(), sha256(&to_be_signed())].concat();
            let inside = match curve {
                "ed25519" => ed.sign(&signed).as_ref().to_vec(),
                _ => p256.sign(&random, &signed).unwrap().as_ref().chunks(32).flat_map(positive).collect(),
            };
            let signature = [string(name.as_bytes()), string(&inside), said.to_vec()].concat();
            let forged = Forged { key: blob.clone(), reserved: b"", version: 1, hash: b"sha512", signature };
            let signature: Signature = forged.text().parse().unwrap();
            let verdict = signature.verify(MESSAGE, NAMESPACE, std::slice::from_ref(&key));
            assert_eq!(verdict, if touched { Ok(&key) } else { Err(SignatureFault::Wrong) }, "{name}");
            // ssh-keygen itself leaves to whoever asks it whether a key must be touched; sshd asks for it, and so do we.
            assert!(ssh_keygen_accepts(root.path(), &key, &signature, MESSAGE), "{name}");
        }
    }
}

fn positive(number: &[u8]) -> Vec<u8> {
    let number: Vec<u8> = number.iter().copied().skip_while(|b| *b == 0).collect();
    let sign = if number[0] >= 0x80 { vec![0] } else { vec![] };
    string(&[sign, number].concat())
}

#[test]
fn a_signature_has_one_spelling() {
    use ring::signature::KeyPair as _;
    let ed = ring::signature::Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
    let key: PublicKey = ed25519_line(ed.public_key().as_ref().try_into().unwrap()).parse().unwrap();
    let blob = [string(b"ssh-ed25519"), string(ed.public_key().as_ref())].concat();
    let inside = ed.sign(&to_be_signed());
    let signature = [string(b"ssh-ed25519"), string(inside.as_ref())].concat();
    let forged = |reserved, version, hash, more: &[u8]| {
        Forged { key: blob.clone(), reserved, version, hash, signature: [&signature, more].concat() }.text()
    };
    let good = forged(b"", 1, b"sha512", b"");
    let keys = [key];
    assert_eq!(good.parse::<Signature>().unwrap().verify(MESSAGE, NAMESPACE, &keys), Ok(&keys[0]));
    // What OpenSSH overlooks would be a second spelling.
    for bad in [
        forged(b"x", 1, b"sha512", b""),
        forged(b"", 2, b"sha512", b""),
        forged(b"", 1, b"sha1", b""),
        format!("{good}AAAA"),
        good.replace('=', ""),
        format!(" {good}"),
        good[..76].to_owned() + "\n" + &good[76..],
        good[4..].to_owned(),
        String::new(),
        "A".repeat(4_100),
    ] {
        assert!(bad.parse::<Signature>().is_err(), "{bad}");
    }
    let longer: Signature = forged(b"", 1, b"sha512", b"x").parse().unwrap();
    assert_eq!(longer.verify(MESSAGE, NAMESPACE, &keys), Err(SignatureFault::Unreadable));
    // Stray bits in the last character decode to the same bytes elsewhere.
    let padded =
        (0..3).map(|n| Forged { key: vec![0; n], reserved: b"", version: 1, hash: b"sha512", signature: vec![] });
    let padded = padded.map(|f| f.text()).find(|t| t.ends_with("A=")).unwrap();
    assert!(padded.parse::<Signature>().is_ok());
    assert!(padded.replace("A=", "B=").parse::<Signature>().is_err());
    for armored in ["", "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----", &good] {
        assert!(Signature::from_armored(armored).is_err(), "{armored}");
    }
}

/// An RSA signature with SHA-1 isn't one.
#[test]
fn sha1_is_refused() {
    let (root, keys) = keys();
    let (_, key) = &keys[3];
    let text = sign(root.path(), "rsa", NAMESPACE, &[]).to_string();
    let bytes = {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.decode(text).unwrap()
    };
    let at = bytes.windows(12).rposition(|w| w == b"rsa-sha2-512").unwrap();
    let inside = [string(b"ssh-rsa"), bytes[at + 12..].to_vec()].concat();
    let before = &bytes[..at - 8];
    let signature: Signature = base64(&[before.to_vec(), string(&inside)].concat()).parse().unwrap();
    assert_eq!(signature.verify(MESSAGE, NAMESPACE, std::slice::from_ref(key)), Err(SignatureFault::Unreadable));
}

#[test]
fn many_are_verified_as_one_is() {
    let (root, keys) = keys();
    let all: Vec<_> = keys.iter().map(|(_, key)| key.clone()).collect();
    let right = sign(root.path(), "ed", NAMESPACE, &[]);
    let mut batch = Batch::default();
    for id in 0..300 {
        let message = if id % 100 == 99 { b"else" } else { MESSAGE };
        let expected = if id % 100 == 99 { Err(SignatureFault::Wrong) } else { Ok(()) };
        assert_eq!(batch.verify(&right, message, NAMESPACE, &all).map(drop), expected);
    }
    assert_eq!(batch.verify(&right, MESSAGE, "git", &all), Err(SignatureFault::Namespace));
    let rsa = sign(root.path(), "rsa", NAMESPACE, &[]);
    assert_eq!(batch.verify(&rsa, b"else", NAMESPACE, &all), Err(SignatureFault::Wrong));
}

/// Whatever happens to the bytes within an Ed25519 signature, a batch and ring agree.
fn agree(signature: &Signature, keys: &[PublicKey]) -> bool {
    let alone = signature.verify(MESSAGE, NAMESPACE, keys).map(drop);
    let mut batch = Batch::default();
    (0..70).all(|_| batch.verify(signature, MESSAGE, NAMESPACE, keys).map(drop) == alone)
}

/// A key's owner can add a point of small order to a signature. One equation over many would then hold or not by chance;
/// here it never does, as with ssh-keygen.
#[test]
fn a_signature_with_a_point_of_small_order_never_holds() {
    use curve25519_dalek::{EdwardsPoint, Scalar, constants::EIGHT_TORSION};
    let root = tempfile::tempdir().unwrap();
    let (secret, nonce) = (Scalar::from(0x1234_5678_9abc_u64), Scalar::from(0xfedc_ba98_u64));
    let point = EdwardsPoint::mul_base(&secret).compress().0;
    let keys = [ed25519_line(&point).parse::<PublicKey>().unwrap()];
    for (order, small) in EIGHT_TORSION.iter().enumerate() {
        let commitment = (EdwardsPoint::mul_base(&nonce) + small).compress().0;
        let signed = [&commitment[..], &point, &to_be_signed()].concat();
        let hash: [u8; 64] = ring::digest::digest(&ring::digest::SHA512, &signed).as_ref().try_into().unwrap();
        let answer = nonce + Scalar::from_bytes_mod_order_wide(&hash) * secret;
        let inside = [commitment, answer.to_bytes()].concat();
        let signature = [string(b"ssh-ed25519"), string(&inside)].concat();
        let key = [string(b"ssh-ed25519"), string(&point)].concat();
        let forged = Forged { key, reserved: b"", version: 1, hash: b"sha512", signature };
        let signature: Signature = forged.text().parse().unwrap();
        assert!(agree(&signature, &keys), "{order}");
        assert_eq!(signature.verify(MESSAGE, NAMESPACE, &keys).is_ok(), order == 0);
        assert_eq!(ssh_keygen_accepts(root.path(), &keys[0], &signature, MESSAGE), order == 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_character_never_verifies(which in 0..4_usize, at in any::<prop::sample::Index>(), to in any::<char>()) {
        static MADE: OnceLock<Vec<String>> = OnceLock::new();
        let (root, keys) = keys();
        let texts = MADE.get_or_init(|| keys.iter().map(|(n, _)| sign(root.path(), n, NAMESPACE, &[]).to_string()).collect());
        let all: Vec<_> = keys.iter().map(|(_, key)| key.clone()).collect();
        let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
        // Mostly what base64 knows: else nothing would get beyond it.
        let to = if to.is_control() { to } else { char::from(digits[to as usize % digits.len()]) };
        let mut text: Vec<char> = texts[which].chars().collect();
        let at = at.index(text.len());
        prop_assume!(text[at] != to);
        text[at] = to;
        if let Ok(signature) = text.into_iter().collect::<String>().parse::<Signature>() {
            prop_assert!(signature.verify(MESSAGE, NAMESPACE, &all).is_err());
            prop_assert!(which != 0 || agree(&signature, &all));
        }
    }

    #[test]
    fn anything_at_all_is_read_or_refused(text in ".{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        drop(text.parse::<PublicKey>());
        drop(text.parse::<Signature>());
        drop(PublicKey::of_private(&text));
        for head in [&b"SSHSIG\0\0\0\x01"[..], b"\0\0\0\x0bssh-ed25519", b"\0\0\0\x07ssh-rsa", b""] {
            let text = base64(&[head, &bytes].concat());
            drop(format!("ssh-ed25519 {text}").parse::<PublicKey>());
            if let Ok(signature) = text.parse::<Signature>() {
                prop_assert!(signature.verify(b"", NAMESPACE, &[]).is_err());
            }
        }
    }
}
