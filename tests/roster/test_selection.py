"""What selectors match, and what unknown values are answered with: a near one, a whole cell, or what there is."""

import pytest
from msgspec.structs import replace

from microopt.campaign.rule_grammar import parse_selector
from microopt.errors import CampaignError
from microopt.roster.roster import ColumnUse
from microopt.roster.selection import (
    matching_offers,
    offers_meant,
    offers_named,
    offers_named_by_any,
    unknown_values,
)
from tests.solver.builders import roster

ROSTER = roster(["@a", "@b", "@c"], niche=["Beauty, Skincare", "Food", "Travel"])
DIVIDE = 'or, to divide them, put lists.niche = "," at the top of campaign.toml and add -c campaign.toml'
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


def fix_of(selector, offers):
    with pytest.raises(CampaignError) as wrong:
        unknown_values(offers, parse_selector(selector))
    with pytest.raises(CampaignError) as filtered:
        matching_offers(offers, parse_selector(selector))
    assert filtered.value.fix == wrong.value.fix
    return wrong.value.fix


def with_unused(**texts):
    rows = len(next(iter(texts.values())))
    uses = tuple(ColumnUse(header=header, column=None) for header in texts)
    return replace(roster([f"@{row}" for row in range(rows)], **texts), columns=uses)


UNUSED = with_unused(
    Category=["Hiking", "Food", "Food", "Hiking"], Manager=["Jo", "Jo", "Al", "Al"], Notes=["a", "b", "c", "d"]
)


@pytest.mark.parametrize("value", ["hiking", "Surfing,HIKING"])
def test_a_column_that_is_missing_may_be_the_unused_one_that_holds_the_value(value):
    assert fix_of(f"niche:{value}", UNUSED) == (
        "is it 'Category'? Then add --map 'Category=niche', or add a column 'niche' to your list"
    )


def test_a_column_that_is_missing_may_be_one_that_repeats_its_values():
    assert fix_of("Region:US", UNUSED) == (
        "is it 'Category' or 'Manager'? Then add --map 'Category=region', or add a column 'region' to your list"
    )


def test_where_no_column_can_be_the_missing_one_it_is_added():
    rest = "or use one of the text columns: creator, Notes"
    assert fix_of("niche:hiking", with_unused(Notes=["a", "b", "c"])) == f"add a column 'niche' to your list, {rest}"


def test_a_column_that_no_reader_knows_is_not_mapped():
    assert fix_of("mood:hiking", UNUSED) == "use one of the text columns: creator, Category, Manager, Notes"


@pytest.mark.parametrize(
    "names", [(), ("@a",), ("@a", "A", "@c"), ("@b", "niche:food"), ("niche:travel",), ("nobody", "@c"), ("nobody",)]
)
def test_several_names_mean_what_each_of_them_does(names):
    each = [offers_named(ROSTER, name).tolist() for name in names] or [[False] * 3]
    assert offers_named_by_any(ROSTER, names).tolist() == [any(rows) for rows in zip(*each, strict=True)]
