"""Refuse states and results that contradict the roster, or each other, each with its place in its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from microopt.campaign.progress import Contract
from microopt.campaign.updates import ReplanRequest, SourceFile
from microopt.errors import Fault, NameSuggester, RosterError
from microopt.files.reading import source_name
from microopt.inflight.merge_contracts import contracts_by_creator, has_declined
from microopt.inflight.wave_contracts import is_posted
from microopt.plan.plan import Plan
from microopt.quantities.keys import match_key, match_keys
from microopt.roster.contract_status import results_match_offer
from microopt.roster.roster import Roster


def check_updates(
    request: ReplanRequest,
    roster: Roster,
    last: Plan | None = None,
    state_faults: Sequence[Fault] = (),
    result_faults: Sequence[Fault] = (),
) -> None:
    """Refuse results of creators who declined or are not on the roster, and states of unknown creators or offers.

    Parameters
    ----------
    last
        The last plan.
    state_faults, result_faults
        The faults of states and results that do not say which offer was agreed.

    Raises
    ------
    RosterError
        With all faults, each with its row.
    """
    names = roster.texts["creator"].labels
    roster_keys = set(match_keys(names))
    suggester = NameSuggester(names)
    last_creators = () if last is None else [pick.creator for pick in last.picks]
    for file, faults in (
        (request.states_file, [*_state_faults(request, roster_keys, names, last_creators), *state_faults]),
        (request.results_file, [*_result_faults(request, roster, last, suggester), *result_faults]),
    ):
        if faults and file is not None:
            message = f"{source_name(file.path)}: {faults[0].message}"
            if len(faults) > 1:
                message = f"{source_name(file.path)} has {len(faults):,} entries that do not match the roster"
            raise RosterError(message, fix=faults[0].fix, code=faults[0].code, faults=faults)


def _state_faults(
    request: ReplanRequest, roster_keys: set[str], names: Sequence[str], last_creators: Sequence[str]
) -> Iterator[Fault]:
    """Yield states of unknown creators, where that matters: they are kept or paid, or nearly spelled like another."""
    known_or_last = roster_keys | {match_key(name) for name in last_creators}
    on_roster, anywhere = NameSuggester(names), NameSuggester(chain(names, last_creators))
    for contract in request.contracts:
        key, state = match_key(contract.creator), contract.state.value
        if contract.kept and key not in roster_keys:
            message = f"{contract.creator} is {state} but not on the roster"
            yield _update_fault(request.states_file, contract.creator, "states-unknown", message, on_roster)
            continue
        similar = "" if key in known_or_last else anywhere.suggest(contract.creator)
        if key not in known_or_last and (contract.paid or similar):
            message = f"{contract.creator} is {state} but neither on the roster nor in the last plan"
            fix = similar or f"correct the name {contract.creator!r}, or remove the row"
            yield _update_fault(request.states_file, contract.creator, "states-unknown", message, on_roster, fix)


def _result_faults(
    request: ReplanRequest, roster: Roster, last: Plan | None, suggester: NameSuggester
) -> Iterator[Fault]:
    """Yield results of creators who are unknown or declined, and results of unknown offers."""
    roster_keys, faulty = set(match_keys(roster.texts["creator"].labels)), set()
    contracts = contracts_by_creator(request.contracts)
    known = () if last is None or last.campaign.running is None else last.campaign.running.contracts
    posted = {(match_key(each.creator), each.wave) for each in known if is_posted(each)}
    for actual in request.results:
        creator, key = actual.creator, match_key(actual.creator)
        if key in faulty:
            continue
        if key not in roster_keys:
            faulty.add(key)
            message = f"{creator} has results but is not on the roster"
            yield _update_fault(request.results_file, creator, "results-unknown", message, suggester)
        elif (key, actual.wave) not in posted and _only_declined(contracts.get(key, ()), actual.wave):
            faulty.add(key)
            which = "" if actual.wave is None else ", name the wave that they declined"
            fix = f"correct the state 'declined'{which}, or remove the results of {creator}"
            message = f"{creator} declined but has results{f' in {actual.wave}' if actual.wave else ''}"
            yield _update_fault(request.results_file, creator, "results-declined", message, suggester, fix)
    yield from _unmatched_result_faults(request, roster)


def _only_declined(contracts: Sequence[Contract], wave: str | None) -> bool:
    """Whether a creator, whose contracts these are, declined a wave, and nothing is agreed that may mean it."""
    return has_declined(contracts, wave) and not any(each.kept and each.wave in (None, wave) for each in contracts)


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
            message = f"{actual.creator} has results of {offer}, but the roster has no such offer"
            fix = f"name an offer of the roster: {', '.join(sorted(offers))}"
            yield _update_fault(request.results_file, actual.creator, "results-offer", message, NameSuggester(()), fix)


def _update_fault(
    file: SourceFile | None, creator: str, code: str, message: str, suggester: NameSuggester, fix: str = ""
) -> Fault:
    row = None if file is None else file.rows.get(match_key(creator))
    header = "creator" if file is None else file.header
    fix = fix or suggester.suggest(creator) or f"put the row of {creator} back into the roster"
    return Fault(code=code, message=message, fix=fix, row=row, column=header, value=creator)
