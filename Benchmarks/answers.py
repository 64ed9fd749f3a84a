#!/usr/bin/python3
"""The measuring part of Benchmarks/answers: seconds from the start of a command to its end, asked in turn."""

import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import time

import measure


def commands(bench):
    """What is asked, by what is printed of it; people and groups in the middle of the roster."""
    roster = sqlite3.connect(f"file:{bench.state}/roster.sqlite?mode=ro", uri=True)
    email = roster.execute(
        "SELECT email FROM roster_users ORDER BY email LIMIT 1 OFFSET (SELECT count(*) / 2 FROM roster_users)").fetchone()[0]
    return {
        "--version": [measure.ROLLCALL, "--version"],
        "status": bench.rollcall("status"),
        "users --search": bench.rollcall("users", "--search", email.split("@")[0]),
        "explain PERSON": bench.rollcall("explain", email),
        "explain PERSON --why-not ROLE": bench.rollcall("explain", email, "--why-not", "account-admin"),
        "seats": bench.rollcall("seats"),
        "runs": bench.rollcall("runs"),
        "check": bench.rollcall("check"),
    }


def ask(words):
    start = time.monotonic()
    done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    seconds = time.monotonic() - start
    # A status that needs somebody says so by its exit code.
    if done.returncode not in (0, 1):
        measure.stop(f"{' '.join(words[1:])} ended with {done.returncode}: {done.stderr}")
    return seconds


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    size = int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 100_000
    bench = measure.filled("answers", size)
    # The second night: a roster is asked between nights that change little.
    for words in (["lock"], ["sync", "--yes"], ["sync", "--yes"]):
        subprocess.run(bench.rollcall(*words), check=True, stdout=subprocess.DEVNULL)
    asked = commands(bench)
    found = {name: [] for name in asked}
    for _ in range(int(os.environ.get("ROUNDS", 20))):
        for name, words in asked.items():
            found[name].append(ask(words))
    bench.server.destroy()
    print(f"| asked of {size:,} users | median | least |")
    print("|---|---|---|")
    for name, seconds in found.items():
        print(f"| `rollcall {name}` | {statistics.median(seconds) * 1000:.0f} ms | {min(seconds) * 1000:.0f} ms |")


if __name__ == "__main__":
    main()
