"""Words of time that the grammar does not have: each is told, with what to write."""

import pytest

from microopt.campaign.loose_waves import FORMS
from microopt.campaign.rule_grammar import parse_rule
from microopt.errors import CampaignError


def refusal(text):
    with pytest.raises(CampaignError) as caught:
        parse_rule(text)
    return caught.value


@pytest.mark.parametrize(
    "words",
    [
        *("each month", "per wave", "weekly", "in the second wave", "in fifteenth wave", "in wave 0", "in all waves"),
        *("in last 2 waves", "in 2027-03,2027-04", "in 2027-03 and 2027-04", "before 2027-04"),
        "from 2027-W10 to 2027-W12",
    ],
)
def test_waves_in_other_words_are_told(words):
    error = refusal(f"all count >= 1 {words}")
    assert (error.code, error.message) == (
        "rule-syntax",
        f"rule 'all count >= 1 {words}' ends with {words!r}, which does not name waves",
    )
    assert error.fix == f"write {FORMS} at its end" or parse_rule(error.fix.split("'")[1]).when is not None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("in 2027-03 all count >= 1", "all count >= 1 in 2027-03"),
        ("in the second wave, niche:beauty at least 2", "niche:beauty count >= 2 in second wave"),
        ("In The second wave all count >= 3", "all count >= 3 in second wave"),
        ("in wave 2, all count >= 3", "all count >= 3 in second wave"),
    ],
)
def test_waves_that_come_first_go_to_the_end(text, meant):
    assert refusal(text).fix == f"did you mean '{meant}'?"


def test_a_chance_that_comes_first_is_not_lost():
    assert "did you mean 'all engagements >= 50k'?" not in refusal("in 90% all engagements >= 50k").fix


@pytest.mark.parametrize(
    ("words", "days"), [("", 30), (" for 20 days", 20), (" 2 weeks", 14), (" 1 month", 30), (" 999 months", 3650)]
)
def test_a_creator_who_is_exclusive_without_days_is_told_how_many_were_meant(words, days):
    error = refusal(f"creator:@a exclusive{words}")
    assert error.code == "rule-range"
    assert error.fix == f"write 'creator:@a exclusive {days}d'"
    assert parse_rule(error.fix.split("'")[1]).days == days


@pytest.mark.parametrize(("words", "days"), [("within 2 weeks", 14), ("within 30", 30), ("WITHIN 1 month", 30)])
def test_creators_who_exclude_each_other_in_another_unit_are_told_the_days(words, days):
    error = refusal(f"creator:@a excludes creator:@b {words}")
    assert error.fix == f"write 'creator:@a excludes creator:@b within {days}d'"
    assert parse_rule(error.fix.split("'")[1]).days == days


@pytest.mark.parametrize(
    "words", ["in 2027-03 to 2027-05", "in 2027-03.. 2027-05", "from 2027-03 until 2027-05", "in 2027-03 - 2027-05"]
)
def test_a_row_of_waves_in_other_words_is_suggested_as_one(words):
    assert refusal(f"all count >= 1 {words}").fix == "did you mean 'all count >= 1 in 2027-03..2027-05'?"


@pytest.mark.parametrize("unit", [" weeks", " days", " month", "d"])
def test_a_gap_in_another_unit_is_told_to_be_in_waves(unit):
    assert "counted in waves" in refusal(f"each creator gap >= 2{unit}").message


@pytest.mark.parametrize("rule", ["all gap >= 60d", "tier:micro gap 14d", "all gap >= 2 waves", "niche:a gap 2 weeks"])
def test_a_gap_that_is_not_of_each_creator_is_told_as_one_that_is(rule):
    error = refusal(rule)
    assert error.message.endswith("a gap is between the posts of each creator, and counted in waves")
    assert parse_rule(error.fix.split("'")[1])


@pytest.mark.parametrize(
    ("words", "place"), [("in fisrt wave", "first"), ("in lst wave", "last"), ("in the thrid wave", "third")]
)
def test_a_misspelled_place_of_a_wave_is_the_nearest_one(words, place):
    assert refusal(f"tier:mega count = 1 {words}").fix == f"did you mean 'in {place} wave'?"
    assert "did you mean" not in refusal("tier:mega count = 1 in launch wave").fix


def test_words_of_waves_in_quotes_and_columns_are_no_waves():
    assert parse_rule('"pay per month":x count <= 3').when is None
    assert parse_rule("niche:month count >= 1").when is None
    assert parse_rule('niche:a excludes "note":"each week"').when is None
    assert parse_rule("all exclusive >= 3").measure == "exclusive"
    assert parse_rule("niche:weekly count >= 1").when is None


@pytest.mark.parametrize("text", ["a in " * 50_000, "x >= 1 in " + "a " * 100_000 + "waves", "2027-03 and " * 40_000])
def test_long_texts_take_no_time(text):
    refusal(f"all count >= 1 {text}!")
