"""Which offer is meant by a contract state, or by results, that do not name one: by the last plan or the agreed fee."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.progress import CampaignProgress, Contract, ContractState
from microopt.campaign.updates import ReplanRequest, SourceFile
from microopt.errors import Fault
from microopt.files.reading import source_name
from microopt.inflight.merge_contracts import contracts_by_creator, creators_without_signed_state, same_offer
from microopt.inflight.update_campaign import results_to_date
from microopt.plan.plan import Pick, Plan
from microopt.quantities.keys import match_key, match_keys
from microopt.quantities.parse_and_format import format_money, format_names
from microopt.quantities.platforms import platform_key
from microopt.roster.agreed_fees import less_agreed_discounts
from microopt.roster.contract_status import contract_offers, contracts_from_roster
from microopt.roster.roster import NO_FEE, Roster
from microopt.roster.volume_packages import expand_volume_packages

SHOWN_OFFERS = 20  # in a fault
UNNAMED = "unnamed"
_COLUMNS_TO_ADD = {
    ("offer",): "an `offer` column",
    ("platform",): "a `platform` column",
    ("platform", "offer"): "`platform` and `offer` columns",
}


class AgreedOffers(Struct, frozen=True, kw_only=True):
    """Contracts, with the offers that they do not name.

    Attributes
    ----------
    contracts
        In the order in which they were given; one whose fee is the quote of a single offer names that offer.
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
        Its place among the given contracts.
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
        return " ".join(filter(None, (self.offers.text(name, row).strip() for name in self.columns()))) or UNNAMED


def name_agreed_offers(last: Plan, roster: Roster, request: ReplanRequest) -> AgreedOffers:
    """Return the contract states of a request, each with the offer that was agreed, as far as anything says which.

    A state without an offer refers to those in the last plan, or in an earlier contract. If the creator has none there,
    it refers to the one offer that is quoted at the agreed fee. No such offer, or several, are a fault.
    """
    contracts, named, faults = list(request.contracts), [], []
    file, currency = request.states_file, roster.currency or last.roster.currency
    for each in _open_contracts(request.contracts, _known_offers(last, roster), roster):
        matches = each.at_agreed_fee()
        if len(matches) == 1:
            contracts[each.position] = _with_offer(each, matches[0])
            named.append(f"{each.contract.creator} ({each.name(matches[0][0])})")
        else:
            fault = _open_contract_fault(each, file, currency)
            row = request.contract_rows[each.position] if request.contract_rows else fault.row
            faults.append(replace(fault, row=row))
    path = "the contract states" if file is None else source_name(file.path)
    notes = [f"{path}: no offer is named for {format_names(named)}, so the one with the agreed fee is used"]
    return AgreedOffers(contracts=tuple(contracts), notes=tuple(notes if named else ()), faults=tuple(faults))


def unplanned_contracts(last: Plan, roster: Roster, request: ReplanRequest) -> AgreedOffers:
    """Return live contracts with the creators on the roster who have results without a place in the last plan.

    Those who are kept or declined in any case are left out. The offer is the one that the results name, or the only one
    that the creator has; several are a fault.
    """
    progress = last.campaign.running or CampaignProgress()
    actuals, planned = results_to_date(progress, request), {match_key(pick.creator) for pick in last.picks}
    sources = progress.contracts, contracts_from_roster(roster)[0], request.contracts
    keys = set(creators_without_signed_state(sources, actuals)) - planned
    keys &= set(match_keys(roster.texts["creator"].labels)) if keys else set()
    stated = {key: each for source in sources for key, own in contracts_by_creator(source).items() for each in own[:1]}
    contracts = tuple(
        Contract(
            creator=actual.creator,
            state=ContractState.LIVE,
            offer=actual.offer,
            platform=actual.platform,
            fee=stated[key].fee if key in stated else None,
            wave=actual.wave,
        )
        for actual in actuals
        if (key := match_key(actual.creator)) in keys and actual.posts > 0
    )
    agreed, faults, currency = list(contracts), [], roster.currency or last.roster.currency
    for each in _open_contracts(contracts, {}, roster):
        matches = each.at_agreed_fee()
        if len(matches) == 1:
            agreed[each.position] = _with_offer(each, matches[0])
        else:
            faults.append(_open_contract_fault(each, request.results_file, currency, "has results"))
    names = format_names(list(dict.fromkeys(contract.creator for contract in contracts)), 5)
    notes = [f"results but neither a signed state nor a place in the last plan: {names} (treated as live)"]
    return AgreedOffers(contracts=tuple(agreed), notes=tuple(notes if contracts else ()), faults=tuple(faults))


def _open_contracts(
    contracts: Sequence[Contract], known: Mapping[str, Sequence[Contract | Pick]], roster: Roster
) -> Iterator[OpenContract]:
    """Yield the contracts to keep that can mean several offers, where nothing planned or agreed before says which.

    Parameters
    ----------
    known
        What was planned or agreed before, by match key of the creator.
    """
    open_contracts = {
        str(position): contract
        for position, contract in enumerate(contracts)
        if contract.kept
        and not any(
            same_offer(replace(contract, wave=None), each) for each in known.get(match_key(contract.creator), ())
        )
    }
    if not open_contracts:
        return
    wanted = {match_key(contract.creator) for contract in open_contracts.values()}
    own = roster.take(np.flatnonzero(roster.texts["creator"].contains_any(wanted)))
    offers = less_agreed_discounts(expand_volume_packages(own))
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


def _open_contract_fault(each: OpenContract, file: SourceFile | None, currency: str, known: str = "") -> Fault:
    """Return the fault of a contract that can mean several offers, with those and their quotes.

    Parameters
    ----------
    known
        What the file says of the creator; empty for the state and the fee.
    """
    contract = each.contract
    quotes = [(each.name(own[0]), each.quote(own[0])) for own in each.rows]
    names = [f"{name} ({'no fee' if fee == NO_FEE else format_money(fee, currency)})" for name, fee in quotes]
    agreed = "" if contract.fee is None else f" for {format_money(contract.fee, currency)}"
    message = f"{contract.creator} {known or f'is {contract.state.value}{agreed}'}, but it is not clear"
    columns = _COLUMNS_TO_ADD[each.columns()]
    example = next((name for name, _ in quotes if name != UNNAMED), UNNAMED)
    return Fault(
        code="results-offer" if known else "states-offer",
        message=f"{message} for which of their offers: {format_names(names, SHOWN_OFFERS)}",
        fix=f"add {columns}, or fill in the cell, to name the one that was agreed, such as {example}",
        row=None if file is None else file.rows.get(match_key(contract.creator)),
        column="creator" if file is None else file.header,
        value=contract.creator,
    )
