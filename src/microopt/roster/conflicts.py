"""Conflicts between creators, from the roster's columns `conflicts` and `brands`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.quantities.keys import match_key, match_keys
from microopt.roster.roster import Roster, TextColumn

CreatorIds = frozenset[int]


class Conflict(Struct, frozen=True, kw_only=True):
    """One name in the column `conflicts`.

    Attributes
    ----------
    name
        A creator or a brand, as written.
    holders
        The numbers of the creators whose conflicts contain the name. One row of a creator speaks for all of their rows.
    named
        The creator of that name, and those who work for a brand of that name.
    """

    name: str
    holders: CreatorIds
    named: CreatorIds

    @property
    def label(self) -> str:
        """The conflict as a plan's rules show it."""
        return f"conflict with {self.name}"


def find_conflicts(roster: Roster, numbers: Mapping[int, int]) -> Iterator[Conflict]:
    """Yield each conflict between the remaining creators, in the order of the names.

    Parameters
    ----------
    roster
        The whole roster: a row speaks for its creator even if the row itself is filtered out.
    numbers
        The new number of each remaining creator, by the old number.
    """
    for conflict in _stated_conflicts(roster):
        holders, named = (
            frozenset(numbers[creator] for creator in creators if creator in numbers)
            for creators in (conflict.holders, conflict.named)
        )
        if any(named - {holder} for holder in holders):
            yield Conflict(name=conflict.name, holders=holders, named=named)


def unmatched_conflicts(roster: Roster) -> list[str]:
    """Return the names in the column `conflicts` that match neither a creator nor a brand of a creator."""
    return [conflict.name for conflict in _stated_conflicts(roster) if not conflict.named]


def works_for_brand(roster: Roster, brand: str) -> NDArray[np.bool_]:
    """Return, per offer, whether its creator works for a brand."""
    column = roster.texts.get("brands")
    if column is None:
        return np.zeros(len(roster), dtype=bool)
    return np.isin(roster.creator_id, np.unique(roster.creator_id[column.contains_any({match_key(brand)})]))


def _stated_conflicts(roster: Roster) -> Iterator[Conflict]:
    column = roster.texts.get("conflicts")
    if column is None:
        return
    holders = _creators_by_value(roster, column)
    brands = _creators_by_value(roster, roster.texts["brands"]) if "brands" in roster.texts else {}
    names = {match_key(name): name for name in sorted(column.distinct_values(), reverse=True)}
    named = _creators_by_name(roster, set(names))
    for key, name in sorted(names.items()):
        named_creators = named.get(key, frozenset()) | brands.get(key, frozenset())
        yield Conflict(name=name, holders=holders[key], named=named_creators)


def _creators_by_value(roster: Roster, column: TextColumn) -> Mapping[str, CreatorIds]:
    """Return, by value of a column, the creators who have it in any of their rows."""
    creators_by_key: dict[str, set[int]] = {}
    keys = [[match_key(part) for part in column.label_values(code) if part] for code in range(len(column.labels))]
    filled = np.asarray([bool(parts) for parts in keys], dtype=bool)[column.codes]
    pairs = np.unique(np.stack([column.codes[filled], roster.creator_id[filled]]), axis=1)
    for code, creator in zip(*pairs.tolist(), strict=True):
        for key in keys[code]:
            creators_by_key.setdefault(key, set()).add(creator)
    return {key: frozenset(creators) for key, creators in creators_by_key.items()}


def _creators_by_name(roster: Roster, wanted: set[str]) -> Mapping[str, CreatorIds]:
    """Return the creators with each of these names."""
    column = roster.texts["creator"]
    codes = [code for code, key in enumerate(match_keys(column.labels)) if key in wanted]
    creators_by_key: dict[str, set[int]] = {}
    for row in np.flatnonzero(np.isin(column.codes, codes)).tolist():
        creators_by_key.setdefault(match_key(column[row]), set()).add(int(roster.creator_id[row]))
    return {key: frozenset(creators) for key, creators in creators_by_key.items()}
