"""Repair turns the selection of the prices into a plan, or says that it found none; it never returns anything else."""

import numpy as np
import pytest
from hypothesis import event, given, settings

from microopt.signals import note_interrupt
from microopt.solver import feasibility_jump, search, search_state, sifting
from microopt.solver.constraint import constraint
from microopt.solver.feasibility_jump import repair
from microopt.solver.program import IntegerProgram
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import Limit, SolveLimits, Termination, WarmStart
from microopt.solver.sifting import sift_relaxation
from tests.scale import examples
from tests.solver.builders import CALM, FREE, best, line, picks, program, programs, solver
from tests.support.scripted_backend import ScriptedBackend


@settings(CALM, max_examples=examples(200))
@given(instance=programs(columns=9))
def test_what_it_returns_is_a_plan(instance):
    priced = price_program(instance, np.zeros(len(instance.rows)))
    plan = repair(instance, priced, [priced.selected], lambda: False)
    event(f"found: {plan is not None}")
    if plan is not None:
        assert not instance.violated_constraints(plan)
        assert best(instance) is not None


@settings(CALM, max_examples=examples(100))
@given(instance=programs(columns=9))
def test_what_changed_of_a_flip_is_judged_as_everything_would_be(instance):
    priced = price_program(instance, np.zeros(len(instance.rows)))
    state = feasibility_jump._RepairState.initial(instance, priced.selected, priced.deviation, np.median)
    for _ in range(20):
        state.step()
        kept = state.outside.copy()
        state.judge(slice(None), slice(None))
        assert np.array_equal(state.outside, kept)


def with_floors(count=1_000, seed=4):
    """Return a campaign of ten niches, each within a range of counts, and a floor on a share of the spend."""
    rng = np.random.default_rng(seed)
    cost, niche = rng.integers(100, 100_000, count), rng.integers(0, 10, count)
    share = np.where(rng.random(count) < 0.4, cost, 0) * 10 - 3 * cost
    rows = [constraint("budget", cost, upper=int(cost.sum() // 20)), constraint("share", share, lower=0)]
    rows += [constraint(f"niche {k}", (niche == k).astype(np.int64), lower=8, upper=10) for k in range(10)]
    value = cost * rng.integers(1, 5, count)
    return IntegerProgram(objective=value, cost=cost, group=np.arange(count, dtype=np.int32), rows=tuple(rows))


def test_floors_and_shares_are_met_near_the_best_possible():
    instance = with_floors()
    priced = sift_relaxation(instance, solver("cbc"), lambda: FREE).priced
    assert instance.violated_constraints(priced.selected)
    plan = repair(instance, priced, [priced.selected], lambda: False)
    assert not instance.violated_constraints(plan)
    assert instance.objective_value(plan) > 0.9 * float(priced.exact_bound)


def test_of_a_group_one_column_is_selected_at_most():
    instance = program([5, 4, 3], line([1, 1, 1], lower=2), group=[0, 0, 1])
    priced = price_program(instance, np.zeros(1))
    assert repair(instance, priced, [np.asarray([0])], lambda: False).tolist() == [0, 2]


def test_a_program_without_columns_cannot_be_repaired():
    nobody = np.zeros(0, dtype=np.intp)
    none = program([], line([], lower=1))
    assert repair(none, price_program(none, np.zeros(1)), [nobody], lambda: False) is None
    empty = program([], line([], upper=1))
    assert repair(empty, price_program(empty, np.zeros(1)), [nobody], lambda: False).tolist() == []


def test_it_gives_up_without_a_plan_or_without_time():
    none = program([1, 1], line([1, 1], lower=3))
    priced = price_program(none, np.zeros(1))
    assert repair(none, priced, [priced.selected], lambda: False) is None
    some = program([-1, -1], line([1, 1], lower=2))
    priced = price_program(some, np.zeros(1))
    assert repair(some, priced, [priced.selected], lambda: True) is None


@pytest.mark.parametrize("seed", range(10))
def test_there_is_a_first_plan_though_all_time_is_over_and_no_solver_is_asked_for_it(seed):
    instance, backend = with_floors(seed=seed), ScriptedBackend()
    result = search.solve(instance, backend, SolveLimits(seconds=0.0))
    assert (result.termination, result.limit) == (Termination.FEASIBLE, Limit.TIME)
    assert not instance.violated_constraints(result.columns)
    assert [method for method, *_ in backend.asked] == ["relax"]


def test_the_time_for_a_first_plan_is_bounded_and_ends_with_an_interrupt(monkeypatch):
    clock = iter(range(1_000))
    monkeypatch.setattr(search_state, "process_time", lambda: next(clock) / 10)
    state = search_state.SearchState(program=with_floors(), backend=ScriptedBackend(), limits=SolveLimits(seconds=0.0))
    over = state.timer(0.3)
    assert [over() for _ in range(4)] == [False, False, True, True]
    note_interrupt()
    try:
        assert state.timer(0.3)()
    finally:
        note_interrupt(False)


def test_each_plan_is_repaired_for_some_steps_in_turn(monkeypatch):
    monkeypatch.setattr(feasibility_jump, "TURN", 3)
    monkeypatch.setattr(feasibility_jump, "STEPS", 6)
    steps = []
    step = feasibility_jump._RepairState.step
    monkeypatch.setattr(
        feasibility_jump._RepairState, "step", lambda self: (steps.append(len(self.selected)), step(self))[1]
    )
    none = program([1] * 4, line([1] * 4, lower=9))
    priced = price_program(none, np.zeros(1))
    assert repair(none, priced, [picks(), picks(0, 1)], lambda: False) is None
    assert steps[:3] == [0, 1, 2]  # two are done before the second plan gets its turn


def test_a_program_that_was_sifted_is_not_priced_from_the_start_again(monkeypatch):
    priced, initial = [], sifting.initial_prices

    def counted(instance):
        priced.append(len(instance))
        return initial(instance)

    for module in (sifting, search):
        monkeypatch.setattr(module, "SMALL", 20)
        monkeypatch.setattr(module, "initial_prices", counted)
    instance = program([3] * 40, line([1] * 40, lower=3, upper=5), line([0] * 39 + [1], lower=1))
    answer = search.solve(instance, ScriptedBackend(), SolveLimits(seconds=0.0))
    assert answer.columns is not None
    assert priced == [40]


@pytest.mark.parametrize(("small", "count"), [(sifting.SMALL, 3), (0, 2)])
def test_a_first_plan_is_repaired_from_what_prices_select_and_from_filled_plans(small, count, monkeypatch):
    asked = []

    def stop(_program, priced, starts, _must_stop):
        asked.append((priced, starts))
        raise KeyboardInterrupt

    monkeypatch.setattr(search, "SMALL", small)
    monkeypatch.setattr(search, "repair", stop)
    search.solve(with_floors(), solver("highs"), FREE)
    priced, starts = asked[0]
    assert starts[0] is priced.selected
    assert len({tuple(start.tolist()) for start in starts}) == count


@pytest.mark.parametrize(("plans", "seconds"), [((), search.LEAST_PRICING_SECONDS), ((picks(0),), 0.0)])
def test_there_is_a_moment_for_prices_though_all_time_is_over_unless_a_plan_is_in_hand(plans, seconds):
    backend = ScriptedBackend()
    limits, start = SolveLimits(seconds=0.0), WarmStart(plans=plans)
    search.solve(program([9, 8, 7], line([5, 4, 4], upper=8)), backend, limits, warm_start=start)
    assert [asked.seconds for _, _, asked in backend.asked] == [seconds]
