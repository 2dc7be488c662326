"""Filling in a given order: caps and groups are kept, floors are left to the caller."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.solver.greedy_fill import greedy_fill
from tests.solver.builders import CALM, line, picks, program, programs


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
