"""Branching on large columns proves what brute force finds, and claims nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.solver import branching, search
from microopt.solver.backends.highs import Highs
from microopt.solver.backends.relaxation import WarmRelaxation, relax
from microopt.solver.branching import Branching
from microopt.solver.core_dynamic_programming import CoreSolution
from microopt.solver.lexicographic import combine_objectives, solve_cheapest
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import BRANCHING, Limit, SolveLimits, SolveResult, Termination
from microopt.solver.search import solve
from microopt.solver.search_state import SearchState
from tests.scale import examples, repeats
from tests.solver.builders import CALM, FREE, best, hard, line, picks, program, solver, subsets, worth
from tests.solver.test_core_dynamic_programming import shares
from tests.support.cores import leave_cores_to_the_solver
from tests.support.scripted_backend import ScriptedBackend


def state_of(instance, prices, incumbent=None, limits=FREE):
    state = SearchState(
        program=instance, backend=solver("highs"), limits=limits, priced=price_program(instance, prices)
    )
    if incumbent is not None:
        state.update_incumbent(incumbent)
    return state


def proves(instance, state, rounding=None):
    """Branch, check every claim against brute force, and return whether there is a proof."""
    tree = Branching(state, rounding or Highs())
    proven, optimum = tree.run(), best(instance)
    if proven:
        value, cost = instance.objective_value(state.incumbent), instance.total_cost(state.incumbent)
        assert value == optimum[0]
        assert not tree.is_cheapest or cost == optimum[1]
    assert state.incumbent is None or not instance.violated_constraints(state.incumbent)
    return proven


@pytest.mark.parametrize("by_programming", [True, False])
@pytest.mark.parametrize("small", [0.0, 1e-3, 1.0])
def test_what_it_proves_is_what_brute_force_finds(small, by_programming, monkeypatch):
    monkeypatch.setattr(branching, "SMALL_OBJECTIVE", small)
    if not by_programming:
        monkeypatch.setattr(branching, "solve_core", lambda *_, **__: CoreSolution())
    proofs = []

    @settings(CALM, max_examples=examples(150))
    @given(instance=shares(), data=st.data())
    def run(instance, data):
        prices = relax(instance, FREE).prices
        if prices is None:
            return
        if data.draw(st.booleans()):  # poor prices leave more columns undecided
            prices = prices * data.draw(st.floats(0.5, 2))
        plans = [np.flatnonzero(plan) for plan in subsets(instance)]
        incumbent = data.draw(st.sampled_from([None, *plans]))
        proofs.append(proves(instance, state_of(instance, prices, incumbent)) or not plans)

    run()
    assert sum(proofs) > (0.6 if by_programming else 0.1) * len(proofs)


def test_a_large_pick_that_prices_take_in_part_is_decided():
    """At the prices, half of the first column is taken: the bound is 20 above the best plan."""
    instance = program([100, 30, 29, 28], line([100, 40, 40, 40], upper=120), cost=[1, 1, 1, 1])
    state = state_of(instance, relax(instance, FREE).prices)
    assert not state.prices_prove_it()
    assert proves(instance, state)
    assert state.incumbent.tolist() == [0]


def test_a_ray_proves_that_a_node_is_infeasible():
    instance = program([5, 4, 3], line([2, 2, 2], lower=3), line([1, 1, 0], upper=1))
    relaxation = WarmRelaxation(instance)
    assert relaxation.solve([(2, 1)])
    assert not relaxation.solve([(2, 0)])
    tree = Branching(state_of(instance, np.zeros(2)), Highs())
    tree.relaxation.solve([(2, 0)])
    assert tree._is_infeasible([(2, 0)])
    assert not tree._is_infeasible([(2, 1)])
    assert relaxation.solve([])


def test_a_solver_that_rounds_wrongly_gives_no_false_proof():
    instance = program([100, 30, 29, 28], line([100, 40, 40, 40], upper=120))
    lie = SolveResult(termination=Termination.INFEASIBLE)
    fake = ScriptedBackend(solve=[lie] * 20)
    assert proves(instance, state_of(instance, relax(instance, FREE).prices), fake) in (True, False)


def test_ctrl_c_while_a_plan_is_looked_for_ends_it(monkeypatch):
    monkeypatch.setattr(branching, "SMALL_OBJECTIVE", 1.0)
    instance = hard(40)
    fake = ScriptedBackend(solve=[SolveResult(termination=Termination.UNKNOWN, limit=Limit.INTERRUPT)])
    state = state_of(instance, relax(instance, FREE).prices)
    assert not Branching(state, fake).run()
    assert state.limit is Limit.INTERRUPT
    assert len(fake.asked) == 1


def large(columns=60, seed=3):
    """Return a program with a few columns of a tenth of the budget each, and many small ones."""
    random = np.random.default_rng(seed)
    cost = np.concatenate([random.integers(90_000, 130_000, 12), random.integers(100, 3_000, columns - 12)])
    value = (cost * random.uniform(0.8, 1.2, columns)).astype(np.int64)
    share = np.where(random.random(columns) < 0.4, 60, -40) * cost
    return program(value, line(cost, upper=int(cost.sum() // 3)), line(share, lower=0), cost=cost)


def test_the_search_branches_on_a_large_core_and_says_so(monkeypatch):
    monkeypatch.setattr(search, "MOST_COLUMNS_WITHOUT_BRANCHING", 0)
    monkeypatch.setattr(branching, "MOST_COLUMNS_LEFT_TO_SOLVER", 0)
    monkeypatch.setattr(search, "solve_core", lambda _program, _priced, plan, _stop, **_: CoreSolution(columns=plan))
    instance = large()
    answer, peer = solve(instance, solver("cbc"), FREE), solver("highs").solve(instance, FREE)
    assert (answer.termination, answer.objective) == (Termination.OPTIMAL, peer.objective)
    assert answer.proven_by == BRANCHING
    assert answer.bound == answer.objective


def test_a_proof_by_branching_of_value_and_cost_joined_is_one_of_the_value(monkeypatch):
    leave_cores_to_the_solver(monkeypatch)
    monkeypatch.setattr(search, "MOST_COLUMNS_WITHOUT_BRANCHING", 0)
    monkeypatch.setattr(branching, "MOST_COLUMNS_LEFT_TO_SOLVER", 0)
    instance = replace(large(16), cost=np.ones(16, dtype=np.int64))
    assert combine_objectives(instance) is not None
    answer = solve_cheapest(instance, solver("cbc"), FREE)
    assert worth(answer, instance) == best(instance)
    assert (answer.proven_by, answer.is_cheapest) == (BRANCHING, True)


@pytest.fixture
def steps(monkeypatch):
    """Return the steps of a search that branches, each with what proves the plan if it is in the second list."""
    taken, proving = [], []

    class Scripted:
        def __init__(self, _state, _rounding, *, is_trial=False):
            taken.append("trial" if is_trial else "search")

        def solution(self):
            return CoreSolution(proven=taken[-1] in proving)

    monkeypatch.setattr(search, "Branching", Scripted)
    monkeypatch.setattr(search, "MOST_COLUMNS_AT_ONCE", 10)
    monkeypatch.setattr(search, "MOST_COLUMNS_WITHOUT_BRANCHING", 0)
    monkeypatch.setattr(search, "NEIGHBORHOODS", (16,))
    monkeypatch.setattr(search._Search, "_solve_core", lambda _self, free: taken.append(int(free.sum())))
    return taken, proving


def search_of(instance, limits, plan):
    """Return a search at the prices of the relaxation, with a plan in hand or None."""
    made = search._Search(program=instance, backend=solver("cbc"), limits=limits)
    made.priced = price_program(instance, relax(instance, FREE).prices)
    if plan is not None:
        made.update_incumbent(plan)
    return made


@pytest.mark.parametrize(
    ("plan", "proves_in", "expected"),
    [
        (picks(), [], ["trial", 16, "search"]),
        (picks(), ["trial"], ["trial"]),
        (picks(), ["search"], ["trial", 16, "search"]),
        (None, [], ["search"]),
    ],
)
def test_a_trial_and_a_small_core_come_before_the_whole_tree_if_there_is_a_plan(plan, proves_in, expected, steps):
    taken, proving = steps
    proving += proves_in
    made = search_of(large(), FREE, plan)
    made._branch()
    assert taken == expected
    assert made.optimal == bool(proves_in)


@pytest.mark.parametrize(
    ("only", "plan", "branches"), [(False, picks(), True), (True, picks(), False), (True, None, True)]
)
def test_a_backend_that_is_to_confirm_a_plan_is_asked_without_branching(only, plan, branches, steps):
    taken, proving = steps
    proving += ["search"]
    made = search_of(large(), SolveLimits(only_backend=only), plan)
    assert made._can_branch() is branches
    made._branch()
    assert "search" in taken
    assert made.optimal is not only


def test_a_plan_within_the_gap_after_branching_ends_the_search(steps):
    taken, _ = steps
    instance = large()
    plan = solver("highs").solve(instance, FREE).columns
    made = search_of(instance, SolveLimits(gap=0.1), plan)
    made._branch()
    assert taken == ["trial", 16]
    assert made._is_near_enough()
    assert made.limit is Limit.GAP
    exact = search_of(instance, FREE, plan)
    exact._branch()
    assert not exact._is_near_enough()
    assert exact.limit is None


def test_a_proof_that_only_a_solver_may_make_is_not_made_by_branching(monkeypatch):
    monkeypatch.setattr(search, "MOST_COLUMNS_WITHOUT_BRANCHING", 0)
    answer = solve(large(), solver("highs"), SolveLimits(only_backend=True))
    assert answer.termination is Termination.OPTIMAL
    assert answer.proven_by.startswith("branch and bound of HiGHS")


def test_everything_decided_leaves_the_decisions():
    instance = program([3, 2], line([2, 2], upper=3))
    state = state_of(instance, np.zeros(1))
    assert proves(instance, state)
    assert worth(SolveResult(termination=Termination.OPTIMAL, columns=state.incumbent), instance) == best(instance)
    assert state.incumbent.tolist() == picks(0).tolist()


@pytest.mark.parametrize(("easy", "is_trial", "gives_up"), [(100, False, True), (10, False, False), (10, True, True)])
def test_a_trial_or_a_core_of_modest_size_is_left_if_decisions_close_no_node(easy, is_trial, gives_up, monkeypatch):
    monkeypatch.setattr(branching, "MOST_COLUMNS_LEFT_TO_SOLVER", easy)
    rows = [line(np.random.default_rng(seed).integers(1, 100, 60), upper=1_000) for seed in range(30)]
    instance, fake = program(np.random.default_rng(40).integers(50, 100, 60), *rows), ScriptedBackend(solve=[])
    tree = Branching(state_of(instance, relax(instance, FREE).prices), fake, is_trial=is_trial)
    assert not tree.run()
    assert (tree.relaxation.count == branching.FIRST_DECISIONS, not fake.asked) == (gives_up, gives_up)


def test_bound_core_and_proof_of_a_node_hold_for_every_plan_that_follows_its_decisions():
    random = np.random.default_rng(0)
    for _ in range(repeats(60)):
        count = int(random.integers(3, 8))
        group = np.sort(random.integers(0, max(1, count // 2), count))
        cost = random.integers(1, 9, count)
        row = line(cost, upper=int(cost.sum() // 2))
        value, dear = random.integers(1, 6, count), random.integers(1, 9, count)
        instance = program(value, row, group=np.unique(group, return_inverse=True)[1], cost=dear)
        prices = np.asarray([random.uniform(0, 3)])
        tree = Branching(state_of(instance, prices), None)
        assert tree.is_proof
        decided = random.choice(count, int(random.integers(1, 4)), replace=False).tolist()
        decisions = tuple((column, int(random.integers(0, 2))) for column in decided)
        follow = [plan for plan in subsets(instance) if all(plan[column] == value for column, value in decisions)]
        priced, bound = tree._price(prices, decisions)
        assert all(int(plan @ instance.objective) <= bound for plan in follow)
        tree.state.update_incumbent(np.flatnonzero(random.choice(subsets(instance))))
        least = tree.state.objective
        inner = tree._core(priced, bound - least, decisions)
        for plan in follow:
            if int(plan @ instance.objective) >= least:
                assert set(inner.fixed) <= set(np.flatnonzero(plan)) <= {*inner.fixed, *inner.columns}
        if bound >= least and tree._finish(priced, bound, decisions, np.zeros(count)):
            found = (tree.state.objective, -instance.total_cost(tree.state.incumbent))
            for plan in follow:
                worth_and_cost = (int(plan @ instance.objective), -int(plan @ instance.cost))
                assert worth_and_cost <= found or not tree.is_cheapest
                assert worth_and_cost[0] <= found[0]


def test_a_tree_without_all_undecided_columns_proves_nothing(monkeypatch):
    monkeypatch.setattr(branching, "MOST_COLUMNS", 2)
    instance = program([9, 8, 7, 6], line([5, 4, 3, 2], upper=8))
    tree = Branching(state_of(instance, np.zeros(1), picks(3)), None)
    assert not tree.is_proof
    assert not tree.run()


def test_a_node_that_is_infeasible_without_a_ray_or_is_not_closed_is_no_proof(monkeypatch):
    monkeypatch.setattr(branching, "solve_core", lambda *_, **__: CoreSolution())
    instance = program([9, 8, 7, 6], line([5, 4, 3, 2], upper=9))
    tree = Branching(state_of(instance, np.zeros(1), picks(3)), None)
    assert not tree.run()  # nothing rounds and nothing closes the leaves, in which there are better plans
    tree = Branching(state_of(instance, np.zeros(1), picks(3)), None)
    monkeypatch.setattr(WarmRelaxation, "solve", lambda *_: False)
    monkeypatch.setattr(WarmRelaxation, "ray", None)
    assert not tree.run()
