"""Budgets around a plan's own: each point is the best of its budget by the plan's ideals, and one is the plan."""

from itertools import pairwise

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.analysis.frontier import frontier
from microopt.analysis.report.surrounding_budgets import budgets_around, frontier_around_plan
from microopt.analysis.session import PlanSession
from microopt.errors import CampaignError, UsageError
from microopt.plan.diagnosis import Diagnosis
from microopt.planning.audit import is_soft
from microopt.planning.optimize import optimize
from microopt.solver.result import SolveLimits
from tests.analysis.explain.test_explain import ROWS
from tests.planning.builders import CALM, build_campaign, build_roster, campaigns, roster_rows, solver
from tests.scale import examples

LIMITS = SolveLimits(seconds=60.0)


@given(st.integers(1, 10**15), st.integers(2, 40))
def test_budgets_are_round_rise_from_half_to_double_and_hold_the_plans_own(own, steps):
    result = budgets_around(own, steps)
    assert own in result
    assert all(first < second for first, second in pairwise(result))
    assert len(result) <= steps
    assert min(result) >= own // 2 - own / steps
    assert max(result) <= own * 2 + own / steps + 1


def test_budgets_are_those_that_a_person_would_write():
    result = [budget // 100 for budget in budgets_around(2_000_000, 20)]
    assert (result[0], result[-1], len(result)) == (10_000, 40_000, 20)
    assert 20_000 in result
    assert all(budget % 100 == 0 for budget in result)


@pytest.mark.parametrize("steps", [-1, 0, 1, 1_001])
def test_too_few_or_too_many_are_refused(steps):
    with pytest.raises(UsageError, match="out of range"):
        budgets_around(100, steps)


@pytest.mark.parametrize("goal", ["balanced", "conversions", "worth", "net reach"])
@settings(CALM, max_examples=examples(10), phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_each_point_is_the_best_plan_of_its_budget(goal, data):
    rows = data.draw(roster_rows())
    campaign = replace(data.draw(campaigns(rows, goal)), budget=sum(row["fee"] for row in rows) // 2 + 5_000)
    assume(not any(is_soft(rule) for rule in campaign.rules))
    roster = build_roster(rows)
    try:
        plan = optimize(roster, campaign, limits=LIMITS, solver=solver("highs"))
    except CampaignError:
        assume(False)
    assume(not isinstance(plan, Diagnosis))
    budgets = budgets_around(campaign.budget, 5)
    result = frontier_around_plan(PlanSession.from_plan(plan, roster), budgets, limits=LIMITS, solver=solver("highs"))
    for point in result.points:
        alone = optimize(
            roster,
            replace(campaign, budget=point.budget, ideals=plan.ideals if goal == "balanced" else ()),
            limits=LIMITS,
            solver=solver("highs"),
        )
        if isinstance(alone, Diagnosis):
            assert (point.status, point.objective) == ("infeasible", None)
        else:
            assert abs(point.objective - alone.proof.objective) <= abs(alone.proof.objective) / 10**6
    own = next(point for point in result.points if point.budget == campaign.budget)
    assert (own.totals, own.mix, own.objective) == (plan.totals, plan.mix, plan.proof.objective)


def test_the_lowest_budget_begins_at_the_prices_of_the_plan(monkeypatch):
    hints, real = [], frontier.solve_cheapest
    monkeypatch.setattr(frontier, "solve_cheapest", lambda *args: hints.append(args[-1]) or real(*args))
    session = PlanSession.from_roster(
        build_roster(ROWS), build_campaign(budget=60_000), limits=LIMITS, solver=solver("cbc")
    )
    frontier_around_plan(session, budgets_around(60_000, 5), limits=LIMITS, solver=solver("cbc"))
    assert len(hints) == 4
    assert all(hint.prices is not None for hint in hints)


def test_after_the_time_the_plan_alone_is_known():
    campaign = build_campaign(budget=60_000)
    session = PlanSession.from_roster(build_roster(ROWS), campaign, limits=LIMITS, solver=solver("cbc"))
    result = frontier_around_plan(
        session, budgets_around(60_000, 5), limits=SolveLimits(seconds=0.0), solver=solver("cbc")
    )
    assert [point.status for point in result.points].count("not looked at") == len(result.points) - 1
    assert next(point for point in result.points if point.budget == 60_000).status == "optimal"
