"""Offers with a fee of 0 are gifted posts, as are those whose fee says so."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from microopt.readers.columns.text import fill_empty_cells
from microopt.roster.pay_types import PAY_TYPE_NAMES, PayType
from microopt.roster.roster import Roster, TextColumn


def name_gifts(roster: Roster) -> Roster:
    """Return the roster with the pay type of offers that cost nothing, unless they are paid by commission.

    So `0` and `gifted` are the same thing, whose product has a cost.
    """
    is_free = (roster.fee == 0) & ~(np.nan_to_num(roster.number("commission")) > 0)
    if not is_free.any():
        return roster
    gifts = TextColumn(codes=is_free.astype(np.int32), labels=("", PAY_TYPE_NAMES[PayType.GIFTED][0]))
    pay = fill_empty_cells(roster.texts["pay"], gifts) if "pay" in roster.texts else gifts
    return replace(roster, texts={**roster.texts, "pay": pay})
