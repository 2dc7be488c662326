"""Figures and phrases that every renderer writes alike: what a plan scored, and headings that stay whole."""

from fractions import Fraction

import pytest

from microopt.campaign.campaign import Goal
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import NET_REACH
from microopt.campaign.rule_grammar import parse_rule
from microopt.rendering.wording.plan_figures import TOTALS_HEADINGS, capitalize_sentence, score_rows
from tests.rendering.builders import plan, proof

SCORES = {
    "balanced": (
        "Score",
        "1.870 (engagements plus conversions, each as a share of the most that the budget and the rules allow)",
    ),
    "worth": ("Worth", "$1.87 (what the plan brings, in money, at the value given for each result)"),
    NET_REACH: ("Net reach", "1.9 (people reached, each counted once)"),
    "value:brand_fit": ("Score", "1.9 (brand_fit)"),
}


def rows(name, **facts):
    return list(score_rows(plan(campaign={"goal": Goal(name=name)}, **facts)))


@pytest.mark.parametrize("goal", SCORES)
def test_a_score_says_what_it_means(goal):
    assert rows(goal) == [SCORES[goal]]


@pytest.mark.parametrize("goal", ["engagement", "conversions", "reach", LEAST_COST])
def test_what_another_figure_shows_is_no_score(goal):
    assert rows(goal) == []


def test_what_may_still_be_better_is_told():
    assert rows("balanced", proof=proof(bound=Fraction(19, 10)))[-1] == ("Best possible", "1.900")


def test_no_heading_is_broken_within_a_word():
    assert not [short for _, short in TOTALS_HEADINGS.values() if "-\n" in short]


def test_a_rule_with_an_open_end_gets_no_third_point():
    assert capitalize_sentence("a rule was added: all count 1..") == "A rule was added: all count 1.."
    assert capitalize_sentence("a rule was added: all count ..9") == "A rule was added: all count ..9."


def test_a_score_for_profit_says_that_soft_rules_cost_of_it():
    rules = (parse_rule("niche:beauty count >= 2 (soft 5)"),)
    (_, text), *_ = score_rows(plan(campaign={"goal": Goal(name="profit"), "rules": rules}))
    assert text == "$1.87 (what is kept of the revenue, less the cost and what soft rules cost)"
