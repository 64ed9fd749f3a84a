#!/usr/bin/env python3
"""compare_structure.py KIND FOLDER: 0.KIND was made with a plain name, the others with hostile ones.

What stands in all of them has to be the same, element by element and attribute by attribute, texts aside; `code` is left out, since a name
may be shown as code or not. KIND is html or markdown; Markdown is made HTML of by cmark-gfm.
"""

import html.parser
import pathlib
import re
import subprocess
import sys


class Structure(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found = []
        self.text = []
        self.prose = []
        self.silent = 0
        self.quoted = 0

    def handle_starttag(self, tag, attributes):
        if tag in ("script", "style"):
            self.silent += 1
        self.quoted += tag == "code"
        if tag != "code":
            self.found.append(("<" + tag, tuple(attributes)))

    def handle_endtag(self, tag):
        if tag in ("script", "style"):
            self.silent -= 1
        self.quoted -= tag == "code"
        if tag != "code":
            self.found.append(("</" + tag, ()))

    def handle_data(self, data):
        if not self.silent:
            self.text.append(data)
            if not self.quoted:
                self.prose.append(data)

    def handle_comment(self, data):
        self.found.append(("comment", (data,)))

    def handle_decl(self, data):
        self.found.append(("declaration", (data,)))

    def handle_pi(self, data):
        self.found.append(("instruction", (data,)))

    def unknown_decl(self, data):
        self.found.append(("unknown", (data,)))


def markup(kind, path):
    if kind == "html":
        return path.read_text(encoding="utf-8")
    extensions = ["table", "autolink", "strikethrough", "tasklist", "tagfilter", "footnotes"]
    options = [part for name in extensions for part in ("-e", name)]
    made = subprocess.run(["cmark-gfm", "--unsafe", *options, "--to", "html", str(path)], check=True, capture_output=True)
    return made.stdout.decode("utf-8")


def structure(kind, path):
    parser = Structure()
    parser.feed(markup(kind, path))
    parser.close()
    return parser


def words(text):
    """Without white space, of which Markdown and HTML make one space."""
    return "".join(text.split())


def main():
    kind, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    plain = structure(kind, folder / f"0.{kind}")
    uses = words("".join(plain.text)).count("plain")
    failed = 0
    files = sorted(folder.glob(f"*.{kind}"), key=lambda path: int(path.stem))
    for path in files[1:]:
        name = (folder / f"{path.stem}.name").read_text(encoding="utf-8")
        here = structure(kind, path)
        if here.found != plain.found:
            pairs = enumerate(zip(plain.found, here.found))
            place = next((place for place, (one, other) in pairs if one != other), min(len(plain.found), len(here.found)))
            print(f"{name!r}: {plain.found[place:place + 2]} became {here.found[place:place + 2]}")
            failed = 1
        # GitHub and GitLab make links and mentions of prose, not of code.
        acting = re.search(r"@|://|www\.|[#!~$&%]\w|:\w+:|[0-9a-f]{7}", " ".join(here.prose))
        if kind == "markdown" and acting:
            print(f"{name!r}: {acting[0]!r} stands in prose")
            failed = 1
        # In Markdown a bar within a table is written otherwise, and a quoted name may lose its backticks.
        if kind == "html" and "`" not in name and words("".join(here.text)).count(words(name)) < uses:
            print(f"{name!r}: shown {words(''.join(here.text)).count(words(name))} times instead of {uses}")
            failed = 1
    print(f"{len(files) - 1} compared with {len(plain.found)} elements")
    return failed


if __name__ == "__main__":
    sys.exit(main())
