"""What further posts of a creator bring, and what the demand of a wave does."""

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from msgspec.structs import replace

from microopt.benchmarks.table import default_benchmarks
from microopt.campaign.calendar import Calendar, Wave
from microopt.campaign.campaign import Campaign
from microopt.errors import CampaignError
from microopt.forecast.model import forecast
from microopt.forecast.repetition import distinct_contacts, with_timing
from microopt.roster.timing import PostTiming
from tests.solver.builders import roster

MARCH = Wave(name="2027-03", starts=date(2027, 3, 1), ends=date(2027, 3, 31))
CALENDAR = Calendar(waves=(MARCH,))
NAMES = ("reach", "impressions", "engagements", "clicks", "conversions")


def timing(contacts, demand=1.0):
    return PostTiming(
        wave=np.zeros(len(contacts), dtype=np.int32),
        contact=np.asarray(contacts, dtype=np.int32),
        demand=np.full(len(contacts), demand),
    )


def results(contacts, calendar=CALENDAR, demand=1.0, conversions=10.0, units=1):
    first = {name: np.full(len(contacts), 100.0) for name in NAMES} | {
        "conversions": np.full(len(contacts), conversions)
    }
    posts = np.full(len(contacts), units, dtype=np.int64)
    return with_timing(first, timing(contacts, demand), posts, calendar, default_benchmarks())


def test_a_first_post_brings_what_it_brings_without_a_calendar():
    assert {name: column.tolist() for name, column in results([1]).items()} == {
        **{name: [100.0] for name in NAMES},
        "conversions": [10.0],
    }


def test_conversions_rise_to_the_third_contact_and_fall_after_and_engagement_falls_throughout():
    found = results([1, 2, 3, 4, 5, 6, 60])
    assert np.argmax(found["conversions"]) == 2
    assert (np.diff(found["conversions"][2:6]) < 0).all()
    assert (np.diff(found["engagements"][:6]) < 0).all()
    assert all(column[5] == column[6] for column in found.values())  # a later contact is like the last in the table
    assert (np.diff(found["clicks"]) <= 0).all()
    assert found["reach"].tolist() == found["impressions"].tolist() == [100.0] * 7


def test_several_units_are_as_many_posts():
    found = results([1, 2], units=3)
    assert found["conversions"].tolist() == pytest.approx([10 * (1 + 1.1 + 1.15) / 3, 10 * (1.1 + 1.15 + 1.1) / 3])


def test_without_repetition_every_post_is_like_the_first():
    found = results([1, 2, 9], replace(CALENDAR, repetition=False))
    assert found["engagements"].tolist() == [100.0] * 3
    assert found["conversions"].tolist() == [10.0] * 3


def test_demand_multiplies_conversions_alone():
    found = results([1], demand=1.5)
    assert found["conversions"].tolist() == [15.0]
    assert found["clicks"].tolist() == found["engagements"].tolist() == [100.0]


def test_no_more_convert_than_click():
    assert results([1], demand=3.0, conversions=90.0)["conversions"].tolist() == [100.0]
    assert results([1], demand=3.0, conversions=120.0)["conversions"].tolist() == [120.0]  # more than click already


def test_contacts_that_bring_the_same_are_forecast_once():
    figures = default_benchmarks()
    assert distinct_contacts(replace(CALENDAR, max_posts=4), figures) == 4
    assert distinct_contacts(replace(CALENDAR, max_posts=12), figures) == 6
    assert distinct_contacts(replace(CALENDAR, max_posts=12, repetition=False), figures) == 1


def in_march(contacts, **figures):
    """Return the forecast of posts of one creator, with these figures under [forecast.repetition]."""
    campaign = Campaign(budget=100, calendar=CALENDAR, forecast={"repetition": figures} if figures else {})
    listed = roster(["@a"] * len(contacts), numbers={"engagement_rate": [0.05] * len(contacts)})
    return forecast(replace(listed, timing=timing(contacts)), campaign)


def test_a_campaign_replaces_the_factors():
    own = in_march([1, 2, 3, 4], floors=[1, 3], engagements=[1, 0.5], reach=1, impressions=1, clicks=1, conversions=1)
    engagements = own.metrics["engagements"]
    assert (engagements[0], engagements[2]) == (engagements[1], engagements[3])
    assert engagements[2] == pytest.approx(engagements[0] / 2, abs=1)
    with pytest.raises(CampaignError, match="there is no default 'convrsions'"):
        in_march([1], convrsions=[1])


def test_revenue_and_what_is_due_on_it_follow_the_conversions_of_the_contact():
    campaign = Campaign(budget=100, order_value=10_000, margin=Fraction(1, 2), calendar=CALENDAR)
    listed = roster(["@a"] * 2, numbers={"commission": [0.1, 0.1], "clicks": [1_000] * 2, "conversions": [100] * 2})
    found = forecast(replace(listed, timing=timing([1, 2])), campaign)
    assert found.revenue[1] == pytest.approx(found.revenue[0] * 1.1, abs=1)
    assert found.extra_costs["commission"][1] == pytest.approx(found.extra_costs["commission"][0] * 1.1, abs=1)
