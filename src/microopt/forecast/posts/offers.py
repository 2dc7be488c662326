"""The accounts and formats of the offers of a roster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.benchmarks.offer_names import format_position, parse_offer_name, positions_by_name
from microopt.benchmarks.table import PLATFORMS, Benchmarks
from microopt.forecast.deliverables import platform_codes
from microopt.forecast.posts.table import Accounts
from microopt.quantities.platforms import platform_key
from microopt.roster.roster import Roster, TextColumn


class RosterAccounts(Struct, frozen=True, kw_only=True, eq=False):
    """The accounts of a roster.

    Attributes
    ----------
    accounts
        One for each creator on each platform.
    of_offer
        (n,) the account of each offer.
    creator
        (a,) the number of its creator.
    platforms
        The platforms by key, which are numbered by their position; a missing one counts as the first of `PLATFORMS`.
    platform
        (a,) position of its platform in `platforms`.
    format
        (n,) position of each offer's format among those of its platform.
    """

    accounts: Accounts
    of_offer: NDArray[np.intp]
    creator: NDArray[np.int32]
    platforms: Sequence[str]
    platform: NDArray[np.intp]
    format: NDArray[np.intp]


def find_accounts(roster: Roster, benchmarks: Benchmarks) -> RosterAccounts:
    """Return the accounts of a roster; each has the most followers and the first niche that an offer of it has."""
    names, platform = _platform_keys(roster)
    pairs = roster.creator_id.astype(np.int64) * len(names) + platform
    distinct, first, of_offer = np.unique(pairs, return_index=True, return_inverse=True)
    followers = np.zeros(len(distinct))
    np.maximum.at(followers, of_offer, np.nan_to_num(roster.numbers["followers"], nan=1.0))
    code, _ = platform_codes(roster)
    niches, niche = _niches(roster)
    return RosterAccounts(
        accounts=Accounts(
            followers=np.maximum(followers, 1.0), platform=code[first], niche=niche[first], niches=niches
        ),
        of_offer=of_offer,
        creator=(distinct // len(names)).astype(np.int32),
        platforms=names,
        platform=(distinct % len(names)).astype(np.intp),
        format=offer_formats(roster.texts.get("offer"), code, benchmarks),
    )


def _platform_keys(roster: Roster) -> tuple[Sequence[str], NDArray[np.intp]]:
    """Return the keys of the platforms, and the position of each offer's among them."""
    column = roster.texts.get("platform")
    if column is None:
        return PLATFORMS[:1], np.zeros(len(roster), dtype=np.intp)
    keys = [platform_key(column.label_values(code)[0]) or PLATFORMS[0] for code in range(len(column.labels))]
    names = list(dict.fromkeys(keys))
    places = {name: place for place, name in enumerate(names)}
    return names, np.asarray([places[key] for key in keys], dtype=np.intp)[column.codes]


def _niches(roster: Roster) -> tuple[Sequence[str], NDArray[np.intp]]:
    """Return the first niches that offers have, and the position of each offer's among them, -1 where it has none."""
    column = roster.texts.get("niche")
    if column is None:
        return (), np.full(len(roster), -1, dtype=np.intp)
    firsts = [next(iter(column.label_values(code)), "").casefold() for code in range(len(column.labels))]
    names = list(dict.fromkeys(filter(None, firsts)))
    places = {"": -1} | {name: place for place, name in enumerate(names)}
    return names, np.asarray([places[name] for name in firsts], dtype=np.intp)[column.codes]


def offer_formats(
    column: TextColumn | None, platform: NDArray[np.int8], benchmarks: Benchmarks, unknown: int = 0
) -> NDArray[np.intp]:
    """Return the position of each format among those of its platform.

    Parameters
    ----------
    platform
        (n,) position in `PLATFORMS`.
    unknown
        The position of a name that no format has; by default the first, which is the usual one.
    """
    if column is None:
        return np.full(len(platform), unknown, dtype=np.intp)
    positions = [positions_by_name(benchmarks.formats(name)) for name in PLATFORMS]
    table = np.asarray([_positions(column.labels, each, unknown) for each in positions], dtype=np.intp)
    return np.asarray(table[platform, column.codes], dtype=np.intp)


def _positions(labels: Sequence[str], positions: Mapping[str, int], unknown: int) -> list[int]:
    found = (format_position(parse_offer_name(label), positions) for label in labels)
    return [unknown if place is None else place for place in found]
