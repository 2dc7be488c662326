"""Offers over the waves of a calendar, by when their creators are available."""

from datetime import date

import pytest

from microopt.campaign.calendar import Calendar, Wave
from microopt.errors import CampaignError
from microopt.roster.available_days import absent_creators
from microopt.roster.waves import expand_waves
from tests.solver.builders import roster

MONTHS = (
    Wave(name="2027-03", starts=date(2027, 3, 1), ends=date(2027, 3, 31)),
    Wave(name="2027-04", starts=date(2027, 4, 1), ends=date(2027, 4, 30), demand=2),
    Wave(name="2027-05", starts=date(2027, 5, 1), ends=date(2027, 5, 31)),
)


def spring(**settings):
    return Calendar(waves=MONTHS, **{"lead_days": 0, **settings})


def test_an_offer_is_in_every_wave_in_the_order_of_time():
    expanded = expand_waves(roster(["@b", "@a"], fee=[500, 700]), spring())
    assert [expanded.texts["creator"][row] for row in range(6)] == ["@b"] * 3 + ["@a"] * 3
    assert [expanded.texts["wave"][row] for row in range(6)] == ["2027-03", "2027-04", "2027-05"] * 2
    assert expanded.texts["wave"].labels == ("2027-03", "2027-04", "2027-05")
    assert expanded.timing.wave.tolist() == [0, 1, 2] * 2
    assert expanded.timing.demand.tolist() == [1, 2, 1] * 2
    assert expanded.timing.contact.tolist() == [1] * 6
    assert expanded.fee.tolist() == [500] * 3 + [700] * 3


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


@pytest.mark.parametrize(("lead_days", "ends"), [(0, "for every wave"), (1, ": a post takes 1 day to make")])
def test_a_lead_time_makes_it_too_late_only_where_there_is_one(lead_days, ends):
    with pytest.raises(CampaignError) as refused:
        expand_waves(roster(["@a"]), spring(lead_days=lead_days), today=date(2027, 6, 1))
    assert refused.value.code == "waves-over"
    assert str(refused.value).endswith(ends)
