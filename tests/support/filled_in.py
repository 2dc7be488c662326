"""A workbook in which somebody has filled in cells, as a spreadsheet saves it."""

import re
import zipfile
from datetime import date
from io import BytesIO
from xml.sax.saxutils import escape

from tests.rendering.cells import cells, column

DAY_ZERO = date(1899, 12, 30)


def fill_in(packed, creator, sheet="Creators", header="Creator", **values):
    """Return a workbook with cells of a creator's row filled in, by header: `fill_in(book, "@a", Status="signed")`.

    Spaces in headers are `_`. None empties a cell.
    """
    book = cells(packed)
    place = column(book[sheet], header, 2)
    row = next(at for at in range(3, 2_000) if book[sheet][f"{place}{at}"].value == creator)
    part = f"xl/worksheets/sheet{list(book).index(sheet) + 1}.xml"
    with zipfile.ZipFile(BytesIO(packed)) as package:
        contents = {name: package.read(name) for name in package.namelist()}
    text = contents[part].decode("utf-8")
    for name, value in values.items():
        address = f"{column(book[sheet], name.replace('_', ' '), 2)}{row}"
        old = re.search(rf'<c r="{address}"( s="\d+")?[^>]*?(/>|>.*?</c>)', text)
        text = text.replace(old[0], _cell(address, old[1] or "", value))
    contents[part] = text.encode("utf-8")
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in contents.items():
            package.writestr(name, content)
    return out.getvalue()


def _cell(address, style, value):
    if value is None:
        return f'<c r="{address}"{style}/>'
    if isinstance(value, str):
        return f'<c r="{address}"{style} t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    number = (value - DAY_ZERO).days if isinstance(value, date) else value
    return f'<c r="{address}"{style}><v>{number}</v></c>'
