"""Fixtures for all tests of the solver."""

import pytest

from microopt.solver import search
from microopt.solver.core_dynamic_programming import CoreSolution


@pytest.fixture(scope="module")
def only_branch_and_bound():
    """Leave every core to the backend: dynamic programming would prove small programs without it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "solve_core", lambda _program, _priced, incumbent, _stop: CoreSolution(columns=incumbent))
        yield
