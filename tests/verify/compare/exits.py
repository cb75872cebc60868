"""Rounds about leaving and changing, by hand."""
from cases import TAMPERED, tampered
from registry import sha256
from steps import BREACH, G, NEW, VOLUNTARY, application, applied, decide, leaving, record_of, round_by_hand


def exit_by_hand(r, voters=("alice", "bob"), actor="bob", opener_log="none", event_terms=None, round=2, more_files=None, **more):
    about = r.fields(f"{G}/log/0002")
    about.update({"KP-Subject": "exit", "KP-Round": str(round)})
    terms = dict(Exit_Kind="breach", Effective="2026-10-01")
    r.clock += 60
    first = r.vote("globex", "approve", voters[0], about, opener_log, **terms)
    rest = [r.vote("globex", "approve", who, about, sha256(first[1]), **terms) for who in voters[1:]]
    path, data = r.event("globex", "exited", "exit", actor, Round=round, Votes=" ".join(sha256(d) for _, d in sorted([first, *rest])),
                         **(event_terms or terms), **more)
    r.commit(dict([first, *rest, (path, data)]))


@tampered("approved", "none")
def exit_right(r):
    exit_by_hand(r)


@tampered("approved", "none")
def exit_opened_by_the_later_name(r):
    exit_by_hand(r, ("bob", "alice"))


@tampered("approved")
def exit_terms_changed(r):
    exit_by_hand(r, event_terms=dict(Exit_Kind="mistaken", Effective="2026-10-01"))


@tampered("approved")
def exit_without_opener(r):
    exit_by_hand(r, opener_log=sha256(b"x"))


@tampered("approved")
def exit_round_used(r):
    exit_by_hand(r, round=1)


@tampered("approved")
def exit_round_far(r):
    exit_by_hand(r, round=1002)


@tampered("approved", "none")
def exit_round_just(r):
    exit_by_hand(r, round=1001)


@tampered("approved")
def stranger_asks_to_leave(r):
    """Mallory asks for an exit; two members decide it."""
    about = r.fields(f"{G}/log/0002")
    about.update({"KP-Subject": "exit", "KP-Round": "2"})
    terms = dict(Exit_Kind="voluntary", Effective="2026-10-01")
    first = r.vote("globex", "request", "mallory", about, "none", **terms)
    rest = [r.vote("globex", "approve", who, about, sha256(first[1]), **terms) for who in ("alice", "bob")]
    path, data = r.event("globex", "exited", "exit", "bob", Round=2, Votes=" ".join(sha256(d) for _, d in rest), **terms)
    r.commit(dict([first]))
    r.commit(dict([*rest, (path, data)]))


@tampered("approved")
def vote_elsewhere(r):
    """A vote under another's name."""
    about = r.fields(f"{G}/log/0002")
    about.update({"KP-Subject": "exit", "KP-Round": "2"})
    terms = dict(Exit_Kind="breach", Effective="2026-10-01")
    first = r.vote("globex", "approve", "alice", about, "none", **terms)
    second = r.vote("globex", "approve", "alice", about, sha256(first[1]), name="bob", **terms)
    path, data = r.event("globex", "exited", "exit", "bob", Round=2, Votes=f"{sha256(first[1])} {sha256(second[1])}", **terms)
    r.commit(dict([first, second, (path, data)]))


@tampered("approved")
def evidence_missing(r):
    about = r.fields(f"{G}/log/0002")
    about.update({"KP-Subject": "exit", "KP-Round": "2"})
    terms = dict(Exit_Kind="breach", Effective="2026-10-01")
    first = r.vote("globex", "approve", "alice", about, "none", **terms, Evidence=sha256(b"x"))
    second = r.vote("globex", "approve", "bob", about, sha256(first[1]), **terms)
    path, data = r.event("globex", "exited", "exit", "bob", Round=2, Votes=f"{sha256(first[1])} {sha256(second[1])}", **terms)
    r.commit(dict([first, second, (path, data)]))


@tampered("approved")
def evidence_alone(r):
    r.commit({f"{G}/votes/1/{sha256(b'{}')[7:]}.json": b"{}"})


@tampered("signed")
def unsigned_where_required(r):
    exit_by_hand(r)


def rounds(name, base, expect, *args, **more):
    def make(r):
        round_by_hand(r, *args, **more)
    make.__name__ = f"round_{name}"
    TAMPERED[make.__name__] = (base, expect, make)


rounds("contact_leaves", "approved", "none", "exit", [("globex-bot", "request", "none"), ("bob", "approve", "word")], "exited", "bob", **VOLUNTARY)
rounds("contact_leaves_alone", "approved", "error", "exit", [("globex-bot", "request", "none")], "exited", "bob", **VOLUNTARY)
rounds("contact_decides", "approved", "error", "exit", [("globex-bot", "request", "none"), ("bob", "approve", "word")], "exited", "globex-bot", **VOLUNTARY)
rounds("member_asks_leave", "approved", "error", "exit", [("alice", "request", "none"), ("bob", "approve", "word")], "exited", "bob", **VOLUNTARY)
rounds("contact_leaves_signed", "signed", "error", "exit", [("globex-bot", "request", "none"), ("bob", "approve", "word")], "exited", "bob", **VOLUNTARY)
rounds("exit_blind", "approved", "error", "exit", [("alice", "approve", "none"), ("bob", "approve", "none")], "exited", "bob", **BREACH)
rounds("exit_again", "approved", "none", "exit", [("alice", "approve", "none"), ("alice", "approve", "none"), ("bob", "approve", "word")], "exited", "bob", **BREACH)
rounds("exit_again_word", "approved", "error", "exit", [("alice", "approve", "none"), ("alice", "approve", "word"), ("bob", "approve", "word")], "exited", "bob", **BREACH)
rounds("exit_stale_word", "approved", "error", "exit", [("alice", "approve", "none"), ("bob", "approve", "word"), ("alice", "approve", "none")], "exited", "bob", **BREACH)
rounds("exit_reject_first", "approved", "error", "exit", [("alice", "reject", "none"), ("bob", "approve", "word"), ("carol", "approve", "word")], "exited", "bob", **BREACH)
rounds("exit_refused", "approved", "none", "exit", [("alice", "approve", "none"), ("bob", "reject", "word"), ("carol", "reject", "word")], "rejected", "bob", decide_more=None, **BREACH)
rounds("exit_against", "approved", "none", "exit", [("alice", "approve", "none"), ("bob", "approve", "word"), ("carol", "reject", "word")], "exited", "bob", **BREACH)
rounds("exit_needs_more", "organized_partner", "error", "exit", [("alice", "approve", "none"), ("bob", "approve", "word"), ("dave", "reject", "word")], "exited", "bob", **BREACH)
rounds("exit_three_quarters", "organized_partner", "none", "exit", [("alice", "approve", "none"), ("bob", "approve", "word"), ("dave", "reject", "word"), ("carol", "approve", "word")], "exited", "bob", **BREACH)
rounds("exit_merged_elsewhere", "approved", "error", "exit", [("alice", "approve", "none"), ("bob", "approve", "word")], "exited", "bob", Exit_Kind="merged", Effective="2026-10-01", Merged_Into="elsewhere")
rounds("exit_merged_wrong", "approved", "error", "exit", [("alice", "approve", "none"), ("bob", "approve", "word")], "exited", "bob", Exit_Kind="breach", Effective="2026-10-01", Merged_Into="elsewhere")
rounds("exit_other_facts", "approved", "error", "exit", [("alice", "approve", "none"), ("bob", "approve", "word")], "exited", "bob", record=NEW, **BREACH)
rounds("exit_bit_by_bit", "approved", "none", "exit", [("alice", "approve", "none"), ("bob", "approve", "word")], "exited", "bob", apart=True, **BREACH)
rounds("exit_waits", "approved", "error", "exit", [("alice", "approve", "none")], None, None, **BREACH)
rounds("update_asked", "approved", "none", "update", [("globex-bot", "request", "none"), ("bob", "approve", "word")], "updated", "bob", record=NEW)
rounds("update_asked_by_member", "approved", "none", "update", [("alice", "request", "none"), ("bob", "approve", "word")], "updated", "bob", record=NEW)
rounds("update_asked_by_stranger", "approved", "error", "update", [("mallory", "request", "none"), ("bob", "approve", "word")], "updated", "bob", record=NEW)
rounds("update_asked_and_voted", "approved", "none", "update", [("alice", "request", "none"), ("alice", "approve", "word")], "updated", "alice", record=NEW)
rounds("update_asked_and_voted_none", "approved", "error", "update", [("alice", "request", "none"), ("alice", "approve", "none")], "updated", "alice", record=NEW)
rounds("update_voted_then_asked", "approved", "error", "update", [("alice", "approve", "none"), ("alice", "request", "none")], "updated", "alice", record=NEW)
rounds("update_alone", "approved", "none", "update", [("alice", "approve", "none")], "updated", "alice", record=NEW)
rounds("update_refused", "approved", "none", "update", [("globex-bot", "request", "none"), ("bob", "reject", "word")], "rejected", "bob", record=NEW)
rounds("update_recused", "approved", "error", "update", [("globex-bot", "request", "none"), ("bob", "approve", "word")], "updated", "bob", record=record_of(name="Initech"))
rounds("update_taken_back", "approved", "none", "update", [("globex-bot", "request", "none")], "withdrawn", "globex-bot", record=NEW)
rounds("update_taken_back_by_member", "approved", "error", "update", [("globex-bot", "request", "none")], "withdrawn", "alice", record=NEW)
rounds("update_taken_back_by_other", "approved", "error", "update", [("alice", "request", "none")], "withdrawn", "bob", record=NEW)
rounds("update_taken_back_by_opener", "approved", "none", "update", [("alice", "request", "none")], "withdrawn", "alice", record=NEW)
rounds("update_of_member_taken_back_by_contact", "approved", "none", "update", [("alice", "request", "none")], "withdrawn", "globex-bot", record=NEW)
rounds("update_taken_back_voted", "approved", "none", "update", [("globex-bot", "request", "none"), ("bob", "reject", "word")], "withdrawn", "globex-bot", record=NEW)
rounds("update_taken_back_own_vote", "approved", "none", "update", [("alice", "request", "none"), ("alice", "approve", "word")], "withdrawn", "alice", record=NEW)
rounds("update_taken_back_of_none", "approved", "error", "update", [], "withdrawn", "globex-bot", record=NEW)
rounds("exit_taken_back", "approved", "none", "exit", [("globex-bot", "request", "none")], "withdrawn", "globex-bot", **VOLUNTARY)
rounds("exit_of_member_taken_back_by_contact", "approved", "error", "exit", [("alice", "approve", "none")], "withdrawn", "globex-bot", **BREACH)
rounds("exit_of_member_taken_back", "approved", "none", "exit", [("alice", "approve", "none")], "withdrawn", "alice", **BREACH)
rounds("exit_taken_back_voted", "approved", "error", "exit", [("alice", "approve", "none"), ("bob", "reject", "word")], "withdrawn", "alice", **BREACH)
rounds("exit_taken_back_voted_by_stranger", "approved", "error", "exit", [("alice", "approve", "none"), ("mallory", "reject", "word")], "withdrawn", "alice", **BREACH)


def in_the_round_of(name, expect, first, kind, second, actor="globex-bot"):
    """Voices on one thing stand there; in the same round another is asked for, and comes to an end."""
    def make(r):
        round_by_hand(r, *first[:2], None, None, **first[2])
        about = dict(leaving(r), **{"KP-Subject": second})
        asks = r.vote("globex", "request", actor, about, "none", **(VOLUNTARY if second == "exit" else {}))
        path, data = r.event("globex", kind, second, actor, Round=2)
        r.commit(dict([asks, (path, data)]))
    make.__name__ = name
    TAMPERED[name] = ("approved", expect, make)


VOTED_EXIT = ("exit", [("alice", "approve", "none"), ("bob", "approve", "word")], BREACH)
in_the_round_of("update_taken_back_in_the_round_of_an_exit", "error", VOTED_EXIT, "withdrawn", "update")
in_the_round_of("update_taken_back_in_the_round_of_no_vote", "none", ("update", [("alice", "request", "none")], {}), "withdrawn", "update")
in_the_round_of("exit_taken_back_in_the_round_of_an_update", "error", ("update", [("alice", "request", "none"), ("bob", "reject", "word")], {}), "withdrawn", "exit")


@tampered("left")
def applied_in_the_round_of_a_clearing(r):
    r.clock += 60
    bare = r.read(f"{G}/partner.toml")
    about = dict(r.fields(r.list(f"{G}/log/")[-1]), **{"KP-Subject": "update", "KP-Round": "3", "KP-Record": sha256(bare), "KP-Logo": "none"})
    ask = r.vote("globex", "request", "alice", about, "none")
    r.commit(dict([ask, r.vote("globex", "approve", "bob", about, sha256(ask[1]))]))
    application(r)
    decide(r, ("alice", "bob"), kind="rejected", verdict="reject")


@tampered("founded")
def vote_on_an_update_in_the_round_of_an_application(r):
    application(r)
    about, word = applied(r)
    r.commit(dict([r.vote("globex", "approve", "carol", dict(about, **{"KP-Subject": "update"}), word)]))
    decide(r, ("alice", "bob"))


def voted_before(name, expect, subject, anew):
    """An update, or a request to leave, is voted on in a round of its own; then another update lands; then it does."""
    def make(r):
        theirs = record_of(website="https://globex.example/theirs") if subject == "update" else r.read(f"{G}/partner.toml")
        terms = VOLUNTARY if subject == "exit" else {}
        logo = r.read(f"{G}/logo.png")
        about = lambda: dict(leaving(r), **{"KP-Subject": subject, "KP-Round": "9", "KP-Record": sha256(theirs)})
        ask = r.vote("globex", "request", "globex-bot", about(), "none", **terms)
        cast = r.vote("globex", "approve", "alice", about(), sha256(ask[1]), **terms)
        voices = [("globex-bot", "request", "none"), ("alice", "approve", "word")]
        old = r.read(f"{G}/partner.toml")
        round_by_hand(r, "update", voices, "updated", "alice", record=NEW)
        round_by_hand(r, "update", voices, "updated", "alice", record=old, round=3)
        r.clock += 60
        if anew:
            cast = r.vote("globex", "approve", "alice", about(), sha256(ask[1]), **terms)
        fields = dict(Round=9, Record=sha256(theirs), Objects=f"{r.object(theirs)} {r.object(logo)}", Votes=sha256(cast[1]), **terms)
        path, data = r.event("globex", "updated" if subject == "update" else "exited", subject, "alice", **fields)
        r.commit({**dict([ask, cast, (path, data)]), f"{G}/partner.toml": theirs})
    make.__name__ = name
    TAMPERED[name] = ("approved", expect, make)


for subject in ("update", "exit"):
    voted_before(f"{subject}_by_a_vote_of_before_an_update", "error", subject, False)
    voted_before(f"{subject}_by_a_vote_given_anew", "none", subject, True)


def cleared_after(name, expect, kind, before="left"):
    """Who left applies again, in vain, and is cleared; or who never was a partner is."""
    def make(r):
        r.apply()
        if kind == "withdrawn":
            r.call("globex-bot", "withdraw", "globex")
        for who in ("alice", "bob") if kind == "rejected" else ():
            r.call(who, "reject", "globex", "--reason", "no")
        r.clock += 60
        bare = r.read(f"{G}/partner.toml") if before == "left" else record_of()
        about = dict(r.fields(r.list(f"{G}/log/")[-1]), **{"KP-Subject": "update", "KP-Round": "9", "KP-Record": sha256(bare), "KP-Logo": "none"})
        ask = r.vote("globex", "request", "alice", about, "none")
        cast = r.vote("globex", "approve", "bob", about, sha256(ask[1]))
        path, data = r.event("globex", "cleared", "update", "bob", Round=9, Record=sha256(bare), Logo="none", Objects=r.object(bare), Votes=sha256(cast[1]))
        r.commit({**dict([ask, cast, (path, data)]), f"{G}/partner.toml": bare, f"{G}/logo.png": None})
    make.__name__ = name
    TAMPERED[name] = (before, expect, make)


cleared_after("cleared_after_a_rejection", "none", "rejected")
cleared_after("cleared_after_a_withdrawal", "none", "withdrawn")
cleared_after("cleared_and_never_a_partner", "error", "rejected", "founded")
