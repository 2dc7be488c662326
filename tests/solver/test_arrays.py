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
from microopt.solver.arrays import k_smallest, prefix_within_capacity, sparse_lookup, times
from tests.scale import examples
from tests.solver.builders import CALM


def test_among_equals_the_least_are_spread_evenly():
    assert k_smallest(np.zeros(10), 4).tolist() == [0, 3, 6, 9]
    assert k_smallest(np.asarray([5.0, 1, 5, 5, 5, 0]), 4).tolist() == [1, 5, 0, 4]


@settings(CALM, max_examples=examples(200))
@given(st.lists(st.integers(-3, 3) | st.floats(-3, 3), max_size=40), st.integers(0, 45))
def test_the_least_are_as_many_as_asked_for_and_no_others_are_less(numbers, count):
    numbers = np.asarray(numbers, dtype=float)
    result = k_smallest(numbers, count)
    assert len(set(result.tolist())) == len(result) == min(count, len(numbers))
    remaining = np.delete(numbers, result)
    assert not len(result) or not len(remaining) or numbers[result].max() <= remaining.min()


@settings(CALM, max_examples=examples(50))
@given(
    st.integers(0, 2_000), st.integers(0, 999), st.sampled_from(["apart", "equal", "endless", "sorted", "sample high"])
)
def test_the_least_of_many_are_those_that_sorting_all_gives(count, seed, kind):
    numbers = np.random.default_rng(seed).integers(0, 10**6, 5_000).astype(float)
    if kind == "equal":
        numbers //= 10**5
    elif kind == "endless":
        numbers[numbers > 10**5] = np.inf
    elif kind == "sorted":
        numbers.sort()
    elif kind == "sample high":
        numbers[:: arrays.SAMPLED] = 10.0**7
    result = k_smallest(numbers, count)
    assert np.sort(numbers[result]).tolist() == np.sort(numbers)[:count].tolist()


@settings(CALM, max_examples=examples(200))
@given(st.data(), st.integers(1, 40), st.integers(0, 120))
def test_what_fills_a_room_is_what_comes_first_until_it_is_full(data, count, room):
    rank = np.asarray(data.draw(st.lists(st.integers(-9, 9), min_size=count, max_size=count, unique=count < 15)), float)
    amount = np.asarray(data.draw(st.lists(st.integers(0, 9), min_size=count, max_size=count)), float)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrays, "FIRST_SORT", 3)
        patch.setattr(arrays, "GROWTH", 2)
        result = prefix_within_capacity(rank, amount, room)
    assert (np.diff(rank[result]) >= 0).all()
    assert len(result) == count or amount[result].sum() > room
    assert amount[result[:-1]].sum() <= room
    assert sorted(rank[result].tolist()) == sorted(rank.tolist())[: len(result)]


@CALM
@given(st.dictionaries(st.integers(0, 12), st.integers(-9, 9)), st.lists(st.integers(0, 15)))
def test_entries_are_those_of_a_dictionary(numbers, requested):
    columns = np.asarray(sorted(numbers), dtype=np.intp)
    result = sparse_lookup(
        columns, np.asarray([numbers[c] for c in columns.tolist()], np.int64), np.asarray(requested, np.intp)
    )
    assert result.tolist() == [numbers.get(column, 0) for column in requested]
    assert result.dtype == np.int64


@settings(CALM)
@given(
    st.lists(st.integers(-(2**61), 2**61), max_size=6),
    st.integers(-(2**40), 2**40) | st.integers(-9, 9),
)
def test_a_product_is_exact_whatever_its_size(numbers, factor):
    product = times(np.asarray(numbers, dtype=np.int64), factor)
    assert product.tolist() == [number * factor for number in numbers]
    assert times(product, 3).tolist() == [number * factor * 3 for number in numbers]
