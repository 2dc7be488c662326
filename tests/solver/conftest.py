"""Fixtures for all tests of the solver."""

import pytest

from tests.support.cores import leave_cores_to_the_solver, leave_first_plans_to_the_solver


@pytest.fixture(scope="module")
def only_branch_and_bound():
    """Leave the first plan and the proof to the backend: repair and dynamic programming would not need it."""
    with pytest.MonkeyPatch.context() as patch:
        leave_cores_to_the_solver(patch)
        leave_first_plans_to_the_solver(patch)
        yield
