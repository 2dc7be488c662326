"""Our numeric columns: cells -> checked numbers, rates and shares as proportions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.benchmarks import PLATFORMS, default_benchmarks, usual_engagement_rate
from microopt.readers.headers import Kind, kind_of
from microopt.readers.reading import Reading
from microopt.readers.values import Numbers, read_numbers
from microopt.roster import TextColumn

MAX_PEOPLE = 1e11  # more than ten times mankind: a follower count above it is a slip
MOSTLY = 0.8  # of a column's filled cells: beyond it the header is wrong, not the cells
_FIXES = {
    Kind.RATE: "write rates as 3.4% or 0.034",
    Kind.SHARE: "write shares as 85% or 0.85",
    Kind.MONEY: "write money as 1250, $1,250 or 1.2k",
    Kind.COUNT: "write a plain number such as 12500, 12.5K or 1,250",
}
NDFloat = NDArray[np.float64]


def number_column(reading: Reading, name: str) -> tuple[NDFloat, Numbers]:
    """Read one of our columns, noting every cell that is no number, is negative, or cannot be of its kind."""
    read = read_numbers(reading.raw(name))
    kind = kind_of(name)
    if not _is_other_column(reading, name, read):
        bad = np.zeros(len(read.values), dtype=bool)
        bad[[position for position, _ in read.bad]] = True
        message = "{value} is not " + kind.value
        reading.fault_cells(name, bad, "number-unreadable", message, _FIXES[kind])
    reading.fault_cells(name, read.values < 0, "number-negative", "{value} is below zero", "correct the number")
    if kind not in (Kind.RATE, Kind.SHARE):
        reading.fault_cells(name, read.percent, "number-percent", "{value} is a percent", _FIXES[kind])
    if read.contradiction:
        one, other = read.contradiction
        message = f"column {reading.header(name)} writes decimals in two ways: {one!r} and {other!r}"
        reading.fault_column(name, "decimal-mixed", message, "use one way throughout the column")
    if read.decimal_comma:
        reading.readings[name] = "decimal comma"
    return read.values, read


def _is_other_column(reading: Reading, name: str, read: Numbers) -> bool:
    """Note a header whose values are something else, once instead of cell by cell."""
    filled = int(np.isfinite(read.values).sum()) + len(read.bad)
    if len(read.bad) < 2 or len(read.bad) <= MOSTLY * filled:
        return False
    header, example = reading.header(name), read.bad[0][1]
    message = f"column {header!r} should hold {kind_of(name).value}, and holds text such as {example[:60]!r}"
    fix = "rename the header, or say what it is under [columns] in the campaign file"
    reading.fault_column(name, "column-values", message, fix)
    return True


def check_followers(reading: Reading, followers: NDFloat, unread: Numbers) -> None:
    """Note follower counts that are missing, zero or beyond mankind."""
    missing = np.isnan(followers)
    missing[[position for position, _ in unread.bad]] = False
    reading.fault_cells("followers", missing, "followers-missing", "the follower count is missing", "fill it in")
    fix = "fill in the real count, or remove the row"
    message = "a creator with {value} followers reaches nobody"
    reading.fault_cells("followers", followers == 0, "followers-zero", message, fix)
    message = "{value} followers are more than mankind"
    reading.fault_cells("followers", followers > MAX_PEOPLE, "followers-range", message, fix)


def proportions(reading: Reading, name: str, values: NDFloat, read: Numbers, usual: NDFloat) -> NDFloat:
    """Return rates and shares as proportions, telling percent from fraction where no percent sign does.

    A `[units]` entry decides; then percent signs; then whichever reading has the median nearer, in logs, to the usual
    rate (engagement rates), or a median above 1 (all others).

    Parameters
    ----------
    usual
        (n,) engagement rate that a creator of this size usually has.
    """
    unit = reading.options.units.get(name)
    known = np.isfinite(values) & (values > 0) & np.isfinite(usual)
    signed = bool(read.percent.any())
    if unit is None and not signed and known.any():
        unit = _likelier(name, values[known], usual[known])
    if unit == "percent":
        values = np.where(read.percent, values, values / 100)
    if name not in reading.readings and known.any():
        reading.readings[name] = "percent" if signed or unit == "percent" else "fraction"
    _check_range(reading, name, values)
    return values


def _likelier(name: str, values: NDFloat, usual: NDFloat) -> str:
    middle = float(np.median(values))
    if kind_of(name) is Kind.SHARE:
        return "percent" if float(values.max()) > 1 else "fraction"
    if not name.startswith("engagement_rate"):
        return "percent" if middle > 1 else "fraction"
    expected = float(np.median(usual))
    nearer = abs(np.log(middle / 100 / expected)) < abs(np.log(middle / expected))
    return "percent" if nearer else "fraction"


def _check_range(reading: Reading, name: str, values: NDFloat) -> None:
    if name.startswith("engagement_rate"):
        high = int((np.nan_to_num(values) > 1).sum())
        if high and name == "engagement_rate":
            told = "is" if high == 1 else "are"
            reading.notes.append(
                f"{high:,} engagement rates by followers {told} above 100%: check {reading.header(name)}"
            )
    elif kind_of(name) is Kind.SHARE or name in ("ctr", "cvr", "sponsored_share", "discount", "commission"):
        fix = "a share is from 0 to 1, or 0% to 100%"
        reading.fault_cells(name, np.nan_to_num(values) > 1, "number-range", "{value} is above 100%", fix)


def usual_rates(followers: NDFloat, platform: TextColumn | None) -> NDFloat:
    """Return the engagement rate that a creator of each size and platform usually has."""
    codes = np.zeros(len(followers), dtype=np.int8)
    if platform is not None:
        keys = [label.strip().casefold() for label in platform.labels]
        known = [PLATFORMS.index(key) if key in PLATFORMS else 0 for key in keys]
        codes = np.asarray(known, dtype=np.int8)[platform.codes]
    return usual_engagement_rate(default_benchmarks(), codes, np.nan_to_num(followers, nan=1.0))
