"""Signatures and keys of those who vote, give and decide."""
import os

from cases import TAMPERED, honest, tampered
from registry import sha256
from steps import BREACH, G, application, decide, keys, leaving, signed_block


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


@tampered("signed_freely")
def signed_vote_taken_back(r):
    main = r.git("rev-parse", "HEAD").decode().strip()
    about = leaving(r)
    path, data = signed_block(r, "carol", r.vote("globex", "approve", "carol", about, "none", **BREACH))
    r.commit({path: data})
    side = r.commit({path: None})
    r.to(main)
    r.commit({"x": b"x"}, parents=[main, side])


@tampered("signed_freely")
def signed_vote_written_over(r):
    main = r.git("rev-parse", "HEAD").decode().strip()
    about = leaving(r)
    path, data = signed_block(r, "carol", r.vote("globex", "reject", "carol", about, "none", **BREACH))
    r.commit({path: data})
    path, data = r.vote("globex", "approve", "carol", about, "none", **BREACH)
    side = r.commit({path: data})
    r.to(main)
    second = r.vote("globex", "approve", "bob", about, sha256(data), **BREACH)
    event, decision = r.event("globex", "exited", "exit", "bob", Round=2, Votes=f"{sha256(second[1])} {sha256(data)}", **BREACH)
    r.commit(dict([(path, data), second, (event, decision)]), parents=[main, side])


def spoken_over(name, expect, against, over, named, base="signed_freely"):
    """Bob is against it; then somebody adds a vote in his name, and the decision rests on what `named` says."""
    def make(r):
        application(r, "pied-piper")
        about, word = r.fields("data/partners/pied-piper/log/0001"), sha256(r.read("data/partners/pied-piper/log/0001"))
        sign_as = lambda who, pair: signed_block(r, who, pair) if who else pair
        votes = {
            "alice": signed_block(r, "alice", r.vote("pied-piper", "approve", "alice", about, word)),
            "bob": sign_as(against, r.vote("pied-piper", "reject", "bob", about, word)),
            "bob.2": sign_as(over, r.vote("pied-piper", "approve", "bob", about, word, name="bob.2")),
            "carol": signed_block(r, "carol", r.vote("pied-piper", "approve", "carol", about, word)),
        }
        rests = " ".join(sha256(votes[who][1]) for who in named)
        path, data = signed_block(r, "alice", r.event("pied-piper", "approved", "application", "alice", Votes=rests))
        r.commit({**dict(votes.values()), path: data})
    make.__name__ = f"spoken_over_{name}"
    TAMPERED[make.__name__] = (base, expect, make)


spoken_over("by_nobody", "error", "bob", None, ("alice", "bob.2", "carol"))
spoken_over("left_out", "error", "bob", None, ("alice", "carol"))
spoken_over("kept", "none", "bob", None, ("alice", "bob", "carol"))
spoken_over("by_himself", "none", "bob", "bob", ("alice", "bob.2", "carol"))
spoken_over("where_nobody_signs", "none", None, None, ("alice", "bob.2", "carol"))
spoken_over("by_a_signature_later", "none", None, "bob", ("alice", "bob.2", "carol"))
spoken_over("by_nobody_where_it_must", "error", "bob", None, ("alice", "carol"), "signed")


def spoken_over_word(name, expect, over, about):
    """Alice opens an exit and signs it; somebody adds a voice in her name, and the decision is about what `about` says."""
    def make(r):
        terms = leaving(r)
        word = signed_block(r, "alice", r.vote("globex", "approve", "alice", terms, "none", **BREACH))
        later = r.vote("globex", "approve", "alice", terms, "none", name="alice.2", **dict(BREACH, Exit_Kind="inactive"))
        later = signed_block(r, over, later) if over else later
        said, voiced = (word, BREACH) if about == "word" else (later, dict(BREACH, Exit_Kind="inactive"))
        other = signed_block(r, "bob", r.vote("globex", "approve", "bob", terms, sha256(said[1]), **voiced))
        path, data = signed_block(r, "alice", r.event("globex", "exited", "exit", "alice", Round=2,
                                                      Votes=f"{sha256(said[1])} {sha256(other[1])}", **voiced))
        r.commit(dict([word, later, other, (path, data)]))
    make.__name__ = f"spoken_over_word_{name}"
    TAMPERED[make.__name__] = ("signed_freely", expect, make)


def spoken_over_taken_back(name, expect, base, signs):
    """Alice takes back the exit that she opened, beside a vote in Bob's name."""
    def make(r):
        about = leaving(r)
        word = signed_block(r, "alice", r.vote("globex", "approve", "alice", about, "none", **BREACH))
        other = r.vote("globex", "approve", "bob", about, sha256(word[1]), **BREACH)
        other = signed_block(r, "bob", other) if signs else other
        path, data = signed_block(r, "alice", r.event("globex", "withdrawn", "exit", "alice", Round=2))
        r.commit(dict([word, other, (path, data)]))
    make.__name__ = f"spoken_over_taken_back_{name}"
    TAMPERED[make.__name__] = (base, expect, make)


spoken_over_word("kept", "none", None, "word")
spoken_over_word("made_up", "error", None, "later")
spoken_over_word("signed", "none", "alice", "later")
spoken_over_word("signed_later", "error", "alice", "word")
spoken_over_taken_back("signed", "error", "signed", True)
spoken_over_taken_back("made_up", "none", "signed", False)
spoken_over_taken_back("made_up_where_nobody_has_to_sign", "error", "signed_freely", False)


def merged_into_the_side(name, expect, who, kept):
    """A vote comes on a branch of its own, which is merged into the side; the side's merge drops it, or keeps it."""
    def make(r):
        main = r.git("rev-parse", "HEAD").decode().strip()
        about = leaving(r)
        opens = r.vote("globex", "approve", "bob", about, "none", **BREACH)
        first = r.commit(dict([signed_block(r, "bob", opens)]))
        word = sha256(r.read(f"{G}/votes/2/bob"))
        vote = r.vote("globex", "abstain", "carol", about, word, **BREACH)
        pair = signed_block(r, who, vote) if who else vote
        r.to(first)
        branch = r.commit(dict([pair]))
        r.to(first)
        side = r.commit(dict([pair]) if kept else {"x": b"x"}, parents=[first, branch])
        r.to(main)
        files = {p: r.read(p, side) for p in r.list(f"{G}/votes/2", side)}
        files.update([signed_block(r, "alice", r.vote("globex", "approve", "alice", about, word, **BREACH))])
        counted = [f"{G}/votes/2/{who}" for who in ("alice", "bob", *(["carol"] if kept else []))]
        path, data = signed_block(r, "bob", r.event("globex", "exited", "exit", "bob", Round=2, Votes=" ".join(
            sha256(files[p]) for p in counted), **BREACH))
        r.commit({**files, path: data}, parents=[main, side])
    make.__name__ = f"merged_into_the_side_{name}"
    TAMPERED[make.__name__] = ("signed_freely", expect, make)


merged_into_the_side("dropped", "error", "carol", False)
merged_into_the_side("kept", "none", "carol", True)
merged_into_the_side("unsigned", "none", None, False)
merged_into_the_side("by_mallory", "none", "mallory", False)
