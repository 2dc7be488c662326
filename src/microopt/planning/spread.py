"""Propose a cap on what each creator brings, where two of them carry most of a plan.

A cap on every creator is a row for each, and nearly all of them are never reached. The campaign is planned with caps on
those alone who bring more than they may, until nobody does: the plan then keeps a cap on everybody, and no other such
plan is better, because it is the best one of fewer rules.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from msgspec.structs import replace

from microopt.campaign.campaign import Campaign, Clause, RangeRule, Selector
from microopt.campaign.goals import BALANCED_METRICS, MEASURE_OF_GOAL
from microopt.campaign.metrics import METRICS, NET_REACH, metrics_of
from microopt.campaign.rule_grammar import format_rule
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.difference import NOT_LOOKED_AT, Difference
from microopt.plan.plan import Plan
from microopt.plan.spread import CAP, EMPTY, EVEN, MOST_OF_TWO, PlanSpread
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import Range
from microopt.solver.result import Termination

MOST_ROUNDS = 12  # plans that are made anew; each caps at least one more creator


def find_spread(plan: Plan, make_plan: Callable[[Campaign], Plan | Diagnosis | None]) -> PlanSpread | None:
    """Return how much the two largest creators carry, and the best plan in which nobody carries more than a quarter.

    Parameters
    ----------
    make_plan
        Plans a campaign on the same roster; None if there is no time left for it.

    Returns
    -------
    None for a plan without any of the results of its goal.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    found = [(two_largest(plan, metric), metric) for metric in spread_metrics(plan.campaign)]
    ((share, largest), metric) = max(found, key=lambda each: each[0][0])
    if not largest:
        return None
    spread = PlanSpread(metric=metric, largest=largest, share=share, cap=CAP, rules=(), status=EVEN)
    return spread if share <= MOST_OF_TWO else _capped(plan, spread, make_plan)


def spread_metrics(campaign: Campaign) -> tuple[str, ...]:
    """Return the results that a goal counts, of which a share by creator can be told."""
    goal = campaign.goal
    if goal.name in MEASURE_OF_GOAL:
        return (MEASURE_OF_GOAL[goal.name],)
    if goal.name == NET_REACH:
        return ("reach",)
    if goal.name == "balanced":
        return BALANCED_METRICS
    if goal.name == "profit":
        return ("conversions",)
    valued = [name for name, worth in goal.worths.items() if worth]
    named = [name for name in (*valued, *goal.targets) if name in METRICS]
    return tuple(named) or ("engagements",)


def two_largest(plan: Plan, metric: str) -> tuple[Fraction, tuple[str, ...]]:
    """Return which share of a result the two largest creators bring, and who they are."""
    amounts = _by_creator(plan, metric)
    total = sum(amount for _, amount in amounts.values())
    largest = sorted(amounts.items(), key=lambda item: (-item[1][1], item[0]))[:2]
    if not total:
        return Fraction(0), ()
    return Fraction(sum(amount for _, (_, amount) in largest), total), tuple(name for _, (name, _) in largest)


def _by_creator(plan: Plan, metric: str) -> dict[str, tuple[str, int]]:
    """Return the name of each creator of a plan and what they bring in thousandths, by match key."""
    amounts: dict[str, tuple[str, int]] = {}
    for pick in plan.picks:
        key = match_key(pick.creator)
        name, amount = amounts.get(key, (pick.creator, 0))
        amounts[key] = name, amount + pick.metrics[metric]
    return amounts


def _capped(plan: Plan, spread: PlanSpread, make_plan: Callable[[Campaign], Plan | Diagnosis | None]) -> PlanSpread:
    ideals = plan.ideals if plan.campaign.goal.name == "balanced" else plan.campaign.ideals
    campaign, current = replace(plan.campaign, ideals=ideals), plan
    caps: tuple[RangeRule, ...] = ()
    for _ in range(MOST_ROUNDS):
        above = _above_cap(current, spread.metric)
        if not above:
            change = _difference(plan, current)
            return replace(spread, rules=_labels(caps), status=current.status, change=change)
        caps = (*caps, *(cap_rule(creator, spread.metric) for creator in above))
        made = make_plan(replace(campaign, rules=(*campaign.rules, *caps)))
        if isinstance(made, Diagnosis):
            known = made.status == Termination.INFEASIBLE.value
            return replace(spread, rules=_labels(caps), status=made.status if known else NOT_LOOKED_AT)
        if made is None:
            break
        if not made.picks:
            return replace(spread, rules=_labels(caps), status=EMPTY)
        current = made
    return replace(spread, rules=_labels(caps), status=NOT_LOOKED_AT)


def _labels(caps: tuple[RangeRule, ...]) -> tuple[str, ...]:
    return tuple(rule.label for rule in caps)


def _above_cap(plan: Plan, metric: str) -> list[str]:
    amounts = _by_creator(plan, metric)
    total = sum(amount for _, amount in amounts.values())
    return [name for name, amount in amounts.values() if amount > CAP * total]


def cap_rule(creator: str, metric: str) -> RangeRule:
    """Return the rule that limits a creator to the cap of a result."""
    selector = Selector(clauses=(Clause(column="creator", values=(creator,)),))
    rule = RangeRule(label="", selector=selector, measure=metric, bounds=Range(None, CAP, percent=True))
    return replace(rule, label=format_rule(rule))


def _difference(before: Plan, after: Plan) -> Difference:
    old, new = before.totals, after.totals
    gain, value = after.proof.objective - before.proof.objective, before.proof.objective
    names = [{match_key(pick.creator): pick.creator for pick in plan.picks} for plan in (before, after)]
    return Difference(
        objective=gain,
        share=gain / abs(value) if value else None,
        creators=new.creators - old.creators,
        spend=new.spend - old.spend,
        metrics={name: new.metrics[name] - old.metrics[name] for name in metrics_of(new.metrics)},
        added=tuple(name for key, name in names[1].items() if key not in names[0]),
        dropped=tuple(name for key, name in names[0].items() if key not in names[1]),
    )
