"""Dates: an ambiguous date is never guessed."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.readers import dates
from microopt.readers.dates import parse_date_column
from microopt.readers.options import ReadOptions
from microopt.readers.words.vocabulary import RESULTS
from tests.readers.builders import make_context, noted_faults

DAY = date(2026, 11, 2)


def parse_dates(*cells):
    context = make_context(ReadOptions(vocabulary=RESULTS), date=list(cells))
    context.columns = {"date": 0}
    return parse_date_column(context, "date"), noted_faults(context)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-02",
        " 2026-11-02 ",
        "2026-11-02T23:30:00Z",
        "2026-11-02 00:00:00",
        "2026-11-02 10:00:00.123456789",
        "20261102",
        "\u200e2026-11-02",
        "'2026-11-02",
        "2 Nov 2026",
        "Nov 2, 2026",
        "2. November 2026 10:30",
        "2026/11/02",
        "02.11.2026",
        "2.11.2026",
        "02.11.2026 10:30",
        "1793577600",
        "1793663999000",
    ],
)
def test_a_day_is_read_with_or_without_a_time(cell):
    assert parse_dates(cell) == ([DAY], [])


@pytest.mark.parametrize("few", [True, False])
def test_many_time_stamps_are_read_as_few_are(monkeypatch, few):
    monkeypatch.setattr(dates, "MANY_TIMES", 100 if few else 1)
    cells = ("2026-11-02T23:30:00Z", "2026-11-02 10:00:00.5", "2026-11-02", "1793577600", "02.11.2026", "20261102", "")
    assert parse_dates(*cells) == ([DAY] * 6 + [None], [])
    assert parse_dates("2026-11-02 10:00:00 or so", "2026-13-02 10:00:00", "soon")[1] == [
        ("date-unreadable", row, "date") for row in (2, 3, 4)
    ]


def test_a_long_column_of_time_stamps_is_read_by_its_days(monkeypatch):
    monkeypatch.setattr(dates, "MANY_TIMES", 1)
    context = make_context(ReadOptions(vocabulary=RESULTS), date=["2026-11-02"])
    context.columns = {"date": 0}
    cells = ["2026-11-02T23:30:00Z", "2026-11-02 10:00", None, "2026-11-03", "2026-11-02T01:00:00+02:00"]
    context.table.columns[0] = pd.Series(cells, dtype="str")
    codes, days = dates.parse_distinct_dates(context, "date")
    assert [days[code] for code in codes] == [DAY, DAY, None, date(2026, 11, 3), DAY]
    assert len(days) == 3


@pytest.mark.parametrize("cell", ["", "-", "N/A", "nan", None])
def test_an_empty_cell_has_no_day(cell):
    assert parse_dates(cell, "2026-11-02") == ([None, DAY], [])


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (("02/11/2026", "13/11/2026"), (DAY, date(2026, 11, 13))),
        (("11/02/2026", "11/13/2026 4:05 PM"), (DAY, date(2026, 11, 13))),
        (("11/11/2026", "12/12/2026"), (date(2026, 11, 11), date(2026, 12, 12))),
    ],
)
def test_the_column_decides_the_order_of_day_and_month(cells, days):
    assert parse_dates(*cells) == ([*days], [])


def test_a_date_with_two_readings_is_a_fault_if_no_cell_decides():
    assert parse_dates("02/11/2026", "2026-11-13", "03/03/2026")[1] == [("date-ambiguous", 2, "date")]


def test_a_column_in_both_orders_is_a_fault_of_the_column():
    assert parse_dates("13/11/2026", "11/13/2026", "02/11/2026")[1] == [("date-ambiguous", None, "date")]


@pytest.mark.parametrize(
    "cell",
    [
        "soon",
        "2026-13-01",
        "31/31/2026",
        "02.11.26",
        "46328",
        "2026",
        "=NOW()",
        "1/2",
        "٠",
        "Nov 2026",
        "2-Nov-26",
        "2026/11",
    ],
)
def test_a_cell_that_is_not_a_date_is_a_fault(cell):
    assert parse_dates(cell, "2026-11-02")[1] == [("date-unreadable", 2, "date")]


@given(
    st.lists(st.dates(date(1900, 1, 1), date(2100, 12, 31)), min_size=1, max_size=9),
    st.sampled_from(("%d/%m/%Y", "%m/%d/%Y")),
)
def test_days_with_slashes_are_parsed_correctly_or_reported(days, order):
    parsed, faults = parse_dates(*[day.strftime(order) for day in days])
    assert faults or parsed == days
