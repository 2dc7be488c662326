"""Schedules that alone are too much for a rule do not make the others look poor."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt import Plan, optimize
from microopt.analysis.tiers.compare import compare
from microopt.campaign.campaign import Campaign, Goal
from microopt.campaign.rule_grammar import parse_rule
from microopt.errors import UsageError
from microopt.planning.build_problem import build_problem
from microopt.planning.formulation.objective import metric_objective
from microopt.planning.schedule_pool import build_pool
from microopt.planning.schedule_pricing import look
from microopt.planning.schedule_pricing.best_schedules import best_of_each, find_within
from microopt.planning.schedule_pricing.look import ScheduleSearch
from microopt.planning.schedule_pricing.relaxation import RulePrices
from tests import scale
from tests.planning.wave_builders import calendar
from tests.solver.builders import roster

ALL = 10**9
FEW = settings(deadline=None, max_examples=scale.examples(25))


@pytest.fixture(autouse=True)
def every_schedule_is_one_of_very_many():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build_pool, "MANY", 0)
        yield


def engagements(problem):
    return metric_objective(problem, "engagements")


def launch(waves=12, goal="engagement", budget=2_400_000, posts=4):
    """Return a star that fits into the budget once, one that fits twice, and many small creators, in many waves."""
    views = [900_000, 300_000, *(9_000 + 700 * number for number in range(10))]
    fees = [1_365_000, 900_000, *(20_000 + 4_000 * number for number in range(10))]
    names = [f"@{number:02}" for number in range(len(views))]
    offers = roster(
        names, platform=["tiktok"] * len(views), offer=["video"] * len(views), fee=fees, numbers={"views": views}
    )
    return offers, Campaign(budget=budget, goal=Goal(name=goal), calendar=calendar(waves, max_posts=posts))


@pytest.mark.parametrize("goal", ["balanced", "engagement", "conversions"])
def test_a_star_that_can_be_bought_once_is_not_lost_to_schedules_that_nobody_can_pay(goal, monkeypatch):
    offers, campaign = launch(goal=goal)
    some = optimize(offers, campaign)
    assert some.proof.left_out is not None
    monkeypatch.setattr(build_pool, "MANY", ALL)
    whole = optimize(offers, campaign)
    assert whole.status == "optimal"
    assert some.proof.gap < 0.01
    assert some.proof.objective >= whole.proof.objective * Fraction(99, 100)


@FEW
@given(
    fees=st.lists(st.integers(1, 60), min_size=1, max_size=3),
    budget=st.integers(1, 130),
    posts=st.integers(1, 4),
    share=st.floats(0.1, 1),
)
def test_schedules_within_the_budget_are_found_and_no_others(fees, budget, posts, share):
    offers = roster(
        ["@a"] * len(fees),
        platform=["tiktok"] * len(fees),
        offer=[f"offer {number}" for number in range(len(fees))],
        fee=[fee * 100 for fee in fees],
        numbers={"views": [1_000 * fee + 7 for fee in fees]},
    )
    campaign = Campaign(
        budget=budget * 100,
        goal=Goal(name="engagement"),
        calendar=calendar(4, max_posts=posts),
        one_offer_per="creator",
    )
    problem, _ = build_problem(offers, campaign)
    search = ScheduleSearch.of(problem)
    relaxation, _ = search.relaxation(engagements)
    priced = relaxation.price(RulePrices(numbers=(0,) * len(search.rows), bits=0))
    everything = every_schedule(len(fees), posts)
    affordable = {each for each in everything if sum(fees[place % len(fees)] for place in each) <= budget}
    each_schedule = replace(priced.posts, kinds=None)
    found = find_within(each_schedule, priced.posts.best * 0 + 1, ALL)
    assert {own[1:] for own in found.numbers()} == affordable
    best = [own[1:] for own in best_of_each(priced.posts).numbers()]
    worth = dict(zip((own[1:] for own in found.numbers()), found.values.tolist(), strict=True))
    assert max(int(priced.posts.best[0]), 0) >= max(worth.values(), default=0)
    if len(set(fees)) == 1 and affordable:  # then the steps are exact
        assert worth[best[0]] == max(worth.values())
    least = int(share * max(worth.values(), default=1)) + 1
    near = find_within(each_schedule, priced.posts.best * 0 + least, ALL)
    assert {own[1:] for own in near.numbers()} == {each for each, value in worth.items() if value >= least}


def every_schedule(offers, posts, waves=4):
    """Yield the places of every schedule of one creator, one offer a wave."""
    every = range(offers * waves)
    for size in range(1, posts + 1):
        for places in combinations(every, size):
            if len({place // offers for place in places}) == size:
                yield places


def test_a_post_that_a_wave_cannot_pay_is_not_looked_at():
    offers, campaign = launch(waves=4, posts=2)
    campaign = Campaign(
        budget=campaign.budget,
        goal=campaign.goal,
        calendar=campaign.calendar,
        rules=(parse_rule("all spend <= 5000 each wave"),),
    )
    problem, _ = build_problem(offers, campaign)
    relaxation, _ = ScheduleSearch.of(problem).relaxation(engagements)
    assert relaxation.possible.any()
    assert not relaxation.possible[problem.schedules.pool.forecast.cost > 500_000].any()


def test_a_comparison_of_tiers_says_that_it_needs_every_schedule(monkeypatch):
    offers, campaign = launch(waves=4)
    monkeypatch.setattr(look, "MOST_KEPT", 3)
    with pytest.raises(UsageError, match="compare needs every schedule"):
        compare(offers, campaign)


def test_a_plan_of_few_schedules_is_a_plan(monkeypatch):
    monkeypatch.setattr(look, "MOST_KEPT", 3)
    assert isinstance(optimize(*launch(waves=4)), Plan)
