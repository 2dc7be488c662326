"""Texts that name no wave: what to write in their place, which is then read."""

import re

import pytest

from microopt.campaign.calendar_input import CalendarInput, parse_wave_flags
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.settings import parse_campaign
from microopt.errors import CampaignError


def fault(calendar, **settings):
    with pytest.raises(CampaignError) as caught:
        parse_campaign(CampaignInput(budget=20_000, calendar=calendar, **settings))
    (only,) = caught.value.faults
    return only


def names(waves):
    return parse_campaign(CampaignInput(budget=1, calendar=CalendarInput(waves=waves))).calendar.names


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2027-03-2027-05", "2027-03..2027-05"),
        ("2027-03 to 2027-05", "2027-03..2027-05"),
        ("2027-W10 – 2027-W12", "2027-W10..2027-W12"),
        ("launch: 2027-03-01..2027-03-14", "launch=2027-03-01..2027-03-14"),
        ("03/2027", "2027-03"),
    ],
)
def test_one_form_that_was_meant_is_named_and_can_be_read(text, meant):
    assert fault(CalendarInput(waves=[text])).fix == f"did you mean {meant}?"
    assert names([meant])


@pytest.mark.parametrize("text", ["2027-03;2027-04", "2027-03 2027-04", "2027-03 and 2027-04", "2027-03/2027-04"])
def test_waves_that_are_listed_in_another_way_are_listed(text):
    assert fault(parse_wave_flags([text])).fix == "write --waves 2027-03,2027-04"
    assert fault(CalendarInput(waves=[text])).fix == 'write waves = ["2027-03", "2027-04"]'


@pytest.mark.parametrize("text", ["March 2027..May 2027", "03/2027..05/2027", "2027-03-01..2027-05-31"])
def test_whole_months_can_be_a_wave_each_or_one(text):
    months, single = re.findall(r"(?:launch=)?[\d-]+\.\.[\d-]+", fault(CalendarInput(waves=[text])).fix)
    assert names([months]) == ("2027-03", "2027-04", "2027-05")
    assert names([single]) == ("launch",)


def test_a_month_without_its_year_is_asked_for_it():
    assert fault(CalendarInput(waves=["April"])).fix == "write it with its year, such as 2027-04"


def test_the_month_of_a_row_that_there_is_not_is_named():
    assert fault(CalendarInput(waves=["2027-03..2027-13"])).message == "[calendar]: there is no month 2027-13"


def test_commas_at_the_end_of_the_flag_do_not_count():
    assert parse_wave_flags(["2027-03,", ""]).waves == ("2027-03",)
    assert fault(parse_wave_flags([","])).message == "--waves: it has no waves"
    assert fault(parse_wave_flags([","])).fix == "write --waves 2027-03,2027-04"


def test_a_retainer_that_is_a_fee_is_told_from_a_discount():
    waves = parse_wave_flags(["2027-03,2027-04"])
    assert fault(waves, retainer="$2,000 a month").fix == (
        "a retainer is a discount for several posts: write rising discounts from 2 posts on, such as "
        "'3 posts: 10%; 6 posts: 20%'; for a fixed fee, take it off the budget by hand"
    )
    assert "fixed fee" not in fault(waves, retainer="10%").fix


def test_a_retainer_of_the_flag_is_told_as_the_flag():
    assert fault(parse_wave_flags(["2027-03,2027-04"]), retainer="10%").message.startswith("--retainer: retainer '10%'")


@pytest.mark.parametrize(
    ("budget", "fix"),
    [
        ({"2027-03": "0.5", "2027-04": "0.3", "2027-05": "0.2"}, "write shares in percent: 50%, 30% and 20%"),
        ({"2027-03": 60, "2027-04": 40}, "write shares in percent: 60% and 40%"),
        ({"2027-03": "8000..5000"}, "write 5000..8000"),
        ({"2027-03": "half"}, 'write an amount, a share or a range: 6000, "50%", "..8000", "20%..40%", or "free"'),
    ],
)
def test_budgets_of_waves_that_are_slips_are_told_as_meant(budget, fix):
    assert fault(CalendarInput(waves=["2027-03..2027-05"], budget=budget)).fix == fix


def test_a_demand_above_all_is_a_percent():
    assert fault(CalendarInput(waves=["2027-03"], demand={"2027-03": 130})).fix == "did you mean 130%?"
