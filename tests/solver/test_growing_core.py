"""Growing cores: the bound holds, the plan is feasible, and no known plan is lost; searches end early at a target."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.solver import growing_core
from microopt.solver.growing_core import solve_by_growing_cores
from microopt.solver.result import Limit, SolveLimits, Termination
from microopt.solver.split_objective import has_large_objective, solve_split
from tests.scale import examples
from tests.solver.builders import CALM, FREE, best, hard, programs, solver, subsets


@pytest.fixture
def few(monkeypatch):
    """Start with cores of two columns, so that they grow."""
    monkeypatch.setattr(growing_core, "FEWEST", 2)
    monkeypatch.setattr(growing_core, "A_TIE", 1)


@pytest.mark.usefixtures("few")
@settings(CALM, max_examples=examples(40))
@given(data=st.data(), gap=st.sampled_from([0.0, 0.05, 0.5]))
def test_what_growing_cores_say_is_true_of_all_plans(data, gap):
    instance = data.draw(programs(columns=8, rows=3, maximum=30))
    plans = subsets(instance)
    known = [np.flatnonzero(data.draw(st.sampled_from(list(plans))))] if len(plans) else []
    answer = solve_by_growing_cores(instance, solver("highs"), SolveLimits(gap=gap), plans=known)
    optimum = best(instance)
    if answer is None:
        return
    assert optimum is not None and answer.columns is not None and answer.bound is not None
    assert not instance.violated_constraints(answer.columns)
    assert answer.objective == instance.objective_value(answer.columns)
    assert answer.objective <= optimum[0] <= answer.bound
    assert answer.objective >= max(instance.objective_value(plan) for plan in known)
    assert answer.termination is not Termination.OPTIMAL or answer.objective == optimum[0]
    if answer.limit is Limit.GAP:
        assert answer.bound - answer.objective <= gap * abs(answer.bound)


def test_highs_ends_at_a_target_with_a_plan_that_reaches_it():
    instance = hard(columns=24, rows=2)
    optimum = solver("highs").solve(instance, FREE).objective
    target = optimum * 9 // 10
    answer = solver("highs").solve(instance, SolveLimits(target=target))
    assert answer.objective is not None and answer.bound is not None
    assert target <= answer.objective <= optimum <= answer.bound
    assert answer.termination is Termination.FEASIBLE and answer.limit is Limit.GAP


def test_no_further_plan_is_sought_once_the_leading_digits_reach_the_target():
    instance = hard(columns=24, rows=2)
    instance = replace(instance, objective=instance.objective * 10**6 + 1)
    assert has_large_objective(instance)
    optimum = solver("highs").solve(hard(columns=24, rows=2), FREE).objective * 10**6
    target, backend = optimum * 9 // 10, Counting(solver("highs"))
    answer = solve_split(instance, backend, SolveLimits(target=target))
    assert answer.objective is not None and answer.bound is not None
    assert target <= answer.objective <= answer.bound and optimum <= answer.bound
    assert answer.termination is Termination.FEASIBLE and answer.limit is Limit.GAP
    assert backend.calls == 1


class Counting:
    """A backend that counts how often it solves."""

    def __init__(self, inner):
        self.inner, self.name, self.calls = inner, inner.name, 0

    def solve(self, instance, limits):
        self.calls += 1
        return self.inner.solve(instance, limits)
