"""What binds from one life of a partner to the next, and where facts are gone."""
from cases import TAMPERED, tampered
from registry import png, sha256
from steps import BREACH, G, NEW, application, decide, record_of, round_by_hand


def leave(r):
    round_by_hand(r, "exit", [("alice", "approve", "none"), ("carol", "approve", "word")], "exited", "alice", **BREACH)


@tampered("founded")
def former_name_recuses(r):
    """It was bob's employer by name when it left, and applies again under another one."""
    application(r, record=record_of(name="Initech"))
    decide(r, ["alice", "carol"], actor="alice")
    leave(r)
    application(r)
    decide(r, ["alice", "bob"])


@tampered("founded")
def former_contact_recuses(r):
    application(r, contact="bob")
    decide(r, ["alice", "carol"], actor="alice")
    leave(r)
    application(r, who="carol")
    decide(r, ["alice", "bob"])


def ends_a_request_to_be_cleared(kind, actor, votes):
    def make(r):
        record = r.read(f"{G}/partner.toml")
        about = dict(r.fields(f"{G}/log/0003"), **{"KP-Subject": "update", "KP-Round": "3", "KP-Logo": "none"})
        asked = r.vote("globex", "request", "globex-bot", about, "none")
        cast = [r.vote("globex", "reject", who, about, sha256(asked[1])) for who in votes]
        path, data = r.event("globex", kind, "update", actor, Round=3, Logo="none", Objects=r.object(record),
                             Votes=" ".join(sha256(vote) for _, vote in cast) or "none")
        r.commit(dict([asked, *cast, (path, data)]))
    return make


TAMPERED["clearing_turned_down"] = ("left", "none", ends_a_request_to_be_cleared("rejected", "alice", ["alice"]))
TAMPERED["clearing_taken_back"] = ("left", "none", ends_a_request_to_be_cleared("withdrawn", "globex-bot", []))


@tampered("left")
def cleared_into_somebody_else(r):
    record = record_of(name="Another", github="mallory")
    about = dict(r.fields(f"{G}/log/0003"), **{"KP-Subject": "update", "KP-Round": "3", "KP-Logo": "none", "KP-Record": sha256(record)})
    vote = r.vote("globex", "approve", "alice", about, "none")
    path, data = r.event("globex", "cleared", "update", "alice", Round=3, Logo="none", Record=sha256(record), Votes=sha256(vote[1]),
                         Objects=r.object(record))
    r.commit(dict([vote, (path, data), (f"{G}/logo.png", None), (f"{G}/partner.toml", record)]))


def turned_down_unseen(name, expect, votes, named):
    """The facts of an application were never here: of its votes those that the decision names are counted."""
    def make(r):
        record, logo = record_of(name="Initech"), png(9)
        path, data = r.event("globex", "applied", "application", "globex-bot", Record=sha256(record), Logo=sha256(logo),
                             Objects="1" * 40 + " " + "2" * 40)
        r.commit({path: data})
        about = r.fields(path)
        cast = {name: r.vote("globex", verdict, name.split(".")[0], about, sha256(data), name=name) for name, verdict in votes}
        event = r.event("globex", "rejected", "application", named[-1].split(".")[0], Votes=" ".join(sha256(cast[n][1]) for n in named))
        r.commit(dict([*cast.values(), event]))
    TAMPERED[f"unseen_{name}"] = ("founded", expect, make)


turned_down_unseen("right", "none", [("alice", "reject"), ("bob", "reject")], ["alice", "bob"])
turned_down_unseen("others_besides", "none", [("alice", "reject"), ("bob", "reject"), ("carol", "approve")], ["alice", "bob"])
turned_down_unseen("replaced", "error", [("alice", "reject"), ("alice.2", "approve"), ("bob", "reject")], ["alice", "bob"])
turned_down_unseen("one_twice", "error", [("alice", "reject"), ("alice.2", "reject")], ["alice", "alice.2"])
turned_down_unseen("newest", "none", [("alice", "approve"), ("alice.2", "reject"), ("bob", "reject")], ["alice.2", "bob"])


def update_leaves_out(name, logo):
    """Two against come along, and the decision names only who is in favor."""
    def make(r):
        record, picture = (r.read(f"{G}/partner.toml"), png(77)) if logo else (NEW, r.read(f"{G}/logo.png"))
        about = dict(r.fields(f"{G}/log/0002"), **{"KP-Subject": "update", "KP-Round": "2", "KP-Record": sha256(record),
                                                   "KP-Logo": sha256(picture)})
        word = r.vote("globex", "approve", "alice", about, "none")
        against = [r.vote("globex", "reject", who, about, sha256(word[1])) for who in ("bob", "carol")]
        event = r.event("globex", "updated", "update", "alice", Round=2, Record=sha256(record), Logo=sha256(picture),
                        Objects=f"{r.object(record)} {r.object(picture)}", Votes=sha256(word[1]))
        r.commit(dict([word, *against, event, (f"{G}/partner.toml", record), (f"{G}/logo.png", picture)]))
    TAMPERED[f"update_leaves_out_{name}"] = ("approved", "error", make)


update_leaves_out("votes", False)
update_leaves_out("votes_of_a_logo", True)


for name, expect, said in (("0000", "error", "0000-01-01T00:00:00Z"), ("9999", "error", "9999-01-01T00:00:00Z"),
                           ("9998", "none", "9998-12-31T23:59:59Z")):
    def of_a_year(r, said=said):
        r.commit(dict([r.event("globex", "renewed", "upkeep", "globex-bot", Time=said)]))
    TAMPERED[f"year_{name}"] = ("approved", expect, of_a_year)


@tampered("founded")
def head_of_another_length(r):
    application(r)
    log = f"{G}/log/0001"
    about, word = r.fields(log), sha256(r.read(log))
    clicked = dict(Authenticity="", URL="", Relevance="", Attested="https://github.com/x/y/pull/1", Head="1" * 64)
    votes = dict([r.vote("globex", "approve", "alice", about, word, **clicked), r.vote("globex", "approve", "bob", about, word)])
    event = r.event("globex", "approved", "application", "bob", Votes=" ".join(sha256(data) for _, data in sorted(votes.items())))
    r.commit({**votes, event[0]: event[1]})
