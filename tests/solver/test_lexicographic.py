"""Value and cost in one solve: the same plan, bound and proof as brute force and two solves give."""

import pytest
from hypothesis import given, settings

from microopt.solver.answer import Answer, Limit, Limits, Stop
from microopt.solver.fake import Fake
from microopt.solver.lexicographic import MOST, join, solve_cheapest

from .builders import CALM, FREE, best, line, picks, pool, program, programs, solver, worth


@pytest.mark.parametrize("name", ["cbc", "highs"])
@settings(CALM, max_examples=60)
@given(of=programs())
def test_the_most_value_at_the_least_cost_is_what_brute_force_finds(name, of):
    answer = solve_cheapest(of, solver(name), FREE)
    found = best(of)
    if found is None:
        assert answer.stop is Stop.INFEASIBLE
        return
    assert worth(answer, of) == found
    assert (answer.stop, answer.value, answer.bound) == (Stop.OPTIMAL, found[0], found[0])
    assert answer.cheapest
    assert answer.price_bound >= found[0]


def test_a_budget_keeps_the_joined_numbers_small():
    of = program([3, 5, 7], line([2, 4, 6], upper=8), cost=[200, 400, 600])
    assert join(of).unit == 5  # costs are 1, 2 and 3, and the budget is 4 of them
    assert join(of).program.value.tolist() == [14, 23, 32]


def test_what_does_not_fit_into_one_integer_is_solved_twice():
    assert join(program([MOST, 1], cost=[1, 1])) is None
    assert join(program([], cost=[])) is None


def test_a_bound_that_only_leaves_the_cost_open_proves_the_value():
    of = program([5, 5], group=[0, 0], cost=[3, 2])
    unit = join(of).unit
    cut_short = Answer(stop=Stop.FEASIBLE, limit=Limit.TIME, picks=picks(0), value=5 * unit - 3, bound=5 * unit)
    answer = solve_cheapest(of, Fake(solve=[cut_short] * 9), Limits(seconds=9.0))
    assert (answer.stop, answer.value, answer.bound) == (Stop.OPTIMAL, 5, 5)


def test_net_reach_in_the_value_is_no_integer_to_join():
    assert join(program([1, 1], pools=(pool([0.1, 0.2], value=1.0),))) is None
