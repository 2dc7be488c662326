"""The fees that a campaign agreed with creators, on a roster: which offers they are about, and what is then due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.agreed_fees import AgreedFee
from microopt.campaign.calendar import WAVE
from microopt.quantities.keys import header_key, match_key, match_keys
from microopt.roster.fee_discounts import FeeDiscounts
from microopt.roster.roster import NO_FEE, Roster
from microopt.roster.selection import offers_named, try_parse_selector

Rows = NDArray[np.intp]


def rows_of_names(roster: Roster, names: Sequence[str]) -> dict[str, Rows]:
    """Return the offers that each name means, ascending: those of a creator, or of a selector.

    A selector of waves means none where the roster has no waves.

    Raises
    ------
    CampaignError
        If a name is a selector with a column that is not in the roster.
    """
    rows = rows_of_creators(roster, names)
    nothing = np.zeros(0, dtype=np.intp)
    for name in names:
        if name not in rows:
            is_elsewhere = roster.timing is None and is_of_waves(name)
            rows[name] = nothing if is_elsewhere else np.flatnonzero(offers_named(roster, name))
    return {name: rows[name] for name in names}


def is_of_waves(name: str) -> bool:
    """Whether the name of a fee is a selector of offers in waves."""
    selector = try_parse_selector(name)
    return selector is not None and any(header_key(clause.column) == WAVE for clause in selector.clauses)


def rows_of_creators(roster: Roster, names: Sequence[str]) -> dict[str, Rows]:
    """Return the offers of those names that creators have; one pass over the roster serves all names."""
    creators = roster.texts["creator"]
    numbers = {match_key(name): number for number, name in enumerate(names)}
    of_label = np.asarray([numbers.get(key, -1) for key in match_keys(creators.labels)], dtype=np.int64)
    number = of_label[creators.codes]
    order = np.argsort(number, kind="stable")
    starts = np.searchsorted(number[order], np.arange(len(names) + 1))
    own = {name: order[starts[place] : starts[place + 1]] for place, name in enumerate(names)}
    return {name: rows for name, rows in own.items() if len(rows)}


def at_agreed_amounts(roster: Roster, fees: Mapping[str, AgreedFee]) -> Roster:
    """Return the roster with the amounts that were agreed for one unit, and with the discounts that are still to come.

    Of two fees of one offer, the later one counts. Where the roster has agreed fees already, it stays as it is.

    Raises
    ------
    CampaignError
        As `rows_of_names` says.
    """
    if not fees or roster.fee_discounts is not None:
        return roster
    fee, place = roster.fee.copy(), np.zeros(len(roster), dtype=np.intp)
    shares = (Fraction(0), *dict.fromkeys(each.off for each in fees.values() if each.off))
    for name, rows in rows_of_names(roster, [*fees]).items():
        agreed = fees[name]
        place[rows] = shares.index(agreed.off)
        if agreed.amount is not None:
            fee[rows] = agreed.amount
    return replace(roster, fee=fee, fee_discounts=FeeDiscounts(shares=shares, place=place))


def less_agreed_discounts(roster: Roster) -> Roster:
    """Return the roster with its fees less the discounts that were agreed, which come last.

    An unknown fee stays unknown; the discount is kept for its estimate.
    """
    discounts = roster.fee_discounts
    if discounts is None:
        return roster
    before = 0.0 if roster.discount_share is None else roster.discount_share
    return replace(
        roster,
        fee=discounts.left_of(roster.fee),
        discount_share=1 - (1 - before) * (1 - discounts.taken),
        fee_discounts=None,
    )


def without_amount(roster: Roster, names: Sequence[str]) -> NDArray[np.bool_]:
    """Return, per offer, whether its fee is unknown and none of these names means it.

    Parameters
    ----------
    names
        Those for which an amount was agreed.

    Raises
    ------
    CampaignError
        As `rows_of_names` says.
    """
    unknown: NDArray[np.bool_] = roster.fee == NO_FEE
    for rows in rows_of_names(roster, names).values():
        unknown[rows] = False
    return unknown
