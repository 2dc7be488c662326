"""Totals within constants: counts, money, metrics, columns, and percents of the budget."""

import pytest

from microopt.planning.formulation.rules import total
from microopt.solver.constraint import reduce_by_gcd
from tests.solver.builders import case, dense, roster

OFFERS = roster(["@a", "@b", "@c"], niche=["beauty", "tech|beauty", "tech"], numbers={"hours": [1.5, 2, float("nan")]})


def rows(*rules, **facts):
    facts = {"cost": [700, 1_100, 500], "budget": 20_050, **facts}
    return [dense(reduce_by_gcd(limit), 3) for limit in total.rows(case(OFFERS, *rules, **facts))]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("niche:beauty count 1..2", ([1, 1, 0], 1, 2)),
        ("all count = 2", ([1, 1, 1], 2, 2)),
        ("all count 1.5..2.5", ([1, 1, 1], 2, 2)),
        ("niche:tech spend <= 12.50", ([0, 11, 5], None, 12)),  # 1,250 cents over 100
        ("niche:tech spend >= 12.50", ([0, 11, 5], 13, None)),
        ("niche:beauty spend <= 40% of budget", ([7, 11, 0], None, 80)),  # 8,020 cents over 100
        ("niche:beauty spend 10..40% of budget", ([7, 11, 0], 21, 80)),
        ("all spend = 100% of budget", ([7, 11, 5], 201, 200)),  # $200.50 is no sum of whole dollars
        ("all engagements >= 0.0125", ([1, 2, 3], 2, None)),  # 12.5 thousandths, over 10
        ("all hours <= 3", ([3, 4, 0], None, 6)),  # an empty cell counts as 0
    ],
)
def test_a_total_is_a_row_in_lowest_terms(rule, expected):
    assert rows(rule, engagements=[10, 20, 30]) == [expected]


def test_shares_and_means_are_not_totals():
    assert rows("niche:tech spend <= 40%", "all mean(hours) >= 1") == []


def test_a_selector_of_nobody_is_a_row_of_nothing():
    assert rows("niche:food count <= 3", "niche:food count 0..") == [([0, 0, 0], None, 3), ([0, 0, 0], 0, None)]


def test_the_row_carries_the_rule_as_written():
    (limit,) = total.rows(case(OFFERS, '  niche:"beauty"   count <= 2 ', cost=[1, 1, 1]))
    assert limit.label == 'niche:"beauty"   count <= 2'
