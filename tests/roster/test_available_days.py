"""In which waves creators are available, by their days, the lead time and blackout days."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.calendar import Calendar, Days, Wave
from microopt.roster.available_days import absent_creators, available_waves, stated_days
from tests.solver.builders import roster

MONTHS = (
    Wave(name="2027-03", starts=date(2027, 3, 1), ends=date(2027, 3, 31)),
    Wave(name="2027-04", starts=date(2027, 4, 1), ends=date(2027, 4, 30)),
    Wave(name="2027-05", starts=date(2027, 5, 1), ends=date(2027, 5, 31)),
)


def spring(**settings):
    return Calendar(waves=MONTHS, **{"lead_days": 0, **settings})


def waves_of(calendar, first="", last=""):
    """Return the names of the waves in which a creator is available."""
    listed = roster(["@a"], available_from=[first], available_to=[last])
    return [
        wave.name for wave, is_open in zip(calendar.waves, available_waves(listed, calendar)[0], strict=True) if is_open
    ]


def test_days_that_are_not_stated_are_open():
    places, days = stated_days(roster(["@a", "@b"], available_to=["2027-03-02", " "]), "available_to")
    assert [days[place] for place in places] == [date(2027, 3, 2), None]
    places, days = stated_days(roster(["@a", "@b"]), "available_to")
    assert [days[place] for place in places] == [None, None]


def test_an_offer_that_was_agreed_is_available_whatever_the_list_says():
    listed = roster(["@a", "@b"], available_from=["2028-01-01", "2028-01-01"])
    agreed = np.asarray([[True, False, False], [False, False, False]])
    assert absent_creators(listed, spring()).tolist() == [True, True]
    assert absent_creators(listed, spring(), agreed=agreed).tolist() == [False, True]


@pytest.mark.parametrize(
    ("first", "last", "names"),
    [
        ("", "", ["2027-03", "2027-04", "2027-05"]),
        ("2027-03-31", "", ["2027-03", "2027-04", "2027-05"]),
        ("2027-04-01", "", ["2027-04", "2027-05"]),
        ("", "2027-04-01", ["2027-03", "2027-04"]),
        ("2027-04-10", "2027-04-10", ["2027-04"]),
        ("2027-06-01", "", []),
        ("", "2027-02-28", []),
    ],
)
def test_both_days_of_an_availability_count(first, last, names):
    assert waves_of(spring(), first, last) == names


def test_the_last_day_that_there_is_may_be_one_of_availability():
    assert waves_of(spring(lead_days=14), "9999-12-31", "") == []
    assert waves_of(spring(lead_days=14), "2027-05-17", "9999-12-31") == ["2027-05"]


def test_a_creator_needs_the_lead_time_from_the_day_on_which_they_are_available():
    assert waves_of(spring(lead_days=14), "2027-03-17") == ["2027-03", "2027-04", "2027-05"]
    assert waves_of(spring(lead_days=14), "2027-03-18") == ["2027-04", "2027-05"]
    assert waves_of(spring(lead_days=14)) == ["2027-03", "2027-04", "2027-05"]


def test_a_wave_of_blackout_days_alone_has_no_offers():
    april = Days(starts=date(2027, 4, 1), ends=date(2027, 4, 30))
    assert waves_of(spring(blackout=(april,))) == ["2027-03", "2027-05"]
    all_but_one = Days(starts=date(2027, 4, 2), ends=date(2027, 4, 30))
    assert waves_of(spring(blackout=(all_but_one,))) == ["2027-03", "2027-04", "2027-05"]
    assert waves_of(spring(blackout=(all_but_one,)), "2027-04-02", "2027-05-01") == ["2027-05"]


days = st.dates(date(2027, 2, 20), date(2027, 6, 10))


@given(
    first=st.none() | days,
    last=st.none() | days,
    lead=st.integers(0, 40),
    blackout=st.lists(st.tuples(days, days), max_size=3),
)
def test_a_wave_is_open_if_any_of_its_days_is(first, last, lead, blackout):
    black = tuple(Days(starts=min(pair), ends=max(pair)) for pair in sorted(blackout, key=min))
    calendar = spring(lead_days=lead, blackout=black)
    cells = [day.isoformat() if day else "" for day in (first, last)]
    expected = []
    for wave in MONTHS:
        every = [wave.starts + timedelta(days=n) for n in range((wave.ends - wave.starts).days + 1)]
        good = [
            day
            for day in every
            if not any(days.starts <= day <= days.ends for days in black)
            and (first is None or day >= first + timedelta(days=lead))
            and (last is None or day <= last)
        ]
        expected += [wave.name] if good else []
    assert waves_of(calendar, *cells) == expected
