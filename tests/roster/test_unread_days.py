"""Columns that say when creators are available, under other headers than those that are read."""

import pytest

from microopt.roster.unread_days import DayColumn, find_day_column


@pytest.mark.parametrize(
    ("header", "cells", "column"),
    [
        ("Available", ["in January only", "tbd", ""], None),
        ("Availability", ["2027-04", "May 2027"], "available_from"),
        ("Verfügbarkeit", ["ab April"], None),
        ("Dates available", ["1/4/2027", "15/4/2027"], "available_from"),
        ("Start", ["2027-04-01", "46461", ""], "available_from"),
        ("End date", ["30.04.2027"], "available_to"),
    ],
)
def test_days_of_creators_are_known_by_their_header_and_cells(header, cells, column):
    assert find_day_column(header, cells, {"creator"}) == DayColumn(header=header, column=column)


@pytest.mark.parametrize(
    ("header", "cells", "known"),
    [
        ("Available", ["yes", "No", ""], ()),
        ("Available", ["3", "12"], ()),
        ("Start", ["Berlin", "Hamburg"], ()),
        ("To", ["2027-04-30"], {"available_to"}),
        ("Availability", ["2027-04"], {"available_from"}),
        ("available_to", ["2027-04-30"], ()),
        ("Birthday", ["2027-04-30"], ()),
    ],
)
def test_other_columns_and_those_that_are_read_are_not_told(header, cells, known):
    assert find_day_column(header, cells, known) is None
