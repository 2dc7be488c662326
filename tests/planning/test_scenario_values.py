"""What choices bring in each scenario, as the goal and the rules count it."""

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.campaign import Audience, Ideal
from microopt.campaign.metrics import METRICS
from microopt.errors import CampaignError
from microopt.planning.build_problem import build_problem
from microopt.planning.measures import find_measure
from microopt.planning.optimize import build_objective
from microopt.planning.problem import restrict
from microopt.planning.scenario_values import goal_in_scenarios, measure_in_scenarios, scenarios_of, sum_by_choice
from tests.planning.builders import CALM, build_campaign, build_roster, campaigns, roster_rows
from tests.solver.builders import roster

GOALS = ("balanced", "engagement", "conversions", "reach", "worth", "value:score", "profit")
IDEALS = (
    Ideal(metric="engagements", total=7_654_321, bound=7_654_321),
    Ideal(metric="conversions", total=9_876, bound=9_999),
)
EARNING = {"order_value": 4_500, "margin": Fraction(2, 5)}


def problem_of(*rules, goal="engagement", numbers=None, bundles=True, **facts):
    people = roster(
        ["ann", "ann", "ben", "cleo"],
        offer=["reel", "story", "reel", "reel"],
        platform=["instagram"] * 4,
        followers=[20_000, 20_000, 60_000, 300_000],
        numbers={"acceptance": [0.6, 0.6, 0.9, 1.0], "hours": [2, 1.5, float("nan"), 7], **(numbers or {})},
    )
    return build_problem(people, build_campaign(*rules, goal=goal, **facts), bundles=bundles)[0]


def objective_of(problem):
    return build_objective(problem, IDEALS if problem.campaign.goal.name == "balanced" else ())


def ideals_of(problem):
    return {ideal.metric: ideal.total for ideal in IDEALS} if problem.campaign.goal.name == "balanced" else None


def goal_by_hand(problem, scenarios, scenario, rows):
    """Return the goal of some rows in one scenario, in its own unit, as fractions."""
    goal = problem.campaign.goal
    brings = {name: sum(int(scenarios.metrics[name][row, scenario]) for row in rows) for name in METRICS}
    if goal.name == "balanced":
        return sum(Fraction(brings[ideal.metric], ideal.total) for ideal in IDEALS)
    if goal.name == "worth":
        return sum(Fraction(brings[name], 1000) * worth for name, worth in goal.worths.items())
    if goal.name == "value:score":
        scores = [Fraction(problem.roster.numbers["score"][row]).limit_denominator(10) for row in rows]
        units = problem.roster.unit_counts()
        asked = zip(rows, scores, strict=True)
        return sum(score * int(units[row]) * int(scenarios.accepted[row, scenario]) for row, score in asked)
    if goal.name == "profit":
        margin = problem.campaign.margin
        kept = sum(round(int(scenarios.revenue[row, scenario]) * margin) for row in rows)
        return Fraction(kept - sum(int(scenarios.cost[row, scenario]) for row in rows), 100)
    metric = {"engagement": "engagements"}.get(goal.name, goal.name)
    return Fraction(brings[metric], 1000)


@given(st.data())
@CALM
def test_the_goal_of_every_choice_is_that_of_its_offers_rounded_to_its_unit(data):
    rows, goal = data.draw(roster_rows()), data.draw(st.sampled_from(GOALS))
    try:
        problem, _ = build_problem(build_roster(rows), data.draw(campaigns(rows, goal)))
        objective = objective_of(problem)
    except CampaignError:
        return
    scenarios = scenarios_of(problem, count=5, seed=data.draw(st.integers(0, 3)))
    values = goal_in_scenarios(problem, scenarios, objective, ideals_of(problem))
    assert values.shape == (problem.choice_count, 5)
    for choice in range(problem.choice_count):
        own = np.flatnonzero(problem.choice == choice).tolist()
        for scenario in range(5):
            exact = goal_by_hand(problem, scenarios, scenario, own) / objective.unit
            assert abs(int(values[choice, scenario]) - exact) <= Fraction(1, 2) + abs(exact) / 10**15


@pytest.mark.parametrize("goal", ["balanced", "engagement", "conversions", "reach", "worth"])
def test_the_mean_over_scenarios_is_the_goal_of_the_forecast(goal):
    problem = problem_of(goal=goal)
    objective = objective_of(problem)
    values = goal_in_scenarios(problem, scenarios_of(problem, count=20_000), objective, ideals_of(problem))
    error = values.std(axis=1) / np.sqrt(20_000)
    assert (np.abs(values.mean(axis=1) - objective.values) < 4.5 * error).all()


def test_a_balanced_goal_takes_the_ideals_that_the_campaign_keeps():
    problem = problem_of(goal="balanced", ideals=IDEALS)
    scenarios, objective = scenarios_of(problem), objective_of(problem)
    kept, given_ = (goal_in_scenarios(problem, scenarios, objective, it) for it in (None, ideals_of(problem)))
    assert (kept == given_).all()


@pytest.mark.parametrize("goal", ["net reach", "least cost"])
def test_goals_that_scenarios_do_not_have_are_refused(goal):
    problem = problem_of(goal=goal, audience=Audience(by="platform", size={"instagram": 10**6}))
    with pytest.raises(CampaignError, match=goal) as raised:
        goal_in_scenarios(problem, scenarios_of(problem), SimpleNamespace(unit=Fraction(1)))
    assert raised.value.code == "risk-goal"


def test_numbers_that_are_too_large_to_add_up_are_refused():
    problem = problem_of(goal="reach", numbers={"reach": [4e15, 1.0, 4e15, 4e15], "views": [4e15, 1.0, 4e15, 4e15]})
    with pytest.raises(CampaignError, match="too large") as raised:
        goal_in_scenarios(problem, scenarios_of(problem), SimpleNamespace(unit=Fraction(1, 1000)))
    assert raised.value.code == "numbers-too-large"


def test_a_measure_that_is_too_large_to_add_up_is_refused():
    problem = problem_of(numbers={"views": [4e15, 1.0, 4e15, 4e15]})
    with pytest.raises(CampaignError, match="impressions in a scenario") as raised:
        measure_in_scenarios(problem, scenarios_of(problem, count=20), "impressions")
    assert raised.value.code == "numbers-too-large"


def test_some_offers_have_the_measures_that_they_have_among_all():
    problem, rows = problem_of(**EARNING), np.asarray([2, 0])
    every, some = scenarios_of(problem, count=30), scenarios_of(problem, count=30, rows=rows)
    for name in ("engagements", "spend", "profit", "hours", "count"):
        whole = measure_in_scenarios(problem, every, name)
        assert (measure_in_scenarios(problem, some, name) == whole[rows]).all()


def test_the_goal_of_some_choices_is_what_they_have_among_all():
    problem = problem_of(one_offer_per="offer")  # whose bundles have several rows
    chosen = np.asarray([0, 2, problem.choice_count - 1])
    rows = np.flatnonzero(np.isin(problem.choice, chosen))
    every, some = scenarios_of(problem, count=30), scenarios_of(problem, count=30, rows=rows)
    assert len(rows) > len(chosen)
    assert (
        goal_in_scenarios(problem, some, objective_of(problem))
        == goal_in_scenarios(problem, every, objective_of(problem))[chosen]
    ).all()


def test_measures_are_on_the_scale_on_which_rules_count_them():
    problem = problem_of(**EARNING)
    scenarios = scenarios_of(problem, count=400)
    for name in METRICS:
        assert measure_in_scenarios(problem, scenarios, name) is scenarios.metrics[name]
    assert measure_in_scenarios(problem, scenarios, "views") is scenarios.metrics["impressions"]
    assert measure_in_scenarios(problem, scenarios, "fee") is scenarios.cost
    assert measure_in_scenarios(problem, scenarios, "revenue") is scenarios.revenue
    profit = measure_in_scenarios(problem, scenarios, "profit")
    np.testing.assert_allclose(profit, 0.4 * scenarios.revenue - scenarios.cost, atol=0.51)
    assert (measure_in_scenarios(problem, scenarios, "count") == scenarios.accepted).all()
    hours = find_measure(problem, "hours").weights
    assert (measure_in_scenarios(problem, scenarios, "hours") == hours[:, None] * scenarios.accepted).all()


def test_a_column_of_the_roster_takes_precedence_over_earnings_of_its_name():
    problem = problem_of(numbers={"revenue": [10, 20, 30, 40]})
    scenarios = scenarios_of(problem, count=9)
    own = find_measure(problem, "revenue").weights[:, None] * scenarios.accepted
    assert (measure_in_scenarios(problem, scenarios, "revenue") == own).all()


def test_unknown_measures_and_unknown_orders_are_refused_as_in_rules():
    problem = problem_of()
    scenarios = scenarios_of(problem, count=9)
    for name, code in (("likes", "measure-unknown"), ("profit", "order-value-missing"), ("net reach", "net-reach")):
        with pytest.raises(CampaignError) as raised:
            measure_in_scenarios(problem, scenarios, name)
        assert raised.value.code == code


def test_an_offer_has_the_same_draws_in_every_choice_that_contains_it():
    problem = problem_of(one_offer_per="offer")
    scenarios = scenarios_of(problem, count=50)
    offers = [problem.roster.text("creator", row) + problem.roster.text("offer", row) for row in range(len(problem))]
    assert len(set(offers)) < len(offers)
    engagements = scenarios.metrics["engagements"]
    for row, offer in enumerate(offers):
        assert (engagements[row] == engagements[offers.index(offer)]).all()
    sums = sum_by_choice(problem, engagements)
    assert sums.shape == (problem.choice_count, 50)
    assert (sums[-1] == engagements[problem.choice == problem.choice_count - 1].sum(axis=0)).all()


def test_a_part_of_a_problem_has_the_scenarios_that_it_has_in_the_whole():
    problem = problem_of()
    chosen = np.asarray([False, True, True, True])[: problem.choice_count]
    part = restrict(problem, chosen, problem.campaign)
    whole, alone = scenarios_of(problem, count=60), scenarios_of(part, count=60)
    rows = np.flatnonzero(problem.select_rows(chosen))
    assert (alone.metrics["clicks"] == whole.metrics["clicks"][rows]).all()
    assert (alone.cost == whole.cost[rows]).all()


def test_the_campaign_says_how_many_scenarios_there_are_and_their_seed():
    problem = problem_of()
    scenarios = scenarios_of(problem)
    assert (scenarios.count, scenarios.seed) == (problem.campaign.scenarios.count, problem.campaign.scenarios.seed)
    assert scenarios.metrics["reach"].shape == (len(problem), 200)
