"""What flags said of how a roster is read stays in force until a campaign file says otherwise."""

import pytest

from microopt.campaign.campaign import Campaign
from microopt.campaign.flag_values import NumbersInput
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.kept_reading import keep_reading_settings
from microopt.readers.campaign_file import campaign_from_input

SAID = {
    "decimal": ",",
    "encoding": "cp1250",
    "platform_default": "tiktok",
    "quotes": "low",
    "posts": "lists/our posts.csv",
    "columns": {"Rate card": "fee", "Profile": "creator"},
    "estimate_fees": True,
}
FLAGS = (
    "--decimal ,",
    "--encoding cp1250",
    "--platform-default tiktok",
    "--quotes low",
    "--posts 'lists/our posts.csv'",
    "--map 'Rate card=fee'",
    "--map 'Profile=creator'",
    "--estimate-fees",
)


def test_what_a_file_does_not_say_stays_and_is_named():
    settings, flags = keep_reading_settings(
        CampaignInput(budget="500", rules=["all count >= 1"]), Campaign(budget=1, **SAID)
    )
    campaign = campaign_from_input(settings)
    assert {name: getattr(campaign, name) for name in SAID} == SAID
    assert flags == FLAGS
    assert (campaign.budget, len(campaign.rules)) == (50000, 1)


@pytest.mark.parametrize(
    ("said", "flag"),
    [
        ({"numbers": NumbersInput(decimal=".")}, "--decimal ,"),
        ({"encoding": "cp1252"}, "--encoding cp1250"),
        ({"platform_default": "instagram"}, "--platform-default tiktok"),
        ({"quotes": "high"}, "--quotes low"),
        ({"posts": "new.csv"}, "--posts 'lists/our posts.csv'"),
        ({"columns": {"rate-card": "ignore"}}, "--map 'Rate card=fee'"),
        ({"estimate_fees": True}, "--estimate-fees"),
    ],
)
def test_what_a_file_says_wins(said, flag):
    settings, flags = keep_reading_settings(CampaignInput(budget="500", **said), Campaign(budget=1, **SAID))
    assert set(FLAGS) - set(flags) == {flag}
    for name, value in said.items():
        assert getattr(settings, name) == (value if name != "columns" else {"Profile": "creator", **value})


def test_a_file_that_has_said_it_all_along_is_not_mentioned():
    settings = CampaignInput(budget="500", columns={"Rate card": "fee"})
    assert keep_reading_settings(settings, campaign_from_input(settings)) == (settings, ())
