"""Surcharges on the fee, such as usage rights: shares of the fee or amounts of money, as the cells say."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from msgspec import Struct
from numpy.typing import NDArray

from microopt.readers.columns.decimal_mark import number_style
from microopt.readers.columns.numeric_text import NumberColumn, parse_numbers
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import is_numeric, to_texts
from microopt.readers.price_headers import find_header_currency
from microopt.readers.vocabulary import ROSTER, USER_RANK, alias_key
from microopt.roster.extra_costs import FEE_EXTRAS, amount_column

PERCENT_AT_MOST = 100.0  # the median of bare numbers that are percents of the fee
# Words for nothing to pay; any other text is a price that is not stated.
FREE_WORDS = {
    "included",
    "include",
    "incl",
    "inkl",
    "inclus",
    "incluido",
    "no",
    "none",
    "free",
    "waived",
    "nein",
    "non",
}
_WORDS_SHOWN = 3
Cells = NDArray[np.object_]
Mask = NDArray[np.bool_]


class _Parts(Struct, frozen=True, kw_only=True, eq=False):
    """Which cells of a column are shares of the fee, and which are amounts of money."""

    share: Mask
    amount: Mask


def read_surcharges(context: ReadContext) -> None:
    """Sort the cells of each surcharge into a column of shares and one of amounts, before they are parsed.

    A percent sign or a currency decides for its cell; for the others the header, the rest of the column, and their
    size.
    """
    for extra in FEE_EXTRAS:
        for name in (extra, amount_column(extra)):
            if name in context.columns and name not in context.options.units:
                _sort_cells(context, extra, name)


def _sort_cells(context: ReadContext, extra: str, name: str) -> None:
    _replace_words(context, name)
    parsed = parse_numbers(context.raw(name), number_style(context, name))
    parts = _tell_parts(context, name, parsed)
    if name == extra and parts.amount.any():
        _move(context, name, amount_column(extra), parts.amount, keeps=bool(parts.share.any()))
    elif name != extra and parts.share.any():
        _move(context, name, extra, parts.share, keeps=bool(parts.amount.any()))


def _move(context: ReadContext, name: str, other: str, moved: Mask, *, keeps: bool) -> None:
    """Move cells to another column; the header goes with them where none stay."""
    if not keeps and other not in context.columns:
        context.columns[other] = context.columns.pop(name)
        return
    cells = np.asarray(to_texts(context.raw(name)), dtype=object)
    there = np.full(len(cells), "", dtype=object)
    if other in context.columns:
        there = np.asarray(to_texts(context.raw(other)), dtype=object)
    is_free = np.asarray([not cell.strip() for cell in there], dtype=np.bool_)
    context.replace_column(other, _texts(np.where(moved & is_free, cells, there)))
    context.replace_column(name, _texts(np.where(moved, "", cells)))


def _texts(cells: Cells) -> pd.Series:
    return pd.Series(cells, dtype=object)


def _replace_words(context: ReadContext, name: str) -> None:
    """Read `included` as nothing to pay, and text such as `yes` or `12 months` as a price that is not stated.

    Text with a percent sign or a currency stays, and is a fault.
    """
    column = context.raw(name)
    if is_numeric(column):
        return
    cells = to_texts(column)
    texts = sorted(set(cells))
    parsed = parse_numbers(pd.Series(texts, dtype=object), number_style(context, name))
    known = {
        cell: plain
        for cell, bad in zip(texts, parsed.bad.tolist(), strict=True)
        if bad and (plain := _plain_text(cell)) is not None
    }
    if not known:
        return
    context.replace_column(name, pd.Series([known.get(cell, cell) for cell in cells], dtype=object))
    _tell_words(context, name, cells, known)


def _plain_text(cell: str) -> str | None:
    """Return what text that is not a number stands for; None where it may hold an amount that cannot be read."""
    word = cell.strip().casefold().strip(".")
    if word in FREE_WORDS:
        return "0"
    return None if "%" in word or find_header_currency(word) else ""


def _tell_words(context: ReadContext, name: str, cells: list[str], known: Mapping[str, str]) -> None:
    header, told = context.header(name), list[str]()
    for value, meaning in (("0", "as nothing to pay"), ("", "as a price that is not stated")):
        words = sorted({cell.strip() for cell, plain in known.items() if plain == value})
        if words:
            told.append(f"{', '.join(words[:_WORDS_SHOWN])} {'' if told else 'is read '}{meaning}")
            mask = np.asarray([known.get(cell) == value for cell in cells], dtype=np.bool_)
            context.remark(mask, "surcharge-word", f"{header} is read {meaning}")
    context.notes.append(f"{header}: {', '.join(told)}")


def _tell_parts(context: ReadContext, name: str, parsed: NumberColumn) -> _Parts:
    filled = np.isfinite(parsed.values)
    money = np.zeros(len(filled), dtype=np.bool_) if parsed.currency_index is None else parsed.currency_index >= 0
    percent, money = parsed.percent & filled, money & filled
    bare = filled & ~percent & ~money
    if not bare.any():
        return _Parts(share=percent, amount=money)
    if _bare_is_money(
        context, name, parsed.values[bare], has_percents=bool(percent.any()), has_money=bool(money.any())
    ):
        return _Parts(share=percent, amount=money | bare)
    return _Parts(share=percent | bare, amount=money)


def _bare_is_money(
    context: ReadContext, name: str, values: NDArray[np.float64], *, has_percents: bool, has_money: bool
) -> bool:
    """Whether numbers without a sign are amounts of money rather than percents or fractions of the fee."""
    is_amount_column = name not in FEE_EXTRAS
    header, positive = context.header(name), values[values > 0]
    if is_amount_column and (alias_key(header) == alias_key(name) or _is_mapped(context, name)):
        return True
    if not len(positive):
        return False
    median = float(np.median(positive))
    if median <= 1 or "%" in header or has_percents != has_money:
        return has_money and median > 1 and "%" not in header
    if is_amount_column or median > PERCENT_AT_MOST or find_header_currency(header):
        return True
    if median > 1:
        fix = f"for amounts of money write them as $20, or add --map '{header}={amount_column(name)}'"
        context.notes.append(f"{header} is read as a percent of the fee, such as {median:,.10g}%; {fix}")
    return False


def _is_mapped(context: ReadContext, name: str) -> bool:
    found = dict(ROSTER.with_user_columns(context.options.columns).find_columns(context.header(name)))
    return found.get(name) == USER_RANK
