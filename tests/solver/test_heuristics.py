"""

Filling in a given order: caps and groups are kept, floors are left to the caller.
"""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.solver.greedy_fill import greedy_fill
from microopt.solver.heuristics import local_search
from tests.solver.builders import CALM, line, net_programs, picks, pool, program, programs


def filled(instance, *order, start=None):
    return greedy_fill(instance, picks(*order), start=start).tolist()


def test_columns_are_taken_in_order_while_they_fit():
    instance = program([1, 1, 1, 1], line([5, 4, 3, 1], upper=8))
    assert filled(instance, 0, 1, 2, 3) == [0, 2]
    assert filled(instance, 1, 2, 3, 0) == [1, 2, 3]


def test_one_of_a_group_is_taken():
    instance = program([1, 1, 1], group=[0, 0, 1])
    assert filled(instance, 1, 0, 2) == [1, 2]


def test_columns_at_the_start_come_first_if_they_fit():
    instance = program([1, 1, 1], line([5, 4, 9], upper=8))
    assert filled(instance, 0, start=picks(1)) == [1]
    assert filled(instance, 0, start=picks(2)) == [0]


def test_floors_and_rows_of_mixed_signs_are_not_looked_at():
    instance = program([1, 1], line([1, 1], lower=2), line([1, -1], upper=0))
    assert filled(instance, 0) == [0]


def test_a_row_that_nothing_keeps_leaves_the_plan_empty():
    assert filled(program([1, 1], line([1, 0], upper=-1)), 0, 1) == []


def test_a_program_without_columns_is_filled_with_none():
    assert filled(program([])) == []


@CALM
@given(programs(soft=False), st.randoms(use_true_random=False))
def test_caps_and_groups_are_kept_and_nothing_more_would_fit(instance, random):
    order = list(range(len(instance)))
    random.shuffle(order)
    plan = greedy_fill(instance, picks(*order))
    caps = [
        replace(limit, lower=None)
        for limit in instance.rows
        if limit.upper is not None and (limit.coefficients >= 0).all()
    ]
    only = program(instance.objective, *caps, group=instance.group)
    hopeless = any(limit.upper < 0 for limit in caps)
    assert not len(plan) if hopeless else not only.violated_constraints(plan)
    if not hopeless:
        remaining = np.setdiff1d(order, plan)
        assert all(only.violated_constraints(np.sort(np.append(plan, column))) for column in remaining)


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
