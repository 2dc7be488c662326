"""Surcharges on the fee, such as usage rights: shares of the fee or amounts of money, as the cells say."""

from __future__ import annotations

import numpy as np
import pandas as pd
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.flag_values import format_header_map
from microopt.readers.columns.decimal_mark import number_style
from microopt.readers.columns.numeric_text import NumberColumn, parse_numbers
from microopt.readers.columns.quote_phrases import included_words
from microopt.readers.columns.stated_amounts import find_stated_amount
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import is_numeric, to_texts
from microopt.readers.price_headers import TERM_WORDS, find_header_currency, split_header
from microopt.readers.vocabulary import ROSTER, USER_RANK, alias_key
from microopt.roster.extra_costs import FEE_EXTRAS, amount_column
from microopt.roster.roster import NO_WORDS

PERCENT_AT_MOST = 100.0  # the median of bare numbers that are percents of the fee
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

    A percent sign or a currency decides for its cell; for the others the header, the rest of the column, and their
    size.
    """
    for extra in FEE_EXTRAS:
        for name in (extra, amount_column(extra)):
            if name in context.columns and name not in context.options.units:
                _sort_cells(context, extra, name)


def _sort_cells(context: ReadContext, extra: str, name: str) -> None:
    other = amount_column(extra) if name == extra else extra
    column = context.raw(name)
    if is_numeric(column):
        values = column.to_numpy(dtype=np.float64)
        values = values[np.isfinite(values)]
        is_mixed = bool((values > PERCENT_AT_MOST).any() and (values <= PERCENT_AT_MOST).any())
        if not is_mixed or _says_percent(context, name):
            if _bare_is_money(context, name, values, has_percents=False, has_money=False) != (name != extra):
                _move(context, name, other, column)
            return
    labels = _distinct(column)
    labels, parsed = _replace_words(context, name, labels)
    amount = _find_amounts(context, name, labels, parsed)
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
        context.replace_column(other, moved)
    else:
        there = np.asarray(to_texts(context.raw(other)), dtype=object)
        context.replace_column(other, pd.Series(np.where(there == "", to_texts(moved), there), dtype=object))
    if left is None:
        del context.columns[name]
    else:
        context.replace_column(name, left)


def _replace_words(context: ReadContext, name: str, labels: _Labels) -> tuple[_Labels, NumberColumn]:
    """Read `included` as nothing to pay, and text such as `yes` or `12 months` as a price that is not stated.

    Text that may hold an amount stays, and is a fault. Returns the texts, and the texts parsed as numbers.
    """
    style = number_style(context, name)
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
    word = cell.strip().casefold().strip(".")
    if word in NO_WORDS or word in included_words():
        return "0"
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


def _find_amounts(context: ReadContext, name: str, labels: _Labels, parsed: NumberColumn) -> Mask:
    """Return which texts are amounts of money rather than shares of the fee."""
    filled = np.isfinite(parsed.values)
    money = np.zeros(len(filled), dtype=np.bool_) if parsed.currency_index is None else parsed.currency_index >= 0
    percent, money = parsed.percent & filled, money & filled
    bare = filled & ~percent & ~money
    if bare.any():
        values = parsed.values[labels.codes][bare[labels.codes]]
        has_percents, has_money = bool(percent.any()), bool(money.any())
        if _bare_is_money(context, name, values, has_percents=has_percents, has_money=has_money):
            return money | bare
        large = bare & (parsed.values > PERCENT_AT_MOST)
        if large.any() and not _says_percent(context, name):
            if has_percents:
                most = float(parsed.values[large].max())
                message = f"numbers above 100 without a sign are read as amounts of money, such as {most:,.10g}"
                context.notes.append(f"{context.header(name)}: {message}")
            return money | large
    return money


def _says_percent(context: ReadContext, name: str) -> bool:
    return "%" in context.header(name)


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
        fix = f"for money add {format_header_map(header, amount_column(name))}"
        shares, amounts = positive[positive <= PERCENT_AT_MOST], positive[positive > PERCENT_AT_MOST]
        more = f", and above 100 as amounts of money, up to {amounts.max():,.10g}" if len(amounts) else ""
        context.notes.append(f"{header} is read as percents of the fee, up to {shares.max():,.10g}%{more}; {fix}")
    return False


def _is_mapped(context: ReadContext, name: str) -> bool:
    found = dict(ROSTER.with_user_columns(context.options.columns).find_columns(context.header(name)))
    return found.get(name) == USER_RANK
