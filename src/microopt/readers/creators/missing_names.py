"""Rows whose creator is named in another column: a list of handles in which one row has only a display name."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec.structs import replace

from microopt.quantities.parse_and_format import format_names
from microopt.readers.cells.text import is_placeholder
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import is_numeric, to_texts

SHOWN_ROWS = 8
_FEW = 0.5  # share of rows without a name up to which another column helps out


def fill_missing_names(context: ReadContext) -> None:
    """Take the name of a row without one from another column of names."""
    if "creator" not in context.columns or is_numeric(context.raw("creator")):
        return
    others = list(_other_name_columns(context))
    if not others:
        return
    creators = context.raw("creator")
    is_nameless = (creators.isna() | (creators == "")).to_numpy(dtype=bool)
    if not is_nameless.any() or is_nameless.mean() > _FEW:
        return
    rows = np.flatnonzero(is_nameless)
    names = np.full(len(rows), "", dtype=object)
    for position in others:
        cells = to_texts(context.table.columns[position].iloc[rows])
        found = np.asarray(["" if is_placeholder(cell) else cell.strip() for cell in cells], dtype=object)
        names = np.where(names == "", found, names)
    filled = names != ""
    if filled.any():
        named = creators.copy()
        named.iloc[rows[filled]] = names[filled]
        context.replace_column("creator", named)
        mask = np.zeros(len(creators), dtype=bool)
        mask[rows[filled]] = True
        context.remark(mask, "name-from-other-column", "the creator's name was read from another column of names")


def note_filled_names(context: ReadContext) -> None:
    """Note which rows have their name from another column, without those that turned out not to be creators."""
    for number, remark in enumerate(context.remarks):
        if remark.code == "name-from-other-column":
            rows = remark.rows[np.isin(remark.rows, context.table.row)]
            context.remarks[number] = replace(remark, rows=rows)
            if len(rows):
                _note(context, rows.tolist())
    context.remarks = [remark for remark in context.remarks if len(remark.rows)]


def _other_name_columns(context: ReadContext) -> Iterator[int]:
    """Yield the positions of unused columns of names, the best first; numbers and ids are not names."""
    taken = {*context.columns.values(), *context.ignored}
    ranked = []
    for position, header in enumerate(context.table.headers):
        ranks = [rank for column, rank in context.options.vocabulary.find_columns(header) if column == "creator"]
        is_id = header.strip().casefold().endswith("id")
        if ranks and position not in taken and not is_id and not is_numeric(context.table.columns[position]):
            ranked.append((ranks[0], position))
    yield from (position for _, position in sorted(ranked))


def _note(context: ReadContext, rows: list[int]) -> None:
    shown = format_names(list(map(str, rows)), SHOWN_ROWS)
    header = context.header("creator")
    subject = f"1 row without {header} is" if len(rows) == 1 else f"{len(rows):,} rows without {header} are"
    context.notes.append(f"{subject} named by another column of names: {shown}")
