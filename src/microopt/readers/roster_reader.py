"""A roster file -> Roster: the one road every format takes once its cells are a RawTable."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.errors import Fault, RosterError, nearest
from microopt.readers.faults import FaultLog
from microopt.readers.formats import format_reader
from microopt.readers.headers import KIND_OF, PRICED, Kind, assign
from microopt.readers.money import cents, money_column
from microopt.readers.numbers import check_followers, number_column, proportions, usual_rates
from microopt.readers.offers import priced_formats, split_offers
from microopt.readers.options import ReadOptions
from microopt.readers.reading import Reading
from microopt.readers.repeats import without_repeats
from microopt.readers.table import is_number, texts
from microopt.readers.values import looks_numeric, read_numbers
from microopt.readers.words import identities, joined, several, text_column
from microopt.roster import NO_FEE, ColumnUse, Roster, Source, TextColumn, match_keys

Numbers = dict[str, NDArray[np.float64]]


def read_roster(path: str, options: ReadOptions | None = None) -> Roster:
    """Read a roster, checking everything.

    Parameters
    ----------
    path
        Delimited text, gzipped or not, a workbook, or Parquet (a file, a folder or a glob); `-` is standard input.

    Raises
    ------
    RosterError
        With every fault of the file.
    """
    options = options or ReadOptions()
    faults = FaultLog()
    table = format_reader(path)(path, options, faults)
    reading = Reading(path=path, table=table, options=options, faults=faults, notes=list(table.notes))
    more_niches = _assign(reading)
    _require_columns(reading)
    roster = _roster(reading, more_niches)
    formats = priced_formats({name: reading.header(name) for name in reading.columns if name.startswith(PRICED)})
    if formats:
        roster = split_offers(reading, roster, formats)
    return _finish(reading, without_repeats(reading, roster))


def _assign(reading: Reading) -> tuple[int, ...]:
    """Give headers their columns; return the positions of further niche columns."""
    table = reading.table
    found = assign(table.headers, reading.options.columns, [is_number(column) for column in table.columns])
    reading.columns = dict(found.columns)
    for header in found.unknown:
        fix = nearest(header, table.headers) or f"its headers are {', '.join(table.headers)[:300]}"
        message = f"[columns]: the roster has no header {header!r}"
        reading.faults.add(Fault(code="columns-unknown", message=message, fix=fix, column=header))
    for name, one, other in found.rivals:
        if texts(table.columns[one]) != texts(table.columns[other]):
            rivals = " and ".join(f"{table.headers[i]!r} (column {i + 1})" for i in (one, other))
            message = f"two columns give {name}: {rivals}"
            fix = "remove or rename one of the two"
            reading.faults.add(Fault(code="column-twice", message=message, fix=fix, column=table.headers[one]))
    return found.more_niches


def _require_columns(reading: Reading) -> None:
    priced = any(name.startswith(PRICED) for name in reading.columns)
    needed = ["creator", "followers", *(["fee"] if reading.options.fees_required and not priced else [])]
    for name in needed:
        if name not in reading.columns:
            reading.faults.add(_missing_column(name, reading.table.headers))
    if not len(reading.table.row):
        message = "there is a header and no row below it"
        reading.faults.add(Fault(code="no-rows", message=message, fix="add a row a creator"))
    if reading.faults.beyond_rows:
        reading.faults.stop_if_any(reading.path)


def _missing_column(name: str, headers: list[str]) -> Fault:
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


def _roster(reading: Reading, more_niches: tuple[int, ...]) -> Roster:
    words = {
        name: text_column(reading.raw(name), placeholders=name != "creator")
        for name in reading.columns
        if _kind(name) is Kind.TEXT
    }
    if "niche" in words:
        further = [text_column(reading.table.columns[position]) for position in more_niches]
        words["niche"] = several(joined([words["niche"], *further]) if further else words["niche"])
    numbers, fee = _numbers(reading, words.get("platform"))
    extra_words, extra_numbers = _extras(reading, more_niches)
    return Roster(
        texts=words | extra_words,
        numbers=_derived(numbers | extra_numbers),
        fee=fee,
        creator_id=_creators(reading, words["creator"]),
        row=reading.table.row,
        source=Source(path=reading.path, sha256=reading.table.sha256),
    )


def _kind(name: str) -> Kind | None:
    return KIND_OF.get(name)


def _numbers(reading: Reading, platform: TextColumn | None) -> tuple[Numbers, NDArray[np.int64]]:
    """Read all of our numeric columns; the fee comes apart, in cents."""
    followers, read = number_column(reading, "followers")
    check_followers(reading, followers, read)
    numbers = {"followers": followers}
    fee = np.full(len(followers), NO_FEE, dtype=np.int64)
    usual: NDArray[np.float64] | None = None
    for name in [name for name in reading.columns if name not in numbers]:
        kind = _kind(name)
        if kind is Kind.MONEY:
            numbers[name], read = money_column(reading, name)
            if name == "fee":
                fee = cents(reading, name, numbers.pop(name), read, required=reading.options.fees_required)
        elif kind in (Kind.RATE, Kind.SHARE):
            usual = usual_rates(followers, platform) if usual is None else usual
            values, read = number_column(reading, name)
            numbers[name] = proportions(reading, name, values, read, usual)
        elif kind is Kind.COUNT:
            numbers[name], _ = number_column(reading, name)
    return numbers, fee


def _derived(numbers: Numbers) -> Numbers:
    """Add what follows from other columns: `authentic` from a count of authentic engagements."""
    if "authentic" not in numbers and {"authentic_engagements", "engagements"} <= numbers.keys():
        with np.errstate(divide="ignore", invalid="ignore"):
            share = numbers["authentic_engagements"] / numbers["engagements"]
        numbers["authentic"] = np.where(np.isfinite(share), np.minimum(share, 1.0), np.nan)
    return numbers


def _creators(reading: Reading, creator: TextColumn) -> NDArray[np.int32]:
    keys = match_keys(creator.labels)
    if "" in keys:
        nameless = np.asarray([not key for key in keys])[creator.codes]
        reading.fault_cells("creator", nameless, "creator-missing", "the creator's name is missing", "fill it in")
    return identities(creator, keys)


def _extras(reading: Reading, more_niches: tuple[int, ...]) -> tuple[dict[str, TextColumn], Numbers]:
    """Keep every other column as text, and as numbers too where all of it is."""
    words, numbers = {}, {}
    taken = {*reading.columns.values(), *more_niches}
    for position, header in enumerate(reading.table.headers):
        name, column = header.strip(), reading.table.columns[position]
        if position in taken or not name or name in KIND_OF or name in words:
            continue
        words[name] = text_column(column)
        if looks_numeric(column):
            read = read_numbers(column)
            if not read.bad and not read.contradiction and np.isfinite(read.values).any():
                numbers[name] = read.values
    return words, numbers


def _uses(reading: Reading) -> tuple[ColumnUse, ...]:
    names = {position: name for name, position in reading.columns.items()}
    return tuple(
        ColumnUse(header=header.strip(), column=_shown(names.get(position)), reading=_read_as(reading, position, names))
        for position, header in enumerate(reading.table.headers)
    )


def _shown(name: str | None) -> str | None:
    return "price of an offer" if name and name.startswith(PRICED) else name


def _read_as(reading: Reading, position: int, names: dict[int, str]) -> str:
    name, column = names.get(position), reading.table.columns[position]
    said = reading.readings.get(name or "", "")
    if len(column) > 1 and name not in ("creator", "followers") and column.nunique(dropna=False) == 1:
        return f"the same in every row: {texts(column.iloc[:1])[0]!r}"
    return said


def _finish(reading: Reading, roster: Roster) -> Roster:
    """Raise what was found, or leave the bad rows out where that was asked for."""
    faults = reading.faults
    notes = list(reading.notes)
    if faults.count and reading.options.skip_bad_rows and not faults.beyond_rows:
        good = ~np.isin(roster.row, sorted(faults.bad_rows))
        if not good.any():
            fix = "run microopt check to see them all"
            raise RosterError(f"every row of {reading.path} has a fault", fix=fix, faults=faults.faults)
        notes.append(f"{len(faults.bad_rows):,} rows with faults were left out (--skip-bad-rows)")
        roster = roster.take(np.flatnonzero(good))
    else:
        faults.stop_if_any(reading.path)
    return replace(roster, currency=reading.currency, columns=_uses(reading), notes=tuple(notes))
