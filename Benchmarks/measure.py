#!/usr/bin/python3
"""The measuring part of Benchmarks/run: one server and one data set a size, rounds of every contestant in turn."""

import atexit
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
SUFFIX = "dc=example,dc=com"
BIND = f"cn=rollcall,ou=services,{SUFFIX}"
SLAPD = str(ROOT / "scripts/lib/slapd.sh")
ROLLCALL = os.environ.get("ROLLCALL", str(ROOT / ".build/release/rollcall"))
TOOLS = HERE / ".build/release"

# What is asked for until Rollcall's own searches have been seen in the server's log.
ASSUMED = {
    "people": ("(objectClass=inetOrgPerson)",
               ["entryUUID", "uid", "mail", "cn", "displayName", "employeeType", "title", "departmentNumber"]),
    "groups": ("(objectClass=groupOfNames)", ["entryUUID", "cn", "member"]),
}


class Server:
    """A throw-away slapd with W(N) in it."""

    def __init__(self, size):
        self.size = size
        self.directory = tempfile.mkdtemp(prefix="rb.")
        atexit.register(self.destroy)

    def command(self, *words, **environment):
        subprocess.run([SLAPD, words[0], self.directory, *words[1:]], check=True, env={**os.environ, **environment})

    def load(self):
        ldif = pathlib.Path(self.directory) / "directory.ldif"
        self.command("create", SUFFIX, SLAPD_MAXSIZE=str(16 << 30))
        start = time.monotonic()
        with open(ldif, "wb") as file:
            subprocess.run([TOOLS / "make-directory", str(self.size)], stdout=file, check=True)
        made = time.monotonic()
        self.command("load", str(ldif))
        say(f"W({self.size:,}): made in {made - start:.1f} s, loaded in {time.monotonic() - made:.1f} s")
        ldif.unlink()
        self.command("start")

    def url(self):
        words = [SLAPD, "url", self.directory, "ldap"]
        return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()

    def processor_seconds(self):
        pid = pathlib.Path(self.directory, "run/pid").read_text().strip()
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def destroy(self):
        subprocess.run([SLAPD, "destroy", self.directory], check=False)
        shutil.rmtree(self.directory, ignore_errors=True)


class Bench:
    """The commands of one size, and what they took."""

    def __init__(self, server, work):
        self.server, self.work = server, work
        self.password = f"{server.directory}/bind.password"
        self.asked = dict(ASSUMED)
        self.results = {}
        self.has_rollcall = os.access(ROLLCALL, os.X_OK)
        self.prepare()

    def prepare(self):
        """Puts configuration, mapping, platform and password where the configuration expects them."""
        folder = self.work / "rollcall"
        shutil.rmtree(folder, ignore_errors=True)
        workload = folder / "Benchmarks/workload"
        workload.mkdir(parents=True)
        (folder / "config").mkdir()
        shutil.copytree(ROOT / "config/platforms", folder / "config/platforms")
        text = (HERE / "workload/rollcall.yaml").read_text().replace("ldap://127.0.0.1:3890", self.server.url())
        (workload / "rollcall.yaml").write_text(text)
        shutil.copy(HERE / "workload/mapping.yaml", workload)
        shutil.copy(self.password, workload / "bind.password")
        os.chmod(workload / "bind.password", 0o600)
        self.config = workload / "rollcall.yaml"
        self.state = workload / "state"
        self.empty_state()

    def empty_state(self):
        shutil.rmtree(self.state, ignore_errors=True)
        self.state.mkdir(mode=0o700)

    def rollcall(self, *words):
        return [ROLLCALL, *words, "--config", str(self.config)]

    def learn(self):
        """Pins the groups, then looks up in the server's log what Rollcall asks for, so that its peers ask for the same."""
        subprocess.run(self.rollcall("lock"), check=True, stdout=subprocess.DEVNULL)
        self.server.command("stop")
        log = pathlib.Path(self.server.directory, "server.log")
        self.server.command("start", SLAPD_DEBUG="stats")
        subprocess.run(self.rollcall("plan"), check=False, stdout=subprocess.DEVNULL)
        self.server.command("stop")
        seen = log.read_text(errors="replace")
        self.server.command("start")
        for part in ("people", "groups"):
            pattern = rf'conn=(\d+) op=(\d+) SRCH base="ou={part},[^"]*" scope=2 deref=\d+ filter="([^"]*)"'
            found = re.search(pattern, seen)
            attributes = found and re.search(rf"conn={found[1]} op={found[2]} SRCH attr=(.*)", seen)
            if attributes:
                # The log marks a type that the server's schema does not know with a question mark.
                self.asked[part] = (found[3].replace("(?", "("), attributes[1].split())
        say("asked for: " + "; ".join(f"{part} {text} {' '.join(names)}" for part, (text, names) in self.asked.items()))

    def search(self, part):
        filter_text, names = self.asked[part]
        words = ["ldapsearch", "-LLL", "-x", "-o", "ldif-wrap=no", "-H", self.server.url(), "-D", BIND, "-y", self.password]
        return words + ["-b", f"ou={part},{SUFFIX}", filter_text, *names]

    def warm(self):
        """Brings the database into memory."""
        for part in ("people", "groups"):
            subprocess.run(self.search(part), check=True, stdout=subprocess.DEVNULL)

    def round(self):
        self.measure("a", self.search("people"), self.search("groups"))
        people, groups = self.asked["people"], self.asked["groups"]
        self.measure("c", ["/usr/bin/python3", str(HERE / "pull.py"), self.server.url(), self.password,
                           str(self.work / "pull.sqlite"), people[0], ",".join(people[1]), groups[0], ",".join(groups[1])])
        if not self.has_rollcall:
            return
        self.empty_state()
        self.measure("d", self.rollcall("sync", "--yes"))
        self.measure("e", self.rollcall("sync", "--yes"))
        for _ in range(3):
            self.change()
            self.measure("f", self.rollcall("sync", "--incremental", "--yes"))
        self.bare_insert("b")
        self.bare_insert("b'", "--indexes-after")

    def modify(self, lines):
        file = self.work / "changes.ldif"
        file.write_text("\n".join(lines) + "\n")
        self.server.command("modify", str(file))

    def make_team(self):
        """A small group inside one that a rule names: members come and go in it, and its size does not depend on N."""
        words = ["ldapsearch", "-LLL", "-x", "-o", "ldif-wrap=no", "-H", self.server.url(), "-D", BIND, "-y", self.password,
                 "-z", "20000", "-b", f"ou=people,{SUFFIX}", "(&(uid=u*)(mail=*)(!(employeeType=disabled)))", "dn"]
        found = subprocess.run(words, capture_output=True, text=True).stdout.splitlines()
        # Hostile names come first in the order of a search: those told in plain are enough.
        self.known = [line[4:] for line in found if line.startswith("dn: uid=")][:40]
        if len(self.known) < 20:
            stop(f"only {len(self.known)} of the people found could be members of the team")
        team = f"cn=bench-team,ou=groups,{SUFFIX}"
        self.modify([f"dn: {team}", "changetype: add", "objectClass: groupOfNames", "cn: bench-team",
                     *[f"member: {name}" for name in self.known[10:20]], "",
                     f"dn: cn=desk-w9-managers,ou=groups,{SUFFIX}", "changetype: modify", "add: member", f"member: {team}"])

    def change(self):
        """Ten changes in the directory: five titles, three accounts disabled or enabled, two members of a group that come or go."""
        turn = self.turn = getattr(self, "turn", 0) + 1
        lines = []
        for place, name in enumerate(self.known[:8]):
            attribute, value = ("title", f"Title {turn}") if place < 5 else ("employeeType", ["staff", "disabled"][turn % 2])
            lines += [f"dn: {name}", "changetype: modify", f"replace: {attribute}", f"{attribute}: {value}", ""]
        for name in self.known[8:10]:
            lines += [f"dn: cn=bench-team,ou=groups,{SUFFIX}", "changetype: modify",
                      f"{['delete', 'add'][turn % 2]}: member", f"member: {name}", ""]
        self.modify(lines)

    def bare_insert(self, name, *options):
        words = [str(TOOLS / "bare-insert"), str(self.state / "roster.sqlite"), str(self.work / "bare.sqlite"), *options]
        done = subprocess.run(words, check=True, capture_output=True, text=True)
        self.results.setdefault(name, []).append({"wall": float(done.stdout.split()[0])})
        self.rows = done.stdout.strip()

    def measure(self, name, *commands):
        """Runs commands one after the other; keeps seconds, processor seconds of client and server, peak memory."""
        before, start = self.server.processor_seconds(), time.monotonic()
        seconds, peak = 0.0, 0
        for words in commands:
            with open(self.work / f"{name}.log", "ab") as log:
                child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=log)
                _, status, usage = os.wait4(child.pid, 0)
                child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode != 0:
                stop(f"{' '.join(words[:3])} ended with {child.returncode}; {self.work / f'{name}.log'} has its messages")
            seconds += usage.ru_utime + usage.ru_stime
            peak = max(peak, usage.ru_maxrss)
        wall = time.monotonic() - start
        server = self.server.processor_seconds() - before
        self.results.setdefault(name, []).append({"wall": wall, "cpu": seconds, "server": server, "rss": peak / 1024})
        say(f"  {name}: {wall:.3f} s")


ROWS = [
    ("a", "`ldapsearch`, the same entries and attributes, to nowhere"),
    ("b", "bare SQLite insert of the same rows, C"),
    ("b'", "the same, indexes made after the rows"),
    ("c", "python-ldap + sqlite3"),
    ("d", "**first sync** into an empty state"),
    ("e", "**a night without change**"),
    ("f", "**an incremental run** after 10 changes"),
]


def table(bench):
    """Medians as Markdown, with the ratios the bars are about."""
    def median(name, key="wall"):
        values = [r[key] for r in bench.results.get(name, []) if key in r]
        return statistics.median(values) if values else None

    search, insert = median("a"), median("b")
    lines = ["", f"### {bench.server.size:,} people", "",
             "| | what | wall s | least | client CPU s | slapd CPU s | peak RSS MB | to a | to a + b |",
             "|---|---|---|---|---|---|---|---|---|"]
    for name, title in ROWS:
        wall = median(name)
        if wall is None:
            continue
        figures = [f"{wall:.3f}", f"{min(r['wall'] for r in bench.results[name]):.3f}"]
        figures += [f"{v:.2f}" if v is not None else "" for v in (median(name, "cpu"), median(name, "server"))]
        figures += [f"{v:.0f}" if (v := median(name, "rss")) is not None else "", f"{wall / search:.2f}"]
        figures += [f"{wall / (search + insert):.2f}" if insert else ""]
        lines.append(f"| {name} | {title} | " + " | ".join(figures) + " |")
    rounds = len(bench.results["a"])
    lines += ["", f"Medians of {rounds} rounds in turn; load average {os.getloadavg()[0]:.1f}; {os.cpu_count()} cores, "
              f"{platform.system()} {platform.release()}."]
    if insert:
        lines.append(f"Rows of b: {bench.rows.split(', ', 1)[1]}.")
    return "\n".join(lines)


def say(text):
    print(text, file=sys.stderr, flush=True)


def stop(text):
    say(f"error: {text}")
    sys.exit(1)


def filled(name, size):
    """A bench in a folder of its own, over a server that has been given its people."""
    work = HERE / ".work" / f"{name}-{size}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    server = Server(size)
    server.load()
    return Bench(server, work)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sizes = [int(word.replace(",", "").replace("_", "")) for word in sys.argv[1:]] or [10_000, 100_000, 1_000_000]
    tables = []
    for size in sizes:
        work = HERE / ".work" / str(size)
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        server = Server(size)
        server.load()
        bench = Bench(server, work)
        bench.make_team()
        if bench.has_rollcall:
            bench.learn()
        else:
            say(f"no {ROLLCALL}: measuring the others only")
        bench.warm()
        rounds = int(os.environ.get("ROUNDS", 7 if size < 50_000 else 5 if size < 500_000 else 3))
        for number in range(1, rounds + 1):
            say(f"round {number} of {rounds}")
            bench.round()
        (HERE / ".work" / f"results-{size}.json").write_text(json.dumps(bench.results, indent=1))
        tables.append(table(bench))
        server.destroy()
    print("\n".join(tables))


if __name__ == "__main__":
    main()
