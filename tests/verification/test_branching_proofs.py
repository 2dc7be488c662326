"""A proof by branching is made again by `verify`; one of a worse plan is refuted."""

import numpy as np
import pytest

from microopt.solver.backends.relaxation import relax
from microopt.solver.core_dynamic_programming import CoreSolution
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import BRANCHING, DYNAMIC_PROGRAMMING
from microopt.verification import certificate
from tests.solver.builders import FREE, best, solver
from tests.solver.test_branching import large


@pytest.fixture
def priced(monkeypatch):
    """Return a program at the prices of its relaxation that dynamic programming alone does not prove."""
    monkeypatch.setattr(certificate, "solve_core", lambda *_: CoreSolution())
    instance = large(16)
    return instance, price_program(instance, relax(instance, FREE).prices)


def test_the_best_plan_is_proven_again(priced):
    picks = solver("highs").solve(priced[0], FREE).columns
    core, rival = certificate._search_core(*priced, picks, BRANCHING)
    assert (core.proven, rival) == (True, None)
    assert not certificate._search_core(*priced, picks, DYNAMIC_PROGRAMMING)[0].proven


def test_a_worse_plan_is_refuted_by_a_better_one(priced):
    instance = priced[0]
    empty = np.zeros(0, dtype=np.intp)
    assert instance.objective_value(empty) < best(instance)[0]
    core, rival = certificate._search_core(*priced, empty, BRANCHING)
    assert not core.proven
    assert instance.objective_value(rival) > 0
