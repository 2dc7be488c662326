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
from tests.planning.builders import CALM, GOALS, campaign_of, campaigns, comparable, roster_of, rows_of, solver
from tests.planning.oracle import costs, enters, feasible, items_of, key, net_reach
from tests.planning.test_optimize import alone, fines, goal_values, made, near_a_floor, of_items, soft_of
from tests.scale import examples
from tests.solver.builders import roster

NAMES = [f"@c{number}" for number in range(8)]


def alike(count=6, **facts):
    """Return a roster of creators for $100 each, every one with more engagements than the next."""
    rates = [0.09, 0.07, 0.062, 0.05, 0.041, 0.033, 0.024, 0.018][:count]
    return roster(
        NAMES[:count], followers=[20_000] * count, fee=[10_000] * count, numbers={"engagement_rate": rates}, **facts
    )


def found_of(*rules, of=None, count=5, differ=1, **facts):
    campaign = campaign_of(*rules, **{"goal": "engagement", "budget": 20_000, **facts})
    found = alternatives(of or alike(), campaign, count=count, differ=differ)
    assert isinstance(found, Alternatives)
    return found


def who(plan):
    return {key(pick.creator) for pick in plan.picks}


def picked(found):
    return [who(found.best), *(who(one.plan) for one in found.plans)]


def enumerated(rows, campaign):
    """Return the case, its items, what they bring, and every plan that is allowed; None where the study refuses."""
    try:
        case, _ = build_problem(roster_of(rows), campaign)
    except CampaignError:
        return None
    mine = [{**row, "row": i + 2} for i, row in enumerate(rows) if enters(row, campaign, rows)]
    items = items_of(mine)
    items.sort(key=lambda item: alone(case, item))
    forecast = of_items(case, items)
    hard = [rule for rule in case.rules if rule not in soft_of(case)]
    plans = feasible(items, forecast, campaign, hard, rows)
    assume(not near_a_floor(items, forecast, plans, campaign, case.rules))
    return case, items, forecast, plans


def others(items, plans, before, differ):
    """Return which plans leave out enough creators of a plan: all of them, where it has fewer."""
    keys = [key(item["creator"]) for item in items]
    kept = np.zeros(len(plans), dtype=np.int64)
    for name in before:
        kept += plans[:, [i for i, other in enumerate(keys) if other == name]].any(axis=1)
    return kept <= max(0, len(before) - differ)


def check_best(found, plan, case, items, forecast, plans):
    """The plan is worth what the best of these is, proven, and costs what the cheapest of the best costs."""
    assert (plan.proof.status, plan.proof.limit) == ("optimal", None)
    if case.campaign.goal.name == "net reach":
        most = net_reach(np.ones(len(items), dtype=bool), items, forecast, plans, case.campaign).max() / 1_000
        assert most * (1 - 1e-6) - 0.01 <= plan.proof.objective <= most + 0.01
        return
    goal, cost = goal_values(case, found.best), costs(items, forecast.cost, plans, case.campaign.per_creator)
    value = made(case, items, plans) @ goal.values - fines(found.best, case, goal, items, forecast, plans)
    assert plan.proof.objective == plan.proof.bound == int(value.max()) * goal.unit
    least = int(cost[value == value.max()].min())
    assert plan.totals.spend == least if plan.proof.cheapest else plan.totals.spend >= least


def check_against_enumeration(rows, campaign, backend, count, differ):
    told = enumerated(rows, campaign)
    found = (
        None if told is None else alternatives(roster_of(rows), campaign, count=count, differ=differ, solver=backend)
    )
    if told is None or isinstance(found, Diagnosis):
        assert told is None or not len(told[3])
        return
    case, items, forecast, plans = told
    assert comparable(found.best) == comparable(optimize(roster_of(rows), campaign, solver=backend))
    assert found.proven()
    for plan, one in zip([found.best, *(one.plan for one in found.plans)], found.plans, strict=False):
        plans = plans[others(items, plans, who(plan), differ)]
        check_best(found, one.plan, case, items, forecast, plans)
    last = found.plans[-1].plan if found.plans else found.best
    left = plans[others(items, plans, who(last), differ)]
    assert (found.stop_reason is StopReason.EXHAUSTED) == (len(found.plans) < count)
    assert len(found.plans) == count or not len(left) or not who(last)
    event(f"{len(found.plans)} of {count}, {found.stop_reason}")


@pytest.mark.parametrize("goal", GOALS)
@settings(CALM, max_examples=examples(25))
@given(st.data())
def test_highs_finds_the_alternatives_that_enumeration_finds(goal, data):
    rows = data.draw(rows_of())
    asked = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 4))
    check_against_enumeration(rows, data.draw(campaigns(rows, goal)), solver("highs"), *asked)


@pytest.mark.parametrize("goal", [goal for goal in GOALS if goal != "net reach"])
@settings(CALM, max_examples=examples(8))
@given(st.data())
def test_cbc_finds_the_alternatives_that_enumeration_finds(goal, data):
    rows = data.draw(rows_of(least=4))
    asked = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 3))
    check_against_enumeration(rows, data.draw(campaigns(rows, goal)), solver("cbc"), *asked)


def test_the_next_best_of_equal_fees_exchange_the_least():
    assert picked(found_of(count=3)) == [{"c0", "c1"}, {"c0", "c2"}, {"c0", "c3"}, {"c1", "c2"}]


def test_each_leaves_out_as_many_as_asked_of_every_plan_before_it():
    found = found_of(of=alike(8), budget=30_000, count=6, differ=2)
    assert found.stop_reason is StopReason.FOUND
    plans = picked(found)
    assert all(len(before - after) >= 2 for i, before in enumerate(plans) for after in plans[i + 1 :])
    values = [one.plan.proof.objective for one in found.plans]
    assert values == sorted(values, reverse=True)
    assert found.warnings == ()


def test_a_plan_of_fewer_creators_is_left_out_whole_and_that_is_told():
    found = found_of("all count = 2", count=5, differ=3)
    assert picked(found) == [{"c0", "c1"}, {"c2", "c3"}, {"c4", "c5"}]
    assert found.stop_reason is StopReason.EXHAUSTED
    assert found.warnings[0].startswith("the best plan has only 2 creators, not 3 to leave out: ")


def test_where_nobody_may_be_left_out_there_is_no_alternative():
    found = found_of(include=("@c0", "@c1"))
    assert (found.plans, found.stop_reason, found.proven()) == ((), StopReason.EXHAUSTED, True)
    assert [one.plans for one in found.creators] == [(0,), (0,)]


def test_after_a_plan_of_nobody_there_is_none():
    found = found_of(of=alike(1))
    assert picked(found) == [{"c0"}, set()]
    assert (found.stop_reason, found.plans[0].share_of_best, found.plans[0].plan.warnings) == (
        StopReason.EXHAUSTED,
        None,
        (),
    )
    assert found_of(budget=0).plans == ()
    assert found_of(budget=0).warnings == ()


def test_what_changes_is_told_against_the_best_plan():
    found = found_of(count=1)
    one, best = found.plans[0], found.best
    assert (one.change.added, one.change.dropped, one.swapped) == (("@c2",), ("@c1",), ())
    assert one.change.objective == one.plan.proof.objective - best.proof.objective < 0
    assert one.share_of_best == one.plan.proof.objective / best.proof.objective
    assert one.change.spend == one.plan.totals.spend - best.totals.spend
    for name in METRICS:
        assert one.change.metrics[name] == one.plan.totals.metrics[name] - best.totals.metrics[name]


def test_a_creator_with_another_offer_is_neither_come_nor_gone():
    names, fees = ["@a", "@a", "@b", "@c"], [10_000, 18_000, 15_000, 8_000]
    rates, offers = [0.06, 0.09, 0.08, 0.02], ["one", "two", "one", "one"]
    of = roster(names, followers=[20_000] * 4, fee=fees, numbers={"engagement_rate": rates}, offer=offers)
    found = found_of(of=of, budget=26_000, count=1)
    assert picked(found) == [{"a", "b"}, {"a", "c"}]
    assert found.plans[0].swapped == ("@a",)
    assert (found.plans[0].change.added, found.plans[0].change.dropped) == (("@c",), ("@b",))


def test_creators_are_counted_over_all_plans_those_in_most_first():
    found = found_of(count=3)
    assert [(one.creator, one.plans) for one in found.creators] == [
        ("@c0", (0, 1, 2)),
        ("@c1", (0, 3)),
        ("@c2", (1, 3)),
        ("@c3", (2,)),
    ]
    assert {one.tier for one in found.creators} == {"micro"}


def test_a_least_cost_has_alternatives_that_cost_more():
    goal = Goal(name="least cost", targets={"engagements": Fraction(2_000)})
    found = alternatives(small(), replace(campaign_of(), goal=goal, budget=None), count=3)
    spent = [one.plan.totals.spend for one in found.plans]
    assert spent == sorted(spent)
    assert all(one.share_of_best >= 1 and one.change.objective * 100 == one.change.spend >= 0 for one in found.plans)


@pytest.mark.parametrize(("count", "differ"), [(0, 1), (-1, 1), (51, 1), (1_000, 1), (5, 0), (5, -2)])
def test_numbers_that_nobody_can_mean_are_refused_with_a_remedy(count, differ):
    with pytest.raises(UsageError, match=r"--count|--differ") as refused:
        found_of(count=count, differ=differ)
    assert "--" in refused.value.fix


def test_a_campaign_without_any_plan_is_diagnosed_as_by_optimise():
    campaign = campaign_of("all count >= 9", budget=20_000)
    found, plain = alternatives(alike(), campaign), optimize(alike(), campaign)
    assert isinstance(found, Diagnosis)
    assert (found.clash, found.reasons) == (plain.clash, plain.reasons)


@pytest.mark.parametrize("kind", ["raise", "answer"])
def test_an_interrupt_leaves_the_plans_found_by_then(kind):
    whole = picked(found_of(of=small(), budget=400_000))
    calls, lengths = 0, set()
    while calls < 100:
        campaign = campaign_of(goal="engagement", budget=400_000)
        found = alternatives(small(), campaign, solver=Interrupted(calls, kind))
        calls += 1
        if isinstance(found, Diagnosis):
            assert found.limit == "interrupt"
            continue
        lengths.add(len(found.plans))
        if found.proven():
            break
        assert found.stop_reason is StopReason.STOPPED or len(found.plans) == 5
        *known, last = [found.best, *(one.plan for one in found.plans)]
        assert [who(plan) for plan in known] == whole[: len(known)]
        assert last.proof.status == "feasible" or who(last) == whole[len(known)]
    assert found.proven()
    assert len(lengths) > 2


def test_without_time_what_is_found_stands():
    found = alternatives(alike(), campaign_of(budget=20_000), limits=SolveLimits(seconds=0.04))
    if isinstance(found, Alternatives):
        assert (found.plans, found.stop_reason, found.limit) == ((), StopReason.STOPPED, "time")
        assert not found.proven(gap=1.0)


@pytest.mark.parametrize("rule", ["all spend <= 150", "all count >= 2 (soft 3)", "all mean(followers) >= 1k"])
def test_rules_hold_in_every_plan(rule):
    pair = "creator:@c0 requires creator:@c1"
    found = found_of(rule, pair)
    assert all("c1" in people for people in picked(found) if "c0" in people)
    assert all([use.label for use in one.plan.rules] == [rule, pair] for one in found.plans)
