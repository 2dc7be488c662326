"""Diagnosis: what arithmetic shows is true, and nothing else is claimed."""

from time import sleep

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.plan.diagnosis import Diagnosis
from microopt.planning.infeasibility import diagnose as module
from microopt.planning.infeasibility.diagnose import diagnose, quick_diagnosis
from microopt.planning.optimize import optimize
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination
from tests.planning.builders import CALM, build_campaign, build_roster, campaigns, roster_rows, solver
from tests.scale import examples
from tests.solver.builders import case, roster

OFFERS = roster(["@a", "@a", "@b", "@c"], niche=["beauty", "beauty", "beauty", "tech"], currency="EUR")
INFEASIBLE = SolveResult(termination=Termination.INFEASIBLE, proven_by="branch and bound of CBC 2.10.3", seconds=0.5)
UNKNOWN = SolveResult(termination=Termination.UNKNOWN, limit=Limit.TIME)


def diagnose_rules(*rules, answer=INFEASIBLE, budget=10_000, include=()):
    problem = case(OFFERS, *rules, cost=[3_000, 2_000, 4_000, 5_000], budget=budget, include=include)
    return quick_diagnosis(problem, answer, ("a warning",))


def test_a_count_above_the_number_of_offers_falls_short():
    diagnosis = diagnose_rules("niche:beauty count >= 3")  # three offers, but of two creators
    assert diagnosis.clash == ("niche:beauty count >= 3",)
    assert diagnosis.reasons == ("niche:beauty count >= 3: only 2 such creators are available",)
    assert (diagnosis.status, diagnosis.proven_by) == ("infeasible", "arithmetic")


def test_a_total_above_the_sum_of_all_offers_falls_short():
    assert diagnose_rules("all spend >= 120.01", budget=10**6).clash == ("all spend >= 120.01",)
    assert diagnose_rules("all spend >= 120.01", budget=10**6, answer=UNKNOWN).status == "infeasible"
    assert diagnose_rules("all spend >= 120", budget=10**6, answer=UNKNOWN).status == "unknown"  # 30 + 40 + 50


def test_a_count_that_costs_more_than_the_budget_clashes_with_it():
    diagnosis = diagnose_rules("all count >= 3", budget=10_999)
    assert diagnosis.clash == ("all count >= 3", "budget")
    assert diagnosis.reasons == ("all count >= 3: even the 3 cheapest cost €110, but the budget is €109.99",)
    assert diagnose_rules("all count >= 3", budget=11_000, answer=UNKNOWN).status == "unknown"


def test_included_creators_beyond_the_budget_clash_with_it():
    diagnosis = diagnose_rules(budget=5_999, include=("@a", "@b"))
    assert diagnosis.clash == ("include @a", "include @b", "budget")
    assert "at least €60" in diagnosis.reasons[0]
    assert diagnose_rules(budget=6_000, include=("@a", "@b"), answer=UNKNOWN).reasons == ()


def test_a_creator_included_twice_is_paid_once():
    assert diagnose_rules(budget=4_000, include=("@b", "B"), answer=UNKNOWN).reasons == ()


def test_the_solver_decides_what_arithmetic_does_not_show():
    diagnosis = diagnose_rules("creator:@b requires creator:@c", "all count >= 1")
    assert (diagnosis.reasons, diagnosis.proven_by) == ((), "branch and bound of CBC 2.10.3")
    assert diagnosis.clash == ("budget", "all count >= 1", "creator:@b requires creator:@c")
    assert (diagnosis.status, diagnosis.seconds, diagnosis.warnings) == ("infeasible", 0.5, ("a warning",))


def test_a_limit_without_a_plan_is_unknown_and_names_the_limit():
    diagnosis = diagnose_rules("all count >= 1", answer=UNKNOWN)
    assert (diagnosis.status, diagnosis.limit, diagnosis.clash) == ("unknown", "time", ())


def test_arithmetic_shows_infeasible_even_at_a_limit():
    diagnosis = diagnose_rules("niche:beauty count >= 3", answer=UNKNOWN)
    assert (diagnosis.status, diagnosis.limit) == ("infeasible", "time")


@pytest.mark.parametrize("goal", ["balanced", "engagement"])
def test_every_goal_ends_in_the_same_diagnosis(goal):
    rows = [
        {
            "creator": f"@{name}",
            "platform": "tiktok",
            "offer": "video",
            "niche": "food",
            "region": "US",
            "followers": 9_000,
            "fee": 10_000,
            "rate": None,
            "hours": 1,
            "score": 1,
        }
        for name in "abc"
    ]
    diagnosis = optimize(build_roster(rows), build_campaign("all count >= 3", goal=goal, budget=29_999))
    assert diagnosis.clash == ("all count >= 3", "budget")


@settings(CALM, max_examples=examples(120))
@given(st.data())
def test_arithmetic_never_calls_a_feasible_campaign_infeasible(data):
    from microopt.errors import CampaignError
    from microopt.planning.build_problem import build_problem

    rows = data.draw(roster_rows())
    campaign = data.draw(campaigns(rows, "engagement"))
    try:
        problem, _ = build_problem(build_roster(rows), campaign)
    except CampaignError:
        return
    if quick_diagnosis(problem, UNKNOWN).status == "infeasible":
        assert isinstance(optimize(build_roster(rows), campaign, solver=solver("highs")), Diagnosis)


def test_the_seconds_include_the_search_for_a_second_conflict(monkeypatch):
    def search(*args, **kwargs):
        sleep(0.2)
        return True

    monkeypatch.setattr(module, "any_drop_resolves", search)
    problem = case(OFFERS, "niche:beauty count >= 3", cost=[3_000, 2_000, 4_000, 5_000], budget=10_000)
    initial = quick_diagnosis(problem, INFEASIBLE, ())
    found = diagnose(problem, initial, solver("cbc"), SolveLimits(seconds=30.0)).diagnosis
    assert found.resolved_by_any
    assert found.seconds >= initial.seconds + 0.2
