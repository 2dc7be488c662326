"""The cheapest of the best plans is claimed only where a solver has shown it, and the search for it is bounded."""

import numpy as np
import pytest
from msgspec.structs import replace

from microopt.solver.cheapest_optimum import minimize_cost_of_optima
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import Limit, SolveResult, Termination
from microopt.solver.search_state import SearchState
from tests.solver.builders import FREE, line, picks, program, solver
from tests.support.scripted_backend import ScriptedBackend

TIED = program([7, 7, 7], line([3, 3, 3], upper=3), cost=[9, 4, 5])
CHEAPER = SolveResult(termination=Termination.OPTIMAL, columns=picks(2), bound=7)  # though not the cheapest


def search(*solves, instance=TIED, real=None):
    """Look for a plan cheaper than the first column, and return the search and its backend."""
    backend = ScriptedBackend(solve=solves, real=real)
    priced = price_program(instance, np.asarray([7 / 3]))
    state = SearchState(program=instance, backend=backend, limits=FREE, priced=priced, optimal=True)
    state.update_incumbent(picks(0))
    minimize_cost_of_optima(state, state.backend)
    return state, backend


def test_the_plan_of_least_cost_is_the_cheapest():
    state, backend = search(CHEAPER, SolveResult(termination=Termination.OPTIMAL, columns=picks(1), bound=-4))
    assert (state.incumbent.tolist(), state.is_cheapest, state.optimal) == ([1], True, True)
    assert [limits.cutoff for _, _, limits in backend.asked] == [7, None]


def test_a_dearer_plan_of_equal_value_shows_nothing():
    state, _ = search(CHEAPER, SolveResult(termination=Termination.OPTIMAL, columns=picks(0), bound=-9))
    assert (state.incumbent.tolist(), state.is_cheapest) == ([2], False)


@pytest.mark.parametrize("limit", [Limit.NODES, Limit.TIME])
def test_after_a_limit_the_plan_met_is_not_called_the_cheapest(limit):
    cut_short = SolveResult(termination=Termination.FEASIBLE, columns=picks(2), bound=-4, limit=limit)
    state, _ = search(CHEAPER, cut_short)
    assert (state.incumbent.tolist(), state.is_cheapest) == ([2], False)
    state, backend = search(replace(CHEAPER, termination=Termination.FEASIBLE, limit=limit))
    assert (state.incumbent.tolist(), state.is_cheapest, len(backend.asked)) == ([2], False, 1)


def test_a_better_plan_among_those_of_least_cost_takes_optimality_back():
    instance = program([7, 7, 7, 8], line([3, 3, 3, 3], upper=3), cost=[9, 4, 5, 6])
    better = SolveResult(termination=Termination.OPTIMAL, columns=picks(3), bound=-6)
    state, _ = search(CHEAPER, better, instance=instance)
    assert (state.incumbent.tolist(), state.optimal, state.is_cheapest) == ([3], False, False)


def test_values_beyond_a_solvers_digits_are_made_no_row():
    instance = program([7 * 10**12] * 3, line([3, 3, 3], upper=3), cost=[9, 4, 5])
    state, backend = search(instance=instance, real=solver("cbc"))
    assert (state.incumbent.tolist(), state.is_cheapest) == ([1], True)
    assert all((handed.objective >= 0).all() for _, handed, _ in backend.asked)
