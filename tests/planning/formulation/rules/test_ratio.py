"""ROAS, CPA, CPE, CPC and CPM of the selected picks, as `sum (above - limit * below) x` in integers."""

import numpy as np
import pytest
from msgspec.structs import replace

from microopt.errors import CampaignError
from microopt.planning.formulation.rules import each, ratio, total
from microopt.solver.constraint import reduce_by_gcd
from tests.solver.builders import case, dense, roster

OFFERS = roster(["@a", "@b", "@c"], region=["US", "US", "DE"])


def problem(*rules, revenue=(40_000, 20_000, 0)):
    """Return creators at $100, $200 and $300 who bring 5, 4 and 0 conversions."""
    found = case(OFFERS, *rules, cost=[10_000, 20_000, 30_000], conversions=[5_000, 4_000, 0], impressions=[10**6] * 3)
    return replace(found, forecast=replace(found.forecast, revenue=np.asarray(revenue)))


def rows(*rules, family=ratio):
    return [dense(reduce_by_gcd(limit), 3) for limit in family.rows(problem(*rules))]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("all cpa <= 30", [([-5, 8, 30], None, 0)]),  # $100 - 5 * $30, in tens
        ("region:US cpa <= 30", [([-5, 8, 0], None, 0)]),
        ("all roas >= 2", [([1, -1, -3], 0, None)]),  # $400 - 2 * $100, in $200
        ("all cpm <= 150", [([-1, 1, 3], None, 0)]),  # 1,000 views each
        ("all CPA 20..50", [([0, 2, 5], 0, None), ([-3, 0, 6], None, 0)]),
        ("all cpa >= 0", [([1, 2, 3], 0, None)]),
    ],
)
def test_a_ratio_is_a_row_of_each_side(rule, expected):
    found = rows(rule)
    assert [(low, high) for _, low, high in found] == [(low, high) for _, low, high in expected]
    for (coefficients, _, _), (wanted, _, _) in zip(found, expected, strict=True):
        assert _direction(coefficients) == _direction(wanted)


def _direction(coefficients):
    divisor = int(np.gcd.reduce(np.asarray(coefficients))) or 1
    return [number // divisor for number in coefficients]


def test_a_ratio_is_no_total():
    assert rows("all cpa <= 30", family=total) == []
    assert rows("all spend <= 30", "all mean(followers) >= 5") == []


def test_a_ratio_of_each_creator_keeps_out_who_is_outside():
    assert [
        (row[0][0], row[0][1] > 0, row[0][2] > 0, row[2]) for row in rows("each creator cpa <= 30", family=each)
    ] == [(0, True, True, 0)]
    assert [coefficient > 0 for coefficient in rows("each creator roas >= 2", family=each)[0][0]] == [False, True, True]


def test_a_return_needs_the_value_of_every_order():
    with pytest.raises(CampaignError, match="for 1 of 3 offers") as caught:
        list(ratio.rows(problem("all roas >= 2", revenue=(40_000, -1, 0))))
    assert caught.value.code == "order-value-missing"
