"""The public figures a forecast falls back on, read from `benchmarks.toml` (each figure with source and year)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from math import sqrt
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

PLATFORMS = ("instagram", "tiktok", "youtube")


class Benchmarks(Struct, frozen=True):
    """Figures by platform, format and follower band; see `benchmarks.toml` for their meaning and sources."""

    tables: dict[str, Any]

    def by_followers(self, table: str, key: str, followers: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the figure of each follower count's band.

        Parameters
        ----------
        table
            Dotted name of a table that has `floors`.
        key
            The list in it; a range [low, high] stands for its geometric midpoint.
        followers
            (n,) people; fewer than the first floor take the first band.
        """
        block = self.table(table)
        bands = np.searchsorted(np.asarray(block["floors"][1:], dtype=float), followers, side="right")
        return np.asarray([midpoint(figure) for figure in block[key]])[bands]

    def table(self, name: str) -> dict[str, Any]:
        """Return the table of this dotted name."""
        block: Any = self.tables
        for part in name.split("."):
            block = block[part]
        return dict(block)

    def formats(self, platform: str) -> dict[str, dict[str, Any]]:
        """Return the formats of a platform by name, the first being its default."""
        return {str(name): dict(block) for name, block in self.table(f"format.{platform}").items()}


def midpoint(figure: float | list[float]) -> float:
    """Return the figure, or the geometric midpoint of its range."""
    return sqrt(figure[0] * figure[1]) if isinstance(figure, list) else float(figure)


@cache
def default_benchmarks() -> Benchmarks:
    """Return the figures that ship with microopt."""
    text = resources.files("microopt").joinpath("benchmarks.toml").read_text(encoding="utf-8")
    return Benchmarks(tomllib.loads(text))


def usual_engagement_rate(
    benchmarks: Benchmarks, platform: NDArray[np.int8], followers: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the expected engagement rate of a creator of whom nothing but the followers is known.

    On Instagram the mean of the log-normal that the log table describes, `exp(mu + (sb² + sw²) / 2)`; elsewhere the
    table's rate.

    Parameters
    ----------
    platform
        (n,) position in `PLATFORMS`.
    followers
        (n,) people.
    """
    table = "engagement.instagram"
    mu, between, within = (benchmarks.by_followers(table, key, followers) for key in ("mu", "sd_between", "sd_within"))
    rate = np.exp(mu + (between**2 + within**2) / 2)
    for code, name in enumerate(PLATFORMS[1:], start=1):
        rate = np.where(platform == code, benchmarks.by_followers(f"engagement.{name}", "rate", followers), rate)
    return rate
