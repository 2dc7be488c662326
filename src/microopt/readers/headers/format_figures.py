"""Figures under a header that names a format, `Avg Reel Views`: they count for the offers of that format alone."""

from __future__ import annotations

from functools import cache

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.benchmarks.offer_names import format_name
from microopt.benchmarks.table import PLATFORMS, default_benchmarks
from microopt.campaign.flag_values import format_header_map
from microopt.quantities.platforms import platform_name
from microopt.readers.context import ReadContext
from microopt.readers.words.price_headers import split_header
from microopt.readers.words.vocabulary import alias_key
from microopt.roster.roster import Roster, TextColumn

FIGURES = (
    "engagement_rate",
    "engagement_rate_views",
    "engagement_rate_reach",
    "views",
    "likes",
    "comments",
    "shares",
    "engagements",
    "reach",
)
ANY_FORMAT = ("post", "video")  # words for whatever a creator posts, and formats of platforms without benchmarks too

Floats = NDArray[np.float64]


def keep_format_figures(context: ReadContext, roster: Roster) -> Roster:
    """Return the roster with the figures whose header names a format for the offers of that format alone."""
    figures = [name for name in FIGURES if name in context.columns and name in roster.numbers]
    numbers = {name: for_named_format(context, name, roster.numbers[name], roster) for name in figures}
    return replace(roster, numbers={**roster.numbers, **numbers})


def for_named_format(context: ReadContext, name: str, values: Floats, roster: Roster) -> Floats:
    """Return the figures of a column without those of other formats than the one that its header names.

    An offer whose format and platform are not known keeps its figure, and so does every offer where the user says what
    the header stands for.

    Parameters
    ----------
    name
        The column, such as `views` or `views:instagram`.
    values
        (n,) of the offers, NaN where not given.
    """
    header = context.header(name)
    named = format_name(" ".join(split_header(header)))
    if named is None or named in ANY_FORMAT or alias_key(header) in map(alias_key, context.options.columns):
        return values
    is_other = _is_other_format(roster, named) & np.isfinite(values)
    if not is_other.any():
        return values
    context.note_interpretation(name, f"for {named} offers only")
    every = format_header_map(header, name.partition(":")[0])
    context.notes.append(f"{header} is used for {named} offers only; to use it for every offer: {every}")
    return np.where(is_other, np.nan, values)


def _is_other_format(roster: Roster, named: str) -> NDArray[np.bool_]:
    """Return which offers are of another format by their name, or else on a platform that does not have the format."""

    def is_other_offer(label: str) -> bool:
        return format_name(label) not in (None, named)

    def lacks_format(label: str) -> bool:
        platform = platform_name(label)
        return platform in PLATFORMS and named not in formats_of(platform)

    is_other = np.zeros(len(roster), dtype=bool)
    for column, test in (("offer", is_other_offer), ("platform", lacks_format)):
        if (texts := roster.texts.get(column)) is not None:
            is_other |= np.asarray([test(label) for label in _first_values(texts)], dtype=bool)[texts.codes]
    return is_other


def _first_values(column: TextColumn) -> list[str]:
    return [column.label_values(code)[0] for code in range(len(column.labels))]


@cache
def formats_of(platform: str) -> frozenset[str]:
    """Return the formats of a platform by name."""
    return frozenset(default_benchmarks().formats(platform))
