"""The currency that a column of its own gives for the money of each row: codes, signs or names of currencies."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from msgspec import Struct
from numpy.typing import NDArray

from microopt.quantities.currencies import SHARED_SIGNS, find_currency, shared_sign
from microopt.quantities.parse_and_format import format_names
from microopt.readers.cells.text import is_placeholder
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import to_texts
from microopt.readers.numbers.numeric_text import NumberColumn
from microopt.readers.words.price_headers import find_header_currency
from microopt.roster.roster import TextColumn

COLUMN = "currency"


class RowCurrencies(Struct, frozen=True, kw_only=True, eq=False):
    """The currencies of rows.

    Attributes
    ----------
    names
        Codes, or signs that several currencies share.
    index
        (n,) position in `names`, -1 where the row names none.
    """

    names: tuple[str, ...]
    index: NDArray[np.intp]


def apply_row_currencies(context: ReadContext, columns: Mapping[str, NumberColumn]) -> None:
    """Give the amounts of each row the currency of their row, in the columns themselves, where they name none.

    A sign in a cell counts more for that cell, as does the currency of a header; contradictions are noted.
    """
    if COLUMN not in context.columns:
        return
    given = _read(context)
    context.note_interpretation(COLUMN, "the currency of each row")
    contradicted = np.zeros(len(given.index), dtype=np.bool_)
    for name, column in columns.items():
        heading = find_header_currency(context.header(name))
        if heading is not None:
            contradicted |= np.isfinite(column.values) & _differs(given, heading)
        else:
            contradicted |= _fill(column, given)
    if contradicted.any():
        count = int(contradicted.sum())
        rows, verb = ("1 row", "contradicts") if count == 1 else (f"{count:,} rows", "contradict")
        header = context.header(COLUMN)
        used = "the one with the amount is used"
        context.notes.append(f"{header} {verb} the currency written with the amount in {rows}: {used}")
        context.remark(contradicted, "currency-differs", f"{header} contradicts the currency written with the amount")


def _read(context: ReadContext) -> RowCurrencies:
    codes, texts = pd.factorize(context.raw(COLUMN))
    labels = [text.strip() for text in to_texts(pd.Series(texts))]
    found = [_find(label) for label in labels]
    unknown = [repr(label) for label, code in zip(labels, found, strict=True) if not (code or is_placeholder(label))]
    if unknown:
        verb = "is not a currency and is" if len(unknown) == 1 else "are not currencies and are"
        context.notes.append(f"{context.header(COLUMN)}: {format_names(unknown)} {verb} ignored")
    names = tuple(dict.fromkeys(filter(None, found)))
    places = np.asarray([*(names.index(code) if code else -1 for code in found), -1], dtype=np.intp)
    return RowCurrencies(names=names, index=places[codes])


def _fill(column: NumberColumn, given: RowCurrencies) -> NDArray[np.bool_]:
    """Set the currencies of amounts without one; return where an amount names another than its row."""
    filled = np.isfinite(column.values) & (given.index >= 0)
    index = column.currency_index
    index = np.full(len(column.values), -1, dtype=np.int8) if index is None else index
    agrees = np.zeros(len(filled), dtype=np.bool_)
    for position, sign in enumerate(column.currencies):
        codes = [n for n, name in enumerate(given.names) if name == sign or name in SHARED_SIGNS.get(sign, ())]
        agrees |= (index == position) & np.isin(given.index, codes)
    taken = filled & ((index < 0) | agrees)
    places = np.full(len(given.names), -1, dtype=np.int8)
    for number in np.unique(given.index[taken]).tolist():
        places[number] = _place(column.currencies, given.names[number])
    settled = index.copy()
    settled[taken] = places[given.index[taken]]
    _set_currencies(column, settled)
    return filled & (index >= 0) & ~agrees


def _set_currencies(column: NumberColumn, index: NDArray[np.int8]) -> None:
    """Set the currencies of a column, without those that no cell has any more."""
    used = sorted({*np.unique(index).tolist()} - {-1})
    moved = np.full(len(column.currencies) + 1, -1, dtype=np.int8)  # the last is that of no currency
    moved[used] = np.arange(len(used))
    column.currencies = [column.currencies[position] for position in used]
    column.currency_index = moved[index]


def _place(currencies: list[str], name: str) -> int:
    if name not in currencies:
        currencies.append(name)
    return currencies.index(name)


def _differs(given: RowCurrencies, heading: str) -> NDArray[np.bool_]:
    meant = SHARED_SIGNS.get(heading, (heading,))
    other = [name not in meant and heading not in SHARED_SIGNS.get(name, ()) for name in given.names]
    differs: NDArray[np.bool_] = np.asarray([*other, False], dtype=np.bool_)[given.index]
    return differs


def name_home_currency(context: ReadContext, texts: Mapping[str, TextColumn]) -> dict[str, TextColumn]:
    """Return text columns with the file's one currency in place of each row's, as amounts are converted into it."""
    column = texts.get(COLUMN)
    if column is None or not context.currency:
        return dict(texts)
    names = np.asarray([context.currency if _find(label) else label for label in column.labels], dtype=object)
    codes, labels = pd.factorize(names)
    return {**texts, COLUMN: TextColumn(codes=codes.astype(np.int32)[column.codes], labels=tuple(labels))}


def _find(label: str) -> str | None:
    return shared_sign(label.strip()) or find_currency(label.strip())
