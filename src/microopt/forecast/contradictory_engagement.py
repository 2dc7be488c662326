"""The doubt about engagement that a roster states twice and differently: by a rate and by counts, or by two counts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from microopt.benchmarks.table import PLATFORMS, Benchmarks
from microopt.forecast.deliverables import platform_codes
from microopt.forecast.engagement import counted_rate
from microopt.forecast.figure_plausibility import RATED_BY_VIEWS, Doubt, Mask, NDFloat, counted_amount, small_percent
from microopt.quantities.parse_and_format import format_count
from microopt.roster.roster import Roster, find_header

RATE_BASES = {"engagement_rate": "followers", "engagement_rate_views": "views", "engagement_rate_reach": "reach"}
COUNT_NAMES = ("likes", "comments", "shares")


def doubt_contradictions(roster: Roster, benchmarks: Benchmarks) -> Iterator[Doubt]:
    """Yield the doubt, if the roster states engagement in two ways."""
    odd = {name: rows for name, rows in _contradicting_rows(roster, benchmarks) if len(rows)}
    if not odd:
        return
    taken = find_header(roster, next(iter(odd)))
    counts = "engagements" if "engagements" in roster.numbers and "engagements" not in odd else "likes"
    yield Doubt(
        code="contradictory-engagement",
        text="engagement figures that contradict each other",
        rows=np.unique(np.concatenate([*odd.values()])),
        describe=lambda row: _describe(roster, next(name for name in odd if row in odd[name]), row),
        fix=f"The forecast takes {taken}: check it against {find_header(roster, counts)}.",
    )


def _contradicting_rows(roster: Roster, benchmarks: Benchmarks) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """Yield each column of engagement with the rows whose counts contradict it, the one that is forecast from first."""
    numbers, factor = roster.numbers, benchmarks.figure("plausibility.contradiction", "factor")
    names = [name for name, base in RATE_BASES.items() if {name, base} <= numbers.keys()]
    if names and {"engagements", "likes"} & numbers.keys():
        counted = _believable(counted_rate(roster), roster)
        for name in names:
            stated = numbers[name] * numbers[RATE_BASES[name]]
            rows = np.flatnonzero((stated > 0) & (counted > 0) & ~_match(stated, counted, factor))
            if name == "engagement_rate" and len(rows):
                rows = rows[~_is_by_views(roster.take(rows), counted[rows], benchmarks)]
            yield name, rows
    if {"engagements", "likes"} <= numbers.keys():
        stated, counted = numbers["engagements"], _believable(_summed(roster) / numbers["followers"], roster)
        yield "engagements", np.flatnonzero((stated > 0) & (counted > 0) & ~_match(stated, counted, factor))


def _believable(rate: NDFloat, roster: Roster) -> NDFloat:
    """Return the engagements of a rate by followers, NaN where they exceed the followers, which is another doubt."""
    return np.where(rate <= 1, rate, np.nan) * roster.numbers["followers"]


def _summed(roster: Roster) -> NDFloat:
    rest = sum(np.nan_to_num(roster.numbers[name]) for name in COUNT_NAMES[1:] if name in roster.numbers)
    total: NDFloat = roster.numbers["likes"] + rest
    return total


def _match(stated: NDFloat, counted: NDFloat, factor: float) -> Mask:
    matches: Mask = (stated <= factor * counted) & (counted <= factor * stated)
    return matches


def _is_by_views(offers: Roster, counted: NDFloat, benchmarks: Benchmarks) -> Mask:
    """Return which rates match the counts if they are by views or by reach, as many on YouTube and TikTok are.

    Where views are not stated there, far fewer than usual are allowed for: a large channel's are a few percent of its
    subscribers.
    """
    rate, factor = offers.numbers["engagement_rate"], benchmarks.figure("plausibility.contradiction", "factor")
    matches = np.zeros(len(offers), dtype=bool)
    for base in ("views", "reach"):
        matches |= _match(rate * offers.number(base), counted, factor)
    usual_views = [next(iter(benchmarks.formats(name).values())).get("view_rate", np.nan) for name in PLATFORMS]
    platform = platform_codes(offers)[0]
    views = offers.numbers["followers"] * np.asarray(usual_views)[platform]
    is_open = np.isin(platform, RATED_BY_VIEWS) & ~np.isfinite(offers.number("views"))
    return matches | (is_open & _match(rate * views / factor, counted, factor))


def _describe(roster: Roster, name: str, row: int) -> str:
    """Return both figures: `engagement rate 3.4%, but 850 likes of 2.5M followers are 0.034%`."""
    if name == "engagements" or "engagements" not in roster.numbers or np.isnan(roster.numbers["engagements"][row]):
        summed = [part for part in COUNT_NAMES if np.isfinite(roster.number(part)[row])]
        count, noun = float(_summed(roster.take(np.asarray([row])))[0]), " + ".join(summed)
    else:
        count, noun = float(roster.numbers["engagements"][row]), "engagements"
    if name == "engagements":
        return f"{counted_amount(roster.numbers[name][row], name)}, but {format_count(count)} {noun}"
    base = RATE_BASES[name]
    amount, of = roster.numbers[base][row], "people reached" if base == "reach" else base
    statement = f"engagement rate {small_percent(roster.numbers[name][row])}, but {format_count(count)} {noun}"
    return f"{statement} of {format_count(amount)} {of} are {small_percent(count / amount)}"
