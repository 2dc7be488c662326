"""Plans of earlier versions stay true: each key that a plan has now and had not then is known as a later one."""

import json
from pathlib import Path
from typing import get_args

import pytest
from msgspec import Struct
from msgspec.structs import fields

from microopt.plan.plan import Plan
from microopt.verification.later_keys import LATER_KEYS, without_later_keys

# The keys of each object of a plan file, as version 0.1 wrote them before plans counted with declines.
EARLIER = json.loads((Path(__file__).parents[1] / "data" / "plan-keys.json").read_text(encoding="utf-8"))
PLACES = {
    "Plan": "",
    "Campaign": "campaign",
    "CampaignProgress": "campaign.running",
    "Contract": "campaign.running.contracts.*",
    "PostResults": "campaign.running.results.*",
    "Pick": "picks.*",
    "Proof": "proof",
    "Change": "repair.changes.*",
    "ReplanSummary": "replan",
    "RuleUse": "rules.*",
}
AS_TEXT = {"RangeRule", "EachRule", "PairRule"}  # a rule is written as the user wrote it


def objects(kind, found=None):
    """Return the keys of every object of a plan file, by the name of its struct."""
    found = {} if found is None else found
    if isinstance(kind, type) and issubclass(kind, Struct):
        if kind.__name__ in found:
            return found
        found[kind.__name__] = {field.encode_name for field in fields(kind)}
        for field in fields(kind):
            objects(field.type, found)
    for part in get_args(kind):
        if not isinstance(part, str | bytes | tuple):
            objects(part, found)
    return found


def test_every_key_that_plans_did_not_have_is_known_as_a_later_one():
    now = objects(Plan)
    later = {name: now.get(name, set()) - set(keys) for name, keys in EARLIER.items() if name not in AS_TEXT}
    assert {PLACES.get(name, name): keys for name, keys in later.items() if keys} == {
        place: set(keys) for place, keys in LATER_KEYS.items() if place in PLACES.values()
    }


@pytest.mark.parametrize("place", LATER_KEYS)
def test_a_later_key_that_says_nothing_may_be_missing(place):
    rebuilt = {**LATER_KEYS[place], "spend": 1}
    assert without_later_keys(rebuilt, {"spend": 1}, place) == {"spend": 1}
