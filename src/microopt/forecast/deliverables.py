"""Match offers with platforms and formats: the number of deliverables of each, and its benchmark figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import log
from statistics import NormalDist
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.benchmarks.offer_names import format_position, parse_offer_name, positions_by_name
from microopt.benchmarks.table import PLATFORMS, Benchmarks, geometric_midpoint
from microopt.errors import did_you_mean
from microopt.forecast.audience_quality import share_column
from microopt.quantities.parse_and_format import format_names
from microopt.quantities.platforms import find_named_platform, long_platform_spellings, parse_platforms, platform_name
from microopt.roster.roster import Roster, TextColumn

SHOWN_PLATFORMS = 5
NEARLY_ALL = 0.9  # share of the cells that name platforms in a column that holds them
MOST_PLATFORMS = 100  # spellings and combinations of platforms in such a column
Z_90 = NormalDist().inv_cdf(0.9)  # standard deviations from the median to P90


class Deliverables(Struct, frozen=True, kw_only=True, eq=False):
    """Per offer, (n,) each.

    Attributes
    ----------
    platform
        Position in `PLATFORMS`; a missing or unknown platform counts as the first.
    count
        Deliverables in the offer: the column `deliverables`, else the count in its name (`3x story`), else 1.
    view_rate
        Views (and reach of one post) as a share of followers.
    engagement
        Multiple of the creator's engagement rate.
    ctr
        Clicks per view.
    ctr_spread
        Standard deviation of its log, with the published range as P10 to P90.
    cpm
        Dollars per thousand views.
    price
        Fee of the format, as a multiple of that of the platform's usual format.
    format_index
        Position of the format among those of all platforms, one after the other.
    notes
        Assumptions, in sentences.
    """

    platform: NDArray[np.int8]
    count: NDArray[np.float64]
    view_rate: NDArray[np.float64]
    engagement: NDArray[np.float64]
    ctr: NDArray[np.float64]
    ctr_spread: NDArray[np.float64]
    cpm: NDArray[np.float64]
    price: NDArray[np.float64]
    format_index: NDArray[np.intp]
    notes: tuple[str, ...]


def resolve_deliverables(roster: Roster, benchmarks: Benchmarks) -> Deliverables:
    """Return the platform, format and benchmark figures of each offer."""
    platform, notes = platform_codes(roster)
    followers = roster.numbers["followers"]
    catalogue = [benchmarks.formats(name) for name in PLATFORMS]
    matched = _match_formats(roster, platform, catalogue)
    blocks = [block for formats in catalogue for block in formats.values()]

    def figure(select: Callable[[dict[str, Any]], float]) -> NDArray[np.float64]:
        return np.asarray([select(block) for block in blocks])[matched.format_index]

    view_rate = figure(lambda block: block.get("view_rate", np.nan))
    feed = np.flatnonzero(np.isnan(view_rate))
    view_rate[feed] = benchmarks.by_followers("feed_views", "view_rate", followers[feed])
    return Deliverables(
        platform=platform,
        count=share_column(roster, "deliverables", matched.count) * roster.unit_counts(),
        view_rate=view_rate,
        engagement=figure(lambda block: block.get("engagement", 1.0)),
        ctr=figure(lambda block: geometric_midpoint(block["ctr"])),
        ctr_spread=figure(lambda block: _log_spread(block["ctr"])),
        cpm=_cpm_by_size(benchmarks, platform, followers) * figure(lambda block: geometric_midpoint(block["cpm"])),
        price=figure(lambda block: geometric_midpoint(block["fee"])),
        format_index=matched.format_index,
        notes=(*notes, *matched.notes),
    )


def _cpm_by_size(
    benchmarks: Benchmarks, platform: NDArray[np.int8], followers: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the dollars per thousand views of each platform's usual format, by size."""
    cpm = benchmarks.by_followers(f"cpm.{PLATFORMS[0]}", "cpm", followers)
    for code, name in enumerate(PLATFORMS[1:], start=1):
        rows = np.flatnonzero(platform == code)
        cpm[rows] = benchmarks.by_followers(f"cpm.{name}", "cpm", followers[rows])
    return cpm


def platform_codes(roster: Roster) -> tuple[NDArray[np.int8], tuple[str, ...]]:
    """Return the position in `PLATFORMS` of each offer's platform, 0 where that is missing or unknown, and notes."""
    column = roster.texts.get("platform")
    if column is None and find_unmapped_platforms(roster) is not None:  # of which the campaign's checks warn
        return np.zeros(len(roster), dtype=np.int8), ()
    if column is None:
        note = f"no platform column: every offer counts as {PLATFORMS[0]} (change it with --platform-default)"
        return np.zeros(len(roster), dtype=np.int8), (note,)
    names = _names_by_label(column)
    code_by_label = {label: PLATFORMS.index(name) for label, name in names.items() if name in PLATFORMS}
    codes = np.asarray([code_by_label.get(label, 0) for label in column.labels], dtype=np.int8)[column.codes]
    notes = [*unknown_platform_notes(unknown_platforms(roster))]
    if unnamed := int(np.isin(column.codes, [c for c, label in enumerate(column.labels) if not label.strip()]).sum()):
        subject = "1 offer names no platform and is" if unnamed == 1 else f"{unnamed:,} offers name no platform and are"
        notes.append(f"{subject} counted as {PLATFORMS[0]} (change it with --platform-default)")
    return codes, tuple(notes)


def find_unmapped_platforms(roster: Roster) -> str | None:
    """Return the column whose cells name platforms in a roster without a column of platforms, or None."""
    for name, column in roster.texts.items() if "platform" not in roster.texts else ():
        if name in ("creator", "offer") or len(column.labels) > MOST_PLATFORMS:
            continue
        used = np.bincount(column.codes, minlength=len(column.labels))
        named = used[[code for code, label in enumerate(column.labels) if _is_platform(label)]].sum()
        if named >= NEARLY_ALL * len(roster) > 0:
            return name
    return None


def _is_platform(label: str) -> bool:
    """Whether a cell names one or several platforms, and by more than a word such as `x` or `reel`."""
    parts = parse_platforms(label)
    return len(parts) > 1 or (bool(parts) and find_named_platform(label) is not None)


def _names_by_label(column: TextColumn) -> dict[str, str | None]:
    first_values = (column.label_values(code)[0] for code in range(len(column.labels)))
    return {label: platform_name(value) for label, value in zip(column.labels, first_values, strict=True)}


def unknown_platforms(roster: Roster) -> dict[str, str]:
    """Return the platforms without benchmarks, each of the first with "did you mean …?" where it may be misspelled."""
    column = roster.texts.get("platform")
    if column is None:
        return {}
    names = _names_by_label(column)
    used = {column.labels[code] for code in np.unique(column.codes)}
    unknown = sorted(label for label in used if label.strip() and names[label] not in PLATFORMS)
    misspelled = [label for label in unknown[:SHOWN_PLATFORMS] if not names[label]]
    return dict.fromkeys(unknown, "") | {
        label: did_you_mean(label, long_platform_spellings(), 1) for label in misspelled
    }


def unknown_platform_notes(unknown: Mapping[str, str]) -> tuple[str, ...]:
    """Return a sentence on the platforms without benchmarks, as `unknown_platforms` returns them."""
    shown = [f"{label} ({nearest})" if nearest else label for label, nearest in unknown.items()]
    listed = format_names(shown, SHOWN_PLATFORMS)
    return (f"no benchmarks for {listed}: those of {PLATFORMS[0]} are used",) if unknown else ()


def _log_spread(figure: float | list[float]) -> float:
    return log(figure[1] / figure[0]) / (2 * Z_90) if isinstance(figure, list) and figure[0] else 0.0


class _OfferFormats(Struct, frozen=True, kw_only=True, eq=False):
    """The formats that offers' names match, as positions among the formats of all platforms, and deliverable counts."""

    format_index: NDArray[np.intp]
    count: NDArray[np.float64]
    notes: tuple[str, ...] = ()


def _match_formats(
    roster: Roster, platform: NDArray[np.int8], catalogue: list[dict[str, dict[str, Any]]]
) -> _OfferFormats:
    """Match the offers' names with formats; an unknown name takes the platform's usual format, with a note."""
    starts = np.cumsum([0, *map(len, catalogue)])[:-1]
    column = roster.texts.get("offer")
    if column is None:
        return _OfferFormats(format_index=starts[platform], count=np.ones(len(roster)))
    names = [parse_offer_name(label) for label in column.labels]
    places = [[format_position(name, positions) for name in names] for positions in map(positions_by_name, catalogue)]
    table = np.asarray([[-1 if place is None else place for place in row] for row in places], dtype=np.intp)
    positions = table[platform, column.codes]
    unknown = sorted({column.labels[code].strip() for code in np.unique(column.codes[positions < 0])} - {""})
    notes: tuple[str, ...] = ()
    if unknown:
        listed = ", ".join(unknown[:5]) + (f" and {len(unknown) - 5:,} more" if len(unknown) > 5 else "")
        notes = (f"no benchmarks for the offers {listed}: the usual format of the platform is used",)
    count = np.asarray([name.count for name in names], dtype=np.float64)[column.codes]
    return _OfferFormats(format_index=starts[platform] + np.maximum(positions, 0), count=count, notes=notes)
