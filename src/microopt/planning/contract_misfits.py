"""Contracts that do not fit the roster or the campaign: faults."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.campaign.campaign import ONE_OFFER_PER, Campaign
from microopt.campaign.contracts import Contract
from microopt.errors import Fault, did_you_mean
from microopt.quantities.keys import match_key
from microopt.roster.roster import Roster
from microopt.roster.underway import contract_labels, rows_of


def misfits_of_contracts(roster: Roster, campaign: Campaign) -> Iterator[Fault]:
    """Yield the faults of what must be kept: not on the roster, excluded, or more than may be bought of a creator."""
    excluded = {match_key(name): name for name in campaign.exclude}
    slots: dict[tuple[str, ...], str] = {}
    for label, contract in contract_labels(campaign.running).items():
        key = match_key(contract.creator)
        if not rows_of(roster, contract).any():
            yield _missing(roster, label, contract)
        if key in excluded:
            message, fix = f"{label}, and is excluded", f"drop --exclude {excluded[key]}, or say that it was declined"
            yield Fault(code="contract-excluded", message=message, fix=fix, value=contract.creator)
        slot = _slot(campaign, contract)
        if slot in slots:
            message = f"{label} beside {slots[slot]}: only one offer per {campaign.one_offer_per} may be bought"
            fix = "plan with --one-offer-per offer, or correct the states"
            yield Fault(code="contract-twice", message=message, fix=fix, value=contract.creator)
        slots[slot] = label


def _slot(campaign: Campaign, contract: Contract) -> tuple[str, ...]:
    """Return what only one offer may be bought of."""
    parts = (contract.creator, contract.platform or "", contract.offer or "")
    return tuple(map(match_key, parts[: 1 + ONE_OFFER_PER.index(campaign.one_offer_per)]))


def _missing(roster: Roster, label: str, contract: Contract) -> Fault:
    creators = roster.texts["creator"]
    if creators.holds({match_key(contract.creator)}).any():
        what = " ".join(filter(None, (contract.platform, contract.offer)))
        times = f", {contract.units} times" if (contract.units or 1) > 1 else ""
        message = f"{label}, and the roster has no such offer: {what}{times}"
        fix = "keep the row of what was agreed in the roster"
    else:
        message = f"{label}, and is not on the roster"
        names = [name.strip() for name in creators.labels]
        fix = did_you_mean(contract.creator, names) or "keep the row in the roster, or say that it was declined"
    return Fault(code="contract-missing", message=message, fix=fix, value=contract.creator)
