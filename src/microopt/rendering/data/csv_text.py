"""CSV files: text stands between quotes and runs in no spreadsheet, figures stand bare."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from microopt.rendering.sanitize import escape_formula, plain_text

_BARE = re.compile(r"[\w.%-]*", re.ASCII)


def text_cell(text: str) -> str:
    """Return a cell of someone's text, on one line."""
    return quoted_cell(escape_formula(plain_text(text)))


def quoted_cell(text: str) -> str:
    """Return text between quotes, unless there is none.

    So the first cell of a line is never an instruction to the program that shows the line, such as `::error::`.
    """
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if text else ""


def csv_text(header: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """Return cells of `text_cell`, figures and our own words as lines."""
    head = (cell if _BARE.fullmatch(cell) or cell.startswith('"') else quoted_cell(cell) for cell in header)
    return "\n".join([",".join(head), *map(",".join, rows), ""])
