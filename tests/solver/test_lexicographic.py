"""Value and cost in one solve: the same plan, bound and proof as brute force and two solves give."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.solver.constraint import Constraint
from microopt.solver.integer_variable import IntegerVariable
from microopt.solver.lexicographic import MAX_TOTAL, cheapest_by_prices, combine_objectives, solve_cheapest
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import PRICES_ALONE, Limit, SolveLimits, SolveResult, Termination
from tests.scale import examples
from tests.solver.builders import CALM, FREE, best, line, net_programs, picks, pool, program, programs, solver, worth
from tests.support.scripted_backend import ScriptedBackend

pytestmark = pytest.mark.usefixtures("only_branch_and_bound")


@pytest.mark.parametrize("name", ["cbc", "highs"])
@settings(CALM, max_examples=examples(60))
@given(instance=programs())
def test_the_most_value_at_the_least_cost_is_what_brute_force_finds(name, instance):
    answer = solve_cheapest(instance, solver(name), FREE)
    optimum = best(instance)
    if optimum is None:
        assert answer.termination is Termination.INFEASIBLE
        return
    assert worth(answer, instance) == optimum
    assert (answer.termination, answer.objective, answer.bound) == (Termination.OPTIMAL, optimum[0], optimum[0])
    assert answer.is_cheapest
    assert answer.price_bound >= optimum[0]


def test_a_budget_keeps_the_joined_numbers_small():
    instance = program([3, 5, 7], line([2, 4, 6], upper=8), cost=[200, 400, 600])
    assert combine_objectives(instance).scale == 5  # costs are 1, 2 and 3, and the budget is 4 of them
    assert combine_objectives(instance).program.objective.tolist() == [14, 23, 32]


def test_what_does_not_fit_into_one_integer_is_solved_twice():
    assert combine_objectives(program([MAX_TOTAL, 1], cost=[1, 1])) is None
    assert combine_objectives(program([], cost=[])) is None


def test_a_bound_that_only_leaves_the_cost_open_proves_the_value():
    instance = program([5, 5], group=[0, 0], cost=[3, 2])
    unit = combine_objectives(instance).scale
    cut_short = SolveResult(
        termination=Termination.FEASIBLE, limit=Limit.TIME, columns=picks(0), objective=5 * unit - 3, bound=5 * unit
    )
    answer = solve_cheapest(instance, ScriptedBackend(solve=[cut_short] * 9), SolveLimits(seconds=9.0))
    assert (answer.termination, answer.objective, answer.bound) == (Termination.OPTIMAL, 5, 5)


def test_net_reach_in_the_value_is_no_integer_to_join():
    assert combine_objectives(program([1, 1], pools=(pool([0.1, 0.2], objective=1.0),))) is None


def test_an_open_integer_is_part_of_the_value_and_not_of_the_cost():
    instance = program([5, 3], line([1, 1], upper=6), cost=[4, 1])
    instance = replace(instance, integer=IntegerVariable(coefficients={0: 1}, upper=9))
    answer = solve_cheapest(instance, solver("highs"), FREE)
    assert (answer.objective, answer.bound) == (12, 12)


@settings(CALM, max_examples=examples(120), derandomize=True)
@given(instance=st.one_of(programs(), net_programs(valued=False, floors=True)))
def test_the_prices_that_are_told_show_the_bound_that_is_told_and_what_it_rests_on(instance):
    answer = solve_cheapest(instance, solver("highs"), FREE)
    if answer.columns is None:
        return
    priced = price_program(instance, answer.prices, answer.pool_prices)
    assert priced.integer_bound == answer.price_bound
    assert answer.objective <= answer.bound <= answer.price_bound
    both = combine_objectives(instance)
    reported = priced.integer_bound == answer.objective or (
        both is not None and cheapest_by_prices(both, priced, answer.columns)
    )
    assert (answer.proven_by == PRICES_ALONE) == reported


def test_a_floor_on_net_reach_has_its_prices_in_the_unit_of_the_value():
    people = pool([0.1, 0.2, 0.05], size=1_000_000, row=0)
    floor = Constraint(label="net", columns=picks(), coefficients=np.zeros(0, np.int64), lower=150_000)
    instance = program([9, -30, 2], floor, cost=[5, 3, 2], pools=[people])
    answer = solve_cheapest(instance, solver("highs"), FREE)
    assert answer.pool_prices[0] > 0
    assert price_program(instance, answer.prices, answer.pool_prices).integer_bound == answer.price_bound


def test_a_bound_cut_short_is_no_higher_than_what_the_prices_show():
    instance = program([5, 4], line([3, 2], upper=4), cost=[3, 2])
    unit = combine_objectives(instance).scale
    relaxed = SolveResult(termination=Termination.OPTIMAL, prices=np.asarray([1.9 * unit]))
    cut_short = SolveResult(
        termination=Termination.FEASIBLE, limit=Limit.TIME, columns=picks(0), objective=5 * unit - 3, bound=10**6
    )
    answer = solve_cheapest(instance, ScriptedBackend(relax=[relaxed], solve=[cut_short] * 9), SolveLimits(seconds=9.0))
    assert answer.bound <= answer.price_bound
