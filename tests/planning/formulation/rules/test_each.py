"""each creator: what one creator costs or brings."""

from microopt.planning.formulation.rules import each
from microopt.solver.constraint import reduce_by_gcd
from tests.solver.builders import case, dense, roster

OFFERS = roster(["@a", "@a", "@b", "@c"])


def rows(rule, **facts):
    problem = case(OFFERS, rule, cost=[10_000, 20_000, 30_000, 0], engagements=[1_000, 5_000, 2_000, 0], **facts)
    return [dense(reduce_by_gcd(limit), 4) for limit in each.rows(problem)]


def test_what_costs_more_by_itself_is_never_bought():
    assert rows("each creator spend <= 199.99") == [([0, 1, 10_001, 0], None, 0)]
    assert rows("each creator spend <= 200") == [([0, 0, 1, 0], None, 0)]


def test_a_floor_keeps_out_what_brings_less():
    assert rows("each creator engagements >= 2") == [([1, 0, 0, 2], None, 0)]
    assert rows("each creator engagements 1..2") == [([0, 3, 0, 1], None, 0)]


def test_a_share_is_of_the_budget():
    assert rows("each creator spend <= 20% of budget", budget=100_000) == [([0, 0, 1, 0], None, 0)]


def test_other_rules_are_no_business_of_this_one():
    assert rows("all spend <= 5") == []
