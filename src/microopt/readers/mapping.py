"""Which header is which of our columns: the aliases' answer, held against the cells and what the user said."""

from __future__ import annotations

import numpy as np
import pandas as pd

from microopt.errors import Fault, nearest
from microopt.readers.headers import KIND_OF, Kind, alias_key, assign, column_of
from microopt.readers.prices import PRICED
from microopt.readers.reading import Reading
from microopt.readers.table import is_number, texts
from microopt.readers.values import read_numbers
from microopt.roster import ColumnUse

UNITS = ("percent", "fraction")


def map_columns(reading: Reading) -> tuple[int, ...]:
    """Give headers their columns; return the positions of further niche columns."""
    table = reading.table
    found = assign(table.headers, reading.options.columns, [is_number(column) for column in table.columns])
    reading.columns = dict(found.columns)
    for header in found.unknown:
        reading.faults.add(_unknown(reading, header))
    for name, unit in reading.options.units.items():
        if KIND_OF.get(name) not in (Kind.RATE, Kind.SHARE) or unit not in UNITS:
            message = f"[units]: {name} = {unit!r} says nothing"
            fix = f"give a rate of ours as percent or fraction; {nearest(name, KIND_OF)}".rstrip("; ")
            reading.faults.add(Fault(code="columns-unknown", message=message, fix=fix, column=name))
    for name, one, other in found.rivals:
        if texts(table.columns[one]) != texts(table.columns[other]):
            rivals = " and ".join(f"{table.headers[i]!r} (column {i + 1})" for i in (one, other))
            message = f"two columns give {name}: {rivals}"
            fix = "remove or rename one of the two"
            reading.faults.add(Fault(code="column-twice", message=message, fix=fix, column=table.headers[one]))
    return found.more_niches


def _unknown(reading: Reading, header: str) -> Fault:
    headers = reading.table.headers
    if alias_key(header) in map(alias_key, headers):
        column = reading.options.columns[header]
        fix = nearest(column, KIND_OF) or f"our columns are {', '.join(KIND_OF)}"
        message = f"[columns]: {header!r} is to be {column!r}, which is none of our columns"
    else:
        fix = nearest(header, headers) or f"its headers are {', '.join(headers)[:300]}"
        message = f"[columns]: the roster has no header {header!r}"
    return Fault(code="columns-unknown", message=message, fix=fix, column=header)


def require_columns(reading: Reading, *, fees: bool) -> None:
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
    headers = pd.Series(reading.table.headers, dtype=object)
    numbers = np.flatnonzero(np.isfinite(read_numbers(headers).values))
    if "followers" not in names and len(numbers):
        message = f"there is no header: {headers[int(numbers[0])]!r} stands where the names of the columns should"
        fix = "add a first row that names the columns: creator, followers, fee, ..."
        faults.add(Fault(code="header-missing", message=message, fix=fix))
        faults.stop_if_any(reading.path)
    priced = any(name.startswith(PRICED) for name in names)
    for name in ["creator", "followers", *(["fee"] if fees and reading.options.fees_required and not priced else [])]:
        if name not in names:
            faults.add(_missing(name, reading.table.headers))
    if not len(reading.table.row):
        if not faults.bad_rows:
            message = "there is a header and no row below it"
            faults.add(Fault(code="no-rows", message=message, fix="add a row a creator"))
        faults.stop_if_any(reading.path)


def _missing(name: str, headers: list[str]) -> Fault:
    found = ", ".join(header.strip() for header in headers)[:300]
    guess = nearest(name, headers, 1)
    fix = (
        f"add a column {name}"
        + (f" ({guess})" if guess else "")
        + f', or map yours: [columns] "Your header" = "{name}"'
    )
    if name == "fee":
        fix += ", or have missing fees estimated with --estimate-fees"
    message = f"there is no column {name} (found: {found})"
    return Fault(code="column-missing", message=message, fix=fix, column=name)


def column_uses(reading: Reading, more_niches: tuple[int, ...]) -> tuple[ColumnUse, ...]:
    """Return what each header was taken for, and how its cells were read."""
    names = {position: name for name, position in reading.columns.items()} | dict.fromkeys(more_niches, "niche")
    return tuple(
        ColumnUse(header=header.strip(), column=_shown(names.get(place)), reading=_read_as(reading, place, names))
        for place, header in enumerate(reading.table.headers)
    )


def _shown(name: str | None) -> str | None:
    return "price of an offer" if name and name.startswith(PRICED) else name


def _read_as(reading: Reading, place: int, names: dict[int, str]) -> str:
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
