"""Plans that look at some of very many schedules agree with those that look at all."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from msgspec.structs import replace

from microopt import Diagnosis, Plan, optimize
from microopt.campaign.campaign import Campaign, Goal
from microopt.campaign.rule_grammar import parse_rule
from microopt.errors import CampaignError, UsageError
from microopt.planning.build_problem import build_problem
from microopt.planning.formulation.objective import metric_objective
from microopt.planning.optimize import solve_problem
from microopt.planning.problem import restrict
from microopt.planning.schedule_pool import build_pool
from microopt.planning.schedule_pricing import look
from microopt.planning.schedule_pricing.look import ScheduleSearch
from microopt.solver.backends.base import load_backend
from microopt.solver.result import SolveLimits
from tests import scale
from tests.planning.wave_builders import calendar, listed, offer_rows, wave_campaigns
from tests.solver.builders import roster

LIMITS = SolveLimits(seconds=60.0)
FEW = settings(deadline=None, max_examples=scale.examples(25))


@pytest.fixture(autouse=True)
def every_schedule_is_one_of_very_many():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build_pool, "MANY", 0)
        patch.setattr(build_pool, "MANY_OF_SLOTS", 0)
        yield


def answer_of(offers, campaign):
    try:
        return optimize(offers, campaign)
    except CampaignError:
        return None


def answer_of_all(offers, campaign):
    """Return the answer where each schedule is looked at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build_pool, "MANY", 10**9)
        patch.setattr(build_pool, "MANY_OF_SLOTS", 10**9)
        return answer_of(offers, campaign)


@FEW
@given(rows=offer_rows(), campaign=wave_campaigns())
def test_a_plan_of_some_schedules_is_that_of_all(rows, campaign):
    offers = listed(rows)
    whole = answer_of_all(offers, campaign)
    assume(whole is not None)
    some = answer_of(offers, campaign)
    if isinstance(some, Plan):
        assert isinstance(whole, Plan)
        assert some.proof.objective <= whole.proof.objective <= some.proof.bound
        assert some.status != "optimal" or some.proof.objective == whole.proof.objective
    else:
        assert some.status == "unknown" or isinstance(whole, Diagnosis)


@FEW
@given(rows=offer_rows(), campaign=wave_campaigns())
def test_a_bound_holds_however_few_schedules_are_kept(rows, campaign):
    offers = listed(rows)
    whole = answer_of_all(offers, campaign)
    assume(isinstance(whole, Plan))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(look, "MOST_KEPT", 3)
        some = answer_of(offers, campaign)
    if isinstance(some, Plan):
        assert some.proof.objective <= whole.proof.objective <= some.proof.bound
        assert some.status != "optimal" or some.proof.objective == whole.proof.objective
    else:
        assert some.status == "unknown"


def test_a_bound_counts_schedules_that_bring_no_multiple_of_what_the_others_do(monkeypatch):
    monkeypatch.setattr(look, "MOST_KEPT", 1)  # single posts alone are looked at, and all bring the same
    offers = roster(["@a", "@a"], platform=["tiktok"] * 2, offer=["video", "short"], numbers={"views": [500, 500]})
    two_posts, per = calendar(2, max_posts=2), "creator,platform"
    campaign = Campaign(budget=400_000, goal=Goal(name="engagement"), calendar=two_posts, one_offer_per=per)
    some, whole = optimize(offers, campaign), answer_of_all(offers, campaign)
    assert some.proof.objective < whole.proof.objective <= some.proof.bound
    assert some.status == "feasible"


def standing_team(*rules, budget=60_000, goal="engagement", posts=3, **facts):
    """Return a list of four creators and a campaign of six months."""
    offers = roster(
        ["@a", "@b", "@c", "@d"],
        platform=["tiktok"] * 4,
        offer=["video"] * 4,
        niche=["beauty", "food", "food", "food"],
        fee=[10_000, 11_000, 12_000, 13_000],
        followers=[30_000] * 4,
        numbers={"views": [9_000, 8_000, 7_000, 9_500]},
    )
    when = calendar(6, max_posts=posts, **facts)
    return offers, Campaign(budget=budget, goal=Goal(name=goal), calendar=when, rules=tuple(map(parse_rule, rules)))


def test_the_prices_that_a_plan_keeps_choose_the_same_schedules_again():
    offers, campaign = standing_team("each creator gap >= 2 waves", "niche:food count >= 1 each wave", budget=90_000)
    plan, (problem, _) = optimize(offers, campaign), build_problem(offers, campaign)
    left_out = plan.proof.left_out
    again = ScheduleSearch.of(problem).repeat(lambda each: metric_objective(each, "engagements"), left_out)
    assert again.schedules.left_out == left_out
    assert again.choice_count == left_out.looked_at < left_out.schedules == 4 * (6 + 15 + 20)


@pytest.mark.parametrize(
    "lie",
    [
        {"prices": (10**30,) * 8},
        {"prices": (10**400,) * 8},
        {"prices": ()},
        {"bits": 900},
        {"bits": -1},
        {"loss": 10**30},
    ],
)
def test_prices_that_no_search_found_are_refused(lie):
    offers, campaign = standing_team("each creator gap >= 2 waves", "niche:food count >= 1 each wave", budget=90_000)
    plan, (problem, _) = optimize(offers, campaign), build_problem(offers, campaign)
    search, lied = ScheduleSearch.of(problem), replace(plan.proof.left_out, **lie)
    lied = replace(lied, prices=lied.prices[: len(search.rows)])
    assert search.repeat(lambda each: metric_objective(each, "engagements"), lied) is None


def test_schedules_of_a_file_that_are_none_are_left_out():
    offers, campaign = standing_team("each creator gap >= 2 waves", "niche:food count >= 1 each wave", budget=90_000)
    plan, (problem, _) = optimize(offers, campaign), build_problem(offers, campaign)
    lied = replace(plan.proof.left_out, extra=((), (0,), (10**9, 1), (0, 10**9)))
    shown = ScheduleSearch.of(problem).repeat(lambda each: metric_objective(each, "engagements"), lied)
    assert shown.schedules.left_out.extra == ()


def two_platforms(*rules, until="", units=1, budget=45_000, posts=2):
    """Return a list of creators with a video on each of two platforms, and a campaign of three months."""
    available_to = ["", until, "", until]
    offers = roster(
        ["@a", "@a", "@b", "@b"],
        platform=["tiktok", "youtube"] * 2,
        offer=["video"] * 4,
        fee=[10_000, 11_000, 12_000, 13_000],
        followers=[30_000] * 4,
        numbers={"views": [9_000, 8_000, 7_000, 9_500], "max_units": [units, 1, 1, 1]},
        available_from=[""] * 4,
        available_to=available_to,
    )
    when, goal = calendar(3, max_posts=posts), Goal(name="engagement")
    return offers, Campaign(budget=budget, goal=goal, calendar=when, rules=tuple(map(parse_rule, rules)))


@pytest.mark.parametrize("kept", [3, 40_000])
@pytest.mark.parametrize(
    ("rules", "until"),
    [
        (["platform:tiktok repeats >= 100%"], ""),
        (["platform:tiktok count >= 100% in 2027-01..2027-02", "platform:youtube count >= 1"], "2027-01-20"),
    ],
)
def test_a_share_of_all_creators_is_no_sum_of_posts(rules, until, kept, monkeypatch):
    monkeypatch.setattr(look, "MOST_KEPT", kept)
    offers, campaign = two_platforms(*rules, until=until)
    some, whole = optimize(offers, campaign), answer_of_all(offers, campaign)
    assert whole.status == "optimal"
    if kept == 3 and isinstance(some, Diagnosis):
        assert some.status == "unknown"
        return
    assert some.proof.objective <= whole.proof.objective <= some.proof.bound


@pytest.mark.parametrize("rule", ["platform:tiktok repeats >= 1", "all repeats >= 50%"])
def test_a_bound_has_no_penalties_where_posts_say_little_of_a_rule(rule):
    offers, campaign = two_platforms(rule, units=2, budget=75_000)
    some, whole = optimize(offers, campaign), answer_of_all(offers, campaign)
    without_rule = answer_of_all(*two_platforms(units=2, budget=150_000))
    assert some.proof.objective <= whole.proof.objective <= some.proof.bound <= without_rule.proof.objective


def test_other_prices_bound_every_plan_too():
    offers, campaign = standing_team("niche:food count >= 1 each wave", budget=90_000)
    plan, (problem, _) = optimize(offers, campaign), build_problem(offers, campaign)
    search, draws = ScheduleSearch.of(problem), np.random.default_rng(1)
    for _ in range(20):
        prices = tuple((draws.integers(-(2**20), 2**20, len(search.rows))).tolist())
        other = replace(plan.proof.left_out, prices=prices, loss=1)
        shown = search.repeat(lambda each: metric_objective(each, "engagements"), other)
        assert shown.schedules.left_out.bound + 1 >= plan.proof.objective


def test_a_gap_that_leaves_no_plan_is_part_of_the_conflict(monkeypatch):
    offers, campaign = standing_team(
        "each creator gap >= 4 waves", "niche:beauty count >= 1 in 2027-01", "niche:beauty count >= 1 in 2027-03"
    )
    diagnosis = optimize(offers, campaign)
    assert isinstance(diagnosis, Diagnosis)
    assert diagnosis.status == "infeasible"  # by prices; with single posts alone, which rules conflict is not known
    assert not diagnosis.irreducible
    monkeypatch.setattr(build_pool, "MANY", 4 * (6 + 15 * 2))
    diagnosis = optimize(offers, campaign)
    assert diagnosis.irreducible
    assert set(diagnosis.clash) == {rule.label for rule in campaign.rules}
    assert any(change.label.startswith("each creator gap") for each in diagnosis.repairs for change in each.changes)
    repaired = optimize(offers, campaign, repair=True)
    assert isinstance(repaired, Plan)


def test_a_rule_is_priced_by_schedules_that_it_forbids():
    offers, campaign = standing_team("each creator gap >= 4 waves", budget=200_000)
    plan = optimize(offers, campaign, price_rules=True)
    (price,) = plan.rule_prices
    without = optimize(offers, replace(campaign, rules=()))
    assert price.status == "optimal"
    assert price.change.objective == without.proof.objective - plan.proof.objective > 0


def test_a_restricted_problem_looks_for_its_own_schedules():
    offers, campaign = standing_team(budget=200_000)
    problem, _ = build_problem(offers, campaign)
    food = problem.any_by_choice(problem.roster.creator_id > 0)
    kept = solve_problem(restrict(problem, food, campaign), limits=LIMITS, solver=load_backend("highs"))
    whole = optimize(offers.take(np.asarray([1, 2, 3])), campaign)
    assert kept.proof.status == "optimal"
    assert kept.proof.objective == whole.proof.objective


def test_a_question_for_which_other_schedules_may_be_needed_is_refused():
    offers, campaign = standing_team(budget=200_000)
    problem, _ = build_problem(offers, campaign)
    dearer = replace(problem, forecast=replace(problem.forecast, cost=problem.forecast.cost + 1))
    with pytest.raises(UsageError, match="needs every schedule") as refused:
        solve_problem(dearer, limits=LIMITS, solver=load_backend("highs"))
    assert refused.value.code == "schedules-some"


def test_a_balanced_plan_is_within_the_rounding_of_its_goal():
    offers, campaign = standing_team("each creator count <= 2", goal="balanced")
    some, whole = optimize(offers, campaign), answer_of_all(offers, campaign)
    assert some.proof.objective == whole.proof.objective
    assert some.proof.bound - some.proof.objective <= Fraction(20, 10**10)
