"""Charts show the figures of the plan, whatever it holds, in the language of the page."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.campaign.campaign import Goal
from microopt.plan.likely_range import LikelyRange
from microopt.rendering.charts.budget_chart import budget_chart
from microopt.rendering.charts.drawing import NARROW, WIDE
from microopt.rendering.charts.mix_chart import mix_chart, tiers_by_spend
from microopt.rendering.charts.ranges_chart import ranges_chart
from microopt.rendering.charts.svg import draw_svg
from microopt.rendering.charts.worth_chart import worth_chart
from microopt.rendering.language.language import find_language
from tests.rendering.builders import HOSTILE, frontier, frontier_point, metrics, pick, picks, plan, ranges

GERMAN = find_language("de")
CHARTS = {
    "mix": mix_chart,
    "worth": worth_chart,
    "ranges": lambda sample, *args, **options: ranges_chart(sample, ranges(sample), *args, **options),
    "budgets": lambda sample, *args, **options: budget_chart(frontier(sample), *args, **options),
}


def rows(chart):
    """Return the data of a chart that is more than a mark."""
    return max(chart.to_dict()["datasets"].values(), key=len)


def words(chart):
    """Return all texts of a chart as it is drawn."""
    import xml.etree.ElementTree as ET

    return [node.text for node in ET.fromstring(draw_svg(chart)).iter() if node.tag.endswith("}text")]


def test_the_shares_of_each_measure_make_one():
    for measure in ("spend", "engagements", "conversions"):
        shares = [row["share"] for row in rows(mix_chart(plan())) if row["measure"] == measure]
        assert sum(shares) == pytest.approx(1.0)


def test_the_tiers_with_the_most_spend_keep_their_order():
    sample = plan([pick(0, cost=1), pick(1, cost=5), pick(2, cost=3), pick(3, cost=4)])
    assert tiers_by_spend(sample, 3) == ["macro", "mid", "micro"]


def test_each_pick_is_a_dot_but_those_that_a_logarithm_has_no_place_for():
    chosen = (*picks(5), pick(5, cost=0), pick(6, metrics={**metrics(), "engagements": 0}))
    assert len(rows(worth_chart(plan(chosen)))) == 5


def test_the_extremes_among_the_picks_have_names():
    chosen = [
        pick(number, cost=100_00 * (number + 1), metrics=metrics(number % 7 + 1), creator=f"@c{number}")
        for number in range(40)
    ]
    shown = {row["name"] for row in rows(worth_chart(plan(chosen))) if row["side"] >= 0}
    assert {"@c0", "@c39"} <= shown
    assert len(shown) <= 12


def test_budgets_are_in_percent_of_the_plans_own():
    sample = plan()
    result = rows(budget_chart(frontier(sample), own=2_000_000))
    assert {row["share"] for row in result if row["budget"] == 20_000} == {1.0}
    assert {row["what"] for row in result} == {"Engagements", "Conversions"}
    assert all(row["share"] < 1 for row in result if row["budget"] == 10_000)


def test_without_an_own_budget_the_highest_is_the_measure():
    result = rows(budget_chart(frontier(plan())))
    assert {row["share"] for row in result if row["budget"] == 40_000} == {1.0}


def test_the_band_is_the_likely_range_in_percent_of_the_same():
    sample = plan()
    likely = {
        "engagements": LikelyRange(sample.totals.metrics["engagements"] // 2, 2 * sample.totals.metrics["engagements"])
    }
    points = (frontier_point(2_000_000, sample.picks, likely=likely), frontier_point(4_000_000, sample.picks))
    own = rows(budget_chart(frontier(sample, *points), own=2_000_000))[0]
    assert (own["low"], own["high"]) == (0.5, 2.0)


@pytest.mark.parametrize(
    ("goal", "first"),
    [("engagement", "Engagements"), ("reach", "People reached"), ("worth", "Worth"), ("value:score", "Score")],
)
def test_the_goals_own_measure_stands_first_and_once(goal, first):
    sample = plan(campaign={"goal": Goal(name=goal, worths={"clicks": Fraction(1)} if goal == "worth" else {})})
    names = list(dict.fromkeys(row["what"] for row in rows(budget_chart(frontier(sample)))))
    assert names[0] == first
    assert len(names) == len(set(names))


def test_points_without_a_plan_are_left_out():
    sample = plan()
    points = (
        frontier_point(100, totals=None, objective=None, status="infeasible"),
        frontier_point(2_000_000, sample.picks),
    )
    assert {row["budget"] for row in rows(budget_chart(frontier(sample, *points)))} == {20_000}


def test_figures_of_the_ranges_end_within_a_narrow_chart_in_any_language():
    import xml.etree.ElementTree as ET

    sample = plan()
    drawn = ET.fromstring(draw_svg(ranges_chart(sample, ranges(sample), GERMAN, width=NARROW)))
    labels = [node for node in drawn.iter() if node.tag.endswith("}text") and ", wahrscheinlich " in (node.text or "")]
    assert labels
    assert all(node.get("text-anchor") == "end" for node in labels)


def test_the_ranges_of_totals_surround_what_is_expected():
    for row in rows(CHARTS["ranges"](plan())):
        assert row["low"] <= row["inner_low"] <= 1 <= row["inner_high"] <= row["high"]


@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_names_of_any_kind_are_data_and_short(text, draw):
    sample = plan([pick(0, creator=text, offer=text, tier=text or "nano")])
    for row in rows(draw(sample)):
        assert all(len(value) <= 160 for value in row.values() if isinstance(value, str))


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
def test_a_chart_is_exactly_as_wide_as_asked_for(draw, width):
    assert f'width="{width}"' in draw_svg(draw(plan(), width=width))[:300]


@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
def test_an_empty_plan_has_charts_too(draw):
    assert draw_svg(draw(plan([])))


@pytest.mark.parametrize(("name", "text"), [("mix", "14\xa0%"), ("worth", "1.000\xa0$"), ("budgets", "20.000\xa0$")])
def test_numbers_are_written_in_the_language_of_the_page(name, text):
    chosen = [pick(number, cost=500_00 * (number + 1)) for number in range(7)]
    found = words(CHARTS[name](plan(chosen, mix=plan(picks(7)).mix if name == "mix" else plan(chosen).mix), GERMAN))
    assert any(text in each for each in found), found


def test_a_tier_of_any_name_has_one_color_in_all_charts_of_a_plan():
    tiers = ["stars", "macro", "staff", "friends"]
    chosen = [pick(number, tier=tier) for number, tier in enumerate(tiers)]
    gifted = [replace(chosen[0], cost=0), *chosen[1:]]  # whose tier is not in the chart
    scales = [colors_of(worth_chart(plan(each))) for each in (chosen, gifted)]
    assert len(scales[1]) == 3
    assert scales[1].items() <= scales[0].items()


def colors_of(chart):
    """Return the color of each name that a chart has in its legend."""
    encodings = [layer["encoding"] for layer in chart.to_dict()["layer"]]
    scale = next(encoding["color"]["scale"] for encoding in encodings if "color" in encoding)
    return dict(zip(scale["domain"], scale["range"], strict=True))


def test_the_longest_name_of_a_metric_is_whole_on_a_german_phone():
    drawn = draw_svg(ranges_chart(plan(), ranges(plan()), find_language("de"), width=NARROW))
    assert "Brutto-Reichweite" in drawn
    assert "…" not in drawn
