"""Cores without dynamic programming: what small programs rest on otherwise is branch and bound."""

from __future__ import annotations

import pytest

from microopt.solver import search
from microopt.solver.core_dynamic_programming import CoreSolution
from microopt.verification import certificate


def leave_cores_to_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have dynamic programming give up, in the search and in verification."""
    for module in (search, certificate):
        monkeypatch.setattr(module, "solve_core", lambda _program, _priced, plan, _stop: CoreSolution(columns=plan))
