"""CSV files: text stands between quotes and runs in no spreadsheet, figures stand bare."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microopt.quantities.json_values import value_bytes
from microopt.quantities.tables import Coded, Column, values_of
from microopt.rendering.sanitize import escape_formula, plain_text

_BARE = re.compile(r"[\w.%-]*", re.ASCII)
_PLAIN = re.compile(r"@[\w.]+|\w[\w |.-]*", re.ASCII)  # texts in which nothing is removed, guarded or doubled
_LARGEST = 1 << 52  # below which the nearest double of a whole number of parts is its decimals


def text_cell(text: str) -> str:
    """Return a cell of someone's text, on one line."""
    return quoted_cell(escape_formula(plain_text(text)))


def cells_of(column: Column, cell: Callable[[Any], str]) -> list[str]:
    """Return the cell of each value of a column; it is made once for equal ones."""
    if isinstance(column, Coded):
        return column.with_values(list(map(cell, column.values))).tolist()
    values = values_of(column)
    cells = {value: cell(value) for value in set(values)}
    return list(map(cells.__getitem__, values))


def text_cells(texts: Column) -> list[str]:
    """Return the cell of each text; most need no escaping."""
    return cells_of(texts, lambda text: f'"{text}"' if _PLAIN.fullmatch(text) else text_cell(text))


def money_cells(cents: Column) -> list[str]:
    """Return the cell of each amount of money: two decimals."""
    return _decimal_cells(_numbers(cents), 2)


def thousandths_cells(parts: Column) -> list[str]:
    """Return the cell of each number of thousandths: three decimals."""
    return _decimal_cells(_numbers(parts), 3)


def whole_cells(numbers: Column) -> list[str]:
    """Return the cell of each integer."""
    return value_bytes(values_of(numbers))[1:-1].decode().split(",") if len(numbers) else []


def _decimal_cells(parts: Sequence[int] | NDArray[np.int64], digits: int) -> list[str]:
    """Return each number of parts with this many decimals; a `format` for each takes four times as long."""
    unit = 10**digits
    if not _are_small(parts):
        return [f"{part / unit:.{digits}f}" for part in values_of(parts)]
    wholes, rest = np.divmod(np.asarray(parts, dtype=np.int64), unit)
    decimals = [f".{number:0{digits}d}" for number in range(unit)]
    return list(map(add, whole_cells(wholes), map(decimals.__getitem__, rest.tolist())))


def _numbers(column: Column) -> Sequence[int] | NDArray[np.int64]:
    return column if isinstance(column, np.ndarray) else values_of(column)


def _are_small(parts: Sequence[int] | NDArray[np.int64]) -> bool:
    """Whether there are numbers of parts, and the nearest double of each is its decimals."""
    if not len(parts):
        return False
    least, most = (parts.min(), parts.max()) if isinstance(parts, np.ndarray) else (min(parts), max(parts))
    return bool(least >= 0 and most < _LARGEST)


def quoted_cell(text: str) -> str:
    """Return text between quotes, unless there is none.

    So the first cell of a line is never an instruction to the program that shows the line, such as `::error::`.
    """
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if text else ""


def csv_text(header: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """Return cells of `text_cell`, figures and our own words as lines."""
    head = (cell if _BARE.fullmatch(cell) or cell.startswith('"') else quoted_cell(cell) for cell in header)
    return "\n".join([",".join(head), *map(",".join, rows), ""])
