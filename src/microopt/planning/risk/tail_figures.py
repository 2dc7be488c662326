"""The figures of a plan for the worst outcomes, recomputed from its picks and its scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from microopt.campaign.goals import BALANCED_METRICS
from microopt.plan.tail import FreshTail, MetricFigures, Tail, TailFigures
from microopt.planning.fresh_draws import fresh_draws_of
from microopt.planning.measures import find_measure
from microopt.planning.problem import PlanningProblem
from microopt.planning.risk.tail_goal import TailGoal, worst_of
from microopt.planning.risk.weakest_rule import weakest_rule
from microopt.planning.scenario_values import goal_in_scenarios, measure_in_scenarios, sum_by_choice
from microopt.solver.program import Columns
from microopt.solver.worst_mean import ScenarioSet

if TYPE_CHECKING:
    from microopt.forecast.scenarios import Scenarios


def measure_plan(tail: TailGoal, picks: Columns) -> TailFigures:
    """Return what a plan brings on average, and in its worst scenarios."""
    unit, goal = tail.by_means.unit, tail.goal
    return TailFigures(
        mean=int(tail.by_means.values[picks].sum()) * unit, worst=goal.worst_sum(picks) * unit / goal.worst
    )


def measure_on_fresh_draws(
    problem: PlanningProblem, tail: TailGoal, plans: Sequence[Columns]
) -> tuple[Scenarios, tuple[TailFigures, ...]]:
    """Return draws that no plan was chosen by, and what each plan brings in them.

    Raises
    ------
    CampaignError
        As `goal_in_scenarios`.
    """
    assert problem.campaign.worst_share is not None
    choices = np.unique(np.concatenate(plans))
    draws = fresh_draws_of(problem, np.flatnonzero(np.isin(problem.choice, choices)))
    values = goal_in_scenarios(problem, draws, tail.by_means, tail.ideals)
    unit, worst = tail.by_means.unit, worst_of(problem.campaign.worst_share, draws.count)

    def figures(plan: Columns) -> TailFigures:
        totals = np.sort(values[np.searchsorted(choices, plan)].sum(axis=0)).tolist()  # of Python: they add up exactly
        return TailFigures(mean=sum(totals) * unit / draws.count, worst=sum(totals[:worst]) * unit / worst)

    return draws, tuple(figures(plan) for plan in plans)


def measure_metrics(problem: PlanningProblem, draws: Scenarios, picks: Columns) -> tuple[MetricFigures, ...]:
    """Return what a plan brings of each metric of a balanced goal; nothing for any other goal.

    Parameters
    ----------
    draws
        The fresh draws of all offers of some choices, those of the plan among them.
    """
    if problem.campaign.goal.name != "balanced":
        return ()
    assert problem.campaign.worst_share is not None and draws.rows is not None
    places = np.searchsorted(np.unique(problem.choice[draws.rows]), picks)
    worst = worst_of(problem.campaign.worst_share, draws.count)
    figures = []
    for name in BALANCED_METRICS:
        measure = find_measure(problem, name)
        expected = problem.sum_by_choice(measure.weights)[picks]
        values = sum_by_choice(problem, measure_in_scenarios(problem, draws, name), draws.rows)
        least = np.sort(values[places].sum(axis=0))[:worst].tolist()
        mean = Fraction(int(expected.sum()), measure.scale)
        figures.append(MetricFigures(metric=name, mean=mean, worst=Fraction(sum(least), worst * measure.scale)))
    return tuple(figures)


def build_tail(
    problem: PlanningProblem, tail: TailGoal, picks: Columns, means: Sequence[int], sets: tuple[ScenarioSet, ...]
) -> Tail:
    """Return what is kept with a plan for the worst outcomes.

    Parameters
    ----------
    means
        The choices of the plan of means.
    """
    campaign = problem.campaign
    assert campaign.worst_share is not None
    of_means = np.asarray(means, dtype=np.intp)
    draws, (fresh, fresh_of_means) = measure_on_fresh_draws(problem, tail, (picks, of_means))
    return Tail(
        share=campaign.worst_share,
        scenarios=campaign.scenarios.count,
        seed=campaign.scenarios.seed,
        worst=tail.goal.worst,
        plan=measure_plan(tail, picks),
        of_means=measure_plan(tail, of_means),
        fresh=FreshTail(
            draws=draws.count,
            seed=draws.seed,
            plan=fresh,
            of_means=fresh_of_means,
            weakest_rule=weakest_rule(problem, draws, picks),
        ),
        metrics=measure_metrics(problem, draws, picks),
        metrics_of_means=measure_metrics(problem, draws, of_means),
        means=tuple(int(choice) for choice in means),
        sets=sets,
    )
