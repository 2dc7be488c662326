"""Which header is which of our columns: the aliases' answer, held against the cells and what the user said."""

from __future__ import annotations

import numpy as np
import pandas as pd

from microopt.errors import Fault, did_you_mean
from microopt.quantities.keys import header_key
from microopt.readers.columns.numeric_text import read_numbers
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import is_number, texts
from microopt.readers.price_headers import PRICED
from microopt.readers.roster_vocabulary import KIND_OF, Assignment, assign, column_of
from microopt.readers.update_vocabulary import RESULTS, STATES
from microopt.readers.vocabulary import Kind, alias_key
from microopt.roster.roster import ColumnUse

UNITS = ("percent", "fraction")
NIGHTLY = (RESULTS.kinds.keys() | STATES.kinds.keys()) - KIND_OF.keys()  # columns of the other files of a campaign


def map_columns(reading: ReadContext) -> tuple[int, ...]:
    """Give a roster's headers their columns; return the positions of further niche columns."""
    found = assigned(reading)
    for header in found.unknown:
        if header_key(reading.options.columns[header]) not in NIGHTLY:
            reading.faults.add(_unknown(reading, header))
    for name, unit in reading.options.units.items():
        if KIND_OF.get(name) not in (Kind.RATE, Kind.SHARE) or unit not in UNITS:
            message = f"[units]: {name} = {unit!r} says nothing"
            fix = f"give a rate of ours as percent or fraction; {did_you_mean(name, KIND_OF)}".rstrip("; ")
            reading.faults.add(Fault(code="columns-unknown", message=message, fix=fix, column=name))
    return found.more_niches


def assigned(reading: ReadContext) -> Assignment:
    """Give headers their columns, noting those of which two give one."""
    table, options = reading.table, reading.options
    numeric = [is_number(column) for column in table.columns]
    found = assign(table.headers, options.columns, numeric, options.vocabulary)
    reading.columns = dict(found.columns)
    for name, one, other in found.rivals:
        if texts(table.columns[one]) != texts(table.columns[other]):
            rivals = " and ".join(f"{table.headers[i]!r} (column {i + 1})" for i in (one, other))
            message = f"two columns give {name}: {rivals}"
            fix = "remove or rename one of the two"
            reading.faults.add(Fault(code="column-twice", message=message, fix=fix, column=table.headers[one]))
    return found


def _unknown(reading: ReadContext, header: str) -> Fault:
    headers = reading.table.headers
    if alias_key(header) in map(alias_key, headers):
        column = reading.options.columns[header]
        fix = did_you_mean(column, KIND_OF) or f"our columns are {', '.join(KIND_OF)}"
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
    priced = any(name.startswith(PRICED) for name in names)
    for name in ["creator", "followers", *(["fee"] if fees and reading.options.fees_required and not priced else [])]:
        if name not in names:
            fix = ", or have missing fees estimated with --estimate-fees" if name == "fee" else ""
            missing(reading, name, fix)
    if not len(reading.table.row):
        if not faults.bad_rows:
            message = "there is a header and no row below it"
            faults.add(Fault(code="no-rows", message=message, fix="add a row a creator"))
        faults.stop_if_any(reading.path)


def check_header(reading: ReadContext) -> None:
    """Stop at a first row that holds numbers: it names no columns.

    Raises
    ------
    RosterError
        If it does.
    """
    headers = pd.Series(reading.table.headers, dtype=object)
    numbers = np.flatnonzero(np.isfinite(read_numbers(headers).values))
    if len(numbers):
        message = f"there is no header: {headers[int(numbers[0])]!r} stands where the names of the columns should"
        fix = f"add a first row that names the columns: {reading.options.vocabulary.example}, ..."
        reading.faults.add(Fault(code="header-missing", message=message, fix=fix))
        reading.faults.stop_if_any(reading.path)


def missing(reading: ReadContext, name: str, otherwise: str = "") -> None:
    """Note a column that is missing; `otherwise` is another way out, appended to the fix."""
    headers = reading.table.headers
    found = ", ".join(header.strip() for header in headers)[:300]
    guess = did_you_mean(name, headers, 1)
    told = f"add a column {name}" + (f" ({guess})" if guess else "")
    fix = f'{told}, or map yours: [columns] "Your header" = "{name}"{otherwise}'
    message = f"there is no column {name} (found: {found})"
    reading.faults.add(Fault(code="column-missing", message=message, fix=fix, column=name))


def column_uses(reading: ReadContext, more_niches: tuple[int, ...]) -> tuple[ColumnUse, ...]:
    """Return what each header was taken for, and how its cells were read."""
    names = {position: name for name, position in reading.columns.items()} | dict.fromkeys(more_niches, "niche")
    return tuple(
        ColumnUse(header=header.strip(), column=_shown(names.get(place)), reading=_read_as(reading, place, names))
        for place, header in enumerate(reading.table.headers)
    )


def _shown(name: str | None) -> str | None:
    return "price of an offer" if name and name.startswith(PRICED) else name


def _read_as(reading: ReadContext, place: int, names: dict[int, str]) -> str:
    name, column = names.get(place, ""), reading.table.columns[place]
    rival = column_of(reading.table.headers[place]) if not name else None
    if rival and rival[1] == 0:
        return f"left out: another column gives {rival[0]}"
    told = [reading.readings.get(name, "")]
    few = column.iloc[:100]
    worth_it = len(column) > 1 and name not in ("creator", "followers") and few.nunique(dropna=False) == 1
    if worth_it and column.nunique(dropna=False) == 1:
        cell = texts(few.iloc[:1])[0]
        told.append(f"the same in every row: {cell!r}" if cell else "empty in every row")
    return ", ".join(filter(None, told))
