"""What a plan is to bring, as integers: exact and in lowest terms where a goal is made of whole units."""

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


def test_a_large_metric_is_exact_and_in_lowest_terms():
    goal = metric_objective(of(reach=[4 * 10**13, 10**13, 0]), "reach")
    assert (goal.values.tolist(), goal.unit) == ([4, 1, 0], 10**10)
    goal = metric_objective(of(reach=[4 * 10**13, 10**13 + 5_001, 1]), "reach")
    assert (goal.values.tolist(), goal.unit) == ([4 * 10**13, 10**13 + 5_001, 1], Fraction(1, 1_000))


def test_numbers_that_do_not_add_up_exactly_are_refused():
    assert metric_objective(of(reach=[2**61, 2**60, 2**60 - 1]), "reach").values.tolist() == [2**61, 2**60, 2**60 - 1]
    with pytest.raises(CampaignError, match="the numbers of the goal are too large to add up exactly"):
        metric_objective(of(reach=[2**61, 2**61, 2**60]), "reach")


def test_a_metric_of_nothing_is_worth_nothing():
    assert metric_objective(of(clicks=[0, 0, 0]), "clicks").values.tolist() == [0, 0, 0]


def test_a_column_may_be_the_goal_and_empty_cells_count_as_nothing():
    goal = metric_objective(of(), "score")
    assert [value * goal.unit for value in goal.values.tolist()] == [Fraction(5, 4), Fraction(5, 2), 0]


@pytest.mark.parametrize(
    "cells",
    [
        [9_000_000_000.5, 1, 0],  # three decimals count beyond 10^6
        [999_999_999_999_999.125, 0.25, 2],  # the product in doubles is off by 5
        [10**15, 10**15 + 1, 3],
        [2**61, 2**53, 1],
    ],
)
def test_a_column_of_large_numbers_is_exact(cells):
    goal = metric_objective(case(roster(["@a", "@b", "@c"], numbers={"score": cells}), cost=[1, 1, 1]), "score")
    assert [value * goal.unit for value in goal.values.tolist()] == [Fraction(cell) for cell in cells]


@pytest.mark.parametrize("cells", [[1e300, 1, 1], [2.0**62, 2.0**61, 1], [1e16, 0.5, 1]])
def test_a_column_whose_numbers_do_not_add_up_exactly_is_refused(cells):
    with pytest.raises(CampaignError, match="the numbers of column 'score' are too large to add up exactly"):
        metric_objective(case(roster(["@a", "@b", "@c"], numbers={"score": cells}), cost=[1, 1, 1]), "score")


def test_negative_values_keep_their_sign():
    goal = metric_objective(of(), "margin")
    assert [value * goal.unit for value in goal.values.tolist()] == [Fraction(-3, 2), 2, 0]


def test_an_unknown_column_is_refused():
    with pytest.raises(CampaignError, match="'scores2' is neither"):
        metric_objective(of(), "scores2")


def test_worths_add_up_to_exact_money():
    worths = {"engagements": Fraction("0.05"), "conversions": Fraction(30)}
    goal = worth_objective(of(engagements=[1_001, 0, 2 * 10**14], conversions=[0, 500, 100]), worths)
    assert [value * goal.unit for value in goal.values.tolist()] == [Fraction("0.05005"), 15, 10**10 + 3]


def test_worths_of_too_many_digits_are_rounded_to_the_scale():
    worths = {"reach": Fraction(1_000, 10**9 + 7), "clicks": Fraction(1_000, 10**9 + 9)}
    goal = worth_objective(of(reach=[10**10, 3 * 10**10, 0], clicks=[0, 0, 6 * 10**10]), worths)
    assert [round(value * goal.unit) for value in goal.values.tolist()] == [10, 30, 60]
    assert 10**9 < sum(goal.values.tolist()) <= IDEAL_TOTAL


def test_a_worth_of_nothing_counts_as_nothing():
    goal = worth_objective(of(reach=[0, 0, 0], clicks=[2, 0, 0]), {"reach": Fraction(10**30), "clicks": Fraction(1)})
    assert [value * goal.unit for value in goal.values.tolist()] == [Fraction(1, 500), 0, 0]


def test_balanced_adds_shares_of_the_ideals():
    case = of(engagements=[1_000, 3_000, 0], conversions=[0, 10, 40])
    goal = balanced_objective(case, {"engagements": 4_000, "conversions": 50})
    assert goal.values.tolist() == [IDEAL_TOTAL // 4, IDEAL_TOTAL * 95 // 100, IDEAL_TOTAL * 4 // 5]
    assert goal.unit == Fraction(1, IDEAL_TOTAL)


def test_an_ideal_of_zero_drops_out():
    case = of(engagements=[1_000, 3_000, 0], conversions=[0, 0, 0])
    goal = balanced_objective(case, {"engagements": 4_000, "conversions": 0})
    assert goal.values.tolist() == [IDEAL_TOTAL // 4, IDEAL_TOTAL * 3 // 4, 0]
