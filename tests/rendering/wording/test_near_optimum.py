"""A gap that hardly anybody asks about is told in the terms of the goal, rounded up."""

from fractions import Fraction

import pytest

from microopt.campaign.campaign import Goal
from microopt.campaign.goals import LEAST_COST
from microopt.rendering.html.budgets import budget_plan
from microopt.rendering.language.language import find_language
from microopt.rendering.terminal.frontier import frontier_table
from microopt.rendering.terminal.screen import Screen
from microopt.rendering.wording.near_optimum import format_shortfall, is_near_optimum, is_point_near_optimum
from microopt.rendering.wording.plan_head import plan_head
from microopt.rendering.wording.plan_sentences import plan_sentences
from tests.rendering.builders import frontier, frontier_point, plan, proof

TARGETS = {"engagements": Fraction(9)}


def near(goal, objective, bound, **overrides):
    stopped = proof(status="feasible", limit="gap", objective=Fraction(objective), bound=Fraction(bound))
    return plan(campaign={"goal": goal}, proof=stopped, baseline=None, **overrides)


@pytest.mark.parametrize(
    ("goal", "objective", "bound", "shortfall"),
    [
        (Goal(name="engagement"), "600000", "600000.0091", "0.01 engagements"),
        (Goal(name="conversions"), "1000000", "1000000.00062", "0.0007 conversions"),
        (Goal(name="reach"), "700000000", "700000041.3", "50 people reached"),
        (Goal(name="reach"), "9000000000", "9000000900", "900 people reached"),
        (Goal(name="value:score"), "300000", "300000.001", "0.001 of score"),
        (Goal(name="worth", worths={"clicks": Fraction(1)}), "200000", "200000.011", "$0.02"),
        (Goal(name=LEAST_COST, targets=TARGETS), "-900000", "-899999.99", "$0.01"),
        (Goal(name="balanced"), "2", "2.0000000911", "0.000005%"),
    ],
)
def test_the_shortfall_is_in_the_terms_of_the_goal(goal, objective, bound, shortfall):
    sample = near(goal, objective, bound)
    assert is_near_optimum(sample)
    assert format_shortfall(sample) == shortfall


@pytest.mark.parametrize("bound", ["600000", "600001"])
def test_a_proof_that_is_complete_and_a_gap_that_matters_are_not_near(bound):
    assert not is_near_optimum(near(Goal(name="engagement"), "600000", bound))


def test_a_plan_near_the_optimum_is_told_as_proven_to_that():
    sample = near(Goal(name="engagement"), "600000", "600000.0091")
    assert list(plan_head(sample))[-1] == ("proof", "Proven best for your goal and rules to within 0.01 engagements.")
    assert [text for kind, text in plan_sentences(sample) if kind == "proof"] == [
        "Proven optimal to within 0.01 engagements in 0.31 s: on these forecasts, no plan within these rules is better "
        "by more than that. To prove the rest, too: --exact."
    ]
    assert not [text for kind, text in plan_sentences(sample) if kind == "doubt"]


def test_a_least_cost_near_the_optimum_is_told_in_money():
    sample = near(Goal(name=LEAST_COST, targets=TARGETS), "-900000", "-899999.99")
    assert list(plan_head(sample))[-1] == (
        "proof",
        "Proven to within $0.01: no plan that meets the targets costs less.",
    )


def test_a_budget_whose_plan_is_near_the_best_is_no_doubt_but_is_not_called_the_best():
    sample = plan()
    near_point = frontier_point(4_000_000, status="feasible", limit="gap", bound=Fraction(5 * (10**8 + 1), 10**8))
    late_point = frontier_point(4_000_000, status="feasible", limit="time", bound=Fraction(6))
    assert [is_point_near_optimum(point) for point in (near_point, late_point, frontier_point(1))] == [
        True,
        False,
        False,
    ]
    shown = frontier_table(frontier(sample, frontier_point(1_000_000), near_point), Screen(width=100))
    assert "better for your goal by more than 0.00001%." in " ".join(shown.split())
    assert "Not proven" not in shown
    late = frontier_table(frontier(sample, frontier_point(1_000_000), late_point), Screen(width=100))
    assert "Not proven best: 1 of 2 budgets" in late


def test_the_page_says_of_such_a_budget_how_near_it_is():
    bounds = {Fraction(5 * (10**8 + 1), 10**8): "proven best to within 0.00001%", Fraction(6): "not proven best"}
    for bound, words in bounds.items():
        open_point = frontier_point(4_000_000, status="feasible", bound=bound)
        assert words in budget_plan(plan(), frontier(plan(), open_point), open_point, find_language("en"))["status"]
