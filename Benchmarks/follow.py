#!/usr/bin/python3
"""The measuring part of Benchmarks/follow: the daemon beside a server, and what it does and costs."""

import os
import pathlib
import random
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import threading
import time

import ldap

import measure

SUFFIX = measure.SUFFIX


class Daemon:
    """`rollcall daemon` as a child, with its log taken in."""

    def __init__(self, words, environment=None):
        self.lines = []
        self.heard = threading.Condition()
        self.child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                      env={**os.environ, **(environment or {})})
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.child.stderr:
            with self.heard:
                self.lines.append(line.rstrip("\n"))
                self.heard.notify_all()

    def wait_for(self, text, seconds=600):
        """Waits until a line of the log holds the text."""
        with self.heard:
            if not self.heard.wait_for(lambda: any(text in line for line in self.lines), seconds):
                measure.stop(f"the daemon did not say `{text}`: " + " | ".join(self.lines[-5:]))

    def resident(self):
        """MB of memory."""
        pages = int(pathlib.Path(f"/proc/{self.child.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.child.pid}/fd"))

    def end(self):
        self.child.send_signal(signal.SIGTERM)
        return self.child.wait(60)


def delays(bench, changes):
    """Seconds from each change to the suspension in the roster, and what the daemon held."""
    subprocess.run(bench.rollcall("lock"), check=True, stdout=subprocess.DEVNULL)
    subprocess.run(bench.rollcall("sync", "--yes"), check=True, stdout=subprocess.DEVNULL)
    roster = sqlite3.connect(f"file:{bench.state}/roster.sqlite?mode=ro", uri=True, isolation_level=None)
    people = [row[0] for row in roster.execute("SELECT email FROM roster_users WHERE status <> 'suspended'")]
    random.seed(1)
    chosen = random.sample(people, changes)
    connection = owner(bench.server)
    daemon = Daemon(bench.rollcall("daemon"))
    daemon.wait_for("is followed")
    before = daemon.resident()
    found = []
    for email in chosen:
        dn = connection.search_s(f"ou=people,{SUFFIX}", ldap.SCOPE_SUBTREE, f"(mail={email})", ["1.1"])[0][0]
        last = roster.execute("SELECT max(run) FROM roster_runs").fetchone()[0]
        connection.modify_s(dn, [(ldap.MOD_REPLACE, "employeeType", b"disabled")])
        start = time.monotonic()
        while True:
            try:
                run = roster.execute("SELECT max(run) FROM roster_runs").fetchone()[0]
            except sqlite3.OperationalError:
                continue
            if run > last:
                break
            if time.monotonic() - start > 60:
                measure.stop("nobody was suspended in a minute: " + " | ".join(daemon.lines[-5:]))
            time.sleep(0.002)
        found.append(time.monotonic() - start)
        status = roster.execute("SELECT status FROM roster_users WHERE email = ?", (email,)).fetchone()[0]
        if status != "suspended":
            measure.stop(f"{email} is {status}")
    after = daemon.resident()
    if daemon.end() != 0:
        measure.stop("the daemon did not end in order")
    return found, before, after


def owner(server):
    """A connection of whoever may change the directory."""
    words = [measure.SLAPD, "url", server.directory, "ldapi"]
    url = subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()
    connection = ldap.initialize(url)
    connection.sasl_external_bind_s()
    return connection


def follow(size, changes):
    bench = measure.filled("follow", size)
    found, before, after = delays(bench, changes)
    bench.server.destroy()
    found.sort()
    print(f"| {size:,} | {len(found)} | {statistics.median(found):.3f} s | {found[int(len(found) * 0.95) - 1]:.3f} s "
          f"| {found[-1]:.3f} s | {before:.0f}, {after:.0f} MB |")


# A small company whose people come, go and move.

def company(generator, people, disabled):
    lines = ["dn: o=x", "objectClass: organization", "o: x", ""]
    for unit in ("people", "groups"):
        lines += [f"dn: ou={unit},o=x", "objectClass: organizationalUnit", f"ou: {unit}", ""]
    for number in sorted(people):
        lines += [f"dn: uid=p{number},ou=people,o=x", "objectClass: inetOrgPerson", f"uid: p{number}",
                  f"cn: P {people[number]}", f"sn: {number}", f"mail: p{number}@example.org",
                  f"entryUUID: 00000000-0000-4000-8000-{number:012x}"]
        if number in disabled:
            lines.append("employeeType: disabled")
        lines.append("")
    lines += ["dn: cn=staff,ou=groups,o=x", "objectClass: groupOfNames", "cn: staff",
              "entryUUID: 00000000-0000-4000-9000-000000000001"]
    lines += [f"member: uid=p{number},ou=people,o=x" for number in sorted(people) if generator.random() > 0.02]
    return "\n".join(lines) + "\n"


CONFIGURATION = """version: 1
state: state
directories:
  - name: corp
    kind: ldif
    file: people.ldif
    people: {bases: ["ou=people,o=x"], filter: "(objectClass=inetOrgPerson)"}
    groups: {bases: ["ou=groups,o=x"]}
    attributes: {disabled: {attribute: employeeType, equals: disabled}}
    email_domains: [example.org]
defaults:
  mode: manage
  limits:
    suspend_disabled: {count: 1000, percent: 100, floor: 1000}
    suspend_other: {count: 1000, percent: 100, floor: 1000}
    lose_access: {count: 1000, percent: 100, floor: 1000}
    return: {count: 1000, percent: 100, floor: 1000}
    people_shrink: {percent: 50, floor: 100}
    group_shrink: {percent: 50, floor: 100}
    week: {}
targets:
  - name: desk
    platform: tenant.yaml
    mapping: mapping.yaml
    topology: {seats: 100000}
schedule: {cron: "15 2 * * *", jitter: 5m}
reports: {keep: 20}
"""

MAPPING = """version: 1
platform: tenant
rules:
  - name: Staff
    when: {group: staff}
    give: {role: user}
"""


def many_runs(count):
    folder = measure.HERE / ".work" / "many-runs"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "state").mkdir(parents=True, mode=0o700)
    (folder / "approvals").mkdir()
    shutil.copy(measure.ROOT / "config/platforms/tenant.yaml", folder)
    (folder / "rollcall.yaml").write_text(CONFIGURATION)
    (folder / "mapping.yaml").write_text(MAPPING)
    generator = random.Random(7)
    people, disabled, following = {number: 0 for number in range(2000)}, set(), 2000

    def write():
        (folder / "people.new").write_text(company(generator, people, disabled))
        os.replace(folder / "people.new", folder / "people.ldif")

    write()
    words = [measure.ROLLCALL, "sync", "--yes", "--config", str(folder / "rollcall.yaml")]
    subprocess.run(words, check=True, env={**os.environ, "ROLLCALL_NOW": "1795227300"}, stdout=subprocess.DEVNULL)
    words[1:3] = ["daemon"]
    # A day passes in half a second.
    daemon = Daemon(words, {"ROLLCALL_NOW": "1795230000x172800"})
    database = sqlite3.connect(f"file:{folder}/state/roster.sqlite?mode=ro", uri=True, isolation_level=None)
    samples, seen = [], 1
    while len(samples) < count:
        time.sleep(0.05)
        try:
            nights = database.execute("SELECT count(*) FROM roster_runs WHERE command = 'sync'").fetchone()[0]
        except sqlite3.OperationalError:
            continue
        if nights == seen:
            if daemon.child.poll() is not None:
                measure.stop("the daemon ended: " + " | ".join(daemon.lines[-5:]))
            continue
        seen = nights
        samples.append((daemon.resident(), daemon.descriptors()))
        for _ in range(20):
            number = generator.choice(sorted(people))
            match generator.randrange(4):
                case 0 if len(people) > 1500:
                    people.pop(number)
                    disabled.discard(number)
                case 1:
                    people[following] = 0
                    following += 1
                case 2:
                    disabled.symmetric_difference_update({number})
                case _:
                    people[number] += 1
        write()
    status = daemon.end()
    runs = database.execute("SELECT count(*) FROM roster_runs").fetchone()[0]
    followed = database.execute("SELECT count(*) FROM roster_runs WHERE command = 'follow'").fetchone()[0]
    tail = samples[min(50, count // 4):]
    slope = statistics.linear_regression(range(len(tail)), [memory * 1000 for memory, _ in tail]).slope
    litter = [p.name for p in (folder / "state").rglob("*") if p.name.startswith(".") or "journal" in p.name]
    print(f"{count} nights, {runs} runs in all, {followed} between nights; memory {tail[0][0]:.1f} MB after run "
          f"{count - len(tail)}, {tail[-1][0]:.1f} MB at the end, slope {slope:.2f} KB a run; descriptors "
          f"{min(d for _, d in tail)} to {max(d for _, d in tail)}; litter {litter}; ended with {status}")


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if "--runs" in sys.argv:
        return many_runs(int(sys.argv[sys.argv.index("--runs") + 1]))
    words = [int(word.replace(",", "")) for word in sys.argv[1:]]
    size, changes = (words + [100_000])[0], (words + [0, 50])[1] if len(words) > 1 else 50
    print("| people | changes | median | 95 % within | longest | memory before, after |")
    print("|---|---|---|---|---|---|")
    follow(size, changes)


if __name__ == "__main__":
    main()
