"""Accounts and seats."""
from cases import TAMPERED, tampered
from registry import sha256
from steps import BREACH, application, applied, decide, leaving, policy_by_hand, record_of


@tampered("founded", "none")
def bob_and_bob_x_by_login(r):
    policy_by_hand(r, r.read("data/program.toml") + b'[[committee]]\ngithub = "bob-x"\naffiliation = "Acme"\n')
    application(r)
    about, word = applied(r)
    first = r.vote("globex", "reject", "bob", about, word)
    second = r.vote("globex", "approve", "bob", about, word, name="bob.2")
    third = r.vote("globex", "approve", "bob-x", about, word)
    path, data = r.event("globex", "approved", "application", "bob", Votes=f"{sha256(second[1])} {sha256(third[1])}")
    r.commit(dict([first, second, third, (path, data)]))


@tampered("approved", "none")
def signed_vote_overwritten_unsigned(r):
    """A side takes its own unsigned vote back."""
    main = r.git("rev-parse", "HEAD").decode().strip()
    about = leaving(r)
    path, data = r.vote("globex", "approve", "carol", about, "none", **BREACH)
    r.commit({path: data})
    side = r.commit({path: None})
    r.to(main)
    r.commit({"x": b"x"}, parents=[main, side])


def numbered(name, expect, number, account):
    def make(r):
        policy_by_hand(r, r.read("data/program.toml").replace(b'"Umbrella"\n', b'"Umbrella"\nid = %d\n' % number))
        application(r)
        about, word = applied(r)
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
        about, word = applied(r)
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


def applied_for(name, expect, account, number="github_id = 7\n", by=""):
    """Who applied and the contact are one account where they have one login, whichever of them tells its number."""
    def make(r):
        application(r, record=record_of(more=number), account=by)
        decide(r, ("alice", "bob"))
        path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Account=account)
        r.commit({path: data})
    make.__name__ = f"applied_for_{name}"
    TAMPERED[make.__name__] = ("founded", expect, make)


applied_for("right", "none", "7")
applied_for("untold", "none", "")
applied_for("taken_over", "error", "8")
applied_for("of_no_number", "none", "8", "")
applied_for("known_by_the_application", "error", "8", "", "7")
applied_for("known_by_the_application_and_right", "none", "7", "", "7")
applied_for("known_by_the_application_and_untold", "none", "", "", "7")
applied_for("known_by_both", "none", "7", by="8")


def seat_of(name, expect, account, what):
    """Who took over the login of a member whom the policy knows by a number has no seat, and says nothing in that name."""
    def make(r):
        policy_by_hand(r, r.read("data/program.toml").replace(b'"Umbrella"\n', b'"Umbrella"\nid = 77\n'))
        if what == "event":
            path, data = r.event("globex", "renewed", "upkeep", "alice", Account=account)
            r.commit({path: data})
        else:
            opens, follows = ({"Account": account}, {}) if what == "opener" else ({}, {"Account": account})
            about = leaving(r)
            voters = ("alice", "bob") if what == "opener" else ("bob", "alice")
            first = r.vote("globex", "approve", voters[0], about, "none", **opens, **BREACH)
            second = r.vote("globex", "approve", voters[1], about, sha256(first[1]), **follows, **BREACH)
            votes = " ".join(sha256(data) for _, data in sorted([first, second]))
            path, data = r.event("globex", "exited", "exit", "bob", Round=2, Votes=votes, **BREACH)
            r.commit(dict([first, second, (path, data)]))
    make.__name__ = f"seat_{name}"
    TAMPERED[make.__name__] = ("approved", expect, make)


for what in ("event", "vote", "opener"):
    seat_of(f"{what}_right", "none", "77", what)
    seat_of(f"{what}_untold", "none", "", what)
    seat_of(f"{what}_taken_over", "error", "78", what)
