"""A thousand plans with one thing altered, their seals made anew, some of their claims too: none passes unseen."""

import json
import random
from pathlib import Path

import pytest

from microopt.campaign.flag_values import AudienceInput
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.layered_settings import lay_over
from microopt.errors import UsageError
from microopt.readers.campaign_file import campaign_from_input, read_campaign_file
from microopt.verification.verify import verify
from microopt.verification.wording import SENTENCES
from tests.scale import repeats
from tests.verification.opponent import altered, leaves, planned, sealed

EXAMPLES = Path(__file__).parents[2] / "examples"
POOLS = {"beauty": "400k", "skincare": "300k", "gaming": "900k", "home decor": "250k"}
CAMPAIGNS = {
    "balanced": ("launch", {}),
    "engagement": ("season", {"goal": "engagement", "per_creator": "12.34"}),
    "extra costs": (
        "launch",
        {"usage": "20%", "exclusivity": "7.5%", "agency": "15%", "seeding": "40", "contingency": "10%"},
    ),
    "agreed fees": ("launch", {"fees": {"@flintlashes": "333.33", "tier:mid": "-7.5%"}, "agency": "15%"}),
    "conversions": ("launch", {"goal": "conversions", "one_offer_per": "offer", "rules": ["each creator spend <= 4k"]}),
    "worth": ("launch", {"worth": {"engagements": "0.05", "conversions": "30"}, "estimate_fees": True}),
    "target": ("season", {"target": {"engagements": "90k", "conversions": "60.5"}}),
    "net reach": ("launch", {"goal": "net-reach", "audience": AudienceInput(by="niche", size=POOLS)}),
    "column": ("launch", {"goal": "value:posts", "where": ["followers 2k.."], "exclude": ["@lunar.vanity"]}),
    "soft": ("launch", {"rules": ["niche:beauty count >= 30 (soft 2%)"]}),
    "soft money": ("launch", {"target": {"engagements": "20k"}, "rules": ["niche:beauty count >= 9 (soft 50)"]}),
    "repaired": ("launch", {"rules": ["niche:beauty count >= 30", "all count ..12"], "include": ["@flintlashes"]}),
    "reach": ("brief", {"goal": "reach", "budget": "3000", "rules": ["all count ..2"]}),
    "over waves": (
        "calendar",
        {
            "rules": [
                *(
                    "each creator gap >= 1 waves",
                    "each creator count <= 1 each wave",
                    "all conversions >= 5 in last wave",
                ),
                *("tier:micro engagements >= 5% each wave", "creator:@cobaltlashes exclusive 1d"),
            ]
        },
    ),
}
LISTS = {"calendar": "launch"}  # by campaign: the list, where it has another name
# What no recomputation can tell: where the claims are made anew too, the plan says something else that may be so.
FREE = [
    ("microopt",),
    ("repair",),
    ("rule_prices",),
    ("ideals", 0, "bound"),
    ("ideals", 1, "bound"),
    ("campaign",),
    ("campaign_sha256",),
    ("roster",),
    *(
        ("proof", name)
        for name in ("proven_by", "cheapest", "row_prices", "pool_prices", "core_size", "backend", "version")
    ),
    *(("proof", name) for name in ("seconds", "failure", "confirmed_by", "unconfirmed")),
    ("claims",),
]


def make_plan(name):
    """Return (plan, roster) of one of the campaigns."""
    example, facts = CAMPAIGNS[name]
    file = EXAMPLES / f"{example}.toml"
    settings = CampaignInput(**facts)
    if file.exists():
        settings = lay_over(settings, read_campaign_file(str(file))[0])
    roster = EXAMPLES / f"{LISTS.get(example, example)}.csv"
    text = planned(roster, campaign_from_input(settings), repair=True)
    assert text is not None
    value = json.loads(text)
    assert (value["repair"] is not None) == (name == "repaired")
    return value, roster


def check(value, roster, path):
    """Return what a check finds: what is false, or else the sentences that are worded differently, None for neither.

    A file that is not a plan anymore is refused.
    """
    path.write_text(json.dumps(value), encoding="utf-8")
    try:
        found = verify(str(path), str(roster))
    except UsageError as refused:
        return refused.code
    return found.discrepancy or found.reworded or None


def attack(name, edits, seed, path):
    """Alter one thing of a plan again and again, and return what passed."""
    value, roster = make_plan(name)
    assert check(value, roster, path) is None
    chance, passed = random.Random(seed), []
    for _ in range(edits):
        second = altered(value, chance)
        changed = changes(value, second)
        recomputable = not any(key[: len(free)] == free for key in changed for free in FREE)
        second = sealed(second, claims=recomputable and chance.random() < 0.5)
        found = check(second, roster, path)
        if found is None or (isinstance(found, tuple) and not all(map(is_wording, changed))):
            passed.append(changed)
    return passed


def is_wording(path):
    """Whether a path of a plan leads to a sentence."""
    return ".".join(key for key in path if isinstance(key, str)) in SENTENCES


def changes(value, second):
    before, after = dict(leaves(value)), dict(leaves(second))
    return [key for key in {**before, **after} if repr(before.get(key, after)) != repr(after.get(key, before))]


@pytest.mark.parametrize("name", ["balanced", "reach", "repaired", "over waves", "agreed fees"])
def test_no_altered_plan_passes(name, tmp_path):
    assert attack(name, 40, 1, tmp_path / "plan.json") == []


@pytest.mark.fuzz
@pytest.mark.parametrize("name", CAMPAIGNS)
def test_none_of_a_thousand_altered_plans_passes(name, tmp_path):
    assert attack(name, repeats(130), 2, tmp_path / "plan.json") == []
