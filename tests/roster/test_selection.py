"""What a selector's unknown values are answered with: a near value, a cell kept whole, or what the column holds."""

import pytest

from microopt.campaign.rule_grammar import parse_selector
from microopt.roster.selection import matching_offers, unknown_values
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
