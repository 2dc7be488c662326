"""Cells that hold several values: `beauty|travel`, `Beauty, Skincare`, `Food & Travel`, `#food #travel`.

A bar, a semicolon and a line break always divide. A comma divides where the column shows that it holds lists: its
header says so, a part stands alone in another cell, or two cells share a part. `&`, `+`, `/` and `and` divide a cell
whose parts all stand alone elsewhere, since `Food & Drink` is one niche. `[lists]` settles it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.flag_values import describe_list_settings
from microopt.errors import Fault, did_you_mean
from microopt.quantities.keys import header_key, match_keys
from microopt.quantities.parse_and_format import shorten
from microopt.readers.context import ReadContext
from microopt.roster.roster import TextColumn

LIST_COLUMNS = ("niche", "language", "brands", "conflicts")  # whose cells may hold several values
_BY_EVIDENCE = ("niche", "language")  # those among them whose commas divide only where the column shows it
# Headers in the plural, by their `header_key`, and `kategorie`, which is one in Polish.
_LIST_HEADERS = (
    *("niches", "categories", "topics", "tags", "hashtags", "verticals", "interests", "genres", "keywords", "themes"),
    *("contentcategories", "primaryniches", "categorias", "categorías", "nichos", "kategorien", "nischen"),
    *("catégories", "thématiques", "kategorie", "kategoriler"),
)
_ALWAYS = re.compile(r"[|;；\n\r•]")
_COMMA = re.compile(r"[,，、،]")
_WEAK = re.compile(r"[&+/]|\s(?:and|und|et|y|e|en|och|og|и)\s", re.IGNORECASE)
_MAY_DIVIDE = re.compile(rf"{_ALWAYS.pattern}|{_COMMA.pattern}|{_WEAK.pattern}|#|^\[", re.IGNORECASE)
_COMPANY = re.compile(r",(?=\s*(?:inc|llc|ltd|co|corp|gmbh|plc)\b)", re.IGNORECASE)
_LITERAL = re.compile(r"\[(.*)\]", re.DOTALL)
_HASHTAGS = re.compile(r"\s*#[^\s#,;|]+(?:[\s,;|]*#[^\s#,;|]+)+\s*")
_KEPT_COMMA = "\N{SINGLE LOW-9 QUOTATION MARK}"  # stands for a comma that does not divide, and looks like one

Cells = list[list[str]]  # the parts of each label


class ListReading(Struct, frozen=True, kw_only=True):
    """A column whose cells were divided.

    Attributes
    ----------
    rows
        How many rows hold cells that were divided where a comma, `&`, `+`, `/` or `and` stands.
    example
        One of these cells.
    """

    column: TextColumn
    rows: int = 0
    example: str = ""


def read_lists(context: ReadContext, texts: dict[str, TextColumn]) -> dict[str, TextColumn]:
    """Return the columns whose cells hold several values, divided; note what the column's own cells decided."""
    settings = {header_key(name): separators for name, separators in context.options.lists.items()}
    _fault_unknown(context, texts)
    read: dict[str, TextColumn] = {}
    divided: dict[str, str] = {}
    for name, column in texts.items():
        header = context.header(name)
        setting = settings.get(header_key(name), settings.get(header_key(header)))
        if setting is not None:
            read[name] = divide_at(column, setting)
        elif name in LIST_COLUMNS:
            reading = divide_by_evidence(
                column, is_list=name not in _BY_EVIDENCE or header_key(header) in _LIST_HEADERS
            )
            read[name] = reading.column
            if reading.rows:
                cells = "1 cell is a list" if reading.rows == 1 else f"{reading.rows:,} cells are lists"
                divided[header] = f"{header}: {cells}, such as {reading.example!r}"
                context.note_interpretation(name, "several values in a cell")
            elif any(_COMMA.search(value) for value in reading.column.distinct_values()):
                context.note_interpretation(name, "cells kept whole at commas")
    if divided:
        keep_whole = describe_list_settings([*divided], "", has_table=bool(settings))
        context.notes.append(f"{'; '.join(divided.values())} (to keep such cells whole, {keep_whole})")
    return read


def _fault_unknown(context: ReadContext, texts: Mapping[str, TextColumn]) -> None:
    known = {header_key(name) for column in texts for name in (column, context.header(column))}
    for name in context.options.lists:
        if header_key(name) not in known:
            fix = did_you_mean(name, texts) or f"the text columns are {', '.join(texts)}"
            message = f"[lists]: the roster has no text column {shorten(name)!r}"
            context.faults.add(Fault(code="columns-unknown", message=message, fix=fix, column=shorten(name)))


def divide_at(column: TextColumn, separators: str) -> TextColumn:
    """Return the column with cells divided at any of some characters; without one each cell is one value."""
    if not separators.strip():
        return replace(column, values=None)
    pattern = re.compile("|".join(map(re.escape, separators.split() or [separators])))
    return _with_values(column, [pattern.split(label) for label in column.labels])


def divide_by_evidence(column: TextColumn, *, is_list: bool) -> ListReading:
    """Return the column with cells divided where something shows that they hold several values.

    Parameters
    ----------
    is_list
        Whether the header says that the cells are lists, so that a comma divides.
    """
    if not any(map(_MAY_DIVIDE.search, column.labels)):
        return ListReading(column=_with_values(column, [[label] for label in column.labels]))
    cells = [_divide_always(label) for label in column.labels]
    has_mark = any(len(parts) > 1 for parts in cells)
    whole = cells
    if is_list or _commas_divide(cells):
        cells = _divide(cells, lambda part: _COMMA.split(_COMPANY.sub(_KEPT_COMMA, part)))
        cells = [[part.replace(_KEPT_COMMA, ",") for part in parts] for parts in cells]
        has_mark = True
    if not has_mark:  # as in a column without any other separator, in which a slash divides
        cells = whole = _divide(cells, lambda part: part.split("/"))
    alone = _keys(part for parts in cells for part in parts if not _WEAK.search(part))
    cells = _divide(cells, lambda part: _divide_weakly(part, alone))
    return _describe(_with_values(column, cells), whole, cells)


def _divide_always(label: str) -> list[str]:
    """Return the parts of a cell that can only be a list: its values divided by a bar, a list literal, hashtags."""
    literal = _LITERAL.fullmatch(label.strip())
    if literal:
        return [part.strip(" \t'\"") for part in literal[1].split(",")]
    if _HASHTAGS.fullmatch(label):
        return [part.strip(" ,;|") for part in label.split("#")[1:]]
    return _ALWAYS.split(label)


def _divide(cells: Cells, divide: Callable[[str], Sequence[str]]) -> Cells:
    return [[part for whole in parts for part in divide(whole)] for parts in cells]


def _commas_divide(cells: Cells) -> bool:
    """Whether parts between commas stand alone elsewhere in the column, or several cells share one."""
    wholes = _keys(part for parts in cells for part in parts)
    divided = [_keys_between_commas(whole, wholes) for whole in wholes if _COMMA.search(whole)]
    count = Counter(part for parts in divided for part in parts)
    return any(part in wholes or times > 1 for part, times in count.items())


def _keys_between_commas(text: str, wholes: set[str]) -> set[str]:
    parts = [part for between in _COMMA.split(text) for part in _divide_weakly(between, wholes)]
    return _keys(parts) - {""}


def _keys(texts: Iterable[str]) -> set[str]:
    """Return the match keys of texts, many of which repeat."""
    return set(match_keys([*{*texts}]))


def _divide_weakly(text: str, alone: set[str]) -> list[str]:
    parts = _WEAK.split(text)
    return parts if len(parts) > 1 and alone.issuperset(match_keys(parts)) else [text]


def _with_values(column: TextColumn, cells: Iterable[Iterable[str]]) -> TextColumn:
    values = tuple(tuple(dict.fromkeys(filter(None, map(str.strip, parts)))) or ("",) for parts in cells)
    return replace(column, values=values)


def _describe(column: TextColumn, whole: Cells, cells: Cells) -> ListReading:
    """Return the column with how many rows only the evidence of other cells divided."""
    divided = [len(after) > len(before) for before, after in zip(whole, cells, strict=True)]
    rows = int(np.bincount(column.codes, minlength=len(divided))[np.asarray(divided, dtype=np.bool_)].sum())
    example = next((label for label, is_divided in zip(column.labels, divided, strict=True) if is_divided), "")
    return ListReading(column=column, rows=rows, example=example[:60])
