"""The words that contract states go by, and the states that a roster tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign
from microopt.campaign.contracts import Contract, State
from microopt.campaign.progress import CampaignProgress
from microopt.errors import CampaignError, Fault, RosterError
from microopt.quantities.keys import header_key, match_key
from microopt.quantities.parse_and_format import MAX_CENTS
from microopt.roster.roster import Roster

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
