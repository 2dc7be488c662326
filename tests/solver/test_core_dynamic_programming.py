"""Dynamic programming over the core finds what brute force finds, and says proven only of that."""

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.solver import core_dynamic_programming, core_fields, core_stages, core_states
from microopt.solver.constraint import constraint
from microopt.solver.core import Core
from microopt.solver.core_dynamic_programming import CoreSolution, solve_core
from microopt.solver.cross_check import cross_check
from microopt.solver.program import IntegerProgram
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import DYNAMIC_PROGRAMMING, Termination
from microopt.solver.search import solve
from microopt.solver.sifting import sift_relaxation
from tests.scale import examples, repeats
from tests.solver.builders import CALM, FREE, best, hard, line, net_programs, program, programs, solver, worth
from tests.support.scripted_backend import ScriptedBackend


def at_relaxation(instance):
    """Return the program at the prices of its relaxation, or None if there are none."""
    return sift_relaxation(instance, solver("cbc"), lambda: FREE).priced


def check(instance, solution):
    """Check that a plan is one, and that what is proven is true."""
    if solution.columns is None:
        assert not solution.proven
        return
    assert not instance.violated_constraints(solution.columns)
    value, cost = instance.objective_value(solution.columns), instance.total_cost(solution.columns)
    if solution.proven:
        assert value == best(instance)[0]
    if solution.proven and solution.is_cheapest:
        assert (value, -cost) == (best(instance)[0], -best(instance)[1])


@st.composite
def campaigns(draw):
    """Return programs with a budget, floors, caps, ranges and equations, some with values near 10^15."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count = int(rng.integers(3, 11))
    cost = rng.integers(1, rng.choice([5, 100, 10**6]), count)
    value = rng.integers(0, rng.choice([6, 1_000, 10**15]), count)
    rows = [constraint("budget", cost, upper=int(cost.sum() * rng.uniform(0.1, 0.8)))]
    for number in range(int(rng.integers(0, 5))):
        weights = rng.integers(rng.choice([0, -2]), rng.choice([2, 50]), count)
        total = int(weights.sum())
        bounds = [
            (total // 4, None),
            (None, total // 2),
            (total // 3, total // 3),
            (total // 4, max(total // 4, total)),
        ]
        lower, upper = bounds[rng.integers(0, 4)]
        rows.append(constraint(f"row {number}", weights, lower=lower, upper=upper))
    group = np.unique(np.sort(rng.integers(0, count, count)), return_inverse=True)[1]
    group = np.arange(count) if rng.random() < 0.5 else group
    return IntegerProgram(objective=value, cost=cost, group=group.astype(np.int32), rows=tuple(rows))


@st.composite
def shares(draw):
    """Return programs with a budget, shares of it, counts and now and then a mean."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count = int(rng.integers(4, 12))
    cost = rng.integers(1, rng.choice([4, 30, 10**6]), count)
    rows = [constraint("budget", cost, upper=int(cost.sum() * rng.uniform(0.3, 0.8)))]
    for number in range(int(rng.integers(1, 5))):
        part = rng.choice([50, int(rng.integers(1, 100))])
        coefficients = cost * np.where(rng.random(count) < rng.choice([0.2, 0.4]), 100 - part, -part)
        lower, upper = [(0, None), (None, 0)][rng.integers(0, 2)]
        rows.append(constraint(f"share {number}", coefficients, lower=lower, upper=upper))
    for number in range(int(rng.integers(0, 3))):
        weights = rng.integers(0, 2, count) if rng.random() < 0.7 else rng.integers(-9, 10, count)
        rows.append(constraint(f"count {number}", weights, lower=int(rng.integers(0, 3))))
    value = (cost * rng.uniform(0.5, 2, count)).astype(np.int64) + rng.integers(0, 3, count)
    group = np.unique(np.sort(rng.integers(0, count, count)), return_inverse=True)[1]
    group = np.arange(count) if rng.random() < 0.7 else group
    return IntegerProgram(objective=value, cost=cost, group=group.astype(np.int32), rows=tuple(rows))


@settings(CALM, max_examples=examples(400))
@given(instance=shares(), data=st.data())
def test_shares_of_the_budget_are_proven_as_brute_force_has_it(instance, data):
    priced = at_relaxation(instance)
    if priced is None:
        assert best(instance) is None
        return
    if data.draw(st.booleans()):  # poor prices, whose loss is large
        factor = data.draw(st.floats(0.5, 2))
        priced = price_program(instance, priced.prices * factor)
    core = Core.of(instance, priced)
    event(f"shares: {len(core.shares.shares)}")
    solution = solve_core(instance, priced, None, lambda: False)
    event(f"proven: {solution.proven}")
    check(instance, solution)


@pytest.fixture(scope="module")
def many_joins():
    """Join states wherever that is possible, and look at few pairs at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core_stages, "FEWEST_STAGES", 1)
        patch.setattr(core_fields, "NARROW", 0.3)
        patch.setattr(core_states, "BLOCK", 3)
        yield


@settings(CALM, max_examples=examples(300))
@given(instance=st.one_of(shares(), campaigns()))
@pytest.mark.usefixtures("many_joins")
def test_joined_states_are_proven_as_brute_force_has_it(instance):
    priced = at_relaxation(instance)
    if priced is not None:
        check(instance, solve_core(instance, priced, None, lambda: False))


def test_a_plain_knapsack_of_a_thousand_fees_in_cents_is_proven():
    rng = np.random.default_rng([1000, 0])
    fee = np.round(10 + rng.pareto(0.9, 1000).clip(0, 500) * 10 * rng.lognormal(0, 0.7, 1000), 2)
    cost = (fee * 100).astype(np.int64)
    instance = program(cost + 10_000, line(cost, upper=int(cost.sum()) // 10))
    assert solve_core(instance, at_relaxation(instance), None, lambda: False).proven


@pytest.mark.parametrize("caps", [False, True])
def test_the_stages_after_all_other_rows_are_closed_are_joined_to_the_best_unless_a_share_needs_some_use(caps):
    cost = np.asarray([90, 81, 70, 61, 50, 41, 30, 21, 17, 13])
    share = cost * np.asarray([50, 50, *[-50] * 8])
    bounds = {"upper": 0} if caps else {"lower": 0}
    instance = program(cost + 3, line(cost, upper=200), line(share, **bounds))
    core = Core.of(instance, price_program(instance, np.asarray([1.0, 0.001 if caps else -0.001])))
    stages = core_stages.plan_stages(core, {0, 1}, 1e6)
    assert stages.slack_range is not None
    assert any(join.is_last for join in stages.joins.values()) is not caps


def test_two_rows_of_money_are_proven_by_joining_states():
    rng = np.random.default_rng(5)
    cost = rng.integers(1_000, 100_000, 60)
    share = cost * np.where(np.arange(60) % 2, -41, 59)
    value = (cost * rng.uniform(0.9, 1.1, 60)).astype(np.int64)
    instance = program(value, line(cost, upper=int(cost.sum()) // 3), line(share, lower=0))
    priced = at_relaxation(instance)
    assert np.count_nonzero(priced.prices) == 2
    assert len(Core.of(instance, priced).shares.shares) == 1
    solution = solve_core(instance, priced, None, lambda: False)
    assert solution.proven
    by_solver = solve(instance, solver("highs"), replace(FREE, only_backend=True))
    assert instance.objective_value(solution.columns) == by_solver.objective


@settings(CALM, max_examples=examples(300))
@given(instance=campaigns())
def test_the_cheapest_of_the_best_plans_is_found_and_proven(instance):
    priced = at_relaxation(instance)
    if priced is None:
        assert best(instance) is None
        return
    solution = solve_core(instance, priced, None, lambda: False)
    check(instance, solution)
    event(f"proven: {solution.proven}")
    assert solution.proven or best(instance) is None or len(instance.rows) > 1


@settings(CALM, max_examples=examples(200))
@given(instance=campaigns(), data=st.data())
def test_poor_prices_make_no_false_claim(instance, data):
    numbers = st.floats(-1e6, 1e6)
    prices = np.asarray([data.draw(numbers) for _ in instance.rows])
    check(instance, solve_core(instance, price_program(instance, prices), None, lambda: False))


@settings(CALM, max_examples=examples(100))
@given(instance=programs(columns=9, maximum=4))
def test_a_plan_in_hand_is_only_replaced_by_a_better_or_cheaper_one(instance):
    priced, optimum = at_relaxation(instance), best(instance)
    if priced is None or optimum is None:
        return
    empty = np.zeros(0, dtype=np.intp)
    incumbent = None if instance.violated_constraints(empty) else empty
    solution = solve_core(instance, priced, incumbent, lambda: False)
    if incumbent is not None:
        assert instance.objective_value(solution.columns) >= instance.objective_value(empty)
    if not instance.has_soft_rows:
        check(instance, solution)


@settings(CALM, max_examples=examples(60))
@given(instance=campaigns())
def test_the_search_proves_by_it_without_a_backend(instance):
    backend = solver("cbc")
    answer, optimum = solve(instance, backend, FREE), best(instance)
    if optimum is None:
        assert answer.termination is Termination.INFEASIBLE
        return
    assert answer.termination is Termination.OPTIMAL
    assert worth(answer, instance) == optimum


def test_what_the_proof_rests_on_is_told():
    instance = program([9, 8, 7, 6], line([5, 4, 3, 2], upper=8))
    backend = ScriptedBackend(relax=[solver("cbc").relax(instance, FREE)], solve=[])
    answer = solve(instance, backend, FREE)
    assert (answer.termination, answer.objective, answer.is_cheapest) == (Termination.OPTIMAL, best(instance)[0], True)
    assert answer.proven_by in (DYNAMIC_PROGRAMMING, "prices alone")


def test_rows_without_a_price_are_tracked_once_a_plan_violates_them():
    cost, value = np.asarray([3, 3, 4, 5]), np.asarray([30, 30, 39, 41])
    instance = program(value, line(cost, upper=7), line([1, 1, 1, 1], upper=1))
    priced = price_program(instance, np.asarray([10.0, 0.0]))
    solution = solve_core(instance, priced, None, lambda: False)
    assert solution.proven
    assert solution.columns.tolist() == [3]


@pytest.mark.parametrize("most", [1, 10, 100])
def test_too_many_states_are_given_up_with_the_best_plan_met(most, monkeypatch):
    monkeypatch.setattr(core_dynamic_programming, "MOST_STATES", most)
    instance = hard(60, rows=3)
    solution = solve_core(instance, at_relaxation(instance), None, lambda: False)
    assert not solution.proven
    if solution.columns is not None:
        assert not instance.violated_constraints(solution.columns)


def test_less_work_is_spent_where_a_gap_is_good_enough(monkeypatch):
    asked = []

    def give_up(_program, _priced, plan, _stop, *, most_work):
        asked.append(most_work)
        return CoreSolution(columns=plan)

    monkeypatch.setattr("microopt.solver.search.solve_core", give_up)
    for gap in (0.0, 0.01):
        solve(hard(12), solver("cbc"), replace(FREE, gap=gap))
    assert asked[1] < asked[0]


def test_it_gives_up_after_the_work_it_may_spend():
    instance = program([9, 8, 7, 6], line([5, 4, 3, 2], upper=8))
    assert solve_core(instance, at_relaxation(instance), None, lambda: False).proven
    assert not solve_core(instance, at_relaxation(instance), None, lambda: False, most_work=1).proven


def test_it_stops_when_time_is_over():
    instance = hard(60, rows=3)
    assert not solve_core(instance, at_relaxation(instance), None, lambda: True).proven


@settings(CALM, max_examples=examples(20))
@given(instance=net_programs())
def test_programs_with_pools_are_left_to_others(instance):
    priced = price_program(instance, np.zeros(len(instance.rows)))
    incumbent = np.zeros(0, dtype=np.intp)
    assert solve_core(instance, priced, incumbent, lambda: False).columns is incumbent


@pytest.mark.parametrize("far", [0, 2**61, 2**62])  # beyond 62 bits, some are lost
@pytest.mark.parametrize("cut_mask", [0, 0b110000])
def test_only_dominated_states_are_left_out(far, cut_mask):
    random = np.random.default_rng(far)
    for _ in range(repeats(300)):
        count, bits = int(random.integers(0, 12)), int(random.integers(0, 5))
        code = np.stack([random.integers(0, 40, count), random.integers(0, 2, count)])
        code = code[:, np.lexsort(code)]
        figure = random.choice([-far, 0, far], count) + random.integers(-5, 6, count)
        kept = core_states.undominated(code, figure, bits, cut_mask)
        for state in np.flatnonzero(~kept).tolist():
            low, own = code[0], code[0, state]
            better = (code[1] == code[1, state]) & (low >> bits == own >> bits) & (low <= own) & kept
            better &= (low == own) | (own & cut_mask == 0)
            assert (better & (figure >= figure[state])).any()


def test_a_cross_check_asks_the_second_backend_itself():
    instance = hard(12, rows=2)
    result = solve(instance, solver("cbc"), FREE)
    assert result.proven_by == DYNAMIC_PROGRAMMING
    second = ScriptedBackend(real=solver("highs"))
    checked = cross_check(
        instance,
        result,
        lambda backend, limits: solve(instance, backend, limits),
        (solver("cbc"), second),
        FREE,
    )
    assert checked.confirmed_by
    assert any(kind == "solve" for kind, *_ in second.asked)
