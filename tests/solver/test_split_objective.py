"""Objectives beyond the precision of solvers: nothing false is called proven, and what can be is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.solver.integer_variable import IntegerVariable
from microopt.solver.outer_approximation import solve_verified
from microopt.solver.result import Limit, SolveResult, Termination
from microopt.solver.split_objective import MAX_TOTAL, _LeadingDigits, solve_split
from tests.scale import examples
from tests.solver.builders import (
    CALM,
    FREE,
    best,
    line,
    net_programs,
    picks,
    pool,
    program,
    programs,
    solver,
    subsets,
)
from tests.support.scripted_backend import ScriptedBackend

BACKENDS = pytest.mark.parametrize("backend", ["cbc", "highs"])
NOISE = st.lists(st.integers(-3, 3), min_size=8, max_size=8)  # of up to eight values


@st.composite
def large_programs(draw, soft=False):
    """Draw a program with values near 10^12 to 10^17: at random, all nearly equal, or costs times a constant."""
    instance = draw(programs(columns=8, rows=3, maximum=60, soft=soft, min_columns=2))
    unit, noise = 10 ** draw(st.integers(12, 15)), draw(NOISE)
    base = draw(st.sampled_from([instance.objective, instance.cost, np.full(len(instance), 60)]))
    spread = draw(st.lists(st.integers(0, unit), min_size=8, max_size=8)) if draw(st.booleans()) else [0] * 8
    return replace(instance, objective=base * unit + np.asarray(noise)[: len(base)] + np.asarray(spread)[: len(base)])


def check_true(instance, answer):
    """What the answer states of the program is true."""
    optimum = best(instance)
    if answer.termination is Termination.INFEASIBLE:
        assert optimum is None
        return
    assert answer.columns is None or answer.objective == instance.objective_value(answer.columns)
    assert answer.bound is None or optimum is None or optimum[0] <= answer.bound
    if answer.termination is Termination.OPTIMAL:
        assert answer.objective == answer.bound == optimum[0]


@BACKENDS
@pytest.mark.parametrize("soft", [False, True])
@settings(CALM, max_examples=examples(45))
@given(data=st.data())
def test_nothing_false_is_said_of_large_objectives(backend, soft, data):
    instance = data.draw(large_programs(soft=soft))
    check_true(instance, solve_verified(instance, solver(backend), FREE))


@BACKENDS
@settings(CALM, max_examples=examples(60))
@given(data=st.data())
def test_nothing_false_is_said_of_large_objectives_beside_pools(backend, data):
    instance = data.draw(net_programs(columns=8, valued=False, floors=True))
    unit, noise = 10 ** data.draw(st.integers(9, 15)), data.draw(NOISE)
    base = data.draw(st.sampled_from([instance.objective, np.full(len(instance), 60)]))
    instance = replace(instance, objective=base * unit + np.asarray(noise)[: len(base)])
    check_true(instance, solve_verified(instance, solver(backend), FREE))


@BACKENDS
@settings(CALM, max_examples=examples(30))
@given(data=st.data())
def test_no_bound_on_a_large_objective_with_net_reach_is_false(backend, data):
    instance = data.draw(net_programs(columns=8, valued=True, floors=False))
    noise = np.asarray(data.draw(NOISE))[: len(instance)]
    instance = replace(instance, objective=instance.objective * 10 ** data.draw(st.integers(12, 15)) + noise)
    answer, optimum = solve_verified(instance, solver(backend), FREE), best(instance)
    if answer.termination is Termination.INFEASIBLE:
        assert optimum is None
    else:
        assert optimum is None or answer.bound is None or answer.bound >= optimum[0]


@BACKENDS
def test_a_large_objective_beside_a_floor_of_net_reach_is_handed_over_by_its_leading_digits(backend):
    floor = replace(line([1, 1, 1, 1], lower=1_000), lower=300_000)
    shares = pool([0.5, 0.3, 0.1, 0.1], row=1)
    values = [10**15, 10**15 + 1, 10**15 - 4, 10**15 + 3]
    instance = program(values, line([2, 3, 2, 3], upper=5), floor, pools=[shares])
    fake = ScriptedBackend(real=solver(backend))
    answer = solve_split(instance, fake, FREE)
    assert all(abs(handed.objective).sum() <= MAX_TOTAL for _, handed, _ in fake.asked)
    assert (answer.termination, answer.objective) == (Termination.OPTIMAL, best(instance)[0])


@BACKENDS
def test_the_digits_of_an_open_integer_count_too(backend):
    variable = IntegerVariable(coefficients={0: 1}, upper=1_000_000, objective=2**43 - 1)
    instance = replace(program([2**50, 3 * 2**50], line([100_000, 500_000], upper=999_999)), integer=variable)
    fake = ScriptedBackend(real=solver(backend))
    answer = solve_split(instance, fake, FREE)
    assert fake.asked[0][1].integer.objective < 2**43 - 1
    plans = [picks(), picks(0), picks(1), picks(0, 1)]
    assert answer.bound >= answer.objective == max(instance.objective_value(plan) for plan in plans)


@BACKENDS
@settings(CALM, max_examples=examples(30))
@given(data=st.data())
def test_a_cutoff_excludes_no_plan_that_reaches_it(backend, data):
    instance = data.draw(large_programs())
    optimum = best(instance)
    cutoff = 10**15 if optimum is None else optimum[0] - data.draw(st.sampled_from([-1, 0, 1, 10**13]))
    answer = solve_verified(instance, solver(backend), replace(FREE, cutoff=cutoff))
    if optimum is not None and optimum[0] >= cutoff:
        check_true(instance, answer)


@BACKENDS
def test_the_best_of_distinct_plans_is_proven_to_the_unit(backend):
    random = np.random.default_rng(1)
    instance = program(
        random.integers(10**15, 10**16, 12), line(random.integers(50, 900, 12), upper=2_500), line([1] * 12, upper=5)
    )
    answer = solve_verified(instance, solver(backend), FREE)
    assert answer.termination is Termination.OPTIMAL
    assert answer.objective == answer.bound == best(instance)[0]


def test_a_solver_is_handed_no_total_that_it_cannot_hold():
    instance, backend = (
        program([2**60, 2**60 - 5, 2**59], line([1, 1, 1], upper=2)),
        ScriptedBackend(real=solver("cbc")),
    )
    answer = solve_split(instance, backend, FREE)
    assert all(abs(handed.objective).sum() <= MAX_TOTAL for _, handed, _ in backend.asked)
    assert (answer.termination, answer.objective) == (Termination.OPTIMAL, 2**61 - 5)


def test_a_program_of_a_modest_objective_is_handed_over_as_it_is():
    instance, backend = program([MAX_TOTAL - 1, 1], line([1, 1], upper=2)), ScriptedBackend(real=solver("cbc"))
    solve_split(instance, backend, FREE)
    assert [handed for _, handed, _ in backend.asked] == [instance]


def test_plans_too_many_to_tell_apart_are_left_open_with_a_bound_that_holds():
    instance = program(10**15 + np.arange(12) % 5, line([1] * 12, upper=6))
    answer = solve_split(instance, solver("cbc"), FREE)
    assert answer.termination is Termination.FEASIBLE
    assert answer.objective <= best(instance)[0] <= answer.bound <= answer.objective + 10**5


def test_a_limit_in_the_second_solve_leaves_the_first_plan():
    instance = program([2**60, 2**60 - 5, 2**59], line([1, 1, 1], upper=2))
    first = SolveResult(termination=Termination.OPTIMAL, columns=picks(0, 1), bound=2**61 // 2**22)
    late = SolveResult(termination=Termination.UNKNOWN, limit=Limit.TIME)
    answer = solve_split(instance, ScriptedBackend(solve=[first, late]), FREE)
    assert (answer.limit, answer.columns.tolist()) == (Limit.TIME, [0, 1])
    assert answer.bound >= 2**61 - 5


def test_a_bound_below_the_plan_is_no_proof():
    instance = program([2**60, 2**60 - 5, 2**59], line([1, 1, 1], upper=2))
    liar = SolveResult(termination=Termination.OPTIMAL, columns=picks(0, 2), bound=0)
    answer = solve_split(instance, ScriptedBackend(solve=[liar, liar]), FREE)
    assert (answer.termination, answer.objective) == (Termination.FEASIBLE, 2**60 + 2**59)


@pytest.mark.parametrize("below", [0, 1])
def test_the_cutoff_that_is_handed_over_excludes_no_plan_that_reaches_it(below):
    instance = program([2**60 - 1, 2**60 - 5, 2**59 + 7], line([1, 1, 1], upper=2))
    nothing = SolveResult(termination=Termination.UNKNOWN, limit=Limit.NODES)
    for plan in (picks(0, 1), picks(0, 2), picks(1, 2), picks(0)):
        fake = ScriptedBackend(solve=[nothing])
        solve_split(instance, fake, replace(FREE, cutoff=instance.objective_value(plan) - below))
        _, handed, limits = fake.asked[0]
        assert limits.cutoff <= handed.objective_value(plan)


def test_the_second_cutoff_excludes_no_plan_that_is_better_by_one():
    unit = 1 << 22
    high = 2**59 // unit * unit
    instance = program([high + 1, high, 2 * high], line([1, 1, 2], upper=2))  # the first two are worth 1 more
    first = SolveResult(termination=Termination.OPTIMAL, columns=picks(2), bound=2 * high // unit)
    fake = ScriptedBackend(solve=[first], real=solver("cbc"))
    answer = solve_split(instance, fake, FREE)
    _, handed, limits = fake.asked[1]
    assert limits.cutoff <= handed.objective_value(picks(0, 1))
    assert (answer.columns.tolist(), answer.objective) == ([0, 1], 2 * high + 1)


def test_a_plan_that_breaks_a_row_is_returned_at_once_for_others_to_cut_off():
    instance = program([2**60, 2**60 - 5, 2**59], line([1, 1, 1], upper=1))
    first = SolveResult(termination=Termination.OPTIMAL, columns=picks(0, 1), bound=2**61 // 2**22)
    fake = ScriptedBackend(solve=[first], real=solver("cbc"))
    assert solve_split(instance, fake, FREE).columns.tolist() == [0, 1]
    assert len(fake.asked) == 1


@settings(CALM, max_examples=examples(60))
@given(data=st.data())
def test_leading_digits_and_what_the_others_add_bound_every_plan(data):
    if data.draw(st.booleans()):
        instance = data.draw(large_programs(soft=True))
    else:
        instance = data.draw(net_programs(columns=7, valued=True))
        factor = float(10 ** data.draw(st.integers(3, 9)))
        pools = tuple(replace(people, objective=people.objective * factor) for people in instance.pools)
        instance = replace(instance, objective=instance.objective * 10**12, pools=pools)
    leading = _LeadingDigits(instance)
    for plan in map(np.flatnonzero, subsets(instance)):
        in_units = leading.unit * leading.model.objective_value(plan)
        assert in_units <= instance.objective_value(plan) <= in_units + leading.most
