"""Read words for a figure that is not public, `hidden`, as empty cells."""

from __future__ import annotations

import numpy as np

from microopt.quantities.keys import header_key
from microopt.quantities.parse_and_format import format_names
from microopt.readers.cells.quote_phrases import hidden_words, open_words
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import factorize_cells
from microopt.readers.numbers.numeric_text import NumberColumn


def empty_hidden_figures(context: ReadContext, name: str, parsed: NumberColumn) -> None:
    """Empty the cells of a column that say that the figure is not public, or not known."""
    rows = np.flatnonzero(parsed.bad)
    codes, distinct = factorize_cells(context.raw(name).iloc[rows])
    is_hidden = np.asarray([header_key(cell) in hidden_words() | open_words() for cell in distinct], dtype=np.bool_)
    if not is_hidden.any():
        return
    hidden = np.zeros(len(parsed.bad), dtype=np.bool_)
    hidden[rows[is_hidden[codes]]] = True
    parsed.bad = parsed.bad & ~hidden
    context.hidden_figures.setdefault(context.header(name), distinct[int(np.argmax(is_hidden))].strip()[:30])
    context.remark(hidden, "figure-hidden", f"{context.header(name)} is not public")


def note_hidden_figures(context: ReadContext) -> None:
    """Note in one line for the file which words were taken for empty cells."""
    if context.hidden_figures:
        found = list(dict.fromkeys(context.hidden_figures.values()))
        words = " and ".join(map(repr, found[:2])) + (" and the like" if len(found) > 2 else "")
        verb = "is read as an empty cell" if len(found) == 1 else "are read as empty cells"
        places = format_names([header[:30] for header in context.hidden_figures], limit=4)
        context.notes.append(f"{words} {verb} ({places})")
