"""What dynamic programming proves of small programs at any prices is what enumeration finds."""

from fractions import Fraction
from math import inf, nextafter

import numpy as np
import pytest

from microopt.solver import core_fields, core_stages, core_states
from microopt.solver.constraint import constraint
from microopt.solver.core import MOST_COLUMNS, Core
from microopt.solver.core_dynamic_programming import solve_core
from microopt.solver.core_stages import plan_stages
from microopt.solver.program import IntegerProgram
from microopt.solver.reduced_cost_fixing import price_program
from tests.scale import repeats
from tests.solver.builders import best, line, program, subsets
from tests.solver.test_core_dynamic_programming import check


def join_all(monkeypatch):
    """Join states wherever that is possible, and look at few pairs at a time."""
    monkeypatch.setattr(core_stages, "FEWEST_STAGES", 1)
    monkeypatch.setattr(core_fields, "NARROW", 0.3)
    monkeypatch.setattr(core_states, "BLOCK", 3)
    monkeypatch.setattr(core_states, "PARTS", 1)


def test_a_state_that_a_cap_will_break_does_not_dominate_one_that_it_allows():
    """The fourth offer uses less of the budget than others, of which the cap on a share of the spend needs some."""
    budget = line([2, 8, 3, 2, 7, 2, 6], upper=15)
    cap, count = line([-4, 64, -6, 16, -14, -4, 48], upper=0), line([0, 1, 0, 0, 1, 1, 0], upper=1)
    instance = program([10, 18, 9, 10, 7, 15, 8], budget, cap, count)
    solution = solve_core(instance, price_program(instance, np.asarray([1.0, 0.0, 0.0])), None, lambda: False)
    check(instance, solution)
    assert solution.proven


def capped(random):
    """Return a program with a budget, one or two shares of it, and counts of others, at prices of no great use."""
    count = int(random.integers(6, 12))
    cost, value = random.integers(1, random.choice([4, 12, 60]), count), random.integers(0, 60, count)
    rows = [constraint("budget", cost, upper=int(cost.sum() * random.uniform(0.3, 0.8)))]
    for _ in range(int(random.integers(1, 3))):
        inside, part = random.random(count) < 0.35, int(random.integers(5, 80))
        within = cost * (100 - part) if random.random() < 0.5 else random.integers(-500, 4_000, count)
        side = "upper" if random.random() < 0.7 else "lower"
        rows.append(constraint("share", np.where(inside, within, -part * cost), **{side: 0}))
    for _ in range(int(random.integers(0, 3))):
        most = int(random.integers(1, 3))
        least = most if random.random() < 0.5 else None
        rows.append(constraint("count", (random.random(count) < 0.3).astype(np.int64), lower=least, upper=most))
    rows = [row for row in rows if len(row.columns)]
    group = np.sort(random.integers(0, count, count)) if random.random() < 0.3 else np.arange(count)
    group = np.unique(group, return_inverse=True)[1].astype(np.int32)
    prices = [random.uniform(0, 3), *(random.uniform(-0.01, 0.01) for _ in rows[1:3])]
    prices += [random.uniform(-3, 3) for _ in rows[3:]]
    instance = IntegerProgram(objective=value, cost=random.integers(0, 9, count), group=group, rows=tuple(rows))
    return instance, np.asarray(prices[: len(rows)])


def anchored(random):
    """Return a program with a pick that no plan does without, and shares that it decides before any move is made."""
    count = 14
    cost = np.append(random.integers(10, 40), random.integers(1, 9, count - 1))
    value = np.append(10**6, random.integers(1, 12, count - 1))
    rows = [constraint("budget", cost, upper=int(cost[0] + cost[1:].sum() * random.uniform(0.1, 0.5)))]
    inside, part = np.arange(count) == 0, int(random.integers(10, 90))
    rows.append(constraint("cap", cost * np.where(inside, 100 - part, -part), upper=0))
    if random.random() < 0.5:
        part = int(random.integers(1, 90))
        rows.append(constraint("floor", cost * np.where(inside, 100 - part, -part), lower=0))
    return program(value, *rows, cost=cost), np.asarray([1.0, 1e-4, -1e-4][: len(rows)])


def test_shares_that_no_move_changes_are_kept():
    random, shared = np.random.default_rng(0), 0
    for _ in range(repeats(25)):
        instance, prices = anchored(random)
        priced = price_program(instance, prices)
        shared += len(Core.of(instance, priced).shares.shares)
        plans = [plan for plan in map(np.flatnonzero, subsets(instance)) if 0 in plan]
        incumbent = min(plans, key=instance.objective_value, default=None)
        solution = solve_core(instance, priced, incumbent, lambda: False)
        check(instance, solution)
        assert solution.proven or not plans
    assert shared > repeats(25)


@pytest.mark.parametrize("size", [100, 10**9, 10**15, 10**17])
def test_no_move_loses_less_than_its_loss(size):
    """Computed with fractions; in doubles a reduced cost near 10^15 is wrong by up to a unit."""
    random = np.random.default_rng(size)
    for _ in range(repeats(60)):
        count = int(random.integers(2, 12))
        group = np.unique(np.sort(random.integers(0, count, count)), return_inverse=True)[1].astype(np.int32)
        value, cost = random.integers(-size, size, count), random.integers(1, size, count)
        rows = (constraint("budget", cost, upper=size), constraint("net", random.integers(-9, 9, count), upper=9))
        instance = IntegerProgram(objective=value, cost=cost, group=group, rows=rows)
        core = Core.of(instance, price_program(instance, random.uniform(0, 1, 2) * [1, size / 9]))
        exact = [Fraction(worth) for worth in value.tolist()]
        for price, row in zip(core.priced.prices.tolist(), rows, strict=True):
            for column, use in zip(row.columns.tolist(), row.coefficients.tolist(), strict=True):
                exact[column] -= Fraction(price) * use
        exact.append(Fraction(0))
        moves = core.moves
        for added, removed, loss in zip(moves.added.tolist(), moves.removed.tolist(), moves.loss.tolist(), strict=True):
            assert loss == 0 or Fraction(loss) <= exact[removed] - exact[added]


def test_shares_leave_the_budget_no_price_that_is_but_a_rounding_error():
    cost, inside = np.asarray([3, 5, 7, 11, 13]), np.asarray([1, 0, 1, 0, 0])
    instance = program(cost, line(cost, upper=20), line(cost * (3 * inside - 1), upper=0))
    random = np.random.default_rng(0)
    for price in random.uniform(0, 1, 50).tolist():
        for above in (price, nextafter(price, inf), price * (1 + 1e-15), 1.5 * price):
            core = Core.of(instance, price_program(instance, np.asarray([above, price])))
            left = Fraction(above) - Fraction(price)
            assert len(core.shares.shares) == (above == 1.5 * price)
            if core.shares.shares:
                assert abs(Fraction(core.shares.budget_price) - left) <= left / 10**9


def ranged(random):
    """Return a program whose rows all have two sides, or one, and prices of which some are 0."""
    count = int(random.integers(4, 11))
    rows = []
    for number in range(int(random.integers(1, 4))):
        weights = random.integers(random.choice([0, -4]), random.choice([2, 9, 10**6]), count)
        used = int(weights[random.random(count) < 0.5].sum())
        room = int(random.integers(0, 3)) * max(1, abs(used) // 10)
        sides = random.choice(["both", "both", "both", "upper", "lower"])
        bounds = {"upper": used + room, "lower": used - room}
        bounds = bounds if sides == "both" else {sides: bounds[sides]}
        rows.append(constraint(f"row {number}", weights, **bounds))
    rows = [row for row in rows if len(row.columns)]
    group = np.sort(random.integers(0, count, count)) if random.random() < 0.3 else np.arange(count)
    group = np.unique(group, return_inverse=True)[1].astype(np.int32)
    value = random.integers(random.choice([0, -9]), random.choice([5, 40]), count)
    instance = IntegerProgram(objective=value, cost=random.integers(0, 9, count), group=group, rows=tuple(rows))
    sizes = [max(1, int(np.abs(row.coefficients).max())) for row in rows]
    prices = [random.choice([0, 1]) * random.uniform(-9, 9) / size for size in sizes]
    return instance, np.asarray(prices, dtype=float)


@pytest.mark.parametrize("draw", [capped, ranged])
@pytest.mark.parametrize("joins", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_shares_beside_counts_and_rows_with_two_sides_are_proven_as_enumeration_has_it(draw, seed, joins, monkeypatch):
    if joins:
        join_all(monkeypatch)
    random, proven = np.random.default_rng(seed), 0
    for _ in range(repeats(150)):
        instance, prices = draw(random)
        solution = solve_core(instance, price_program(instance, prices), None, lambda: False)
        check(instance, solution)
        proven += solution.proven or best(instance) is None
    assert proven == repeats(150)


@pytest.mark.parametrize("draw", [capped, ranged])
def test_a_least_worth_says_whether_any_plan_has_it(draw):
    random = np.random.default_rng(7)
    for _ in range(repeats(150)):
        instance, prices = draw(random)
        optimum = best(instance)
        if optimum is None:
            continue
        least = optimum[0] + int(random.integers(-1, 2))
        solution = solve_core(instance, price_program(instance, prices), None, lambda: False, least=least)
        assert solution.proven
        assert (solution.columns is None) == (optimum[0] < least)
        if solution.columns is not None:
            check(instance, solution)


def test_less_of_a_row_with_a_lower_bound_is_not_better():
    """The first offer is worth more than the second and takes less, but only with the second can the row be filled."""
    instance = program([10, 9, 1], line([1, 3, 5], lower=8, upper=8))
    solution = solve_core(instance, price_program(instance, np.asarray([2.0])), None, lambda: False)
    assert solution.proven
    assert solution.columns.tolist() == [1, 2]


def test_a_row_without_a_price_is_kept_on_both_sides():
    instance = program([5, -1, -2, 3], line([1, 1, 1, 0], lower=2, upper=3))
    solution = solve_core(instance, price_program(instance, np.zeros(1)), None, lambda: False)
    assert solution.proven
    assert solution.columns.tolist() == [0, 1, 3]


def test_a_row_that_no_move_of_small_loss_changes_has_the_limit_grow():
    calls = 0

    def must_stop():
        nonlocal calls
        calls += 1
        return calls > 10_000

    instance = program([1] * 20 + [-500], line([1] * 20 + [0], upper=10), line([0] * 20 + [1], lower=1))
    solution = solve_core(instance, price_program(instance, np.asarray([1.0, 0.0])), None, must_stop)
    assert solution.proven
    assert instance.objective_value(solution.columns) == -490


def test_no_plan_is_called_the_cheapest_where_costs_do_not_fit_beside_the_values():
    random, open_costs = np.random.default_rng(0), 0
    for _ in range(repeats(100)):
        count = int(random.integers(4, 10))
        value, cost = 10**15 * random.integers(1, 4, count), random.integers(1, 10**7, count)
        instance = program(value, line(random.integers(1, 4, count), upper=count), cost=cost)
        solution = solve_core(instance, price_program(instance, np.asarray([1e15])), None, lambda: False)
        check(instance, solution)
        assert solution.proven
        open_costs += not solution.is_cheapest
    assert open_costs


@pytest.mark.parametrize("limit", [0.0, 1.0, 1e9, 1e15])
def test_the_limit_leaves_room_for_the_rounding_errors_of_sums(limit):
    instance = program([3, 2], line([2, 2], upper=3))
    core = Core.of(instance, price_program(instance, np.asarray([1.0])))
    stages = plan_stages(core, {0}, limit)
    assert stages.limit >= limit + MOST_COLUMNS * 2.0**-52 * max(1.0, limit)


@pytest.mark.parametrize("draw", [capped, ranged])
def test_codes_of_several_words_are_joined_whatever_plan_is_in_hand(draw, monkeypatch):
    join_all(monkeypatch)
    monkeypatch.setattr(core_stages, "BITS", 24)
    monkeypatch.setattr(core_stages, "WORDS", 6)
    random, proven, words = np.random.default_rng(24), 0, 0
    for _ in range(repeats(60)):
        instance, prices = draw(random)
        plans, priced = subsets(instance), price_program(instance, prices)
        if not len(plans):
            continue
        worth = plans @ instance.objective
        incumbent = np.flatnonzero(plans[random.choice(np.argsort(worth)[-8:])]) if random.random() < 0.5 else None
        least = None if incumbent is not None else int(worth.max()) + int(random.integers(-3, 2))
        stages = plan_stages(Core.of(instance, priced), set(np.flatnonzero(prices).tolist()), 1e9)
        words += stages is not None and len(stages.code) > 1
        solution = solve_core(instance, priced, incumbent, lambda: False, least=least)
        if solution.columns is None and solution.proven:
            assert worth.max() < least
        else:
            check(instance, solution)
        proven += solution.proven
    assert proven > 30
    assert words > 3
