"""Fees that a house agreed with creators, as far as they are about the list of one campaign, in its currency."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil

from msgspec.structs import replace

from microopt.campaign.agreed_fees import AgreedFee
from microopt.campaign.campaign import Campaign
from microopt.errors import CampaignError
from microopt.roster.agreed_fees import is_of_waves, rows_of_creators, rows_of_names
from microopt.roster.roster import Roster, with_tiers


def fees_on_list(
    campaign: Campaign, roster: Roster, fees: Mapping[str, AgreedFee], rate: Fraction
) -> dict[str, AgreedFee]:
    """Return the fees that are about somebody on the list of a campaign, in its currency, rounded up to the cent.

    Parameters
    ----------
    fees
        In the currency of the house, by the name of a creator or a selector of offers.
    rate
        What one unit of the campaign's currency is worth in that of the house.
    """
    tiered = with_tiers(roster, campaign.tiers)
    return {name: _converted(fees[name], rate) for name in _names_on(tiered, [*fees])}


def _converted(fee: AgreedFee, rate: Fraction) -> AgreedFee:
    return fee if fee.amount is None else replace(fee, amount=ceil(fee.amount / rate))


def _names_on(roster: Roster, names: Sequence[str]) -> Iterator[str]:
    """Yield the names that mean an offer of a roster; a selector of waves may, once it has waves."""
    creators = rows_of_creators(roster, names)
    for name in names:
        if name in creators or is_of_waves(name):
            yield name
            continue
        try:
            rows = rows_of_names(roster, [name])[name]
        except CampaignError:  # the list lacks the column
            continue
        if len(rows):
            yield name
