"""Offers with a fee of 0 are gifted posts in a list that says how creators are paid."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from microopt.readers.cells.text import fill_empty_cells
from microopt.readers.context import ReadContext
from microopt.roster.pay_types import PAY_TYPE_NAMES, PayType
from microopt.roster.roster import Roster, TextColumn


def name_gifts(context: ReadContext, roster: Roster) -> Roster:
    """Return the roster with the pay type of offers that cost nothing, unless they are paid by commission.

    So `0` and `gifted` are the same thing, whose product has a cost. In a list without any pay type, 0 stays 0, which
    is noted.
    """
    is_free = roster.fee == 0
    if is_free.any():
        is_free &= ~(np.nan_to_num(roster.number("commission")) > 0)
    if not is_free.any():
        return roster
    if "pay" not in roster.texts:
        count = int(is_free.sum())
        subject = "1 offer with a fee of 0 is" if count == 1 else f"{count:,} offers with a fee of 0 are"
        context.notes.append(f"{subject} counted at no cost: write gifted if a product is given")
        return roster
    gifts = TextColumn(codes=is_free.astype(np.int32), labels=("", PAY_TYPE_NAMES[PayType.GIFTED][0]))
    return replace(roster, texts={**roster.texts, "pay": fill_empty_cells(roster.texts["pay"], gifts)})
