"""The goal of a plan for the worst outcomes: the mean of the campaign's goal over the worst share of its scenarios.

Of S scenarios, the k = ceil(share * S) in which a plan brings least count. The program counts their sum in integers of
the goal's objective, so one unit of the program is the k-th part of one of the objective.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign, Ideal
from microopt.errors import CampaignError, UsageError
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import Objective
from microopt.planning.problem import PlanningProblem
from microopt.planning.scenario_values import goal_in_scenarios, scenarios_of
from microopt.solver.arrays import check_exact_sum
from microopt.solver.worst_mean import ScenarioSet, WorstMean


class TailGoal(Struct, frozen=True, kw_only=True, eq=False):
    """The worst scenarios of a problem's goal as a program.

    Attributes
    ----------
    goal
        The program, and what each choice brings in each scenario, in integers of `by_means`.
    objective
        What one unit of the program is worth; its own values are those of the program's linear part.
    by_means
        The objective of the mean.
    ideals
        Of a balanced goal, the best total of each metric in thousandths.
    """

    goal: WorstMean
    objective: Objective
    by_means: Objective
    ideals: Mapping[str, int]


def counted_scenarios(campaign: Campaign) -> int:
    """Return how many of a campaign's scenarios count: its worst share of them, rounded up."""
    assert campaign.worst_share is not None
    return worst_of(campaign.worst_share, campaign.scenarios.count)


def worst_of(share: Fraction, count: int) -> int:
    """Return how many of some scenarios are their worst share, rounded up."""
    return max(1, ceil(share * count))


def build_tail_goal(
    problem: PlanningProblem, by_means: Objective, ideals: Sequence[Ideal], weight: Fraction = Fraction(1)
) -> TailGoal:
    """Return the goal of the worst scenarios, or a mix of it and the mean of all.

    Parameters
    ----------
    by_means
        The objective of the mean.
    weight
        The share of the worst scenarios in the mix, above 0: `weight * worst + (1 - weight) * mean`.

    Raises
    ------
    CampaignError
        If scenarios do not have the goal, its rules count net reach, or its numbers are too large.
    """
    worst = counted_scenarios(problem.campaign)
    totals = {ideal.metric: ideal.total for ideal in ideals}
    values = goal_in_scenarios(problem, scenarios_of(problem), by_means, totals)
    check_exact_sum("the goal in the worst scenarios", np.abs(values).max(axis=1, initial=0).astype(float) * worst)
    part = (weight.denominator - weight.numerator) * worst
    linear = by_means.values * part
    check_exact_sum("the goal", by_means.values.astype(float) * part)
    objective = replace(by_means, values=linear, unit=by_means.unit / (worst * weight.denominator))
    program = formulate(problem, objective, by_means=True)
    if program.pools:
        message, fix = "--risk cannot be combined with a rule on net reach", "drop --risk, or the rule on net reach"
        raise CampaignError(message, fix=fix, code="risk-goal")
    if program.quotas:
        message = f"--risk cannot be combined with a rule that has a chance: {program.quotas[0].label}"
        fix = "drop --risk, or the chance: each of them already keeps a plan from the worst outcomes"
        raise CampaignError(message, fix=fix, code="scenarios-goal")
    return TailGoal(
        goal=WorstMean(program=program, values=values, worst=worst, weight=weight.numerator),
        objective=objective,
        by_means=by_means,
        ideals=totals,
    )


def wrong_sets(goal: WorstMean, sets: Sequence[ScenarioSet]) -> str:
    """Return what is wrong with sets of scenarios that a plan states, or nothing."""
    count = goal.values.shape[1]
    if not sets:
        return "at least one is needed"
    for chosen in sets:
        if len(chosen) != goal.worst or list(chosen) != sorted(set(chosen)):
            return f"each must be {goal.worst:,} different scenarios in ascending order"
        if chosen[0] < 0 or chosen[-1] >= count:
            return f"the scenarios are those from 0 to {count - 1:,}"
    return "one of them is there twice" if len(set(sets)) < len(sets) else ""


def refuse_worst_share(campaign: Campaign, study: str) -> None:
    """Refuse a study that measures by the mean of all outcomes for a campaign that plans for the worst of them.

    Parameters
    ----------
    study
        The command.

    Raises
    ------
    UsageError
        If the campaign has a worst share.
    """
    if campaign.worst_share is None:
        return
    message = f"{study} measures by the mean of all outcomes, and this plan is for the worst of them (--risk)"
    fix = f"make the plan without --risk, and use {study} on that one; to vary the risk: microopt tradeoff --risk"
    raise UsageError(message, fix=fix, code="risk-not-studied")
