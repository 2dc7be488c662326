"""What a creator has at most one offer of, in a plan or in a wave: the one table of the setting `one_offer_per`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.quantities.keys import match_key
from microopt.roster.roster import Roster, TextColumn

# The columns that, besides the creator, have to differ between two offers that are bought together.
COLUMNS: dict[str, tuple[str, ...]] = {
    "creator": (),
    "creator,platform": ("platform",),
    "offer": ("platform", "offer"),
}


def numbers_that_differ(roster: Roster, one_offer_per: str) -> list[NDArray[np.int64]]:
    """Return, for each of these columns that the roster has, a number of each offer: every spelling has the same."""
    return [_numbers(roster.texts[name]) for name in COLUMNS[one_offer_per] if name in roster.texts]


def _numbers(column: TextColumn) -> NDArray[np.int64]:
    codes, places = np.unique(column.codes, return_inverse=True)
    numbers: dict[str, int] = {}
    keys = [match_key(column.labels[code]) for code in codes.tolist()]
    return np.asarray([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)[places]
