"""Files that are edited, gone, strays, or lie where they may not; evidence."""
from cases import TAMPERED, tampered
from registry import png, sha256
from steps import G, VOLUNTARY, application, decide, edit, leaving


@tampered("approved")
def vote_edited(r):
    r.commit({f"{G}/votes/1/alice": r.read(f"{G}/votes/1/alice").replace(b"approve", b"reject")})


@tampered("approved", "none")
def vote_edited_and_back(r):
    old = r.read(f"{G}/votes/1/alice")
    r.commit({f"{G}/votes/1/alice": old.replace(b"approve", b"reject")})
    r.commit({f"{G}/votes/1/alice": old})


@tampered("approved")
def vote_deleted(r):
    r.commit({f"{G}/votes/1/alice": None})


@tampered("approved")
def vote_renamed(r):
    r.commit({f"{G}/votes/1/alice": None, f"{G}/votes/1/carol": r.read(f"{G}/votes/1/alice")})


@tampered("approved")
def event_edited(r):
    r.commit({f"{G}/log/0001": r.read(f"{G}/log/0001").replace(b"globex-bot", b"mallory")})


@tampered("approved")
def event_deleted(r):
    r.commit({f"{G}/log/0002": None})


@tampered("approved")
def facts_edited(r):
    edit(r)


@tampered("approved", "none")
def facts_edited_and_back(r):
    old = r.read(f"{G}/partner.toml")
    edit(r)
    r.commit({f"{G}/partner.toml": old})


@tampered("approved")
def logo_swapped(r):
    r.commit({f"{G}/logo.png": png(9)})


@tampered("approved")
def logo_gone(r):
    r.commit({f"{G}/logo.png": None})


@tampered("approved")
def policy_edited(r):
    r.commit({"data/program.toml": r.read("data/program.toml").replace(b"Hooli", b"Acme")})


@tampered("policy")
def policy_copy_edited(r):
    r.commit({"data/program/policies/0001.toml": b"schema = 1\n"})


@tampered("approved")
def policy_copy_made_up(r):
    r.commit({"data/program/policies/0002.toml": b"schema = 1\n"})


@tampered("approved", "none")
def policy_copy_made_up_and_gone(r):
    r.commit({"data/program/policies/0002.toml": b"schema = 1\n"})
    r.commit({"data/program/policies/0002.toml": r.read("data/program.toml")})
    r.commit({"data/program/policies/0002.toml": None})


@tampered("approved", "none")
def policy_copy_of_no_name_and_gone(r):
    r.commit({"data/program/policies/README.md": b"hello\n"})
    r.commit({"data/program/policies/README.md": None})


@tampered("approved")
def policy_copy_made_up_and_another(r):
    r.commit({"data/program/policies/0002.toml": b"schema = 1\n", "data/program/policies/0003.toml": b"schema = 1\n"})
    r.commit({"data/program/policies/0002.toml": None})


@tampered("policy", "none")
def policy_copy_gone_and_back(r):
    old = r.read("data/program/policies/0002.toml")
    r.commit({"data/program/policies/0002.toml": None})
    r.commit({"data/program/policies/0002.toml": old})


@tampered("approved", "none")
def files_of_no_name_and_gone(r):
    names = [f"{G}/log/README.md", f"{G}/log/4", f"{G}/log/0000"]
    names += [f"{G}/votes/{round}/{name}" for round in (1, 2) for name in ("README.md", "Alice", "alice.02", "x.json")]
    # Who votes on the policy saw no website.
    names.append(f"data/program/votes/1/{64 * '0'}.json")
    r.commit({name: b"hello\n" for name in names})
    r.commit({name: None for name in names})


@tampered("approved")
def stray_file(r):
    r.commit({f"{G}/notes.txt": b"hello\n"})


@tampered("approved", "none")
def stray_file_and_gone(r):
    r.commit({f"{G}/notes.txt": b"hello\n"})
    r.commit({f"{G}/notes.txt": None})


@tampered("approved", "none")
def outside_data(r):
    r.commit({"README.md": b"hello\n"})


@tampered("approved")
def executable(r):
    r.commit({f"{G}/partner.toml": r.read(f"{G}/partner.toml")}, mode="100755")


@tampered("approved")
def symlink(r):
    r.commit({f"{G}/logo.png": b"partner.toml"}, mode="120000")


def paths(name, expect, path, data=b"x\n", mode="100644"):
    def make(r):
        r.commit({path: data}, mode=mode)
    make.__name__ = f"path_{name}"
    TAMPERED[make.__name__] = ("approved", expect, make)


for n, (expect, path) in enumerate((
        ("error", "data/x"), ("error", "data/partners/x"), ("error", "data/partners/Globex/partner.toml"), ("error", "data/program/x"),
        ("error", f"{G}/log/0000"), ("error", f"{G}/log/00003"), ("error", f"{G}/log/3"), ("error", f"{G}/votes/01/alice"), ("error", f"{G}/votes/0/alice"),
        ("error", f"{G}/votes/1/Alice"), ("error", f"{G}/votes/1/alice.1"), ("error", f"{G}/votes/1/alice.02"), ("error", f"{G}/votes/1/x.json"),
        ("error", f"{G}/votes/1/{'A' * 64}.json"), ("error", f"{G}/votes/1/a--b"), ("error", f"{G}/votes/x/alice"), ("error", f"{G}/votes/alice"),
        ("error", "data/partners/con/partner.toml"), ("error", "data/partners/program/partner.toml"), ("error", f"data/partners/{'a' * 41}/partner.toml"),
        ("error", "data/partners/a-/partner.toml"), ("error", "data/program/policies/1.toml"), ("error", "data/program/logo.png"), ("error", f"{G}/log"),
        ("none", "Data/x"), ("none", "partners/x"), ("none", "data.txt"), ("error", "data/program/votes/1/alice"), ("error", f"{G}/votes/1/alice/x"),
        ("error", f"{G}/a\u202eb"), ("error", f"{G}/votes/4294967296/alice"), ("error", f"{G}/PARTNER.toml"), ("error", "data/.gitattributes"),
        ("none", ".gitattributes"), ("error", f"{G}/votes/2/alice.3"))):
    paths(str(n), expect, path)
paths("data_is_a_link", "error", "data", b"elsewhere", "120000")


def slugs(name, expect, slug):
    def make(r):
        application(r, slug, contact="globex-bot")
        decide(r, ["alice", "bob"], slug=slug)
    make.__name__ = f"slug_{name}"
    TAMPERED[make.__name__] = ("founded", expect, make)


for n, (expect, slug) in enumerate((("none", "a"), ("none", "a" * 40), ("none", "a--b"), ("none", "0"), ("error", "com1"), ("error", "lpt9"), ("none", "com0"),
                                    ("error", "nul"), ("none", "conin"), ("error", "aux"), ("none", "com10"), ("none", "votes"))):
    slugs(str(n), expect, slug)


def evidences(name, expect, data=b'{"schema": 1}\n', named=None, beside=True, apart=False, **more):
    def make(r):
        files = application(r)
        about, word = r.fields(f"{G}/log/0001"), sha256(files[f"{G}/log/0001"])
        votes = dict([r.vote("globex", "approve", "alice", about, word, Evidence=sha256(data), **more), r.vote("globex", "approve", "bob", about, word)])
        path, decision = r.event("globex", "approved", "application", "bob", Votes=" ".join(sha256(d) for p, d in sorted(votes.items())))
        seen = {f"{G}/votes/1/{named or sha256(data)[7:]}.json": data} if beside else {}
        if apart == "before":
            r.commit(seen)
            seen = {}
        if apart == "first":
            r.commit({**seen, f"{G}/votes/1/alice": votes.pop(f"{G}/votes/1/alice")})
            seen = {}
        if apart == "vote first":
            r.commit({f"{G}/votes/1/alice": votes.pop(f"{G}/votes/1/alice")})
        r.commit({**votes, **seen, path: decision} if apart != "after" else {**votes, path: decision})
        if apart == "after":
            r.commit(seen)
    make.__name__ = f"evidence_{name}"
    TAMPERED[make.__name__] = ("founded", expect, make)


evidences("right", "none")
evidences("apart", "none", apart="first")
evidences("lacks", "error", beside=False)
evidences("before", "error", apart="before")
evidences("later", "none", apart="vote first")
evidences("after", "none", apart="after")
evidences("false_name", "error", named="1" * 64)
evidences("long", "error", data=b"x" * (48 * 1024 + 1))
evidences("just", "none", data=b"{" + b" " * (48 * 1024 - 2) + b"}")
evidences("no_json", "none", data=b"\xff\n")
evidences("attested", "error", Authenticity="", URL="", Relevance="", Attested="https://github.com/x/y/pull/1", Head="1" * 40)


@tampered("two", "none")
def foxtrot(r):
    """What was on the default branch comes as a side of a merge: it lands like any other."""
    main, before = r.git("rev-parse", "HEAD").decode().strip(), r.git("rev-parse", "HEAD^1").decode().strip()
    r.to(before)
    r.commit({"README.md": b"x\n"})
    r.commit({}, parents=["HEAD", main], base=main)


def beside_something_else(kept):
    """Founded in a repository with a history of its own, in which a merge brought a data/ once."""
    def make(r):
        founding = r.git("rev-parse", "HEAD").decode().strip()
        message = r.git("log", "-1", "--format=%B").decode()
        time = int(r.git("log", "-1", "--format=%ct"))
        root = r.commit({"README.md": b"x\n"}, "begin", [], time - 3_600)
        side = r.commit({"data/en/about.yml": b"us\n"}, "words", [root], time - 3_500)
        both = r.commit({"data/en/about.yml": b"us\n"}, "merge words", [root, side], time - 3_400)
        last = both if kept else r.commit({"data/en/about.yml": None}, "another generator", [both], time - 3_300)
        r.commit({path: r.read(path, founding) for path in r.list("data", founding)}, message, [last], time)
    return make


TAMPERED["what_was_before_it_is_gone"] = ("founded", "none", beside_something_else(False))
TAMPERED["what_was_before_it_stands"] = ("founded", "error", beside_something_else(True))


@tampered("approved")
def round_zero(r):
    path, data = r.vote("globex", "request", "globex-bot", dict(leaving(r), **{"KP-Round": "0"}), "none", **VOLUNTARY)
    r.commit({path: data})


@tampered("approved")
def round_zero_with_anything(r):
    r.commit({f"{G}/votes/0/alice": b"x\n"})


@tampered("approved")
def round_without_end(r):
    path, data = r.vote("globex", "request", "globex-bot", dict(leaving(r), **{"KP-Round": "1000000000"}), "none", **VOLUNTARY)
    r.commit({path: data})


@tampered("approved")
def event_of_round_zero(r):
    path, data = r.event("globex", "renewed", "upkeep", "globex-bot", Round=0)
    r.commit({path: data})


@tampered("approved")
def job_zero(r):
    path, data = r.event("globex", "closed", "upkeep", "globex-bot", Job=0)
    r.commit({path: data})


def without_a_logo(kind):
    def make(r):
        r.clock += 60
        record, about = r.read(f"{G}/partner.toml"), leaving(r)
        about.update({"KP-Subject": "update", "KP-Logo": "none"})
        first = r.vote("globex", "request", "globex-bot", about, "none")
        second = r.vote("globex", "approve" if kind == "updated" else "reject", "bob", about, sha256(first[1]))
        path, data = r.event("globex", kind, "update", "bob", Round=2, Logo="none", Objects=r.object(record), Votes=sha256(second[1]))
        r.commit({**dict([first, second, (path, data)]), **({f"{G}/logo.png": None} if kind == "updated" else {})})
    make.__name__ = f"{kind}_without_a_logo"
    TAMPERED[make.__name__] = ("approved", "error" if kind == "updated" else "none", make)


without_a_logo("updated")
without_a_logo("rejected")


@tampered("approved")
def exit_without_a_logo(r):
    about = dict(leaving(r), **{"KP-Logo": "none"})
    r.commit(dict([r.vote("globex", "request", "globex-bot", about, "none", **VOLUNTARY)]))
