#!/usr/bin/env python3
"""Writes what the four walks need: the directory on Monday and on Tuesday, and what each platform has already.

    config/samples/adoption/make.py          writes the files below the folder of this script
    config/samples/adoption/make.py --check  says whether the files are what it would write

Harbor has 60 people; 50 of them have used four platforms for years. There is no chance in here: every choice is
arithmetic on a number.
"""

import csv
import io
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from sample_files import write_or_check  # noqa: E402

SUFFIX = "dc=harbor,dc=example"
PEOPLE = f"ou=people,{SUFFIX}"
GROUPS = f"ou=groups,{SUFFIX}"

GIVEN = "Ada Ben Cem Dora Eve Finn Gita Hugo Ines Jan Kim Lea Milo Nora Omar Pia Quinn Rosa Sven Tara".split()
FAMILY = "Abel Berg Costa Dahl Engel Falk Gomez".split()

# Department, title, how many people. The last one uses none of the platforms.
DEPARTMENTS = [
    ("support", "Support Agent", 24),
    ("sales", "Sales Representative", 16),
    ("marketing", "Campaign Planner", 6),
    ("it", "Administrator", 4),
    ("warehouse", "Stock Clerk", 10),
]
LEADS = {"support-leads": {1, 2, 3}, "sales-leads": {25, 26}, "it-admins": {47, 48}}

DISABLED_ON_MONDAY = 40     # left long ago; the platforms still have the account
BY_ALIAS = 8                # the platforms know another address of theirs
PRIVATE_ADDRESS = 17        # the platforms know an address that no directory has
EXTRA = 36                  # somebody once gave them more than any rule does
INVITED = {22, 23}          # have not accepted yet

# Tuesday.
JOINERS = [61, 62]
LEAVER = 12
DISABLED = 30
PROMOTED = {5, 9}
STEPS_DOWN = 2
MARRIES = 20
NEW_ADDRESS = 33
MOVES_TO_SUPPORT = 27
LEAVES_ALL_GROUPS = 45


class Person:
    """One person of the directory; `number` tells everything else."""

    def __init__(self, number, department, title):
        self.number, self.department, self.title = number, department, title
        self.given, self.family = GIVEN[number % len(GIVEN)], FAMILY[number % len(FAMILY)]
        self.uid = f"{self.given}.{self.family}{number}".lower()
        self.mail = f"{self.uid}@harbor.example"
        self.disabled = False

    @property
    def dn(self):
        return f"uid={self.uid},{PEOPLE}"

    def entry(self):
        rows = [f"dn: {self.dn}", "objectClass: inetOrgPerson", "objectClass: inetLocalMailRecipient"]
        rows += [f"uid: {self.uid}", f"cn: {self.given} {self.family}", f"sn: {self.family}"]
        rows += [f"displayName: {self.given} {self.family}", f"mail: {self.mail}"]
        rows += [f"mailLocalAddress: first{self.number}@harbor.example"] if self.number == BY_ALIAS else []
        rows += [f"title: {self.title}", f"employeeType: {'disabled' if self.disabled else 'employee'}"]
        rows += [f"entryUUID: ba4b0001-0000-4000-8000-{self.number:012d}"]
        return "\n".join(rows) + "\n\n"


def monday():
    people = []
    for department, title, count in DEPARTMENTS:
        for _ in range(count):
            people.append(Person(len(people) + 1, department, title))
    people[DISABLED_ON_MONDAY - 1].disabled = True
    return people, LEADS


def tuesday():
    people, leads = monday()
    at = {p.number: p for p in people}
    at[DISABLED_ON_MONDAY].disabled = False
    at[DISABLED].disabled = True
    at[MARRIES].family = "Moreau"
    at[MARRIES].uid = f"{at[MARRIES].given}.moreau{MARRIES}".lower()
    at[NEW_ADDRESS].mail = "new.address@harbor.example"
    at[MOVES_TO_SUPPORT].department, at[MOVES_TO_SUPPORT].title = "support", "Support Agent"
    at[LEAVES_ALL_GROUPS].department = "warehouse"
    people = [p for p in people if p.number != LEAVER]
    people += [Person(number, "support", "Support Agent") for number in JOINERS]
    leads = dict(leads, **{"support-leads": leads["support-leads"] - {STEPS_DOWN} | PROMOTED})
    return people, leads


def directory(day, people, leads):
    rows = [f"# Harbor on {day}, written by make.py beside this file. Do not edit by hand.\n\n"]
    units = [(SUFFIX, "objectClass: dcObject\nobjectClass: organization\ndc: harbor\no: Harbor")]
    units += [(dn, f"objectClass: organizationalUnit\nou: {dn[3:dn.index(',')]}") for dn in (PEOPLE, GROUPS)]
    for number, (dn, text) in enumerate(units):
        rows.append(f"dn: {dn}\n{text}\nentryUUID: ba4b0003-0000-4000-8000-{number:012d}\n\n")
    rows += [p.entry() for p in people]
    groups = {d[0]: {p.number for p in people if p.department == d[0]} for d in DEPARTMENTS} | leads
    for number, (name, members) in enumerate(groups.items(), 1):
        rows.append(f"dn: cn={name},{GROUPS}\nobjectClass: groupOfNames\ncn: {name}\n")
        rows += [f"member: {p.dn}\n" for p in people if p.number in members]
        rows.append(f"entryUUID: ba4b0002-0000-4000-8000-{number:012d}\n\n")
    return "".join(rows)


class Account:
    """What every platform knows of one of its 50 users, before its own words for roles."""

    def __init__(self, person):
        n = person.number
        self.number, self.department = n, person.department
        self.lead = any(n in members for members in LEADS.values())
        self.extra = n == EXTRA
        self.email = {BY_ALIAS: f"first{n}@harbor.example", PRIVATE_ADDRESS: "rosa@mail.example"}.get(n, person.mail)
        self.status = "invited" if n in INVITED else "active"
        self.sign_in = "" if n in INVITED else f"2026-11-{1 + n % 19:02d}T{7 + n % 11:02d}:{n:02d}:00Z"


def vivi(account):
    """Lines of one user: the platform's list has one for each workspace."""
    role, workspaces = {
        "support": ("Agent Manager" if account.lead else "Chat User", ["support"]),
        "sales": ("Agent Manager" if account.lead or account.extra else "Chat User", ["sales"]),
        "marketing": ("Campaign Manager", ["marketing"]),
        "it": ("Account Admin", [""]) if account.lead else ("Agent Viewer", ["support", "sales"]),
    }[account.department]
    return [[f"v-{1000 + account.number}", account.email, workspace, role, account.status, account.sign_in]
            for workspace in workspaces]


def tenant(account):
    template = {
        "support": "Manager" if account.lead else "Support agent",
        "sales": "Manager" if account.lead or account.extra else "",
        "marketing": "",
        "it": "" if account.lead else "Integrator",
    }[account.department]
    admin = account.department == "it" and account.lead
    crm = "yes" if admin or account.department in ("support", "sales") else "no"
    permissions = "analytics: view, export" if account.department == "marketing" else ""
    return [[account.email, "Admin" if admin else "User", template, crm, permissions, account.status,
             account.sign_in, f"t-{2000 + account.number}"]]


def agent_studio(account):
    admin = account.department == "it" and account.lead
    template = {
        "support": "QA analyst; Content editor" if account.lead else "QA analyst",
        "sales": "Voice specialist" if account.extra else "",
        "marketing": "Content editor",
        "it": "" if admin else "Voice specialist",
    }[account.department]
    permissions = "" if account.department != "sales" else "analytics: edit" if account.lead else "analytics: read"
    return [[account.sign_in, "Admin" if admin else "Member", template, permissions, account.email,
             f"s-{3000 + account.number}", account.status]]


def voiceflow(account):
    workspace = "sales" if account.department in ("sales", "marketing") else "support"
    role = "Editor" if account.department != "it" and (account.lead or account.extra) else "Viewer"
    if account.department == "it" and account.lead:
        workspace, role = "", "Owner"
    grants = "lead-bot: editor" if account.department == "marketing" else ""
    return [[account.email, f"b-{4000 + account.number}", workspace, role, grants, account.status, account.sign_in]]


# Head of each list and its lines, in the order and under the names that the platform has; and what ends a line.
LISTS = {
    "vivi": (["User ID", "Email", "Workspace", "Role", "Status", "Last sign-in"], vivi, "\n"),
    "tenant": (["E-mail", "Role", "Template", "CRM access", "Permissions", "Status", "Last sign-in", "Account ID"], tenant, "\r\n"),
    "agent-studio": (["last_sign_in", "role", "template", "permissions", "email", "account", "status"], agent_studio, "\n"),
    "voiceflow": (["Email", "Account", "Workspace", "Role", "Assistants", "Status", "Last sign-in"], voiceflow, "\n"),
}


def user_list(platform):
    head, lines, ending = LISTS[platform]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=ending)
    writer.writerow(head)
    for person in monday()[0][:50]:
        writer.writerows(lines(Account(person)))
    # A spreadsheet marks its files as UTF-8 and ends lines in its own way.
    return ("\ufeff" if ending == "\r\n" else "") + text.getvalue()


def main():
    here = pathlib.Path(__file__).resolve().parent
    files = {"monday.ldif": directory("Monday", *monday()), "tuesday.ldif": directory("Tuesday", *tuesday())}
    files |= {f"{platform}/users.csv": user_list(platform) for platform in LISTS}
    return write_or_check(here, files)


if __name__ == "__main__":
    sys.exit(main())
