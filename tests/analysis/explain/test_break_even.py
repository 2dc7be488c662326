"""At the highest fee a plan with the offer is worth what the best without it is; a cent above it, none is."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.analysis.explain.break_even import (
    ALWAYS_IN,
    COST_WITHOUT_FEE,
    FEE_AGREED,
    GOAL_COUNTS_FEES,
    NEVER_IN,
    NOT_NARROWED,
    NOT_SEARCHED,
    BreakEven,
    BreakEvenSearch,
    costs_at_fees,
    costs_of_rows,
)
from microopt.campaign.target_audience import TargetAudience
from microopt.errors import CampaignError
from microopt.plan.diagnosis import Diagnosis
from microopt.planning.build_problem import build_problem
from microopt.planning.formulation.formulate import formulate
from microopt.planning.optimize import solve_problem
from microopt.solver.constraint import constraint
from microopt.solver.outer_approximation import solve_to_tolerance
from microopt.solver.result import SolveLimits, Termination
from tests.planning.builders import CALM, GOALS, POOLS, build_campaign, build_roster, campaigns, roster_rows, solver
from tests.scale import examples

LIMITS = SolveLimits(seconds=60.0)


def answered_of(rows, campaign, backend="highs"):
    """Return a campaign with its plan, None where it has none."""
    try:
        case, _ = build_problem(build_roster(rows), campaign)
    except CampaignError:
        return None
    result = solve_problem(case, limits=LIMITS, solver=solver(backend))
    return None if isinstance(result, Diagnosis) else result


def best(program, column, *, bought):
    """Return the best plan that buys a column, or does not, and its value; nothing is pruned."""
    forced = np.zeros(len(program), dtype=np.int64)
    forced[column] = 1
    bounds = {"lower": 1} if bought else {"upper": 0}
    answer = solve_to_tolerance(program.with_row(constraint("forced", forced, **bounds)), solver("highs"), LIMITS)
    assert answer.termination in (Termination.OPTIMAL, Termination.INFEASIBLE)
    return answer.columns, answer.objective


def at_fee(answered, at, fee):
    """Return the program of the campaign with another fee of one offer, by the goal as it was."""
    case = answered.problem
    cost = case.forecast.cost.copy()
    cost[at] = costs_at_fees(case, at, [fee])[0]
    dearer = replace(case, forecast=replace(case.forecast, cost=cost))
    objective = answered.objective
    if case.campaign.goal.name == "least cost":
        objective = replace(objective, values=-dearer.sum_by_choice(cost), unit=Fraction(-1, 100))
    if case.campaign.goal.name == "profit":
        profit = case.forecast.kept_revenue - cost
        objective = replace(objective, values=dearer.sum_by_choice(profit), unit=Fraction(1, 100))
    return formulate(dearer, objective)


@pytest.mark.parametrize("goal", GOALS)
@settings(CALM, max_examples=examples(40), phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_at_the_fee_it_is_in_and_a_cent_above_it_is_not(goal, data):
    rows = data.draw(roster_rows())
    answered = answered_of(rows, data.draw(campaigns(rows, goal)))
    assume(answered is not None)
    at = data.draw(st.integers(0, len(answered.problem) - 1))
    column = int(answered.problem.choice[at])
    now = at_fee(answered, at, int(answered.problem.forecast.fee[at]))
    without, worth = best(now, column, bought=False)
    backend = "highs" if now.pools else "cbc"  # CBC tells nonsense of some pools
    result = BreakEvenSearch(solved=answered, solver=solver(backend)).find(at, without, LIMITS)
    if result in (GOAL_COUNTS_FEES, COST_WITHOUT_FEE):
        return

    def is_in(fee):
        value = best(at_fee(answered, at, fee), column, bought=True)[1]
        return value is not None and (worth is None or value >= worth)

    if result == NEVER_IN:
        assert not is_in(0)
    elif result == ALWAYS_IN:
        assert is_in(10**9)
    else:
        assert result.exact
        assert is_in(result.fee)
        assert not is_in(result.fee + 1)
        beyond = best(at_fee(answered, at, result.fee + 1), column, bought=True)[0]
        assert bool(result.limited_by) == (beyond is None)
        assert not is_in(result.fee + data.draw(st.integers(1, 10**6)))


@settings(CALM, max_examples=examples(60), phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_offers_cost_together_what_each_costs_alone(data):
    rows = data.draw(roster_rows())
    try:
        problem, _ = build_problem(build_roster(rows), data.draw(campaigns(rows, "balanced")))
    except CampaignError:
        assume(False)
    fees, every = [0, 12_345, 10**10], np.arange(len(problem))
    assert costs_of_rows(problem, every, fees) == [costs_at_fees(problem, row, fees) for row in every.tolist()]


def offer(name, fee, followers=30_000, niche="beauty"):
    return {
        "creator": name,
        "platform": "tiktok",
        "offer": "video",
        "niche": niche,
        "followers": followers,
        "fee": fee,
        "rate": 0.05,
        "hours": None,
        "score": 1,
    }


def fee_of(name, rows, *rules, **facts):
    """Return the highest fee of a creator with one offer."""
    answered = answered_of(rows, build_campaign(*rules, **facts))
    roster = answered.problem.roster
    at = next(i for i in range(len(answered.problem)) if roster.texts["creator"][i] == name)
    column = int(answered.problem.choice[at])
    without = best(answered.program, column, bought=False)[0]
    return BreakEvenSearch(solved=answered, solver=solver("highs")).find(at, without, LIMITS)


def test_whom_the_offer_itself_reaches_counts_for_a_floor_on_people():
    result = fee_of("@a", [offer("@a", 10_000)], "all net reach >= 500", budget=20_000, audience=POOLS)
    assert result.fee == 20_000


def test_a_limit_on_each_creator_limits_the_fee():
    rows = [offer("@a", 10_000), offer("@b", 10_000, followers=4_000)]
    assert fee_of("@a", rows, "each creator spend <= 150", budget=100_000).fee == 15_000


def test_who_costs_more_than_each_creator_may_is_no_way_out():
    rows = [offer("@a", 10_000), offer("@b", 90_000, niche="food"), offer("@c", 9_000, followers=12_000, niche="food")]
    result = fee_of("@a", rows, "each creator spend <= 200", "niche:food count >= 1", budget=200_000)
    assert result.fee == 20_000
    assert fee_of("@a", rows, "each creator spend <= 95", "niche:food count >= 1", budget=20_000).fee == 9_500


def test_a_fee_that_the_budget_or_the_rules_allow_is_not_what_an_offer_is_worth():
    rows = [offer("@a", 10_000), offer("@b", 9_000, followers=4_000)]
    earning = {"goal": "profit", "order_value": 200_000, "margin": Fraction(1, 2)}
    free, limited = (fee_of("@a", rows, **earning, budget=budget) for budget in (10**9, 20_000))
    assert (free.limited_by, free.worth) == ("", None)
    assert (limited.fee, limited.limited_by, limited.worth) == (20_000, "budget", free.fee)
    assert free.is_worth
    assert not limited.is_worth
    kept = fee_of("@a", rows, "creator:@b count = 1", **earning, budget=20_000)
    assert (kept.fee, kept.limited_by) == (11_000, "rules")
    after_required = fee_of("@a", rows, include=["@b"], **earning, budget=20_000)
    assert (after_required.fee, after_required.limited_by) == (11_000, "budget")


@pytest.mark.parametrize("high", [None, False])
@pytest.mark.parametrize("known", [10_000, 16_000])
def test_that_a_pick_is_in_at_its_own_fee_is_no_answer_under_a_rule_with_a_chance(known, high, monkeypatch):
    def reaches(self, row, fee, required, limits):
        if fee > 20_000:
            return high
        return True if fee <= known else None

    monkeypatch.setattr(BreakEvenSearch, "_reaches", reaches)
    rows = [offer("@a", 10_000), offer("@b", 9_000, followers=4_000)]
    result = fee_of("@a", rows, "all engagements >= 1 in 50%", budget=20_000)
    is_narrowed = known > 10_000 and high is False
    narrowed = BreakEven(fee=15_000, excluded_from=20_001, message=NOT_NARROWED)
    assert result == (narrowed if is_narrowed else NOT_SEARCHED)


@pytest.mark.parametrize(
    ("fee", "conclusive"),
    [
        (BreakEven(fee=100, excluded_from=101), True),
        (NEVER_IN, True),
        (ALWAYS_IN, True),
        (FEE_AGREED, True),
        (NOT_SEARCHED, False),
        (BreakEven(fee=100, message=NOT_NARROWED), False),
        (BreakEven(fee=100, excluded_from=200, message=NOT_NARROWED), False),
        (BreakEven(excluded_from=200, message=NOT_NARROWED), False),
    ],
)
def test_a_fee_that_a_limit_left_open_is_not_conclusive(fee, conclusive):
    assert fee.conclusive == conclusive


@pytest.mark.parametrize(
    "rule", ["each creator cpa <= 4000", "each creator profit >= 12", "each creator target_share >= 0%"]
)
def test_a_rule_on_what_each_creator_earns_limits_the_fee(rule):
    rows = [offer("@a", 20_000), offer("@b", 15_000, followers=60_000)]
    facts = {"order_value": 90_000, "margin": Fraction(1, 2), "budget": 400_000}
    if "target" in rule:
        facts["target_audience"] = TargetAudience(countries=("US",))
    answered = answered_of(rows, build_campaign(rule, goal="engagement", **facts))
    at = int(answered.picks[0])
    now = at_fee(answered, at, int(answered.problem.forecast.fee[at]))
    result = BreakEvenSearch(solved=answered, solver=solver("cbc")).find(at, best(now, at, bought=False)[0], LIMITS)
    assert result.exact
    assert best(at_fee(answered, at, result.fee), at, bought=True)[1] is not None
    worth = best(now, at, bought=False)[1]
    above = best(at_fee(answered, at, result.fee + 1), at, bought=True)[1]
    assert above is None or above < worth


def test_profit_named_as_a_column_counts_the_fees():
    campaign = build_campaign(goal="value:profit", order_value=90_000, margin=Fraction(1, 2))
    answered = answered_of([offer("@a", 10_000), offer("@b", 20_000)], campaign)
    assert answered.problem.campaign.counts_earnings
    search = BreakEvenSearch(solved=answered, solver=solver("cbc"))
    assert search.find(0, None, LIMITS) == GOAL_COUNTS_FEES
