"""`--budget`: what the picks cost, in cents."""

from microopt.planning.formulation.rules import fixed as budget
from microopt.solver.program import reduce_by_gcd
from tests.solver.builders import case, dense, roster


def test_the_budget_is_a_row_of_costs():
    (limit,) = budget.rows(case(roster(["@a", "@b", "@c"]), cost=[700, 1_001, 13], budget=2_000))
    assert limit.label == "budget"
    assert dense(reduce_by_gcd(limit), 3) == ([700, 1_001, 13], None, 2_000)


def test_costs_that_share_a_divisor_are_divided_and_the_budget_rounded_down():
    (limit,) = budget.rows(case(roster(["@a", "@b"]), cost=[300, 500], budget=1_099))
    assert dense(reduce_by_gcd(limit), 2) == ([3, 5], None, 10)


def test_gifted_offers_cost_nothing():
    (limit,) = budget.rows(case(roster(["@a", "@b"]), cost=[0, 500], budget=0))
    assert dense(reduce_by_gcd(limit), 2) == ([0, 1], None, 0)
