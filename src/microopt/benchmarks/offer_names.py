"""The names of offers: `2x Instagram Story` is a story, twice. One list of formats for forecast, rules and filters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import Struct

from microopt.benchmarks.table import PLATFORMS, default_benchmarks
from microopt.quantities.format_words import format_spellings
from microopt.quantities.keys import header_key
from microopt.quantities.platforms import platform_name

_COUNT = re.compile(r"(?<!\d)(\d{1,3})\s*[x×](?![a-z0-9])|(?<![a-z0-9])[x×]\s*(\d{1,3})(?!\d)|^\s*(\d{1,3})\s+(?=\D)")
MOST_FORMAT_WORDS = 2  # of a format's name: feed post


class OfferName(Struct, frozen=True):
    """A parsed offer name: `words` to look formats up, `count` the stated number of deliverables (1 if none)."""

    words: tuple[str, ...]
    count: int

    @property
    def key(self) -> str:
        """The name in one word."""
        return header_key("".join(self.words))


def parse_offer_name(label: str) -> OfferName:
    """Parse an offer's name; names of platforms in it are ignored unless there is nothing else."""
    text = label.casefold()
    match = _COUNT.search(text)
    count = int(next(filter(None, match.groups()))) if match else 1
    words = re.findall(r"[^\W_]+", _COUNT.sub(" ", text, count=1))
    format_words = [word for word in words if platform_name(word) not in PLATFORMS] or words
    return OfferName(tuple(format_words), max(count, 1))


def positions_by_name(formats: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """Return the position of each format among a platform's formats, by the keys of its names."""
    return {header_key(alias): place for place, block in enumerate(formats.values()) for alias in block["names"]}


def format_position(name: OfferName, positions: Mapping[str, int]) -> int | None:
    """Return the position of the matching format, or None.

    Other words may surround a format's name, `Reel Apr`, `Story #2`; an offer that names two formats matches none.

    Parameters
    ----------
    positions
        The position of each format among a platform's formats (`positions_by_name`).
    """

    def find(words: Sequence[str]) -> int | None:
        key = header_key("".join(words))
        return positions.get(key, positions.get(key.removesuffix("s")))

    if (whole := find(name.words)) is not None:
        return whole
    found, at = set(), 0
    while at < len(name.words):
        places = {size: find(name.words[at : at + size]) for size in range(MOST_FORMAT_WORDS, 0, -1)}
        size, place = next(((size, place) for size, place in places.items() if place is not None), (1, None))
        found |= {place} - {None}
        at += size
    return found.pop() if len(found) == 1 else None


@cache
def _format_names() -> dict[str, dict[str, list[str]]]:
    """Return the spellings of each format on any platform; a shared name belongs to the format called so."""
    formats = [item for platform in PLATFORMS for item in default_benchmarks().table(f"format.{platform}").items()]
    keys_by_name: dict[str, set[str]] = {}
    for key, block in formats:
        for name in block["names"]:
            keys_by_name.setdefault(name, set()).add(key)
    names: dict[str, dict[str, list[str]]] = {key: {"names": list(format_spellings(key))} for key, _ in formats}
    for name, keys in keys_by_name.items():
        if len(keys) == 1 and name not in names and name not in PLATFORMS:
            names[next(iter(keys))]["names"].extend(format_spellings(name))
    return names


@cache
def _format_positions() -> dict[str, int]:
    return positions_by_name(_format_names())


def format_names() -> frozenset[str]:
    """Return what the formats are called."""
    return frozenset(_format_names())


def format_name(label: str) -> str | None:
    """Return the format of an offer on any platform; None if its name fits no known format, or several."""
    place = format_position(parse_offer_name(label), _format_positions()) if label.strip() else None
    return None if place is None else list(_format_names())[place]
