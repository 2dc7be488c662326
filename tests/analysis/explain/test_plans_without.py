"""Picks that answer for each other give what solving each of them gives."""

import numpy as np
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from microopt.analysis.explain import plans_without
from microopt.analysis.explain.plans_without import PlansWithout
from microopt.planning.counterfactuals import creator_choices
from microopt.solver.result import SolveLimits, Termination
from tests.analysis.explain.test_break_even import answered_of, best, offer
from tests.planning.builders import CALM, build_campaign, campaigns, roster_rows, solver
from tests.scale import examples

LIMITS = SolveLimits(seconds=60.0)
ALIKE = [
    offer(f"@{letter}", 10_000 + 5_000 * (place % 2), 20_000 + 900 * place) for place, letter in enumerate("abcdefgh")
]


def picked_creators(answered):
    names = answered.problem.roster.texts["creator"]
    for name in sorted({names[row].strip() for row in range(len(answered.problem))}):
        columns = creator_choices(answered, name)
        if np.isin(columns, answered.picks).any():
            yield columns


def assert_same(answered, result, columns):
    program = answered.program
    forbidden = np.zeros(len(program), dtype=bool)
    forbidden[columns] = True
    worth = best(program, columns, bought=False)[1]
    assert result.objective == worth
    assert result.termination is (Termination.INFEASIBLE if worth is None else Termination.OPTIMAL)
    if worth is not None:
        assert not program.violated_constraints(result.columns)
        assert not forbidden[result.columns].any()
        assert program.objective_value(result.columns) == worth


@pytest.mark.parametrize("goal", ["balanced", "engagement", "value:score", "least cost"])
@settings(CALM, max_examples=examples(30), phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_every_pick_is_answered_as_if_it_were_solved_alone(goal, data):
    rows = data.draw(roster_rows())
    answered = answered_of(rows, data.draw(campaigns(rows, goal)))
    assume(answered is not None and answered.program.has_linear_objective)
    plans = PlansWithout.of_problem(answered, solver("highs"))
    for columns in picked_creators(answered):
        picked = np.intersect1d(columns, answered.picks)
        without = plans.without_creator(columns, LIMITS)
        assert_same(answered, without, columns)
        assert_same(answered, plans.without_pick(columns, picked, without, LIMITS), picked)


@settings(CALM, max_examples=examples(30), phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_creators_with_few_different_fees_are_answered_as_if_solved_alone(data):
    niches = data.draw(st.lists(st.sampled_from(["beauty", "food"]), min_size=8, max_size=8))
    followers = data.draw(st.lists(st.integers(5_000, 40_000), min_size=8, max_size=8))
    fees = data.draw(st.lists(st.sampled_from([10_000, 15_000, 40_000]), min_size=8, max_size=8))
    rows = [
        offer(f"@{a}", fee, many, niche)
        for a, fee, many, niche in zip("abcdefgh", fees, followers, niches, strict=True)
    ]
    budget = data.draw(st.integers(20_000, 150_000))
    answered = answered_of(rows, build_campaign("niche:food count <= 3", budget=budget))
    assume(answered is not None)
    plans = PlansWithout.of_problem(answered, solver("highs"))
    for columns in picked_creators(answered):
        assert_same(answered, plans.without_creator(columns, LIMITS), columns)


def test_a_pick_is_not_solved_where_one_like_it_was(monkeypatch):
    answered, solved = answered_of(ALIKE, build_campaign(budget=75_000)), []

    def solve_without(*args):
        solved.append(args)
        return original(*args)

    original = plans_without.solve_without
    monkeypatch.setattr(plans_without, "solve_without", solve_without)
    plans = PlansWithout.of_problem(answered, solver("highs"))
    picks = list(picked_creators(answered))
    for columns in picks:
        assert_same(answered, plans.without_creator(columns, LIMITS), columns)
    assert 0 < len(solved) < len(picks)
