#!/usr/bin/python3
"""What an admin would write in an afternoon: python-ldap and sqlite3, people and groups into three tables.

    pull.py URL PASSWORD_FILE NEW.sqlite PEOPLE_FILTER ATTRIBUTE,... GROUPS_FILTER ATTRIBUTE,...
"""

import os
import sqlite3
import sys

import ldap
from ldap.controls import SimplePagedResultsControl

SUFFIX = "dc=example,dc=com"


def pages(connection, base, filter_text, attributes):
    """Yields the entries of a subtree, a thousand at a time."""
    control = SimplePagedResultsControl(True, size=1000, cookie="")
    while True:
        request = connection.search_ext(base, ldap.SCOPE_SUBTREE, filter_text, attributes, serverctrls=[control])
        _, entries, _, answers = connection.result3(request)
        yield entries
        control.cookie = answers[0].cookie
        if not control.cookie:
            return


def first(entry, name):
    values = entry.get(name)
    return values[0].decode() if values else None


def main():
    url, password_file, path, people_filter, people_attributes, groups_filter, groups_attributes = sys.argv[1:]
    people_attributes, groups_attributes = people_attributes.split(","), groups_attributes.split(",")
    if os.path.exists(path):
        os.unlink(path)
    database = sqlite3.connect(path)
    columns = ", ".join(f'"{name}" TEXT' for name in people_attributes)
    database.execute(f"CREATE TABLE people (dn TEXT, {columns})")
    database.execute("CREATE TABLE groups (dn TEXT, id TEXT, name TEXT)")
    database.execute("CREATE TABLE members (group_id TEXT, member TEXT)")

    connection = ldap.initialize(url)
    with open(password_file, encoding="utf-8") as file:
        connection.simple_bind_s(f"cn=rollcall,ou=services,{SUFFIX}", file.read())

    marks = ", ".join("?" * (len(people_attributes) + 1))
    for entries in pages(connection, f"ou=people,{SUFFIX}", people_filter, people_attributes):
        rows = [(dn, *(first(entry, name) for name in people_attributes)) for dn, entry in entries]
        database.executemany(f"INSERT INTO people VALUES ({marks})", rows)
    for entries in pages(connection, f"ou=groups,{SUFFIX}", groups_filter, groups_attributes):
        for dn, entry in entries:
            group = first(entry, "entryUUID")
            database.execute("INSERT INTO groups VALUES (?, ?, ?)", (dn, group, first(entry, "cn")))
            members = [(group, m.decode()) for k in ("member", "uniqueMember", "memberUid") for m in entry.get(k, [])]
            database.executemany("INSERT INTO members VALUES (?, ?)", members)
    database.commit()


if __name__ == "__main__":
    main()
