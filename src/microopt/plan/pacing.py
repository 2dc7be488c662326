"""Pacing: a running campaign compared with its plan, in total and by creator."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Annotated

from msgspec import Struct

from microopt.campaign.metrics import internal_units
from microopt.campaign.progress import (
    POSTED_STATES,
    RESULT_METRICS,
    CampaignProgress,
    Contract,
    ContractState,
    PostResults,
)
from microopt.plan.plan import Pick, Plan
from microopt.plan.purchase import purchases_by_creator
from microopt.plan.wave_pacing import WavePacing, build_wave_pacing
from microopt.quantities.keys import match_key
from microopt.quantities.units import Cents, Metrics, Scaled


class MetricPacing(Struct, frozen=True, kw_only=True):
    """One figure of the whole campaign: cents of `spend`, else thousandths.

    Attributes
    ----------
    planned
        The forecast of the first plan, None if unknown.
    to_date
        For `spend`: the cost of creators who have posted, what others were paid, and sunk cost; otherwise the sum of
        what was measured. None if there is nothing.
    projected
        The expected total at the end of the campaign.
    """

    name: str
    planned: Annotated[int | None, Scaled(internal_units, sibling="name")]
    to_date: Annotated[int | None, Scaled(internal_units, sibling="name")]
    projected: Annotated[int, Scaled(internal_units, sibling="name")]


class CreatorPacing(Struct, frozen=True, kw_only=True):
    """One creator under contract: thousandths by metric, for the metrics that are known.

    Attributes
    ----------
    state
        Of several contracts in different states, `live` as soon as one post is out.
    planned
        The forecast when the creator was first kept.
    """

    creator: str
    state: ContractState
    cost: Cents
    planned: Metrics
    to_date: Metrics
    projected: Metrics


class Pacing(Struct, frozen=True, kw_only=True):
    """The progress of a campaign.

    Attributes
    ----------
    day, days
        The day up to which results count, from 1, and the number of days of the campaign; None if dates are unknown.
    waves
        The same by wave of the calendar, in order of time; empty without one.
    committed, paid
        Cents: the cost of creators under contract, and all payments, including those to creators who declined.
    """

    figures: tuple[MetricPacing, ...]
    creators: tuple[CreatorPacing, ...]
    day: int | None
    days: int | None
    committed: Cents
    paid: Cents
    waves: tuple[WavePacing, ...] = ()


def build_pacing(plan: Plan) -> Pacing | None:
    """Return the pacing of a plan's campaign, None if it has not begun."""
    progress = plan.campaign.running
    if progress is None:
        return None
    creators = tuple(_creators_pacing(plan, progress))
    day, days = _days(plan, progress)
    return Pacing(
        figures=tuple(_metric_pacing(plan, progress, creators)),
        creators=creators,
        day=day,
        days=days,
        committed=sum(creator.cost for creator in creators),
        paid=sum(contract.paid or 0 for contract in progress.contracts),
        waves=build_wave_pacing(plan),
    )


def _metric_pacing(
    plan: Plan, progress: CampaignProgress, creators: tuple[CreatorPacing, ...]
) -> Iterator[MetricPacing]:
    spent = _spent(plan, progress, creators)
    projected = plan.totals.spend + progress.sunk_cost
    yield MetricPacing(name="spend", planned=progress.first_forecast.get("spend"), to_date=spent, projected=projected)
    for name in RESULT_METRICS:
        yield MetricPacing(
            name=name,
            planned=progress.first_forecast.get(name),
            to_date=_total_to_date(progress.results, name),
            projected=plan.totals.metrics[name],
        )


def _spent(plan: Plan, progress: CampaignProgress, creators: tuple[CreatorPacing, ...]) -> int | None:
    """Return the cents spent to date: all that was paid, and what the posts that are out cost."""
    posted = posted_costs(plan, progress, creators)
    paid: dict[str, int] = {}
    for contract in progress.contracts:
        if contract.state is not ContractState.DECLINED:  # that is sunk cost
            key = match_key(contract.creator)
            paid[key] = paid.get(key, 0) + (contract.paid or 0)
    spent = progress.sunk_cost + sum(max(posted.get(key, 0), amount) for key, amount in paid.items())
    return spent if spent or posted else None


def posted_costs(plan: Plan, progress: CampaignProgress, creators: Iterable[CreatorPacing]) -> dict[str, Cents]:
    """Return what the posts that are out cost, by match key of their creator: without a calendar, all of theirs."""
    if plan.campaign.calendar is None:
        return {match_key(each.creator): each.cost for each in creators if each.state in POSTED_STATES}
    out: dict[str, list[Contract]] = {}
    for contract in progress.contracts:
        if contract.state in POSTED_STATES:
            out.setdefault(match_key(contract.creator), []).append(contract)
    costs: dict[str, int] = {}
    for pick in plan.picks:
        key = match_key(pick.creator)
        if any(_matches_contract(pick, contract) for contract in out.get(key, ())):
            costs[key] = costs.get(key, 0) + pick.cost
    return costs


def _total_to_date(results: Iterable[PostResults], metric: str) -> int | None:
    """Return a total in thousandths, None if it was not measured."""
    totals = [total for post in results if (total := post.total(metric)) is not None]
    return round(1000 * sum(totals)) if totals else None


def _creators_pacing(plan: Plan, progress: CampaignProgress) -> Iterator[CreatorPacing]:
    """Yield the creators under contract, the most advanced contracts first."""
    purchases = purchases_by_creator(plan.picks)
    contracts: dict[str, list[Contract]] = {}
    for contract in progress.contracts:
        if contract.kept:
            contracts.setdefault(match_key(contract.creator), []).append(contract)
    order = list(ContractState)
    for key, agreements in sorted(
        contracts.items(), key=lambda item: (-max(order.index(c.state) for c in item[1]), item[0])
    ):
        picks = purchases[key].picks if key in purchases else ()
        contracted = [pick for pick in picks if any(_matches_contract(pick, contract) for contract in agreements)]
        if contracted:
            yield _creator_pacing(contracted, agreements, progress, key)


def _matches_contract(pick: Pick, contract: Contract) -> bool:
    """Whether a pick of the creator is covered by a contract, which may leave its offer, platform or wave open."""
    pairs = ((pick.offer, contract.offer), (pick.platform, contract.platform), (pick.wave or "", contract.wave))
    return all(agreed is None or match_key(picked) == match_key(agreed) for picked, agreed in pairs)


def _creator_pacing(
    picks: list[Pick], contracts: list[Contract], progress: CampaignProgress, key: str
) -> CreatorPacing:
    results = [post for post in progress.results if match_key(post.creator) == key]
    to_date = {name: _total_to_date(results, name) for name in RESULT_METRICS}
    return CreatorPacing(
        creator=picks[0].creator,
        state=_whole_state({contract.state for contract in contracts}),
        cost=sum(pick.cost for pick in picks),
        to_date={name: total for name, total in to_date.items() if total is not None},
        planned={
            name: sum(contract.planned[name] for contract in contracts if name in contract.planned)
            for name in RESULT_METRICS
            if any(name in contract.planned for contract in contracts)
        },
        projected={name: sum(pick.metrics[name] for pick in picks) for name in RESULT_METRICS},
    )


def _whole_state(states: Collection[ContractState]) -> ContractState:
    """Return the state of a creator with several contracts: only with all of them is the creator done."""
    if ContractState.DONE in states and len(states) > 1:
        return ContractState.LIVE
    return max(states, key=list(ContractState).index)


def _days(plan: Plan, progress: CampaignProgress) -> tuple[int | None, int | None]:
    starts, ends = plan.campaign.starts, plan.campaign.ends
    day = None if starts is None or progress.as_of is None else (progress.as_of - starts).days + 1
    return day, None if starts is None or ends is None else (ends - starts).days + 1
