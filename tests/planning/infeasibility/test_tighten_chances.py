from fractions import Fraction
from itertools import combinations
from math import floor, log10

import numpy as np
import pytest

from microopt.planning.audit import rule_usage
from microopt.planning.infeasibility.best_chance import best_chances
from microopt.planning.infeasibility.diagnose import diagnose
from microopt.planning.optimize import plan_problem
from microopt.planning.time_budget import TimeBudget
from microopt.solver.result import SolveLimits
from tests.planning.test_chances import problem_of, rows_of
from tests.solver.builders import FREE, solver

EPSILON = Fraction(1, 50)


def plans_within(problem, budget):
    """Yield each plan that has somebody, at most one offer of each creator, and costs no more."""
    for size in range(1, len(problem) + 1):
        for rows in map(list, combinations(range(len(problem)), size)):
            distinct = len({int(problem.roster.creator_id[row]) for row in rows}) == size
            if distinct and int(problem.forecast.cost[rows].sum()) <= budget:
                yield np.isin(np.arange(len(problem)), rows)


@pytest.fixture
def infeasible(tmp_path):
    rows = rows_of([100, 150, 220, 310, 400, 520])
    return problem_of(rows, "all engagements >= 900000 in 90%", budget=90_000, tmp_path=tmp_path)


def repairs_of(problem):
    quick = plan_problem(problem, limits=FREE, solver=solver("highs"))
    return diagnose(problem, quick, solver("highs"), FREE)


def test_a_repaired_limit_with_a_chance_is_kept_by_a_plan_is_round_and_is_about_the_highest(infeasible):
    rule, budget = infeasible.rules[0], infeasible.campaign.spendable
    best = max(rule_usage(infeasible, rule, plan).used for plan in plans_within(infeasible, budget))
    found = repairs_of(infeasible)
    moved = [
        (candidate, change)
        for candidate in found.candidates
        for change in candidate.repair.changes
        if change.label == rule.label and len(candidate.repair.changes) == 1
    ]
    assert moved
    for candidate, change in moved:
        step = Fraction(10) ** (floor(log10(change.after)) - 2)
        assert change.after % step == 0
        assert best * (1 - EPSILON) <= change.after <= best
        plan = plan_problem(candidate.problem, limits=FREE, solver=solver("highs"))
        assert plan.rules[0].used >= change.after
        assert plan.rules[0].chance.share >= plan.rules[0].chance.asked


def test_a_higher_limit_with_a_chance_never_needs_a_lower_budget(tmp_path):
    rows, budgets = rows_of([100, 150, 220, 310, 400, 520]), []
    plain = problem_of(rows, "all engagements >= 1 in 90%", budget=10_000, tmp_path=tmp_path)
    rule = plain.rules[0]
    reached = {
        int(plain.forecast.cost[plan].sum()): rule_usage(plain, rule, plan).used for plan in plans_within(plain, 10**9)
    }
    costs = sorted(reached)
    for cost in (costs[len(costs) // 2], costs[3 * len(costs) // 4]):
        limit = floor(reached[cost])
        problem = problem_of(rows, f"all engagements >= {limit} in 90%", budget=12_000, tmp_path=tmp_path)
        cheapest = min(
            int(problem.forecast.cost[plan].sum())
            for plan in plans_within(problem, 10**9)
            if rule_usage(problem, rule, plan).used >= limit
        )
        changes = [each.repair.changes for each in repairs_of(problem).candidates]
        budget = next(each[0].after for each in changes if len(each) == 1 and each[0].label == "budget")
        assert cheapest <= budget * 100 <= cheapest * (1 + EPSILON)
        budgets.append((limit, budget))
    (low, less), (high, more) = sorted(budgets)
    assert low <= high and less <= more


def test_no_chance_is_said_to_be_possible_that_was_proven_impossible(infeasible):
    hurried = TimeBudget(SolveLimits(seconds=20.0, nodes=1))
    rule = infeasible.rules[0]
    for best in best_chances(infeasible, [rule.label], solver("highs"), hurried):
        assert best.share <= best.at_most < rule.chance
