"""Relaxing a campaign to fit the offers bought: only broken limits change, and only as far as needed."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from microopt.campaign.rule_grammar import parse_rule
from microopt.errors import CampaignError
from microopt.planning.build_problem import build_problem
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import zero_objective
from microopt.planning.infeasibility.relax_limits import relax_to_fit
from tests.planning.builders import CALM, build_roster, campaigns, roster_rows
from tests.solver.builders import case, roster

OFFERS = roster(["@a", "@b", "@c"], niche=["beauty", "beauty", "tech"], numbers={"hours": [2.0, 1.25, 7.0]})


def changed(*rules, selected=(True, True, False), **facts):
    problem = case(OFFERS, *rules, cost=[30_000, 10_001, 50_000], engagements=[1_000_512, 3_000, 7], **facts)
    result = relax_to_fit(problem, np.asarray(selected))
    return [(it.label, it.before, it.after, it.becomes) for it in result.changes]


def test_satisfied_rules_stay_as_they_are():
    assert changed("niche:beauty count >= 2", "all spend <= 400.01", "all hours <= 3.25", budget=40_001) == []


def test_the_budget_becomes_the_spend():
    assert changed(budget=40_000) == [("budget", 400, Fraction("400.01"), "budget 400.01")]


@pytest.mark.parametrize(
    ("rule", "now", "becomes"),
    [
        ("niche:beauty count >= 3", 2, "niche:beauty count >= 2"),
        ("niche:beauty count 3..5", 2, "niche:beauty count 2..5"),
        ("all count ..1", 2, "all count <= 2"),
        ("all count = 1", 2, "all count 1..2"),
        ("all spend >= 500", Fraction("400.01"), "all spend >= 400.01"),
        ("all engagements >= 2000", Fraction("1003.51"), "all engagements >= 1003.51"),
        ("creator:@a spend <= 70%", Fraction("0.75"), "creator:@a spend <= 75%"),
        ("creator:@b spend >= 30%", Fraction("0.25"), "creator:@b spend >= 25%"),
        ("creator:@a spend <= 25% of budget", Fraction("0.3"), "creator:@a spend <= 30% of budget"),
        ("all mean(hours) >= 1.7", Fraction("1.625"), "all mean(hours) >= 1.6250"),
        ("each creator spend <= 200", 300, "each creator spend <= 300"),
        ("each creator hours 1.5..1.75", Fraction("1.25"), "each creator hours 1.25..2"),
    ],
)
def test_a_limit_moves_to_the_figure_of_the_offers_rounded_outward(rule, now, becomes):
    result = changed(rule, budget=100_000)
    assert result[0][1:] == (result[0][1], now, becomes)
    parse_rule(becomes)


@pytest.mark.parametrize(
    "rule",
    [
        "niche:tech count >= 1",
        "niche:tech spend >= 5",
        "creator:@a requires creator:@c",
        "creator:@a excludes creator:@b",
    ],
)
def test_floors_of_zero_and_broken_pairs_are_dropped(rule):
    assert [(label, becomes) for label, _, _, becomes in changed(rule, budget=100_000)] == [(rule, None)]


def test_an_inclusion_is_dropped():
    assert changed(include=("@c", "@a"), budget=100_000) == [("include @c", None, None, None)]


def test_shares_of_the_budget_refer_to_the_new_budget():
    assert changed("creator:@a spend <= 75% of budget", budget=40_000) == [
        ("budget", 400, Fraction("400.01"), "budget 400.01")
    ]


def test_a_rule_written_twice_is_changed_once():
    assert len(changed("all count <= 1", "all count <= 1", budget=100_000)) == 1


def test_soft_rules_are_left_alone():
    assert changed("all count <= 1 (soft 3)", budget=100_000) == []


@CALM
@given(st.data(), st.sampled_from(["engagement", "least cost", "net reach"]))
def test_any_offers_keep_the_campaign_relaxed_for_them(data, goal):
    rows = data.draw(roster_rows(6))
    try:
        problem, _ = build_problem(build_roster(rows), data.draw(campaigns(rows, goal)))
    except CampaignError:
        assume(False)
    chosen = np.zeros(problem.choice_count, dtype=bool)
    for creator in np.unique(problem.choice_creators):
        own_rows = np.flatnonzero(problem.choice_creators == creator)
        chosen[data.draw(st.sampled_from([[], *([first] for first in own_rows.tolist())]))] = True
    result = relax_to_fit(problem, problem.select_rows(chosen)).problem
    conflicts = {conflict.label for conflict in problem.conflicts}
    assert (
        set(formulate(result.without_soft_rules(), zero_objective(result)).violated_constraints(np.flatnonzero(chosen)))
        <= conflicts
    )
