"""Votes, and what decides."""
from cases import TAMPERED, tampered
from registry import png, sha256
from steps import G, application, applied, decide, signed_block


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


@tampered("founded")
def about_no_word(r):
    """A vote on an application that names none: it is no block, though it counts for nothing."""
    application(r)
    path, data = r.vote("globex", "approve", "carol", r.fields(f"{G}/log/0001"), "none")
    r.commit({path: data})
    decide(r, ["alice", "bob"])


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
    about, word = applied(r)
    votes = dict(r.vote("globex", "approve", who, about, word) for who in ("bob", "alice"))
    path, data = r.event("globex", "approved", "application", "bob", Votes=" ".join(map(sha256, votes.values())))
    r.commit({**votes, path: data})


@tampered("founded")
def votes_after(r):
    application(r)
    about, word = applied(r)
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


def many_votes(name, expect, count, last):
    """So many unsigned votes against in alice's name, and then one of hers in favor, which decides; `last` signs it, if anybody."""
    def make(r):
        application(r, "acme")
        base = "data/partners/acme"
        about, word = r.fields(f"{base}/log/0001"), sha256(r.read(f"{base}/log/0001"))
        files = {f"{base}/votes/1/alice" + (f".{n}" if n > 1 else ""): r.vote("acme", "reject", "alice", about, word)[1] for n in range(1, count + 1)}
        r.commit(files)
        r.clock += 60
        sign = lambda pair, who: signed_block(r, who, pair) if who else pair
        own = sign(r.vote("acme", "approve", "alice", about, word, name=f"alice.{count + 1}"), last)
        other = sign(r.vote("acme", "approve", "bob", about, word), "bob")
        path, data = signed_block(r, "bob", r.event("acme", "approved", "application", "bob", Votes=f"{sha256(own[1])} {sha256(other[1])}"))
        r.commit(dict([own, other, (path, data)]))
    make.__name__ = name
    TAMPERED[name] = ("signed_freely", expect, make)


many_votes("a_hundredth_vote_unsigned", "none", 99, None)
many_votes("one_more_than_a_hundred_signed", "none", 100, "alice")
many_votes("one_more_than_a_hundred_unsigned", "error", 100, None)
many_votes("one_more_than_a_hundred_signed_by_another", "error", 100, "mallory")
many_votes("two_more_than_a_hundred", "error", 101, "alice")
