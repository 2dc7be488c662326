"""Baseline plans, checked by hand."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.planning.audit import audit
from microopt.planning.baselines import (
    choose_by_rank,
    engagement_rate_baseline,
    engagements_per_dollar_baseline,
    most_followers_baseline,
)
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import Objective
from tests.planning.builders import CALM, GOALS, draw_solved
from tests.scale import examples
from tests.solver.builders import case, roster

OFFERS = roster(
    ["@a", "@a", "@b", "@c", "@d"],
    followers=[10_000, 10_000, 50_000, 900_000, 2_000_000],
    niche=["beauty", "food", "beauty", "food", "food"],
    numbers={"engagement_rate": [0.05, 0.05, 0.03, float("nan"), 0.01]},
)
COST = [300, 200, 500, 900, 4_000]
ENGAGEMENTS = [500_000, 450_000, 1_500_000, 36_000_000, 20_000_000]  # @c: 36,000 of 900,000, 4%


def totals(habit, *rules, budget=1_500, include=()):
    problem = case(OFFERS, *rules, cost=COST, budget=budget, include=include, engagements=ENGAGEMENTS)
    program = formulate(problem, Objective(values=np.asarray(ENGAGEMENTS, dtype=np.int64), unit=Fraction(1)))
    result = habit(problem, program).totals
    return result.creators, result.spend, result.metrics["engagements"]


def test_the_highest_rate_comes_first_and_of_equals_the_cheaper():
    assert totals(engagement_rate_baseline) == (2, 1_100, 36_450_000)  # @a's cheaper offer, @c; @b no longer fits
    assert totals(engagement_rate_baseline, budget=1_600) == (3, 1_600, 37_950_000)


def test_a_missing_rate_is_that_of_the_forecast():
    assert totals(engagement_rate_baseline, budget=1_399) == (2, 1_100, 36_450_000)  # 4% ranks above @b's 3%


def test_most_engagements_for_the_money_come_first():
    assert totals(engagements_per_dollar_baseline, budget=1_100) == (2, 1_100, 36_450_000)


def test_most_followers_come_first():
    assert totals(most_followers_baseline, budget=4_500) == (2, 4_500, 21_500_000)


def test_included_creators_come_before_all():
    assert totals(engagement_rate_baseline, include=("@b",)) == (2, 700, 1_950_000)  # @c no longer fits


def test_caps_and_quotas_are_kept():
    assert totals(engagement_rate_baseline, "niche:food count <= 1") == (2, 700, 1_950_000)
    assert totals(engagement_rate_baseline, "niche:beauty count >= 2") == (2, 800, 2_000_000)


def test_a_share_of_the_spend_is_kept():
    assert totals(engagement_rate_baseline, "niche:food spend <= 60%") == (2, 700, 1_950_000)


def test_a_rule_that_the_list_cannot_keep_is_named():
    rule = "all count >= 4"
    problem = case(OFFERS, rule, cost=COST, budget=1_500, engagements=ENGAGEMENTS)
    program = formulate(problem, Objective(values=np.asarray(ENGAGEMENTS, dtype=np.int64), unit=Fraction(1)))
    assert engagement_rate_baseline(problem, program).broken == (rule,)
    assert totals(engagement_rate_baseline, rule) == (2, 1_100, 36_450_000)


def test_a_zero_budget_buys_nothing():
    assert totals(engagement_rate_baseline, budget=0) == (0, 0, 0)


HABITS = (engagement_rate_baseline, engagements_per_dollar_baseline, most_followers_baseline)


@settings(CALM, max_examples=examples(60))
@given(st.data(), st.sampled_from(GOALS))
def test_what_a_list_selects_keeps_every_rule_or_names_it_and_never_beats_a_proven_plan(data, goal):
    solved = draw_solved(data, goal)
    if solved is None:
        return
    problem, program = solved.problem, solved.program
    ranks = np.asarray(data.draw(st.permutations(range(len(problem)))))
    columns = choose_by_rank(problem, program, [ranks])
    assert program.total_cost(columns) <= (problem.campaign.spendable or 0)
    if not program.violated_constraints(columns):
        value = program.objective_value(columns)
        audit(problem, program, columns, value)
        assert value <= solved.result.objective


def test_each_habit_names_what_it_breaks_once():
    problem = case(OFFERS, "each creator spend >= $5000", *["all count >= 1"] * 2, cost=COST, budget=1_500)
    program = formulate(problem, Objective(values=np.asarray(ENGAGEMENTS, dtype=np.int64), unit=Fraction(1)))
    for habit in HABITS:
        assert len(set(habit(problem, program).broken)) == len(habit(problem, program).broken) == 1
