"""The order value at which a plan breaks even is one at which it does."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.plan.earnings import break_even_order, plan_earnings, revenue_follows_conversions
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


def test_profit_is_nothing_at_the_order_value_that_breaks_even():
    of = with_revenue(63_000, profit=25_200 - 315_000, extra_costs={"commission": 6_300})  # 40% is kept
    value = break_even_order(of)
    orders = 14
    assert orders * value * 4 // 10 == pytest.approx(of.totals.spend - 6_300 + orders * value // 10, rel=1e-3)


def test_orders_with_returns_and_repeats_have_one_value():
    of = with_revenue(126_000 * 9 // 10)
    campaign = replace(of.campaign, returns=Fraction(1, 10), ltv=Fraction(2))
    assert revenue_follows_conversions(replace(of, campaign=campaign))
    assert not revenue_follows_conversions(of)


def test_earnings_are_ratios_of_the_sums():
    of = with_revenue(630_000, profit=252_000 - 315_000)
    earnings = plan_earnings(replace(of, campaign=replace(of.campaign, margin=Fraction(2, 5), order_value=45_000)))
    assert (earnings.roas, earnings.break_even_roas) == (2, Fraction(5, 2))
    assert earnings.break_even_order_value == 56_250
    assert plan_earnings(plan()) is None


def test_orders_of_different_values_have_none():
    mixed = with_revenue(88_200)
    assert not revenue_follows_conversions(mixed)
    assert break_even_order(mixed) is None


@pytest.mark.parametrize("of", [plan(), with_revenue(0), with_revenue(63_000, order_value=None)])
def test_without_revenue_or_a_value_there_is_none(of):
    assert break_even_order(of) is None
