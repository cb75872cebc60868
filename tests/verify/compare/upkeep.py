"""Upkeep, imports and clearing."""
from cases import TAMPERED, tampered
from registry import png, sha256
from steps import G, application, decide, record_of


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
upkeeps("attested", "error", "renewed", "globex-bot", Attested="https://github.com/x/y/issues/1", **{"Attested-Id": "1", "Attested-Body": sha256(b"x")})
upkeeps("attested_by_a_member", "none", "renewed", "alice", Attested="https://github.com/x/y/issues/1", **{"Attested-Id": "1", "Attested-Body": sha256(b"x")})
upkeeps("attested_half", "error", "renewed", "globex-bot", Attested="https://github.com/x/y/issues/1")
upkeeps("round_zero", "error", "renewed", "globex-bot", Round="0")
