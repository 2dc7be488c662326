"""What can be bought of one creator: an offer, or, where more than one may be, each set of them that may.

A choice is what a column of the program stands for, and at most one choice of a creator is ever made: that a creator
counts once, and is handled once, then holds for sets of offers as it does for one.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.errors import CampaignError
from microopt.quantities.keys import match_key
from microopt.roster.roster import Roster

MAX_CHOICES = 4_096  # of one creator: twelve offers, each bought or not


class Choices(Struct, frozen=True, kw_only=True, eq=False):
    """The offers of every choice.

    Attributes
    ----------
    rows
        (m,) rows of the roster, choice by choice.
    choice
        (m,) ascending: the choice that each of them belongs to.
    """

    rows: NDArray[np.intp]
    choice: NDArray[np.int32]


def enumerate_choices(roster: Roster, one_offer_per: str) -> Choices:
    """Return every choice there is, of creators in the roster's order.

    Parameters
    ----------
    roster
        Its rows ordered by creator.
    one_offer_per
        `creator`: each offer is a choice. `creator,platform`: one offer a platform. `offer`: any set of offers.

    Raises
    ------
    CampaignError
        If a creator has too many sets of offers.
    """
    single_rows = np.arange(len(roster))
    if one_offer_per == "creator" or roster.creators == len(roster):
        return Choices(rows=single_rows, choice=single_rows.astype(np.int32))
    ids = roster.creator_id
    slots = _slot_keys(roster, one_offer_per)
    starts = np.flatnonzero(np.diff(ids, prepend=-1))
    sets: list[tuple[int, ...]] = []
    for first, last in zip(starts.tolist(), [*starts[1:].tolist(), len(roster)], strict=True):
        sets += _offer_sets(roster, first, slots[first:last])
    sizes = [len(members) for members in sets]
    return Choices(
        rows=np.asarray([row for members in sets for row in members], dtype=np.intp),
        choice=np.repeat(np.arange(len(sets)), sizes).astype(np.int32),
    )


def _slot_keys(roster: Roster, one_offer_per: str) -> list[tuple[str, ...]]:
    """Return what each row is one of: the units of an offer stand in one slot, so do the offers of a platform."""
    names = ("platform",) if one_offer_per == "creator,platform" else ("platform", "offer")
    return [tuple(match_key(roster.text(name, row)) for name in names) for row in range(len(roster))]


def _offer_sets(roster: Roster, first: int, slots: list[tuple[str, ...]]) -> list[tuple[int, ...]]:
    """Return every set with at most one row of each slot, the single rows first."""
    by_slot: dict[tuple[str, ...], list[int]] = {}
    for number, slot in enumerate(slots):
        by_slot.setdefault(slot, []).append(first + number)
    count = 1
    for rows in by_slot.values():
        count *= len(rows) + 1
    if count > MAX_CHOICES:
        name = roster.texts["creator"][first].strip()
        message = f"the {len(slots)} offers of {name} make {count - 1:,} sets to choose from"
        fix = "narrow them with --where, or allow one offer per creator,platform or per creator"
        raise CampaignError(message, fix=fix, code="choices-many")
    subsets = [
        tuple(row for row in picked if row >= 0) for picked in product(*([-1, *rows] for rows in by_slot.values()))
    ]
    return sorted(filter(None, subsets), key=lambda rows: (len(rows), rows))
