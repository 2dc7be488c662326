"""A roster file -> Roster: the one road every format takes once its cells are a RawTable."""

from __future__ import annotations

import numpy as np
import pandas as pd
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.errors import RosterError
from microopt.readers.columns.creator_names import check_names, to_name_column
from microopt.readers.columns.duplicate_offers import drop_duplicate_offers
from microopt.readers.columns.mapping import describe_columns, map_columns, require_columns
from microopt.readers.columns.money import find_price_columns, parse_money, split_price_columns, to_cents
from microopt.readers.columns.numbers import (
    check_conversions,
    check_followers,
    check_maximum,
    check_number_column,
    parse_rates,
)
from microopt.readers.columns.numeric_text import looks_numeric, parse_numbers
from microopt.readers.columns.text import join_columns, split_values, to_text_column
from microopt.readers.columns.word_columns import check_flag, check_volume, find_feeless
from microopt.readers.context import ReadContext, open_file
from microopt.readers.formats.raw_bytes import run_in_background
from microopt.readers.options import ReadOptions
from microopt.readers.vocabulary import ROSTER, Kind
from microopt.roster.roster import NO_FEE, Roster, Source, TextColumn

SEVERAL = {"brands", "conflicts"}  # columns of names beside the niche whose cells hold several
MANY = 100_000  # rows from which a second core is worth its while
Numeric = dict[str, NDArray[np.float64]]


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
    reading = open_file(path, options or ReadOptions())
    more_niches = map_columns(reading)
    unpaid = find_feeless(reading)
    require_columns(reading, fees=not (len(unpaid) and unpaid.all()))
    roster = _roster(reading, more_niches, unpaid)
    formats = find_price_columns(reading)
    if formats:
        roster = split_price_columns(reading, roster, formats, unpaid)
    roster = _finish(reading, drop_duplicate_offers(reading, roster))
    columns, notes = describe_columns(reading, more_niches), tuple(reading.notes)
    return replace(roster, currency=reading.currency, columns=columns, notes=notes)


def _roster(reading: ReadContext, more_niches: tuple[int, ...], unpaid: NDArray[np.bool_]) -> Roster:
    cells = reading.raw("creator") if "creator" in reading.columns else pd.Series(reading.table.row)
    names = run_in_background(lambda: to_name_column(cells), len(cells), MANY)
    words = {
        name: to_text_column(reading.raw(name), placeholders=True)
        for name in reading.columns
        if ROSTER.kinds.get(name) is Kind.TEXT and name != "creator"
    }
    if "niche" in words:
        further = [to_text_column(reading.table.columns[position], placeholders=True) for position in more_niches]
        words["niche"] = split_values(join_columns([words["niche"], *further]) if further else words["niche"])
    for name in SEVERAL & words.keys():
        words[name] = split_values(words[name])
    check_flag(reading, "features_minor", words.get("features_minor"))
    numbers, fee = _numbers(reading, words.get("platform"), unpaid)
    check_volume(reading, numbers.get("max_units"), words.get("volume_discount"))
    check_conversions(reading, numbers)
    extra_words, extra_numbers = _extras(reading, more_niches)
    creators = names()
    if "creator" in reading.columns:  # else a fault by now; the rest is still checked
        check_names(reading, creators)
    options = reading.options
    return Roster(
        texts={"creator": creators.column, **words, **extra_words},
        numbers=_derived(numbers | extra_numbers),
        fee=fee,
        creator_id=creators.ids,
        row=reading.table.row,
        source=Source(
            path=reading.path, sha256=reading.table.sha256, sheet=options.sheet, skip_bad_rows=options.skip_bad_rows
        ),
    )


def _numbers(
    reading: ReadContext, platform: TextColumn | None, unpaid: NDArray[np.bool_]
) -> tuple[Numeric, NDArray[np.int64]]:
    """Read all of our numeric columns; the fee comes apart, in cents, and is 0 where an offer needs none."""
    rows = len(reading.table.row)
    followers, fee = np.full(rows, np.nan), np.where(unpaid, 0, NO_FEE).astype(np.int64)
    if "followers" in reading.columns:
        followers, read = check_number_column(reading, "followers")
        check_followers(reading, followers, read)
    numbers = {"followers": followers}
    for name in [name for name in reading.columns if name not in numbers]:
        kind = ROSTER.kinds.get(name)
        if kind is Kind.MONEY:
            numbers[name], read = parse_money(reading, name)
            if name == "fee":
                values = numbers.pop(name)
                values = np.where(unpaid & np.isnan(values) & ~read.bad, 0.0, values) if unpaid.any() else values
                fee = to_cents(reading, name, values, read, required=reading.options.fees_required)
        elif kind in (Kind.RATE, Kind.SHARE):
            numbers[name] = parse_rates(reading, name, followers, platform)
        elif kind is Kind.COUNT:
            numbers[name], _ = check_number_column(reading, name)
        if name in numbers:
            check_maximum(reading, name, numbers[name])
    return numbers, fee


def _derived(numbers: Numeric) -> Numeric:
    """Add what follows from other columns: `authentic` from a count of authentic engagements."""
    if "authentic" not in numbers and {"authentic_engagements", "engagements"} <= numbers.keys():
        with np.errstate(divide="ignore", invalid="ignore"):
            share = numbers["authentic_engagements"] / numbers["engagements"]
        numbers["authentic"] = np.where(np.isfinite(share), np.minimum(share, 1.0), np.nan)
    return numbers


def _extras(reading: ReadContext, more_niches: tuple[int, ...]) -> tuple[dict[str, TextColumn], Numeric]:
    """Keep every other column as text, and as numbers too where all of it is, in one currency or none."""
    words: dict[str, TextColumn] = {}
    numbers: Numeric = {}
    taken = {*reading.columns.values(), *more_niches}
    for position, header in enumerate(reading.table.headers):
        name, column = header.strip(), reading.table.columns[position]
        known = ROSTER.find_column(name)
        if position in taken or not name or (known and known[1] == 0):
            continue
        name = name if name not in words else f"{name} (column {position + 1})"
        words[name] = to_text_column(column)
        if looks_numeric(column):
            read = parse_numbers(column)
            if read.is_uniform:
                numbers[name] = read.values
    return words, numbers


def _finish(reading: ReadContext, roster: Roster) -> Roster:
    """Raise what was found, or leave the bad rows out where that was asked for."""
    faults = reading.faults
    if not faults.count or not reading.options.skip_bad_rows or faults.has_file_faults:
        faults.raise_if_any(reading.path)
        return roster
    good = ~np.isin(roster.row, list(faults.bad_rows))
    if not good.any():
        fix = "run microopt check to see them all"
        raise RosterError(f"every row of {reading.path} has a fault", fix=fix, faults=faults.faults)
    count = len(faults.bad_rows)
    told = "1 row with faults was" if count == 1 else f"{count:,} rows with faults were"
    reading.notes.append(f"{told} left out (--skip-bad-rows)")
    return roster.take(np.flatnonzero(good))
