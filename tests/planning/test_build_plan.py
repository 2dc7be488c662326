"""Solved problem -> plan: sums by hand, the display order, and a true reason for the unspent budget."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.campaign import TIER_PRESETS
from microopt.campaign.metrics import METRICS
from microopt.errors import AuditError, CampaignError
from microopt.forecast.forecast import Origin
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.plan import Ideal
from microopt.plan.proof import Proof
from microopt.planning.build_plan import build_plan
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import Objective, zero_objective
from microopt.planning.optimize import optimize
from microopt.planning.solved import SolvedProblem
from microopt.quantities.keys import match_key
from microopt.roster.roster import with_tiers
from microopt.solver.result import SolveResult, Termination
from microopt.solver.search import solve
from tests.planning.builders import CALM, GOALS, build_campaign, build_roster, campaigns, roster_rows
from tests.scale import examples
from tests.solver.builders import FREE, case, picks, roster, solver

OFFERS = with_tiers(
    roster(
        ["@a", "@a ", "@b", "@c", "@d"],
        offer=["reel", " story", "video", "video", "video"],
        niche=["beauty", "beauty", "beauty|food", "", "tech"],
        followers=[12_000, 12_000, 40_000, 3_000_000, 700_000],
    ),
    TIER_PRESETS["default"],
)
COST = [300, 200, 500, 4_000, 1_000]
ENGAGEMENTS = [5_000, 4_000, 20_000, 90_000, 30_000]
PROOF = Proof(
    status="optimal",
    limit=None,
    objective=Fraction(1),
    bound=Fraction(1),
    proven_by="",
    cheapest=True,
    row_prices=(),
    price_bound=Fraction(1),
    core_size=0,
    backend="cbc",
    version="2.10.3",
    seconds=0.0,
)


def setting(*rules, budget=6_000, values=ENGAGEMENTS, cost=COST, include=()):
    problem = case(OFFERS, *rules, cost=cost, budget=budget, include=include, engagements=ENGAGEMENTS)
    return problem, formulate(problem, Objective(values=np.asarray(values, dtype=np.int64), unit=Fraction(1)))


def solved_by(problem, program, result, ideals=()):
    return SolvedProblem(
        problem=problem,
        ideals=ideals,
        objective=zero_objective(problem),
        program=program,
        result=result,
        proof=PROOF,
    )


def make_plan(*columns, given_problem=None, ideals=(), warnings=(), **facts):
    problem, program = setting(**facts)
    answer = SolveResult(
        termination=Termination.OPTIMAL, columns=picks(*columns), objective=program.objective_value(picks(*columns))
    )
    given_problem = problem if given_problem is None else given_problem
    return build_plan(solved_by(given_problem, program, answer, ideals), warnings=warnings, campaign_sha256="abc")


def test_totals_are_sums_over_the_picks():
    plan = make_plan(1, 2, 3)
    assert (plan.totals.creators, plan.totals.spend, plan.unspent) == (3, 4_700, 1_300)
    assert plan.totals.metrics == dict.fromkeys(METRICS, 30) | {"engagements": 114_000}


def test_the_mix_is_by_tier_from_the_largest():
    mix = make_plan(1, 2, 3, 4).mix
    assert [(tier, part.creators, part.spend, part.metrics["engagements"]) for tier, part in mix.items()] == [
        ("mega", 1, 4_000, 90_000),
        ("macro", 1, 1_000, 30_000),
        ("micro", 2, 700, 24_000),
    ]


def test_picks_are_shown_by_tier_then_engagements():
    assert [pick.creator for pick in make_plan(1, 2, 3, 4).picks] == ["@c", "@d", "@b", "@a"]


def test_a_pick_carries_what_is_known_of_the_offer():
    (pick,) = make_plan(1).picks
    assert (pick.creator, pick.offer, pick.platform, pick.tier, pick.niche) == ("@a", "story", "", "micro", ("beauty",))
    assert (pick.followers, pick.fee, pick.cost, pick.fee_estimated) == (12_000, 200, 200, False)
    assert pick.metrics["engagements"] == 4_000
    assert make_plan(2).picks[0].niche == ("beauty", "food")
    assert make_plan(3).picks[0].niche == ()


def test_given_values_are_carried_over():
    ideals = (Ideal(metric="engagements", total=5, bound=6),)
    plan = make_plan(2, ideals=ideals, warnings=("mind this",))
    assert (plan.ideals, plan.warnings, plan.campaign_sha256, plan.proof) == (ideals, ("mind this",), "abc", PROOF)
    assert plan.baseline.rule == "rank by engagement rate"


def test_a_wrong_result_makes_no_plan():
    with pytest.raises(AuditError, match="budget"):
        make_plan(3, 4, budget=4_999)


@pytest.mark.parametrize(
    ("columns", "facts", "reason"),
    [
        ((0, 2), {"budget": 800}, "the budget is spent to the cent"),
        ((0, 2, 3, 4), {"budget": 9_000}, "everyone who would improve the result is already in"),
        ((2,), {"budget": 600, "values": [0, -1, 7, 0, 0]}, "everyone who would improve the result is already in"),
        ((0, 2), {"budget": 1_799}, "the cheapest creator who would improve the plan costs $10"),
        ((3,), {"budget": 4_100}, "the cheapest creator who would improve the plan costs $2"),
        ((), {"budget": 199}, "the cheapest creator costs $2"),
        ((), {"budget": 5_000, "values": [0, 0, 0, 0, 0]}, "nothing that keeps the rules adds to the goal"),
    ],
)
def test_the_reason_for_the_unspent_budget(columns, facts, reason):
    assert make_plan(*columns, **facts).unspent_reason == reason


@pytest.mark.parametrize(
    ("limit", "columns", "budget"),
    [("2 creators", (2, 3), 6_000), ("0 creators", (), 6_000), ("1 creator", (3,), 4_200)],
)
def test_a_limit_that_excludes_further_creators_is_the_reason(limit, columns, budget):
    problem, program = setting(f"all count <= {limit.split()[0]}", budget=budget)
    answer = SolveResult(
        termination=Termination.OPTIMAL, columns=picks(*columns), objective=program.objective_value(picks(*columns))
    )
    plan = build_plan(solved_by(problem, program, answer))
    assert plan.unspent_reason == f"your limit of {limit} is reached"


def test_an_empty_plan_names_the_cheapest_offer():
    plan = make_plan(budget=199)
    assert (plan.picks, plan.mix, plan.totals.creators) == ((), {}, 0)
    assert plan.warnings == ("the plan is empty: the cheapest offer is @a at $2",)


def test_the_share_that_rests_on_benchmarks_is_reported():
    problem, _ = setting()
    origins = {
        **problem.forecast.origins,
        "engagements": np.asarray([Origin.OWN, 0, Origin.DEFAULT, Origin.SHRUNK, 0], np.int8),
    }
    assumed = replace(problem, forecast=replace(problem.forecast, origins=origins))
    assert make_plan(1, 2, 3, given_problem=assumed).assumed == {
        "engagements": pytest.approx(20 / 114),
        "conversions": 0,
    }
    assert make_plan(given_problem=assumed).assumed == {"engagements": 0, "conversions": 0}


@settings(CALM, max_examples=examples(100))
@given(st.data(), st.sampled_from(GOALS))
def test_the_figures_of_a_plan_add_up(data, goal):
    rows = data.draw(roster_rows())
    try:
        plan = optimize(build_roster(rows), data.draw(campaigns(rows, goal)), solver=solver("highs"))
    except CampaignError:
        return
    if isinstance(plan, Diagnosis):
        return
    assert plan.totals.creators == len({match_key(pick.creator) for pick in plan.picks})
    assert plan.totals.creators <= sum(part.creators for part in plan.mix.values()) <= len(plan.picks)
    assert plan.totals.spend == sum(pick.cost for pick in plan.picks) == sum(part.spend for part in plan.mix.values())
    assert plan.totals.spend + plan.unspent + plan.kept_back == plan.campaign.budget
    for name in METRICS:
        assert plan.totals.metrics[name] == sum(pick.metrics[name] for pick in plan.picks)
        assert plan.totals.metrics[name] == sum(part.metrics[name] for part in plan.mix.values())
    for use in plan.rules:
        remaining = (use.at_least is None or use.used >= use.at_least) and (
            use.at_most is None or use.used <= use.at_most
        )
        assert remaining or use.share or use.beyond
        assert use.soft is not None or not use.beyond


def test_the_result_of_a_search_makes_a_plan():
    problem, program = setting("all count <= 2", budget=2_000)
    answer = solve(program, solver("cbc"), FREE)
    plan = build_plan(solved_by(problem, program, answer))
    assert [pick.creator for pick in plan.picks] == ["@d", "@b"]
    assert [(use.used, use.binding) for use in plan.rules] == [(2, True)]


def test_a_plan_keeps_what_is_hard_to_believe_with_its_own_creators_first():
    offers = roster(list("abcde"), numbers={"likes": [50_000, 60_000, 70_000, 80_000, 500]})
    plan = optimize(offers, build_campaign(budget=10_000, include=("d",)))
    (doubt,) = plan.suspicions
    assert (doubt.code, doubt.count, doubt.in_plan) == ("likes-above-followers", 4, 1)
    assert [creator.creator for creator in doubt.creators] == ["d", "a", "b"]
