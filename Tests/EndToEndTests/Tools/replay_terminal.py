#!/usr/bin/env python3
"""replay_terminal.py FOLDER: every NAME.terminal is what a program wrote to a terminal, NAME.plain what its screen must then show.

The bytes go through pyte, an emulator of a VT100 as xterm has it. Nothing may have been done but to write lines, to color them, and to write
one anew: title, modes, character sets, tabulators and the edges of the screen are as at the start, no bell rang, nothing was answered. What
may be printed is judged by the categories of Python's own Unicode tables. NAMES.json lists names, each of which has to stand in a NAME.plain,
with `\\u{…}` in place of each character that may not be printed.
"""

import collections
import json
import pathlib
import re
import sys
import unicodedata

import pyte
import wcwidth

UNPRINTABLE = {"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"}
# Renditions, the line written anew, and ends of lines.
TEMPLATE = re.compile(rb"\x1b\[[0-9;]*m|\r\x1b\[K|\r\n")
MAY_BE_DONE = {"draw", "linefeed", "carriage_return", "select_graphic_rendition", "erase_in_line"}


def printable(character):
    return unicodedata.category(character) not in UNPRINTABLE


class Watched:
    """A screen that counts what is done to it."""

    def __init__(self, screen):
        self.screen = screen
        self.done = collections.Counter()

    def __getattr__(self, event):
        def do(*arguments, **options):
            self.done[event] += 1
            if event == "draw":
                arguments = (drawable(arguments[0]),)
            return getattr(self.screen, event)(*arguments, **options)

        return do


def drawable(text):
    """Without characters that take no room and combine with nothing, such as variation selectors: pyte would draw nothing after one."""
    return "".join(c for c in text if wcwidth.wcwidth(c) != 0 or unicodedata.combining(c))


def shown(text):
    """A line as a screen has it: composed, without spaces at its end, and without how long something took."""
    text = re.sub(r"in [0-9,]+ ms$", "in so many ms", text)
    return unicodedata.normalize("NFC", drawable(text)).rstrip(" ")


def state(screen):
    """What outlives a line."""
    return {
        "title": screen.title,
        "icon": screen.icon_name,
        "modes": sorted(screen.mode),
        "sets": (screen.charset, screen.g0_charset, screen.g1_charset),
        "tabulators": sorted(screen.tabstops),
        "margins": screen.margins,
        "cursor": (screen.cursor.hidden, screen.cursor.attrs),
    }


def rows(screen, count):
    for number in range(count):
        row = screen.buffer[number]
        yield shown("".join(row[column].data for column in range(max(row, default=-1) + 1)))


def faults(written, plain):
    """What is wrong with what was written to a terminal, where its screen must show a text."""
    for place, text in ("text", plain), ("terminal", TEMPLATE.sub(b"\n", written).decode("utf-8")):
        bad = sorted({f"U+{ord(c):04X}" for c in text if c != "\n" and not printable(c)})
        if bad:
            yield f"{', '.join(bad)} in the {place}"
    lines = plain.split("\n")
    widest = max(len(line) for line in written.split(b"\n"))
    screen = pyte.Screen(widest + 1, written.count(b"\n") + 2)
    before = state(screen)
    watched = Watched(screen)
    pyte.ByteStream(watched).feed(written)
    for event in sorted(watched.done.keys() - MAY_BE_DONE):
        yield f"{event} was done {watched.done[event]} times"
    for name, value in state(screen).items():
        if value != before[name]:
            yield f"{name} was {before[name]!r} and is {value!r}"
    if (screen.cursor.x, screen.cursor.y) != (0, len(lines) - 1):
        yield f"the cursor is in column {screen.cursor.x} of line {screen.cursor.y}, and the text ends in {len(lines) - 1}"
    for number, (line, row) in enumerate(zip(lines, rows(screen, len(lines)))):
        if shown(line) != row:
            yield f"line {number + 1} shows {row!r} instead of {shown(line)!r}"
            break
    if not plain.endswith("\n"):
        yield "the text does not end with a line"


def written_so(name):
    """Matches a name as it is to be shown: characters that may be printed as they are, or written out as all others are."""
    parts = []
    for character in name:
        written_out = re.escape(f"\\u{{{ord(character):X}}}")
        parts.append(f"(?:{re.escape(character)}|{written_out})" if printable(character) else written_out)
    return re.compile("".join(parts))


def main():
    folder = pathlib.Path(sys.argv[1])
    failed = 0
    lines = 0
    texts = []
    files = sorted(folder.glob("*.terminal"))
    for file in files:
        plain = file.with_suffix(".plain").read_bytes().decode("utf-8")
        texts.append(plain)
        lines += plain.count("\n")
        for fault in faults(file.read_bytes(), plain):
            print(f"{file.stem}: {fault}")
            failed = 1
    names = json.loads((folder / "NAMES.json").read_text(encoding="utf-8"))
    for name in names:
        if not any(written_so(name).search(text) for text in texts):
            print(f"{name!r} stands nowhere")
            failed = 1
    print(f"{len(files)} screens of {lines} lines, {len(names)} names")
    return failed


if __name__ == "__main__":
    sys.exit(main())
