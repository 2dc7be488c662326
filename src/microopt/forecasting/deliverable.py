"""What each offer is: its platform, its format and how many of it, with the benchmark figures that go with them."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.benchmarks import PLATFORMS, Benchmarks, midpoint
from microopt.roster import Roster, header_key


class Deliverables(Struct, frozen=True, kw_only=True, eq=False):
    """Per offer, (n,) each.

    Attributes
    ----------
    platform
        Position in `PLATFORMS`; an unnamed or other platform counts as the first.
    count
        Deliverables in the offer.
    view_rate
        Views (and reach of one post) as a share of followers.
    engagement
        Multiple of the creator's engagement rate.
    ctr
        Clicks a view.
    cpm
        Dollars for a thousand views.
    notes
        What was assumed.
    """

    platform: NDArray[np.int8]
    count: NDArray[np.float64]
    view_rate: NDArray[np.float64]
    engagement: NDArray[np.float64]
    ctr: NDArray[np.float64]
    cpm: NDArray[np.float64]
    notes: tuple[str, ...]


def deliverables(roster: Roster, benchmarks: Benchmarks) -> Deliverables:
    """Read platform and format names and look their benchmark figures up."""
    platform, notes = _platform(roster)
    followers = roster.numbers["followers"]
    figures = {name: np.zeros(len(roster)) for name in ("view_rate", "engagement", "ctr", "cpm")}
    for code, name in enumerate(PLATFORMS):
        here = platform == code
        if here.any():
            _fill(figures, here, roster, followers, benchmarks, name)
    count = np.nan_to_num(roster.number("deliverables"), nan=1.0)
    return Deliverables(platform=platform, count=count, notes=notes, **figures)


def _platform(roster: Roster) -> tuple[NDArray[np.int8], tuple[str, ...]]:
    column = roster.texts.get("platform")
    if column is None:
        return np.zeros(len(roster), dtype=np.int8), (f"no platform column: every offer is taken as {PLATFORMS[0]}",)
    known = {label: PLATFORMS.index(key) for label in column.labels if (key := label.strip().casefold()) in PLATFORMS}
    codes = np.asarray([known.get(label, 0) for label in column.labels], dtype=np.int8)[column.codes]
    used = {column.labels[code] for code in np.unique(column.codes)}
    others = sorted(label or "(empty)" for label in used if label not in known)
    notes = (f"no benchmarks for {', '.join(others[:5])}: {PLATFORMS[0]}'s are taken",) if others else ()
    return codes, notes


def _fill(
    figures: dict[str, NDArray[np.float64]], here: NDArray[np.bool_], roster: Roster, followers: NDArray[np.float64],
    benchmarks: Benchmarks, platform: str,
) -> None:  # fmt: skip
    formats = benchmarks.formats(platform)
    chosen = _format(roster, formats)[here]
    names = list(formats)
    base = benchmarks.by_followers(f"cpm.{platform}", "cpm", followers[here])
    figures["cpm"][here] = base * np.asarray([midpoint(formats[name]["cpm"]) for name in names])[chosen]
    figures["ctr"][here] = np.asarray([midpoint(formats[name]["ctr"]) for name in names])[chosen]
    figures["engagement"][here] = np.asarray([formats[name].get("engagement", 1.0) for name in names])[chosen]
    feed = benchmarks.by_followers("feed_views", "view_rate", followers[here])
    rates = np.asarray([formats[name].get("view_rate", np.nan) for name in names])[chosen]
    figures["view_rate"][here] = np.where(np.isnan(rates), feed, rates)


def _format(roster: Roster, formats: dict[str, dict[str, list[str]]]) -> NDArray[np.int64]:
    """Return each offer's position in `formats`; a name that no format knows takes the first, the platform's usual."""
    column = roster.texts.get("offer")
    if column is None:
        return np.zeros(len(roster), dtype=np.int64)
    known = {header_key(alias): i for i, block in enumerate(formats.values()) for alias in block["names"]}
    codes = [known.get(header_key(label).rstrip("0123456789x"), 0) for label in column.labels]
    return np.asarray(codes, dtype=np.int64)[column.codes]
