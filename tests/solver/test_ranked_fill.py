"""Filling a plan by rank under all rows, checked by hand and against a plain greedy fill."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.solver import ranked_fill
from microopt.solver.constraint import constraint
from microopt.solver.greedy_fill import greedy_fill
from microopt.solver.ranked_fill import fill_by_rank
from tests.scale import examples
from tests.solver.builders import CALM, line, picks, program, programs

UNLIMITED = 10**9


def filled(instance, *ranks, start=(), budget=UNLIMITED):
    columns = np.arange(len(instance))
    return fill_by_rank(with_budget(instance, budget), columns, [np.asarray(ranks)], picks(*start)).tolist()


def with_budget(instance, budget):
    return instance.with_row(constraint("budget", instance.cost, upper=budget))


def test_the_lowest_rank_comes_first():
    assert filled(program([1, 1, 1], line([2, 2, 2], upper=4)), 3, 1, 2) == [1, 2]


def test_a_quota_is_filled_before_the_list_is_bought():
    instance = program([1, 1, 1, 1], line([1, 1, 1, 1], upper=2), line([0, 0, 0, 1], lower=1))
    assert filled(instance, 1, 2, 3, 4) == [0, 3]


def test_a_quota_that_cannot_be_filled_stays_broken_and_the_rest_is_bought():
    instance = program([1, 1], line([1, 0], lower=2))
    assert filled(instance, 2, 1) == [0, 1]
    assert instance.violated_constraints(picks(0, 1))


def test_a_share_is_kept_though_any_first_column_breaks_it():
    half = line([1, 1, -1, -1], lower=0, upper=0)  # as many of the first two as of the others
    instance = program([1, 1, 1, 1], half, cost=[10, 10, 10, 10])
    assert filled(instance, 1, 2, 3, 4, budget=40) == [0, 1, 2, 3]
    assert filled(instance, 1, 2, 3, 4, budget=20) == [0, 2]
    assert filled(instance, 1, 2, 3, 4, budget=30) == [0, 2]


def test_what_breaks_a_share_in_the_end_is_dropped():
    most = line([1, -1, -1], upper=0)
    instance = program([1, 1, 1], most, line([0, 1, 1], upper=0), cost=[10, 10, 10])
    assert filled(instance, 1, 2, 3, budget=30) == []


def test_where_no_column_may_be_added_none_is_though_a_share_would_need_some():
    share = line([1, -1, -1], upper=0)
    assert filled(program([1, 1, 1], share, line([1, 1, 1], upper=0)), 1, 2, 3) == []


def test_a_quota_leaves_the_money_for_the_rest_of_it():
    instance = program([1, 1, 1, 1], line([1, 1, 1, 1], lower=3), cost=[50, 10, 10, 20])
    assert filled(instance, 1, 2, 3, 4, budget=45) == [1, 2, 3]
    assert filled(instance, 1, 2, 3, 4, budget=70) == [0, 1, 2]


def test_a_quota_that_the_money_cannot_fill_holds_back_nothing():
    instance = program([1, 1, 1], line([0, 1, 1], lower=2), cost=[50, 40, 40])
    assert filled(instance, 1, 2, 3, budget=60) == [0]
    assert filled(instance, 1, 2, 3, budget=95) == [1, 2]


def test_columns_that_a_share_keeps_out_do_not_end_the_list():
    instance = program([1] * 7, line([1, 1, 1, 1, 1, -1, -1], upper=0), cost=[10] * 7)
    assert filled(instance, 1, 2, 3, 4, 5, 6, 7, budget=70) == [0, 1, 5, 6]


def test_a_quota_is_filled_again_after_a_share_made_its_first_column_leave():
    share, quota = line([3, -1, -1, -1], upper=0), line([1, 1, 1, 0], lower=2)
    instance = program([1, 1, 1, 1], share, quota, line([0, 1, 1, 1], upper=2), cost=[10] * 4)
    assert filled(instance, 1, 2, 3, 4, budget=100) == [1, 2]


def test_with_an_ample_budget_a_share_is_repaired_by_what_is_next_on_the_list():
    instance = program([1] * 5, line([2, 1, -1, 1, -1], upper=0), line([0, 1, 1, 1, 1], lower=2), cost=[10] * 5)
    assert filled(instance, 1, 2, 3, 4, 5, budget=50) == [0, 2, 4]


def test_a_list_is_repaired_among_few_columns_near_its_end_and_those_of_broken_rows(monkeypatch):
    for name in ("NEAR", "NEAR_IN_ROW"):
        monkeypatch.setattr(ranked_fill, name, 2)
    rare = [int(column in (5, 90, 95)) for column in range(100)]
    instance = program([1] * 100, line(rare, lower=2), line([1] * 100, upper=10))
    assert filled(instance, *range(100)) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 90]


def test_what_is_listed_late_is_bought_where_the_first_of_the_list_do_not_use_up_the_budget(monkeypatch):
    monkeypatch.setattr(ranked_fill, "LISTED", 2)
    assert filled(program([1] * 6, cost=[5, 4, 9, 3, 8, 1]), 1, 2, 3, 6, 5, 4, budget=13) == [0, 1, 3, 5]


def test_numbers_that_fill_64_bits_break_no_cap():
    share, floor = line([10**17, -(10**16), 1], upper=0), line([0, 10**17, 10**18], lower=10**18)
    instance = program([1, 1, 1], share, floor, line([2**60, 2**60, 1], upper=2**61), cost=[1, 10**9, 10**12])
    plan = filled(instance, 1, 2, 3, budget=2 * 10**12)
    assert plan == [1, 2]


def test_columns_to_start_with_come_before_all():
    assert filled(program([1, 1, 1], line([1, 1, 1], upper=2)), 1, 2, 3, start=[2]) == [0, 2]


def test_the_budget_is_kept():
    assert filled(program([1, 1, 1], cost=[5, 3, 2]), 1, 2, 3, budget=7) == [0, 2]


@settings(CALM, max_examples=examples(200))
@given(programs(columns=30, soft=False), st.data())
def test_without_quotas_and_shares_it_is_a_plain_greedy_fill(instance, data):
    caps = [row for row in instance.rows if row.upper is not None and (row.coefficients >= 0).all()]
    caps = [line(row.coefficients_at(np.arange(len(instance))).tolist(), upper=max(row.upper, 0)) for row in caps]
    only = program(instance.objective.tolist(), *caps, group=instance.group.tolist())
    several = st.lists(st.integers(0, 4), min_size=len(only), max_size=len(only))
    ranks = [np.asarray(data.draw(several), dtype=float), np.asarray(data.draw(several))]
    start = picks(*data.draw(st.lists(st.integers(0, len(only) - 1), unique=True, max_size=3)))
    result = fill_by_rank(only, np.arange(len(only)), ranks, start)
    assert result.tolist() == greedy_fill(only, np.lexsort((ranks[1], ranks[0])), start=start).tolist()


@settings(CALM, max_examples=examples(200))
@given(programs(columns=12, soft=False), st.randoms(use_true_random=False))
def test_no_cap_and_no_group_is_ever_broken(instance, random):
    order = list(range(len(instance)))
    random.shuffle(order)
    plan = fill_by_rank(instance, np.arange(len(instance)), [np.asarray(order)], picks())
    caps = [row for row in instance.rows if row.lower is None and (row.coefficients >= 0).all() and row.upper >= 0]
    assert all(row.holds(row.activity(plan)) for row in caps)
    assert len(np.unique(instance.group[plan])) == len(plan)


def test_a_cheap_column_that_is_selected_cannot_fill_the_quota_again():
    costs, ranks = (1, 1, 1, 2, 2, 3, 5), (0, 0, 0, 1, 1, 0, 0)
    instance = program([1] * 7, line([1] * 7, lower=6), cost=costs)
    assert len(filled(instance, *ranks, budget=12)) == 6


def test_columns_that_a_share_left_out_are_bought_once_others_make_room_for_them():
    instance = program([1] * 4, line([1, 1, -1, -1], upper=1), cost=[10, 1, 1, 1])
    assert filled(instance, 4, 1, 2, 3, budget=5) == [1, 2, 3]
    assert filled(instance, 2, 1, 4, 3, budget=50) == [0, 1, 2, 3]


@settings(CALM, max_examples=examples(100))
@given(programs(columns=12, soft=False), st.randoms(use_true_random=False))
def test_what_does_not_fit_at_the_end_would_break_a_row_or_the_budget(instance, random):
    order = list(range(len(instance)))
    random.shuffle(order)
    budget = int(instance.cost.sum()) // 2
    plan = fill_by_rank(with_budget(instance, budget), np.arange(len(instance)), [np.asarray(order)], picks())
    assert instance.total_cost(plan) <= budget
    free = np.setdiff1d(np.arange(len(instance)), plan)
    free = [column for column in free.tolist() if instance.group[column] not in instance.group[plan]]
    for column in free:
        larger = np.sort(np.append(plan, column))
        assert instance.total_cost(larger) > budget or any(
            row.activity(larger) > max(row.activity(plan), UNLIMITED if row.upper is None else row.upper)
            or row.activity(larger) < min(row.activity(plan), -UNLIMITED if row.lower is None else row.lower)
            for row in instance.rows
        )
