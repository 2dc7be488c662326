"""search.solve finds what brute force finds: the best value, and among equals the least cost."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from msgspec.structs import replace

from microopt.solver import cheapest_optimum, search
from microopt.solver.backends import cbc
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination
from microopt.solver.search import solve
from tests.scale import examples
from tests.solver.builders import (
    CALM,
    FREE,
    best,
    hard,
    line,
    market_split,
    program,
    programs,
    solver,
    stored_program,
    worth,
)
from tests.support.cores import leave_cores_to_the_solver
from tests.support.scripted_backend import ScriptedBackend

pytestmark = pytest.mark.usefixtures("only_branch_and_bound")

TIED = program([7, 7, 7, 14], line([3, 3, 3, 6], upper=6), cost=[9, 4, 5, 10], group=[0, 1, 2, 3])


def check_against_brute_force(instance, name):
    answer, optimum = solve(instance, solver(name), FREE), best(instance)
    assert worth(answer, instance) == optimum
    assert answer.termination is (Termination.INFEASIBLE if optimum is None else Termination.OPTIMAL)
    if optimum is not None:
        assert (answer.objective, answer.bound, answer.is_cheapest, answer.limit) == (
            optimum[0],
            optimum[0],
            True,
            None,
        )
        assert answer.price_bound >= answer.bound
        assert not instance.violated_constraints(answer.columns)


@settings(CALM, max_examples=examples(300))
@given(programs(columns=12))
@example(TIED)
def test_highs_and_brute_force_agree(instance):
    check_against_brute_force(instance, "highs")


@settings(CALM, max_examples=examples(100))
@given(programs(columns=12))
@example(TIED)
def test_cbc_and_brute_force_agree(instance):
    check_against_brute_force(instance, "cbc")


@settings(CALM, max_examples=examples(80))
@given(programs(columns=12, maximum=10**9))
def test_large_numbers_change_nothing(instance):
    check_against_brute_force(instance, "highs")


@settings(CALM, max_examples=examples(150))
@given(instance=programs(columns=12))
def test_growing_neighbourhoods_lose_no_plan(monkeypatch, instance):
    monkeypatch.setattr(search, "MOST_COLUMNS_AT_ONCE", 0)
    monkeypatch.setattr(search, "NEIGHBORHOODS", (1, 2, 4))
    check_against_brute_force(instance, "highs")


@settings(CALM, max_examples=examples(100))
@given(programs(columns=12))
def test_prices_that_say_nothing_cost_time_only(instance):
    answer = solve(instance, ScriptedBackend(relax=[], solve=[solver("highs").solve] * 9), FREE)
    assert worth(answer, instance) == best(instance)


@pytest.mark.parametrize("name", ["cbc", "highs"])
def test_ties_of_large_values_go_to_the_cheaper(name):
    """CBC 2.10.3 calls the second solve infeasible here, although the plan in hand keeps it."""
    value, cost = [2626250354, 3686874823, 3686874823, 2626250354], [22533, 17094, 15540, 13209]
    check_against_brute_force(program(value, line(cost, upper=87 * 777), cost=cost), name)


def test_ties_go_to_the_cheaper():
    assert solve(TIED, solver("cbc"), FREE).columns.tolist() == [1, 2]


def test_without_the_second_solve_a_cheaper_plan_is_not_excluded():
    answer = solve(TIED, solver("cbc"), FREE, cheapest=False)
    assert (answer.termination, answer.objective, answer.is_cheapest) == (Termination.OPTIMAL, 14, False)


def test_what_the_proof_rests_on_is_told():
    by_prices = solve(program([3, 2], line([1, 1], upper=1)), solver("cbc"), FREE)
    assert by_prices.proven_by == "prices alone"
    assert by_prices.price_bound == by_prices.objective == 3
    by_branching = solve(program([5, 4, 3], line([2, 3, 2], upper=3)), solver("cbc"), FREE)
    assert by_branching.proven_by == f"branch and bound of CBC {solver('cbc').version}"


def test_the_prices_of_the_answer_show_its_price_bound():
    instance = hard(20)
    answer = solve(instance, solver("cbc"), FREE)
    assert len(answer.prices) == len(instance.rows)
    assert search.price_program(instance, answer.prices).integer_bound == answer.price_bound >= answer.objective


def test_a_time_limit_leaves_a_plan_and_an_honest_bound():
    instance = hard(70, rows=8)
    answer = solve(instance, solver("cbc"), SolveLimits(seconds=0.5))
    assert (answer.termination, answer.limit, answer.is_cheapest) == (Termination.FEASIBLE, Limit.TIME, False)
    assert not instance.violated_constraints(answer.columns)
    assert answer.objective < answer.bound <= answer.price_bound


def test_a_time_limit_without_a_plan_says_so():
    instance, _ = market_split()
    answer = solve(instance, solver("cbc"), SolveLimits(seconds=0.3))
    assert (answer.termination, answer.limit, answer.columns) == (Termination.UNKNOWN, Limit.TIME, None)


@pytest.mark.parametrize("name", ["cbc", "highs"])
def test_a_gap_ends_the_search_and_is_kept(name):
    instance = hard(60)
    answer = solve(instance, solver(name), SolveLimits(seconds=20, gap=0.02))
    assert (answer.termination, answer.limit) == (Termination.FEASIBLE, Limit.GAP)
    assert answer.objective < answer.bound <= answer.objective * 1.0205


@pytest.mark.parametrize(
    ("gap", "nodes", "branches"), [(0.0, None, True), (5e-3, 50, False), (0.5, None, False), (1.1e-3, None, True)]
)
def test_large_columns_are_branched_on_where_a_wide_gap_is_open_and_effort_unbounded(monkeypatch, gap, nodes, branches):
    leave_cores_to_the_solver(monkeypatch)
    monkeypatch.setattr(search, "MOST_COLUMNS_WITHOUT_BRANCHING", 0)
    asked = []
    monkeypatch.setattr(search._Search, "_branch", lambda self: asked.append(self.limits.gap))
    monkeypatch.setattr(search._Search, "gap", lambda _: 0.1)
    solve(hard(60), solver("cbc"), SolveLimits(seconds=20, gap=gap, nodes=nodes))
    assert asked == [gap] * branches


@pytest.mark.parametrize("name", ["cbc", "highs"])
def test_a_node_limit_ends_the_search(name):
    answer = solve(hard(70, rows=8), solver(name), SolveLimits(nodes=2))
    assert (answer.termination, answer.limit) == (Termination.FEASIBLE, Limit.NODES)


def test_progress_is_reported_with_rising_values_and_falling_bounds():
    calls = []
    solve(hard(400, rows=2), solver("cbc"), SolveLimits(seconds=3, report=lambda *facts: calls.append(facts)))
    assert calls[0] == ("prices", None, None)
    values, bounds = [value for _, value, _ in calls[1:]], [bound for _, _, bound in calls[1:]]
    assert len(calls) > 2
    assert values == sorted(values)
    assert bounds == sorted(bounds, reverse=True)


def test_a_thousand_columns_are_pruned_to_a_core():
    random = np.random.default_rng(3)
    weight = random.integers(10**5, 10**6, 3000)
    instance = program(weight + random.integers(0, 10**6, 3000), line(weight, upper=int(weight.sum() // 20)))
    answer = solve(instance, solver("cbc"), SolveLimits(seconds=30))
    assert answer.termination is Termination.OPTIMAL
    assert answer.core_size < 300


def test_cbc_keeps_the_optimum_that_its_preprocessing_loses():
    instance = program([1, 1, 0, 0, -2], line([3, 30, 0, 0, -29], upper=2), group=[0, 1, 0, 0, 0])
    assert solver("cbc").solve(instance, FREE).objective == 0


@pytest.mark.parametrize("few", [0, cbc.FEW])
def test_cbc_keeps_the_optimum_that_its_cuts_lost(few, monkeypatch):
    """The least budget that buys more than $10,000 in the example `launch`: with its cuts, CBC found $10,020."""
    monkeypatch.setattr(cbc, "FEW", few)
    instance = stored_program("lost_by_cuts")
    assert (
        solver("cbc").solve(instance, FREE).objective == solver("highs").solve(instance, FREE).objective == -1_001_500
    )


def test_ctrl_c_while_prices_of_cheaper_plans_are_looked_for_ends_the_search(monkeypatch):
    monkeypatch.setattr(cheapest_optimum, "EASY", 0)
    instance, real = hard(30, rows=2), solver("cbc")
    fake = ScriptedBackend(
        relax=[real.relax, SolveResult(termination=Termination.UNKNOWN, limit=Limit.INTERRUPT)], real=real
    )
    answer = solve(instance, fake, FREE)
    assert (answer.termination, answer.limit, answer.is_cheapest) == (Termination.OPTIMAL, Limit.INTERRUPT, False)
    methods = [method for method, _, _ in fake.asked]
    assert methods[-1] == "relax"
    assert methods.count("relax") == 2


def test_a_large_core_is_not_begun_with_a_limit_of_nodes(monkeypatch):
    monkeypatch.setattr(search, "MOST_COLUMNS_AT_ONCE", 0)
    monkeypatch.setattr(search, "NEIGHBORHOODS", (10,))
    monkeypatch.setattr(search, "MOST_COLUMNS_UNDER_NODE_LIMIT", 12)
    instance, fake = hard(60), ScriptedBackend(real=solver("cbc"))
    answer = solve(instance, fake, SolveLimits(nodes=500), cheapest=False)
    assert (answer.termination, answer.limit) == (Termination.FEASIBLE, Limit.NODES)
    assert answer.core_size > 12
    assert max(len(requested) for method, requested, _ in fake.asked if method == "solve") < 20


@CALM
@given(programs(columns=10))
def test_it_is_begun_where_there_is_no_plan_yet(instance):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "MOST_COLUMNS_AT_ONCE", 0)
        patch.setattr(search, "NEIGHBORHOODS", (1, 3))
        patch.setattr(search, "MOST_COLUMNS_UNDER_NODE_LIMIT", 0)
        answer = solve(instance, solver("highs"), SolveLimits(nodes=10**6), cheapest=False)
    assert (answer.columns is None) == (best(instance) is None)


@CALM
@given(programs(columns=9, maximum=4))
def test_prices_of_cheaper_plans_leave_the_cheapest_of_equals(instance):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cheapest_optimum, "EASY", 0)
        answer = solve(instance, solver("highs"), FREE)
    assert worth(answer, instance) == best(instance)
    assert answer.is_cheapest or answer.columns is None


def test_where_no_cheaper_plan_is_worth_as_much_prices_alone_show_it(monkeypatch):
    monkeypatch.setattr(cheapest_optimum, "EASY", 0)
    cost = [7, 5, 4, 3, 3, 2]
    instance, fake = program(cost, line(cost, upper=16), cost=cost), ScriptedBackend(real=solver("cbc"))
    answer = solve(instance, fake, FREE)
    assert (answer.objective, answer.is_cheapest) == (16, True)
    assert [method for method, _, _ in fake.asked][-1] == "relax"


def left_open(instance):
    """Return a backend that stops at a limit with no plan of its own, and HiGHS as the one that continues."""
    fake = ScriptedBackend(solve=[SolveResult(termination=Termination.UNKNOWN, limit=Limit.TIME)], real=solver("cbc"))
    fake.successor = ScriptedBackend(real=solver("highs"))
    fake.successor.name, fake.successor.version = "highs", "1"
    return fake


def test_another_backend_continues_what_one_leaves_open_and_is_named():
    instance = hard(30)
    fake = left_open(instance)
    answer = solve(instance, fake, FREE)
    assert (answer.termination, answer.objective) == (
        Termination.OPTIMAL,
        solver("cbc").solve(instance, FREE).objective,
    )
    assert (answer.backend, answer.proven_by) == ("highs", "branch and bound of HiGHS 1")


@pytest.mark.parametrize("near", [0.0, 1.0])
def test_a_solver_begins_with_the_plan_in_hand_if_that_is_near_the_best(near, monkeypatch):
    monkeypatch.setattr(search, "SMALL_GAP", near)
    instance = hard(30)
    fake = left_open(instance)
    assert solve(instance, fake, FREE).termination is Termination.OPTIMAL
    assert (fake.successor.asked[0][2].start is not None) == (near == 1.0)


def test_highs_continues_what_cbc_leaves_open(monkeypatch):
    monkeypatch.setattr(search, "TURN_NODES", 0)
    instance = hard(30)
    answer = solve(instance, solver("cbc"), FREE)
    assert (answer.termination, answer.backend) == (Termination.OPTIMAL, "highs")
    assert answer.proven_by == f"branch and bound of HiGHS {solver('highs').version}"


def test_a_backend_whose_work_another_continues_is_asked_for_a_bounded_effort_of_it():
    fake = left_open(hard(30))
    solve(hard(30), fake, SolveLimits(seconds=100.0, negligible=0.0))
    asked = next(limits for method, _, limits in fake.asked if method == "solve")
    continued = next(limits for method, _, limits in fake.successor.asked if method == "solve")
    assert (asked.nodes, continued.nodes) == (search.TURN_NODES, None)
    assert asked.seconds <= search.TURN_SHARE * 100 < continued.seconds


@pytest.mark.parametrize("limits", [SolveLimits(no_successor=True), SolveLimits(only_backend=True)])
def test_nobody_continues_where_another_backend_checks(limits):
    instance = hard(30)
    fake = left_open(instance)
    answer = solve(instance, fake, limits)
    assert (answer.termination, answer.backend) == (Termination.FEASIBLE, "fake")
    assert not fake.successor.asked


def test_a_successor_that_crashes_leaves_what_the_first_has_found():
    instance = hard(30)
    fake = left_open(instance)
    fake.successor = ScriptedBackend()
    answer = solve(instance, fake, FREE)
    assert (answer.termination, answer.limit, answer.backend) == (Termination.FEASIBLE, Limit.TIME, "fake")


@pytest.mark.parametrize(
    ("tight", "near", "undecided", "is_at_once"),
    [(-1, -1, 1_000, True), (-1, 1_000, -1, True), (-1, 1_000, 1_000, False), (1_000, -1, -1, False)],
)
def test_many_tight_rows_and_many_open_columns_go_to_the_successor_at_once(
    tight, near, undecided, is_at_once, monkeypatch
):
    monkeypatch.setattr(search, "MOST_TIGHT_ROWS", tight)
    monkeypatch.setattr(search, "MOST_NEAR_COLUMNS", near)
    monkeypatch.setattr(search, "MOST_OPEN_COLUMNS", undecided)
    fake = ScriptedBackend(real=solver("cbc"))
    fake.successor = ScriptedBackend(real=solver("highs"))
    answer = solve(hard(30), fake, FREE)
    assert answer.termination is Termination.OPTIMAL
    assert bool(fake.successor.asked) is is_at_once
    first = next(limits for method, _, limits in fake.asked if method == "solve")
    assert (first.cutoff == answer.objective) is is_at_once  # the first backend is then asked for cheaper plans only


@CALM
@given(programs(columns=9, maximum=4))
def test_what_one_solver_proves_and_another_searches_for_cheaper_plans_is_the_optimum(instance):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "MOST_TIGHT_ROWS", -1)
        patch.setattr(search, "MOST_OPEN_COLUMNS", -1)
        leave_cores_to_the_solver(patch)
        answer = solve(instance, solver("cbc"), FREE)
    assert worth(answer, instance) == best(instance)
    assert answer.is_cheapest or answer.columns is None


def test_a_core_whose_successor_crashes_at_once_is_solved_by_the_first_backend(monkeypatch):
    monkeypatch.setattr(search, "MOST_TIGHT_ROWS", -1)
    monkeypatch.setattr(search, "MOST_OPEN_COLUMNS", -1)
    fake = ScriptedBackend(real=solver("cbc"))
    fake.successor = ScriptedBackend()
    answer = solve(hard(30), fake, FREE)
    assert (answer.termination, answer.backend) == (Termination.OPTIMAL, "fake")
    assert fake.successor.asked


def test_no_solver_begins_with_a_plan_that_pays_penalties():
    """HiGHS 1.16 kept the plan in hand, and called it optimal."""
    soft = line([1, 2, -3], lower=0, upper=0)
    columns = np.asarray([0, 2, 4])
    instance = program([0] * 10, replace(soft, columns=columns, penalty=0.375), group=[0, 0, 0, 1, 1, 0, 0, 0, 0, 0])
    check_against_brute_force(instance, "highs")


def test_highs_begins_with_a_plan_that_is_given():
    instance = hard(60, rows=8)
    plan = solver("cbc").solve(instance, SolveLimits(nodes=300)).columns
    answer = solver("highs").solve(instance, SolveLimits(nodes=0, start=plan))
    assert answer.objective >= instance.objective_value(plan)
