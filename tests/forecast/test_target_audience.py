"""The share of each offer's results that comes from people on target: as stated, else from creator and platform."""

import numpy as np
import pytest

from microopt.benchmarks.table import default_benchmarks
from microopt.campaign.campaign import Campaign
from microopt.campaign.metrics import METRICS, TARGET_METRICS
from microopt.campaign.target_audience import parse_target_audience
from microopt.forecast.forecast import Origin
from microopt.forecast.model import PART_SIZE, forecast
from microopt.forecast.target_audience import share_on_target, target_notes
from microopt.quantities.countries import share_of_people, share_of_speakers
from tests.readers.builders import read

HOME = default_benchmarks().figure("audience.home", "share")
HEAD = "creator,followers,fee,platform"


def shares(lines, *headers, country=(), age=None, gender=None):
    roster, target = roster_of(lines, *headers, country=country, age=age, gender=gender)
    return share_on_target(roster, target, default_benchmarks())


def roster_of(lines, *headers, country=(), age=None, gender=None):
    target = parse_target_audience(country, age, gender)
    rows = [f"@c{number};5000;100;instagram;{line}" for number, line in enumerate(lines)]
    text = "\n".join([";".join([*HEAD.split(","), *headers]), *rows]) + "\n"
    return read(text, target_audience=target), target


def test_stated_shares_of_countries_ages_and_gender_are_multiplied():
    found = shares(["60;50;70"], "Audience DE", "18-24", "% Female", country=["DE"], age="18-24", gender="female")
    assert found.share.tolist() == [pytest.approx(0.6 * 0.5 * 0.7)]
    assert found.origin.tolist() == [Origin.OWN]
    assert found.independent.tolist() == [True]


def test_ages_of_each_gender_are_not_multiplied_by_the_share_of_the_gender():
    headers = ("Audience DE", "F 18-24", "F 25-34", "M 18-24")
    found = shares(["60;30;20;50"], *headers, country=["DE"], age="18-24", gender="female")
    assert found.share.tolist() == [pytest.approx(0.6 * 0.3)]


def test_without_countries_of_the_audience_the_part_at_home_is_where_the_creator_is():
    found = shares(["Germany", "AT", "France", "Berlin, DE"], "country", country=["DE", "AT"])
    assert found.share.tolist() == [HOME, HOME, 0.0, HOME]
    assert found.origin.tolist() == [Origin.DEFAULT] * 4
    assert found.from_place.all()


def test_a_place_of_several_countries_counts_by_their_people():
    found = shares(["DACH"], "country", country=["DE"])
    assert found.share.tolist() == [pytest.approx(HOME * share_of_people(["DE", "AT", "CH"], ["DE"]))]


def test_without_a_place_the_part_at_home_is_where_the_language_is_official():
    found = shares([";de", "Paris;German", "US;de"], "country", "language", country=["DE"])
    expected = HOME * share_of_speakers("de", ["DE"])
    assert found.share.tolist() == [pytest.approx(expected), pytest.approx(expected), 0.0]
    assert found.from_language.tolist() == [True, True, False]


def test_countries_named_without_shares_are_where_the_part_at_home_is():
    found = shares(["Germany;US", ";DE"], "audience country", "country", country=["DE"])
    assert found.share.tolist() == [HOME, HOME]


def test_nobody_counts_where_no_country_is_known():
    found = shares([";"], "country", "language", country=["DE"])
    assert (found.share.tolist(), found.unknown.tolist()) == ([0.0], [True])


def test_ages_and_gender_that_are_not_stated_are_those_of_the_platform():
    figures = default_benchmarks().table("audience.instagram")
    found = shares([""], "notes", age="18-29", gender="male")
    bands = dict(zip(figures["floors"], figures["age_share"], strict=True))
    assert found.share.tolist() == [pytest.approx((bands[18] + bands[25] / 2) * (1 - figures["female"]))]
    assert found.from_platform.all()


@pytest.mark.parametrize("platform", ["instagram", "tiktok", "youtube"])
def test_the_users_of_a_platform_are_at_most_all_of_them(platform):
    assert sum(default_benchmarks().table(f"audience.{platform}")["age_share"]) <= 1.001


def test_a_campaign_overrides_what_is_assumed():
    roster, target = roster_of(["DE"], "country", country=["DE"])
    campaign = Campaign(budget=1, target_audience=target, forecast={"audience": {"home": {"share": "0.8"}}})
    expected = forecast(roster, campaign).metrics
    assert expected["target_reach"].tolist() == [round(0.8 * expected["reach"][0])]


def test_results_on_target_are_whole_thousandths_of_a_share_of_all_results():
    roster, target = roster_of(["60", "5", "0"], "Audience DE", country=["DE"])
    without = forecast(roster, Campaign(budget=1))
    found = forecast(roster, Campaign(budget=1, target_audience=target))
    assert tuple(without.metrics) == METRICS
    assert set(found.metrics) == {*METRICS, *TARGET_METRICS}
    for name, whole in TARGET_METRICS.items():
        np.testing.assert_array_equal(found.metrics[whole], without.metrics[whole])
        np.testing.assert_allclose(found.metrics[name], found.metrics[whole] * [0.6, 0.05, 0], atol=1)
        assert found.metrics[name].dtype == np.int64


def test_a_large_roster_is_forecast_in_parts_as_at_once():
    lines = [str(number % 100) for number in range(PART_SIZE + 10)]
    roster, target = roster_of(lines, "Audience DE", country=["DE"])
    whole = forecast(roster, Campaign(budget=1, target_audience=target))
    few = forecast(roster.take(np.arange(PART_SIZE, PART_SIZE + 10)), Campaign(budget=1, target_audience=target))
    np.testing.assert_array_equal(whole.metrics["target_reach"][PART_SIZE:], few.metrics["target_reach"])


def test_what_is_assumed_is_told_with_the_number_of_creators():
    lines = ["60;50;;", ";50;DE;", ";;;German", ";;;"]
    headers = ("Audience DE", "% Female", "country", "language")
    roster, target = roster_of(lines, *headers, country=["DE"], gender="female")
    notes = list(target_notes(roster, target, default_benchmarks()))
    assert notes == [
        "audiences on target: stated for 1 of 4 creators; countries of 1 from the country named for them and of 1 from "
        "their language, with 53% of an audience at home; gender of 2 as of their platform's users; countries of 1 not "
        "known, counted as off target",
        "countries and gender of an audience are taken to be independent of each other",
    ]


def test_nothing_is_assumed_of_audiences_that_are_stated():
    roster, target = roster_of(["60"], "Audience DE", country=["DE"])
    assert list(target_notes(roster, target, default_benchmarks())) == [
        "audiences on target: stated for 1 of 1 creators"
    ]
