"""Who stands against whom: the roster's columns `conflicts` and `brands`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.quantities.keys import match_key, match_keys
from microopt.roster.roster import Roster, TextColumn

Creators = frozenset[int]


class Conflict(Struct, frozen=True, kw_only=True):
    """One name in the column `conflicts`.

    Attributes
    ----------
    name
        As written: a creator, or a brand.
    holders
        The creators whose conflicts name it, by number. What one row says of a creator holds for all of it.
    named
        The creator of that name, and whoever works for a brand of that name.
    """

    name: str
    holders: Creators
    named: Creators

    @property
    def label(self) -> str:
        """The conflict as a plan's rules show it."""
        return f"conflict with {self.name}"


def conflicts(roster: Roster, numbers: Mapping[int, int]) -> Iterator[Conflict]:
    """Yield each conflict between creators who are left, in the order of the names.

    Parameters
    ----------
    roster
        The whole roster: what a row says of a creator holds, though the row itself be filtered out.
    numbers
        The new number of each creator who is left, by the old one.
    """
    for conflict in _stated(roster):
        holders, named = (
            frozenset(numbers[one] for one in creators if one in numbers)
            for creators in (conflict.holders, conflict.named)
        )
        if any(named - {holder} for holder in holders):
            yield Conflict(name=conflict.name, holders=holders, named=named)


def of_nobody(roster: Roster) -> list[str]:
    """Return the names in the column `conflicts` that are no creator's, and no brand that a creator works for."""
    return [conflict.name for conflict in _stated(roster) if not conflict.named]


def works_for(roster: Roster, brand: str) -> NDArray[np.bool_]:
    """Return, per offer, whether its creator works for a brand."""
    column = roster.texts.get("brands")
    if column is None:
        return np.zeros(len(roster), dtype=bool)
    return np.isin(roster.creator_id, np.unique(roster.creator_id[column.holds({match_key(brand)})]))


def _stated(roster: Roster) -> Iterator[Conflict]:
    column = roster.texts.get("conflicts")
    if column is None:
        return
    holders = _creators(roster, column)
    brands = _creators(roster, roster.texts["brands"]) if "brands" in roster.texts else {}
    names = {match_key(name): name for name in sorted(column.known(), reverse=True)}
    named = _of_names(roster, set(names))
    for key, name in sorted(names.items()):
        both = named.get(key, frozenset()) | brands.get(key, frozenset())
        yield Conflict(name=name, holders=holders[key], named=both)


def _creators(roster: Roster, column: TextColumn) -> Mapping[str, Creators]:
    """Return the creators of whom a row holds each value."""
    found: dict[str, set[int]] = {}
    keys = [[match_key(part) for part in column.parts(code) if part] for code in range(len(column.labels))]
    filled = np.asarray([bool(parts) for parts in keys], dtype=bool)[column.codes]
    pairs = np.unique(np.stack([column.codes[filled], roster.creator_id[filled]]), axis=1)
    for code, creator in zip(*pairs.tolist(), strict=True):
        for key in keys[code]:
            found.setdefault(key, set()).add(creator)
    return {key: frozenset(creators) for key, creators in found.items()}


def _of_names(roster: Roster, wanted: set[str]) -> Mapping[str, Creators]:
    """Return the creators of these names."""
    column = roster.texts["creator"]
    codes = [code for code, key in enumerate(match_keys(column.labels)) if key in wanted]
    found: dict[str, set[int]] = {}
    for row in np.flatnonzero(np.isin(column.codes, codes)).tolist():
        found.setdefault(match_key(column[row]), set()).add(int(roster.creator_id[row]))
    return {key: frozenset(creators) for key, creators in found.items()}
