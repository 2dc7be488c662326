"""The public figures that a forecast falls back on, from `defaults.toml` (each with its source and year)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from math import sqrt
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.quantities.format_words import format_spellings
from microopt.quantities.platforms import platform_key

PLATFORMS = ("instagram", "tiktok", "youtube")


class Benchmarks(Struct, frozen=True):
    """Figures by platform, format and follower band; see `defaults.toml` for their meaning and sources."""

    tables: dict[str, Any]

    def by_followers(self, table: str, key: str, followers: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the figure of each follower count's band.

        Parameters
        ----------
        table
            Dotted name of a table that has `floors`.
        key
            The key of a list in it; a range [low, high] stands for its geometric midpoint.
        followers
            (n,) people; counts below the first floor take the first band.
        """
        return self.by_band(table, key, self.bands(table, followers))

    def bands(self, table: str, followers: NDArray[np.float64]) -> NDArray[np.int8]:
        """Return each follower count's band of a table; see `by_followers`."""
        bands = np.zeros(len(followers), dtype=np.int8)
        for floor in self.table(table)["floors"][1:]:
            bands += followers >= floor
        return bands

    def by_band(self, table: str, key: str, bands: NDArray[np.int8]) -> NDArray[np.float64]:
        """Return the figure of each band; for several keys of one table call `bands` once, then this."""
        return np.asarray([geometric_midpoint(figure) for figure in self.table(table)[key]])[bands]

    def figure(self, table: str, key: str) -> float:
        """Return one figure of a table; a range stands for its geometric midpoint."""
        return geometric_midpoint(self.table(table)[key])

    def table(self, name: str) -> dict[str, Any]:
        """Return the table of this dotted name."""
        block: Any = self.tables
        for part in name.split("."):
            block = block[part]
        return dict(block)

    def formats(self, platform: str) -> dict[str, dict[str, Any]]:
        """Return the formats of a platform by name, the default first, with all spellings of their names."""
        return {
            str(name): {**block, "names": [text for known in block["names"] for text in format_spellings(known)]}
            for name, block in self.table(f"format.{platform}").items()
        }


def geometric_midpoint(figure: float | list[float]) -> float:
    """Return the figure, or the geometric midpoint of its range."""
    return sqrt(figure[0] * figure[1]) if isinstance(figure, list) else float(figure)


def half_life_days(benchmarks: Benchmarks, platform: str | None) -> float:
    """Return the days until a post has half of its results; unknown platforms use the figure of the first."""
    lifespans = benchmarks.table("lifespan")
    name = platform_key(platform or "")
    return benchmarks.figure(f"lifespan.{name if name in lifespans else PLATFORMS[0]}", "half_life_days")


@cache
def default_benchmarks() -> Benchmarks:
    """Return the figures that ship with microopt."""
    text = resources.files("microopt.benchmarks").joinpath("defaults.toml").read_text(encoding="utf-8")
    return Benchmarks(tomllib.loads(text))
