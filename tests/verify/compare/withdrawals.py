"""Who takes back what, and when."""
from cases import TAMPERED

from steps import G, application, applied


def takes_back(who, back, voted, expect):
    def make(r):
        application(r, who=who)
        about, word = applied(r)
        if voted:
            r.commit(dict([r.vote("globex", "approve", "bob", about, word)]))
        path, data = r.event("globex", "withdrawn", "application", back)
        r.commit({path: data, f"{G}/partner.toml": None, f"{G}/logo.png": None})
    make.__name__ = f"{back}_takes_back_what_{who}_brought{'_voted' * voted}"
    TAMPERED[make.__name__] = ("founded", expect, make)


for who in ("globex-bot", "helper", "alice"):
    for back in ("globex-bot", "helper", "alice", "carol"):
        for voted in (False, True):
            takes_back(who, back, voted, "none" if back == "globex-bot" or (who == back and (who == "helper" or not voted)) else "error")
