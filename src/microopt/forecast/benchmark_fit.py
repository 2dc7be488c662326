"""Refit the usual engagement rates on a roster's own creators."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from microopt.benchmarks.overrides import override_benchmarks
from microopt.benchmarks.table import PLATFORMS, Benchmarks
from microopt.forecast.engagement import PostExposure, stated_rate
from microopt.forecast.shrinkage import EngagementPrior, engagement_prior, log_mean
from microopt.quantities.parse_and_format import format_floor, format_percent
from microopt.roster.roster import Roster

NDFloat = NDArray[np.float64]
MIN_CREATORS = 30  # creators with a rate that a band, or a platform, needs to be refitted
MIN_SPREAD = 0.05  # standard deviation of creators' log rates; less would draw everyone to one rate


def fit_benchmarks(
    roster: Roster, platform: NDArray[np.int8], exposure: PostExposure, benchmarks: Benchmarks
) -> tuple[Benchmarks, tuple[str, ...]]:
    """Return the benchmarks with refitted engagement rates, and notes that compare these with the defaults.

    In a band of at least 30 creators with a stated rate, `mu` is the mean of their log rates and `sd_between` is their
    spread without the sampling error of `posts` posts. Smaller bands of a platform with 30 creators move by the mean
    difference of all of these from the defaults. The spread within a creator's posts is kept, because averages do not
    show it. For platforms with mean rates only, these are refitted. Every rate stays within the range that `[forecast]`
    allows, however unusual the roster.

    Parameters
    ----------
    platform
        (n,) position in `PLATFORMS`.
    """
    stated, _ = stated_rate(roster, exposure)
    prior = engagement_prior(benchmarks, platform, roster.numbers["followers"])
    posts = np.nan_to_num(roster.number("posts"), nan=benchmarks.figure("shrinkage", "posts"))
    x = log_mean(np.where(stated > 0, stated, np.nan), posts, prior)
    first = _first_rated_rows(roster, platform, np.isfinite(x))
    tables: dict[str, Any] = {}
    notes: list[str] = []
    for code, name in enumerate(PLATFORMS):
        rows = first[platform[first] == code]
        if len(rows) < MIN_CREATORS:
            if len(rows):
                few = f"{name}: {len(rows)} creators have a rate, but {MIN_CREATORS} are needed"
                notes.append(f"{few}, so the defaults stay")
            continue
        table = benchmarks.table(f"engagement.{name}")
        bands = benchmarks.bands(f"engagement.{name}", roster.numbers["followers"][rows])
        statistics = _BandStatistics(x[rows], prior, rows, posts[rows], bands, len(table["floors"]))
        tables[name] = statistics.rates(table["rate"]) if "rate" in table else statistics.logs(table)
        notes += _fit_notes(name, table, tables[name], np.bincount(bands, minlength=len(table["floors"])))
    if not tables:
        notes = notes or [f"no creator has an engagement rate ({MIN_CREATORS} are needed), so the defaults stay"]
        return benchmarks, tuple(notes)
    return override_benchmarks(benchmarks, {"engagement": tables}), tuple(notes)


def _first_rated_rows(roster: Roster, platform: NDArray[np.int8], rated: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the first row with a rate of each creator on each platform: five offers are still one creator."""
    rows = np.flatnonzero(rated)
    keys = roster.creator_id[rows].astype(np.int64) * len(PLATFORMS) + platform[rows]
    first_rows: NDArray[np.intp] = rows[np.sort(np.unique(keys, return_index=True)[1])]
    return first_rows


class _BandStatistics:
    """The log rates of a platform's creators, band by band."""

    def __init__(
        self,
        x: NDFloat,
        prior: EngagementPrior,
        rows: NDArray[np.intp],
        posts: NDFloat,
        bands: NDArray[np.int8],
        count: int,
    ) -> None:
        self.x, self.bands = x, bands
        self.noise = prior.within[rows] ** 2 / np.maximum(posts, 1.0)
        self.apart = x - prior.mu[rows]
        self.members = [np.flatnonzero(bands == band) for band in range(count)]

    def shift(self, band: int) -> float:
        """Return the mean difference of a band's log rates from the default, or that of all bands if it is small."""
        members = self.members[band]
        return float((self.apart[members] if len(members) >= MIN_CREATORS else self.apart).mean())

    def spread(self, band: int, default: float) -> float:
        members = self.members[band]
        if len(members) < MIN_CREATORS:
            return default
        return float(np.sqrt(max(self.x[members].var(ddof=1) - self.noise[members].mean(), MIN_SPREAD**2)))

    def logs(self, table: dict[str, Any]) -> dict[str, Any]:
        return {
            "mu": [min(max(mu + self.shift(band), -12.0), 0.0) for band, mu in enumerate(table["mu"])],
            "sd_between": [min(self.spread(band, sd), 3.0) for band, sd in enumerate(table["sd_between"])],
        }

    def rates(self, rates: list[float]) -> dict[str, Any]:
        return {"rate": [min(rate * float(np.exp(self.shift(band))), 1.0) for band, rate in enumerate(rates)]}


def _fit_notes(name: str, old: dict[str, Any], new: dict[str, Any], counts: NDArray[np.intp]) -> list[str]:
    """Return one sentence per band: the refitted rate and the default."""
    key = "rate" if "rate" in old else "mu"
    notes = []
    for floor, old_figure, new_figure, count in zip(old["floors"], old[key], new[key], counts.tolist(), strict=True):
        default_rate, fitted_rate = (
            float(np.exp(figure)) if key == "mu" else figure for figure in (old_figure, new_figure)
        )
        kind = "typical rate" if key == "mu" else "mean rate"
        source = f"from {count} of its creators" if count >= MIN_CREATORS else "moved with the other bands"
        notes.append(
            f"{name} from {format_floor(floor)} followers: {kind} {format_percent(fitted_rate)} "
            f"(default {format_percent(default_rate)}), {source}"
        )
    return notes
