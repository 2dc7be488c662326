"""What dynamic programming proves of small programs at any prices is what enumeration finds."""

from fractions import Fraction
from math import inf, nextafter

import numpy as np
import pytest

from microopt.solver.core import Core
from microopt.solver.core_dynamic_programming import solve_core
from microopt.solver.program import IntegerProgram, constraint
from microopt.solver.reduced_cost_fixing import price_program
from tests.scale import repeats
from tests.solver.builders import best, line, program
from tests.solver.test_core_dynamic_programming import check


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


@pytest.mark.parametrize("seed", range(4))
def test_shares_beside_counts_are_proven_as_enumeration_has_it(seed):
    random, proven = np.random.default_rng(seed), 0
    for _ in range(repeats(150)):
        instance, prices = capped(random)
        solution = solve_core(instance, price_program(instance, prices), None, lambda: False)
        check(instance, solution)
        proven += solution.proven or best(instance) is None
    assert proven > 100


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
