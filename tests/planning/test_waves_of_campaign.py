"""The offers of a campaign in its waves: who must be in a plan, and who is there although the list says otherwise."""

from datetime import date

import pytest

from microopt.campaign.calendar import Calendar, Wave
from microopt.campaign.campaign import Campaign
from microopt.campaign.progress import CampaignProgress, Contract, ContractState
from microopt.errors import CampaignError
from microopt.planning.waves_of_campaign import offers_in_waves
from tests.solver.builders import roster

CALENDAR = Calendar(
    waves=(
        Wave(name="2027-03", starts=date(2027, 3, 1), ends=date(2027, 3, 31)),
        Wave(name="2027-04", starts=date(2027, 4, 1), ends=date(2027, 4, 30)),
    )
)
LIST = roster(["@a", "@late"], available_from=["", "2027-04-20"])


def waves_of(name, **settings):
    """Return the waves in which a campaign has offers of a creator."""
    offers = offers_in_waves(LIST, Campaign(budget=100_000, calendar=CALENDAR, **settings), CALENDAR)
    return [offers.text("wave", row) for row in range(len(offers)) if offers.text("creator", row) == name]


def test_a_creator_who_must_be_in_the_plan_and_comes_too_late_is_a_fault_with_the_lead_time_that_helps():
    assert waves_of("@late") == []
    with pytest.raises(CampaignError) as caught:
        waves_of("@late", include=("@late",))
    assert caught.value.code == "include-wave"
    assert str(caught.value).startswith("include: @late is available from 2027-04-20 on and is in no wave")
    assert caught.value.fix == "set lead_days = 10 under [calendar], or drop --include @late"


def test_what_was_agreed_is_there_although_it_comes_too_late():
    signed = Contract(creator="@late", state=ContractState.SIGNED, wave="2027-04")
    running = CampaignProgress(contracts=(signed,))
    assert waves_of("@late", running=running, include=("@late",)) == ["2027-04"]


def test_from_today_on_the_lead_time_counts_too():
    running = CampaignProgress(today=date(2027, 3, 20))
    assert waves_of("@a", running=running) == ["2027-04"]
    with pytest.raises(CampaignError, match="it is too late for every wave: a post takes 14 days") as caught:
        waves_of("@a", running=CampaignProgress(today=date(2027, 4, 20)))
    assert caught.value.code == "waves-over"
    assert caught.value.fix == "give more waves in a campaign file, or set lead_days = 10 under [calendar]"
    with pytest.raises(CampaignError, match="it is too late for every wave") as caught:
        waves_of("@a", running=CampaignProgress(today=date(2027, 6, 1)))
    assert caught.value.fix == "give more waves in a campaign file"
