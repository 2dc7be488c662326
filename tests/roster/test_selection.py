"""What selectors match, and what unknown values are answered with: a near one, a whole cell, or what there is."""

import pytest

from microopt.campaign.rule_grammar import parse_selector
from microopt.roster.selection import matching_offers, offers_meant, offers_named, unknown_values
from tests.solver.builders import roster

ROSTER = roster(["@a", "@b", "@c"], niche=["Beauty, Skincare", "Food", "Travel"])
DIVIDE = 'or divide them: [lists] niche = "," in the campaign file'
WHOLE = f'cells with commas are kept whole: write niche:"Beauty, Skincare" (in --rule or --where), {DIVIDE}'


@pytest.mark.parametrize(
    ("selector", "answers"),
    [
        ("niche:beauty", [("beauty", WHOLE)]),
        ("niche:Beauty,Skincare,food", [("Beauty", WHOLE)]),
        ('niche:"Beauty, Skincar"', [("Beauty, Skincar", 'did you mean "Beauty, Skincare"?')]),
        ("niche:home", [("home", 'it holds "Beauty, Skincare", Food, Travel')]),
        ('niche:"beauty, skincare"', []),
    ],
)
def test_a_value_with_a_comma_is_quoted_and_both_ways_on_are_told(selector, answers):
    unknown = unknown_values(ROSTER, parse_selector(selector))
    assert unknown == [("niche", value, fix) for value, fix in answers]


def test_the_selector_that_is_told_finds_the_cell():
    assert matching_offers(ROSTER, parse_selector('niche:"Beauty, Skincare"')).tolist() == [True, False, False]


EMOJI = roster(["Dana Trails 🏕️", "@lee 🌲", "Lee", "Kim ❄️", "Kim ☀️"])


@pytest.mark.parametrize("name", ["Dana Trails", "dana trails", "@DANA TRAILS", "Dana Trails 🏕️", "Dana Trails 🏕"])
def test_a_name_without_its_emoji_means_the_one_creator_who_has_it(name):
    assert offers_named(EMOJI, name).tolist() == [True, False, False, False, False]
    assert matching_offers(EMOJI, parse_selector(f'creator:"{name}"')).tolist() == offers_named(EMOJI, name).tolist()
    assert unknown_values(EMOJI, parse_selector(f'creator:"{name}"')) == []


def test_a_name_that_a_creator_has_means_nobody_else():
    assert offers_named(EMOJI, "lee").tolist() == [False, False, True, False, False]
    assert matching_offers(EMOJI, parse_selector("creator:lee")).tolist() == [False, False, True, False, False]


@pytest.mark.parametrize("name", ["Kim", "Dana Trails 🌲", "🏕️", "Dana"])
def test_a_name_that_may_mean_two_creators_or_has_another_emoji_means_nobody(name):
    assert not offers_meant(EMOJI, [name]).any()


def test_a_name_that_may_mean_two_creators_is_answered_with_both():
    assert unknown_values(EMOJI, parse_selector("creator:kim")) == [("creator", "kim", "did you mean Kim ❄️ or Kim ☀️?")]
