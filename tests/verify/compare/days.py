"""Times and days, and what bounds them."""
from cases import TAMPERED, tampered
from registry import sha256
from steps import G, application, decide, leaving

FUTURE, YEAR_2099 = "2099-01-01T00:00:00Z", 4070908800


def posted_in_2099(r):
    """A job post of the year 2099, in a commit of that year."""
    path, data = r.event("globex", "posted", "upkeep", "globex-bot", Time=FUTURE, Title="Engineer")
    r.commit({path: data}, time=YEAR_2099)


@tampered("approved", "none")
def dated_ahead(r):
    posted_in_2099(r)


@tampered("approved", "none")
def after_what_is_dated_ahead(r):
    posted_in_2099(r)
    r.commit(dict([r.event("globex", "renewed", "upkeep", "globex-bot")]))


@tampered("approved")
def back_before_what_is_dated_ahead(r):
    posted_in_2099(r)
    r.commit(dict([r.event("globex", "renewed", "upkeep", "globex-bot", Time="2026-09-01T00:00:00Z")]))


@tampered("approved", "none")
def decided_after_what_is_dated_ahead(r):
    posted_in_2099(r)
    leaves(r)


@tampered("approved")
def a_vote_after_what_it_decided(r):
    leaves(r, Time=FUTURE)


def leaves(r, **more):
    about, terms = leaving(r), dict(Exit_Kind="breach", Effective="2026-10-01")
    r.clock += 60
    first = r.vote("globex", "approve", "alice", about, "none", **terms)
    second = r.vote("globex", "approve", "bob", about, sha256(first[1]), **terms, **more)
    path, data = r.event("globex", "exited", "exit", "bob", Round=2, Votes=f"{sha256(first[1])} {sha256(second[1])}", **terms)
    r.commit(dict([first, second, (path, data)]))


def becomes_part_of(r, into):
    about, terms = leaving(r), dict(Exit_Kind="merged", Effective="2026-10-01", Merged_Into=into)
    r.clock += 60
    first = r.vote("globex", "approve", "alice", about, "none", **terms)
    second = r.vote("globex", "approve", "bob", about, sha256(first[1]), **terms)
    path, data = r.event("globex", "exited", "exit", "bob", Round=2, Votes=f"{sha256(first[1])} {sha256(second[1])}", **terms)
    r.commit(dict([first, second, (path, data)]))


TAMPERED["part_of_itself"] = ("approved", "error", lambda r: becomes_part_of(r, "globex"))
TAMPERED["part_of_nobody"] = ("approved", "error", lambda r: becomes_part_of(r, "nobody"))


@tampered("approved")
def part_of_an_applicant(r):
    """It became part of somebody who only applied."""
    application(r, "beta")
    r.commit(dict([r.event("beta", "withdrawn", "application", "beta-bot")]) | {
        "data/partners/beta/partner.toml": None, "data/partners/beta/logo.png": None})
    becomes_part_of(r, "beta")


for kind, actor, more in (
        ("posted", "globex-bot", dict(Title="Engineer", Closes="2099-01-01")),
        ("benefited", "alice", dict(Benefit="exposure", On="2099-01-01", What="a talk"))):
    def far(r, kind=kind, actor=actor, more=more):
        r.commit(dict([r.event("globex", kind, "upkeep", actor, **more)]))
    TAMPERED[f"{kind}_of_2099"] = ("approved", "error", far)


def imported(since):
    def make(r):
        files = application(r)
        path = f"{G}/log/0001"
        first = r.fields(path) | {"KP-Event": "v1 imported", "KP-Actor": "alice", "KP-Source": "a list", "KP-Since": since}
        r.to("HEAD^").commit({**files, path: r.block(first)})
        decide(r, ["alice", "bob"])
    return make


TAMPERED["imported_since_2099"] = ("founded", "error", imported("2099-01-01"))
TAMPERED["imported_since_2020"] = ("founded", "none", imported("2020-01-01"))


def attested(actor, **more):
    def make(r):
        files = application(r)
        path = f"{G}/log/0001"
        first = r.fields(path) | {"KP-Actor": actor}
        first |= {"KP-Attested": "https://example.com/7", "KP-Attested-Id": "7", "KP-Attested-Body": sha256(b"text")}
        if more:
            order = ["KP-Event", "KP-Registry", "KP-Partner", "KP-Seq", "KP-Round", "KP-Subject", "KP-Actor", "KP-By"]
            first |= more
            first = {key: first[key] for key in [*order, *(k for k in first if k not in order)]}
        r.to("HEAD^").commit({**files, path: r.block(first)})
        decide(r, ["alice", "bob"])
    return make


TAMPERED["attested_in_the_own_name"] = ("founded", "error", attested("globex-bot"))
TAMPERED["attested_by_a_member"] = ("founded", "none", attested("carol"))
TAMPERED["attested_by_a_bot"] = ("founded", "none", attested("globex-bot", **{"KP-By": "github-actions[bot]"}))


@tampered("approved")
def strangers_ask_twice(r):
    """Each takes up its name."""
    about, terms = leaving(r), dict(Exit_Kind="voluntary", Effective="2026-10-01")
    r.commit(dict([r.vote("globex", "request", "mallory", about, "none", **terms)]))
    path, data = r.vote("globex", "request", "mallory", about, "none", **terms)
    r.commit({path + ".2": data})


@tampered("approved", None)
def order_told_by_commits(r):
    """The contact asks to leave and takes that back; alice, whose name comes first, had opened it at the same time."""
    about, terms = leaving(r), dict(Exit_Kind="voluntary", Effective="2026-10-01")
    r.commit(dict([r.vote("globex", "request", "globex-bot", about, "none", **terms)]))
    r.commit(dict([r.vote("globex", "approve", "alice", about, "none", **terms)]))
    r.commit(dict([r.event("globex", "withdrawn", "exit", "globex-bot", Round=2)]))


@tampered("updated", None)
def partial_clone(r):
    """Something of a clone that was made with --filter isn't here: both end with 5."""
    from damage import lose
    r.git("config", "remote.origin.promisor", "true")
    lose(r, r.git("rev-parse", f"HEAD^1:{G}/partner.toml").decode().strip())
