"""The words that contract states go by, and the states that a roster tells.

A roster while its campaign runs: whose offers are kept or out, what was agreed, and who was in the last plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign
from microopt.campaign.progress import KEPT, LAST_PLAN, NEW, WAS, CampaignProgress, Contract, PostResults, State
from microopt.errors import CampaignError, Fault, RosterError
from microopt.quantities.keys import header_key, match_key
from microopt.quantities.parse_and_format import MAX_CENTS
from microopt.roster.roster import Roster, TextColumn

WORDS = {
    State.PROPOSED: "proposed, planned, shortlisted, shortlist, to contact",
    State.OFFERED: "offered, contacted, invited, invitation sent, pending, negotiating, in negotiation, waiting",
    State.SIGNED: "signed, contracted, accepted, agreed, confirmed, booked, approved",
    State.LIVE: "live, posted, published, running",
    State.DONE: "done, completed, complete, finished, closed",
    State.DECLINED: "declined, rejected, refused, withdrawn, cancelled, canceled, dropped out, no",
}
_STATES = {header_key(word): state for state, words in WORDS.items() for word in words.split(",")}
_OTHERS = ("no", "approved", "complete", "closed", "pending", "planned", "published", "running")  # a roster's words


def state_of(word: str) -> State | None:
    """Return the state that a word stands for, in any case and spacing, or None; an empty word is proposed."""
    return _STATES.get(header_key(word)) if word.strip() else State.PROPOSED


def states_of_roster(roster: Roster) -> tuple[tuple[Contract, ...], tuple[str, ...]]:
    """Return the contracts that a roster's column `status` tells, and notes of its words that say nothing.

    Rows that are proposed are left out. Several prices in one row are offers of one contract, which then names none.

    Raises
    ------
    RosterError
        If a column `paid` holds what cannot have been paid.
    """
    column = roster.texts.get("status")
    if column is None:
        return (), ()
    words = [label.strip() for label in column.labels]
    states = [None if header_key(word) in _OTHERS else state_of(word) for word in words]
    used = set(column.codes.tolist())
    unknown = sorted({words[code] for code in used if words[code] and states[code] is None})
    if not any(words[code] and states[code] for code in used):
        return (), ()
    told = "are no contract states and count" if len(unknown) > 1 else "is no contract state and counts"
    notes = (f"status: {', '.join(unknown)[:300]} {told} as none",) if unknown else ()
    telling = [state not in (None, State.PROPOSED) for state in states]
    rows = np.flatnonzero(np.asarray(telling, dtype=np.bool_)[column.codes])
    paid = _paid(roster, rows)
    found = (
        _contract(roster, row, state, int(paid[row]), named=alone)
        for row, alone in _contracted(roster, rows)
        if (state := states[int(column.codes[row])])
    )
    return tuple(found), notes


def _contracted(roster: Roster, rows: NDArray[np.intp]) -> Iterator[tuple[int, bool]]:
    """Yield the first offer of each row of the file, and whether it is the only one."""
    _, first, counts = np.unique(roster.row[rows], return_index=True, return_counts=True)
    for place in np.argsort(first).tolist():
        yield int(rows[first[place]]), bool(counts[place] == 1)


def _contract(roster: Roster, row: int, state: State, paid: int, *, named: bool) -> Contract:
    offer, platform = (roster.text(name, row).strip() if named else "" for name in ("offer", "platform"))
    creator = roster.texts["creator"][row].strip()
    return Contract(creator=creator, state=state, offer=offer or None, platform=platform or None, paid=paid)


def _paid(roster: Roster, rows: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return the cents that were paid, by row; 0 where the roster does not tell."""
    name = next((name for name in roster.numbers if header_key(name) == "paid"), None)
    if name is None:
        return np.zeros(len(roster), dtype=np.int64)
    cents = np.rint(np.nan_to_num(roster.numbers[name]) * 100)
    fix = "write what was paid so far, or leave the cell empty"
    faults = []
    for row in rows[(cents[rows] < 0) | (cents[rows] > MAX_CENTS)].tolist():
        code, amount = "number-negative" if cents[row] < 0 else "fee-range", f"{cents[row] / 100:g}"
        message, line = f"{amount} cannot have been paid", int(roster.row[row])
        faults.append(Fault(code=code, message=message, fix=fix, row=line, column=name, value=amount))
    if faults:
        raise RosterError(f"{roster.source.path} has amounts paid that cannot be", fix=fix, faults=faults)
    return np.clip(cents, 0, MAX_CENTS).astype(np.int64)


def with_roster_contracts(roster: Roster, campaign: Campaign) -> Campaign:
    """Return the campaign with the contracts that its roster tells, where nothing is known of them yet.

    Raises
    ------
    RosterError
        If a column `paid` holds what cannot have been paid.
    CampaignError
        If all of the budget was paid to creators who declined.
    """
    if campaign.running is not None:
        return campaign
    contracts = tuple(one for one in states_of_roster(roster)[0] if one.kept or one.state is State.DECLINED)
    if not contracts:
        return campaign
    sunk = sunk_cost(contracts)
    return replace(
        campaign,
        budget=remaining_budget(campaign.budget, sunk),
        running=CampaignProgress(contracts=contracts, sunk=sunk),
    )


def sunk_cost(contracts: Iterable[Contract]) -> int:
    """Return the cents that were paid to creators who declined."""
    return sum(one.paid or 0 for one in contracts if one.state is State.DECLINED)


def remaining_budget(budget: int | None, sunk: int) -> int | None:
    """Return what is left of a budget, in cents; None where there is none.

    Raises
    ------
    CampaignError
        If nothing is.
    """
    if budget is None or not sunk:
        return budget
    if sunk >= budget:
        paid, whole = f"{sunk / 100:,.2f}", f"{budget / 100:,.2f}"
        message = f"{paid} are paid to creators who declined: nothing is left of the budget of {whole}"
        raise CampaignError(message, fix="raise it with --budget, or correct what was paid", code="budget-sunk")
    return budget - sunk


def contract_notes(roster: Roster, campaign: Campaign) -> Iterator[str]:
    """Yield how many are kept and how many are out by the roster's own states, and what of these says nothing."""
    running = campaign.running
    if running is None or running.last_plan:  # a replan tells it beside the plan
        return
    kept, out = (
        len({match_key(one.creator) for one in running.contracts if one.kept is is_kept}) for is_kept in (True, False)
    )
    yield f"by the roster's column status {_are(kept)} kept as signed, live or done, and {_are(out)} out as declined"
    yield from states_of_roster(roster)[1]


def _are(count: int) -> str:
    return f"{count:,} {'creator is' if count == 1 else 'creators are'}"


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
