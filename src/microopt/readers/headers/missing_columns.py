"""Columns that a file must have: what is wrong where one is missing, and which of the file's own it may be."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

import numpy as np
import pandas as pd

from microopt.campaign.flag_values import format_header_map
from microopt.errors import Fault, did_you_mean
from microopt.files.reading import source_name
from microopt.readers.context import ReadContext
from microopt.readers.headers.cell_evidence import CellEvidence
from microopt.readers.headers.platform_figures import SMALLEST_AUDIENCE
from microopt.readers.money.money import describe_missing_rate
from microopt.readers.numbers.numeric_text import parse_numbers
from microopt.readers.words.price_headers import PRICE_PREFIX, split_header
from microopt.readers.words.range_ends import find_ends
from microopt.readers.words.vocabulary import ColumnKind, alias_key

MOST_CANDIDATES = 3  # that a fix names
MIN_DISTINCT = 0.34  # share of different texts in a column that may name creators


def require_columns(context: ReadContext, *, fees: bool) -> None:
    """Note missing columns; stop where there is nothing to check.

    Parameters
    ----------
    fees
        Whether any creator needs a fee.

    Raises
    ------
    RosterError
        If there are no rows, or no header.
    """
    names, faults = context.columns, context.faults
    if "followers" not in names:
        check_header(context)
        _refuse_posts(context)
    has_prices = any(name.startswith(PRICE_PREFIX) for name in names)
    for name in ("creator", "followers"):
        if name not in names and not any(column.startswith(f"{name}:") for column in names):
            fault_missing_column(context, name)
    has_fees = "fee" in names or has_prices or any(column.startswith("fee:") for column in names)
    if fees and context.options.fees_required and not context.options.agreed_fees and not has_fees:
        fault_missing_fee_column(context)
    if not len(context.table.row):
        if not faults.bad_rows:
            message = "there is a header but no row below it"
            faults.add(Fault(code="no-rows", message=message, fix="add one row per creator: @anna, 12500, 400"))
        faults.raise_if_any(context.path)


def _refuse_posts(context: ReadContext) -> None:
    """Stop at a file of posts, which has dates and figures, and the same creator in several rows.

    Raises
    ------
    RosterError
        If it is one.
    """
    from microopt.readers.words.post_headers import post_vocabulary  # few files lack followers

    vocabulary = post_vocabulary()
    found = {column[0] for header in context.table.headers if (column := vocabulary.find_column(header))}
    if not {"creator", "date"} <= found or not found & {"likes", "comments", "engagements", "impressions"}:
        return
    if "creator" in context.columns and not context.raw("creator").duplicated().any():
        return
    name = source_name(context.path)
    message = f"{name} looks like a file of posts, not a roster: it has dates, and no followers"
    fix = f"give the roster first, and this file after --posts: roster.csv --posts {quote(context.path)}"
    context.faults.add(Fault(code="roster-posts", message=message, fix=fix, column="followers"))
    context.faults.raise_if_any(context.path, can_skip_rows=False)


def check_header(context: ReadContext) -> None:
    """Stop at a first row that holds numbers, since it cannot be the header.

    Raises
    ------
    RosterError
        If the first row holds a number.
    """
    headers = pd.Series(context.table.headers, dtype=object)
    numbers = np.flatnonzero(np.isfinite(parse_numbers(headers).values))
    if len(numbers):
        message = f"there is no header: {headers[int(numbers[0])]!r} is in the first row, which should name the columns"
        fix = f"add a first row that names the columns, such as {context.options.vocabulary.example}"
        context.faults.add(Fault(code="header-missing", message=message, fix=fix))
        context.faults.raise_if_any(context.path)


def fault_missing_fee_column(context: ReadContext) -> None:
    """Note that there is no column of fees."""
    estimate = f", or have missing fees estimated with --estimate-fees{describe_missing_rate(context)}"
    fault_missing_column(context, "fee", estimate)


def fault_missing_column(context: ReadContext, name: str, alternative: str = "") -> None:
    """Note a missing column; `alternative` is another way to fix it, appended to the fix."""
    found = ", ".join(header.strip() for header in context.table.headers)[:300]
    candidates = _without_low_ends(list(_possible_headers(context, name)))
    header = _likely_header(context, name, candidates)
    context.faults.missing[name] = header
    context.faults.maps_headers = bool(context.options.columns)
    shown = header or (candidates[0] if 1 < len(candidates) <= MOST_CANDIDATES else "")
    named = repr(header) if header else " or ".join(map(repr, candidates))
    hint = f"is it {named}? Then add {format_header_map(shown, name)}" if shown else f"add a column '{name}'"
    message = f"there is no column {name} (found: {found})"
    context.faults.add(Fault(code="column-missing", message=message, fix=hint + alternative, column=name))


def _without_low_ends(headers: list[str]) -> list[str]:
    """Return headers without the low ends of ranges, which are read together with their high ends."""
    ends = find_ends({place: split_header(header) for place, header in enumerate(headers)})
    return [header for place, header in enumerate(headers) if place not in ends.values()]


def _likely_header(context: ReadContext, name: str, headers: list[str]) -> str:
    """Return the one unused header that can be a column, by its words, as the only one, or by its spelling."""
    known = {key for key, found in context.options.vocabulary.ranks.items() if found[0][0] == name and len(key) > 2}
    worded = [header for header in headers if any(key in alias_key(header) for key in known)]
    for certain in (worded, headers):
        if len(certain) == 1:
            return certain[0]
    return did_you_mean(name, headers, 1).removeprefix("did you mean ").removesuffix("?") if not worded else ""


def _possible_headers(context: ReadContext, name: str) -> Iterator[str]:
    used = {*context.columns.values(), *context.ignored}
    for position, header in enumerate(context.table.headers):
        if position in used or not header.strip() or header.strip() in context.faults.missing.values():
            continue
        cells = CellEvidence(context.table.columns[position])
        if cells.texts and _can_be(context, name, cells):
            yield header.strip()


def _can_be(context: ReadContext, name: str, cells: CellEvidence) -> bool:
    if name == "creator":
        return cells.holds_text and cells.distinct_share >= MIN_DISTINCT
    if name == "followers":
        is_large = len(cells.values) > 0 and float(np.median(cells.values)) >= SMALLEST_AUDIENCE
        return cells.holds_numbers and not cells.holds_money and not cells.holds_percents and is_large
    if context.options.vocabulary.get_kind(name) is ColumnKind.TEXT:
        return cells.holds_text
    return cells.holds_numbers and not cells.holds_percents
