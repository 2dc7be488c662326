"""Waves that share days or are out of order: each fix, done as it says, is accepted."""

import re
import shlex
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.calendar_input import CalendarInput, parse_wave_flags
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.settings import parse_campaign
from microopt.errors import CampaignError

DAYS = tuple(f"2027-03-{day:02d}" for day in range(1, 29))


def faults(waves):
    try:
        parse_campaign(CampaignInput(budget=100, calendar=CalendarInput(waves=waves)))
    except CampaignError as error:
        return error.faults
    return ()


def flag_faults(text):
    try:
        parse_campaign(CampaignInput(budget=100, calendar=parse_wave_flags([text])))
    except CampaignError as error:
        return error.faults
    return ()


@st.composite
def days(draw, name):
    first, last = sorted(draw(st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS))))
    return f"{name}={first}..{last}"


@given(days("a"), days("b"))
def test_two_waves_that_share_days_come_apart_as_the_fix_says(first, second):
    written = [first, second]
    for _ in range(2):  # of waves that are also out of order, when they are apart
        found = faults(written)
        if not found:
            return
        (fault,) = found
        change = re.search(r"([ab])=[\d-]+\.\.[\d-]+$", fault.fix)
        if fault.code == "waves-order":
            written = re.findall(r'"([^"]+)"', fault.fix)
        elif change is None:
            assert fault.fix == "drop a or b" or fault.fix == "drop b or a"
            written = written[:1]
        else:
            written = [change[0] if each.startswith(f"{change[1]}=") else each for each in written]
    assert not faults(written)


@pytest.mark.parametrize(
    ("waves", "fix"),
    [
        (
            ["2027-03", "2027-W10"],
            "drop 2027-03 or 2027-W10, or let 2027-03 end before it: 2027-03=2027-03-01..2027-03-07",
        ),
        (
            ["2027-W09", "2027-03"],
            "drop 2027-W09 or 2027-03, or let 2027-03 start after it: 2027-03=2027-03-08..2027-03-31",
        ),
        (["2027-03", "launch=2027-03-01..2027-03-31"], "drop 2027-03 or launch"),
    ],
)
def test_months_and_weeks_that_share_days_are_told_what_is_left_of_one(waves, fix):
    waves = ["2027-W09=2027-03-01..2027-03-07" if wave == "2027-W09" else wave for wave in waves]
    assert [fault.fix for fault in faults(waves)] == [fix]


def test_waves_that_are_out_of_order_and_share_days_are_told_to_share_days():
    (fault,) = faults(["2027-04", "2027-W13"])
    assert (fault.code, "drop 2027-W13 or 2027-04" in fault.fix) == ("waves-overlap", True)


@pytest.mark.parametrize("text", ["2027-05,2027-03,2027-04", "b b=2027-05-01..2027-05-02,2027-03"])
def test_waves_of_the_flag_are_corrected_in_the_flag(text):
    (fault,) = flag_faults(text)
    assert fault.message.startswith("--waves: ")
    flag, waves = shlex.split(fault.fix.partition(": ")[2])
    assert (flag, flag_faults(waves)) == ("--waves", ())


def test_waves_of_a_file_are_corrected_in_the_file():
    (fault,) = faults(["2027-05", "2027-03"])
    assert fault.message.startswith("[calendar]: ")
    assert fault.fix == 'list the waves in order of time: waves = ["2027-03", "2027-05"]'


@pytest.mark.parametrize(
    ("days", "cut"),
    [
        ({"starts": date(2027, 3, 15)}, "2027-03=2027-03-15..2027-03-31"),
        ({"ends": date(2027, 5, 10)}, "2027-05=2027-05-01..2027-05-10"),
        ({"starts": date(2027, 4, 1)}, "drop 2027-03"),
        ({"ends": date(2027, 4, 30)}, "drop 2027-05"),
    ],
)
def test_waves_beyond_the_days_of_the_campaign_are_cut_as_the_fix_says(days, cut):
    def found(*waves):
        try:
            parse_campaign(CampaignInput(budget=100, calendar=CalendarInput(waves=waves), **days))
        except CampaignError as error:
            return error.faults
        return ()

    months = ["2027-03", "2027-04", "2027-05"]
    (fault,) = found(*months)
    assert (fault.code, cut in fault.fix) == ("wave-outside", True)
    place = months.index(cut.removeprefix("drop ")[:7])
    months[place : place + 1] = [] if cut.startswith("drop") else [cut]
    assert not found(*months)
