"""Plans found in any order -> the campaign's history: plans from first to last, with what changed between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush

from msgspec.structs import replace

from microopt.campaign.progress import RESULT_METRICS, Contract, ContractState
from microopt.inflight.history.result import ContractTransition, History, HistoryEntry, HistoryResults
from microopt.plan.file_name import SEAL_CHARACTERS
from microopt.plan.plan import Plan
from microopt.plan.wave_pacing import build_wave_pacing
from microopt.quantities.keys import match_key
from microopt.readers.plan_folder import FoundPlan

AgreedOffer = tuple[str, str | None, str | None, str | None]  # key of the creator, platform, offer, wave
# The states that are worth reporting; a change to another one is not news.
REPORTED_STATES = (ContractState.SIGNED, ContractState.LIVE, ContractState.DONE, ContractState.DECLINED)


def build_history(
    source: str, plans: Sequence[FoundPlan], *, last: int | None = None, warnings: Sequence[str] = ()
) -> History:
    """Return the history of a campaign's plans.

    Parameters
    ----------
    source
        The folder or store where they were found.
    plans
        In any order; a plan that is found twice counts once.
    last
        How many of the latest plans to show; all by default.
    warnings
        Warnings about what could not be read.
    """
    altered = [found_plan.file.path for found_plan in plans if not found_plan.file.sealed]
    by_seal: dict[str, FoundPlan] = {}
    for found_plan in plans:
        if found_plan.file.sealed:
            by_seal[found_plan.file.seal] = _merge_duplicate(by_seal.get(found_plan.file.seal), found_plan)
    entries = tuple(_build_entry(found_plan, by_seal) for found_plan in _in_sequence(by_seal))
    siblings = _entries_by_previous(entries)
    entries = tuple(replace(entry, forks=_other_branches(entry, siblings)) for entry in entries)
    latest = entries if last is None else entries[max(0, len(entries) - last) :]
    return History(
        source=source,
        entries=latest,
        omitted=len(entries) - len(latest),
        notes=tuple(_history_notes(entries, siblings)),
        warnings=(*warnings, *(f"{path} was changed after it was written, and is left out" for path in altered)),
    )


def _merge_duplicate(first: FoundPlan | None, second: FoundPlan) -> FoundPlan:
    """Return the first found copy of a plan, with the earlier of the two times: a copy is younger than its plan."""
    if first is None:
        return second
    times = [time for time in (first.made_at, second.made_at) if time is not None]
    return replace(first, made_at=min(times, default=None))


def _made_at(found_plan: FoundPlan) -> str | None:
    summary = found_plan.file.plan.replan
    return found_plan.made_at if summary is None else summary.made_at


def _in_sequence(by_seal: Mapping[str, FoundPlan]) -> Iterator[FoundPlan]:
    """Yield plans, each after the one that it was made from, otherwise the earlier first."""
    followers: dict[str, list[str]] = {}
    ready = []
    for seal, found_plan in by_seal.items():
        previous = found_plan.file.previous
        if previous in by_seal:
            followers.setdefault(previous or "", []).append(seal)
        else:
            ready.append((_made_at(found_plan) or "", seal))
    heapify(ready)
    while ready:
        _, seal = heappop(ready)
        yield by_seal[seal]
        for follower in followers.get(seal, ()):
            heappush(ready, (_made_at(by_seal[follower]) or "", follower))


def _build_entry(found_plan: FoundPlan, by_seal: Mapping[str, FoundPlan]) -> HistoryEntry:
    file, plan = found_plan.file, found_plan.file.plan
    before = None if file.previous is None else by_seal.get(file.previous)
    today = None if plan.campaign.running is None else plan.campaign.running.today
    return HistoryEntry(
        path=file.path,
        seal=file.seal,
        previous=file.previous,
        made_at=_made_at(found_plan),
        name=plan.campaign.name,
        status=plan.status,
        currency=plan.roster.currency,
        budget=plan.campaign.budget,
        totals=plan.totals,
        planned_for=None if today is None else today.isoformat(),
        replan=plan.replan,
        transitions=() if before is None else tuple(_contract_transitions(before.file.plan, plan)),
        results=_results_to_date(plan),
        waves=build_wave_pacing(plan),
        previous_missing=file.previous is not None and before is None,
    )


def _contract_transitions(before: Plan, after: Plan) -> Iterator[ContractTransition]:
    """Yield contracts that changed their state; the same change of several contracts of a creator counts once."""
    states = _states_by_offer(before)
    known = Counter(match_key(contract.creator) for contract in _plan_contracts(after))
    changed: dict[tuple[str, ContractState | None, ContractState], list[Contract]] = {}
    for contract in _plan_contracts(after):
        state, now = _state_before(states, contract), contract.state
        if now in REPORTED_STATES and now is not state:
            changed.setdefault((match_key(contract.creator), state, now), []).append(contract)
    for (key, state, now), contracts in changed.items():
        waves = [contract.wave for contract in contracts if contract.wave is not None]
        some = tuple(dict.fromkeys(waves)) if len(contracts) < known[key] else ()
        yield ContractTransition(creator=contracts[0].creator, before=state, after=now, waves=some)


def _plan_contracts(plan: Plan) -> Sequence[Contract]:
    running = plan.campaign.running
    return () if running is None else running.contracts


def _states_by_offer(plan: Plan) -> dict[AgreedOffer, ContractState]:
    return {
        (match_key(contract.creator), contract.platform, contract.offer, contract.wave): contract.state
        for contract in _plan_contracts(plan)
    }


def _state_before(states: Mapping[AgreedOffer, ContractState], contract: Contract) -> ContractState | None:
    """Return the last state of a contract; if its offer was named differently before, the only one that it can be."""
    key = match_key(contract.creator)
    for offer in (contract.platform, contract.offer, contract.wave), (None, None, contract.wave), (None, None, None):
        if (state := states.get((key, *offer))) is not None:
            return state
    own = {state for (creator, _, _, wave), state in states.items() if creator == key and wave in (None, contract.wave)}
    return own.pop() if len(own) == 1 else None


def _results_to_date(plan: Plan) -> HistoryResults | None:
    running = plan.campaign.running
    if running is None or not running.results:
        return None
    actuals = running.results
    counts = {name: [getattr(actual, name) for actual in actuals] for name in RESULT_METRICS}
    counted = {name: [count for count in values if count is not None] for name, values in counts.items()}
    days = [actual.last_day for actual in actuals if actual.last_day is not None]
    as_of = running.as_of or max(days, default=None)
    return HistoryResults(
        creators=len({match_key(actual.creator) for actual in actuals}),
        posts=sum(actual.posts for actual in actuals),
        metrics={name: sum(values) for name, values in counted.items() if values},
        as_of=None if as_of is None else as_of.isoformat(),
    )


def _entries_by_previous(entries: Sequence[HistoryEntry]) -> dict[str, list[HistoryEntry]]:
    """Return the entries by the seal of the plan that they were made from."""
    by_previous: dict[str, list[HistoryEntry]] = {}
    for entry in entries:
        if entry.previous is not None:
            by_previous.setdefault(entry.previous, []).append(entry)
    return by_previous


def _other_branches(entry: HistoryEntry, siblings: Mapping[str, Sequence[HistoryEntry]]) -> tuple[str, ...]:
    return tuple(sibling.seal for sibling in siblings.get(entry.previous or "", ()) if sibling.seal != entry.seal)


def _history_notes(entries: Sequence[HistoryEntry], siblings: Mapping[str, Sequence[HistoryEntry]]) -> Iterator[str]:
    """Yield which plans are missing, and which plans were followed by more than one."""
    for entry in entries:
        if entry.previous_missing and entry.previous is not None:
            message = f"the plan {entry.previous[:SEAL_CHARACTERS]} that {entry.path} was made from is missing"
            yield f"{message}, so changes of contracts since then are unknown"
    for previous, followers in siblings.items():
        if len(followers) > 1:
            paths = ", ".join(entry.path for entry in followers)
            yield f"{len(followers)} plans were made from the plan {previous[:SEAL_CHARACTERS]}: {paths}"
    firsts = [entry.path for entry in entries if entry.previous is None]
    if len(firsts) > 1:
        yield f"{len(firsts)} of these plans have no previous plan: {', '.join(firsts)}"
