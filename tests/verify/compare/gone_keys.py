"""What is signed with a key that was taken from its member, or by who has no seat any more, under the policy of before."""
import os

from cases import TAMPERED
from registry import sha256
from steps import BREACH, G, leaving, signed_block


def other_policy(r, *change):
    """Gives the hash of the policy that was in force before."""
    old = sha256(r.read("data/program.toml"))
    r.call("bob", "program", "propose", *change)
    for who in ("bob", "carol"):
        r.call(who, "approve", "program")
    return old


def without_key(r, *instead):
    with open(os.path.join(r.directory, "keys", "alice.pub")) as key:
        return other_policy(r, "--remove-key", key.read().strip(), *instead)


def replaced(r):
    """Mallory's key is Alice's from now on."""
    return without_key(r, "--add-key", f"alice={os.path.join(r.directory, 'keys', 'mallory.pub')}")


def gone(r):
    return without_key(r)


def retired(r):
    return other_policy(r, "--retire", "alice")


def case(name, expect, make, base="signed_freely"):
    make.__name__ = name
    TAMPERED[name] = (base, expect, make)


def renews(change, key, now=False):
    def make(r):
        old = change(r)
        event = r.event("globex", "renewed", "upkeep", "alice", **({} if now else {"Policy": old}))
        r.commit(dict([signed_block(r, key, event) if key else event]))
    return make


case("gone_key_renews", "error", renews(replaced, "alice"))
case("gone_key_renews_and_none_is_left", "error", renews(gone, "alice"))
case("gone_key_renews_under_the_policy_of_now", "error", renews(replaced, "alice", True))
case("gone_key_and_who_had_it_renews_unsigned", "none", renews(gone, None, True))
case("gone_key_and_the_next_renews", "none", renews(replaced, "mallory", True))
case("gone_key_next_one_under_the_policy_of_before", "error", renews(replaced, "mallory"))
case("gone_seat_renews", "error", renews(retired, "alice"))


def decided(change, opens, key, counts=False):
    """Alice's voice opens a round; Bob and Carol vote on her word, and Bob decides. `counts`: whether hers is a vote that counts."""
    def make(r):
        old = change(r) if change else sha256(r.read("data/program.toml"))
        about = leaving(r)
        record = r.read(f"{G}/partner.toml").replace(b"/karmada", b"/elsewhere")
        if opens == "request":
            about.update({"KP-Subject": "update", "KP-Record": sha256(record)})
        terms = {} if opens == "request" else BREACH
        word = r.vote("globex", opens, "alice", about, "none", Policy=old, **terms)
        word = signed_block(r, key, word) if key else word
        votes = [signed_block(r, who, r.vote("globex", "approve", who, about, sha256(word[1]), **terms)) for who in ("bob", "carol")]
        rests, more = " ".join(sha256(data) for _, data in ([word] if counts else []) + votes), {}
        if opens == "request":
            logo = r.fields(f"{G}/log/0002")["KP-Objects"].split()[1]
            more = {"Record": sha256(record), "Objects": f"{r.object(record)} {logo}"}
        kind, subject = ("updated", "update") if opens == "request" else ("exited", "exit")
        event = signed_block(r, "bob", r.event("globex", kind, subject, "bob", Round=2, Votes=rests, **more, **terms))
        files = dict([word, *votes, event])
        if opens == "request":
            files[f"{G}/partner.toml"] = record
        r.commit(files)
    return make


case("gone_key_asks", "error", decided(replaced, "request", "alice"))
case("gone_key_opens", "error", decided(replaced, "approve", "alice"))
case("gone_key_none_left_opens", "error", decided(gone, "approve", "alice"))
case("gone_seat_asks", "error", decided(retired, "request", "alice"))
case("gone_seat_opens", "error", decided(retired, "approve", "alice"))
case("key_that_is_there_asks", "none", decided(None, "request", "alice"))
case("request_with_a_broken_signature", "error", decided(None, "request", "mallory"))
for opens in ("request", "approve"):
    counts = opens == "approve"
    case(f"unsigned_{opens}_opens_freely", "none", decided(None, opens, None, counts))
    case(f"unsigned_{opens}_opens_where_signatures_are_required", "error", decided(None, opens, None), "signed")
    case(f"signed_{opens}_opens_where_signatures_are_required", "none", decided(None, opens, "alice", counts), "signed")


def said_again(copy, later):
    """Alice votes for what Bob opens, then against it; a file by a later name has what she said first. Bob decides on it."""
    def make(r):
        about = leaving(r)
        word = signed_block(r, "bob", r.vote("globex", "approve", "bob", about, "none", **BREACH))
        said = []
        for verdict in ("approve", "reject"):
            r.clock += later
            said.append(signed_block(r, "alice", r.vote("globex", verdict, "alice", about, sha256(word[1]), **BREACH)))
        (path, first), (_, second) = said
        files = {path: first, path + ".2": second, path + ".3": first} if copy else {path: second, path + ".2": first}
        rests = " ".join(sha256(data) for data in (first, word[1]))
        event = signed_block(r, "bob", r.event("globex", "exited", "exit", "bob", Round=2, Votes=rests, **BREACH))
        r.commit({**dict([word, event]), **files})
    return make


case("signed_vote_copied_to_a_later_name", "error", said_again(True, 60))
case("signed_vote_of_one_second_copied_to_a_later_name", "error", said_again(True, 0))
case("signed_votes_under_each_others_names", "error", said_again(False, 60))
