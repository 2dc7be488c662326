"""A campaign of too much is refused before it is worked through, and what is allowed costs little."""

import time

import pytest
from msgspec.structs import replace

from microopt.campaign.inputs import CampaignInput
from microopt.campaign.settings import parse_campaign
from microopt.campaign.validation import invalid_values
from microopt.errors import CampaignError
from microopt.quantities.size_limits import MAX_RULE_CHARACTERS, MAX_RULES, MAX_RULES_CHARACTERS

PATIENCE = 5  # seconds, on a busy machine; most of what is tested took minutes


def rules(count):
    return tuple(f"niche:beauty count ..{number + 1}" for number in range(count))


def faults(**settings):
    with pytest.raises(CampaignError) as caught:
        parse_campaign(CampaignInput(budget="5000", **settings))
    return [(fault.code, fault.column) for fault in caught.value.faults]


def test_as_many_rules_as_are_allowed_are_read():
    assert len(parse_campaign(CampaignInput(budget="5000", rules=rules(MAX_RULES))).rules) == MAX_RULES


@pytest.mark.parametrize(
    "settings",
    [
        {"rules": rules(MAX_RULES + 1)},
        {"rules": rules(MAX_RULES), "niche": ("beauty=1..2",)},
        {"where": tuple(f"followers {number}.." for number in range(200_000))},
    ],
    ids=["rules", "short forms", "filters"],
)
def test_too_many_rules_are_one_fault(settings):
    start = time.perf_counter()
    assert faults(**settings) == [("rules-too-many", "rules")]
    assert time.perf_counter() - start < PATIENCE


@pytest.mark.parametrize("name", ["rules", "where", "niche"])
def test_a_rule_of_too_many_values_is_a_fault_that_shows_its_beginning(name):
    values = ",".join(f"v{number}" for number in range(2_000))
    with pytest.raises(CampaignError, match=f"{name}: niche:v0,v1,.*characters") as caught:
        parse_campaign(CampaignInput(budget="5000", **{name: (f"niche:{values} count 2..5",)}))
    assert len(caught.value.message) < 200
    assert caught.value.code == "rule-too-long"


def test_two_hundred_thousand_values_in_one_rule_are_refused_at_once():
    start = time.perf_counter()
    values = ",".join(f"v{number}" for number in range(200_000))
    assert faults(rules=(f"niche:{values} count 2..5",)) == [("rules-too-long", "rules"), ("rule-too-long", "rules")]
    assert time.perf_counter() - start < PATIENCE


def test_all_rules_together_may_not_be_too_long():
    text = "niche:" + "x" * (MAX_RULE_CHARACTERS - 30) + " count ..{}"
    many = tuple(text.format(number) for number in range(MAX_RULES_CHARACTERS // MAX_RULE_CHARACTERS + 2))
    assert faults(rules=many) == [("rules-too-long", "rules")]


def test_names_are_taken_once_each_in_no_time_however_many_there_are():
    start = time.perf_counter()
    names = tuple(f"@name{number}" for number in range(50_000))
    settings = CampaignInput(budget="5000", include=(*names, *names), exclude=("@Anna", "anna", "@ben", "ANNA "))
    campaign = parse_campaign(settings)
    assert campaign.include == names
    assert campaign.exclude == ("@Anna", "@ben")
    assert time.perf_counter() - start < PATIENCE


def test_a_plan_of_too_many_rules_is_no_plan_of_this_program():
    campaign = parse_campaign(CampaignInput(budget="5000", rules=rules(MAX_RULES)))
    assert not list(invalid_values(campaign))
    more = parse_campaign(CampaignInput(budget="5000", rules=("all count ..5",)))
    longer = replace(campaign, rules=(*campaign.rules, *more.rules))
    assert [place for place, _ in invalid_values(longer)] == ["rules"]
