"""Results and states that contradict the roster, or each other: faults with their place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from microopt.campaign.progress import ContractState
from microopt.campaign.updates import ReplanRequest, SourceFile
from microopt.errors import Fault, NameSuggester, RosterError
from microopt.quantities.keys import match_key, match_keys
from microopt.roster.contract_status import results_match_offer
from microopt.roster.roster import Roster


def check_updates(request: ReplanRequest, roster: Roster, last: Sequence[str] = ()) -> None:
    """Refuse results of creators who are not on the roster or declined, and states of those who are nowhere.

    Parameters
    ----------
    last
        The creators of the last plan.

    Raises
    ------
    RosterError
        With all of them, each with its row.
    """
    names = roster.texts["creator"].labels
    known = set(match_keys(names))
    suggester = NameSuggester(names)
    for came, faults in (
        (request.states, list(_state_faults(request, known, names, last))),
        (request.results, list(_result_faults(request, roster, known, suggester))),
    ):
        if faults and came is not None:
            count = "1 fault" if len(faults) == 1 else f"{len(faults):,} faults"
            message = (
                f"{came.path}: {faults[0].message}"
                if len(faults) == 1
                else f"{came.path} has {count} against the roster"
            )
            raise RosterError(message, fix=faults[0].fix, code=faults[0].code, faults=faults)


def _state_faults(
    request: ReplanRequest, known: set[str], names: Sequence[str], last: Sequence[str]
) -> Iterator[Fault]:
    """Yield states of creators who are nowhere, where that matters: kept, paid, or spelled nearly as another one."""
    there = known | {match_key(name) for name in last}
    on_roster, anywhere = NameSuggester(names), NameSuggester(chain(names, last))
    for contract in request.contracts:
        key, state = match_key(contract.creator), contract.state.value
        if contract.kept and key not in known:
            message = f"{contract.creator} is {state}, and is not on the roster"
            yield _update_fault(request.states, contract.creator, "states-unknown", message, on_roster)
            continue
        near = "" if key in there else anywhere.suggest(contract.creator)
        if key not in there and (contract.paid or near):
            message = f"{contract.creator} is {state}, and is neither on the roster nor in the last plan"
            fix = near or "correct the name, or what was paid"
            yield _update_fault(request.states, contract.creator, "states-unknown", message, on_roster, fix)


def _result_faults(
    request: ReplanRequest, roster: Roster, known: set[str], suggester: NameSuggester
) -> Iterator[Fault]:
    out = {match_key(one.creator) for one in request.contracts if one.state is ContractState.DECLINED}
    out -= {match_key(one.creator) for one in request.contracts if one.kept}
    for creator in dict.fromkeys(actual.creator for actual in request.actuals):
        if match_key(creator) not in known:
            yield _update_fault(
                request.results,
                creator,
                "results-unknown",
                f"{creator} has results, and is not on the roster",
                suggester,
            )
        elif match_key(creator) in out:
            fix = "correct the state, or take the results out"
            message = f"{creator} has results, and declined"
            yield _update_fault(request.results, creator, "results-declined", message, suggester, fix)
    yield from _unmatched_result_faults(request, roster)


def _unmatched_result_faults(request: ReplanRequest, roster: Roster) -> Iterator[Fault]:
    """Yield results that name an offer or a platform which their creator does not have: they would teach nothing."""
    rows: dict[str, list[int]] = {}
    creators = roster.texts["creator"]
    wanted = {match_key(actual.creator) for actual in request.actuals if actual.platform or actual.offer}
    for row in np.flatnonzero(creators.contains_any(wanted)).tolist():
        rows.setdefault(match_key(creators[row]), []).append(row)
    for actual in request.actuals:
        mine = rows.get(match_key(actual.creator), [])
        if mine and not any(results_match_offer(roster, row, actual) for row in mine):
            what = " ".join(filter(None, (actual.platform, actual.offer)))
            has = {" ".join(filter(None, (roster.text("platform", row), roster.text("offer", row)))) for row in mine}
            message = f"{actual.creator} has results of {what}, and no such offer on the roster"
            fix = f"the roster has {', '.join(sorted(has))}"
            yield _update_fault(request.results, actual.creator, "results-offer", message, NameSuggester(()), fix)


def _update_fault(
    came: SourceFile | None, creator: str, code: str, message: str, suggester: NameSuggester, fix: str = ""
) -> Fault:
    row = None if came is None else came.rows.get(match_key(creator))
    header = "creator" if came is None else came.header
    fix = fix or suggester.suggest(creator) or "keep the creator's row in the roster"
    return Fault(code=code, message=message, fix=fix, row=row, column=header, value=creator)
