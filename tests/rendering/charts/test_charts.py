"""Charts show the figures of the plan, whatever it holds."""

from fractions import Fraction

import pytest

from microopt.campaign.campaign import Goal
from microopt.rendering.charts.charts import frontier_chart, mix_chart, worth_chart
from microopt.rendering.charts.palette import SHAPES, TIERS, tier_colors, tier_shapes
from tests.rendering.builders import HOSTILE, frontier, frontier_point, metrics, pick, picks, plan


def rows(chart):
    """Return all the data of a chart that is more than a mark."""
    return next(values for values in chart.to_dict()["datasets"].values() if values != [{}])


def test_the_shares_of_each_measure_make_one():
    for measure in ("Spend", "Engagements", "Conversions"):
        shares = [row["share"] for row in rows(mix_chart(plan())) if row["measure"] == measure]
        assert sum(shares) == pytest.approx(1.0)


def test_each_pick_is_a_dot_but_those_that_a_logarithm_has_no_place_for():
    chosen = (*picks(5), pick(5, cost=0), pick(6, metrics={**metrics(), "engagements": 0}))
    assert len(rows(worth_chart(plan(chosen)))) == 5


def test_a_frontier_is_in_percent_of_the_plans_own_budget():
    sample = plan()
    result = rows(frontier_chart(frontier(sample), 2_000_000))
    assert {row["share"] for row in result if row["budget"] == 20_000} == {1.0}
    assert {row["what"] for row in result} == {"Engagements", "Conversions"}
    assert all(row["share"] < 1 for row in result if row["budget"] == 10_000)


def test_without_an_own_budget_the_highest_is_the_measure():
    result = rows(frontier_chart(frontier(plan())))
    assert {row["share"] for row in result if row["budget"] == 40_000} == {1.0}


@pytest.mark.parametrize(
    ("goal", "first"),
    [("engagement", "Engagements"), ("reach", "People reached"), ("worth", "Worth"), ("value:score", "Score")],
)
def test_the_goals_own_measure_stands_first_and_once(goal, first):
    sample = plan(campaign={"goal": Goal(name=goal, worths={"clicks": Fraction(1)} if goal == "worth" else {})})
    names = list(dict.fromkeys(row["what"] for row in rows(frontier_chart(frontier(sample)))))
    assert names[0] == first
    assert len(names) == len(set(names))


def test_points_without_a_plan_are_left_out():
    sample = plan()
    points = (
        frontier_point(100, totals=None, objective=None, status="infeasible"),
        frontier_point(2_000_000, sample.picks),
    )
    assert {row["budget"] for row in rows(frontier_chart(frontier(sample, *points)))} == {20_000}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_names_of_any_kind_are_data_and_short(text):
    sample = plan([pick(0, creator=text, offer=text, tier=text or "nano")])
    for chart in (mix_chart(sample), worth_chart(sample), frontier_chart(frontier(sample))):
        for row in rows(chart):
            assert all(len(value) <= 60 for value in row.values() if isinstance(value, str))


def test_any_number_of_tiers_has_colors_and_shapes():
    names = [str(number) for number in range(9)]
    assert tier_colors(names)[:7] == list(TIERS)
    assert tier_shapes(names)[7:] == list(SHAPES[:2])
