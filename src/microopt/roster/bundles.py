"""The choices among a creator's offers: single offers, or each allowed set if several may be bought.

Each choice is a column of the integer program, and a plan takes at most one choice of a creator. A creator therefore
counts once, and has one handling cost, for a set of offers as for a single one.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.errors import CampaignError
from microopt.quantities.keys import match_key
from microopt.roster.one_offer_per import COLUMNS
from microopt.roster.roster import Roster

MAX_CHOICES = 4_096  # for one creator: twelve offers, each bought or not


class Choices(Struct, frozen=True, kw_only=True, eq=False):
    """The offers of every choice.

    Attributes
    ----------
    rows
        (m,) rows of the roster, grouped by choice.
    choice
        (m,) ascending, the choice that each row belongs to.
    """

    rows: NDArray[np.intp]
    choice: NDArray[np.int32]


def enumerate_choices(roster: Roster, one_offer_per: str) -> Choices:
    """Return every choice, with creators in the order of the roster.

    Parameters
    ----------
    roster
        With rows ordered by creator.
    one_offer_per
        `creator`: each offer is a choice. `creator,platform`: one offer per platform. `offer`: any set of offers.

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
    """Return the slot of each row: a set has at most one row of a slot, such as the units of one offer."""
    return [tuple(match_key(roster.text(name, row)) for name in COLUMNS[one_offer_per]) for row in range(len(roster))]


def _offer_sets(roster: Roster, first: int, slots: list[tuple[str, ...]]) -> list[tuple[int, ...]]:
    """Return every set with at most one row of each slot, single rows first."""
    by_slot: dict[tuple[str, ...], list[int]] = {}
    for number, slot in enumerate(slots):
        by_slot.setdefault(slot, []).append(first + number)
    count = 1
    for rows in by_slot.values():
        count *= len(rows) + 1
    if count > MAX_CHOICES:
        name = roster.texts["creator"][first].strip()
        message = f"the {len(slots)} offers of {name} can be combined in {count - 1:,} ways, which is too many"
        fix = "narrow them with --where, or use --one-offer-per creator,platform or --one-offer-per creator"
        raise CampaignError(message, fix=fix, code="choices-many")
    subsets = [
        tuple(row for row in picked if row >= 0) for picked in product(*([-1, *rows] for rows in by_slot.values()))
    ]
    return sorted(filter(None, subsets), key=lambda rows: (len(rows), rows))
