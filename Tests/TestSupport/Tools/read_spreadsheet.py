#!/usr/bin/env python3
"""read_spreadsheet.py FILE.fods...: prints as JSON, by name without ending, the cells that each spreadsheet shows and the formulas in it."""

import json
import pathlib
import sys
import xml.etree.ElementTree as xml

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def words(element):
    """The text of a paragraph: several spaces, tabs and line breaks are elements of their own."""
    if element.tag == TEXT + "s":
        return " " * int(element.get(TEXT + "c", "1"))
    if element.tag in (TEXT + "tab", TEXT + "line-break"):
        return "\t" if element.tag == TEXT + "tab" else "\n"
    return (element.text or "") + "".join(words(child) + (child.tail or "") for child in element)


def shown(cell):
    return "\n".join(words(paragraph) for paragraph in cell.findall(TEXT + "p"))


def sheet(path):
    rows, formulas = [], []
    for row in xml.parse(path).iter(TABLE + "table-row"):
        cells = []
        for cell in row.iter(TABLE + "table-cell"):
            formula = cell.get(TABLE + "formula")
            if formula is not None:
                formulas.append(formula)
            text = shown(cell)
            repeated = int(cell.get(TABLE + "number-columns-repeated", "1"))
            # What is empty is repeated to the edge of the sheet.
            cells += [text] * (repeated if text else min(repeated, 100))
        while cells and not cells[-1]:
            cells.pop()
        rows += [cells] * (int(row.get(TABLE + "number-rows-repeated", "1")) if cells else 1)
    while rows and not rows[-1]:
        rows.pop()
    return {"rows": rows, "formulas": formulas}


def main():
    print(json.dumps({pathlib.Path(name).stem: sheet(name) for name in sys.argv[1:]}))


if __name__ == "__main__":
    main()
