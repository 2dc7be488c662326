"""Rows with more digits than a solver has: no plan is lost, and none is returned that breaks them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.solver.backends.row_bounds import MAX_EXACT, has_inexact_rows, safe_bounds
from microopt.solver.outer_approximation import solve_verified
from microopt.solver.result import Termination
from tests.scale import examples
from tests.solver.builders import CALM, FREE, best, line, program, programs, solver


def test_bounds_of_rows_that_a_solver_holds_stay_as_they_are():
    row = line([MAX_EXACT, -3, 1], lower=-5, upper=7)
    assert safe_bounds(row) == (-5, 7)
    assert not has_inexact_rows(program([1, 1, 1], row))


def test_bounds_of_larger_rows_are_widened_by_what_digits_lose():
    row = line([10**17 + 1, -(10**17), 1], lower=-5, upper=7)
    assert safe_bounds(row) == (-5 - 200_000, 7 + 200_000)
    assert safe_bounds(line([10**17 + 1, 1], upper=7)) == (None, 7 + 100_000)
    assert has_inexact_rows(program([1, 1, 1], row))


@pytest.mark.parametrize("backend", ["cbc", "highs"])
@settings(CALM, max_examples=examples(60))
@given(data=st.data(), digits=st.integers(13, 17))
def test_no_plan_is_lost_to_the_digits_of_a_row(backend, data, digits):
    instance = data.draw(programs(columns=7, rows=3, maximum=10**digits, soft=False))
    small = program(np.arange(len(instance)) % 5 + 1, *instance.rows, group=instance.group)
    answer, optimum = solve_verified(small, solver(backend), FREE), best(small)
    if optimum is None:
        assert answer.termination is Termination.INFEASIBLE
    else:
        assert (answer.termination, answer.objective) == (Termination.OPTIMAL, optimum[0])


@pytest.mark.parametrize("backend", ["cbc", "highs"])
def test_a_plan_that_meets_a_floor_to_the_unit_is_found(backend):
    amounts = [10**16 + 3, 10**16 + 1, 9 * 10**15, 10**16 + 2]
    instance = program([1, 5, 9, 2], line(amounts, lower=2 * 10**16 + 5, upper=2 * 10**16 + 5))
    answer = solve_verified(instance, solver(backend), FREE)
    assert (answer.termination, answer.columns.tolist()) == (Termination.OPTIMAL, [0, 3])
