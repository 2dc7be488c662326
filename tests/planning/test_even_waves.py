"""Of plans of the same value, the one that is spread most evenly over the waves."""

from datetime import date
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from microopt.campaign.calendar import Calendar, Wave, WaveBudget
from microopt.campaign.campaign import Ideal
from microopt.campaign.risk_settings import ScenarioSettings
from microopt.errors import MicrooptError
from microopt.planning.build_problem import build_problem
from microopt.planning.even_waves import ALL_AT_ONCE, even_out
from microopt.planning.formulation.formulate import formulate
from microopt.planning.optimize import build_objective, optimize
from microopt.planning.wave_weights import wave_weights
from microopt.solver.backends.base import load_backend
from microopt.solver.result import SolveLimits
from microopt.solver.search import solve
from tests.planning.builders import POOLS, build_campaign
from tests.planning.wave_builders import calendar, listed, offer_rows, wave_campaigns
from tests.solver.builders import roster


def months(count, **facts):
    return calendar(count, **facts)


def weeks(count):
    days = [date.fromordinal(date(2027, 3, 1).toordinal() + 7 * week) for week in range(count + 1)]
    waves = [
        Wave(name=f"w{number}", starts=first, ends=date.fromordinal(after.toordinal() - 1))
        for number, (first, after) in enumerate(pairwise(days))
    ]
    return Calendar(waves=tuple(waves), lead_days=0)


def planned(*rules, when, budget=1_000_000, count=6, fee=(10_000,), **settings):
    """Return the plan of some creators of the same size, who are all wanted as often as they may post."""
    names = [f"@{letter}" for letter in "abcdefghijkl"[:count]]
    fees = [fee[place % len(fee)] for place in range(count)]
    offers = roster(names, followers=[20_000] * count, fee=fees)
    return optimize(offers, build_campaign(*rules, budget=budget, calendar=when, **settings))


def waves_of(plan, name):
    names = plan.campaign.calendar.names
    return [names.index(pick.wave) for pick in plan.picks if pick.creator == name]


def test_posts_are_in_all_waves_where_these_are_alike():
    plan = planned(when=weeks(12))
    assert plan.proof.status == "optimal"
    assert [wave.posts for wave in plan.by_wave] == [2] * 12


def test_the_posts_of_a_creator_are_apart():
    plan = planned(when=weeks(12))
    for name in "abcdef":
        waves = waves_of(plan, f"@{name}")
        assert len(waves) == 4
        assert all(after - before >= 2 for before, after in pairwise(waves))


def test_a_dear_post_does_not_starve_the_waves_in_which_others_of_its_wave_post_again():
    launch = ("creator:@a count = 1 in first wave", "creator:@a count <= 0 in w1..w11")
    plan = planned(*launch, "each creator gap >= 3 waves", when=weeks(12), count=7, fee=(200_000, *[10_000] * 6))
    assert plan.proof.status == "optimal"
    assert [wave.posts for wave in plan.by_wave] == [3] + [2] * 11


def test_the_spend_of_creators_of_different_fees_is_about_the_same_in_each_wave():
    fees = tuple(amount * 1_000 for amount in (54, 58, 10, 38, 70, 67, 56, 43, 66, 50, 79))
    plan = planned(when=weeks(12), count=len(fees), fee=fees, budget=10_000_000)
    spend = [wave.spend for wave in plan.by_wave]
    assert max(spend) <= 1.2 * min(spend)


def test_a_wave_with_more_demand_or_a_larger_budget_gets_more():
    when = months(2)
    first, second = when.waves
    demanded = Calendar(
        waves=(first, Wave(name=second.name, starts=second.starts, ends=second.ends, demand=Fraction(2)))
    )
    plan = planned("each creator count <= 1", when=demanded)
    assert [wave.posts for wave in plan.by_wave] == [2, 4]
    shares = {"2027-01": WaveBudget(high=Fraction(2, 3), percent=True)}
    plan = planned("each creator count <= 1", when=months(2, budgets=shares), budget=60_000)
    assert [wave.posts for wave in plan.by_wave] == [4, 2]


def test_rules_on_waves_are_kept():
    rules = "each creator count <= 1", "all count <= 1 in first wave", "creator:@b count = 1 in 2027-02"
    plan = planned(*rules, when=months(3))
    assert plan.by_wave[0].posts == 1
    assert waves_of(plan, "@b") == [1]


def test_gifted_posts_are_spread_too():
    plan = planned("each creator count <= 1", when=weeks(6), fee=(0,))
    assert [wave.posts for wave in plan.by_wave] == [1] * 6


def test_a_plan_without_a_calendar_is_as_it_was():
    offers = roster(["@a"], followers=[12_000], fee=[300])
    problem, _ = build_problem(offers, build_campaign(budget=100_000))
    columns = np.asarray([0])
    assert even_out(problem, formulate(problem, build_objective(problem, ())), columns) is columns


def solved(rows, campaign):
    """Return the problem, the program and the columns of the solver, None if there is no plan."""
    try:
        problem, _ = build_problem(listed(rows), campaign)
    except MicrooptError:
        return None
    program = formulate(problem, build_objective(problem, ()))
    result = solve(program, load_backend(), SolveLimits(seconds=10.0))
    return None if result.columns is None or not len(result.columns) else (problem, program, result.columns)


def posts_of(problem, choice):
    rows, roster = np.flatnonzero(problem.choice == choice), problem.roster
    units = roster.unit_counts()
    return [(roster.text("platform", row), roster.text("offer", row), int(units[row])) for row in rows]


def unevenness(problem, columns):
    """Return the measure in cents, from the rows: every campaign here spends less than what is counted exactly."""
    waves, cost = problem.roster.timing.wave, problem.forecast.cost
    bought = [np.flatnonzero(problem.choice == choice) for choice in columns]
    total = int(sum(cost[rows].sum() for rows in bought))
    least = max(1, total // sum(map(len, bought)) // 10)
    calendar = problem.campaign.calendar
    weights = wave_weights(calendar, problem.campaign.budget)
    mean = sum(weights) / len(weights)
    most = max(least, int(total * max(weights) / sum(weights))) if any(weights) else total
    spend = [0] * len(calendar.waves)
    for rows in bought:
        for row in rows:
            spend[waves[row]] += counted(cost[row], least, most)
    value = sum(
        amount**2 * (min(2**12, max(1, round(64 * mean / weight))) if weight else 2**12)
        for amount, weight in zip(spend, weights, strict=True)
    )
    return value, total // len(spend), least, most


def counted(cents, least, most):
    """Return what a post counts: at least a tenth of the mean one, and at most what the largest wave has."""
    return min(max(int(cents), least), most)


def too_soon(problem, choice, options, in_wave, least, most):
    """Return what posts of a creator that follow each other too soon count."""
    waves, cost = problem.roster.timing.wave, problem.forecast.cost
    every = waves[np.isin(problem.choice, options)]
    span = int(every.max() - every.min()) + 1
    rows = np.flatnonzero(problem.choice == choice)
    found = 0
    for before, after in pairwise(rows):
        mean = (counted(cost[before], least, most) + counted(cost[after], least, most)) // 2
        short = max(0, span - int(waves[after] - waves[before]) * len(rows))
        found += 2 * 64 * mean * max(mean, in_wave // 2) * short // span
    return found


def as_good(problem, program, column):
    """Return the schedules of a creator with the same offers, objective and cost."""
    return [
        other
        for other in np.flatnonzero(problem.choice_creators == problem.choice_creators[column])
        if program.objective[other] == program.objective[column]
        and program.cost[other] == program.cost[column]
        and sorted(posts_of(problem, other)) == sorted(posts_of(problem, column))
    ]


@settings(max_examples=60, deadline=None)
@given(offer_rows(), wave_campaigns())
def test_nothing_is_lost_and_no_plan_of_the_same_posts_is_more_even(rows, campaign):
    found = solved(rows, campaign)
    if found is None:
        return
    problem, program, columns = found
    moved = even_out(problem, program, columns)
    assert program.objective_value(moved) == program.objective_value(columns)
    assert program.total_cost(moved) == program.total_cost(columns)
    assert not program.violated_constraints(moved)
    assert np.array_equal(even_out(problem, program, columns), moved)
    options = [as_good(problem, program, column) for column in columns]
    number = int(np.prod([len(each) for each in options]))
    if number > min(2_000, ALL_AT_ONCE) or any(row.penalty is not None for row in program.rows):
        return

    def measure(plan):
        value, *sizes = unevenness(problem, plan)
        own = {choice: each for each in options for choice in each}
        return value + sum(too_soon(problem, choice, own[choice], *sizes) for choice in plan)

    feasible = [plan for plan in product(*options) if not program.violated_constraints(np.sort(plan))]
    assert measure(moved) == min(map(measure, feasible))


def test_posts_of_the_last_plan_stay_in_their_waves():
    offers = roster(["@a", "@b"], followers=[20_000] * 2, fee=[100] * 2)
    campaign = build_campaign("each creator count <= 2", budget=1_000_000, calendar=weeks(6))
    problem, _ = build_problem(offers, campaign)
    program = formulate(problem, build_objective(problem, ()))
    start = solve(program, load_backend(), SolveLimits(seconds=10.0)).columns

    def waves_bought(columns):
        rows = np.flatnonzero(problem.select_rows(program.mask(columns)))
        names = [problem.roster.text("creator", row) for row in rows]
        return [*zip(names, problem.roster.timing.wave[rows].tolist(), strict=True)]

    even = optimize(offers, campaign).picks
    names = campaign.calendar.names
    early = [replace(pick, wave=names[place % 2]) for place, pick in enumerate(even)]
    assert waves_bought(even_out(problem, program, start, early)) == [("@a", 0), ("@a", 1), ("@b", 0), ("@b", 1)]
    one = waves_bought(even_out(problem, program, start, early[:1]))
    assert ("@a", 0) in one
    assert len({wave for _, wave in one}) == 4


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        ("all count >= 3 in 2027-01 (soft 2%)", {}),
        ("all count <= 1 in 2027-02 (soft 2%)", {}),
        ("all engagements >= 500 in 2027-01 in 60%", {"scenarios": ScenarioSettings(count=40)}),
        ("all count <= 4 each wave", {"goal": "net reach", "audience": POOLS}),
        ("all net-reach >= 3000 in 2027-01", {"audience": POOLS}),
        ("all count <= 4 each wave", {"goal": "least cost", "budget": None}),
    ],
)
def test_soft_rules_chances_and_net_reach_stay_as_they_are(rule, facts):
    names = [f"@{name}" for name in "abcd"]
    offers = roster(names, followers=[20_000] * 4, fee=[10_000, 11_000, 12_000, 13_000], niche=["beauty"] * 4)
    wanted = {"budget": 100_000, **facts}
    problem, _ = build_problem(offers, build_campaign(rule, calendar=months(4, max_posts=2), **wanted))
    ideals = (Ideal(metric="engagements", total=10**7, bound=10**7),) if "soft" in rule else ()
    program = formulate(problem, build_objective(problem, ideals))
    columns = solve(program, load_backend(), SolveLimits(seconds=10.0)).columns
    moved = even_out(problem, program, columns)
    assert len(moved)
    assert program.objective_value(moved) == program.objective_value(columns)
    assert program.total_cost(moved) == program.total_cost(columns)
    assert not program.violated_constraints(moved)
