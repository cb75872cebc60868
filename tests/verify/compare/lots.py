"""Rounds and blocks drawn by lot."""
import random

from registry import sha256
from steps import BREACH, G, NEW, VOLUNTARY


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
