"""The policy and who has a seat."""
import random

from cases import TAMPERED, honest, tampered
from registry import png, sha256
from steps import G, NEW, application, policy_by_hand, round_by_hand


def policies(name, expect, change=lambda old: old.replace(b"Hooli", b"Acme"), base="approved", **more):
    def make(r):
        policy_by_hand(r, change(r.read("data/program.toml")), **more)
    make.__name__ = f"policy_{name}"
    TAMPERED[make.__name__] = (base, expect, make)


policies("right", "none")
policies("alone", "error", voters=("alice",))
policies("no_copy", "error", copy=False)
policies("not_landed", "error", land=False)


def lay_there(name, expect, first, **more):
    def make(r):
        new = r.read("data/program.toml").replace(b"Hooli", b"Acme")
        for data in first(new):
            r.commit({"data/program/policies/0002.toml": data})
        policy_by_hand(r, new, **more)
    make.__name__ = f"policy_lay_there_{name}"
    TAMPERED[make.__name__] = ("approved", expect, make)


lay_there("before", "none", lambda new: [new], copy=False)
lay_there("otherwise", "none", lambda new: [b"x", new], copy=False)
lay_there("and_was_mended", "none", lambda new: [b"x"])
lay_there("and_stays", "error", lambda new: [b"x"], copy=False)
lay_there("and_was_rejected", "error", lambda new: [], land=False, kind="rejected", verdict="reject")
policies("invalid", "error", lambda old: old + b"[signatures]\nzzz = 1\n")
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
        ("error", '[[committee]]\ngithub = "zed"\naffiliation = "x"\nmail = "x"\n'), ("none", '[contact]\n'), ("error", '[signatures]\nrequired = 1\n'),
        ("none", '[signatures]\nattested = true\n'), ("error", '[[organization]]\nid = "x"\nname = "X"\n'),
        ("none", '[decisions.approve]\naffiliations = 0\n'), ("none", '[decisions.update]\npresence = 0\nobjection = "blocks"\n'),
        ("error", '[[committee]]\ngithub = "zed[bot]"\naffiliation = "Acme"\n'),
        ("none", '[decisions.approve]\ndue = 3\nremind = 1000\n'), ("error", '[decisions.approve]\ndue = 0\n'),
        ("error", '[decisions.exit]\nremind = 1001\n'), ("error", '[decisions.exit]\nremind = "7"\n'), ("error", '[decisions.exit]\ndue = true\n'),
        ("none", '[[committee]]\ngithub = "zed"\naffiliation = "Acme"\naway_until = 2026-12-31\n'),
        ("error", '[[committee]]\ngithub = "zed"\naffiliation = "Acme"\naway_until = "2026-12-31"\n'),
        ("error", '[[committee]]\ngithub = "zed"\naffiliation = "Acme"\naway_until = 2026-12-31T10:00:00\n'),
        ("error", '[[committee]]\ngithub = "zed"\naffiliation = "Acme"\naway_until = 2026-02-30\n'),
        ("none", '[decisions.approve]\nquorum = 9\n'), ("none", '[[committee]]\ngithub = "zed"\naffiliation = "Acme"\nrole = "emeritus"\n'))):
    policies(f"says_{n}", expect, lambda old, more=more: old + more.encode())
for n, (expect, value) in enumerate((
        ("error", "0000-01-01"), ("none", "0001-01-01"), ("none", "9999-12-31T23:59:59.999999999-23:59"), ("error", "2026-06-30T23:59:60Z"),
        ("error", "23:59:60"), ("none", "[" * 31 + "]" * 31), ("error", "[" * 32 + "]" * 32), ("error", "[" * 90 + "]" * 90), ("error", "[" * 2000 + "]" * 2000),
        ("error", "{a=" * 300 + "1" + "}" * 300), ("error", "1\n" + ".".join("a" * 40) + " = 1"), ("none", "1\n[" + ".".join("a" * 32) + "]"),
        ("error", "1\n[" + ".".join("a" * 33) + "]"),
        ("error", "0x"), ("error", "[1, 0o]"), ("error", "{a = 0b}"), ("none", "0x0\n0x = 1"), ("none", "-" + "1" * 4300),
        ("error", "1" * 4301), ("error", "-1_" + "1" * 4300), ("none", "0x" + "1" * 4301), ("none", "0." + "1" * 4301))):
    policies(f"value_{n}", expect, lambda old, value=value: old + f"[website]\nx = {value}\n".encode())


def at_random(r, number):
    """A value in a table that is nobody's, put together by lot: both can read it, or neither."""
    lot = random.Random(number)
    of = lambda *words: lot.choice(words)
    day = lambda: f"{of('0000', '0001', '1900', '2000', '2026', '9999', '12026')}-{of('00', '01', '02', '12', '13', '1')}-{of('00', '01', '28', '29', '30', '31', '32')}"
    clock = lambda: f"{of('00', '23', '24', '7')}:{of('00', '59', '60')}" + of("", ":00", ":59", ":60", ":61", ":5") + of("", "", ".", ".5", ".123456789012")
    zone = lambda: of("", "Z", "z", f"{of('+', '-')}{of('00', '23', '24', '7')}:{of('00', '59', '60')}")
    number = lambda: of("", "+", "-") + of("0", "00", "1_000", "1__0", "_1", "0x", "0o", "0b", "0x1F", "0xg", "0o17", "0o8", "0b11", "inf", "nan", "1.5", "1.", ".5", "1e5", "1e", "1e+1_0",
                                           "9223372036854775807", "9223372036854775808", "99999999999999999999999", "0x8000000000000000")
    text = lambda: of('"{}"', "'{}'", '"""{}"""', "'''{}'''").format("".join(of("a", "é", "\\\\", "\\n", "\\e", "\\x41", "\\u00e9", "\\ud800", "\\U0010ffff", "\\U00110000",
                                           "\n", "\t", "\u007f", "\u0085", "\\ \n", "\\", '"', "'") for _ in range(lot.randint(0, 3))))
    key = lambda: of("a", "b", "a.b", '"a"', "'b'.c", "é", '""', "1", "-", "a . b", "true", "1.5")
    def value(deep=0):
        kind = of("day", "moment", "clock", "number", "text", "list", "table", "word")
        if kind == "list" and deep < 3:
            return "[" + of("", " ", "\n") + ",".join(value(deep + 1) for _ in range(lot.randint(0, 2))) + of("", ",", "\n") + "]"
        if kind == "table" and deep < 3:
            return "{" + ", ".join(f"{key()} = {value(deep + 1)}" for _ in range(lot.randint(0, 2))) + of("", "", ",", "\n") + "}"
        return {"day": day, "moment": lambda: day() + of("T", "t", " ", "_") + clock() + zone(), "clock": clock, "number": number, "text": text}.get(
            kind, lambda: of("true", "false", "True", "null", ""))()
    lines = "".join(of("", "", f"[{key()}]\n", f"[[{key()}]]\n") + f"{key()} = {value()}\n" for _ in range(lot.choice((1, 1, 1, 2, 3))))
    policy_by_hand(r, r.read("data/program.toml") + b"[website]\n" + lines.encode())


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


def policy_voted_on_before(name, expect, anew):
    """Alice and Bob vote on a policy; another is decided; then theirs lands, by votes of before or given anew."""
    def make(r):
        old = sha256(r.read("data/program.toml"))
        theirs = r.read("data/program.toml").replace(b"Hooli", b"Acme")
        policy_by_hand(r, r.read("data/program.toml").replace(b"Initech", b"Massive"))
        r.clock += 60
        about = dict(r.fields(r.list("data/program/log/")[-1]), **{"KP-Round": "9", "KP-Record": sha256(theirs)})
        under = {} if anew else {"Policy": old}
        first = r.vote("program", "approve", "alice", about, "none", **under)
        second = r.vote("program", "approve", "bob", about, sha256(first[1]), **under)
        path, data = r.event("program", "updated", "policy", "bob", Round=9, Record=sha256(theirs), Objects=r.object(theirs),
                             Votes=f"{sha256(first[1])} {sha256(second[1])}")
        r.commit({**dict([first, second, (path, data)]), "data/program.toml": theirs, f"data/program/policies/{path[-4:]}.toml": theirs})
    make.__name__ = name
    TAMPERED[name] = ("approved", expect, make)


policy_voted_on_before("policy_by_votes_of_before_another", "error", False)
policy_voted_on_before("policy_by_votes_given_anew", "none", True)
for n, (expect, more) in enumerate((
        ("error", '[decisions.approve]\nthreshold = "2 / 3"\n'), ("error", '[decisions.approve]\nthreshold = "02/03"\n'),
        ("error", '[decisions.approve]\nthreshold = "+2/3"\n'), ("error", '[decisions.approve]\nthreshold = "1000/1001"\n'),
        ("error", '[[committee]]\ngithub = "zed"\naffiliation = "' + "x" * 1001 + '"\n'),
        ("error", '[[committee]]\ngithub = "zed"\naffiliation = "x\u202e"\n'),
        ("none", '[[committee]]\ngithub = "zed"\naffiliation = "' + "x" * 1000 + '"\n'))):
    policies(f"spells_{n}", expect, lambda old, more=more: old + more.encode())
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFTjtTdn7C5DWWlZ6UW4fdpRwXseMy2i3fBUU+rJwHzh"
for n, (expect, keys, more) in enumerate((
        ("none", f'"{KEY}"', ""), ("none", f'"{KEY} zed at home"', ""), ("error", f'"{KEY}", "{KEY} again"', ""),
        ("error", f'"{KEY.replace(" ", "  ")}"', ""), ("error", f'" {KEY}"', ""), ("error", f'"{KEY} a\\tb"', ""),
        ("error", f'"{KEY} \u202eb"', ""), ("error", f'"{KEY}"', f'[[committee]]\ngithub = "yan"\naffiliation = "y"\nkeys = ["{KEY}"]\n'))):
    policies(f"key_{n}", expect, lambda old, keys=keys, more=more: old + (
        f'[[committee]]\ngithub = "zed"\naffiliation = "x"\nkeys = [{keys}]\n' + more).encode())


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


policies("ids_twice", "error", lambda old: old.replace(b'"Umbrella"\n', b'"Umbrella"\nid = 7\n').replace(b'"Initech"\n', b'"Initech"\nid = 7\n'))
policies("bot", "error", lambda old: old + b'[[committee]]\ngithub = "some-app[bot]"\naffiliation = "x"\n')


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
