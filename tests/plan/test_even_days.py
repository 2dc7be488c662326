"""Posts spread evenly over days."""

from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.plan.even_days import spread_evenly


@st.composite
def posts_and_days(draw):
    count = draw(st.integers(1, 12))
    ends = st.integers(0, count - 1)
    windows = draw(st.lists(st.tuples(ends, ends).map(lambda pair: tuple(sorted(pair))), max_size=8))
    return windows, count, draw(st.lists(ends, max_size=4))


def test_posts_that_can_go_out_on_every_day_are_evenly_spaced_in_their_order():
    assert spread_evenly([(0, 29)] * 3, 30) == [5, 15, 25]


@pytest.mark.parametrize("posts", [1, 5, 30, 31, 61, 100])
def test_no_day_has_two_posts_more_than_another(posts):
    loads = Counter(spread_evenly([(0, 29)] * posts, 30))
    assert max(loads.values()) - min(loads[day] for day in range(30)) <= 1


def test_posts_keep_away_from_days_that_are_taken():
    assert spread_evenly([(0, 29)] * 2, 30, taken=[14]) == [5, 25]


def test_a_post_with_few_days_goes_before_one_that_can_wait():
    assert spread_evenly([(0, 9), (0, 3)], 10) == [7, 2]


def test_posts_that_can_wait_still_go_out_in_their_order_where_they_can():
    assert spread_evenly([(0, 29), (0, 28), (0, 27)], 30) == [5, 15, 25]


def test_leading_posts_are_the_earliest_also_before_those_that_have_fewer_days():
    leading, *others = spread_evenly([(0, 29), *[(0, 20)] * 3, (0, 5)], 30, leading=1)
    assert leading < min(others)
    assert spread_evenly([(0, 9), (0, 3)], 10, leading=1) == [0, 2]


def test_posts_that_share_a_few_days_fill_them_evenly():
    assert Counter(spread_evenly([(25, 29)] * 10, 30)) == dict.fromkeys(range(25, 30), 2)


@given(posts_and_days())
def test_every_post_has_a_day_of_its_own_window(drawn):
    windows, count, taken = drawn
    days = spread_evenly(windows, count, taken)
    assert len(days) == len(windows)
    assert all(first <= day <= last for day, (first, last) in zip(days, windows, strict=True))
    assert days == spread_evenly(windows, count, taken)


@given(posts_and_days())
def test_as_many_posts_as_can_be_have_one_of_the_evenly_spaced_days(drawn):
    windows, count, _ = drawn
    windows = windows[:5]
    even = [(2 * place + 1) * count // (2 * len(windows)) for place in range(len(windows))]
    matched = Counter(spread_evenly(windows, count)) & Counter(even)
    most = max(
        sum(first <= day <= last for day, (first, last) in zip(order, windows, strict=True))
        for order in permutations(even)
    )
    assert matched.total() >= most
