"""Give rows without a name the creator above, as merged cells leave them: further offers of that creator."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microopt.quantities.parse_and_format import format_names
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import is_numeric, to_texts
from microopt.readers.words.price_headers import PRICE_PREFIX

# Columns of the creator or of the account, which further offers share; those of an offer are never filled.
OF_CREATOR = (
    *(
        "creator",
        "niche",
        "region",
        "city",
        "tier",
        "language",
        "style",
        "url",
        "email",
        "contact",
        "brands",
        "conflicts",
    ),
    *("audience_country", "audience_age", "audience_gender", "features_minor"),
)
OF_ACCOUNT = ("platform", "followers", "engagement_rate", "credibility", "authentic", "posts")
MANY_ROWS = 100_000  # from which cells that hold only spaces are not searched
SHOWN_ROWS = 8
_SPACES = ("", " ", "  ", "   ", "\xa0")


def fill_names_down(context: ReadContext, more_niches: tuple[int, ...] = ()) -> None:
    """Fill the empty cells of rows that continue the creator above, and note which rows."""
    if "creator" not in context.columns:
        return
    is_nameless = _is_blank(context.raw("creator"))
    if not is_nameless.any() or is_nameless.all():
        return
    source = _find_creator_rows(context, is_nameless)
    candidates = np.flatnonzero(is_nameless & (source >= 0))
    candidates = candidates[_has_own_offer(context, candidates) & _is_same_person(context, candidates, source)]
    if not len(candidates):
        return
    sources = source[candidates]
    same_account = _agrees(context, "platform", candidates, sources)
    for name in (*OF_CREATOR, *_figures_by_platform(context)):
        _fill(context, context.columns.get(name), candidates, sources)
    for position in more_niches:
        _fill(context, position, candidates, sources)
    for name in OF_ACCOUNT:
        _fill(context, context.columns.get(name), candidates[same_account], sources[same_account])
    _note_filled(context, candidates)


def _figures_by_platform(context: ReadContext) -> list[str]:
    """Return the columns of one platform's figures, such as `followers:tiktok`, which all offers of a creator share."""
    return [name for name in context.columns if ":" in name and name.partition(":")[0] in OF_ACCOUNT]


def _is_blank(column: pd.Series[Any]) -> NDArray[np.bool_]:
    blank: NDArray[np.bool_] = column.isna().to_numpy(dtype=bool)
    if is_numeric(column) or len(column) > MANY_ROWS:
        return blank
    return blank | column.isin(_SPACES).to_numpy(dtype=bool)


def _find_creator_rows(context: ReadContext, is_nameless: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return for each row the last row with a name above it, or -1 where a row between is missing."""
    positions = np.arange(len(is_nameless))
    source = np.maximum.accumulate(np.where(is_nameless, -1, positions))
    rows = context.table.row
    is_adjacent = rows[positions] - rows[source] == positions - source
    return np.where((source >= 0) & is_adjacent, source, -1)


def _has_own_offer(context: ReadContext, candidates: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether each row names an offer or a platform, or has one of several prices."""
    prices = [name for name in context.columns if name.startswith(PRICE_PREFIX)]
    found = np.zeros(len(candidates), dtype=bool)
    for name in ("offer", "platform", *prices):
        if name in context.columns:
            found |= ~_is_blank(context.raw(name).iloc[candidates])
    return found


def _is_same_person(context: ReadContext, candidates: NDArray[np.intp], source: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether no figure of the creator contradicts the row above: another number of followers is another person.

    On another platform the same creator has other followers.
    """
    sources = source[candidates]
    other_account = ~_agrees(context, "platform", candidates, sources)
    return _agrees(context, "followers", candidates, sources) | other_account


def _agrees(context: ReadContext, name: str, rows: NDArray[np.intp], sources: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether the cells of rows are empty, or the same as those of their sources."""
    if name not in context.columns:
        return np.ones(len(rows), dtype=bool)
    cells, others = to_texts(context.raw(name).iloc[rows]), to_texts(context.raw(name).iloc[sources])
    pairs = zip(cells, others, strict=True)
    return np.asarray([not cell.strip() or cell.casefold() == other.casefold() for cell, other in pairs], dtype=bool)


def _fill(context: ReadContext, position: int | None, rows: NDArray[np.intp], sources: NDArray[np.intp]) -> None:
    if position is None or not len(rows):
        return
    column = context.table.columns[position]
    blank = _is_blank(column.iloc[rows])
    if blank.any():
        filled = column.copy()
        filled.iloc[rows[blank]] = column.iloc[sources[blank]].to_numpy()
        context.table.columns[position] = filled


def _note_filled(context: ReadContext, candidates: NDArray[np.intp]) -> None:
    rows = context.table.row[candidates]
    context.remark(np.isin(context.table.row, rows), "creator-filled", "the creator is that of the row above")
    shown = format_names(list(map(str, rows.tolist())), SHOWN_ROWS)
    subject = "1 row without a name belongs" if len(rows) == 1 else f"{len(rows):,} rows without a name belong"
    context.notes.append(f"{subject} to the creator above: {shown}")
