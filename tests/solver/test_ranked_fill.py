"""Filling a plan by rank under all rows, checked by hand and against a plain greedy fill."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.solver import ranked_fill
from microopt.solver.heuristics import greedy_fill
from microopt.solver.ranked_fill import fill_by_rank
from microopt.solver.repair_cost import RepairCost
from tests.scale import examples
from tests.solver.builders import CALM, line, picks, program, programs

UNLIMITED = 10**9


def filled(instance, *ranks, start=(), budget=UNLIMITED):
    columns = np.arange(len(instance))
    return fill_by_rank(instance, columns, [np.asarray(ranks)], picks(*start), budget).tolist()


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
    assert filled(instance, 1, 2, 3, budget=60) == [1]
    assert filled(instance, 1, 2, 3, budget=95) == [1, 2]


def test_columns_that_a_share_keeps_out_do_not_end_the_list(monkeypatch):
    monkeypatch.setattr(ranked_fill, "AT_ONCE", 2)
    instance = program([1] * 7, line([1, 1, 1, 1, 1, -1, -1], upper=0), cost=[10] * 7)
    assert filled(instance, 1, 2, 3, 4, 5, 6, 7, budget=70) == [0, 1, 5, 6]


def test_a_quota_is_filled_again_after_a_share_made_its_first_column_leave():
    share, quota = line([3, -1, -1, -1], upper=0), line([1, 1, 1, 0], lower=2)
    instance = program([1, 1, 1, 1], share, quota, line([0, 1, 1, 1], upper=2), cost=[10] * 4)
    assert filled(instance, 1, 2, 3, 4, budget=100) == [1, 2]


def test_of_a_fill_that_breaks_a_share_for_a_while_and_one_that_never_does_the_one_that_spends_more_is_kept():
    instance = program([1] * 5, line([2, 1, -1, 1, -1], upper=0), line([0, 1, 1, 1, 1], lower=2), cost=[10] * 5)
    assert filled(instance, 1, 2, 3, 4, 5, budget=50) == [1, 2, 3, 4]


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
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranked_fill, "AT_ONCE", 2)
        result = fill_by_rank(only, np.arange(len(only)), ranks, start, UNLIMITED)
    assert result.tolist() == greedy_fill(only, np.lexsort((ranks[1], ranks[0])), start=start).tolist()


@settings(CALM, max_examples=examples(400))
@given(
    programs(columns=30, soft=False),
    st.integers(0, 300),
    st.sampled_from([2, 5, 1_024]),
    st.sampled_from([1, 3, 16]),
    st.data(),
)
def test_columns_that_are_added_in_runs_are_those_that_are_added_one_by_one(instance, budget, at_once, run, data):
    several = st.lists(st.integers(0, 4), min_size=len(instance), max_size=len(instance))
    ranks = [np.asarray(data.draw(several))]
    plans = []
    for longest in (None, 1):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ranked_fill, "AT_ONCE", at_once)
            patch.setattr(ranked_fill, "FIRST_RUN", run)
            if longest:
                patch.setattr(ranked_fill._Fill, "_longest_run", lambda *_: 1)
            plans.append(fill_by_rank(instance, np.arange(len(instance)), ranks, picks(), budget).tolist())
    assert plans[0] == plans[1]


@settings(CALM, max_examples=examples(200))
@given(programs(columns=12, soft=False), st.randoms(use_true_random=False))
def test_no_cap_and_no_group_is_ever_broken(instance, random):
    order = list(range(len(instance)))
    random.shuffle(order)
    plan = fill_by_rank(instance, np.arange(len(instance)), [np.asarray(order)], picks(), UNLIMITED)
    caps = [row for row in instance.rows if row.lower is None and (row.coefficients >= 0).all() and row.upper >= 0]
    assert all(row.holds(row.activity(plan)) for row in caps)
    assert len(np.unique(instance.group[plan])) == len(plan)


def test_a_cheap_column_that_is_selected_cannot_fill_the_quota_again():
    costs, ranks = (1, 1, 1, 2, 2, 3, 5), (0, 0, 0, 1, 1, 0, 0)
    instance = program([1] * 7, line([1] * 7, lower=6), cost=costs)
    assert len(filled(instance, *ranks, budget=12)) == 6


@settings(CALM, max_examples=examples(100))
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 9)), min_size=1, max_size=10), st.data())
def test_a_number_of_columns_is_reached_wherever_the_money_allows_it(columns, data):
    costs, ranks = zip(*columns, strict=True)
    count = data.draw(st.integers(1, len(columns)))
    budget = sum(sorted(costs)[:count]) + data.draw(st.integers(0, 40))
    instance = program([1] * len(columns), line([1] * len(columns), lower=count), cost=costs)
    assert len(filled(instance, *ranks, budget=budget)) >= count


@settings(CALM, max_examples=examples(100))
@given(programs(columns=12, soft=False), st.randoms(use_true_random=False))
def test_what_does_not_fit_at_the_end_would_break_a_row_or_the_budget(instance, random):
    order = list(range(len(instance)))
    random.shuffle(order)
    budget = int(instance.cost.sum()) // 2
    plan = fill_by_rank(instance, np.arange(len(instance)), [np.asarray(order)], picks(), budget)
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


def test_what_quotas_need_is_computed_again_only_where_money_is_short(monkeypatch):
    asked = []
    least_cost = RepairCost.least_cost
    monkeypatch.setattr(RepairCost, "least_cost", lambda self, *given: (asked.append(1), least_cost(self, *given))[1])
    quotas = [line([int(number % 3 == kind) for number in range(60)], lower=15) for kind in range(3)]
    instance = program([1] * 60, *quotas, cost=[10] * 60)
    assert len(filled(instance, *range(60), budget=10_000)) == 60
    ample = len(asked)
    assert len(filled(instance, *range(60), budget=450)) == 45
    assert ample == len(quotas)  # once each, when the money is set aside


def test_quotas_are_filled_once_for_both_ways_to_go_on(monkeypatch):
    rows = []
    add_floors = ranked_fill._Fill.add_floors
    monkeypatch.setattr(
        ranked_fill._Fill, "add_floors", lambda self, ranking: (rows.extend(self.floors()), add_floors(self, ranking))
    )
    share, quota = line([3, -1, -1, -1], upper=0), line([1, 1, 1, 0], lower=1)
    instance = program([1, 1, 1, 1], share, quota, line([0, 1, 1, 1], upper=2), cost=[10] * 4)
    filled(instance, 1, 2, 3, 4, budget=100)
    assert rows == [1]
