"""Case + objective -> Program: all families, groups by creator, nothing too large to be exact."""

import re
from fractions import Fraction

import numpy as np
import pytest
from msgspec.structs import replace

from microopt.errors import CampaignError
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import Objective
from microopt.solver.greedy_fill import greedy_fill
from tests.solver.builders import case, dense, picks, roster

OFFERS = roster(["@b", "@a", "@B", "@c"], niche=["beauty", "food", "beauty", "tech"], numbers={"score": [1, 2, 3, 4]})


def objective(*values):
    return Objective(values=np.asarray(values, dtype=np.int64), unit=Fraction(1))


def test_every_family_of_rules_has_its_rows():
    rules = ("all count <= 3", "niche:tech spend <= 40%", "all mean(score) >= 2", "creator:@a requires creator:@b")
    instance = formulate(case(OFFERS, *rules, cost=[1, 2, 3, 4], include=("@c",)), objective(1, 2, 3, 4))
    assert [limit.label for limit in instance.rows] == ["budget", "include @c", *rules]


def test_offers_of_one_creator_are_a_group_however_spelled():
    instance = formulate(case(OFFERS, cost=[1, 2, 3, 4]), objective(1, 2, 3, 4))
    assert instance.group.tolist() == [0, 1, 0, 2]
    assert (instance.objective.tolist(), instance.cost.tolist()) == ([1, 2, 3, 4], [1, 2, 3, 4])


def test_a_row_stands_for_what_its_rule_says():
    instance = formulate(case(OFFERS, "niche:beauty count >= 1", cost=[1, 2, 3, 4], budget=9), objective(1, 2, 3, 4))
    assert [dense(limit, 4) for limit in instance.rows] == [([1, 2, 3, 4], None, 9), ([1, 0, 1, 0], 1, None)]


def check_refused(problem, values, label):
    with pytest.raises(CampaignError, match=f"the numbers of {label} are too large to add up exactly") as error:
        formulate(problem, values)
    assert error.value.code == "numbers-too-large"


def test_values_too_large_to_add_up_exactly_are_refused():
    check_refused(case(OFFERS, cost=[1, 2, 3, 4]), objective(2**61, 2**61, 2**61, 1), "the goal")


def test_costs_too_large_to_add_up_exactly_are_refused():
    check_refused(case(OFFERS, cost=[7, 2**61, 2**61, 2**61]), objective(1, 2, 3, 4), "budget")


@pytest.mark.parametrize("rule", ["niche:tech reach <= 33.3333333%", "all mean(reach) >= 9000000000000.000000001"])
def test_rules_that_multiply_out_beyond_64_bits_are_refused(rule):
    problem = case(OFFERS, rule, cost=[1, 2, 3, 4], reach=[10**11, 10**11, 10**11, 10**11 + 1])
    check_refused(problem, objective(1, 2, 3, 4), re.escape(rule))


def test_a_limit_beyond_64_bits_limits_nothing():
    instance = formulate(case(OFFERS, "all score <= 10000000000000", cost=[1, 2, 3, 4]), objective(1, 2, 3, 4))
    assert greedy_fill(instance, picks(3, 2, 1, 0)).tolist() == [1, 2, 3]


@pytest.mark.parametrize("ideal", [Fraction(50), Fraction(-50)])
def test_breaking_a_soft_rule_costs_a_percent_of_the_best_possible_even_if_that_is_negative(ideal):
    goal = replace(objective(1, 2, 3, 4), ideal=ideal)
    instance = formulate(case(OFFERS, "all count >= 3 (soft 2%)", cost=[1, 2, 3, 4]), goal)
    assert [row.penalty for row in instance.rows] == [None, 1.0]
