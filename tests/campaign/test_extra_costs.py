"""What a campaign adds to every fee, and what it keeps of its budget."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.campaign import Campaign
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.settings import parse_campaign
from microopt.errors import MicrooptError


@pytest.mark.parametrize("name", ["usage", "whitelisting", "exclusivity", "agency"])
@pytest.mark.parametrize(
    ("text", "share"),
    [("20%", Fraction(1, 5)), ("0.2", Fraction(1, 5)), (0, 0), ("150%", Fraction(3, 2)), ("12.5%", Fraction(1, 8))],
)
def test_a_surcharge_is_a_share_of_the_fee(name, text, share):
    assert getattr(parse_campaign(CampaignInput(budget="20k", **{name: text})), name) == share


@pytest.mark.parametrize("text", ["20", "-5%", "lots", "", "$40", "1001%"])
def test_what_is_no_share_is_refused_with_the_flag_to_paste(text):
    with pytest.raises(MicrooptError) as refused:
        parse_campaign(CampaignInput(budget="20k", usage=text))
    assert refused.value.faults[0].code == "share-range"
    assert "--usage 20%" in refused.value.fix


def test_a_fixed_fee_of_an_agency_is_taken_off_the_budget_by_hand():
    with pytest.raises(MicrooptError) as refused:
        parse_campaign(CampaignInput(budget="20k", agency="$2,000"))
    assert refused.value.fix.endswith("; for a fixed fee, take it off the budget by hand")


@pytest.mark.parametrize("text", ["100%", "1", "-10%", "10", "most"])
def test_a_contingency_leaves_something_to_spend(text):
    with pytest.raises(MicrooptError) as refused:
        parse_campaign(CampaignInput(budget="20k", contingency=text))
    assert "--contingency 10%" in refused.value.fix


def test_the_contingency_is_kept_of_the_budget():
    campaign = parse_campaign(CampaignInput(budget="20k", contingency="10%", seeding="$40"))
    assert (campaign.kept_back, campaign.spendable, campaign.seeding) == (200_000, 1_800_000, 4_000)
    assert (Campaign(budget=None).kept_back, Campaign(budget=None).spendable) == (0, None)


@given(st.integers(1, 10**14), st.fractions(0, Fraction(99, 100), max_denominator=10**6), st.integers(0, 10**14))
def test_the_least_budget_for_a_spend_is_just_enough(budget, share, spend):
    campaign = Campaign(budget=budget, contingency=share)
    assert campaign.kept_back >= budget * share > campaign.kept_back - 1
    needed = campaign.budget_for(spend)
    assert Campaign(budget=needed, contingency=share).spendable >= spend
    assert not needed or Campaign(budget=needed - 1, contingency=share).spendable < spend
