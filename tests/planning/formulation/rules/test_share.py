"""A share of the plan's own total, multiplied out."""

import pytest

from microopt.planning.formulation.rules import share
from microopt.solver.constraint import reduce_by_gcd
from tests.solver.builders import case, dense, roster

OFFERS = roster(["@a", "@b", "@c"], platform=["tiktok", "tiktok", "youtube"])


def rows(*rules):
    return [
        dense(reduce_by_gcd(limit), 3)
        for limit in share.rows(case(OFFERS, *rules, cost=[300, 500, 700], views=[4, 5, 6]))
    ]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("platform:tiktok count <= 40%", [([3, 3, -2], None, 0)]),  # 5 x - 2 (x + y)
        ("platform:tiktok spend <= 40%", [([9, 15, -14], None, 0)]),  # 100 (3 x 3, 5 x 3, -7 x 2)
        ("platform:tiktok spend >= 40%", [([9, 15, -14], 0, None)]),
        ("platform:tiktok spend 25%..50%", [([3, 5, -7], None, 0), ([9, 15, -7], 0, None)]),
        ("platform:tiktok count = 50%", [([1, 1, -1], None, 0), ([1, 1, -1], 0, None)]),
        ("platform:tiktok count <= 33.3%", [([667, 667, -333], None, 0)]),
        ("all spend >= 100%", [([0, 0, 0], 0, None)]),
        ("platform:youtube count <= 0%", [([0, 0, 1], None, 0)]),
    ],
)
def test_a_share_is_a_row_of_each_side(rule, expected):
    assert rows(rule) == expected


def test_totals_means_and_shares_of_the_budget_are_not_shares_of_the_plan():
    assert rows("all count <= 3", "all mean(followers) >= 3%", "all spend <= 40% of budget") == []
