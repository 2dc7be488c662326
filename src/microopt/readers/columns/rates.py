"""Rates and shares -> proportions, telling percent from fraction where no percent sign does."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from microopt.benchmarks.table import PLATFORMS, default_benchmarks, midpoint
from microopt.readers.columns.numbers import number_column, other_column
from microopt.readers.context import ReadContext
from microopt.readers.roster_vocabulary import kind_of
from microopt.readers.vocabulary import Kind
from microopt.roster.roster import TextColumn

SAMPLE = 10_000  # rows whose medians tell percent from fraction
NDFloat = NDArray[np.float64]
AT_MOST_ALL = (
    "ctr",
    "cvr",
    "action_rate",
    "sponsored_share",
    "discount",
    "commission",
)  # no share of these is above 100%
RATES = ("engagement_rate", "engagement_rate_views", "engagement_rate_reach")


def rate_column(reading: ReadContext, name: str, followers: NDFloat, platform: TextColumn | None) -> NDFloat:
    """Read a rate or a share as proportions.

    A percent sign decides for its cell. For cells without one a `[units]` entry does; else whichever reading has the
    median nearer, in logs, to what creators of that size usually have (engagement, click and conversion rates), or a
    median above 1 (all others).

    Parameters
    ----------
    followers
        (n,) people, NaN where unknown.
    """
    values, read = number_column(reading, name)
    known = np.isfinite(values) & (values > 0)
    plain = known & ~read.percent
    rows = _sample(plain)
    unit = reading.options.units.get(name) if len(rows) else None
    if len(rows):
        there = platform.take(rows) if platform is not None else None
        unit = unit or _likelier(values[rows], _usual(name, followers[rows], there))
        if _bounded(name) and float(np.median(values[rows])) > 100:
            other_column(reading, name, f"counts such as {values[rows[0]]:,.10g}")
            return values
    if unit == "percent" and kind_of(name) is Kind.SHARE and name not in reading.options.units:
        fix = "write it with a percent sign, or say what the column holds under [units] in the campaign file"
        among = "{value} stands among percents: is it a share of 1?"
        reading.fault_cells(name, plain & (values <= 1), "number-range", among, fix)
    if unit == "percent":
        values = np.where(read.percent, values, values / 100)
    if known.any():
        signed = bool((known & read.percent).any())
        reading.tell(
            name, f"percent where it has a sign, else {unit}" if signed and unit == "fraction" else unit or "percent"
        )
    _check_range(reading, name, values)
    return values


def check_observed(reading: ReadContext, numbers: Mapping[str, NDFloat]) -> None:
    """Note more observed conversions than clicks."""
    if {"clicks", "conversions"} <= numbers.keys():
        above = numbers["conversions"] > numbers["clicks"]
        fix = "a conversion follows a click: check which column is which"
        message = "{value} conversions are more than the clicks"
        reading.fault_cells("conversions", above, "conversions-range", message, fix)


def _sample(mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the rows in `mask`, evenly spaced ones where they are more than a median needs."""
    rows = np.flatnonzero(mask)
    return rows[:: max(1, len(rows) // SAMPLE)]


def _likelier(values: NDFloat, usual: NDFloat) -> str:
    middle, expected = float(np.median(values)), float(np.median(usual))
    nearer = abs(np.log(middle / 100 / expected)) < abs(np.log(middle / expected))
    return "percent" if nearer else "fraction"


def _usual(name: str, followers: NDFloat, platform: TextColumn | None) -> NDFloat:
    """Return the rate that a creator of each size and platform usually has; 10% splits readings at 1."""
    people = np.nan_to_num(followers, nan=1.0)
    benchmarks = default_benchmarks()
    if name in RATES:
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
    return kind_of(name) is Kind.SHARE or name in (*AT_MOST_ALL, *RATES)


def _check_range(reading: ReadContext, name: str, values: NDFloat) -> None:
    above = np.nan_to_num(values) > 1
    if name == "engagement_rate" and above.any():
        high = int(above.sum())
        told = "rate by followers is" if high == 1 else "rates by followers are"
        reading.notes.append(f"{high:,} engagement {told} above 100%: check {reading.header(name)}")
    elif _bounded(name) and name not in RATES:
        fix = "a share is from 0 to 1, or 0% to 100%"
        reading.fault_cells(name, above, "number-range", "{value} is above 100%", fix)
