"""Risk, scenarios, acceptance and declines of a campaign: what is read, what is refused, and what flags replace."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign
from microopt.campaign.decline_settings import DeclineSettings, PastAnswers, format_declines, parse_acceptance_flags
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.layered_settings import lay_over
from microopt.campaign.risk_settings import ScenarioSettings, format_worst_share
from microopt.campaign.settings import parse_campaign
from microopt.campaign.validation import invalid_values
from microopt.errors import MicrooptError, UsageError


def parsed(**written):
    return parse_campaign(CampaignInput(**({"budget": "20k"} | written)))


def refusal(**written):
    with pytest.raises(MicrooptError) as caught:
        parsed(**written)
    return [fault.code for fault in caught.value.faults] or [caught.value.code]


def test_a_campaign_that_says_nothing_plans_for_the_mean_and_takes_every_yes_for_granted():
    campaign = parsed()
    assert (campaign.worst_share, campaign.scenarios, campaign.declines) == (None, ScenarioSettings(), None)
    assert campaign == Campaign(budget=2_000_000)


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ({"risk": "averse"}, Fraction(1, 10)),
        ({"risk": " Averse "}, Fraction(1, 10)),
        ({"risk": "neutral"}, None),
        ({"risk": "20%"}, Fraction(1, 5)),
        ({"risk": "0.25"}, Fraction(1, 4)),
        ({"at_least_in": "90%"}, Fraction(1, 10)),
        ({"at_least_in": "0.75"}, Fraction(1, 4)),
    ],
)
def test_the_worst_share_is_said_from_either_end(written, share):
    assert parsed(**written).worst_share == share


@pytest.mark.parametrize("text", ["0", "1", "100%", "0%", "-10%", "120%", "10", "much", ""])
def test_a_risk_that_is_no_share_is_refused(text):
    assert refusal(risk=text) == ["risk-range"]
    assert refusal(at_least_in=text) == ["risk-range"]


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ({"risk": "10"}, "--risk 10%"),
        ({"at_least_in": "80"}, "--at-least-in 80%"),
        ({"acceptance": "60"}, "--acceptance 60%"),
        ({"acceptance": "150%"}, "above 0 and up to 100%"),
        ({"risk": "averse", "target": {"conversions": "100"}}, "'all conversions >= 100 in 90%'"),
    ],
)
def test_a_refusal_names_what_was_probably_meant(written, fix):
    with pytest.raises(MicrooptError) as caught:
        parsed(**written)
    assert any(fix in each for each in (caught.value.fix or "", *(fault.fix for fault in caught.value.faults)))


def test_risk_is_said_once_and_for_a_goal_that_has_worst_outcomes():
    assert refusal(risk="averse", at_least_in="90%") == ["risk-twice"]
    assert refusal(risk="averse", target={"engagements": "50k"}) == ["risk-goal"]
    assert refusal(at_least_in="90%", goal="net-reach") == ["risk-goal"]
    assert parsed(risk="neutral", goal="net-reach").worst_share is None


@pytest.mark.parametrize(("count", "seed"), [(9, 1), (100_001, 1), (-1, 1), (200, -1), (200, 2**63)])
def test_scenarios_have_limits(count, seed):
    assert refusal(scenarios=count, seed=seed) == ["scenarios-range"]


def test_the_limits_themselves_are_possible():
    assert parsed(scenarios=10, seed=0).scenarios == ScenarioSettings(count=10, seed=0)
    assert parsed(scenarios=100_000).scenarios.count == 100_000


@pytest.mark.parametrize(
    ("written", "tiers", "other"),
    [
        ("70%", {}, Fraction(7, 10)),
        ({"mega": "60%"}, {"mega": Fraction(3, 5)}, None),
        ({"mega": "0.6", "other": "1"}, {"mega": Fraction(3, 5)}, Fraction(1)),
    ],
)
def test_acceptance_is_one_share_or_a_table_by_tier(written, tiers, other):
    declines = parsed(acceptance=written).declines
    assert (declines.tiers, declines.other) == (tiers, other)
    assert declines.states_acceptance


@pytest.mark.parametrize("text", ["0", "0%", "1.2", "120%", "-0.5", "often"])
def test_an_acceptance_of_zero_or_above_all_is_refused(text):
    assert refusal(acceptance=text) == ["acceptance-range"]
    assert refusal(acceptance={"mega": text, "nano": text}) == ["acceptance-range"] * 2


def test_flags_of_acceptance_name_a_tier_or_all_others():
    assert parse_acceptance_flags(["mega=60%, nano=90%", "70%"]) == {"mega": "60%", "nano": "90%", "other": "70%"}
    for wrong in (["=60%"], ["mega="], [""], ["60%", "70%"], ["mega=1", "Mega=2"], ["other=1", "70%"]):
        with pytest.raises(UsageError):
            parse_acceptance_flags(wrong)


def test_fallbacks_alone_say_nothing_of_acceptance():
    declines = parsed(fallbacks=3, after_declines=True).declines
    assert declines == DeclineSettings(fallbacks=3, after_declines=True)
    assert not declines.states_acceptance
    assert parsed(fallbacks=0).declines is None
    for count in (-1, 21):
        assert refusal(fallbacks=count) == ["fallbacks-range"]


def test_flags_replace_the_risk_of_the_file_and_add_to_its_acceptance():
    file = CampaignInput(budget=1, at_least_in="90%", acceptance="80%", fallbacks=2, seed=3)
    flags = CampaignInput(risk="20%", acceptance={"mega": "50%"})
    campaign = parse_campaign(lay_over(flags, file))
    assert campaign.worst_share == Fraction(1, 5)
    assert (campaign.declines.tiers, campaign.declines.other) == ({"mega": Fraction(1, 2)}, Fraction(4, 5))
    assert (campaign.declines.fallbacks, campaign.scenarios.seed) == (2, 3)
    assert parse_campaign(lay_over(CampaignInput(risk="neutral"), file)).worst_share is None


@pytest.mark.parametrize(
    "changed",
    [
        {"worst_share": Fraction(1)},
        {"worst_share": Fraction(0)},
        {"scenarios": ScenarioSettings(count=5)},
        {"scenarios": ScenarioSettings(seed=-1)},
        {"declines": DeclineSettings(other=Fraction(0))},
        {"declines": DeclineSettings(tiers={"mega": Fraction(2)})},
        {"declines": DeclineSettings(fallbacks=99)},
        {"declines": DeclineSettings(history=(PastAnswers(creator="@a", asked=1, accepted=2),))},
        {"declines": DeclineSettings(history=(PastAnswers(creator="@a", asked=0, accepted=0),))},
    ],
)
def test_a_plan_file_with_impossible_values_is_refused(changed):
    assert list(invalid_values(replace(Campaign(budget=1), **changed)))
    assert not list(invalid_values(Campaign(budget=1)))


def test_settings_are_told_in_words():
    assert format_worst_share(Fraction(1, 10)) == "the mean of the worst 10%"
    assert format_declines(None) == "not set"
    assert format_declines(DeclineSettings(other=Fraction(1, 2), fallbacks=1)) == "all 50%, 1 fallback each"
