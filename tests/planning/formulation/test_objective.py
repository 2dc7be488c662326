"""What a plan is to bring, as integers: exact and in lowest terms where they can be, about 10^10 at most in all."""

from fractions import Fraction

import pytest

from microopt.errors import CampaignError
from microopt.planning.formulation.objective import IDEAL_TOTAL, balanced_objective, metric_objective, worth_objective
from tests.solver.builders import case, roster

OFFERS = roster(["@a", "@b", "@c"], numbers={"score": [1.25, 2.5, float("nan")], "margin": [-1.5, 2, 0]})


def of(cost=(100, 100, 100), budget=10**6, **metrics):
    return case(OFFERS, cost=list(cost), budget=budget, **metrics)


def test_a_metric_is_exact_and_in_lowest_terms():
    goal = metric_objective(of(engagements=[1_000, 2_000, 3_003]), "engagements")
    assert goal.values.tolist() == [1_000, 2_000, 3_003]
    assert goal.unit == Fraction(1, 1_000)
    assert sum(goal.values.tolist()) * goal.unit == Fraction("6.003")
    goal = metric_objective(of(engagements=[500, 2_000, 0]), "engagements")
    assert (goal.values.tolist(), goal.unit) == ([1, 4, 0], Fraction(1, 2))


def test_a_metric_beyond_the_scale_stays_exact_where_lowest_terms_are_within_it():
    goal = metric_objective(of(reach=[4 * 10**13, 10**13, 0]), "reach")
    assert (goal.values.tolist(), goal.unit) == ([4, 1, 0], 10**10)


def test_a_metric_beyond_the_scale_is_rounded():
    goal = metric_objective(of(reach=[4 * 10**13, 10**13 + 5_001, 1]), "reach")
    assert goal.values.tolist() == [4 * 10**9, 10**9 + 1, 0]
    assert goal.unit == 10


def test_the_scale_is_of_what_the_budget_could_buy():
    goal = metric_objective(of(budget=100, engagements=[1_000, 2_000, 3_000]), "engagements")
    assert goal.values.tolist() == [1, 2, 3]
    cheap = metric_objective(of(cost=(1, 10**9, 10**9), reach=[3, 10**16, 10**16]), "reach")
    assert (cheap.values.tolist(), cheap.unit) == ([3, 10**16, 10**16], Fraction(1, 1_000))


def test_a_metric_of_nothing_is_worth_nothing():
    assert metric_objective(of(clicks=[0, 0, 0]), "clicks").values.tolist() == [0, 0, 0]


def test_a_column_may_be_the_goal_and_empty_cells_count_as_nothing():
    goal = metric_objective(of(), "score")
    assert [value * goal.unit for value in goal.values.tolist()] == [Fraction(5, 4), Fraction(5, 2), 0]


def test_negative_values_keep_their_sign():
    goal = metric_objective(of(), "margin")
    assert [value * goal.unit for value in goal.values.tolist()] == [Fraction(-3, 2), 2, 0]


def test_an_unknown_column_is_refused():
    with pytest.raises(CampaignError, match="'scores2' is neither"):
        metric_objective(of(), "scores2")


def test_worths_add_up_to_money():
    worths = {"engagements": Fraction("0.05"), "conversions": Fraction(30)}
    goal = worth_objective(of(engagements=[1_000, 0, 2_000], conversions=[0, 500, 100]), worths)
    assert [float(value * goal.unit) for value in goal.values.tolist()] == pytest.approx([0.05, 15, 3.1])


def test_balanced_adds_shares_of_the_ideals():
    case = of(engagements=[1_000, 3_000, 0], conversions=[0, 10, 40])
    goal = balanced_objective(case, {"engagements": 4_000, "conversions": 50})
    assert goal.values.tolist() == [IDEAL_TOTAL // 4, IDEAL_TOTAL * 95 // 100, IDEAL_TOTAL * 4 // 5]
    assert goal.unit == Fraction(1, IDEAL_TOTAL)


def test_an_ideal_of_zero_drops_out():
    case = of(engagements=[1_000, 3_000, 0], conversions=[0, 0, 0])
    goal = balanced_objective(case, {"engagements": 4_000, "conversions": 0})
    assert goal.values.tolist() == [IDEAL_TOTAL // 4, IDEAL_TOTAL * 3 // 4, 0]
