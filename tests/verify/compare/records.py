"""Which partner.toml can be read, and which hosts tie whom."""
import random
import re

from cases import TAMPERED
from stakes import tie
from steps import application, decide

PLAIN = 'schema = 1\nname = "Globex"\nwebsite = "https://globex.example/"\ngithub = "globex-bot"\n'


def case(name, expect, text, who=("alice", "bob")):
    def make(r):
        data = text.encode() if isinstance(text, str) else text
        application(r, "globex", record=data)
        decide(r, list(who))
    make.__name__ = f"record_{name}"
    TAMPERED[make.__name__] = ("founded", expect, make)


def field(key, value):
    return re.sub(rf'(?m)^{key} = .*\n', "", PLAIN) + f"{key} = {value}\n"


case("plain", "none", PLAIN)
for number, (expect, key, value) in enumerate((
        ("error", "extra", '"x"'), ("error", "schema", "true"), ("error", "schema", "2"), ("error", "schema", "1.0"),
        ("none", "name", '" Globex "'), ("none", "name", '"' + "x" * 80 + '"'), ("error", "name", '"' + "x" * 81 + '"'), ("error", "name", '"-"'),
        ("error", "name", '""'), ("none", "name", '"\\u24b6"'), ("none", "name", '"\\U0001F150"'), ("error", "name", '"\\u0301"'),
        ("error", "name", '"a\\u200bb"'), ("error", "name", '"a\\u001cb"'), ("error", "name", '"\\u001ca"'), ("none", "name", '"\\u3000a"'), ("error", "name", "1"),
        ("none", "description", '"one\\n two"'), ("none", "description", '"\\t' + "y" * 400 + '"'), ("error", "description", '"' + "y" * 401 + '"'),
        ("error", "description", '"…"'), ("none", "email", '" a.b@c.example"'), ("error", "email", '"a..b@c.example"'), ("error", "email", '"a@c"'),
        ("error", "email", '"a@c.1"'), ("error", "email", '"ü@c.example"'), ("error", "email", '"a@ü.example"'), ("error", "email", '"a@c.x"'),
        ("none", "services", '["a-b", "a-b"]'), ("error", "services", '["A"]'), ("error", "services", '"a"'), ("none", "services", "[]"),
        ("error", "regions", '["-a"]'), ("error", "hours", "[1]"), ("none", "offices", '["Berlin"]'), ("error", "offices", '[""]'),
        ("none", "certified", "1"), ("error", "certified", "0"), ("error", "certified", "100_001"), ("error", "certified", "1.0"), ("error", "certified", "true"),
        ("error", "github", '"-a"'), ("error", "github", '" a"'), ("none", "github", '"a[bot]"'), ("none", "github_id", "9223372036854775807"),
        ("error", "github_id", "9223372036854775808"), ("error", "name", '"\\x41"'), ("error", "name", '"\\e"'),
        ("none", "story", '"http://a.example"'), ("error", "story", '"ftp://a.example"'))):
    case(f"field_{number}_{key}", expect, field(key, value))
case("with_cr", "error", PLAIN.replace("\n", "\r\n"))
case("with_mark", "error", "\ufeff" + PLAIN)
case("not_utf_8", "error", PLAIN.encode() + b"# \xff\n")
case("too_long", "error", PLAIN + "#" * 65536)
case("like_a_picture", "none", "# x ftypavif\n" + PLAIN)
case("key_twice", "error", PLAIN + 'name = "x"\n')
for number, (expect, website) in enumerate((
        ("none", "HTTPS://A.example"), ("none", "https://a.example."), ("error", "https://a.example.."), ("error", "https://a"), ("error", "https://1.2.3.4"),
        ("error", "https://a.0x1f"), ("error", "https://[::1]/"), ("none", "https://a.example:0443/x"), ("error", "https://a.example:65536"),
        ("error", "https://a.example:x"), ("none", "https://a.example:"), ("error", "https://u@a.example"), ("error", "https://a b.example"), ("error", "https://a.example/b\\u00a0c"),
        ("error", "https://a.example/b c"), ("error", "https:///a.example"), ("error", "https:a.example"), ("error", "https://a.example/{}"), ("error", "https://-a.example"),
        ("none", "https://a_b.example"), ("error", "https://a%20b.example"), ("error", "https://a%2fb.example"), ("error", "https://a%2541.example"), ("error", "https://a%ff.example"),
        ("error", "https://a..example"), ("none", "https://华为。example"), ("none", "https://a．example"), ("none", "https://a｡example"), ("none", "https://a.xn--x.example"),
        ("none", "https://a%E3%80%82example"), ("error", "https://" + "a" * 64 + ".example"), ("none", "https://a.example/" + "x" * 1982), ("error", "https://a.example/" + "x" * 1983))):
    case(f"website_{number}", expect, field("website", f'"{website}"'))



for name, expect, host in (
        ("plain", "error", "umbrella.example"), ("ideographic_dot", "error", "umbrella。example"), ("full_width_dot", "error", "umbrella．example"),
        ("half_width_dot", "error", "umbrella｡example"), ("dot_in_percent", "error", "umbrella%E3%80%82example"),
        ("full_width", "error", "ｕｍｂｒｅｌｌａ.example"), ("soft_hyphen", "error", "umbr%C2%ADella.example"), ("joiner", "error", "umbr%E2%80%8Della.example"),
        ("below_with_dot", "error", "www.a.umbrella。example。"), ("upper", "error", "UMBRELLA.EXAMPLE"), ("letter_in_percent", "error", "x.umbrella.e%78ample"),
        ("of_nobody", "none", "umbrela.example"), ("white_space", "error", "umbrela .example"), ("no_break_space", "error", "umbrela\u00a0.example")):
    tie(f"host_{name}", expect, website=f"https://{host}/", vote_more={"Interest": "none"})


ODD = ("a", "Z", "é", "雨", "İ", "ß", "ⓐ", "１", "-", ".", "。", "．", "｡", "_", "%", "%61", "%2E", "%E3%80%82", "%C2%AD", "%ff", "%20", ":", "@", "[", "xn--", "xn--mnchen-3ya",
       "0x1", "127", "\u00a0", "\u3000", "\u200d", "\ufe0f", "\u0301", "\ud7ff", "|", "#", "?", "/", "example", "umbrella", "\\u001c", "\\t", "\\n", "🄰", "🅐")


def at_random(r, number):
    """A record whose texts are put together by lot: both can read it, or neither."""
    lot = random.Random(number)
    put = lambda most: "".join(lot.choice(ODD) for _ in range(lot.randint(0, most)))
    text = lambda: f'"{put(5)}"'
    values = {"name": text(), "website": f'"{lot.choice(("https", "HTTP", "http"))}://{put(4)}.example{put(2)}"', "description": text(),
              "email": f'"{put(2)}a@{put(2)}b.example"', "parent": text(), "offices": f"[{text()}, {text()}]"}
    kept = lot.sample(sorted(values), lot.randint(1, 2))
    record = PLAIN
    for key in kept:
        record = re.sub(rf"(?m)^{key} = .*\n", "", record) + f"{key} = {values[key]}\n"
    application(r, "globex", record=record.encode())
    decide(r, ["alice", "bob"])
