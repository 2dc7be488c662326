"""Fees agreed with creators, applied to a roster: names that nobody has, and offers with two fees, are faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from microopt.campaign.campaign import Campaign
from microopt.errors import Fault, NameSuggester
from microopt.planning.campaign_checks import unknown_name_faults
from microopt.quantities.parse_and_format import shorten
from microopt.roster.agreed_fees import Rows, at_agreed_amounts, rows_of_creators, rows_of_names
from microopt.roster.roster import Roster
from microopt.roster.selection import offers_meant


def with_fees_of_campaign(roster: Roster, campaign: Campaign) -> tuple[Roster, list[Fault]]:
    """Return the roster with the fees that its campaign agreed, and what is wrong with these; it then stays as it is.

    Parameters
    ----------
    roster
        With tiers, and in waves where the campaign has a calendar.
    """
    if not campaign.fees:
        return roster, []
    names = [*campaign.fees]
    of_creators = rows_of_creators(roster, names)
    suggester = NameSuggester(roster.texts["creator"].labels, by_part=True)
    faults = [
        fault
        for name in names
        if name not in of_creators and not offers_meant(roster, [name]).any()
        for fault in unknown_name_faults(roster, "fees", name, suggester)
    ]
    if not faults:
        faults = list(double_fees(roster, rows_of_names(roster, names)))
    return (roster, faults) if faults else (at_agreed_amounts(roster, campaign.fees), [])


def double_fees(roster: Roster, rows: Mapping[str, Rows]) -> Iterator[Fault]:
    """Yield a fault for each two names that mean the same offer, with the first such offer."""
    owner, names = np.full(len(roster), -1, dtype=np.int64), list(rows)
    found: set[tuple[int, int]] = set()
    for number, own in enumerate(rows.values()):
        for other in np.unique(owner[own]).tolist():
            if other >= 0 and (other, number) not in found:
                found.add((other, number))
                shared = own[owner[own] == other]
                yield _double_fee(roster, int(shared[0]), names[other], names[number])
        owner[own] = number


def _double_fee(roster: Roster, row: int, first: str, second: str) -> Fault:
    offer = " ".join(filter(None, (roster.text(name, row).strip() for name in ("creator", "platform", "offer"))))
    names = f"{shorten(first)!r} and {shorten(second)!r}"
    return Fault(
        code="fees-twice",
        message=f"fees: {names} both give the fee of {shorten(offer)}",
        fix="keep one of them, or let them name different offers, such as 'creator:@anna & offer:reel'",
        column="fees",
        value=shorten(second),
    )
