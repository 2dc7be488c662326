"""Fixtures for all tests of the solver."""

import pytest

from microopt.solver import search
from tests.support.cores import leave_cores_to_the_solver


@pytest.fixture(scope="module")
def only_branch_and_bound():
    """Leave the first plan and the proof to the backend: repair and dynamic programming would not need it."""
    with pytest.MonkeyPatch.context() as patch:
        leave_cores_to_the_solver(patch)
        patch.setattr(search, "repair", lambda *_arguments: None)
        yield
