"""Who has a stake, and what it takes to decide."""
import os

from cases import TAMPERED, honest, tampered
from registry import sha256
from steps import G, application, applied, decide, policy_by_hand, record_of, signed_block


ORGANIZED = """schema = 1
name = "Organized"
[[organization]]
id = "umbrella"
name = "Umbrella"
aliases = ["Schirm AG", "雨伞股份有限公司"]
domains = ["umbrella.example"]
[[organization]]
id = "initech"
name = "Initech"
[[organization]]
id = "cloud"
name = "Cloud Systems"
[[committee]]
github = "alice"
affiliation = "umbrella"
[[committee]]
github = "bob"
affiliation = "initech"
[[committee]]
github = "carol"
affiliation = "initech"
[[committee]]
github = "dave"
affiliation = "cloud"
[[committee]]
github = "eve"
affiliation = "cloud"
role = "emeritus"
[decisions.approve]
presence = 3
objection = "blocks"
[decisions.exit]
quorum = 3
threshold = "3/4"
"""


def tie(case, expect, voters=("alice", "bob", "carol"), vote_more={}, **facts):
    def make(r):
        application(r, record=record_of(**facts))
        decide(r, list(voters), vote_more=vote_more)
    make.__name__ = f"tie_{case}"
    TAMPERED[make.__name__] = ("organized", expect, make)


@honest
def organized(r):
    file = os.path.join(r.directory, "organized.toml")
    with open(file, "w") as out:
        out.write(ORGANIZED)
    r.call("alice", "init", r.path, "--program", file)


tie("none", "none")
tie("two_of_one", "none", ("bob", "carol", "dave"))
tie("one_affiliation", "error", ("bob", "carol"))
tie("presence", "error", ("alice", "bob"))
tie("emeritus", "error", ("alice", "bob", "eve"))
tie("alias", "error", name="schirm")
tie("alias_legal", "error", name="Schirm Pvt. Ltd.")
tie("domain", "error", website="https://www.umbrella.example/x")
tie("domain_below", "error", website="https://a.b.umbrella.example:8443/x")
tie("domain_beside", "error", website="https://notumbrella.example/x", vote_more={"Interest": "employer"})
tie("domain_beside_fine", "none", website="https://notumbrella.example/x")
tie("mail", "error", more='email = "x@mail.umbrella.example"\n', vote_more={"Interest": "none"})
tie("mail_upper", "error", more='email = "x@MAIL.Umbrella.Example"\n', vote_more={"Interest": "none"})
tie("chinese_likely", "error", more='name_zh = "上海雨伞科技有限公司"\n')
tie("chinese_denied", "none", more='name_zh = "上海雨伞科技有限公司"\n', vote_more={"Interest": "none"})
tie("chinese_certain", "error", more='name_zh = "雨伞有限公司"\n', vote_more={"Interest": "none"})
tie("common_certain", "error", ("alice", "bob", "dave"), name="Cloud Systems Ltd.", vote_more={"Interest": "none"})
tie("common_likely", "none", ("alice", "bob", "dave"), name="Great Cloud Systems Ltd.")
tie("put_together", "error", name="Great CloudSystems", voters=("alice", "bob", "dave"), vote_more={"Interest": "employer"})
tie("parent", "error", more='parent = "Umbrella Holding"\n')
tie("parent_certain", "error", more='parent = "UMBRELLA, Inc."\n', vote_more={"Interest": "none"})
tie("part_of_word", "none", name="Umbrellas United")
tie("label", "error", website="https://umbrella.io/")
tie("label_part", "none", website="https://myumbrella.io/")
tie("github_is_voter", "error", github="Alice", vote_more={"Interest": "none"})
tie("github_is_emeritus", "none", github="eve")


@tampered("organized")
def objection_blocks(r):
    application(r)
    about, word = applied(r)
    votes = dict(r.vote("globex", "reject" if who == "carol" else "approve", who, about, word) for who in ("alice", "bob", "carol", "dave"))
    path, data = r.event("globex", "approved", "application", "bob", Votes=" ".join(map(sha256, votes.values())))
    r.commit({**votes, path: data})


@tampered("organized", "none")
def rejects_with_two(r):
    """The facts of who was turned down go later: put right."""
    application(r)
    decide(r, ["alice", "bob"], "dave", kind="rejected", verdict="reject")
    r.commit({f"{G}/partner.toml": None, f"{G}/logo.png": None})


@tampered("organized", "none")
def rejects_clean(r):
    application(r)
    about, word = applied(r)
    votes = dict(r.vote("globex", "reject", who, about, word) for who in ("alice", "bob"))
    path, data = r.event("globex", "rejected", "application", "bob", Votes=" ".join(map(sha256, votes.values())))
    r.commit({**votes, path: data, f"{G}/partner.toml": None, f"{G}/logo.png": None})


@tampered("organized")
def emeritus_decides(r):
    application(r)
    decide(r, ["alice", "bob", "dave"], "eve")


@tampered("organized", "none")
def emeritus_applies(r):
    application(r, who="eve")
    decide(r, ["alice", "bob", "dave"])


@tampered("organized", "none")
def capitals(r):
    """Logins are compared without case."""
    application(r, who="Globex-Bot")
    decide(r, ["Alice", "bob", "dave"], "BOB")


@tampered("founded", "none")
def two_wait(r):
    """Two stand there undecided at once: put right later."""
    application(r, "hooli-y")
    application(r, "hooli-z")
    decide(r, ["alice", "bob"], slug="hooli-y")
    decide(r, ["alice", "bob"], slug="hooli-z")


@tampered("signed")
def member_applies_unsigned(r):
    application(r, "acme", who="alice")
    about, word = r.fields("data/partners/acme/log/0001"), sha256(r.read("data/partners/acme/log/0001"))
    votes = dict(signed_block(r, who, r.vote("acme", "approve", who, about, word)) for who in ("bob", "carol"))
    path, data = signed_block(r, "bob", r.event("acme", "approved", "application", "bob", Votes=" ".join(map(sha256, votes.values()))))
    r.commit({**votes, path: data})


@honest
def organized_partner(r):
    organized(r)
    r.apply().review("alice").review("bob")
    r.call("dave", "approve", "globex")


@tampered("updated", "none")
def dropped_and_brought_back(r):
    """A merge drops the update, and a commit brings it back: repaired, the facts too."""
    head = r.git("rev-parse", "HEAD").decode().strip()
    r.to("HEAD^1")
    r.commit({"README.md": b"x\n"}, parents=["HEAD", head])
    r.commit({p: r.read(p, head) for p in r.list("data", head)})


tie("host_in_percent", "error", website="https://umbrell%61.example/", vote_more={"Interest": "none"})
tie("host_with_dot", "error", website="https://umbrella.example./x", vote_more={"Interest": "none"})
tie("host_with_port", "error", website="https://umbrella.example:444", vote_more={"Interest": "none"})
tie("host_in_code", "error", website="https://xn--9kq3mx15p.example/")
tie("host_in_code_denied", "none", website="https://xn--9kq3mx15p.example/", vote_more={"Interest": "none"})
tie("host_in_chinese", "error", website="https://雨伞.example/")
tie("host_no_code", "none", website="https://globex-xn--x.example/")


@tampered("founded")
def contact_by_number(r):
    """Alice is the contact, under another login."""
    policy_by_hand(r, r.read("data/program.toml").replace(b'"Umbrella"\n', b'"Umbrella"\nid = 1070\n'))
    application(r, contact="zoe", record=record_of(github="zoe", more="github_id = 1070\n"))
    decide(r, ["alice", "bob"])
