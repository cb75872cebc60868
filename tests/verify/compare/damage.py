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


def people(name, author, committer):
    """A commit whose lines of author and committer are these."""
    def strange(r):
        now, tree = r.git("log", "-1", "--format=%ct").decode().strip(), r.git("rev-parse", "HEAD^{tree}").decode().strip()
        lines = "".join(line.replace("NOW", now) + "\n" for line in (author, committer) if line)
        data = f"tree {tree}\nparent {r.git('rev-parse', 'HEAD').decode().strip()}\n{lines}\nx\n".encode()
        r.to(r.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", data=data).decode().strip())
    strange.__name__ = f"people_{name}"
    tampered("approved", "none")(strange)


WROTE, MADE = "author A <a@b> NOW +0000", "committer A <a@b> NOW +0000"
people("as_git_has_them", WROTE, MADE)
people("empty_name", "author  <a@b> NOW +0000", MADE)
people("none", "", "")
people("no_author", "", MADE)
people("no_committer", WROTE, "")
people("no_name", "author <a@b> NOW +0000", MADE)
people("no_mailbox", "author A NOW +0000", "committer A NOW +0000")
people("no_space", "author A<a@b> NOW +0000", MADE)
people("twice", f"{WROTE}\n{WROTE}", MADE)
people("the_other_way_around", MADE, WROTE)
people("no_time", "author A <a@b>", "committer A <a@b>")
people("time_in_words", "author A <a@b> soon +0000", "committer A <a@b> soon +0000")
people("time_with_zeros", "author A <a@b> 0NOW +0000", MADE)
people("zone_in_words", WROTE, "committer A <a@b> NOW UTC")
people("ends_of_windows", f"{WROTE}\r", MADE)
people("time_before_all", WROTE, "committer A <a@b> -5 +0000")
people("long_time", WROTE, "committer A <a@b> NOWNOWNOW +0000")
people("bare_words", "author", "committer")
