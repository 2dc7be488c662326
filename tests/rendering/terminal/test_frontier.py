"""A frontier as a table: the answer first, a row for each budget, and a chart of what was asked for."""

from fractions import Fraction

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from microopt.campaign.campaign import Goal
from microopt.rendering.terminal.frontier import frontier_table
from microopt.rendering.terminal.screen import Screen
from tests.rendering.builders import HOSTILE, frontier, frontier_point, pick, picks, plan

GOALS = ("balanced", "engagement", "conversions", "reach", "net reach", "worth", "value:score")


def sample(goal="balanced", *points):
    worths = {"clicks": Fraction(1)} if goal == "worth" else {}
    return frontier(plan(campaign={"goal": Goal(name=goal, worths=worths)}), *points)


@pytest.mark.parametrize("width", [60, 80, 99, 100, 120, 200])
@pytest.mark.parametrize("goal", GOALS)
def test_no_line_is_wider_than_the_screen_and_nothing_is_called_value(width, goal):
    text = frontier_table(sample(goal), Screen(width=width))
    assert max(map(cell_len, text.splitlines())) <= width
    assert "Value" not in text


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_keep_their_place_and_their_line(name):
    points = [frontier_point(100_000, picks(2)), frontier_point(200_000, [pick(0, creator=HOSTILE[name])])]
    text = frontier_table(sample("balanced", *points), Screen(width=80))
    assert max(map(cell_len, text.splitlines())) <= 80
    assert not any((ord(c) < 32 and c != "\n") or c in "\u2028\u2029\u202e\u2066\x7f\x85\x9b\ud800" for c in text)


def test_the_answer_stands_first_then_a_row_for_each_budget_with_who_is_new():
    lines = frontier_table(sample(), Screen(width=120)).splitlines()
    assert lines[0].startswith("$10,000 to $40,000 -> ")
    heading = next(number for number, line in enumerate(lines) if line.startswith(" Budget"))
    assert lines[heading].split()[:6] == ["Budget", "Spend", "Creators", "Engagements", "Conversions", "New"]
    assert [line.split()[0] for line in lines[heading + 1 :] if line.strip().startswith("$")][:3] == [
        "$10,000",
        "$20,000",
        "$40,000",
    ]


@pytest.mark.parametrize(("spend", "shown"), [(200_000, False), (195_000, False), (190_000, True)])
def test_what_the_rows_spend_is_shown_where_one_leaves_a_twentieth_of_its_budget(spend, shown):
    point = frontier_point(200_000)
    result = sample("balanced", replace(point, totals=replace(point.totals, spend=spend)))
    lines = frontier_table(result, Screen(width=80)).splitlines()
    heading = next(line.split() for line in lines if line.lstrip().startswith("Budget"))
    assert ("Spend" in heading) == shown


@pytest.mark.parametrize(("goal", "label"), [("balanced", "Engagements"), ("worth", "Worth"), ("value:score", "Score")])
def test_the_chart_shows_what_was_asked_for(goal, label):
    lines = frontier_table(sample(goal), Screen(width=80)).splitlines()
    frame = next(number for number, line in enumerate(lines) if "┌" in line)
    assert lines[frame - 1] == label


def test_one_plan_has_no_chart_and_a_budget_without_a_plan_says_why():
    points = (
        frontier_point(100_000, totals=None, objective=None, status="infeasible"),
        frontier_point(200_000, picks(2)),
    )
    text = frontier_table(sample("balanced", *points), Screen(width=80))
    assert "┌" not in text
    assert "no plan keeps the rules" in text


def test_a_plan_that_is_not_proven_has_a_mark():
    points = (frontier_point(100_000, picks(2), status="feasible"), frontier_point(200_000, picks(3)))
    text = frontier_table(sample("balanced", *points), Screen(width=80))
    assert text.count("~") == 3
    assert "Not proven best: 1 of 2 budgets (~)." in text


def test_a_balanced_goal_is_said_to_be_measured_by_the_highest_budget():
    text = " ".join(frontier_table(sample(), Screen(width=80)).split())
    assert "every row is measured against the most engagements and conversions that $40,000 buys" in text
    assert "Balanced: every row" not in frontier_table(sample("engagement"), Screen(width=80))
