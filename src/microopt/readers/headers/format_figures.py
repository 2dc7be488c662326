"""Figures under a header that names a format, `Avg Reel Views`: they count for the offers of that format alone."""

from __future__ import annotations

from functools import cache

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.benchmarks.offer_names import format_name, format_position, parse_offer_name, positions_by_name
from microopt.benchmarks.table import PLATFORMS, default_benchmarks
from microopt.campaign.flag_values import format_header_map
from microopt.quantities.platforms import platform_name
from microopt.readers.context import ReadContext
from microopt.readers.words.price_headers import split_header
from microopt.readers.words.vocabulary import alias_key
from microopt.roster.roster import Roster

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
ANY_VIDEO = "video"  # a word for reels and shorts too
ANY_FORMAT = ("post", ANY_VIDEO)  # words for whatever a creator posts, and formats of platforms without benchmarks too
_STILLS = ("story", "carousel")  # formats with other viewers than videos; a post may be a video
_NO_VIDEOS = "story and carousel offers"

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
    if named in (None, "post") or alias_key(header) in map(alias_key, context.options.columns):
        return values
    is_other = _is_other_format(roster, named) & np.isfinite(values)
    if not is_other.any():
        return values
    is_video = named == ANY_VIDEO
    context.note_interpretation(name, f"not for {_NO_VIDEOS}" if is_video else f"for {named} offers only")
    used = f"is not used for {_NO_VIDEOS}" if is_video else f"is used for {named} offers only"
    every = format_header_map(header, name.partition(":")[0])
    context.notes.append(f"{header} {used}; to use it for every offer: {every}")
    return np.where(is_other, np.nan, values)


def _is_other_format(roster: Roster, named: str) -> NDArray[np.bool_]:
    """Return which offers are not of the format that a header names, as far as their names and platforms say."""
    (offer_codes, offers), (platform_codes, platforms) = (_values(roster, column) for column in ("offer", "platform"))
    pairs, code = np.unique(offer_codes * len(platforms) + platform_codes, return_inverse=True)
    places = (divmod(pair, len(platforms)) for pair in pairs.tolist())
    is_other = [_is_other(named, offers[offer], platforms[platform]) for offer, platform in places]
    return np.asarray(is_other, dtype=bool)[code]


def _values(roster: Roster, column: str) -> tuple[NDArray[np.int64], list[str]]:
    """Return the values of a text column and which of them each offer has; empty text where there is no column."""
    texts = roster.texts.get(column)
    if texts is None:
        return np.zeros(len(roster), dtype=np.int64), [""]
    return texts.codes.astype(np.int64), [texts.label_values(code)[0] for code in range(len(texts.labels))]


def _is_other(named: str, offer: str, platform: str) -> bool:
    platform = platform_name(platform) or ""
    if named == ANY_VIDEO:
        return _find_format(offer, platform) in _STILLS
    if platform in PLATFORMS and named not in formats_of(platform):
        return True
    return _find_format(offer, platform) not in (None, named)


def _find_format(offer: str, platform: str) -> str | None:
    """Return the format of an offer by the names that its platform has for it, or else by those of any platform."""
    if platform not in PLATFORMS or not offer.strip():
        return format_name(offer)
    place = format_position(parse_offer_name(offer), _positions(platform))
    return format_name(offer) if place is None else formats_of(platform)[place]


@cache
def _positions(platform: str) -> dict[str, int]:
    return positions_by_name(default_benchmarks().formats(platform))


@cache
def formats_of(platform: str) -> tuple[str, ...]:
    """Return the formats of a platform by name."""
    return tuple(default_benchmarks().formats(platform))
