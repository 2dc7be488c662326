"""Solved problem -> a reason for the unspent money that is true at the budget that it names."""

import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.campaign import Audience, RangeRule
from microopt.campaign.metrics import GROSS_SUFFIX
from microopt.errors import CampaignError
from microopt.plan.diagnosis import Diagnosis
from microopt.planning import purchase_steps
from microopt.planning.counterfactuals import without_rows
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import Objective
from microopt.planning.optimize import optimize
from microopt.planning.unspent_money import NOT_THE_BUDGET, unspent_reason
from tests.planning.builders import CALM, GOALS, build_campaign, build_roster, campaigns, draw_solved, roster_rows
from tests.scale import examples
from tests.solver.builders import case, solver


def offer(creator, fee, rate=0.04, niche="food", name="reel", followers=40_000):
    facts = {"platform": "instagram", "region": "", "followers": followers, "max_units": None, "brands": ""}
    return {"creator": creator, "offer": name, "fee": fee * 100, "rate": rate, "niche": niche, **facts}


SKINCARE = [
    offer("lena", 1_000, niche="skincare"),
    offer("kate", 1_500),
    offer("lucy", 1_080, 0.01, niche="skincare"),
    offer("marta", 2_900, 0.01),
]
NOBODY_SO_CHEAP = "everyone who would improve the plan costs more, and your rules would still keep them out"
STEPS = [offer("ann", 150, 0.01, name="story"), offer("ann", 700, name="reel"), offer("bob", 300)]


def plan_of(rows, budget, *rules, **facts):
    campaign = build_campaign(*rules, goal="engagement", budget=budget * 100, **facts)
    return optimize(build_roster(rows), campaign, solver=solver("cbc"))


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ((), "the cheapest creator who would improve the plan costs $1,080"),
        (
            ("niche:skincare spend <= 50%",),
            "the cheapest creator who would improve the plan and fits your rules costs $2,900",
        ),
        (
            ("niche:skincare spend <= 50% of budget",),
            "the cheapest creator who would improve the plan and fits your rules costs $2,900",
        ),
        (("niche:skincare spend <= 60% of budget",), "the cheapest creator who would improve the plan costs $1,080"),
        (
            ("niche:skincare count <= 1", "all count <= 3"),
            "the cheapest creator who would improve the plan and fits your rules costs $2,900",
        ),
        (
            ("niche:skincare count <= 1", "niche:food count <= 1"),
            NOBODY_SO_CHEAP,
        ),
        (
            ("niche:food spend >= 55%",),
            "the cheapest creator who would improve the plan and fits your rules costs $2,900",
        ),
        (
            ("each creator spend >= 30% of budget",),
            NOBODY_SO_CHEAP,
        ),
        (
            ("niche:skincare spend <= 60% of budget (soft 1000)",),
            "the cheapest creator who would improve the plan costs $1,080",
        ),
        (
            ("niche:skincare count <= 1 (soft 100000)",),
            "the cheapest creator who would improve the plan and fits your rules costs $2,900",
        ),
        (
            ("each creator spend <= 50% of budget",),
            "the cheapest creator who would improve the plan costs $1,080",
        ),
        (
            ("each creator spend <= 50% of budget", "niche:skincare count <= 1"),
            NOBODY_SO_CHEAP,
        ),
    ],
)
def test_an_offer_is_named_only_if_the_rules_allow_it_at_the_budget_that_it_needs(rules, reason):
    plan = plan_of(SKINCARE, 3_300, *rules)
    assert {pick.creator for pick in plan.picks} == {"lena", "kate"}
    assert plan.unspent_reason == reason


@pytest.mark.parametrize(
    ("budget", "rules", "reason"),
    [
        (3_700, ("niche:skincare count <= 1",), "your rule niche:skincare count <= 1 keeps further creators out"),
        (3_700, ("all count 1..2",), "your limit of 2 creators is reached"),
        (3_700, ("all spend <= $3000",), "your rule all spend <= $3000 keeps further creators out"),
        (
            3_700,
            ("niche:skincare count <= 1", "all count <= 2"),
            "your rules all count <= 2 and niche:skincare count <= 1 together keep further creators out",
        ),
        (
            5_500,
            ("niche:skincare count <= 1", "niche:food count <= 1"),
            "your rules niche:food count <= 1 and niche:skincare count <= 1 keep further creators out",
        ),
        (
            5_500,
            ("niche:skincare count <= 1", "all count <= 2", "niche:food spend <= $1500"),
            "your rules all count <= 2, niche:food spend <= $1500 and niche:skincare count <= 1 together "
            "keep further creators out",
        ),
        (
            5_500,
            ("niche:skincare count <= 1", "all count <= 2", "niche:food spend <= $1500", "all spend <= $3300"),
            NOT_THE_BUDGET,
        ),
    ],
)
def test_the_rules_are_named_without_which_the_money_left_would_buy_more(budget, rules, reason):
    assert plan_of(SKINCARE, budget, *rules).unspent_reason == reason


SCORED = [offer("ann", 100) | {"score": 3}, *(offer(name, 200) | {"score": 0} for name in ("bob", "cem", "dot"))]


def scored(*rules, **facts):
    campaign = build_campaign(*rules, goal="value:score", budget=90_000, **facts)
    return optimize(build_roster(SCORED), campaign, solver=solver("cbc")).unspent_reason


def test_who_only_could_help_with_a_soft_rule_that_is_kept_is_not_missing():
    assert scored("niche:food count >= 1 (soft 1)") == "everyone who would improve the result is already in"
    assert scored("niche:food count >= 2 (soft 1)", "all count <= 1") == "your limit of 1 creator is reached"


def test_where_not_all_creators_were_tried_only_that_is_told(monkeypatch):
    monkeypatch.setattr(purchase_steps, "MAX_TRIED", 2)
    reason = scored("niche:food count >= 1 (soft 1)")
    assert reason.startswith("none of the ")
    assert reason.endswith(" cheapest creators whom the rules allow would improve the plan")


def test_the_conflicts_of_a_list_are_told_where_they_alone_keep_creators_out():
    rows = [offer("lena", 1_000) | {"conflicts": "kate"}, offer("kate", 500, 0.01)]
    assert plan_of(rows, 2_000).unspent_reason == "the conflicts on your list keep further creators out"


@pytest.mark.parametrize(
    ("budget", "rules", "reason"),
    [
        (600, (), "; with the rest unchanged, a more expensive offer of ann would need $400 more"),
        (600, ("each creator spend <= $400",), ""),
        (1_200, (), ""),
    ],
)
def test_a_more_expensive_offer_of_a_creator_in_the_plan_is_told(budget, rules, reason):
    plan = plan_of(STEPS, budget, *rules)
    assert plan.unspent_reason == f"everyone who would improve the result is already in{reason}"


def test_a_creator_who_may_have_an_offer_on_each_platform_is_told_to_need_money_for_more_offers():
    rows = [offer("ann", 150), offer("ann", 700, 0.01) | {"platform": "tiktok"}, offer("bob", 300)]
    reason = plan_of(rows, 500, one_offer_per="creator,platform").unspent_reason
    assert reason.endswith("; with the rest unchanged, more offers of ann would need $650 more")


def test_who_is_replaced_sets_no_limit_on_a_share_of_the_budget():
    reason = plan_of(STEPS, 600, "each creator spend >= 25% of budget").unspent_reason
    assert reason.endswith("; with the rest unchanged, a more expensive offer of ann would need $400 more")


def test_a_contingency_counts_towards_what_a_more_expensive_offer_needs():
    assert plan_of(STEPS, 750, contingency=Fraction(1, 5)).unspent_reason.endswith("of ann would need $500 more")


@pytest.mark.parametrize(("rules", "is_told"), [((), True), (("all net reach >= 25000",), False)])
def test_a_dearer_offer_is_told_only_if_it_keeps_the_floor_of_net_reach(rules, is_told):
    rows = [offer("ann", 150, 0.01), offer("ann", 700, 0.2, name="story"), offer("bob", 300)]
    plan = plan_of(rows, 600, *rules, audience=Audience(by="niche", size={"food": 1_000_000}))
    assert ("of ann would need $400 more" in plan.unspent_reason) is is_told


def test_a_plan_that_a_gap_ended_early_does_not_say_that_more_money_is_needed():
    problem = case(build_roster(STEPS), cost=[15_000, 70_000, 30_000], budget=60_000)
    program = formulate(problem, Objective(values=np.asarray([1, 4, 2]), unit=Fraction(1)))
    found = np.asarray([True, False, False])
    assert unspent_reason(problem, program, found) == "the search ended before it found the best use of this money"


def test_a_contingency_counts_towards_the_budget_that_an_offer_needs():
    kept_back = plan_of(SKINCARE, 4_000, "niche:skincare spend <= 47% of budget", contingency=Fraction(1, 5))
    assert kept_back.unspent_reason == "the cheapest creator who would improve the plan costs $1,080"


@settings(CALM, max_examples=examples(60))
@given(st.data(), st.sampled_from(GOALS))
def test_the_reason_for_the_unspent_budget_is_true(data, goal):
    roster = build_roster(rows := data.draw(roster_rows()))
    try:
        plan = optimize(roster, data.draw(campaigns(rows, goal)), solver=solver("highs"))
    except CampaignError:
        return
    if isinstance(plan, Diagnosis):
        return
    assert "search ended" not in plan.unspent_reason
    if plan.unspent_reason == "the budget is spent to the cent":
        assert plan.unspent == 0
    found = re.search(r"(?:needs?|costs) \$([\d,.]+)( more)?$", plan.unspent_reason)
    if found is None:
        return
    needed = round(float(found[1].replace(",", "")) * 100)
    budget = plan.campaign.budget_for(plan.totals.spend + needed)
    if found[2]:
        budget = plan.campaign.budget + needed
    assert budget > plan.campaign.budget
    rules = plan.campaign.rules
    if plan.picks and not any(isinstance(rule, RangeRule) and rule.soft is not None for rule in rules):
        larger = replace(plan.campaign, budget=budget)
        better = optimize(roster, larger, solver=solver("highs"))
        assert not isinstance(better, Diagnosis)
        assert better.picks != plan.picks


@settings(CALM, max_examples=examples(60))
@given(st.data(), st.sampled_from([goal for goal in GOALS if goal != "least cost"]))
def test_a_rule_is_named_only_if_the_money_left_would_buy_more_without_it_alone(data, goal):
    solved = draw_solved(data, goal)
    if solved is None:
        return
    problem, program, picks = solved.problem, solved.program, solved.result.columns
    reason = unspent_reason(problem, program, program.mask(picks))
    unspent = problem.campaign.spendable - program.total_cost(picks)
    labels = {rule.label for rule in problem.campaign.rules}

    def buys_more(*freed):
        free = without_rows(program, (*freed, *(label + GROSS_SUFFIX for label in freed)))
        plans = [np.sort(np.append(picks, column)) for column in np.setdiff1d(np.arange(len(program)), picks)]
        return any(
            program.total_cost(plan) - program.total_cost(picks) <= unspent
            and not free.violated_constraints(plan)
            and free.objective_value(plan) > program.objective_value(picks)
            for plan in plans
        )

    alone = {label for label in labels if buys_more(label)}
    if " keep further creators out" in reason and " and " in reason:
        assert not alone if " together " in reason else len(alone) == 2
        assert all(label in reason for label in alone)
    elif " keeps further creators out" in reason or reason.startswith("your limit of"):
        assert len(alone) == 1
        assert reason.startswith("your limit of") or reason == f"your rule {alone.pop()} keeps further creators out"
    elif reason == NOBODY_SO_CHEAP:
        assert not buys_more(*labels)


@pytest.mark.parametrize(
    ("rule", "nearest"),
    [
        ("each creator spend <= 20", r"lena \(row \d\) comes nearest, at \$1,000"),
        ("each creator spend <= 10% of budget", r"lena \(row \d\) comes nearest, at \$1,000"),
        ("all spend <= 999", r"lena \(row \d\) comes nearest, at \$1,000"),
        ("each creator spend 1600..2000", r"kate \(row \d\) comes nearest, at \$1,500"),
        ("each creator followers >= 90k", r"\w+ \(row \d\) comes nearest, with followers 40,000"),
        ("each creator engagements >= 90k", r"\w+ \(row \d\) comes nearest, with \S+k? engagements"),
    ],
)
def test_a_rule_that_no_offer_keeps_is_told_with_the_nearest(rule, nearest):
    plan = plan_of(SKINCARE, 9_000, rule)
    assert not plan.picks
    assert re.fullmatch(f"your rule {re.escape(rule)} allows nobody: {nearest}", plan.unspent_reason)
    assert plan.warnings[-1] == f"the plan is empty: {plan.unspent_reason}"


def test_a_rule_that_somebody_keeps_is_not_told_to_allow_nobody():
    told = plan_of(SKINCARE, 9_000, "each creator spend <= 1000").unspent_reason
    assert "allows nobody" not in told
