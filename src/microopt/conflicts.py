"""Who stands against whom: the roster's columns `conflicts` and `brands`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.roster import Roster, TextColumn, match_key, match_keys


class Conflict(Struct, frozen=True, kw_only=True, eq=False):
    """One name in the column `conflicts`.

    Attributes
    ----------
    name
        As written: a creator, or a brand.
    holders
        (n,) whose conflicts name it.
    named
        (n,) the creator of that name, and whoever works for a brand of that name.
    """

    name: str
    holders: NDArray[np.bool_]
    named: NDArray[np.bool_]

    @property
    def label(self) -> str:
        """The conflict as a plan's rules show it."""
        return f"conflict with {self.name}"


def conflicts(roster: Roster) -> Iterator[Conflict]:
    """Yield each conflict of the roster whose name somebody has."""
    for conflict in _stated(roster):
        if conflict.named.any():
            yield conflict


def of_nobody(roster: Roster) -> list[str]:
    """Return the names in the column `conflicts` that are no creator's, and no brand that a creator works for."""
    return [conflict.name for conflict in _stated(roster) if not conflict.named.any()]


def works_for(roster: Roster, brand: str) -> NDArray[np.bool_]:
    """Return, per offer, whether its creator works for a brand."""
    column = roster.texts.get("brands")
    return np.zeros(len(roster), dtype=bool) if column is None else column.holds({match_key(brand)})


def _stated(roster: Roster) -> Iterator[Conflict]:
    column = roster.texts.get("conflicts")
    if column is None:
        return
    creators = roster.texts["creator"]
    keys = match_keys(creators.labels)
    for key, name in sorted(_names(column).items()):
        codes = [code for code, creator in enumerate(keys) if creator == key]
        named = np.isin(creators.codes, codes) | works_for(roster, name)
        yield Conflict(name=name, holders=_all_offers(roster, column.holds({key})), named=_all_offers(roster, named))


def _names(column: TextColumn) -> dict[str, str]:
    names: dict[str, str] = {}
    for name in sorted(column.known()):
        names.setdefault(match_key(name), name)
    return names


def _all_offers(roster: Roster, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return every offer of the creators of these rows: what one row says of a creator holds for all of it."""
    return np.isin(roster.creator_id, np.unique(roster.creator_id[rows]))
