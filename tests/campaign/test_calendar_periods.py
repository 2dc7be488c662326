"""Months, weeks and days as texts name them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.calendar import Days, Wave
from microopt.campaign.calendar_periods import (
    MONTH,
    WEEK,
    continued,
    is_plain_period,
    parse_days,
    parse_period,
    periods,
)

days = st.dates(date(2000, 1, 1), date(2190, 1, 1))


@given(days, st.integers(0, 400), st.booleans())
def test_regular_waves_are_all_days_each_once(starts, length, is_weekly):
    span = Days(starts=starts, ends=starts + timedelta(length))
    waves = list(periods(span, is_weekly=is_weekly))
    found = [wave.starts + timedelta(i) for wave in waves for i in range((wave.ends - wave.starts).days + 1)]
    assert found == [starts + timedelta(i) for i in range(length + 1)]
    assert all(is_plain_period(wave) for wave in waves[1:-1])
    for wave in waves:
        whole = parse_period(WEEK if is_weekly else MONTH, wave.name)
        assert whole is not None
        assert wave.starts in whole
        assert wave.ends in whole


@given(days, days)
def test_days_are_read_as_they_are_written(first, last):
    assert parse_days(f" {first} .. {last} ") == Days(starts=first, ends=last)
    assert parse_days(f"{first}") == Days(starts=first, ends=first)


@given(st.text())
def test_no_text_ends_a_search_for_days_or_periods(text):
    assert parse_days(text) is None or text.strip()
    assert parse_period(MONTH, text) is None or text[:4].isdecimal()


def test_a_wave_of_another_name_or_of_fewer_days_says_its_days():
    march = Wave(name="2027-03", starts=date(2027, 3, 1), ends=date(2027, 3, 31))
    assert is_plain_period(march)
    assert not is_plain_period(Wave(name="2027-03", starts=date(2027, 3, 2), ends=date(2027, 3, 31)))
    assert not is_plain_period(Wave(name="spring", starts=march.starts, ends=march.ends))


def test_not_every_year_has_a_week_53():
    assert parse_period(WEEK, "2026-W53") is not None
    assert parse_period(WEEK, "2027-W53") is None


@pytest.mark.parametrize(
    ("name", "count", "row"),
    [("2027-03", 5, "2027-03..2027-07"), ("2027-11", 3, "2027-11..2028-01"), ("2027-W52", 2, "2027-W52..2028-W01")],
)
def test_months_and_weeks_go_on_in_a_row(name, count, row):
    days = parse_period(WEEK if "W" in name else MONTH, name)
    assert continued([Wave(name=name, starts=days.starts, ends=days.ends)], count) == row


def test_days_with_a_name_do_not_go_on():
    assert continued([Wave(name="launch", starts=date(2027, 3, 1), ends=date(2027, 3, 14))], 3) == ""
