"""Whom a campaign is to reach, as a user writes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.campaign import Campaign, Goal
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.layered_settings import lay_over
from microopt.campaign.settings import parse_campaign
from microopt.campaign.target_audience import AgeRange, TargetAudience, parse_ages
from microopt.campaign.validation import invalid_values
from microopt.errors import CampaignError
from tests.planning.builders import CALM


def target(**written):
    return parse_campaign(CampaignInput(budget="20k", **written)).target_audience


def fault(**written):
    with pytest.raises(CampaignError) as caught:
        target(**written)
    return caught.value


def test_a_campaign_without_a_target_is_for_everyone():
    assert target() is None


def test_countries_ages_and_gender_are_parsed_in_any_spelling():
    written = {"audience_country": ["DE, Österreich", "dach"], "audience_age": "18 to 34", "audience_gender": "Frauen"}
    ages = AgeRange(youngest=18, oldest=34)
    assert target(**written) == TargetAudience(countries=("DE", "AT", "CH"), ages=ages, gender="female")


@pytest.mark.parametrize(
    ("text", "youngest", "oldest"),
    [("18-34", 18, 34), ("18–34", 18, 34), ("18 bis 34 Jahre", 18, 34), ("55+", 55, None), ("from 55", 55, None)],
)
def test_ages_are_parsed(text, youngest, oldest):
    assert parse_ages(text) == AgeRange(youngest=youngest, oldest=oldest)


@given(st.integers(13, 120), st.none() | st.integers(0, 40))
@CALM
def test_ages_as_written_are_parsed_to_themselves(youngest, more):
    ages = AgeRange(youngest=youngest, oldest=None if more is None else min(youngest + more, 120))
    assert parse_ages(ages.text) == ages


@pytest.mark.parametrize(
    ("written", "code", "message", "fix"),
    [
        ({"audience_age": "34-18"}, "target-age", "end before they begin", "did you mean 18-34?"),
        ({"audience_age": "10-12"}, "target-age", "10-12", "from 13"),
        ({"audience_age": "18-340"}, "target-age", "18-340", "18-34"),
        ({"audience_age": "adults"}, "target-age", "'adults' is not an age range", "18-34"),
        ({"audience_age": ""}, "target-age", "'' is not an age range", "18-34"),
        ({"audience_country": ["Germny"]}, "target-country", "'Germny'", "did you mean Germany"),
        ({"audience_country": ["GE"]}, "target-country", "GE is the code of Georgia", "DE for Germany"),
        ({"audience_country": [""]}, "target-country", "''", "DE or Germany"),
        ({"audience_country": ["DE", "ZZ"]}, "target-country", "'ZZ'", "DE or Germany"),
        ({"audience_gender": "x"}, "target-gender", "'x'", "female or male"),
        ({"goal": "target-reach"}, "target-missing", "target reach needs a target audience", "--audience-country"),
        ({"worth": {"target reach": "1"}}, "target-missing", "target reach needs", "--audience-country"),
    ],
)
def test_a_target_that_cannot_be_is_a_fault_with_its_fix(written, code, message, fix):
    error = fault(**written)
    assert error.faults[0].code == code
    assert message in error.message
    assert fix in error.fix


@pytest.mark.parametrize("name", ["target-reach", "target_reach", "target reach"])
def test_results_on_target_are_goals_in_any_spelling(name):
    campaign = parse_campaign(CampaignInput(budget="20k", goal=name, audience_country=["DE"]))
    assert campaign.goal == Goal(name="target reach")


def test_results_on_target_have_a_worth():
    goal = parse_campaign(CampaignInput(budget="20k", worth={"target-engagements": "2"}, audience_country=["DE"])).goal
    assert dict(goal.worths) == {"target_engagements": 2}


def test_countries_of_flags_are_added_to_those_of_the_file_and_its_ages_are_replaced():
    file = CampaignInput(audience_country=["DE"], audience_age="18-34", audience_gender="female")
    flags = CampaignInput(budget="20k", audience_country=["AT"], audience_age="25-44")
    merged = parse_campaign(lay_over(flags, file)).target_audience
    assert merged == TargetAudience(countries=("DE", "AT"), ages=AgeRange(youngest=25, oldest=44), gender="female")


@pytest.mark.parametrize(
    "changed",
    [
        TargetAudience(),
        TargetAudience(countries=("XX",)),
        TargetAudience(ages=AgeRange(youngest=10)),
        TargetAudience(ages=AgeRange(youngest=34, oldest=18)),
        TargetAudience(ages=AgeRange(youngest=34, oldest=0)),
        TargetAudience(gender="any"),
    ],
)
def test_a_plan_file_cannot_state_a_target_that_no_campaign_has(changed):
    assert list(invalid_values(Campaign(budget=1, target_audience=changed)))


def test_a_plan_file_cannot_state_a_goal_on_target_without_a_target():
    assert ("goal", "it needs a target audience") in list(
        invalid_values(Campaign(budget=1, goal=Goal(name="target reach")))
    )


@pytest.mark.parametrize(
    ("band", "wanted", "share"),
    [
        ((18, 24), (18, 34), 1.0),
        ((25, 34), (18, 29), 0.5),
        ((13, 17), (18, 34), 0.0),
        ((65, None), (55, None), 1.0),
        ((65, None), (55, 100), 1.0),
        ((65, None), (18, 72), 0.5),
        ((45, None), (18, 34), 0.0),
        ((85, None), (18, 85), 1.0),
        ((18, 18), (18, 18), 1.0),
    ],
)
def test_bands_that_overlap_partly_count_by_their_years(band, wanted, share):
    band, wanted = (AgeRange(youngest=low, oldest=high) for low, high in (band, wanted))
    assert band.share_within(wanted) == share


@given(st.integers(0, 90), st.none() | st.integers(0, 30), st.integers(13, 90), st.none() | st.integers(0, 60))
@CALM
def test_the_share_of_a_band_is_that_of_its_single_years(low, more, youngest, further):
    band = AgeRange(youngest=low, oldest=None if more is None else low + more)
    wanted = AgeRange(youngest=youngest, oldest=None if further is None else youngest + further)
    years = range(low, (max(80, low) if band.oldest is None else band.oldest) + 1)
    end = 10**6 if wanted.oldest is None or (band.oldest is None and wanted.oldest >= 80) else wanted.oldest
    assert band.share_within(wanted) == pytest.approx(sum(youngest <= year <= end for year in years) / len(years))
