"""CSV files: text stands between quotes and runs in no spreadsheet, figures stand bare."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from microopt.quantities.json_values import value_bytes
from microopt.rendering.sanitize import escape_formula, plain_text

_BARE = re.compile(r"[\w.%-]*", re.ASCII)
_PLAIN = re.compile(r"@[\w.]+|\w[\w |.-]*", re.ASCII)  # texts in which nothing is removed, guarded or doubled
_LARGEST = 1 << 52  # below which the nearest double of a whole number of parts is its decimals


def text_cell(text: str) -> str:
    """Return a cell of someone's text, on one line."""
    return quoted_cell(escape_formula(plain_text(text)))


def text_cells(texts: Sequence[str]) -> list[str]:
    """Return the cell of each text; most texts are in thousands of rows, and need no escaping."""
    cells = {text: f'"{text}"' if _PLAIN.fullmatch(text) else text_cell(text) for text in set(texts)}
    return list(map(cells.__getitem__, texts))


def money_cells(cents: Sequence[int]) -> list[str]:
    """Return the cell of each amount of money: two decimals."""
    return _decimal_cells(cents, 2)


def thousandths_cells(parts: Sequence[int]) -> list[str]:
    """Return the cell of each number of thousandths: three decimals."""
    return _decimal_cells(parts, 3)


def _decimal_cells(parts: Sequence[int], digits: int) -> list[str]:
    """Return each number of parts with this many decimals; a `format` for each takes four times as long."""
    unit = 10**digits
    if not parts or min(parts) < 0 or max(parts) >= _LARGEST:
        return [f"{part / unit:.{digits}f}" for part in parts]
    wholes, rest = np.divmod(np.asarray(parts, dtype=np.int64), unit)
    decimals = [f".{number:0{digits}d}" for number in range(unit)]
    texts = value_bytes(wholes.tolist())[1:-1].decode().split(",")
    return [whole + decimals[number] for whole, number in zip(texts, rest.tolist(), strict=True)]


def quoted_cell(text: str) -> str:
    """Return text between quotes, unless there is none.

    So the first cell of a line is never an instruction to the program that shows the line, such as `::error::`.
    """
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if text else ""


def csv_text(header: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """Return cells of `text_cell`, figures and our own words as lines."""
    head = (cell if _BARE.fullmatch(cell) or cell.startswith('"') else quoted_cell(cell) for cell in header)
    return "\n".join([",".join(head), *map(",".join, rows), ""])
