#!/usr/bin/env python3
"""Holds contrib/verify.py and `karmada-partner audit` to each other, on honest and on tampered registries.

    python3 tests/verify/compare [--binary target/debug/karmada-partner] [--keep DIRECTORY] [--only WORD] [-v]

Honest registries are made by the program; tampered ones are copies of them with commits made by hand. It prints where the two
disagree about whether there are errors, and ends with 1 if they do anywhere, or if both are wrong about what was expected.
It needs Python 3.11, git, ssh-keygen and the package `cryptography`, and takes minutes.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
# Each adds its cases.
import accounts, damage, days, events, exits, files, gone_keys, honest, lives, merges  # noqa: E401, E402, F401
import policies, records, reverts, signatures, stakes, trees, upkeep, votes, wire, withdrawals  # noqa: E401, E402, F401
from cases import HONEST, TAMPERED
from lots import at_random, block_at_random
from registry import Made, png

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))


def errors(findings):
    return sorted({f["code"] for f in findings if f["severity"] == "error"})


def opinions(r, head):
    """((errors or none, rules) of the program, the same of verify.py)"""
    told = []
    for command in (
            [r.binary, "--registry", r.path, "--offline", "--json", "audit", "--head" if head else "--full"],
            [sys.executable, os.path.join(ROOT, "contrib", "verify.py"), r.path, "--json", *(["--head-only"] if head else [])]):
        done = subprocess.run(command, env=r.env(), cwd=r.directory, capture_output=True, text=True)
        try:
            found = json.loads(done.stdout)["findings"]
            told.append((bool(errors(found)), errors(found), found))
        except (ValueError, KeyError):
            told.append((True, [f"exit {done.returncode}: {(done.stderr or done.stdout).strip()[-300:]}"], []))
    return told


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", default=os.path.join(ROOT, "target", "debug", "karmada-partner"))
    parser.add_argument("--keep", help="make the registries in this directory, and leave them there")
    parser.add_argument("--only", default="", help="only registries whose name has this word")
    parser.add_argument("--random", type=int, default=0, metavar="N", help="N rounds, N records, N policies and N blocks by lot besides")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="only name the cases")
    parser.add_argument("-v", action="store_true", help="tell what is done")
    options = parser.parse_args()
    directory = os.path.abspath(options.keep or tempfile.mkdtemp())
    os.makedirs(directory, exist_ok=True)
    Made.binary, Made.directory, Made.verbose = os.path.abspath(options.binary), directory, options.v
    with open(os.path.join(directory, "logo.png"), "wb") as out:
        out.write(png(30))
    apart, made = 0, []
    for n in range(options.seed, options.seed + options.random):
        TAMPERED[f"random_round_{n}"] = ("approved", None, lambda r, n=n: at_random(r, n))
        TAMPERED[f"random_record_{n}"] = ("founded", None, lambda r, n=n: records.at_random(r, n))
        TAMPERED[f"random_policy_{n}"] = ("approved", None, lambda r, n=n: policies.at_random(r, n))
        TAMPERED[f"random_block_{n}"] = ("approved", None, lambda r, n=n: block_at_random(r, n))
    wanted = [name for name in TAMPERED if options.only in name]
    if options.list:
        print("\n".join(sorted([f"honest {name}" for name in HONEST if options.only in name]
                               + [f"tampered {name} ({TAMPERED[name][0]}, {TAMPERED[name][1]})" for name in wanted])))
        return 0
    bases = {TAMPERED[name][0] for name in wanted}
    base = {}
    for name, make in HONEST.items():
        if options.only in name or name in bases:
            base[name] = Made(name)
            shutil.rmtree(base[name].path, ignore_errors=True)
            make(base[name])
            made.append((base[name], "none", "honest"))
    for name in wanted:
        source, expect, make = TAMPERED[name]
        shutil.rmtree(os.path.join(directory, f"{name}.git"), ignore_errors=True)
        r = base[source].copy(name)
        make(r)
        made.append((r, expect, "tampered"))
    for r, expect, kind in made:
        for head in (False, True):
            program, verify = opinions(r, head)
            agree = program[0] == verify[0]
            right = head or expect is None or kind == "honest" and not verify[0] or verify[0] == (expect == "error")
            if not agree or not right:
                apart += 1
            if options.v or not agree or not right:
                word = "agree" if agree else "APART"
                print(f"{word} {'head' if head else 'full'} {kind} {r.name} (meant: {expect})\n   audit:  {', '.join(program[1]) or 'none'}"
                      f"\n   verify: {', '.join(verify[1]) or 'none'}")
                if not agree or options.v:
                    for who, findings in (("audit", program[2]), ("verify", verify[2])):
                        for f in findings:
                            print(f"      {who}: {f['severity']} {f['code']} {f.get('path')} {(f.get('commit') or '')[:8]} {f['message']}")
            elif program[1] != verify[1] and not head:
                print(f"words {kind} {r.name}: audit {', '.join(program[1])}; verify {', '.join(verify[1])}")
    print(f"{len(made)} registries, {apart} to look at")
    if not options.keep:
        shutil.rmtree(directory, ignore_errors=True)
    return 1 if apart else 0


if __name__ == "__main__":
    sys.exit(main())
