"""[audience] as written."""

import pytest

from microopt.campaign.campaign import Audience
from microopt.campaign.flag_values import parse_pools
from microopt.campaign.settings import parse_audience
from microopt.errors import CampaignError, UsageError


def test_pools_are_by_niche_unless_told_otherwise():
    assert parse_audience(None, {"beauty": "2M"}) == Audience(by="niche", size={"beauty": 2_000_000})
    assert parse_audience("region", {"US": "1_000", "DE": "2,500"}) == Audience(
        by="region", size={"US": 1000, "DE": 2500}
    )


def test_without_pools_there_is_no_audience():
    assert parse_audience(None, {}) is None


@pytest.mark.parametrize("people", ["0", "-1", "1.5", "many", "1e30"])
def test_a_pool_is_a_whole_number_of_people(people):
    with pytest.raises(CampaignError, match=r"\[audience\]: beauty = ") as refused:
        parse_audience(None, {"beauty": people})
    assert refused.value.code == "audience-size"


def test_a_column_without_pools_is_told():
    with pytest.raises(CampaignError, match="no pools"):
        parse_audience("niche", {})


@pytest.mark.parametrize(("text", "flag"), [("DE", "DE"), ("Germany", "DE"), ("dach", "DE,AT,CH")])
def test_a_country_instead_of_a_pool_is_answered_with_its_flag(text, flag):
    with pytest.raises(UsageError) as raised:
        parse_pools([text])
    assert raised.value.fix.endswith(f"; for the country to reach: --audience-country {flag}")
    with pytest.raises(UsageError) as raised:
        parse_pools(["niche:beauty"])
    assert "--audience-country" not in raised.value.fix
