"""From when and until when creators are available, as a list says it."""

from datetime import date

import pytest

from microopt.campaign.calendar import Calendar, Wave
from tests.readers.builders import fault_keys, read

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


def test_slashes_are_read_if_the_column_shows_their_order():
    assert days_of("available_from", "13/04/2027", "01/05/2027") == [("2027-04-13", ""), ("2027-05-01", "")]


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
