"""A chart within a page: small, in the page's colors, one of several, harmless, and described to screen readers."""

import re
from xml.etree import ElementTree as ET

import pytest

from microopt.rendering.charts.budget_chart import budget_chart
from microopt.rendering.charts.mix_chart import mix_chart
from microopt.rendering.charts.palette import LIGHT
from microopt.rendering.charts.ranges_chart import ranges_chart
from microopt.rendering.charts.svg import chart_svg
from microopt.rendering.charts.worth_chart import worth_chart
from tests.rendering.builders import frontier, frontier_point, metrics, pick, picks, plan, ranges
from tests.rendering.charts.test_charts import CHARTS
from tests.rendering.charts.test_images import HOSTILE_TEXTS

DRAWN = {"svg", "g", "path", "line", "rect", "text", "tspan", "title", "desc", "defs", "clipPath"}


def parsed(svg):
    return ET.fromstring(svg)


@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
def test_what_is_no_data_has_the_colors_of_the_page(draw):
    svg = chart_svg(draw(plan()), "any", title="Mix")
    assert "var(--text)" in svg
    assert not [color for color in (LIGHT.text, LIGHT.soft, LIGHT.line, "white") if f'"{color}"' in svg]


@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
def test_it_holds_nothing_that_a_policy_of_a_page_forbids_or_that_loads(draw):
    svg = chart_svg(draw(plan()), "any", title="Mix")
    assert not re.search(r"style=|href|url\((?!#)|<script|\son\w+=|http", svg)


def test_a_screen_reader_says_what_it_shows():
    svg = parsed(chart_svg(mix_chart(plan()), "mix", title='Micro & "mega"', description="All tiers"))
    assert (svg.get("role"), svg.get("aria-label")) == ("img", 'Micro & "mega"')
    described = [node.text for node in svg.iter("desc") if node.get("id") == svg.get("aria-describedby")]
    assert described == ["All tiers"]


def test_a_dot_says_who_it_is_beside_the_pointer():
    titles = [node.text for node in parsed(chart_svg(worth_chart(plan(picks(3))), "worth", title="x")).iter("title")]
    assert titles[0] == "@creator.0 reel (mega): $450 for 900 engagements"
    assert len(titles) == 3


def test_charts_of_one_page_share_no_ids():
    drawn = [parsed(chart_svg(CHARTS["budgets"](plan()), name, title="x", description="y")) for name in ("one", "two")]
    one, two = ({node.get("id") for node in svg.iter() if node.get("id")} for svg in drawn)
    assert one
    assert not one & two


def test_the_dots_of_budgets_can_be_found_by_scripts():
    svg = parsed(chart_svg(CHARTS["budgets"](plan()), "budgets", title="x"))
    groups = {node.get("class"): node for node in svg.iter("g") if node.get("class")}
    assert set(groups) == {"dots", "chosen"}
    assert len(groups["dots"].findall("path")) == 6  # three budgets, two lines


def test_the_same_plan_is_the_same_chart_whatever_was_drawn_before():
    first = chart_svg(CHARTS["worth"](plan()), "worth", title="x")
    chart_svg(CHARTS["budgets"](plan()), "budgets", title="x")
    assert chart_svg(CHARTS["worth"](plan()), "worth", title="x") == first


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
def test_hostile_text_is_text(draw, text):
    sample = plan([pick(0, creator=text, offer=text, tier=text or "nano"), *picks(3)])
    svg = parsed(chart_svg(draw(sample), "any", title=text))
    assert {node.tag for node in svg.iter()} <= DRAWN


def test_all_charts_of_forty_picks_and_twenty_budgets_are_small():
    chosen = [pick(number, cost=10_000 * (number + 3), metrics=metrics(number % 9 + 1)) for number in range(40)]
    sample = plan(chosen)
    budgets = frontier(
        sample, *(frontier_point(100_000 * (number + 10), chosen[: number + 10]) for number in range(20))
    )
    charts = (
        mix_chart(sample),
        worth_chart(sample),
        ranges_chart(sample, ranges(sample)),
        budget_chart(budgets),
    )
    assert sum(len(chart_svg(chart, f"c{number}", title="x")) for number, chart in enumerate(charts)) < 60_000
