"""Local search of a plan whose columns reach the same people."""

import numpy as np
from hypothesis import assume, given

from microopt.solver.heuristics import local_search
from tests.solver.builders import CALM, line, net_programs, picks, pool, program


@CALM
@given(net_programs(valued=True, floors=False))
def test_local_search_ends_where_no_further_column_fits_and_gains(instance):
    assume(all(row.lower is None or row.lower <= 0 for row in instance.rows))
    plan = local_search(instance, picks())
    assume(not instance.violated_constraints(plan))  # no start keeps a row that even nothing violates
    for column in np.setdiff1d(np.arange(len(instance)), plan):
        more = np.sort(np.append(plan, column))
        gain = instance.objective_value(more) - instance.objective_value(plan)
        assert instance.violated_constraints(more) or gain <= 1  # of a unit that net reach is rounded to


def test_of_columns_that_reach_the_same_people_one_is_added_at_a_time():
    twins, other = [0.5, 0.5, 0.5, 0.0], [0.0, 0.0, 0.0, 0.45]
    pools = [pool(twins, objective=1.0), pool(other, objective=1.0)]
    plan = local_search(program([0, 0, 0, 0], line([1, 1, 1, 1], upper=2), pools=pools), picks())
    assert len(plan) == 2
    assert 3 in plan


def test_many_columns_are_filled_as_well_as_one_at_a_time():
    random, count = np.random.default_rng(1), 2_000
    of_pool, shares = random.integers(0, 5, count), np.minimum(np.exp(random.normal(-6, 1, count)), 0.2)
    cost = np.ceil(shares * 10_000 * random.uniform(0.5, 2, count)).astype(np.int64)
    pools = [pool(np.where(of_pool == number, shares, 0.0), objective=1.0) for number in range(5)]
    instance = program([0] * count, line(cost, upper=int(cost.sum() // 4)), cost=cost, pools=pools)
    plan = local_search(instance, picks(), 60.0)
    assert not instance.violated_constraints(plan)
    assert instance.objective_value(plan) >= 0.999 * instance.objective_value(one_at_a_time(instance, shares, of_pool))


def one_at_a_time(instance, shares, of_pool):
    """Return the plan of the column that reaches most more people for its cost, again and again."""
    plan, unreached, left = [], np.ones(5), int(instance.rows[0].upper * np.gcd.reduce(instance.cost))
    free = np.ones(len(shares), dtype=bool)
    while (free & (instance.cost <= left)).any():
        worth = np.where(free & (instance.cost <= left), unreached[of_pool] * shares / instance.cost, -1.0)
        column = int(np.argmax(worth))
        plan.append(column)
        free[column] = False
        unreached[of_pool[column]] *= 1 - shares[column]
        left -= int(instance.cost[column])
    return np.sort(np.asarray(plan, dtype=np.intp))
