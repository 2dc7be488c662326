"""A core of some columns claims nothing of the others, and tight rows do not keep campaigns from being proven."""

import numpy as np
import pytest

from microopt.solver import core as core_module
from microopt.solver.core_dynamic_programming import solve_core
from tests.solver.builders import best
from tests.solver.test_core_dynamic_programming import at_relaxation, check
from tests.solver.test_random_programs import TINY, Draw

SEEDS = range(200)


def small_campaigns():
    """Yield programs that can be enumerated, each at the prices of its relaxation."""
    for seed in SEEDS:
        program = Draw(seed).program()
        priced = at_relaxation(program) if len(program) <= TINY else None
        if priced is not None:
            yield program, priced


@pytest.mark.parametrize("columns", [1, 3, 6])
def test_a_core_of_few_columns_claims_nothing_of_the_others(monkeypatch, columns):
    monkeypatch.setattr(core_module, "MOST_COLUMNS", columns)
    for program, priced in small_campaigns():
        check(program, solve_core(program, priced, None, lambda: False))


def test_small_campaigns_are_proven_without_a_solver():
    feasible = [(program, priced) for program, priced in small_campaigns() if best(program) is not None]
    proven = [solve_core(program, priced, None, lambda: False).proven for program, priced in feasible]
    assert np.mean(proven) > 0.9
