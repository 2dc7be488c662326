"""Assign headers to columns, by the aliases of a vocabulary, by the cells below them, and by what the user says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from msgspec import Struct

from microopt.errors import Fault, did_you_mean
from microopt.quantities.keys import header_key
from microopt.readers.columns.numeric_text import parse_numbers
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import is_numeric, to_texts
from microopt.readers.price_headers import PRICE_PREFIX, assign_price_columns
from microopt.readers.vocabulary import RESULTS, ROSTER, STATES, USER_RANK, ColumnKind, Vocabulary, alias_key
from microopt.roster.roster import ColumnUse

_MORE_NICHES = re.compile(r"(?:category|niche)[ _]*[2-9]", re.IGNORECASE)
UNITS = ("percent", "fraction")
# Columns that only the other files of a campaign have: a `[columns]` that serves all of them may name these too.
UPDATE_COLUMNS = (RESULTS.kinds.keys() | STATES.kinds.keys()) - ROSTER.kinds.keys()


class HeaderAssignment(Struct, frozen=True, kw_only=True):
    """The columns of a file's headers.

    Attributes
    ----------
    columns
        Position of the header by column; `fee:0`, `fee:1`, ... are the prices of formats (`assign_price_columns`).
    ties
        Columns with two headers of equal rank: (column, position, position).
    more_niches
        Positions of further niche columns.
    unknown
        Entries of `[columns]` whose header is not in the file, or whose column does not exist.
    """

    columns: Mapping[str, int]
    ties: tuple[tuple[str, int, int], ...] = ()
    more_niches: tuple[int, ...] = ()
    unknown: tuple[str, ...] = ()


def assign_headers(
    headers: Sequence[str], columns: Mapping[str, str], numeric: Sequence[bool], vocabulary: Vocabulary = ROSTER
) -> HeaderAssignment:
    """Assign headers to columns.

    The header with the lowest rank wins; of two with equal rank a column of clean numbers wins over text.

    Parameters
    ----------
    columns
        The user's `[columns]`.
    numeric
        Whether the format reader found clean numbers under each header.
    vocabulary
        The columns that the file may have.
    """
    vocabulary = vocabulary.with_user_columns(columns)
    best: dict[str, tuple[int, bool, int]] = {}
    ties = []
    for position, header in enumerate(headers):
        found = vocabulary.find_column(header)
        if not found:
            continue
        column, claim = found[0], (found[1], not numeric[position], position)
        if column in best and claim[:2] == best[column][:2]:
            ties.append((column, best[column][2], position))
        best[column] = min(claim, best.get(column, claim))
    assigned = {column: claim[2] for column, claim in best.items()}
    final_ties = tuple(tie for tie in ties if assigned[tie[0]] in tie[1:])
    unknown = _unknown_user_headers(headers, columns, vocabulary)
    if not vocabulary.has_price_columns:
        return HeaderAssignment(columns=assigned, ties=final_ties, unknown=unknown)
    niches = tuple(
        i for i, header in enumerate(headers) if i not in assigned.values() and _MORE_NICHES.fullmatch(header.strip())
    )
    with_prices = _with_price_columns(headers, assigned, best.get("fee"))
    return HeaderAssignment(columns=with_prices, ties=final_ties, more_niches=niches, unknown=unknown)


def _unknown_user_headers(
    headers: Sequence[str], columns: Mapping[str, str], vocabulary: Vocabulary
) -> tuple[str, ...]:
    keys = {alias_key(header) for header in headers}
    return tuple(
        header
        for header in columns
        if alias_key(header) not in keys or (vocabulary.find_column(header) or ("", 0))[1] != USER_RANK
    )


def _with_price_columns(
    headers: Sequence[str], assigned: Mapping[str, int], fee: tuple[int, bool, int] | None
) -> dict[str, int]:
    """Return the columns with one price column for each format in place of the fee, where there are several."""
    others = {column: position for column, position in assigned.items() if column != "fee"}
    claim = None if fee is None else (fee[0], fee[2])
    return others | assign_price_columns(headers, set(others.values()), claim, has_offers="offer" in assigned)


def map_columns(context: ReadContext) -> tuple[int, ...]:
    """Assign a roster's headers to columns; return the positions of further niche columns."""
    assignment = assign_columns(context)
    for header in assignment.unknown:
        if header_key(context.options.columns[header]) not in UPDATE_COLUMNS:
            context.faults.add(_unknown_column_fault(context, header))
    for name, unit in context.options.units.items():
        if ROSTER.kinds.get(name) not in (ColumnKind.RATE, ColumnKind.SHARE) or unit not in UNITS:
            message = f"[units]: {name} = {unit!r} says nothing"
            fix = f"give a rate of ours as percent or fraction; {did_you_mean(name, ROSTER.kinds)}".rstrip("; ")
            context.faults.add(Fault(code="columns-unknown", message=message, fix=fix, column=name))
    return assignment.more_niches


def assign_columns(context: ReadContext) -> HeaderAssignment:
    """Assign a file's headers to columns, and note columns with two headers whose cells differ."""
    table, options = context.table, context.options
    numeric = [is_numeric(column) for column in table.columns]
    assignment = assign_headers(table.headers, options.columns, numeric, options.vocabulary)
    context.columns = dict(assignment.columns)
    for name, first, second in assignment.ties:
        if to_texts(table.columns[first]) != to_texts(table.columns[second]):
            tied = " and ".join(f"{table.headers[i]!r} (column {i + 1})" for i in (first, second))
            message = f"two columns give {name}: {tied}"
            fix = "remove or rename one of the two"
            context.faults.add(Fault(code="column-twice", message=message, fix=fix, column=table.headers[first]))
    return assignment


def _unknown_column_fault(context: ReadContext, header: str) -> Fault:
    headers = context.table.headers
    if alias_key(header) in map(alias_key, headers):
        column = context.options.columns[header]
        fix = did_you_mean(column, ROSTER.kinds) or f"our columns are {', '.join(ROSTER.kinds)}"
        message = f"[columns]: {header!r} is to be {column!r}, which is none of our columns"
    else:
        fix = did_you_mean(header, headers) or f"its headers are {', '.join(headers)[:300]}"
        message = f"[columns]: the roster has no header {header!r}"
    return Fault(code="columns-unknown", message=message, fix=fix, column=header)


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
    has_prices = any(name.startswith(PRICE_PREFIX) for name in names)
    needs_fee = fees and context.options.fees_required and not has_prices
    for name in ["creator", "followers", *(["fee"] if needs_fee else [])]:
        if name not in names:
            fix = ", or have missing fees estimated with --estimate-fees" if name == "fee" else ""
            fault_missing_column(context, name, fix)
    if not len(context.table.row):
        if not faults.bad_rows:
            message = "there is a header and no row below it"
            faults.add(Fault(code="no-rows", message=message, fix="add a row a creator"))
        faults.raise_if_any(context.path)


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
        message = f"there is no header: {headers[int(numbers[0])]!r} stands where the names of the columns should"
        fix = f"add a first row that names the columns: {context.options.vocabulary.example}, ..."
        context.faults.add(Fault(code="header-missing", message=message, fix=fix))
        context.faults.raise_if_any(context.path)


def fault_missing_column(context: ReadContext, name: str, alternative: str = "") -> None:
    """Note a missing column; `alternative` is another way to fix it, appended to the fix."""
    headers = context.table.headers
    found = ", ".join(header.strip() for header in headers)[:300]
    guess = did_you_mean(name, headers, 1)
    add = f"add a column {name}" + (f" ({guess})" if guess else "")
    fix = f'{add}, or map yours: [columns] "Your header" = "{name}"{alternative}'
    message = f"there is no column {name} (found: {found})"
    context.faults.add(Fault(code="column-missing", message=message, fix=fix, column=name))


def describe_columns(context: ReadContext, more_niches: tuple[int, ...]) -> tuple[ColumnUse, ...]:
    """Return the column of each header, and how its cells were interpreted."""
    names = {position: name for name, position in context.columns.items()} | dict.fromkeys(more_niches, "niche")
    return tuple(
        ColumnUse(
            header=header.strip(),
            column=_display_name(names.get(position)),
            reading=_describe_interpretation(context, position, names),
        )
        for position, header in enumerate(context.table.headers)
    )


def _display_name(name: str | None) -> str | None:
    return "price of an offer" if name and name.startswith(PRICE_PREFIX) else name


def _describe_interpretation(context: ReadContext, position: int, names: dict[int, str]) -> str:
    name, column = names.get(position, ""), context.table.columns[position]
    found = ROSTER.find_column(context.table.headers[position]) if not name else None
    if found and found[1] == 0:
        return f"left out: another column gives {found[0]}"
    parts = [context.interpretations.get(name, "")]
    head = column.iloc[:100]
    may_be_constant = len(column) > 1 and name not in ("creator", "followers") and head.nunique(dropna=False) == 1
    if may_be_constant and column.nunique(dropna=False) == 1:
        cell = to_texts(head.iloc[:1])[0]
        parts.append(f"the same in every row: {cell!r}" if cell else "empty in every row")
    return ", ".join(filter(None, parts))
