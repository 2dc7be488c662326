"""Which offer is meant by a contract state that does not name one: by the last plan, or by the agreed fee."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.progress import CampaignProgress, Contract
from microopt.campaign.updates import ReplanRequest
from microopt.errors import Fault
from microopt.files.reading import source_name
from microopt.inflight.update_campaign import same_offer
from microopt.plan.plan import Pick, Plan
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_money, format_names
from microopt.quantities.platforms import platform_key
from microopt.roster.contract_status import contract_offers, contracts_from_roster
from microopt.roster.roster import NO_FEE, Roster
from microopt.roster.volume_packages import expand_volume_packages

SHOWN_OFFERS = 20  # in a fault
_COLUMNS_TO_ADD = {
    ("offer",): "an `offer` column",
    ("platform",): "a `platform` column",
    ("platform", "offer"): "`platform` and `offer` columns",
}


class AgreedOffers(Struct, frozen=True, kw_only=True):
    """The contract states of a request, with the offers that they do not name.

    Attributes
    ----------
    contracts
        In the order of the request; one whose fee is the quote of a single offer names that offer.
    notes
        For which creators an offer was taken by its quote.
    faults
        Contracts that can mean several offers.
    """

    contracts: tuple[Contract, ...]
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


class OpenContract(Struct, frozen=True, kw_only=True, eq=False):
    """A contract that can mean several offers.

    Attributes
    ----------
    position
        Its place in the request.
    offers
        The offers of such creators, one row for each number of units.
    rows
        For each offer that the contract can mean, its rows in `offers`.
    """

    position: int
    contract: Contract
    offers: Roster
    rows: tuple[tuple[int, ...], ...]

    def quote(self, row: int) -> int:
        """Return the quote in cents for all units of the contract, `NO_FEE` if there is none."""
        fee = int(self.offers.fee[row])
        units = 1 if self.offers.units is not None or fee == NO_FEE else self.contract.units or 1
        return fee * units

    def at_agreed_fee(self) -> list[tuple[int, ...]]:
        """Return the rows quoted at the agreed fee, of each offer that has any."""
        if self.contract.fee is None:
            return []
        matches = (tuple(row for row in own if self.quote(row) == self.contract.fee) for own in self.rows)
        return [rows for rows in matches if rows]

    def columns(self) -> tuple[str, ...]:
        """Return the columns that tell the offers apart: the offer alone, where that is enough."""
        keys = [_offer_key(self.offers, own[0]) for own in self.rows]
        if len({offer for _, offer in keys}) == len(keys):
            return ("offer",)
        return ("platform",) if len({platform for platform, _ in keys}) == len(keys) else ("platform", "offer")

    def name(self, row: int) -> str:
        """Return the name of an offer, with its platform where two offers have the same name."""
        return " ".join(filter(None, (self.offers.text(name, row).strip() for name in self.columns()))) or "unnamed"


def name_agreed_offers(last: Plan, roster: Roster, request: ReplanRequest) -> AgreedOffers:
    """Return the contract states of a request, each with the offer that was agreed, as far as anything says which.

    A state without an offer refers to those in the last plan, or in an earlier contract. If the creator has none there,
    it refers to the one offer that is quoted at the agreed fee. No such offer, or several, are a fault.
    """
    contracts, named, faults = list(request.contracts), [], []
    for each in _open_contracts(last, roster, request):
        matches = each.at_agreed_fee()
        if len(matches) == 1:
            contracts[each.position] = _with_offer(each, matches[0])
            named.append(f"{each.contract.creator} ({each.name(matches[0][0])})")
        else:
            faults.append(_open_contract_fault(each, request, roster.currency or last.roster.currency))
    path = "the contract states" if request.states_file is None else source_name(request.states_file.path)
    notes = [f"{path}: no offer is named for {format_names(named)}, so the one with the agreed fee is used"]
    return AgreedOffers(contracts=tuple(contracts), notes=tuple(notes if named else ()), faults=tuple(faults))


def _open_contracts(last: Plan, roster: Roster, request: ReplanRequest) -> Iterator[OpenContract]:
    """Yield the contracts to keep that can mean several offers, where neither plan nor earlier contract says which."""
    known = _known_offers(last, roster)
    open_contracts = {
        str(position): contract
        for position, contract in enumerate(request.contracts)
        if contract.kept and not any(same_offer(contract, each) for each in known.get(match_key(contract.creator), ()))
    }
    if not open_contracts:
        return
    wanted = {match_key(contract.creator) for contract in open_contracts.values()}
    offers = expand_volume_packages(roster.take(np.flatnonzero(roster.texts["creator"].contains_any(wanted))))
    for label, covered in contract_offers(offers, open_contracts).items():
        rows: dict[tuple[str, str], list[int]] = {}
        for row in np.flatnonzero(covered).tolist():
            rows.setdefault(_offer_key(offers, row), []).append(row)
        if len(rows) > 1:
            yield OpenContract(
                position=int(label),
                contract=open_contracts[label],
                offers=offers,
                rows=tuple(map(tuple, rows.values())),
            )


def _known_offers(last: Plan, roster: Roster) -> dict[str, list[Contract | Pick]]:
    """Return what is known to be planned or agreed, by creator: picks, and contracts that say what for."""
    progress = last.campaign.running or CampaignProgress()
    contracts = [*progress.contracts, *contracts_from_roster(roster)[0]]
    agreed = [each for each in contracts if each.kept and (each.offer is not None or each.platform is not None)]
    references: list[Contract | Pick] = [*last.picks, *agreed]
    known: dict[str, list[Contract | Pick]] = {}
    for each in references:
        known.setdefault(match_key(each.creator), []).append(each)
    return known


def _offer_key(offers: Roster, row: int) -> tuple[str, str]:
    return platform_key(offers.text("platform", row)), match_key(offers.text("offer", row))


def _with_offer(each: OpenContract, rows: Sequence[int]) -> Contract:
    """Return the contract with its offer; also with the number of units, if only one of them has this quote."""
    offers, contract, row = each.offers, each.contract, rows[0]
    units = contract.units
    if units is None and offers.units is not None and len(rows) == 1:
        units = int(offers.units[row])
    offer, platform = (offers.text(name, row).strip() or None for name in ("offer", "platform"))
    return replace(contract, offer=offer, platform=platform, units=units)


def _open_contract_fault(each: OpenContract, request: ReplanRequest, currency: str) -> Fault:
    """Return the fault of a contract that can mean several offers, with those and their quotes."""
    contract, file = each.contract, request.states_file
    quotes = [(each.name(own[0]), each.quote(own[0])) for own in each.rows]
    names = [f"{name} ({'no fee' if fee == NO_FEE else format_money(fee, currency)})" for name, fee in quotes]
    agreed = "" if contract.fee is None else f" for {format_money(contract.fee, currency)}"
    message = f"{contract.creator} is {contract.state.value}{agreed}, but it is not clear for which of their offers"
    columns, example = _COLUMNS_TO_ADD[each.columns()], quotes[0][0]
    row = None if file is None else file.rows.get(match_key(contract.creator))
    return Fault(
        code="states-offer",
        message=f"{message}: {format_names(names, SHOWN_OFFERS)}",
        fix=f"add {columns}, or fill in the cell, to name the one that was agreed, such as {example}",
        row=request.contract_rows[each.position] if request.contract_rows else row,
        column="creator" if file is None else file.header,
        value=contract.creator,
    )
