#!/usr/bin/env python3
"""Writes the sample company: company.ldif and the change files that follow it, the same bytes each time.

    config/samples/company/make.py          writes the files beside this script
    config/samples/company/make.py --check  says whether the files are what it would write

Acme has 300 people at three sites and about 60 groups of three kinds, nested, two of them in circles. Some people are
awkward on purpose; they stand together in AWKWARD. There is no chance in here: every choice is arithmetic on a number.
"""

import base64
import pathlib
import sys
import unicodedata

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from sample_files import write_or_check  # noqa: E402

SUFFIX = "dc=acme,dc=example"
PEOPLE = f"ou=people,{SUFFIX}"
GROUPS = f"ou=groups,{SUFFIX}"
DOMAIN = "acme.example"

GIVEN = """Anna Björn Chloé Dmitri Elif François Grażyna Håkon İpek José Kateřina Lars Mary Noël Olga Pål Quentin Renée
Søren Tomáš Ulrike Vera Wei Xenia Yusuf Zoë Amara Bruno Carla Dilek""".split()
FAMILY = """Abel Brown Çelik Dvořák Evans Fernández García Hansen Ivanova Jensen Kowalski López Müller Nguyễn O'Brien
Petrov Quist Rossi Smith Taylor Ünal Virtanen Wang Xu Yılmaz Zhao Okafor Silva Haddad Lindqvist Novák""".split()

# Department, its number, how many people, the titles its people have in turn.
DEPARTMENTS = [
    ("support", "D100", 70, ["Support Agent", "Support Agent", "Senior Support Agent", "Support Agent", "Data Analyst"]),
    ("sales", "D200", 60, ["Account Executive", "Sales Representative", "Sales Engineer"]),
    ("marketing", "D300", 25, ["Campaign Planner", "Copywriter", "Data Analyst"]),
    ("engineering", "D400", 65, ["Engineer", "Senior Engineer, on-call", "Engineer", "Voice Engineer", "QA Engineer"]),
    ("product", "D500", 20, ["Product Owner", "Designer"]),
    ("finance", "D600", 15, ["Accountant", "Controller"]),
    ("hr", "D700", 10, ["HR Partner"]),
    ("it", "D800", 15, ["Administrator", "Integration Engineer", "Administrator, on-call"]),
    ("operations", "D900", 20, ["Operations Clerk", "Planner"]),
]
SITES = ["berlin", "leipzig", "remote", "berlin", "leipzig", "remote", "berlin", "leipzig"]

# Who is awkward, by number, and what stands in the entry instead. `rdn` replaces uid=... in the name of the entry.
AWKWARD = {
    3: {"rdn": [("cn", "Doe, Jane")], "cn": "Doe, Jane"},
    11: {"rdn": [("cn", 'Bob "Ace" Quote')], "cn": 'Bob "Ace" Quote'},
    17: {"rdn": [("cn", "Ada C++ Plus")], "cn": "Ada C++ Plus"},
    23: {"rdn": [("cn", " Leading Space")], "cn": " Leading Space"},
    29: {"rdn": [("cn", "Trailing Space ")], "cn": "Trailing Space "},
    31: {"rdn": [("cn", "#Hash Tag")], "cn": "#Hash Tag"},
    37: {"rdn": [("cn", "Back\\slash")], "cn": "Back\\slash"},
    41: {"rdn": [("cn", "Ñandú 漢字 🦊")], "cn": "Ñandú 漢字 🦊", "displayName": "Ñandú 漢字 🦊"},
    43: {"rdn": [("cn", "Twin Kim"), ("employeeNumber", "100043")], "cn": "Twin Kim"},
    44: {"rdn": [("cn", "Twin Kim"), ("employeeNumber", "100044")], "cn": "Twin Kim"},
    47: {"rdn": [("cn", "a<b>c;d=e")], "cn": "a<b>c;d=e"},
    48: {"locked": True},
    53: {"displayName": '=HYPERLINK("https://evil.example","Eve")'},
    59: {"displayName": "Eve \x1b[31mRed\x1b[0m"},
    61: {"displayName": "txet \u202edesrever"},
    67: {"spelling": "UID={uid},OU=Leipzig,OU=People,DC=Acme,DC=Example"},
    71: {"mail": []},
    78: {"mail": ["shared.desk@acme.example"]},
    79: {"mail": ["shared.desk@acme.example"]},
    84: {"mail": ["freelance@elsewhere.example"]},
    91: {"mail": ["Upper.Case@ACME.example"]},
    97: {"mail": ["two.first@acme.example", "two.second@acme.example"]},
    105: {"employeeType": "disabled"},
    133: {"employeeType": "disabled"},
    171: {"employeeType": "disabled"},
    208: {"employeeType": "disabled"},
    251: {"employeeType": "disabled"},
}

RDN_SPECIAL = set(',+"\\<>;=')


def escape(value):
    """A value inside a distinguished name, RFC 4514 section 2.4."""
    text = "".join("\\" + c if c in RDN_SPECIAL else c for c in value)
    if text[:1] in ("#", " "):
        text = "\\" + text
    if value.endswith(" ") and len(value) > 1:
        text = text[:-1] + "\\ "
    return text


def line(key, value):
    """One attribute line, RFC 2849: base64 where the value is not a safe string; folded after 76 columns."""
    raw = value.encode()
    safe = value.isascii() and all(32 <= b < 127 for b in raw) and value[:1] not in (" ", ":", "<") and value[-1:] != " "
    text = f"{key}: {value}" if safe else f"{key}:: {base64.b64encode(raw).decode()}"
    rows = [text[:76]] + [" " + text[i : i + 75] for i in range(76, len(text), 75)]
    return "\n".join(rows) + "\n"


def record(dn, *attributes):
    return line("dn", dn) + "".join(line(k, v) for k, v in attributes) + "\n"


def entry_id(kind, number):
    """The immutable id: kind 1 people, 2 groups, 3 the rest."""
    return f"ac3e000{kind}-0000-4000-8000-{number:012d}"


def ascii_word(text):
    text = text.replace("ø", "o").replace("ł", "l").replace("ı", "i").replace("'", "").replace("đ", "d")
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if c.isascii() and c.isalnum()).lower()


class Person:
    """One human account, before it becomes an entry."""

    def __init__(self, number, department, dept_number, title, place):
        odd = AWKWARD.get(number, {})
        given, family = GIVEN[number % len(GIVEN)], FAMILY[(number * 7 + number // len(GIVEN)) % len(FAMILY)]
        self.number, self.department, self.dept_number, self.title, self.place = (
            number, department, dept_number, title, place)
        self.site = "leipzig" if "spelling" in odd else SITES[number % len(SITES)]
        self.uid = f"{ascii_word(given)[0]}{ascii_word(family)}{number:03d}"
        self.given, self.family = given, family
        self.cn = odd.get("cn", f"{given} {family}")
        self.display = odd.get("displayName", f"{given} {family}")
        self.mail = odd.get("mail", [f"{ascii_word(given)}.{ascii_word(family)}{number}@{DOMAIN}"])
        contractor = department in ("engineering", "it") and number % 9 == 0
        self.type = odd.get("employeeType", "contractor" if contractor else "employee")
        self.locked = odd.get("locked", False)
        rdn = odd.get("rdn", [("uid", self.uid)])
        self.dn = "+".join(f"{k}={escape(v)}" for k, v in rdn) + f",ou={self.site},{PEOPLE}"
        # How groups write the member; the server keeps what was written.
        self.member_dn = odd["spelling"].format(uid=self.uid) if "spelling" in odd else self.dn

    def entry(self):
        rows = [("objectClass", "inetOrgPerson"), ("uid", self.uid), ("cn", self.cn), ("sn", self.family)]
        rows += [("givenName", self.given), ("displayName", self.display)]
        rows += [("mail", m) for m in self.mail]
        rows += [("employeeNumber", str(100000 + self.number)), ("employeeType", self.type)]
        rows += [("departmentNumber", self.dept_number), ("title", self.title), ("entryUUID", entry_id(1, self.number))]
        if self.locked:
            rows.append(("pwdAccountLockedTime", "000001010000Z"))
        return record(self.dn, *rows)


def make_people():
    people = []
    for department, dept_number, count, titles in DEPARTMENTS:
        for place in range(count):
            people.append(Person(len(people) + 1, department, dept_number, titles[place % len(titles)], place))
    return people


class Group:
    """One group: `kind` is names, unique or posix."""

    def __init__(self, name, under, members=(), groups=(), kind="names", extra=()):
        self.name, self.under, self.kind = name, under, kind
        self.members, self.groups, self.extra = list(members), list(groups), list(extra)

    @property
    def dn(self):
        return f"cn={escape(self.name)},ou={self.under},{GROUPS}"

    @property
    def attribute(self):
        return {"names": "member", "unique": "uniqueMember", "posix": "memberUid"}[self.kind]

    def values(self, by_name):
        if self.kind == "posix":
            return [p.uid for p in self.members] + self.extra
        return [p.member_dn for p in self.members] + [by_name[g].dn for g in self.groups] + self.extra


def team_groups(people):
    """Departments, the teams inside them, sites, and what people have in common."""
    def of(department, test=lambda p: True):
        return [p for p in people if p.department == department and test(p)]

    def titled(word):
        return [p for p in people if word in p.title]

    yield Group("support-tier1", "teams", of("support", lambda p: p.place % 10 < 6))
    yield Group("support-tier2", "teams", of("support", lambda p: 6 <= p.place % 10 < 9))
    yield Group("support-leads", "teams", of("support", lambda p: p.place % 10 == 9))
    yield Group("support-night", "teams", of("support", lambda p: p.place % 7 == 0))
    yield Group("sales-emea", "teams", of("sales", lambda p: p.place % 2 == 0 and p.place % 3), ["sales-dach"])
    yield Group("sales-dach", "teams", of("sales", lambda p: p.place % 3 == 0))
    yield Group("sales-americas", "teams", of("sales", lambda p: p.place % 2 and p.place % 3))
    for name, remainder in (("backend", 0), ("frontend", 1), ("voice", 2), ("quality", 3)):
        yield Group(f"engineering-{name}", "teams", of("engineering", lambda p: p.place % 4 == remainder))
    yield Group("dept-support", "departments", [], ["support-tier1", "support-tier2", "support-leads"])
    yield Group("dept-sales", "departments", [], ["sales-emea", "sales-americas"])
    yield Group("dept-engineering", "departments", [], [f"engineering-{n}" for n in ("backend", "frontend", "voice", "quality")])
    for name in ("marketing", "product", "finance", "hr", "it", "operations"):
        yield Group(f"dept-{name}", "departments", of(name), kind="unique" if name in ("finance", "it") else "names")
    yield Group("all-staff", "departments", [], [f"dept-{d[0]}" for d in DEPARTMENTS])
    for site in ("berlin", "leipzig", "remote"):
        yield Group(f"site-{site}", "departments", [p for p in people if p.site == site])
    yield Group("contractors", "departments", [p for p in people if p.type == "contractor"], kind="unique")
    yield Group("long-leave", "departments", [people[65], people[129]])
    yield Group("directors", "departments", [people[69], people[129 - 1], people[219], people[254]])
    yield Group("analysts", "teams", titled("Analyst"))
    yield Group("on-call", "teams", titled("on-call"))
    yield Group("pilot", "teams", [p for p in people if p.number % 25 == 0])
    # Guilds contain each other in a circle; the book club contains itself.
    yield Group("guild-frontend", "teams", of("engineering", lambda p: p.place % 8 == 1), ["guild-design"])
    yield Group("guild-design", "teams", of("product", lambda p: p.place % 2), ["guild-accessibility"])
    yield Group("guild-accessibility", "teams", of("support", lambda p: p.place % 20 == 5), ["guild-frontend"])
    yield Group("book-club", "teams", [p for p in people if p.number % 30 == 4], ["book-club"])
    # Names that break tools which paste strings together.
    yield Group("R+D, Leipzig", "teams", of("engineering", lambda p: p.site == "leipzig"))
    yield Group('the "A" list', "teams", of("product", lambda p: p.place % 4 == 0))
    yield Group("Größe & Maß", "teams", of("operations", lambda p: p.place % 5 == 0))
    yield Group(" padded ", "teams", of("hr"))
    # Nobody real is in it any more.
    yield Group("project-mercury", "teams", extra=[f"uid=gone{i},ou=berlin,{PEOPLE}" for i in (1, 2, 3)])


def application_groups(people):
    """Groups made for the four applications."""
    def of(department, test=lambda p: True):
        return [p for p in people if p.department == department and test(p)]

    alumni = [f"uid=alumni{i},ou=alumni,{SUFFIX}" for i in (1, 2)]
    yield Group("desk-support-managers", "desk", of("support", lambda p: p.place % 20 == 9))
    yield Group("desk-sales-managers", "desk", of("sales", lambda p: p.place % 20 == 1), kind="unique")
    yield Group("desk-marketing-managers", "desk", of("marketing", lambda p: p.place % 12 == 0))
    yield Group("desk-lab-managers", "desk", of("engineering", lambda p: p.place % 30 == 0))
    yield Group("desk-billing", "desk", of("finance", lambda p: p.place % 5 == 0))
    yield Group("desk-campaigns", "desk", of("marketing", lambda p: p.title == "Campaign Planner"))
    yield Group("crm-users", "crm", of("operations"), ["dept-sales", "support-tier2"], kind="unique", extra=alumni[:1])
    yield Group("crm-admins", "crm", of("it", lambda p: p.place in (0, 3)))
    yield Group("crm-support-agents", "crm", [], ["support-tier2", "support-leads"])
    yield Group("crm-managers", "crm", of("sales", lambda p: p.place % 15 == 1))
    yield Group("crm-integrators", "crm", of("it", lambda p: p.title == "Integration Engineer" and p.place < 9))
    yield Group("crm-team-leads", "crm", of("sales", lambda p: p.place in (6, 12)))
    yield Group("studio-admins", "studio", of("it", lambda p: p.place in (0, 6)))
    yield Group("studio-editors", "studio", of("product"), ["crm-integrators"])
    yield Group("studio-qa", "studio", [], ["engineering-quality"])
    yield Group("studio-voice", "studio", [], ["engineering-voice"])
    yield Group("bots-owners", "bots", of("product", lambda p: p.place in (0, 2)))
    yield Group("bots-support-admins", "bots", of("support", lambda p: p.place == 19))
    yield Group("bots-support-editors", "bots", of("engineering", lambda p: p.place % 6 == 0))
    yield Group("bots-support-viewers", "bots", [], ["support-leads", "guild-design"])
    yield Group("bots-sales-editors", "bots", of("engineering", lambda p: p.place % 13 == 5))
    yield Group("bots-sales-viewers", "bots", [], ["sales-dach"], extra=alumni[1:])
    yield Group("bots-order-authors", "bots", of("support", lambda p: p.place in (9, 29)))
    yield Group("bots-billing", "bots", of("finance", lambda p: p.place == 1))
    yield Group("unix-ops", "unix", of("it"), kind="posix", extra=["nobody-knows-me"])
    yield Group("unix-build", "unix", of("engineering", lambda p: p.place % 5 == 0), kind="posix")
    yield Group("unix-reporting", "unix", of("finance", lambda p: p.place % 2 == 0), kind="posix")


def containers():
    yield record(SUFFIX, ("objectClass", "dcObject"), ("objectClass", "organization"), ("dc", "acme"), ("o", "Acme"),
                 ("entryUUID", entry_id(3, 0)))
    units = [PEOPLE, GROUPS] + [f"ou={u},{SUFFIX}" for u in ("alumni", "policies")]
    units += [f"ou={s},{PEOPLE}" for s in ("berlin", "leipzig", "remote", "machines")]
    units += [f"ou={u},{GROUPS}" for u in ("departments", "teams", "desk", "crm", "studio", "bots", "unix")]
    for number, dn in enumerate(units, 1):
        yield record(dn, ("objectClass", "organizationalUnit"), ("ou", dn[3 : dn.index(",")]),
                     ("entryUUID", entry_id(3, number)))
    yield record(f"cn=default,ou=policies,{SUFFIX}", ("objectClass", "organizationalRole"), ("objectClass", "pwdPolicy"),
                 ("cn", "default"), ("pwdAttribute", "userPassword"), ("pwdLockout", "TRUE"),
                 ("entryUUID", entry_id(3, 100)))


def simple_person(dn, uid, number, kind):
    return record(dn, ("objectClass", "inetOrgPerson"), ("uid", uid), ("cn", uid), ("sn", uid),
                  ("mail", f"{uid}@{DOMAIN}"), ("employeeType", kind), ("entryUUID", entry_id(1, number)))


def company(people, groups):
    by_name = {g.name: g for g in groups}
    parts = ["# The sample company, written by make.py beside this file. Do not edit by hand.\n\n"]
    parts += containers()
    parts += [p.entry() for p in people]
    for i in (1, 2, 3):
        parts.append(simple_person(f"uid=robot{i},ou=machines,{PEOPLE}", f"robot{i}", 900 + i, "service"))
        parts.append(simple_person(f"uid=alumni{i},ou=alumni,{SUFFIX}", f"alumni{i}", 910 + i, "alumni"))
    for number, group in enumerate(groups, 1):
        rows = [("objectClass", {"names": "groupOfNames", "unique": "groupOfUniqueNames", "posix": "posixGroup"}[group.kind])]
        rows += [("cn", group.name)]
        rows += [("gidNumber", str(20000 + number))] if group.kind == "posix" else []
        rows += [(group.attribute, v) for v in group.values(by_name)]
        parts.append(record(group.dn, *rows, ("entryUUID", entry_id(2, number))))
    return "".join(parts)


def change(dn, operation, attribute, *values):
    """A modification of one attribute."""
    return record(dn, ("changetype", "modify"), (operation, attribute), *[(attribute, v) for v in values])


def rename(person, groups, new_rdn, more):
    """A person gets another name; groups that list them follow, as a directory with referential integrity does it."""
    new_dn = f"{new_rdn},ou={person.site},{PEOPLE}"
    parts = [record(person.dn, ("changetype", "modrdn"), ("newrdn", new_rdn), ("deleteoldrdn", "1"))]
    parts += [change(new_dn, "replace", k, v) for k, v in more]
    for group in groups:
        if person in group.members and group.kind != "posix":
            parts.append(change(group.dn, "add", group.attribute, new_dn))
            parts.append(change(group.dn, "delete", group.attribute, person.member_dn))
    return "".join(parts)


def second_night(people, groups):
    """Change records for ldapmodify: what happened at Acme on the second day."""
    by_name = {g.name: g for g in groups}
    at = {p.number: p for p in people}
    parts = ["version: 1\n# The second day at Acme, written by make.py beside this file.\n"]
    parts.append("# Six people join the support desk, where three seats are free.\n\n")
    for i in range(1, 7):
        person = Person(1000 + i, "support", "D100", "Support Agent", i)
        parts.append(person.entry().replace("\nobjectClass:", "\nchangetype: add\nobjectClass:", 1))
        parts.append(change(by_name["support-tier1"].dn, "add", "member", person.dn))
    parts.append("# One person leaves: the entry is gone, its groups still list it.\n\n")
    parts.append(record(at[75].dn, ("changetype", "delete")))
    parts.append("# One account is disabled.\n\n")
    parts.append(change(at[22].dn, "replace", "employeeType", "disabled"))
    parts.append("# One person marries: another login, another name, the same person.\n\n")
    married = at[10]
    parts.append(rename(married, groups, "uid=kmoreau010",
                        [("sn", "Moreau"), ("cn", f"{married.given} Moreau"), ("displayName", f"{married.given} Moreau")]))
    parts.append("# One address changes.\n\n")
    parts.append(change(at[26].dn, "replace", "mail", f"new.address@{DOMAIN}"))
    parts.append("# One support agent becomes manager of the desk.\n\n")
    parts.append(change(by_name["desk-support-managers"].dn, "add", "member", at[21].dn))
    return "".join(parts)


def leipzig_closes(people):
    """Change records: the site closes, its accounts are disabled. Legitimate, and far beyond every limit."""
    parts = ["version: 1\n# The Leipzig site closes, written by make.py beside this file.\n"]
    gone = [p for p in people if p.site == "leipzig" and p.type != "disabled" and p.department in ("support", "sales")]
    parts += [change(p.dn, "replace", "employeeType", "disabled") for p in gone]
    return "".join(parts)


def main():
    here = pathlib.Path(__file__).resolve().parent
    people = make_people()
    groups = [*team_groups(people), *application_groups(people)]
    files = {
        "company.ldif": company(people, groups),
        "second-night.ldif": second_night(people, groups),
        "leipzig-closes.ldif": leipzig_closes(people),
    }
    return write_or_check(here, files)


if __name__ == "__main__":
    sys.exit(main())
