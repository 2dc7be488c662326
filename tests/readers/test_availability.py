"""From when and until when creators are available, as a list says it."""

from datetime import date

import pytest

from microopt.campaign.calendar import Calendar, Wave
from tests.readers.builders import fault_keys, read, roster_error

CALENDAR = Calendar(waves=(Wave(name="2027-03", starts=date(2027, 3, 1), ends=date(2027, 3, 31)),))
HEAD = "creator,followers,fee"


def days_of(header, *rows, calendar=CALENDAR):
    """Return the texts of both columns, row by row."""
    lines = [f"{HEAD},{header}", *(f"@{number},20000,100,{row}" for number, row in enumerate(rows))]
    listed = read("\n".join(lines), calendar=calendar)
    return [(listed.text("available_from", row), listed.text("available_to", row)) for row in range(len(listed))]


@pytest.mark.parametrize(
    "header",
    [
        "available_from,available_to",
        "Available from,Available until",
        "Verfügbar ab,Verfügbar bis",
        "Disponible desde,Disponible hasta",
        "Disponible dès,Disponible jusqu'au",
    ],
)
def test_days_become_iso_dates_in_any_spelling(header):
    rows = ["2027-03-01,31.05.2027", ",2027-04-01T09:00:00Z", "n/a,-"]
    assert days_of(header, *rows) == [("2027-03-01", "2027-05-31"), ("", "2027-04-01"), ("", "")]


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        *((cell, "2027-03-01", "2027-03-31") for cell in ("2027-03", "March 2027", "Mar 2027", "März 2027", "03/2027")),
        *((cell, "2027-03-15", "2027-03-15") for cell in ("15 Mar 2027", "Mar 15 2027", "15. März 2027", "2027/03/15")),
        *((cell, "2027-03-15", "2027-03-15") for cell in ("15.3.27", "15-Mar-27", "46461", "2027-03-15T00:00:00")),
        *((cell, "2027-03-15", "2027-03-15") for cell in ("3/15/2027", "3/15/27", "15-03-2027", "15/3/27 ")),
        ("2027-W10", "2027-03-08", "2027-03-14"),
        ("Q2 2027", "2027-04-01", "2027-06-30"),
    ],
)
def test_a_month_or_a_week_begins_on_its_first_day_and_ends_on_its_last_one(cell, first, last):
    assert days_of("available_from,available_to", f"{cell},{cell}") == [(first, last)]


def test_how_months_are_read_is_told():
    text = f"{HEAD},available_from,available_to\n@a,20000,100,2027-03,2027-05-31\n@b,20000,100,2027-03-02,2027-05-30"
    reading = {use.column: use.reading for use in read(text, calendar=CALENDAR).columns}
    assert reading["available_from"] == "a month or a week is its first day"
    assert reading["available_to"] == ""


def test_numbers_of_a_spreadsheet_are_days():
    assert days_of("available_from", "46461", "46462") == [("2027-03-15", ""), ("2027-03-16", "")]


@pytest.mark.parametrize("name", ["available_from", "available_to"])
@pytest.mark.parametrize("word", ["TBD", "open", "ongoing", "any", "offen", "Anytime"])
def test_words_for_an_open_end_are_empty_cells_and_are_counted(name, word):
    text = f"{HEAD},{name}\n@a,20000,100,{word}\n@b,20000,100,{word}\n@c,20000,100,2027-03-01"
    listed = read(text, calendar=CALENDAR)
    assert [listed.text(name, row) for row in range(3)] == ["", "", "2027-03-01"]
    side = "from the start" if name == "available_from" else "to the end"
    assert f"2 cells of {name} such as {word!r} were read as empty: available {side}" in listed.notes


def test_one_word_for_an_open_end_is_named():
    assert days_of("Verfügbar bis", "Ende offen", "31.5.27") == [("", ""), ("", "2027-05-31")]
    text = f"{HEAD},Verfügbar ab\n@a,20000,100,ab sofort\n@b,20000,100,n/a"
    notes = read(text, calendar=CALENDAR).notes
    assert "1 cell of Verfügbar ab, 'ab sofort', was read as empty: available from the start" in notes


@pytest.mark.parametrize("row", [("available_to", "now"), ("available_to", "sofort"), ("available_from", "open end")])
def test_a_word_for_one_end_is_not_read_as_the_other_one(row):
    name, word = row
    assert fault_keys(f"{HEAD},{name}\n@a,20000,100,{word}", calendar=CALENDAR) == [("date-unreadable", 2, name)]


@pytest.mark.parametrize(
    "cell", ["Mar 27", "27/03/28", "1.4.99", "soon", "end of May 2027", "April", "12345", "31/04/2027", "2027-13-01"]
)
def test_what_could_be_several_days_or_is_none_is_a_fault_with_two_right_forms(cell):
    (fault,) = roster_error(f"{HEAD},available_from\n@a,20000,100,{cell}", calendar=CALENDAR).faults
    assert fault.code == "date-unreadable"
    assert "2027-03-15 or 15 Mar 2027" in fault.fix


def test_days_with_dashes_show_their_order_as_those_with_slashes_do():
    assert days_of("available_from", "13-04-2027", "01/05/2027") == [("2027-04-13", ""), ("2027-05-01", "")]
    text = f"{HEAD},available_to\n@a,20000,100,02-03-2027"
    assert fault_keys(text, calendar=CALENDAR) == [("date-ambiguous", 2, "available_to")]


def test_slashes_are_read_if_the_column_shows_their_order():
    assert days_of("available_from", "13/04/2027", "01/05/2027") == [("2027-04-13", ""), ("2027-05-01", "")]


def test_slashes_are_read_if_the_other_column_shows_their_order():
    assert days_of("available_from,available_to", "1/4/2027,31/5/2027", "2/4/2027,1/5/2027") == [
        ("2027-04-01", "2027-05-31"),
        ("2027-04-02", "2027-05-01"),
    ]
    assert days_of("available_from,available_to", "4/1/2027,5/31/2027") == [("2027-04-01", "2027-05-31")]


@pytest.mark.parametrize("cell", ["31 Feb 2027", "2027-02-30", "from 29.2.2027"])
def test_a_day_that_its_month_does_not_have_is_told(cell):
    (fault,) = roster_error(f"{HEAD},available_from\n@a,20000,100,{cell}", calendar=CALENDAR).faults
    assert fault.message.endswith("is not a date: February 2027 has 28 days")


def test_a_cell_that_is_no_date_is_a_fault_in_a_campaign_with_waves_alone():
    text = f"{HEAD},available from\n@a,20000,100,soon"
    assert fault_keys(text, calendar=CALENDAR) == [("date-unreadable", 2, "available from")]
    assert days_of("available from", "soon", calendar=None) == [("soon", "")]


def test_a_dated_cell_with_two_readings_is_a_fault():
    text = f"{HEAD},available_to\n@a,20000,100,02/03/2027"
    assert fault_keys(text, calendar=CALENDAR) == [("date-ambiguous", 2, "available_to")]


def test_an_end_before_the_start_is_a_fault():
    text = f"{HEAD},available_from,available_to\n@a,20000,100,2027-04-01,2027-03-31\n@b,20000,100,2027-04-01,2027-04-01"
    assert fault_keys(text, calendar=CALENDAR) == [("available-reversed", 2, "available_to")]


@pytest.mark.parametrize(
    ("name", "cell", "day"),
    [
        ("available_from", "from 15 March 2027", "2027-03-15"),
        ("available_from", "ab 15.3.2027", "2027-03-15"),
        ("available_to", "until March 2027", "2027-03-31"),
        ("available_to", "bis 15. März 2027", "2027-03-15"),
    ],
)
def test_a_cell_may_say_which_end_it_is(name, cell, day):
    (found,) = days_of(name, cell)
    assert day in found


@pytest.mark.parametrize(
    ("name", "cell", "other"),
    [("available_from", "until 2027-02-15", "available_to"), ("available_to", "ab 15.2.2027", "available_from")],
)
def test_a_day_of_the_other_end_is_a_fault(name, cell, other):
    (fault,) = roster_error(f"{HEAD},{name}\n@a,20000,100,{cell}", calendar=CALENDAR).faults
    assert fault.code == "date-unreadable"
    assert other in fault.fix
