#!/usr/bin/env python3
"""read_sheet.py FOLDER: each N.csv is read by Python and by the shell of SQLite; both find the cells that N.json has."""

import csv
import json
import pathlib
import subprocess
import sys


def by_python(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


def by_sqlite(path):
    query = "SELECT json_group_array(json_array({columns})) FROM sheet;"
    head = by_python(path)[0]
    columns = ", ".join(f'"{name}"' for name in head)
    script = f".import --csv {path} sheet\n{query.format(columns=columns)}\n"
    made = subprocess.run(["sqlite3", ":memory:"], input=script, check=True, capture_output=True, text=True)
    if made.stderr:
        sys.exit(f"{path}: {made.stderr}")
    return [head] + json.loads(made.stdout)


def main():
    folder = pathlib.Path(sys.argv[1])
    failed = 0
    files = sorted(folder.glob("*.csv"), key=lambda path: int(path.stem))
    for path in files:
        meant = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        for name, rows in (("csv", by_python(path)), ("sqlite3", by_sqlite(path))):
            if rows != meant:
                wrong = next((pair for pair in zip(rows, meant) if pair[0] != pair[1]), (len(rows), len(meant)))
                print(f"{path.name}: {name} reads {wrong[0]}, and not {wrong[1]}")
                failed = 1
    print(f"{len(files)} sheets read")
    return failed


if __name__ == "__main__":
    sys.exit(main())
