"""Events: their fields, their chain, and who may write them."""
from cases import TAMPERED, tampered
from registry import START, sha256
from steps import G, application, applied, decide


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
    about, word = applied(r)
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
        ("none", "ä" * 1000), ("error", "a" * 1001), ("error", "a\tb"), ("error", "a\u0085b"), ("error", "a\u200bb"), ("error", "a\u200db"),
        ("error", "a\ufeffb"), ("error", "\u3000a"), ("error", "a\u00a0"), ("error", "a\ufffeb"), ("error", "a\U0001fffeb"), ("none", "a  b"),
        ("error", "a\ufdd0b"), ("error", "a\U000e0041b"), ("error", "a\ufe0fb"), ("none", "\u0301a"), ("error", "a\u2028b"), ("none", "a\ue000b"),
        ("none", "a\u061db"), ("error", "a\u180eb"), ("error", "a "), ("error", " a"), ("error", "a\u2003"),
        ("none", "ä\u200db"), ("none", "ä\ufe0fb"))):
    value(f"text_{n}", expect, "Reason", said)
for n, (expect, key, said) in enumerate((
        ("error", "Time", "2026-02-30T10:00:00Z"), ("error", "Time", "2026-12-24T24:00:00Z"), ("error", "Time", "2026-12-24T23:59:60Z"),
        ("error", "Time", "2026-12-24t23:59:00z"), ("error", "Time", "2026-12-24T23:59:00+00:00"), ("error", "Seq", "03"), ("error", "Seq", "+3"),
        ("error", "Actor", "globex.bot"), ("error", "Actor", "_globex"), ("error", "Actor", "-globex"), ("error", "Actor", "a" * 40), ("error", "Round", "01"),
        ("error", "Votes", sha256(b"x")), ("error", "Objects", "1" * 40), ("error", "Logo", "none"), ("error", "Subject", "update"),
        ("error", "Reason", "KP\rx"))):
    value(f"key_{n}", expect, key, said)
for n, (expect, who) in enumerate((("none", "a_b"), ("none", "a-"), ("none", "a--b"), ("none", "app[bot]"), ("error", "app[bat]"), ("none", "a" * 39),
                                   ("error", "a" * 40), ("none", "a" * 39 + "[bot]"), ("error", "[bot]"), ("none", "a" * 34 + "[bot]"))):
    value(f"login_{n}", expect, "Actor", who)
