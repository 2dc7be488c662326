"""Which header is which of our columns: the aliases' answer, held against the cells and what the user said."""

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
from microopt.readers.vocabulary import RESULTS, ROSTER, STATES, USER_RANK, Kind, Vocabulary, alias_key
from microopt.roster.roster import ColumnUse

_MORE_NICHES = re.compile(r"(?:category|niche)[ _]*[2-9]", re.IGNORECASE)


class HeaderAssignment(Struct, frozen=True, kw_only=True):
    """Which header gives which column.

    Attributes
    ----------
    columns
        Position of the header by column; `fee:0`, `fee:1`, ... are the prices of formats (see `price_columns`).
    rivals
        Columns that two headers claim with the same right: (column, position, position).
    more_niches
        Positions of further niche columns.
    unknown
        Entries of `[columns]` whose header the file does not have, or whose column is none of ours.
    """

    columns: Mapping[str, int]
    ties: tuple[tuple[str, int, int], ...] = ()
    more_niches: tuple[int, ...] = ()
    unknown: tuple[str, ...] = ()


def assign_headers(
    headers: Sequence[str], columns: Mapping[str, str], numeric: Sequence[bool], words: Vocabulary = ROSTER
) -> HeaderAssignment:
    """Say which header gives which column.

    A better spelling wins; of two equal ones a column of clean numbers wins over text.

    Parameters
    ----------
    columns
        The user's `[columns]`.
    numeric
        Whether the format reader found clean numbers under each header.
    words
        The columns that the file may have.
    """
    words = words.with_user_columns(columns)
    best: dict[str, tuple[int, bool, int]] = {}
    rivals = []
    for position, header in enumerate(headers):
        found = words.find_column(header)
        if not found:
            continue
        column, claim = found[0], (found[1], not numeric[position], position)
        if column in best and claim[:2] == best[column][:2]:
            rivals.append((column, best[column][2], position))
        best[column] = min(claim, best.get(column, claim))
    assigned = {column: claim[2] for column, claim in best.items()}
    rivals = [rival for rival in rivals if rival[1] == assigned[rival[0]] or rival[2] == assigned[rival[0]]]
    keys = {alias_key(header) for header in headers}
    unknown = tuple(
        header
        for header in columns
        if alias_key(header) not in keys or (words.find_column(header) or ("", 0))[1] != USER_RANK
    )
    if not words.has_price_columns:
        return HeaderAssignment(columns=assigned, ties=tuple(rivals), unknown=unknown)
    niches = tuple(
        i for i, header in enumerate(headers) if i not in assigned.values() and _MORE_NICHES.fullmatch(header.strip())
    )
    found_columns = _with_prices(headers, assigned, best.get("fee"))
    return HeaderAssignment(columns=found_columns, ties=tuple(rivals), more_niches=niches, unknown=unknown)


def _with_prices(
    headers: Sequence[str], assigned: Mapping[str, int], fee: tuple[int, bool, int] | None
) -> dict[str, int]:
    """Return the columns with those of prices in place of the fee, where prices are of several formats."""
    others = {column: position for column, position in assigned.items() if column != "fee"}
    claimed = None if fee is None else (fee[0], fee[2])
    return others | assign_price_columns(headers, set(others.values()), claimed, offers="offer" in assigned)


UNITS = ("percent", "fraction")
UPDATE_COLUMNS = (
    RESULTS.kinds.keys() | STATES.kinds.keys()
) - ROSTER.kinds.keys()  # columns of the other files of a campaign


def map_columns(reading: ReadContext) -> tuple[int, ...]:
    """Give a roster's headers their columns; return the positions of further niche columns."""
    found = assign_columns(reading)
    for header in found.unknown:
        if header_key(reading.options.columns[header]) not in UPDATE_COLUMNS:
            reading.faults.add(_unknown(reading, header))
    for name, unit in reading.options.units.items():
        if ROSTER.kinds.get(name) not in (Kind.RATE, Kind.SHARE) or unit not in UNITS:
            message = f"[units]: {name} = {unit!r} says nothing"
            fix = f"give a rate of ours as percent or fraction; {did_you_mean(name, ROSTER.kinds)}".rstrip("; ")
            reading.faults.add(Fault(code="columns-unknown", message=message, fix=fix, column=name))
    return found.more_niches


def assign_columns(reading: ReadContext) -> HeaderAssignment:
    """Give headers their columns, noting those of which two give one."""
    table, options = reading.table, reading.options
    numeric = [is_numeric(column) for column in table.columns]
    found = assign_headers(table.headers, options.columns, numeric, options.vocabulary)
    reading.columns = dict(found.columns)
    for name, one, other in found.ties:
        if to_texts(table.columns[one]) != to_texts(table.columns[other]):
            rivals = " and ".join(f"{table.headers[i]!r} (column {i + 1})" for i in (one, other))
            message = f"two columns give {name}: {rivals}"
            fix = "remove or rename one of the two"
            reading.faults.add(Fault(code="column-twice", message=message, fix=fix, column=table.headers[one]))
    return found


def _unknown(reading: ReadContext, header: str) -> Fault:
    headers = reading.table.headers
    if alias_key(header) in map(alias_key, headers):
        column = reading.options.columns[header]
        fix = did_you_mean(column, ROSTER.kinds) or f"our columns are {', '.join(ROSTER.kinds)}"
        message = f"[columns]: {header!r} is to be {column!r}, which is none of our columns"
    else:
        fix = did_you_mean(header, headers) or f"its headers are {', '.join(headers)[:300]}"
        message = f"[columns]: the roster has no header {header!r}"
    return Fault(code="columns-unknown", message=message, fix=fix, column=header)


def require_columns(reading: ReadContext, *, fees: bool) -> None:
    """Note columns that are missing; stop where there is nothing to check.

    Parameters
    ----------
    fees
        Whether any creator needs one.

    Raises
    ------
    RosterError
        If there is no row, or no header.
    """
    names, faults = reading.columns, reading.faults
    if "followers" not in names:
        check_header(reading)
    priced = any(name.startswith(PRICE_PREFIX) for name in names)
    for name in ["creator", "followers", *(["fee"] if fees and reading.options.fees_required and not priced else [])]:
        if name not in names:
            fix = ", or have missing fees estimated with --estimate-fees" if name == "fee" else ""
            fault_missing_column(reading, name, fix)
    if not len(reading.table.row):
        if not faults.bad_rows:
            message = "there is a header and no row below it"
            faults.add(Fault(code="no-rows", message=message, fix="add a row a creator"))
        faults.raise_if_any(reading.path)


def check_header(reading: ReadContext) -> None:
    """Stop at a first row that holds numbers: it names no columns.

    Raises
    ------
    RosterError
        If it does.
    """
    headers = pd.Series(reading.table.headers, dtype=object)
    numbers = np.flatnonzero(np.isfinite(parse_numbers(headers).values))
    if len(numbers):
        message = f"there is no header: {headers[int(numbers[0])]!r} stands where the names of the columns should"
        fix = f"add a first row that names the columns: {reading.options.vocabulary.example}, ..."
        reading.faults.add(Fault(code="header-missing", message=message, fix=fix))
        reading.faults.raise_if_any(reading.path)


def fault_missing_column(reading: ReadContext, name: str, otherwise: str = "") -> None:
    """Note a column that is missing; `otherwise` is another way out, appended to the fix."""
    headers = reading.table.headers
    found = ", ".join(header.strip() for header in headers)[:300]
    guess = did_you_mean(name, headers, 1)
    told = f"add a column {name}" + (f" ({guess})" if guess else "")
    fix = f'{told}, or map yours: [columns] "Your header" = "{name}"{otherwise}'
    message = f"there is no column {name} (found: {found})"
    reading.faults.add(Fault(code="column-missing", message=message, fix=fix, column=name))


def describe_columns(reading: ReadContext, more_niches: tuple[int, ...]) -> tuple[ColumnUse, ...]:
    """Return what each header was taken for, and how its cells were read."""
    names = {position: name for name, position in reading.columns.items()} | dict.fromkeys(more_niches, "niche")
    return tuple(
        ColumnUse(header=header.strip(), column=_shown(names.get(place)), reading=_read_as(reading, place, names))
        for place, header in enumerate(reading.table.headers)
    )


def _shown(name: str | None) -> str | None:
    return "price of an offer" if name and name.startswith(PRICE_PREFIX) else name


def _read_as(reading: ReadContext, place: int, names: dict[int, str]) -> str:
    name, column = names.get(place, ""), reading.table.columns[place]
    rival = ROSTER.find_column(reading.table.headers[place]) if not name else None
    if rival and rival[1] == 0:
        return f"left out: another column gives {rival[0]}"
    told = [reading.interpretations.get(name, "")]
    few = column.iloc[:100]
    worth_it = len(column) > 1 and name not in ("creator", "followers") and few.nunique(dropna=False) == 1
    if worth_it and column.nunique(dropna=False) == 1:
        cell = to_texts(few.iloc[:1])[0]
        told.append(f"the same in every row: {cell!r}" if cell else "empty in every row")
    return ", ".join(filter(None, told))
