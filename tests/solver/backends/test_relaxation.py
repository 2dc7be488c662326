"""The relaxation of every backend: as a model file would state it, and never longer than its limit."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given

from microopt.solver.backends.highs_model import linear_model
from microopt.solver.backends.relaxation import relax
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import SolveLimits, Termination
from tests.solver.builders import CALM, FREE, best, line, net_programs, program, programs


@given(programs())
@CALM
def test_its_prices_prove_its_bound(instance):
    relaxed = relax(instance, FREE)
    optimum = best(instance)
    if relaxed.termination is Termination.INFEASIBLE:
        assert optimum is None
        return
    bound = price_program(instance, relaxed.prices, relaxed.pool_prices).bound
    assert bound == pytest.approx(relaxed.bound, abs=1.5, rel=1e-6)
    assert optimum is None or optimum[0] <= bound


@given(net_programs())
@CALM
def test_with_pools_its_prices_bound_every_plan(instance):
    relaxed, optimum = relax(instance, FREE), best(instance)
    if relaxed.termination is Termination.INFEASIBLE:
        assert optimum is None
    elif optimum is not None:
        assert optimum[0] <= price_program(instance, relaxed.prices, relaxed.pool_prices).integer_bound


def test_groups_of_several_columns_have_a_row_each():
    instance = program([5, 4, 3, 2], line([1, 1, 1, 1], upper=3), group=[0, 0, 1, 2])
    model = linear_model(instance)
    assert (len(model.row_upper), model.row_upper.tolist()) == (2, [3, 1])
    assert relax(instance, FREE).bound == 10


def test_large_objectives_keep_their_prices():
    relaxed = relax(program([3 * 10**15, 2 * 10**15, 10**15], line([1, 1, 1], upper=2)), FREE)
    assert relaxed.prices[0] == pytest.approx(float(Fraction(10**15)), rel=1.01)
    assert relaxed.bound == 5 * 10**15


def test_a_relaxation_without_time_is_unknown_or_over_at_once():
    rng = np.random.default_rng(1)
    rows = [line(rng.integers(1, 1000, 4_000), upper=100_000) for _ in range(20)]
    relaxed = relax(program(rng.integers(1, 10_000, 4_000), *rows), SolveLimits(seconds=0.0))
    assert relaxed.seconds < 5
    assert relaxed.termination in (Termination.UNKNOWN, Termination.OPTIMAL)


def test_rows_that_highs_refuses_are_told_in_larger_units():
    large = 3 * 10**16
    instance = program([5, 4, 3], line([large, large + 1, large - 7], upper=2 * large))
    relaxed = relax(instance, FREE)
    assert relaxed.termination is Termination.OPTIMAL
    assert price_program(instance, relaxed.prices).bound == pytest.approx(9)
