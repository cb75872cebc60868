"""A registry that is being made, by the program or by hand."""
import datetime
import hashlib
import os
import shutil
import struct
import subprocess
import zlib


START = 1790000000
POLICY = """schema = 1
name = "Example Program"
{top}
[[committee]]
github = "alice"
affiliation = "Umbrella"
{alice}
[[committee]]
github = "bob"
affiliation = "Initech"
{bob}
[[committee]]
github = "carol"
affiliation = "Hooli Inc."
{carol}
{more}"""


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def png(shade):
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes([shade, 100, 200, 255]) * 400 for _ in range(200))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 400, 200, 8, 6, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class Made:
    """A registry that is being made."""

    binary, directory, verbose = "", "", False

    def __init__(self, name, clock=START, signed=False):
        self.name, self.clock, self.signed = name, clock, signed
        self.path = os.path.join(self.directory, f"{name}.git")

    def env(self, who=None):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "KARMADA_PARTNER_", "GH_", "GITHUB_"))}
        env.update(HOME=self.directory, XDG_CONFIG_HOME=os.path.join(self.directory, "config"), SOURCE_DATE_EPOCH=str(self.clock),
                   XDG_CACHE_HOME=os.path.join(self.directory, "cache", self.name), XDG_STATE_HOME=os.path.join(
                       self.directory, "state", self.name))
        if self.signed and who:
            key = os.path.join(self.directory, "keys", self.signed if isinstance(self.signed, str) else who)
            env["KARMADA_PARTNER_SIGNING_KEY"] = key if os.path.exists(key) else "none"
        return env

    def call(self, who, *args, fine=True):
        self.clock += 60
        registry = [] if args[0] == "init" else ["--registry", self.path]
        done = subprocess.run([self.binary, "--no-input", "--offline", "--yes", *registry, "--as", who, *args],
                              env=self.env(who), cwd=self.directory, capture_output=True, text=True)
        if self.verbose:
            print(f"  {self.name}: {who} {' '.join(args)} -> {done.returncode}\n{done.stdout}{done.stderr}")
        if fine and done.returncode:
            raise SystemExit(f"{self.name}: {who}: {' '.join(args)}: {done.stdout}{done.stderr}")
        return done

    def found(self, **policy):
        file = os.path.join(self.directory, f"{self.name}.toml")
        with open(file, "w") as out:
            out.write(POLICY.format(**{"top": "", "alice": "", "bob": "", "carol": "", "more": ""} | policy))
        self.call("alice", "init", self.path, "--program", file)
        return self

    def apply(self, slug="globex", who=None, logo="logo.png", contact=None, *more):
        contact = contact or f"{slug}-bot"
        self.call(who or contact, "apply", "--slug", slug, "--name", slug.title(), "--website", f"https://{slug}.example/karmada",
                  "--github", contact, "--logo", logo, *more)
        return self

    def review(self, who, slug="globex", vote="approve", finding="met"):
        self.call(who, "review", slug, "--vote", vote, "--authenticity", finding, "--url", finding, "--relevance", finding)
        return self

    def partner(self, slug="globex"):
        self.apply(slug)
        self.review("alice", slug)
        self.call("bob", "approve", slug)
        return self

    # -- by hand

    def git(self, *args, data=None):
        done = subprocess.run(["git", "-C", self.path, *args], env=dict(self.env(), GIT_CONFIG_NOSYSTEM="1"), input=data,
                              capture_output=True)
        if done.returncode:
            raise SystemExit(f"{self.name}: git {' '.join(args)}: {done.stderr.decode()}")
        return done.stdout

    def copy(self, name):
        other = Made(name, self.clock, self.signed)
        shutil.copytree(self.path, other.path)
        return other

    def read(self, path, at="HEAD"):
        return self.git("cat-file", "blob", f"{at}:{path}")

    def there(self, path, at="HEAD"):
        return bool(self.git("ls-tree", "--name-only", at, "--", path))

    def list(self, path, at="HEAD"):
        return [p for p in self.git("ls-tree", "-r", "--name-only", at, "--", path).decode().split("\n") if p]

    def commit(self, files, message="by hand", parents=None, time=None, mode="100644", base=None):
        """A commit on the default branch: path -> bytes, or None to take it away."""
        self.clock += 60
        parents = parents if parents is not None else ["HEAD"]
        parents = [self.git("rev-parse", p).decode().strip() for p in parents]
        message = message.encode()
        out = [b"commit refs/heads/by-hand\ncommitter Somebody <somebody@example.org> %d +0000\ndata %d\n%s\n" % (
            time or self.clock, len(message), message)]
        out += [b"%s %s\n" % (b"merge" if n else b"from", p.encode()) for n, p in enumerate(parents)]
        if base:
            out.append(b"deleteall\n")
            files = {p: self.read(p, base) for p in self.list(".", base)} | files
        for path, data in files.items():
            name = path.encode()
            out.append(b"D %s\n" % name if data is None else b"M %s inline %s\ndata %d\n%s\n" % (
                mode.encode(), name, len(data), data))
        if parents:
            self.git("update-ref", "refs/heads/by-hand", parents[0])
        self.git("fast-import", "--force", "--quiet", data=b"".join(out))
        made = self.git("rev-parse", "refs/heads/by-hand").decode().strip()
        self.git("update-ref", "-d", "refs/heads/by-hand")
        self.git("update-ref", "HEAD", made)
        return made

    def to(self, commit):
        self.git("update-ref", "HEAD", self.git("rev-parse", commit).decode().strip())
        return self

    def squash(self, message=lambda m: m):
        """The last commit again, without its side."""
        head, time = self.git("log", "-1", "--format=%B").decode(), int(self.git("log", "-1", "--format=%ct"))
        self.commit({}, message(head), ["HEAD^1"], time, base="HEAD")
        return self

    def rebase(self):
        """The last merge again, as its side's commits one by one, and what it brings itself."""
        merge = self.git("rev-parse", "HEAD").decode().strip()
        base = self.git("rev-parse", "HEAD^1").decode().strip()
        side = self.git("rev-list", "--first-parent", "--reverse", f"{base}..{merge}^2").decode().split()
        self.to(base)
        for commit in [*side, merge]:
            self.commit({}, self.git("log", "-1", "--format=%B", commit).decode(), time=int(
                self.git("log", "-1", "--format=%ct", commit)), base=commit)
        return self

    def object(self, data):
        return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()

    # -- blocks made by hand

    def fields(self, path, at="HEAD"):
        return dict(line.split(": ", 1) for line in self.read(path, at).decode().splitlines())

    def stamp(self):
        return datetime.datetime.fromtimestamp(self.clock, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    def event(self, slug, kind, subject, actor, at="HEAD", **more):
        """An event that would follow: (path, bytes)."""
        base = "data/program" if slug == "program" else f"data/partners/{slug}"
        log = self.list(f"{base}/log/", at)
        last = self.fields(log[-1], at) if log else {}
        founding = self.read("data/program/log/0001", at)
        values = {
            "KP-Event": f"v1 {kind}", "KP-Registry": sha256(founding), "KP-Partner": slug, "KP-Seq": str(len(log) + 1),
            "KP-Round": last.get("KP-Round", "1"), "KP-Subject": subject, "KP-Actor": actor, "KP-Time": self.stamp(),
            "KP-Policy": sha256(self.read("data/program.toml", at)), "KP-Record": last.get("KP-Record", ""),
            "KP-Logo": last.get("KP-Logo", ""), "KP-Objects": last.get("KP-Objects", ""),
            "KP-Prev": sha256(self.read(log[-1], at)) if log else "none", "KP-Votes": "none"}
        values.update({"KP-" + key.replace("_", "-"): str(value) for key, value in more.items()})
        order = [key for key in values if key != "KP-Account"]
        order.insert(order.index("KP-Actor") + 1, "KP-Account")
        return f"{base}/log/{len(log) + 1:04}", self.block({k: values[k] for k in order if values.get(k)})

    def vote(self, slug, verdict, actor, about, log, at="HEAD", name=None, **more):
        """A vote on what an event's fields tell: (path, bytes)."""
        base = "data/program" if slug == "program" else f"data/partners/{slug}"
        values = {"KP-Vote": f"v1 {verdict}", "KP-Registry": sha256(self.read("data/program/log/0001", at)), "KP-Partner": slug,
                  "KP-Round": about["KP-Round"], "KP-Subject": about["KP-Subject"], "KP-Actor": actor, "KP-Time": self.stamp(),
                  "KP-Policy": sha256(self.read("data/program.toml", at)), "KP-Record": about["KP-Record"],
                  "KP-Logo": about["KP-Logo"], "KP-Log": log}
        if about["KP-Subject"] == "application":
            values.update({"KP-Authenticity": "met", "KP-URL": "met", "KP-Relevance": "met"})
        values.update({"KP-" + key.replace("_", "-"): str(value) for key, value in more.items()})
        order = [f"KP-{key}" for key in ORDER.split()]
        values = {key: values[key] for key in order if values.get(key)}
        return f"{base}/votes/{values['KP-Round']}/{name or actor.lower()}", self.block(values)

    @staticmethod
    def block(values):
        return "".join(f"{key}: {value}\n" for key, value in values.items()).encode()


ORDER = ("Vote Registry Partner Round Subject Actor Account Time Policy Record Logo Log Authenticity URL Relevance Interest Exit-Kind "
         "Effective Merged-Into Evidence Note Attested Head Signature")
