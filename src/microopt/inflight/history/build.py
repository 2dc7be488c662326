"""Plans found in any order -> their history: from the first to the last, with what changed from night to night."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush

from msgspec.structs import replace

from microopt.campaign.progress import RESULT_METRICS, Contract, ContractState
from microopt.inflight.history.result import ContractTransition, History, HistoryEntry, HistoryResults
from microopt.plan.file_name import SEAL_CHARACTERS
from microopt.plan.plan import Plan
from microopt.quantities.keys import match_key
from microopt.readers.plan_folder import FoundPlan

REPORTED_STATES = (
    ContractState.SIGNED,
    ContractState.LIVE,
    ContractState.DONE,
    ContractState.DECLINED,
)  # a turn to another one is no news


def build_history(
    source: str, plans: Sequence[FoundPlan], *, last: int | None = None, warnings: Sequence[str] = ()
) -> History:
    """Return the history that plans make.

    Parameters
    ----------
    source
        Where they were found.
    plans
        In any order; one that is there twice counts once.
    last
        How many of the last to show; all by default.
    warnings
        Of what could not be read.
    """
    altered = [one.file.path for one in plans if not one.file.sealed]
    known: dict[str, FoundPlan] = {}
    for one in plans:
        if one.file.sealed:
            seal = one.file.seal
            known[seal] = _merge_duplicate(known.get(seal), one)
    nights = tuple(_build_entry(one, known) for one in _in_sequence(known))
    siblings = _plans_by_previous(nights)
    nights = tuple(replace(night, forks=_other_branches(night, siblings)) for night in nights)
    shown = nights if last is None else nights[max(0, len(nights) - last) :]
    return History(
        source=source,
        entries=shown,
        omitted=len(nights) - len(shown),
        notes=tuple(_history_notes(nights, siblings)),
        warnings=(*warnings, *(f"{path} was changed after it was written, and is left out" for path in altered)),
    )


def _merge_duplicate(one: FoundPlan | None, other: FoundPlan) -> FoundPlan:
    """Return the first that was found of a plan, with the earlier of two times: a copy is younger than its plan."""
    if one is None:
        return other
    times = [time for time in (one.made_at, other.made_at) if time is not None]
    return replace(one, made_at=min(times, default=None))


def _made_on(one: FoundPlan) -> str | None:
    """Return when a plan was made."""
    step = one.file.plan.replan
    return one.made_at if step is None else step.made_at


def _in_sequence(known: Mapping[str, FoundPlan]) -> Iterator[FoundPlan]:
    """Yield plans, each behind the one that it was made from, and else the earlier first."""
    after: dict[str, list[str]] = {}
    ready = []
    for seal, one in known.items():
        previous = one.file.previous
        if previous in known:
            after.setdefault(previous or "", []).append(seal)
        else:
            ready.append((_made_on(one) or "", seal))
    heapify(ready)
    while ready:
        _, seal = heappop(ready)
        yield known[seal]
        for later in after.get(seal, ()):
            heappush(ready, (_made_on(known[later]) or "", later))


def _build_entry(one: FoundPlan, known: Mapping[str, FoundPlan]) -> HistoryEntry:
    file, plan = one.file, one.file.plan
    before = None if file.previous is None else known.get(file.previous)
    return HistoryEntry(
        path=one.file.path,
        seal=file.seal,
        previous=file.previous,
        made_at=_made_on(one),
        name=plan.campaign.name,
        status=plan.status,
        currency=plan.roster.currency,
        budget=plan.campaign.budget,
        totals=plan.totals,
        replan=plan.replan,
        transitions=() if before is None else tuple(_contract_transitions(before.file.plan, plan)),
        results=_results_so_far(plan),
        previous_missing=file.previous is not None and before is None,
    )


def _contract_transitions(before: Plan, after: Plan) -> Iterator[ContractTransition]:
    """Yield who is in another state than before; of several contracts of a creator each, the same turn once."""
    was = _states_by_offer(before)
    told = set()
    for one in _plan_contracts(after):
        key = match_key(one.creator)
        state = was.get((key, one.platform, one.offer), was.get((key, None, None), _only_state(was, key)))
        turn = ContractTransition(creator=one.creator, before=state, after=one.state)
        if one.state in REPORTED_STATES and one.state is not state and (key, state, one.state) not in told:
            told.add((key, state, one.state))
            yield turn


def _plan_contracts(plan: Plan) -> Sequence[Contract]:
    running = plan.campaign.running
    return () if running is None else running.contracts


def _states_by_offer(plan: Plan) -> dict[tuple[str, str | None, str | None], ContractState]:
    return {(match_key(one.creator), one.platform, one.offer): one.state for one in _plan_contracts(plan)}


def _only_state(states: Mapping[tuple[str, str | None, str | None], ContractState], key: str) -> ContractState | None:
    """Return the one state of a creator, whose offer may have been told otherwise."""
    found = {state for (creator, *_), state in states.items() if creator == key}
    return found.pop() if len(found) == 1 else None


def _results_so_far(plan: Plan) -> HistoryResults | None:
    running = plan.campaign.running
    if running is None or not running.actuals:
        return None
    counted = {name: [getattr(one, name) for one in running.actuals] for name in RESULT_METRICS}
    days = [one.last for one in running.actuals if one.last is not None]
    as_of = running.as_of or max(days, default=None)
    return HistoryResults(
        creators=len({match_key(one.creator) for one in running.actuals}),
        posts=sum(one.posts for one in running.actuals),
        metrics={
            name: sum(amount for amount in amounts if amount is not None)
            for name, amounts in counted.items()
            if any(amount is not None for amount in amounts)
        },
        as_of=None if as_of is None else as_of.isoformat(),
    )


def _plans_by_previous(nights: Sequence[HistoryEntry]) -> dict[str, list[HistoryEntry]]:
    """Return by seal the plans that were made from a plan."""
    found: dict[str, list[HistoryEntry]] = {}
    for night in nights:
        if night.previous is not None:
            found.setdefault(night.previous, []).append(night)
    return found


def _other_branches(night: HistoryEntry, siblings: Mapping[str, Sequence[HistoryEntry]]) -> tuple[str, ...]:
    return tuple(other.seal for other in siblings.get(night.previous or "", ()) if other.seal != night.seal)


def _history_notes(nights: Sequence[HistoryEntry], siblings: Mapping[str, Sequence[HistoryEntry]]) -> Iterator[str]:
    """Yield where plans are missing, or were made twice from the same one."""
    for night in nights:
        if night.previous_missing and night.previous is not None:
            told = f"the plan {night.previous[:SEAL_CHARACTERS]} that {night.path} was made from is missing"
            yield f"{told}: how contracts changed that night is not known"
    for previous, made in siblings.items():
        if len(made) > 1:
            paths = ", ".join(night.path for night in made)
            yield f"{len(made)} plans were made from the plan {previous[:SEAL_CHARACTERS]}: {paths}"
    firsts = [night.path for night in nights if night.previous is None]
    if len(firsts) > 1:
        yield f"{len(firsts)} of these plans were made from no other: {', '.join(firsts)}"
