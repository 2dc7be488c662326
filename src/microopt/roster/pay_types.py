"""How a creator is paid: a flat fee, a gifted product, a commission, or a fee and a commission."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from microopt.quantities.keys import header_key
from microopt.roster.roster import TextColumn


class Pay(IntEnum):
    """The four pay types, and none named: then whatever the roster states counts."""

    UNNAMED = 0
    FLAT = 1
    GIFTED = 2
    AFFILIATE = 3
    FLAT_PLUS_COMMISSION = 4


NAMES = {
    Pay.FLAT: ("flat", "flat fee", "fee", "fixed", "fixed fee", "paid"),
    Pay.GIFTED: ("gifted", "gift", "gifting", "gifted product", "product", "barter"),
    Pay.AFFILIATE: ("affiliate", "commission", "affiliate commission", "commission only", "performance"),
    Pay.FLAT_PLUS_COMMISSION: ("flat plus commission", "flat + commission", "fee plus commission", "hybrid"),
}
_KNOWN = {header_key(name): pay for pay, names in NAMES.items() for name in names}
UNKNOWN = -1
FEELESS = (Pay.GIFTED, Pay.AFFILIATE)  # no fee need be stated


def pay_types(column: TextColumn) -> NDArray[np.int8]:
    """Return each row's `Pay`, `UNKNOWN` where a word is none of the four.

    Parameters
    ----------
    column
        The roster's column `pay`; an empty cell is unnamed.
    """
    codes = [_KNOWN.get(header_key(label), UNKNOWN) if label.strip() else Pay.UNNAMED for label in column.labels]
    return np.asarray(codes, dtype=np.int8)[column.codes]
