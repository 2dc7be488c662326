"""Programs left to a backend, which small ones hardly need: repair finds a plan, and dynamic programming proves it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from microopt.solver import search
from microopt.solver.core_dynamic_programming import CoreSolution
from microopt.verification import certificate


def leave_cores_to_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have dynamic programming give up, in the search and in verification."""
    for module in (search, certificate):
        monkeypatch.setattr(
            module, "solve_core", lambda _program, _priced, plan, _stop, **_: CoreSolution(columns=plan)
        )


def leave_first_plans_to_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the repair of a first plan give up, and take nothing for prices where the backend has none."""
    monkeypatch.setattr(search, "repair", lambda *_arguments: None)
    monkeypatch.setattr(search, "initial_prices", lambda program: (np.zeros(len(program.rows)), None))


@pytest.fixture(scope="module")
def only_branch_and_bound() -> Iterator[None]:
    """Leave the first plan and the proof to the backend: repair and dynamic programming would not need it."""
    with pytest.MonkeyPatch.context() as patch:
        leave_cores_to_the_solver(patch)
        leave_first_plans_to_the_solver(patch)
        yield
