"""Signatures of all kinds, byte by byte. Needs `cryptography`."""
import base64
import hashlib

from cases import TAMPERED, tampered
from registry import sha256
from steps import BREACH, keys, leaving, policy_by_hand, signed_block


def wire(*parts):
    return b"".join(len(p).to_bytes(4, "big") + p for p in parts)


def mpint(n):
    return n.to_bytes(n.bit_length() // 8 + 1, "big")


def sshsig(blob, algorithm, make, message, namespace=b"karmada-partner", digest="sha512", reserved=b"", tail=b"", after=b""):
    said = b"SSHSIG" + wire(namespace, reserved, digest.encode(), hashlib.new(digest, message).digest())
    body, extra = make(said)
    return base64.b64encode(b"SSHSIG\0\0\0\1" + wire(blob, namespace, reserved, digest.encode(), wire(algorithm, body) + extra + tail) + after)


def signing(name, expect, **more):
    """A policy whose alice has a key of a kind, and something that she signs."""
    def make(r):
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
        kind, flags, twist = more.get("kind", "ed25519"), more.get("flags", 1), more.get("twist", "")
        sk = kind.startswith("sk-")
        application = (b"ssh:",) if sk else ()
        raw = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        if kind.endswith("ed25519"):
            key = ed25519.Ed25519PrivateKey.from_private_bytes(b"7" * 32)
            word = b"sk-ssh-ed25519@openssh.com" if sk else b"ssh-ed25519"
            blob = wire(word, key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw), *application)
            make_body = key.sign
        elif kind.startswith("rsa"):
            key = rsa.generate_private_key(65537, int(kind[3:]))
            word, n = b"ssh-rsa", key.public_key().public_numbers()
            blob = wire(word, mpint(n.e), mpint(n.n))
            sha = hashes.SHA1() if twist == "sha1" else hashes.SHA256()
            make_body = lambda said: key.sign(said, padding.PKCS1v15(), sha)
            word = b"ssh-rsa" if twist == "sha1" else b"rsa-sha2-256"
        else:
            bits = kind[-3:]
            key = ec.derive_private_key(77, {"256": ec.SECP256R1(), "384": ec.SECP384R1(), "521": ec.SECP521R1()}[bits])
            word = f"{'sk-' if sk else ''}ecdsa-sha2-nistp{bits}{'@openssh.com' if sk else ''}".encode()
            blob = wire(word, b"nistp" + bits.encode(), key.public_key().public_bytes(*raw), *application)
            sha = {"256": hashes.SHA256(), "384": hashes.SHA384(), "521": hashes.SHA512()}[bits]

            def make_body(said):
                numbers = utils.decode_dss_signature(key.sign(said, ec.ECDSA(sha)))
                shortest = [mpint(number) for number in numbers]
                return wire(*((b"\0" if twist == "long" else b"") + part for part in shortest))
        public = (word if not kind.startswith("rsa") else b"ssh-rsa").decode() + " " + base64.b64encode(blob).decode()
        def whole(said):
            if not sk:
                return make_body(said), b""
            extra = bytes([flags]) + (5).to_bytes(4, "big")
            return make_body(hashlib.sha256(b"ssh:").digest() + extra + hashlib.sha256(said).digest()), extra
        policy_by_hand(r, r.read("data/program.toml").replace(b'"Umbrella"\n', f'"Umbrella"\nkeys = ["{public}"]\n'.encode()))
        path, data = r.event("globex", "renewed", "upkeep", "alice")
        signature = sshsig(blob, word, whole, data if twist != "other" else b"x", **more.get("sig", {}))
        if twist == "folded":
            signature = signature[:-1] + b"\n " + signature[-1:]
        r.commit({path: data + b"KP-Signature: " + signature + b"\n"})
    make.__name__ = f"signing_{name}"
    TAMPERED[make.__name__] = ("approved", expect, make)


for kind in ("ed25519", "ecdsa256", "ecdsa384", "rsa2048", "sk-ed25519", "sk-ecdsa256"):
    signing(kind, "none", kind=kind)
    signing(f"{kind}_of_other", "error", kind=kind, twist="other")
signing("ecdsa521", "error", kind="ecdsa521")
signing("rsa1024", "error", kind="rsa1024")
signing("rsa_sha1", "error", kind="rsa2048", twist="sha1")
signing("ecdsa_long", "error", kind="ecdsa256", twist="long")
signing("untouched", "error", kind="sk-ed25519", flags=0)
signing("untouched_ecdsa", "error", kind="sk-ecdsa256", flags=4)
signing("touched_and_verified", "none", kind="sk-ed25519", flags=5)
signing("sha256", "none", sig={"digest": "sha256"})
signing("sha384", "error", sig={"digest": "sha384"})
signing("namespace", "error", sig={"namespace": b"git"})
signing("reserved", "error", sig={"reserved": b"x"})
signing("tail", "error", sig={"tail": b"\0"})
signing("after", "error", sig={"after": b"\0"})


@tampered("approved", "none")
def signed_without_a_seat(r):
    """The applicant signs: there is nothing to compare with."""
    keys(r)
    path, data = signed_block(r, "mallory", r.event("globex", "renewed", "upkeep", "globex-bot"))
    r.commit({path: data})


@tampered("approved", "none")
def signed_without_a_seat_broken(r):
    keys(r)
    path, data = signed_block(r, "mallory", r.event("globex", "renewed", "upkeep", "globex-bot"))
    r.commit({path: data.replace(b"KP-Actor: globex-bot", b"KP-Actor: Globex-bot")})


@tampered("approved", "none")
def member_without_key_signs(r):
    keys(r)
    path, data = signed_block(r, "mallory", r.event("globex", "renewed", "upkeep", "alice"))
    r.commit({path: data})


@tampered("approved", "none")
def member_without_key_signs_a_vote(r):
    keys(r)
    about = leaving(r)
    first = signed_block(r, "mallory", r.vote("globex", "approve", "alice", about, "none", **BREACH))
    second = r.vote("globex", "approve", "bob", about, sha256(first[1]), **BREACH)
    path, data = r.event("globex", "exited", "exit", "bob", Round=2, Votes=f"{sha256(first[1])} {sha256(second[1])}", **BREACH)
    r.commit(dict([first, second, (path, data)]))
