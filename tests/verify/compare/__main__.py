#!/usr/bin/env python3
"""Holds contrib/verify.py and `karmada-partner audit` to each other, on honest and on tampered registries.

    python3 tests/verify/compare [--binary target/debug/karmada-partner] [--keep DIRECTORY] [--only WORD] [-v]

Honest registries are made by the program; tampered ones are copies of them with commits made by hand. It prints where the two
disagree about whether there are errors, and ends with 1 if they do anywhere, or if both are wrong about what was expected.
"""
import argparse
import base64
import datetime
import hashlib
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
START = 1790000000
POLICY = """schema = 1
name = "Example Program"
{top}
[[committee]]
github = "alice"
affiliation = "Umbrella"
{alice}
[[committee]]
github = "bob"
affiliation = "Initech"
{bob}
[[committee]]
github = "carol"
affiliation = "Hooli Inc."
{carol}
{more}"""


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def png(shade):
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes([shade, 100, 200, 255]) * 400 for _ in range(200))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 400, 200, 8, 6, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class Made:
    """A registry that is being made."""

    binary, directory, verbose = "", "", False

    def __init__(self, name, clock=START, signed=False):
        self.name, self.clock, self.signed = name, clock, signed
        self.path = os.path.join(self.directory, f"{name}.git")

    def env(self, who=None):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "KARMADA_PARTNER_", "GH_", "GITHUB_"))}
        env.update(HOME=self.directory, XDG_CONFIG_HOME=os.path.join(self.directory, "config"), SOURCE_DATE_EPOCH=str(self.clock),
                   XDG_CACHE_HOME=os.path.join(self.directory, "cache", self.name), XDG_STATE_HOME=os.path.join(
                       self.directory, "state", self.name))
        if self.signed and who:
            key = os.path.join(self.directory, "keys", self.signed if isinstance(self.signed, str) else who)
            env["KARMADA_PARTNER_SIGNING_KEY"] = key if os.path.exists(key) else "none"
        return env

    def call(self, who, *args, fine=True):
        self.clock += 60
        registry = [] if args[0] == "init" else ["--registry", self.path]
        done = subprocess.run([self.binary, "--no-input", "--offline", "--yes", *registry, "--as", who, *args],
                              env=self.env(who), cwd=self.directory, capture_output=True, text=True)
        if self.verbose:
            print(f"  {self.name}: {who} {' '.join(args)} -> {done.returncode}\n{done.stdout}{done.stderr}")
        if fine and done.returncode:
            raise SystemExit(f"{self.name}: {who}: {' '.join(args)}: {done.stdout}{done.stderr}")
        return done

    def found(self, **policy):
        file = os.path.join(self.directory, f"{self.name}.toml")
        with open(file, "w") as out:
            out.write(POLICY.format(**{"top": "", "alice": "", "bob": "", "carol": "", "more": ""} | policy))
        self.call("alice", "init", self.path, "--program", file)
        return self

    def apply(self, slug="globex", who=None, logo="logo.png", contact=None, *more):
        contact = contact or f"{slug}-bot"
        self.call(who or contact, "apply", "--slug", slug, "--name", slug.title(), "--website", f"https://{slug}.example/karmada",
                  "--github", contact, "--logo", logo, *more)
        return self

    def review(self, who, slug="globex", vote="approve", finding="met"):
        self.call(who, "review", slug, "--vote", vote, "--authenticity", finding, "--url", finding, "--relevance", finding)
        return self

    def partner(self, slug="globex"):
        self.apply(slug)
        self.review("alice", slug)
        self.call("bob", "approve", slug)
        return self

    # -- by hand

    def git(self, *args, data=None):
        done = subprocess.run(["git", "-C", self.path, *args], env=dict(self.env(), GIT_CONFIG_NOSYSTEM="1"), input=data,
                              capture_output=True)
        if done.returncode:
            raise SystemExit(f"{self.name}: git {' '.join(args)}: {done.stderr.decode()}")
        return done.stdout

    def copy(self, name):
        other = Made(name, self.clock, self.signed)
        shutil.copytree(self.path, other.path)
        return other

    def read(self, path, at="HEAD"):
        return self.git("cat-file", "blob", f"{at}:{path}")

    def there(self, path, at="HEAD"):
        return bool(self.git("ls-tree", "--name-only", at, "--", path))

    def list(self, path, at="HEAD"):
        return [p for p in self.git("ls-tree", "-r", "--name-only", at, "--", path).decode().split("\n") if p]

    def commit(self, files, message="by hand", parents=None, time=None, mode="100644", base=None):
        """A commit on the default branch: path -> bytes, or None to take it away."""
        self.clock += 60
        parents = parents if parents is not None else ["HEAD"]
        parents = [self.git("rev-parse", p).decode().strip() for p in parents]
        message = message.encode()
        out = [b"commit refs/heads/by-hand\ncommitter Somebody <somebody@example.org> %d +0000\ndata %d\n%s\n" % (
            time or self.clock, len(message), message)]
        out += [b"%s %s\n" % (b"merge" if n else b"from", p.encode()) for n, p in enumerate(parents)]
        if base:
            out.append(b"deleteall\n")
            files = {p: self.read(p, base) for p in self.list(".", base)} | files
        for path, data in files.items():
            name = path.encode()
            out.append(b"D %s\n" % name if data is None else b"M %s inline %s\ndata %d\n%s\n" % (
                mode.encode(), name, len(data), data))
        if parents:
            self.git("update-ref", "refs/heads/by-hand", parents[0])
        self.git("fast-import", "--force", "--quiet", data=b"".join(out))
        made = self.git("rev-parse", "refs/heads/by-hand").decode().strip()
        self.git("update-ref", "-d", "refs/heads/by-hand")
        self.git("update-ref", "HEAD", made)
        return made

    def to(self, commit):
        self.git("update-ref", "HEAD", self.git("rev-parse", commit).decode().strip())
        return self

    def squash(self, message=lambda m: m):
        """The last commit again, without its side."""
        head, time = self.git("log", "-1", "--format=%B").decode(), int(self.git("log", "-1", "--format=%ct"))
        self.commit({}, message(head), ["HEAD^1"], time, base="HEAD")
        return self

    def rebase(self):
        """The last merge again, as its side's commits one by one, and what it brings itself."""
        merge = self.git("rev-parse", "HEAD").decode().strip()
        base = self.git("rev-parse", "HEAD^1").decode().strip()
        side = self.git("rev-list", "--first-parent", "--reverse", f"{base}..{merge}^2").decode().split()
        self.to(base)
        for commit in [*side, merge]:
            self.commit({}, self.git("log", "-1", "--format=%B", commit).decode(), time=int(
                self.git("log", "-1", "--format=%ct", commit)), base=commit)
        return self

    def object(self, data):
        return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()

    # -- blocks made by hand

    def fields(self, path, at="HEAD"):
        return dict(line.split(": ", 1) for line in self.read(path, at).decode().splitlines())

    def stamp(self):
        return datetime.datetime.fromtimestamp(self.clock, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    def event(self, slug, kind, subject, actor, at="HEAD", **more):
        """An event that would follow: (path, bytes)."""
        base = "data/program" if slug == "program" else f"data/partners/{slug}"
        log = self.list(f"{base}/log/", at)
        last = self.fields(log[-1], at) if log else {}
        founding = self.read("data/program/log/0001", at)
        values = {
            "KP-Event": f"v1 {kind}", "KP-Registry": sha256(founding), "KP-Partner": slug, "KP-Seq": str(len(log) + 1),
            "KP-Round": last.get("KP-Round", "1"), "KP-Subject": subject, "KP-Actor": actor, "KP-Time": self.stamp(),
            "KP-Policy": sha256(self.read("data/program.toml", at)), "KP-Record": last.get("KP-Record", ""),
            "KP-Logo": last.get("KP-Logo", ""), "KP-Objects": last.get("KP-Objects", ""),
            "KP-Prev": sha256(self.read(log[-1], at)) if log else "none", "KP-Votes": "none"}
        values.update({"KP-" + key.replace("_", "-"): str(value) for key, value in more.items()})
        order = list(values)
        return f"{base}/log/{len(log) + 1:04}", self.block({k: values[k] for k in order if values[k]})

    def vote(self, slug, verdict, actor, about, log, at="HEAD", name=None, **more):
        """A vote on what an event's fields tell: (path, bytes)."""
        base = "data/program" if slug == "program" else f"data/partners/{slug}"
        values = {"KP-Vote": f"v1 {verdict}", "KP-Registry": sha256(self.read("data/program/log/0001", at)), "KP-Partner": slug,
                  "KP-Round": about["KP-Round"], "KP-Subject": about["KP-Subject"], "KP-Actor": actor, "KP-Time": self.stamp(),
                  "KP-Policy": sha256(self.read("data/program.toml", at)), "KP-Record": about["KP-Record"],
                  "KP-Logo": about["KP-Logo"], "KP-Log": log}
        if about["KP-Subject"] == "application":
            values.update({"KP-Authenticity": "met", "KP-URL": "met", "KP-Relevance": "met"})
        values.update({"KP-" + key.replace("_", "-"): str(value) for key, value in more.items()})
        order = [f"KP-{key}" for key in ORDER.split()]
        values = {key: values[key] for key in order if values.get(key)}
        return f"{base}/votes/{values['KP-Round']}/{name or actor.lower()}", self.block(values)

    @staticmethod
    def block(values):
        return "".join(f"{key}: {value}\n" for key, value in values.items()).encode()


ORDER = ("Vote Registry Partner Round Subject Actor Account Time Policy Record Logo Log Authenticity URL Relevance Interest Exit-Kind "
         "Effective Merged-Into Evidence Note Attested Head Signature")
HONEST, TAMPERED = {}, {}


def honest(make):
    HONEST[make.__name__] = make
    return make


def tampered(base, expect="error"):
    def mark(make):
        TAMPERED[make.__name__] = (base, expect, make)
        return make
    return mark

# ---------------------------------------------------------------------------------------------------- honest


@honest
def founded(r):
    r.found()


@honest
def approved(r):
    r.found().partner()


@honest
def two(r):
    r.found().partner().partner("hooli-x")


@honest
def squashed(r):
    r.found().partner().squash()


@honest
def rebased(r):
    r.found().partner().rebase()


@honest
def turned_down(r):
    r.found().apply().review("alice", vote="reject", finding="not-met")
    r.call("bob", "reject", "globex", "--reason", "no such firm")


@honest
def taken_back(r):
    r.found().apply()
    r.call("globex-bot", "withdraw", "globex", "--reason", "later")


@honest
def amended(r):
    r.found().apply().review("alice")
    r.call("globex-bot", "update", "globex", "--website", "https://globex.example/other")
    r.review("alice").review("carol", vote="abstain", finding="unsure")
    r.call("bob", "approve", "globex")


@honest
def updated(r):
    r.found().partner()
    r.call("globex-bot", "update", "globex", "--email", "info@globex.example")
    r.call("bob", "approve", "globex")


@honest
def updated_rebased(r):
    updated(r)
    r.rebase()


@honest
def update_refused(r):
    r.found().partner()
    r.call("alice", "update", "globex", "--email", "info@globex.example")
    r.call("bob", "reject", "globex", "--reason", "no")


@honest
def update_taken_back(r):
    r.found().partner()
    r.call("globex-bot", "update", "globex", "--email", "info@globex.example")
    r.call("globex-bot", "withdraw", "globex")


@honest
def left(r):
    r.found().partner()
    r.call("globex-bot", "exit", "globex", "--kind", "voluntary", "--reason", "enough")
    r.call("bob", "exit", "globex")


@honest
def put_out(r):
    r.found().partner().partner("hooli-x")
    r.call("alice", "exit", "globex", "--kind", "merged", "--merged-into", "hooli-x", "--reason", "bought")
    r.call("bob", "exit", "globex")


@honest
def exit_refused(r):
    r.found().partner()
    r.call("alice", "exit", "globex", "--kind", "inactive", "--reason", "silent")
    r.call("bob", "reject", "globex", "--reason", "not so")
    r.call("carol", "reject", "globex", "--reason", "not so")


@honest
def again(r):
    left(r)
    r.apply().review("alice")
    r.call("carol", "approve", "globex")


@honest
def policy(r):
    r.found().partner()
    r.call("alice", "program", "propose", "--add-member", "dave", "--affiliation", "Acme", "--note", "help")
    r.call("bob", "approve", "program")
    r.call("carol", "approve", "program")
    r.call("bob", "program", "propose", "--retire", "alice")
    r.call("bob", "approve", "program")
    r.call("carol", "approve", "program")
    r.apply("initrode").review("dave", "initrode")
    r.call("carol", "approve", "initrode")


@honest
def policy_between(r):
    """Alice votes, then has no seat any more, and others decide."""
    r.found(top="").apply().review("alice")
    r.call("bob", "program", "propose", "--retire", "alice")
    r.call("bob", "approve", "program")
    r.call("carol", "approve", "program")
    r.review("bob")
    r.call("carol", "approve", "globex")


@honest
def upkeep(r):
    r.found().partner()
    r.call("globex-bot", "jobs", "add", "globex", "--title", "Engineer", "--place", "Berlin", "--closes", "2026-12-31")
    r.call("globex-bot", "jobs", "add", "globex", "--title", "Writer")
    r.call("alice", "jobs", "close", "globex", "1", fine=False)
    r.call("globex-bot", "jobs", "close", "globex", "3", fine=False)
    r.call("alice", "benefit", "add", "globex", "--kind", "exposure", "--what", "a talk")
    r.call("globex-bot", "renew", "globex")
    r.call("alice", "benefit", "add", "globex", "--kind", "early-disclosure", "--stage", "requested", "--what", "the list")


@honest
def imported(r):
    r.found()
    with open(os.path.join(r.directory, "table.toml"), "w") as out:
        out.write('[[partner]]\nname = "Vandelay"\nwebsite = "https://vandelay.example/"\ngithub = "vandelay-bot"\nlogo = "logo.png"\n'
                  'since = "2024-01-01"\n')
    r.call("alice", "import", "table", "table.toml")
    r.review("alice", "vandelay")
    r.call("bob", "approve", "vandelay")


def keys(r):
    public = {}
    for n, who in enumerate(("alice", "bob", "carol", "mallory")):
        file = os.path.join(r.directory, "keys", who)
        if not os.path.exists(file):
            os.makedirs(os.path.dirname(file), exist_ok=True)
            kind = [["ed25519"], ["ecdsa", "-b", "384"], ["rsa", "-b", "2048"], ["ed25519"]][n]
            subprocess.run(["ssh-keygen", "-q", "-t", kind[0], *kind[1:], "-N", "", "-C", who, "-f", file], check=True)
        with open(file + ".pub") as key:
            public[who] = f'keys = ["{key.read().strip()}"]'
    public.pop("mallory")
    return public


@honest
def signed(r):
    r.signed = True
    r.found(**keys(r), more="[signatures]\nrequired = true\n").partner()
    r.apply("initrode").review("carol", "initrode", "abstain", "unsure").review("alice", "initrode")
    r.call("bob", "approve", "initrode")
    r.call("alice", "benefit", "add", "globex", "--kind", "exposure", "--what", "a talk")


@honest
def signed_freely(r):
    r.signed = True
    r.found(**keys(r)).partner()


@honest
def owned_up(r):
    r.found().partner()
    edit(r)
    r.call("alice", "record", "globex", "--reason", "by hand")
    r.call("bob", "record", "globex", "--reason", "by hand", fine=False)


@honest
def cleared(r):
    left(r)
    r.call("alice", "update", "globex", "--email", "", "--logo", "", fine=False)
    r.call("bob", "approve", "globex", fine=False)


@honest
def renewal(r):
    r.found(more="[renewal]\nmonths = 12\n").partner()


@honest
def one_alone(r):
    policy = 'schema = 1\nname = "Alone"\n[[committee]]\ngithub = "alice"\naffiliation = "Umbrella"\n'
    file = os.path.join(r.directory, "alone.toml")
    with open(file, "w") as out:
        out.write(policy + "".join(f"[decisions.{d}]\nquorum = 1\naffiliations = 1\n" for d in ("approve", "reject", "exit", "policy")))
    r.call("alice", "init", r.path, "--program", file)
    r.apply("globex", contact="alice")
    r.call("alice", "approve", "globex")


@honest
def voted_twice(r):
    r.found().apply().review("alice", vote="reject", finding="unsure").review("alice")
    r.call("bob", "approve", "globex")


@honest
def with_fields(r):
    r.found(more='[fields]\nrequired = ["email"]\n').apply("globex", None, "logo.png", None, "--email", "info@globex.example",
                                                         "--name-zh", "全球", "--former-name", "Glob", "--parent", "World Inc.")
    r.review("alice")
    r.call("bob", "approve", "globex")

# ---------------------------------------------------------------------------------------------------- tampered

G = "data/partners/globex"


def edit(r, slug="globex"):
    path = f"data/partners/{slug}/partner.toml"
    r.commit({path: r.read(path).replace(b"/karmada", b"/elsewhere")})


@tampered("approved")
def vote_edited(r):
    r.commit({f"{G}/votes/1/alice": r.read(f"{G}/votes/1/alice").replace(b"approve", b"reject")})


@tampered("approved", "none")
def vote_edited_and_back(r):
    old = r.read(f"{G}/votes/1/alice")
    r.commit({f"{G}/votes/1/alice": old.replace(b"approve", b"reject")})
    r.commit({f"{G}/votes/1/alice": old})


@tampered("approved")
def vote_deleted(r):
    r.commit({f"{G}/votes/1/alice": None})


@tampered("approved")
def vote_renamed(r):
    r.commit({f"{G}/votes/1/alice": None, f"{G}/votes/1/carol": r.read(f"{G}/votes/1/alice")})


@tampered("approved")
def event_edited(r):
    r.commit({f"{G}/log/0001": r.read(f"{G}/log/0001").replace(b"globex-bot", b"mallory")})


@tampered("approved")
def event_deleted(r):
    r.commit({f"{G}/log/0002": None})


@tampered("approved")
def facts_edited(r):
    edit(r)


@tampered("approved", "none")
def facts_edited_and_back(r):
    old = r.read(f"{G}/partner.toml")
    edit(r)
    r.commit({f"{G}/partner.toml": old})


@tampered("approved")
def logo_swapped(r):
    r.commit({f"{G}/logo.png": png(9)})


@tampered("approved")
def logo_gone(r):
    r.commit({f"{G}/logo.png": None})


@tampered("approved")
def policy_edited(r):
    r.commit({"data/program.toml": r.read("data/program.toml").replace(b"Hooli", b"Acme")})


@tampered("policy")
def policy_copy_edited(r):
    r.commit({"data/program/policies/0001.toml": b"schema = 1\n"})


@tampered("approved")
def policy_copy_made_up(r):
    r.commit({"data/program/policies/0002.toml": b"schema = 1\n"})


@tampered("approved")
def stray_file(r):
    r.commit({f"{G}/notes.txt": b"hello\n"})


@tampered("approved", "none")
def stray_file_and_gone(r):
    r.commit({f"{G}/notes.txt": b"hello\n"})
    r.commit({f"{G}/notes.txt": None})


@tampered("approved", "none")
def outside_data(r):
    r.commit({"README.md": b"hello\n"})


@tampered("approved")
def executable(r):
    r.commit({f"{G}/partner.toml": r.read(f"{G}/partner.toml")}, mode="100755")


@tampered("approved")
def symlink(r):
    r.commit({f"{G}/logo.png": b"partner.toml"}, mode="120000")


@tampered("approved")
def no_votes(r):
    """An exit that rests on none."""
    path, data = r.event("globex", "exited", "exit", "alice", Round=2, Exit_Kind="breach", Effective="2026-10-01")
    r.commit({path: data})


@tampered("founded")
def approved_alone(r):
    """A partner whom alice alone approves."""
    files = application(r)
    about = r.fields(f"{G}/log/0001")
    path, data = r.vote("globex", "approve", "alice", about, sha256(files[f"{G}/log/0001"]))
    r.commit({path: data})
    path, data = r.event("globex", "approved", "application", "alice", Votes=sha256(data))
    r.commit({path: data})


def application(r, slug="globex", contact="globex-bot", who=None, logo=None, record=None):
    r.clock += 60
    record = record or f'schema = 1\nname = "{slug.title()}"\nwebsite = "https://{slug}.example/"\ngithub = "{contact}"\n'.encode()
    logo = logo or png(30)
    path, data = r.event(slug, "applied", "application", who or contact, Round=1 + max([0] + [int(r.fields(p)["KP-Round"]) for p in r.list(f"data/partners/{slug}/log/")]),
                         Record=sha256(record), Logo=sha256(logo), Objects=f"{r.object(record)} {r.object(logo)}")
    files = {path: data, f"data/partners/{slug}/partner.toml": record, f"data/partners/{slug}/logo.png": logo}
    r.commit(files, "applies\n\n" + data.decode())
    return files


def decide(r, voters, actor="bob", slug="globex", kind="approved", verdict="approve", vote_more={}, **more):
    """Votes and a decision of an application, in one commit."""
    base = f"data/partners/{slug}"
    log = r.list(f"{base}/log/")
    about, word = r.fields(log[-1]), sha256(r.read(log[-1]))
    r.clock += 60
    votes = dict(r.vote(slug, verdict, who, about, word, **vote_more) for who in sorted(voters))
    path, data = r.event(slug, kind, "application", actor, **({"Votes": " ".join(map(sha256, votes.values()))} | more))
    r.commit({**votes, path: data})


@tampered("founded", "none")
def by_hand(r):
    """Everything is right."""
    application(r)
    decide(r, ["alice", "bob"])


@tampered("founded")
def stranger_decides(r):
    application(r)
    decide(r, ["alice", "bob"], "mallory")


@tampered("founded")
def strangers_vote(r):
    application(r)
    decide(r, ["alice", "mallory"], "alice")


@tampered("founded")
def recused_by_name(r):
    application(r, record=b'schema = 1\nname = "Umbrella GmbH"\nwebsite = "https://globex.example/"\ngithub = "globex-bot"\n')
    decide(r, ["alice", "bob"])


@tampered("founded")
def stake_likely(r):
    application(r, record=b'schema = 1\nname = "Umbrella Group"\nwebsite = "https://globex.example/"\ngithub = "globex-bot"\n')
    decide(r, ["alice", "bob"])


@tampered("founded", "none")
def stake_likely_denied(r):
    application(r, record=b'schema = 1\nname = "Umbrella Group"\nwebsite = "https://globex.example/"\ngithub = "globex-bot"\n')
    decide(r, ["alice", "bob"], vote_more={"Interest": "none"})


@tampered("founded")
def stake_told(r):
    application(r)
    decide(r, ["alice", "bob"], vote_more={"Interest": "other"})


@tampered("founded")
def stake_by_host_likely(r):
    application(r, record=b'schema = 1\nname = "Globex"\nwebsite = "https://cloud.umbrella-asia.example/"\ngithub = "globex-bot"\n')
    decide(r, ["alice", "bob"])


@tampered("founded")
def recused_by_former_name(r):
    application(r, record='schema = 1\nname = "Globex"\nwebsite = "https://globex.example/"\ngithub = "globex-bot"\n'
                          'former_names = ["ＨＯＯＬＩ, Co. Ltd."]\n'.encode())
    decide(r, ["alice", "carol"], "alice")


@tampered("founded")
def recused_contact(r):
    application(r, contact="bob")
    decide(r, ["alice", "bob"])


@tampered("founded")
def other_facts_decided(r):
    files = application(r)
    logo = png(77)
    decide(r, ["alice", "bob"], Logo=sha256(logo), Objects=f"{r.object(files[f'{G}/partner.toml'])} {r.object(logo)}")
    r.commit({f"{G}/logo.png": logo})


@tampered("founded")
def false_log(r):
    """Votes that saw another word."""
    application(r)
    about = r.fields(f"{G}/log/0001")
    votes = dict(r.vote("globex", "approve", who, about, sha256(b"another")) for who in ("alice", "bob"))
    path, data = r.event("globex", "approved", "application", "bob", Votes=" ".join(map(sha256, votes.values())))
    r.commit({**votes, path: data})


@tampered("founded")
def votes_unnamed(r):
    application(r)
    decide(r, ["alice", "bob"], Votes=sha256(b"x"))


@tampered("founded")
def votes_out_of_order(r):
    application(r)
    about, word = r.fields(f"{G}/log/0001"), sha256(r.read(f"{G}/log/0001"))
    votes = dict(r.vote("globex", "approve", who, about, word) for who in ("bob", "alice"))
    path, data = r.event("globex", "approved", "application", "bob", Votes=" ".join(map(sha256, votes.values())))
    r.commit({**votes, path: data})


@tampered("founded")
def votes_after(r):
    application(r)
    about, word = r.fields(f"{G}/log/0001"), sha256(r.read(f"{G}/log/0001"))
    votes = dict(r.vote("globex", "approve", who, about, word) for who in ("alice", "bob"))
    path, data = r.event("globex", "approved", "application", "bob", Votes=" ".join(map(sha256, votes.values())))
    r.commit({path: data})
    r.commit(votes)


@tampered("approved")
def late_vote(r):
    about = r.fields(f"{G}/log/0002")
    path, data = r.vote("globex", "approve", "carol", about, sha256(r.read(f"{G}/log/0001")))
    r.commit({path: data})


@tampered("founded")
def undecided(r):
    application(r)


def revert(r, to, keep=(), more={}):
    """One commit that makes all below data/ what it was; but for what is kept."""
    now, then = set(r.list("data/")), set(r.list("data/", to))
    files = {path: r.read(path, to) for path in then if path not in now or r.read(path) != r.read(path, to)}
    files.update({path: None for path in now - then})
    r.commit({**{path: data for path, data in files.items() if not any(word in path for word in keep)}, **more}, "Revert")


def vote_on(r, who, slug="globex", verdict="approve"):
    log = r.list(f"data/partners/{slug}/log/")
    path, data = r.vote(slug, verdict, who, r.fields(log[-1]), sha256(r.read(log[-1])))
    r.commit({path: data})


def head(r):
    return r.git("rev-parse", "HEAD").decode().strip()


def landed_and_reverted(r, keep=(), decided=False, more={}):
    to = head(r)
    application(r)
    vote_on(r, "alice")
    if decided:
        decide(r, ["bob", "carol"])
    r.commit({"README.md": b"x\n"})
    revert(r, to, keep, more)


@tampered("founded", "none")
def reverted(r):
    landed_and_reverted(r)


@tampered("founded", "none")
def reverted_at_once(r):
    to = head(r)
    application(r)
    revert(r, to)


@tampered("two", "none")
def reverted_and_again(r):
    """What comes after is judged as if nothing had been."""
    to = head(r)
    application(r, "acme")
    vote_on(r, "alice", "acme")
    revert(r, to)
    application(r, "acme", who="acme-two")
    decide(r, ["alice", "bob"], slug="acme")


@tampered("founded", "error")
def reverted_twice(r):
    """A revert of the revert: it waits again."""
    to = head(r)
    application(r)
    landed = head(r)
    r.commit({"README.md": b"x\n"})
    revert(r, to)
    revert(r, landed)


@tampered("founded")
def reverted_but_facts(r):
    landed_and_reverted(r, keep=["partner.toml", "logo.png"])


@tampered("founded")
def reverted_but_votes(r):
    landed_and_reverted(r, keep=["votes/"])


@tampered("founded")
def reverted_but_log(r):
    landed_and_reverted(r, keep=["log/"])


@tampered("founded")
def reverted_when_decided(r):
    landed_and_reverted(r, decided=True)


@tampered("approved")
def reverted_with_another(r):
    """With it goes what was decided on somebody else."""
    landed = r.list("data/partners/globex/log/")[-1]
    to = head(r)
    application(r, "acme")
    r.commit({"README.md": b"x\n"})
    revert(r, to, more={landed: None})


def asked(r, subject, verdict, who, slug="globex", record=None, **more):
    """A voice that opens a round; for an update its facts stand there, too."""
    base = f"data/partners/{slug}"
    now = r.read(f"{base}/partner.toml")
    record = record or now
    about = {"KP-Record": sha256(record), "KP-Logo": sha256(r.read(f"{base}/logo.png")), "KP-Round": "2", "KP-Subject": subject}
    path, data = r.vote(slug, verdict, who, about, "none", **more)
    r.commit({path: data, f"{base}/partner.toml": record})


@tampered("approved", "none")
def update_reverted(r):
    to = head(r)
    asked(r, "update", "request", "globex-bot", record=r.read(f"{G}/partner.toml").replace(b"/karmada", b"/casino"))
    r.commit({"README.md": b"x\n"})
    revert(r, to)


@tampered("approved")
def update_reverted_but_facts(r):
    to = head(r)
    asked(r, "update", "request", "globex-bot", record=r.read(f"{G}/partner.toml").replace(b"/karmada", b"/casino"))
    r.commit({"README.md": b"x\n"})
    revert(r, to, keep=["partner.toml"])


@tampered("approved", "none")
def exit_reverted(r):
    to = head(r)
    asked(r, "exit", "approve", "alice", **{"Exit-Kind": "breach", "Effective": "2026-10-01"})
    r.commit({"README.md": b"x\n"})
    revert(r, to)


@tampered("founded", "none")
def undecided_between(r):
    """Something else comes between."""
    application(r)
    r.commit({"README.md": b"x\n"})
    decide(r, ["alice", "bob"])


@tampered("approved")
def wrong_seq(r):
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Seq=4)
    r.commit({f"{G}/log/0004": data})


@tampered("approved")
def wrong_prev(r):
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Prev=sha256(b"x"))
    r.commit({path: data})


@tampered("approved")
def wrong_registry(r):
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Registry=sha256(b"x"))
    r.commit({path: data})


@tampered("approved")
def wrong_partner(r):
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Partner="other")
    r.commit({path: data})


@tampered("approved")
def wrong_policy(r):
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Policy=sha256(b"x"))
    r.commit({path: data})


@tampered("approved")
def wrong_round(r):
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Round=2)
    r.commit({path: data})


@tampered("approved")
def before_the_last(r):
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Time="2026-01-01T00:00:00Z")
    r.commit({path: data})


@tampered("approved", "none")
def ahead_of_its_commit(r):
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Time="2027-01-01T00:00:00Z")
    r.commit({path: data})


@tampered("approved", "none")
def times_run_back(r):
    r.commit({"README.md": b"x\n"}, time=START - 500000)


@tampered("approved")
def not_a_block(r):
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot")
    r.commit({path: data.replace(b"\n", b"\r\n")})


@tampered("approved")
def line_too_much(r):
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot")
    r.commit({path: data + b"KP-Title: x\n"})


@tampered("approved")
def hidden_character(r):
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Reason="a\u202eb")
    r.commit({path: data})


@tampered("approved", "none")
def renewed_by_hand(r):
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Reason="all well")
    r.commit({path: data})


@tampered("approved")
def stranger_renews(r):
    path, data = r.event("globex", "renewed", "upkeep", "mallory")
    r.commit({path: data})


@tampered("approved")
def contact_gives_itself(r):
    path, data = r.event("globex", "benefited", "upkeep", "globex-bot", Benefit="exposure", On="2026-09-21", What="a talk")
    r.commit({path: data})


@tampered("left", "none")
def benefit_ends_after(r):
    path, data = r.event("globex", "benefited", "upkeep", "alice", Round=1, Benefit="early-disclosure", Stage="ended", On="2026-09-21",
                         What="the list")
    r.commit({path: data})


@tampered("left")
def benefit_begins_after(r):
    path, data = r.event("globex", "benefited", "upkeep", "alice", Round=1, Benefit="early-disclosure", Stage="granted", On="2026-09-21",
                         What="the list")
    r.commit({path: data})


@tampered("left")
def exposure_after(r):
    path, data = r.event("globex", "benefited", "upkeep", "alice", Round=1, Benefit="exposure", On="2026-09-21", What="a talk")
    r.commit({path: data})


@tampered("turned_down")
def benefit_never_partner(r):
    path, data = r.event("globex", "benefited", "upkeep", "alice", Benefit="early-disclosure", Stage="ended", On="2026-09-21", What="x")
    r.commit({path: data})


@tampered("approved")
def job_closed_twice(r):
    path, data = r.event("globex", "closed", "upkeep", "globex-bot", Job=2)
    r.commit({path: data})


@tampered("approved")
def applies_while_active(r):
    application(r)


@tampered("taken_back", "none")
def stranger_applies_again(r):
    application(r, who="mallory")
    decide(r, ["alice", "bob"])


@tampered("taken_back", "none")
def self_named_applies_again(r):
    """Somebody else takes the slug, and names itself as the contact."""
    application(r, contact="mallory")
    decide(r, ["alice", "bob"])


@tampered("left")
def self_named_after_exit(r):
    application(r, contact="mallory")
    decide(r, ["alice", "bob"])


@tampered("founded")
def stranger_takes_back(r):
    application(r)
    path, data = r.event("globex", "withdrawn", "application", "mallory")
    r.commit({path: data, f"{G}/partner.toml": None, f"{G}/logo.png": None})


@tampered("founded")
def member_takes_back(r):
    """Alice takes back what the applicant brought."""
    application(r)
    path, data = r.event("globex", "withdrawn", "application", "alice")
    r.commit({path: data, f"{G}/partner.toml": None, f"{G}/logo.png": None})


@tampered("founded", "none")
def applicant_takes_back(r):
    application(r, who="helper")
    path, data = r.event("globex", "withdrawn", "application", "helper")
    r.commit({path: data, f"{G}/partner.toml": None, f"{G}/logo.png": None})


@tampered("founded", "none")
def applicant_takes_back_what_was_voted(r):
    application(r, who="helper")
    about, word = r.fields(f"{G}/log/0001"), sha256(r.read(f"{G}/log/0001"))
    r.commit(dict([r.vote("globex", "approve", "alice", about, word)]))
    path, data = r.event("globex", "withdrawn", "application", "helper")
    r.commit({path: data, f"{G}/partner.toml": None, f"{G}/logo.png": None})


@tampered("founded")
def stranger_amends(r):
    files = application(r)
    record = files[f"{G}/partner.toml"].replace(b"globex.example", b"mallory.example")
    path, data = r.event("globex", "amended", "application", "mallory", Record=sha256(record),
                         Objects=f"{r.object(record)} {r.object(files[f'{G}/logo.png'])}")
    r.commit({path: data, f"{G}/partner.toml": record})
    decide(r, ["alice", "bob"])


@tampered("founded")
def other_object(r):
    """The decision names another object for the same hash."""
    application(r)
    decide(r, ["alice", "bob"], Objects="1" * 40 + " " + "2" * 40)


@tampered("updated")
def event_dropped_in_merge(r):
    """The update is dropped by a merge of the side that has it into what was before."""
    head = r.git("rev-parse", "HEAD").decode().strip()
    r.to("HEAD^1")
    r.commit({"README.md": b"x\n"}, parents=["HEAD", head])


@tampered("approved", "none")
def merged_again(r):
    r.commit({"README.md": b"x\n"}, parents=["HEAD", "HEAD^2"])


@tampered("approved")
def vote_dropped_in_merge(r):
    """The decision's merge without alice's vote."""
    head = r.git("rev-parse", "HEAD").decode().strip()
    r.commit({f"{G}/votes/1/alice": None}, r.git("log", "-1", "--format=%B").decode(), [f"{head}^1", f"{head}^2"], base=head)


@tampered("approved")
def message_makes_up(r):
    path, data = r.event("globex", "exited", "exit", "alice", Round=2, Exit_Kind="breach", Effective="2026-10-01",
                         Votes=sha256(b"x"))
    r.commit({"README.md": b"x\n"}, "globex leaves\n\n" + data.decode())


@tampered("approved", "none")
def message_nearly(r):
    r.commit({"README.md": b"x\n"}, "globex leaves\n\nKP-Event: v1 exited\nKP-Partner: globex\n")


@tampered("founded")
def root_has_all(r):
    """Everything in the first commit."""
    application(r)
    decide(r, ["alice", "bob"])
    r.commit({}, "all", [], base="HEAD")


@tampered("policy")
def retired_decides(r):
    """Alice, who has no seat any more, votes and decides, under the policy of old."""
    old = sha256(r.read("data/program/policies/0001.toml"))
    about = r.fields(f"{G}/log/0002")
    about.update({"KP-Subject": "exit", "KP-Round": "2"})
    terms = dict(Exit_Kind="breach", Effective="2026-10-01")
    first = r.vote("globex", "approve", "alice", about, "none", Policy=old, **terms)
    second = r.vote("globex", "approve", "bob", about, sha256(first[1]), Policy=old, **terms)
    path, data = r.event("globex", "exited", "exit", "alice", Round=2, Policy=old, Votes=f"{sha256(first[1])} {sha256(second[1])}", **terms)
    r.commit(dict([first, second, (path, data)]))


def exit_by_hand(r, voters=("alice", "bob"), actor="bob", opener_log="none", event_terms=None, round=2, more_files=None, **more):
    about = r.fields(f"{G}/log/0002")
    about.update({"KP-Subject": "exit", "KP-Round": str(round)})
    terms = dict(Exit_Kind="breach", Effective="2026-10-01")
    r.clock += 60
    first = r.vote("globex", "approve", voters[0], about, opener_log, **terms)
    rest = [r.vote("globex", "approve", who, about, sha256(first[1]), **terms) for who in voters[1:]]
    path, data = r.event("globex", "exited", "exit", actor, Round=round, Votes=" ".join(sha256(d) for _, d in sorted([first, *rest])),
                         **(event_terms or terms), **more)
    r.commit(dict([first, *rest, (path, data)]))


@tampered("approved", "none")
def exit_right(r):
    exit_by_hand(r)


@tampered("approved", "none")
def exit_opened_by_the_later_name(r):
    exit_by_hand(r, ("bob", "alice"))


@tampered("approved")
def exit_terms_changed(r):
    exit_by_hand(r, event_terms=dict(Exit_Kind="mistaken", Effective="2026-10-01"))


@tampered("approved")
def exit_without_opener(r):
    exit_by_hand(r, opener_log=sha256(b"x"))


@tampered("approved")
def exit_round_used(r):
    exit_by_hand(r, round=1)


@tampered("approved")
def exit_round_far(r):
    exit_by_hand(r, round=1002)


@tampered("approved", "none")
def exit_round_just(r):
    exit_by_hand(r, round=1001)


@tampered("approved")
def stranger_asks_to_leave(r):
    """Mallory asks for an exit; two members decide it."""
    about = r.fields(f"{G}/log/0002")
    about.update({"KP-Subject": "exit", "KP-Round": "2"})
    terms = dict(Exit_Kind="voluntary", Effective="2026-10-01")
    first = r.vote("globex", "request", "mallory", about, "none", **terms)
    rest = [r.vote("globex", "approve", who, about, sha256(first[1]), **terms) for who in ("alice", "bob")]
    path, data = r.event("globex", "exited", "exit", "bob", Round=2, Votes=" ".join(sha256(d) for _, d in rest), **terms)
    r.commit(dict([first]))
    r.commit(dict([*rest, (path, data)]))


@tampered("approved")
def vote_elsewhere(r):
    """A vote under another's name."""
    about = r.fields(f"{G}/log/0002")
    about.update({"KP-Subject": "exit", "KP-Round": "2"})
    terms = dict(Exit_Kind="breach", Effective="2026-10-01")
    first = r.vote("globex", "approve", "alice", about, "none", **terms)
    second = r.vote("globex", "approve", "alice", about, sha256(first[1]), name="bob", **terms)
    path, data = r.event("globex", "exited", "exit", "bob", Round=2, Votes=f"{sha256(first[1])} {sha256(second[1])}", **terms)
    r.commit(dict([first, second, (path, data)]))


@tampered("approved")
def evidence_missing(r):
    about = r.fields(f"{G}/log/0002")
    about.update({"KP-Subject": "exit", "KP-Round": "2"})
    terms = dict(Exit_Kind="breach", Effective="2026-10-01")
    first = r.vote("globex", "approve", "alice", about, "none", **terms, Evidence=sha256(b"x"))
    second = r.vote("globex", "approve", "bob", about, sha256(first[1]), **terms)
    path, data = r.event("globex", "exited", "exit", "bob", Round=2, Votes=f"{sha256(first[1])} {sha256(second[1])}", **terms)
    r.commit(dict([first, second, (path, data)]))


@tampered("approved")
def evidence_alone(r):
    r.commit({f"{G}/votes/1/{sha256(b'{}')[7:]}.json": b"{}"})


@tampered("signed")
def unsigned_where_required(r):
    exit_by_hand(r)


@tampered("signed")
def benefit_unsigned(r):
    path, data = r.event("globex", "benefited", "upkeep", "alice", Benefit="exposure", On="2026-09-21", What="a talk")
    r.commit({path: data})


@tampered("signed", "none")
def contact_renews_unsigned(r):
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Benefit="", On="", What="")
    r.commit({path: data})


@tampered("signed")
def member_renews_unsigned(r):
    path, data = r.event("globex", "renewed", "upkeep", "alice")
    r.commit({path: data})


@tampered("signed_freely")
def signature_broken(r):
    """A signature of something else."""
    old = r.fields(f"{G}/votes/1/alice")
    path, data = r.event("globex", "renewed", "upkeep", "alice", Signature=old["KP-Signature"])
    r.commit({path: data})


@tampered("signed_freely")
def key_of_another(r):
    """Mallory signs in alice's name."""
    path, data = signed_block(r, "mallory", r.event("globex", "renewed", "upkeep", "alice"))
    r.commit({path: data})


def sign(r, who, data):
    done = subprocess.run(["ssh-keygen", "-Y", "sign", "-n", "karmada-partner", "-f", os.path.join(r.directory, "keys", who)],
                          input=data, capture_output=True, check=True)
    return b"".join(done.stdout.splitlines()[1:-1])


def signed_block(r, who, pair):
    return pair[0], pair[1] + b"KP-Signature: " + sign(r, who, pair[1]) + b"\n"


@tampered("signed_freely", "none")
def signed_by_hand(r):
    path, data = signed_block(r, "alice", r.event("globex", "renewed", "upkeep", "alice"))
    r.commit({path: data})


@tampered("signed_freely")
def removed_key(r):
    """Alice's key is taken out; she signs an update's vote with it under the policy of old."""
    old = sha256(r.read("data/program.toml"))
    with open(os.path.join(r.directory, "keys", "alice.pub")) as key:
        public = key.read().strip()
    r.call("bob", "program", "propose", "--remove-key", public)
    r.call("bob", "approve", "program")
    r.call("carol", "approve", "program")
    about = r.fields(f"{G}/log/0002")
    about.update({"KP-Subject": "exit", "KP-Round": "2"})
    terms = dict(Exit_Kind="breach", Effective="2026-10-01")
    first = signed_block(r, "alice", r.vote("globex", "approve", "alice", about, "none", Policy=old, **terms))
    second = signed_block(r, "bob", r.vote("globex", "approve", "bob", about, sha256(first[1]), **terms))
    path, data = signed_block(r, "bob", r.event("globex", "exited", "exit", "bob", Round=2, Votes=f"{sha256(first[1])} {sha256(second[1])}", **terms))
    r.commit(dict([first, second, (path, data)]))


@tampered("signed_freely")
def signed_vote_dropped(r):
    """A merge drops carol's signed vote."""
    main = r.git("rev-parse", "HEAD").decode().strip()
    about = r.fields(f"{G}/log/0002")
    about.update({"KP-Subject": "exit", "KP-Round": "2"})
    pair = signed_block(r, "carol", r.vote("globex", "approve", "carol", about, "none", Exit_Kind="breach", Effective="2026-10-01"))
    side = r.commit(dict([pair]))
    r.to(main)
    r.commit({"README.md": b"x\n"}, parents=["HEAD", side])


@tampered("approved", "none")
def unsigned_vote_dropped(r):
    main = r.git("rev-parse", "HEAD").decode().strip()
    about = r.fields(f"{G}/log/0002")
    about.update({"KP-Subject": "exit", "KP-Round": "2"})
    side = r.commit(dict([r.vote("globex", "approve", "carol", about, "none", Exit_Kind="breach", Effective="2026-10-01")]))
    r.to(main)
    r.commit({"README.md": b"x\n"}, parents=["HEAD", side])


@tampered("turned_down", "none")
def turned_down_applies_again(r):
    application(r)
    decide(r, ["alice", "bob"])


@tampered("approved")
def recorded_what_never_stood(r):
    record, logo = r.read(f"{G}/partner.toml").replace(b"/karmada", b"/elsewhere"), r.read(f"{G}/logo.png")
    about = r.fields(f"{G}/log/0002")
    about.update({"KP-Subject": "update", "KP-Round": "2", "KP-Record": sha256(record)})
    first = r.vote("globex", "approve", "alice", about, "none")
    path, data = r.event("globex", "recorded", "update", "alice", Round=2, Votes=sha256(first[1]), Record=sha256(record),
                         Objects=f"{r.object(record)} {r.object(logo)}")
    r.commit(dict([first, (path, data), (f"{G}/partner.toml", record)]))


@tampered("approved", "none")
def updated_by_hand(r):
    record, logo = r.read(f"{G}/partner.toml").replace(b"/karmada", b"/elsewhere"), r.read(f"{G}/logo.png")
    about = r.fields(f"{G}/log/0002")
    about.update({"KP-Subject": "update", "KP-Round": "2", "KP-Record": sha256(record)})
    first = r.vote("globex", "approve", "alice", about, "none")
    path, data = r.event("globex", "updated", "update", "alice", Round=2, Votes=sha256(first[1]), Record=sha256(record),
                         Objects=f"{r.object(record)} {r.object(logo)}")
    r.commit(dict([first, (path, data), (f"{G}/partner.toml", record)]))


@tampered("approved")
def facts_are_no_record(r):
    record, logo = b"schema = 1\n", r.read(f"{G}/logo.png")
    about = r.fields(f"{G}/log/0002")
    about.update({"KP-Subject": "update", "KP-Round": "2", "KP-Record": sha256(record)})
    first = r.vote("globex", "approve", "alice", about, "none")
    path, data = r.event("globex", "updated", "update", "alice", Round=2, Votes=sha256(first[1]), Record=sha256(record),
                         Objects=f"{r.object(record)} {r.object(logo)}")
    r.commit(dict([first, (path, data), (f"{G}/partner.toml", record)]))


@tampered("approved")
def hash_is_of_other_bytes(r):
    """Facts whose hash isn't that of the object."""
    record, logo = r.read(f"{G}/partner.toml").replace(b"/karmada", b"/elsewhere"), r.read(f"{G}/logo.png")
    about = r.fields(f"{G}/log/0002")
    about.update({"KP-Subject": "update", "KP-Round": "2", "KP-Record": sha256(b"x")})
    first = r.vote("globex", "approve", "alice", about, "none")
    path, data = r.event("globex", "updated", "update", "alice", Round=2, Votes=sha256(first[1]), Record=sha256(b"x"),
                         Objects=f"{r.object(record)} {r.object(logo)}")
    r.commit(dict([first, (path, data), (f"{G}/partner.toml", record)]))


@tampered("policy_between", "none")
def nothing_done(r):
    pass


@tampered("approved")
def founded_anew(r):
    path, data = "data/program/log/0001", r.read("data/program/log/0001").replace(b"alice", b"mallory")
    r.commit({path: data})


@tampered("approved")
def all_is_gone(r):
    r.commit({p: None for p in r.list("data")})


@tampered("approved")
def empty_directory(r):
    tree = r.git("mktree", data=b"").decode().strip()
    listed = r.git("ls-tree", "HEAD:data").decode() + f"040000 tree {tree}\tempty\n"
    data = r.git("mktree", data=listed.encode()).decode().strip()
    root = r.git("mktree", data=f"040000 tree {data}\tdata\n".encode()).decode().strip()
    r.to(r.git("-c", "user.name=x", "-c", "user.email=x@example.org", "commit-tree", root, "-p", "HEAD", "-m", "x").decode().strip())


@tampered("approved")
def facts_are_no_toml(r):
    record = b"schema = \n"
    path, data = r.event("globex", "updated", "update", "alice", Round=2)
    about = r.fields(f"{G}/log/0002")
    about.update({"KP-Subject": "update", "KP-Round": "2", "KP-Record": sha256(record)})
    first = r.vote("globex", "approve", "alice", about, "none")
    path, data = r.event("globex", "updated", "update", "alice", Round=2, Votes=sha256(first[1]), Record=sha256(record),
                         Objects=f"{r.object(record)} {r.object(r.read(f'{G}/logo.png'))}")
    r.commit(dict([first, (path, data), (f"{G}/partner.toml", record)]))


@tampered("updated")
def object_lost(r):
    """A blob that stood there once is gone."""
    lose(r, r.git("rev-parse", f"HEAD^1:{G}/partner.toml").decode().strip())


@tampered("updated")
def commit_lost(r):
    lose(r, r.git("rev-parse", "HEAD~2").decode().strip())


@tampered("updated")
def side_lost(r):
    lose(r, r.git("rev-parse", "HEAD^2").decode().strip())


def lose(r, oid):
    for name in os.listdir(os.path.join(r.path, "objects", "pack")):
        if name.endswith(".pack"):
            pack = os.path.join(r.path, "objects", "pack", name)
            os.rename(pack, os.path.join(r.path, "moved.pack"))
            for suffix in (".idx", ".rev"):
                if os.path.exists(pack[:-5] + suffix):
                    os.remove(pack[:-5] + suffix)
            with open(os.path.join(r.path, "moved.pack"), "rb") as data:
                r.git("unpack-objects", "-q", data=data.read())
            os.remove(os.path.join(r.path, "moved.pack"))
    os.remove(os.path.join(r.path, "objects", oid[:2], oid[2:]))


ORGANIZED = """schema = 1
name = "Organized"
[[organization]]
id = "umbrella"
name = "Umbrella"
aliases = ["Schirm AG", "雨伞股份有限公司"]
domains = ["umbrella.example"]
[[organization]]
id = "initech"
name = "Initech"
[[organization]]
id = "cloud"
name = "Cloud Systems"
[[committee]]
github = "alice"
affiliation = "umbrella"
[[committee]]
github = "bob"
affiliation = "initech"
[[committee]]
github = "carol"
affiliation = "initech"
[[committee]]
github = "dave"
affiliation = "cloud"
[[committee]]
github = "eve"
affiliation = "cloud"
role = "emeritus"
[decisions.approve]
presence = 3
objection = "blocks"
[decisions.exit]
quorum = 3
threshold = "3/4"
"""


def record_of(name="Globex", website="https://globex.example/", github="globex-bot", more=""):
    return f'schema = 1\nname = "{name}"\nwebsite = "{website}"\ngithub = "{github}"\n{more}'.encode()


def tie(case, expect, voters=("alice", "bob", "carol"), vote_more={}, **facts):
    def make(r):
        application(r, record=record_of(**facts))
        decide(r, list(voters), vote_more=vote_more)
    make.__name__ = f"tie_{case}"
    TAMPERED[make.__name__] = ("organized", expect, make)


@honest
def organized(r):
    file = os.path.join(r.directory, "organized.toml")
    with open(file, "w") as out:
        out.write(ORGANIZED)
    r.call("alice", "init", r.path, "--program", file)


tie("none", "none")
tie("two_of_one", "none", ("bob", "carol", "dave"))
tie("one_affiliation", "error", ("bob", "carol"))
tie("presence", "error", ("alice", "bob"))
tie("emeritus", "error", ("alice", "bob", "eve"))
tie("alias", "error", name="schirm")
tie("alias_legal", "error", name="Schirm Pvt. Ltd.")
tie("domain", "error", website="https://www.umbrella.example/x")
tie("domain_below", "error", website="https://a.b.umbrella.example:8443/x")
tie("domain_beside", "error", website="https://notumbrella.example/x", vote_more={"Interest": "employer"})
tie("domain_beside_fine", "none", website="https://notumbrella.example/x")
tie("mail", "error", more='email = "x@mail.umbrella.example"\n', vote_more={"Interest": "none"})
tie("mail_upper", "error", more='email = "x@MAIL.Umbrella.Example"\n', vote_more={"Interest": "none"})
tie("chinese_likely", "error", more='name_zh = "上海雨伞科技有限公司"\n')
tie("chinese_denied", "none", more='name_zh = "上海雨伞科技有限公司"\n', vote_more={"Interest": "none"})
tie("chinese_certain", "error", more='name_zh = "雨伞有限公司"\n', vote_more={"Interest": "none"})
tie("common_certain", "error", ("alice", "bob", "dave"), name="Cloud Systems Ltd.", vote_more={"Interest": "none"})
tie("common_likely", "none", ("alice", "bob", "dave"), name="Great Cloud Systems Ltd.")
tie("put_together", "error", name="Great CloudSystems", voters=("alice", "bob", "dave"), vote_more={"Interest": "employer"})
tie("parent", "error", more='parent = "Umbrella Holding"\n')
tie("parent_certain", "error", more='parent = "UMBRELLA, Inc."\n', vote_more={"Interest": "none"})
tie("part_of_word", "none", name="Umbrellas United")
tie("label", "error", website="https://umbrella.io/")
tie("label_part", "none", website="https://myumbrella.io/")
tie("github_is_voter", "error", github="Alice", vote_more={"Interest": "none"})
tie("github_is_emeritus", "none", github="eve")


@tampered("organized")
def objection_blocks(r):
    application(r)
    about, word = r.fields(f"{G}/log/0001"), sha256(r.read(f"{G}/log/0001"))
    votes = dict(r.vote("globex", "reject" if who == "carol" else "approve", who, about, word) for who in ("alice", "bob", "carol", "dave"))
    path, data = r.event("globex", "approved", "application", "bob", Votes=" ".join(map(sha256, votes.values())))
    r.commit({**votes, path: data})


@tampered("organized", "none")
def rejects_with_two(r):
    """The facts of who was turned down go later: put right."""
    application(r)
    decide(r, ["alice", "bob"], "dave", kind="rejected", verdict="reject")
    r.commit({f"{G}/partner.toml": None, f"{G}/logo.png": None})


@tampered("organized", "none")
def rejects_clean(r):
    application(r)
    about, word = r.fields(f"{G}/log/0001"), sha256(r.read(f"{G}/log/0001"))
    votes = dict(r.vote("globex", "reject", who, about, word) for who in ("alice", "bob"))
    path, data = r.event("globex", "rejected", "application", "bob", Votes=" ".join(map(sha256, votes.values())))
    r.commit({**votes, path: data, f"{G}/partner.toml": None, f"{G}/logo.png": None})


@tampered("organized")
def emeritus_decides(r):
    application(r)
    decide(r, ["alice", "bob", "dave"], "eve")


@tampered("organized", "none")
def emeritus_applies(r):
    application(r, who="eve")
    decide(r, ["alice", "bob", "dave"])


@tampered("organized", "none")
def capitals(r):
    """Logins are compared without case."""
    application(r, who="Globex-Bot")
    decide(r, ["Alice", "bob", "dave"], "BOB")


@tampered("founded", "none")
def two_wait(r):
    """Two stand there undecided at once: put right later."""
    application(r, "hooli-y")
    application(r, "hooli-z")
    decide(r, ["alice", "bob"], slug="hooli-y")
    decide(r, ["alice", "bob"], slug="hooli-z")


@tampered("signed")
def member_applies_unsigned(r):
    application(r, "acme", who="alice")
    about, word = r.fields("data/partners/acme/log/0001"), sha256(r.read("data/partners/acme/log/0001"))
    votes = dict(signed_block(r, who, r.vote("acme", "approve", who, about, word)) for who in ("bob", "carol"))
    path, data = signed_block(r, "bob", r.event("acme", "approved", "application", "bob", Votes=" ".join(map(sha256, votes.values()))))
    r.commit({**votes, path: data})


@tampered("signed", "none")
def stranger_applies_where_signed(r):
    application(r, "acme")
    about, word = r.fields("data/partners/acme/log/0001"), sha256(r.read("data/partners/acme/log/0001"))
    votes = dict(signed_block(r, who, r.vote("acme", "approve", who, about, word)) for who in ("bob", "carol"))
    path, data = signed_block(r, "bob", r.event("acme", "approved", "application", "bob", Votes=" ".join(map(sha256, votes.values()))))
    r.commit({**votes, path: data})


@tampered("signed")
def one_vote_unsigned(r):
    application(r, "acme")
    about, word = r.fields("data/partners/acme/log/0001"), sha256(r.read("data/partners/acme/log/0001"))
    votes = dict([signed_block(r, "bob", r.vote("acme", "approve", "bob", about, word)), r.vote("acme", "approve", "carol", about, word)])
    path, data = signed_block(r, "bob", r.event("acme", "approved", "application", "bob", Votes=" ".join(map(sha256, votes.values()))))
    r.commit({**votes, path: data})


@tampered("signed")
def decision_unsigned(r):
    application(r, "acme")
    about, word = r.fields("data/partners/acme/log/0001"), sha256(r.read("data/partners/acme/log/0001"))
    votes = dict(signed_block(r, who, r.vote("acme", "approve", who, about, word)) for who in ("bob", "carol"))
    path, data = r.event("acme", "approved", "application", "bob", Votes=" ".join(map(sha256, votes.values())))
    r.commit({**votes, path: data})


@tampered("signed")
def attested_where_not_let(r):
    application(r, "acme")
    about, word = r.fields("data/partners/acme/log/0001"), sha256(r.read("data/partners/acme/log/0001"))
    votes = dict(r.vote("acme", "approve", who, about, word, Authenticity="", URL="", Relevance="", Attested="https://github.com/x/y/pull/1",
                        Head="1" * 40) for who in ("bob", "carol"))
    path, data = signed_block(r, "bob", r.event("acme", "approved", "application", "bob", Votes=" ".join(map(sha256, votes.values()))))
    r.commit({**votes, path: data})


@honest
def attested_ok(r):
    r.signed = True
    r.found(**keys(r), more="[signatures]\nrequired = true\nattested = true\n")


@tampered("attested_ok", "none")
def attested_where_let(r):
    application(r, "acme")
    about, word = r.fields("data/partners/acme/log/0001"), sha256(r.read("data/partners/acme/log/0001"))
    votes = dict(r.vote("acme", "approve", who, about, word, Authenticity="", URL="", Relevance="", Attested="https://github.com/x/y/pull/1",
                        Head="1" * 40) for who in ("bob", "carol"))
    path, data = r.event("acme", "approved", "application", "bob", Votes=" ".join(map(sha256, votes.values())))
    r.commit({**votes, path: data})


@tampered("attested_ok")
def attested_beside_unsigned(r):
    application(r, "acme")
    about, word = r.fields("data/partners/acme/log/0001"), sha256(r.read("data/partners/acme/log/0001"))
    votes = dict([r.vote("acme", "approve", "bob", about, word, Authenticity="", URL="", Relevance="", Attested="https://github.com/x/y/pull/1",
                         Head="1" * 40), r.vote("acme", "approve", "carol", about, word)])
    path, data = r.event("acme", "approved", "application", "bob", Votes=" ".join(map(sha256, votes.values())))
    r.commit({**votes, path: data})


def round_by_hand(r, subject, voices, kind, actor, slug="globex", record=None, logo=None, round=2, decide_more=None, apart=False, **terms):
    """A round that isn't an application's: voices are (login, verdict, "word" or "none" or a hash)."""
    base = f"data/partners/{slug}"
    r.clock += 60
    about = dict(r.fields(r.list(f"{base}/log/")[-1]))
    old, old_logo = (r.read(f"{base}/{n}") for n in ("partner.toml", "logo.png"))
    about.update({"KP-Subject": subject, "KP-Round": str(round)})
    new, new_logo = record or old, logo or old_logo
    about.update({"KP-Record": sha256(new), "KP-Logo": sha256(new_logo)})
    files, word, hashes, counts = {}, None, {}, {}
    for login, verdict, log in voices:
        r.clock += 1
        counts[login] = counts.get(login, 0) + 1
        name = login.lower() + (f".{counts[login]}" if counts[login] > 1 else "")
        path, data = r.vote(slug, verdict, login, about, word if log == "word" else log, name=name, **terms)
        files[path] = data
        if log == "none":
            word = sha256(data)
        if apart:
            r.commit({path: data})
        if verdict != "request":
            hashes[login.lower()] = (login.lower(), sha256(data))
    votes = " ".join(h for _, h in sorted(hashes.values()))
    if kind:
        event_terms = terms if kind == "exited" else {}
        fields = {"Round": round, "Record": sha256(new), "Logo": sha256(new_logo), "Objects": f"{r.object(new)} {r.object(new_logo)}",
                  "Votes": votes if kind != "withdrawn" else "none", **event_terms, **(decide_more or {})}
        path, data = r.event(slug, kind, subject, actor, **fields)
        files[path] = data
    if kind == "updated":
        files.update({f"{base}/partner.toml": new, f"{base}/logo.png": new_logo})
    r.commit(files)


VOLUNTARY = dict(Exit_Kind="voluntary", Effective="2026-10-01")
BREACH = dict(Exit_Kind="breach", Effective="2026-10-01")
NEW = record_of(website="https://globex.example/new")


def rounds(name, base, expect, *args, **more):
    def make(r):
        round_by_hand(r, *args, **more)
    make.__name__ = f"round_{name}"
    TAMPERED[make.__name__] = (base, expect, make)


rounds("contact_leaves", "approved", "none", "exit", [("globex-bot", "request", "none"), ("bob", "approve", "word")], "exited", "bob", **VOLUNTARY)
rounds("contact_leaves_alone", "approved", "error", "exit", [("globex-bot", "request", "none")], "exited", "bob", **VOLUNTARY)
rounds("contact_decides", "approved", "error", "exit", [("globex-bot", "request", "none"), ("bob", "approve", "word")], "exited", "globex-bot", **VOLUNTARY)
rounds("member_asks_leave", "approved", "error", "exit", [("alice", "request", "none"), ("bob", "approve", "word")], "exited", "bob", **VOLUNTARY)
rounds("contact_leaves_signed", "signed", "error", "exit", [("globex-bot", "request", "none"), ("bob", "approve", "word")], "exited", "bob", **VOLUNTARY)
rounds("exit_blind", "approved", "error", "exit", [("alice", "approve", "none"), ("bob", "approve", "none")], "exited", "bob", **BREACH)
rounds("exit_again", "approved", "none", "exit", [("alice", "approve", "none"), ("alice", "approve", "none"), ("bob", "approve", "word")], "exited", "bob", **BREACH)
rounds("exit_again_word", "approved", "error", "exit", [("alice", "approve", "none"), ("alice", "approve", "word"), ("bob", "approve", "word")], "exited", "bob", **BREACH)
rounds("exit_stale_word", "approved", "error", "exit", [("alice", "approve", "none"), ("bob", "approve", "word"), ("alice", "approve", "none")], "exited", "bob", **BREACH)
rounds("exit_reject_first", "approved", "error", "exit", [("alice", "reject", "none"), ("bob", "approve", "word"), ("carol", "approve", "word")], "exited", "bob", **BREACH)
rounds("exit_refused", "approved", "none", "exit", [("alice", "approve", "none"), ("bob", "reject", "word"), ("carol", "reject", "word")], "rejected", "bob", decide_more=None, **BREACH)
rounds("exit_against", "approved", "none", "exit", [("alice", "approve", "none"), ("bob", "approve", "word"), ("carol", "reject", "word")], "exited", "bob", **BREACH)
rounds("exit_needs_more", "organized_partner", "error", "exit", [("alice", "approve", "none"), ("bob", "approve", "word"), ("dave", "reject", "word")], "exited", "bob", **BREACH)
rounds("exit_three_quarters", "organized_partner", "none", "exit", [("alice", "approve", "none"), ("bob", "approve", "word"), ("dave", "reject", "word"), ("carol", "approve", "word")], "exited", "bob", **BREACH)
rounds("exit_merged_itself", "approved", "none", "exit", [("alice", "approve", "none"), ("bob", "approve", "word")], "exited", "bob", Exit_Kind="merged", Effective="2026-10-01", Merged_Into="elsewhere")
rounds("exit_merged_wrong", "approved", "error", "exit", [("alice", "approve", "none"), ("bob", "approve", "word")], "exited", "bob", Exit_Kind="breach", Effective="2026-10-01", Merged_Into="elsewhere")
rounds("exit_other_facts", "approved", "error", "exit", [("alice", "approve", "none"), ("bob", "approve", "word")], "exited", "bob", record=NEW, **BREACH)
rounds("exit_bit_by_bit", "approved", "none", "exit", [("alice", "approve", "none"), ("bob", "approve", "word")], "exited", "bob", apart=True, **BREACH)
rounds("exit_waits", "approved", "error", "exit", [("alice", "approve", "none")], None, None, **BREACH)
rounds("update_asked", "approved", "none", "update", [("globex-bot", "request", "none"), ("bob", "approve", "word")], "updated", "bob", record=NEW)
rounds("update_asked_by_member", "approved", "none", "update", [("alice", "request", "none"), ("bob", "approve", "word")], "updated", "bob", record=NEW)
rounds("update_asked_by_stranger", "approved", "error", "update", [("mallory", "request", "none"), ("bob", "approve", "word")], "updated", "bob", record=NEW)
rounds("update_asked_and_voted", "approved", "none", "update", [("alice", "request", "none"), ("alice", "approve", "word")], "updated", "alice", record=NEW)
rounds("update_asked_and_voted_none", "approved", "error", "update", [("alice", "request", "none"), ("alice", "approve", "none")], "updated", "alice", record=NEW)
rounds("update_voted_then_asked", "approved", "error", "update", [("alice", "approve", "none"), ("alice", "request", "none")], "updated", "alice", record=NEW)
rounds("update_alone", "approved", "none", "update", [("alice", "approve", "none")], "updated", "alice", record=NEW)
rounds("update_refused", "approved", "none", "update", [("globex-bot", "request", "none"), ("bob", "reject", "word")], "rejected", "bob", record=NEW)
rounds("update_recused", "approved", "error", "update", [("globex-bot", "request", "none"), ("bob", "approve", "word")], "updated", "bob", record=record_of(name="Initech"))
rounds("update_taken_back", "approved", "none", "update", [("globex-bot", "request", "none")], "withdrawn", "globex-bot", record=NEW)
rounds("update_taken_back_by_member", "approved", "error", "update", [("globex-bot", "request", "none")], "withdrawn", "alice", record=NEW)
rounds("update_taken_back_by_other", "approved", "error", "update", [("alice", "request", "none")], "withdrawn", "bob", record=NEW)
rounds("update_taken_back_by_opener", "approved", "none", "update", [("alice", "request", "none")], "withdrawn", "alice", record=NEW)
rounds("update_of_member_taken_back_by_contact", "approved", "none", "update", [("alice", "request", "none")], "withdrawn", "globex-bot", record=NEW)
rounds("update_taken_back_voted", "approved", "none", "update", [("globex-bot", "request", "none"), ("bob", "reject", "word")], "withdrawn", "globex-bot", record=NEW)
rounds("update_taken_back_own_vote", "approved", "none", "update", [("alice", "request", "none"), ("alice", "approve", "word")], "withdrawn", "alice", record=NEW)
rounds("update_taken_back_of_none", "approved", "error", "update", [], "withdrawn", "globex-bot", record=NEW)
rounds("exit_taken_back", "approved", "none", "exit", [("globex-bot", "request", "none")], "withdrawn", "globex-bot", **VOLUNTARY)
rounds("exit_of_member_taken_back_by_contact", "approved", "error", "exit", [("alice", "approve", "none")], "withdrawn", "globex-bot", **BREACH)
rounds("exit_of_member_taken_back", "approved", "none", "exit", [("alice", "approve", "none")], "withdrawn", "alice", **BREACH)
rounds("exit_taken_back_voted", "approved", "error", "exit", [("alice", "approve", "none"), ("bob", "reject", "word")], "withdrawn", "alice", **BREACH)
rounds("exit_taken_back_voted_by_stranger", "approved", "error", "exit", [("alice", "approve", "none"), ("mallory", "reject", "word")], "withdrawn", "alice", **BREACH)


@honest
def organized_partner(r):
    organized(r)
    r.apply().review("alice").review("bob")
    r.call("dave", "approve", "globex")


@tampered("updated", "none")
def dropped_and_brought_back(r):
    """A merge drops the update, and a commit brings it back: repaired, the facts too."""
    head = r.git("rev-parse", "HEAD").decode().strip()
    r.to("HEAD^1")
    r.commit({"README.md": b"x\n"}, parents=["HEAD", head])
    r.commit({p: r.read(p, head) for p in r.list("data", head)})


@tampered("approved")
def event_deleted_and_another(r):
    r.commit({f"{G}/log/0002": None})
    path, data = r.event("globex", "withdrawn", "application", "globex-bot")
    r.commit({path: data, f"{G}/partner.toml": None, f"{G}/logo.png": None})


@tampered("approved", "none")
def event_deleted_and_back(r):
    old = r.read(f"{G}/log/0002")
    r.commit({f"{G}/log/0002": None})
    r.commit({f"{G}/log/0002": old})


@tampered("approved", "none")
def two_events_at_once(r):
    path, data = r.event("globex", "posted", "upkeep", "globex-bot", Title="Engineer")
    seq, prev = 4, sha256(data)
    path2, data2 = r.event("globex", "closed", "upkeep", "globex-bot", Job=3, Seq=4, Prev=prev)
    r.commit({path: data, path2.replace("0003", "0004"): data2})


@tampered("approved")
def message_changed(r):
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Reason="all well")
    r.commit({path: data}, "x\n\n" + data.decode().replace("all well", "not well"))


@tampered("approved", "none")
def message_right(r):
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Reason="all well")
    r.commit({path: data}, "x\n\n* y\n\n" + data.decode() + "Signed-off-by: x <x@example.org>\n\nmore\n")


@tampered("approved", "none")
def message_vote_made_up(r):
    about = r.fields(f"{G}/log/0002")
    r.commit({"x": b"x"}, "x\n\n" + r.vote("globex", "approve", "carol", about, "none")[1].decode())


@tampered("approved", "none")
def message_in_words(r):
    r.commit({"x": b"x"}, "x\n\nKP-Event: v1 something else\n")


@tampered("approved", "none")
def by_a_bot(r):
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot")
    r.commit({path: data.replace(b"KP-Time", b"KP-Account: 12345\nKP-By: some-bot\nKP-Time")})


@tampered("approved")
def account_zero(r):
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot")
    r.commit({path: data.replace(b"KP-Time", b"KP-Account: 0\nKP-Time")})


def value(name, expect, key, said):
    def make(r):
        if name.startswith("login"):
            application(r, "acme", who=said)
            decide(r, ["alice", "bob"], slug="acme")
            return
        path, data = r.event("globex", "renewed", "upkeep", "globex-bot", **{key: said})
        r.commit({path: data})
    make.__name__ = f"value_{name}"
    TAMPERED[make.__name__] = ("approved", expect, make)


for n, (expect, said) in enumerate((
        ("none", "https://example.org"), ("none", "http://example.org:8080/a?b#c"), ("error", "https://"), ("error", "https:///x"),
        ("error", "https://a@b.example/"), ("none", "https://b.example/@a"), ("error", "ftp://b.example/"), ("error", "https://b.example/a b"),
        ("error", "https://b.example/<x>"), ("none", "https://[::1]/"), ("error", "HTTPS://b.example/"), ("none", "https://例.example/ü"),
        ("error", "https://:80/"), ("error", "https://?x"), ("none", "https://" + "a" * 900 + ".example"), ("error", "https://" + "a" * 1000),
        ("none", "https://b.example:x/"), ("error", "https://b.example/\u3000x"), ("error", "https://b.example/`"))):
    value(f"link_{n}", expect, "Link", said)
for n, (expect, said) in enumerate((
        ("none", "ä" * 1000), ("error", "a" * 1001), ("error", "a\tb"), ("error", "a\u0085b"), ("error", "a\u200bb"), ("none", "a\u200db"),
        ("error", "a\ufeffb"), ("error", "\u3000a"), ("error", "a\u00a0"), ("error", "a\ufffeb"), ("error", "a\U0001fffeb"), ("none", "a  b"),
        ("error", "a\ufdd0b"), ("error", "a\U000e0041b"), ("none", "a\ufe0fb"), ("none", "\u0301a"), ("error", "a\u2028b"), ("none", "a\ue000b"),
        ("none", "a\u061db"), ("error", "a\u180eb"), ("error", "a "), ("error", " a"), ("error", "a\u2003"))):
    value(f"text_{n}", expect, "Reason", said)
for n, (expect, key, said) in enumerate((
        ("error", "Time", "2026-02-30T10:00:00Z"), ("error", "Time", "2026-12-24T24:00:00Z"), ("error", "Time", "2026-12-24T23:59:60Z"),
        ("error", "Time", "2026-12-24t23:59:00z"), ("error", "Time", "2026-12-24T23:59:00+00:00"), ("error", "Seq", "03"), ("error", "Seq", "+3"),
        ("error", "Actor", "globex.bot"), ("error", "Actor", "_globex"), ("error", "Actor", "-globex"), ("error", "Actor", "a" * 40), ("error", "Round", "01"),
        ("error", "Votes", sha256(b"x")), ("error", "Objects", "1" * 40), ("error", "Logo", "none"), ("error", "Subject", "update"),
        ("error", "Reason", "KP\rx"))):
    value(f"key_{n}", expect, key, said)

# -- the policy


def policy_by_hand(r, new, voters=("alice", "bob"), actor="bob", kind="updated", copy=True, round=2, verdict="approve", land=True):
    r.clock += 60
    about = dict(r.fields(r.list("data/program/log/")[-1]))
    about.update({"KP-Round": str(round), "KP-Record": sha256(new)})
    first = r.vote("program", verdict, voters[0], about, "none")
    rest = [r.vote("program", verdict, who, about, sha256(first[1])) for who in voters[1:]]
    path, data = r.event("program", kind, "policy", actor, Round=round, Record=sha256(new), Objects=r.object(new),
                         Votes=" ".join(sha256(d) for _, d in sorted([first, *rest])))
    files = dict([first, *rest, (path, data)])
    if land:
        files["data/program.toml"] = new
    if copy:
        files[f"data/program/policies/{path[-4:]}.toml"] = new
    r.commit(files)


def policies(name, expect, change=lambda old: old.replace(b"Hooli", b"Acme"), base="approved", **more):
    def make(r):
        policy_by_hand(r, change(r.read("data/program.toml")), **more)
    make.__name__ = f"policy_{name}"
    TAMPERED[make.__name__] = (base, expect, make)


policies("right", "none")
policies("alone", "error", voters=("alice",))
policies("no_copy", "error", copy=False)
policies("not_landed", "error", land=False)
policies("invalid", "error", lambda old: old + b"[zzz]\n")
policies("no_toml", "error", lambda old: b"x")
policies("same_again", "none", lambda old: old + b"# the same\n")
policies("unchanged", "none", lambda old: old)
policies("recorded_what_never_stood", "error", kind="recorded")
policies("round_used", "error", round=1)
policies("by_stranger", "error", actor="mallory")
policies("in_turn", "none", lambda old: old.replace(b"Initech", b"Umbrella"))
for n, (expect, more) in enumerate((
        ("none", '[decisions.approve]\nquorum = 3\n'), ("error", '[decisions.approve]\nquorum = 0\n'), ("error", '[decisions.approve]\nquorum = -1\n'),
        ("error", '[decisions.approve]\nthreshold = "3/2"\n'), ("none", '[decisions.approve]\nthreshold = "1/1"\n'),
        ("error", '[decisions.approve]\nthreshold = "0/1"\n'), ("error", '[decisions.approve]\nthreshold = 0.5\n'), ("error", '[decisions.other]\nquorum = 1\n'),
        ("error", '[[committee]]\ngithub = "ALICE"\naffiliation = "x"\n'), ("error", '[[committee]]\ngithub = "al.ice"\naffiliation = "x"\n'),
        ("error", '[[committee]]\ngithub = "zed"\n'), ("error", '[[committee]]\ngithub = "zed"\naffiliation = ""\n'),
        ("error", '[[committee]]\ngithub = "zed"\naffiliation = "x"\nrole = "guest"\n'),
        ("error", '[[committee]]\ngithub = "zed"\naffiliation = "x"\nkeys = ["ssh-rsa AAAA"]\n'),
        ("error", '[[committee]]\ngithub = "zed"\naffiliation = "x"\nmail = "x"\n'), ("error", '[contact]\n'), ("error", '[signatures]\nrequired = 1\n'),
        ("none", '[signatures]\nattested = true\n'), ("error", '[[organization]]\nid = "x"\nname = "X"\n'),
        ("none", '[decisions.approve]\naffiliations = 0\n'), ("none", '[decisions.update]\npresence = 0\nobjection = "blocks"\n'),
        ("none", '[decisions.approve]\nquorum = 9\n'), ("none", '[[committee]]\ngithub = "zed"\naffiliation = "Acme"\nrole = "emeritus"\n'))):
    policies(f"says_{n}", expect, lambda old, more=more: old + more.encode())


@tampered("approved", "none")
def policy_takes_effect_next(r):
    """Who comes in by a step votes in the next."""
    policy_by_hand(r, r.read("data/program.toml") + b'[[committee]]\ngithub = "dave"\naffiliation = "Acme"\n')
    round_by_hand(r, "update", [("dave", "approve", "none")], "updated", "dave", record=NEW)


@tampered("approved")
def policy_and_work_at_once(r):
    old = r.git("rev-parse", "HEAD").decode().strip()
    policy_takes_effect_next(r)
    r.commit({}, "both", [old], base="HEAD")


@tampered("founded", "none")
def vote_from_before_retirement(r):
    """Alice votes, is retired, and her vote lands with a decision that doesn't count it."""
    files = application(r)
    about, word = r.fields(f"{G}/log/0001"), sha256(files[f"{G}/log/0001"])
    waits = dict(r.vote("globex", "approve", who, about, word) for who in ("alice", "bob", "carol"))
    r.to("HEAD^")
    policy_by_hand(r, r.read("data/program.toml").replace(b'"Umbrella"\n', b'"Umbrella"\nrole = "emeritus"\n'), voters=("bob", "carol"))
    path, data = r.event("globex", "approved", "application", "bob", Round=1, Seq=2, Prev=word, Record=about["KP-Record"],
                         Logo=about["KP-Logo"], Objects=about["KP-Objects"],
                         Votes=" ".join(sha256(d) for p, d in sorted(waits.items()) if "alice" not in p))
    r.commit({**files, **waits, f"{G}/log/0002": data})


@tampered("policy_edit_base", "none")
def policy_owned_up(r):
    new = r.read("data/program.toml").replace(b"Hooli", b"Acme")
    r.commit({"data/program.toml": new})
    about = dict(r.fields("data/program/log/0001"), **{"KP-Round": "2", "KP-Record": sha256(new)})
    old = about["KP-Policy"]
    first = r.vote("program", "approve", "alice", about, "none", Policy=old)
    second = r.vote("program", "approve", "bob", about, sha256(first[1]), Policy=old)
    path, data = r.event("program", "recorded", "policy", "bob", Round=2, Record=sha256(new), Objects=r.object(new), Policy=old,
                         Votes=f"{sha256(first[1])} {sha256(second[1])}")
    r.commit(dict([first, second, (path, data), ("data/program/policies/0002.toml", new)]))


@honest
def policy_edit_base(r):
    r.found()


# -- imported, cleared, upkeep


def imports(name, expect, who, base="founded", **more):
    def make(r):
        record, logo = record_of(), png(30)
        r.clock += 60
        path, data = r.event("globex", "imported", "application", who, Record=sha256(record), Logo=sha256(logo),
                             Objects=f"{r.object(record)} {r.object(logo)}", Source="a page", **more)
        r.commit({path: data, f"{G}/partner.toml": record, f"{G}/logo.png": logo})
        if name.startswith("amended"):
            record = record_of(website="https://globex.example/new")
            path, data = r.event("globex", "amended", "application", name.split("_")[-1], Record=sha256(record),
                                 Objects=f"{r.object(record)} {r.object(logo)}")
            r.commit({path: data, f"{G}/partner.toml": record})
        if name.startswith("withdrawn"):
            path, data = r.event("globex", "withdrawn", "application", name.split("_")[-1])
            r.commit({path: data, f"{G}/partner.toml": None, f"{G}/logo.png": None})
        else:
            decide(r, ["alice", "bob"] if base == "founded" else ["alice", "bob", "dave"])
        if name.startswith("renewed"):
            path, data = r.event("globex", "renewed", "upkeep", name.split("_")[-1])
            r.commit({path: data})
    make.__name__ = f"imported_{name}"
    TAMPERED[make.__name__] = (base, expect, make)


imports("right", "none", "alice")
imports("stranger", "error", "mallory")
imports("contact", "error", "globex-bot")
imports("emeritus", "error", "eve", "organized")
imports("since", "none", "alice", Since="2024-01-01")
imports("amended_bob", "none", "alice")
imports("amended_mallory", "error", "alice")
imports("withdrawn_alice", "none", "alice")
imports("withdrawn_bob", "error", "alice")
imports("withdrawn_globex-bot", "none", "alice")
imports("renewed_globex-bot", "none", "alice")
imports("renewed_mallory", "error", "alice")


def clear(r, logo="none", keep_logo=False, voters=("alice",), **more):
    record = r.read(f"{G}/partner.toml")
    about = dict(r.fields(f"{G}/log/0003"), **{"KP-Subject": "update", "KP-Round": "3", "KP-Logo": logo})
    r.clock += 60
    first = r.vote("globex", "approve", voters[0], about, "none")
    path, data = r.event("globex", "cleared", "update", "alice", Round=3, Logo=logo, Votes=sha256(first[1]), Objects=r.object(record), **more)
    r.commit(dict([first, (path, data)] + ([] if keep_logo else [(f"{G}/logo.png", None)])))


@tampered("left", "none")
def cleared_right(r):
    clear(r)


@tampered("left", "none")
def cleared_and_more(r):
    clear(r)
    r.commit({"README.md": b"x\n"})


@tampered("left")
def cleared_but_there(r):
    clear(r, keep_logo=True)


@tampered("left")
def cleared_by_recused(r):
    clear(r, voters=("mallory",))


@tampered("left", "none")
def cleared_then_again(r):
    clear(r)
    application(r)
    decide(r, ["alice", "bob"])


@tampered("left", "none")
def cleared_then_ends(r):
    clear(r)
    path, data = r.event("globex", "benefited", "upkeep", "alice", Round=1, Benefit="early-disclosure", Stage="ended", On="2026-09-21", What="x")
    r.commit({path: data})


@tampered("put_out")
def former_life_stranger(r):
    application(r, who="mallory")
    decide(r, ["alice", "bob"])


@tampered("put_out", "none")
def former_life_member(r):
    application(r, who="carol")
    decide(r, ["alice", "bob"])


@tampered("put_out")
def former_life_in_force(r):
    """Facts of an application stand there after it was turned down, and not those that stood there when it left."""
    application(r, record=record_of(website="https://globex.example/new"))
    decide(r, ["alice", "bob"], kind="rejected", verdict="reject")


def upkeeps(name, expect, kind, who, base="approved", **more):
    def make(r):
        path, data = r.event("globex", kind, "upkeep", who, **more)
        r.commit({path: data})
    make.__name__ = f"upkeep_{name}"
    TAMPERED[make.__name__] = (base, expect, make)


upkeeps("posted", "none", "posted", "globex-bot", Title="x", Place="y", Closes="2020-01-01")
upkeeps("posted_stranger", "error", "posted", "mallory", Title="x")
upkeeps("posted_member", "none", "posted", "carol", Title="x")
upkeeps("posted_emeritus", "error", "posted", "eve", "organized_partner", Title="x")
upkeeps("benefit", "none", "benefited", "alice", Benefit="other", On="2026-01-01", What="x", Link="https://x.example/")
upkeeps("benefit_emeritus", "error", "benefited", "eve", "organized_partner", Benefit="other", On="2026-01-01", What="x")
upkeeps("benefit_stage", "error", "benefited", "alice", Benefit="other", Stage="granted", On="2026-01-01", What="x")
upkeeps("benefit_criteria", "none", "benefited", "alice", Benefit="early-disclosure", Stage="granted", On="2026-01-01", Criteria="a=met b-c=unsure", What="x")
upkeeps("benefit_criteria_twice", "error", "benefited", "alice", Benefit="early-disclosure", Stage="granted", On="2026-01-01", Criteria="a=met a=met", What="x")
upkeeps("benefit_criteria_asked", "error", "benefited", "alice", Benefit="early-disclosure", Stage="requested", On="2026-01-01", Criteria="a=met", What="x")
upkeeps("benefit_other_facts", "error", "benefited", "alice", Record=sha256(b"x"), Benefit="other", On="2026-01-01", What="x")
upkeeps("benefit_granted_first", "none", "benefited", "alice", Benefit="early-disclosure", Stage="ended", On="2026-01-01", What="x")
upkeeps("attested", "none", "renewed", "globex-bot", Attested="https://github.com/x/y/issues/1", **{"Attested-Id": "1", "Attested-Body": sha256(b"x")})
upkeeps("attested_half", "error", "renewed", "globex-bot", Attested="https://github.com/x/y/issues/1")
upkeeps("round_zero", "error", "renewed", "globex-bot", Round="0")


# -- signatures of all kinds


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


@tampered("approved")
def signed_without_a_seat_broken(r):
    keys(r)
    path, data = signed_block(r, "mallory", r.event("globex", "renewed", "upkeep", "globex-bot"))
    r.commit({path: data.replace(b"KP-Actor: globex-bot", b"KP-Actor: Globex-bot")})


@tampered("approved", "none")
def member_without_key_signs(r):
    keys(r)
    path, data = signed_block(r, "mallory", r.event("globex", "renewed", "upkeep", "alice"))
    r.commit({path: data})


@tampered("approved")
def member_without_key_signs_a_vote(r):
    keys(r)
    about = dict(r.fields(f"{G}/log/0002"), **{"KP-Subject": "exit", "KP-Round": "2"})
    first = signed_block(r, "mallory", r.vote("globex", "approve", "alice", about, "none", **BREACH))
    second = r.vote("globex", "approve", "bob", about, sha256(first[1]), **BREACH)
    path, data = r.event("globex", "exited", "exit", "bob", Round=2, Votes=f"{sha256(first[1])} {sha256(second[1])}", **BREACH)
    r.commit(dict([first, second, (path, data)]))


# -- paths, evidence, merges


def paths(name, expect, path, data=b"x\n", mode="100644"):
    def make(r):
        r.commit({path: data}, mode=mode)
    make.__name__ = f"path_{name}"
    TAMPERED[make.__name__] = ("approved", expect, make)


for n, (expect, path) in enumerate((
        ("error", "data/x"), ("error", "data/partners/x"), ("error", "data/partners/Globex/partner.toml"), ("error", "data/program/x"),
        ("error", f"{G}/log/0000"), ("error", f"{G}/log/00003"), ("error", f"{G}/log/3"), ("error", f"{G}/votes/01/alice"), ("error", f"{G}/votes/0/alice"),
        ("error", f"{G}/votes/1/Alice"), ("error", f"{G}/votes/1/alice.1"), ("error", f"{G}/votes/1/alice.02"), ("error", f"{G}/votes/1/x.json"),
        ("error", f"{G}/votes/1/{'A' * 64}.json"), ("error", f"{G}/votes/1/a--b"), ("error", f"{G}/votes/x/alice"), ("error", f"{G}/votes/alice"),
        ("error", "data/partners/con/partner.toml"), ("error", "data/partners/program/partner.toml"), ("error", f"data/partners/{'a' * 41}/partner.toml"),
        ("error", "data/partners/a-/partner.toml"), ("error", "data/program/policies/1.toml"), ("error", "data/program/logo.png"), ("error", f"{G}/log"),
        ("none", "Data/x"), ("none", "partners/x"), ("none", "data.txt"), ("error", "data/program/votes/1/alice"), ("error", f"{G}/votes/1/alice/x"),
        ("error", f"{G}/a\u202eb"), ("error", f"{G}/votes/4294967296/alice"), ("error", f"{G}/PARTNER.toml"), ("error", "data/.gitattributes"),
        ("none", ".gitattributes"), ("error", f"{G}/votes/2/alice.3"))):
    paths(str(n), expect, path)
paths("data_is_a_link", "error", "data", b"elsewhere", "120000")


def slugs(name, expect, slug):
    def make(r):
        application(r, slug, contact="globex-bot")
        decide(r, ["alice", "bob"], slug=slug)
    make.__name__ = f"slug_{name}"
    TAMPERED[make.__name__] = ("founded", expect, make)


for n, (expect, slug) in enumerate((("none", "a"), ("none", "a" * 40), ("none", "a--b"), ("none", "0"), ("error", "com1"), ("error", "lpt9"), ("none", "com0"),
                                    ("error", "nul"), ("none", "conin"), ("error", "aux"), ("none", "com10"), ("none", "votes"))):
    slugs(str(n), expect, slug)


def evidences(name, expect, data=b'{"schema": 1}\n', named=None, beside=True, apart=False, **more):
    def make(r):
        files = application(r)
        about, word = r.fields(f"{G}/log/0001"), sha256(files[f"{G}/log/0001"])
        votes = dict([r.vote("globex", "approve", "alice", about, word, Evidence=sha256(data), **more), r.vote("globex", "approve", "bob", about, word)])
        path, decision = r.event("globex", "approved", "application", "bob", Votes=" ".join(sha256(d) for p, d in sorted(votes.items())))
        seen = {f"{G}/votes/1/{named or sha256(data)[7:]}.json": data} if beside else {}
        if apart == "before":
            r.commit(seen)
            seen = {}
        if apart == "first":
            r.commit({**seen, f"{G}/votes/1/alice": votes.pop(f"{G}/votes/1/alice")})
            seen = {}
        if apart == "vote first":
            r.commit({f"{G}/votes/1/alice": votes.pop(f"{G}/votes/1/alice")})
        r.commit({**votes, **seen, path: decision} if apart != "after" else {**votes, path: decision})
        if apart == "after":
            r.commit(seen)
    make.__name__ = f"evidence_{name}"
    TAMPERED[make.__name__] = ("founded", expect, make)


evidences("right", "none")
evidences("apart", "none", apart="first")
evidences("lacks", "error", beside=False)
evidences("before", "error", apart="before")
evidences("later", "none", apart="vote first")
evidences("after", "none", apart="after")
evidences("false_name", "error", named="1" * 64)
evidences("long", "error", data=b"x" * (48 * 1024 + 1))
evidences("just", "none", data=b"{" + b" " * (48 * 1024 - 2) + b"}")
evidences("no_json", "none", data=b"\xff\n")
evidences("attested", "error", Authenticity="", URL="", Relevance="", Attested="https://github.com/x/y/pull/1", Head="1" * 40)


@tampered("two", "none")
def foxtrot(r):
    """What was on the default branch comes as a side of a merge: it lands like any other."""
    main, before = r.git("rev-parse", "HEAD").decode().strip(), r.git("rev-parse", "HEAD^1").decode().strip()
    r.to(before)
    r.commit({"README.md": b"x\n"})
    r.commit({}, parents=["HEAD", main], base=main)


@tampered("two", "none")
def octopus(r):
    main = r.git("rev-parse", "HEAD").decode().strip()
    a = r.commit({"a": b"x\n"}, parents=[main])
    b = r.commit({"b": b"x\n"}, parents=[main])
    r.to(main)
    r.commit({"a": b"x\n", "b": b"x\n"}, parents=[main, a, b])


@tampered("approved", "none")
def unrelated_side(r):
    main = r.git("rev-parse", "HEAD").decode().strip()
    side = r.commit({"other": b"x\n"}, parents=[])
    r.to(main)
    r.commit({"other": b"x\n"}, parents=[main, side])


@tampered("approved")
def unrelated_registry(r):
    """A side with a history of its own, of which nothing is kept."""
    main = r.git("rev-parse", "HEAD").decode().strip()
    side = r.commit({p: r.read(p) for p in r.list("data")} | {f"{G}/log/0001": r.read(f"{G}/log/0001").replace(b"globex-bot", b"mallory")}, parents=[])
    r.to(main)
    r.commit({"x": b"x\n"}, parents=[main, side])


@tampered("approved")
def side_event_replaced(r):
    """The side's event is another than what the merge keeps."""
    main = r.git("rev-parse", "HEAD").decode().strip()
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Reason="one")
    side = r.commit({path: data})
    r.to(main)
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Reason="two")
    r.commit({path: data}, parents=[main, side])


@tampered("approved", "none")
def side_event_kept(r):
    main = r.git("rev-parse", "HEAD").decode().strip()
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Reason="one")
    side = r.commit({path: data})
    r.to(main)
    r.commit({path: data}, parents=[main, side])


@tampered("approved", "none")
def side_added_and_removed(r):
    """An event that the side itself took away again."""
    main = r.git("rev-parse", "HEAD").decode().strip()
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Reason="one")
    r.commit({path: data})
    side = r.commit({path: None})
    r.to(main)
    r.commit({"x": b"x\n"}, parents=[main, side])


@tampered("policy")
def retired_gives(r):
    """Alice, retired, writes a benefit down under the policy of old."""
    path, data = r.event("globex", "benefited", "upkeep", "alice", Policy=sha256(r.read("data/program/policies/0001.toml")),
                         Benefit="other", On="2026-01-01", What="x")
    r.commit({path: data})


@tampered("policy", "none")
def old_policy_named(r):
    path, data = r.event("globex", "benefited", "upkeep", "bob", Policy=sha256(r.read("data/program/policies/0001.toml")),
                         Benefit="other", On="2026-01-01", What="x")
    r.commit({path: data})


@tampered("policy")
def newcomer_under_old_policy(r):
    path, data = r.event("globex", "benefited", "upkeep", "dave", Policy=sha256(r.read("data/program/policies/0001.toml")),
                         Benefit="other", On="2026-01-01", What="x")
    r.commit({path: data})


@tampered("founded", "none")
def rebased_amendment(r):
    """Applied, amended, voted and decided, commit by commit."""
    files = application(r)
    record = files[f"{G}/partner.toml"] + b"\n"
    path, data = r.event("globex", "amended", "application", "globex-bot", Record=sha256(record), Objects=f"{r.object(record)} {r.object(png(30))}")
    r.commit({path: data, f"{G}/partner.toml": record})
    about, word = r.fields(path), sha256(data)
    for who in ("alice", "bob"):
        r.commit(dict([r.vote("globex", "approve", who, about, word)]))
    votes = [r.read(f"{G}/votes/1/{who}") for who in ("alice", "bob")]
    path, data = r.event("globex", "approved", "application", "bob", Votes=" ".join(map(sha256, votes)))
    r.commit({path: data})


@tampered("approved", "none")
def rebased_update(r):
    record, logo = NEW, r.read(f"{G}/logo.png")
    about = dict(r.fields(f"{G}/log/0002"), **{"KP-Subject": "update", "KP-Round": "2", "KP-Record": sha256(record)})
    first = r.vote("globex", "request", "globex-bot", about, "none")
    r.commit({first[0]: first[1], f"{G}/partner.toml": record})
    second = r.vote("globex", "approve", "bob", about, sha256(first[1]))
    r.commit(dict([second]))
    path, data = r.event("globex", "updated", "update", "bob", Round=2, Votes=sha256(second[1]), Record=sha256(record), Objects=f"{r.object(record)} {r.object(logo)}")
    r.commit({path: data})


@tampered("approved", "none")
def rebased_update_facts_first(r):
    """The facts come before any vote that names them: explained later."""
    record, logo = NEW, r.read(f"{G}/logo.png")
    r.commit({f"{G}/partner.toml": record})
    round_by_hand(r, "update", [("alice", "approve", "none")], "updated", "alice", record=record)


@tampered("approved", "none")
def changes_nothing(r):
    r.commit({})


@tampered("founded")
def undecided_then_empty(r):
    application(r)
    r.commit({})


@tampered("founded")
def bob_and_bob_x(r):
    """The order of names: bob.2 and bob-x."""
    policy_by_hand(r, r.read("data/program.toml") + b'[[committee]]\ngithub = "bob-x"\naffiliation = "Acme"\n')
    application(r)
    about, word = r.fields(f"{G}/log/0001"), sha256(r.read(f"{G}/log/0001"))
    first = r.vote("globex", "reject", "bob", about, word)
    second = r.vote("globex", "approve", "bob", about, word, name="bob.2")
    third = r.vote("globex", "approve", "bob-x", about, word)
    path, data = r.event("globex", "approved", "application", "bob", Votes=f"{sha256(third[1])} {sha256(second[1])}")
    r.commit(dict([first, second, third, (path, data)]))


@tampered("founded", "none")
def bob_and_bob_x_by_login(r):
    policy_by_hand(r, r.read("data/program.toml") + b'[[committee]]\ngithub = "bob-x"\naffiliation = "Acme"\n')
    application(r)
    about, word = r.fields(f"{G}/log/0001"), sha256(r.read(f"{G}/log/0001"))
    first = r.vote("globex", "reject", "bob", about, word)
    second = r.vote("globex", "approve", "bob", about, word, name="bob.2")
    third = r.vote("globex", "approve", "bob-x", about, word)
    path, data = r.event("globex", "approved", "application", "bob", Votes=f"{sha256(second[1])} {sha256(third[1])}")
    r.commit(dict([first, second, third, (path, data)]))


@tampered("approved", "none")
def signed_vote_overwritten_unsigned(r):
    """A side takes its own unsigned vote back."""
    main = r.git("rev-parse", "HEAD").decode().strip()
    about = dict(r.fields(f"{G}/log/0002"), **{"KP-Subject": "exit", "KP-Round": "2"})
    path, data = r.vote("globex", "approve", "carol", about, "none", **BREACH)
    r.commit({path: data})
    side = r.commit({path: None})
    r.to(main)
    r.commit({"x": b"x"}, parents=[main, side])


@tampered("signed_freely")
def signed_vote_taken_back(r):
    main = r.git("rev-parse", "HEAD").decode().strip()
    about = dict(r.fields(f"{G}/log/0002"), **{"KP-Subject": "exit", "KP-Round": "2"})
    path, data = signed_block(r, "carol", r.vote("globex", "approve", "carol", about, "none", **BREACH))
    r.commit({path: data})
    side = r.commit({path: None})
    r.to(main)
    r.commit({"x": b"x"}, parents=[main, side])


@tampered("signed_freely")
def signed_vote_written_over(r):
    main = r.git("rev-parse", "HEAD").decode().strip()
    about = dict(r.fields(f"{G}/log/0002"), **{"KP-Subject": "exit", "KP-Round": "2"})
    path, data = signed_block(r, "carol", r.vote("globex", "reject", "carol", about, "none", **BREACH))
    r.commit({path: data})
    path, data = r.vote("globex", "approve", "carol", about, "none", **BREACH)
    side = r.commit({path: data})
    r.to(main)
    second = r.vote("globex", "approve", "bob", about, sha256(data), **BREACH)
    event, decision = r.event("globex", "exited", "exit", "bob", Round=2, Votes=f"{sha256(second[1])} {sha256(data)}", **BREACH)
    r.commit(dict([(path, data), second, (event, decision)]), parents=[main, side])


def numbered(name, expect, number, account):
    def make(r):
        policy_by_hand(r, r.read("data/program.toml").replace(b'"Umbrella"\n', b'"Umbrella"\nid = %d\n' % number))
        application(r)
        about, word = r.fields(f"{G}/log/0001"), sha256(r.read(f"{G}/log/0001"))
        votes = dict([r.vote("globex", "approve", "alice", about, word, Account=account, Authenticity="", URL="", Relevance="",
                             Attested="https://github.com/x/y/pull/1", Head="1" * 40), r.vote("globex", "approve", "bob", about, word)])
        path, data = r.event("globex", "approved", "application", "bob", Votes=" ".join(sha256(d) for p, d in sorted(votes.items())))
        r.commit({**votes, path: data})
    make.__name__ = f"account_{name}"
    TAMPERED[make.__name__] = ("founded", expect, make)


def clicked(name, expect, when):
    """A click counts from its maker's seat on."""
    def make(r):
        application(r)
        about, word = r.fields(f"{G}/log/0001"), sha256(r.read(f"{G}/log/0001"))
        votes = dict([r.vote("globex", "approve", "alice", about, word, Time=when(r), Authenticity="", URL="", Relevance="",
                             Attested="https://github.com/x/y/pull/1", Head="1" * 40), r.vote("globex", "approve", "bob", about, word)])
        path, data = r.event("globex", "approved", "application", "bob", Votes=" ".join(sha256(d) for p, d in sorted(votes.items())))
        r.commit({**votes, path: data})
    make.__name__ = f"clicked_{name}"
    TAMPERED[make.__name__] = ("founded", expect, make)


clicked("at_once", "none", lambda r: r.fields("data/program/log/0001")["KP-Time"])
clicked("before", "error", lambda r: "2026-09-21T14:13:19Z")
numbered("right", "none", 77, "77")
numbered("wrong", "error", 77, "78")
numbered("lacks", "error", 77, "")
policies("ids_twice", "error", lambda old: old.replace(b'"Umbrella"\n', b'"Umbrella"\nid = 7\n').replace(b'"Initech"\n', b'"Initech"\nid = 7\n'))
policies("bot", "none", lambda old: old + b'[[committee]]\ngithub = "some-app[bot]"\naffiliation = "x"\n')
for n, (expect, who) in enumerate((("none", "a_b"), ("none", "a-"), ("none", "a--b"), ("none", "app[bot]"), ("error", "app[bat]"), ("none", "a" * 39),
                                   ("error", "a" * 40), ("none", "a" * 39 + "[bot]"), ("error", "[bot]"), ("none", "a" * 34 + "[bot]"))):
    value(f"login_{n}", expect, "Actor", who)


def takes_back(who, back, voted, expect):
    def make(r):
        application(r, who=who)
        about, word = r.fields(f"{G}/log/0001"), sha256(r.read(f"{G}/log/0001"))
        if voted:
            r.commit(dict([r.vote("globex", "approve", "bob", about, word)]))
        path, data = r.event("globex", "withdrawn", "application", back)
        r.commit({path: data, f"{G}/partner.toml": None, f"{G}/logo.png": None})
    make.__name__ = f"{back}_takes_back_what_{who}_brought{'_voted' * voted}"
    TAMPERED[make.__name__] = ("founded", expect, make)


for who in ("globex-bot", "helper", "alice"):
    for back in ("globex-bot", "helper", "alice", "carol"):
        for voted in (False, True):
            takes_back(who, back, voted, "none" if back == "globex-bot" or (who == back and (who == "helper" or not voted)) else "error")


def policy_back(name, expect, back, *voices):
    def make(r):
        new = r.read("data/program.toml") + b"# another\n"
        about = dict(r.fields("data/program/log/0001"), **{"KP-Round": "2", "KP-Record": sha256(new)})
        first = r.vote("program", "request", voices[0], about, "none")
        rest = [r.vote("program", "reject", who, about, sha256(first[1])) for who in voices[1:]]
        path, data = r.event("program", "withdrawn", "policy", back, Round=2, Record=sha256(new), Objects=r.object(new))
        r.commit(dict([first, *rest, (path, data)]))
    make.__name__ = f"policy_taken_back_{name}"
    TAMPERED[make.__name__] = ("approved", expect, make)


policy_back("right", "none", "alice", "alice")
policy_back("by_another", "error", "bob", "alice")
policy_back("voted", "error", "alice", "alice", "bob")
policy_back("by_stranger", "error", "mallory", "mallory")


# -- at random


def at_random(r, seed):
    """A round whose voices and decision are drawn by lot, more often right than wrong."""
    lot = random.Random(seed)
    subject = lot.choice(["exit", "update"])
    kind = lot.choice(["exited", "exited", "rejected", "withdrawn"] if subject == "exit" else ["updated", "updated", "rejected", "withdrawn"])
    hashes, counts, files = [], {}, {}
    about = dict(r.fields(f"{G}/log/0002"), **{"KP-Subject": subject, "KP-Round": "2"})
    new = r.read(f"{G}/partner.toml") if subject == "exit" else NEW
    about["KP-Record"] = sha256(new)
    opener = lot.choice(["alice", "bob", "globex-bot", "carol"])
    terms = lambda: (BREACH if lot.random() < .9 else VOLUNTARY) if subject == "exit" else {}
    for n in range(lot.randint(1, 5)):
        login = opener if n == 0 else lot.choice(["alice", "bob", "carol", "carol", opener, "globex-bot", "mallory" if lot.random() < .1 else "bob"])
        verdict = "request" if login == "globex-bot" else lot.choice(["approve"] * 5 + ["reject"] * (6 if kind == "rejected" else 1) + ["abstain"] + [
            "request"] * (subject == "update"))
        counts[login] = counts.get(login, 0) + 1
        name = login + (f".{counts[login]}" if counts[login] > 1 else "")
        word = hashes[-1] if hashes and lot.random() < .05 else hashes[0] if hashes else "none"
        log = "none" if n == 0 or (login == opener and lot.random() < .5) or lot.random() < .03 else word
        r.clock += 1
        path, data = r.vote("globex", verdict, login, about, log, name=name, **terms(),
                            **({"Interest": lot.choice(["none", "other"])} if lot.random() < .1 else {}))
        files[path] = data
        hashes.append(sha256(data))
        if lot.random() < .3:
            r.commit({path: data})
    newest = {}
    for path, data in files.items():
        login = path.rsplit("/", 1)[1].split(".")[0]
        if b"KP-Vote: v1 request" not in data and login not in ("mallory",):
            newest[login] = sha256(data)
    votes = " ".join(newest[login] for login in sorted(newest))
    if lot.random() < .2 and " " in votes:
        votes = votes.split(" ", 1)[1]
    actor = opener if kind == "withdrawn" and lot.random() < .8 else lot.choice(["alice", "bob", "carol"])
    path, data = r.event("globex", kind, subject, actor, Round=2, Record=sha256(new),
                         Objects=f"{r.object(new)} {r.object(r.read(f'{G}/logo.png'))}", Votes=votes if kind != "withdrawn" and votes else "none",
                         **(terms() if kind == "exited" else {}))
    files[path] = data
    if kind == "updated":
        files[f"{G}/partner.toml"] = new
    r.commit(files)


def block_at_random(r, seed):
    """An event of which some bytes are others."""
    lot = random.Random(seed)
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Reason="all well, all fine", Link="https://x.example/a")
    data = bytearray(data)
    for _ in range(lot.randint(1, 2)):
        at = data.find(b"-Reason") + lot.randrange(50) if lot.random() < .6 else lot.randrange(len(data))
        piece = lot.choice([b" ", b"\n", b"\r", b"\t", b"\xc2\xa0", b"\xe2\x80\x8d", b"\xcc\x81", b":", b"0", b"\x00", b"\xff", b"@", b"%", b"[", b"#", b"/"])
        if lot.random() < .5:
            data[at:at] = piece
        else:
            data[at:at + 1] = piece
    r.commit({path: bytes(data)})


# ---------------------------------------------------------------------------------------------------- both opinions


def errors(findings):
    return sorted({f["code"] for f in findings if f["severity"] == "error"})


def opinions(r, head):
    """((errors or none, rules) of the program, the same of verify.py)"""
    told = []
    for command in (
            [r.binary, "--registry", r.path, "--offline", "--json", "audit", "--head" if head else "--full"],
            [sys.executable, os.path.join(ROOT, "contrib", "verify.py"), r.path, "--json", *(["--head-only"] if head else [])]):
        done = subprocess.run(command, env=r.env(), cwd=r.directory, capture_output=True, text=True)
        try:
            found = json.loads(done.stdout)["findings"]
            told.append((bool(errors(found)), errors(found), found))
        except (ValueError, KeyError):
            told.append((True, [f"exit {done.returncode}: {(done.stderr or done.stdout).strip()[-300:]}"], []))
    return told


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", default=os.path.join(ROOT, "target", "debug", "karmada-partner"))
    parser.add_argument("--keep", help="make the registries in this directory, and leave them there")
    parser.add_argument("--only", default="", help="only registries whose name has this word")
    parser.add_argument("--random", type=int, default=0, metavar="N", help="N rounds and N blocks by lot besides")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-v", action="store_true", help="tell what is done")
    options = parser.parse_args()
    directory = os.path.abspath(options.keep or tempfile.mkdtemp())
    os.makedirs(directory, exist_ok=True)
    Made.binary, Made.directory, Made.verbose = os.path.abspath(options.binary), directory, options.v
    with open(os.path.join(directory, "logo.png"), "wb") as out:
        out.write(png(30))
    apart, made = 0, []
    for n in range(options.seed, options.seed + options.random):
        TAMPERED[f"random_round_{n}"] = ("approved", None, lambda r, n=n: at_random(r, n))
        TAMPERED[f"random_block_{n}"] = ("approved", None, lambda r, n=n: block_at_random(r, n))
    wanted = [name for name in TAMPERED if options.only in name]
    bases = {TAMPERED[name][0] for name in wanted}
    base = {}
    for name, make in HONEST.items():
        if options.only in name or name in bases:
            base[name] = Made(name)
            shutil.rmtree(base[name].path, ignore_errors=True)
            make(base[name])
            made.append((base[name], "none", "honest"))
    for name in wanted:
        source, expect, make = TAMPERED[name]
        shutil.rmtree(os.path.join(directory, f"{name}.git"), ignore_errors=True)
        r = base[source].copy(name)
        make(r)
        made.append((r, expect, "tampered"))
    for r, expect, kind in made:
        for head in (False, True):
            program, verify = opinions(r, head)
            agree = program[0] == verify[0]
            right = head or expect is None or kind == "honest" and not verify[0] or verify[0] == (expect == "error")
            if not agree or not right:
                apart += 1
            if options.v or not agree or not right:
                word = "agree" if agree else "APART"
                print(f"{word} {'head' if head else 'full'} {kind} {r.name} (meant: {expect})\n   audit:  {', '.join(program[1]) or 'none'}"
                      f"\n   verify: {', '.join(verify[1]) or 'none'}")
                if not agree or options.v:
                    for who, findings in (("audit", program[2]), ("verify", verify[2])):
                        for f in findings:
                            print(f"      {who}: {f['severity']} {f['code']} {f.get('path')} {(f.get('commit') or '')[:8]} {f['message']}")
            elif program[1] != verify[1] and not head:
                print(f"words {kind} {r.name}: audit {', '.join(program[1])}; verify {', '.join(verify[1])}")
    print(f"{len(made)} registries, {apart} to look at")
    if not options.keep:
        shutil.rmtree(directory, ignore_errors=True)
    return 1 if apart else 0


if __name__ == "__main__":
    sys.exit(main())
