"""In how many simulated outcomes a plan reaches a target, keeps a rule, meets an expectation, or overspends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial

import numpy as np
from msgspec import Struct

from microopt.analysis.simulation.distributions import exact_sum, wilson_interval, worst_count
from microopt.analysis.simulation.result import (
    EXPECTATION,
    EXPECTED,
    RULE,
    SOFT_RULE,
    TARGET,
    Overspending,
    SimulatedChance,
)
from microopt.campaign.campaign import RangeRule, Rule
from microopt.campaign.metrics import NET_REACH
from microopt.campaign.progress import own_rule_words
from microopt.errors import UsageError
from microopt.plan.expectations import BUDGET_MEASURES, Expectation
from microopt.planning.audience_overlap import build_overlap
from microopt.planning.audit import is_soft
from microopt.planning.measures import find_measure
from microopt.planning.outcomes.net_reach import total_of
from microopt.planning.outcomes.outcomes import CREATORS, Mask, Outcomes, within
from microopt.planning.outcomes.rules_in_outcomes import ratio_holds, rule_holds
from microopt.planning.ratios import find_ratio
from microopt.quantities.parse_and_format import Range, format_bound

OF_THE_PLAN = ("gap", "switches")  # what expectations say of how a plan was made, which no outcome changes

Holds = Callable[[Outcomes], Mask]


class _Event(Struct, frozen=True, kw_only=True):
    """What may hold in an outcome, and how to find out."""

    kind: str
    label: str
    holds: Holds
    asked: Fraction | None = None


def chances(
    outcomes: Outcomes,
    planned: Outcomes,
    *,
    targets: Mapping[str, Fraction],
    expectations: Sequence[Expectation],
    goal_measures: Sequence[str],
) -> tuple[SimulatedChance, ...]:
    """Return the chance of each target, of the plan's own expected totals, of each rule and each expectation.

    Parameters
    ----------
    planned
        The one outcome in which everything comes as expected.
    targets
        By measure, the least total in the user's units.

    Raises
    ------
    CampaignError
        If the roster or the campaign knows no such measure.
    UsageError
        If an expectation is about how the plan was made.
    """
    events = [
        _Event(kind=TARGET, label=_label(name, least), holds=_reaches(name, least)) for name, least in targets.items()
    ]
    events += [
        _Event(kind=EXPECTED, label=name, holds=_reaches(name, planned_total(outcomes, name))) for name in goal_measures
    ]
    events += [
        _Event(
            kind=SOFT_RULE if is_soft(rule) else RULE,
            label=rule.label,
            holds=partial(_keeps, rule),
            asked=rule.chance if isinstance(rule, RangeRule) else None,
        )
        for rule in outcomes.problem.rules
        if not own_rule_words(rule.label)  # which says whom replan kept, and nothing that the user asked for
    ]
    events += [_Event(kind=EXPECTATION, label=one.label, holds=partial(_meets, one)) for one in expectations]
    return tuple(_chance(event, outcomes, planned) for event in events)


def _chance(event: _Event, outcomes: Outcomes, planned: Outcomes) -> SimulatedChance:
    held = int(event.holds(outcomes).sum())
    low, high = wilson_interval(held, outcomes.count)
    return SimulatedChance(
        kind=event.kind,
        label=event.label,
        outcomes=held,
        share=Fraction(held, outcomes.count),
        low=low,
        high=high,
        planned=bool(event.holds(planned)[0]),
        asked=event.asked,
    )


def _label(measure: str, least: Fraction) -> str:
    return f"{measure} >= {format_bound(least, False)}"


def _keeps(rule: Rule, outcomes: Outcomes) -> Mask:
    return rule_holds(outcomes, rule)


def _meets(expectation: Expectation, outcomes: Outcomes) -> Mask:
    return expectation_holds(outcomes, expectation)


def _reaches(measure: str, least: Fraction) -> Holds:
    def holds(outcomes: Outcomes) -> Mask:
        return within(total_of(outcomes, measure), outcomes.scale(measure), Range(least, None))

    return holds


def planned_total(outcomes: Outcomes, measure: str) -> Fraction:
    """Return the total that the plan expects, in the user's units; the spend and the count are as if all accept."""
    problem = outcomes.problem
    if measure == CREATORS:
        return Fraction(len(np.unique(problem.roster.creator_id)))
    if measure == NET_REACH:
        audience = problem.campaign.audience
        assert audience is not None
        overlap = build_overlap(problem.roster, problem.forecast.metrics["reach"], audience)
        return Fraction(overlap.net_reach(outcomes.every_row), 1000)
    found = find_measure(problem, measure)
    return Fraction(exact_sum(found.weights), found.scale)


def expectation_holds(outcomes: Outcomes, expectation: Expectation) -> Mask:
    """Return whether an expectation is met in each outcome; where its figure is not defined, it is not.

    Raises
    ------
    CampaignError, UsageError
        As `chances` does.
    """
    measure, bounds = expectation.measure, expectation.bounds
    if measure in OF_THE_PLAN:
        message = f"expectation {expectation.label!r} is about how the plan was made, which does not depend on chance"
        raise UsageError(message, fix=f"leave it out here; microopt plan takes it: --expect {expectation.label!r}")
    if measure in BUDGET_MEASURES:
        return _budget_measure_holds(outcomes, expectation)
    if ratio := find_ratio(outcomes.problem, measure):
        below = outcomes.total(ratio.below.name)
        return ratio_holds(ratio, outcomes.total(ratio.above.name), below, bounds) & (below > 0)
    return within(outcomes.total(measure), outcomes.scale(measure), bounds)


def _budget_measure_holds(outcomes: Outcomes, expectation: Expectation) -> Mask:
    """Return whether what is spent, or left of the budget, is as expected."""
    campaign, spend = outcomes.problem.campaign, outcomes.total("spend")
    if campaign.budget is None and (expectation.of_budget or expectation.measure == "unspent"):
        return np.zeros(outcomes.count, dtype=bool)
    amounts = spend if expectation.measure == "spend" else (campaign.spendable or 0) - spend
    return within(amounts, (campaign.budget or 0) if expectation.of_budget else 100, expectation.bounds)


def overspending(outcomes: Outcomes) -> Overspending | None:
    """Return how likely the plan costs more than the budget, and how much more in the worst tenth."""
    budget = outcomes.problem.campaign.budget
    if budget is None:
        return None
    spend = np.sort(outcomes.total("spend"))[::-1]
    excess, tenth = np.maximum(spend - budget, 0), worst_count(outcomes.count)
    above = int((excess > 0).sum())
    low, high = wilson_interval(above, outcomes.count)
    return Overspending(
        budget=budget,
        outcomes=above,
        share=Fraction(above, outcomes.count),
        low=low,
        high=high,
        excess=round(Fraction(exact_sum(excess), max(above, 1))),
        worst_tenth=round(Fraction(exact_sum(excess[:tenth]), tenth)),
    )
