"""A mean over the creators chosen, as `sum (w - t) x`."""

import pytest

from microopt.planning.formulation.rules import mean
from microopt.solver.constraint import reduce_by_gcd
from tests.solver.builders import case, dense, roster

OFFERS = roster(["@a", "@b", "@c"], region=["US", "US", "DE"], numbers={"credibility": [0.7, 0.85, 0.9]})


def rows(*rules, **metrics):
    return [
        dense(reduce_by_gcd(limit), 3) for limit in mean.rows(case(OFFERS, *rules, cost=[300, 500, 700], **metrics))
    ]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("all mean(credibility) >= 0.8", [([-2, 1, 2], 0, None)]),  # in 0.05s
        ("region:US mean(credibility) <= 0.8", [([-2, 1, 0], None, 0)]),
        ("all mean(credibility) >= 80%", [([-2, 1, 2], 0, None)]),
        ("all mean(credibility) 0.75..0.8", [([-1, 2, 3], 0, None), ([-2, 1, 2], None, 0)]),
        ("all mean(spend) <= 5", [([-1, 0, 1], None, 0)]),  # $3, $5, $7 against $5
        ("all mean(engagements) >= 0.0125", [([-1, 3, 7], 0, None)]),  # 10, 20, 30 against 12.5, twice, over 5... by 5
    ],
)
def test_a_mean_is_a_row_of_each_side(rule, expected):
    assert rows(rule, engagements=[10, 20, 30]) == expected


def test_totals_and_shares_are_not_means():
    assert rows("all count <= 3", "region:US spend <= 40%") == []
