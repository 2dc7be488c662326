"""The mean of the worst scenarios, against an enumeration of all plans."""

from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.errors import BackendError
from microopt.signals import note_interrupt
from microopt.solver import worst_mean_search, worst_mean_state
from microopt.solver.backends.base import load_backend
from microopt.solver.backends.cut_relaxation import CutRelaxation
from microopt.solver.constraint import constraint
from microopt.solver.program import IntegerProgram
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination
from microopt.solver.worst_mean import WorstMean
from microopt.solver.worst_mean_search import solve_worst_mean
from microopt.solver.worst_mean_state import Node

NOTHING = np.zeros(0, dtype=np.intp)


@st.composite
def goals(draw, most=9):
    """Return random programs of few columns with scenarios, some of which bring losses."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, scenarios = draw(st.integers(1, most)), draw(st.integers(1, 12))
    least = draw(st.sampled_from([0, 0, -40]))
    values = rng.integers(least, 100, (n, scenarios)) * draw(st.sampled_from([1, 1, 10**6]))
    cost = rng.integers(1, 30, n)
    rows = [constraint("budget", cost, upper=int(cost.sum() * draw(st.floats(0.2, 0.9))))]
    if draw(st.booleans()):
        rows.append(constraint("most", np.ones(n, dtype=np.int64), upper=draw(st.integers(1, n))))
    if draw(st.booleans()):
        rows.append(constraint("mixed", rng.integers(-5, 10, n), upper=draw(st.integers(0, 20))))
    if draw(st.booleans()):
        soft = constraint("soft", rng.integers(0, 5, n), lower=draw(st.integers(0, 12)))
        rows.append(replace(soft, penalty=draw(st.sampled_from([0.5, 7.0]))))
    group = np.sort(rng.integers(0, draw(st.integers(1, n)), n))
    group = np.unique(group, return_inverse=True)[1].astype(np.int32)
    linear = rng.integers(0, 50, n) if draw(st.booleans()) else np.zeros(n, dtype=np.int64)
    program = IntegerProgram(objective=linear, cost=cost, group=group, rows=tuple(rows))
    worst = draw(st.integers(1, scenarios))
    return WorstMean(program=program, values=values, worst=worst, weight=draw(st.integers(1, 3)))


def enumerate_best(goal):
    """Return the best true objective of all plans."""
    n, best = len(goal.program), None
    for size in range(n + 1):
        for plan in combinations(range(n), size):
            chosen = np.asarray(plan, dtype=np.intp)
            if goal.program.violated_constraints(chosen):
                continue
            totals = np.sort(goal.values[chosen].sum(axis=0))
            value = goal.program.objective_value(chosen) + goal.weight * int(totals[: goal.worst].sum())
            best = value if best is None else max(best, value)
    return best


def large_goal(seed=1, n=40, scenarios=40, worst=4):
    rng = np.random.default_rng(seed)
    mean = rng.integers(100, 1000, n)
    values = np.rint(mean[:, None] * rng.lognormal(0, 0.6, (n, scenarios))).astype(np.int64)
    cost = rng.integers(50, 500, n)
    rows = (constraint("budget", cost, upper=3000), constraint("most", np.ones(n, dtype=np.int64), upper=12))
    program = IntegerProgram(
        objective=np.zeros(n, dtype=np.int64), cost=cost, group=np.arange(n, dtype=np.int32), rows=rows
    )
    return WorstMean(program=program, values=values, worst=worst)


@settings(max_examples=50, deadline=None)
@given(goals())
def test_agrees_with_the_enumeration_of_all_plans(goal):
    found = solve_worst_mean(goal, load_backend("highs"), SolveLimits(), (NOTHING,))
    best = enumerate_best(goal)
    assert found.result.termination is Termination.OPTIMAL
    assert found.result.objective == found.result.bound == best
    assert goal.objective_value(found.result.columns) == best


@settings(max_examples=30, deadline=None)
@given(goals())
def test_the_program_of_the_result_shows_the_value_and_a_bound_of_all_plans(goal):
    found = solve_worst_mean(goal, load_backend("highs"), SolveLimits(), (NOTHING,))
    assert found.program.objective_value(found.result.columns) == found.result.objective
    assert not found.program.violated_constraints(found.result.columns)
    priced = price_program(found.program, found.result.prices)
    assert priced.integer_bound == found.result.price_bound >= enumerate_best(goal)


@settings(max_examples=40, deadline=None)
@given(goals(6), st.data())
def test_any_prices_bound_every_plan(goal, data):
    sets = [goal.worst_set(NOTHING), goal.worst_set(np.arange(len(goal.program)))]
    program = goal.with_cuts(sets)
    numbers = st.floats(-1e3, 1e3)
    prices = data.draw(st.lists(numbers, min_size=len(program.rows), max_size=len(program.rows)))
    assert price_program(program, np.asarray(prices)).integer_bound >= enumerate_best(goal)


def test_a_time_limit_leaves_the_best_plan_so_far_and_an_honest_bound():
    goal = large_goal()
    whole = solve_worst_mean(goal, load_backend("highs"), SolveLimits(), (NOTHING,)).result
    brief = solve_worst_mean(goal, load_backend("highs"), SolveLimits(seconds=0.0), (NOTHING,)).result
    assert brief.limit is Limit.TIME and brief.termination is Termination.FEASIBLE
    assert brief.objective <= whole.objective <= brief.bound


def test_an_interrupt_leaves_the_best_plan_so_far(monkeypatch):
    goal = large_goal()
    real, calls = worst_mean_search._WorstMeanSearch._branch, []

    def branch(self, decisions):
        calls.append(decisions)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(self, decisions)

    monkeypatch.setattr(worst_mean_search._WorstMeanSearch, "_branch", branch)
    found = solve_worst_mean(goal, load_backend("highs"), SolveLimits(), (NOTHING,)).result
    monkeypatch.undo()
    whole = solve_worst_mean(goal, load_backend("highs"), SolveLimits(), (NOTHING,)).result
    assert found.limit is Limit.INTERRUPT
    assert 0 < found.objective <= whole.objective <= found.bound


def test_whoever_has_interrupted_gets_what_there_is():
    note_interrupt()
    try:
        found = solve_worst_mean(large_goal(), load_backend("highs"), SolveLimits(), (NOTHING,)).result
    finally:
        note_interrupt(False)
    assert found.limit is Limit.INTERRUPT and found.bound >= found.objective


class Liar:
    """A backend that calls a poor or forbidden plan optimal."""

    name, version, successor = "liar", "1", None

    def __init__(self, plan):
        self.plan = np.asarray(plan, dtype=np.intp)

    def solve(self, program, limits):
        value = int(program.objective[self.plan].sum()) if len(program) > self.plan.max(initial=-1) else 0
        return SolveResult(termination=Termination.OPTIMAL, columns=self.plan, objective=value, bound=value)

    def relax(self, program, limits):
        return SolveResult(
            termination=Termination.OPTIMAL, bound=-1, prices=np.full(len(program.rows), -7.0), pool_prices=np.zeros(0)
        )


class Failing(Liar):
    def solve(self, program, limits):
        raise BackendError("it crashed", fix="none")

    relax = solve


@pytest.mark.parametrize("backend", [Liar([]), Liar(range(40)), Failing([])])
def test_a_backend_that_lies_or_fails_costs_no_truth(backend):
    goal = large_goal()
    whole = solve_worst_mean(goal, load_backend("highs"), SolveLimits(), (NOTHING,)).result
    found = solve_worst_mean(goal, backend, SolveLimits(), (NOTHING,)).result
    assert goal.objective_value(found.columns) == found.objective <= whole.bound
    assert found.bound >= whole.objective


def test_the_same_input_gives_the_same_plan():
    first, second = (
        solve_worst_mean(large_goal(3), load_backend("highs"), SolveLimits(), (NOTHING,)) for _ in range(2)
    )
    assert first.sets == second.sets
    assert first.result.columns.tolist() == second.result.columns.tolist()
    assert first.result.prices.tolist() == second.result.prices.tolist()


@pytest.mark.parametrize("gap", [0.05, 0.5])
@pytest.mark.parametrize("seed", range(3))
def test_an_accepted_gap_ends_the_search_and_is_told(seed, gap, monkeypatch):
    goal = large_goal(seed, n=14, worst=8)
    monkeypatch.setattr(worst_mean_state, "improve_by_swaps", lambda goal, plan, *_: plan)  # or it is the best at once
    found = solve_worst_mean(goal, Failing([]), SolveLimits(gap=gap), (NOTHING,)).result
    assert found.objective <= enumerate_best(goal) <= found.bound <= (1 + gap) * found.objective
    is_open = found.bound > found.objective
    assert found.termination is (Termination.FEASIBLE if is_open else Termination.OPTIMAL)
    assert found.limit is (Limit.GAP if is_open else None)


def test_cuts_of_the_root_and_of_the_best_plan_are_never_left_out(monkeypatch):
    goal = large_goal()
    monkeypatch.setattr(worst_mean_state, "MOST_CUTS", 4)
    real, left = worst_mean_search._WorstMeanSearch.leave_out_cuts, []

    def twice(self):
        self.used.clear()
        real(self)
        real(self)
        left.append(len(self.cuts))
        assert {*self.root_sets, goal.worst_set(self.plan)} <= set(self.cuts)

    monkeypatch.setattr(worst_mean_search._WorstMeanSearch, "leave_out_cuts", twice)
    found = solve_worst_mean(goal, load_backend("highs"), SolveLimits(), (NOTHING,)).result
    assert left and not found.failure
    monkeypatch.undo()
    assert found.bound >= solve_worst_mean(goal, load_backend("highs"), SolveLimits(), (NOTHING,)).result.objective


def test_a_relaxation_without_cuts_has_an_optimum():
    goal = large_goal()
    relaxation = CutRelaxation(goal, np.arange(len(goal.program)), ())
    assert relaxation.solve({}) and not relaxation.is_infeasible
    assert relaxation.bound >= goal.range[0]


@pytest.mark.parametrize("seed", range(6))
def test_values_that_differ_by_a_few_of_billions_are_searched_to_the_end(seed):
    rng = np.random.default_rng(seed)
    n, scenarios = 10, 10
    values = 10**10 + rng.integers(0, 6, (n, scenarios))
    cost = rng.integers(1, 100, n)
    rows = (constraint("budget", cost, upper=300), constraint("most", np.ones(n, dtype=np.int64), upper=4))
    program = IntegerProgram(
        objective=np.zeros(n, dtype=np.int64), cost=cost, group=np.arange(n, dtype=np.int32), rows=rows
    )
    goal = WorstMean(program=program, values=values, worst=4)
    found = solve_worst_mean(goal, load_backend("highs"), SolveLimits(negligible=0.0), (NOTHING,)).result
    assert found.objective == found.bound == enumerate_best(goal)
    assert not found.failure


@settings(max_examples=40, deadline=None)
@given(goals(7), st.integers(0, 2**32 - 1))
def test_a_search_whose_relaxations_often_fail_finds_the_best_plan(goal, seed):
    rng = np.random.default_rng(seed)
    real = CutRelaxation.solve

    def solve(self, decisions):
        self.fails = rng.random() < 0.7
        return real(self, decisions) and not self.fails

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CutRelaxation, "solve", solve)
        patch.setattr(CutRelaxation, "is_infeasible", property(lambda self: not self.fails))
        found = solve_worst_mean(goal, load_backend("highs"), SolveLimits(negligible=0.0), (NOTHING,)).result
    assert found.objective == found.bound == enumerate_best(goal)


@settings(max_examples=40, deadline=None)
@given(goals(9), st.integers(0, 2**32 - 1), st.integers(0, 8), st.sampled_from([0.3, 1.0]))
def test_a_relaxation_that_is_falsely_called_infeasible_closes_no_node(goal, seed, honest, share):
    rng, real, solves = np.random.default_rng(seed), CutRelaxation.solve, []

    def solve(self, decisions):
        is_solved = real(self, decisions)
        solves.append(is_solved and not (len(solves) >= honest and rng.random() < share))
        return solves[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CutRelaxation, "solve", solve)
        patch.setattr(CutRelaxation, "is_infeasible", property(lambda self: not solves[-1]))
        found = solve_worst_mean(goal, load_backend("highs"), SolveLimits(negligible=0.0), (NOTHING,)).result
    best = enumerate_best(goal)
    assert goal.objective_value(found.columns) == found.objective <= best <= found.bound
    assert found.termination is Termination.OPTIMAL or found.failure


def test_a_solver_that_solves_no_relaxation_is_named_and_no_gap(monkeypatch):
    monkeypatch.setattr(worst_mean_state, "MOST_UNSOLVED", 3)
    monkeypatch.setattr(CutRelaxation, "solve", lambda self, decisions: False)
    monkeypatch.setattr(CutRelaxation, "is_infeasible", False)
    found = solve_worst_mean(large_goal(), load_backend("highs"), SolveLimits(), (NOTHING,)).result
    assert found.limit is None and found.termination is Termination.FEASIBLE
    assert found.failure == "HiGHS did not solve 4 relaxations"
    monkeypatch.undo()
    assert found.bound >= solve_worst_mean(large_goal(), load_backend("highs"), SolveLimits(), (NOTHING,)).result.bound


def test_a_relaxation_that_fails_from_an_old_basis_begins_anew():
    goal = large_goal()
    relaxation = CutRelaxation(goal, np.arange(len(goal.program)), (goal.worst_set(NOTHING),))
    solver, calls = relaxation._solver, []

    class Fails:
        def __getattr__(self, name):
            calls.append(name)
            if name == "getModelStatus" and "clearSolver" not in calls:
                return lambda: SimpleNamespace(name="kSolveError")
            return getattr(solver, name)

    relaxation._solver = Fails()
    assert relaxation.solve({})
    assert calls.count("run") == 2


def test_the_one_plan_that_is_left_at_a_node_is_offered_before_it_is_closed():
    column = np.ones(1, dtype=np.int64)
    program = IntegerProgram(
        objective=np.zeros(1, dtype=np.int64),
        cost=column,
        group=np.zeros(1, dtype=np.int32),
        rows=(constraint("budget", column, upper=1),),
    )
    goal = WorstMean(program=program, values=np.full((1, 2), 10), worst=1)
    search = worst_mean_search._WorstMeanSearch(goal, load_backend("highs"), SolveLimits(negligible=0.0))
    search.offer(NOTHING)
    search.load(np.arange(1))
    node = Node(bound=10, values=np.zeros(1), deviation=np.full(1, 20.0), selected=np.arange(1))
    assert search._column_to_branch(node, ()) is None
    assert search.value == search.closed_bound == 10
