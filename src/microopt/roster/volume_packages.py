"""Offers that can be bought more than once: k units become an offer of their own, with volume discounts."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.quantities.discount_steps import parse_discount_steps, volume_discount
from microopt.roster.roster import NO_FEE, Roster, TextColumn

MAX_UNITS = 50


def expand_volume_packages(roster: Roster) -> Roster:
    """Return the roster with a row of each offer for every number of units from 1 to `max_units`.

    k units cost k fees less the discount of the highest step reached (`volume_discount`), to the cent. An unknown fee
    stays unknown; the discount is kept for its estimate.
    """
    stated = roster.numbers.get("max_units")
    if stated is None:
        return roster
    max_units = np.where(np.isnan(stated), 1, stated).astype(np.int64)
    rows = np.repeat(np.arange(len(roster)), max_units)
    units = np.concatenate([np.arange(1, top + 1) for top in max_units.tolist()])
    expanded = roster.take(rows)
    fee = np.where(expanded.fee == NO_FEE, NO_FEE, expanded.fee * units)
    discounts = np.zeros(len(rows))
    column = expanded.texts.get("volume_discount")
    for code in [] if column is None else np.unique(column.codes).tolist():
        assert column is not None
        steps = parse_discount_steps(column.labels[code])
        for i in np.flatnonzero((column.codes == code) & (units > 1)).tolist() if steps else ():
            share = volume_discount(steps, int(units[i]))
            discounts[i] = float(share)
            fee[i] = round(int(fee[i]) * (1 - share)) if fee[i] > 0 else fee[i]
    return replace(expanded, fee=fee, units=units, discount_share=discounts)


def invalid_units(stated: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which cells are not a whole number from 1 to `MAX_UNITS`; an empty cell means 1."""
    units = np.where(np.isnan(stated), 1.0, stated)
    wrong: NDArray[np.bool_] = (units != np.floor(units)) | (units < 1) | (units > MAX_UNITS)
    return wrong


def invalid_discounts(column: TextColumn) -> NDArray[np.bool_]:
    """Return which cells are not steps of a volume discount."""
    return np.asarray([not _is_parseable(label) for label in column.labels], dtype=bool)[column.codes]


def _is_parseable(text: str) -> bool:
    try:
        parse_discount_steps(text)
    except ValueError:
        return False
    return True
