"""A roster while its campaign runs: whose offers are kept or out, what was agreed, and who was in the last plan."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.contracts import KEPT, Contract, State
from microopt.campaign.progress import LAST_PLAN, NEW, WAS, CampaignProgress
from microopt.campaign.results import PostResults
from microopt.quantities.keys import match_key
from microopt.roster.roster import Roster, TextColumn

CONTRACT = "contract"  # the column of a roster that tells each offer's state
STATES = ("", *State)


def with_contract_columns(roster: Roster, running: CampaignProgress | None) -> Roster:
    """Return the roster with a column of contract states, and one of who was in the last plan."""
    if running is None:
        return roster
    codes = np.zeros(len(roster), dtype=np.int32)
    for row, contract in contracts_of(roster, running).items():
        codes[row] = STATES.index(contract.state)
    texts = {**roster.texts, CONTRACT: TextColumn(codes=codes, labels=STATES)}
    if running.last_plan:
        was = roster.texts["creator"].holds({match_key(name) for name in running.last_plan})
        texts[LAST_PLAN] = TextColumn(codes=was.astype(np.int32), labels=(NEW, WAS))
    return replace(roster, texts=texts)


def contracts_of(roster: Roster, running: CampaignProgress) -> Mapping[int, Contract]:
    """Return the contract of each row that has one; of two, the one that names the offer.

    Where units are told apart, a contract that tells its units is of the rows of so many alone.
    """
    by_creator: dict[str, list[Contract]] = {}
    for contract in sorted(running.contracts, key=lambda one: (one.offer is not None) + (one.platform is not None)):
        by_creator.setdefault(match_key(contract.creator), []).append(contract)
    creators = roster.texts["creator"]
    found = {}
    for row in np.flatnonzero(creators.holds(set(by_creator))).tolist():
        for contract in by_creator[match_key(creators[row])]:
            if _is_of(roster, row, contract):
                found[row] = contract
    return found


def _is_of(roster: Roster, row: int, contract: Contract) -> bool:
    for name, said in (("offer", contract.offer), ("platform", contract.platform)):
        if said is not None and match_key(roster.text(name, row)) != match_key(said):
            return False
    told = contract.kept and contract.units is not None
    return not told or roster.units is None or int(roster.units[row]) == contract.units


def kept(roster: Roster, running: CampaignProgress | None) -> NDArray[np.bool_]:
    """Return, per offer, whether a plan must keep it, or one of these, because of a contract."""
    return _in(roster, running, set(KEPT))


def declined(roster: Roster, running: CampaignProgress | None) -> NDArray[np.bool_]:
    """Return, per offer, whether it was declined."""
    return _in(roster, running, {State.DECLINED})


def _in(roster: Roster, running: CampaignProgress | None, states: set[State]) -> NDArray[np.bool_]:
    if running is None:
        return np.zeros(len(roster), dtype=bool)
    return roster.texts[CONTRACT].holds({str(state) for state in states})


def with_agreed_fees(roster: Roster, running: CampaignProgress | None) -> Roster:
    """Return the roster with the fees that were agreed, and with nobody who has signed in doubt of accepting."""
    if running is None:
        return roster
    contracts = {row: contract for row, contract in contracts_of(roster, running).items() if contract.kept}
    fee, numbers = roster.fee.copy(), dict(roster.numbers)
    for row, contract in contracts.items():
        fee[row] = fee[row] if contract.fee is None else contract.fee
    if "acceptance" in numbers:
        sure = numbers["acceptance"].copy()
        sure[list(contracts)] = 1.0
        numbers["acceptance"] = sure
    return replace(roster, fee=fee, numbers=numbers)


def label_of(contract: Contract, *, offer: bool = False) -> str:
    """Return what the rule is called that a contract makes: `signed @anna`."""
    told = [contract.state.value, contract.creator, contract.offer if offer else None]
    return " ".join(filter(None, told))


def contract_labels(running: CampaignProgress | None) -> Mapping[str, Contract]:
    """Return each contract that must be kept by the name of its rule."""
    mine = [contract for contract in running.contracts if contract.kept] if running is not None else []
    creators = [match_key(contract.creator) for contract in mine]
    return {label_of(one, offer=creators.count(match_key(one.creator)) > 1): one for one in mine}


def rows_of(roster: Roster, contract: Contract) -> NDArray[np.bool_]:
    """Return which offers a contract may be of."""
    chosen = roster.texts["creator"].holds({match_key(contract.creator)})
    for row in np.flatnonzero(chosen).tolist():
        chosen[row] = _is_of(roster, row, contract)
    return chosen


def results_match_offer(roster: Roster, row: int, actual: PostResults) -> bool:
    """Whether results may be of an offer: of its creator, and of the offer and platform that they name."""
    named = (("creator", actual.creator), ("platform", actual.platform), ("offer", actual.offer))
    return all(said is None or match_key(roster.text(name, row)) == match_key(said) for name, said in named)
