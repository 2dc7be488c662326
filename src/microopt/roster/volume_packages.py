"""Offers that can be bought more than once: k units are an offer of their own, volume discounts included."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.quantities.parse_and_format import read_number
from microopt.roster.roster import NO_FEE, Roster, TextColumn

MOST_UNITS = 50
Steps = tuple[tuple[int, Fraction], ...]
_STEP = re.compile(r"\s*(\d+)\s*\+?\s*:\s*(\d+(?:\.\d+)?)\s*%\s*")


def with_packages(roster: Roster) -> Roster:
    """Return the roster with each offer once for every number of units that may be bought, from 1 to `max_units`.

    k units cost k fees less the discount of the highest step reached (`volume_discount`), to the cent. A fee that is
    not known stays so; what is off is told for its estimate.
    """
    stated = roster.numbers.get("max_units")
    if stated is None:
        return roster
    most = np.where(np.isnan(stated), 1, stated).astype(np.int64)
    rows = np.repeat(np.arange(len(roster)), most)
    units = np.concatenate([np.arange(1, top + 1) for top in most.tolist()])
    taken = roster.take(rows)
    fee = np.where(taken.fee == NO_FEE, NO_FEE, taken.fee * units)
    off = np.zeros(len(rows))
    column = taken.texts.get("volume_discount")
    for code in [] if column is None else np.unique(column.codes).tolist():
        assert column is not None
        steps = read_steps(column.labels[code])
        for i in np.flatnonzero((column.codes == code) & (units > 1)).tolist() if steps else ():
            share = discount(steps, int(units[i]))
            off[i] = float(share)
            fee[i] = round(int(fee[i]) * (1 - share)) if fee[i] > 0 else fee[i]
    return replace(taken, fee=fee, units=units, off=off)


def discount(steps: Steps, units: int) -> Fraction:
    """Return the share of the fee that is off at so many units."""
    return max((off for least, off in steps if units >= least), default=Fraction(0))


def read_steps(text: str) -> Steps:
    """Read the steps of a volume discount: `3:10%; 5:20%`, from 3 units on 10% off, from 5 on 20%.

    Raises
    ------
    ValueError
        If they cannot be read, or are no discount: it starts at two units, and rises, to less than 100%.
    """
    steps = []
    for part in filter(str.strip, re.split(r"[;|]", text)):
        found = _STEP.fullmatch(part)
        if not found:
            raise ValueError(text)
        steps.append((int(found[1]), read_number(found[2]) / 100))
    steps.sort()
    shares = [share for _, share in steps]
    rising = all(one < other for one, other in pairwise([Fraction(0), *shares, Fraction(1)]))
    if steps and (steps[0][0] < 2 or len({least for least, _ in steps}) < len(steps) or not rising):
        raise ValueError(text)
    return tuple(steps)


def wrong_units(stated: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which cells are no whole number from 1 to `MOST_UNITS`; an empty one is 1."""
    units = np.where(np.isnan(stated), 1.0, stated)
    wrong: NDArray[np.bool_] = (units != np.floor(units)) | (units < 1) | (units > MOST_UNITS)
    return wrong


def wrong_steps(column: TextColumn) -> NDArray[np.bool_]:
    """Return which cells are no steps of a volume discount."""
    return np.asarray([not _readable(label) for label in column.labels], dtype=bool)[column.codes]


def _readable(text: str) -> bool:
    try:
        read_steps(text)
    except ValueError:
        return False
    return True
