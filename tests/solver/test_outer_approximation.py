"""Net reach in the value and in floors: what is found and proven with tangents is what brute force finds."""

from fractions import Fraction
from itertools import repeat
from math import ceil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.errors import AuditError, BackendError
from microopt.solver import search
from microopt.solver.heuristics import local_search
from microopt.solver.outer_approximation import (
    focus_tangents,
    proof_tolerance,
    solve_relaxation,
    solve_to_tolerance,
    with_tangents_at,
)
from microopt.solver.reach_pool import EXPOSURE, MAX_TANGENTS
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination
from microopt.solver.search import solve
from tests.scale import examples
from tests.solver.builders import (
    CALM,
    FREE,
    best,
    corrupt_result,
    cut_short,
    line,
    net_programs,
    picks,
    pool,
    program,
    solver,
    stored_program,
    subsets,
)
from tests.support.scripted_backend import ScriptedBackend

# The first column reaches most and costs most: the two others together reach more.
OF = program([0] * 3, line([4, 2, 2], upper=4), pools=[pool([0.5, 0.4, 0.4], 10**9, objective=1.0)])
POOR, BEST = 5 * 10**8, 64 * 10**7


def market(columns=200, pools=8, seed=0, **counts):
    """Return a program of net reach under a budget, with a few columns that reach much of a pool."""
    random = np.random.default_rng(seed)
    share = np.where(random.random(columns) < 0.05, random.uniform(0.1, 0.3, columns), random.uniform(0, 0.02, columns))
    home = random.integers(0, pools, columns)
    cost = (share**0.85 * random.lognormal(0, 0.4, columns) * 10**6).astype(np.int64) + 1000
    people = [pool(np.where(home == s, share, 0.0), 10**9, objective=1.0) for s in range(pools)]
    return program([0] * columns, line(cost, upper=int(cost.sum() // 5)), cost=cost, pools=people)


def check_honest(answer, instance):
    """What an answer claims agrees with the program, with itself, and with the truth."""
    optimum = best(instance)
    if answer.columns is None:
        assert answer.objective is None
        return
    assert not instance.violated_constraints(answer.columns)
    assert answer.objective == instance.objective_value(answer.columns) <= answer.bound <= answer.price_bound
    assert answer.price_bound >= optimum[0]
    assert answer.termination is Termination.FEASIBLE or answer.bound - answer.objective <= proof_tolerance(
        instance, answer.bound
    )


def check_against_brute_force(instance, name):
    answer, optimum = solve(instance, solver(name), FREE), best(instance)
    assert answer.termination is (Termination.INFEASIBLE if optimum is None else Termination.OPTIMAL)
    if optimum is None:
        return
    check_honest(answer, instance)
    assert answer.objective <= optimum[0] <= answer.bound
    assert answer.limit is None
    if instance.has_linear_objective:
        assert (answer.objective, answer.is_cheapest, instance.total_cost(answer.columns)) == (
            optimum[0],
            True,
            optimum[1],
        )


@settings(
    CALM, max_examples=examples(200), derandomize=True
)  # HiGHS may branch without end on a rare program of this kind
@given(net_programs())
def test_highs_and_brute_force_agree(instance):
    check_against_brute_force(instance, "highs")


@settings(CALM, max_examples=examples(100))
@given(net_programs())
def test_cbc_and_brute_force_agree(instance):
    check_against_brute_force(instance, "cbc")


@settings(CALM, max_examples=examples(100), derandomize=True)
@given(net_programs(columns=7, floors=True), st.sampled_from([1e-6, 0.01, 1.0]), st.booleans())
def test_cbc_and_brute_force_agree_on_soft_floors_of_net_reach(instance, penalty, second):
    soft = [replace(row, penalty=penalty) if second or row.label == "net" else row for row in instance.rows]
    check_against_brute_force(replace(instance, rows=tuple(soft)), "cbc")


@settings(CALM, max_examples=examples(60), derandomize=True)
@given(net_programs(floors=True, valued=True))
def test_net_reach_in_value_and_floors_at_once(instance):
    check_against_brute_force(instance, "highs")


@settings(CALM, max_examples=examples(100), derandomize=True)
@given(instance=net_programs())
def test_growing_neighbourhoods_lose_no_plan(monkeypatch, instance):
    monkeypatch.setattr(search, "NET_NEIGHBORHOODS", (1, 2, 4))
    check_against_brute_force(instance, "highs")


@pytest.mark.parametrize("seed", range(8))
def test_a_rough_core_that_turns_out_to_hold_all_undecided_columns_is_solved_again_for_the_proof(monkeypatch, seed):
    monkeypatch.setattr(search, "NET_NEIGHBORHOODS", (20,))
    fake = ScriptedBackend(solve=repeat(stop_at_the_gap), real=solver("highs"))
    answer = solve(market(60, 3, seed), fake, SolveLimits(seconds=60))
    assert (answer.termination, answer.limit) == (Termination.OPTIMAL, None)


def stop_at_the_gap(program, limits):
    """Solve with HiGHS, and prove no more than the gap that was asked for."""
    result = solver("highs").solve(program, limits)
    if result.columns is None or limits.gap < search.NET_GAP:
        return result
    bound = result.objective + ceil(limits.gap * abs(result.objective))
    return replace(result, termination=Termination.FEASIBLE, limit=Limit.GAP, bound=bound)


@settings(CALM, max_examples=examples(60), derandomize=True)
@given(net_programs())
def test_prices_that_say_nothing_cost_time_only(instance):
    fake = ScriptedBackend(relax=[SolveResult(termination=Termination.UNKNOWN)] * 9, real=solver("highs"))
    answer, optimum = solve(instance, fake, FREE), best(instance)
    assert (answer.columns is None) == (optimum is None)
    assert optimum is None or optimum[0] - answer.objective <= proof_tolerance(instance, optimum[0])


def test_the_relaxation_is_bounded_as_closely_as_its_prices_allow():
    instance = market()
    closer, result = solve_relaxation(instance, solver("highs"), lambda: FREE)
    assert result.priced.bound - 1 <= result.result.bound <= result.priced.bound * (1 + 1e-6)
    assert all(len(people.tangent_points) > 9 for people in closer.pools)


def test_the_relaxation_is_solved_where_highs_fails_at_slopes_of_a_billion():
    """Its dual simplex ends in an error, with and without presolve, until the objective is in larger units."""
    instance = stored_program("simplex_fails")
    result = solver("highs").relax(instance, FREE)
    assert result.termination is Termination.OPTIMAL
    assert result.bound == pytest.approx(solver("cbc").relax(instance, FREE).bound, rel=1e-9)


def test_a_program_without_pools_passes_as_it_is():
    instance = program([3, 2], line([1, 1], upper=1))
    fake = ScriptedBackend(real=solver("highs"))
    assert solve_relaxation(instance, fake, lambda: FREE)[0] is instance
    assert with_tangents_at(instance, picks(0)) is instance
    assert [requested for _, requested, _ in fake.asked] == [instance]


@pytest.mark.parametrize("name", ["cbc", "highs"])
def test_some_hundred_offers_are_proven(name):
    instance = market()
    answer = solve(instance, solver(name), SolveLimits(seconds=60))
    assert (answer.termination, answer.limit, answer.is_cheapest) == (Termination.OPTIMAL, None, False)
    assert answer.bound - answer.objective <= 1e-6 * answer.bound
    assert (
        price_program(instance, answer.prices, answer.pool_prices).integer_bound == answer.price_bound >= answer.bound
    )


@pytest.mark.parametrize("seconds", [0.0, 0.2, 1.0])
def test_a_time_limit_leaves_a_plan_and_an_honest_bound(seconds):
    instance = market(600, pools=20)
    optimum = solve(instance, solver("cbc"), FREE)
    answer = solve(instance, solver("cbc"), SolveLimits(seconds=seconds))
    assert answer.objective is None or answer.objective <= optimum.bound
    assert answer.bound is None or optimum.objective <= answer.bound
    assert answer.columns is None or not instance.violated_constraints(answer.columns)
    assert answer.seconds < seconds + 20  # it neither hangs nor goes on without a limit


def test_a_gap_ends_the_search_and_is_kept():
    instance = market()
    answer = solve(instance, solver("cbc"), SolveLimits(gap=0.01))
    assert answer.bound - answer.objective <= 0.01 * answer.bound


def test_a_first_plan_within_the_gap_is_enough():
    fake = ScriptedBackend(real=solver("cbc"))
    answer = solve(market(), fake, SolveLimits(gap=0.3))
    assert answer.limit is Limit.GAP
    assert {method for method, _, _ in fake.asked} == {"relax"}


def test_plans_are_improved_within_their_rows():
    instance = market()
    plan = local_search(instance, picks())
    assert not instance.violated_constraints(plan)
    assert instance.objective_value(plan) > 0.97 * solve(instance, solver("cbc"), FREE).objective
    assert local_search(instance, picks(), 0.0).tolist() == []
    assert local_search(OF, picks(0)).tolist() == [0]  # one for one does not help


@CALM
@given(net_programs(valued=True, floors=False), st.data())
def test_improving_breaks_no_row_and_loses_nothing(instance, data):
    plans = subsets(instance)
    if len(plans):
        start = np.flatnonzero(plans[data.draw(st.integers(0, len(plans) - 1))])
        better = local_search(instance, start)
        assert not instance.violated_constraints(better)
        assert instance.objective_value(better) >= instance.objective_value(start) - 1


def says(stop, *columns, value=None, bound=None, limit=None):
    return SolveResult(termination=stop, limit=limit, columns=picks(*columns), objective=value, bound=bound)


def test_a_tangent_is_added_where_the_plan_is():
    fake = ScriptedBackend(solve=[says(Termination.OPTIMAL, 0, value=POOR, bound=9 * 10**8)], real=solver("highs"))
    answer = solve_to_tolerance(OF, fake, FREE)
    assert (answer.termination, answer.columns.tolist(), answer.objective) == (Termination.OPTIMAL, [1, 2], BEST)
    assert [instance.pools[0].tangent_points for _, instance, _ in fake.asked[:2]] == [(), (OF.pools[0].exposure[0],)]


@pytest.mark.parametrize("end", [KeyboardInterrupt(), BackendError("out of memory")])
def test_what_a_round_has_shown_outlives_the_next(end):
    fake = ScriptedBackend(solve=[says(Termination.OPTIMAL, 0, value=POOR, bound=9 * 10**8), end])
    answer = solve_to_tolerance(OF, fake, FREE)
    assert (answer.termination, answer.objective, answer.bound) == (Termination.FEASIBLE, POOR, 9 * 10**8)
    assert answer.limit is (Limit.INTERRUPT if isinstance(end, KeyboardInterrupt) else None)


def test_a_worse_plan_of_a_later_round_is_not_taken():
    first = says(Termination.OPTIMAL, 1, 2, value=BEST, bound=9 * 10**8)
    later = says(Termination.FEASIBLE, 0, value=POOR, bound=7 * 10**8, limit=Limit.TIME)
    answer = solve_to_tolerance(OF, ScriptedBackend(solve=[first, later]), FREE)
    assert (answer.termination, answer.limit, answer.objective, answer.bound) == (
        Termination.FEASIBLE,
        Limit.TIME,
        BEST,
        7 * 10**8,
    )


def test_a_floor_that_only_tangents_keep_is_answered_by_closer_ones():
    instance = replace(program([-1, -1], line([0, 0], lower=10**9 // 2), pools=[pool([0.5, 0.4], 10**9, row=0)]))
    short = replace(instance, rows=(replace(instance.rows[0], lower=500_000_001),))
    assert solve(instance, solver("highs"), FREE).columns.tolist() == [0]
    fake = ScriptedBackend(solve=[says(Termination.OPTIMAL, 0, value=-1, bound=-1)], relax=[], real=solver("highs"))
    answer = solve_to_tolerance(short, fake, FREE)
    assert answer.columns.tolist() == [0, 1]
    assert len(fake.asked[1][1].rows) == 1
    assert fake.asked[1][1].pools[0].tangent_points


@settings(CALM, max_examples=examples(80))
@given(net_programs(columns=7), st.data())
def test_whatever_a_backend_says_the_answer_is_honest(instance, data):
    fake = ScriptedBackend(
        real=solver("cbc"), distort=lambda instance, answer: corrupt_result(data, instance, answer, maximum=10**7)
    )
    try:
        answer = solve(instance, fake, FREE)
    except AuditError:
        return
    check_honest(answer, instance)
    assert answer.proven_by != "prices alone" or best(instance)[0] - answer.objective <= proof_tolerance(
        instance, answer.objective
    )


@settings(CALM, max_examples=examples(60))
@given(net_programs(columns=7), st.data())
def test_poor_plans_with_true_bounds_never_make_a_false_claim(instance, data):
    answer, optimum = (
        solve(instance, ScriptedBackend(real=solver("cbc"), distort=lambda _, answer: cut_short(data, answer)), FREE),
        best(instance),
    )
    if answer.columns is not None:
        check_honest(answer, instance)
        assert answer.bound >= optimum[0]
    assert optimum is None or answer.termination is not Termination.INFEASIBLE


@pytest.mark.parametrize("name", ["cbc", "highs"])
def test_of_picks_that_reach_the_same_people_the_cheaper_is_bought(name):
    instance = program([0, 0, 0], group=[0, 0, 1], cost=[3, 1, 5], pools=(pool([0.5, 0.5, 0.2], objective=1.0),))
    assert solve(instance, solver(name), FREE).columns.tolist() == [1, 2]


def open_at_the_limit(limit):
    """Return a result that is off by a unit."""
    result = SolveResult(termination=Termination.FEASIBLE, limit=limit, columns=picks(0), bound=10**8 + 1)
    return ScriptedBackend(solve=[result, replace(result, limit=Limit.GAP)])


def test_what_takes_many_nodes_is_proven_to_a_negligible_gap():
    backend = open_at_the_limit(Limit.NODES)
    answer = solve_to_tolerance(program([10**8, 1], line([1, 1], upper=1)), backend, FREE)
    assert (answer.limit, answer.objective, answer.bound) == (Limit.GAP, 10**8, 10**8 + 1)
    (_, _, first), (_, _, second) = backend.asked
    assert (first.gap, first.nodes is None) == (0.0, False)
    assert (second.gap, second.nodes) == (FREE.negligible, None)


@pytest.mark.parametrize("limits", [replace(FREE, negligible=0.0), replace(FREE, nodes=7), replace(FREE, gap=0.01)])
def test_a_proof_that_is_asked_for_and_limits_of_effort_are_kept(limits):
    backend = open_at_the_limit(Limit.TIME)
    solve_to_tolerance(program([10**8, 1], line([1, 1], upper=1)), backend, limits)
    ((_, _, handed),) = backend.asked
    assert (handed.gap, handed.nodes) == (limits.gap, limits.nodes)


def test_a_bound_tiny_compared_to_the_people_takes_a_limited_number_of_tangents():
    # An error of 1e-5 of the bound, spread over one long exposure, took 4.1 million tangents and 2 GB.
    shares = [-np.expm1(-2.4), 0.4, 0.3]
    instance = program([-9 * 10**11, 0, 0], line([1, 1, 1], upper=2), pools=[pool(shares, 10**12, objective=1.0)])
    priced = replace(price_program(instance, np.zeros(1)), exact_bound=Fraction(1))
    model = focus_tangents(instance, priced, None, is_rough=False)
    assert max(model.pools[0].tangent_points) > 2.4 * EXPOSURE
    assert len(model.pools[0].tangent_points) < 2 * MAX_TANGENTS
    answer, optimum = solve_to_tolerance(model, solver("highs"), FREE), best(instance)
    assert answer.termination is Termination.OPTIMAL
    assert optimum[0] - answer.objective <= proof_tolerance(instance, optimum[0])
