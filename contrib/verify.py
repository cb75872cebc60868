#!/usr/bin/env python3
"""Verify a registry of karmada-partner, independently of it.

Written from docs/log-format.md alone, as a second opinion on what `karmada-partner audit` says:

    python3 contrib/verify.py REPOSITORY [--head-only] [--json]

It needs Python 3.11, git, and, only where a registry has signatures, the package `cryptography`. It ends with 0 if no
rule is broken, 1 if one is, 2 if it is called wrongly, and 5 if the repository can't be read.
"""
import argparse
import base64
import copy
import datetime
import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
import unicodedata
import urllib.parse
from collections import namedtuple
from fractions import Fraction

# ---------------------------------------------------------------------------------------------------- git


class Unreadable(Exception):
    """The repository, or an object that has to be there, can't be read."""


EMPTY = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"  # the tree of an empty directory
Commit = namedtuple("Commit", "id tree parents time people message")


class Missing(Exception):
    """An object isn't there, or is damaged."""


def names_somebody(line):
    """Whether it is name, mailbox, seconds and zone, as git fsck lets them pass."""
    return re.fullmatch(r"[^<>]* <[^<>]*> (0|[1-9][0-9]{0,17}) [+-][0-9]{4}", line) is not None


class Git:
    def __init__(self, path):
        self.env = dict(os.environ, GIT_NO_REPLACE_OBJECTS="1", GIT_NO_LAZY_FETCH="1", LC_ALL="C")
        self.path = path
        self.commits, self.trees = {}, {}
        self.odd = {}  # directories that git wouldn't have written so, and why
        if not os.path.isdir(path):
            raise Unreadable(f"{path} is no directory")
        if self.run("rev-parse", "--show-object-format") != "sha1":
            raise Unreadable("objects aren't named by SHA-1")
        self.shallow = self.run("rev-parse", "--is-shallow-repository") == "true"
        self.partial = self.is_partial()
        self.head = self.run("rev-parse", "--verify", "HEAD^{commit}")
        self.start()

    def is_partial(self):
        """Whether it was cloned with --filter, so that objects may be elsewhere."""
        done = subprocess.run(["git", "-C", self.path, "config", "--get-regexp", r"^remote\..*\.(promisor|partialclonefilter)$"],
                              env=self.env, capture_output=True, text=True)
        return any(line.partition(" ")[2] != "false" for line in done.stdout.splitlines())

    def start(self):
        self.batch = subprocess.Popen(["git", "-C", self.path, "cat-file", "--batch"], env=self.env, stderr=subprocess.DEVNULL,
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def run(self, *args):
        done = subprocess.run(["git", "-C", self.path, *args], env=self.env, capture_output=True, text=True)
        if done.returncode:
            raise Unreadable(done.stderr.strip() or f"git {args[0]} failed")
        return done.stdout.strip()

    def read(self, oid, kind):
        """The bytes of an object, or None where it is missing, damaged or of another kind."""
        self.batch.stdin.write(oid.encode() + b"\n")
        self.batch.stdin.flush()
        words = self.batch.stdout.readline().split()
        if not words:  # git gives up on what is damaged
            self.start()
        if len(words) != 3 or not words[2].isdigit():
            return None
        data = self.batch.stdout.read(int(words[2]) + 1)
        if len(data) != int(words[2]) + 1:
            self.start()
            return None
        data = data[:-1]
        whole = hashlib.sha1(b"%s %d\0" % (words[1], len(data)) + data).hexdigest() == oid
        return data if whole and words[1] == kind.encode() else None

    def blob(self, oid):
        return self.read(oid, "blob")

    def commit(self, oid):
        if oid not in self.commits:
            data = self.read(oid, "commit")
            if data is None:
                raise Missing(oid)
            head, _, message = data.decode("utf-8", "replace").partition("\n\n")
            lines = [line.split(" ", 1) for line in head.split("\n") if " " in line]
            one = lambda key: [value for k, value in lines if k == key]
            if not one("tree"):
                raise Missing(oid)
            made = (one("committer") or [""])[0]
            when = re.fullmatch(r"(?:.* )?([+-]?[0-9]{1,40}) [^ ]*", made, re.DOTALL)
            time = int(when[1]) if when and -2 ** 63 <= int(when[1]) < 2 ** 63 else None
            keys = [key for key, _ in lines]
            before = keys[:keys.index("committer")] if "committer" in keys else keys
            wrote = one("author")[:before.count("author")]
            # Of a committer that says no time that is told.
            people = [len(wrote) == 1 and names_somebody(wrote[0]), time is None or names_somebody(made)]
            self.commits[oid] = Commit(oid, one("tree")[0], one("parent"), time, people, message)
        return self.commits[oid]

    def tree(self, oid):
        if oid not in self.trees:
            data, entries, last, why = self.read(oid, "tree"), {}, b"", None
            if data is None:
                raise Missing(oid)
            while data:
                found = re.match(rb"([0-7]+) ([^\0]+)\0(.{20})", data, re.DOTALL)
                if not found:  # what isn't a directory from its first byte to its last is damaged
                    raise Missing(oid)
                mode, name, object = found.groups()
                data = data[found.end():]
                kind = {0o40000: "40000", 0o120000: "120000", 0o160000: "160000"}.get(int(mode, 8) & 0o170000) or (
                    "100755" if int(mode, 8) & 0o111 else "100644")
                order = name + (b"/" if kind == "40000" else b"\0")
                if mode.decode() != kind:
                    why = "a mode is one that git doesn't write so"
                if order <= last or name.decode("utf-8", "surrogateescape") in entries:
                    why = "its entries aren't in git's order, or one stands there twice"
                last = order
                entries.setdefault(name.decode("utf-8", "surrogateescape"), (kind, object.hex()))  # the first counts
            if why:
                self.odd[oid] = why
            self.trees[oid] = entries
        return self.trees[oid]

    def entry(self, tree, path):
        """The object at a path of a tree, or None."""
        for part in path.split("/"):
            found = tree and self.tree(tree).get(part)
            tree = found[1] if found else None
        return tree

    def changes(self, old, new, prefix="", missing=None):
        """(path, old, new) of each file, and empty directory, that differs between two trees, and of each differing directory that git
        wouldn't have written so; either may be None.

        Directories that can't be read are passed to `missing`, and nothing is told of them; without it, they raise Missing."""
        try:
            a, b = self.tree(old) if old else {}, self.tree(new) if new else {}
        except Missing as oid:
            if not missing:
                raise
            missing(prefix, str(oid))
            return
        odd = [("odd", oid) if oid in self.odd else None for oid in (old, new)]
        if any(odd):
            yield prefix.rstrip("/") or "data", *odd
        for name in sorted(a.keys() | b.keys()):
            x, y = a.get(name), b.get(name)
            if x == y:
                continue
            directory = lambda entry: entry[1] if entry and entry[0] == "40000" and entry[1] != EMPTY else None
            file = lambda entry: entry if entry and not directory(entry) else None
            if directory(x) or directory(y):
                yield from self.changes(directory(x), directory(y), f"{prefix}{name}/", missing)
            if file(x) or file(y):
                yield prefix + name, file(x), file(y)


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()

# ---------------------------------------------------------------------------------------------------- values


SLUG = r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?"
LOGIN = r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}(?:\[bot\])?"
RESERVED = {"program", "con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)}
HIDDEN = [(0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
          (0x200B, 0x200B), (0x200E, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F), (0x2800, 0x2800), (0x3164, 0x3164),
          (0xFE00, 0xFE0D), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFD), (0x13430, 0x13442),
          (0x16FE4, 0x16FE4), (0x1BCA0, 0x1BCA3), (0x1D159, 0x1D159), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)]
JOINERS = "\u200c\u200d\ufe0e\ufe0f"
WHITE = "".join(map(chr, (*range(9, 14), 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)))


def hides(c):
    return any(a <= ord(c) <= b for a, b in HIDDEN)


def plain(value):
    """Is it a value that hides nothing?"""
    return bool(value) and value == value.strip() and not any(
        unicodedata.category(c) == "Cc" or ord(c) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(c) <= 0xFDEF or hides(c) for c in value) and not re.search(f"(?:^|[\0-\x7f])[{JOINERS}]", value)


def pattern(regex):
    compiled = re.compile(regex, re.ASCII)
    return lambda value: compiled.fullmatch(value) is not None


def moment(form, regex):
    def check(value):
        try:
            return re.fullmatch(regex, value, re.ASCII) and datetime.datetime.strptime(value, form) and True
        except ValueError:
            return False
    return check


def words(*allowed):
    return lambda value: value in allowed


def address(value):
    found = re.fullmatch(r"https?://([^/?#]+)(?:[/?#].*)?", value)
    return (len(value) <= 1000 and found is not None and "@" not in found[1] and not found[1].startswith(":")
            and not re.search(r"\s|[<>\"`{}\\^|]", value))


def criteria(value):
    pairs = [word.partition("=") for word in value.split(" ")]
    return (all(len(name) <= 30 and re.fullmatch(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", name) and said in FINDINGS
                for name, _, said in pairs) and len({name for name, *_ in pairs}) == len(pairs))


def within(limit):
    return lambda value: len(value) <= limit


class Wire:
    """Reads what SSH writes. Whatever is cut short raises ValueError."""

    def __init__(self, data):
        self.data = data

    def take(self, size):
        if len(self.data) < size:
            raise ValueError("cut short")
        taken, self.data = self.data[:size], self.data[size:]
        return taken

    def string(self):
        return self.take(int.from_bytes(self.take(4), "big"))

    def mpint(self):
        data = self.string()
        if not data or data[0] & 0x80 or (data[0] == 0 and (len(data) < 2 or not data[1] & 0x80)):
            raise ValueError("no positive number in its shortest form")
        return int.from_bytes(data, "big")

    def end(self):
        if self.data:
            raise ValueError("longer than it has to be")


def ssh_string(data):
    return len(data).to_bytes(4, "big") + data


def envelope(signature):
    """(key, namespace, hash, what the key made) of an SSH signature, or ValueError."""
    raw = base64.b64decode(signature, validate=True)
    if base64.b64encode(raw).decode() != signature:
        raise ValueError("not the one base64 of it")
    wire = Wire(raw)
    if wire.take(6) != b"SSHSIG" or wire.take(4) != b"\0\0\0\1":
        raise ValueError("not an SSH signature")
    blob, namespace, reserved, digest, made = (wire.string() for _ in range(5))
    wire.end()
    if reserved or digest not in (b"sha256", b"sha512"):
        raise ValueError("of another hash")
    return blob, namespace, digest, made


def is_signature(value):
    try:
        return len(value) <= 4096 and bool(envelope(value))
    except ValueError:
        return False


HASH = r"sha256:[0-9a-f]{64}"
FINDINGS = ("met", "not-met", "unsure")
VERDICTS = ("approve", "reject", "abstain")
number = pattern(r"[1-9][0-9]{0,8}")
hash_ = pattern(HASH)
hash_or_none = pattern(f"none|{HASH}")
login = pattern(LOGIN)
text = within(1000)
time = moment("%Y-%m-%dT%H:%M:%SZ", r"(?!0000|9999)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
date = moment("%Y-%m-%d", r"(?!0000)\d{4}-\d\d-\d\d")
day = lambda value: datetime.date.fromisoformat(value[:10])
account = lambda value: pattern(r"[1-9][0-9]{0,19}")(value) and int(value) < 1 << 64
slug = lambda value: pattern(SLUG)(value) and (value == "program" or value not in RESERVED)
partner_slug = lambda value: slug(value) and value != "program"

# ---------------------------------------------------------------------------------------------------- blocks

SUBJECTS = ("application", "update", "exit", "policy")
# What may follow: (event, subject) -> {state before: state after}.
OVER = {state: state for state in ("rejected", "withdrawn", "exited")}
THERE = {"active": "active", **OVER}
STEPS = {
    ("applied", "application"): dict.fromkeys(("none", "rejected", "withdrawn", "exited"), "applied"),
    ("imported", "application"): dict.fromkeys(("none", "rejected", "withdrawn", "exited"), "applied"),
    ("amended", "application"): {"applied": "applied"},
    ("approved", "application"): {"applied": "active"},
    ("rejected", "application"): {"applied": "rejected"},
    ("rejected", "update"): THERE,
    ("rejected", "exit"): {"active": "active"},
    ("rejected", "policy"): {"active": "active"},
    ("withdrawn", "application"): {"applied": "withdrawn"},
    ("withdrawn", "update"): THERE,
    ("withdrawn", "exit"): {"active": "active"},
    ("withdrawn", "policy"): {"active": "active"},
    ("updated", "update"): {"active": "active"},
    ("updated", "policy"): {"active": "active"},
    ("recorded", "update"): {"active": "active"},
    ("recorded", "policy"): {"active": "active"},
    ("exited", "exit"): {"active": "exited"},
    ("cleared", "update"): OVER,
    ("benefited", "upkeep"): THERE,
    ("posted", "upkeep"): {"active": "active"},
    ("closed", "upkeep"): THERE,
    ("renewed", "upkeep"): {"active": "active"},
    ("founded", "policy"): {"none": "active"},
}
KINDS = {kind for kind, _ in STEPS}
COMMITTEE_WORK = {"approved", "rejected", "updated", "recorded", "exited", "cleared"}
BRINGS_FACTS = {"approved", "updated", "recorded", "cleared", "founded"}
DECIDES = COMMITTEE_WORK | {"withdrawn"}

ABOUT = {"KP-Registry": hash_or_none, "KP-Partner": slug}
EVENT = {
    "KP-Event": lambda v: v.startswith("v1 ") and v[3:] in KINDS, **ABOUT, "KP-Seq": number, "KP-Round": number,
    "KP-Subject": words(*SUBJECTS, "upkeep"), "KP-Actor": login, "KP-Account": account, "KP-By": login, "KP-Time": time,
    "KP-Policy": hash_, "KP-Record": hash_, "KP-Logo": hash_or_none, "KP-Objects": pattern(r"[0-9a-f]{40}( [0-9a-f]{40})?"),
    "KP-Prev": hash_or_none, "KP-Votes": pattern(f"none|{HASH}( {HASH})*"),
    "KP-Exit-Kind": words("voluntary", "inactive", "merged", "criteria-not-met", "breach", "mistaken"),
    "KP-Effective": date, "KP-Merged-Into": partner_slug,
    "KP-Benefit": words("exposure", "opportunity", "early-disclosure", "other"),
    "KP-Stage": words("requested", "granted", "ended"), "KP-On": date, "KP-Criteria": criteria, "KP-What": text,
    "KP-Title": text, "KP-Place": text, "KP-Closes": date, "KP-Job": number, "KP-Source": text, "KP-Since": date,
    "KP-Reason": text, "KP-Link": address, "KP-Continues": hash_, "KP-Attested": address, "KP-Attested-Id": account,
    "KP-Attested-Body": hash_, "KP-Signature": is_signature,
}
VOTE = {
    "KP-Vote": words(*(f"v1 {v}" for v in (*VERDICTS, "request"))), "KP-Registry": hash_, "KP-Partner": slug, "KP-Round": number,
    "KP-Subject": words(*SUBJECTS), "KP-Actor": login, "KP-Account": account, "KP-Time": time, "KP-Policy": hash_,
    "KP-Record": hash_, "KP-Logo": hash_or_none, "KP-Log": hash_or_none, "KP-Authenticity": words(*FINDINGS),
    "KP-URL": words(*FINDINGS), "KP-Relevance": words(*FINDINGS), "KP-Interest": words("none", "employer", "other"),
    "KP-Exit-Kind": EVENT["KP-Exit-Kind"], "KP-Effective": date, "KP-Merged-Into": partner_slug, "KP-Evidence": hash_,
    "KP-Note": text, "KP-Attested": address, "KP-Head": pattern("[0-9a-f]{40}"), "KP-Signature": is_signature,
}


class NoBlock(Exception):
    pass


def block(data, spec):
    """The keys and values of a block, or NoBlock. What depends on the kind is for event() and vote()."""
    if len(data) > 256 * 1024:
        raise NoBlock("it has more than 256 KiB")
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise NoBlock("it isn't UTF-8") from None
    if lines.pop() != "":
        raise NoBlock("its last line doesn't end")
    if len(lines) > 64:
        raise NoBlock("it has more than 64 lines")
    order, last, values = {key: n for n, key in enumerate(spec)}, -1, {}
    for line in lines:
        key, _, value = line.partition(": ")
        if order.get(key, -1) <= last:
            raise NoBlock(f"out of place: {line[:60]!r}")
        if not plain(value) or not spec[key](value):
            raise NoBlock(f"not a value of {key}: {value[:60]!r}")
        last, values[key] = order[key], value
    return values


def shape(values, must, may):
    missing, more = must - values.keys(), values.keys() - must - may
    if missing:
        raise NoBlock(f"it lacks {', '.join(sorted(missing))}")
    if more:
        raise NoBlock(f"it doesn't have {', '.join(sorted(more))}")


def terms_shape(values):
    return {"KP-Exit-Kind", "KP-Effective"}, {"KP-Merged-Into"} if values.get("KP-Exit-Kind") == "merged" else set()


def event(data):
    v = block(data, EVENT)
    must = {"KP-Event", "KP-Registry", "KP-Partner", "KP-Seq", "KP-Round", "KP-Subject", "KP-Actor", "KP-Time", "KP-Policy",
            "KP-Record", "KP-Logo", "KP-Objects", "KP-Prev", "KP-Votes"}
    may = {"KP-Account", "KP-By", "KP-Reason", "KP-Link", "KP-Attested", "KP-Attested-Id", "KP-Attested-Body", "KP-Signature"}
    kind, early = v.get("KP-Event", "")[3:], v.get("KP-Benefit") == "early-disclosure"
    if kind == "exited":
        more_must, more_may = terms_shape(v)
    else:
        more_must, more_may = {
            "benefited": ({"KP-Benefit", "KP-On", "KP-What"} | ({"KP-Stage"} if early else set()),
                          {"KP-Criteria"} if v.get("KP-Stage") == "granted" else set()),
            "posted": ({"KP-Title"}, {"KP-Place", "KP-Closes"}), "closed": ({"KP-Job"}, set()),
            "imported": ({"KP-Source"}, {"KP-Since"}), "founded": (set(), {"KP-Continues"}),
        }.get(kind, (set(), set()))
    shape(v, must | more_must, may | more_may)
    policy = v["KP-Partner"] == "program"
    attested = [key in v for key in ("KP-Attested", "KP-Attested-Id", "KP-Attested-Body")]
    for wrong, why in (
            ((v["KP-Subject"] == "policy") != policy, "KP-Subject is policy where, and only where, KP-Partner is program"),
            ((v["KP-Registry"] == "none") != (kind == "founded"), "KP-Registry is none in the founding event alone"),
            ("KP-By" in v and "KP-Signature" in v, "who writes down for another doesn't sign"),
            ((policy or kind == "cleared") and v["KP-Logo"] != "none", "it names a logo"),
            (v["KP-Logo"] == "none" and not (policy or kind == "cleared" or v["KP-Subject"] == "upkeep" or (
                v["KP-Subject"] == "update" and kind in ("rejected", "withdrawn"))), "it names no logo"),
            (len(v["KP-Objects"].split()) != (1 if v["KP-Logo"] == "none" else 2), "KP-Objects are one for each file"),
            (int(v["KP-Seq"]) > 9999, "a log has at most 9,999 events"),
            (any(attested) and not all(attested), "KP-Attested comes with two more")):
        if wrong:
            raise NoBlock(why)
    return v


def vote(data):
    v = block(data, VOTE)
    must = {"KP-Vote", "KP-Registry", "KP-Partner", "KP-Round", "KP-Subject", "KP-Actor", "KP-Time", "KP-Policy", "KP-Record",
            "KP-Logo", "KP-Log"}
    may = {"KP-Account", "KP-Interest", "KP-Evidence", "KP-Note", "KP-Attested", "KP-Signature"}
    request, subject = v.get("KP-Vote") == "v1 request", v.get("KP-Subject")
    if subject == "application" and "KP-Attested" not in v:
        must |= {"KP-Authenticity", "KP-URL", "KP-Relevance"}
    if subject == "exit":
        more_must, more_may = terms_shape(v)
        must, may = must | more_must, may | more_may
    if "KP-Attested" in v:
        must = must | {"KP-Head"}
    if request or "KP-Attested" in v:
        may = may - {"KP-Evidence"}
    shape(v, must, may)
    policy = v["KP-Partner"] == "program"
    for wrong, why in (((subject == "policy") != policy, "KP-Subject is policy where, and only where, KP-Partner is program"),
                       (policy and v["KP-Logo"] != "none", "it names a logo"),
                       (v["KP-Logo"] == "none" and subject not in ("policy", "update"), "it names no logo"),
                       (request and subject == "application", "no vote asks for an application"),
                       (subject == "application" and v["KP-Log"] == "none", "a vote on an application names its word")):
        if wrong:
            raise NoBlock(why)
    return v

# ---------------------------------------------------------------------------------------------------- signatures


def key_kind(blob):
    """Checks a public key, and gives what verify() needs of it."""
    wire = Wire(blob)
    kind = wire.string().decode("ascii")
    base, application = kind.removeprefix("sk-").removesuffix("@openssh.com"), None
    if base == "ssh-ed25519":
        key = wire.string()
        if len(key) != 32:
            raise ValueError("not an Ed25519 key")
    elif base in ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384"):
        if wire.string() != base[-8:].encode():
            raise ValueError("the curve isn't that of the kind")
        key = wire.string()
    elif base == "ssh-rsa":
        key = (wire.mpint(), wire.mpint())
        if not 2048 <= key[1].bit_length() <= 8192:
            raise ValueError("RSA of a size that isn't known")
    else:
        raise ValueError(f"{kind} isn't known")
    if kind.startswith("sk-"):
        application = wire.string()
    if kind not in ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ssh-rsa", "sk-ssh-ed25519@openssh.com",
                    "sk-ecdsa-sha2-nistp256@openssh.com"):
        raise ValueError(f"{kind} isn't known")
    wire.end()
    return kind, base, key, application


def verify(signature, message):
    """The key that made the signature, if it holds; else None."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
    try:
        blob, namespace, digest, made = envelope(signature)
        if namespace != b"karmada-partner":
            raise ValueError("of another namespace")
        kind, base, key, application = key_kind(blob)
        digested = hashlib.new(digest.decode(), message).digest()
        said = b"SSHSIG" + ssh_string(namespace) + ssh_string(b"") + ssh_string(digest) + ssh_string(digested)
        wire = Wire(made)
        algorithm, body = wire.string().decode("ascii"), wire.string()
        if application is not None:
            flags, counter = wire.take(1), wire.take(4)
            if not flags[0] & 1:
                raise ValueError("nobody touched the security key")
            said = hashlib.sha256(application).digest() + flags + counter + hashlib.sha256(said).digest()
        wire.end()
        if base == "ssh-rsa":
            sha = {"rsa-sha2-256": hashes.SHA256, "rsa-sha2-512": hashes.SHA512}[algorithm]
            if len(body) != (key[1].bit_length() + 7) // 8:
                raise ValueError("not as long as the key")
            rsa.RSAPublicNumbers(*key).public_key().verify(body, said, padding.PKCS1v15(), sha())
        elif algorithm != kind:
            raise ValueError("by another algorithm than the key's")
        elif base == "ssh-ed25519":
            ed25519.Ed25519PublicKey.from_public_bytes(key).verify(body, said)
        else:
            curve, sha = (ec.SECP256R1(), hashes.SHA256()) if base.endswith("256") else (ec.SECP384R1(), hashes.SHA384())
            parts = Wire(body)
            r, s = parts.mpint(), parts.mpint()
            parts.end()
            if key[:1] != b"\4":
                raise ValueError("a compressed point")
            ec.EllipticCurvePublicKey.from_encoded_point(curve, key).verify(
                utils.encode_dss_signature(r, s), said, ec.ECDSA(sha))
        return blob
    except (ValueError, KeyError, InvalidSignature):
        return None

# ---------------------------------------------------------------------------------------------------- policy and facts


LEGAL = (
    "ab ag aps as asa bhd bv bvba co company corp corporation doo eirl eood gesmbh gk gmbh inc incorporated jsc "
    "kabushikikaisha kft kg kgaa kk lda limited limitedliabilitycompany llc llp lp ltd ltda mbh nv nyrt oao ood ooo oy oyj "
    "plc pllc private pte pty pvt sa sarl sas sdn se sl slu spa spzoo srl sro sti tbk uab ug zao zrt").split()
LEGAL_ENDS = "股份有限公司 有限责任公司 有限責任公司 株式会社 合同会社 주식회사 유한회사 有限公司 公司".split()
COMMON = (
    "ai and app apps china cloud com computing consulting data dev digital edge electronics enterprise for global group "
    "holding holdings hub industries information international internet it lab labs network networks of open pay platform "
    "research security service services soft software solution solutions source studio support system systems team tech "
    "technologies technology the web 中国 云 科技 集团").split()
LOOKALIKES = """
A 0391 0410 13AA A4EE
B 0392 0412 13F4 2C82 A4D0
C 0421 13DF 2CA4 A4DA
D 13A0 A4D3
E 0395 0415 13AC A4F0
F A4DD
G 050C 13C0 A4D6
H 0397 041D 13BB 2C8E A4E7
I 0399 0406 04C0 2C92 A4F2
J 037F 0408 13AB A4D9
K 039A 041A 13E6 2C94 A4D7
L 13DE 2CD0 A4E1
M 039C 041C 13B7 2C98 A4DF
N 039D 2C9A A4E0
O 039F 041E 0555 2C9E A4F3
P 03A1 0420 13E2 2CA2 2CCE A4D1
Q 051A
R 01A6 13A1 13D2 A4E3
S 0405 054F 13D5 13DA A4E2
T 03A4 0422 13A2 2CA6 A4D4
U 054D A4F4
V 0474 13D9 A4E6
W 051C 13B3 13D4 A4EA
X 03A7 0425 2CAC A4EB
Y 03A5 0423 04AE 13A9 13BD 2CA8 A4EC
Z 0396 13C3 2C8C A4DC
a 0251 03B1 0430 1D00
b 0299 0432 13CF
c 0441 1D04 2CA5 ABAF
d 0501 13E7 1D05 A4D2
e 0435 1D07
f 0584 A730 AB35
g 0261 0262 0581
h 029C 043D 04BA 04BB 13C2
i 0131 0269 026A 03B9 0456 13A5 2C93 AB75
j 0237 03F3 0458 0575 1D0A
k 0138 03BA 043A 1D0B
l 029F 04CF
m 043C 1D0D
n 0274 03B7 0578 057C
o 03BF 043E 0585 1D0F 1D11 2C9F AB3D
p 03C1 0440 1D18 2CA3 2CCF
q 051B 0563
r 0280 2C85 AB81
s 0455 A731 ABAA
t 03C4 0442 1D1B
u 03C5 057D 1D1C
v 03BD 0475 1D20 ABA9
w 03C9 051D 1D21 2CBD A7FA AB83 ABA4
x 03C7 0445
y 028F 0443 04AF 2CA9
z 1D22 2C8D AB93
"""
LOOKS = {int(point, 16): line[0] for line in LOOKALIKES.strip().split("\n") for point in line[2:].split()}
BOXED = {first + n: ord("A") + n for first in (0x1F150, 0x1F170) for n in range(26)}
SPELLED = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t",
                         "ı": "i", "ς": "σ"})
LOOSE = str.maketrans("i10", "llo")
Reading = namedtuple("Reading", "whole words parts generic")


def lower(name):
    return "".join(c.lower() for c in name).translate(SPELLED)


def loose(name):
    return name.translate(LOOSE)


def spelled_words(name):
    """The words of a name that is bared already, without its legal form; case stays."""
    words = "".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in name).split(" ")
    words = [word for word in words if word]
    tail = True
    while tail:
        tail = next((n for n in range(min(4, len(words) - 1), 0, -1) if lower("".join(words[-n:])) in LEGAL), 0)
        words = words[:len(words) - tail]
    for end in LEGAL_ENDS if words else ():
        if words[-1].endswith(end):
            words[-1] = words[-1].removesuffix(end) or words[-1]
            break
    for end in LEGAL_ENDS if words else ():
        if words[0].startswith(end):
            words[0] = words[0].removeprefix(end) or words[0]
            break
    return words


def parts(word):
    cuts = [n for n in range(1, len(word)) if word[n].isupper() and (
        word[n - 1].islower() or (word[n - 1].isupper() and word[n + 1:n + 2].islower()))
        or word[n - 1].isascii() != word[n].isascii()]
    return [word[a:b] for a, b in zip([0, *cuts], [*cuts, len(word)])]


def readings(name):
    """How a name is read: letter by letter, and as it looks."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not 0x300 <= ord(c) <= 0x36F and c not in JOINERS)
    bare = unicodedata.normalize("NFKC", bare.translate(BOXED))
    for form in dict.fromkeys((bare, bare.translate(LOOKS))):
        spelled = spelled_words(form)
        words = [lower(word) for word in spelled]
        yield Reading("".join(words), [loose(w) for w in words], [loose(lower(p)) for word in spelled for p in parts(word)],
                      all(word in COMMON for word in words))


def common(joined):
    """Does it fall whole into words that many names have, and legal forms?"""
    ends = {0}
    for at in range(len(joined)):
        if at in ends:
            ends |= {at + len(word) for word in (*COMMON, *LEGAL, *LEGAL_ENDS) if joined.startswith(loose(word), at)}
    return len(joined) in ends


def stands_in(own, other):
    """Does a name of an organization stand in one of an applicant, or in a host?"""
    name, words, parts = loose(own.whole), other.words, other.parts
    if own.generic or not name:
        return False
    if any("".join(parts[a:b]) == name for a in range(len(parts)) for b in range(a + 1, len(parts) + 1)):
        return True
    if not name.isascii() and name in "".join(words):
        return True
    return len(name) >= 3 and any(
        common(word[:at.start()]) and common(word[at.start() + len(name):])
        for word in words for at in re.finditer(f"(?={re.escape(name)})", word))


def as_read(host):
    """A host as the page reads it: decoded, in lower case, labels that begin with xn-- by RFC 3492."""
    folded = unicodedata.normalize("NFKC", urllib.parse.unquote(host))
    shown = "".join(c.lower() for c in folded if c == "\ufffd" or not (hides(c) or c in JOINERS))
    labels = shown.replace("\u3002", ".").split(".")
    for n, label in enumerate(labels):
        if label.startswith("xn--"):
            try:
                labels[n] = label[4:].encode("ascii").decode("punycode")
            except ValueError:
                pass
    return ".".join(labels)


def tie(organization, slug, facts):
    """How an organization, as (names, domains), is tied to an applicant: certain, likely or None."""
    names, domains = organization
    theirs = [reading for name in (slug, facts["name"], facts.get("name_zh", ""), facts.get("parent", ""),
                                   *facts.get("former_names", [])) for reading in readings(name)]
    website = re.match(r"https?://([^/?#:]*)", facts["website"], re.IGNORECASE)
    site = as_read(website[1]) if website else ""
    hosts = [site.removesuffix(".").removeprefix("www."), as_read(facts.get("email", "").rpartition("@")[2])]
    domains = [as_read(domain) for domain in domains]
    ours = [reading for name in names for reading in readings(name) if reading.whole]
    if any(own.whole == other.whole for own in ours for other in theirs) or any(
            host == domain or host.endswith("." + domain) for host in hosts for domain in domains):
        return "certain"
    for host in hosts:
        labels = [loose(label) for label in re.split(r"[.-]", host)]
        theirs.append(Reading("", labels, labels, False))
    return "likely" if any(stands_in(own, other) for own in ours for other in theirs) else None


LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
DOMAIN = rf"{LABEL}(?:\.{LABEL})*"


def toml(data):
    """A document of TOML 1.0, or ValueError. What parsers have bounds of their own for is none."""
    try:
        top = tomllib.loads(data.decode("utf-8"))  # which reads neither a year 0 nor a second 60
    except RecursionError:
        raise ValueError("nested too deep") from None
    todo = [(top, 0)]
    while todo:
        value, deep = todo.pop()
        if isinstance(value, (dict, list)):
            if deep > 32:
                raise ValueError("nested too deep")
            todo += [(inner, deep + 1) for inner in (value.values() if isinstance(value, dict) else value)]
    return top


class Policy:
    """program.toml, or ValueError."""

    def __init__(self, data):
        self.check(len(data) <= 64 * 1024 and b"\r" not in data and not data.startswith(b"\xef\xbb\xbf"), "its bytes")
        top = toml(data)
        self.check(top.get("schema") == 1 and type(top["schema"]) is int, "schema")
        self.check(isinstance(top.get("committee"), list) and top["committee"], "committee")
        self.organizations = {}
        self.check(isinstance(top.get("organization", []), list), "organization")
        for firm in top.get("organization", []):
            self.expect(firm, {"id", "name"}, {"id", "name", "aliases", "domains"})
            lists = [firm.get("aliases", []), firm.get("domains", [])]
            self.check(all(isinstance(given, list) and all(map(self.is_text, given)) for given in lists), "organization")
            self.check(self.is_text(firm["name"]) and isinstance(firm["id"], str) and partner_slug(firm["id"]), "organization")
            self.check(all("." in domain and len(domain) <= 253 and re.fullmatch(DOMAIN, domain) for domain in lists[1]), "domains")
            self.check(firm["id"] not in self.organizations, "an organization stands there twice")
            self.organizations[firm["id"]] = ([firm["id"], firm["name"], *lists[0]], lists[1])
        self.members, self.listed = {}, []
        for seat in top["committee"]:
            self.expect(seat, {"github", "affiliation"}, {"github", "affiliation", "id", "role", "keys", "away_until"})
            self.check("away_until" not in seat or type(seat["away_until"]) is datetime.date, "away_until")
            self.check(self.is_text(seat["github"]) and login(seat["github"]), "github")
            self.check(not seat["github"].endswith("[bot]"), "a bot")
            self.check(self.is_text(seat["affiliation"]), "affiliation")
            self.check(seat.get("role", "member") in ("member", "chair", "emeritus"), "role")
            self.check(isinstance(seat.get("keys", []), list), "keys")
            number = seat.get("id")
            self.check(number is None or (type(number) is int and 0 < number < 1 << 63), "id")
            self.check(number is None or all(number != other["id"] for other in self.members.values()), "an id stands there twice")
            name = seat["github"].lower()
            self.check(name not in self.members, "a member stands there twice")
            self.members[name] = {
                "affiliation": self.affiliation(seat["affiliation"]), "votes": seat.get("role") != "emeritus", "id": number,
                "keys": [self.key(line) for line in seat.get("keys", [])]}
        self.decisions = {}
        given = top.get("decisions", {})
        self.expect(given, set(), {"approve", "reject", "update", "exit", "policy"})
        for name in ("approve", "reject", "update", "exit", "policy"):
            rule = given.get(name, {})
            self.expect(rule, set(), {"quorum", "affiliations", "threshold", "presence", "objection", "due", "remind"})
            self.check(all(type(rule.get(k, 1)) is int and 1 <= rule.get(k, 1) <= 1000 for k in ("due", "remind")), "days")
            usual = 1 if name == "update" else 2
            numbers = {"quorum": usual, "affiliations": usual, "presence": 0} | {k: v for k, v in rule.items() if k in (
                "quorum", "affiliations", "presence")}
            self.check(all(type(n) is int and 0 <= n <= 1000 for n in numbers.values()) and numbers["quorum"], "a number")
            share = rule.get("threshold", "2/3")
            self.check(isinstance(share, str) and re.fullmatch(r"[1-9][0-9]{0,3}/[1-9][0-9]{0,3}", share, re.ASCII), "threshold")
            self.check(Fraction(share) <= 1 and int(share.split("/")[1]) <= 1000, "threshold")
            self.check(rule.get("objection", "counts") in ("counts", "blocks"), "objection")
            self.decisions[name] = dict(numbers, threshold=Fraction(share), blocks=rule.get("objection") == "blocks")
        marks = top.get("signatures", {})
        self.expect(marks, set(), {"required", "attested"})
        self.check(all(type(mark) is bool for mark in marks.values()), "signatures")
        self.required, self.attested = marks.get("required", False), marks.get("attested", False)

    @staticmethod
    def check(right, what):
        if not right:
            raise ValueError(what)

    @staticmethod
    def is_text(value):
        return isinstance(value, str) and plain(one_line(value)) and len(one_line(value)) <= 1000

    def expect(self, table, must, may):
        self.check(isinstance(table, dict) and must <= table.keys() <= may, "a key is missing, or not known")

    def affiliation(self, name):
        """(what it is compared by, the organization)"""
        if self.organizations:
            self.check(name in self.organizations, "an affiliation is no organization of the policy")
            return name, self.organizations[name]
        return next(readings(name)).whole, ([name], [])

    def key(self, line):
        self.check(isinstance(line, str) and plain(line.strip()) and line.count(" "), "a key")
        said, code, *_ = line.split(" ", 2)
        blob = base64.b64decode(code, validate=True)
        self.check(key_kind(blob)[0] == said, "a key")
        self.check(blob not in self.listed, "a key stands there twice")
        self.listed.append(blob)
        return blob

    def member(self, name):
        """The seat of a member who votes."""
        seat = self.members.get(name.lower())
        return seat if seat and seat["votes"] else None

    def seat(self, who):
        """The seat of a member who votes, for an account: who took over the login of a known number has none."""
        found = self.member(who[0])
        return found if found and (found["id"] is None or who[1] in (None, found["id"])) else None

    def keys(self, name):
        return self.members.get(name.lower(), {"keys": []})["keys"]


def text_of(longest, value):
    """A text with a letter or a digit, of at most so many characters."""
    letters = any(unicodedata.category(c)[0] in "LN" or ord(c) in BOXED for c in unicodedata.normalize("NFKC", value))
    if not letters or not plain(value) or len(value) > longest:
        raise ValueError("not a text")
    return value


def name_of(value):
    return text_of(80, value.strip(WHITE))


def one_line(value):
    return " ".join(part for part in (line.strip(WHITE) for line in re.split("[\n\r\t]", value)) if part)


def description(value):
    return text_of(400, one_line(value))


def website(value):
    value = value.strip(WHITE)
    found = re.fullmatch(r"https?://([^/?#@:]+)(?::([0-9]*))?(?:[/?#].*)?", value, re.IGNORECASE | re.ASCII)
    fine = found and plain(value) and len(value.encode()) <= 2000 and not re.search(r"\s|[<>\"`{}\\^|]", value)
    if not fine or int(found[2] or 0) > 65535:
        raise ValueError("not an address")
    labels = as_read(found[1]).removesuffix(".").split(".")
    whole = ".".join(labels)
    if (found[1].startswith("[") or len(labels) < 2 or len(whole) > 253 or re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1])
            or any(not 1 <= len(label) <= 63 or label.startswith("-") or label.endswith("-") for label in labels)
            or any(c in WHITE or c in "#%/:<>?@[\\]^|\ufffd" or unicodedata.category(c) == "Cc" for c in whole)):
        raise ValueError("not a public name")
    return value


def mailbox(value):
    value = value.strip(WHITE)
    local, at, host = value.rpartition("@")
    atom = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
    labels = host.split(".")
    fine = (at and len(local) <= 64 and re.fullmatch(rf"{atom}(?:\.{atom})*", local) and len(host) <= 253 and len(labels) > 1
            and all(re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?", label) for label in labels)
            and len(labels[-1]) > 1 and not re.fullmatch("[0-9]+", labels[-1]))
    if not fine:
        raise ValueError("not a mailbox")
    return value


def word(value):
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?", value):
        raise ValueError("not a word")
    return value


def login_of(value):
    if not login(value):
        raise ValueError("not a login")
    return value


FACTS = {"name": name_of, "website": website, "github": login_of, "email": mailbox, "description": description,
         "description_zh": description, "parent": name_of, "name_zh": name_of, "story": website}
LISTS = {"former_names": name_of, "services": word, "regions": word, "languages": word, "hours": word, "response": word,
         "offices": name_of}
NUMBERS = {"github_id": (1 << 63) - 1, "certified": 100_000}


def record(data):
    """partner.toml, each text as it is compared; or None."""
    try:
        if len(data) > 64 * 1024 or b"\r" in data or data.startswith(b"\xef\xbb\xbf"):
            return None
        top = toml(data)
        known = {"schema", *FACTS, *LISTS, *NUMBERS}
        if type(top.get("schema")) is not int or top["schema"] != 1 or not {"name", "website", "github"} <= top.keys() <= known:
            return None
        if not all(type(top[key]) is int and 1 <= top[key] <= most for key, most in NUMBERS.items() if key in top):
            return None
        if not all(isinstance(top[key], str) for key in FACTS if key in top):
            return None
        if not all(isinstance(top[key], list) and all(isinstance(i, str) for i in top[key]) for key in LISTS if key in top):
            return None
        read = {key: FACTS[key](top[key]) for key in FACTS if key in top}
        read.update({key: [LISTS[key](item) for item in top[key]] for key in LISTS if key in top})
        return read | {key: top[key] for key in NUMBERS if key in top}
    except ValueError:
        return None

# ---------------------------------------------------------------------------------------------------- commits as they are written

FIELDS = ("name", "website", "github", "email", "description", "description_zh", "parent", "former_names", "name_zh", "services",
          "regions", "languages", "hours", "response", "offices", "story", "certified")
APPLIES = ("applied", "imported", "amended")
TITLES = {
    "applied": "{name} applies to the program", "imported": "{name} is imported, and waits for a decision",
    "amended": "{name} amends its application", "withdrawn": "the {subject} of {name} is withdrawn", "approved": "{name} is approved",
    "rejected": "the {subject} of {name} is rejected", "updated": "{name} is updated",
    "recorded": "what was changed by hand in {name} is put on record", "exited": "{name} leaves the program",
    "cleared": "mailbox and logo of {name} are taken away", "posted": "{name} posts a job: {v[KP-Title]}",
    "closed": "{name} closes job post {v[KP-Job]}", "renewed": "{name} confirms its entry",
}


def inert(line):
    """The line with U+200B where GitHub would act on it."""
    closes, out, before = any(word in line.lower() for word in ("close", "fix", "resolve")), "", " "
    for n, c in enumerate(line):
        after = line[n + 1:n + 2] or " "
        breaks = (c in "@#" and after.isalnum()) or (c == "-" and before in "hH" and after in "0123456789") or (
            c == ":" and after == "/" and closes)
        out, before = out + c + ("\u200b" if breaks else ""), c
    return out


class Foreign(Exception):
    """A commit isn't as this format's programs write it."""


def writer(line, values, who, policy, mailbox=None):
    """Whom the line of an author or committer names, if that may be this login, with that very mailbox where one is due; or Foreign."""
    found = re.fullmatch(r"([^<>]+) <([^<>]+)> ([0-9]+) \+0000", line)
    if not found or not all(plain(part) and len(part.encode()) <= 200 for part in found.groups()[:2]):
        raise Foreign("it doesn't say who wrote it")
    who = who.lower()
    if mailbox and found[2].lower() != mailbox.lower():
        raise Foreign("its mailbox isn't the one that its author's account has")
    local, _, host = found[2].partition("@")
    if host.lower() == "users.noreply.github.com" and local.partition("+")[2 if "+" in local else 0].lower() != who:
        raise Foreign("its mailbox is somebody else's")
    others = set(policy.members) - {who} if policy else set()
    if {found[1].lower(), local.lower()} & others:
        raise Foreign("it is in the name of somebody else")
    then = datetime.datetime.strptime(values["KP-Time"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    if abs(int(found[3]) - then.timestamp()) > 86400:
        raise Foreign("it is dated otherwise than its entry")
    return f"{found[1]} <{found[2]}>"


def wording(values, name, facts, changed):
    """(title, notes) of an entry's commit; the notes are None for committee work."""
    subject, actor, slug = values["KP-Subject"], values["KP-Actor"], values["KP-Partner"]
    noted = lambda word, key: [f"{word}: {values[key]}"] if key in values else []
    changes = [f"Changed: {', '.join(changed)}."]
    if "KP-Vote" in values:
        ballot = values["KP-Vote"][3:]
        if ballot != "request":
            title, notes = f"{actor} votes {ballot} on the {subject}", noted("Note", "KP-Note")
        elif subject == "exit":
            title, notes = f"{name} asks to leave the program", noted("Reason", "KP-Note")
        elif subject == "policy":
            title, notes = f"{actor} asks for another policy", noted("Note", "KP-Note")
        elif values["KP-Logo"] == "none":
            title, notes = f"{name} asks to be cleared", noted("Note", "KP-Note")
        else:
            title, notes = f"{name} asks for an update", changes
        return f"{slug}: {title}", notes
    kind = values["KP-Event"][3:]
    if kind == "benefited" and "KP-Stage" in values:
        title = f"early disclosure for {name} is {values['KP-Stage']}"
    elif kind == "benefited":
        title = f"{name} has a benefit ({values['KP-Benefit']}): {values['KP-What']}"
    elif kind == "updated" and subject == "policy":
        title = f"the policy of {name} changes"
    elif kind == "founded":
        raise Foreign("it founds a registry")
    else:
        title = TITLES[kind].format(name=name, subject=subject, v=values)
    notes = noted("Reason", "KP-Reason")
    if kind == "amended":
        notes = changes
    elif kind in APPLIES:
        notes = [f"Read from {values['KP-Source']}."] if kind == "imported" else []
        notes += [f"Website: {facts['website']}", f"Contact: {facts['github']}"]
        if kind == "applied" and actor.lower() != facts["github"].lower():
            notes.append(f"Filed by {actor} on its behalf.")
    return f"{slug}: {title}", None if kind in COMMITTEE_WORK else notes


def is_message(message, title, notes, data, who):
    """Is it the message of an entry's commit?"""
    end = f"{data.decode()}Signed-off-by: {who}"
    begin = f"{inert(title)}\n\n"
    message = message.rstrip()
    if notes is None:
        middle = message[len(begin):len(message) - len(end)]
        harmless = all(inert(l) == l and not l.startswith("KP-") and len(l.encode()) <= 4096 for l in middle.split("\n"))
        return message.startswith(begin) and message.endswith(end) and harmless
    told = "\n".join(map(inert, notes)) + "\n\n" if notes else ""
    return message == begin + told + end


class Side:
    """What a merge brings: a commit of it at a time."""

    def __init__(self, git, landed, policy):
        self.git, self.landed, self.policy = git, landed, policy

    def blob(self, oid):
        """The bytes of a file. Where it can't be read, nothing can be said of what needs it."""
        data = self.git.blob(oid)
        if data is None:
            raise Missing(oid)
        return data

    def file(self, tree, path):
        """(mode, object) of what stands at a path of a tree, or None."""
        entry = ("40000", tree)
        for name in path.split("/"):
            entry = self.git.tree(entry[1]).get(name) if entry and entry[0] == "40000" else None
        return entry

    def head(self, oid):
        """The lines of a commit's head, and its message."""
        data = self.git.read(oid, "commit")
        if data is None:
            raise Missing(oid)
        try:
            head, gap, message = data.decode("utf-8").partition("\n\n")
        except UnicodeDecodeError:
            raise Foreign("it isn't UTF-8") from None
        lines = head.split("\n")
        extra = [l for l in lines if l.split(" ")[0] not in ("tree", "parent", "author", "committer")]
        signed = not extra or (extra[0].startswith("gpgsig ") and all(l.startswith(" ") for l in extra[1:]))
        if not gap or not signed or sum(map(len, extra)) > 8192:
            raise Foreign("its head says more")
        one = lambda key: [l.partition(" ")[2] for l in lines if l.startswith(f"{key} ")]
        return one, message

    def judge(self, oid):
        """Raises Foreign where a commit isn't as it should be."""
        one, message = self.head(oid)
        if len(one("parent")) != 1:
            raise Foreign("it hasn't one parent")
        if len(one("author")) != 1 or len(one("committer")) != 1:
            raise Foreign("it doesn't say who wrote it")
        author, committer = one("author")[0], one("committer")[0]
        tree, parent = one("tree")[0], self.git.commit(one("parent")[0]).tree
        changed = [(p, old, new) for p, old, new in self.git.changes(parent, tree) if new != self.file(self.landed, p)]
        places = [(place(p), p, old, new) for p, old, new in changed]
        outside = [p for at, p, *_ in places if not at]
        if any(p.startswith("data/") for p in outside) or len({at[1] for at, *_ in places if at}) > 1:
            raise Foreign("it changes what isn't its own")
        facts_changed = False
        entries = {"event": [], "vote": [], "evidence": [], "kept": []}
        for at, p, old, new in places:
            if not at:
                continue
            if new and new[0] != "100644":
                raise Foreign("it brings what is no plain file")
            if at[0] not in entries:
                facts_changed = True
            elif old or not new:
                raise Foreign("it changes what is on record")
            else:
                entries[at[0]].append((p, at, self.blob(new[1])))
        events, votes = sorted(entries["event"]), entries["vote"]
        if not events and len(votes) != 1:
            raise Foreign("it brings no entry, or several")
        path, at, data = events[-1] if events else votes[0]
        try:
            values = event(data) if events else vote(data)
        except NoBlock:
            raise Foreign("it brings what can't be read") from None
        slug, kind = values["KP-Partner"], values.get("KP-Event", "v1 vote")[3:]
        words = [values.get(f"KP-{key}", "") for key in ("Reason", "Note", "What", "Title", "Place")]
        if any(inert(line) != line for line in words):
            raise Foreign("it says what GitHub would act on")
        self.in_place(slug, values, at)
        if kind not in COMMITTEE_WORK:
            self.alone(values, kind, events, entries, facts_changed, outside)
        who = writer(committer, values, values.get("KP-By", values["KP-Actor"]), self.policy)
        if author != committer:
            # What a bot took from an issue may name as its author who wrote that.
            if not {"KP-By", "KP-Attested", "KP-Account"} <= set(values):
                raise Foreign("somebody else committed it than wrote it")
            actor = values["KP-Actor"]
            who = writer(author, values, actor, self.policy, f"{values['KP-Account']}+{actor}@users.noreply.github.com")
        self.told(message, values, kind, data, who, tree, parent)

    @staticmethod
    def in_place(slug, values, at):
        if "KP-Event" in values:
            fits = at[2] == (f"{int(values['KP-Seq']):04}",)
        else:
            fits = (at[2][0], at[2][1]) == (values["KP-Round"], values["KP-Actor"].lower())
        if at[1] != slug or not fits:
            raise Foreign("what it brings isn't where it belongs")

    def alone(self, values, kind, events, entries, facts_changed, outside):
        """Is there nothing but what goes with the entry?"""
        votes, brings = entries["vote"], self.brings(values, kind)
        if outside or entries["kept"] or (facts_changed and not brings):
            raise Foreign("it changes what it isn't about")
        if kind == "withdrawn":
            for others, read in ((events[:-1], event), (votes, vote)):
                for _, at, data in others:
                    try:
                        other = read(data)
                    except NoBlock:
                        raise Foreign("it brings what can't be read") from None
                    self.in_place(values["KP-Partner"], other, at)
                    if other["KP-Round"] != values["KP-Round"] or other.get("KP-Event", "v1 applied")[3:] not in APPLIES:
                        raise Foreign("it brings what is about something else")
        elif len(events) + len(votes) != 1:
            raise Foreign("it brings several entries")
        for path, at, data in entries["evidence"]:
            named = values.get("KP-Evidence", "") == "sha256:" + path.rsplit("/", 1)[1].removesuffix(".json")
            if not named or sha256(data) != values["KP-Evidence"] or len(data) > 48 * 1024:
                raise Foreign("it brings evidence of nothing")

    @staticmethod
    def brings(values, kind):
        return kind in APPLIES or (values.get("KP-Vote") == "v1 request" and values["KP-Subject"] in ("update", "policy"))

    def facts(self, tree, slug):
        """(record, logo) of a tree: their bytes, or None."""
        paths = ["data/program.toml"] if slug == "program" else [f"data/partners/{slug}/{n}" for n in ("partner.toml", "logo.png")]
        found = [self.file(tree, p) for p in paths]
        data = [self.blob(entry[1]) if entry and entry[0] == "100644" else None for entry in found]
        return (*data, None)[:2]

    def told(self, message, values, kind, data, who, tree, parent):
        slug, brings = values["KP-Partner"], self.brings(values, kind)
        bytes_, logo = self.facts(tree, slug)
        if brings:
            if sha256(bytes_ or b"") != values["KP-Record"] or (sha256(logo) if logo is not None else "none") != values["KP-Logo"]:
                raise Foreign("it brings other facts than it names")
        elif "KP-Event" in values:
            # What is taken back may be gone with its branch.
            read = self.git.blob if kind == "withdrawn" else self.blob
            bytes_ = read(values["KP-Objects"].split()[0])
        if slug == "program":
            try:
                Policy(bytes_ or b"")
                name = toml(bytes_ or b"")["name"]
            except (ValueError, TypeError, AttributeError, KeyError):
                if brings:
                    raise Foreign("it brings facts that can't be read") from None
                name = slug
            options = [wording(values, name, None, [])]
        else:
            facts = record(bytes_ or b"")
            if facts is None and kind == "withdrawn":
                title = message.split("\n")[0].replace("\u200b", "")
                found = re.fullmatch(f"{slug}: the {values['KP-Subject']} of (.+) is withdrawn", title)
                facts = {"name": found[1]} if found and plain(found[1]) and len(found[1].encode()) <= 400 else None
            if facts is None:
                raise Foreign("its facts can't be read")
            options = [wording(values, facts["name"], facts, self.changed(facts, logo, before, slug)) for before in (parent, self.landed)]
        if not any(is_message(message, title, notes, data, who) for title, notes in options):
            raise Foreign("its message doesn't follow from what it brings")

    def changed(self, facts, logo, before, slug):
        bytes_, old_logo = self.facts(before, slug)
        old = record(bytes_ or b"")
        if old is None:
            return []
        return [f for f in FIELDS if (facts.get(f) or None) != (old.get(f) or None)] + ["logo"] * (logo != old_logo)

    def catches_up(self, oid, known):
        """Does it merge the default branch into the branch, and nothing else?"""
        try:
            one, message = self.head(oid)
        except Foreign:
            return False
        message = message.rstrip()
        if len(one("parent")) != 2 or not message.startswith("Merge ") or "\n" in message or len(message.encode()) > 300:
            return False
        own, theirs = one("parent")
        if inert(message) != message or theirs not in known:
            return False
        tree, theirs = one("tree")[0], self.git.commit(theirs).tree
        return all(new == self.file(theirs, p) for p, _, new in self.git.changes(self.git.commit(own).tree, tree))

# ---------------------------------------------------------------------------------------------------- who may


def account(values):
    """Who wrote a block: (login, GitHub's number, if it is told)."""
    return values["KP-Actor"].lower(), int(values["KP-Account"]) if "KP-Account" in values else None


def same(one, other):
    """Whether two are one account: by their numbers where both have one, and else by their logins."""
    if one is None or other is None:
        return False
    return one[1] == other[1] if one[1] and other[1] else one[0] == other[0]


# By what right: contact, who applied, member, member who opened it, emeritus, anybody else. c: contact, o: own, b: on behalf,
# s: seat.
MAY = {
    "applied": "cobboo", "applied again": "cobb..", "imported": "..ss..", "amended": "cobb..", "decided": "..ss..",
    "withdrawn application side": "co....", "withdrawn application member": "c..b..", "withdrawn application voted": "c.....",
    "withdrawn update side": "co....", "withdrawn update member": "co.b..", "withdrawn update voted": "......",
    "withdrawn exit side": "co....", "withdrawn exit member": "...s..", "withdrawn exit voted": "......",
    "withdrawn policy member": "...s..", "withdrawn policy voted": "......",
    "benefited": "..ss..", "posted": "cobb..", "closed": "cobb..", "renewed": "cobb..", "founded": "oooooo",
    "request application": "......", "request update": "cobb..", "request exit": "c.....", "request policy": "..ss..",
}

# ---------------------------------------------------------------------------------------------------- the fold

Facts = namedtuple("Facts", "record logo objects")
Voice = namedtuple("Voice", "values hash path login nth")


def facts_of(values):
    return Facts(values["KP-Record"], values["KP-Logo"], tuple(values["KP-Objects"].split()))


def terms(values):
    return tuple(values.get(key) for key in ("KP-Exit-Kind", "KP-Effective", "KP-Merged-Into"))


class Log:
    """What the log and the votes of a partner, or of the program, come to."""

    def __init__(self, slug):
        self.slug = slug
        self.events = []              # (values, hash)
        self.state = "none"
        self.rounds, self.decided = {0}, set()
        self.dead = False             # a file of it isn't a block
        self.unread = False           # something of it can't be read
        self.facts = None             # in force
        self.application = None       # the facts of the last application, as amended
        self.application_round = 0
        self.amended = 0              # how often the last application was
        self.word = None              # the hash of the newest applied, imported or amended
        self.opener = None            # who wrote the last applied or imported
        self.applicant = None         # the account that wrote the last applied
        self.joined = None            # the date since which it is a partner, if it is told
        self.jobs = set()
        self.changes = []             # when the facts in force, or whether it is a partner, changed
        self.heard = {}               # round -> voices, in the order they came, those too that may not be cast
        self.early = {}               # round -> (login, nth) -> a voice before which others of its login are due, whether it may be cast
        self.voices = {}              # the same of those that may
        self.before = None            # all of this, but for the voices, before the application that waits

    def fold(self, values, hash):
        kind, subject, round = values["KP-Event"][3:], values["KP-Subject"], int(values["KP-Round"])
        if kind in ("applied", "imported") and self.state != "applied":
            self.before = {key: copy.copy(value) for key, value in vars(self).items() if key not in ("heard", "early", "voices", "before")}
        self.events.append((values, hash))
        step = STEPS.get((kind, subject), {})
        self.state = step.get(self.state) or next(iter(step.values()), self.state)
        self.rounds.add(round)
        if kind in ("applied", "imported"):
            self.opener, self.application_round, self.amended = values["KP-Actor"].lower(), round, 0
            self.applicant = account(values) if kind == "applied" else None
        self.amended += kind == "amended"
        if kind in ("applied", "imported", "amended"):
            self.application, self.word = facts_of(values), hash
        if kind in BRINGS_FACTS:
            self.facts = facts_of(values)
        if kind in BRINGS_FACTS or kind == "exited":
            self.changes.append(values["KP-Time"])
        if kind in ("applied", "imported"):
            self.joined = values.get("KP-Since")
        if kind == "approved":
            self.joined = self.joined or values["KP-Time"][:10]
            self.jobs.clear()
        if kind in DECIDES:
            self.decided.add(round)
        if kind == "posted":
            self.jobs.add(int(values["KP-Seq"]))
        if kind == "closed":
            self.jobs.discard(int(values["KP-Job"]))
        if self.state != "applied":
            self.before = None

    def due(self, round, login):
        return sum(v.login == login for v in self.heard.get(round, [])) + 1

    def openers(self, round, subject, opens):
        """Who may have opened a round: whose voices name none before them, in the order they came."""
        return [v.login for v in self.voices.get(round, []) if v.values["KP-Log"] == "none" and v.values["KP-Subject"] == subject and opens(v)]

    def round_word(self, round, opener, standing):
        """The voice that is the word of a round which isn't an application's; `standing` gives the one of some that stands."""
        own = [v for v in self.voices.get(round, []) if v.login == opener]
        asked = [v for v in own if v.values["KP-Vote"] == "v1 request"]
        said = [v for v in own if v.values["KP-Vote"] in ("v1 request", "v1 approve")]
        if asked and all(v.values["KP-Subject"] != "exit" for v in own):
            said = asked
        return standing(said)

    def open_rounds(self):
        return [round for round in self.voices if round not in self.decided]

# ---------------------------------------------------------------------------------------------------- history


def allows(policy, grade):
    """Whether a policy counts what is of this grade."""
    return grade is not None and (not policy.required or grade == "signed" or (policy.attested and grade == "attested"))


class Finding:
    def __init__(self, severity, rule, path, commit, message, mended=None):
        self.severity, self.rule, self.path, self.commit, self.message = severity, rule, path, commit, message
        self.mended = mended  # tells at the end whether it was put right


PATHS = [(re.compile(regex, re.ASCII), kind) for regex, kind in (
    (r"data/program\.toml", "policy"),
    (r"data/(program|partners/[^/]+)/log/(?!0000)(\d{4})", "event"),
    (r"data/(program)/policies/(?!0000)(\d{4})\.toml", "kept"),
    (r"data/(partners/[^/]+)/votes/([1-9]\d{0,8})/([0-9a-f]{64})\.json", "evidence"),
    (r"data/(program|partners/[^/]+)/votes/([1-9]\d{0,8})/([a-z0-9_-]+(?:\[bot\])?)(?:\.([2-9]|[1-9]\d{1,4}))?", "vote"),
    (r"data/(partners/[^/]+)/partner\.toml", "record"),
    (r"data/(partners/[^/]+)/logo\.png", "logo"))]


def place(path):
    """(kind, slug, the rest) of what may stand at a path below data/, or None."""
    for regex, kind in PATHS:
        found = regex.fullmatch(path)
        if found:
            name = "program" if kind == "policy" else found[1].removeprefix("partners/")
            if found[0].startswith("data/partners/") and not partner_slug(name):
                return None
            if kind == "vote" and not login(found[3]):
                return None
            return kind, name, found.groups()[1:]
    return None


DAY = 86400


def seconds(said):
    """A time, in seconds since 1970."""
    return datetime.datetime.fromisoformat(said.replace("Z", "+00:00")).timestamp()


class Registry:
    def __init__(self, git, head_only, now=None):
        self.git, self.head_only, self.now = git, head_only, now
        self.time = 0          # when the commit was made
        self.findings = []
        self.logs = {}
        self.files = {}        # what stands below data/: path -> (mode, object)
        self.first = {}        # what was ever added to logs, votes and policies: path -> object
        self.alien = set()     # what is kept as a policy and no event brought
        self.decided = {}      # policies that were decided: hash -> Policy, or None if it isn't valid
        self.brought = {}      # policies that this step decides
        self.force = None      # the policy in force, as (hash, Policy)
        self.seated = []       # who votes under it: login, number, and since when
        self.coming = None     # the same under what this step decides
        self.seats = {}        # the same, when a policy first came into force: hash -> seats
        self.registry = None
        self.at_tip = None, None
        self.seen = set()      # the commits before this one
        self.waiting = {}      # what stood undecided after the last step: slug -> path
        self.came = {}         # since which commit it does
        self.undecided = {}    # what was told of it: slug -> finding
        self.deciding = {}     # what this step decides: slug -> path, kind and time of the event
        self.told = {}         # slugs and facts of which it is told already that they wait, or aren't explained
        self.grades = {"signed": 0, "attested": 0, "unsigned": 0}
        self.counts = {"commits": 0, "events": 0, "votes": 0}
        self.commit, self.path = None, ""
        self.sure = True       # the policy in force is told for sure
        self.lost = False      # something of the program, or above, is missing
        self.unread = False    # something of this step is missing
        self.keys = {}

    def tell(self, rule, message, path=None, severity="error", mended=None):
        if rule == "object-missing" and self.git.partial:
            raise Unreadable(f"this is a partial clone: {message}; clone it again whole, without --filter")
        self.findings.append(Finding(severity, rule, self.path if path is None else path, self.commit, message, mended))

    def log(self, slug):
        return self.logs.setdefault(slug, Log(slug))

    def directory(self, slug):
        return "data/program" if slug == "program" else f"data/partners/{slug}"

    # -- signatures, grades

    def signer(self, data, values):
        """The key that signed a block; None if it isn't signed, or the signature is broken."""
        if "KP-Signature" not in values:
            return None
        hash = sha256(data)
        if hash not in self.keys:
            self.keys[hash] = verify(values["KP-Signature"], data[:data.rindex(b"KP-Signature: ")])
        return self.keys[hash]

    def hold(self, rule, data, values, policy, *in_force):
        """Rule 10: tells of a signature that doesn't hold under the policy that a block names, nor under the one in force; gives the
        grade of the block, but for attested decisions, or None."""
        listed, *now = [p.keys(values["KP-Actor"]) if p else [] for p in (policy, *in_force)]
        if "KP-Signature" in values and (listed or any(now)):  # else there is nothing to compare it with
            key = self.signer(data, values)
            if (key in listed or not listed) and all(key in keys for keys in now):
                return "signed" if listed else "unsigned"
            broken = "its signature is broken"
            self.tell(rule, broken if key is None else f"it is signed with a key that isn't {values['KP-Actor']}'s")
            return None
        return "attested" if "KP-Vote" in values and "KP-Attested" in values else "unsigned"

    # -- records

    def named(self, oid):
        """What an event names, if it is at hand. Of a head alone, that is what stands there, whatever else the repository has."""
        if self.head_only and all(oid != there for _, there in self.files.values()):
            return None
        return self.git.blob(oid)

    def found(self, facts):
        """The record that facts name, if it is at hand and readable."""
        data = self.named(facts.objects[0]) if facts else None
        return record(data) if data is not None and sha256(data) == facts.record else None

    def contact(self, log, application):
        """(known, the account)"""
        facts = log.application if application else log.facts
        if not facts or log.slug == "program":
            return True, None
        found = self.found(facts)
        return found is not None, found and self.numbered((found["github"].lower(), found.get("github_id")), log.applicant)

    @staticmethod
    def numbered(one, other):
        """An account; of who applied and the contact, where they have one login, the number of one tells the other's."""
        return other if one and other and one[0] == other[0] and not one[1] else one

    def stake(self, log, name, seat, policy, records):
        """Whether who has a seat is recused (certain), or may have a stake (likely)."""
        ties = {tie(seat["affiliation"][1], log.slug, facts) for facts in records}
        if len(policy.members) > 1 and any(same((facts["github"].lower(), facts.get("github_id")), (name, seat["id"])) for facts in records):
            ties.add("certain")
        return "certain" if "certain" in ties else "likely" if "likely" in ties else None

    # -- who may

    def rights(self, row, log, values, opener, application):
        """What of a row of "Who may" an actor has: (known, rights)."""
        actor, policy = values["KP-Actor"].lower(), self.force[1] if self.force else None
        named = self.decided.get(values["KP-Policy"])
        known, contact = self.contact(log, application)
        me = account(values)
        member = policy and policy.seat(me) and named and named.seat(me)
        emeritus = policy and actor in policy.members and not policy.member(actor)
        columns = [same(contact, me), same(self.numbered(log.applicant, contact), me), member, member and opener == actor, emeritus]
        columns.append(not any(columns))
        return known, {right for right, holds in zip(MAY[row], columns) if holds and right != "."}

    def withdrawn(self, log, values, policy):
        """(the row of "Who may" that holds for who takes something back or None, known, rights)"""
        application = values["KP-Subject"] == "application"
        openers = [log.opener]
        if not application:
            openers = log.openers(int(values["KP-Round"]), values["KP-Subject"], lambda v: self.opens(v, policy)) or [None]
            if not self.head_only:  # which alone doesn't tell in which order voices came
                openers = openers[:1]
        found = []
        for opener in openers:
            row = self.withdrawn_row(log, values, policy, opener)
            known, rights = self.rights(row, log, values, opener, application) if row else (self.contact(log, application)[0], set())
            found.append((row, known, rights))
        return next((one for one in found if one[2]), found[0])

    def withdrawn_row(self, log, values, policy, opener):
        """Which row of "Who may" holds for who takes something back that somebody opened."""
        round, subject, actor = int(values["KP-Round"]), values["KP-Subject"], values["KP-Actor"].lower()
        contact = self.contact(log, subject == "application")[1]
        member = opener is not None and policy.member(opener)
        if subject != "policy" and opener is not None and (same(contact, (opener, None)) or (same(log.applicant, (opener, None)) and not member)):
            return f"withdrawn {subject} side"
        if member and any(v.login != actor and self.is_counted(v, policy) for v in log.voices.get(round, [])):
            return f"withdrawn {subject} voted"
        return f"withdrawn {subject} member" if member else None

    def judge_actor(self, log, values, grade):
        kind, actor, subject = values["KP-Event"][3:], values["KP-Actor"], values["KP-Subject"]
        if kind == "founded" or not self.force:
            return
        if "KP-Attested" in values and "KP-By" not in values and not self.force[1].seat(account(values)):
            self.tell("event-actor", f"{actor} says to speak for who wrote an issue, as only members do")
            return
        policy, application = self.force[1], subject == "application"
        if kind == "withdrawn":
            row, known, rights = self.withdrawn(log, values, policy)
            if row is None:
                if known:
                    self.tell("event-actor", f"nobody who may has opened what {actor} takes back")
                return
        else:
            row = "decided" if kind in COMMITTEE_WORK else kind
            if kind == "applied":
                row, application = ("applied again" if log.facts else "applied"), log.facts is None
            known, rights = self.rights(row, log, values, None, application)
        named = self.decided.get(values["KP-Policy"])
        if not rights and (known or row == "decided" or kind in ("imported", "benefited")):
            self.tell("event-actor", f"{actor} may not do this: {row}")
        elif kind not in COMMITTEE_WORK and rights and rights <= {"b", "s"} and grade != "signed" and (policy.required or (named and named.required)):
            self.tell("event-unsigned", f"{actor} may this only as a member, and has to sign it")

    # -- votes

    def admit_vote(self, slug, round, name, nth, path, data):
        self.path = path
        self.counts["votes"] += 1
        log = self.log(slug)
        if log.dead:
            return
        try:
            values = vote(data)
        except NoBlock as why:
            self.tell("vote-format", str(why))
            return
        self.judge_clock(values)
        voice = Voice(values, sha256(data), path, values["KP-Actor"].lower(), nth)
        ours = values["KP-Registry"] == self.registry
        policy = self.decided.get(values["KP-Policy"])
        heard = nth <= 100 or (policy and self.vote_grade(voice, policy) == "signed")
        here = ours and heard and (values["KP-Partner"], int(values["KP-Round"]), voice.login) == (slug, round, name)
        due = log.due(round, voice.login)
        if not here or nth != due:
            self.tell("vote-place", "it belongs elsewhere" if ours else "it is about another registry")
        may, as_member = self.may_say(log, values, policy)
        asks = values["KP-Vote"] == "v1 request"  # that opens something now, so its key has to be one of now
        now = [self.force[1]] if self.force and self.sure else []
        grade = self.hold("vote-signature", data, values, policy, *(now if asks else []))
        self.grades[grade or "unsigned"] += 1
        if may and asks and as_member and grade and not all(allows(p, grade) for p in [policy, *now]):
            self.tell("vote-signature", f"{name} may this only as a member, and has to sign it")
            grade = None
        may = may and not (asks and grade is None)
        if here and nth >= due:
            log.early.setdefault(round, {})[voice.login, nth] = voice, may
        # what came early is in its place once all before it are there
        while follows := log.early.get(round, {}).pop((voice.login, log.due(round, voice.login)), None):
            self.hear(log, round, *follows)

    def hear(self, log, round, voice, may):
        log.heard.setdefault(round, []).append(voice)
        if may:
            log.voices.setdefault(round, []).append(voice)
        if log.state == "applied" and round == log.application_round and may and self.force and (
                voice.values["KP-Subject"] != "application" and self.is_counted(voice, self.force[1])):
            self.path = voice.path
            self.tell("vote-round", "its round is that of the application")
        if round in log.decided and not self.head_only:
            self.path = voice.path
            self.tell("vote-late", "its round was decided before")

    def may_say(self, log, values, policy):
        """(whether who cast a voice may, whether only as a member); who may not is told of. It opens nothing then, and is no vote."""
        actor = values["KP-Actor"].lower()
        if policy is None:
            self.tell("vote-policy", "it names a policy that wasn't decided before")
            return False, False
        if values["KP-Vote"] != "v1 request":
            if not policy.seat(account(values)):
                self.tell("vote-policy", f"{actor} has no vote under the policy that it names")
                return False, False
        elif self.force:
            known, rights = self.rights(f"request {values['KP-Subject']}", log, values, None, False)
            if not rights and (known or values["KP-Subject"] == "application"):
                self.tell("vote-actor", f"{actor} may not ask for this")
                return False, False
            return True, bool(rights) and rights <= {"b", "s"}
        return True, True

    def of_another(self, voice, policy):
        """Whether a vote is of another account than that of the member whose login it has, who has a seat."""
        number = policy.member(voice.login)["id"]
        untold = number is not None and "KP-Attested" in voice.values and "KP-Account" not in voice.values
        return untold or not policy.seat(account(voice.values))

    def vote_grade(self, voice, policy):
        """The grade with which a vote counts under a policy; None if its signature doesn't hold there."""
        named = self.decided.get(voice.values["KP-Policy"])
        listed = named.keys(voice.login) if named else []
        if "KP-Signature" in voice.values and listed:  # else there is nothing to compare it with
            key = self.signer(self.blob_at(voice.path), voice.values)
            return "signed" if key in listed and key in policy.keys(voice.login) else None
        return "attested" if "KP-Attested" in voice.values else "unsigned"

    def vouched(self, voice, policy):
        """The grade with which a voice is its member's under a policy; None if it is nobody's there."""
        ours = policy.member(voice.login) and not self.of_another(voice, policy)
        return self.vote_grade(voice, policy) if ours else None

    def is_counted(self, voice, policy):
        """Whether a voice is a vote, and is one that a policy would count."""
        return voice.values["KP-Vote"] != "v1 request" and policy.seat(account(voice.values)) and allows(policy, self.vouched(voice, policy))

    def opens(self, voice, policy):
        """Whether a voice that names none before it opens its round: a vote does by who has a seat, if it is of a grade that counts."""
        return voice.values["KP-Vote"] == "v1 request" or allows(policy, self.vouched(voice, policy))

    def that_stands(self, voices, policy):
        """The one of somebody's voices that stands: what a member signed gives way to nothing that counts for less, nor to what was
        signed before it, whatever the files are named."""
        stands, signed, heard = None, False, set()
        for voice in voices:
            grade = self.vouched(voice, policy)
            later = grade == "signed" and voice.hash not in heard and not (stands and voice.values["KP-Time"] < stands.values["KP-Time"])
            if grade == "signed":
                heard.add(voice.hash)
            if not signed or later or (grade == "attested" and allows(policy, grade)):
                stands, signed = voice, grade == "signed"
        return stands

    def blob_at(self, path):
        return self.git.blob(self.first[path])

    def tally(self, log, values, opener, contact_asked):
        """(why it doesn't carry or None, the hashes of the votes that count, their grades), if `opener` opened the round."""
        policy = self.force[1]
        kind, subject, round = values["KP-Event"][3:], values["KP-Subject"], int(values["KP-Round"])
        voices = sorted(log.voices.get(round, []), key=lambda v: (v.login, v.nth))
        word = None if subject == "application" else log.round_word(round, opener, lambda voices: self.that_stands(voices, policy))
        records, gone = [], False
        if subject != "policy":
            for facts in (log.facts, facts_of(values)):
                found = self.found(facts) if facts else None
                if found:
                    records.append(found)
                gone |= facts is not None and found is None
        if gone:
            voices = [v for v in voices if v.hash in values["KP-Votes"].split()]
        due = log.word if subject == "application" else word.hash if word else "none"
        changed = max((at for at in log.changes if seconds(at) <= seconds(values["KP-Time"]) + DAY), default="")
        cast = {}
        for v in sorted(log.voices.get(round, []), key=lambda v: v.nth):
            if v.values["KP-Vote"] != "v1 request" and policy.member(v.login):
                cast.setdefault(v.login, []).append(v)
        stands = {login: self.that_stands(votes, policy) for login, votes in cast.items()}
        counted, grades = [], []
        for v in voices:
            seat, said = policy.member(v.login), v.values["KP-Vote"][3:]
            if said == "request" or not seat:
                continue
            stake = self.stake(log, v.login, seat, policy, records) if subject != "policy" else None
            interest = v.values.get("KP-Interest")
            if stake == "certain" or interest in ("employer", "other") or (stake == "likely" and interest != "none"):
                continue
            if stands[v.login] is not v:
                continue
            if "KP-Attested" in v.values and v.values["KP-Time"] < self.seated_since(v.login, values["KP-Policy"]):
                continue
            if self.of_another(v, policy):
                continue
            if (v.values["KP-Record"], v.values["KP-Logo"], v.values["KP-Subject"]) != (
                    values["KP-Record"], values["KP-Logo"], subject):
                continue
            if subject == "policy" and v.values["KP-Policy"] != values["KP-Policy"]:
                continue
            if subject in ("update", "exit") and v.values["KP-Time"] < changed:
                continue
            if subject == "exit" and (not word or terms(v.values) != terms(word.values)):
                continue
            own_word = subject != "application" and v.login == opener and said == "approve" and (
                subject == "exit" or word is None or word.values["KP-Vote"] != "v1 request")
            if v.values["KP-Log"] != ("none" if own_word else due):
                continue
            grade = self.vote_grade(v, policy)
            if not allows(policy, grade):
                continue
            counted.append((v, said, seat["affiliation"][0]))
            grades.append(grade)
        hashes = [v.hash for v, *_ in counted]
        rejects = kind == "rejected"
        name = {"application": "approve"}.get(subject, subject) if not rejects or subject == "update" else "reject"
        rule = dict(policy.decisions[name])
        if kind == "exited" and word and word.values["KP-Vote"] == "v1 request" and contact_asked(word) and not policy.required:
            rule.update(quorum=1, affiliations=1, presence=0)
        favor = [a for _, said, a in counted if said == ("reject" if rejects else "approve")]
        against = [a for _, said, a in counted if said == ("approve" if rejects else "reject")]
        why = None
        if len(favor) < rule["quorum"] or not favor:
            why = f"{len(favor)} in favor of {rule['quorum']}"
        elif len(set(favor)) < rule["affiliations"]:
            why = f"{len(set(favor))} affiliations of {rule['affiliations']}"
        elif Fraction(len(favor), len(favor) + len(against)) < rule["threshold"]:
            why = f"{len(favor)} in favor and {len(against)} against"
        elif len(counted) < rule["presence"]:
            why = f"{len(counted)} votes of {rule['presence']}"
        elif rule["blocks"] and against:
            why = "one is against"
        elif "KP-Reason" in values and values["KP-Reason"] not in (
                [word and word.values.get("KP-Note")] if kind == "exited" else
                [v.values.get("KP-Note") for v, *_ in counted if v.login == values["KP-Actor"].lower()]):
            why = "its reason is nobody's whom it rests on"
        elif kind == "exited" and terms(values) != terms(word.values):
            why = "it has other terms than the word"
        elif values["KP-Votes"] != (" ".join(hashes) or "none"):
            why = "KP-Votes doesn't name just the votes that count"
        return why, grades

    def judge_votes(self, log, values, grade):
        """Rule 5; gives the grade of the decision."""
        round = int(values["KP-Round"])
        known, contact = self.contact(log, False)
        asked = lambda word: same(contact, account(word.values))
        voices = sorted(log.voices.get(round, []), key=lambda v: (v.login, v.nth))
        named = [v for v in voices if v.hash in values["KP-Votes"].split()]
        due = next((v.values["KP-Log"] for v in named if v.values["KP-Log"] != "none"), None)
        asked_for = next((v for v in voices if v.values["KP-Log"] == "none" and v.values["KP-Vote"] == "v1 request"), None)
        word = next((v for v in voices if v.hash == due), asked_for or (named[0] if len(named) == 1 else None))
        if self.head_only:  # whose contact it was isn't told by a head alone
            asked = lambda word: not known or same(contact, account(word.values))
        why, grades = self.tally(log, values, word.login if word and self.opens(word, self.force[1]) else None, asked)
        if why:
            self.tell("event-votes", why)
        if grade == "unsigned" and grades and "unsigned" not in grades:
            grade = "attested"
        policy = self.force[1]
        if policy.required and grade != "signed" and not (policy.attested and grade == "attested"):
            self.tell("event-unsigned", f"the policy asks for more than {grade}")
        return grade

    # -- events

    def admit_event(self, slug, seq, path, data, before):
        """Judges an event, and folds it. `before` is what stood there before the step."""
        self.path = path
        self.counts["events"] += 1
        log = self.log(slug)
        if log.dead or self.lost:
            return
        try:
            values = event(data)
        except NoBlock as why:
            self.tell("event-format", str(why))
            log.dead = True
            return
        if self.head_only:
            named = self.decided.get(values["KP-Policy"])
            self.force = (values["KP-Policy"], named) if named else None
        kind, subject, round = values["KP-Event"][3:], values["KP-Subject"], int(values["KP-Round"])
        facts = facts_of(values)
        self.judge_chain(log, values, slug, seq)
        self.judge_policy(values)
        if kind == "founded":
            held = [self.kept(facts)]
        else:
            held = [self.decided.get(values["KP-Policy"]), *([self.force[1]] if self.force else [])]
        grade = self.hold("event-signature", data, values, *held) or "unsigned"
        self.judge_actor(log, values, grade)
        if self.force and (kind in ("applied", "imported") or (kind in DECIDES and subject != "application")):
            for voice in log.voices.get(round, []):
                if voice.values["KP-Subject"] != subject and self.is_counted(voice, self.force[1]):
                    self.tell("vote-round", f"members have voted on something else in round {round}")
                    break
        if kind in COMMITTEE_WORK and self.force:
            grade = self.judge_votes(log, values, grade)
        self.grades[grade] += 1
        self.judge_facts(log, values, facts, before)
        if not self.head_only and seconds(values["KP-Time"]) > self.time + DAY:
            self.tell("event-time", "it is dated more than a day after its commit", severity="warning")
        self.judge_clock(values)
        if kind in DECIDES:
            for voice in log.voices.get(round, []):
                if seconds(voice.values["KP-Time"]) > seconds(values["KP-Time"]) + DAY:
                    self.tell("vote-late", "it is dated more than a day after its round was decided", voice.path)
        log.fold(values, sha256(data))
        if kind in DECIDES:
            self.deciding[slug] = path, kind, values["KP-Time"]
        if slug == "program" and kind in BRINGS_FACTS:
            self.brought[values["KP-Record"]] = policy = self.kept(facts)
            if policy:
                self.coming = self.seats_after(self.seated if self.coming is None else self.coming, policy, values["KP-Time"])
                self.seats.setdefault(values["KP-Record"], self.coming)

    def judge_clock(self, values):
        """Of who says what time it is, whether an entry is of a time that hasn't come."""
        if self.now is not None and seconds(values["KP-Time"]) > self.now + DAY:
            self.tell("dated-ahead", f"it is dated {values['KP-Time']}, and that hasn't come", severity="warning")

    @staticmethod
    def seats_after(before, policy, time):
        """Who votes under a policy that came into force after another one: login, number, and since when without a break."""
        since = lambda *seat: next((earlier[2] for earlier in before if same(earlier, seat)), time)
        return [(name, seat["id"], since(name, seat["id"])) for name, seat in policy.members.items() if seat["votes"]]

    def seated_since(self, name, policy):
        seats = self.seats.get(policy, []) if self.head_only else self.seated
        return next((since for login, _, since in seats if login == name), "")

    def kept(self, facts):
        data = self.git.blob(facts.objects[0])
        try:
            return Policy(data) if data is not None and sha256(data) == facts.record else None
        except (ValueError, TypeError, AttributeError):
            return None

    def judge_chain(self, log, values, slug, seq):
        """Rule 3."""
        kind, subject, round = values["KP-Event"][3:], values["KP-Subject"], int(values["KP-Round"])
        if (values["KP-Partner"], int(values["KP-Seq"])) != (slug, seq) or seq != len(log.events) + 1:
            self.tell("event-name", "it has another number or partner than is due")
        if values["KP-Prev"] != (log.events[-1][1] if log.events else "none"):
            self.tell("event-chain", "KP-Prev isn't the event before")
        # What is dated more than a day after the commit binds nobody; a head alone has no commits to tell that by.
        earlier = [e["KP-Time"] for e, _ in log.events if self.head_only or seconds(e["KP-Time"]) <= self.time + DAY]
        if earlier and values["KP-Time"] < max(earlier):
            self.tell("event-chain", "it is from before an event before it", severity="warning" if self.head_only else "error")
        if kind != "founded" and values["KP-Registry"] != self.registry:
            self.tell("event-registry", "it is about another registry")
        if kind not in COMMITTEE_WORK and values["KP-Votes"] != "none":
            self.tell("event-votes", "only committee work rests on votes")
        if subject == "update" and log.state in OVER and not log.facts:
            self.tell("event-illegal", "who was never a partner has nothing to change")
        if log.state not in STEPS.get((kind, subject), {}):
            self.tell("event-illegal", f"{kind} ({subject}) doesn't follow where it is {log.state}")
        highest = max(log.rounds)
        if kind in ("applied", "imported", "founded"):
            fits = round == highest + 1
        elif subject in ("application", "upkeep"):
            fits = round == log.application_round
        else:
            fits = round not in log.rounds and round <= highest + 1000
        if not fits:
            self.tell("event-illegal", f"it isn't due in round {round}")
        last = 9999 if kind in ("rejected", "exited", "cleared") or values.get("KP-Stage") == "ended" else (
            9989 if kind in ("approved", "withdrawn", "closed") else 9899)
        if len(log.events) >= last:
            self.tell("event-illegal", f"an event of this kind has at most the number {last}")
        if kind == "amended" and log.amended >= 100:
            self.tell("event-illegal", "the application was amended 100 times")
        if kind == "closed" and int(values["KP-Job"]) not in log.jobs:
            self.tell("event-illegal", "no such post is open")
        if kind == "exited" and log.joined and values["KP-Effective"] < min(log.joined, values["KP-Time"][:10]):
            self.tell("event-illegal", f"it leaves on {values['KP-Effective']}, before it joined on {log.joined}")
        for key, ahead in (("KP-Effective", 366), ("KP-On", 366), ("KP-Closes", 366), ("KP-Since", 1)):
            if key in values and (day(values[key]) - day(values["KP-Time"])).days > ahead:
                self.tell("event-illegal", f"{key} is more than {ahead} days after KP-Time")
        if values.get("KP-Merged-Into") == slug:
            self.tell("event-illegal", "it became part of itself")
        elif "KP-Merged-Into" in values and not self.head_only:
            self.judge_merged(values["KP-Merged-Into"])
        if kind == "benefited" and log.state != "active" and values.get("KP-Stage") != "ended":
            self.tell("event-illegal", "after a partner left, a benefit can only end")

    def judge_merged(self, into):
        """Whether who a partner became part of was ever one; what can't be read may say so."""
        other = self.logs.get(into)
        if not (other and (other.facts or other.dead)):
            self.tell("event-illegal", f"it became part of {into}, which has never been a partner")

    def judge_policy(self, values):
        """Rule 4, of policies."""
        kind = values["KP-Event"][3:]
        if kind == "founded":
            if values["KP-Policy"] != values["KP-Record"]:
                self.tell("event-policy", "it founds the registry under another policy than it brings")
        elif self.force is None:
            self.tell("event-policy", "no policy is in force")
        elif kind in COMMITTEE_WORK and values["KP-Policy"] != self.force[0]:
            self.tell("event-policy", "it isn't done under the policy in force")
        elif self.decided.get(values["KP-Policy"]) is None:
            self.tell("event-policy", "it names a policy that wasn't decided before")

    def judge_facts(self, log, values, facts, before):
        """Rules 5 and 7, of what one event names."""
        kind, subject = values["KP-Event"][3:], values["KP-Subject"]
        if subject == "application" and kind in DECIDES and log.application and facts[:2] != log.application[:2]:
            self.tell("event-facts", "it is about other facts than the application")
        if kind == "exited" or subject == "upkeep":
            if facts != log.facts:
                self.tell("event-facts", "it names other facts than those in force")
        known = [f for f in (log.application if log.state == "applied" else None, log.facts) if f]
        for n in range(len(facts.objects)):
            if any(len(f.objects) > n and f[n] == facts[n] and f.objects[n] != facts.objects[n] for f in known):
                self.tell("event-facts", "it names another object for a file that was named before")
            data = self.named(facts.objects[n])
            if data is None and kind in BRINGS_FACTS and not self.head_only and log.slug == "program":
                self.missing(self.path, facts.objects[n])
                return
            if data is None and kind in BRINGS_FACTS and not self.head_only:
                self.tell("object-missing", f"object {facts.objects[n]} can't be read")
            elif data is not None and sha256(data) != facts[n]:
                self.tell("event-facts", f"object {facts.objects[n]} has another hash than it names")
            elif data is not None and n == 0 and subject != "policy" and kind in COMMITTEE_WORK and record(data) is None:
                self.tell("event-facts", "its record isn't one")
            elif data is not None and n == 0 and kind == "cleared":
                self.judge_cleared(record(data), self.found(log.facts))
        after_cleared = log.facts and log.facts.logo == "none"
        bare = kind == "cleared" or (subject == "update" and kind in ("rejected", "withdrawn"))
        if subject != "policy" and not bare and facts.logo == "none" and not (after_cleared and log.state in OVER):
            self.tell("event-facts", "it lacks a logo")
        if kind == "recorded" and not self.head_only:
            paths = ("data/program.toml",) if log.slug == "program" else tuple(
                f"{self.directory(log.slug)}/{name}" for name in ("partner.toml", "logo.png"))
            if tuple(before.get(path, ("", ""))[1] for path in paths) != facts.objects:
                self.tell("event-facts", "it records what didn't stand there")
        copy = f"data/program/policies/{values['KP-Seq'].zfill(4)}.toml"
        if log.slug == "program" and kind not in BRINGS_FACTS and copy in self.files:
            self.unbrought(copy, "its event brings no policy")
        if log.slug == "program" and kind in BRINGS_FACTS:
            if self.files.get(copy) == ("100644", facts.objects[0]):
                self.alien.discard(copy)
            else:
                self.tell("policy-file", f"its policy isn't kept in {copy}")
            if self.files.get(copy, ("", ""))[0] == "100644":
                self.first[copy] = self.files[copy][1]
            if self.kept(facts) is None:
                self.tell("event-facts", "the policy that it brings isn't valid")

    def judge_cleared(self, left, before):
        if "email" in left:
            self.tell("event-facts", "it clears a partner and keeps its mailbox")
        elif before and any((left.get(key) or None) != (before.get(key) or None) for key in (*FIELDS, "github_id") if key != "email"):
            self.tell("event-facts", "it changes more of who left than its mailbox and its logo")

    # -- steps

    def step(self, commit, parent):
        """Holds the step from a commit's first parent (or nothing) to the commit to the rules."""
        self.commit, self.path, self.unread, self.deciding = commit.id, "", False, {}
        self.counts["commits"] += 1
        self.time = self.time if commit.time is None else commit.time
        root = lambda c: self.git.tree(c.tree).get("data") if c else None
        changed = list(self.git.changes(parent.tree if parent else None, commit.tree, "", self.missing))
        if self.lost:
            return
        touched = {self.subject(path) for path, *_ in changed}
        changed = [change for change in changed if change[0] == "data" or change[0].startswith("data/")]
        before = dict(self.files)
        for path, _, new in changed:
            if new:
                self.files[path] = new
            else:
                self.files.pop(path, None)
        self.judge_waiting(touched)
        policy = self.force[1] if self.force else None
        votes, events, evidence = self.sort(self.take_back(changed))
        if self.lost:
            return
        self.admit(votes, events, before)
        self.judge_evidence(votes, evidence)
        for judge in (lambda: self.judge_merge(commit), lambda: self.judge_sides(commit, policy)):
            try:
                judge()
            except Missing as oid:
                self.lost_side(str(oid))
        self.judge_message(commit, {data for *_, data in events})
        if commit.time is None:
            self.tell("commit-time", "it doesn't say when it was made", path="", severity="warning")
        elif parent and parent.time is not None and commit.time < parent.time - 86400:
            self.tell("commit-time", "its time runs back by more than a day", path="", severity="warning")
        if not all(commit.people):
            self.tell("commit-people", "it doesn't say who wrote and made it", path="", severity="warning")
        self.stand(touched)
        self.enforce()

    def enforce(self):
        """From here on, what the step decided is in force."""
        program = self.log("program")
        self.decided.update(self.brought)
        self.brought = {}
        if self.coming is not None:
            self.seated, self.coming = self.coming, None
        if program.facts and self.decided.get(program.facts.record):
            self.force = (program.facts.record, self.decided[program.facts.record])
        if program.events and program.events[0][0]["KP-Event"] == "v1 founded":
            if self.registry is None:
                # What lay there before and is gone was never the registry's, nor what was merged there.
                self.findings = [f for f in self.findings
                                 if f.rule != "foreign-commit" and not (f.mended and f.mended())]
            self.registry = program.events[0][1]

    def missing(self, path, oid):
        """What isn't there; nothing more is said of what it belongs to."""
        self.unread = True
        self.tell("object-missing", f"object {oid} can't be read", path.rstrip("/"))
        found = re.match(r"data/partners/([^/]+)/", path)
        if found:
            self.log(found[1]).dead = self.log(found[1]).unread = True
        elif path in ("", "data/", "data/partners/") or path.startswith("data/program"):
            self.lost = True

    def lost_side(self, oid):
        """What of a side that is merged isn't there; nothing more is said of the side."""
        message = f"object {oid}, of a side that it merges, can't be read"
        if not any(f.rule == "object-missing" and oid in f.message for f in self.findings):
            self.tell("object-missing", message, path="")

    def subject(self, path):
        found = place(path)
        if found:
            return found[1]
        found = re.match(r"data/(?:partners/)?([^/]+)/", path)
        return found[1] if found else "/"

    def take_back(self, changed):
        """Rule 1, of what nobody decided, and one commit takes back whole; gives what else is changed."""
        entries = {}
        for path, old, new in changed:
            kind, slug, rest = place(path) or (None, None, None)
            if kind in ("event", "vote", "evidence", "kept"):
                entries.setdefault(slug, []).append((kind, rest[0], path, old, new))
        for slug, those in entries.items():
            if any(kind == "kept" or new or old[0] != "100644" for kind, _, _, old, new in those):
                continue
            events = sorted(number for kind, number, *_ in those if kind == "event")
            rounds = {int(round) for kind, round, *_ in those if kind != "event"}
            if self.is_whole(slug, events, rounds):
                gone = {path for _, _, path, *_ in those}
                self.forget(slug, events, rounds, gone)
                changed = [change for change in changed if change[0] not in gone]
        return changed

    def is_whole(self, slug, events, rounds):
        """Is it all of a proposal that nobody decided, and are the facts again as they were?"""
        log = self.log(slug)
        facts = log.facts
        if log.dead:
            return False
        if events:
            if not log.before or events != [f"{n:04}" for n in range(len(log.before["events"]) + 1, len(log.events) + 1)]:
                return False
            if rounds - {log.application_round}:
                return False
            rounds, facts = {log.application_round}, log.before["facts"]
        elif rounds & log.rounds:
            return False
        places = [place(path) for path in self.files]
        if any(found and found[0] in ("vote", "evidence") and found[1] == slug and int(found[2][0]) in rounds for found in places):
            return False
        names, there = self.there(slug)
        return self.shown(there, facts) or self.asked_for(log, there, set(log.open_rounds()) - rounds)

    def forget(self, slug, events, rounds, gone):
        log = self.log(slug)
        lost = [f"{v.values['KP-Actor']} ({v.values['KP-Vote'][3:]})" for round in sorted(rounds) for v in log.voices.pop(round, [])
                if v.values["KP-Vote"] != "v1 request"]
        for round in rounds:
            log.heard.pop(round, None)
            log.early.pop(round, None)
        if events:
            vars(log).update(log.before, before=None)
        for path in gone:
            self.first.pop(path, None)
        self.told.pop(("waiting", slug), None)
        for finding in self.findings:
            if finding.path in gone and finding.rule not in ("log-changed", "vote-changed", "evil-merge"):
                finding.mended = lambda: True
        self.tell("taken-back", f"what nobody decided is taken back, with {', '.join(lost) or 'no votes'}", self.directory(slug),
                  severity="warning")

    def sort(self, changed):
        """Rules 1 and 2; gives the new votes, events and evidence."""
        new_files = {"vote": [], "event": [], "evidence": []}
        for path, old, new in changed:
            kind, slug, rest = place(path) or (None, None, None)
            if path in self.first:
                if new != ("100644", self.first[path]):
                    rule = {"event": "log-changed", "kept": "policy-file"}.get(kind, "vote-changed")
                    self.tell(rule, "it was changed" if new else "it was taken away", path, mended=lambda path=path: self.files.get(
                        path) == ("100644", self.first[path]))
                continue
            if new is None:
                self.alien.discard(path)
                continue
            if kind is None or new[0] != "100644":
                self.tell("stray", "it doesn't belong there", path, mended=lambda path=path, new=new: self.files.get(path) is None or (
                    place(path) is not None and self.files[path][0] == "100644"))
                continue
            if kind == "kept":
                if self.git.blob(new[1]) is None:
                    self.missing(path, new[1])
                elif not any(p == f"data/program/log/{rest[0]}" and come and not had for p, had, come in changed):
                    self.unbrought(path, "no event of its number came with it")
            elif kind in ("event", "vote", "evidence"):
                self.first[path] = new[1]
                data = self.git.blob(new[1])
                if data is None:
                    self.missing(path, new[1])
                    continue
                new_files[kind].append((slug, kind, rest, path, data))
        return new_files["vote"], new_files["event"], new_files["evidence"]

    def unbrought(self, path, message):
        """Tells, once, of what is kept as a policy and no event brings: until it is gone, or an event has brought it."""
        if path not in self.alien:
            self.alien.add(path)
            self.tell("policy-file", message, path, mended=lambda: path not in self.alien)

    def judge_evidence(self, votes, evidence):
        """Rule 6, of what members saw."""
        alive = lambda entries: [entry for entry in entries if not self.log(entry[0]).dead]
        for slug, _, (round, *_), path, data in alive(votes):
            hashes = [v.values.get("KP-Evidence") for v in self.log(slug).heard.get(int(round), []) if v.path == path]
            for hash in filter(None, hashes):
                beside = f"{self.directory(slug)}/votes/{round}/{hash[7:]}.json"
                if beside not in self.files:
                    self.tell("vote-evidence", "what it names by KP-Evidence isn't there", path,
                              mended=lambda beside=beside: beside in self.files)
        for slug, _, (round, name), path, data in alive(evidence):
            if sha256(data) != "sha256:" + name or len(data) > 48 * 1024:
                self.tell("vote-evidence", "it isn't what its name says, or too long", path)
            if not any(v.values.get("KP-Evidence") == "sha256:" + name for v in self.log(slug).heard.get(int(round), [])):
                self.tell("vote-evidence", "no vote that came with it, or before, names it", path, mended=lambda path=path: path not in self.files)

    def judge_merge(self, commit):
        """Rule 9."""
        ours = self.seen
        for other in commit.parents[1:]:
            if other in ours:
                self.tell("merge-again", f"{other} was there before", path="", severity="warning")
            side = other
            while side and side not in ours:
                at = self.git.commit(side)
                side = at.parents[0] if at.parents else None
                base = self.git.commit(side).tree if side else None
                for path, old, new in self.git.changes(base, at.tree):
                    kind, slug, _ = place(path) or (None, None, None)
                    if kind and self.log(slug).unread:
                        continue
                    if not new or kind not in ("event", "vote") or (old and kind == "event") or self.files.get(path, ("", ""))[1] == new[1]:
                        continue
                    if kind == "event" and path not in self.tip(other):
                        self.tell("evil-merge", f"it merges a side that took its event of {at.id[:10]} back", path, severity="warning")
                    elif kind == "event":
                        self.tell("evil-merge", f"it drops an event of {at.id[:10]}", path, mended=lambda p=path, n=new: self.files.get(p) == n)
                    else:
                        self.lost_vote(path, new, at)
            self.judge_behind(commit, other)

    def judge_behind(self, commit, other):
        """Rule 9, of votes on what was merged into a side."""
        row, at = set(), other
        while at and at not in self.seen:
            row.add(at)
            parents = self.git.commit(at).parents
            at = parents[0] if parents else None
        todo, known, there = [other], set(self.seen), set()
        record = self.git.commit(commit.parents[0]).tree
        while todo:
            oid = todo.pop()
            if oid in known:
                continue
            known.add(oid)
            at = self.git.commit(oid)
            todo += at.parents
            if oid in row:
                continue
            base = self.git.commit(at.parents[0]).tree if at.parents else None
            for path, _, new in self.git.changes(base, at.tree):
                kind, slug, _ = place(path) or (None, None, None)
                if kind != "vote" or not new or (path, new[1]) in there or self.log(slug).unread:
                    continue
                there.add((path, new[1]))
                if new[1] not in (self.files.get(path, ("", ""))[1], self.git.entry(record, path)):
                    self.lost_vote(path, new, at)

    def judge_sides(self, commit, policy):
        """Rule 12."""
        for other in commit.parents[1:]:
            side, todo, known = [], [other], set(self.seen)
            while todo:
                at = todo.pop()
                if at not in known:
                    known.add(at)
                    side.append(at)
                    todo += self.git.commit(at).parents
            judged = Side(self.git, self.git.commit(commit.parents[0]).tree, policy)
            foreign, ours = [], False
            for oid in side:
                try:
                    judged.judge(oid)
                    ours = True
                except Foreign as why:
                    if not judged.catches_up(oid, self.seen):
                        foreign.append(f"{oid}: {why}")
                        at = self.git.commit(oid)
                        base = self.git.commit(at.parents[0]).tree if at.parents else None
                        ours = ours or any(p.startswith("data/") for p, *_ in self.git.changes(base, at.tree))
            if foreign and ours:
                message = "it brings commits that aren't as they are written: " + "; ".join(foreign)
                self.tell("foreign-commit", message, path="", severity="warning")

    def tip(self, oid):
        """What stands below data/ at a commit."""
        if self.at_tip[0] != oid:
            data = self.git.tree(self.git.commit(oid).tree).get("data")
            self.at_tip = oid, {path for path, *_ in self.git.changes(None, data and data[1], "data/")}
        return self.at_tip[1]

    def lost_vote(self, path, new, at):
        data = self.git.blob(new[1])
        if data is None:
            raise Missing(new[1])
        try:
            values = vote(data)
        except NoBlock:
            return
        policy = self.decided.get(values["KP-Policy"])
        if policy and policy.seat(account(values)):
            signed = self.signer(data, values) in policy.keys(values["KP-Actor"])
            self.tell("evil-merge", f"it drops a vote of {at.id[:10]}", path, severity="error" if signed else "warning",
                      mended=(lambda: self.files.get(path) == new) if signed else None)

    def judge_message(self, commit, added):
        """Each event's block in a message is that of a file which the commit adds."""
        lines = commit.message.split("\n")
        for n, line in enumerate(lines):
            if not line.startswith("KP-Event: "):
                continue
            end = n + 1
            while end < len(lines) and re.match(r"KP-(?!Event:|Vote:)", lines[end]):
                end += 1
            data = ("\n".join(lines[n:end]) + "\n").encode("utf-8", "replace")
            if data in added or self.unread:  # what can't be read may be it
                continue
            try:
                event(data)
                self.tell("message-differs", "its message has an event that it doesn't add", path="")
            except NoBlock:
                self.tell("message-differs", "its message has what is nearly an event", path="", severity="warning")

    # -- what stands there

    def stand(self, touched):
        """Rules 7 and 8, of what stands there after a step."""
        self.waiting = {}
        for slug in sorted(touched & self.logs.keys() | {s for s in touched if place(f"data/partners/{s}/partner.toml")} | {
                "program"} & touched):
            self.standing(slug)
        for slug, log in self.logs.items():
            if slug not in self.waiting and not log.dead and (log.state == "applied" or log.open_rounds()):
                self.waiting[slug] = self.directory(slug)
        for slug in self.waiting:
            self.came.setdefault(slug, self.commit)
        for slug in sorted(self.came.keys() - self.waiting.keys()):
            self.settle(slug, self.came.pop(slug))

    def settle(self, slug, since):
        """What stood there undecided does no more: it is told how that was put right."""
        finding = self.undecided.pop(slug, None)
        path, kind, said = self.deciding.get(slug, (None, None, None))
        if self.log(slug).dead:
            return
        if not finding and path:
            # A decision that came with its proposal, commit by commit, was written before both.
            came = self.git.commit(since).time
            if came is None or seconds(said) <= came:
                return
            finding = Finding("error", "undecided", self.directory(slug), since, f"what is proposed for {slug} stood there undecided")
            self.findings.append(finding)
        if finding:
            how = "taken back" if not path else "withdrawn" if kind == "withdrawn" else "decided"
            by = f", by {path}" if path else ""
            finding.severity, finding.mended = "repaired", None
            finding.message += f"; {how} after it was merged{by}, in commit {self.commit[:10]}"

    def standing(self, slug):
        log = self.log(slug)
        if log.dead:
            return
        names, there = self.there(slug)
        objects = tuple(entry[1] for entry in there if entry)
        if self.shown(there, log.facts):
            self.told.pop(("facts", slug), None)
            return
        if any(entry and entry[0] != "100644" for entry in there):  # told of as a stray
            return
        if log.state == "applied" and self.shown(there, log.application):
            self.waiting[slug] = names[0]
            return
        if self.asked_for(log, there, log.open_rounds()):
            self.waiting[slug] = names[0]
            return
        gone = next(((name, entry[1]) for name, entry in zip(names, there) if entry and self.git.blob(entry[1]) is None), None)
        if gone:
            self.missing(*gone)
            return
        spell = self.told.setdefault(("facts", slug), [None])  # as long as they are unexplained
        if spell[0] != objects:
            spell[0] = objects
            wrong = next((name for name, entry, object in zip(names, there, (log.facts.objects if log.facts else ()) + ("", ""))
                          if (entry[1] if entry else "") != object), names[0])
            self.tell("policy-unexplained" if slug == "program" else "facts-unexplained", "no decision brought this", wrong,
                      mended=lambda: self.told.get(("facts", slug)) is not spell)

    def there(self, slug):
        """The paths of the facts, and what stands there."""
        names = ["data/program.toml"] if slug == "program" else [
            f"data/partners/{slug}/{name}" for name in ("partner.toml", "logo.png")]
        return names, [self.files.get(name) for name in names]

    def asked_for(self, log, there, rounds):
        """Is what stands there what a voice of these rounds names?"""
        blobs = [self.git.blob(entry[1]) if entry else None for entry in there]
        hashes = [sha256(blob) if blob is not None else "none" for blob in blobs] + ["none"]
        return any([v.values["KP-Record"], v.values["KP-Logo"]] == hashes[:2] for round in rounds for v in log.voices[round])

    @staticmethod
    def shown(there, facts):
        """Do just the files stand there that facts name?"""
        objects = facts.objects if facts else ()
        return [entry and entry[1] for entry in there] == [*objects, *[None] * (len(there) - len(objects))]

    def judge_waiting(self, touched):
        """Rule 8: what waits is decided by the steps that follow at once, and are about nothing else."""
        for slug, path in self.waiting.items():
            if touched != {slug}:
                self.leave(slug, path)

    def leave(self, slug, path):
        rounds = tuple(self.log(slug).open_rounds())
        if self.told.get(("waiting", slug)) != rounds:
            self.told["waiting", slug] = rounds
            self.tell("undecided", f"what is proposed for {slug} stands there undecided", path,
                      mended=lambda: slug not in self.waiting)
            self.undecided[slug] = self.findings[-1]

    def history(self):
        chain, at = [], self.git.head
        try:
            while at:
                chain.append(self.git.commit(at))
                at = chain[-1].parents[0] if chain[-1].parents else None
        except Missing:
            if not chain:
                raise Unreadable(f"commit {at} is missing") from None
        chain.reverse()
        parent = None
        if at:
            parent, *chain = chain
            self.take(parent)
            self.findings.clear()
            self.see(parent.id)
            self.commit = parent.id
            self.tell("object-missing", f"commit {at} can't be read; this one is taken as sound", "")
        for commit in chain:
            if not self.lost:
                self.step(commit, parent)
            self.see(commit.id)
            parent = commit
        if not self.lost:
            for slug, path in self.waiting.items():
                self.leave(slug, path)
            self.judge_founded()

    def judge_founded(self):
        if not self.logs.get("program") or not self.logs["program"].events:
            self.tell("not-founded", "there is no founding event", "data/program/log/0001")

    def see(self, oid):
        todo = [oid]
        while todo:
            at = todo.pop()
            if at not in self.seen:
                self.seen.add(at)
                try:
                    todo += self.git.commit(at).parents
                except Missing:
                    pass

    def take(self, commit):
        """What stands at a commit, without what came before; rules 1, 9 and 11, and what of 2, 6 and 8 is about order, aside."""
        self.commit, self.head_only = commit.id, True
        changed = [c for c in self.git.changes(None, commit.tree, "", self.missing) if c[0].split("/")[0] == "data"]
        if self.lost:
            return
        self.files = {path: new for path, _, new in changed}
        founding = self.git.blob(self.files.get("data/program/log/0001", ("", "0" * 40))[1])
        self.registry = sha256(founding) if founding is not None else None
        for path in sorted(path for path in self.files if (place(path) or [""])[0] == "kept"):
            copy, brought = (self.git.blob(self.files.get(name, ("", "0" * 40))[1]) for name in (
                path, path.replace("/policies/", "/log/").removesuffix(".toml")))
            try:
                values = event(brought or b"")
                if copy is not None and values["KP-Event"][3:] in BRINGS_FACTS and values["KP-Record"] == sha256(copy):
                    self.decided[sha256(copy)] = Policy(copy)
            except (NoBlock, ValueError, TypeError, AttributeError):
                pass
        votes, events, evidence = self.sort(changed)
        self.admit(votes, events, self.files)
        self.judge_evidence(votes, evidence)
        for slug in sorted({self.subject(path) for path in self.files} - {"/"}):
            self.standing(slug)
        for slug, log in sorted(self.logs.items()):
            for values, _ in log.events:
                if "KP-Merged-Into" in values:
                    self.path = f"{self.directory(slug)}/log/{values['KP-Seq'].zfill(4)}"
                    self.judge_merged(values["KP-Merged-Into"])
            if log.state == "applied" or log.open_rounds():
                self.tell("undecided", "a proposal stands there undecided", self.directory(slug))
        self.enforce()
        self.head_only = False

    def admit(self, votes, events, before):
        force = self.force
        votes = sorted(votes, key=lambda v: (v[0], int(v[2][0]), v[2][1], int(v[2][2] or 1)))
        events = sorted(events, key=lambda e: (e[0] != "program", e[0], e[2]))
        if not self.head_only:
            self.admit_votes(votes)
        for slug, _, (seq,), path, data in events:
            if self.head_only:  # a round's votes come before what settles it
                votes = self.admit_round(votes, slug, data)
            self.admit_event(slug, int(seq), path, data, before)
        for one in votes if self.head_only else []:  # of what nobody settled, when it came isn't told
            self.force = self.at_head()
            try:
                values = vote(one[4])
            except NoBlock:
                values = {}
            if self.force and values and not self.force[1].seat(account(values)) and self.decided.get(values.get("KP-Policy")):
                self.force = values["KP-Policy"], self.decided[values["KP-Policy"]]
            self.sure = False
            self.admit_votes([one])
        self.force, self.sure = force, True

    def admit_votes(self, votes):
        for slug, _, (round, name, nth), path, data in votes:
            self.admit_vote(slug, int(round), name, int(nth or 1), path, data)

    def admit_round(self, votes, slug, data):
        """Of a head alone, the votes of the round that an event settles; gives the others."""
        try:
            values = event(data)
        except NoBlock:
            return votes
        if values["KP-Event"][3:] not in DECIDES:
            return votes
        named = values["KP-Policy"] if values["KP-Event"][3:] in COMMITTEE_WORK else None
        own = [v for v in votes if v[0] == slug and v[2][0] == values["KP-Round"]]
        self.force = (named, self.decided[named]) if self.decided.get(named) else self.at_head()
        self.sure = bool(self.decided.get(named))
        self.admit_votes(own)
        self.sure = True
        return [v for v in votes if v not in own]

    def at_head(self):
        """The policy that stands there."""
        data = self.git.blob(self.files.get("data/program.toml", ("", "0" * 40))[1])
        policy = self.decided.get(sha256(data)) if data is not None else None
        return (sha256(data), policy) if policy else None

    def run(self):
        if self.head_only:
            self.counts["commits"] = 1
            self.take(self.git.commit(self.git.head))
            self.judge_founded()
        else:
            self.history()
        for finding in self.findings:
            if finding.severity == "error" and finding.mended and finding.mended():
                finding.severity = "repaired"

# ---------------------------------------------------------------------------------------------------- the command


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("repository")
    parser.add_argument("--head-only", action="store_true", help="look only at what stands there now")
    parser.add_argument("--now", metavar="TIME", help="tell what is dated ahead of this, as 2026-11-22T10:00:00Z; or of the clock: now")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    if options.now and options.now != "now" and not time(options.now):
        parser.error("--now takes a time, as 2026-11-22T10:00:00Z, or now")
    try:
        git = Git(options.repository)
        now = options.now and (datetime.datetime.now().timestamp() if options.now == "now" else seconds(options.now))
        registry = Registry(git, options.head_only or git.shallow, now)
        registry.run()
    except (Unreadable, OSError) as why:
        print(f"verify: {why}", file=sys.stderr)
        return 5
    except ImportError:
        print("verify: there are signatures: pip install cryptography", file=sys.stderr)
        return 5
    if options.head_only or git.shallow:
        print("verify: only what stands there now was looked at: nothing is said of how it came to be", file=sys.stderr)
    count = lambda severity: sum(f.severity == severity for f in registry.findings)
    if options.json:
        print(json.dumps({"schema": 1, "head": git.head, **registry.counts, "grades": registry.grades, "findings": [
            {"code": f.rule, "severity": f.severity, "commit": f.commit, "path": f.path, "message": f.message}
            for f in registry.findings]}, indent=2))
    else:
        for f in registry.findings:
            print(f.severity, f.rule, f.path.encode("utf-8", "replace").decode() or "-", f.commit[:10], f.message)
        print(f"{registry.counts['commits']} commits, {registry.counts['events']} events, {registry.counts['votes']} votes; "
              f"{count('error')} errors, {count('repaired')} repaired, {count('warning')} warnings")
    return 1 if count("error") else 0


if __name__ == "__main__":
    sys.exit(main())
