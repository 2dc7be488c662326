"""

The few least of many numbers are those that sorting all would give.

Numbers of columns, found by position.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.solver import arrays
from microopt.solver.arrays import k_smallest, prefix_within_capacity, sparse_lookup
from tests.scale import examples
from tests.solver.builders import CALM


def test_among_equals_the_least_are_spread_evenly():
    assert k_smallest(np.zeros(10), 4).tolist() == [0, 3, 6, 9]
    assert k_smallest(np.asarray([5.0, 1, 5, 5, 5, 0]), 4).tolist() == [1, 5, 0, 4]


@settings(CALM, max_examples=examples(200))
@given(st.lists(st.integers(-3, 3) | st.floats(-3, 3), max_size=40), st.integers(0, 45))
def test_the_least_are_as_many_as_asked_for_and_no_others_are_less(numbers, count):
    numbers = np.asarray(numbers, dtype=float)
    found = k_smallest(numbers, count)
    assert len(set(found.tolist())) == len(found) == min(count, len(numbers))
    others = np.delete(numbers, found)
    assert not len(found) or not len(others) or numbers[found].max() <= others.min()


@settings(CALM, max_examples=examples(200))
@given(st.data(), st.integers(1, 40), st.integers(0, 120))
def test_what_fills_a_room_is_what_comes_first_until_it_is_full(data, count, room):
    rank = np.asarray(data.draw(st.lists(st.integers(-9, 9), min_size=count, max_size=count, unique=count < 15)), float)
    amount = np.asarray(data.draw(st.lists(st.integers(0, 9), min_size=count, max_size=count)), float)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrays, "FIRST_SORT", 3)
        patch.setattr(arrays, "GROWTH", 2)
        found = prefix_within_capacity(rank, amount, room)
    assert (np.diff(rank[found]) >= 0).all()
    assert len(found) == count or amount[found].sum() > room
    assert amount[found[:-1]].sum() <= room
    assert sorted(rank[found].tolist()) == sorted(rank.tolist())[: len(found)]


@CALM
@given(st.dictionaries(st.integers(0, 12), st.integers(-9, 9)), st.lists(st.integers(0, 15)))
def test_entries_are_those_of_a_dictionary(numbers, asked):
    columns = np.asarray(sorted(numbers), dtype=np.intp)
    found = sparse_lookup(
        columns, np.asarray([numbers[c] for c in columns.tolist()], np.int64), np.asarray(asked, np.intp)
    )
    assert found.tolist() == [numbers.get(column, 0) for column in asked]
    assert found.dtype == np.int64
