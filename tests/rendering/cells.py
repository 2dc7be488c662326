"""A workbook as a test sees it: each cell's formula and the value beside it, straight from its XML."""

import io
import zipfile
from typing import NamedTuple
from xml.etree import ElementTree as ET

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TARGET = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Cell(NamedTuple):
    formula: str | None
    value: str | float | None


def parts(packed):
    """Return every part of a package, each of which must be whole XML."""
    with zipfile.ZipFile(io.BytesIO(packed)) as package:
        return {name: ET.fromstring(package.read(name)) for name in package.namelist()}


def cells(packed):
    """Return by sheet and by address (`A1`) what each cell holds."""
    result = parts(packed)
    texts = ["".join(t.text or "" for t in item.iter(f"{MAIN}t")) for item in result["xl/sharedStrings.xml"]]
    homes = {link.get("Id"): link.get("Target") for link in result["xl/_rels/workbook.xml.rels"]}
    names = result["xl/workbook.xml"].iter(f"{MAIN}sheet")
    sheets = {sheet.get("name"): f"xl/{homes[sheet.get(TARGET)]}" for sheet in names}
    return {name: {c.get("r"): _cell(c, texts) for c in result[path].iter(f"{MAIN}c")} for name, path in sheets.items()}


def _cell(cell, texts):
    formula, value = cell.find(f"{MAIN}f"), cell.find(f"{MAIN}v")
    content = None if value is None or value.text is None else value.text
    if content is not None and cell.get("t") != "str":
        content = (
            texts[int(content)].replace("_x005F_", "_") if cell.get("t") == "s" else float(content)
        )  # Excel's escape
    return Cell(None if formula is None else formula.text, content)


def column(sheet, header, row=1):
    """Return the letter of the column with this header."""
    return next(
        reference.removesuffix(str(row))
        for reference, cell in sheet.items()
        if cell.value == header and row_number(reference) == row
    )


def row_number(address):
    """Return the row of an address."""
    return int(address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
