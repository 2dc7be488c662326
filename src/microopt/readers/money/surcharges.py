"""Surcharges on the fee, such as usage rights: shares of the fee or amounts of money, as the cells say."""

from __future__ import annotations

import numpy as np
import pandas as pd
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.flag_values import format_header_map
from microopt.readers.cells.quote_phrases import included_words
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import is_numeric, to_texts
from microopt.readers.money.stated_amounts import find_stated_amount
from microopt.readers.money.surcharge_units import MOST_FRACTION, BareNumbers, BareUnit, settle_unit
from microopt.readers.numbers.decimal_mark import surcharge_style
from microopt.readers.numbers.numeric_text import NumberColumn, parse_numbers
from microopt.readers.words.price_headers import TERM_WORDS, find_header_currency, split_header
from microopt.roster.extra_costs import FEE_EXTRAS, OFFER_EXTRAS, SEEDING, amount_column
from microopt.roster.roster import NO_WORDS

_AMOUNTS = ("product", "shipping", SEEDING, *OFFER_EXTRAS)  # costs that are never a share of the fee
_WORDS_SHOWN = 3
Mask = NDArray[np.bool_]


class _Labels(Struct, frozen=True, kw_only=True, eq=False):
    """A column by its distinct texts.

    Attributes
    ----------
    codes
        (n,) position of each cell in `texts`; the last of these is the empty text.
    """

    codes: NDArray[np.intp]
    texts: NDArray[np.object_]

    def cells(self, kept: Mask) -> pd.Series:
        """Return the column with the texts in `kept`, and empty cells in place of the others."""
        return pd.Series(np.where(kept, self.texts, "")[self.codes], dtype=object)


def read_surcharges(context: ReadContext) -> None:
    """Sort the cells of each surcharge into a column of shares and one of amounts, before they are parsed.

    A percent sign or a currency decides for its cell; all the others have one unit (`settle_unit`).
    """
    named = [(extra, name) for extra in FEE_EXTRAS for name in (extra, amount_column(extra)) if name in context.columns]
    for extra, name in named:
        if name not in context.options.units:
            _sort_cells(context, extra, name)
    for name in _AMOUNTS:
        if name in context.columns and not is_numeric(context.raw(name)):
            _read_included(context, name)


def _read_included(context: ReadContext, name: str) -> None:
    """Read `included` in a column of amounts as nothing to pay."""
    labels = _distinct(context.raw(name))
    texts = np.asarray(["0" if _is_nothing(text) else text for text in labels.texts], dtype=object)
    replaced = texts != labels.texts
    if replaced.any():
        after = _Labels(codes=labels.codes, texts=texts)
        _note_words(context, name, labels, after, replaced)
        context.replace_column(name, after.cells(np.ones(len(texts), dtype=np.bool_)))


def _is_nothing(cell: str) -> bool:
    word = cell.strip().casefold().strip(".")
    return word in NO_WORDS or word in included_words()


def _sort_cells(context: ReadContext, extra: str, name: str) -> None:
    other = amount_column(extra) if name == extra else extra
    column = context.raw(name)
    if is_numeric(column):
        unit = settle_unit(context, name, BareNumbers(values=column.to_numpy(dtype=np.float64)))
        if unit is not BareUnit.MIXED_SHARES:
            if (unit is BareUnit.MONEY) == (name == extra):
                _move(context, name, other, column)
            return
    labels = _distinct(column)
    labels, parsed = _replace_words(context, name, labels)
    labels, amount = _find_amounts(context, name, labels, parsed)
    moved = np.isfinite(parsed.values) & (amount == (name == extra))
    if moved.any():
        stays = ~moved & ((labels.texts != "") | parsed.bad)
        _move(context, name, other, labels.cells(moved), labels.cells(~moved) if stays.any() else None)


def _distinct(column: pd.Series) -> _Labels:
    codes, texts = pd.factorize(column)
    return _Labels(codes=codes, texts=np.asarray([*to_texts(pd.Series(texts)), ""], dtype=object))


def _move(context: ReadContext, name: str, other: str, moved: pd.Series, left: pd.Series | None = None) -> None:
    """Move cells to another column, where its own are empty; the header goes with them if none are left."""
    if other not in context.columns:
        if left is None:
            context.columns[other] = context.columns.pop(name)
            return
        context.split_headers[other] = context.header(name)
        context.replace_column(other, moved)
    else:
        there, cells = (np.asarray(to_texts(column), dtype=object) for column in (context.raw(other), moved))
        message = "{value} is a second cost of this kind in the same row"
        fix = "keep one of the two in the row: a share such as 20%, or an amount such as $150"
        context.fault_cells(name, (there != "") & (cells != ""), "column-twice", message, fix)
        context.replace_column(other, pd.Series(np.where(there == "", cells, there), dtype=object))
    if left is None:
        del context.columns[name]
    else:
        if name not in FEE_EXTRAS:
            context.note_interpretation(name, "money or percent")
        context.replace_column(name, left)


def _replace_words(context: ReadContext, name: str, labels: _Labels) -> tuple[_Labels, NumberColumn]:
    """Read `included` as nothing to pay, and text such as `yes` or `12 months` as a price that is not stated.

    Text that may hold an amount stays, and is a fault. Returns the texts, and the texts parsed as numbers.
    """
    style = surcharge_style(context, name)
    parsed = parse_numbers(pd.Series(labels.texts, dtype=object), style)
    plain = [_plain_text(text) if bad else text for text, bad in zip(labels.texts, parsed.bad.tolist(), strict=True)]
    replaced = np.asarray([new != old for new, old in zip(plain, labels.texts, strict=True)], dtype=np.bool_)
    if not replaced.any():
        return labels, parsed
    after = _Labels(codes=labels.codes, texts=np.asarray(plain, dtype=object))
    _note_words(context, name, labels, after, replaced)
    context.replace_column(name, after.cells(np.ones(len(plain), dtype=np.bool_)))
    return after, parse_numbers(pd.Series(after.texts, dtype=object), style)


def _plain_text(cell: str) -> str:
    """Return what text that is not a number stands for; itself where it may hold an amount that cannot be read."""
    if _is_nothing(cell):
        return "0"
    word = cell.strip().casefold().strip(".")
    if stated := find_stated_amount(cell):
        return stated
    has_amount = "%" in word or find_header_currency(word) or (any(map(str.isdigit, word)) and not _is_term(word))
    return cell if has_amount else ""


def _is_term(text: str) -> bool:
    return not TERM_WORDS.isdisjoint(split_header(text))


def _note_words(context: ReadContext, name: str, before: _Labels, after: _Labels, replaced: Mask) -> None:
    header, meanings = context.header(name), list[str]()
    for value, meaning in (("0", "as nothing to pay"), ("", "as a price that is not stated, so not counted")):
        is_word = replaced & (after.texts == value)
        words = sorted({text.strip() for text in before.texts[is_word]})
        if words:
            meanings.append(f"{', '.join(words[:_WORDS_SHOWN])} {'' if meanings else 'is read '}{meaning}")
            context.remark(is_word[before.codes], "surcharge-word", f"{header} is read {meaning}")
    is_amount = replaced & ~np.isin(after.texts, ["", "0"])
    if is_amount.any():
        first = int(np.argmax(is_amount))
        meanings.append(f"{before.texts[first].strip()!r} is read as {after.texts[first]}")
        context.remark(is_amount[before.codes], "surcharge-stated", f"{header} has other words besides the amount")
    context.notes.append(f"{header}: {'; '.join(meanings)}")


def _find_amounts(context: ReadContext, name: str, labels: _Labels, parsed: NumberColumn) -> tuple[_Labels, Mask]:
    """Return the texts, and which of them are amounts of money rather than shares of the fee."""
    filled = np.isfinite(parsed.values)
    money = np.zeros(len(filled), dtype=np.bool_) if parsed.currency_index is None else parsed.currency_index >= 0
    percent, money = parsed.percent & filled, money & filled
    bare = filled & ~percent & ~money
    if not bare.any():
        return labels, money
    values = np.where(bare, parsed.values, np.nan)
    numbers = BareNumbers(values=values[labels.codes], has_percents=bool(percent.any()), has_money=bool(money.any()))
    unit = settle_unit(context, name, numbers)
    if unit is BareUnit.MIXED_SHARES:
        return _fractions_to_percents(context, name, labels, values), money
    return labels, money | bare if unit is BareUnit.MONEY else money


def _fractions_to_percents(context: ReadContext, name: str, labels: _Labels, values: NDArray[np.float64]) -> _Labels:
    """Write fractions among percents as percents, 0.3 as 30%, noting it; from 1 to 2 a number may be either."""
    header, is_fraction = context.header(name), (values > 0) & (values < 1)
    is_unclear = (values >= 1) & (values <= MOST_FRACTION)
    message, fix = (
        "{value} is among percents: is it a percent or a fraction (1 is 100%)?",
        "write it with a percent sign, such as 1% or 100%",
    )
    context.fault_cells(name, is_unclear[labels.codes], "number-range", message, fix)
    if not is_fraction.any():
        return labels
    texts = labels.texts.copy()
    for place in np.flatnonzero(values > 0):
        percent = f"{values[place] * (100 if is_fraction[place] else 1):.10g}%"
        texts[place] = percent.replace(".", ",") if "," in texts[place] else percent
    rows = is_fraction[labels.codes]
    first = int(labels.codes[int(np.argmax(rows))])
    more = f", and {int(rows.sum()) - 1:,} more" if rows.sum() > 1 else ""
    at = f"{labels.texts[first].strip()[:30]} (row {context.table.row[int(np.argmax(rows))]}{more})"
    flag = format_header_map(header, amount_column(name))
    context.notes.append(f"{header} is read as percents of the fee, and {at} as {texts[first]}; for money add {flag}")
    context.remark(rows, "surcharge-fraction", f"{header} is a fraction among percents")
    context.replace_column(name, _Labels(codes=labels.codes, texts=texts).cells(np.ones(len(texts), dtype=np.bool_)))
    return _Labels(codes=labels.codes, texts=texts)
