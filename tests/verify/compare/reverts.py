"""What is reverted, wholly and in part."""
from cases import tampered
from registry import sha256
from steps import G, application, decide


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
