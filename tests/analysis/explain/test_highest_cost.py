"""The highest cost that is found by trying what prices allow is the one that the solver finds."""

import numpy as np
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from microopt.analysis.explain import highest_cost
from microopt.analysis.explain.break_even import BreakEvenSearch
from microopt.analysis.explain.highest_cost import HighestCosts
from microopt.planning.formulation.open_cost import ObjectiveFloor, open_costs
from microopt.solver.result import SolveLimits, Termination
from microopt.solver.search import solve
from tests.analysis.explain.test_break_even import answered_of, best, offer
from tests.planning.builders import CALM, build_campaign, campaigns, roster_rows, solver
from tests.scale import examples

LIMITS = SolveLimits(seconds=60.0)


def costs_both_ways(answered, highest, row):
    """Return the cost program's optimum by prices first, None if that does not prove one, and by the solver."""
    column = int(answered.problem.choice[row])
    without = best(answered.program, column, bought=False)[0]
    if without is None:
        return None, None
    floor = ObjectiveFloor(lower=answered.program.objective_value(without))
    cost_program = highest.open_costs.open_offer(row, floor)
    if cost_program.warm_start.prices is None:
        return None, None
    found = highest.find(cost_program, column, floor.lower, LIMITS)
    if found.columns is not None:
        assert not cost_program.program.violated_constraints(found.columns)
    return (
        found.objective if found.termination is Termination.OPTIMAL else None,
        solve(cost_program.program, solver("highs"), LIMITS, cheapest=False).objective,
    )


@pytest.mark.parametrize("goal", ["balanced", "engagement", "value:score"])
@settings(CALM, max_examples=examples(30), phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_the_costs_of_all_offers_are_those_of_the_solver(goal, data):
    rows = data.draw(roster_rows())
    answered = answered_of(rows, data.draw(campaigns(rows, goal)))
    assume(answered is not None and answered.program.has_linear_objective and not answered.program.has_soft_rows)
    assume(answered.result.prices is not None)
    costs = open_costs(answered.problem, answered.program, answered.result.prices)
    highest = HighestCosts.of_plan(costs, answered.picks, solver("highs"))
    for row in range(len(answered.problem)):
        found, solved = costs_both_ways(answered, highest, row)
        assert found is None or found == solved


@settings(CALM, max_examples=examples(40), phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_where_prices_allow_more_than_any_plan_the_next_lower_cost_is_tried(data):
    followers = data.draw(st.lists(st.integers(5_000, 60_000), min_size=10, max_size=10))
    fees = data.draw(st.lists(st.integers(20, 60), min_size=10, max_size=10))
    rows = [offer(f"@{place}", 500 * fees[place], followers[place]) for place in range(10)]
    answered = answered_of(rows, build_campaign(budget=data.draw(st.integers(100, 300)) * 500))
    assume(answered is not None and answered.result.prices is not None)
    costs = open_costs(answered.problem, answered.program, answered.result.prices)
    highest = HighestCosts.of_plan(costs, answered.picks, solver("highs"))
    for row in range(len(rows)):
        found, solved = costs_both_ways(answered, highest, row)
        assert found is None or found == solved


def test_offers_with_as_much_room_share_one_solve(monkeypatch):
    rows = [offer(f"@{place}", 10_000, 20_000 + 3_000 * place) for place in range(12)]
    answered = answered_of(rows, build_campaign(budget=100_000))
    original, solved = highest_cost.solve, []

    def counted(*args, **named):
        solved.append(args)
        return original(*args, **named)

    monkeypatch.setattr(highest_cost, "solve", counted)
    search = BreakEvenSearch(solved=answered, solver=solver("highs"))
    asked = [row for row in range(len(answered.problem)) if int(answered.problem.choice[row]) in answered.picks]
    for row in asked:
        without = best(answered.program, int(answered.problem.choice[row]), bought=False)[0]
        assert search.find(row, without, LIMITS).exact
    assert 0 < len(solved) < len(asked)
    assert np.isin([answered.problem.choice[row] for row in asked], answered.picks).all()
