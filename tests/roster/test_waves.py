"""Offers over the waves of a calendar, by when their creators are available."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.calendar import Calendar, Days, Wave
from microopt.errors import CampaignError
from microopt.roster.available_days import absent_creators, available_waves
from microopt.roster.waves import expand_waves
from tests.solver.builders import roster

MONTHS = (
    Wave(name="2027-03", starts=date(2027, 3, 1), ends=date(2027, 3, 31)),
    Wave(name="2027-04", starts=date(2027, 4, 1), ends=date(2027, 4, 30), demand=2),
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


def test_an_offer_is_in_every_wave_in_the_order_of_time():
    expanded = expand_waves(roster(["@b", "@a"], fee=[500, 700]), spring())
    assert [expanded.texts["creator"][row] for row in range(6)] == ["@b"] * 3 + ["@a"] * 3
    assert [expanded.texts["wave"][row] for row in range(6)] == ["2027-03", "2027-04", "2027-05"] * 2
    assert expanded.texts["wave"].labels == ("2027-03", "2027-04", "2027-05")
    assert expanded.timing.wave.tolist() == [0, 1, 2] * 2
    assert expanded.timing.demand.tolist() == [1, 2, 1] * 2
    assert expanded.timing.contact.tolist() == [1] * 6
    assert expanded.fee.tolist() == [500] * 3 + [700] * 3


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


def test_whoever_is_available_in_no_wave_is_left_out_and_named():
    listed = roster(["@a", "@b", "@b", "@c"], available_from=["2027-06-01", "2027-06-01", "", "2028-01-01"])
    expanded = expand_waves(listed, spring())
    assert {expanded.texts["creator"][row] for row in range(len(expanded))} == {"@b"}
    assert expanded.notes == ("2 creators are left out, as their days are outside all waves: @a, @c",)
    assert absent_creators(listed, spring()).tolist() == [True, False, False, True]


def test_nobody_available_is_a_fault():
    with pytest.raises(CampaignError, match="no creator is available in any wave") as refused:
        expand_waves(roster(["@a"], available_from=["2027-06-01"]), spring())
    assert refused.value.code == "wave-nobody"


def test_a_list_with_waves_of_its_own_is_a_fault():
    with pytest.raises(CampaignError, match="column 'wave' of its own") as refused:
        expand_waves(roster(["@a"], wave=["2027-03"]), spring())
    assert refused.value.code == "wave-column"
    assert "--map wave=ignore" in refused.value.fix


def test_the_table_of_a_plan_in_the_place_of_a_list_is_told():
    with pytest.raises(CampaignError) as refused:
        expand_waves(roster(["@a"], wave=["2027-03"], posting_date=["2027-03-05"]), spring())
    assert (
        refused.value.fix
        == "if it is the table of a plan, give the list from which that was made: microopt plan roster.csv"
    )


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
