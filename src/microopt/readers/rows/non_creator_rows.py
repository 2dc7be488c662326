"""Leave out the rows of a list that are not creators: totals, averages, notes, section titles and repeated headers.

A note says which rows are left out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct
from numpy.typing import NDArray

from microopt.quantities.keys import header_key
from microopt.quantities.parse_and_format import format_names, shorten
from microopt.readers.cells.text import is_placeholder
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import to_texts
from microopt.readers.rows.row_figures import RowFigures
from microopt.readers.rows.suspect_rows import find_suspects
from microopt.readers.words.row_words import (
    TotalName,
    is_below_list,
    is_lone_title,
    is_note,
    is_section_title,
    plain_labels,
    total_name,
)
from microopt.readers.words.vocabulary import ColumnKind

FEW_SLICES = 20
FIRST_ROWS = 400  # whose names and niches are compared with titles
SHOWN_ROWS = 6  # that the note names


class RowKind(Struct, frozen=True, kw_only=True):
    """What a row is, if it is not a creator: the code and the text of its remark, and a word for the note, if any."""

    code: str
    text: str
    word: str = ""


TOTAL = RowKind(code="total-row", text="a total or an average, not a creator")
NOTE = RowKind(code="note-row", text="a note, not a creator", word="note")
BELOW = RowKind(code="row-below-list", text="an amount below the list, not a creator")
SECTION = RowKind(code="section-row", text="the title of a section, not a creator")
HEADER = RowKind(code="header-row", text="the header again, not a creator", word="header")


class Suspect(Struct, kw_only=True):
    """A row that may be no creator.

    Attributes
    ----------
    position
        In the table.
    cells
        All its cells as text, stripped, "" for placeholders.
    name
        The cell of the creator, or the first text of the row.
    is_nameless
        Whether the cell of the creator is empty.
    kind
        What it is, or None if it is a creator.
    """

    position: int
    cells: list[str]
    name: str
    is_nameless: bool
    kind: RowKind | None = None


def leave_out_non_creators(context: ReadContext) -> None:
    """Leave out the rows that are not creators, and note which."""
    if "creator" not in context.columns or not len(context.table.row):
        return
    suspects = _read_suspects(context, find_suspects(context))
    if not suspects:
        return
    _judge_texts(context, suspects)
    _judge_figures(context, suspects)
    _judge_rows_below(context, suspects)
    left_out = [suspect for suspect in suspects if suspect.kind]
    if not left_out:
        return
    _note_left_out(context, left_out)
    context.decimal_evidence = None  # which may be that of a row which is no longer there
    rows = context.table.row[[suspect.position for suspect in left_out]]
    for kind in dict.fromkeys(suspect.kind for suspect in left_out if suspect.kind):
        of_kind = rows[[suspect.kind == kind for suspect in left_out]]
        context.leave_out(np.isin(context.table.row, of_kind), kind.code, kind.text)


def _read_suspects(context: ReadContext, positions: NDArray[np.intp]) -> list[Suspect]:
    if not len(positions):
        return []
    columns = [map(_to_plain, _take_texts(column, positions)) for column in context.table.columns]
    creator = context.columns["creator"]
    suspects = []
    for position, cells in zip(positions.tolist(), map(list, zip(*columns, strict=True)), strict=True):
        name = cells[creator] or next((cell for cell in cells if cell and not _is_figure(cell)), "")
        suspects.append(Suspect(position=position, cells=cells, name=name, is_nameless=not cells[creator]))
    return suspects


def _take_texts(column: pd.Series[Any], positions: NDArray[np.intp]) -> list[str]:
    """Return some cells as text; a few by slices, since to pick rows of a large Arrow column copies it."""
    breaks = np.flatnonzero(np.diff(positions) != 1) + 1
    if len(breaks) > FEW_SLICES:
        return to_texts(column.iloc[positions])
    slices = [column.iloc[part[0] : part[-1] + 1] for part in np.split(positions, breaks)]
    return [text for part in slices for text in to_texts(part)]


def _to_plain(cell: str) -> str:
    return "" if is_placeholder(cell) else cell.strip()


def _is_figure(cell: str) -> bool:
    return any(map(str.isdigit, cell)) and sum(map(str.isalpha, cell)) <= 3


def _judge_texts(context: ReadContext, suspects: list[Suspect]) -> None:
    """Find repeated headers, section titles and notes."""
    headers = [header_key(header) for header in context.table.headers]
    columns = _figure_columns(suspects)
    last_creator = max((s.position for s in suspects if _is_like_creator(s, columns)), default=-1)
    titles = _find_titles(suspects) | _find_named_titles(context, suspects)
    for suspect in suspects:
        text = _lone_text(suspect)
        if _is_header(context, suspect, headers):
            suspect.kind = HEADER
        elif total_name(suspect.name) is not TotalName.NONE:
            continue
        elif suspect.position in titles:
            suspect.kind, suspect.name = SECTION, text
        elif not _has_figures(suspect, columns):
            is_last = suspect.position > last_creator >= suspects[0].position
            if text and not _is_figure(text):
                suspect.kind = _judge_lone_text(suspect, text, is_last=is_last)
            elif is_last and is_note(suspect.name, may_be_name=True):
                suspect.kind = NOTE


def _figure_columns(suspects: list[Suspect]) -> list[int]:
    """Return the positions of the columns that hold figures, by what most of their cells are."""
    filled = [[cell for cell in cells if cell] for cells in zip(*(s.cells for s in suspects), strict=True)]
    return [position for position, cells in enumerate(filled) if 2 * sum(map(_is_figure, cells)) > len(cells)]


def _has_figures(suspect: Suspect, columns: list[int]) -> bool:
    return any(_is_figure(suspect.cells[position]) for position in columns)


def _find_titles(suspects: list[Suspect]) -> set[int]:
    """Return the positions of lone texts, if they divide the list: one before the first creator, and further ones."""
    lone = {s.position for s in suspects if _lone_text(s) and s.name.replace(" ", "").isalpha() and not s.is_nameless}
    titles = {position for position in lone if position + 1 not in lone}
    return titles if 0 in titles and len(titles) > 1 else set()


def _lone_text(suspect: Suspect) -> str:
    """Return the text that is alone in its row, also where it fills merged cells, or an empty text."""
    filled = {cell for cell in suspect.cells if cell}
    return filled.pop() if len(filled) == 1 else ""


def _find_named_titles(context: ReadContext, suspects: list[Suspect]) -> set[int]:
    """Return the positions of lone texts that are titles by their words, or as the only names in capitals.

    They are where the row begins, or where names are.
    """
    lone = [suspect for suspect in suspects if _lone_text(suspect) and (suspect.cells[0] or not suspect.is_nameless)]
    if not lone or "followers" not in context.columns:
        return set()
    niches = plain_labels(to_texts(context.raw("niche").iloc[:FIRST_ROWS]) if "niche" in context.columns else [])
    capitals = [suspect for suspect in lone if suspect.name.isupper()]
    others = {*to_texts(context.raw("creator").iloc[:FIRST_ROWS])} - {suspect.name for suspect in lone}
    if not others or any(name.isupper() for name in others):
        capitals = []
    words = [s for s in lone if is_lone_title(_lone_text(s), niches, may_be_name=not s.is_nameless)]
    return {s.position for s in (*words, *capitals) if not s.name.startswith("@") and "_" not in s.name}


def _is_like_creator(suspect: Suspect, columns: list[int]) -> bool:
    """Whether a row has a name and a figure, so that the notes of a list come after it."""
    is_named = not suspect.is_nameless and total_name(suspect.name) is TotalName.NONE
    return is_named and (not columns or _has_figures(suspect, columns))


def _judge_lone_text(suspect: Suspect, text: str, *, is_last: bool) -> RowKind | None:
    """Judge a row with a single text: one that is like a handle is a creator whose figures are missing."""
    if is_last and is_note(text, may_be_name=not suspect.is_nameless):
        return NOTE
    if is_section_title(text):
        return SECTION
    is_remark = suspect.is_nameless and len(text.split()) > 1 and not text.startswith("@")
    return NOTE if is_remark or is_note(text, may_be_name=True) else None


def _is_header(context: ReadContext, suspect: Suspect, headers: list[str]) -> bool:
    """Whether a row has the texts of the header, or those of another header, in its cells."""
    keys = [header_key(cell) for cell in suspect.cells]
    filled = sum(map(bool, keys))
    same = sum(bool(key) and header.endswith(key) for key, header in zip(keys, headers, strict=True))
    if filled >= 2 and same >= 2 and 2 * same > filled:
        return True
    has_digits = any(any(map(str.isdigit, cell)) for cell in suspect.cells)
    return not has_digits and context.options.vocabulary.count_known([cell for cell in suspect.cells if cell]) >= 3


def _judge_figures(context: ReadContext, suspects: list[Suspect]) -> None:
    """Find totals and averages; doubt a creator who is only called like one."""
    named = {s.position: total_name(s.name) for s in suspects if s.kind is None}
    totals = [s for s in suspects if named.get(s.position, TotalName.NONE) is not TotalName.NONE]
    unnamed = [s for s in _find_unnamed(context, suspects, totals) if named[s.position] is TotalName.NONE]
    if not totals and not unnamed:
        return
    figures = RowFigures(context, {s.position for s in (*totals, *(s for s in suspects if s.kind))})
    doubted = []
    for suspect in sorted((*totals, *unnamed), key=lambda suspect: suspect.position):
        name = named[suspect.position]
        if figures.is_total(suspect.position, suspect.cells, name, is_nameless=suspect.is_nameless):
            suspect.kind = TOTAL
            figures.leave_out(suspect.position)
        elif name is not TotalName.NONE:
            figures.keep(suspect.position)
            if name in (TotalName.PLAIN, TotalName.COUNT) or (
                name is TotalName.PART and not figures.has_texts(suspect.cells)
            ):
                doubted.append(suspect)
    _note_doubted(context, doubted)
    if figures.uncompared:
        subject, them = (
            ("1 row named like a total was", "it")
            if figures.uncompared == 1
            else (f"{figures.uncompared:,} rows named like totals were", "them")
        )
        reason = "because the list is too long"
        context.notes.append(f"{subject} not compared with the rows of every group, {reason}: check {them}")


def _judge_rows_below(context: ReadContext, suspects: list[Suspect]) -> None:
    """Find rows without followers or any text below the last creator: taxes, the budget, and what is left of it.

    They are told by their names, or by a total or a note above them.
    """
    columns = context.columns
    texts = [p for name, p in columns.items() if name != "creator" and context.kind(name) is ColumnKind.TEXT]
    if "followers" not in columns:
        return
    below: list[Suspect] = []
    expected = len(context.table.row) - 1
    for suspect in sorted(suspects, key=lambda suspect: -suspect.position):
        has_more = any(suspect.cells[position] for position in (columns["followers"], *texts))
        is_creator = has_more or any("@" in cell or "://" in cell for cell in suspect.cells)
        if suspect.position != expected or (suspect.kind is None and is_creator):
            break
        below.append(suspect)
        expected -= 1
    if expected < 0:
        return
    is_after_end = False
    for suspect in reversed(below):
        if suspect.kind is None and (is_after_end or is_below_list(suspect.name)):
            suspect.kind = BELOW
        is_after_end |= suspect.kind in (TOTAL, NOTE, BELOW)


def _note_doubted(context: ReadContext, suspects: list[Suspect]) -> None:
    """Note and remark on creators who are called like a total."""
    if not suspects:
        return
    rows = context.table.row[[suspect.position for suspect in suspects]]
    names = dict.fromkeys(repr(suspect.name) for suspect in suspects)
    shown = format_names(list(map(str, rows.tolist())), SHOWN_ROWS)
    subject, figures = ("row {} is", "its figures are") if len(rows) == 1 else ("rows {} are", "their figures are")
    text = f"named {format_names(list(names))}, but {figures} not the sum of other rows"
    kept = "it is kept as a creator" if len(rows) == 1 else "they are kept as creators"
    context.notes.append(f"{subject.format(shown)} {text}: {kept}")
    text = "is named like a total, but its figures are not the sum of other rows: kept as a creator"
    context.remark(np.isin(context.table.row, rows), "total-doubted", text)


def _find_unnamed(context: ReadContext, suspects: list[Suspect], totals: list[Suspect]) -> list[Suspect]:
    """Return rows that may be totals whatever their name: nameless ones, and the last before a gap or a total."""
    rows, last = context.table.row, len(context.table.row) - 1
    removed = {suspect.position for suspect in suspects if suspect.kind} | {total.position for total in totals}
    return [
        suspect
        for suspect in suspects
        if suspect.kind is None
        and not suspect.name.startswith("@")
        and (
            suspect.is_nameless
            or suspect.position == last
            or suspect.position + 1 in removed
            or rows[suspect.position + 1] != rows[suspect.position] + 1
        )
    ]


def _note_left_out(context: ReadContext, suspects: list[Suspect]) -> None:
    named = []
    for suspect in suspects:
        word = (suspect.kind.word if suspect.kind else "") or suspect.name or "total"
        named.append(f"{context.table.row[suspect.position]} ({shorten(word, 24)})")
    subject = "1 row is not a creator and was" if len(named) == 1 else f"{len(named):,} rows are not creators and were"
    context.notes.append(f"{subject} left out: {format_names(named, SHOWN_ROWS)}")
