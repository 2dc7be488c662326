"""Replanning over the waves of a calendar: past waves are facts, what is agreed stays, and coming waves are free."""

from datetime import date

from microopt.campaign.progress import Contract, ContractState
from microopt.campaign.updates import ReplanRequest, SourceFile
from microopt.inflight.replan import replan
from microopt.plan.plan import Plan
from microopt.plan.seal import seal_plan
from microopt.planning.optimize import optimize
from microopt.readers.plan_file import PlanFile
from tests.planning.builders import build_campaign
from tests.planning.wave_builders import calendar
from tests.solver.builders import roster


def team(count=4, **facts):
    names = [f"@{letter}" for letter in "abcdefgh"[:count]]
    views = facts.pop("views", [9_000, 8_000, 7_000, 6_000, 5_000, 4_000, 3_000, 2_000][:count])
    return roster(
        names,
        followers=[30_000] * count,
        fee=[10_000] * count,
        numbers={"views": views},
        platform=["tiktok"] * count,
        offer=["video"] * count,
        **facts,
    )


def plan_of(listed, *rules, months=3, budget=60_000, **facts):
    days = {name: facts.pop(name) for name in ("max_posts", "budgets", "carry_over", "retainer") if name in facts}
    campaign = build_campaign(*rules, budget=budget, calendar=calendar(months, **days), **facts)
    plan = optimize(listed, campaign)
    assert isinstance(plan, Plan), plan
    return plan


def state(creator, what, wave=None, **facts):
    return Contract(creator=creator, state=ContractState(what), wave=wave, **facts)


def night(plan, listed, day, *contracts, results=(), **facts):
    request = ReplanRequest(
        made_at=f"{day}T02:00:00Z",
        today=date.fromisoformat(day),
        contracts=contracts,
        states_file=SourceFile(path="states.csv", sha256="s") if contracts else None,
        results=tuple(results),
        results_file=SourceFile(path="results.csv", sha256="r") if results else None,
        **facts,
    )
    file = PlanFile(path="plan.json", object=seal_plan(plan).object, plan=plan)
    result = replan(file, listed, request)
    assert isinstance(result, Plan), result
    return result


def posts(plan):
    return {(pick.creator, pick.wave) for pick in plan.picks}


def agreed(plan):
    return {(each.creator, each.wave): each.state.value for each in plan.campaign.running.contracts}


def test_a_state_without_a_wave_means_the_posts_of_the_last_plan():
    listed = team()
    plan = plan_of(listed, budget=30_000)
    who = plan.picks[0].creator
    after = night(plan, listed, "2026-12-20", state(who, "signed"))
    assert agreed(after) == {place: "signed" for place in posts(plan) if place[0] == who}
    assert {place for place in posts(plan) if place[0] == who} <= posts(after)
