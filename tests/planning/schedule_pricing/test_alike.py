"""Of schedules that cannot be told apart, one is looked at, and a plan is spread over the waves all the same."""

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from msgspec.structs import replace

from microopt import Plan, optimize
from microopt.campaign.campaign import Campaign, Goal
from microopt.campaign.rule_grammar import parse_rule
from microopt.errors import CampaignError
from microopt.planning.build_problem import build_problem
from microopt.planning.formulation.objective import metric_objective
from microopt.planning.schedule_pool import build_pool
from microopt.planning.schedule_pricing.best_schedules import find_within
from microopt.planning.schedule_pricing.look import ScheduleSearch
from microopt.planning.schedule_pricing.relaxation import RulePrices
from tests import scale
from tests.planning.wave_builders import calendar, listed, offer_rows, wave_campaigns
from tests.solver.builders import roster

MANY_WITHOUT = [HealthCheck.filter_too_much]  # campaigns whose rules tell schedules apart
FEW = settings(deadline=None, max_examples=scale.examples(25), suppress_health_check=MANY_WITHOUT)


@pytest.fixture(autouse=True)
def every_schedule_is_one_of_very_many():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build_pool, "MANY", 0)
        patch.setattr(build_pool, "MANY_OF_SLOTS", 0)
        yield


def engagements(problem):
    return metric_objective(problem, "engagements")


@FEW
@given(rows=offer_rows(), campaign=wave_campaigns())
def test_one_schedule_of_each_kind_is_found(rows, campaign):
    try:
        problem, _ = build_problem(listed(rows), campaign)
    except CampaignError:
        assume(False)
    search = ScheduleSearch.of(problem) if problem.schedules is not None else None
    assume(search is not None)
    relaxation, _ = search.relaxation(engagements)
    assume(relaxation.kinds is not None)
    posts = relaxation.price(RulePrices(numbers=(0,) * len(search.rows), bits=0)).posts
    least = np.ones(posts.grid.creators, dtype=np.int64)
    every = find_within(replace(posts, kinds=None), least, 10**6)
    found = find_within(posts, least, 10**6)
    assert columns(search, found).keys() == columns(search, every).keys()
    assert set(found.numbers()) <= set(every.numbers())


def columns(search, found):
    """Return schedules by what a program knows of them."""
    cases, choice = search.some.pool.rows_of(found)
    table = np.zeros((len(found), len(search.rows) + 1), dtype=np.int64)
    values = [*(row.least for row in search.rows), search.some.pool.forecast.cost]
    for number, each in enumerate(values):
        np.add.at(table[:, number], choice, each[cases])
    return dict(zip(map(tuple, np.column_stack([found.creators, table]).tolist()), found.numbers(), strict=True))


def standing_team(*rules, goal="engagement"):
    """Return a list of six creators and a campaign of twelve alike months."""
    names = [f"@{number}" for number in range(6)]
    views = [9_000 + 600 * number for number in range(6)]
    fees = [10_000 + 900 * number for number in range(6)]
    offers = roster(names, platform=["tiktok"] * 6, offer=["video"] * 6, fee=fees, numbers={"views": views})
    campaign = Campaign(
        budget=220_000, goal=Goal(name=goal), calendar=calendar(12, max_posts=4), rules=tuple(map(parse_rule, rules))
    )
    return offers, campaign


@pytest.mark.parametrize("goal", ["engagement", "balanced"])
@pytest.mark.parametrize("rules", [(), ("each creator gap >= 2 waves",), ("each creator count <= 1 each wave",)])
def test_twelve_alike_waves_are_proven_with_few_schedules(goal, rules):
    offers, campaign = standing_team(*rules, goal=goal)
    plan = optimize(offers, campaign)
    assert isinstance(plan, Plan)
    assert plan.status == "optimal"
    assert plan.proof.left_out.looked_at < 100 < plan.proof.left_out.schedules


def test_a_plan_of_one_schedule_of_each_kind_is_even_over_the_waves():
    plan = optimize(*standing_team())
    posts = [pick.wave for pick in plan.picks]
    assert len(set(posts)) == 12
    assert max(map(posts.count, posts)) <= -(-len(posts) // 12) + 1


def test_schedules_that_a_rule_tells_apart_are_all_looked_at():
    offers, campaign = standing_team("creator:@0 excludes creator:@1 in 2027-03")
    problem, _ = build_problem(offers, campaign)
    assert ScheduleSearch.of(problem).relaxation(engagements)[0].kinds is None
