"""Fees of a house and further discounts, laid into the fees that a campaign agreed itself, so that no offer has two.

A name of the house that means nobody on the list of the campaign says nothing there. An offer that the campaign has a
fee of its own for keeps that. Names that mean offers of one fee stay as they are; others are written out by creator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.agreed_fees import AgreedFee
from microopt.campaign.calendar import WAVE
from microopt.campaign.campaign import Campaign
from microopt.campaign.quoting import quote
from microopt.errors import CampaignError, raise_campaign_faults
from microopt.planning.fee_checks import double_fees
from microopt.planning.waves_of_campaign import offers_in_waves
from microopt.roster.agreed_fees import Rows, is_of_waves, rows_of_creators, rows_of_names
from microopt.roster.roster import Roster, with_tiers
from microopt.roster.selection import (
    matching_offers,
    offers_meant,
    offers_named,
    try_parse_selector,
    unknown_values,
)

Integers = NDArray[np.int64]
NONE = -1  # the number of no entry


class _Entries(Struct, frozen=True, kw_only=True, eq=False):
    """Fees in order, and which of them each offer has.

    Attributes
    ----------
    names, fees, rows
        Of each entry: its name, its fee, and the offers that it means.
    is_house
        Of each entry: whether it is one of the house.
    number
        (n,) which entry each offer has: one of the campaign before one of the house, `NONE` for neither.
    """

    names: list[str]
    fees: list[AgreedFee]
    rows: list[Rows]
    is_house: list[bool]
    number: Integers

    @classmethod
    def on(cls, roster: Roster, own: Mapping[str, AgreedFee], house: Mapping[str, AgreedFee]) -> _Entries:
        """Return the fees of a campaign and of its house on a roster.

        Raises
        ------
        CampaignError
            If two of the campaign, or two of the house, mean one offer, or as `rows_of_names` says.
        """
        rows = [rows_of_names(roster, [*fees]) for fees in (own, house)]
        raise_campaign_faults(fault for each in rows for fault in double_fees(roster, each))
        number = np.full(len(roster), NONE, dtype=np.int64)
        listed = [each for of_names in rows for each in of_names.values()]
        for place in reversed(range(len(listed))):
            number[listed[place]] = place
        return cls(
            names=[*own, *house],
            fees=[*own.values(), *house.values()],
            rows=listed,
            is_house=[False] * len(own) + [True] * len(house),
            number=number,
        )

    def stays(self, place: int, roster: Roster, further: Integers) -> bool:
        """Whether an entry can stay as it is written: all of its offers have its fee, without a further discount.

        One of the house does not where it names a value that the list does not have, which would be a fault.
        """
        rows = self.rows[place]
        if self.is_house[place] and names_unknown_values(roster, self.names[place]):
            return False
        return bool((self.number[rows] == place).all()) and not further[rows].any()

    def due(self, row: int, share: Fraction) -> AgreedFee:
        """Return the fee of an offer with a further discount."""
        place = int(self.number[row])
        agreed = AgreedFee() if place == NONE else self.fees[place]
        return replace(agreed, off=1 - (1 - agreed.off) * (1 - share))


def with_laid_fees(
    campaign: Campaign,
    roster: Roster,
    house: Mapping[str, AgreedFee] | None = None,
    discounts: Mapping[str, Fraction] | None = None,
) -> Campaign:
    """Return the campaign with fees in addition to its own.

    Parameters
    ----------
    roster
        Of the campaign, as it was read.
    house
        By the name of a creator or a selector, in the campaign's currency.
    discounts
        The share of the fee that is taken off in addition to what was agreed, by the name of a creator.

    Raises
    ------
    CampaignError
        If two fees of the campaign, or two of the house, mean one offer, a name is a selector with a column that is not
        in the roster, or an offer that would need a fee of its own has no name of its own.
    """
    house, discounts = house or {}, discounts or {}
    if not house and not discounts:
        return campaign
    roster = with_tiers(roster, campaign.tiers)
    if campaign.calendar is not None and any(map(is_of_waves, (*campaign.fees, *house))):
        roster = offers_in_waves(roster, replace(campaign, include=()), campaign.calendar)
    entries = _Entries.on(roster, campaign.fees, house)
    shares = (Fraction(0), *dict.fromkeys(discounts.values()))
    further = np.zeros(len(roster), dtype=np.int64)
    for name, rows in rows_of_creators(roster, [*discounts]).items():
        further[rows] = shares.index(discounts[name])
    is_written = further > 0
    fees = {}
    for place, name in enumerate(entries.names):
        if not entries.stays(place, roster, further):
            is_written |= entries.number == place
        else:
            fees[name] = entries.fees[place]
    for creator in np.unique(roster.creator_id[is_written]).tolist():
        own = np.flatnonzero(roster.creator_id == creator).tolist()
        due = {row: entries.due(row, shares[further[row]]) for row in own if is_written[row]}
        fees |= _written_out(roster, own, due)
    return replace(campaign, fees=fees)


def names_unknown_values(roster: Roster, name: str) -> bool:
    """Whether a name means nobody on a roster, or is a selector with a value that no offer has."""
    if rows_of_creators(roster, [name]) or offers_meant(roster, [name]).any():
        return False
    selector = try_parse_selector(name)
    return selector is None or bool(unknown_values(roster, selector)) or not matching_offers(roster, selector).any()


def _written_out(roster: Roster, own: Sequence[int], due: Mapping[int, AgreedFee]) -> dict[str, AgreedFee]:
    """Return the fees of some offers of a creator: by the creator's name where all offers have one fee, else by offer.

    Parameters
    ----------
    own
        All offers of the creator.
    """
    fees = {*due.values()}
    if len(fees) == 1 and len(due) == len(own):
        return {roster.texts["creator"][own[0]].strip(): fees.pop()}
    written = {}
    for row, fee in due.items():
        name = _name_of_offer(roster, row)
        meant = np.flatnonzero(offers_named(roster, name)).tolist()
        if any(due.get(other) != fee for other in meant):
            message = f"fees: some offers of {roster.texts['creator'][row].strip()} have one name and several fees"
            fix = "add a column 'offer' to the list, or agree on one fee for all of them, such as \"@anna\" = 900"
            raise CampaignError(message, fix=fix, code="fees-twice")
        written[name] = fee
    return written


def _name_of_offer(roster: Roster, row: int) -> str:
    """Return the selector of an offer, in its wave where the roster has waves."""
    columns = ("creator", "platform", "offer", *([WAVE] if roster.timing is not None else []))
    cells = ((column, roster.text(column, row).strip()) for column in columns)
    return " & ".join(f"{column}:{quote(cell)}" for column, cell in cells if cell)
