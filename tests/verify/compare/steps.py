"""What several files of cases do first."""
import os
import subprocess

from registry import png, sha256


def keys(r):
    public = {}
    for n, who in enumerate(("alice", "bob", "carol", "mallory")):
        file = os.path.join(r.directory, "keys", who)
        if not os.path.exists(file):
            os.makedirs(os.path.dirname(file), exist_ok=True)
            kind = [["ed25519"], ["ecdsa", "-b", "384"], ["rsa", "-b", "2048"], ["ed25519"]][n]
            subprocess.run(["ssh-keygen", "-q", "-t", kind[0], *kind[1:], "-N", "", "-C", who, "-f", file], check=True)
        with open(file + ".pub") as key:
            public[who] = f'keys = ["{key.read().strip()}"]'
    public.pop("mallory")
    return public


G = "data/partners/globex"


def edit(r, slug="globex"):
    path = f"data/partners/{slug}/partner.toml"
    r.commit({path: r.read(path).replace(b"/karmada", b"/elsewhere")})


def applied(r):
    """(the fields of Globex's first event, the hash that votes on it name)"""
    path = f"{G}/log/0001"
    return r.fields(path), sha256(r.read(path))


def leaving(r):
    """What a vote on Globex's leaving in its second round is about."""
    return dict(r.fields(f"{G}/log/0002"), **{"KP-Subject": "exit", "KP-Round": "2"})


def application(r, slug="globex", contact="globex-bot", who=None, logo=None, record=None, account=""):
    r.clock += 60
    record = record or f'schema = 1\nname = "{slug.title()}"\nwebsite = "https://{slug}.example/"\ngithub = "{contact}"\n'.encode()
    logo = logo or png(30)
    path, data = r.event(slug, "applied", "application", who or contact, Round=1 + max([0] + [int(r.fields(p)["KP-Round"]) for p in r.list(f"data/partners/{slug}/log/")]),
                         Record=sha256(record), Logo=sha256(logo), Objects=f"{r.object(record)} {r.object(logo)}", Account=account)
    files = {path: data, f"data/partners/{slug}/partner.toml": record, f"data/partners/{slug}/logo.png": logo}
    r.commit(files, "applies\n\n" + data.decode())
    return files


def decide(r, voters, actor="bob", slug="globex", kind="approved", verdict="approve", vote_more={}, **more):
    """Votes and a decision of an application, in one commit."""
    base = f"data/partners/{slug}"
    log = r.list(f"{base}/log/")
    about, word = r.fields(log[-1]), sha256(r.read(log[-1]))
    r.clock += 60
    votes = dict(r.vote(slug, verdict, who, about, word, **vote_more) for who in sorted(voters))
    path, data = r.event(slug, kind, "application", actor, **({"Votes": " ".join(map(sha256, votes.values()))} | more))
    r.commit({**votes, path: data})


def sign(r, who, data):
    done = subprocess.run(["ssh-keygen", "-Y", "sign", "-n", "karmada-partner", "-f", os.path.join(r.directory, "keys", who)],
                          input=data, capture_output=True, check=True)
    return b"".join(done.stdout.splitlines()[1:-1])


def signed_block(r, who, pair):
    return pair[0], pair[1] + b"KP-Signature: " + sign(r, who, pair[1]) + b"\n"


def record_of(name="Globex", website="https://globex.example/", github="globex-bot", more=""):
    return f'schema = 1\nname = "{name}"\nwebsite = "{website}"\ngithub = "{github}"\n{more}'.encode()


def round_by_hand(r, subject, voices, kind, actor, slug="globex", record=None, logo=None, round=2, decide_more=None, apart=False, **terms):
    """A round that isn't an application's: voices are (login, verdict, "word" or "none" or a hash)."""
    base = f"data/partners/{slug}"
    r.clock += 60
    about = dict(r.fields(r.list(f"{base}/log/")[-1]))
    old, old_logo = (r.read(f"{base}/{n}") for n in ("partner.toml", "logo.png"))
    about.update({"KP-Subject": subject, "KP-Round": str(round)})
    new, new_logo = record or old, logo or old_logo
    about.update({"KP-Record": sha256(new), "KP-Logo": sha256(new_logo)})
    files, word, hashes, counts = {}, None, {}, {}
    for login, verdict, log in voices:
        r.clock += 1
        counts[login] = counts.get(login, 0) + 1
        name = login.lower() + (f".{counts[login]}" if counts[login] > 1 else "")
        path, data = r.vote(slug, verdict, login, about, word if log == "word" else log, name=name, **terms)
        files[path] = data
        if log == "none":
            word = sha256(data)
        if apart:
            r.commit({path: data})
        if verdict != "request":
            hashes[login.lower()] = (login.lower(), sha256(data))
    votes = " ".join(h for _, h in sorted(hashes.values()))
    if kind:
        event_terms = terms if kind == "exited" else {}
        fields = {"Round": round, "Record": sha256(new), "Logo": sha256(new_logo), "Objects": f"{r.object(new)} {r.object(new_logo)}",
                  "Votes": votes if kind != "withdrawn" else "none", **event_terms, **(decide_more or {})}
        path, data = r.event(slug, kind, subject, actor, **fields)
        files[path] = data
    if kind == "updated":
        files.update({f"{base}/partner.toml": new, f"{base}/logo.png": new_logo})
    r.commit(files)


VOLUNTARY = dict(Exit_Kind="voluntary", Effective="2026-10-01")
BREACH = dict(Exit_Kind="breach", Effective="2026-10-01")
NEW = record_of(website="https://globex.example/new")


def policy_by_hand(r, new, voters=("alice", "bob"), actor="bob", kind="updated", copy=True, round=2, verdict="approve", land=True):
    r.clock += 60
    about = dict(r.fields(r.list("data/program/log/")[-1]))
    about.update({"KP-Round": str(round), "KP-Record": sha256(new)})
    first = r.vote("program", verdict, voters[0], about, "none")
    rest = [r.vote("program", verdict, who, about, sha256(first[1])) for who in voters[1:]]
    path, data = r.event("program", kind, "policy", actor, Round=round, Record=sha256(new), Objects=r.object(new),
                         Votes=" ".join(sha256(d) for _, d in sorted([first, *rest])))
    files = dict([first, *rest, (path, data)])
    if land:
        files["data/program.toml"] = new
    if copy:
        files[f"data/program/policies/{path[-4:]}.toml"] = new
    r.commit(files)
