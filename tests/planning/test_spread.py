"""How much of a plan its two largest creators carry, and the best plan in which nobody carries more than a quarter."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign, Goal
from microopt.campaign.rule_grammar import parse_rule
from microopt.plan.plan import Plan
from microopt.plan.spread import CAP
from microopt.planning.build_problem import build_problem
from microopt.planning.optimize import optimize
from microopt.planning.spread import find_spread, spread_metrics, two_largest
from microopt.rendering.wording.spread import spread_sentences
from microopt.solver.result import SolveLimits
from microopt.verification.spread import check_spread
from tests.planning.builders import CALM, solver
from tests.scale import examples
from tests.solver.builders import roster

ENGAGEMENT = Goal(name="engagement")


def offers(followers, fees):
    names = [f"@c{place}" for place in range(len(followers))]
    tier = ["micro"] * len(names)
    platform = ["instagram"] * len(names)
    return roster(names, followers=followers, fee=fees, tier=tier, platform=platform)


def make(listed):
    return lambda campaign: optimize(listed, campaign, limits=SolveLimits(seconds=60.0), solver=solver("highs"))


def spread_of(listed, campaign):
    plan = make(listed)(campaign)
    assert isinstance(plan, Plan)
    return plan, find_spread(plan, make(listed))


def best_capped(listed, campaign):
    """Return the most engagements of all plans in which nobody brings more than a quarter, by enumeration."""
    problem, _ = build_problem(listed, campaign)
    amounts, cost = problem.forecast.metrics["engagements"], problem.forecast.cost
    best = 0
    for size in range(1, len(amounts) + 1):
        for chosen in map(list, combinations(range(len(amounts)), size)):
            total = int(amounts[chosen].sum())
            if cost[chosen].sum() <= campaign.budget and amounts[chosen].max() <= CAP * total:
                best = max(best, total)
    return best


@settings(CALM, max_examples=examples(40))
@given(st.lists(st.tuples(st.integers(5, 400), st.integers(1, 9)), min_size=4, max_size=9), st.integers(4, 30))
def test_no_plan_with_everybody_capped_brings_more(creators, budget):
    listed = offers([size * 1_000 for size, _ in creators], [fee * 100 for _, fee in creators])
    campaign = Campaign(budget=budget * 100, goal=ENGAGEMENT)
    plan, spread = spread_of(listed, campaign)
    share, largest = two_largest(plan, "engagements")
    if not plan.picks:
        assert spread is None
        return
    assert (spread.share, spread.largest) == (share, largest)
    assert not list(check_spread(replace(plan, spread=spread)))
    best = best_capped(listed, campaign)
    if share <= Fraction(1, 2):
        assert (spread.status, spread.change) == ("even", None)
    elif not best:
        assert (spread.status, spread.change) == ("empty", None)
    else:
        assert spread.status == "optimal"
        assert plan.totals.metrics["engagements"] + spread.change.metrics["engagements"] == best


def test_the_rules_it_names_make_that_plan():
    listed = offers([400_000, *[50_000] * 9], [300, *[100] * 9])
    plan, spread = spread_of(listed, Campaign(budget=500, goal=ENGAGEMENT))
    assert spread.largest[0] == "@c0"
    rules = tuple(map(parse_rule, spread.rules))
    again = make(listed)(Campaign(budget=500, goal=ENGAGEMENT, rules=rules))
    assert (
        again.totals.metrics["engagements"] - plan.totals.metrics["engagements"] == spread.change.metrics["engagements"]
    )
    assert find_spread(again, make(listed)).status == "even"


def test_required_creators_may_leave_no_capped_plan():
    listed = offers([900_000, 6_000], [100, 100])
    plan, spread = spread_of(listed, Campaign(budget=1_000, goal=ENGAGEMENT, include=("@c0",)))
    assert spread.status == "infeasible"
    sentences = [text for _, text in spread_sentences(replace(plan, spread=spread), hints=True)]
    assert sentences[1:] == ["Capped at 25% each, no plan keeps your rules and your required creators."]


def test_a_cap_that_leaves_nobody_says_so():
    plan, spread = spread_of(offers([900_000, 6_000], [100, 100]), Campaign(budget=1_000, goal=ENGAGEMENT))
    assert spread.status == "empty"
    sentences = [text for _, text in spread_sentences(replace(plan, spread=spread), hints=True)]
    assert sentences[1:] == ["Capped at 25% each, only a plan without creators keeps your rules."]


@pytest.mark.parametrize(("status", "said"), [("unknown", "not looked at"), ("infeasible", "infeasible")])
def test_only_what_was_shown_to_be_infeasible_is_called_so(status, said):
    plan = make(offers([900_000, 6_000], [100, 100]))(Campaign(budget=1_000, goal=ENGAGEMENT))
    required = Campaign(budget=1, goal=ENGAGEMENT, include=("@c0",))
    diagnosis = make(offers([900_000, 6_000], [100, 100]))(required)
    assert find_spread(plan, lambda campaign: replace(diagnosis, status=status)).status == said


@pytest.mark.parametrize(
    ("place", "changes"),
    [
        ("spread.rules.0", {"rules": ("creator:@nobody engagements <= 1%",)}),
        ("spread.rules.0", {"rules": ("all count >= 1",)}),
        ("spread.status", {"status": "better"}),
        ("spread.change", {"change": None}),
        ("spread.change", {"status": "infeasible"}),
    ],
)
def test_a_proposal_that_contradicts_itself_is_false(place, changes):
    plan, spread = spread_of(offers([400_000, *[50_000] * 9], [300, *[100] * 9]), Campaign(budget=500, goal=ENGAGEMENT))
    assert spread.status == "optimal"
    assert not list(check_spread(replace(plan, spread=spread)))
    found = list(check_spread(replace(plan, spread=replace(spread, **changes))))
    assert place in {each.place for each in found}


def test_without_time_it_says_so():
    plan = make(listed := offers([900_000, 6_000], [100, 100]))(Campaign(budget=1_000, goal=ENGAGEMENT))
    spread = find_spread(plan, lambda campaign: None)
    assert spread.status == "not looked at"
    assert len(listed) == 2


@pytest.mark.parametrize(
    ("goal", "metrics"),
    [
        (Goal(name="balanced"), ("engagements", "conversions")),
        (Goal(name="net reach"), ("reach",)),
        (Goal(name="profit"), ("conversions",)),
        (Goal(name="value:score"), ("engagements",)),
        (Goal(name="worth", worths={"clicks": Fraction(1), "reach": Fraction(0)}), ("clicks",)),
        (Goal(name="least cost", targets={"conversions": Fraction(5)}), ("conversions",)),
    ],
)
def test_it_looks_at_the_results_of_the_goal(goal, metrics):
    assert spread_metrics(Campaign(budget=1, goal=goal)) == metrics


def test_a_false_share_or_name_is_found():
    listed = offers([900_000, 60_000, 50_000], [100] * 3)
    plan, spread = spread_of(listed, Campaign(budget=1_000, goal=ENGAGEMENT))
    for change in (
        {"share": spread.share / 2},
        {"largest": spread.largest[::-1]},
        {"status": "even"},
        {"metric": "reach"},
        {"cap": Fraction(1, 3)},
    ):
        assert list(check_spread(replace(plan, spread=replace(spread, **change))))
    assert np.isclose(float(spread.share), float(two_largest(plan, "engagements")[0]))
