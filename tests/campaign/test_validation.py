"""What a campaign of a plan file cannot state."""

import pytest

from microopt.campaign.campaign import Ideal
from microopt.campaign.validation import invalid_ideals


@pytest.mark.parametrize("metric", ["value:score", "profit", "worth"])
def test_an_ideal_may_be_below_0_where_all_plans_are(metric):
    ideal = Ideal(metric=metric, total=-3_600, bound=-3_600)
    assert list(invalid_ideals("ideals", (ideal,), [metric])) == []


@pytest.mark.parametrize("metric", ["engagements", "conversions", "net reach", "target_reach", "least cost"])
def test_an_ideal_of_people_events_or_costs_is_not_below_0(metric):
    ideal = Ideal(metric=metric, total=-3_600, bound=-3_600)
    places = [place for place, _ in invalid_ideals("ideals", (ideal,), [metric])]
    assert places == [f"ideals.{metric}"]


def test_no_total_is_above_its_bound():
    ideal = Ideal(metric="value:score", total=-3_500, bound=-3_600)
    assert list(invalid_ideals("ideals", (ideal,), ["value:score"]))
