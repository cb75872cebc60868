"""Directories that git doesn't write so."""
from cases import TAMPERED
from steps import G, record_of


def rows(r, path):
    listed = r.git("ls-tree", "-z", f"HEAD:{path}" if path else "HEAD").split(b"\0")
    entries = [line.split(b"\t") for line in listed if line]
    return [(what.split()[0].lstrip(b"0"), name, what.split()[2].decode()) for what, name in entries]


def write(r, entries, end=b""):
    data = b"".join(mode + b" " + name + b"\0" + bytes.fromhex(object) for mode, name, object in entries)
    return r.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", data=data + end).decode().strip()


def put(r, path, tree):
    """A commit in which another tree stands at a path."""
    while path:
        above, _, name = path.rpartition("/")
        tree = write(r, [(mode, n, tree if n == name.encode() else object) for mode, n, object in rows(r, above)])
        path = above
    r.clock += 60
    commit = f"tree {tree}\nparent {r.git('rev-parse', 'HEAD').decode().strip()}\n" + "".join(
        f"{who} Somebody <somebody@example.org> {r.clock} +0000\n" for who in ("author", "committer")) + "\nby hand\n"
    r.to(r.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", data=commit.encode()).decode().strip())


def odd(name, path, change, expect="error", then=None, end=b""):
    def make(r):
        whole = rows(r, path)
        put(r, path, write(r, change(r, whole), end))
        if then:
            then(r, path, whole)
    make.__name__ = f"tree_{name}"
    TAMPERED[make.__name__] = ("approved", expect, make)


def twice(place, mode=b"100644", of=b"partner.toml"):
    """Another entry of a name before or behind the first."""
    def change(r, entries):
        if mode == b"40000":
            other = r.git("rev-parse", f"HEAD:{G}/log").decode().strip()
        else:
            other = r.git("hash-object", "-w", "--stdin", data=record_of(website="https://evil.example/")).decode().strip()
        at = [n for _, n, _ in entries].index(of) + place
        return entries[:at] + [(mode, of, other)] + entries[at:]
    return change


def mode(new, of=b"partner.toml"):
    return lambda r, entries: [(new if n == of else m, n, o) for m, n, o in entries]


def called(new, of=b"partner.toml"):
    return lambda r, entries: entries + [(b"100644", new, next(o for _, n, o in entries if n == of))]


back = lambda r, path, whole: put(r, path, write(r, whole))

for place in (0, 1):
    odd(f"twice_{place}", G, twice(place))
    odd(f"twice_{place}_as_a_directory", G, twice(place, b"40000"))
    odd(f"twice_{place}_and_back", G, twice(place), "none", back)
    odd(f"policy_twice_{place}", "data", twice(place, of=b"program.toml"))
    odd(f"event_twice_{place}", f"{G}/log", twice(place, of=b"0001"))
    odd(f"vote_twice_{place}", f"{G}/votes/1", twice(place, of=b"alice"))
for path in ("data", "data/partners", "data/program", "data/program/log", "data/program/policies", G, f"{G}/log", f"{G}/votes/1"):
    odd(f"unsorted_{path.replace('/', '_')}", path, lambda r, entries: entries[::-1], None if path in (
        "data/partners", "data/program/log", "data/program/policies") else "error")
odd("data_twice", "", lambda r, entries: entries + [(b"100644", b"data", r.git("rev-parse", f"HEAD:{G}/logo.png").decode().strip())])
odd("mode_group", G, mode(b"100664"))
odd("mode_group_and_back", G, mode(b"100664"), "none", back)
odd("mode_padded", G, mode(b"0100644"))
odd("mode_padded_directory", G, mode(b"040000", b"log"))
odd("mode_of_nothing", G, mode(b"644"))
odd("mode_of_a_directory", G, mode(b"40755", b"log"))
odd("mode_padded_elsewhere", "", lambda r, entries: entries + [(b"0100644", b"x", r.git("rev-parse", f"HEAD:{G}/logo.png").decode().strip())])
for n, name in enumerate((b"x/y", b".git", b"..", b".", b"\xff", b"log/0003")):
    odd(f"name_{n}", G, called(name))
odd("cut_short", G, lambda r, entries: entries, end=b"100644 x\0123")
odd("garbage", G, lambda r, entries: entries, end=b"garbage")
odd("no_name", G, called(b""))
odd("no_mode", G, mode(b"9", b"log"))
