"""A warm start from a similar program saves work and changes no answer, however wrong it is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.errors import BackendError
from microopt.solver import search
from microopt.solver.result import SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve
from microopt.solver.subproblem import solve_subproblem
from tests.scale import examples
from tests.solver.builders import CALM, FREE, line, picks, program, programs, solver
from tests.support.scripted_backend import ScriptedBackend

pytestmark = pytest.mark.usefixtures("only_branch_and_bound")


@settings(CALM, max_examples=examples(80))
@given(programs(columns=8), st.data())
def test_wrong_prices_and_plans_change_no_value(instance, data):
    prices = np.asarray([data.draw(st.floats(-50, 50)) for _ in instance.rows])
    plans = data.draw(
        st.lists(st.sets(st.integers(0, len(instance) - 1)).map(lambda some: picks(*sorted(some))), max_size=2)
    )
    answer = solve(
        instance,
        solver("highs"),
        FREE,
        warm_start=WarmStart(prices=prices, plans=tuple(plans if len(instance) else ())),
    )
    plain = solve(instance, solver("highs"), FREE)
    assert (answer.objective, answer.termination) == (plain.objective, plain.termination)


@pytest.mark.parametrize("close", [0, 400])
def test_prices_that_leave_little_open_are_not_asked_for_again(close, monkeypatch):
    monkeypatch.setattr(search, "MOST_UNDECIDED_AT_WARM_START", close)
    instance, fake = program([9, 8, 7, 6], line([5, 4, 4, 3], upper=9)), ScriptedBackend(real=solver("cbc"))
    before = solve(instance, solver("cbc"), FREE)
    after = solve(
        instance, fake, FREE, cheapest=False, warm_start=WarmStart(prices=before.prices, plans=(before.columns,))
    )
    assert after.objective == before.objective
    assert ("relax" in [method for method, _, _ in fake.asked]) == (close == 0)


@pytest.mark.parametrize("priced", [False, True])
def test_a_plan_in_hand_refutes_a_solver_that_calls_the_relaxation_infeasible(priced, monkeypatch):
    monkeypatch.setattr(search, "MOST_UNDECIDED_AT_WARM_START", 0)
    instance = program([9, 8, 7, 6], line([5, 4, 4, 3], upper=9))
    fake = ScriptedBackend(relax=[SolveResult(termination=Termination.INFEASIBLE)], real=solver("cbc"))
    start = WarmStart(prices=np.asarray([1.0]) if priced else None, plans=(picks(3),))
    answer = solve(instance, fake, FREE, warm_start=start)
    assert (answer.termination, answer.objective) == (Termination.OPTIMAL, 17)


def test_a_poor_plan_in_hand_does_not_keep_a_better_one_from_being_repaired(monkeypatch):
    instance = program([9, 8, 7, 1], line([5, 4, 4, 1], upper=9), line([1, -1, 0, 0], lower=0, upper=0))
    starts = []
    monkeypatch.setattr(search, "repair", lambda _program, _priced, plans, _stop: starts.append(plans) or picks(0, 1))
    monkeypatch.setattr(search, "greedy_fill", lambda *_arguments, **_start: picks(0))
    fake = ScriptedBackend(real=solver("cbc"))
    answer = solve(instance, fake, SolveLimits(seconds=0.0), warm_start=WarmStart(plans=(picks(3),)))
    assert starts
    assert answer.objective == 17


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), BackendError("it failed", fix="", code="solver-failed")])
def test_a_plan_in_hand_has_a_bound_even_if_there_are_no_prices_yet(failure):
    instance = program([9, 8, 7, 6], line([5, 4, 4, 3], upper=9))
    fake = ScriptedBackend(relax=[failure])
    answer = solve(instance, fake, FREE, warm_start=WarmStart(plans=(picks(3),)))
    assert (answer.termination, answer.objective) == (Termination.FEASIBLE, 6)
    assert answer.bound == answer.price_bound == 30


@settings(CALM, max_examples=examples(60))
@given(programs(columns=9, min_columns=2), st.data())
def test_a_part_with_some_bought_is_told_of_the_whole(instance, data):
    forced = data.draw(st.integers(0, len(instance) - 1))
    free = (instance.group != instance.group[forced]) & np.asarray(
        data.draw(st.lists(st.booleans(), min_size=len(instance), max_size=len(instance)))
    )
    result = solve_subproblem(instance, free, picks(forced), solver("highs"), FREE)
    sets = (np.flatnonzero([number >> i & 1 for i in range(len(instance))]) for number in range(2 ** len(instance)))
    allowed = [chosen for chosen in sets if forced in chosen and all(free[i] or i == forced for i in chosen)]
    values = [instance.objective_value(chosen) for chosen in allowed if not instance.violated_constraints(chosen)]
    assert result.objective == max(values, default=None)
    assert result.columns is None or instance.objective_value(result.columns) == result.objective
