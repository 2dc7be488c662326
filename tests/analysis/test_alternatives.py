"""Each alternative is the best of all plans that leave out enough of every plan before it, as enumeration tells."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.analysis.alternatives import Alternatives, StopReason, alternatives
from microopt.campaign.campaign import Goal
from microopt.campaign.metrics import METRICS
from microopt.errors import CampaignError, UsageError
from microopt.plan.diagnosis import Diagnosis
from microopt.planning.build_problem import build_problem
from microopt.planning.optimize import optimize
from microopt.solver.result import SolveLimits
from tests.analysis.tiers.test_compare import Interrupted, small
from tests.planning.builders import (
    CALM,
    GOALS,
    build_campaign,
    build_roster,
    campaigns,
    comparable,
    roster_rows,
    solver,
)
from tests.planning.oracle import costs, enters, feasible, key, net_reach, offer_items, once
from tests.planning.test_optimize import alone, choices_made, fines, goal_values, near_a_floor, of_items, soft_rules
from tests.planning.wave_builders import calendar
from tests.scale import examples
from tests.solver.builders import roster
from tests.support.cores import leave_cores_to_the_solver

NAMES = [f"@c{number}" for number in range(8)]


def alike(count=6, **facts):
    """Return a roster of creators for $100 each, every one with more engagements than the next."""
    rates = [0.09, 0.07, 0.062, 0.05, 0.041, 0.033, 0.024, 0.018][:count]
    return roster(
        NAMES[:count], followers=[20_000] * count, fee=[10_000] * count, numbers={"engagement_rate": rates}, **facts
    )


def alternatives_of(*rules, of=None, count=5, differ=1, **facts):
    campaign = build_campaign(*rules, **{"goal": "engagement", "budget": 20_000, **facts})
    result = alternatives(of or alike(), campaign, count=count, differ=differ)
    assert isinstance(result, Alternatives)
    return result


def who(plan):
    return {key(pick.creator) for pick in plan.picks}


def picked(result):
    return [who(result.best), *(who(item.plan) for item in result.plans)]


def enumerated(rows, campaign):
    """Return the case, its items, what they bring, and every plan that is allowed; None where the study refuses."""
    try:
        case, _ = build_problem(build_roster(rows), campaign)
    except CampaignError:
        return None
    allowed = [{**row, "row": i + 2} for i, row in enumerate(rows) if enters(row, campaign, rows)]
    items = offer_items(allowed)
    items.sort(key=lambda item: alone(case, item))
    forecast = of_items(case, items)
    hard = [rule for rule in case.rules if rule not in soft_rules(case)]
    plans = feasible(items, forecast, campaign, hard, rows)
    assume(not near_a_floor(items, forecast, plans, campaign, case.rules))
    return case, items, forecast, plans


def others(items, plans, before, differ):
    """Return which plans leave out enough creators of a plan: all of them, where it has fewer."""
    keys = [key(item["creator"]) for item in items]
    kept_counts = np.zeros(len(plans), dtype=np.int64)
    for name in before:
        kept_counts += plans[:, [i for i, second in enumerate(keys) if second == name]].any(axis=1)
    return kept_counts <= max(0, len(before) - differ)


def check_best(result, plan, case, items, forecast, plans):
    """The plan is worth what the best of these is, proven, and costs what the cheapest of the best costs."""
    assert (plan.proof.status, plan.proof.limit) == ("optimal", None)
    if case.campaign.goal.name == "net reach":
        most = net_reach(np.ones(len(items), dtype=bool), items, forecast, plans, case.campaign).max() / 1_000
        assert most * (1 - 1e-6) - 0.01 <= plan.proof.objective <= most + 0.01
        return
    goal, cost = goal_values(case, result.best), costs(items, forecast.cost, plans, once(case.campaign))
    value = choices_made(case, items, plans) @ goal.values - fines(result.best, case, goal, items, forecast, plans)
    assert plan.proof.objective == plan.proof.bound == int(value.max()) * goal.unit
    least = int(cost[value == value.max()].min())
    assert plan.totals.spend == least if plan.proof.cheapest else plan.totals.spend >= least


def check_against_enumeration(rows, campaign, backend, count, differ):
    enumeration = enumerated(rows, campaign)
    result = (
        None
        if enumeration is None
        else alternatives(build_roster(rows), campaign, count=count, differ=differ, solver=backend)
    )
    if enumeration is None or isinstance(result, Diagnosis):
        assert enumeration is None or not len(enumeration[3])
        return
    case, items, forecast, plans = enumeration
    plan = optimize(build_roster(rows), campaign, solver=backend)  # it may have priced its rules as well
    assert comparable(result.best) == comparable(replace(plan, rule_prices=()))
    assert result.proven()
    for plan, item in zip([result.best, *(item.plan for item in result.plans)], result.plans, strict=False):
        plans = plans[others(items, plans, who(plan), differ)]
        check_best(result, item.plan, case, items, forecast, plans)
    last = result.plans[-1].plan if result.plans else result.best
    left = plans[others(items, plans, who(last), differ)]
    assert (result.stop_reason is StopReason.EXHAUSTED) == (len(result.plans) < count)
    assert len(result.plans) == count or not len(left) or not who(last)
    event(f"{len(result.plans)} of {count}, {result.stop_reason}")


@pytest.mark.parametrize("goal", GOALS)
@settings(CALM, max_examples=examples(25))
@given(st.data())
def test_highs_finds_the_alternatives_that_enumeration_finds(goal, data):
    rows = data.draw(roster_rows())
    requested = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 4))
    check_against_enumeration(rows, data.draw(campaigns(rows, goal)), solver("highs"), *requested)


@pytest.mark.parametrize("goal", [goal for goal in GOALS if goal != "net reach"])
@settings(CALM, max_examples=examples(8))
@given(st.data())
def test_cbc_finds_the_alternatives_that_enumeration_finds(goal, data):
    rows = data.draw(roster_rows(min_rows=4))
    requested = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 3))
    check_against_enumeration(rows, data.draw(campaigns(rows, goal)), solver("cbc"), *requested)


def test_the_next_best_of_equal_fees_exchange_the_least():
    assert picked(alternatives_of(count=3)) == [{"c0", "c1"}, {"c0", "c2"}, {"c0", "c3"}, {"c1", "c2"}]


def test_each_leaves_out_as_many_as_asked_of_every_plan_before_it():
    result = alternatives_of(of=alike(8), budget=30_000, count=6, differ=2)
    assert result.stop_reason is StopReason.FOUND
    plans = picked(result)
    assert all(len(before - after) >= 2 for i, before in enumerate(plans) for after in plans[i + 1 :])
    values = [item.plan.proof.objective for item in result.plans]
    assert values == sorted(values, reverse=True)
    assert result.warnings == ()


def test_a_plan_of_fewer_creators_is_left_out_whole_and_that_is_told():
    result = alternatives_of("all count = 2", count=5, differ=3)
    assert picked(result) == [{"c0", "c1"}, {"c2", "c3"}, {"c4", "c5"}]
    assert result.stop_reason is StopReason.EXHAUSTED
    assert result.warnings[0].startswith("the best plan has only 2 creators, not 3 to leave out: ")


def test_where_nobody_may_be_left_out_there_is_no_alternative():
    result = alternatives_of(include=("@c0", "@c1"))
    assert (result.plans, result.stop_reason, result.proven()) == ((), StopReason.EXHAUSTED, True)
    assert [item.plans for item in result.creators] == [(0,), (0,)]


def test_after_a_plan_of_nobody_there_is_none():
    result = alternatives_of(of=alike(1))
    assert picked(result) == [{"c0"}, set()]
    assert (result.stop_reason, result.plans[0].share_of_best, result.plans[0].plan.warnings) == (
        StopReason.EXHAUSTED,
        None,
        (),
    )
    assert alternatives_of(budget=0).plans == ()
    assert alternatives_of(budget=0).warnings == ()


def test_what_changes_is_told_against_the_best_plan():
    result = alternatives_of(count=1)
    item, best = result.plans[0], result.best
    assert (item.change.added, item.change.dropped, item.swapped) == (("@c2",), ("@c1",), ())
    assert item.change.objective == item.plan.proof.objective - best.proof.objective < 0
    assert item.share_of_best == item.plan.proof.objective / best.proof.objective
    assert item.change.spend == item.plan.totals.spend - best.totals.spend
    for name in METRICS:
        assert item.change.metrics[name] == item.plan.totals.metrics[name] - best.totals.metrics[name]


def test_a_creator_with_another_offer_is_neither_come_nor_gone():
    names, fees = ["@a", "@a", "@b", "@c"], [10_000, 18_000, 15_000, 8_000]
    rates, offers = [0.06, 0.09, 0.08, 0.02], ["one", "two", "one", "one"]
    small_roster = roster(names, followers=[20_000] * 4, fee=fees, numbers={"engagement_rate": rates}, offer=offers)
    result = alternatives_of(of=small_roster, budget=26_000, count=1)
    assert picked(result) == [{"a", "b"}, {"a", "c"}]
    assert result.plans[0].swapped == ("@a",)
    assert (result.plans[0].change.added, result.plans[0].change.dropped) == (("@c",), ("@b",))


def test_creators_are_counted_over_all_plans_those_in_most_first():
    result = alternatives_of(count=3)
    assert [(item.creator, item.plans) for item in result.creators] == [
        ("@c0", (0, 1, 2)),
        ("@c1", (0, 3)),
        ("@c2", (1, 3)),
        ("@c3", (2,)),
    ]
    assert {item.tier for item in result.creators} == {"micro"}


def test_a_least_cost_has_alternatives_that_cost_more():
    goal = Goal(name="least cost", targets={"engagements": Fraction(2_000)})
    result = alternatives(small(), replace(build_campaign(), goal=goal, budget=None), count=3)
    spent = [item.plan.totals.spend for item in result.plans]
    assert spent == sorted(spent)
    assert all(
        item.share_of_best >= 1 and item.change.objective * 100 == item.change.spend >= 0 for item in result.plans
    )


@pytest.mark.parametrize(("count", "differ"), [(0, 1), (-1, 1), (51, 1), (1_000, 1), (5, 0), (5, -2)])
def test_numbers_that_nobody_can_mean_are_refused_with_a_remedy(count, differ):
    with pytest.raises(UsageError, match=r"--count|--differ") as refused:
        alternatives_of(count=count, differ=differ)
    assert "--" in refused.value.fix


def test_a_campaign_without_any_plan_is_diagnosed_as_by_optimize():
    campaign = build_campaign("all count >= 9", budget=20_000)
    result, plain = alternatives(alike(), campaign), optimize(alike(), campaign)
    assert isinstance(result, Diagnosis)
    assert (result.clash, result.reasons) == (plain.clash, plain.reasons)


@pytest.mark.parametrize("kind", ["raise", "answer"])
def test_an_interrupt_leaves_the_plans_found_by_then(kind, monkeypatch):
    leave_cores_to_the_solver(monkeypatch)
    full = picked(alternatives_of(of=small(), budget=400_000))
    calls, lengths = 0, set()
    while calls < 100:
        campaign = build_campaign(goal="engagement", budget=400_000)
        result = alternatives(small(), campaign, solver=Interrupted(calls, kind))
        calls += 1
        if isinstance(result, Diagnosis):
            assert result.limit == "interrupt"
            continue
        lengths.add(len(result.plans))
        if result.proven():
            break
        assert result.stop_reason is StopReason.STOPPED or len(result.plans) == 5
        *earlier, last = [result.best, *(item.plan for item in result.plans)]
        assert [who(plan) for plan in earlier] == full[: len(earlier)]
        assert last.proof.status == "feasible" or who(last) == full[len(earlier)]
    assert result.proven()
    assert len(lengths) > 2


def test_without_time_what_is_found_stands():
    result = alternatives(alike(), build_campaign(budget=20_000), limits=SolveLimits(seconds=0.04))
    if isinstance(result, Alternatives):
        assert (result.plans, result.stop_reason, result.limit) == ((), StopReason.STOPPED, "time")
        assert not result.proven(gap=1.0)


@pytest.mark.parametrize("rule", ["all spend <= 150", "all count >= 2 (soft 3)", "all mean(followers) >= 1k"])
def test_rules_hold_in_every_plan(rule):
    pair = "creator:@c0 requires creator:@c1"
    result = alternatives_of(rule, pair)
    assert all("c1" in people for people in picked(result) if "c0" in people)
    assert all([use.label for use in item.plan.rules] == [rule, pair] for item in result.plans)


def test_creators_of_the_best_plan_keep_their_waves_in_the_alternatives():
    when = calendar(6, max_posts=2)
    found = alternatives_of("all count >= 5", count=2, budget=100_000, of=alike(8), calendar=when)
    in_best = {(pick.creator, pick.wave) for pick in found.best.picks}
    names = {creator for creator, _ in in_best}
    assert len(found.plans) == 2
    for each in found.plans:
        assert {(pick.creator, pick.wave) for pick in each.plan.picks if pick.creator in names} <= in_best
