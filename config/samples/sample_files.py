"""Writes files that scripts make for the samples, or says whether they are what would be written."""

import sys


def write_or_check(folder, files):
    """Writes `files`, texts by name, into a folder; with --check only compares. 1 where one differs, else 0."""
    stale = 0
    for name, text in files.items():
        path = folder / name
        if sys.argv[1:] == ["--check"]:
            if not path.exists() or path.read_bytes() != text.encode():
                print(f"error: {name} is not what make.py writes", file=sys.stderr)
                stale = 1
        else:
            path.write_bytes(text.encode())
    return stale
