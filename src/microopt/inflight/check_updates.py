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


def check_updates(request: ReplanRequest, roster: Roster, last_creators: Sequence[str] = ()) -> None:
    """Refuse results of creators who declined or are not on the roster, and states of creators who are unknown.

    Parameters
    ----------
    last_creators
        The creators of the last plan.

    Raises
    ------
    RosterError
        With all faults, each with its row.
    """
    names = roster.texts["creator"].labels
    known = set(match_keys(names))
    suggester = NameSuggester(names)
    for file, faults in (
        (request.states_file, list(_state_faults(request, known, names, last_creators))),
        (request.results_file, list(_result_faults(request, roster, known, suggester))),
    ):
        if faults and file is not None:
            message = f"{file.path}: {faults[0].message}"
            if len(faults) > 1:
                message = f"{file.path} has {len(faults):,} faults against the roster"
            raise RosterError(message, fix=faults[0].fix, code=faults[0].code, faults=faults)


def _state_faults(
    request: ReplanRequest, known: set[str], names: Sequence[str], last_creators: Sequence[str]
) -> Iterator[Fault]:
    """Yield states of unknown creators, where that matters: they are kept or paid, or nearly spelled like another."""
    known_or_last = known | {match_key(name) for name in last_creators}
    on_roster, anywhere = NameSuggester(names), NameSuggester(chain(names, last_creators))
    for contract in request.contracts:
        key, state = match_key(contract.creator), contract.state.value
        if contract.kept and key not in known:
            message = f"{contract.creator} is {state}, and is not on the roster"
            yield _update_fault(request.states_file, contract.creator, "states-unknown", message, on_roster)
            continue
        similar = "" if key in known_or_last else anywhere.suggest(contract.creator)
        if key not in known_or_last and (contract.paid or similar):
            message = f"{contract.creator} is {state}, and is neither on the roster nor in the last plan"
            fix = similar or "correct the name, or what was paid"
            yield _update_fault(request.states_file, contract.creator, "states-unknown", message, on_roster, fix)


def _result_faults(
    request: ReplanRequest, roster: Roster, known: set[str], suggester: NameSuggester
) -> Iterator[Fault]:
    """Yield results of creators who are unknown or declined, and results of unknown offers."""
    contracts = request.contracts
    declined = {match_key(each.creator) for each in contracts if each.state is ContractState.DECLINED}
    declined -= {match_key(contract.creator) for contract in contracts if contract.kept}
    for creator in dict.fromkeys(actual.creator for actual in request.results):
        if match_key(creator) not in known:
            message = f"{creator} has results, and is not on the roster"
            yield _update_fault(request.results_file, creator, "results-unknown", message, suggester)
        elif match_key(creator) in declined:
            fix = "correct the state, or take the results out"
            message = f"{creator} has results, and declined"
            yield _update_fault(request.results_file, creator, "results-declined", message, suggester, fix)
    yield from _unmatched_result_faults(request, roster)


def _unmatched_result_faults(request: ReplanRequest, roster: Roster) -> Iterator[Fault]:
    """Yield results that name an offer or a platform that their creator lacks: no forecast could learn from them."""
    rows: dict[str, list[int]] = {}
    creators = roster.texts["creator"]
    named = {match_key(actual.creator) for actual in request.results if actual.platform or actual.offer}
    for row in np.flatnonzero(creators.contains_any(named)).tolist():
        rows.setdefault(match_key(creators[row]), []).append(row)
    for actual in request.results:
        own = rows.get(match_key(actual.creator), [])
        if own and not any(results_match_offer(roster, row, actual) for row in own):
            offer = " ".join(filter(None, (actual.platform, actual.offer)))
            offers = {" ".join(filter(None, (roster.text("platform", row), roster.text("offer", row)))) for row in own}
            message = f"{actual.creator} has results of {offer}, and no such offer on the roster"
            fix = f"the roster has {', '.join(sorted(offers))}"
            yield _update_fault(request.results_file, actual.creator, "results-offer", message, NameSuggester(()), fix)


def _update_fault(
    file: SourceFile | None, creator: str, code: str, message: str, suggester: NameSuggester, fix: str = ""
) -> Fault:
    row = None if file is None else file.rows.get(match_key(creator))
    header = "creator" if file is None else file.header
    fix = fix or suggester.suggest(creator) or "keep the creator's row in the roster"
    return Fault(code=code, message=message, fix=fix, row=row, column=header, value=creator)
