"""Plans for profit: who loses money is left out unless a rule demands it, and the money for them is not spent."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.errors import CampaignError
from microopt.plan.diagnosis import Diagnosis
from microopt.planning.build_problem import build_problem
from microopt.planning.optimize import optimize
from tests.planning.builders import build_campaign, build_roster, solver

ROW = {"platform": "tiktok", "offer": "video", "niche": "food", "followers": 40_000, "rate": 0.05}
ROWS = [
    {**ROW, "creator": f"@{name}", "fee": fee, "hours": None, "score": 1}
    for name, fee in (("cheap", 100), ("fair", 10_000), ("dear", 90_000))
]


def planned(*rules, goal="profit", rows=ROWS, **facts):
    campaign = {"budget": 500_000, "order_value": 10_000, "margin": Fraction(1, 2)} | facts
    return optimize(build_roster(rows), build_campaign(*rules, goal=goal, **campaign), solver=solver("cbc"))


def names(plan):
    return sorted(pick.creator for pick in plan.picks)


def test_nobody_who_loses_money_is_picked_unless_a_rule_demands_it():
    plan = planned()
    assert "@dear" not in names(plan)
    assert all(pick.profit > 0 for pick in plan.picks)
    demanded = planned("creator:@dear count >= 1")
    assert "@dear" in names(demanded)
    assert demanded.totals.profit < plan.totals.profit


def test_profit_is_what_is_kept_of_the_revenue_less_the_cost():
    plan = planned(goal="engagement")
    assert plan.totals.profit == sum(pick.profit for pick in plan.picks)
    for pick in plan.picks:
        assert abs(pick.profit - (Fraction(pick.revenue, 2) - pick.cost)) <= Fraction(1, 2)
    assert plan.totals.profit == sum(totals.profit for totals in plan.mix.values())
    assert planned(goal="engagement", margin=None).totals.profit is None
    assert planned(goal="engagement", order_value=None).totals.profit is None


def test_the_value_of_a_plan_for_profit_is_its_profit():
    plan = planned(per_creator=777, usage=Fraction(1, 5))
    assert plan.proof.objective == plan.proof.bound == Fraction(plan.totals.profit, 100)


def test_what_is_left_would_earn_less_than_it_costs():
    assert planned().unspent_reason == "nobody else is expected to earn more than they cost"


def test_where_only_rules_keep_creators_in_nobody_is_said_to_earn_more_than_they_cost():
    forced = planned("all count >= 2", order_value=10)
    assert forced.totals.profit < 0
    expected = "nobody is expected to earn more than they cost; only your rules keep creators in the plan"
    assert forced.unspent_reason == expected


def test_a_margin_of_nothing_is_the_reason_why_nobody_can_earn():
    empty = planned(margin=Fraction(0))
    reason = "at a margin of 0%, no order pays for anything: nobody can earn more than they cost"
    assert empty.unspent_reason == reason
    assert empty.warnings[0] == f"the plan is empty: {reason}"


def test_an_empty_plan_says_who_comes_nearest():
    empty = planned(order_value=10)
    assert not empty.picks
    reason = "nobody who keeps the rules is expected to earn more than they cost"
    assert empty.warnings[0].startswith(f"the plan is empty: {reason} (@cheap comes nearest: orders leave")


def test_a_floor_on_profit_and_on_the_return_are_kept_by_other_goals():
    free = planned(goal="engagement")
    best = planned()
    kept = planned(f"all profit >= {best.totals.profit / 100}", goal="engagement")
    assert kept.totals.profit == best.totals.profit > free.totals.profit
    returned = planned("all roas >= 5", goal="engagement")
    assert returned.totals.revenue >= 5 * returned.totals.spend
    assert free.totals.revenue < 5 * free.totals.spend


def test_a_return_that_no_plan_reaches_becomes_the_highest_that_one_does():
    diagnosis = planned("all roas >= 500", "all count >= 1")
    assert isinstance(diagnosis, Diagnosis)
    change = diagnosis.repairs[0].changes[0]
    assert (change.label, change.before) == ("all roas >= 500", 500)
    feasible = planned(change.becomes, "all count >= 1")
    assert feasible.picks
    above = planned(f"all roas >= {int(change.after) + 1}", "all count >= 1")
    assert isinstance(above, Diagnosis)


def test_an_empty_plan_keeps_every_limit_on_a_ratio():
    plan = planned("all cpa <= 0.01", "each creator roas >= 99999")
    assert not plan.picks
    assert [use.at_most for use in plan.rules] == [None, None]
    assert "allows nobody" in plan.warnings[0]


@pytest.mark.parametrize(
    ("facts", "code"), [({"margin": None}, "margin-missing"), ({"order_value": None}, "order-value-missing")]
)
@pytest.mark.parametrize("rules", [(), ("all profit >= 5",)])
def test_profit_needs_a_margin_and_the_value_of_an_order(facts, code, rules):
    campaign = {"order_value": 10_000, "margin": Fraction(1, 2)} | facts
    with pytest.raises(CampaignError) as caught:
        build_problem(build_roster(ROWS), build_campaign(*rules, goal="profit", **campaign))
    assert {fault.code for fault in caught.value.faults} == {code}


def test_a_margin_without_the_value_of_an_order_is_told_to_have_no_effect():
    plan = planned(goal="engagement", order_value=None, returns=Fraction(1, 10))
    assert plan.warnings == ("--margin and --returns had no effect: give the value of an order with --order-value",)


def test_a_column_of_that_name_is_what_a_rule_means_and_is_told():
    roster = build_roster(ROWS)
    roster = replace(roster, numbers=roster.numbers | {"profit": roster.numbers["score"] * 7})
    campaign = build_campaign("all profit >= 7", goal="engagement")
    plan = optimize(roster, campaign, solver=solver("cbc"))
    assert plan.rules[0].used == 7 * len(plan.picks)
    assert "is of the column profit of your list" in plan.warnings[0]


@pytest.mark.parametrize("rule", ["tier:micro profit <= 30%", "all profit >= 10%"])
def test_profit_has_no_shares(rule):
    """Of a loss, at most 30% would be at least 30%."""
    with pytest.raises(CampaignError) as refused:
        planned(rule, goal="engagement")
    assert refused.value.code == "rule-range"
    planned("all revenue >= 10%")


def test_revenue_beyond_exact_sums_is_refused_and_not_wrapped_around():
    rows = [{**ROW, "creator": f"@{n}", "fee": 100, "hours": None, "score": 1, "followers": 10**9} for n in range(12)]
    rich = {"order_value": 10**14, "ltv": Fraction(100), "margin": None}
    with pytest.raises(CampaignError) as refused:
        planned(goal="engagement", rows=rows, **rich)
    assert refused.value.code == "numbers-too-large"
