"""Pacing: how a campaign that runs stands against its plan, in all and creator by creator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from microopt.campaign.metrics import internal_units
from microopt.campaign.progress import POSTED_STATES, RESULT_METRICS, CampaignProgress, Contract, ContractState
from microopt.plan.plan import Pick, Plan
from microopt.quantities.keys import match_key
from microopt.quantities.units import Cents, Metrics, Scaled


class MetricPacing(Struct, frozen=True, kw_only=True):
    """One figure of the whole campaign: cents of `spend`, else thousandths.

    Attributes
    ----------
    planned
        What the first plan expected, None where that is not known.
    so_far
        Of `spend`: the cost of creators who have posted, and what is sunk; else what was counted. None where nothing
        was.
    expected
        What the campaign will have at its end.
    """

    name: str
    planned: Annotated[int | None, Scaled(internal_units, sibling="name")]
    to_date: Annotated[int | None, Scaled(internal_units, sibling="name")]
    projected: Annotated[int, Scaled(internal_units, sibling="name")]


class CreatorPacing(Struct, frozen=True, kw_only=True):
    """One creator who is kept: thousandths by metric, only of those that are known.

    Attributes
    ----------
    planned
        What was expected when the creator was first kept.
    """

    creator: str
    state: ContractState
    cost: Cents
    planned: Metrics
    to_date: Metrics
    projected: Metrics


class Pacing(Struct, frozen=True, kw_only=True):
    """How a campaign stands.

    Attributes
    ----------
    day, days
        The day that results count up to, from 1, and how many the campaign has; None where dates are not known.
    committed, paid
        Cents: what kept creators cost, and what is paid, to those who declined too.
    """

    figures: tuple[MetricPacing, ...]
    creators: tuple[CreatorPacing, ...]
    day: int | None
    days: int | None
    committed: Cents
    paid: Cents


def build_pacing(plan: Plan) -> Pacing | None:
    """Return how the campaign of a plan stands, None where it has not begun."""
    running = plan.campaign.running
    if running is None:
        return None
    standings = tuple(_creators_pacing(plan, running))
    day, days = _days(plan, running)
    return Pacing(
        figures=tuple(_metric_pacing(plan, running, standings)),
        creators=standings,
        day=day,
        days=days,
        committed=sum(one.cost for one in standings),
        paid=sum(one.paid or 0 for one in running.contracts),
    )


def _metric_pacing(
    plan: Plan, running: CampaignProgress, standings: tuple[CreatorPacing, ...]
) -> Iterator[MetricPacing]:
    posted = [one for one in standings if one.state in POSTED_STATES]
    spent = running.sunk + sum(one.cost for one in posted) if posted or running.sunk else None
    whole = plan.totals.spend + running.sunk
    yield MetricPacing(name="spend", planned=running.first.get("spend"), to_date=spent, projected=whole)
    for name in RESULT_METRICS:
        counted = [total for actual in running.actuals if (total := actual.total(name)) is not None]
        so_far = round(1000 * sum(counted)) if counted else None
        yield MetricPacing(
            name=name, planned=running.first.get(name), to_date=so_far, projected=plan.totals.metrics[name]
        )


def _creators_pacing(plan: Plan, running: CampaignProgress) -> Iterator[CreatorPacing]:
    """Yield the kept creators, those furthest along first."""
    picks: dict[str, list[Pick]] = {}
    for pick in plan.picks:
        picks.setdefault(match_key(pick.creator), []).append(pick)
    contracts: dict[str, list[Contract]] = {}
    for contract in running.contracts:
        if contract.kept:
            contracts.setdefault(match_key(contract.creator), []).append(contract)
    order = list(ContractState)
    for key, mine in sorted(contracts.items(), key=lambda one: (-max(order.index(c.state) for c in one[1]), one[0])):
        bought = [pick for pick in picks.get(key, []) if any(_matches_contract(pick, one) for one in mine)]
        if bought:
            yield _creator_pacing(bought, mine, running, key)


def _matches_contract(pick: Pick, contract: Contract) -> bool:
    """Whether a pick of the creator is what a contract is of."""
    told = ((pick.offer, contract.offer), (pick.platform, contract.platform))
    return all(said is None or match_key(mine) == match_key(said) for mine, said in told)


def _creator_pacing(
    bought: list[Pick], contracts: list[Contract], running: CampaignProgress, key: str
) -> CreatorPacing:
    actuals = [actual for actual in running.actuals if match_key(actual.creator) == key]
    so_far = {}
    for name in RESULT_METRICS:
        counted = [total for actual in actuals if (total := actual.total(name)) is not None]
        if counted:
            so_far[name] = round(1000 * sum(counted))
    order = list(ContractState)
    return CreatorPacing(
        creator=bought[0].creator,
        state=max((one.state for one in contracts), key=order.index),
        cost=sum(pick.cost for pick in bought),
        to_date=so_far,
        planned={
            name: sum(one.planned[name] for one in contracts if name in one.planned)
            for name in RESULT_METRICS
            if any(name in one.planned for one in contracts)
        },
        projected={name: sum(pick.metrics[name] for pick in bought) for name in RESULT_METRICS},
    )


def _days(plan: Plan, running: CampaignProgress) -> tuple[int | None, int | None]:
    starts, ends = plan.campaign.starts, plan.campaign.ends
    day = None if starts is None or running.as_of is None else (running.as_of - starts).days + 1
    return day, None if starts is None or ends is None else (ends - starts).days + 1
