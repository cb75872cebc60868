"""Merges, several events at once, and what messages tell."""
from cases import tampered
from registry import sha256
from steps import G, NEW, application, applied, decide, policy_by_hand, round_by_hand


@tampered("approved", "none")
def merged_again(r):
    r.commit({"README.md": b"x\n"}, parents=["HEAD", "HEAD^2"])


@tampered("approved")
def vote_dropped_in_merge(r):
    """The decision's merge without alice's vote."""
    head = r.git("rev-parse", "HEAD").decode().strip()
    r.commit({f"{G}/votes/1/alice": None}, r.git("log", "-1", "--format=%B").decode(), [f"{head}^1", f"{head}^2"], base=head)


@tampered("approved")
def message_makes_up(r):
    path, data = r.event("globex", "exited", "exit", "alice", Round=2, Exit_Kind="breach", Effective="2026-10-01",
                         Votes=sha256(b"x"))
    r.commit({"README.md": b"x\n"}, "globex leaves\n\n" + data.decode())


@tampered("approved", "none")
def message_nearly(r):
    r.commit({"README.md": b"x\n"}, "globex leaves\n\nKP-Event: v1 exited\nKP-Partner: globex\n")


@tampered("founded")
def root_has_all(r):
    """Everything in the first commit."""
    application(r)
    decide(r, ["alice", "bob"])
    r.commit({}, "all", [], base="HEAD")


@tampered("policy")
def retired_decides(r):
    """Alice, who has no seat any more, votes and decides, under the policy of old."""
    old = sha256(r.read("data/program/policies/0001.toml"))
    about = r.fields(f"{G}/log/0002")
    about.update({"KP-Subject": "exit", "KP-Round": "2"})
    terms = dict(Exit_Kind="breach", Effective="2026-10-01")
    first = r.vote("globex", "approve", "alice", about, "none", Policy=old, **terms)
    second = r.vote("globex", "approve", "bob", about, sha256(first[1]), Policy=old, **terms)
    path, data = r.event("globex", "exited", "exit", "alice", Round=2, Policy=old, Votes=f"{sha256(first[1])} {sha256(second[1])}", **terms)
    r.commit(dict([first, second, (path, data)]))


@tampered("approved")
def event_deleted_and_another(r):
    r.commit({f"{G}/log/0002": None})
    path, data = r.event("globex", "withdrawn", "application", "globex-bot")
    r.commit({path: data, f"{G}/partner.toml": None, f"{G}/logo.png": None})


@tampered("approved", "none")
def event_deleted_and_back(r):
    old = r.read(f"{G}/log/0002")
    r.commit({f"{G}/log/0002": None})
    r.commit({f"{G}/log/0002": old})


@tampered("approved", "none")
def two_events_at_once(r):
    path, data = r.event("globex", "posted", "upkeep", "globex-bot", Title="Engineer")
    seq, prev = 4, sha256(data)
    path2, data2 = r.event("globex", "closed", "upkeep", "globex-bot", Job=3, Seq=4, Prev=prev)
    r.commit({path: data, path2.replace("0003", "0004"): data2})


@tampered("approved")
def message_changed(r):
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Reason="all well")
    r.commit({path: data}, "x\n\n" + data.decode().replace("all well", "not well"))


@tampered("approved", "none")
def message_right(r):
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Reason="all well")
    r.commit({path: data}, "x\n\n* y\n\n" + data.decode() + "Signed-off-by: x <x@example.org>\n\nmore\n")


@tampered("approved", "none")
def message_vote_made_up(r):
    about = r.fields(f"{G}/log/0002")
    r.commit({"x": b"x"}, "x\n\n" + r.vote("globex", "approve", "carol", about, "none")[1].decode())


@tampered("approved", "none")
def message_in_words(r):
    r.commit({"x": b"x"}, "x\n\nKP-Event: v1 something else\n")


@tampered("approved", "none")
def by_a_bot(r):
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot")
    r.commit({path: data.replace(b"KP-Time", b"KP-Account: 12345\nKP-By: some-bot\nKP-Time")})


@tampered("two", "none")
def octopus(r):
    main = r.git("rev-parse", "HEAD").decode().strip()
    a = r.commit({"a": b"x\n"}, parents=[main])
    b = r.commit({"b": b"x\n"}, parents=[main])
    r.to(main)
    r.commit({"a": b"x\n", "b": b"x\n"}, parents=[main, a, b])


@tampered("approved", "none")
def unrelated_side(r):
    main = r.git("rev-parse", "HEAD").decode().strip()
    side = r.commit({"other": b"x\n"}, parents=[])
    r.to(main)
    r.commit({"other": b"x\n"}, parents=[main, side])


@tampered("approved")
def unrelated_registry(r):
    """A side with a history of its own, of which nothing is kept."""
    main = r.git("rev-parse", "HEAD").decode().strip()
    side = r.commit({p: r.read(p) for p in r.list("data")} | {f"{G}/log/0001": r.read(f"{G}/log/0001").replace(b"globex-bot", b"mallory")}, parents=[])
    r.to(main)
    r.commit({"x": b"x\n"}, parents=[main, side])


@tampered("approved")
def side_event_replaced(r):
    """The side's event is another than what the merge keeps."""
    main = r.git("rev-parse", "HEAD").decode().strip()
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Reason="one")
    side = r.commit({path: data})
    r.to(main)
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Reason="two")
    r.commit({path: data}, parents=[main, side])


@tampered("approved", "none")
def side_event_kept(r):
    main = r.git("rev-parse", "HEAD").decode().strip()
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Reason="one")
    side = r.commit({path: data})
    r.to(main)
    r.commit({path: data}, parents=[main, side])


@tampered("approved", "none")
def side_added_and_removed(r):
    """An event that the side itself took away again."""
    main = r.git("rev-parse", "HEAD").decode().strip()
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Reason="one")
    r.commit({path: data})
    side = r.commit({path: None})
    r.to(main)
    r.commit({"x": b"x\n"}, parents=[main, side])


@tampered("policy")
def retired_gives(r):
    """Alice, retired, writes a benefit down under the policy of old."""
    path, data = r.event("globex", "benefited", "upkeep", "alice", Policy=sha256(r.read("data/program/policies/0001.toml")),
                         Benefit="other", On="2026-01-01", What="x")
    r.commit({path: data})


@tampered("approved", "none")
def rebased_update(r):
    record, logo = NEW, r.read(f"{G}/logo.png")
    about = dict(r.fields(f"{G}/log/0002"), **{"KP-Subject": "update", "KP-Round": "2", "KP-Record": sha256(record)})
    first = r.vote("globex", "request", "globex-bot", about, "none")
    r.commit({first[0]: first[1], f"{G}/partner.toml": record})
    second = r.vote("globex", "approve", "bob", about, sha256(first[1]))
    r.commit(dict([second]))
    path, data = r.event("globex", "updated", "update", "bob", Round=2, Votes=sha256(second[1]), Record=sha256(record), Objects=f"{r.object(record)} {r.object(logo)}")
    r.commit({path: data})


@tampered("approved", "none")
def rebased_update_facts_first(r):
    """The facts come before any vote that names them: explained later."""
    record, logo = NEW, r.read(f"{G}/logo.png")
    r.commit({f"{G}/partner.toml": record})
    round_by_hand(r, "update", [("alice", "approve", "none")], "updated", "alice", record=record)


@tampered("approved", "none")
def changes_nothing(r):
    r.commit({})


@tampered("founded")
def undecided_then_empty(r):
    application(r)
    r.commit({})


@tampered("founded")
def bob_and_bob_x(r):
    """The order of names: bob.2 and bob-x."""
    policy_by_hand(r, r.read("data/program.toml") + b'[[committee]]\ngithub = "bob-x"\naffiliation = "Acme"\n')
    application(r)
    about, word = applied(r)
    first = r.vote("globex", "reject", "bob", about, word)
    second = r.vote("globex", "approve", "bob", about, word, name="bob.2")
    third = r.vote("globex", "approve", "bob-x", about, word)
    path, data = r.event("globex", "approved", "application", "bob", Votes=f"{sha256(third[1])} {sha256(second[1])}")
    r.commit(dict([first, second, third, (path, data)]))
