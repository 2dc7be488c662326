"""The order value at which a plan breaks even is one at which it does."""

import pytest
from msgspec.structs import replace

from microopt.plan.earnings import break_even_order, revenue_follows_conversions
from microopt.planning.optimize import optimize
from microopt.solver.result import SolveLimits
from tests.planning.builders import build_campaign, build_roster, solver
from tests.rendering.builders import picks, plan, totals

ROW = {"platform": "tiktok", "offer": "video", "niche": "food", "followers": 40_000, "rate": 0.05, "fee": 30_000}
ROWS = [{**ROW, "creator": f"@{name}", "hours": None, "score": 1} for name in ("anna", "ben", "cleo")]


def planned(order_value, rows=ROWS, **columns):
    roster = build_roster([{**row, **columns} for row in rows])
    campaign = build_campaign(budget=120_000, order_value=order_value)
    return optimize(roster, campaign, limits=SolveLimits(seconds=60.0), solver=solver("cbc"))


def with_revenue(revenue, order_value=4_500, **sums):
    chosen = picks(7)
    return plan(chosen, campaign={"order_value": order_value}, totals=replace(totals(chosen), revenue=revenue, **sums))


def test_revenue_covers_the_spend_at_it():
    first = planned(4_500)
    at_it = planned(break_even_order(first))
    assert [pick.creator for pick in at_it.picks] == [pick.creator for pick in first.picks]
    assert at_it.totals.revenue == pytest.approx(at_it.totals.spend, rel=1e-3)


def test_a_commission_is_part_of_the_spend_that_follows_revenue():
    of = with_revenue(63_000, extra_costs={"commission": 6_300})
    assert break_even_order(of) == 24_500
    revenue = 14 * 24_500
    assert revenue == of.totals.spend - 6_300 + revenue // 10


def test_a_commission_that_takes_all_leaves_no_break_even():
    assert break_even_order(with_revenue(63_000, extra_costs={"commission": 63_000})) is None


def test_orders_of_different_values_have_none():
    mixed = with_revenue(88_200)
    assert not revenue_follows_conversions(mixed)
    assert break_even_order(mixed) is None


@pytest.mark.parametrize("of", [plan(), with_revenue(0), with_revenue(63_000, order_value=None)])
def test_without_revenue_or_a_value_there_is_none(of):
    assert break_even_order(of) is None
