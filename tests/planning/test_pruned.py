"""Pruned and unpruned agree: a plan is worth and costs what the whole program gives where nothing is pruned.

Pruned is `solver.search.solve` with constants so small that a hundred columns are sifted, pruned and grown as a
million are.
Unpruned is the whole program in the hands of a backend: no price is looked at, and nothing of `search` is used.
"""

import random
import string

import pytest
from hypothesis import assume, given, seed, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.metrics import METRICS
from microopt.errors import CampaignError
from microopt.plan.diagnosis import Diagnosis
from microopt.planning.build_problem import build_problem
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import metric_objective, zero_objective
from microopt.planning.optimize import build_objective, plan_problem
from microopt.readers.roster import read_roster
from microopt.rendering.data.json import object_json
from microopt.solver import cheapest_optimum, core_dynamic_programming, search, sifting
from microopt.solver.outer_approximation import proof_tolerance, solve_to_tolerance, solve_verified
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import SolveLimits, Termination
from microopt.verification.verify import verify
from tests.planning.builders import CALM, GOALS, build_campaign, campaigns, roster_rows, solver
from tests.planning.infeasibility.test_repairs import TIGHT
from tests.planning.infeasibility.test_repairs import check as check_repairs
from tests.planning.test_optimize import check_against_enumeration, offers_alike
from tests.scale import examples
from tests.verification.opponent import decimal, written

LIMITS = SolveLimits(seconds=60.0)
FEES = st.integers(5_000, 90_000)
FOLLOWERS = st.integers(2_000, 900_000)
LEVEL = ((), (), (), ("fee",), ("followers", "rate"), ("followers", "rate", "score", "fee"))
ZERO = ((), (), (), ("rate",), ("score",), ("fee",))
TINY = {
    sifting: {"SMALL": 4, "FREE": 3, "BATCH": 4, "FEW": 3},
    search: {
        "NEIGHBORHOODS": (1, 8),
        "NET_NEIGHBORHOODS": (1, 8),
        "MOST_COLUMNS_AT_ONCE": 0,
        "FIRST_INCUMBENT_COLUMNS": 2,
    },
    cheapest_optimum: {"EASY": 1},
    core_dynamic_programming: {"STAGE_WORK": 1, "MOST_WORK": 30},  # some cores are left to branch and bound
}


@pytest.fixture(autouse=True)
def _tiny(monkeypatch):
    """Sift, prune and grow the smallest of programs; ideals are proven as before, for `optimize` has its own SMALL."""
    for module, numbers in TINY.items():
        for name, number in numbers.items():
            monkeypatch.setattr(module, name, number)


@st.composite
def questions(draw, goal):
    """Draw a roster of some dozens of offers and a campaign; some figures are the same for all, or nothing."""
    rows = draw(roster_rows(60, min_rows=15, creators=string.ascii_lowercase))
    level = dict.fromkeys(draw(st.sampled_from(ZERO)), 0)
    level = {name: rows[0][name] for name in draw(st.sampled_from(LEVEL))} | level
    if draw(st.booleans()):
        rows = [{**row, "fee": draw(FEES), "followers": draw(FOLLOWERS)} for row in rows]
    rows = [{**row, **level} for row in rows]
    campaign = draw(campaigns(rows, goal))
    share = draw(st.sampled_from((None, None, 2, 5, 10)))
    if share is not None:
        campaign = replace(campaign, budget=sum(row["fee"] for row in rows) * share // 100)
    return rows, campaign


def best_and_cheapest(program, backend):
    """Return the best value of the whole program and the least cost at it, None where no plan keeps its rows.

    Where net reach is of value there is no least cost: it is proven to a millionth only.
    """
    answer = solve_to_tolerance(program, backend, LIMITS)
    assert answer.termination in (Termination.OPTIMAL, Termination.INFEASIBLE), answer
    if answer.columns is None:
        return None
    if not program.has_linear_objective:
        return answer.objective, None
    return answer.objective, least_cost(program, answer, backend)


def least_cost(program, answer, backend):
    """Return the least cost of plans of the value of an answer; soft rows make none that a row can hold."""
    if not program.has_soft_rows:
        return -solve_verified(program.minimize_cost(answer.objective), backend, LIMITS).objective
    cheaper = solve_verified(program.cheaper_than(program.total_cost(answer.columns)), backend, LIMITS)
    if cheaper.columns is None or cheaper.objective < answer.objective:
        return program.total_cost(answer.columns)
    return least_cost(program, cheaper, backend)


def check_plan(plan, case, backend):
    """The plan is worth what the best of the whole program is worth, and costs what the cheapest of these costs."""
    objective = build_objective(case, plan.ideals)
    program = formulate(case, objective)
    value, cost = best_and_cheapest(program, backend)
    result = plan.proof.objective / objective.unit
    assert (plan.proof.status, plan.proof.limit) == ("optimal", None)
    assert abs(result - value) <= proof_tolerance(program, value)
    assert plan.proof.bound / objective.unit >= value
    if program.has_linear_objective:
        assert plan.proof.cheapest or plan.proof.backend == "cbc"
        assert plan.totals.spend == cost if plan.proof.cheapest else plan.totals.spend >= cost


def check_ideals(plan, case, backend):
    """What hard rules allow of each ideal at most lies between what the plan tells of it."""
    for ideal in plan.ideals:
        balanced = case.campaign.goal.name == "balanced"
        objective = (
            metric_objective(case.without_soft_rules(), ideal.metric)
            if balanced
            else build_objective(case.without_soft_rules(), ())
        )
        program = formulate(case.without_soft_rules(), objective)
        answer = solve_to_tolerance(program, backend, LIMITS)
        worth = answer.objective * objective.unit * 1_000
        if ideal.metric in METRICS:
            worth = int(case.forecast.metrics[ideal.metric][case.select_rows(program.mask(answer.columns))].sum())
        low, high = sorted((ideal.total, ideal.bound))
        assert low - proof_tolerance(program, 0) <= round(worth) <= high + proof_tolerance(program, 0)


def check_holds(plan, folder):
    """The plan's file is found to hold."""
    (folder / "plan.json").write_text(object_json(plan), encoding="utf-8")
    verification = verify(str(folder / "plan.json"))
    assert verification.discrepancy is None, verification.discrepancy
    assert verification.sealed


def check_agreement(rows, campaign, folder, backend):
    """Pruned and unpruned agree on a campaign; return what they agree on."""
    read = read_roster(str(written(decimal(rows), folder / "roster.csv")))
    try:
        case, warnings = build_problem(read, campaign)
    except CampaignError:
        return "refused"
    plan, reference = plan_problem(case, limits=LIMITS, solver=backend, warnings=warnings), solver("highs")
    if isinstance(plan, Diagnosis):
        assert (plan.status, plan.limit) == ("infeasible", None)
        assert best_and_cheapest(formulate(case.without_soft_rules(), zero_objective(case)), reference) is None
        return "infeasible"
    check_plan(plan, case, reference)
    check_ideals(plan, case, reference)
    check_holds(plan, folder)
    return "a plan"


def outcomes(goal, number, count, folder, backend="highs"):
    """Draw campaigns by a seed until this many fit their rosters, check each, and return what each has: a plan or none.

    Parameters
    ----------
    number
        Of the part: each draws others.
    """
    found = []

    @seed(1_000 * GOALS.index(goal) + number)
    @settings(TIGHT, max_examples=count)
    @given(questions(goal))
    def check(question):
        result = check_agreement(*question, folder, solver(backend))
        assume(result != "refused")
        found.append(result)

    check()
    return found


@pytest.mark.parametrize("goal", GOALS)
def test_pruned_and_unpruned_agree(goal, tmp_path):
    agreed = outcomes(goal, 0, 19, tmp_path)
    assert len(agreed) >= 19
    assert {*agreed} == {"a plan", "infeasible"}


@pytest.mark.parametrize("goal", GOALS)
def test_cbc_pruned_and_highs_unpruned_agree(goal, tmp_path):
    agreed = outcomes(goal, 1, 6, tmp_path, "cbc")
    assert len(agreed) >= 6
    assert "a plan" in agreed


@pytest.mark.random
@pytest.mark.parametrize("part", [2, 3])
@pytest.mark.parametrize("goal", GOALS)
def test_pruned_and_unpruned_agree_on_two_thousand_campaigns(goal, part, tmp_path):
    count = examples(125)
    agreed = outcomes(goal, part, count, tmp_path)
    assert len(agreed) >= count
    assert "a plan" in agreed
    assert "infeasible" in agreed or count < 10


@pytest.mark.parametrize("goal", GOALS)
@settings(CALM, max_examples=examples(15))
@given(st.data())
def test_pruned_finds_what_enumeration_finds(goal, data):
    rows = data.draw(roster_rows())
    check_against_enumeration(rows, data.draw(campaigns(rows, goal)), solver("highs"))


@pytest.mark.parametrize("goal", ["balanced", "worth", "least cost"])
@settings(TIGHT, max_examples=examples(8))
@given(st.data())
def test_what_would_help_is_found_by_parts_too(goal, data):
    rows = data.draw(roster_rows(6))
    check_repairs(rows, data.draw(campaigns(rows, goal)))


def crowd(number):
    """Return a roster of creators and a campaign of no rules, of which prices leave much undecided."""
    chance = random.Random(number)
    rows = offers_alike(*((f"@{name}", "tiktok", "video") for name in string.ascii_lowercase))
    for row in rows:
        row["fee"], row["score"] = chance.randint(5_000, 90_000), chance.randint(0, 50)
    return rows, build_campaign(goal="value:score", budget=sum(row["fee"] for row in rows) * 4 // 100)


def too_low(priced):
    return replace(priced, exact_bound=priced.exact_bound - abs(priced.exact_bound) / 25)


def decides_too_much(priced):
    return replace(priced, deviation=priced.deviation * 2)


@pytest.mark.parametrize(("tightened", "number"), [(too_low, 24), (decides_too_much, 1)])
def test_a_bound_made_too_tight_is_caught(tightened, number, tmp_path, monkeypatch):
    question = crowd(number)
    assert check_agreement(*question, tmp_path, solver("highs")) == "a plan"
    for module in (sifting, search):
        monkeypatch.setattr(module, "price_program", lambda *problem: tightened(price_program(*problem)))
    with pytest.raises(AssertionError):
        check_agreement(*question, tmp_path, solver("highs"))
