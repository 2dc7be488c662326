"""The whole road against an enumeration of every plan by rules worked out anew."""

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from microopt.errors import CampaignError
from microopt.plan import Diagnosis
from microopt.solver.objective import balanced_objective, metric_objective, worth_objective
from microopt.studies.optimise import optimise
from microopt.studies.prepare import prepare

from .builders import CALM, GOALS, campaign_of, campaigns, comparable, roster_of, rows_of, solver
from .oracle import enters, feasible

REFUSED = {"filter-all", "include-filtered", "include-exclude", "value-unknown"}
OF_GOAL = {"engagement": "engagements", "value:score": "score"}


def goal_values(case, plan):
    """Return the goal's integers, which define the problem."""
    goal = case.campaign.goal
    if goal.name == "balanced":
        return balanced_objective(case, {ideal.metric: ideal.total for ideal in plan.ideals})
    if goal.name == "worth":
        return worth_objective(case, goal.worths)
    return metric_objective(case, OF_GOAL.get(goal.name, goal.name))


def check_best(plan, case, plans):
    """The plan is worth what the best of all plans is worth, and costs what the cheapest of these costs."""
    goal, cost = goal_values(case, plan), plans @ case.forecast.cost
    value = plans @ goal.values
    assert plan.proof.objective == plan.proof.bound == int(value.max()) * goal.unit
    assert (plan.proof.status, plan.proof.limit) == ("optimal", None)
    least = int(cost[value == value.max()].min())
    assert plan.totals.spend == least if plan.proof.cheapest else plan.totals.spend >= least
    assert plan.proof.cheapest or plan.proof.backend == "cbc"  # which may fail to show it, and then says so
    for ideal in plan.ideals:
        assert ideal.total == ideal.bound == int((plans @ case.forecast.metrics[ideal.metric]).max())


def codes(offers, campaign):
    """Return the codes of what does not fit between a roster and a campaign."""
    try:
        prepare(offers, campaign)
    except CampaignError as error:
        return {fault.code for fault in error.faults}
    return set()


def check_against_enumeration(rows, campaign, backend):
    refused = codes(roster_of(rows), campaign)
    if refused:
        assert refused <= REFUSED
        event("refused")
        return
    plan = optimise(roster_of(rows), campaign, solver=backend)
    case, _ = prepare(roster_of(rows), campaign)
    mine = [rows[row - 2] for row in case.roster.row.tolist()]
    assert sorted(case.roster.row.tolist()) == [i + 2 for i, row in enumerate(rows) if enters(row, campaign)]
    plans = feasible(mine, case.forecast, campaign)
    event("feasible" if len(plans) else "infeasible")
    if not len(plans):
        assert isinstance(plan, Diagnosis)
        assert (plan.status, plan.limit) == ("infeasible", None)
        assert plan.clash
    else:
        check_best(plan, case, plans)


@pytest.mark.parametrize("goal", GOALS)
@settings(CALM, max_examples=110)
@given(st.data())
def test_highs_finds_what_enumeration_finds(goal, data):
    rows = data.draw(rows_of())
    check_against_enumeration(rows, data.draw(campaigns(rows, goal)), solver("highs"))


@pytest.mark.parametrize("goal", GOALS)
@settings(CALM, max_examples=25)
@given(st.data())
def test_cbc_finds_what_enumeration_finds(goal, data):
    rows = data.draw(rows_of())
    check_against_enumeration(rows, data.draw(campaigns(rows, goal)), solver("cbc"))


def offers_alike(*names):
    facts = {"niche": "beauty", "region": "US", "followers": 4_000, "fee": 0, "rate": None, "hours": None, "score": 1}
    return [{"creator": name, "platform": platform, "offer": offer, **facts} for name, platform, offer in names]


def test_ties_between_equals_do_not_depend_on_the_order_of_rows():
    rows = offers_alike(
        ("@a", "instagram", "video"), ("@a", "tiktok", "reel"), ("@a", "tiktok", "story"),
        ("@b", "instagram", "reel"), ("@c", "instagram", "reel"), ("D", "instagram", "reel"),
    )  # fmt: skip
    campaign = campaign_of("all excludes all", "niche:beauty requires region:US", budget=0)
    plans = []
    for seed in range(12):
        shuffled = random.Random(seed).sample(rows, len(rows))
        plans.append(comparable(optimise(roster_of(shuffled), campaign, solver=solver("highs"))))
    assert all(plan == plans[0] for plan in plans)


@settings(CALM, max_examples=60)
@given(st.data(), st.sampled_from(GOALS), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(data, goal, chance):
    rows = data.draw(rows_of())
    campaign = data.draw(campaigns(rows, goal))
    shuffled = list(rows)
    chance.shuffle(shuffled)
    try:
        plans = [optimise(roster_of(order), campaign, solver=solver("highs")) for order in (rows, shuffled)]
    except CampaignError:
        return
    if isinstance(plans[0], Diagnosis):
        assert (plans[0].status, plans[0].clash) == (plans[1].status, plans[1].clash)
    else:
        assert comparable(plans[0]) == comparable(plans[1])
