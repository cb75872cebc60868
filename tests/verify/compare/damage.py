"""Objects that are lost, and trees that are gone or hold nothing."""
import os

from cases import tampered
from registry import sha256
from steps import G


@tampered("policy_between", "none")
def nothing_done(r):
    pass


@tampered("approved")
def founded_anew(r):
    path, data = "data/program/log/0001", r.read("data/program/log/0001").replace(b"alice", b"mallory")
    r.commit({path: data})


@tampered("approved")
def all_is_gone(r):
    r.commit({p: None for p in r.list("data")})


@tampered("approved")
def empty_directory(r):
    tree = r.git("mktree", data=b"").decode().strip()
    listed = r.git("ls-tree", "HEAD:data").decode() + f"040000 tree {tree}\tempty\n"
    data = r.git("mktree", data=listed.encode()).decode().strip()
    root = r.git("mktree", data=f"040000 tree {data}\tdata\n".encode()).decode().strip()
    r.to(r.git("-c", "user.name=x", "-c", "user.email=x@example.org", "commit-tree", root, "-p", "HEAD", "-m", "x").decode().strip())


@tampered("approved")
def facts_are_no_toml(r):
    record = b"schema = \n"
    path, data = r.event("globex", "updated", "update", "alice", Round=2)
    about = r.fields(f"{G}/log/0002")
    about.update({"KP-Subject": "update", "KP-Round": "2", "KP-Record": sha256(record)})
    first = r.vote("globex", "approve", "alice", about, "none")
    path, data = r.event("globex", "updated", "update", "alice", Round=2, Votes=sha256(first[1]), Record=sha256(record),
                         Objects=f"{r.object(record)} {r.object(r.read(f'{G}/logo.png'))}")
    r.commit(dict([first, (path, data), (f"{G}/partner.toml", record)]))


@tampered("updated")
def object_lost(r):
    """A blob that stood there once is gone."""
    lose(r, r.git("rev-parse", f"HEAD^1:{G}/partner.toml").decode().strip())


@tampered("updated")
def commit_lost(r):
    lose(r, r.git("rev-parse", "HEAD~2").decode().strip())


@tampered("updated")
def side_lost(r):
    lose(r, r.git("rev-parse", "HEAD^2").decode().strip())


def lose(r, oid):
    for name in os.listdir(os.path.join(r.path, "objects", "pack")):
        if name.endswith(".pack"):
            pack = os.path.join(r.path, "objects", "pack", name)
            os.rename(pack, os.path.join(r.path, "moved.pack"))
            for suffix in (".idx", ".rev"):
                if os.path.exists(pack[:-5] + suffix):
                    os.remove(pack[:-5] + suffix)
            with open(os.path.join(r.path, "moved.pack"), "rb") as data:
                r.git("unpack-objects", "-q", data=data.read())
            os.remove(os.path.join(r.path, "moved.pack"))
    os.remove(os.path.join(r.path, "objects", oid[:2], oid[2:]))
