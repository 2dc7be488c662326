"""What every backend must pass: each check is called with a backend.

Unbounded cannot happen: every column is 0 or 1, in the relaxation between them. A backend answers with plans that its
tolerance may have made (`search.trusted` refuses those), so plans must satisfy the rows only where numbers are small.
"""

from collections.abc import Callable

import numpy as np
from msgspec.structs import replace

from microopt.solver.backends.base import Backend
from microopt.solver.reach_pool import EXPOSURE, tangent_grid
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import Limit, SolveLimits, Termination
from tests.solver.builders import FREE, best, hard, line, market_split, pool, program, worth

CHECKS: list[Callable[[Backend], None]] = []
CUT_SHORT = [SolveLimits(seconds=0.0), SolveLimits(seconds=0.05), SolveLimits(nodes=1), SolveLimits(nodes=40)]


def check(function):
    CHECKS.append(function)
    return function


def random_program(seed, columns=9, maximum=1_000):
    """Return a program of mixed signs, groups and rows of each kind, around a plan that keeps them."""
    random = np.random.default_rng(seed)
    _, group = np.unique(random.integers(0, columns, columns), return_inverse=True)
    plan = np.zeros(columns, dtype=np.int64)
    plan[np.unique(group, return_index=True)[1]] = random.integers(0, 2, group.max() + 1)
    weight = random.integers(-maximum // 2, maximum, (3, columns))
    point = weight @ plan
    lines = [
        line(weight[0], upper=int(point[0])),
        line(weight[1], lower=int(point[1]) - 50),
        line(weight[2], int(point[2]), int(point[2])),
    ]
    return program(random.integers(-maximum // 3, maximum, columns), *lines, group=group)


def knapsack(columns=60, seed=0):
    """Return a knapsack whose value is its weight plus a constant, hard to prove, and its optimum by tables."""
    random = np.random.default_rng(seed)
    weight = random.integers(100, 1_000, columns)
    value, room = weight + 100, int(weight.sum() // 2)
    table = np.zeros(room + 1, dtype=np.int64)
    for w, v in zip(weight.tolist(), value.tolist(), strict=True):
        table[w:] = np.maximum(table[w:], table[:-w] + v)
    return program(value, line(weight, upper=room)), int(table[-1])


@check
def the_optimum_is_found(backend):
    for seed in range(12):
        instance = random_program(seed)
        answer = backend.solve(instance, FREE)
        assert answer.termination is Termination.OPTIMAL
        assert answer.objective == answer.bound == instance.objective_value(answer.columns) == best(instance)[0]
        assert not instance.violated_constraints(answer.columns)


@check
def what_is_worth_enough_is_not_left_out(backend):
    for seed in range(12):
        for instance in (random_program(seed), random_program(seed, maximum=12)):
            top = best(instance)[0]
            for minimum in (top, top - 1, top - 40):
                assert backend.solve(instance, SolveLimits(cutoff=minimum)).objective == top
            assert backend.solve(instance, SolveLimits(cutoff=top + 1)).termination in (
                Termination.INFEASIBLE,
                Termination.OPTIMAL,
            )


@check
def answers_name_the_backend_and_take_time(backend):
    answer = backend.solve(random_program(0), FREE)
    assert (answer.backend, answer.version) == (backend.name, backend.version)
    assert answer.seconds > 0
    assert answer.limit is None


@check
def an_infeasible_relaxation_is_infeasible(backend):
    instance = program([1, 2], line([1, 1], lower=3))
    for answer in (backend.solve(instance, FREE), backend.relax(instance, FREE)):
        assert (answer.termination, answer.columns, answer.bound) == (Termination.INFEASIBLE, None, None)


@check
def infeasible_in_integers_is_infeasible(backend):
    instance = program([1, 2, 3], line([2, 2, 2], lower=3, upper=3), line([4, 6, 10], lower=5, upper=5))
    halves = program([1, 1, 1], *(line(pair, lower=1, upper=1) for pair in ([1, 1, 0], [0, 1, 1], [1, 0, 1])))
    for item in (instance, halves):
        answer = backend.solve(item, FREE)
        assert (answer.termination, answer.columns) == (Termination.INFEASIBLE, None)
    assert backend.relax(halves, FREE).termination is Termination.OPTIMAL


@check
def infeasible_by_groups_is_infeasible(backend):
    answer = backend.solve(program([1, 1, 1], line([1, 1, 1], lower=3), group=[0, 0, 1]), FREE)
    assert (answer.termination, answer.columns) == (Termination.INFEASIBLE, None)


@check
def a_program_without_columns_is_answered(backend):
    for ask in (backend.solve, backend.relax):
        assert ask(program([], line([], lower=-1, upper=0)), FREE).termination is Termination.OPTIMAL
        assert ask(program([], line([], lower=1)), FREE).termination is Termination.INFEASIBLE
    assert worth(backend.solve(program([]), FREE), program([])) == (0, 0)


@check
def rows_and_columns_may_be_empty(backend):
    for instance in (
        program([0, 0]),
        program([2, -1]),
        program([0, 0], line([0, 0], upper=3)),
        program([2, 0], line([0, 1], upper=0)),
    ):
        answer = backend.solve(instance, FREE)
        assert (answer.termination, answer.objective) == (Termination.OPTIMAL, best(instance)[0])
        assert len(backend.relax(instance, FREE).prices) == len(instance.rows)
    assert backend.solve(program([1, 1], line([0, 0], lower=3)), FREE).termination is Termination.INFEASIBLE


@check
def at_most_one_of_a_group_is_picked(backend):
    instance = program([5, 4, 3, 9], line([1, 1, 1, 1], upper=3), group=[0, 0, 1, 1])
    assert backend.solve(instance, FREE).columns.tolist() == [0, 3]


@check
def a_limit_leaves_the_plan_and_its_bound(backend):
    instance = hard(80, rows=8)
    for limits, limit in ((SolveLimits(seconds=0.5), Limit.TIME), (SolveLimits(nodes=3), Limit.NODES)):
        answer = backend.solve(instance, limits)
        assert (answer.termination, answer.limit) == (Termination.FEASIBLE, limit)
        assert answer.objective == instance.objective_value(answer.columns) < answer.bound
        assert not instance.violated_constraints(answer.columns)
        assert answer.seconds < 5


@check
def a_limit_without_a_plan_says_so(backend):
    instance, _ = market_split()
    for limits, limit in ((SolveLimits(seconds=0.3), Limit.TIME), (SolveLimits(nodes=2), Limit.NODES)):
        answer = backend.solve(instance, limits)
        assert (answer.termination, answer.limit) == (Termination.UNKNOWN, limit)
        assert answer.columns is answer.objective is None


@check
def no_time_at_all_is_no_proof(backend):
    instance, optimum = knapsack()
    answer = backend.solve(instance, SolveLimits(seconds=0.0))
    assert answer.termination is not Termination.INFEASIBLE
    assert answer.termination is not Termination.OPTIMAL or answer.objective == optimum


@check
def a_bound_at_a_limit_is_never_below_the_optimum(backend):
    for seed in range(4):
        instance, optimum = knapsack(60, seed)
        for limits in CUT_SHORT:
            answer = backend.solve(instance, limits)
            assert answer.bound is None or answer.bound >= optimum
            assert answer.termination is not Termination.OPTIMAL or answer.objective == optimum


@check
def a_bound_at_a_limit_keeps_its_sign(backend):
    instance = hard(60)
    turned = program(-instance.objective, *(line(limit.coefficients, lower=limit.upper) for limit in instance.rows))
    answer = backend.solve(turned, SolveLimits(nodes=1))
    assert answer.objective < answer.bound < 0
    assert answer.bound >= backend.solve(turned, SolveLimits(nodes=200)).objective


@check
def a_plan_within_the_gap_is_not_called_optimal(backend):
    instance = hard(60)
    answer = backend.solve(instance, SolveLimits(gap=0.02))
    assert (answer.termination, answer.limit) == (Termination.FEASIBLE, Limit.GAP)
    assert answer.objective < answer.bound <= answer.objective * 1.0205
    assert backend.solve(hard(12), SolveLimits(gap=1e-9)).objective == best(hard(12))[0]


@check
def prices_have_the_sign_of_the_side_that_binds(backend):
    value, weight = [6, 5, 4], [2, 2, 3]
    assert backend.relax(program(value, line(weight, upper=3)), FREE).prices[0] > 0
    assert backend.relax(program([-v for v in value], line(weight, lower=3)), FREE).prices[0] < 0
    assert backend.relax(program(value, line(weight, lower=3, upper=3)), FREE).prices[0] > 0
    assert backend.relax(program([-v for v in value], line(weight, lower=3, upper=3)), FREE).prices[0] < 0
    assert backend.relax(program(value, line(weight, lower=1, upper=9)), FREE).prices[0] == 0


@check
def prices_of_a_row_with_two_sides_are_of_the_one_that_binds(backend):
    assert backend.relax(program([6, 5, 4], line([2, 2, 3], lower=1, upper=3)), FREE).prices.tolist() == [2.5]
    assert backend.relax(program([-6, -5, -4], line([2, 2, 3], lower=4, upper=6)), FREE).prices[0] < 0


@check
def the_bound_at_the_prices_is_the_optimum_of_the_relaxation(backend):
    for instance in (
        *(random_program(seed, columns=40, maximum=10**7) for seed in range(12)),
        hard(200),
        hard(200, scale=10**8),
    ):
        answer = backend.relax(instance, FREE)
        assert answer.termination is Termination.OPTIMAL
        assert abs(price_program(instance, answer.prices).bound - answer.bound) <= 1 + 1e-6 * abs(answer.bound)


@check
def the_relaxation_is_worth_no_less_than_any_plan(backend):
    for seed in range(12):
        instance = random_program(seed)
        answer = backend.relax(instance, FREE)
        assert best(instance)[0] <= answer.bound
        assert best(instance)[0] <= price_program(instance, answer.prices).integer_bound


def net_knapsack(seed, columns=9):
    """Return a knapsack whose value is net reach in three pools, with tangents, and a floor on one of them."""
    random = np.random.default_rng(seed)
    shares = np.where(random.random((3, columns)) < 0.6, random.uniform(0.01, 0.6, (3, columns)), 0.0)
    cost = random.integers(10, 100, columns)
    pools = [pool(share, 10**9, objective=random.uniform(0.5, 2)) for share in shares]
    pools.append(pool(shares[0], 10**9, row=1))
    instance = program(
        [0] * columns, line(cost, upper=int(cost.sum() // 2)), line([0] * columns, lower=10**8), pools=pools
    )
    return replace(
        instance,
        pools=tuple(people.with_tangents(tangent_grid(0, people.max_exposure / EXPOSURE, 1e-4)) for people in pools),
    )


@check
def a_plan_by_tangents_is_the_best_by_them_and_bounds_the_true_one(backend):
    for seed in range(6):
        instance = net_knapsack(seed)
        answer, optimum = backend.solve(instance, FREE), best(instance)[0]
        assert answer.termination is Termination.OPTIMAL
        assert (
            answer.objective
            == instance.objective_value(answer.columns)
            <= optimum
            <= answer.bound
            == instance.tangent_objective(answer.columns)
        )
        assert answer.bound <= optimum + 4e-4 * 2 * 10**9 * 3


@check
def a_bound_by_tangents_holds_where_a_limit_or_a_gap_ends_the_solve(backend):
    for seed in range(6):
        instance = net_knapsack(seed, columns=12)
        for limits in (*CUT_SHORT, SolveLimits(gap=0.3), SolveLimits(gap=1e-3)):
            answer = backend.solve(instance, limits)
            assert answer.bound is None or answer.bound >= best(instance)[0]


@check
def the_relaxation_prices_pools(backend):
    for seed in range(6):
        instance = net_knapsack(seed, columns=12)
        answer = backend.relax(instance, FREE)
        bound = price_program(instance, answer.prices, answer.pool_prices).integer_bound
        assert best(instance)[0] <= bound <= answer.bound <= bound + 4e-4 * 2 * 10**9 * 3
        assert (answer.pool_prices >= 0).all()


@check
def people_reached_already_count(backend):
    instance = program([0, 0], line([1, 1], upper=1), pools=[pool([0.5, 0.6], 10**6, objective=1.0, offset=EXPOSURE)])
    reached = 10**6 * (1 - np.exp(-1))
    for bound in (backend.solve(instance, FREE).bound, backend.relax(instance, FREE).bound):
        assert bound >= best(instance)[0] > reached
    assert backend.solve(instance, FREE).objective == best(instance)[0]


@check
def the_same_question_has_the_same_answer(backend):
    instance = hard(25, rows=3)
    first, second = backend.solve(instance, FREE), backend.solve(instance, FREE)
    assert first.columns.tolist() == second.columns.tolist()
    assert backend.relax(instance, FREE).prices.tolist() == backend.relax(instance, FREE).prices.tolist()


@check
def limits_of_one_solve_do_not_reach_the_next(backend):
    instance = hard(25, rows=3)
    optimum = backend.solve(instance, FREE).objective
    for limits in (
        SolveLimits(seconds=9),
        SolveLimits(nodes=1),
        FREE,
        SolveLimits(gap=0.5),
        SolveLimits(seconds=0.0),
        SolveLimits(seconds=30),
    ):
        backend.relax(instance, limits)
        answer = backend.solve(instance, limits)
        assert answer.objective is None or answer.objective <= optimum
        assert answer.termination is not Termination.OPTIMAL or answer.objective == optimum
    assert backend.solve(instance, FREE).termination is Termination.OPTIMAL
