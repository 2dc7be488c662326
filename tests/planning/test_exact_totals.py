"""Goals of large numbers, against Python integers: what is called the best is the best, to the last unit."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.campaign import Goal
from microopt.errors import CampaignError
from microopt.planning.optimize import solve_problem
from microopt.planning.solved import SolvedProblem
from microopt.solver.result import SolveLimits
from tests.scale import examples
from tests.solver.builders import CALM, case, roster, solver
from tests.support.cores import leave_cores_to_the_solver

CORES = pytest.mark.parametrize("cores", ["dynamic programming", "solver"])
BACKENDS = pytest.mark.parametrize("backend", ["cbc", "highs"])
EIGHTHS = st.integers(0, 8 * 10**15).map(lambda number: number / 8)
LARGE = st.one_of(
    EIGHTHS, st.integers(0, 10**15).map(float), st.integers(-9, 9).map(lambda number: 9 * 10**14 + number / 8)
)
RULES = ("all count ..3", "niche:a count 1..2", "niche:a spend <= 60%", "niche:b score <= 60%")


@st.composite
def rosters(draw, values):
    """Draw creators, each with a cost, a niche and a value; a budget; and some rules."""
    count = draw(st.integers(1, 6))
    facts = {
        "creator": draw(st.lists(st.sampled_from("stuvwxyz"), min_size=count, max_size=count, unique=True)),
        "niche": draw(st.lists(st.sampled_from("ab"), min_size=count, max_size=count)),
        "cost": draw(st.lists(st.integers(50, 500), min_size=count, max_size=count)),
        "value": draw(st.lists(values, min_size=count, max_size=count)),
    }
    return facts, draw(st.integers(100, 1_500)), draw(st.lists(st.sampled_from(RULES), max_size=2, unique=True))


def keeps(rules, facts, plan, value):
    """Whether a plan keeps the rules, from their definition."""
    niche = {name: [i for i in plan if facts["niche"][i] == name] for name in "ab"}
    spend, of_a = (sum(facts["cost"][i] for i in chosen) for chosen in (plan, niche["a"]))
    held = {
        RULES[0]: len(plan) <= 3,
        RULES[1]: 1 <= len(niche["a"]) <= 2,
        RULES[2]: 10 * of_a <= 6 * spend,
        RULES[3]: 10 * sum(value[i] for i in niche["b"]) <= 6 * sum(value[i] for i in plan),
    }
    return all(held[rule] for rule in rules)


def best_total(facts, budget, rules, value):
    """Return the best total of all plans, None where none keeps the rules."""
    totals = []
    for bits in product((False, True), repeat=len(value)):
        plan = [i for i, chosen in enumerate(bits) if chosen]
        if sum(facts["cost"][i] for i in plan) <= budget and keeps(rules, facts, plan, value):
            totals.append(sum((value[i] for i in plan), Fraction(0)))
    return max(totals, default=None)


def check_solved(outcome, facts, rules, value, best):
    """A plan keeps rules, is worth what its picks are, no plan is better than it says, and none if it says so."""
    if not isinstance(outcome, SolvedProblem):
        assert best is None
        return
    proof, plan = outcome.proof, outcome.result.columns.tolist()
    assert keeps(rules, facts, plan, value)
    assert proof.objective == sum((value[i] for i in plan), Fraction(0))
    assert proof.objective <= best <= proof.bound <= proof.price_bound
    if proof.status == "optimal":
        assert proof.objective == best == proof.bound


def test_plans_that_differ_by_an_eighth_in_10_to_the_16_are_told_apart():
    offers = roster(["@a", "@b", "@c"], numbers={"score": [9e14, 9e14, 9e14 + 0.125]})
    problem = case(offers, cost=[50, 50, 51], budget=101)
    problem = replace(problem, campaign=replace(problem.campaign, goal=Goal(name="value:score")))
    for backend, cores in product(("cbc", "highs"), ("dynamic programming", "solver")):
        proof = solved(problem, backend, cores).proof
        assert (proof.status, proof.objective) == ("optimal", 18 * 10**14 + Fraction(1, 8))


@CORES
@BACKENDS
@settings(CALM, max_examples=examples(60))
@given(drawn=rosters(LARGE))
def test_a_goal_of_a_column_is_exact_up_to_10_to_the_15(backend, cores, drawn):
    facts, budget, rules = drawn
    offers = roster(facts["creator"], niche=facts["niche"], numbers={"score": facts["value"]})
    problem = case(offers, *rules, cost=facts["cost"], budget=budget)
    problem = replace(problem, campaign=replace(problem.campaign, goal=Goal(name="value:score")))
    value = [Fraction(number) for number in facts["value"]]
    outcome = solved(problem, backend, cores)
    assume(outcome is not None)
    check_solved(outcome, facts, rules, value, best_total(facts, budget, rules, value))


@CORES
@BACKENDS
@settings(CALM, max_examples=examples(40))
@given(drawn=rosters(st.integers(0, 10**12)))
def test_a_reach_of_a_billion_people_is_exact_to_a_thousandth(backend, cores, drawn):
    facts, budget, rules = drawn
    rules = [rule for rule in rules if "score" not in rule]
    offers = roster(facts["creator"], niche=facts["niche"])
    problem = case(offers, *rules, cost=facts["cost"], budget=budget, reach=facts["value"])
    problem = replace(problem, campaign=replace(problem.campaign, goal=Goal(name="reach")))
    value = [Fraction(number, 1_000) for number in facts["value"]]
    outcome = solved(problem, backend, cores)
    check_solved(outcome, facts, rules, value, best_total(facts, budget, rules, value))


def solved(problem, backend, cores):
    """Return the solved problem or the diagnosis; None where numbers are refused because they do not add up exactly."""
    with pytest.MonkeyPatch.context() as patch:
        if cores == "solver":
            leave_cores_to_the_solver(patch)
        try:
            return solve_problem(problem, limits=SolveLimits(), solver=solver(backend))
        except CampaignError as error:
            if error.code != "numbers-too-large":
                raise
            return None
