"""Our numeric columns: cells -> checked numbers.

Rates and shares -> proportions, telling percent from fraction where no percent sign does.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from microopt.benchmarks.table import PLATFORMS, default_benchmarks, midpoint
from microopt.readers.columns.numeric_text import NumberColumn, parse_numbers
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import to_texts
from microopt.readers.vocabulary import RESULTS, ROSTER, Kind
from microopt.roster.roster import TextColumn

MAX_FOLLOWERS = 1e11  # more than ten times mankind: a follower count above it is a slip
WRONG_COLUMN_SHARE = 0.8  # of a column's filled cells: beyond it the header is wrong, not the cells
MAX_VALUES = {  # more is a slip: the greatest that a cell of these columns can mean
    **dict.fromkeys((*RESULTS.whole_numbers, "views", "reach"), 1e12),
    **dict.fromkeys(("product", "shipping", "order_value"), 1e9),
    **dict.fromkeys(("usage", "whitelisting", "exclusivity", "sponsored_ratio"), 10.0),
    "deliverables": 1_000.0,
}
SIGNED_COLUMNS = ("sentiment",)  # columns that may go below zero
_FIXES = {
    Kind.RATE: "write rates as 3.4% or 0.034",
    Kind.SHARE: "write shares as 85% or 0.85",
    Kind.MONEY: "write money as 1250, $1,250 or 1.2k",
    Kind.COUNT: "write a plain number such as 12500, 12.5K or 1,250",
}
NDFloat = NDArray[np.float64]


def check_number_column(reading: ReadContext, name: str) -> tuple[NDFloat, NumberColumn]:
    """Read one of our columns, noting every cell that is no number, is negative, or cannot be of its kind."""
    read = parse_numbers(reading.raw(name))
    kind = reading.kind(name)
    filled = int(read.bad.sum() + np.isfinite(read.values).sum())
    if not _is_other_column(reading, name, read.bad, filled, "text"):
        message = "{value} is not " + kind.value
        reading.fault_cells(name, read.bad, "number-unreadable", message, _FIXES[kind])
    if name not in SIGNED_COLUMNS:
        reading.fault_cells(name, read.values < 0, "number-negative", "{value} is below zero", "correct the number")
    if kind not in (Kind.RATE, Kind.SHARE) and not _is_other_column(reading, name, read.percent, filled, "percents"):
        reading.fault_cells(name, read.percent, "number-percent", "{value} is a percent", _FIXES[kind])
    money = read.currency_index >= 0 if read.currency_index is not None else np.zeros(len(read.values), dtype=bool)
    if kind is not Kind.MONEY and not _is_other_column(reading, name, money, filled, "money"):
        reading.fault_cells(name, money, "number-unreadable", "{value} is money, not " + kind.value, _FIXES[kind])
    if read.conflicting_cells:
        one, other = read.conflicting_cells
        message = f"column {reading.header(name)} writes decimals in two ways: {one!r} and {other!r}"
        reading.fault_column(name, "decimal-mixed", message, "use one way throughout the column")
    if read.decimal_comma:
        reading.note_interpretation(name, "decimal comma")
    if read.may_group is not None and kind in (Kind.COUNT, Kind.MONEY):
        _doubt_points(reading, name, read.may_group)
    return read.values, read


def _doubt_points(reading: ReadContext, name: str, grouping: NDArray[np.bool_]) -> None:
    """Say what a point before three digits was taken for; among whole things, as followers are, it is a fault."""
    if name in reading.options.vocabulary.whole_numbers:
        message, fix = "{value} may be thousands or thousandths", "write it without the mark: 12000"
        code = "followers-range" if name == "followers" else "number-unreadable"
        reading.fault_cells(name, grouping, code, message, fix)
        return
    example = to_texts(reading.raw(name).iloc[[int(np.argmax(grouping))]])[0].strip()[:40]
    reading.notes.append(f"{reading.header(name)}: the point in {example} is read as a decimal one, not as thousands")


def check_maximum(reading: ReadContext, name: str, values: NDFloat) -> None:
    """Note cells that are more than anyone can mean."""
    if name in MAX_VALUES:
        fix = f"correct the number: {MAX_VALUES[name]:,.0f} is the most"
        reading.fault_cells(name, values > MAX_VALUES[name], "number-range", "{value} is beyond reason", fix)


def _is_other_column(reading: ReadContext, name: str, odd: NDArray[np.bool_], filled: int, what: str) -> bool:
    """Note a header whose values are something else, once instead of cell by cell."""
    count = int(odd.sum())
    if count < 2 or count <= WRONG_COLUMN_SHARE * filled:
        return False
    example = to_texts(reading.raw(name).iloc[[int(np.argmax(odd))]])[0]
    fault_wrong_column(reading, name, f"{what} such as {example[:60]!r}")
    return True


def fault_wrong_column(reading: ReadContext, name: str, held: str) -> None:
    """Note a header whose values are something else than it says."""
    message = f"column {reading.header(name)!r} should hold {reading.kind(name).value}, and holds {held}"
    fix = "rename the header, or say what it is under [columns] in the campaign file"
    reading.fault_column(name, "column-values", message, fix)


def check_followers(reading: ReadContext, followers: NDFloat, read: NumberColumn) -> None:
    """Note follower counts that are missing, zero, in parts or beyond mankind."""
    whole = np.rint(followers) == followers
    if bool((whole & (followers > 0) & (followers <= MAX_FOLLOWERS)).all()):
        return
    missing = np.isnan(followers) & ~read.bad
    reading.fault_cells("followers", missing, "followers-missing", "the follower count is missing", "fill it in")
    fix = "fill in the real count, or remove the row"
    message = "a creator with {value} followers reaches nobody"
    reading.fault_cells("followers", followers == 0, "followers-zero", message, fix)
    message = "{value} followers are more than mankind"
    reading.fault_cells("followers", followers > MAX_FOLLOWERS, "followers-range", message, fix)
    parts = np.abs(followers - np.rint(followers)) > 1e-6 * np.abs(followers)
    parts &= True if read.may_group is None else ~read.may_group
    message, fix = "{value} is no whole number of people", "where its mark groups thousands, write it without"
    reading.fault_cells("followers", parts, "followers-range", message, fix)


SAMPLE_ROWS = 10_000  # rows whose medians tell percent from fraction
CAPPED_RATES = (
    "ctr",
    "cvr",
    "action_rate",
    "sponsored_share",
    "discount",
    "commission",
)  # no share of these is above 100%
ENGAGEMENT_RATES = ("engagement_rate", "engagement_rate_views", "engagement_rate_reach")


def parse_rates(reading: ReadContext, name: str, followers: NDFloat, platform: TextColumn | None) -> NDFloat:
    """Read a rate or a share as proportions.

    A percent sign decides for its cell. For cells without one a `[units]` entry does; else whichever reading has the
    median nearer, in logs, to what creators of that size usually have (engagement, click and conversion rates), or a
    median above 1 (all others).

    Parameters
    ----------
    followers
        (n,) people, NaN where unknown.
    """
    values, read = check_number_column(reading, name)
    known = np.isfinite(values) & (values > 0)
    plain = known & ~read.percent
    rows = _sample(plain)
    unit = reading.options.units.get(name) if len(rows) else None
    if len(rows):
        there = platform.take(rows) if platform is not None else None
        unit = unit or _likelier(values[rows], _usual(name, followers[rows], there))
        if _bounded(name) and float(np.median(values[rows])) > 100:
            fault_wrong_column(reading, name, f"counts such as {values[rows[0]]:,.10g}")
            return values
    if unit == "percent" and ROSTER.get_kind(name) is Kind.SHARE and name not in reading.options.units:
        fix = "write it with a percent sign, or say what the column holds under [units] in the campaign file"
        among = "{value} stands among percents: is it a share of 1?"
        reading.fault_cells(name, plain & (values <= 1), "number-range", among, fix)
    if unit == "percent":
        values = np.where(read.percent, values, values / 100)
    if known.any():
        signed = bool((known & read.percent).any())
        reading.note_interpretation(
            name, f"percent where it has a sign, else {unit}" if signed and unit == "fraction" else unit or "percent"
        )
    _check_range(reading, name, values)
    return values


def check_conversions(reading: ReadContext, numbers: Mapping[str, NDFloat]) -> None:
    """Note more observed conversions than clicks."""
    if {"clicks", "conversions"} <= numbers.keys():
        above = numbers["conversions"] > numbers["clicks"]
        fix = "a conversion follows a click: check which column is which"
        message = "{value} conversions are more than the clicks"
        reading.fault_cells("conversions", above, "conversions-range", message, fix)


def _sample(mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the rows in `mask`, evenly spaced ones where they are more than a median needs."""
    rows = np.flatnonzero(mask)
    return rows[:: max(1, len(rows) // SAMPLE_ROWS)]


def _likelier(values: NDFloat, usual: NDFloat) -> str:
    middle, expected = float(np.median(values)), float(np.median(usual))
    nearer = abs(np.log(middle / 100 / expected)) < abs(np.log(middle / expected))
    return "percent" if nearer else "fraction"


def _usual(name: str, followers: NDFloat, platform: TextColumn | None) -> NDFloat:
    """Return the rate that a creator of each size and platform usually has; 10% splits readings at 1."""
    people = np.nan_to_num(followers, nan=1.0)
    benchmarks = default_benchmarks()
    if name in ENGAGEMENT_RATES:
        # The median of Instagram's log-normal: its mean, which a forecast takes, lies well above.
        rate = np.exp(benchmarks.by_followers("engagement.instagram", "mu", people))
        for network, rows in _rows_on(PLATFORMS[1:], platform):
            rate[rows] = benchmarks.by_followers(f"engagement.{network}", "rate", people[rows])
        return rate
    if name == "cvr":
        return benchmarks.by_followers("conversion", "cvr", people)
    if name == "ctr":
        formats = benchmarks.formats(PLATFORMS[0])
        return np.full(len(people), midpoint(next(iter(formats.values()))["ctr"]))
    return np.full(len(people), 0.1)


def _rows_on(names: tuple[str, ...], platform: TextColumn | None) -> list[tuple[str, NDArray[np.bool_]]]:
    return [(name, platform.holds({name})) for name in names] if platform is not None else []


def _bounded(name: str) -> bool:
    return ROSTER.get_kind(name) is Kind.SHARE or name in (*CAPPED_RATES, *ENGAGEMENT_RATES)


def _check_range(reading: ReadContext, name: str, values: NDFloat) -> None:
    above = np.nan_to_num(values) > 1
    if name == "engagement_rate" and above.any():
        high = int(above.sum())
        told = "rate by followers is" if high == 1 else "rates by followers are"
        reading.notes.append(f"{high:,} engagement {told} above 100%: check {reading.header(name)}")
    elif _bounded(name) and name not in ENGAGEMENT_RATES:
        fix = "a share is from 0 to 1, or 0% to 100%"
        reading.fault_cells(name, above, "number-range", "{value} is above 100%", fix)
