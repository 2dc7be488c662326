"""The usual engagement rates, refitted on a roster's own creators."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from microopt.benchmarks.overrides import overridden
from microopt.benchmarks.table import PLATFORMS, Benchmarks
from microopt.forecast.engagement import Seen, stated_rate
from microopt.forecast.shrinkage import Prior, log_mean, prior
from microopt.quantities.parse_and_format import print_floor, print_percent
from microopt.roster.roster import Roster

NDFloat = NDArray[np.float64]
ENOUGH = 30  # creators that a band, or a platform, needs to be refitted
LEAST_SPREAD = 0.05  # of the log rates of creators: less would draw everyone to one rate


def fitted(
    roster: Roster, platform: NDArray[np.int8], seen: Seen, benchmarks: Benchmarks
) -> tuple[Benchmarks, tuple[str, ...]]:
    """Return the figures with the usual engagement rates refitted, and what was found beside the defaults.

    In a band of 30 creators and more that state a rate, `mu` is the mean of their log rates and `sd_between` what
    their spread leaves once the spread of `posts` posts is taken out. The smaller bands of a platform with 30 creators
    move by the mean difference of all of them from the defaults. The spread within a creator's posts is kept: averages
    do not tell it. Platforms known by mean rates alone have their rates refitted. No rate goes beyond what `[forecast]`
    takes, however odd the roster.

    Parameters
    ----------
    platform
        (n,) position in `PLATFORMS`.
    """
    stated, _ = stated_rate(roster, seen)
    usual = prior(benchmarks, platform, roster.numbers["followers"])
    x = log_mean(np.where(stated > 0, stated, np.nan), usual)
    posts = np.nan_to_num(roster.number("posts"), nan=benchmarks.figure("shrinkage", "posts"))
    first = _first_rated(roster, platform, np.isfinite(x))
    tables: dict[str, Any] = {}
    notes: list[str] = []
    for code, name in enumerate(PLATFORMS):
        rows = first[platform[first] == code]
        if len(rows) < ENOUGH:
            if len(rows):
                notes.append(f"{name}: {len(rows)} creators state a rate, {ENOUGH} are needed: the defaults stay")
            continue
        table = benchmarks.table(f"engagement.{name}")
        bands = benchmarks.bands(f"engagement.{name}", roster.numbers["followers"][rows])
        found = _Bands(x[rows], usual, rows, posts[rows], bands, len(table["floors"]))
        tables[name] = found.rates(table["rate"]) if "rate" in table else found.logs(table)
        notes += _told(name, table, tables[name], np.bincount(bands, minlength=len(table["floors"])))
    if not tables:
        notes = notes or [f"no creator states an engagement rate, {ENOUGH} are needed: the defaults stay"]
        return benchmarks, tuple(notes)
    return overridden(benchmarks, {"engagement": tables}), tuple(notes)


def _first_rated(roster: Roster, platform: NDArray[np.int8], rated: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the first row of each creator on each platform that has a rate: five offers are still one creator."""
    rows = np.flatnonzero(rated)
    keys = roster.creator_id[rows].astype(np.int64) * len(PLATFORMS) + platform[rows]
    found: NDArray[np.intp] = rows[np.sort(np.unique(keys, return_index=True)[1])]
    return found


class _Bands:
    """The log rates of a platform's creators, band by band."""

    def __init__(
        self, x: NDFloat, usual: Prior, rows: NDArray[np.intp], posts: NDFloat, bands: NDArray[np.int8], count: int
    ) -> None:
        self.x, self.bands = x, bands
        self.noise = usual.within[rows] ** 2 / np.maximum(posts, 1.0)
        self.apart = x - usual.mu[rows]
        self.members = [np.flatnonzero(bands == band) for band in range(count)]

    def shift(self, band: int) -> float:
        """Return how far the band's mean log rate lies from the default, all bands' where it is small."""
        members = self.members[band]
        return float((self.apart[members] if len(members) >= ENOUGH else self.apart).mean())

    def spread(self, band: int, default: float) -> float:
        members = self.members[band]
        if len(members) < ENOUGH:
            return default
        return float(np.sqrt(max(self.x[members].var(ddof=1) - self.noise[members].mean(), LEAST_SPREAD**2)))

    def logs(self, table: dict[str, Any]) -> dict[str, Any]:
        return {
            "mu": [min(max(mu + self.shift(band), -12.0), 0.0) for band, mu in enumerate(table["mu"])],
            "sd_between": [min(self.spread(band, sd), 3.0) for band, sd in enumerate(table["sd_between"])],
        }

    def rates(self, rates: list[float]) -> dict[str, Any]:
        return {"rate": [min(rate * float(np.exp(self.shift(band))), 1.0) for band, rate in enumerate(rates)]}


def _told(name: str, old: dict[str, Any], new: dict[str, Any], counts: NDArray[np.intp]) -> list[str]:
    """Return a sentence a band: what was found, and the default."""
    key = "rate" if "rate" in old else "mu"
    told = []
    for floor, before, after, count in zip(old["floors"], old[key], new[key], counts.tolist(), strict=True):
        was, now = (float(np.exp(figure)) if key == "mu" else figure for figure in (before, after))
        kind = "typical rate" if key == "mu" else "mean rate"
        creators = f"from {count} of its creators" if count >= ENOUGH else "moved with the other bands"
        told.append(
            f"{name} from {print_floor(floor)} followers: {kind} {print_percent(now)} (default {print_percent(was)}), "
            f"{creators}"
        )
    return told
