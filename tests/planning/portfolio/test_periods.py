"""Periods: without gaps, from the first to the last day, and days that meet them or are too near."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.planning.portfolio.periods import ALWAYS, find_periods, occasions_in, overlaps

DAYS = st.dates(date(2023, 1, 1), date(2029, 12, 31))


def spans():
    return st.tuples(DAYS, st.integers(0, 120)).map(lambda span: (span[0], span[0] + timedelta(days=span[1])))


@given(st.sampled_from(["week", "month", "quarter"]), st.lists(spans(), min_size=1, max_size=4))
def test_periods_cover_all_days_once_and_start_where_calendars_do(period, occasions):
    found = find_periods(period, occasions)
    assert all(first <= last for first, last in found)
    assert all(last + timedelta(days=1) == first for (_, last), (first, _) in pairwise(found))
    assert found[0][0] <= min(first for first, _ in occasions) <= found[0][1]
    assert found[-1][0] <= max(last for _, last in occasions) <= found[-1][1]
    starts = {"week": lambda day: day.weekday() == 0, "month": lambda day: day.day == 1}
    is_start = starts.get(period, lambda day: day.day == 1 and day.month % 3 == 1)
    assert all(is_start(first) for first, _ in found)


@given(spans(), spans(), st.integers(0, 60))
def test_days_are_too_near_where_fewer_days_are_between_them(one, other, between):
    def days(span):
        return {span[0] + timedelta(days=number) for number in range((span[1] - span[0]).days + 1)}

    apart = min(abs((first - second).days) for first in days(one) for second in days(other))
    assert overlaps(one, other, between) == overlaps(other, one, between) == (apart <= between)


@pytest.mark.parametrize("occasion", [(None, None), (None, date(2027, 5, 1)), (date(2027, 1, 1), None)])
def test_open_ends_meet_all_periods(occasion):
    assert overlaps(occasion, ALWAYS)
    assert occasions_in([occasion], (date(2027, 3, 1), date(2027, 3, 31))).all()


def test_all_of_the_time_is_one_period_without_a_period_or_without_days():
    assert find_periods(None, [(date(2027, 1, 1), date(2027, 3, 1))]) == (ALWAYS,)
    assert find_periods("month", [(None, None)]) == (ALWAYS,)
