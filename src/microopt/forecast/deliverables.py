"""What each offer is: its platform, its format and how many of it, with the benchmark figures that go with them.

What an offer's name says: `2x Instagram Story` is a story, twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from math import log
from statistics import NormalDist
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.benchmarks.table import PLATFORMS, Benchmarks, midpoint
from microopt.forecast.audience_quality import share_of
from microopt.quantities.keys import header_key
from microopt.roster.roster import Roster

_COUNT = re.compile(r"(?<!\d)(\d{1,3})\s*[x×](?![a-z0-9])|(?<![a-z0-9])[x×]\s*(\d{1,3})(?!\d)|^\s*(\d{1,3})\s+(?=\D)")
_PLATFORM_WORDS = {*PLATFORMS, "ig", "insta", "tt", "yt"}


class OfferName(Struct, frozen=True):
    """A name taken apart: `key` is what formats are known by, `count` how many deliverables it says (1 if none)."""

    key: str
    count: int


def offer_name(label: str) -> OfferName:
    """Take an offer's name apart; platforms in it are left out unless nothing else is there."""
    text = label.casefold()
    found = _COUNT.search(text)
    count = int(next(filter(None, found.groups()))) if found else 1
    words = re.findall(r"[^\W_]+", _COUNT.sub(" ", text, count=1))
    kept = [word for word in words if word not in _PLATFORM_WORDS] or words
    return OfferName(header_key(" ".join(kept)), max(count, 1))


def place_of(name: OfferName, formats: Mapping[str, Mapping[str, Any]]) -> int | None:
    """Return the position among a platform's formats of the one that a name means, or None."""
    known = {header_key(alias): place for place, block in enumerate(formats.values()) for alias in block["names"]}
    return known.get(name.key, known.get(name.key.removesuffix("s")))


SHORT_NAMES = {"ig": "instagram", "insta": "instagram", "tt": "tiktok", "yt": "youtube"}
TENTH = NormalDist().inv_cdf(0.9)  # standard deviations from the median to P90


class Deliverables(Struct, frozen=True, kw_only=True, eq=False):
    """Per offer, (n,) each.

    Attributes
    ----------
    platform
        Position in `PLATFORMS`; an unnamed or other platform counts as the first.
    count
        Deliverables in the offer: the column `deliverables`, else what its name says (`3x story`), else 1.
    view_rate
        Views (and reach of one post) as a share of followers.
    engagement
        Multiple of the creator's engagement rate.
    ctr
        Clicks a view.
    ctr_spread
        Standard deviation of its log, the published range taken as P10 to P90.
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
    ctr_spread: NDArray[np.float64]
    cpm: NDArray[np.float64]
    notes: tuple[str, ...]


def deliverables(roster: Roster, benchmarks: Benchmarks) -> Deliverables:
    """Read platform and format names and look their benchmark figures up."""
    platform, notes = _platform(roster)
    followers = roster.numbers["followers"]
    catalogue = [benchmarks.formats(name) for name in PLATFORMS]
    named = _named(roster, platform, catalogue)
    chosen = named.chosen
    blocks = [block for formats in catalogue for block in formats.values()]

    def figure(of: Callable[[dict[str, Any]], float]) -> NDArray[np.float64]:
        return np.asarray([of(block) for block in blocks])[chosen]

    view_rate = figure(lambda block: block.get("view_rate", np.nan))
    feed = np.flatnonzero(np.isnan(view_rate))
    view_rate[feed] = benchmarks.by_followers("feed_views", "view_rate", followers[feed])
    return Deliverables(
        platform=platform,
        count=share_of(roster, "deliverables", named.count) * roster.times(),
        view_rate=view_rate,
        engagement=figure(lambda block: block.get("engagement", 1.0)),
        ctr=figure(lambda block: midpoint(block["ctr"])),
        ctr_spread=figure(lambda block: _log_spread(block["ctr"])),
        cpm=_cpm(benchmarks, platform, followers) * figure(lambda block: midpoint(block["cpm"])),
        notes=(*notes, *named.notes),
    )


def _cpm(benchmarks: Benchmarks, platform: NDArray[np.int8], followers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the dollars for a thousand views of each platform's usual format, by size."""
    cpm = benchmarks.by_followers(f"cpm.{PLATFORMS[0]}", "cpm", followers)
    for code, name in enumerate(PLATFORMS[1:], start=1):
        rows = np.flatnonzero(platform == code)
        cpm[rows] = benchmarks.by_followers(f"cpm.{name}", "cpm", followers[rows])
    return cpm


def _platform(roster: Roster) -> tuple[NDArray[np.int8], tuple[str, ...]]:
    column = roster.texts.get("platform")
    if column is None:
        return np.zeros(len(roster), dtype=np.int8), (f"no platform column: every offer is taken as {PLATFORMS[0]}",)
    names = {name: code for code, name in enumerate(PLATFORMS)} | {
        short: PLATFORMS.index(name) for short, name in SHORT_NAMES.items()
    }
    known = {label: names[key] for label in column.labels if (key := label.strip().casefold()) in names}
    codes = np.asarray([known.get(label, 0) for label in column.labels], dtype=np.int8)[column.codes]
    used = {column.labels[code] for code in np.unique(column.codes)}
    others = sorted(label or "(empty)" for label in used if label not in known)
    notes = (f"no benchmarks for {', '.join(others[:5])}: {PLATFORMS[0]}'s are taken",) if others else ()
    return codes, notes


def _log_spread(figure: float | list[float]) -> float:
    return log(figure[1] / figure[0]) / (2 * TENTH) if isinstance(figure, list) and figure[0] else 0.0


class _Named(Struct, frozen=True, kw_only=True, eq=False):
    """What the offers' names say: each one's position among all platforms' formats, and how many deliverables."""

    chosen: NDArray[np.intp]
    count: NDArray[np.float64]
    notes: tuple[str, ...] = ()


def _named(roster: Roster, platform: NDArray[np.int8], catalogue: list[dict[str, dict[str, Any]]]) -> _Named:
    """Read the offers' names; one that a platform does not know is taken as its usual format, and told."""
    starts = np.cumsum([0, *map(len, catalogue)])[:-1]
    column = roster.texts.get("offer")
    if column is None:
        return _Named(chosen=starts[platform], count=np.ones(len(roster)))
    names = [offer_name(label) for label in column.labels]
    places = [[place_of(name, formats) for name in names] for formats in catalogue]
    table = np.asarray([[-1 if place is None else place for place in row] for row in places], dtype=np.intp)
    found = table[platform, column.codes]
    unknown = sorted({column.labels[code].strip() for code in np.unique(column.codes[found < 0])} - {""})
    notes: tuple[str, ...] = ()
    if unknown:
        shown = ", ".join(unknown[:5]) + (f" and {len(unknown) - 5:,} more" if len(unknown) > 5 else "")
        notes = (f"no benchmarks for the offers {shown}: the usual format of the platform is taken",)
    count = np.asarray([name.count for name in names], dtype=np.float64)[column.codes]
    return _Named(chosen=starts[platform] + np.maximum(found, 0), count=count, notes=notes)
