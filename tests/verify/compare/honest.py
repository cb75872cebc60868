"""What honest people do with the program."""
import os

from cases import honest
from steps import edit, keys


@honest
def founded(r):
    r.found()


@honest
def approved(r):
    r.found().partner()


@honest
def two(r):
    r.found().partner().partner("hooli-x")


@honest
def squashed(r):
    r.found().partner().squash()


@honest
def rebased(r):
    r.found().partner().rebase()


@honest
def turned_down(r):
    r.found().apply().review("alice", vote="reject", finding="not-met")
    r.call("bob", "reject", "globex", "--reason", "no such firm")


@honest
def taken_back(r):
    r.found().apply()
    r.call("globex-bot", "withdraw", "globex", "--reason", "later")


@honest
def amended(r):
    r.found().apply().review("alice")
    r.call("globex-bot", "update", "globex", "--website", "https://globex.example/other")
    r.review("alice").review("carol", vote="abstain", finding="unsure")
    r.call("bob", "approve", "globex")


@honest
def updated(r):
    r.found().partner()
    r.call("globex-bot", "update", "globex", "--email", "info@globex.example")
    r.call("bob", "approve", "globex")


@honest
def updated_rebased(r):
    updated(r)
    r.rebase()


@honest
def update_refused(r):
    r.found().partner()
    r.call("alice", "update", "globex", "--email", "info@globex.example")
    r.call("bob", "reject", "globex", "--reason", "no")


@honest
def update_taken_back(r):
    r.found().partner()
    r.call("globex-bot", "update", "globex", "--email", "info@globex.example")
    r.call("globex-bot", "withdraw", "globex")


@honest
def left(r):
    r.found().partner()
    r.call("globex-bot", "exit", "globex", "--kind", "voluntary", "--reason", "enough")
    r.call("bob", "exit", "globex")


@honest
def put_out(r):
    r.found().partner().partner("hooli-x")
    r.call("alice", "exit", "globex", "--kind", "merged", "--merged-into", "hooli-x", "--reason", "bought")
    r.call("bob", "exit", "globex")


@honest
def exit_refused(r):
    r.found().partner()
    r.call("alice", "exit", "globex", "--kind", "inactive", "--reason", "silent")
    r.call("bob", "reject", "globex", "--reason", "not so")
    r.call("carol", "reject", "globex", "--reason", "not so")


@honest
def again(r):
    left(r)
    r.apply().review("alice")
    r.call("carol", "approve", "globex")


@honest
def policy(r):
    r.found().partner()
    r.call("alice", "program", "propose", "--add-member", "dave", "--affiliation", "Acme", "--note", "help")
    r.call("bob", "approve", "program")
    r.call("bob", "program", "propose", "--retire", "alice")
    r.call("bob", "approve", "program")
    r.call("carol", "approve", "program")
    r.apply("initrode").review("dave", "initrode")
    r.call("carol", "approve", "initrode")


@honest
def policy_between(r):
    """Alice votes, then has no seat any more, and others decide."""
    r.found(top="").apply().review("alice")
    r.call("bob", "program", "propose", "--retire", "alice")
    r.call("bob", "approve", "program")
    r.call("carol", "approve", "program")
    r.review("bob")
    r.call("carol", "approve", "globex")


@honest
def upkeep(r):
    r.found().partner()
    r.call("globex-bot", "jobs", "add", "globex", "--title", "Engineer", "--place", "Berlin", "--closes", "2026-12-31")
    r.call("globex-bot", "jobs", "add", "globex", "--title", "Writer")
    r.call("alice", "jobs", "close", "globex", "1", fine=False)
    r.call("globex-bot", "jobs", "close", "globex", "3", fine=False)
    r.call("alice", "benefit", "add", "globex", "--kind", "exposure", "--what", "a talk")
    r.call("globex-bot", "renew", "globex")
    r.call("alice", "benefit", "add", "globex", "--kind", "early-disclosure", "--stage", "requested", "--what", "the list")


@honest
def job_of_who_leaves(r):
    r.found().partner()
    r.call("globex-bot", "jobs", "add", "globex", "--title", "Engineer")
    for who in ("alice", "bob"):
        r.call(who, "exit", "globex", "--kind", "inactive", "--effective", "2026-12-31", "--reason", "silence")
    r.call("globex-bot", "jobs", "close", "globex", "3")


@honest
def imported(r):
    r.found()
    with open(os.path.join(r.directory, "table.toml"), "w") as out:
        out.write('[[partner]]\nname = "Vandelay"\nwebsite = "https://vandelay.example/"\ngithub = "vandelay-bot"\nlogo = "logo.png"\n'
                  'since = "2024-01-01"\n')
    r.call("alice", "import", "table", "table.toml")
    r.review("alice", "vandelay")
    r.call("bob", "approve", "vandelay")


@honest
def signed(r):
    r.signed = True
    r.found(**keys(r), more="[signatures]\nrequired = true\n").partner()
    r.apply("initrode").review("carol", "initrode", "abstain", "unsure").review("alice", "initrode")
    r.call("bob", "approve", "initrode")
    r.call("alice", "benefit", "add", "globex", "--kind", "exposure", "--what", "a talk")


@honest
def signed_freely(r):
    r.signed = True
    r.found(**keys(r)).partner()


@honest
def owned_up(r):
    r.found().partner()
    edit(r)
    r.call("alice", "record", "globex", "--reason", "by hand")
    r.call("bob", "record", "globex", "--reason", "by hand", fine=False)


@honest
def cleared(r):
    left(r)
    r.call("alice", "update", "globex", "--email", "", "--logo", "", fine=False)
    r.call("bob", "approve", "globex", fine=False)


@honest
def renewal(r):
    r.found(more="[renewal]\nmonths = 12\n").partner()


@honest
def one_alone(r):
    policy = 'schema = 1\nname = "Alone"\n[[committee]]\ngithub = "alice"\naffiliation = "Umbrella"\n'
    file = os.path.join(r.directory, "alone.toml")
    with open(file, "w") as out:
        out.write(policy + "".join(f"[decisions.{d}]\nquorum = 1\naffiliations = 1\n" for d in ("approve", "reject", "exit", "policy")))
    r.call("alice", "init", r.path, "--program", file)
    r.apply("globex", contact="alice")
    r.call("alice", "approve", "globex")


@honest
def voted_twice(r):
    r.found().apply().review("alice", vote="reject", finding="unsure").review("alice")
    r.call("bob", "approve", "globex")


@honest
def with_fields(r):
    r.found(more='[fields]\nrequired = ["email"]\n').apply("globex", None, "logo.png", None, "--email", "info@globex.example",
                                                         "--name-zh", "全球", "--former-name", "Glob", "--parent", "World Inc.")
    r.review("alice")
    r.call("bob", "approve", "globex")
