"""Rows that do not fit under their header: too long, or with a quote left open. Each is noted and left blank.

The csv module walks the text where pandas would repair it in silence (extra cells dropped, rows swallowed by an open
quote), and says which rows are at fault; pandas then reads what is left.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from microopt.errors import Fault
from microopt.readers.fault_log import FaultLog

EMPTY = '""\n'  # a row of one empty cell; a bare line break would join a carriage return before it
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")  # each with its line end
csv.field_size_limit(2**31 - 1)


def fitting(text: str, mark: str, width: int, row: int, faults: FaultLog) -> tuple[str, int]:
    """Return the text with a blank line for each row that does not fit, and how many rows are too short.

    Parameters
    ----------
    mark
        What separates cells.
    width
        How many cells the header has.
    row
        Spreadsheet row of the text's first row.
    """
    lines = LINE.findall(text)
    short = start = 0
    kept: list[str] = []
    for end, cells, trouble in _records(lines, mark):
        if trouble or any(map(str.strip, cells[width:])):
            faults.add(_open_quote(row, trouble) if trouble else _too_long(row, len(cells), width))
            kept.append(EMPTY)
        elif len(cells) > width:
            kept.append(_line(cells[:width], mark))
        else:
            short += len(cells) < width and any(map(str.strip, cells))
            kept.extend(lines[start:end])
        start, row = end, row + 1
    return "".join(kept), short


def _records(lines: list[str], mark: str) -> Iterator[tuple[int, list[str], str]]:
    """Yield where each record ends, its cells, and what is wrong with its quotes.

    After a quote that is never closed reading goes on in the line below it, so that one slip does not hide the rest.
    """
    end = 0
    while end < len(lines):
        start = end
        reader = csv.reader(map(lines.__getitem__, range(start, len(lines))), delimiter=mark, strict=True)
        try:
            for cells in reader:
                end = start + reader.line_num
                yield end, cells, ""
        except csv.Error as error:
            relaxed = csv.reader([lines[end], ""], delimiter=mark)
            cells = next(relaxed)  # `"a" b` closes its quote, if oddly
            yield end + 1, cells, str(error) if relaxed.line_num > 1 else ""
            end += 1


def _line(cells: list[str], mark: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=mark, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _open_quote(row: int, trouble: str) -> Fault:
    message = f"row {row} opens a quote and does not close it ({trouble})"
    fix = 'close the quote, or write a quote within a cell as ""'
    return Fault(code="row-quote", message=message, fix=fix, row=row)


def _too_long(row: int, cells: int, width: int) -> Fault:
    message = f"row {row} has {cells} cells where the header has {width}"
    return Fault(code="row-too-long", message=message, fix="put quotes around a cell that holds the separator", row=row)
